"""Where and when an interceptor of given mean speed meets a target: straight or sampled tracks, repeated looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.domain import (
    ANY_TIME,
    HEIGHT,
    HEIGHT_OR_INFINITE,
    LENGTH_OR_INFINITE,
    SOME_LENGTH,
    SOME_SPEED,
    YES_OR_NO,
    checked,
)
from ringtrue.errors import DomainError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]


MOST_LOOKS = 1_000_000


class Intercept(NamedTuple):
    """Earliest meeting; all nan where there is none, and ``intercept_s`` infinite there."""

    launch_s: FloatArray
    intercept_s: FloatArray
    slant_range_m: FloatArray
    east_m: FloatArray
    north_m: FloatArray


def _span_inside(
    closest_m2: FloatArray, approach_s: FloatArray, speed2: FloatArray, radius_m: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """First and last time within ``radius_m`` of the launcher; (inf, −inf) for a track that stays outside."""
    room_m2 = np.asarray(radius_m, dtype=np.float64) ** 2 - closest_m2
    half_s = np.sqrt(np.maximum(room_m2, 0.0) / speed2)
    never = room_m2 < 0
    return np.where(never, np.inf, approach_s - half_s), np.where(never, -np.inf, approach_s + half_s)


@checked(
    up_m=HEIGHT,
    target_speed_mps=SOME_SPEED,
    interceptor_speed_mps=SOME_SPEED,
    ready_s=ANY_TIME,
    max_range_m=LENGTH_OR_INFINITE,
    min_height_m=HEIGHT_OR_INFINITE,
    max_height_m=HEIGHT_OR_INFINITE,
)
def earliest_intercept(
    east_m: ArrayLike,
    north_m: ArrayLike,
    up_m: ArrayLike,
    course_rad: ArrayLike,
    target_speed_mps: ArrayLike,
    *,
    interceptor_speed_mps: ArrayLike,
    ready_s: ArrayLike,
    min_range_m: ArrayLike = 0.0,
    max_range_m: ArrayLike = np.inf,
    min_height_m: ArrayLike = -np.inf,
    max_height_m: ArrayLike = np.inf,
) -> Intercept:
    """Earliest intercept of a straight level track inside an envelope, in closed form.

    Parameters
    ----------
    east_m, north_m, up_m : array_like
        Target relative to the launcher at time 0 [m], in a flat frame; ``up_m`` stays. All arguments broadcast.
    course_rad, target_speed_mps : array_like
        Course [rad clockwise from north] and ground speed [m/s], above zero.
    interceptor_speed_mps : array_like
        Mean speed of the interceptor [m/s], straight from launcher to meeting point.
    ready_s : array_like
        Earliest launch time [s]: first confirmed track plus reaction.
    min_range_m, max_range_m : array_like
        Slant range of the meeting point [m].
    min_height_m, max_height_m : array_like
        Height of the meeting point relative to the launcher [m].

    Returns
    -------
    Intercept
        Launch and intercept time [s], slant range and place of the meeting [m]. The launch waits when the target is not
        yet inside the envelope.

    Notes
    -----
    A meeting at t is possible when |p(t)| ≤ V·(t − ready). With V above the target's speed that holds from one root
    of a quadratic on; with V below it, between two roots (a target that runs away may be out of reach). The answer is
    the first such t within the outer and outside the inner sphere of the envelope.

    Examples
    --------
    >>> meeting = earliest_intercept(0.0, 40e3, 0.0, np.pi, 240.0, interceptor_speed_mps=900.0, ready_s=10.0)
    >>> round(float(meeting.slant_range_m), 1)
    29684.2
    """
    x0, y0, z, course, v, fast, ready, low_m, high_m, floor_m, top_m = np.broadcast_arrays(
        *(
            np.asarray(a, dtype=np.float64)
            for a in (
                east_m,
                north_m,
                up_m,
                course_rad,
                target_speed_mps,
                interceptor_speed_mps,
                ready_s,
                min_range_m,
                max_range_m,
                min_height_m,
                max_height_m,
            )
        )
    )
    vx, vy = v * np.sin(course), v * np.cos(course)
    approach_s = -(x0 * vx + y0 * vy) / v**2
    closest_m2 = (x0 + vx * approach_s) ** 2 + (y0 + vy * approach_s) ** 2 + z**2

    first_s, last_s = _reach_span(closest_m2, approach_s, v, fast, ready)
    enter_s, leave_s = _span_inside(closest_m2, approach_s, v**2, high_m)
    too_near_s, again_far_s = _span_inside(closest_m2, approach_s, v**2, low_m)
    time_s = np.maximum(np.maximum(first_s, enter_s), ready)
    time_s = np.where((time_s > too_near_s) & (time_s < again_far_s), again_far_s, time_s)
    possible = (time_s <= np.minimum(last_s, leave_s)) & (z >= floor_m) & (z <= top_m) & np.isfinite(time_s)
    time_s = np.where(possible, time_s, np.nan)
    x, y = x0 + vx * time_s, y0 + vy * time_s
    range_m = np.sqrt(x**2 + y**2 + z**2)
    return Intercept(time_s - range_m / fast, np.where(possible, time_s, np.inf), range_m, x, y)


def _reach_span(
    closest_m2: FloatArray, approach_s: FloatArray, v: FloatArray, fast: FloatArray, ready: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Times between which V²(t − ready)² ≥ v²(t − approach)² + closest², t ≥ ready; (inf, −inf) when never."""
    lead = fast**2 - v**2
    half_b = fast**2 * ready - v**2 * approach_s
    constant = fast**2 * ready**2 - v**2 * approach_s**2 - closest_m2
    disc = half_b**2 - lead * constant
    root = np.sqrt(np.maximum(disc, 0.0))
    equal = np.abs(lead) < 1e-9 * fast**2
    safe_lead = np.where(equal, 1.0, lead)
    low_root = (half_b - root) / safe_lead
    high_root = (half_b + root) / safe_lead
    with np.errstate(divide="ignore", invalid="ignore"):
        linear = np.where(half_b < 0, constant / (2.0 * half_b), np.inf)
    faster_first = high_root
    slower_first, slower_last = high_root, low_root
    slower_never = (disc < 0) | (slower_last < ready)
    first = np.where(lead > 0, faster_first, np.where(slower_never, np.inf, slower_first))
    last = np.where(lead > 0, np.inf, np.where(slower_never, -np.inf, slower_last))
    return np.where(equal, linear, first), np.where(equal, np.inf, last)


