"""A rectangle of a drawing with a scale along each side: what all charts share of axes, grids and titles."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ringtrue.report.drawing import Drawing, text_width_in, wrapped
from ringtrue.report.style import RULE, SOFT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Ticks = Sequence[tuple[float, str]]

TICK_PT = 7.8
TITLE_PT = 8.8


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot of ``x`` (left, right) by ``y`` (bottom, top) in a rectangle of a drawing [inch]; y may run downward.

    What lies outside the scales is drawn at their ends.
    """

    drawing: Drawing
    left_in: float
    top_in: float
    width_in: float
    height_in: float
    x: tuple[float, float]
    y: tuple[float, float]
    is_log_x: bool = False

    def x_in(self, values: ArrayLike) -> NDArray[np.float64]:
        """Return where values stand across the drawing [inch]."""
        low, high = self.x
        given = np.asarray(values, dtype=np.float64)
        if self.is_log_x:
            share = np.log(np.maximum(given, low) / low) / math.log(high / low)
        else:
            share = (given - low) / (high - low)
        return self.left_in + self.width_in * np.clip(share, 0.0, 1.0)

    def y_in(self, values: ArrayLike) -> NDArray[np.float64]:
        """Return where values stand down the drawing [inch]."""
        low, high = self.y
        share = (np.asarray(values, dtype=np.float64) - low) / (high - low)
        return self.top_in + self.height_in * (1.0 - np.clip(share, 0.0, 1.0))

    @property
    def bottom_in(self) -> float:
        """Return the lower side [inch]."""
        return self.top_in + self.height_in

    @property
    def right_in(self) -> float:
        """Return the right side [inch]."""
        return self.left_in + self.width_in

    def line(
        self, x: ArrayLike, y: ArrayLike, colour: str, width_pt: float, *, dash: tuple[float, ...] = (),
        alpha: float = 1.0,
    ) -> None:  # fmt: skip
        """Draw a line through values; it is broken where they are nan."""
        across, down = np.broadcast_arrays(self.x_in(x), self.y_in(y))
        known = np.isfinite(across) & np.isfinite(down)
        edges = np.flatnonzero(np.diff(np.concatenate([[0], known.astype(np.int8), [0]])))
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            self.drawing.line(across[start:end], down[start:end], colour, width_pt, dash=dash, alpha=alpha)

    def band(self, x: ArrayLike, low: ArrayLike, high: ArrayLike, colour: str, alpha: float) -> None:
        """Fill between two lines; broken where either is nan."""
        across, lower, upper = (self.x_in(x), self.y_in(low), self.y_in(high))
        known = np.isfinite(lower) & np.isfinite(upper)
        edges = np.flatnonzero(np.diff(np.concatenate([[0], known.astype(np.int8), [0]])))
        for i, j in zip(edges[::2], edges[1::2], strict=True):
            ring = np.column_stack(
                [np.r_[across[i:j], across[i:j][::-1]], np.r_[lower[i:j], upper[i:j][::-1]]],
            )
            self.drawing.area([ring], colour, alpha=alpha)

    def mark(self, x: float, y: float, marker: str, size_pt: float, colour: str, *, edge: str = "") -> None:
        """Set a marker at a value."""
        self.drawing.mark(float(self.x_in(x)), float(self.y_in(y)), marker, size_pt, colour, edge=edge)

    def shade_x(self, low: float, high: float, colour: str) -> None:
        """Shade the plot between two values of x."""
        left, right = float(self.x_in(low)), float(self.x_in(high))
        self.drawing.box(left, self.top_in, right - left, self.height_in, colour)

    def bottom_axis(self, ticks: Ticks, *, size_pt: float = TICK_PT, grid: bool = False, named: bool = True) -> None:
        """Draw the axis below with its ticks, and lines up the plot if ``grid``; ``named`` False: the lines alone."""
        places = [(float(self.x_in(value)), text) for value, text in ticks]
        for at, _ in places if grid else ():
            self.drawing.line([at, at], [self.top_in, self.bottom_in], RULE, 0.6)
        if not named:
            return
        self.drawing.line([self.left_in, self.right_in], [self.bottom_in] * 2, SOFT, 0.7)
        for at, text in places:
            self.drawing.line([at, at], [self.bottom_in, self.bottom_in + 0.045], SOFT, 0.7)
            half = text_width_in(text, size_pt) / 2
            x = min(max(at, half + 0.01), self.drawing.width_in - half - 0.01)
            self.drawing.words(x, self.bottom_in + 0.075, text, size_pt, colour=SOFT, anchor="middle", level="top")

    def left_axis(self, ticks: Ticks, *, size_pt: float = TICK_PT, line: bool = True) -> None:
        """Draw the axis at the left with its ticks and lines across the plot."""
        for value, text in ticks:
            y = float(self.y_in(value))
            self.drawing.line([self.left_in, self.right_in], [y, y], RULE, 0.6)
            self.drawing.words(self.left_in - 0.05, y, text, size_pt, colour=SOFT, anchor="end", level="middle")
        if line:
            self.drawing.line([self.left_in] * 2, [self.top_in, self.bottom_in], SOFT, 0.7)

    def row_names(self, names: Sequence[str], size_pt: float, width_in: float) -> None:
        """Name the rows 0, 1, … at the left, right-aligned, broken to ``width_in``."""
        for row, name in enumerate(names):
            self.drawing.words(
                self.left_in - 0.07, float(self.y_in(row)), wrapped(name, width_in, size_pt), size_pt, colour=SOFT,
                anchor="end", level="middle",
            )  # fmt: skip

    def title(self, text: str, *, size_pt: float = TITLE_PT, left_in: float | None = None, most_lines: int = 3) -> None:
        """Write the title above the plot, from ``left_in`` or its left side to its right side."""
        start = self.left_in if left_in is None else left_in
        lines = wrapped(text, self.right_in - start, size_pt, bold=True, most_lines=most_lines)
        self.drawing.words(start, self.top_in - 0.07, lines, size_pt, bold=True)

    def x_words(self, text: str, *, size_pt: float = TICK_PT) -> None:
        """Say below the ticks what the axis counts."""
        self.drawing.words(self.left_in, self.bottom_in + 0.235, text, size_pt, colour=SOFT, level="top")

    def y_words(self, text: str, left_in: float, *, size_pt: float = TICK_PT) -> None:
        """Say upright, at ``left_in``, what the axis counts."""
        middle = self.top_in + self.height_in / 2
        self.drawing.words(left_in, middle, text, size_pt, colour=SOFT, anchor="middle", level="base", is_upright=True)


def round_ticks(low: float, high: float, most: int = 5) -> list[tuple[float, str]]:
    """Return round values from ``low`` to ``high``, about ``most`` of them, with their text.

    >>> round_ticks(0.0, 43.0)
    [(0.0, '0'), (10.0, '10'), (20.0, '20'), (30.0, '30'), (40.0, '40')]
    """
    span = max(high - low, 1e-12)
    power = 10.0 ** math.floor(math.log10(span / most))
    step = next(power * factor for factor in (1.0, 2.0, 2.5, 5.0, 10.0) if span / (power * factor) <= most)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [(i * step, f"{i * step:,.10g}") for i in range(first, last + 1)]
