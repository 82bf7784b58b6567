"""Figures for print: the map of a ring audit and the radius by azimuth. Same input, same bytes."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from ringtrue.geo.geodesy import site_crs
from ringtrue.report.audit_words import (
    NESTED_LINKS,
    headline_height_m,
    headline_target,
    layer_of,
    map_height_m,
    site_words,
    target_words,
)
from ringtrue.report.basemap import Basemap, basemap
from ringtrue.report.drawing import Drawing, text_width_in, wrapped
from ringtrue.report.layers import code_shade, hillshade
from ringtrue.report.map_marks import city_mark, lake_marks, land_marks, line_marks
from ringtrue.report.plot import Plot, round_ticks
from ringtrue.report.style import INK, LINK_COLOURS, RING, SEA, SOFT, height_words, rgb

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from ringtrue.coverage.records import AuditResult, CityShare

    Forward = Callable[..., Any]

PRINT_LABELS = {
    "seen": "seen by the search radar",
    "tracked": "tracked by the fire-control radar",
    "engageable": "can be engaged",
}
N_LABELLED_CITIES = 16
DISTRICT_M = 20_000.0
MAP_WIDTH_IN, MAP_HEIGHT_IN = 7.4, 8.72
MAP_LEFT_IN, MAP_TOP_IN, MAP_SIDE_IN = 0.09, 0.64, 7.22
COVER_ALPHA = 184
SHADE_TONES = 101
NAME_PT = 8.2
SOURCE_PT = 7.0
INSET_PART = 0.98  # of the cells that an inset holds; single cells beyond stand on the map itself


@lru_cache(maxsize=8)
def window_bounds_deg(
    latitude_deg: float, longitude_deg: float, half_width_m: float
) -> tuple[float, float, float, float]:
    """Return west, south, east, north [deg] of a square of ``half_width_m`` [m] around a site, with a small margin."""
    from pyproj import Transformer

    back = Transformer.from_crs(site_crs(latitude_deg, longitude_deg), "EPSG:4326", always_xy=True)
    edge = np.linspace(-1.05 * half_width_m, 1.05 * half_width_m, 33)
    low, high = np.full_like(edge, edge[0]), np.full_like(edge, edge[-1])
    longitude, latitude = back.transform(
        np.concatenate([edge, edge, low, high]), np.concatenate([low, high, edge, edge])
    )
    return float(longitude.min()), float(latitude.min()), float(longitude.max()), float(latitude.max())


def labelled_cities(result: AuditResult) -> list[CityShare]:
    """Return the cities of all rows, each once, most populous first, without districts (20 km from a larger one)."""
    from pyproj import Geod

    seen: dict[str, CityShare] = {}
    for row in result.rows:
        for city in row.cities or ():
            seen.setdefault(city.name, city)
    kept: list[CityShare] = []
    earth = Geod(ellps="WGS84")
    for city in sorted(seen.values(), key=lambda c: (-c.population, c.name)):
        apart_m = (earth.inv(c.longitude_deg, c.latitude_deg, city.longitude_deg, city.latitude_deg)[2] for c in kept)
        if all(distance_m >= DISTRICT_M for distance_m in apart_m):
            kept.append(city)
    return kept


def inside_ring(result: AuditResult) -> NDArray[np.bool_]:
    """Return which cells of the ground grid lie inside the advertised ring."""
    n_cells = result.ground_altitude_m.shape[0]
    axis_m = (np.arange(n_cells) - n_cells // 2) * result.ground_cell_m
    return np.asarray(axis_m[:, None] ** 2 + axis_m**2 <= result.advertised_range_m**2)


def off_model(result: AuditResult) -> NDArray[np.bool_]:
    """Return which cells inside the advertised ring have no ground: the map hatches them."""
    return np.isnan(result.ground_altitude_m) & inside_ring(result)


def ring_shade(result: AuditResult) -> NDArray[np.float64]:
    """Return terrain shading inside the advertised ring, 0 to 1; nan outside, on sea and off the model."""
    shade = hillshade(result.ground_altitude_m, result.ground_cell_m)
    shade[~inside_ring(result)] = np.nan
    return shade


def ring_basemap(result: AuditResult) -> Basemap:
    """Return the base map of a square that holds the advertised ring with room around it."""
    question = result.question
    return basemap(window_bounds_deg(question.latitude_deg, question.longitude_deg, 1.6 * result.advertised_range_m))


def audit_map(result: AuditResult, target_id: str | None = None, height_m: float | None = None) -> Drawing:
    """Draw the three nested areas of one target at one height over the shaded terrain, true distances from the site.

    Parameters
    ----------
    target_id, height_m
        What to draw; by default the headline target at the headline height [m above ground], or at the nearest height
        that layers are computed for.

    Returns
    -------
    Drawing
        7.4 by 8.7 inches; cell edges are those of the computed grid, nothing is smoothed.
    """
    target_id = target_id or headline_target(result)
    height_m = map_height_m(result) if height_m is None else height_m
    drawing = Drawing(MAP_WIDTH_IN, MAP_HEIGHT_IN)
    window = SiteWindow(result, MAP_LEFT_IN, MAP_TOP_IN, MAP_SIDE_IN, 1.06 * result.advertised_range_m)
    inner = drawing.clipped(window.left_in, window.top_in, window.side_in, window.side_in)
    _draw_ground(inner, window)
    if target_id:
        _draw_links(inner, window, target_id, height_m)
    line_marks(inner, ring_basemap(result), window.placed)
    _draw_ring(inner, window)
    draw_cities(inner, window)
    if target_id:
        _draw_inset(inner, window, target_id, height_m)
    drawing.frame(window.left_in, window.top_in, window.side_in, window.side_in, SOFT, 0.7)
    against = (
        f" against {target_words(target_id, result.target_names)} at {height_words(height_m)} above ground"
        if target_id
        else ""
    )
    drawing.words(0.09, 0.1, f"{result.system_name}{against}", 14.0, level="top", bold=True)
    drawing.words(0.09, 0.38, f"{result.place_name}. {result.question.positions}", 9.5, level="top")
    _draw_legend(drawing, result.advertised_range_m / 1000.0)
    credit = ring_basemap(result).credit
    source_line(
        drawing,
        f"Middle value of every figure; intervals are in the table. Terrain: {result.terrain_name}, "
        f"k {result.k_text}, mast {result.mast_text}. {credit[0].upper()}{credit[1:]}. "
        f"Cities: GeoNames. Azimuthal-equidistant about the site.",
    )
    return drawing


def source_line(drawing: Drawing, text: str) -> None:
    """Write the source below a figure, lines broken to fit it."""
    lines = wrapped(text, drawing.width_in - 0.2, SOURCE_PT)
    drawing.words(0.09, drawing.height_in - 0.04, lines, SOURCE_PT, colour=SOFT)


class SiteWindow:
    """A square of a drawing that shows the ground around a site, azimuthal-equidistant, ``limit_m`` to each side."""

    def __init__(self, result: AuditResult, left_in: float, top_in: float, side_in: float, limit_m: float) -> None:
        self.result, self.limit_m = result, limit_m
        self.left_in, self.top_in, self.side_in = left_in, top_in, side_in
        self.per_m = side_in / (2.0 * limit_m)
        self.middle_in = np.array([left_in + side_in / 2, top_in + side_in / 2])

    def at(self, east_m: float, north_m: float) -> tuple[float, float]:
        """Return where a point stands in the drawing [inch]."""
        x, y = self.middle_in + self.per_m * np.array([east_m, -north_m])
        return float(x), float(y)

    def placed(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return a geometry in degrees in inches of the drawing, cut to the window."""
        import shapely

        forward = site_forward(self.result.question.latitude_deg, self.result.question.longitude_deg)

        def to_inches(xy: NDArray[np.float64]) -> NDArray[np.float64]:
            east, north = forward(xy[:, 0], xy[:, 1])
            return self.middle_in + self.per_m * np.column_stack([east, -north])

        right, bottom = self.left_in + self.side_in, self.top_in + self.side_in
        return shapely.clip_by_rect(shapely.transform(geometry, to_inches), self.left_in, self.top_in, right, bottom)

    def raster(self, drawing: Drawing, codes: NDArray[np.uint8], palette: NDArray[np.uint8], cell_m: float) -> None:
        """Lay a square grid centred on the site over the window, without the cells outside; code 0 is clear."""
        n = codes.shape[0]
        beyond = max(0, int(n / 2 - self.limit_m / cell_m) - 1)
        shown = codes[beyond : n - beyond, beyond : n - beyond]
        rows, columns = (np.flatnonzero(shown.any(axis=axis)) for axis in (1, 0))
        if not rows.size:
            return
        top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
        cell_in = cell_m * self.per_m
        x, y = self.middle_in + cell_in * (np.array([left, top]) - shown.shape[0] / 2)
        drawing.raster(
            shown[top:bottom, left:right],
            palette,
            float(x),
            float(y),
            cell_in * (right - left),
            cell_in * (bottom - top),
        )


