"""Distances, azimuths and positions on the ellipsoid."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ringtrue.domain import CORNERS, FLATTENING, HALF_ROUND, HEIGHT, SOME_LENGTH, checked

FloatArray = NDArray[np.float64]

EARTH_RADIUS_M = 6_371_000.0
WGS84_SEMI_MAJOR_M = 6_378_137.0
WGS84_INVERSE_FLATTENING = 298.257223563


class Geodesic(NamedTuple):
    """Solution of the inverse problem: ``azimuth2_rad`` is the course on arrival, clockwise from north."""

    distance_m: FloatArray
    azimuth1_rad: FloatArray
    azimuth2_rad: FloatArray


class Position(NamedTuple):
    """A point on the ellipsoid."""

    latitude_deg: FloatArray
    longitude_deg: FloatArray


@lru_cache(maxsize=8)
def _geod(semi_major_m: float, inverse_flattening: float):  # type: ignore[no-untyped-def]  # noqa: ANN202
    from pyproj import Geod

    return Geod(a=semi_major_m, rf=inverse_flattening)


@checked()
def check_position(latitude_deg: ArrayLike, longitude_deg: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return both as broadcast float arrays, or raise ``DomainError`` when a latitude or longitude cannot exist."""
    latitude, longitude = np.broadcast_arrays(
        np.asarray(latitude_deg, dtype=np.float64), np.asarray(longitude_deg, dtype=np.float64)
    )
    return latitude, longitude


def _unwrapped_azimuth_rad(azimuth_deg: FloatArray) -> FloatArray:
    return np.asarray(np.radians(np.mod(azimuth_deg, 360.0)), dtype=np.float64)


@checked(semi_major_m=SOME_LENGTH, inverse_flattening=FLATTENING)
def inverse(
    latitude1_deg: ArrayLike,
    longitude1_deg: ArrayLike,
    latitude2_deg: ArrayLike,
    longitude2_deg: ArrayLike,
    *,
    semi_major_m: float = WGS84_SEMI_MAJOR_M,
    inverse_flattening: float = WGS84_INVERSE_FLATTENING,
) -> Geodesic:
    """Distance and azimuths of the geodesic between two points.

    Parameters
    ----------
    latitude1_deg, longitude1_deg, latitude2_deg, longitude2_deg : array_like
        Ends of the geodesic [degree]. Shapes broadcast.
    semi_major_m, inverse_flattening : float
        Ellipsoid; WGS84 unless given.

    Returns
    -------
    Geodesic
        Distance [m]; azimuth at the first point and course at the second [rad, 0 to 2 pi, clockwise from north].

    Raises
    ------
    DomainError
        A latitude lies outside -90 to 90.

    Notes
    -----
    Karney's method through PROJ; converges for nearly antipodal points, accurate to some nanometres.

    References
    ----------
    Karney 2013, Algorithms for geodesics, Journal of Geodesy 87.

    Examples
    --------
    >>> round(float(inverse(39.9334, 32.8597, 42.0231, 35.1531).distance_m), 3)
    301821.983
    """
    latitude1, longitude1 = check_position(latitude1_deg, longitude1_deg)
    latitude2, longitude2 = check_position(latitude2_deg, longitude2_deg)
    ends = np.broadcast_arrays(longitude1, latitude1, longitude2, latitude2)
    forward_deg, back_deg, distance_m = _geod(semi_major_m, inverse_flattening).inv(
        *(np.array(end, dtype=np.float64) for end in ends)
    )
    return Geodesic(
        np.asarray(distance_m, dtype=np.float64),
        _unwrapped_azimuth_rad(np.asarray(forward_deg)),
        _unwrapped_azimuth_rad(np.asarray(back_deg) + 180.0),
    )


