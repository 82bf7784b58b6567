"""Salvoes, magazines, doctrine and queues in closed form: planning tables, and what the simulation must reproduce.

Shots are independent with one single-shot kill probability. "Coordinated" means that no two shooters waste rounds on a
target that is dead or already covered. Formulas as given beside each function; the sources are standard (see
``docs/methods/raid.md``).
"""

from __future__ import annotations

import sys
from math import ceil, comb, expm1, log, log1p, prod, sqrt
from typing import TYPE_CHECKING

import numpy as np

from ringtrue.domain import (
    AMOUNT,
    BELOW_ONE,
    COUNT,
    FROM_ONE,
    INNER_PROBABILITY,
    PROBABILITY,
    RAID_SIZE,
    SOME_AMOUNT,
    SOME_LENGTH,
    SOME_PROBABILITY,
    SOME_SPEED,
    SOME_TIME,
    checked,
)
from ringtrue.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

EPSILON = sys.float_info.epsilon
MOST_LOOKS = 100_000
MOST_STATES = 1_000_000
MOST_STEPS = 1_000_000_000


@checked()
def salvo_kill(p_kill: float, n_shots: int) -> float:
    """Kill probability of a salvo, 1 - (1 - p)^n.

    >>> round(salvo_kill(0.7, 2), 10)
    0.91
    """
    return 1.0 - (1.0 - p_kill) ** n_shots


@checked()
def p_no_leaker(n_targets: int, n_shots: int, p_kill: float, p_track: float = 1.0) -> float:
    """P(no leaker) if every target gets ``n_shots``: P_track [1 - (1 - p)^n]^W.

    ``p_track`` is common to the whole raid: the system works, or nothing is shot down.

    >>> round(p_no_leaker(20, 4, 0.7, 0.98), 7)
    0.8328828
    """
    return float(p_track * salvo_kill(p_kill, n_shots) ** n_targets)


@checked(n_targets=FROM_ONE, p_wanted=BELOW_ONE, p_kill=INNER_PROBABILITY)
def shots_for_no_leaker(p_wanted: float, n_targets: int, p_kill: float) -> float:
    """Shots at each target, a real number, for P(no leaker) = ``p_wanted``: ln(1 - P^(1/W)) / ln(1 - p).

    >>> round(shots_for_no_leaker(0.8, 5, 0.7), 6)
    2.601063
    """
    return 0.0 if p_wanted == 0.0 else log(_p_target_leaks(p_wanted, n_targets)) / log1p(-p_kill)


def _p_target_leaks(p_wanted: float, n_targets: int) -> float:
    """Chance of each target to leak at which none of them does with ``p_wanted``, 1 - P^(1/W) without lost digits."""
    return -expm1(log(p_wanted) / n_targets)


@checked(n_targets=FROM_ONE, p_wanted=BELOW_ONE, p_kill=SOME_PROBABILITY)
def whole_shots_for_no_leaker(p_wanted: float, n_targets: int, p_kill: float) -> int:
    """The fewest whole shots at each target with which P(no leaker) is at least ``p_wanted``.

    An answer that falls short of a whole number of shots by no more than the rounding of its arguments is that number:
    two shots of 0.7 give 0.91, and 0.91 asks for two.

    >>> whole_shots_for_no_leaker(0.8, 20, 0.7), whole_shots_for_no_leaker(0.91, 1, 0.7)
    (4, 2)
    """
    if p_wanted == 0.0:
        return 0
    if p_kill == 1.0:
        return 1
    shots = shots_for_no_leaker(p_wanted, n_targets, p_kill)
    leaks = _p_target_leaks(p_wanted, n_targets)
    # a unit in the last place of P, of p and of each step between, carried through the formula
    from_p_wanted = (1.0 - leaks) / leaks * (1.0 / n_targets + 2.0 * abs(log(p_wanted)) / n_targets) + 2.0
    from_p_kill = p_kill / (1.0 - p_kill) * shots
    slack = EPSILON * ((from_p_wanted + from_p_kill) / -log1p(-p_kill) + 4.0 * shots)
    return max(1, ceil(shots - slack))


@checked(n_targets=FROM_ONE)
def total_shots_for_no_leaker(p_wanted: float, n_targets: int, p_kill: float) -> int:
    """Whole shots at each target times targets.

    >>> total_shots_for_no_leaker(0.8, 20, 0.7)
    80
    """
    return n_targets * whole_shots_for_no_leaker(p_wanted, n_targets, p_kill)


