"""Shipped places by name, and what a position is called: for people who do not think in degrees."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from ringtrue.errors import InputError, did_you_mean
from ringtrue.geo import geodesy, layers

CLEARLY_LARGER = 10
TOWN = 20_000
TOWN_WITHIN_M = 50_000.0
SUBURB_WITHIN_M = 20_000.0
MOST_LISTED = 6


class NamedPlace(NamedTuple):
    """A place of the shipped list."""

    name: str
    country: str
    latitude_deg: float
    longitude_deg: float
    population: int

    def __str__(self) -> str:
        return f"{self.name}, {self.country} ({self.latitude_deg:.4f}, {self.longitude_deg:.4f})"


def _plain(name: str) -> str:
    """Fold a name so that Izmir finds İzmir: no accents, no case, no marks.

    >>> _plain("İzmir"), _plain("Šibenik "), _plain("Kırşehir")
    ('izmir', 'sibenik', 'kirsehir')
    """
    letters = unicodedata.normalize("NFKD", name.replace("ı", "i"))
    kept = "".join(c for c in letters if not unicodedata.combining(c))
    return " ".join(kept.casefold().replace("-", " ").replace("'", "").split())


@lru_cache(maxsize=1)
def _index() -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    for i, name in enumerate(layers.places().name):
        found.setdefault(_plain(str(name)), []).append(i)
    return {name: tuple(indices) for name, indices in found.items()}


def _place(i: int) -> NamedPlace:
    known = layers.places()
    latitude, longitude = float(known.latitude_deg[i]), float(known.longitude_deg[i])
    country = country_of(latitude, longitude) or str(known.country_code[i])
    return NamedPlace(str(known.name[i]), country, latitude, longitude, int(known.population[i]))


def country_of(latitude_deg: float, longitude_deg: float) -> str:
    """Return the country a position lies in, in the UN view; empty at sea and off the shipped borders."""
    number = int(layers.country_ids(np.array([latitude_deg]), np.array([longitude_deg]))[0])
    return layers.country_names()[number - 1] if number > 0 else ""


def find_place(text: str) -> NamedPlace:
    """Return the place that a name means; a country behind a comma settles which one.

    The largest of its name, if it has ten times the people of the next one.

    Raises
    ------
    InputError
        No such place, or several that a reader could mean: the text lists them with their countries.

    Examples
    --------
    >>> str(find_place("samsun"))
    'Samsun, Turkey (41.2798, 36.3361)'
    >>> find_place("Tripoli, Lebanon").country
    'Lebanon'
    """
    name, _, country = (part.strip() for part in text.partition(","))
    found = sorted((_place(i) for i in _index().get(_plain(name), ())), key=lambda p: -p.population)
    if country:
        wanted = _plain(country)
        found = [p for p in found if _plain(p.country) == wanted]
    if not found:
        near = did_you_mean(_plain(name), _index())
        msg = (
            f"place {text!r} is not among the shipped places (18 to 50 E, 30 to 50 N){near}; give latitude and "
            "longitude, such as 41.29,36.33"
        )
        raise InputError(msg)
    if len(found) > 1 and found[0].population < CLEARLY_LARGER * max(found[1].population, 1):
        listed = "; ".join(str(p) for p in found[:MOST_LISTED])
        more = f"; and {len(found) - MOST_LISTED} more" if len(found) > MOST_LISTED else ""
        settles = "add the country, or give" if len({p.country for p in found}) > 1 else "give"
        msg = f"place {text!r} is {len(found)} places: {listed}{more}; {settles} latitude and longitude"
        raise InputError(msg)
    return found[0]


def places_that_begin(text: str, most: int) -> list[str]:
    """Return the largest places whose name begins like a text, in small letters without accents, as `find_place` reads.

    >>> places_that_begin("Izm", 2)
    ['izmir', 'izmit']
    """
    begun, known = _plain(text), layers.places()
    found = [name for name in _index() if name.startswith(begun)]
    return sorted(found, key=lambda name: (-max(int(known.population[i]) for i in _index()[name]), name))[:most]


def nearest_town(latitude_deg: float, longitude_deg: float) -> tuple[NamedPlace, float] | None:
    """Return the town a reader would name a position by, and how far off it is [m]; None off the shipped places.

    The nearest of 20,000 people within 50 km; else the nearest place of any size within 50 km; else the nearest of
    20,000 people within 500 km.

    >>> town, away_m = nearest_town(41.29, 36.33)
    >>> town.name, round(away_m / 1e3)
    ('Samsun', 1)
    """
    towns, any_size = (_nearest(latitude_deg, longitude_deg, least) for least in (TOWN, 0))
    near = [found for found in (towns, any_size) if found is not None and found[1] <= TOWN_WITHIN_M]
    far = [found for found in (towns,) if found is not None and found[1] <= 10.0 * TOWN_WITHIN_M]
    return next(iter((*near, *far)), None)


def city_of(town: NamedPlace) -> NamedPlace | None:
    """Return the city that a town is a part or a suburb of: ten times its people within 20 km; None where it has none.

    >>> str(city_of(find_place("Batikent")))
    'Ankara, Turkey (39.9199, 32.8543)'
    """
    found = _nearest(town.latitude_deg, town.longitude_deg, max(TOWN, CLEARLY_LARGER * town.population))
    return found[0] if found is not None and found[1] <= SUBURB_WITHIN_M else None


def _nearest(latitude_deg: float, longitude_deg: float, least: int) -> tuple[NamedPlace, float] | None:
    """Return the nearest place of at least so many people, and its distance [m]."""
    known = layers.places()
    large = np.flatnonzero(known.population >= least)
    if not large.size:
        return None
    # a plane is good enough to choose candidates; the distance told is the geodesic one
    north = known.latitude_deg[large] - latitude_deg
    east = (known.longitude_deg[large] - longitude_deg) * np.cos(np.radians(latitude_deg))
    some = large[np.argsort(np.hypot(north, east), kind="stable")[:8]]
    away_m = geodesy.inverse(
        latitude_deg, longitude_deg, known.latitude_deg[some], known.longitude_deg[some]
    ).distance_m
    best = int(np.argmin(away_m))
    return _place(int(some[best])), float(away_m[best])
