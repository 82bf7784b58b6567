"""People defended: the engagement ends before the attacker arrives or releases, course by course."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ringtrue.answer import found
from ringtrue.cancel import stop_if_cancelled
from ringtrue.coverage import _kernels
from ringtrue.coverage.edges import over_ground, reach_of
from ringtrue.coverage.people import is_resolvable, with_grid_error
from ringtrue.coverage.records import CoverageRow, DefendedRow
from ringtrue.coverage.ring import (
    Weather,
    case_table,
    envelope_limits,
    ground_range_m,
    level_sight,
    needs_sight_of,
    shot_table,
)
from ringtrue.errors import InputError
from ringtrue.finding import DRAWS
from ringtrue.geo import geodesy, layers
from ringtrue.geo.pool import run_blocks
from ringtrue.sensing.chain import watched_chain
from ringtrue.sensing.ledger import FLIGHT_TIME_DOUBT, watched

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ringtrue.catalogue.records import Catalogue, TargetClass
    from ringtrue.coverage.edges import Reach
    from ringtrue.coverage.ring import Level, LevelSight
    from ringtrue.finding import Finding
    from ringtrue.sensing.chain import Chain
    from ringtrue.sensing.ledger import Ledger
    from ringtrue.sensing.sight import PolarSight

    FloatArray = NDArray[np.float64]

RELEASE_RANGES = ("release-range-gun", "release-range-short", "release-range-medium", "release-range-long")
PLACE_CELL_M = 16_000.0
NEAR_CELL_M, NEAR_M = 4_000.0, 48_000.0
"""Cells near the site, where low flyers are met: finer, so that a count does not jump from town to town."""
POINTS_A_SIDE = 5
LONGEST_RELEASE_M = 260_000.0
TRACK_M = 480_000.0
"""Length of the track of an attacker that is looked at, back from the place."""
STEP_M = 250.0
"""Unit of ways to go; a track is sampled every 1, 2, 4, 8 or 16 of it: `track_step_m`."""
FEWEST_STEPS = 60
N_COURSES = 8
POINT_COURSES = 120
"""Courses over which an asset's warning and its share defended are means; every fifteenth is one of the eight."""
_PLACES_PER_BLOCK = 16
PLACES_AT_ONCE = 128  # so that work that is told to stop does, whatever the number of draws


def release_ranges_m(catalogue: Catalogue, kind: str) -> tuple[float, ...]:
    """Return the release ranges that stand side by side [m]: the catalogue's for aircraft, else 0.

    Raises
    ------
    InputError
        A release range greater than the tracks allow for.

    Examples
    --------
    >>> from ringtrue.catalogue.load import load_catalogue
    >>> release_ranges_m(load_catalogue(), "aircraft"), release_ranges_m(load_catalogue(), "drone")
    ((0.0, 20000.0, 70000.0, 250000.0), (0.0,))
    """
    if kind != "aircraft":
        return (0.0,)
    ranges_m = tuple(catalogue.assumptions[key].nominal for key in RELEASE_RANGES)
    if max(ranges_m) > LONGEST_RELEASE_M:
        msg = (
            f"assumption.{RELEASE_RANGES[int(np.argmax(ranges_m))]} is {max(ranges_m) / 1e3:g} km; "
            f"give {LONGEST_RELEASE_M / 1e3:g} km at most"
        )
        raise InputError(msg)
    return tuple(sorted(set(ranges_m)))


def release_uses(ledger: Ledger, kind: str) -> frozenset[str]:
    """Return the addresses of the figures behind `release_ranges_m`."""
    uses: set[str] = set()
    for key in RELEASE_RANGES if kind == "aircraft" else ():
        ledger.fixed(ledger.catalogue.assumptions[key], uses)
    return frozenset(uses)


@dataclass(frozen=True)
class Intercepts:
    """Earliest intercept and first track before each place (place, course, draw + 1), as the way to go.

    In steps of `STEP_M`; -1: never.
    """

    intercept_steps: NDArray[np.int16]
    tracked_steps: NDArray[np.int16]
    speed_mps: FloatArray
    uses: frozenset[str] = frozenset()  # addresses of the figures behind it


