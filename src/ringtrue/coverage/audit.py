"""The ring audit: from a question to rows, layers, radii, cities, variants, and the sentence that answers."""

from __future__ import annotations

import itertools
import threading
from dataclasses import fields, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.answer import unsettled
from ringtrue.catalogue.load import parameters_of
from ringtrue.coverage import people as people_around
from ringtrue.coverage.answer import answer_sentence, place_name
from ringtrue.coverage.defended import Places, farthest_reach_m, populated_cells
from ringtrue.coverage.edges import reach_of
from ringtrue.coverage.layers import ladder_runs, layer_cell_m, shared_layers
from ringtrue.coverage.limits import audit_limits, what_binds
from ringtrue.coverage.records import AuditResult, CoverageRow, FootprintRow
from ringtrue.coverage.ring import LevelSight, Weather, level_sight, ring_arrays
from ringtrue.coverage.rows import (
    Headline,
    Scene,
    TargetRows,
    boresight_rad,
    is_under_ground,
    levels_of,
    row_of,
    target_rows,
    unanswered_row,
)
from ringtrue.coverage.siting import ranked_sites
from ringtrue.errors import OutsideTerrainError
from ringtrue.finding import NOMINAL, Finding
from ringtrue.geo.pool import available_threads, run_blocks
from ringtrue.geo.surface import terrain_surface
from ringtrue.sensing.chain import chain_of, find_target
from ringtrue.sensing.climate import site_climate
from ringtrue.sensing.deciding import nothing_decides
from ringtrue.sensing.ledger import record_name
from ringtrue.sensing.post import AUDIT_RELIEFS, FEW_RELIEFS, post_at
from ringtrue.sensing.run import silent, stoppable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from ringtrue.catalogue.records import Catalogue, Parameter
    from ringtrue.coverage.people import Surroundings
    from ringtrue.coverage.records import AuditQuestion
    from ringtrue.geo.elevation import ElevationModel
    from ringtrue.sensing.chain import Chain
    from ringtrue.sensing.climate import SiteClimate
    from ringtrue.sensing.post import Post
    from ringtrue.sensing.run import Run

    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.int64]

VARIANT_DRAWS = 200


def check_site(question: AuditQuestion, model: ElevationModel, where: str = "") -> None:
    """Raise `OutsideTerrainError` when the site lies off the model; ``where`` names the option that gave it."""
    if np.isnan(model.sample(question.latitude_deg, question.longitude_deg)):
        raise OutsideTerrainError((question.latitude_deg, question.longitude_deg), model.name, where)


@stoppable
def audit(question: AuditQuestion, run: Run) -> AuditResult:
    """Answer a question about one system at one place.

    Parameters
    ----------
    question : AuditQuestion
        System, site, targets, levels, heading.
    run : Run
        Figures, ground and draws; a bare-earth model asks for the smooth earth.

    Raises
    ------
    InputError
        Unknown system, fit or target.
    OutsideTerrainError
        The site lies off the elevation model.
    Cancelled
        The run was cancelled.

    Notes
    -----
    Coverage, not protection: no clutter, no crew error, no jamming; an upper bound. The raid tells what gets through.
    """
    catalogue, model = run.catalogue, run.model
    for target_id in question.targets:
        find_target(catalogue, target_id)
    check_site(question, model)
    climate = site_climate(catalogue, question.latitude_deg, question.longitude_deg, question.k_factor)
    k_factor, k_text = climate.usual, climate.text
    post = post_at(
        run, question.system_id, question.latitude_deg, question.longitude_deg, mast_m=question.mast_m,
        climate=climate, n_reliefs=AUDIT_RELIEFS,
    )  # fmt: skip
    chain = post.chain
    ring_m = float(chain.system.advertised_range_m[NOMINAL])
    around = people_around.surroundings(
        question.latitude_deg, question.longitude_deg, n_azimuths=post.fire.azimuth_rad.size,
        step_m=post.fire.step_m, n_samples=post.fire.shape[2],
    )  # fmt: skip
    scene = _scene(question, run, post, around)
    found, variant_rows = _all_rows(scene, _variants(question, run, climate))
    rows = [row for one in found for row in one.rows]
    footprints = [row for one in found for row in one.footprints]
    headline = next((one.headline for one in found if one.headline is not None), None)
    if headline is None:
        asked: list[CoverageRow | FootprintRow] = [*rows, *footprints]
        first = asked[0] if asked else None
        text = catalogue.targets[first.target].name if first else ""
        headline = Headline(nothing_decides(run.n_draws), first.assumed_share if first else None, text)
    grounds = terrain_surface(
        model, question.latitude_deg, question.longitude_deg,
        antenna_height_m=float(post.search.antenna_altitude_m[0] - post.search.site_altitude_m),
        k_factor=k_factor, reach_m=ring_m, out_cell_m=layer_cell_m(ring_m), threads=run.threads,
    )  # fmt: skip
    targets = [catalogue.targets[t] for t in question.targets]
    used = parameters_behind(catalogue, (*rows, *footprints, *variant_rows))
    verdict = headline.deciding
    names = {t.id: record_name(t) for t in targets}
    mast_text = f"{question.mast_m:g} m, as asked for" if question.mast_m is not None else _mast_text(chain)
    return AuditResult(
        question=question,
        system_id=question.system_id,
        system_name=chain.system.name,
        quote=chain.system.quote,
        quote_source=chain.system.quote_source,
        advertised_range_m=ring_m,
        place_name=place_name(question.latitude_deg, question.longitude_deg),
        site_altitude_m=post.fire.site_altitude_m,
        terrain_name=model.name,
        k_text=k_text,
        mast_text=mast_text,
        rows=tuple(replace(row, sampling=unsettled(row)) for row in rows),
        footprints=tuple(footprints),
        variant_rows=tuple(variant_rows),
        layers=tuple(layer for one in found for layer in one.layers),
        ground_cell_m=grounds.cell_m,
        ground_altitude_m=np.where(grounds.is_covered, grounds.ground_altitude_m, np.nan).astype(np.float32),
        radii=tuple(radius for one in found for radius in one.radii),
        parameters=used,
        sources={p.source: catalogue.sources[p.source] for p in used if p.source in catalogue.sources},
        assumed_share=headline.assumed_share,
        deciding=verdict,
        deciding_row=headline.text,
        limits=audit_limits(
            model, question, k_text, rows, [catalogue.radars[r.id] for r in (chain.acquisition, chain.engagement)]
        ),
        answer=answer_sentence(chain.system.name, ring_m, rows, footprints, names),
        target_names=names,
        catalogue_hash=catalogue.content_hash,
        n_draws=run.n_draws,
        seed=run.seed,
    )


