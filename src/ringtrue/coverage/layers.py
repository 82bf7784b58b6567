"""Rasters for the map: the lowest height, and the ceiling, at which each link holds in the nominal case."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.coverage import _kernels
from ringtrue.coverage.edges import reach_of
from ringtrue.coverage.records import LINKS, LayerRaster
from ringtrue.coverage.ring import (
    Level,
    LevelSight,
    Limits,
    Runs,
    Weather,
    case_table,
    envelope_limits,
    ground_range_m,
    inbound_limits,
    needs_sight_of,
    runs_of,
    shot_table,
    slant_range_m,
)
from ringtrue.finding import NOMINAL
from ringtrue.sensing.chain import nominal_only

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ringtrue.catalogue.records import Radar, TargetClass
    from ringtrue.coverage.records import Link
    from ringtrue.sensing.chain import Chain
    from ringtrue.sensing.sight import PolarSight

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]
    StepArray = NDArray[np.int8]
    HeightGrid = NDArray[np.float32]

LADDER_M: tuple[float, ...] = (
    30.0, 40.0, 50.0, 65.0, 80.0, 100.0, 130.0, 170.0, 225.0, 300.0, 400.0, 500.0, 650.0, 800.0, 1000.0, 1300.0, 1700.0,
    2250.0, 3000.0, 4000.0, 5000.0, 6500.0, 8000.0, 10_000.0, 12_500.0, 15_000.0,
)  # fmt: skip
CELLS_TO_RING = 200
FINEST_CELL_M = 500.0
MARGIN = 1.1


def ladder_runs(sight: PolarSight, radar: Radar[FloatArray]) -> list[Runs]:
    """Runs of sight on the undisturbed ground for each height of the ladder."""
    nominal = np.full(sight.shape[0], 0.0)
    low, high = nominal + radar.min_elevation_rad[NOMINAL], nominal + radar.max_elevation_rad[NOMINAL]
    alone = sight.first_relief()
    return [runs_of(alone, Level(h, None), low[:1], high[:1]) for h in LADDER_M]


class PolarGrid(NamedTuple):
    """Where the cells of a map layer (row, column) lie on the polar grid of a sight."""

    azimuth: NDArray[np.int64]
    sample: NDArray[np.int64]
    is_known: BoolArray


class SharedLayers(NamedTuple):
    """What the targets of one system share: grids of both radars, lowest height and ceiling of the line of sight."""

    search_grid: PolarGrid
    fire_grid: PolarGrid
    geometry: tuple[HeightGrid, HeightGrid] | None


def shared_layers(
    chain: Chain,
    search: PolarSight,
    fire: PolarSight,
    search_ladder: list[Runs],
    links: tuple[Link, ...] = LINKS[1:],
) -> SharedLayers:
    """Lay out the map of a system and find where its search radar has a line of sight, whatever the target."""
    ring_m = float(chain.system.advertised_range_m[NOMINAL])
    search_grid = _polar_grid(ring_m, search)
    fire_grid = search_grid if fire is search else _polar_grid(ring_m, fire)
    geometry = None
    if "seen_geometry" in links:
        n = search.azimuth_rad.size
        instrumented_m = chain.acquisition.instrumented_range_m[-1:]
        limits_m = [
            np.repeat(
                ground_range_m(instrumented_m, float(search.antenna_altitude_m[0]), search.site_altitude_m + h), n
            )
            for h in LADDER_M
        ]
        geometry = _sight_rasters(search, search_ladder, limits_m, search_grid)
    return SharedLayers(search_grid, fire_grid, geometry)


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
    shared: SharedLayers | None = None,
) -> list[LayerRaster]:
    """Rasters of the links of one target: (row, column), above ground, nan where the link holds at no height.

    Heights come from a ladder of 26 steps between 30 m and 15 km, the usual heights of an audit among them; the lowest
    step that holds is written, so a height is high by at most one step (a third). ``shared`` is what `shared_layers`
    gave for the system.
    """
    shared = shared or shared_layers(chain, search, fire, search_ladder, links)
    alone, flying = replace(nominal_only(chain), parameters=chain.parameters), nominal_only(target)
    reach = reach_of(alone, flying, "inbound", Weather())
    antennas_m = float(search.antenna_altitude_m[0]), float(fire.antenna_altitude_m[0])
    limits = [
        inbound_limits(
            alone, reach, LevelSight(search_runs, fire_runs, np.zeros(1)), np.zeros(1, dtype=np.int64),
            antennas_m=antennas_m, altitude_m=fire.site_altitude_m + height_m, threads=1,
        )
        for height_m, search_runs, fire_runs in zip(LADDER_M, search_ladder, fire_ladder, strict=True)
    ]  # fmt: skip
    rasters: dict[Link, Callable[[], tuple[HeightGrid, HeightGrid]]] = {
        "seen": lambda: _sight_rasters(search, search_ladder, [here.seen_m[0] for here in limits], shared.search_grid),
        "tracked": lambda: _sight_rasters(fire, fire_ladder, [here.tracked_m[0] for here in limits], shared.fire_grid),
        "engageable": lambda: _engageable_rasters(alone, flying, fire, fire_ladder, limits, shared.fire_grid),
    }
    pairs: dict[Link, tuple[HeightGrid, HeightGrid]] = {}
    if shared.geometry is not None and "seen_geometry" in links:
        lowest, ceiling = shared.geometry
        pairs["seen_geometry"] = (lowest.copy(), ceiling.copy())
    pairs |= {link: make() for link, make in rasters.items() if link in links}
    cell_m = layer_cell_m(float(chain.system.advertised_range_m[NOMINAL]))
    return [LayerRaster(system_id, target.id, link, cell_m, *pair) for link, pair in pairs.items()]


def _sight_rasters(
    sight: PolarSight, ladder: list[Runs], limits_m: list[FloatArray], grid: PolarGrid
) -> tuple[HeightGrid, HeightGrid]:
    """Lowest height and ceiling at which a target in sight is known: limits (azimuth,) at each step of the ladder."""
    lowest, highest = _no_steps(sight)
    for i, (limit_m, runs) in enumerate(zip(limits_m, ladder, strict=True)):
        _kernels.note_sight(runs.first[0], runs.table, limit_m, sight.step_m, i, lowest, highest)
    return _on_map(lowest, grid), _on_map(highest, grid)


def _engageable_rasters(
    chain: Chain,
    target: TargetClass[FloatArray],
    fire: PolarSight,
    ladder: list[Runs],
    inbound: list[Limits],
    grid: PolarGrid,
) -> tuple[HeightGrid, HeightGrid]:
    """Lowest height and ceiling at which the only draw of chain and target, the nominal case, can be engaged."""
    lowest, highest = _no_steps(fire)
    n_samples = lowest.shape[1]
    table_m = np.arange(n_samples, dtype=np.float64) * fire.step_m
    needs_sight = needs_sight_of(chain)
    lead, inverse = np.empty((needs_sight.size, n_samples)), np.empty((needs_sight.size, n_samples))
    for i, (height_m, runs) in enumerate(zip(LADDER_M, ladder, strict=True)):
        limits = envelope_limits(chain, target, Level(height_m, None), fire.site_altitude_m)
        if limits.greatest_m.max() <= 0.0:
            continue
        flown_m = np.maximum(slant_range_m(table_m, 0.0, height_m), 1.0)
        limit_m = inbound[i].held_m[0]
        case = case_table(limit_m.max(keepdims=True), chain, target, np.zeros(1))[0]
        shots = shot_table(chain, limits.least_m, limits.greatest_m)[0]
        _kernels.lead_tables(flown_m, fire.step_m, case, shots, 1.0, lead, inverse)
        _kernels.note_engageable(
            runs.first[0],
            runs.table,
            limit_m,
            inverse,
            lead,
            shots,
            needs_sight,
            False,
            fire.step_m,
            i,
            lowest,
            highest,
        )
    return _on_map(lowest, grid), _on_map(highest, grid)


def _no_steps(sight: PolarSight) -> tuple[StepArray, StepArray]:
    """Lowest and highest step of the ladder at which something holds, (azimuth, sample): none yet."""
    shape = sight.shape[1:]
    return np.full(shape, -1, dtype=np.int8), np.full(shape, -1, dtype=np.int8)


def _on_map(steps: StepArray, grid: PolarGrid) -> HeightGrid:
    """Heights of steps of the ladder [m] on the cells of a map, nan where there is none."""
    heights = np.array([*LADDER_M, np.nan], dtype=np.float32)
    return np.where(grid.is_known, heights[steps[grid.azimuth, grid.sample]], np.float32(np.nan))


def layer_cell_m(ring_m: float) -> float:
    """Cell of a map layer: the ring's radius in 200 cells, no finer than 500 m.

    >>> layer_cell_m(400e3), layer_cell_m(40e3)
    (2000.0, 500.0)
    """
    return max(ring_m / CELLS_TO_RING, FINEST_CELL_M)


@lru_cache(maxsize=4)
def _ranges_m(ring_m: float) -> tuple[FloatArray, FloatArray]:
    """Distance [m] and azimuth [rad] of every cell of a map layer from the site."""
    cell_m = layer_cell_m(ring_m)
    n = int(np.ceil(MARGIN * ring_m / cell_m))
    offset_m = np.arange(-n, n + 1) * cell_m
    east, north = np.meshgrid(offset_m, -offset_m)
    return np.hypot(east, north), np.mod(np.arctan2(east, north), 2.0 * np.pi)


def _polar_grid(ring_m: float, sight: PolarSight) -> PolarGrid:
    n_azimuths, n_samples = sight.shape[1:]
    range_m, azimuth_rad = _ranges_m(ring_m)
    azimuth = np.round(azimuth_rad / (2.0 * np.pi / n_azimuths)).astype(np.int64) % n_azimuths
    sample = np.round(range_m / sight.step_m).astype(np.int64)
    return PolarGrid(azimuth, np.minimum(sample, n_samples - 1), sample < n_samples)


def ring_layer(system_id: str, target_id: str, ring_m: float) -> LayerRaster:
    """Raster of the advertised ring: it names no height, so it holds at every one."""
    range_m, _ = _ranges_m(ring_m)
    inside = range_m <= ring_m
    blank = np.float32(np.nan)
    lowest = np.where(inside, np.float32(LADDER_M[0]), blank).astype(np.float32)
    ceiling = np.where(inside, np.float32(LADDER_M[-1]), blank).astype(np.float32)
    return LayerRaster(system_id, target_id, "advertised", layer_cell_m(ring_m), lowest, ceiling)
