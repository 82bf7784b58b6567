"""Shapes as CZML for Cesium, flights moving.

Cesium measures from the WGS 84 ellipsoid: altitudes above mean sea level have the EGM96 geoid added. What is told above
the ground is laid on the ground, and its height stands in name and properties, for CZML has no line at a height above
its terrain. Walls reach from sea level to the lowest altitude in line of sight. A raid has no date: its clock begins
with the year 2000.
"""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from ringtrue.answer import columns
from ringtrue.formats.kml import LOOKS
from ringtrue.geo.geoid import geoid_height_m

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from ringtrue.formats.kml import Look
    from ringtrue.formats.shapes import Layer, MapDocument

    FloatArray = NDArray[np.float64]

EPOCH = "2000-01-01T00:00:00Z"
SPEED_UP = 20.0
# red, green, blue, opacity
COLOURS = {
    "advertised": (32, 32, 32, 255), "seen_geometry": (128, 160, 192, 255), "seen": (32, 128, 208, 255),
    "tracked": (240, 144, 32, 255), "engageable": (208, 32, 32, 255), "walls": (64, 96, 128, 255),
    "paths": (160, 32, 128, 255), "friendly": (48, 128, 48, 255),
}  # fmt: skip
FILL_OPACITY = 80


def czml_bytes(document: MapDocument) -> bytes:
    """Return shapes as a CZML document."""
    from czml3 import CZML_VERSION, Document, Packet

    about = "".join(f"<p>{escape(name)}: {escape(text)}</p>" for name, text in document.about.items())
    note = "<p>Heights are above the WGS 84 ellipsoid: altitudes above mean sea level with the EGM96 geoid added.</p>"
    first = Packet(
        id="document", name=document.title, version=CZML_VERSION, description=about + note, clock=_clock(document)
    )
    packets = [packet for layer in document.layers for packet in _packets(layer)]
    made = [_with_array_of_heights(packet) for packet in Document(packets=[first, *packets]).to_dict()]
    return (json.dumps(made, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n").encode()


def _with_array_of_heights(packet: Any) -> Any:
    """Put the heights of a wall into an object, as the format has it; Cesium passes over the bare list of czml3.

    >>> _with_array_of_heights({"wall": {"minimumHeights": [1.0]}})
    {'wall': {'minimumHeights': {'array': [1.0]}}}
    """
    for name in ("minimumHeights", "maximumHeights"):
        if name in packet.get("wall", {}):
            packet["wall"][name] = {"array": packet["wall"][name]}
    return packet


def _clock(document: MapDocument) -> Any:
    from czml3 import Clock, IntervalValue

    tracks = [row.track for row in document.layer("paths")]
    if not tracks:
        return None
    starts_s, ends_s = min(t[0, 0] for t in tracks), max(t[-1, 0] for t in tracks)
    return IntervalValue(
        start=_instant(starts_s), end=_instant(ends_s),
        value=Clock(currentTime=_instant(starts_s), multiplier=SPEED_UP),
    )  # fmt: skip


def _instant(seconds: float) -> str:
    moment = np.datetime64("2000-01-01T00:00:00.000") + np.timedelta64(round(seconds * 1000.0), "ms")
    return f"{moment}Z"


def _packets(layer: Layer) -> Iterator[Any]:
    from czml3 import Packet

    if not layer.rows or layer.rows[0].geometry is None:
        return
    table = [(c.name, c.printed) for c in columns(layer.rows, layer.kind)]
    yield Packet(id=layer.name, name=layer.title)
    for i, row in enumerate(layer.rows):
        look = LOOKS[layer.name](row, layer.rows[0])
        said = {name: values[i] for name, values in table if values[i] is not None}
        drawn = [_moving(row, look)] if layer.name == "paths" else _drawn(row.geometry, look)
        for j, graphics in enumerate(drawn):
            yield Packet(
                id=f"{layer.name}/{i}" + (f"/{j}" if len(drawn) > 1 else ""), name=look.name, parent=layer.name,
                properties=said, **graphics,
            )  # fmt: skip


def _drawn(geometry: BaseGeometry, look: Look) -> list[dict[str, Any]]:
    """Graphics of each part of a geometry."""
    found: list[dict[str, Any]] = []
    for part in shapely.get_parts(geometry):
        if part.geom_type == "Point":
            found.append(_point(part, look))
        elif part.geom_type == "LineString":
            found.append(_wall(part, look))
        elif look.is_filled:
            found.append(_polygon(part, look))
        else:
            found += [_line(ring, look) for ring in (part.exterior, *part.interiors)]
    return found


def _colour(look: Look, opacity: int | None = None) -> Any:
    from czml3 import Color

    red, green, blue, full = COLOURS[look.style]
    return Color(rgba=[red, green, blue, full if opacity is None else opacity])


def _filled(look: Look) -> Any:
    from czml3 import Material, SolidColorMaterial

    return Material(solidColor=SolidColorMaterial(color=_colour(look, FILL_OPACITY)))


def _stroke(look: Look) -> Any:
    from czml3 import PolylineMaterial, SolidColorMaterial

    return PolylineMaterial(solidColor=SolidColorMaterial(color=_colour(look)))


def _above_ellipsoid(corners: FloatArray, altitude_m: FloatArray | float) -> list[float]:
    """Longitude, latitude [deg] and height above the ellipsoid [m] of each corner, one after another."""
    height_m = np.asarray(altitude_m) + geoid_height_m(corners[:, 1], corners[:, 0])
    listed: list[float] = np.column_stack([corners[:, :2], np.round(height_m, 1)]).ravel().tolist()
    return listed


def _on_ground(corners: FloatArray) -> list[float]:
    listed: list[float] = np.column_stack([corners[:, :2], np.zeros(len(corners))]).ravel().tolist()
    return listed


def _floats(look: Look) -> bool:
    """Whether a shape hangs at an altitude; one at a height above ground is laid on the ground."""
    return look.mode == "absolute"


def _placed(line: BaseGeometry, look: Look) -> list[float]:
    corners = shapely.get_coordinates(line)
    return _above_ellipsoid(corners, look.height_m) if _floats(look) else _on_ground(corners)


def _point(part: BaseGeometry, look: Look) -> dict[str, Any]:
    from czml3 import Label, Point, Position
    from czml3.enums import HeightReferences
    from czml3.properties import HeightReference
    from czml3.types import Cartesian2Value

    ground = HeightReference(heightReference=HeightReferences.CLAMP_TO_GROUND)
    return {
        "position": Position(cartographicDegrees=_on_ground(shapely.get_coordinates(part))),
        "point": Point(pixelSize=8, heightReference=ground, color=_colour(look), show=look.is_shown),
        "label": Label(
            text=look.name,
            heightReference=ground,
            font="14px sans-serif",
            pixelOffset=Cartesian2Value(values=[0.0, -16.0]),
            show=look.is_shown,
        ),
    }


def _line(ring: BaseGeometry, look: Look) -> dict[str, Any]:
    from czml3 import Polyline, PositionList

    return {
        "polyline": Polyline(
            positions=PositionList(cartographicDegrees=_placed(ring, look)), width=2, material=_stroke(look),
            clampToGround=not _floats(look), show=look.is_shown,
        )
    }  # fmt: skip


def _polygon(part: Any, look: Look) -> dict[str, Any]:
    from czml3 import Polygon, PositionList
    from czml3.enums import HeightReferences
    from czml3.properties import HeightReference, PositionListOfLists

    holes = [_placed(hole, look) for hole in part.interiors]
    hangs = {"perPositionHeight": True} if _floats(look) else {
        "heightReference": HeightReference(heightReference=HeightReferences.CLAMP_TO_GROUND)
    }  # fmt: skip
    return {
        "polygon": Polygon(
            positions=PositionList(cartographicDegrees=_placed(part.exterior, look)),
            holes=PositionListOfLists(cartographicDegrees=holes) if holes else None,
            material=_filled(look), show=look.is_shown, **hangs,
        )
    }  # fmt: skip


def _wall(line: BaseGeometry, look: Look) -> dict[str, Any]:
    from czml3 import PositionList, Wall

    corners = shapely.get_coordinates(line, include_z=True)
    placed = _above_ellipsoid(corners, corners[:, 2])
    sea_m = np.round(geoid_height_m(corners[:, 1], corners[:, 0]), 1)
    return {
        "wall": Wall(
            positions=PositionList(cartographicDegrees=placed), minimumHeights=sea_m.tolist(),
            maximumHeights=placed[2::3], material=_filled(look), show=look.is_shown,
        )
    }  # fmt: skip


def _moving(row: Any, look: Look) -> dict[str, Any]:
    """A flight that moves along its path in its time, and the path behind it."""
    from czml3 import Path, Point, Position, TimeInterval

    time_s, corners, altitude_m = row.track[:, 0], row.track[:, 1:3], row.track[:, 3]
    placed = np.reshape(_above_ellipsoid(np.round(corners, 6), altitude_m), (-1, 3))
    timed: list[float] = np.column_stack([np.round(time_s, 3), placed]).ravel().tolist()
    return {
        "availability": TimeInterval(start=_instant(time_s[0]), end=_instant(time_s[-1])),
        "position": Position(epoch=EPOCH, cartographicDegrees=timed),
        "point": Point(pixelSize=6, color=_colour(look)),
        "path": Path(width=1, material=_stroke(look), leadTime=0.0),
    }
