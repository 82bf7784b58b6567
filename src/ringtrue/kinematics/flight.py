"""Time of flight of an interceptor, straight level tracks in a site's plane, and legs along geodesics."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.domain import ANY_TIME, HEIGHT, SIGNED_RATIO, SOME_LENGTH, SOME_SPEED, checked
from ringtrue.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]

MEAN_SPEED_DOUBT = 0.25
QUOTED_DISTANCE_MARGIN = 0.10

HEADINGS = ("inbound", "outbound", "beam-left", "beam-right")


@checked(mean_speed_mps=SOME_SPEED, mean_speed_range_m=SOME_LENGTH, doubt=SIGNED_RATIO)
def effective_speed_mps(
    slant_range_m: ArrayLike, mean_speed_mps: ArrayLike, mean_speed_range_m: ArrayLike, *, doubt: ArrayLike = 0.0
) -> FloatArray:
    """Mean speed [m/s] to a range, with the doubt of a speed that was quoted for another distance.

    Parameters
    ----------
    slant_range_m, mean_speed_mps, mean_speed_range_m : array_like
        Range flown [m]; quoted mean speed [m/s] and the distance it belongs to [m]. All arguments broadcast.
    doubt : array_like
        Drawn number from −1 (25 % slower) to 1 (25 % faster), one per draw; 0 takes the quoted speed everywhere.

    Notes
    -----
    V·(1 + 0.25·doubt·w), with w rising from 0 at the quoted distance to 1 at 10 % from it and beyond. The 25 % is an
    assumption: a boosted missile covers the first part of its way faster than its mean and the last part slower.

    Examples
    --------
    >>> effective_speed_mps([100e3, 40e3], 1000.0, 100e3, doubt=-1.0).tolist()
    [1000.0, 750.0]
    """
    speed = np.asarray(mean_speed_mps, dtype=np.float64)
    quoted_m = np.asarray(mean_speed_range_m, dtype=np.float64)
    sway = np.asarray(doubt, dtype=np.float64)
    away = np.abs(np.asarray(slant_range_m, dtype=np.float64) / quoted_m - 1.0) / QUOTED_DISTANCE_MARGIN
    return speed * (1.0 + MEAN_SPEED_DOUBT * sway * np.minimum(away, 1.0))


@checked(mean_speed_mps=SOME_SPEED, mean_speed_range_m=SOME_LENGTH, doubt=SIGNED_RATIO)
def time_of_flight_s(
    slant_range_m: ArrayLike, mean_speed_mps: ArrayLike, mean_speed_range_m: ArrayLike, *, doubt: ArrayLike = 0.0
) -> FloatArray:
    """Time of flight [s] from launch to a slant range, by mean speed; arguments as in ``effective_speed_mps``.

    Leaves out turns, climb and the difference between a straight way and the flown way.

    >>> float(time_of_flight_s(100e3, 1000.0, 100e3))
    100.0
    """
    speed = effective_speed_mps(slant_range_m, mean_speed_mps, mean_speed_range_m, doubt=doubt)
    return np.asarray(slant_range_m, dtype=np.float64) / speed


@checked(fit=False)
def time_from_table_s(slant_range_m: ArrayLike, table_range_m: ArrayLike, table_time_s: ArrayLike) -> FloatArray:
    """Time of flight [s] by a published table of times, straight between its lines and from the launcher to the first.

    Parameters
    ----------
    slant_range_m : array_like
        Ranges [m], zero or more.
    table_range_m, table_time_s : (line,) array_like
        Published ranges [m] and times [s], both rising and above zero.

    Returns
    -------
    ndarray
        Time [s]; nan beyond the last line, where nothing was published.

    Examples
    --------
    >>> time_from_table_s([5e3, 15e3, 30e3], [10e3, 20e3], [12.0, 22.0]).round(6).tolist()
    [6.0, 17.0, nan]
    """
    range_m = np.append(0.0, np.asarray(table_range_m, dtype=np.float64))
    time_s = np.append(0.0, np.asarray(table_time_s, dtype=np.float64))
    if (
        range_m.ndim != 1
        or range_m.size < 2
        or range_m.shape != time_s.shape
        or not (np.diff(range_m) > 0).all()
        or not (np.diff(time_s) > 0).all()
    ):
        msg = "a table of flight times needs as many ranges as times, both rising and above zero"
        raise DomainError(msg)
    return np.asarray(np.interp(np.asarray(slant_range_m, dtype=np.float64), range_m, time_s, right=np.nan))


@checked()
def heading_rad(east_m: ArrayLike, north_m: ArrayLike, heading: str) -> FloatArray:
    """Course [rad, clockwise from north] of a target at a place, by its aspect to a site at the origin.

    Parameters
    ----------
    east_m, north_m : array_like
        Place in the azimuthal-equidistant plane of the site [m].
    heading : {"inbound", "outbound", "beam-left", "beam-right"}
        Towards the site; away from it; at right angles with the site on the target's left or right.

    Examples
    --------
    >>> round(float(np.degrees(heading_rad(0.0, 1000.0, "inbound"))), 6)
    180.0
    """
    turn = {"inbound": np.pi, "outbound": 0.0, "beam-left": 0.5 * np.pi, "beam-right": -0.5 * np.pi}
    if not isinstance(heading, str) or heading not in turn:
        msg = f"heading must be one of {', '.join(HEADINGS)}; given: {heading!r}"
        raise DomainError(msg)
    bearing = np.arctan2(np.asarray(east_m, dtype=np.float64), np.asarray(north_m, dtype=np.float64))
    return np.asarray(np.mod(bearing - turn[heading], 2.0 * np.pi))


@checked()
def chord_m(radius_m: ArrayLike, offset_m: ArrayLike) -> FloatArray:
    """Length [m] of a straight leg inside a circle that it passes at ``offset_m`` from the centre; 0 if it misses.

    >>> round(float(chord_m(49_040.0, 20_000.0)), 1)
    89552.7
    """
    inside = np.asarray(radius_m, dtype=np.float64) ** 2 - np.asarray(offset_m, dtype=np.float64) ** 2
    return 2.0 * np.sqrt(np.maximum(inside, 0.0))


class Track(NamedTuple):
    """A flown path: one value per time asked for; nan before the start and after the end."""

    latitude_deg: FloatArray
    longitude_deg: FloatArray
    altitude_m: FloatArray
    course_rad: FloatArray


@checked()
def leg_lengths_m(latitude_deg: ArrayLike, longitude_deg: ArrayLike) -> FloatArray:
    """Lengths [m] of the geodesic legs between successive places, shape (place − 1,).

    >>> round(float(leg_lengths_m([39.9334, 42.0231], [32.8597, 35.1531])[0]), 3)
    301821.983
    """
    from ringtrue.geo.geodesy import inverse

    latitude = np.asarray(latitude_deg, dtype=np.float64)
    longitude = np.asarray(longitude_deg, dtype=np.float64)
    if latitude.ndim != 1 or latitude.shape != longitude.shape:
        msg = f"legs lie between places: give as many latitudes as longitudes, not {latitude.shape}, {longitude.shape}"
        raise DomainError(msg)
    return np.asarray(inverse(latitude[:-1], longitude[:-1], latitude[1:], longitude[1:])[0])


@checked(fit=False, speed_mps=SOME_SPEED, time_s=ANY_TIME, height_m=HEIGHT)
def fly_legs(
    latitude_deg: ArrayLike,
    longitude_deg: ArrayLike,
    speed_mps: float,
    time_s: ArrayLike,
    *,
    altitude_m: float | None = None,
    height_m: float | None = None,
    ground_altitude_m: Callable[[FloatArray, FloatArray], FloatArray] | None = None,
) -> Track:
    """Fly at constant ground speed along geodesic legs, level or following the ground.

    Parameters
    ----------
    latitude_deg, longitude_deg : (place,) array_like
        Places flown through, at least two, neighbours apart.
    speed_mps : float
        Ground speed [m/s].
    time_s : (time,) array_like
        Times since the first place [s].
    altitude_m : float, optional
        Altitude above mean sea level [m]; exactly one of this and ``height_m``.
    height_m : float, optional
        Height above the ground below [m]; needs ``ground_altitude_m``, such as the ``sample`` of an elevation model.

    Returns
    -------
    Track
        nan outside the flight. Turns are made on the spot; a follower of the ground keeps its height exactly.

    Examples
    --------
    >>> track = fly_legs([40.0, 41.0], [33.0, 33.0], 250.0, [0.0, 100.0, 1e6], altitude_m=3000.0)
    >>> [round(float(v), 4) for v in track.latitude_deg]
    [40.0, 40.2252, nan]
    """
    from ringtrue.geo.geodesy import direct, inverse

    if (altitude_m is None) == (height_m is None):
        msg = "a flight needs either altitude_m or height_m, not both"
        raise DomainError(msg)
    latitude = np.asarray(latitude_deg, dtype=np.float64)
    longitude = np.asarray(longitude_deg, dtype=np.float64)
    if latitude.ndim != 1 or latitude.size < 2 or latitude.shape != longitude.shape or speed_mps <= 0:
        msg = f"a flight needs two places or more and a speed above zero; given {latitude.size} and {speed_mps:g} m/s"
        raise DomainError(msg)
    lengths_m, azimuths_rad, _ = inverse(latitude[:-1], longitude[:-1], latitude[1:], longitude[1:])
    starts_m = np.concatenate(([0.0], np.cumsum(lengths_m)))
    way_m = np.asarray(time_s, dtype=np.float64) * speed_mps
    i_leg = np.clip(np.searchsorted(starts_m, way_m, side="right") - 1, 0, lengths_m.size - 1)
    is_flying = (way_m >= 0) & (way_m <= starts_m[-1])
    on_leg_m = np.where(is_flying, way_m - starts_m[i_leg], 0.0)
    here_latitude, here_longitude = direct(latitude[i_leg], longitude[i_leg], azimuths_rad[i_leg], on_leg_m)
    _, course, _ = inverse(here_latitude, here_longitude, latitude[i_leg + 1], longitude[i_leg + 1])
    course = np.where(on_leg_m < lengths_m[i_leg] - 1e-3, course, azimuths_rad[i_leg])
    if altitude_m is not None:
        altitude = np.full(way_m.shape, altitude_m)
    elif height_m is not None and ground_altitude_m is not None:
        altitude = ground_altitude_m(here_latitude, here_longitude) + height_m
    else:
        msg = "height_m needs ground_altitude_m: pass the sample function of an elevation model"
        raise DomainError(msg)
    return Track(*(np.where(is_flying, v, np.nan) for v in (here_latitude, here_longitude, altitude, course)))


# what a case file of `ringtrue verify` may call here: these compute from numbers, and neither read nor write
FOR_CASES = ("effective_speed_mps", "time_of_flight_s", "time_from_table_s", "chord_m", "leg_lengths_m")
