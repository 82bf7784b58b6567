"""Residents and cities around a site, laid out along the azimuths of the audit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from ringtrue.cancel import stop_if_cancelled
from ringtrue.coverage.ring import EARTH_RADIUS_M, Place
from ringtrue.geo import geodesy, layers
from ringtrue.rng import stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]

RASTER_CELL_DEG = 0.25
LEAST_CELLS = 4.0
_SHARE_SPREAD = 0.29


@dataclass(frozen=True)
class City:
    """A populated place near the site."""

    name: str
    country: str
    latitude_deg: float
    longitude_deg: float
    population: int


@dataclass(frozen=True)
class Surroundings:
    """Residents by country along azimuths, and the cities of the audit."""

    place: Place
    country_names: tuple[str, ...]
    cities: tuple[City, ...]
    raster_cell_km2: float


@lru_cache(maxsize=8)
def surroundings(
    latitude_deg: float,
    longitude_deg: float,
    *,
    n_azimuths: int,
    step_m: float,
    n_samples: int,
    least_population: int = 250_000,
) -> Surroundings:
    """Lay residents and cities out along azimuths.

    Residents of a cell = density per km2 of land x share of land x area of the cell (2020 raster of 15 arc-minutes).
    Cities are labels and assets, never totals. Borders: the UN view of the shipped layer.

    Parameters
    ----------
    n_azimuths : int
        Sectors, the first one about north.
    step_m, n_samples
        Sampling of ground range; people are counted to (n_samples - 1) * step_m.
    """
    azimuth_rad = np.arange(n_azimuths) * (2.0 * np.pi / n_azimuths)
    middle_m = (np.arange(n_samples - 1) + 0.5) * step_m
    position = geodesy.direct(latitude_deg, longitude_deg, azimuth_rad[:, None], middle_m[None, :])
    area_km2 = (
        2.0 * np.pi / n_azimuths * EARTH_RADIUS_M**2
        * (np.cos((middle_m - step_m / 2.0) / EARTH_RADIUS_M) - np.cos((middle_m + step_m / 2.0) / EARTH_RADIUS_M))
        / 1e6
    )  # fmt: skip
    density = layers.population_density_per_km2(position.latitude_deg, position.longitude_deg)
    stop_if_cancelled()
    land = layers.land_share(position.latitude_deg, position.longitude_deg)
    people = density * land * area_km2[None, :]
    stop_if_cancelled()
    ids = layers.country_ids(position.latitude_deg, position.longitude_deg)
    names = layers.country_names()
    present = [int(i) for i in np.unique(ids[people > 0]) if i > 0]
    by_country = np.zeros((len(present), n_azimuths, n_samples))
    for row, country in enumerate(present):
        by_country[row, :, 1:] = np.cumsum(np.where(ids == country, people, 0.0), axis=1)
    total = np.zeros((n_azimuths, n_samples))
    total[:, 1:] = np.cumsum(people, axis=1)
    cities = _cities(latitude_deg, longitude_deg, step_m * (n_samples - 1), least_population)
    distance, azimuth = _polar_of(latitude_deg, longitude_deg, cities)
    width = 2.0 * np.pi / n_azimuths
    place = Place(
        people_step_m=step_m,
        people_cumulative=total,
        people_by_country=by_country,
        city_azimuth=np.round(azimuth / width).astype(np.int64) % n_azimuths,
        city_range_m=distance,
    )
    cell_km2 = (RASTER_CELL_DEG * 111.2) ** 2 * float(np.cos(np.radians(latitude_deg)))
    return Surroundings(place, tuple(names[i - 1] for i in present), cities, cell_km2)


def _cities(latitude_deg: float, longitude_deg: float, reach_m: float, least_population: int) -> tuple[City, ...]:
    span_deg = reach_m / 111_000.0
    east_deg = span_deg / max(np.cos(np.radians(latitude_deg)), 0.1)
    west, south = longitude_deg - east_deg, latitude_deg - span_deg
    found = layers.places((west, south, longitude_deg + east_deg, latitude_deg + span_deg), least_population)
    columns = (found.name, found.country_code, found.latitude_deg, found.longitude_deg, found.population)
    rows = [City(str(n), str(c), float(a), float(o), int(p)) for n, c, a, o, p in zip(*columns, strict=True)]
    distance, _ = _polar_of(latitude_deg, longitude_deg, tuple(rows))
    inside = [c for c, d in zip(rows, distance, strict=True) if d <= reach_m]
    return tuple(sorted(inside, key=lambda c: (-c.population, c.name)))


def _polar_of(latitude_deg: float, longitude_deg: float, cities: tuple[City, ...]) -> tuple[FloatArray, FloatArray]:
    if not cities:
        return np.zeros(0), np.zeros(0)
    there = geodesy.inverse(
        latitude_deg,
        longitude_deg,
        np.array([c.latitude_deg for c in cities]),
        np.array([c.longitude_deg for c in cities]),
    )
    return np.asarray(there[0], dtype=np.float64), np.asarray(there[1], dtype=np.float64)


def with_grid_error(people: FloatArray, area_m2: FloatArray, raster_cell_km2: float, seed: int) -> FloatArray:
    """Widen counts of people by what the 15' raster cannot tell at its edge.

    The outline of an area of n raster cells crosses about 2 sqrt(pi n) of them; of each the covered share of
    residents is
    uniformly unknown (standard deviation 0.29). Relative error 0.29 sqrt(2 sqrt(pi n)) / n, at most 1, one normal
    number per draw; the nominal case (last) keeps its value.
    """
    cells = np.maximum(area_m2 / 1e6 / raster_cell_km2, 1e-9)
    relative = np.minimum(_SHARE_SPREAD * np.sqrt(2.0 * np.sqrt(np.pi * cells)) / cells, 1.0)
    luck = np.append(stream(seed, "coverage/people-grid").standard_normal(people.size - 1), 0.0)
    return np.asarray(np.maximum(people * (1.0 + relative * luck), 0.0), dtype=np.float64)


def is_resolvable(area_m2: float, raster_cell_km2: float) -> bool:
    """Whether an area holds at least four raster cells, below which no count of people is printed."""
    return area_m2 / 1e6 >= LEAST_CELLS * raster_cell_km2
