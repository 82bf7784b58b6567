"""Which files are believed, and in what words the others are refused."""

import gzip
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine

from ringtrue.errors import InputError
from ringtrue.geo.elevation import open_model
from ringtrue.geo.terrain import added_models, terrain_add, terrain_info_lines

DATA = Path(__file__).parents[1] / "data"
ZION, TILE = DATA / "srtm3_zion_utah.tif", DATA / "N57E011.hgt.gz"
NORTH_UP = Affine(0.01, 0.0, 30.0, 0.0, -0.01, 41.0)


@pytest.fixture
def write(tmp_path):
    def _write(values=None, *, name="model.tif", transform=NORTH_UP, crs="EPSG:4326", unit=None, **profile):
        values = np.full((60, 80), 500, dtype=np.int16) if values is None else values
        path = tmp_path / name
        with rasterio.open(
            path, "w", driver="GTiff", height=values.shape[0], width=values.shape[1], count=1, dtype=values.dtype,
            transform=transform, crs=crs, **profile,
        ) as dataset:  # fmt: skip
            dataset.write(values, 1)
            if unit:
                dataset.units = (unit,)
        return path

    return _write


def refusal(path):
    with pytest.raises(InputError) as caught:
        open_model(path)
    text = str(caught.value)
    assert "\n" not in text
    assert str(path) in text
    return text


def test_the_shipped_model():
    model = open_model(None)
    assert model.name == "globe30s"
    assert model.bounds_deg == pytest.approx((18.0, 30.0, 50.0, 50.0))
    assert model.resolution_m == pytest.approx(926.6, abs=0.1)
    assert float(model.sample(39.702, 44.298)) > 4500.0  # Ararat
    assert np.isnan(model.sample([29.0, 40.0], [32.0, 51.0])).all()
    assert open_model("globe30s") == model
    assert not model.is_bare_earth


def test_cell_centres_are_exact_and_between_is_linear():
    model = open_model(ZION)
    x0, dx, y0, dy = model.geotransform
    assert float(model.sample(y0 + 100 * dy, x0 + 50 * dx)) == pytest.approx(float(model.altitude_m[100, 50]), abs=1e-3)
    middle = (model.altitude_m[100, 50] + model.altitude_m[100, 51]) / 2.0
    assert float(model.sample(y0 + 100 * dy, x0 + 50.5 * dx)) == pytest.approx(float(middle), abs=1e-3)


def test_bare_earth_stands_on_the_shipped_model_or_where_it_is_told():
    model = open_model("none")
    assert model.is_bare_earth
    assert np.isnan(model.sample(-33.0, 151.0))
    assert float(model.sample(40.0789, 32.5656)) == pytest.approx(829.7, abs=0.1)
    told = open_model("none", ground_altitude_m=1007.0)
    assert told.sample([-33.0, 40.0789], [151.0, 32.5656]).tolist() == [1007.0, 1007.0]
    assert told != model
    for path, ground_m, wanted in (("none", 9500.0, "-500 to 9000 m"), (None, 10.0, "add --dem none")):
        with pytest.raises(InputError, match=wanted):
            open_model(path, ground_altitude_m=ground_m)


def test_srtm_tile_packed_three_ways(tmp_path):
    plain = tmp_path / "N57E011.hgt"
    plain.write_bytes(gzip.decompress(TILE.read_bytes()))
    packed = tmp_path / "tile.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(plain, "N57E011.hgt")
    models = [open_model(TILE), open_model(plain), open_model(packed)]
    assert models[0].shape == (1201, 1201)
    assert models[0].bounds_deg == pytest.approx((11.0, 57.0, 12.0, 58.0), abs=0.001)
    assert models[0].altitude_m.min() == -6.0
    for other in models[1:]:
        assert np.array_equal(models[0].altitude_m, other.altitude_m)


def test_srtm_corner_sample_belongs_to_the_whole_degree():
    assert float(open_model(TILE).sample(58.0, 11.0)) == open_model(TILE).altitude_m[0, 0]


def test_projected_metres(tmp_path, write):
    values = np.tile(np.arange(80, dtype=np.float32), (60, 1))
    path = write(values, transform=Affine(1000.0, 0.0, 400e3, 0.0, -1000.0, 4_440e3), crs="EPSG:32636")
    model = open_model(path)
    assert model.resolution_m == 1000.0
    assert np.isnan(model.sample(40.0, 33.1))
    assert float(model.sample(39.9, 32.5)) == pytest.approx((457_260.0 - 400_500.0) / 1000.0, abs=0.2)


