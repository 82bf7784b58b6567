"""The page of the raids of a scenario: what gets through, what it took, where the channels fill, one raid told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ringtrue.engagement.answers import (
    cost_exchange,
    count_answer,
    first_fire_range,
    friendly_losses,
    friendly_losses_on_record,
    leak_share,
    p_no_leaker,
)
from ringtrue.engagement.case import LEAK_CAUSES
from ringtrue.engagement.trace import timeline
from ringtrue.finding import finding
from ringtrue.report.audit_words import interval_words, one_raid_words
from ringtrue.report.cells import (
    NOT_LIKE_FOR_LIKE_SHORT,
    PARAMETER_NOTE,
    count_words,
    figures_behind,
    finding_cell,
)
from ringtrue.report.html import write_page
from ringtrue.report.page import Answer, Cell, Fact, Figure, Page, Parameters, Prose, Section, Table, TableRow
from ringtrue.report.published_section import published_sections
from ringtrue.report.raid_figures import bar_chart, kill_curve_chart, lanes_chart, sweep_chart
from ringtrue.report.style import percent, sentence, three_digits
from ringtrue.sensing.assumed import assumed_sentence
from ringtrue.sensing.ducting import ducting_notes
from ringtrue.studies.engage import common_cause_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringtrue.catalogue.records import Parameter
    from ringtrue.engagement.raid import RaidResult
    from ringtrue.engagement.trace import Event
    from ringtrue.studies.engage import EngageResult, Trace
    from ringtrue.studies.raid_size import Sweep

INTERVAL_WORDS = (
    "Median; below it 5 to 95 % of draws of a mean over raids, and of single raids, draws and luck together, where it "
    "says one raid."
)
LOWER_BOUND = (
    "No clutter, crew error or jamming unless the scenario gives it: leakage is a lower bound. Kill probability: one "
    "common prior for every interceptor, an assumption."
)
MOST_TOLD = 400


def write_raid_report(result: EngageResult, path: Path | str) -> Path:
    """Write the raids of a scenario as one self-contained HTML file and return its path.

    Parameters
    ----------
    result : EngageResult
        Raids against laydowns; sweep, curves over kill probability and trace where they were played.
    """
    return write_page(raid_page(result), Path(path))


def raid_page(result: EngageResult) -> Page:
    """Return the page of the raids: answer, leakage, raid size, kill probability, numbers, one raid told, limits."""
    sections: list[Section] = [_answer(result), _leakage(result)]
    if result.sweeps:
        sections.append(_sizes(result))
    if result.curves:
        sections.append(_kill(result))
    raids = list(dict.fromkeys(r.raid for r in result.results))
    sections += published_sections(
        [row for row in result.published.values() if row is not None],
        _titles(result),
        lambda laydown, raid: _inputs(result, (laydown, raid)),
        _sources(result),
    )
    sections += [_numbers(result, raid) for raid in raids]
    for raid in raids:
        sections += [table(result, raid) for table in (_leakers, _rounds)]
    if result.differences:
        sections.append(_differences(result))
    sections += [_sweep_table(result, sweep) for sweep in result.sweeps]
    if result.trace is not None:
        sections += _told(result, result.trace)
    sections.append(_decides(result))
    if result.parameters:
        sections.append(Parameters(note=PARAMETER_NOTE))
    sections.append(_limits(result))
    return Page(
        title=result.scenario.title,
        kicker="Raid · from detection to leakage, on paper",
        sections=tuple(sections),
        parameters=_parameters(result),
        sources=result.sources,
        manifest=(
            ("seed", str(result.seed)), ("draws", f"{result.n_draws:,}"),
            ("replications", f"{result.n_replications:,}"),
            ("scenario", result.scenario.content_hash[:16]), ("catalogue", result.catalogue_hash[:16]),
        ),
        footer="Computed with RingTrue from open published figures and declared assumptions.",
    )  # fmt: skip


def _title(result: EngageResult, laydown: str) -> str:
    return result.scenario.laydown(laydown).title or laydown


def _parameters(result: EngageResult) -> tuple[Parameter, ...]:
    return tuple({p.id: p for found in result.parameters.values() for p in found}.values())


def _inputs(result: EngageResult, *pairs: tuple[str, str]) -> tuple[str, ...]:
    """Return the parameters behind the raids of some laydowns: (laydown, raid)."""
    return tuple(dict.fromkeys(p.id for pair in pairs for p in result.parameters.get(pair, ())))


def _titles(result: EngageResult) -> dict[str, str]:
    return {laydown.id: laydown.title or laydown.id for laydown in result.scenario.laydowns}


def _raid_title(result: EngageResult, raid: str) -> str:
    return f"{raid}: {result.scenario.raid(raid).title or raid}"


def _sources(result: EngageResult) -> tuple[str, ...]:
    reasons = dict.fromkeys(result.scenario.raid(r.raid).reason for r in result.results)
    parameters = _parameters(result)
    return (
        figures_behind(parameters, result.sources)
        if parameters
        else "figures of the systems: catalogue (ringtrue catalogue show ID)",
        *(f"raid: {reason}" for reason in reasons if reason),
        "ways, heights and doctrine: declared in the scenario",
    )


def _answer(result: EngageResult) -> Answer:
    first = result.results[0].raid
    facts = []
    for row in (r for r in result.results if r.raid == first):
        leak = leak_share(row).finding
        facts.append(
            Fact(
                percent(leak.median),
                f"of {row.n_hostile} targets of {first} get through {_title(result, row.laydown)}; 5 to 95 %: on "
                f"average {interval_words(leak, percent)}, in one raid {one_raid_words(leak, percent)}",
                _inputs(result, (row.laydown, row.raid)),
            )
        )
    sentences = [_headline(result)]
    sentences += [_knee(result, sweep) for sweep in result.sweeps]
    return Answer((*sentences, LOWER_BOUND), tuple(facts[:6]))


def _knee(result: EngageResult, sweep: Sweep) -> str:
    """Say from which size most of what is added gets through, and what those that get through lacked."""
    return sentence(f"{_title(result, sweep.laydown)}, {sweep.magazine_words}: {sweep.knee_words}")


def _headline(result: EngageResult) -> str:
    """Say which laydown lets least and most of the first raid through, and what moves the answer."""
    raid = result.results[0].raid
    rows = sorted((r for r in result.results if r.raid == raid), key=lambda r: float(np.median(r.of("leakers"))))

    def said(row: RaidResult) -> str:
        leak = leak_share(row).finding
        return f"{percent(leak.median)} ({interval_words(leak, percent)}; in one raid {one_raid_words(leak, percent)})"

    text = f"Against {raid}, {_title(result, rows[0].laydown)} lets {said(rows[0])} of the targets through"
    if len(rows) > 1:
        text += f"; {_title(result, rows[-1].laydown)}, {said(rows[-1])}"
    causes = common_cause_sentence(rows if len(rows) == 1 else [rows[0], rows[-1]], _titles(result))
    if causes:
        text += f". {causes}"
    return sentence(f"{text}. {_deciding_row(result)}: {result.deciding.sentence}")


def _deciding_row(result: EngageResult) -> str:
    """Return the laydown and the raid of the answer in words."""
    laydown, _, raid = result.deciding_row.partition(" against ")
    return f"{_titles(result).get(laydown, laydown)} against {raid}"


def _leakage(result: EngageResult) -> Figure:
    raids = dict.fromkeys(r.raid for r in result.results)
    groups = [
        (
            _raid_title(result, raid),
            [(_title(result, r.laydown), leak_share(r).finding) for r in result.results if r.raid == raid],
        )
        for raid in raids
    ]
    return Figure(
        "What gets through",
        (
            bar_chart(
                "Share of the targets that get through.", groups, "targets that get through, % of the raid", 100.0
            ),
        ),
        f"Mark: median; thick line: 5 to 95 % of {result.n_draws:,} draws of the mean over {result.n_replications:,} "
        "raids; thin line: 5 to 95 % of single raids, draws and luck together. "
        "Flight heights are those of the scenario, above ground or above sea level as given there.",
        _sources(result),
    )


def _sizes(result: EngageResult) -> Figure:
    return Figure(
        "As the raid grows",
        (sweep_chart(result.sweeps, _titles(result)),),
        "Line: median; band: 5 to 95 % of draws. The circle marks the knee: the first size from which more than half "
        "of every further target gets through; what those targets lacked stands in the tables size by size.",
        _sources(result),
    )


def _kill(result: EngageResult) -> Figure:
    return Figure(
        "If interceptors were better or worse",
        (kill_curve_chart(result.curves, _titles(result)),),
        "Every round of every side has the kill probability below; all else drawn. Line: median; band: 5 to 95 % of "
        "draws. Shaded: the common prior, 0.3 to 0.9, an assumption.",
        _sources(result),
    )


def _numbers(result: EngageResult, raid: str) -> Table:
    rows = [r for r in result.results if r.raid == raid]

    def what(row: RaidResult, words: str) -> str:
        return f"{_title(result, row.laydown)}, {raid}: {words}"

    def count(row: RaidResult, name: str) -> Cell:
        own = _inputs(result, (row.laydown, raid))
        return finding_cell(count_answer(row, name).finding, what(row, name), own, count_words)

    def cells(row: RaidResult) -> tuple[Cell, ...]:
        leak = leak_share(row)
        own = _inputs(result, (row.laydown, raid))
        share = finding_cell(leak.finding, what(row, "share that gets through"), own, percent)
        fire, cost = first_fire_range(row), cost_exchange(row)
        busy = finding("occupancy", "1", row.busy_share.max(axis=1) if row.units else np.zeros(1))
        reduced = "luck taken out" if leak.is_reduced else ""
        return (
            replace(share, warning=reduced),
            finding_cell(p_no_leaker(row).finding, what(row, "probability that nothing gets through"), own, percent),
            count(row, "leakers"),
            _rounds_cell(row, what(row, "rounds fired"), own),
            count(row, "double engagements"),
            count(row, "wasted rounds"),
            _friends_lost(row, what(row, "friends shot down a pass"), own),
            Cell("never")
            if fire is None
            else finding_cell(fire.scaled(1e-3), what(row, "first fire, km"), own, three_digits),
            finding_cell(busy, what(row, "channels in use"), own, percent),
            finding_cell(
                cost,
                what(row, "cost of rounds over cost of raid"),
                own,
                count_words,
                warning=NOT_LIKE_FOR_LIKE_SHORT if cost else "",
            ),
        )

    return Table(
        heading=f"In numbers: {_raid_title(result, raid)}",
        caption=f"Counts per raid of {rows[0].n_hostile} targets; first fire in km of slant range. {INTERVAL_WORDS}",
        columns=(
            "Laydown", "Get through", "P(none through)", "Targets through", "Rounds fired", "Double engagements",
            "Wasted rounds", "Friends shot down a pass", "First fire, km",
            "Busiest unit: channels in use", "Cost of rounds over cost of raid",
        ),
        rows=tuple(TableRow(_title(result, r.laydown), cells(r)) for r in rows),
        note="“Channels in use”: share of the channel time between the first launch and the last arrival, of the unit "
        "with the most. A double engagement: two units fire at one target without knowing of each other. "
        f"{_friends_note(rows)}A click on a number lists the figures it came from.",
        sources=_sources(result),
    )  # fmt: skip


def _friends_note(rows: Sequence[RaidResult]) -> str:
    """Say what stands under friends shot down; nothing where no friend flies."""
    records = [record for row in rows if (record := friendly_losses_on_record(row)) is not None]
    if not records:
        return ""
    return (
        "Friends shot down: share of the friendly flights, by the assumed error of identification; below it, never "
        f"pooled, a record by sorties: {records[0].name[:1].lower()}{records[0].name[1:]}. "
    )


def _friends_lost(row: RaidResult, what: str, inputs: tuple[str, ...]) -> Cell:
    """Return friends shot down a pass with the record of a war below it; a dash where no friend flies."""
    lost, record = friendly_losses(row), friendly_losses_on_record(row)
    if lost is None or record is None:
        return Cell("–")
    cell = finding_cell(lost.finding, what, inputs, percent)
    return replace(cell, interval=f"{cell.interval}\non record: {interval_words(record, percent)}".strip())


def _rounds_cell(row: RaidResult, what: str, inputs: tuple[str, ...]) -> Cell:
    fired = [row.of(f"rounds of {name}") for name in row.interceptors]
    total = np.sum(fired, axis=0) if fired else np.zeros(row.n_draws)
    return finding_cell(finding("rounds fired", "1", total), what, inputs, count_words)


def _by_name(
    result: EngageResult, raid: str, heading: str, bands: Sequence[tuple[str, str, Sequence[str]]], note: str
) -> Table:
    """Return a folded table: a band for each kind of count, a row for each name, a column for each laydown."""
    rows = [r for r in result.results if r.raid == raid]
    out: list[TableRow] = []
    for words, prefix, names in bands:
        if names:
            out.append(TableRow(words, is_band=True))
        for name in names:
            cells = [
                finding_cell(
                    count_answer(r, prefix + name).finding,
                    f"{_title(result, r.laydown)}, {raid}: {prefix}{name}",
                    _inputs(result, (r.laydown, raid)),
                    count_words,
                )
                if prefix + name in r.names
                else Cell("–")
                for r in rows
            ]
            out.append(TableRow(name, tuple(cells)))
    return Table(
        folded=True,
        heading=f"{heading}: {_raid_title(result, raid)}",
        caption=f"Counts per raid. {INTERVAL_WORDS}",
        columns=("", *(_title(result, r.laydown) for r in rows)),
        rows=tuple(out),
        note=note,
        sources=_sources(result),
    )


def _leakers(result: EngageResult, raid: str) -> Table:
    rows = [r for r in result.results if r.raid == raid]
    flown = list(dict.fromkeys(c for r in rows for c, n in zip(r.classes, r.hostile_by_class, strict=True) if n))
    assets = list(dict.fromkeys(a for r in rows for a in r.assets))
    units = list(dict.fromkeys(u for r in rows for u in r.units))
    return _by_name(
        result, raid, "Who gets through, and to what",
        [("Why they get through", "leakers ", [cause.removeprefix("leakers ") for cause in LEAK_CAUSES]),
         ("Targets that get through, by class", "leakers of class ", flown),
         ("Hits, by asset", "hits on asset ", assets),
         ("Hits on fire units", "hits on unit ", units)],
        "Never in reach: of no unit that still lives. By a common cause: it held for every round fired at the target. "
        "Without a free channel: a unit could have fired and had rounds. "
        "Each target that gets through has one cause.",
    )  # fmt: skip


def _rounds(result: EngageResult, raid: str) -> Table:
    rows = [r for r in result.results if r.raid == raid]
    rounds = list(dict.fromkeys(i for r in rows for i in r.interceptors))
    units = list(dict.fromkeys(u for r in rows for u in r.units))
    return _by_name(
        result, raid, "What it took",
        [("Rounds fired, by type", "rounds of ", rounds), ("Rounds fired, by fire unit", "rounds by unit ", units)],
        "",
    )  # fmt: skip


def _differences(result: EngageResult) -> Table:
    out: list[TableRow] = []
    band = ""
    for raid, count, words, found in result.differences:
        now = f"{' less '.join(_titles(result).get(part, part) for part in words.split(' less '))}, {raid}"
        if now != band:
            out.append(TableRow(now, is_band=True))
            band = now
        own = _inputs(result, *((laydown, raid) for laydown in words.split(" less ")))
        out.append(TableRow(count, (finding_cell(found, f"{words}, {raid}: {count}", own, count_words),)))
    return Table(
        heading="What the network changes",
        caption=f"Networked less stand-alone, the same fire units, draw by draw on the same luck. {INTERVAL_WORDS}",
        columns=("Count", "Difference"),
        rows=tuple(out),
        sources=_sources(result),
    )


def _sweep_table(result: EngageResult, sweep: Sweep) -> Table:
    rows = []
    own = _inputs(result, (sweep.laydown, sweep.raid))
    for k, (size, found, row) in enumerate(zip(sweep.sizes, sweep.leakers(), sweep.results, strict=True)):
        busy = finding("occupancy", "1", row.busy_share.max(axis=1) if row.units else np.zeros(1))
        at = f"{_title(result, sweep.laydown)}, {sweep.magazine_words}, {size:g} targets: "
        causes = dict(sweep.causes(k))
        cells = (
            finding_cell(found.finding, at + "targets that get through", own, count_words),
            finding_cell(leak_share(row).finding, at + "share that gets through", own, percent),
            finding_cell(p_no_leaker(row).finding, at + "probability that nothing gets through", own, percent),
            finding_cell(busy, at + "channels in use", own, percent),
            _rounds_cell(row, at + "rounds fired", own),
            *(finding_cell(causes.get(name), f"{at}share of the {name}", own, percent) for name in LEAK_CAUSES),
        )
        rows.append(TableRow(f"{size:g} targets", cells, note="knee" if size == sweep.knee else ""))
    return Table(
        folded=True,
        heading=f"Size by size: {_title(result, sweep.laydown)}, {sweep.magazine_words}",
        caption=f"Raid {sweep.raid}; counts per raid. {INTERVAL_WORDS}",
        columns=(
            "Size", "Targets through", "Share", "P(none through)", "Busiest unit: channels in use", "Rounds fired",
            *(sentence(name.removeprefix("leakers ")).rstrip(".") for name in LEAK_CAUSES),
        ),
        rows=tuple(rows),
        note="The last columns: shares of the targets that get through, by what they lacked or why they were missed.",
        sources=_sources(result),
    )  # fmt: skip


def _told(result: EngageResult, told: Trace) -> list[Section]:
    some: Sequence[Event] = told.events[:MOST_TOLD]
    more = len(told.events) - len(some)
    rows = tuple(
        TableRow(f"{event.time_s:,.1f} s", (Cell(_said(event), numeric=False),)) for event in some
    )  # fmt: skip
    which = f"{_raid_title(result, told.raid)} against {_title(result, told.laydown)}"
    return [
        Figure(
            "One raid, channel by channel",
            (lanes_chart(told),),
            f"{which}; replication {told.replication} of draw {told.draw}: an example, not an average. A bar runs "
            "from launch "
            "to verdict, the upright mark is the intercept; colour says how it ended. Crosses: targets that get "
            "through.",
            _sources(result),
        ),
        Table(
            folded=True,
            heading="The same raid, event by event",
            caption="Seconds since the start of the raid."
            + (f" {more:,} events more in the JSON output." if more else ""),
            columns=("Time", "Event"),
            rows=rows,
            sources=_sources(result),
            text_columns=(0,),
        ),
    ]


def _said(event: Event) -> str:
    return sentence(timeline([event]).partition(" s  ")[2])


def _decides(result: EngageResult) -> Prose:
    items = [
        f"{s.name}: {percent(s.share)} of the spread ({percent(s.low)} to {percent(s.high)})"
        for s in result.deciding.shares[:5]
    ]
    assumed = assumed_sentence(result.assumed_share, result.n_draws, "that spread")
    text = f"{_deciding_row(result)}: {sentence(result.deciding.sentence)} {assumed}"
    return Prose("Which unknown decides", (sentence(text),), tuple(items))


def _limits(result: EngageResult) -> Prose:
    laydowns = [result.scenario.laydown(name) for name in dict.fromkeys(r.laydown for r in result.results)]
    notes = [*ducting_notes(site for y in laydowns for site in y.sites), *(n for r in result.results for n in r.notes)]
    noisiest = max(result.results, key=lambda r: leak_share(r).noise_share)
    luck = (
        f"Luck of replications is at most {percent(leak_share(noisiest).noise_share)} of the variance between draws "
        f"({noisiest.laydown}, {noisiest.raid}); above 5 % it is taken out of the interval, and the table says so."
    )
    return Prose(
        "What this does not know", (LOWER_BOUND, luck), tuple(dict.fromkeys((*result.scenario.declared, *notes))),
        code=f"ringtrue engage {result.scenario.name} --seed {result.seed} --draws {result.n_draws} "
        f"--replications {result.n_replications}",
    )  # fmt: skip
