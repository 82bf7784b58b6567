"""Estimators of sensitivity indices for functions that run at any point: Sobol (variance) and Morris (screening).

Of studies, `sensitivity` alone prints such indices, of findings (`studies.doubt.sobol`); every other share that the
program prints comes out of draws that exist already, by `ringtrue.sensing.deciding`. Both kinds are held against the
same closed forms here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.domain import AMOUNT, FROM_ONE, INPUTS, NUMBER, SHARE, checked
from ringtrue.errors import DomainError
from ringtrue.rng import stream
from ringtrue.sensing.deciding import first_order_share

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]


MOST_POINTS = 2**20


class SobolIndices(NamedTuple):
    """First-order and total share of variance, one value per input."""

    first: FloatArray
    total: FloatArray


@checked(n_inputs=INPUTS, n_base=None)
def sobol_indices(
    function: Callable[[FloatArray], FloatArray], n_inputs: int, *, n_base: int = 8192, seed: int = 1
) -> SobolIndices:
    """Sobol indices of a function of independent uniform inputs.

    Parameters
    ----------
    function : callable
        Takes a (point, input) array in the unit cube, returns a (point,) array.
    n_inputs : int
        Inputs of the function.
    n_base : int
        Base points, a power of two; the function is run n_base·(n_inputs + 2) times.
    seed : int
        Of the scrambling.

    Returns
    -------
    SobolIndices
        (input,) arrays [1].

    Raises
    ------
    DomainError
        ``n_base`` is no power of two.

    Notes
    -----
    Scrambled Sobol points; S_i = mean(f_B·(f_AB_i − f_A))/Var (Saltelli 2010), ST_i = mean((f_A − f_AB_i)²)/(2·Var)
    (Jansen 1999), outputs centred first.

    Examples
    --------
    >>> np.round(sobol_indices(lambda x: x @ np.array([1.0, 2.0, 3.0]), 3, n_base=1024).first * 14, 1).tolist()
    [1.0, 4.0, 9.0]
    """
    if not isinstance(n_base, int | np.integer) or not 2 <= n_base <= MOST_POINTS or n_base & (n_base - 1):
        msg = f"n_base must be a power of two up to {MOST_POINTS:,}; given: {n_base!r}"
        raise DomainError(msg)
    from scipy.stats import qmc

    points = qmc.Sobol(2 * n_inputs, rng=stream(seed, "studies/indices/sobol")).random(n_base)
    a, b = points[:, :n_inputs], points[:, n_inputs:]
    f_a, f_b = _one_each(function(a), n_base), _one_each(function(b), n_base)
    centre = 0.5 * (f_a.mean() + f_b.mean())
    f_a, f_b = f_a - centre, f_b - centre
    variance = 0.5 * (np.mean(f_a**2) + np.mean(f_b**2))
    if variance == 0.0:
        msg = "the function gives one value everywhere: there is no variance to share out"
        raise DomainError(msg)
    first, total = np.empty(n_inputs), np.empty(n_inputs)
    for i in range(n_inputs):
        mixed = a.copy()
        mixed[:, i] = b[:, i]
        f_mixed = function(mixed) - centre
        first[i] = np.mean(f_b * (f_mixed - f_a)) / variance
        total[i] = 0.5 * np.mean((f_a - f_mixed) ** 2) / variance
    return SobolIndices(first, total)


def _one_each(values: FloatArray, n_points: int) -> FloatArray:
    """Return what a function gave, one finite value for each point, or say that it did not."""
    found = np.asarray(values, dtype=np.float64)
    if found.shape != (n_points,) or not np.isfinite(found).all():
        msg = f"the function must give one finite number for each of {n_points} points; it gave shape {found.shape}"
        raise DomainError(msg)
    return found


@checked(n_inputs=INPUTS, n_trajectories=FROM_ONE, n_levels=FROM_ONE)
def morris_mean_effect(
    function: Callable[[FloatArray], FloatArray],
    n_inputs: int,
    *,
    n_trajectories: int = 1000,
    n_levels: int = 4,
    seed: int = 1,
) -> FloatArray:
    """Morris's μ*: mean absolute elementary effect of each input over random trajectories on a grid of the unit cube.

    Parameters
    ----------
    function, n_inputs, seed
        As in `sobol_indices`.
    n_trajectories, n_levels : int
        Trajectories (each n_inputs + 1 runs) and grid levels (even); the step is n_levels / (2·(n_levels − 1)).

    Returns
    -------
    (input,) ndarray
        μ* in the unit of the function per unit of the cube.

    References
    ----------
    M. D. Morris, Technometrics 33 (1991) 161; Campolongo et al., Environ. Model. Softw. 22 (2007) 1509.

    Examples
    --------
    >>> morris_mean_effect(lambda x: x[:, 0] + 2.0 * x[:, 1], 2, n_trajectories=10).round(9).tolist()
    [1.0, 2.0]
    """
    if n_levels < 2 or n_levels % 2:
        msg = f"n_levels must be even; given: {n_levels}"
        raise DomainError(msg)
    generator = stream(seed, "studies/indices/morris")
    step = n_levels / (2.0 * (n_levels - 1.0))
    low = generator.integers(0, n_levels // 2, size=(n_trajectories, n_inputs)) / (n_levels - 1.0)
    starts_high = generator.random((n_trajectories, n_inputs)) < 0.5
    order = np.argsort(generator.random((n_trajectories, n_inputs)), axis=1)
    x = low + step * starts_high
    rows = np.arange(n_trajectories)
    before = _one_each(function(x), n_trajectories)
    effect = np.zeros((n_trajectories, n_inputs))
    for k in range(n_inputs):
        i = order[:, k]
        x = x.copy()
        x[rows, i] += np.where(starts_high[rows, i], -step, step)
        after = function(x)
        effect[rows, i] = np.abs(after - before) / step
        before = after
    return np.asarray(effect.mean(axis=0))


@checked(fit=False, unit_points=SHARE, a=AMOUNT, b=AMOUNT)
def ishigami(unit_points: FloatArray, a: float = 7.0, b: float = 0.1) -> FloatArray:
    """Ishigami's function of three angles, the unit cube stretched over (−π, π): sin x1 + a·sin² x2 + b·x3⁴·sin x1."""
    points = np.asarray(unit_points, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != 3:
        msg = f"unit_points must be a table of three columns; given shape {points.shape}"
        raise DomainError(msg)
    x = np.pi * (2.0 * points - 1.0)
    return np.asarray(np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0]))