def parameters_behind(catalogue: Catalogue, rows: Iterable[CoverageRow | FootprintRow]) -> tuple[Parameter, ...]:
    """Return the figures that any number of the rows depends on, in the order of the catalogue.

    The advertised ring, which every row carries, is among them.
    """
    listed = list(rows)
    held = [one for row in listed for one in getattr(row, "defended", None) or ()]
    findings = [getattr(row, f.name) for row in (*listed, *held) for f in fields(row)]
    wanted = {address for found in findings if isinstance(found, Finding) for address in found.inputs}
    wanted |= {f"system.{row.system.partition(':')[0]}.advertised_range" for row in listed}
    return tuple(p for p in parameters_of(catalogue) if p.id in wanted)


def _mast_text(chain: Chain) -> str:
    return f"{chain.engagement.antenna_height_m[NOMINAL]:g} m (nominal for the {chain.engagement.name})"


def _scene(
    question: AuditQuestion,
    run: Run,
    post: Post,
    around: Surroundings,
) -> Scene:
    """Find what every row needs: runs of sight at each level and each step of the maps, and where people live."""
    chain, levels = post.chain, levels_of(question)
    is_one_radar = post.search is post.fire
    searches = [ladder_runs(post.fire, chain.engagement)]
    places: list[Places] = []
    sights: dict[int, LevelSight] = {}

    def job(i: int) -> None:
        if i < len(levels):
            sights[i] = level_sight(chain, levels[i], search=post.search, fire=post.fire, relief=post.relief, threads=1)
        elif i == len(levels):
            places.append(populated_cells(question.latitude_deg, question.longitude_deg, farthest_reach_m(chain)))
        elif not is_one_radar:
            searches.append(ladder_runs(post.search, chain.acquisition))

    run_blocks(job, len(levels) + 2, run.threads)
    return Scene(
        question, run, chain, post, around, chain.ledger.flight_time_doubt(), levels,
        [sights[i] for i in range(len(levels))], places[0], searches[-1], searches[0],
        shared_layers(chain, post.search, post.fire, searches[-1]),
    )  # fmt: skip


def _headline_target(question: AuditQuestion, catalogue: Catalogue) -> str:
    flying = [t for t in question.targets if catalogue.targets[t].kind != "ballistic"]
    return "f-16" if "f-16" in flying else (flying or list(question.targets))[0]


