"""Exact sight lines for the areas that answers print: along geodesics over the model itself, in short steps.

Shares no code with the program but the reading of the file: positions come from PROJ every kilometre, the ground is
bilinear between cell centres, a cell of azimuth and step counts as a whole. ``own_error`` states what halving does.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from pyproj import Geod

EARTH_RADIUS_M = 6_371_000.0
NODE_M = 1_000.0
GEOD = Geod(ellps="WGS84")


class ExactSight(NamedTuple):
    """Ground and the height above it from which a target is in sight [m], (azimuth, step); nan where unknown."""

    ground_m: np.ndarray
    needed_m: np.ndarray
    step_m: float


@njit(cache=True, nogil=True)
def _walk(raster, row, column, step_m, antenna_m, curvature, ground_m, needed_m):
    n_rows, n_columns = raster.shape
    for a in range(row.shape[0]):
        steepest = -1.0e30
        for s in range(ground_m.shape[1]):
            x = s * step_m
            k = min(int(x / NODE_M), row.shape[1] - 2)
            t = x / NODE_M - k
            r = row[a, k] * (1.0 - t) + row[a, k + 1] * t
            c = column[a, k] * (1.0 - t) + column[a, k + 1] * t
            if r < -0.5 or r > n_rows - 0.5 or c < -0.5 or c > n_columns - 0.5:
                ground_m[a, s:] = np.nan
                needed_m[a, s:] = np.nan
                break
            r = min(max(r, 0.0), n_rows - 1.0)
            c = min(max(c, 0.0), n_columns - 1.0)
            i = min(int(r), n_rows - 2)
            j = min(int(c), n_columns - 2)
            f = r - i
            g = c - j
            z = (raster[i, j] * (1.0 - g) + raster[i, j + 1] * g) * (1.0 - f)
            z += (raster[i + 1, j] * (1.0 - g) + raster[i + 1, j + 1] * g) * f
            ground_m[a, s] = z
            needed_m[a, s] = 0.0
            if s > 0:
                slope = (z - antenna_m - curvature * x * x) / x
                steepest = max(steepest, slope)
                needed_m[a, s] = (steepest - slope) * x


def exact_sight(model, latitude_deg, longitude_deg, mast_m, *, k_factor, reach_m, n_azimuths=3_600, step_m=25.0):
    """Look along ``n_azimuths`` geodesics, half a step of azimuth off north, every ``step_m``."""
    azimuth_deg = (np.arange(n_azimuths) + 0.5) * (360.0 / n_azimuths)
    range_m = np.arange(int(np.ceil(reach_m / NODE_M)) + 2) * NODE_M
    azimuth, distance = (np.ascontiguousarray(x) for x in np.broadcast_arrays(azimuth_deg[:, None], range_m[None, :]))
    start = np.full(azimuth.shape, longitude_deg), np.full(azimuth.shape, latitude_deg)
    longitude, latitude, _ = GEOD.fwd(*start, azimuth, distance)
    row, column = model.pixel_coordinates(latitude, longitude)
    shape = (n_azimuths, round(reach_m / step_m) + 1)
    ground_m, needed_m = np.empty(shape, dtype=np.float32), np.empty(shape, dtype=np.float32)
    antenna_m = float(model.sample(latitude_deg, longitude_deg)) + mast_m
    curvature = 1.0 / (2.0 * k_factor * EARTH_RADIUS_M)
    raster = np.array(model.altitude_m, dtype=np.float32)
    _walk(raster, np.array(row), np.array(column), step_m, antenna_m, curvature, ground_m, needed_m)
    return ExactSight(ground_m, needed_m, step_m)


def in_sight(sight, height_m=None, altitude_m=None):
    """Whether a target at a height above the ground, or at an altitude, is in sight: (azimuth, step) bool."""
    over_ground_m = height_m if altitude_m is None else altitude_m - sight.ground_m
    with np.errstate(invalid="ignore"):
        return (over_ground_m >= sight.needed_m) & (over_ground_m >= 0.0)


def area_km2(sight, is_in):
    """Area of the cells of azimuth and step that are ``is_in`` [km2], on the sphere."""
    n_azimuths, n_steps = is_in.shape
    edge_m = np.clip((np.arange(n_steps + 1) - 0.5) * sight.step_m, 0.0, (n_steps - 1) * sight.step_m)
    piece_m2 = -np.diff(np.cos(edge_m / EARTH_RADIUS_M)) * EARTH_RADIUS_M**2 * (2.0 * np.pi / n_azimuths)
    return float((is_in.sum(axis=0) * piece_m2).sum()) / 1e6


def held_area_km2(sight, is_in, lead_m):
    """Area from which sight is held outwards without a gap over ``lead_m`` [km2], as an engagement needs it."""
    n_steps = is_in.shape[1]
    lead = round(lead_m / sight.step_m)
    gaps = np.cumsum(~is_in, axis=1, dtype=np.int32)
    held = np.zeros_like(is_in)
    held[:, : n_steps - lead] = is_in[:, : n_steps - lead] & (gaps[:, lead:] == gaps[:, : n_steps - lead])
    return area_km2(sight, held)


def own_error(model, latitude_deg, longitude_deg, mast_m, *, k_factor, reach_m, height_m, step_m=25.0):
    """By how much the area in sight changes when azimuths are doubled and steps halved, as a share of it."""
    coarse, fine = (
        exact_sight(
            model, latitude_deg, longitude_deg, mast_m, k_factor=k_factor, reach_m=reach_m,
            n_azimuths=3_600 * by, step_m=step_m / by,
        )
        for by in (1, 2)
    )  # fmt: skip
    areas = [area_km2(one, in_sight(one, height_m)) for one in (coarse, fine)]
    return areas[0] / areas[1] - 1.0
