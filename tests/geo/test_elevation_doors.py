"""Elevation files that were misread in silence, and what each kind of them must give."""

import gzip
import os
import resource
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pyproj
import pytest
import rasterio
from rasterio.shutil import copy as copy_raster
from rasterio.transform import Affine
from rasterio.warp import Resampling, calculate_default_transform, reproject

from ringtrue.errors import GroundWarning, InputError
from ringtrue.geo import rasters, zeros
from ringtrue.geo.elevation import SHIPPED_PATH, open_model
from ringtrue.geo.geodesy import direct
from ringtrue.geo.ground import site_ground
from ringtrue.geo.surface import terrain_surface
from ringtrue.geo.terrain import added_models, terrain_add, terrain_info, terrain_info_lines, terrain_remove

NORTH_UP = Affine(0.01, 0.0, 31.0, 0.0, -0.01, 42.0)
TILE = Path(__file__).parents[1] / "data" / "N57E011.hgt.gz"
ROTATED_POLE = (
    "+proj=ob_tran +o_proj=longlat +o_lon_p=0 +o_lat_p=39.25 +lon_0=18 +R=6371229 +to_meter=0.0174532925199433 +no_defs"
)


def write(path, values, *, transform=NORTH_UP, crs="EPSG:4326", unit=None, driver="GTiff", **profile):
    values = np.asarray(values)
    with rasterio.open(
        path, "w", driver=driver, height=values.shape[0], width=values.shape[1], count=1, dtype=values.dtype,
        transform=transform, crs=crs, **profile,
    ) as dataset:  # fmt: skip
        dataset.write(values, 1)
        if unit:
            dataset.units = (unit,)
    return path


def plain(altitude_m=1000, size=300):
    return np.full((size, size), altitude_m, dtype=np.int16)


def mosaic(path, *names, nodata=None, tile=200):
    """A plain .vrt of tiles that touch at their corners, the second south-east of the first."""
    size = tile * len(names)
    sources = "".join(
        f'<SimpleSource><SourceFilename relativeToVRT="1">{name}</SourceFilename><SourceBand>1</SourceBand>'
        f'<SrcRect xOff="0" yOff="0" xSize="{tile}" ySize="{tile}"/>'
        f'<DstRect xOff="{tile * i}" yOff="{tile * i}" xSize="{tile}" ySize="{tile}"/></SimpleSource>'
        for i, name in enumerate(names)
    )
    void = "" if nodata is None else f"<NoDataValue>{nodata}</NoDataValue>"
    path.write_text(
        f'<VRTDataset rasterXSize="{size}" rasterYSize="{size}"><SRS>EPSG:4326</SRS>'
        "<GeoTransform>31,0.01,0,42,0,-0.01</GeoTransform>"
        f'<VRTRasterBand dataType="Int16" band="1">{void}{sources}</VRTRasterBand></VRTDataset>'
    )
    return path


def refusal(path, **settings):
    with pytest.raises(InputError) as caught:
        open_model(path, **settings)
    text = str(caught.value)
    assert "\n" not in text
    assert str(path) in text
    return text


def look(model, place=(40.0, 33.3), reach_m=60e3, **settings):
    return terrain_surface(
        model, *place, antenna_height_m=20.0, k_factor=4.0 / 3.0, reach_m=reach_m, cache=False, **settings
    )


# one read gives the ground and its key


def test_a_file_that_is_replaced_is_read_again_even_with_the_same_size_and_age(tmp_path):
    path = write(tmp_path / "p.tif", plain(100))
    before, first = path.stat(), open_model(path)
    write(path, plain(3000))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    second = open_model(path)
    assert path.stat().st_size == before.st_size
    assert (first.altitude_m.max(), second.altitude_m.max()) == (100.0, 3000.0)
    assert first.content_key != second.content_key


def test_the_key_follows_what_a_mosaic_is_made_of(tmp_path):
    write(tmp_path / "tile.tif", plain(100, 200))
    path = mosaic(tmp_path / "m.vrt", "tile.tif")
    first = open_model(path)
    write(tmp_path / "tile.tif", plain(3000, 200))
    second = open_model(path)
    assert second.altitude_m.max() == 3000.0
    assert first.content_key != second.content_key
    assert second.content_key == open_model(tmp_path / "tile.tif").content_key


def test_the_key_follows_a_mask_and_notes_beside_the_file(tmp_path):
    path = write(tmp_path / "m.tif", plain(500, 40))
    whole = open_model(path)
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=False), rasterio.open(path, "r+") as dataset:
        is_valid = np.ones((40, 40), dtype=np.bool_)
        is_valid[0, 0] = False
        dataset.write_mask(is_valid)
    assert open_model(path).content_key != whole.content_key
    Path(f"{path}.msk").unlink()
    assert open_model(path).content_key == whole.content_key
    Path(f"{path}.aux.xml").write_text(
        '<PAMDataset><PAMRasterBand band="1"><UnitType>ft</UnitType></PAMRasterBand></PAMDataset>'
    )
    assert open_model(path).altitude_m.max() == pytest.approx(152.4, abs=1e-4)


def test_the_key_does_not_follow_format_name_or_words_of_the_projection(tmp_path):
    first = open_model(write(tmp_path / "a.tif", plain(500, 40)))
    assert first == open_model(write(tmp_path / "b.tif", plain(500, 40).astype(np.float64)))
    assert first == open_model(write(tmp_path / "c.tif", plain(500, 40), crs="OGC:CRS84"))
    moved = Affine(0.01, 0.0, 31.01, 0.0, -0.01, 42.0)
    assert first != open_model(write(tmp_path / "d.tif", plain(500, 40), transform=moved))


