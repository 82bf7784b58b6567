"""What the air and the ground take from the wave: gas (P.676), rain (P.838), one knife edge (P.526)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.domain import ANGLE, HEIGHT, SOME_LENGTH, checked
from ringtrue.errors import DomainError
from ringtrue.radar.equation import wavelength_m

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]

EARTH_RADIUS_M = 6_371_000.0
STANDARD_K = 4.0 / 3.0
STANDARD_VAPOUR_G_PER_M3 = 7.5


class GasTable(NamedTuple):
    """The shipped table of gas attenuation at sea level; every field (frequency,)."""

    frequency_ghz: FloatArray
    oxygen_db_per_km: FloatArray
    vapour_db_per_km: FloatArray
    oxygen_height_km: FloatArray
    vapour_height_km: FloatArray


@lru_cache(maxsize=1)
def gas_table() -> GasTable:
    """Read the shipped table (``data/gas_attenuation.toml``, made by ``benchmarks/detection/make_gas_table.py``)."""
    import tomllib
    from importlib.resources import files

    columns = tomllib.loads((files("ringtrue.radar") / "data/gas_attenuation.toml").read_text(encoding="utf-8"))
    return GasTable(**{name: np.asarray(values, dtype=np.float64) for name, values in columns.items()})


def _from_table(frequency_hz: ArrayLike, column: FloatArray) -> FloatArray:
    """Interpolate the logarithm of a column in the logarithm of the frequency."""
    table = gas_table()
    frequency = np.asarray(frequency_hz, dtype=np.float64) / 1e9
    lowest, highest = table.frequency_ghz[0], table.frequency_ghz[-1]
    if not ((frequency >= lowest * (1 - 1e-12)) & (frequency <= highest * (1 + 1e-12))).all():
        msg = (
            f"gas attenuation is tabulated from {lowest:g} to {highest:g} GHz; "
            f"given: {frequency.min():g} to {frequency.max():g} GHz"
        )
        raise DomainError(msg)
    return np.exp(np.interp(np.log(frequency), np.log(table.frequency_ghz), np.log(column)))


@checked()
def oxygen_attenuation_db_per_km(frequency_hz: ArrayLike) -> FloatArray:
    """One-way attenuation by dry air at sea level [dB/km]; 0.1 to 40 GHz.

    >>> round(float(oxygen_attenuation_db_per_km(10e9)), 6)
    0.008224
    """
    return _from_table(frequency_hz, gas_table().oxygen_db_per_km)


@checked()
def vapour_attenuation_db_per_km(
    frequency_hz: ArrayLike, *, vapour_g_per_m3: ArrayLike = STANDARD_VAPOUR_G_PER_M3
) -> FloatArray:
    """One-way attenuation by water vapour at sea level [dB/km], scaled in proportion to its density [g/m³].

    >>> round(float(vapour_attenuation_db_per_km(10e9)), 6)
    0.005974
    """
    share = np.asarray(vapour_g_per_m3, dtype=np.float64) / STANDARD_VAPOUR_G_PER_M3
    return _from_table(frequency_hz, gas_table().vapour_db_per_km) * share


@checked()
def gas_attenuation_db_per_km(
    frequency_hz: ArrayLike, *, vapour_g_per_m3: ArrayLike = STANDARD_VAPOUR_G_PER_M3
) -> FloatArray:
    """One-way attenuation by dry air and water vapour at sea level [dB/km].

    Parameters
    ----------
    frequency_hz : array_like
        Carrier [Hz], 0.1 to 40 GHz. Broadcasts with the density.
    vapour_g_per_m3 : array_like
        Water vapour density [g/m³].

    Notes
    -----
    ITU-R P.676 line by line at 1013.25 hPa, 288.15 K, 7.5 g/m³, interpolated in logarithms: at every whole gigahertz to
    the six decimals that the ITU prints, elsewhere oxygen within 0.02 %, vapour within 0.1 % of ITU-Rpy 0.4.0. Another
    density scales the vapour part in proportion, while vapour also broadens its own lines: the sum is up to 11 % low at
    15 g/m³ and up to 5 % high at 3 g/m³. Below 1 GHz the recommendation claims no validity.

    Examples
    --------
    >>> round(float(gas_attenuation_db_per_km(3e9)), 6)
    0.007539
    """
    dry = oxygen_attenuation_db_per_km(frequency_hz)
    return dry + vapour_attenuation_db_per_km(frequency_hz, vapour_g_per_m3=vapour_g_per_m3)


@checked()
def mean_gas_attenuation_db_per_km(
    frequency_hz: ArrayLike,
    ground_range_m: ArrayLike,
    antenna_altitude_m: ArrayLike,
    target_altitude_m: ArrayLike,
    *,
    k_factor: float = STANDARD_K,
    vapour_g_per_m3: ArrayLike = STANDARD_VAPOUR_G_PER_M3,
) -> FloatArray:
    """One-way gas attenuation averaged along the ray to a target [dB/km], for ``equation.critical_slant_range_m``.

    Parameters
    ----------
    frequency_hz, ground_range_m, antenna_altitude_m, target_altitude_m : array_like
        Carrier [Hz], range over ground [m], altitudes above mean sea level [m]. All arguments broadcast.
    k_factor : float
        Effective over true earth radius [1].

    Notes
    -----
    Mean of γo·exp(−z/ho) + γw·exp(−z/hw) over the ray of the k-earth, sixteen Gauss points; ho, hw are the equivalent
    heights of the table. Against the line-by-line sum over the P.835 atmosphere along the same ray, targets from 100 m
    to 20 km at 50 to 400 km: 0 to 8 % low from 1 to 35 GHz, and less than 0.2 dB of two-way loss up to 22 GHz.

    Examples
    --------
    >>> round(float(mean_gas_attenuation_db_per_km(3e9, 300e3, 25.0, 10e3)), 5)
    0.00375
    """
    table = gas_table()
    node, weight = np.polynomial.legendre.leggauss(16)
    share = 0.5 * (node + 1.0)
    low, high, ground = (
        np.asarray(v, dtype=np.float64)[..., None] for v in (antenna_altitude_m, target_altitude_m, ground_range_m)
    )
    sag_m = share * (1.0 - share) * ground**2 / (2.0 * k_factor * EARTH_RADIUS_M)
    altitude_km = np.maximum(low + (high - low) * share - sag_m, 0.0) / 1e3
    dry = oxygen_attenuation_db_per_km(frequency_hz)[..., None]
    wet = vapour_attenuation_db_per_km(frequency_hz, vapour_g_per_m3=vapour_g_per_m3)[..., None]
    dry_height_km = _from_table(frequency_hz, table.oxygen_height_km)[..., None]
    wet_height_km = _from_table(frequency_hz, table.vapour_height_km)[..., None]
    along = dry * np.exp(-altitude_km / dry_height_km) + wet * np.exp(-altitude_km / wet_height_km)
    return np.asarray(0.5 * (along * weight).sum(axis=-1))


class RainCoefficients(NamedTuple):
    """γ = k·rateᵅ with γ in dB/km and the rate in mm/h."""

    k: FloatArray
    alpha: FloatArray


# P.838-3, tables 1 to 4: lines (a, b, c) of the bell curves, then slope m and constant c.
_K_H = (((-5.33980, -0.10008, 1.13098), (-0.35351, 1.26970, 0.45400), (-0.23789, 0.86036, 0.15354),
         (-0.94158, 0.64552, 0.16817)), -0.18961, 0.71147)  # fmt: skip
_K_V = (((-3.80595, 0.56934, 0.81061), (-3.44965, -0.22911, 0.51059), (-0.39902, 0.73042, 0.11899),
         (0.50167, 1.07319, 0.27195)), -0.16398, 0.63297)  # fmt: skip
_ALPHA_H = (((-0.14318, 1.82442, -0.55187), (0.29591, 0.77564, 0.19822), (0.32177, 0.63773, 0.13164),
             (-5.37610, -0.96230, 1.47828), (16.1721, -3.29980, 3.43990)), 0.67849, -1.95537)  # fmt: skip
_ALPHA_V = (((-0.07771, 2.33840, -0.76284), (0.56727, 0.95545, 0.54039), (-0.20238, 1.14520, 0.26809),
             (-48.2991, 0.791669, 0.116226), (48.5833, 0.791459, 0.116479)), -0.053739, 0.83433)  # fmt: skip


def _bells(log_frequency: FloatArray, curve: tuple[tuple[tuple[float, float, float], ...], float, float]) -> FloatArray:
    lines, slope, constant = curve
    total = slope * log_frequency + constant
    for a, b, c in lines:
        total = total + a * np.exp(-(((log_frequency - b) / c) ** 2))
    return total


@checked()
def rain_coefficients(
    frequency_hz: ArrayLike, *, elevation_rad: ArrayLike = 0.0, tilt_rad: ArrayLike = 0.0
) -> RainCoefficients:
    """Coefficients of specific rain attenuation.

    Parameters
    ----------
    frequency_hz : array_like
        Carrier [Hz], 1 to 1000 GHz. All arguments broadcast.
    elevation_rad, tilt_rad : array_like
        Elevation of the path; tilt of the polarisation against the horizontal (0 horizontal, π/4 circular,
        π/2 vertical) [rad].

    References
    ----------
    Recommendation ITU-R P.838-3 (2005), equations 2 to 5 and tables 1 to 4.

    Examples
    --------
    >>> [round(float(v), 6) for v in rain_coefficients(10e9)]
    [0.012167, 1.257097]
    """
    frequency = np.asarray(frequency_hz, dtype=np.float64) / 1e9
    if not ((frequency >= 1.0) & (frequency <= 1000.0)).all():
        msg = f"rain attenuation holds from 1 to 1000 GHz; given: {frequency.min():g} to {frequency.max():g} GHz"
        raise DomainError(msg)
    x = np.log10(frequency)
    k_h, k_v = 10.0 ** _bells(x, _K_H), 10.0 ** _bells(x, _K_V)
    alpha_h, alpha_v = _bells(x, _ALPHA_H), _bells(x, _ALPHA_V)
    mix = np.cos(np.asarray(elevation_rad, dtype=np.float64)) ** 2 * np.cos(2.0 * np.asarray(tilt_rad))
    k = 0.5 * (k_h + k_v + (k_h - k_v) * mix)
    alpha = (k_h * alpha_h + k_v * alpha_v + (k_h * alpha_h - k_v * alpha_v) * mix) / (2.0 * k)
    return RainCoefficients(k, alpha)


@checked()
def rain_attenuation_db_per_km(
    rain_mm_per_h: ArrayLike, frequency_hz: ArrayLike, *, elevation_rad: ArrayLike = 0.0, tilt_rad: ArrayLike = 0.0
) -> FloatArray:
    """One-way attenuation by rain [dB/km]; arguments as in ``rain_coefficients``, rain rate in mm/h.

    >>> round(float(rain_attenuation_db_per_km(12.5, 10e9)), 6)
    0.291142
    """
    rate = np.asarray(rain_mm_per_h, dtype=np.float64)
    k, alpha = rain_coefficients(frequency_hz, elevation_rad=elevation_rad, tilt_rad=tilt_rad)
    return np.asarray(k * rate**alpha)


@checked()
def rain_loss_db(
    rain_mm_per_h: ArrayLike,
    frequency_hz: ArrayLike,
    path_m: ArrayLike,
    *,
    elevation_rad: ArrayLike = 0.0,
    tilt_rad: ArrayLike = 0.0,
) -> FloatArray:
    """Two-way loss [dB] through a rain cell that the ray crosses on ``path_m`` with one rate all along.

    >>> round(float(rain_loss_db(12.5, 10e9, 20e3)), 3)
    11.646
    """
    one_way = rain_attenuation_db_per_km(rain_mm_per_h, frequency_hz, elevation_rad=elevation_rad, tilt_rad=tilt_rad)
    return 2e-3 * one_way * np.asarray(path_m, dtype=np.float64)


@checked(target_range_m=SOME_LENGTH)
def obstacle_over_line_m(
    ridge_altitude_m: ArrayLike,
    antenna_altitude_m: ArrayLike,
    target_altitude_m: ArrayLike,
    ridge_range_m: ArrayLike,
    target_range_m: ArrayLike,
    *,
    k_factor: float = STANDARD_K,
) -> FloatArray:
    """Height [m] of a ridge over the line from antenna to target on the k-earth; negative where the line clears it.

    Parameters
    ----------
    ridge_altitude_m, antenna_altitude_m, target_altitude_m : array_like
        Altitudes above mean sea level [m]. All arguments broadcast.
    ridge_range_m, target_range_m : array_like
        Ground range from the antenna [m]; the ridge lies between.

    Examples
    --------
    >>> round(float(obstacle_over_line_m(800.0, 25.0, 3000.0, 30e3, 100e3)), 5)
    6.10697
    """
    near = np.asarray(ridge_range_m, dtype=np.float64)
    far = np.asarray(target_range_m, dtype=np.float64) - near
    if (far < 0).any():
        msg = "ridge_range_m must lie between antenna and target; the ridge is beyond the target"
        raise DomainError(msg)
    antenna = np.asarray(antenna_altitude_m, dtype=np.float64)
    line_m = antenna + (np.asarray(target_altitude_m, dtype=np.float64) - antenna) * near / (near + far)
    bulge_m = near * far / (2.0 * k_factor * EARTH_RADIUS_M)
    return np.asarray(ridge_altitude_m, dtype=np.float64) + bulge_m - line_m


@checked(distance1_m=SOME_LENGTH, distance2_m=SOME_LENGTH)
def fresnel_radius_m(distance1_m: ArrayLike, distance2_m: ArrayLike, frequency_hz: ArrayLike) -> FloatArray:
    """Radius [m] of the first Fresnel zone at a point with these distances to both ends, √(λ·d1·d2/(d1 + d2)).

    >>> round(float(fresnel_radius_m(20e3, 30e3, 3e9)), 3)
    34.629
    """
    near, far = np.asarray(distance1_m, dtype=np.float64), np.asarray(distance2_m, dtype=np.float64)
    return np.asarray(np.sqrt(wavelength_m(frequency_hz) * near * far / (near + far)))


@checked(over_line_m=HEIGHT, distance1_m=SOME_LENGTH, distance2_m=SOME_LENGTH)
def knife_edge_nu(
    over_line_m: ArrayLike, distance1_m: ArrayLike, distance2_m: ArrayLike, frequency_hz: ArrayLike
) -> FloatArray:
    """Diffraction parameter ν = h·√(2·(d1 + d2)/(λ·d1·d2)) [1] of an edge ``over_line_m`` above the sight line.

    >>> round(float(knife_edge_nu(50.0, 20e3, 30e3, 3e9)), 6)
    2.041948
    """
    radius_m = fresnel_radius_m(distance1_m, distance2_m, frequency_hz)
    return np.asarray(np.sqrt(2.0) * np.asarray(over_line_m, dtype=np.float64) / radius_m)


@checked(nu=ANGLE)
def knife_edge_loss_db(nu: ArrayLike) -> FloatArray:
    """One-way loss [dB] behind a single knife edge, exact; negative values are the ripple of a clear path.

    Notes
    -----
    J = −20·log10(½·√((1 − C − S)² + (C − S)²)) with the Fresnel integrals C(ν), S(ν). A real ridge is rounder and loses
    more; several ridges are not added up.

    References
    ----------
    Recommendation ITU-R P.526, section on a single knife-edge obstacle.

    Examples
    --------
    >>> round(float(knife_edge_loss_db(0.0)), 4)
    6.0206
    """
    from scipy.special import fresnel

    s, c = fresnel(np.asarray(nu, dtype=np.float64))
    return np.asarray(-20.0 * np.log10(0.5 * np.hypot(1.0 - c - s, c - s)))


@checked(nu=ANGLE)
def knife_edge_loss_p526_db(nu: ArrayLike) -> FloatArray:
    """One-way loss [dB] by the approximation of P.526, 0 below ν = −0.78.

    Measured against the exact loss: within 0.13 dB for ν ≥ −0.78; below, the exact loss of the clear path ripples
    between −1.37 and +1.09 dB about the 0 that is given here.

    >>> round(float(knife_edge_loss_p526_db(1.0)), 4)
    13.9257
    """
    v = np.asarray(nu, dtype=np.float64)
    shifted = np.maximum(v, -0.78) - 0.1
    return np.where(v > -0.78, 6.9 + 20.0 * np.log10(np.sqrt(shifted**2 + 1.0) + shifted), 0.0)


@checked(nu=ANGLE, ridge_range_m=SOME_LENGTH, target_range_m=SOME_LENGTH)
def grazing_altitude_shift_m(
    nu: ArrayLike, ridge_range_m: ArrayLike, target_range_m: ArrayLike, frequency_hz: ArrayLike
) -> FloatArray:
    """How far above the lowest visible altitude [m] a target has diffraction parameter ν; negative for ν > 0.

    A target exactly on the edge of sight (ν = 0) already loses 6 dB each way; at ν = −0.78 it loses nothing.

    >>> round(float(grazing_altitude_shift_m(-0.78, 30e3, 100e3, 3e9)), 1)
    84.2
    """
    near = np.asarray(ridge_range_m, dtype=np.float64)
    all_the_way = np.asarray(target_range_m, dtype=np.float64)
    if (near >= all_the_way).any():
        msg = "ridge_range_m must lie between antenna and target; the ridge is not before the target"
        raise DomainError(msg)
    radius = fresnel_radius_m(near, all_the_way - near, frequency_hz)
    return np.asarray(-np.asarray(nu) * radius / np.sqrt(2.0) * all_the_way / near)


# what a case file of `ringtrue verify` may call here: these compute from numbers, and neither read nor write
FOR_CASES = (
    "oxygen_attenuation_db_per_km",
    "vapour_attenuation_db_per_km",
    "gas_attenuation_db_per_km",
    "mean_gas_attenuation_db_per_km",
    "rain_coefficients",
    "rain_attenuation_db_per_km",
    "rain_loss_db",
    "obstacle_over_line_m",
    "fresnel_radius_m",
    "knife_edge_nu",
    "knife_edge_loss_db",
    "knife_edge_loss_p526_db",
    "grazing_altitude_shift_m",
)
