"""Charts of a comparison: what gets through, who is better how often, price and worth, better or worse rounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringtrue.report.cells import height_reference
from ringtrue.report.chart import (
    Look,
    chart_picture,
    interval_dots,
    is_narrow,
    key_height_in,
    key_line,
    spread_out,
)
from ringtrue.report.drawing import Drawing, wrapped
from ringtrue.report.offer_looks import offer_looks, packages
from ringtrue.report.plot import Plot, round_ticks
from ringtrue.report.style import INK, SOFT, ink_on

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringtrue.report.page import Picture
    from ringtrue.studies.compare_records import CompareResult, Condition, Difference, FrontierPoint

    Plane = tuple[str, Condition]

EQUAL_COLOUR = "#d9dcde"
PRIOR_SHADE = "#f1efe8"
KEY_NAME_PT, KEY_NAME_IN = 7.4, 0.17


def raid_chart(result: CompareResult) -> Picture:
    """Draw targets that get through, raid by raid and package by package."""
    listed, styles = packages(result), offer_looks(result)
    key = list(dict.fromkeys(styles[o.laydown] for o in listed))
    raids = list(result.raids)

    def draw(width_in: float) -> Drawing:
        narrow = is_narrow(width_in)
        left, size_pt = (1.5, 7.0) if narrow else (2.2, 8.0)
        gap = 0.0 if narrow else 0.24
        n_across = 1 if narrow else len(raids)
        each = (width_in - left - 0.16 - gap * (n_across - 1)) / n_across
        rows_in = (0.4 if narrow else 0.38) * len(listed)
        titles = {
            raid: wrapped(f"{raid}: {result.raids[raid]}", width_in - 0.2 if narrow else each + 0.1, 8.2, bold=True)
            for raid in raids
        }
        title_in = 0.14 * max(1 + text.count("\n") for text in titles.values()) + 0.1
        head_in = key_height_in(key, width_in) + 0.04
        each_in = title_in + rows_in + (0.34 if narrow else 0.0)
        drawing = Drawing(width_in, head_in + each_in * (len(raids) if narrow else 1) + (0.2 if narrow else 0.5))
        for i, raid in enumerate(raids):
            down, across = (i, 0) if narrow else (0, i)
            found = [result.raid_row(offer.laydown, raid) for offer in listed]
            n = found[0].n_targets
            plot = Plot(
                drawing, left + across * (each + gap), head_in + down * each_in + title_in, each, rows_in,
                (-0.02 * n, 1.04 * n), (len(listed) - 0.5, -0.5),
            )  # fmt: skip
            plot.bottom_axis([(0, "0"), (n / 2, f"{n / 2:g}"), (n, f"all {n}")], grid=True)
            plot.line([n, n], [len(listed) - 0.5, -0.5], INK, 0.8, dash=(4, 3))
            if across == 0:
                plot.row_names([f"{i}  {o.title}" for i, o in enumerate(listed, start=1)], size_pt, left - 0.12)
            interval_dots(plot, [row.leakers for row in found], [styles[o.laydown] for o in listed])
            drawing.words(0.02 if narrow else plot.left_in, plot.top_in - 0.06, titles[raid], 8.2, bold=True)
        drawing.words(left, drawing.height_in - 0.03, "targets that get through", 8.0, colour=SOFT)
        key_line(drawing, key)
        return drawing

    return chart_picture("Targets that get through, for each raid and each package; the table below gives it.", draw)


def better_chart(result: CompareResult, found: Sequence[Difference]) -> Picture:
    """Draw for each difference the shares of draws in which A is better, both are equal, and B is better."""
    pairs = list(dict.fromkeys((d.a, d.b) for d in found))
    lines = [(pair, [d for d in found if (d.a, d.b) == pair]) for pair in pairs]
    styles = offer_looks(result)
    sides = dict.fromkeys(name for pair in pairs for name in pair)
    better = [styles[name]._replace(marker="s", label=f"{styles[name].label} is better") for name in sides]
    key = [*dict.fromkeys(better), Look(EQUAL_COLOUR, "s", "equal")]

    def draw(width_in: float) -> Drawing:
        narrow = is_narrow(width_in)
        left, row_in = (1.0 if narrow else 2.5), 0.25
        titles = [
            wrapped(f"{result.names[a]} (left)  against  {result.names[b]} (right)", width_in - 0.1, 8.2, bold=True)
            for (a, b), _ in lines
        ]
        title_in = [0.22 + 0.135 * (1 + text.count("\n")) for text in titles]
        head_in = key_height_in(key, width_in)
        body_in = sum(title_in) + row_in * len(found)
        drawing = Drawing(width_in, head_in + body_in + 0.3)
        plot = Plot(drawing, left, head_in, width_in - left - 0.12, body_in, (0.0, 1.0), (body_in, 0.0))
        plot.bottom_axis([(0.0, "0"), (0.5, "half of the draws"), (1.0, "all")])
        y = head_in
        for text, high, (_, rows) in zip(titles, title_in, lines, strict=True):
            y += high
            drawing.words(0.02, y - 0.05, text, 8.2, bold=True)
            middle = float(plot.x_in(0.5))
            drawing.line([middle, middle], [y, y + row_in * len(rows)], INK, 0.9)
            for d in rows:
                _shares(plot, y + 0.04, row_in - 0.08, d, (styles[d.a].colour, styles[d.b].colour))
                label = wrapped(measure_label(result, d, narrow), left - 0.12, 7.6, most_lines=1 if narrow else 2)
                drawing.words(left - 0.07, y + row_in / 2, label, 7.6, anchor="end", level="middle")
                y += row_in
        key_line(drawing, key)
        return drawing

    return chart_picture("Share of draws in which one offer is better than another; the table below gives it.", draw)


def _shares(plot: Plot, top_in: float, height_in: float, d: Difference, colours: tuple[str, str]) -> None:
    """Draw one bar of three shares of draws in the colours of the two offers, each of room enough with its number."""
    start = 0.0
    p_b = max(0.0, 1.0 - d.p_a_better - d.p_equal)
    for share, colour in ((d.p_a_better, colours[0]), (d.p_equal, EQUAL_COLOUR), (p_b, colours[1])):
        if share > 0.0:
            left, right = float(plot.x_in(start)), float(plot.x_in(start + share))
            plot.drawing.box(left, top_in, right - left, height_in, colour)
            if share >= 0.09:
                plot.drawing.words(
                    (left + right) / 2, top_in + height_in / 2, f"{100 * share:.0f} %", 7.4,
                    colour=ink_on(colour), anchor="middle", level="middle",
                )  # fmt: skip
        start += share


def measure_label(result: CompareResult, found: Difference, narrow: bool) -> str:
    """Return the raid of a difference as a label: its id, and its title where there is room."""
    raid = found.condition.raid
    if raid is None:
        return measure_words(result, found)
    return raid if narrow else f"{raid}: {result.raids[raid]}"


def measure_words(result: CompareResult, found: Difference) -> str:
    """Return what a difference is about, in a few words."""
    raid = found.condition.raid
    return f"{found.label}, {raid}" if raid in result.raids else f"{found.label} {found.condition.text}"


def frontier_chart(result: CompareResult, planes: Sequence[Plane]) -> Picture:
    """Draw price against worth in each plane (measure, condition): full marks are beaten by nobody."""
    listed, styles = packages(result), offer_looks(result)
    key = list(dict.fromkeys(styles[o.laydown] for o in listed))
    number = {offer.laydown: i + 1 for i, offer in enumerate(listed)}

    def plane(drawing: Drawing, left_in: float, top_in: float, size_in: tuple[float, float],
              points: Sequence[FrontierPoint]) -> None:  # fmt: skip
        prices = sorted({p.price_bn_usd for p in points})
        scale = 1e-6 if points[0].value.unit == "people" else 1.0
        low = min(0.0, *(scale * p.value.low for p in points))
        high = max(scale * p.value.high for p in points)
        most = max(prices[-1], 1e-9)
        plot = Plot(
            drawing, left_in, top_in, *size_in, (-0.08 * most, 1.08 * most),
            (low - 0.04 * (high - low), high + 0.12 * (high - low)),
        )  # fmt: skip
        plot.left_axis(round_ticks(low, high, 4))
        plot.bottom_axis([(p, f"{p:g}") for p in prices])
        for price in prices:
            here = [p for p in points if p.price_bn_usd == price]
            for i, point in enumerate(here):
                x = price + 0.05 * most * (i - (len(here) - 1) / 2)
                _worth(plot, x, point, scale, styles[point.laydown], str(number[point.laydown]))
        first = points[0]
        unit = "million residents" if first.value.unit == "people" else "targets"
        way = "fewer is better" if first.better == "less" else "more is better"
        plot.title(f"{first.label[:1].upper()}{first.label[1:]}: {condition_words(result, first.condition)}",
                   left_in=left_in - 0.4)  # fmt: skip
        plot.y_words(f"{unit}; {way}", left_in - 0.3)

    def draw(width_in: float) -> Drawing:
        narrow = is_narrow(width_in)
        across = 1 if narrow else 2
        down = -(-len(planes) // across)
        each_in, head_in = (2.5 if narrow else 2.45), key_height_in(key, width_in)
        names_in = numbered_key_in(len(listed), narrow)
        drawing = Drawing(width_in, head_in + down * each_in + 0.3 + names_in)
        for i, (measure, condition) in enumerate(planes):
            points = [p for p in result.frontier if (p.measure, p.condition) == (measure, condition)]
            row, column = divmod(i, across)
            size_in = (width_in / across - 0.62, each_in - 0.85)
            plane(drawing, column * width_in / across + 0.47, head_in + row * each_in + 0.55, size_in, points)
        drawing.words(
            0.47, head_in + down * each_in + 0.12, "published price, bn USD of the year printed; not like for like",
            8.0, colour=SOFT,
        )  # fmt: skip
        numbered_key(drawing, [(o.title, styles[o.laydown].colour) for o in listed], narrow=narrow)
        key_line(drawing, key)
        return drawing

    return chart_picture("Published price against worth for every package; the table below gives it.", draw)


def _worth(plot: Plot, x: float, point: FrontierPoint, scale: float, look: Look, number: str) -> None:
    """Draw one package at a price: line from 5 to 95 %, mark, number above."""
    low, middle, high = (scale * v for v in (point.value.low, point.value.median, point.value.high))
    plot.line([x, x], [low, high], look.colour, 2.8, alpha=0.4)
    if point.is_dominated:
        plot.mark(x, middle, look.marker, 5.0, "#ffffff", edge=look.colour)
    else:
        plot.mark(x, middle, look.marker, 6.0, look.colour)
    top = min(float(plot.y_in(high)), float(plot.y_in(middle)) - 0.05) - 0.02
    plot.drawing.words(float(plot.x_in(x)), top, number, 7.4, colour=look.colour, anchor="middle")


def condition_words(result: CompareResult, condition: Condition) -> str:
    """Return what a number holds under in words of its own: the title of a raid, or a class at a level."""
    if condition.raid is not None:
        return result.raids.get(condition.raid, condition.text)
    words = f"against {result.names.get(str(condition.target), condition.target)} at {condition.where}"
    if condition.release_range_m is not None:
        words += f", release range {condition.release_range_m / 1e3:g} km"
    return height_reference(words)


def kill_chart(result: CompareResult) -> Picture | None:
    """Draw leakers over a kill probability common to all interceptors, for each raid; 5 to 95 % at 0.6."""
    if not result.kill_curves:
        return None
    listed, styles = packages(result), offer_looks(result)
    key = list(dict.fromkeys(styles[o.laydown] for o in listed))
    number = {offer.laydown: i + 1 for i, offer in enumerate(listed)}
    raids = [raid for raid in result.raids if any(c.raid == raid for c in result.kill_curves)]

    def panel(drawing: Drawing, left_in: float, top_in: float, size_in: tuple[float, float], raid: str) -> None:
        n = next(r.n_targets for r in result.rows if r.raid == raid)
        plot = Plot(drawing, left_in, top_in, *size_in, (0.0, 1.0), (0.0, 1.04 * n))
        plot.shade_x(0.3, 0.9, PRIOR_SHADE)
        plot.left_axis([(0, "0"), (n / 2, f"{n / 2:g}"), (n, f"all {n}")])
        plot.bottom_axis([(0.0, "0"), (0.3, "0.3"), (0.6, "0.6"), (0.9, "0.9")])
        curves = [c for c in result.kill_curves if c.raid == raid and c.laydown in number]
        ends = [float(plot.y_in(c.points[-1].leakers.median)) for c in curves]
        for i, (curve, end, label) in enumerate(zip(curves, ends, spread_out(ends, 0.115), strict=True)):
            look = styles[curve.laydown]
            across, middle = [p.p_kill for p in curve.points], [p.leakers.median for p in curve.points]
            plot.line(across, middle, look.colour, 1.3)
            for x, y in zip(across, middle, strict=True):
                plot.mark(x, y, look.marker, 3.2, look.colour)
            nearest = min(curve.points, key=lambda point: abs(point.p_kill - 0.6))
            x = nearest.p_kill + 0.012 * (i - len(curves) / 2)
            found = nearest.leakers
            plot.line([x, x], [found.low, found.high], look.colour, 2.0, alpha=0.4)
            drawing.line([plot.right_in, plot.right_in + 0.08], [end, label], look.colour, 0.5)
            drawing.words(
                plot.right_in + 0.11, label, str(number[curve.laydown]), 7.4, colour=look.colour, level="middle"
            )
        plot.title(result.raids[raid], left_in=left_in - 0.4)
        plot.x_words("kill probability of one round")

    def draw(width_in: float) -> Drawing:
        narrow = is_narrow(width_in)
        across = 1 if narrow else 2
        down = -(-len(raids) // across)
        each_in, head_in = 2.6, key_height_in(key, width_in)
        names_in = numbered_key_in(len(listed), narrow)
        drawing = Drawing(width_in, head_in + down * each_in + names_in + 0.06)
        for i, raid in enumerate(raids):
            row, column = divmod(i, across)
            size_in = (width_in / across - 0.78, each_in - 1.0)
            panel(drawing, column * width_in / across + 0.46, head_in + row * each_in + 0.5, size_in, raid)
        key_line(drawing, key)
        numbered_key(drawing, [(o.title, styles[o.laydown].colour) for o in listed], narrow=narrow)
        return drawing

    return chart_picture("Targets that get through over the kill probability of one round, for each raid.", draw)


def numbered_key_in(n: int, narrow: bool) -> float:
    """Return the height of the key that names the numbers [inch]."""
    return KEY_NAME_IN * -(-n // (1 if narrow else 2)) + 0.06


def numbered_key(drawing: Drawing, names: Sequence[tuple[str, str]], *, narrow: bool) -> None:
    """Name the numbers at the foot of a drawing: (title, colour) in their order."""
    columns = 1 if narrow else 2
    rows = -(-len(names) // columns)
    for i, (title, colour) in enumerate(names):
        column, row = divmod(i, rows)
        left_in = 0.04 + column * drawing.width_in / columns
        top_in = drawing.height_in - numbered_key_in(len(names), narrow) + KEY_NAME_IN * row
        room_in = drawing.width_in / columns - 0.25
        drawing.words(left_in, top_in, str(i + 1), KEY_NAME_PT, colour=colour, level="top", bold=True)
        text = wrapped(title, room_in, KEY_NAME_PT, most_lines=1)
        drawing.words(left_in + 0.14, top_in, text, KEY_NAME_PT, colour=INK, level="top")
