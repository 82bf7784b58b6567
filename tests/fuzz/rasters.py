"""Elevation files that no one should have made."""

from __future__ import annotations

import gzip
import math
import zipfile
from typing import TYPE_CHECKING

import numpy as np

from ringtrue.geo.elevation import open_model
from ringtrue.geo.terrain import terrain_info_lines

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

SYSTEMS = (
    "EPSG:4326", "EPSG:4326", "EPSG:4326", "EPSG:32636", "EPSG:3857", "EPSG:4258", "EPSG:4269", "EPSG:3395",
    "EPSG:2154", "EPSG:4807", "EPSG:4978", "EPSG:4979", "EPSG:5773", "EPSG:3031", "EPSG:32761", "EPSG:9518",
    "ESRI:54009", "+proj=longlat +pm=paris +datum=WGS84",
    "+proj=ob_tran +o_proj=longlat +o_lat_p=40 +o_lon_p=20 +lon_0=10", "+proj=longlat +a=1737400 +b=1737400",
    "+proj=ortho +lat_0=40 +lon_0=33", "+proj=aeqd +lat_0=40 +lon_0=33", "+proj=utm +zone=36 +units=us-ft",
    "+proj=geos +h=35785831", "+proj=tmerc +lat_0=0 +lon_0=33 +k=0", 'LOCAL_CS["here",UNIT["metre",1]]',
    'ENGCRS["x",EDATUM["y"],CS[Cartesian,2],AXIS["e",east],AXIS["n",north],UNIT["m",1]]',
)  # fmt: skip
TYPES = ("int16", "int16", "float32", "float32", "uint8", "uint16", "int32", "float64", "uint32", "int8", "complex64")
UNITS = ("", "", "m", "metre", "ft", "feet", "us-ft", "dm", "km", "fathom", "K", "furlong", "\u0645", "m" * 300)
NODATA = (None, None, -32768, 0, -9999, math.nan, 255, 1e38, -3.4028234663852886e38, 65535)
EDGES = (30.0, 33.0, 0.0, 180.0, -180.0, 179.99, 90.0, -90.0, 400.0, 1e9, math.nan, math.inf, 500_000.0, 4_400_000.0)
STEPS = (1 / 120, 1 / 1200, 0.5, 1.0, 30.0, 90.0, 1e-9, 0.0, -1 / 120, 1e9, math.nan, 360.0)
RAW_OVER_ANOTHER_FILE = """<VRTDataset rasterXSize="9" rasterYSize="9"><SRS>EPSG:4326</SRS>
<GeoTransform>32,.1,0,40,0,-.1</GeoTransform><VRTRasterBand dataType="Int16" band="1" subClass="VRTRawRasterBand">
<SourceFilename>/etc/passwd</SourceFilename><ImageOffset>0</ImageOffset><PixelOffset>2</PixelOffset>
<LineOffset>18</LineOffset></VRTRasterBand></VRTDataset>"""
POSITIONS = ((40.0, 33.0), (0.0, 0.0), (89.9, -179.9), (30.2, 30.2), (-33.0, 151.0))


def make(rng: Random, folder: Path) -> Path:
    """Write one file into a folder."""
    kind = rng.random()
    if kind < 0.72:
        path = _geotiff(rng, folder)
    elif kind < 0.84:
        path = _tile(rng, folder)
    else:
        path = _text(rng, folder)
    if rng.random() < 0.25:
        content = bytearray(path.read_bytes())
        for _ in range(rng.randrange(1, 6)):
            if content:
                content[rng.randrange(min(len(content), rng.choice((60, 600, 10**9))))] = rng.randrange(256)
        path.write_bytes(bytes(content[: rng.choice((len(content), len(content), rng.randrange(len(content) + 1)))]))
    return path