@dataclass(frozen=True)
class Places:
    """Ground points east and north of the site [m], with the residents of their cell."""

    x_m: FloatArray
    y_m: FloatArray
    people: FloatArray
    cell_km2: FloatArray


def farthest_reach_m(chain: Chain) -> float:
    """Longest reach of any interceptor against anything that flies level, over all draws [m].

    Residents are counted out to it: farther places are met from some azimuths only, by attackers that fly over the
    unit on their way, and are no claim of its maker's either. 0 without interceptors.
    """
    return max(
        (
            float(envelope.max_range_m.max())
            for interceptor in chain.interceptors
            for kind, envelope in interceptor.envelopes.items()
            if kind != "ballistic"
        ),
        default=0.0,
    )


def populated_cells(latitude_deg: float, longitude_deg: float, reach_m: float) -> Places:
    """Square cells about the site that hold residents, to ``reach_m``; each the mean of 25 points.

    They are 16 km wide, and 4 km where the middle of such a cell lies within `NEAR_M`.
    """
    n = int(np.ceil(reach_m / PLACE_CELL_M))
    offset_m = np.arange(-n, n + 1) * PLACE_CELL_M
    x, y = (v.ravel() for v in np.meshgrid(offset_m, offset_m))
    x, y = x[np.hypot(x, y) <= reach_m], y[np.hypot(x, y) <= reach_m]
    is_near = np.hypot(x, y) <= NEAR_M
    near_x, near_y = _parts(x[is_near], y[is_near], PLACE_CELL_M, round(PLACE_CELL_M / NEAR_CELL_M))
    x, y = np.append(x[~is_near], near_x), np.append(y[~is_near], near_y)
    side_m = np.append(np.full(x.size - near_x.size, PLACE_CELL_M), np.full(near_x.size, NEAR_CELL_M))
    points_x, points_y = (v.reshape(x.size, -1) for v in _parts(x, y, side_m, POINTS_A_SIDE))
    position = geodesy.direct(latitude_deg, longitude_deg, np.arctan2(points_x, points_y), np.hypot(points_x, points_y))
    density = layers.population_density_per_km2(position.latitude_deg, position.longitude_deg)
    land = layers.land_share(position.latitude_deg, position.longitude_deg)
    cell_km2 = np.square(side_m / 1000.0)
    people = (density * land).mean(axis=1) * cell_km2
    return Places(x[people > 0], y[people > 0], people[people > 0], cell_km2[people > 0])


def _parts(x: FloatArray, y: FloatArray, side_m: float | FloatArray, n: int) -> tuple[FloatArray, FloatArray]:
    """Middles of the n by n parts of square cells, cell by cell, (cell n n,)."""
    share = (np.arange(n) + 0.5) / n - 0.5
    east, north = (v.ravel()[None, :] for v in np.meshgrid(share, share))
    side = np.broadcast_to(np.asarray(side_m, dtype=np.float64), x.shape)[:, None]
    return (x[:, None] + east * side).ravel(), (y[:, None] + north * side).ravel()


def track_step_m(in_sight: NDArray[np.bool_], sight_step_m: float) -> float:
    """Return how finely a track is sampled: so that the way over which a target is usually in sight has 60 steps.

    ``in_sight`` (relief, azimuth, sample); that way is the radius of a disc as large as the area in sight, mean over
    the grounds. From 250 m to 4 km: what an answer is short by, one to two steps, stays near 2 % of it.

    >>> flat = np.zeros((1, 360, 401), dtype=np.bool_)
    >>> for reach_km in (16, 40, 400):
    ...     flat[:, :, : reach_km + 1] = True
    ...     print(track_step_m(flat, 1000.0))
    250.0
    500.0
    4000.0
    """
    ring = np.arange(in_sight.shape[2]) * 2.0 + 1.0
    radius_m = sight_step_m * float(np.sqrt((in_sight.mean(axis=(0, 1)) * ring).sum()))
    return float(STEP_M * 2.0 ** np.clip(np.floor(np.log2(max(radius_m, STEP_M) / (FEWEST_STEPS * STEP_M))), 0, 4))


