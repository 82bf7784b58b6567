"""The exposure study: peacetime flights of a scenario before the radars of its fire units."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from ringtrue.answer import Header
from ringtrue.answer import found as found_in
from ringtrue.coverage.chain import chain_of, find_target
from ringtrue.coverage.exposure import (
    ASPECTS,
    BANDS,
    THRESHOLD_WORDS,
    THRESHOLDS,
    ExposureRow,
    FlightLedger,
    PathSight,
    Threshold,
    flight_ledger,
    path_sight,
    threshold_ranges_m,
)
from ringtrue.coverage.ring import Weather
from ringtrue.errors import InputError
from ringtrue.finding import DRAWS, NOMINAL
from ringtrue.geo import geodesy
from ringtrue.radar.propagation import rain_attenuation_db_per_km
from ringtrue.scenario.flights import check_above_ground, check_on_model, pattern_flights, sample_way
from ringtrue.scenario.records import POSITION_NOTICE
from ringtrue.sensing.climate import site_climate
from ringtrue.sensing.deciding import Spread, assumed_part, decides, weigh
from ringtrue.sensing.ducting import ducting_notes
from ringtrue.sensing.ledger import watched
from ringtrue.sensing.rings import check_rings, posts_of
from ringtrue.sensing.run import stoppable
from ringtrue.sensing.sight import ground_uses, polar_sight, terrain_doubt
from ringtrue.studies.exposure_output import (
    ALL_PATTERNS,
    ExposureComparison,
    ExposureHeadline,
    ExposureResult,
    an,
    exposure_lines,
    span,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ringtrue.catalogue.records import Catalogue, Radar, TargetClass
    from ringtrue.coverage.chain import Chain
    from ringtrue.finding import Finding
    from ringtrue.geo.elevation import ElevationModel
    from ringtrue.scenario.records import Laydown, Pattern, Scenario, Unit
    from ringtrue.sensing.ledger import Ledger
    from ringtrue.sensing.run import Run
    from ringtrue.sensing.sight import PolarSight

    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.int64]

__all__ = ["exposure", "exposure_lines"]

HOURS_PER_WEEK = 168.0
WEEKS_PER_YEAR = 365.25 / 7.0
N_RELIEFS = 5
FIXED_SENTENCES = (
    "It shows opportunity to observe, not what was learned.",
    "A radar that is off sees nothing: hours per year are for one that is on whenever the pattern is flown.",
    "Radar reflectors, as aircraft often carry them in peacetime, are a variant, never pooled with the clean one.",
)


@dataclass(frozen=True)
class _Flown:
    """One class on one pattern: its speed over draws, the height it flies at, and the figures these rest on."""

    pattern: Pattern
    target: TargetClass[FloatArray]
    speed_mps: FloatArray
    height_m: float | None
    altitude_m: float | None
    uses: frozenset[str]


@dataclass(frozen=True)
class _Post:
    """One fire unit at its site, with its radars by role and the sight of each."""

    laydown: Laydown
    unit: Unit
    system_id: str
    chain: Chain
    radars: tuple[tuple[str, Radar[FloatArray], PolarSight], ...]
    relief: IntArray


@stoppable
def exposure(scenario: Scenario, run: Run) -> ExposureResult:
    """Fly every pattern of a scenario before every fire unit of its laydowns.

    Parameters
    ----------
    scenario : Scenario
        With at least one laydown and one pattern; ``study.targets`` narrows the classes, ``study.laydowns`` the sites.
    run : Run
        Figures, ground and draws; a bare-earth model asks for the smooth earth.

    Raises
    ------
    InputError
        No pattern, no fire unit, an unknown class, or a path under the ground.
    OutsideTerrainError
        A site off the elevation model.
    """
    patterns, units = _checked(scenario)
    catalogue, model, ledger = run.catalogue, run.model, run.ledger
    flown = _flown(scenario, ledger)
    if not model.is_bare_earth:
        _check_ground(scenario, model)
    check_rings(model, catalogue, posts_of({laydown.id: laydown for laydown, _ in units}.values()))
    posts = []
    for i, (laydown, unit) in enumerate(units):
        run.tell("sweeping the terrain", i, len(units))
        posts.append(_post(scenario, run, laydown, unit))
    weekly = {p.uid: ledger.figure(p.flights_per_week) for p in patterns}
    rows: list[ExposureRow] = []
    comparisons: list[ExposureComparison] = []
    headlines: list[ExposureHeadline] = []
    n_runs = sum(len(post.radars) for post in posts)
    done = 0
    for post in posts:
        for role, radar, sight in post.radars:
            run.tell("flying the patterns", done, n_runs)
            done += 1
            found, totals = _radar_rows(scenario, catalogue, model, post, role, radar, sight, flown, weekly)
            rows.extend(found)
            comparisons.extend(_comparisons(post, radar, totals))
            n_bootstrap = 200 if not headlines else 60
            headlines.extend(_headlines(ledger, post, radar, totals, found, n_bootstrap))
    used = ledger.parameters({a for row in rows for a in row.minutes_per_hour_on.inputs})
    names = {f.target.id: f.target.name for f in flown} | {p.uid: p.title for p in patterns}
    names |= {r.id: r.name for post in posts for _, r, _ in post.radars}
    names |= {post.laydown.id: post.laydown.title for post in posts}
    first = headlines[0]
    return ExposureResult(
        Header(
            command="exposure",
            scenario_hash=scenario.content_hash,
            catalogue_hash=catalogue.content_hash,
            seed=run.seed,
            n_draws=run.n_draws,
        ),
        name=scenario.name,
        title=scenario.title,
        question=scenario.study.question,
        terrain=model.name,
        thresholds=THRESHOLD_WORDS,
        rows=tuple(rows),
        comparisons=tuple(comparisons),
        headlines=tuple(headlines),
        assumed_share=first.minutes.assumed_share,
        deciding=first.minutes.deciding.of(f"{first.target} before {first.radar}"),
        sentences=FIXED_SENTENCES,
        declared=scenario.declared,
        limits=_limits(model, posts),
        parameters=used,
        sources=catalogue.sources_of(used),
        names=names,
        answer=_answer(headlines, comparisons, names),
    )


def _checked(scenario: Scenario) -> tuple[tuple[Pattern, ...], list[tuple[Laydown, Unit]]]:
    """Patterns and the fire units to stand before: one of each kind at each site of each laydown asked for."""
    if not scenario.patterns:
        msg = f"{scenario.name}: no [[pattern]] is given; exposure needs at least one path that aircraft fly"
        raise InputError(msg)
    asked = scenario.study.laydowns or tuple(laydown.id for laydown in scenario.laydowns)
    units: dict[tuple[object, ...], tuple[Laydown, Unit]] = {}
    for laydown in (scenario.laydown(i) for i in asked):
        for unit in laydown.units:
            key = (laydown.id, unit.system, unit.latitude_deg, unit.longitude_deg, unit.mast_height_m)
            units.setdefault(key, (laydown, unit))
    if not units:
        msg = f"{scenario.name}: no [[laydown]] with a fire unit is given; exposure needs a radar at a site"
        raise InputError(msg)
    return scenario.patterns, list(units.values())


def _flown(scenario: Scenario, ledger: Ledger) -> list[_Flown]:
    wanted = scenario.study.targets or tuple(dict.fromkeys(t for p in scenario.patterns for t in p.targets))
    found = []
    for target_id in wanted:
        target = ledger.record(find_target(ledger.catalogue, target_id))
        for pattern in (p for p in scenario.patterns if target_id in p.targets):
            uses = {pattern.flights_per_week.id}
            flying = watched(target, uses)
            speed = np.full(ledger.n_draws + 1, pattern.speed_mps) if pattern.speed_mps else flying.speed_mps
            usual = pattern.height_m is None and pattern.altitude_m is None
            height_m = float(flying.usual_height_m[NOMINAL]) if usual else pattern.height_m
            found.append(_Flown(pattern, target, speed, height_m, pattern.altitude_m, frozenset(uses)))
    if not found:
        msg = (
            f"{scenario.name}: study.targets: no [[pattern]] is flown by {', '.join(wanted)}; name a class of a pattern"
        )
        raise InputError(msg)
    return found


def _check_ground(scenario: Scenario, model: ElevationModel) -> None:
    check_on_model(scenario.laydowns, model.sample, model.name, scenario.written_at)
    check_above_ground(pattern_flights(scenario), model.sample, scenario.written_at)


def _post(scenario: Scenario, run: Run, laydown: Laydown, unit: Unit) -> _Post:
    """Draw a fire unit and sweep the terrain once for each antenna height, as far as patterns and radars reach."""
    system_id = unit.system if unit.fit is None else f"{unit.system}:{unit.fit}"
    ledger, model = run.ledger, run.model
    chain = chain_of(ledger, system_id)
    by_role = {"acquisition": chain.acquisition, "engagement": chain.engagement}
    if chain.acquisition.id == chain.engagement.id:
        by_role = {"multifunction": chain.engagement}
    given = scenario.environment.k_factor
    climate = site_climate(ledger.catalogue, unit.latitude_deg, unit.longitude_deg, given.nominal if given else None)
    grounds = ledger.grounds(N_RELIEFS)
    reach_m = min(_farthest_point_m(scenario, unit), max(float(r.instrumented_range_m.max()) for r in by_role.values()))
    sights: dict[bytes, PolarSight] = {}
    radars = []
    for role, radar in by_role.items():
        uses = ground_uses(model)
        if unit.mast_height_m is None:
            height_m = ledger.on_relief(uses, radar, "antenna_height_m", grounds.relief)
        else:
            height_m = np.full(int(grounds.relief.max()) + 1, unit.mast_height_m)
        key = height_m.tobytes()
        if key not in sights:
            sights[key] = polar_sight(
                model, unit.latitude_deg, unit.longitude_deg, antenna_height_m=height_m, k_factor=climate.usual,
                reach_m=reach_m, doubt=terrain_doubt(grounds, run.seed), threads=run.threads,
            )  # fmt: skip
        radars.append((role, radar, replace(sights[key], uses=frozenset(uses))))
    return _Post(laydown, unit, system_id, chain, tuple(radars), grounds.relief)


def _farthest_point_m(scenario: Scenario, unit: Unit) -> float:
    """Distance of the farthest point of any pattern, rounded up to 10 km so that a small change keeps the sweep."""
    farthest_m = 0.0
    for pattern in scenario.patterns:
        latitude, longitude = sample_way(pattern.path, 10_000.0)
        distance = geodesy.inverse(unit.latitude_deg, unit.longitude_deg, latitude, longitude).distance_m
        farthest_m = max(farthest_m, float(distance.max()))
    return float(np.ceil(farthest_m / 10_000.0 + 1.0) * 10_000.0)


def _weather(scenario: Scenario, catalogue: Catalogue, radar: Radar[FloatArray]) -> Weather:
    """Clutter, noise rise and rain of the scenario at their nominal values: named conditions, not ignorance."""
    environment = scenario.environment
    clutter = environment.clutter_db or catalogue.assumptions["clutter-loss"]
    rain_db_per_km = float(rain_attenuation_db_per_km(environment.rain_mm_per_h.nominal, float(radar.frequency_hz[-1])))
    return Weather(clutter.nominal, 10.0 ** (environment.noise_rise_db.nominal / 10.0) - 1.0, rain_db_per_km)


@dataclass(frozen=True)
class _Total:
    """All patterns of one class before one radar at one threshold, over draws, nominal last."""

    target: str
    threshold: Threshold
    minutes_per_hour: FloatArray
    share_of_flight: FloatArray
    uses: frozenset[str]


def _radar_rows(
    scenario: Scenario,
    catalogue: Catalogue,
    model: ElevationModel,
    post: _Post,
    role: str,
    radar: Radar[FloatArray],
    sight: PolarSight,
    flown: list[_Flown],
    weekly: dict[str, FloatArray],
) -> tuple[list[ExposureRow], list[_Total]]:
    """Rows of one radar: class by class, pattern by pattern and all patterns, at both thresholds."""
    ledger = post.chain.ledger
    weather = _weather(scenario, catalogue, radar)
    sight_uses = set(sight.uses)
    low_rad, high_rad = (
        ledger.on_relief(sight_uses, radar, name, post.relief) for name in ("min_elevation_rad", "max_elevation_rad")
    )
    rows, totals = [], []
    laid: dict[tuple[str, float | None], PathSight] = {}
    for f in flown:
        if (f.pattern.uid, f.height_m) not in laid:
            laid[f.pattern.uid, f.height_m] = path_sight(
                sight, [w.latitude_deg for w in f.pattern.path], [w.longitude_deg for w in f.pattern.path],
                height_m=f.height_m, altitude_m=f.altitude_m, min_elevation_rad=low_rad,
                max_elevation_rad=high_rad, reach_m=float(radar.instrumented_range_m.max()),
            )  # fmt: skip
    for target_id in dict.fromkeys(f.target.id for f in flown):
        own = [f for f in flown if f.target.id == target_id]
        paths = [laid[f.pattern.uid, f.height_m] for f in own]
        for threshold in THRESHOLDS:
            uses = set(sight_uses)
            limit_m = threshold_ranges_m(watched(radar, uses), watched(own[0].target, uses), threshold, weather)
            ledgers = [
                flight_ledger(path, post.relief, limit_m, f.speed_mps) for f, path in zip(own, paths, strict=True)
            ]
            row_of = _RowMaker(post, radar.id, role, target_id, threshold, frozenset(uses))
            per_week = [weekly[f.pattern.uid] for f in own]
            covered = [float(p.way_m[p.is_covered].sum() / p.way_m.sum()) for p in paths]
            for f, flight, flights, share in zip(own, ledgers, per_week, covered, strict=True):
                rows.append(row_of(f.pattern.uid, [flight], [flights], share, f.uses))
            behind_all = frozenset().union(*(f.uses for f in own))
            length = [float(p.way_m.sum()) for p in paths]
            whole = float(np.average(covered, weights=length))
            rows.append(row_of(ALL_PATTERNS, ledgers, per_week, whole, behind_all))
            minutes, share_of_flight = _minutes(ledgers, per_week, whole)
            behind = frozenset(uses) | behind_all
            totals.append(_Total(target_id, threshold, minutes.sum(axis=(1, 2)), share_of_flight, behind))
    return rows, totals


def _minutes(
    ledgers: list[FlightLedger], per_week: list[FloatArray], covered_share: float
) -> tuple[FloatArray, FloatArray]:
    """Minutes per hour with the radar on (draw + 1, aspect, band), and the observed share of the time flown.

    The share is of the time over the part of the flight that the elevation model covers.
    """
    seconds = sum((x.time_s * n[:, None, None] for x, n in zip(ledgers, per_week, strict=True)), np.zeros((1, 1, 1)))
    flown_s = covered_share * sum((x.flown_s * n for x, n in zip(ledgers, per_week, strict=True)), np.zeros(1))
    share = np.minimum(seconds.sum(axis=(1, 2)) / np.maximum(flown_s, 1e-9), 1.0)
    return seconds / 60.0 / HOURS_PER_WEEK, share


@dataclass(frozen=True)
class _RowMaker:
    """What the rows of one radar, class and threshold have in common."""

    post: _Post
    radar: str
    role: str
    target: str
    threshold: Threshold
    uses: frozenset[str]

    def __call__(
        self,
        pattern: str,
        ledgers: list[FlightLedger],
        per_week: list[FloatArray],
        covered_share: float,
        uses: frozenset[str],
    ) -> ExposureRow:
        """Turn the arrays of one pattern, or of all, into findings."""
        minutes, share = _minutes(ledgers, per_week, covered_share)
        flights = np.sum(per_week, axis=0)
        whole = minutes.sum(axis=(1, 2))
        inputs = self.post.chain.ledger.addresses(self.uses | uses)

        def found(name: str, values: FloatArray) -> Finding:
            return found_in(ExposureRow, name, values, inputs)

        farthest_km = np.max([x.farthest_m for x in ledgers], axis=0) / 1000.0
        per_flight = whole * HOURS_PER_WEEK / np.maximum(flights, 1e-9)
        return ExposureRow(
            laydown=self.post.laydown.id,
            unit=self.post.unit.uid,
            system=self.post.system_id,
            radar=self.radar,
            role=self.role,
            pattern=pattern,
            target=self.target,
            threshold=self.threshold,
            covered_share=covered_share,
            flights_per_week=found("flights_per_week", flights),
            minutes_per_flight=found("minutes_per_flight", per_flight),
            share_of_flight=found("share_of_flight", share),
            minutes_per_hour_on=found("minutes_per_hour_on", whole),
            hours_per_year=found("hours_per_year", whole * HOURS_PER_WEEK * WEEKS_PER_YEAR / 60.0),
            by_aspect={a: found("by_aspect", minutes[:, i].sum(axis=1)) for i, a in enumerate(ASPECTS)},
            by_band={b: found("by_band", minutes[:, :, j].sum(axis=1)) for j, b in enumerate(BANDS)},
            by_aspect_and_band={
                a: {b: found("by_aspect_and_band", minutes[:, i, j]) for j, b in enumerate(BANDS)}
                for i, a in enumerate(ASPECTS)
            }
            if pattern == ALL_PATTERNS
            else None,
            farthest_km=found("farthest_km", farthest_km),
            share_of_draws_observed=float((whole[:-1] > 0.0).mean()),
        )


def _comparisons(post: _Post, radar: Radar[FloatArray], totals: list[_Total]) -> list[ExposureComparison]:
    """Compare the classes in pairs, one look, draw by draw: radar, ground and flights are the same in each draw."""
    found = []
    for first, second in combinations([t for t in totals if t.threshold == "look-0.5"], 2):
        a, b = first.minutes_per_hour, second.minutes_per_hour
        found.append(
            ExposureComparison(
                post.laydown.id, post.unit.uid, radar.id, first.target, second.target,
                found_in(ExposureComparison, "difference_minutes_per_hour_on", a - b),
                found_in(ExposureComparison, "ratio", a / b) if (b > 0.0).all() else None,
                float((a > b)[DRAWS].mean()),
            )
        )  # fmt: skip
    return found


def _headlines(
    ledger: Ledger,
    post: _Post,
    radar: Radar[FloatArray],
    totals: list[_Total],
    rows: list[ExposureRow],
    n_bootstrap: int,
) -> list[ExposureHeadline]:
    """Say one sentence for each class before a radar, and what decides it."""
    found = []
    for total in (t for t in totals if t.threshold == "look-0.5"):
        row = next(r for r in rows if (r.target, r.threshold, r.pattern) == (total.target, "look-0.5", ALL_PATTERNS))
        candidates = ledger.candidates(total.uses)
        minutes, share = (
            weigh(candidates, values[DRAWS], n_bootstrap=n_bootstrap)
            for values in (total.minutes_per_hour, total.share_of_flight)
        )
        name = ledger.catalogue.targets[total.target].name
        sentence = (
            f"The {radar.name} could observe {an(name)} for {span(row.minutes_per_hour_on)} minutes per hour that it "
            f"is on, {span(row.share_of_flight, 100.0)} % of the time flown, out to {span(row.farthest_km)} km."
        )
        found.append(
            ExposureHeadline(
                post.laydown.id, post.unit.uid, radar.id, total.target, sentence,
                Spread(assumed_part(minutes), decides(minutes)), Spread(assumed_part(share), decides(share)),
            )
        )  # fmt: skip
    return found


def _limits(model: ElevationModel, posts: list[_Post]) -> tuple[str, ...]:
    """Return the sentences about what the ledger leaves out."""
    sentences = [
        "An upper bound: no crew error, no clutter or jamming but what the scenario gives, every look free for it.",
        "A sector radar is taken as turned towards the flight; looking elsewhere it sees nothing of it.",
        "One cross-section for each aspect (nose to 45 degrees off, tail from 135): glints between them are left out.",
        "No published source gives the range of these radars with cross-section, probability and height together.",
        f"{POSITION_NOTICE[0].upper()}{POSITION_NOTICE[1:]}.",
        "Fire units at different places stand in tables of their own and are not added.",
    ]
    if model.is_bare_earth:
        sentences.append("Bare earth: a smooth sphere at the altitude of the site; mountains are left out on purpose.")
    ks = sorted({sight.k_factor for post in posts for _, _, sight in post.radars})
    sentences.append(
        f"Refraction: k = {', '.join(f'{k:.3g}' for k in ks)}, usual for the climate; day-to-day weather moves it."
    )
    sentences += ducting_notes(site for post in posts for site in post.laydown.sites)
    return tuple(sentences)


def _answer(headlines: list[ExposureHeadline], comparisons: list[ExposureComparison], names: dict[str, str]) -> str:
    """Say the headline of the first radar and class, what it is beside the other classes, and what decides."""
    first = headlines[0]
    key = (first.laydown, first.unit, first.radar, first.target)
    others = [
        f"{span(c.ratio)} times what it could observe of {an(names[c.second])}"
        for c in comparisons
        if (c.laydown, c.unit, c.radar, c.first) == key and c.ratio is not None
    ]
    answer = first.sentence + (f" That is {', and '.join(others)}." if others else "")
    decides = first.share_of_flight.deciding.sentence
    return f"{answer} For the share of the time flown, {decides}."
