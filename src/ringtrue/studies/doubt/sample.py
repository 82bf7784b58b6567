"""One sample for every question about doubt: what was drawn, draw by draw, and what findings came to, block by block.

The draws may be plain or a design (`sensing.design`); they go through the kernels of the studies in pieces, each a run
of its own on the same numbers, so that memory does not grow with them. Ground enters as one of a few swept ones, the
mast with it; nothing is swept for a single draw.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.coverage import people as people_around
from ringtrue.coverage.edges import reach_of
from ringtrue.coverage.footprint import footprint_areas_m2
from ringtrue.coverage.ring import Weather, level_sight, ring_arrays
from ringtrue.coverage.rows import boresight_rad
from ringtrue.engagement.compile import SharedGeometry, stage_raid
from ringtrue.engagement.raid import play_stage
from ringtrue.errors import DomainError
from ringtrue.finding import DRAWS
from ringtrue.scenario.flights import check_raids
from ringtrue.sensing.chain import find_target
from ringtrue.sensing.climate import site_climate
from ringtrue.sensing.design import plain
from ringtrue.sensing.ledger import Candidate, Figure
from ringtrue.sensing.post import AUDIT_RELIEFS, FEW_RELIEFS, post_at
from ringtrue.sensing.rings import check_rings, posts_of
from ringtrue.sensing.run import silent
from ringtrue.studies.compare_coverage import (
    CoverageSetting,
    cells_with_assets,
    package_reach,
    reaches_of,
    sites_of,
    usual_level,
)
from ringtrue.studies.raid_rows import by_raid

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from ringtrue.catalogue.records import Parameter
    from ringtrue.coverage.records import AuditQuestion
    from ringtrue.engagement.raid import RaidResult
    from ringtrue.scenario.records import Scenario
    from ringtrue.sensing.design import Design
    from ringtrue.sensing.ledger import Ledger
    from ringtrue.sensing.post import Post
    from ringtrue.sensing.run import Run
    from ringtrue.studies.doubt.findings import Asked, Term

    FloatArray = NDArray[np.float64]

BLOCKS = 3
DRAWS_AT_ONCE = 2000
DRAWS_OF_PLACES_AT_ONCE = 250  # residents are asked for cell by cell, course by course


@dataclass(frozen=True, eq=False)
class DoubtSample:
    """What was drawn and what findings came to.

    Attributes
    ----------
    asked : tuple of Asked
        The findings, whose ``text`` is the key of the mappings below.
    candidates : tuple of Candidate
        Every stream that any of the findings reads: name, label, whether it is assumed, whether it is a category, the
        numbers (draw,) that it was drawn by, the addresses of its figures.
    figures : dict
        The drawn figures behind them by address: values (draw,) in SI, unit, label, scale, stream, whether assumed.
    reads : dict
        Names of the streams that a finding depends on.
    outputs : dict
        Values (draw, block), blocks of luck that share no raid with one another; one block where no luck enters.
    luck_variance : dict
        Variance of a single raid about the mean of its draw (draw,); zero where no luck enters.
    raids : dict
        Values of single raids (draw, raid) as they were counted; one column where no luck enters.
    uses : dict
        Addresses that a finding reads, drawn or not.
    parameters : tuple of Parameter
        The figures behind the findings as the catalogue or the scenario gives them.
    design : Design
        How the draws are laid out.
    n_replications : int
        Raids in each block of each draw.
    """

    asked: tuple[Asked, ...]
    candidates: tuple[Candidate, ...]
    figures: dict[str, Figure]
    reads: dict[str, frozenset[str]]
    outputs: dict[str, FloatArray]
    luck_variance: dict[str, FloatArray]
    raids: dict[str, FloatArray]
    uses: dict[str, frozenset[str]]
    parameters: tuple[Parameter, ...]
    design: Design
    n_replications: int

    def candidates_of(self, text: str) -> tuple[Candidate, ...]:
        """Streams that one finding depends on."""
        return tuple(one for one in self.candidates if one.name in self.reads[text])

    def figure_of(self, candidate: Candidate) -> Figure | None:
        """Return the figure whose values stand for a stream; None: a category."""
        rows = [self.figures[a] for a in candidate.figures if self.figures[a].scale != "category"]
        if candidate.is_category or not rows:
            return None
        return next((row for row in rows if row.address == candidate.name), rows[0])

    def values_of(self, candidate: Candidate) -> FloatArray:
        """Values (draw,) that stand for a stream: those of its figure in SI, or the number of a category."""
        figure = self.figure_of(candidate)
        return candidate.values if figure is None else figure.values


class _Played(NamedTuple):
    """One term on one piece: values (draw, raid), one column where no luck enters, and addresses behind them."""

    values: FloatArray
    uses: frozenset[str]


def sample(
    asked: Sequence[Asked],
    run: Run,
    *,
    scenario: Scenario | None = None,
    design: Design | None = None,
    n_replications: int = 8,
    n_blocks: int = BLOCKS,
    stage: str = "asking every draw",
) -> DoubtSample:
    """Ask findings draw by draw, on the same draws and the same luck.

    Parameters
    ----------
    asked : sequence of Asked
        Findings of ``findings.find``.
    run : Run
        Figures, ground, seed; its draws are taken where there is no design.
    scenario : Scenario, optional
        Of raids and packages; rings of a system need none.
    design : Design, optional
        How to lay the draws out; none: plainly, as many as the run has.
    n_replications, n_blocks : int
        Raids in each block of each draw; blocks of luck that share no raid with one another, three or more.
    stage : str
        What progress calls it.

    Raises
    ------
    DomainError
        Fewer than three blocks where luck enters, or no raid in them.
    InputError
        A raid or a ring that cannot be.
    """
    design = plain(run.n_draws) if design is None else design
    has_luck = any(one.has_luck for one in asked)
    if has_luck and (n_blocks < BLOCKS or n_replications < 1):
        msg = f"luck is told from doubt by {BLOCKS} blocks of raids or more; given: {n_blocks} of {n_replications}"
        raise DomainError(msg)
    _check(asked, run, scenario)
    has_places = any(term.kind == "package" for one in asked for term in one.terms)
    step = DRAWS_OF_PLACES_AT_ONCE if has_places else DRAWS_AT_ONCE
    starts = range(0, design.n_draws, step)
    pieces = []
    for i, first in enumerate(starts):
        run.tell(stage, i, len(starts))
        piece = design.piece(first, min(first + step, design.n_draws))
        part = replace(run, n_draws=piece.n_draws, design=piece, progress=silent)
        pieces.append(_asked_of(asked, part, scenario, n_replications * n_blocks))
    run.tell(stage, len(starts), len(starts))
    return _joined(asked, pieces, design, n_replications, n_blocks)


def _check(asked: Sequence[Asked], run: Run, scenario: Scenario | None) -> None:
    """Refuse what cannot be played before anything is."""
    terms = [term for one in asked for term in one.terms]
    rings = [t.question for t in terms if t.question is not None]
    check_rings(run.model, run.catalogue, ((q.system_id, q.latitude_deg, q.longitude_deg) for q in rings))
    laydowns = dict.fromkeys(t.laydown for t in terms if t.laydown)
    if scenario is None or not laydowns:
        return
    chosen = [scenario.laydown(name) for name in laydowns]
    raids = tuple(dict.fromkeys(t.raid for t in terms if t.raid))
    if raids:
        check_raids(scenario, iter(chosen), raids, run.model)
    check_rings(run.model, run.catalogue, posts_of(chosen))


class _Piece(NamedTuple):
    """Findings on one piece of the design: values (draw, raid), addresses behind each, and the draws."""

    values: list[FloatArray]
    uses: list[frozenset[str]]
    ledger: Ledger


def _asked_of(asked: Sequence[Asked], run: Run, scenario: Scenario | None, n_raids: int) -> _Piece:
    terms = dict.fromkeys(term for one in asked for term in one.terms)
    played = dict(zip(terms, _terms(list(terms), run, scenario, n_raids), strict=True))
    values, uses = [], []
    for one in asked:
        parts = [played[term] for term in one.terms]
        values.append(parts[0].values if len(parts) == 1 else parts[0].values - parts[1].values)
        uses.append(frozenset().union(*(part.uses for part in parts)))
    return _Piece(values, uses, run.ledger)


def _terms(terms: list[Term], run: Run, scenario: Scenario | None, n_raids: int) -> list[_Played]:
    """Play every term; those of one raid, one place or one package are played once."""
    shared = SharedGeometry()

    def played(term: Term) -> RaidResult:
        assert scenario is not None
        at = stage_raid(scenario, term.laydown, term.raid, run, n_reliefs=FEW_RELIEFS, shared=shared)
        return play_stage(at, n_replications=n_raids)

    def raid(term: Term) -> _Played:
        result = run.once(("raid", term.laydown, term.raid), lambda: played(term))
        return _Played(_single_raids(result, term), frozenset(result.uses))

    ask: dict[str, Callable[[Term], _Played]] = {
        "raid": raid,
        "package": lambda term: _package(term, run, scenario),
        "ring": lambda term: _ring(term, run),
        "footprint": lambda term: _footprint(term, run),
    }
    return [ask[term.kind](term) for term in terms]


def _single_raids(result: RaidResult, term: Term) -> FloatArray:
    """Return a measure raid by raid, (draw, raid)."""
    if term.measure in ("leak_share", "p_no_leaker"):
        leakers = by_raid(result, "leakers")
        assert leakers is not None
        return leakers / max(result.n_hostile, 1) if term.measure == "leak_share" else (leakers == 0).astype(np.float64)
    found = by_raid(result, f"{term.measure}/{term.part}" if term.part else term.measure)
    assert found is not None, term.measure
    return found


def _post(question: AuditQuestion, run: Run) -> Post:
    climate = site_climate(run.catalogue, question.latitude_deg, question.longitude_deg, question.k_factor)
    where = (question.system_id, question.latitude_deg, question.longitude_deg, question.mast_m, question.k_factor)
    return run.once(
        ("post", *where),
        lambda: post_at(
            run, question.system_id, question.latitude_deg, question.longitude_deg, mast_m=question.mast_m,
            climate=climate, n_reliefs=AUDIT_RELIEFS,
        ),
    )  # fmt: skip


def _ring(term: Term, run: Run) -> _Played:
    """A measure of a ring as the audit works it out, people without the doubt of their raster."""
    question, level = term.question, term.level
    assert question is not None
    assert level is not None
    post = _post(question, run)
    chain = post.chain
    target = chain.ledger.record(find_target(run.catalogue, term.target))
    around = people_around.surroundings(
        question.latitude_deg, question.longitude_deg, n_azimuths=post.fire.azimuth_rad.size,
        step_m=post.fire.step_m, n_samples=post.fire.shape[2],
    )  # fmt: skip
    found = run.once(
        ("ring", question, term.target, level),
        lambda: ring_arrays(
            chain, target, level, search=post.search, fire=post.fire, relief=post.relief, place=around.place,
            heading=question.heading, azimuth_rad=boresight_rad(question), weather=Weather(),
            speed_doubt=chain.ledger.flight_time_doubt(), threads=run.threads,
            at_level=level_sight(
                chain, level, search=post.search, fire=post.fire, relief=post.relief, threads=run.threads
            ),
            reach=reach_of(chain, target, question.heading, Weather()),
        ),
    )  # fmt: skip
    drawn = found.measured[term.measure]
    return _Played(drawn.values[DRAWS, None], drawn.uses)


def _footprint(term: Term, run: Run) -> _Played:
    question = term.question
    assert question is not None
    post = _post(question, run)
    chain = post.chain
    target = chain.ledger.record(find_target(run.catalogue, term.target))
    areas = footprint_areas_m2(chain, target, post.search, post.fire, chain.ledger.flight_time_doubt(), run.threads)
    values = areas.one_azimuth_m2 if term.measure == "footprint_area_km2" else areas.worst_azimuth_m2
    return _Played(values[DRAWS, None] / 1e6, areas.uses)


def _package(term: Term, run: Run, scenario: Scenario | None) -> _Played:
    """What a package reaches together, as the comparison works it out, people without the doubt of their raster."""
    assert scenario is not None
    area = scenario.area
    assert area is not None
    study, laydown = scenario.study, scenario.laydown(term.laydown)
    cells = run.once(("cells",), lambda: cells_with_assets(area, scenario.assets))
    setting = CoverageSetting(scenario, run, cells, has_raster_error=False)
    level = usual_level(find_target(run.catalogue, term.target), study.heights_m, study.altitudes_m)
    sites = run.once(("sites", laydown.id), lambda: sites_of(setting, (laydown,)))
    reaches = run.once(
        ("reaches", laydown.id, term.target), lambda: reaches_of(setting, sites, term.target, level)
    )  # fmt: skip
    reach = package_reach(setting, laydown, term.target, level, reaches)
    by_measure = {
        "engageable_area_km2": reach.area_km2,
        "people_under": reach.people_under,
        "people_defended": reach.people_defended.get(term.release_m or 0.0),
        "assets_defended": reach.assets_defended.get(term.release_m or 0.0),
    }
    values = by_measure[term.measure]
    if values is None:
        msg = f"{term.text}: the raster of residents cannot resolve it; ask for {term.text.replace('people', 'assets')}"
        raise DomainError(msg)
    usual = run.catalogue.targets[term.target].usual_height_m.id
    return _Played(values[DRAWS, None], reach.uses | {usual})


def _joined(
    asked: Sequence[Asked], pieces: list[_Piece], design: Design, n_replications: int, n_blocks: int
) -> DoubtSample:
    """Put the pieces of the draws together, and the raids of each draw into blocks."""
    outputs, luck, raids, uses = {}, {}, {}, {}
    for i, one in enumerate(asked):
        values = np.concatenate([piece.values[i] for piece in pieces])
        raids[one.text], n_raids = values, values.shape[1]
        outputs[one.text] = values.reshape(values.shape[0], n_blocks if n_raids > 1 else 1, -1).mean(axis=2)
        luck[one.text] = values.var(axis=1, ddof=1) if n_raids > 1 else np.zeros(values.shape[0])
        uses[one.text] = frozenset().union(*(piece.uses[i] for piece in pieces))
    every = frozenset().union(*uses.values())
    ledgers = [piece.ledger for piece in pieces]
    first = ledgers[0]
    figures = {
        row.address: replace(row, values=np.concatenate([ledger.figures[row.address].values for ledger in ledgers]))
        for row in first.rows(every)
    }
    candidates = tuple(
        replace(one, values=np.concatenate([ledger.streams[one.name] for ledger in ledgers]))
        for one in first.candidates(every)
    )
    reads = {text: frozenset(one.name for one in first.candidates(used)) for text, used in uses.items()}
    behind = first.parameters(every)
    return DoubtSample(
        tuple(asked), candidates, figures, reads, outputs, luck, raids, uses, behind, design, n_replications
    )
