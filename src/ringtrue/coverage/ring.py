"""One row of the audit as arrays over draws: seen, tracked, engageable on the runs of sight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.cancel import stop_if_cancelled
from ringtrue.catalogue.address import address
from ringtrue.coverage import _kernels
from ringtrue.coverage.edges import over_ground, reach_of
from ringtrue.finding import NOMINAL
from ringtrue.geo.pool import run_blocks
from ringtrue.sensing.chain import watched_chain
from ringtrue.sensing.ledger import FLIGHT_TIME_DOUBT, watched

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from ringtrue.catalogue.records import Radar, TargetClass
    from ringtrue.coverage.edges import Reach
    from ringtrue.coverage.records import Heading, Link
    from ringtrue.sensing.chain import Chain
    from ringtrue.sensing.ledger import Ledger
    from ringtrue.sensing.sight import PolarSight

    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.int64]
    BoolArray = NDArray[np.bool_]

EARTH_RADIUS_M = _kernels.EARTH_RADIUS_M
LONGEST_LEAD_M = 200_000.0
# a ray on the edge of a sector belongs to the next one: 90 degrees of 360 rays are 90 rays, not 91
SECTOR_EDGE_RAD = 1e-9
_DRAWS_PER_BLOCK = 32


class Level(NamedTuple):
    """Where a target flies: at a height above the ground, or at an altitude above mean sea level."""

    height_m: float | None
    altitude_m: float | None

    def nominal_altitude_m(self, site_altitude_m: float) -> float:
        """Altitude of the target over ground as high as the site's [m AMSL]."""
        return self.altitude_m if self.altitude_m is not None else site_altitude_m + (self.height_m or 0.0)


class Runs(NamedTuple):
    """Stretches of ground range in sight: ``first`` (relief, azimuth + 1) indexes the runs of `_kernels`, (run, 5)."""

    first: IntArray
    table: FloatArray

    @property
    def start_m(self) -> FloatArray:
        """Where each run begins [m], (run,)."""
        return np.asarray(self.table[:, _kernels.START], dtype=np.float64)

    @property
    def end_m(self) -> FloatArray:
        """Where each run ends [m], (run,)."""
        return np.asarray(self.table[:, _kernels.END], dtype=np.float64)


@dataclass(frozen=True)
class Place:
    """What lies around a site: residents along azimuths, and cities."""

    people_step_m: float
    people_cumulative: FloatArray  # (azimuth, sample)
    people_by_country: FloatArray  # (country, azimuth, sample), cumulative too
    city_azimuth: IntArray
    city_range_m: FloatArray


class Drawn(NamedTuple):
    """A measure over draws (draw + 1,), the nominal case last, and the addresses of the figures behind it."""

    values: FloatArray
    uses: frozenset[str]


@dataclass(frozen=True)
class RingArrays:
    """What the rings of one target at one level come to.

    ``measured`` goes by the measures of a `CoverageRow`, in their units; people without the doubt of their raster.
    """

    measured: Mapping[str, Drawn]
    people_by_country: FloatArray  # (country,), nominal case
    city_reached: NDArray[np.bool_]
    by_azimuth_m2: Mapping[Link, NDArray[np.float32]]  # (draw + 1, azimuth)


@dataclass(frozen=True)
class Weather:
    """What lowers a detection range beside the gas that every reference contains; 0 unless a scenario gives it."""

    clutter_db: float = 0.0
    jam_to_noise_ratio: float = 0.0
    rain_db_per_km: float = 0.0


