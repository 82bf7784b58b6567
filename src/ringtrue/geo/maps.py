"""What a raster's projection says about the earth: degrees to map coordinates and back, datum and unit included."""

from __future__ import annotations

import math
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ringtrue.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FloatArray = NDArray[np.float64]

DEGREES = "EPSG:4326"
METRES_PER_DEGREE = 111_194.93
EARTH_RADII_M = (6.33e6, 6.40e6)
SAME_DEGREES = 1e-9
TO_A_FEW_METRES = ("GRS 1980", "WGS 84")  # datums on these ellipsoids lie so near to WGS84, whatever their name
BESIDE_AREA_DEG = 1.0
CYLINDERS = ("mercator", "equidistant cylindrical", "plate carree", "cylindrical equal area", "miller", "gall")


@dataclass(frozen=True)
class EarthMap:
    """A projection of the earth.

    Attributes
    ----------
    crs : str
        ``DEGREES`` where x and y are WGS84 longitude and latitude, else well-known text.
    name : str
        What the file calls it, with its datum.
    vertical : str
        The vertical datum, empty where the file names none.
    metres_per_vertical_unit : float or None
        Unit of the vertical datum.
    turn : float or None
        Once around the earth in x, where the map has such a length.
    metres_per_unit : float
        North to south.
    untied : str
        How places came to WGS84 though the datum is not tied to it there; empty where it is.
    """

    crs: str
    name: str
    vertical: str
    metres_per_vertical_unit: float | None
    turn: float | None
    metres_per_unit: float
    untied: str = ""


@contextmanager
def _no_network() -> Iterator[None]:
    from pyproj.network import is_network_enabled, set_network_enabled  # type: ignore[attr-defined]

    was = is_network_enabled()
    set_network_enabled(False)
    try:
        yield
    finally:
        set_network_enabled(was)


@lru_cache(maxsize=16)
def _transformer(source: str, target: str) -> Any:
    from pyproj import Transformer

    with _no_network():
        return Transformer.from_crs(source, target, always_xy=True)


