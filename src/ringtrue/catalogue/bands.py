"""Radar bands from the longest wave to the shortest, and which of those given is seen by a radar of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

BANDS = ("VHF", "UHF", "L", "S", "C", "X", "Ku", "Ka")


def nearest_band(given: Iterable[str], band: str) -> str:
    """Return the band among those given that lies nearest, the first in the alphabet of two as near.

    An unknown band is taken for the S band.

    >>> nearest_band(["X", "S", "VHF"], "C")
    'S'
    """
    place = BANDS.index(band) if band in BANDS else BANDS.index("S")
    return min(given, key=lambda b: (abs(BANDS.index(b) - place) if b in BANDS else 99, b))
