"""One measure of every row as a picture, drawn by the marks that the reports are drawn with."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ringtrue.errors import InputError, did_you_mean
from ringtrue.finding import Finding, plain
from ringtrue.report.chart import interval_dots, looks
from ringtrue.report.drawing import Drawing
from ringtrue.report.plot import Plot, round_ticks
from ringtrue.whole import write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringtrue.answer import Column

WIDTH_IN, LEFT_IN, HEAD_IN, FOOT_IN, ROW_IN = 7.6, 2.6, 0.35, 0.5, 0.26
NAME_PT = 8.0
MOST_ROWS = 60


@dataclass(frozen=True, repr=False)
class Chart:
    """A picture; a notebook shows it as it is."""

    svg: str
    title: str

    def __repr__(self) -> str:
        return f"<chart: {self.title}; save('chart.svg') writes it>"

    def _repr_svg_(self) -> str:
        return self.svg

    def save(self, path: str | Path) -> Path:
        """Write the picture as .svg and return where.

        Raises
        ------
        InputError
            Another ending, a place that cannot be written.
        """
        place = Path(path)
        if place.suffix != ".svg":
            msg = f"{place}: a chart is saved as .svg"
            raise InputError(msg)
        write_whole(place, self.svg.encode("utf-8"))
        return place


def interval_chart(columns: Sequence[Column], measure: str | None = None) -> Chart:
    """Draw one measure of every row that has it: the median on a line from 5 to 95 %.

    Parameters
    ----------
    columns : sequence of Column
        Of one kind of row.
    measure : str, optional
        Its name; the first that most rows have.

    Raises
    ------
    InputError
        No such measure, or no row that has it.
    """
    by_name = {c.name: c for c in columns}
    medians = {c.name.removesuffix("_median"): c.values for c in columns if c.end == "median"}
    known = {name: n for name, values in medians.items() if (n := sum(map(_is_known, values)))}
    if measure is None:
        measure = max(known, key=lambda name: known[name], default=None)
    if measure not in known:
        near = did_you_mean(str(measure), known)
        msg = f"measure: {measure!r} has no interval to draw{near}; there are: {', '.join(known)}"
        raise InputError(msg)
    said = by_name[f"{measure}_median"].said
    ends = (by_name[f"{measure}_{end}"].values for end in ("low", "median", "high"))
    rows = [(i, *values) for i, values in enumerate(zip(*ends, strict=True)) if all(map(_is_known, values))]
    rows = rows[:MOST_ROWS]
    found = [Finding(said.label, said.unit, low, median, high) for _, low, median, high in rows]
    names = _names([c for c in columns if c.said.part == "key"], [i for i, *_ in rows])
    return _drawn(found, names, said.label + (f", {said.unit}" if said.unit not in ("", "1") else ""))


def _is_known(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _names(keys: Sequence[Column], rows: Sequence[int]) -> list[str]:
    """Name rows by the keys in which they differ."""
    telling = [c for c in keys if len({str(c.values[i]) for i in rows}) > 1] or list(keys[:1])
    return [
        ", ".join(_text(c, c.values[i]) for c in telling if c.values[i] not in (None, "", {})) for i in rows
    ]  # fmt: skip


def _text(column: Column, value: object) -> str:
    unit = f" {column.said.unit}" if column.said.unit not in ("", "1") else ""
    return f"{plain(value)}{unit}" if isinstance(value, float) else str(value)


def _drawn(found: Sequence[Finding], names: Sequence[str], title: str) -> Chart:
    low = min(0.0, *(f.low for f in found))
    high = max(*(f.high for f in found), low + 1e-9)
    drawing = Drawing(WIDTH_IN, HEAD_IN + ROW_IN * len(found) + FOOT_IN)
    span = high - low
    plot = Plot(
        drawing, LEFT_IN, HEAD_IN, WIDTH_IN - LEFT_IN - 0.15, ROW_IN * len(found),
        (low - 0.02 * span, high + 0.04 * span), (len(found) - 0.5, -0.5),
    )  # fmt: skip
    plot.bottom_axis(round_ticks(low, high), grid=True)
    plot.row_names(names, NAME_PT, LEFT_IN - 0.15)
    interval_dots(plot, found, [looks([""])[""]] * len(found))
    plot.title(f"{title}: median, 5 to 95 % of the draws", left_in=0.02)
    return Chart(drawing.svg(), title)
