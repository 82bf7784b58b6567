"""CZML: its packets held against the rules of the format, and its heights against the geoid."""

from __future__ import annotations

import json
from datetime import datetime

import czml3
import numpy as np
import pytest
import shapely

import ringtrue.api as rt
from ringtrue.catalogue.load import load_catalogue
from ringtrue.formats.czml import czml_bytes
from ringtrue.formats.scenario_shapes import scenario_map
from ringtrue.geo.elevation import open_model
from ringtrue.geo.geoid import geoid_height_m
from ringtrue.scenario.load import load_scenario

GRAPHICS = {"point", "label", "polyline", "polygon", "wall", "path"}


@pytest.fixture(scope="module")
def audit():
    return rt.audit(
        "patriot-battery",
        at=(40.0789, 32.5656),
        targets="f-16",
        heights="100 m",
        altitudes="5000 m",
        dem="none",
        draws=20,
    ).map()


@pytest.fixture(scope="module")
def raid():
    scenario = load_scenario("turkey-2019")
    raids = [raid.id for raid in scenario.raids]
    return scenario_map(scenario, load_catalogue(), open_model(None), laydowns=[scenario.laydowns[1].id], raids=raids)


def packets(document):
    return json.loads(czml_bytes(document))


def triples(listed):
    return np.reshape(listed, (-1, 3))


@pytest.mark.parametrize("document", ["audit", "raid"])
def test_it_is_a_list_of_packets_that_the_document_opens(document, request):
    found = packets(request.getfixturevalue(document))
    first = found[0]
    assert (first["id"], first["version"]) == ("document", "1.0")
    assert "EGM96 geoid added" in first["description"]
    ids = [packet["id"] for packet in found]
    assert len(set(ids)) == len(ids)
    known = set()
    for packet in found[1:]:
        assert packet.get("parent") is None or packet["parent"] in known
        known.add(packet["id"])
        assert set(packet) <= {"id", "name", "parent", "properties", "position", "availability", *GRAPHICS}
    for packet in found:
        for name in ("minimumHeights", "maximumHeights"):
            if "wall" in packet:  # an object in the format, and in Cesium; a bare list in czml3
                packet["wall"][name] = packet["wall"][name]["array"]
    assert czml3.Document.model_validate(found).to_dict() == found


def test_an_altitude_becomes_a_height_above_the_ellipsoid(audit):
    hanging = [row for row in audit.layer("cover") if row.altitude_m is not None]
    drawn = [p for p in packets(audit) if "polygon" in p and p["properties"].get("altitude_m") is not None]
    assert len(drawn) >= len(hanging) > 0
    for packet in drawn:
        x, y, z = triples(packet["polygon"]["positions"]["cartographicDegrees"]).T
        assert packet["polygon"]["perPositionHeight"] is True
        assert z - geoid_height_m(y, x) == pytest.approx(5000.0, abs=0.06)
        assert (z > 5030.0).all()  # the geoid lies some 37 m above the ellipsoid there


def test_a_height_above_ground_is_laid_on_the_ground(audit):
    laid = [p for p in packets(audit) if p.get("properties", {}).get("height_m") is not None]
    assert {"polygon", "polyline"} <= {name for p in laid for name in p}
    for packet in laid:
        if "polygon" in packet:
            assert packet["polygon"]["heightReference"] == {"heightReference": "CLAMP_TO_GROUND"}
            assert "perPositionHeight" not in packet["polygon"]
        elif "polyline" in packet:
            assert packet["polyline"]["clampToGround"] is True
        assert "above ground" in packet["name"] or "%" in packet["name"]


def test_polygons_keep_their_holes(audit):
    by_row: dict = {}
    for packet in packets(audit):
        if "polygon" in packet:
            by_row.setdefault(packet["id"].split("/")[1], []).append(packet["polygon"])
    for i, row in enumerate(audit.layer("cover")):
        parts = []
        for polygon in by_row[str(i)]:
            holes = [triples(hole)[:, :2] for hole in polygon.get("holes", {}).get("cartographicDegrees", [])]
            parts.append(shapely.Polygon(triples(polygon["positions"]["cartographicDegrees"])[:, :2], holes))
        assert shapely.MultiPolygon(parts).equals_exact(row.geometry, 1e-9)


def test_walls_reach_from_sea_level_to_the_lowest_altitude_in_sight(audit):
    walls = [p["wall"] for p in packets(audit) if "wall" in p]
    lines = [part for row in audit.layer("walls") for part in shapely.get_parts(row.geometry)]
    for wall, line in zip(walls, lines, strict=True):
        x, y, altitude_m = shapely.get_coordinates(line, include_z=True).T
        geoid_m = geoid_height_m(y, x)
        assert wall["maximumHeights"]["array"] == pytest.approx(altitude_m + geoid_m, abs=0.06)
        assert wall["minimumHeights"]["array"] == pytest.approx(geoid_m, abs=0.06)


def test_flights_move_in_the_time_of_their_raid(raid):
    found = packets(raid)
    moving = [p for p in found if "path" in p]
    assert len(moving) == len(raid.layer("paths"))
    start, end = found[0]["clock"]["interval"].split("/")
    assert found[0]["clock"]["currentTime"] == start
    for packet, row in zip(moving, raid.layer("paths"), strict=True):
        assert packet["position"]["epoch"] == "2000-01-01T00:00:00Z"
        time_s, longitude, latitude, height_m = np.reshape(packet["position"]["cartographicDegrees"], (-1, 4)).T
        assert time_s == pytest.approx(row.track[:, 0], abs=1e-3)
        assert (np.diff(time_s) > 0.0).all()
        assert height_m - geoid_height_m(latitude, longitude) == pytest.approx(row.track[:, 3], abs=0.06)
        here = [datetime.fromisoformat(text) for text in packet["availability"].split("/")]
        assert datetime.fromisoformat(start) <= here[0] < here[1] <= datetime.fromisoformat(end)


def test_the_same_shapes_are_the_same_bytes(audit):
    assert czml_bytes(audit) == czml_bytes(audit)