@checked(distance_m=HEIGHT)
def direct(
    latitude_deg: ArrayLike, longitude_deg: ArrayLike, azimuth_rad: ArrayLike, distance_m: ArrayLike
) -> Position:
    """Point reached from a start along a geodesic (WGS84).

    Parameters
    ----------
    latitude_deg, longitude_deg : array_like
        Start [degree].
    azimuth_rad : array_like
        Azimuth at the start, clockwise from north [rad].
    distance_m : array_like
        Length of the geodesic [m]. All shapes broadcast.

    Returns
    -------
    Position
        Latitude and longitude [degree] in the broadcast shape.

    Examples
    --------
    >>> end = direct(40.0789, 32.5656, 0.0, 400e3)
    >>> round(float(end.latitude_deg), 9)
    43.680200448
    """
    latitude, longitude = check_position(latitude_deg, longitude_deg)
    starts = np.broadcast_arrays(
        longitude, latitude, np.degrees(np.asarray(azimuth_rad, dtype=np.float64)), np.asarray(distance_m, np.float64)
    )
    end_longitude, end_latitude, _ = _geod(WGS84_SEMI_MAJOR_M, WGS84_INVERSE_FLATTENING).fwd(
        *(np.array(value, dtype=np.float64) for value in starts)
    )
    return Position(np.asarray(end_latitude, dtype=np.float64), np.asarray(end_longitude, dtype=np.float64))


@checked()
def haversine_distance_m(
    latitude1_deg: ArrayLike, longitude1_deg: ArrayLike, latitude2_deg: ArrayLike, longitude2_deg: ArrayLike
) -> FloatArray:
    """Great-circle distance on the mean sphere [m], a check on ``inverse``: up to 0.6 % off the ellipsoid.

    Examples
    --------
    >>> round(float(haversine_distance_m(39.9334, 32.8597, 42.0231, 35.1531)), 1)
    301734.2
    """
    latitude1, longitude1 = (np.radians(value) for value in check_position(latitude1_deg, longitude1_deg))
    latitude2, longitude2 = (np.radians(value) for value in check_position(latitude2_deg, longitude2_deg))
    half_chord2 = (
        np.sin((latitude2 - latitude1) / 2.0) ** 2
        + np.cos(latitude1) * np.cos(latitude2) * np.sin((longitude2 - longitude1) / 2.0) ** 2
    )
    return np.asarray(2.0 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(half_chord2, 1.0))), dtype=np.float64)


def _ring(latitude_deg: float, longitude_deg: float, radius_m: float, n_points: int) -> Position:
    return direct(latitude_deg, longitude_deg, np.arange(n_points) * (2.0 * np.pi / n_points), radius_m)


@checked(radius_m=HALF_ROUND, n_points=CORNERS)
@lru_cache(maxsize=64)
def ring_area_m2(latitude_deg: float, longitude_deg: float, radius_m: float, n_points: int = 7200) -> float:
    """Area of the geodesic disc of a radius about a point [m2], as a polygon of geodesics.

    Notes
    -----
    A polygon of 7,200 points is short of the disc by 1.3e-7 of its area.

    Examples
    --------
    >>> round(ring_area_m2(40.0789, 32.5656, 400e3) / 1e6, 2)
    502489.84
    """
    points = _ring(latitude_deg, longitude_deg, radius_m, n_points)
    area_m2, _ = _geod(WGS84_SEMI_MAJOR_M, WGS84_INVERSE_FLATTENING).polygon_area_perimeter(
        points.longitude_deg, points.latitude_deg
    )
    return abs(float(area_m2))


@checked(radius_m=HALF_ROUND, n_points=CORNERS)
def ring_perimeter_m(latitude_deg: float, longitude_deg: float, radius_m: float, n_points: int = 7200) -> float:
    """Length of the circle of a geodesic radius about a point [m].

    Examples
    --------
    >>> round(ring_perimeter_m(40.0789, 32.5656, 40e3) / 1e3, 3)
    251.326
    """
    points = _ring(latitude_deg, longitude_deg, radius_m, n_points)
    _, perimeter_m = _geod(WGS84_SEMI_MAJOR_M, WGS84_INVERSE_FLATTENING).polygon_area_perimeter(
        points.longitude_deg, points.latitude_deg
    )
    return float(perimeter_m)


