"""Coverage for a comparison: one fire unit at one place, and what the fire units of a package reach together."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from ringtrue.answer import found, unsettled
from ringtrue.coverage.defended import is_met_before, release_ranges_m, release_uses
from ringtrue.coverage.layers import ladder_runs, shared_layers, target_layers
from ringtrue.coverage.people import LEAST_CELLS, RASTER_CELL_DEG, with_grid_error
from ringtrue.coverage.ring import Level, Weather, level_sight, radar_areas_m2
from ringtrue.finding import DRAWS, Finding, draw_axis
from ringtrue.geo import geodesy
from ringtrue.geo.pool import run_blocks
from ringtrue.sensing.chain import find_target
from ringtrue.sensing.post import FEW_RELIEFS, post_at
from ringtrue.studies.compare_records import CoverageRow, OfferMap, UnitRow
from ringtrue.studies.reach import together, unit_reach, window_cells
from ringtrue.studies.timeline import level_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ringtrue.catalogue.records import Parameter, TargetClass
    from ringtrue.coverage.records import LayerRaster, Link
    from ringtrue.scenario.records import Area, Asset, Laydown, Scenario, Unit
    from ringtrue.sensing.ledger import Ledger
    from ringtrue.sensing.post import Post
    from ringtrue.sensing.run import Run
    from ringtrue.studies.reach import Cells, UnitReach

    BoolArray = NDArray[np.bool_]
    FloatArray = NDArray[np.float64]
    FloatGrid = NDArray[np.float32]

Answer = TypeVar("Answer")
MAP_CELL_DEG = 0.05
LOW_M = 1_000.0
WIDEST_AREA_DEG = 40.0


class CoverageSetting(NamedTuple):
    """What is the same for every row of coverage; ``place_people`` (asset, cell) are the residents of each place.

    ``has_raster_error``: whether counts of residents are widened by what their raster cannot tell.
    """

    scenario: Scenario
    run: Run
    cells: Cells
    place_people: FloatArray | None = None
    has_raster_error: bool = True


@dataclass(frozen=True)
class PackageReach:
    """What a laydown reaches of one class; the nominal case stands behind the draws.

    ``area_km2``, ``people_under`` (draw + 1,); ``people_defended`` and ``assets_defended`` by release range [m],
    (draw + 1,), people None below four cells of the population raster; a package that reaches
    nothing at all defends zero, which needs no raster. ``people_by_place`` the same asset by asset, of the residents
    nearest to each; ``warning_s`` asset by asset, None where nothing is ever tracked. ``uses``: addresses, in the
    ``ledger``, of the figures behind.
    """

    laydown: str
    target: str
    where: str
    area_km2: FloatArray
    people_under: FloatArray | None
    people_defended: dict[float, FloatArray | None]
    assets_defended: dict[float, FloatArray]
    ledger: Ledger
    uses: frozenset[str] = frozenset()
    people_by_place: dict[float, list[FloatArray | None]] = field(default_factory=dict)
    warning_s: list[FloatArray | None] = field(default_factory=list)

    @property
    def inputs(self) -> tuple[str, ...]:
        """Addresses of the figures behind it, as a report names them."""
        return self.ledger.addresses(self.uses)


def usual_level(target: TargetClass[Parameter], heights_m: tuple[float, ...], altitudes_m: tuple[float, ...]) -> Level:
    """Return the level of the study nearest to the usual height of a class, which its rows and prices carry.

    A usual height below 1,000 m is taken above the ground, a greater one above mean sea level; without a level of that
    reference in the study it is the usual height itself.
    """
    usual_m = target.usual_height_m.nominal
    offered = heights_m if usual_m < LOW_M else altitudes_m
    nearest_m = min(offered, key=lambda level_m: abs(np.log(level_m / max(usual_m, 1.0))), default=usual_m)
    return Level(nearest_m, None) if usual_m < LOW_M else Level(None, nearest_m)


def cells_with_assets(area: Area, assets: tuple[Asset, ...]) -> Cells:
    """Cells of the window, and behind them the assets as points without area or residents."""
    cells = window_cells(area)
    nothing = np.zeros(len(assets))
    return replace(
        cells,
        latitude_deg=np.append(cells.latitude_deg, [asset.latitude_deg for asset in assets]),
        longitude_deg=np.append(cells.longitude_deg, [asset.longitude_deg for asset in assets]),
        area_km2=np.append(cells.area_km2, nothing),
        people=np.append(cells.people, nothing),
    )


def populated_cells(cells: Cells, n_assets: int) -> Cells:
    """Drop the cells without residents; the assets behind them stay."""
    keep = cells.people > 0.0
    keep[keep.size - n_assets :] = True
    return replace(
        cells,
        latitude_deg=cells.latitude_deg[keep],
        longitude_deg=cells.longitude_deg[keep],
        area_km2=cells.area_km2[keep],
        people=cells.people[keep],
    )


def system_of(unit: Unit) -> str:
    """Return the system of a unit with its fit, as the catalogue names it."""
    return unit.system if unit.fit is None else f"{unit.system}:{unit.fit}"


def sites_of(setting: CoverageSetting, laydowns: tuple[Laydown, ...]) -> dict[tuple[object, ...], Post]:
    """Draw and sweep every system at every place where it stands, once each, by `place_key`."""
    units = {place_key(unit): unit for laydown in laydowns for unit in laydown.units}
    return {
        key: post_at(
            setting.run, system_of(unit), unit.latitude_deg, unit.longitude_deg, mast_m=unit.mast_height_m,
            k_factor=setting.scenario.environment.given_k, n_reliefs=FEW_RELIEFS,
        )
        for key, unit in units.items()
    }  # fmt: skip


def place_key(unit: Unit) -> tuple[object, ...]:
    """Name what a unit's coverage depends on: system, fit, place and mast."""
    return (unit.system, unit.fit, unit.latitude_deg, unit.longitude_deg, unit.mast_height_m)


