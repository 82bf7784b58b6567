"""Compiled loops of the ring audit: runs of sight along azimuths, and what each draw reaches of them."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ringtrue.kinematics.flight import MEAN_SPEED_DOUBT, QUOTED_DISTANCE_MARGIN

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

EARTH_RADIUS_M = 6_371_000.0


@njit(cache=True, nogil=True)
def find_runs(
    step_m: float,
    lowest_m: NDArray[np.float32],
    ground_m: NDArray[np.float32],
    height_m: float,
    altitude_m: float,
    antenna_altitude_m: float,
    curvature_per_m: float,
    tan_min: float,
    tan_max: float,
    first: IntArray,
    start_m: FloatArray,
    end_m: FloatArray,
) -> int:
    """Write the stretches of ground range in which a level target is in sight, azimuth by azimuth; return their number.

    Shapes: lowest_m, ground_m (azimuth, sample) with sample i at i * step_m, nan outside the model; first (azimuth +
    1,);
    start_m, end_m as long as there can be runs. ``height_m`` >= 0 flies above the ground, a negative one at
    ``altitude_m`` above mean sea level. ``curvature_per_m`` is 1 / (2 k R). Between samples the margin is taken as
    linear.
    """
    n_azimuths, n_samples = lowest_m.shape
    n_runs = 0
    for a in range(n_azimuths):
        first[a] = n_runs
        is_open = False
        before = -1.0
        for i in range(n_samples):
            range_m = i * step_m
            ground = float(ground_m[a, i])
            target_m = ground + height_m if height_m >= 0.0 else altitude_m
            rise_m = target_m - antenna_altitude_m - range_m * range_m * curvature_per_m
            margin = target_m - float(lowest_m[a, i])
            margin = min(margin, tan_max * range_m - rise_m)
            margin = min(margin, rise_m - tan_min * range_m)
            if height_m < 0.0:
                margin = min(margin, altitude_m - ground)
            if not math.isfinite(margin):
                margin = -1.0
            if margin >= 0.0 and not is_open:
                start_m[n_runs] = range_m if i == 0 else range_m - step_m * margin / (margin - before)
                is_open = True
            elif margin < 0.0 and is_open:
                end_m[n_runs] = range_m - step_m * margin / (margin - before)
                n_runs += 1
                is_open = False
            before = margin
        if is_open:
            end_m[n_runs] = (n_samples - 1) * step_m
            n_runs += 1
    first[n_azimuths] = n_runs
    return n_runs


@njit(cache=True, nogil=True)
def mark_runs(first: IntArray, start_m: FloatArray, end_m: FloatArray, step_m: float, out: NDArray[np.bool_]) -> None:
    """Mark the samples that lie in a run: out (relief, azimuth, sample)."""
    for i in range(out.shape[0]):
        for a in range(out.shape[1]):
            for k in range(first[i, a], first[i, a + 1]):
                for u in range(math.ceil(start_m[k] / step_m), out.shape[2]):
                    if u * step_m > end_m[k]:
                        break
                    out[i, a, u] = True


@njit(cache=True, nogil=True)
def _between(cumulative: FloatArray, step_m: float, low_m: float, high_m: float) -> float:
    """Return what a cumulative table along one azimuth holds between two ranges, linear between samples."""
    last = cumulative.shape[0] - 1
    u = min(low_m / step_m, float(last))
    i = min(int(u), last - 1)
    below = cumulative[i] + (cumulative[i + 1] - cumulative[i]) * (u - i)
    u = min(high_m / step_m, float(last))
    i = min(int(u), last - 1)
    return cumulative[i] + (cumulative[i + 1] - cumulative[i]) * (u - i) - below


@njit(cache=True, nogil=True)
def _sector_area_m2(low_m: float, high_m: float) -> float:
    """Area per radian of azimuth between two ground ranges on the sphere."""
    r2 = EARTH_RADIUS_M * EARTH_RADIUS_M
    return r2 * (math.cos(low_m / EARTH_RADIUS_M) - math.cos(high_m / EARTH_RADIUS_M))


@njit(cache=True, nogil=True)
def reached_by_radar(
    first_draw: int,
    last_draw: int,
    relief_of_draw: IntArray,
    run_first: IntArray,
    run_start_m: FloatArray,
    run_end_m: FloatArray,
    limit_m: FloatArray,
    ring_m: float,
    offset_rad: FloatArray,
    half_sector_rad: FloatArray,
    out_area_m2: FloatArray,
    out_in_ring_m2: FloatArray,
    out_sector_m2: FloatArray,
    out_azimuth_m2: NDArray[np.float32],
) -> None:
    """Area in sight within each draw's ground-range limit: whole, inside the advertised ring, inside the sector.

    Shapes: run_first (relief, azimuth + 1) into run_*; limit_m, relief_of_draw and outputs (draw,), out_azimuth_m2
    (draw, azimuth). ``offset_rad`` (azimuth,) is the angle from the boresight, ``half_sector_rad`` (draw,) half the
    sector.
    """
    n_azimuths = run_first.shape[1] - 1
    width = 2.0 * math.pi / n_azimuths
    for d in range(first_draw, last_draw):
        relief = relief_of_draw[d]
        area = 0.0
        in_ring = 0.0
        sector = 0.0
        for a in range(n_azimuths):
            here = 0.0
            for k in range(run_first[relief, a], run_first[relief, a + 1]):
                high = min(run_end_m[k], limit_m[d])
                if high <= run_start_m[k]:
                    break
                piece = _sector_area_m2(run_start_m[k], high) * width
                here += piece
                if run_start_m[k] < ring_m:
                    in_ring += _sector_area_m2(run_start_m[k], min(high, ring_m)) * width
            area += here
            if offset_rad[a] <= half_sector_rad[d]:
                sector += here
            out_azimuth_m2[d, a] = here
        out_area_m2[d] = area
        out_in_ring_m2[d] = in_ring
        out_sector_m2[d] = sector


@njit(cache=True, nogil=True)
def _flight_s(slant_m: float, mean_speed_mps: float, mean_speed_range_m: float, doubt: float) -> float:
    """Time of flight as in `kinematics.flight.time_of_flight_s`; ``doubt`` from -1 to 1."""
    away = min(abs(slant_m / mean_speed_range_m - 1.0) / QUOTED_DISTANCE_MARGIN, 1.0)
    return slant_m / (mean_speed_mps * (1.0 + MEAN_SPEED_DOUBT * doubt * away))


@njit(cache=True, nogil=True)
def fill_inverse(step_m: float, value_m: FloatArray, out_m: FloatArray) -> None:
    """Write for each e = i * step_m the least x with value(x) >= e, sampled at x = i * step_m; inf: none."""
    n = value_m.shape[0]
    j = 0
    for i in range(out_m.shape[0]):
        e = i * step_m
        while j < n and value_m[j] < e:
            j += 1
        if j == n:
            out_m[i] = math.inf
        elif j == 0:
            out_m[i] = 0.0
        else:
            out_m[i] = (j - 1 + (e - value_m[j - 1]) / (value_m[j] - value_m[j - 1])) * step_m


@njit(cache=True, nogil=True)
def _look_up(table: FloatArray, step_m: float, x_m: float) -> float:
    u = x_m / step_m
    i = int(u)
    if i >= table.shape[0] - 1:
        return table[table.shape[0] - 1]
    return table[i] + (table[i + 1] - table[i]) * (u - i)


@njit(cache=True, nogil=True)
def _stretch(
    start: float,
    end: float,
    inverse: FloatArray,
    lead: FloatArray,
    least_m: FloatArray,
    greatest_m: FloatArray,
    needs_sight: NDArray[np.bool_],
    is_outbound: bool,
    step_m: float,
) -> tuple[float, float]:
    """Least and greatest ground range of an intercept that follows from tracks inside one run; high < low: none."""
    low = math.inf
    high = -1.0
    for m in range(least_m.shape[0]):
        if greatest_m[m] <= 0.0:
            continue
        if is_outbound:
            near = max(_look_up(inverse[m], step_m, start), least_m[m])
            far = min(end, greatest_m[m])
        else:
            near = start if needs_sight[m] else _look_up(inverse[m], step_m, start)
            near = max(near, least_m[m])
            far = -1.0 if lead[m, 0] > end else min(_look_up(inverse[m], step_m, end), greatest_m[m])
        if far > near:
            low = min(low, near)
            high = max(high, far)
    return low, high


@njit(cache=True, nogil=True)
def engageable_mask(
    run_first: IntArray,
    run_start_m: FloatArray,
    run_end_m: FloatArray,
    limit_m: float,
    inverse: FloatArray,
    lead: FloatArray,
    least_m: FloatArray,
    greatest_m: FloatArray,
    needs_sight: NDArray[np.bool_],
    step_m: float,
    out: NDArray[np.bool_],
) -> None:
    """Mark the samples (azimuth, sample) where an inbound target can be met, for one case; arguments as above."""
    for a in range(out.shape[0]):
        for k in range(run_first[a], run_first[a + 1]):
            end = min(run_end_m[k], limit_m)
            if end <= run_start_m[k]:
                break
            low, high = _stretch(run_start_m[k], end, inverse, lead, least_m, greatest_m, needs_sight, False, step_m)
            for i in range(math.ceil(max(low, 0.0) / step_m) if high > low else 0, out.shape[1]):
                if i * step_m > high:
                    break
                if i * step_m >= low:
                    out[a, i] = True


@njit(cache=True, nogil=True)
def lead_tables(
    slant_m: FloatArray,
    step_m: float,
    target_speed_mps: float,
    reaction_s: float,
    missile_speed_mps: FloatArray,
    missile_speed_range_m: FloatArray,
    doubt: float,
    sign: float,
    lead: FloatArray,
    inverse: FloatArray,
) -> None:
    """Write x + sign * lead(x) and its inverse for every interceptor, (interceptor, sample)."""
    for m in range(missile_speed_mps.shape[0]):
        for i in range(slant_m.shape[0]):
            flight_s = _flight_s(slant_m[i], missile_speed_mps[m], missile_speed_range_m[m], doubt)
            lead[m, i] = i * step_m + sign * target_speed_mps * (reaction_s + flight_s)
        fill_inverse(step_m, lead[m], inverse[m])


@njit(cache=True, nogil=True)
def engageable_by_draw(
    first_draw: int,
    last_draw: int,
    relief_of_draw: IntArray,
    run_first: IntArray,
    run_start_m: FloatArray,
    run_end_m: FloatArray,
    limit_m: FloatArray,
    step_m: float,
    slant_m: FloatArray,
    target_speed_mps: FloatArray,
    reaction_s: FloatArray,
    least_m: FloatArray,
    greatest_m: FloatArray,
    missile_speed_mps: FloatArray,
    missile_speed_range_m: FloatArray,
    speed_doubt: FloatArray,
    needs_sight: NDArray[np.bool_],
    is_outbound: bool,
    ring_m: float,
    offset_rad: FloatArray,
    half_sector_rad: FloatArray,
    people_step_m: float,
    people_cumulative: FloatArray,
    city_azimuth: IntArray,
    city_range_m: FloatArray,
    out_area_m2: FloatArray,
    out_in_ring_m2: FloatArray,
    out_sector_m2: FloatArray,
    out_people: FloatArray,
    out_azimuth_m2: NDArray[np.float32],
    out_city: NDArray[np.bool_],
) -> None:
    """Where an intercept can happen: inside the envelope, and in sight from the launch decision to the intercept.

    A target at P left Q = P + lead when the decision fell; lead(P) = speed x (reaction + time of flight to P). P counts
    if P and Q lie in one run of the engagement radar, both within its range limit; an interceptor that needs no sight
    to
    the end asks only for Q. Several interceptors: the union of their stretches in a run, taken as one stretch (their
    envelopes are nested up to the least range).

    Shapes: least_m, greatest_m (ground ranges; greatest < 0: cannot engage), missile_speed_mps, missile_speed_range_m
    (draw, interceptor); slant_m at ground range i * step_m; people_cumulative (azimuth, sample).
    """
    n_azimuths = run_first.shape[1] - 1
    width = 2.0 * math.pi / n_azimuths
    n_missiles = least_m.shape[1]
    n_table = slant_m.shape[0]
    lead = np.empty((n_missiles, n_table))
    inverse = np.empty((n_missiles, n_table))
    for d in range(first_draw, last_draw):
        relief = relief_of_draw[d]
        any_missile = greatest_m[d].max() > 0.0
        lead_tables(
            slant_m, step_m, target_speed_mps[d], reaction_s[d], missile_speed_mps[d], missile_speed_range_m[d],
            speed_doubt[d], -1.0 if is_outbound else 1.0, lead, inverse,
        )  # fmt: skip
        area = 0.0
        in_ring = 0.0
        sector = 0.0
        people = 0.0
        for c in range(city_range_m.shape[0]):
            out_city[d, c] = False
        for a in range(n_azimuths):
            here = 0.0
            done = 0.0
            if any_missile:
                for k in range(run_first[relief, a], run_first[relief, a + 1]):
                    start = run_start_m[k]
                    end = min(run_end_m[k], limit_m[d])
                    if end <= start:
                        break
                    low, high = _stretch(
                        start, end, inverse, lead, least_m[d], greatest_m[d], needs_sight, is_outbound, step_m
                    )
                    low = max(low, done)
                    if high <= low:
                        continue
                    done = high
                    here += _sector_area_m2(low, high) * width
                    if low < ring_m:
                        in_ring += _sector_area_m2(low, min(high, ring_m)) * width
                    people += _between(people_cumulative[a], people_step_m, low, high)
                    for c in range(city_range_m.shape[0]):
                        if city_azimuth[c] == a and low <= city_range_m[c] <= high:
                            out_city[d, c] = True
            area += here
            if offset_rad[a] <= half_sector_rad[d]:
                sector += here
            out_azimuth_m2[d, a] = here
        out_area_m2[d] = area
        out_in_ring_m2[d] = in_ring
        out_sector_m2[d] = sector
        out_people[d] = people


@njit(cache=True, nogil=True)
def backward_extent(
    first_azimuth: int,
    last_azimuth: int,
    step_m: float,
    in_sight: NDArray[np.bool_],
    heading_rad: float,
    longest_m: float,
    out_m: NDArray[np.float32],
) -> None:
    """Write how far back along its straight track a target stays in sight of the radar, cell by cell; -1: not in sight.

    ``heading_rad`` is measured from the inbound course (0), so that 90 degrees crosses and 180 flies outward. Shapes:
    in_sight, out_m (azimuth, sample). The track is straight in the azimuthal-equidistant plane, sampled once a step.
    """
    n_azimuths, n_samples = in_sight.shape
    width = 2.0 * math.pi / n_azimuths
    n_steps = int(longest_m / step_m)
    for a in range(first_azimuth, last_azimuth):
        for i in range(n_samples):
            if not in_sight[a, i]:
                out_m[a, i] = -1.0
                continue
            x = i * step_m
            held = 0.0
            for s in range(1, n_steps + 1):
                along = x + s * step_m * math.cos(heading_rad)
                across = s * step_m * math.sin(heading_rad)
                u = int(math.sqrt(along * along + across * across) / step_m + 0.5)
                if u >= n_samples:
                    break
                b = int((a + math.atan2(across, along) / width) + n_azimuths + 0.5) % n_azimuths
                if not in_sight[b, u]:
                    break
                held = s * step_m
            out_m[a, i] = held


@njit(cache=True, nogil=True)
def count_at_least(ordered: NDArray[np.float32], value: float) -> int:
    """Number of entries >= value in a row sorted upwards."""
    low = 0
    high = ordered.shape[0]
    while low < high:
        middle = (low + high) // 2
        if ordered[middle] < value:
            low = middle + 1
        else:
            high = middle
    return int(ordered.shape[0] - low)


@njit(cache=True, nogil=True)
def engageable_by_bins(
    first_draw: int,
    last_draw: int,
    relief_of_draw: IntArray,
    extent_sorted_m: NDArray[np.float32],
    limit_m: FloatArray,
    step_m: float,
    slant_m: FloatArray,
    along_share: float,
    target_speed_mps: FloatArray,
    reaction_s: FloatArray,
    least_m: FloatArray,
    greatest_m: FloatArray,
    missile_speed_mps: FloatArray,
    missile_speed_range_m: FloatArray,
    speed_doubt: FloatArray,
    ring_m: float,
    out_area_m2: FloatArray,
    out_in_ring_m2: FloatArray,
) -> None:
    """As `engageable_by_draw` for any heading, on range bins of one step: cells whose sight reaches back far enough.

    ``extent_sorted_m`` (relief, sample, azimuth) is the backward extent sorted within each range bin. ``along_share``
    is
    the part of the lead that adds to the range of Q: 1 for the worst heading, 0 for a crossing one.
    """
    n_samples = extent_sorted_m.shape[1]
    n_azimuths = extent_sorted_m.shape[2]
    for d in range(first_draw, last_draw):
        area = 0.0
        in_ring = 0.0
        for i in range(1, n_samples):
            x = i * step_m
            most = 0
            for m in range(least_m.shape[1]):
                if greatest_m[d, m] <= 0.0 or x < least_m[d, m] or x > greatest_m[d, m]:
                    continue
                flight_s = _flight_s(slant_m[i], missile_speed_mps[d, m], missile_speed_range_m[d, m], speed_doubt[d])
                back_m = target_speed_mps[d] * (reaction_s[d] + flight_s)
                far = max(x, math.sqrt(x * x + back_m * back_m + 2.0 * along_share * x * back_m))
                if far > limit_m[d]:
                    continue
                most = max(most, count_at_least(extent_sorted_m[relief_of_draw[d], i], back_m))
            piece = _sector_area_m2(max(0.0, x - 0.5 * step_m), x + 0.5 * step_m) * 2.0 * math.pi * most / n_azimuths
            area += piece
            if x <= ring_m:
                in_ring += piece
        out_area_m2[d] = area
        out_in_ring_m2[d] = in_ring


@njit(cache=True, nogil=True)
def footprint_cells(
    first_draw: int,
    last_draw: int,
    to_go_m: FloatArray,
    to_go_s: FloatArray,
    altitude_m: FloatArray,
    speed_mps: FloatArray,
    antenna_height_m: FloatArray,
    effective_radius_m: float,
    limit_m: FloatArray,
    tan_min: FloatArray,
    tan_max: FloatArray,
    reaction_s: FloatArray,
    keep_out_m: FloatArray,
    least_m: FloatArray,
    greatest_m: FloatArray,
    floor_m: FloatArray,
    ceiling_m: FloatArray,
    fastest_mps: FloatArray,
    missile_speed_mps: FloatArray,
    missile_speed_range_m: FloatArray,
    speed_doubt: FloatArray,
    needs_sight: NDArray[np.bool_],
    cell_m: float,
    n_cells: int,
    out_one_m2: FloatArray,
    out_worst_m2: FloatArray,
) -> None:
    """Ground points whose incoming arc is met inside the envelope above the keep-out altitude, draw by draw.

    The missile comes from +x over a smooth earth; the site is the origin; ground points lie on a square grid of
    (2 n + 1) cells a side. Arc samples run from far to impact: ground way and time to go, altitude, speed (draw,
    sample).
    The radar looks towards the threat. Worst azimuth: points that are met whatever the azimuth, by turning the picture.
    """
    n_samples = to_go_m.shape[1]
    n_missiles = least_m.shape[1]
    for d in range(first_draw, last_draw):
        met = 0
        safe_m = (n_cells + 0.5) * cell_m
        for iy in range(n_cells + 1):
            for ix in range(-n_cells, n_cells + 1):
                x = ix * cell_m
                y = iy * cell_m
                held_from_s = -1.0
                is_met = False
                for j in range(n_samples):
                    px = x + to_go_m[d, j]
                    ground = math.sqrt(px * px + y * y)
                    drop = ground * ground / (2.0 * effective_radius_m)
                    rise = altitude_m[d, j] - antenna_height_m[d] - drop
                    slant = math.sqrt(ground * ground + (altitude_m[d, j] - antenna_height_m[d]) ** 2)
                    horizon = math.sqrt(2.0 * effective_radius_m * antenna_height_m[d]) + math.sqrt(
                        2.0 * effective_radius_m * max(altitude_m[d, j], 0.0)
                    )
                    in_sight = (
                        ground <= horizon
                        and slant <= limit_m[d]
                        and rise <= tan_max[d] * ground
                        and rise >= tan_min[d] * ground
                    )
                    if in_sight and held_from_s < 0.0:
                        held_from_s = to_go_s[d, j]
                    if held_from_s < 0.0 or altitude_m[d, j] < keep_out_m[d]:
                        continue
                    for m in range(n_missiles):
                        if (
                            (needs_sight[m] and not in_sight)
                            or slant > greatest_m[d, m]
                            or slant < least_m[d, m]
                            or altitude_m[d, j] < floor_m[d, m]
                            or altitude_m[d, j] > ceiling_m[d, m]
                            or speed_mps[d, j] > fastest_mps[d, m]
                        ):
                            continue
                        flight_s = _flight_s(
                            slant, missile_speed_mps[d, m], missile_speed_range_m[d, m], speed_doubt[d]
                        )
                        if held_from_s - to_go_s[d, j] >= reaction_s[d] + flight_s:
                            is_met = True
                            break
                    if is_met:
                        break
                    if not in_sight and held_from_s >= 0.0 and needs_sight.all():
                        held_from_s = -1.0
                if is_met:
                    met += 1 if iy == 0 else 2
                else:
                    safe_m = min(safe_m, max(math.sqrt(x * x + y * y) - 0.5 * cell_m, 0.0))
        out_one_m2[d] = met * cell_m * cell_m
        out_worst_m2[d] = math.pi * safe_m * safe_m


@njit(cache=True, nogil=True)
def farthest_intercepts(
    first_place: int,
    last_place: int,
    place_x_m: FloatArray,
    place_y_m: FloatArray,
    course_rad: FloatArray,
    draws: IntArray,
    relief_of_draw: IntArray,
    in_sight: NDArray[np.bool_],
    sight_step_m: float,
    over_site_m: float,
    limit_m: FloatArray,
    target_speed_mps: FloatArray,
    reaction_s: FloatArray,
    least_m: FloatArray,
    greatest_m: FloatArray,
    missile_speed_mps: FloatArray,
    missile_speed_range_m: FloatArray,
    speed_doubt: FloatArray,
    needs_sight: NDArray[np.bool_],
    track_step_m: float,
    n_track: int,
    out_intercept_m: NDArray[np.float32],
    out_tracked_m: NDArray[np.float32],
) -> None:
    """How far from a place its attacker is met at the earliest, and tracked first; -1: never.

    Level inbound tracks to each place (x east, y north of the site) on each course (azimuth it comes from), sampled
    every
    ``track_step_m``. in_sight (relief, azimuth, sample). Outputs (place, course, draw of the subset).
    """
    n_azimuths = in_sight.shape[1]
    width = 2.0 * math.pi / n_azimuths
    held_back = np.empty(n_track, dtype=np.int64)
    ground_m = np.empty(n_track)
    slant_m = np.empty(n_track)
    azimuth = np.empty(n_track, dtype=np.int64)
    sample = np.empty(n_track, dtype=np.int64)
    seen_at = np.empty(n_track, dtype=np.bool_)
    for p in range(first_place, last_place):
        for c in range(course_rad.shape[0]):
            for t in range(n_track):
                x = place_x_m[p] + t * track_step_m * math.sin(course_rad[c])
                y = place_y_m[p] + t * track_step_m * math.cos(course_rad[c])
                r = math.sqrt(x * x + y * y)
                ground_m[t] = r
                slant_m[t] = math.sqrt(r * r + over_site_m * over_site_m)
                sample[t] = int(r / sight_step_m + 0.5)
                azimuth[t] = int(math.atan2(x, y) / width + n_azimuths + 0.5) % n_azimuths
            for q in range(draws.shape[0]):
                d = draws[q]
                relief = relief_of_draw[d]
                out_intercept_m[p, c, q] = -1.0
                out_tracked_m[p, c, q] = -1.0
                run = -1
                for t in range(n_track - 1, -1, -1):
                    seen_at[t] = (
                        ground_m[t] <= limit_m[d]
                        and sample[t] < in_sight.shape[2]
                        and in_sight[relief, azimuth[t], sample[t]]
                    )
                    if seen_at[t]:
                        if run < 0:
                            run = t
                        if out_tracked_m[p, c, q] < 0.0:
                            out_tracked_m[p, c, q] = t * track_step_m
                    else:
                        run = -1
                    held_back[t] = run
                first_track = int(out_tracked_m[p, c, q] / track_step_m)
                for t in range(first_track, -1, -1):
                    for m in range(least_m.shape[1]):
                        if ground_m[t] > greatest_m[d, m] or ground_m[t] < least_m[d, m]:
                            continue
                        flight_s = _flight_s(
                            slant_m[t], missile_speed_mps[d, m], missile_speed_range_m[d, m], speed_doubt[d]
                        )
                        back = math.ceil(target_speed_mps[d] * (reaction_s[d] + flight_s) / track_step_m)
                        if t + back >= n_track or not seen_at[t + back]:
                            continue
                        if needs_sight[m] and held_back[t] < t + back:
                            continue
                        out_intercept_m[p, c, q] = t * track_step_m
                        break
                    if out_intercept_m[p, c, q] >= 0.0:
                        break
