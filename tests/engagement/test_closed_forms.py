"""The planning tables against laws of others: binomial and Poisson of scipy, all outcomes counted one by one."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from ringtrue.engagement import closed_forms as cf
from ringtrue.errors import DomainError

quick = settings(derandomize=True, max_examples=40, deadline=None, database=None)
chance = st.floats(0.05, 0.95)


@quick
@given(p=chance, n=st.integers(0, 8))
def test_a_salvo_kills_unless_every_shot_misses(p: float, n: int) -> None:
    assert cf.salvo_kill(p, n) == pytest.approx(1.0 - stats.binom.pmf(0, n, p), abs=1e-12)
    assert cf.detected_and_killed(0.4, p, n) == pytest.approx(0.4 * cf.salvo_kill(p, n))
    assert cf.layered_kill([p] * n) == pytest.approx(cf.salvo_kill(p, n), abs=1e-12)


@quick
@given(p=chance, n=st.integers(1, 5), targets=st.integers(1, 12), works=chance)
def test_no_leaker_is_every_target_killed_by_a_system_that_works(p: float, n: int, targets: int, works: float) -> None:
    each = 1.0 - (1.0 - p) ** n
    all_killed = stats.binom.pmf(targets, targets, each)
    assert cf.p_no_leaker(targets, n, p, works) == pytest.approx(works * all_killed, rel=1e-9)
    assert cf.p_at_most_leakers(0, targets, 1.0 - each) == pytest.approx(all_killed, rel=1e-9)


@quick
@given(p=chance, wanted=st.floats(0.05, 0.99), targets=st.integers(1, 30))
def test_the_shots_asked_for_are_the_fewest_that_do(p: float, wanted: float, targets: int) -> None:
    shots = cf.whole_shots_for_no_leaker(wanted, targets, p)
    assert cf.p_no_leaker(targets, shots, p) >= wanted * (1.0 - 1e-9)
    assert shots == 1 or cf.p_no_leaker(targets, shots - 1, p) < wanted * (1.0 + 1e-9)
    assert shots - 1.0 - 1e-9 <= cf.shots_for_no_leaker(wanted, targets, p) or shots == 1
    assert cf.shots_for_no_leaker(wanted, targets, p) <= shots + 1e-9
    assert cf.total_shots_for_no_leaker(wanted, targets, p) == targets * shots


def test_shots_at_the_ends_of_what_can_be_asked() -> None:
    assert cf.shots_for_no_leaker(0.0, 5, 0.5) == 0.0
    assert cf.whole_shots_for_no_leaker(0.0, 5, 0.5) == 0
    assert cf.whole_shots_for_no_leaker(0.9, 50, 1.0) == 1
    assert [cf.targets_covered(n, 4) for n in (0, 3, 4, 7, 8)] == [0, 0, 1, 1, 2]


@quick
@given(p=chance, k=st.integers(-1, 9), n=st.integers(0, 8))
def test_at_most_so_many_leakers_is_the_binomial_law(p: float, k: int, n: int) -> None:
    if n and k >= 0:
        assert cf.p_at_most_leakers(k, n, p) == pytest.approx(stats.binom.cdf(k, n, p), abs=1e-12)


def _one_at_a_time(n_targets: int, n_rounds: int, n_looks: int, hits: tuple[bool, ...]) -> tuple[int, int]:
    """Leakers and rounds spent when the shots, in the order they are fired, hit or miss as given."""
    fired = leakers = 0
    for _ in range(n_targets):
        killed = False
        for _ in range(n_looks):
            if fired == n_rounds or killed:
                break
            killed = hits[fired]
            fired += 1
        leakers += not killed
    return leakers, fired


@pytest.mark.parametrize(("targets", "rounds", "looks"), [(3, 4, 2), (2, 5, 3), (4, 4, 1), (3, 0, 2), (2, 3, 5)])
@pytest.mark.parametrize("p", [0.3, 0.8])
def test_one_at_a_time_is_what_counting_every_outcome_gives(targets: int, rounds: int, looks: int, p: float) -> None:
    law = np.zeros(targets + 1)
    for hits in product((False, True), repeat=max(rounds, 1)):
        weight = math.prod(p if hit else 1.0 - p for hit in hits)
        law[_one_at_a_time(targets, rounds, looks, hits)[0]] += weight
    assert cf.leaker_law(targets, rounds, looks, p) == pytest.approx(law, abs=1e-12)
    assert cf.mean_leak_one_at_a_time(targets, rounds, looks, p) == pytest.approx(law @ np.arange(targets + 1))
    assert [cf.p_leakers(k, targets, rounds, looks, p) for k in range(targets + 2)] == pytest.approx([*law, 0.0])


@quick
@given(p=chance, salvos=st.lists(st.integers(1, 3), min_size=1, max_size=4))
def test_looking_spends_rounds_only_on_what_still_lives(p: float, salvos: list[int]) -> None:
    alive, spent = 1.0, 0.0
    for n in salvos:
        spent += alive * n
        alive *= (1.0 - p) ** n
    assert cf.look_mean_shots(p, salvos) == pytest.approx(spent)
    assert cf.look_kill(p, salvos) == pytest.approx(1.0 - alive)
    assert cf.look_mean_shots(p, salvos) <= sum(salvos)


@quick
@given(targets=st.integers(1, 12), rounds=st.integers(0, 40), salvo=st.integers(1, 4), p=chance)
def test_leakers_of_two_ways_to_share_a_magazine(targets: int, rounds: int, salvo: int, p: float) -> None:
    """Shot lists written out target by target; the even spread is never worse, as a convex sum demands."""
    left, shots = rounds, []
    for _ in range(targets):
        shots.append(min(salvo, left))
        left -= shots[-1]
    to_the_end = cf.mean_leak_salvo_to_the_end(targets, rounds, p, salvo)
    assert to_the_end == pytest.approx(sum((1.0 - p) ** n for n in shots))
    even = [rounds // targets + (i < rounds % targets) for i in range(targets)]
    assert cf.mean_leak_even_spread(targets, rounds, p) == pytest.approx(sum((1.0 - p) ** n for n in even))
    assert cf.mean_leak_even_spread(targets, rounds, p) <= to_the_end + 1e-9


@quick
@given(targets=st.integers(1, 10), rounds=st.integers(0, 30), p=chance)
def test_uncoordinated_fire_leaks_what_a_random_count_of_shots_leaves(targets: int, rounds: int, p: float) -> None:
    """A target draws a binomial number of rounds: its chance to live is the mean of (1 - p)^n over that law."""
    counts = np.arange(rounds + 1)
    lives = stats.binom.pmf(counts, rounds, 1.0 / targets) @ (1.0 - p) ** counts
    assert cf.uncoordinated_leak_fraction(targets, rounds, p) == pytest.approx(lives, rel=1e-9)
    assert cf.uncoordinated_leak_fraction(targets, rounds, p) * targets >= cf.mean_leak_even_spread(
        targets, rounds, p
    ) * (1.0 - 1e-12)  # fmt: skip


head_on = {"reaction_s": 12.0, "assess_s": 7.0, "target_speed_mps": 250.0, "interceptor_speed_mps": 1000.0}


def test_a_head_on_target_is_met_where_both_clocks_agree() -> None:
    """Launch, flight and look are followed in time: where they meet, missile and target have flown to one place."""
    ranges = cf.intercept_ranges_m(60e3, 4e3, **head_on)
    now_s = 12.0
    for met_m in ranges:
        flight_s = met_m / 1000.0
        now_s += flight_s
        assert 60e3 - 250.0 * now_s == pytest.approx(met_m, rel=1e-12)
        now_s += 7.0
    after_m = 60e3 - 250.0 * now_s
    assert after_m * 1000.0 / 1250.0 < 4e3 <= ranges[-1]
    assert cf.looks(60e3, 4e3, **head_on) == ranges.size
    assert [cf.intercept_range_m(k + 1, 60e3, 4e3, **head_on) for k in range(ranges.size)] == ranges.tolist()
    assert cf.first_fire_range_m(60e3, 250.0, 12.0) == 57e3


def test_a_look_that_ends_at_the_least_range_counts_and_none_is_numbered_nought() -> None:
    first_m = cf.intercept_range_m(1, 60e3, 4e3, **head_on)
    assert cf.looks(60e3, first_m, **head_on) == 1
    assert cf.looks(60e3, first_m * (1.0 + 1e-12), **head_on) == 0
    for asked in (0, cf.looks(60e3, 4e3, **head_on) + 1):
        with pytest.raises(DomainError, match="n_look"):
            cf.intercept_range_m(asked, 60e3, 4e3, **head_on)
    with pytest.raises(DomainError, match="more than 100,000 looks"):
        cf.looks(60e3, 1.0, 1e-3, 1e3, 0.0, 0.0)


def test_ready_rounds_are_launchers_times_rounds() -> None:
    assert cf.ready_rounds([2, 3, 0], [4, 1, 16]) == 11
    with pytest.raises(DomainError, match="given 2 and 1"):
        cf.ready_rounds([1, 2], [3])


def test_an_exchange_of_salvoes_loses_neither_less_than_none_nor_more_than_all() -> None:
    assert cf.salvo_exchange_loss(4, 3, 5, 2, 4) == 0.5
    assert cf.salvo_exchange_loss(1, 1, 5, 2, 4) == 0.0
    assert cf.salvo_exchange_loss(100, 3, 5, 2, 4) == 5.0


@quick
@given(channels=st.integers(1, 12), offered=st.floats(0.1, 20.0))
def test_lost_calls_are_the_truncated_poisson_law(channels: int, offered: float) -> None:
    law = stats.poisson.pmf(np.arange(channels + 1), offered)
    assert cf.erlang_b(channels, offered) == pytest.approx(law[-1] / law.sum(), rel=1e-9)
    assert cf.finite_queue_loss(channels, channels, offered) == pytest.approx(law[-1] / law.sum(), rel=1e-9)
    longer = [cf.finite_queue_loss(channels, channels + more, offered) for more in (0, 1, 5, 20)]
    assert longer == sorted(longer, reverse=True)


@quick
@given(channels=st.integers(1, 10), load=st.floats(0.05, 0.9))
def test_waiting_is_the_tail_of_the_birth_and_death_chain(channels: int, load: float) -> None:
    """M/M/c from its balance equations; the mean wait by Little's law from the mean queue."""
    offered = load * channels
    weights = [1.0]
    for n in range(1, 2000):
        weights.append(weights[-1] * offered / min(n, channels))
    law = np.array(weights) / math.fsum(weights)
    waits = law[channels:].sum()
    queue = law @ np.maximum(np.arange(law.size) - channels, 0)
    assert cf.erlang_c(channels, offered) == pytest.approx(waits, rel=1e-8)
    assert cf.erlang_c_wait_ratio(channels, offered) == pytest.approx(queue / offered, rel=1e-8)


