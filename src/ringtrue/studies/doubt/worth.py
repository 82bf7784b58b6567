"""What knowing would be worth: how far each inspection narrows the answer, and whether it would change a choice."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.answer import Header
from ringtrue.errors import InputError, did_you_mean
from ringtrue.finding import finding
from ringtrue.sensing.deciding import LEAST_DRAWS, weigh
from ringtrue.sensing.run import stoppable
from ringtrue.studies.compare_answer import greatest_raid
from ringtrue.studies.compare_differences import figure_turn
from ringtrue.studies.compare_raids import ground_notes
from ringtrue.studies.doubt.findings import find, of_scenario, short
from ringtrue.studies.doubt.information import (
    LEAST_DRAWS as DRAWS_OF_WORTH,
)
from ringtrue.studies.doubt.information import (
    Told,
    Unknown,
    best_of_means,
    known_within,
    shrinkage_by_knowing,
    value_of_all,
    value_of_knowing,
)
from ringtrue.studies.doubt.knowing import knowledge_of
from ringtrue.studies.doubt.sample import sample
from ringtrue.studies.doubt.worth_records import Estimate, OptionRow, OptionShrinkage, WorthResult, WorthRow
from ringtrue.studies.doubt.worth_words import answer_of, notes_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ringtrue.answer import Better
    from ringtrue.catalogue.records import Catalogue
    from ringtrue.scenario.records import Laydown, Scenario
    from ringtrue.sensing.run import Run
    from ringtrue.studies.doubt.findings import Asked, Term
    from ringtrue.studies.doubt.sample import DoubtSample
    from ringtrue.studies.doubt.worth_records import Kind, Verdict

    FloatArray = NDArray[np.float64]

N_REPLICATIONS, N_BLOCKS = 4, 4
MATTERS = 0.01  # of what the option of today comes to: a worth below it is said to change nothing
EVERYTHING = "everything"


class _Choice(NamedTuple):
    """The options as arrays: what each yields (option, draw, block), more being better, and today's two best."""

    yields: FloatArray
    better: Better
    today: int
    against: int
    seed: int

    @property
    def ahead(self) -> FloatArray:
        """Option of today less the next best (draw, block), in the sign of the measure."""
        sign = 1.0 if self.better == "more" else -1.0
        return np.asarray(sign * (self.yields[self.today] - self.yields[self.against]))


@stoppable
def worth(
    scenario: Scenario,
    run: Run,
    *,
    decision: Sequence[str] = (),
    by: str = "",
    within: float = 0.0,
    n_replications: int = N_REPLICATIONS,
    n_blocks: int = N_BLOCKS,
) -> WorthResult:
    """Say what each piece of knowledge would be worth for a choice between laydowns.

    Parameters
    ----------
    scenario : Scenario
        With the laydowns that are chosen from.
    run : Run
        Figures, ground and draws, at least 100; 1,000 tell figures apart that carry a tenth of the doubt.
    decision : sequence of str
        Ids of two laydowns or more; none: the two offers of the answer of `compare`.
    by : str
        Measure and what names its row besides the laydown: ``leakers@mixed-40``; empty: leakers of the greatest raid.
    within : float
        How closely a figure comes to be known [1]: off by at most this part of its value; 0: exactly.
    n_replications, n_blocks : int
        Raids in each block of each draw, and blocks.

    Raises
    ------
    InputError
        A laydown or a measure that is not there, fewer than two options, a measure of which neither way is better, too
        few draws.
    """
    if run.n_draws < DRAWS_OF_WORTH:
        msg = f"--draws {run.n_draws}: what knowing is worth takes at least {DRAWS_OF_WORTH} draws; 1000 tell more"
        raise InputError(msg)
    laydowns = _decision(scenario, decision)
    asked = _asked(scenario, run.catalogue, laydowns, by)
    found = sample(
        asked, run, scenario=scenario, n_replications=n_replications, n_blocks=n_blocks, stage="playing every draw"
    )
    choice = _choice(asked, found, run.seed)
    matters_from = MATTERS * abs(float(choice.yields[choice.today].mean()))
    rows = _rows(scenario, run, laydowns, found, choice, within, matters_from)
    unknowns = [_unknown(found, name, 0.0, run.seed) for name in _names(found)]
    perfect = value_of_all(unknowns, choice.yields, seed=run.seed)
    said = asked[0].said
    ahead = choice.ahead.mean(axis=1)
    weighed = weigh(found.candidates, ahead, n_bootstrap=0) if run.n_draws >= LEAST_DRAWS else None
    result = WorthResult(
        Header(
            command="worth", scenario_hash=scenario.content_hash, catalogue_hash=run.catalogue.content_hash,
            seed=run.seed, n_draws=run.n_draws, n_replications=n_replications * n_blocks,
        ),
        scenario=scenario.name,
        terrain=run.model.name,
        answer=(),
        by="@".join([short(asked[0].terms[0].measure), "/".join(_keys(asked[0].terms[0]))]),
        label=said.label,
        unit=said.unit,
        better=choice.better,
        within=within,
        n_blocks=n_blocks,
        decision=tuple(_options(laydowns, asked, found, choice)),
        today=laydowns[choice.today].id,
        against=laydowns[choice.against].id,
        difference=finding(said.label, said.unit, ahead),
        perfect=_estimate(perfect),
        p_changes=perfect.p_changes,
        best_of_means=best_of_means(choice.yields),
        matters_from=matters_from,
        rows=rows,
        assumed_share=None if weighed is None or weighed.assumed is None else weighed.assumed[1],
        notes=(),
        declared=scenario.declared,
        title=scenario.title,
        names={laydown.id: laydown.words for laydown in laydowns},
        said_better=choice.better,
        parameters=found.parameters,
        sources={p.source: run.catalogue.sources[p.source] for p in found.parameters if p.source},
    )  # fmt: skip
    result = replace(result, notes=(*notes_of(result), *ground_notes(run.model)))
    return replace(result, answer=answer_of(result))


