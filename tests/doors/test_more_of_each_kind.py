"""Inputs of the kinds on which doors were once wrong, thought up by someone who had not seen how they were mended."""

import os
import shutil

import numpy as np
import pyproj
import pytest
import rasterio
from rasterio.shutil import copy as copy_raster
from rasterio.transform import Affine

from ringtrue.errors import InputError
from ringtrue.geo.elevation import open_model
from ringtrue.geo.ground import site_ground
from ringtrue.geo.terrain import terrain_add
from ringtrue.geo.zeros import zero_share, zeros_on_land
from ringtrue.units import ALTITUDE, HEIGHT, MAST, parse_quantity, read_quantity

NORTH_UP = Affine(0.01, 0.0, 31.0, 0.0, -0.01, 42.0)


def write(path, values, *, transform=NORTH_UP, crs="EPSG:4326", nodata=None):
    with rasterio.open(
        path, "w", driver="GTiff", height=values.shape[0], width=values.shape[1], count=1, dtype=values.dtype,
        transform=transform, crs=crs, nodata=nodata,
    ) as dataset:  # fmt: skip
        dataset.write(values, 1)
    return path


def flat(altitude_m=800, size=100):
    return np.full((size, size), altitude_m, dtype=np.int16)


def mosaic(path, tile, *, kind="SimpleSource", of_source="", of_band="", of_dataset="", size=100):
    """A plain .vrt of one tile."""
    path.write_text(
        f'<VRTDataset rasterXSize="{size}" rasterYSize="{size}"><SRS>EPSG:4326</SRS>'
        "<GeoTransform>31,0.01,0,42,0,-0.01</GeoTransform>"
        f'<VRTRasterBand dataType="Int16" band="1">{of_band}<{kind}>'
        f'<SourceFilename relativeToVRT="1">{tile}</SourceFilename><SourceBand>1</SourceBand>{of_source}</{kind}>'
        f"</VRTRasterBand>{of_dataset}</VRTDataset>"
    )
    return path


# 03: a file that is replaced within one process


def test_a_link_that_points_elsewhere_is_read_again(tmp_path):
    for name, altitude_m in (("one.tif", 100), ("two.tif", 1500)):
        write(tmp_path / name, flat(altitude_m))
    link = tmp_path / "link.tif"
    link.symlink_to("one.tif")
    first = open_model(link)
    link.unlink()
    link.symlink_to("two.tif")
    second = open_model(link)
    assert (first.altitude_m.max(), second.altitude_m.max()) == (100.0, 1500.0)
    assert second.content_key == open_model(tmp_path / "two.tif").content_key != first.content_key
    link.unlink()
    with pytest.raises(InputError, match="there is no such file"):
        open_model(link)


def test_one_name_in_two_folders_is_two_models(tmp_path, monkeypatch):
    highest = []
    for name, altitude_m in (("a", 100), ("b", 1500)):
        (tmp_path / name).mkdir()
        write(tmp_path / name / "q.tif", flat(altitude_m))
        monkeypatch.chdir(tmp_path / name)
        highest.append(open_model("q.tif").altitude_m.max())
    assert highest == [100.0, 1500.0]


def test_an_added_model_that_is_replaced_is_read_again(tmp_path, monkeypatch):
    monkeypatch.setenv("RINGTRUE_DATA", str(tmp_path / "data"))
    terrain_add(write(tmp_path / "m.tif", flat(100)))
    first = open_model("m")
    terrain_add(write(tmp_path / "m.tif", flat(1500)), replace=True)
    assert (first.altitude_m.max(), open_model("m").altitude_m.max()) == (100.0, 1500.0)


# 06: words that stand for another unit than was meant


