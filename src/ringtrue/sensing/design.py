"""How draws are laid out: plainly, or so that one group of streams at a time is taken from a second sample.

Every stream has two samples of ``n_base`` numbers. A draw takes its row of the first, but for the streams of one group,
which it may take from the second: the layout behind Sobol indices (A, B, and A with one group of B), out of draws that
go through the same kernels as any others.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ringtrue.finding import DRAWS
from ringtrue.rng import stream
from ringtrue.scenario.draw import stratified_uniform
from ringtrue.sensing.grounds import grounds_of_draws

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.int64]

NONE_OF_B, ALL_OF_B = -1, -2
"""What a draw takes from the second sample in place of the number of a group."""


@dataclass(frozen=True, eq=False)
class Design:
    """Where each draw takes the numbers of its streams.

    Attributes
    ----------
    groups : tuple of frozenset of str
        Streams that are taken from the second sample together.
    n_base : int
        Numbers in each of the two samples of a stream.
    row, taken : (draw,) int array
        Row of the samples; the group that is taken from the second, `NONE_OF_B` or `ALL_OF_B`.
    first_draw : int
        Number of the first draw, where this is a piece of a longer design.
    points : dict
        Numbers (2, base) of the two samples by stream; one that has none takes stratified ones of the seed.

    Examples
    --------
    >>> design = pick_freeze([frozenset({"x"}), frozenset({"y"})], 4, seed=1)
    >>> x = design.numbers("x", seed=1).reshape(4, 4)
    >>> bool((x[0] != x[1]).all()), bool((x[2] == x[1]).all()), bool((x[3] == x[0]).all())
    (True, True, True)
    """

    groups: tuple[frozenset[str], ...]
    n_base: int
    row: IntArray
    taken: IntArray
    first_draw: int = 0
    points: dict[str, FloatArray] = field(default_factory=dict, repr=False)

    @property
    def n_draws(self) -> int:
        """Length of the draw axis."""
        return int(self.row.size)

    def numbers(self, name: str, seed: int) -> FloatArray:
        """Uniform numbers (draw,) of a stream."""
        if name in self.points:
            return self.laid_out(name, *self.points[name])
        return self.laid_out(name, stratified_uniform(f"draw/{name}", self.n_base, seed), self._second(name, seed))

    def loose_numbers(self, name: str, drawn_as: str, seed: int) -> FloatArray:
        """Uniform numbers (draw,) of a stream that a run draws one by one, under another name and without slices."""
        if name in self.points:
            return self.laid_out(name, *self.points[name])
        return self.laid_out(name, stream(seed, f"draw/{drawn_as}").random(self.n_base), self._second(name, seed))

    def grounds(self, n_grounds: int, hollow_chance: float, name: str, seed: int) -> IntArray:
        """Which ground each draw lives on, (draw + 1,); the nominal case last. In turn, or by the stream's number."""
        in_turn = grounds_of_draws(n_grounds, self.n_base, hollow_chance)[DRAWS]
        first, second = self.points.get(name, (None, self._second(name, seed)))
        lived = np.sort(in_turn)
        drawn = [in_turn if p is None else lived[(p * self.n_base).astype(np.int64)] for p in (first, second)]
        return np.append(self.laid_out(name, *drawn), 0)

    def laid_out(self, name: str, first: NDArray[Any], second: NDArray[Any]) -> NDArray[Any]:
        """Values (draw,) of a stream out of those of the samples (base,); in no group: from B with all others alone."""
        own = [i for i, group in enumerate(self.groups) if name in group]
        is_second = (self.taken == ALL_OF_B) | np.isin(self.taken, own)
        return np.where(is_second, second[self.row], first[self.row])

    def _second(self, name: str, seed: int) -> FloatArray:
        return stratified_uniform(f"second/{name}", self.n_base, seed)

    def piece(self, first: int, last: int) -> Design:
        """Return draws ``first`` to ``last`` (exclusive) as a design of their own, on the same numbers."""
        part = slice(first, last)
        return replace(self, row=self.row[part], taken=self.taken[part], first_draw=self.first_draw + first)


def plain(n_draws: int) -> Design:
    """Every draw a row of the first sample: the draws of a run without a design, to be asked piece by piece."""
    return Design((), n_draws, np.arange(n_draws), np.full(n_draws, NONE_OF_B))


def pick_freeze(groups: Sequence[frozenset[str]], n_base: int, seed: int) -> Design:
    """Lay out A, B and, group by group, A with that group of B: ``n_base`` draws each, in this order.

    The two samples are scrambled Sobol points, a coordinate for each stream in either; ``n_base`` is a power of two.
    """
    from scipy.stats import qmc

    names = sorted(frozenset().union(*groups))
    numbers = qmc.Sobol(2 * len(names), rng=stream(seed, "sensing/design/sobol")).random(n_base).T
    points = dict(zip(names, np.stack(np.split(numbers, 2), axis=1), strict=True))
    taken = np.repeat([NONE_OF_B, ALL_OF_B, *range(len(groups))], n_base)
    return Design(tuple(groups), n_base, np.tile(np.arange(n_base), len(groups) + 2), taken, points=points)