def earliest_intercepts(
    chain: Chain,
    target: TargetClass[FloatArray],
    level: Level,
    *,
    search: PolarSight,
    fire: PolarSight,
    relief: NDArray[np.int64],
    x_m: FloatArray,
    y_m: FloatArray,
    speed_doubt: FloatArray,
    threads: int | None = None,
    sights: LevelSight | None = None,
    reach: Reach | None = None,
    n_courses: int = N_COURSES,
) -> Intercepts:
    """Fly a level attacker to each point from eight azimuths and note where it is first tracked and first met.

    Every draw, the nominal case last. The radar can be turned to any azimuth. Sight is sampled along the course
    as `track_step_m` says, so a way to go is short by one step or two. One engagement (n = 1). Each radar has its own
    sight: the target is known from where both have it in view, or from what the engagement radar finds uncued.
    ``sights`` and ``reach`` are what `ring.level_sight` and `edges.reach_of` (inbound) give, where they are known. A
    mean over courses at a few points wants more of them (``n_courses``, `POINT_COURSES`): how far one can see differs
    from course to course by more than from ground to ground.
    """
    reach = reach or reach_of(chain, target, "inbound", Weather())
    sights = sights or level_sight(chain, level, search=search, fire=fire, relief=relief, threads=threads)
    uses = {*reach.uses.held, *sights.search_uses, *sights.fire_uses, FLIGHT_TIME_DOUBT}
    chain, target = watched_chain(chain, uses), watched(target, uses)
    in_sight = np.zeros(fire.shape, dtype=np.bool_)
    _kernels.mark_runs(*sights.fire, np.inf, fire.step_m, in_sight)
    of_both = in_sight
    if sights.search is not sights.fire:
        of_both = np.zeros(search.shape, dtype=np.bool_)
        _kernels.mark_runs(*sights.search, np.inf, search.step_m, of_both)
        n_samples = min(search.shape[2], fire.shape[2])
        of_both = of_both[:, :, :n_samples] & in_sight[:, :, :n_samples]
    altitude_m = level.nominal_altitude_m(fire.site_altitude_m)
    antenna_m = float(fire.antenna_altitude_m[0])
    edges = reach.edges[0]
    own = edges.slow._replace(known_m=edges.slow.known_m - reach.lag_m[:, None])
    tracked, held, slow, own = (
        over_ground(table, antenna_m, altitude_m) for table in (edges.tracked, edges.held, edges.slow, own)
    )
    farthest_m = ground_range_m(edges.slow.step_m * (edges.slow.known_m.shape[1] - 1), antenna_m, altitude_m)
    in_view = np.flatnonzero(in_sight.any(axis=(0, 1)))
    farthest_m = np.minimum(farthest_m, (in_view.max(initial=0) + 1.0) * fire.step_m)
    step_m = track_step_m(in_sight, fire.step_m)
    limits = envelope_limits(chain, target, level, fire.site_altitude_m)
    course = np.arange(n_courses) * (2.0 * np.pi / n_courses)
    found = np.empty((2, x_m.size, n_courses, target.speed_mps.size), dtype=np.int16)
    arguments = (
        np.stack([x_m, y_m], axis=1), course, relief, *(by_relief(x) for x in (in_sight, of_both)), fire.step_m,
        altitude_m - fire.site_altitude_m, *tracked, held.known_m, slow.known_m, own.known_m,
        case_table(farthest_m, chain, target, speed_doubt), shot_table(chain, limits.least_m, limits.greatest_m),
        needs_sight_of(chain), step_m, int(TRACK_M / step_m), found,
    )  # fmt: skip

    def some_places(block: int) -> None:
        first, last = block * _PLACES_PER_BLOCK, min((block + 1) * _PLACES_PER_BLOCK, x_m.size)
        _kernels.farthest_intercepts(first, last, *arguments)
        there = found[:, first:last]
        np.multiply(there, np.int16(step_m / STEP_M), out=there, where=there > 0)

    run_blocks(some_places, -(-x_m.size // _PLACES_PER_BLOCK), threads)
    return Intercepts(found[0], found[1], target.speed_mps, frozenset(uses))


def by_relief(in_sight: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Put what all reliefs (relief, azimuth, sample) say of one sample side by side, as a track asks for it."""
    return np.ascontiguousarray(in_sight.transpose(1, 2, 0))


def is_met_before(intercept_steps: NDArray[np.int16], release_m: float) -> NDArray[np.bool_]:
    """Whether each attacker is met while it still has at least ``release_m`` to go (0: to the place itself).

    >>> is_met_before(np.array([-1, 0, 79, 80], dtype=np.int16), 20_000.0).tolist()
    [False, False, False, True]
    """
    return np.asarray(intercept_steps >= np.ceil(max(release_m, 0.0) / STEP_M))


def defended_rows(
    intercepts: Intercepts,
    places: Places,
    releases_m: tuple[float, ...],
    raster_cell_km2: float,
    at_site: Intercepts | None = None,
    *,
    seed: int = 1,
    inputs: tuple[str, ...] = (),
) -> tuple[DefendedRow, ...]:
    """Count residents whose attacker is met before it comes within each release range; likewise for the site itself.

    Once averaged over the eight courses, once for the worst course of each place. What the population raster cannot
    tell at the edge of the defended area is in the interval (`people.with_grid_error`). Not resolvable below four of
    its cells. ``inputs``: addresses of the figures behind it.
    """
    rows = []
    for release_m in releases_m:
        share, worst = _met_shares(intercepts.intercept_steps, release_m)
        stop_if_cancelled()
        people = (places.people[:, None] * share).sum(axis=0)
        people_worst = (places.people[:, None] * worst).sum(axis=0)
        stop_if_cancelled()
        area_m2, area_worst_m2 = (places.cell_km2 @ met * 1e6 for met in (share, worst))
        resolvable = is_resolvable(float(np.median(area_m2[DRAWS])), raster_cell_km2)
        people = with_grid_error(people, area_m2, raster_cell_km2, seed)
        people_worst = with_grid_error(people_worst, area_worst_m2, raster_cell_km2, seed)
        site_share, site_worst_share = _asset_shares(at_site, release_m)
        rows.append(
            DefendedRow(
                release_range_m=release_m,
                shots=1,
                resolvable=resolvable,
                site_defended_share=site_share,
                site_defended_from_every_azimuth_share=site_worst_share,
                people_worst_course=found(DefendedRow, "people_worst_course", people_worst, inputs)
                if resolvable
                else None,
                people_mean_course=found(DefendedRow, "people_mean_course", people, inputs) if resolvable else None,
            )
        )
    return tuple(rows)


def _met_shares(intercept_steps: NDArray[np.int16], release_m: float) -> tuple[FloatArray, NDArray[np.bool_]]:
    """In which share of courses each place is defended, and whether from all of them, (place, draw + 1)."""
    n_places, _, n_draws = intercept_steps.shape
    share, worst = np.empty((n_places, n_draws)), np.empty((n_places, n_draws), dtype=np.bool_)
    for first in range(0, n_places, PLACES_AT_ONCE):
        stop_if_cancelled()
        some = slice(first, first + PLACES_AT_ONCE)
        met = is_met_before(intercept_steps[some], release_m)
        share[some], worst[some] = met.mean(axis=1), met.all(axis=1)
    return share, worst


def _asset_shares(at_site: Intercepts | None, release_m: float) -> tuple[float | None, float | None]:
    """Share of draws and azimuths, and of draws with every azimuth, in which one asset is defended; None: not asked."""
    if at_site is None:
        return None, None
    met = is_met_before(at_site.intercept_steps[..., DRAWS], release_m)
    of_a_place = met[:, :: met.shape[1] // N_COURSES]  # the courses that every place is met on
    return float(met.mean()), float(of_a_place.all(axis=(0, 1)).mean())


def warning_s(intercepts: Intercepts, release_m: float) -> Finding | None:
    """Warning at a place: release (or arrival) less first track, over courses and draws; None: never tracked."""
    way = intercepts.tracked_steps * STEP_M - release_m
    if not (way[..., DRAWS] >= 0).any():
        return None
    return found(CoverageRow, "warning_s", tracked_before_s(intercepts, release_m).mean(axis=(0, 1)))


def tracked_before_s(intercepts: Intercepts, release_m: float = 0.0) -> FloatArray:
    """Time from the first track to release or arrival, (place, course, draw + 1) [s]; 0 where it is never tracked."""
    way = intercepts.tracked_steps * STEP_M - release_m
    return np.asarray(np.maximum(way, 0.0) / intercepts.speed_mps)
