"""Intervals, moments and indices: limits, symmetry, independent packages."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from ringtrue.errors import DomainError
from ringtrue.studies.indices import (
    binned_shares,
    ishigami,
    ishigami_moments,
    morris_mean_effect,
    sobol_indices,
)
from ringtrue.studies.statistics import (
    clopper_pearson_interval,
    pert_moments,
    runs_needed,
    triangular_moments,
    triangular_quantile,
    wilson_interval,
)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.integers(1, 3000), st.floats(0.0, 1.0), st.sampled_from([0.5, 0.9, 0.95, 0.999]))
def test_intervals_equal_scipy(n_trials: int, share: float, level: float) -> None:
    n_successes = round(share * n_trials)
    test = stats.binomtest(n_successes, n_trials)
    for ours, method in ((wilson_interval, "wilson"), (clopper_pearson_interval, "exact")):
        theirs = test.proportion_ci(level, method=method)
        assert ours(n_successes, n_trials, level) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.floats(-50, 50), st.floats(0.01, 100), st.floats(0.0, 1.0))
def test_triangular_equals_scipy(low: float, width: float, at: float) -> None:
    nominal, high = low + at * width, low + width
    nominal = min(max(nominal, low), high)
    law = stats.triang((nominal - low) / (high - low), loc=low, scale=high - low)
    assert triangular_moments(low, nominal, high) == pytest.approx(
        (law.mean(), law.std()), abs=1e-6 * (width + abs(low))
    )


@pytest.mark.parametrize(
    ("case", "quantiles"),
    [
        ((40.0, 45.0, 100.0), [43.872983, 59.379808, 87.154767]),  # V-U04
        ((0.4, 0.7, 0.85), [0.482158, 0.659808, 0.791905]),  # V-U05
    ],
)
def test_triangular_quantiles_as_published(case, quantiles) -> None:
    assert triangular_quantile(np.array([0.05, 0.5, 0.95]), *case) == pytest.approx(quantiles, rel=1e-6)


def test_pert_is_a_beta_law() -> None:
    law = stats.beta(1 + 4 * 5 / 60, 1 + 4 * 55 / 60, loc=40, scale=60)
    assert pert_moments(40, 45, 100) == pytest.approx((law.mean(), law.std()))


def test_a_spread_of_no_width() -> None:
    assert triangular_moments(2.0, 2.0, 2.0).sd == 0.0


def test_runs_needed_bounds_the_half_width() -> None:
    n = runs_needed(0.3, 0.02)
    z = stats.norm.ppf(0.975)
    assert z * math.sqrt(0.21 / n) <= 0.02 < z * math.sqrt(0.21 / (n - 1))


@pytest.mark.parametrize(
    "call",
    [
        lambda: wilson_interval(3, 2),
        lambda: wilson_interval(0, 0),
        lambda: clopper_pearson_interval(1, 2, level=1.0),
        lambda: runs_needed(0.5, 0.0),
        lambda: triangular_moments(2, 1, 3),
        lambda: sobol_indices(ishigami, 3, n_base=1000),
        lambda: morris_mean_effect(ishigami, 3, n_levels=5),
    ],
)
def test_nonsense_is_refused(call) -> None:
    with pytest.raises(DomainError):
        call()


def test_indices_agree_with_the_closed_form_over_seeds() -> None:
    closed = ishigami_moments()
    for seed in (2, 3, 4):
        found = sobol_indices(ishigami, 3, n_base=8192, seed=seed)
        assert found.first == pytest.approx(closed.first, abs=0.02)
        assert found.total == pytest.approx(closed.total, abs=0.02)


def test_an_inert_input_has_no_effect() -> None:
    found = sobol_indices(lambda x: x[:, 0], 2, n_base=256)
    assert found.total[1] == 0.0
    assert morris_mean_effect(lambda x: x[:, 0], 2, n_trajectories=20)[1] == 0.0


def test_the_shares_that_studies_print_meet_the_closed_form_over_seeds() -> None:
    exact = np.array(ishigami_moments().first)
    found = np.array([binned_shares(ishigami, 3, n_draws=20_000, seed=seed) for seed in range(1, 7)])
    assert np.abs(found - exact).max() < 0.02
    # a thousand draws, as an audit takes: no bias beyond what two waves in 25 bins cost
    few = np.array([binned_shares(ishigami, 3, n_draws=1000, seed=seed) for seed in range(1, 25)])
    assert np.abs(few.mean(axis=0) - exact).max() < 0.025