def _decision(scenario: Scenario, names: Sequence[str]) -> tuple[Laydown, ...]:
    known = [laydown.id for laydown in scenario.laydowns]
    for name in names:
        if name not in known:
            near = did_you_mean(name, known)
            msg = f"--decision {name!r} is no laydown of the scenario{near}; it has: {', '.join(known)}"
            raise InputError(msg)
    chosen = tuple(dict.fromkeys(names or _offered(scenario)))
    if len(chosen) < 2:
        given = ", ".join(chosen) or scenario.name
        msg = f"--decision {given}: a choice takes two laydowns or more with fire units, separated by commas"
        raise InputError(msg)
    return tuple(scenario.laydown(name) for name in chosen)


def _offered(scenario: Scenario) -> tuple[str, ...]:
    """Return the first package and the first one of other systems, those with an offer first; else the first two."""
    studied = [scenario.laydown(name) for name in scenario.study.laydowns] or list(scenario.laydowns)
    armed = sorted((laydown for laydown in studied if laydown.units), key=lambda laydown: not laydown.offers)
    if not armed:
        return ()
    systems = {unit.system for unit in armed[0].units}
    others = [x for x in armed if not systems & {unit.system for unit in x.units}]
    return tuple(laydown.id for laydown in (armed[0], *(others or armed[1:])[:1]))


def _asked(scenario: Scenario, catalogue: Catalogue, laydowns: Sequence[Laydown], by: str) -> tuple[Asked, ...]:
    """Return the finding that each option is judged by."""
    names = [laydown.id for laydown in laydowns]
    raids = [scenario.raid(name) for name in scenario.study.raids] or list(scenario.raids)
    if not by and not raids:
        msg = f"scenario {scenario.name!r} has no [[raid]] to choose by: add one, or name a measure with --by"
        raise InputError(msg)
    known = [term for term in of_scenario(scenario, catalogue, ()) if term.laydown in names]
    measure, _, rest = (by or f"leakers@{greatest_raid(raids).id}").partition("@")
    keys = [key for key in rest.split("/") if key]
    if " - " in by or (keys and keys[0] in names):
        msg = f"--by {by!r}: leave the laydown out, each option is asked the same: {measure}@{'/'.join(keys[1:])}"
        raise InputError(msg)
    asked = tuple(_found(measure, name, keys, known) for name in names)
    if asked[0].said.better is None:
        msg = f"--by {by!r}: neither more nor less of it is better, so nothing can be chosen by it; leakers can"
        raise InputError(msg)
    return asked


def _found(measure: str, laydown: str, keys: Sequence[str], known: Sequence[Term]) -> Asked:
    """Return the finding of one option; a refusal names no laydown, as the question does."""
    try:
        return find("@".join([measure, "/".join([laydown, *keys])]), known, "--by")
    except InputError as error:
        said = str(error).replace(f"@{laydown}/", "@").replace(f"@{laydown}'", "'")
        raise InputError(said) from None


def _keys(term: Term) -> tuple[str, ...]:
    return term.keys[1:]


def _choice(asked: Sequence[Asked], found: DoubtSample, seed: int) -> _Choice:
    better = asked[0].said.better
    assert better is not None
    outputs = [found.outputs[one.text] for one in asked]
    most = max(output.shape[1] for output in outputs)
    yields = np.stack([np.broadcast_to(output, (output.shape[0], most)) for output in outputs])
    yields = yields if better == "more" else -yields
    order = np.argsort(-yields.mean(axis=(1, 2)), kind="stable")
    return _Choice(yields, better, int(order[0]), int(order[1]), seed)


