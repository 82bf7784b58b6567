"""Residents about several sites at once, on cells that every site shares, by country."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ringtrue.coverage.ring import EARTH_RADIUS_M
from ringtrue.geo import geodesy, layers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]

CELL_DEG = 1.0 / 12.0


@dataclass(frozen=True)
class Cells:
    """Populated cells about every site, in order of country; blocks of two by two cells for people defended.

    ``people``, ``country`` (cell,); ``azimuth_rad``, ``distance_m`` (cell,) for each site; ``block`` (cell,).
    """

    people: FloatArray
    country: NDArray[np.int16]
    block: NDArray[np.int64]
    azimuth_rad: list[FloatArray]
    distance_m: list[FloatArray]


@dataclass(frozen=True)
class Blocks:
    """Blocks of cells about one site: east and north [m], residents and country."""

    x_m: FloatArray
    y_m: FloatArray
    people: FloatArray
    country: NDArray[np.int16]


def populated_about(latitude_deg: FloatArray, longitude_deg: FloatArray, reach_m: float) -> Cells:
    """Cells of 5 arc-minutes that hold residents within reach of any site.

    Residents = density per km2 of land (15 arc-minutes) x land of the cell, seen at 25 points. A cell belongs to the
    country of most of its points on land.
    """
    span = reach_m / 110_000.0
    south, north = float(latitude_deg.min()) - span, float(latitude_deg.max()) + span
    wide = span / max(float(np.cos(np.radians(max(abs(south), abs(north))))), 0.2)
    west, east = float(longitude_deg.min()) - wide, float(longitude_deg.max()) + wide
    rows = np.arange(np.floor(south / CELL_DEG), np.ceil(north / CELL_DEG), dtype=np.int64)
    columns = np.arange(np.floor(west / CELL_DEG), np.ceil(east / CELL_DEG), dtype=np.int64)
    row, column = (v.ravel() for v in np.meshgrid(rows, columns, indexing="ij"))
    latitude, longitude = (row + 0.5) * CELL_DEG, (column + 0.5) * CELL_DEG
    density = layers.population_density_per_km2(latitude, longitude)
    polar = [geodesy.inverse(a, o, latitude, longitude) for a, o in zip(latitude_deg, longitude_deg, strict=True)]
    near = np.flatnonzero((density > 0) & (np.min([p[0] for p in polar], axis=0) <= reach_m))
    part = ((np.arange(5) + 0.5) / 5.0 - 0.5) * CELL_DEG
    north_deg, east_deg = (v.ravel() for v in np.meshgrid(part, part))
    at = latitude[near, None] + north_deg, longitude[near, None] + east_deg
    is_land, ids = layers.is_land(*at), layers.country_ids(*at)
    country = most_frequent(ids)
    is_known = (ids > layers.OFF_THE_MAP).any(axis=1)
    land = np.where(is_known, is_land.mean(axis=1), 1.0)
    cell_km2 = (np.radians(CELL_DEG) * EARTH_RADIUS_M / 1000.0) ** 2 * np.cos(np.radians(latitude[near]))
    people = density[near] * land * cell_km2
    _, block = np.unique(np.stack([row[near] // 2, column[near] // 2]), axis=1, return_inverse=True)
    kept = np.flatnonzero(people > 0)
    kept = kept[np.argsort(country[kept], kind="stable")]
    return Cells(
        people[kept], country[kept],
        np.asarray(block, dtype=np.int64).ravel()[kept],
        [np.asarray(p[1][near][kept]) for p in polar], [np.asarray(p[0][near][kept]) for p in polar],
    )  # fmt: skip


def most_frequent(ids: NDArray[np.int16]) -> NDArray[np.int16]:
    """Most frequent country id above 0 of each row; the first id where there is none."""
    best, count = ids[:, 0].copy(), np.zeros(ids.shape[0], dtype=np.int64)
    for i in np.unique(ids[ids > 0]):
        here = (ids == i).sum(axis=1)
        best, count = np.where(here > count, i, best).astype(np.int16), np.maximum(count, here)
    return best


def blocks_about(cells: Cells, i_site: int, reach_m: float) -> Blocks:
    """Blocks of two by two cells within reach of a site, each at the centre of its residents."""
    near = np.flatnonzero(cells.distance_m[i_site] <= reach_m)
    _, index = np.unique(cells.block[near], return_inverse=True)
    weight = cells.people[near]
    people = np.asarray(np.bincount(index, weights=weight), dtype=np.float64)
    angle, distance_m = cells.azimuth_rad[i_site][near], cells.distance_m[i_site][near]
    x_m = np.bincount(index, weights=weight * distance_m * np.sin(angle)) / people
    y_m = np.bincount(index, weights=weight * distance_m * np.cos(angle)) / people
    order = np.argsort(weight, kind="stable")
    country = np.zeros(people.size, dtype=np.int16)
    country[index[order]] = cells.country[near][order]
    return Blocks(x_m, y_m, people, country)


def people_by_country(is_under: NDArray[np.bool_], chosen: NDArray[np.int64], cells: Cells) -> dict[int, FloatArray]:
    """Residents under, over draws, by country id; cells stand in order of country."""
    held = np.flatnonzero(is_under.any(axis=0))
    if held.size == 0:
        return {}
    people = is_under[:, held] * cells.people[chosen[held]]
    ids, first = np.unique(cells.country[chosen[held]], return_index=True)
    sums = np.add.reduceat(people, first, axis=1)
    return {int(i): sums[:, k] for k, i in enumerate(ids)}
