"""The smooth earth under a standard, a chosen or an exponential atmosphere: horizons, heights, ranges, angles.

An atmosphere whose refractivity falls by a constant amount per metre bends rays as a larger earth under straight rays
would: effective radius = k x 6,371 km. "4/3" is k = 4/3 exactly here; other programs mean k = 1.3306 (V-G05).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ringtrue.domain import GRADIENT, N_UNITS, SOME_LENGTH, checked
from ringtrue.errors import DomainError
from ringtrue.geo.geodesy import EARTH_RADIUS_M

FloatArray = NDArray[np.float64]

STANDARD_K = 4.0 / 3.0
REFERENCE_N_UNITS = 315.0
REFERENCE_SCALE_HEIGHT_M = 7_350.0
CRPL_N_UNITS = 313.0
CRPL_SCALE_HEIGHT_M = 1_000.0 / 0.143859


def _heights(*heights_m: ArrayLike) -> list[FloatArray]:
    arrays = [np.asarray(height_m, dtype=np.float64) for height_m in heights_m]
    for array in arrays:
        if (array < 0).any():
            msg = f"heights must be zero or more [m]; smallest given: {float(array.min()):g}"
            raise DomainError(msg)
    return arrays


@checked(gradient_per_m=GRADIENT)
def k_from_gradient(gradient_per_m: float) -> float:
    """Effective-earth factor of a constant gradient of the refractive index [1/m], 1 / (1 + R dn/dh).

    Raises
    ------
    DomainError
        The gradient is -157e-9 /m or steeper: rays bend as much as the earth, and no factor describes a duct.

    Examples
    --------
    >>> round(k_from_gradient(-39e-9), 7)
    1.3306171
    """
    inverse = 1.0 + EARTH_RADIUS_M * gradient_per_m
    if inverse <= 0.0:
        msg = (
            f"a refractivity gradient of {gradient_per_m * 1e9:g} N/km is a duct; no k describes it, give one above "
            "-156"
        )
        raise DomainError(msg)
    return 1.0 / inverse


def effective_radius_m(gradient_per_m: float) -> float:
    """Effective earth radius of a constant gradient of the refractive index [1/m].

    >>> round(effective_radius_m(-39e-9), 3)
    8477361.546
    """
    return k_from_gradient(gradient_per_m) * EARTH_RADIUS_M


@checked(scale_height_m=SOME_LENGTH)
def refractivity_change_n_units(
    height_m: float, surface_n_units: float = REFERENCE_N_UNITS, scale_height_m: float = REFERENCE_SCALE_HEIGHT_M
) -> float:
    """Change of refractivity from sea level to a height in an exponential atmosphere [N units].

    Defaults are the reference atmosphere of ITU-R P.453.

    >>> round(refractivity_change_n_units(1000.0), 4)
    -40.0695
    """
    return float(surface_n_units * np.expm1(-height_m / scale_height_m))


@checked()
def horizon_coefficient(k_factor: float = STANDARD_K) -> float:
    """Range to the horizon over the square root of height, sqrt(2 k R) [m per root metre].

    >>> round(horizon_coefficient(), 3)
    4121.812
    """
    return float(np.sqrt(2.0 * k_factor * EARTH_RADIUS_M))


@checked()
def horizon_range_m(
    antenna_height_m: ArrayLike, target_height_m: ArrayLike, *, k_factor: float = STANDARD_K
) -> FloatArray:
    """Ground range at which the smooth earth hides a target: the arc over the effective sphere.

    Parameters
    ----------
    antenna_height_m, target_height_m : array_like
        Heights above the smooth earth [m], zero or more. Shapes broadcast.
    k_factor : float
        Effective over true earth radius [1]; 4/3 stands for the standard atmosphere.

    Returns
    -------
    ndarray
        Ground range [m] in the broadcast shape.

    Raises
    ------
    DomainError
        A height is negative.

    Notes
    -----
    d = k R (acos(k R / (k R + h_antenna)) + acos(k R / (k R + h_target))). Knows no terrain and no ducting. Against an
    exponential atmosphere 4/3 is 2 to 2.5 % short below 1 km and 1 % long at 10 km (V-G13).

    Examples
    --------
    >>> round(float(horizon_range_m(25.0, 10e3)))
    432588
    """
    antenna_m, target_m = _heights(antenna_height_m, target_height_m)
    radius_m = k_factor * EARTH_RADIUS_M
    return np.asarray(radius_m * (_tangent_angle_rad(antenna_m / radius_m) + _tangent_angle_rad(target_m / radius_m)))


def _tangent_angle_rad(height_over_radius: FloatArray) -> FloatArray:
    """Angle acos(1 / (1 + h)) without loss of digits for small h."""
    return np.asarray(np.arctan(np.sqrt(height_over_radius * (2.0 + height_over_radius))), dtype=np.float64)


@checked()
def horizon_range_parabola_m(
    antenna_height_m: ArrayLike, target_height_m: ArrayLike, *, k_factor: float = STANDARD_K
) -> FloatArray:
    """Horizon of the rule of thumb, sqrt(2 k R h_antenna) + sqrt(2 k R h_target) [m].

    Against the arc it is long by 0.05 % for a target at 10 km. Arguments as in ``horizon_range_m``.

    >>> round(float(horizon_range_parabola_m(25.0, 10e3)))
    432790
    """
    antenna_m, target_m = _heights(antenna_height_m, target_height_m)
    return np.asarray(horizon_coefficient(k_factor) * (np.sqrt(antenna_m) + np.sqrt(target_m)), dtype=np.float64)


@checked()
def horizon_slant_range_m(
    antenna_height_m: ArrayLike, target_height_m: ArrayLike, *, k_factor: float = STANDARD_K
) -> FloatArray:
    """Length of the straight line from antenna to target that touches the effective sphere [m].

    Arguments as in ``horizon_range_m``.

    >>> round(float(horizon_slant_range_m(25.0, 10e3)))
    432912
    """
    antenna_m, target_m = _heights(antenna_height_m, target_height_m)
    diameter_m = 2.0 * k_factor * EARTH_RADIUS_M
    return np.asarray(
        np.sqrt(antenna_m * (diameter_m + antenna_m)) + np.sqrt(target_m * (diameter_m + target_m)), dtype=np.float64
    )


@checked()
def minimum_visible_height_m(
    ground_range_m: ArrayLike, antenna_height_m: ArrayLike, *, k_factor: float = STANDARD_K
) -> FloatArray:
    """Lowest height in view over the smooth earth at a ground range (arc) [m]; 0 within the antenna's own horizon.

    The inverse of ``horizon_range_m``.

    >>> round(float(minimum_visible_height_m(100e3, 25.0)), 2)
    371.01
    """
    range_m, antenna_m = _heights(ground_range_m, antenna_height_m)
    radius_m = k_factor * EARTH_RADIUS_M
    beyond_rad = np.maximum(range_m / radius_m - _tangent_angle_rad(antenna_m / radius_m), 0.0)
    if (beyond_rad >= np.pi / 2.0).any():
        msg = (
            f"at {float(range_m.max()) / 1e3:g} km no height is above the horizon; give a range below "
            f"{radius_m * np.pi / 2e3:.0f} km"
        )
        raise DomainError(msg)
    half = np.sin(beyond_rad / 2.0)
    return np.asarray(radius_m * 2.0 * half * half / np.cos(beyond_rad), dtype=np.float64)


@checked()
def target_height_m(
    slant_range_m: ArrayLike, elevation_rad: ArrayLike, antenna_height_m: ArrayLike, *, k_factor: float = STANDARD_K
) -> FloatArray:
    """Height of the beam's axis, or of a target, above the effective sphere [m] (law of cosines).

    >>> round(float(target_height_m(100e3, np.radians(0.5), 10.0)), 3)
    1471.132
    """
    slant_m, antenna_m = _heights(slant_range_m, antenna_height_m)
    from_centre_m = k_factor * EARTH_RADIUS_M + antenna_m
    growth = slant_m * (slant_m + 2.0 * from_centre_m * np.sin(np.asarray(elevation_rad, dtype=np.float64)))
    end_m = np.sqrt(np.maximum(from_centre_m**2 + growth, 0.0))
    return np.asarray(antenna_m + growth / (end_m + from_centre_m), dtype=np.float64)


@checked()
def ground_range_of_slant_m(
    slant_range_m: ArrayLike, elevation_rad: ArrayLike, antenna_height_m: ArrayLike, *, k_factor: float = STANDARD_K
) -> FloatArray:
    """Arc over the effective sphere to the foot of a target seen at a slant range and elevation [m].

    >>> round(float(ground_range_of_slant_m(100e3, np.radians(0.5), 10.0)), 3)
    99981.186
    """
    slant_m, antenna_m = _heights(slant_range_m, antenna_height_m)
    elevation = np.asarray(elevation_rad, dtype=np.float64)
    radius_m = k_factor * EARTH_RADIUS_M
    across_m = slant_m * np.cos(elevation)
    up_m = radius_m + antenna_m + slant_m * np.sin(elevation)
    return np.asarray(radius_m * np.arctan2(across_m, up_m), dtype=np.float64)


@checked()
def slant_range_to_height_m(
    target_height_m: ArrayLike, elevation_rad: ArrayLike, antenna_height_m: ArrayLike, *, k_factor: float = STANDARD_K
) -> FloatArray:
    """Slant range at which a ray of an elevation first reaches a height [m]; nan where it never does.

    A ray that looks down meets a lower height on this side of the earth, and never comes back from the ground.

    >>> round(float(slant_range_to_height_m(1e3, np.radians(-4.0), 10e3)), 3)
    147218.388
    >>> round(float(slant_range_to_height_m(1e3, np.radians(2.0), 10.0)), 3)
    27127.662
    """
    height_m, antenna_m = _heights(target_height_m, antenna_height_m)
    rise = np.sin(np.asarray(elevation_rad, dtype=np.float64))
    from_centre_m = k_factor * EARTH_RADIUS_M + antenna_m
    gain = (height_m - antenna_m) * (height_m - antenna_m + 2.0 * from_centre_m)
    climb_m = from_centre_m * rise
    inside = climb_m**2 + gain
    root_m = np.sqrt(np.maximum(inside, 0.0))
    both_m = root_m + np.abs(climb_m)
    near_m = np.abs(gain) / np.where(both_m > 1e-6, both_m, 1.0)
    nearest_m = from_centre_m * np.cos(np.asarray(elevation_rad, dtype=np.float64))
    is_grounded = nearest_m < k_factor * EARTH_RADIUS_M
    rises_again = np.where(is_grounded, np.nan, both_m)
    above_m = np.where(climb_m >= 0.0, near_m, rises_again)
    below_m = np.where((climb_m < 0.0) & (inside >= 0.0), near_m, np.nan)
    return np.asarray(np.where(gain > 0.0, above_m, np.where(gain < 0.0, below_m, 0.0)), dtype=np.float64)


@checked(slant_range_m=SOME_LENGTH)
def elevation_to_target_rad(
    slant_range_m: ArrayLike, target_height_m: ArrayLike, antenna_height_m: ArrayLike, *, k_factor: float = STANDARD_K
) -> FloatArray:
    """Elevation at which a target of a height is seen at a slant range [rad]; nan where the range cannot be.

    >>> round(float(np.degrees(elevation_to_target_rad(300e3, 8e3, 10.0))), 7)
    0.5149666
    """
    slant_m, height_m, antenna_m = _heights(slant_range_m, target_height_m, antenna_height_m)
    from_centre_m = k_factor * EARTH_RADIUS_M + antenna_m
    rise = ((height_m - antenna_m) * (height_m - antenna_m + 2.0 * from_centre_m) - slant_m**2) / (
        2.0 * from_centre_m * slant_m
    )
    return np.asarray(np.arcsin(np.where(np.abs(rise) <= 1.0, rise, np.nan)), dtype=np.float64)


@checked(slant_range_m=SOME_LENGTH)
def depression_angle_rad(
    sensor_height_m: ArrayLike, slant_range_m: ArrayLike, *, k_factor: float = STANDARD_K
) -> FloatArray:
    """Angle below the sensor's horizontal at which it sees a point of the smooth earth at a slant range [rad].

    >>> round(float(np.degrees(depression_angle_rad(300.0, 1000.0))), 4)
    17.4608
    """
    return np.asarray(
        -elevation_to_target_rad(
            slant_range_m, np.zeros(np.shape(sensor_height_m)), sensor_height_m, k_factor=k_factor
        ),
        dtype=np.float64,
    )


@checked(slant_range_m=SOME_LENGTH)
def grazing_angle_rad(
    sensor_height_m: ArrayLike, slant_range_m: ArrayLike, *, k_factor: float = STANDARD_K
) -> FloatArray:
    """Angle between the ray and the smooth earth at a point seen at a slant range [rad].

    >>> round(float(np.degrees(grazing_angle_rad(300.0, 1000.0))), 4)
    17.4544
    """
    return elevation_to_target_rad(
        slant_range_m, sensor_height_m, np.zeros(np.shape(sensor_height_m)), k_factor=k_factor
    )


class TracedRay(NamedTuple):
    """A ray through a layered atmosphere, from the antenna to where it first reaches a height."""

    optical_path_m: float
    slant_range_m: float
    ground_range_m: float
    true_elevation_rad: float


@checked(surface_n_units=N_UNITS, scale_height_m=SOME_LENGTH)
def trace_ray(
    antenna_height_m: float,
    elevation_rad: float,
    target_height_m: float,
    *,
    surface_n_units: float = CRPL_N_UNITS,
    scale_height_m: float = CRPL_SCALE_HEIGHT_M,
) -> TracedRay:
    """Follow a rising ray through an exponential atmosphere over the sphere.

    Parameters
    ----------
    antenna_height_m, target_height_m : float
        Heights above the sphere [m]; the target the higher.
    elevation_rad : float
        Elevation at the antenna [rad], zero or more.
    surface_n_units, scale_height_m : float
        Refractivity N = N0 exp(-h / H); defaults are the CRPL atmosphere, 313 and 6,951 m.

    Returns
    -------
    TracedRay
        Optical path, true slant range and ground range [m]; true elevation [rad].

    Raises
    ------
    DomainError
        The target is not above the antenna, or the elevation is negative.

    Notes
    -----
    Snell's law on a sphere, n r cos(elevation) = constant, integrated over height by the substitution h = h0 + u^2,
    which
    removes the root singularity of a level start; Gauss-Legendre with 400 nodes (relative error below 1e-9).

    References
    ----------
    Blake 1986, Radar Range-Performance Analysis, chapter 5, for the equation.

    Examples
    --------
    >>> round(trace_ray(10.0, np.radians(2.0), 1000.0).slant_range_m, 2)
    27163.41
    """
    if not 0.0 <= antenna_height_m < target_height_m or elevation_rad < 0.0:
        msg = (
            f"a ray is followed upwards: antenna {antenna_height_m:g} m, target {target_height_m:g} m, elevation "
            f"{elevation_rad:g} rad; give a higher target and an elevation of zero or more"
        )
        raise DomainError(msg)
    nodes, weights = np.polynomial.legendre.leggauss(400)
    top = np.sqrt(target_height_m - antenna_height_m)
    u = 0.5 * top * (nodes + 1.0)
    climb_m = u * u
    step = 0.5 * top * weights * 2.0 * u
    start_radius_m = EARTH_RADIUS_M + antenna_height_m
    n0_minus_1 = surface_n_units * 1e-6 * np.exp(-antenna_height_m / scale_height_m)
    index_change = n0_minus_1 * np.expm1(-climb_m / scale_height_m)
    index = 1.0 + n0_minus_1 + index_change
    start = 1.0 + n0_minus_1
    radius_m = start_radius_m + climb_m
    horizontal = start * start_radius_m * np.cos(elevation_rad)
    growth = index * climb_m + index_change * start_radius_m
    vertical2 = (start * start_radius_m * np.sin(elevation_rad)) ** 2 + growth * (
        index * radius_m + start * start_radius_m
    )
    if (vertical2 <= 0.0).any():
        msg = f"the ray is trapped below {target_height_m:g} m (duct); give a higher elevation or a thinner atmosphere"
        raise DomainError(msg)
    vertical = np.sqrt(vertical2)
    optical_path_m = float(np.sum(step * index * index * radius_m / vertical))
    angle_rad = float(np.sum(step * horizontal / (radius_m * vertical)))
    end_radius_m = EARTH_RADIUS_M + target_height_m
    across_m = end_radius_m * np.sin(angle_rad)
    climb_end_m = (target_height_m - antenna_height_m) - 2.0 * end_radius_m * np.sin(angle_rad / 2.0) ** 2
    return TracedRay(
        optical_path_m,
        float(np.hypot(across_m, climb_end_m)),
        EARTH_RADIUS_M * angle_rad,
        float(np.arctan2(climb_end_m, across_m)),
    )


@checked(surface_n_units=N_UNITS, scale_height_m=SOME_LENGTH)
def exponential_horizon_range_m(
    height_m: ArrayLike,
    *,
    surface_n_units: float = CRPL_N_UNITS,
    scale_height_m: float = CRPL_SCALE_HEIGHT_M,
) -> FloatArray:
    """Ground range from one end to the horizon of the sea in an exponential atmosphere [m]; add both ends for a pair.

    Parameters
    ----------
    height_m : array_like
        Height above the sea [m].
    surface_n_units, scale_height_m : float
        As in ``trace_ray``.

    Examples
    --------
    >>> round(float(exponential_horizon_range_m(100.0)))
    42247
    """
    (heights,) = _heights(height_m)
    ranges = [
        trace_ray(
            0.0, 0.0, float(height), surface_n_units=surface_n_units, scale_height_m=scale_height_m
        ).ground_range_m
        if height > 0.0
        else 0.0
        for height in heights.ravel()
    ]
    return np.array(ranges, dtype=np.float64).reshape(heights.shape)


# what a case file of `ringtrue verify` may call here: these compute from numbers, and neither read nor write
FOR_CASES = (
    "k_from_gradient",
    "effective_radius_m",
    "refractivity_change_n_units",
    "horizon_coefficient",
    "horizon_range_m",
    "horizon_range_parabola_m",
    "horizon_slant_range_m",
    "minimum_visible_height_m",
    "target_height_m",
    "ground_range_of_slant_m",
    "slant_range_to_height_m",
    "elevation_to_target_rad",
    "depression_angle_rad",
    "grazing_angle_rad",
    "trace_ray",
    "exponential_horizon_range_m",
)
