"""Compiled loops of the ring audit: runs of sight along azimuths, and what each draw reaches of them.

What belongs together travels in one table, so that few arrays cross the border to compiled code:

- runs (run, 5): ground range of start and end [m], the cosines of both over the earth's radius, and 1 where it ends
  because nothing is known of the ground beyond, else 0;
- cases (draw, 6): radar limit [m], target speed [m/s], reaction [s], doubt of the flight time, half the sector [rad],
  time from coming into view to being held [s] on headings that have no edge table;
- shots (draw, interceptor, 4): least and greatest ground range [m] (greatest <= 0: cannot engage), mean speed [m/s] and
  the range it belongs to [m].
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ringtrue.compiled import njit
from ringtrue.kinematics.flight import MEAN_SPEED_DOUBT, QUOTED_DISTANCE_MARGIN
from ringtrue.sensing._look_kernels import chance_by, cut, look_along, time_of_chance

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
StepArray = NDArray[np.int8]
WayArray = NDArray[np.int16]

EARTH_RADIUS_M = 6_371_000.0
RADIUS2_M2 = EARTH_RADIUS_M * EARTH_RADIUS_M
START, END, COS_START, COS_END, TO_UNKNOWN = range(5)
LIMIT, SPEED, REACTION, DOUBT, HALF_SECTOR, DELAY = range(6)
LEAST, GREATEST, MISSILE_SPEED, MISSILE_SPEED_RANGE, FLOOR, CEILING, FASTEST = range(7)
AREA, IN_RING, SECTOR, PEOPLE = range(4)
HEIGHT, FARTHEST, TAN_LEAST, TAN_MOST, COS_HALF_SECTOR, DROP, ECHO_STEP, UNCUED, CUED = range(9)
NODE_M, HEIGHT_M, ALTITUDE_M, ANTENNA_M, CURVATURE, TAN_MIN, TAN_MAX = range(7)
UNKNOWN_CODE, CODE_OF_ONE_METRE = 65_535, 256.0
ROUNDING_M = 0.05
HIDDEN, MIXED, IN_SIGHT = range(3)

# for quick compilation: no wrapper for C, no fusing of array expressions, no check for zero divisors; and for the parts
# that only other kernels call no wrapper for Python
_LOOP = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True, "no_rewrites": True}
_PART = {**_LOOP, "no_cpython_wrapper": True}


@njit(**_PART)
def _margin(code: int, range_m: float, ground_m: float, raised_m: NDArray[np.float32], level: FloatArray) -> float:
    """How far a level target above one sample is from being hidden, or from leaving the beam [m]."""
    if code == UNKNOWN_CODE:
        return -1.0
    place = range_m / level[NODE_M]
    node = int(place)
    near = float(raised_m[node])
    ground = ground_m + near + (float(raised_m[node + 1]) - near) * (place - node)
    root = code / CODE_OF_ONE_METRE
    over_ground_m = level[HEIGHT_M] if level[HEIGHT_M] >= 0.0 else level[ALTITUDE_M] - ground
    rise_m = ground + over_ground_m - level[ANTENNA_M] - range_m * range_m * level[CURVATURE]
    margin = over_ground_m - root * root
    below = level[TAN_MAX] * range_m - rise_m
    margin = below if below < margin else margin
    above = rise_m - level[TAN_MIN] * range_m
    return above if above < margin else margin


@njit(**_PART)
def _whole(
    near_m: float, far_m: float, least_m: float, most_m: float, lowest_m: float, highest_m: float, level: FloatArray
) -> int:
    """Say whether a level target is out of sight (`HIDDEN`) or in sight (`IN_SIGHT`) all over a step, or neither."""
    is_height = level[HEIGHT_M] >= 0.0
    most_over_m = level[HEIGHT_M] if is_height else level[ALTITUDE_M] - lowest_m
    if not most_over_m + ROUNDING_M >= least_m:
        return HIDDEN
    least_over_m = level[HEIGHT_M] if is_height else level[ALTITUDE_M] - highest_m
    if not least_over_m - ROUNDING_M >= most_m:
        return MIXED
    low_m = (lowest_m + level[HEIGHT_M] if is_height else level[ALTITUDE_M]) - level[ANTENNA_M] - ROUNDING_M
    high_m = (highest_m + level[HEIGHT_M] if is_height else level[ALTITUDE_M]) - level[ANTENNA_M] + ROUNDING_M
    beam_low_m = max(level[TAN_MIN] * near_m, level[TAN_MIN] * far_m)
    beam_high_m = min(level[TAN_MAX] * near_m, level[TAN_MAX] * far_m)
    is_above = low_m - far_m * far_m * level[CURVATURE] >= beam_low_m
    is_below = high_m - near_m * near_m * level[CURVATURE] <= beam_high_m
    return IN_SIGHT if is_above and is_below else MIXED


@njit(**_LOOP)
def find_runs(
    range_m: FloatArray,
    first_of_step: IntArray,
    code: NDArray[np.uint16],
    ground_m: NDArray[np.float32],
    raised_m: NDArray[np.float32],
    least_m: NDArray[np.float32],
    most_m: NDArray[np.float32],
    lowest_m: NDArray[np.float32],
    highest_m: NDArray[np.float32],
    level: FloatArray,
    first: IntArray,
    runs: FloatArray,
) -> int:
    """Write the stretches of ground range in which a level target is in sight, azimuth by azimuth; return their number.

    Shapes: range_m (sample,), first_of_step (step + 1,), code, ground_m (azimuth, sample), raised_m (azimuth, node),
    least_m, most_m, lowest_m, highest_m (azimuth, step) as in `sensing.sight.StepBounds`; first (azimuth + 1,); runs as
    long as there can be runs. ``level`` (7,): distance
    of nodes [m], height above the ground (negative: none) or altitude [m], altitude of the antenna [m], 1 / (2 k R)
    [1/m], tangents of the least and greatest elevation. Between samples the margin is taken as linear; steps that are
    wholly in sight, or wholly out of it, are passed over.
    """
    n_azimuths, n_samples = code.shape
    n_runs = 0
    for a in range(n_azimuths):
        first[a] = n_runs
        is_open = False
        for k in range(first_of_step.size - 1):
            where = _whole(
                range_m[first_of_step[k]], range_m[first_of_step[k + 1] - 1], least_m[a, k], most_m[a, k],
                lowest_m[a, k] + min(raised_m[a, k], raised_m[a, k + 1]),
                highest_m[a, k] + max(raised_m[a, k], raised_m[a, k + 1]), level,
            )  # fmt: skip
            if where == (IN_SIGHT if is_open else HIDDEN):
                continue
            for i in range(first_of_step[k], first_of_step[k + 1]):
                margin = _margin(int(code[a, i]), range_m[i], float(ground_m[a, i]), raised_m[a], level)
                if (margin >= 0.0) == is_open:
                    continue
                edge_m = range_m[i]
                if i > 0:
                    j = i - 1
                    before = _margin(int(code[a, j]), range_m[j], float(ground_m[a, j]), raised_m[a], level)
                    edge_m -= (range_m[i] - range_m[j]) * margin / (margin - before)
                if is_open:
                    runs[n_runs, END] = edge_m
                    runs[n_runs, TO_UNKNOWN] = 1.0 if code[a, i] == UNKNOWN_CODE else 0.0
                    n_runs += 1
                else:
                    runs[n_runs, START] = edge_m
                is_open = not is_open
        if is_open:
            runs[n_runs, END] = range_m[n_samples - 1]
            runs[n_runs, TO_UNKNOWN] = 0.0
            n_runs += 1
    first[n_azimuths] = n_runs
    for k in range(n_runs):
        runs[k, COS_START] = math.cos(runs[k, START] / EARTH_RADIUS_M)
        runs[k, COS_END] = math.cos(runs[k, END] / EARTH_RADIUS_M)
    return n_runs


@njit(**_LOOP)
def mark_runs(first: IntArray, runs: FloatArray, limit_m: float, step_m: float, out: BoolArray) -> None:
    """Mark the samples that lie in a run and within a limit: out (relief, azimuth, sample)."""
    n_reliefs, n_azimuths, n_samples = out.shape
    for i in range(n_reliefs):
        for a in range(n_azimuths):
            for k in range(first[i, a], first[i, a + 1]):
                end_m = limit_m if limit_m < runs[k, END] else runs[k, END]
                for u in range(math.ceil(runs[k, START] / step_m), n_samples):
                    if u * step_m > end_m:
                        break
                    out[i, a, u] = True


@njit(**_PART)
def _up_to(cumulative: FloatArray, step_m: float, range_m: float) -> float:
    """Return what a cumulative table along one azimuth holds up to a range, linear between samples."""
    last = cumulative.size - 1
    u = range_m / step_m
    u = u if u < last else float(last)
    i = int(u)
    i = i if i < last else last - 1
    return cumulative[i] + (cumulative[i + 1] - cumulative[i]) * (u - i)


@njit(**_PART)
def _cos(range_m: float) -> float:
    """Cosine of a ground range over the earth's radius, to 1e-15 below 600 km and 1e-11 below 2,000 km."""
    x = range_m / EARTH_RADIUS_M
    x2 = x * x
    return 1.0 - x2 * (0.5 - x2 * (1.0 / 24.0 - x2 * (1.0 / 720.0 - x2 / 40320.0)))


