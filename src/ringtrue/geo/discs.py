"""Areas of discs, caps and sectors: the closed forms behind every ring on a map."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ringtrue.domain import FULL_TURN, HALF_ROUND, SOME_LENGTH, checked
from ringtrue.errors import DomainError
from ringtrue.geo.geodesy import EARTH_RADIUS_M
from ringtrue.geo.refraction import STANDARD_K, horizon_range_m

FloatArray = NDArray[np.float64]


@checked(radius_m=HALF_ROUND)
def cap_area_m2(radius_m: ArrayLike) -> FloatArray:
    """Area of the spherical cap whose radius is measured over the ground, 2 pi R^2 (1 - cos(r / R)) [m2].

    >>> round(float(cap_area_m2(400e3)) / 1e6, 3)
    502489.729
    """
    half = np.sin(np.asarray(radius_m, dtype=np.float64) / (2.0 * EARTH_RADIUS_M))
    return np.asarray(4.0 * np.pi * EARTH_RADIUS_M**2 * half * half, dtype=np.float64)


@checked(sector_rad=FULL_TURN)
def sector_area_m2(radius_m: float, sector_rad: float) -> float:
    """Area of a flat sector, r^2 angle / 2 [m2].

    >>> round(sector_area_m2(100e3, np.radians(120.0)) / 1e6, 3)
    10471.976
    """
    return float(0.5 * radius_m * radius_m * sector_rad)


@checked()
def disc_overlap_area_m2(radius1_m: float, radius2_m: float, distance_m: float) -> float:
    """Area common to two flat discs (lens) [m2].

    Parameters
    ----------
    radius1_m, radius2_m : float
        Radii [m].
    distance_m : float
        Between the centres [m].

    Examples
    --------
    >>> round(disc_overlap_area_m2(40e3, 40e3, 50e3) / 1e6, 4)
    1304.8778
    """
    if min(radius1_m, radius2_m, distance_m) < 0.0:
        msg = "radii and distance must be zero or more [m]"
        raise DomainError(msg)
    if distance_m >= radius1_m + radius2_m:
        return 0.0
    if distance_m <= abs(radius1_m - radius2_m):
        return float(np.pi * min(radius1_m, radius2_m) ** 2)
    cosine1 = (distance_m**2 + radius1_m**2 - radius2_m**2) / (2.0 * distance_m * radius1_m)
    cosine2 = (distance_m**2 + radius2_m**2 - radius1_m**2) / (2.0 * distance_m * radius2_m)
    angle1, angle2 = np.arccos(np.clip([cosine1, cosine2], -1.0, 1.0))
    return float(
        radius1_m**2 * (angle1 - np.sin(2.0 * angle1) / 2.0) + radius2_m**2 * (angle2 - np.sin(2.0 * angle2) / 2.0)
    )


@checked()
def disc_union_area_m2(radius1_m: float, radius2_m: float, distance_m: float) -> float:
    """Area of two flat discs together [m2].

    >>> round(disc_union_area_m2(40e3, 40e3, 50e3) / 1e6, 4)
    8748.2187
    """
    return float(np.pi * (radius1_m**2 + radius2_m**2)) - disc_overlap_area_m2(radius1_m, radius2_m, distance_m)


@checked(ring_radius_m=SOME_LENGTH)
def horizon_share_of_ring(
    antenna_height_m: float, target_height_m: float, ring_radius_m: float, *, k_factor: float = STANDARD_K
) -> float:
    """Share of a flat ring's area in which the smooth earth lets a target be seen, (horizon / ring)^2, at most 1.

    >>> round(horizon_share_of_ring(10.0, 50.0, 400e3), 6)
    0.01112
    """
    horizon_m = float(horizon_range_m(antenna_height_m, target_height_m, k_factor=k_factor))
    return min(1.0, horizon_m / ring_radius_m) ** 2


# what a case file of `ringtrue verify` may call here: these compute from numbers, and neither read nor write
FOR_CASES = ("cap_area_m2", "sector_area_m2", "disc_overlap_area_m2", "disc_union_area_m2", "horizon_share_of_ring")
