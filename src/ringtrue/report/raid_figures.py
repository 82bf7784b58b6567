"""Figures of a raid: leakage over kill probability and raid size, who gets through, lanes of the fire channels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

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
from ringtrue.report.style import INK, RULE, SERIES, SOFT, new_figure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as MplFigure

    from ringtrue.engagement.trace import Lane
    from ringtrue.finding import Finding
    from ringtrue.report.page import Picture
    from ringtrue.studies.engage import Curve, Sweep, Trace

RESULTS = {
    "kill": (SERIES[0], "kill"),
    "miss": (SERIES[1], "miss"),
    "wasted": ("#8b9498", "wasted: the target was gone"),
    "in flight": (SERIES[3], "no verdict any more"),
}
MOST_LANES = 60


def bar_chart(
    alt: str, groups: Sequence[tuple[str, Sequence[tuple[str, Finding]]]], axis: str, scale: float
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
    """
    styles = looks(label for _, rows in groups for label, _ in rows)

    def draw(width_in: float) -> MplFigure:
        narrow = is_narrow(width_in)
        row_in, gap_in, foot_in = 0.25, 0.4, 0.5
        height_in = 0.02 + sum(gap_in + row_in * len(rows) for _, rows in groups) + foot_in
        figure = new_figure(width_in, height_in)
        left, top_in = (1.35 if narrow else 2.3) / width_in, 0.02
        most = max((f.high for _, rows in groups for _, f in rows), default=1.0) * scale or 1.0
        for i, (title, rows) in enumerate(groups):
            top_in += gap_in
            size_in = row_in * len(rows)
            axes = figure.add_axes((left, 1.0 - (top_in + size_in) / height_in, 0.93 - left, size_in / height_in))
            scaled = [f.__class__(f.name, f.unit, scale * f.low, scale * f.median, scale * f.high) for _, f in rows]
            interval_dots(axes, scaled, [styles[label] for label, _ in rows])
            bare_rows(axes, [wrapped(label, 22 if narrow else 42) for label, _ in rows])
            axes.tick_params(labelsize=7.4)
            axes.set_xlim(-0.01 * most, 1.04 * most)
            if i < len(groups) - 1:
                axes.tick_params(axis="x", labelbottom=False, length=0)
                axes.spines["bottom"].set_visible(False)
            figure.text(
                0.012, 1.0 - (top_in - 0.06) / height_in, wrapped(title, 52 if narrow else 110), fontsize=8.4,
                fontweight="bold", va="bottom",
            )  # fmt: skip
            top_in += size_in
        figure.text(left, 0.08 / height_in, axis, fontsize=7.6, color=SOFT, va="bottom")
        return figure

    return chart_picture(alt, draw)


def kill_curve_chart(curves: Sequence[Curve], titles: Mapping[str, str]) -> Picture:
    """Draw the leak share of every laydown over a kill probability common to all interceptors; 5 to 95 % as a band."""
    lines = [
        (titles[c.laydown], list(c.p_kill), [a.finding for a in c.leak_share], f"against {c.raid}") for c in curves
    ]
    return line_chart(
        "Leak share over the kill probability of one round.", lines, "kill probability of one round",
        "targets that get through, %", 100.0, shaded=(0.3, 0.9), marks={},
    )  # fmt: skip


def sweep_chart(sweeps: Sequence[Sweep], titles: Mapping[str, str]) -> Picture:
    """Draw leakers over raid size, the knee from which more than half of every further target gets through."""
    lines = [(titles[s.laydown], list(s.sizes), [a.finding for a in s.leakers()], f"raid {s.raid}") for s in sweeps]
    return line_chart(
        "Targets that get through over the size of the raid, with the knee where the fire channels fill.", lines,
        "targets in the raid", "targets that get through", 1.0, shaded=None,
        marks={titles[s.laydown]: s.knee for s in sweeps if s.knee is not None},
    )  # fmt: skip


