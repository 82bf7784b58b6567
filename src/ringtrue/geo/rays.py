"""Sight along rays: how high above the ground a target must be to be in view, along geodesics from one antenna."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.cancel import stop_if_cancelled
from ringtrue.geo.cache import MemoryStore
from ringtrue.geo.geodesy import EARTH_RADIUS_M, direct
from ringtrue.geo.ground import STRAIGHT_CELLS, STRAIGHT_M, over_the_seam, positions_from
from ringtrue.geo.relief import relief_rasters, site_rise_m
from ringtrue.geo.surface import farthest_m

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ringtrue.geo.elevation import ElevationModel
    from ringtrue.geo.relief import Relief

    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.int64]
    GroundArray = NDArray[np.float32]

RAYS_VERSION = 2
NODE_M = 5_000.0
RELIEF_NODE_M = 1_000.0
SAMPLES_PER_CELL = 4.0
NEAR_M = 150e3
MOST_SAMPLES = 6_000
STEPS_PER_SAMPLE = 2
STEPS_PER_CELL = 8.0
NEAREST_STEP_M = 0.5
STEPS_TO_ANTENNA = 32.0
RAYS_PER_FAN = 45
_grounds = MemoryStore()


class RayGrid(NamedTuple):
    """Where rays are sampled: ranges of the fine steps [m], and which of them are kept as samples."""

    range_m: FloatArray
    kept: IntArray

    @property
    def sample_range_m(self) -> FloatArray:
        """Ranges of the samples [m]; every whole kilometre is one."""
        return self.range_m[self.kept]


class Fan(NamedTuple):
    """Ground and roughness of the model at every fine step of some neighbouring rays, (step, azimuth) [m].

    nan and 0 where it is not known; steps beyond the last place of the model in these directions are left out.
    """

    azimuths: slice
    ground_m: GroundArray
    rough_m: GroundArray


class _Way(NamedTuple):
    """Row and column of the model every ``NODE_M`` along each ray, (azimuth, node), one node beyond the reach."""

    row: FloatArray
    column: FloatArray


class RayGround(NamedTuple):
    """The ground along all rays of a site, fan by fan, and what every drawn ground about it is read by.

    ``way``: rows and columns of the model along the rays; ``node_rough_m`` (node, azimuth): roughness of the model
    every ``RELIEF_NODE_M`` [m], nan off it and very low beside gaps.
    """

    fans: tuple[Fan, ...]
    way: _Way
    node_rough_m: GroundArray

    def at_samples(self, grid: RayGrid) -> GroundArray:
        """Return the ground at the samples of a grid, (azimuth, sample) [m]; nan where it is not known."""
        ground_m = np.full((self.fans[-1].azimuths.stop, grid.kept.size), np.nan, dtype=np.float32)
        for fan in self.fans:
            kept = grid.kept[grid.kept < fan.ground_m.shape[0]]
            ground_m[fan.azimuths, : kept.size] = fan.ground_m[kept].T
        return ground_m


class RaySight(NamedTuple):
    """What one antenna sees along its rays.

    ``needed_m`` (azimuth, sample): height above the ground from which a target is in view [m], 0 where the ground is;
    ``raised_m`` (azimuth, node): how far the ground of a relief lies above the model's, every ``RELIEF_NODE_M``.
    """

    needed_m: GroundArray
    raised_m: GroundArray
    antenna_altitude_m: float


def ray_grid(model: ElevationModel, latitude_deg: float, longitude_deg: float, reach_m: float) -> RayGrid:
    """Choose the steps along the rays of a site, out to ``reach_m`` or to where the model ends.

    A whole number of samples makes 1 km: the fewest that are no farther apart than a quarter of the model's cell, half
    of that within ``NEAR_M``, where short gaps in the sight of a low flyer count; with models so fine that a ray would
    have more than ``MOST_SAMPLES``, as many as fit. Ground is read at least twice as often as it is kept and every
    eighth of a cell, and near the antenna every thirty-second part of the distance, since what stands there hides the
    most.
    """
    known_m = min(reach_m, max(farthest_m(model, latitude_deg, longitude_deg), 1000.0))
    near_km = int(np.ceil(min(known_m, NEAR_M) / 1000.0))
    far_km = int(np.ceil(known_m / 1000.0)) - near_km
    most_per_km = MOST_SAMPLES / (2 * near_km + far_km)
    per_cell_km = SAMPLES_PER_CELL * 1000.0 / model.resolution_m
    per_near_km = max(1, int(min(np.ceil(2.0 * per_cell_km), 2.0 * most_per_km)))
    per_far_km = max(1, int(min(np.ceil(per_cell_km), most_per_km)))
    steps_per_km = STEPS_PER_CELL * 1000.0 / model.resolution_m
    fine, kept = [], []
    for per_km, first_km, last_km in ((per_near_km, 0, near_km), (per_far_km, near_km, near_km + far_km)):
        steps = max(STEPS_PER_SAMPLE, int(np.ceil(steps_per_km / per_km)))
        numbers = np.arange((last_km - first_km) * per_km * steps)
        fine.append(first_km * 1000.0 + numbers * (1000.0 / (per_km * steps)))
        kept.append(fine[-1][::steps])
    end_m = np.array([(near_km + far_km) * 1000.0])
    antenna_m = [NEAREST_STEP_M]
    while antenna_m[-1] / STEPS_TO_ANTENNA < fine[0][1]:
        antenna_m.append(antenna_m[-1] + max(antenna_m[-1] / STEPS_TO_ANTENNA, NEAREST_STEP_M))
    range_m = np.unique(np.concatenate([*fine, end_m, [r for r in antenna_m if r < end_m[0]]]))
    return RayGrid(range_m, np.searchsorted(range_m, np.concatenate([*kept, end_m])).astype(np.int64))


def _way(
    model: ElevationModel, latitude_deg: float, longitude_deg: float, azimuth_rad: FloatArray, reach_m: float
) -> _Way:
    range_m: FloatArray = np.arange(int(np.ceil(reach_m / NODE_M)) + 2, dtype=np.float64) * NODE_M
    row, column = positions_from(model, latitude_deg, longitude_deg, azimuth_rad[:, None], range_m[None, :])
    return _Way(np.ascontiguousarray(row), np.ascontiguousarray(column))


def _along(
    raster: GroundArray,
    way: _Way,
    range_m: FloatArray,
    columns_around: int,
    loop: Callable[..., None] | None = None,
    out: GroundArray | None = None,
) -> GroundArray:
    """Read a raster along rays, bilinear, (step, azimuth); ``way`` in its own rows and columns.

    ``loop`` reads something else of it: a kernel called as ``_kernels.sample_along_rays`` is.
    """
    from ringtrue.geo import _kernels

    stop_if_cancelled()
    turned, column = over_the_seam(raster, way.column, columns_around)
    turned = np.ascontiguousarray(turned, dtype=np.float32).view()
    turned.setflags(write=False)
    if out is None:
        out = np.empty((range_m.size, way.row.shape[0]), dtype=np.float32)
    (loop or _kernels.sample_along_rays)(turned, way.row, np.ascontiguousarray(column), NODE_M, range_m, out)
    return out


def _is_bent(
    model: ElevationModel, latitude_deg: float, longitude_deg: float, azimuth_rad: FloatArray, way: _Way
) -> NDArray[np.bool_]:
    """Where the model's rows or columns jump or bend between two nodes of a ray, (azimuth, piece).

    So it is about a pole, and at the seam of a map that does not join.
    """
    middle_m: FloatArray = (np.arange(way.row.shape[1] - 1) + 0.5) * NODE_M
    true = positions_from(model, latitude_deg, longitude_deg, azimuth_rad[:, None], middle_m[None, :])
    wide = max(STRAIGHT_CELLS, STRAIGHT_M / model.resolution_m)
    with np.errstate(invalid="ignore"):
        bent = np.zeros(true[0].shape, dtype=np.bool_)
        for nodes, exact in zip(way, true, strict=True):
            bent |= ~(np.abs((nodes[:, 1:] + nodes[:, :-1]) / 2.0 - exact) <= wide)
    return bent


def _n_steps(model: ElevationModel, way: _Way, bent: NDArray[np.bool_], range_m: FloatArray) -> int:
    """How many steps of some rays lie before the last place at which one of them can be on the model."""
    if model.columns_around:
        return range_m.size
    may_be_on = np.ones(bent.shape, dtype=np.bool_)
    for nodes, n in zip(way, model.shape, strict=True):
        low, high = np.fmin(nodes[:, 1:], nodes[:, :-1]), np.fmax(nodes[:, 1:], nodes[:, :-1])
        may_be_on &= (high >= -0.5) & (low <= n - 0.5)
    pieces = np.flatnonzero((may_be_on | bent).any(axis=0))
    return int(np.searchsorted(range_m, (pieces[-1] + 1 if pieces.size else 1) * NODE_M, side="right"))


class _Nodes(NamedTuple):
    """What a ground holds beside its fans, as it is kept in memory."""

    way: _Way
    rough_m: GroundArray

    @property
    def nbytes(self) -> int:
        return self.way.row.nbytes + self.way.column.nbytes + self.rough_m.nbytes


def _node_m(grid: RayGrid) -> FloatArray:
    """Ranges at which drawn ground is read [m], one beyond the reach."""
    return np.arange(int(np.ceil(grid.range_m[-1] / RELIEF_NODE_M)) + 2, dtype=np.float64) * RELIEF_NODE_M


def ray_ground(
    model: ElevationModel, latitude_deg: float, longitude_deg: float, azimuth_rad: FloatArray, grid: RayGrid
) -> RayGround:
    """Ground and roughness of the model along geodesics, bilinear, kept in memory for the next mast, k or relief."""
    from ringtrue.geo import _kernels

    def make(fan_rad: FloatArray) -> GroundArray:
        way = _way(model, latitude_deg, longitude_deg, fan_rad, float(grid.range_m[-1]))
        bent = _is_bent(model, latitude_deg, longitude_deg, fan_rad, way)
        range_m, around = grid.range_m[: _n_steps(model, way, bent, grid.range_m)], model.columns_around
        both = np.empty((2, range_m.size, fan_rad.size), dtype=np.float32)
        _along(model.altitude_m, way, range_m, around, out=both[0])
        for i_azimuth, i_node in np.argwhere(bent):
            first, last = np.searchsorted(range_m, [i_node * NODE_M, (i_node + 1) * NODE_M])
            there = direct(latitude_deg, longitude_deg, fan_rad[i_azimuth], range_m[first:last])
            both[0, first:last, i_azimuth] = model.sample(there.latitude_deg, there.longitude_deg)
        _along(model.altitude_m, way, range_m, around, _kernels.roughness_along_rays, out=both[1])
        both[1][~(both[1] > 0.0)] = 0.0
        return both

    fans = []
    for first in range(0, azimuth_rad.size, RAYS_PER_FAN):
        azimuths = slice(first, min(azimuth_rad.size, first + RAYS_PER_FAN))
        key = (model.content_key, latitude_deg, longitude_deg, azimuth_rad.size, grid.range_m.size, first)
        both = _grounds.get_or_make(key, partial(make, azimuth_rad[azimuths]))
        fans.append(Fan(azimuths, both[0], both[1]))
    node_m = _node_m(grid)

    def at_nodes() -> _Nodes:
        way = _way(model, latitude_deg, longitude_deg, azimuth_rad, float(node_m[-1]))
        rough = _along(model.altitude_m, way, node_m, model.columns_around, _kernels.roughness_along_rays)
        return _Nodes(way, rough)

    of_nodes = ("nodes", model.content_key, latitude_deg, longitude_deg, azimuth_rad.size, node_m.size)
    return RayGround(tuple(fans), *_grounds.get_or_make(of_nodes, at_nodes))


def ray_sight(
    model: ElevationModel,
    latitude_deg: float,
    longitude_deg: float,
    azimuth_rad: FloatArray,
    grid: RayGrid,
    ground: RayGround,
    *,
    antenna_height_m: float,
    k_factor: float,
    relief: Relief | None = None,
) -> RaySight:
    """Height above the ground from which a target is in view, along every ray.

    Parameters
    ----------
    azimuth_rad : (azimuth,) array
        Directions of the rays [rad].
    grid, ground : RayGrid, RayGround
        Where the rays are sampled, and the ground there.
    antenna_height_m : float
        Antenna above the ground [m].
    k_factor : float
        Effective over true earth radius [1].
    relief : Relief, optional
        A draw of terrain doubt; none for the model as it is.

    Notes
    -----
    Above the parabola of the effective earth sight lines are straight: the needed height is the steepest rise met so
    far times the distance, less the rise of the ground. What comes behind unknown ground is unknown. Against the same
    rays in finer steps the printed areas err as docs/methods/terrain-surface.md says.
    """
    from ringtrue.geo import _kernels

    node_m = _node_m(grid)
    raised = np.zeros((node_m.size, azimuth_rad.size), dtype=np.float32)
    ridge = np.zeros_like(raised)
    site_m = 0.0
    if relief is not None:
        drawn = relief_rasters(model, relief)
        way, rough = ground.way, ground.node_rough_m

        def noise(raster: GroundArray, rows_per_node: float) -> GroundArray:
            nodes = _Way(way.row / rows_per_node + 1.0, way.column / rows_per_node + 1.0)
            return _along(raster, nodes, node_m, raster.shape[1] if model.columns_around else 0)

        raised = noise(drawn.error_noise, drawn.error_rows) * drawn.error_m
        ridge = noise(drawn.ridge_noise, drawn.ridge_rows) * drawn.ridge_share_of(rough)
        raised[~(rough > 0.0)] = 0.0
        np.nan_to_num(raised, copy=False)
        np.nan_to_num(ridge, copy=False)
        site_m = site_rise_m(model, latitude_deg, longitude_deg, relief)
    antenna_m = float(ground.fans[0].ground_m[0, 0]) + float(raised[0, 0]) + site_m + antenna_height_m
    needed = np.full((azimuth_rad.size, grid.kept.size), np.nan, dtype=np.float32)
    for azimuths, ground_m, rough_m in ground.fans:
        stop_if_cancelled()
        raised_there, ridge_there = (np.ascontiguousarray(field[:, azimuths]) for field in (raised, ridge))
        _kernels.sight_along_rays(
            ground_m, rough_m, raised_there, ridge_there, RELIEF_NODE_M, grid.range_m[: ground_m.shape[0]], grid.kept,
            antenna_m, site_m, 1.0 / (2.0 * k_factor * EARTH_RADIUS_M), model.resolution_m, needed[azimuths],
        )  # fmt: skip
    return RaySight(needed, np.ascontiguousarray(raised.T), antenna_m)