@checked(rounds_each=FROM_ONE)
def targets_covered(n_rounds: int, rounds_each: int) -> int:
    """Targets that a magazine covers with so many rounds each.

    >>> targets_covered(44, 4)
    11
    """
    return n_rounds // rounds_each


@checked(p_layers=PROBABILITY)
def layered_kill(p_layers: Sequence[float]) -> float:
    """Kill probability of layers that engage one after another, 1 - prod(1 - p).

    >>> round(layered_kill([0.8, 0.8]), 10)
    0.96
    """
    return 1.0 - prod(1.0 - p for p in p_layers)


@checked()
def look_kill(p_kill: float, salvos: Sequence[int]) -> float:
    """Kill probability of salvoes with a look between them: looking changes the rounds spent, not the leak.

    >>> round(look_kill(0.7, [2, 2]), 10)
    0.9919
    """
    return salvo_kill(p_kill, int(sum(salvos)))


@checked()
def look_mean_shots(p_kill: float, salvos: Sequence[int]) -> float:
    """Mean rounds spent on one target with a look between salvoes.

    >>> round(look_mean_shots(0.7, [1, 1]), 10), round(look_mean_shots(0.7, [2, 2]), 10)
    (1.3, 2.18)
    """
    return float(sum(n * (1.0 - p_kill) ** sum(salvos[:k]) for k, n in enumerate(salvos)))


@checked(salvo=FROM_ONE)
def mean_leak_salvo_to_the_end(n_targets: int, n_rounds: int, p_kill: float, salvo: int = 2) -> float:
    """Mean leakers when salvoes are fired target by target until the magazine is empty, the last rest used too.

    >>> round(mean_leak_salvo_to_the_end(20, 32, 0.7), 10)
    5.44
    """
    full, rest = divmod(n_rounds, salvo)
    full = min(full, n_targets)
    leak = full * (1.0 - p_kill) ** salvo
    if full < n_targets:
        leak += (1.0 - p_kill) ** rest + (n_targets - full - 1)
    return float(leak)


@checked(n_targets=FROM_ONE)
def mean_leak_even_spread(n_targets: int, n_rounds: int, p_kill: float) -> float:
    """Mean leakers when the rounds are spread evenly over the targets.

    >>> round(mean_leak_even_spread(20, 32, 0.7), 10)
    3.48
    """
    each, more = divmod(n_rounds, n_targets)
    return float(more * (1.0 - p_kill) ** (each + 1) + (n_targets - more) * (1.0 - p_kill) ** each)


@checked(n_targets=RAID_SIZE)
def leaker_law(n_targets: int, n_rounds: int, n_looks: int, p_kill: float) -> NDArray[np.float64]:
    """P(0), P(1), ... leakers when targets are taken one at a time, one round a look, until the magazine is empty.

    >>> leaker_law(3, 4, 2, 0.5).tolist()
    [0.3125, 0.375, 0.25, 0.0625]
    """
    fired = min(n_looks, n_rounds)
    rounds = min(n_rounds, n_targets * fired)  # more than every look of every target can spend changes nothing
    if n_targets * n_targets * rounds * fired > MOST_STEPS:
        msg = f"a raid of {n_targets} targets, {rounds} rounds and {fired} looks each is too large for its exact law"
        raise DomainError(msg)
    left = np.arange(rounds + 1)
    law = np.zeros((rounds + 1, n_targets + 1))  # (rounds left, leakers) of the targets that are still to come
    law[:, 0] = 1.0
    for _ in range(n_targets):
        after = np.zeros_like(law)
        for shots in range(1, fired + 1):
            p = (1.0 - p_kill) ** (shots - 1) * p_kill
            after[shots:] += p * law[: rounds + 1 - shots]
        missed = np.minimum(left, fired)
        after[:, 1:] += (1.0 - p_kill) ** missed[:, None] * law[left - missed, :-1]
        law = after
    return np.asarray(law[-1])


@checked(n_targets=RAID_SIZE)
def p_leakers(n_leakers: int, n_targets: int, n_rounds: int, n_looks: int, p_kill: float) -> float:
    """One probability of ``leaker_law``.

    >>> p_leakers(1, 3, 4, 2, 0.5)
    0.375
    """
    law = leaker_law(n_targets, n_rounds, n_looks, p_kill)
    return float(law[n_leakers]) if n_leakers <= n_targets else 0.0


def mean_leak_one_at_a_time(n_targets: int, n_rounds: int, n_looks: int, p_kill: float) -> float:
    """Mean of ``leaker_law``.

    >>> mean_leak_one_at_a_time(10, 16, 2, 0.5)
    2.619140625
    """
    law = leaker_law(n_targets, n_rounds, n_looks, p_kill)
    return float(law @ np.arange(law.size))