@checked(fit=False, time_s=ANY_TIME, flight_time_s=None, is_inside=YES_OR_NO, ready_s=ANY_TIME)
def earliest_on_track(
    time_s: ArrayLike,
    flight_time_s: ArrayLike,
    is_inside: ArrayLike,
    ready_s: ArrayLike,
) -> FloatArray:
    """Earliest intercept time [s] on a sampled track of any shape (an arc, a track over terrain); inf where none.

    Parameters
    ----------
    time_s : (step,) array_like
        Times of the samples [s], rising.
    flight_time_s : (..., step) array_like
        Time of flight of the interceptor to the target's place at each sample [s].
    is_inside : (..., step) array_like of bool
        Whether that place lies inside the envelope (and in sight, where sight is needed).
    ready_s : (...,) array_like
        Earliest launch time [s].

    Notes
    -----
    First sample inside with time − flight time ≥ ready; when the sample before it was inside too, the crossing between
    the two is interpolated. Off by at most one step where the envelope, and not the flight time, decides.

    Examples
    --------
    >>> float(earliest_on_track([0.0, 10.0, 20.0], [15.0, 10.0, 5.0], [True, True, True], 3.0))
    12.0
    """
    time = np.asarray(time_s, dtype=np.float64)
    inside = np.asarray(is_inside, dtype=bool)
    if time.ndim != 1 or not time.size or not (np.diff(time) > 0.0).all():
        msg = "time_s must be a list of times that rise, one for each sample of the track"
        raise DomainError(msg)
    try:
        np.broadcast_shapes(time.shape, np.shape(flight_time_s), inside.shape, (*np.shape(ready_s), 1))
    except ValueError:
        msg = "flight_time_s and is_inside must have one value for each of time_s on their last axis"
        raise DomainError(msg) from None
    spare = time - np.asarray(flight_time_s, dtype=np.float64) - np.asarray(ready_s, dtype=np.float64)[..., None]
    spare, inside = np.broadcast_arrays(spare, inside)
    possible = inside & (spare >= 0)
    i = possible.argmax(axis=-1)[..., None]
    before = np.maximum(i - 1, 0)
    spare_now = np.take_along_axis(spare, i, -1)
    spare_before = np.take_along_axis(spare, before, -1)
    crossing = (i > 0) & np.take_along_axis(inside, before, -1) & (spare_before < 0)
    step = np.where(crossing, spare_now - spare_before, 1.0)
    back = np.where(crossing, spare_now / step, 0.0)
    at = time[i] - back * (time[i] - time[before])
    return np.where(possible.any(axis=-1), at[..., 0], np.inf)


@checked()
def first_fire_range_m(detect_range_m: ArrayLike, target_speed_mps: ArrayLike, reaction_s: ArrayLike) -> FloatArray:
    """Range of a head-on target when the first shot leaves: detection less the way flown during the reaction [m].

    >>> float(first_fire_range_m(40e3, 240.0, 10.0))
    37600.0
    """
    flown_m = np.asarray(target_speed_mps, dtype=np.float64) * np.asarray(reaction_s, dtype=np.float64)
    return np.asarray(detect_range_m, dtype=np.float64) - flown_m


