"""Salvoes, magazines, doctrine and queues in closed form: planning tables, and what the simulation must reproduce.

Shots are independent with one single-shot kill probability. "Coordinated" means that no two shooters waste rounds on a
target that is dead or already covered. Formulas as given beside each function; the sources are standard (see
``docs/methods/raid.md``).
"""

from __future__ import annotations

from functools import cache
from math import ceil, comb, log, prod, sqrt
from typing import TYPE_CHECKING

import numpy as np

from ringtrue.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def _check_p(**values: float) -> None:
    for name, value in values.items():
        if not 0.0 <= value <= 1.0:
            msg = f"{name} = {value:g} is no probability; give a number from 0 to 1"
            raise DomainError(msg)


def salvo_kill(p_kill: float, n_shots: int) -> float:
    """Kill probability of a salvo, 1 - (1 - p)^n.

    >>> round(salvo_kill(0.7, 2), 10)
    0.91
    """
    _check_p(p_kill=p_kill)
    return 1.0 - (1.0 - p_kill) ** n_shots


def p_no_leaker(n_targets: int, n_shots: int, p_kill: float, p_track: float = 1.0) -> float:
    """P(no leaker) if every target gets ``n_shots``: P_track [1 - (1 - p)^n]^W.

    ``p_track`` is common to the whole raid: the system works, or nothing is shot down.

    >>> round(p_no_leaker(20, 4, 0.7, 0.98), 7)
    0.8328828
    """
    _check_p(p_track=p_track)
    return float(p_track * salvo_kill(p_kill, n_shots) ** n_targets)


def shots_for_no_leaker(p_wanted: float, n_targets: int, p_kill: float) -> float:
    """Shots at each target, a real number, for P(no leaker) = ``p_wanted``: ln(1 - P^(1/W)) / ln(1 - p).

    >>> round(shots_for_no_leaker(0.8, 5, 0.7), 6)
    2.601063
    """
    _check_p(p_wanted=p_wanted, p_kill=p_kill)
    return log(1.0 - p_wanted ** (1.0 / n_targets)) / log(1.0 - p_kill)


def whole_shots_for_no_leaker(p_wanted: float, n_targets: int, p_kill: float) -> int:
    """The same, rounded up to whole shots.

    >>> whole_shots_for_no_leaker(0.8, 20, 0.7)
    4
    """
    return ceil(shots_for_no_leaker(p_wanted, n_targets, p_kill))


def total_shots_for_no_leaker(p_wanted: float, n_targets: int, p_kill: float) -> int:
    """Whole shots at each target times targets.

    >>> total_shots_for_no_leaker(0.8, 20, 0.7)
    80
    """
    return n_targets * whole_shots_for_no_leaker(p_wanted, n_targets, p_kill)


def targets_covered(n_rounds: int, rounds_each: int) -> int:
    """Targets that a magazine covers with so many rounds each.

    >>> targets_covered(44, 4)
    11
    """
    return n_rounds // rounds_each


def layered_kill(p_layers: Sequence[float]) -> float:
    """Kill probability of layers that engage one after another, 1 - prod(1 - p).

    >>> round(layered_kill([0.8, 0.8]), 10)
    0.96
    """
    _check_p(**{f"layer {i}": p for i, p in enumerate(p_layers)})
    return 1.0 - prod(1.0 - p for p in p_layers)


def look_kill(p_kill: float, salvos: Sequence[int]) -> float:
    """Kill probability of salvoes with a look between them: looking changes the rounds spent, not the leak.

    >>> round(look_kill(0.7, [2, 2]), 10)
    0.9919
    """
    return salvo_kill(p_kill, sum(salvos))


def look_mean_shots(p_kill: float, salvos: Sequence[int]) -> float:
    """Mean rounds spent on one target with a look between salvoes.

    >>> round(look_mean_shots(0.7, [1, 1]), 10), round(look_mean_shots(0.7, [2, 2]), 10)
    (1.3, 2.18)
    """
    _check_p(p_kill=p_kill)
    return float(sum(n * (1.0 - p_kill) ** sum(salvos[:k]) for k, n in enumerate(salvos)))


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


def mean_leak_even_spread(n_targets: int, n_rounds: int, p_kill: float) -> float:
    """Mean leakers when the rounds are spread evenly over the targets.

    >>> round(mean_leak_even_spread(20, 32, 0.7), 10)
    3.48
    """
    each, more = divmod(n_rounds, n_targets)
    return float(more * (1.0 - p_kill) ** (each + 1) + (n_targets - more) * (1.0 - p_kill) ** each)


def leaker_law(n_targets: int, n_rounds: int, n_looks: int, p_kill: float) -> NDArray[np.float64]:
    """P(0), P(1), ... leakers when targets are taken one at a time, one round a look, until the magazine is empty.

    >>> leaker_law(3, 4, 2, 0.5).tolist()
    [0.3125, 0.375, 0.25, 0.0625]
    """
    _check_p(p_kill=p_kill)

    @cache
    def law(targets: int, rounds: int) -> tuple[float, ...]:
        if targets == 0:
            return (1.0,)
        if rounds == 0:
            return (*(0.0,) * targets, 1.0)
        out = [0.0] * (targets + 1)
        fired = min(n_looks, rounds)
        for shots in range(1, fired + 1):
            p = (1.0 - p_kill) ** (shots - 1) * p_kill
            for k, q in enumerate(law(targets - 1, rounds - shots)):
                out[k] += p * q
        for k, q in enumerate(law(targets - 1, rounds - fired)):
            out[k + 1] += (1.0 - p_kill) ** fired * q
        return tuple(out)

    return np.array(law(n_targets, n_rounds))