@checked(n_targets=FROM_ONE)
def uncoordinated_leak_fraction(n_targets: int, n_rounds: int, p_kill: float) -> float:
    """Share that leaks when each round goes to a target chosen at random by itself: (1 - p/W)^M.

    >>> round(uncoordinated_leak_fraction(10, 20, 0.7), 7)
    0.2342389
    """
    return float((1.0 - p_kill / n_targets) ** n_rounds)


@checked(n_targets=RAID_SIZE)
def p_at_most_leakers(n_leakers: int, n_targets: int, p_leak: float) -> float:
    """Binomial distribution function of leakers that are independent.

    >>> round(p_at_most_leakers(2, 20, 0.09), 10)
    0.7334295873
    """
    return float(
        sum(
            comb(n_targets, k) * p_leak**k * (1.0 - p_leak) ** (n_targets - k)
            for k in range(min(n_leakers, n_targets) + 1)
        )
    )


@checked()
def detected_and_killed(p_detect: float, p_kill: float, n_shots: int) -> float:
    """P(detected) times the kill probability of a salvo.

    >>> round(detected_and_killed(0.95, 0.7, 2), 10)
    0.8645
    """
    return p_detect * salvo_kill(p_kill, n_shots)


@checked(min_range_m=SOME_LENGTH, target_speed_mps=SOME_SPEED, interceptor_speed_mps=SOME_SPEED)
def intercept_ranges_m(
    detect_range_m: float,
    min_range_m: float,
    target_speed_mps: float,
    interceptor_speed_mps: float,
    reaction_s: float,
    assess_s: float,
) -> NDArray[np.float64]:
    """Ranges of all intercepts of a head-on target, one shot a look, down to the least range.

    Fire at range F, intercept at F v_i / (v_i + v_t); the next shot goes when the target has flown on for ``assess_s``.

    >>> intercept_ranges_m(40e3, 3e3, 240.0, 900.0, 10.0, 5.0).round(1).tolist()
    [29684.2, 22487.5, 16805.9, 12320.5, 8779.3, 5983.7, 3776.6]
    """
    ratio = interceptor_speed_mps / (interceptor_speed_mps + target_speed_mps)
    fire_range_m = detect_range_m - target_speed_mps * reaction_s
    ranges: list[float] = []
    while fire_range_m * ratio >= min_range_m:
        ranges.append(fire_range_m * ratio)
        if len(ranges) > MOST_LOOKS:
            msg = f"this geometry allows more than {MOST_LOOKS:,} looks; give a greater least range or time to assess"
            raise DomainError(msg)
        fire_range_m = ranges[-1] - target_speed_mps * assess_s
    return np.array(ranges)


@checked(min_range_m=SOME_LENGTH, target_speed_mps=SOME_SPEED, interceptor_speed_mps=SOME_SPEED)
def looks(
    detect_range_m: float,
    min_range_m: float,
    target_speed_mps: float,
    interceptor_speed_mps: float,
    reaction_s: float,
    assess_s: float,
) -> int:
    """How many shots one after another a head-on target allows.

    >>> looks(40e3, 3e3, 240.0, 900.0, 10.0, 5.0)
    7
    """
    return int(
        intercept_ranges_m(
            detect_range_m, min_range_m, target_speed_mps, interceptor_speed_mps, reaction_s, assess_s
        ).size
    )


@checked(min_range_m=SOME_LENGTH, target_speed_mps=SOME_SPEED, interceptor_speed_mps=SOME_SPEED)
def intercept_range_m(
    n_look: int,
    detect_range_m: float,
    min_range_m: float,
    target_speed_mps: float,
    interceptor_speed_mps: float,
    reaction_s: float,
    assess_s: float,
) -> float:
    """Range of intercept number ``n_look``, counted from one.

    >>> round(intercept_range_m(1, 200e3, 10e3, 300.0, 1300.0, 10.0, 8.0), 1)
    160062.5
    """
    ranges = intercept_ranges_m(
        detect_range_m, min_range_m, target_speed_mps, interceptor_speed_mps, reaction_s, assess_s
    )
    if not 1 <= n_look <= ranges.size:
        msg = f"n_look = {n_look}: this geometry allows {ranges.size} looks; ask for one of them"
        raise DomainError(msg)
    return float(ranges[n_look - 1])


