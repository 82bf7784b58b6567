"""A drawing as a list of marks in inches from its upper left corner, and the SVG text of it.

What a chart or a printed map needs and no more: lines, areas, discs, words, rasters. ``raster.py`` paints the
same marks into a picture. Same marks, same text.
"""

from __future__ import annotations

import base64
import struct
import textwrap
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal
from xml.sax.saxutils import escape

import numpy as np

from ringtrue.report.style import INK

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import ArrayLike, NDArray

    Points = NDArray[np.float64]

POINTS_PER_INCH = 72.0
FONT = "'Liberation Sans', Arial, Helvetica, sans-serif"
LINE_HEIGHT = 1.18
LETTER_WIDTHS = (  # thousandths of the size, from the space to the tilde: the common widths of Arial and Helvetica
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
)  # fmt: skip
OTHER_WIDTH, BOLD_WIDTH = 600, 1.08
CAP_HEIGHT, ASCENT, DESCENT = 0.72, 0.76, 0.22

Anchor = Literal["start", "middle", "end"]
Level = Literal["top", "middle", "bottom", "base"]
MARKERS: dict[str, tuple[tuple[float, float], ...]] = {  # corners in half sizes, y down
    "s": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
    "D": ((0.0, -1.2), (1.2, 0.0), (0.0, 1.2), (-1.2, 0.0)),
    "^": ((0.0, -1.1), (1.1, 0.9), (-1.1, 0.9)),
    "v": ((0.0, 1.1), (1.1, -0.9), (-1.1, -0.9)),
    "P": (
        (-0.4, -1.1), (0.4, -1.1), (0.4, -0.4), (1.1, -0.4), (1.1, 0.4), (0.4, 0.4), (0.4, 1.1), (-0.4, 1.1),
        (-0.4, 0.4), (-1.1, 0.4), (-1.1, -0.4), (-0.4, -0.4),
    ),
    "X": (
        (-1.1, -0.6), (-0.6, -1.1), (0.0, -0.5), (0.6, -1.1), (1.1, -0.6), (0.5, 0.0), (1.1, 0.6), (0.6, 1.1),
        (0.0, 0.5), (-0.6, 1.1), (-1.1, 0.6), (-0.5, 0.0),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A broken line; ``dash`` in points, on and off."""

    points: Points
    colour: str
    width_pt: float
    dash: tuple[float, ...] = ()
    alpha: float = 1.0
    is_round: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """Rings filled by the even-odd rule, so that a ring inside another is a hole."""

    rings: tuple[Points, ...]
    colour: str
    alpha: float = 1.0
    edge: str = ""
    edge_width_pt: float = 0.0


@dataclass(frozen=True, slots=True)
class Disc:
    """A circle; ``colour`` empty: not filled."""

    x_in: float
    y_in: float
    radius_in: float
    colour: str
    edge: str = ""
    edge_width_pt: float = 0.0
    dash: tuple[float, ...] = ()
    alpha: float = 1.0


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text on its base line; ``halo_pt`` is the width of a white rim."""

    x_in: float
    y_in: float
    text: str
    size_pt: float
    colour: str = INK
    anchor: Anchor = "start"
    is_bold: bool = False
    halo_pt: float = 0.0
    is_upright: bool = False  # read from below


@dataclass(frozen=True, slots=True)
class Raster:
    """Cells of a palette, each a rectangle, nothing smoothed: row 0 on top."""

    codes: NDArray[np.uint8]
    palette: NDArray[np.uint8]  # (code, red green blue alpha)
    left_in: float
    top_in: float
    width_in: float
    height_in: float


@dataclass(frozen=True, slots=True)
class Clipped:
    """Marks of which only what lies in a rectangle is shown."""

    left_in: float
    top_in: float
    width_in: float
    height_in: float
    marks: list[Mark]


Mark = Line | Area | Disc | Words | Raster | Clipped


@dataclass
class Drawing:
    """Marks in the order they are laid over each other; ``ground`` empty: transparent."""

    width_in: float
    height_in: float
    ground: str = "#ffffff"
    marks: list[Mark] = field(default_factory=list)

    def line(
        self, x_in: ArrayLike, y_in: ArrayLike, colour: str, width_pt: float, *, dash: tuple[float, ...] = (),
        alpha: float = 1.0, is_round: bool = False,
    ) -> None:  # fmt: skip
        """Draw a broken line through points."""
        points = np.column_stack(np.broadcast_arrays(x_in, y_in)).astype(np.float64)
        self.marks.append(Line(points, colour, width_pt, dash, alpha, is_round))

    def area(self, rings: Iterable[ArrayLike], colour: str, *, alpha: float = 1.0) -> None:
        """Fill rings of (point, x y); rings inside others are holes."""
        held = tuple(np.asarray(ring, dtype=np.float64) for ring in rings)
        if held:
            self.marks.append(Area(held, colour, alpha))

    def box(
        self, left_in: float, top_in: float, width_in: float, height_in: float, colour: str, *, alpha: float = 1.0
    ) -> None:
        """Fill a rectangle."""
        right, bottom = left_in + width_in, top_in + height_in
        self.area([[(left_in, top_in), (right, top_in), (right, bottom), (left_in, bottom)]], colour, alpha=alpha)

    def frame(
        self, left_in: float, top_in: float, width_in: float, height_in: float, colour: str, width_pt: float
    ) -> None:
        """Draw the outline of a rectangle."""
        right, bottom = left_in + width_in, top_in + height_in
        x, y = [left_in, right, right, left_in, left_in], [top_in, top_in, bottom, bottom, top_in]
        self.line(x, y, colour, width_pt, is_round=True)

    def mark(self, x_in: float, y_in: float, marker: str, size_pt: float, colour: str, *, edge: str = "") -> None:
        """Set a marker of ``MARKERS``, or a disc; ``edge`` empty: none."""
        half_in = 0.5 * size_pt / POINTS_PER_INCH
        if marker not in MARKERS:
            self.marks.append(Disc(x_in, y_in, half_in, colour, edge, 1.0 if edge else 0.0))
            return
        corners = np.array(MARKERS[marker]) * half_in + (x_in, y_in)
        self.marks.append(Area((corners,), colour, 1.0, edge, 1.0 if edge else 0.0))

    def words(
        self, x_in: float, y_in: float, text: str, size_pt: float, *, colour: str = INK, anchor: Anchor = "start",
        level: Level = "bottom", bold: bool = False, halo_pt: float = 0.0, is_upright: bool = False,
    ) -> None:  # fmt: skip
        """Write lines of text; ``level`` says which part of them stands at ``y_in``."""
        lines = text.split("\n")
        em = size_pt / POINTS_PER_INCH
        rest = (len(lines) - 1) * LINE_HEIGHT * em
        first = {"top": ASCENT * em, "middle": 0.5 * CAP_HEIGHT * em - rest / 2, "bottom": -DESCENT * em - rest,
                 "base": -rest}[level]  # fmt: skip
        for i, one in enumerate(lines):
            y = y_in + first + i * LINE_HEIGHT * em
            self.marks.append(Words(x_in, y, one, size_pt, colour, anchor, bold, halo_pt, is_upright))

    def raster(
        self, codes: NDArray[np.uint8], palette: NDArray[np.uint8], left_in: float, top_in: float, width_in: float,
        height_in: float,
    ) -> None:  # fmt: skip
        """Lay cells of a palette over a rectangle."""
        self.marks.append(Raster(codes, palette, left_in, top_in, width_in, height_in))

    def disc(
        self, x_in: float, y_in: float, radius_in: float, colour: str, *, edge: str = "", edge_width_pt: float = 0.0,
        dash: tuple[float, ...] = (), alpha: float = 1.0,
    ) -> None:  # fmt: skip
        """Draw a circle; ``colour`` empty: not filled."""
        self.marks.append(Disc(x_in, y_in, radius_in, colour, edge, edge_width_pt, dash, alpha))

    def clipped(self, left_in: float, top_in: float, width_in: float, height_in: float) -> Drawing:
        """Return a drawing in the same inches, laid over this one, of which only a rectangle is shown."""
        inner = Drawing(self.width_in, self.height_in, ground="")
        self.marks.append(Clipped(left_in, top_in, width_in, height_in, inner.marks))
        return inner

    def svg(self) -> str:
        """Return the drawing as an SVG text that stands alone; sizes in points."""
        width, height = _number(self.width_in), _number(self.height_in)
        ground = f'<rect width="{width}" height="{height}" fill="{self.ground}"/>' if self.ground else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}pt" height="{height}pt" '
            f'viewBox="0 0 {width} {height}" font-family="{FONT}">{ground}{self.svg_marks()}</svg>'
        )

    def svg_marks(self) -> str:
        """Return the marks as SVG elements, in points from the upper left corner."""
        return "".join(_element(mark) for mark in self.marks)


