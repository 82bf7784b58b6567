"""Measure the terrain sweep: ``python -m benchmarks.sweep [--quick]``.

Processor time is compared with processor time (user + system) on grids of real ground: the shipped 30 arc-second
model, bilinear on an azimuthal-equidistant grid about the site. GDAL and GRASS work on one thread, so the ratios are
those of our sweep on one thread; ours on all threads, which then share one memory, is printed beside it. Peers read
and write files in memory (``/dev/shm`` where it exists); the ratio to GDAL is given for its whole process, and again
less what a plain copy of the same file costs. Ours and theirs take turns; median, least and greatest ratio are told.
Errors are against the exact sight line of ``validation/exact_viewshed.py`` on 20,000 random cells.
"""

from __future__ import annotations

import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from validation.exact_viewshed import judge

from ringtrue.geo.elevation import open_model
from ringtrue.geo.ground import lattice_coordinates, resample
from ringtrue.geo.pool import available_threads
from ringtrue.geo.surface import Relief, terrain_surface
from ringtrue.geo.sweep import edge_sweep

K = 4.0 / 3.0
GDAL_RADIUS_M = 6_378_137.0
PROGRAM_RADIUS_M = 6_371_000.0
SAME_DROP_K = K * GDAL_RADIUS_M / PROGRAM_RADIUS_M
PLACES = {"Mürted": (40.0789, 32.5656), "coastal summit": (40.75, 39.72)}
ANTENNA_M = 25.0
CALLS = 3


def grid(place, cell_m, n):
    model = open_model(None)
    row, column = lattice_coordinates(model, *place, cell_m, n)
    return resample(model.altitude_m, row, column, cell_m, n)


def cpu_and_wall(call, repeats):
    """Median processor and wall time of some calls [s], and the last result."""
    cpu, wall, result = [], [], None
    for _ in range(repeats):
        cpu0, wall0 = time.process_time(), time.perf_counter()
        result = call()
        cpu.append(time.process_time() - cpu0)
        wall.append(time.perf_counter() - wall0)
    return np.median(cpu), np.median(wall), result