@checked(ellipsoidal_height_m=HEIGHT)
def earth_centred_m(latitude_deg: ArrayLike, longitude_deg: ArrayLike, ellipsoidal_height_m: ArrayLike) -> FloatArray:
    """Earth-centred, earth-fixed coordinates (WGS84).

    Returns
    -------
    ndarray
        x, y, z [m] on the last axis.

    Examples
    --------
    >>> earth_centred_m(40.0789, 32.5656, 850.0).round(6).tolist()
    [4119253.510653, 2630889.175706, 4085240.038054]
    """
    latitude, longitude = (np.radians(value) for value in check_position(latitude_deg, longitude_deg))
    height_m = np.asarray(ellipsoidal_height_m, dtype=np.float64)
    flattening = 1.0 / WGS84_INVERSE_FLATTENING
    eccentricity2 = flattening * (2.0 - flattening)
    normal_m = WGS84_SEMI_MAJOR_M / np.sqrt(1.0 - eccentricity2 * np.sin(latitude) ** 2)
    return np.stack(
        [
            (normal_m + height_m) * np.cos(latitude) * np.cos(longitude),
            (normal_m + height_m) * np.cos(latitude) * np.sin(longitude),
            (normal_m * (1.0 - eccentricity2) + height_m) * np.sin(latitude),
        ],
        axis=-1,
    )


@checked(ellipsoidal_height_m=HEIGHT)
def radar_measurement_position(
    latitude_deg: float,
    longitude_deg: float,
    ellipsoidal_height_m: float,
    azimuth_rad: float,
    elevation_rad: float,
    slant_range_m: float,
) -> FloatArray:
    """Where a target is that a radar measures along a straight line (no refraction).

    Returns
    -------
    ndarray
        Latitude [degree], longitude [degree], height above the ellipsoid [m].

    Examples
    --------
    >>> radar_measurement_position(40.0789, 32.5656, 850.0, np.pi / 4, np.radians(2.0), 100e3).round(6).tolist()
    [40.711818, 33.401257, 5122.768522]
    """
    from pyproj import Transformer

    latitude, longitude = np.radians(latitude_deg), np.radians(longitude_deg)
    east = np.array([-np.sin(longitude), np.cos(longitude), 0.0])
    up = np.array([np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)])
    north = np.cross(up, east)
    direction = (
        np.cos(elevation_rad) * (np.sin(azimuth_rad) * east + np.cos(azimuth_rad) * north) + np.sin(elevation_rad) * up
    )
    target_m = earth_centred_m(latitude_deg, longitude_deg, ellipsoidal_height_m) + slant_range_m * direction
    target_longitude, target_latitude, target_height = Transformer.from_crs(4978, 4979, always_xy=True).transform(
        *target_m
    )
    return np.array([target_latitude, target_longitude, target_height], dtype=np.float64)


# what a case file of `ringtrue verify` may call here: these compute from numbers, and neither read nor write
FOR_CASES = (
    "inverse",
    "direct",
    "haversine_distance_m",
    "ring_area_m2",
    "ring_perimeter_m",
    "earth_centred_m",
    "radar_measurement_position",
)


@checked()
def site_crs(latitude_deg: float, longitude_deg: float) -> str:
    """Return the azimuthal-equidistant projection of a site's rasters as a PROJ text.

    >>> site_crs(41.3, 36.3)
    '+proj=aeqd +lat_0=41.3 +lon_0=36.3 +datum=WGS84 +units=m +no_defs'
    """
    return f"+proj=aeqd +lat_0={float(latitude_deg)!r} +lon_0={float(longitude_deg)!r} +datum=WGS84 +units=m +no_defs"
