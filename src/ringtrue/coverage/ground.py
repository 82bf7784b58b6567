"""Sight of both radars of a system over the drawn grounds, and which ground each draw lives on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ringtrue.sensing.sight import N_RELIEFS, ground_uses, polar_sight, terrain_doubt

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ringtrue.coverage.chain import Chain
    from ringtrue.coverage.records import AuditQuestion
    from ringtrue.sensing.run import Run
    from ringtrue.sensing.sight import PolarSight

    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Ground:
    """Sight of both radars of a system from one site, and which relief each draw lives on."""

    search: PolarSight
    fire: PolarSight
    relief: IntArray


def ground_of(
    chain: Chain,
    run: Run,
    question: AuditQuestion,
    *,
    k_factor: float,
    mast_m: float | None,
    n_reliefs: int = N_RELIEFS,
) -> Ground:
    """Sweep the terrain for both radars, one relief after another; each sight says which figures it stands on."""
    grounds = chain.ledger.grounds(n_reliefs)
    sights: list[PolarSight] = []
    radars = (chain.acquisition, chain.engagement)
    ring_m = float(chain.system.advertised_range_m[-1])  # shares need to know the whole ring, seen or not
    for i, radar in enumerate(radars):
        if i and radar.id == radars[0].id:
            sights.append(sights[0])
            continue
        run.tell("sweeping the terrain", i, 2)
        uses = ground_uses(run.model)
        antenna_m = (
            chain.ledger.on_relief(uses, radar, "antenna_height_m", grounds.relief)
            if mast_m is None
            else np.full(int(grounds.relief.max()) + 1, mast_m)
        )
        reach_m = max(float(radar.instrumented_range_m.max()), 0.0 if i else ring_m)
        sight = polar_sight(
            run.model, question.latitude_deg, question.longitude_deg, antenna_height_m=antenna_m, k_factor=k_factor,
            reach_m=reach_m, doubt=terrain_doubt(grounds, run.seed), threads=run.threads,
        )  # fmt: skip
        sights.append(replace(sight, uses=frozenset(uses)))
    return Ground(sights[0], sights[1], grounds.relief)
