"""Areas in sight, as answers print them, against an exact sight line over the same model."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from validation.exact_areas import area_km2, exact_sight, held_area_km2, in_sight, own_error

from ringtrue.catalogue.load import load_catalogue
from ringtrue.coverage.audit import audit
from ringtrue.coverage.records import AuditQuestion
from ringtrue.coverage.ring import Level, runs_of
from ringtrue.engagement.echo import view
from ringtrue.engagement.paths import N_SAMPLES, Paths
from ringtrue.geo.elevation import open_model
from ringtrue.geo.geodesy import direct
from ringtrue.sensing.ledger import DRAWN_OF_GROUND, HOLLOW_OF_GROUND
from ringtrue.sensing.run import Run
from ringtrue.sensing.sight import decoded_m, encoded, polar_sight

EARTH_RADIUS_M = 6_371_000.0
K = 1.4
LEVELS = (*(Level(height_m, None) for height_m in (30.0, 50.0, 100.0, 500.0)), Level(None, 3_000.0))
# latitude, longitude, mast [m], reach [m]
SITES = {
    "Adana": (37.0021, 35.4259, 4.0, 130e3),
    "valley": (37.574, 43.74, 15.0, 130e3),
    "coast": (36.80, 34.63, 20.0, 130e3),
    "island": (39.19, 25.95, 20.0, 100e3),
    "plateau": (38.7205, 35.4826, 15.0, 130e3),
    "city": (41.0082, 28.9784, 20.0, 100e3),
    "summit": (40.75, 39.72, 25.0, 200e3),
    "eastern edge": (38.5, 49.6, 15.0, 100e3),
    "southern edge": (30.3, 35.0, 15.0, 100e3),
    "fine model": (40.45, 30.55, 15.0, 50e3),
}


@pytest.fixture(scope="module", autouse=True)
def _store(tmp_path_factory):
    patch = pytest.MonkeyPatch()
    patch.setenv("RINGTRUE_CACHE", str(tmp_path_factory.mktemp("store")))
    yield
    patch.undo()


@pytest.fixture(scope="module")
def fine_model(tmp_path_factory):
    """Ridges and valleys in cells of 3 arc-seconds, one degree a side: noise summed over octaves, always the same."""
    import rasterio
    from rasterio.transform import from_origin
    from scipy.ndimage import zoom

    generator, side = np.random.default_rng(12), 1_200
    ground = np.full((side, side), 600.0)
    for octave in range(3, 10):
        coarse = generator.standard_normal((2**octave + 1, 2**octave + 1))
        ground += zoom(coarse, side / coarse.shape[0], order=1)[:side, :side] * 900.0 * 0.5 ** (octave - 2)
    path = tmp_path_factory.mktemp("terrain") / "fine.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=side, height=side, count=1, dtype="float32", crs="EPSG:4326",
        transform=from_origin(30.0, 41.0, 1.0 / side, 1.0 / side),
    ) as file:  # fmt: skip
        file.write(np.maximum(ground, 5.0).astype(np.float32), 1)
    return open_model(path)


@cache
def looked(model, name):
    """Sight of the program and the exact one from a site."""
    latitude, longitude, mast_m, reach_m = SITES[name]
    ours = polar_sight(model, latitude, longitude, antenna_height_m=np.array([mast_m]), k_factor=K, reach_m=reach_m)
    step_m = min(25.0, model.resolution_m / 8.0)
    return ours, exact_sight(model, latitude, longitude, mast_m, k_factor=K, reach_m=reach_m, step_m=step_m)


def of_level(exact, level):
    return in_sight(exact, level.height_m, level.altitude_m)


def runs(ours, level):
    return runs_of(ours, level, np.array([-1.5]), np.array([1.5]))


def area_of_runs_km2(ours, found, lead_m=0.0):
    far_m = np.maximum(found.end_m - lead_m, found.start_m)
    piece = np.cos(found.start_m / EARTH_RADIUS_M) - np.cos(far_m / EARTH_RADIUS_M)
    return float(piece.sum()) * EARTH_RADIUS_M**2 * 2.0 * np.pi / ours.azimuth_rad.size / 1e6


def bound_km2(exact_km2):
    """What the issue allows: 3 % or 15 km2, the larger."""
    return max(0.03 * exact_km2, 15.0)


@pytest.mark.parametrize("name", SITES)
def test_areas_in_sight_are_those_of_an_exact_sight_line(name, fine_model):
    """Whole areas, and those from which sight is held for 5 and 15 km outwards: what an intercept needs of sight."""
    ours, exact = looked(fine_model if name == "fine model" else open_model(None), name)
    for level in LEVELS:
        found, is_in = runs(ours, level), of_level(exact, level)
        expected_km2 = area_km2(exact, is_in)
        assert area_of_runs_km2(ours, found) == pytest.approx(expected_km2, abs=bound_km2(expected_km2)), level
        for lead_m in (5e3, 15e3):
            held_km2 = held_area_km2(exact, is_in, lead_m)
            assert area_of_runs_km2(ours, found, lead_m) == pytest.approx(held_km2, abs=bound_km2(held_km2)), level


def test_low_flyers_over_the_plain_of_adana():
    """2,070 km2 by an exact sight line; 1,360 km2 as long as a line was drawn through margins capped at the ground."""
    ours, _ = looked(open_model(None), "Adana")
    assert area_of_runs_km2(ours, runs(ours, Level(30.0, None))) == pytest.approx(2_070.0, rel=0.03)


def points_over_the_disc(reach_m, n):
    """Bearing and range of points spread evenly over a disc (sunflower)."""
    i = np.arange(n)
    return (i * np.pi * (3.0 - np.sqrt(5.0))) % (2.0 * np.pi), reach_m * np.sqrt((i + 0.5) / n)


@pytest.mark.parametrize("name", ["Adana", "coast", "summit", "eastern edge", "fine model"])
def test_the_raid_reads_the_same_sight(name, fine_model):
    """Places at which targets of a raid are seen, of 200 x 257 spread over the disc, against the exact sight line."""
    model = fine_model if name == "fine model" else open_model(None)
    ours, exact = looked(model, name)
    latitude, longitude, _, reach_m = SITES[name]
    n_targets = 200
    bearing, range_m = points_over_the_disc(reach_m, n_targets * N_SAMPLES)
    azimuth = (bearing / (2.0 * np.pi) * exact.needed_m.shape[0]).astype(int)
    step = np.rint(range_m / exact.step_m).astype(int)
    km2 = 2.0 * np.pi * EARTH_RADIUS_M**2 * (1.0 - np.cos(reach_m / EARTH_RADIUS_M)) / 1e6 / range_m.size
    there = direct(latitude, longitude, bearing, range_m)
    shape = (n_targets, N_SAMPLES)
    where = [np.asarray(x).reshape(shape) for x in (there.latitude_deg, there.longitude_deg)]
    ground_m = np.nan_to_num(model.sample(*where))
    radar = load_catalogue().radars["92n6e"]
    wide = {"min_elevation_rad": -1.5, "max_elevation_rad": 1.5, "sector_rad": 2.0 * np.pi}
    radar = replace(
        radar, **{name: replace(getattr(radar, name), low=x, nominal=x, high=x) for name, x in wide.items()}
    )
    for level in LEVELS:
        altitude_m = ground_m + level.height_m if level.height_m else np.full(shape, level.altitude_m)
        paths = Paths(
            np.zeros((1, *shape)), *where, altitude_m, altitude_m - ground_m, np.zeros(shape),
            np.zeros(n_targets, dtype=np.bool_), np.full(n_targets, level.height_m is not None),
        )  # fmt: skip
        seen = view(ours, radar, paths, azimuth_rad=0.0).is_seen[0]
        expected = of_level(exact, level)[azimuth, step]
        assert seen.sum() * km2 == pytest.approx(expected.sum() * km2, abs=bound_km2(expected.sum() * km2)), level


def test_the_reference_states_its_own_error():
    """Twice the azimuths and half the step move the exact area by less than half a percent."""
    latitude, longitude, mast_m, _ = SITES["Adana"]
    error = own_error(open_model(None), latitude, longitude, mast_m, k_factor=K, reach_m=60e3, height_m=50.0)
    assert abs(error) < 0.005


def test_codes_of_heights_keep_a_hundredth_and_the_unknown():
    needed_m = np.append(np.geomspace(1.0, 6e4, 5_000), [0.0, 1e9, np.nan]).astype(np.float32)
    back_m = decoded_m(encoded(needed_m))
    assert (np.abs(back_m[:-3] / needed_m[:-3] - 1.0) < 0.004).all()
    assert back_m[-3] == 0.0
    assert back_m[-2] > 65_000.0
    assert np.isnan(back_m[-1])


def test_the_audit_prints_the_area_of_an_exact_sight_line_when_nothing_is_drawn():
    """With no doubt about the ground, every draw of a radar of fixed range (100 km) sees the model's own area."""
    catalogue, model = load_catalogue(), open_model(None)
    certain = {
        key: replace(catalogue.assumptions[key], low=0.0, nominal=0.0, high=0.0, spread="fixed")
        for key in (*DRAWN_OF_GROUND, *HOLLOW_OF_GROUND)
        if key != "height-correlation-length"
    }
    question = AuditQuestion(
        system_id="samp-t", latitude_deg=37.0021, longitude_deg=35.4259, targets=("f-16",), heights_m=(30.0, 100.0),
        altitudes_m=(), mast_m=4.0, k_factor=K,
    )  # fmt: skip
    result = audit(
        question, Run(replace(catalogue, assumptions={**catalogue.assumptions, **certain}), model, n_draws=4)
    )
    exact = exact_sight(model, 37.0021, 35.4259, 4.0, k_factor=K, reach_m=100e3)
    for row in result.rows:
        expected_km2 = area_km2(exact, in_sight(exact, row.height_m))
        printed = row.seen_geometry_area_km2
        for value_km2 in (printed.low, printed.median, printed.high):
            assert value_km2 == pytest.approx(expected_km2, abs=bound_km2(expected_km2))