@njit(**_PART)
def _edge(known_m: FloatArray, knots_per_m: float, entry_m: float) -> float:
    """Return where a target is known that comes into view at a range: linear between knots, the last one beyond."""
    last = known_m.size - 1
    place = entry_m * knots_per_m
    if place >= last:
        return known_m[last]
    k = int(place)
    if known_m[k] < 0.0:
        return -1.0
    return known_m[k] + (known_m[k + 1] - known_m[k]) * (place - k)


@njit(**_LOOP)
def hold(
    search_step_m: FloatArray, search_m: FloatArray, step_m: FloatArray, slow_m: FloatArray, tracked_m: FloatArray,
    lag_m: FloatArray, held_m: FloatArray,
) -> None:  # fmt: skip
    """Write where a target is both tracked and identified that comes into view of both radars at one range."""
    n_draws, n_knots = tracked_m.shape
    for d in range(n_draws):
        for k in range(n_knots):
            seen = _edge(search_m[d], 1.0 / search_step_m[d], k * step_m[d])
            known = (slow_m[d, k] if slow_m[d, k] > seen else seen) - lag_m[d]
            held_m[d, k] = tracked_m[d, k] if tracked_m[d, k] < known else known


@njit(**_LOOP)
def edges_over_ground(
    slant_step_m: FloatArray, slant_m: FloatArray, rise2_m2: float, product_m2: float, step_m: FloatArray,
    known_m: FloatArray,
) -> None:  # fmt: skip
    """Turn a table of slant ranges (draw, knot) into one of ground ranges at one altitude.

    ``rise2_m2``: square of the altitude over the antenna; ``product_m2``: both radii of the earth's centre multiplied.
    """
    n_draws, n_knots = slant_m.shape
    for d in range(n_draws):
        far = slant_step_m[d] * (n_knots - 1)
        square = (far * far - rise2_m2) / (4.0 * product_m2)
        far_m = 2.0 * EARTH_RADIUS_M * math.asin(math.sqrt(square)) if square > 0.0 else 0.0
        step_m[d] = far_m / (n_knots - 1) if far_m > 0.0 else 1.0
        for k in range(n_knots):
            half = math.sin(k * step_m[d] / (2.0 * EARTH_RADIUS_M))
            entry = math.sqrt(rise2_m2 + 4.0 * product_m2 * half * half)
            known = _edge(slant_m[d], 1.0 / slant_step_m[d], entry) if far_m > 0.0 else -1.0
            square = (known * known - rise2_m2) / (4.0 * product_m2)
            if known <= 0.0 or square <= 0.0:
                known_m[d, k] = -1.0
            else:
                known_m[d, k] = 2.0 * EARTH_RADIUS_M * math.asin(math.sqrt(square))