# formats by name; nothing else is opened


@pytest.mark.parametrize(
    "text",
    [
        '<GDAL_WMS><Service name="TMS"><ServerUrl>http://192.0.2.1/${z}/${x}/${y}.png</ServerUrl></Service></GDAL_WMS>',
        "<WCS_GDAL><ServiceURL>http://192.0.2.1/wcs</ServiceURL></WCS_GDAL>",
        '{"type": "FeatureCollection", "stac_version": "1.0.0", "features": []}',
        "ENVI\nsamples = 4\nlines = 4\nbands = 1\n",
    ],
)
def test_a_tif_that_is_no_tiff_is_refused(tmp_path, text):
    path = tmp_path / "dem.tif"
    path.write_text(text)
    assert "is not a raster of a format that is read" in refusal(path)


BAND = '<VRTRasterBand dataType="Int16" band="1"{}</VRTRasterBand>'
SOURCE = BAND.format('><SimpleSource><SourceFilename relativeToVRT="{}">{}</SourceFilename></SimpleSource>')


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (BAND.format(' subClass="VRTRawRasterBand"><SourceFilename>/etc/passwd</SourceFilename>'), "VRTRawRasterBand"),
        (BAND.format(' subClass="VRTDerivedRasterBand"><PixelFunctionType>x</PixelFunctionType>'), "VRTDerived"),
        ("<GDALWarpOptions/>", "GDALWarpOptions"),
        (SOURCE.format(0, "/vsicurl/http://192.0.2.1/a.tif"), "no file on this machine"),
        (SOURCE.format(0, "http://192.0.2.1/a.tif"), "no file on this machine"),
        (SOURCE.format(0, "vrt:///etc/passwd"), "no file on this machine"),
        (SOURCE.format(1, "../out.tif"), "outside its own folder"),
        (SOURCE.format(1, "link.tif"), "outside its own folder"),
        (SOURCE.format(1, "gone.tif"), "which is not there"),
        (SOURCE.format(1, "web.tif"), "is not a raster of a format that is read"),
        (SOURCE.format(1, "again.tif"), "mosaic of mosaics"),
        ("", "names no file"),
    ],
)
@pytest.mark.parametrize("name", ["dem.tif", "dem.vrt"])
def test_a_mosaic_reaches_no_further_than_its_folder(tmp_path, name, part, words):
    folder = tmp_path / "in"
    folder.mkdir()
    write(tmp_path / "out.tif", plain(500, 40))
    (folder / "link.tif").symlink_to(tmp_path / "out.tif")
    (folder / "web.tif").write_text("<GDAL_WMS><Service name='TMS'/></GDAL_WMS>")
    mosaic(folder / "again.tif", "link.tif")
    path = folder / name
    path.write_text(
        '<VRTDataset rasterXSize="40" rasterYSize="40"><SRS>EPSG:4326</SRS>'
        f"<GeoTransform>31,0.01,0,42,0,-0.01</GeoTransform>{part}</VRTDataset>"
    )
    with pytest.raises(InputError, match=words):
        open_model(path)


def test_entities_in_a_mosaic_are_refused(tmp_path):
    path = tmp_path / "dem.vrt"
    path.write_text('<!DOCTYPE x [<!ENTITY a "b">]><VRTDataset rasterXSize="1" rasterYSize="1">&a;</VRTDataset>')
    assert "entities" in refusal(path)


def test_a_mosaic_of_feet_and_metres_is_refused(tmp_path):
    write(tmp_path / "a.tif", plain(500, 40), unit="ft")
    assert "another unit" in refusal(mosaic(tmp_path / "m.vrt", "a.tif", tile=40))


@pytest.mark.parametrize("ending", [".msk", ".ovr"])
def test_a_mask_that_is_no_tiff_is_not_opened(tmp_path, ending):
    path = write(tmp_path / "m.tif", plain(500, 40))
    Path(f"{path}{ending}").write_text("<GDAL_WMS><Service name='TMS'/></GDAL_WMS>")
    assert "move it away" in refusal(path)


@pytest.mark.parametrize(("driver", "name"), [("AAIGrid", "g.asc"), ("EHdr", "g.bil"), ("EHdr", "g.flt")])
def test_esri_grids(tmp_path, driver, name):
    values = np.arange(1600, dtype=np.float32 if name == "g.flt" else np.int16).reshape(40, 40)
    source = write(tmp_path / "g.tif", values)
    copy_raster(source, tmp_path / name, driver=driver)
    model = open_model(tmp_path / name)
    assert np.array_equal(model.altitude_m, values)
    assert float(model.sample(41.995, 31.015)) == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize(("word", "metres"), [("FEET", 304.8), ("METERS", 1000.0), ("NO", 1000.0), ("10", None)])
