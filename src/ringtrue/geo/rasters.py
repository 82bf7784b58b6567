"""Elevation files: a short list of formats, checked by their header, read once into metres, keyed by what was read."""

from __future__ import annotations

import os
import re
import stat
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ringtrue.cancel import stop_if_cancelled
from ringtrue.errors import InputError
from ringtrue.geo import mosaic, tiles
from ringtrue.geo.maps import DEGREES, METRES_PER_DEGREE, EarthMap, earth_map, to_degrees, untied
from ringtrue.geo.memory_limit import free_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from rasterio.io import DatasetReader

FloatArray = NDArray[np.float64]
GroundArray = NDArray[np.float32]
Affine = tuple[float, float, float, float]

FORMATS = {
    "GTiff": "GeoTIFF", "AAIGrid": "Esri ASCII grid", "EHdr": "Esri .bil or .flt with .hdr", "DTED": "DTED",
    "SRTMHGT": "SRTM tile", "VRT": "mosaic",
}  # fmt: skip
FORMAT_WORDS = "a GeoTIFF (or COG), an SRTM tile (.hgt, .hgt.gz, .zip), DTED, .asc, .bil or .flt, or a plain .vrt"
LARGEST_BYTES = 2_000_000_000
BAND_BYTES = 16_000_000
GDAL_CACHE_BYTES = 64_000_000
HIGHEST_GROUND_M = 9_000.0
LOWEST_GROUND_M = -500.0
MOST_TEXT_BYTES = 65_536
UNTAGGED_VOIDS = (-32768.0, -9999.0)
FILL_BEYOND = 1.0e30
FEWEST_COLUMNS_AROUND = 18
CRS_TAG, DATUM_TAG, VERTICAL_TAG = "RINGTRUE_CRS", "RINGTRUE_DATUM", "RINGTRUE_VERTICAL_DATUM"
UNTIED_TAG = "RINGTRUE_DATUM_UNTIED"
TIFF_HEADS = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")

FOOT_M, US_FOOT_M = 0.3048, 1200.0 / 3937.0
VERTICAL_UNITS: dict[str, tuple[float, str]] = {
    word: (metres, name)
    for name, metres, words in (
        ("metre", 1.0, "m,metre,metres,meter,meters"),
        ("decimetre", 0.1, "dm,decimetre,decimetres,decimeter,decimeters"),
        ("centimetre", 0.01, "cm,centimetre,centimetres,centimeter,centimeters"),
        ("millimetre", 0.001, "mm,millimetre,millimetres,millimeter,millimeters"),
        ("kilometre", 1000.0, "km,kilometre,kilometres,kilometer,kilometers"),
        ("foot", FOOT_M, "ft,foot,feet,international foot,international feet,ft (international),foot (international)"),
        (
            "US survey foot", US_FOOT_M,
            "us-ft,us ft,ftus,ft us,usft,sft,us survey foot,us survey feet,us foot,us feet,survey foot,foot us",
        ),
        ("yard", 0.9144, "yd,yard,yards"),
        ("fathom", 1.8288, "fath,fathom,fathoms"),
    )
    for word in words.split(",")
}  # fmt: skip
ABOVE_WHAT = re.compile(
    r" ?\(?((above|over) (mean )?sea[ -]level|a\.?m?\.?s\.?l\.?|msl|egm ?(84|96|2008)|navd ?88)\)?$"
)
PLAIN = "EPSG:4326"
PLAIN_MAP = EarthMap(DEGREES, "WGS 84 (World Geodetic System 1984)", "", None, 360.0, METRES_PER_DEGREE)


@dataclass(frozen=True, eq=False)
class Raster:
    """One elevation file as read.

    Attributes
    ----------
    altitude_m : (row, column) float32 array
        Metres above mean sea level, row 0 in the north; nan where the file has none. Read-only.
    geotransform : tuple
        x of the first cell centre, step of x per column, y of the first cell centre, step of y per row (negative).
    map : EarthMap
        What x and y mean.
    content_key : str
        64 hex digits of the altitudes and where they lie.
    n_voids : int
        Cells without altitude.
    format_name, unit : str
        As `terrain info` prints them.
    """

    altitude_m: GroundArray
    geotransform: Affine
    map: EarthMap
    content_key: str
    n_voids: int
    format_name: str
    unit: str


