"""The small steps of the raid kernel: windows, clocks, chances, bearings; and who fires what by each policy."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringtrue.engagement import _kernels as kernels
from ringtrue.engagement.case import raid_case, tracks_of_looks
from ringtrue.engagement.checks import TRACED, check_ids, expected_value, simulate_check
from ringtrue.engagement.simulate import simulate, trace
from ringtrue.sensing.looks import confirmed_by_look
from ringtrue.studies.case_files import load_cases, shipped_files

quick = settings(derandomize=True, max_examples=60, deadline=None, database=None)


@numba.njit
def flight_time_s(range_m, knot_range_m, knot_s):
    return kernels.flight_time_s(range_m, knot_range_m, knot_s)


@numba.njit
def clip(x0, x1, least, most):
    return kernels.clip(0.0, 1.0, x0, x1, least, most)


@numba.njit
def fill_windows(time_s, range_m, altitude_m, height_m, sight, needs_sight, envelope, knot_m, knot_s, launch_s, window):
    return kernels.fill_windows(
        time_s, range_m, altitude_m, height_m, sight, needs_sight, envelope, knot_m, knot_s, launch_s, window
    )


@numba.njit
def intercept_s(now_s, launch_s, pace_hz, time_s):
    return kernels.intercept_s(now_s, launch_s, pace_hz, time_s)


@numba.njit
def launch_from_s(window, ready_s):
    return kernels.launch_from_s(window, ready_s)


@numba.njit
def set_clock(tree_s, tree_i, leaves, entity, value_s):
    kernels.set_clock(tree_s, tree_i, leaves, entity, value_s)


@numba.njit
def confirmed_at_s(when_s, p_ever, luck):
    return kernels.confirmed_at_s(when_s, p_ever, luck)


@numba.njit
def chance_by(when_s, p_ever, now_s):
    return kernels.chance_by(when_s, p_ever, now_s)


@numba.njit
def is_faced(off_axis_rad, facing_rad, half_sector_rad):
    return kernels.is_faced(off_axis_rad, facing_rad, half_sector_rad)


@numba.njit
def confirmed_after_s(look_p, off_axis_rad, facing_rad, half_rad, time_s, look_s, hits, scans, cue_s, luck, live):
    return kernels.confirmed_after_s(
        look_p, off_axis_rad, facing_rad, half_rad, time_s, look_s, hits, scans, cue_s, luck, live
    )


@numba.njit
def range_at_m(now_s, time_s, range_m):
    return kernels.range_at_m(now_s, time_s, range_m)


@numba.njit
def bearing_at(now_s, time_s, off_axis_rad):
    return kernels.bearing_at(now_s, time_s, off_axis_rad)


@numba.njit
def hear(heard_s, told_s, until_s, latency_s):
    kernels.hear(heard_s, told_s, until_s, latency_s)


def line(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def test_a_flight_takes_the_time_of_its_table_and_the_last_piece_goes_on() -> None:
    knot_m, knot_s = line(0.0, 10e3, 40e3), line(0.0, 20.0, 50.0)
    ranges_m = np.linspace(0.0, 40e3, 33)
    found = [flight_time_s(r, knot_m, knot_s) for r in ranges_m]
    assert found == pytest.approx(np.interp(ranges_m, knot_m, knot_s))
    assert flight_time_s(55e3, knot_m, knot_s) == pytest.approx(65.0)


NUMBERS = st.integers(-20, 20).map(lambda n: n / 4.0)


@quick
@given(x0=NUMBERS, x1=NUMBERS, ends=st.tuples(NUMBERS, NUMBERS))
def test_a_clip_keeps_what_lies_between_the_ends(x0: float, x1: float, ends: tuple[float, float]) -> None:
    """A thousand points of the segment, one by one."""
    t = np.linspace(0.0, 1.0, 1001)
    x = x0 + (x1 - x0) * t
    inside = (x >= min(ends)) & (x <= max(ends))
    low, high = clip(x0, x1, min(ends), max(ends))
    assert np.count_nonzero(((t >= low) & (t <= high)) ^ inside) <= 2


def windows_of(time_s, range_m, envelope, *, altitude_m=1000.0, sight=None, speed_mps=1000.0, room=9):
    """Windows of launch, and when each sample is met: a round that flies at one speed."""
    n = len(time_s)
    launch_s, window = np.empty(n), np.empty((room, 2))
    height = np.broadcast_to(np.asarray(altitude_m, dtype=np.float64), n).copy()
    seen = np.ones(n, dtype=np.uint8) if sight is None else np.asarray(sight, dtype=np.uint8)
    found = fill_windows(
        np.asarray(time_s, dtype=np.float64), np.asarray(range_m, dtype=np.float64), height, height, seen,
        sight is not None, np.asarray(envelope, dtype=np.float64), line(0.0, 1e5), line(0.0, 1e5 / speed_mps), launch_s,
        window,
    )  # fmt: skip
    return window[:found].tolist() if found >= 0 else None, launch_s


HEAD_ON = (np.arange(0.0, 201.0, 20.0), 60e3 - 300.0 * np.arange(0.0, 201.0, 20.0))


def test_a_head_on_target_may_be_fired_at_so_that_it_is_met_in_the_envelope() -> None:
    """Met at 40 km after 66.7 s by a launch 40 s before, and at 6 km after 180 s by one 6 s before."""
    (window,), launch_s = windows_of(*HEAD_ON, (6e3, 40e3, 0.0, 2e4))
    assert window == pytest.approx([200.0 / 3.0 - 40.0, 174.0])
    assert launch_s == pytest.approx(HEAD_ON[0] - HEAD_ON[1] / 1000.0)


def test_a_round_that_needs_sight_is_launched_in_sight() -> None:
    """In sight from 100 s to 160 s: launched no earlier than 100 s, met no later than at 160 s, 12 km and 12 s away."""
    sight = [100.0 <= t <= 160.0 for t in HEAD_ON[0]]
    (window,), _ = windows_of(*HEAD_ON, (6e3, 40e3, 0.0, 2e4), sight=sight)
    assert window == pytest.approx([100.0, 148.0])
    assert windows_of(*HEAD_ON, (6e3, 40e3, 0.0, 2e4), sight=[0] * 11)[0] == []
    lost = [not 100.0 < t < 140.0 for t in HEAD_ON[0]]
    first, second = windows_of(*HEAD_ON, (6e3, 40e3, 0.0, 2e4), sight=lost)[0]
    assert first == pytest.approx([200.0 / 3.0 - 40.0, 70.0])  # met at 100 s, 30 km away
    assert second == pytest.approx([140.0, 174.0])


def test_height_and_altitude_open_and_close_a_window() -> None:
    """Level at 60 to 0 km, falling from 12 km to 2 km: below 10 km from 40 s on, above 4 km until 160 s."""
    falling = 12e3 - 50.0 * HEAD_ON[0]
    (window,), _ = windows_of(*HEAD_ON, (0.0, 1e5, 4e3, 10e3), altitude_m=falling)
    assert window == pytest.approx([40.0 - 48.0, 160.0 - 12.0])


def test_windows_that_do_not_fit_their_room_are_told() -> None:
    """A target that goes in and out of reach four times."""
    time_s = np.arange(0.0, 90.0, 10.0)
    range_m = np.where(np.arange(9) % 2, 30e3, 50e3)
    windows, _ = windows_of(time_s, range_m, (0.0, 40e3, 0.0, 2e4), speed_mps=1e5)
    assert len(windows) == 4
    assert all(a < b for a, b in windows)
    assert windows_of(time_s, range_m, (0.0, 40e3, 0.0, 2e4), speed_mps=1e5, room=5)[0] == windows
    assert windows_of(time_s, range_m, (0.0, 40e3, 0.0, 2e4), speed_mps=1e5, room=4)[0] is None


@quick
@given(st.lists(st.floats(0.01, 10.0), min_size=2, max_size=9), st.floats(0.0, 1.0), st.floats(0.0, 5.0))
def test_what_is_launched_now_meets_on_the_line_between_the_samples(gaps: list[float], at: float, pace: float) -> None:
    """Whatever the pace says about where to begin the search."""
    launch_s = np.cumsum(gaps)
    time_s = 100.0 + 3.0 * np.arange(launch_s.size)
    now_s = launch_s[0] + at * (launch_s[-1] - launch_s[0])
    assert intercept_s(now_s, launch_s, pace, time_s) == pytest.approx(np.interp(now_s, launch_s, time_s), abs=1e-6)


def test_the_next_launch_is_now_or_when_the_next_window_opens() -> None:
    window = np.array([[10.0, 20.0], [30.0, 40.0], [np.inf, np.inf]])
    asked = [(0.0, 10.0), (10.0, 10.0), (15.0, 15.0), (20.0, 20.0), (20.1, 30.0), (40.0, 40.0), (40.1, np.inf)]
    assert [launch_from_s(window, ready) for ready, _ in asked] == [launch for _, launch in asked]


@quick
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 4)), min_size=1, max_size=40))
def test_the_clock_tree_holds_the_earliest_and_the_lower_number_of_two_at_once(changes: list[tuple[int, int]]) -> None:
    leaves = 8
    tree_s, tree_i = np.full(16, np.inf), np.tile(np.arange(8), 2)
    for node in range(7, 0, -1):
        tree_i[node] = tree_i[2 * node]
    clock_s = np.full(8, np.inf)
    for entity, value in changes:
        clock_s[entity] = float(value) if value else np.inf
        set_clock(tree_s, tree_i, leaves, entity, clock_s[entity])
        assert tree_s[1] == clock_s.min()
        assert tree_i[1] == clock_s.argmin()


SHARES = line(10.0, 14.0, 20.0, 21.0, 40.0)


@quick
@given(st.floats(0.05, 1.0), st.floats(0.0, 1.0))
def test_luck_and_the_time_of_a_track_are_each_others_way_back(p_ever: float, luck: float) -> None:
    wanted = np.interp(luck, p_ever * np.arange(5) / 4, SHARES) if luck < p_ever else np.inf
    at_s = confirmed_at_s(SHARES, p_ever, luck)
    assert at_s == pytest.approx(wanted, abs=1e-9)
    if at_s < np.inf:
        assert chance_by(SHARES, p_ever, at_s) == pytest.approx(luck, abs=1e-9)


def test_the_chance_of_a_track_is_nothing_before_and_all_after_its_times() -> None:
    times_s = (0.0, 10.0, 12.0, 20.0, 40.0, 99.0)
    found = [chance_by(SHARES, 0.8, t) for t in times_s]
    assert found == pytest.approx([0.0, 0.0, 0.1, 0.4, 0.8, 0.8])
    assert chance_by(SHARES, 0.0, 30.0) == 0.0
    assert confirmed_at_s(SHARES, 0.0, 0.0) == np.inf
    assert confirmed_at_s(SHARES, 0.8, 0.8) == np.inf


@quick
@given(st.floats(-math.pi, math.pi), st.floats(-math.pi, math.pi), st.floats(0.05, 3.1))
def test_a_sector_is_an_angle_between_two_directions(one: float, other: float, half: float) -> None:
    apart = math.acos(max(-1.0, min(1.0, math.cos(one - other))))
    if abs(apart - half) > 1e-6:
        assert is_faced(one, other, half) == (apart < half)
    assert is_faced(one, one + half * (1.0 - 1e-12), half)


def after(cue_s: float, luck: float, *, p=0.3, off=0.0, facing=0.0, half=0.5, hits=2, scans=3) -> float:
    time_s = np.arange(0.0, 101.0, 10.0)
    look_p = np.full(11, p, dtype=np.float32)
    bearing = np.broadcast_to(np.asarray(off, dtype=np.float64), 11).copy()
    return confirmed_after_s(
        look_p, bearing, facing, half, time_s, 4.0, hits, scans, cue_s, luck, np.zeros((2, 1 << (scans - 1)))
    )


@pytest.mark.parametrize("rule", [(1, 1), (2, 3)])
@pytest.mark.parametrize("cue_s", [0.0, 13.0, 61.0])
def test_looks_after_a_cue_add_up_as_the_plain_chain_says(rule: tuple[int, int], cue_s: float) -> None:
    n_looks = int((100.0 - cue_s) / 4.0 + 0.5)
    chance = np.append(0.0, confirmed_by_look([float(np.float32(0.3))] * n_looks, *rule))
    for luck in (0.05, 0.25, 0.5):
        ends_s = cue_s + 4.0 * np.arange(n_looks + 1)
        first = int((chance <= luck).sum())
        part = (luck - chance[first - 1]) / (chance[first] - chance[first - 1])
        assert after(cue_s, luck, hits=rule[0], scans=rule[1]) == pytest.approx(ends_s[first - 1] + 4.0 * part)
    assert after(cue_s, 1.0 - 1e-9, hits=rule[0], scans=rule[1]) == np.inf


def test_a_look_after_a_cue_detects_as_the_line_between_samples_says() -> None:
    """From 0.1 to 0.6 over 100 s; looks of 4 s from 61 s on, in the middles of 61 to 65, 65 to 69 s and so on."""
    p = np.linspace(0.1, 0.6, 11)
    middles_s = 63.0 + 4.0 * np.arange(9)
    chance = np.append(0.0, confirmed_by_look(np.interp(middles_s, np.arange(0.0, 101.0, 10.0), p), 1, 1))
    for look in (0, 3, 7):
        luck = 0.5 * (chance[look] + chance[look + 1])
        assert after(61.0, luck, p=p, hits=1, scans=1) == pytest.approx(61.0 + 4.0 * (look + 0.5), abs=1e-5)


def test_looks_see_nothing_outside_the_sector_that_the_radar_faces() -> None:
    assert after(0.0, 0.2, off=0.6) == np.inf
    assert after(0.0, 0.2, off=0.6, facing=0.2) < np.inf
    entering = np.where(np.arange(11) < 5, 0.6, 0.4)  # in the sector from 50 s on, seen more and more from 40 s on
    assert 40.0 < after(0.0, 0.01, off=entering, hits=1, scans=1) < after(0.0, 0.5, off=entering, hits=1, scans=1)


def test_ranges_lie_on_the_line_between_samples_and_bearings_are_the_last_that_came() -> None:
    time_s, range_m = line(0.0, 10.0, 20.0, 30.0), line(40e3, 30e3, 25e3, 26e3)
    at_s = np.linspace(0.0, 30.0, 31)
    assert [range_at_m(t, time_s, range_m) for t in at_s] == pytest.approx(np.interp(at_s, time_s, range_m))
    assert range_at_m(-5.0, time_s, range_m) == 40e3
    assert range_at_m(9.0, line(5.0, 5.0, 5.0), line(7.0, 8.0, 9.0)) == 8.0  # a path that is over
    bearings = line(0.1, 0.2, 0.3, 0.4)
    assert [bearing_at(t, time_s, bearings) for t in (-1.0, 0.0, 9.9, 10.0, 29.0, 30.0, 99.0)] == [
        0.1, 0.1, 0.1, 0.2, 0.3, 0.4, 0.4,
    ]  # fmt: skip


def test_what_is_told_arrives_later_and_not_from_a_teller_that_is_gone() -> None:
    heard = line(5.0, 50.0, 50.0, np.inf)
    hear(heard, line(10.0, 10.0, 31.0, 30.0), 30.0, 4.0)
    assert heard.tolist() == [5.0, 14.0, 50.0, 34.0]


def test_tracks_of_hand_written_looks_come_at_the_looks() -> None:
    """Looks at 3, 7, 11 s with 0, 0.5 and 1: confirmed by one look of one, half at 7 s and half at 11 s."""
    tracks = tracks_of_looks([[[[0.0, 0.5, 1.0]]]], [1], [1], [[[4.0]]], [[[3.0]]], 2)
    assert tracks.search_p.tolist() == [[[1.0]]]
    when_s = tracks.search_s[0, 0, 0]
    assert when_s[0] == 7.0
    assert when_s[-1] == 11.0
    half = (when_s.size - 1) // 2
    assert set(when_s[: half + 1]) == {7.0}
    assert set(when_s[half + 1 :]) == {11.0}


# ---------------------------------------------------------------------------------------------------------------------
# who fires what


ROUNDS = SimpleNamespace(cheap=0, good=1, best=2)


def against_one(policy: str, **changes):
    """Rounds fired at one target, and when."""
    return [(int(e[4]), float(e[0])) for e in events_of(policy, **changes) if e[1] == kernels.LAUNCHED]


def events_of(policy: str, **changes):
    """One target that hangs at 10 km; three rounds: cheap and slow, good, and the best and dearest, slow too."""
    values = {
        "n_draws": 1,
        "units": ["unit"],
        "radars": ["radar"],
        "interceptors": ["cheap", "good", "best"],
        "classes": ["raider", "jewel"],
        "targets": ["one"],
        "time_s": [0.0, 1e3],
        "slant_range_m": 10e3,
        "p_detect": np.ones((1, 1, 1)),
        "p_kill": np.array([0.4, 0.7, 0.9])[None, :, None],
        "envelope": [0.0, 20e3, 0.0, 1e5],
        "flight_range_m": [[0.0, 10e3]],
        "flight_s": np.array([[0.0, 9.0], [0.0, 5.0], [0.0, 8.0]])[None],
        "launcher_unit": [0, 0, 0],
        "launcher_round": [0, 1, 2],
        "launcher_rounds": 2,
        "channels": 1,
        "price_usd": np.array([[1e5, 1e6, 4e6]]),
        "policy": policy,
    }
    return trace(raid_case(**(values | changes)), seed=1)


@pytest.mark.parametrize(
    ("policy", "changes", "first"),
    [
        ("earliest", {}, ROUNDS.good),
        ("best", {}, ROUNDS.best),
        ("cheapest-sufficient", {"sufficient_p": 0.3}, ROUNDS.cheap),
        ("cheapest-sufficient", {"sufficient_p": 0.4}, ROUNDS.cheap),
        ("cheapest-sufficient", {"sufficient_p": 0.6}, ROUNDS.good),
        ("cheapest-sufficient", {"sufficient_p": 0.95}, ROUNDS.best),
        ("best", {"p_kill": 0.5}, ROUNDS.good),  # all alike: the one that meets first
        ("reserve", {"reserve": np.array([[[0, 2, 0]]])}, ROUNDS.best),
        ("reserve", {"reserve": np.array([[[0, 1, 0]]])}, ROUNDS.good),
        ("reserve", {"reserve": np.array([[[0, 2, 0]]]), "is_priority": 1}, ROUNDS.good),
        ("earliest", {"reserve": np.array([[[0, 2, 0]]])}, ROUNDS.good),
    ],
)
def test_the_first_round_is_the_one_that_the_policy_prefers(policy, changes, first) -> None:
    assert against_one(policy, **changes)[0][0] == first


def test_rounds_are_spent_as_the_policy_goes_on_preferring_until_none_is_left() -> None:
    """No kill: two of the best, two good ones, two cheap ones, each as soon as the one before has missed."""
    fired = against_one("best", p_kill=np.array([0.0, 1e-12, 2e-12])[None, :, None])
    assert [i for i, _ in fired] == [2, 2, 1, 1, 0, 0]
    assert np.diff([t for _, t in fired]) == pytest.approx([8.0, 8.0, 5.0, 5.0, 9.0])
    kept = against_one("reserve", p_kill=0.0, reserve=np.array([[[1, 2, 0]]]))
    assert sorted(i for i, _ in kept) == [0, 2, 2]


def test_what_was_broken_before_the_raid_stands_first_in_its_trace() -> None:
    """At 0 s, of that unit, of no target, round or channel; a unit out of action fires nothing, one cut off does."""
    for chance, code, n_fired in (("p_available", kernels.OUT_OF_ACTION, 0), ("p_cut_off", kernels.CUT_OFF_LINKS, 6)):
        given = {chance: 0.0 if chance == "p_available" else 1.0, "p_kill": 0.0}
        events = events_of("best", **given)
        assert events[0].tolist() == [0.0, code, 0.0, -1.0, -1.0, -1.0, 0.0]
        assert (events[:, 1] == code).sum() == 1
        assert (events[:, 1] == kernels.LAUNCHED).sum() == n_fired


def test_a_limit_of_shots_holds_for_each_target() -> None:
    assert len(against_one("best", p_kill=0.0, max_shots=3)) == 3
    assert len(against_one("best", p_kill=0.0, max_shots=0)) == 6
    two = against_one("best", p_kill=0.0, max_shots=2, targets=["one", "two"], p_detect=np.ones((1, 2, 1)))
    assert len(two) == 4


def test_each_leaker_is_counted_under_its_class_and_where_it_aims() -> None:
    """Nothing is fired. Five targets of two classes at two towns, one more at the second of two units."""
    case = raid_case(
        n_draws=1, units=["west", "east"], radars=["a", "b"], interceptors=["round"], classes=["raider", "jewel"],
        targets=list("abcdef"), assets=["town", "port"], time_s=[0.0, 100.0], slant_range_m=1e4,
        p_detect=np.ones((2, 6, 1)), p_kill=1.0, envelope=[0.0, 2e4, 0.0, 1e5], flight_range_m=[[0.0, 1e4]],
        flight_s=[0.0, 5.0], launcher_unit=[0], launcher_round=[0], launcher_rounds=0, channels=1,
        target_class=[0, 1, 1, 0, 1, 1], aim_asset=[0, 1, 1, 1, 0, -1], aim_unit=[-1, -1, -1, -1, -1, 1],
    )  # fmt: skip
    outcome = simulate(case, seed=1, n_replications=2)
    wanted = {
        "leakers": 6, "leakers_by_class/raider": 2, "leakers_by_class/jewel": 4, "hits_by_asset/town": 2,
        "hits_by_asset/port": 3, "hits_by_unit/west": 0, "hits_by_unit/east": 1, "units_lost": 1, "kills": 0,
        "rounds_by_type/round": 0,
    }  # fmt: skip
    assert {name: outcome.count(name)[0].tolist() for name in wanted} == {n: [v, v] for n, v in wanted.items()}
    assert outcome.leaks[0].tolist() == [2] * 6  # both raids


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_rounds_are_counted_by_type_and_by_unit_as_the_trace_tells_them(seed: int) -> None:
    """Two units with two types each against eight targets of two classes, of which each round kills half."""
    case = raid_case(
        n_draws=1, units=["west", "east"], radars=["a", "b"], interceptors=["quick", "slow"],
        classes=["raider", "jewel"], targets=[f"t{j}" for j in range(8)], time_s=[0.0, 60.0], slant_range_m=1e4,
        p_detect=np.ones((2, 8, 1)), p_kill=0.5, envelope=[0.0, 2e4, 0.0, 1e5], flight_range_m=[[0.0, 1e4]] * 2,
        flight_s=np.array([[0.0, 5.0], [0.0, 7.0]])[None], launcher_unit=[0, 0, 1, 1], launcher_round=[0, 1, 0, 1],
        launcher_rounds=[3, 2, 1, 4], channels=2, target_class=[0, 1] * 4,
    )  # fmt: skip
    events = trace(case, seed=seed)
    outcome = simulate(case, seed=seed, n_replications=1)
    fired = events[events[:, 1] == kernels.LAUNCHED]
    for kind, column, names in (("rounds_by_unit", 2, ("west", "east")), ("rounds_by_type", 4, ("quick", "slow"))):
        counts = [int((fired[:, column] == i).sum()) for i in range(2)]
        assert [int(outcome.count(f"{kind}/{name}")[0, 0]) for name in names] == counts
        assert sum(counts) == len(fired)
    leaked = events[events[:, 1] == kernels.LEAKED][:, 3].astype(int)
    assert int(outcome.count("leakers")[0, 0]) == leaked.size
    by_class = [int(outcome.count(f"leakers_by_class/{name}")[0, 0]) for name in ("raider", "jewel")]
    assert by_class == [int((leaked % 2 == c).sum()) for c in range(2)]
    assert int(outcome.count("kills")[0, 0]) == 8 - leaked.size


# ---------------------------------------------------------------------------------------------------------------------
# the numbers of the literature


PUBLISHED = {
    c.id.removesuffix("s"): float(np.ravel(c.expect)[0])
    for c in load_cases(shipped_files())
    if c.id.endswith("s") and c.id[:-1] in check_ids()
}


def test_every_check_has_its_published_number() -> None:
    assert len(PUBLISHED) >= len(check_ids()) - 1
    for number, published in PUBLISHED.items():
        assert expected_value(number) == pytest.approx(published, rel=2e-3, abs=2e-3), number


@pytest.mark.parametrize("number", [n for n in check_ids() if n not in TRACED and not n.startswith(("V-Q02", "V-Q10"))])
def test_a_raid_played_four_hundred_times_comes_near_the_published_number(number: str) -> None:
    mean, error = simulate_check(number, 400, seed=7)
    assert mean == pytest.approx(PUBLISHED.get(number, expected_value(number)), abs=4.5 * error + 1e-9)


@pytest.mark.parametrize("number", TRACED)
def test_a_raid_without_luck_gives_the_published_number(number: str) -> None:
    mean, error = simulate_check(number, 1, seed=7)
    assert error == 0.0
    assert mean == pytest.approx(expected_value(number), rel=1e-6)


@pytest.mark.parametrize("number", ["V-Q02.1", "V-Q10.1"])
def test_a_stream_of_a_few_thousand_loses_the_published_share(number: str) -> None:
    mean, error = simulate_check(number, 4000, seed=7)
    assert 0.0 < error < 0.03
    assert mean == pytest.approx(expected_value(number), abs=4.5 * error)


def test_a_kill_probability_that_is_off_shows() -> None:
    exact, _ = simulate_check("V-S02.2", 400, seed=7)
    worse, error = simulate_check("V-S02.2", 400, seed=7, p_kill_factor=0.8)
    assert exact - worse > 3.0 * error
    assert simulate(against_nothing(), seed=1, n_replications=3).count("leakers").tolist() == [[1, 1, 1]]


def against_nothing():
    """A target against a unit without a round."""
    return raid_case(
        n_draws=1, units=["unit"], radars=["radar"], interceptors=["round"], classes=["raider"], targets=["one"],
        time_s=[0.0, 10.0], slant_range_m=1e3, p_detect=np.ones((1, 1, 1)), p_kill=1.0,
        envelope=[0.0, 2e4, 0.0, 1e5], flight_range_m=[[0.0, 1e4]], flight_s=[0.0, 5.0], launcher_unit=[0],
        launcher_round=[0], launcher_rounds=0, channels=1,
    )  # fmt: skip