@pytest.mark.parametrize(
    ("text", "si"),
    [
        ("5 Mm", "m"), ("5 MM", "m"), ("5 Km", "m"), ("100'", "m"), ('6"', "m"), ("6 in", "m"), ("60 min", "rad"),
        ("100 grad", "rad"), ("100 gon", "rad"), ("30 arcmin", "rad"), ("20 celsius", "K"), ("70 F", "K"),
        ("600 kN", "m/s"), ("2 Ma", "m/s"), ("0.8 M", "m/s"), ("10 m", "s"), ("10 Ms", "s"), ("1 a", "s"),
        ("3 mHz", "Hz"), ("10 mW", "W"), ("30 dBm", "W"), ("1 a", "m2"), ("3 m$", "USD"), ("3 B USD", "USD"),
        ("5 km 200 m", "m"), ("1h30", "s"), ("1:30", "s"), ("5±1 km", "m"), ("5٫5 km", "m"), ("5،5 km", "m"),
        ("5‚5 km", "m"), ("1e5,3 m", "m"), ("5 km²", "m"), ("9**9 m", "m"), ("½ km", "m"),
    ],
)  # fmt: skip
def test_a_word_of_two_readings_is_refused(text, si):
    with pytest.raises(InputError):
        parse_quantity(text, si)


@pytest.mark.parametrize(
    ("text", "sense"),
    [
        ("FL100", HEIGHT), ("FL1000", ALTITUDE), ("FL10.5", ALTITUDE), ("FL100ft", ALTITUDE), ("100 FL", ALTITUDE),
        ("A050", ALTITUDE), ("2 km", MAST), ("0.5 mm", MAST), ("-1 m", MAST), ("-600 m", ALTITUDE),
    ],
)  # fmt: skip
def test_what_no_mast_and_no_altitude_can_be(text, sense):
    with pytest.raises(InputError):
        read_quantity(text, sense)


# 08: a seam of a global raster


def world(first_deg, n_columns=360, cell_shift=0.5):
    """Ground of the whole earth in cells of one degree, from ``first_deg`` eastward."""
    longitude = np.radians(first_deg + np.arange(n_columns) + cell_shift)
    latitude = np.radians(90.0 - np.arange(180) - 0.5)
    ground = 1500.0 + 700.0 * np.sin(7 * longitude) * np.cos(5 * latitude)[:, None] + 300.0 * np.cos(9 * longitude)
    return ground.astype(np.float32), Affine(1.0, 0.0, first_deg - 0.5 + cell_shift, 0.0, -1.0, 90.0)


@pytest.mark.parametrize(
    ("first_deg", "place"), [(20, (35.0, 20.2)), (-17, (70.0, -17.1)), (180, (0.0, -180.0)), (100, (-60.0, 99.9))]
)
@pytest.mark.parametrize("cell_m", [800.0, 20_000.0])
def test_no_seam_wherever_the_first_column_lies(tmp_path, first_deg, place, cell_m):
    grounds = []
    for first in (first_deg, first_deg - 77):
        values, transform = world(first)
        model = open_model(write(tmp_path / f"{first}.tif", values, transform=transform))
        grounds.append(site_ground(model, *place, cell_m, 12 if cell_m > 1e4 else 60))
    assert np.abs(grounds[0] - grounds[1]).max() < 0.01


@pytest.mark.parametrize("place", [(48.0, 0.0), (48.0, -0.3), (-20.0, 359.7)])
def test_no_seam_where_the_first_column_is_there_twice(tmp_path, place):
    grounds = []
    for first, n_columns in ((0, 361), (-90, 361), (-90, 360)):
        values, transform = world(first, n_columns, cell_shift=0.0)
        model = open_model(write(tmp_path / f"{first}-{n_columns}.tif", values, transform=transform))
        grounds.append(site_ground(model, *place, 1000.0, 60))
    assert np.abs(grounds[0] - grounds[1]).max() < 0.01
    assert np.abs(grounds[0] - grounds[2]).max() < 0.01