def to_map(crs: str, latitude_deg: ArrayLike, longitude_deg: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return map coordinates x, y of positions; inf where the map does not show them."""
    x, y = _transformer(DEGREES, crs).transform(np.asarray(longitude_deg), np.asarray(latitude_deg))
    return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)


def to_degrees(crs: str, x: ArrayLike, y: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return latitude and longitude [degree] of map coordinates; inf where no place on earth has them."""
    if crs == DEGREES:
        return np.asarray(y, dtype=np.float64), np.asarray(x, dtype=np.float64)
    longitude, latitude = _transformer(crs, DEGREES).transform(np.asarray(x), np.asarray(y))
    return np.asarray(latitude, dtype=np.float64), np.asarray(longitude, dtype=np.float64)


def earth_map(path: Path, text: str) -> EarthMap:
    """Read a projection, and refuse what is no map of the earth.

    Parameters
    ----------
    path : Path
        The file that names it, for the message.
    text : str
        Well-known text.

    Raises
    ------
    InputError
        Geocentric and engineering coordinates, other bodies, heights above the ellipsoid, depths.
    """
    from pyproj import CRS
    from pyproj.exceptions import CRSError, ProjError

    try:
        whole = CRS.from_user_input(text)
        parts = whole.sub_crs_list if whole.is_compound else [whole]
        horizontal = parts[0]
        plain = horizontal.source_crs if horizontal.is_bound and horizontal.source_crs else horizontal
        is_map = plain.is_geographic or plain.is_projected or plain.type_name == "Derived Projected CRS"
        radius_m = plain.ellipsoid.semi_major_metre if plain.ellipsoid else math.nan
    except CRSError:
        is_map, plain, radius_m = False, None, math.nan
    if plain is None or not is_map or not EARTH_RADII_M[0] < radius_m < EARTH_RADII_M[1]:
        name = "its projection" if plain is None else repr(plain.name)
        msg = (
            f"{path}: {name} is not a map projection of the earth; give a file in a projection of the earth, for "
            "example by gdalwarp -t_srs EPSG:4326 -dstnodata -32768"
        )
        raise InputError(msg)
    vertical, vertical_factor = _vertical(path, plain, parts[1:])
    flat = horizontal.to_2d() if len(plain.axis_info) > 2 else horizontal
    datum = plain.datum.name if plain.datum else "datum not named"
    name = f"{plain.name} ({datum})"
    crs = flat.to_wkt()
    try:
        if plain.is_geographic:
            if _is_degrees(crs, plain):
                return EarthMap(DEGREES, name, vertical, vertical_factor, 360.0, METRES_PER_DEGREE)
            radians_per_unit = plain.axis_info[0].unit_conversion_factor
            degrees_per_unit = math.degrees(radians_per_unit)
            turn: float | None = 360.0 / degrees_per_unit
            return EarthMap(crs, name, vertical, vertical_factor, turn, METRES_PER_DEGREE * degrees_per_unit)
        method = plain.coordinate_operation.method_name.lower() if plain.coordinate_operation else ""
        turn = _turn(crs) if any(word in method for word in CYLINDERS) and "transverse" not in method else None
        _ = to_degrees(crs, [0.0], [0.0])
        return EarthMap(crs, name, vertical, vertical_factor, turn, plain.axis_info[0].unit_conversion_factor)
    except (CRSError, ProjError):
        msg = (
            f"{path}: no way is known from {plain.name!r} to longitude and latitude; give the file in another "
            "projection, for example by gdalwarp -t_srs EPSG:4326 -dstnodata -32768"
        )
        raise InputError(msg) from None


def untied(text: str, x: FloatArray, y: FloatArray) -> str:
    """Say how places of a map came to WGS84 where its datum is not tied to it; empty where it is.

    Outside the area in which a datum is tied to WGS84 PROJ takes coordinates as they are, or with a shift that belongs
    elsewhere, without a word. Maps of a sphere are taken as they are by convention, which is no doubt of this kind.

    >>> latitude = np.array([40.0])
    >>> untied("EPSG:4267", np.array([33.0]), latitude), untied("EPSG:4267", np.array([-100.0]), latitude)
    ('as they are', '')
    """
    from pyproj import CRS
    from pyproj.exceptions import ProjError

    whole = CRS.from_user_input(text)
    horizontal = whole.sub_crs_list[0] if whole.is_compound else whole
    ellipsoid = (horizontal.source_crs or horizontal if horizontal.is_bound else horizontal).ellipsoid
    if ellipsoid is None or ellipsoid.name in TO_A_FEW_METRES or ellipsoid.inverse_flattening == 0.0:
        return ""
    transformer = _transformer(horizontal.to_wkt(), DEGREES)
    for place in zip(x.ravel().tolist(), y.ravel().tolist(), strict=True):
        longitude, latitude = transformer.transform(*place)
        if not (math.isfinite(longitude) and math.isfinite(latitude)):
            continue
        try:
            used = transformer.get_last_used_operation()
        except ProjError:  # there is one way only
            used = transformer
        if "Ballpark" in used.description:
            return "as they are"
        if used.area_of_use is not None and not _is_near(used.area_of_use, latitude, longitude):
            return f"with the shift of {shortened(used.area_of_use.name)}"
    return ""


def _is_near(area: Any, latitude_deg: float, longitude_deg: float) -> bool:
    east_of_west = (longitude_deg - area.west + BESIDE_AREA_DEG) % 360.0
    width = (area.east - area.west) % 360.0 if area.east - area.west < 360.0 else 360.0
    is_between = area.south - BESIDE_AREA_DEG <= latitude_deg <= area.north + BESIDE_AREA_DEG
    return bool(is_between and east_of_west <= width + 2.0 * BESIDE_AREA_DEG)


def shortened(text: str) -> str:
    """Return the first words of an area's name.

    >>> shortened("Japan including outlying islands - onshore"), shortened("France - onshore - mainland and Corsica.")
    ('Japan including outlying islands', 'France')
    """
    return text.partition(" - ")[0].partition(";")[0].strip(" .:")


def _vertical(path: Path, plain: Any, vertical_parts: list[Any]) -> tuple[str, float | None]:
    """Name and unit of the vertical datum; empty and None where the file names none."""
    if len(plain.axis_info) > 2:
        msg = (
            f"{path}: gives heights above the ellipsoid ({plain.name}), but heights above mean sea level are wanted; "
            "convert it with gdalwarp -s_srs EPSG:4979 -t_srs EPSG:4326+5773"
        )
        raise InputError(msg)
    if not vertical_parts:
        return "", None
    axis = vertical_parts[0].axis_info[0]
    if axis.direction.lower() == "down":
        msg = (
            f"{path}: gives depths ({vertical_parts[0].name}), but altitudes above mean sea level are wanted; change "
            "the sign with gdal_calc.py --calc=-A"
        )
        raise InputError(msg)
    return str(vertical_parts[0].name), float(axis.unit_conversion_factor)


def _is_degrees(crs: str, plain: Any) -> bool:
    """Whether map coordinates are longitude and latitude on WGS84, or differ from them by nothing that counts.

    A datum may be tied to WGS84 in a small area only, so places are looked at every 2 degrees and within that area.
    """
    from pyproj import CRS

    grids = [(np.arange(-88.0, 89.0, 2.0), np.arange(-179.0, 180.0, 2.0))]
    code = plain.to_authority()
    area = (CRS.from_user_input(":".join(code)) if code else plain).area_of_use
    if area is not None:
        east = area.east if area.east > area.west else area.east + 360.0
        longitude = np.mod(np.linspace(area.west, east, 11) + 180.0, 360.0) - 180.0
        grids.append((np.linspace(area.south, area.north, 11), longitude))
    for latitudes, longitudes in grids:
        latitude, longitude = np.meshgrid(latitudes, longitudes)
        x, y = to_map(crs, latitude, longitude)
        if not (np.abs(x - longitude).max() < SAME_DEGREES and np.abs(y - latitude).max() < SAME_DEGREES):
            return False
    return True


def _turn(crs: str) -> float | None:
    """Length in x of once around the earth on a cylinder, on which x grows evenly with longitude."""
    x, _ = to_map(crs, [0.0, 0.0, 0.0, 0.0], [0.0, 30.0, 100.0, 130.0])
    step = min(abs(x[1] - x[0]), abs(x[3] - x[2]))
    return 12.0 * float(step) if np.isfinite(step) and step > 0.0 else None