def child_cpu(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def gdal_sweep(ground, cell_m):
    """Processor time of ``gdal_viewshed -om DEM`` and of a copy [s], and its surface; None without GDAL."""
    if not (shutil.which("gdal_viewshed") and shutil.which("gdal_translate")):
        return None
    import rasterio
    from rasterio.transform import Affine

    n = ground.shape[0] // 2
    folder = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(dir=folder) as work:
        source, copy, answer = (str(Path(work) / name) for name in ("in.tif", "copy.tif", "out.tif"))
        edge_m = (n + 0.5) * cell_m
        with rasterio.open(
            source, "w", driver="GTiff", width=2 * n + 1, height=2 * n + 1, count=1, dtype="float32",
            crs="+proj=aeqd +lat_0=40 +lon_0=33 +datum=WGS84",
            transform=Affine(cell_m, 0.0, -edge_m, 0.0, -cell_m, edge_m),
        ) as dataset:  # fmt: skip
            dataset.write(ground, 1)
        copying = child_cpu(["gdal_translate", "-q", source, copy])
        Path(copy).unlink()
        command = [
            "gdal_viewshed", "-q", "-om", "DEM", "-ox", "0", "-oy", "0", "-oz", str(ANTENNA_M), "-tz", "0",
            "-md", str(n * cell_m), "-cc", str(1.0 / K), source, answer,
        ]  # fmt: skip
        spent = child_cpu(command)
        with rasterio.open(answer) as dataset:
            found = dataset.read(1)
    return spent, copying, found


def error_text(error):
    return (
        f"mean {error['mean_m']:.4f} m, p99 {error['p99_m']:.3f} m, max {error['max_m']:.1f} m, "
        f"{100.0 * error['differ_at_100_m']:.4f} % differ at 100 m"
    )


VARIANTS = {
    "default": {"threads": 1},
    "all threads": {},
    "unpruned": {"threads": 1, "is_pruned": False},
    "one ray a cell": {"threads": 1, "rays_per_edge_cell": 1},
    "one ray, unpruned": {"threads": 1, "rays_per_edge_cell": 1, "is_pruned": False},
}


def against_gdal(name, reach_m, cell_m, rounds):
    """Let our sweeps and GDAL take turns: each round gives one ratio, of which median, least and greatest are told."""
    n = int(reach_m / cell_m)
    ground = grid(PLACES[name], cell_m, n)
    altitude_m = float(np.float32(ground[n, n] + ANTENNA_M))
    common = {"cell_m": cell_m, "k_factor": SAME_DROP_K, "reach_m": n * cell_m}
    judged = {"cell_m": cell_m, "k_factor": SAME_DROP_K, "reach_cells": n - 1}
    print(f"\n{name}, {reach_m / 1e3:.0f} km at {cell_m:.0f} m, {(2 * n + 1) ** 2 / 1e6:.1f} M cells, {rounds} rounds")
    spent = {label: [] for label in (*VARIANTS, "GDAL", "copy")}
    errors = {}
    for turn in range(rounds):
        for label, changed in VARIANTS.items():
            cpu, _, swept = cpu_and_wall(lambda c=changed: edge_sweep(ground, altitude_m, **common, **c), CALLS)
            spent[label].append(cpu)
            if turn == 0:
                errors[label] = judge(swept.lowest_visible_altitude_m, ground, altitude_m, **judged)
            del swept
        gdal = gdal_sweep(ground, cell_m)
        if gdal is None:
            print("  gdal_viewshed is not installed: not measured")
            return
        whole, copying, found = gdal
        spent["GDAL"].append(whole)
        spent["copy"].append(copying)
        if turn == 0 and found.shape == ground.shape:
            errors["GDAL"] = judge(found, ground, altitude_m, **judged)
    whole, copy = np.array(spent["GDAL"]), np.array(spent["copy"])
    for label in (*VARIANTS, "GDAL"):
        own = np.array(spent[label])
        text = f"  {label:18s}{np.median(own):6.2f} s processor"
        if label != "GDAL":
            ratio, bare = whole / own, (whole - copy) / own
            text += f", GDAL takes {np.median(ratio):.1f} x [{ratio.min():.1f} to {ratio.max():.1f}]"
            text += f", less a copy of the file {np.median(bare):.1f} x"
        print(text)
        if label in errors:
            print(f"    error: {error_text(errors[label])}")


def against_grass(reach_m, rounds):
    """Let our sweep, on one thread, and ``r.viewshed -c`` take turns on the ground of the first place."""
    if shutil.which("grass") is None:
        print("\nr.viewshed: GRASS is not installed, not measured")
        return
    import rasterio
    from rasterio.transform import Affine

    cell_m = 90.0
    n = int(reach_m / cell_m)
    ground = grid(PLACES["Mürted"], cell_m, n)
    altitude_m = float(ground[n, n]) + ANTENNA_M
    common = {"cell_m": cell_m, "k_factor": K, "reach_m": n * cell_m, "threads": 1}
    folder = "/dev/shm" if Path("/dev/shm").is_dir() else None
    ratios, own, peer = [], [], []
    with tempfile.TemporaryDirectory(dir=folder) as work:
        source = str(Path(work) / "in.tif")
        edge_m = (n + 0.5) * cell_m
        with rasterio.open(
            source, "w", driver="GTiff", width=2 * n + 1, height=2 * n + 1, count=1, dtype="float32", crs="EPSG:32636",
            transform=Affine(cell_m, 0.0, 500e3 - edge_m, 0.0, -cell_m, 4_440e3 + edge_m),
        ) as dataset:  # fmt: skip
            dataset.write(ground, 1)
        run = ["grass", str(Path(work) / "project" / "PERMANENT"), "--exec"]
        subprocess.run(["grass", "-e", "-c", source, str(Path(work) / "project")], check=True, capture_output=True)
        subprocess.run([*run, "r.in.gdal", f"input={source}", "output=ground"], check=True, capture_output=True)
        subprocess.run([*run, "g.region", "raster=ground"], check=True, capture_output=True)
        for _ in range(rounds):
            cpu, _, _ = cpu_and_wall(lambda: edge_sweep(ground, altitude_m, **common), CALLS)
            spent = child_cpu(
                [*run, "r.viewshed", "-c", "input=ground", "output=seen", "coordinates=500000,4440000",
                 f"observer_elevation={ANTENNA_M}", f"max_distance={n * cell_m}", "memory=16000", "--overwrite"]
            )  # fmt: skip
            own.append(cpu)
            peer.append(spent)
            ratios.append(spent / cpu)
    place = f"{reach_m / 1e3:.0f} km at {cell_m:.0f} m, {rounds} rounds"
    print(
        f"\nr.viewshed, {place}: {np.median(peer):.1f} s processor against {np.median(own):.3f} s: "
        f"{np.median(ratios):.0f} x [{min(ratios):.0f} to {max(ratios):.0f}]"
    )


def many_radars(repeats):
    cell_m, reach_m = 90.0, 250e3
    n = int(reach_m / cell_m)
    generator = np.random.default_rng(4)
    cpu = wall = 0.0
    for latitude, longitude in zip(generator.uniform(37.5, 41.0, 16), generator.uniform(28.0, 42.0, 16), strict=True):
        ground = grid((latitude, longitude), cell_m, n)
        altitude_m = float(ground[n, n]) + ANTENNA_M
        call_cpu, call_wall, _ = cpu_and_wall(
            lambda g=ground, z=altitude_m: edge_sweep(
                g, z, cell_m=cell_m, k_factor=K, reach_m=reach_m, out_spacing=11, out_n=n // 11
            ),
            repeats,
        )
        cpu, wall = cpu + call_cpu, wall + call_wall
    print(f"\n16 radars x 250 km at 90 m, kept at 1 km: {cpu:.2f} s processor, {wall:.2f} s wall (sweeps only)")


def product(repeats):
    model = open_model(None)
    place = PLACES["Mürted"]
    common = {"k_factor": K, "cache": False}
    terrain_surface(model, *place, antenna_height_m=25.0, reach_m=400e3, **common)
    steps = iter(np.arange(1, 1000) * 0.005)

    def drag():
        return terrain_surface(
            model, place[0], place[1] + next(steps), antenna_height_m=25.0, reach_m=400e3, nesting=0, **common
        )

    masts = iter(np.arange(10.0, 100.0, 0.5))
    rows = {
        "one radar dragged, 400 km, 1-km grid, resampling included": drag,
        "another mast, 400 km, nested": lambda: terrain_surface(
            model, *place, antenna_height_m=next(masts), reach_m=400e3, **common
        ),
        "another mast, 600 km, nested": lambda: terrain_surface(
            model, *place, antenna_height_m=next(masts), reach_m=600e3, **common
        ),
        "a draw of relief, 400 km, nested": lambda: terrain_surface(
            model,
            *place,
            antenna_height_m=25.0,
            reach_m=400e3,
            relief=Relief(1, int(next(masts)), 17.0, 20.0),
            **common,
        ),
    }
    print()
    for label, call in rows.items():
        call()
        cpu, wall, _ = cpu_and_wall(call, 3 * repeats)
        print(f"{label}: {1e3 * cpu:.0f} ms processor, {1e3 * wall:.0f} ms wall")
    surface = terrain_surface(model, *place, antenna_height_m=25.0, reach_m=499e3, **common)
    cpu, wall, _ = cpu_and_wall(
        lambda: np.count_nonzero(surface.ground_altitude_m + np.float32(50.0) >= surface.lowest_visible_altitude_m), 5
    )
    print(f"another height on {surface.ground_altitude_m.size:,} cells: {1e3 * cpu:.1f} ms")


def main():
    quick = "--quick" in sys.argv[1:]
    load = os.getloadavg()[0]
    print(f"{platform.machine()}, {available_threads()} threads, load {load:.1f}, Python {platform.python_version()}")
    edge_sweep(np.zeros((201, 201), np.float32), 25.0, cell_m=90.0, k_factor=K, reach_m=9e3)
    repeats = 1 if quick else 3
    for name in PLACES:
        against_gdal(name, 100e3, 90.0, 1 if quick else 7)
    if not quick:
        for name in PLACES:
            against_gdal(name, 400e3, 90.0, 5)
        many_radars(1)
    product(repeats)
    against_grass(180e3, 1 if quick else 3)
    if not quick:
        against_grass(400e3, 1)


if __name__ == "__main__":
    main()