def text_width_in(text: str, size_pt: float, *, bold: bool = False) -> float:
    """Return about how wide a line of text is [inch], by the letter widths that Arial and Helvetica share.

    >>> round(text_width_in("targets", 10.0), 3)
    0.425
    """
    thousandths = sum(LETTER_WIDTHS[ord(c) - 32] if " " <= c <= "~" else OTHER_WIDTH for c in text)
    return thousandths * size_pt * (BOLD_WIDTH if bold else 1.0) / 1000.0 / POINTS_PER_INCH


def wrapped(text: str, width_in: float, size_pt: float, *, bold: bool = False, most_lines: int = 0) -> str:
    """Break a text into lines of at most about ``width_in``; past ``most_lines`` (0: any number) it ends in "…".

    >>> wrapped("one two three", 0.5, 8.0)
    'one two\\nthree'
    """
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width_in(longer, size_pt, bold=bold) <= width_in:
            lines[-1] = longer
        else:
            lines.append(word)
    if most_lines and len(lines) > most_lines:
        lines = lines[:most_lines]
        while lines[-1] and text_width_in(f"{lines[-1]} …", size_pt, bold=bold) > width_in:
            lines[-1] = lines[-1].rpartition(" ")[0] or textwrap.shorten(lines[-1], max(len(lines[-1]) - 2, 1))[:-5]
        lines[-1] += " …"
    return "\n".join(lines)


