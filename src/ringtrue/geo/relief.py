"""Drawn terrain doubt: what the elevation model may be wrong by, as one member of an ensemble."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringtrue.geo.cache import MemoryStore
from ringtrue.geo.ground import ROWS_PER_BLOCK, lattice_coordinates, over_the_seam, resample
from ringtrue.geo.pool import run_blocks
from ringtrue.rng import stream

if TYPE_CHECKING:
    from ringtrue.geo.elevation import ElevationModel

GroundArray = NDArray[np.float32]

ERROR_CORRELATION_M = 10_000.0
SUBGRID_CORRELATION_M = 3_000.0
REFERENCE_ROUGHNESS_M = 200.0
RMS_OF_BILINEAR_NOISE = 2.0 / 3.0
MEAN_OF_HALF_NORMAL = float(np.sqrt(2.0 / np.pi))
_drawn_noise = MemoryStore(100_000_000)


@dataclass(frozen=True, slots=True)
class Relief:
    """One draw of the doubt in an elevation model.

    Attributes
    ----------
    seed, index : int
        Which draw: the fields depend on these and on the model, not on the site, so that neighbouring radars share
        them.
    height_error_m : float
        Standard deviation of the error in altitude [m]; correlated over some 10 km, none on water.
    subgrid_m : float
        Mean height by which ridges rise above their cell [m] where the ground varies by 200 m within one cell of the
        model;
        grows in proportion to that variation. It hides what lies behind and does not lift the ground under a target.
    """

    seed: int
    index: int
    height_error_m: float
    subgrid_m: float


def _noise(model: ElevationModel, relief: Relief) -> tuple[GroundArray, GroundArray, tuple[float, float]]:
    """Both noise rasters and how many cells of the model lie between their nodes."""
    rows_per_node = [length / model.resolution_m for length in (ERROR_CORRELATION_M, SUBGRID_CORRELATION_M)]
    shapes = [tuple(int(size / spacing) + 4 for size in model.shape) for spacing in rows_per_node]
    n_error = int(np.prod(shapes[0]))

    def drawn() -> GroundArray:
        generator = stream(relief.seed, "terrain/relief", relief.index)
        noise = generator.standard_normal(n_error + int(np.prod(shapes[1])), dtype=np.float32)
        np.abs(noise[n_error:], out=noise[n_error:])
        return noise

    noise = _drawn_noise.get_or_make((model.content_key, relief.seed, relief.index), drawn)
    return noise[:n_error].reshape(shapes[0]), noise[n_error:].reshape(shapes[1]), (rows_per_node[0], rows_per_node[1])


class ReliefRasters(NamedTuple):
    """What a relief is made of, fixed to the model: two noises on lattices of their own.

    Noise times ``error_m`` is the error of the altitude [m], noise times ``ridge_share`` times the roughness of the
    model (highest less lowest ground of a cell and its neighbours) what ridges rise [m]; nodes lie ``error_rows`` and
    ``ridge_rows`` cells apart, the first before the model's first cell.
    """

    error_noise: GroundArray
    ridge_noise: GroundArray
    error_m: np.float32
    ridge_share: np.float32
    error_rows: float
    ridge_rows: float


def relief_rasters(model: ElevationModel, relief: Relief) -> ReliefRasters:
    """Return what a relief is made of."""
    error, ridge, per_node = _noise(model, relief)
    return ReliefRasters(
        error,
        ridge,
        np.float32(relief.height_error_m / RMS_OF_BILINEAR_NOISE),
        np.float32(relief.subgrid_m / (MEAN_OF_HALF_NORMAL * REFERENCE_ROUGHNESS_M)),
        *per_node,
    )


def drawn_ground(
    model: ElevationModel,
    latitude_deg: float,
    longitude_deg: float,
    ground: GroundArray,
    cell_m: float,
    relief: Relief,
    threads: int | None = None,
) -> tuple[GroundArray, GroundArray]:
    """Ground as it may be in truth, and what hides: ground with sub-grid ridges.

    Parameters
    ----------
    model : ElevationModel
        Where ``ground`` came from.
    latitude_deg, longitude_deg : float
        Site [degree].
    ground : (row, col) float32 array
        Ground about the site [m].
    cell_m : float
        Cell [m].
    relief : Relief
        The draw.

    Returns
    -------
    ground, screen : (row, col) float32 arrays
        Altitudes [m]. At the site they are equal, and the ridges grow to their height within one cell of the model: the
        antenna stands on the top of its own ridge.

    Notes
    -----
    Noise is white on lattices of 10 km and 3 km (in cells of the model) and bilinear between; multiplied by 3/2 its
    standard deviation, averaged over all positions, is ``height_error_m``.
    """
    from ringtrue.geo import _kernels

    n = ground.shape[0] // 2
    spacing = max(1, round(model.resolution_m / cell_m))
    coarse_n = -(-n // spacing)
    coarse_cell_m = cell_m * spacing
    row, column = lattice_coordinates(model, latitude_deg, longitude_deg, coarse_cell_m, coarse_n)

    def on_grid(raster: GroundArray, per_node: float) -> GroundArray:
        around = raster.shape[1] if model.columns_around else 0
        raster, turned = over_the_seam(raster, column / per_node + 1.0, around)
        return resample(raster, row / per_node + 1.0, turned, coarse_cell_m, coarse_n, threads)

    rasters = relief_rasters(model, relief)
    raster, turned = over_the_seam(model.altitude_m, column, model.columns_around)
    rough = resample(raster, row, turned, coarse_cell_m, coarse_n, threads, loop=_kernels.resample_roughness)
    error = on_grid(rasters.error_noise, rasters.error_rows)
    error *= rasters.error_m
    error[rough <= 0] = 0.0
    subgrid = on_grid(rasters.ridge_noise, rasters.ridge_rows)
    subgrid *= rasters.ridge_share
    subgrid *= np.maximum(rough, np.float32(0.0))
    subgrid[coarse_n - 1 : coarse_n + 2, coarse_n - 1 : coarse_n + 2] = 0.0
    drawn, screen = np.empty_like(ground), np.empty_like(ground)

    def block(i_block: int) -> None:
        first = i_block * ROWS_PER_BLOCK
        last = min(ground.shape[0], first + ROWS_PER_BLOCK)
        _kernels.add_relief(ground, error, subgrid, spacing, first, last, drawn, screen)

    run_blocks(block, -(-ground.shape[0] // ROWS_PER_BLOCK), threads)
    return drawn, screen