def _options(
    laydowns: Sequence[Laydown], asked: Sequence[Asked], found: DoubtSample, choice: _Choice
) -> list[OptionRow]:
    means = choice.yields.mean(axis=2)
    best = np.argmax(means, axis=0)
    return [
        OptionRow(
            laydown.id, one.text, laydown.words,
            finding(one.said.label, one.said.unit, found.outputs[one.text].mean(axis=1)),
            float(found.outputs[one.text].mean()), float((best == k).mean()),
        )
        for k, (laydown, one) in enumerate(zip(laydowns, asked, strict=True))
    ]  # fmt: skip


def _names(found: DoubtSample) -> list[str]:
    return [candidate.name for candidate in found.candidates]


def _unknown(found: DoubtSample, name: str, within: float, seed: int) -> Unknown:
    """Return a stream as it would come to be known; the number of a category is known or not."""
    candidate = next(one for one in found.candidates if one.name == name)
    figure = found.figure_of(candidate)
    if figure is None:
        return Unknown(candidate.values, candidate.is_category)
    return Unknown(known_within(figure.values, within, figure.unit, seed, name))


def _rows(
    scenario: Scenario, run: Run, laydowns: Sequence[Laydown], found: DoubtSample, choice: _Choice, within: float,
    matters_from: float,
) -> tuple[WorthRow, ...]:  # fmt: skip
    """Weigh groups, everything, then every stream."""
    unknowns = {name: _unknown(found, name, within, run.seed) for name in _names(found)}
    systems = dict.fromkeys(
        unit.system if unit.fit is None else f"{unit.system}:{unit.fit}" for x in laydowns for unit in x.units
    )
    groups = knowledge_of(found.candidates, run.catalogue, systems)
    jobs: list[tuple[Kind, str, str, str, tuple[str, ...]]] = [
        ("group", group.id, group.words, group.system, group.streams) for group in groups
    ]
    jobs.append(("everything", EVERYTHING, "know every figure there is", "", tuple(unknowns)))
    jobs += [("figure", one.name, one.label, "", (one.name,)) for one in found.candidates]
    rows = []
    for i, (kind, name, label, system, streams) in enumerate(jobs):
        run.tell("weighing what knowing is worth", i, len(jobs))
        rows.append(
            _row(
                kind,
                name,
                label,
                system,
                streams,
                [unknowns[s] for s in streams],
                laydowns,
                found,
                choice,
                matters_from,
            )
        )
    run.tell("weighing what knowing is worth", len(jobs), len(jobs))
    together = [row for row in rows if row.kind != "figure"]
    single = [row for row in rows if row.kind == "figure"]
    single.sort(key=lambda row: (-row.worth.value, -row.shrinkage.value, row.name))
    return (*together, *single)


def _row(
    kind: Kind, name: str, label: str, system: str, streams: tuple[str, ...], known: list[Unknown],
    laydowns: Sequence[Laydown], found: DoubtSample, choice: _Choice, matters_from: float,
) -> WorthRow:  # fmt: skip
    nothing = Told(0.0, 0.0, 0.0, p_changes=0.0)
    value, shrinkage = nothing, nothing
    options: list[OptionShrinkage] = []
    if known:
        value = value_of_knowing(known, choice.yields, seed=choice.seed)
        shrinkage = shrinkage_by_knowing(known, choice.ahead, seed=choice.seed)
        if kind != "figure":
            options = [
                OptionShrinkage(
                    laydown.id, _estimate(shrinkage_by_knowing(known, choice.yields[k], seed=choice.seed))
                )
                for k, laydown in enumerate(laydowns)
            ]  # fmt: skip
    verdict, why = _verdict(value, streams, matters_from)
    turn = None
    candidates = [one for one in found.candidates if one.name in streams]
    if kind == "figure" and (value.value > 0.0 or shrinkage.value > 0.0):
        figure = found.figure_of(candidates[0])
        a, b = laydowns[choice.today].words, laydowns[choice.against].words
        turn = None if figure is None else figure_turn(a, b, choice.better, choice.ahead.mean(axis=1), figure)
    return WorthRow(
        kind, name, label, system, streams, tuple(f for one in candidates for f in one.figures), _estimate(shrinkage),
        tuple(options), _estimate(value), value.p_changes, verdict, why, turn,
    )  # fmt: skip


def _verdict(value: Told, streams: tuple[str, ...], matters_from: float) -> tuple[Verdict, str]:
    if not streams:
        return "cannot be told", "no figure of it is drawn in this answer: the scenario gives them as they are"
    if value.value > matters_from:
        return "yes", "its worth stands clear of nothing and of what is too little to matter"
    if value.high <= matters_from:
        return "no", "the upper end of its worth is too little to matter"
    return "cannot be told", "its worth may be nothing, or enough to matter: more draws or raids would tell"


def _estimate(told: Told) -> Estimate:
    return Estimate(told.low, told.value, told.high, told.bar)
