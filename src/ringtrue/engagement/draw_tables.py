"""One draw of a raid as the kernel reads it: few arrays, one row a field, so that the kernel compiles quickly."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.engagement.fields import ARRIVAL_ORDER, FIRST_OPENING, HAS_AIM, IDENTIFY, IMPACT_ORDER, LAST_CLOSING

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ringtrue.engagement.case import CaseArrays, FlagArray, FloatArray, IntArray, KeyArray, RaidCase

USUAL_WINDOWS = 7


class DrawTables(NamedTuple):
    """What the kernel reads of one draw. The rows of a table with a field axis are named in ``fields``.

    A unit row: each unit as the raid goes. Where radars turn, or rounds are fired on a neighbour's track, the kernel
    copies it from one of the rows behind: the units as they first face, and, where a radar can turn, all turned.
    """

    unit_time_s: FloatArray  # (field, unit)
    unit_chance: FloatArray  # (field, unit)
    mistake: FloatArray  # (field, unit, target) chances of a wrong identity
    unit_rule: IntArray  # (field, unit)
    unit_key: KeyArray  # (unit,)
    unit_target_key: KeyArray  # (unit, target)
    latency_s: FloatArray  # (from unit, to unit)
    link_rule: IntArray  # (field, from unit, to unit)
    launcher_rule: IntArray  # (field, launcher)
    launcher_reload_s: FloatArray  # (launcher,)
    round_rule: IntArray  # (field, unit, interceptor)
    needs_sight: FlagArray  # (interceptor,)
    p_kill: FloatArray  # (interceptor, class)
    p_common: FloatArray  # (class,)
    cause_key: KeyArray  # (system, wave)
    price_usd: FloatArray  # (interceptor,)
    class_rule: IntArray  # (field, class)
    radar_rule: IntArray  # (field, radar)
    look_s: FloatArray  # (radar,) time between two cued looks
    turn: FloatArray  # (field, radar) slew [s], half the sector [rad], time between two looks of a search [s]
    off_axis_rad: FloatArray  # (radar, target, sample) from the radar's first azimuth, within half a turn
    track: FloatArray  # (field, radar, target)
    track_s: FloatArray  # (field, radar, target, share)
    look_p: NDArray[np.float32]  # (radar, target, sample)
    radar_target_key: KeyArray  # (radar, target)
    target_rule: IntArray  # (field, target)
    target_key: KeyArray  # (target,)
    time_s: FloatArray  # (target, sample)
    slant_range_m: FloatArray  # (unit, target, sample)
    launch_s: FloatArray  # (unit row, target, interceptor, sample) launch that meets the target at the sample
    pace_hz: FloatArray  # (unit row, target, interceptor) samples met by each later second of launch, on average
    window: FloatArray  # (unit row, target, interceptor, window, 2) launch times that lead to an intercept; last inf
    span_s: FloatArray  # (field, unit row, target) first opening and last closing of all windows, known to identified
    rule: IntArray  # (field,)
    sufficient_p: float


def _rows(*rows: NDArray[np.generic]) -> IntArray:
    """Rows of one table of whole numbers."""
    return np.stack([row.astype(np.int64) for row in rows])


def _orders(a: CaseArrays, time_s: FloatArray) -> tuple[NDArray[np.bool_], IntArray, IntArray]:
    """Whether each target aims at something; targets by impact, those without an aim last; targets by arrival."""
    has_aim = (a.aim_asset >= 0) | (a.aim_unit >= 0)
    ends_s = time_s[:, -1]
    return has_aim, np.lexsort((ends_s, ~has_aim)), np.argsort(ends_s, kind="stable")


def case_tables(case: RaidCase) -> DrawTables:
    """Tables of draw 0 with all that no draw changes filled in; `prepared` completes a copy for each draw."""
    a = case.arrays
    n_u, n_j, n_s = a.slant_range_m.shape
    n_i, n_rows = a.needs_sight.shape[0], a.guide_sight.shape[1]
    time_s = a.time_s[0]
    links = _rows(a.shares_track, a.identifies_for, a.fires_on_shared_track & a.shares_track)
    turns, fires_remote = n_rows > n_u, links[2].any()
    rule = [a.weapons_control, a.policy, a.ranking, a.spread_rounds, a.n_assets, turns, fires_remote]
    if turns or fires_remote:
        n_rows += n_u
    return DrawTables(
        unit_time_s=np.empty((2, n_u)),
        unit_chance=np.empty((3, n_u)),
        mistake=np.empty((3, n_u, n_j)),
        unit_rule=_rows(a.channels[0], a.guidance_limit[0], a.needs_own_track, a.fire_group, a.unit_system),
        unit_key=a.unit_key,
        unit_target_key=a.unit_target_key,
        latency_s=a.latency_s[0],
        link_rule=links,
        launcher_rule=_rows(a.launcher_unit, a.launcher_round, a.launcher_rounds[0]),
        launcher_reload_s=a.launcher_reload_s[0],
        round_rule=_rows(a.reload_stock, a.reserve[0]),
        needs_sight=a.needs_sight,
        p_kill=a.p_kill[0],
        p_common=a.p_common[0],
        cause_key=a.cause_key,
        price_usd=a.price_usd[0],
        class_rule=_rows(a.first_salvo, a.later_salvo, a.max_shots, a.is_priority),
        radar_rule=_rows(a.radar_unit, a.radar_guides, a.takes_cue, a.confirm_hits, a.confirm_scans),
        look_s=a.look_s[0],
        turn=a.turn[0],
        off_axis_rad=a.off_axis_rad,
        track=a.track[0],
        track_s=a.track_s[0],
        look_p=a.look_p[0],
        radar_target_key=a.radar_target_key,
        target_rule=_rows(a.target_class, a.is_friendly, a.aim_asset, a.aim_unit, a.target_wave, *_orders(a, time_s)),
        target_key=a.target_key,
        time_s=time_s,
        slant_range_m=a.slant_range_m,
        launch_s=np.empty((n_rows, n_j, n_i, n_s)),
        pace_hz=np.empty((n_rows, n_j, n_i)),
        window=np.empty((n_rows, n_j, n_i, USUAL_WINDOWS + 1, 2)),
        span_s=np.empty((3, n_rows, n_j)),
        rule=np.array(rule, dtype=np.int64),
        sufficient_p=a.sufficient_p,
    )


def prepared(case: RaidCase, draw: int, still: DrawTables) -> DrawTables:
    """Tables of one draw, with room for as many launch windows as its paths open.

    Parameters
    ----------
    still : DrawTables
        What `case_tables` gives; never written to.
    """
    from ringtrue.engagement._kernels import find_windows

    a, d = case.arrays, draw
    time_s = a.time_s[d % a.time_s.shape[0]]
    target_rule = still.target_rule
    if a.time_s.shape[0] > 1:
        target_rule = target_rule.copy()
        target_rule[[HAS_AIM, IMPACT_ORDER, ARRIVAL_ORDER]] = _orders(a, time_s)
    mistakes = (a.p_hostile_as_friend, a.p_friend_as_hostile, a.p_friend_as_hostile_alone)
    tables = still._replace(
        unit_time_s=np.stack((a.reaction_s[d], a.assess_s[d])),
        unit_chance=np.stack((a.p_available[d], a.p_cut_off[d], a.p_friend_unknown[d])),
        # in rows whatever the number of units: the kernel is compiled once more for every other layout of its tables
        mistake=np.ascontiguousarray(np.stack([chance[d][:, a.target_class] for chance in mistakes])),
        unit_rule=np.stack((a.channels[d], a.guidance_limit[d], *still.unit_rule[2:])),
        latency_s=a.latency_s[d],
        launcher_rule=np.stack((*still.launcher_rule[:2], a.launcher_rounds[d])),
        launcher_reload_s=a.launcher_reload_s[d],
        round_rule=np.stack((a.reload_stock, a.reserve[d])),
        p_kill=a.p_kill[d],
        p_common=a.p_common[d],
        price_usd=a.price_usd[d],
        look_s=a.look_s[d],
        turn=a.turn[d],
        track=a.track[d],
        track_s=a.track_s[d],
        look_p=a.look_p[d],
        target_rule=target_rule,
        time_s=time_s,
        launch_s=np.empty_like(still.launch_s),
        pace_hz=np.empty_like(still.pace_hz),
        window=np.empty_like(still.window),
        span_s=np.empty_like(still.span_s),
    )
    tables.span_s[IDENTIFY, : len(case.units)] = a.identify_s[d][:, a.target_class]
    carries = np.zeros((len(case.units), len(case.interceptors)), dtype=np.bool_)
    loaded = a.launcher_rounds[d] > 0
    carries[a.launcher_unit[loaded], a.launcher_round[loaded]] = True
    sight = a.guide_sight[d % a.guide_sight.shape[0]]
    found = slice(tables.launch_s.shape[0] - sight.shape[0], None)
    while find_windows(
        time_s, a.slant_range_m, a.altitude_m, a.height_m, sight, a.needs_sight, a.envelope[d], a.target_class,
        a.flight_range_m, a.flight_s[d], carries, tables.launch_s[found], tables.pace_hz[found], tables.window[found],
        tables.span_s[FIRST_OPENING, found], tables.span_s[LAST_CLOSING, found],
    ):  # fmt: skip
        n_rows, n_j, n_i, room, _ = tables.window.shape
        tables = tables._replace(window=np.empty((n_rows, n_j, n_i, 4 * room, 2)))
    return tables
