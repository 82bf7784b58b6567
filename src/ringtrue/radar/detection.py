"""Detection by one look and by several: Marcum and Swerling, thresholds, M of N, cumulative detection.

A look is ``n_pulses`` samples added behind a square-law detector; the signal-to-noise ratio is that of one sample.
"""

from __future__ import annotations

from math import comb
from typing import TYPE_CHECKING

import numpy as np

from ringtrue.domain import (
    FROM_A_METRE,
    OPEN_PROBABILITY,
    RAID_FROM_ONE,
    RATIO,
    SOME_LENGTH,
    SOME_RATIO,
    SOME_SPEED,
    SOME_TIME,
    checked,
)
from ringtrue.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]

CASES = (0, 1, 2, 3, 4)
MOST_LOOKS = 1_000_000
TABLE_LOWEST_OCTAVE = -12
TABLE_OCTAVES = 32
TABLE_STEPS_PER_OCTAVE = 64


def _check_case(case: int) -> None:
    if not isinstance(case, int | np.integer) or case not in CASES:
        msg = f"case must be one of 0 (steady), 1, 2, 3, 4 (Swerling); given: {case!r}"
        raise DomainError(msg)


def _check(p_false: ArrayLike, case: int) -> FloatArray:
    """Return ``p_false`` as float64, or say that there is no such case."""
    p = np.asarray(p_false, dtype=np.float64)
    _check_case(case)
    return p


@checked()
def threshold(p_false: ArrayLike, n_pulses: int = 1) -> FloatArray:
    """Threshold of the square-law sum in units of the noise power of one sample [1].

    Solves Q(N, T) = Pfa with the regularised incomplete gamma function.

    >>> round(float(threshold(1e-6)), 6)
    13.815511
    """
    from scipy.special import gammainccinv

    return np.asarray(gammainccinv(n_pulses, np.asarray(p_false, dtype=np.float64)))


@checked(case=None)
def p_detect(snr_ratio: ArrayLike, p_false: ArrayLike, n_pulses: int = 1, case: int = 1) -> FloatArray:
    """Probability that one look detects the target: exact for every number of samples.

    Parameters
    ----------
    snr_ratio : array_like
        Mean signal-to-noise ratio of one sample [1], zero or more. Broadcasts with ``p_false``.
    p_false : array_like
        False-alarm probability of the look [1], between 0 and 1.
    n_pulses : int
        Samples added without phase.
    case : int
        0 steady target (Marcum); Swerling 1, 3: the target fluctuates from look to look; 2, 4: from sample to sample.

    Returns
    -------
    ndarray
        Probability [1] in the broadcast shape.

    Notes
    -----
    0: Marcum's Q by the non-central chi-square law. 1: closed form of the exponential mixture. 2: Q(N, T/(1+s)).
    3: from case 1 by its derivative in the mean, since the chi-square law with four degrees of freedom is F + θ·dF/dθ.
    4: binomial mixture of gamma laws (finite sum of positive terms). Absolute error below 1e-10 against 30-digit
    series for N up to 100. Independent samples, known noise: a CFAR loss is a separate loss in dB, never inside p.

    References
    ----------
    Marcum 1960 and Swerling 1960 (IRE Trans. IT-6) for the laws; the forms here are derived in
    ``docs/methods/detection.md``.

    Examples
    --------
    >>> round(float(p_detect(10**1.3, 1e-6)), 10)
    0.5171775611
    """
    return p_above(snr_ratio, threshold(_check(p_false, case), n_pulses), n_pulses, case)


@checked(case=None, limit=RATIO)
def p_above(snr_ratio: ArrayLike, limit: ArrayLike, n_pulses: int = 1, case: int = 1) -> FloatArray:
    """Probability that one look rises above a threshold that `threshold` gave: `p_detect` for many looks at one.

    >>> round(float(p_above(10**1.3, threshold(1e-6))), 10)
    0.5171775611
    """
    _check_case(case)
    snr = np.asarray(snr_ratio, dtype=np.float64)
    return np.clip(LAWS[case](snr, np.asarray(limit, dtype=np.float64), n_pulses), 0.0, 1.0)


def _steady(snr: FloatArray, limit: FloatArray, n: int) -> FloatArray:
    """Marcum's Q; beyond 40 standard deviations above the threshold the answer is 1 to the last bit."""
    from scipy.special import chndtr

    far = n + n * snr - limit > 40.0 * np.sqrt(n + 2.0 * n * snr)
    return np.where(far, 1.0, 1.0 - chndtr(2.0 * limit, 2.0 * n, np.where(far, 0.0, 2.0 * n * snr)))


