"""Countries, people, places and the lines of a map, for 10-60 E, 25-58 N.

Borders are a point of view. The view "un" (default) is Natural Earth's layer with Crimea in Ukraine and Cyprus in one
piece; it leaves the Golan as the "de-facto" view has it, with Israel. The view "de-facto" is Natural Earth's own:
Crimea with Russia, Northern Cyprus apart.
"""

from __future__ import annotations

from contextlib import closing
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ringtrue.errors import InputError, did_you_mean
from ringtrue.geo.cache import Stored, content_key, load_arrays, store_arrays
from ringtrue.geo.geodesy import check_position

if TYPE_CHECKING:
    from collections.abc import Callable

FloatArray = NDArray[np.float64]
View = Literal["un", "de-facto"]
Bounds = tuple[float, float, float, float]

DATA_DIR = Path(__file__).parent / "data"
VECTOR_PATH = DATA_DIR / "natural_earth_region.gpkg"
WORLD_PATH = DATA_DIR / "ne_110m_countries_world.geojson"
POPULATION_PATH = DATA_DIR / "gpw_v4_rev11_popdensity_2020_15min.tif"
PLACES_PATH = DATA_DIR / "geonames_places500_18-50E_30-50N.parquet"

PLACES_BOUNDS_DEG: Bounds = (18.0, 30.0, 50.0, 50.0)
REGION_BOUNDS_DEG: Bounds = (10.0, 25.0, 60.0, 58.0)
CELLS_PER_DEGREE = 120
POPULATION_CELLS_PER_DEGREE = 4
WORLD_CELLS_PER_DEGREE = 10
INLAND_CELLS, WORLD_INLAND_CELLS = (11, 15), (5, 7)
DRAWN_TOLERANCE_DEG = 0.01
HEADER_BYTES = (0, 32, 48, 48, 64)
OFF_THE_MAP = -1
NO_COUNTRY = 0

COUNTRY_LAYERS: dict[str, str] = {"un": "countries_10m_un", "de-facto": "countries_10m"}
LINE_LAYERS: dict[str, str] = {"coastline": "coastline_50m", "lakes": "lakes_50m"}


class Places(NamedTuple):
    """Populated places, the largest first.

    GeoNames counts some people twice (a city and its districts): for labels and assets, not for totals.
    """

    name: NDArray[np.str_]
    latitude_deg: FloatArray
    longitude_deg: FloatArray
    population: NDArray[np.int64]
    country_code: NDArray[np.str_]


def _rows(layer: str, columns: list[str]) -> list[tuple[Any, ...]]:
    """Columns of a layer of the base map, a GeoPackage and so an SQLite file: no reader of all formats is loaded."""
    import sqlite3

    with closing(sqlite3.connect(f"{VECTOR_PATH.as_uri()}?mode=ro&immutable=1", uri=True)) as file:
        return file.execute(f'SELECT {", ".join(columns)} FROM "{layer}" ORDER BY fid').fetchall()


def _geometries(layer: str) -> NDArray[Any]:
    """Geometries (shapely) of a layer of the base map, in the order of `_rows`."""
    import shapely

    return np.asarray(shapely.from_wkb([without_header(blob) for (blob,) in _rows(layer, ["geom"])]))


def without_header(blob: bytes) -> bytes:
    """Well-known binary behind the header of a GeoPackage geometry, whose length bits 1 to 3 of byte 3 tell."""
    return blob[8 + HEADER_BYTES[(blob[3] >> 1) & 7] :]


