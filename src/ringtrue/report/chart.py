"""Charts drawn twice, for a wide and for a narrow window, and the marks that several of them share."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ringtrue.report.drawing import Drawing, text_width_in
from ringtrue.report.page import Picture
from ringtrue.report.style import INK, SERIES, SOFT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ringtrue.finding import Finding
    from ringtrue.report.plot import Plot

WIDE_IN = 7.6
NARROW_IN = 3.6
MARKS = "Mark: median; upright stroke: nominal case; line: 5 to 95 % of"
MARKERS = ("s", "D", "^", "v", "P", "X")
DASHES: tuple[tuple[float, ...], ...] = ((), (5, 3), (1.5, 2.5))
NOBODY = "#6b7276"
KEY_PT = 8.6
KEY_ROW_IN = 0.19


class Look(NamedTuple):
    """How one group of offers is drawn: colour, form and stroke, so that no two look alike."""

    colour: str
    marker: str
    label: str
    dash: tuple[float, ...] = ()


def is_narrow(width_in: float) -> bool:
    """Return whether a chart is drawn for a telephone."""
    return width_in < 5.0


def chart_picture(alt: str, draw: Callable[[float], Drawing]) -> Picture:
    """Draw a chart wide, and narrow for a telephone; the style sheet shows one of them, print the wide one.

    Parameters
    ----------
    draw : callable
        Returns the drawing for a width [inch].
    """
    return Picture(alt, svg=draw(WIDE_IN).svg(), narrow_svg=draw(NARROW_IN).svg())


def looks(groups: Iterable[str]) -> dict[str, Look]:
    """Give every group a colour and a marker, in order of appearance; the empty group is grey.

    Groups after the last colour begin anew with broken lines.

    >>> styles = looks(["", *"abcdefgh"])
    >>> styles["a"].marker, styles["a"].dash, styles["h"].colour == styles["a"].colour, styles["h"].dash
    ('s', (), True, (5, 3))
    """
    found: dict[str, Look] = {}
    for group in groups:
        if group not in found:
            n = sum(1 for name in found if name)
            colour, marker, dash = SERIES[n % len(SERIES)], MARKERS[n % len(MARKERS)], DASHES[n // len(SERIES) % 3]
            found[group] = Look(colour, marker, group, dash) if group else Look(NOBODY, "o", "")
    return found


def interval_dots(plot: Plot, found: Sequence[Finding], styles: Sequence[Look]) -> None:
    """Draw rows 0, 1, … one for each finding: a line from 5 to 95 %, the median as a mark on it.

    An upright stroke shows the nominal case. Where a finding knows the interval of one raid, a thin line shows it.
    """
    for row, (one, look) in enumerate(zip(found, styles, strict=True)):
        if one.one_raid is not None:
            plot.line(list(one.one_raid), [row, row], look.colour, 1.1, alpha=0.8)
        plot.line([one.low, one.high], [row, row], look.colour, 3.4, alpha=0.45)
        if one.nominal is not None:
            plot.line([one.nominal, one.nominal], [row - 0.34, row + 0.34], INK, 1.0)
        plot.mark(one.median, row, look.marker, 5.8, look.colour)


def key_rows(styles: Sequence[Look], width_in: float) -> list[list[tuple[float, Look]]]:
    """Return the looks that have a name in rows that fit the width, each with its left end [inch]."""
    rows: list[list[tuple[float, Look]]] = [[]]
    x = 0.06
    for look in (one for one in styles if one.label):
        width = 0.3 + text_width_in(look.label, KEY_PT) + 0.2
        if rows[-1] and x + width - 0.2 > width_in:
            rows.append([])
            x = 0.06
        rows[-1].append((x, look))
        x += width
    return [row for row in rows if row]


def key_height_in(styles: Sequence[Look], width_in: float) -> float:
    """Return how high the key of some looks is [inch]."""
    return KEY_ROW_IN * len(key_rows(styles, width_in)) + 0.06


def key_line(drawing: Drawing, styles: Sequence[Look], *, top_in: float = 0.02) -> None:
    """Write the key: mark, colour, name, in as many rows as it takes."""
    for i, row in enumerate(key_rows(styles, drawing.width_in)):
        y = top_in + KEY_ROW_IN * (i + 0.5)
        for x, look in row:
            drawing.line([x, x + 0.24], [y, y], look.colour, 2.4, alpha=0.6, dash=look.dash)
            if look.marker:
                drawing.mark(x + 0.12, y, look.marker, 6.0, look.colour)
            drawing.words(x + 0.3, y, look.label, KEY_PT, colour=SOFT, level="middle")


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
