"""Late starts: when each target is first fired at, variant against variant on the same luck."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ringtrue.engagement.compile import compile_case, stage_raid
from ringtrue.engagement.simulate import trace
from ringtrue.engagement.trace import EVENTS
from ringtrue.finding import finding
from ringtrue.studies.network_records import LateStart

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ringtrue.scenario.records import Laydown
    from ringtrue.studies.compare_raids import RaidSetting

    FloatArray = NDArray[np.float64]

TRACED_DRAWS = 40
_LAUNCH = next(code for code, words in EVENTS.items() if words == "launch")


def first_shots_s(setting: RaidSetting, laydown: Laydown, raid_id: str) -> FloatArray:
    """Time of the first shot at each hostile target, nan where there is none: (draw', target) [s].

    One replication of each of the first `TRACED_DRAWS` draws, read from the trace of the kernel.
    """
    stage = stage_raid(
        replace(setting.scenario, laydowns=(laydown,)), laydown.id, raid_id, setting.catalogue, setting.model,
        n_draws=setting.n_draws, seed=setting.seed, threads=setting.threads,
    )  # fmt: skip
    case = compile_case(stage, 0, min(TRACED_DRAWS, stage.n_draws))
    shots = np.full((case.n_draws, len(case.targets)), np.nan)
    for d in range(case.n_draws):
        events = trace(case, seed=setting.seed, draw=d)
        launches = events[events[:, 1] == _LAUNCH]
        for time_s, target in zip(launches[::-1, 0], launches[::-1, 3].astype(np.int64), strict=True):
            shots[d, target] = time_s
    return shots[:, case.is_hostile]


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
