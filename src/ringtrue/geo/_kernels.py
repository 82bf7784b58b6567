"""Compiled loops of the terrain surface: resampling, tile maxima, the edge sweep, drawn relief.

The square grid of a sweep has 2 n + 1 cells a side and the antenna in the middle cell. Its flat view is walked with two
strides: ``main`` leads one step outwards, ``cross`` one cell sideways. Sector 0 looks along growing columns, 1 along
falling columns, 2 along growing rows, 3 along falling rows. Lengths are in cells where the name ends in ``_cells``.
"""
# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: ANN001, ANN202

from __future__ import annotations

import numpy as np

from ringtrue.compiled import njit
from ringtrue.geo.memory import load_two, prefetch_for_reading, prefetch_for_writing

F32 = np.float32
U64 = np.uint64
ONE = np.uint64(1)
UNKNOWN_ALTITUDE_M = F32(-1.0e6)
RAYS_PER_BLOCK = 1022
RAYS_PER_GROUP = 128
TILE = 32
# for the processor only, of no effect on the result: cells of a cache line, columns to fetch ahead, and a length that
# leaves no odd cells behind the widest vectors
LINE, AHEAD, PADDING = 16, 20, 64
NOTHING_YET = F32(-1.0e30)
ROUNDING_M = F32(0.05)

# for quick compilation: no wrapper for C, no fusing of array expressions, no check for zero divisors; and for the parts
# that only other kernels call no wrapper for Python
_LOOP = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True, "no_rewrites": True}
_PART = {**_LOOP, "no_cpython_wrapper": True}


