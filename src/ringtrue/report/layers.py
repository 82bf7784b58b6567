"""Height rasters as a browser takes them: coded in eight bits, warped to web Mercator, packed as text.

One code table serves the lowest height, the ceiling and the slider. The audited heights stand in it exactly, so that at
those heights the threshold in the browser decides each cell as the comparison of the two heights would.
"""

from __future__ import annotations

import base64
import zlib
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from ringtrue.geo.geodesy import WGS84_INVERSE_FLATTENING, WGS84_SEMI_MAJOR_M, site_crs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

    FloatGrid = NDArray[np.float32]
    CodeGrid = NDArray[np.uint8]

LOWEST_LEVEL_M = 30.0
HIGHEST_LEVEL_M = 15_000.0
N_LEVELS = 254


def height_levels_m(audited_heights_m: Iterable[float] = ()) -> NDArray[np.float64]:
    """Return the heights that codes stand for: logarithmic from 30 m to 15 km, audited heights exactly among them.

    Parameters
    ----------
    audited_heights_m : iterable of float
        Heights above ground [m]; those outside 30 m to 15 km are left out.

    Returns
    -------
    (level,) ndarray
        Increasing heights [m], at most 254; neighbours 2.5 % apart, rounded to a metre below 1 km, to 10 m above.

    Examples
    --------
    >>> levels = height_levels_m([50.0, 500.0])
    >>> float(levels[0]), float(levels[-1]), 500.0 in levels
    (30.0, 15000.0, True)
    """
    raw = np.geomspace(LOWEST_LEVEL_M, HIGHEST_LEVEL_M, N_LEVELS)
    levels = np.unique(np.where(raw < 1000.0, np.round(raw), np.round(raw, -1)))
    for height_m in sorted(set(audited_heights_m)):
        if LOWEST_LEVEL_M < height_m < HIGHEST_LEVEL_M:
            inner = np.abs(np.log(levels[1:-1] / height_m))
            levels[1 + int(inner.argmin())] = height_m
    return np.unique(levels)


def ladder_levels_m(
    rasters_m: Iterable[ArrayLike], audited_heights_m: Iterable[float] = (), most: int = 64
) -> NDArray[np.float64]:
    """Return the levels for rasters: their own heights where they were computed on a ladder, else `height_levels_m`.

    Between two rungs of a ladder nothing was computed, so the slider has no stop there.

    Examples
    --------
    >>> ladder_levels_m([np.array([30.0, 100.0, np.nan]), np.array([15000.0])], [50.0]).tolist()
    [30.0, 50.0, 100.0, 15000.0]
    """
    rungs: set[float] = {LOWEST_LEVEL_M, HIGHEST_LEVEL_M, *audited_heights_m}
    for raster_m in rasters_m:
        heights = np.unique(np.asarray(raster_m))
        rungs |= {float(height_m) for height_m in heights[np.isfinite(heights)]}
        if len(rungs) > most:
            return height_levels_m(audited_heights_m)
    return np.array(sorted(h for h in rungs if LOWEST_LEVEL_M <= h <= HIGHEST_LEVEL_M))


def code_lowest(lowest_height_m: ArrayLike, levels_m: NDArray[np.float64]) -> CodeGrid:
    """Code lowest heights: the first level at or above; 0 where no level is, and where the height is nan.

    >>> code_lowest([10.0, 30.0, 31.0, float("nan"), 2e4], np.array([30.0, 40.0])).tolist()
    [1, 1, 2, 0, 0]
    """
    heights = np.asarray(lowest_height_m, dtype=np.float64)
    codes = np.searchsorted(levels_m, heights, side="left") + 1
    codes[~(heights <= levels_m[-1])] = 0
    return codes.astype(np.uint8)


