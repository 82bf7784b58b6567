"""Zeros where land is: gaps of an elevation model that were filled with 0, and would count as ground at sea level."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ringtrue.cancel import stop_if_cancelled
from ringtrue.errors import GroundWarning, InputError
from ringtrue.geo.cache import MemoryStore
from ringtrue.geo.elevation import SHIPPED_PATH
from ringtrue.geo.geodesy import direct
from ringtrue.geo.layers import is_far_inland, is_inside_coast
from ringtrue.geo.maps import to_degrees

if TYPE_CHECKING:
    from ringtrue.geo.elevation import ElevationModel

FEWEST_CELLS = 25
MOST_SHARE = 0.01
COAST_M = 500.0
LOW_M = 2.0
RING_CELLS = 200
ROWS_PER_BAND = 512
REMEDY = (
    "mark gaps as gaps: gdalwarp -dstnodata -32768, gdalbuildvrt -vrtnodata -32768, gdal_merge.py -init -32768 "
    "-a_nodata -32768, or gdal_translate -mask for a band of transparency"
)
_found = MemoryStore(300_000_000)


def zeros_on_land(model: ElevationModel) -> NDArray[np.bool_]:
    """Cells in patches of exact zeros on land, where an elevation model with sea in it has none.

    Parameters
    ----------
    model : ElevationModel
        Ground.

    Returns
    -------
    (row, column) bool array
        Of shape (0, 0) where there are none, on bare earth, and for the shipped model, whose zeros are known: it sets
        ground below sea level (the Dead Sea, Qattara, the lowland about the Caspian) to 0.

    Notes
    -----
    Counted are patches of 25 cells or more that touch along their edges: those that lie inside the coastline, and of
    those that reach into the sea what lies far inland (``is_far_inland``). Left out are patches about which most cells
    that are not 0 lie within 2 m of it: low land.
    """
    if model.is_bare_earth or model.path == SHIPPED_PATH:
        return np.zeros((0, 0), dtype=np.bool_)
    found: NDArray[np.bool_] = _found.get_or_make(model.content_key, lambda: _search(model))
    return found


def _search(model: ElevationModel) -> NDArray[np.bool_]:
    from scipy.ndimage import find_objects, label

    nothing = np.zeros((0, 0), dtype=np.bool_)
    altitude_m = model.altitude_m
    found = altitude_m == 0.0
    rows, columns = (np.flatnonzero(found.any(axis=axis)) for axis in (1, 0))
    if np.count_nonzero(found) < FEWEST_CELLS:
        return nothing
    box = (slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1))
    found[box] = _inland(model, found[box], box[0].start, box[1])
    if not found.any():
        return nothing
    patches, n_patches = label(found)
    n_cells = np.zeros(n_patches + 1, dtype=np.int64)
    for band in _bands(patches.shape[0]):
        stop_if_cancelled()
        n_cells += np.bincount(patches[band].ravel(), minlength=n_patches + 1)
    whole = _whole_patches(n_patches, [_over_the_seam(model, box[1], patches[:, 0], patches[:, -1]) - 1])
    is_kept = np.concatenate([[False], np.bincount(whole, weights=n_cells[1:])[whole] >= FEWEST_CELLS])
    places = find_objects(patches)
    for i in np.flatnonzero(is_kept):
        around = tuple(slice(max(0, s.start - 1), s.stop + 1) for s in places[i - 1])
        is_kept[i] = not _is_low(altitude_m[around], patches[around] == i)
    np.take(is_kept, patches, out=found)
    return found if is_kept.any() else nothing


def _bands(n_rows: int) -> list[slice]:
    """Bands of rows, so that no second raster of wide numbers is held."""
    return [slice(first, min(n_rows, first + ROWS_PER_BAND)) for first in range(0, n_rows, ROWS_PER_BAND)]


def _inland(model: ElevationModel, is_zero: NDArray[np.bool_], first_row: int, columns: slice) -> NDArray[np.bool_]:
    """Zeros that lie far inland, and those in patches of 25 cells or more that touch no sea.

    Patches are numbered band by band, twice, and joined where they touch from one band to the next: their numbers for
    the whole raster would take as much room as its altitudes.
    """
    from scipy.ndimage import label

    inland = np.empty(is_zero.shape, dtype=np.bool_)
    n_cells, n_at_sea, joined = [], [], []
    first_of_band = [0]
    above = np.zeros(is_zero.shape[1], dtype=np.int64)
    for rows in _bands(is_zero.shape[0]):
        stop_if_cancelled()
        on_land, inland[rows] = _on_land(model, first_row + rows.start, rows.stop - rows.start, columns)
        numbers, n = label(is_zero[rows])
        n_cells.append(np.bincount(numbers.ravel(), minlength=n + 1)[1:])
        n_at_sea.append(np.bincount(numbers[~on_land], minlength=n + 1)[1:])
        touches = (above > 0) & (numbers[0] > 0)
        joined.append(np.unique(np.stack([above[touches], numbers[0][touches] + first_of_band[-1]]), axis=1))
        joined.append(_over_the_seam(model, columns, numbers[:, 0], numbers[:, -1]) + first_of_band[-1])
        above = np.where(numbers[-1] > 0, numbers[-1] + np.int64(first_of_band[-1]), 0)
        first_of_band.append(first_of_band[-1] + n)
    patch = _whole_patches(first_of_band[-1], [pairs - 1 for pairs in joined])
    of_patch = (np.bincount(patch, weights=np.concatenate(n)) for n in (n_cells, n_at_sea))
    whole, at_sea = of_patch
    is_lake = ((whole >= FEWEST_CELLS) & (at_sea == 0))[patch]
    inland &= is_zero
    if is_lake.any():
        for rows, first, last in zip(_bands(is_zero.shape[0]), first_of_band, first_of_band[1:], strict=False):
            stop_if_cancelled()
            inland[rows] |= np.concatenate([[False], is_lake[first:last]])[label(is_zero[rows])[0]]
    return inland


def _over_the_seam(
    model: ElevationModel, columns: slice, first: NDArray[np.integer], last: NDArray[np.integer]
) -> NDArray[np.int64]:
    """Pairs of numbers that touch where the last column of a model that goes once around joins its first, (2, pair)."""
    joins = bool(model.columns_around) and columns.start == 0 and columns.stop == model.shape[1]
    touches = (first > 0) & (last > 0) & joins
    return np.unique(np.stack([first[touches], last[touches]]).astype(np.int64), axis=1)


def _whole_patches(n_numbers: int, joined: list[NDArray[np.int64]]) -> NDArray[np.integer]:
    """Patch of each number, counted from 0, where numbers that are joined in pairs are one patch."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    pairs = np.concatenate(joined, axis=1)
    graph = coo_matrix((np.ones(pairs.shape[1], dtype=np.bool_), pairs), shape=(n_numbers, n_numbers))
    patch: NDArray[np.integer] = connected_components(graph, directed=False)[1]
    return patch


