"""The offers side by side: fire unit against fire unit, package against package, over time and over price."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ringtrue.answer import Header
from ringtrue.coverage.ring import Level
from ringtrue.engagement.compile import SharedGeometry
from ringtrue.errors import InputError
from ringtrue.geo.pool import run_blocks
from ringtrue.scenario.flights import check_levels, check_raids
from ringtrue.scenario.links import question_pair
from ringtrue.sensing.chain import find_target
from ringtrue.sensing.deciding import assumed_part, weigh
from ringtrue.sensing.ducting import ducting_notes
from ringtrue.sensing.rings import check_rings, posts_of
from ringtrue.sensing.run import Run, stoppable
from ringtrue.studies.compare_answer import (
    answer_sentences,
    circumstances,
    headline_difference,
    headline_raid,
    headline_target,
    not_resolvable,
    study_notes,
)
from ringtrue.studies.compare_clauses import clause_variants, term_rows
from ringtrue.studies.compare_coverage import (
    CoverageSetting,
    cells_with_assets,
    coverage_row,
    grids_of,
    map_axes,
    offer_map,
    package_reach,
    place_key,
    reaches_of,
    sites_of,
    unit_rows,
    usual_level,
)
from ringtrue.studies.compare_months import delivered, month_rows
from ringtrue.studies.compare_pairs import LEAKERS, Answers, Asked, differences, frontiers, marginals, offer_record
from ringtrue.studies.compare_payments import paid_rows
from ringtrue.studies.compare_places import aimed_at, place_duels, place_people, place_raids, place_rows
from ringtrue.studies.compare_raids import N_REPLICATIONS, RaidSetting, ground_notes, kill_curve, play
from ringtrue.studies.compare_records import CompareResult, Share
from ringtrue.studies.frontier import prices
from ringtrue.studies.idle import idle_words
from ringtrue.studies.published_kill import PublishedSide, published_difference, published_figures
from ringtrue.studies.raid_rows import change, changed_measures, paired
from ringtrue.studies.timeline import FIRST_MONTH, LAST_MONTH, timeline

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ringtrue.catalogue.records import Catalogue, Parameter, Source
    from ringtrue.scenario.records import Laydown, Scenario
    from ringtrue.sensing.post import Post
    from ringtrue.studies.compare_coverage import PackageReach
    from ringtrue.studies.compare_raids import Played
    from ringtrue.studies.compare_records import OfferMap, UnitRow
    from ringtrue.studies.published_kill import PublishedDifference
    from ringtrue.studies.raid_rows import RaidChange
    from ringtrue.studies.timeline import TimelineResult

    FloatArray = NDArray[np.float64]
    Known = dict[tuple[object, ...], Played]


@stoppable
def compare(scenario: Scenario, run: Run, *, n_replications: int = N_REPLICATIONS) -> CompareResult:
    """Compare the offers of a scenario.

    Parameters
    ----------
    scenario : Scenario
        Laydowns of the study are the packages; other laydowns of one fire unit, two or more at one place, are compared
        as fire units.
    run : Run
        Figures, ground and draws; 200 of them answer in half a minute.
    n_replications : int
        Replications of each raid in each draw.

    Raises
    ------
    InputError
        No area, fewer than two laydowns, no raid, no target class to compare by, a path or an altitude under the
        ground, or a fire unit off the elevation model.

    Notes
    -----
    Every offer meets the same draws, and each raid the same luck: random numbers are keyed by the uids of targets and
    units. Kill probability: one prior for all interceptors, unless the scenario gives another.
    """
    catalogue, model, ledger = run.catalogue, run.model, run.ledger
    asked = asked_of(scenario, catalogue)
    check_raids(scenario, asked.everyone, _ids(asked), model)
    check_rings(model, catalogue, posts_of(asked.everyone))
    check_levels(scenario, asked.everyone, scenario.study.altitudes_m, model.sample)
    assert scenario.area is not None
    known: Known = {}
    raid_setting = RaidSetting(scenario, run.on(1), n_replications, SharedGeometry())
    play_raid = partial(_played, raid_setting, known)
    cells = cells_with_assets(scenario.area, scenario.assets)
    setting = CoverageSetting(scenario, run, cells, place_people(cells, scenario.assets))
    run.tell("sweeping the sites", 0, 1)
    sites = sites_of(setting, asked.everyone)
    answers = Answers(_raids(asked, play_raid, run), _reaches(setting, sites, asked))
    rows = _unit_rows(setting, sites, asked)
    offers = tuple(
        [offer_record(scenario, laydown, "fire unit") for laydown in asked.duels]
        + [offer_record(scenario, laydown, "package") for laydown in asked.packages]
    )
    course = _timeline(setting, asked, play_raid)
    run.tell("comparing", 0, 1)
    found = [
        *differences("fire unit", asked.duels, asked, answers),
        *differences("package", asked.packages, asked, answers),
    ]
    headline = headline_difference(found, offers, asked)
    worst = headline_raid(asked)
    ends = [answers.raids[name, worst.id] for name in (headline.a, headline.b)]
    leaked = ends[0].of(LEAKERS) - ends[1].of(LEAKERS)
    assumed = weigh(ledger.candidates(ends[0].result.uses | ends[1].result.uses), leaked).assumed
    behind = {a for one in known.values() for a in one.result.all_uses}
    behind |= {a for reach in answers.reaches.values() for a in reach.uses}
    behind |= set() if course is None else {p.id for p in course.parameters}
    payments = paid_rows(scenario, offers, ledger)
    behind |= {a for row in payments if row.present_value_usd is not None for a in row.present_value_usd.inputs}
    parameters = ledger.parameters(behind)
    terms = term_rows(scenario, catalogue)
    raid_rows = tuple(one.row for one in answers.raids.values())
    aimed = aimed_at(scenario, asked.raids)
    result = CompareResult(
        Header(
            command="compare",
            scenario_hash=scenario.content_hash,
            catalogue_hash=catalogue.content_hash,
            seed=run.seed,
            n_draws=run.n_draws,
            n_replications=n_replications,
        ),
        scenario=scenario.name,
        n_draws_coverage=run.n_draws,
        terrain=model.name,
        question=scenario.study.question,
        answer=(),
        circumstances=(),
        offers=offers,
        rows=raid_rows,
        coverage=tuple(coverage_row(reach) for reach in answers.reaches.values()),
        fire_units=tuple(rows),
        places=tuple(row for reach in answers.reaches.values() for row in place_rows(scenario.assets, reach)),
        place_raids=tuple(place_raids(aimed, answers.raids.values())),
        place_duels=tuple(place_duels(aimed, asked.duels, scenario.assets, answers.raids)),
        published_figures=published_figures(r.published_kill for r in raid_rows if r.published_kill is not None),
        published_difference=_as_published(answers.raids[headline.a, worst.id], answers.raids[headline.b, worst.id]),
        links=tuple(_link_changes(asked, answers)),
        links_assumed_share=_links_assumed(asked, answers),
        kill_curves=tuple(curve for one in answers.raids.values() if (curve := kill_curve(one)) is not None),
        differences=tuple(found),
        marginals=tuple(marginals(asked, answers)),
        payments=payments,
        terms=terms,
        clauses=clause_variants(scenario, catalogue, asked.packages, worst.id, play_raid),
        prices=tuple(prices(offers, asked.targets, answers.reaches)),
        frontier=tuple(frontiers(offers, asked, answers)),
        months=() if course is None else tuple(month_rows(scenario, catalogue, course, _ids(asked), play_raid)),
        timeline=None if course is None else course.rows,
        assumed_share=None if assumed is None else assumed[1],
        assumed_share_interval=None if assumed is None else Share(assumed[0], assumed[2]),
        deciding=headline.verdict.of(headline.sentence),
        declared=scenario.declared,
        caveats=(),
        notes=(),
        title=scenario.title,
        positions=scenario.positions,
        raids={raid.id: raid.title for raid in asked.raids},
        names={x.id: x.title for x in asked.everyone} | {t: catalogue.targets[t].name for t in asked.targets},
        assets={asset.uid: asset for asset in scenario.assets},
        headline=headline,
        course=course,
        maps=tuple(_maps(setting, sites, asked)),
        parameters=parameters,
        sources=_sources(catalogue, parameters, [s for one in (offers, terms) for row in one for s in row.sources]),
    )
    result = replace(
        result, answer=answer_sentences(result), circumstances=circumstances(result, scenario),
        caveats=(*idle_words(raid_rows, asked.everyone, catalogue.systems), *not_resolvable(result)),
    )  # fmt: skip
    notes = study_notes(result, scenario, {note for one in known.values() for note in one.result.notes})
    ducts = ducting_notes(site for laydown in asked.everyone for site in laydown.sites)
    return replace(result, notes=(*notes, *ground_notes(model), *ducts))


def asked_of(scenario: Scenario, catalogue: Catalogue) -> Asked:
    """Return what a scenario asks to be compared.

    Raises
    ------
    InputError
        Something that a comparison needs is missing.
    """
    by_id = {laydown.id: laydown for laydown in scenario.laydowns}
    packages = tuple(by_id[name] for name in scenario.study.laydowns or by_id)
    raids = tuple(scenario.raid(name) for name in scenario.study.raids or tuple(raid.id for raid in scenario.raids))
    alone = [x for x in scenario.laydowns if len(x.units) == 1 and x not in packages]
    places = [(x.units[0].latitude_deg, x.units[0].longitude_deg) for x in alone]
    duels = tuple(x for x, place in zip(alone, places, strict=True) if places.count(place) > 1)
    targets = scenario.study.targets or tuple(dict.fromkeys(wave.target for raid in raids for wave in raid.waves))
    for is_missing, what in (
        (scenario.area is None, "[area]: add one with bounds and country, to count residents in"),
        (len([x for x in packages if x.units]) < 2, "two laydowns with fire units: add one, to compare it with"),
        (not raids, "[[raid]]: add one, to see what gets through"),
        (not targets, "target class: name one under study.targets"),
    ):
        if is_missing:
            msg = f"scenario {scenario.name!r} has no {what}"
            raise InputError(msg)
    study = scenario.study
    levels = {name: usual_level(find_target(catalogue, name), study.heights_m, study.altitudes_m) for name in targets}
    return Asked(duels, packages, raids, targets, levels)


def _link_changes(asked: Asked, answers: Answers) -> list[RaidChange]:
    """What joining changes, raid by raid, between the two packages that differ by their links alone; none: nothing."""
    pair = question_pair(asked.packages)
    if pair is None:
        return []
    names = pair.apart.id, pair.joined.id
    played = [[answers.raids[name, raid.id].result for name in names] for raid in asked.raids]
    return [change(apart, joined, said.name, names) for apart, joined in played for said in changed_measures()]


def _links_assumed(asked: Asked, answers: Answers) -> float | None:
    """Which part of the spread of what joining changes is assumed: the leakers, as `network`."""
    pair = question_pair(asked.packages)
    if pair is None:
        return None
    apart, joined = (answers.raids[laydown.id, headline_raid(asked).id].result for laydown in pair)
    behind = apart.ledger.candidates(apart.uses | joined.uses)
    return assumed_part(weigh(behind, paired(apart, joined, LEAKERS)))


def _ids(asked: Asked) -> tuple[str, ...]:
    return tuple(raid.id for raid in asked.raids)


def _played(
    setting: RaidSetting,
    known: Known,
    laydown: Laydown,
    raid_id: str,
    *,
    with_curve: bool = False,
    with_published: bool = False,
) -> Played:
    """Play a raid, or return what was played for the same units and links, under the id of the laydown that asks."""
    net = laydown.network
    links = (
        net.shares_track,
        net.coordinates_fire,
        net.identifies_for,
        net.fires_on_shared_track,
        net.latency_s,
        net.p_outage,
    )
    key = (laydown.units, *links, raid_id)
    if key not in known:
        known[key] = play(setting, laydown, raid_id, with_curve=with_curve, with_published=with_published)
    return replace(known[key], laydown=laydown.id)


def _raids(asked: Asked, play_raid: Callable[..., Played], run: Run) -> dict[tuple[str, str], Played]:
    """Play every raid against every laydown, two and more side by side."""
    pairs = [(laydown, raid.id) for laydown in asked.everyone for raid in asked.raids]
    found: dict[tuple[str, str], Played] = {}
    worst = headline_raid(asked).id

    def one(i: int) -> None:
        laydown, raid_id = pairs[i]
        found[laydown.id, raid_id] = play_raid(laydown, raid_id, with_curve=True, with_published=raid_id == worst)
        run.tell("playing the raids", len(found), len(pairs))

    run_blocks(one, len(pairs), run.threads)
    return {(laydown.id, raid_id): found[laydown.id, raid_id] for laydown, raid_id in pairs}


def _as_published(a: Played, b: Played) -> PublishedDifference | None:
    """Compare the two offers of the answer as published; the common prior stands where nobody printed a figure."""
    if a.published is None and b.published is None:
        return None
    return published_difference(a.result.raid, _published_side(a), _published_side(b))


def _published_side(one: Played) -> PublishedSide:
    if one.published is None:
        raids = one.result.by_replication[LEAKERS].astype(np.float64)
        return PublishedSide(one.laydown, one.of(LEAKERS), raids, one.nominal_of(LEAKERS), one.inputs)
    as_published = one.published
    return PublishedSide(
        one.laydown, as_published.draws, as_published.by_raid, as_published.nominal, as_published.leakers.inputs
    )


def _reaches(
    setting: CoverageSetting, sites: dict[tuple[object, ...], Post], asked: Asked
) -> dict[tuple[str, str], PackageReach]:
    found = {}
    for i, target in enumerate(asked.targets):
        setting.run.tell("asking what each offer reaches", i, len(asked.targets))
        level = asked.levels[target]
        reaches = reaches_of(setting, sites, target, level)
        usual = {setting.run.catalogue.targets[target].usual_height_m.id}  # which level of the study stands for it
        for laydown in asked.everyone:
            reach = package_reach(setting, laydown, target, level, reaches)
            found[laydown.id, target] = replace(reach, uses=reach.uses | usual) if laydown.units else reach
    return found


def _unit_rows(setting: CoverageSetting, sites: dict[tuple[object, ...], Post], asked: Asked) -> list[UnitRow]:
    study = setting.scenario.study
    levels = [Level(h, None) for h in study.heights_m] + [Level(None, a) for a in study.altitudes_m]
    rows = []
    for i, duel in enumerate(asked.duels):
        setting.run.tell("fire unit against fire unit", i, len(asked.duels))
        site = sites[place_key(duel.units[0])]
        rows += unit_rows(setting, site, duel, asked.targets, tuple(levels or asked.levels.values()))
    return rows


def _timeline(setting: CoverageSetting, asked: Asked, play_raid: Callable[..., Played]) -> TimelineResult | None:
    """Join deliveries with coverage and with the raid of most classes; None where nothing was to be delivered."""
    scenario = setting.scenario
    if not scenario.deliveries or not any(x.offers for x in asked.packages):
        return None
    worst = headline_raid(asked)

    def leakers(laydown_id: str, uids: tuple[str, ...]) -> FloatArray:
        played = play_raid(delivered(scenario.laydown(laydown_id), uids), worst.id)
        return np.append(played.of(LEAKERS), played.nominal_of(LEAKERS) or 0.0)

    target = headline_target(setting.run.catalogue, asked)
    return timeline(
        scenario, setting.run, target_id=target, level=asked.levels[target], raid=leakers,
        level_uses=frozenset({setting.run.catalogue.targets[target].usual_height_m.id}),
        first_month=scenario.study.first_month or FIRST_MONTH, last_month=scenario.study.last_month or LAST_MONTH,
    )  # fmt: skip


def _maps(setting: CoverageSetting, sites: dict[tuple[object, ...], Post], asked: Asked) -> list[OfferMap]:
    """One map per laydown and kind of target (the headline class among the aircraft); a ballistic class has none."""
    assert setting.scenario.area is not None
    latitude, longitude = map_axes(setting.scenario.area)
    by_kind = {setting.run.catalogue.targets[t].kind: t for t in reversed(asked.targets)}
    headline = headline_target(setting.run.catalogue, asked)
    by_kind[setting.run.catalogue.targets[headline].kind] = headline
    by_kind.pop("ballistic", None)
    targets = tuple(t for t in asked.targets if t in by_kind.values())
    setting.run.tell("drawing the maps", 0, 1)
    grids = grids_of(setting, sites, targets, latitude, longitude)
    return [offer_map(x, target, grids, latitude, longitude) for x in asked.everyone for target in targets]


def _sources(catalogue: Catalogue, parameters: tuple[Parameter, ...], more: list[str]) -> dict[str, Source]:
    named = dict.fromkeys([p.source for p in parameters if p.source] + more)
    return {name: catalogue.sources[name] for name in named if name in catalogue.sources}
