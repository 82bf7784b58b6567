"""First times: when each target is first known and first fired at, variant against variant on the same luck."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.engagement.answers import in_single_raids
from ringtrue.engagement.compile import compile_case, stage_raid
from ringtrue.engagement.simulate import trace
from ringtrue.engagement.trace import EVENTS
from ringtrue.finding import DRAWS, NOMINAL, draw_axis, finding
from ringtrue.sensing.post import FEW_RELIEFS
from ringtrue.studies.network_records import EarlyWarning, LateStart

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ringtrue.finding import Finding
    from ringtrue.scenario.records import Laydown
    from ringtrue.studies.compare_raids import RaidSetting

    FloatArray = NDArray[np.float64]

TRACED_DRAWS = 40
_CODES = {words: code for code, words in EVENTS.items()}


class FirstTimes(NamedTuple):
    """When hostile targets are first known and first fired at, in one replication of some draws; nan for never.

    The nominal case stands behind the draws.

    ``known_s`` (draw' + 1, unit, target): a unit has the track, of its own or from a neighbour, and its identification;
    ``shot_s`` and ``end_s`` (draw' + 1, target): the end of the path, that is arrival or release [s];
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
    scenario = replace(setting.scenario, laydowns=(laydown,))
    stage = stage_raid(scenario, laydown.id, raid_id, setting.run, n_reliefs=FEW_RELIEFS, shared=setting.shared)
    n_draws = min(TRACED_DRAWS, stage.n_draws)
    drawn = compile_case(stage, 0, n_draws)
    nominal = compile_case(stage, stage.n_draws, draw_axis(stage.n_draws))
    known = np.full((draw_axis(n_draws), len(drawn.units), len(drawn.targets)), np.nan)
    shots = np.full((draw_axis(n_draws), len(drawn.targets)), np.nan)
    turned = np.zeros(draw_axis(n_draws), dtype=np.int64)
    for d in range(draw_axis(n_draws)):
        case, at = (drawn, d) if d < n_draws else (nominal, 0)
        events = trace(case, seed=setting.run.seed, draw=at)
        turned[d] = (events[:, 1] == _CODES["turns"]).sum()
        for row in events[::-1]:
            if row[1] == _CODES["launch"]:
                shots[d, int(row[3])] = row[0]
            elif row[1] == _CODES["identified"]:
                known[d, int(row[2]), int(row[3])] = row[0]
    ends = [np.broadcast_to(c.arrays.time_s[:, :, -1], (c.n_draws, len(c.targets))) for c in (drawn, nominal)]
    end_s = np.concatenate(ends)
    hostile = drawn.is_hostile
    names = tuple(name for name, is_hostile in zip(drawn.targets, hostile, strict=True) if is_hostile)
    known = np.where(known <= end_s[:, None, :], known, np.nan)
    return FirstTimes(drawn.units, names, known[:, :, hostile], shots[:, hostile], end_s[:, hostile], turned)


def warning_s(times: FirstTimes) -> dict[str, FloatArray]:
    """Time that each unit has from knowing a target to the end of its path: mean over those it knows, (draw' + 1,) [s].

    Cases in which a unit knows of no target are nan.
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
    One draw, and the nominal case behind it:

    >>> end = np.full((2, 2), 100.0)
    >>> one = FirstTimes(("u",), ("a", "b"), np.array([[[50.0, np.nan]]] * 2), end, end, np.array([0, 0]))
    >>> two = FirstTimes(("u",), ("a", "b"), np.array([[[20.0, 70.0]]] * 2), end, end, np.array([1, 1]))
    >>> found = early_warning("r", "one", "two", one, two)
    >>> found.sooner_s.nominal, found.p_sooner, found.known_before, found.known_after, found.radars_turned_after
    (30.0, 1.0, 0.5, 1.0, 1.0)
    """
    is_both = np.isfinite(first.known_s) & np.isfinite(second.known_s)
    gain_s = np.where(is_both, first.known_s - second.known_s, 0.0)
    drawn, n_both = gain_s[DRAWS][is_both[DRAWS]], max(int(is_both[DRAWS].sum()), 1)
    return EarlyWarning(
        raid=raid,
        before=before,
        after=after,
        sooner_s=_mean_over("a fire unit knows of a target", gain_s, is_both),
        p_sooner=float((drawn > 0.0).sum() / n_both),
        p_later=float((drawn < 0.0).sum() / n_both),
        known_before=float(np.isfinite(first.known_s[DRAWS]).mean()),
        known_after=float(np.isfinite(second.known_s[DRAWS]).mean()),
        radars_turned_before=float(first.n_turned[DRAWS].mean()),
        radars_turned_after=float(second.n_turned[DRAWS].mean()),
    )


def _mean_over(name: str, values_s: FloatArray, counts: NDArray[np.bool_]) -> Finding | None:
    """Mean of what counts in each case, over the draws that have any; None where none has. The nominal case is last.

    One raid of each draw was traced, so single raids come to the same values.
    """
    axes = tuple(range(1, values_s.ndim))
    n = counts.sum(axis=axes)
    means = np.divide(values_s.sum(axis=axes), n, out=np.full(n.shape, np.nan), where=n > 0)
    drawn = means[DRAWS][n[DRAWS] > 0]
    found = finding(name, "s", drawn, nominal=float(means[NOMINAL])) if drawn.size else None
    return None if found is None else in_single_raids(found, drawn)


def late_start(raid: str, before: str, after: str, first_s: FloatArray, second_s: FloatArray) -> LateStart:
    """How much later targets are first fired at in ``after`` than in ``before``, over targets fired at in both.

    Parameters
    ----------
    first_s, second_s : (draw' + 1, target) array
        Seconds of the first shot, nan for never; the nominal case last.

    Examples
    --------
    >>> late = late_start("r", "a", "b", np.array([[10.0, 20.0, np.nan]] * 2), np.array([[12.0, 20.0, 5.0]] * 2))
    >>> late.later_s.nominal, late.p_later, late.share_in_both
    (1.0, 0.5, 0.6666666666666666)
    """
    is_both = np.isfinite(first_s) & np.isfinite(second_s)
    is_any = np.isfinite(first_s[DRAWS]) | np.isfinite(second_s[DRAWS])
    gap_s = np.where(is_both, second_s - first_s, 0.0)
    drawn, n_both = gap_s[DRAWS][is_both[DRAWS]], int(is_both[DRAWS].sum())
    return LateStart(
        raid=raid,
        before=before,
        after=after,
        later_s=_mean_over("first shot at a target", gap_s, is_both),
        p_later=float((drawn > 0.0).sum() / max(n_both, 1)),
        p_sooner=float((drawn < 0.0).sum() / max(n_both, 1)),
        share_in_both=float(n_both / max(int(is_any.sum()), 1)),
    )