class IshigamiMoments(NamedTuple):
    """Closed form of Ishigami's function: mean, variance, first-order shares, S13, total shares."""

    mean: float
    variance: float
    first: tuple[float, float, float]
    second_13: float
    total: tuple[float, float, float]


@checked(a=AMOUNT, b=AMOUNT)
def ishigami_moments(a: float = 7.0, b: float = 0.1) -> IshigamiMoments:
    """Mean, variance and indices of Ishigami's function in closed form.

    >>> round(ishigami_moments().variance, 9)
    13.844587941
    """
    v1 = 0.5 * (1.0 + b * np.pi**4 / 5.0) ** 2
    v2 = a**2 / 8.0
    v13 = b**2 * np.pi**8 * (1.0 / 18.0 - 1.0 / 50.0)
    v = v1 + v2 + v13
    return IshigamiMoments(a / 2.0, v, (v1 / v, v2 / v, 0.0), v13 / v, ((v1 + v13) / v, v2 / v, v13 / v))


def sobol_of_ishigami(n_base: int = 8192, seed: int = 1) -> SobolIndices:
    """Estimated indices of Ishigami's function (a 7, b 0.1), for the validation table."""
    return sobol_indices(ishigami, 3, n_base=n_base, seed=seed)


def _one_row(coefficients: FloatArray) -> FloatArray:
    weights = np.asarray(coefficients, dtype=np.float64)
    if weights.ndim != 1:
        msg = f"coefficients must be a list of numbers; given shape {weights.shape}"
        raise DomainError(msg)
    return weights


@checked(coefficients=NUMBER)
def sobol_of_linear(coefficients: FloatArray, n_base: int = 8192, seed: int = 1) -> SobolIndices:
    """Estimated indices of a weighted sum of uniform inputs, for the validation table."""
    weights = _one_row(coefficients)
    return sobol_indices(lambda x: x @ weights, weights.size, n_base=n_base, seed=seed)


def morris_of_ishigami(n_trajectories: int = 1000, seed: int = 1) -> FloatArray:
    """Estimated μ* of Ishigami's function on four levels, for the validation table."""
    return morris_mean_effect(ishigami, 3, n_trajectories=n_trajectories, n_levels=4, seed=seed)


