"""Land, lakes, borders and coast of a map's window, from the shipped layers in the UN view."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

BORDER_TOLERANCE_DEG = 0.012
CREDIT = "borders and coast: Natural Earth, United Nations view, drawn for about 1:50 million"


@dataclass(frozen=True, slots=True)
class Basemap:
    """What a map stands on, longitude and latitude [deg], cut to a window."""

    land: BaseGeometry
    lakes: BaseGeometry
    borders: BaseGeometry
    coast: BaseGeometry

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
def basemap(bounds_deg: tuple[float, float, float, float]) -> Basemap:
    """Cut the shipped layers to ``bounds_deg`` (west, south, east, north) and thin them for a page.

    Neighbouring countries are thinned together, so that a border stays one line. Coast is the outline of all land
    together; borders are what is left of the countries' outlines.
    """
    import shapely

    countries, lakes = _layers(bounds_deg)
    box = shapely.box(*bounds_deg)
    thin = shapely.coverage_simplify(countries, BORDER_TOLERANCE_DEG)
    land = shapely.union_all(thin)
    coast = land.boundary
    outlines = shapely.union_all([shape.boundary for shape in thin])
    return Basemap(
        land=shapely.intersection(land, box),
        lakes=shapely.intersection(shapely.simplify(shapely.union_all(lakes), BORDER_TOLERANCE_DEG), box),
        borders=shapely.intersection(shapely.difference(outlines, coast), box),
        coast=shapely.intersection(coast, box),
    )


def _layers(bounds_deg: tuple[float, float, float, float]) -> tuple[Any, Any]:
    import pyogrio
    import shapely

    path = "/work/shared/data/natural_earth_region.gpkg"
    out = []
    for name in ("countries_10m_un", "lakes_50m"):
        _, _, wkb, _ = pyogrio.raw.read(path, layer=name, bbox=bounds_deg, columns=[])
        out.append(shapely.make_valid(shapely.from_wkb(wkb)))
    return out[0], out[1]
