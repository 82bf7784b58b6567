"""The ring audit: from a question to rows, layers, radii, cities, variants, and the sentence that answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.coverage import people as people_around
from ringtrue.coverage.answer import answer_sentence, at_level, place_name, short_name
from ringtrue.coverage.chain import (
    assumption_with_nominal,
    chain_of,
    drawn_with_nominal,
    find_target,
    parameters_in,
)
from ringtrue.coverage.defended import (
    LONGEST_REACH_M,
    Places,
    defended_rows,
    earliest_intercepts,
    populated_cells,
    warning_s,
)
from ringtrue.coverage.footprint import footprint_areas_m2
from ringtrue.coverage.ground import Ground, ground_of, silent, speed_doubt_of
from ringtrue.coverage.inputs import with_inputs
from ringtrue.coverage.layers import ladder_runs, layer_cell_m, ring_layer, target_layers
from ringtrue.coverage.limits import audit_limits, what_binds
from ringtrue.coverage.records import AuditResult, AuditRow, AzimuthRadius, CityShare, LayerRaster
from ringtrue.coverage.ring import EARTH_RADIUS_M, Level, RingArrays, Weather, level_sight, ring_arrays, slant_reach
from ringtrue.coverage.siting import ranked_sites
from ringtrue.coverage.unknowns import Unknown, shares_of, unknowns_of
from ringtrue.errors import OutsideTerrainError
from ringtrue.finding import Finding, finding
from ringtrue.geo import geodesy
from ringtrue.geo.surface import terrain_surface
from ringtrue.sensing.climate import site_climate
from ringtrue.sensing.deciding import Share, deciding

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ringtrue.catalogue.records import Catalogue, TargetClass
    from ringtrue.coverage.chain import Chain
    from ringtrue.coverage.people import Surroundings
    from ringtrue.coverage.records import AuditQuestion, Link
    from ringtrue.geo.elevation import ElevationModel
    from ringtrue.sensing.climate import SiteClimate

    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.int64]
    Progress = Callable[[str, int, int], None]

MODEL_ASSUMPTIONS = (
    "height-error",
    "height-correlation-length",
    "subgrid-relief",
    "flight-time-doubt",
    "rcs-independent-offset",
    "keep-out-altitude",
)
LOW_FLYING_M = 100.0
COARSE_CELL_M = 100.0
AIRCRAFT_RELEASE_RANGES_M = (0.0, 20_000.0, 70_000.0, 250_000.0)
VARIANT_DRAWS = 200
VARIANT_RELIEFS = 3


def check_site(question: AuditQuestion, model: ElevationModel, where: str = "") -> None:
    """Raise `OutsideTerrainError` when the site lies off the model; ``where`` names the option that gave it."""
    if np.isnan(model.sample(question.latitude_deg, question.longitude_deg)):
        raise OutsideTerrainError((question.latitude_deg, question.longitude_deg), model.name, where)


def audit(
    question: AuditQuestion, catalogue: Catalogue, model: ElevationModel, progress: Progress = silent
) -> AuditResult:
    """Answer a question about one system at one place.

    Parameters
    ----------
    question : AuditQuestion
        System, site, targets, levels, heading, draws, seed.
    catalogue : Catalogue
        Published figures and assumptions.
    model : ElevationModel
        Ground; a bare-earth model asks for the smooth earth.
    progress : callable
        Called as (what, done, of).

    Raises
    ------
    InputError
        Unknown system, fit or target.
    OutsideTerrainError
        The site lies off the elevation model.

    Notes
    -----
    Coverage, not protection: no clutter, no crew error, no jamming; an upper bound. The raid tells what gets through.
    """
    for target_id in question.targets:
        find_target(catalogue, target_id)
    check_site(question, model)
    chain = chain_of(catalogue, question.system_id, question.n_draws, question.seed)
    climate = site_climate(catalogue, question.latitude_deg, question.longitude_deg, question.k_factor)
    k_factor, k_text = climate.usual, climate.text
    ground = ground_of(chain, catalogue, model, question, k_factor=k_factor, mast_m=question.mast_m, progress=progress)
    ring_m = float(chain.system.advertised_range_m[-1])
    around = people_around.surroundings(
        question.latitude_deg, question.longitude_deg, n_azimuths=ground.fire.azimuth_rad.size,
        step_m=ground.fire.step_m, n_samples=ground.fire.lowest_visible_altitude_m.shape[2],
    )  # fmt: skip
    rows, radii, layers, headline = _all_rows(question, catalogue, chain, model, ground, around, progress)
    variant_rows = _variants(question, catalogue, model, climate, progress)
    grounds = terrain_surface(
        model, question.latitude_deg, question.longitude_deg,
        antenna_height_m=float(ground.search.antenna_altitude_m[0] - ground.search.site_altitude_m),
        k_factor=k_factor, reach_m=ring_m, out_cell_m=layer_cell_m(ring_m), threads=question.threads,
    )  # fmt: skip
    targets = [catalogue.targets[t] for t in question.targets]
    used = {p.id: p for p in (*chain.parameters, *(p for t in targets for p in parameters_in(t)))}
    used |= {catalogue.assumptions[key].id: catalogue.assumptions[key] for key in MODEL_ASSUMPTIONS}
    verdict = deciding(headline.shares)
    names = {t.id: short_name(t.name) for t in targets}
    mast_text = f"{question.mast_m:g} m, as asked for" if question.mast_m is not None else _mast_text(chain)
    return AuditResult(
        question=question,
        system_id=question.system_id,
        system_name=chain.system.name,
        quote=chain.system.quote,
        quote_source=chain.system.quote_source,
        advertised_range_m=ring_m,
        place_name=place_name(question.latitude_deg, question.longitude_deg, around),
        site_altitude_m=ground.fire.site_altitude_m,
        terrain_name=model.name,
        k_text=k_text,
        mast_text=mast_text,
        rows=tuple(rows),
        variant_rows=tuple(variant_rows),
        layers=tuple(layers),
        ground_cell_m=grounds.cell_m,
        ground_altitude_m=np.where(grounds.is_covered, grounds.ground_altitude_m, np.nan).astype(np.float32),
        radii=tuple(radii),
        parameters=tuple(used.values()),
        sources={p.source: catalogue.sources[p.source] for p in used.values() if p.source in catalogue.sources},
        assumed_share=headline.assumed_share,
        deciding=verdict,
        deciding_row=headline.text,
        limits=audit_limits(model, question, k_text),
        answer=answer_sentence(chain.system.name, ring_m, rows, names, verdict.sentence, headline.text),
        target_names=names,
        catalogue_hash=catalogue.content_hash,
        n_draws=question.n_draws,
    )


def _mast_text(chain: Chain) -> str:
    return f"{chain.engagement.antenna_height_m[-1]:g} m (nominal for the {chain.engagement.name})"


class _Headline(NamedTuple):
    shares: tuple[Share, ...]
    assumed_share: float
    text: str


def levels_of(question: AuditQuestion) -> list[Level]:
    """Return the levels asked for, heights above ground first."""
    return [Level(h, None) for h in question.heights_m] + [Level(None, a) for a in question.altitudes_m]


def _all_rows(
    question: AuditQuestion,
    catalogue: Catalogue,
    chain: Chain,
    model: ElevationModel,
    ground: Ground,
    around: Surroundings,
    progress: Progress,
) -> tuple[list[AuditRow], list[AzimuthRadius], list[LayerRaster], _Headline]:
    n, seed = question.n_draws, question.seed
    speed_doubt = speed_doubt_of(n, seed)
    levels = levels_of(question)
    rows: list[AuditRow] = []
    radii: list[AzimuthRadius] = []
    layers: list[LayerRaster] = []
    chosen = _headline_target(question, catalogue)
    headline = _Headline((), 0.0, "")
    places = populated_cells(question.latitude_deg, question.longitude_deg, LONGEST_REACH_M)
    search_ladder = ladder_runs(ground.search, chain.acquisition)
    fire_ladder = ladder_runs(ground.fire, chain.engagement)
    shared = [
        level_sight(
            chain, level, search=ground.search, fire=ground.fire, relief=ground.relief, threads=question.threads
        )
        for level in levels
    ]
    widest_km2 = -1.0
    done, whole = 0, len(question.targets) * max(len(levels), 1)
    for target_id in question.targets:
        target = drawn_with_nominal(catalogue.targets[target_id], n, seed)
        unknowns = unknowns_of(chain, catalogue, target, speed_doubt, ground)
        reach = slant_reach(chain, target, question.heading, Weather())
        usual = _usual_level(target, levels, ground.fire.site_altitude_m)
        if target.kind == "ballistic":
            rows.append(_ballistic_row(question, catalogue, chain, target, ground, around, unknowns, speed_doubt))
            done += len(levels)
            continue
        for index, level in enumerate(levels):
            progress("asking every draw", done, whole)
            done += 1
            arrays = ring_arrays(
                chain, target, level, search=ground.search, fire=ground.fire, relief=ground.relief,
                place=around.place, heading=question.heading, azimuth_rad=_boresight_rad(question),
                weather=Weather(), speed_doubt=speed_doubt, threads=question.threads,
                at_level=shared[index], reach=reach,
            )  # fmt: skip
            _, assumed = shares_of(unknowns, arrays.engageable_m2, n_bootstrap=0)
            row = _row(question, chain, target, level, model, ground, around, arrays, assumed)
            if index == usual:
                row = _with_defended(row, chain, target, level, ground, around, speed_doubt, places, question.threads)
            rows.append(row)
            if target_id == chosen and _spread_km2(row) > widest_km2:
                widest_km2 = _spread_km2(row)
                shares, _ = shares_of(unknowns, arrays.engageable_m2, n_bootstrap=200)
                headline = _Headline(shares, assumed, at_level(row, {target.id: short_name(target.name)}))
            if target_id == chosen:
                radii.extend(_radii(row.target_id, row.where, arrays))
        layers.append(ring_layer(question.system_id, target_id, float(chain.system.advertised_range_m[-1])))
        layers.extend(
            target_layers(chain, target, ground.search, ground.fire, search_ladder, fire_ladder, question.system_id)
        )
    if not headline.text and rows:
        headline = _Headline((), rows[0].assumed_share, catalogue.targets[rows[0].target_id].name)
    return rows, radii, layers, headline


def _usual_level(target: TargetClass[FloatArray], levels: list[Level], site_altitude_m: float) -> int:
    """Index of the level nearest (as a ratio) to the height the class usually flies at."""
    usual_m = max(float(target.usual_height_m[-1]), 1.0)
    heights = [max(level.nominal_altitude_m(site_altitude_m) - site_altitude_m, 1.0) for level in levels]
    return int(np.argmin([abs(np.log(h / usual_m)) for h in heights])) if heights else -1


def _with_defended(
    row: AuditRow,
    chain: Chain,
    target: TargetClass[FloatArray],
    level: Level,
    ground: Ground,
    around: Surroundings,
    speed_doubt: FloatArray,
    places: Places,
    threads: int | None,
) -> AuditRow:
    """Add people defended and warning time at the site itself; once per class, at its usual height."""
    met = earliest_intercepts(
        chain, target, level, fire=ground.fire, relief=ground.relief, x_m=places.x_m, y_m=places.y_m,
        speed_doubt=speed_doubt, threads=threads,
    )  # fmt: skip
    at_site = earliest_intercepts(
        chain, target, level, fire=ground.fire, relief=ground.relief, x_m=np.zeros(1), y_m=np.zeros(1),
        speed_doubt=speed_doubt, threads=threads,
    )  # fmt: skip
    return replace(
        row,
        defended=defended_rows(met, places, _releases_m(target), around.raster_cell_km2, at_site),
        warning_s=warning_s(at_site, 0.0),
    )


def _spread_km2(row: AuditRow) -> float:
    return row.engageable_area_km2.high - row.engageable_area_km2.low


def _releases_m(target: TargetClass[FloatArray]) -> tuple[float, ...]:
    return AIRCRAFT_RELEASE_RANGES_M if target.kind == "aircraft" else (0.0,)


def _boresight_rad(question: AuditQuestion) -> float | None:
    return None if question.azimuth_deg is None else float(np.radians(question.azimuth_deg))


def _headline_target(question: AuditQuestion, catalogue: Catalogue) -> str:
    flying = [t for t in question.targets if catalogue.targets[t].kind != "ballistic"]
    return "f-16" if "f-16" in flying else (flying or list(question.targets))[0]


def _km2(name: str, values_m2: FloatArray) -> Finding:
    return finding(name, "km2", values_m2[:-1] / 1e6)


def _row(
    question: AuditQuestion,
    chain: Chain,
    target: TargetClass[FloatArray],
    level: Level,
    model: ElevationModel,
    ground: Ground,
    around: Surroundings,
    arrays: RingArrays,
    assumed_share: float,
) -> AuditRow:
    ring_m = float(chain.system.advertised_range_m[-1])
    ring_m2 = geodesy.ring_area_m2(question.latitude_deg, question.longitude_deg, ring_m)
    cap_m2 = 2.0 * np.pi * EARTH_RADIUS_M**2 * (1.0 - np.cos(ring_m / EARTH_RADIUS_M))
    people = people_around.with_grid_error(
        arrays.people_under, arrays.engageable_m2, around.raster_cell_km2, question.seed
    )
    people_under = finding("people under engageable airspace", "people", people[:-1])
    resolvable = people_around.is_resolvable(float(np.median(arrays.engageable_m2[:-1])), around.raster_cell_km2)
    reached = arrays.city_reached[:-1].mean(axis=0)
    cities = tuple(
        CityShare(c.name, c.country, c.latitude_deg, c.longitude_deg, c.population, float(s))
        for c, s in zip(around.cities, reached, strict=True)
    )
    row = AuditRow(
        system_id=question.system_id,
        fit=chain.fit,
        variant=_variant_words(question, chain),
        target_id=target.id,
        heading=question.heading,
        height_m=level.height_m,
        altitude_m=level.altitude_m,
        terrain=model.name,
        advertised_area_km2=ring_m2 / 1e6,
        covered_share=ground.search.covered_share(ring_m),
        binds=what_binds(chain, target, level, ground.fire, ground.relief),
        terrain_limited=_is_terrain_limited(level, model),
        seen_geometry_area_km2=_km2("in line of sight", arrays.seen_geometry_m2),
        seen_area_km2=_km2("seen, P 0.5", arrays.seen_m2),
        seen_p90_area_km2=_km2("seen, P 0.9", arrays.seen_p90_m2),
        seen_share=finding("seen share of the ring", "1", arrays.seen_in_ring_m2[:-1] / cap_m2),
        tracked_area_km2=_km2("tracked, any azimuth", arrays.tracked_m2),
        tracked_sector_area_km2=_km2("tracked, one sector", arrays.tracked_sector_m2),
        engageable_area_km2=_km2("engageable", arrays.engageable_m2),
        engageable_sector_area_km2=_km2("engageable, one sector", arrays.engageable_sector_m2),
        engageable_share=finding("engageable share of the ring", "1", arrays.engageable_in_ring_m2[:-1] / cap_m2),
        people_under=people_under if resolvable else None,
        people_by_country={
            name: float(f"{count:.2g}")
            for name, count in zip(around.country_names, arrays.people_by_country, strict=True)
            if count >= 1.0
        },
        assumed_share=assumed_share,
        cities=cities,
    )
    return with_inputs(row, chain, target)


def _is_terrain_limited(level: Level, model: ElevationModel) -> bool:
    low = level.height_m is not None and level.height_m < LOW_FLYING_M
    return low and not model.is_bare_earth and model.resolution_m > COARSE_CELL_M


def _variant_words(question: AuditQuestion, chain: Chain) -> dict[str, str]:
    mast_m = question.mast_m if question.mast_m is not None else float(chain.engagement.antenna_height_m[-1])
    return {"mast": f"{mast_m:g} m"}


def _ballistic_row(
    question: AuditQuestion,
    catalogue: Catalogue,
    chain: Chain,
    target: TargetClass[FloatArray],
    ground: Ground,
    around: Surroundings,
    unknowns: list[Unknown],
    speed_doubt: FloatArray,
) -> AuditRow:
    keep_out_m = assumption_with_nominal(catalogue, "keep-out-altitude", question.n_draws, question.seed)
    areas = footprint_areas_m2(chain, target, ground.fire, keep_out_m, speed_doubt, question.threads)
    _, assumed = shares_of(unknowns, areas.one_azimuth_m2, n_bootstrap=0)
    nothing = finding("not defined for a ballistic arc", "km2", np.zeros(1))
    ring_m = float(chain.system.advertised_range_m[-1])
    row = AuditRow(
        system_id=question.system_id,
        fit=chain.fit,
        variant=_variant_words(question, chain),
        target_id=target.id,
        heading="inbound",
        height_m=None,
        altitude_m=None,
        terrain="smooth earth (ballistic arc)",
        advertised_area_km2=geodesy.ring_area_m2(question.latitude_deg, question.longitude_deg, ring_m) / 1e6,
        covered_share=1.0,
        binds=areas.binds,
        terrain_limited=False,
        seen_geometry_area_km2=nothing,
        seen_area_km2=nothing,
        seen_p90_area_km2=nothing,
        seen_share=nothing,
        tracked_area_km2=nothing,
        tracked_sector_area_km2=nothing,
        engageable_area_km2=_km2("footprint, one azimuth", areas.one_azimuth_m2),
        engageable_sector_area_km2=nothing,
        engageable_share=nothing,
        people_under=None,
        people_by_country={},
        assumed_share=assumed,
        footprint_area_km2=_km2("footprint, one azimuth", areas.one_azimuth_m2),
        footprint_worst_area_km2=_km2("footprint, worst azimuth", areas.worst_azimuth_m2),
    )
    return with_inputs(row, chain, target)


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
        low, median, high = np.quantile(radius_m, [0.05, 0.5, 0.95], axis=0)
        degrees = np.degrees(np.arange(by_azimuth.shape[1]) * width)
        found.append(
            AzimuthRadius(
                target_id, where, link, tuple(degrees.round(3).tolist()),
                tuple(low.round(1).tolist()), tuple(median.round(1).tolist()), tuple(high.round(1).tolist()),
            )
        )  # fmt: skip
    return found


def _variants(
    question: AuditQuestion, catalogue: Catalogue, model: ElevationModel, climate: SiteClimate, progress: Progress
) -> list[AuditRow]:
    """Answer the headline target again on every other mast, for other weather and at other sites: never pooled."""
    n_draws = min(question.n_draws, VARIANT_DRAWS)
    chosen = _headline_target(question, catalogue)
    if catalogue.targets[chosen].kind == "ballistic":
        return []
    short = replace(question, targets=(chosen,), n_draws=n_draws)
    chain = chain_of(catalogue, question.system_id, n_draws, question.seed)
    masts = {**chain.acquisition.masts_m, **chain.engagement.masts_m} if question.mast_m is None else {}
    rows: list[AuditRow] = []
    nominal_m = float(chain.engagement.antenna_height_m[-1])
    cases: list[tuple[dict[str, str], float | None, float]] = [
        ({"mast": name}, height_m, climate.usual) for name, height_m in masts.items() if height_m != nominal_m
    ]
    if question.k_factor is None:
        cases.extend(({"k": f"{k:.2f}"}, question.mast_m, k) for k in (climate.low, climate.high))
    for i, (words, mast_m, k) in enumerate(cases):
        progress("other masts and weather", i, len(cases))
        rows.extend(variant_row_set(short, catalogue, chain, model, k_factor=k, mast_m=mast_m, words=words))
    if question.site_radius_m is not None:
        progress("other sites nearby", 0, 1)
        antenna_m = question.mast_m if question.mast_m is not None else float(chain.engagement.antenna_height_m[-1])
        for name, _, there in ranked_sites(
            model, short, antenna_height_m=antenna_m, k_factor=climate.usual, radius_m=question.site_radius_m
        ):
            words = {"site": f"{name} within {question.site_radius_m / 1000:g} km"}
            rows.extend(
                variant_row_set(
                    there, catalogue, chain, model, k_factor=climate.usual, mast_m=question.mast_m, words=words
                )
            )
    return rows


def variant_row_set(
    question: AuditQuestion,
    catalogue: Catalogue,
    chain: Chain,
    model: ElevationModel,
    *,
    k_factor: float,
    mast_m: float | None,
    words: dict[str, str],
) -> list[AuditRow]:
    """Rows of one variant: the targets and levels of the question on another mast, in other weather or elsewhere."""
    ground = ground_of(chain, catalogue, model, question, k_factor=k_factor, mast_m=mast_m, n_reliefs=VARIANT_RELIEFS)
    around = people_around.surroundings(
        question.latitude_deg, question.longitude_deg, n_azimuths=ground.fire.azimuth_rad.size,
        step_m=ground.fire.step_m, n_samples=ground.fire.lowest_visible_altitude_m.shape[2],
    )  # fmt: skip
    speed_doubt = speed_doubt_of(question.n_draws, question.seed)
    rows = []
    for target_id in question.targets:
        target = drawn_with_nominal(catalogue.targets[target_id], question.n_draws, question.seed)
        for level in levels_of(question):
            arrays = ring_arrays(
                chain, target, level, search=ground.search, fire=ground.fire, relief=ground.relief,
                place=around.place, heading=question.heading, azimuth_rad=_boresight_rad(question),
                weather=Weather(), speed_doubt=speed_doubt, threads=question.threads,
            )  # fmt: skip
            row = _row(question, chain, target, level, model, ground, around, arrays, 0.0)
            rows.append(replace(row, variant=words, cities=()))
    return rows