@checked()
def first_fire_range_m(detect_range_m: float, target_speed_mps: float, reaction_s: float) -> float:
    """Range of a head-on target at the first launch.

    >>> first_fire_range_m(40e3, 240.0, 10.0)
    37600.0
    """
    return detect_range_m - target_speed_mps * reaction_s


@checked()
def ready_rounds(launchers: Sequence[int], rounds_each: Sequence[int]) -> int:
    """Rounds on launchers, summed over kinds.

    >>> ready_rounds([5, 15], [12, 4]), ready_rounds([4 * 8], [4])
    (120, 128)
    """
    if len(launchers) != len(rounds_each):
        msg = f"as many kinds of launchers as of rounds are wanted; given {len(launchers)} and {len(rounds_each)}"
        raise DomainError(msg)
    return sum(n * each for n, each in zip(launchers, rounds_each, strict=True))


@checked(attackers=AMOUNT, offensive_power=AMOUNT, defenders=AMOUNT, defensive_power=AMOUNT, staying_power=SOME_AMOUNT)
def salvo_exchange_loss(
    attackers: float, offensive_power: float, defenders: float, defensive_power: float, staying_power: float
) -> float:
    """Units lost by the defender in one salvo of Hughes's equations, between none and all.

    loss = (offensive_power * attackers - defensive_power * defenders) / staying_power.

    >>> salvo_exchange_loss(3, 4, 2, 3, 2), round(salvo_exchange_loss(2, 4 * 0.61, 3, 4 * 0.35, 2), 4)
    (2.0, 0.34)
    """
    loss = (offensive_power * attackers - defensive_power * defenders) / staying_power
    return float(min(max(loss, 0.0), defenders))


@checked(offered=AMOUNT)
def erlang_b(n_channels: int, offered: float) -> float:
    """Share of a Poisson stream that finds all channels busy and is lost; depends on the mean service time only.

    >>> round(erlang_b(6, 6.0), 10)
    0.2649223222
    """
    blocking = 1.0
    for n in range(1, n_channels + 1):
        blocking = offered * blocking / (n + offered * blocking)
    return blocking


@checked(n_channels=FROM_ONE, offered=AMOUNT)
def erlang_c(n_channels: int, offered: float) -> float:
    """Share of a Poisson stream that must wait for a channel.

    >>> round(erlang_c(6, 3.0), 10)
    0.0991432069
    """
    if offered >= n_channels:
        msg = f"offered = {offered:g} is not below {n_channels} channels; the queue grows without end"
        raise DomainError(msg)
    blocking = erlang_b(n_channels, offered)
    return n_channels * blocking / (n_channels - offered * (1.0 - blocking))


@checked(n_channels=FROM_ONE, offered=AMOUNT)
def erlang_c_wait_ratio(n_channels: int, offered: float) -> float:
    """Mean wait over mean service time.

    >>> round(erlang_c_wait_ratio(6, 3.0), 10)
    0.0330477356
    """
    return erlang_c(n_channels, offered) / (n_channels - offered)


def _stationary(birth: Sequence[float], death: Sequence[float]) -> NDArray[np.float64]:
    """Stationary law of a birth-death chain."""
    ratios = np.concatenate([[0.0], np.cumsum(np.log(np.asarray(birth)) - np.log(np.asarray(death)))])
    weights = np.exp(ratios - ratios.max())
    return np.asarray(weights / weights.sum())


@checked(n_channels=FROM_ONE, n_places=FROM_ONE, offered=SOME_AMOUNT)
def finite_queue_loss(n_channels: int, n_places: int, offered: float) -> float:
    """Share of a Poisson stream lost by M/M/c/K with K places in all.

    >>> round(finite_queue_loss(6, 12, 6.0), 10)
    0.1023050205
    """
    if n_places < n_channels:
        msg = f"n_places counts all in the system, the {n_channels} channels too; given: {n_places}"
        raise DomainError(msg)
    death = [float(min(n, n_channels)) for n in range(1, n_places + 1)]
    return float(_stationary([offered] * n_places, death)[-1])


@checked(rate_per_s=SOME_AMOUNT, service_s=SOME_TIME, patience_s=SOME_TIME)
def impatient_share(n_channels: int, rate_per_s: float, service_s: float, patience_s: float) -> float:
    """Share of a Poisson stream that leaves unserved (Erlang-A: service and patience exponential).

    >>> round(impatient_share(6, 0.2, 30.0, 60.0), 10)
    0.1336482322
    """
    n_waiting = rate_per_s * patience_s
    n_states = n_channels + ceil(60.0 * sqrt(1.0 + n_waiting) + 4.0 * n_waiting)
    if n_states > MOST_STATES:
        msg = f"rate times patience of {n_waiting:g} makes a queue too long for its exact law"
        raise DomainError(msg)
    death = [min(n, n_channels) / service_s + max(n - n_channels, 0) / patience_s for n in range(1, n_states + 1)]
    law = _stationary([rate_per_s] * n_states, death)
    waiting = np.maximum(np.arange(n_states + 1) - n_channels, 0)
    return float(law @ waiting / patience_s / rate_per_s)