@pytest.mark.parametrize("first_deg", [170, -190])
@pytest.mark.parametrize("longitude_deg", [179.95, 180.0, -180.0, -179.95])
def test_a_strip_over_the_date_line_is_that_of_the_whole_earth(tmp_path, first_deg, longitude_deg):
    strip = open_model(write(tmp_path / "s.tif", *world(first_deg, 20)[:1], transform=world(first_deg)[1]))
    whole = open_model(write(tmp_path / "w.tif", *world(-90)[:1], transform=world(-90)[1]))
    ground, true = (site_ground(model, 65.0, longitude_deg, 1000.0, 60) for model in (strip, whole))
    assert np.abs(ground - true).max() < 0.01


def test_a_column_that_is_missing_is_a_gap_and_not_joined(tmp_path):
    model = open_model(write(tmp_path / "m.tif", *world(-180, 359)[:1], transform=world(-180)[1]))
    at_end, in_gap, at_begin = model.sample([60.0] * 3, [178.9, 179.5, -179.9])
    assert np.isfinite([at_end, at_begin]).all()
    assert np.isnan(in_gap)


@pytest.mark.parametrize("first_deg", [0, -90])
def test_a_patch_of_zeros_over_the_seam_is_one_patch(tmp_path, first_deg):
    """Of 8 by 4 cells inland in France, four columns on each side of Greenwich."""
    step = 0.1
    longitude = first_deg + step * (np.arange(3600) + 0.5)
    values = np.full((1800, 3600), 300, dtype=np.int16)
    around = np.abs(np.mod(longitude + 180.0, 360.0) - 180.0) < 0.4
    values[430:434, around] = 0
    model = open_model(write(tmp_path / "m.tif", values, transform=Affine(step, 0, first_deg, 0, -step, 90.0)))
    assert np.count_nonzero(zeros_on_land(model)) == 32
    assert zero_share(model, 46.8, 0.5, 100e3) == pytest.approx(32 * 11.12 * 7.6 / (np.pi * 100.0**2), rel=0.1)


# 10: what a key follows


def test_the_key_follows_the_header_and_the_projection_beside_a_grid(tmp_path):
    source = write(tmp_path / "m.tif", flat())
    for driver, name in (("EHdr", "g.bil"), ("AAIGrid", "g.asc")):
        copy_raster(source, tmp_path / name, driver=driver)
    before = open_model(tmp_path / "g.bil")
    assert before.content_key == open_model(source).content_key == open_model(tmp_path / "g.asc").content_key
    header = tmp_path / "g.hdr"
    header.write_text(header.read_text().replace("31.005", "33.005"))
    moved = open_model(tmp_path / "g.bil")
    assert moved.bounds_deg[0] == pytest.approx(33.0)
    assert moved.content_key != before.content_key
    (tmp_path / "g.prj").write_text(pyproj.CRS("EPSG:4230").to_wkt("WKT1_ESRI"))
    shifted = open_model(tmp_path / "g.asc")
    assert shifted.content_key != before.content_key
    assert shifted.bounds_deg[1] == pytest.approx(41.0 - 0.001, abs=0.0005)  # ED50 lies some 100 m off


def test_the_key_follows_a_tile_of_a_mosaic_of_the_same_size_and_age(tmp_path):
    tile = write(tmp_path / "tile.tif", flat(100))
    path, status = mosaic(tmp_path / "m.vrt", "tile.tif"), tile.stat()
    first = open_model(path)
    write(tile, flat(1500))
    os.utime(tile, ns=(status.st_atime_ns, status.st_mtime_ns))
    second = open_model(path)
    assert (first.altitude_m.max(), second.altitude_m.max()) == (100.0, 1500.0)
    assert first.content_key != second.content_key
    shutil.copy(tile, tmp_path / "other.tif")
    assert open_model(mosaic(tmp_path / "n.vrt", "other.tif")).content_key == second.content_key


# 12 and 04: gaps that stay gaps