def _exponential_part(theta: FloatArray, limit: FloatArray, n: int) -> FloatArray:
    """(1 + 1/θ)^(N−1) · P(N−1, Tθ/(1+θ)) · exp(−T/(1+θ)), for N > 1, without overflow at small θ."""
    from scipy.special import gammainc, gammaln, hyp1f1

    x = limit * theta / (1.0 + theta)
    small = x < 0.5
    with np.errstate(divide="ignore"):
        series = np.exp((n - 1) * np.log(limit) - limit - gammaln(n)) * hyp1f1(1.0, n, np.minimum(x, 0.5))
    safe = np.where(small, 1.0, theta)
    log_scale = (n - 1) * np.log1p(1.0 / safe) - limit / (1.0 + safe)
    mass = gammainc(n - 1, limit * safe / (1.0 + safe))
    with np.errstate(divide="ignore"):
        return np.where(small, series, np.exp(log_scale + np.log(mass)))


def _swerling_1(snr: FloatArray, limit: FloatArray, n: int) -> FloatArray:
    from scipy.special import gammaincc

    if n == 1:
        return np.exp(-limit / (1.0 + snr))
    return np.asarray(gammaincc(n - 1, limit) + _exponential_part(n * snr, limit, n))


def _swerling_2(snr: FloatArray, limit: FloatArray, n: int) -> FloatArray:
    from scipy.special import gammaincc

    return np.asarray(gammaincc(n, limit / (1.0 + snr)))


def _swerling_3(snr: FloatArray, limit: FloatArray, n: int) -> FloatArray:
    from scipy.special import gammaincc, gammaln

    if n == 1:
        return _swerling_4(snr, limit, 1)
    theta = n * snr / 2.0
    slope = 1.0 + theta * limit / (1.0 + theta) ** 2 - (n - 1) / (1.0 + theta)
    edge = np.exp((n - 1) * np.log(limit) - limit - gammaln(n - 1)) / (1.0 + theta)
    return np.asarray(gammaincc(n - 1, limit) + _exponential_part(theta, limit, n) * slope + edge)


def _swerling_4(snr: FloatArray, limit: FloatArray, n: int) -> FloatArray:
    from scipy.special import gammaincc, gammaln, xlog1py, xlogy

    half = snr / 2.0
    scaled = limit / (1.0 + half)
    total = np.zeros(np.broadcast(snr, limit).shape)
    for k in range(n + 1):
        log_choose = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
        total = total + np.exp(log_choose + xlogy(k, half) - xlog1py(n, half)) * gammaincc(n + k, scaled)
    return total


LAWS: dict[int, Callable[[FloatArray, FloatArray, int], FloatArray]] = {
    0: _steady,
    1: _swerling_1,
    2: _swerling_2,
    3: _swerling_3,
    4: _swerling_4,
}


@checked(case=None, p_detect=OPEN_PROBABILITY)
def required_snr_ratio(p_detect: ArrayLike, p_false: ArrayLike, n_pulses: int = 1, case: int = 1) -> FloatArray:
    """Signal-to-noise ratio of one sample that gives the wanted detection probability: inverse of ``p_detect``.

    Parameters
    ----------
    p_detect, p_false : array_like
        Wanted detection and false-alarm probability [1], p_false < p_detect < 1. They broadcast.
    n_pulses, case : int
        As in ``p_detect``.

    Returns
    -------
    ndarray
        Ratio [1]. Case 2, and case 1 for one sample, in closed form; else by bisection between −60 and +100 dB,
        to 1e-13 of the ratio in dB.

    Examples
    --------
    >>> round(float(10 * np.log10(required_snr_ratio(0.9, 1e-6, case=0))), 9)
    13.183490057
    """
    from scipy.special import gammainccinv

    wanted, false = np.broadcast_arrays(np.asarray(p_detect, dtype=np.float64), _check(p_false, case))
    if not ((wanted > false) & (wanted < 1)).all():
        msg = (
            f"p_detect must lie above p_false and below 1; given p_detect {wanted.min():g} to {wanted.max():g}, "
            f"p_false {false.min():g} to {false.max():g}"
        )
        raise DomainError(msg)
    limit = threshold(false, n_pulses)
    if case == 2 or (case == 1 and n_pulses == 1):
        return np.asarray(limit / gammainccinv(n_pulses, wanted) - 1.0)
    low = np.full(wanted.shape, np.log(1e-6))
    high = np.full(wanted.shape, np.log(1e10))
    for _ in range(60):
        middle = 0.5 * (low + high)
        enough = LAWS[case](np.exp(middle), limit, n_pulses) >= wanted
        high = np.where(enough, middle, high)
        low = np.where(enough, low, middle)
    return np.asarray(np.exp(0.5 * (low + high)))


