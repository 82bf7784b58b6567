"""Which unknown decides an answer, and at which value the answer turns over.

Plain arrays over draws: no run is repeated. First-order shares say how much of the spread of an answer goes with one
unknown alone; the deciding parameter is the one whose share stands clear of all the others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.answer import key, measure, row_json, table, words
from ringtrue.cancel import stop_if_cancelled
from ringtrue.errors import DomainError
from ringtrue.finding import quantiles
from ringtrue.rng import stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from numpy.typing import ArrayLike, NDArray

    from ringtrue.sensing.ledger import Candidate

    FloatArray = NDArray[np.float64]

NOTHING_DECIDES = "no single assumption decides"
TOO_FEW_DRAWS = "too few draws to say which assumption decides"
LEAST_DRAWS = 20  # below which no share is worked out
LEAST_DRAWS_TO_DECIDE = 200
N_SHUFFLES = 100


def assumed_measure(of: str, meaning: str = "Null: it cannot be told.", **more: Any) -> Any:
    """Declare an assumed share, as every answer and every row does; ``of`` names whose spread is meant.

    ``more`` goes to `answer.measure`.
    """
    label = f"Share of the spread of {of} that goes with assumed or estimated figures"
    return measure("1", label, meaning, places=4, form="percent", **more)


@dataclass(frozen=True, slots=True)
class Share:
    """First-order share of one unknown in the variance of an answer, with its 90 % bootstrap interval.

    ``stream`` is the ledger's name of what was drawn together, ``figures`` its addresses that the answer reads.
    """

    name: str = words("What was drawn together, in words")
    low: float = measure("1", "Low end of the share", places=4)
    share: float = measure("1", "Share of the spread that goes with it alone", places=4)
    high: float = measure("1", "High end of the share", places=4)
    stream: str = key("Stream", "Name of what was drawn together in the ledger.", default="")
    figures: tuple[str, ...] = words("Addresses of its figures that the answer reads", default=())


@dataclass(frozen=True, slots=True)
class Deciding:
    """The verdict on a set of shares, largest share first; ``name`` is None where nothing stands clear."""

    name: str | None = words("What decides", "Null: nothing stands clear.")
    shares: tuple[Share, ...] = table("Shares of the spread, largest first")
    sentence: str = words("The verdict in words")

    def of(self, row: str) -> DecidingOf:
        """Return the verdict with the name of the answer whose spread it speaks of."""
        return DecidingOf(row, self.name, self.sentence, self.shares)

    def as_json(self) -> dict[str, object]:
        """Return what the JSON output prints under ``deciding``."""
        return row_json(self)


@dataclass(frozen=True, slots=True)
class DecidingOf:
    """Which unknown decides one answer of a study."""

    row: str = key("Answer whose spread is meant")
    name: str | None = words("What decides", "Null: nothing stands clear.")
    sentence: str = words("The verdict in words")
    shares: tuple[Share, ...] = table("Shares of the spread, largest first")


@dataclass(frozen=True, slots=True)
class Spread:
    """What the spread of one number goes with."""

    assumed_share: float | None = assumed_measure("the number")
    deciding: Deciding = words("Which unknown decides")


@dataclass(frozen=True, slots=True)
class BreakEven:
    """Where the sign of a difference turns over along one unknown; ``crossings`` is empty where it never does."""

    crossings: tuple[float, ...]
    low: float
    high: float
    sign_below: int
    sign_above: int


class _Slices(NamedTuple):
    """One unknown cut into bins: the draws bin by bin, and where each bin begins in that order."""

    order: NDArray[np.intp]
    starts: NDArray[np.intp]


def _bins(values: FloatArray, n_bins: int) -> NDArray[np.intp]:
    """Return the bin of each draw: equal counts, ties never parted, one bin per value where values are few."""
    distinct = np.unique(values)
    if distinct.size <= n_bins:
        return np.searchsorted(distinct, values)
    edges = np.unique(quantiles(values, np.linspace(0.0, 1.0, n_bins + 1)[1:-1]))
    return np.searchsorted(edges, values, side="right")


@lru_cache(maxsize=4096)
def _slices(values: bytes, n_bins: int) -> _Slices | None:
    """Cut one unknown (its draws as bytes, so that many answers share the cut); None where it is a constant.

    ``n_bins`` of 0: a category, one bin for each of its values.
    """
    drawn = np.frombuffer(values, dtype=np.float64)
    if np.ptp(drawn) == 0.0:
        return None
    bins = _bins(drawn, n_bins or drawn.size)
    order = np.argsort(bins, kind="stable")
    return _Slices(order, np.flatnonzero(np.diff(bins[order], prepend=-1)))


@dataclass(frozen=True, slots=True)
class _Resamples:
    """The draws themselves (row 0) and bootstrap resamples of them, as counts of each draw: (resample, draw)."""

    count: FloatArray
    total: FloatArray
    n_draws: int
    squares: FloatArray
    grand_squares: FloatArray


@lru_cache(maxsize=32)
def _bootstrap_counts(name: str, n_draws: int, n_bootstrap: int, seed: int) -> FloatArray:
    """How often each draw comes in each resample, (resample, draw); the same luck for every answer."""
    drawn = stream(seed, name).multinomial(n_draws, np.full(n_draws, 1.0 / n_draws), size=n_bootstrap)
    counts = drawn.astype(np.float64)
    counts.setflags(write=False)
    return counts


def _resamples(output: FloatArray, n_bootstrap: int, seed: int) -> _Resamples:
    n = output.size
    drawn = _bootstrap_counts("sensing/deciding/bootstrap", n, n_bootstrap, seed)
    count = np.vstack([np.ones((1, n)), drawn])
    total = count * output
    grand_squares = total.sum(axis=1) ** 2 / n
    return _Resamples(count, total, n, (total * output).sum(axis=1) - grand_squares, grand_squares)


def _shuffles(output: FloatArray, n_shuffles: int, seed: int) -> _Resamples:
    """Return the answers in random order, each draw once: what an unknown's share looks like where it moves nothing."""
    order = _orders("sensing/deciding/shuffles", output.size, n_shuffles, seed)
    total = output[order]
    grand_squares = total.sum(axis=1) ** 2 / output.size
    squares = (total * total).sum(axis=1) - grand_squares
    return _Resamples(np.ones(total.shape), total, output.size, squares, grand_squares)


