"""Elevation models: what a file says about the ground, checked before it is believed."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ringtrue.errors import GroundWarning, InputError, did_you_mean
from ringtrue.geo.geodesy import check_position
from ringtrue.geo.maps import DEGREES, to_degrees, to_map
from ringtrue.geo.rasters import FORMAT_WORDS, HIGHEST_GROUND_M, LOWEST_GROUND_M, Affine, Raster, read_raster

if TYPE_CHECKING:
    from ringtrue.geo.maps import EarthMap

FloatArray = NDArray[np.float64]

SHIPPED_PATH = Path(__file__).parent / "data" / "globe30s_18-50E_30-50N.tif"
SHIPPED_NAME = "globe30s"
FINEST_SPACING_M = 0.01
NO_WEIGHT = 1e-9
SAME_TURN_COLUMNS = 1e-3
ENDINGS = (
    ".hgt.gz",
    ".hgt.zip",
    ".tif",
    ".tiff",
    ".hgt",
    ".zip",
    ".vrt",
    ".asc",
    ".bil",
    ".flt",
    ".dt0",
    ".dt1",
    ".dt2",
)


@dataclass(frozen=True, eq=False)
class ElevationModel:
    """An elevation model on a north-up grid, or the smooth earth.

    Attributes
    ----------
    name : str
        What reports call it.
    content_key : str
        Hex digits of the altitudes and where they lie, from the read that gave the altitudes: results follow what was
        read, not the file's name or age.
    resolution_m : float
        Spacing of the grid from north to south [m].
    bounds_deg : tuple
        West, south, east, north of the covered area [degree]; east may be above 180.
    is_bare_earth : bool
        No terrain: a smooth earth at the ground altitude of the site. ``sample`` then gives ``bare_altitude_m``, and
        where that is None reads the shipped model, nan off it.
    path : Path
        The file.
    raster : Raster
        What was read from it.
    bare_altitude_m : float or None
        Ground altitude of the smooth earth, where one was given [m].
    """

    name: str
    content_key: str
    resolution_m: float
    bounds_deg: tuple[float, float, float, float]
    is_bare_earth: bool
    path: Path
    raster: Raster
    bare_altitude_m: float | None = None

    def __hash__(self) -> int:
        return hash(self.content_key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ElevationModel) and self.content_key == other.content_key

    @property
    def altitude_m(self) -> NDArray[np.float32]:
        """Ground altitude [m] of every cell, (row, column), row 0 in the north; nan in gaps."""
        return self.raster.altitude_m

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.raster.altitude_m.shape

    @property
    def geotransform(self) -> Affine:
        """x of the first cell centre, step per column, y of the first cell centre, step per row (negative)."""
        return self.raster.geotransform

    @property
    def map(self) -> EarthMap:
        """What x and y mean."""
        return self.raster.map

    @property
    def columns_around(self) -> int:
        """Columns once around the earth where the model has them all and joins at its seam, else 0."""
        dx, turn = self.geotransform[1], self.map.turn
        if turn is None or abs(turn / dx - round(turn / dx)) > SAME_TURN_COLUMNS:
            return 0
        return round(turn / dx) if self.shape[1] >= round(turn / dx) else 0

    def pixel_coordinates(self, latitude_deg: ArrayLike, longitude_deg: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return row and column of positions, whole numbers at cell centres; anything may lie off the grid."""
        latitude, longitude = check_position(latitude_deg, longitude_deg)
        x0, dx, y0, dy = self.geotransform
        x, y = (longitude, latitude) if self.map.crs == DEGREES else to_map(self.map.crs, latitude, longitude)
        if self.map.turn is not None:
            middle = ((x0 - dx / 2.0) + (x0 + dx * (self.shape[1] - 0.5))) / 2.0
            half = self.map.turn / 2.0
            with np.errstate(invalid="ignore"):
                x = middle + np.mod(x - middle + half, self.map.turn) - half
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
            Altitude above mean sea level [m]; nan where the model has no ground: off it, and where a cell that counts
            is a gap.

        Examples
        --------
        >>> round(float(open_model(None).sample(40.0789, 32.5656)))
        830
        """
        if self.bare_altitude_m is not None:
            latitude, _ = check_position(latitude_deg, longitude_deg)
            return np.full(latitude.shape, self.bare_altitude_m)
        row, column = self.pixel_coordinates(latitude_deg, longitude_deg)
        return bilinear(self.altitude_m, row, column, self.columns_around)


def bilinear(raster: NDArray[np.float32], row: FloatArray, column: FloatArray, columns_around: int = 0) -> FloatArray:
    """Return a raster between its cell centres; constant in its outer half cells, nan beyond, and beside nan.

    ``columns_around`` above 0 joins the last column to the first. A nan neighbour of no weight does no harm.

    >>> bilinear(np.array([[0.0, 10.0]], dtype=np.float32), np.array([0.0, 0.0]), np.array([0.5, 1.5]), 2).tolist()
    [5.0, 5.0]
    """
    n_rows, n_columns = raster.shape
    if columns_around:
        with np.errstate(invalid="ignore"):
            column = np.mod(column, columns_around)
    outside = ~((row >= -0.5) & (row <= n_rows - 0.5))
    outside |= ~np.isfinite(column) if columns_around else ~((column >= -0.5) & (column <= n_columns - 0.5))
    row = np.clip(np.where(outside, 0.0, row), 0.0, n_rows - 1.0)
    column = np.where(outside, 0.0, column)
    i = np.minimum(row.astype(np.int64), max(n_rows - 2, 0))
    i1 = np.minimum(i + 1, n_rows - 1)
    if columns_around:
        j = column.astype(np.int64)
        g = column - j
        j, j1 = j % columns_around, (j + 1) % columns_around
    else:
        column = np.clip(column, 0.0, n_columns - 1.0)
        j = np.minimum(column.astype(np.int64), max(n_columns - 2, 0))
        g = column - j
        j1 = np.minimum(j + 1, n_columns - 1)
    f = row - i
    upper = _between(raster[i, j], raster[i, j1], g)
    lower = _between(raster[i1, j], raster[i1, j1], g)
    return np.asarray(np.where(outside, np.nan, _between(upper, lower, f)), dtype=np.float64)


def _between(first: NDArray[np.floating], second: NDArray[np.floating], fraction: FloatArray) -> FloatArray:
    mixed = first * (1.0 - fraction) + second * fraction
    is_missing = np.isnan(mixed)
    if is_missing.any():
        mixed = np.where(is_missing & (fraction < NO_WEIGHT), first, mixed)
        mixed = np.where(is_missing & (fraction > 1.0 - NO_WEIGHT), second, mixed)
    return np.asarray(mixed, dtype=np.float64)


def name_of(path: Path) -> str:
    """Return what a model is called: its file's name without the ending.

    >>> name_of(Path("dem.v2.tif")), name_of(Path("N40E032.hgt.gz"))
    ('dem.v2', 'N40E032')
    """
    ending = next((e for e in ENDINGS if path.name.lower().endswith(e)), "")
    return path.name[: len(path.name) - len(ending)] or path.name


def open_model(path: str | Path | Literal["none"] | None, *, ground_altitude_m: float | None = None) -> ElevationModel:
    """Open an elevation model and refuse one that would give wrong ground in silence.

    Parameters
    ----------
    path : str, Path or None
        A GeoTIFF (or COG), an SRTM tile (.hgt, .hgt.gz, .zip), DTED, an Esri grid (.asc, .bil, .flt), a plain mosaic
        (.vrt), the name of a model added before, "none" for the smooth earth, None for the regional model that is
        shipped (18-50 E, 30-50 N, 30 arc-seconds).
    ground_altitude_m : float, optional
        Ground altitude of the smooth earth above mean sea level [m], everywhere; with "none" only.

    Returns
    -------
    ElevationModel
        Read whole; a file is read anew by each call.

    Raises
    ------
    InputError
        The file is missing, unreadable, truncated, of another format, rotated, in an unknown unit, without projection,
        off the globe or too large for the memory; one sentence says which, and what to do.
    """
    if ground_altitude_m is not None:
        if str(path) != "none":
            msg = f"--ground {ground_altitude_m:g} m: gives the altitude of bare earth; add --dem none, or leave it out"
            raise InputError(msg)
        if not LOWEST_GROUND_M <= ground_altitude_m <= HIGHEST_GROUND_M:
            msg = (
                f"--ground {ground_altitude_m:g} m: a ground altitude from {LOWEST_GROUND_M:g} to {HIGHEST_GROUND_M:g} "
                "m above mean sea level is wanted, such as --ground 1007m"
            )
            raise InputError(msg)
    if path is None or str(path) == SHIPPED_NAME:
        return _shipped()
    if str(path) == "none":
        shipped = _shipped()
        key = f"smooth earth at {ground_altitude_m!r} m"
        return ElevationModel(
            "none", key, shipped.resolution_m, (-180.0, -90.0, 180.0, 90.0), True, shipped.path, shipped.raster,
            ground_altitude_m,
        )  # fmt: skip
    return _opened(*_file_of(path))


def _file_of(path: str | Path) -> tuple[Path, str]:
    """The file behind what a user gave, and the model's name."""
    from ringtrue.geo.terrain import added_models

    given, file = str(path), Path(path)
    try:
        if file.exists():
            return file.resolve(), name_of(file)
        is_path = given.isprintable()
    except (OSError, ValueError):
        is_path = False
    if not is_path:
        msg = f"--dem {given[:80]!r}: is no path of a file; give {FORMAT_WORDS}"
        raise InputError(msg)
    known = added_models()
    if given in known:
        return known[given], given
    hint = did_you_mean(given, [*known, SHIPPED_NAME, "none"]) or f"; give {FORMAT_WORDS}, or 'none'"
    msg = f"--dem {given[:200]}: there is no such file or added model{hint}"
    raise InputError(msg)


