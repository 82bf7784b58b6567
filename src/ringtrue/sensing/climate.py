"""Effective-earth factor k of a site: weather and place, not ignorance."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ringtrue.geo import geodesy

if TYPE_CHECKING:
    from ringtrue.catalogue.records import Catalogue

CLIMATE_PLACES: dict[str, tuple[float, float]] = {
    "k-ankara": (39.93, 32.86),
    "k-sinop": (42.02, 35.15),
    "k-mersin": (36.80, 34.63),
    "k-aegean": (38.40, 26.50),
}
STANDARD = "k-standard"
_REACH_M = 350_000.0


class SiteClimate(NamedTuple):
    """k of a place: the usual value, the low and high of day-to-day weather, and the assumption that holds it.

    ``key`` is empty where k was asked for.
    """

    usual: float
    low: float
    high: float
    text: str
    key: str = ""


def site_climate(
    catalogue: Catalogue, latitude_deg: float, longitude_deg: float, k_factor: float | None
) -> SiteClimate:
    """Return k at a site: the one asked for, else that of the nearest of four tabled places within 350 km.

    Day-to-day weather is reported as a variant, never drawn into the interval. Farther away the standard value serves.
    """
    if k_factor is not None:
        return SiteClimate(k_factor, k_factor, k_factor, f"{k_factor:g}, as asked for")
    key = climate_of(latitude_deg, longitude_deg)
    parameter = catalogue.assumptions[key]
    whose = "usual for any place" if key == STANDARD else f"usual at {climate_name(key)}, the nearest place tabled"
    text = f"{parameter.nominal:.3g} ({whose}; day to day {parameter.low:g} to {parameter.high:g})"
    return SiteClimate(parameter.nominal, parameter.low, parameter.high, text, key)


def climate_of(latitude_deg: float, longitude_deg: float) -> str:
    """Return the assumption that holds k of a site: that of the nearest tabled place within 350 km, else the standard.

    >>> climate_of(38.29, 27.16), climate_of(44.57, 26.09)
    ('k-aegean', 'k-standard')
    """
    distance_m = {
        key: float(geodesy.inverse(latitude_deg, longitude_deg, *place)[0]) for key, place in CLIMATE_PLACES.items()
    }
    nearest = min(distance_m, key=lambda key: (distance_m[key], key))
    return nearest if distance_m[nearest] <= _REACH_M else STANDARD


def climate_name(key: str) -> str:
    """Return what reports call a climate.

    >>> climate_name("k-aegean")
    'Aegean'
    """
    return key.removeprefix("k-").capitalize()
