"""Points of files that other programs write: CSV, GeoJSON, KML (KMZ), GeoPackage, known by their endings.

Nothing else is tried, nothing that a file points at is opened, and no network is asked. Positions come out as latitude
and longitude on WGS 84, as they stand; who takes them checks them.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
import zlib
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree import ElementTree as ET

from ringtrue.errors import InputError, did_you_mean
from ringtrue.toml_files import LARGEST_BYTES, decode, read_bytes
from ringtrue.units import parse_number, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]
    ToDegrees = Callable[[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]

MOST_ROWS = 1_000
MOST_DEGREES = 1e6  # no degrees at all; what can be degrees is for others to say
LARGEST_GEOPACKAGE_BYTES = 50 * 2**20
POSITION_COLUMNS = "columns 'latitude' and 'longitude' in degrees, or one column 'at' such as \"41°17'N 36°20'E\","
_GUARDED = re.compile(r"'[=+\-−@]")


class Row(NamedTuple):
    """What a file says of one place: where it stands, its position if the geometry gives it, its columns."""

    where: str
    position: tuple[float, float] | None
    values: dict[str, Any]


def read_points(path: Path, layer: str | None = None) -> list[Row]:
    """Read the points of a file, one more than `MOST_ROWS` at the most.

    Parameters
    ----------
    path : Path
        Ends in .csv, .geojson, .json, .kml, .kmz or .gpkg.
    layer : str, optional
        Of a GeoPackage that has several.

    Raises
    ------
    InputError
        Another ending, a file that cannot be read or is too large, something that is no point.
    """
    ending = path.suffix.lower()
    if ending not in FORMATS:
        msg = f"{path}: ends in {ending or 'nothing'}; sites and assets are read from {', '.join(FORMATS)}"
        raise InputError(msg)
    if layer is not None and ending != ".gpkg":
        msg = f"--layer {layer!r}: {path} has no layers; leave it out"
        raise InputError(msg)
    return FORMATS[ending](path, layer)


def refused(path: Path, where: str, what: str) -> InputError:
    """Return the error about one row of a file."""
    return InputError(f"{path}: {where}: {what}")


def _csv(path: Path, _layer: str | None) -> list[Row]:
    text = decode(read_bytes(path, what="a CSV file"), str(path))
    head_line = text.partition("\n")[0]
    delimiter = max(",;\t", key=head_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    try:
        head = [name.strip() for name in next(reader, [])]
        if not any(head):
            msg = f"{path}: has no row of heads; the first row names the columns: {POSITION_COLUMNS} are wanted"
            raise InputError(msg)
        doubled = next((name for i, name in enumerate(head) if name in head[:i]), None)
        if doubled is not None:
            msg = f"{path}: two columns are called {doubled!r}; give each a name of its own"
            raise InputError(msg)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            where = f"line {reader.line_num}"
            if len(cells) != len(head):
                why = "a text with a comma in it stands in quotes" if len(cells) > len(head) else "none may be missing"
                raise refused(path, where, f"{len(cells)} cells under {len(head)} heads; {why}")
            rows.append(Row(where, None, {n: _unguarded(c.strip()) for n, c in zip(head, cells, strict=True) if n}))
            if len(rows) > MOST_ROWS:
                break
    except csv.Error as error:
        raise refused(path, f"line {reader.line_num}", f"is no CSV ({error}); save it anew as CSV in UTF-8") from None
    return rows


def _unguarded(text: str) -> str:
    """A cell without the apostrophe that guards it from a spreadsheet."""
    return text[1:] if _GUARDED.match(text) else text


def _geojson(path: Path, _layer: str | None) -> list[Row]:
    text = decode(read_bytes(path, what="a GeoJSON file"), str(path))
    try:
        whole = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_once)
    except RecursionError:
        msg = f"{path}: is nested too deep for GeoJSON; save it anew"
        raise InputError(msg) from None
    except ValueError as error:
        msg = f"{path}: is no JSON ({error}); save it anew as GeoJSON"
        raise InputError(msg) from None
    members = whole if isinstance(whole, dict) else {}
    features = [members] if members.get("type") == "Feature" else members.get("features")
    if members.get("type") not in ("Feature", "FeatureCollection"):
        features = None
    if not isinstance(features, list):
        msg = f"{path}: is no FeatureCollection of GeoJSON; save the layer as GeoJSON (RFC 7946)"
        raise InputError(msg)
    if "crs" in members and not re.search("CRS84|4326", json.dumps(members["crs"])):
        msg = f"{path}: names another projection ({shown(json.dumps(members['crs']))}); save it in WGS 84 (EPSG:4326)"
        raise InputError(msg)
    return [_feature(path, i, feature) for i, feature in enumerate(features[: MOST_ROWS + 1], 1)]


def _no_constant(word: str) -> Any:
    msg = f"{word} is no number of JSON"
    raise ValueError(msg)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        msg = f"the name {next(name for name in names if names.count(name) > 1)!r} stands twice in one object"
        raise ValueError(msg)
    return found


def _feature(path: Path, number: int, feature: Any) -> Row:
    where = f"feature {number}"
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or kind != "Point":
        raise refused(path, where, f"is {_a(kind)}; a Point is wanted: take its middle, or delete it")
    placed: Any = geometry.get("coordinates")
    is_placed = isinstance(placed, list) and 2 <= len(placed) <= 4 and all(_is_number(v) for v in placed)
    if not is_placed:
        raise refused(path, where, f"coordinates {shown(json.dumps(placed))} are no [longitude, latitude] in degrees")
    said = feature.get("properties") or {}
    if not isinstance(said, dict):
        raise refused(path, where, "its properties are no object; save it anew as GeoJSON")
    values = {str(name): value if _is_plain(value) else json.dumps(value) for name, value in said.items()}
    if "id" in feature and not {"id", "uid"} & {name.casefold() for name in values}:
        values["id"] = str(feature["id"])
    return Row(where, (float(placed[1]), float(placed[0])), values)


def _a(kind: Any) -> str:
    return f"a {kind}" if isinstance(kind, str) and kind else "without a geometry"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < MOST_DEGREES


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | bool)


def _kml(path: Path, _layer: str | None) -> list[Row]:
    raw = _packed(path) if path.suffix.lower() == ".kmz" else read_bytes(path, what="a KML file")
    text = decode(raw, str(path))
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        msg = f"{path}: declares a document type of its own, which no KML needs; take that part out"
        raise InputError(msg)
    try:
        root = ET.fromstring(text)
    except (ET.ParseError, ValueError) as error:
        msg = f"{path}: is no XML ({error}); save it anew as KML"
        raise InputError(msg) from None
    if _tag(root) != "kml":
        msg = f"{path}: is no KML: it begins with <{_tag(root)}>; save it anew as KML"
        raise InputError(msg)
    marks = [element for element in root.iter() if _tag(element) == "Placemark"]
    if not marks and any(_tag(element) == "NetworkLink" for element in root.iter()):
        msg = f"{path}: only points at another file, and links are not followed; save the places themselves"
        raise InputError(msg)
    return [_placemark(path, i, mark) for i, mark in enumerate(marks[: MOST_ROWS + 1], 1)]


def _packed(path: Path) -> bytes:
    """The document of a KMZ archive, no more of it than a KML file may have."""
    try:
        with zipfile.ZipFile(io.BytesIO(read_bytes(path, what="a KMZ file"))) as archive:
            names = [name for name in archive.namelist() if name.lower().endswith(".kml")]
            name = next((name for name in names if name.lower() == "doc.kml"), names[0] if len(names) == 1 else None)
            if name is None:
                msg = f"{path}: holds {len(names)} KML documents; give the one that is meant"
                raise InputError(msg)
            with archive.open(name) as entry:
                raw = entry.read(LARGEST_BYTES + 1)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, zlib.error) as error:
        msg = f"{path}: is no KMZ archive ({error}); save it anew as KML"
        raise InputError(msg) from None
    if len(raw) > LARGEST_BYTES:
        msg = f"{path}: its document is larger than {LARGEST_BYTES // 2**20} MB; save the places alone"
        raise InputError(msg)
    return raw


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _child(element: ET.Element, tag: str) -> ET.Element | None:
    return next((child for child in element if _tag(child) == tag), None)


def _placemark(path: Path, number: int, mark: ET.Element) -> Row:
    values: dict[str, Any] = {}
    for tag in ("name", "description"):
        found = _child(mark, tag)
        if found is not None and found.text:
            values[tag] = " ".join(found.text.split())
    where = f"placemark {number}" + (f" ({shown(values['name'])})" if "name" in values else "")
    for data in mark.iter():
        if _tag(data) in ("Data", "SimpleData") and data.get("name"):
            inner = _child(data, "value") if _tag(data) == "Data" else data
            values.setdefault(str(data.get("name")), "" if inner is None else (inner.text or "").strip())
    kinds = ("Point", "LineString", "LinearRing", "Polygon", "MultiGeometry", "Model", "Track", "MultiTrack")
    geometry = next((child for child in mark if _tag(child) in kinds), None)
    if geometry is None or _tag(geometry) != "Point":
        kind = _a(None if geometry is None else _tag(geometry))
        raise refused(path, where, f"is {kind}; a Point is wanted: set a placemark in its middle, or delete it")
    written = " ".join((((found := _child(geometry, "coordinates")) is not None and found.text) or "").split())
    parts = written.split(",")
    try:
        numbers = [parse_number(part) for part in parts]
    except InputError as error:
        raise refused(path, where, str(error)) from None
    if not 2 <= len(numbers) <= 3:
        raise refused(path, where, f"coordinates {shown(written)} are no longitude,latitude in degrees")
    return Row(where, (numbers[1], numbers[0]), values)


def _geopackage(path: Path, layer: str | None) -> list[Row]:
    import sqlite3

    _check_geopackage(path)
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as base:
            base.execute("PRAGMA trusted_schema = OFF")
            return list(_features(path, base, layer))
    except (sqlite3.Error, UnicodeError) as error:
        msg = f"{path}: is no sound GeoPackage ({error}); export the layer anew"
        raise InputError(msg) from None


def _check_geopackage(path: Path) -> None:
    """Refuse what is no SQLite file, and one of which another program still keeps rows apart."""
    if not _is_large(path):
        read_bytes(path, what="a GeoPackage")
    with path.open("rb") as file:
        head = file.read(16)
    if head != b"SQLite format 3\x00":
        msg = f"{path}: is no GeoPackage, whatever its ending says; export the layer anew"
        raise InputError(msg)
    log = path.with_name(f"{path.name}-wal")
    if log.is_file() and log.stat().st_size:
        msg = f"{path}: is open in another program, and not all of it is in the file yet; close it there"
        raise InputError(msg)


def _is_large(path: Path) -> bool:
    """Whether a regular file is longer than a text may be; one that is longer than a GeoPackage may be is refused."""
    try:
        n_bytes = path.stat().st_size if path.is_file() else 0
    except (OSError, ValueError):
        return False
    if n_bytes > LARGEST_GEOPACKAGE_BYTES:
        msg = f"{path}: is larger than {LARGEST_GEOPACKAGE_BYTES // 2**20} MB; export the layer with the places alone"
        raise InputError(msg)
    return n_bytes > LARGEST_BYTES


def _features(path: Path, base: Any, layer: str | None) -> Iterator[Row]:
    import numpy as np

    name, column, transform = _layer(path, base, layer)
    cursor = base.execute(f"SELECT * FROM {_quoted(name)} LIMIT {MOST_ROWS + 1}")
    heads = [entry[0] for entry in cursor.description]
    if column not in heads:
        msg = f"{path}: layer {name!r} has no column {column!r}, where its points should be; export the layer anew"
        raise InputError(msg)
    at = heads.index(column)
    for number, cells in enumerate(cursor, 1):
        where = f"layer {name!r}, row {number}"
        x, y = _point(path, where, cells[at])
        latitude, longitude = transform(np.array([x]), np.array([y]))
        if not (np.isfinite(latitude).all() and np.isfinite(longitude).all()):
            raise refused(path, where, f"{x:.10g}, {y:.10g} lies outside its projection; mend the point")
        values = {
            head: value
            for i, (head, value) in enumerate(zip(heads, cells, strict=True))
            if i != at and head.casefold() != "fid" and not isinstance(value, bytes)
        }
        yield Row(where, (round(float(latitude[0]), 9), round(float(longitude[0]), 9)), values)


def _layer(path: Path, base: Any, layer: str | None) -> tuple[str, str, ToDegrees]:
    """Name and geometry column of the layer, and what takes its coordinates to latitude and longitude."""
    tables = {name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    known = [
        str(name) for (name,) in base.execute("SELECT table_name FROM gpkg_contents WHERE data_type = 'features'")
        if name in tables
    ]  # fmt: skip
    if layer is not None and layer not in known:
        msg = f"--layer {layer!r}: {path} has no such layer{did_you_mean(layer, known)}; it has: {', '.join(known)}"
        raise InputError(msg)
    if layer is None and len(known) != 1:
        said = f"has several layers; name one with --layer: {', '.join(known)}" if known else "has no layer of places"
        msg = f"{path}: {said}"
        raise InputError(msg)
    name = layer or known[0]
    found = base.execute(
        "SELECT g.column_name, s.organization, s.organization_coordsys_id, s.definition FROM gpkg_geometry_columns g "
        "JOIN gpkg_spatial_ref_sys s ON g.srs_id = s.srs_id WHERE g.table_name = ?",
        [name],
    ).fetchone()
    if found is None:
        msg = f"{path}: layer {name!r} names no projection; export it in WGS 84 (EPSG:4326)"
        raise InputError(msg)
    column, authority, code, definition = found
    return str(name), str(column), _to_degrees(path, str(name), str(authority), code, str(definition))


def _to_degrees(path: Path, name: str, authority: str, code: Any, definition: str) -> ToDegrees:
    from ringtrue.geo.maps import earth_map, to_degrees, untied

    if authority.upper() == "NONE" or code in (0, -1):
        msg = f"{path}: layer {name!r} names no projection; export it in WGS 84 (EPSG:4326)"
        raise InputError(msg)
    remedy = "export the layer in WGS 84 (EPSG:4326)"
    try:
        crs = earth_map(path, f"EPSG:{code}" if authority.upper() == "EPSG" else definition).crs
    except InputError as error:
        msg = f"{str(error).partition(';')[0]}; {remedy}"
        raise InputError(msg) from None

    def placed(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        if untied(crs, x, y):
            msg = f"{path}: the datum of layer {name!r} is not tied to WGS 84 there; {remedy}"
            raise InputError(msg)
        return to_degrees(crs, x, y)

    return placed


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _point(path: Path, where: str, blob: Any) -> tuple[float, float]:
    import shapely

    from ringtrue.geo.layers import without_header

    if not isinstance(blob, bytes) or blob[:2] != b"GP":
        raise refused(path, where, "has no geometry; give it a point, or delete it")
    try:
        geometry: Any = shapely.from_wkb(without_header(blob))
    except (shapely.GEOSException, IndexError) as error:
        raise refused(path, where, f"its geometry cannot be read ({error}); export the layer anew") from None
    if geometry.geom_type == "MultiPoint" and len(geometry.geoms) == 1:
        geometry = geometry.geoms[0]
    if geometry.geom_type != "Point" or geometry.is_empty:
        kind = "an empty point" if geometry.is_empty else f"a {geometry.geom_type}"
        raise refused(path, where, f"is {kind}; a Point is wanted: take its middle, or delete it")
    return float(geometry.x), float(geometry.y)


FORMATS: dict[str, Callable[[Path, str | None], list[Row]]] = {
    ".csv": _csv, ".geojson": _geojson, ".json": _geojson, ".kml": _kml, ".kmz": _kml, ".gpkg": _geopackage,
}  # fmt: skip
