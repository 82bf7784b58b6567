"""One numbering of drawn grounds: what the first of them stand for, and which draws live on each."""

from __future__ import annotations

import numpy as np
import pytest

from ringtrue.catalogue.load import load_catalogue
from ringtrue.scenario.draw import quantile
from ringtrue.sensing.grounds import HOLLOW, N_SLICES, grounds_of_draws, numbers_of_grounds
from ringtrue.sensing.ledger import DRAWN_OF_GROUND, Ledger
from ringtrue.sensing.post import AUDIT_RELIEFS, FEW_RELIEFS, STUDY_RELIEFS

CATALOGUE = load_catalogue()
SEEDS = range(1, 13)
SPREAD = [key for key in DRAWN_OF_GROUND if CATALOGUE.assumptions[key].low < CATALOGUE.assumptions[key].high]


def _ordinary(name: str, n_grounds: int, seed: int) -> np.ndarray:
    return np.delete(numbers_of_grounds(name, n_grounds, seed), HOLLOW - 1)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_audit_takes_each_fifteenth_of_a_spread_twice(seed) -> None:
    assert AUDIT_RELIEFS == 1 + 2 * N_SLICES
    numbers = _ordinary("x", AUDIT_RELIEFS, seed)
    assert np.sort(numbers[:N_SLICES]) * N_SLICES == pytest.approx(np.arange(N_SLICES) + 0.5)
    assert np.floor(np.sort(numbers[N_SLICES:]) * N_SLICES).tolist() == list(range(N_SLICES))


@pytest.mark.parametrize("n", [FEW_RELIEFS, STUDY_RELIEFS, 9])
@pytest.mark.parametrize("seed", SEEDS)
def test_grounds_mirror_each_other_in_pairs(n, seed) -> None:
    numbers = _ordinary("x", n, seed)
    assert numbers[0::2] + numbers[1::2] == pytest.approx(1.0)
    assert numbers_of_grounds("x", n, seed)[HOLLOW - 1] == 0.5


@pytest.mark.parametrize("key", SPREAD)
@pytest.mark.parametrize(
    ("n", "mean_within", "narrowest", "widest"),
    [(FEW_RELIEFS, 0.28, 0.72, 1.03), (STUDY_RELIEFS, 0.12, 0.85, 0.91), (1 + N_SLICES, 0.012, 0.98, 0.99)],
)
def test_the_first_grounds_stand_for_the_whole_spread(key, n, mean_within, narrowest, widest) -> None:
    """Mean and standard deviation of a figure over the first grounds, as shares of those of its exact quantiles."""
    parameter = CATALOGUE.assumptions[key]
    whole = quantile(parameter, (np.arange(20_000) + 0.5) / 20_000)
    for seed in SEEDS:
        few = quantile(parameter, _ordinary(key, n, seed))
        assert abs(few.mean() / whole.mean() - 1.0) <= mean_within
        assert narrowest <= few.std() / whole.std() <= widest


@pytest.mark.parametrize("n_draws", [1, 7, 8, 48, 200, 1000])
@pytest.mark.parametrize("n", [1, 2, FEW_RELIEFS, STUDY_RELIEFS, AUDIT_RELIEFS, 40])
def test_every_draw_has_a_ground_and_the_shares_are_those_of_the_chances(n, n_draws) -> None:
    chance = CATALOGUE.assumptions["site-hollow-chance"].nominal
    relief = grounds_of_draws(n, n_draws, chance)
    assert relief.shape == (n_draws + 1,)
    assert relief[-1] == 0
    lived = relief[:-1]
    assert lived.min() >= 1
    assert lived.max() <= n
    counts = np.bincount(lived, minlength=n + 1)[1:]
    if n > 1:
        assert abs(counts[HOLLOW - 1] - chance * n_draws) <= 0.5
        ordinary = np.delete(counts, HOLLOW - 1)
        assert np.ptp(ordinary) <= 1
    assert counts.sum() == n_draws


def test_the_same_draws_stand_in_the_hollow_whatever_the_number_of_grounds() -> None:
    stand = [np.flatnonzero(grounds_of_draws(n, 1000, 0.0625) == HOLLOW).tolist() for n in (2, 3, 5, 16, 40)]
    assert all(one == stand[0] for one in stand)
    assert len(stand[0]) == 63


def test_shares_of_the_draws_add_up() -> None:
    grounds = Ledger(CATALOGUE, 1000, seed=1).grounds(STUDY_RELIEFS)
    assert grounds.share_of_draws.tolist() == [0.235, 0.063, 0.234, 0.234, 0.234]


def test_no_hollow_and_nothing_but_hollow() -> None:
    assert HOLLOW not in grounds_of_draws(5, 100, 0.0)
    assert set(grounds_of_draws(5, 100, 1.0)[:-1].tolist()) == {HOLLOW}
