"""Shapes as KML 2.2 for Google Earth, plain or packed as KMZ.

What stands on the ground is clamped to it. A ring or the outline of a cover against a class at a height floats at that
height (``relativeToGround``), at an altitude there (``absolute``, which KML means above mean sea level); the fill of a
cover lies on the ground.
Walls reach from the ground up to the lowest altitude in line of sight: what flies behind or below is hidden.
Figures without a place are left to the other formats.
"""

from __future__ import annotations

import io
import zipfile
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree import ElementTree as ET

import shapely

from ringtrue.answer import columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shapely import Polygon
    from shapely.geometry.base import BaseGeometry

    from ringtrue.formats.shapes import Layer, MapDocument

NAMESPACE = "http://www.opengis.net/kml/2.2"
ON_GROUND, ABOVE_GROUND, ABOVE_SEA = "clampToGround", "relativeToGround", "absolute"
FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # a zip archive wants a time; this is the first it knows
# aabbggrr, as KML writes colours
LINES = {
    "advertised": "ff202020", "seen_geometry": "ffc0a080", "seen": "ffd08020", "tracked": "ff2090f0",
    "engageable": "ff2020d0", "walls": "ff806040", "paths": "ff8020a0", "friendly": "ff308030",
}  # fmt: skip
FILLS = {
    "seen_geometry": "30c0a080", "seen": "40d08020", "tracked": "402090f0", "engageable": "602020d0",
    "walls": "50806040",
}  # fmt: skip
SHOWN_FIRST = ("engageable", "seen")


class Look(NamedTuple):
    """How a row is drawn: its name in the list, its style, the height at which its lines float, and above what."""

    name: str
    style: str
    mode: str = ON_GROUND
    height_m: float = 0.0
    is_shown: bool = True
    is_wall: bool = False
    is_filled: bool = True


def kml_bytes(document: MapDocument) -> bytes:
    """Return shapes as a KML document."""
    root = ET.Element("kml", xmlns=NAMESPACE)
    whole = _add(root, "Document")
    _add(whole, "name", document.title)
    _add(whole, "description", escape("\n".join(f"{name}: {text}" for name, text in document.about.items())))
    for name, colour in LINES.items():
        style = _add(whole, "Style", id=name)
        drawn = _add(style, "LineStyle")
        _add(drawn, "color", colour)
        _add(drawn, "width", "2")
        filled = _add(style, "PolyStyle")
        _add(filled, "color", FILLS.get(name, "00ffffff"))
        _add(filled, "fill", "1" if name in FILLS else "0")
    for layer in document.layers:
        if layer.rows and layer.rows[0].geometry is not None:
            _folder(whole, layer)
    ET.indent(root, " ")
    made: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return made + b"\n"


def kmz_bytes(document: MapDocument) -> bytes:
    """Return shapes as a KMZ archive: the KML document as ``doc.kml``, packed."""
    packed = io.BytesIO()
    entry = zipfile.ZipInfo("doc.kml", FIRST_DAY)
    entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
    entry.external_attr = 0o644 << 16
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(entry, kml_bytes(document))
    return packed.getvalue()


def _add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    made = ET.SubElement(parent, tag, attributes)
    made.text = text
    return made


def _folder(parent: ET.Element, layer: Layer) -> None:
    folder = _add(parent, "Folder")
    _add(folder, "name", layer.title)
    table = [(c.name, c.printed) for c in columns(layer.rows, layer.kind)]
    first = layer.rows[0]
    for i, row in enumerate(layer.rows):
        look = LOOKS[layer.name](row, first)
        mark = _add(folder, "Placemark")
        _add(mark, "name", look.name)
        _add(mark, "visibility", "1" if look.is_shown else "0")
        _add(mark, "styleUrl", f"#{look.style}")
        data = _add(mark, "ExtendedData")
        for name, values in table:
            if values[i] is not None:
                _add(_add(data, "Data", name=name), "value", _text(values[i]))
        _geometry(mark, row.geometry, look)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def level_words(row: Any) -> str:
    """Name the height of a row with its reference, empty where it has none.

    >>> from types import SimpleNamespace
    >>> level_words(SimpleNamespace(height_m=100.0, altitude_m=None))
    '100 m above ground'
    """
    if row.height_m is not None:
        return f"{row.height_m:,.0f} m above ground"
    return "" if row.altitude_m is None else f"{row.altitude_m:,.0f} m above sea level"


def _level(row: Any) -> tuple[str, float]:
    if row.height_m is not None:
        return ABOVE_GROUND, float(row.height_m)
    return (ON_GROUND, 0.0) if row.altitude_m is None else (ABOVE_SEA, float(row.altitude_m))