def runs_of(sight: PolarSight, level: Level, min_elevation_rad: FloatArray, max_elevation_rad: FloatArray) -> Runs:
    """Find where a level target is in sight, inside the beam's elevation limits; elevation limits are (relief,)."""
    n_reliefs, n_azimuths, n_samples = sight.needed_code.shape
    longest = np.empty((n_azimuths * (n_samples // 2 + 1), 5))
    first = np.empty((n_reliefs, n_azimuths + 1), dtype=np.int64)
    tables, offset = [], 0
    steps = sight.steps
    for i in range(n_reliefs):
        stop_if_cancelled()
        asked = np.array([
            sight.step_m, -1.0 if level.height_m is None else level.height_m, level.altitude_m or 0.0,
            sight.antenna_altitude_m[i], sight.curvature_per_m,
            np.tan(min_elevation_rad[i]), np.tan(min(max_elevation_rad[i], 1.5533)),
        ])  # fmt: skip
        n_runs = _kernels.find_runs(
            sight.sample_range_m, sight.first_of_step, sight.needed_code[i], sight.model_ground_m, sight.raised_m[i],
            steps.least_needed_m[i], steps.most_needed_m[i], steps.lowest_ground_m, steps.highest_ground_m, asked,
            first[i], longest,
        )  # fmt: skip
        first[i] += offset
        tables.append(longest[:n_runs].copy())
        offset += n_runs
    return Runs(first, np.concatenate(tables))


def slant_range_m(ground_range_m: FloatArray, altitude1_m: float, altitude2_m: float) -> FloatArray:
    """Straight-line distance between two altitudes a ground range apart on the sphere.

    >>> round(float(slant_range_m(np.array(100_000.0), 0.0, 10_000.0)))
    100576
    """
    half = np.sin(ground_range_m / (2.0 * EARTH_RADIUS_M))
    product = (EARTH_RADIUS_M + altitude1_m) * (EARTH_RADIUS_M + altitude2_m)
    return np.asarray(np.sqrt((altitude1_m - altitude2_m) ** 2 + 4.0 * product * half**2), dtype=np.float64)


def ground_range_m(slant_m: FloatArray, altitude1_m: float, altitude2_m: float) -> FloatArray:
    """Ground range at which the straight-line distance is ``slant_m``; 0 where the heights alone are farther apart.

    >>> round(float(ground_range_m(np.array(100_576.0), 0.0, 10_000.0)))
    100000
    """
    product = (EARTH_RADIUS_M + altitude1_m) * (EARTH_RADIUS_M + altitude2_m)
    square = np.maximum(np.square(slant_m) - (altitude1_m - altitude2_m) ** 2, 0.0) / (4.0 * product)
    return np.asarray(2.0 * EARTH_RADIUS_M * np.arcsin(np.minimum(np.sqrt(square), 1.0)), dtype=np.float64)


def _over_draws(function: Callable[[int, int], None], n: int, threads: int | None) -> None:
    n_blocks = -(-n // _DRAWS_PER_BLOCK)

    def block(b: int) -> None:
        function(b * _DRAWS_PER_BLOCK, min((b + 1) * _DRAWS_PER_BLOCK, n))

    run_blocks(block, n_blocks, threads)


class _ReachedArea(NamedTuple):
    """Whole, in the ring and in the sector (draw, 3) [m2]; by azimuth (draw, azimuth)."""

    areas_m2: FloatArray
    by_azimuth_m2: NDArray[np.float32]

    @property
    def area_m2(self) -> FloatArray:
        return self.areas_m2[:, _kernels.AREA].copy()


def _reach(
    runs: Runs,
    relief: IntArray,
    limit_m: FloatArray,
    ring_m: float,
    offset_rad: FloatArray,
    half_sector: FloatArray,
    threads: int | None,
) -> _ReachedArea:
    n = limit_m.shape[0]
    out = _ReachedArea(np.empty((n, 3)), np.empty((n, offset_rad.size), dtype=np.float32))
    _over_draws(
        lambda a, b: _kernels.reached_by_radar(a, b, relief, *runs, limit_m, ring_m, offset_rad, half_sector, *out),
        n,
        threads,
    )
    return out


class EnvelopeLimits(NamedTuple):
    """Ground ranges of the interceptors (draw, interceptor); greatest < 0 where the class cannot be engaged."""

    least_m: FloatArray
    greatest_m: FloatArray
    reason: str


def envelope_limits(
    chain: Chain, target: TargetClass[FloatArray], level: Level, site_altitude_m: float
) -> EnvelopeLimits:
    """Turn published envelopes (slant range, floor, ceiling, target speed) into ground ranges at one level."""
    n = target.speed_mps.size
    altitude_m = level.nominal_altitude_m(site_altitude_m)
    above_ground_m = level.height_m if level.height_m is not None else altitude_m - site_altitude_m
    least = np.zeros((n, len(chain.interceptors)))
    greatest = np.full((n, len(chain.interceptors)), -1.0)
    reason = "no interceptor"
    for m, interceptor in enumerate(chain.interceptors):
        envelope = interceptor.envelopes.get(target.kind)
        if envelope is None:
            continue
        low = envelope.min_altitude_m <= above_ground_m
        high = envelope.max_altitude_m >= altitude_m
        slow = envelope.max_target_speed_mps >= target.speed_mps
        allowed = low & high & slow
        least[:, m] = ground_range_m(envelope.min_range_m, site_altitude_m, altitude_m)
        reach_m = ground_range_m(envelope.max_range_m, site_altitude_m, altitude_m)
        greatest[:, m] = np.where(allowed & (reach_m > 0), reach_m, -1.0)
        if not allowed[NOMINAL]:
            reason = "floor" if not low[NOMINAL] else "ceiling" if not high[NOMINAL] else "target speed"
    return EnvelopeLimits(least, greatest, reason)


def case_table(
    limit_m: FloatArray,
    chain: Chain,
    target: TargetClass[FloatArray],
    speed_doubt: FloatArray,
    half_sector_rad: float | FloatArray = np.pi,
    delay_s: float | FloatArray = 0.0,
) -> FloatArray:
    """Put what belongs to a draw side by side as the kernels want it, (draw, 6)."""
    out = np.empty((limit_m.size, 6))
    out[:, _kernels.LIMIT] = limit_m
    out[:, _kernels.SPEED] = target.speed_mps
    out[:, _kernels.REACTION] = chain.unit.reaction_s
    out[:, _kernels.DOUBT] = speed_doubt
    out[:, _kernels.HALF_SECTOR] = half_sector_rad
    out[:, _kernels.DELAY] = delay_s
    return out


def shot_table(chain: Chain, least_m: FloatArray, greatest_m: FloatArray) -> FloatArray:
    """Put what belongs to an interceptor side by side as the kernels want it, (draw, interceptor, 4)."""
    out = np.empty((*least_m.shape, 4))
    out[:, :, _kernels.LEAST] = least_m
    out[:, :, _kernels.GREATEST] = greatest_m
    for m, interceptor in enumerate(chain.interceptors):
        out[:, m, _kernels.MISSILE_SPEED] = interceptor.mean_speed_mps
        out[:, m, _kernels.MISSILE_SPEED_RANGE] = interceptor.mean_speed_range_m
    return out


def needs_sight_of(chain: Chain) -> BoolArray:
    """Return which interceptors need the target in sight to the end, (interceptor,)."""
    return np.array([i.needs_sight for i in chain.interceptors], dtype=np.bool_)


def _drawn_runs(
    ledger: Ledger, radar: Radar[FloatArray], level: Level, sight: PolarSight, relief: IntArray, uses: set[str]
) -> Runs:
    """Runs of sight of one radar, each relief with elevation limits of its own; notes what they stand on."""
    uses |= sight.uses
    limits = (ledger.on_relief(uses, radar, f, relief) for f in ("min_elevation_rad", "max_elevation_rad"))
    return runs_of(sight, level, *limits)


def fire_runs_of(chain: Chain, level: Level, fire: PolarSight, relief: IntArray, uses: set[str]) -> Runs:
    """Runs of sight of the engagement radar; notes in ``uses`` which figures they stand on."""
    return _drawn_runs(chain.ledger, chain.engagement, level, fire, relief, uses)


class LevelSight(NamedTuple):
    """Runs of both radars at one level, and the area in line of sight (draw + 1,): no target enters.

    ``search_uses`` and ``fire_uses`` are the addresses of the figures that the runs stand on.
    """

    search: Runs
    fire: Runs
    geometry_m2: FloatArray
    search_uses: frozenset[str] = frozenset()
    fire_uses: frozenset[str] = frozenset()


def level_sight(
    chain: Chain,
    level: Level,
    *,
    search: PolarSight,
    fire: PolarSight,
    relief: IntArray,
    threads: int | None = None,
) -> LevelSight:
    """Find the runs of sight at one level and the area inside the search radar's instrumented range."""
    search_uses: set[str] = set()
    fire_uses: set[str] = set()
    fire_runs = fire_runs_of(chain, level, fire, relief, fire_uses)
    search_runs = fire_runs
    if search is not fire or chain.acquisition.id != chain.engagement.id:
        search_runs = _drawn_runs(chain.ledger, chain.acquisition, level, search, relief, search_uses)
    else:
        search_uses |= fire_uses
    antenna_m = float(search.antenna_altitude_m[0])
    altitude_m = level.nominal_altitude_m(search.site_altitude_m)
    instrumented_m = watched(chain.acquisition, search_uses).instrumented_range_m
    limit_m = ground_range_m(instrumented_m, antenna_m, altitude_m)
    offset_rad, all_round = np.zeros(search.azimuth_rad.size), np.full(limit_m.size, np.pi)
    ring_m = float(chain.system.advertised_range_m[NOMINAL])
    limits_m = _everywhere(limit_m, offset_rad.size)
    reach = _reach(search_runs, relief, limits_m, ring_m, offset_rad, all_round, threads)
    return LevelSight(search_runs, fire_runs, reach.area_m2, frozenset(search_uses), frozenset(fire_uses))


def _everywhere(limit_m: FloatArray, n_azimuths: int) -> FloatArray:
    """Return one limit a draw as a limit for every azimuth, (draw, azimuth)."""
    return np.repeat(limit_m[:, None], n_azimuths, axis=1)


class Limits(NamedTuple):
    """Ground ranges within which an inbound target in sight is seen, tracked and held, (draw, azimuth); -1: nowhere."""

    seen_m: FloatArray
    tracked_m: FloatArray
    held_m: FloatArray


def inbound_limits(
    chain: Chain,
    reach: Reach,
    at_level: LevelSight,
    relief: IntArray,
    *,
    antennas_m: tuple[float, float],
    altitude_m: float,
    p_confirmed: float = 0.5,
    threads: int | None = None,
) -> Limits:
    """Shorten each run of sight at its far end by what its looks need.

    Parameters
    ----------
    antennas_m : (float, float)
        Altitudes of the antennas of search and engagement radar [m AMSL].
    p_confirmed : float
        0.5 or 0.9, the chances that ``reach`` has tables for.
    """
    edges = reach.edges[0 if p_confirmed == 0.5 else 1]
    search = over_ground(edges.search, antennas_m[0], altitude_m)
    slow, fast, joined = (
        over_ground(table, antennas_m[1], altitude_m) for table in (edges.slow, edges.fast, edges.tracked)
    )
    n_azimuths = at_level.search.first.shape[1] - 1
    out = Limits(*(np.empty((relief.size, n_azimuths)) for _ in range(3)))
    is_one = chain.acquisition.id == chain.engagement.id
    arguments = (
        relief, *at_level.search, *at_level.fire, *search, *slow, fast.known_m, joined.known_m, reach.least_m,
        reach.gap_m, reach.lag_m, is_one, *out,
    )  # fmt: skip
    _over_draws(lambda a, b: _kernels.inbound_limits(a, b, *arguments), relief.size, threads)
    return out


def _limits(
    chain: Chain,
    reach: Reach,
    at_level: LevelSight,
    relief: IntArray,
    antennas_m: tuple[float, float],
    altitude_m: float,
    threads: int | None,
) -> tuple[Limits, Limits]:
    """Limits for chances of 0.5 and 0.9: by azimuth where the heading has edge tables, else one a draw."""
    if reach.edges:
        half, most = (
            inbound_limits(
                chain, reach, at_level, relief, antennas_m=antennas_m, altitude_m=altitude_m, p_confirmed=p,
                threads=threads,
            )
            for p in (0.5, 0.9)
        )  # fmt: skip
        return half, most
    n = at_level.search.first.shape[1] - 1
    seen, seen90, tracked, tracked90, held = (
        _everywhere(ground_range_m(slant_m, antenna_m, altitude_m), n)
        for slant_m, antenna_m in zip(reach[:5], (*antennas_m[:1] * 2, *antennas_m[1:] * 3), strict=True)
    )
    return Limits(seen, tracked, held), Limits(seen90, tracked90, held)


class RadarAreas(NamedTuple):
    """Areas seen and tracked [m2], (draw + 1,) each, and the addresses of the figures behind each."""

    m2: tuple[FloatArray, FloatArray]
    uses: tuple[frozenset[str], frozenset[str]]


def radar_areas_m2(
    chain: Chain,
    target: TargetClass[FloatArray],
    level: Level,
    *,
    search: PolarSight,
    fire: PolarSight,
    relief: IntArray,
    weather: Weather,
    at_level: LevelSight,
    threads: int | None = None,
) -> RadarAreas:
    """Areas in which an inbound target is seen and tracked at any azimuth, as in `ring_arrays`: two of (draw + 1,)."""
    altitude_m = level.nominal_altitude_m(search.site_altitude_m)
    ring_m = float(chain.system.advertised_range_m[NOMINAL])
    offset_rad, all_round = np.zeros(search.azimuth_rad.size), np.full(relief.size, np.pi)
    reach = reach_of(chain, target, "inbound", weather)
    limits = inbound_limits(
        chain, reach, at_level, relief,
        antennas_m=(float(search.antenna_altitude_m[0]), float(fire.antenna_altitude_m[0])), altitude_m=altitude_m,
        threads=threads,
    )  # fmt: skip
    seen, tracked = (
        _reach(runs, relief, limit_m, ring_m, offset_rad, all_round, threads).area_m2
        for runs, limit_m in ((at_level.search, limits.seen_m), (at_level.fire, limits.tracked_m))
    )
    both = at_level.search_uses | at_level.fire_uses
    return RadarAreas((seen, tracked), (at_level.search_uses | reach.uses.seen, both | reach.uses.tracked))


def ring_arrays(
    chain: Chain,
    target: TargetClass[FloatArray],
    level: Level,
    *,
    search: PolarSight,
    fire: PolarSight,
    relief: IntArray,
    place: Place,
    heading: Heading,
    azimuth_rad: float | None,
    weather: Weather,
    speed_doubt: FloatArray,
    threads: int | None = None,
    at_level: LevelSight | None = None,
    reach: Reach | None = None,
) -> RingArrays:
    """Compute every area of one target at one level, for all draws.

    Parameters
    ----------
    search, fire : PolarSight
        Sight of the acquisition and of the engagement radar, one relief per drawn ground.
    relief : (draw + 1,) int array
        Which relief each draw lives on; the nominal case on relief 0.
    azimuth_rad : float or None
        Boresight of a sector radar; None leaves the sector numbers equal to those of a radar looking north.
    at_level : LevelSight, optional
        What `level_sight` gave for this level, so that several targets share it.
    reach : Reach, optional
        What `edges.reach_of` gave for this target, so that several levels share it.

    Notes
    -----
    Seen: in line of sight, inside instrumented range and elevation limits, and confirmed by then, on the way in, with
    probability 0.5 (0.9). Tracked: the same for the engagement radar, which searches for itself until the search radar
    cues it. Held: tracked, and identified; then the reaction time runs (`edges`). Engageable: see
    `_kernels.engageable_by_draw`. Slant ranges
    become ground ranges at the altitude that the level has over ground as high as the site; for heights above ground
    over hills this moves a range by less than 0.2 % beyond 20 km. No clutter, crew or jamming unless ``weather`` says.
    """
    n = target.speed_mps.size
    ring_m = float(chain.system.advertised_range_m[NOMINAL])
    altitude_m = level.nominal_altitude_m(search.site_altitude_m)
    reach = reach or reach_of(chain, target, heading, weather)
    shared = at_level or level_sight(chain, level, search=search, fire=fire, relief=relief, threads=threads)
    search_runs, fire_runs = shared.search, shared.fire
    boresight = azimuth_rad or 0.0
    offset_rad = np.abs((search.azimuth_rad - boresight + np.pi) % (2.0 * np.pi) - np.pi + SECTOR_EDGE_RAD)
    all_round = np.full(n, np.pi)
    sector_uses: set[str] = set()
    half_sector = watched(chain.engagement, sector_uses).sector_rad / 2.0

    antennas_m = float(search.antenna_altitude_m[0]), float(fire.antenna_altitude_m[0])
    half, most = _limits(chain, reach, shared, relief, antennas_m, altitude_m, threads)
    seen = _reach(search_runs, relief, half.seen_m, ring_m, offset_rad, all_round, threads)
    seen90 = _reach(search_runs, relief, most.seen_m, ring_m, offset_rad, all_round, threads)
    tracked = _reach(fire_runs, relief, half.tracked_m, ring_m, offset_rad, half_sector, threads)
    tracked90 = _reach(fire_runs, relief, most.tracked_m, ring_m, offset_rad, half_sector, threads)

    shot_uses: set[str] = {FLIGHT_TIME_DOUBT}
    shooting, prey = watched_chain(chain, shot_uses), watched(target, shot_uses)
    limits = envelope_limits(shooting, prey, level, fire.site_altitude_m)
    table_m = np.arange(fire.shape[2], dtype=np.float64) * fire.step_m
    slant_m = np.maximum(slant_range_m(table_m, fire.site_altitude_m, altitude_m), 1.0)
    delay_s = 0.0 if reach.edges else reach.delay_s
    cases = case_table(half.held_m.max(axis=1), shooting, prey, speed_doubt, half_sector, delay_s)
    shots = shot_table(shooting, limits.least_m, limits.greatest_m)
    out = np.full((n, 4), np.nan)
    by_azimuth = np.full((n, offset_rad.size), np.nan, dtype=np.float32)
    city = np.zeros((n, place.city_range_m.size), dtype=np.bool_)
    by_country = np.full(place.people_by_country.shape[0], np.nan)
    if heading in ("inbound", "outbound"):
        chained = (
            relief, *fire_runs, fire.step_m, slant_m, half.held_m, cases, shots, needs_sight_of(chain),
            heading == "outbound", ring_m, offset_rad, place.people_step_m,
        )  # fmt: skip
        order = np.argsort(place.city_azimuth, kind="stable")
        first = np.searchsorted(place.city_azimuth[order], np.arange(offset_rad.size + 1))
        cities = (first, order, place.city_range_m[order])
        _over_draws(
            lambda a, b: _kernels.engageable_by_draw(
                a, b, *chained, place.people_cumulative, *cities, out, by_azimuth, city
            ),
            n,
            threads,
        )
        spare = (out.copy(), by_azimuth.copy(), city.copy())
        for i, cumulative in enumerate(place.people_by_country):
            _kernels.engageable_by_draw(n - 1, n, *chained, cumulative, *cities, *spare)
            by_country[i] = spare[0][NOMINAL, _kernels.PEOPLE]
    else:
        extent = _extent(fire, fire_runs, heading, threads)
        along = 1.0 if heading == "worst" else 0.0
        aimed = (relief, extent, fire.step_m, slant_m, along, cases, shots, ring_m, offset_rad)
        last = extent.shape[1] - 1
        city_sample = np.minimum(np.round(place.city_range_m / fire.step_m), last).astype(np.int64)
        people = _people_in_bins(place.people_cumulative, place.people_step_m, fire.step_m, last + 1)
        _over_draws(
            lambda a, b: _kernels.engageable_by_cells(
                a, b, *aimed, people, city_sample, place.city_azimuth, out, by_azimuth, city
            ),
            n,
            threads,
        )
        spare = (out.copy(), by_azimuth.copy(), city.copy())
        for i, cumulative in enumerate(place.people_by_country):
            people = _people_in_bins(cumulative, place.people_step_m, fire.step_m, last + 1)
            _kernels.engageable_by_cells(n - 1, n, *aimed, people, city_sample, place.city_azimuth, *spare)
            by_country[i] = spare[0][NOMINAL, _kernels.PEOPLE]
    seen_uses = shared.search_uses | reach.uses.seen
    tracked_uses = shared.fire_uses | shared.search_uses | reach.uses.tracked
    engaged_uses = tracked_uses | reach.uses.held | shot_uses
    covered_m2, ring_uses = search.covered_area_m2(ring_m), {address(chain.system, "advertised_range_m")}

    def km2(values_m2: FloatArray, uses: frozenset[str]) -> Drawn:
        return Drawn(values_m2 / 1e6, uses)

    return RingArrays(
        measured={
            "seen_geometry_area_km2": km2(shared.geometry_m2, shared.search_uses),
            "seen_area_km2": km2(seen.area_m2, seen_uses),
            "seen_p90_area_km2": km2(seen90.area_m2, seen_uses),
            "seen_share": Drawn(seen.areas_m2[:, _kernels.IN_RING] / covered_m2, seen_uses | ring_uses),
            "tracked_area_km2": km2(tracked.area_m2, tracked_uses),
            "tracked_p90_area_km2": km2(tracked90.area_m2, tracked_uses),
            "tracked_sector_area_km2": km2(tracked.areas_m2[:, _kernels.SECTOR], tracked_uses | sector_uses),
            "engageable_area_km2": km2(out[:, _kernels.AREA], engaged_uses),
            "engageable_sector_area_km2": km2(out[:, _kernels.SECTOR], engaged_uses | sector_uses),
            "engageable_share": Drawn(out[:, _kernels.IN_RING] / covered_m2, engaged_uses | ring_uses),
            "people_under": Drawn(out[:, _kernels.PEOPLE].copy(), engaged_uses),
        },
        people_by_country=by_country,
        city_reached=city,
        by_azimuth_m2={
            "seen": seen.by_azimuth_m2, "tracked": tracked.by_azimuth_m2, "engageable": by_azimuth,
        },
    )  # fmt: skip


def _people_in_bins(cumulative: FloatArray, people_step_m: float, step_m: float, n_samples: int) -> FloatArray:
    """Residents between half a step before and half a step behind each sample of ground range, (sample, azimuth)."""
    known_m = np.arange(cumulative.shape[1]) * people_step_m
    edges_m = (np.arange(n_samples + 1) - 0.5) * step_m
    return np.diff([np.interp(edges_m, known_m, along) for along in cumulative], axis=1).T.copy()


def _extent(fire: PolarSight, runs: Runs, heading: Heading, threads: int | None) -> NDArray[np.float32]:
    """Backward extent of sight per relief and cell: (relief, sample, azimuth)."""
    n_reliefs, n_azimuths, n_samples = fire.shape
    turns = (np.pi / 2.0,) if heading == "beam" else (0.0, np.pi / 2.0, np.pi, 1.5 * np.pi)
    out = np.full((n_reliefs, n_samples, n_azimuths), np.inf, dtype=np.float32)
    marks = np.zeros((n_reliefs, n_azimuths, n_samples), dtype=np.bool_)
    _kernels.mark_runs(*runs, np.inf, fire.step_m, marks)
    for mark, extent in zip(marks, out, strict=True):
        in_sight = np.ascontiguousarray(mark.T)
        for turn in turns:
            one = np.empty_like(extent)
            run_blocks(
                lambda b, turn=turn, one=one, in_sight=in_sight: _kernels.backward_extent(  # type: ignore[misc]
                    b * 30, min(b * 30 + 30, n_samples), fire.step_m, in_sight, turn, LONGEST_LEAD_M, one
                ),
                -(-n_samples // 30),
                threads,
            )
            np.minimum(extent, one, out=extent)
    return out
