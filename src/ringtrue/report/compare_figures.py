"""Figures of a comparison: what gets through, who is better how often, price and worth, maps of every offer."""

from __future__ import annotations

import io
import re
import textwrap
from itertools import takewhile
from typing import TYPE_CHECKING

import numpy as np

from ringtrue.geo.layers import places
from ringtrue.report.basemap import basemap
from ringtrue.report.chart import (
    Look,
    bare_rows,
    chart_picture,
    interval_dots,
    is_narrow,
    key_line,
    looks,
    panel_title,
    spread_out,
    wrapped,
)
from ringtrue.report.page import Panel, PanelSet, Picture
from ringtrue.report.style import INK, LAND, RULE, SEA, SERIES, SOFT, house_style, new_figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as MplFigure
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from ringtrue.report.basemap import Basemap
    from ringtrue.studies.compare_records import ComparedOffer, CompareResult, Difference, FrontierPoint, OfferMap

HEIGHT_BANDS_M = (100.0, 500.0, 3000.0, 10_000.0)
BAND_COLOURS = ("#08306b", "#2171b5", "#6baed6", "#c6dbef", "#eef3f8")
BAND_LABELS = ("from 100 m or lower", "from 500 m", "from 3,000 m", "from 10,000 m", "higher only")
MAP_PIXELS = 500
A_COLOUR, EQUAL_COLOUR, B_COLOUR = SERIES[0], "#d9dcde", SERIES[1]
N_CITIES, LEAST_CITY = 9, 500_000


def systems_of(offer: ComparedOffer) -> str:
    """Return the systems of an offer without their fits, joined; empty where it has no units."""
    return "+".join(sorted({system.partition(":")[0] for _, system, _ in offer.units}))


def packages(result: CompareResult) -> list[ComparedOffer]:
    """Return the packages in the order of the study."""
    return [offer for offer in result.offers if offer.part == "package"]


def offer_looks(result: CompareResult) -> dict[str, Look]:
    """Return how each package is drawn, by laydown: packages of the same systems look alike."""
    listed = packages(result)
    styles = looks(systems_of(offer) for offer in listed)
    named = {}
    for offer in listed:
        same = [other.title for other in listed if systems_of(other) == systems_of(offer)]
        named[offer.laydown] = styles[systems_of(offer)]._replace(label=shared_name(same))
    return named


def shared_name(titles: Sequence[str]) -> str:
    """Return the words with which all titles begin, up to the first comma, colon or bracket.

    >>> shared_name(["Alpha, one set", "Alpha, four sets"]), shared_name(["Bravo as notified: four units"])
    ('Alpha', 'Bravo as notified')
    """
    split = [title.split() for title in titles]
    alike = takewhile(lambda words: len({w.rstrip(",:;") for w in words}) == 1, zip(*split, strict=False))
    first = [words[0] for words in alike]
    return re.split(r"[,:;(]", " ".join(first) or titles[0])[0].strip() or titles[0]