def line_chart(
    alt: str,
    lines: Sequence[tuple[str, Sequence[float], Sequence[Finding], str]],
    x_words: str,
    y_words: str,
    scale: float,
    *,
    shaded: tuple[float, float] | None,
    marks: dict[str, float],
) -> Picture:
    """Draw findings over a quantity: lines with bands, names at their right ends, a mark where a line bends.

    Parameters
    ----------
    lines : sequence
        (name, x, findings, panel): one panel for each panel title, in order.
    marks : dict
        By name: x at which the line is marked.
    """
    styles = looks(name for name, *_ in lines)
    panels = list(dict.fromkeys(panel for *_, panel in lines))

    def panel(axes: Axes, title: str, narrow: bool) -> None:
        here = [line for line in lines if line[3] == title]
        top = max(scale * f.high for _, _, found, _ in here for f in found) or 1.0
        if shaded:
            axes.axvspan(*shaded, color="#f1efe8", linewidth=0)
        for name, x, found, _ in here:
            look = styles[name]
            low, middle, high = (scale * np.array([getattr(f, k) for f in found]) for k in ("low", "median", "high"))
            axes.fill_between(x, low, high, color=look.colour, alpha=0.16, linewidth=0)
            axes.plot(x, middle, color=look.colour, linewidth=1.7, marker=look.marker, markersize=4)
            if name in marks and marks[name] in list(x):
                at = list(x).index(marks[name])
                axes.plot([x[at]], [middle[at]], "o", markersize=12, markerfacecolor="none", markeredgecolor=INK)
        if marks:
            words = "; ".join(f"{name}: {marks[name]:g}" for name, *_ in here if name in marks)
            axes.text(
                0.02, 0.98, wrapped(f"○ knee, targets: {words}", 34 if narrow else 60), fontsize=7.2, va="top",
                transform=axes.transAxes,
            )  # fmt: skip
        if x_words.startswith("targets"):
            most = max(max(x) for _, x, _, _ in here)
            axes.plot([0, most], [0, most], color=SOFT, linewidth=0.8, linestyle=(0, (3, 3)))
            axes.text(most * 0.66, most * 0.70, "if all got through", fontsize=6.8, color=SOFT, ha="right")
            top = max(top, most)
        ends = spread_out([scale * found[-1].median for _, _, found, _ in here], 0.06 * top)
        for (name, x, _, _), y in zip(here, ends, strict=True):
            axes.annotate(
                wrapped(name, 14 if narrow else 26), (x[-1], y), (6, 0), textcoords="offset points", fontsize=7.2,
                color=styles[name].colour, va="center", annotation_clip=False,
            )  # fmt: skip
        axes.set_xlim(0, None)
        axes.set_ylim(0, 1.05 * top)
        axes.grid(axis="y", linewidth=0.6, color=RULE)
        axes.set_axisbelow(True)
        axes.tick_params(labelsize=7.6)
        axes.set_xlabel(x_words, fontsize=7.8, color=SOFT, loc="left")
        axes.set_ylabel(y_words, fontsize=7.8, color=SOFT)
        panel_title(axes, title, 46)

    def draw(width_in: float) -> MplFigure:
        narrow = is_narrow(width_in)
        each_in = 2.7 if narrow else 3.3
        height_in = each_in * len(panels)
        figure = new_figure(width_in, height_in)
        for i, title in enumerate(panels):
            right_in = 0.95 if narrow else 1.8
            axes = figure.add_axes((
                0.5 / width_in, 1.0 - (each_in * (i + 1) - 0.5) / height_in, 1.0 - (0.5 + right_in) / width_in,
                (each_in - 0.85) / height_in,
            ))  # fmt: skip
            panel(axes, title, narrow)
        return figure

    return chart_picture(alt, draw)


def lanes_chart(told: Trace) -> Picture:
    """Draw one replication as lanes: a lane for each fire channel, a bar from launch to verdict, a mark at "
    "intercept."""
    lanes = list(told.lanes)
    channels = sorted({(lane.unit, lane.channel) for lane in lanes})[:MOST_LANES]
    leaks = [e for e in told.events if e.event == "leak"]
    units = list(dict.fromkeys(unit for unit, _ in channels))

    def draw(width_in: float) -> MplFigure:
        narrow = is_narrow(width_in)
        row_in, gap_in, head_in, foot_in = 0.2, 0.34, (0.62 if narrow else 0.34), 0.48
        leak_in = 0.4
        height_in = head_in + len(channels) * row_in + len(units) * gap_in + leak_in + foot_in
        figure = new_figure(width_in, height_in)
        left = (0.72 if narrow else 0.9) / width_in
        axes = figure.add_axes((left, foot_in / height_in, 0.98 - left, 1.0 - (head_in + foot_in) / height_in))
        y, rows = 0.0, {}
        for unit in units:
            y += gap_in
            axes.text(
                -left / (0.98 - left) + 0.01, y - 0.06, unit, fontsize=7.6, fontweight="bold", va="bottom",
                transform=axes.get_yaxis_transform(),
            )  # fmt: skip
            for key in (k for k in channels if k[0] == unit):
                rows[key] = y + row_in / 2
                axes.text(
                    -0.008, y + row_in / 2, f"channel {key[1] + 1}", fontsize=6.6, ha="right", va="center", color=SOFT,
                    transform=axes.get_yaxis_transform(),
                )  # fmt: skip
                y += row_in
        for lane in lanes:
            if (lane.unit, lane.channel) in rows:
                _lane(axes, lane, rows[lane.unit, lane.channel])
        y += leak_in
        axes.text(
            -0.008, y - leak_in / 2, "get through", fontsize=6.8, ha="right", va="center", color=INK,
            transform=axes.get_yaxis_transform(),
        )  # fmt: skip
        for event in leaks:
            axes.plot([event.time_s / 60.0], [y - leak_in / 2], "x", color=INK, markersize=4.5, markeredgewidth=1.2)
        axes.set_ylim(y, 0)
        first = min((lane.launch_s for lane in lanes), default=0.0) / 60.0
        last = max([lane.free_s for lane in lanes] + [e.time_s for e in leaks], default=60.0) / 60.0
        axes.set_xlim(first - 0.03 * (last - first), last + 0.03 * (last - first))
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x", linewidth=0.6, color=RULE)
        axes.set_axisbelow(True)
        axes.tick_params(labelsize=7.4)
        axes.set_xlabel("minutes since the start of the raid", fontsize=7.6, color=SOFT, loc="left")
        shown = {lane.result for lane in lanes}
        legend = [Look(colour, "s", words) for result, (colour, words) in RESULTS.items() if result in shown]
        key_line(figure, legend, top_in=0.02, columns=1 if narrow else 4)
        return figure

    return chart_picture(
        f"One replication of {told.raid} against {told.laydown}, as lanes of the fire channels; the table tells it.",
        draw,
    )


def _lane(axes: Axes, lane: Lane, y: float) -> None:
    colour = RESULTS.get(lane.result, RESULTS["in flight"])[0]
    start, end = lane.launch_s / 60.0, max(lane.free_s, lane.launch_s) / 60.0
    axes.barh(y, max(end - start, 0.01), 0.13, left=start, color=colour, alpha=0.85, linewidth=0)
    if np.isfinite(lane.intercept_s):
        axes.plot([lane.intercept_s / 60.0] * 2, [y - 0.09, y + 0.09], color=INK, linewidth=0.9)