def _all_rows(scene: Scene, variants: list[Variant]) -> tuple[list[TargetRows], list[CoverageRow]]:
    """Ask about targets and variants side by side, each on one thread; with few of them, one after the other."""
    question, run = scene.question, scene.run
    chosen = _headline_target(question, run.catalogue)
    found: dict[int, TargetRows] = {}
    varied: dict[int, list[CoverageRow]] = {}
    n_targets = len(question.targets)
    n_jobs = n_targets + len(variants)
    is_wide = n_jobs >= (run.threads or available_threads())
    threads = 1 if is_wide else run.threads
    whole = n_targets * max(len(scene.levels), 1) + len(variants)
    lock, done = threading.Lock(), itertools.count()

    def step() -> None:
        with lock:
            run.tell("asking every draw", next(done), whole)

    def job(i: int) -> None:
        if i < n_targets:
            target_id = question.targets[i]
            found[i] = target_rows(scene, target_id, is_headline=target_id == chosen, threads=threads, step=step)
        else:
            step()
            varied[i] = _variant_rows(scene, variants[i - n_targets], threads)

    run_blocks(job, n_jobs, run.threads if is_wide else 1)
    return [found[i] for i in range(n_targets)], [row for i in range(n_targets, n_jobs) for row in varied[i]]


class Variant(NamedTuple):
    """The headline target asked again in one other case: what is other in words, the question, climate and mast."""

    words: dict[str, str]
    question: AuditQuestion
    run: Run
    climate: SiteClimate
    mast_m: float | None


def _variants(question: AuditQuestion, run: Run, climate: SiteClimate) -> list[Variant]:
    """List every other mast, other weather and other sites on which the headline target is asked for: never pooled."""
    chosen = _headline_target(question, run.catalogue)
    if run.catalogue.targets[chosen].kind == "ballistic":
        return []
    short = replace(question, targets=(chosen,))
    run = replace(run, n_draws=min(run.n_draws, VARIANT_DRAWS), progress=silent)
    chain = chain_of(run.ledger, question.system_id)
    masts = {**chain.acquisition.masts_m, **chain.engagement.masts_m} if question.mast_m is None else {}
    nominal_m = float(chain.engagement.antenna_height_m[NOMINAL])
    cases = [
        Variant({"mast": name}, short, run, climate, height_m)
        for name, height_m in masts.items()
        if height_m != nominal_m
    ]
    if question.k_factor is None:
        cases.extend(
            Variant({"k": f"{k:.2f}"}, short, run, climate._replace(usual=k), question.mast_m)
            for k in (climate.low, climate.high)
        )
    if question.site_radius_m is not None:
        antenna_m = question.mast_m if question.mast_m is not None else nominal_m
        ranked = ranked_sites(
            run, short, antenna_height_m=antenna_m, k_factor=climate.usual, radius_m=question.site_radius_m
        )
        around = f"within {question.site_radius_m / 1000:g} km"
        cases.extend(
            Variant({"site": f"{name} {around}"}, there, run, climate, question.mast_m) for name, _, there in ranked
        )
    return cases


def _variant_rows(scene: Scene, variant: Variant, threads: int | None) -> list[CoverageRow]:
    """Rows of one variant: the targets and levels of the question on another mast, in other weather or elsewhere."""
    question = variant.question
    post = post_at(
        variant.run.on(threads), question.system_id, question.latitude_deg, question.longitude_deg,
        mast_m=variant.mast_m, climate=variant.climate, n_reliefs=FEW_RELIEFS,
    )  # fmt: skip
    chain = post.chain
    around = people_around.surroundings(
        question.latitude_deg, question.longitude_deg, n_azimuths=post.fire.azimuth_rad.size,
        step_m=post.fire.step_m, n_samples=post.fire.shape[2],
    )  # fmt: skip
    speed_doubt = chain.ledger.flight_time_doubt()
    rows = []
    for target_id in question.targets:
        target = chain.ledger.record(variant.run.catalogue.targets[target_id])
        reach = reach_of(chain, target, question.heading, Weather())
        inbound = reach if reach.edges else reach_of(chain, target, "inbound", Weather())
        for level in scene.levels:
            if is_under_ground(level, post.fire.site_altitude_m):
                row = unanswered_row(question, chain, target, level, scene.run.model, post)
                rows.append(replace(row, variant=variant.words))
                continue
            sight = level_sight(chain, level, search=post.search, fire=post.fire, relief=post.relief, threads=threads)
            arrays = ring_arrays(
                chain, target, level, search=post.search, fire=post.fire, relief=post.relief,
                place=around.place, heading=question.heading, azimuth_rad=boresight_rad(question),
                weather=Weather(), speed_doubt=speed_doubt, threads=threads, at_level=sight, reach=reach,
            )  # fmt: skip
            binds = what_binds(chain, target, level, post.fire, sight.fire, inbound)
            row = row_of(question, chain, target, level, scene.run.model, post, around, arrays, binds)
            rows.append(replace(row, variant=variant.words, cities=None))
    return rows