def test_missing_file_suggests():
    assert "did you mean 'globe30s'" in refusal("globe30")


def test_voids_stay_gaps(write):
    values = np.full((60, 80), 500, dtype=np.int16)
    values[3, 4] = -32768
    model = open_model(write(values, nodata=-32768))
    assert model.raster.n_voids == 1
    x0, dx, y0, dy = model.geotransform
    assert np.isnan(model.sample(y0 + 3 * dy, x0 + 4 * dx))
    assert np.isnan(model.sample(y0 + 3 * dy, x0 + 4.5 * dx))
    assert float(model.sample(y0 + 3 * dy, x0 + 5 * dx)) == 500.0


def test_voids_without_a_tag(write):
    values = np.full((60, 80), 500.0, dtype=np.float32)
    values[0, :], values[1, 0], values[1, 1], values[1, 2] = np.nan, -9999.0, -32768.0, -3.4028235e38
    assert open_model(write(values)).raster.n_voids == 83


def test_a_no_data_value_that_the_band_cannot_hold_marks_nothing(write):
    path = write(np.zeros((60, 80), dtype=np.uint8))
    vrt = path.with_name("other.vrt")
    with rasterio.open(path) as dataset:
        text = dataset.crs.to_wkt()
    vrt.write_text(
        f'<VRTDataset rasterXSize="80" rasterYSize="60"><SRS>{text.replace(chr(34), "&quot;")}</SRS>'
        "<GeoTransform>30,0.01,0,41,0,-0.01</GeoTransform>"
        '<VRTRasterBand dataType="Byte" band="1"><NoDataValue>-32768</NoDataValue><SimpleSource>'
        '<SourceFilename relativeToVRT="1">model.tif</SourceFilename><SourceBand>1</SourceBand>'
        "</SimpleSource></VRTRasterBand></VRTDataset>"
    )
    assert open_model(vrt).raster.n_voids == 0


@pytest.mark.parametrize("inside", [True, False])
def test_voids_in_a_mask(write, inside):
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=inside):
        path = write(name=f"masked-{inside}.tif")
        with rasterio.open(path, "r+") as dataset:
            is_valid = np.ones((60, 80), dtype=np.bool_)
            is_valid[3, 4:7] = False
            dataset.write_mask(is_valid)
    assert Path(f"{path}.msk").exists() != inside
    assert np.argwhere(np.isnan(open_model(path).altitude_m)).tolist() == [[3, 4], [3, 5], [3, 6]]


def test_a_mask_that_hides_nothing_is_no_void(write):
    path = write()
    with rasterio.open(path, "r+") as dataset:
        dataset.write_mask(np.ones((60, 80), dtype=np.bool_))
    assert float(open_model(path).altitude_m.min()) == 500.0


def test_complex_numbers(write):
    assert "holds complex numbers" in refusal(write(np.full((60, 80), 500.0, dtype=np.complex64)))


def test_rotated(write):
    assert "rotated" in refusal(write(transform=NORTH_UP @ Affine.rotation(10.0)))


@pytest.mark.parametrize(
    ("unit", "metres"),
    [
        ("", 1.0), ("m", 1.0), ("Metres", 1.0), ("meter", 1.0), ("m above mean sea level", 1.0), ("dm", 0.1),
        ("centimetres", 0.01), ("cm", 0.01), ("mm", 0.001), ("feet", 0.3048), ("ft", 0.3048), ("Foot", 0.3048),
        ("international feet", 0.3048), ("US survey foot", 1200 / 3937), ("US survey feet", 1200 / 3937),
        ("us-ft", 1200 / 3937), ("ftUS", 1200 / 3937), ("foot_us", 1200 / 3937), ("yard", 0.9144), ("fathom", 1.8288),
        ("feet AMSL", 0.3048),
    ],
)  # fmt: skip
def test_vertical_units_are_converted(write, unit, metres):
    model = open_model(write(np.full((60, 80), 2000, dtype=np.int16), unit=unit))
    assert float(model.altitude_m.max()) == pytest.approx(2000.0 * metres, rel=1e-7)


def test_kilometres_with_a_scale(write):
    path = write(np.full((60, 80), 12, dtype=np.int16), unit="km")
    with rasterio.open(path, "r+") as dataset:
        dataset.scales, dataset.offsets = (0.1,), (0.05,)
    assert float(open_model(path).altitude_m.max()) == pytest.approx(1250.0, rel=1e-6)


@pytest.mark.parametrize("unit", ["furlong", "hPa", "metre per second", "m2", "degrees", "unknown"])
def test_other_units_are_refused(write, unit):
    assert f"'{unit}'" in refusal(write(unit=unit))


