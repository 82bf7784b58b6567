"""Capability over time: what each offer would reach on paper and what was reported, month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ringtrue.report.chart import Look, chart_picture, is_narrow, key_height_in, key_line
from ringtrue.report.drawing import Drawing
from ringtrue.report.plot import Plot, round_ticks
from ringtrue.report.style import SOFT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

    from ringtrue.report.page import Picture
    from ringtrue.studies.timeline import Curve, TimelineResult

PAPER_DASH = (4.0, 2.0)
PAPER = Look(SOFT, "", "on paper: as promised, or after an assumed lead time (months)", PAPER_DASH)
REPORTED = Look(SOFT, "", "as reported: delivered")
QUANTITY = "area_km2"


def timeline_chart(result: TimelineResult, styles: Mapping[str, Look]) -> Picture:
    """Draw engageable airspace by month for each laydown with offers: paper and reported as two curves.

    A laydown has the colour of its look in ``styles``; paper is broken, reported is a full line.
    Where a lead time is swept every lead time is a curve of its own; the band is 5 to 95 % of draws.
    """
    laydowns = list(dict.fromkeys(curve.laydown for curve in result.rows))
    top = max(f.high for c in result.rows for f in c.values[QUANTITY] if f is not None) / 1e3
    months = np.array([np.datetime64(m, "D") for m in result.months])
    kept = _turning_months(result)

    def draw(width_in: float) -> Drawing:
        narrow = is_narrow(width_in)
        across = 1 if narrow else 2
        down = -(-len(laydowns) // across)
        each_in, head_in = 1.85, key_height_in([PAPER, REPORTED], width_in)
        drawing = Drawing(width_in, head_in + down * each_in + 0.02)
        for i, laydown in enumerate(laydowns):
            row, column = divmod(i, across)
            plot = Plot(
                drawing, column * width_in / across + 0.46, head_in + row * each_in + 0.52,
                width_in / across - 0.66, each_in - 0.85, (_day(months[0]), _day(months[-1])), (0.0, 1.12 * top),
            )  # fmt: skip
            curves = [c for c in result.rows if c.laydown == laydown]
            _panel(plot, curves, months, kept, styles.get(laydown, REPORTED).colour)
            if column == 0:
                plot.y_words("1,000 km²", plot.left_in - 0.34)
        key_line(drawing, [PAPER, REPORTED])
        return drawing

    return chart_picture(
        "Engageable airspace by month, on paper and as reported; the table below gives the steps.", draw
    )


def _day(date: np.datetime64) -> float:
    return float(date.astype("M8[D]").astype(np.int64))


def _turning_months(result: TimelineResult) -> NDArray[np.intp]:
    """Return the months at which any curve changes, with the first and the last."""
    units = np.array([c.fire_units for c in result.rows])
    changed = np.flatnonzero((units[:, 1:] != units[:, :-1]).any(axis=0)) + 1
    return np.unique([0, *changed, units.shape[1] - 1])


def _steps(days: NDArray[np.float64], values: NDArray[np.float64]) -> tuple[ArrayLike, ArrayLike]:
    """Return the corners of a line that holds each value until the next day."""
    return np.repeat(days, 2)[1:], np.repeat(values, 2)[:-1]


def _panel(
    plot: Plot, curves: list[Curve], months: NDArray[np.datetime64], kept: NDArray[np.intp], colour: str
) -> None:
    days = months[kept].astype(np.int64).astype(np.float64)
    years = np.arange(months[0].astype("M8[Y]") + 1, months[-1].astype("M8[Y]") + 1, 2)
    plot.left_axis(round_ticks(0.0, plot.y[1], 4))
    plot.bottom_axis([(_day(year), str(year)) for year in years])
    delivered = [c for c in curves if c.state == "delivered"]
    paper = sorted((c for c in delivered if c.view == "paper"), key=lambda c: c.lead_time_months or 0.0)
    for i, curve in enumerate(paper):
        low, middle, high = (values[kept] for values in thousands(curve))
        if len(paper) == 1 or i == len(paper) // 2:
            _band(plot, days, low, high, colour, 0.13)
        plot.line(*_steps(days, middle), colour, 1.6 if len(paper) == 1 else 1.0, dash=PAPER_DASH)
        grown = np.flatnonzero(np.diff(middle) > 0.02 * max(float(middle.max()), 1e-9))
        if curve.lead_time_months is not None and grown.size:
            x, y = float(plot.x_in(days[grown[-1] + 1])), float(plot.y_in(middle[-1]))
            plot.drawing.words(x, y - 0.04, f"{curve.lead_time_months:g}", 7.2, colour=colour, anchor="middle")
    for curve in (c for c in delivered if c.view == "reported"):
        low, middle, high = (values[kept] for values in thousands(curve))
        _band(plot, days, low, high, colour, 0.2)
        plot.line(*_steps(days, middle), colour, 2.0)
    alert = [c for c in curves if c.state == "on_alert" and c.view == "reported"]
    if alert and not any(int(c.fire_units.max()) for c in alert):
        plot.drawing.words(
            plot.left_in + 0.05, plot.top_in + 0.03, "on alert, as reported: none", 7.4, colour=SOFT, level="top",
            halo_pt=2.0,
        )  # fmt: skip
    plot.title(curves[0].title, left_in=plot.left_in - 0.4)


def _band(
    plot: Plot,
    days: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    colour: str,
    alpha: float,
) -> None:
    across, lower = _steps(days, low)
    plot.band(across, lower, _steps(days, high)[1], colour, alpha)


def thousands(curve: Curve) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return low, median and high of the airspace of a curve by month [1,000 km²]; nan where nothing is resolved."""
    found = curve.values[QUANTITY]
    rows = [(np.nan,) * 3 if f is None else (f.low, f.median, f.high) for f in found]
    low, middle, high = np.array(rows, dtype=np.float64).T / 1e3
    return low, middle, high
