"""KML against the schema of the standard, read by lxml and fastkml; KMZ by the zip module."""

from __future__ import annotations

import io
import zipfile

import fastkml
import numpy as np
import pytest
import shapely
from fastkml.validator import get_schema_parser
from lxml import etree

import ringtrue.api as rt
from ringtrue.catalogue.load import load_catalogue
from ringtrue.formats.kml import kml_bytes, kmz_bytes
from ringtrue.formats.scenario_shapes import scenario_map
from ringtrue.geo.elevation import open_model
from ringtrue.scenario.load import load_scenario

NAMES = {"k": "http://www.opengis.net/kml/2.2"}
SITE = 40.0789, 32.5656


@pytest.fixture(scope="module")
def audit():
    return rt.audit(
        "patriot-battery", at=SITE, targets="f-16", heights="100 m", altitudes="5000 m", dem="none", draws=20
    ).map()


@pytest.fixture(scope="module")
def raid():
    scenario = load_scenario("turkey-2019")
    raids = [raid.id for raid in scenario.raids]
    return scenario_map(scenario, load_catalogue(), open_model(None), laydowns=[scenario.laydowns[1].id], raids=raids)


def marks(document, folder):
    tree = etree.fromstring(kml_bytes(document))
    titles = {layer.name: layer.title for layer in document.layers}
    return tree.xpath(f'//k:Folder[k:name="{titles[folder]}"]/k:Placemark', namespaces=NAMES)


def data(mark):
    return {d.get("name"): d[0].text for d in mark.iterfind(".//k:Data", NAMES)}


def corners(element):
    text = element.findtext("k:coordinates", namespaces=NAMES)
    return np.array([[float(v) for v in corner.split(",")] for corner in text.split()])


@pytest.mark.parametrize("document", ["audit", "raid"])
def test_it_holds_to_the_schema_of_the_standard(document, request):
    tree = etree.fromstring(kml_bytes(request.getfixturevalue(document)))
    schema = get_schema_parser()
    assert schema.validate(tree), schema.error_log


def test_every_geometry_says_what_its_heights_are_above(audit, raid):
    for document in (audit, raid):
        tree = etree.fromstring(kml_bytes(document))
        for element in tree.xpath("//k:Point | //k:LineString | //k:Polygon", namespaces=NAMES):
            mode = element.findtext("k:altitudeMode", namespaces=NAMES)
            assert mode in ("clampToGround", "relativeToGround", "absolute")
            if element.tag.endswith("LineString"):
                assert (corners(element).shape[1] == 3) == (mode != "clampToGround")


def test_rings_and_outlines_float_at_the_height_that_their_data_say(audit):
    n_floating = 0
    for folder in ("rings", "cover"):
        for mark in marks(audit, folder):
            said = data(mark)
            lines = mark.findall(".//k:LineString", NAMES)
            if "height_m" not in said and "altitude_m" not in said:
                assert folder == "rings"
                continue
            mode = "relativeToGround" if "height_m" in said else "absolute"
            height_m = float(said.get("height_m") or said["altitude_m"])
            for line in lines:
                assert line.findtext("k:altitudeMode", namespaces=NAMES) == mode
                assert set(corners(line)[:, 2]) == {height_m}
                n_floating += 1
    assert n_floating > 10


def test_walls_reach_from_the_ground_to_the_lowest_altitude_in_sight(audit):
    walls = marks(audit, "walls")
    assert walls
    for mark, row in zip(walls, audit.layer("walls"), strict=True):
        line = mark.find(".//k:LineString", NAMES)
        assert line.findtext("k:extrude", namespaces=NAMES) == "1"
        assert line.findtext("k:altitudeMode", namespaces=NAMES) == "absolute"
        assert corners(line) == pytest.approx(shapely.get_coordinates(row.geometry, include_z=True), abs=0.06)


def test_fills_lie_where_the_shapes_are_and_keep_their_holes(audit):
    for mark, row in zip(marks(audit, "cover"), audit.layer("cover"), strict=True):
        parts = []
        for polygon in mark.findall(".//k:Polygon", NAMES):
            outer = corners(polygon.find("k:outerBoundaryIs/k:LinearRing", NAMES))
            holes = [corners(hole) for hole in polygon.findall("k:innerBoundaryIs/k:LinearRing", NAMES)]
            parts.append(shapely.Polygon(outer, holes))
        assert shapely.MultiPolygon(parts).equals_exact(row.geometry, 1e-9)


def test_another_reader_finds_the_same_placemarks(audit):
    text = kml_bytes(audit).decode().partition("\n")[2]
    document = next(iter(fastkml.KML.from_string(text).features))
    folders = {folder.name: list(folder.features) for folder in document.features}
    for layer in audit.layers:
        if layer.rows and layer.name != "figures":
            assert len(folders[layer.title]) == len(layer.rows)
    site = folders["Fire units"][0]
    assert (site.geometry.x, site.geometry.y) == (SITE[1], SITE[0])


def test_one_class_at_one_height_is_shown_first(audit):
    shown = [mark for mark in marks(audit, "cover") if mark.findtext("k:visibility", namespaces=NAMES) == "1"]
    assert 1 <= len(shown) <= 2
    assert (
        len({(data(mark)["target"], data(mark).get("height_m"), data(mark).get("altitude_m")) for mark in shown}) == 1
    )


def test_text_that_looks_like_markup_stays_text(audit):
    from dataclasses import replace

    odd = replace(audit, title="A <b>title</b> & more", about={"says": "<script>alert(1)</script> & so"})
    tree = etree.fromstring(kml_bytes(odd))
    assert tree.findtext(".//k:Document/k:name", namespaces=NAMES) == "A <b>title</b> & more"
    shown_as = tree.findtext(".//k:Document/k:description", namespaces=NAMES)
    assert shown_as == "says: &lt;script&gt;alert(1)&lt;/script&gt; &amp; so"  # the balloon reads it as HTML


def test_a_kmz_holds_the_document_alone_and_the_same_shapes_are_the_same_bytes(audit):
    packed = kmz_bytes(audit)
    assert packed == kmz_bytes(audit)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["doc.kml"]
        assert archive.read("doc.kml") == kml_bytes(audit)
    assert len(packed) < len(kml_bytes(audit)) / 3
