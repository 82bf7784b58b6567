"""Ground altitudes on a square azimuthal-equidistant grid about a site: distances and azimuths from it are true."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ringtrue.geo.cache import MemoryStore
from ringtrue.geo.geodesy import direct
from ringtrue.geo.pool import run_blocks

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringtrue.geo.elevation import ElevationModel

FloatArray = NDArray[np.float64]
GroundArray = NDArray[np.float32]

LATTICE_M = 12_000.0
ROWS_PER_BLOCK = 64
STRAIGHT_M, STRAIGHT_CELLS = 30.0, 0.05
LOOKED_AT = (0.25, 0.5, 0.75)
UNKNOWN_M, VOID_M = np.float32(-1.0e6), np.float32(-2.0e6)
_grounds = MemoryStore()
_coarse_models = MemoryStore(300_000_000)


def lattice_step(cell_m: float) -> int:
    """Return how many cells lie between two nodes at which geodesics are solved exactly."""
    return int(min(128, max(4, LATTICE_M // cell_m)))


def lattice_coordinates(
    model: ElevationModel, latitude_deg: float, longitude_deg: float, cell_m: float, n: int
) -> tuple[FloatArray, FloatArray]:
    """Row and column of the model at the nodes of a coarse lattice over the grid.

    Between nodes 12 km apart straight interpolation moves a position by less than 0.5 m at 400 km. Where the model goes
    once around the earth, columns run on over its seam.
    """
    step = lattice_step(cell_m)
    n_nodes = (2 * n + step) // step + 1
    offset_m = np.asarray((np.arange(n_nodes) * step - n) * cell_m, dtype=np.float64)
    row, column = _positions(model, latitude_deg, longitude_deg, offset_m)
    return np.ascontiguousarray(row), np.ascontiguousarray(column)


def _positions(
    model: ElevationModel,
    latitude_deg: float,
    longitude_deg: float,
    offset_m: FloatArray,
    north_m: FloatArray | None = None,
) -> tuple[FloatArray, FloatArray]:
    """Row and column of the model at offsets east of a site, and the same offsets south of it unless given."""
    east_m, north_m = np.meshgrid(offset_m, -offset_m if north_m is None else north_m)
    return positions_from(model, latitude_deg, longitude_deg, np.arctan2(east_m, north_m), np.hypot(east_m, north_m))


def positions_from(
    model: ElevationModel, latitude_deg: float, longitude_deg: float, azimuth_rad: FloatArray, range_m: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Row and column of the model at azimuths and distances from a site, columns running on over a seam."""
    points = direct(latitude_deg, longitude_deg, azimuth_rad, range_m)
    row, column = model.pixel_coordinates(points.latitude_deg, points.longitude_deg)
    around = model.columns_around
    if around:
        here = float(model.pixel_coordinates(latitude_deg, longitude_deg)[1])
        with np.errstate(invalid="ignore"):
            column = here + np.mod(column - here + around / 2.0, around) - around / 2.0
    return row, column


def over_the_seam(raster: GroundArray, column: FloatArray, columns_around: int) -> tuple[GroundArray, FloatArray]:
    """A raster and columns within it, turned so that the columns that are wanted lie side by side.

    >>> turned, column = over_the_seam(np.arange(8, dtype=np.float32)[None], np.array([-1.5, 0.5]), 8)
    >>> turned.tolist(), column.tolist()
    ([[5.0, 6.0, 7.0, 0.0, 1.0, 2.0]], [1.5, 3.5])
    """
    is_known = np.isfinite(column)
    if not columns_around or not is_known.any():
        return raster, column
    first, last = int(np.floor(column[is_known].min())) - 1, int(np.ceil(column[is_known].max())) + 1
    if first >= 0 and last < min(columns_around, raster.shape[1]):
        return raster, column
    return np.ascontiguousarray(np.take(raster, np.arange(first, last + 1) % columns_around, axis=1)), column - first


