"""The terrain surface: the lowest altitude in view above every cell about a site."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ringtrue.errors import DomainError, OutsideTerrainError
from ringtrue.geo.cache import Stored, content_key, load_arrays, store_arrays
from ringtrue.geo.elevation import ElevationModel
from ringtrue.geo.geodesy import check_position, inverse
from ringtrue.geo.maps import to_degrees
from ringtrue.geo.refraction import minimum_visible_height_m
from ringtrue.geo.relief import Relief
from ringtrue.geo.zeros import check_zeros

FloatArray = NDArray[np.float64]
GroundArray = NDArray[np.float32]

CELL_LIMIT = 64_000_000
MARGIN_CELLS = 1.5
NESTING = 320
FINEST_PARTS = 30
AZIMUTHS_PER_BLOCK = 256
UNKNOWN_BELOW_M, VOID_BELOW_M = -1.0e5, -1.5e6
OUTLINE_POINTS, OUTLINE_MARGIN = 17, 1.02
SWEEP_VERSION = 4

__all__ = ["Relief", "TerrainSurface", "interpolate_in_inverse_k", "polar", "terrain_surface"]


@dataclass(frozen=True, slots=True)
class TerrainSurface:
    """What an antenna at a site can see, on a grid of 2 n + 1 cells a side.

    Azimuthal-equidistant about the site (distance and azimuth from the middle cell are true), row 0 in the north.

    Attributes
    ----------
    latitude_deg, longitude_deg : float
        Site [degree].
    site_altitude_m, antenna_height_m : float
        Ground under the antenna above mean sea level, antenna above that ground [m].
    k_factor : float
        Effective over true earth radius [1].
    reach_m : float
        Radius to which the surface is known [m]; a margin of one cell and a half beyond it serves interpolation.
    cell_m : float
        Cell [m].
    sweep_cell_m : float
        Cell of the sweep behind it [m]; 0 for bare earth.
    lowest_visible_altitude_m : (row, col) float32 array
        Above mean sea level [m], at the cell's centre, never below the ground; nan out of reach or not covered.
    ground_altitude_m : (row, col) float32 array
        Above mean sea level [m]; nan off the model.
    is_covered : (row, col) bool array
        The elevation model knows the cell and everything between it and the site, within reach.
    """

    latitude_deg: float
    longitude_deg: float
    site_altitude_m: float
    antenna_height_m: float
    k_factor: float
    reach_m: float
    cell_m: float
    sweep_cell_m: float
    lowest_visible_altitude_m: GroundArray
    ground_altitude_m: GroundArray
    is_covered: NDArray[np.bool_]

    @property
    def n(self) -> int:
        """Cells from the middle to the edge."""
        return int(self.ground_altitude_m.shape[0]) // 2

    @property
    def antenna_altitude_m(self) -> float:
        """Antenna above mean sea level [m]."""
        return self.site_altitude_m + self.antenna_height_m

    def ground_range_m(self) -> FloatArray:
        """Distance of every cell from the site [m], (row, col)."""
        offset_m = np.arange(-self.n, self.n + 1) * self.cell_m
        return np.asarray(np.hypot(offset_m[:, None], offset_m[None, :]), dtype=np.float64)

    def azimuth_rad(self) -> FloatArray:
        """Azimuth of every cell from the site, clockwise from north [rad, 0 to 2 pi], (row, col)."""
        offset_m = np.arange(-self.n, self.n + 1) * self.cell_m
        return np.asarray(np.mod(np.arctan2(offset_m[None, :], -offset_m[:, None]), 2.0 * np.pi), dtype=np.float64)


def terrain_surface(
    model: ElevationModel,
    latitude_deg: float,
    longitude_deg: float,
    *,
    antenna_height_m: float,
    k_factor: float,
    reach_m: float,
    out_cell_m: float = 1000.0,
    sweep_cell_m: float | None = None,
    nesting: int = NESTING,
    relief: Relief | None = None,
    threads: int | None = None,
    cache: bool = True,
) -> TerrainSurface:
    """Sweep the ground about a site once; heights, targets and draws then only read the result.

    Parameters
    ----------
    model : ElevationModel
        Ground; the smooth earth gives a closed form at the ground altitude of the site.
    latitude_deg, longitude_deg : float
        Site [degree].
    antenna_height_m : float
        Antenna above the ground [m], zero or more.
    k_factor : float
        Effective over true earth radius [1].
    reach_m : float
        Radius wanted [m].
    out_cell_m : float
        Cell of the result [m]; each is a sample of the sweep at its centre.
    sweep_cell_m : float, optional
        Cell of the widest grid of the sweep [m], rounded so that ``out_cell_m`` is a multiple. When left out: the
        model's resolution, or as fine as 64 million cells allow.
    nesting : int
        Finer grids about the antenna: a cell is at most 1/``nesting`` of its distance (``nested_levels``). 0 for one
        grid, as when a site is dragged over a map.
    relief : Relief, optional
        A draw of terrain doubt; none for the model as it is.
    threads : int, optional
        Threads; all when left out. The bits do not depend on it.
    cache : bool
        Read and write the disk store.

    Returns
    -------
    TerrainSurface

    Raises
    ------
    OutsideTerrainError
        The site lies off the model.
    DomainError
        A latitude, height, k or reach that cannot be.
    """
    check_position(latitude_deg, longitude_deg)
    check_sight(antenna_height_m, k_factor, reach_m, out_cell_m)
    site_altitude_m = float(model.sample(latitude_deg, longitude_deg))
    if math.isnan(site_altitude_m):
        raise OutsideTerrainError((float(latitude_deg), float(longitude_deg)), model.name)
    check_zeros(model, float(latitude_deg), float(longitude_deg), reach_m)
    n_out = math.ceil(reach_m / out_cell_m) + 1
    if model.is_bare_earth:
        return _bare_earth(
            latitude_deg, longitude_deg, site_altitude_m, antenna_height_m, k_factor, reach_m, out_cell_m, n_out
        )
    spacing = _spacing(model.resolution_m, n_out, out_cell_m, sweep_cell_m)
    head = TerrainSurface(
        float(latitude_deg), float(longitude_deg), site_altitude_m, float(antenna_height_m), float(k_factor),
        float(reach_m), float(out_cell_m), out_cell_m / spacing,
        np.empty((0, 0), np.float32), np.empty((0, 0), np.float32), np.empty((0, 0), np.bool_),
    )  # fmt: skip
    key = content_key(
        "surface", SWEEP_VERSION, model.content_key, head.latitude_deg, head.longitude_deg, head.antenna_height_m,
        head.k_factor, head.reach_m, head.cell_m, spacing, nesting, relief,
    )  # fmt: skip
    side = (2 * n_out + 1, 2 * n_out + 1)
    altitudes = Stored(side, "<f4", may_be_nan=True)
    expected = {"lowest": altitudes, "ground": altitudes, "covered": Stored(side, "|b1")}
    stored = load_arrays(key, expected, _is_sound) if cache else None
    if stored is None:
        stored = _sweep(model, head, n_out, spacing, nesting, relief, threads)
        if cache:
            store_arrays(key, stored)
    return replace(
        head,
        site_altitude_m=float(stored["ground"][n_out, n_out]),
        lowest_visible_altitude_m=stored["lowest"],
        ground_altitude_m=stored["ground"],
        is_covered=stored["covered"],
    )


def _is_sound(stored: dict[str, Any]) -> bool:
    """Whether a stored surface can be one: known under the antenna and where covered, never below the ground."""
    ground, lowest = stored["ground"], stored["lowest"]
    middle, is_covered = ground.shape[0] // 2, stored["covered"]
    return bool(np.isfinite(ground[middle, middle]) and (lowest[is_covered] >= ground[is_covered]).all())


def check_sight(antenna_height_m: float, k_factor: float, reach_m: float, out_cell_m: float) -> None:
    """Refuse an antenna, a k, a reach or a cell that cannot be."""
    if not antenna_height_m >= 0.0:
        msg = f"antenna height {antenna_height_m:g} m is below the ground; give zero or more"
        raise DomainError(msg)
    if not 0.3 <= k_factor <= 20.0:
        msg = f"k = {k_factor:g} is outside 0.3 to 20; 4/3 is the standard atmosphere"
        raise DomainError(msg)
    if not 0.0 < out_cell_m <= reach_m <= 2_000e3:
        msg = f"reach {reach_m:g} m and cell {out_cell_m:g} m do not fit; the reach lies between one cell and 2,000 km"
        raise DomainError(msg)


def _spacing(resolution_m: float, n_out: int, out_cell_m: float, sweep_cell_m: float | None) -> int:
    """How many cells of the sweep make one cell of the result."""
    spacing = max(1, round(out_cell_m / (sweep_cell_m or resolution_m)))
    most = int((math.sqrt(CELL_LIMIT) - 1.0) / (2 * n_out))
    if most < 1:
        msg = (
            f"a reach of {n_out * out_cell_m / 1e3:.0f} km in cells of {out_cell_m:g} m makes more than {CELL_LIMIT:,} "
            "cells; take larger cells"
        )
        raise DomainError(msg)
    return min(spacing, most)


class Level(NamedTuple):
    """One grid of the nest: its cell [m], half its side and half the side of the finer one within, in its cells."""

    cell_m: float
    n: int
    inner_n: int


def nested_levels(cell_m: float, n: int, nesting: int, resolution_m: float) -> list[Level]:
    """Grids of a sweep, the finest first: each square inside is half as wide and has cells half as large.

    Ground close to the antenna is seen under the steepest angles, so an error there grows with the ratio of
    distances; a
    cell shall not be larger than 1/``nesting`` of its distance, down to 1/``FINEST_PARTS`` of the model's resolution.

    >>> nested_levels(500.0, 800, 320, 1000.0)[-1]
    Level(cell_m=500.0, n=800, inner_n=320)
    >>> nested_levels(500.0, 100, 320, 1000.0)[-1]  # all of it is near
    Level(cell_m=125.0, n=400, inner_n=320)
    """
    levels = []
    while nesting > 0 and cell_m / 2.0 >= resolution_m / FINEST_PARTS:
        if n > nesting:
            levels.append(Level(cell_m, n, nesting))
        cell_m, n = cell_m / 2.0, 2 * min(n, nesting)
    levels.append(Level(cell_m, n, 0))
    return levels[::-1]


def _sweep(
    model: ElevationModel,
    head: TerrainSurface,
    n_out: int,
    spacing: int,
    nesting: int,
    relief: Relief | None,
    threads: int | None,
) -> dict[str, Any]:
    from ringtrue.geo.ground import site_ground
    from ringtrue.geo.relief import drawn_ground
    from ringtrue.geo.sweep import edge_sweep

    place = (head.latitude_deg, head.longitude_deg)
    result = None
    antenna_altitude_m = math.nan
    n_whole = n_out
    n_out = int(min(n_out, farthest_m(model, *place) / head.cell_m + 2.0))
    for level in nested_levels(head.sweep_cell_m, n_out * spacing, nesting, model.resolution_m):
        ground = top = site_ground(model, *place, level.cell_m, level.n, threads)
        if relief is not None:
            ground, top = drawn_ground(model, *place, ground, level.cell_m, relief, threads)
        if result is None:
            antenna_altitude_m = float(ground[level.n, level.n]) + head.antenna_height_m
        result = edge_sweep(
            ground,
            antenna_altitude_m,
            cell_m=level.cell_m,
            k_factor=head.k_factor,
            reach_m=head.reach_m + MARGIN_CELLS * head.cell_m,
            out_spacing=round(head.cell_m / level.cell_m),
            out_n=n_out,
            inner=result,
            inner_n=level.inner_n,
            threads=threads,
        )
    assert result is not None
    lowest = result.lowest_visible_altitude_m
    finer = round(head.cell_m / level.cell_m)
    out_ground = ground[::finer, ::finer].copy()
    is_known = (out_ground > UNKNOWN_BELOW_M) & ~_has_void(ground, finer)
    covered = _covered(is_known, ~np.isnan(lowest))
    lowest = np.where(covered, np.maximum(lowest, top[::finer, ::finer]), np.float32(np.nan))
    out_ground[~is_known] = np.nan
    around = n_whole - n_out
    return {
        "lowest": np.pad(lowest, around, constant_values=np.float32(np.nan)),
        "ground": np.pad(out_ground, around, constant_values=np.float32(np.nan)),
        "covered": np.pad(covered, around),
    }


def farthest_m(model: ElevationModel, latitude_deg: float, longitude_deg: float) -> float:
    """Distance to the farthest place that a model can cover [m]; infinite where it goes around the earth."""
    if model.columns_around:
        return math.inf
    x0, dx, y0, dy = model.geotransform
    n_rows, n_columns = model.shape
    row, column = np.meshgrid(
        np.linspace(-0.5, n_rows - 0.5, OUTLINE_POINTS), np.linspace(-0.5, n_columns - 0.5, OUTLINE_POINTS)
    )
    latitude, longitude = to_degrees(model.map.crs, x0 + dx * column, y0 + dy * row)
    if not (np.isfinite(latitude) & np.isfinite(longitude)).all():
        return math.inf
    distance_m = inverse(
        latitude_deg, longitude_deg, np.clip(latitude, -90.0, 90.0), np.mod(longitude + 180.0, 360.0) - 180.0
    )[0]
    return OUTLINE_MARGIN * float(distance_m.max())


def _has_void(ground: GroundArray, finer: int) -> NDArray[np.bool_]:
    """Whether a cell of the result holds a void, ``finer`` cells of the ground to each of its own."""
    from scipy.ndimage import maximum_filter

    is_void = ground < VOID_BELOW_M
    if not is_void.any():
        return np.zeros(is_void[::finer, ::finer].shape, dtype=np.bool_)
    return np.asarray(maximum_filter(is_void, finer | 1)[::finer, ::finer])


def _covered(is_known: NDArray[np.bool_], is_reached: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Cells that are known, and whose line from the middle crosses only cells that are known."""
    if is_known[is_reached].all():
        return is_reached
    n = is_known.shape[0] // 2
    n_azimuths = 8 * n
    step = np.arange(1, int(n * math.sqrt(2.0)) + 1)
    first_gap = np.empty(n_azimuths, dtype=np.int64)
    for first in range(0, n_azimuths, AZIMUTHS_PER_BLOCK):
        azimuth = np.arange(first, min(n_azimuths, first + AZIMUTHS_PER_BLOCK)) * (2.0 * np.pi / n_azimuths)
        row = np.rint(n - np.cos(azimuth)[:, None] * step).astype(np.int64)
        column = np.rint(n + np.sin(azimuth)[:, None] * step).astype(np.int64)
        on_grid = (row >= 0) & (row <= 2 * n) & (column >= 0) & (column <= 2 * n)
        unknown = on_grid & ~is_known[np.clip(row, 0, 2 * n), np.clip(column, 0, 2 * n)]
        first_gap[first : first + azimuth.size] = np.where(unknown.any(axis=1), step[unknown.argmax(axis=1)], 4 * n)
    offset = np.arange(-n, n + 1)
    distance = np.hypot(offset[:, None], offset[None, :])
    turn = np.mod(np.arctan2(offset[None, :], -offset[:, None]), 2.0 * np.pi) * (n_azimuths / (2.0 * np.pi))
    return np.asarray(is_reached & is_known & (distance < first_gap[np.rint(turn).astype(np.int64) % n_azimuths]))