def reach_of(setting: CoverageSetting, post: Post, target_id: str, level: Level) -> UnitReach:
    """Return what one fire unit reaches of cells and assets."""
    return unit_reach(
        post, target_id, level, setting.cells, threads=setting.run.threads,
    )  # fmt: skip


def reaches_of(
    setting: CoverageSetting, sites: dict[tuple[object, ...], Post], target_id: str, level: Level
) -> dict[tuple[object, ...], UnitReach]:
    """Return `reach_of` every site, several side by side."""
    return _by_site(setting, sites, lambda one, post: reach_of(one, post, target_id, level))


def _by_site(
    setting: CoverageSetting, sites: dict[tuple[object, ...], Post], ask: Callable[[CoverageSetting, Post], Answer]
) -> dict[tuple[object, ...], Answer]:
    """Ask the same of every site, each on one thread, several side by side."""
    keys, alone = list(sites), setting._replace(run=setting.run.on(1))
    found: dict[int, Answer] = {}

    def one(i: int) -> None:
        found[i] = ask(alone, sites[keys[i]])

    run_blocks(one, len(keys), setting.run.threads)
    return {key: found[i] for i, key in enumerate(keys)}


def package_reach(
    setting: CoverageSetting,
    laydown: Laydown,
    target_id: str,
    level: Level,
    reaches: dict[tuple[object, ...], UnitReach],
) -> PackageReach:
    """Join the units of a laydown against one class: what two of them reach counts once.

    Parameters
    ----------
    reaches : dict
        `reach_of` each unit for this class and level, by `place_key`.
    """
    kind = setting.run.catalogue.targets[target_id].kind
    where = "ballistic arc" if kind == "ballistic" else level_text(level)
    units = [reaches[key] for key in dict.fromkeys(place_key(unit) for unit in laydown.units)]
    ranges = release_ranges_m(setting.run.catalogue, kind)
    n_assets = len(setting.scenario.assets)
    if not units:
        zero, few = np.zeros(draw_axis(setting.run.n_draws)), np.zeros(2)
        return PackageReach(
            laydown.id,
            target_id,
            where,
            zero,
            zero,
            dict.fromkeys(ranges, few),
            dict.fromkeys(ranges, few),
            setting.run.ledger,
            people_by_place={m: [few] * n_assets for m in ranges},
            warning_s=[None] * n_assets,
        )
    reached = together(units, setting.cells)
    n_cells = setting.cells.people.size - n_assets
    is_lived_in = setting.cells.people[:n_cells] > 0.0
    people_defended: dict[float, FloatArray | None] = {}
    assets_defended: dict[float, FloatArray] = {}
    people_by_place: dict[float, list[FloatArray | None]] = {}
    for release_m in ranges:
        met = np.logical_or.reduce([is_met_before(unit.intercept_steps, release_m) for unit in units]).all(axis=1)
        n_met, n_lived_in = met[:n_cells].sum(axis=0), met[:n_cells][is_lived_in].sum(axis=0)
        is_known = not n_lived_in[DRAWS].any() or float(np.median(n_lived_in[DRAWS])) >= LEAST_CELLS
        people = setting.cells.people @ met
        if setting.has_raster_error:
            people = with_grid_error(people, n_met * 1e6, 1.0, setting.run.seed)
        people_defended[release_m] = people if is_known and kind != "ballistic" else None
        assets_defended[release_m] = met[n_cells:].sum(axis=0).astype(np.float64)
        people_by_place[release_m] = _by_place(setting, met, people)
    return PackageReach(
        laydown.id, target_id, where, reached.area_km2,
        _people_under(setting, reached.people_under, reached.area_km2),
        people_defended, assets_defended if kind != "ballistic" else {}, setting.run.ledger,
        release_uses(setting.run.ledger, kind).union(*(unit.uses for unit in units)),
        people_by_place, _warnings_s(units, n_assets),
    )  # fmt: skip