@njit(**_LOOP)
def inbound_limits(
    first_draw: int,
    last_draw: int,
    relief_of_draw: IntArray,
    search_first: IntArray,
    search_runs: FloatArray,
    fire_first: IntArray,
    fire_runs: FloatArray,
    search_step_m: FloatArray,
    search_m: FloatArray,
    slow_step_m: FloatArray,
    slow_m: FloatArray,
    fast_m: FloatArray,
    joined_m: FloatArray,
    least_m: FloatArray,
    gap_m: FloatArray,
    lag_m: FloatArray,
    is_one: bool,
    seen_limit_m: FloatArray,
    tracked_limit_m: FloatArray,
    held_limit_m: FloatArray,
) -> None:
    """Write from which ground range on an inbound target is seen, tracked and held, azimuth by azimuth; -1: nowhere.

    Shapes: tables (draw, knot) over ground; least_m (draw, 2): shortest run in which the search radar, and the
    engagement radar, can confirm; gap_m (draw, 2): way out of sight after which their looks begin anew, while over a
    shorter gap the way in sight adds up; limits (draw, azimuth). What was confirmed in one run stays known in all
    nearer ones. A run that ends at ground of which nothing is known is taken to have no end there: where a model stops
    is no horizon. Where the engagement radar gets the target into view first,
    it searches for itself until the search radar joins in; where it comes second, it may be cued at once.
    """
    n_azimuths = seen_limit_m.shape[1]
    for d in range(first_draw, last_draw):
        i = relief_of_draw[d]
        search, slow, fast, joined = search_m[d], slow_m[d], fast_m[d], joined_m[d]
        search_far_m = search_step_m[d] * (search.size - 1)
        far_m = slow_step_m[d] * (slow.size - 1)
        search_per_m, fire_per_m = 1.0 / search_step_m[d], 1.0 / slow_step_m[d]
        search_end_m, search_known_m = -1.0, -1.0
        fire_end_m, fire_entry_m, fire_known_m, fire_own_m = -1.0, -1.0, -1.0, -1.0
        for a in range(n_azimuths):
            seen = -1.0
            entry = -1.0
            way = 0.0
            last = math.inf
            for k in range(search_first[i, a + 1] - 1, search_first[i, a] - 1, -1):
                start = search_runs[k, START]
                end = search_far_m if search_far_m < search_runs[k, END] else search_runs[k, END]
                if end <= start:
                    continue
                way = 0.0 if last - end > gap_m[d, 0] else way
                came = search_far_m if search_runs[k, TO_UNKNOWN] > 0.0 else end + way
                if came - start > least_m[d, 0]:
                    if came != search_end_m:
                        search_end_m = came
                        search_known_m = _edge(search, search_per_m, search_end_m)
                    if search_known_m > start:
                        entry = came
                        seen = search_known_m if search_known_m < end else end
                        break
                way = came - start
                last = start
            tracked = seen if is_one else -1.0
            own = -1.0
            way = 0.0
            last = math.inf
            first = fire_first[i, a + 1] if is_one else fire_first[i, a]
            for k in range(fire_first[i, a + 1] - 1, first - 1, -1):
                start = fire_runs[k, START]
                end = far_m if far_m < fire_runs[k, END] else fire_runs[k, END]
                if end <= start:
                    continue
                way = 0.0 if last - end > gap_m[d, 1] else way
                from_m = far_m if fire_runs[k, TO_UNKNOWN] > 0.0 else end + way
                if from_m - start > least_m[d, 1]:
                    if from_m != fire_end_m or entry != fire_entry_m:
                        fire_end_m, fire_entry_m = from_m, entry
                        fire_own_m = _edge(slow, fire_per_m, from_m)
                        fire_known_m = _edge(joined, fire_per_m, entry if entry < from_m else from_m)
                        other = fire_own_m
                        if entry > from_m:
                            other = _edge(fast, fire_per_m, seen if seen < from_m else from_m)
                        fire_known_m = other if other > fire_known_m else fire_known_m
                    if fire_known_m > start:
                        tracked = fire_known_m if fire_known_m < end else end
                        own = fire_own_m
                        break
                way = from_m - start
                last = start
            seen_limit_m[d, a] = seen
            tracked_limit_m[d, a] = tracked
            known = (own if own > seen else seen) - lag_m[d]
            held_limit_m[d, a] = tracked if tracked < known else known


@njit(**_LOOP)
def reached_by_radar(
    first_draw: int,
    last_draw: int,
    relief_of_draw: IntArray,
    run_first: IntArray,
    runs: FloatArray,
    limit_m: FloatArray,
    ring_m: float,
    offset_rad: FloatArray,
    half_sector_rad: FloatArray,
    out: FloatArray,
    out_azimuth_m2: NDArray[np.float32],
) -> None:
    """Area in sight within the ground-range limits: whole, inside the advertised ring, inside the sector.

    Shapes: run_first (relief, azimuth + 1) into runs; limit_m (draw, azimuth); relief_of_draw (draw,); out (draw, 3),
    out_azimuth_m2 (draw, azimuth). ``offset_rad`` (azimuth,) is the angle from the boresight, ``half_sector_rad``
    (draw,) half the sector.
    """
    n_azimuths = offset_rad.size
    width = 2.0 * math.pi / n_azimuths
    cos_ring = math.cos(ring_m / EARTH_RADIUS_M)
    for d in range(first_draw, last_draw):
        relief = relief_of_draw[d]
        area = 0.0
        in_ring = 0.0
        sector = 0.0
        last_limit = 0.0
        cos_limit = 1.0
        for a in range(n_azimuths):
            limit = limit_m[d, a]
            if limit != last_limit:
                last_limit = limit
                cos_limit = _cos(limit)
            here = 0.0
            for k in range(run_first[relief, a], run_first[relief, a + 1]):
                start = runs[k, START]
                high = runs[k, END]
                cos_high = runs[k, COS_END]
                if limit < high:
                    high = limit
                    cos_high = cos_limit
                if high <= start:
                    break
                here += RADIUS2_M2 * (runs[k, COS_START] - cos_high) * width
                if start < ring_m:
                    cos_end = cos_ring if ring_m < high else cos_high
                    in_ring += RADIUS2_M2 * (runs[k, COS_START] - cos_end) * width
            area += here
            if offset_rad[a] <= half_sector_rad[d]:
                sector += here
            out_azimuth_m2[d, a] = here
        out[d, AREA] = area
        out[d, IN_RING] = in_ring
        out[d, SECTOR] = sector


@njit(**_PART)
def _flight_s(slant_m: float, mean_speed_mps: float, mean_speed_range_m: float, doubt: float) -> float:
    """Time of flight as in `kinematics.flight.time_of_flight_s`; ``doubt`` from -1 to 1."""
    away = abs(slant_m / mean_speed_range_m - 1.0) / QUOTED_DISTANCE_MARGIN
    away = 1.0 if away > 1.0 else away
    return slant_m / (mean_speed_mps * (1.0 + MEAN_SPEED_DOUBT * doubt * away))


@njit(**_LOOP)
def lead_tables(
    slant_m: FloatArray, step_m: float, case: FloatArray, shots: FloatArray, sign: float, lead: FloatArray,
    inverse: FloatArray,
) -> None:  # fmt: skip
    """Write x + sign * lead(x), and for each e = i * step_m the least x whose value is >= e; inf: none.

    Shapes: lead, inverse (interceptor, sample) with sample i at i * step_m; case, shots of one draw. What cannot engage
    is left out, and so is the inverse beyond the radar's limit.
    """
    n = slant_m.size
    u = case[LIMIT] / step_m
    n_wanted = n if u >= n - 2.0 else int(u) + 2
    n_lead = n if sign < 0.0 else n_wanted
    for m in range(len(shots)):
        if shots[m, GREATEST] <= 0.0:
            continue
        for i in range(n_lead):
            flight_s = _flight_s(slant_m[i], shots[m, MISSILE_SPEED], shots[m, MISSILE_SPEED_RANGE], case[DOUBT])
            lead[m, i] = i * step_m + sign * case[SPEED] * (case[REACTION] + flight_s)
        j = 0
        for i in range(n_wanted):
            e = i * step_m
            while j < n_lead and lead[m, j] < e:
                j += 1
            if j == n_lead:
                inverse[m, i] = math.inf
            elif j == 0:
                inverse[m, i] = 0.0
            else:
                inverse[m, i] = (j - 1 + (e - lead[m, j - 1]) / (lead[m, j] - lead[m, j - 1])) * step_m


