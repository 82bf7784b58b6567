"""Which unknown moves a finding: first-order and total indices of every stream, luck, and each source on its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ringtrue.answer import Header
from ringtrue.engagement.answers import in_single_raids
from ringtrue.errors import DomainError
from ringtrue.finding import finding
from ringtrue.sensing.deciding import break_even, weigh
from ringtrue.sensing.design import pick_freeze
from ringtrue.sensing.run import Run, stoppable
from ringtrue.studies.doubt.disagreement import changed_by_user, rival_rows, rivals_of, source_rows
from ringtrue.studies.doubt.records import SensitivityResult, SensitivityRow
from ringtrue.studies.doubt.sample import BLOCKS, sample
from ringtrue.studies.doubt.sobol import sobol_of_blocks
from ringtrue.studies.doubt.words import caveats_of, sentences_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ringtrue.finding import Finding
    from ringtrue.scenario.records import Scenario
    from ringtrue.sensing.ledger import Candidate
    from ringtrue.studies.doubt.findings import Asked
    from ringtrue.studies.doubt.sample import DoubtSample
    from ringtrue.studies.doubt.sobol import Sobol

    FloatArray = NDArray[np.float64]

N_POINTS = 1024
N_REPLICATIONS = 4
MOST_UNSCREENED = 60
KEPT_OF_SCREENED = 40
SCREENING_POINTS = 32
PILOT_DRAWS = 16
DRAWS_OF_A_SOURCE = 400
MUCH_TOGETHER = 1.0 / 3.0
LUCK, OTHERS = "luck", "others"


@stoppable
def sensitivity(
    asked: Asked,
    run: Run,
    *,
    scenario: Scenario | None = None,
    n_points: int = N_POINTS,
    n_replications: int = N_REPLICATIONS,
    title: str = "",
) -> SensitivityResult:
    """Share out the spread of a finding among all that it depends on.

    Parameters
    ----------
    asked : Asked
        The finding, as ``findings.find`` gives it.
    run : Run
        Figures, ground and seed; the design makes its own draws.
    scenario : Scenario, optional
        Of raids and packages.
    n_points : int
        Base points of the design, a power of two.
    n_replications : int
        Raids in each of three blocks at each point, where luck enters.

    Raises
    ------
    DomainError
        A number of points that is no power of two from 8 on; a finding that moves with no figure.

    Notes
    -----
    Streams of the ledger are the groups. Above 60 of them a small design of the same kind (elementary effects about
    many points, after Morris and Campolongo) ranks them first; what is not among the 40 largest is one group, whose
    index shows whether anything was missed. Indices: `sobol.sobol_of_blocks`.
    """
    if n_points < 8 or n_points & (n_points - 1):
        msg = f"--points {n_points}: a power of two from 8 on is wanted, such as {N_POINTS}"
        raise DomainError(msg)
    pilot = sample(
        [asked], replace(run, n_draws=PILOT_DRAWS), scenario=scenario, n_replications=1, stage="finding the unknowns"
    )
    names = [one.name for one in pilot.candidates]
    if not names:
        msg = f"{asked.text} reads no figure that has a spread: there is nothing to share out"
        raise DomainError(msg)
    kept = names if len(names) <= MOST_UNSCREENED else _screened(asked, run, scenario, names)
    left_out = frozenset(names) - frozenset(kept)
    groups = [frozenset({name}) for name in kept] + ([left_out] if left_out else [])
    found = sample(
        [asked], run, scenario=scenario, design=pick_freeze(groups, n_points, run.seed),
        n_replications=n_replications,
    )  # fmt: skip
    values, luck = _laid_out(found, asked, len(groups), n_points)
    run.tell("sharing out the spread", 0, 1)
    indices = sobol_of_blocks(values, luck, seed=run.seed)
    rivals = rivals_of(run.catalogue, found.uses[asked.text])
    sources = source_rows(
        asked, replace(run, n_draws=DRAWS_OF_A_SOURCE), rivals, changed_by_user(run.catalogue, found.uses[asked.text]),
        scenario=scenario, n_replications=n_replications,
    )  # fmt: skip
    result = SensitivityResult(
        Header(
            command="sensitivity",
            scenario_hash=None if scenario is None else scenario.content_hash,
            catalogue_hash=run.catalogue.content_hash,
            seed=run.seed,
            n_draws=found.design.n_draws,
            n_replications=n_replications * BLOCKS if asked.has_luck else None,
        ),
        finding=asked.text,
        label=asked.label,
        unit=asked.said.unit,
        value=_value(asked, values, luck, found),
        rows=_rows(asked, found, indices, kept, left_out, values),
        luck_low=indices.luck.low if asked.has_luck else None,
        luck=indices.luck.value if asked.has_luck else None,
        luck_high=indices.luck.high if asked.has_luck else None,
        together_low=indices.interactions.low,
        together=indices.interactions.value,
        together_high=indices.interactions.high,
        interactions_matter=indices.interactions.value > MUCH_TOGETHER and indices.interactions.low > 0.0,
        n_points=n_points,
        n_unknowns=len(names),
        n_screened_out=len(left_out),
        sources=sources,
        rivals=rival_rows(run.catalogue, rivals),
        answer=(),
        caveats=(),
        title=title or asked.label,
        asked=asked,
        parameters=found.parameters,
        printed_by={
            **run.catalogue.sources_of(found.parameters), **run.catalogue.sources_of(one.printed for one in rivals)
        },
        terrain=run.model.name,
    )  # fmt: skip
    return replace(result, answer=sentences_of(result), caveats=caveats_of(result))


def _screened(asked: Asked, run: Run, scenario: Scenario | None, names: Sequence[str]) -> list[str]:
    """Return the streams with the largest effects about a few points, in their old order."""
    design = pick_freeze([frozenset({name}) for name in names], SCREENING_POINTS, run.seed)
    found = sample([asked], run, scenario=scenario, design=design, n_replications=2, stage="screening")
    values, luck = _laid_out(found, asked, len(names), SCREENING_POINTS)
    effect = [one.value for one in sobol_of_blocks(values, luck, n_bootstrap=0).total]
    largest = set(np.argsort(effect)[::-1][:KEPT_OF_SCREENED].tolist())
    return [name for i, name in enumerate(names) if i in largest]


def _laid_out(found: DoubtSample, asked: Asked, n_groups: int, n_points: int) -> tuple[FloatArray, FloatArray]:
    """Values (group + 2, base, block) and the variance of one raid (group + 2, base)."""
    values = found.outputs[asked.text]
    return (
        values.reshape(n_groups + 2, n_points, values.shape[1]),
        found.luck_variance[asked.text].reshape(n_groups + 2, n_points),
    )


def _value(asked: Asked, values: FloatArray, luck: FloatArray, found: DoubtSample) -> Finding:
    """The answer over A and B, which are plain draws."""
    plain = values[:2].reshape(-1, values.shape[2])
    said = asked.said
    inputs = tuple(parameter.id for parameter in found.parameters)
    over_draws = finding(asked.label, said.unit, plain.mean(axis=1), inputs)
    return in_single_raids(over_draws, found.raids[asked.text][: plain.shape[0]]) if luck.any() else over_draws


def _rows(
    asked: Asked, found: DoubtSample, indices: Sobol, kept: Sequence[str], left_out: frozenset[str], values: FloatArray
) -> tuple[SensitivityRow, ...]:
    by_name = {one.name: one for one in found.candidates}
    n_plain = 2 * values.shape[1]
    answer = values[:2].mean(axis=2).ravel()
    first_draws = {name: replace(one, values=one.values[:n_plain]) for name, one in by_name.items()}
    shares = {share.stream: share for share in weigh(first_draws.values(), answer).shares}
    of_one_raid = 1.0 - indices.luck.value
    rows = []
    for i, (first, total) in enumerate(zip(indices.first, indices.total, strict=True)):
        is_single = i < len(kept)
        candidate = by_name[kept[i]] if is_single else None
        share = shares.get(kept[i]) if is_single else None
        turns_at, turns_unit = (None, "")
        if candidate is not None and len(asked.terms) == 2:
            turns_at, turns_unit = _turns(found, candidate, answer, n_plain)
        rows.append(
            SensitivityRow(
                stream=candidate.name if candidate else OTHERS,
                unknown=candidate.label if candidate else f"the {len(left_out)} others together",
                kind=("category" if candidate.is_category else "figure") if candidate else "others",
                is_assumed=candidate.is_assumed if candidate else any(by_name[n].is_assumed for n in left_out),
                first_low=first.low, first=first.value, first_high=first.high,
                total_low=total.low, total=total.value, total_high=total.high,
                one_raid=total.value * of_one_raid if asked.has_luck else None,
                in_bins_low=share.low if share else None,
                in_bins=share.share if share else None,
                in_bins_high=share.high if share else None,
                turns_at=turns_at, turns_unit=turns_unit,
                figures=candidate.figures if candidate else tuple(
                    sorted(a for name in left_out for a in by_name[name].figures)
                ),
            )
        )  # fmt: skip
    rows.sort(key=lambda row: (-(row.total or 0.0), row.stream))
    if asked.has_luck:
        rows.append(
            SensitivityRow(
                stream=LUCK, unknown="luck, at known figures", kind="luck", is_assumed=False,
                first_low=None, first=None, first_high=None, total_low=None, total=None, total_high=None,
                one_raid=indices.luck.value, in_bins_low=None, in_bins=None, in_bins_high=None, turns_at=None,
            )
        )  # fmt: skip
    return tuple(rows)


def _turns(found: DoubtSample, candidate: Candidate, answer: FloatArray, n_plain: int) -> tuple[float | None, str]:
    """Value of a figure at which the mean difference changes sign, where it does so once; a category has none."""
    figure = found.figure_of(candidate)
    if figure is None:
        return None, ""
    crossings = break_even(figure.values[:n_plain], answer, n_bootstrap=0).crossings
    return (crossings[0], figure.unit) if len(crossings) == 1 else (None, "")