@checked(n_inputs=INPUTS, n_draws=FROM_ONE)
def binned_shares(
    function: Callable[[FloatArray], FloatArray], n_inputs: int, *, n_draws: int = 20_000, seed: int = 1
) -> FloatArray:
    """First-order shares as every study estimates them, out of plain draws and bins (`sensing.deciding`); (input,).

    >>> np.round(binned_shares(lambda x: x @ np.array([1.0, 2.0, 3.0]), 3), 2).tolist()
    [0.07, 0.28, 0.64]
    """
    drawn = stream(seed, "studies/indices/binned").random((n_draws, n_inputs))
    shares = first_order_share({f"x{i}": drawn[:, i] for i in range(n_inputs)}, function(drawn), n_bootstrap=0)
    found = {s.name: s.share for s in shares}
    return np.array([found[f"x{i}"] for i in range(n_inputs)])


def binned_of_ishigami(n_draws: int = 20_000, seed: int = 1) -> FloatArray:
    """First-order shares of Ishigami's function (a 7, b 0.1) by the estimator of the studies, for the table."""
    return binned_shares(ishigami, 3, n_draws=n_draws, seed=seed)


@checked(coefficients=NUMBER)
def binned_of_linear(coefficients: FloatArray, n_draws: int = 20_000, seed: int = 1) -> FloatArray:
    """First-order shares of a weighted sum of uniform inputs by the estimator of the studies, for the table."""
    weights = _one_row(coefficients)
    return binned_shares(lambda x: x @ weights, weights.size, n_draws=n_draws, seed=seed)


@checked(fit=False, unit_points=SHARE, a=AMOUNT)
def g_function(unit_points: FloatArray, a: FloatArray) -> FloatArray:
    """Sobol's g-function: product over inputs of (|4 u_i - 2| + a_i) / (1 + a_i); the larger a_i, the less u_i matters.

    >>> g_function(np.array([[0.5, 0.25]]), np.array([0.0, 1.0])).tolist(), g_function(np.ones((1, 1)), [1.0]).tolist()
    ([0.0], [1.5])
    """
    points, weights = np.asarray(unit_points, dtype=np.float64), _one_row(a)
    if points.ndim != 2 or points.shape[1] != weights.size:
        msg = f"unit_points must be a table with a column for each a; given shapes {points.shape} and {weights.shape}"
        raise DomainError(msg)
    return np.asarray(((np.abs(4.0 * points - 2.0) + weights) / (1.0 + weights)).prod(axis=1))


class GMoments(NamedTuple):
    """Closed form of Sobol's g-function: mean, variance, first-order and total shares."""

    mean: float
    variance: float
    first: FloatArray
    total: FloatArray


@checked(a=AMOUNT)
def g_function_moments(a: FloatArray) -> GMoments:
    """Mean, variance and indices of Sobol's g-function in closed form; V_i = 1 / (3 (1 + a_i)²).

    >>> g_function_moments(np.array([0.0, 0.0])).first.round(6).tolist()
    [0.428571, 0.428571]

    References
    ----------
    Saltelli and Sobol', About the Use of Rank Transformation in Sensitivity Analysis of Model Output, Reliability
    Engineering and System Safety 50 (1995) 225-239.
    """
    own = 1.0 / (3.0 * (1.0 + _one_row(a)) ** 2)
    variance = float(np.expm1(np.log1p(own).sum()))
    return GMoments(1.0, variance, own / variance, own * np.prod(1.0 + own) / (1.0 + own) / variance)


@checked(a=AMOUNT)
def sobol_of_g(a: FloatArray, n_base: int = 8192, seed: int = 1) -> SobolIndices:
    """Estimated indices of Sobol's g-function, for the validation table."""
    weights = _one_row(a)
    return sobol_indices(lambda x: g_function(x, weights), weights.size, n_base=n_base, seed=seed)


@checked(a=AMOUNT)
def binned_of_g(a: FloatArray, n_draws: int = 20_000, seed: int = 1) -> FloatArray:
    """First-order shares of Sobol's g-function by the estimator of the studies, for the table."""
    weights = _one_row(a)
    return binned_shares(lambda x: g_function(x, weights), weights.size, n_draws=n_draws, seed=seed)


