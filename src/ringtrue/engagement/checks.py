"""Cases of the literature played through the raid kernel, for ``ringtrue verify`` and the validation tests.

Each check builds a raid that meets the assumptions of one closed form, plays it, and returns the mean and its standard
error (zero where nothing is left to chance). ``CHECKS`` maps the case number to the way it is played.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ringtrue.engagement import closed_forms
from ringtrue.engagement.case import RaidCase, raid_case
from ringtrue.engagement.simulate import simulate, trace
from ringtrue.errors import InputError, did_you_mean
from ringtrue.geo.refraction import horizon_range_m

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ringtrue.engagement.simulate import RaidOutcome

LAUNCHED, MISSED = 4, 6
TARGETS_OF_ONE_STREAM = 1000
WARM_UP = 300


def _raid_at_rest(
    n_targets: int,
    p_kill: float,
    *,
    n_units: int = 1,
    channels: int = 64,
    n_rounds: int = 10_000,
    end_s: float = 1e6,
    p_detect: float = 1.0,
    **doctrine: Any,
) -> RaidCase:
    """Targets that hang at one range until ``end_s``; a round flies one second; all are seen at once."""
    return raid_case(
        n_draws=1,
        units=[f"unit-{u}" for u in range(n_units)],
        radars=[f"radar-{u}" for u in range(n_units)],
        interceptors=["round"],
        classes=["target"],
        targets=[f"target-{j}" for j in range(n_targets)],
        time_s=[0.0, end_s],
        slant_range_m=1000.0,
        p_detect=np.full((n_units, n_targets, 1), p_detect),
        p_kill=p_kill,
        envelope=[0.0, 2000.0, 0.0, 1e5],
        flight_range_m=[[0.0, 1000.0]],
        flight_s=[0.0, 1.0],
        launcher_unit=np.arange(n_units),
        launcher_round=np.zeros(n_units, dtype=np.int64),
        launcher_rounds=n_rounds,
        channels=channels,
        **doctrine,
    )


def _raid_head_on(
    n_targets: int,
    p_kill: float,
    *,
    detect_range_m: float,
    min_range_m: float,
    target_speed_mps: float,
    interceptor_speed_mps: float,
    reaction_s: float,
    assess_s: float,
    channels: int = 1,
    magazine: int = 10_000,
) -> RaidCase:
    """Targets that fly straight at the one unit from the range at which they are seen."""
    return raid_case(
        n_draws=1,
        units=["unit"],
        radars=["radar"],
        interceptors=["round"],
        classes=["target"],
        targets=[f"target-{j}" for j in range(n_targets)],
        time_s=[0.0, detect_range_m / target_speed_mps],
        slant_range_m=[detect_range_m, 0.0],
        p_detect=np.ones((1, n_targets, 1)),
        p_kill=p_kill,
        envelope=[min_range_m, detect_range_m, 0.0, 1e5],
        flight_range_m=[[0.0, detect_range_m]],
        flight_s=[0.0, detect_range_m / interceptor_speed_mps],
        launcher_unit=[0],
        launcher_round=[0],
        launcher_rounds=magazine,
        channels=channels,
        reaction_s=reaction_s,
        assess_s=assess_s,
    )


def _stream(offered: float, channels: int, n_targets: int, *, exponential: bool, seed: int) -> RaidCase:
    """A Poisson stream of targets that must be taken at once or never; service is the time of flight, mean one."""
    generator = np.random.Generator(np.random.PCG64(seed))
    arrives_s = np.cumsum(generator.exponential(1.0 / offered, n_targets))
    service_s = generator.exponential(1.0, n_targets) if exponential else np.ones(n_targets)
    patience_s = 1e-7
    return raid_case(
        n_draws=1,
        units=["unit"],
        radars=["radar"],
        interceptors=["round"],
        classes=["target"],
        targets=[f"target-{seed}-{j}" for j in range(n_targets)],
        time_s=np.stack([arrives_s, arrives_s + service_s + patience_s], axis=-1)[None],
        slant_range_m=np.repeat(1000.0 * service_s[:, None], 2, axis=1),
        p_detect=np.ones((1, n_targets, 1)),
        p_kill=1.0,
        envelope=[0.0, 1e6, 0.0, 1e5],
        flight_range_m=[[0.0, 1000.0]],
        flight_s=[0.0, 1.0],
        launcher_unit=[0],
        launcher_round=[0],
        launcher_rounds=10 * n_targets,
        channels=channels,
    )


@dataclass(frozen=True)
class Check:
    """How one published number is played.

    ``case`` builds the raid from a factor on the kill probability (1 but for the power test); ``measure`` turns the
    outcome into one number for each replication; ``expected`` is the closed form.
    """

    case: Callable[[float], RaidCase]
    measure: Callable[[RaidOutcome], NDArray[np.float64]]
    expected: Callable[[], float]


def _leakers(outcome: RaidOutcome) -> NDArray[np.float64]:
    return np.asarray(outcome.count("leakers")[0], dtype=np.float64)


def _share_leaked(outcome: RaidOutcome) -> NDArray[np.float64]:
    return np.asarray(_leakers(outcome) / len(outcome.case.targets))


def _killed(outcome: RaidOutcome) -> NDArray[np.float64]:
    return np.asarray(1.0 - _share_leaked(outcome))


def _shots(outcome: RaidOutcome) -> NDArray[np.float64]:
    return np.asarray(outcome.count("rounds_by_type/round")[0], dtype=np.float64)


def _no_leaker(outcome: RaidOutcome) -> NDArray[np.float64]:
    return np.asarray(_leakers(outcome) == 0, dtype=np.float64)


def _exactly(n: int) -> Callable[[RaidOutcome], NDArray[np.float64]]:
    return lambda outcome: (_leakers(outcome) == n).astype(np.float64)


def _at_most(n: int) -> Callable[[RaidOutcome], NDArray[np.float64]]:
    return lambda outcome: (_leakers(outcome) <= n).astype(np.float64)


def _salvo(n_targets: int, n_shots: int, p: float, **more: Any) -> Callable[[float], RaidCase]:
    return lambda f: _raid_at_rest(n_targets, p * f, first_salvo=n_shots, max_shots=n_shots, **more)


def _table() -> dict[str, Check]:
    table: dict[str, Check] = {}
    cf = closed_forms

    def add(
        number: str,
        case: Callable[[float], RaidCase],
        measure: Callable[[RaidOutcome], NDArray[np.float64]],
        form: Callable[..., float],
        *args: Any,
    ) -> None:
        table[number] = Check(case, measure, lambda: float(form(*args)))

    for k, p in enumerate((0.5, 0.7, 0.8), 1):
        add(f"V-S01.{k}", _salvo(1, 2, p), _killed, cf.salvo_kill, p, 2)
    for k, (w, n, p) in enumerate(((5, 2, 0.8), (10, 2, 0.7)), 1):
        add(f"V-S02.{k}", _salvo(w, n, p), _no_leaker, cf.p_no_leaker, w, n, p)
    for k, p_track in enumerate((1.0, 0.98), 1):
        case = _salvo(20, 4, 0.7, p_available=p_track)
        add(f"V-S03.{k}", case, _no_leaker, cf.p_no_leaker, 20, 4, 0.7, p_track)
    for k, p in enumerate((0.7, 0.9)):
        looked = _looked(p, 1)
        add(f"V-S07.{2 * k + 1}", looked, _killed, cf.look_kill, p, (1, 1))
        add(f"V-S07.{2 * k + 2}", looked, _shots, cf.look_mean_shots, p, (1, 1))
    add("V-S08.1", _looked(0.7, 2), _killed, cf.look_kill, 0.7, (2, 2))
    add("V-S08.2", _looked(0.7, 2), _shots, cf.look_mean_shots, 0.7, (2, 2))
    for k, (w, m, p) in enumerate(((20, 32, 0.7), (30, 32, 0.8), (8, 9, 0.6)), 1):
        add(f"V-S09.{k}", _salvo(w, 2, p, n_rounds=m), _leakers, cf.mean_leak_salvo_to_the_end, w, m, p)
    for k, (w, m, p) in enumerate(((20, 32, 0.7), (30, 32, 0.8)), 1):
        case = _salvo(w, 2, p, n_rounds=m, spread_rounds=True)
        add(f"V-S10.{k}", case, _leakers, cf.mean_leak_even_spread, w, m, p)
    for k, (w, m, p) in enumerate(((20, 32, 0.7), (10, 16, 0.5)), 1):
        add(f"V-S11.{k}", _one_at_a_time(w, m, p), _leakers, cf.mean_leak_one_at_a_time, w, m, 2, p)
    for n in range(4):
        add(f"V-S12.{n + 1}", _one_at_a_time(3, 4, 0.5), _exactly(n), cf.p_leakers, n, 3, 4, 2, 0.5)
    scattered = _salvo(10, 1, 0.7, n_units=20, n_rounds=1, ranking="random")
    add("V-S13.1", scattered, _share_leaked, cf.uncoordinated_leak_fraction, 10, 20, 0.7)
    add("V-S13.2", _coordinated, _share_leaked, lambda: 1.0 - cf.salvo_kill(0.7, 2))
    add("V-S14.1", _salvo(20, 2, 0.7), _no_leaker, cf.p_at_most_leakers, 0, 20, 0.09)
    add("V-S14.2", _salvo(20, 2, 0.7), _at_most(2), cf.p_at_most_leakers, 2, 20, 0.09)
    add("V-S15.1", _salvo(1, 2, 0.7, p_detect=0.95), _killed, cf.detected_and_killed, 0.95, 0.7, 2)
    add("V-Q08.1", _volleys(10, 2, 0.7), _leakers, cf.raid_mean_leak, 10, 6, 2, 0.7)
    add("V-Q08.2", _volleys(10, 2, 0.7), _no_leaker, cf.raid_p_no_leaker, 10, 6, 2, 0.7)
    add("V-Q09.1", _volleys(24, 3, 0.8), _leakers, cf.raid_mean_leak, 24, 6, 3, 0.8)
    add("V-Q09.2", _volleys(30, 3, 1.0), _leakers, cf.raid_mean_leak, 30, 6, 3, 1.0)
    detect_m = float(horizon_range_m(25.0, 50.0))
    for number, n in (("V-X02", 20), ("V-X03", 40)):
        first = 3 if number == "V-X02" else 1
        case = _chain(n, detect_m)
        add(f"{number}.{first}", case, _leakers, cf.raid_mean_leak, n, 6, 8, 0.7, 64)
        add(f"{number}.{first + 1}", case, _no_leaker, cf.raid_p_no_leaker, n, 6, 8, 0.7, 64)
        add(f"{number}.{first + 2}", case, _shots, cf.raid_mean_shots, n, 6, 8, 0.7, 64)
    return table


def _looked(p: float, salvo: int) -> Callable[[float], RaidCase]:
    return lambda f: _raid_at_rest(1, p * f, first_salvo=salvo, later_salvo=salvo, max_shots=2 * salvo)


def _one_at_a_time(n_targets: int, n_rounds: int, p: float) -> Callable[[float], RaidCase]:
    return lambda f: _raid_at_rest(n_targets, p * f, channels=1, n_rounds=n_rounds, max_shots=2)


def _coordinated(f: float) -> RaidCase:
    return _raid_at_rest(10, 0.7 * f, n_units=20, n_rounds=1, coordinates_fire=1, end_s=2.5)


def _volleys(n_targets: int, n_looks: int, p: float) -> Callable[[float], RaidCase]:
    return lambda f: _raid_at_rest(n_targets, min(1.0, p * f), channels=6, end_s=n_looks + 0.5)


def _chain(n_targets: int, detect_range_m: float) -> Callable[[float], RaidCase]:
    return lambda f: _raid_head_on(
        n_targets,
        0.7 * f,
        detect_range_m=detect_range_m,
        min_range_m=3000.0,
        target_speed_mps=240.0,
        interceptor_speed_mps=900.0,
        reaction_s=10.0,
        assess_s=5.0,
        channels=6,
        magazine=64,
    )


GEOMETRIES = {"V-S16": (40e3, 3e3, 240.0, 900.0, 10.0, 5.0), "V-S17": (200e3, 10e3, 300.0, 1300.0, 10.0, 8.0)}
STREAMS = {
    "V-Q02.1": (6, 6.0, True),
    "V-Q02.2": (6, 12.0, True),
    "V-Q02.3": (10, 20.0, True),
    "V-Q10.1": (6, 6.0, False),
}
TRACED = (
    *(f"V-S16.{k}" for k in range(1, 4)),
    *(f"V-S17.{k}" for k in range(1, 4)),
    *(f"V-S18.{k}" for k in range(1, 8)),
    "V-X02.2",
)


def check_ids() -> tuple[str, ...]:
    """Numbers of all checks that can be played."""
    return (*_table(), *STREAMS, *TRACED)


def expected_value(case_id: str) -> float:
    """The closed form of a check.

    >>> round(expected_value("V-S16.3"), 1)
    29684.2
    """
    if case_id in STREAMS:
        channels, offered, _ = STREAMS[case_id]
        return closed_forms.erlang_b(channels, offered)
    if case_id in TRACED:
        geometry, which = _geometry(case_id)
        if which == "looks":
            return float(closed_forms.looks(*geometry))
        if which == "fire":
            return closed_forms.first_fire_range_m(geometry[0], geometry[2], geometry[4])
        return closed_forms.intercept_range_m(int(which), *geometry)
    return _check(case_id).expected()


def simulate_check(
    case_id: str, replications: int, seed: int, *, p_kill_factor: float = 1.0, threads: int | None = None
) -> tuple[float, float]:
    """Play one check through the raid kernel.

    Parameters
    ----------
    case_id : str
        ``V-S01.1`` and so on, one published number each.
    replications : int
        Raids played; targets in the stream for the queue cases (at least 2,000); one for cases without chance.
    p_kill_factor : float
        Multiplies the kill probability, for the test that a small bias would be caught.

    Returns
    -------
    (float, float)
        Mean and its standard error.
    """
    if case_id in STREAMS:
        return _play_stream(case_id, replications, seed, threads)
    if case_id in TRACED:
        return _play_traced(case_id, seed), 0.0
    check = _check(case_id)
    outcome = simulate(check.case(p_kill_factor), seed=seed, n_replications=replications, threads=threads)
    values = check.measure(outcome)
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(values.size))


def _check(case_id: str) -> Check:
    table = _table()
    if case_id not in table:
        msg = f"check {case_id!r} is not one of those that can be simulated{did_you_mean(case_id, check_ids())}"
        raise InputError(msg)
    return table[case_id]


def _play_stream(case_id: str, replications: int, seed: int, threads: int | None) -> tuple[float, float]:
    """Loss of a stream: batches of targets, each with a warm-up of its own that is not counted."""
    channels, offered, exponential = STREAMS[case_id]
    n_batches = max(2, -(-replications // TARGETS_OF_ONE_STREAM))
    lost = np.empty(n_batches)
    for batch in range(n_batches):
        case = _stream(
            offered, channels, WARM_UP + TARGETS_OF_ONE_STREAM, exponential=exponential, seed=seed * n_batches + batch
        )
        lost[batch] = simulate(case, seed=seed, n_replications=1, threads=threads).leaks[0, WARM_UP:].mean()
    return float(lost.mean()), float(lost.std(ddof=1) / np.sqrt(n_batches))


def _geometry(case_id: str) -> tuple[tuple[float, ...], str]:
    number, _, which = case_id.partition(".")
    if number == "V-X02":
        return (float(horizon_range_m(25.0, 50.0)), 3e3, 240.0, 900.0, 10.0, 5.0), "looks"
    if number == "V-S18":
        return GEOMETRIES["V-S16"], which
    return GEOMETRIES[number], {"1": "looks", "2": "fire", "3": "1"}[which]


def _play_traced(case_id: str, seed: int) -> float:
    """Count the looks, or read ranges off the trace of one target that no shot can kill."""
    geometry, which = _geometry(case_id)
    detect_m, least_m, target_mps, interceptor_mps, reaction_s, assess_s = geometry
    case = _raid_head_on(
        1,
        0.0,
        detect_range_m=detect_m,
        min_range_m=least_m,
        target_speed_mps=target_mps,
        interceptor_speed_mps=interceptor_mps,
        reaction_s=reaction_s,
        assess_s=assess_s,
    )
    events = trace(case, seed=seed)
    launches = events[events[:, 1] == LAUNCHED]
    if which == "looks":
        return float(len(launches))
    if which == "fire":
        return float(geometry[0] - geometry[2] * launches[0, 0])
    missed = events[events[:, 1] == MISSED]
    return float(geometry[0] - geometry[2] * missed[int(which) - 1, 0])
