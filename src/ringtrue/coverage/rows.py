"""Rows of the audit: one target at every level, with its layers, radii and what its spread goes with."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ringtrue.answer import found
from ringtrue.catalogue.address import address
from ringtrue.coverage import people as people_around
from ringtrue.coverage.answer import at_level
from ringtrue.coverage.defended import (
    N_COURSES,
    POINT_COURSES,
    defended_rows,
    earliest_intercepts,
    release_ranges_m,
    release_uses,
    warning_s,
)
from ringtrue.coverage.edges import reach_of
from ringtrue.coverage.footprint import footprint_areas_m2
from ringtrue.coverage.layers import ring_layer, target_layers
from ringtrue.coverage.limits import what_binds
from ringtrue.coverage.records import AzimuthRadius, CityShare, CoverageRow, FootprintRow
from ringtrue.coverage.ring import Drawn, Level, RingArrays, Weather, ring_arrays
from ringtrue.finding import DRAWS, NOMINAL, Finding, quantiles
from ringtrue.geo import geodesy
from ringtrue.sensing.deciding import assumed_part, decides, weigh
from ringtrue.sensing.ledger import record_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from ringtrue.catalogue.records import TargetClass
    from ringtrue.coverage.defended import Intercepts, Places
    from ringtrue.coverage.edges import Reach
    from ringtrue.coverage.layers import SharedLayers
    from ringtrue.coverage.people import Surroundings
    from ringtrue.coverage.records import AuditQuestion, LayerRaster
    from ringtrue.coverage.ring import LevelSight, Runs
    from ringtrue.geo.elevation import ElevationModel
    from ringtrue.sensing.chain import Chain
    from ringtrue.sensing.deciding import Deciding
    from ringtrue.sensing.post import Post
    from ringtrue.sensing.run import Run

    FloatArray = NDArray[np.float64]

LOW_FLYING_M = 100.0
COARSE_CELL_M = 100.0


class Scene(NamedTuple):
    """What the rows of one audit share; ``sights`` belongs to ``levels``, ladders to the steps of `layers.LADDER_M`."""

    question: AuditQuestion
    run: Run
    chain: Chain
    post: Post
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

    rows: list[CoverageRow]
    footprints: list[FootprintRow]
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
    question, chain, post = scene.question, scene.chain, scene.post
    target = chain.ledger.record(scene.run.catalogue.targets[target_id])
    if target.kind == "ballistic":
        for _ in scene.levels:
            step()
        return TargetRows([], [_footprint_row(scene, target, threads)], [], [], None)
    reach = reach_of(chain, target, question.heading, Weather())
    inbound = reach if reach.edges else reach_of(chain, target, "inbound", Weather())
    site_altitude_m = post.fire.site_altitude_m
    usual = _usual_level(target, scene.levels, site_altitude_m)
    rows: list[CoverageRow] = []
    radii: list[AzimuthRadius] = []
    headline, widest_km2 = None, -1.0
    for index, level in enumerate(scene.levels):
        step()
        if is_under_ground(level, site_altitude_m):
            rows.append(unanswered_row(question, chain, target, level, scene.run.model, post))
            continue
        sight = scene.sights[index]
        arrays = ring_arrays(
            chain, target, level, search=post.search, fire=post.fire, relief=post.relief,
            place=scene.around.place, heading=question.heading, azimuth_rad=boresight_rad(question),
            weather=Weather(), speed_doubt=scene.speed_doubt, threads=threads, at_level=sight, reach=reach,
        )  # fmt: skip
        binds = what_binds(chain, target, level, post.fire, sight.fire, inbound)
        row = row_of(question, chain, target, level, scene.run.model, post, scene.around, arrays, binds)
        if index == usual:
            row = _with_defended(scene, row, target, level, sight, inbound, threads)
        rows.append(row)
        if is_headline:
            radii.extend(_radii(row.target, row.where, arrays))
            if _spread_km2(arrays) > widest_km2:
                widest_km2 = _spread_km2(arrays)
                engageable = arrays.measured["engageable_area_km2"]
                weighed = weigh(chain.ledger.candidates(engageable.uses), engageable.values[DRAWS])
                headline = Headline(
                    decides(weighed), row.assumed_share, at_level(row, {target.id: record_name(target)})
                )
    layers = [
        ring_layer(question.system_id, target_id, float(chain.system.advertised_range_m[NOMINAL])),
        *target_layers(
            chain, target, post.search, post.fire, scene.search_ladder, scene.fire_ladder, question.system_id,
            shared=scene.shared_layers,
        ),
    ]  # fmt: skip
    return TargetRows(rows, [], radii, layers, headline)


def _usual_level(target: TargetClass[FloatArray], levels: list[Level], site_altitude_m: float) -> int:
    """Index of the level nearest (as a ratio) to the height the class usually flies at, none under the ground."""
    usual_m = max(float(target.usual_height_m[NOMINAL]), 1.0)
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
    row: CoverageRow,
    target: TargetClass[FloatArray],
    level: Level,
    sights: LevelSight,
    inbound: Reach,
    threads: int | None,
) -> CoverageRow:
    """Add people defended and warning time at the site itself; once per class, at its usual height."""

    def met_at(x_m: FloatArray, y_m: FloatArray, n_courses: int) -> Intercepts:
        return earliest_intercepts(
            scene.chain, target, level, search=scene.post.search, fire=scene.post.fire, relief=scene.post.relief,
            x_m=x_m, y_m=y_m, speed_doubt=scene.speed_doubt, threads=threads, sights=sights, reach=inbound,
            n_courses=n_courses,
        )  # fmt: skip

    met = met_at(scene.places.x_m, scene.places.y_m, N_COURSES)
    at_site = met_at(np.zeros(1), np.zeros(1), POINT_COURSES)
    cell_km2, seed = scene.around.raster_cell_km2, scene.chain.ledger.seed
    ledger = scene.chain.ledger
    releases_m = release_ranges_m(ledger.catalogue, target.kind)
    uses = met.uses | {address(target, "usual_height_m")}  # which of the levels is asked
    inputs = ledger.addresses(uses | release_uses(ledger, target.kind))
    return replace(
        row,
        defended=defended_rows(met, scene.places, releases_m, cell_km2, at_site, seed=seed, inputs=inputs),
        warning_s=_with_inputs(warning_s(at_site, 0.0), scene.chain, uses),
    )


def _spread_km2(arrays: RingArrays) -> float:
    low, high = quantiles(arrays.measured["engageable_area_km2"].values[DRAWS], (0.05, 0.95)).tolist()
    return float(high - low)


def boresight_rad(question: AuditQuestion) -> float | None:
    """Return the azimuth asked for [rad]; None: any."""
    return None if question.azimuth_deg is None else float(np.radians(question.azimuth_deg))


def _with_inputs(found: Finding | None, chain: Chain, uses: Iterable[str]) -> Finding | None:
    return None if found is None else replace(found, inputs=chain.ledger.addresses(uses))


def _assumed_share(chain: Chain, drawn: Drawn) -> float | None:
    """Part of the spread of a row that goes with assumed figures, shares alone; None: it cannot be told."""
    return assumed_part(weigh(chain.ledger.candidates(drawn.uses), drawn.values[DRAWS], n_bootstrap=0))


def row_of(
    question: AuditQuestion,
    chain: Chain,
    target: TargetClass[FloatArray],
    level: Level,
    model: ElevationModel,
    post: Post,
    around: Surroundings,
    arrays: RingArrays,
    binds: str,
) -> CoverageRow:
    """Turn the arrays of one target at one level into findings, each with the figures behind it."""
    engageable = arrays.measured["engageable_area_km2"]
    measured = dict(arrays.measured)
    people = measured["people_under"]
    measured["people_under"] = people._replace(
        values=people_around.with_grid_error(
            people.values, engageable.values * 1e6, around.raster_cell_km2, chain.ledger.seed
        )
    )
    findings: dict[str, Any] = {
        name: found(CoverageRow, name, drawn.values, chain.ledger.addresses(drawn.uses))
        for name, drawn in measured.items()
    }
    by_country = {
        name: float(count)
        for name, count in zip(around.country_names, arrays.people_by_country, strict=True)
        if count >= 1.0
    }
    asked = replace(_asked_row(question, chain, target, level, model, post), **findings, people_by_country=by_country)
    if not people_around.is_resolvable(float(np.median(engageable.values[DRAWS])) * 1e6, around.raster_cell_km2):
        asked = replace(asked, people_under=None, people_by_country=None)
    reached = arrays.city_reached[DRAWS].mean(axis=0)
    return replace(
        asked,
        binds=binds,
        terrain_limited=_is_terrain_limited(level, model, binds),
        assumed_share=_assumed_share(chain, engageable),
        cities=tuple(
            CityShare(c.name, c.country, c.latitude_deg, c.longitude_deg, c.population, float(s))
            for c, s in zip(around.cities, reached, strict=True)
        ),
    )


def _asked_row(
    question: AuditQuestion,
    chain: Chain,
    target: TargetClass[FloatArray],
    level: Level,
    model: ElevationModel,
    post: Post,
) -> CoverageRow:
    """Row of one target at one level before it is answered: what was asked, and how much of the ring is known."""
    ring_m = float(chain.system.advertised_range_m[NOMINAL])
    under = 0.0 if level.altitude_m is None else post.search.share_under_ground(level.altitude_m, ring_m)
    return CoverageRow(
        system=question.system_id,
        fit=chain.fit,
        variant=_variant_words(question, chain),
        target=target.id,
        heading=question.heading,
        height_m=level.height_m,
        altitude_m=level.altitude_m,
        terrain=model.name,
        advertised_area_km2=geodesy.ring_area_m2(question.latitude_deg, question.longitude_deg, ring_m) / 1e6,
        covered_share=post.search.covered_share(ring_m),
        under_ground_share=under,
    )


def unanswered_row(
    question: AuditQuestion,
    chain: Chain,
    target: TargetClass[FloatArray],
    level: Level,
    model: ElevationModel,
    post: Post,
) -> CoverageRow:
    """Row of a target that would fly under the ground of the site: said, with nothing in place of an answer."""
    note = (
        f"{level.altitude_m:,.0f} m above sea level lies under the ground here "
        f"({post.fire.site_altitude_m:,.0f} m): not answered"
    )
    return replace(_asked_row(question, chain, target, level, model, post), note=note)


def _is_terrain_limited(level: Level, model: ElevationModel, binds: str) -> bool:
    """Whether finer ground would move the answer: a coarse model, and a low flyer or sight that ends at the ground."""
    low = level.height_m is not None and level.height_m < LOW_FLYING_M
    return (low or binds in ("terrain", "horizon")) and not model.is_bare_earth and model.resolution_m > COARSE_CELL_M


def _variant_words(question: AuditQuestion, chain: Chain) -> dict[str, str]:
    mast_m = question.mast_m if question.mast_m is not None else float(chain.engagement.antenna_height_m[NOMINAL])
    return {"mast": f"{mast_m:g} m"}


def _footprint_row(scene: Scene, target: TargetClass[FloatArray], threads: int | None) -> FootprintRow:
    question, chain = scene.question, scene.chain
    areas = footprint_areas_m2(chain, target, scene.post.search, scene.post.fire, scene.speed_doubt, threads)
    inputs = chain.ledger.addresses(areas.uses)
    ring_m = float(chain.system.advertised_range_m[NOMINAL])
    return FootprintRow(
        system=question.system_id,
        fit=chain.fit,
        variant=_variant_words(question, chain),
        target=target.id,
        terrain="smooth earth (ballistic arc)",
        advertised_area_km2=geodesy.ring_area_m2(question.latitude_deg, question.longitude_deg, ring_m) / 1e6,
        binds=areas.binds,
        footprint_area_km2=found(FootprintRow, "footprint_area_km2", areas.one_azimuth_m2 / 1e6, inputs),
        footprint_worst_area_km2=found(FootprintRow, "footprint_worst_area_km2", areas.worst_azimuth_m2 / 1e6, inputs),
        assumed_share=_assumed_share(chain, Drawn(areas.one_azimuth_m2, areas.uses)),
    )


def _radii(target_id: str, where: str, arrays: RingArrays) -> list[AzimuthRadius]:
    """Equal-area radius by azimuth for the three links of one row."""
    found = []
    for link, by_azimuth in arrays.by_azimuth_m2.items():
        width = 2.0 * np.pi / by_azimuth.shape[1]
        radius_m = np.sqrt(2.0 * by_azimuth[DRAWS].astype(np.float64) / width)
        low, median, high = quantiles(radius_m.T, [0.05, 0.5, 0.95])
        degrees = np.degrees(np.arange(by_azimuth.shape[1]) * width)
        found.append(
            AzimuthRadius(
                target_id, where, link, tuple(degrees.round(3).tolist()),
                tuple(low.round(1).tolist()), tuple(median.round(1).tolist()), tuple(high.round(1).tolist()),
            )
        )  # fmt: skip
    return found
