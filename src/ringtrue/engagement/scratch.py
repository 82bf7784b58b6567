"""The working memory of the raid kernel, allocated outside it so that compiled code counts no references."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ringtrue.engagement.spec import STATES, Scratch, layout, lengths

if TYPE_CHECKING:
    from ringtrue.engagement.case import RaidCase

NOT_TURNED = {"turn_s": np.inf, "turned_to": -1}
"""What stands where no radar ever turns; everything else is written before it is read."""


def scratch(case: RaidCase) -> Scratch:
    """Allocate the state of one replication."""
    a = case.arrays
    n_units, n_targets, n_launchers = len(case.units), len(case.targets), a.launcher_unit.size
    leaves = 1
    while leaves < n_units * n_targets + n_launchers:
        leaves *= 2
    sizes = {
        "unit": n_units, "target": n_targets, "radar": len(case.radars), "interceptor": len(case.interceptors),
        "launcher": n_launchers, "engagement": n_units * n_targets, "node": 2 * leaves, "word": 4, "side": 2,
        "system": a.cause_key.shape[0], "wave": a.cause_key.shape[1],
        "history": max(4, 1 << (int(a.confirm_scans.max(initial=1)) - 1)),
    }  # fmt: skip
    return Scratch(
        **{name: np.full(lengths(sizes, name), NOT_TURNED.get(name, 0), layout(name).element) for name in STATES}
    )
