"""What must hold of any raid, whatever the numbers."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringtrue.engagement.case import LEAK_CAUSES, fire_groups, raid_case
from ringtrue.engagement.draw_tables import case_tables, prepared
from ringtrue.engagement.simulate import BLOCK, simulate, trace
from ringtrue.engagement.trace import lanes, timeline, trace_table
from ringtrue.errors import InputError


def small_raid(units=("alpha", "bravo"), n_targets=12, idle=(), **changes):
    """Targets that fly past two units from 60 km; an idle unit sees and shares nothing and has no round."""
    n_u, n_j = len(units), n_targets
    along = np.linspace(0.0, 1.0, 21)
    time_s = 3.0 * np.arange(n_j)[:, None] + 250.0 * along
    east = 60e3 * (1.0 - along)
    north = np.linspace(-5e3, 5e3, n_j)
    sites = {"alpha": 0.0, "bravo": 3e3, "idle": -2e3}
    slant = np.sqrt(
        east[None, None] ** 2 + (north[None, :, None] - np.array([sites[u] for u in units])[:, None, None]) ** 2 + 1e6
    )
    p = np.full((n_u, n_j, 80), 0.6)
    launchers = [u for u, name in enumerate(units) if name not in idle]
    for u, name in enumerate(units):
        if name in idle:
            p[u] = 0.0
    values = {
        "n_draws": 2,
        "units": units,
        "radars": [f"{u}/radar" for u in units],
        "interceptors": ["round"],
        "classes": ["raider"],
        "targets": [f"raid/{j}" for j in range(n_j)],
        "assets": ["town"],
        "time_s": time_s[None],
        "slant_range_m": slant,
        "p_detect": p,
        "scan_period_s": 4.0,
        "confirm_hits": 2,
        "confirm_scans": 3,
        "p_kill": np.array([0.4, 0.7])[:, None, None],
        "envelope": [2e3, 40e3, 0.0, 2e4],
        "flight_range_m": [[0.0, 50e3]],
        "flight_s": [0.0, 60.0],
        "launcher_unit": launchers,
        "launcher_round": 0,
        "launcher_rounds": 8,
        "channels": 3,
        "reaction_s": 5.0,
        "assess_s": 4.0,
        "price_usd": 1e6,
        "target_price_usd": 1e5,
    }
    return raid_case(**(values | changes))


def test_threads_blocks_and_repetition_change_no_bit():
    case = small_raid()
    first = simulate(case, seed=3, n_replications=BLOCK + 50, threads=1)
    second = simulate(case, seed=3, n_replications=BLOCK + 50, threads=2)
    later = simulate(case, seed=3, n_replications=70, first_replication=BLOCK - 20, threads=1)
    assert first.counts.tobytes() == second.counts.tobytes()
    assert first.busy_channel_s.tobytes() == second.busy_channel_s.tobytes()
    assert (first.leaks == second.leaks).all()
    assert first.counts[:, BLOCK - 20 :].tobytes() == later.counts.tobytes()


@pytest.mark.parametrize("units", [("alpha", "bravo", "idle"), ("idle", "alpha", "bravo"), ("alpha", "idle", "bravo")])
@pytest.mark.parametrize("ranking", ["impact", "random"])
def test_an_idle_unit_changes_no_other_bit(units, ranking):
    plain = simulate(small_raid(ranking=ranking), seed=8, n_replications=300, threads=1)
    more = simulate(small_raid(units, idle=("idle",), ranking=ranking), seed=8, n_replications=300, threads=1)
    for name in plain.case.count_names():
        assert (plain.count(name) == more.count(name)).all(), name
    kept = [units.index("alpha"), units.index("bravo")]
    assert plain.busy_channel_s.tobytes() == np.ascontiguousarray(more.busy_channel_s[:, :, kept]).tobytes()
    assert plain.first_fire_s.tobytes() == more.first_fire_s.tobytes()


def test_rival_laydowns_share_the_raids_luck():
    """A target that one shot kills at p 0.4 is killed by that shot at p 0.7 too, replication by replication."""
    case = small_raid(n_targets=1, first_salvo=2, max_shots=2)
    worse = simulate(
        replace(case, arrays=case.arrays._replace(p_kill=case.arrays.p_kill * 0.5)), seed=1, n_replications=2000
    )
    better = simulate(case, seed=1, n_replications=2000)
    assert (better.count("kills") >= worse.count("kills")).all()
    assert (better.count("kills") > worse.count("kills")).any()


@settings(max_examples=40, derandomize=True, deadline=None, database=None)
@given(channels=st.integers(0, 8), rounds=st.integers(0, 12), coordinated=st.booleans(), seed=st.integers(0, 1000))
def test_bookkeeping(channels, rounds, coordinated, seed):
    """Every target is killed or leaks; no unit fires more than it has; coordinated units never engage twice."""
    case = small_raid(channels=channels, launcher_rounds=rounds, coordinates_fire=coordinated, shares_track=coordinated)
    outcome = simulate(case, seed=seed, n_replications=20, threads=1)
    assert (outcome.count("kills") + outcome.count("leakers") == 12).all()
    assert (outcome.count("leakers") == outcome.count("hits_by_asset/town")).all()
    assert (outcome.count("leakers") == sum(outcome.count(cause) for cause in LEAK_CAUSES)).all()
    for unit in case.units:
        assert (outcome.count(f"rounds_by_unit/{unit}") <= rounds).all()
    if coordinated:
        assert (outcome.count("double_engagements") == 0).all()
    if channels == 0 or rounds == 0:
        assert (outcome.count("leakers") == 12).all()


def test_coordination_saves_rounds_and_double_engagements():
    alone = simulate(small_raid(), seed=2, n_replications=2000)
    joined = simulate(small_raid(coordinates_fire=1, shares_track=1), seed=2, n_replications=2000)
    assert alone.count("double_engagements").mean() > 1.0
    assert joined.count("wasted_rounds").sum() == 0
    assert joined.count("leakers").mean() < alone.count("leakers").mean()


def test_a_leaker_that_hits_a_unit_ends_its_fire():
    case = small_raid(units=("alpha",), aim_asset=-1, aim_unit=0, p_kill=0.2)
    events = trace(case, seed=4)
    lost = events[events[:, 1] == 11]
    assert len(lost) == 1
    assert not (events[events[:, 1] == 4][:, 0] > lost[0, 0]).any()


def test_friendly_traffic_is_spared_unless_misidentified():
    friends = np.arange(12) < 4
    spared = simulate(small_raid(is_friendly=friends), seed=5, n_replications=500)
    struck = simulate(small_raid(is_friendly=friends, p_friend_as_hostile=0.2), seed=5, n_replications=500)
    assert spared.count("friendly_engagements").sum() == 0
    assert struck.count("friendly_kills").sum() > 0
    tight = small_raid(is_friendly=friends, p_friend_unknown=1.0, weapons_control="tight")
    free = small_raid(is_friendly=friends, p_friend_unknown=1.0, weapons_control="free")
    assert simulate(tight, seed=5, n_replications=100).count("friendly_engagements").sum() == 0
    assert simulate(free, seed=5, n_replications=100).count("friendly_engagements").sum() > 0


def test_hold_fires_only_in_self_defence():
    held = simulate(small_raid(weapons_control="hold"), seed=5, n_replications=50)
    assert held.count("rounds_by_type/round").sum() == 0


def test_shared_tracks_arrive_after_the_latency():
    """A blind unit fires on its neighbour's picture, later by the latency."""
    p = np.zeros((2, 12, 80))
    p[0] = 1.0
    quick = small_raid(
        p_detect=p, shares_track=1, coordinates_fire=1, needs_own_track=0, launcher_unit=[1], latency_s=0.0
    )
    slow = small_raid(
        p_detect=p, shares_track=1, coordinates_fire=1, needs_own_track=0, launcher_unit=[1], latency_s=150.0
    )
    none = small_raid(p_detect=p, needs_own_track=0, launcher_unit=[1])
    first, later, never = (simulate(c, seed=1, n_replications=5).first_fire_s for c in (quick, slow, none))
    assert (first < later).all()
    assert np.isnan(never).all()


