"""Two-ray lobing over a flat reflecting surface, and the vertical coverage (Blake) chart it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.domain import BEAMWIDTH, SOME_LENGTH, checked
from ringtrue.errors import DomainError
from ringtrue.radar.equation import wavelength_m

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]

EARTH_RADIUS_M = 6_371_000.0
STANDARD_K = 4.0 / 3.0


@checked(beamwidth_rad=BEAMWIDTH)
def beam_factor(elevation_rad: ArrayLike, *, tilt_rad: float = 0.0, beamwidth_rad: float | None = None) -> FloatArray:
    """Field strength of a sin(x)/x beam relative to its axis [1]; 1 everywhere without a beamwidth.

    Parameters
    ----------
    elevation_rad : array_like
        Elevation [rad], negative below the horizon.
    tilt_rad, beamwidth_rad : float
        Elevation of the axis and width between the half-power points [rad].

    Examples
    --------
    >>> round(float(beam_factor(0.05, beamwidth_rad=0.1)) ** 2, 4)
    0.5
    """
    elevation = np.asarray(elevation_rad, dtype=np.float64)
    if beamwidth_rad is None:
        return np.ones(elevation.shape)
    half_power = 1.3915573782515103  # root of sin(x)/x = sqrt(1/2)
    x = half_power * np.sin(elevation - tilt_rad) / np.sin(0.5 * beamwidth_rad)
    return np.asarray(np.sinc(x / np.pi))


@checked()
def rough_reflection_ratio(
    reflection_ratio: ArrayLike, elevation_rad: ArrayLike, roughness_m: ArrayLike, frequency_hz: ArrayLike
) -> FloatArray:
    """Mirror-like reflection left by a rough surface, ρ·exp(−2·(2π·σ·sin θ/λ)²) [1].

    Parameters
    ----------
    reflection_ratio, elevation_rad, roughness_m, frequency_hz : array_like
        Reflection of the smooth surface [1, signed], grazing angle [rad], standard deviation of height [m],
        carrier [Hz].

    Examples
    --------
    >>> float(rough_reflection_ratio(-1.0, 0.02, 0.0, 1e8))
    -1.0
    """
    phase = 2.0 * np.pi * np.asarray(roughness_m) * np.sin(np.asarray(elevation_rad)) / wavelength_m(frequency_hz)
    return np.asarray(np.asarray(reflection_ratio, dtype=np.float64) * np.exp(-2.0 * phase**2))


@checked(beamwidth_rad=BEAMWIDTH)
def propagation_factor(
    elevation_rad: ArrayLike,
    antenna_height_m: ArrayLike,
    frequency_hz: ArrayLike,
    *,
    reflection_ratio: ArrayLike = -1.0,
    tilt_rad: float = 0.0,
    beamwidth_rad: float | None = None,
) -> FloatArray:
    """Field at the target relative to free space, direct and reflected ray together: F [1].

    Parameters
    ----------
    elevation_rad : array_like
        Elevation of the target [rad], zero or more. All arguments broadcast.
    antenna_height_m, frequency_hz : array_like
        Height above the reflecting surface [m]; carrier [Hz].
    reflection_ratio : array_like
        Reflection of the surface [1, signed]; −1 is a smooth sea seen flat or by a horizontal polarisation.
    tilt_rad, beamwidth_rad
        As in ``beam_factor``.

    Notes
    -----
    F = |f(θ) + ρ·f(−θ)·exp(−j·4π·h·sin θ/λ)|; without beam and with ρ = −1: 2·|sin(2π·h·sin θ/λ)|. Range goes with F,
    because the power goes with F⁴. Flat surface, far target: leaves out earth curvature (divergence, horizon), so it
    holds above about one tenth of the first lobe and within half the horizon.

    References
    ----------
    MATLAB ``radarvcd`` and ``blakechart`` for the configuration (100 MHz, antenna 20 m); Blake, NRL 6930/7098 for the
    method (not read; the closed form above is elementary).

    Examples
    --------
    >>> round(float(propagation_factor(np.radians(0.5), 20.0, 100e6)), 6)
    0.715373
    """
    elevation = np.asarray(elevation_rad, dtype=np.float64)
    if (elevation < 0).any():
        msg = f"elevation_rad must be zero or more over a flat surface; smallest given: {elevation.min():g}"
        raise DomainError(msg)
    path = 4.0 * np.pi * np.asarray(antenna_height_m, dtype=np.float64) * np.sin(elevation) / wavelength_m(frequency_hz)
    direct = beam_factor(elevation, tilt_rad=tilt_rad, beamwidth_rad=beamwidth_rad)
    bounced = np.asarray(reflection_ratio) * beam_factor(-elevation, tilt_rad=tilt_rad, beamwidth_rad=beamwidth_rad)
    return np.asarray(np.abs(direct + bounced * np.exp(-1j * path)))


@checked(antenna_height_m=SOME_LENGTH)
def lobe_peaks_rad(antenna_height_m: float, frequency_hz: float, n_lobes: int) -> FloatArray:
    """Elevations of the first lobes for ρ = −1, sin θ = (2n − 1)·λ/4h [rad]; nan where a lobe does not exist.

    >>> np.degrees(lobe_peaks_rad(20.0, 100e6, 2)).round(6).tolist()
    [2.147608, 6.454962]
    """
    return _arcsine((2.0 * np.arange(1, n_lobes + 1) - 1.0) * wavelength_m(frequency_hz) / (4.0 * antenna_height_m))


@checked(antenna_height_m=SOME_LENGTH)
def lobe_nulls_rad(antenna_height_m: float, frequency_hz: float, n_nulls: int) -> FloatArray:
    """Elevations of the first nulls above the horizon for ρ = −1, sin θ = n·λ/2h [rad]; nan where there is none.

    >>> np.degrees(lobe_nulls_rad(20.0, 100e6, 2)).round(6).tolist()
    [4.298241, 8.620913]
    """
    return _arcsine(np.arange(1, n_nulls + 1) * wavelength_m(frequency_hz) / (2.0 * antenna_height_m))


def _arcsine(sine: FloatArray) -> FloatArray:
    return np.asarray(np.arcsin(np.where(sine <= 1.0, sine, np.nan)))


class BlakeContour(NamedTuple):
    """Contour of equal signal in the vertical plane; every field has the shape of the elevations."""

    elevation_rad: FloatArray
    slant_range_m: FloatArray
    altitude_m: FloatArray


@checked(beamwidth_rad=BEAMWIDTH)
def blake_chart(
    free_space_range_m: ArrayLike,
    elevation_rad: ArrayLike,
    antenna_height_m: float,
    frequency_hz: float,
    *,
    reflection_ratio: ArrayLike = -1.0,
    tilt_rad: float = 0.0,
    beamwidth_rad: float | None = None,
    k_factor: float = STANDARD_K,
) -> BlakeContour:
    """Range against elevation at which the signal equals that at ``free_space_range_m``, with its altitude.

    Parameters
    ----------
    free_space_range_m : array_like
        Range without reflection, on the axis of the beam [m]; for example of ``equation.critical_slant_range_m``.
    elevation_rad : array_like
        Elevations [rad], zero or more.
    antenna_height_m, frequency_hz, reflection_ratio, tilt_rad, beamwidth_rad
        As in ``propagation_factor``.
    k_factor : float
        Effective over true earth radius [1], for the altitude.

    Examples
    --------
    >>> contour = blake_chart(100e3, np.radians([0.5, 1.0]), 20.0, 100e6)
    >>> contour.slant_range_m.round().tolist()
    [71537.0, 133605.0]
    """
    elevation = np.asarray(elevation_rad, dtype=np.float64)
    factor = propagation_factor(
        elevation,
        antenna_height_m,
        frequency_hz,
        reflection_ratio=reflection_ratio,
        tilt_rad=tilt_rad,
        beamwidth_rad=beamwidth_rad,
    )
    range_m = np.asarray(free_space_range_m, dtype=np.float64) * factor
    base_m = k_factor * EARTH_RADIUS_M + antenna_height_m
    rise_m2 = range_m**2 + 2.0 * base_m * range_m * np.sin(elevation)
    altitude_m = antenna_height_m + rise_m2 / (base_m + np.sqrt(base_m**2 + rise_m2))
    return BlakeContour(elevation, range_m, altitude_m)


# what a case file of `ringtrue verify` may call here: these compute from numbers, and neither read nor write
FOR_CASES = (
    "beam_factor",
    "rough_reflection_ratio",
    "propagation_factor",
    "lobe_peaks_rad",
    "lobe_nulls_rad",
    "blake_chart",
)
