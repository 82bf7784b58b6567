"""The luck of few replications is taken out of paired differences; what a pair shares was never luck of the pair."""

from __future__ import annotations

import numpy as np
import pytest

from ringtrue.catalogue.load import load_catalogue
from ringtrue.engagement.answers import answer, less_luck, paired_difference
from ringtrue.engagement.raid import PAIRED, run_raid
from ringtrue.geo.elevation import open_model
from ringtrue.scenario.load import load_scenario
from ringtrue.sensing.run import Run

N_DRAWS, N_REPLICATIONS = 4000, 10
RNG = np.random.default_rng(7)
# truth differs by 1 with a spread of 1 between draws; luck of one replication has a spread of 3
TRUTH = RNG.normal(1.0, 1.0, N_DRAWS)
COMMON = RNG.normal(0.0, 50.0, (N_DRAWS, N_REPLICATIONS))
FIRST = TRUTH[:, None] + COMMON + RNG.normal(0.0, 3.0, (N_DRAWS, N_REPLICATIONS))


def test_spread_and_share_are_those_without_luck() -> None:
    difference = FIRST.mean(axis=1) - COMMON.mean(axis=1)
    found = less_luck(difference, FIRST, COMMON)
    assert found.is_reduced
    assert found.noise_share == pytest.approx(0.9 / 1.9, abs=0.03)
    assert difference.std() > 1.3
    assert found.values.std() == pytest.approx(1.0, abs=0.05)
    better = 0.8413  # normal law: P(1 + z > 0)
    assert (difference > 0).mean() < better - 0.04
    assert (found.values > 0).mean() == pytest.approx(better, abs=0.015)


def test_common_luck_is_none_of_the_pair() -> None:
    found = less_luck(TRUTH, TRUTH[:, None] + COMMON, COMMON)
    assert not found.is_reduced
    assert found.noise_share < 1e-9
    assert (found.values == TRUTH).all()


def test_draws_that_are_alike_in_every_replication_stay_so() -> None:
    luck = RNG.normal(0.0, 3.0, (40, 10))
    first = np.vstack([luck, np.zeros((60, 10))])
    found = less_luck(first.mean(axis=1), first, np.zeros((100, 10)))
    assert found.is_reduced
    assert (found.values[40:] == 0.0).all()
    assert found.values[:40].std() < 0.5 * first.mean(axis=1)[:40].std()


def test_where_all_is_luck_the_doubt_of_the_mean_stays() -> None:
    first = np.random.default_rng(11).normal(0.3, 3.0, (75, 20))
    found = less_luck(first.mean(axis=1), first, np.zeros((75, 20)))
    assert found.noise_share > 0.8
    assert found.values.std() >= 0.99 * first.mean(axis=1).std() / np.sqrt(75)


def test_a_count_that_is_all_luck_does_not_shrink_to_a_point() -> None:
    values = np.array([15.0, 16.0, 16.5, 17.0, 15.5, 16.0])
    found = answer("leakers", "1", values, np.full(6, 100.0), 2)
    assert found.noise_share == 1.0
    assert found.finding.low < found.finding.median < found.finding.high


def test_what_luck_adds_is_drawn_out_of_the_spread_and_no_more() -> None:
    """Variance between draws 2.5; noise of the mean of ten raids 0.1, 0.5 and 5: 4 %, 20 % and all of it."""
    values = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    kept = answer("leakers", "1", values, np.full(5, 1.0), 10, 7.0)
    assert (kept.noise_share, kept.is_reduced) == (pytest.approx(0.04), False)
    assert (kept.finding.draws.tolist(), kept.finding.nominal) == (values.tolist(), 7.0)
    less = answer("leakers", "1", values, np.full(5, 5.0), 10)
    assert (less.noise_share, less.is_reduced) == (pytest.approx(0.2), True)
    assert np.var(less.finding.draws, ddof=1) == pytest.approx(2.5 * 0.8)
    assert less.finding.median == 3.0
    least = answer("leakers", "1", values, np.full(5, 50.0), 10)
    assert least.noise_share == 1.0
    assert least.finding.draws == pytest.approx(3.0 + (values - 3.0) / np.sqrt(5.0))
    one = answer("leakers", "1", values[:1], np.full(1, 5.0), 10)
    assert (one.noise_share, one.is_reduced) == (0.0, False)


def test_a_raid_keeps_its_counts_by_replication() -> None:
    scenario, catalogue, model = load_scenario("minimal"), load_catalogue(), open_model("none")
    result = run_raid(
        scenario,
        scenario.laydowns[0].id,
        scenario.raids[0].id,
        Run(catalogue, model, n_draws=5),
        n_replications=6,
        chunks=2,
    )
    for name in PAIRED:
        assert result.by_replication[name].shape == (5, 6)
        assert result.by_replication[name].mean(axis=1) == pytest.approx(result.of(name))
    assert paired_difference(result, result).high == 0.0