@njit(**_PART)
def _stretch(
    start: float,
    end: float,
    inverse: FloatArray,
    lead: FloatArray,
    shots: FloatArray,
    needs_sight: BoolArray,
    is_outbound: bool,
    step_m: float,
) -> tuple[float, float]:
    """Least and greatest ground range of an intercept that follows from tracks inside one run; high < low: none."""
    n_missiles, n_samples = inverse.shape
    last = n_samples - 1
    u_start = start / step_m
    i_start = int(u_start)
    u_start -= i_start
    u_end = end / step_m
    i_end = int(u_end)
    u_end -= i_end
    low = math.inf
    high = -1.0
    for m in range(n_missiles):
        greatest = shots[m, GREATEST]
        if greatest <= 0.0:
            continue
        near = start
        if is_outbound or not needs_sight[m]:
            if i_start < last:
                near = inverse[m, i_start] + (inverse[m, i_start + 1] - inverse[m, i_start]) * u_start
            else:
                near = inverse[m, last]
        near = shots[m, LEAST] if shots[m, LEAST] > near else near
        far = end
        if not is_outbound:
            if lead[m, 0] > end:
                continue
            if i_end < last:
                far = inverse[m, i_end] + (inverse[m, i_end + 1] - inverse[m, i_end]) * u_end
            else:
                far = inverse[m, last]
        far = greatest if greatest < far else far
        if far > near:
            low = near if near < low else low
            high = far if far > high else high
    return low, high


@njit(**_PART)
def _note(
    azimuth: int, first: int, end_m: float, step_m: float, rung: int, lowest: StepArray, highest: StepArray
) -> None:
    """Note a step of the ladder for the samples from ``first`` to a range; steps come upwards, -1 stands for none."""
    for u in range(first, lowest[azimuth].size):
        if u * step_m > end_m:
            break
        highest[azimuth, u] = rung
        if lowest[azimuth, u] < 0:
            lowest[azimuth, u] = rung


@njit(**_LOOP)
def note_sight(
    run_first: IntArray,
    runs: FloatArray,
    limit_m: FloatArray,
    step_m: float,
    rung: int,
    lowest: StepArray,
    highest: StepArray,
) -> None:
    """Note a step of the ladder where a target is in sight within limits (azimuth,): lowest, highest."""
    for a in range(len(lowest)):
        for k in range(run_first[a], run_first[a + 1]):
            end = limit_m[a] if limit_m[a] < runs[k, END] else runs[k, END]
            _note(a, math.ceil(runs[k, START] / step_m), end, step_m, rung, lowest, highest)


@njit(**_LOOP)
def note_engageable(
    run_first: IntArray,
    runs: FloatArray,
    limit_m: FloatArray,
    inverse: FloatArray,
    lead: FloatArray,
    shots: FloatArray,
    needs_sight: BoolArray,
    is_outbound: bool,
    step_m: float,
    rung: int,
    lowest: StepArray,
    highest: StepArray,
) -> None:
    """Note a step of the ladder where a target held from limits (azimuth,) on can be met, for one case."""
    for a in range(len(lowest)):
        for k in range(run_first[a], run_first[a + 1]):
            end = limit_m[a] if limit_m[a] < runs[k, END] else runs[k, END]
            if end <= runs[k, START]:
                break
            low, high = _stretch(runs[k, START], end, inverse, lead, shots, needs_sight, is_outbound, step_m)
            if high > low:
                first = math.ceil(low / step_m)
                _note(a, first + 1 if first * step_m < low else first, high, step_m, rung, lowest, highest)


@njit(**_LOOP)
def engageable_by_draw(
    first_draw: int,
    last_draw: int,
    relief_of_draw: IntArray,
    run_first: IntArray,
    runs: FloatArray,
    step_m: float,
    slant_m: FloatArray,
    limit_m: FloatArray,
    cases: FloatArray,
    shots: FloatArray,
    needs_sight: BoolArray,
    is_outbound: bool,
    ring_m: float,
    offset_rad: FloatArray,
    people_step_m: float,
    people_cumulative: FloatArray,
    city_first: IntArray,
    city_index: IntArray,
    city_range_m: FloatArray,
    out: FloatArray,
    out_azimuth_m2: NDArray[np.float32],
    out_city: BoolArray,
) -> None:
    """Where an intercept can happen: inside the envelope, and in sight from the launch decision to the intercept.

    A target at P left Q = P + lead as the reaction began; lead(P) = speed x (reaction + time of flight to P). P counts
    if P and Q lie in one run of the engagement radar and the target was held at Q: limit_m (draw, azimuth), cases LIMIT
    the greatest of a draw. An interceptor that needs no sight to the end asks only for Q. An outbound target is held a
    delay after the start of its run. Several interceptors: the union of their stretches in a run, taken as one stretch
    (their envelopes are nested up to the least range).

    Shapes: slant_m at ground range i * step_m; people_cumulative (azimuth, sample); cities in order of azimuth,
    ``city_first`` (azimuth + 1,) into ``city_range_m`` and ``city_index``, their place in ``out_city`` (draw, city),
    which comes as False; out (draw, 4), out_azimuth_m2 (draw, azimuth).
    """
    n_azimuths = offset_rad.size
    width = 2.0 * math.pi / n_azimuths
    cos_ring = math.cos(ring_m / EARTH_RADIUS_M)
    _, n_missiles, _ = shots.shape
    lead = np.empty((n_missiles, slant_m.size))
    inverse = np.empty((n_missiles, slant_m.size))
    for d in range(first_draw, last_draw):
        relief = relief_of_draw[d]
        delay_m = cases[d, SPEED] * cases[d, DELAY] if is_outbound else 0.0
        greatest = 0.0
        for m in range(n_missiles):
            greatest = shots[d, m, GREATEST] if shots[d, m, GREATEST] > greatest else greatest
        if greatest > 0.0:
            lead_tables(slant_m, step_m, cases[d], shots[d], -1.0 if is_outbound else 1.0, lead, inverse)
        area = 0.0
        in_ring = 0.0
        sector = 0.0
        people = 0.0
        last_start = -1.0
        last_end = -1.0
        least = 0.0
        most = 0.0
        last_low = -1.0
        last_high = -1.0
        cos_low = 1.0
        cos_high = 1.0
        for a in range(n_azimuths):
            here = 0.0
            done = 0.0
            limit = limit_m[d, a]
            for k in range(run_first[relief, a], run_first[relief, a + 1] if greatest > 0.0 else 0):
                start = runs[k, START] + delay_m
                end = limit if limit < runs[k, END] else runs[k, END]
                if end <= start:
                    continue
                if start != last_start or end != last_end:
                    last_start = start
                    last_end = end
                    least, most = _stretch(start, end, inverse, lead, shots[d], needs_sight, is_outbound, step_m)
                low = done if done > least else least
                high = most
                if high <= low:
                    continue
                done = high
                if low != last_low:
                    last_low = low
                    cos_low = runs[k, COS_START] if low == runs[k, START] else _cos(low)
                if high != last_high:
                    last_high = high
                    cos_high = _cos(high)
                here += RADIUS2_M2 * (cos_low - cos_high) * width
                if low < ring_m:
                    in_ring += RADIUS2_M2 * (cos_low - (cos_ring if ring_m < high else cos_high)) * width
                along = people_cumulative[a]
                people += _up_to(along, people_step_m, high) - _up_to(along, people_step_m, low)
                for c in range(city_first[a], city_first[a + 1]):
                    if low <= city_range_m[c] <= high:
                        out_city[d, city_index[c]] = True
            area += here
            if offset_rad[a] <= cases[d, HALF_SECTOR]:
                sector += here
            out_azimuth_m2[d, a] = here
        out[d, AREA] = area
        out[d, IN_RING] = in_ring
        out[d, SECTOR] = sector
        out[d, PEOPLE] = people


