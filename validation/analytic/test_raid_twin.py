"""The compiled raid and its plain-Python twin give the same events, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from validation.reference_raid import play_reference

from ringtrue.engagement.case import RaidCase, raid_case
from ringtrue.engagement.simulate import simulate, trace
from ringtrue.engagement.spec import N_SHARES


def random_case(number: int) -> RaidCase:
    """A small scenario with everything in it: network, magazines, reloads, doctrines, friends, leakers that kill units.

    Times are often whole numbers, so that simultaneous events, the hard part of any event list, are common.
    """
    g = np.random.Generator(np.random.PCG64(number))

    def pick(*options: object) -> object:
        return options[g.integers(len(options))]

    n_units, n_targets, n_interceptors = int(g.integers(1, 5)), int(g.integers(1, 9)), int(g.integers(1, 3))
    n_radars, n_classes, n_draws = int(g.integers(n_units, n_units + 3)), int(g.integers(1, 4)), int(g.integers(1, 3))
    n_samples = int(g.integers(2, 14))
    is_round = bool(g.integers(2))
    start_s = g.integers(0, 60, n_targets) * 1.0 if is_round else g.uniform(0, 60, n_targets)
    if g.integers(3) == 0:
        start_s[:] = start_s[0]
    step_s = g.integers(1, 20, (n_targets, n_samples - 1)) * 1.0
    step_s[g.random(step_s.shape) < 0.05] = 0.0
    time_s = start_s[:, None] + np.concatenate([np.zeros((n_targets, 1)), np.cumsum(step_s, axis=1)], axis=1)
    sites = g.uniform(-20e3, 20e3, (n_units, 2))
    course = g.uniform(0, 2 * np.pi, n_targets)
    reach = g.uniform(20e3, 90e3, n_targets)
    along = np.linspace(1.0, float(g.uniform(-0.5, 0.05)), n_samples)
    x = np.cos(course)[:, None] * reach[:, None] * along
    y = np.sin(course)[:, None] * reach[:, None] * along
    altitude_m = np.abs(g.normal(3000, 2000, (n_targets, 1))) + 300 * g.normal(size=(n_targets, n_samples))
    slant_range_m = np.sqrt((x - sites[:, :1, None]) ** 2 + (y - sites[:, 1:, None]) ** 2 + altitude_m**2)
    launcher_unit = g.integers(0, n_units, int(g.integers(1, 7)))
    is_friendly = g.random(n_targets) < 0.2
    aim_unit = np.where((g.random(n_targets) < 0.25) & ~is_friendly, g.integers(0, n_units, n_targets), -1)
    aim_asset = np.where((aim_unit < 0) & ~is_friendly & (g.random(n_targets) < 0.9), g.integers(0, 2, n_targets), -1)
    envelope = np.stack(
        [
            g.uniform(0, 8e3, (n_draws, n_interceptors, n_classes)),
            g.uniform(5e3, 70e3, (n_draws, n_interceptors, n_classes)),
            g.uniform(-2e3, 1500, (n_draws, n_interceptors, n_classes)),
            g.uniform(1500, 2e4, (n_draws, n_interceptors, n_classes)),
        ],
        axis=-1,
    )
    mean_speed = g.uniform(300, 1500, (n_draws, n_interceptors, 1))
    knots = np.array([0.0, 30e3, 90e3])
    seconds = knots / mean_speed * np.array([1.0, 1.0, 1.2]) if not is_round else np.round(knots / mean_speed)

    def links(share: float) -> np.ndarray:
        return g.random((n_units, n_units)) < share

    def times_of_shares(begin_s: float, shape: tuple[int, ...]) -> np.ndarray:
        """Times that do not fall, many of them the same."""
        steps = g.integers(0, 4, (*shape, N_SHARES + 1)) * 1.0 if is_round else g.uniform(0, 4, (*shape, N_SHARES + 1))
        steps[g.random(steps.shape) < 0.3] = 0.0
        return begin_s + g.integers(0, 60, (*shape, 1)) + np.cumsum(steps, axis=-1)

    pairs = (n_draws, n_radars, n_targets)
    rules = np.array([[2, 3], [1, 1], [1, 2], [2, 2], [3, 5]])[g.integers(0, 5, n_radars)]
    whole = g.integers(0, 8, (2, n_draws, n_units)) * 1.0

    def mistakes(most: float) -> np.ndarray:
        return most * g.random((n_draws, n_units, n_classes))

    turns = g.random((n_draws, n_radars)) < pick(0.0, 0.4, 0.6)
    seldom = np.where(turns, float(pick(0.0, 0.3)), 1.0)[:, :, None]  # as it faces: what holds a radar is rare
    slew_s = g.integers(0, 30, turns.shape) * 1.0 if is_round else g.uniform(0, 30, turns.shape)
    return raid_case(
        n_draws=n_draws,
        units=[f"unit {u}" for u in range(n_units)],
        radars=[f"radar {r}" for r in range(n_radars)],
        interceptors=[f"interceptor {i}" for i in range(n_interceptors)],
        classes=[f"class {c}" for c in range(n_classes)],
        targets=[f"target {j}" for j in range(n_targets)],
        assets=["town", "dam"],
        time_s=time_s[None] * (1.0 if g.integers(2) else g.uniform(0.8, 1.2, (n_draws, 1, 1))),
        slant_range_m=slant_range_m,
        altitude_m=altitude_m,
        height_m=altitude_m - 100.0,
        guide_sight=g.random((int(pick(1, n_draws)), n_units, n_targets, n_samples)) < pick(0.8, 0.95, 1.0),
        search_p=seldom * np.clip(g.uniform(-0.5, 1.5, pairs) + float(pick(0.3, 1.0)), 0, 1),
        search_s=times_of_shares(0.0, pairs),
        cued_p=seldom * np.clip(g.uniform(-0.5, 1.5, pairs) + float(pick(0.0, 0.5)), 0, 1),
        cued_from_s=g.integers(0, 60, pairs) * 1.0,
        cued_s=times_of_shares(-20.0, pairs),
        look_p=np.clip(g.uniform(-0.5, 1.5, (*pairs, n_samples)) + float(pick(0.0, 0.5)), 0, 1),
        look_s=pick(1.0, 3.0, 5.0) if is_round else g.uniform(1, 6, pairs[:2]),
        slew_s=np.where(turns, slew_s, np.inf),
        half_sector_rad=np.where(turns, g.uniform(0.1, 2.5, turns.shape), np.inf),
        search_look_s=g.integers(1, 9, turns.shape) * 1.0,
        off_axis_rad=g.uniform(-np.pi, np.pi, (n_radars, n_targets, 1)) * g.uniform(0.9, 1.0, (1, 1, n_samples)),
        guide_sight_turned=g.random((n_units, n_targets, n_samples)) < 0.95,
        takes_cue=g.random(n_radars) < pick(0.0, 0.7, 1.0),
        radar_unit=np.concatenate([np.arange(n_units), g.integers(0, n_units, n_radars - n_units)]),
        radar_guides=g.random(n_radars) < 0.8,
        confirm_hits=rules[:, 0],
        confirm_scans=rules[:, 1],
        p_kill=g.uniform(0, 1, (n_draws, n_interceptors, n_classes)) if g.integers(4) else float(g.integers(2)),
        p_common=pick(0.0, 0.2, 0.5),
        systems=[f"system {s}" for s in g.integers(0, 2, n_units)],
        waves=[f"wave {w}" for w in g.integers(0, 3, n_targets)],
        price_usd=g.integers(1, 4, (n_draws, n_interceptors)) * 1e6,
        envelope=envelope,
        flight_range_m=np.broadcast_to(knots, (n_interceptors, 3)),
        flight_s=np.broadcast_to(seconds, (n_draws, n_interceptors, 3)) + np.array([0.0, 0.5, 1.0]),
        needs_sight=g.random(n_interceptors) < 0.7,
        launcher_unit=launcher_unit,
        launcher_round=g.integers(0, n_interceptors, launcher_unit.size),
        launcher_rounds=g.integers(0, 5, (n_draws, launcher_unit.size)),
        launcher_reload_s=g.integers(0, 60, (n_draws, launcher_unit.size)) * 1.0,
        reload_stock=g.integers(0, 7, (n_units, n_interceptors)) * int(pick(0, 1)),
        reserve=g.integers(0, 3, (n_draws, n_units, n_interceptors)),
        is_priority=g.random(n_classes) < 0.4,
        channels=g.integers(0, 5, (n_draws, n_units)),
        guidance_limit=g.integers(1, 6, (n_draws, n_units)),
        reaction_s=whole[0] if is_round else g.uniform(0, 15, (n_draws, n_units)),
        assess_s=whole[1] if is_round else g.uniform(0, 8, (n_draws, n_units)),
        identify_s=g.integers(0, 8, (n_draws, n_units, n_classes)) * 1.0,
        p_hostile_as_friend=mistakes(float(pick(0.0, 0.2))),
        p_friend_as_hostile=mistakes(float(pick(0.0, 0.4))),
        p_friend_as_hostile_alone=mistakes(float(pick(0.0, 0.8))),
        p_friend_unknown=pick(0.0, 0.3),
        p_available=pick(1.0, 0.8),
        p_cut_off=pick(0.0, 0.3),
        needs_own_track=g.random(n_units) < 0.6,
        target_class=g.integers(0, n_classes, n_targets),
        is_friendly=is_friendly,
        aim_asset=aim_asset,
        aim_unit=aim_unit,
        shares_track=links(float(pick(0.0, 0.5, 1.0))),
        fires_on_shared_track=links(float(pick(0.0, 0.5, 1.0))),
        identifies_for=links(float(pick(0.0, 0.5))),
        coordinates_fire=links(float(pick(0.0, 0.3, 1.0))),
        latency_s=g.integers(0, 6, (n_draws, n_units, n_units)) * 1.0,
        first_salvo=g.integers(1, 4, n_classes),
        later_salvo=g.integers(1, 3, n_classes),
        max_shots=g.integers(0, 5, n_classes),
        weapons_control=str(pick("free", "free", "tight", "hold")),
        policy=str(pick("earliest", "best", "cheapest-sufficient", "reserve")),
        ranking=str(pick("impact", "impact", "random")),
        spread_rounds=bool(g.integers(2)),
        sufficient_p=0.5,
    )


def assert_same(number: int) -> int:
    """Compare two replications of every draw; return how many launches there were."""
    case = random_case(number)
    outcome = simulate(case, seed=number, n_replications=2, threads=1)
    n_launches = 0
    for draw in range(case.n_draws):
        for replication in range(2):
            twin = play_reference(case, seed=number, draw=draw, replication=replication)
            events = trace(case, seed=number, draw=draw, replication=replication)
            assert events.tolist() == [list(event) for event in twin.events]
            assert outcome.counts[draw, replication].tolist() == list(twin.counts.values())
            assert np.array_equal(outcome.first_fire_s[draw, replication], twin.first_fire_s, equal_nan=True)
            assert np.array_equal(
                outcome.first_fire_range_m[draw, replication], twin.first_fire_range_m, equal_nan=True
            )
            assert outcome.busy_channel_s[draw, replication].tolist() == twin.busy_channel_s
            n_launches += sum(event[1] == 4.0 for event in twin.events)
    return n_launches


@pytest.mark.slow
@settings(max_examples=1200, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(number=st.integers(min_value=0, max_value=2**32 - 1))
def test_kernel_and_twin_agree_event_for_event(number):
    """1,200 random scenarios; equality is exact, so no tolerance."""
    assert_same(number)


def test_a_round_on_a_neighbours_track_asks_that_tracks_are_shared_by_that_very_pair():
    """Scenario 245: one pair shares tracks and may fire on them, another may fire on them without sharing any."""
    case = random_case(245).arrays
    assert (case.fires_on_shared_track & case.shares_track).any()
    assert (case.fires_on_shared_track & ~case.shares_track & 1).any()
    assert_same(245)


def test_the_random_scenarios_hold_everything():
    """All fifteen kinds of event and every count come up, and radars turn: no comparison of empty lists."""
    seen, counted = set(), np.zeros(13, dtype=np.int64)
    n_launches = n_turned = 0
    for number in range(260):
        n_launches += assert_same(number)
        case = random_case(number)
        for draw in range(case.n_draws):
            n_turned += len(play_reference(case, seed=number, draw=draw, replication=0).turn_s)
        seen |= set(trace(case, seed=number)[:, 1].astype(int).tolist())
        counted += simulate(case, seed=number, n_replications=2, threads=1).counts[:, :, :13].sum(axis=(0, 1))
    assert seen == set(range(1, 16))
    assert (counted > 0).all()
    assert n_launches > 500
    assert n_turned > 15