def code_ceiling(ceiling_height_m: ArrayLike, levels_m: NDArray[np.float64]) -> CodeGrid:
    """Code ceilings: the last level at or below; 0 where there is none, and where the height is nan.

    >>> code_ceiling([10.0, 30.0, 39.0, float("inf"), float("nan")], np.array([30.0, 40.0])).tolist()
    [0, 1, 1, 2, 0]
    """
    heights = np.asarray(ceiling_height_m, dtype=np.float64)
    codes = np.searchsorted(levels_m, heights, side="right")
    codes[np.isnan(heights)] = 0
    return codes.astype(np.uint8)


def shown_at(lowest_codes: CodeGrid, ceiling_codes: CodeGrid, level: int) -> NDArray[np.bool_]:
    """Return the cells shown at level index ``level`` (from 0), by the rule the browser applies."""
    code = level + 1
    return (lowest_codes > 0) & (lowest_codes <= code) & (ceiling_codes >= code)


@dataclass(frozen=True, slots=True)
class Window:
    """A rectangle of EPSG:3857 that holds a site's grid: its sides [m] and its cells."""

    latitude_deg: float
    longitude_deg: float
    west_m: float
    south_m: float
    east_m: float
    north_m: float
    width: int
    height: int

    @property
    def corners(self) -> list[list[float]]:
        """Return north-west, north-east, south-east, south-west as longitude, latitude [deg]."""
        from pyproj import Transformer

        back = Transformer.from_crs("EPSG:3857", "EPSG:4326", always_xy=True)
        x = [self.west_m, self.east_m, self.east_m, self.west_m]
        y = [self.north_m, self.north_m, self.south_m, self.south_m]
        longitude, latitude = back.transform(x, y)
        return [[round(a, 6), round(b, 6)] for a, b in zip(longitude, latitude, strict=True)]


def mercator_window(
    latitude_deg: float, longitude_deg: float, half_width_m: float, cell_m: float, most_cells: int
) -> Window:
    """Return the web Mercator window of a square grid of ``half_width_m`` [m] around a site.

    Cells are ``cell_m`` [m] on the ground at the site, coarser if the longer side would exceed ``most_cells``.
    """
    from pyproj import Transformer

    forward = Transformer.from_crs(site_crs(latitude_deg, longitude_deg), "EPSG:3857", always_xy=True)
    edge = np.linspace(-half_width_m, half_width_m, 65)
    low, high = np.full_like(edge, -half_width_m), np.full_like(edge, half_width_m)
    x, y = forward.transform(np.concatenate([edge, edge, low, high]), np.concatenate([low, high, edge, edge]))
    west, east, south, north = float(min(x)), float(max(x)), float(min(y)), float(max(y))
    wanted = cell_m / float(np.cos(np.radians(latitude_deg)))
    step = max(wanted, (east - west) / most_cells, (north - south) / most_cells)
    width, height = int(np.ceil((east - west) / step)), int(np.ceil((north - south) / step))
    return Window(latitude_deg, longitude_deg, west, south, west + width * step, south + height * step, width, height)