def test_the_unit_in_an_older_text_beside_an_esri_grid(tmp_path, word, metres):
    copy_raster(write(tmp_path / "s.tif", plain(1000, 40)), tmp_path / "g.asc", driver="AAIGrid")
    (tmp_path / "g.asc.aux.xml").unlink(missing_ok=True)
    text = f"Projection GEOGRAPHIC\nDatum WGS84\nSpheroid WGS84\nUnits DD\nZunits {word}\nParameters\n"
    (tmp_path / "g.prj").write_text(text)
    if metres is None:
        assert "a unit that is not known" in refusal(tmp_path / "g.asc")
    else:
        assert open_model(tmp_path / "g.asc").altitude_m.max() == pytest.approx(metres, abs=1e-3)


@pytest.mark.parametrize("kept", [0.5, 0.999])
@pytest.mark.parametrize("name", ["g.bil", "g.asc", "g.dt1", "g.tif", "tiled.tif"])
def test_a_file_that_breaks_off_is_refused(tmp_path, name, kept):
    path, step = tmp_path / name, 1 / 1200
    cells = Affine(step, 0.0, 31.0 - step / 2, 0.0, -step, 42.0 + step / 2)
    values = np.random.default_rng(1).integers(1, 900, (1201, 1201)).astype(np.int16)
    tiles = {"tiled": True, "compress": "lzw"} if name == "tiled.tif" else {}
    write(tmp_path / ("s.tif" if "tif" not in name else name), values, transform=cells, **tiles)
    if "tif" not in name:
        copy_raster(tmp_path / "s.tif", path, driver={"bil": "EHdr", "asc": "AAIGrid", "dt1": "DTED"}[name[2:]])
    assert np.array_equal(open_model(path).altitude_m, values)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept)])
    assert "truncated" in refusal(path)


def test_a_pipe_and_a_device_are_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.tif")
    assert "no plain file" in refusal(tmp_path / "pipe.tif")
    assert "no plain file" in refusal(Path("/dev/zero"))


def test_names_that_no_file_can_have_are_refused():
    with pytest.raises(InputError, match="no path of a file"):
        open_model("x" * 300)
    with pytest.raises(InputError, match="no path of a file"):
        open_model("a\0b")


# sizes are checked before anything is read


def test_an_archive_is_unpacked_no_further_than_a_tile(tmp_path):
    packed = tmp_path / "N41E033.hgt.gz"
    with gzip.open(packed, "wb", compresslevel=1) as file:
        for _ in range(40):
            file.write(bytes(10_000_000))
    zipped = tmp_path / "N41E033.zip"
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("N41E033.hgt", "w") as entry:
        for _ in range(40):
            entry.write(bytes(10_000_000))
    script = (
        "import resource, sys; from ringtrue.geo.tiles import read_tile; from ringtrue.errors import InputError\n"
        "from pathlib import Path; before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try: read_tile(Path(sys.argv[1]))\n"
        "except InputError as error: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, error)"
    )
    for path in (packed, zipped):
        found = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, check=True).stdout
        assert "more than 25,934,402 bytes" in found
        assert int(found.split()[0]) < 150_000  # kilobytes; 400 MB would be unpacked whole


@pytest.mark.parametrize("how", ["gzip", "zip", "empty zip", "two tiles", "text"])
def test_damaged_archives(tmp_path, how):
    path = tmp_path / ("N57E011.hgt.gz" if how == "gzip" else "N57E011.zip")
    if how == "gzip":
        data = bytearray(TILE.read_bytes())
        data[2000:2100] = bytes(100)
        path.write_bytes(data)
    elif how == "text":
        path.write_text("no archive")
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in {"zip": ["N57E011.hgt"], "empty zip": [], "two tiles": ["N57E011.hgt", "N58E011.hgt"]}[how]:
                archive.writestr(name, gzip.decompress(TILE.read_bytes()))
        if how == "zip":
            data = bytearray(path.read_bytes())
            data[5000:5200] = bytes(200)
            path.write_bytes(data)
    words = {"empty zip": "holds 0 .hgt tiles", "two tiles": "holds 2 .hgt tiles"}.get(how, "cannot be unpacked")
    assert words in refusal(path)


