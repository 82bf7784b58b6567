"""Capability over time: what each offer would reach on paper and what was reported, month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ringtrue.report.chart import Look, chart_picture, is_narrow, key_line, panel_title
from ringtrue.report.style import INK, RULE, SERIES, SOFT, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as MplFigure
    from numpy.typing import NDArray

    from ringtrue.report.page import Picture
    from ringtrue.studies.timeline import Curve, TimelineResult

PAPER = Look(SERIES[0], "", "on paper: as promised, or after an assumed lead time")
REPORTED = Look(SERIES[1], "", "as reported: delivered")
PAPER_DASH = (0, (4, 2))
QUANTITY = "area_km2"


def timeline_chart(result: TimelineResult) -> Picture:
    """Draw engageable airspace by month for each laydown with offers: paper and reported as two curves.

    Where a lead time is swept every lead time is a curve of its own; the band is 5 to 95 % of draws.
    """
    laydowns = list(dict.fromkeys(curve.laydown for curve in result.curves))
    top = max(f.high for c in result.curves for f in c.values[QUANTITY] if f is not None) / 1e3
    months = np.array([np.datetime64(m, "D") for m in result.months])
    kept = _turning_months(result)

    def draw(width_in: float) -> MplFigure:
        narrow = is_narrow(width_in)
        across = 1 if narrow else 2
        down = -(-len(laydowns) // across)
        each_in, head_in, foot_in = 1.72, (0.62 if narrow else 0.42), 0.1
        height_in = head_in + down * each_in + foot_in
        figure = new_figure(width_in, height_in)
        for i, laydown in enumerate(laydowns):
            row, column = divmod(i, across)
            left = column / across + 0.5 / width_in
            bottom = 1.0 - (head_in + (row + 1) * each_in - 0.3) / height_in
            axes = figure.add_axes((left, bottom, 1 / across - 0.62 / width_in, (each_in - 0.8) / height_in))
            curves = [c for c in result.curves if c.laydown == laydown]
            _panel(axes, curves, months, kept, top, letters=46 if narrow else 48)
            if column == 0 and row == 0:
                axes.set_ylabel("1,000 km²", fontsize=7.4, color=SOFT)
        key_line(figure, [PAPER, REPORTED], top_in=0.02, columns=1 if narrow else 2)
        return figure

    return chart_picture(
        "Engageable airspace by month, on paper and as reported; the table below gives the steps.", draw
    )


def _turning_months(result: TimelineResult) -> NDArray[np.intp]:
    """Return the months at which any curve changes, with the first and the last."""
    units = np.array([c.fire_units for c in result.curves])
    changed = np.flatnonzero((units[:, 1:] != units[:, :-1]).any(axis=0)) + 1
    return np.unique([0, *changed, units.shape[1] - 1])


def _panel(
    axes: Axes,
    curves: list[Curve],
    months: NDArray[np.datetime64],
    kept: NDArray[np.intp],
    top: float,
    letters: int,
) -> None:
    steps = months[kept]
    delivered = [c for c in curves if c.state == "delivered"]
    paper = sorted((c for c in delivered if c.view == "paper"), key=lambda c: c.lead_time_months or 0.0)
    for i, curve in enumerate(paper):
        low, middle, high = (values[kept] for values in thousands(curve))
        if len(paper) == 1 or i == len(paper) // 2:
            axes.fill_between(steps, low, high, step="post", color=PAPER.colour, alpha=0.13, linewidth=0)
        axes.step(
            steps, middle, where="post", color=PAPER.colour, linewidth=1.5 if len(paper) == 1 else 1.0,
            linestyle=PAPER_DASH,
        )  # fmt: skip
        if curve.lead_time_months is not None:
            grown = np.flatnonzero(np.diff(middle) > 0.02 * max(float(middle.max()), 1e-9))
            if grown.size:
                at = steps[grown[-1] + 1]
                axes.annotate(
                    f"{curve.lead_time_months:g}", (at, float(middle[-1])), (0, 2.5), textcoords="offset points",
                    fontsize=6.4, color=PAPER.colour, ha="center", annotation_clip=False,
                )  # fmt: skip
    for curve in (c for c in delivered if c.view == "reported"):
        low, middle, high = (values[kept] for values in thousands(curve))
        axes.fill_between(steps, low, high, step="post", color=REPORTED.colour, alpha=0.2, linewidth=0)
        axes.step(steps, middle, where="post", color=REPORTED.colour, linewidth=2.0)
    alert = [c for c in curves if c.state == "on_alert" and c.view == "reported"]
    if alert and not any(int(c.fire_units.max()) for c in alert):
        axes.text(
            0.015, 0.9, "on alert, as reported: none", transform=axes.transAxes, fontsize=6.8, color=INK, va="top"
        )
    axes.set_xlim(months[0], months[-1])
    axes.set_ylim(0, 1.1 * top)
    years = np.arange(months[0].astype("M8[Y]") + 1, months[-1].astype("M8[Y]") + 1, 2)
    axes.set_xticks(years.astype("M8[D]"), [str(y) for y in years])
    axes.tick_params(labelsize=7.2)
    axes.grid(axis="y", linewidth=0.6, color=RULE)
    axes.set_axisbelow(True)
    panel_title(axes, curves[0].title, letters)


def thousands(curve: Curve) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return low, median and high of the airspace of a curve by month [1,000 km²]; nan where nothing is resolved."""
    found = curve.values[QUANTITY]
    rows = [(np.nan,) * 3 if f is None else (f.low, f.median, f.high) for f in found]
    low, middle, high = np.array(rows, dtype=np.float64).T / 1e3
    return low, middle, high
