"""Measure an audit on a 1-arcsecond model of 114 million cells: ``python -m benchmarks.fine``.

The model is made here: the shipped ground of 39.5 to 42.5 N, 34.8 to 37.7 E with a step every ten cells and noise, the
Black Sea at 0. Each audit is a process of its own with an empty store; what it took at most of memory and its processor
time (user and system) are told, for a site in the middle and for one in the corner, about which most rays are short.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import rasterio
from rasterio.windows import Window

from ringtrue.geo.elevation import open_model

ROWS, COLUMNS = 10_800, 10_600
NORTH_DEG, WEST_DEG, CELL_DEG = 42.5, 34.8, 1.0 / 3600.0
CELLS_PER_NODE, CELLS_PER_STEP, BAND = 30, 10, 240
SITES = {"middle": "41.25,36.33", "corner": "39.6,35.0"}
CHILD = """
import resource, sys
from ringtrue.cli import run
code = run(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_SELF)
print(code, used.ru_maxrss, used.ru_utime + used.ru_stime, file=sys.stderr)
"""


def make(path: Path) -> None:
    """Write the model, band by band."""
    rng = np.random.default_rng(1)
    shipped = open_model(None)
    longitude_deg = WEST_DEG + (np.arange(-(-COLUMNS // CELLS_PER_NODE)) + 0.5) * CELLS_PER_NODE * CELL_DEG
    transform = rasterio.Affine(CELL_DEG, 0.0, WEST_DEG, 0.0, -CELL_DEG, NORTH_DEG)
    with rasterio.open(
        path, "w", driver="GTiff", height=ROWS, width=COLUMNS, count=1, dtype="int16", crs="EPSG:4326",
        nodata=-32768, transform=transform, compress="deflate", predictor=2, tiled=True,
    ) as dataset:  # fmt: skip
        for first in range(0, ROWS, BAND):
            latitude_deg = NORTH_DEG - (first + (np.arange(BAND // CELLS_PER_NODE) + 0.5) * CELLS_PER_NODE) * CELL_DEG
            coarse = shipped.sample(latitude_deg[:, None], longitude_deg[None, :])
            ground = np.kron(coarse, np.ones((CELLS_PER_NODE, CELLS_PER_NODE)))[:, :COLUMNS]
            steps = rng.normal(0.0, 20.0, (BAND // CELLS_PER_STEP, -(-COLUMNS // CELLS_PER_STEP)))
            rough = np.kron(steps, np.ones((CELLS_PER_STEP, CELLS_PER_STEP)))[:, :COLUMNS]
            land = np.maximum(ground + rough + rng.integers(0, 4, ground.shape), 1.0)
            values = np.where(ground > 0.0, land, 0.0).astype(np.int16)[: ROWS - first]
            dataset.write(values, 1, window=Window(0, first, COLUMNS, values.shape[0]))


def measured(model: Path, at: str, store: Path) -> tuple[float, float]:
    """Memory at most [byte] and processor time [s] of one audit with an empty store."""
    asked = ["audit", "s-400", "--at", at, "--dem", str(model), "--target", "f-16", "--height", "100m", "--json"]
    told = subprocess.run(
        [sys.executable, "-c", CHILD, *asked], check=True, capture_output=True, text=True,
        env={**os.environ, "RINGTRUE_CACHE": str(store)},
    )  # fmt: skip
    code, peak_kb, spent_s = told.stderr.splitlines()[-1].split()
    if code != "0":
        sys.exit(told.stderr)
    return float(peak_kb) * 1024.0, float(spent_s)


def main() -> None:
    """Make the model, audit it twice, and print what that took."""
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "fine.tif"
        make(model)
        print(f"model of {ROWS * COLUMNS / 1e6:.0f} million cells of 1 arc-second")
        for name, at in SITES.items():
            for i in range(2):
                peak, spent_s = measured(model, at, Path(folder) / f"store-{name}-{i}")
                kind = "first run, which may compile" if i == 0 and name == "middle" else "empty store"
                print(f"site in the {name}, {kind}: {peak / 1e9:.2f} GB, {spent_s:.1f} s of processor time")


if __name__ == "__main__":
    main()
