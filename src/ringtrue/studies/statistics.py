"""Intervals of a counted share, runs needed, and the triangular law, which a split triangle of equal arms is."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringtrue.domain import AMOUNT, FROM_ONE_MANY, HALF_WIDTH, MANY, NUMBER, OPEN_PROBABILITY, PROBABILITY, checked
from ringtrue.errors import DomainError

FloatArray = NDArray[np.float64]


class Interval(NamedTuple):
    """Two ends of a confidence interval."""

    low: float
    high: float


class Moments(NamedTuple):
    """Mean and standard deviation, in the unit of what was given."""

    mean: float
    sd: float


def _normal_quantile(level: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(0.5 + level / 2.0))


def _require_counts(n_successes: int, n_trials: int) -> None:
    if n_successes > n_trials:
        msg = f"wanted 0 <= successes <= trials and at least one trial; given: {n_successes} of {n_trials}"
        raise DomainError(msg)


@checked(n_trials=FROM_ONE_MANY, n_successes=MANY, level=OPEN_PROBABILITY)
def wilson_interval(n_successes: int, n_trials: int, level: float = 0.95) -> Interval:
    """Wilson's score interval of a share.

    Parameters
    ----------
    n_successes, n_trials : int
        Counts, 0 <= successes <= trials, one trial or more.
    level : float
        Confidence level [1].

    Returns
    -------
    Interval
        Low and high end of the share [1].

    Raises
    ------
    DomainError
        The counts or the level make no sense.

    References
    ----------
    E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209.

    Examples
    --------
    >>> tuple(round(v, 5) for v in wilson_interval(9, 12))
    (0.46769, 0.91106)
    """
    _require_counts(n_successes, n_trials)
    z = _normal_quantile(level)
    p = n_successes / n_trials
    centre = p + z * z / (2.0 * n_trials)
    half = z * math.sqrt(p * (1.0 - p) / n_trials + z * z / (4.0 * n_trials**2))
    scale = 1.0 + z * z / n_trials
    return Interval((centre - half) / scale, (centre + half) / scale)


@checked(n_trials=FROM_ONE_MANY, n_successes=MANY, level=OPEN_PROBABILITY)
def clopper_pearson_interval(n_successes: int, n_trials: int, level: float = 0.95) -> Interval:
    """Clopper and Pearson's exact interval of a share; never short of its level, so wider than Wilson's.

    Parameters, return value and errors as for `wilson_interval`.

    References
    ----------
    C. J. Clopper, E. S. Pearson, Biometrika 26 (1934) 404.

    Examples
    --------
    >>> tuple(round(v, 5) for v in clopper_pearson_interval(9, 12))
    (0.42814, 0.94514)
    """
    from scipy.special import betaincinv

    _require_counts(n_successes, n_trials)
    tail = (1.0 - level) / 2.0
    n_failures = n_trials - n_successes
    low = float(betaincinv(n_successes, n_failures + 1, tail)) if n_successes else 0.0
    high = float(betaincinv(n_successes + 1, n_failures, 1.0 - tail)) if n_failures else 1.0
    return Interval(low, high)


@checked(half_width=HALF_WIDTH, level=OPEN_PROBABILITY)
def runs_needed(p: float, half_width: float, level: float = 0.95) -> int:
    """Replications after which a share near ``p`` is known to ± ``half_width``.

    n = z² p (1 − p) / half_width², rounded up (normal approximation; poor where n·p or n·(1 − p) is below about 10).

    >>> runs_needed(0.2, 0.01)
    6147
    """
    return max(1, math.ceil(_normal_quantile(level) ** 2 * p * (1.0 - p) / half_width**2))


def _require_order(low: float, nominal: float, high: float) -> None:
    if not low <= nominal <= high:
        msg = f"low <= nominal <= high does not hold: {low:g}, {nominal:g}, {high:g}"
        raise DomainError(msg)


@checked(p=PROBABILITY, low=NUMBER, mode=NUMBER, high=NUMBER)
def triangular_quantile(p: FloatArray, low: float, mode: float, high: float) -> FloatArray:
    """Value below which the share ``p`` of a triangular distribution lies.

    Parameters
    ----------
    p : array
        Probabilities [1], from 0 to 1.
    low, mode, high : float
        Ends and peak, in rising order; all alike is allowed.

    Notes
    -----
    F(x) = (x - a)^2 / ((b - a)(c - a)) below the mode c, and 1 - (b - x)^2 / ((b - a)(b - c)) above it.

    Examples
    --------
    >>> [round(float(x), 6) for x in triangular_quantile(np.array([0.05, 0.5, 0.95]), 40.0, 45.0, 100.0)]
    [43.872983, 59.379808, 87.154767]
    """
    _require_order(low, mode, high)
    shares = np.asarray(p, dtype=np.float64)
    width = high - low
    if width == 0.0:
        return np.full(shares.shape, mode, dtype=np.float64)
    rising = low + np.sqrt(shares) * math.sqrt(width) * math.sqrt(mode - low)
    falling = high - np.sqrt(1.0 - shares) * math.sqrt(width) * math.sqrt(high - mode)
    return np.where(shares <= (mode - low) / width, rising, falling)


@checked(low=NUMBER, nominal=NUMBER, high=NUMBER)
def triangular_moments(low: float, nominal: float, high: float) -> Moments:
    """Mean and standard deviation of the triangular spread with mode ``nominal``.

    mean = (a + c + b)/3, variance = (a² + b² + c² − ab − ac − bc)/18.

    >>> tuple(round(v, 6) for v in triangular_moments(40, 45, 100))
    (61.666667, 13.591255)
    """
    _require_order(low, nominal, high)
    whole, part = high - low, nominal - low  # differences first: no digits are lost where the ends are close
    return Moments((low + nominal + high) / 3.0, math.sqrt((whole * (whole - part) + part**2) / 18.0))


@checked(low=NUMBER, nominal=NUMBER, high=NUMBER, weight=AMOUNT)
def pert_moments(low: float, nominal: float, high: float, weight: float = 4.0) -> Moments:
    """Mean and standard deviation of the PERT spread (a beta law with mode ``nominal`` and shape ``weight``).

    mean = (a + λc + b)/(λ + 2); variance = (mean − a)(b − mean)/(λ + 3).

    >>> tuple(round(v, 6) for v in pert_moments(40, 45, 100))
    (53.333333, 9.42809)
    """
    _require_order(low, nominal, high)
    mean = (low + weight * nominal + high) / (weight + 2.0)
    return Moments(mean, math.sqrt(max((mean - low) * (high - mean), 0.0) / (weight + 3.0)))


# what a case file of `ringtrue verify` may call here: these compute from numbers, and neither read nor write
FOR_CASES = (
    "wilson_interval", "clopper_pearson_interval", "runs_needed", "triangular_quantile", "triangular_moments",
    "pert_moments",
)  # fmt: skip
