"""Sight of both radars of a system over the drawn grounds, and which ground each draw lives on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ringtrue.coverage.unknowns import Unknown
from ringtrue.rng import stream
from ringtrue.sensing.sight import N_RELIEFS, polar_sight, terrain_doubt

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ringtrue.catalogue.records import Catalogue, Radar
    from ringtrue.coverage.chain import Chain
    from ringtrue.coverage.records import AuditQuestion
    from ringtrue.geo.elevation import ElevationModel
    from ringtrue.sensing.sight import PolarSight

    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.int64]
    Progress = Callable[[str, int, int], None]


def silent(_what: str, _done: int, _of: int) -> None:
    """Report no progress."""


@dataclass(frozen=True)
class Ground:
    """Sight of both radars of a system from one site, and which relief each draw lives on."""

    search: PolarSight
    fire: PolarSight
    relief: IntArray
    doubt: tuple[Unknown, ...]


def relief_of_draws(n_draws: int, n_reliefs: int) -> IntArray:
    """Return which relief each draw lives on: 1 and up in turn, the nominal case (last) on the model as it is."""
    relief = 1 + np.arange(n_draws + 1, dtype=np.int64) % n_reliefs
    relief[-1] = 0
    return relief


def _first_draws(relief: IntArray) -> IntArray:
    return np.array([int(np.argmax(relief == i)) for i in range(int(relief.max()) + 1)], dtype=np.int64)


def _antenna_m(radar: Radar[FloatArray], mast_m: float | None, relief: IntArray) -> FloatArray:
    """Antenna height per relief: the mast asked for, else the value of the relief's first draw."""
    if mast_m is not None:
        return np.full(int(relief.max()) + 1, mast_m)
    return radar.antenna_height_m[_first_draws(relief)]


def ground_of(
    chain: Chain,
    catalogue: Catalogue,
    model: ElevationModel,
    question: AuditQuestion,
    *,
    k_factor: float,
    mast_m: float | None,
    n_reliefs: int = N_RELIEFS,
    progress: Progress = silent,
) -> Ground:
    """Sweep the terrain for both radars, one relief after another."""
    n = question.n_draws
    relief = relief_of_draws(n, min(n_reliefs, n))
    doubt = terrain_doubt(catalogue, int(relief.max()), question.seed)
    sights: list[PolarSight] = []
    radars = (chain.acquisition, chain.engagement)
    ring_m = float(chain.system.advertised_range_m[-1])  # shares need to know the whole ring, seen or not
    for i, radar in enumerate(radars):
        if i and radar.id == radars[0].id:
            sights.append(sights[0])
            continue
        progress("sweeping the terrain", i, 2)
        reach_m = max(float(radar.instrumented_range_m.max()), 0.0 if i else ring_m)
        sights.append(
            polar_sight(
                model, question.latitude_deg, question.longitude_deg,
                antenna_height_m=_antenna_m(radar, mast_m, relief), k_factor=k_factor,
                reach_m=reach_m, doubt=doubt, threads=question.threads,
            )
        )  # fmt: skip
    unknowns: tuple[Unknown, ...] = ()
    if not model.is_bare_earth:
        unknowns = (Unknown("terrain between the grid points of the elevation model", True, relief.astype(np.float64)),)
    return Ground(sights[0], sights[1], relief, unknowns)


def speed_doubt_of(n_draws: int, seed: int) -> FloatArray:
    """Draw where in its doubt a flight time lies, -1 to 1 (kinematics.flight), nominal (0) last: (draw + 1,)."""
    return np.append(stream(seed, "draw/flight-time-doubt").uniform(-1.0, 1.0, n_draws), 0.0)
