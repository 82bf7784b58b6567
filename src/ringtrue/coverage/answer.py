"""The sentence that answers an audit, and the words in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringtrue.finding import percent
from ringtrue.geo import gazetteer, geodesy

if TYPE_CHECKING:
    from ringtrue.coverage.records import CoverageRow, FootprintRow
    from ringtrue.finding import Finding

WHOLE = 0.9995  # a share that prints as 100 %


def place_name(latitude_deg: float, longitude_deg: float) -> str:
    """Name a position by its coordinates, its country and the town near it.

    >>> place_name(41.29, 36.33), place_name(0.0, -30.0)
    ('41.2900 N, 36.3300 E (Turkey, 1 km from Samsun)', '0.0000 N, 30.0000 W')
    """
    text = (
        f"{abs(latitude_deg):.4f} {'N' if latitude_deg >= 0.0 else 'S'}, "
        f"{abs(longitude_deg):.4f} {'E' if longitude_deg >= 0.0 else 'W'}"
    )
    country = gazetteer.country_of(latitude_deg, longitude_deg)
    near = gazetteer.nearest_town(latitude_deg, longitude_deg)
    about = [country] if country else []
    if near is not None:
        town, away_m = near
        abroad = "" if town.country == country else f", {town.country}"
        about.append(f"{_away_words(away_m)} {town.name}{abroad}")
        city = gazetteer.city_of(town)
        if city is not None:
            city_m = geodesy.inverse(latitude_deg, longitude_deg, city.latitude_deg, city.longitude_deg).distance_m
            about.append(f"{_away_words(float(city_m))} {city.name}")
    return f"{text} ({', '.join(about)})" if about else text


def _away_words(away_m: float) -> str:
    return f"{away_m / 1000.0:.0f} km from" if away_m >= 500.0 else "at"


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
