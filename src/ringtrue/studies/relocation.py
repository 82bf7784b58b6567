"""The relocation study: the same fire units at one place or another; what is gained there, what is lost at home."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ringtrue.answer import Header
from ringtrue.answer import found as found_in
from ringtrue.catalogue.address import short_name
from ringtrue.coverage import people as people_around
from ringtrue.coverage.defended import earliest_intercepts, is_met_before, release_ranges_m, release_uses
from ringtrue.coverage.footprint import footprint_areas_m2
from ringtrue.coverage.ring import Level, Weather, ring_arrays
from ringtrue.errors import InputError, OutsideTerrainError
from ringtrue.finding import DRAWS, NOMINAL, draw_axis
from ringtrue.geo import layers
from ringtrue.geo.elevation import open_model
from ringtrue.rng import uid_key
from ringtrue.scenario.flights import check_levels
from ringtrue.sensing.chain import chain_of, find_target
from ringtrue.sensing.deciding import Deciding, assumed_part, decides, weigh
from ringtrue.sensing.ducting import ducting_notes
from ringtrue.sensing.ledger import record_name
from ringtrue.sensing.post import STUDY_RELIEFS, Post, post_at
from ringtrue.sensing.rings import check_rings, posts_of
from ringtrue.sensing.run import Run, stoppable
from ringtrue.studies.compare_answer import capital
from ringtrue.studies.compare_clauses import CLAUSE_NOTE, clause_words, term_rows
from ringtrue.studies.relocation_output import (
    BasisPlace,
    DefendedPeople,
    MoveClause,
    RelocationChange,
    RelocationFootprint,
    RelocationResult,
    RelocationRow,
    ground_name,
    relocation_lines,
    where_words,
)
from ringtrue.studies.residents import Blocks, Cells, blocks_about, people_by_country, populated_about
from ringtrue.studies.telling import value_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ringtrue.catalogue.records import TargetClass
    from ringtrue.coverage.defended import Intercepts
    from ringtrue.coverage.ring import RingArrays
    from ringtrue.finding import Finding
    from ringtrue.geo.elevation import ElevationModel
    from ringtrue.scenario.records import Laydown, Scenario
    from ringtrue.sensing.chain import Chain
    from ringtrue.studies.compare_records import TermRow

    FloatArray = NDArray[np.float64]

__all__ = ["relocation", "relocation_lines"]

STANDARD_K_KEY = "k-standard"
PLACE_MARGIN_M = 20_000.0
SAME_AREA_SHARE = 0.01  # a difference of airspace below this is that of two spheres of almost one radius
BLOCKS_IN_A_RASTER_CELL = (15.0 / 10.0) ** 2  # arc-minutes of the population raster over those of a block


class _Site(NamedTuple):
    """One place of the regiment: its laydown and the position of its fire units."""

    laydown: Laydown
    latitude_deg: float
    longitude_deg: float
    n_units: int


@dataclass(frozen=True)
class _Answer:
    """One class at one level at one site, over draws; ``is_under`` (draw + 1, cell) is of the cells ``chosen``."""

    engageable_km2: FloatArray
    chosen: NDArray[np.int64]
    is_under: NDArray[np.bool_]
    people: FloatArray
    defended: FloatArray
    raster_cell_km2: float
    uses: frozenset[str]


@stoppable
def relocation(scenario: Scenario, run: Run) -> RelocationResult:
    """Put the fire units of every laydown at its place and compare each place with the first, draw by draw.

    Parameters
    ----------
    scenario : Scenario
        Each laydown stands at one place with one system; the first one asked for is home. ``study.targets``,
        ``study.heights_m`` and ``study.altitudes_m`` say what comes.
    run : Run
        Figures, draws, and the ground of the second answer. The first is bare earth at every place; a bare-earth model
        gives that one alone.

    Raises
    ------
    InputError
        Fewer than two laydowns, a laydown at two places or with two systems, no target, no height, or an altitude under
        the ground of a place.

    Notes
    -----
    One refraction for all places (the standard k, or that of the scenario): a table of climate for some places only
    would put weather into a difference that is to show place. Two fire units at one place reach no farther than one.
    """
    sites, system_id = _sites(scenario)
    if not scenario.study.targets or not (scenario.study.heights_m or scenario.study.altitudes_m):
        msg = (
            f"{scenario.name}: study: 'targets' and 'heights' or 'altitudes' are wanted; relocation asks who comes how"
        )
        raise InputError(msg)
    catalogue, model, ledger = run.catalogue, run.model, run.ledger
    targets = {t: ledger.record(find_target(catalogue, t)) for t in scenario.study.targets}
    chain = chain_of(ledger, system_id)
    k_factor = catalogue.assumptions[STANDARD_K_KEY].nominal
    if scenario.environment.given_k is not None:
        k_factor = scenario.environment.given_k
    case = _Case(scenario, run, system_id, chain, targets, k_factor)
    reach_m = float(chain.engagement.instrumented_range_m.max())
    cells = populated_about(
        np.array([x.latitude_deg for x in sites]), np.array([x.longitude_deg for x in sites]), reach_m
    )
    bases = [open_model("none")] + ([] if model.is_bare_earth else [model])
    for basis in bases:
        check_levels(scenario, [site.laydown for site in sites], scenario.study.altitudes_m, basis.sample)
    check_rings(model, catalogue, posts_of(site.laydown for site in sites))
    places: list[BasisPlace] = []
    rows: list[RelocationRow] = []
    footprints: list[RelocationFootprint] = []
    changes: list[RelocationChange] = []
    steps = len(bases) * len(sites)
    head: tuple[Deciding, float | None, str] | None = None
    for b, basis in enumerate(bases):
        answers: list[dict[tuple[str, Level], _Answer]] = []
        for i, site in enumerate(sites):
            run.tell("putting the regiment at each place", b * len(sites) + i, steps)
            place, post = _post(case, basis, site)
            places.append(place)
            if post is None:
                answers.append({})
                continue
            found, site_rows, site_footprints = _at_site(case, basis, site, i, post, cells)
            answers.append(found)
            rows.extend(site_rows)
            footprints.extend(site_footprints)
            head = head or _headline(case, found, site)
        changes.extend(_changes(case, basis, sites, answers, cells))
    if head is None:
        msg = f"{scenario.name}: study.targets: only ballistic classes are given; name a class that flies at a height"
        raise InputError(msg)
    usual = {t: _usual_where(target, case.levels) for t, target in targets.items()}
    used = {p.id: p for p in ledger.parameters(case.behind)}
    used[catalogue.assumptions[STANDARD_K_KEY].id] = catalogue.assumptions[STANDARD_K_KEY]
    verdict, assumed_share, about = head
    abroad = _abroad(sites)
    told = _told_places(case, sites, places, rows, changes, usual, abroad)
    terms, clauses = _clauses(case, sites)
    named = {p.source for p in used.values() if p.source} | {source for row in terms for source in row.sources}
    return RelocationResult(
        Header(
            command="relocation",
            scenario_hash=scenario.content_hash,
            catalogue_hash=catalogue.content_hash,
            seed=run.seed,
            n_draws=run.n_draws,
        ),
        name=scenario.name,
        title=scenario.title,
        question=scenario.study.question,
        system=system_id,
        home=sites[0].laydown.id,
        places=tuple(places),
        rows=tuple(rows),
        footprints=tuple(footprints),
        changes=tuple(changes),
        assumed_share=assumed_share,
        deciding=verdict.of(about),
        declared=scenario.declared,
        positions=scenario.positions,
        caveats=_not_resolvable(case, changes, usual),
        limits=_limits(case, sites),
        parameters=tuple(used.values()),
        sources={source: catalogue.sources[source] for source in sorted(named) if source in catalogue.sources},
        names={s.laydown.id: s.laydown.title for s in sites} | {t: catalogue.targets[t].name for t in targets},
        usual=usual,
        abroad=abroad,
        told_places=told,
        terms=terms,
        clauses=clauses,
        told_clauses=tuple(_told_clause(row, clauses, sites) for row in terms),
        answer=" ".join(told),
    )


@dataclass(frozen=True)
class _Case:
    """What is the same at every place: the draws above all; ``behind`` gathers what the answers depend on."""

    scenario: Scenario
    run: Run
    system_id: str
    chain: Chain
    targets: dict[str, TargetClass[FloatArray]]
    k_factor: float
    behind: set[str] = field(default_factory=set)

    @property
    def levels(self) -> list[Level]:
        """Heights above ground, then altitudes."""
        study = self.scenario.study
        return [Level(h, None) for h in study.heights_m] + [Level(None, a) for a in study.altitudes_m]


def _sites(scenario: Scenario) -> tuple[list[_Site], str]:
    """Places in the order of the study, and the one system that stands there."""
    asked = scenario.study.laydowns or tuple(laydown.id for laydown in scenario.laydowns)
    sites, systems = [], set()
    for laydown in (scenario.laydown(i) for i in asked):
        positions = {(u.latitude_deg, u.longitude_deg) for u in laydown.units}
        systems |= {(u.system if u.fit is None else f"{u.system}:{u.fit}") for u in laydown.units}
        if len(positions) != 1:
            msg = (
                f"{scenario.name}: laydown {laydown.id!r} stands at {len(positions)} places; "
                "relocation wants every fire unit of a laydown at one place"
            )
            raise InputError(msg)
        sites.append(_Site(laydown, *positions.pop(), len(laydown.units)))
    if len(sites) < 2 or len(systems) != 1:
        msg = (
            f"{scenario.name}: {len(sites)} laydowns with {len(systems)} systems; "
            "relocation wants two laydowns or more, all with the same system"
        )
        raise InputError(msg)
    return sites, systems.pop()


def _post(case: _Case, basis: ElevationModel, site: _Site) -> tuple[BasisPlace, Post | None]:
    """Put a fire unit at a place; None, and said so, where the model has no ground."""
    ring_m = float(case.chain.system.advertised_range_m[NOMINAL])
    note = ""
    ground_m = float(basis.sample(site.latitude_deg, site.longitude_deg))
    if basis.is_bare_earth and np.isnan(ground_m):
        basis, ground_m = open_model("none", ground_altitude_m=0.0), 0.0
        note = "ground altitude not in the shipped model: 0 m taken, which touches altitudes above sea level only"
    try:
        if np.isnan(ground_m):
            raise OutsideTerrainError((site.latitude_deg, site.longitude_deg), basis.name)
        post = post_at(
            case.run, case.system_id, site.latitude_deg, site.longitude_deg,
            mast_m=site.laydown.units[0].mast_height_m, k_factor=case.k_factor, n_reliefs=STUDY_RELIEFS, model=basis,
        )  # fmt: skip
    except OutsideTerrainError:
        south, north = basis.bounds_deg[1], basis.bounds_deg[3]
        note = f"not covered: the model {basis.name} runs from {south:g} to {north:g} N; no flat ground is assumed"
        return BasisPlace(basis.name, site.laydown.id, site.n_units, None, None, note), None
    covered = post.search.covered_share(ring_m)
    return BasisPlace(basis.name, site.laydown.id, site.n_units, post.fire.site_altitude_m, covered, note), post


def _at_site(
    case: _Case, basis: ElevationModel, site: _Site, i_site: int, post: Post, cells: Cells
) -> tuple[dict[tuple[str, Level], _Answer], list[RelocationRow], list[RelocationFootprint]]:
    """Answer every class at every level at one place, with its rows."""
    answers: dict[tuple[str, Level], _Answer] = {}
    rows: list[RelocationRow] = []
    footprints: list[RelocationFootprint] = []
    speed_doubt = case.chain.ledger.flight_time_doubt()
    around = people_around.surroundings(
        site.latitude_deg, site.longitude_deg, n_azimuths=post.fire.azimuth_rad.size, step_m=post.fire.step_m,
        n_samples=post.fire.shape[2],
    )  # fmt: skip
    for target_id, target in case.targets.items():
        if target.kind == "ballistic":
            footprints.append(_footprint_row(case, basis, site, target, post, speed_doubt))
            continue
        for level in case.levels:
            arrays = ring_arrays(
                case.chain, target, level, search=post.search, fire=post.fire, relief=post.relief,
                place=around.place, heading="inbound", azimuth_rad=None, weather=Weather(), speed_doubt=speed_doubt,
                threads=case.run.threads,
            )  # fmt: skip
            radius_m = _radius_m(arrays)
            blocks = blocks_about(cells, i_site, float(radius_m.max()) + PLACE_MARGIN_M)
            met = earliest_intercepts(
                case.chain, target, level, search=post.search, fire=post.fire, relief=post.relief,
                x_m=blocks.x_m, y_m=blocks.y_m,
                speed_doubt=speed_doubt, threads=case.run.threads,
            )  # fmt: skip
            chosen = np.flatnonzero(cells.distance_m[i_site] <= radius_m.max())
            width = 2.0 * np.pi / radius_m.shape[1]
            i_azimuth = np.round(cells.azimuth_rad[i_site][chosen] / width).astype(np.int64) % radius_m.shape[1]
            is_under = cells.distance_m[i_site][chosen][None, :] <= radius_m[:, i_azimuth]
            held = _guarded(case, site, met, blocks.people, 0.0)
            engageable_km2, uses = arrays.measured["engageable_area_km2"]
            behind = uses | met.uses
            case.behind.update(behind | release_uses(case.run.ledger, target.kind))
            everyone = (is_under * cells.people[chosen]).sum(axis=1)
            people = _widened(case, site, everyone, engageable_km2, around.raster_cell_km2)
            answer = _Answer(
                engageable_km2, chosen, is_under, people, np.minimum(held, people), around.raster_cell_km2, behind
            )
            answers[target_id, level] = answer
            rows.append(_row(case, basis, site, target, level, answer, met, blocks, cells))
    return answers, rows, footprints


def _radius_m(arrays: RingArrays) -> FloatArray:
    """Equal-area radius of the engageable area, (draw + 1, azimuth) [m]."""
    by_azimuth_m2 = arrays.by_azimuth_m2["engageable"].astype(np.float64)
    width = 2.0 * np.pi / by_azimuth_m2.shape[1]
    return np.asarray(np.sqrt(2.0 * by_azimuth_m2 / width))


def _guarded(
    case: _Case, site: _Site, met: Intercepts, people: FloatArray, release_m: float, *, every_course: bool = True
) -> FloatArray:
    """Residents whose attacker is met before it comes within the release range: from every course, or on average.

    What the raster cannot tell at the edge of the blocks is in the draws, with one luck for each place: two laydowns at
    one place differ by nothing.
    """
    reached = is_met_before(met.intercept_steps, release_m)
    share = reached.all(axis=1) if every_course else reached.mean(axis=1)
    counted = np.asarray((people[:, None] * share).sum(axis=0), dtype=np.float64)
    cells = share.sum(axis=0) / BLOCKS_IN_A_RASTER_CELL
    return people_around.with_grid_error(counted, cells * 1e6, 1.0, _luck_seed(case, site))


def _luck_seed(case: _Case, site: _Site) -> int:
    """Seed of what the raster of people cannot tell: one luck for each place, whatever stands there."""
    return case.run.seed + uid_key(f"relocation/{site.latitude_deg:.6f},{site.longitude_deg:.6f}")


def _as_parts(by_country: dict[int, FloatArray], whole: FloatArray) -> dict[int, FloatArray]:
    """Give each country the error that the whole has, draw by draw, so that the parts add up to it."""
    counted = _whole(by_country, whole.size)
    error = np.divide(whole, counted, out=np.ones_like(counted), where=counted > 0.0)
    return {i: people * error for i, people in by_country.items()}


def _whole(by_country: dict[int, FloatArray], n: int) -> FloatArray:
    return np.asarray(sum(by_country.values(), np.zeros(n)), dtype=np.float64)


def _findings(row: type, name: str, by_country: dict[int, FloatArray]) -> dict[str, Finding]:
    """One finding for each country, the most people first."""
    names = layers.country_names()
    ranked = sorted(by_country.items(), key=lambda item: (-float(np.median(item[1])), item[0]))
    return {names[i - 1] if i > 0 else "off the map of borders": found_in(row, name, people) for i, people in ranked}


def _row(
    case: _Case,
    basis: ElevationModel,
    site: _Site,
    target: TargetClass[FloatArray],
    level: Level,
    answer: _Answer,
    met: Intercepts,
    blocks: Blocks,
    cells: Cells,
) -> RelocationRow:
    """Turn the arrays of one class at one level and place into findings."""
    releases_m = release_ranges_m(case.run.catalogue, target.kind)
    place = {"terrain": basis.name, "laydown": site.laydown.id, "target": target.id}
    area = found_in(RelocationRow, "engageable_area_km2", answer.engageable_km2)
    if not _is_resolvable(answer):
        return RelocationRow(
            **place, height_m=level.height_m, altitude_m=level.altitude_m, engageable_area_km2=area, people_under=None,
            people_under_by_country=None, people_defended=None, people_defended_by_country=None,
        )  # fmt: skip
    under = people_by_country(answer.is_under, answer.chosen, cells)
    people = answer.people
    under = _as_parts(under, people)
    met_at_all = is_met_before(met.intercept_steps, 0.0).all(axis=1) * blocks.people[:, None]
    guarded = {int(i): met_at_all[blocks.country == i].sum(axis=0) for i in np.unique(blocks.country)}
    guarded = {i: np.minimum(v, under.get(i, 0.0)) for i, v in _as_parts(guarded, answer.defended).items()}
    defended = tuple(
        DefendedPeople(
            release_m,
            found_in(
                DefendedPeople, "people_worst_course",
                np.minimum(_guarded(case, site, met, blocks.people, release_m), people),
            ),
            found_in(
                DefendedPeople, "people_mean_course",
                _guarded(case, site, met, blocks.people, release_m, every_course=False),
            ),
        )
        for release_m in releases_m
    )  # fmt: skip
    return RelocationRow(
        **place,
        height_m=level.height_m,
        altitude_m=level.altitude_m,
        engageable_area_km2=area,
        people_under=found_in(RelocationRow, "people_under", people),
        people_under_by_country=_findings(RelocationRow, "people_under_by_country", under),
        people_defended=defended,
        people_defended_by_country=_findings(
            RelocationRow, "people_defended_by_country", {i: v for i, v in guarded.items() if v.max() > 0.0}
        ),
    )


def _is_resolvable(answer: _Answer) -> bool:
    return people_around.is_resolvable(1e6 * float(np.median(answer.engageable_km2[DRAWS])), answer.raster_cell_km2)


def _footprint_row(
    case: _Case,
    basis: ElevationModel,
    site: _Site,
    target: TargetClass[FloatArray],
    post: Post,
    speed_doubt: FloatArray,
) -> RelocationFootprint:
    areas = footprint_areas_m2(case.chain, target, post.search, post.fire, speed_doubt, case.run.threads)
    case.behind.update(areas.uses)
    area = found_in(RelocationFootprint, "footprint_area_km2", areas.one_azimuth_m2 / 1e6)
    return RelocationFootprint(basis.name, site.laydown.id, target.id, area)


def _changes(
    case: _Case,
    basis: ElevationModel,
    sites: list[_Site],
    answers: list[dict[tuple[str, Level], _Answer]],
    cells: Cells,
) -> list[RelocationChange]:
    """Gained there, lost at home, net; the same draw on both sides."""
    found = []
    for i in range(1, len(sites)):
        for key, there in answers[i].items():
            if key not in answers[0]:
                continue
            home = answers[0][key]
            target_id, level = key
            gains = people_by_country(_only(there, home, cells), there.chosen, cells)
            losses = people_by_country(_only(home, there, cells), home.chosen, cells)
            gained, lost = (
                _widened(case, site, _whole(part, draw_axis(case.run.n_draws)), own.engageable_km2, own.raster_cell_km2)
                for site, part, own in ((sites[i], gains, there), (sites[0], losses, home))
            )
            gains, losses = _as_parts(gains, gained), _as_parts(losses, lost)
            people = {
                "people_gained": gained, "people_lost": lost, "people_net": gained - lost,
                "people_defended_net": there.defended - home.defended,
            }  # fmt: skip
            if np.allclose(lost, home.people):  # nobody lives under both, so nobody is defended by both
                people["people_defended_lost"] = home.defended
            counted = _is_resolvable(there) and _is_resolvable(home)
            counts: dict[str, Any] = {"people_defended_lost": None} | {
                name: found_in(RelocationChange, name, values) if counted else None for name, values in people.items()
            }
            area_km2 = there.engageable_km2 - home.engageable_km2
            area = found_in(RelocationChange, "area_km2", area_km2)
            least_km2 = SAME_AREA_SHARE * float(np.median(home.engageable_km2[DRAWS]))
            is_same = max(abs(area.low), abs(area.median), abs(area.high)) <= least_km2
            found.append(
                RelocationChange(
                    terrain=basis.name,
                    laydown=sites[i].laydown.id,
                    home=sites[0].laydown.id,
                    target=target_id,
                    height_m=level.height_m,
                    altitude_m=level.altitude_m,
                    area_km2=None if is_same else area,
                    share_of_draws_more_people=float((gained > lost)[DRAWS].mean()) if counted else None,
                    gained_by_country=_findings(RelocationChange, "gained_by_country", gains) if counted else None,
                    lost_by_country=_findings(RelocationChange, "lost_by_country", losses) if counted else None,
                    **counts,
                )
            )
    return found


def _only(here: _Answer, other: _Answer, cells: Cells) -> NDArray[np.bool_]:
    """Cells under from here and not from the other place, (draw + 1, chosen of here)."""
    from_other = np.zeros((other.is_under.shape[0], cells.people.size), dtype=np.bool_)
    from_other[:, other.chosen] = other.is_under
    return here.is_under & ~from_other[:, here.chosen]


def _widened(
    case: _Case, site: _Site, people: FloatArray, engageable_km2: FloatArray, raster_cell_km2: float
) -> FloatArray:
    """Add the error of the population raster, with the luck of the place: the same in every row, another elsewhere."""
    return people_around.with_grid_error(people, 1e6 * engageable_km2, raster_cell_km2, _luck_seed(case, site))


def _not_resolvable(case: _Case, changes: list[RelocationChange], usual: dict[str, str]) -> tuple[str, ...]:
    """Say for which classes a move gains and loses a number of residents that nobody can tell."""
    lacking: dict[tuple[str, str], list[str]] = {}
    for change in changes:
        if change.people_net is None and change.where == usual[change.target]:
            ground = ground_name(change.terrain)
            places = lacking.setdefault((change.target, ground), [])
            places.append(case.scenario.laydown(change.laydown).title)
    return tuple(
        f"Against the {short_name(case.targets[target].name)} on {ground}, residents gained and lost are not told for "
        f"{', '.join(places)}: what can be engaged is too small an area for the map of residents."
        for (target, ground), places in lacking.items()
    )


def _limits(case: _Case, sites: list[_Site]) -> tuple[str, ...]:
    together = max(s.n_units for s in sites)
    return (
        *ducting_notes((s.laydown.title, s.latitude_deg, s.longitude_deg) for s in sites),
        "Coverage, not protection: no clutter, crew error, jamming or leakage enters; every area is an upper bound.",
        f"One refraction at all places (k = {case.k_factor:.3g}): a difference shows place, not climate.",
        *(
            [f"{together} fire units at one place reach no farther than one: they add channels and rounds."]
            if together > 1
            else []
        ),
        "The engagement radar may be turned to any azimuth; targets come straight at the site.",
        "People: residents of 2020 on a raster of 15 arc-minutes. 'Under' is below engageable airspace.",
        "'Defended' is met before arrival or release, one engagement, worst of eight courses.",
        "People defended stand in blocks of 10 arc-minutes, so the edge of a small defended area is coarse.",
        "Countries: the UN view of Natural Earth's layer, 10-60 E and 25-58 N; what lies off it is named so.",
    )


def _usual_where(target: TargetClass[FloatArray], levels: list[Level]) -> str:
    """Name the level nearest, as a ratio, to the height the class usually flies at."""
    if target.kind == "ballistic":
        return where_words(None, None)
    usual_m = max(float(target.usual_height_m[NOMINAL]), 1.0)
    nearest = min(levels, key=lambda level: abs(np.log(max(level.nominal_altitude_m(0.0), 1.0) / usual_m)))
    return where_words(nearest.height_m, nearest.altitude_m)


def _headline(
    case: _Case, answers: dict[tuple[str, Level], _Answer], site: _Site
) -> tuple[Deciding, float | None, str] | None:
    """Say what decides the engageable area of the first flying class at its usual level, at home on bare earth."""
    for (target_id, level), answer in answers.items():
        target = case.targets[target_id]
        where = where_words(level.height_m, level.altitude_m)
        if where == _usual_where(target, case.levels):
            weighed = weigh(case.chain.ledger.candidates(answer.uses), answer.engageable_km2[DRAWS])
            about = f"engageable area ({target.name}, {where}, {site.laydown.title})"
            return decides(weighed), assumed_part(weighed), about
    return None


def _told_places(
    case: _Case,
    sites: list[_Site],
    places: list[BasisPlace],
    rows: list[RelocationRow],
    changes: list[RelocationChange],
    usual: dict[str, str],
    abroad: tuple[str, ...],
) -> tuple[str, ...]:
    """Say of each place, ground by ground, whom the units would have under and defend there and what home would lose.

    Places in another country than home come first, those in the same country apart: there it is no loss to the country.
    """
    home = sites[0].laydown
    country = _countries(sites)[home.id]
    by_key = {(r.terrain, r.laydown, r.target): r for r in rows if r.where == usual[r.target]}
    lost = {(c.terrain, c.laydown, c.target): c for c in changes if c.where == usual[c.target]}
    classes = [(t, target) for t, target in case.targets.items() if target.kind != "ballistic"]
    told = []
    for site in sorted(sites[1:], key=lambda x: x.laydown.id not in abroad):
        for place in (p for p in places if p.laydown == site.laydown.id):
            head = f"{site.laydown.title}, {ground_name(place.terrain)}"
            head += "" if place.laydown in abroad else f" (at home too: {country})"
            if place.site_altitude_m is None:
                told.append(f"{head}: {place.note}.")
                continue
            keys = [((place.terrain, site.laydown.id, t), record_name(target)) for t, target in classes]
            what = f"residents below engageable airspace, of them defended, and both as {home.title} would lose them"
            parts = [capital(_moved_words(by_key[key], lost.get(key), name)) for key, name in keys]
            told.append(" ".join((f"{head}: {what}.", *parts)))
    return tuple(told)


def _moved_words(row: RelocationRow, change: RelocationChange | None, name: str) -> str:
    """Say of one class whom the units would have under and defend at a place, and what home would lose."""
    here = _under_words(row, name)
    return f"{here}." if change is None else f"{here}; at home {_lost_words(change)}."


def _abroad(sites: list[_Site]) -> tuple[str, ...]:
    """Laydowns in another country than home, or where no layer tells the country of home."""
    countries = _countries(sites)
    country = countries[sites[0].laydown.id]
    return tuple(laydown for laydown, name in list(countries.items())[1:] if name != country or not country)


def _countries(sites: list[_Site]) -> dict[str, str]:
    """Country of each place by laydown; empty off the layer of borders."""
    ids = layers.country_ids(np.array([x.latitude_deg for x in sites]), np.array([x.longitude_deg for x in sites]))
    names = layers.country_names()
    return {x.laydown.id: names[int(i) - 1] if i > 0 else "" for x, i in zip(sites, ids, strict=True)}


def _clauses(case: _Case, sites: list[_Site]) -> tuple[tuple[TermRow, ...], tuple[MoveClause, ...]]:
    """Clauses against resale on offers of the system that is moved, and which places each of them would close."""
    bare = case.system_id.partition(":")[0]
    bought = {offer.id for offer in case.scenario.offers if offer.system == bare}
    terms = tuple(
        row for row in term_rows(case.scenario, case.run.catalogue) if row.offer in bought and row.effect == "no-resale"
    )
    countries = _countries(sites)
    home = countries[sites[0].laydown.id]
    return terms, tuple(
        MoveClause(row.clause, row.offer, name, country, is_closed=country != home or not home)
        for row in terms
        for name, country in list(countries.items())[1:]
    )


def _told_clause(row: TermRow, clauses: tuple[MoveClause, ...], sites: list[_Site]) -> str:
    """Say what a clause would close: there is then nothing to gain there, and nothing is lost at home."""
    titles = {site.laydown.id: site.laydown.title for site in sites}
    own = [c for c in clauses if (c.clause, c.offer) == (row.clause, row.offer)]
    closed = [f"{titles[c.laydown]} ({c.country or 'no country told'})" for c in own if c.is_closed]
    left = [titles[c.laydown] for c in own if not c.is_closed]
    parts = [f"closed unless the seller agrees: {', '.join(closed)}, with what is gained there and lost at home"]
    parts = (parts if closed else ["it closes none of these places"]) + (
        [f"open: {', '.join(left)}"] if left and closed else []
    )
    return f"{row.title}: {clause_words(row)}. Were it to hold, {'; '.join(parts)}. {CLAUSE_NOTE}"


def _under_words(row: RelocationRow, name: str) -> str:
    if row.people_under is None or not row.people_defended:
        return f"{name} ({row.where}) {value_words(row, 'people_under')}"
    return (
        f"{name} ({row.where}) {value_words(row, 'people_under')} and "
        f"{value_words(row.people_defended[0], 'people_worst_course')}"
    )


def _lost_words(change: RelocationChange) -> str:
    if change.people_lost is None:
        return value_words(change, "people_lost")
    if change.people_defended_lost is None:
        return f"{value_words(change, 'people_lost')} (defended, net {value_words(change, 'people_defended_net')})"
    return f"{value_words(change, 'people_lost')} and {value_words(change, 'people_defended_lost')}"
