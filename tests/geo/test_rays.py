"""Sight along rays: closed forms, gaps, the seam of a map around the earth, drawn grounds, and the same bits always."""

import numpy as np
import pytest

from ringtrue.errors import DomainError, OutsideTerrainError
from ringtrue.geo.elevation import open_model
from ringtrue.geo.profile import lowest_visible_altitude_m
from ringtrue.geo.rays import ray_grid, ray_ground, ray_sight
from ringtrue.geo.refraction import minimum_visible_height_m
from ringtrue.geo.relief import Relief
from ringtrue.sensing.sight import TerrainDoubt, decoded_m, polar_sight

K = 4.0 / 3.0
AZIMUTH_RAD = np.arange(36) * (2.0 * np.pi / 36)
MURTED = (40.0789, 32.5656)


@pytest.fixture(autouse=True)
def _store(monkeypatch, tmp_path):
    monkeypatch.setenv("RINGTRUE_CACHE", str(tmp_path / "store"))


def written(tmp_path, ground, *, west, north, cell_deg, name="ground"):
    import rasterio

    path = tmp_path / f"{name}.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=ground.shape[1], height=ground.shape[0], count=1, dtype="float32",
        crs="EPSG:4326", transform=rasterio.Affine(cell_deg, 0.0, west, 0.0, -cell_deg, north), nodata=-9999.0,
    ) as file:  # fmt: skip
        file.write(ground.astype(np.float32), 1)
    return open_model(path)


def looked(model, place, reach_m, mast_m=25.0, relief=None, azimuth_rad=AZIMUTH_RAD):
    grid = ray_grid(model, *place, reach_m)
    ground = ray_ground(model, *place, azimuth_rad, grid)
    seen = ray_sight(model, *place, azimuth_rad, grid, ground, antenna_height_m=mast_m, k_factor=K, relief=relief)
    return grid, ground, seen


def test_level_ground_gives_back_the_smooth_earth(tmp_path):
    """The parabola of the effective earth is low by some 0.1 % of the drop at 400 km, less than a centimetre here."""
    model = written(tmp_path, np.full((480, 600), 100.0), west=31.25, north=41.0, cell_deg=1 / 240)
    grid, _, seen = looked(model, (40.0, 32.5), 80e3)
    expected_m = minimum_visible_height_m(grid.sample_range_m, 25.0, k_factor=K)
    assert np.abs(seen.needed_m - expected_m).max() < 0.06
    assert seen.antenna_altitude_m == 125.0


def test_every_kilometre_is_a_sample_and_a_cell_has_four():
    for model, reach_m in ((open_model(None), 400e3), (open_model(None), 20e3)):
        grid = ray_grid(model, *MURTED, reach_m)
        assert np.isin(np.arange(0.0, reach_m + 1.0, 1e3), grid.sample_range_m).all()
        assert np.diff(grid.sample_range_m).max() <= model.resolution_m / 4.0
        assert np.diff(grid.range_m).max() <= model.resolution_m / 8.0
        assert grid.range_m[1] < 1.0