def _bare_earth(
    latitude_deg: float,
    longitude_deg: float,
    site_altitude_m: float,
    antenna_height_m: float,
    k_factor: float,
    reach_m: float,
    cell_m: float,
    n: int,
) -> TerrainSurface:
    offset_m = np.arange(-n, n + 1) * cell_m
    range_m = np.hypot(offset_m[:, None], offset_m[None, :])
    is_reached = range_m <= reach_m + MARGIN_CELLS * cell_m
    lowest = site_altitude_m + minimum_visible_height_m(
        np.minimum(range_m, reach_m + MARGIN_CELLS * cell_m), antenna_height_m, k_factor=k_factor
    )
    return TerrainSurface(
        float(latitude_deg), float(longitude_deg), site_altitude_m, float(antenna_height_m), float(k_factor),
        float(reach_m), float(cell_m), 0.0,
        np.where(is_reached, lowest, np.nan).astype(np.float32),
        np.full(range_m.shape, site_altitude_m, dtype=np.float32),
        is_reached,
    )  # fmt: skip


def polar(
    surface_field: NDArray[np.generic], cell_m: float, azimuth_rad: ArrayLike, ground_range_m: ArrayLike
) -> FloatArray:
    """A field of a surface along azimuths, bilinear.

    Parameters
    ----------
    surface_field : (row, col) array
        On the grid of a ``TerrainSurface``; booleans count as 0 and 1.
    cell_m : float
        Cell of that grid [m].
    azimuth_rad : (azimuth,) array_like
        Clockwise from north [rad].
    ground_range_m : (range,) array_like
        Distance from the site [m].

    Returns
    -------
    (azimuth, range) array
        nan off the grid, and beside cells that are nan.

    Examples
    --------
    >>> polar(np.arange(9.0).reshape(3, 3), 100.0, [0.0, np.pi / 2], [0.0, 50.0, 100.0]).tolist()
    [[4.0, 2.5, 1.0], [4.0, 4.5, 5.0]]
    """
    azimuth = np.atleast_1d(np.asarray(azimuth_rad, dtype=np.float64))[:, None]
    distance = np.atleast_1d(np.asarray(ground_range_m, dtype=np.float64))[None, :] / cell_m
    side = surface_field.shape[0]
    n = side // 2
    row = n - np.cos(azimuth) * distance
    column = n + np.sin(azimuth) * distance
    tolerance = 1e-9 * side
    inside = (np.minimum(row, column) >= -tolerance) & (np.maximum(row, column) <= side - 1 + tolerance)
    row, column = np.clip(row, 0.0, side - 1.0), np.clip(column, 0.0, side - 1.0)
    i = np.minimum(row.astype(np.int64), side - 2)
    j = np.minimum(column.astype(np.int64), side - 2)
    f, g = row - i, column - j
    corner = surface_field.astype(np.float64, copy=False).ravel()
    at = i * side + j
    upper = _between(corner[at], corner[at + 1], g)
    lower = _between(corner[at + side], corner[at + side + 1], g)
    return np.asarray(np.where(inside, _between(upper, lower, f), np.nan), dtype=np.float64)


