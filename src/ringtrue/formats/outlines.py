"""Outlines in degrees: rings and sectors about a site, cells of a raster, lines; all cut at 180 degrees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from ringtrue.errors import InputError
from ringtrue.geo import geodesy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import ArrayLike, NDArray
    from shapely.geometry.base import BaseGeometry

    FloatArray = NDArray[np.float64]

PLACES_DEG, PLACES_M = 6, 1
LONGEST_EDGE_M = 20e3


def point(latitude_deg: float, longitude_deg: float) -> BaseGeometry:
    """Return a place as a geometry.

    >>> point(40.0789, 32.5656).wkt
    'POINT (32.5656 40.0789)'
    """
    return shapely.Point(round(longitude_deg, PLACES_DEG), round(latitude_deg, PLACES_DEG))


def line(latitude_deg: ArrayLike, longitude_deg: ArrayLike, altitude_m: ArrayLike) -> BaseGeometry:
    """Return a line with altitudes; one that crosses the 180th meridian comes in parts.

    >>> line([0.0, 0.0], [179.0, -179.0], [10.0, 20.0]).wkt
    'MULTILINESTRING Z ((179 0 10, 180 0 15), (-180 0 15, -179 0 20))'
    """
    longitude = np.rad2deg(np.unwrap(np.deg2rad(np.asarray(longitude_deg, dtype=np.float64))))
    made = shapely.LineString(np.column_stack([longitude, latitude_deg, altitude_m]))
    return _rounded(within_180(made))


def within_180(geometry: BaseGeometry) -> BaseGeometry:
    """Cut a geometry whose longitudes run on past 180 degrees there, and bring each part between -180 and 180."""
    west, _, east, _ = geometry.bounds
    if west >= -180.0 and east <= 180.0:
        return geometry
    parts: list[BaseGeometry] = []
    for turn in range(int(np.floor((west + 180.0) / 360.0)), int(np.floor((east + 180.0) / 360.0)) + 1):
        window = shapely.box(turn * 360.0 - 180.0, -90.0, turn * 360.0 + 180.0, 90.0)
        inside = _alike(shapely.intersection(geometry, window), geometry)
        parts += [_moved(part, -360.0 * turn) for part in inside]
    gathered = shapely.GeometryCollection(parts)
    return _joined(parts) if _is_area(geometry) else _lines(gathered)


def _joined(areas: Iterable[Any]) -> BaseGeometry:
    return shapely.MultiPolygon(list(areas))


def _lines(geometry: BaseGeometry) -> BaseGeometry:
    parts = shapely.get_parts(geometry)
    return parts[0] if len(parts) == 1 else shapely.MultiLineString(list(parts))


def _is_area(geometry: BaseGeometry) -> bool:
    return geometry.geom_type in ("Polygon", "MultiPolygon")


def _alike(cut: BaseGeometry, geometry: BaseGeometry) -> list[BaseGeometry]:
    """Parts of a cut geometry that are of its own kind; what only touches the knife is dropped."""
    kind = "Polygon" if _is_area(geometry) else "LineString"
    return [part for part in shapely.get_parts(cut) if part.geom_type == kind and not part.is_empty]


def _moved(geometry: BaseGeometry, east_deg: float) -> BaseGeometry:
    def move(xyz: FloatArray) -> FloatArray:
        xyz[:, 0] += east_deg
        return xyz

    return shapely.transform(geometry, move, include_z=geometry.has_z)


def _rounded(geometry: BaseGeometry) -> BaseGeometry:
    def round_off(xyz: FloatArray) -> FloatArray:
        xyz[:, :2] = np.round(xyz[:, :2], PLACES_DEG)
        xyz[:, 2:] = np.round(xyz[:, 2:], PLACES_M)
        return xyz

    return shapely.transform(geometry, round_off, include_z=geometry.has_z)


def _areas(geometry: BaseGeometry) -> BaseGeometry:
    """Return the valid areas of a geometry as one geometry, outer rings counter-clockwise, holes clockwise."""
    whole = shapely.make_valid(geometry)
    found = [part for part in _flat(whole) if part.geom_type == "Polygon" and part.area > 0.0]
    return shapely.orient_polygons(_joined(found))


def _flat(geometry: BaseGeometry) -> Iterable[BaseGeometry]:
    for part in shapely.get_parts(geometry):
        if part.geom_type in ("GeometryCollection", "MultiPolygon"):
            yield from _flat(part)
        else:
            yield part


def outline_km2(geometry: BaseGeometry) -> float:
    """Return the area of a geometry on the ellipsoid [km2].

    >>> round(outline_km2(sectors(40.0, 32.0, [100e3] * 360))), round(geodesy.ring_area_m2(40.0, 32.0, 100e3) / 1e6)
    (31414, 31415)
    """
    from pyproj import Geod

    area_m2, _ = Geod(ellps="WGS84").geometry_area_perimeter(geometry)
    return abs(float(area_m2)) / 1e6


def check_pole(latitude_deg: float, reach_m: float, what: str) -> None:
    """Refuse to draw what lies around a pole: no outline in degrees has a middle there.

    Raises
    ------
    InputError
        The pole lies within reach.
    """
    if (90.0 - abs(latitude_deg)) * 111e3 <= reach_m:
        msg = (
            f"{what}: the ring of {reach_m / 1000:,.0f} km about latitude {latitude_deg:g} holds a pole, which no "
            "outline in degrees can show; take the raster (--format cog), which has a projection of its own"
        )
        raise InputError(msg)


def sectors(latitude_deg: float, longitude_deg: float, radius_m: Sequence[float]) -> BaseGeometry:
    """Return the sectors about a site that reach as far as ``radius_m`` says, one after another from north.

    Parameters
    ----------
    radius_m : sequence of float
        Geodesic radius of each sector [m]; the first one lies astride north. All the same make a ring.
    """
    radius = np.asarray(radius_m, dtype=np.float64)
    width = 2.0 * np.pi / radius.size
    n_inner = max(2, int(np.ceil(np.rad2deg(width))) + 1)
    offset = np.linspace(-0.5, 0.5, n_inner)
    azimuth = (np.arange(radius.size)[:, None] + offset).ravel() * width
    at = geodesy.direct(latitude_deg, longitude_deg, azimuth, np.repeat(radius, n_inner))
    east = _unwrapped(np.asarray(at.longitude_deg), longitude_deg)
    turning = shapely.Polygon(np.column_stack([east, at.latitude_deg]))
    return shapely.remove_repeated_points(_areas(_rounded(within_180(_areas(turning)))))


def _unwrapped(degrees: FloatArray, middle_deg: float) -> FloatArray:
    return np.asarray(middle_deg + np.mod(degrees - middle_deg + 180.0, 360.0) - 180.0, dtype=np.float64)


def cells(holds: NDArray[np.bool_], cell_m: float, latitude_deg: float, longitude_deg: float) -> BaseGeometry:
    """Return the outlines of the cells in which something holds, on a site's own azimuthal-equidistant grid.

    Parameters
    ----------
    holds : (row, column) bool array
        Grid centred on the site, row 0 = north.
    cell_m : float
        Side of the cells [m].
    """
    from pyproj import Transformer
    from rasterio.features import shapes
    from rasterio.transform import from_origin

    n_rows, n_columns = holds.shape
    grid = from_origin(-n_columns * cell_m / 2.0, n_rows * cell_m / 2.0, cell_m, cell_m)
    found = shapes(holds.astype(np.uint8), mask=holds, connectivity=4, transform=grid)
    flat = _joined(shapely.geometry.shape(one) for one, _ in found)
    to_degrees = Transformer.from_crs(geodesy.site_crs(latitude_deg, longitude_deg), "EPSG:4326", always_xy=True)

    def placed(xy: FloatArray) -> FloatArray:
        east, north = to_degrees.transform(xy[:, 0], xy[:, 1])
        return np.column_stack([_unwrapped(np.asarray(east), longitude_deg), north])

    return _areas(_rounded(within_180(shapely.transform(shapely.segmentize(flat, LONGEST_EDGE_M), placed))))


def box_cells(holds: NDArray[np.bool_], latitude_deg: FloatArray, longitude_deg: FloatArray) -> BaseGeometry:
    """Return the outlines of cells between meridians and parallels in which something holds.

    Parameters
    ----------
    holds : (row, column) bool array
        Row 0 = north.
    latitude_deg, longitude_deg : (row,), (column,) array
        Middles of the cells, evenly spaced.
    """
    from rasterio.features import shapes
    from rasterio.transform import from_origin

    east_deg, south_deg = float(longitude_deg[1] - longitude_deg[0]), float(latitude_deg[0] - latitude_deg[1])
    grid = from_origin(longitude_deg[0] - east_deg / 2.0, latitude_deg[0] + south_deg / 2.0, east_deg, south_deg)
    found = shapes(holds.astype(np.uint8), mask=holds, connectivity=4, transform=grid)
    return _areas(_rounded(within_180(_joined(shapely.geometry.shape(one) for one, _ in found))))