def read_raster(path: Path) -> Raster:
    """Read an elevation file, or refuse it in one sentence.

    Raises
    ------
    InputError
        Missing, of another format, truncated, rotated, of several bands, without projection, in an unknown unit, off
        the globe, outside the altitudes of dry land, or too large for this machine.
    """
    _check_file(path)
    if tiles.is_tile(path):
        _check_size(path, max(tiles.SIDES), max(tiles.SIDES))
        geotransform, raw = tiles.read_tile(path)
        is_void = raw == tiles.VOID
        altitude_m = raw.astype(np.float32)
        altitude_m[is_void] = np.nan
        degrees = replace(PLAIN_MAP, vertical="EGM96 height")
        unit, format_name = "metre, by the format", FORMATS["SRTMHGT"]
    else:
        try:
            with _dataset(path) as dataset:
                degrees = _check_dataset(path, dataset)
                factor, unit = _vertical_unit(path, dataset, degrees)
                transform = dataset.transform
                geotransform = (
                    transform.c + transform.a / 2.0, transform.a, transform.f + transform.e / 2.0, transform.e,
                )  # fmt: skip
                altitude_m = _read_bands(path, dataset, factor)
                format_name = FORMATS[dataset.driver]
        except UnicodeDecodeError:
            msg = (
                f"{path}: holds a unit, tag or name that is no UTF-8 text; it is damaged, or say its unit anew with "
                "gdal_edit.py -units m"
            )
            raise InputError(msg) from None
    n_voids = _check_altitudes(path, altitude_m)
    _check_latitudes(path, geotransform, altitude_m.shape, degrees)
    _check_turn(path, geotransform[1], altitude_m.shape[1], degrees)
    altitude_m.setflags(write=False)
    key = _content_key(altitude_m, geotransform, degrees)
    return Raster(altitude_m, geotransform, degrees, key, n_voids, format_name, unit)


def _check_file(path: Path) -> None:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            msg = (
                f"{path}: is a folder; give one file, joined where needed with gdalbuildvrt -vrtnodata -32768 or "
                "gdal_merge.py -init -32768 -a_nodata -32768"
            )
            raise InputError(msg)
        if not stat.S_ISREG(status.st_mode):
            msg = f"{path}: is no plain file; give {FORMAT_WORDS}"
            raise InputError(msg)
        with path.open("rb"):
            pass
    except OSError as error:
        msg = f"{path}: cannot be read ({error.strerror}); check the file and its permissions"
        raise InputError(msg) from None


@contextmanager
def quiet() -> Iterator[None]:
    """GDAL without network, without functions in files, with a small cache, and without words on the screen."""
    import rasterio

    settings: dict[str, Any] = {
        "GDAL_CACHEMAX": GDAL_CACHE_BYTES, "GDAL_VRT_ENABLE_PYTHON": "NO", "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
        "PROJ_NETWORK": "OFF", "GDAL_HTTP_TIMEOUT": 1,
    }  # fmt: skip
    with warnings.catch_warnings(), rasterio.Env(**settings):
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _dataset(path: Path) -> Iterator[DatasetReader]:
    """Open a raster by the drivers on the list; a mosaic only after every file of it."""
    with quiet():
        if not mosaic.is_mosaic(path):
            with _opened(path, ["GTiff", "AAIGrid", "EHdr", "DTED"]) as dataset:
                yield dataset
            return
        _check_beside(path)
        sources = mosaic.sources_of(path)
        for source in sources:
            if mosaic.is_mosaic(source):
                msg = f"{path}: is a mosaic of mosaics ({source.name}); write it as one GeoTIFF with gdal_translate"
                raise InputError(msg)
            with _opened(source, ["GTiff", "AAIGrid", "EHdr", "DTED", "SRTMHGT"]) as dataset:
                _check_header(source, dataset)
        with _opened(path, ["VRT"]) as dataset:
            _check_like_sources(path, dataset, sources)
            yield dataset


