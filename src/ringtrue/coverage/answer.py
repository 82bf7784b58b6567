"""The sentence that answers an audit, and the words in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ringtrue.finding import percent

if TYPE_CHECKING:
    from ringtrue.coverage.people import Surroundings
    from ringtrue.coverage.records import CoverageRow, FootprintRow
    from ringtrue.finding import Finding

LARGE_CITY = 1_000_000
WHOLE = 0.9995  # a share that prints as 100 %


def place_name(latitude_deg: float, longitude_deg: float, around: Surroundings) -> str:
    """Name the site by its coordinates and the nearest city of a million, or the nearest listed one."""
    text = f"{latitude_deg:.4f} N, {longitude_deg:.4f} E"
    if not around.cities:
        return text
    range_m = around.place.city_range_m
    is_large = np.array([c.population >= LARGE_CITY for c in around.cities])
    nearest = int(np.argmin(np.where(is_large, range_m, np.inf) if is_large.any() else range_m))
    return f"{text} ({range_m[nearest] / 1000.0:.0f} km from {around.cities[nearest].name})"


def share_words(share: Finding) -> str:
    """Return the interval of a share in per cent.

    >>> from ringtrue.finding import Finding
    >>> share_words(Finding("share", "1", 0.012, 0.5, 0.9996)), share_words(Finding("share", "1", 1.0, 1.0, 1.0))
    ('1.2 to 100 %', '100 %')
    """
    if share.high == 0.0:
        return "nothing"
    low, high = percent(share.low), percent(share.high)
    return low if low == high else f"{low.removesuffix(' %')} to {high}"


def at_level(row: CoverageRow, names: dict[str, str]) -> str:
    """Return the class and the height of a row, fit for a sentence."""
    level = (
        f"{row.height_m:,.0f} m above ground" if row.height_m is not None else f"{row.altitude_m:,.0f} m above the sea"
    )
    return f"{names[row.target]} at {level}"


def answer_sentence(
    name: str,
    ring_m: float,
    rows: list[CoverageRow],
    footprints: list[FootprintRow],
    names: dict[str, str],
    sentence: str,
    about: str,
) -> str:
    """Say in one sentence what of the ring holds, at its best and at its worst, and what would move it."""
    shares = [(r, r.engageable_share) for r in rows if r.engageable_share is not None]
    if not shares and footprints:
        row = footprints[0]
        footprint = row.footprint_area_km2
        return (
            f"{name} here covers {footprint.low:,.0f} to {footprint.high:,.0f} km2 of ground against the "
            f"{names[row.target]} from one azimuth."
        )
    if not shares:
        return " ".join(dict.fromkeys(f"{r.note[:1].upper()}{r.note[1:]}." for r in rows if r.note))
    best, most = max(shares, key=lambda pair: pair[1].median)
    worst, least = min(shares, key=lambda pair: pair[1].median)
    reach = f"{share_words(most)} against the {at_level(best, names)}"
    if worst is not best:
        reach += f", and {share_words(least)} against the {at_level(worst, names)}"
    ring = f"the advertised {ring_m / 1000:,.0f}-km ring"
    if best.covered_share < WHOLE:
        ring = f"the {percent(best.covered_share)} of {ring} that the elevation model covers"
    return f"Of {ring}, {name} here can engage {reach}; for the {about}, {sentence}."
