"""Ground altitudes on a square azimuthal-equidistant grid about a site: distances and azimuths from it are true."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ringtrue.geo.cache import MemoryStore
from ringtrue.geo.geodesy import direct
from ringtrue.geo.pool import run_blocks

if TYPE_CHECKING:
    from ringtrue.geo.elevation import ElevationModel

FloatArray = NDArray[np.float64]
GroundArray = NDArray[np.float32]

LATTICE_M = 12_000.0
ROWS_PER_BLOCK = 64
_grounds = MemoryStore()
_coarse_models = MemoryStore(300_000_000)


def lattice_step(cell_m: float) -> int:
    """Return how many cells lie between two nodes at which geodesics are solved exactly."""
    return int(min(128, max(4, LATTICE_M // cell_m)))


def lattice_coordinates(
    model: ElevationModel, latitude_deg: float, longitude_deg: float, cell_m: float, n: int
) -> tuple[FloatArray, FloatArray]:
    """Row and column of the model at the nodes of a coarse lattice over the grid.

    Between nodes 12 km apart straight interpolation moves a position by less than 0.5 m at 400 km.
    """
    step = lattice_step(cell_m)
    n_nodes = (2 * n + step) // step + 1
    offset_m = (np.arange(n_nodes) * step - n) * cell_m
    east_m, north_m = np.meshgrid(offset_m, -offset_m)
    points = direct(latitude_deg, longitude_deg, np.arctan2(east_m, north_m), np.hypot(east_m, north_m))
    row, column = model.pixel_coordinates(points.latitude_deg, points.longitude_deg)
    return np.ascontiguousarray(row), np.ascontiguousarray(column)


def resample(
    raster: GroundArray, row: FloatArray, column: FloatArray, cell_m: float, n: int, threads: int | None = None
) -> GroundArray:
    """Return the raster, bilinear, on the grid of 2 n + 1 cells a side whose lattice lies at ``row``, ``column``."""
    from ringtrue.geo import _kernels

    side = 2 * n + 1
    step = lattice_step(cell_m)
    raster = raster.view()
    raster.setflags(write=False)
    out = np.empty((side, side), dtype=np.float32)

    def block(i_block: int) -> None:
        first = i_block * ROWS_PER_BLOCK
        _kernels.resample(raster, row, column, step, first, min(side, first + ROWS_PER_BLOCK), out)

    run_blocks(block, (side + ROWS_PER_BLOCK - 1) // ROWS_PER_BLOCK, threads)
    return out


def _block_means(raster: GroundArray, factor: int) -> GroundArray:
    n_rows, n_columns = raster.shape[0] // factor, raster.shape[1] // factor
    blocks = raster[: n_rows * factor, : n_columns * factor].reshape(n_rows, factor, n_columns, factor)
    return np.ascontiguousarray(blocks.mean(axis=(1, 3), dtype=np.float64).astype(np.float32))


def site_ground(
    model: ElevationModel, latitude_deg: float, longitude_deg: float, cell_m: float, n: int, threads: int | None = None
) -> GroundArray:
    """Ground altitude about a site, kept in memory for the next mast, k or draw.

    Parameters
    ----------
    model : ElevationModel
        Ground; where it is finer than the grid by a factor of two or more, the mean over blocks of its cells.
    latitude_deg, longitude_deg : float
        Site [degree], in the middle cell.
    cell_m : float
        Cell [m].
    n : int
        The grid has 2 n + 1 cells a side, row 0 in the north.

    Returns
    -------
    (row, col) float32 array
        Altitude above mean sea level [m], read-only; ``UNKNOWN_ALTITUDE_M`` off the model.
    """

    def make() -> GroundArray:
        factor = max(1, int(cell_m / model.resolution_m))
        row, column = lattice_coordinates(model, latitude_deg, longitude_deg, cell_m, n)
        raster = np.asarray(model.altitude_m)
        if factor > 1:
            raster = _coarse_models.get_or_make(
                (model.content_key, factor), lambda: _block_means(model.altitude_m, factor)
            )
            row = (row - (factor - 1) / 2.0) / factor
            column = (column - (factor - 1) / 2.0) / factor
        return resample(np.asarray(raster), row, column, cell_m, n, threads)

    ground: GroundArray = _grounds.get_or_make((model.content_key, latitude_deg, longitude_deg, cell_m, n), make)
    return ground
