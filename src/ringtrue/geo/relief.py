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
MEASURED_ROUGHNESS_M = 650.0
MEASURED_CELL_M = (600.0, 1_200.0)
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
        Standard deviation of the error in altitude [m]; none on water.
    subgrid_m : float
        Mean height by which ridges rise above their cell [m] where the ground varies by 200 m within one cell of the
        model; grows in proportion to that variation. They hide what flies lower just behind them. They raise no
        horizon and do not lift the ground under a target.
    unmeasured_subgrid_m : float, optional
        The same on ground that no finer tile speaks for: rougher than ``MEASURED_ROUGHNESS_M``, or in cells of another
        size than those of 30 arc-seconds. ``subgrid_m`` where not given.
    site_share : float
        Height of the ground under an antenna above the model's, as a share of that variation [1]; negative in a
        hollow, and then at most of twice what the highest ground within one cell stands above the place: there is no
        hollow on a summit. It falls to nothing within one cell.
    error_correlation_m : float
        Distance between the nodes of that error [m].
    """

    seed: int
    index: int
    height_error_m: float
    subgrid_m: float
    unmeasured_subgrid_m: float | None = None
    site_share: float = 0.0
    error_correlation_m: float = ERROR_CORRELATION_M


def _noise(model: ElevationModel, relief: Relief) -> tuple[GroundArray, GroundArray, tuple[float, float]]:
    """Both noise rasters and how many cells of the model lie between their nodes."""
    rows_per_node = [length / model.resolution_m for length in (relief.error_correlation_m, SUBGRID_CORRELATION_M)]
    shapes = [tuple(int(size / spacing) + 4 for size in model.shape) for spacing in rows_per_node]
    n_error = int(np.prod(shapes[0]))

    def drawn() -> GroundArray:
        generator = stream(relief.seed, "terrain/relief", relief.index)
        noise = generator.standard_normal(n_error + int(np.prod(shapes[1])), dtype=np.float32)
        np.abs(noise[n_error:], out=noise[n_error:])
        return noise

    noise = _drawn_noise.get_or_make((model.content_key, relief.seed, relief.index, n_error), drawn)
    return noise[:n_error].reshape(shapes[0]), noise[n_error:].reshape(shapes[1]), (rows_per_node[0], rows_per_node[1])


class ReliefRasters(NamedTuple):
    """What a relief is made of, fixed to the model: two noises on lattices of their own.

    Noise times ``error_m`` is the error of the altitude [m], noise times a share times the roughness of the model
    (highest less lowest ground of a cell and its neighbours) what ridges rise [m]: ``ridge_share`` up to a roughness of
    ``measured_m``, ``unmeasured_ridge_share`` above. Nodes lie ``error_rows`` and ``ridge_rows`` cells apart, the first
    before the model's first cell.
    """

    error_noise: GroundArray
    ridge_noise: GroundArray
    error_m: np.float32
    ridge_share: np.float32
    unmeasured_ridge_share: np.float32
    measured_m: float
    error_rows: float
    ridge_rows: float

    def ridge_share_of(self, rough_m: GroundArray) -> GroundArray:
        """Share of the roughness that ridges rise for a noise of one [1]."""
        return np.where(rough_m <= self.measured_m, self.ridge_share, self.unmeasured_ridge_share)


def relief_rasters(model: ElevationModel, relief: Relief) -> ReliefRasters:
    """Return what a relief is made of."""
    error, ridge, per_node = _noise(model, relief)
    unmeasured_m = relief.subgrid_m if relief.unmeasured_subgrid_m is None else relief.unmeasured_subgrid_m
    has_measured_cells = MEASURED_CELL_M[0] <= model.resolution_m <= MEASURED_CELL_M[1]
    return ReliefRasters(
        error,
        ridge,
        np.float32(relief.height_error_m / RMS_OF_BILINEAR_NOISE),
        np.float32(relief.subgrid_m / (MEAN_OF_HALF_NORMAL * REFERENCE_ROUGHNESS_M)),
        np.float32(unmeasured_m / (MEAN_OF_HALF_NORMAL * REFERENCE_ROUGHNESS_M)),
        MEASURED_ROUGHNESS_M if has_measured_cells else -1.0,
        *per_node,
    )


def site_rise_m(model: ElevationModel, latitude_deg: float, longitude_deg: float, relief: Relief) -> float:
    """Height of the ground under an antenna above the model's there [m]; 0 beside gaps and off the model."""
    row, column = (float(place) for place in model.pixel_coordinates(latitude_deg, longitude_deg))
    if not (np.isfinite(row) and np.isfinite(column)):
        return 0.0
    first_row, first_column = max(round(row) - 1, 0), max(round(column) - 1, 0)
    around = model.altitude_m[first_row : round(row) + 2, first_column : round(column) + 2]
    own_m = float(model.sample(latitude_deg, longitude_deg))
    if around.size == 0 or not (np.isfinite(around).all() and np.isfinite(own_m)):
        return 0.0
    highest_m, lowest_m = float(around.max()), float(around.min())
    around_m = highest_m - lowest_m
    if relief.site_share < 0.0:
        around_m = min(around_m, 2.0 * max(highest_m - own_m, 0.0))
    return relief.site_share * around_m


def drawn_ground(
    model: ElevationModel,
    latitude_deg: float,
    longitude_deg: float,
    ground: GroundArray,
    cell_m: float,
    relief: Relief,
    threads: int | None = None,
) -> tuple[GroundArray, GroundArray]:
    """Ground as it may be in truth, and the tops of the sub-grid ridges on it.

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
        Altitudes [m]. At the site they are equal, and the ridges grow to their height within one cell of the model. The
        ground at the antenna is higher or lower by ``site_rise_m``, which falls to nothing within one cell.

    Notes
    -----
    Noise is white on lattices of ``error_correlation_m`` and 3 km (in cells of the model) and bilinear between;
    multiplied by 3/2 its standard deviation, averaged over all positions, is ``height_error_m``.
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
    error[coarse_n, coarse_n] += site_rise_m(model, latitude_deg, longitude_deg, relief)
    subgrid = on_grid(rasters.ridge_noise, rasters.ridge_rows)
    subgrid *= rasters.ridge_share_of(rough)
    subgrid *= np.maximum(rough, np.float32(0.0))
    subgrid[coarse_n - 1 : coarse_n + 2, coarse_n - 1 : coarse_n + 2] = 0.0
    drawn, screen = np.empty_like(ground), np.empty_like(ground)

    def block(i_block: int) -> None:
        first = i_block * ROWS_PER_BLOCK
        last = min(ground.shape[0], first + ROWS_PER_BLOCK)
        _kernels.add_relief(ground, error, subgrid, spacing, first, last, drawn, screen)

    run_blocks(block, -(-ground.shape[0] // ROWS_PER_BLOCK), threads)
    return drawn, screen