@contextmanager
def _opened(path: Path, drivers: list[str]) -> Iterator[DatasetReader]:
    import rasterio
    from rasterio.errors import RasterioError

    _check_beside(path)
    for driver in drivers:
        try:
            dataset = rasterio.open(path, driver=driver)
            break
        except (RasterioError, ValueError, MemoryError, UnicodeError):
            continue
    else:
        msg = f"{path}: is not a raster of a format that is read, or is truncated; give {FORMAT_WORDS}"
        raise InputError(msg)
    with dataset:
        yield dataset


def _check_beside(path: Path) -> None:
    """Refuse masks and overviews beside the file that are no TIFF, and notes that name yet another file."""
    name = path.name.lower()
    with os.scandir(path.parent) as entries:
        beside = [path.parent / e.name for e in entries if e.name.lower().startswith(f"{name}.")]
    for file in beside:
        ending = file.name.lower()[len(name) :]
        try:
            if not file.is_file() and ending.endswith((".msk", ".ovr", ".xml")):
                raise OSError
            if ending.endswith((".msk", ".ovr")):
                with file.open("rb") as opened:
                    head = opened.read(mosaic.HEAD_BYTES)
                is_good = head.startswith(TIFF_HEADS) and mosaic.MARK not in head
            elif ending == ".aux.xml":
                is_good = file.stat().st_size <= mosaic.MOST_BYTES and b"OVERVIEW_FILE" not in file.read_bytes()
            else:
                continue
        except OSError:
            is_good = False
        if not is_good:
            msg = f"{path}: lies beside {file.name}, which is not what GDAL writes under this name; move it away"
            raise InputError(msg)


