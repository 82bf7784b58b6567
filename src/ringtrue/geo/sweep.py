"""Drives the compiled edge sweep over its blocks."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringtrue.geo.geodesy import EARTH_RADIUS_M
from ringtrue.geo.pool import run_blocks

GroundArray = NDArray[np.float32]

CLOSE_RAYS, WIDE_RAYS, WIDE_GRID = 8, 2, 1_000


class Sweep(NamedTuple):
    """What a sweep found.

    ``lowest_visible_altitude_m`` (row, col) does not yet count the ground of the cell itself; ``steepest`` (sector,
    ray) is
    the steepest rise that each ray met on its way to the edge [m per m of its longer axis].
    """

    lowest_visible_altitude_m: GroundArray
    steepest: GroundArray
    n_ray_steps: int


def rays_for(n: int) -> int:
    """Return the rays to each edge cell of a grid of 2 n + 1: small grids, rough from cell to cell, need them closer.

    >>> [rays_for(n) for n in (400, 1200, 4444)]
    [8, 2, 2]
    """
    return CLOSE_RAYS if n < WIDE_GRID else WIDE_RAYS


def edge_sweep(
    ground: GroundArray,
    antenna_altitude_m: float,
    *,
    cell_m: float,
    k_factor: float,
    reach_m: float,
    out_spacing: int = 1,
    out_n: int | None = None,
    inner: Sweep | None = None,
    inner_n: int = 0,
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
        Write every so many cells.
    out_n : int, optional
        The result has 2 out_n + 1 cells a side; all of the grid when left out.
    inner : Sweep, optional
        A sweep of a finer grid about the same antenna, into the same result, that goes before this one.
    inner_n : int
        Half the side of the square that ``inner`` covered, in cells of this grid.
    rays_per_edge_cell : int, optional
        Rays to each cell of the edge; when left out 8 for small grids and 2 for large ones (``rays_for``).
    is_pruned : bool
        Skip steps where a tile maximum proves that nothing can rise above the current maximum. The bits do not change.
    threads : int, optional
        Threads; all when left out. The bits do not change.

    Returns
    -------
    Sweep
        Altitudes [m], float32; nan out of reach, very low at the antenna and beside it.

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
    per_cell = rays_for(n) if rays_per_edge_cell is None else rays_per_edge_cell
    n_rays = 2 * n * per_cell + 1
    out_half = n // out_spacing if out_n is None else out_n
    if inner is None:
        lowest = np.full((2 * out_half + 1, 2 * out_half + 1), np.nan, dtype=np.float32)
        lowest[out_half, out_half] = _kernels.NOTHING_YET
        start = np.full((4, n_rays), _kernels.NOTHING_YET, dtype=np.float32)
    else:
        lowest = inner.lowest_visible_altitude_m
        start = _between_rays(inner.steepest, n_rays) * np.float32(cell_m)
    end = np.empty_like(start)
    n_blocks = 4 * ((n_rays + _kernels.RAYS_PER_BLOCK - 1) // _kernels.RAYS_PER_BLOCK)
    n_steps = np.zeros(n_blocks, dtype=np.int64)
    flat, out = ground.ravel(), lowest.ravel()
    altitude_m = np.float32(antenna_altitude_m)
    curvature = np.float32(cell_m * cell_m / (2.0 * k_factor * EARTH_RADIUS_M))
    reach_cells = np.float32(reach_m / cell_m)
    highest_m = tiles.max()

    def block(i_block: int) -> None:
        n_steps[i_block] = _kernels.sweep_block(
            flat, tiles, highest_m, n, inner_n, i_block, per_cell, out_half, out_spacing, altitude_m, curvature,
            reach_cells, is_pruned, start, end, out,
        )  # fmt: skip

    run_blocks(block, n_blocks, threads)
    end /= np.float32(cell_m)
    return Sweep(lowest, end, int(n_steps.sum()))


def _between_rays(steepest: GroundArray, n_rays: int) -> GroundArray:
    """The steepest rise of other rays over the same four sectors, linear between the rays that are known."""
    known = np.linspace(-1.0, 1.0, steepest.shape[1])
    wanted = np.linspace(-1.0, 1.0, n_rays)
    return np.stack([np.interp(wanted, known, sector) for sector in steepest]).astype(np.float32)