def _by_place(setting: CoverageSetting, met: BoolArray, people: FloatArray) -> list[FloatArray | None]:
    """Residents defended place by place, with the error of the whole, so that they add up to it in every draw.

    Parameters
    ----------
    met : (cell, draw + 1) bool array
        Which cells are defended.
    people : (draw + 1,) array
        All residents defended, with what the raster cannot tell.
    """
    if setting.place_people is None:
        return []
    counted = setting.cells.people @ met
    error = np.divide(people, counted, out=np.ones_like(counted), where=counted > 0.0)
    found: list[FloatArray | None] = []
    for own in setting.place_people:
        n_lived_in = met[own > 0.0].sum(axis=0)
        is_known = not n_lived_in[DRAWS].any() or float(np.median(n_lived_in[DRAWS])) >= LEAST_CELLS
        found.append((own @ met) * error if is_known else None)
    return found


def _warnings_s(units: list[UnitReach], n_assets: int) -> list[FloatArray | None]:
    """Warning at each asset [s]: the earliest track by any of the units, mean over courses; None: in no draw."""
    timed = [unit.tracked_before_s for unit in units if unit.tracked_before_s is not None]
    if not timed:
        return [None] * n_assets
    earliest_s = np.maximum.reduce(timed).mean(axis=1)
    return [times_s if times_s[DRAWS].any() else None for times_s in earliest_s]


def _people_under(setting: CoverageSetting, people: FloatArray, area_km2: FloatArray) -> FloatArray | None:
    """Residents below, widened by what the raster cannot tell; None where it cannot resolve them."""
    if not np.isfinite(people).all():
        return None
    if float(area_km2.max()) == 0.0:
        return np.zeros(people.size)
    middle_deg = float(np.median(setting.cells.latitude_deg))
    cell_km2 = (RASTER_CELL_DEG * 111.2) ** 2 * float(np.cos(np.radians(middle_deg)))
    if float(np.median(area_km2[DRAWS])) < LEAST_CELLS * cell_km2:
        return None
    return with_grid_error(people, area_km2 * 1e6, cell_km2, setting.run.seed) if setting.has_raster_error else people


def coverage_row(reach: PackageReach) -> CoverageRow:
    """Turn what a package reaches into findings."""
    inputs = reach.inputs

    def found_in(name: str, values: FloatArray | None) -> Finding | None:
        return None if values is None else found(CoverageRow, name, values, inputs)

    row = CoverageRow(
        laydown=reach.laydown,
        target=reach.target,
        where=reach.where,
        engageable_area_km2=found(CoverageRow, "engageable_area_km2", reach.area_km2, inputs),
        people_under=found_in("people_under", reach.people_under),
        people_defended={m: found_in("people_defended", v) for m, v in reach.people_defended.items()},
        assets_defended={m: found(CoverageRow, "assets_defended", v, inputs) for m, v in reach.assets_defended.items()},
    )
    return replace(row, sampling=unsettled(row))


def unit_rows(
    setting: CoverageSetting, post: Post, laydown: Laydown, targets: tuple[str, ...], levels: tuple[Level, ...]
) -> list[UnitRow]:
    """Rows of one fire unit: every class at every level; a ballistic class once, by its footprint."""
    unit = laydown.units[0]
    fire, relief, search = post.fire, post.relief, post.search
    populated = setting._replace(cells=populated_cells(setting.cells, len(setting.scenario.assets)), place_people=None)
    asked = [
        (target_id, level)
        for target_id in targets
        for level in (levels[:1] if find_target(setting.run.catalogue, target_id).kind == "ballistic" else levels)
    ]
    sights = {
        level: level_sight(post.chain, level, search=search, fire=fire, relief=relief, threads=1) for level in levels
    }
    rows: dict[int, UnitRow] = {}

    def one(i: int) -> None:
        target_id, level = asked[i]
        reached = reach_of(populated._replace(run=setting.run.on(1)), post, target_id, level)
        alone = package_reach(populated, laydown, target_id, level, {place_key(unit): reached})
        row = coverage_row(alone)
        seen = tracked = None
        if setting.run.catalogue.targets[target_id].kind != "ballistic":
            target = setting.run.ledger.record(setting.run.catalogue.targets[target_id])
            areas = radar_areas_m2(
                post.chain, target, level, search=search, fire=fire, relief=relief, weather=Weather(),
                at_level=sights[level], threads=1,
            )  # fmt: skip
            seen, tracked = (
                found(UnitRow, name, area_m2 / 1e6, setting.run.ledger.addresses(uses))
                for name, area_m2, uses in zip(("seen_area_km2", "tracked_area_km2"), areas.m2, areas.uses, strict=True)
            )
        rows[i] = UnitRow(
            laydown=laydown.id,
            system=system_of(unit),
            place=unit.place,
            target=target_id,
            where=row.where,
            seen_area_km2=seen,
            tracked_area_km2=tracked,
            engageable_area_km2=row.engageable_area_km2,
            people_under=row.people_under,
            people_defended=row.people_defended,
        )

    run_blocks(one, len(asked), setting.run.threads)
    return [rows[i] for i in range(len(asked))]