def required_snr_db(p_detect: ArrayLike, p_false: ArrayLike, n_pulses: int = 1, case: int = 1) -> FloatArray:
    """``required_snr_ratio`` in dB, as tables print it.

    >>> round(float(required_snr_db(0.9, 1e-6)), 4)
    21.1436
    """
    return np.asarray(10.0 * np.log10(required_snr_ratio(p_detect, p_false, n_pulses, case)), dtype=np.float64)


def range_penalty(
    p_detect: ArrayLike, p_false: ArrayLike, n_pulses: int = 1, case: int = 1, against: int = 0
) -> FloatArray:
    """Share of the range that fluctuation leaves: range in ``case`` over range in case ``against`` [1].

    >>> round(float(range_penalty(0.9, 1e-6)), 6)
    0.632406
    """
    more = required_snr_ratio(p_detect, p_false, n_pulses, case)
    return (more / required_snr_ratio(p_detect, p_false, n_pulses, against)) ** -0.25


@checked(m=RAID_FROM_ONE, n=RAID_FROM_ONE)
def m_of_n(p: ArrayLike, m: int, n: int) -> FloatArray:
    """Probability that at least ``m`` of ``n`` independent looks succeed, each with probability ``p`` [1].

    >>> round(float(m_of_n(0.6, 3, 5)), 5)
    0.68256
    """
    _check_m_of_n(m, n)
    one = np.asarray(p, dtype=np.float64)
    total = np.zeros(one.shape)
    for k in range(m, n + 1):
        total = total + comb(n, k) * one**k * (1.0 - one) ** (n - k)
    return total


def _check_m_of_n(m: int, n: int) -> None:
    if not 1 <= m <= n:
        msg = f"m of n needs 1 <= m <= n; given: {m} of {n}"
        raise DomainError(msg)


@checked(m=RAID_FROM_ONE, n=RAID_FROM_ONE)
def p_for_m_of_n(p_confirmed: ArrayLike, m: int, n: int) -> FloatArray:
    """Probability of one look at which ``m`` of ``n`` succeed with probability ``p_confirmed``: inverse of ``m_of_n``.

    >>> round(float(p_for_m_of_n(0.5, 2, 3)), 12)
    0.5
    """
    from scipy.special import betaincinv

    _check_m_of_n(m, n)
    return np.asarray(betaincinv(m, n - m + 1, np.asarray(p_confirmed, dtype=np.float64)))


def critical_snr(
    p_confirm: ArrayLike = 0.5,
    m: int = 2,
    n: int = 3,
    p_false: ArrayLike = 1e-6,
    case: int = 1,
    n_pulses: int = 1,
) -> FloatArray:
    """Signal-to-noise ratio [1] of a look at which ``m`` of ``n`` looks confirm with probability ``p_confirm``.

    ``p_false`` belongs to one look; the chance that noise alone confirms is ``m_of_n(p_false, m, n)``.

    >>> round(float(10 * np.log10(critical_snr(0.5, 2, 3, 1e-6, 1))), 4)
    12.7719
    """
    return required_snr_ratio(p_for_m_of_n(p_confirm, m, n), p_false, n_pulses, case)


@checked(m=RAID_FROM_ONE, n=RAID_FROM_ONE)
def mean_looks_to_confirm(p: ArrayLike, m: int, n: int) -> FloatArray:
    """Mean number of looks until ``m`` of the last ``n`` have succeeded, starting with none [1].

    Parameters
    ----------
    p : array_like
        Probability of one look, above 0; looks are independent.
    m, n : int
        At least m of the last n, n up to 12.

    Raises
    ------
    DomainError
        n above 12, or confirmation so rare (p^m below 1e-10) that the equations lose their digits.

    Notes
    -----
    Markov chain whose state is the last n−1 looks; the mean times solve a linear system of 2^(n−1) equations.

    Examples
    --------
    >>> round(float(mean_looks_to_confirm(0.5, 2, 3)), 6)
    4.666667
    """
    _check_m_of_n(m, n)
    one = np.asarray(p, dtype=np.float64)
    if n > 12 or not (one**m >= 1e-10).all():
        msg = (
            f"mean_looks_to_confirm needs n <= 12 and p^m of 1e-10 or more (beyond, the mean is of the order of p^-m "
            f"looks); given p from {np.min(one, initial=1.0):g}, m {m}, n {n}"
        )
        raise DomainError(msg)
    n_states = 2 ** (n - 1)
    keep = n_states - 1
    system = np.broadcast_to(np.eye(n_states), (*one.shape, n_states, n_states)).copy()
    for state in range(n_states):
        system[..., state, (state << 1) & keep] -= 1.0 - one
        if state.bit_count() + 1 < m:
            system[..., state, ((state << 1) | 1) & keep] -= one
    times = np.linalg.solve(system, np.ones((*one.shape, n_states, 1)))
    return np.asarray(times[..., 0, 0])


