"""How pages and figures look: palette and number words."""

from __future__ import annotations

import math

from ringtrue.finding import percent as percent
from ringtrue.finding import plain

INK = "#14181b"
SOFT = "#4b5358"
RULE = "#c9ced1"
LAND = "#f3f1ea"
SEA = "#d7e3ea"
RING = "#b34700"
LINK_COLOURS = {"seen_geometry": "#c8c3da", "seen": "#9ec9e2", "tracked": "#3f8fc4", "engageable": "#0b3c78"}
SERIES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")  # Okabe-Ito


def rgb(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue of a colour written ``#rrggbb``.

    >>> rgb("#0b3c78")
    (11, 60, 120)
    """
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue


def ink_on(colour: str) -> str:
    """Return the colour of words that can be read on ``colour``: white, or ink on a light one (contrast after WCAG 2).

    >>> ink_on("#0072b2"), ink_on("#e69f00")
    ('#ffffff', '#14181b')
    """
    linear = [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in rgb(colour)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#ffffff" if 1.05 / (luminance + 0.05) >= 4.5 else INK


def three_digits(value: float) -> str:
    """Return a number with three significant digits and thousands apart.

    >>> three_digits(123456.0), three_digits(0.01234), three_digits(0.0)
    ('123,000', '0.0123', '0')
    """
    if not math.isfinite(value):
        return "not known"
    return plain(value)


def two_digits(value: float) -> str:
    """Return a count with two significant digits: all that a coarse population raster gives.

    >>> two_digits(1_234_567.0)
    '1,200,000'
    """
    return f"{float(f'{value:.2g}'):,.0f}" if math.isfinite(value) else "not known"


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
