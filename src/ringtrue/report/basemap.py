"""Land, lakes, borders and coast of a map's window, from the shipped layers in the UN view."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from ringtrue.geo.layers import COUNTRY_LAYERS, REGION_BOUNDS_DEG, VECTOR_PATH, WORLD_PATH

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

Bounds = tuple[float, float, float, float]

TOLERANCE_DEG = 0.012
REGION_CREDIT = "borders and coast: Natural Earth, United Nations view, thinned to the detail of 1:50 million"
WORLD_CREDIT = "borders and coast: Natural Earth 1:110 million, its own de facto view"


@dataclass(frozen=True, slots=True)
class Basemap:
    """What a map stands on, longitude and latitude [deg], cut to a window."""

    land: BaseGeometry
    lakes: BaseGeometry
    borders: BaseGeometry
    coast: BaseGeometry
    credit: str

    def as_geojson(self) -> dict[str, dict[str, Any]]:
        """Return the four layers as GeoJSON feature collections, coordinates rounded to 0.001°."""
        return {name: _collection(getattr(self, name)) for name in ("land", "lakes", "borders", "coast")}


def _collection(geometry: BaseGeometry) -> dict[str, Any]:
    import json

    import shapely

    if geometry.is_empty:
        return {"type": "FeatureCollection", "features": []}
    rounded = shapely.transform(geometry, lambda xy: xy.round(3))
    shape = json.loads(shapely.to_geojson(rounded))
    return {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": shape}]}


@lru_cache(maxsize=4)
def basemap(bounds_deg: Bounds) -> Basemap:
    """Cut the shipped layers to ``bounds_deg`` (west, south, east, north) and thin them for a page.

    Neighbouring countries are thinned together, so that a border stays one line. Coast is the outline of all land
    together; borders are what is left of the countries' outlines. A window that leaves the detailed region takes the
    world at 1:110 million, without lakes, and the credit says so.
    """
    import shapely

    west, south, east, north = REGION_BOUNDS_DEG
    in_region = west <= bounds_deg[0] and south <= bounds_deg[1] and bounds_deg[2] <= east and bounds_deg[3] <= north
    countries = _read(COUNTRY_LAYERS["un"], bounds_deg) if in_region else _world(bounds_deg)
    lakes = _read("lakes_50m", bounds_deg) if in_region else countries[:0]
    box = shapely.box(*bounds_deg)
    thin = shapely.coverage_simplify(countries, TOLERANCE_DEG)
    land = shapely.union_all(thin)
    coast = shapely.boundary(land)
    outlines = shapely.union_all(shapely.boundary(thin))
    return Basemap(
        land=shapely.intersection(land, box),
        lakes=shapely.intersection(shapely.simplify(shapely.union_all(lakes), TOLERANCE_DEG), box),
        borders=shapely.intersection(shapely.difference(outlines, coast), box),
        coast=shapely.intersection(coast, box),
        credit=REGION_CREDIT if in_region else WORLD_CREDIT,
    )


def _read(layer: str, bounds_deg: Bounds) -> NDArray[Any]:
    """Return the geometries of a layer of the shipped GeoPackage whose box meets the window.

    A GeoPackage is an SQLite file: asking it takes a hundredth of the time that loading a reader of all formats takes.
    """
    import sqlite3

    import shapely

    west, south, east, north = bounds_deg
    with sqlite3.connect(f"{VECTOR_PATH.as_uri()}?mode=ro&immutable=1", uri=True) as file:
        found = file.execute(
            f'SELECT t.geom FROM "{layer}" t JOIN "rtree_{layer}_geom" r ON t.fid = r.id '
            "WHERE r.maxx >= ? AND r.minx <= ? AND r.maxy >= ? AND r.miny <= ? ORDER BY t.fid",
            (west, east, south, north),
        ).fetchall()
    file.close()
    return np.asarray(shapely.make_valid(shapely.from_wkb([blob[_header_bytes(blob) :] for (blob,) in found])))


def _header_bytes(blob: bytes) -> int:
    """Return where the well-known binary begins in a GeoPackage geometry: behind 8 bytes and an envelope."""
    return 8 + (0, 32, 48, 48, 64)[blob[3] >> 1 & 7]


def _world(bounds_deg: Bounds) -> NDArray[Any]:
    import shapely

    collection = shapely.from_geojson(WORLD_PATH.read_text(encoding="utf-8"))
    countries = shapely.make_valid(shapely.get_parts(collection))
    return np.asarray(countries[shapely.intersects(countries, shapely.box(*bounds_deg))])