@njit(**_PART)
def _hold(seen: BoolArray, first: int, held_m: float, is_held: BoolArray, out_m: NDArray[np.float32]) -> int:
    """Keep a track that is still seen, azimuth by azimuth from ``first`` of ``seen``; return how many are kept."""
    n_held = 0
    for a in range(is_held.size):
        still = is_held[a] & seen[first + a]
        is_held[a] = still
        out_m[a] = np.float32(held_m) if still else out_m[a]
        n_held += 1 if still else 0
    return n_held


@njit(**_LOOP)
def backward_extent(
    first_sample: int,
    last_sample: int,
    step_m: float,
    in_sight: BoolArray,
    heading_rad: float,
    longest_m: float,
    out_m: NDArray[np.float32],
) -> None:
    """Write how far back along its straight track a target stays in sight of the radar, cell by cell; -1: not in sight.

    ``heading_rad`` is measured from the inbound course (0), so that 90 degrees crosses and 180 flies outward. Shapes:
    in_sight, out_m (sample, azimuth). The track is straight in the azimuthal-equidistant plane, sampled once a step; at
    one range the tracks of all azimuths are one track, turned, and are followed together.
    """
    n_samples, n_azimuths = in_sight.shape
    width = 2.0 * math.pi / n_azimuths
    n_steps = int(longest_m / step_m)
    cosine = math.cos(heading_rad)
    sine = math.sin(heading_rad)
    is_held = np.empty(n_azimuths, dtype=np.bool_)
    for i in range(first_sample, last_sample):
        x = i * step_m
        out_m[i] = np.float32(-1.0)
        is_held[:] = True
        n_held = _hold(in_sight[i], 0, 0.0, is_held, out_m[i])
        for s in range(1, n_steps + 1):
            along = x + s * step_m * cosine
            across = s * step_m * sine
            u = int(math.sqrt(along * along + across * across) / step_m + 0.5)
            if n_held == 0 or u >= n_samples:
                break
            turn = math.floor(math.atan2(across, along) / width + 0.5) % n_azimuths
            rest = n_azimuths - turn
            n_held = _hold(in_sight[u], turn, s * step_m, is_held[:rest], out_m[i, :rest])
            n_held += _hold(in_sight[u], 0, s * step_m, is_held[rest:], out_m[i, rest:])


@njit(**_PART)
def _add_cells(
    extent_m: NDArray[np.float32],
    wanted_m: float,
    piece_m2: float,
    people: FloatArray,
    here_m2: FloatArray,
    people_here: FloatArray,
) -> int:
    """Add the cells at one range whose sight reaches back far enough to what each azimuth holds; return how many."""
    n_there = 0
    for a in range(extent_m.size):
        reaches = extent_m[a] >= wanted_m
        here_m2[a] += piece_m2 if reaches else 0.0
        people_here[a] += people[a] if reaches else 0.0
        n_there += 1 if reaches else 0
    return n_there


@njit(**_LOOP)
def engageable_by_cells(
    first_draw: int,
    last_draw: int,
    relief_of_draw: IntArray,
    extent_m: NDArray[np.float32],
    step_m: float,
    slant_m: FloatArray,
    along_share: float,
    cases: FloatArray,
    shots: FloatArray,
    ring_m: float,
    offset_rad: FloatArray,
    people: FloatArray,
    city_sample: IntArray,
    city_azimuth: IntArray,
    out: FloatArray,
    out_azimuth_m2: NDArray[np.float32],
    out_city: BoolArray,
) -> None:
    """As `engageable_by_draw` for any heading, on range bins of one step: cells whose sight reaches back far enough.

    ``along_share`` is the part of the lead that adds to the range of Q: 1 for the worst heading, 0 for a crossing one.
    Shapes: extent_m (relief, sample, azimuth), the backward extent of `backward_extent`; people (sample, azimuth), the
    residents of a cell; city_sample, city_azimuth (city,), the cell of a city; out (draw, 4), out_azimuth_m2 (draw,
    azimuth), out_city (draw, city).
    """
    _, n_samples, n_azimuths = extent_m.shape
    _, n_missiles, _ = shots.shape
    width = 2.0 * math.pi / n_azimuths
    wanted_m = np.empty(n_samples, dtype=np.float32)
    here = np.empty(n_azimuths)
    people_here = np.empty(n_azimuths)
    for d in range(first_draw, last_draw):
        extent = extent_m[relief_of_draw[d]]
        in_ring = 0.0
        here[:] = 0.0
        people_here[:] = 0.0
        wanted_m[0] = np.float32(math.inf)
        for i in range(1, n_samples):
            x = i * step_m
            least = math.inf
            for m in range(n_missiles):
                greatest = shots[d, m, GREATEST]
                if greatest <= 0.0 or x < shots[d, m, LEAST] or x > greatest:
                    continue
                flight_s = _flight_s(
                    slant_m[i], shots[d, m, MISSILE_SPEED], shots[d, m, MISSILE_SPEED_RANGE], cases[d, DOUBT]
                )
                back_m = cases[d, SPEED] * (cases[d, REACTION] + flight_s)
                far = math.sqrt(x * x + back_m * back_m + 2.0 * along_share * x * back_m)
                far = far if far > x else x
                if far <= cases[d, LIMIT]:
                    back_m += cases[d, SPEED] * cases[d, DELAY]
                    least = back_m if back_m < least else least
            wanted_m[i] = np.float32(least)
            if least == math.inf:
                continue
            piece = RADIUS2_M2 * width
            piece *= math.cos((x - 0.5 * step_m) / EARTH_RADIUS_M) - math.cos((x + 0.5 * step_m) / EARTH_RADIUS_M)
            n_there = _add_cells(extent[i], wanted_m[i], piece, people[i], here, people_here)
            if x <= ring_m:
                in_ring += piece * n_there
        area = 0.0
        sector = 0.0
        n_people = 0.0
        for a in range(n_azimuths):
            area += here[a]
            n_people += people_here[a]
            if offset_rad[a] <= cases[d, HALF_SECTOR]:
                sector += here[a]
            out_azimuth_m2[d, a] = here[a]
        for c in range(city_sample.size):
            out_city[d, c] = extent[city_sample[c], city_azimuth[c]] >= wanted_m[city_sample[c]]
        out[d, AREA] = area
        out[d, IN_RING] = in_ring
        out[d, SECTOR] = sector
        out[d, PEOPLE] = n_people