@lru_cache(maxsize=8)
def _orders(name: str, n_draws: int, n_shuffles: int, seed: int) -> NDArray[np.int64]:
    generator = stream(seed, name)
    orders = np.stack([generator.permutation(n_draws) for _ in range(n_shuffles)])
    orders.setflags(write=False)
    return orders


def _shares_of(resamples: _Resamples, unknowns: list[_Slices]) -> FloatArray:
    """Between-bin share of variance, less what chance alone puts there; (unknown, resample)."""
    filled, between = np.empty((2, len(unknowns), resamples.squares.size))
    for i, unknown in enumerate(unknowns):  # one at a time: side by side they fill gigabytes at thousands of draws
        stop_if_cancelled()
        count = np.add.reduceat(resamples.count[:, unknown.order], unknown.starts, axis=1)
        total = np.add.reduceat(resamples.total[:, unknown.order], unknown.starts, axis=1)
        filled[i] = (count > 0).sum(axis=1)
        between[i] = (total**2 / np.maximum(count, 1.0)).sum(axis=1) - resamples.grand_squares
    within = np.maximum(resamples.squares - between, 0.0)
    by_chance = (filled - 1) * within / np.maximum(resamples.n_draws - filled, 1)
    positive = resamples.squares > 0
    share = np.where(positive, (between - by_chance) / np.where(positive, resamples.squares, 1.0), 0.0)
    return np.asarray(share, dtype=np.float64)