def test_reload_fills_an_empty_launcher_again():
    short = simulate(small_raid(launcher_rounds=2, channels=1), seed=1, n_replications=100)
    again = simulate(
        small_raid(launcher_rounds=2, channels=1, reload_stock=4, launcher_reload_s=20.0), seed=1, n_replications=100
    )
    assert short.count("rounds_by_type/round").max() == 4
    assert again.count("rounds_by_type/round").max() > 4


def test_trace_counts_what_the_kernel_counts_and_reads_as_text():
    case = small_raid()
    outcome = simulate(case, seed=6, n_replications=3)
    table = trace_table(case, trace(case, seed=6, draw=1, replication=2))
    counts = {name: sum(event.event == name for event in table) for name in ("kill", "leak", "launch")}
    assert counts["kill"] == outcome.count("kills")[1, 2]
    assert counts["leak"] == outcome.count("leakers")[1, 2]
    assert all(a.time_s <= b.time_s for a, b in pairwise(table))
    text = timeline(table)
    assert "fires 1 round at raid/" in text
    assert len(text.splitlines()) == len(table)
    assert len(lanes(table)) == counts["launch"]


def test_lanes_of_one_channel_do_not_overlap():
    case = small_raid(coordinates_fire=1, shares_track=1)
    used = lanes(trace_table(case, trace(case, seed=6)))
    for unit in case.units:
        for channel in range(3):
            mine = [lane for lane in used if (lane.unit, lane.channel) == (unit, channel)]
            assert all(a.free_s <= b.launch_s for a, b in pairwise(mine))


