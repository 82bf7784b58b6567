"""A warning, not a model: where open water lies about a site, the lowest air can duct and no answer here holds."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from ringtrue.finding import whole_percent
from ringtrue.geo import geodesy, layers

if TYPE_CHECKING:
    from collections.abc import Iterable

NEAR_M = 100_000.0
LEAST_SHARE = 0.01
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

    References
    ----------
    ITU-R P.453, refractivity gradient of the lowest 65 m that is exceeded 10 % of the time: Ankara -92, Sinop -128,
    Mersin -164, Aegean -181 N/km; a duct begins at -157 N/km.
    """
    shares = {name: water_share(latitude, longitude) for name, latitude, longitude in dict.fromkeys(sites)}
    near = [f"{whole_percent(share)} about {name}" for name, share in shares.items() if share >= LEAST_SHARE]
    if not near:
        return ()
    text = (
        f"Ducting is not computed, and over water it matters: within 100 km, open water takes {', '.join(near)}. On "
        "the coasts of Mersin and of the Aegean the lowest 65 m of air ducts over a tenth of the time (ITU-R P.453: "
        "-164 and -181 N/km, a duct begins at -157); low flyers are then seen far beyond these figures, or lost above "
        "the duct."
    )
    return (text,)
