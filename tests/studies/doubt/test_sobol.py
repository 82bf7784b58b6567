"""Indices against closed forms, against SciPy and SALib on the same sample, and with luck in the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from SALib.analyze import sobol as salib
from scipy.stats import qmc, sobol_indices

from ringtrue.errors import DomainError
from ringtrue.studies.doubt.sobol import Sobol, sobol_of_blocks
from ringtrue.studies.indices import ishigami, ishigami_moments

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]

G_WEIGHTS = np.array([0, 0.5, 1, 2, 4, 9, 9, 9, 9, 9, 9, 9, 9, 20, 20, 50, 99, 99, 99, 1e9])


def _points(n_inputs: int, n_base: int, seed: int) -> FloatArray:
    """A, B and A with one column of B, (group + 2, base, input)."""
    both = qmc.Sobol(2 * n_inputs, rng=np.random.default_rng(seed)).random(n_base)
    a, b = both[:, :n_inputs], both[:, n_inputs:]
    own = np.arange(n_inputs)
    return np.array([a, b, *(np.where(own == i, b, a) for i in range(n_inputs))])


def _g(x: FloatArray) -> FloatArray:
    """Sobol's g-function."""
    return np.asarray(np.prod((np.abs(4.0 * x - 2.0) + G_WEIGHTS) / (1.0 + G_WEIGHTS), axis=-1))


def _with_luck(n_base: int, n_blocks: int, n_each: int, seed: int, of: Callable[[FloatArray], FloatArray]) -> Sobol:
    """Ishigami's function and a dummy, with luck of its own at each point, its standard deviation ``of`` the point."""
    points = _points(4, n_base, seed)
    expected = ishigami(points.reshape(-1, 4)[:, :3]).reshape(points.shape[:2])
    sigma = of(points)
    luck = np.random.default_rng(seed + 1000).normal(size=(*expected.shape, n_blocks, n_each)) * sigma[..., None, None]
    raids = expected[..., None, None] + luck
    return sobol_of_blocks(raids.mean(axis=3), raids.reshape(*expected.shape, -1).var(axis=2, ddof=1))


def test_one_block_is_scipy_and_salib() -> None:
    """The same formulas, on the same sample."""
    points = _points(20, 256, 1)
    values = _g(points)
    ours = sobol_of_blocks(values[:, :, None], n_bootstrap=0)
    theirs = sobol_indices(
        func={"f_A": values[:1], "f_B": values[1:2], "f_AB": values[2:, None, :]}, n=256, rng=np.random.default_rng(1)
    )
    assert np.allclose([one.value for one in ours.total], theirs.total_order, atol=1e-9)
    assert np.allclose([one.value for one in ours.first], theirs.first_order, atol=1e-9)
    laid = np.concatenate([values[:1], values[2:], values[1:2]]).T.ravel()  # SALib's order: A, AB, B, point by point
    problem = {"num_vars": 20, "names": [str(i) for i in range(20)], "bounds": [[0.0, 1.0]] * 20}
    other = salib.analyze(problem, laid, calc_second_order=False, num_resamples=10, seed=1)
    assert np.allclose([one.value for one in ours.total], other["ST"], atol=0.01)
    assert np.allclose([one.value for one in ours.first], other["S1"], atol=0.01)


def test_twenty_inputs_of_the_g_function() -> None:
    """Total-order indices of the closed form to 0.01."""
    variance = 1.0 / (3.0 * (1.0 + G_WEIGHTS) ** 2)
    total = variance * np.prod(1.0 + variance) / (1.0 + variance) / (np.prod(1.0 + variance) - 1.0)
    found = sobol_of_blocks(_g(_points(20, 1024, 3))[:, :, None], n_bootstrap=50)
    error = np.array([one.value for one in found.total]) - total
    assert np.sqrt(np.mean(error**2)) <= 0.01
    assert found.total[-1].low <= 1e-6
    assert found.luck.value == 0.0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_luck_leaves_the_indices_of_the_expected_answer(seed: int) -> None:
    """Ishigami with noise that grows with the third angle: indices of the closed form, luck of the closed form.

    Its variance 9 u^2 has the mean 3; the function's is 13.84: luck is 3 / 16.84 of one raid.
    """
    found = _with_luck(2048, 3, 4, seed, lambda points: 3.0 * points[..., 2])
    closed = ishigami_moments()
    wanted_first, wanted_total = (*closed.first, 0.0), (*closed.total, 0.0)
    for one, wanted in zip((*found.first, *found.total), (*wanted_first, *wanted_total), strict=True):
        assert one.value == pytest.approx(wanted, abs=0.06)
    assert found.luck.value == pytest.approx(3.0 / (closed.variance + 3.0), abs=0.01)
    assert found.interactions.low < closed.second_13 < found.interactions.high


def test_a_dummy_under_luck_of_its_own_holds_nothing() -> None:
    """Nine in ten intervals hold 0 where each point has its own luck, though a square of means would not be near it."""
    held, naive = [], []
    for seed in range(20):
        found = _with_luck(128, 3, 1, seed, lambda points: np.full(points.shape[:2], 6.0))
        held += [found.total[3].low <= 0.0 <= found.total[3].high, found.first[3].low <= 0.0 <= found.first[3].high]
        naive.append(found.total[3].value)
    assert np.mean(held) >= 0.8
    assert abs(np.mean(naive)) < 0.1  # the luck of one raid, 36, is 2.6 times the variance over the angles


def test_the_interval_holds_the_spread_of_blocks() -> None:
    """The same base points with blocks that disagree have a wider interval."""
    points = _points(3, 256, 5)
    expected = ishigami(points.reshape(-1, 3)).reshape(points.shape[:2])
    tilt = np.array([0.6, 1.0, 1.4])
    calm = sobol_of_blocks(np.repeat(expected[:, :, None], 3, axis=2))
    torn = sobol_of_blocks(expected[:, :, None] + (points[:, :, :1] - 0.5) * 20.0 * (tilt - 1.0))
    width = [found.total[0].high - found.total[0].low for found in (calm, torn)]
    assert width[1] > 1.5 * width[0]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (np.ones((4, 16, 1)), "no variance"),
        (np.ones((4, 16, 2)), "three"),
        (np.full((4, 16, 1), np.nan), "not finite"),
        (np.ones((4, 4, 1)), "8 base points"),
    ],
)
def test_what_has_no_indices_is_refused(values: FloatArray, said: str) -> None:
    """In one sentence each."""
    with pytest.raises(DomainError, match=said):
        sobol_of_blocks(values)