def raid_chart(result: CompareResult) -> Picture:
    """Draw targets that get through, raid by raid and package by package."""
    listed, styles = packages(result), offer_looks(result)
    raids = list(result.raids)

    def rows(axes: Axes, raid: str) -> None:
        found = [result.raid_row(offer.laydown, raid) for offer in listed]
        interval_dots(axes, [row.leakers for row in found], [styles[o.laydown] for o in listed])
        n = found[0].n_targets
        axes.set_xlim(-0.02 * n, 1.04 * n)
        axes.set_xticks([0, n / 2, n], ["0", f"{n / 2:g}", f"all {n}"])
        axes.axvline(n, color=INK, linewidth=0.8, linestyle=(0, (4, 3)))

    def draw(width_in: float) -> MplFigure:
        narrow = is_narrow(width_in)
        n_across = 1 if narrow else len(raids)
        n_down = len(raids) if narrow else 1
        rows_in = (0.43 if narrow else 0.38) * len(listed)
        head_in, between_in = (1.35, 0.7) if narrow else (1.05, 0.0)
        height_in = head_in + n_down * rows_in + (n_down - 1) * between_in + 0.55
        figure = new_figure(width_in, height_in)
        left = (1.62 if narrow else 2.3) / width_in
        labels = [wrapped(o.title, 29 if narrow else 38) for o in listed]
        gap = 0.0 if narrow else 0.22 / width_in
        each = (1.0 - left - 0.12 / width_in - gap * (n_across - 1)) / n_across
        for i, raid in enumerate(raids):
            down, across = (i, 0) if narrow else (0, i)
            top_in = head_in + down * (rows_in + between_in)
            axes = figure.add_axes(
                (left + across * (each + gap), 1.0 - (top_in + rows_in) / height_in, each, rows_in / height_in)
            )
            rows(axes, raid)
            bare_rows(axes, labels if across == 0 else None)
            axes.tick_params(axis="y", labelsize=6.6 if narrow else 7.8)
            axes.tick_params(axis="x", labelsize=7.6)
            figure.text(
                0.01 if narrow else left + across * (each + gap), 1.0 - (top_in - 0.07) / height_in,
                wrapped(f"{raid}: {result.raids[raid]}", 46 if narrow else round(17.0 * each * width_in)), va="bottom",
                fontsize=8.6 if narrow else 7.8, fontweight="bold", linespacing=1.1,
            )  # fmt: skip
        figure.text(left, 0.06 / height_in, "targets that get through", fontsize=7.8, color=SOFT, va="bottom")
        key_line(
            figure, list(dict.fromkeys(styles[o.laydown] for o in listed)), top_in=0.02, columns=1 if narrow else 4
        )
        return figure

    return chart_picture("Targets that get through, for each raid and each package; the table below gives it.", draw)


def better_chart(result: CompareResult, found: Sequence[Difference]) -> Picture:
    """Draw for each difference the shares of draws in which A is better, both are equal, and B is better."""

    def draw(width_in: float) -> MplFigure:
        narrow = is_narrow(width_in)
        pairs = list(dict.fromkeys((d.a, d.b) for d in found))
        lines = [(pair, [d for d in found if (d.a, d.b) == pair]) for pair in pairs]
        head_in, row_in, foot_in = (0.5 if narrow else 0.36), 0.25, 0.5
        band_in = 0.52 if narrow else 0.34
        height_in = head_in + sum(band_in + row_in * len(rows) for _, rows in lines) + foot_in
        figure = new_figure(width_in, height_in)
        left = (1.28 if narrow else 2.3) / width_in
        axes = figure.add_axes((left, foot_in / height_in, 0.98 - left, 1.0 - (head_in + foot_in) / height_in))
        y = 0.0
        beyond = -left / (0.98 - left)
        for (a, b), rows in lines:
            y += band_in
            text = f"{result.names[a]}  against  {result.names[b]}"
            axes.text(
                beyond + 0.01, y - 0.06, wrapped(text, 50 if narrow else 105),
                fontsize=7.8, fontweight="bold", va="bottom", transform=axes.get_yaxis_transform(),
            )  # fmt: skip
            axes.plot([0.5, 0.5], [y, y + row_in * len(rows)], color=INK, linewidth=0.9, zorder=0)
            for d in rows:
                p_b = max(0.0, 1.0 - d.p_a_better - d.p_equal)
                start = 0.0
                for share, colour in ((d.p_a_better, A_COLOUR), (d.p_equal, EQUAL_COLOUR), (p_b, B_COLOUR)):
                    axes.barh(y + row_in / 2, share, 0.17, left=start, color=colour, linewidth=0)
                    if share >= 0.09:
                        ink = INK if colour == EQUAL_COLOUR else "white"
                        axes.text(
                            start + share / 2, y + row_in / 2, f"{100 * share:.0f} %", fontsize=7, color=ink,
                            ha="center", va="center",
                        )  # fmt: skip
                    start += share
                axes.text(
                    -0.015, y + row_in / 2, measure_label(result, d, narrow), fontsize=7.0, ha="right",
                    va="center", color=INK,
                )  # fmt: skip
                y += row_in
        axes.set_xlim(0, 1)
        axes.set_ylim(y, 0)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.set_xticks([0, 0.5, 1.0], ["0", "half of the draws", "all"], fontsize=7.6)
        key_line(
            figure, [Look(A_COLOUR, "s", "first is better"), Look(EQUAL_COLOUR, "s", "equal"),
                     Look(B_COLOUR, "s", "second is better")],
            top_in=0.02, columns=2 if narrow else 3,
        )  # fmt: skip
        return figure

    return chart_picture("Share of draws in which one offer is better than another; the table below gives it.", draw)


