"""The exposure study: peacetime flights of a scenario before the radars of its fire units."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.answer import Header
from ringtrue.answer import found as found_in
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
from ringtrue.finding import DRAWS, NOMINAL, draw_axis
from ringtrue.geo import geodesy
from ringtrue.radar.propagation import rain_attenuation_db_per_km
from ringtrue.scenario.flights import check_above_ground, check_on_model, pattern_flights
from ringtrue.scenario.records import UNKNOWN_POSITION
from ringtrue.sensing.assumed import unpublished_ranges
from ringtrue.sensing.chain import find_target
from ringtrue.sensing.deciding import Spread, assumed_part, decides, weigh
from ringtrue.sensing.ducting import ducting_notes
from ringtrue.sensing.ledger import watched
from ringtrue.sensing.post import STUDY_RELIEFS, Post, post_at
from ringtrue.sensing.rings import check_rings, posts_of
from ringtrue.sensing.run import stoppable
from ringtrue.studies.exposure_output import (
    ALL_PATTERNS,
    BaseRow,
    ExposureComparison,
    ExposureHeadline,
    ExposureResult,
    an,
    exposure_lines,
    short,
    span,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ringtrue.catalogue.records import Catalogue, Radar, TargetClass
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


class _Stand(NamedTuple):
    """One fire unit of a laydown, at its place."""

    laydown: Laydown
    unit: Unit
    system_id: str
    post: Post


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
    stands = []
    for laydown, unit in units:
        stands.append(_stand(scenario, run, laydown, unit))
    weekly = {p.uid: ledger.figure(p.flights_per_week) for p in patterns}
    rows: list[ExposureRow] = []
    comparisons: list[ExposureComparison] = []
    headlines: list[ExposureHeadline] = []
    bases: list[BaseRow] = []
    n_runs = sum(len(stand.post.roles) for stand in stands)
    done = 0
    for stand in stands:
        for role, radar, sight in stand.post.roles:
            run.tell("flying the patterns", done, n_runs)
            done += 1
            found, totals = _radar_rows(scenario, catalogue, model, stand, role, radar, sight, flown, weekly)
            rows.extend(found)
            bases.extend(_base_rows(scenario, stand, radar, sight))
            comparisons.extend(_comparisons(stand, radar, totals))
            n_bootstrap = 200 if not headlines else 60
            headlines.extend(_headlines(ledger, stand, radar, totals, found, n_bootstrap))
    behind = {a for row in rows for a in row.minutes_per_hour_on.inputs}
    behind |= {a for base in bases for found in (base.farthest_km, base.hidden_below_m) if found for a in found.inputs}
    used = ledger.parameters(behind)
    names = {f.target.id: f.target.name for f in flown} | {p.uid: p.title for p in patterns}
    names |= {r.id: r.name for stand in stands for _, r, _ in stand.post.roles}
    names |= {stand.laydown.id: stand.laydown.title for stand in stands}
    names |= {base.uid: base.name for base in scenario.bases}
    names |= {t: catalogue.targets[t].name for base in scenario.bases for t in base.targets}
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
        bases=tuple(bases),
        rows=tuple(rows),
        comparisons=tuple(comparisons),
        headlines=tuple(headlines),
        assumed_share=first.minutes.assumed_share,
        deciding=first.minutes.deciding.of(f"{first.target} before {first.radar}"),
        sentences=FIXED_SENTENCES,
        declared=scenario.declared,
        limits=_limits(catalogue, model, stands, scenario.positions or UNKNOWN_POSITION),
        parameters=used,
        sources=catalogue.sources_of(used),
        names=names,
        answer=_answer(headlines, comparisons, rows, bases, names),
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
            speed = np.full(draw_axis(ledger.n_draws), pattern.speed_mps) if pattern.speed_mps else flying.speed_mps
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


def _stand(scenario: Scenario, run: Run, laydown: Laydown, unit: Unit) -> _Stand:
    """Draw a fire unit and look from its place."""
    system_id = unit.system if unit.fit is None else f"{unit.system}:{unit.fit}"
    post = post_at(
        run, system_id, unit.latitude_deg, unit.longitude_deg, mast_m=unit.mast_height_m,
        k_factor=scenario.environment.given_k, n_reliefs=STUDY_RELIEFS,
    )  # fmt: skip
    return _Stand(laydown, unit, system_id, post)


def _weather(scenario: Scenario, ledger: Ledger, radar: Radar[FloatArray], uses: set[str]) -> Weather:
    """Clutter, noise rise and rain of the scenario at their nominal values: named conditions, not ignorance."""
    environment = scenario.environment
    clutter_db = ledger.fixed(environment.clutter_db or ledger.catalogue.assumptions["clutter-loss"], uses)
    rain_mm_per_h = ledger.fixed(environment.rain_mm_per_h, uses)
    frequency_hz = float(watched(radar, uses).frequency_hz[NOMINAL])
    rain_db_per_km = float(rain_attenuation_db_per_km(rain_mm_per_h, frequency_hz))
    return Weather(clutter_db, 10.0 ** (ledger.fixed(environment.noise_rise_db, uses) / 10.0) - 1.0, rain_db_per_km)


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
    stand: _Stand,
    role: str,
    radar: Radar[FloatArray],
    sight: PolarSight,
    flown: list[_Flown],
    weekly: dict[str, FloatArray],
) -> tuple[list[ExposureRow], list[_Total]]:
    """Rows of one radar: class by class, pattern by pattern and all patterns, at both thresholds."""
    ledger = stand.post.chain.ledger
    sight_uses = set(sight.uses)
    weather = _weather(scenario, ledger, radar, sight_uses)
    low_rad, high_rad = (
        ledger.on_relief(sight_uses, radar, name, stand.post.relief)
        for name in ("min_elevation_rad", "max_elevation_rad")
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
                flight_ledger(path, stand.post.relief, limit_m, f.speed_mps) for f, path in zip(own, paths, strict=True)
            ]
            row_of = _RowMaker(stand, radar.id, role, target_id, threshold, frozenset(uses))
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


def _base_rows(scenario: Scenario, stand: _Stand, radar: Radar[FloatArray], sight: PolarSight) -> list[BaseRow]:
    """Say what one radar sees of each class at its base: on the ground, and from which height up it could."""
    ledger = stand.post.chain.ledger
    found = []
    for base in scenario.bases:
        there = geodesy.inverse(sight.latitude_deg, sight.longitude_deg, base.latitude_deg, base.longitude_deg)
        distance_m = float(there.distance_m)
        needed_m = sight.along(there.azimuth1_rad, there.distance_m).needed_m[stand.post.relief]
        is_known = np.isfinite(needed_m[DRAWS]).any() and bool(np.isfinite(needed_m[NOMINAL]))
        for target_id in base.targets:
            uses = set(sight.uses)
            target = watched(ledger.record(find_target(ledger.catalogue, target_id)), uses)
            weather = _weather(scenario, ledger, radar, uses)
            limit_m = threshold_ranges_m(watched(radar, uses), target, "look-0.5", weather).max(axis=0)
            inputs = ledger.addresses(uses)
            is_near = limit_m >= distance_m
            row = BaseRow(
                laydown=stand.laydown.id, unit=stand.unit.uid, radar=radar.id, base=base.uid, target=target_id,
                distance_km=distance_m / 1000.0,
                farthest_km=found_in(BaseRow, "farthest_km", limit_m / 1000.0, inputs),
                hidden_below_m=found_in(BaseRow, "hidden_below_m", needed_m, inputs) if is_known else None,
                p_in_range=float(is_near[DRAWS].mean()),
                p_seen_on_ground=float((is_near & (needed_m <= 0.0))[DRAWS].mean()),
                sentence="",
            )  # fmt: skip
            name = ledger.catalogue.targets[target_id].name
            found.append(replace(row, sentence=_base_sentence(row, base.name, name, radar.name)))
    return found


def _base_sentence(row: BaseRow, base: str, target: str, radar: str) -> str:
    """Say what the radar sees at the base, and why it is nothing where it is."""
    seen = "nothing" if row.p_seen_on_ground == 0.0 else f"something in {100.0 * row.p_seen_on_ground:.0f} % of draws"
    reasons = []
    if row.p_in_range < 1.0:
        reasons.append(f"one look reaches {span(row.farthest_km)} km")
    if row.hidden_below_m is not None and row.hidden_below_m.high > 0.0:
        reasons.append(f"terrain and horizon hide what is lower than {span(row.hidden_below_m)} m above it")
    why = f": {', and '.join(reasons)}" if reasons and row.p_seen_on_ground < 1.0 else ""
    return (
        f"At its base, {base}, {short(row.distance_km)} km away, the {radar} sees {seen} of {an(target)} on the "
        f"ground{why}."
    )


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

    stand: _Stand
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
        inputs = self.stand.post.chain.ledger.addresses(self.uses | uses)

        def found(name: str, values: FloatArray) -> Finding:
            return found_in(ExposureRow, name, values, inputs)

        farthest_km = np.max([x.farthest_m for x in ledgers], axis=0) / 1000.0
        per_flight = whole * HOURS_PER_WEEK / np.maximum(flights, 1e-9)
        return ExposureRow(
            laydown=self.stand.laydown.id,
            unit=self.stand.unit.uid,
            system=self.stand.system_id,
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
            share_of_draws_observed=float((whole[DRAWS] > 0.0).mean()),
        )


def _comparisons(stand: _Stand, radar: Radar[FloatArray], totals: list[_Total]) -> list[ExposureComparison]:
    """Compare the classes in pairs, one look, draw by draw: radar, ground and flights are the same in each draw."""
    found = []
    for first, second in combinations([t for t in totals if t.threshold == "look-0.5"], 2):
        a, b = first.minutes_per_hour, second.minutes_per_hour
        found.append(
            ExposureComparison(
                stand.laydown.id, stand.unit.uid, radar.id, first.target, second.target,
                found_in(ExposureComparison, "difference_minutes_per_hour_on", a - b),
                found_in(ExposureComparison, "ratio", a / b) if (b > 0.0).all() else None,
                float((a > b)[DRAWS].mean()),
            )
        )  # fmt: skip
    return found


def _headlines(
    ledger: Ledger,
    stand: _Stand,
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
                stand.laydown.id, stand.unit.uid, radar.id, total.target, sentence,
                Spread(assumed_part(minutes), decides(minutes)), Spread(assumed_part(share), decides(share)),
            )
        )  # fmt: skip
    return found


def _limits(catalogue: Catalogue, model: ElevationModel, stands: list[_Stand], positions: str) -> tuple[str, ...]:
    """Return the sentences about what the ledger leaves out."""
    sentences = [
        "An upper bound: no crew error, no clutter or jamming but what the scenario gives, every look free for it.",
        "A sector radar is taken as turned towards the flight; looking elsewhere it sees nothing of it.",
        "One cross-section for each aspect (nose to 45 degrees off, tail from 135): glints between them are left out.",
        unpublished_ranges(catalogue.radars[radar.id] for stand in stands for _, radar, _ in stand.post.roles),
        positions,
        "Fire units at different places stand in tables of their own and are not added.",
    ]
    if model.is_bare_earth:
        sentences.append("Bare earth: a smooth sphere at the altitude of the site; mountains are left out on purpose.")
    ks = sorted({sight.k_factor for stand in stands for _, _, sight in stand.post.roles})
    sentences.append(
        f"Refraction: k = {', '.join(f'{k:.3g}' for k in ks)}, usual for the climate; day-to-day weather moves it."
    )
    sentences += ducting_notes(site for stand in stands for site in stand.laydown.sites)
    return tuple(text for text in sentences if text)


def _answer(
    headlines: list[ExposureHeadline],
    comparisons: list[ExposureComparison],
    rows: list[ExposureRow],
    bases: list[BaseRow],
    names: dict[str, str],
) -> str:
    """Say what the first radar sees of the first class at its base, then on the patterns, beside the other classes."""
    first = headlines[0]
    key = (first.laydown, first.unit, first.radar, first.target)
    at_base = [b.sentence for b in bases if (b.laydown, b.unit, b.radar, b.target) == key]
    minutes = {
        r.target: span(r.minutes_per_hour_on)
        for r in rows
        if (r.laydown, r.unit, r.radar) == key[:3] and r.pattern == ALL_PATTERNS and r.threshold == "look-0.5"
    }
    others = [
        f"{span(c.ratio)} times the {minutes[c.second]} minutes of {an(names[c.second])}"
        for c in comparisons
        if (c.laydown, c.unit, c.radar, c.first) == key and c.ratio is not None
    ]
    answer = " ".join((*at_base, first.sentence)) + (f" That is {', and '.join(others)}." if others else "")
    decides = first.share_of_flight.deciding.sentence
    return f"{answer} For the share of the time flown, {decides}."