@njit(**_PART)
def _view_from(
    time_s: FloatArray, over_sea_m: FloatArray, reach_m: FloatArray, n: int, x_m: float, y_m: float, way_m: FloatArray,
    radar: FloatArray, slant_m: FloatArray, in_view: BoolArray,
) -> float:  # fmt: skip
    """Fill slant range and view of one radar along an arc (sample,); return when it comes into view; inf: never.

    ``reach_m`` (sample,): ground range of the horizon. Radar: see `footprint_cells`.
    """
    from_s = math.inf
    for j in range(n):
        px = x_m + way_m[j]
        square = px * px + y_m * y_m
        ground = math.sqrt(square)
        over_m = over_sea_m[j] - radar[HEIGHT]
        stretch = 1.0 + (over_sea_m[j] + radar[HEIGHT]) / EARTH_RADIUS_M
        slant_m[j] = math.sqrt(square * stretch + over_m * over_m)
        rise = over_m - square * radar[DROP]
        in_view[j] = (
            (ground <= reach_m[j])
            & (slant_m[j] <= radar[FARTHEST])
            & (rise <= radar[TAN_MOST] * ground)
            & (rise >= radar[TAN_LEAST] * ground)
            & (px >= radar[COS_HALF_SECTOR] * ground)
        )
        if in_view[j] and from_s == math.inf:
            from_s = time_s[j]
            if j > 0 and slant_m[j - 1] > radar[FARTHEST]:
                part = (slant_m[j - 1] - radar[FARTHEST]) / (slant_m[j - 1] - slant_m[j])
                from_s = time_s[j - 1] + part * (time_s[j] - time_s[j - 1])
    return from_s


@njit(**_LOOP)
def footprint_cells(
    first_draw: int,
    last_draw: int,
    arcs: FloatArray,
    radars: FloatArray,
    search_p: FloatArray,
    fire_p: FloatArray,
    rules: IntArray,
    cases: FloatArray,
    shots: FloatArray,
    needs_sight: BoolArray,
    cell_m: float,
    n_cells: int,
    met_cells: BoolArray,
    out_m2: FloatArray,
) -> None:
    """Ground points whose incoming arc is met inside the envelope above the keep-out altitude, draw by draw.

    The missile comes from +x over a smooth earth; the site is the origin; ground points lie on a square grid of
    (2 n + 1) cells a side. The radar looks towards the threat. Worst azimuth: points that are met whatever the azimuth,
    by turning the picture. A missile is held once both tracked and identified, each with probability 0.5, by the looks
    along its own arc (`sensing._look_kernels`), the engagement radar cued at three times of equal chance.

    Shapes: arcs (draw, 4, sample) from launch to impact: ground way [m] and time [s] to go, altitude [m], speed [m/s];
    radars (draw, 2, 9), search and engagement radar: antenna height [m], slant limit [m], tangents of the least and
    greatest elevation, cosine of half the sector, drop of the earth by the square of the way [1/m], step of the echo
    table [m], periods of looks [s] uncued and cued; search_p, fire_p (draw, knot); rules (3, 2): M and N of both
    radars, whether they are one; cases (draw, 4): reaction [s], keep-out altitude [m], doubt of the flight time, delay
    of identification [s]; shots (draw, interceptor, 7): slant ranges in place of ground ranges, then floor [m], ceiling
    [m] and fastest target [m/s]; met_cells (cell across, cell along + and -): points met in the last draw, those on one
    side of the arcs' plane; out_m2 (draw, 2): one azimuth, worst azimuth.
    """
    _, _, n_samples = arcs.shape
    _, n_missiles, _ = shots.shape
    time_s = np.empty(n_samples)
    horizon_m = np.empty((2, n_samples))
    slant_m = np.empty((2, n_samples))
    in_view = np.empty((2, n_samples), dtype=np.bool_)
    n_looks = int(arcs[:, 1, 0].max() / radars[:, :, UNCUED:].min()) + 2
    so_far = np.empty((2, n_looks))
    quick = np.empty(n_looks)
    live = np.empty((2, 1 << max(rules[0, 1], rules[1, 1], 3) - 1))
    is_one = rules[2, 0] == 1
    for d in range(first_draw, last_draw):
        to_go_m, to_go_s, altitude_m, arc_mps = arcs[d]
        search, fire = radars[d]
        reaction_s, keep_out_m, doubt, delay_s = cases[d]
        n_useful = 0
        for j in range(n_samples):
            time_s[j] = -to_go_s[j]
            for i in range(2):
                twice_m = 1.0 / radars[d, i, DROP]
                horizon_m[i, j] = math.sqrt(twice_m * radars[d, i, HEIGHT]) + math.sqrt(twice_m * altitude_m[j])
            for m in range(n_missiles):
                if altitude_m[j] >= keep_out_m and shots[d, m, FLOOR] <= altitude_m[j] <= shots[d, m, CEILING]:
                    n_useful = min(j + 2, n_samples)
        met = 0
        safe_m = (n_cells + 0.5) * cell_m
        greatest_m = 0.0
        for m in range(n_missiles):
            greatest_m = shots[d, m, GREATEST] if shots[d, m, GREATEST] > greatest_m else greatest_m
        for iy in range(n_cells + 1):
            for ix in range(-n_cells, n_cells + 1):
                x = ix * cell_m
                y = iy * cell_m
                by_s = -math.inf
                # what falls farther aside, or before the site, than an interceptor flies is never within its reach
                fire_from_s = math.inf
                if max(x, y) <= greatest_m:
                    fire_from_s = _view_from(
                        time_s, altitude_m, horizon_m[1], n_useful, x, y, to_go_m, fire, slant_m[1], in_view[1]
                    )
                sight_from_s = math.inf
                for j in range(n_useful - 1 if fire_from_s < math.inf else 0):
                    if not in_view[1, j]:
                        sight_from_s = math.inf
                    elif sight_from_s == math.inf:
                        sight_from_s = time_s[j]
                    if altitude_m[j] < keep_out_m:
                        continue
                    for m in range(n_missiles):
                        if needs_sight[m] and not (in_view[1, j] and in_view[1, j + 1]):
                            continue
                        if arc_mps[j] > shots[d, m, FASTEST]:
                            continue
                        lowest_m = shots[d, m, FLOOR] if shots[d, m, FLOOR] > keep_out_m else keep_out_m
                        low, high = cut(0.0, 1.0, altitude_m[j], altitude_m[j + 1], lowest_m, shots[d, m, CEILING])
                        low, high = cut(
                            low, high, slant_m[1, j], slant_m[1, j + 1], shots[d, m, LEAST], shots[d, m, GREATEST]
                        )
                        if low >= high:
                            continue
                        meets_s = time_s[j] + high * (time_s[j + 1] - time_s[j])
                        there_m = slant_m[1, j] + high * (slant_m[1, j + 1] - slant_m[1, j])
                        launch_s = meets_s - _flight_s(
                            there_m, shots[d, m, MISSILE_SPEED], shots[d, m, MISSILE_SPEED_RANGE], doubt
                        )
                        if needs_sight[m] and launch_s < sight_from_s:
                            continue
                        by_s = launch_s - reaction_s if launch_s - reaction_s > by_s else by_s
                is_met = False
                if by_s > fire_from_s:
                    search_from_s = fire_from_s
                    if not is_one:
                        search_from_s = _view_from(
                            time_s, altitude_m, horizon_m[0], n_useful, x, y, to_go_m, search, slant_m[0], in_view[0]
                        )
                    s = 1 if is_one else 0
                    n_search = 0
                    if search_from_s < by_s:
                        n_search = look_along(
                            time_s, slant_m[s], in_view[s], n_useful, search_from_s, by_s, search[UNCUED],
                            search[ECHO_STEP], search_p[d], rules[0, 0], rules[0, 1], live, so_far[0],
                        )  # fmt: skip
                    known = chance_by(by_s - delay_s, search_from_s, search[UNCUED], n_search, so_far[0])
                    tracked = chance_by(by_s, search_from_s, search[UNCUED], n_search, so_far[0])
                    n_slow = 0
                    if not is_one:
                        n_slow = look_along(
                            time_s, slant_m[1], in_view[1], n_useful, fire_from_s, by_s, fire[UNCUED], fire[ECHO_STEP],
                            fire_p[d], rules[1, 0], rules[1, 1], live, so_far[1],
                        )  # fmt: skip
                        own = chance_by(by_s - delay_s, fire_from_s, fire[UNCUED], n_slow, so_far[1])
                        known = own if own > known else known
                        tracked = chance_by(by_s, fire_from_s, fire[UNCUED], n_slow, so_far[1])
                    if not is_one and known >= 0.5 and tracked < 0.5:
                        tracked = 0.0
                        for third in range(3):
                            cue_s = time_of_chance(
                                (third + 0.5) / 3.0, search_from_s, search[UNCUED], n_search, so_far[0]
                            )
                            upon_s = cue_s if cue_s > fire_from_s else fire_from_s
                            stop_s = upon_s if upon_s < by_s else by_s
                            missed = 1.0 - chance_by(stop_s, fire_from_s, fire[UNCUED], n_slow, so_far[1])
                            if upon_s < by_s:
                                n_quick = look_along(
                                    time_s, slant_m[1], in_view[1], n_useful, upon_s, by_s, fire[CUED],
                                    fire[ECHO_STEP], fire_p[d], rules[1, 0], rules[1, 1], live, quick,
                                )  # fmt: skip
                                missed *= 1.0 - chance_by(by_s, upon_s, fire[CUED], n_quick, quick)
                            tracked += (1.0 - missed) / 3.0
                    is_met = known >= 0.5 and tracked >= 0.5
                if d == arcs.shape[0] - 1:
                    met_cells[iy, ix + n_cells] = is_met
                if is_met:
                    met += 1 if iy == 0 else 2
                else:
                    near_m = math.sqrt(x * x + y * y) - 0.5 * cell_m
                    near_m = near_m if near_m > 0.0 else 0.0
                    safe_m = near_m if near_m < safe_m else safe_m
        out_m2[d, 0] = met * cell_m * cell_m
        out_m2[d, 1] = math.pi * safe_m * safe_m