def p_leakers(n_leakers: int, n_targets: int, n_rounds: int, n_looks: int, p_kill: float) -> float:
    """One probability of ``leaker_law``.

    >>> p_leakers(1, 3, 4, 2, 0.5)
    0.375
    """
    return float(leaker_law(n_targets, n_rounds, n_looks, p_kill)[n_leakers])


def mean_leak_one_at_a_time(n_targets: int, n_rounds: int, n_looks: int, p_kill: float) -> float:
    """Mean of ``leaker_law``.

    >>> mean_leak_one_at_a_time(10, 16, 2, 0.5)
    2.619140625
    """
    law = leaker_law(n_targets, n_rounds, n_looks, p_kill)
    return float(law @ np.arange(law.size))


def uncoordinated_leak_fraction(n_targets: int, n_rounds: int, p_kill: float) -> float:
    """Share that leaks when each round goes to a target chosen at random by itself: (1 - p/W)^M.

    >>> round(uncoordinated_leak_fraction(10, 20, 0.7), 7)
    0.2342389
    """
    _check_p(p_kill=p_kill)
    return float((1.0 - p_kill / n_targets) ** n_rounds)


def p_at_most_leakers(n_leakers: int, n_targets: int, p_leak: float) -> float:
    """Binomial distribution function of leakers that are independent.

    >>> round(p_at_most_leakers(2, 20, 0.09), 10)
    0.7334295873
    """
    _check_p(p_leak=p_leak)
    return float(sum(comb(n_targets, k) * p_leak**k * (1.0 - p_leak) ** (n_targets - k) for k in range(n_leakers + 1)))


def detected_and_killed(p_detect: float, p_kill: float, n_shots: int) -> float:
    """P(detected) times the kill probability of a salvo.

    >>> round(detected_and_killed(0.95, 0.7, 2), 10)
    0.8645
    """
    _check_p(p_detect=p_detect)
    return p_detect * salvo_kill(p_kill, n_shots)


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
        fire_range_m = ranges[-1] - target_speed_mps * assess_s
    return np.array(ranges)


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


def first_fire_range_m(detect_range_m: float, target_speed_mps: float, reaction_s: float) -> float:
    """Range of a head-on target at the first launch.

    >>> first_fire_range_m(40e3, 240.0, 10.0)
    37600.0
    """
    return detect_range_m - target_speed_mps * reaction_s


def ready_rounds(launchers: Sequence[int], rounds_each: Sequence[int]) -> int:
    """Rounds on launchers, summed over kinds.

    >>> ready_rounds([5, 15], [12, 4]), ready_rounds([4 * 8], [4])
    (120, 128)
    """
    return sum(n * each for n, each in zip(launchers, rounds_each, strict=True))


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


def erlang_b(n_channels: int, offered: float) -> float:
    """Share of a Poisson stream that finds all channels busy and is lost; depends on the mean service time only.

    >>> round(erlang_b(6, 6.0), 10)
    0.2649223222
    """
    blocking = 1.0
    for n in range(1, n_channels + 1):
        blocking = offered * blocking / (n + offered * blocking)
    return blocking


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


def finite_queue_loss(n_channels: int, n_places: int, offered: float) -> float:
    """Share of a Poisson stream lost by M/M/c/K with K places in all.

    >>> round(finite_queue_loss(6, 12, 6.0), 10)
    0.1023050205
    """
    death = [float(min(n, n_channels)) for n in range(1, n_places + 1)]
    return float(_stationary([offered] * n_places, death)[-1])


def impatient_share(n_channels: int, rate_per_s: float, service_s: float, patience_s: float) -> float:
    """Share of a Poisson stream that leaves unserved (Erlang-A: service and patience exponential).

    >>> round(impatient_share(6, 0.2, 30.0, 60.0), 10)
    0.1336482322
    """
    n_states = n_channels + ceil(60.0 * sqrt(1.0 + rate_per_s * patience_s) + 4.0 * rate_per_s * patience_s)
    death = [min(n, n_channels) / service_s + max(n - n_channels, 0) / patience_s for n in range(1, n_states + 1)]
    law = _stationary([rate_per_s] * n_states, death)
    waiting = np.maximum(np.arange(n_states + 1) - n_channels, 0)
    return float(law @ waiting / patience_s / rate_per_s)


def raid_law(
    n_targets: int, n_channels: int, n_looks: int, p_kill: float, magazine: int | None = None
) -> tuple[NDArray[np.float64], float]:
    """Law of the leakers of a raid that comes at once, and the mean rounds spent.

    In each look every free channel fires one round at one living target, while the magazine lasts.

    >>> law, shots = raid_law(10, 6, 2, 0.7)
    >>> round(float(law @ range(11)), 7), round(float(law[0]), 10)
    (1.9764768, 0.1172272283)
    """
    _check_p(p_kill=p_kill)
    state = {(n_targets, n_targets * n_looks if magazine is None else magazine): 1.0}
    mean_shots = 0.0
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