@lru_cache(maxsize=1)
def _shipped() -> ElevationModel:
    return _opened(SHIPPED_PATH, SHIPPED_NAME)


def _opened(path: Path, name: str) -> ElevationModel:
    raster = read_raster(path)
    spacing_m = abs(raster.geotransform[3]) * raster.map.metres_per_unit
    if spacing_m < FINEST_SPACING_M:
        msg = (
            f"{path}: has cells of {spacing_m * 1e3:.2g} mm from north to south, finer than any elevation model; check "
            "its corner and step, or the unit of its projection"
        )
        raise InputError(msg)
    bounds_deg = _bounds_deg(raster)
    if not (bounds_deg[0] < bounds_deg[2] and bounds_deg[1] < bounds_deg[3]):
        msg = f"{path}: covers no ground: its corner lies beyond the edge of its map; check corner and projection"
        raise InputError(msg)
    if raster.map.untied:
        warnings.warn(
            f"{path}: {raster.map.name} is not tied to WGS84 in all of this model; places beyond are taken "
            f"{raster.map.untied} and may be off by some hundred metres; give it on a datum that belongs there, or on "
            "WGS84",
            GroundWarning,
            stacklevel=3,
        )
    return ElevationModel(name, raster.content_key, spacing_m, bounds_deg, False, path, raster)


def _bounds_deg(raster: Raster) -> tuple[float, float, float, float]:
    x0, dx, y0, dy = raster.geotransform
    n_rows, n_columns = raster.altitude_m.shape
    west, east = x0 - dx / 2.0, x0 + dx * (n_columns - 0.5)
    north, south = y0 - dy / 2.0, y0 + dy * (n_rows - 0.5)
    if raster.map.crs == DEGREES:
        return west, south, east, north
    x, y = np.meshgrid(np.linspace(west, east, 65), np.linspace(north, south, 65))
    latitude, longitude = to_degrees(raster.map.crs, x, y)
    is_known = np.isfinite(latitude) & np.isfinite(longitude)
    first = float(longitude[is_known][np.count_nonzero(is_known) // 2])
    turned = first + np.mod(longitude[is_known] - first + 180.0, 360.0) - 180.0
    return float(turned.min()), float(latitude[is_known].min()), float(turned.max()), float(latitude[is_known].max())