@checked(n_targets=RAID_SIZE, n_channels=RAID_SIZE, n_looks=RAID_SIZE, magazine=COUNT)
def raid_law(
    n_targets: int, n_channels: int, n_looks: int, p_kill: float, magazine: int | None = None
) -> tuple[NDArray[np.float64], float]:
    """Law of the leakers of a raid that comes at once, and the mean rounds spent.

    In each look every free channel fires one round at one living target, while the magazine lasts.

    >>> law, shots = raid_law(10, 6, 2, 0.7)
    >>> round(float(law @ range(11)), 7), round(float(law[0]), 10)
    (1.9764768, 0.1172272283)
    """
    state = {(n_targets, n_targets * n_looks if magazine is None else magazine): 1.0}
    mean_shots = 0.0
    if n_looks * n_targets * min(n_targets, n_channels) ** 2 > MOST_STEPS:
        msg = (
            f"a raid of {n_targets} targets and {n_looks} looks on {n_channels} channels is too large for its exact law"
        )
        raise DomainError(msg)
    for _ in range(n_looks):
        after: dict[tuple[int, int], float] = {}
        for (alive, rounds), p in state.items():
            shots = min(alive, n_channels, rounds)
            mean_shots += p * shots
            for kills in range(shots + 1):
                q = comb(shots, kills) * p_kill**kills * (1.0 - p_kill) ** (shots - kills)
                key = (alive - kills, rounds - shots)
                after[key] = after.get(key, 0.0) + p * q
        state = after
    law = np.zeros(n_targets + 1)
    for (alive, _rounds), p in state.items():
        law[alive] += p
    return law, mean_shots


def raid_mean_leak(n_targets: int, n_channels: int, n_looks: int, p_kill: float, magazine: int | None = None) -> float:
    """Mean leakers of ``raid_law``.

    >>> round(raid_mean_leak(24, 6, 3, 0.8), 10), round(raid_mean_leak(40, 6, 8, 0.7, 64), 7)
    (9.6, 6.4424317)
    """
    law, _ = raid_law(n_targets, n_channels, n_looks, p_kill, magazine)
    return float(law @ np.arange(law.size))


def raid_p_no_leaker(
    n_targets: int, n_channels: int, n_looks: int, p_kill: float, magazine: int | None = None
) -> float:
    """P(no leaker) of ``raid_law``.

    >>> round(raid_p_no_leaker(20, 6, 8, 0.7, 64), 7)
    0.9708021
    """
    return float(raid_law(n_targets, n_channels, n_looks, p_kill, magazine)[0][0])


def raid_mean_shots(n_targets: int, n_channels: int, n_looks: int, p_kill: float, magazine: int | None = None) -> float:
    """Mean rounds of ``raid_law``.

    >>> round(raid_mean_shots(20, 6, 8, 0.7, 64), 5)
    28.52888
    """
    return raid_law(n_targets, n_channels, n_looks, p_kill, magazine)[1]


# what a case file of `ringtrue verify` may call here: these compute from numbers, and neither read nor write
FOR_CASES = (
    "salvo_kill",
    "p_no_leaker",
    "shots_for_no_leaker",
    "whole_shots_for_no_leaker",
    "total_shots_for_no_leaker",
    "targets_covered",
    "layered_kill",
    "look_kill",
    "look_mean_shots",
    "mean_leak_salvo_to_the_end",
    "mean_leak_even_spread",
    "leaker_law",
    "p_leakers",
    "mean_leak_one_at_a_time",
    "uncoordinated_leak_fraction",
    "p_at_most_leakers",
    "detected_and_killed",
    "intercept_ranges_m",
    "looks",
    "intercept_range_m",
    "first_fire_range_m",
    "ready_rounds",
    "salvo_exchange_loss",
    "erlang_b",
    "erlang_c",
    "erlang_c_wait_ratio",
    "finite_queue_loss",
    "impatient_share",
    "raid_law",
    "raid_mean_leak",
    "raid_p_no_leaker",
    "raid_mean_shots",
)