def resample(
    raster: GroundArray,
    row: FloatArray,
    column: FloatArray,
    cell_m: float,
    n: int,
    threads: int | None = None,
    loop: Callable[..., None] | None = None,
) -> GroundArray:
    """Return the raster, bilinear, on the grid of 2 n + 1 cells a side whose lattice lies at ``row``, ``column``.

    ``loop`` reads something else of the raster: a kernel called as ``_kernels.resample`` is.
    """
    from ringtrue.geo import _kernels

    loop = loop or _kernels.resample
    side = 2 * n + 1
    step = lattice_step(cell_m)
    raster = raster.view()
    raster.setflags(write=False)
    out = np.empty((side, side), dtype=np.float32)

    def block(i_block: int) -> None:
        first = i_block * ROWS_PER_BLOCK
        loop(raster, row, column, step, first, min(side, first + ROWS_PER_BLOCK), out)

    run_blocks(block, (side + ROWS_PER_BLOCK - 1) // ROWS_PER_BLOCK, threads)
    return out


def _block_means(raster: GroundArray, factor: int) -> GroundArray:
    n_rows, n_columns = raster.shape[0] // factor, raster.shape[1] // factor
    means = np.empty((n_rows, n_columns), dtype=np.float32)
    for first in range(0, n_rows, ROWS_PER_BLOCK):
        band = raster[first * factor : min(n_rows, first + ROWS_PER_BLOCK) * factor, : n_columns * factor]
        blocks = band.reshape(-1, factor, n_columns, factor)
        means[first : first + ROWS_PER_BLOCK] = blocks.mean(axis=(1, 3), dtype=np.float64)
    return means


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
        raster, around = np.asarray(model.altitude_m), model.columns_around
        if factor > 1:
            while around % factor:
                factor -= 1
            raster = _coarse_models.get_or_make(
                (model.content_key, factor), lambda: _block_means(model.altitude_m, factor)
            )
            row = (row - (factor - 1) / 2.0) / factor
            column = (column - (factor - 1) / 2.0) / factor
        turned, turned_column = over_the_seam(raster, column, around // factor)
        ground = resample(turned, row, turned_column, cell_m, n, threads)
        _set_where_not_straight(ground, model, raster, row, column, factor, latitude_deg, longitude_deg, cell_m)
        if model.raster.n_voids:
            ground[np.isnan(ground)] = VOID_M
        return ground

    ground: GroundArray = _grounds.get_or_make((model.content_key, latitude_deg, longitude_deg, cell_m, n), make)
    return ground


def _set_where_not_straight(
    ground: GroundArray,
    model: ElevationModel,
    raster: GroundArray,
    row: FloatArray,
    column: FloatArray,
    factor: int,
    latitude_deg: float,
    longitude_deg: float,
    cell_m: float,
) -> None:
    """Read the ground position by position where the model's rows or columns jump or bend between the nodes.

    So it is at the seam of a map that does not join, and about a pole. ``raster`` has one cell for ``factor`` squared
    of the model's; rows and columns are of the raster, at the nodes.
    """
    from ringtrue.geo.elevation import bilinear

    n, step, around = ground.shape[0] // 2, lattice_step(cell_m), model.columns_around

    def exact(offset_m: FloatArray, north_m: FloatArray) -> tuple[FloatArray, FloatArray]:
        i, j = _positions(model, latitude_deg, longitude_deg, offset_m, north_m)
        shift = (factor - 1) / 2.0
        return (i - shift) / factor, (j - shift) / factor

    wide = max(STRAIGHT_CELLS, STRAIGHT_M / (model.resolution_m * factor))
    bent = np.zeros((row.shape[0] - 1, row.shape[1] - 1), dtype=np.bool_)
    for down, right in itertools.product(LOOKED_AT, LOOKED_AT):
        south_m, east_m = (((np.arange(row.shape[0] - 1) + part) * step - n) * cell_m for part in (down, right))
        with np.errstate(invalid="ignore"):
            for nodes, true in zip((row, column), exact(east_m, -south_m), strict=True):
                upper = nodes[:-1, :-1] + (nodes[:-1, 1:] - nodes[:-1, :-1]) * right
                lower = nodes[1:, :-1] + (nodes[1:, 1:] - nodes[1:, :-1]) * right
                bent |= ~(np.abs(upper + (lower - upper) * down - true) <= wide)
    for i, j in np.argwhere(bent):
        rows, columns = (slice(k * step, min((k + 1) * step, 2 * n + 1)) for k in (i, j))
        south_m, east_m = ((np.arange(s.start, s.stop) - n) * cell_m for s in (rows, columns))
        found = bilinear(raster, *exact(east_m, -south_m), around // factor)
        is_gap = np.isnan(found)
        ground[rows, columns] = np.where(is_gap, UNKNOWN_M, found)
