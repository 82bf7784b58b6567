"""The interval of one raid holds draws and luck, that of a mean the draws alone."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from ringtrue.catalogue.load import load_catalogue
from ringtrue.engagement.answers import count_answer, leak_share, one_raid, one_raid_of, p_no_leaker
from ringtrue.engagement.case import raid_case
from ringtrue.engagement.raid import run_raid
from ringtrue.engagement.simulate import simulate
from ringtrue.finding import finding
from ringtrue.geo.elevation import open_model
from ringtrue.scenario.load import load_scenario
from ringtrue.sensing.run import Run

CATALOGUE = load_catalogue()
BARE = open_model("none")
N_TARGETS = 24


def salvo_raid(p_kill):
    """Each of 24 targets is shot at once, in every draw with its own kill probability."""
    return raid_case(
        n_draws=len(p_kill),
        units=["unit"],
        radars=["radar"],
        interceptors=["round"],
        classes=["target"],
        targets=[f"wave/{j}" for j in range(N_TARGETS)],
        time_s=[0.0, 1e6],
        slant_range_m=1000.0,
        p_detect=np.ones((1, N_TARGETS, 1)),
        p_kill=np.asarray(p_kill)[:, None, None],
        envelope=[0.0, 2000.0, 0.0, 1e5],
        flight_range_m=[[0.0, 1000.0]],
        flight_s=[0.0, 1.0],
        launcher_unit=[0],
        launcher_round=[0],
        launcher_rounds=1000,
        channels=64,
        max_shots=1,
    )


def played(p_kill, n_replications):
    leakers = simulate(salvo_raid(p_kill), seed=1, n_replications=n_replications).count("leakers")
    return leakers, one_raid(np.bincount(leakers.ravel(), minlength=N_TARGETS + 1))


def quantiles_of(distribution):
    """Least counts that 5 % and 95 % do not exceed; both stand clear of the noise of 20,000 raids (0.0015)."""
    below = np.cumsum(distribution)
    ends = [int(np.searchsorted(below, p)) for p in (0.05, 0.95)]
    gap = min(abs(below - p).min() for p in (0.05, 0.95))
    assert gap > 5.0 * 0.0015, "choose another kill probability: the quantile stands on a step"
    return tuple(float(end) for end in ends)


@pytest.mark.parametrize("p_kill", [0.45, 0.55, 0.8])
def test_with_nothing_to_draw_it_is_binomial_and_the_mean_a_point(p_kill):
    leakers, (low, high) = played([p_kill], 20_000)
    mean = finding("leakers", "1", leakers.mean(axis=1))
    expected = quantiles_of(binom.pmf(np.arange(N_TARGETS + 1), N_TARGETS, 1.0 - p_kill))
    assert (low, high) == expected
    assert mean.low == mean.high == pytest.approx(N_TARGETS * (1.0 - p_kill), abs=5 * 2.4 / 20_000**0.5)


def test_it_is_wider_by_the_binomial_variance_of_luck():
    """Kill probability from 0.35 to 0.95: variance 24^2 0.6^2 / 12 of the means, and 24 E[p (1 - p)] of luck on top."""
    p_kill = 0.35 + 0.6 * (np.arange(200) + 0.5) / 200
    leakers, ends = played(p_kill, 100)
    mixture = np.mean([binom.pmf(np.arange(N_TARGETS + 1), N_TARGETS, 1.0 - p) for p in p_kill], axis=0)
    assert ends == quantiles_of(mixture)
    means = finding("leakers", "1", leakers.mean(axis=1))
    between = N_TARGETS**2 * 0.6**2 / 12.0
    luck = N_TARGETS * float(np.mean(p_kill * (1.0 - p_kill)))
    assert leakers.mean(axis=1).var() == pytest.approx(between, rel=0.02)
    assert leakers.var() == pytest.approx(between + luck, rel=0.02)
    assert ends[0] < means.low
    assert means.high < ends[1]


def test_the_ends_are_counts_that_came_up():
    assert one_raid(np.array([0, 0, 7])) == (2.0, 2.0)
    assert one_raid(np.array([5, 0, 90, 0, 5])) == (0.0, 2.0)
    assert one_raid(np.array([4, 1, 90, 0, 5])) == (1.0, 2.0)
    assert one_raid(np.array([4, 0, 90, 0, 6])) == (2.0, 4.0)


def run(n_draws=40, n_replications=30, threads=None, **more):
    return run_raid(
        load_scenario("minimal"), "one-s-400", "cruise-4", Run(CATALOGUE, BARE, n_draws=n_draws, threads=threads),
        n_replications=n_replications, **more,
    )  # fmt: skip


def test_every_count_of_a_raid_carries_it_and_a_probability_does_not():
    result = run()
    leakers, share = count_answer(result, "leakers").finding, leak_share(result).finding
    pooled = np.sort(result.by_replication["leakers"].ravel())
    ends = tuple(float(pooled[int(np.ceil(p * pooled.size)) - 1]) for p in (0.05, 0.95))
    assert leakers.one_raid == ends
    assert share.one_raid == pytest.approx(tuple(end / 4 for end in ends))
    for name in result.names:
        ends_of = count_answer(result, name).finding.one_raid
        assert ends_of == (one_raid_of(result.by_replication[name]) if "/" not in name else ends_of)
        assert ends_of is not None, name
    assert p_no_leaker(result).finding.one_raid is None
    assert leakers.interval()["one_raid"] == {"low": ends[0], "high": ends[1]}


def test_threads_and_chunks_change_no_raid_of_it():
    first = run(threads=1, chunks=1)
    for other in (run(threads=2, chunks=1), run(threads=1, chunks=7)):
        assert first.histograms.keys() == other.histograms.keys()
        assert all((first.histograms[name] == other.histograms[name]).all() for name in first.histograms)
    assert all(histogram.sum() == 40 * 30 for histogram in first.histograms.values())


def test_raid_by_raid_and_from_a_histogram_it_is_the_same():
    rng = np.random.default_rng(4)
    for size in (1, 7, 20, 999):
        counts = rng.poisson(3.0, size)
        assert one_raid_of(counts) == one_raid(np.bincount(counts))
    assert one_raid_of([[np.nan, np.nan]]) is None


def test_rounds_and_their_cost_come_raid_by_raid():
    """With one price of a round in each draw the cost of a raid is that of its rounds; no histogram ends too soon."""
    result = run()
    histograms = [result.histograms[f"rounds_by_type/{name}"] for name in result.interceptors]
    assert sum(h @ np.arange(h.size) for h in histograms) == result.by_replication["rounds_fired"].sum()
    assert result.by_replication["cost_defence_usd"].mean(axis=1) == pytest.approx(result.cost_defence_usd)
    ranges = result.by_replication["first_fire_range_m"]
    fires = np.isfinite(ranges).any(axis=1)
    assert np.nanmean(ranges[fires], axis=1) == pytest.approx(result.first_fire_range_m[fires])
    assert np.isnan(result.first_fire_range_m[~fires]).all()
