"""The raids of a scenario, laydown by laydown: leakage, its cost, and what the network changes on the same luck."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ringtrue.answer import NOT_DEFINED, Answer, Header, columns_in, columns_of, hidden, key, measure, table, words
from ringtrue.engagement.answers import USUAL_P_KILLS, leak_share
from ringtrue.engagement.compile import compile_case, stage_raid
from ringtrue.engagement.raid import kill_curve, run_raid
from ringtrue.engagement.simulate import trace
from ringtrue.engagement.trace import lanes, timeline, trace_table
from ringtrue.errors import InputError, did_you_mean
from ringtrue.finding import plain
from ringtrue.scenario.checks import known_ids
from ringtrue.scenario.flights import check_raids
from ringtrue.scenario.load import changed, load_scenario
from ringtrue.sensing.assumed import assumed_sentence
from ringtrue.sensing.deciding import DecidingOf, assumed_measure, assumed_part, decides, weigh
from ringtrue.sensing.rings import check_rings, posts_of
from ringtrue.sensing.run import stoppable
from ringtrue.studies.brief import whole_lines
from ringtrue.studies.idle import idle_words
from ringtrue.studies.published_kill import NOTE, PublishedFigure, figure_lines, published_figures, published_kill
from ringtrue.studies.raid_rows import (
    CHANGES_TOLD,
    TOLD,
    KillCurve,
    KillPoint,
    RaidChange,
    RaidRow,
    change,
    changed_measures,
    count_finding,
    raid_row,
)
from ringtrue.studies.raid_size import Sweep, sweeps_over_size, why_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringtrue.answer import Measure
    from ringtrue.catalogue.records import Parameter, Source
    from ringtrue.engagement.paths import Paths
    from ringtrue.engagement.raid import RaidResult
    from ringtrue.engagement.trace import Event, Lane
    from ringtrue.finding import Finding
    from ringtrue.scenario.flights import Flight
    from ringtrue.scenario.records import Laydown, Scenario
    from ringtrue.sensing.run import Run
    from ringtrue.studies.published_kill import PublishedKill


TOLD_UNITS = {"m": (1e-3, " km"), "s": (1.0, " s")}
CURVE_REPLICATIONS = 20
CURVE_DRAWS = 50


@dataclass(frozen=True, slots=True)
class TraceEvent:
    """One line of a trace; a field that says nothing is empty, -1 or 0."""

    time_s: float = key("Time since the start of the raid", unit="s")
    event: str = words("What happens")
    unit: str = words("Fire unit")
    target: str = words("Target")
    by: str = words("Interceptor or unit that it comes from")
    channel: int = words("Fire channel")
    value: float = measure("", "Value that belongs to the event", digits=None)


@dataclass(frozen=True)
class Trace:
    """Every event of one replication of one draw."""

    laydown: str = key("Laydown")
    raid: str = key("Raid")
    draw: str = key("Draw")
    replication: int = key("Replication")
    events: tuple[TraceEvent, ...] = table("Events")
    told: tuple[Event, ...] = hidden()
    lanes: tuple[Lane, ...] = hidden()
    text: str = hidden()
    flights: tuple[Flight, ...] = hidden()
    paths: Paths = hidden()
    path_draw: int = hidden()  # its place on the draw axis of the paths


@dataclass(frozen=True)
class EngageResult(Answer):
    """All raids of a scenario against the laydowns asked for."""

    n_reliefs: int = words("Grounds on which the terrain doubt is drawn")
    rows: tuple[RaidRow, ...] = table("Raids")
    published_figures: tuple[PublishedFigure, ...] = table("Kill probabilities in print")
    changes: tuple[RaidChange, ...] = table("What the links change")
    sweeps: tuple[Sweep, ...] = table("As a raid grows")
    kill_curves: tuple[KillCurve, ...] = table("Leakers over a kill probability common to all interceptors")
    assumed_share: float | None = assumed_measure("the leakers")
    deciding: DecidingOf = words("Which unknown decides the leakers that vary most")
    answer: str = words("The answer in sentences")
    declared: tuple[str, ...] = words("What the scenario declares")
    caveats: tuple[str, ...] = words("What a reader would miss")
    notes: tuple[str, ...] = words("What the raids say of themselves")
    trace: Trace | None = words("One raid, event by event", "Null: not asked for.")
    scenario: Scenario = hidden()
    headline: RaidRow = hidden()
    results: tuple[RaidResult, ...] = hidden()
    is_bare_earth: bool = hidden(default=False)
    parameters: dict[tuple[str, str], tuple[Parameter, ...]] = hidden(default_factory=dict)  # by laydown and raid
    sources: dict[str, Source] = hidden(default_factory=dict)

    @property
    def published(self) -> dict[tuple[str, str], PublishedKill]:
        """Raids as published, by laydown and raid."""
        return {(r.laydown, r.raid): r.published_kill for r in self.rows if r.published_kill is not None}

    def row(self, laydown: str, raid: str) -> RaidRow:
        """Return what one laydown lets through in one raid."""
        return next(row for row in self.rows if (row.laydown, row.raid) == (laydown, raid))


def _chosen(option: str, asked: Sequence[str], known: Sequence[str], usual: Sequence[str]) -> tuple[str, ...]:
    for word in asked:
        if word not in known:
            msg = f"{option} {word!r} is not in the scenario{did_you_mean(word, known)}; it has {', '.join(known)}"
            raise InputError(msg)
    return tuple(asked) or tuple(usual) or tuple(known)


@stoppable
def engage(
    scenario: Scenario | str,
    run: Run,
    *,
    settings: Sequence[str] = (),
    laydowns: Sequence[str] = (),
    raids: Sequence[str] = (),
    n_replications: int = 50,
    precision: float | None = None,
    chunks: int = 1,
    nominal: bool = False,
    trace_replication: int | None = None,
    trace_draw: int = 0,
    n_reliefs: int = 0,
) -> EngageResult:
    """Play every raid of a scenario against every laydown.

    Parameters
    ----------
    scenario : Scenario or str
        A scenario, the name of a shipped one, or a path.
    run : Run
        Figures, ground and draws.
    settings : sequence of str
        ``key=value`` changes to the file.
    laydowns, raids : sequence of str
        Which; all that the study of the file names (else all) when left out.
    trace_replication : int, optional
        Also tell one replication of the first laydown and raid, in draw ``trace_draw`` (or the nominal one).

    n_reliefs : int
        Draw the doubt about the ground on so many reliefs, as the audit does; 0: the terrain model as it is.

    Raises
    ------
    InputError
        A scenario, laydown, raid or setting that cannot be; a path under the ground.

    Notes
    -----
    All laydowns share draws and raid luck, so a difference is the difference of the laydowns. Kill probability: one
    common prior for every interceptor; the curve shows what the prior hides. No clutter, crew error or jamming unless
    the scenario gives it: leakage is a lower bound.
    """
    catalogue, model = run.catalogue, run.model
    known = known_ids(catalogue)
    scenario = (
        load_scenario(scenario, settings, known) if isinstance(scenario, str) else changed(scenario, settings, known)
    )
    chosen = _chosen("--laydown", laydowns, [y.id for y in scenario.laydowns], scenario.study.laydowns)
    which = _chosen("--raid", raids, [r.id for r in scenario.raids], scenario.study.raids)
    if trace_replication is not None and not nominal and not 0 <= trace_draw < run.n_draws:
        msg = f"--draw {trace_draw}: there are draws 0 to {run.n_draws - 1}; raise --draws or write --draw nominal"
        raise InputError(msg)
    check_raids(scenario, (scenario.laydown(y) for y in chosen), which, model)
    check_rings(model, catalogue, posts_of(scenario.laydown(y) for y in chosen))

    def play(of: Scenario, laydown: str, raid: str, *, published: bool = False, endless: bool = False) -> RaidResult:
        return run_raid(
            of, laydown, raid, run, n_replications=n_replications, chunks=chunks, precision=precision,
            nominal=nominal, with_published=published, endless_magazines=endless, n_reliefs=n_reliefs,
        )  # fmt: skip

    results = []
    pairs = [(y, r) for r in which for y in chosen]
    for i, (laydown, raid) in enumerate(pairs):
        run.tell("playing the raids", i, len(pairs))
        results.append(play(scenario, laydown, raid, published=True))
    sweeps = sweeps_over_size(scenario, known, chosen, which, play, run)
    curves = []
    for i, (laydown, raid) in enumerate(pairs[: len(chosen)]):
        run.tell("trying kill probabilities", i, len(chosen))
        stage = stage_raid(
            scenario, laydown, raid, replace(run, n_draws=min(run.n_draws, CURVE_DRAWS)), nominal=nominal,
            n_reliefs=n_reliefs,
        )  # fmt: skip
        played = kill_curve(stage, USUAL_P_KILLS, n_replications=CURVE_REPLICATIONS)
        curves.append(
            KillCurve(laydown, raid, tuple(_kill_point(p, r) for p, r in zip(USUAL_P_KILLS, played, strict=True)))
        )
    told = None
    if trace_replication is not None:
        told = _told(
            scenario,
            *next((p for p in pairs if scenario.laydown(p[0]).units), pairs[0]),
            run,
            nominal,
            trace_draw,
            trace_replication,
            n_reliefs,
        )
    headline = max(results, key=lambda r: float(np.ptp(r.of("leakers"))))
    behind = {(r.laydown, r.raid): r.ledger.parameters(r.all_uses) for r in results}
    weighed = weigh(headline.ledger.candidates(headline.uses), headline.of("leakers"))
    rows = tuple(raid_row(r, published_kill(r, catalogue)) for r in results)
    said = (note for result in results for note in result.notes)
    found = EngageResult(
        Header(
            command="engage",
            scenario_hash=scenario.content_hash,
            catalogue_hash=catalogue.content_hash,
            seed=run.seed,
            n_draws=results[0].n_draws,
            n_replications=max(r.n_replications for r in results),
        ),
        n_reliefs=n_reliefs,
        rows=rows,
        published_figures=published_figures(r.published_kill for r in rows if r.published_kill is not None),
        changes=_changes(scenario, results),
        sweeps=tuple(sweeps),
        kill_curves=tuple(curves),
        assumed_share=assumed_part(weighed),
        deciding=decides(weighed).of(f"{headline.laydown} against {headline.raid}"),
        answer="",
        declared=scenario.declared,
        caveats=(
            *idle_words(rows, [scenario.laydown(y) for y in chosen], catalogue.systems),
            *scenario.flight_levels,
        ),
        notes=tuple(note for note in dict.fromkeys(said) if note not in scenario.declared),
        trace=told,
        scenario=scenario,
        headline=rows[results.index(headline)],
        results=tuple(results),
        is_bare_earth=model.is_bare_earth,
        parameters=behind,
        sources=catalogue.sources_of(p for found in behind.values() for p in found),
    )
    return replace(found, answer=answer_sentence(found))


def _kill_point(p_kill: float, result: RaidResult) -> KillPoint:
    return KillPoint(p_kill, count_finding(result, "leakers"), leak_share(result).finding)


def _told(
    scenario: Scenario,
    laydown: str,
    raid: str,
    run: Run,
    nominal: bool,
    draw: int,
    replication: int,
    n_reliefs: int,
) -> Trace:
    stage = stage_raid(scenario, laydown, raid, run, nominal=nominal, n_reliefs=n_reliefs)
    case = compile_case(stage, draw, draw + 1)
    events = trace_table(case, trace(case, seed=run.seed, draw=0, replication=replication, first_draw=draw))
    return Trace(
        laydown=laydown,
        raid=raid,
        draw="nominal" if nominal else str(draw),
        replication=replication,
        events=tuple(TraceEvent(*event) for event in events),
        told=tuple(events),
        lanes=tuple(lanes(events)),
        text=timeline(events),
        flights=stage.flights,
        paths=stage.paths,
        path_draw=draw,
    )


def _n_links(laydown: Laydown) -> int:
    network = laydown.network
    remote = network.fires_on_shared_track & network.shares_track
    return sum(map(len, (network.shares_track, network.coordinates_fire, network.identifies_for, remote)))


def _changes(scenario: Scenario, results: Sequence[RaidResult]) -> tuple[RaidChange, ...]:
    """Pair each laydown with the one of the same units that has the fewest links, on the same luck."""
    by_key = {(r.laydown, r.raid): r for r in results}
    played = [y for y in scenario.laydowns if any(r.laydown == y.id for r in results)]
    alone: dict[tuple[str, ...], Laydown] = {}
    for laydown in sorted(played, key=_n_links):
        alone.setdefault(tuple(sorted(u.uid for u in laydown.units)), laydown)
    found: list[RaidChange] = []
    for laydown in played:
        partner = alone[tuple(sorted(u.uid for u in laydown.units))]
        if _n_links(laydown) == _n_links(partner):
            continue
        for raid in dict.fromkeys(r.raid for r in results):
            pair = by_key[partner.id, raid], by_key[laydown.id, raid]
            found.extend(change(*pair, said.name) for said in changed_measures())
    return tuple(found)


def _measure_words(head: str, found: Finding | None, said: Measure, of: int | None = None) -> str:
    """Return one measure as the text tells it, with the interval of one raid where there is one."""
    if found is None:
        return f"{head} {said.none}"
    scale, unit = (100.0, " %") if said.form == "percent" else TOLD_UNITS.get(said.unit, (1.0, ""))
    words = f"{head} {_figure(found, scale)}{unit}" + ("" if of is None else f" of {of}")
    is_sure = found.one_raid == (found.low, found.high) and found.low == found.high
    return words + (f", one raid {_one_raid(found, scale)}{unit}" if found.one_raid and not is_sure else "")


def _figure(found: Finding | None, scale: float = 1.0) -> str:
    if found is None:
        return "none"
    low, median, high = (plain(v * scale) for v in (found.low, found.median, found.high))
    return median if low == high else f"{median} ({low} to {high})"


def _one_raid(found: Finding, scale: float = 1.0) -> str:
    """Return the interval of one raid.

    >>> from ringtrue.finding import Finding
    >>> _one_raid(Finding("leak share", "1", 0.1, 0.2, 0.3, one_raid=(0.0, 0.5)), 100.0)
    '0 to 50'
    """
    low, high = (end * scale for end in found.one_raid or (found.low, found.high))
    return f"{plain(low)} to {plain(high)}"


def engage_lines(result: EngageResult) -> list[str]:
    """Return the table at 80 columns: medians over draws, 5 to 95 % in brackets."""
    head = result.header
    lines = [
        result.scenario.title,
        f"{head.n_draws:,} draws, {head.n_replications} replications, seed {head.seed}. Medians; in brackets",
        "5 to 95 % over draws of means over raids; one raid: 5 to 95 % of single raids,",
        "draws and luck. No clutter, crew error or jamming unless the scenario gives it.",
        ground_words(result),
    ]
    told = {said.name for said in columns_of(RaidRow, CHANGES_TOLD)}
    for raid in dict.fromkeys(r.raid for r in result.rows):
        rows = [r for r in result.rows if r.raid == raid]
        lines += ["", f"Raid {raid}: {rows[0].n_targets} targets"]
        for row in rows:
            lines += _raid_lines(row)
        lines += [
            f"  {c.after} less {c.before}: {c.label[:1].lower()}{c.label[1:]} {_figure(c.difference)}"
            for c in result.changes
            if c.raid == raid and c.measure in told
        ]
    for sweep in result.sweeps:
        lines += ["", f"Leakers of {sweep.laydown} as raid {sweep.raid} grows, {sweep.magazine_words}"]
        lines += [f"  {point.size:5.0f} targets: {_figure(point.leakers)}" for point in sweep.points]
        lines.append("  " + sweep.knee_words)
    if result.trace is not None:
        one = result.trace
        lines += ["", f"Replication {one.replication} of draw {one.draw}, {one.laydown} against {one.raid}"]
        lines += one.text.splitlines()
    lines += ["", *_published_lines(result), *result.notes, *result.caveats, result.answer]
    return [part for line in lines for part in (_wrap(line) if len(line) > 80 else [line])]


def ground_words(result: EngageResult) -> str:
    """Say what ground hides from whom."""
    if result.is_bare_earth:
        return "Bare earth: no terrain hides anything but the earth's curve."
    if result.n_reliefs:
        return f"The doubt about the ground is drawn on {result.n_reliefs} reliefs."
    return "The ground is that of the terrain model; --reliefs 5 draws the doubt about it."


def _wrap(line: str) -> list[str]:

    indent = line[: len(line) - len(line.lstrip())] + "    "
    return whole_lines(line, 80, rest=indent)


def _published_lines(result: EngageResult) -> list[str]:
    """Say who printed the kill probabilities of the published variant; nothing where there is no such variant."""
    armed = dict.fromkeys(r.laydown for r in result.rows if r.rounds_by_unit)
    if not armed:
        return []
    bare = [r.laydown for r in result.rows if r.laydown in armed and r.published_kill is None]
    lines = figure_lines(result.published.values(), dict.fromkeys(bare))
    return [f"{NOTE[0].upper()}{NOTE[1:]}.", *(f"  {line}" for line in lines), ""]


def _raid_lines(row: RaidRow) -> list[str]:
    """Tell every measure that the row declares for the text; one counted thing by thing has a line of its own."""
    lines: list[str] = []
    here: list[str] = []
    for said in columns_in((row,), TOLD):
        value = getattr(row, said.name)
        if isinstance(value, dict):
            things = (_measure_words(thing, found, said, row.n_by_class.get(thing)) for thing, found in value.items())
            lines += ["; ".join(here), f"{said.heads[TOLD]}: {'; '.join(things) or 'none'}"]
            here = []
        elif value is not None or said.none != NOT_DEFINED:
            here.append(_measure_words(said.heads[TOLD], value, said))
    first, *rest = (line for line in (*lines, "; ".join(here)) if line)
    lines = [f"  {row.laydown}: {first}" + ("; luck of few raids taken out" if row.is_luck_taken_out else "")]
    lines += [f"    {line}" for line in rest]
    why = why_words(row)
    if why:
        lines.append(f"    why, in the middle draw: {why}")
    published = row.published_kill
    if published is not None:
        share = published.leak_share
        lines.append(
            f"    kill probabilities as published: leaks {_figure(share, 100.0)} %, one raid "
            f"{_one_raid(share, 100.0)} %; leakers "
            f"{_figure(published.leakers_less_common_prior)} against the common prior on the same luck"
        )
    return lines


MOST_RAIDS = 3


def answer_sentence(result: EngageResult) -> str:
    """Return what leaks, what the network changes, and what moves the answer, in one text."""
    return " ".join((*headline(result), decides_words(result)))


def headline(result: EngageResult) -> tuple[str, ...]:
    """Say raid by raid which defended laydown leaks least and most, and what the network changes; the first sentences.

    Of more raids than three only the one whose leakers vary most is told. Then, where the raid grows, from which size
    most of what is added gets through, and what those that get through lacked.
    """
    raids = list(dict.fromkeys(row.raid for row in result.rows))
    told = raids if len(raids) <= MOST_RAIDS else [result.headline.raid]
    grown = (
        f"{result.scenario.laydown(sweep.laydown).title or sweep.laydown}, {sweep.magazine_words}: {sweep.knee_words}."
        for sweep in result.sweeps
    )
    return (*(_raid_sentence(result, raid) for raid in told), *grown)


def _raid_sentence(result: EngageResult, raid: str) -> str:
    rows = [r for r in result.rows if r.raid == raid]
    rows = [r for r in rows if r.rounds_by_unit] or rows
    best = min(rows, key=lambda r: float(np.median(r.draws["leakers"])))
    worst = max(rows, key=lambda r: float(np.median(r.draws["leakers"])))
    name = {row.laydown: result.scenario.laydown(row.laydown).words for row in rows}
    text = f"Against {raid}, {best.n_targets} targets, {name[best.laydown]} lets {_share_words(best)} through"
    if worst is not best:
        text += f" and {name[worst.laydown]} {_share_words(worst)}"
    told = {"leakers": "leakers", **({"friendly_engagements": "friendly engagements"} if best.n_friendly else {})}
    changes: dict[tuple[str, str], list[str]] = {}
    for c in result.changes:
        if c.raid == raid and c.measure in told:
            changes.setdefault((c.after, c.before), []).append(f"{told[c.measure]} by {_figure(c.difference)}")
    for (after, before), parts in changes.items():
        text += f". With the same luck, {after} instead of {before} changes {', '.join(parts)}"
    causes = common_cause_sentence([best] if worst is best else [best, worst], name)
    return f"{text}. {causes}." if causes else f"{text}."


def decides_words(result: EngageResult) -> str:
    """Say which unknown moves the leakers that vary most, and how much of that nobody published."""
    words = assumed_sentence(result.assumed_share, result.header.n_draws, "these leakers")
    return f"For {result.deciding.row}, {result.deciding.sentence}. {words}"


def _share_words(row: RaidRow) -> str:
    """Say how much leaks on average and in one raid."""
    leak = row.leak_share
    return f"{_figure(leak, 100.0)} % (one raid: {_one_raid(leak, 100.0)} %)"


def common_cause_sentence(rows: Sequence[RaidRow], names: dict[str, str]) -> str:
    """Say what common causes alone let through, laydown by laydown; empty where nobody defends.

    More rounds and units of the same systems do not change it.
    """
    shares = {names[row.laydown]: _figure(row.common_cause_share, 100.0) for row in rows if row.rounds_by_unit}
    if not shares:
        return ""
    listed = ", ".join(f"{share} % through {name}" for name, share in shares.items())
    return f"Common faults of a system, which more of its units would not mend, let {listed}"
