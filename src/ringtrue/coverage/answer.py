"""The sentence that answers an audit, and the words in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringtrue.finding import percent, plain
from ringtrue.geo import gazetteer, geodesy

if TYPE_CHECKING:
    from ringtrue.coverage.records import CoverageRow, FootprintRow
    from ringtrue.finding import Finding

MOST_CLASSES = 3
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


def level_words(row: CoverageRow) -> str:
    """Return the height of a row, fit for a sentence."""
    if row.height_m is not None:
        return f"{row.height_m:,.0f} m above ground"
    return f"{row.altitude_m:,.0f} m above the sea"


def at_level(row: CoverageRow, names: dict[str, str]) -> str:
    """Return the class and the height of a row, fit for a sentence."""
    return f"{names[row.target]} at {level_words(row)}"


def answer_sentence(
    name: str, ring_m: float, rows: list[CoverageRow], footprints: list[FootprintRow], names: dict[str, str]
) -> str:
    """Say what of the ring can be engaged: every class asked about, at its lowest and its highest level.

    Of more classes than three those of the most and of the least area. Areas stand beside shares, for rings differ.
    """
    answered = [row for row in rows if row.engageable_area_km2 is not None]
    by_class: dict[str, list[CoverageRow]] = {}
    for row in answered:
        by_class.setdefault(row.target, []).append(row)
    said = []
    if answered:
        among = (
            f", the most and the least of {len(by_class)} classes asked about" if len(by_class) > MOST_CLASSES else ""
        )
        told = [_class_words(by_class[target], names) for target in _told_classes(by_class)]
        said.append(f"{_ring_words(name, ring_m, answered[0])}{among}: {'; '.join(told)}.")
    said += list(dict.fromkeys(f"{row.note[:1].upper()}{row.note[1:]}." for row in rows if row.note))
    said += [
        f"Against the {names[row.target]}, from one azimuth, it covers {ground_words(row.footprint_area_km2)}."
        for row in footprints
    ]
    return " ".join(said)


def enclosed(name: str) -> str:
    """Return a name that can go on in a sentence: one with a comma in it ends with one.

    >>> enclosed("S-400, advertised full fit"), enclosed("NASAMS")
    ('S-400, advertised full fit,', 'NASAMS')
    """
    return f"{name}," if "," in name else name


def _told_classes(by_class: dict[str, list[CoverageRow]]) -> list[str]:
    """Return the classes that the sentence names."""
    if len(by_class) <= MOST_CLASSES:
        return list(by_class)

    def most(target: str) -> float:
        return max(row.engageable_area_km2.median for row in by_class[target] if row.engageable_area_km2 is not None)

    return list(dict.fromkeys((max(by_class, key=most), min(by_class, key=most))))


def _ring_words(name: str, ring_m: float, row: CoverageRow) -> str:
    ring = f"its advertised {ring_m / 1000:,.0f}-km ring ({plain(row.advertised_area_km2)} km²)"
    if row.covered_share < WHOLE:
        ring = f"the {percent(row.covered_share)} of {ring} that the elevation model covers"
    return f"{enclosed(name)} can engage here, of {ring}"


def _class_words(rows: list[CoverageRow], names: dict[str, str]) -> str:
    first, last = rows[0], rows[-1]
    told = [first] if first is last else [first, last]
    where = " and ".join(f"{_engaged_words(row)} at {level_words(row)}" for row in told)
    return f"the {names[first.target]} {where}"


def _engaged_words(row: CoverageRow) -> str:
    area = row.engageable_area_km2
    assert area is not None
    if area.high == 0.0:
        return "nowhere"
    share = "" if row.engageable_share is None else f", {percent(row.engageable_share.median)} of it,"
    return f"in {area_words(area)}{share}"


def ground_words(area: Finding) -> str:
    """Return the ground that is covered with its interval.

    >>> from ringtrue.finding import Finding
    >>> ground_words(Finding("footprint", "km2", 0.0, 0.0, 0.0))
    'no ground'
    """
    return "no ground" if area.high == 0.0 else f"{area_words(area)} of ground"


def area_words(area: Finding) -> str:
    """Return an area with its interval.

    >>> from ringtrue.finding import Finding
    >>> area_words(Finding("area", "km2", 11.6, 4204.0, 5330.0)), area_words(Finding("area", "km2", 0.0, 0.0, 0.0))
    ('4,200 km² (11.6 to 5,330)', 'nothing')
    """
    if area.high == 0.0:
        return "nothing"
    low, median, high = (plain(value) for value in (area.low, area.median, area.high))
    return f"{median} km²" if low == high else f"{median} km² ({low} to {high})"