def measure_label(result: CompareResult, found: Difference, narrow: bool) -> str:
    """Return the raid of a difference as a label of one line: its id, and its title where there is room."""
    raid = found.condition.removeprefix("in raid ")
    if raid not in result.raids or narrow:
        return raid if raid in result.raids else wrapped(measure_words(result, found), 26)
    return textwrap.shorten(f"{raid}: {result.raids[raid]}", 43, placeholder=" …")


def measure_words(result: CompareResult, found: Difference) -> str:
    """Return what a difference is about, in a few words."""
    raid = found.condition.removeprefix("in raid ")
    return f"{found.measure}, {raid}" if raid in result.raids else f"{found.measure} {found.condition}"


def frontier_chart(result: CompareResult, planes: Sequence[tuple[str, str]]) -> Picture:
    """Draw price against worth in each plane (measure, condition): full marks are beaten by nobody."""
    listed, styles = packages(result), offer_looks(result)
    number = {offer.laydown: i + 1 for i, offer in enumerate(listed)}

    def plane(axes: Axes, points: Sequence[FrontierPoint], letters: int) -> None:
        prices = sorted({p.price_usd for p in points})
        step = max(prices[-1], 1.0) / 1e9 * 0.045
        for price in prices:
            here = [p for p in points if p.price_usd == price]
            for i, point in enumerate(here):
                x = price / 1e9 + step * (i - (len(here) - 1) / 2)
                scale = 1e-6 if point.value.unit == "people" else 1.0
                low, middle, high = (scale * v for v in (point.value.low, point.value.median, point.value.high))
                look = styles[point.laydown]
                axes.plot([x, x], [low, high], color=look.colour, linewidth=2.6, alpha=0.4, solid_capstyle="butt")
                axes.plot(
                    [x], [middle], look.marker, color=look.colour, markersize=5.6, zorder=3, clip_on=False,
                    markerfacecolor="white" if point.is_dominated else look.colour,
                )  # fmt: skip
                axes.annotate(
                    str(number[point.laydown]), (x, high), (0, 2.5), textcoords="offset points", fontsize=6.8,
                    ha="center", va="bottom", color=look.colour, annotation_clip=False,
                )  # fmt: skip
        axes.set_xlim(-0.08 * prices[-1] / 1e9, 1.08 * prices[-1] / 1e9)
        low, high = axes.get_ylim()
        axes.set_ylim(min(0.0, low), high + 0.08 * (high - low))
        axes.set_xticks([p / 1e9 for p in prices], [f"{p / 1e9:g}" for p in prices])
        axes.tick_params(labelsize=7.4)
        axes.grid(axis="y", linewidth=0.6, color=RULE)
        axes.set_axisbelow(True)
        first = points[0]
        unit = "million residents" if first.value.unit == "people" else "targets"
        way = "fewer is better" if first.better == "less" else "more is better"
        raid = result.raids.get(first.condition.removeprefix("in raid "), first.condition)
        panel_title(axes, f"{first.measure[:1].upper()}{first.measure[1:]}: {plane_words(result, raid)}", letters)
        axes.set_ylabel(f"{unit}; {way}", fontsize=7.4, color=SOFT)

    def draw(width_in: float) -> MplFigure:
        narrow = is_narrow(width_in)
        across = 1 if narrow else 2
        down = -(-len(planes) // across)
        each_in, head_in, foot_in = (2.35 if narrow else 2.5), (0.98 if narrow else 0.55), 0.38
        key_in = numbered_key_in(len(listed), narrow)
        height_in = head_in + down * each_in + foot_in + key_in
        figure = new_figure(width_in, height_in)
        for i, (measure, condition) in enumerate(planes):
            points = [p for p in result.frontier if (p.measure, p.condition) == (measure, condition)]
            row, column = divmod(i, across)
            w = 1.0 / across
            left = column * w + 0.5 / width_in
            bottom = 1.0 - (head_in + row * each_in + each_in - 0.82) / height_in
            axes = figure.add_axes((left, bottom, w - 0.68 / width_in, (each_in - 0.82) / height_in))
            plane(axes, points, 44 if narrow else 52)
        figure.text(
            0.5 / width_in, (key_in + 0.1) / height_in,
            "published price, bn USD of the year printed; not like for like", fontsize=7.6, color=SOFT, va="bottom",
        )  # fmt: skip
        numbered_key(figure, [(o.title, styles[o.laydown].colour) for o in listed], narrow=narrow)
        key = [*dict.fromkeys(styles[o.laydown] for o in listed)]
        key_line(figure, key, top_in=0.02, columns=1 if narrow else 4)
        return figure

    return chart_picture("Published price against worth for every package; the table below gives it.", draw)


def plane_words(result: CompareResult, text: str) -> str:
    """Return a condition with the names of classes in place of their ids, without its last clause."""
    for target, name in sorted(result.names.items(), key=lambda kv: -len(kv[0])):
        text = text.replace(f"against {target} ", f"against {name} ")
    return text.replace(", 1 engagement before release", "")


def kill_chart(result: CompareResult) -> Picture | None:
    """Draw leakers over a kill probability common to all interceptors, for each raid; 5 to 95 % at 0.6."""
    if not result.kill_curves:
        return None
    listed, styles = packages(result), offer_looks(result)
    number = {offer.laydown: i + 1 for i, offer in enumerate(listed)}
    raids = [raid for raid in result.raids if any(c.raid == raid for c in result.kill_curves)]

    def panel(axes: Axes, raid: str) -> None:
        n = next(r.n_targets for r in result.raid_rows if r.raid == raid)
        axes.axvspan(0.3, 0.9, color="#f1efe8", linewidth=0)
        curves = [c for c in result.kill_curves if c.raid == raid and c.laydown in styles]
        at = spread_out([c.leakers[-1].median for c in curves], 0.083 * n)
        for i, (curve, label_y) in enumerate(zip(curves, at, strict=True)):
            look = styles[curve.laydown]
            middle = [f.median for f in curve.leakers]
            axes.plot(curve.p_kill, middle, color=look.colour, linewidth=1.3, marker=look.marker, markersize=2.8)
            nearest = min(range(len(curve.p_kill)), key=lambda k: abs(curve.p_kill[k] - 0.6))
            x = curve.p_kill[nearest] + 0.012 * (i - len(curves) / 2)
            found = curve.leakers[nearest]
            axes.plot([x, x], [found.low, found.high], color=look.colour, linewidth=2.0, alpha=0.4)
            axes.plot([1.0, 1.03], [middle[-1], label_y], color=look.colour, linewidth=0.5, clip_on=False)
            axes.text(1.04, label_y, str(number[curve.laydown]), fontsize=6.6, color=look.colour, va="center")
        axes.set_xlim(0.0, 1.0)
        axes.set_ylim(0, 1.04 * n)
        axes.set_yticks([0, n / 2, n], ["0", f"{n / 2:g}", f"all {n}"], fontsize=7.4)
        axes.set_xticks([0, 0.3, 0.6, 0.9], ["0", "0.3", "0.6", "0.9"], fontsize=7.4)
        axes.set_xlabel("kill probability of one round", fontsize=7.4, color=SOFT, loc="left", labelpad=2)

    def draw(width_in: float) -> MplFigure:
        narrow = is_narrow(width_in)
        across = 1 if narrow else 2
        down = -(-len(raids) // across)
        each_in, head_in = 2.5, 0.85 if narrow else 0.42
        key_in = numbered_key_in(len(listed), narrow)
        height_in = head_in + down * each_in + key_in
        figure = new_figure(width_in, height_in)
        for i, raid in enumerate(raids):
            row, column = divmod(i, across)
            left = column / across + 0.44 / width_in
            bottom = 1.0 - (head_in + (row + 1) * each_in - 0.5) / height_in
            axes = figure.add_axes((left, bottom, 1 / across - 0.78 / width_in, (each_in - 0.94) / height_in))
            panel(axes, raid)
            panel_title(axes, result.raids[raid], 46)
        key_line(
            figure, list(dict.fromkeys(styles[o.laydown] for o in listed)), top_in=0.02, columns=1 if narrow else 4
        )
        numbered_key(figure, [(o.title, styles[o.laydown].colour) for o in listed], narrow=narrow)
        return figure

    return chart_picture("Targets that get through over the kill probability of one round, for each raid.", draw)


def numbered_key_in(n: int, narrow: bool) -> float:
    """Return the height of the key that names the numbers [inch]."""
    return 0.16 * -(-n // (1 if narrow else 2)) + 0.15


def numbered_key(figure: MplFigure, names: Sequence[tuple[str, str]], *, narrow: bool) -> None:
    """Name the numbers at the foot of a figure: (title, colour) in their order."""
    height_in = float(figure.get_size_inches()[1])
    rows = -(-len(names) // (1 if narrow else 2))
    most = 74 if narrow else 68
    for i, (title, colour) in enumerate(names):
        column, row = divmod(i, rows)
        text = f"{i + 1}  {title}"
        figure.text(
            0.012 + column * 0.5, (numbered_key_in(len(names), narrow) - 0.2 - 0.16 * row) / height_in,
            text if len(text) <= most else f"{text[: most - 2]}…", fontsize=6.3, color=colour, va="bottom",
        )  # fmt: skip


def map_sets(result: CompareResult) -> tuple[PanelSet, ...]:
    """Draw a small map for every package and class, packages with equal maps once; a set for each class."""
    targets = list(dict.fromkeys(m.target for m in result.maps))
    sets = []
    for target in targets:
        groups: dict[bytes, list[OfferMap]] = {}
        for one in (m for m in result.maps if m.target == target and np.isfinite(m.lowest_height_m).any()):
            groups.setdefault(one.lowest_height_m.tobytes(), []).append(one)
        panels = []
        for same in groups.values():
            titles = [result.names[m.laydown] for m in same]
            fits = offer_places(result.offer(same[0].laydown))
            alt = f"Map: where {titles[0]} can engage {result.names[target]}, by height above ground"
            panels.append(Panel("; ".join(titles), Picture(alt, png=offer_map_png(same[0])), fits))
        if panels:
            name = result.names[target]
            sets.append(
                PanelSet(name, f"{name}: lowest height above ground at which a fire unit can engage it", tuple(panels))
            )
    return tuple(sets)


def offer_places(offer: ComparedOffer) -> str:
    """Return which system stands where, places in the order of the laydown.

    Places are ids of the scenario; they are printed as words.
    """
    where: dict[str, list[str]] = {}
    for _, system, place in offer.units:
        where.setdefault(system, []).append(place_words(place))
    return "; ".join(f"{len(held)} × {system}: {', '.join(held)}" for system, held in where.items())


def place_words(place: str) -> str:
    """Return the id of a place as words.

    >>> place_words("ankara"), place_words("two-rivers"), place_words("")
    ('Ankara', 'Two Rivers', 'its site')
    """
    return place.replace("-", " ").title() or "its site"


def offer_map_png(one: OfferMap) -> bytes:
    """Return the small map of one package and class as PNG: heights in five bands, equirectangular."""
    latitude, longitude = one.latitude_deg, one.longitude_deg
    half = (longitude[1] - longitude[0]) / 2.0
    west, east = float(longitude[0] - half), float(longitude[-1] + half)
    south, north = float(latitude[-1] - half), float(latitude[0] + half)
    middle = np.cos(np.radians((south + north) / 2.0))
    width_in = 4.3
    height_in = width_in * (north - south) / ((east - west) * middle)
    with house_style():
        figure = new_figure(width_in, height_in)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_facecolor(SEA)
        ground = basemap((west, south, east, north))
        _fill(axes, ground.land, LAND, 1)
        axes.imshow(
            band_image(one.lowest_height_m), extent=(west, east, south, north), zorder=2, interpolation="nearest"
        )
        _fill(axes, ground.lakes, SEA, 2.5)
        _lines(axes, ground)
        _cities(axes, (west, south, east, north))
        axes.set(xlim=(west, east), ylim=(south, north), xticks=[], yticks=[])
        axes.set_aspect(1.0 / middle)
        for spine in axes.spines.values():
            spine.set_visible(False)
        out = io.BytesIO()
        figure.savefig(out, format="png", dpi=MAP_PIXELS / width_in, metadata={"Software": None})
    return _few_colours(out.getvalue())


def band_image(lowest_height_m: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return the picture of a height raster: one colour for each band of `HEIGHT_BANDS_M`, clear where nan.

    >>> band_image(np.array([[50.0, np.nan]], dtype=np.float32))[0, :, 3].tolist()
    [215, 0]
    """
    from matplotlib.colors import to_rgb

    colours = np.round(255 * np.array([to_rgb(c) for c in BAND_COLOURS])).astype(np.uint8)
    band = np.searchsorted(HEIGHT_BANDS_M, np.nan_to_num(lowest_height_m, nan=0.0), side="left")
    image = np.empty((*lowest_height_m.shape, 4), dtype=np.uint8)
    image[..., :3] = colours[band]
    image[..., 3] = np.where(np.isfinite(lowest_height_m), 215, 0)
    return image


def _few_colours(png: bytes) -> bytes:
    """Return the picture with a palette of 32 colours, a third of the size."""
    from PIL import Image

    out = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        picture.convert("RGB").quantize(32, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
            out, format="PNG", optimize=True
        )
    return out.getvalue()


def _fill(axes: Axes, geometry: BaseGeometry, colour: str, order: float) -> None:
    import shapely
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    rings = [
        np.asarray(ring.coords)
        for part in shapely.get_parts(geometry)
        if part.geom_type == "Polygon"
        for ring in (part.exterior, *part.interiors)
    ]
    if rings:
        path = Path.make_compound_path(*(Path(ring, closed=True) for ring in rings))
        axes.add_patch(PathPatch(path, facecolor=colour, edgecolor="none", zorder=order))


def _lines(axes: Axes, ground: Basemap) -> None:
    import shapely
    from matplotlib.collections import LineCollection

    for geometry, colour, width, style in (
        (ground.coast, "#6d8794", 0.6, "solid"),
        (ground.borders, "#555555", 0.7, "dashed"),
    ):
        parts = [np.asarray(p.coords) for p in shapely.get_parts(shapely.line_merge(geometry)) if not p.is_empty]
        axes.add_collection(LineCollection(parts, colors=colour, linewidths=width, linestyles=style, zorder=3))


def _cities(axes: Axes, bounds_deg: tuple[float, float, float, float]) -> None:
    """Name the largest cities of the map, none within two degrees of a larger one."""
    from matplotlib.patheffects import withStroke

    towns = places(bounds_deg, LEAST_CITY)
    kept: list[tuple[float, float]] = []
    for name, y, x in zip(towns.name, towns.latitude_deg, towns.longitude_deg, strict=True):
        if (
            len(kept) >= N_CITIES
            or x > bounds_deg[2] - 2.0
            or any(abs(x - a) < 2.6 and abs(y - b) < 0.9 for a, b in kept)
        ):
            continue
        kept.append((x, y))
        axes.plot(
            [x], [y], "o", markersize=2.6, color="#111111", markeredgecolor="white", markeredgewidth=0.5, zorder=4
        )
        axes.annotate(
            str(name), (x, y), (3, 0), textcoords="offset points", fontsize=7.0, va="center", zorder=5,
            path_effects=[withStroke(linewidth=1.8, foreground="white")],
        )  # fmt: skip
