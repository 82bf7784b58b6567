"""Figures for print: the map of a ring audit and the radius by azimuth. Same input, same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ringtrue.report.audit_words import (
    NESTED_LINKS,
    headline_height_m,
    headline_target,
    layer_of,
    site_words,
    target_words,
)
from ringtrue.report.basemap import Basemap, basemap
from ringtrue.report.layers import hillshade, site_crs
from ringtrue.report.style import (
    INK,
    LAND,
    LINK_COLOURS,
    RING,
    SEA,
    SOFT,
    UNKNOWN_POSITION,
    height_words,
    house_style,
    new_figure,
    source_line,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from ringtrue.coverage.records import AuditResult, CityShare

PRINT_LABELS = {
    "seen": "seen by the search radar",
    "tracked": "tracked by the fire-control radar",
    "engageable": "can be engaged",
}
N_LABELLED_CITIES = 16
DISTRICT_M = 20_000.0


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
        for city in row.cities:
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


def audit_map(result: AuditResult, target_id: str | None = None, height_m: float | None = None) -> Figure:
    """Draw the three nested areas of one target at one height over the shaded terrain, true distances from the site.

    Parameters
    ----------
    target_id, height_m
        What to draw; by default the headline target at the headline height [m above ground].

    Returns
    -------
    Figure
        7.4 by 8.7 inches; cell edges are those of the computed grid, nothing is smoothed.
    """
    target_id = target_id or headline_target(result)
    height_m = headline_height_m(result) if height_m is None else height_m
    credit = ring_basemap(result).credit
    radius_km = result.advertised_range_m / 1000.0
    limit_km = 1.06 * radius_km
    with house_style():
        figure = new_figure(7.4, 8.72)
        axes = figure.add_axes((0.012, 0.098, 0.976, 0.976 * 7.4 / 8.72))
        axes.set_facecolor(SEA)
        _draw_ground(axes, result)
        if target_id:
            _draw_links(axes, result, target_id, height_m)
        _draw_marks(axes, result, radius_km, limit_km)
        axes.set_xlim(-limit_km, limit_km)
        axes.set_ylim(-limit_km, limit_km)
        axes.set_aspect("equal")
        axes.set_xticks([])
        axes.set_yticks([])
        for spine in axes.spines.values():
            spine.set_visible(True)
        if target_id:
            _draw_inset(axes, result, target_id, height_m, limit_km)
        against = (
            f" against {target_words(target_id, result.target_names)} at {height_words(height_m)} above ground"
            if target_id
            else ""
        )
        figure.text(0.012, 0.982, f"{result.system_name}{against}", fontsize=13, fontweight="bold", va="top")
        figure.text(0.012, 0.952, f"{result.place_name}. {UNKNOWN_POSITION}", fontsize=9, color=INK, va="top")
        _draw_legend(figure, radius_km)
        source_line(
            figure,
            f"Middle value of every figure; intervals are in the table. Terrain: {result.terrain_name}, "
            f"k {result.k_text}, mast {result.mast_text}.\n{credit[0].upper()}{credit[1:]}. "
            f"Cities: GeoNames. Azimuthal-equidistant about the site.",
        )
    return figure


def _draw_ground(axes: Axes, result: AuditResult) -> None:
    import shapely
    from matplotlib.collections import LineCollection
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path
    from pyproj import Transformer

    question = result.question
    site = site_crs(question.latitude_deg, question.longitude_deg)
    forward = Transformer.from_crs("EPSG:4326", site, always_xy=True)

    def to_km(geometry: BaseGeometry) -> BaseGeometry:
        return shapely.transform(geometry, lambda xy: np.column_stack(forward.transform(xy[:, 0], xy[:, 1])) / 1000.0)

    ground = ring_basemap(result)

    def fill(geometry: BaseGeometry, colour: str, order: float) -> None:
        rings = [
            np.asarray(ring.coords)
            for part in shapely.get_parts(to_km(geometry))
            if part.geom_type == "Polygon"
            for ring in (part.exterior, *part.interiors)
        ]
        if rings:
            path = Path.make_compound_path(*(Path(ring, closed=True) for ring in rings))
            axes.add_patch(PathPatch(path, facecolor=colour, edgecolor="none", zorder=order))

    def lines(geometry: BaseGeometry, colour: str, width: float, style: str, order: float) -> None:
        parts = [np.asarray(p.coords) for p in shapely.get_parts(shapely.line_merge(to_km(geometry))) if not p.is_empty]
        axes.add_collection(LineCollection(parts, colors=colour, linewidths=width, linestyles=style, zorder=order))

    fill(ground.land, LAND, 1)
    shade = ring_shade(result)
    dark = np.nan_to_num(0.5 - shade)
    veil = np.empty((*shade.shape, 4), dtype=np.uint8)
    veil[..., :3] = np.where(dark[..., None] > 0, 38, 255)
    veil[..., 3] = np.clip(382.0 * np.abs(dark), 0.0, 204.0)
    gaps = off_model(result)
    row, column = np.indices(gaps.shape)
    veil[gaps & ((row + column) % 6 < 2)] = (96, 96, 96, 150)
    half_km = 0.5e-3 * result.ground_cell_m * shade.shape[0]
    axes.imshow(veil, extent=(-half_km, half_km, -half_km, half_km), zorder=2, interpolation="nearest")
    fill(ground.lakes, SEA, 2.5)
    lines(ground.coast, "#6d8794", 0.6, "solid", 5)
    lines(ground.borders, "#555555", 0.7, "dashed", 5)


def _draw_links(axes: Axes, result: AuditResult, target_id: str, height_m: float) -> None:
    from matplotlib.colors import to_rgb

    for order, link in enumerate(NESTED_LINKS):
        layer = layer_of(result, target_id, link)
        if layer is None:
            continue
        shown = (layer.lowest_height_m <= height_m) & (layer.ceiling_height_m >= height_m)
        image = np.empty((*shown.shape, 4), dtype=np.uint8)
        image[..., :3] = np.round(255.0 * np.array(to_rgb(LINK_COLOURS[link])))
        image[..., 3] = 184 * shown
        half_km = 0.5e-3 * layer.cell_m * shown.shape[0]
        axes.imshow(
            image, extent=(-half_km, half_km, -half_km, half_km), zorder=3 + 0.1 * order, interpolation="nearest"
        )


def _draw_marks(axes: Axes, result: AuditResult, radius_km: float, limit_km: float) -> None:
    from matplotlib.patches import Circle
    from matplotlib.patheffects import withStroke
    from pyproj import Transformer

    halo = [withStroke(linewidth=2.2, foreground="white")]
    axes.add_patch(Circle((0, 0), radius_km, fill=False, edgecolor="white", linewidth=3.4, alpha=0.85, zorder=6))
    axes.add_patch(
        Circle((0, 0), radius_km, fill=False, edgecolor=RING, linewidth=1.7, linestyle=(0, (5, 3)), zorder=6.1)
    )
    site = site_crs(result.question.latitude_deg, result.question.longitude_deg)
    forward = Transformer.from_crs("EPSG:4326", site, always_xy=True)
    taken: list[tuple[float, float, float, float]] = [
        _label_box(0.0, -0.035 * limit_km, site_words(result), limit_km, "center")
    ]
    n_labels = 0
    for city in labelled_cities(result):
        x, y = (value / 1000.0 for value in forward.transform(city.longitude_deg, city.latitude_deg))
        if max(abs(x), abs(y)) > 0.97 * limit_km or n_labels >= N_LABELLED_CITIES:
            continue
        side = "left" if x < 0.7 * limit_km else "right"
        offset = (0.014 if side == "left" else -0.014) * limit_km
        box = _label_box(x + offset, y, city.name, limit_km, side)
        if any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
            continue
        taken.append(box)
        n_labels += 1
        axes.plot(
            [x], [y], "o", markersize=3.0, color="#111111", markeredgecolor="white", markeredgewidth=0.6, zorder=8
        )
        axes.text(x + offset, y, city.name, fontsize=8, ha=side, va="center", zorder=8, path_effects=halo)
    axes.plot([0], [0], "o", markersize=8, color="white", markeredgecolor="#111111", markeredgewidth=1.8, zorder=9)
    axes.plot([0], [0], "o", markersize=2.6, color="#111111", zorder=9)
    axes.text(
        0,
        -0.035 * limit_km,
        site_words(result),
        fontsize=9,
        fontweight="bold",
        ha="center",
        va="center",
        zorder=9,
        path_effects=halo,
    )
    axes.text(
        0, radius_km, f"advertised: {radius_km:g} km", fontsize=8.5, color=RING, fontweight="bold", ha="center",
        va="center", zorder=9, path_effects=[withStroke(linewidth=4, foreground="white")],
    )  # fmt: skip
    bar_km = next(
        step for step in (200.0, 100.0, 50.0, 20.0, 10.0, 5.0, 2.0, 1.0) if step <= 0.5 * radius_km or step == 1.0
    )
    x0, y0 = 0.95 * limit_km - bar_km, -0.94 * limit_km
    axes.plot([x0, x0 + bar_km], [y0, y0], color="#111111", linewidth=2, zorder=9, path_effects=halo)
    axes.text(
        x0 + bar_km / 2,
        y0 + 0.02 * limit_km,
        f"{bar_km:g} km",
        fontsize=8,
        ha="center",
        va="bottom",
        zorder=9,
        path_effects=halo,
    )


def _draw_inset(axes: Axes, result: AuditResult, target_id: str, height_m: float, limit_km: float) -> None:
    """Enlarge the middle in the upper left corner where what is reached is small against the ring."""
    layers = [layer for link in NESTED_LINKS if (layer := layer_of(result, target_id, link)) is not None]
    reached_km = 0.0
    for layer in layers:
        shown = (layer.lowest_height_m <= height_m) & (layer.ceiling_height_m >= height_m)
        offsets = np.abs(np.argwhere(shown) - shown.shape[0] // 2)
        if offsets.size:
            reached_km = max(reached_km, float(offsets.max()) * layer.cell_m / 1000.0)
    half_km = 1.12 * reached_km
    if not 0.0 < half_km < 0.3 * limit_km:
        return
    inset = axes.inset_axes((0.0, 0.70, 0.30, 0.30), zorder=20)
    inset.set_facecolor(SEA)
    _draw_ground(inset, result)
    _draw_links(inset, result, target_id, height_m)
    inset.plot([0], [0], "o", markersize=8, color="white", markeredgecolor="#111111", markeredgewidth=1.8, zorder=9)
    inset.plot([0], [0], "o", markersize=2.6, color="#111111", zorder=9)
    bar_km = next(step for step in (100.0, 50.0, 20.0, 10.0, 5.0, 2.0, 1.0) if step <= 0.6 * half_km or step == 1.0)
    inset.plot([0.9 * half_km - bar_km, 0.9 * half_km], [-0.88 * half_km] * 2, color="#111111", linewidth=2, zorder=9)
    inset.text(
        0.9 * half_km - bar_km / 2, -0.84 * half_km, f"{bar_km:g} km", fontsize=7.5, ha="center", va="bottom", zorder=9
    )
    inset.set(xlim=(-half_km, half_km), ylim=(-half_km, half_km), xticks=[], yticks=[], aspect="equal")
    for spine in inset.spines.values():
        spine.set(visible=True, linewidth=1.2, edgecolor=INK)
    axes.plot(
        [-half_km, half_km, half_km, -half_km, -half_km],
        [-half_km, -half_km, half_km, half_km, -half_km],
        color=INK,
        linewidth=0.9,
        zorder=7,
    )


def _label_box(x_km: float, y_km: float, text: str, limit_km: float, side: str) -> tuple[float, float, float, float]:
    width, height = 0.0205 * limit_km * len(text), 0.045 * limit_km
    left = {"left": x_km - 0.03 * limit_km, "right": x_km - width, "center": x_km - width / 2}[side]
    return left, y_km - height / 2, left + width + 0.03 * limit_km, y_km + height / 2


def _draw_legend(figure: Figure, radius_km: float) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Patch | Line2D] = [
        Patch(facecolor=LINK_COLOURS[link], edgecolor=SOFT, linewidth=0.5) for link in NESTED_LINKS
    ]
    handles.append(Line2D([], [], color=RING, linewidth=1.7, linestyle=(0, (5, 3))))
    labels = [PRINT_LABELS[link] for link in NESTED_LINKS] + [f"advertised ring, {radius_km:g} km"]
    figure.legend(
        handles, labels, loc="lower left", bbox_to_anchor=(0.002, 0.05), ncols=4, frameon=False, fontsize=8.2,
        handlelength=1.6, columnspacing=1.4, handletextpad=0.5,
    )  # fmt: skip


def radius_figure(result: AuditResult, target_id: str | None = None, height_m: float | None = None) -> Figure | None:
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
    with house_style():
        figure = new_figure(7.4, 3.5)
        axes = figure.add_axes((0.075, 0.19, 0.905, 0.62))
        axes.grid(axis="y")
        top = max(max(r.high_m) for r in radii) / 1000.0
        for radius in radii:
            azimuth = np.append(radius.azimuth_deg, 360.0)
            low, median, high = (
                np.append(values, values[0]) / 1000.0 for values in (radius.low_m, radius.median_m, radius.high_m)
            )
            colour = LINK_COLOURS[radius.link]
            axes.fill_between(azimuth, low, high, color=colour, alpha=0.3, linewidth=0)
            axes.plot(azimuth, median, color=colour, linewidth=1.5, label=PRINT_LABELS[radius.link])
        if advertised_km <= 3 * top:
            axes.axhline(advertised_km, color=RING, linewidth=1.6, linestyle=(0, (5, 3)), label="advertised")
            top = max(top, advertised_km)
            scale_note = ""
        else:
            scale_note = f"; the advertised {advertised_km:g} km lie off the scale"
        axes.set_xlim(0, 360)
        axes.set_ylim(0, 1.08 * top)
        axes.set_xticks(range(0, 361, 45), ["N", "NE", "E", "SE", "S", "SW", "W", "NW", "N"])
        axes.legend(
            frameon=False, fontsize=8, loc="lower left", bbox_to_anchor=(-0.01, 0.99), ncols=4, borderaxespad=0.2
        )
        target = target_words(target_id, result.target_names)
        figure.text(
            0.012,
            0.97,
            f"{result.system_name}: radius by azimuth, km, {target} at {height_words(height_m)} above ground",
            fontsize=10,
            fontweight="bold",
            va="top",
        )
        source_line(
            figure,
            f"Line: median; band: 5 to 95 % of {result.n_draws:,} draws{scale_note}. {UNKNOWN_POSITION} "
            f"Terrain: {result.terrain_name}.",
        )
    return figure
