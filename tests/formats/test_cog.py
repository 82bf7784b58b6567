"""Rasters as cloud-optimised GeoTIFF: layout, projection, values, and shares against the areas of the audit."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from pyproj import CRS, Transformer

import ringtrue.api as rt
from ringtrue.coverage.shares import engageable_shares
from ringtrue.errors import InputError
from ringtrue.formats.cog import map_epsg
from ringtrue.formats.outlines import outline_km2, sectors
from ringtrue.geo.geodesy import inverse, site_crs

SITE = 40.0789, 32.5656


@pytest.fixture(scope="module")
def audit():
    return rt.audit(
        "patriot-battery", at=SITE, targets=["f-16", "srbm"], heights="100 m", altitudes=["5000 m", "0 m"], dem="none",
        draws=20,
    )  # fmt: skip


@pytest.fixture(scope="module")
def files(audit, tmp_path_factory):
    paths = audit.export(tmp_path_factory.mktemp("cog"), ["cog"])
    assert [path.name for path in paths] == [
        "patriot-battery-lowest-in-sight.tif", "patriot-battery-f-16-engageable-share.tif",
    ]  # fmt: skip
    return paths


def first_offsets(content: bytes) -> tuple[int, int]:
    """Where the first directory of a TIFF lies, and where its first tile does."""
    assert content[:4] == b"II*\x00"
    at = int.from_bytes(content[4:8], "little")
    tiles = None
    for i in range(int.from_bytes(content[at : at + 2], "little")):
        entry = content[at + 2 + 12 * i : at + 14 + 12 * i]
        if int.from_bytes(entry[:2], "little") == 324:  # TileOffsets
            count, place = int.from_bytes(entry[4:8], "little"), int.from_bytes(entry[8:12], "little")
            tiles = place if count == 1 else int.from_bytes(content[place : place + 4], "little")
    assert tiles is not None, "a COG is tiled"
    return at, tiles


def test_the_layout_is_that_of_a_cog(files):
    for path in files:
        content = path.read_bytes()
        directory, tile = first_offsets(content)
        assert directory < 1024 < tile  # what is read first lies first
        assert b"LAYOUT=IFDS_BEFORE_DATA" in content[:512]
        with rasterio.open(path) as raster:
            assert raster.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
            assert raster.block_shapes[0] == (256, 256)
            assert raster.overviews(1)


def test_it_says_projection_unit_meaning_and_no_value(files):
    low, share = (rasterio.open(path) for path in files)
    assert low.crs.to_epsg() == share.crs.to_epsg() == 32636
    assert CRS(low.crs).name == "WGS 84 / UTM zone 36N"
    assert low.descriptions[0] == "lowest altitude in line of sight, above mean sea level"
    assert low.descriptions[1] == "lowest height in line of sight, above the ground below"
    assert low.units == ("m", "m", "m")
    assert share.units == ("1", "1")
    assert share.descriptions == (
        "share of draws in which the F-16 at 100 m above ground can be engaged",
        "share of draws in which the F-16 at 5,000 m above sea level can be engaged",
    )  # one band for each level that was answered: at sea level it would fly under the ground
    for raster in (low, share):
        assert raster.nodata == -9999.0
        assert "EGM96" in raster.tags()["VERTICAL"]
        assert not np.isnan(raster.read()).any()


def test_each_cell_has_the_value_of_the_grid_of_the_site(audit, files):
    layer = next(one for one in audit.results[0].layers if one.link == "seen_geometry")
    with rasterio.open(files[0]) as raster:
        height = raster.read(2)
        rows, columns = np.mgrid[0 : height.shape[0] : 17, 0 : height.shape[1] : 13]
        x, y = raster.transform * (columns + 0.5, rows + 0.5)
        east, north = Transformer.from_crs(raster.crs, site_crs(*SITE), always_xy=True).transform(x, y)
    n = layer.lowest_height_m.shape[0]
    column, row = np.floor(east / layer.cell_m + n / 2).astype(int), np.floor(n / 2 - north / layer.cell_m).astype(int)
    inside = (row >= 0) & (row < n) & (column >= 0) & (column < n)
    want = np.full(row.shape, -9999.0)
    want[inside] = np.nan_to_num(layer.lowest_height_m[row[inside], column[inside]], nan=-9999.0)
    assert height[rows, columns] == pytest.approx(want)
    assert (want > 0.0).sum() > 50


def test_altitude_is_ground_and_height(files):
    with rasterio.open(files[0]) as raster:
        altitude, height, ground = raster.read()
    there = (altitude != -9999.0) & (height != -9999.0)
    assert altitude[there] == pytest.approx(height[there] + ground[there], abs=0.5)


def test_shares_of_draws_add_up_to_the_mean_area(audit, files):
    """Sum over cells of share times area: the mean over draws of the area that the audit prints an interval of."""
    rows = {(row.height_m, row.altitude_m): row for row in audit.rows if row.note is None}
    found = list(engageable_shares(audit.results[0].question, audit.asked.run, step_m=500.0))
    assert {(one.height_m, one.altitude_m) for one in found} == set(rows)
    for one in found:
        n_azimuths, n_ranges = one.share.shape
        ring_km2 = [outline_km2(sectors(*SITE, [500.0 * (j + 1)] * n_azimuths)) for j in range(n_ranges)]
        cell_km2 = np.diff([0.0, *ring_km2]) / n_azimuths
        # the middle of a cell of 500 m decides for the whole of it
        mean_km2 = rows[one.height_m, one.altitude_m].engageable_area_km2.draws.mean()
        assert (one.share * cell_km2).sum() == pytest.approx(mean_km2, rel=0.02)
    with rasterio.open(files[1]) as raster:
        band = raster.read(2)
        cell_km2 = raster.res[0] * raster.res[1] / 1e6
    assert band[band >= 0.0].sum() * cell_km2 == pytest.approx(
        rows[None, 5000.0].engageable_area_km2.draws.mean(), rel=0.02
    )
    assert set(np.round(np.unique(band[band >= 0.0]) * 20, 4) % 1.0) == {0.0}  # twenty draws


def test_the_site_lies_in_the_middle(files):
    with rasterio.open(files[1]) as raster:
        rows, columns = np.nonzero(raster.read(2) >= 0.0)
        x, y = raster.transform * (columns.mean() + 0.5, rows.mean() + 0.5)
        longitude, latitude = Transformer.from_crs(raster.crs, 4326, always_xy=True).transform(x, y)
    assert inverse(latitude, longitude, *SITE).distance_m < 1000.0


def test_another_number_of_threads_gives_the_same_bytes(files, tmp_path):
    again = rt.audit(
        "patriot-battery", at=SITE, targets=["f-16", "srbm"], heights="100 m", altitudes=["5000 m", "0 m"], dem="none",
        draws=20, threads=1,
    ).export(tmp_path, "cog")  # fmt: skip
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in files]


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(0.0, 0.0), (-0.1, 3.0), (59.0, 179.99), (85.0, 10.0), (-85.0, 0.0)]
)
def test_the_projection_of_a_place_is_used_there(latitude, longitude):
    area = CRS.from_epsg(map_epsg(latitude, longitude)).area_of_use
    assert area.west <= longitude <= area.east
    assert area.south - 1.0 <= latitude <= area.north + 1.0


def test_ballistic_classes_alone_have_no_raster(tmp_path):
    found = rt.audit("patriot-battery", at=SITE, targets="srbm", dem="none", draws=5)
    with pytest.raises(InputError, match="ballistic classes have no raster"):
        found.export(tmp_path / "out", ["csv", "cog"])
    assert list(tmp_path.iterdir()) == []
