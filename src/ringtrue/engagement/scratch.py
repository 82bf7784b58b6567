"""The working memory of the raid kernel, allocated outside it so that compiled code counts no references."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ringtrue.engagement.case import CaseArrays, FloatArray, IntArray


class DrawTables(NamedTuple):
    """What depends on the draw alone."""

    launch_s: FloatArray  # (unit, target, interceptor, sample) launch that meets the target at the sample
    window: FloatArray  # (unit, target, interceptor, window, 2) launch times that lead to an intercept
    n_windows: IntArray  # (unit, target, interceptor)
    carries: NDArray[np.bool_]  # (unit, interceptor)
    first_scan: IntArray  # (radar, target)
    last_scan: IntArray  # (radar, target)
    has_aim: NDArray[np.bool_]  # (target,)
    impact_order: IntArray  # (target,) by time of impact, targets without an aim last
    arrival_order: IntArray  # (target,)
    arrival_s: FloatArray  # (target,)
    declared: IntArray  # (unit, target) identity without error


class Scratch(NamedTuple):
    """State of one replication. An engagement is a pair (fire group, target), flat."""

    declared: IntArray  # (unit, target)
    seen_s: FloatArray  # (unit, target) first confirmed by a radar of the unit
    track_s: FloatArray  # (unit, target) first confirmed by a guiding radar
    aware_s: FloatArray  # (unit, target) first known, own or shared
    own_s: FloatArray  # (unit, target) identified by the unit itself
    identified_s: FloatArray  # (unit, target)
    base_s: FloatArray  # (unit, target) earliest launch that the crew allows
    alive: NDArray[np.bool_]  # (unit,)
    death_s: FloatArray  # (unit,)
    is_cut: NDArray[np.bool_]  # (unit,)
    group_of: IntArray  # (unit,)
    free_channels: IntArray  # (unit,)
    free_guidance: IntArray  # (unit,)
    busy: NDArray[np.uint64]  # (unit,) one bit a channel
    ready: IntArray  # (unit, interceptor) rounds on launchers
    stock: IntArray  # (unit, interceptor)
    left: IntArray  # (launcher,)
    coming: IntArray  # (launcher,)
    is_freed: NDArray[np.bool_]  # (unit,)
    target_alive: NDArray[np.bool_]  # (target,)
    shots: IntArray  # (target,)
    spent: IntArray  # (unit, target) rounds
    kill_block: IntArray  # (target,)
    kill_word: NDArray[np.uint64]  # (target, 4)
    common_word: FloatArray  # (target,)
    order: IntArray  # (group, target) by rank
    place: IntArray  # (group, target) rank
    rank_word: NDArray[np.uint64]  # (target,)
    state: IntArray  # (engagement,)
    is_fresh: NDArray[np.bool_]  # (engagement,) may be taken by any unit of the group at this instant
    was_turned: NDArray[np.bool_]  # (engagement,)
    salvos: IntArray  # (engagement,)
    by_unit: IntArray  # (engagement,)
    by_round: IntArray  # (engagement,)
    by_channel: IntArray  # (engagement,)
    n_fired: IntArray  # (engagement,)
    first_shot: IntArray  # (engagement,)
    fired_s: FloatArray  # (engagement,)
    is_dirty: NDArray[np.bool_]  # (group,)
    n_pending: IntArray  # (group,)
    lowest: IntArray  # (group,) no pending target ranks before this place
    fresh_from: IntArray  # (group,)
    fresh_to: IntArray  # (group,)
    tree_s: FloatArray  # (node,) tournament tree of clocks
    tree_i: IntArray  # (node,) winner


def draw_tables(a: CaseArrays, n_windows: int) -> DrawTables:
    """Allocate the tables of one draw, with room for ``n_windows`` launch windows of each pair."""
    n_u, n_j, n_s = a.slant_range_m.shape
    n_i, n_r = a.needs_sight.shape[0], a.radar_unit.shape[0]
    return DrawTables(
        launch_s=np.zeros((n_u, n_j, n_i, n_s)),
        window=np.zeros((n_u, n_j, n_i, n_windows, 2)),
        n_windows=np.zeros((n_u, n_j, n_i), np.int64),
        carries=np.zeros((n_u, n_i), np.bool_),
        first_scan=np.zeros((n_r, n_j), np.int64),
        last_scan=np.zeros((n_r, n_j), np.int64),
        has_aim=np.zeros(n_j, np.bool_),
        impact_order=np.zeros(n_j, np.int64),
        arrival_order=np.zeros(n_j, np.int64),
        arrival_s=np.zeros(n_j),
        declared=np.zeros((n_u, n_j), np.int64),
    )


def scratch(a: CaseArrays) -> Scratch:
    """Allocate the state of one replication."""
    n_u, n_j, _ = a.slant_range_m.shape
    n_i, n_l = a.needs_sight.shape[0], a.launcher_unit.shape[0]
    leaves = 1
    while leaves < n_u * n_j + n_l:
        leaves *= 2
    pair, engagement = (n_u, n_j), n_u * n_j
    return Scratch(
        declared=np.zeros(pair, np.int64),
        seen_s=np.zeros(pair),
        track_s=np.zeros(pair),
        aware_s=np.zeros(pair),
        own_s=np.zeros(pair),
        identified_s=np.zeros(pair),
        base_s=np.zeros(pair),
        alive=np.zeros(n_u, np.bool_),
        death_s=np.zeros(n_u),
        is_cut=np.zeros(n_u, np.bool_),
        group_of=np.zeros(n_u, np.int64),
        free_channels=np.zeros(n_u, np.int64),
        free_guidance=np.zeros(n_u, np.int64),
        busy=np.zeros(n_u, np.uint64),
        ready=np.zeros((n_u, n_i), np.int64),
        stock=np.zeros((n_u, n_i), np.int64),
        left=np.zeros(n_l, np.int64),
        coming=np.zeros(n_l, np.int64),
        is_freed=np.zeros(n_u, np.bool_),
        target_alive=np.zeros(n_j, np.bool_),
        shots=np.zeros(n_j, np.int64),
        spent=np.zeros(pair, np.int64),
        kill_block=np.zeros(n_j, np.int64),
        kill_word=np.zeros((n_j, 4), np.uint64),
        common_word=np.zeros(n_j),
        order=np.zeros(pair, np.int64),
        place=np.zeros(pair, np.int64),
        rank_word=np.zeros(n_j, np.uint64),
        state=np.zeros(engagement, np.int64),
        is_fresh=np.zeros(engagement, np.bool_),
        was_turned=np.zeros(engagement, np.bool_),
        salvos=np.zeros(engagement, np.int64),
        by_unit=np.zeros(engagement, np.int64),
        by_round=np.zeros(engagement, np.int64),
        by_channel=np.zeros(engagement, np.int64),
        n_fired=np.zeros(engagement, np.int64),
        first_shot=np.zeros(engagement, np.int64),
        fired_s=np.zeros(engagement),
        is_dirty=np.zeros(n_u, np.bool_),
        n_pending=np.zeros(n_u, np.int64),
        lowest=np.zeros(n_u, np.int64),
        fresh_from=np.zeros(n_u, np.int64),
        fresh_to=np.zeros(n_u, np.int64),
        tree_s=np.zeros(2 * leaves),
        tree_i=np.zeros(2 * leaves, np.int64),
    )