def palette_png(codes: NDArray[np.uint8], palette: NDArray[np.uint8]) -> bytes:
    """Return cells of a palette as a PNG picture: a pixel a cell, the same bytes for the same cells.

    Parameters
    ----------
    codes : (row, column) uint8
        Places in the palette.
    palette : (code, 4) uint8
        Red, green, blue, alpha; at most 256.
    """
    height, width = codes.shape
    rows = np.zeros((height, width + 1), dtype=np.uint8)
    rows[:, 1:] = codes

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            chunk(b"PLTE", np.ascontiguousarray(palette[:, :3]).tobytes()),
            chunk(b"tRNS", np.ascontiguousarray(palette[:, 3]).tobytes()),
            chunk(b"IDAT", zlib.compress(rows.tobytes(), 6)),
            chunk(b"IEND", b""),
        )
    )


def _number(inches: float) -> str:
    """Return a length in points with at most two decimals, as short as may be."""
    return f"{inches * POINTS_PER_INCH:.2f}".rstrip("0").rstrip(".")


def _path(points: Points) -> str:
    """Return a path through points, in points with one decimal, each step told from the one before."""
    tenths = np.round(points * (10.0 * POINTS_PER_INCH)).astype(np.int64)
    steps = np.diff(tenths, axis=0)
    steps = steps[steps.any(axis=1)]
    flat = [_tenth(v) for v in steps.ravel().tolist()]
    told = " ".join(flat).replace(" -", "-")
    return f"M{_tenth(int(tenths[0, 0]))} {_tenth(int(tenths[0, 1]))}" + (f"l{told}" if flat else "h0")


