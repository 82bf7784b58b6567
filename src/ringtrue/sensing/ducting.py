"""A warning, not a model: where open water lies about a site, the lowest air can duct and no answer here holds."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from ringtrue.finding import whole_percent
from ringtrue.geo import geodesy, layers
from ringtrue.sensing.climate import climate_name, climate_of

if TYPE_CHECKING:
    from collections.abc import Iterable

NEAR_M = 100_000.0
LEAST_SHARE = 0.01
GRADIENT_N_PER_KM = {"k-ankara": -92, "k-sinop": -128, "k-mersin": -164, "k-aegean": -181}
"""Climate → refractivity gradient of the lowest 65 m that is exceeded 10 % of the time, ITU-R P.453."""
_N_AZIMUTHS, _N_RINGS = 72, 20


@lru_cache(maxsize=64)
def water_share(latitude_deg: float, longitude_deg: float, radius_m: float = NEAR_M) -> float:
    """Share of a circle that is sea or lake [1], from the land share of the 15-arc-minute raster at 1,440 points.

    Points lie in rings of equal area; those off the raster are left out. A coast is known to one cell (about 25 km).

    >>> water_share(40.0789, 32.5656), round(water_share(38.2924, 27.157), 1)  # Mürted near Ankara; Izmir
    (0.0, 0.3)
    """
    range_m = radius_m * np.sqrt((np.arange(_N_RINGS) + 0.5) / _N_RINGS)
    azimuth_rad = np.arange(_N_AZIMUTHS) * (2.0 * np.pi / _N_AZIMUTHS)
    points = geodesy.direct(latitude_deg, longitude_deg, azimuth_rad[:, None], range_m[None, :])
    land = layers.land_share(points.latitude_deg, points.longitude_deg)
    known = np.isfinite(land)
    return round(float(1.0 - land[known].mean()), 4) if known.any() else 0.0


def ducting_notes(sites: Iterable[tuple[str, float, float]]) -> tuple[str, ...]:
    """Warn of ducts where water lies within 100 km of a site; nothing where it does not.

    Parameters
    ----------
    sites : iterable of (name, latitude, longitude)
        Fire units; names may repeat.

    Notes
    -----
    Of the sites by the water, those within reach of a place of `GRADIENT_N_PER_KM` bring its figure; elsewhere none is
    at hand.
    """
    sites = tuple(dict.fromkeys(sites))
    shares = {name: water_share(latitude, longitude) for name, latitude, longitude in sites}
    near = [f"{whole_percent(share)} about {name}" for name, share in shares.items() if share >= LEAST_SHARE]
    if not near:
        return ()
    keys = {climate_of(latitude, longitude) for name, latitude, longitude in sites if shares[name] >= LEAST_SHARE}
    tabled = [f"{climate_name(key)} {GRADIENT_N_PER_KM[key]}" for key in sorted(keys & set(GRADIENT_N_PER_KM))]
    figures = (
        " Refractivity gradient of the lowest 65 m that is passed a tenth of the time (ITU-R P.453, nearest tabled "
        f"climate): {', '.join(tabled)} N/km; a duct begins at -157."
        if tabled
        else ""
    )
    text = (
        f"Ducting is not computed, and over water it matters: within 100 km, open water takes {', '.join(near)}. Low "
        f"flyers are seen far beyond these figures where air ducts, or lost above the duct.{figures}"
    )
    return (text,)