def _geotiff(rng: Random, folder: Path) -> Path:
    import rasterio
    from rasterio.transform import Affine

    side = (rng.choice((1, 2, 3, 40, 64)), rng.choice((1, 2, 5, 40, 64)))
    kind = rng.choice(TYPES)
    n_bands = rng.choice((1, 1, 1, 1, 2, 4))
    usual = rng.random() < 0.5
    step = 1 / 120 if usual else rng.choice(STEPS)
    down = -step if rng.random() < 0.9 else rng.choice(STEPS)
    west, north = (32.5, 40.3) if usual else (rng.choice(EDGES), rng.choice(EDGES))
    turned = 0.0 if rng.random() < 0.92 else rng.choice(STEPS)
    path = folder / rng.choice(("a.tif", "a.tiff", "a.TIF", "ğ.tif", "a b.tif", "none.tif", "a.dat", "N40E032.tif"))
    profile = {
        "driver": rng.choice(("GTiff", "GTiff", "GTiff", "GTiff", "PNG", "ENVI", "AAIGrid", "COG")),
        "height": side[0], "width": side[1], "count": n_bands, "dtype": kind,
        "crs": None if rng.random() < 0.05 else "EPSG:4326" if usual else rng.choice(SYSTEMS),
        "transform": Affine(step, turned, west, turned, down, north), "nodata": rng.choice(NODATA),
    }  # fmt: skip
    values = rng.choice((0.0, 5.0, 800.0, -300.0, 8_900.0, 20_000.0, -12_000.0, math.nan, math.inf, 1e30))
    slope = np.linspace(0.0, rng.choice((0.0, 1.0, 300.0)), side[0] * side[1]).reshape(side)
    with np.errstate(all="ignore"):
        cells = np.repeat((np.full(side, values) + slope)[None].astype(kind), n_bands, axis=0)
    if usual and rng.random() < 0.6:
        profile |= {
            "driver": "GTiff",
            "crs": rng.choice(("EPSG:4326", "EPSG:4258")),
            "nodata": rng.choice((None, -32768, 999)),
        }
        cells = (
            np.nan_to_num(np.clip(np.where(cells == 0, 1, cells), -99, 2000)) if kind in ("int16", "float32") else cells
        )
    try:
        with rasterio.open(path, "w", **profile) as dataset:
            dataset.write(cells)
            if rng.random() < 0.3:
                dataset.units = [rng.choice(UNITS)] * n_bands
            if rng.random() < 0.2:
                dataset.scales = [rng.choice((1.0, 0.1, 0.0, -1.0, math.nan, 1e30))] * n_bands
                dataset.offsets = [rng.choice((0.0, 100.0, -1e6, math.nan))] * n_bands
            if rng.random() < 0.1:
                dataset.write_mask(np.asarray(rng.choice((0, 255)) + np.zeros(side), dtype=np.uint8))
            if rng.random() < 0.1:
                dataset.update_tags(units=rng.choice(UNITS), AREA_OR_POINT="Point")
    except Exception:  # whatever a driver says to a file that cannot be
        path.write_bytes(rng.randbytes(rng.randrange(200)))
    return path


def _tile(rng: Random, folder: Path) -> Path:
    side = rng.choice((1201, 1201, 1201, 600, 1))
    cells = np.full(side * side, rng.choice((0, 700, -32768, 9500)), dtype=">i2")
    content = cells.tobytes()[: rng.choice((None, None, -1, 100))]
    name = rng.choice(("N40E032.hgt", "N40E032.hgt", "S91W200.hgt", "x.hgt", "n40e032.HGT", "N40E032.SRTMGL3.hgt"))
    packed = rng.randrange(4)
    if packed == 0:
        path = folder / f"{name}.gz"
        path.write_bytes(gzip.compress(content, 1) * rng.choice((1, 1, 2)))
    elif packed == 1:
        path = folder / "tile.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for i in range(rng.choice((0, 1, 1, 1, 2))):
                archive.writestr(f"{rng.choice(('', '../', '/', 'a/'))}{'x' * i}{name}", content)
    else:
        path = folder / name
        path.write_bytes(content)
    return path


def _text(rng: Random, folder: Path) -> Path:
    path = folder / rng.choice(("a.tif", "a.vrt", "a.asc", "a.xml", "a.hgt", "a.zip", "a.hgt.gz", "a.img"))
    path.write_text(
        rng.choice((
            "", "hello", "II*\0", "ncols 3\nnrows 3\nxllcorner 32\nyllcorner 40\ncellsize 0.1\n" + "5 " * 9,
            "ncols 99999\nnrows 99999\nxllcorner 32\nyllcorner 40\ncellsize 1e-5\n5",
            '<VRTDataset rasterXSize="9" rasterYSize="9"></VRTDataset>',
            RAW_OVER_ANOTHER_FILE,
            '<GDAL_WMS><Service name="TMS"><ServerUrl>http://127.0.0.1:9/${z}</ServerUrl></Service></GDAL_WMS>',
        )),
        encoding="utf-8",
    )  # fmt: skip
    return path


def read(path: Path) -> None:
    """Open a model and read ground from it; what is read is ground of this earth or unknown."""
    model = open_model(path)
    latitude_deg, longitude_deg = (np.array(side) for side in zip(*POSITIONS, strict=True))
    altitude_m = model.sample(latitude_deg, longitude_deg)
    known = altitude_m[np.isfinite(altitude_m)]
    assert not np.isinf(altitude_m).any()
    assert ((known >= -500.0) & (known <= 9_000.0)).all(), altitude_m
    west, south, east, north = model.bounds_deg
    assert -90.01 <= south < north <= 90.01, model.bounds_deg
    assert west < east <= west + 380.01, model.bounds_deg  # a column may be there twice
    assert model.resolution_m > 0.0
    assert terrain_info_lines(model)