def test_fire_groups_are_joined_through_others():
    assert fire_groups([[0, 1, 0, 0], [0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0]]).tolist() == [0, 0, 0, 3]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"units": ("alpha", "alpha")}, "unit uid 'alpha' comes twice"),
        ({"p_kill": 1.5}, "p_kill: 1.5 is outside 0 to 1"),
        ({"launcher_unit": [0, 5]}, "launcher_unit: index 5 is outside 0 to 1"),
        ({"reaction_s": -1.0}, "reaction_s: -1 is below 0"),
        ({"channels": 65}, "channels: 65 is outside 0 to 64"),
        ({"altitude_m": np.zeros((3, 4))}, "altitude_m: shape (3, 4) does not fit (12, 21)"),
        ({"first_salvo": 0}, "first_salvo: 0 is below 1"),
        ({"reaction_time": 1.0}, "there is no field 'reaction_time'; did you mean 'reaction_s'?"),
        ({"fire_group": [0, 0]}, "there is no field 'fire_group'"),
        ({"flight_range_m": [[0.0, 0.0]]}, "flight_range_m needs two or more increasing knots"),
    ],
)
def test_bad_cases_are_refused_in_one_sentence(changes, words):
    with pytest.raises(InputError) as error:
        small_raid(**changes)
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_a_path_may_open_many_windows():
    """Sight comes and goes thirty times; the quick interceptor can use every gap in the hills."""
    sight = np.tile([1, 1, 0], 21)
    case = small_raid(
        time_s=(3.0 * np.arange(12)[:, None] + np.linspace(0, 250, 63))[None],
        slant_range_m=np.linspace(39e3, 3e3, 63),
        guide_sight=sight,
        flight_s=[0.0, 0.1],
    )
    window = prepared(case_tables(case), 0).window
    assert np.isinf(window[..., 0]).argmax(axis=-1).max() == 21
    assert simulate(case, seed=1, n_replications=50).count("kills").sum() > 0


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"launcher_rounds": 1, "p_kill": 1.0}, "leakers_without_a_round_left"),
        ({"channels": 1, "launcher_rounds": 99, "p_kill": 1.0, "assess_s": 500.0}, "leakers_without_a_free_channel"),
        ({"p_kill": 0.0, "launcher_rounds": 99, "channels": 24}, "leakers_shot_at_in_vain"),
        ({"reaction_s": 900.0}, "leakers_never_in_reach"),
        ({"envelope": [2e3, 1e3, 0.0, 2e4]}, "leakers_never_in_reach"),
    ],
)
def test_what_lets_a_target_through(changes, cause):
    outcome = simulate(small_raid(**changes), seed=5, n_replications=100, threads=1)
    assert outcome.count("leakers").sum() > 0
    assert outcome.count(cause).sum() == outcome.count("leakers").sum()


def test_every_table_of_a_draw_lies_in_rows_whatever_the_number_of_units():
    """The layout of a table is part of its type: one that changes with the units has the whole raid compiled again."""
    for units in (("alpha",), ("alpha", "bravo"), ("alpha", "bravo", "idle")):
        case = small_raid(units=units)
        tables = prepared(case_tables(case), 1)
        assert [name for name, table in tables._asdict().items() if not np.asarray(table).flags.c_contiguous] == []