def test_queues_refuse_what_they_cannot_hold() -> None:
    with pytest.raises(DomainError, match="grows without end"):
        cf.erlang_c(3, 3.0)
    with pytest.raises(DomainError, match="n_places"):
        cf.finite_queue_loss(4, 3, 1.0)


def test_impatience_lies_between_loss_and_no_loss() -> None:
    """Without patience the loss of Erlang B, with endless patience none, and never less for a shorter patience."""
    shares = [cf.impatient_share(4, 0.1, 30.0, patience_s) for patience_s in (0.01, 5.0, 60.0, 600.0)]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] == pytest.approx(cf.erlang_b(4, 3.0), rel=1e-3)
    assert shares[-1] < 0.02


def test_one_impatient_server_has_its_integral() -> None:
    """Palm's M/M/1 with patience as long as service: departures at n each, so the number present is Poisson."""
    offered = 1.7
    served = 1.0 - math.exp(-offered)  # busy share over mean service is the rate served
    assert cf.impatient_share(1, offered / 20.0, 20.0, 20.0) == pytest.approx(1.0 - served / offered, rel=1e-9)
    area, _ = integrate.quad(lambda x: math.exp(-x), 0.0, offered)
    assert served == pytest.approx(area)


@pytest.mark.parametrize(("targets", "channels", "looks", "magazine"), [(3, 2, 2, None), (3, 2, 2, 3), (2, 4, 3, 4)])
def test_a_raid_at_once_is_what_counting_every_outcome_gives(targets, channels, looks, magazine) -> None:
    p, most = 0.6, targets * looks
    law, mean_shots = np.zeros(targets + 1), 0.0
    for hits in product((False, True), repeat=most):
        weight = math.prod(p if hit else 1.0 - p for hit in hits)
        alive, fired = targets, 0
        for _ in range(looks):
            shots = min(alive, channels, (most if magazine is None else magazine) - fired)
            alive -= sum(hits[fired : fired + shots])
            fired += shots
        law[alive] += weight
        mean_shots += weight * fired
    ours, shots = cf.raid_law(targets, channels, looks, p, magazine)
    assert ours == pytest.approx(law, abs=1e-12)
    assert shots == pytest.approx(mean_shots)
    assert cf.raid_mean_leak(targets, channels, looks, p, magazine) == pytest.approx(law @ np.arange(targets + 1))
    assert cf.raid_p_no_leaker(targets, channels, looks, p, magazine) == pytest.approx(law[0])
    assert cf.raid_mean_shots(targets, channels, looks, p, magazine) == pytest.approx(mean_shots)


@quick
@given(targets=st.integers(1, 8), channels=st.integers(1, 6), looks=st.integers(1, 4), p=chance)
def test_rounds_buy_kills_at_the_single_shot_rate(targets: int, channels: int, looks: int, p: float) -> None:
    """Each round fired kills with p: expected kills are p times expected rounds, whatever the rule (Wald)."""
    law, shots = cf.raid_law(targets, channels, looks, p)
    assert law.sum() == pytest.approx(1.0)
    assert targets - law @ np.arange(targets + 1) == pytest.approx(p * shots)
    wider, _ = cf.raid_law(targets, channels + 1, looks, p)
    assert wider @ np.arange(targets + 1) <= law @ np.arange(targets + 1) + 1e-12


def test_laws_too_large_are_refused_before_they_are_begun() -> None:
    with pytest.raises(DomainError, match="too large"):
        cf.leaker_law(1000, 100_000, 1000, 0.5)
    with pytest.raises(DomainError, match="too large"):
        cf.raid_law(1000, 1000, 1000, 0.5)
