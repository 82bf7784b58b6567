"""What knowing is worth, on arrays: against closed forms, and what must hold of any choice."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringtrue.errors import DomainError
from ringtrue.studies.doubt.closed_forms import worth_of_normal
from ringtrue.studies.doubt.information import (
    Unknown,
    best_of_means,
    known_within,
    shrinkage_by_knowing,
    value_of_all,
    value_of_knowing,
)

SEEDS = st.integers(0, 10_000)
FEW = settings(max_examples=8, deadline=None)


def normals(seed, n=600, blocks=4):
    random = np.random.default_rng(seed)
    x, z, idle = random.normal(size=(3, n))
    return Unknown(x), Unknown(z), Unknown(idle), random.normal(size=(n, blocks))


def against_nothing(ahead):
    return np.stack([np.zeros_like(ahead), ahead])


@pytest.mark.parametrize("ahead", [-1.0, 0.0, 0.4, 1.2])
def test_the_normal_case_against_its_closed_form(ahead):
    known, rest = [], []
    for seed in range(6):
        x, z, _, luck = normals(seed, 2000)
        options = against_nothing((ahead + x.values + 0.5 * z.values)[:, None] + luck)
        known.append(value_of_knowing([x], options, n_shuffles=0).value)
        rest.append(value_of_all([x, z], options).value)
    exact = worth_of_normal(ahead, 1.0, 0.5)
    spread = 1.0 / np.sqrt(6 * 2000)
    assert np.mean(known) == pytest.approx(exact.one, abs=3.0 * spread)
    assert np.mean(rest) == pytest.approx(exact.all, abs=3.0 * spread)


def test_a_bend_is_found_and_a_sum_of_two_in_which_none_matters_alone():
    random = np.random.default_rng(3)
    u, v = random.uniform(-1.0, 1.0, size=(2, 2000))
    bent = against_nothing((u * u - 1.0 / 3.0)[:, None])
    # E max(u^2 - 1/3, 0) over u uniform on -1 to 1
    edge = np.sqrt(1.0 / 3.0)
    exact = (1.0 - edge**3) / 3.0 - (1.0 - edge) / 3.0
    assert value_of_knowing([Unknown(u)], bent, n_shuffles=0).value == pytest.approx(exact, abs=0.015)
    product = against_nothing((u * v)[:, None])  # E max(u v, 0) = 1/8
    assert value_of_knowing([Unknown(u)], product, n_shuffles=0).value < 0.01
    assert value_of_knowing([Unknown(u), Unknown(v)], product, n_shuffles=0).value == pytest.approx(0.125, abs=0.01)


def test_a_category_is_known_by_its_values():
    random = np.random.default_rng(4)
    level = random.integers(0, 4, 1500).astype(float)
    yields = np.array([1.0, -2.0, 3.0, -1.0])[level.astype(int)]
    options = against_nothing((yields + random.normal(size=1500))[:, None])
    exact = 1.0 - 0.25  # chosen in two levels of four: (1 + 3) / 4, less today's (1 - 2 + 3 - 1) / 4
    assert value_of_knowing([Unknown(level, True)], options, n_shuffles=0).value == pytest.approx(exact, abs=0.1)


@FEW
@given(SEEDS)
def test_what_moves_nothing_is_worth_nothing_and_shrinks_nothing(seed):
    x, _, idle, luck = normals(seed)
    ahead = (0.3 + x.values)[:, None] + luck
    assert value_of_knowing([idle], against_nothing(ahead)).value <= 0.02
    assert shrinkage_by_knowing([idle], ahead).value <= 0.03


def test_of_many_idle_unknowns_and_of_luck_alone_hardly_one_in_twenty_is_told():
    """An interval and a bar of 95 % are passed by chance in fewer than one of twenty; of forty not by five."""
    idle_told, luck_told, all_told = 0, 0, 0
    for seed in range(40):
        x, z, idle, luck = normals(seed, 300)
        idle_told += value_of_knowing([idle], against_nothing((0.1 + 0.5 * x.values)[:, None] + luck)).value > 0.0
        alone = np.random.default_rng(seed).normal(size=(3, 300, 6))
        luck_told += value_of_knowing([x, z], alone).value > 0.0
        all_told += value_of_all([x, z], alone).value > 0.0
        assert best_of_means(alone) > 0.2
    assert max(idle_told, luck_told, all_told) <= 4


@FEW
@given(SEEDS)
def test_luck_that_all_draws_share_buys_none_either(seed):
    """A common replication makes one option look better at every value of x; the other half of the luck does not."""
    random = np.random.default_rng(seed)
    x = random.normal(size=400)
    shared = random.normal(size=(2, 1, 8)) * x[:, None]
    found = value_of_knowing([Unknown(x)], shared, n_shuffles=0)
    halves = shared[1] - shared[0]
    one, other = halves[:, 0::2].mean(axis=1), halves[:, 1::2].mean(axis=1)
    agree = np.sign(one @ x) == np.sign(other @ x)
    assert (found.value > 0.0) <= agree


@FEW
@given(SEEDS, st.floats(0.01, 1000.0), st.floats(-1e4, 1e4))
def test_another_unit_changes_the_worth_by_its_factor_and_no_shrinkage(seed, factor, shift):
    x, z, _, luck = normals(seed, 300)
    options = against_nothing((0.2 + x.values + z.values)[:, None] + luck)
    one = value_of_knowing([x], options, n_shuffles=3)
    other = value_of_knowing([x], factor * options + shift, n_shuffles=3)
    assert other.value == pytest.approx(factor * one.value, rel=1e-6, abs=1e-6 * factor)
    assert other.p_changes == one.p_changes
    shrunk = [
        shrinkage_by_knowing([x], k * options[1] + s, n_shuffles=3).value for k, s in ((1.0, 0.0), (factor, shift))
    ]
    assert shrunk[1] == pytest.approx(shrunk[0], abs=1e-6)


@FEW
@given(SEEDS)
def test_a_part_is_worth_no_more_than_the_whole_within_its_error(seed):
    x, z, idle, luck = normals(seed)
    options = against_nothing((0.3 + x.values + z.values)[:, None] + luck)
    part, group = (value_of_knowing(k, options, n_shuffles=0) for k in ([x], [x, z, idle]))
    whole = value_of_all([x, z, idle], options)
    error = 2.0 * (group.high - group.value)
    assert 0.0 <= part.value <= group.value + error
    assert group.value <= whole.value + error
    assert whole.low <= best_of_means(options)


def test_shrinkage_where_the_spread_itself_depends_on_what_is_known():
    """y = x z, x known: the interval is |x| wide, on average 0.798 of that of z; today's is that of a product."""
    random = np.random.default_rng(1)
    x, z = random.normal(size=(2, 8000))
    ends = np.quantile(x * z, [0.05, 0.95])
    exact = 1.0 - np.abs(x).mean() * 2.0 * 1.6449 / (ends[1] - ends[0])
    found = shrinkage_by_knowing([Unknown(x)], (x * z)[:, None], n_shuffles=0)
    assert found.value == pytest.approx(exact, abs=0.04)