@lru_cache(maxsize=4)
def window_metres(window: Window) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return metres east and north of the site for the centre of every cell of the window, both (row, column).

    The projections are asked at every eighth cell and at the sides; between them cubics through four neighbours hold to
    a millimetre, some millionths of a cell.
    """
    from pyproj import Transformer

    step_x = (window.east_m - window.west_m) / window.width
    step_y = (window.north_m - window.south_m) / window.height
    columns, rows = _nodes(window.width), _nodes(window.height)
    x, y = np.meshgrid(window.west_m + step_x * (columns + 0.5), window.north_m - step_y * (rows + 0.5))
    back = Transformer.from_crs("EPSG:3857", site_crs(window.latitude_deg, window.longitude_deg), always_xy=True)
    east_m, north_m = back.transform(x, y)
    across, down = _cubics(columns, window.width), _cubics(rows, window.height)
    return down @ east_m @ across.T, down @ north_m @ across.T


def _nodes(n: int) -> NDArray[np.float64]:
    """Return every eighth place of 0 to n - 1, and the last; at least four."""
    return np.unique(np.append(np.arange(0, n, max(1, min(8, n // 4))), n - 1)).astype(np.float64)


def _cubics(nodes: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    """Return the weights (place, node) of cubics through the four nodes around each place 0 to n - 1."""
    places = np.arange(n, dtype=np.float64)
    first = np.clip(np.searchsorted(nodes, places, side="right") - 2, 0, max(nodes.size - 4, 0))
    use = first[:, None] + np.arange(min(4, nodes.size))
    at = nodes[use]
    weights = np.zeros((n, nodes.size))
    for k in range(use.shape[1]):
        others = np.delete(at, k, axis=1)
        share = np.prod((places[:, None] - others) / (at[:, k : k + 1] - others), axis=1)
        weights[np.arange(n), use[:, k]] = share
    return weights


@lru_cache(maxsize=8)
def source_cells(window: Window, n_cells: int, cell_m: float) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Return for every cell of the window the flat index of the grid cell that holds its centre, and whether one does.

    Parameters
    ----------
    n_cells, cell_m
        Cells along a side of the site's square azimuthal-equidistant grid, and their side [m].
    """
    east_m, north_m = window_metres(window)
    column = np.floor(east_m / cell_m + n_cells / 2.0).astype(np.intp)
    row = np.floor(n_cells / 2.0 - north_m / cell_m).astype(np.intp)
    inside = (row >= 0) & (row < n_cells) & (column >= 0) & (column < n_cells)
    return np.where(inside, row * n_cells + column, 0), inside


def warp_codes(codes: CodeGrid, cell_m: float, window: Window) -> CodeGrid:
    """Warp codes from a site's azimuthal-equidistant grid to the window, nearest cell; 0 outside.

    Parameters
    ----------
    codes : (row, column) uint8
        Square grid centred on the site, row 0 = north.
    cell_m : float
        Side of its cells [m].
    """
    index, inside = source_cells(window, codes.shape[0], cell_m)
    return np.where(inside, codes.ravel()[index], 0).astype(np.uint8)


def hillshade(ground_altitude_m: FloatGrid, cell_m: float, *, exaggeration: float = 5.0) -> NDArray[np.float64]:
    """Return terrain shading from 0 (dark) to 1 (light), light from the north-west at 45°; nan on sea and outside.

    Parameters
    ----------
    ground_altitude_m : (row, column) array
        Altitude of the ground [m]; cells at exactly 0 m count as sea, as in the shipped model.
    cell_m : float
        Side of the cells [m].
    exaggeration : float
        Factor on slopes [1]; a picture at kilometre cells needs some to show relief.

    Examples
    --------
    >>> flat = hillshade(np.full((3, 3), 7.0, dtype=np.float32), 1000.0)
    >>> round(float(flat[1, 1]), 3)
    0.5
    """
    ground = np.asarray(ground_altitude_m, dtype=np.float64)
    filled = np.where(np.isnan(ground), 0.0, ground)
    south, east = np.gradient(filled, cell_m)
    slope_east, slope_north = exaggeration * east, -exaggeration * south
    toward_light = (slope_east - slope_north) / np.sqrt(2.0)
    cosine = (1.0 + toward_light) / np.sqrt(2.0) / np.sqrt(1.0 + slope_east**2 + slope_north**2)
    shade = np.clip(0.5 + 0.9 * (cosine - np.sqrt(0.5)), 0.0, 1.0)
    shade[np.isnan(ground) | (ground == 0.0)] = np.nan
    return np.asarray(shade, dtype=np.float64)


def code_shade(shade: NDArray[np.float64], off_model: NDArray[np.bool_] | None = None, n_tones: int = 25) -> CodeGrid:
    """Code shading in ``n_tones`` steps of 2 to 254, level ground 128; 0 is nothing, 1 is off the elevation model.

    >>> code_shade(np.array([0.0, 0.5, 1.0, np.nan]), np.array([False, False, False, True])).tolist()
    [2, 128, 254, 1]
    """
    tones = np.round(np.nan_to_num(shade) * (n_tones - 1)) / (n_tones - 1)
    codes = np.round(2.0 + 252.0 * tones)
    codes[np.isnan(shade)] = 0
    if off_model is not None:
        codes[off_model] = 1
    return codes.astype(np.uint8)


