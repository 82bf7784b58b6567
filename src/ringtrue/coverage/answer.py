"""The sentence that answers an audit, and the words in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ringtrue.coverage.people import Surroundings
    from ringtrue.coverage.records import AuditRow
    from ringtrue.finding import Finding

LARGE_CITY = 1_000_000


def place_name(latitude_deg: float, longitude_deg: float, around: Surroundings) -> str:
    """Name the site by its coordinates and the nearest city of a million, or the nearest listed one."""
    text = f"{latitude_deg:.4f} N, {longitude_deg:.4f} E"
    if not around.cities:
        return text
    range_m = around.place.city_range_m
    is_large = np.array([c.population >= LARGE_CITY for c in around.cities])
    nearest = int(np.argmin(np.where(is_large, range_m, np.inf) if is_large.any() else range_m))
    return f"{text} ({range_m[nearest] / 1000.0:.0f} km from {around.cities[nearest].name})"


def short_name(name: str) -> str:
    """Return a class's name without its bracket, fit for the middle of a sentence.

    >>> short_name("F-16 (fourth-generation fighter)"), short_name("Bomber or tanker (B-1)")
    ('F-16', 'bomber or tanker')
    """
    short = name.partition(" (")[0]
    return short if short[:2].isupper() or not short[1:2].isalpha() else short[:1].lower() + short[1:]


def _percent(share: Finding) -> str:
    if share.high == 0.0:
        return "nothing"
    if share.low == share.high:
        return f"{100 * share.low:.2g} %"
    return f"{100 * share.low:.2g} to {100 * share.high:.2g} %"


def at_level(row: AuditRow, names: dict[str, str]) -> str:
    """Return the class and the height of a row, fit for a sentence."""
    level = (
        f"{row.height_m:,.0f} m above ground" if row.height_m is not None else f"{row.altitude_m:,.0f} m above the sea"
    )
    return f"{names[row.target_id]} at {level}"


def answer_sentence(
    name: str, ring_m: float, rows: list[AuditRow], names: dict[str, str], sentence: str, about: str
) -> str:
    """Say in one sentence what of the ring holds, at its best and at its worst, and what would move it."""
    flying = [r for r in rows if r.footprint_area_km2 is None]
    if not flying:
        footprint = rows[0].footprint_area_km2
        assert footprint is not None
        return (
            f"{name} here covers {footprint.low:,.0f} to {footprint.high:,.0f} km2 of ground against the "
            f"{names[rows[0].target_id]} from one azimuth."
        )
    best = max(flying, key=lambda r: r.engageable_share.median)
    worst = min(flying, key=lambda r: r.engageable_share.median)
    reach = f"{_percent(best.engageable_share)} against the {at_level(best, names)}"
    if worst is not best:
        reach += f", and {_percent(worst.engageable_share)} against the {at_level(worst, names)}"
    return (
        f"Of the advertised {ring_m / 1000:,.0f}-km ring, {name} here can engage {reach}; for the {about}, {sentence}."
    )