def _tenth(tenths: int) -> str:
    whole, rest = divmod(abs(tenths), 10)
    sign = "-" if tenths < 0 else ""
    if not rest:
        return f"{sign}{whole}"
    return f"{sign}{whole or ''}.{rest}"


def _stroke(colour: str, width_pt: float, dash: Sequence[float] = ()) -> str:
    dashes = f' stroke-dasharray="{" ".join(f"{d:g}" for d in dash)}"' if dash else ""
    return f' stroke="{colour}" stroke-width="{width_pt:g}"{dashes}'


def _element(mark: Mark) -> str:
    if isinstance(mark, Clipped):
        x, y, width, height = (_number(v) for v in (mark.left_in, mark.top_in, mark.width_in, mark.height_in))
        inner = "".join(_element(one) for one in mark.marks)
        return (
            f'<svg x="{x}" y="{y}" width="{width}" height="{height}" viewBox="{x} {y} {width} {height}">{inner}</svg>'
        )
    if isinstance(mark, Line):
        alpha = f' stroke-opacity="{mark.alpha:g}"' if mark.alpha < 1.0 else ""
        ends = ' stroke-linejoin="round" stroke-linecap="round"' if mark.is_round else ""
        return (
            f'<path d="{_path(mark.points)}" fill="none"{_stroke(mark.colour, mark.width_pt, mark.dash)}{alpha}{ends}/>'
        )
    if isinstance(mark, Area):
        alpha = f' fill-opacity="{mark.alpha:g}"' if mark.alpha < 1.0 else ""
        edge = _stroke(mark.edge, mark.edge_width_pt) if mark.edge else ""
        path = "".join(_path(ring) + "z" for ring in mark.rings)
        return f'<path d="{path}" fill="{mark.colour}" fill-rule="evenodd"{alpha}{edge}/>'
    if isinstance(mark, Disc):
        edge = _stroke(mark.edge, mark.edge_width_pt, mark.dash) if mark.edge else ""
        alpha = f' opacity="{mark.alpha:g}"' if mark.alpha < 1.0 else ""
        at = f'cx="{_number(mark.x_in)}" cy="{_number(mark.y_in)}" r="{_number(mark.radius_in)}"'
        return f'<circle {at} fill="{mark.colour or "none"}"{edge}{alpha}/>'
    if isinstance(mark, Words):
        x, y = _number(mark.x_in), _number(mark.y_in)
        at = f'transform="translate({x} {y})rotate(-90)"' if mark.is_upright else f'x="{x}" y="{y}"'
        anchor = f' text-anchor="{mark.anchor}"' if mark.anchor != "start" else ""
        bold = ' font-weight="bold"' if mark.is_bold else ""
        halo = (
            f' stroke="#fff" stroke-width="{mark.halo_pt:g}" stroke-linejoin="round" paint-order="stroke"'
            if mark.halo_pt
            else ""
        )
        return (
            f'<text {at} font-size="{mark.size_pt:g}" fill="{mark.colour}"{anchor}{bold}{halo}>'
            f"{escape(mark.text)}</text>"
        )
    png = base64.b64encode(palette_png(mark.codes, mark.palette)).decode("ascii")
    at = " ".join(
        f'{name}="{_number(value)}"'
        for name, value in (
            ("x", mark.left_in), ("y", mark.top_in), ("width", mark.width_in), ("height", mark.height_in),
        )
    )  # fmt: skip
    return (
        f'<image {at} preserveAspectRatio="none" style="image-rendering:pixelated" href="data:image/png;base64,{png}"/>'
    )