@lru_cache(maxsize=4)
def site_forward(latitude_deg: float, longitude_deg: float) -> Forward:
    """Return what takes longitude and latitude [deg] to metres east and north of a site."""
    from pyproj import Transformer

    return Transformer.from_crs("EPSG:4326", site_crs(latitude_deg, longitude_deg), always_xy=True).transform


def _draw_ground(drawing: Drawing, window: SiteWindow) -> None:
    """Draw sea, land, terrain shading, hatching where there is no elevation, and lakes."""
    drawing.box(window.left_in, window.top_in, window.side_in, window.side_in, SEA)
    ground = ring_basemap(window.result)
    land_marks(drawing, ground, window.placed)
    codes, palette = shade_veil(window.result)
    window.raster(drawing, codes, palette, window.result.ground_cell_m)
    lake_marks(drawing, ground, window.placed)


def shade_veil(result: AuditResult) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return terrain shading as codes and a palette that darkens slopes in shadow and lightens those in the light.

    Code 0 is clear, code 1 the hatching where there is no elevation.
    """
    gaps = off_model(result)
    stripes = np.add.outer(np.arange(gaps.shape[0]), np.arange(gaps.shape[1])) % 6 < 2
    codes = code_shade(ring_shade(result), gaps & stripes, SHADE_TONES)
    dark = 0.5 - (np.arange(256) - 2.0) / 252.0
    palette = np.empty((256, 4), dtype=np.uint8)
    palette[:, :3] = np.where(dark > 0, 38, 255)[:, None]
    palette[:, 3] = np.clip(382.0 * np.abs(dark), 0.0, 204.0)
    palette[:2] = (0, 0, 0, 0), (96, 96, 96, 150)
    return codes, palette


def _draw_links(drawing: Drawing, window: SiteWindow, target_id: str, height_m: float) -> None:
    for link in NESTED_LINKS:
        layer = layer_of(window.result, target_id, link)
        if layer is None:
            continue
        shown = (layer.lowest_height_m <= height_m) & (layer.ceiling_height_m >= height_m)
        palette = np.array([[0, 0, 0, 0], [*rgb(LINK_COLOURS[link]), COVER_ALPHA]], dtype=np.uint8)
        window.raster(drawing, shown.astype(np.uint8), palette, layer.cell_m)


def _draw_ring(drawing: Drawing, window: SiteWindow) -> None:
    """Draw the advertised ring with its label, and the scale bar."""
    radius_m = window.result.advertised_range_m
    x, y = window.at(0.0, 0.0)
    radius_in = radius_m * window.per_m
    drawing.disc(x, y, radius_in, "", edge="#ffffff", edge_width_pt=3.4)
    drawing.disc(x, y, radius_in, "", edge=RING, edge_width_pt=1.7, dash=(8.5, 5.1))
    drawing.words(
        x, y - radius_in, f"advertised: {radius_m / 1000.0:g} km", 9.0, colour=RING, anchor="middle", level="middle",
        bold=True, halo_pt=4.0,
    )  # fmt: skip
    steps_m = (200e3, 100e3, 50e3, 20e3, 10e3, 5e3, 2e3, 1e3)
    bar_m = next(step for step in steps_m if step <= 0.5 * radius_m or step == 1e3)
    _scale_bar(drawing, window, bar_m)


def _scale_bar(drawing: Drawing, window: SiteWindow, bar_m: float) -> None:
    right, y = window.at(0.95 * window.limit_m, -0.94 * window.limit_m)
    left = right - bar_m * window.per_m
    drawing.line([left, right], [y, y], "#ffffff", 4.2)
    drawing.line([left, right], [y, y], "#111111", 2.0)
    words = f"{bar_m / 1000.0:g} km"
    drawing.words((left + right) / 2, y - 0.04, words, NAME_PT, anchor="middle", halo_pt=2.2)


def _draw_site(drawing: Drawing, window: SiteWindow) -> None:
    x, y = window.at(0.0, 0.0)
    drawing.disc(x, y, 0.055, "#ffffff", edge="#111111", edge_width_pt=1.8)
    drawing.disc(x, y, 0.018, "#111111")


def draw_cities(drawing: Drawing, window: SiteWindow) -> None:
    """Mark the site and the largest cities whose names fit beside each other."""
    result = window.result
    forward = site_forward(result.question.latitude_deg, result.question.longitude_deg)
    x, y = window.at(0.0, 0.0)
    site = site_words(result)
    half = text_width_in(site, 9.5, bold=True) / 2
    taken = [(x - half - 0.03, y - 0.08, x + half + 0.03, y + 0.22)]
    n_labels = 0
    for city in labelled_cities(result):
        east_m, north_m = forward(city.longitude_deg, city.latitude_deg)
        if max(abs(east_m), abs(north_m)) > 0.97 * window.limit_m or n_labels >= N_LABELLED_CITIES:
            continue
        on_left = east_m >= 0.7 * window.limit_m
        x_in, y_in = window.at(east_m, north_m)
        width = text_width_in(city.name, NAME_PT) + 0.1
        left = x_in - width - 0.05 if on_left else x_in - 0.05
        box = (left, y_in - 0.08, left + width + 0.1, y_in + 0.08)
        if any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
            continue
        taken.append(box)
        n_labels += 1
        city_mark(drawing, x_in, y_in, 3.0)
        drawing.words(
            x_in - 0.055 if on_left else x_in + 0.055, y_in, city.name, NAME_PT, anchor="end" if on_left else "start",
            level="middle", halo_pt=2.2,
        )  # fmt: skip
    _draw_site(drawing, window)
    drawing.words(x, y + 0.14, site, 9.5, anchor="middle", level="middle", bold=True, halo_pt=2.2)


def _draw_inset(drawing: Drawing, window: SiteWindow, target_id: str, height_m: float) -> None:
    """Enlarge the middle in the upper left corner where nearly all that is reached is small against the ring."""
    reached_m = 0.0
    for link in NESTED_LINKS:
        layer = layer_of(window.result, target_id, link)
        if layer is not None:
            shown = (layer.lowest_height_m <= height_m) & (layer.ceiling_height_m >= height_m)
            offsets = np.abs(np.argwhere(shown) - shown.shape[0] // 2).max(axis=1)
            if offsets.size:
                reached_m = max(reached_m, float(np.quantile(offsets, INSET_PART)) * layer.cell_m)
    half_m = 1.12 * reached_m
    if not 0.0 < half_m < 0.3 * window.limit_m:
        return
    inset = SiteWindow(window.result, window.left_in, window.top_in, 0.3 * window.side_in, half_m)
    inner = drawing.clipped(inset.left_in, inset.top_in, inset.side_in, inset.side_in)
    _draw_ground(inner, inset)
    _draw_links(inner, inset, target_id, height_m)
    line_marks(inner, ring_basemap(window.result), inset.placed)
    _draw_site(inner, inset)
    steps_m = (100e3, 50e3, 20e3, 10e3, 5e3, 2e3, 1e3)
    _scale_bar(inner, inset, next(step for step in steps_m if step <= 0.6 * half_m or step == 1e3))
    drawing.frame(inset.left_in, inset.top_in, inset.side_in, inset.side_in, INK, 1.2)
    left, top = window.at(-half_m, half_m)
    side = 2.0 * half_m * window.per_m
    drawing.frame(left, top, side, side, INK, 0.9)


def _draw_legend(drawing: Drawing, radius_km: float) -> None:
    x, y = 0.12, MAP_TOP_IN + MAP_SIDE_IN + 0.16
    for link in NESTED_LINKS:
        drawing.box(x, y - 0.05, 0.18, 0.1, LINK_COLOURS[link])
        drawing.frame(x, y - 0.05, 0.18, 0.1, SOFT, 0.5)
        drawing.words(x + 0.25, y, PRINT_LABELS[link], 8.8, level="middle")
        x += 0.25 + text_width_in(PRINT_LABELS[link], 8.8) + 0.3
    drawing.line([x, x + 0.28], [y, y], RING, 1.7, dash=(5, 3))
    drawing.words(x + 0.35, y, f"advertised ring, {radius_km:g} km", 8.8, level="middle")


def radius_figure(result: AuditResult, target_id: str | None = None, height_m: float | None = None) -> Drawing | None:
    """Draw the radius by azimuth of tracked and engageable for one target at one height, 5–95 % as a band.

    Returns None where no radii were computed for it.
    """
    target_id = target_id or headline_target(result)
    height_m = headline_height_m(result) if height_m is None else height_m
    where = f"{height_m:,.0f} m AGL"
    radii = [r for r in result.radii if r.target_id == target_id and r.where == where and r.link in NESTED_LINKS]
    if not radii or target_id is None:
        return None
    advertised_km = result.advertised_range_m / 1000.0
    top = max(max(r.high_m) for r in radii) / 1000.0
    is_on_scale = advertised_km <= 3 * top
    top = max(top, advertised_km) if is_on_scale else top
    drawing = Drawing(7.4, 3.5)
    plot = Plot(drawing, 0.5, 0.66, 6.75, 2.2, (0.0, 360.0), (0.0, 1.08 * top))
    plot.left_axis(round_ticks(0.0, 1.08 * top))
    plot.bottom_axis(list(zip(range(0, 361, 45), ("N", "NE", "E", "SE", "S", "SW", "W", "NW", "N"), strict=True)))
    x = 0.5
    for radius in radii:
        azimuth = np.append(radius.azimuth_deg, 360.0)
        low, median, high = (
            np.append(values, values[0]) / 1000.0 for values in (radius.low_m, radius.median_m, radius.high_m)
        )
        colour = LINK_COLOURS[radius.link]
        plot.band(azimuth, low, high, colour, 0.3)
        plot.line(azimuth, median, colour, 1.5)
        x = _named_line(drawing, x, PRINT_LABELS[radius.link], colour, ())
    scale_note = f"; the advertised {advertised_km:g} km lie off the scale"
    if is_on_scale:
        plot.line([0.0, 360.0], [advertised_km] * 2, RING, 1.6, dash=(5, 3))
        _named_line(drawing, x, "advertised", RING, (5, 3))
        scale_note = ""
    target = target_words(target_id, result.target_names)
    title = f"{result.system_name}: radius by azimuth, km, {target} at {height_words(height_m)} above ground"
    drawing.words(0.09, 0.08, title, 10.5, level="top", bold=True)
    source_line(
        drawing,
        f"Line: median; band: 5 to 95 % of {result.n_draws:,} draws{scale_note}. {result.question.positions} "
        f"Terrain: {result.terrain_name}.",
    )
    return drawing


def _named_line(drawing: Drawing, x_in: float, words: str, colour: str, dash: tuple[float, ...]) -> float:
    """Write one entry of the key of lines and return where the next begins [inch]."""
    drawing.line([x_in, x_in + 0.28], [0.46, 0.46], colour, 1.7, dash=dash)
    drawing.words(x_in + 0.34, 0.46, words, 8.4, level="middle")
    return x_in + 0.34 + text_width_in(words, 8.4) + 0.25