@pytest.mark.parametrize(
    ("void", "dtype"),
    [(0, "int16"), (-32767, "int16"), (9999, "int16"), (5, "int16"), (-1, "float32"), (-3.4028235e38, "float32")],
)
def test_whatever_value_marks_gaps_marks_them(tmp_path, void, dtype):
    values = flat().astype(dtype)
    values[:20] = void
    model = open_model(write(tmp_path / "m.tif", values, nodata=void))
    assert model.raster.n_voids == 2000
    assert np.nanmin(model.altitude_m) == 800.0


LEAVES_OUT = {"kind": "ComplexSource", "of_source": "<NODATA>5</NODATA>"}
MASKED = (
    '<MaskBand><VRTRasterBand dataType="Byte"><SimpleSource><SourceFilename relativeToVRT="1">tile.tif'
    "</SourceFilename><SourceBand>mask,1</SourceBand></SimpleSource></VRTRasterBand></MaskBand>"
)


def tile_with_gaps(path, *, masked=False):
    values = flat()
    values[:20] = 5
    write(path, values, nodata=None if masked else 5)
    if masked:
        shown = np.full(values.shape, 255, dtype=np.uint8)
        shown[:20] = 0
        with rasterio.open(path, "r+") as dataset:
            dataset.write_mask(shown)


@pytest.mark.parametrize(
    ("masked", "settings"),
    [
        (False, {}),
        (False, {"of_band": "<NoDataValue>-32768</NoDataValue>"}),
        (False, LEAVES_OUT),  # leaves 0 where the tile has a gap
        (True, {}),
        (True, {"of_band": "<NoDataValue>-32768</NoDataValue>"}),
    ],
)
def test_a_mosaic_that_loses_the_gaps_of_its_tile_is_refused(tmp_path, masked, settings):
    tile_with_gaps(tmp_path / "tile.tif", masked=masked)
    with pytest.raises(InputError, match=r"does not mark the gaps of its file tile\.tif.*gdalbuildvrt -vrtnodata"):
        open_model(mosaic(tmp_path / "m.vrt", "tile.tif", **settings))


@pytest.mark.parametrize(
    ("masked", "settings"),
    [
        (False, {"of_band": "<NoDataValue>5</NoDataValue>"}),
        (False, {**LEAVES_OUT, "of_band": "<NoDataValue>-32768</NoDataValue>"}),
        (True, {"of_dataset": MASKED}),
        (
            True,
            {
                "kind": "ComplexSource",
                "of_source": "<UseMaskBand>true</UseMaskBand>",
                "of_band": "<NoDataValue>-32768</NoDataValue>",
            },
        ),
    ],
)
def test_a_mosaic_that_keeps_the_gaps_of_its_tile_is_read(tmp_path, masked, settings):
    tile_with_gaps(tmp_path / "tile.tif", masked=masked)
    model = open_model(mosaic(tmp_path / "m.vrt", "tile.tif", **settings))
    assert model.raster.n_voids == 2000
    assert np.nanmin(model.altitude_m) == 800.0


# 05 and 14: words for a height, and maps that are none of the earth


@pytest.mark.parametrize("unit", ["hm", "in", "Feet (US)", "[m]", "0.1 m", "km above MSL", "m/s", "1"])
def test_a_word_for_a_height_that_is_not_on_the_list_is_refused(tmp_path, unit):
    path = write(tmp_path / "m.tif", flat())
    with rasterio.open(path, "r+") as dataset:
        dataset.units = (unit,)
    with pytest.raises(InputError, match="a unit that is not known; say which with gdal_edit"):
        open_model(path)


@pytest.mark.parametrize(
    "crs", ["EPSG:5773", "IAU_2015:30100", "+proj=longlat +R=2439700 +no_defs", "+proj=stere +lat_0=90 +R=1737400"]
)
def test_a_height_and_other_bodies_are_no_map_of_the_earth(tmp_path, crs):
    path = write(tmp_path / "m.tif", flat(), crs=crs)
    with pytest.raises(InputError, match="is not a map projection of the earth"):
        open_model(path)
