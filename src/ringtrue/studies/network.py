"""What it costs not to be joined: the same batteries with fewer links, and with more, on the same luck."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ringtrue.answer import Header
from ringtrue.catalogue.records import Parameter, TargetClass
from ringtrue.catalogue.schema import fields_of
from ringtrue.engagement.answers import in_single_raids
from ringtrue.engagement.compile import SharedGeometry
from ringtrue.errors import InputError, did_you_mean
from ringtrue.finding import DRAWS, NOMINAL, finding
from ringtrue.geo.pool import run_blocks
from ringtrue.scenario.flights import check_raids
from ringtrue.scenario.identification import ABOUT_FRIENDS, ABOUT_THE_ASKED
from ringtrue.scenario.links import (
    LinkPair,
    across_systems,
    count_links,
    links_of,
)
from ringtrue.sensing.deciding import assumed_part, decides, weigh
from ringtrue.sensing.ducting import ducting_notes
from ringtrue.sensing.rings import check_rings, posts_of
from ringtrue.sensing.run import Run, stoppable
from ringtrue.studies.compare_raids import N_REPLICATIONS, Played, RaidSetting, ground_notes, play
from ringtrue.studies.idle import idle_words
from ringtrue.studies.network_answer import answer_of, null_notes, pair_notes, pair_words, study_notes
from ringtrue.studies.network_late import FirstTimes, early_warning, first_times, late_start, warning_s
from ringtrue.studies.network_records import (
    NetworkPair,
    NetworkResult,
    NetworkRow,
    NetworkSweep,
    NetworkVariant,
)
from ringtrue.studies.network_variants import variants_of
from ringtrue.studies.raid_rows import RaidChange, change, changed_measures, paired

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ringtrue.finding import Finding
    from ringtrue.scenario.records import Laydown, Raid, Scenario
    from ringtrue.studies.network_records import EarlyWarning, LateStart
    from ringtrue.studies.network_variants import Compared

    FloatArray = NDArray[np.float64]


class Swept(NamedTuple):
    """A rule of the doctrine that is swept: its field there, its words, and the figure whose width it runs over."""

    rule: str
    label: str
    over: Parameter


class Setting(NamedTuple):
    """One value of one swept rule, all else as drawn."""

    swept: Swept
    value: float


@stoppable
def network(
    scenario: Scenario,
    run: Run,
    *,
    laydown_ids: tuple[str, ...] | None = None,
    raid_ids: tuple[str, ...] | None = None,
    n_replications: int = N_REPLICATIONS,
) -> NetworkResult:
    """Play the same raids against the same fire units, not joined and joined, and with the links between.

    Parameters
    ----------
    scenario : Scenario
        One laydown of two fire units at least; which variants are held against each other says `variants_of`.
    run : Run
        Figures, ground and draws.
    laydown_ids : tuple of str, optional
        Which laydowns; default: those of the study, then all.
    raid_ids : tuple of str, optional
        Which raids; default those of the study.

    Raises
    ------
    InputError
        No laydown of the file has two fire units, those asked for have different units, or a raid that the file does
        not have.

    Notes
    -----
    Every difference is taken draw by draw on the same draws, the same raid luck and, for a fire unit of one uid, the
    same luck of its radars. Sweeps hold one assumption at its least, nominal and greatest value, in the raid of most
    classes; everything else stays as drawn.
    """
    found = variants_of(scenario, laydown_ids)
    variants = list(found.laydowns)
    known = [r.id for r in scenario.raids]
    for name in raid_ids or ():
        if name not in known:
            msg = f"--raid {name!r} is not in the scenario{did_you_mean(name, known)}; it has {', '.join(known)}"
            raise InputError(msg)
    raids = [scenario.raid(name) for name in raid_ids or scenario.study.raids or known]
    if not raids:
        msg = f"scenario {scenario.name!r} has no [[raid]]: add one, to see what the links change"
        raise InputError(msg)
    check_raids(scenario, variants, [raid.id for raid in raids], run.model)
    check_rings(run.model, run.catalogue, posts_of(variants))
    ledger = run.ledger
    setting = RaidSetting(scenario, run, n_replications, SharedGeometry())
    played = _all(setting, variants, raids)
    times = _first_times(setting, variants, raids)
    rows = [_row(played[variant.id, raid.id], times[variant.id, raid.id]) for variant in variants for raid in raids]
    pairs = [(raid.id, before.id, after.id) for raid in raids for _, before, after in found.pairs]
    changes = [
        _change(played[before, raid], played[after, raid], said.name)
        for raid, before, after in pairs
        for said in changed_measures()
    ]
    worst = max(raids, key=lambda r: (len({w.target for w in r.waves}), sum(w.count for w in r.waves)))
    late = [late_start(r, a, b, times[a, r].shot_s, times[b, r].shot_s) for r, a, b in pairs]
    warnings = [early_warning(r, a, b, times[a, r], times[b, r]) for r, a, b in pairs]
    apart, joined = found.question
    ends = played[apart.id, worst.id], played[joined.id, worst.id]
    uses = ends[0].result.uses | ends[1].result.uses
    weighed = weigh(ledger.candidates(uses), paired(ends[0].result, ends[1].result, "leakers"))
    about = f"leakers of {joined.id} less {apart.id} in raid {worst.id}"
    behind = {a for one in played.values() for a in one.result.all_uses}
    for rule in swept_rules(setting, worst):
        ledger.fixed(rule.over, behind)
    parameters = ledger.parameters(behind)
    sweeps = _sweeps(setting, found.question, worst)
    told = tuple(_told(scenario, pair, changes, late, warnings) for pair in found.pairs)
    return NetworkResult(
        Header(
            command="network",
            scenario_hash=scenario.content_hash,
            catalogue_hash=run.catalogue.content_hash,
            seed=run.seed,
            n_draws=run.n_draws,
            n_replications=n_replications,
        ),
        scenario=scenario.name,
        terrain=run.model.name,
        answer=answer_of(changes, worst.id, told, late, has_friends=bool(scenario.friendly)),
        variants=tuple(_variant(laydown) for laydown in variants),
        pairs=told,
        rows=tuple(rows),
        changes=tuple(changes),
        late_starts=tuple(late),
        warnings=tuple(warnings),
        sweeps=tuple(sweeps),
        assumed_share=assumed_part(weighed),
        deciding=decides(weighed).of(about),
        declared=scenario.declared,
        caveats=idle_words(rows, variants, run.catalogue.systems),
        notes=(
            *study_notes(scenario, found, rows, run.n_draws, n_replications),
            *ground_notes(run.model),
            *ducting_notes(site for v in variants for site in v.sites),
        ),
        title=scenario.title,
        raids={raid.id: raid.title for raid in raids},
        sweep_raid=worst.id,
        parameters=parameters,
        sources=run.catalogue.sources_of(parameters),
    )


def _variant(laydown: Laydown) -> NetworkVariant:
    tracks, fire, identity, remote = (len(links) for links in links_of(laydown.network))
    return NetworkVariant(
        id=laydown.id,
        title=laydown.network.title,
        units=len(laydown.units),
        shares_track=tracks,
        coordinates_fire=fire,
        identifies_for=identity,
        fires_on_shared_track=remote,
        across_systems=count_links(across_systems(laydown)),
        note=laydown.note,
    )


def _all(setting: RaidSetting, variants: list[Laydown], raids: list[Raid]) -> dict[tuple[str, str], Played]:
    found: dict[tuple[str, str], Played] = {}
    alone = setting._replace(run=setting.run.on(1))

    def one(laydown: Laydown, i: int) -> None:
        found[laydown.id, raids[i].id] = play(alone, laydown, raids[i].id)

    for i, laydown in enumerate(variants):
        setting.run.tell("playing the raids", i, len(variants))
        run_blocks(partial(one, laydown), len(raids), setting.run.threads)
    return found


def _row(played: Played, times: FirstTimes) -> NetworkRow:
    row = played.row
    warning = {}
    for uid, values in warning_s(times).items():
        known = values[DRAWS][np.isfinite(values[DRAWS])]
        nominal = float(values[NOMINAL])
        found = finding(f"warning of {uid}", "s", known, nominal=nominal) if known.size else None
        warning[uid] = None if found is None else in_single_raids(found, known)
    return NetworkRow(**{f.name: getattr(row, f.name) for f in fields(row)}, warning_s=warning)


def _told(
    scenario: Scenario, pair: Compared, changes: list[RaidChange], late: list[LateStart], warnings: list[EarlyWarning]
) -> NetworkPair:
    held = LinkPair(pair.before, pair.after)
    notes = (*pair_notes(scenario, held), *null_notes(held, changes, late, warnings))
    return NetworkPair(pair.role, pair.before.id, pair.after.id, pair_words(held), notes)


def _change(before: Played, after: Played, name: str) -> RaidChange:
    return change(before.result, after.result, name, (before.laydown, after.laydown))


def _first_times(setting: RaidSetting, variants: list[Laydown], raids: list[Raid]) -> dict[tuple[str, str], FirstTimes]:
    found: dict[tuple[str, str], FirstTimes] = {}
    alone = setting._replace(run=setting.run.on(1))

    def one(laydown: Laydown, i: int) -> None:
        found[laydown.id, raids[i].id] = first_times(alone, laydown, raids[i].id)

    for i, laydown in enumerate(variants):
        setting.run.tell("timing tracks and first shots", i, len(variants))
        run_blocks(partial(one, laydown), len(raids), setting.run.threads)
    return found


def _sweeps(setting: RaidSetting, ends: LinkPair, raid: Raid) -> list[NetworkSweep]:
    """Every rule of identification at its least, nominal and greatest value, not joined and joined.

    Each is a run of its own: what it holds must not stand in the ledger of the study in place of what was drawn.
    """
    asked = [Setting(swept, value) for swept in swept_rules(setting, raid) for value in _values(swept.over)]
    found: dict[tuple[str, int], Played] = {}

    def one(at: int, i: int) -> None:
        fixed = setting._replace(run=replace(setting.run, threads=1), scenario=_fixed(setting.scenario, asked[at]))
        found[ends[i].id, at] = play(fixed, ends[i], raid.id)

    for at in range(len(asked)):
        setting.run.tell("sweeping identification", at, len(asked))
        run_blocks(partial(one, at), len(ends), setting.run.threads)
    return [_swept_row(at, found[ends.apart.id, i], found[x.id, i]) for i, at in enumerate(asked) for x in ends]


def _swept_row(at: Setting, apart: Played, here: Played) -> NetworkSweep:

    def with_rule(one: Finding | None) -> Finding | None:
        """Name the figure whose width is swept beside those that the raid reads."""
        return None if one is None else replace(one, inputs=tuple(sorted({*one.inputs, at.swept.over.id})))

    values = {said.name: with_rule(getattr(here.row, said.name)) for said in changed_measures()}
    return NetworkSweep(
        setting=at.swept.rule,
        label=at.swept.label,
        unit=at.swept.over.si,
        value=at.value,
        laydown=here.laydown,
        raid=here.result.raid,
        values=values,
        less_apart={name: with_rule(_change(apart, here, name).difference) for name in values},
    )


def swept_rules(setting: RaidSetting, raid: Raid) -> list[Swept]:
    """Return the rules of identification that the raid is asked about, read from the doctrine and from its classes.

    A rule that the scenario does not give runs over the width of the class's own figure, the widest of those that take
    part: of hostile classes that are asked who they are, and of friendly classes.
    """
    classes = setting.run.catalogue.targets
    hostile = [classes[w.target] for w in raid.waves if classes[w.target].kind != "ballistic"]
    friends = [classes[f.target] for f in setting.scenario.friendly]
    specs = {spec.name: spec for spec in fields_of(TargetClass)}
    found = []
    for rules, targets in ((ABOUT_THE_ASKED, hostile), (ABOUT_FRIENDS, friends)):
        for rule, figure in rules.items():
            own: Parameter | None = getattr(setting.scenario.doctrine, rule)
            widest = max((getattr(t, figure) for t in targets), key=lambda p: p.high, default=None)
            if widest is not None:
                label = specs[figure].label
                found.append(Swept(rule, label[:1].lower() + label[1:], own or widest))
    return found


def _values(parameter: Parameter) -> tuple[float, ...]:
    return tuple(dict.fromkeys((parameter.low, parameter.nominal, parameter.high)))


def _fixed(scenario: Scenario, setting: Setting) -> Scenario:
    """Hold one rule of the doctrine at one value."""
    rule, label, over = setting.swept
    value = setting.value
    held = Parameter(
        f"sweep.{rule}", value, value, value, over.si, f"{value:g} {over.si}", "fixed", None, "assumed", "none",
        note=f"swept: {label}",
    )  # fmt: skip
    changed: dict[str, Any] = {rule: held}
    return replace(scenario, doctrine=replace(scenario.doctrine, **changed))
