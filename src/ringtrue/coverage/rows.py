"""Rows of the audit: one target at every level, with its layers, radii and what its spread goes with."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.catalogue.address import address
from ringtrue.coverage import people as people_around
from ringtrue.coverage.answer import at_level
from ringtrue.coverage.defended import (
    AIRCRAFT_RELEASE_RANGES_M,
    Intercepts,
    defended_rows,
    earliest_intercepts,
    warning_s,
)
from ringtrue.coverage.edges import reach_of
from ringtrue.coverage.footprint import footprint_areas_m2
from ringtrue.coverage.layers import ring_layer, target_layers
from ringtrue.coverage.limits import what_binds
from ringtrue.coverage.records import AuditRow, AzimuthRadius, CityShare
from ringtrue.coverage.ring import (
    Level,
    RingArrays,
    Weather,
    ring_arrays,
)
from ringtrue.finding import DRAWS, NOMINAL, Finding, finding, quantiles
from ringtrue.geo import geodesy
from ringtrue.sensing.deciding import assumed_part, decides, weigh
from ringtrue.sensing.ledger import record_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from ringtrue.catalogue.records import Catalogue, TargetClass
    from ringtrue.coverage.chain import Chain
    from ringtrue.coverage.defended import Places
    from ringtrue.coverage.edges import Reach
    from ringtrue.coverage.ground import Ground
    from ringtrue.coverage.layers import SharedLayers
    from ringtrue.coverage.people import Surroundings
    from ringtrue.coverage.records import AuditQuestion, LayerRaster, Link
    from ringtrue.coverage.ring import LevelSight, Runs
    from ringtrue.geo.elevation import ElevationModel
    from ringtrue.sensing.deciding import Deciding

    FloatArray = NDArray[np.float64]

LOW_FLYING_M = 100.0
COARSE_CELL_M = 100.0


class Scene(NamedTuple):
    """What the rows of one audit share; ``sights`` belongs to ``levels``, ladders to the steps of `layers.LADDER_M`."""

    question: AuditQuestion
    catalogue: Catalogue
    chain: Chain
    model: ElevationModel
    ground: Ground
    around: Surroundings
    speed_doubt: FloatArray
    levels: list[Level]
    sights: list[LevelSight]
    places: Places
    search_ladder: list[Runs]
    fire_ladder: list[Runs]
    shared_layers: SharedLayers


class Headline(NamedTuple):
    """The row that the answer speaks of: what its spread goes with, how much of that is assumed, and its words."""

    deciding: Deciding
    assumed_share: float | None
    text: str


class TargetRows(NamedTuple):
    """All about one target; ``headline`` and radii only where they were asked for."""

    rows: list[AuditRow]
    radii: list[AzimuthRadius]
    layers: list[LayerRaster]
    headline: Headline | None


def levels_of(question: AuditQuestion) -> list[Level]:
    """Return the levels asked for, heights above ground first."""
    return [Level(h, None) for h in question.heights_m] + [Level(None, a) for a in question.altitudes_m]


def target_rows(
    scene: Scene, target_id: str, *, is_headline: bool, threads: int | None, step: Callable[[], None]
) -> TargetRows:
    """Ask every draw about one target at every level.

    Parameters
    ----------
    is_headline : bool
        Whether the answer speaks of this target: radii by azimuth are kept, and shares with intervals of the row of
        the greatest spread.
    step : callable
        Called before each level.
    """
    question, chain, ground = scene.question, scene.chain, scene.ground
    target = chain.ledger.record(scene.catalogue.targets[target_id])
    if target.kind == "ballistic":
        for _ in scene.levels:
            step()
        return TargetRows([_ballistic_row(scene, target, threads)], [], [], None)
    reach = reach_of(chain, target, question.heading, Weather())
    inbound = reach if reach.edges else reach_of(chain, target, "inbound", Weather())
    site_altitude_m = ground.fire.site_altitude_m
    usual = _usual_level(target, scene.levels, site_altitude_m)
    rows: list[AuditRow] = []
    radii: list[AzimuthRadius] = []
    headline, widest_m2 = None, -1.0
    for index, level in enumerate(scene.levels):
        step()
        if is_under_ground(level, site_altitude_m):
            rows.append(unanswered_row(question, chain, target, level, scene.model, ground))
            continue
        sight = scene.sights[index]
        arrays = ring_arrays(
            chain, target, level, search=ground.search, fire=ground.fire, relief=ground.relief,
            place=scene.around.place, heading=question.heading, azimuth_rad=boresight_rad(question),
            weather=Weather(), speed_doubt=scene.speed_doubt, threads=threads, at_level=sight, reach=reach,
        )  # fmt: skip
        binds = what_binds(chain, target, level, ground.fire, sight.fire, inbound)
        row = row_of(question, chain, target, level, scene.model, ground, scene.around, arrays, binds)
        if index == usual:
            row = _with_defended(scene, row, target, level, sight, inbound, threads)
        rows.append(row)
        if is_headline:
            radii.extend(_radii(row.target_id, row.where, arrays))
            if _spread_m2(arrays) > widest_m2:
                widest_m2 = _spread_m2(arrays)
                weighed = weigh(chain.ledger.candidates(arrays.uses.engageable), arrays.engageable_m2[DRAWS])
                headline = Headline(
                    decides(weighed), row.assumed_share, at_level(row, {target.id: record_name(target)})
                )
    layers = [
        ring_layer(question.system_id, target_id, float(chain.system.advertised_range_m[-1])),
        *target_layers(
            chain, target, ground.search, ground.fire, scene.search_ladder, scene.fire_ladder, question.system_id,
            shared=scene.shared_layers,
        ),
    ]  # fmt: skip
    return TargetRows(rows, radii, layers, headline)


def _usual_level(target: TargetClass[FloatArray], levels: list[Level], site_altitude_m: float) -> int:
    """Index of the level nearest (as a ratio) to the height the class usually flies at, none under the ground."""
    usual_m = max(float(target.usual_height_m[-1]), 1.0)
    far = {
        i: abs(np.log(max(level.nominal_altitude_m(site_altitude_m) - site_altitude_m, 1.0) / usual_m))
        for i, level in enumerate(levels)
        if not is_under_ground(level, site_altitude_m)
    }
    return min(far, key=far.__getitem__, default=-1)


def is_under_ground(level: Level, site_altitude_m: float) -> bool:
    """Whether a target at this altitude would fly under the ground of the site."""
    return level.altitude_m is not None and level.altitude_m < site_altitude_m


def _with_defended(
    scene: Scene,
    row: AuditRow,
    target: TargetClass[FloatArray],
    level: Level,
    sights: LevelSight,
    inbound: Reach,
    threads: int | None,
) -> AuditRow:
    """Add people defended and warning time at the site itself; once per class, at its usual height."""
    met = earliest_intercepts(
        scene.chain, target, level, search=scene.ground.search, fire=scene.ground.fire, relief=scene.ground.relief,
        x_m=np.append(scene.places.x_m, 0.0), y_m=np.append(scene.places.y_m, 0.0),
        speed_doubt=scene.speed_doubt, threads=threads, sights=sights, reach=inbound,
    )  # fmt: skip
    at_places = Intercepts(met.intercept_m[:-1], met.tracked_m[:-1], met.speed_mps)
    at_site = Intercepts(met.intercept_m[-1:], met.tracked_m[-1:], met.speed_mps)
    cell_km2, seed = scene.around.raster_cell_km2, scene.question.seed
    return replace(
        row,
        defended=defended_rows(at_places, scene.places, _releases_m(target), cell_km2, at_site, seed=seed),
        warning_s=_with_inputs(warning_s(at_site, 0.0), scene.chain, met.uses),
    )


def _spread_m2(arrays: RingArrays) -> float:
    low, high = quantiles(arrays.engageable_m2[:-1], (0.05, 0.95)).tolist()
    return float(high - low)


def _releases_m(target: TargetClass[FloatArray]) -> tuple[float, ...]:
    return AIRCRAFT_RELEASE_RANGES_M if target.kind == "aircraft" else (0.0,)


def boresight_rad(question: AuditQuestion) -> float | None:
    """Return the azimuth asked for [rad]; None: any."""
    return None if question.azimuth_deg is None else float(np.radians(question.azimuth_deg))


def _with_inputs(found: Finding | None, chain: Chain, uses: Iterable[str]) -> Finding | None:
    return None if found is None else replace(found, inputs=chain.ledger.addresses(uses))


def _assumed_share(chain: Chain, uses: Iterable[str], values: FloatArray) -> float | None:
    """Part of the spread of a row that goes with assumed figures, shares alone; None: it cannot be told."""
    return assumed_part(weigh(chain.ledger.candidates(uses), values[DRAWS], n_bootstrap=0))


def row_of(
    question: AuditQuestion,
    chain: Chain,
    target: TargetClass[FloatArray],
    level: Level,
    model: ElevationModel,
    ground: Ground,
    around: Surroundings,
    arrays: RingArrays,
    binds: str,
) -> AuditRow:
    """Turn the arrays of one target at one level into findings, each with the figures behind it."""
    covered_m2 = ground.search.covered_area_m2(float(chain.system.advertised_range_m[-1]))
    people = people_around.with_grid_error(
        arrays.people_under, arrays.engageable_m2, around.raster_cell_km2, question.seed
    )
    uses = arrays.uses
    ring_uses = {address(chain.system, "advertised_range_m")}

    def km2(name: str, values_m2: FloatArray, behind: Iterable[str]) -> Finding:
        values = values_m2 / 1e6
        return finding(name, "km2", values[DRAWS], chain.ledger.addresses(behind), nominal=float(values[NOMINAL]))

    def share(name: str, values_m2: FloatArray, behind: Iterable[str]) -> Finding:
        values, inputs = values_m2 / covered_m2, chain.ledger.addresses({*behind, *ring_uses})
        return finding(name, "1", values[DRAWS], inputs, nominal=float(values[NOMINAL]))

    people_under = finding(
        "people under engageable airspace", "people", people[DRAWS], chain.ledger.addresses(uses.engageable),
        nominal=float(people[NOMINAL]),
    )  # fmt: skip
    resolvable = people_around.is_resolvable(float(np.median(arrays.engageable_m2[:-1])), around.raster_cell_km2)
    reached = arrays.city_reached[:-1].mean(axis=0)
    cities = tuple(
        CityShare(c.name, c.country, c.latitude_deg, c.longitude_deg, c.population, float(s))
        for c, s in zip(around.cities, reached, strict=True)
    )
    return replace(
        _asked_row(question, chain, target, level, model, ground),
        binds=binds,
        terrain_limited=_is_terrain_limited(level, model),
        seen_geometry_area_km2=km2("in line of sight", arrays.seen_geometry_m2, uses.geometry),
        seen_area_km2=km2("seen, P 0.5", arrays.seen_m2, uses.seen),
        seen_p90_area_km2=km2("seen, P 0.9", arrays.seen_p90_m2, uses.seen),
        seen_share=share("seen share of the ring", arrays.seen_in_ring_m2, uses.seen),
        tracked_area_km2=km2("tracked, any azimuth", arrays.tracked_m2, uses.tracked),
        tracked_p90_area_km2=km2("tracked, any azimuth, P 0.9", arrays.tracked_p90_m2, uses.tracked),
        tracked_sector_area_km2=km2("tracked, one sector", arrays.tracked_sector_m2, uses.tracked_sector),
        engageable_area_km2=km2("engageable", arrays.engageable_m2, uses.engageable),
        engageable_sector_area_km2=km2("engageable, one sector", arrays.engageable_sector_m2, uses.engageable_sector),
        engageable_share=share("engageable share of the ring", arrays.engageable_in_ring_m2, uses.engageable),
        people_under=people_under if resolvable else None,
        people_by_country={
            name: float(f"{count:.2g}")
            for name, count in zip(around.country_names, arrays.people_by_country, strict=True)
            if count >= 1.0
        }
        if resolvable
        else None,
        assumed_share=_assumed_share(chain, uses.engageable, arrays.engageable_m2),
        cities=cities,
    )


def _asked_row(
    question: AuditQuestion,
    chain: Chain,
    target: TargetClass[FloatArray],
    level: Level,
    model: ElevationModel,
    ground: Ground,
) -> AuditRow:
    """Row of one target at one level before it is answered: what was asked, and how much of the ring is known."""
    ring_m = float(chain.system.advertised_range_m[-1])
    under = 0.0 if level.altitude_m is None else ground.search.share_under_ground(level.altitude_m, ring_m)
    return AuditRow(
        system_id=question.system_id,
        fit=chain.fit,
        variant=_variant_words(question, chain),
        target_id=target.id,
        heading=question.heading,
        height_m=level.height_m,
        altitude_m=level.altitude_m,
        terrain=model.name,
        advertised_area_km2=geodesy.ring_area_m2(question.latitude_deg, question.longitude_deg, ring_m) / 1e6,
        covered_share=ground.search.covered_share(ring_m),
        binds=None,
        terrain_limited=False,
        under_ground_share=under,
    )


def unanswered_row(
    question: AuditQuestion,
    chain: Chain,
    target: TargetClass[FloatArray],
    level: Level,
    model: ElevationModel,
    ground: Ground,
) -> AuditRow:
    """Row of a target that would fly under the ground of the site: said, with nothing in place of an answer."""
    note = (
        f"{level.altitude_m:,.0f} m above sea level lies under the ground here "
        f"({ground.fire.site_altitude_m:,.0f} m): not answered"
    )
    return replace(_asked_row(question, chain, target, level, model, ground), note=note)


def _is_terrain_limited(level: Level, model: ElevationModel) -> bool:
    low = level.height_m is not None and level.height_m < LOW_FLYING_M
    return low and not model.is_bare_earth and model.resolution_m > COARSE_CELL_M


def _variant_words(question: AuditQuestion, chain: Chain) -> dict[str, str]:
    mast_m = question.mast_m if question.mast_m is not None else float(chain.engagement.antenna_height_m[-1])
    return {"mast": f"{mast_m:g} m"}


def _ballistic_row(scene: Scene, target: TargetClass[FloatArray], threads: int | None) -> AuditRow:
    question, chain = scene.question, scene.chain
    areas = footprint_areas_m2(chain, target, scene.ground.search, scene.ground.fire, scene.speed_doubt, threads)
    inputs = chain.ledger.addresses(areas.uses)

    def footprint(name: str, values_m2: FloatArray) -> Finding:
        values = values_m2 / 1e6
        return finding(f"footprint, {name}", "km2", values[DRAWS], inputs, nominal=float(values[NOMINAL]))

    ring_m = float(chain.system.advertised_range_m[-1])
    return AuditRow(
        system_id=question.system_id,
        fit=chain.fit,
        variant=_variant_words(question, chain),
        target_id=target.id,
        heading="inbound",
        height_m=None,
        altitude_m=None,
        terrain="smooth earth (ballistic arc)",
        advertised_area_km2=geodesy.ring_area_m2(question.latitude_deg, question.longitude_deg, ring_m) / 1e6,
        covered_share=None,
        binds=areas.binds,
        terrain_limited=False,
        engageable_area_km2=footprint("one azimuth", areas.one_azimuth_m2),
        assumed_share=_assumed_share(chain, areas.uses, areas.one_azimuth_m2),
        footprint_area_km2=footprint("one azimuth", areas.one_azimuth_m2),
        footprint_worst_area_km2=footprint("worst azimuth", areas.worst_azimuth_m2),
    )


def _radii(target_id: str, where: str, arrays: RingArrays) -> list[AzimuthRadius]:
    """Equal-area radius by azimuth for the three links of one row."""
    found = []
    links: tuple[tuple[Link, NDArray[np.float32]], ...] = (
        ("seen", arrays.seen_by_azimuth_m2),
        ("tracked", arrays.tracked_by_azimuth_m2),
        ("engageable", arrays.engageable_by_azimuth_m2),
    )
    for link, by_azimuth in links:
        width = 2.0 * np.pi / by_azimuth.shape[1]
        radius_m = np.sqrt(2.0 * by_azimuth[:-1].astype(np.float64) / width)
        low, median, high = quantiles(radius_m.T, [0.05, 0.5, 0.95])
        degrees = np.degrees(np.arange(by_azimuth.shape[1]) * width)
        found.append(
            AzimuthRadius(
                target_id, where, link, tuple(degrees.round(3).tolist()),
                tuple(low.round(1).tolist()), tuple(median.round(1).tolist()), tuple(high.round(1).tolist()),
            )
        )  # fmt: skip
    return found
