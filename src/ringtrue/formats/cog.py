"""Rasters of an audit as cloud-optimised GeoTIFF in the UTM zone of the site: lowest altitudes, shares of draws.

Each cell has the value of the site's own grid at its middle, nothing in between. What has no value is -9999.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.formats.audit_shapes import ground_of
from ringtrue.formats.kml import level_words
from ringtrue.formats.shapes import SEA_LEVEL
from ringtrue.geo.geodesy import site_crs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ringtrue.coverage.records import AuditResult
    from ringtrue.coverage.shares import EngageableShare

    FloatArray = NDArray[np.float64]
    FloatGrid = NDArray[np.float32]

NO_VALUE = -9999.0
NORTH_POLE_EPSG, SOUTH_POLE_EPSG = 5041, 5042  # WGS 84 / UPS, east before north
LAST_UTM_DEG = 84.0


class Band(NamedTuple):
    """Values on the site's own grid (row, column), nan where there is none, with unit and meaning."""

    values: FloatGrid
    unit: str
    says: str


def map_epsg(latitude_deg: float, longitude_deg: float) -> int:
    """Return the EPSG code of the UTM zone of a place, of the polar projection beyond 84 degrees.

    >>> map_epsg(40.0789, 32.5656), map_epsg(-33.9, 18.4), map_epsg(88.0, 0.0), map_epsg(10.0, 180.0)
    (32636, 32734, 5041, 32660)
    """
    if abs(latitude_deg) > LAST_UTM_DEG:
        return NORTH_POLE_EPSG if latitude_deg > 0.0 else SOUTH_POLE_EPSG
    zone = min(int((longitude_deg + 180.0) // 6.0) + 1, 60)
    return (32600 if latitude_deg >= 0.0 else 32700) + zone


def lowest_bands(result: AuditResult) -> tuple[Band, ...]:
    """Return the lowest altitude in line of sight, the height above ground that it is, and the ground; nominal case."""
    layer = next(one for one in result.layers if one.link == "seen_geometry")
    ground_m = ground_of(layer, result)
    return (
        Band(layer.lowest_height_m + ground_m, "m", "lowest altitude in line of sight, above mean sea level"),
        Band(layer.lowest_height_m, "m", "lowest height in line of sight, above the ground below"),
        Band(ground_m, "m", "altitude of the ground, above mean sea level"),
    )


def share_bands(result: AuditResult, shares: Sequence[EngageableShare]) -> tuple[Band, ...]:
    """Return a band for each level of one class: the share of draws in which it can be engaged, inside the ring."""
    n_cells, cell_m = result.layers[0].lowest_height_m.shape[0], result.layers[0].cell_m
    offset_m = (np.arange(n_cells) - n_cells // 2) * cell_m
    east_m, north_m = np.meshgrid(offset_m, -offset_m)
    range_m = np.hypot(east_m, north_m)
    inside = range_m <= result.advertised_range_m
    bands = []
    for one in shares:
        n_azimuths, n_ranges = one.share.shape
        turn = np.mod(np.arctan2(east_m, north_m), 2.0 * np.pi) / (2.0 * np.pi)
        azimuth = np.round(turn * n_azimuths).astype(np.int64) % n_azimuths
        step = np.minimum((range_m / one.step_m).astype(np.int64), n_ranges - 1)
        values = np.where(inside, one.share[azimuth, step], np.float32(np.nan)).astype(np.float32)
        name = result.target_names.get(one.target_id, one.target_id)
        bands.append(Band(values, "1", f"share of draws in which the {name} at {level_words(one)} can be engaged"))
    return tuple(bands)


def cog_bytes(result: AuditResult, bands: Sequence[Band], title: str) -> bytes:
    """Return bands about the site of an audit as a cloud-optimised GeoTIFF."""
    from rasterio.crs import CRS
    from rasterio.io import MemoryFile
    from rasterio.shutil import copy

    question, cell_m = result.question, result.layers[0].cell_m
    epsg = map_epsg(question.latitude_deg, question.longitude_deg)
    index, transform = _warped(question.latitude_deg, question.longitude_deg, bands[0].values.shape[0], cell_m, epsg)
    with MemoryFile() as plain, MemoryFile(ext=".tif") as packed:
        with plain.open(
            driver="GTiff", height=index.shape[0], width=index.shape[1], count=len(bands), dtype="float32",
            nodata=NO_VALUE, crs=CRS.from_epsg(epsg), transform=transform,
        ) as raster:  # fmt: skip
            for i, band in enumerate(bands, 1):
                values = np.append(band.values.ravel(), np.float32(np.nan))[index]
                raster.write(np.where(np.isnan(values), np.float32(NO_VALUE), values).astype(np.float32), i)
                raster.set_band_description(i, band.says)
                raster.set_band_unit(i, band.unit)
            raster.update_tags(
                TITLE=title,
                SYSTEM=result.system_id,
                VERTICAL=SEA_LEVEL,
                CASE="nominal" if bands[0].unit == "m" else f"{result.n_draws} draws, seed {result.seed}",
                TERRAIN=result.terrain_name,
                K_FACTOR=result.k_text,
                MAST=result.mast_text,
                SITE=result.question.positions,
                CATALOGUE=result.catalogue_hash,
            )
        with plain.open() as raster:
            copy(
                raster, packed.name, driver="COG", COMPRESS="DEFLATE", PREDICTOR="YES", BLOCKSIZE="256",
                OVERVIEW_RESAMPLING="NEAREST", NUM_THREADS="1",
            )  # fmt: skip
        return bytes(packed.read())


def _warped(
    latitude_deg: float, longitude_deg: float, n_cells: int, cell_m: float, epsg: int
) -> tuple[NDArray[np.int64], object]:
    """Flat index of the grid cell at the middle of each cell of the map, the last one but one where there is none."""
    from pyproj import Transformer
    from rasterio.transform import from_origin

    own = site_crs(latitude_deg, longitude_deg)
    half_m = n_cells * cell_m / 2.0
    edge = np.linspace(-half_m, half_m, 65)
    low, high = np.full_like(edge, -half_m), np.full_like(edge, half_m)
    x, y = Transformer.from_crs(own, f"EPSG:{epsg}", always_xy=True).transform(
        np.concatenate([edge, edge, low, high]), np.concatenate([low, high, edge, edge])
    )
    west, north = (np.floor(x.min() / cell_m) * cell_m, np.ceil(y.max() / cell_m) * cell_m)
    width, height = int(np.ceil((x.max() - west) / cell_m)), int(np.ceil((north - y.min()) / cell_m))
    middle_x, middle_y = np.meshgrid(
        west + (np.arange(width) + 0.5) * cell_m, north - (np.arange(height) + 0.5) * cell_m
    )
    east_m, north_m = Transformer.from_crs(f"EPSG:{epsg}", own, always_xy=True).transform(middle_x, middle_y)
    column = np.floor(east_m / cell_m + n_cells / 2.0).astype(np.int64)
    row = np.floor(n_cells / 2.0 - north_m / cell_m).astype(np.int64)
    inside = (row >= 0) & (row < n_cells) & (column >= 0) & (column < n_cells)
    return np.where(inside, row * n_cells + column, n_cells * n_cells), from_origin(west, north, cell_m, cell_m)