def test_knowing_less_closely_is_worth_less():
    random = np.random.default_rng(5)
    reach = random.uniform(50.0, 150.0, 2000)
    options = against_nothing((reach - 105.0)[:, None])
    worth = [
        value_of_knowing([Unknown(known_within(reach, part, "m", 1, "reach"))], options, n_shuffles=0).value
        for part in (0.0, 0.25, 0.8)
    ]
    assert worth[0] > worth[1] > worth[2]
    in_db = known_within(np.zeros(500), 0.25, "dB", 1, "echo")
    assert in_db.min() >= 10.0 * np.log10(0.75)
    assert in_db.max() <= 10.0 * np.log10(1.25)


def test_the_same_seed_gives_the_same_bits():
    x, z, _, luck = normals(1, 300)
    options = against_nothing((x.values + z.values)[:, None] + luck)
    assert value_of_knowing([x], options, seed=3) == value_of_knowing([x], options, seed=3)


@pytest.mark.parametrize(
    ("known", "options", "wanted"),
    [
        ([], np.zeros((1, 200, 2)), r"options must be \(option, draw, block\), two options or more; given: shape"),
        ([], np.zeros((2, 50, 2)), "takes at least 100 draws; given: 50"),
        ([], np.full((2, 200, 1), np.nan), "not finite"),
        ([Unknown(np.zeros(3))], np.zeros((2, 200, 1)), "unknown 0: wanted 200 finite values"),
    ],
)
def test_what_cannot_be_asked_is_refused(known, options, wanted):
    with pytest.raises(DomainError, match=wanted):
        value_of_knowing(known, options)
