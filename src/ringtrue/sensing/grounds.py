"""The drawn grounds: one numbering for every study, and which of them each draw lives on.

Ground i is the same ground whoever asks and for how many. Ground ``HOLLOW`` puts the antenna into a hollow; the others
come in pairs that mirror each other in every figure, so that the first two and the first four stand for the spread, and
fifteen cut it into slices of one size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.finding import DRAWS, draw_axis
from ringtrue.rng import stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.int64]

HOLLOW = 2
N_SLICES = 15
FIRST_PAIRS = (2, 3)
"""Slices of the first two pairs: one alone spreads 104 % or 78 % as far as a split triangle does, both 92 %."""
LATER_PAIRS = (0, 1, 4, 5, 6)


class Grounds(NamedTuple):
    """Which ground each draw lives on (draw + 1,), nominal 0 last; what makes up grounds 1 and on (ground,)."""

    relief: IntArray
    height_error_m: FloatArray
    subgrid_share: FloatArray
    unmeasured_subgrid_share: FloatArray
    site_share: FloatArray
    error_correlation_m: FloatArray

    @property
    def share_of_draws(self) -> FloatArray:
        """Share of the draws that live on each ground, (ground,) [1]."""
        lived = self.relief[DRAWS]
        return np.bincount(lived, minlength=self.site_share.size + 1)[1:] / lived.size


def numbers_of_grounds(name: str, n_grounds: int, seed: int) -> FloatArray:
    """Where in its spread a figure of the ground lies on grounds 1 to ``n_grounds``, (ground,), from 0 to 1.

    Notes
    -----
    A number depends on seed, name and ground alone. The hollow takes the middle, 1/2. Of the others, each two that
    follow one another mirror each other about 1/2; fifteen of them stand in the middles of fifteen slices, which slice
    in an order that begins with ``FIRST_PAIRS``. The next fifteen stand anywhere in their slices.

    Examples
    --------
    >>> numbers = numbers_of_grounds("height-error", 16, seed=1)
    >>> ordinary = np.delete(numbers, HOLLOW - 1)
    >>> [round(float(p), 3) for p in sorted(ordinary)][:3], float((ordinary[0] + ordinary[1]) / 2)
    ([0.033, 0.1, 0.167], 0.5)
    >>> bool((numbers_of_grounds("height-error", 5, seed=1) == numbers[:5]).all())
    True
    """
    numbers: list[float] = []
    for block in range(-(-n_grounds // N_SLICES)):
        generator = stream(seed, f"terrain/{name}", block)
        pairs = [*generator.permutation(FIRST_PAIRS).tolist(), *generator.permutation(LATER_PAIRS).tolist()]
        is_low_first = generator.random(len(pairs)) < 0.5
        place = generator.random(len(pairs) + 1) if block else np.full(len(pairs) + 1, 0.5)
        for pair, low_first, inside in zip(pairs, is_low_first, place[:-1], strict=True):
            low = (pair + float(inside)) / N_SLICES
            numbers += [low, 1.0 - low] if low_first else [1.0 - low, low]
        numbers.append((N_SLICES // 2 + float(place[len(pairs)])) / N_SLICES)
    return np.array([*numbers[: HOLLOW - 1], 0.5, *numbers[HOLLOW - 1 :]][:n_grounds])


def grounds_of_draws(n_grounds: int, n_draws: int, hollow_chance: float) -> IntArray:
    """Which ground each draw lives on, (draw + 1,); the nominal case, last, on 0, the model as it is.

    The share ``hollow_chance`` of the draws lives in the hollow, the same draws whatever the number of grounds; the
    others take the other grounds in turn. One ground alone is no hollow.

    >>> grounds_of_draws(3, 10, 0.25).tolist()
    [1, 2, 3, 1, 3, 2, 1, 3, 1, 2, 0]
    """
    draw = np.arange(draw_axis(n_draws), dtype=np.int64)
    hollows_before = np.floor(draw * hollow_chance + 0.5).astype(np.int64)
    if n_grounds < HOLLOW:
        return np.append(np.ones(n_draws, dtype=np.int64), 0)
    in_turn = (draw - hollows_before)[DRAWS] % (n_grounds - 1)
    ordinary = np.where(in_turn < HOLLOW - 1, in_turn + 1, in_turn + 2)
    return np.append(np.where(np.diff(hollows_before) > 0, HOLLOW, ordinary), 0)