def test_two_units_are_refused(write):
    path = write(unit="m")
    with rasterio.open(path, "r+") as dataset:
        dataset.update_tags(units="feet")
    assert "metre and in foot" in refusal(path)


def test_feet_by_value(write):
    assert "feet" in refusal(write(np.full((60, 80), 12_000, dtype=np.int16)))


def test_sea_floor(write):
    assert "sea floor" in refusal(write(np.full((60, 80), -3000, dtype=np.int16)))


def test_truncated(tmp_path, write):
    generator = np.random.default_rng(1)
    whole = write(generator.integers(0, 3000, (600, 800)).astype(np.int16))
    cut = tmp_path / "cut.tif"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    assert "truncated" in refusal(cut)


def test_truncated_tiles(tmp_path):
    cut = tmp_path / "N57E011.hgt.gz"
    cut.write_bytes(TILE.read_bytes()[:5000])
    assert "truncated" in refusal(cut)
    short = tmp_path / "N40E032.hgt"
    short.write_bytes(b"\0" * 1000)
    assert "1,000 bytes" in refusal(short)


def test_tile_without_a_place_in_its_name(tmp_path):
    path = tmp_path / "ankara.hgt"
    path.write_bytes(b"\0" * (2 * 1201 * 1201))
    assert "rename it" in refusal(path)


def test_absurdly_large_is_refused_unread(write):
    path = write(np.zeros((16, 16), np.int16), name="small.tif")
    vast = path.with_name("vast.tif")
    with rasterio.open(
        vast, "w", driver="GTiff", height=200_000, width=200_000, count=1, dtype="int16", crs="EPSG:4326",
        transform=Affine(1e-4, 0.0, 20.0, 0.0, -1e-4, 50.0), sparse_ok=True, tiled=True,
    ):  # fmt: skip
        pass
    assert "40,000,000,000 cells" in refusal(vast)


def test_no_projection(write):
    assert "projection" in refusal(write(crs=None))


def test_latitude_95(write):
    assert "latitude" in refusal(write(transform=Affine(0.01, 0.0, 30.0, 0.0, -0.01, 95.0)))


def test_not_a_raster(tmp_path):
    path = tmp_path / "notes.tif"
    path.write_text("not a raster")
    assert "GeoTIFF" in refusal(path)
    assert "folder" in refusal(tmp_path)


def test_several_bands(tmp_path):
    path = tmp_path / "photo.tif"
    with rasterio.open(
        path, "w", driver="GTiff", height=4, width=4, count=3, dtype="uint8", crs="EPSG:4326", transform=NORTH_UP
    ) as dataset:
        dataset.write(np.zeros((3, 4, 4), np.uint8))
    assert "3 bands" in refusal(path)


def test_content_key_follows_content(write, tmp_path):
    first = write(name="a.tif")
    second = tmp_path / "b.tif"
    shutil.copyfile(first, second)
    third = write(np.full((60, 80), 501, dtype=np.int16), name="c.tif")
    assert open_model(first) == open_model(second)
    assert open_model(first) != open_model(third)


def test_info_lines():
    text = "\n".join(terrain_info_lines(open_model(ZION)))
    assert "1024 to 2892 m" in text
    assert "457 x 465" in text
    assert "smooth earth" in terrain_info_lines(open_model("none"))[0]


def test_add_and_find_again(monkeypatch, tmp_path):
    monkeypatch.setenv("RINGTRUE_DATA", str(tmp_path / "data"))
    name = terrain_add(ZION)
    assert name == "srtm3_zion_utah"
    assert open_model(name) == open_model(ZION)
    assert terrain_add(ZION) == name
    assert not list((tmp_path / "data" / "terrain").glob("*.part"))
    with pytest.raises(InputError, match="did you mean 'srtm3_zion_utah'"):
        open_model("srtm3_zion")


def test_add_refuses_the_name_of_another(monkeypatch, tmp_path, write):
    monkeypatch.setenv("RINGTRUE_DATA", str(tmp_path / "data"))
    terrain_add(ZION)
    with pytest.raises(InputError, match="rename the file"):
        terrain_add(write(name="srtm3_zion_utah.tif"))
    with pytest.raises(InputError, match="no such file"):
        terrain_add(tmp_path / "nothing.tif")


def test_add_keeps_a_bad_model_out(monkeypatch, tmp_path, write):
    monkeypatch.setenv("RINGTRUE_DATA", str(tmp_path / "data"))
    with pytest.raises(InputError, match="furlong"):
        terrain_add(write(unit="furlong"))
    assert added_models() == {}
