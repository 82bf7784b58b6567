"""Figures of a raid: leakage over kill probability and raid size, who gets through, lanes of the fire channels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ringtrue.report.chart import (
    Look,
    chart_picture,
    interval_dots,
    is_narrow,
    key_height_in,
    key_line,
    looks,
    spread_out,
)
from ringtrue.report.drawing import LINE_HEIGHT, POINTS_PER_INCH, Drawing, wrapped
from ringtrue.report.plot import Plot, round_ticks
from ringtrue.report.style import INK, RULE, SERIES, SOFT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ringtrue.engagement.trace import Lane
    from ringtrue.finding import Finding
    from ringtrue.report.page import Picture
    from ringtrue.studies.engage import Trace
    from ringtrue.studies.raid_rows import KillCurve
    from ringtrue.studies.raid_size import Sweep

RESULTS = {
    "kill": (SERIES[0], "kill"),
    "miss": (SERIES[1], "miss"),
    "wasted": ("#8b9498", "wasted: the target was gone"),
    "in flight": (SERIES[3], "no verdict any more"),
}
MOST_LANES = 60


def bar_chart(
    alt: str,
    groups: Sequence[tuple[str, Sequence[tuple[str, Finding]]]],
    axis: str,
    scale: float,
    alike: Callable[[str], str] = str,
) -> Picture:
    """Draw groups of named findings as marks on lines, all on one axis.

    Parameters
    ----------
    groups : sequence
        (title, rows) of (label, finding).
    axis : str
        What the axis counts, with its unit.
    scale : float
        Factor on the findings, such as 100 for per cent.
    alike : callable
        By label: what rows of one colour and mark have in common; the label itself if left out.
    """
    styles = looks(alike(label) for _, rows in groups for label, _ in rows)

    def draw(width_in: float) -> Drawing:
        narrow = is_narrow(width_in)
        left, size_pt = (1.3, 7.4) if narrow else (2.6, 8.2)
        names = [[wrapped(label, left - 0.12, size_pt) for label, _ in rows] for _, rows in groups]
        most_lines = max((1 + name.count("\n") for some in names for name in some), default=1)
        row_in = max(0.3, (LINE_HEIGHT * most_lines * size_pt) / POINTS_PER_INCH + 0.06)
        titles = [wrapped(title, width_in - 0.1, 8.6, bold=True) for title, _ in groups]
        title_in = [0.24 + 0.14 * (1 + text.count("\n")) for text in titles]
        height_in = sum(high + row_in * len(rows) for high, (_, rows) in zip(title_in, groups, strict=True)) + 0.48
        drawing = Drawing(width_in, height_in)
        most = max((f.greatest for _, rows in groups for _, f in rows), default=1.0) * scale or 1.0
        top_in = 0.0
        for i, (text, high_in, (_, rows)) in enumerate(zip(titles, title_in, groups, strict=True)):
            top_in += high_in
            plot = Plot(
                drawing, left, top_in, width_in - left - 0.2, row_in * len(rows), (-0.01 * most, 1.04 * most),
                (len(rows) - 0.5, -0.5),
            )  # fmt: skip
            plot.bottom_axis(round_ticks(0.0, 1.04 * most), grid=True, named=i == len(groups) - 1)
            plot.row_names([label for label, _ in rows], size_pt, left - 0.12)
            interval_dots(plot, [f.scaled(scale) for _, f in rows], [styles[alike(label)] for label, _ in rows])
            drawing.words(0.02, top_in - 0.06, text, 8.6, bold=True)
            top_in += plot.height_in
        drawing.words(left, drawing.height_in - 0.04, axis, 8.0, colour=SOFT)
        return drawing

    return chart_picture(alt, draw)


def kill_curve_chart(curves: Sequence[KillCurve], titles: Mapping[str, str]) -> Picture:
    """Draw the leak share of every laydown over a kill probability common to all interceptors; 5 to 95 % as a band."""
    lines = [
        (titles[c.laydown], [p.p_kill for p in c.points], [p.leak_share for p in c.points], f"against {c.raid}")
        for c in curves
    ]
    return line_chart(
        "Leak share over the kill probability of one round.", lines, "kill probability of one round",
        "targets that get through, %", 100.0, shaded=(0.3, 0.9), marks={},
    )  # fmt: skip


def sweep_chart(sweeps: Sequence[Sweep], titles: Mapping[str, str]) -> Picture:
    """Draw leakers over raid size, with the knee from which more than half of what is added gets through."""
    lines = [
        (titles[s.laydown], [p.size for p in s.points], [p.leakers for p in s.points], _sizes_title(s)) for s in sweeps
    ]
    return line_chart(
        "Targets that get through over the size of the raid, with the knee from which most of what is added does.",
        lines, "targets in the raid", "targets that get through", 1.0, shaded=None,
        marks={(titles[s.laydown], _sizes_title(s)): s.knee for s in sweeps if s.knee is not None},
    )  # fmt: skip


def _sizes_title(sweep: Sweep) -> str:
    return f"raid {sweep.raid}, {sweep.magazine_words}"


def line_chart(
    alt: str,
    lines: Sequence[tuple[str, Sequence[float], Sequence[Finding], str]],
    x_words: str,
    y_words: str,
    scale: float,
    *,
    shaded: tuple[float, float] | None,
    marks: dict[tuple[str, str], float],
) -> Picture:
    """Draw findings over a quantity: lines with bands, names at their right ends, a mark where a line bends.

    Parameters
    ----------
    lines : sequence
        (name, x, findings, panel): one panel for each panel title, in order.
    marks : dict
        By name and panel: x at which the line is marked.
    """
    styles = looks(name for name, *_ in lines)
    panels = list(dict.fromkeys(panel for *_, panel in lines))

    def panel(drawing: Drawing, top_in: float, height_in: float, title: str) -> None:
        here = [line for line in lines if line[3] == title]
        right_in = 0.95 if is_narrow(drawing.width_in) else 1.9
        top = max(scale * f.high for _, _, found, _ in here for f in found) or 1.0
        most = float(max(max(x) for _, x, _, _ in here))
        is_count = x_words.startswith("targets")
        top = max(top, most) if is_count else top
        plot = Plot(
            drawing, 0.52, top_in, drawing.width_in - 0.52 - right_in, height_in, (0.0, most), (0.0, 1.05 * top)
        )
        if shaded:
            plot.shade_x(*shaded, "#f1efe8")
        plot.left_axis(round_ticks(0.0, 1.05 * top))
        plot.bottom_axis(round_ticks(0.0, most, 6))
        if is_count:
            plot.line([0.0, most], [0.0, most], SOFT, 0.8, dash=(3, 3))
            right, down = float(plot.x_in(0.66 * most)), float(plot.y_in(0.70 * most))
            drawing.words(right, down, "if all got through", 7.2, colour=SOFT, anchor="end")
        for name, x, found, _ in here:
            look = styles[name]
            low, middle, high = (scale * np.array([getattr(f, k) for f in found]) for k in ("low", "median", "high"))
            plot.band(x, low, high, look.colour, 0.16)
            plot.line(x, middle, look.colour, 1.7, dash=look.dash)
            for place, value in zip(x, middle, strict=True):
                plot.mark(place, value, look.marker, 4.0, look.colour)
            if marks.get((name, title)) in list(x):
                at = list(x).index(marks[name, title])
                drawing.disc(
                    float(plot.x_in(x[at])), float(plot.y_in(middle[at])), 0.085, "", edge=INK, edge_width_pt=1.0
                )
        ends = [float(plot.y_in(scale * found[-1].median)) for _, _, found, _ in here]
        names = [wrapped(name, right_in - 0.14, 7.6) for name, *_ in here]
        gap = 0.13 * max(1 + name.count("\n") for name in names) + 0.02
        for (key, *_), text, end in zip(here, names, spread_out(ends, gap), strict=True):
            drawing.words(plot.right_in + 0.1, end, text, 7.6, colour=styles[key].colour, level="middle")
        marked = [(name, marks[name, title]) for name, *_ in here if (name, title) in marks]
        if marked:
            words = "; ".join(f"{name}: {at:g}" for name, at in marked)
            drawing.words(
                plot.left_in + 0.06, plot.top_in + 0.03, wrapped(f"○ knee, targets: {words}", plot.width_in - 0.1, 7.6),
                7.6, level="top", halo_pt=2.0,
            )  # fmt: skip
        plot.title(title, left_in=0.02)
        plot.x_words(x_words)
        plot.y_words(y_words, 0.15)

    def draw(width_in: float) -> Drawing:
        each_in = 2.9 if is_narrow(width_in) else 3.4
        drawing = Drawing(width_in, each_in * len(panels))
        for i, title in enumerate(panels):
            panel(drawing, each_in * i + 0.32, each_in - 0.8, title)
        return drawing

    return chart_picture(alt, draw)


def lanes_chart(told: Trace) -> Picture:
    """Draw one replication as lanes: one for each fire channel, a bar from launch to verdict, a mark at intercept."""
    lanes = list(told.lanes)
    channels = sorted({(lane.unit, lane.channel) for lane in lanes})[:MOST_LANES]
    leaks = [e for e in told.events if e.event == "leak"]
    units = list(dict.fromkeys(unit for unit, _ in channels))
    shown = {lane.result for lane in lanes}
    key = [Look(colour, "s", words) for result, (colour, words) in RESULTS.items() if result in shown]
    first = min((lane.launch_s for lane in lanes), default=0.0) / 60.0
    last = max([lane.free_s for lane in lanes] + [e.time_s for e in leaks], default=60.0) / 60.0
    room = 0.03 * max(last - first, 1.0)

    def draw(width_in: float) -> Drawing:
        row_in, unit_in, leak_in, left = 0.2, 0.32, 0.36, 0.78
        head_in = key_height_in(key, width_in)
        body_in = len(channels) * row_in + len(units) * unit_in + leak_in
        drawing = Drawing(width_in, head_in + body_in + 0.48)
        plot = Plot(
            drawing, left, head_in, width_in - left - 0.14, body_in, (first - room, last + room), (body_in, 0.0)
        )
        plot.bottom_axis(round_ticks(first - room, last + room, 8), grid=True)
        plot.x_words("minutes since the start of the raid")
        y, rows = head_in, {}
        for unit in units:
            y += unit_in
            drawing.words(0.02, y - 0.04, unit, 8.0, bold=True, halo_pt=2.0)
            for place in (k for k in channels if k[0] == unit):
                rows[place] = y + row_in / 2
                drawing.words(
                    left - 0.06,
                    y + row_in / 2,
                    f"channel {place[1] + 1}",
                    7.4,
                    colour=SOFT,
                    anchor="end",
                    level="middle",
                )
                y += row_in
        for lane in lanes:
            if (lane.unit, lane.channel) in rows:
                _lane(plot, lane, rows[lane.unit, lane.channel])
        y += leak_in / 2
        drawing.line([left, plot.right_in], [y - leak_in / 2 + 0.03] * 2, RULE, 0.6)
        drawing.words(left - 0.06, y, "get through", 7.4, anchor="end", level="middle")
        for event in leaks:
            x = float(plot.x_in(event.time_s / 60.0))
            for up in (1.0, -1.0):
                drawing.line([x - 0.032, x + 0.032], [y - 0.032 * up, y + 0.032 * up], INK, 1.2)
        key_line(drawing, key)
        return drawing

    return chart_picture(
        f"One replication of {told.raid} against {told.laydown}, as lanes of the fire channels; the table tells it.",
        draw,
    )


def _lane(plot: Plot, lane: Lane, y_in: float) -> None:
    colour = RESULTS.get(lane.result, RESULTS["in flight"])[0]
    left, right = (float(v) for v in plot.x_in([lane.launch_s / 60.0, max(lane.free_s, lane.launch_s) / 60.0]))
    plot.drawing.box(left, y_in - 0.065, max(right - left, 0.01), 0.13, colour, alpha=0.85)
    if np.isfinite(lane.intercept_s):
        x = float(plot.x_in(lane.intercept_s / 60.0))
        plot.drawing.line([x, x], [y_in - 0.09, y_in + 0.09], INK, 0.9)
