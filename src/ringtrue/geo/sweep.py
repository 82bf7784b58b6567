"""Drives the compiled edge sweep over its blocks."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringtrue.geo.geodesy import EARTH_RADIUS_M
from ringtrue.geo.pool import run_blocks

GroundArray = NDArray[np.float32]

FEWEST_RAYS, MOST_RAYS, RAYS_TIMES_N = 2, 8, 6_400


class Sweep(NamedTuple):
    """Lowest visible altitude (row, col) before the ground of the cell itself counts, and the ray steps it took."""

    lowest_visible_altitude_m: GroundArray
    n_ray_steps: int


def rays_for(n: int) -> int:
    """Return the rays to each edge cell of a grid of 2 n + 1: a coarse grid over rough ground needs them closer.

    >>> [rays_for(n) for n in (400, 1200, 4444)]
    [8, 6, 2]
    """
    return max(FEWEST_RAYS, min(MOST_RAYS, -(-RAYS_TIMES_N // n)))


def edge_sweep(
    ground: GroundArray,
    antenna_altitude_m: float,
    *,
    cell_m: float,
    k_factor: float,
    reach_m: float,
    out_spacing: int = 1,
    rays_per_edge_cell: int | None = None,
    is_pruned: bool = True,
    threads: int | None = None,
) -> Sweep:
    """Lowest altitude in view above every cell of a square grid, by rays to the cells of its edge.

    Parameters
    ----------
    ground : (2 n + 1, 2 n + 1) float32 array
        Altitudes of what hides [m], antenna in the middle; distances from the middle are true.
    antenna_altitude_m : float
        Altitude of the antenna [m].
    cell_m : float
        Cell [m].
    k_factor : float
        Effective over true earth radius [1].
    reach_m : float
        Cells farther than this are left out [m].
    out_spacing : int
        Write every so many cells; n must be a multiple.
    rays_per_edge_cell : int, optional
        Rays to each cell of the edge; when left out 8 for small grids down to 2 for large ones (``rays_for``).
    is_pruned : bool
        Skip steps where a tile maximum proves that nothing can rise above the current maximum. The bits do not change.
    threads : int, optional
        Threads; all when left out. The bits do not change.

    Returns
    -------
    Sweep
        (2 n / out_spacing + 1)^2 float32 altitudes [m]; nan out of reach, very low at the antenna and beside it.

    Notes
    -----
    Error against the exact sight line (both crossings, float64): see docs/methods/terrain-surface.md.
    """
    from ringtrue.geo import _kernels

    n = ground.shape[0] // 2
    n_tiles = (ground.shape[0] + _kernels.TILE - 1) // _kernels.TILE
    tiles = np.empty((n_tiles, n_tiles), dtype=np.float32)

    def tile_row(i_block: int) -> None:
        _kernels.tile_maxima(ground, i_block, i_block + 1, tiles)

    run_blocks(tile_row, n_tiles, threads)
    out_side = 2 * (n // out_spacing) + 1
    out = np.full(out_side * out_side, np.nan, dtype=np.float32)
    per_cell = rays_for(n) if rays_per_edge_cell is None else rays_per_edge_cell
    rays = 2 * n * per_cell + 1
    n_blocks = 4 * ((rays + _kernels.RAYS_PER_BLOCK - 1) // _kernels.RAYS_PER_BLOCK)
    n_steps = np.zeros(n_blocks, dtype=np.int64)
    flat = ground.ravel()
    altitude_m = np.float32(antenna_altitude_m)
    curvature = np.float32(cell_m * cell_m / (2.0 * k_factor * EARTH_RADIUS_M))
    reach_cells = np.float32(reach_m / cell_m)

    def block(i_block: int) -> None:
        n_steps[i_block] = _kernels.sweep_block(
            flat, tiles, n, i_block, per_cell, out_spacing, altitude_m, curvature, reach_cells, is_pruned, out
        )

    run_blocks(block, n_blocks, threads)
    lowest = out.reshape(out_side, out_side)
    lowest[out_side // 2, out_side // 2] = _kernels.NOTHING_YET
    return Sweep(lowest, int(n_steps.sum()))
