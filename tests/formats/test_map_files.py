"""GeoPackage and GeoParquet of real answers, read by SQLite, Arrow and Shapely and by GDAL."""

from __future__ import annotations

import json

import numpy as np
import pyogrio
import pytest
import shapely
from tests.formats.readers import is_oriented, read_geopackage, read_geoparquet

import ringtrue.api as rt
from ringtrue.catalogue.load import load_catalogue
from ringtrue.formats.outlines import outline_km2
from ringtrue.formats.scenario_shapes import scenario_map
from ringtrue.formats.vector import write_geopackage, write_geoparquet
from ringtrue.geo import geodesy
from ringtrue.geo.elevation import open_model
from ringtrue.scenario.flights import raid_flights
from ringtrue.scenario.load import load_scenario
from ringtrue.scenario.records import UNKNOWN_POSITION

SITE = 40.0789, 32.5656


@pytest.fixture(scope="module")
def audit():
    return rt.audit(
        "patriot-battery", at=SITE, targets=["f-16", "srbm"], heights=["100 m", "1000 m"], altitudes=["5000 m"],
        dem="none", draws=20,
    )  # fmt: skip


@pytest.fixture(scope="module")
def raid():
    scenario = load_scenario("turkey-2019")
    raids = [raid.id for raid in scenario.raids]
    return scenario_map(scenario, load_catalogue(), open_model(None), laydowns=[scenario.laydowns[1].id], raids=raids)


@pytest.fixture(scope="module")
def packed(audit, tmp_path_factory):
    return read_geopackage(write_geopackage(audit.map(), tmp_path_factory.mktemp("gpkg") / "audit.gpkg"))


@pytest.fixture(scope="module")
def columnar(audit, tmp_path_factory):
    paths = write_geoparquet(audit.map(), tmp_path_factory.mktemp("layers"))
    return {path.stem: read_geoparquet(path) for path in paths}


def test_layers_and_their_places(packed):
    assert list(packed) == ["sites", "rings", "cover", "walls", "cities", "figures"]
    assert [one.coords[0] for one in packed["sites"].geometries] == [(32.5656, 40.0789)]
    for name in ("sites", "rings", "cover", "cities"):
        assert packed[name].about["srs_id"] == 4326
    walls = packed["walls"]
    assert (walls.about["srs_id"], walls.about["shape"]["z"]) == (9707, 1)
    site = shapely.Point(SITE[1], SITE[0])
    for name in ("rings", "cover"):
        for geometry in packed[name].geometries:
            assert geometry.is_valid
            assert is_oriented(geometry)
            assert geometry.distance(site) < 0.1


def test_areas_are_those_of_the_audit(audit, packed):
    rows = {(row.target, row.height_m, row.altitude_m): row for row in audit.rows}
    n_compared = 0
    for said, geometry in zip(packed["cover"].rows, packed["cover"].geometries, strict=True):
        row = rows[said["target"], said["height_m"], said["altitude_m"]]
        nominal_km2 = getattr(row, f"{said['link']}_area_km2").nominal
        assert said["area_km2_nominal"] == pytest.approx(nominal_km2, rel=1e-5)
        assert said["outline_km2"] == pytest.approx(outline_km2(geometry), rel=1e-5)
        if nominal_km2 < 0.9 * row.advertised_area_km2:  # the map ends a tenth beyond the ring
            # whole cells of 800 m along the edge, and heights between steps of the ladder for an altitude
            assert said["outline_km2"] == pytest.approx(nominal_km2, rel=0.03)
            n_compared += 1
    assert n_compared >= 6


def test_rings_nest_by_the_part_of_draws(packed):
    rows = packed["rings"].rows
    assert rows[0]["ring"] == "advertised"
    assert rows[0]["part_of_draws"] is None
    assert "[" in rows[0]["source"]
    by_row: dict = {}
    for said, geometry in zip(rows[1:], packed["rings"].geometries[1:], strict=True):
        by_row.setdefault((said["ring"], said["height_m"], said["altitude_m"]), {})[said["part_of_draws"]] = geometry
    for ends in by_row.values():
        areas = [outline_km2(ends[part]) for part in sorted(ends)]
        assert areas == sorted(areas)
        assert shapely.difference(ends[0.5], ends[0.95]).area < 1e-6


def test_walls_stand_at_the_lowest_altitude_in_sight(packed):
    """On a smooth earth the horizon says it: the lowest step of the ladder above it, no more than a third higher."""
    ground_m = packed["sites"].rows[0]["ground_altitude_m"]
    mast_m = 5.0  # at the least
    for said, geometry in zip(packed["walls"].rows, packed["walls"].geometries, strict=True):
        heights_m = np.array([z for *_, z in geometry.coords]) - ground_m
        assert heights_m.min() == pytest.approx(said["lowest_m"] - ground_m, abs=1.0)
        beyond_m = max(said["distance_m"] - np.sqrt(2 * 1.4 * 6371e3 * 40.0), 0.0)
        assert heights_m.min() >= beyond_m**2 / (2 * 1.5 * 6371e3) * 0.9 - mast_m