def test_rays_are_the_profile_along_their_azimuth():
    """A profile reads the model every 31.25 m by itself."""
    from ringtrue.geo.geodesy import direct

    model = open_model(None)
    grid, ground, seen = looked(model, MURTED, 120e3)
    fine_m = np.arange(1, 120_000 // 25 + 1) * 25.0
    for a in (0, 7, 22):
        there = direct(*MURTED, AZIMUTH_RAD[a], fine_m)
        along_m = model.sample(there.latitude_deg, there.longitude_deg)
        lowest_m = lowest_visible_altitude_m(fine_m, along_m, seen.antenna_altitude_m, k_factor=K)
        wanted = np.rint(np.arange(20e3, 120e3, 1e3) / 25.0).astype(int) - 1
        at = np.searchsorted(grid.sample_range_m, np.arange(20e3, 120e3, 1e3) - 1e-6)
        needed_m = np.maximum(lowest_m[wanted] - along_m[wanted], 0.0)
        assert np.abs(seen.needed_m[a, at] - needed_m).max() < 0.005 * needed_m.max() + 1.0
        assert np.abs(ground.at_samples(grid)[a, at] - along_m[wanted]).max() < 0.5


def test_what_lies_in_a_gap_and_behind_it_is_unknown(tmp_path):
    ground = np.full((480, 600), 100.0)
    ground[200:280, 380:400] = -9999.0  # 13 to 20 cells of 0.25' to the east of the site
    model = written(tmp_path, ground, west=31.25, north=41.0, cell_deg=1 / 240)
    grid, _, seen = looked(model, (40.0, 32.5), 60e3)
    east, west = seen.needed_m[9], seen.needed_m[27]
    begins_m = 0.3292 * 111_320.0 * np.cos(np.radians(40.0))
    assert np.isfinite(east[grid.sample_range_m < begins_m - 1_000.0]).all()
    assert np.isnan(east[grid.sample_range_m > begins_m + 1_000.0]).all()
    assert np.isfinite(west).all()
    sight = polar_sight(model, 40.0, 32.5, antenna_height_m=np.array([25.0]), k_factor=K, reach_m=60e3)
    assert np.isnan(decoded_m(sight.needed_code)[0, 90, -1])
    # the gap takes 37 of 2 pi 28 km, from 28 km on: 15 % of the disc
    assert sight.covered_share(60e3) == pytest.approx(0.86, abs=0.02)


def test_off_the_model_nothing_is_known_and_the_rays_end(tmp_path):
    model = written(tmp_path, np.full((240, 240), 100.0), west=32.0, north=40.5, cell_deg=1 / 240)
    grid, _, seen = looked(model, (40.0, 32.5), 400e3)
    assert grid.range_m[-1] < 90e3
    assert np.isnan(seen.needed_m[:, -1]).all()
    sight = polar_sight(model, 40.0, 32.5, antenna_height_m=np.array([25.0]), k_factor=K, reach_m=400e3)
    assert sight.shape == (1, 360, 401)
    assert sight.covered_share(400e3) == pytest.approx(111.2 * 85.2 / (np.pi * 400.0**2), rel=0.02)


def test_a_map_around_the_earth_has_no_seam(tmp_path):
    """The same ground with its columns turned by half the earth: what was the middle is now the seam."""
    generator = np.random.default_rng(4)
    ground = np.repeat(np.repeat(generator.uniform(10.0, 900.0, (180, 360)), 4, axis=0), 4, axis=1)
    turned = np.roll(ground, 720, axis=1)
    models = [
        written(tmp_path, g, west=-180.0, north=90.0, cell_deg=0.25, name=n) for g, n in ((ground, "a"), (turned, "b"))
    ]
    relief = Relief(3, 1, 17.0, 20.0)
    whole = [looked(m, (40.0, lon), 300e3, relief=None) for m, lon in zip(models, (0.1, 180.1), strict=True)]
    assert np.nanmax(np.abs(whole[0][2].needed_m - whole[1][2].needed_m)) < 0.5
    assert np.isfinite(whole[1][2].needed_m).all()
    drawn = looked(models[1], (40.0, 180.1), 300e3, relief=relief)[2]
    assert np.isfinite(drawn.needed_m).all()


def test_about_a_pole_rays_read_what_the_model_says(tmp_path):
    generator = np.random.default_rng(5)
    ground = np.repeat(np.repeat(generator.uniform(10.0, 900.0, (180, 360)), 4, axis=0), 4, axis=1)
    model = written(tmp_path, ground, west=-180.0, north=90.0, cell_deg=0.25)
    grid, rays, _ = looked(model, (89.6, 20.0), 200e3)
    from ringtrue.geo.geodesy import direct

    for a in (0, 5, 30):
        there = direct(89.6, 20.0, AZIMUTH_RAD[a], grid.sample_range_m)
        along_m = model.sample(there.latitude_deg, there.longitude_deg)
        # straight pieces may be a twentieth of a cell off, and neighbours differ by up to 890 m
        assert np.abs(rays.at_samples(grid)[a] - along_m).max() < 45.0


def test_a_higher_mast_needs_no_more_and_ridges_no_less():
    model = open_model(None)
    low, high = (looked(model, MURTED, 150e3, mast_m)[2].needed_m for mast_m in (5.0, 40.0))
    assert (high <= low + 0.01).all()
    bare, ridged = (looked(model, MURTED, 150e3, relief=Relief(3, 2, 0.0, h))[2].needed_m for h in (0.0, 20.0))
    assert (ridged >= bare - 0.01).all()
    assert ridged[bare == 0.0].mean() > 2.0


def test_ridges_hide_what_flies_low_behind_them_and_raise_no_horizon():
    """What needs more than the highest ridge needs what it needed before: 4 x 20 m / 0.8 for every 200 m of relief."""
    model = open_model(None)
    bare, ridged = (looked(model, MURTED, 150e3, relief=Relief(3, 2, 0.0, h))[2].needed_m for h in (0.0, 20.0))
    assert (ridged > bare).mean() > 0.05
    assert np.array_equal(ridged[bare > 1_000.0], bare[bare > 1_000.0])


def test_ridges_are_drawn_wider_where_no_finer_tile_speaks(tmp_path):
    """Above 650 m within a cell, and in cells of another size than 30 arc-seconds."""
    model = open_model(None)
    steep = (37.574, 43.74)
    rough_m = model.sample(*steep)  # a valley in mountains of 2,000 m and more
    assert rough_m > 500.0
    one, two = (looked(model, steep, 60e3, relief=Relief(3, 2, 0.0, 10.0, wide))[2].needed_m for wide in (10.0, 40.0))
    assert (two >= one).all()
    assert 0.02 < (two > one).mean() < 0.9
    flat = [
        looked(model, (38.0, 33.5), 20e3, relief=Relief(3, 2, 0.0, 10.0, wide))[2].needed_m for wide in (10.0, 40.0)
    ]
    assert np.array_equal(*flat), "the plain of Konya: nothing there is rougher than 650 m"
    ground = np.kron(np.arange(240).reshape(12, 20) % 7 * 40.0, np.ones((40, 30)))
    fine = written(tmp_path, ground, west=31.25, north=41.0, cell_deg=1 / 1200)
    one, two = (looked(fine, (40.8, 31.5), 15e3, relief=Relief(3, 2, 0.0, 5.0, w))[2].needed_m for w in (5.0, 40.0))
    assert (two > one).any(), "tiles speak for cells of 30 arc-seconds only"


def test_an_antenna_on_its_hill_sees_more_and_in_its_hollow_less(tmp_path):
    """A step of 40 m beside the place: half of it up, half of it down; the hollow's rim stands one cell away."""
    ground = np.full((120, 120), 100.0)
    ground[:, 60:] = 140.0
    model = written(tmp_path, ground, west=32.0, north=41.0, cell_deg=1 / 120)
    place, west = (40.5041667, 32.4958333), 27  # centre of the last cell before the step
    plain, hill, hollow = (
        looked(model, place, 30e3, mast_m=10.0, relief=Relief(1, 1, 0.0, 0.0, site_share=share))[2]
        for share in (0.0, 0.5, -0.5)
    )
    heights_m = [seen.antenna_altitude_m for seen in (plain, hill, hollow)]
    assert heights_m == pytest.approx([110.0, 130.0, 90.0], abs=0.5)
    far_m = 20e3
    at = int(np.searchsorted(ray_grid(model, *place, 30e3).sample_range_m, far_m))
    drop_m = far_m**2 / (2.0 * K * 6_371_000.0)
    # the line from 20 m under the rim's foot to the rim, 100 m high and one cell (707 m westwards here) away
    assert hollow.needed_m[west, at] == pytest.approx(10.0 / model.resolution_m * far_m - 10.0 + drop_m, rel=0.05)
    assert hill.needed_m[west, at] < plain.needed_m[west, at]
    deep = looked(model, (40.5041667, 32.5041667), 30e3, relief=Relief(1, 1, 0.0, 0.0, site_share=-0.5))[2]
    assert deep.antenna_altitude_m == pytest.approx(165.0, abs=0.5), "no hollow on the highest ground about"


def test_drawn_ground_has_the_error_asked_for_and_none_on_water():
    model = open_model(None)
    raised = [looked(model, MURTED, 300e3, relief=Relief(5, i, 17.0, 0.0))[2].raised_m for i in range(1, 9)]
    assert np.stack(raised).std() == pytest.approx(17.0, rel=0.15)
    at_sea = looked(model, (42.8, 34.0), 40e3, relief=Relief(5, 1, 17.0, 20.0))[2].raised_m
    assert (at_sea == 0.0).all()


def test_the_bits_depend_neither_on_threads_nor_on_the_store():
    model = open_model(None)
    doubt = TerrainDoubt(
        1,
        *(
            np.array(v)
            for v in ((10.0, 17.0, 25.0), (5.0, 20.0, 40.0), (5.0, 30.0, 60.0), (-0.3, 0.0, 0.2), (1e4, 2e4, 4e4))
        ),
    )
    heights_m = np.array([25.0, 20.0, 25.0, 30.0])

    def look(threads):
        return polar_sight(
            model, *MURTED, antenna_height_m=heights_m, k_factor=K, reach_m=60e3, doubt=doubt, threads=threads
        )

    first = look(2)
    stored = look(2)
    from ringtrue.geo.folders import cache_dir

    for path in cache_dir().glob("*.npz"):
        path.unlink()
    alone = look(1)
    for name in ("needed_code", "raised_m", "model_ground_m", "antenna_altitude_m"):
        assert getattr(first, name).tobytes() == getattr(alone, name).tobytes() == getattr(stored, name).tobytes()


def test_a_site_off_the_model_and_an_antenna_below_the_ground_are_refused():
    model = open_model(None)
    with pytest.raises(OutsideTerrainError):
        polar_sight(model, 10.0, 10.0, antenna_height_m=np.array([25.0]), k_factor=K, reach_m=60e3)
    with pytest.raises(DomainError, match="below the ground"):
        polar_sight(model, *MURTED, antenna_height_m=np.array([-1.0]), k_factor=K, reach_m=60e3)
    with pytest.raises(DomainError, match="k = 0"):
        polar_sight(model, *MURTED, antenna_height_m=np.array([25.0]), k_factor=0.0, reach_m=60e3)


def test_roughness_is_the_highest_less_the_lowest_of_a_cell_and_its_neighbours():
    """The loops that read it where it is wanted against filters over the whole raster, which take as much as it."""
    from scipy.ndimage import maximum_filter, minimum_filter

    from ringtrue.geo import _kernels

    generator = np.random.default_rng(8)
    raster = generator.uniform(0.0, 900.0, (40, 50)).astype(np.float32)
    raster[generator.uniform(size=raster.shape) < 0.1] = np.nan
    is_gap = np.isnan(raster)
    highest = maximum_filter(np.where(is_gap, -np.inf, raster), 3)
    twin = (highest - minimum_filter(np.where(is_gap, np.inf, raster), 3)).astype(np.float32)
    twin[is_gap] = _kernels.UNKNOWN_ALTITUDE_M
    raster.setflags(write=False)
    twin.setflags(write=False)
    node_m, range_m = 10.0, np.linspace(0.0, 39.0, 500)
    row, column = generator.uniform(-3.0, 43.0, (24, 5)), generator.uniform(-3.0, 53.0, (24, 5))
    found, wanted = (np.empty((range_m.size, 24), dtype=np.float32) for _ in range(2))
    _kernels.roughness_along_rays(raster, row, column, node_m, range_m, found)
    _kernels.sample_along_rays(twin, row, column, node_m, range_m, wanted)
    assert np.array_equal(found, wanted, equal_nan=True)
    assert np.isnan(wanted).any()
    assert (wanted > 0.0).any()
    found, wanted = (np.empty((60, 60), dtype=np.float32) for _ in range(2))
    row, column = (np.linspace(-4.0, 44.0, 5)[:, None] + generator.uniform(-2.0, 2.0, (5, 5)) for _ in range(2))
    column = column.T + 3.0
    _kernels.resample_roughness(raster, np.ascontiguousarray(row), np.ascontiguousarray(column), 16, 0, 60, found)
    _kernels.resample(twin, np.ascontiguousarray(row), np.ascontiguousarray(column), 16, 0, 60, wanted)
    assert np.array_equal(found, wanted)


@pytest.mark.parametrize(("place", "most"), [((40.0, 32.5), 0.95), ((39.56, 32.06), 0.6)])
def test_fans_that_end_with_the_model_change_no_bit(tmp_path, monkeypatch, place, most):
    from ringtrue.geo import rays

    generator = np.random.default_rng(6)
    ground = np.repeat(np.repeat(generator.uniform(10.0, 900.0, (60, 60)), 4, axis=0), 4, axis=1)
    ground[100:110, 100:110] = -9999.0
    model = written(tmp_path, ground, west=32.0, north=40.5, cell_deg=1 / 240)
    azimuth_rad = np.arange(360) * (2.0 * np.pi / 360)
    relief = Relief(3, 2, 17.0, 20.0)
    _, fans, seen = looked(model, place, 150e3, relief=relief, azimuth_rad=azimuth_rad)
    monkeypatch.setattr(rays, "_grounds", rays.MemoryStore())
    monkeypatch.setattr(rays, "RAYS_PER_FAN", 1000)
    monkeypatch.setattr(rays, "_n_steps", lambda _model, _way, _bent, range_m: range_m.size)
    grid, whole, wanted = looked(model, place, 150e3, relief=relief, azimuth_rad=azimuth_rad)
    assert np.array_equal(seen.needed_m, wanted.needed_m, equal_nan=True)
    assert np.array_equal(fans.at_samples(grid), whole.at_samples(grid), equal_nan=True)
    assert sum(fan.ground_m.size for fan in fans.fans) < most * whole.fans[0].ground_m.size
