"""Shapes as GeoPackage (one file, a layer for each kind) and as GeoParquet (a file for each kind).

Both say of every column its unit and meaning, and of the whole what was computed from what. Neither holds a time, so
that the same shapes are the same bytes; where GeoPackage wants one, it is the first second of 1970.
"""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely import to_wkb

from ringtrue.answer import columns, description
from ringtrue.formats.tables import arrow_table
from ringtrue.whole import write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ringtrue.answer import Column
    from ringtrue.formats.shapes import Layer, MapDocument

PLANE, WITH_ALTITUDE = "OGC:CRS84", "EPSG:9707"  # longitude and latitude; and altitude above the EGM96 geoid
NO_TIME = "1970-01-01T00:00:00.000Z"
GEOPARQUET_VERSION = "1.1.0"
_one_at_a_time = threading.Lock()


def _columns(layer: Layer) -> list[Column]:
    return columns(layer.rows, layer.kind)


def _geometries(layer: Layer) -> list[Any]:
    return [row.geometry for row in layer.rows]


def write_geopackage(document: MapDocument, path: Path) -> Path:
    """Write every layer that has rows into one GeoPackage at a path where nothing is yet.

    Positions are in EPSG:4326; lines with altitudes in EPSG:9707, WGS 84 with heights above the EGM96 geoid.
    """
    import pyogrio
    from pyogrio.raw import write

    with _one_at_a_time:  # the time of change is a setting of the whole process
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": NO_TIME})
        try:
            for i, layer in enumerate(layer for layer in document.layers if layer.rows):
                found = _geometries(layer)
                geometries = None if found[0] is None else np.array([to_wkb(one) for one in found], dtype=object)
                names, values, masks = _fields(_columns(layer))
                write(
                    path, geometries, values, names, field_mask=masks, layer=layer.name, driver="GPKG",
                    geometry_type=None if geometries is None else _kind_of(found),
                    crs=None if geometries is None else WITH_ALTITUDE if layer.has_altitude else "EPSG:4326",
                    append=i > 0, promote_to_multi=False,
                    dataset_metadata={"title": document.title, **document.about},
                    layer_metadata=_said(layer), layer_options={"DESCRIPTION": layer.title},
                )  # fmt: skip
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
    return path


def _said(layer: Layer) -> dict[str, str]:
    """What a layer and its columns hold, as metadata."""
    return {"title": layer.title, **{column.name: _meaning(column) for column in _columns(layer)}}


def _meaning(column: Column) -> str:
    return f"{description(column.said)}{f' ({column.end})' if column.end else ''}"


def _fields(table: Sequence[Column]) -> tuple[list[str], list[Any], list[Any]]:
    """Names, values and masks of what is not defined, as the writer takes them."""
    names, values, masks = [], [], []
    for column in table:
        printed = column.printed
        is_missing = np.array([value is None for value in printed], dtype=np.bool_)
        known = {type(value) for value in printed if value is not None}
        kind: Any = object
        if known and known <= {int, float}:
            kind = np.int64 if known == {int} else np.float64
        elif known == {bool}:
            kind = np.bool_
        blank: Any = "" if kind is object else 0
        names.append(column.name)
        values.append(np.array([blank if value is None else value for value in printed], dtype=kind))
        masks.append(is_missing if is_missing.any() else None)
    return names, values, masks


def _kind_of(geometries: Sequence[Any]) -> str:
    """Type of all geometries of a layer, as a GeoPackage names it."""
    kinds = {one.geom_type for one in geometries}
    kind = kinds.pop() if len(kinds) == 1 else "MultiLineString" if "LineString" in kinds else "MultiPolygon"
    return f"{kind} Z" if any(one.has_z for one in geometries) else kind


def write_geoparquet(document: MapDocument, folder: Path) -> list[Path]:
    """Write each layer that has rows as ``<layer>.parquet``; one without geometry is a plain Parquet table."""
    paths = []
    for layer in document.layers:
        if layer.rows:
            paths.append(folder / f"{layer.name}.parquet")
            write_whole(paths[-1], geoparquet_bytes(document, layer))
    return paths


def geoparquet_bytes(document: MapDocument, layer: Layer) -> bytes:
    """Return one layer as GeoParquet 1.1: geometries as WKB in the column ``geometry``, meanings beside the columns."""
    import pyarrow
    from pyarrow import parquet

    table = arrow_table(_columns(layer))
    about = {"title": document.title, "layer": layer.title, **document.about}
    said = {"ringtrue": json.dumps(about, ensure_ascii=False)}
    found = _geometries(layer)
    if found[0] is not None:
        binary = pyarrow.array([to_wkb(one) for one in found], type=pyarrow.binary())
        table = table.append_column("geometry", binary)
        said["geo"] = json.dumps(_geo(found, has_altitude=layer.has_altitude))
    sink = pyarrow.BufferOutputStream()
    parquet.write_table(table.replace_schema_metadata(said), sink)
    made: bytes = sink.getvalue().to_pybytes()
    return made


def _geo(geometries: Sequence[Any], *, has_altitude: bool) -> dict[str, Any]:
    """Metadata of GeoParquet about the geometry column."""
    from pyproj import CRS

    kinds = sorted({f"{one.geom_type}{' Z' if one.has_z else ''}" for one in geometries})
    column = {
        "encoding": "WKB",
        "geometry_types": kinds,
        "crs": CRS(WITH_ALTITUDE if has_altitude else PLANE).to_json_dict(),
        "edges": "planar",
        "orientation": "counterclockwise",
        "bbox": _box(geometries, has_altitude=has_altitude),
    }
    if not any("Polygon" in kind for kind in kinds):
        del column["orientation"]
    return {"version": GEOPARQUET_VERSION, "primary_column": "geometry", "columns": {"geometry": column}}


def _box(geometries: Sequence[Any], *, has_altitude: bool) -> list[float]:
    corners = shapely.get_coordinates(geometries, include_z=has_altitude)
    return [*corners.min(axis=0).tolist(), *corners.max(axis=0).tolist()]