@pytest.mark.parametrize("name", ["N95E011.hgt", "N57E211.hgt", "N٥٧E011.hgt", "57N011E.hgt"])
def test_a_tile_lies_on_the_globe(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(gzip.decompress(TILE.read_bytes()))
    assert "rename it" in refusal(path)


def test_a_header_that_would_not_fit_is_refused_unread(tmp_path, monkeypatch):
    path = write(tmp_path / "m.tif", plain(500, 300))
    monkeypatch.setattr(rasters, "free_bytes", lambda: 2 * 4 * 300 * 300 - 2)
    assert "90,000 cells" in refusal(path)
    monkeypatch.setattr(rasters, "free_bytes", lambda: 2 * 4 * 300 * 300)
    assert open_model(path).shape == (300, 300)
    monkeypatch.setattr(rasters, "free_bytes", lambda: 10**15)
    with rasterio.open(
        path, "w", driver="GTiff", height=25_000, width=25_000, count=1, dtype="int16", crs="EPSG:4326",
        transform=Affine(1e-4, 0.0, 20.0, 0.0, -1e-4, 50.0), sparse_ok=True, tiled=True,
    ):  # fmt: skip
        pass
    assert "more than the 2.0 GB to spare" in refusal(path)


def test_free_memory_knows_the_limit_of_the_process():
    code = (
        "import resource; from ringtrue.geo.memory_limit import free_bytes; soft = 10**9\n"
        "resource.setrlimit(resource.RLIMIT_AS, (soft, soft)); print(free_bytes())"
    )
    found = int(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
    assert 0 < found < 10**9
    assert resource.getrlimit(resource.RLIMIT_AS)[0] != 10**9


# projections


def on_map(path, crs, resampling=Resampling.nearest, **settings):
    """The plain model of 1,000 m, warped to another projection with its corners left as gaps."""
    source, size = plain(1000, 400), (400, 400)
    bounds = (31.0, 38.0, 35.0, 42.0)
    transform, width, height = calculate_default_transform("EPSG:4326", crs, *size, *bounds)
    values = np.full((height, width), -32768, dtype=np.int16)
    reproject(
        source, values, src_transform=NORTH_UP, src_crs="EPSG:4326", dst_transform=transform, dst_crs=crs,
        resampling=resampling, src_nodata=-32768, dst_nodata=-32768,
    )  # fmt: skip
    return write(path, values, transform=transform, crs=crs, nodata=-32768, **settings)


@pytest.mark.parametrize(
    "crs",
    [
        "EPSG:4807", "EPSG:4815", "EPSG:4818", "EPSG:4230", "EPSG:4284", ROTATED_POLE, "EPSG:32636", "EPSG:23036",
        "EPSG:3857", "EPSG:3035", "EPSG:6933", "EPSG:27572", "EPSG:4326+5773", "EPSG:32636+5773", "EPSG:3412",
        "+proj=longlat +ellps=clrk66 +towgs84=-8,160,176 +no_defs", "+proj=sinu +R=6371007.181 +units=m +no_defs",
    ],
)  # fmt: skip
def test_any_projection_of_the_earth(tmp_path, crs):
    model = open_model(on_map(tmp_path / "m.tif", crs))
    assert float(model.sample(40.0, 32.5)) == 1000.0
    assert np.isnan(model.sample(43.5, 32.5))
    west, south, east, north = model.bounds_deg
    assert west < 31.05
    assert south < 38.05
    assert east > 34.95
    assert north > 41.95


@pytest.mark.parametrize(("crs", "at"), [("EPSG:4281", (32.0, 35.0)), ("EPSG:4179", (45.0, 24.0))])
def test_a_datum_of_a_small_area_counts_there(tmp_path, crs, at):
    """Palestine 1923 and Pulkovo 1942(58): PROJ ties them to WGS84 in their own area only."""
    values = np.tile(np.arange(400, dtype=np.float32) * 4.0, (400, 1))
    around = Affine(0.001, 0.0, at[1] - 0.2, 0.0, -0.001, at[0] + 0.2)
    model = open_model(write(tmp_path / "m.tif", values, transform=around, crs=crs))
    longitude, _ = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(at[1], at[0])
    assert abs(longitude - at[1]) > 5e-4
    expected = 4.0 * ((longitude - (at[1] - 0.2)) / 0.001 - 0.5)
    assert float(model.sample(*at)) == pytest.approx(expected, abs=0.01)


def test_a_datum_moves_the_ground_by_what_proj_says(tmp_path):
    """ED50 lies some 140 m off WGS84 at Ankara; a wall one cell wide shows it."""
    values = plain(0, 400).astype(np.float32)
    values[:, 200] = 1000.0
    fine = Affine(0.0005, 0.0, 32.5, 0.0, -0.0005, 40.1)
    walls = {}
    for name, crs in (("wgs", "EPSG:4326"), ("ed50", "EPSG:4230")):
        model = open_model(write(tmp_path / f"{name}.tif", values, transform=fine, crs=crs))
        longitude = np.linspace(32.59, 32.61, 20001)
        walls[name] = longitude[np.argmax(model.sample(40.0, longitude))]
    metres = (walls["wgs"] - walls["ed50"]) * 111_320 * np.cos(np.radians(40.0))
    assert 20.0 < abs(metres) < 80.0  # east to west alone


@pytest.mark.parametrize(
    "crs",
    [
        "EPSG:4978", "+proj=eqc +R=1737400 +units=m +no_defs", "+proj=longlat +a=3396190 +b=3376200 +no_defs",
        "+proj=stere +lat_0=90 +R=3396000 +units=m +no_defs", "+proj=geocent +datum=WGS84 +units=m +no_defs",
        'ENGCRS["site",EDATUM["x"],CS[Cartesian,2],AXIS["e",east],AXIS["n",north],LENGTHUNIT["metre",1]]',
        'LOCAL_CS["site",UNIT["metre",1]]',
    ],
)  # fmt: skip
def test_what_is_no_map_of_the_earth_is_refused(tmp_path, crs):
    path = write(tmp_path / "m.tif", plain(500, 60), crs=crs, transform=Affine(900.0, 0.0, 0.0, 0.0, -900.0, 0.0))
    assert "not a map projection of the earth" in refusal(path)


def test_the_vertical_datum_gives_the_unit(tmp_path):
    path = write(tmp_path / "m.tif", plain(3937, 60), crs="EPSG:4326+6360")
    model = open_model(path)
    assert model.altitude_m.max() == pytest.approx(1200.0, rel=1e-6)
    assert "NAVD88 height (ftUS)" in "\n".join(terrain_info_lines(model))


def test_heights_above_the_ellipsoid_and_depths_are_refused(tmp_path):
    assert "above the ellipsoid" in refusal(write(tmp_path / "e.tif", plain(500, 60), crs="EPSG:4979"))
    assert "gives depths" in refusal(write(tmp_path / "d.tif", plain(500, 60), crs="EPSG:4326+5715"))


# no seam


def world(first_deg, step_deg=0.5):
    """Ground of the whole earth that is even over its seam, from ``first_deg`` eastward."""
    longitude = np.radians(first_deg + step_deg * (np.arange(round(360 / step_deg)) + 0.5))
    latitude = np.radians(90.0 - step_deg * (np.arange(round(180 / step_deg)) + 0.5))
    values = 1500.0 + 700.0 * np.sin(17 * longitude) * np.cos(11 * latitude)[:, None] + 300.0 * np.cos(29 * longitude)
    return values.astype(np.float32), Affine(step_deg, 0.0, first_deg, 0.0, -step_deg, 90.0)


@pytest.mark.parametrize(("first_deg", "place"), [(0, (48.0, 0.3)), (-180, (64.7, 177.7)), (-180, (-17.0, -179.9))])
@pytest.mark.parametrize("cell_m", [500.0, 1000.0, 60_000.0])
def test_a_global_model_has_no_seam(tmp_path, first_deg, place, cell_m):
    grounds = []
    for first in (first_deg, -90):
        values, transform = world(first)
        model = open_model(write(tmp_path / f"{first}.tif", values, transform=transform))
        grounds.append(site_ground(model, *place, cell_m, 12 if cell_m > 1e4 else 150))
        assert float(model.sample(*place)) == pytest.approx(float(grounds[-1][grounds[-1].shape[0] // 2, -1]), abs=3e3)
    assert np.abs(grounds[0] - grounds[1]).max() < 0.01


@pytest.mark.parametrize("crs", ["EPSG:4807", "EPSG:3857", "EPSG:6933", "+proj=sinu +R=6371007.181 +units=m +no_defs"])
def test_other_global_maps_have_no_seam_either(tmp_path, crs):
    """Off by no more than their own cells blur the ground, also where the map ends and begins again."""
    values, transform = world(-180)
    path = tmp_path / "m.tif"
    west, south, east, north = (-179.99, -70.0, 179.99, 70.0)
    turned, width, height = calculate_default_transform("EPSG:4326", crs, 720, 360, west, south, east, north)
    out = np.full((height, width), -32768.0, dtype=np.float32)
    reproject(
        values, out, src_transform=transform, src_crs="EPSG:4326", dst_transform=turned, dst_crs=crs,
        dst_nodata=-32768.0, resampling=Resampling.bilinear,
    )  # fmt: skip
    model = open_model(write(path, out, transform=turned, crs=crs, nodata=-32768.0))
    even = open_model(write(tmp_path / "even.tif", *world(-90)[:1], transform=world(-90)[1]))
    seam = 179.8 if crs != "EPSG:4807" else -177.8
    ground, true = (site_ground(m, 20.0, seam, 2000.0, 60) for m in (model, even))
    is_known = ground > -1e5
    assert is_known.mean() > 0.5
    assert np.abs(ground - true)[is_known].max() < 250.0


@pytest.mark.parametrize("latitude_deg", [89.5, 88.0, -89.9])
def test_ground_about_a_pole_is_read_place_by_place(tmp_path, latitude_deg):
    values, transform = world(-180)
    model = open_model(write(tmp_path / "m.tif", values, transform=transform))
    n, cell_m = 150, 2000.0
    ground = site_ground(model, latitude_deg, 10.0, cell_m, n)
    cells = np.random.default_rng(1).integers(0, 2 * n + 1, (5000, 2))
    north_m, east_m = (n - cells[:, 0]) * cell_m, (cells[:, 1] - n) * cell_m
    points = direct(latitude_deg, 10.0, np.arctan2(east_m, north_m), np.hypot(east_m, north_m))
    true = model.sample(points.latitude_deg, points.longitude_deg)
    assert np.abs(ground[cells[:, 0], cells[:, 1]] - true).max() < 30.0  # of 2,300 m; 0.05 of a cell of 55 km
    assert look(model, (latitude_deg, 10.0), 150e3).is_covered.sum() > 60_000


def test_a_global_model_with_its_cells_on_the_lines_is_read(tmp_path):
    values = np.full((181, 361), 300, dtype=np.int16)
    values[:, 0] = values[:, 360] = 700
    model = open_model(write(tmp_path / "m.tif", values, transform=Affine(1.0, 0.0, -180.5, 0.0, -1.0, 90.5)))
    assert model.sample([0.0, 0.0, 0.0], [180.0, -179.5, 179.5]).tolist() == [700.0, 500.0, 500.0]


# gaps


def test_behind_a_gap_nothing_is_known(tmp_path):
    values = plain(800)
    values[195:200, 250] = -32768
    model = open_model(write(tmp_path / "m.tif", values, nodata=-32768))
    result = look(model, place=(40.025, 33.0))
    n = result.n
    east = result.is_covered[n]
    assert east[n : n + 40].all()
    assert not east[n + 44 :].any()
    assert np.isnan(result.ground_altitude_m[n, n + 43])
    assert np.isnan(result.lowest_visible_altitude_m[n, n + 50])
    assert result.is_covered[n, :n].sum() >= 59


def test_a_gap_smaller_than_a_cell_of_the_answer_is_not_lost(tmp_path):
    values = plain(800, 1200)
    values[600, 800] = -32768
    fine = Affine(0.001, 0.0, 32.4, 0.0, -0.001, 40.6)
    result = look(open_model(write(tmp_path / "m.tif", values, nodata=-32768, transform=fine)), (40.0, 33.0), 40e3)
    assert not result.is_covered[result.n, result.n + 19 :].any()
    assert result.is_covered[result.n, result.n : result.n + 16].all()


def test_drawn_terrain_keeps_the_gaps(tmp_path):
    from ringtrue.geo.relief import Relief

    generator = np.random.default_rng(2)
    values = generator.integers(700, 900, (300, 300)).astype(np.int16)
    values[100:110, 250] = -32768
    model = open_model(write(tmp_path / "m.tif", values, nodata=-32768))
    drawn = look(model, relief=Relief(1, 1, 20.0, 30.0))
    known = look(model)
    assert np.array_equal(drawn.is_covered, known.is_covered)
    assert np.isfinite(drawn.lowest_visible_altitude_m[drawn.is_covered]).all()


def test_a_site_in_a_gap_is_refused(tmp_path):
    values = plain(800)
    values[150:155, 150:155] = -32768
    with pytest.raises(ValueError, match="without a gap there"):
        look(open_model(write(tmp_path / "m.tif", values, nodata=-32768)), (40.475, 32.525))


# gaps that were filled with 0


def zeros_in(values, **settings):
    path = settings.pop("folder") / "m.tif"
    return open_model(write(path, values, **settings))


def test_zeros_on_land_are_refused_with_the_remedy(tmp_path):
    write(tmp_path / "a.tif", plain(1200, 200))
    write(tmp_path / "b.tif", plain(1200, 200), transform=Affine(0.01, 0.0, 33.0, 0.0, -0.01, 40.0))
    model = open_model(mosaic(tmp_path / "hole.vrt", "a.tif", "b.tif"))
    with pytest.raises(InputError, match="gaps were filled with 0") as caught:
        look(model, (40.5, 32.5), 100e3)
    for remedy in ("-dstnodata", "-vrtnodata", "-mask"):
        assert remedy in str(caught.value)
    assert terrain_info(model)["zero_cells_on_land"] > 70_000
    marked = open_model(mosaic(tmp_path / "marked.vrt", "a.tif", "b.tif", nodata=-32768))
    assert marked.raster.n_voids == 80_000
    assert look(marked, (40.5, 32.5), 100e3).is_covered.mean() < 0.6


def test_zeros_that_reach_the_sea_count_where_they_lie_inland(tmp_path):
    """The west of the model is empty, with a piece of the Black Sea in it."""
    values = plain(1200)
    values[:, :150] = 0
    model = zeros_in(values, folder=tmp_path)
    found = zeros.zeros_on_land(model)
    assert found[200, 75]
    assert not found[3, 75]
    with pytest.raises(InputError, match="gaps were filled with 0"):
        look(model, (40.0, 33.0), 100e3)


def test_few_zeros_are_warned_of(tmp_path):
    values = plain(1200)
    values[100:106, 100:106] = 0
    model = zeros_in(values, folder=tmp_path)
    with pytest.warns(GroundWarning, match=r"m\.tif: 0\.1\d* % of the land within 100 km of 40\.5000, 32\.5000"):
        look(model, (40.5, 32.5), 100e3)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        look(model, (39.5, 33.5), 20e3)


def test_what_is_sea_or_low_land_or_small_is_no_gap(tmp_path):
    sea = plain(300)
    sea[:90] = 0
    at_sea = Affine(0.01, 0.0, 33.0, 0.0, -0.01, 42.9)  # the Black Sea lies north of 42
    assert not zeros.zeros_on_land(zeros_in(sea, folder=tmp_path, transform=at_sea)).size
    small = plain(1200)
    small[100:104, 100:106] = 0
    assert not zeros.zeros_on_land(zeros_in(small, folder=tmp_path)).size
    polder = plain(1)
    polder[100:140, 100:140] = 0
    polder[140:150, 100:140] = -1
    assert not zeros.zeros_on_land(zeros_in(polder, folder=tmp_path)).size
    atlantic = Affine(0.01, 0.0, -31.0, 0.0, -0.01, 42.0)
    assert not zeros.zeros_on_land(zeros_in(plain(0), folder=tmp_path, transform=atlantic)).size


def test_the_shipped_model_passes_and_so_does_a_copy_of_it_away_from_land_below_the_sea(tmp_path):
    copy = tmp_path / "copy.tif"
    copy.write_bytes(SHIPPED_PATH.read_bytes())
    model = open_model(copy)
    assert model == open_model(None)
    assert not zeros.zeros_on_land(open_model(None)).size
    for place in (
        (40.0789, 32.5656),
        (41.0, 28.9),
        (37.0, 35.4),
        (38.4, 27.1),
        (44.2, 28.6),
        (46.5, 30.7),
        (41.3, 36.3),
    ):
        assert zeros.zero_share(model, *place, 250e3) < 0.0005
    assert zeros.zero_share(model, 31.8, 35.2, 150e3) > 0.05  # the Dead Sea, 430 m below, is 0 there


# models of one's own


@pytest.fixture
def kept(monkeypatch, tmp_path):
    monkeypatch.setenv("RINGTRUE_DATA", str(tmp_path / "data"))
    return tmp_path / "data" / "terrain"


@pytest.mark.parametrize("driver", ["AAIGrid", "EHdr"])
def test_a_model_of_several_files_is_kept_as_one(kept, tmp_path, driver):
    values = np.arange(3600, dtype=np.int16).reshape(60, 60)
    values[0, 0] = -9999
    source = write(tmp_path / "g.tif", values, nodata=-9999)
    path = tmp_path / ("grid.asc" if driver == "AAIGrid" else "grid.bil")
    copy_raster(source, path, driver=driver)
    model = open_model(path)
    assert terrain_add(path) == "grid"
    assert [file.name for file in kept.iterdir()] == ["grid.tif"]
    for file in tmp_path.glob("grid.*"):
        file.unlink()
    assert open_model("grid") == model
    assert np.isnan(open_model("grid").altitude_m[0, 0])


@pytest.mark.parametrize("crs", [ROTATED_POLE, "EPSG:4807", "EPSG:32636", "EPSG:3857", "EPSG:4326+5773"])
def test_what_is_kept_lies_where_the_model_lay(kept, tmp_path, crs):
    path = on_map(tmp_path / "m.tif", crs)
    model = open_model(path)
    terrain_add(path)
    found = open_model("m")
    assert [file.name for file in kept.iterdir()] == ["m.tif"]
    assert found == model
    assert float(found.sample(40.0, 32.5)) == 1000.0
    assert terrain_info(found)["datum"] == terrain_info(model)["datum"]
    assert terrain_info(found)["vertical_datum"] == terrain_info(model)["vertical_datum"]


def test_feet_mosaics_and_tiles_are_kept_in_metres(kept, tmp_path):
    terrain_add(write(tmp_path / "f.tif", plain(1000, 60), unit="ft"))
    assert open_model("f").altitude_m.max() == pytest.approx(304.8, abs=1e-4)
    write(tmp_path / "a.tif", plain(1200, 40))
    terrain_add(mosaic(tmp_path / "m.vrt", "a.tif", tile=40))
    (tmp_path / "a.tif").unlink()
    assert open_model("m").altitude_m.max() == 1200.0
    assert terrain_add(TILE) == "N57E011"
    assert open_model("N57E011") == open_model(TILE)


def test_versions_editions_and_removal(kept, tmp_path):
    assert terrain_add(write(tmp_path / "dem.v1.tif", plain(1, 60))) == "dem.v1"
    assert terrain_add(write(tmp_path / "dem.v2.tif", plain(2, 60))) == "dem.v2"
    newer = write(tmp_path / "dem.v1.tif", plain(3, 60))
    with pytest.raises(InputError, match="--replace"):
        terrain_add(newer)
    assert open_model("dem.v1").altitude_m.max() == 1.0
    assert terrain_add(newer, replace=True) == "dem.v1"
    assert open_model("dem.v1").altitude_m.max() == 3.0
    assert sorted(added_models()) == ["dem.v1", "dem.v2"]
    terrain_remove("dem.v1")
    assert sorted(added_models()) == ["dem.v2"]
    for name, words in (("dem.v3", "did you mean 'dem.v2'"), ("globe30s", "part of the program"), ("../x", "no such")):
        with pytest.raises(InputError, match=words):
            terrain_remove(name)


def test_a_damaged_copy_gives_way(kept, tmp_path):
    path = write(tmp_path / "m.tif", plain(500, 60))
    terrain_add(path)
    (kept / "m.tif").write_text("damaged")
    with pytest.raises(InputError, match="--replace"):
        terrain_add(path)
    terrain_add(path, replace=True)
    assert open_model("m").altitude_m.max() == 500.0


def test_cells_of_a_tenth_of_a_millimetre_are_refused(tmp_path):
    fine = Affine(1e-9, 0.0, 33.0, 0.0, -1e-9, 40.0)
    path = write(tmp_path / "fine.tif", np.where(np.eye(40) > 0, 900, 0).astype(np.int16), transform=fine)
    with pytest.raises(InputError, match=r"fine.tif: has cells of 0.11 mm .* check its corner and step"):
        open_model(path)


@pytest.mark.parametrize(("step", "columns"), [(1e9, 2), (1.0, 365), (0.1, 4000), (360.0, 1), (90.0, 4)])
def test_what_goes_more_than_once_around_the_earth_is_refused(tmp_path, step, columns):
    wide = Affine(step, 0.0, -180.0, 0.0, -0.1, 40.0)
    path = write(tmp_path / "w.tif", np.full((30, columns), 900, dtype=np.int16), transform=wide)
    assert "times as wide as the earth is around" in refusal(path)


def test_a_column_may_be_there_twice(tmp_path):
    nodes = Affine(1.0, 0.0, -180.5, 0.0, -1.0, 60.0)
    path = write(tmp_path / "n.tif", np.full((40, 361), 900, dtype=np.int16), transform=nodes)
    assert open_model(path).columns_around == 360


def test_a_unit_in_another_encoding_is_one_sentence(tmp_path):
    """It was an internal error."""
    path = write(tmp_path / "m.tif", plain(900, 60), unit="xmetrex")
    content = path.read_bytes()
    assert content.count(b"xmetrex") == 1
    path.write_bytes(content.replace(b"xmetrex", b"m\xe8tre\xf5 "))
    assert "no UTF-8 text" in refusal(path)


UNTIED = {
    "nad27": ("EPSG:4267", "as they are"),
    "tokyo": ("EPSG:4301", "with the shift of Japan including outlying islands"),
    "ellipsoid": ("+proj=longlat +ellps=clrk66", "as they are"),
    "hayford": ("+proj=utm +zone=36 +ellps=intl", "as they are"),
    "paris": ("EPSG:4807", "with the shift of France"),
}
TIED = ["EPSG:4326", "EPSG:4258", "EPSG:4269", "EPSG:4230", "EPSG:23036", "EPSG:3857", "EPSG:4230+5773", "EPSG:4322"]
SHIFTED = ["+proj=longlat +ellps=clrk66 +towgs84=-8,160,176", ROTATED_POLE]


@pytest.mark.parametrize("name", UNTIED)
def test_a_datum_that_is_not_tied_to_wgs84_where_the_model_lies_is_said(kept, tmp_path, name):
    crs, how = UNTIED[name]
    path = on_map(tmp_path / f"{name}.tif", crs)
    with pytest.warns(
        GroundWarning, match=f"{name}.tif: .* not tied to WGS84 in all of this model; .* taken {how} and"
    ):
        model = open_model(path)
    assert terrain_info(model)["datum_untied"] == how
    assert f"places beyond are taken {how}" in "\n".join(terrain_info_lines(model))
    with pytest.warns(GroundWarning, match="not tied to WGS84"):
        terrain_add(path)
    with pytest.warns(GroundWarning, match=f"taken {how} and"):
        assert open_model(name) == model


@pytest.mark.parametrize("crs", [*TIED, *SHIFTED])
def test_a_datum_that_is_tied_or_shifted_by_the_file_is_not_doubted(tmp_path, crs):
    with warnings.catch_warnings():
        warnings.simplefilter("error", GroundWarning)
        model = open_model(on_map(tmp_path / "m.tif", crs))
    assert terrain_info(model)["datum_untied"] is None


def test_a_datum_is_doubted_where_a_model_reaches_beyond_it(tmp_path):
    far = Affine(0.02, 0.0, 34.0, 0.0, -0.02, 44.5)  # of ED50 no shift is known on the Black Sea north of 43.5
    path = write(tmp_path / "far.tif", plain(size=100), transform=far, crs="EPSG:4230")
    with pytest.warns(GroundWarning, match="ED50 .* in all of this model"):
        open_model(path)


def test_zeros_are_looked_for_in_a_model_much_finer_than_the_coast(tmp_path):
    fine = Affine(1e-6, 0.0, 33.0, 0.0, -1e-6, 40.0)
    values = np.full((60, 60), 900, dtype=np.int16)
    values[20:40, 20:40] = 0
    found = zeros.zeros_on_land(open_model(write(tmp_path / "fine.tif", values, transform=fine)))
    assert np.array_equal(found, values == 0)


@pytest.mark.parametrize("rows", [1, 7, 4096])
def test_zeros_are_the_same_however_the_raster_is_cut_into_bands(tmp_path, monkeypatch, rows):
    from scipy.ndimage import gaussian_filter

    noise = gaussian_filter(np.random.default_rng(2).normal(size=(150, 200)), 2.0)
    values = np.where(noise < np.quantile(noise, 0.3), 0, 900).astype(np.int16)
    black_sea = Affine(1 / 60, 0.0, 33.0, 0.0, -1 / 60, 43.0)
    model = open_model(write(tmp_path / "m.tif", values, transform=black_sea))
    wanted = zeros._search(model)
    assert 25 < np.count_nonzero(wanted) < np.count_nonzero(values == 0) - 25
    monkeypatch.setattr(zeros, "ROWS_PER_BAND", rows)
    assert np.array_equal(zeros._search(model), wanted)


def test_a_model_takes_few_bytes_a_cell_while_it_is_read_and_looked_over(tmp_path, monkeypatch):
    """Four are its altitudes, one says where they are 0, one which zeros lie inland; roughness, once kept, was four.

    Measured where sea is, between two sizes, so that what does not grow with the model falls out; benchmarks/fine
    measures the whole of a 1-arcsecond model of 114 million cells.
    """
    import tracemalloc

    from ringtrue.sensing.sight import polar_sight

    monkeypatch.setenv("RINGTRUE_CACHE", str(tmp_path / "store"))
    monkeypatch.setattr(rasters, "BAND_BYTES", 160_000)
    monkeypatch.setattr(zeros, "ROWS_PER_BAND", 16)

    def peak_bytes(side):
        values = np.random.default_rng(1).integers(400, 1400, (side, side)).astype(np.int16)
        values[: side // 3] = 0
        black_sea = Affine(0.5 / side, 0.0, 33.0, 0.0, -0.5 / side, 42.2)
        path = write(tmp_path / f"{side}.tif", values, transform=black_sea)
        tracemalloc.start()
        model = open_model(path)
        polar_sight(model, 41.8, 33.25, antenna_height_m=np.full(1, 20.0), k_factor=4 / 3, reach_m=2e3, threads=1)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    peak_bytes(300)
    small, large = peak_bytes(800), peak_bytes(1600)
    assert 4.0 < (large - small) / (1600**2 - 800**2) < 7.0


def test_a_raster_beyond_the_edge_of_its_map_is_refused(tmp_path):
    far = Affine(360.0, 0.0, -90.0, 0.0, -360.0, 1e9)  # a Mercator map has no such north: all of it is the pole
    path = write(tmp_path / "far.tif", plain(size=64), transform=far, crs="EPSG:3395")
    with pytest.raises(InputError, match=r"far.tif: covers no ground"):
        open_model(path)
