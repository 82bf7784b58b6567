"""The terrain sweep against exact sight lines, closed forms on a smooth earth, and exact geodesics."""

from pathlib import Path

import numpy as np
import pytest
from validation.exact_viewshed import judge
from validation.geodesic_reference import geodesic_lowest_visible_altitude_m

from ringtrue.geo.elevation import ElevationModel, open_model
from ringtrue.geo.ground import site_ground
from ringtrue.geo.profile import lowest_visible_altitude_behind_ridges_m, lowest_visible_altitude_m
from ringtrue.geo.rasters import PLAIN_MAP, Raster
from ringtrue.geo.refraction import horizon_range_m
from ringtrue.geo.surface import terrain_surface
from ringtrue.geo.sweep import edge_sweep

ZION = Path(__file__).parents[2] / "tests" / "data" / "srtm3_zion_utah.tif"
K = 4.0 / 3.0
EARTH_RADIUS_M = 6_371_000.0


@pytest.mark.parametrize(
    ("place", "cell_m", "n"),
    [
        ((37.32, -113.05), 90.0, 185),
        ((37.25, -112.95), 90.0, 95),
        ((37.40, -113.00), 90.0, 105),
        ((40.0789, 32.5656), 500.0, 800),
        ((40.75, 39.72), 500.0, 800),
        ((37.00, 35.30), 500.0, 800),
    ],
    ids=["Zion canyon", "Zion east", "Zion north", "Mürted", "coastal summit", "Adana plain"],
)
def test_sweep_against_the_exact_sight_line(place, cell_m, n):
    """Mean <= 0.05 m, p99 <= 1 m, at most 0.02 % of cells differ at 100 m above ground; 20,000 cells each."""
    model = open_model(ZION if place[1] < 0 else None)
    ground = site_ground(model, *place, cell_m, n)
    antenna_altitude_m = float(np.float32(ground[n, n] + 25.0))
    swept = edge_sweep(ground, antenna_altitude_m, cell_m=cell_m, k_factor=K, reach_m=n * cell_m)
    error = judge(swept.lowest_visible_altitude_m, ground, antenna_altitude_m, cell_m=cell_m, k_factor=K, reach_cells=n)
    assert error["n_cells"] == 20_000
    assert error["mean_m"] <= 0.05
    assert error["p99_m"] <= 1.0
    assert error["differ_at_100_m"] <= 2e-4


def test_leaving_out_rays_is_noticed():
    """The judge is no rubber stamp: a single ray to each edge cell misses the same bound on rough coarse ground."""
    ground = site_ground(open_model(None), 40.75, 39.72, 500.0, 800)
    z = float(np.float32(ground[800, 800] + 25.0))
    swept = edge_sweep(ground, z, cell_m=500.0, k_factor=K, reach_m=400e3, rays_per_edge_cell=1)
    error = judge(swept.lowest_visible_altitude_m, ground, z, cell_m=500.0, k_factor=K, reach_cells=800)
    assert error["mean_m"] > 0.05


def test_v_g17_one_ridge():
    assert lowest_visible_altitude_behind_ridges_m(100e3, [30e3], [800.0], 25.0) == pytest.approx(3020.357, abs=0.001)
    range_m = np.arange(1, 1001) * 100.0
    ridge_m = np.where(range_m == 30e3, 800.0, 0.0)
    assert lowest_visible_altitude_m(range_m, ridge_m, 25.0)[-1] == pytest.approx(3020.357, abs=0.001)


def test_v_g18_two_ridges():
    value_m = lowest_visible_altitude_behind_ridges_m(150e3, [10e3, 45e3], [300.0, 900.0], 10.0)
    assert value_m == pytest.approx(5596.070, abs=0.001)


def test_v_g17_on_the_grid():
    """Walls 800 m high at 30 km on the grid lines, seen along the axes: float32, centimetres at most."""
    n, cell_m = 200, 500.0
    ground = np.zeros((2 * n + 1, 2 * n + 1), dtype=np.float32)
    wall = int(30e3 / cell_m)
    ground[n - wall, :] = ground[n + wall, :] = ground[:, n - wall] = ground[:, n + wall] = 800.0
    lowest = edge_sweep(ground, 25.0, cell_m=cell_m, k_factor=K, reach_m=n * cell_m).lowest_visible_altitude_m
    for cell in (lowest[n, 2 * n], lowest[n, 0], lowest[0, n], lowest[2 * n, n]):
        assert float(cell) == pytest.approx(3020.357, abs=0.02)