def row_areas_km2(window: Window) -> NDArray[np.float64]:
    """Return the area on the ground [km²] of a cell in each row of a window, on the WGS84 ellipsoid.

    EPSG:3857 takes geodetic latitude as if the earth were a sphere of the equatorial radius *a*: a map metre stands for
    N cos φ / a to the east and M cos φ / a to the north, N and M the radii of curvature.

    Examples
    --------
    >>> window = Window(0.0, 0.0, -1000.0, -1000.0, 1000.0, 1000.0, 2, 2)
    >>> [round(float(km2), 4) for km2 in row_areas_km2(window)]  # on the equator M is a (1 - e²)
    [0.9933, 0.9933]
    """
    height_m = (window.north_m - window.south_m) / window.height
    width_m = (window.east_m - window.west_m) / window.width
    y = window.north_m - height_m * (np.arange(window.height) + 0.5)
    latitude = 2.0 * np.arctan(np.exp(y / WGS84_SEMI_MAJOR_M)) - np.pi / 2.0
    flattening = 1.0 / WGS84_INVERSE_FLATTENING
    e2 = flattening * (2.0 - flattening)
    bend = 1.0 - e2 * np.sin(latitude) ** 2
    areas: NDArray[np.float64] = width_m * height_m / 1e6 * (1.0 - e2) / bend**2 * np.cos(latitude) ** 2
    return areas


def code_ground(ground_altitude_m: ArrayLike) -> tuple[CodeGrid, float, float]:
    """Code altitudes of the ground in 254 steps: codes, altitude of code 1 [m], and step [m]; 0 where it is nan.

    >>> codes, low_m, step_m = code_ground([[np.nan, -400.0], [10.0, 3000.0]])
    >>> codes.tolist(), low_m, step_m
    ([[0, 1], [30, 244]], -400.0, 14.0)
    """
    ground = np.asarray(ground_altitude_m, dtype=np.float64)
    known = ground[np.isfinite(ground)]
    low_m, high_m = (float(np.floor(known.min())), float(known.max())) if known.size else (0.0, 0.0)
    step_m = max(1.0, float(np.ceil((high_m - low_m) / 253.0)))
    codes = np.nan_to_num(1.0 + np.round((ground - low_m) / step_m))
    return codes.astype(np.uint8), low_m, step_m


def pack(codes: CodeGrid) -> str:
    """Return codes as base64 of zlib of row-wise differences: exact, and small where neighbours agree.

    >>> unpack(pack(np.array([[1, 2], [255, 0]], dtype=np.uint8)), 2, 2).tolist()
    [[1, 2], [255, 0]]
    """
    steps = codes.copy()
    steps[:, 1:] -= codes[:, :-1]
    return base64.b64encode(zlib.compress(steps.tobytes(), 6)).decode("ascii")


def unpack(packed: str, width: int, height: int) -> CodeGrid:
    """Undo ``pack``."""
    steps = np.frombuffer(zlib.decompress(base64.b64decode(packed)), dtype=np.uint8).reshape(height, width)
    return np.cumsum(steps, axis=1, dtype=np.uint8)


@dataclass
class RasterBook:
    """Packed rasters, each kept once however many layers show it."""

    packed: list[str] = field(default_factory=list)
    _place: dict[bytes, int] = field(default_factory=dict)

    def add(self, codes: CodeGrid) -> int:
        """Return the place of the raster in the book."""
        place = self._place.setdefault(codes.tobytes(), len(self.packed))
        if place == len(self.packed):
            self.packed.append(pack(codes))
        return place

    @property
    def n_bytes(self) -> int:
        """Return the size of all rasters together."""
        return sum(map(len, self.packed))