def test_every_column_says_what_it_holds(packed, columnar):
    said = packed["cover"].about["metadata"]
    for name in ("target", "height_m", "altitude_m", "outline_km2", "area_km2_median", "source"):
        assert f'key="{name}"' in said
    assert "above mean sea level [m]" in said
    about = columnar["cover"].about["ringtrue"]
    assert "EGM96" in about["altitudes"]
    assert about["positions"] == UNKNOWN_POSITION


def test_what_has_no_outline_is_told(audit):
    assert audit.map().about["left out"] == "patriot-battery, srbm: a footprint has an area and no outline"
    high = rt.audit("patriot-battery", at=SITE, targets="f-16", altitudes=["16000 m", "0 m"], dem="none", draws=5).map()
    assert "f-16 at 16,000 m AMSL: maps end 15,000 m above ground" in high.about["left out"]
    assert "0 m above sea level lies under the ground here" in high.about["left out"]
    assert not high.layer("cover")


def test_geoparquet_holds_the_same_and_its_metadata_keep_the_standard(packed, columnar):
    assert set(columnar) == set(packed)
    for name, table in columnar.items():
        rows = [{k: v for k, v in row.items() if k != "fid"} for row in packed[name].rows]
        assert table.rows == rows
        assert all(a.equals_exact(b, 0.0) for a, b in zip(table.geometries, packed[name].geometries, strict=True))
    geo = columnar["cover"].about["geo"]["columns"]["geometry"]
    assert geo["orientation"] == "counterclockwise"
    assert geo["crs"]["id"] == {"authority": "OGC", "code": "CRS84"}
    assert columnar["walls"].about["geo"]["columns"]["geometry"]["crs"]["id"] == {"authority": "EPSG", "code": 9707}
    assert "geo" not in columnar["figures"].about
    json.dumps(geo, allow_nan=False)


def test_the_same_shapes_are_the_same_bytes(audit, tmp_path):
    first, second = (write_geopackage(audit.map(), tmp_path / f"{name}.gpkg").read_bytes() for name in "ab")
    assert first == second
    paths = write_geoparquet(audit.map(), tmp_path / "c"), write_geoparquet(audit.map(), tmp_path / "d")
    assert [one.read_bytes() for one in paths[0]] == [one.read_bytes() for one in paths[1]]


def test_gdal_reads_every_layer(raid, tmp_path):
    path = write_geopackage(raid, tmp_path / "raid.gpkg")
    layers = {str(name): str(kind) for name, kind in pyogrio.list_layers(path)}
    assert layers == {"sites": "Point", "rings": "MultiPolygon", "assets": "Point", "paths": "LineString Z"}
    for layer in raid.layers:
        if layer.rows:
            info = pyogrio.read_info(path, layer=layer.name)
            assert info["features"] == len(layer.rows)
            assert info["layer_metadata"]["title"] == layer.title
    assert pyogrio.read_info(path, layer="paths")["crs"] == "EPSG:9707"
    assert pyogrio.read_info(path, layer="sites")["dataset_metadata"]["title"] == raid.title


def test_paths_run_from_start_to_aim_above_the_ground(raid, tmp_path):
    paths = read_geopackage(write_geopackage(raid, tmp_path / "raid.gpkg"))["paths"]
    scenario, model = load_scenario("turkey-2019"), open_model(None)
    aims = {asset.uid: (asset.longitude_deg, asset.latitude_deg) for asset in scenario.assets}
    release_m = {f.uid: f.release_range_m for raid in scenario.raids for f in raid_flights(scenario, raid.id)}
    assert {row["target"] for row in paths.rows} >= {"srbm", "one-way-uav", "cruise-missile"}
    for said, geometry in zip(paths.rows, paths.geometries, strict=True):
        x, y, z = np.array(geometry.coords).T
        if said["aim"] is None:
            continue
        left_m = geodesy.inverse(y[-1], x[-1], *aims[said["aim"]][::-1]).distance_m
        assert left_m == pytest.approx(release_m[said["uid"]], abs=0.2)
        ground_m = np.nan_to_num(model.sample(y, x)) if said["target"] != "srbm" else 0.0
        assert (z >= ground_m - 60.0).all()  # sampled between the nodes of the model along the way
        assert said["highest_m"] == pytest.approx(z.max(), abs=0.06)
        assert said["ends_s"] > said["starts_s"]
    ballistic = [g for row, g in zip(paths.rows, paths.geometries, strict=True) if row["target"] == "srbm"]
    assert all(one.coords[-1][2] == 0.0 for one in ballistic)  # zeros at the end of a geometry are no padding