@njit(**_LOOP)
def resample(raster, row_lattice, column_lattice, lattice_step, first_row, last_row, out):
    """Write rows ``first_row``..``last_row`` of ``out``: the raster, bilinear, at positions given on a coarse lattice.

    Shapes: raster (row, col) float32; lattices (lattice row, lattice col) float64, pixel coordinates with whole
    numbers at
    cell centres, one node every ``lattice_step`` cells of ``out``. Cells off the raster get ``UNKNOWN_ALTITUDE_M``.
    """
    n_rows, n_columns = raster.shape
    n_out = out.shape[1]
    for r in range(first_row, last_row):
        i = min(r // lattice_step, row_lattice.shape[0] - 2)
        t = (r - i * lattice_step) / lattice_step
        for j in range(row_lattice.shape[1] - 1):
            row_a = row_lattice[i, j] + (row_lattice[i + 1, j] - row_lattice[i, j]) * t
            row_b = row_lattice[i, j + 1] + (row_lattice[i + 1, j + 1] - row_lattice[i, j + 1]) * t
            column_a = column_lattice[i, j] + (column_lattice[i + 1, j] - column_lattice[i, j]) * t
            column_b = column_lattice[i, j + 1] + (column_lattice[i + 1, j + 1] - column_lattice[i, j + 1]) * t
            first = j * lattice_step
            last = min(first + lattice_step, n_out)
            row_slope = (row_b - row_a) / lattice_step
            column_slope = (column_b - column_a) / lattice_step
            if (
                min(row_a, row_b) >= 0.0
                and max(row_a, row_b) < n_rows - 1.0
                and min(column_a, column_b) >= 0.0
                and max(column_a, column_b) < n_columns - 1.0
            ):
                for c in range(first, last):
                    row = row_a + row_slope * (c - first)
                    column = column_a + column_slope * (c - first)
                    k = U64(row)
                    m = U64(column)
                    f = F32(row - k)
                    g = F32(column - m)
                    upper = raster[k, m] + (raster[k, m + ONE] - raster[k, m]) * g
                    lower = raster[k + ONE, m] + (raster[k + ONE, m + ONE] - raster[k + ONE, m]) * g
                    out[r, c] = upper + (lower - upper) * f
                continue
            for c in range(first, last):
                row = row_a + row_slope * (c - first)
                column = column_a + column_slope * (c - first)
                if not (row >= -0.5 and row <= n_rows - 0.5 and column >= -0.5 and column <= n_columns - 0.5):
                    out[r, c] = UNKNOWN_ALTITUDE_M
                    continue
                row = min(max(row, 0.0), n_rows - 1.0)
                column = min(max(column, 0.0), n_columns - 1.0)
                i0 = min(int(row), max(n_rows - 2, 0))
                j0 = min(int(column), max(n_columns - 2, 0))
                i1 = min(i0 + 1, n_rows - 1)
                j1 = min(j0 + 1, n_columns - 1)
                across = F32(column - j0)
                north = raster[i0, j0] + (raster[i0, j1] - raster[i0, j0]) * across
                south = raster[i1, j0] + (raster[i1, j1] - raster[i1, j0]) * across
                out[r, c] = north + (south - north) * F32(row - i0)


@njit(**_LOOP)
def sample_along_rays(raster, row, column, node_m, range_m, out):
    """Write the raster, bilinear, along rays: nan off it, and beside cells that are nan.

    Shapes: raster (row, col) float32; row, column (azimuth, node) float64, pixel coordinates every ``node_m``, straight
    between nodes; range_m (step,); out (step, azimuth) float32.
    """
    n_rows, n_columns = raster.shape
    for s in range(range_m.size):
        t = range_m[s] / node_m
        k = min(int(t), row.shape[1] - 2)
        t -= k
        for a in range(row.shape[0]):
            r = row[a, k] + (row[a, k + 1] - row[a, k]) * t
            c = column[a, k] + (column[a, k + 1] - column[a, k]) * t
            if not (r >= -0.5 and r <= n_rows - 0.5 and c >= -0.5 and c <= n_columns - 0.5):
                out[s, a] = np.nan
                continue
            r = min(max(r, 0.0), n_rows - 1.0)
            c = min(max(c, 0.0), n_columns - 1.0)
            i = min(int(r), max(n_rows - 2, 0))
            j = min(int(c), max(n_columns - 2, 0))
            i1 = min(i + 1, n_rows - 1)
            j1 = min(j + 1, n_columns - 1)
            across = F32(c - j)
            north = raster[i, j] + (raster[i, j1] - raster[i, j]) * across
            south = raster[i1, j] + (raster[i1, j1] - raster[i1, j]) * across
            out[s, a] = north + (south - north) * F32(r - i)


@njit(**_PART)
def _roughness(raster, i, j):
    highest, lowest = F32(-np.inf), F32(np.inf)
    for a in range(max(i - 1, 0), min(i + 2, raster.shape[0])):
        for b in range(max(j - 1, 0), min(j + 2, raster.shape[1])):
            highest = raster[a, b] if raster[a, b] > highest else highest
            lowest = raster[a, b] if raster[a, b] < lowest else lowest
    return UNKNOWN_ALTITUDE_M if np.isnan(raster[i, j]) else highest - lowest


@njit(**_PART)
def _corners(raster, i, j, out):
    i1, j1 = min(i + 1, raster.shape[0] - 1), min(j + 1, raster.shape[1] - 1)
    out[0] = _roughness(raster, i, j)
    out[1] = _roughness(raster, i, j1)
    out[2] = _roughness(raster, i1, j)
    out[3] = _roughness(raster, i1, j1)


@njit(**_LOOP)
def roughness_along_rays(raster, row, column, node_m, range_m, out):
    """Write the roughness of the raster, bilinear, along rays: nan off it, very low about cells that are nan.

    Shapes as in ``sample_along_rays``. The roughness of a cell is the highest less the lowest of it and its neighbours.
    """
    n_rows, n_columns = raster.shape
    cell = np.full((row.shape[0], 2), -1)
    corners = np.empty((row.shape[0], 4), np.float32)
    for s in range(range_m.size):
        t = range_m[s] / node_m
        k = min(int(t), row.shape[1] - 2)
        t -= k
        for a in range(row.shape[0]):
            r = row[a, k] + (row[a, k + 1] - row[a, k]) * t
            c = column[a, k] + (column[a, k + 1] - column[a, k]) * t
            if not (r >= -0.5 and r <= n_rows - 0.5 and c >= -0.5 and c <= n_columns - 0.5):
                out[s, a] = np.nan
                continue
            r = min(max(r, 0.0), n_rows - 1.0)
            c = min(max(c, 0.0), n_columns - 1.0)
            i = min(int(r), max(n_rows - 2, 0))
            j = min(int(c), max(n_columns - 2, 0))
            if i != cell[a, 0] or j != cell[a, 1]:
                cell[a, 0], cell[a, 1] = i, j
                _corners(raster, i, j, corners[a])
            across = F32(c - j)
            north = corners[a, 0] + (corners[a, 1] - corners[a, 0]) * across
            south = corners[a, 2] + (corners[a, 3] - corners[a, 2]) * across
            out[s, a] = north + (south - north) * F32(r - i)


@njit(**_LOOP)
def resample_roughness(raster, row_lattice, column_lattice, lattice_step, first_row, last_row, out):
    """Write rows of ``out``: the roughness of the raster, bilinear; shapes and what lies off it as in ``resample``."""
    n_rows, n_columns = raster.shape
    corners = np.empty(4, np.float32)
    for r in range(first_row, last_row):
        i = min(r // lattice_step, row_lattice.shape[0] - 2)
        t = (r - i * lattice_step) / lattice_step
        for c in range(out.shape[1]):
            j = min(c // lattice_step, row_lattice.shape[1] - 2)
            row_a = row_lattice[i, j] + (row_lattice[i + 1, j] - row_lattice[i, j]) * t
            row_b = row_lattice[i, j + 1] + (row_lattice[i + 1, j + 1] - row_lattice[i, j + 1]) * t
            column_a = column_lattice[i, j] + (column_lattice[i + 1, j] - column_lattice[i, j]) * t
            column_b = column_lattice[i, j + 1] + (column_lattice[i + 1, j + 1] - column_lattice[i, j + 1]) * t
            row = row_a + (row_b - row_a) / lattice_step * (c - j * lattice_step)
            column = column_a + (column_b - column_a) / lattice_step * (c - j * lattice_step)
            if not (row >= -0.5 and row <= n_rows - 0.5 and column >= -0.5 and column <= n_columns - 0.5):
                out[r, c] = UNKNOWN_ALTITUDE_M
                continue
            row = min(max(row, 0.0), n_rows - 1.0)
            column = min(max(column, 0.0), n_columns - 1.0)
            i0 = min(int(row), max(n_rows - 2, 0))
            j0 = min(int(column), max(n_columns - 2, 0))
            _corners(raster, i0, j0, corners)
            across = F32(column - j0)
            north = corners[0] + (corners[1] - corners[0]) * across
            south = corners[2] + (corners[3] - corners[2]) * across
            out[r, c] = north + (south - north) * F32(row - i0)


@njit(**_PART)
def _needed(ground, rough, raised, raised_next, ridge, ridge_next, share, grown, steepest, line_m, range_m, out):
    for a in range(ground.size):
        own = ground[a] + raised[a] + (raised_next[a] - raised[a]) * share
        over = (ridge[a] + (ridge_next[a] - ridge[a]) * share) * rough[a] * grown
        above = line_m + steepest[a] * range_m - own
        out[a] = above if above > over else (over if above <= over else F32(np.nan))


@njit(**_PART)
def _steepen(ground, raised, raised_next, share, line_m, inverse, steepest):
    for a in range(ground.size):
        own = ground[a] + raised[a] + (raised_next[a] - raised[a]) * share
        rise = (own - line_m) * inverse
        steepest[a] = rise if rise > steepest[a] else (steepest[a] if rise <= steepest[a] else F32(np.nan))


@njit(**_LOOP)
def sight_along_rays(
    ground, rough, raised, ridge, node_m, range_m, kept, antenna_m, site_m, curvature_per_m, cell_m, needed
):  # fmt: skip
    """Write how high above the ground a target must be to be in view, ray by ray; nan on and behind unknown ground.

    Shapes: ground, rough (step, azimuth) and raised, ridge (node, azimuth) float32, nodes every
    ``node_m``; range_m (step,), the first one 0; kept (sample,) steps that are written; needed (azimuth, sample)
    float32. The ground is ground + raised, and at the antenna ``site_m`` more, which falls to nothing within one
    ``cell_m``. A target needs to be above the horizon that this ground makes, and above the ridge it stands behind,
    ridge x rough, which grows from nothing at one cell from the antenna to its height at two. ``curvature_per_m`` is
    1 / (2 k R).
    """
    n_azimuths = ground.shape[1]
    steepest = np.full(n_azimuths, NOTHING_YET)
    column = np.empty(n_azimuths, np.float32)
    i_kept = 0
    for s in range(range_m.size):
        x = range_m[s]
        node = min(int(x / node_m), raised.shape[0] - 2)
        share = F32(x / node_m - node)
        line_m = F32(antenna_m + curvature_per_m * x * x - site_m * max(0.0, 1.0 - x / cell_m))
        if s == kept[i_kept]:
            distance_m = F32(x if x > 0.0 else 1.0)  # at the antenna nothing has been met: in view from the ground up
            grown = F32(min(max(x / cell_m - 1.0, 0.0), 1.0))
            _needed(
                ground[s], rough[s], raised[node], raised[node + 1], ridge[node], ridge[node + 1], share, grown,
                steepest, line_m, distance_m, column,
            )  # fmt: skip
            for a in range(n_azimuths):
                needed[a, i_kept] = column[a]
            i_kept = min(i_kept + 1, kept.size - 1)
        if x > 0.0:
            _steepen(ground[s], raised[node], raised[node + 1], share, line_m, F32(1.0 / x), steepest)


@njit(**_LOOP)
def encode_needed(needed, code):
    """Write needed heights (azimuth, sample) float32 as 256 x root(height [m]), rounded to even; nan: 65535."""
    for a in range(needed.shape[0]):
        for i in range(needed.shape[1]):
            root = np.rint(np.sqrt(needed[a, i]) * F32(256.0))
            code[a, i] = np.uint16(
                root if root <= F32(65534.0) else (F32(65534.0) if root > F32(0.0) else F32(65535.0))
            )


@njit(**_LOOP)
def needed_of_steps(code, first, least, most):
    """Write the least and the greatest needed height of the samples of each step [m], (azimuth, step) float32.

    Shapes: code (azimuth, sample) uint16, needed heights as (code / 256)^2 m and 65535 for unknown; first (step + 1,)
    samples at which steps begin. The least is that of the known samples, inf where there is none; the greatest is inf
    where one sample is unknown.
    """
    for a in range(code.shape[0]):
        for k in range(first.size - 1):
            low, high = np.uint16(65535), np.uint16(0)
            for i in range(first[k], first[k + 1]):
                low = min(low, code[a, i])
                high = max(high, code[a, i])
            low_root, high_root = F32(low) * F32(0.00390625), F32(high) * F32(0.00390625)
            least[a, k] = low_root * low_root if low < 65535 else F32(np.inf)
            most[a, k] = high_root * high_root if high < 65535 else F32(np.inf)


@njit(**_LOOP)
def ground_of_steps(ground, first, lowest, highest):
    """Write lowest and highest known ground of the samples of each step [m], (azimuth, step); inf, -inf: none."""
    for a in range(ground.shape[0]):
        for k in range(first.size - 1):
            low, high = F32(np.inf), F32(-np.inf)
            for i in range(first[k], first[k + 1]):
                low = ground[a, i] if ground[a, i] < low else low
                high = ground[a, i] if ground[a, i] > high else high
            lowest[a, k], highest[a, k] = low, high


@njit(**_LOOP)
def add_relief(ground, error, subgrid, spacing, first_row, last_row, drawn, screen):
    """Write ground plus error to ``drawn`` and that plus ridges to ``screen``, rows ``first_row``..``last_row``.

    Shapes: ground, drawn, screen (row, col) float32; error, subgrid (coarse row, coarse col) float32 with one node
    for every
    ``spacing`` cells and the same middle.
    """
    n = ground.shape[0] // 2
    coarse_n = error.shape[0] // 2
    for r in range(first_row, last_row):
        place = (r - n) / spacing + coarse_n
        i = min(max(int(place), 0), 2 * coarse_n - 1)
        f = F32(place - i)
        for j in range(2 * coarse_n):
            error_a = error[i, j] + (error[i + 1, j] - error[i, j]) * f
            error_b = error[i, j + 1] + (error[i + 1, j + 1] - error[i, j + 1]) * f
            ridge_a = subgrid[i, j] + (subgrid[i + 1, j] - subgrid[i, j]) * f
            ridge_b = subgrid[i, j + 1] + (subgrid[i + 1, j + 1] - subgrid[i, j + 1]) * f
            origin = n + (j - coarse_n) * spacing
            last = origin + spacing + (1 if j == 2 * coarse_n - 1 else 0)
            for c in range(max(origin, 0), min(last, ground.shape[1])):
                g = F32(c - origin) / F32(spacing)
                altitude = ground[r, c] + error_a + (error_b - error_a) * g
                drawn[r, c] = altitude
                screen[r, c] = altitude + ridge_a + (ridge_b - ridge_a) * g


@njit(**_LOOP)
def tile_maxima(ground, first_tile_row, last_tile_row, out):
    """Write the greatest altitude of each 32 x 32 tile.

    Shapes: ground (row, col), out (tile row, tile col), float32.
    """
    n_rows, n_columns = ground.shape
    columns = np.empty(n_columns, np.float32)
    for a in range(first_tile_row, last_tile_row):
        columns[:] = NOTHING_YET
        for r in range(a * TILE, min(n_rows, a * TILE + TILE)):
            row = ground[r]
            for c in range(n_columns):
                columns[c] = columns[c] if columns[c] > row[c] else row[c]
        for b in range(out.shape[1]):
            highest = NOTHING_YET
            for c in range(b * TILE, min(n_columns, b * TILE + TILE)):
                highest = max(highest, columns[c])
            out[a, b] = highest


@njit(**_PART)
def _locate(slope, step, cross, offset, index, fraction):
    widest = step - F32(1.0)
    for k in range(slope.size):
        position = slope[k] * step
        below = np.floor(position)
        below = below if below < widest else widest
        fraction[k] = position - below
        index[k] = offset + np.int32(below) * cross


@njit(**_PART)
def _fetch_ahead(ground, slope, step, cross, offset, phase):
    for k in range(phase, slope.size, LINE):
        prefetch_for_reading(ground, offset + int(slope[k] * step) * cross)


@njit(**_PART)
def _gather(ground, index, n, stride, first, second):
    beside = U64(stride)
    for k in range(n):
        cell = U64(index[k])
        first[k] = ground[cell]
        second[k] = ground[cell + beside]


@njit(**_PART)
def _raise(first, second, fraction, slope, slope_max, antenna_altitude_m, step, curvature):
    inverse = F32(1.0) / step
    step2 = step * step
    for k in range(slope_max.size):
        altitude = first[k] + (second[k] - first[k]) * fraction[k]
        drop = curvature * (F32(1.0) + slope[k] * slope[k])
        rise = (altitude - antenna_altitude_m - drop * step2) * inverse
        slope_max[k] = slope_max[k] if slope_max[k] > rise else rise


@njit(**_PART)
def _locate_crossing(slope, inverse_steepness, cross, step, offset, index, place):
    before = step - F32(1.0)
    for k in range(slope.size):
        steepness = abs(slope[k])
        line = np.floor(steepness * step)
        crosses = line > steepness * before
        place[k] = line * inverse_steepness[k] if crosses else F32(0.0)
        sideways = np.int32(line) if slope[k] >= F32(0.0) else -np.int32(line)
        index[k] = offset + (sideways * cross if crosses else np.int32(0))


@njit(**_PART)
def _raise_crossing(first, second, place, slope, slope_max, antenna_altitude_m, step, curvature):
    before = step - F32(1.0)
    for k in range(slope_max.size):
        at = place[k]
        altitude = first[k] + (second[k] - first[k]) * (at - before)
        drop = curvature * (F32(1.0) + slope[k] * slope[k])
        rise = (altitude - antenna_altitude_m - drop * at * at) / (at if at > F32(0.0) else F32(1.0))
        rise = rise if at > F32(0.0) else NOTHING_YET
        slope_max[k] = slope_max[k] if slope_max[k] > rise else rise


@njit(**_PART)
def _between_rays(first_cell, n_padded, spacing, rays_per_cell, beside, index, fraction):
    for t in range(n_padded):
        position = F32(first_cell + np.int32(t)) * spacing * rays_per_cell
        below = np.floor(position)
        fraction[t] = position - below
        index[t] = np.int32(below) + beside


@njit(**_PART)
def _gather_pairs(slope_max, index, n, pairs):
    for t in range(n):
        pairs[t] = load_two(slope_max, np.int64(index[t]))


@njit(**_PART)
def _altitudes(both, fraction, first_cell, n_padded, spacing, altitude_m, step, curvature, column):
    step2 = step * step
    for t in range(n_padded):
        sideways = F32(first_cell + np.int32(t)) * spacing
        highest = both[2 * t] + (both[2 * t + 1] - both[2 * t]) * fraction[t]
        column[t] = altitude_m + highest * step + curvature * (step2 + sideways * sideways)


@njit(**_PART)
def _store(column, n_cells, origin, cross, out):
    for t in range(n_cells):
        out[U64(origin + t * cross)] = column[t]


@njit(**_PART)
def _highest_tile(tiles, n, sector, step, last_step, low_slope, high_slope):
    low = n + int(np.floor(min(low_slope * step, low_slope * last_step))) - 1
    high = n + int(np.floor(max(high_slope * step, high_slope * last_step))) + 2
    low = max(0, low) // TILE
    high = min(2 * n, high) // TILE
    if sector == 0 or sector == 2:
        near = (n + step - 1) // TILE
        far = (n + last_step) // TILE
    else:
        near = (n - last_step) // TILE
        far = (n - step + 1) // TILE
    highest = NOTHING_YET
    for a in range(low, high + 1):
        for b in range(near, far + 1):
            highest = max(highest, tiles[a, b] if sector < 2 else tiles[b, a])
    return highest


@njit(**_LOOP)
def sweep_block(
    ground, tiles, highest_m, n, first_step, i_block, rays_per_edge_cell, out_n, out_spacing, antenna_altitude_m,
    curvature, reach_cells, prune, start, end, out
):  # fmt: skip
    """Sweep one block of rays outwards and write the lowest visible altitude of the cells that belong to it.

    Shapes: ground ((2 n + 1)^2,) float32, tiles (tile row, tile col) float32 and the highest of them, start and end
    (sector, ray) float32, out ((2 out_n + 1)^2,) float32 with one cell for every ``out_spacing`` cells of ground.
    ``start`` holds the steepest rise per step [m] that each ray met up to ``first_step``, a square that a finer grid
    has dealt with; ``end`` receives it at the edge. ``curvature`` is cell_m^2 / (2 k R) [m]. ``i_block`` counts blocks
    of all four sectors, sector = i_block % 4.
    Returns the number of ray steps that were computed.
    """
    side = 2 * n + 1
    out_side = 2 * out_n + 1
    sector = i_block % 4
    if sector == 0:
        main, cross, out_main, out_cross = 1, side, 1, out_side
    elif sector == 1:
        main, cross, out_main, out_cross = -1, side, -1, out_side
    elif sector == 2:
        main, cross, out_main, out_cross = side, 1, out_side, 1
    else:
        main, cross, out_main, out_cross = -side, 1, -out_side, 1
    centre = n * side + n
    out_centre = out_n * (out_side + 1)
    last_ray = n * rays_per_edge_cell
    first_ray = (i_block // 4) * RAYS_PER_BLOCK - last_ray
    end_ray = min(first_ray + RAYS_PER_BLOCK, last_ray + 1)
    m = end_ray - first_ray + 2
    room = m + PADDING
    slope_max = np.full(room, NOTHING_YET)
    rays = slope_max[:m]
    slope = np.empty(m, np.float32)
    inverse_steepness = np.empty(m, np.float32)
    index = np.empty(room, np.int32)
    place = np.empty(room, np.float32)
    first = np.empty(room, np.float32)
    second = np.empty(room, np.float32)
    pairs = np.empty(room, np.int64)
    both = pairs.view(np.float32)
    column = np.empty(room, np.float32)
    cross32 = np.int32(cross)
    for k in range(m):
        j = min(max(first_ray - 1 + k, -last_ray), last_ray)
        rays[k] = start[sector, j + last_ray]
        slope[k] = F32(j / last_ray)
        inverse_steepness[k] = F32(last_ray / abs(j)) if j != 0 else F32(0.0)
    least = F32(0.0) if slope[0] * slope[m - 1] <= 0 else min(abs(slope[0]), abs(slope[m - 1]))
    least_drop = curvature * (F32(1.0) + least * least)
    reach2 = np.float64(reach_cells) * np.float64(reach_cells)
    last_step = min(n, int(np.sqrt(reach2 / (1.0 + np.float64(least) * np.float64(least)))))
    is_over = False
    first_active, end_active = 0, m
    n_steps = 0
    for i in range(first_step + 1, last_step + 1):
        step = F32(i)
        if i % out_spacing == 0:
            low = np.ceil((first_ray - 0.5) * i / last_ray)
            high = np.ceil((end_ray - 0.5) * i / last_ray) - 1.0
            if sector >= 2:
                low = max(low, 1.0 - i)
                high = min(high, i - 1.0)
            half = np.floor(np.sqrt(max(reach2 - np.float64(i) * np.float64(i), 0.0)))
            first_cell = int(np.ceil(max(low, -half) / out_spacing))
            n_cells = int(np.floor(min(high, half) / out_spacing)) + 1 - first_cell
            if n_cells > 0:
                origin = out_centre + (i // out_spacing) * out_main + first_cell * out_cross
                if i + AHEAD * out_spacing <= last_step:
                    there = origin + AHEAD * out_main + int(slope[m // 2] * F32(AHEAD)) * out_cross
                    for t in range(i % LINE, n_cells, LINE):
                        prefetch_for_writing(out, there + t * out_cross)
                first32, spacing = np.int32(first_cell), F32(out_spacing)
                n_padded = (n_cells + PADDING - 1) // PADDING * PADDING
                _between_rays(first32, n_padded, spacing, F32(last_ray / i), np.int32(1 - first_ray), index, place)
                _gather_pairs(slope_max, index, n_cells, pairs)
                _altitudes(both, place, first32, n_padded, spacing, antenna_altitude_m, step, curvature, column)
                _store(column, n_cells, origin, out_cross, out)
        if is_over:
            continue
        if prune and i % TILE == 1:
            nearest = F32(max(i - 1, 1))
            fall = least_drop * nearest * nearest
            ahead = min(i + TILE - 1, last_step)
            lowest_maximum = rays[0]
            first_active, end_active = m, 0
            for a in range(0, m, RAYS_PER_GROUP):
                b = min(a + RAYS_PER_GROUP, m)
                lowest_of_group = rays[a]
                for k in range(a, b):
                    lowest_of_group = lowest_of_group if lowest_of_group < rays[k] else rays[k]
                above = (
                    _highest_tile(tiles, n, sector, i, ahead, slope[a], slope[b - 1])
                    + ROUNDING_M
                    - antenna_altitude_m
                    - fall
                )
                if (above / nearest if above > 0 else above / F32(ahead)) > lowest_of_group:
                    first_active = min(first_active, a)
                    end_active = b
                lowest_maximum = min(lowest_maximum, lowest_of_group)
            above = highest_m + ROUNDING_M - antenna_altitude_m - fall
            is_over = (above / nearest if above > 0 else above / F32(last_step)) <= lowest_maximum
        if is_over or first_active >= end_active:
            continue
        n_active = end_active - first_active
        active_slope, active_rays = slope[first_active:end_active], rays[first_active:end_active]
        active_inverse = inverse_steepness[first_active:end_active]
        n_steps += n_active
        offset = np.int32(centre + i * main)
        if i + AHEAD <= last_step:
            _fetch_ahead(ground, active_slope, F32(i + AHEAD), cross, centre + (i + AHEAD) * main, i % LINE)
        _locate(active_slope, step, cross32, offset, index, place)
        _gather(ground, index, n_active, cross, first, second)
        _raise(first, second, place, active_slope, active_rays, antenna_altitude_m, step, curvature)
        if i > 1:
            _locate_crossing(
                active_slope, active_inverse, cross32, step, np.int32(centre + (i - 1) * main), index, place
            )
            _gather(ground, index, n_active, main, first, second)
            _raise_crossing(first, second, place, active_slope, active_rays, antenna_altitude_m, step, curvature)
    for k in range(1, m - 1):
        end[sector, first_ray - 1 + k + last_ray] = rays[k]
    return n_steps
