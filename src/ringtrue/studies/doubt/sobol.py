"""Sobol indices out of a pick-freeze design whose points were asked several times with luck of their own.

Luck is taken out by products of blocks that share none of it, so an inert group has an index of nothing on the average,
however few the replications; and luck has an index of its own, that of a single raid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.cancel import stop_if_cancelled
from ringtrue.errors import DomainError
from ringtrue.finding import quantiles
from ringtrue.rng import stream

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]

LEAST_BASE = 8


class Index(NamedTuple):
    """A share with its 90 % interval; not clipped, so that the interval of an inert group can hold nothing."""

    low: float
    value: float
    high: float


@dataclass(frozen=True)
class Sobol:
    """Indices of every group, in the order of the design.

    Attributes
    ----------
    first, total : tuple of Index
        Share of the variance of the expected answer that goes with a group alone, and with all that it has part in.
    interactions : Index
        What no group carries alone: 1 less the sum of the first-order indices.
    luck : Index
        Share of the variance of one raid that is luck at known figures; nothing where no luck enters.
    variance : float
        Of the expected answer over the figures, luck taken out.
    """

    first: tuple[Index, ...]
    total: tuple[Index, ...]
    interactions: Index
    luck: Index
    variance: float


def sobol_of_blocks(
    values: ArrayLike, luck_variance: ArrayLike = 0.0, *, n_bootstrap: int = 200, seed: int = 1
) -> Sobol:
    """Sobol indices of a model with luck, from the points A, B and A with one group of B.

    Parameters
    ----------
    values : (group + 2, base, block) array_like
        The answer at A, at B and, group by group, at A with that group of B; blocks share no luck. One block: a model
        without luck.
    luck_variance : (group + 2, base) array_like or float
        Variance of a single raid about the mean of its point.
    n_bootstrap : int
        Resamples behind the intervals, of base points and of blocks.

    Returns
    -------
    Sobol

    Raises
    ------
    DomainError
        Fewer than 8 base points, two blocks where three are wanted, values that are not finite, or no spread.

    Notes
    -----
    S = mean(f_B (f_AB - f_A)) / V (Saltelli and others 2010), ST = mean((f_A - f_AB)^2) / (2 V) (Jansen 1999), V of A
    and B together, f less its mean. Where the formulas have a square, it is the mean of the products of two different
    blocks: the square of a mean over luck would carry that luck's variance into V and into every ST. The interval holds
    the spread of base points and of blocks: both are drawn again with replacement, and no block meets itself.

    References
    ----------
    Saltelli and others, Computer Physics Communications 181 (2010) 259, table 2 (b) and (f); Jansen, Computer Physics
    Communications 117 (1999) 35; Mazo, arXiv 2210.08807, on points against repetitions for a model with luck.

    Examples
    --------
    ``x + 2 y`` of two normal numbers, which carry 1/5 and 4/5, and a third that carries nothing:

    >>> a, b = np.random.default_rng(1).normal(size=(2, 3, 4096))
    >>> points = [a, b, *(np.where(np.arange(3)[:, None] == i, b, a) for i in range(3))]
    >>> found = sobol_of_blocks([(x + 2.0 * y)[:, None] for x, y, _ in points])
    >>> [round(one.value, 1) for one in found.total], found.luck.value
    ([0.2, 0.8, 0.0], 0.0)
    """
    f = np.asarray(values, dtype=np.float64)
    _check(f)
    noise = np.broadcast_to(np.asarray(luck_variance, dtype=np.float64), f.shape[:2])
    n_groups, n_base, n_blocks = f.shape[0] - 2, f.shape[1], f.shape[2]
    f = f - f[:2].mean()
    products = _Products.of(f, noise)
    whole = _shares(products, np.ones(n_base), np.ones(n_blocks))
    variance = float(whole[2 * n_groups + 2])
    if not variance > 0.0:
        msg = "the answer does not move with any figure beyond luck: there is no variance to share out"
        raise DomainError(msg)
    generator = stream(seed, "doubt/sobol/bootstrap")
    cloud = np.empty((n_bootstrap, whole.size))
    for i in range(n_bootstrap):
        stop_if_cancelled()
        rows = np.bincount(generator.integers(0, n_base, n_base), minlength=n_base).astype(np.float64)
        cloud[i] = _shares(products, rows, _blocks_again(generator, n_blocks))
    low, high = whole, whole
    if n_bootstrap:
        known = cloud[np.isfinite(cloud).all(axis=1)]
        low, high = quantiles((known - known.mean(axis=0) + whole).T, [0.05, 0.95])
    found = [Index(*ends) for ends in np.stack([low, whole, high]).T.tolist()]
    first, total = found[:n_groups], found[n_groups : 2 * n_groups]
    return Sobol(tuple(first), tuple(total), found[2 * n_groups], found[2 * n_groups + 1], variance)


def _check(f: FloatArray) -> None:
    if f.ndim != 3 or f.shape[0] < 3 or f.shape[1] < LEAST_BASE or f.shape[2] == 2:
        msg = (
            f"indices want the answer at A, B and A with each group of B, at {LEAST_BASE} base points or more, in one "
            f"block or three and more; given: shape {f.shape}"
        )
        raise DomainError(msg)
    if not np.isfinite(f).all():
        msg = "the answer holds values that are not finite; no share can be made of its variance"
        raise DomainError(msg)


class _Products(NamedTuple):
    """Products of blocks point by point, (quantity, base, block, block): all that any resample is a mean of."""

    mean: FloatArray  # (base, block): of A and B
    square: FloatArray  # (base, block, block): of A and B, halved
    first: FloatArray  # (group, base, block, block)
    total: FloatArray
    noise: FloatArray  # (base,): variance of one raid, mean over the points A and B

    @classmethod
    def of(cls, f: FloatArray, noise: FloatArray) -> _Products:
        a, b, mixed = f[0], f[1], f[2:]
        step = mixed - a
        return cls(
            0.5 * (a + b),
            0.5 * (_outer(a, a) + _outer(b, b)),
            _outer(np.broadcast_to(b, step.shape), step),
            0.5 * _outer(step, step),
            0.5 * (noise[0] + noise[1]),
        )


def _outer(x: FloatArray, y: FloatArray) -> FloatArray:
    return x[..., :, None] * y[..., None, :]


def _shares(products: _Products, rows: FloatArray, blocks: FloatArray) -> FloatArray:
    """First-order, total, interactions, luck and the variance, for base points and blocks taken so often."""
    pairs = np.outer(blocks, blocks)
    if blocks.size > 1:
        np.fill_diagonal(pairs, 0.0)
    pairs /= pairs.sum()
    rows = rows / rows.sum()
    mean = rows @ products.mean  # (block,)
    square = rows @ (products.square * pairs).sum(axis=(1, 2))
    variance = square - float(mean @ pairs @ mean)
    of_first = np.tensordot((products.first * pairs).sum(axis=(2, 3)), rows, axes=1)
    of_total = np.tensordot((products.total * pairs).sum(axis=(2, 3)), rows, axes=1)
    noise = float(rows @ products.noise)
    with np.errstate(divide="ignore", invalid="ignore"):
        first, total = of_first / variance, of_total / variance
        luck = noise / (variance + noise) if noise > 0.0 else 0.0
    return np.concatenate([first, total, [1.0 - first.sum(), luck, variance]])


def _blocks_again(generator: np.random.Generator, n_blocks: int) -> FloatArray:
    """How often each block is taken again: as many as there are, two different ones at least."""
    while True:
        counts = np.bincount(generator.integers(0, n_blocks, n_blocks), minlength=n_blocks)
        if n_blocks == 1 or (counts > 0).sum() > 1:
            return counts.astype(np.float64)
