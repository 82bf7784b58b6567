"""Elevation models: what a file says about the ground, checked before it is believed."""

from __future__ import annotations

import gzip
import re
import shutil
import zipfile
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ringtrue.errors import InputError, did_you_mean
from ringtrue.geo.folders import data_dir
from ringtrue.geo.geodesy import check_position

if TYPE_CHECKING:
    from rasterio.io import DatasetReader

FloatArray = NDArray[np.float64]
Affine = tuple[float, float, float, float]

SHIPPED_PATH = Path(__file__).parent / "data" / "globe30s_18-50E_30-50N.tif"
SHIPPED_NAME = "globe30s"
PIXEL_LIMIT = 120_000_000
HIGHEST_GROUND_M = 9_000.0
LOWEST_GROUND_M = -500.0
METRES_PER_DEGREE = 111_194.93
FOOT_WORDS = {"ft", "feet", "foot", "us-ft", "us survey foot", "us_survey_foot", "foot_us", "international foot"}
METRE_WORDS = {"", "m", "metre", "metres", "meter", "meters"}
HGT_SIDES = {1201: "3 arc-seconds", 3601: "1 arc-second"}


@dataclass(frozen=True, eq=False)
class ElevationModel:
    """An elevation model on a north-up grid, or the smooth earth.

    Attributes
    ----------
    name : str
        What reports call it.
    content_key : str
        SHA-256 of the file, so that results follow the content and not the name.
    resolution_m : float
        Spacing of the grid from north to south [m].
    bounds_deg : tuple
        West, south, east, north of the covered area [degree].
    shape : tuple
        Rows and columns.
    is_bare_earth : bool
        No terrain: a smooth earth at the ground altitude of the site. ``sample`` then reads the shipped model, and
        gives
        0 outside it.
    path : Path
        The file.
    geotransform : tuple
        x of the first cell centre, step of x per column, y of the first cell centre, step of y per row (negative).
    crs : str
        Projection of x and y, "EPSG:4326" for degrees.
    """

    name: str
    content_key: str
    resolution_m: float
    bounds_deg: tuple[float, float, float, float]
    shape: tuple[int, int]
    is_bare_earth: bool
    path: Path
    geotransform: Affine
    crs: str

    def __hash__(self) -> int:
        return hash(self.content_key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ElevationModel) and self.content_key == other.content_key

    @cached_property
    def altitude_m(self) -> NDArray[np.float32]:
        """Ground altitude [m] of every cell, (row, column), row 0 in the north."""
        return _read_altitude(self.path)

    def pixel_coordinates(self, latitude_deg: ArrayLike, longitude_deg: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return row and column of positions, whole numbers at cell centres; anything may lie off the grid."""
        latitude, longitude = check_position(latitude_deg, longitude_deg)
        x0, dx, y0, dy = self.geotransform
        if self.crs == "EPSG:4326":
            middle = (self.bounds_deg[0] + self.bounds_deg[2]) / 2.0
            x = middle + np.mod(longitude - middle + 180.0, 360.0) - 180.0
            y = latitude
        else:
            x, y = _from_degrees(self.crs).transform(longitude, latitude)
        return (np.asarray(y) - y0) / dy, (np.asarray(x) - x0) / dx

    def sample(self, latitude_deg: ArrayLike, longitude_deg: ArrayLike) -> FloatArray:
        """Ground altitude at positions, bilinear between cell centres.

        Parameters
        ----------
        latitude_deg, longitude_deg : array_like
            Positions [degree]. Shapes broadcast.

        Returns
        -------
        ndarray
            Altitude above mean sea level [m]; nan where the model has no ground.

        Examples
        --------
        >>> round(float(open_model(None).sample(40.0789, 32.5656)))
        830
        """
        row, column = self.pixel_coordinates(latitude_deg, longitude_deg)
        n_rows, n_columns = self.shape
        outside = ~((row >= -0.5) & (row <= n_rows - 0.5) & (column >= -0.5) & (column <= n_columns - 0.5))
        row = np.clip(np.where(outside, 0.0, row), 0.0, n_rows - 1.0)
        column = np.clip(np.where(outside, 0.0, column), 0.0, n_columns - 1.0)
        i = np.minimum(row.astype(np.int64), max(n_rows - 2, 0))
        j = np.minimum(column.astype(np.int64), max(n_columns - 2, 0))
        i1, j1 = np.minimum(i + 1, n_rows - 1), np.minimum(j + 1, n_columns - 1)
        f, g = row - i, column - j
        z = self.altitude_m
        upper = z[i, j] * (1.0 - g) + z[i, j1] * g
        lower = z[i1, j] * (1.0 - g) + z[i1, j1] * g
        missing = 0.0 if self.is_bare_earth else np.nan
        return np.asarray(np.where(outside, missing, upper * (1.0 - f) + lower * f), dtype=np.float64)


@lru_cache(maxsize=8)
def _from_degrees(crs: str) -> Any:
    from pyproj import Transformer

    return Transformer.from_crs("EPSG:4326", crs, always_xy=True)


def _stem(path: Path) -> str:
    return path.name.split(".")[0]


def added_models() -> dict[str, Path]:
    """Return the models that ``ringtrue terrain add`` has stored, by name."""
    folder = data_dir() / "terrain"
    return {_stem(path): path for path in sorted(folder.glob("*")) if path.is_file()} if folder.is_dir() else {}


def open_model(path: str | Path | Literal["none"] | None) -> ElevationModel:
    """Open an elevation model and refuse one that would give wrong ground in silence.

    Parameters
    ----------
    path : str, Path or None
        A GeoTIFF (or COG), an SRTM tile (.hgt, .hgt.gz, .zip), the name of a model added before, "none" for the smooth
        earth, None for the regional model that is shipped (18-50 E, 30-50 N, 30 arc-seconds).

    Returns
    -------
    ElevationModel

    Raises
    ------
    InputError
        The file is missing, unreadable, truncated, has voids, is rotated, in feet, without projection, off the globe or
        larger than ``PIXEL_LIMIT`` cells; one sentence says which, and what to do.
    """
    if path is None:
        return _open_checked(SHIPPED_PATH, SHIPPED_NAME)
    if str(path) == "none":
        shipped = _open_checked(SHIPPED_PATH, SHIPPED_NAME)
        return ElevationModel(
            "none", "bare-earth", shipped.resolution_m, (-180.0, -90.0, 180.0, 90.0), shipped.shape, True,
            shipped.path, shipped.geotransform, shipped.crs,
        )  # fmt: skip
    given = str(path)
    if given == SHIPPED_NAME:
        return _open_checked(SHIPPED_PATH, SHIPPED_NAME)
    file = Path(path)
    if not file.exists():
        known = added_models()
        if given in known:
            return _open_checked(known[given], given)
        hint = did_you_mean(given, [*known, SHIPPED_NAME, "none"]) or "; give a GeoTIFF or .hgt file, or 'none'"
        msg = f"--dem {given}: there is no such file or added model{hint}"
        raise InputError(msg)
    model = _open_checked(file.resolve(), _stem(file))
    _ = model.altitude_m
    return model


def _open_checked(path: Path, name: str) -> ElevationModel:
    status = path.stat()
    return _open_cached(path, name, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=8)
def _open_cached(path: Path, name: str, _modified_ns: int, _size: int) -> ElevationModel:
    if path.is_dir():
        msg = (
            f"{path}: is a folder; give one GeoTIFF or .hgt file, joined with gdal_merge.py or gdalbuildvrt where "
            "needed"
        )
        raise InputError(msg)
    try:
        with path.open("rb"):
            pass
    except OSError as error:
        msg = f"{path}: cannot be read ({error.strerror}); check the file and its permissions"
        raise InputError(msg) from None
    if _is_hgt(path):
        geotransform, shape = _hgt_geometry(path)
        crs, metres_per_unit = "EPSG:4326", METRES_PER_DEGREE
    else:
        with _dataset(path) as dataset:
            _check_dataset(path, dataset)
            transform = dataset.transform
            shape = (int(dataset.height), int(dataset.width))
            geotransform = (
                transform.c + transform.a / 2.0, transform.a, transform.f + transform.e / 2.0, transform.e,
            )  # fmt: skip
            is_geographic = bool(dataset.crs.is_geographic)
            crs = "EPSG:4326" if is_geographic else dataset.crs.to_wkt()
            metres_per_unit = METRES_PER_DEGREE if is_geographic else float(dataset.crs.linear_units_factor[1])
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    bounds = _bounds_deg(geotransform, shape, crs)
    if not (-90.001 <= bounds[1] < bounds[3] <= 90.001):
        msg = (
            f"{path}: reaches from latitude {bounds[1]:g} to {bounds[3]:g}; a latitude lies between -90 and 90, so "
            "give a file whose coordinates are right"
        )
        raise InputError(msg)
    return ElevationModel(
        name, digest, abs(geotransform[3]) * metres_per_unit, bounds, shape, False, path, geotransform, crs
    )


def _bounds_deg(geotransform: Affine, shape: tuple[int, int], crs: str) -> tuple[float, float, float, float]:
    x0, dx, y0, dy = geotransform
    west, east = x0 - dx / 2.0, x0 + dx * (shape[1] - 0.5)
    north, south = y0 - dy / 2.0, y0 + dy * (shape[0] - 0.5)
    if crs == "EPSG:4326":
        return west, south, east, north
    from pyproj import Transformer

    left, bottom, right, top = Transformer.from_crs(crs, "EPSG:4326", always_xy=True).transform_bounds(
        west, south, east, north
    )
    return float(left), float(bottom), float(right), float(top)


def _is_hgt(path: Path) -> bool:
    name = path.name.lower()
    if name.endswith((".hgt", ".hgt.gz")):
        return True
    if not name.endswith(".zip"):
        return False
    if not zipfile.is_zipfile(path):
        msg = f"{path}: is not a zip file; give the .hgt file itself, or download the archive again"
        raise InputError(msg)
    return True


def _hgt_bytes(path: Path) -> tuple[str, bytes]:
    """Name of the tile and its bytes."""
    name = path.name.lower()
    try:
        if name.endswith(".gz"):
            return path.name, gzip.decompress(path.read_bytes())
        if name.endswith(".zip"):
            with zipfile.ZipFile(path) as archive:
                tiles = [entry for entry in archive.namelist() if entry.lower().endswith(".hgt")]
                if len(tiles) != 1:
                    msg = f"{path}: holds {len(tiles)} .hgt tiles; give an archive with one, or a GeoTIFF"
                    raise InputError(msg)
                return Path(tiles[0]).name, archive.read(tiles[0])
        return path.name, path.read_bytes()
    except (OSError, EOFError, zipfile.BadZipFile) as error:
        msg = f"{path}: cannot be unpacked ({error}); the file is truncated or damaged, fetch it again"
        raise InputError(msg) from None


def _hgt_geometry(path: Path) -> tuple[Affine, tuple[int, int]]:
    name, data = _hgt_bytes(path)
    side = round((len(data) / 2) ** 0.5)
    if side not in HGT_SIDES or 2 * side * side != len(data):
        msg = (
            f"{path}: has {len(data)} bytes, but an .hgt tile has 2,884,802 (3 arc-seconds) or 25,934,402 (1 "
            "arc-second); it is truncated or not SRTM, fetch it again"
        )
        raise InputError(msg)
    corner = re.match(r"([NS])(\d{2})([EW])(\d{3})", name, re.IGNORECASE)
    if corner is None:
        msg = f"{path}: an .hgt tile says where it lies by its name, like N40E032.hgt; rename it"
        raise InputError(msg)
    south = float(corner[2]) * (1.0 if corner[1].upper() == "N" else -1.0)
    west = float(corner[4]) * (1.0 if corner[3].upper() == "E" else -1.0)
    step = 1.0 / (side - 1)
    return (west, step, south + 1.0, -step), (side, side)


def _dataset(path: Path) -> DatasetReader:
    import rasterio
    from rasterio.errors import RasterioIOError

    try:
        return rasterio.open(path)
    except RasterioIOError:
        msg = f"{path}: is not a raster that can be read, or is truncated; give a GeoTIFF (or COG) or an .hgt tile"
        raise InputError(msg) from None


def _check_dataset(path: Path, dataset: DatasetReader) -> None:
    """Refuse what the header alone shows to be unusable."""
    n_cells = dataset.width * dataset.height
    if n_cells > PIXEL_LIMIT:
        msg = (
            f"{path}: has {n_cells:,} cells, more than {PIXEL_LIMIT:,}; cut it to the area of interest with "
            "gdal_translate -projwin, or coarsen it with -tr"
        )
        raise InputError(msg)
    if dataset.crs is None:
        msg = f"{path}: does not say in which projection it is; add it with gdal_edit.py -a_srs EPSG:4326"
        raise InputError(msg)
    transform = dataset.transform
    if transform.b != 0.0 or transform.d != 0.0 or transform.a <= 0.0 or transform.e >= 0.0:
        msg = f"{path}: is rotated or not north-up; turn it with gdalwarp -t_srs EPSG:4326"
        raise InputError(msg)
    if dataset.count != 1:
        msg = f"{path}: has {dataset.count} bands, but elevation is one; extract it with gdal_translate -b"
        raise InputError(msg)
    if "complex" in str(dataset.dtypes[0]):
        msg = f"{path}: holds complex numbers, but an elevation is real; convert it with gdal_translate -ot Float32"
        raise InputError(msg)
    tags = {key.lower(): str(value) for key, value in {**dataset.tags(), **dataset.tags(1)}.items()}
    for unit in (
        dataset.units[0] or "",
        tags.get("unittype", ""),
        tags.get("units", ""),
        tags.get("vertical_units", ""),
    ):
        if unit.strip().lower() in FOOT_WORDS or re.match(r"(feet|foot|ft)\b", unit.strip().lower()):
            msg = (
                f"{path}: gives elevation in {unit!r}, but metres are wanted; convert it with gdal_calc.py "
                "--calc='A*0.3048'"
            )
            raise InputError(msg)


def _has_mask(dataset: DatasetReader) -> bool:
    """Whether a mask says which cells are valid: inside the file, beside it (.msk) or as transparency."""
    from rasterio.enums import MaskFlags

    flags = dataset.mask_flag_enums[0]
    return MaskFlags.per_dataset in flags or MaskFlags.alpha in flags


@lru_cache(maxsize=4)
def _read_altitude(path: Path) -> NDArray[np.float32]:
    if _is_hgt(path):
        _, data = _hgt_bytes(path)
        side = round((len(data) / 2) ** 0.5)
        raw = np.frombuffer(data, dtype=">i2").reshape(side, side)
        is_void = raw == -32768
        altitude_m = raw.astype(np.float32)
    else:
        from rasterio.errors import RasterioError

        with _dataset(path) as dataset:
            try:
                values = dataset.read(1)
            except (RasterioError, MemoryError) as error:
                msg = (
                    f"{path}: breaks off while being read ({type(error).__name__}); the file is truncated or damaged, "
                    "fetch it again"
                )
                raise InputError(msg) from None
            scale, offset = dataset.scales[0], dataset.offsets[0]
            is_void = np.zeros(values.shape, dtype=np.bool_)
            if _has_mask(dataset):
                is_void |= dataset.read_masks(1) == 0
            if dataset.nodata is not None and not np.isnan(dataset.nodata):
                is_void |= values == np.array(dataset.nodata).astype(values.dtype)
            altitude_m = values.astype(np.float32)
            if scale != 1.0 or offset != 0.0:
                altitude_m = (altitude_m * scale + offset).astype(np.float32)
            is_void |= ~np.isfinite(altitude_m) | (altitude_m == -32768.0) | (altitude_m == -9999.0)
    n_voids = int(np.count_nonzero(is_void))
    if n_voids:
        msg = (
            f"{path}: {n_voids:,} of {is_void.size:,} cells are voids without elevation; fill them with "
            "gdal_fillnodata.py, or set the sea to 0"
        )
        raise InputError(msg)
    lowest, highest = float(altitude_m.min()), float(altitude_m.max())
    if highest > HIGHEST_GROUND_M:
        msg = (
            f"{path}: the highest value is {highest:g}, above any ground in metres; if it is in feet, convert it with "
            "gdal_calc.py --calc='A*0.3048'"
        )
        raise InputError(msg)
    if lowest < LOWEST_GROUND_M:
        msg = (
            f"{path}: the lowest value is {lowest:g}, below any dry land in metres; set voids and the sea floor to 0 "
            "first"
        )
        raise InputError(msg)
    altitude_m.setflags(write=False)
    return altitude_m


def terrain_info_lines(model: ElevationModel) -> list[str]:
    """Return what ``ringtrue terrain info`` prints about a model."""
    if model.is_bare_earth:
        return ["none: smooth earth at the ground altitude of the site"]
    west, south, east, north = model.bounds_deg
    altitude_m = model.altitude_m
    return [
        f"{model.name}: {model.path.name}",
        f"covers     {south:.4f} to {north:.4f} N, {west:.4f} to {east:.4f} E",
        f"cells      {model.shape[0]} x {model.shape[1]}, {model.resolution_m:.0f} m from north to south",
        f"ground     {altitude_m.min():.0f} to {altitude_m.max():.0f} m above mean sea level",
        f"sha256     {model.content_key}",
    ]


def terrain_add(path: str | Path) -> str:
    """Check a model, copy it into the data folder, and return the name by which ``--dem`` finds it.

    Raises
    ------
    InputError
        The model is refused by ``open_model``, its name is taken by another, or the folder cannot be written to.
    """
    source = Path(path)
    if not source.exists():
        msg = f"{path}: there is no such file; give a GeoTIFF or .hgt file"
        raise InputError(msg)
    model = open_model(source)
    name = _stem(source)
    known = added_models()
    if name in (SHIPPED_NAME, "none") or (name in known and open_model(known[name]) != model):
        msg = f"{path}: a different model is already called {name!r}; rename the file"
        raise InputError(msg)
    folder = data_dir() / "terrain"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{source.name}.part"
        shutil.copyfile(source, part)
        part.replace(folder / source.name)
    except OSError as error:
        msg = f"{folder}: cannot be written to ({error.strerror}); set RINGTRUE_DATA to a folder of your own"
        raise InputError(msg) from None
    return name
