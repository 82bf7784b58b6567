"""Rasters for the map: the lowest height, and the ceiling, at which each link holds in the nominal case."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ringtrue.coverage import _kernels
from ringtrue.coverage.records import LINKS, LayerRaster
from ringtrue.coverage.ring import (
    Level,
    Runs,
    Weather,
    case_table,
    critical_range_m,
    envelope_limits,
    ground_range_m,
    needs_sight_of,
    runs_of,
    shot_table,
    slant_range_m,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ringtrue.catalogue.records import Radar, TargetClass
    from ringtrue.coverage.chain import Chain
    from ringtrue.coverage.records import Link
    from ringtrue.sensing.sight import PolarSight

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]

LADDER_M: tuple[float, ...] = (
    30.0, 40.0, 50.0, 65.0, 80.0, 100.0, 130.0, 170.0, 225.0, 300.0, 400.0, 500.0, 650.0, 800.0, 1000.0, 1300.0, 1700.0,
    2250.0, 3000.0, 4000.0, 5000.0, 6500.0, 8000.0, 10_000.0, 12_500.0, 15_000.0,
)  # fmt: skip
CELLS_TO_RING = 200
FINEST_CELL_M = 500.0
MARGIN = 1.1


def ladder_runs(sight: PolarSight, radar: Radar[FloatArray]) -> list[Runs]:
    """Runs of sight on the undisturbed ground for each height of the ladder."""
    nominal = np.full(sight.lowest_visible_altitude_m.shape[0], 0.0)
    low, high = nominal + radar.min_elevation_rad[-1], nominal + radar.max_elevation_rad[-1]
    return [runs_of(sight.first_relief(), Level(h, None), low[:1], high[:1]) for h in LADDER_M]


def _shape(sight: PolarSight) -> tuple[int, int]:
    return sight.lowest_visible_altitude_m.shape[1], sight.lowest_visible_altitude_m.shape[2]


def _mask(runs: Runs, limit_m: float, shape: tuple[int, int], step_m: float) -> BoolArray:
    mask = np.zeros((1, *shape), dtype=np.bool_)
    _kernels.mark_runs(*runs, limit_m, step_m, mask)
    return np.asarray(mask[0], dtype=np.bool_)


def _limit_m(slant_m: FloatArray, sight: PolarSight, height_m: float) -> float:
    antenna_m = float(sight.antenna_altitude_m[0])
    return float(ground_range_m(slant_m, antenna_m, sight.site_altitude_m + height_m)[0])


def _slant_m(radar: Radar[FloatArray], target: TargetClass[FloatArray]) -> FloatArray:
    critical_m = critical_range_m(radar, target, "inbound", Weather(), 0.5)
    return np.minimum(radar.instrumented_range_m, critical_m)[-1:]


def target_layers(
    chain: Chain,
    target: TargetClass[FloatArray],
    search: PolarSight,
    fire: PolarSight,
    search_ladder: list[Runs],
    fire_ladder: list[Runs],
    system_id: str,
    *,
    links: tuple[Link, ...] = LINKS[1:],
) -> list[LayerRaster]:
    """Rasters of the links of one target: (row, column), above ground, nan where the link holds at no height.

    Heights come from a ladder of 26 steps between 30 m and 15 km, the usual heights of an audit among them; the lowest
    step that holds is written, so a height is high by at most one step (a third).
    """
    ring_m = float(chain.system.advertised_range_m[-1])
    shape = _shape(search)
    fire_shape = _shape(fire)
    masks: dict[Link, list[BoolArray]] = {"seen_geometry": [], "seen": [], "tracked": [], "engageable": []}
    instrumented_m = chain.acquisition.instrumented_range_m[-1:]
    seen_m, tracked_slant_m = _slant_m(chain.acquisition, target), _slant_m(chain.engagement, target)
    for i, height_m in enumerate(LADDER_M):
        masks["seen_geometry"].append(
            _mask(search_ladder[i], _limit_m(instrumented_m, search, height_m), shape, search.step_m)
        )
        masks["seen"].append(_mask(search_ladder[i], _limit_m(seen_m, search, height_m), shape, search.step_m))
        tracked_m = _limit_m(tracked_slant_m, fire, height_m)
        masks["tracked"].append(_mask(fire_ladder[i], tracked_m, fire_shape, fire.step_m))
        masks["engageable"].append(_engageable(chain, target, fire, fire_ladder[i], tracked_m, height_m))
    return [
        _raster(system_id, target.id, link, layers, fire.step_m, ring_m)
        for link, layers in masks.items()
        if link in links
    ]


def _engageable(
    chain: Chain, target: TargetClass[FloatArray], fire: PolarSight, runs: Runs, limit_m: float, height_m: float
) -> BoolArray:
    level = Level(height_m, None)
    limits = envelope_limits(chain, target, level, fire.site_altitude_m)
    n_azimuths, n_samples = fire.lowest_visible_altitude_m.shape[1:]
    table_m = np.arange(n_samples, dtype=np.float64) * fire.step_m
    slant_m = np.maximum(slant_range_m(table_m, 0.0, height_m), 1.0)
    limits_m = np.full(target.speed_mps.size, limit_m)
    case = case_table(limits_m, chain, target, np.zeros(limits_m.size))[-1]
    shots = shot_table(chain, limits.least_m, limits.greatest_m)[-1]
    lead, inverse = np.empty((shots.shape[0], n_samples)), np.empty((shots.shape[0], n_samples))
    _kernels.lead_tables(slant_m, fire.step_m, case, shots, 1.0, lead, inverse)
    out = np.zeros((n_azimuths, n_samples), dtype=np.bool_)
    _kernels.engageable_mask(
        runs.first[0], runs.table, limit_m, inverse, lead, shots, needs_sight_of(chain), False, fire.step_m, out
    )
    return out


def layer_cell_m(ring_m: float) -> float:
    """Cell of a map layer: the ring's radius in 200 cells, no finer than 500 m.

    >>> layer_cell_m(400e3), layer_cell_m(40e3)
    (2000.0, 500.0)
    """
    return max(ring_m / CELLS_TO_RING, FINEST_CELL_M)


def _grid(ring_m: float) -> tuple[int, FloatArray, FloatArray]:
    cell_m = layer_cell_m(ring_m)
    n = int(np.ceil(MARGIN * ring_m / cell_m))
    offset_m = np.arange(-n, n + 1) * cell_m
    east, north = np.meshgrid(offset_m, -offset_m)
    return n, np.hypot(east, north), np.mod(np.arctan2(east, north), 2.0 * np.pi)


def _raster(
    system_id: str, target_id: str, link: Link, layers: list[BoolArray], step_m: float, ring_m: float
) -> LayerRaster:
    stack = np.stack(layers)
    heights = np.array(LADDER_M, dtype=np.float32)
    holds = stack.any(axis=0)
    lowest = np.where(holds, heights[stack.argmax(axis=0)], np.float32(np.nan))
    ceiling = np.where(holds, heights[len(layers) - 1 - stack[::-1].argmax(axis=0)], np.float32(np.nan))
    _, range_m, azimuth = _grid(ring_m)
    n_azimuths, n_samples = holds.shape
    a = np.round(azimuth / (2.0 * np.pi / n_azimuths)).astype(np.int64) % n_azimuths
    i = np.round(range_m / step_m).astype(np.int64)
    known = i < n_samples
    i = np.minimum(i, n_samples - 1)
    blank = np.float32(np.nan)
    return LayerRaster(
        system_id, target_id, link, layer_cell_m(ring_m),
        np.where(known, lowest[a, i], blank).astype(np.float32),
        np.where(known, ceiling[a, i], blank).astype(np.float32),
    )  # fmt: skip


def ring_layer(system_id: str, target_id: str, ring_m: float) -> LayerRaster:
    """Raster of the advertised ring: it names no height, so it holds at every one."""
    _, range_m, _ = _grid(ring_m)
    inside = range_m <= ring_m
    blank = np.float32(np.nan)
    lowest = np.where(inside, np.float32(LADDER_M[0]), blank).astype(np.float32)
    ceiling = np.where(inside, np.float32(LADDER_M[-1]), blank).astype(np.float32)
    return LayerRaster(system_id, target_id, "advertised", layer_cell_m(ring_m), lowest, ceiling)
