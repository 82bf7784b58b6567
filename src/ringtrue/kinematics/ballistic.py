"""Ballistic arcs of given ground range and apogee: a Kepler ellipse over a round, airless, resting earth."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.domain import ANY_TIME, FROM_A_METRE, HALF_ROUND, checked
from ringtrue.errors import DomainError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]

EARTH_RADIUS_M = 6_371_000.0
EARTH_GM_M3PS2 = 3.986004418e14


class Ellipse(NamedTuple):
    """The ellipse of an arc; ``far_ratio`` is (1 − e), kept apart because e is close to 1 for short ranges."""

    apogee_radius_m: FloatArray
    semi_major_m: FloatArray
    eccentricity: FloatArray
    far_ratio: FloatArray
    mean_motion_radps: FloatArray
    half_time_s: FloatArray


class Arc(NamedTuple):
    """State along an arc at the times asked for; nan before launch and after impact."""

    ground_range_m: FloatArray
    altitude_m: FloatArray
    speed_mps: FloatArray
    climb_rad: FloatArray


@checked(range_m=FROM_A_METRE, apogee_m=FROM_A_METRE)
def ellipse(range_m: ArrayLike, apogee_m: ArrayLike) -> Ellipse:
    """Kepler ellipse through launch and impact at sea level, ``range_m`` apart on the ground, of the given apogee.

    Parameters
    ----------
    range_m, apogee_m : array_like
        Ground range on the sphere [m], one metre or more and below half the circumference; apogee altitude [m], one
        metre or more.

    Notes
    -----
    With φ half the central angle and h the apogee: 1 − e = 2R·sin²(φ/2)/(h + 2R·sin²(φ/2)), a = (R + h)/(1 + e). The
    eccentric anomaly E' counted from the apogee obeys tan(E'/2) = √((1+e)/(1−e))·tan(θ'/2), time = (E' + e·sin E')/n.

    Examples
    --------
    >>> round(float(ellipse(300e3, 80e3).half_time_s), 1)
    130.4
    """
    ground = np.asarray(range_m, dtype=np.float64)
    height = np.asarray(apogee_m, dtype=np.float64)
    if not (ground < np.pi * EARTH_RADIUS_M).all():
        msg = (
            f"an arc needs a range below half the circumference, {np.pi * EARTH_RADIUS_M:.0f} m; "
            f"given: {np.max(ground):g} m"
        )
        raise DomainError(msg)
    half_angle = 0.5 * ground / EARTH_RADIUS_M
    sagitta_m = 2.0 * EARTH_RADIUS_M * np.sin(0.5 * half_angle) ** 2
    far_ratio = sagitta_m / (height + sagitta_m)
    eccentricity = height / (height + sagitta_m)
    semi_major_m = (EARTH_RADIUS_M + height) / (1.0 + eccentricity)
    mean_motion = np.sqrt(EARTH_GM_M3PS2 / semi_major_m**3)
    anomaly = 2.0 * np.arctan(np.sqrt((1.0 + eccentricity) / far_ratio) * np.tan(0.5 * half_angle))
    half_time_s = (anomaly + eccentricity * np.sin(anomaly)) / mean_motion
    return Ellipse(EARTH_RADIUS_M + height, semi_major_m, eccentricity, far_ratio, mean_motion, half_time_s)


def time_of_flight_s(range_m: ArrayLike, apogee_m: ArrayLike) -> FloatArray:
    """Time from launch to impact [s]; arguments as in ``ellipse``.

    >>> round(float(time_of_flight_s(300e3, 80e3)), 1)
    260.8
    """
    return 2.0 * ellipse(range_m, apogee_m).half_time_s


@checked(range_m=FROM_A_METRE, apogee_m=FROM_A_METRE, time_s=ANY_TIME)
def arc(range_m: ArrayLike, apogee_m: ArrayLike, time_s: ArrayLike) -> Arc:
    """State of a ballistic missile at times after launch.

    Parameters
    ----------
    range_m, apogee_m : array_like
        Ground range and apogee altitude [m] as in ``ellipse``. All arguments broadcast: for several arcs give (arc, 1).
    time_s : array_like
        Times since launch [s].

    Returns
    -------
    Arc
        Ground range from the launch point [m], altitude [m], speed [m/s] in a frame that does not turn with the earth,
        climb angle [rad, negative on the way down]; nan outside the flight.

    Notes
    -----
    Kepler's equation E' + e·sin E' = n·t' (t' from the apogee) by Newton's iteration. Leaves out: the boost phase, air
    (a real missile slows by hundreds of m/s below 30 km), earth rotation, manoeuvre. Good for where and when a missile
    is on the middle part of its arc; on the last 20 km of altitude it is an upper bound of the speed.

    Examples
    --------
    >>> middle = arc(300e3, 80e3, time_of_flight_s(300e3, 80e3) / 2)
    >>> [round(float(v)) for v in middle[:2]]
    [150000, 80000]
    """
    path = ellipse(range_m, apogee_m)
    since_launch = np.asarray(time_s, dtype=np.float64)
    is_flying = (since_launch >= 0) & (since_launch <= 2.0 * path.half_time_s * (1.0 + 1e-12))
    mean = path.mean_motion_radps * np.where(is_flying, since_launch - path.half_time_s, 0.0)
    anomaly = mean / (1.0 + path.eccentricity)
    for _ in range(12):
        error = anomaly + path.eccentricity * np.sin(anomaly) - mean
        anomaly = anomaly - error / (1.0 + path.eccentricity * np.cos(anomaly))
    below_apogee_m = 2.0 * path.semi_major_m * path.eccentricity * np.sin(0.5 * anomaly) ** 2
    radius_m = path.apogee_radius_m - below_apogee_m
    angle = 2.0 * np.arctan(np.sqrt(path.far_ratio / (1.0 + path.eccentricity)) * np.tan(0.5 * anomaly))
    ground_m = EARTH_RADIUS_M * angle + 0.5 * np.asarray(range_m, dtype=np.float64)
    speed = np.sqrt(EARTH_GM_M3PS2 * (2.0 / radius_m - 1.0 / path.semi_major_m))
    momentum = np.sqrt(EARTH_GM_M3PS2 * path.semi_major_m * path.far_ratio * (1.0 + path.eccentricity))
    climb = -np.sign(anomaly) * np.arccos(np.minimum(momentum / (radius_m * speed), 1.0))
    state = (ground_m, radius_m - EARTH_RADIUS_M, speed, climb)
    return Arc(*(np.where(is_flying, v, np.nan) for v in state))


@checked(range_m=FROM_A_METRE, apogee_m=FROM_A_METRE)
def time_at_altitude_s(range_m: ArrayLike, apogee_m: ArrayLike, altitude_m: ArrayLike) -> FloatArray:
    """Time after launch [s] at which the missile comes down through an altitude; nan above the apogee.

    The way up passes the same altitude at ``time_of_flight_s`` minus this time.

    >>> round(float(time_at_altitude_s(300e3, 80e3, 0.0)), 1)
    260.8
    """
    path = ellipse(range_m, apogee_m)
    drop_m = path.apogee_radius_m - EARTH_RADIUS_M - np.asarray(altitude_m, dtype=np.float64)
    below = drop_m / (2.0 * path.semi_major_m * path.eccentricity)
    sine = np.sqrt(np.where((below >= 0) & (below <= 1), below, np.nan))
    anomaly = 2.0 * np.arcsin(sine)
    return path.half_time_s + (anomaly + path.eccentricity * np.sin(anomaly)) / path.mean_motion_radps


class GroundTrack(NamedTuple):
    """An arc laid on the earth."""

    latitude_deg: FloatArray
    longitude_deg: FloatArray
    altitude_m: FloatArray


@checked(range_m=FROM_A_METRE, apogee_m=FROM_A_METRE, time_s=ANY_TIME)
def over_ground(
    latitude_deg: ArrayLike,
    longitude_deg: ArrayLike,
    azimuth_rad: ArrayLike,
    range_m: ArrayLike,
    apogee_m: ArrayLike,
    time_s: ArrayLike,
) -> GroundTrack:
    """Places and altitudes of an arc from a launch point along a geodesic.

    The ground range of the sphere is laid off along the geodesic of the ellipsoid, so that the impact point is exactly
    ``range_m`` away.

    >>> end = over_ground(37.0, 42.0, 0.0, 300e3, 80e3, time_of_flight_s(300e3, 80e3))
    >>> round(float(end.latitude_deg), 3)
    39.703
    """
    from ringtrue.geo.geodesy import direct

    state = arc(range_m, apogee_m, time_s)
    is_flying = np.isfinite(state.ground_range_m)
    latitude, longitude = direct(
        latitude_deg, longitude_deg, azimuth_rad, np.where(is_flying, state.ground_range_m, 0.0)
    )
    return GroundTrack(np.where(is_flying, latitude, np.nan), np.where(is_flying, longitude, np.nan), state.altitude_m)


@checked(range_m=HALF_ROUND)
def minimum_energy_apogee_m(range_m: ArrayLike) -> FloatArray:
    """Apogee [m] of the arc that needs the least speed for its range; an orientation value where none is published.

    Notes
    -----
    h = R/2·(sin φ + cos φ − 1), φ half the central angle; about a quarter of a short range.

    Examples
    --------
    >>> round(float(minimum_energy_apogee_m(300e3)))
    74110
    """
    half_angle = 0.5 * np.asarray(range_m, dtype=np.float64) / EARTH_RADIUS_M
    return 0.5 * EARTH_RADIUS_M * (np.sin(half_angle) + np.cos(half_angle) - 1.0)


# what a case file of `ringtrue verify` may call here: these compute from numbers, and neither read nor write
FOR_CASES = ("ellipse", "time_of_flight_s", "arc", "time_at_altitude_s", "over_ground", "minimum_energy_apogee_m")