@checked(interceptor_speed_mps=SOME_SPEED, max_range_m=LENGTH_OR_INFINITE)
def first_intercept_range_m(
    detect_range_m: ArrayLike,
    target_speed_mps: ArrayLike,
    interceptor_speed_mps: ArrayLike,
    reaction_s: ArrayLike,
    max_range_m: ArrayLike = np.inf,
) -> FloatArray:
    """Range of the first intercept of a head-on target [m]: fire range · V/(V + v), at most ``max_range_m``.

    >>> round(float(first_intercept_range_m(40e3, 240.0, 900.0, 10.0)), 1)
    29684.2
    """
    fast = np.asarray(interceptor_speed_mps, dtype=np.float64)
    share = fast / (fast + np.asarray(target_speed_mps, dtype=np.float64))
    return np.minimum(share * first_fire_range_m(detect_range_m, target_speed_mps, reaction_s), max_range_m)


@checked(
    min_range_m=SOME_LENGTH,
    target_speed_mps=SOME_SPEED,
    interceptor_speed_mps=SOME_SPEED,
    max_range_m=LENGTH_OR_INFINITE,
)
def n_looks(
    detect_range_m: ArrayLike,
    min_range_m: ArrayLike,
    target_speed_mps: ArrayLike,
    interceptor_speed_mps: ArrayLike,
    reaction_s: ArrayLike,
    assess_s: ArrayLike,
    max_range_m: ArrayLike = np.inf,
) -> FloatArray:
    """How many times fire can be opened, looked at and opened again on a head-on target, in closed form [1].

    Parameters
    ----------
    detect_range_m, min_range_m, max_range_m : array_like
        Range of detection, least range (above zero) and greatest range of an intercept [m]. All arguments broadcast.
    target_speed_mps, interceptor_speed_mps : array_like
        Speeds [m/s], above zero.
    reaction_s, assess_s : array_like
        From detection to the first shot; from an intercept to the next shot [s].

    Notes
    -----
    Intercepts follow x' = q·(x − v·assess), q = V/(V + v), a geometric sequence about −V·assess.

    Examples
    --------
    >>> float(n_looks(40e3, 3e3, 240.0, 900.0, 10.0, 5.0))
    7.0
    """
    least = np.asarray(min_range_m, dtype=np.float64)
    v = np.asarray(target_speed_mps, dtype=np.float64)
    fast = np.asarray(interceptor_speed_mps, dtype=np.float64)
    first_m = first_intercept_range_m(detect_range_m, v, fast, reaction_s, max_range_m)
    offset_m = fast * np.asarray(assess_s, dtype=np.float64)
    room = np.maximum((first_m + offset_m) / (least + offset_m), 1e-300)
    looks = np.floor(np.log(room) / np.log1p(v / fast) + 1e-12) + 1.0
    return np.where(first_m >= least, looks, 0.0)


@checked(
    min_range_m=SOME_LENGTH,
    target_speed_mps=SOME_SPEED,
    interceptor_speed_mps=SOME_SPEED,
    max_range_m=LENGTH_OR_INFINITE,
)
def intercept_sequence(
    detect_range_m: float,
    min_range_m: float,
    target_speed_mps: float,
    interceptor_speed_mps: float,
    reaction_s: float,
    assess_s: float,
    max_range_m: float = np.inf,
) -> FloatArray:
    """Ranges of all successive intercepts of a head-on target that is shot at, looked at, shot at again [m].

    Arguments as in ``n_looks``, numbers only; shape (look,), falling, empty if no intercept is possible.

    >>> intercept_sequence(40e3, 3e3, 240.0, 900.0, 10.0, 5.0).round(1).tolist()
    [29684.2, 22487.5, 16805.9, 12320.5, 8779.3, 5983.7, 3776.6]
    """
    first_m = first_intercept_range_m(detect_range_m, target_speed_mps, interceptor_speed_mps, reaction_s, max_range_m)
    count = n_looks(
        detect_range_m, min_range_m, target_speed_mps, interceptor_speed_mps, reaction_s, assess_s, max_range_m
    )
    if count > MOST_LOOKS:
        msg = f"this geometry allows more than {MOST_LOOKS:,} looks; give a greater least range or time between looks"
        raise DomainError(msg)
    offset_m = interceptor_speed_mps * assess_s
    share = interceptor_speed_mps / (interceptor_speed_mps + target_speed_mps)
    return (first_m + offset_m) * share ** np.arange(int(count)) - offset_m


# what a case file of `ringtrue verify` may call here: these compute from numbers, and neither read nor write
FOR_CASES = (
    "earliest_intercept",
    "earliest_on_track",
    "first_fire_range_m",
    "first_intercept_range_m",
    "n_looks",
    "intercept_sequence",
)
