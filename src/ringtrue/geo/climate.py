"""The effective-earth factor of a place: weather and climate, not ignorance."""

from __future__ import annotations

from typing import NamedTuple

from ringtrue.geo.geodesy import inverse
from ringtrue.geo.refraction import STANDARD_K

N_UNITS_OF_CURVATURE = 157.0
FARTHEST_REFERENCE_M = 350e3
STEEPEST_DAY_N_UNITS_PER_KM = -13.0
FLATTEST_DAY_N_UNITS_PER_KM = 6.0
DUCT_N_UNITS_PER_KM = -157.0


class ReferenceClimate(NamedTuple):
    """Refractivity gradients of ITU-R P.453 at a place [N units per km].

    ``median_1km`` over the lowest km; ``tenth_65m`` is exceeded in steepness 10 % of the time in the lowest 65 m.
    """

    name: str
    latitude_deg: float
    longitude_deg: float
    median_1km: float
    tenth_65m: float


CLIMATES = (
    ReferenceClimate("Anatolian plateau (Ankara)", 39.93, 32.86, -32.0, -92.0),
    ReferenceClimate("Black Sea coast (Sinop)", 42.02, 35.15, -36.0, -128.0),
    ReferenceClimate("Mediterranean coast (Mersin)", 36.80, 34.63, -45.0, -164.0),
    ReferenceClimate("Aegean coast", 38.40, 26.80, -54.0, -181.0),
)


class SiteK(NamedTuple):
    """k of a site: day-to-day low, median and high [1], where it comes from, and whether ducts are common."""

    low: float
    nominal: float
    high: float
    climate: str
    has_ducts: bool


def k_of_gradient_n_units(gradient_n_units_per_km: float) -> float:
    """k = 157 / (157 + dN/dh), the form of the ITU.

    >>> round(k_of_gradient_n_units(-32.0), 2)
    1.26
    """
    return N_UNITS_OF_CURVATURE / (N_UNITS_OF_CURVATURE + gradient_n_units_per_km)


def site_k_factor(latitude_deg: float, longitude_deg: float) -> SiteK:
    """k of the nearest of four reference places, or the standard atmosphere where none is near.

    Parameters
    ----------
    latitude_deg, longitude_deg : float
        Site [degree].

    Returns
    -------
    SiteK
        Nominal from the median gradient of the lowest kilometre. The day-to-day spread is declared, not published: the
        gradient from 6 N/km flatter to 13 N/km steeper, which at Ankara gives 1.2 to 1.4. More than 350 km from every
        reference place: 4/3, from 1.2 to 1.55 (the range of the four).

    References
    ----------
    ITU-R P.453, maps of the refractivity gradient, as read for the four places (docs/methods/refraction.md).

    Examples
    --------
    >>> site = site_k_factor(40.0789, 32.5656)
    >>> round(site.low, 2), round(site.nominal, 2), round(site.high, 2)
    (1.2, 1.26, 1.4)
    """
    distances_m = [
        float(inverse(latitude_deg, longitude_deg, place.latitude_deg, place.longitude_deg).distance_m)
        for place in CLIMATES
    ]
    nearest_m, place = min(zip(distances_m, CLIMATES, strict=True))
    if nearest_m > FARTHEST_REFERENCE_M:
        return SiteK(1.2, STANDARD_K, 1.55, "standard atmosphere (no reference place within 350 km)", False)
    return SiteK(
        k_of_gradient_n_units(place.median_1km + FLATTEST_DAY_N_UNITS_PER_KM),
        k_of_gradient_n_units(place.median_1km),
        k_of_gradient_n_units(place.median_1km + STEEPEST_DAY_N_UNITS_PER_KM),
        place.name,
        place.tenth_65m < DUCT_N_UNITS_PER_KM,
    )
