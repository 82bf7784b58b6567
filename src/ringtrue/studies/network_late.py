"""First times: when each target is first known and first fired at, variant against variant on the same luck."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.engagement.compile import compile_case, stage_raid
from ringtrue.engagement.simulate import trace
from ringtrue.engagement.trace import EVENTS
from ringtrue.finding import finding
from ringtrue.studies.network_records import EarlyWarning, LateStart

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ringtrue.scenario.records import Laydown
    from ringtrue.studies.compare_raids import RaidSetting

    FloatArray = NDArray[np.float64]

TRACED_DRAWS = 40
_CODES = {words: code for code, words in EVENTS.items()}


class FirstTimes(NamedTuple):
    """When hostile targets are first known and first fired at, in one replication of some draws; nan for never.

    ``known_s`` (draw', unit, target): a unit has the track, of its own or from a neighbour, and its identification;
    ``shot_s`` (draw', target); ``end_s`` (draw', target): the end of the path, that is arrival or release [s];
    ``n_turned`` (draw',): radars that turn.
    """

    units: tuple[str, ...]
    targets: tuple[str, ...]
    known_s: FloatArray
    shot_s: FloatArray
    end_s: FloatArray
    n_turned: NDArray[np.int64]


def first_times(setting: RaidSetting, laydown: Laydown, raid_id: str) -> FirstTimes:
    """Read them from the trace of the kernel, one replication of each of the first `TRACED_DRAWS` draws."""
    stage = stage_raid(replace(setting.scenario, laydowns=(laydown,)), laydown.id, raid_id, setting.run)
    case = compile_case(stage, 0, min(TRACED_DRAWS, stage.n_draws))
    known = np.full((case.n_draws, len(case.units), len(case.targets)), np.nan)
    shots = np.full((case.n_draws, len(case.targets)), np.nan)
    turned = np.zeros(case.n_draws, dtype=np.int64)
    for d in range(case.n_draws):
        events = trace(case, seed=setting.run.seed, draw=d)
        turned[d] = (events[:, 1] == _CODES["turns"]).sum()
        for row in events[::-1]:
            if row[1] == _CODES["launch"]:
                shots[d, int(row[3])] = row[0]
            elif row[1] == _CODES["identified"]:
                known[d, int(row[2]), int(row[3])] = row[0]
    end_s = np.broadcast_to(case.arrays.time_s[:, :, -1], shots.shape)
    hostile = case.is_hostile
    names = tuple(name for name, is_hostile in zip(case.targets, hostile, strict=True) if is_hostile)
    known = np.where(known <= end_s[:, None, :], known, np.nan)
    return FirstTimes(case.units, names, known[:, :, hostile], shots[:, hostile], end_s[:, hostile], turned)


def warning_s(times: FirstTimes) -> dict[str, FloatArray]:
    """Time that each unit has from knowing a target to the end of its path: mean over targets it knows, (draw',) [s].

    Draws in which a unit knows of no target are nan.
    """
    left_s = times.end_s[:, None, :] - times.known_s
    is_known = np.isfinite(left_s)
    n = is_known.sum(axis=2)
    mean_s = np.where(is_known, left_s, 0.0).sum(axis=2) / np.maximum(n, 1)
    return {uid: np.where(n[:, u] > 0, mean_s[:, u], np.nan) for u, uid in enumerate(times.units)}


def early_warning(raid: str, before: str, after: str, first: FirstTimes, second: FirstTimes) -> EarlyWarning:
    """How much sooner a fire unit knows of a target in ``after``, over the pairs of unit and target known in both.

    Examples
    --------
    >>> end = np.full((1, 2), 100.0)
    >>> one = FirstTimes(("u",), ("a", "b"), np.array([[[50.0, np.nan]]]), end, end, np.array([0]))
    >>> two = FirstTimes(("u",), ("a", "b"), np.array([[[20.0, 70.0]]]), end, end, np.array([1]))
    >>> found = early_warning("r", "one", "two", one, two)
    >>> found.sooner_s.median, found.p_sooner, found.known_before, found.known_after, found.turned_after
    (30.0, 1.0, 0.5, 1.0, 1.0)
    """
    is_both = np.isfinite(first.known_s) & np.isfinite(second.known_s)
    gain_s = np.where(is_both, first.known_s - second.known_s, 0.0)
    n = is_both.sum(axis=(1, 2))
    means = gain_s.sum(axis=(1, 2))[n > 0] / n[n > 0]
    found = finding("a fire unit knows of a target", "s", means if means.size else np.zeros(1))
    n_both = max(int(n.sum()), 1)
    return EarlyWarning(
        raid, before, after, found, float((gain_s[is_both] > 0.0).sum() / n_both),
        float((gain_s[is_both] < 0.0).sum() / n_both), float(np.isfinite(first.known_s).mean()),
        float(np.isfinite(second.known_s).mean()), float(first.n_turned.mean()), float(second.n_turned.mean()),
    )  # fmt: skip


def late_start(raid: str, before: str, after: str, first_s: FloatArray, second_s: FloatArray) -> LateStart:
    """How much later targets are first fired at in ``after`` than in ``before``, over targets fired at in both.

    Examples
    --------
    >>> late = late_start("r", "a", "b", np.array([[10.0, 20.0, np.nan]]), np.array([[12.0, 20.0, 5.0]]))
    >>> late.later_s.median, late.p_later, late.share_in_both
    (1.0, 0.5, 0.6666666666666666)
    """
    is_both = np.isfinite(first_s) & np.isfinite(second_s)
    is_any = np.isfinite(first_s) | np.isfinite(second_s)
    gap_s = np.where(is_both, second_s - first_s, 0.0)
    n = is_both.sum(axis=1)
    means = gap_s.sum(axis=1)[n > 0] / n[n > 0]
    found = finding("first shot at a target", "s", means if means.size else np.zeros(1))
    n_both = max(int(n.sum()), 1)
    return LateStart(
        raid, before, after, found, float((gap_s[is_both] > 0.0).sum() / n_both),
        float((gap_s[is_both] < 0.0).sum() / n_both), float(n.sum() / max(int(is_any.sum()), 1)),
    )  # fmt: skip
