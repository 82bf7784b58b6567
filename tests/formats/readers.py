"""Readers of the tests' own: what a file holds, found without the library that wrote it."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import dataclass
from typing import Any

import pyarrow.parquet
import shapely

ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}


@dataclass
class Table:
    """Rows of a layer: names to values, geometries apart."""

    rows: list[dict[str, Any]]
    geometries: list[Any]
    about: dict[str, Any]


def geopackage_blob(blob: bytes) -> Any:
    """A geometry out of the blob of a GeoPackage (standard clause 2.1.3)."""
    assert blob[:2] == b"GP"
    assert blob[2] == 0
    flags = blob[3]
    assert flags & 0b1 == 1, "little-endian header"
    assert flags & 0b100000 == 0, "standard geometry"
    return shapely.from_wkb(blob[8 + ENVELOPES[(flags >> 1) & 7] :])


def read_geopackage(path: Any) -> dict[str, Table]:
    """Every layer of a GeoPackage by SQLite alone; the file must say that it is one, and be sound."""
    base = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    base.row_factory = sqlite3.Row
    assert base.execute("pragma application_id").fetchone()[0] == 0x47504B47
    assert base.execute("pragma integrity_check").fetchone()[0] == "ok"
    assert not base.execute("pragma foreign_key_check").fetchall()
    found = {}
    for entry in base.execute("select * from gpkg_contents").fetchall():
        name, shape = entry["table_name"], None
        if entry["data_type"] == "features":
            shape = dict(base.execute("select * from gpkg_geometry_columns where table_name = ?", [name]).fetchone())
        rows = [dict(row) for row in base.execute(f'select * from "{name}"').fetchall()]
        geometries = [geopackage_blob(row.pop(shape["column_name"])) for row in rows] if shape else []
        said = base.execute(
            "select m.metadata from gpkg_metadata m join gpkg_metadata_reference r on m.id = r.md_file_id "
            "where r.table_name = ?",
            [name],
        ).fetchall()
        about = {**dict(entry), "shape": shape, "metadata": "".join(row[0] for row in said)}
        found[name] = Table(rows, geometries, about)
    base.close()
    return found


def read_geoparquet(path: Any) -> Table:
    """A GeoParquet file by Arrow and Shapely, its metadata held against version 1.1 of the standard."""
    table = pyarrow.parquet.read_table(path)
    said = {key.decode(): json.loads(value) for key, value in table.schema.metadata.items() if key != b"ARROW:schema"}
    if "geo" not in said:
        return Table(table.to_pylist(), [], said)
    geo = said["geo"]
    assert geo["version"] == "1.1.0"
    column = geo["columns"][geo["primary_column"]]
    assert column["encoding"] == "WKB"
    rows = table.to_pylist()
    geometries = [shapely.from_wkb(row.pop(geo["primary_column"])) for row in rows]
    kinds = {f"{one.geom_type}{' Z' if one.has_z else ''}" for one in geometries}
    assert set(column["geometry_types"]) == kinds
    has_z = any(one.has_z for one in geometries)
    corners = shapely.get_coordinates(geometries, include_z=has_z)
    assert column["bbox"] == [*corners.min(axis=0), *corners.max(axis=0)]
    return Table(rows, geometries, said)


def is_oriented(geometry: Any) -> bool:
    """Whether outer rings run counter-clockwise and holes clockwise."""
    return all(
        shapely.is_ccw(part.exterior) and not any(shapely.is_ccw(hole) for hole in part.interiors)
        for part in shapely.get_parts(geometry)
    )


TAGS = {
    *("Air", "Ground", "Sea", "Weapon", "Sensor", "Navaid", "Misc", "Static", "Heavy", "Medium", "Light", "Minor"),
    *("FixedWing", "Rotorcraft", "Armor", "AntiAircraft", "Vehicle", "Watercraft", "Human", "Biologic", "Missile"),
    *(
        "Rocket",
        "Bomb",
        "Torpedo",
        "Projectile",
        "Beam",
        "Decoy",
        "Building",
        "Bullseye",
        "Waypoint",
        "Tank",
        "Warship",
    ),
    *("AircraftCarrier", "Submarine", "Infantry", "Parachutist", "Shell", "Bullet", "Grenade", "Flare", "Chaff"),
    *("SmokeGrenade", "Aerodrome", "Container", "Shrapnel", "Explosion"),
}
COLOURS = frozenset(("Red", "Orange", "Yellow", "Green", "Cyan", "Blue", "Violet"))
EVENTS = frozenset(("Message", "Bookmark", "Debug", "LeftArea", "Destroyed", "TakenOff", "Landed", "Timeout"))
TEXTS = frozenset(
    ("DataSource", "DataRecorder", "ReferenceTime", "Author", "Title", "Category", "Briefing", "Comments")
)


@dataclass
class Flown:
    """An object of a recording: its properties, where it was when, and when it was taken away."""

    said: dict[str, str]
    places: list[tuple[float, float, float, float]]
    gone_s: float | None = None


def read_acmi(content: bytes) -> tuple[dict[str, str], dict[str, Flown], list[tuple[float, str, list[str], str]]]:
    """A recording by the letter of "Technical Reference - ACMI flight recordings 2.2"; anything else is refused.

    Returns what is said of the whole, the objects by number, and the events: time, kind, objects, text.
    """
    text = content.decode("utf-8-sig")
    assert content.startswith(b"\xef\xbb\xbf")
    assert "\r" not in text
    lines = text.split("\n")
    assert lines[:2] == ["FileType=text/acmi/tacview", "FileVersion=2.2"]
    assert lines[-1] == ""
    now, whole, objects, events = 0.0, {}, {}, []
    for line in lines[2:-1]:
        if line.startswith("#"):
            assert float(line[1:]) >= now, "frames in order of time"
            now = float(line[1:])
        elif line.startswith("-"):
            taken = objects[line[1:]]
            assert taken.gone_s is None
            taken.gone_s = now
        else:
            number, *properties = re.split(r"(?<!\\),", line)
            assert re.fullmatch("0|[1-9a-f][0-9a-f]*", number), "hexadecimal without leading zeros"
            assert int(number, 16) < 2**64
            for written in properties:
                name, equals, value = written.partition("=")
                assert equals
                value = value.replace("\\,", ",")
                if number != "0":
                    _object_property(objects, number, name, value, now)
                elif name == "Event":
                    kind, *about, said = value.split("|")
                    assert kind in EVENTS
                    assert all(one in objects for one in about)
                    events.append((now, kind, about, said))
                else:
                    assert name in TEXTS
                    whole[name] = value
    return whole, objects, events


def _object_property(objects: dict[str, Flown], number: str, name: str, value: str, now: float) -> None:
    held = objects.setdefault(number, Flown({}, []))
    assert held.gone_s is None, "nothing is said of what was taken away"
    if name == "T":
        longitude, latitude, altitude = map(float, value.split("|"))
        assert -180.0 <= longitude <= 180.0
        assert -90.0 <= latitude <= 90.0
        held.places.append((now, longitude, latitude, altitude))
        return
    if name == "Type":
        assert set(value.split("+")) <= TAGS
    elif name == "Color":
        assert value in COLOURS
    elif name == "Parent":
        assert value in objects
    else:
        assert name in ("Name", "CallSign", "Group", "Coalition")
    held.said[name] = value
