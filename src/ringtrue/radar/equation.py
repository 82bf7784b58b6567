"""The radar range equation: from a quoted reference range, or from power, gain and noise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ringtrue.domain import SOME_AREA, SOME_LENGTH, SOME_RATIO, SOME_TIME, TEMPERATURE, checked
from ringtrue.errors import DomainError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]

SPEED_OF_LIGHT_MPS = 299_792_458.0
BOLTZMANN_JPK = 1.380649e-23
REFERENCE_TEMPERATURE_K = 290.0
MOST_CONTAINED_DB = 3000.0


@checked()
def wavelength_m(frequency_hz: ArrayLike) -> FloatArray:
    """Free-space wavelength [m].

    >>> round(float(wavelength_m(3e9)), 7)
    0.0999308
    """
    return SPEED_OF_LIGHT_MPS / np.asarray(frequency_hz, dtype=np.float64)


@checked(
    slant_range_m=SOME_LENGTH, reference_range_m=SOME_LENGTH, reference_rcs_m2=SOME_AREA, reference_snr_ratio=SOME_RATIO
)
def snr_ratio(
    slant_range_m: ArrayLike,
    rcs_m2: ArrayLike,
    *,
    reference_range_m: ArrayLike,
    reference_rcs_m2: ArrayLike,
    reference_snr_ratio: ArrayLike = 1.0,
) -> FloatArray:
    """Signal-to-noise ratio from a quoted range (reference form of the range equation).

    Parameters
    ----------
    slant_range_m, rcs_m2 : array_like
        Slant range [m] above zero and cross-section [m²], zero or more. All arguments broadcast.
    reference_range_m, reference_rcs_m2 : array_like
        Range at which a target of the reference cross-section gives ``reference_snr_ratio``.
    reference_snr_ratio : array_like
        Ratio of the reference [1]; with the default the answer counts in units of it.

    Notes
    -----
    SNR = SNR_ref · (σ/σ_ref) · (R_ref/R)⁴. Free space: further losses go in by ``critical_slant_range_m``.

    Examples
    --------
    >>> float(snr_ratio(200e3, 1.0, reference_range_m=400e3, reference_rcs_m2=4.0))
    4.0
    """
    closer = np.asarray(reference_range_m, dtype=np.float64) / np.asarray(slant_range_m, dtype=np.float64)
    share = np.asarray(rcs_m2, dtype=np.float64) / np.asarray(reference_rcs_m2, dtype=np.float64)
    return np.asarray(reference_snr_ratio, dtype=np.float64) * share * closer**4


@checked(
    reference_range_m=SOME_LENGTH,
    reference_rcs_m2=SOME_AREA,
    reference_snr_ratio=SOME_RATIO,
    required_snr_ratio=SOME_RATIO,
)
def detection_range_m(
    rcs_m2: ArrayLike,
    *,
    reference_range_m: ArrayLike,
    reference_rcs_m2: ArrayLike,
    reference_snr_ratio: ArrayLike = 1.0,
    required_snr_ratio: ArrayLike | None = None,
) -> FloatArray:
    """Slant range [m] at which ``required_snr_ratio`` is reached in free space: the fourth-root law.

    Parameters
    ----------
    rcs_m2 : array_like
        Cross-section [m²]. All arguments broadcast.
    reference_range_m, reference_rcs_m2, reference_snr_ratio : array_like
        As in ``snr_ratio``.
    required_snr_ratio : array_like, optional
        Ratio wanted [1]; default: that of the reference.

    Examples
    --------
    >>> round(float(detection_range_m(0.01, reference_range_m=390e3, reference_rcs_m2=4.0)))
    87207
    """
    reference = np.asarray(reference_snr_ratio, dtype=np.float64)
    required = reference if required_snr_ratio is None else np.asarray(required_snr_ratio, dtype=np.float64)
    share = np.asarray(rcs_m2, dtype=np.float64) / np.asarray(reference_rcs_m2, dtype=np.float64)
    return np.asarray(reference_range_m, dtype=np.float64) * (share * reference / required) ** 0.25


@checked()
def attenuated_range_m(free_space_range_m: ArrayLike, attenuation_db_per_km: ArrayLike) -> FloatArray:
    """Range [m] left of a free-space range when the path loses the same share of power in every kilometre.

    Parameters
    ----------
    free_space_range_m : array_like
        Range without the loss [m], zero or more. Broadcasts with the other.
    attenuation_db_per_km : array_like
        One-way specific attenuation [dB/km], zero or more.

    Notes
    -----
    Root of 40·log10(R/R0) + 2aR = 0, that is R = R0·exp(−W(κR0)) with κ = 2a·ln10/40 and Lambert's W, found by Halley's
    iteration to the last bits. The loss is uniform along the path: right for a low target, an upper bound of the loss
    for a high one, whose path leaves the dense air (see ``propagation.mean_gas_attenuation_db_per_km``).

    Examples
    --------
    >>> round(float(attenuated_range_m(400e3, 0.007539)), 3)
    306552.592
    """
    start_m = np.asarray(free_space_range_m, dtype=np.float64)
    attenuation = np.asarray(attenuation_db_per_km, dtype=np.float64)
    return _attenuated_m(start_m, attenuation)


def _attenuated_m(start_m: FloatArray, attenuation_db_per_km: FloatArray) -> FloatArray:
    kappa_per_m = attenuation_db_per_km * 1e-3 * np.log(10.0) / 20.0
    return start_m * np.exp(-_lambert_w(kappa_per_m * start_m))


def _lambert_w(y: FloatArray) -> FloatArray:
    """Principal branch of W(y) for y >= 0: five Halley steps from log1p(y), exact to rounding up to 1e6."""
    w = np.log1p(y)
    for _ in range(5):
        error = w - y * np.exp(-w)
        w = w - error / (1.0 + w - (w + 2.0) * error / (2.0 * w + 2.0))
    return w


def _contained_db(reference_range_m: ArrayLike, reference_attenuation_db_per_km: ArrayLike) -> FloatArray:
    """Loss that a quoted range already contains, both ways."""
    contained_db = 2e-3 * np.asarray(reference_attenuation_db_per_km) * np.asarray(reference_range_m, dtype=np.float64)
    if (contained_db > MOST_CONTAINED_DB).any():
        msg = (
            f"a reference range cannot contain {float(contained_db.max()):g} dB of loss; give "
            "reference_attenuation_db_per_km of the air on which it was quoted"
        )
        raise DomainError(msg)
    return np.asarray(contained_db)


@checked(
    slant_range_m=SOME_LENGTH, reference_range_m=SOME_LENGTH, reference_rcs_m2=SOME_AREA, reference_snr_ratio=SOME_RATIO
)
def snr_ratio_in_air(
    slant_range_m: ArrayLike,
    rcs_m2: ArrayLike,
    *,
    reference_range_m: ArrayLike,
    reference_rcs_m2: ArrayLike,
    reference_snr_ratio: ArrayLike = 1.0,
    attenuation_db_per_km: ArrayLike = 0.0,
    reference_attenuation_db_per_km: ArrayLike = 0.0,
    loss_db: ArrayLike = 0.0,
    jam_to_noise_ratio: ArrayLike = 0.0,
) -> FloatArray:
    """Signal-to-noise ratio [1] of a target in air that takes from the echo: `critical_slant_range_m` turned round.

    Parameters
    ----------
    slant_range_m : array_like
        Slant range [m] above zero. All arguments broadcast.
    rcs_m2, reference_range_m, reference_rcs_m2, reference_snr_ratio : array_like
        As in ``snr_ratio``.
    attenuation_db_per_km, reference_attenuation_db_per_km, loss_db, jam_to_noise_ratio : array_like
        As in ``critical_slant_range_m``.

    Examples
    --------
    At the range at which a ratio of 20 is required, the ratio is 20:

    >>> radar = dict(reference_range_m=390e3, reference_rcs_m2=4.0, reference_snr_ratio=13.0,
    ...     attenuation_db_per_km=0.01, reference_attenuation_db_per_km=0.005, loss_db=2.0, jam_to_noise_ratio=1.0)
    >>> round(float(snr_ratio_in_air(critical_slant_range_m(0.5, required_snr_ratio=20.0, **radar), 0.5, **radar)), 9)
    20.0
    """
    free = snr_ratio(
        slant_range_m,
        rcs_m2,
        reference_range_m=reference_range_m,
        reference_rcs_m2=reference_rcs_m2,
        reference_snr_ratio=reference_snr_ratio,
    )
    along_db = 2e-3 * np.asarray(attenuation_db_per_km) * np.asarray(slant_range_m, dtype=np.float64)
    contained_db = _contained_db(reference_range_m, reference_attenuation_db_per_km)
    in_air = free * 10.0 ** ((contained_db - along_db - np.asarray(loss_db, dtype=np.float64)) / 10.0)
    return np.asarray(in_air / noise_rise_ratio(jam_to_noise_ratio))


@checked(
    reference_range_m=SOME_LENGTH,
    reference_rcs_m2=SOME_AREA,
    reference_snr_ratio=SOME_RATIO,
    required_snr_ratio=SOME_RATIO,
)
def critical_slant_range_m(
    rcs_m2: ArrayLike,
    *,
    reference_range_m: ArrayLike,
    reference_rcs_m2: ArrayLike,
    reference_snr_ratio: ArrayLike = 1.0,
    required_snr_ratio: ArrayLike | None = None,
    attenuation_db_per_km: ArrayLike = 0.0,
    reference_attenuation_db_per_km: ArrayLike = 0.0,
    loss_db: ArrayLike = 0.0,
    jam_to_noise_ratio: ArrayLike = 0.0,
) -> FloatArray:
    """Slant range [m] inside which a target gives at least the required signal-to-noise ratio.

    Parameters
    ----------
    rcs_m2 : array_like
        Cross-section [m²]. All arguments broadcast; give draws and targets as axes, such as (draw, 1) and (target,).
    reference_range_m, reference_rcs_m2, reference_snr_ratio, required_snr_ratio : array_like
        As in ``detection_range_m``.
    attenuation_db_per_km : array_like
        One-way loss on the path, gas and rain together [dB/km].
    reference_attenuation_db_per_km : array_like
        One-way loss that the quoted reference range already contains [dB/km], averaged over the ray on which it was
        quoted (``propagation.mean_gas_attenuation_db_per_km``; decision 0031). Zero: a free-space reference.
    loss_db : array_like
        Flat loss against the reference [dB, both ways together]: clutter, a rain cell, a knife edge, beam shape.
    jam_to_noise_ratio : array_like
        Interference power over noise power at the receiver [1]; the noise rises by 1 + J/N.

    Notes
    -----
    R·exp(κR) = R_ref·exp(κ_ref·R_ref) · [σ/σ_ref · SNR_ref/SNR_req · 10^(−L/10) / (1 + J/N)]^¼.

    With the same air on both sides and the reference target the answer is the reference range again.

    Examples
    --------
    >>> round(float(critical_slant_range_m(0.01, reference_range_m=390e3, reference_rcs_m2=4.0,
    ...     jam_to_noise_ratio=10.0)), 1)
    47885.2
    """
    loss = 10.0 ** (np.asarray(loss_db, dtype=np.float64) / 10.0) * noise_rise_ratio(jam_to_noise_ratio)
    free_m = detection_range_m(
        rcs_m2,
        reference_range_m=reference_range_m,
        reference_rcs_m2=reference_rcs_m2,
        reference_snr_ratio=reference_snr_ratio,
        required_snr_ratio=required_snr_ratio,
    )
    contained_db = _contained_db(reference_range_m, reference_attenuation_db_per_km)
    free_m = free_m * 10.0 ** (contained_db / 40.0) * loss**-0.25
    return _attenuated_m(free_m, np.asarray(attenuation_db_per_km, dtype=np.float64))


@checked()
def range_factor(loss_db: ArrayLike) -> FloatArray:
    """Share of the range that a two-way loss [dB] leaves, 10^(−L/40) [1].

    >>> round(float(range_factor(12.0)), 4)
    0.5012
    """
    return np.asarray(10.0 ** (-np.asarray(loss_db, dtype=np.float64) / 40.0))


@checked()
def noise_rise_ratio(jam_to_noise_ratio: ArrayLike) -> FloatArray:
    """Factor by which interference raises the noise, 1 + J/N [1].

    >>> float(noise_rise_ratio(1.0))
    2.0
    """
    jam = np.asarray(jam_to_noise_ratio, dtype=np.float64)
    return 1.0 + jam


@checked()
def noise_rise_db(jam_to_noise_db: ArrayLike) -> FloatArray:
    """Noise rise [dB] for an interference-to-noise ratio in dB, 10·log10(1 + J/N).

    >>> round(float(noise_rise_db(0.0)), 4)
    3.0103
    """
    ratio = noise_rise_ratio(10.0 ** (np.asarray(jam_to_noise_db, dtype=np.float64) / 10.0))
    return np.asarray(10.0 * np.log10(ratio), dtype=np.float64)


@checked()
def noise_power_w(bandwidth_hz: ArrayLike, temperature_k: ArrayLike = REFERENCE_TEMPERATURE_K) -> FloatArray:
    """Thermal noise power k·T·B [W].

    >>> f"{float(noise_power_w(1e6)):.4e}"
    '4.0039e-15'
    """
    return BOLTZMANN_JPK * np.asarray(temperature_k, dtype=np.float64) * np.asarray(bandwidth_hz, dtype=np.float64)


def noise_power_dbw(bandwidth_hz: ArrayLike, temperature_k: ArrayLike = REFERENCE_TEMPERATURE_K) -> FloatArray:
    """Thermal noise power k·T·B [dBW].

    >>> round(float(noise_power_dbw(1e6)), 3)
    -143.975
    """
    return np.asarray(10.0 * np.log10(noise_power_w(bandwidth_hz, temperature_k)), dtype=np.float64)


@checked(path_m=SOME_LENGTH)
def free_space_loss_db(path_m: ArrayLike, frequency_hz: ArrayLike) -> FloatArray:
    """One-way loss between isotropic antennas in free space, 20·log10(4πd/λ) [dB].

    >>> round(float(free_space_loss_db(10e3, 10e9)), 4)
    132.4478
    """
    return 20.0 * np.log10(4.0 * np.pi * np.asarray(path_m, dtype=np.float64) / wavelength_m(frequency_hz))


def _constant_db(
    frequency_hz: ArrayLike,
    pulse_s: ArrayLike,
    rcs_m2: ArrayLike,
    transmit_gain_db: ArrayLike,
    receive_gain_db: ArrayLike,
    temperature_k: ArrayLike,
    loss_db: ArrayLike,
) -> FloatArray:
    """SNR [dB] of the full equation at one watt and one metre."""
    in_joule = (
        np.asarray(pulse_s, dtype=np.float64) * wavelength_m(frequency_hz) ** 2 * np.asarray(rcs_m2, dtype=np.float64)
    ) / ((4.0 * np.pi) ** 3 * BOLTZMANN_JPK * np.asarray(temperature_k, dtype=np.float64))
    gain_db = np.asarray(transmit_gain_db, dtype=np.float64) + np.asarray(receive_gain_db, dtype=np.float64)
    return 10.0 * np.log10(in_joule) + gain_db - np.asarray(loss_db, dtype=np.float64)


@checked(
    slant_range_m=SOME_LENGTH,
    receive_range_m=SOME_LENGTH,
    rcs_m2=SOME_AREA,
    pulse_s=SOME_TIME,
    temperature_k=TEMPERATURE,
)
def full_snr_db(
    slant_range_m: ArrayLike,
    rcs_m2: ArrayLike,
    *,
    frequency_hz: ArrayLike,
    peak_power_w: ArrayLike,
    pulse_s: ArrayLike,
    transmit_gain_db: ArrayLike,
    receive_gain_db: ArrayLike,
    temperature_k: ArrayLike = REFERENCE_TEMPERATURE_K,
    loss_db: ArrayLike = 0.0,
    receive_range_m: ArrayLike | None = None,
) -> FloatArray:
    """Signal-to-noise ratio [dB] of one pulse after a matched filter, from the data sheet of a radar.

    Parameters
    ----------
    slant_range_m : array_like
        Transmitter to target [m]; also target to receiver unless ``receive_range_m`` is given. All arguments broadcast.
    rcs_m2, frequency_hz, peak_power_w, pulse_s, temperature_k : array_like
        Cross-section [m²], carrier [Hz], peak power [W], pulse length [s], system noise temperature [K].
    transmit_gain_db, receive_gain_db, loss_db : array_like
        Antenna gains and all losses together [dB].
    receive_range_m : array_like, optional
        Target to receiver [m] of a bistatic radar.

    Notes
    -----
    SNR = Pt·τ·Gt·Gr·λ²·σ / ((4π)³·k·Ts·Rt²·Rr²·L). No pattern, no atmosphere, no integration of pulses.

    References
    ----------
    MATLAB ``radareqsnr`` (https://uk.mathworks.com/help/radar/ref/radareqsnr.html), formula and example.

    Examples
    --------
    >>> round(float(full_snr_db(50e3, 1.0, frequency_hz=1e9, peak_power_w=1e6, pulse_s=0.2e-6, transmit_gain_db=20.0,
    ...     receive_gain_db=20.0)), 4)
    5.5868
    """
    back_m = slant_range_m if receive_range_m is None else receive_range_m
    spread = np.asarray(slant_range_m, dtype=np.float64) * np.asarray(back_m, dtype=np.float64)
    constant = _constant_db(frequency_hz, pulse_s, rcs_m2, transmit_gain_db, receive_gain_db, temperature_k, loss_db)
    return constant + 10.0 * np.log10(np.asarray(peak_power_w, dtype=np.float64)) - 20.0 * np.log10(spread)


@checked(rcs_m2=SOME_AREA, pulse_s=SOME_TIME, temperature_k=TEMPERATURE)
def full_range_m(
    snr_db: ArrayLike,
    rcs_m2: ArrayLike,
    *,
    frequency_hz: ArrayLike,
    peak_power_w: ArrayLike,
    pulse_s: ArrayLike,
    transmit_gain_db: ArrayLike,
    receive_gain_db: ArrayLike,
    temperature_k: ArrayLike = REFERENCE_TEMPERATURE_K,
    loss_db: ArrayLike = 0.0,
) -> FloatArray:
    """Slant range [m] at which the full equation gives ``snr_db``; arguments as in ``full_snr_db``.

    >>> round(float(full_range_m(6.0, 1.0, frequency_hz=10e9, peak_power_w=1e6, pulse_s=10e-6, transmit_gain_db=20.0,
    ...     receive_gain_db=20.0)), 1)
    41056.6
    """
    constant = _constant_db(frequency_hz, pulse_s, rcs_m2, transmit_gain_db, receive_gain_db, temperature_k, loss_db)
    margin_db = constant + 10.0 * np.log10(np.asarray(peak_power_w, dtype=np.float64)) - np.asarray(snr_db)
    return np.asarray(10.0 ** (margin_db / 40.0))


@checked(slant_range_m=SOME_LENGTH, rcs_m2=SOME_AREA, pulse_s=SOME_TIME, temperature_k=TEMPERATURE)
def full_peak_power_w(
    snr_db: ArrayLike,
    slant_range_m: ArrayLike,
    rcs_m2: ArrayLike,
    *,
    frequency_hz: ArrayLike,
    pulse_s: ArrayLike,
    transmit_gain_db: ArrayLike,
    receive_gain_db: ArrayLike,
    temperature_k: ArrayLike = REFERENCE_TEMPERATURE_K,
    loss_db: ArrayLike = 0.0,
) -> FloatArray:
    """Peak power [W] with which the full equation gives ``snr_db``; arguments as in ``full_snr_db``.

    >>> round(float(full_peak_power_w(6.0, 50e3, 1.0, frequency_hz=1e9, pulse_s=1e-6, transmit_gain_db=20.0,
    ...     receive_gain_db=20.0)))
    219963
    """
    constant = _constant_db(frequency_hz, pulse_s, rcs_m2, transmit_gain_db, receive_gain_db, temperature_k, loss_db)
    wanted_db = np.asarray(snr_db) + 40.0 * np.log10(np.asarray(slant_range_m, dtype=np.float64)) - constant
    return np.asarray(10.0 ** (wanted_db / 10.0))


# what a case file of `ringtrue verify` may call here: these compute from numbers, and neither read nor write
FOR_CASES = (
    "wavelength_m",
    "snr_ratio",
    "detection_range_m",
    "attenuated_range_m",
    "critical_slant_range_m",
    "range_factor",
    "noise_rise_ratio",
    "noise_rise_db",
    "noise_power_w",
    "noise_power_dbw",
    "free_space_loss_db",
    "full_snr_db",
    "full_range_m",
    "full_peak_power_w",
)