def _is_low(altitude_m: NDArray[np.float32], is_patch: NDArray[np.bool_]) -> bool:
    """Whether most known cells about a patch that are not 0 lie within 2 m of it."""
    from scipy.ndimage import binary_dilation

    rim = altitude_m[binary_dilation(is_patch, np.ones((3, 3), dtype=np.bool_)) & (altitude_m != 0.0)]
    rim = rim[np.isfinite(rim)]
    return bool(rim.size and np.median(np.abs(rim)) <= LOW_M)


def _on_land(
    model: ElevationModel, first_row: int, n_rows: int, columns: slice
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether cells lie inside the coastline, and far inside, looked up every 500 m."""
    x0, dx, y0, dy = model.geotransform
    n_columns = columns.stop - columns.start
    step = min(max(1, round(COAST_M / model.resolution_m)), max(n_rows, n_columns))
    row = first_row + np.arange(0, n_rows, step) + (step - 1) / 2.0
    column = columns.start + np.arange(0, n_columns, step) + (step - 1) / 2.0
    latitude, longitude = to_degrees(model.map.crs, *np.meshgrid(x0 + dx * column, y0 + dy * row))
    is_known = np.isfinite(latitude) & np.isfinite(longitude) & (np.abs(latitude) <= 90.0)
    latitude = np.where(is_known, latitude, 0.0)
    longitude = np.mod(np.where(is_known, longitude, 0.0) + 180.0, 360.0) - 180.0

    def on_cells(is_there: NDArray[np.bool_]) -> NDArray[np.bool_]:
        row_of, column_of = np.arange(n_rows) // step, np.arange(n_columns) // step
        return np.asarray((is_known & is_there)[row_of[:, None], column_of])

    return on_cells(is_inside_coast(latitude, longitude)), on_cells(is_far_inland(latitude, longitude))


def zero_share(model: ElevationModel, latitude_deg: float, longitude_deg: float, radius_m: float) -> float:
    """Share of the land of a ring that lies in such patches [0 to 1], of the land that the model has ground for."""
    is_zero = zeros_on_land(model)
    if not is_zero.size:
        return 0.0
    offset_m = np.linspace(-radius_m, radius_m, 2 * RING_CELLS + 1)
    east_m, north_m = np.meshgrid(offset_m, offset_m)
    distance_m = np.hypot(east_m, north_m)
    is_inside = distance_m <= radius_m
    azimuth_rad = np.arctan2(east_m[is_inside], north_m[is_inside])
    points = direct(latitude_deg, longitude_deg, azimuth_rad, distance_m[is_inside])
    row, column = model.pixel_coordinates(points.latitude_deg, points.longitude_deg)
    if model.columns_around:
        column = np.mod(column + 0.5, model.columns_around) - 0.5
    n_rows, n_columns = model.shape
    is_on = (row >= -0.5) & (row < n_rows - 0.5) & (column >= -0.5) & (column < n_columns - 0.5)
    is_on &= is_inside_coast(points.latitude_deg, points.longitude_deg)
    i, j = (np.rint(at[is_on]).astype(np.int64) for at in (row, column))
    i, j = np.clip(i, 0, n_rows - 1), np.clip(j, 0, n_columns - 1)
    is_known = np.isfinite(model.altitude_m[i, j])
    return float(np.count_nonzero(is_zero[i, j])) / max(1, int(np.count_nonzero(is_known)))


def check_zeros(model: ElevationModel, latitude_deg: float, longitude_deg: float, radius_m: float) -> None:
    """Refuse a model in which more than a hundredth of a ring's land is gaps filled with 0; warn where less is."""
    share = zero_share(model, latitude_deg, longitude_deg, radius_m)
    if 0.0 < share <= MOST_SHARE:
        text = f"{model.path}: {_words(share, latitude_deg, longitude_deg, radius_m)}; if these are gaps, {REMEDY}"
        warnings.warn(text, GroundWarning, stacklevel=3)
    if share > MOST_SHARE:
        msg = (
            f"{model.path}: {_words(share, latitude_deg, longitude_deg, radius_m)}, so gaps were filled with 0 and "
            f"would count as ground at sea level; {REMEDY}"
        )
        raise InputError(msg)


def _words(share: float, latitude_deg: float, longitude_deg: float, radius_m: float) -> str:
    shown = f"{100.0 * share:.2g} %"
    return (
        f"{shown} of the land within {radius_m / 1e3:.0f} km of {latitude_deg:.4f}, {longitude_deg:.4f} lies in "
        "patches of exactly 0 m, away from the sea"
    )
