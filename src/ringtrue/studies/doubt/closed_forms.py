"""What knowing is worth where it can be written down: two options and normal unknowns, closed form and estimate."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.domain import Domain, checked
from ringtrue.rng import stream
from ringtrue.studies.doubt.information import (
    LEAST_DRAWS,
    Unknown,
    best_of_means,
    shrinkage_by_knowing,
    value_of_all,
    value_of_knowing,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]

ENOUGH = Domain(LEAST_DRAWS, 10**5, f"a whole number from {LEAST_DRAWS} to 100,000", is_whole=True)
BLOCKS = Domain(2, 100, "a whole number from 2 to 100", is_whole=True)
SIZE = Domain(0.0, 1e6, "zero or more, at most a million")
AHEAD = Domain(-1e6, 1e6, "a number within a million")


class WorthOfNormal(NamedTuple):
    """What knowing is worth for a choice, and how far the interval of the difference shrinks."""

    one: float
    all: float
    shrinkage: float


@checked(ahead=AHEAD, slope=SIZE, rest=SIZE)
def worth_of_normal(ahead: float, slope: float, rest: float) -> WorthOfNormal:
    """Value of knowing x, value of knowing x and z, and shrinkage by knowing x, in closed form.

    One option yields nothing, the other ``ahead`` + ``slope``·x + ``rest``·z, x and z standard normal. Knowing a part
    of standard deviation s is worth s φ(m/s) - |m| Φ(-|m|/s), m the mean ahead, by whose sign is chosen today.

    References
    ----------
    Raiffa and Schlaifer, Applied Statistical Decision Theory, 1961 (unit normal loss integral).

    Examples
    --------
    >>> [round(v, 4) for v in worth_of_normal(0.5, 1.0, 0.7)]
    [0.1978, 0.2773, 0.4265]
    >>> worth_of_normal(1.0, 0.0, 1.0).one
    0.0
    """
    whole = float(np.hypot(slope, rest))
    shrunk = 1.0 - rest / whole if whole > 0.0 else 0.0
    return WorthOfNormal(_normal_loss(ahead, slope), _normal_loss(ahead, whole), shrunk)


def _normal_loss(ahead: float, sd: float) -> float:
    from scipy.special import ndtr

    if sd <= 1e-12 * abs(ahead) or sd == 0.0:
        return 0.0
    m = abs(ahead) / sd
    return float(sd * (np.exp(-0.5 * min(m * m, 1e4)) / np.sqrt(2.0 * np.pi) - m * ndtr(-m)))


class EstimatedWorth(NamedTuple):
    """The same by the estimators of the studies; ``idle`` is an unknown that moves nothing, ``best`` is too good."""

    one: float
    all: float
    shrinkage: float
    idle: float
    idle_shrinkage: float
    best: float


@checked(ahead=AHEAD, slope=SIZE, rest=SIZE, luck_sd=SIZE, n_draws=ENOUGH, n_blocks=BLOCKS)
def estimated_worth_of_normal(
    ahead: float, slope: float, rest: float, luck_sd: float, n_draws: int = 5000, n_blocks: int = 8, seed: int = 1
) -> EstimatedWorth:
    """Estimates of `worth_of_normal` out of draws, each played ``n_blocks`` times with normal luck of ``luck_sd``.

    >>> found = estimated_worth_of_normal(0.5, 1.0, 0.7, 2.0, n_draws=2000)
    >>> round(found.one, 1), found.idle, found.best > found.all
    (0.2, 0.0, True)
    """
    return _estimated(float(ahead), float(slope), float(rest), float(luck_sd), int(n_draws), int(n_blocks), int(seed))


@lru_cache(maxsize=8)
def _estimated(
    ahead: float, slope: float, rest: float, luck_sd: float, n_draws: int, n_blocks: int, seed: int
) -> EstimatedWorth:
    """Estimate once what several cases of the table ask for."""
    x, z, idle, luck = _normals(n_draws, n_blocks, seed)
    ahead_by = (ahead + slope * x + rest * z)[:, None] + luck_sd * luck
    options = np.stack([np.zeros_like(ahead_by), ahead_by])
    return EstimatedWorth(
        value_of_knowing([Unknown(x)], options, seed=seed).value,
        value_of_all([Unknown(x), Unknown(z), Unknown(idle)], options, seed=seed).value,
        shrinkage_by_knowing([Unknown(x)], ahead_by, seed=seed).value,
        value_of_knowing([Unknown(idle)], options, seed=seed).value,
        shrinkage_by_knowing([Unknown(idle)], ahead_by, seed=seed).value,
        best_of_means(options),
    )


def _normals(n_draws: int, n_blocks: int, seed: int) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    drawn = stream(seed, "studies/doubt/closed-forms")
    x, z, idle = drawn.normal(size=(3, n_draws))
    return x, z, idle, drawn.normal(size=(n_draws, n_blocks))


# what a case file of `ringtrue verify` may call here: these compute from numbers, and neither read nor write
FOR_CASES = ("worth_of_normal", "estimated_worth_of_normal")
