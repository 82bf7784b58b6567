"""The exact sight line on a grid: every crossing with both axes, in float64, one cell at a time.

Slow, and written apart from the program: it shares no code with the sweep it judges (the classic "R3").
"""

from __future__ import annotations

import numpy as np
from numba import njit

EARTH_RADIUS_M = 6_371_000.0


@njit(cache=True, nogil=True)
def _exact(ground, antenna_altitude_m, curvature, rows, columns, out):
    """Write the lowest visible altitude of cells; curvature is cell^2 / (2 k R)."""
    n = ground.shape[0] // 2
    for q in range(rows.size):
        down = rows[q] - n
        right = columns[q] - n
        steepest = -1.0e300
        distance2 = float(down * down + right * right)
        for axis in range(2):
            along, across = (right, down) if axis == 0 else (down, right)
            n_lines = abs(along)
            sign = 1 if along > 0 else -1
            for i in range(1, n_lines):
                position = across * i / n_lines
                below = int(np.floor(position))
                share = position - below
                if axis == 0:
                    altitude = ground[n + below, n + sign * i]
                    if share > 0.0:
                        altitude += (ground[n + below + 1, n + sign * i] - altitude) * share
                else:
                    altitude = ground[n + sign * i, n + below]
                    if share > 0.0:
                        altitude += (ground[n + sign * i, n + below + 1] - altitude) * share
                way2 = distance2 * (i / n_lines) ** 2
                steepest = max(steepest, (altitude - antenna_altitude_m - curvature * way2) / np.sqrt(way2))
        out[q] = antenna_altitude_m + steepest * np.sqrt(distance2) + curvature * distance2


def exact_lowest_visible_altitude_m(ground, antenna_altitude_m, *, cell_m, k_factor, rows, columns):
    """Lowest visible altitude [m] of the cells (rows, columns) of a square grid with the antenna in the middle."""
    out = np.empty(rows.size, dtype=np.float64)
    curvature = cell_m * cell_m / (2.0 * k_factor * EARTH_RADIUS_M)
    _exact(
        np.ascontiguousarray(ground, dtype=np.float64), float(antenna_altitude_m), curvature,
        np.asarray(rows, dtype=np.int64), np.asarray(columns, dtype=np.int64), out,
    )  # fmt: skip
    return out


def sample_cells(n, reach_cells, n_samples, seed):
    """Rows and columns of random cells within reach, the antenna's own neighbours left out."""
    generator = np.random.default_rng(seed)
    rows = generator.integers(0, 2 * n + 1, 3 * n_samples)
    columns = generator.integers(0, 2 * n + 1, 3 * n_samples)
    down, right = np.abs(rows - n), np.abs(columns - n)
    wanted = (np.hypot(down, right) <= reach_cells) & (np.maximum(down, right) > 1)
    return rows[wanted][:n_samples], columns[wanted][:n_samples]


def judge(lowest, ground, antenna_altitude_m, *, cell_m, k_factor, reach_cells, n_samples=20_000, seed=1):
    """Errors of a swept grid against the exact one on random cells, both cut off at the ground.

    Returns mean, p99 and greatest absolute error [m], the share of cells whose answer at 100 m above ground differs,
    and the number of cells.
    """
    n = ground.shape[0] // 2
    rows, columns = sample_cells(n, reach_cells, n_samples, seed)
    own = ground[rows, columns].astype(np.float64)
    exact = exact_lowest_visible_altitude_m(
        ground, antenna_altitude_m, cell_m=cell_m, k_factor=k_factor, rows=rows, columns=columns
    )
    exact = np.maximum(exact, own)
    swept = np.maximum(lowest[rows, columns].astype(np.float64), own)
    error = np.abs(swept - exact)
    differs = (own + 100.0 >= swept) != (own + 100.0 >= exact)
    return {
        "mean_m": float(error.mean()),
        "p99_m": float(np.quantile(error, 0.99)),
        "max_m": float(error.max()),
        "differ_at_100_m": float(differs.mean()),
        "n_cells": int(rows.size),
    }