@njit(**_PART)
def _stretches(in_view: BoolArray, out: NDArray[np.int64]) -> int:
    """Write far and near end (stretch, 2) of every unbroken view along a track, the farthest first; return how many."""
    n = 0
    for t in range(in_view.size - 1, -1, -1):
        if not in_view[t]:
            continue
        if t == in_view.size - 1 or not in_view[t + 1]:
            out[n, 0] = t
            n += 1
        out[n - 1, 1] = t
    return n


@njit(**_PART)
def _known_from(
    stretches: NDArray[np.int64],
    nearest: int,
    farthest: int,
    ground_m: FloatArray,
    edge_step_m: float,
    known_m: FloatArray,
    track_step_m: float,
) -> int:
    """Return the first sample of a track, counted from its end, at which the target is known; -1: never.

    ``stretches`` in view count between the samples ``nearest`` and ``farthest``. Looks begin anew in each of them.
    """
    for k in range(stretches.shape[0]):
        entered = stretches[k, 0] if stretches[k, 0] < farthest else farthest
        left = stretches[k, 1] if stretches[k, 1] > nearest else nearest
        if entered < left:
            continue
        edge_m = _edge(known_m, 1.0 / edge_step_m, ground_m[entered])
        if edge_m <= 0.0:
            continue
        wanted_m = ground_m[entered] - edge_m
        first = entered - (math.ceil(wanted_m / track_step_m) if wanted_m > 0.0 else 0)
        if first >= left:
            return first
    return -1


@njit(**_PART)
def _launched_in_time(
    left: float, flies: float, passes_at: float, passing2_m2: float, track_step_m: float, first: int
) -> int:
    """Last sample, on the way in, at which a missile launched after the reaction time can arrive; -1: none; a bound.

    With t steps to go the slant range is sqrt((t - passes_at)^2 step^2 + passing^2): it is least at ``passes_at``. The
    missile's flight lasts ``flies`` steps of the target a metre, and t + flight = ``left`` is the root of a square. A
    target that is faster than the missile leaves no bound.
    """
    q = flies * track_step_m
    if q >= 1.0:
        return first
    middle = left - q * q * passes_at
    square = middle * middle - (1.0 - q * q) * (
        left * left - q * q * passes_at * passes_at - flies * flies * passing2_m2
    )
    latest = (middle - math.sqrt(max(square, 0.0))) / (1.0 - q * q)
    return min(int(latest + 1e-6), first) if latest > -1e-6 else -1


@njit(**_PART)
def _reach_along(ground_m: FloatArray, turn: int, limit_m: float) -> tuple[int, int]:
    """First and last sample within ``limit_m`` of a straight track that is nearest to the radar at sample ``turn``."""
    low, high = 0, turn
    while low < high:
        middle = (low + high) // 2
        if ground_m[middle] <= limit_m:
            high = middle
        else:
            low = middle + 1
    nearest = low
    low, high = turn, ground_m.size - 1
    while low < high:
        middle = (low + high + 1) // 2
        if ground_m[middle] <= limit_m:
            low = middle
        else:
            high = middle - 1
    return nearest, low


