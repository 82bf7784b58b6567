"""What knowing would be worth: how far an interval shrinks, and how much better a choice becomes.

Plain arrays over draws: no run is repeated. What an answer would be, were some of its unknowns known, is a regression
of the answer on them (Strong, Oakley and Brennan 2014). Nobody is judged by the draws he learned from: a choice is
learned on four fifths of the draws from one half of the luck, and valued on the last fifth by the other half.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.cancel import stop_if_cancelled
from ringtrue.errors import DomainError
from ringtrue.finding import quantiles
from ringtrue.rng import stream

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.intp]

N_FOLDS = 5
N_SHUFFLES = 20
N_BOOTSTRAP = 200
KEPT = (1, 3, 8)  # how many unknowns of a group may enter its surface
N_KNOTS = 8
LEAST_DRAWS = 100
SIDE = 1.6448536269514722  # standard errors from the estimate to 5 and to 95 %
STIFFNESS = np.logspace(-7.0, 3.0, 21)  # of the ridge, as parts of the mean square of a column
WEIGHTS = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0))  # of bent columns and of products, beside straight ones of weight 1


class Unknown(NamedTuple):
    """One unknown over the draws; the values of a category have no order."""

    values: FloatArray
    is_category: bool = False


class Told(NamedTuple):
    """An estimate with its 5 to 95 % interval, and the bar that the same estimate reaches of nothing once in twenty.

    ``value`` and ``low`` are 0 where the estimate does not stand clear of the bar or its interval reaches 0: what
    cannot be told from nothing is not printed as something. ``bar`` is nan where the estimate was 0 or less.
    ``p_changes`` is the share of draws in which the choice would be another; nan for a shrinkage.
    """

    low: float
    value: float
    high: float
    bar: float = float("nan")
    p_changes: float = float("nan")


@dataclass(frozen=True)
class _Columns:
    """What a regression reads of one unknown: straight columns (draw, k), and bent ones in rising stiffness."""

    straight: FloatArray
    bent: FloatArray


def value_of_knowing(
    known: Sequence[Unknown], options: ArrayLike, *, n_shuffles: int = N_SHUFFLES, seed: int = 1
) -> Told:
    """Expected value of knowing some unknowns before one of several options is chosen (partial perfect information).

    Parameters
    ----------
    known : sequence of Unknown
        What would be known, each (draw,).
    options : (option, draw, block) array_like
        What each option yields, more being better, draw by draw and block of replications by block, the blocks on
        luck of their own; one block: no luck enters.
    n_shuffles : int
        Random orders of the draws behind the bar.

    Returns
    -------
    Told
        In the unit of ``options``, with the share of draws in which the choice changes.

    Raises
    ------
    DomainError
        Fewer than two options or 100 draws, values that are not finite, unknowns of another length.

    Notes
    -----
    E[max_k E[y_k | known]] - max_k E[y_k]. The conditional means of the differences between options are regressions
    (`regressed`) on four fifths of the draws; the draws of the last fifth choose by them, and what their choice yields
    is their own outcome, not the regression's. The regression reads every other block, the outcome the others, both
    ways. A choice made so is never better than the best one, and its own luck is not in its value: the estimate comes
    from below, and nothing to know gives 0 on average, not the bias upwards of a maximum of fitted means. The interval
    is 1.64 standard errors of the mean over draws on either side; where no choice ever changes it has no width.

    References
    ----------
    Strong, Oakley and Brennan, Estimating Multiparameter Partial Expected Value of Perfect Information from a
    Probabilistic Sensitivity Analysis Sample: A Nonparametric Regression Approach, Medical Decision Making 34 (2014)
    311-326.

    Examples
    --------
    One option yields 0, the other 1 + 2 x + z; x, z standard normal. Worth of x: 2 (φ(1/2) - Φ(-1/2)/2) = 0.3956;
    the maximum of nothing and 1 + 2 x, less 1.

    >>> x, z = np.random.default_rng(1).normal(size=(2, 4000))
    >>> options = np.stack([np.zeros(4000), 1.0 + 2.0 * x + z])[:, :, None]
    >>> round(value_of_knowing([Unknown(x)], options, n_shuffles=0).value, 1)
    0.4
    """
    yields = _checked_options(known, options)
    columns = [_columns_of(u.values.tobytes(), u.is_category) for u in known]

    def estimated(y: FloatArray) -> tuple[FloatArray, FloatArray]:
        return _gains(y, lambda d, train, test: regressed(columns, d, train, test), seed)

    gain, changed = estimated(yields)
    return _told(gain, changed, lambda order: float(estimated(yields[:, order])[0].mean()), n_shuffles, seed)


def value_of_all(known: Sequence[Unknown], options: ArrayLike, *, seed: int = 1) -> Told:
    """Expected value of knowing everything but luck before one of several options is chosen (perfect information).

    Parameters
    ----------
    known : sequence of Unknown
        All unknowns: they say what the replications of one draw leave open.
    options : (option, draw, block) array_like
        As in `value_of_knowing`.

    Notes
    -----
    In each draw the choice is made by all blocks but one and valued by that one, in turn: the best of noisy means would
    be too good. The means of few blocks are drawn towards what the regression on all unknowns expects of the draw, by
    the part of their distance that is luck. It comes from below; `best_of_means` comes from above.

    Examples
    --------
    Luck alone is worth nothing, and the best of noisy means would sell it:

    >>> luck = np.random.default_rng(1).normal(size=(2, 1000, 8))
    >>> value_of_all([], luck).value, round(best_of_means(luck), 2)
    (0.0, 0.19)
    """
    yields = _checked_options(known, options)
    columns = [_columns_of(u.values.tobytes(), u.is_category) for u in known]
    n_options, n_draws, n_blocks = yields.shape
    if n_blocks == 1:
        mean = yields.mean(axis=2)
        here = int(np.argmax(mean.mean(axis=1)))
        chosen = np.argmax(mean, axis=0)
        return _told(mean.max(axis=0) - mean[here], (chosen != here).astype(np.float64), None, 0, seed)
    gain, changed = np.zeros(n_draws), np.zeros(n_draws)
    for block in range(n_blocks):
        stop_if_cancelled()
        others = np.delete(yields, block, axis=2)
        mean, values = others.mean(axis=2), yields[:, :, block]
        here = int(np.argmax(mean.mean(axis=1)))
        lead = np.zeros((n_options, n_draws))
        for k in range(n_options):
            if k != here:
                ahead = others[k] - others[here]
                lead[k] = _drawn_in(ahead, _crossed(columns, ahead.mean(axis=1), seed))
        chosen = np.where(lead.max(axis=0) > 0.0, np.argmax(lead, axis=0), here)
        gain += (values[chosen, np.arange(n_draws)] - values[here]) / n_blocks
        changed += (chosen != here) / n_blocks
    return _told(gain, changed, None, 0, seed)


def best_of_means(options: ArrayLike) -> float:
    """Mean over draws of the best option by its mean over blocks, less the best mean: a value from above.

    Few noisy blocks make it too good; the more blocks, the closer to the value of all.
    """
    mean = np.asarray(options, dtype=np.float64).mean(axis=2)
    return float(mean.max(axis=0).mean() - mean.mean(axis=1).max())


def shrinkage_by_knowing(
    known: Sequence[Unknown], output: ArrayLike, *, n_shuffles: int = N_SHUFFLES, seed: int = 1
) -> Told:
    """Part of the width of the 5 to 95 % interval of an answer that is expected to go once some unknowns are known.

    Parameters
    ----------
    known : sequence of Unknown
        What would be known, each (draw,).
    output : (draw, block) array_like
        The answer draw by draw and block of replications by block; one block: no luck enters.

    Returns
    -------
    Told
        Share [1] from 0 (nothing learned) to 1 (nothing left open).

    Notes
    -----
    1 - E[width of the interval given what is known] / width today. The centre given what is known is the regression of
    `value_of_knowing`, the spread about it the regression of the distance from it, both asked of draws that they did
    not learn from; the shape of the interval is that of the distances in units of that spread. The luck of few
    replications is taken out of both widths by its part of their variance. The interval is that of resampled draws, the
    regression held as it is.

    Examples
    --------
    x carries 4/5 of the variance of 2 x + z, both normal: of the interval 1 - sqrt(1/5) = 0.55 goes.

    >>> x, z = np.random.default_rng(1).normal(size=(2, 4000))
    >>> round(shrinkage_by_knowing([Unknown(x)], (2.0 * x + z)[:, None], n_shuffles=0).value, 2)
    0.55
    """
    y = np.asarray(output, dtype=np.float64)
    if y.ndim != 2:
        msg = f"output must be (draw, block); given: shape {y.shape}"
        raise DomainError(msg)
    _require(known, y)
    columns = [_columns_of(u.values.tobytes(), u.is_category) for u in known]
    n_draws, n_blocks = y.shape
    mean = y.mean(axis=1)
    if np.ptp(mean) == 0.0 or not columns:
        return Told(0.0, 0.0, 0.0)
    luck = y.var(axis=1, ddof=1) / n_blocks if n_blocks > 1 else np.zeros(n_draws)
    everyone = np.arange(n_draws)[None, :]
    value = float(_shrunk(columns, mean, luck, everyone, seed)[0])
    drawn = stream(seed, "studies/doubt/shrinkage").integers(n_draws, size=(N_BOOTSTRAP, n_draws))
    cloud = _shrunk(columns, mean, luck, drawn, seed)
    low, high = (quantiles(cloud, [0.05, 0.95]) + value - cloud.mean()).tolist()
    bar = float("nan")
    if value > 0.0 and n_shuffles:
        bar = _bar(lambda order: float(_shrunk(columns, mean[order], luck[order], everyone, seed)[0]), n_draws,
                   n_shuffles, seed)  # fmt: skip
    return _clear(low, value, high, bar, most=1.0)


def known_within(values: ArrayLike, part: float, unit: str, seed: int, name: str) -> FloatArray:
    """Return what a measurement shows that is off by at most a part of the true value.

    Parameters
    ----------
    values : (draw,) array_like
        True values.
    part : float
        Largest error over the value [1], even on either side; 0: the values themselves.
    unit : str
        Of the values: in "dB" the error is one of the ratio behind them.

    Examples
    --------
    >>> shown = known_within(np.full(1000, 50.0), 0.1, "m", 1, "range")
    >>> bool((np.abs(shown - 50.0) <= 5.0).all()), round(float(np.ptp(shown)))
    (True, 10)
    """
    given = np.asarray(values, dtype=np.float64)
    if part == 0.0:
        return given
    error = 1.0 + part * stream(seed, f"studies/doubt/known-within/{name}").uniform(-1.0, 1.0, given.size)
    return given + 10.0 * np.log10(error) if unit == "dB" else given * error


def regressed(columns: Sequence[_Columns], y: FloatArray, train: IntArray, test: IntArray) -> FloatArray:
    """Return what draws of ``train`` let expect of draws of ``test``, (test,).

    Those unknowns enter first that carry most of the variance of the training draws by themselves. Straight columns,
    bent ones (natural cubic splines) and products of straight ones are fitted by a ridge; its stiffness, how many
    unknowns enter (`KEPT`), and whether bends and products do, by generalised cross-validation.
    """
    middle = float(y[train].mean())
    target = y[train] - middle
    if not columns or np.ptp(target) == 0.0:
        return np.full(test.size, middle)
    ranked = _ranked(columns, target, train)
    fits = (_fit(ranked[:n], y, target, train) for n in sorted({min(n, len(ranked)) for n in KEPT}))
    _, centre, weights, every = min(fits, key=lambda fit: fit.score)
    return np.asarray(middle + (every[test] - centre) @ weights, dtype=np.float64)


class _Fit(NamedTuple):
    """One surface: its generalised cross-validation, centre and coefficients of its columns, and the columns."""

    score: float
    centre: FloatArray
    weights: FloatArray
    every: FloatArray


def _fit(kept: Sequence[_Columns], y: FloatArray, target: FloatArray, train: IntArray) -> _Fit:
    straight = np.column_stack([c.straight for c in kept])
    bent = np.column_stack([c.bent for c in kept])
    pairs = [
        a[:, i] * b[:, j]
        for a, b in combinations([c.straight for c in kept], 2)
        for i in range(a.shape[1])
        for j in range(b.shape[1])
    ]
    products = np.column_stack(pairs) if pairs else np.empty((y.size, 0))
    every = np.hstack([straight, bent, products])
    centre = every[train].mean(axis=0)
    here = every[train] - centre
    gram, moment = here.T @ here, here.T @ target
    sizes = (straight.shape[1], bent.shape[1], products.shape[1])
    fits = (_ridge(gram, moment, float(target @ target), train.size, sizes, w) for w in WEIGHTS[: 3 if pairs else 2])
    score, weights = min(fits, key=lambda fit: fit[0])
    return _Fit(score, centre, weights, every)


def _ridge(
    gram: FloatArray, moment: FloatArray, square: float, n: int, sizes: tuple[int, int, int], w: tuple[float, float]
) -> tuple[float, FloatArray]:
    """Least generalised cross-validation over the stiffness, and the coefficients there."""
    scale = np.repeat([1.0, *w], sizes)
    enters = scale > 0.0
    e, v = np.linalg.eigh(gram[np.ix_(enters, enters)])
    e = np.maximum(e, 0.0)
    c = v.T @ moment[enters]
    stiffness = STIFFNESS[:, None] * n
    a = c / (e + stiffness)
    left = np.maximum(square - (2.0 * a * c - a * a * e).sum(axis=1), 0.0)
    freedom = n - 1.0 - (e / (e + stiffness)).sum(axis=1)
    score = np.where(freedom > 0.0, left / np.maximum(freedom, 1e-9) ** 2, np.inf)
    i = int(np.argmin(score))
    weights = np.zeros(scale.size)
    weights[enters] = v @ a[i]
    return float(score[i]), weights


def _ranked(columns: Sequence[_Columns], target: FloatArray, train: IntArray) -> list[_Columns]:
    """Return the unknowns by what their own columns carry of the target, by the F ratio, the most first."""
    if len(columns) == 1:
        return list(columns)
    square = float(target @ target)
    ratio = np.empty(len(columns))
    for i, one in enumerate(columns):
        own = np.hstack([one.straight, one.bent[:, :1]])[train]
        own = own - own.mean(axis=0)
        fit = own @ np.linalg.lstsq(own, target, rcond=None)[0]
        k, carried = own.shape[1], float(fit @ fit)
        ratio[i] = (carried / k) / max((square - carried) / max(train.size - k - 1, 1), 1e-12 * square)
    return [columns[i] for i in np.argsort(-ratio, kind="stable")]


@lru_cache(maxsize=512)
def _columns_of(values: bytes, is_category: bool) -> _Columns:
    """Return the columns of one unknown (its draws as bytes, so that many answers share them), of mean square 1."""
    v = np.frombuffer(values, dtype=np.float64)
    distinct = np.unique(v)
    if distinct.size == 1:
        return _Columns(np.empty((v.size, 0)), np.empty((v.size, 0)))
    if is_category:
        return _Columns(_standard((v[:, None] == distinct[1:]).astype(np.float64)), np.empty((v.size, 0)))
    straight = _standard(v[:, None])
    knots = np.unique(quantiles(distinct, np.linspace(0.0, 1.0, N_KNOTS)))
    return _Columns(straight, _bent(v, knots) if knots.size >= 4 else np.empty((v.size, 0)))


def _standard(columns: FloatArray) -> FloatArray:
    return np.asarray((columns - columns.mean(axis=0)) / columns.std(axis=0), dtype=np.float64)


def _bent(v: FloatArray, knots: FloatArray) -> FloatArray:
    """Natural cubic splines without their straight part, (draw, knot - 2), scaled so that a ridge weighs curvature.

    Demmler and Reinsch: the splines that make the integral of the squared second derivative diagonal, each divided by
    the root of its own, all by one factor that gives the largest a mean square of 1.
    """
    from scipy.interpolate import CubicSpline

    first, width = float(knots.min()), float(np.ptp(knots))
    place = (knots - first) / width
    basis = CubicSpline(place, np.eye(place.size), bc_type="natural")
    curve = basis(place, 2)
    rough = sum(
        (end - start) / 6.0 * (2.0 * np.outer(a, a) + 2.0 * np.outer(b, b) + np.outer(a, b) + np.outer(b, a))
        for (start, a), (end, b) in pairwise(zip(place, curve, strict=True))
    )
    size, shape = np.linalg.eigh(rough)
    columns = basis((v - first) / width) @ shape[:, 2:] / np.sqrt(size[2:])
    columns = columns - columns.mean(axis=0)
    return np.asarray(columns / columns.std(axis=0).max(), dtype=np.float64)


def _folds(n_draws: int, seed: int) -> list[tuple[IntArray, IntArray]]:
    """Return training and test draws of each fold."""
    order = stream(seed, "studies/doubt/folds").permutation(n_draws)
    tests = np.array_split(order, N_FOLDS)
    return [(np.setdiff1d(order, test), np.sort(test)) for test in tests]


def _crossed(columns: Sequence[_Columns], y: FloatArray, seed: int) -> FloatArray:
    """Return what the other draws let expect of each draw."""
    found = np.empty(y.size)
    for train, test in _folds(y.size, seed):
        found[test] = regressed(columns, y, train, test)
    return found


def _gains(
    yields: FloatArray, expected: Callable[[FloatArray, IntArray, IntArray], FloatArray], seed: int
) -> tuple[FloatArray, FloatArray]:
    """Return what a choice by what is expected gains over the choice of today, and how often it differs, (draw,)."""
    n_options, n_draws, n_blocks = yields.shape
    if n_blocks == 1:
        ways = [(yields[:, :, 0], yields[:, :, 0])]
    else:
        one, other = yields[:, :, 0::2].mean(axis=2), yields[:, :, 1::2].mean(axis=2)
        ways = [(one, other), (other, one)]
    gain, changed = np.zeros(n_draws), np.zeros(n_draws)
    for learned, valued in ways:
        here = int(np.argmax(learned.mean(axis=1)))
        ahead = learned - learned[here]
        for train, test in _folds(n_draws, seed):
            stop_if_cancelled()
            lead = np.zeros((n_options, test.size))
            for k in range(n_options):
                if k != here:  # the mean of all draws stands for that of four fifths, by which today's choice is made
                    lead[k] = expected(ahead[k], train, test) + ahead[k].mean() - ahead[k][train].mean()
            chosen = np.where(lead.max(axis=0) > 0.0, np.argmax(lead, axis=0), here)
            gain[test] += (valued[chosen, test] - valued[here, test]) / len(ways)
            changed[test] += (chosen != here) / len(ways)
    return gain, changed


def _drawn_in(ahead: FloatArray, expected: FloatArray) -> FloatArray:
    """Draw means of few blocks (draw, block) towards what is expected of them, by what of their distance is luck."""
    mean = ahead.mean(axis=1)
    n_blocks = ahead.shape[1]
    apart = float(((mean - expected) ** 2).mean())
    if apart == 0.0 or n_blocks < 2:
        return expected
    luck = float(ahead.var(axis=1, ddof=1).mean()) / n_blocks
    return np.asarray(expected + max(1.0 - luck / apart, 0.0) * (mean - expected), dtype=np.float64)


def _shrunk(columns: Sequence[_Columns], mean: FloatArray, luck: FloatArray, drawn: IntArray, seed: int) -> FloatArray:
    """Shrinkage over samples of draws ``drawn`` (sample, draw)."""
    apart = mean - _crossed(columns, mean, seed)
    size = np.abs(apart)
    least = 0.1 * float(size.mean())
    if least == 0.0:
        return np.ones(drawn.shape[0])
    spread = np.maximum(_crossed(columns, size, seed), least)
    ends = quantiles((apart / spread)[drawn], [0.05, 0.95])
    left = spread[drawn].mean(axis=1) * (ends[1] - ends[0]) * _without(luck[drawn], apart[drawn])
    today = quantiles(mean[drawn], [0.05, 0.95])
    whole = (today[1] - today[0]) * _without(luck[drawn], mean[drawn])
    return np.asarray(1.0 - left / np.where(whole > 0.0, whole, 1.0), dtype=np.float64)


def _without(luck: FloatArray, values: FloatArray) -> FloatArray:
    """Return the part of a width that is left where the variance of luck is taken out, (sample,)."""
    between = values.var(axis=1, ddof=1)
    part = luck.mean(axis=1) / np.where(between > 0.0, between, 1.0)
    return np.asarray(np.sqrt(np.maximum(1.0 - part, 1.0 / values.shape[1])), dtype=np.float64)


def _told(
    gain: FloatArray, changed: FloatArray, by_chance: Callable[[IntArray], float] | None, n_shuffles: int, seed: int
) -> Told:
    value, error = float(gain.mean()), SIDE * float(gain.std(ddof=1)) / np.sqrt(gain.size)
    bar = float("nan")
    if by_chance is not None and n_shuffles and value - error > 0.0:
        bar = _bar(by_chance, gain.size, n_shuffles, seed)
    return _clear(value - error, value, value + error, bar)._replace(p_changes=float(changed.mean()))


def _bar(by_chance: Callable[[IntArray], float], n_draws: int, n_shuffles: int, seed: int) -> float:
    """95 % point of an estimate over draws in random order."""
    random = stream(seed, "studies/doubt/shuffles")
    return float(quantiles([by_chance(random.permutation(n_draws)) for _ in range(n_shuffles)], [0.95])[0])


def _clear(low: float, value: float, high: float, bar: float, most: float = np.inf) -> Told:
    """Return an estimate, nothing where it does not stand clear of nothing."""
    is_clear = low > 0.0 and not value <= bar
    low, value = (low, value) if is_clear else (0.0, 0.0)
    low, value, high = np.clip([low, value, high], 0.0, most).tolist()
    return Told(low, value, high, bar)


def _checked_options(known: Sequence[Unknown], options: ArrayLike) -> FloatArray:
    yields = np.asarray(options, dtype=np.float64)
    if yields.ndim != 3 or yields.shape[0] < 2 or yields.shape[2] < 1:
        msg = f"options must be (option, draw, block), two options or more; given: shape {yields.shape}"
        raise DomainError(msg)
    _require(known, yields.transpose(1, 0, 2))
    return yields


def _require(known: Sequence[Unknown], by_draw: FloatArray) -> None:
    n_draws = by_draw.shape[0]
    if n_draws < LEAST_DRAWS:
        msg = f"what knowing is worth takes at least {LEAST_DRAWS} draws; given: {n_draws}"
        raise DomainError(msg)
    if not np.isfinite(by_draw).all():
        msg = "the answer holds values that are not finite; ask of draws that have one"
        raise DomainError(msg)
    for i, unknown in enumerate(known):
        if unknown.values.shape != (n_draws,) or not np.isfinite(unknown.values).all():
            msg = f"unknown {i}: wanted {n_draws} finite values, one per draw; given: shape {unknown.values.shape}"
            raise DomainError(msg)
