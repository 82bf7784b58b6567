"""How looks add up to a track: one rule for audit, raid and exposure.

A track is confirmed by M detections among the last N looks. The chance of having been confirmed grows from look to look
along the leg that the target flies (Mallett and Brennan 1963 for a single detection); looks are independent, but not
oftener than a decorrelation time. A radar that nothing cues takes one look each time it has searched its volume; once
its battery's search radar has confirmed the target, or a neighbour's track has come in, it looks at its own rate.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from ringtrue.catalogue.bands import nearest_band
from ringtrue.domain import checked
from ringtrue.errors import DomainError
from ringtrue.finding import NOMINAL
from ringtrue.radar.detection import p_above, required_snr_ratio, threshold
from ringtrue.radar.equation import critical_slant_range_m, snr_ratio_in_air
from ringtrue.radar.propagation import mean_gas_attenuation_db_per_km

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from ringtrue.catalogue.records import Radar, TargetClass

    FloatArray = NDArray[np.float64]

T = TypeVar("T")
ASPECTS = ("nose", "side", "tail")
LEAST_P_DETECT = 5e-3
ECHO_KNOTS = 129
MOST_SCANS = 12
REFERENCE_ALTITUDE_M = 9_000.0


@checked(m=None, n=None)
def confirmed_by_look(p: ArrayLike, m: int, n: int) -> FloatArray:
    """Chance that ``m`` of the last ``n`` looks have detected at or before each look.

    Parameters
    ----------
    p : (..., look) array_like
        Probability of each look [1], in the order of time; looks are independent.
    m, n : int
        Confirmation rule, 1 <= m <= n <= 12.

    Returns
    -------
    (..., look) ndarray
        Never falls along the last axis.

    Notes
    -----
    Markov chain over the outcomes of the last n - 1 looks; exact. With m = n = 1 it is `radar.detection.cumulative`.

    References
    ----------
    J. D. Mallett and L. E. Brennan, Cumulative probability of detection for targets approaching a uniformly scanning
    search radar, Proc. IEEE 51 (1963) 596 (RAND 1962, DTIC AD0276531; the abstract was read), for m = n = 1.

    Raises
    ------
    DomainError
        A rule outside its range, or a number that is no probability.

    Examples
    --------
    >>> confirmed_by_look([0.5, 0.5, 0.5], 2, 3).tolist()
    [0.0, 0.25, 0.5]
    """
    one = np.asarray(p, dtype=np.float64)
    if not (isinstance(m, int) and isinstance(n, int) and 1 <= m <= n <= MOST_SCANS):
        msg = f"m of n needs whole numbers 1 <= m <= n <= {MOST_SCANS}; given: {m} of {n}"
        raise DomainError(msg)
    if one.ndim == 0:
        msg = f"p must be a list, one probability for each look; given: {one:g}"
        raise DomainError(msg)
    n_states = 2 ** (n - 1)
    live = np.zeros((*one.shape[:-1], n_states))
    live[..., 0] = 1.0
    confirmed = np.zeros(one.shape)
    so_far = np.zeros(one.shape[:-1])
    for look in range(one.shape[-1]):
        hit = one[..., look]
        after = np.zeros_like(live)
        for state in range(n_states):
            shifted = (state << 1) & (n_states - 1)
            after[..., shifted] += live[..., state] * (1.0 - hit)
            if state.bit_count() + 1 >= m:
                so_far = so_far + live[..., state] * hit
            else:
                after[..., shifted | (1 if n_states > 1 else 0)] += live[..., state] * hit
        live = after
        confirmed[..., look] = so_far
    return confirmed


@lru_cache(maxsize=64)
def gas_db_per_km(frequency_hz: float, range_m: float, antenna_height_m: float) -> float:
    """One-way gas loss [dB/km] on the ray to which a radar's reference range belongs.

    >>> round(gas_db_per_km(3e9, 390e3, 25.0), 5)
    0.00458
    """
    return float(mean_gas_attenuation_db_per_km(frequency_hz, range_m, antenna_height_m, REFERENCE_ALTITUDE_M))


def rcs_at(target: TargetClass[FloatArray], band: str, aspect: str) -> FloatArray:
    """Cross-section [m2] in a band at an aspect; a band that is missing takes the nearest one given, likewise aspect.

    Aspects fall back to the nose, the one published most often.
    """
    by_aspect = target.rcs_m2[nearest_band(target.rcs_m2, band)]
    return by_aspect.get(aspect, by_aspect["nose"])


class Losses(NamedTuple):
    """What takes from the echo of one radar: one value, or one a draw.

    Flat loss against the reference [dB], interference over noise [1], rain and gas one way [dB/km]; the reference range
    contains the gas (decision 0031).
    """

    flat_db: Any = 0.0
    jam_to_noise_ratio: Any = 0.0
    rain_db_per_km: Any = 0.0
    gas_db_per_km: float = 0.0


class Echo(NamedTuple):
    """Chance of one look by slant range: knots ``step_m`` apart from 0 on, 0 beyond the last; p (draw, knot)."""

    step_m: FloatArray
    p: FloatArray

    @property
    def far_m(self) -> FloatArray:
        """Slant range beyond which a look counts as hopeless [m], (draw,)."""
        return np.asarray(self.step_m * (self.p.shape[1] - 1))


def quoted_range(radar: Radar[T]) -> tuple[T, T, T]:
    """Range of a radar, and the cross-section and probability of detection that it is quoted with."""
    return radar.reference_range_m, radar.reference_rcs_m2, radar.reference_p_detect


def gas_of(radar: Radar[FloatArray]) -> float:
    """One-way gas loss [dB/km] on the ray to which the nominal reference range of a radar belongs."""
    figures = (radar.frequency_hz, quoted_range(radar)[0], radar.antenna_height_m)
    return gas_db_per_km(*(float(figure[NOMINAL]) for figure in figures))


def _told_of(radar: Radar[FloatArray], losses: Losses) -> dict[str, FloatArray]:
    """What the range equation is told of a radar and its air, (draw,)."""
    gas, rain = np.asarray(losses.gas_db_per_km), np.asarray(losses.rain_db_per_km)
    range_m, rcs_m2, p_detect = quoted_range(radar)
    return {
        "reference_range_m": range_m,
        "reference_rcs_m2": rcs_m2,
        "reference_snr_ratio": required_snr_ratio(p_detect, radar.reference_p_false, case=radar.swerling_case),
        "attenuation_db_per_km": gas + rain,
        "reference_attenuation_db_per_km": gas,
        "loss_db": np.asarray(losses.flat_db),
        "jam_to_noise_ratio": np.asarray(losses.jam_to_noise_ratio),
    }


def one_look_range_m(
    radar: Radar[FloatArray], rcs_m2: FloatArray, swerling_case: int, losses: Losses, p_detect: ArrayLike
) -> FloatArray:
    """Slant range [m] at which one look of a radar detects a target with a probability, (draw,), free of sight."""
    wanted = required_snr_ratio(p_detect, radar.reference_p_false, case=swerling_case)
    return critical_slant_range_m(rcs_m2, **_told_of(radar, losses), required_snr_ratio=wanted)


def echo_of(radar: Radar[FloatArray], rcs_m2: FloatArray, swerling_case: int, losses: Losses) -> Echo:
    """Tabulate the chance of one look of a radar at a target, (draw,) figures in, free of sight and instrumented range.

    Notes
    -----
    129 knots to the range at which a look detects with 0.005 (or with twice the false-alarm probability, if that is
    more): linear between them, off by less than 4e-4. Looks beyond are left out, which costs less than 0.01 of chance.
    """
    least = np.maximum(LEAST_P_DETECT, 2.0 * radar.reference_p_false)
    step_m = one_look_range_m(radar, rcs_m2, swerling_case, losses, least) / (ECHO_KNOTS - 1)
    range_m = step_m[:, None] * np.maximum(np.arange(ECHO_KNOTS), 0.1)
    told = {name: values.reshape(-1, 1) for name, values in _told_of(radar, losses).items()}
    ratio = snr_ratio_in_air(range_m, rcs_m2[:, None], **told)
    return Echo(step_m, p_above(ratio, threshold(radar.reference_p_false)[:, None], 1, swerling_case))


class LookPeriods(NamedTuple):
    """Time between two independent looks of one radar [s], (draw,): while it searches, and once it is cued."""

    search_s: FloatArray
    cued_s: FloatArray


def look_periods(radar: Radar[FloatArray]) -> LookPeriods:
    """Return how often a radar looks anew: at its frame or at its own rate, never oftener than the echo changes."""
    cued_s = np.maximum(radar.scan_period_s, radar.decorrelation_s)
    return LookPeriods(np.maximum(cued_s, radar.search_frame_s), cued_s)
