"""How figures look: fonts, palette, number words, and saving without a date in the file."""

from __future__ import annotations

import io
import math
import textwrap
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure

INK = "#14181b"
SOFT = "#4b5358"
RULE = "#c9ced1"
LAND = "#f3f1ea"
SEA = "#d7e3ea"
RING = "#b34700"
LINK_COLOURS = {"seen_geometry": "#c8c3da", "seen": "#9ec9e2", "tracked": "#3f8fc4", "engageable": "#0b3c78"}
SERIES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")  # Okabe-Ito
UNKNOWN_POSITION = "Airport coordinates stand for an unknown position."

SOURCE_LINE_LETTERS = 138

STYLE: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9.0,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "text.color": INK,
    "grid.color": "#dddddd",
    "svg.hashsalt": "ringtrue",
    "svg.fonttype": "none",
    "figure.facecolor": "white",
}


@contextmanager
def house_style() -> Iterator[None]:
    """Draw and save figures in the house style inside this context; matplotlib's own settings are left as they were."""
    import matplotlib as mpl

    with mpl.rc_context():
        for key, value in STYLE.items():
            mpl.rcParams[key] = value  # type: ignore[literal-required,index,unused-ignore]
        yield


def new_figure(width_in: float, height_in: float) -> Figure:
    """Return an empty figure in the house style; call inside ``house_style()``."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width_in, height_in))
    FigureCanvasAgg(figure)
    return figure


def source_line(figure: Figure, text: str) -> None:
    """Write the source below a figure, lines broken to fit 7.4 inches."""
    lines = (textwrap.fill(line, SOURCE_LINE_LETTERS) for line in text.splitlines())
    figure.text(0.012, 0.008, "\n".join(lines), fontsize=6.8, color=SOFT, ha="left", va="bottom")


def png_bytes(figure: Figure, dpi: int = 144, colours: int | None = None) -> bytes:
    """Return the figure as PNG, the same bytes for the same figure; ``colours`` is the size of its palette."""
    out = io.BytesIO()
    with house_style():
        figure.savefig(out, format="png", dpi=dpi, metadata={"Software": None})
    if colours is None:
        return out.getvalue()
    from PIL import Image

    packed = io.BytesIO()
    with Image.open(out) as picture:
        picture.convert("RGB").quantize(colours, dither=Image.Dither.NONE).save(packed, format="PNG", optimize=True)
    return packed.getvalue()


def svg_text(figure: Figure) -> str:
    """Return the figure as SVG without date or creator, the same text for the same figure."""
    out = io.StringIO()
    with house_style():
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()


def three_digits(value: float) -> str:
    """Return a number with three significant digits and thousands apart.

    >>> three_digits(123456.0), three_digits(0.01234), three_digits(0.0)
    ('123,000', '0.0123', '0')
    """
    if not math.isfinite(value):
        return "not known"
    if value == 0:
        return "0"
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 100 else f"{rounded:.3g}"


def two_digits(value: float) -> str:
    """Return a count with two significant digits: all that a coarse population raster gives.

    >>> two_digits(1_234_567.0)
    '1,200,000'
    """
    return f"{float(f'{value:.2g}'):,.0f}" if math.isfinite(value) else "not known"


def percent(share: float) -> str:
    """Return a share in per cent, two significant digits.

    >>> percent(0.016), percent(0.5), percent(0.0), percent(1.0), percent(0.0001)
    ('1.6 %', '50 %', '0 %', '100 %', '0.01 %')
    """
    if not math.isfinite(share):
        return "not known"
    return f"{float(f'{100.0 * share:.2g}'):g} %"


def sentence(text: str) -> str:
    """Return a text with a capital letter in front and a full stop behind.

    >>> sentence("no single assumption decides")
    'No single assumption decides.'
    """
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def height_words(height_m: float) -> str:
    """Return a height as the page prints it.

    >>> height_words(30.0), height_words(1500.0), height_words(10000.0)
    ('30 m', '1.5 km', '10 km')
    """
    return f"{height_m:g} m" if height_m < 1000 else f"{height_m / 1000:g} km"