@pytest.mark.parametrize(("cell_m", "share"), [(90.0, 0.002), (250.0, 0.005), (1000.0, 0.03)])
def test_v_g22_area_on_a_bare_sphere(cell_m, share):
    """Cells of a swept smooth earth from which a target at 100 m is seen: 12,008.869 km2, nearer with smaller cells."""
    n = int(64e3 / cell_m) + 1
    ground = np.zeros((2 * n + 1, 2 * n + 1), dtype=np.float32)
    lowest = edge_sweep(ground, 25.0, cell_m=cell_m, k_factor=K, reach_m=n * cell_m).lowest_visible_altitude_m
    area_km2 = np.count_nonzero(np.maximum(lowest, 0.0) <= 100.0) * cell_m**2 / 1e6
    assert area_km2 == pytest.approx(12_008.869, rel=share)


def test_flat_earth_gives_back_the_horizon():
    n, cell_m = 400, 500.0
    ground = np.zeros((2 * n + 1, 2 * n + 1), dtype=np.float32)
    lowest = edge_sweep(ground, 25.0, cell_m=cell_m, k_factor=K, reach_m=n * cell_m).lowest_visible_altitude_m
    range_m = np.arange(60, n + 1) * cell_m
    back_m = horizon_range_m(25.0, np.maximum(lowest[n, n + 60 :], 0.0))
    # the tangent point moves by at most one cell, and parabola and arc part by 0.02 % at 200 km
    assert np.abs(back_m - range_m).max() < cell_m


def hills_m(latitude_deg, longitude_deg):
    return 900.0 + 500.0 * np.sin(11.5 * np.asarray(latitude_deg)) * np.cos(8.5 * np.asarray(longitude_deg))


class Hills:
    """The same hills without any grid."""

    @staticmethod
    def sample(latitude_deg, longitude_deg):
        return hills_m(latitude_deg, longitude_deg)


def test_geometry_against_exact_geodesics():
    """Geodesic error at most 1 m of altitude at 400 km (mean); hills 60 km long, on which sampling costs 0.2 m."""
    step = 0.005
    west, north = 26.0 + step / 2, 45.0 - step / 2
    altitude_m = hills_m(north - step * np.arange(2000)[:, None], west + step * np.arange(2600)).astype(np.float32)
    raster = Raster(altitude_m, (west, step, north, -step), PLAIN_MAP, "hills", 0, "array", "metre")
    model = ElevationModel("hills", "hills", 556.0, (26.0, 35.0, 39.0, 45.0), False, Path("hills"), raster)
    place, n, cell_m = (40.0789, 32.5656), 1334, 300.0
    ground = site_ground(model, *place, cell_m, n)
    antenna_altitude_m = float(hills_m(*place)) + 3000.0
    lowest = edge_sweep(ground, antenna_altitude_m, cell_m=cell_m, k_factor=K, reach_m=400e3).lowest_visible_altitude_m
    generator = np.random.default_rng(5)
    azimuth, wanted_m = generator.uniform(0.0, 2.0 * np.pi, 300), generator.uniform(300e3, 399e3, 300)
    row = np.rint(n - np.cos(azimuth) * wanted_m / cell_m).astype(int)
    column = np.rint(n + np.sin(azimuth) * wanted_m / cell_m).astype(int)
    range_m = np.hypot(row - n, column - n) * cell_m
    exact = geodesic_lowest_visible_altitude_m(
        Hills, *place, antenna_altitude_m, k_factor=K,
        azimuth_rad=np.arctan2(column - n, n - row), ground_range_m=range_m, step_m=100.0,
    )  # fmt: skip
    error_m = np.abs(lowest[row, column] - exact)
    assert error_m.mean() <= 1.0


def test_nested_grids_come_near_the_geodesic_reference():
    """On the model itself: nesting takes most of the bias of one 500-m grid (see docs/methods/terrain-surface.md)."""
    model, place = open_model(None), (40.0789, 32.5656)
    generator = np.random.default_rng(3)
    azimuth, wanted = generator.uniform(0.0, 2.0 * np.pi, 150), generator.uniform(100.0, 400.0, 150)
    errors = {}
    for nesting in (0, 320):
        surface = terrain_surface(
            model, *place, antenna_height_m=25.0, k_factor=K, reach_m=400e3, sweep_cell_m=500.0, nesting=nesting,
            cache=False,
        )  # fmt: skip
        row = np.rint(surface.n - np.cos(azimuth) * wanted).astype(int)
        column = np.rint(surface.n + np.sin(azimuth) * wanted).astype(int)
        exact = geodesic_lowest_visible_altitude_m(
            model, *place, surface.antenna_altitude_m, k_factor=K,
            azimuth_rad=surface.azimuth_rad()[row, column], ground_range_m=surface.ground_range_m()[row, column],
        )  # fmt: skip
        exact = np.maximum(exact, surface.ground_altitude_m[row, column])
        errors[nesting] = float(np.abs(surface.lowest_visible_altitude_m[row, column] - exact).mean())
    assert errors[320] < 10.0
    assert errors[320] < errors[0] / 5.0