@checked()
def cumulative(p: ArrayLike) -> FloatArray:
    """Probability that the target has been detected at least once by each look of a track.

    Parameters
    ----------
    p : (..., look) array_like
        Probability of each look [1], in the order of time; looks are independent.

    Returns
    -------
    (..., look) ndarray
        1 − Π(1 − p) up to and with that look.

    Examples
    --------
    >>> cumulative([0.5, 0.5]).tolist()
    [0.5, 0.75]
    """
    return np.asarray(1.0 - np.cumprod(1.0 - _looks(p), axis=-1))


def _looks(p: ArrayLike) -> FloatArray:
    one = np.asarray(p, dtype=np.float64)
    if one.ndim == 0:
        msg = f"p must be a list of looks, one probability each; given the single number {float(one):g}"
        raise DomainError(msg)
    return one


@checked()
def fuse(p: ArrayLike) -> FloatArray:
    """Probability that at least one of several independent looks or sites detects; the last axis counts them.

    >>> round(float(fuse([0.6, 0.7])), 12)
    0.88
    """
    return np.asarray(1.0 - np.prod(1.0 - _looks(p), axis=-1))


@checked(
    at_range_m=FROM_A_METRE,
    first_range_m=FROM_A_METRE,
    speed_mps=SOME_SPEED,
    look_s=SOME_TIME,
    reference_range_m=SOME_LENGTH,
    reference_snr_ratio=SOME_RATIO,
    case=None,
)
def closing_cumulative(
    at_range_m: ArrayLike,
    *,
    first_range_m: float,
    speed_mps: float,
    look_s: float,
    reference_range_m: float,
    reference_snr_ratio: float,
    p_false: float,
    n_pulses: int = 1,
    case: int = 1,
) -> FloatArray:
    """Probability that a target closing straight in has been detected by the time it is at ``at_range_m``.

    Parameters
    ----------
    at_range_m : array_like
        Slant ranges [m]; a look exactly there counts.
    first_range_m, speed_mps, look_s : float
        Range of the first look [m], closing speed [m/s], time between looks [s].
    reference_range_m, reference_snr_ratio : float
        Range at which one sample has that ratio; it grows with the fourth power as the range falls.

    Examples
    --------
    >>> round(float(closing_cumulative(120e3, first_range_m=150e3, speed_mps=300.0, look_s=10.0,
    ...     reference_range_m=100e3, reference_snr_ratio=10**1.3, p_false=1e-6)), 8)
    0.83918628
    """
    at = np.asarray(at_range_m, dtype=np.float64)
    step_m = speed_mps * look_s
    if first_range_m / step_m > MOST_LOOKS:
        msg = f"a look every {step_m:g} m from {first_range_m:g} m makes more than {MOST_LOOKS:,} looks; give fewer"
        raise DomainError(msg)
    n_looks = np.floor((first_range_m - at) / step_m + 1e-9).astype(int) + 1
    look_range_m = first_range_m - step_m * np.arange(max(int(n_looks.max(initial=0)), 1))
    snr = np.minimum(reference_snr_ratio * (reference_range_m / look_range_m) ** 4, 1e30)
    p = p_detect(snr, p_false, n_pulses, case)
    seen = np.concatenate(([0.0], cumulative(p)))
    return np.asarray(seen[np.maximum(n_looks, 0)])