def first_order_share(
    inputs: Mapping[str, ArrayLike],
    output: ArrayLike,
    *,
    n_bins: int | None = None,
    n_bootstrap: int = 200,
    seed: int = 1,
) -> tuple[Share, ...]:
    """Share of the variance of an answer that goes with each unknown alone.

    Parameters
    ----------
    inputs : mapping of str to (draw,) array_like
        One drawn unknown, or one representative of quantities drawn together, under its name.
    output : (draw,) array_like
        The answer, one value per draw.
    n_bins : int, optional
        Bins of equal count per unknown; default one bin per 40 draws, between 4 and 25.
    n_bootstrap : int
        Resamples of the draws behind the 5–95 % interval.

    Returns
    -------
    tuple of Share
        Largest share first; equal shares in the order of their names.

    Raises
    ------
    DomainError
        Fewer than 20 draws, arrays of unequal length, or values that are not finite.

    Notes
    -----
    S = Var(E[y | x]) / Var(y), the conditional mean taken as constant within a bin. The variance that chance alone puts
    between bins is subtracted ((B − 1)·MS_within, the epsilon-squared of analysis of variance), so an inert unknown has
    a share near 0, not near B/n. Steps inside a bin are lost: a share is low by about 1/B² of itself for a straight
    line. Interactions are not seen: shares need not add to 1. The bootstrap interval is centred on the estimate.

    References
    ----------
    Saltelli et al., Global Sensitivity Analysis: The Primer, 2008, section 1.2.9 (first-order index by slicing).

    Examples
    --------
    The exact shares are 0.75 and 0.25; the first loses a little to the bins and to the correction for chance.

    >>> x = np.linspace(0.0, 1.0, 1000)
    >>> z = np.tile([0.0, 1.0], 500)
    >>> [(s.name, round(s.share, 2)) for s in first_order_share({"z": z, "x": x}, 3.0 * x + z)]
    [('x', 0.74), ('z', 0.25)]
    """
    y = np.asarray(output, dtype=np.float64)
    drawn = {name: np.asarray(values, dtype=np.float64) for name, values in inputs.items()}
    _require_draws(y, drawn)
    if np.ptp(y) == 0.0:
        return tuple(Share(name, 0.0, 0.0, 0.0) for name in sorted(drawn))
    bins = n_bins if n_bins is not None else int(np.clip(y.size // 40, 4, 25))
    cut = {name: _slices(drawn[name].tobytes(), bins) for name in sorted(drawn)}
    varied = [name for name, slices in cut.items() if slices is not None]
    shares = [Share(name, 0.0, 0.0, 0.0) for name, slices in cut.items() if slices is None]
    if varied:
        resamples = _resamples((y - y.mean()) / y.std(), n_bootstrap, seed)
        values = _shares_of(resamples, [slices for slices in cut.values() if slices is not None])
        low, high = _ends(values)
        clipped = np.clip([low, values[:, 0], high], 0.0, 1.0).T.tolist()
        shares += [Share(name, *row) for name, row in zip(varied, clipped, strict=True)]
    return tuple(sorted(shares, key=lambda s: (-s.share, s.name)))


MOST_JOINED = 6
DRAWS_PER_JOINED = 20


def joint_share(
    numbers: Sequence[ArrayLike], output: ArrayLike, *, n_bootstrap: int = 200, seed: int = 1
) -> FloatArray:
    """Share of the variance of an answer that goes with several unknowns together, interactions among them included.

    Parameters
    ----------
    numbers : sequence of (draw,) array_like
        What each unknown was drawn by, the one with the largest share first.
    output : (draw,) array_like
        The answer, one value per draw.
    n_bootstrap : int
        Resamples of the draws behind the interval.

    Returns
    -------
    (resample + 1,) array
        The estimate, then the resampled ones, centred on it.

    Notes
    -----
    The closed index of the group: what would be taken off the variance, on average, if all of them were known; total
    less remaining. Estimated as the adjusted R² of a least-squares surface of the second degree (each unknown, its
    square, each pair's product) on the first `MOST_JOINED` unknowns, fewer where draws are few; what a bend of higher
    degree carries is missed.

    References
    ----------
    Sobol', Sensitivity Estimates for Nonlinear Mathematical Models, 1993 (indices of subsets of variables).

    Examples
    --------
    ``x + 6 y z + w`` with x, y, z, w uniform and independent on -1/2 to 1/2: variances 1/12, 36/144 and 1/12, so x, y
    and z together carry 0.8, and alone 0.2, 0 and 0.

    >>> x, y, z, w = np.random.default_rng(1).uniform(-0.5, 0.5, (4, 4000))
    >>> found = joint_share([x, y, z], x + 6.0 * y * z + w)
    >>> round(float(found[0]), 1), found.shape
    (0.8, (201,))
    """
    y = np.asarray(output, dtype=np.float64)
    kept = min(MOST_JOINED, max(1, y.size // DRAWS_PER_JOINED))
    drawn = [np.asarray(values, dtype=np.float64) for values in numbers][:kept]
    _require_draws(y, {str(i): values for i, values in enumerate(drawn)})
    if np.ptp(y) == 0.0:
        return np.zeros(n_bootstrap + 1)
    centred = [values - values.mean() for values in drawn if np.ptp(values) > 0.0]
    pairs = [a * b for i, a in enumerate(centred) for b in centred[i:]]
    surface = np.column_stack([np.ones(y.size), *centred, *pairs])
    weights = _resamples((y - y.mean()) / y.std(), n_bootstrap, seed).count
    fits = np.array([_adjusted_fit(surface, y, weight) for weight in weights])
    cloud = fits[1:] - fits[1:].mean() + fits[0] if n_bootstrap else fits[1:]
    return np.asarray(np.clip(np.append(fits[0], cloud), 0.0, 1.0), dtype=np.float64)


def _adjusted_fit(surface: FloatArray, y: FloatArray, weight: FloatArray) -> float:
    """Adjusted R² of a weighted least-squares fit; whole weights count how often a draw stands in a resample."""
    root = np.sqrt(weight)
    left = y * root - (surface * root[:, None]) @ np.linalg.lstsq(surface * root[:, None], y * root, rcond=None)[0]
    mean = float((weight * y).sum() / weight.sum())
    total = float((weight * (y - mean) ** 2).sum())
    freedom = max(y.size - surface.shape[1], 1)
    return 1.0 - float((left**2).sum()) / freedom / (total / (y.size - 1)) if total > 0.0 else 0.0


class Weighed(NamedTuple):
    """What the spread of an answer goes with.

    ``assumed`` is the part of it (5 %, estimate, 95 % over resampled draws) that goes with what nobody published as a
    fact; None where nothing can be shared out. ``bar`` is the share that the largest of as many inert unknowns reaches
    once in twenty times; nan where it was not asked for.
    """

    shares: tuple[Share, ...]
    assumed: tuple[float, float, float] | None
    bar: float
    n_draws: int


def weigh(candidates: Iterable[Candidate], output: ArrayLike, *, n_bootstrap: int = 200, seed: int = 1) -> Weighed:
    """Share out the spread of an answer among all that it depends on.

    Parameters
    ----------
    candidates : iterable of Candidate
        Streams of the ledger, each with the numbers (draw,) it was drawn by.
    output : (draw,) array_like
        The answer, one value per draw.
    n_bootstrap : int
        Resamples behind the intervals; 0: shares alone, no interval and no bar, for rows of a long table.

    Notes
    -----
    Shares as in `first_order_share`; a category has one bin for each of its values. Of fifty candidates most are inert,
    and what chance leaves of each would add up: into the assumed part only those count whose variance between bins is
    above what chance reaches once in twenty times (the F test of analysis of variance), or all where none is. The bar
    comes from shuffled answers: their largest share, 95 % point of `N_SHUFFLES`.

    Examples
    --------
    >>> from ringtrue.sensing.ledger import Candidate
    >>> x, z = np.linspace(0.0, 1.0, 1000), np.tile([0.0, 1.0], 500)
    >>> known = Candidate("x", "speed", False, False, x, ("x",))
    >>> guess = Candidate("z", "reaction time", True, False, z, ("z",))
    >>> found = weigh([known, guess], 3.0 * x + z)
    >>> [(s.name, round(s.share, 2)) for s in found.shares], [round(v, 2) for v in found.assumed]
    ([('speed', 0.74), ('reaction time', 0.25)], [0.23, 0.25, 0.28])
    >>> decides(found).sentence
    'speed moves the answer most (74 % of its spread; 73 to 76 %)'
    """
    y = np.asarray(output, dtype=np.float64)
    asked = sorted(candidates, key=lambda c: c.label)
    if y.size < LEAST_DRAWS or not asked:
        return Weighed((), None, float("nan"), y.size)
    _require_draws(y, {c.label: c.values for c in asked})
    if np.ptp(y) == 0.0:
        still = tuple(Share(c.label, 0.0, 0.0, 0.0, c.name, c.figures) for c in asked)
        return Weighed(still, None, float("nan"), y.size)
    bins = int(np.clip(y.size // 40, 4, 25))
    cut = {c: _slices(c.values.tobytes(), 0 if c.is_category else bins) for c in asked}
    varied = [c for c in asked if cut[c] is not None]
    slices = [s for s in cut.values() if s is not None]
    shares = [Share(c.label, 0.0, 0.0, 0.0, c.name, c.figures) for c in asked if cut[c] is None]
    if not varied:
        return Weighed(tuple(shares), None, float("nan"), y.size)
    standard = (y - y.mean()) / y.std()
    stop_if_cancelled()
    values = _shares_of(_resamples(standard, n_bootstrap, seed), slices)
    low, high = _ends(values)
    clipped = np.clip([low, values[:, 0], high], 0.0, 1.0).T.tolist()
    shares += [
        Share(c.label, least, middle, most, c.name, c.figures)
        for c, (least, middle, most) in zip(varied, clipped, strict=True)
    ]
    is_counted = values > _chance_bars(slices, y.size)[:, None]
    bar = float("nan")
    if n_bootstrap:
        stop_if_cancelled()
        by_chance = _shares_of(_shuffles(standard, N_SHUFFLES, seed), slices).max(axis=0)
        bar = float(quantiles(by_chance, [0.95])[0])
    return Weighed(
        tuple(sorted(shares, key=lambda s: (-s.share, s.name))),
        _assumed_part(values, np.array([c.is_assumed for c in varied]), is_counted),
        bar,
        y.size,
    )


def assumed_part(weighed: Weighed) -> float | None:
    """Return the part of an answer's spread that goes with assumed or estimated figures; None: it cannot be told."""
    return None if weighed.assumed is None else weighed.assumed[1]


def weigh_first(
    candidates: Iterable[Candidate], output: FloatArray, *, n_bootstrap: int = 200, seed: int = 1
) -> Weighed:
    """Weigh an answer that was worked out on the first draws of the run only."""
    first = [replace(c, values=c.values[: output.size]) for c in candidates]
    return weigh(first, output, n_bootstrap=n_bootstrap, seed=seed)


def _ends(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """5 and 95 % of resampled shares (unknown, resample), centred on the estimate in column 0."""
    estimate, cloud = values[:, :1], values[:, 1:]
    if not cloud.size:
        return estimate[:, 0], estimate[:, 0]
    low, high = quantiles(cloud - cloud.mean(axis=1, keepdims=True) + estimate, [0.05, 0.95])
    return low, high


def _chance_bars(slices: list[_Slices], n_draws: int) -> FloatArray:
    """Return the share that chance reaches once in twenty times, by the F test of the variance between bins."""
    from scipy.special import fdtri

    between = np.array([s.starts.size - 1 for s in slices], dtype=np.float64)
    within = np.maximum(n_draws - 1 - between, 1.0)
    f = fdtri(between, within, 0.95)
    of_all = between * f / (between * f + within)
    return np.asarray(of_all - between * (1.0 - of_all) / within)


def _assumed_part(
    values: FloatArray, is_assumed: NDArray[np.bool_], is_counted: NDArray[np.bool_]
) -> tuple[float, float, float] | None:
    """Part of the counted shares that is assumed, with its interval; (unknown, resample), the estimate in column 0.

    Every resample counts anew which shares stand above chance, so that the interval holds the doubt of that choice.
    """
    counted = np.where(is_counted.any(axis=0), is_counted, True)
    positive = np.where(counted, np.maximum(values, 0.0), 0.0)
    whole = positive.sum(axis=0)
    if whole[0] == 0.0:
        return None
    part = positive[is_assumed].sum(axis=0) / np.where(whole > 0.0, whole, 1.0)
    cloud = part[1:][whole[1:] > 0.0]
    ends = quantiles(cloud - cloud.mean() + part[0], [0.05, 0.95]) if cloud.size else np.array([part[0], part[0]])
    low, middle, high = np.clip([ends[0], part[0], ends[1]], 0.0, 1.0).tolist()
    return low, middle, high


def _require_draws(output: FloatArray, drawn: Mapping[str, FloatArray]) -> None:
    if output.ndim != 1 or output.size < LEAST_DRAWS:
        msg = f"shares need one value per draw and at least {LEAST_DRAWS} draws; given: shape {output.shape}"
        raise DomainError(msg)
    if not np.isfinite(output).all():
        msg = "the answer holds values that are not finite; drop those draws before asking what decides it"
        raise DomainError(msg)
    for name, values in drawn.items():
        if values.shape != output.shape or not np.isfinite(values).all():
            msg = f"unknown {name!r}: wanted {output.size} finite values, one per draw; given: shape {values.shape}"
            raise DomainError(msg)


def nothing_decides(n_draws: int) -> Deciding:
    """Return the verdict where no answer was weighed."""
    return Deciding(None, (), TOO_FEW_DRAWS if n_draws < LEAST_DRAWS_TO_DECIDE else NOTHING_DECIDES)


def decides(weighed: Weighed) -> Deciding:
    """Name the unknown that decides, or say that none does.

    An unknown decides where its interval lies wholly above the interval of every other one and its share above what the
    largest of as many inert ones would reach by chance. Below 200 draws the verdict is that there are too few.

    Examples
    --------
    >>> shares = (Share("rcs", 0.5, 0.6, 0.7), Share("mast", 0.1, 0.2, 0.3))
    >>> decides(Weighed(shares, None, 0.02, 1000)).sentence
    'rcs moves the answer most (60 % of its spread; 50 to 70 %)'
    >>> decides(Weighed((Share("rcs", 0.3, 0.4, 0.5), Share("mast", 0.2, 0.35, 0.5)), None, 0.02, 1000)).name is None
    True
    >>> decides(Weighed(shares, None, 0.02, 80)).sentence
    'too few draws to say which assumption decides'
    """
    ranked = weighed.shares
    if weighed.n_draws < LEAST_DRAWS_TO_DECIDE:
        return Deciding(None, ranked, TOO_FEW_DRAWS)
    if not ranked or ranked[0].high == 0.0:
        return Deciding(None, ranked, NOTHING_DECIDES)
    top = ranked[0]
    if top.low <= max((s.high for s in ranked[1:]), default=0.0) or not top.share > weighed.bar:
        return Deciding(None, ranked, NOTHING_DECIDES)
    sentence = (
        f"{top.name} moves the answer most "
        f"({100 * top.share:.0f} % of its spread; {100 * top.low:.0f} to {100 * top.high:.0f} %)"
    )
    return Deciding(top.name, ranked, sentence)


def break_even(
    unknown: ArrayLike, difference: ArrayLike, *, n_bins: int | None = None, n_bootstrap: int = 200, seed: int = 1
) -> BreakEven:
    """Value of an unknown at which a difference changes its sign.

    Parameters
    ----------
    unknown : (draw,) array_like
        The deciding unknown, one value per draw (or the grid of a curve).
    difference : (draw,) array_like
        Answer of A less answer of B in the same draw.
    n_bins : int, optional
        Bins of equal count; default one per 25 draws, between 4 and 40. Arrays of 40 points or fewer are read as
        a curve.

    Returns
    -------
    BreakEven
        All crossings in the unit of the unknown, rising; ``low`` and ``high`` hold the 5–95 % bootstrap interval of the
        first one (nan where there is none; equal to the crossing for a curve). ``sign_below`` and ``sign_above`` are
        the signs of the mean difference at the two ends.

    Notes
    -----
    The difference is averaged in bins of the unknown; between two bin centres of opposite sign the crossing is linear.
    Only crossings inside the drawn range exist: nothing is extrapolated.

    Examples
    --------
    >>> x = np.linspace(0.0, 1.0, 11)
    >>> break_even(x, x - 0.25).crossings
    (0.25,)
    """
    x, y = np.asarray(unknown, dtype=np.float64), np.asarray(difference, dtype=np.float64)
    if x.ndim != 1 or x.shape != y.shape or x.size < 2:
        msg = f"break-even wants two arrays of one length, two values or more; given: {x.shape} and {y.shape}"
        raise DomainError(msg)
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    if x.size <= 40:
        crossings = _crossings(x, y)
        at = crossings[0] if crossings else float("nan")
        return BreakEven(crossings, at, at, int(np.sign(y[0])), int(np.sign(y[-1])))
    bins = _bins(x, n_bins if n_bins is not None else int(np.clip(x.size // 25, 4, 40)))
    centre, mean = _bin_means(x, y, bins, np.ones(x.size))
    crossings = _crossings(centre, mean)
    low = high = float("nan")
    if crossings:
        firsts: list[float] = []
        for weight in _bootstrap_counts("sensing/break-even/bootstrap", x.size, n_bootstrap, seed):
            found = _crossings(*_bin_means(x, y, bins, weight))
            firsts.extend(found[:1])
        low, high = quantiles(firsts or [crossings[0]], [0.05, 0.95]).tolist()
    return BreakEven(crossings, low, high, int(np.sign(mean[0])), int(np.sign(mean[-1])))


def _bin_means(
    x: FloatArray, y: FloatArray, bins: NDArray[np.intp], weight: FloatArray
) -> tuple[FloatArray, FloatArray]:
    count = np.bincount(bins, weights=weight)
    filled = count > 0
    return (
        np.bincount(bins, weights=weight * x)[filled] / count[filled],
        np.bincount(bins, weights=weight * y)[filled] / count[filled],
    )


def _crossings(x: FloatArray, y: FloatArray) -> tuple[float, ...]:
    found: list[float] = [float(x[i]) for i in range(x.size) if y[i] == 0.0]
    found.extend(
        float(x[i] - y[i] * (x[i + 1] - x[i]) / (y[i + 1] - y[i])) for i in range(x.size - 1) if y[i] * y[i + 1] < 0.0
    )
    return tuple(sorted(found))
