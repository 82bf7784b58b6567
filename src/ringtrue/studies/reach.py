"""What one fire unit reaches, and what several reach together, draw by draw.

Areas and residents of one unit come from the audit's own sums. What two units share is counted on the cells of the
population raster (15 arc-minutes) in the window of the scenario, by the middle of each cell, and subtracted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.coverage.defended import (
    N_COURSES,
    POINT_COURSES,
    earliest_intercepts,
    is_met_before,
    tracked_before_s,
)
from ringtrue.coverage.edges import reach_of
from ringtrue.coverage.footprint import footprint_areas_m2
from ringtrue.coverage.people import LEAST_CELLS, RASTER_CELL_DEG, surroundings
from ringtrue.coverage.ring import Weather, level_sight, ring_arrays
from ringtrue.errors import InputError, did_you_mean
from ringtrue.finding import DRAWS, draw_axis
from ringtrue.geo import geodesy, layers
from ringtrue.sensing.chain import find_target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ringtrue.coverage.defended import Intercepts
    from ringtrue.coverage.ring import Level, Place
    from ringtrue.scenario.records import Area
    from ringtrue.sensing.post import Post
    from ringtrue.sensing.sight import PolarSight

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]
    IntArray = NDArray[np.int64]

_KM_PER_DEG = 111.195


@dataclass(frozen=True)
class Cells:
    """Cells of a window, (cell,): middle [deg], area [km2], and residents of the country (0 elsewhere)."""

    country: str
    latitude_deg: FloatArray
    longitude_deg: FloatArray
    area_km2: FloatArray
    people: FloatArray


@dataclass(frozen=True)
class UnitReach:
    """What one fire unit reaches against one class at one level; draw axes hold the nominal case last.

    ``area_km2`` and ``people`` (draw + 1,): engageable airspace, and residents of the country below it. ``engageable``
    (draw + 1, cell). ``intercept_steps`` (cell, course, draw + 1): way to go at the earliest intercept before each
    cell, as in `defended.Intercepts`. ``uses``: addresses of the figures behind it. ``tracked_before_s`` (point,
    course, draw + 1): time from the first track to arrival at the cells without area, which are points, on courses
    closer together [s]. Against a
    ballistic class ``area_km2`` is the footprint for one azimuth, nobody is counted, ``engageable`` is empty of true
    cells and no point is warned.
    """

    area_km2: FloatArray
    people: FloatArray
    engageable: BoolArray
    intercept_steps: NDArray[np.int16]
    uses: frozenset[str]
    tracked_before_s: FloatArray | None = None


class Reached(NamedTuple):
    """What units reach together: airspace [km2] and residents below it, residents defended (draw + 1,).

    ``people_defended`` is nan throughout where fewer than four inhabited cells are defended: not resolvable;
    ``cells_defended`` counts those cells.
    """

    area_km2: FloatArray
    people_under: FloatArray
    people_defended: FloatArray
    cells_defended: FloatArray


def window_cells(area: Area) -> Cells:
    """Return the cells of 15 arc-minutes of the scenario's window, with the residents of its country.

    Borders: the UN view. Residents = density per km2 of land x share of land x area of the cell.

    Raises
    ------
    InputError
        The border layer has no country of that name.
    """
    south, north = (np.round(v / RASTER_CELL_DEG) for v in (area.south_deg, area.north_deg))
    west, east = (np.round(v / RASTER_CELL_DEG) for v in (area.west_deg, area.east_deg))
    rows = (np.arange(south, north) + 0.5) * RASTER_CELL_DEG
    columns = (np.arange(west, east) + 0.5) * RASTER_CELL_DEG
    latitude, longitude = (v.ravel() for v in np.meshgrid(rows, columns, indexing="ij"))
    km2 = (RASTER_CELL_DEG * _KM_PER_DEG) ** 2 * np.cos(np.radians(latitude))
    density = layers.population_density_per_km2(latitude, longitude) * layers.land_share(latitude, longitude)
    if area.country:
        names = layers.country_names()
        if area.country not in names:
            msg = f"area.country {area.country!r} is not in the border layer{did_you_mean(area.country, names)}"
            raise InputError(msg)
        density = np.where(layers.country_ids(latitude, longitude) == names.index(area.country) + 1, density, 0.0)
    return Cells(area.country, latitude, longitude, km2, density * km2)


def unit_reach(
    post: Post,
    target_id: str,
    level: Level,
    cells: Cells,
    *,
    defended: bool = True,
    threads: int | None = None,
) -> UnitReach:
    """Return what one fire unit reaches of the cells against one class.

    Inbound heading; the radar can be turned to any azimuth. Courses are counted from north at the unit, so between two
    units 800 km apart "the same course" differs by some 5 degrees.

    Parameters
    ----------
    post : Post
        The unit at its place.
    level : Level
        Height or altitude; a ballistic class flies its arc instead.
    defended : bool
        Whether to fly the courses of `earliest_intercepts` too; without them ``intercept_steps`` is empty.

    Raises
    ------
    InputError
        Unknown class.
    """
    chain = post.chain
    target = chain.ledger.record(find_target(chain.ledger.catalogue, target_id))
    sight, relief, search = post.fire, post.relief, post.search
    n_draws = relief.size - 1
    doubt = chain.ledger.flight_time_doubt()
    n_cells = cells.people.size
    engageable = np.zeros((draw_axis(n_draws), n_cells), dtype=np.bool_)
    intercept = np.full((n_cells if defended else 0, N_COURSES, draw_axis(n_draws)), -1, dtype=np.int16)
    if target.kind == "ballistic":
        areas = footprint_areas_m2(chain, target, search, sight, doubt, threads)
        return UnitReach(
            areas.one_azimuth_m2 / 1e6, np.full(draw_axis(n_draws), np.nan), engageable, intercept, areas.uses
        )
    range_m, azimuth_rad = _polar_of(
        sight.latitude_deg, sight.longitude_deg, cells.latitude_deg.tobytes(), cells.longitude_deg.tobytes()
    )
    near = range_m <= sight.reach_m
    n_azimuths = sight.azimuth_rad.size
    bearing = np.round(azimuth_rad[near] / (2.0 * np.pi / n_azimuths)).astype(np.int64) % n_azimuths
    place = _place(sight, cells.country, bearing, range_m[near])
    inbound = reach_of(chain, target, "inbound", Weather())
    sights = level_sight(chain, level, search=search, fire=sight, relief=relief, threads=threads)
    arrays = ring_arrays(
        chain, target, level, search=search, fire=sight, relief=relief, place=place, heading="inbound",
        azimuth_rad=None, weather=Weather(), speed_doubt=doubt, threads=threads,
        at_level=sights, reach=inbound,
    )  # fmt: skip
    engageable[:, near] = arrays.city_reached
    engageable_km2, uses = arrays.measured["engageable_area_km2"]
    points = np.flatnonzero(cells.area_km2 == 0.0)
    warned_s = np.zeros((points.size, POINT_COURSES, draw_axis(n_draws)))

    def met_at(asked: IntArray, n_courses: int) -> Intercepts:
        x_m, y_m = range_m[asked] * np.sin(azimuth_rad[asked]), range_m[asked] * np.cos(azimuth_rad[asked])
        return earliest_intercepts(
            chain, target, level, search=search, fire=sight, relief=relief, x_m=x_m, y_m=y_m,
            speed_doubt=doubt, threads=threads, sights=sights, reach=inbound, n_courses=n_courses,
        )  # fmt: skip

    if defended and near.any():
        met = met_at(np.flatnonzero(near), N_COURSES)
        intercept[near], uses = met.intercept_steps, uses | met.uses
        is_point = near[points]
        warned_s[is_point] = tracked_before_s(met_at(points[is_point], POINT_COURSES))
    return UnitReach(engageable_km2, arrays.measured["people_under"].values, engageable, intercept, uses, warned_s)


@lru_cache(maxsize=64)
def _polar_of(
    latitude_deg: float, longitude_deg: float, cell_latitude_deg: bytes, cell_longitude_deg: bytes
) -> tuple[FloatArray, FloatArray]:
    """Distance [m] and azimuth [rad] of cells (as bytes) from a site, worked out once for all classes and levels."""
    there = geodesy.inverse(
        latitude_deg, longitude_deg, np.frombuffer(cell_latitude_deg), np.frombuffer(cell_longitude_deg)
    )
    return there.distance_m, there.azimuth1_rad


def _place(sight: PolarSight, country: str, bearing: IntArray, range_m: FloatArray) -> Place:
    """Residents of one country around a site (of all countries where none is named), and cells in place of cities."""
    around = surroundings(
        sight.latitude_deg, sight.longitude_deg, n_azimuths=sight.azimuth_rad.size, step_m=sight.step_m,
        n_samples=sight.shape[2],
    )  # fmt: skip
    residents = around.place.people_cumulative
    if country:
        is_there = country in around.country_names
        index = around.country_names.index(country) if is_there else 0
        residents = around.place.people_by_country[index] if is_there else np.zeros_like(residents)
    return replace(
        around.place,
        people_cumulative=residents,
        people_by_country=around.place.people_by_country[:0],
        city_azimuth=bearing,
        city_range_m=range_m,
    )


def together(units: Sequence[UnitReach], cells: Cells, release_range_m: float = 0.0) -> Reached:
    """Return what units reach together: what two of them share counts once.

    Sum of the units less what the cells show to be reached more than once. A place is defended where from each of the
    eight courses at least one unit meets the attacker before it comes within ``release_range_m``. Footprints against a
    ballistic class simply add up: units at different places share none.
    """
    counts = np.sum([unit.engageable for unit in units], axis=0, dtype=np.int64)
    again = np.maximum(counts - 1, 0).astype(np.float64)
    area = np.sum([unit.area_km2 for unit in units], axis=0) - again @ cells.area_km2
    people = np.sum([unit.people for unit in units], axis=0) - again @ cells.people
    largest = np.max([unit.area_km2 for unit in units], axis=0)
    met = np.logical_or.reduce([is_met_before(unit.intercept_steps, release_range_m) for unit in units]).all(axis=1)
    defended = np.full(met.shape[1], np.nan)
    n_met = met.sum(axis=0).astype(np.float64)
    if met.size and np.median(met[cells.people > 0.0].sum(axis=0)[DRAWS]) >= LEAST_CELLS:
        defended = cells.people @ met
    return Reached(np.maximum(area, largest), np.maximum(people, 0.0), defended, n_met)