def _check_size(path: Path, n_rows: int, n_columns: int, block_cells: int = 0) -> None:
    """Refuse by the header what would not fit: 2 GB or half of the free memory, the less."""
    wanted = 4 * max(n_rows * n_columns, block_cells)
    allowed = min(LARGEST_BYTES, free_bytes() // 2)
    if wanted > allowed:
        msg = (
            f"{path}: has {n_rows * n_columns:,} cells and wants {wanted / 1e9:,.1f} GB of memory, more than the "
            f"{allowed / 1e9:,.1f} GB to spare; cut it to the area of interest with gdal_translate -projwin, or "
            "coarsen it with -tr"
        )
        raise InputError(msg)


def _check_header(path: Path, dataset: DatasetReader) -> None:
    _check_size(path, dataset.height, dataset.width, int(np.prod(dataset.block_shapes[0])) if dataset.count else 0)
    if dataset.tags(ns="OVERVIEWS").get("OVERVIEW_FILE"):
        msg = f"{path}: keeps its overviews in a file that it names itself; write it anew with gdal_translate"
        raise InputError(msg)
    if dataset.count != 1:
        msg = (
            f"{path}: has {dataset.count} bands, but elevation is one; extract it with gdal_translate -b 1, and keep "
            "gaps as gaps with -mask 2 where the second band is transparency, or with -a_nodata"
        )
        raise InputError(msg)
    wanted_bytes = dataset.height * dataset.width * np.dtype(dataset.dtypes[0]).itemsize
    if dataset.driver == "EHdr" and path.stat().st_size < wanted_bytes:
        msg = (
            f"{path}: has {path.stat().st_size:,} bytes, but its .hdr speaks of {wanted_bytes:,}; it is truncated, "
            "fetch it again"
        )
        raise InputError(msg)
    if "complex" in str(dataset.dtypes[0]):
        msg = f"{path}: holds complex numbers, but an elevation is real; convert it with gdal_translate -ot Float32"
        raise InputError(msg)


def _check_dataset(path: Path, dataset: DatasetReader) -> EarthMap:
    """Refuse what the header alone shows to be unusable, and return the projection."""
    from rasterio.errors import RasterioError

    _check_header(path, dataset)
    kept = dataset.tags()
    try:
        text = kept.get(CRS_TAG) or _projection(dataset)
    except (RasterioError, ValueError):
        text = "unreadable"
    if not text:
        msg = f"{path}: does not say in which projection it is; add it with gdal_edit.py -a_srs EPSG:4326"
        raise InputError(msg)
    transform = dataset.transform
    if transform.b != 0.0 or transform.d != 0.0 or transform.a <= 0.0 or transform.e >= 0.0:
        msg = f"{path}: is rotated or not north-up; turn it with gdalwarp -t_srs EPSG:4326 -dstnodata -32768"
        raise InputError(msg)
    found = PLAIN_MAP if text == PLAIN else earth_map(path, text)
    if DATUM_TAG in kept:
        return replace(
            found, name=kept[DATUM_TAG], vertical=kept.get(VERTICAL_TAG, ""), untied=kept.get(UNTIED_TAG, "")
        )
    if found is PLAIN_MAP:
        return found
    x, y = np.meshgrid(
        transform.c + transform.a * np.linspace(0.5, dataset.width - 0.5, 5),
        transform.f + transform.e * np.linspace(0.5, dataset.height - 0.5, 5),
    )
    return replace(found, untied=untied(text, x, y))


def _projection(dataset: DatasetReader) -> str:
    """Well-known text, the empty string where there is none, or ``PLAIN``."""
    if not dataset.crs:
        return ""
    return PLAIN if dataset.crs.to_epsg() == 4326 else str(dataset.crs.to_wkt(version="WKT2_2019"))


def _check_like_sources(path: Path, dataset: DatasetReader, sources: list[Path]) -> None:
    """Refuse a mosaic whose files give altitudes in another unit, scale or offset, or gaps that it does not mark."""

    def said(opened: DatasetReader) -> tuple[float, float, float]:
        return _stated_unit(path, opened)[0], float(opened.scales[0]), float(opened.offsets[0])

    _check_header(path, dataset)
    left_out = mosaic.left_out(path)
    for source in sources:
        with _opened(source, ["GTiff", "AAIGrid", "EHdr", "DTED", "SRTMHGT"]) as opened:
            if _loses_gaps(dataset, opened, left_out.get(source, []), _stated_unit(source, opened)[0]):
                msg = (
                    f"{path}: does not mark the gaps of its file {source.name}, which would count as ground; make it "
                    "again with gdalbuildvrt -vrtnodata -32768"
                )
                raise InputError(msg)
            if said(opened) != said(dataset):
                msg = (
                    f"{path}: gives altitudes in another unit, scale or offset than its file {source.name}; convert "
                    "the files to metres first with gdal_translate -unscale"
                )
                raise InputError(msg)


def _loses_gaps(dataset: DatasetReader, opened: DatasetReader, left_out: list[mosaic.LeftOut], metres: float) -> bool:
    """Whether gaps of one file of a mosaic would be read as altitudes of dry land."""
    void, kept = _void_value(opened), _void_value(dataset)
    if _has_mask(dataset):
        return False
    marks_gaps = dataset.nodata is not None
    if not marks_gaps and any(part.hidden or part.value is not None for part in left_out):
        return True
    if _has_mask(opened) and not all(part.hidden for part in left_out):
        return True
    if void is None or void in UNTAGGED_VOIDS or (kept is not None and kept == void):
        return False
    altitude_m = (float(void) * float(opened.scales[0]) + float(opened.offsets[0])) * metres
    is_land = LOWEST_GROUND_M <= altitude_m <= HIGHEST_GROUND_M
    return is_land and not all(part.hidden or part.value == float(void) for part in left_out)


def _stated_unit(path: Path, dataset: DatasetReader) -> tuple[float, str]:
    """Metres to the unit that the band or its tags state, and its name, empty where nothing is stated."""
    tags = {key.lower(): str(value) for key, value in {**dataset.tags(), **dataset.tags(1)}.items()}
    stated = [
        dataset.units[0] or "",
        _unit_beside(path) if dataset.driver in ("AAIGrid", "EHdr") else "",
        *(tags.get(key, "") for key in ("unittype", "units", "vertical_units")),
    ]
    found: dict[float, str] = {}
    for text in stated:
        word = ABOVE_WHAT.sub("", re.sub(r"[\s_]+", " ", text).strip().lower()).rstrip(". ")
        if not word:
            continue
        if word not in VERTICAL_UNITS:
            msg = (
                f"{path}: gives elevation in {' '.join(text.split())[:60]!r}, a unit that is not known; say which with "
                "gdal_edit.py -units m (or ft, us-ft, dm, cm, km, yard, fathom)"
            )
            raise InputError(msg)
        metres, name = VERTICAL_UNITS[word]
        found[metres] = name
    if len(found) > 1:
        msg = f"{path}: gives elevation in {' and in '.join(found.values())}; say which with gdal_edit.py -units m"
        raise InputError(msg)
    return next(iter(found.items()), (1.0, ""))


def _unit_beside(path: Path) -> str:
    """The unit that Esri's older text beside a grid states (``Zunits FEET`` in .prj or .hdr), else nothing."""
    for ending in (".prj", ".PRJ", ".hdr", ".HDR"):
        try:
            with path.with_suffix(ending).open("rb") as file:
                found = re.search(rb"(?im)^\s*z_?units\s+(\S+)", file.read(MOST_TEXT_BYTES))
        except OSError:
            continue
        if found and found[1].lower() not in (b"no", b"none"):
            return found[1].decode("ascii", "replace")
    return ""


def _vertical_unit(path: Path, dataset: DatasetReader, degrees: EarthMap) -> tuple[float, str]:
    """Metres to the unit of the altitudes, and what to say about it."""
    metres, name = _stated_unit(path, dataset)
    datum = degrees.metres_per_vertical_unit
    if name and datum is not None and not np.isclose(metres, datum, rtol=1e-9):
        msg = (
            f"{path}: gives elevation in {name}, but its vertical datum {degrees.vertical} in units of {datum:g} m; "
            "say which with gdal_edit.py -units m"
        )
        raise InputError(msg)
    if not name and datum is not None:
        metres, name = datum, f"{datum:g} m, by the vertical datum"
    if not name:
        return 1.0, "metre (not stated)"
    return metres, name if metres == 1.0 else f"{name}, converted to metres"


def _void_value(dataset: DatasetReader) -> Any:
    """The no-data value as the band would hold it; None where there is none, or the band cannot hold it."""
    given = dataset.nodata
    if given is None or np.isnan(given):
        return None
    with np.errstate(all="ignore"):
        held = np.array(given).astype(dataset.dtypes[0])
    is_float = np.issubdtype(held.dtype, np.floating)
    return held if is_float or float(held) == given else None


def _has_mask(dataset: DatasetReader) -> bool:
    """Whether a mask says which cells are valid: inside the file, beside it (.msk) or as transparency."""
    from rasterio.enums import MaskFlags

    flags = dataset.mask_flag_enums[0]
    return MaskFlags.per_dataset in flags or MaskFlags.alpha in flags


def _read_bands(path: Path, dataset: DatasetReader, factor: float) -> GroundArray:
    """Altitudes [m], some rows at a time, so that no second copy of the raster is held."""
    from rasterio.errors import RasterioError
    from rasterio.windows import Window

    n_rows, n_columns = dataset.height, dataset.width
    scale, offset = float(dataset.scales[0]), float(dataset.offsets[0])
    if not (np.isfinite(scale) and np.isfinite(offset) and scale != 0.0):
        msg = f"{path}: has a scale of {scale:g} and an offset of {offset:g}; set them with gdal_edit.py -scale -offset"
        raise InputError(msg)
    void = _void_value(dataset)
    voids = UNTAGGED_VOIDS if void is None else (*UNTAGGED_VOIDS, void)
    block_rows = max(1, dataset.block_shapes[0][0])
    n_blocks = max(1, BAND_BYTES // max(1, 8 * n_columns * block_rows))
    try:
        has_mask = _has_mask(dataset)
        altitude_m = np.empty((n_rows, n_columns), dtype=np.float32)
        for first in range(0, n_rows, n_blocks * block_rows):
            stop_if_cancelled()
            window = Window(0, first, n_columns, min(n_rows - first, n_blocks * block_rows))
            values = dataset.read(1, window=window)
            band = altitude_m[first : first + values.shape[0]]
            with np.errstate(all="ignore"):
                if scale == 1.0 and offset == 0.0 and factor == 1.0:
                    band[:] = values
                else:
                    band[:] = (values.astype(np.float64) * scale + offset) * factor
                is_void = None if not has_mask else dataset.read_masks(1, window=window) == 0
                if np.issubdtype(values.dtype, np.floating) or factor != 1.0 or scale != 1.0:
                    band += np.float32(0.0)  # no negative zero
                    is_void = _or(is_void, ~np.isfinite(band) | (np.abs(band) >= FILL_BEYOND))
                for value in voids:
                    if values.min() <= value <= values.max() or np.isnan(values.min()):
                        is_void = _or(is_void, values == value)
            if is_void is not None:
                band[is_void] = np.nan
    except (RasterioError, MemoryError, ValueError) as error:
        msg = (
            f"{path}: breaks off while being read ({type(error).__name__}); the file is truncated or damaged, fetch it "
            "again"
        )
        raise InputError(msg) from None
    return altitude_m


def _or(first: NDArray[np.bool_] | None, second: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return second if first is None else first | second


def _check_altitudes(path: Path, altitude_m: GroundArray) -> int:
    """Refuse what is no dry land in metres; return the number of voids."""
    lowest, highest = float(np.fmin.reduce(altitude_m, axis=None)), float(np.fmax.reduce(altitude_m, axis=None))
    if np.isnan(lowest):
        msg = f"{path}: no cell has an altitude; give a file with ground in it"
        raise InputError(msg)
    if highest > HIGHEST_GROUND_M:
        msg = (
            f"{path}: the highest value is {highest:g}, above any ground in metres; if it is in feet, say so in the "
            "file with gdal_edit.py -units ft; if it marks gaps, with -a_nodata"
        )
        raise InputError(msg)
    if lowest < LOWEST_GROUND_M:
        msg = (
            f"{path}: the lowest value is {lowest:g}, below any dry land in metres; mark gaps with gdal_edit.py "
            "-a_nodata, and set the sea floor to 0 with gdal_calc.py --calc='A*(A>0)'"
        )
        raise InputError(msg)
    if np.isfinite(np.minimum.reduce(altitude_m, axis=None)):
        return 0
    return sum(int(np.count_nonzero(np.isnan(row))) for row in altitude_m)


def _check_latitudes(path: Path, geotransform: Affine, shape: tuple[int, ...], degrees: EarthMap) -> None:
    x0, dx, y0, dy = geotransform
    latitude, longitude = to_degrees(
        degrees.crs,
        *np.meshgrid(x0 + dx * np.linspace(0, shape[1] - 1, 17), y0 + dy * np.linspace(0, shape[0] - 1, 17)),
    )
    is_known = np.isfinite(latitude) & np.isfinite(longitude)
    if not is_known.any():
        msg = f"{path}: lies nowhere on earth; give a file whose coordinates and projection are right"
        raise InputError(msg)
    south, north = float(latitude[is_known].min()), float(latitude[is_known].max())
    if not (-90.001 <= south <= north <= 90.001):
        msg = (
            f"{path}: reaches from latitude {south:g} to {north:g}; a latitude lies between -90 and 90, so give a file "
            "whose coordinates are right"
        )
        raise InputError(msg)


def _check_turn(path: Path, dx: float, n_columns: int, degrees: EarthMap) -> None:
    """Refuse what goes more than once around the earth; one column may be there twice."""
    turn = degrees.turn
    if turn is not None and (n_columns * dx > turn + 1.5 * dx or dx > turn / FEWEST_COLUMNS_AROUND):
        msg = (
            f"{path}: is {n_columns * dx / turn:,.3g} times as wide as the earth is around, in {n_columns:,} columns; "
            "check its corner, its step and its projection"
        )
        raise InputError(msg)


def _content_key(altitude_m: GroundArray, geotransform: Affine, degrees: EarthMap) -> str:
    """Key of the altitudes and of where on earth they lie, whatever the file calls its projection."""
    x0, dx, y0, dy = geotransform
    n_rows, n_columns = altitude_m.shape
    places = to_degrees(
        degrees.crs,
        *np.meshgrid(x0 + dx * np.linspace(0, n_columns - 1, 5), y0 + dy * np.linspace(0, n_rows - 1, 5)),
    )
    digest = blake2b(digest_size=32)
    digest.update(repr((altitude_m.shape, [np.round(place, 7).tolist() for place in places])).encode())
    rows = max(1, BAND_BYTES // (altitude_m.itemsize * n_columns))
    for first in range(0, n_rows, rows):
        stop_if_cancelled()
        digest.update(np.ascontiguousarray(altitude_m[first : first + rows]).data)
    return digest.hexdigest()