@njit(**_LOOP)
def farthest_intercepts(
    first_place: int,
    last_place: int,
    places_m: FloatArray,
    course_rad: FloatArray,
    relief_of_draw: IntArray,
    in_sight: BoolArray,
    of_both: BoolArray,
    sight_step_m: float,
    over_site_m: float,
    edge_step_m: FloatArray,
    tracked_m: FloatArray,
    held_m: FloatArray,
    slow_m: FloatArray,
    own_m: FloatArray,
    cases: FloatArray,
    shots: FloatArray,
    needs_sight: BoolArray,
    track_step_m: float,
    n_track: int,
    out: WayArray,
) -> None:
    """Sample before a place at which its attacker is met at the earliest, and tracked first; -1: never.

    Level inbound tracks to each place (places_m (place, 2): x east, y north of the site) on each course (azimuth it
    comes from), sampled every ``track_step_m``. in_sight, of_both (azimuth, sample, relief): in sight of the engagement
    radar, and of both radars; out (2, place, course, draw): intercept, first track, as
    the number of track steps that are left to go. Edge tables over
    ground: edge_step_m (draw,), tracked_m and held_m (draw, knot) from where both radars have the target in view,
    slow_m and own_m those of an engagement radar that nothing cues; the way that a target flies from coming into view
    to its edge is taken from the table of an inbound leg.
    """
    n_azimuths, n_samples, n_reliefs = in_sight.shape
    n_draws, n_missiles, _ = shots.shape
    width = 2.0 * math.pi / n_azimuths
    ground_m = np.empty(n_track)
    slant_m = np.empty(n_track)
    in_view = np.empty((n_reliefs, n_track), dtype=np.bool_)
    both_view = np.empty((n_reliefs, n_track), dtype=np.bool_)
    seen = np.empty((n_reliefs, n_track, 2), dtype=np.int64)
    joint = np.empty((n_reliefs, n_track, 2), dtype=np.int64)
    n_seen = np.empty(n_reliefs, dtype=np.int64)
    n_joint = np.empty(n_reliefs, dtype=np.int64)
    in_view_to = np.empty((n_reliefs, n_track), dtype=np.int16)  # sample up to which the view is unbroken; -1: hidden
    not_before = np.empty(n_missiles, dtype=np.int64)  # sample from which on a missile has to be asked again
    greatest_m = np.full(n_draws, -1.0)
    waits = np.empty(n_draws)  # steps flown in the reaction time
    flies = np.empty((n_draws, n_missiles))  # steps flown while the missile flies a metre, at its fastest
    farthest_m = 0.0
    for d in range(n_draws):
        farthest_m = cases[d, LIMIT] if cases[d, LIMIT] > farthest_m else farthest_m
        for m in range(n_missiles):
            greatest_m[d] = shots[d, m, GREATEST] if shots[d, m, GREATEST] > greatest_m[d] else greatest_m[d]
            fastest = 1.0 + MEAN_SPEED_DOUBT * max(cases[d, DOUBT], 0.0)
            flies[d, m] = cases[d, SPEED] / (shots[d, m, MISSILE_SPEED] * fastest * track_step_m)
        waits[d] = cases[d, SPEED] * cases[d, REACTION] / track_step_m
    for p in range(first_place, last_place):
        for c in range(course_rad.size):
            nearest_m = math.inf
            turn = 0
            east = math.sin(course_rad[c])
            north = math.cos(course_rad[c])
            n_near = 0
            passes_at = -(places_m[p, 0] * east + places_m[p, 1] * north) / track_step_m
            aside_m = places_m[p, 0] * north - places_m[p, 1] * east
            passing2_m2 = aside_m * aside_m + over_site_m * over_site_m
            for t in range(n_track):
                x = places_m[p, 0] + t * track_step_m * east
                y = places_m[p, 1] + t * track_step_m * north
                r = math.sqrt(x * x + y * y)
                ground_m[t] = r
                slant_m[t] = math.sqrt(r * r + over_site_m * over_site_m)
                if r < nearest_m:
                    nearest_m = r
                    turn = t
                if r > farthest_m:
                    for i in range(n_reliefs):
                        in_view[i, t] = False
                        both_view[i, t] = False
                    continue
                n_near = t + 1
                u = int(r / sight_step_m + 0.5)
                a = int(math.atan2(x, y) / width + n_azimuths + 0.5) % n_azimuths
                for i in range(n_reliefs):
                    in_view[i, t] = u < n_samples and in_sight[a, u, i]
                    both_view[i, t] = in_view[i, t] and u < of_both.shape[1] and of_both[a, u, i]
            for i in range(n_reliefs):
                n_seen[i] = _stretches(in_view[i, :n_near], seen[i])
                n_joint[i] = _stretches(both_view[i, :n_near], joint[i])
                in_view_to[i, :n_near] = -1
                for k in range(n_seen[i]):
                    in_view_to[i, seen[i, k, 1] : seen[i, k, 0] + 1] = seen[i, k, 0]
            for d in range(n_draws):
                out[0, p, c, d] = -1
                out[1, p, c, d] = -1
                i = relief_of_draw[d]
                limit_m = cases[d, LIMIT]
                if nearest_m > limit_m or n_seen[i] == 0:
                    continue
                near, far = _reach_along(ground_m[:n_near], turn, limit_m)
                of_one = seen[i, : n_seen[i]]
                of_two = joint[i, : n_joint[i]]
                first = _known_from(of_two, near, far, ground_m, edge_step_m[d], tracked_m[d], track_step_m)
                alone = _known_from(of_one, near, far, ground_m, edge_step_m[d], slow_m[d], track_step_m)
                first = alone if alone > first else first
                if first < 0:
                    continue
                out[1, p, c, d] = first
                first = _known_from(of_two, near, far, ground_m, edge_step_m[d], held_m[d], track_step_m)
                alone = _known_from(of_one, near, far, ground_m, edge_step_m[d], own_m[d], track_step_m)
                first = alone if alone > first else first
                if nearest_m > greatest_m[d]:
                    continue
                # no shot is without its reaction time
                t = -1
                for m in range(n_missiles):
                    not_before[m] = _launched_in_time(
                        first - waits[d], flies[d, m], passes_at, passing2_m2, track_step_m, first
                    )
                    t = not_before[m] if not_before[m] > t else t
                while t >= 0:
                    is_met = False
                    for m in range(n_missiles):
                        if t > not_before[m]:
                            continue
                        outside_m = ground_m[t] - shots[d, m, GREATEST]
                        inside_m = shots[d, m, LEAST] - ground_m[t]
                        outside_m = inside_m if inside_m > outside_m else outside_m
                        if outside_m > 0.0:
                            # a step changes the distance by its own length at the most
                            not_before[m] = t - max(int(0.999999 * outside_m / track_step_m), 1)
                            continue
                        not_before[m] = t - 1
                        flight_s = _flight_s(
                            slant_m[t], shots[d, m, MISSILE_SPEED], shots[d, m, MISSILE_SPEED_RANGE], cases[d, DOUBT]
                        )
                        back = math.ceil(cases[d, SPEED] * (cases[d, REACTION] + flight_s) / track_step_m)
                        if t + back > first or t + back < near or not in_view[i, t + back]:
                            continue
                        if needs_sight[m] and (t < near or in_view_to[i, t] < t + back):
                            continue
                        is_met = True
                        break
                    if is_met:
                        out[0, p, c, d] = t
                        break
                    t = -1
                    for m in range(n_missiles):
                        t = not_before[m] if not_before[m] > t else t