@checked()
def coherent_p_detect(snr_ratio: ArrayLike, p_false: ArrayLike, *, signal: str = "complex") -> FloatArray:
    """Detection probability of a known signal in white noise (Neyman–Pearson, phase known).

    Parameters
    ----------
    snr_ratio, p_false : array_like
        Signal power over noise power [1] and false-alarm probability [1]; they broadcast.
    signal : {"complex", "real"}
        Whether half or all of the noise power lies along the signal.

    Notes
    -----
    Pd = Q(Q⁻¹(Pfa) − √(2·SNR)) for a complex, Q(Q⁻¹(Pfa) − √SNR) for a real signal, Q the normal tail.

    References
    ----------
    sdr 0.0.17, ``sdr.p_d``.

    Examples
    --------
    >>> round(float(coherent_p_detect(10**0.3, 0.1)), 12)
    0.763028464192
    """
    from scipy.special import ndtr, ndtri

    gain = _signal_gain(signal)
    return np.asarray(
        ndtr(ndtri(np.asarray(p_false, dtype=np.float64)) + np.sqrt(gain * np.asarray(snr_ratio, dtype=np.float64)))
    )


@checked()
def coherent_threshold(p_false: ArrayLike, *, signal: str = "complex") -> FloatArray:
    """Threshold of the coherent detector in units of the noise amplitude (noise of unit power) [1].

    >>> round(float(coherent_threshold(0.1)), 12)
    0.906193802437
    """
    from scipy.special import ndtri

    return np.asarray(-ndtri(np.asarray(p_false, dtype=np.float64)) / np.sqrt(_signal_gain(signal)))


_SIGNAL_GAIN = {"complex": 2.0, "real": 1.0}


def _signal_gain(signal: str) -> float:
    if not isinstance(signal, str) or signal not in _SIGNAL_GAIN:
        msg = f"signal must be 'complex' or 'real'; given: {signal!r}"
        raise DomainError(msg)
    return _SIGNAL_GAIN[signal]


def coherent_threshold_db(p_false: ArrayLike, *, signal: str = "real") -> FloatArray:
    """Coherent threshold as a signal-to-noise ratio [dB], 20·log10 of ``coherent_threshold``.

    >>> round(float(coherent_threshold_db(0.01)), 4)
    7.3335
    """
    limit = coherent_threshold(p_false, signal=signal)
    if not (limit > 0).all():
        msg = "p_false must be below 0.5: from there on the coherent threshold is not above zero and has no decibels"
        raise DomainError(msg)
    return np.asarray(20.0 * np.log10(limit), dtype=np.float64)


def threshold_db(p_false: ArrayLike, n_pulses: int = 1) -> FloatArray:
    """Square-law threshold as a signal-to-noise ratio [dB], 10·log10 of ``threshold``.

    >>> round(float(threshold_db(1e-6, 10)), 6)
    15.146851
    """
    return np.asarray(10.0 * np.log10(threshold(p_false, n_pulses)), dtype=np.float64)


@checked()
def north_p_detect(snr_ratio: ArrayLike, p_false: ArrayLike) -> FloatArray:
    """North's approximation for a steady target and one sample: ½·erfc(√(−ln Pfa) − √(SNR + ½)). A check only.

    >>> round(float(north_p_detect(10**1.318349, 1e-6)), 6)
    0.898392
    """
    from scipy.special import erfc

    root = np.sqrt(-np.log(np.asarray(p_false, dtype=np.float64)))
    return np.asarray(0.5 * erfc(root - np.sqrt(np.asarray(snr_ratio, dtype=np.float64) + 0.5)))


@checked(p_detect=OPEN_PROBABILITY)
def albersheim_snr_db(p_detect: ArrayLike, p_false: ArrayLike, n_pulses: int = 1) -> FloatArray:
    """Albersheim's required ratio [dB] of one sample: steady target, *linear* detector. A check only.

    Quoted for 0.1 ≤ Pd ≤ 0.9, 1e-7 ≤ Pfa ≤ 1e-3, N ≤ 8096. Measured there against the exact square
    law: within 0.34 dB for Pd ≥ 0.3 (0.08 dB for one sample and Pd ≥ 0.5), 0.9 dB low at Pd 0.2, 4.1 dB low at Pd 0.1
    and Pfa 1e-3.

    References
    ----------
    Formula as in MATLAB ``albersheim`` and sdr; a circulating misprint exchanges two coefficients.

    Examples
    --------
    >>> round(float(albersheim_snr_db(0.9, 1e-6)), 6)
    13.114544
    """
    p = np.asarray(p_detect, dtype=np.float64)
    a = np.log(0.62 / np.asarray(p_false, dtype=np.float64))
    b = np.log(p / (1.0 - p))
    slope = 6.2 + 4.54 / np.sqrt(n_pulses + 0.44)
    return np.asarray(-5.0 * np.log10(n_pulses) + slope * np.log10(_above_zero(a + 0.12 * a * b + 1.7 * b)))


