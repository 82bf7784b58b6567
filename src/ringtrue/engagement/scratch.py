"""The working memory of the raid kernel, allocated outside it so that compiled code counts no references."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ringtrue.engagement.case import CaseArrays, FloatArray, IntArray


class Scratch(NamedTuple):
    """State of one replication. An engagement is a pair (fire group, target), flat; rows are named in ``fields``."""

    unit: IntArray  # (field, unit)
    death_s: FloatArray  # (unit,)
    busy: NDArray[np.uint64]  # (unit,) one bit a channel
    pair_s: FloatArray  # (field, unit, target)
    pair: IntArray  # (field, unit, target)
    target: IntArray  # (field, target)
    word: NDArray[np.uint64]  # (target,)
    radar_s: FloatArray  # (field, radar, target)
    turn_s: FloatArray  # (radar,) when it leaves its first sector
    turned_to: IntArray  # (radar,) target that called it away
    facing_rad: FloatArray  # (radar,) where it then faces, from its first azimuth
    live: FloatArray  # (2, state) the chain of one radar's last looks
    kill_word: NDArray[np.uint64]  # (target, 4)
    common_luck: FloatArray  # (system, wave)
    group: IntArray  # (field, group)
    rank: IntArray  # (field, group, target)
    engagement: IntArray  # (field, engagement)
    fired_s: FloatArray  # (engagement,)
    magazine: IntArray  # (field, unit, interceptor)
    launcher: IntArray  # (field, launcher)
    tree_s: FloatArray  # (node,) tournament tree of clocks
    tree_i: IntArray  # (node,) winner


def scratch(a: CaseArrays) -> Scratch:
    """Allocate the state of one replication."""
    n_u, n_j, _ = a.slant_range_m.shape
    n_i, n_l = a.needs_sight.shape[0], a.launcher_unit.shape[0]
    leaves = 1
    while leaves < n_u * n_j + n_l:
        leaves *= 2
    return Scratch(
        unit=np.zeros((7, n_u), np.int64),
        death_s=np.zeros(n_u),
        busy=np.zeros(n_u, np.uint64),
        pair_s=np.zeros((9, n_u, n_j)),
        pair=np.zeros((3, n_u, n_j), np.int64),
        target=np.zeros((3, n_j), np.int64),
        word=np.zeros(n_j, np.uint64),
        radar_s=np.zeros((3, a.radar_unit.shape[0], n_j)),
        turn_s=np.full(a.radar_unit.shape[0], np.inf),
        turned_to=np.full(a.radar_unit.shape[0], -1, np.int64),
        facing_rad=np.zeros(a.radar_unit.shape[0]),
        live=np.zeros((2, max(4, 1 << (int(a.confirm_scans.max(initial=1)) - 1)))),
        kill_word=np.zeros((n_j, 4), np.uint64),
        common_luck=np.zeros(a.cause_key.shape),
        group=np.zeros((5, n_u), np.int64),
        rank=np.zeros((2, n_u, n_j), np.int64),
        engagement=np.zeros((9, n_u * n_j), np.int64),
        fired_s=np.zeros(n_u * n_j),
        magazine=np.zeros((2, n_u, n_i), np.int64),
        launcher=np.zeros((2, n_l), np.int64),
        tree_s=np.zeros(2 * leaves),
        tree_i=np.zeros(2 * leaves, np.int64),
    )
