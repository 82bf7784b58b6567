"""The raids of a scenario, laydown by laydown: leakage, its cost, and what the network changes on the same luck."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ringtrue import __version__
from ringtrue.engagement.answers import (
    USUAL_P_KILLS,
    Answer,
    common_cause_share,
    cost_exchange,
    count_answer,
    first_fire_range,
    friendly_losses,
    friendly_losses_on_record,
    leak_share,
    p_no_leaker,
    paired_difference,
)
from ringtrue.engagement.compile import compile_case, stage_raid
from ringtrue.engagement.raid import PAIRED, kill_curve, run_raid
from ringtrue.engagement.simulate import trace
from ringtrue.engagement.trace import lanes, timeline, trace_table
from ringtrue.errors import InputError, did_you_mean
from ringtrue.finding import LEVEL, Finding, named_axes, plain
from ringtrue.scenario.checks import known_ids
from ringtrue.scenario.flights import check_raids
from ringtrue.scenario.load import load_scenario
from ringtrue.sensing.assumed import assumed_json, assumed_sentence
from ringtrue.sensing.deciding import Deciding, assumed_part, decides, weigh
from ringtrue.sensing.rings import check_rings, posts_of
from ringtrue.sensing.run import stoppable
from ringtrue.studies.published_kill import (
    NOTE,
    PublishedKill,
    figure_json,
    figure_lines,
    published_figures,
    published_json,
    published_kill,
)
from ringtrue.studies.raid_size import Sweep, sweep_json, sweeps_over_size

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray

    from ringtrue.catalogue.records import Parameter, Source
    from ringtrue.engagement.raid import RaidResult
    from ringtrue.engagement.trace import Event, Lane
    from ringtrue.scenario.records import Laydown, Scenario
    from ringtrue.sensing.run import Run


CURVE_REPLICATIONS = 20
CURVE_DRAWS = 50


@dataclass(frozen=True)
class Curve:
    """Leak share of one laydown and raid against a kill probability shared by all interceptors."""

    laydown: str
    raid: str
    p_kill: tuple[float, ...]
    leak_share: tuple[Answer, ...]


@dataclass(frozen=True)
class Trace:
    """Every event of one replication of one draw."""

    laydown: str
    raid: str
    draw: str
    replication: int
    events: tuple[Event, ...]
    lanes: tuple[Lane, ...]
    text: str


@dataclass(frozen=True)
class EngageResult:
    """All raids of a scenario against the laydowns asked for."""

    scenario: Scenario
    results: tuple[RaidResult, ...]
    differences: tuple[tuple[str, str, str, Finding], ...]  # raid, count, words, paired difference
    sweeps: tuple[Sweep, ...]
    curves: tuple[Curve, ...]
    trace: Trace | None
    deciding: Deciding
    deciding_row: str
    assumed_share: float | None  # None: it cannot be told
    n_draws: int
    n_replications: int
    seed: int
    catalogue_hash: str
    n_reliefs: int = 0
    is_bare_earth: bool = False
    parameters: dict[tuple[str, str], tuple[Parameter, ...]] = field(default_factory=dict)  # by laydown and raid
    sources: dict[str, Source] = field(default_factory=dict)
    published: dict[tuple[str, str], PublishedKill | None] = field(default_factory=dict)  # by laydown and raid

    def to_xarray(self) -> xarray.Dataset:
        """Return means over replications by (case, draw), one case for each laydown and raid.

        Counts of one laydown alone (rounds of a type, hits on a fire unit) stand in ``results[i].to_xarray()``.
        """
        cases = self.results
        data = {name: (("case", "draw"), [case.of(name) for case in cases]) for name in PAIRED}
        data["no_leaker"] = (("case", "draw"), [case.no_leaker for case in cases])
        coords = {"laydown": ("case", [c.laydown for c in cases]), "raid": ("case", [c.raid for c in cases])}
        found: xarray.Dataset = named_axes().Dataset(data, coords)
        return found


def _chosen(option: str, asked: Sequence[str], known: Sequence[str], usual: Sequence[str]) -> tuple[str, ...]:
    for word in asked:
        if word not in known:
            msg = f"{option} {word!r} is not in the scenario{did_you_mean(word, known)}; it has {', '.join(known)}"
            raise InputError(msg)
    return tuple(asked) or tuple(usual) or tuple(known)


@stoppable
def engage(
    name: str,
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
    name : str
        A shipped scenario or a path.
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
    scenario = load_scenario(name, settings, known)
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
    sweeps = sweeps_over_size(name, settings, scenario, known, chosen, which, play, run)
    curves = []
    for i, (laydown, raid) in enumerate(pairs[: len(chosen)]):
        run.tell("trying kill probabilities", i, len(chosen))
        stage = stage_raid(
            scenario, laydown, raid, replace(run, n_draws=min(run.n_draws, CURVE_DRAWS)), nominal=nominal,
            n_reliefs=n_reliefs,
        )  # fmt: skip
        played = kill_curve(stage, USUAL_P_KILLS, n_replications=CURVE_REPLICATIONS)
        curves.append(Curve(laydown, raid, USUAL_P_KILLS, tuple(leak_share(r) for r in played)))
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
    behind = {(r.laydown, r.raid): r.ledger.parameters(r.uses | r.beside_uses) for r in results}
    weighed = weigh(headline.ledger.candidates(headline.uses), headline.of("leakers"))
    return EngageResult(
        scenario=scenario,
        results=tuple(results),
        differences=_differences(scenario, results),
        sweeps=tuple(sweeps),
        curves=tuple(curves),
        trace=told,
        deciding=decides(weighed),
        deciding_row=f"{headline.laydown} against {headline.raid}",
        assumed_share=assumed_part(weighed),
        n_draws=results[0].n_draws,
        n_replications=max(r.n_replications for r in results),
        seed=run.seed,
        catalogue_hash=catalogue.content_hash,
        n_reliefs=n_reliefs,
        is_bare_earth=model.is_bare_earth,
        parameters=behind,
        published={(r.laydown, r.raid): published_kill(r, catalogue) for r in results},
        sources=catalogue.sources_of(p for found in behind.values() for p in found),
    )


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
        laydown, raid, "nominal" if nominal else str(draw), replication, tuple(events), tuple(lanes(events)),
        timeline(events),
    )  # fmt: skip


def _n_links(laydown: Laydown) -> int:
    network = laydown.network
    remote = network.fires_on_shared_track & network.shares_track
    return sum(map(len, (network.shares_track, network.coordinates_fire, network.identifies_for, remote)))


def _differences(scenario: Scenario, results: Sequence[RaidResult]) -> tuple[tuple[str, str, str, Finding], ...]:
    """Pair each laydown with the one of the same units that has the fewest links, on the same luck."""
    by_key = {(r.laydown, r.raid): r for r in results}
    played = [y for y in scenario.laydowns if any(r.laydown == y.id for r in results)]
    alone: dict[tuple[str, ...], Laydown] = {}
    for laydown in sorted(played, key=_n_links):
        alone.setdefault(tuple(sorted(u.uid for u in laydown.units)), laydown)
    found: list[tuple[str, str, str, Finding]] = []
    for laydown in played:
        partner = alone[tuple(sorted(u.uid for u in laydown.units))]
        if _n_links(laydown) == _n_links(partner):
            continue
        for raid in dict.fromkeys(r.raid for r in results):
            pair = by_key[partner.id, raid], by_key[laydown.id, raid]
            found.extend(
                (raid, count, f"{laydown.id} less {partner.id}", paired_difference(*pair, count))
                for count in ("leakers", "wasted rounds", "double engagements", "friendly engagements")
            )
    return tuple(found)


def _fire_words(found: Finding | None) -> str:
    return "nobody ever fires" if found is None else f"first fire at {_figure(found, 1e-3)} km"


def _figure(found: Finding | None, scale: float = 1.0) -> str:
    if found is None:
        return "none"
    low, median, high = (plain(v * scale) for v in (found.low, found.median, found.high))
    return median if low == high else f"{median} ({low} to {high})"


def _one_raid(found: Finding, scale: float = 1.0) -> str:
    """Return the interval of one raid.

    >>> _one_raid(Finding("leak share", "1", 0.1, 0.2, 0.3, one_raid=(0.0, 0.5)), 100.0)
    '0 to 50'
    """
    low, high = (end * scale for end in found.one_raid or (found.low, found.high))
    return f"{plain(low)} to {plain(high)}"


def engage_lines(result: EngageResult) -> list[str]:
    """Return the table at 80 columns: medians over draws, 5 to 95 % in brackets."""
    lines = [
        result.scenario.title,
        f"{result.n_draws:,} draws, {result.n_replications} replications, seed {result.seed}. Medians; in brackets",
        "5 to 95 % over draws of means over raids; one raid: 5 to 95 % of single raids,",
        "draws and luck. No clutter, crew error or jamming unless the scenario gives it.",
        _ground_words(result),
    ]
    for raid in dict.fromkeys(r.raid for r in result.results):
        rows = [r for r in result.results if r.raid == raid]
        lines += ["", f"Raid {raid}: {rows[0].n_hostile} targets"]
        for row in rows:
            lines += _raid_lines(row, result.published.get((row.laydown, row.raid)))
        for _, count, words, found in (d for d in result.differences if d[0] == raid):
            lines.append(f"  {words}: {count} {_figure(found)}")
    for sweep in result.sweeps:
        lines += ["", f"Leakers of {sweep.laydown} as raid {sweep.raid} grows, {sweep.magazine_words}"]
        lines += [
            f"  {size:5.0f} targets: {_figure(found.finding)}"
            for size, found in zip(sweep.sizes, sweep.leakers(), strict=True)
        ]
        lines.append("  " + sweep.knee_words)
    if result.trace is not None:
        told = result.trace
        lines += ["", f"Replication {told.replication} of draw {told.draw}, {told.laydown} against {told.raid}"]
        lines += told.text.splitlines()
    lines += ["", *_published_lines(result), *result.scenario.flight_levels, *_notes(result), answer_sentence(result)]
    return [part for line in lines for part in (_wrap(line) if len(line) > 80 else [line])]


def _ground_words(result: EngageResult) -> str:
    if result.is_bare_earth:
        return "Bare earth: no terrain hides anything but the earth's curve."
    if result.n_reliefs:
        return f"The doubt about the ground is drawn on {result.n_reliefs} reliefs."
    return "The ground is that of the terrain model; --reliefs 5 draws the doubt about it."


def _notes(result: EngageResult) -> list[str]:
    """What the raids say of themselves beyond the sentences that the scenario declares, each once."""
    said = (note for row in result.results for note in row.notes)
    return [note for note in dict.fromkeys(said) if note not in result.scenario.declared]


def _wrap(line: str) -> list[str]:
    import textwrap

    indent = line[: len(line) - len(line.lstrip())] + "    "
    return textwrap.wrap(line, 80, subsequent_indent=indent, break_on_hyphens=False)


def _published_lines(result: EngageResult) -> list[str]:
    """Say who printed the kill probabilities of the published variant; nothing where there is no such variant."""
    known = [row for row in result.published.values() if row is not None]
    if not any(row.units for row in result.results):
        return []
    bare = {r.laydown: None for r in result.results if r.units and result.published.get((r.laydown, r.raid)) is None}
    lines = [f"  {line}" for line in figure_lines(known, [name for name in bare if name])]
    return [f"{NOTE[0].upper()}{NOTE[1:]}.", *lines, ""]


def _raid_lines(row: RaidResult, published: PublishedKill | None) -> list[str]:
    leak, none = leak_share(row), p_no_leaker(row)
    lines = [
        f"  {row.laydown}: leaks {_figure(leak.finding, 100.0)} %, one raid {_one_raid(leak.finding, 100.0)} %; "
        f"P(no leaker) {_figure(none.finding)}" + ("; luck taken out" if leak.is_reduced else "")
    ]
    parts = [
        f"{name} {_figure(found := count_answer(row, f'leakers of class {name}').finding)} of {n}, one raid "
        f"{_one_raid(found)}"
        for name, n in zip(row.classes, row.hostile_by_class, strict=True)
        if n > 0
    ]
    rounds = [
        f"{name.removeprefix('rounds of ')} {_figure(count_answer(row, name).finding)}"
        for name in row.names
        if name.startswith("rounds of ")
    ]
    lines.append("    leakers: " + "; ".join(parts))
    if row.units:
        lines.append(f"    let through by common causes alone: {_figure(common_cause_share(row).finding, 100.0)} %")
    lines.append("    rounds: " + (", ".join(rounds) or "none"))
    lines.append(
        f"    friendly engagements {_figure(count_answer(row, 'friendly engagements').finding)}; "
        f"double {_figure(count_answer(row, 'double engagements').finding)}; "
        f"{_fire_words(first_fire_range(row))}; "
        f"cost of rounds over cost of raid {_figure(cost_exchange(row))} (not like for like)"
    )
    lost = friendly_losses(row)
    if lost is not None:
        lines.append(
            f"    friends shot down a pass {_figure(lost.finding, 100.0)} % by the assumed error; on record "
            f"{_figure(friendly_losses_on_record(row), 100.0)} %"
        )
    if published is not None:
        share = published.leak_share.finding
        lines.append(
            f"    kill probabilities as published: leaks {_figure(share, 100.0)} %, one raid "
            f"{_one_raid(share, 100.0)} %; leakers "
            f"{_figure(published.less_common)} against the common prior on the same luck"
        )
    return lines


def answer_sentence(result: EngageResult) -> str:
    """Say which defended laydown leaks least and most, what the network changes, and what moves the answer."""
    raid = result.deciding_row.partition(" against ")[2]
    rows = [r for r in result.results if r.raid == raid]
    rows = [r for r in rows if r.units] or rows
    best = min(rows, key=lambda r: float(np.median(r.of("leakers"))))
    worst = max(rows, key=lambda r: float(np.median(r.of("leakers"))))
    text = f"Against {raid}, {best.laydown} lets {_share_words(best)} through"
    if worst is not best:
        text += f" and {worst.laydown} {_share_words(worst)}"
    changes = {(words, count): found for of, count, words, found in result.differences if of == raid}
    for pair in dict.fromkeys(pair for pair, _ in changes):
        text += (
            f". On the same luck, {pair}: leakers {_figure(changes[pair, 'leakers'])}, friendly engagements "
            f"{_figure(changes[pair, 'friendly engagements'])}"
        )
    ends = [best] if worst is best else [best, worst]
    causes = common_cause_sentence(ends, {row.laydown: row.laydown for row in ends})
    if causes:
        text += f". {causes}"
    words = assumed_sentence(result.assumed_share, result.n_draws, "that spread")
    return f"{text}. For {result.deciding_row}, {result.deciding.sentence}. {words}"


def _share_words(row: RaidResult) -> str:
    """Say how much leaks on average and in one raid."""
    leak = leak_share(row).finding
    return f"{_figure(leak, 100.0)} % (one raid: {_one_raid(leak, 100.0)} %)"


def common_cause_sentence(rows: Sequence[RaidResult], names: dict[str, str]) -> str:
    """Say what common causes alone let through, laydown by laydown; empty where nobody defends.

    More rounds and units of the same systems do not change it.
    """
    shares = {names[row.laydown]: _figure(common_cause_share(row).finding, 100.0) for row in rows if row.units}
    if not shares:
        return ""
    listed = ", ".join(f"{share} % through {name}" for name, share in shares.items())
    return f"Common causes alone, which no further unit of the same systems mends, let {listed}"


def raid_json(row: RaidResult) -> dict[str, Any]:
    """Return one raid as the JSON output prints it."""
    leak, none = leak_share(row), p_no_leaker(row)
    fire, cost = first_fire_range(row), cost_exchange(row)
    lost, record = friendly_losses(row), friendly_losses_on_record(row)
    return {
        "laydown": row.laydown,
        "raid": row.raid,
        "targets": row.n_hostile,
        "leak_share": leak.finding.interval(),
        "p_no_leaker": none.finding.interval(),
        "common_cause_share": common_cause_share(row).finding.interval(),
        "friendly_passes": row.n_friendly,
        "friendly_losses_per_pass": None if lost is None else lost.finding.interval(),
        "friendly_losses_per_pass_2003": None if record is None else record.interval(),
        "noise_share": float(f"{leak.noise_share:.4g}"),
        "luck_taken_out": leak.is_reduced,
        "counts": {name: count_answer(row, name).finding.interval() for name in row.names},
        "first_fire_range_m": None if fire is None else fire.interval(),
        "cost_exchange": None if cost is None else cost.interval(),
        "channel_occupancy": {
            unit: float(f"{value:.4g}") for unit, value in zip(row.units, row.busy_share.mean(axis=0), strict=True)
        },
    }


def engage_json(result: EngageResult) -> dict[str, Any]:
    """Return the object that ``ringtrue engage --json`` prints."""
    return {
        "command": "engage",
        "version": __version__,
        "scenario_hash": result.scenario.content_hash,
        "catalogue_hash": result.catalogue_hash,
        "seed": result.seed,
        "n_draws": result.n_draws,
        "n_replications": result.n_replications,
        "n_reliefs": result.n_reliefs,
        "level": LEVEL,
        "rows": [
            {**raid_json(r), "published_kill": published_json(result.published.get((r.laydown, r.raid)))}
            for r in result.results
        ],
        "published_kill": {
            "note": NOTE,
            "p_kill": [figure_json(f) for f in published_figures(p for p in result.published.values() if p)],
        },
        "differences": [
            {"raid": raid, "count": count, "pair": words, **found.interval()}
            for raid, count, words, found in result.differences
        ],
        "sweeps": [sweep_json(s) for s in result.sweeps],
        "kill_curves": [
            {
                "laydown": c.laydown,
                "raid": c.raid,
                "p_kill": list(c.p_kill),
                "leak_share": [a.finding.interval() for a in c.leak_share],
            }
            for c in result.curves
        ],
        "assumed_share": assumed_json(result.assumed_share),
        "deciding": {"row": result.deciding_row, **result.deciding.as_json()},
        "declared": list(result.scenario.declared),
        "notes": _notes(result),
        "trace": None
        if result.trace is None
        else {
            "laydown": result.trace.laydown,
            "raid": result.trace.raid,
            "draw": result.trace.draw,
            "replication": result.trace.replication,
            "events": [e._asdict() for e in result.trace.events],
        },
    }