def _above_zero(value: FloatArray) -> FloatArray:
    """Return the number whose logarithm an approximation takes, or say that it has none."""
    if not (value > 0).all():
        msg = "the approximation has no value for so small a p_detect at so large a p_false; use required_snr_db"
        raise DomainError(msg)
    return value


@checked(p_detect=OPEN_PROBABILITY, case=None)
def shnidman_snr_db(p_detect: ArrayLike, p_false: ArrayLike, n_pulses: int = 1, case: int = 1) -> FloatArray:
    """Shnidman's required ratio [dB] of one sample, all cases, square-law detector. A check only.

    Quoted for 0.1 ≤ Pd ≤ 0.99, 1e-9 ≤ Pfa ≤ 1e-3, N ≤ 100. Measured there against the exact law: within 0.30 dB for the
    steady target, 1.17 dB in case 1 and 1.12 dB in case 2 (both ends of Pd, few samples), 0.82 dB in case 3, 0.57 dB in
    case 4.

    References
    ----------
    Formula as in MATLAB ``shnidman`` and sdr.

    Examples
    --------
    >>> round(float(shnidman_snr_db(0.9, 1e-6)), 6)
    21.346083
    """
    p = np.asarray(p_detect, dtype=np.float64)
    false = _check(p_false, case)
    n = float(n_pulses)
    k = {0: np.inf, 1: 1.0, 2: n, 3: 2.0, 4: 2.0 * n}[case]
    alpha = 0.0 if n < 40 else 0.25
    eta = np.sqrt(-0.8 * np.log(4.0 * false * (1.0 - false)))
    eta = eta + np.sign(p - 0.5) * np.sqrt(np.maximum(-0.8 * np.log(4.0 * p * (1.0 - p)), 0.0))
    excess = eta * (eta + 2.0 * np.sqrt(n / 2.0 + (alpha - 0.25)))
    c1 = (((17.7006 * p - 18.4496) * p + 14.5339) * p - 3.525) / k
    c2 = (np.exp(27.31 * p - 25.14) + (p - 0.8) * (0.7 * np.log(1e-5 / false) + (2.0 * n - 20.0) / 80.0)) / k
    correction_db = np.where(p > 0.872, c1 + c2, c1)
    return np.asarray(correction_db + 10.0 * np.log10(_above_zero(excess / n)))


def table_snr_ratio() -> FloatArray:
    """Knots of the look-up table: 64 to an octave from 2⁻¹² to 2²⁰ (−36 to +60 dB, at most 0.07 dB apart) [1].

    >>> knots = table_snr_ratio()
    >>> knots.size, float(knots[-1]) == 2.0**20
    (2049, True)
    """
    octave = np.arange(TABLE_OCTAVES)[:, None] + TABLE_LOWEST_OCTAVE
    step = np.arange(TABLE_STEPS_PER_OCTAVE)[None, :]
    knots = (2.0**octave * (1.0 + step / TABLE_STEPS_PER_OCTAVE)).ravel()
    return np.append(knots, 2.0 ** (TABLE_LOWEST_OCTAVE + TABLE_OCTAVES))


def pd_table(p_false: float, n_pulses: int = 1, case: int = 1) -> FloatArray:
    """Exact detection probabilities at the knots of ``table_snr_ratio``, for ``radar._kernels.look_up_p_detect``.

    Parameters
    ----------
    p_false, n_pulses, case
        As in ``p_detect``, one detector.

    Returns
    -------
    (2049,) ndarray
        Probability at each knot [1]. Linear interpolation between them is off by less than 3e-4 for n_pulses up to 100
        and p_false from 1e-8 to 1e-2; a ratio off the table gets the value at its end.

    Examples
    --------
    >>> pd_table(1e-6).shape
    (2049,)
    """
    return p_detect(table_snr_ratio(), p_false, n_pulses, case)


# what a case file of `ringtrue verify` may call here: these compute from numbers, and neither read nor write
FOR_CASES = (
    "threshold",
    "p_detect",
    "p_above",
    "required_snr_ratio",
    "required_snr_db",
    "range_penalty",
    "m_of_n",
    "p_for_m_of_n",
    "critical_snr",
    "mean_looks_to_confirm",
    "cumulative",
    "fuse",
    "closing_cumulative",
    "coherent_p_detect",
    "coherent_threshold",
    "coherent_threshold_db",
    "threshold_db",
    "north_p_detect",
    "albersheim_snr_db",
    "shnidman_snr_db",
    "table_snr_ratio",
)
