"""Sight along one line: the exact profile from which the surface's approximations are judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ringtrue.domain import SOME_LENGTH, checked
from ringtrue.errors import DomainError, OutsideTerrainError
from ringtrue.geo.geodesy import EARTH_RADIUS_M, direct
from ringtrue.geo.refraction import STANDARD_K

if TYPE_CHECKING:
    from ringtrue.geo.elevation import ElevationModel

FloatArray = NDArray[np.float64]

MOST_STEPS = 10_000_000


class SightProfile(NamedTuple):
    """Sight from an antenna along one azimuth, by step of ground range; altitudes above mean sea level."""

    ground_range_m: FloatArray
    ground_altitude_m: FloatArray
    lowest_visible_altitude_m: FloatArray


@checked(ground_range_m=SOME_LENGTH)
def lowest_visible_altitude_m(
    ground_range_m: ArrayLike,
    terrain_altitude_m: ArrayLike,
    antenna_altitude_m: float,
    *,
    k_factor: float = STANDARD_K,
) -> FloatArray:
    """Lowest altitude in view at each step of one radial, never below the ground of that step.

    Parameters
    ----------
    ground_range_m : (step,) array
        Ranges from the antenna [m], increasing, all above zero.
    terrain_altitude_m : (step,) array
        Ground altitude above mean sea level at those ranges [m].
    antenna_altitude_m : float
        Altitude of the antenna above mean sea level [m].
    k_factor : float
        Effective over true earth radius [1].

    Returns
    -------
    (step,) array
        Altitude above mean sea level [m].

    Notes
    -----
    The earth drops by d^2 / (2 k R) and sight lines are straight in the heights above that parabola. Against lines
    over an
    effective sphere the result is low by 0.1 % of the drop (9 m of 9,418 m) at 400 km.

    Examples
    --------
    >>> int(lowest_visible_altitude_m([30e3, 100e3], [800.0, 0.0], 25.0)[1])
    3020
    """
    range_m = np.asarray(ground_range_m, dtype=np.float64)
    if range_m.ndim != 1 or not (np.diff(range_m) > 0.0).all():
        msg = "ground_range_m must be a list of ranges that increase from the antenna outwards"
        raise DomainError(msg)
    return _lowest_visible_m(range_m, np.asarray(terrain_altitude_m, dtype=np.float64), antenna_altitude_m, k_factor)


def _lowest_visible_m(
    range_m: FloatArray, terrain_altitude_m: FloatArray, antenna_altitude_m: float, k_factor: float
) -> FloatArray:
    drop_m = range_m**2 / (2.0 * k_factor * EARTH_RADIUS_M)
    slope = (terrain_altitude_m - drop_m - antenna_altitude_m) / range_m
    return np.asarray(antenna_altitude_m + np.maximum.accumulate(slope) * range_m + drop_m, dtype=np.float64)


@checked(ground_range_m=SOME_LENGTH, ridge_range_m=SOME_LENGTH)
def lowest_visible_altitude_behind_ridges_m(
    ground_range_m: float,
    ridge_range_m: ArrayLike,
    ridge_altitude_m: ArrayLike,
    antenna_height_m: float,
    *,
    k_factor: float = STANDARD_K,
) -> float:
    """Lowest altitude in view at one range over a smooth sea with knife ridges.

    Parameters
    ----------
    ground_range_m : float
        Range of the target [m].
    ridge_range_m, ridge_altitude_m : (ridge,) array_like
        Ranges and crest altitudes of the ridges [m].
    antenna_height_m : float
        Antenna above the sea [m].
    k_factor : float
        Effective over true earth radius [1].

    Returns
    -------
    float
        Altitude [m], never below the sea.

    Notes
    -----
    On the parabola z = h - d^2 / (2 k R); the sea itself hides a target beyond its tangent point.

    Examples
    --------
    >>> round(lowest_visible_altitude_behind_ridges_m(100e3, [30e3], [800.0], 25.0), 3)
    3020.357
    """
    scale_m = 2.0 * k_factor * EARTH_RADIUS_M
    ridge_m = np.atleast_1d(np.asarray(ridge_range_m, dtype=np.float64))
    crest_m = np.atleast_1d(np.asarray(ridge_altitude_m, dtype=np.float64))
    ridge_m, crest_m = np.broadcast_arrays(ridge_m, crest_m)
    before = ridge_m < ground_range_m
    slopes = [(crest_m[before] - antenna_height_m - ridge_m[before] ** 2 / scale_m) / ridge_m[before]]
    tangent_m = (scale_m * antenna_height_m) ** 0.5
    if 0.0 < tangent_m < ground_range_m:
        slopes.append(np.array([-2.0 * antenna_height_m / tangent_m]))
    slope = np.concatenate(slopes).max(initial=-np.inf)
    drop_m = ground_range_m**2 / scale_m
    return float(max(0.0, antenna_height_m + slope * ground_range_m + drop_m))


@checked(step_m=SOME_LENGTH)
def sight_profile(
    model: ElevationModel,
    latitude_deg: float,
    longitude_deg: float,
    azimuth_rad: float,
    *,
    antenna_height_m: float,
    reach_m: float,
    k_factor: float = STANDARD_K,
    step_m: float = 100.0,
) -> SightProfile:
    """Sight along the geodesic that leaves a point at an azimuth.

    Parameters
    ----------
    model : ElevationModel
        Ground.
    latitude_deg, longitude_deg : float
        Antenna [degree].
    azimuth_rad : float
        Azimuth, clockwise from north [rad].
    antenna_height_m : float
        Antenna above the ground [m].
    reach_m : float
        Length of the line [m].
    k_factor : float
        Effective over true earth radius [1].
    step_m : float
        Distance between samples of the ground [m].

    Returns
    -------
    SightProfile
        Arrays (step,), the first step at ``step_m``; nan from where the line leaves the model.

    Raises
    ------
    OutsideTerrainError
        The antenna stands off the model.
    """
    if reach_m / step_m > MOST_STEPS:
        msg = f"{reach_m:g} m in steps of {step_m:g} m makes more than {MOST_STEPS:,} steps; take longer ones"
        raise DomainError(msg)
    range_m: FloatArray = np.arange(1, int(reach_m / step_m) + 1) * np.float64(step_m)
    points = direct(latitude_deg, longitude_deg, azimuth_rad, range_m)
    site_altitude_m = float(model.sample(latitude_deg, longitude_deg))
    if np.isnan(site_altitude_m):
        raise OutsideTerrainError((float(latitude_deg), float(longitude_deg)), model.name)
    ground_m = (
        np.full(range_m.shape, site_altitude_m)
        if model.is_bare_earth
        else model.sample(points.latitude_deg, points.longitude_deg)
    )
    lowest_m = _lowest_visible_m(range_m, ground_m, site_altitude_m + antenna_height_m, k_factor)
    return SightProfile(range_m, ground_m, lowest_m)


# what a case file of `ringtrue verify` may call here: these compute from numbers, and neither read nor write
FOR_CASES = ("lowest_visible_altitude_m", "lowest_visible_altitude_behind_ridges_m")
