"""Siting: the same question at sites around the one given, as a variant of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ringtrue.errors import OutsideTerrainError
from ringtrue.geo import geodesy
from ringtrue.geo.surface import terrain_surface

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ringtrue.coverage.records import AuditQuestion
    from ringtrue.geo.elevation import ElevationModel
    from ringtrue.sensing.run import Run

    FloatArray = NDArray[np.float64]

N_SITES = 60
REFERENCE_HEIGHT_M = 50.0
_GOLDEN_ANGLE_RAD = float(np.pi * (3.0 - np.sqrt(5.0)))


def sites_within(latitude_deg: float, longitude_deg: float, radius_m: float) -> tuple[FloatArray, FloatArray]:
    """Return sixty sites spread evenly over the disc (sunflower), latitude and longitude (site,)."""
    i = np.arange(N_SITES)
    there = geodesy.direct(
        latitude_deg, longitude_deg, (i * _GOLDEN_ANGLE_RAD) % (2.0 * np.pi), radius_m * np.sqrt((i + 0.5) / N_SITES)
    )
    return np.asarray(there.latitude_deg), np.asarray(there.longitude_deg)


def visible_area_m2(
    model: ElevationModel,
    latitude_deg: float,
    longitude_deg: float,
    *,
    antenna_height_m: float,
    k_factor: float,
    height_m: float,
    reach_m: float,
    threads: int | None = None,
) -> float:
    """Area [m2] in which a target ``height_m`` above the ground is in line of sight, to ``reach_m``."""
    surface = terrain_surface(
        model, latitude_deg, longitude_deg, antenna_height_m=antenna_height_m, k_factor=k_factor, reach_m=reach_m,
        threads=threads, cache=False,
    )  # fmt: skip
    seen = (
        surface.is_covered
        & (surface.ground_altitude_m + np.float32(height_m) >= surface.lowest_visible_altitude_m)
        & (surface.ground_range_m() <= reach_m)
    )
    return float(seen.sum()) * surface.cell_m**2


def ranked_sites(
    run: Run, question: AuditQuestion, *, antenna_height_m: float, k_factor: float, radius_m: float
) -> list[tuple[str, float, AuditQuestion]]:
    """Return the lowest, median and best of sixty sites by area in sight at 50 m, as (name, area_m2, question there).

    Sites off the elevation model are left out.
    """
    latitude, longitude = sites_within(question.latitude_deg, question.longitude_deg, radius_m)
    found = []
    for lat, lon in zip(latitude.tolist(), longitude.tolist(), strict=True):
        try:
            area_m2 = visible_area_m2(
                run.model, lat, lon, antenna_height_m=antenna_height_m, k_factor=k_factor,
                height_m=REFERENCE_HEIGHT_M, reach_m=150_000.0, threads=run.threads,
            )  # fmt: skip
        except OutsideTerrainError:
            continue
        found.append((area_m2, lat, lon))
    found.sort()
    picks = {"lowest site": found[0], "median site": found[len(found) // 2], "best site": found[-1]}
    return [
        (name, area_m2, replace(question, latitude_deg=lat, longitude_deg=lon, site_radius_m=None))
        for name, (area_m2, lat, lon) in picks.items()
    ]
