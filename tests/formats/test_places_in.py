"""Sites and assets from files of other programs: what comes out is what a scenario takes, or a refusal says why."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import zipfile

import numpy as np
import pytest
import shapely
from pyogrio.raw import write

from ringtrue.catalogue.load import load_catalogue
from ringtrue.cli import EXIT_BAD_INPUT, EXIT_OK, run
from ringtrue.errors import InputError
from ringtrue.formats.kml import kml_bytes, kmz_bytes
from ringtrue.formats.places_in import MOST_ROWS, import_places
from ringtrue.formats.scenario_shapes import scenario_map
from ringtrue.formats.vector import write_geopackage
from ringtrue.geo.elevation import open_model
from ringtrue.scenario.load import load_scenario, parse_scenario

BASE = """
title = "Imported"
[[laydown]]
id = "one"
title = "one"
[[laydown.unit]]
uid = "unit-1"
system = "patriot-battery"
place = "{place}"
"""
CSV = (
    "name,latitude,longitude,population,weight,colour\nAnkara,39.92,32.85,5663000,2,red\n"
    "Akıncı/Mürted,40.0789,32.5656,,,\n"
)


def written(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def scenario_of(taken, place="murted"):
    return parse_scenario(BASE.format(place=place) + taken.toml, "imported.toml")


def sites(path, place):
    return scenario_of(import_places(path, "sites"), place).places


def assets(path, layer=None):
    block = '[[place]]\nid = "murted"\nname = "M"\nat = [40.0789, 32.5656]\n'
    taken = import_places(path, "assets", layer)
    return parse_scenario(BASE.format(place="murted") + block + taken.toml, "imported.toml").assets


def refused(path, kind="assets", layer=None):
    with pytest.raises(InputError) as caught:
        import_places(path, kind, layer)
    text = str(caught.value)
    assert "\n" not in text
    return text


def test_csv_becomes_assets_of_a_scenario(tmp_path):
    path = written(tmp_path, "assets.csv", CSV)
    taken = import_places(path, "assets")
    assert taken.notes == ("2 assets from assets.csv", "not taken: 'colour'")
    found = assets(path)
    assert [(a.uid, a.name, a.latitude_deg, a.longitude_deg, a.population, a.weight) for a in found] == [
        ("ankara", "Ankara", 39.92, 32.85, 5663000.0, 2.0),
        ("akinci-murted", "Akıncı/Mürted", 40.0789, 32.5656, 0.0, 1.0),
    ]


@pytest.mark.parametrize("head", ["id;lat;lon;azimuth", "UID\tLatitude_deg\tLONG\tAzimuth"])
def test_csv_as_others_write_it(tmp_path, head):
    mark = "\t" if "\t" in head else ";"
    row = mark.join(["samsun-1", "41.2867", "36.33", "90 deg"])
    (site,) = sites(written(tmp_path, "s.csv", f"\ufeff{head}\r\n{row}\r\n\r\n"), "samsun-1")
    assert (site.id, site.name, site.latitude_deg, site.azimuth_rad) == ("samsun-1", "samsun-1", 41.2867, np.pi / 2)


def test_a_position_in_one_column_and_a_plain_azimuth_in_degrees(tmp_path):
    text = "name,at,azimuth_deg\n\"Samsun, north\",41°17'N 36°20'E,45\n"
    (site,) = sites(written(tmp_path, "s.csv", text), "samsun-north")
    assert site.latitude_deg == pytest.approx(41 + 17 / 60)
    assert site.azimuth_rad == pytest.approx(np.pi / 4)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no row of heads"),
        ("name,latitude,longitude\n", "holds no place"),
        ("name,lattitude,longitude\nA,1,2\n", "no position: columns 'latitude' and 'longitude' in degrees"),
        ("name,lat,latitude,lon\nA,1,1,2\n", "columns 'latitude' and 'lat' both give the latitude"),
        ("name,lat,lat,lon\nA,1,1,2\n", "two columns are called 'lat'"),
        ("name,lat,lon\nA,1\n", "line 2: 2 cells under 3 heads"),
        ("name,lat,lon\nA,1,2,3\n", "a text with a comma in it stands in quotes"),
        ("name;lat;lon\nA;40,0789;32,5\n", "line 2: '40,0789' is not a number; a comma in a number has two readings"),
        ("name,lat,lon\nA,95,2\n", "line 2: [95.0, 2.0]: latitude 95 lies outside -90 to 90 degrees"),
        ("name,lat,lon\nA,40,\n", "line 2: has no longitude; give it in degrees"),
        ("name,lat,lon\nA,0,0\n", "line 2: 0, 0 lies in the sea off Africa"),
        ("name,lat,lon\n,40,32\n", "line 2: has neither a name nor an id"),
        ("name,lat,lon\nКиїв,50.4,30.5\n", "no id can be made of 'Київ'; add a column 'id'"),
        ("name,lat,lon\nA b,1,2\na-B,3,4\n", "line 3: 'a-b' is also the uid of line 2; add a column 'id'"),
        ("name,lat,lon,population\nA,1,2,-5\n", "line 2: population: "),
        ("name,lat,lon,population\nA,1,2,5.663.000\n", "line 2: "),
        ('name,lat,lon\n"A,1,2\n', "is no CSV"),
        ("name,at,lat,lon\nA,\"1,2\",1,2\n", "give one thing; keep one of the two"),
        ("name,lat,lon\n" + "x" * 600 + ",1,2\n", "is too long, or holds characters that cannot be seen"),
        ("name,lat,lon\nA\u202eB\x07,1,2\n", "line 2: "),
    ],
)  # fmt: skip
def test_csv_is_refused_with_file_row_value_and_remedy(tmp_path, text, said):
    path = written(tmp_path, "bad.csv", text)
    found = refused(path)
    assert found.startswith(str(path))
    assert said in found


def test_one_bad_row_among_many_is_named_by_its_line(tmp_path):
    lines = ["name,lat,lon", *(f"place {i},{10 + i / 100},20" for i in range(300))]
    lines[250] = "place x,91,20"
    assert "line 251: [91.0, 20.0]" in refused(written(tmp_path, "many.csv", "\n".join(lines)))


def test_what_is_too_large_is_refused(tmp_path):
    rows = "\n".join(f"p{i},{i / 1000},20" for i in range(1, MOST_ROWS + 5))
    assert "holds more than 1,000 places" in refused(written(tmp_path, "many.csv", f"name,lat,lon\n{rows}\n"))
    assert "it is larger than 2 MB" in refused(written(tmp_path, "long.csv", b"name,lat,lon\n" + b" " * 2**21))
    bomb = tmp_path / "bomb.kmz"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", b"<kml>" + b" " * (64 * 2**20) + b"</kml>")
    assert "its document is larger than 2 MB" in refused(bomb)


def geojson(*features, **more):
    return json.dumps({"type": "FeatureCollection", "features": features, **more})


def feature(coordinates=(32.85, 39.92), kind="Point", **properties):
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates}, "properties": properties}


def test_geojson_becomes_assets(tmp_path):
    text = geojson(
        feature((32.85, 39.92, 938.0), name="Ankara", population=5663000), feature((36.33, 41.29), uid="samsun")
    )
    found = assets(written(tmp_path, "a.geojson", text))
    assert [(a.uid, a.longitude_deg, a.latitude_deg, a.population) for a in found] == [
        ("ankara", 32.85, 39.92, 5663000.0), ("samsun", 36.33, 41.29, 0.0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is no JSON"),
        ("[1]", "is no FeatureCollection"),
        ('{"type": "Topology"}', "is no FeatureCollection"),
        (geojson(feature([[1, 2], [3, 4]], "LineString", name="A")), "feature 1: is a LineString; a Point is wanted"),
        (geojson({"type": "Feature", "geometry": None, "properties": {}}), "feature 1: is without a geometry"),
        (geojson(feature(name="A"), feature((32.0, 95.0), name="B")), "feature 2: [95.0, 32.0]: latitude 95"),
        (geojson(feature(("32", "39"), name="A")), "feature 1: coordinates"),
        (geojson(feature(name="A"), crs={"properties": {"name": "EPSG:3857"}}), "names another projection"),
        (geojson(feature(name="A", population="many")), "feature 1: population: 'many' is not a number"),
        ('{"type": "FeatureCollection", "features": [], "features": []}', "stands twice in one object"),
        (geojson(feature((10**400, 39), name="A")), "feature 1: coordinates"),
        (geojson(feature(name="A", population=10**400)), "is too large for a number"),
        (geojson(feature(name="A")).replace("32.85", "1e999"), "feature 1: coordinates"),
        ('{"type": "FeatureCollection"}', "is no FeatureCollection"),
        ('{"type": "FeatureCollection", "features": [NaN]}', "NaN is no number of JSON"),
        ("[" * 100_000, "is "),
    ],
)
def test_geojson_is_refused(tmp_path, text, said):
    assert said in refused(written(tmp_path, "bad.geojson", text))


def kml(body):
    head = '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2">'
    return f"{head}<Document>{body}</Document></kml>"


MARK = (
    "<Placemark><name>Ankara</name><description>the capital</description><ExtendedData><Data name='population'>"
    "<value>5663000</value></Data></ExtendedData><Point><coordinates>32.85,39.92,938</coordinates></Point></Placemark>"
)


def test_kml_and_kmz_become_assets(tmp_path):
    plain = written(tmp_path, "a.kml", kml(f"<Folder>{MARK}</Folder>"))
    with zipfile.ZipFile(tmp_path / "a.kmz", "w") as archive:
        archive.writestr("doc.kml", plain.read_bytes())
        archive.writestr("images/red.png", b"png")
    for path in (plain, tmp_path / "a.kmz"):
        (found,) = assets(path)
        assert (found.uid, found.latitude_deg, found.longitude_deg) == ("ankara", 39.92, 32.85)
        assert (found.population, found.note) == (5663000.0, "the capital")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<gpx/>", "is no KML: it begins with <gpx>"),
        ("<kml", "is no XML"),
        (kml("<Placemark><name>A</name></Placemark>"), "placemark 1 ('A'): is without a geometry"),
        (kml("<Placemark><Polygon/></Placemark>"), "placemark 1: is a Polygon; a Point is wanted"),
        (kml("<NetworkLink><Link><href>http://x/y.kml</href></Link></NetworkLink>"), "links are not followed"),
        ('<!DOCTYPE kml [<!ENTITY a "aaaa">]><kml>&a;</kml>', "declares a document type of its own"),
        (kml(MARK.replace("32.85,39.92,938", "32.85 39.92")), "placemark 1 ('Ankara'): "),
        (kml(MARK.replace("39.92", "139.92")), "latitude 139.92 lies outside"),
        (kml(MARK.replace("5663000", "5 663 000")), "is not a number"),
    ],
)
def test_kml_is_refused(tmp_path, text, said):
    assert said in refused(written(tmp_path, "bad.kml", text))


def geopackage(path, points, crs="EPSG:4326", layer="cities", append=False, kind="Point", **columns):
    blobs = np.array([shapely.to_wkb(one) for one in points], dtype=object)
    names, values = (
        list(columns),
        [np.array(v, dtype=object if isinstance(v[0], str) else None) for v in columns.values()],
    )
    write(path, blobs, values, names, layer=layer, driver="GPKG", geometry_type=kind, crs=crs, append=append)
    return path


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:32636", "EPSG:3857", "EPSG:9707"])
def test_a_geopackage_in_any_projection_becomes_assets(tmp_path, crs):
    from pyproj import Transformer

    x, y = Transformer.from_crs(4326, crs.replace("9707", "4326"), always_xy=True).transform(32.5656, 40.0789)
    path = geopackage(tmp_path / "a.gpkg", [shapely.Point(x, y)], crs, name=["Mürted"], population=[3])
    (found,) = assets(path)
    assert (found.uid, found.name, found.population) == ("murted", "Mürted", 3.0)
    assert (found.latitude_deg, found.longitude_deg) == pytest.approx((40.0789, 32.5656), abs=2e-9)


def test_a_geopackage_is_refused(tmp_path):
    path = geopackage(tmp_path / "a.gpkg", [shapely.Point(32.0, 40.0)], name=["A"])
    geopackage(path, [shapely.LineString([(1, 2), (3, 4)])], layer="roads", append=True, kind="LineString", name=["B"])
    assert "has several layers; name one with --layer: cities, roads" in refused(path)
    assert "layer 'roads', row 1: is a LineString; a Point is wanted" in refused(path, layer="roads")
    assert "--layer 'citis': " in refused(path, layer="citis")
    assert "did you mean 'cities'" in refused(path, layer="citis")
    assert len(assets(path, "cities")) == 1
    odd = geopackage(tmp_path / "odd.gpkg", [shapely.Point(32.0, 40.0)], 'LOCAL_CS["here",UNIT["metre",1]]', name=["A"])
    assert "WGS 84 (EPSG:4326)" in refused(odd)
    assert "is no GeoPackage" in refused(written(tmp_path, "text.gpkg", "name,lat,lon\n"))
    assert "is no sound GeoPackage" in refused(written(tmp_path, "cut.gpkg", path.read_bytes()[:5000]))
    with sqlite3.connect(tmp_path / "plain.gpkg") as base:
        base.execute("create table t (a)")
    assert "is no sound GeoPackage" in refused(tmp_path / "plain.gpkg")


def test_a_geopackage_that_is_open_elsewhere_is_refused(tmp_path):
    path = geopackage(tmp_path / "a.gpkg", [shapely.Point(32.0, 40.0)], name=["A"])
    (tmp_path / "a.gpkg-wal").write_bytes(b"x")
    assert "is open in another program" in refused(path)


def test_a_view_is_no_layer(tmp_path):
    path = geopackage(tmp_path / "a.gpkg", [shapely.Point(32.0, 40.0)], name=["A"])
    with sqlite3.connect(path) as base:
        base.execute("create view trick as select * from cities")
        base.execute(
            "insert into gpkg_contents (table_name, data_type, identifier, srs_id) values ('trick','features','t',4326)"
        )
    base.close()
    assert import_places(path, "assets").notes[0] == "1 asset from a.gpkg"
    assert "has no such layer" in refused(path, layer="trick")


def test_what_is_exported_comes_back(tmp_path):
    scenario = load_scenario("turkey-2019")
    shown = scenario_map(
        scenario, load_catalogue(), open_model(None), laydowns=[y.id for y in scenario.laydowns], raids=[]
    )  # fmt: skip
    path = write_geopackage(shown, tmp_path / "out.gpkg")
    back = assets(path, "assets")
    assert [(a.uid, a.name, a.at, a.population, a.weight, a.note) for a in back] == [
        (a.uid, a.name, a.at, a.population, a.weight, a.note) for a in scenario.assets
    ]
    taken = import_places(path, "sites", "sites")
    assert taken.notes[-1].endswith("rows repeat others and are left out")
    placed = {(u.place, u.latitude_deg, u.longitude_deg) for y in scenario.laydowns for u in y.units}
    found = scenario_of(taken, "ankara").places
    assert {(p.id, p.latitude_deg, p.longitude_deg) for p in found} == placed
    only = scenario_map(scenario, load_catalogue(), open_model(None), laydowns=[], raids=[])
    for name, content in (("a.kml", kml_bytes(only)), ("a.kmz", kmz_bytes(only))):
        assert [(a.uid, a.at) for a in assets(written(tmp_path, name, content))] == [
            (a.uid, a.at) for a in scenario.assets
        ]


def test_the_command_prints_blocks_and_says_on_the_side_what_it_left(tmp_path, capsys):
    path = written(tmp_path, "assets.csv", CSV)
    assert run(["import", str(path), "--as", "assets"]) == EXIT_OK
    out = capsys.readouterr()
    assert out.out == import_places(path, "assets").toml
    assert out.err == "ringtrue: 2 assets from assets.csv; not taken: 'colour'\n"
    assert 'uid = "ankara"' in out.out
    for words, said in (
        ([str(path)], "--as is missing; say what the places are: --as sites or --as assets"),
        ([str(path), "--as", "radars"], "--as 'radars' is not known; choose one of sites, assets"),
        ([str(tmp_path / "none.csv"), "--as", "sites"], "No such file"),
        ([str(tmp_path), "--as", "sites"], "ends in "),
        ([str(path), "--as", "sites", "--layer", "x"], "has no layers; leave it out"),
        ([str(written(tmp_path, "a.shp", "x")), "--as", "sites"], "ends in .shp; sites and assets are read from .csv"),
    ):
        assert run(["import", *words]) == EXIT_BAD_INPUT
        text = capsys.readouterr().err
        assert said in text
        assert text.count("\n") == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    for name in ("a.csv", "a.kml", "a.gpkg", "a.geojson", "a.kmz"):
        os.mkfifo(tmp_path / name)
        assert "it is a pipe, no regular file" in refused(tmp_path / name)


def test_reading_places_loads_no_reader_of_all_formats(tmp_path):
    path = geopackage(tmp_path / "a.gpkg", [shapely.Point(32.0, 40.0)], name=["A"])
    code = (
        "import sys; from pathlib import Path; from ringtrue.formats.places_in import import_places; "
        f"import_places(Path({str(path)!r}), 'assets'); "
        "print([m for m in ('pyogrio', 'rasterio', 'numba') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