@lru_cache(maxsize=4)
def _countries(view: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """English names, sorted, and where each stands in the layer."""
    if view not in COUNTRY_LAYERS:
        msg = f"borders: {view!r} is not a view; give 'un' or 'de-facto'{did_you_mean(view, COUNTRY_LAYERS)}"
        raise InputError(msg)
    rows = _rows(COUNTRY_LAYERS[view], ["NAME_EN"])
    order = sorted(range(len(rows)), key=lambda i: str(rows[i][0]))
    return tuple(str(rows[i][0]) for i in order), tuple(order)


def _country_polygons(view: str) -> NDArray[Any]:
    """Polygons in the order of ``country_names``."""
    order = _countries(view)[1]
    return np.asarray(_geometries(COUNTRY_LAYERS[view])[list(order)])


def _raster_shape() -> tuple[int, int]:
    west, south, east, north = REGION_BOUNDS_DEG
    return round((north - south) * CELLS_PER_DEGREE), round((east - west) * CELLS_PER_DEGREE)


def _burn(polygons: NDArray[Any], values: list[int]) -> NDArray[np.uint8]:
    from rasterio.features import rasterize
    from rasterio.transform import Affine

    west, _, _, north = REGION_BOUNDS_DEG
    step = 1.0 / CELLS_PER_DEGREE
    return np.asarray(
        rasterize(
            zip(polygons, values, strict=True),
            out_shape=_raster_shape(),
            transform=Affine(step, 0.0, west, 0.0, -step, north),
            dtype="uint8",
        )
    )


@lru_cache(maxsize=1)
def _vector_key() -> str:
    return sha256(VECTOR_PATH.read_bytes()).hexdigest()


def _kept(name: str, n_values: int, make: Callable[[], NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Return a derived raster of values from 0 to ``n_values - 1`` from the store, or make and store it."""
    key = content_key("layer", name, _vector_key(), CELLS_PER_DEGREE, REGION_BOUNDS_DEG)
    expected = {"raster": Stored(_raster_shape(), "|u1")}
    stored = load_arrays(key, expected, lambda arrays: bool(arrays["raster"].max() < n_values))
    if stored is None:
        stored = {"raster": make()}
        store_arrays(key, stored)
    return np.asarray(stored["raster"], dtype=np.uint8)


@lru_cache(maxsize=2)
def _country_raster(view: View) -> NDArray[np.uint8]:
    def burn() -> NDArray[np.uint8]:
        polygons = _country_polygons(view)
        return _burn(polygons, [i + 1 for i in range(len(polygons))])

    return _kept(f"countries-{view}", len(country_names(view)) + 1, burn)


@lru_cache(maxsize=1)
def _land_raster() -> NDArray[np.bool_]:
    """Land without lakes."""

    def burn() -> NDArray[np.uint8]:
        lakes = _geometries("lakes_10m")
        return np.asarray((_country_raster("un") > 0) & (_burn(lakes, [1] * len(lakes)) == 0), dtype=np.uint8)

    return np.asarray(_kept("land", 2, burn), dtype=np.bool_)


def _cells(
    latitude_deg: ArrayLike, longitude_deg: ArrayLike
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Row, column and whether the position lies on the map; off it the nearest cell stands in."""
    latitude, longitude = check_position(latitude_deg, longitude_deg)
    west, south, east, north = REGION_BOUNDS_DEG
    inside = (latitude >= south) & (latitude <= north) & (longitude >= west) & (longitude <= east)
    row = np.floor((north - latitude) * CELLS_PER_DEGREE).astype(np.int64)
    column = np.floor((longitude - west) * CELLS_PER_DEGREE).astype(np.int64)
    n_rows, n_columns = _raster_shape()
    return np.clip(row, 0, n_rows - 1), np.clip(column, 0, n_columns - 1), np.asarray(inside)


def country_names(view: View = "un") -> tuple[str, ...]:
    """Return English names; the name of country id ``i`` stands at ``i - 1``.

    >>> "Turkey" in country_names()
    True
    """
    return _countries(view)[0]


def country_ids(latitude_deg: ArrayLike, longitude_deg: ArrayLike, view: View = "un") -> NDArray[np.int16]:
    """Country of positions.

    Parameters
    ----------
    latitude_deg, longitude_deg : array_like
        Positions [degree]. Shapes broadcast.
    view : "un" or "de-facto"
        Whose borders.

    Returns
    -------
    ndarray of int16
        1 and up: place in ``country_names`` plus one; 0: no country (sea); -1: off the map.

    Notes
    -----
    Natural Earth 1:10m, read from cells of 30 arc-seconds: right but within half a cell (0.5 km) of a border or coast.

    Examples
    --------
    >>> country_names()[int(country_ids(39.93, 32.86)) - 1]
    'Turkey'
    """
    row, column, inside = _cells(latitude_deg, longitude_deg)
    ids = _country_raster(view)[row, column].astype(np.int16)
    return np.asarray(np.where(inside, ids, OFF_THE_MAP), dtype=np.int16)


def is_land(latitude_deg: ArrayLike, longitude_deg: ArrayLike) -> NDArray[np.bool_]:
    """Whether positions are on land, lakes not counted; False off the map.

    >>> is_land([39.93, 38.6], [32.86, 42.9]).tolist()  # Ankara, Lake Van
    [True, False]
    """
    row, column, inside = _cells(latitude_deg, longitude_deg)
    return np.asarray(inside & _land_raster()[row, column])


@lru_cache(maxsize=1)
def _world_raster() -> NDArray[np.bool_]:
    """Land and lakes of the whole earth, from coasts at 1:110m."""
    import json

    from rasterio.features import rasterize
    from rasterio.transform import Affine

    shapes = [feature["geometry"] for feature in json.loads(WORLD_PATH.read_text(encoding="utf-8"))["features"]]
    size, step = (180 * WORLD_CELLS_PER_DEGREE, 360 * WORLD_CELLS_PER_DEGREE), 1.0 / WORLD_CELLS_PER_DEGREE
    burnt = rasterize(shapes, out_shape=size, transform=Affine(step, 0.0, -180.0, 0.0, -step, 90.0), dtype="uint8")
    return np.asarray(burnt, dtype=np.bool_)


def is_inside_coast(latitude_deg: ArrayLike, longitude_deg: ArrayLike) -> NDArray[np.bool_]:
    """Whether positions lie inside the coastline, lakes included: 1:10m in 10-60 E, 25-58 N, else 1:110m.

    >>> is_inside_coast([39.93, 38.6, 43.0, 40.0], [32.86, 42.9, 34.0, -100.0]).tolist()  # Ankara, Van, sea, Kansas
    [True, True, False, True]
    """
    return _in_coasts(latitude_deg, longitude_deg, np.asarray(_country_raster("un") > 0), _world_raster())


def _in_coasts(
    latitude_deg: ArrayLike, longitude_deg: ArrayLike, region: NDArray[np.bool_], world: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    latitude, longitude = check_position(latitude_deg, longitude_deg)
    longitude = np.mod(longitude + 180.0, 360.0) - 180.0
    row, column, inside = _cells(latitude, longitude)
    rows, columns = 180 * WORLD_CELLS_PER_DEGREE, 360 * WORLD_CELLS_PER_DEGREE
    world_row = np.clip(np.floor((90.0 - latitude) * WORLD_CELLS_PER_DEGREE).astype(np.int64), 0, rows - 1)
    world_column = np.clip(np.floor((longitude + 180.0) * WORLD_CELLS_PER_DEGREE).astype(np.int64), 0, columns - 1)
    return np.asarray(np.where(inside, region[row, column], world[world_row, world_column]))


@lru_cache(maxsize=1)
def _inland_rasters() -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Far from the sea: of the region (5 km), of the earth (30 km, for its coasts are coarse)."""
    from scipy.ndimage import minimum_filter

    def burn() -> NDArray[np.uint8]:
        land = np.asarray(_country_raster("un") > 0, dtype=np.uint8)
        return np.asarray(minimum_filter(land, INLAND_CELLS, mode="nearest"), dtype=np.uint8)

    world = minimum_filter(_world_raster(), WORLD_INLAND_CELLS, mode=("nearest", "wrap"))
    return np.asarray(_kept("inland", 2, burn), dtype=np.bool_), np.asarray(world, dtype=np.bool_)


def is_far_inland(latitude_deg: ArrayLike, longitude_deg: ArrayLike) -> NDArray[np.bool_]:
    """Whether positions lie well inside the coastline: 5 km in 10-60 E, 25-58 N, else some 30 km.

    >>> is_far_inland([39.93, 41.01], [32.86, 28.98]).tolist()  # Ankara, Istanbul
    [True, False]
    """
    region, world = _inland_rasters()
    return _in_coasts(latitude_deg, longitude_deg, region, world)


@lru_cache(maxsize=1)
def _land_share_raster() -> FloatArray:
    land = _land_raster()
    size = CELLS_PER_DEGREE // POPULATION_CELLS_PER_DEGREE
    blocks = land.reshape(land.shape[0] // size, size, land.shape[1] // size, size)
    return np.asarray(blocks.mean(axis=(1, 3)), dtype=np.float64)


def land_share(latitude_deg: ArrayLike, longitude_deg: ArrayLike) -> FloatArray:
    """Share of land without lakes in the 15-arc-minute population cell of a position [0 to 1]; nan off the map.

    Density times whole-cell area counts coastal people too often; multiply by this, or sum over land cells only.

    >>> float(land_share(39.6, 33.1))
    1.0
    """
    row, column, inside = _cells(latitude_deg, longitude_deg)
    size = CELLS_PER_DEGREE // POPULATION_CELLS_PER_DEGREE
    return np.asarray(np.where(inside, _land_share_raster()[row // size, column // size], np.nan), dtype=np.float64)


@lru_cache(maxsize=1)
def _population_raster() -> NDArray[np.float32]:
    import rasterio

    with rasterio.open(POPULATION_PATH) as dataset:
        density = np.asarray(dataset.read(1), dtype=np.float32)
    density[density < 0] = 0.0
    return density


def population_density_per_km2(latitude_deg: ArrayLike, longitude_deg: ArrayLike) -> FloatArray:
    """Residents per km2 of *land* in 2020, of the 15-arc-minute cell that holds a position; 0 where there is no figure.

    Parameters
    ----------
    latitude_deg, longitude_deg : array_like
        Positions [degree], anywhere on earth. Shapes broadcast.

    References
    ----------
    CIESIN, Gridded Population of the World, version 4, revision 11 (CC BY 4.0).

    Examples
    --------
    >>> bool(population_density_per_km2(41.05, 28.95) > 2000)  # Istanbul
    True
    """
    latitude, longitude = check_position(latitude_deg, longitude_deg)
    row = np.floor((90.0 - latitude) * POPULATION_CELLS_PER_DEGREE).astype(np.int64)
    column = np.floor((np.mod(longitude + 180.0, 360.0)) * POPULATION_CELLS_PER_DEGREE).astype(np.int64)
    density = _population_raster()
    return np.asarray(density[np.clip(row, 0, density.shape[0] - 1), column % density.shape[1]], dtype=np.float64)


@lru_cache(maxsize=1)
def _all_places() -> Places:
    import pyarrow.parquet

    columns = ["name", "latitude", "longitude", "population", "countrycode"]
    table = pyarrow.parquet.ParquetFile(PLACES_PATH).read(columns=columns).to_pydict()
    population = np.array(table["population"], dtype=np.int64)
    order = np.argsort(-population, kind="stable")
    return Places(
        np.array(table["name"], dtype=np.str_)[order],
        np.array(table["latitude"], dtype=np.float64)[order],
        np.array(table["longitude"], dtype=np.float64)[order],
        population[order],
        np.array(table["countrycode"], dtype=np.str_)[order],
    )


def places(bounds_deg: Bounds | None = None, min_population: int = 0) -> Places:
    """Populated places (18-50 E, 30-50 N), the largest first.

    Parameters
    ----------
    bounds_deg : tuple, optional
        West, south, east, north [degree]; all places when left out.
    min_population : int
        Leave out what is smaller.

    References
    ----------
    GeoNames (CC BY 4.0).

    Examples
    --------
    >>> places((26.0, 36.0, 45.0, 42.0), 1_000_000).name[:2].tolist()
    ['Istanbul', 'Ankara']
    """
    everything = _all_places()
    chosen = everything.population >= min_population
    if bounds_deg is not None:
        west, south, east, north = bounds_deg
        chosen &= (everything.longitude_deg >= west) & (everything.longitude_deg <= east)
        chosen &= (everything.latitude_deg >= south) & (everything.latitude_deg <= north)
    return Places(
        everything.name[chosen],
        everything.latitude_deg[chosen],
        everything.longitude_deg[chosen],
        everything.population[chosen],
        everything.country_code[chosen],
    )


@lru_cache(maxsize=2)
def _border_lines(view: str) -> Any:
    """Lines that two countries share, thinned for drawing."""
    import shapely

    polygons = _country_polygons(view)
    first, second = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    once = first < second
    outlines = shapely.boundary(polygons)
    shared = shapely.get_parts(shapely.intersection(outlines[first[once]], outlines[second[once]]))
    parts = shapely.get_parts(shared)
    merged = shapely.line_merge(shapely.union_all(parts[shapely.get_dimensions(parts) == 1]))
    return shapely.simplify(merged, DRAWN_TOLERANCE_DEG)


@lru_cache(maxsize=2)
def _layer_lines(layer: str) -> Any:
    import shapely

    geometry = _geometries(layer)
    is_area = shapely.get_dimensions(geometry) == 2
    return shapely.union_all(np.where(is_area, shapely.boundary(geometry), geometry))


def map_lines(
    kind: Literal["coastline", "borders", "lakes"], bounds_deg: Bounds, view: View = "un"
) -> list[FloatArray]:
    """Lines of a map, clipped.

    Parameters
    ----------
    kind : "coastline", "borders" or "lakes"
        What to draw; coast and lakes at 1:50m, borders from 1:10m thinned to 0.01 degree.
    bounds_deg : tuple
        West, south, east, north [degree].
    view : "un" or "de-facto"
        Whose borders; the map must say so.

    Returns
    -------
    list of (point, 2) arrays
        Longitude and latitude [degree].

    Raises
    ------
    InputError
        There is no such kind or view.
    """
    import shapely

    if kind == "borders":
        lines = _border_lines(view)
    elif kind in LINE_LAYERS:
        lines = _layer_lines(LINE_LAYERS[kind])
    else:
        msg = f"map lines: {kind!r} is unknown; give 'coastline', 'borders' or 'lakes'"
        raise InputError(msg)
    parts = shapely.get_parts(shapely.clip_by_rect(lines, *bounds_deg))
    return [np.asarray(shapely.get_coordinates(part), dtype=np.float64) for part in parts if not part.is_empty]