def map_axes(area: Area) -> tuple[FloatArray, FloatArray]:
    """Middles of the cells of the map: latitude from north to south, longitude from west to east [deg]."""
    cell = MAP_CELL_DEG * max(
        1.0, np.ceil(max(area.north_deg - area.south_deg, area.east_deg - area.west_deg) / WIDEST_AREA_DEG)
    )
    latitude = np.arange(area.north_deg - cell / 2.0, area.south_deg, -cell)
    longitude = np.arange(area.west_deg + cell / 2.0, area.east_deg, cell)
    return latitude, longitude


def grids_of(
    setting: CoverageSetting,
    sites: dict[tuple[object, ...], Post],
    targets: tuple[str, ...],
    latitude_deg: FloatArray,
    longitude_deg: FloatArray,
) -> dict[tuple[object, ...], dict[str, FloatGrid]]:
    """Return `unit_grids` of every site, several side by side."""
    return _by_site(setting, sites, lambda one, post: unit_grids(one, post, targets, latitude_deg, longitude_deg))


def unit_grids(
    setting: CoverageSetting, post: Post, targets: tuple[str, ...], latitude_deg: FloatArray, longitude_deg: FloatArray
) -> dict[str, FloatGrid]:
    """Lowest height at which one fire unit can engage each class, on the map's cells, nominal case; nan: nowhere."""
    sight = post.fire
    east_m, north_m = _plane_of(
        sight.latitude_deg, sight.longitude_deg, latitude_deg.tobytes(), longitude_deg.tobytes()
    )
    ladder = ladder_runs(sight, post.chain.engagement)
    links: tuple[Link, ...] = ("engageable",)
    shared = shared_layers(post.chain, sight, sight, ladder, links)
    grids = {}
    for target_id in targets:
        target = setting.run.ledger.record(setting.run.catalogue.targets[target_id])
        (layer,) = target_layers(
            post.chain, target, sight, sight, ladder, ladder, post.chain.system.id, links=links, shared=shared
        )
        grids[target_id] = _sampled(layer, east_m, north_m)
    return grids


@lru_cache(maxsize=8)
def _plane_of(
    latitude_deg: float, longitude_deg: float, map_latitude_deg: bytes, map_longitude_deg: bytes
) -> tuple[FloatArray, FloatArray]:
    """East and north [m] of the cells of a map (its axes as bytes) from a site, for every system that stands there."""
    rows, columns = np.frombuffer(map_latitude_deg)[:, None], np.frombuffer(map_longitude_deg)[None, :]
    there = geodesy.inverse(latitude_deg, longitude_deg, rows, columns)
    return there.distance_m * np.sin(there.azimuth1_rad), there.distance_m * np.cos(there.azimuth1_rad)


def _sampled(layer: LayerRaster, east_m: FloatArray, north_m: FloatArray) -> FloatGrid:
    n = layer.lowest_height_m.shape[0] // 2
    row = n - np.rint(north_m / layer.cell_m).astype(np.int64)
    column = n + np.rint(east_m / layer.cell_m).astype(np.int64)
    inside = (np.abs(row - n) <= n) & (np.abs(column - n) <= n)
    values = layer.lowest_height_m[np.clip(row, 0, 2 * n), np.clip(column, 0, 2 * n)]
    return np.where(inside, values, np.float32(np.nan)).astype(np.float32)


def offer_map(
    laydown: Laydown,
    target_id: str,
    grids: dict[tuple[object, ...], dict[str, FloatGrid]],
    latitude_deg: FloatArray,
    longitude_deg: FloatArray,
) -> OfferMap:
    """Join the units of a laydown on the map: the lowest height at which any of them can engage."""
    lowest = np.full((latitude_deg.size, longitude_deg.size), np.nan, dtype=np.float32)
    for unit in laydown.units:
        lowest = np.fmin(lowest, grids[place_key(unit)][target_id])
    return OfferMap(laydown.id, target_id, latitude_deg, longitude_deg, lowest)