def _is_alike(row: Any, first: Any) -> bool:
    """Whether a row is of the laydown, class and height that are shown when the file is opened."""
    same_laydown = getattr(row, "laydown", None) == getattr(first, "laydown", None)
    same_level = (row.height_m, row.altitude_m) == (first.height_m, first.altitude_m)
    return same_laydown and same_level and row.target == first.target


def _site(row: Any, first: Any) -> Look:
    name = f"{row.unit} ({row.laydown})" if row.laydown else row.unit
    return Look(name, "advertised", is_shown=row.laydown == first.laydown)


def _ring(row: Any, first: Any) -> Look:
    part = "" if row.part_of_draws is None else f", {row.part_of_draws:.0%} of draws reach less far"
    name = ", ".join(filter(None, (row.laydown, row.unit, row.ring, row.target, level_words(row))))
    is_shown = row.part_of_draws is None and row.laydown == first.laydown
    return Look(name + part, row.ring, *_level(row), is_shown, is_filled=False)


def _cover(row: Any, first: Any) -> Look:
    link = row.link if row.link in LINES else "engageable"
    name = ", ".join(filter(None, (row.laydown, row.unit, row.link, row.target, level_words(row))))
    return Look(name, link, *_level(row), is_shown=link in SHOWN_FIRST and _is_alike(row, first))


def _wall(row: Any, _first: Any) -> Look:
    name = f"{row.unit}: hidden below, {row.distance_m / 1000:,.0f} km away"
    return Look(name, "walls", ABOVE_SEA, is_wall=True)


def _asset(row: Any, _first: Any) -> Look:
    return Look(row.name, "advertised")


def _city(row: Any, first: Any) -> Look:
    return Look(f"{row.name}: {row.share_of_draws:.0%} of draws", "engageable", is_shown=_is_alike(row, first))


def _path(row: Any, _first: Any) -> Look:
    return Look(f"{row.uid} ({row.target})", "friendly" if row.aim is None else "paths", ABOVE_SEA)


LOOKS = {
    "sites": _site, "rings": _ring, "cover": _cover, "walls": _wall, "assets": _asset, "cities": _city, "paths": _path,
}  # fmt: skip


def _geometry(parent: ET.Element, geometry: BaseGeometry, look: Look) -> None:
    parts = list(_parts(geometry, look))
    holder = parent if len(parts) == 1 else _add(parent, "MultiGeometry")
    for part in parts:
        holder.append(part)


def _parts(geometry: BaseGeometry, look: Look) -> Iterator[ET.Element]:
    """Elements of a geometry: fills on the ground, and above it the lines that float at a height."""
    for part in shapely.get_parts(geometry):
        if part.geom_type == "Point":
            yield _element("Point", part, ON_GROUND)
        elif part.geom_type == "LineString":
            yield _element("LineString", part, look.mode, is_wall=look.is_wall)
            continue
        if part.geom_type == "Polygon" and look.is_filled:
            yield _area(part)
        if part.geom_type == "Polygon" and (look.mode != ON_GROUND or not look.is_filled):
            for ring in (part.exterior, *part.interiors):
                yield _element("LineString", ring, look.mode, height_m=look.height_m)


def _element(
    tag: str, line: BaseGeometry, mode: str, *, height_m: float | None = None, is_wall: bool = False
) -> ET.Element:
    made = ET.Element(tag)
    if is_wall:
        _add(made, "extrude", "1")
    if tag == "LineString" and mode == ON_GROUND:
        _add(made, "tessellate", "1")
    _add(made, "altitudeMode", mode)
    _add(made, "coordinates", _coordinates(line, None if mode == ON_GROUND else height_m))
    return made


def _area(part: Polygon) -> ET.Element:
    made = ET.Element("Polygon")
    _add(made, "tessellate", "1")
    _add(made, "altitudeMode", ON_GROUND)
    rings = [("outerBoundaryIs", part.exterior), *(("innerBoundaryIs", hole) for hole in part.interiors)]
    for tag, ring in rings:
        _add(_add(_add(made, tag), "LinearRing"), "coordinates", _coordinates(ring, None))
    return made


def _coordinates(line: BaseGeometry, height_m: float | None) -> str:
    """Longitude, latitude and, where the geometry has it or ``height_m`` gives one, the altitude of each corner."""
    corners = shapely.get_coordinates(line, include_z=line.has_z)
    if height_m is not None:
        return " ".join(f"{x:.6f},{y:.6f},{height_m:.1f}" for x, y in corners[:, :2])
    return " ".join(",".join(f"{v:.1f}" if i == 2 else f"{v:.6f}" for i, v in enumerate(corner)) for corner in corners)
