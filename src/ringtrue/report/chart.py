"""Charts drawn twice, for a wide and for a narrow window, and the marks that several of them share."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, NamedTuple

from ringtrue.report.page import Picture
from ringtrue.report.style import RULE, SERIES, SOFT, house_style, png_bytes, svg_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as MplFigure

    from ringtrue.finding import Finding

WIDE_IN = 7.6
NARROW_IN = 3.6
MARKERS = ("s", "D", "^", "v", "P", "X")
NOBODY = "#6b7276"
MOST_SVG_LETTERS = 120_000


class Look(NamedTuple):
    """How one group of offers is drawn: colour and form, so that either alone tells it apart."""

    colour: str
    marker: str
    label: str


def is_narrow(width_in: float) -> bool:
    """Return whether a chart is drawn for a telephone."""
    return width_in < 5.0


def chart_picture(alt: str, draw: Callable[[float], MplFigure]) -> Picture:
    """Draw a chart wide, as a drawing, and narrow, as a picture for a telephone (a third of the bytes).

    A wide drawing of many thousand points becomes a picture too, fine enough for print.

    Parameters
    ----------
    draw : callable
        Returns the figure for a width [inch]; called inside the house style.
    """
    with house_style():
        figure = draw(WIDE_IN)
        wide, narrow = svg_text(figure), png_bytes(draw(NARROW_IN), dpi=180, colours=32)
        if len(wide) > MOST_SVG_LETTERS:
            return Picture(alt, png=png_bytes(figure, dpi=200, colours=64), narrow_png=narrow)
    return Picture(alt, svg=wide, narrow_png=narrow)


def looks(groups: Iterable[str]) -> dict[str, Look]:
    """Give every group a colour and a marker, in order of appearance; the empty group is grey.

    >>> looks(["", "a", "b"])["a"].marker
    's'
    """
    found: dict[str, Look] = {}
    for group in groups:
        if group not in found:
            n = sum(1 for name in found if name)
            found[group] = (
                Look(SERIES[n % len(SERIES)], MARKERS[n % len(MARKERS)], group) if group else Look(NOBODY, "o", "")
            )
    return found


def wrapped(text: str, letters: int) -> str:
    """Break a label into lines of at most ``letters``."""
    return "\n".join(textwrap.wrap(text, letters, break_on_hyphens=False))


def interval_dots(axes: Axes, found: Sequence[Finding], styles: Sequence[Look]) -> None:
    """Draw one row for each finding, the first on top: a line from 5 to 95 %, the median as a mark on it."""
    for y, (one, look) in enumerate(zip(found, styles, strict=True)):
        axes.plot([one.low, one.high], [y, y], color=look.colour, linewidth=3.2, alpha=0.45, solid_capstyle="butt")
        axes.plot([one.median], [y], look.marker, color=look.colour, markersize=5.6, zorder=3, clip_on=False)
    axes.set_ylim(len(found) - 0.5, -0.5)


def bare_rows(axes: Axes, labels: Sequence[str] | None) -> None:
    """Leave of the vertical axis the row names only, or nothing."""
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.set_yticks(range(len(labels)) if labels else [], labels or [])
    axes.grid(axis="x", linewidth=0.6, color=RULE)
    axes.set_axisbelow(True)


def panel_title(axes: Axes, text: str, letters: int) -> None:
    """Write the title of a panel above its left end."""
    axes.set_title(wrapped(text, letters), fontsize=8.6, loc="left", pad=5)


def key_line(figure: MplFigure, styles: Sequence[Look], *, top_in: float, columns: int = 4) -> None:
    """Write the key at the top: mark, colour, name; ``top_in`` inches below the upper edge."""
    from matplotlib.lines import Line2D

    named = [look for look in styles if look.label]
    if not named:
        return
    handles = [Line2D([], [], color=k.colour, marker=k.marker, markersize=5.6, linewidth=2.4, alpha=0.9) for k in named]
    height = float(figure.get_size_inches()[1])
    figure.legend(
        handles, [look.label for look in named], loc="upper left", bbox_to_anchor=(0.0, 1.0 - top_in / height),
        ncols=columns, frameon=False, fontsize=8.2, handlelength=1.7, columnspacing=1.4, labelcolor=SOFT,
        borderaxespad=0.1,
    )  # fmt: skip


def spread_out(heights: Sequence[float], least_gap: float) -> list[float]:
    """Return heights moved apart to ``least_gap``, in the order given, each as near as may be to where it was.

    >>> spread_out([1.0, 1.0, 5.0], 1.0)
    [0.5, 1.5, 5.0]
    """
    order = sorted(range(len(heights)), key=lambda i: heights[i])
    clusters: list[list[int]] = []
    middles: list[float] = []
    for i in order:
        clusters.append([i])
        middles.append(heights[i])
        while len(clusters) > 1:
            room = least_gap * (len(clusters[-1]) + len(clusters[-2])) / 2
            if middles[-1] - middles[-2] >= room - 1e-12:
                break
            last = clusters.pop()
            middles.pop()
            clusters[-1] += last
            middles[-1] = sum(heights[k] for k in clusters[-1]) / len(clusters[-1])
    placed = [0.0] * len(heights)
    for cluster, middle in zip(clusters, middles, strict=True):
        for k, i in enumerate(cluster):
            placed[i] = middle + least_gap * (k - (len(cluster) - 1) / 2)
    return placed