def _between(first: FloatArray, second: FloatArray, fraction: FloatArray) -> FloatArray:
    """Linear interpolation in which a nan neighbour of no weight (below 1e-9) does no harm."""
    near_first, near_second = fraction < 1e-9, fraction > 1.0 - 1e-9
    mixed = first + (second - first) * fraction
    return np.asarray(np.where(near_first, first, np.where(near_second, second, mixed)), dtype=np.float64)


def interpolate_in_inverse_k(surface_a: TerrainSurface, surface_b: TerrainSurface, k_factor: float) -> TerrainSurface:
    """Surface at a k between those of two surfaces of the same site and antenna, linear in 1/k.

    Parameters
    ----------
    surface_a, surface_b : TerrainSurface
        Same grid, site, antenna and relief, different k.
    k_factor : float
        Between the two [1].

    Returns
    -------
    TerrainSurface

    Raises
    ------
    DomainError
        The surfaces differ in more than k, or k lies outside them.

    Notes
    -----
    Behind a fixed ridge the lowest visible altitude is linear in 1/k; the highest of many lines is convex. So the
    result is
    never too low (up to the rounding of float32), and too high by at most d^2 (1/k_a - 1/k_b) / (8 R) at distance d.
    """
    same = (surface_a.latitude_deg, surface_a.longitude_deg, surface_a.antenna_height_m, surface_a.cell_m, surface_a.n)
    if same != (
        surface_b.latitude_deg, surface_b.longitude_deg, surface_b.antenna_height_m, surface_b.cell_m, surface_b.n,
    ):  # fmt: skip
        msg = "two surfaces of different sites, antennas or grids cannot be interpolated; sweep again"
        raise DomainError(msg)
    low, high = sorted((surface_a.k_factor, surface_b.k_factor))
    if not low <= k_factor <= high:
        msg = f"k = {k_factor:g} lies outside {low:g} to {high:g}, between which surfaces are known; sweep again"
        raise DomainError(msg)
    if low == high:
        return surface_a
    share = (1.0 / k_factor - 1.0 / surface_a.k_factor) / (1.0 / surface_b.k_factor - 1.0 / surface_a.k_factor)
    lowest_a, lowest_b = surface_a.lowest_visible_altitude_m, surface_b.lowest_visible_altitude_m
    lowest = lowest_a + np.float32(share) * (lowest_b - lowest_a)
    return replace(surface_a, k_factor=float(k_factor), lowest_visible_altitude_m=lowest)