@checked(fit=False, unit_points=SHARE, noise_sd=AMOUNT)
def ishigami_with_luck(unit_points: FloatArray, noise_sd: float) -> FloatArray:
    """Ishigami's function with a stochastic term that grows with its second angle; the fourth column is the luck.

    The term is noise_sd·(√3 x2/π)·w, w standard normal: its variance is noise_sd² on average, its mean 0 at every
    angle, so luck alone explains nothing of the first order, and all it does it does together with x2.
    """
    from scipy.special import ndtri

    points = np.asarray(unit_points, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != 4:
        msg = f"unit_points must be a table of four columns, luck the last; given shape {points.shape}"
        raise DomainError(msg)
    luck = ndtri(np.clip(points[:, 3], 1e-12, 1.0 - 1e-12))
    return np.asarray(ishigami(points[:, :3]) + noise_sd * np.sqrt(3.0) * (2.0 * points[:, 1] - 1.0) * luck)


class LuckyMoments(NamedTuple):
    """Closed form of a function with a stochastic term: variance, first-order and total shares, luck the last."""

    variance: float
    first: FloatArray
    total: FloatArray


@checked(noise_sd=AMOUNT)
def ishigami_with_luck_moments(noise_sd: float) -> LuckyMoments:
    """Variance and indices of `ishigami_with_luck` (a 7, b 0.1) in closed form.

    >>> ishigami_with_luck_moments(2.0).total.round(4).tolist()
    [0.4326, 0.5674, 0.1891, 0.2242]
    """
    plain = ishigami_moments()
    noise = noise_sd**2
    variance = plain.variance + noise
    first = np.array([*plain.first, 0.0]) * plain.variance / variance
    total = (np.array([*plain.total, 0.0]) * plain.variance + np.array([0.0, noise, 0.0, noise])) / variance
    return LuckyMoments(variance, first, total)


@checked(noise_sd=AMOUNT)
def sobol_of_ishigami_with_luck(noise_sd: float, n_base: int = 8192, seed: int = 1) -> SobolIndices:
    """Estimated indices of `ishigami_with_luck`, luck a factor of its own, for the validation table."""
    return sobol_indices(lambda x: ishigami_with_luck(x, noise_sd), 4, n_base=n_base, seed=seed)


@checked(coefficients=NUMBER, noise_sd=AMOUNT)
def sobol_of_linear_with_luck(
    coefficients: FloatArray, noise_sd: float, n_base: int = 8192, seed: int = 1
) -> SobolIndices:
    """Estimated indices of a weighted sum of uniform inputs and normal luck, luck the last, for the table."""
    from scipy.special import ndtri

    weights = _one_row(coefficients)
    n = weights.size
    return sobol_indices(
        lambda x: x[:, :n] @ weights + noise_sd * ndtri(np.clip(x[:, n], 1e-12, 1.0 - 1e-12)),
        n + 1, n_base=n_base, seed=seed,
    )  # fmt: skip


@checked(coefficients=NUMBER, noise_sd=AMOUNT)
def linear_with_luck_moments(coefficients: FloatArray, noise_sd: float) -> LuckyMoments:
    """Variance and indices of a weighted sum of uniform inputs and normal luck in closed form.

    >>> linear_with_luck_moments(np.array([1.0, 2.0, 3.0]), 0.5).first.round(4).tolist()
    [0.0588, 0.2353, 0.5294, 0.1765]
    """
    parts = np.append(_one_row(coefficients) ** 2 / 12.0, noise_sd**2)
    variance = float(parts.sum())
    if variance == 0.0:
        msg = "coefficients and noise_sd are all nothing: there is no variance to share out"
        raise DomainError(msg)
    return LuckyMoments(variance, parts / variance, parts / variance)


# what a case file of `ringtrue verify` may call here: these compute from numbers, and neither read nor write
FOR_CASES = (
    "ishigami",
    "ishigami_moments",
    "sobol_of_ishigami",
    "sobol_of_linear",
    "morris_of_ishigami",
    "binned_of_ishigami",
    "binned_of_linear",
    "g_function",
    "g_function_moments",
    "sobol_of_g",
    "binned_of_g",
    "ishigami_with_luck",
    "ishigami_with_luck_moments",
    "sobol_of_ishigami_with_luck",
    "linear_with_luck_moments",
    "sobol_of_linear_with_luck",
)
