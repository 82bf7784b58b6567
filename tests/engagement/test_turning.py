"""A radar with a sector turns to what it is told of, once, and only if its unit has nothing to do where it faces."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ringtrue.answer import columns_of
from ringtrue.catalogue.load import load_catalogue
from ringtrue.engagement.case import RaidCase, raid_case
from ringtrue.engagement.compile import compile_case, stage_raid
from ringtrue.engagement.simulate import simulate, trace
from ringtrue.engagement.spec import N_SHARES
from ringtrue.engagement.trace import timeline, trace_table
from ringtrue.errors import InputError
from ringtrue.geo.elevation import open_model
from ringtrue.report.network_page import network_study_sections
from ringtrue.report.page import Table
from ringtrue.scenario.load import load_scenario
from ringtrue.sensing.run import Run
from ringtrue.studies.network import network
from ringtrue.studies.network_records import LINKS, NetworkVariant

CATALOGUE = load_catalogue()
CONFIRMED, IDENTIFIED, LAUNCHED, TURNED = 1, 2, 4, 15
LATENCY_S, TOLD_S = 4.0, 20.0


def pair(*, slew_s: float, held_from_s: float = np.inf, off_axis_deg: float = 120.0) -> RaidCase:
    """A sensor that confirms a target at 20 s tells a battery, whose radar has it 120 degrees off its sector of 120.

    A second target comes inside that sector; the battery's radar confirms it at ``held_from_s``.
    """
    shape = (1, 2, 2)
    search_s = np.full((*shape, N_SHARES + 1), np.inf)
    search_s[0, 0, 0] = TOLD_S
    search_s[0, 1, 1] = held_from_s
    nothing = np.zeros(shape)
    return raid_case(
        n_draws=1,
        units=["sensor", "battery"],
        radars=["eye", "dish"],
        interceptors=["round"],
        classes=["jet"],
        targets=["away", "ahead"],
        time_s=[0.0, 100.0, 200.0, 300.0],
        slant_range_m=np.linspace(90e3, 10e3, 4),
        search_p=np.isfinite(search_s[..., 0]) * 1.0,
        search_s=search_s,
        cued_p=nothing,
        cued_from_s=np.full(shape, np.inf),
        cued_s=np.full((*shape, N_SHARES + 1), np.inf),
        look_p=np.ones((*shape, 4), dtype=np.float32),
        look_s=np.ones((1, 2)),
        radar_guides=[0, 1],
        takes_cue=[0, 1],
        slew_s=[[np.inf, slew_s]],
        half_sector_rad=[[np.inf, np.radians(60.0)]],
        search_look_s=5.0,
        off_axis_rad=np.radians([[[off_axis_deg]], [[0.0]]]).reshape(1, 2, 1),
        p_kill=1.0,
        envelope=[0.0, 80e3, -1e3, 2e4],
        flight_range_m=[[0.0, 90e3]],
        flight_s=[[0.0, 60.0]],
        launcher_unit=[1],
        launcher_round=[0],
        launcher_rounds=4,
        channels=[0, 2],
        shares_track=[[0, 1], [0, 0]],
        latency_s=LATENCY_S,
    )


def known_s(case: RaidCase) -> dict[int, float]:
    """When the battery confirms each target."""
    events = trace(case, seed=3)
    return {int(e[3]): float(e[0]) for e in events if e[1] == CONFIRMED and e[2] == 1.0}


@pytest.mark.parametrize("slew_s", [0.0, 30.0, 60.0])
def test_a_target_outside_the_sector_is_looked_at_from_the_cue_and_the_turn_on(slew_s: float) -> None:
    begins_s = TOLD_S + LATENCY_S + slew_s
    assert begins_s <= known_s(pair(slew_s=slew_s))[0] <= begins_s + 1.0


def rows_of(case: RaidCase, code: int) -> list[list[float]]:
    """Rows of one kind of event, of the battery: time, target, third party, value."""
    events = trace(case, seed=3)
    return events[(events[:, 1] == code) & (events[:, 2] == 1.0)][:, [0, 3, 4, 6]].tolist()


def test_the_trace_says_when_to_what_and_for_how_long_a_radar_turns() -> None:
    case = pair(slew_s=30.0)
    assert rows_of(case, TURNED) == [[TOLD_S + LATENCY_S, 0.0, 1.0, 30.0]]
    assert "24.0 s  battery: dish turns to away, 30 s" in timeline(trace_table(case, trace(case, seed=3)))
    assert rows_of(pair(slew_s=30.0, held_from_s=TOLD_S), TURNED) == []


def test_the_trace_tells_what_came_of_a_lost_neighbour_not_what_would_have_come() -> None:
    case = pair(slew_s=30.0)
    hit_s = np.array([[[0.0, 100.0, 200.0, 300.0], [0.0, 4.0, 7.0, 10.0]]])
    a = case.arrays._replace(
        time_s=hit_s, aim_unit=np.array([-1, 0], dtype=np.int64), aim_asset=np.array([0, -1], dtype=np.int64)
    )
    lost = replace(case, arrays=a)
    assert rows_of(lost, TURNED) == rows_of(lost, CONFIRMED) == rows_of(lost, IDENTIFIED) == []


def test_the_trace_tells_the_identity_that_a_unit_was_given_not_what_it_would_have_found_later() -> None:
    case = pair(slew_s=30.0)
    wrong = np.array([[[1.0], [0.0]]])
    a = case.arrays._replace(
        p_hostile_as_friend=wrong,
        identifies_for=np.array([[0, 1], [0, 0]], dtype=np.uint8),
        identify_s=np.array([[[0.0], [50.0]]]),
    )
    told = replace(case, arrays=a)
    hostile, friend = 0.0, 2.0
    assert rows_of(told, IDENTIFIED) == [[TOLD_S + LATENCY_S, 0.0, -1.0, friend]]
    assert launches_s(told) == []
    alone = replace(case, arrays=a._replace(identifies_for=np.zeros((2, 2), dtype=np.uint8)))
    assert rows_of(alone, IDENTIFIED) == [[TOLD_S + LATENCY_S + 50.0, 0.0, -1.0, hostile]]


def test_without_a_cue_it_stays_as_it_faces() -> None:
    case = pair(slew_s=30.0)
    alone = replace(case, arrays=case.arrays._replace(shares_track=np.zeros((2, 2), dtype=np.uint8)))
    assert known_s(alone) == {}
    assert not (trace(alone, seed=3)[:, 1] == LAUNCHED).any()


def test_a_radar_that_cannot_turn_never_sees_it() -> None:
    assert known_s(pair(slew_s=np.inf)) == {}


@pytest.mark.parametrize("own_s", [TOLD_S, 200.0])
def test_a_target_of_its_own_that_it_can_fire_at_holds_it_early_or_late(own_s: float) -> None:
    assert known_s(pair(slew_s=30.0, held_from_s=own_s)) == {1: own_s}


def test_a_target_of_its_own_that_it_learns_of_too_late_does_not_hold_it_and_is_lost() -> None:
    assert set(known_s(pair(slew_s=30.0, held_from_s=299.0))) == {0}


def launches_s(case: RaidCase) -> list[float]:
    """When the battery fires."""
    events = trace(case, seed=3)
    return events[events[:, 1] == LAUNCHED, 0].tolist()


def test_a_round_that_needs_no_sight_is_fired_on_a_neighbours_track_where_that_is_declared() -> None:
    case = pair(slew_s=np.inf)
    allowed = np.array([[0, 1], [0, 0]], dtype=np.uint8)
    free = case.arrays._replace(radar_guides=np.ones(2, dtype=np.uint8), needs_sight=np.zeros(1, dtype=np.uint8))
    assert launches_s(replace(case, arrays=free)) == []
    declared = free._replace(fires_on_shared_track=allowed)
    assert launches_s(replace(case, arrays=declared)) == [TOLD_S + LATENCY_S]
    needs_sight = declared._replace(needs_sight=np.ones(1, dtype=np.uint8))
    assert launches_s(replace(case, arrays=needs_sight)) == []
    unshared = declared._replace(shares_track=np.zeros((2, 2), dtype=np.uint8))
    assert launches_s(replace(case, arrays=unshared)) == []


def test_the_variant_of_a_file_reaches_the_arrays_and_is_told() -> None:
    setting = ("network.tracks.fires_on_shared_track=all",)
    scenario = load_scenario("two-bearings", setting)
    stage = stage_raid(scenario, "told", "both-sides", Run(CATALOGUE, open_model("none"), n_draws=2, seed=5))
    assert compile_case(stage).arrays.fires_on_shared_track.tolist() == [[0, 1], [1, 0]]
    assert any("on a neighbour's track" in note for note in stage.notes)


def compiled(system: str, settings: tuple[str, ...] = ()) -> RaidCase:
    scenario = load_scenario("minimal", (f"laydown.one-s-400.unit.s-400-1.system={system}", *settings))
    stage = stage_raid(scenario, "one-s-400", "cruise-4", Run(CATALOGUE, open_model("none"), n_draws=20, seed=5))
    return compile_case(stage)


def test_a_raid_inside_the_sector_moves_by_no_bit() -> None:
    case = compiled("s-400")
    a = case.arrays
    assert np.isfinite(a.slew_s).any()
    still = replace(case, arrays=a._replace(slew_s=np.full_like(a.slew_s, np.inf)))
    first, second = (simulate(x, seed=5, n_replications=40, threads=1) for x in (case, still))
    assert first.counts[:, :, 1].sum() > 0
    assert first.counts.tobytes() == second.counts.tobytes()
    assert first.first_fire_s.tobytes() == second.first_fire_s.tobytes()


def test_a_radar_that_looks_all_round_never_turns() -> None:
    assert np.isinf(compiled("nasams").arrays.slew_s).all()


def test_its_own_search_radar_turns_the_engagement_radar() -> None:
    behind = ("laydown.one-s-400.unit.s-400-1.azimuth=315 deg",)
    case = compiled("s-400", behind)
    a = case.arrays
    still = replace(case, arrays=a._replace(slew_s=np.full_like(a.slew_s, np.inf)))
    turned, stays = (simulate(x, seed=5, n_replications=20, threads=1).counts for x in (case, still))
    assert stays[:, :, 1].sum() == 0
    assert turned[:, :, 1].sum() > 0


def test_two_bearings_on_one_side_are_shared_with_gain_and_on_both_sides_not() -> None:
    """More than luck: the paired interval excludes zero; each battery is held by targets of its own: nothing moves."""
    result = network(
        load_scenario("two-bearings"), Run(CATALOGUE, open_model("none"), n_draws=30, threads=1), n_replications=20
    )
    change = {c.raid: c for c in result.changes if c.measure == "leakers"}
    assert change["one-side"].difference.high < 0.0
    assert change["one-side"].p_less == 1.0
    assert change["both-sides"].difference.low == change["both-sides"].difference.high == 0.0
    turned = {w.raid: (w.radars_turned_before, w.radars_turned_after) for w in result.warnings}
    assert turned["one-side"][0] == 0.0
    assert 0.8 < turned["one-side"][1] <= 1.0  # a link may be out
    assert turned["both-sides"] == (0.0, 0.0)
    said = [note for note in result.pair_notes if "no count of told differs from apart" in note]
    assert len(said) == 1
    assert said[0].startswith("In raid both-sides")
    assert "no radar turns" in said[0]


def test_the_table_of_links_counts_those_that_fire_on_a_shared_track_and_sweeps_only_what_can_move() -> None:
    setting = ("network.tracks.fires_on_shared_track=all",)
    scenario = load_scenario("two-bearings", setting)
    result = network(scenario, Run(CATALOGUE, open_model("none"), n_draws=3, threads=1), n_replications=2)
    links = [said.name for said in columns_of(NetworkVariant, LINKS)]
    assert [[getattr(v, name) for name in links] for v in result.variants] == [[0, 0, 0, 0, 0], [2, 0, 0, 2, 0]]
    assert "p_friendly_taken_for_hostile" not in {s.setting for s in result.sweeps}
    assert [v["fires_on_shared_track"] for v in result.as_json()["variants"]] == [0, 2]
    table = next(x for x in network_study_sections(result) if isinstance(x, Table) and x.heading == "The variants")
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["2", "0", "0", "0", "0", "0"], ["2", "2", "0", "0", "2", "0"],
    ]  # fmt: skip


def test_fire_on_a_track_that_nobody_shares_is_refused() -> None:
    setting = ("network.none.fires_on_shared_track=all",)
    with pytest.raises(InputError, match="no track is shared here, so none can be fired on; add the pair"):
        load_scenario("two-bearings", setting)
