"""The page of the raids of a scenario: what gets through, what it took, where the channels fill, one raid told."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from ringtrue.answer import columns_of, measure_of
from ringtrue.engagement.case import LEAK_CAUSES
from ringtrue.engagement.trace import timeline
from ringtrue.report.audit_words import one_raid_words, spread_words
from ringtrue.report.cells import (
    BELOW,
    PARAMETER_NOTE,
    WRITTEN,
    caveat_sections,
    count_words,
    figures_behind,
    finding_cell,
    row_cells,
)
from ringtrue.report.chart import MARKS
from ringtrue.report.html import write_page
from ringtrue.report.page import Answer, Cell, Fact, Figure, Page, Parameters, Prose, Section, Table, TableRow
from ringtrue.report.published_section import published_sections
from ringtrue.report.raid_figures import bar_chart, kill_curve_chart, lanes_chart, sweep_chart
from ringtrue.report.style import percent, sentence, three_digits
from ringtrue.sensing.assumed import assumed_sentence
from ringtrue.sensing.ducting import ducting_notes
from ringtrue.studies.engage import decides_words, headline
from ringtrue.studies.raid_rows import CHANGES, LEAKERS, ROUNDS, RaidRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringtrue.answer import Measure
    from ringtrue.catalogue.records import Parameter
    from ringtrue.engagement.trace import Event
    from ringtrue.finding import Finding
    from ringtrue.report.html import Again
    from ringtrue.studies.engage import EngageResult, Trace
    from ringtrue.studies.raid_size import Sweep

INTERVAL_WORDS = (
    f"Median; below it 5 to 95 % of draws of a mean over raids, {BELOW}, and 5 to 95 % of single raids, draws and luck "
    "together, where it says one raid."
)
LOWER_BOUND = (
    "No clutter, crew error or jamming unless the scenario gives it: leakage is a lower bound. Kill probability: one "
    "common prior for every interceptor, an assumption."
)
MOST_TOLD = 400
PAGE = "page"
SIZE_MEASURES = ("leakers", "leak_share", "p_no_leaker", "busiest_occupancy", "rounds_fired")


def write_raid_report(result: EngageResult, path: Path | str, again: Again | None = None) -> Path:
    """Write the raids of a scenario as one self-contained HTML file and return its path.

    Parameters
    ----------
    result : EngageResult
        Raids against laydowns; sweep, curves over kill probability and trace where they were played.
    """
    return write_page(raid_page(result), Path(path), again)


def raid_page(result: EngageResult) -> Page:
    """Return the page of the raids: answer, leakage, raid size, kill probability, numbers, one raid told, limits."""
    sections: list[Section] = [_answer(result), *caveat_sections(result.caveats), _leakage(result)]
    if result.sweeps:
        sections.append(_sizes(result))
    if result.kill_curves:
        sections.append(_kill(result))
    raids = list(dict.fromkeys(r.raid for r in result.rows))
    sections += published_sections(
        result.published,
        _titles(result),
        lambda laydown, raid: _inputs(result, (laydown, raid)),
        _sources(result),
    )
    sections += [_numbers(result, raid) for raid in raids]
    for raid in raids:
        sections += [table(result, raid) for table in (_leakers, _rounds)]
    if result.changes:
        sections.append(_changes(result))
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
        manifest=result.header.manifest(),
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
    reasons = dict.fromkeys(result.scenario.raid(r.raid).reason for r in result.rows)
    parameters = _parameters(result)
    return (
        figures_behind(parameters, result.sources)
        if parameters
        else "figures of the systems: catalogue (ringtrue catalogue show ID)",
        *(f"raid: {reason}" for reason in reasons if reason),
        "ways, heights and doctrine: declared in the scenario",
    )


def _answer(result: EngageResult) -> Answer:
    first = result.rows[0].raid
    facts = []
    for row in (r for r in result.rows if r.raid == first):
        leak = row.leak_share
        facts.append(
            Fact(
                percent(leak.median),
                f"of {row.n_targets} targets of {first} get through {_title(result, row.laydown)}; 5 to 95 %: on "
                f"average {spread_words(leak, percent)}; in one raid {one_raid_words(leak, percent)}",
                _inputs(result, (row.laydown, row.raid)),
            )
        )
    return Answer((*headline(result), decides_words(result), LOWER_BOUND), tuple(facts[:6]))


def _deciding_row(result: EngageResult) -> str:
    """Return the laydown and the raid of the answer in words."""
    return f"{_title(result, result.headline.laydown)} against {result.headline.raid}"


def _leakage(result: EngageResult) -> Figure:
    raids = dict.fromkeys(r.raid for r in result.rows)
    groups = [
        (
            _raid_title(result, raid),
            [(_title(result, r.laydown), r.leak_share) for r in result.rows if r.raid == raid],
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
        f"{MARKS} {result.header.n_draws:,} draws of the mean over "
        f"{result.header.n_replications:,} raids; thin line: 5 to 95 % of single raids, draws and luck together. "
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
        (kill_curve_chart(result.kill_curves, _titles(result)),),
        "Every round of every side has the kill probability below; all else drawn. Line: median; band: 5 to 95 % of "
        "draws. Shaded: the common prior, 0.3 to 0.9, an assumption.",
        _sources(result),
    )


def _numbers(result: EngageResult, raid: str) -> Table:
    rows, columns = [r for r in result.rows if r.raid == raid], columns_of(RaidRow, PAGE)

    def cells(row: RaidRow) -> tuple[Cell, ...]:
        own, what = _inputs(result, (row.laydown, raid)), f"{_title(result, row.laydown)}, {raid}: "
        return tuple(
            cell
            if said.name != "leak_share" or not row.is_luck_taken_out
            else replace(cell, warning="luck of few raids taken out")
            for said, cell in zip(columns, row_cells(row, columns, what, own), strict=True)
        )

    def friends(row: RaidRow) -> Cell:
        own, what = _inputs(result, (row.laydown, raid)), f"{_title(result, row.laydown)}, {raid}: "
        return _friends_lost(row, what + "friends shot down a pass", own)

    return Table(
        heading=f"In numbers: {_raid_title(result, raid)}",
        caption=f"Counts per raid of {rows[0].n_targets} targets. {INTERVAL_WORDS}",
        columns=("Laydown", *(said.heads[PAGE] for said in columns), "Friends shot down a pass"),
        rows=tuple(TableRow(_title(result, r.laydown), (*cells(r), friends(r))) for r in rows),
        note="“Channels in use”: share of the channel time between the first launch and the last arrival, of the unit "
        "with the most. A double engagement: two units fire at one target without knowing of each other. "
        f"{_friends_note(rows)}A click on a number lists the figures it came from.",
        sources=_sources(result),
    )


def _friends_note(rows: Sequence[RaidRow]) -> str:
    """Say what stands under friends shot down; nothing where no friend flies."""
    records = [row.friendly_losses_on_record for row in rows if row.friendly_losses_on_record is not None]
    if not records:
        return ""
    return (
        "Friends shot down: share of the friendly flights, by the assumed error of identification; below it, never "
        f"pooled, a record by sorties: {records[0].name[:1].lower()}{records[0].name[1:]}. "
    )


def _friends_lost(row: RaidRow, what: str, inputs: tuple[str, ...]) -> Cell:
    """Return friends shot down a pass with the record of a war below it; a dash where no friend flies."""
    lost, record = row.friendly_losses_per_pass, row.friendly_losses_on_record
    if lost is None or record is None:
        return Cell("–")
    cell = finding_cell(lost, what, inputs, percent)
    return replace(cell, interval=f"{cell.interval}\non record: {spread_words(record, percent)}".strip())


def _by_thing(result: EngageResult, raid: str, heading: str, measures: Sequence[Measure], note: str) -> Table:
    """Return a folded table: a row for each measure, or a band and a row for each thing that it counts."""
    rows = [r for r in result.rows if r.raid == raid]
    out: list[TableRow] = []

    def line(name: str, said: Measure, values: Sequence[Finding | None]) -> TableRow:
        cells = [
            finding_cell(
                value, f"{_title(result, r.laydown)}, {raid}: {said.label[:1].lower()}{said.label[1:]}, {name}",
                _inputs(result, (r.laydown, raid)), count_words,
            )
            for r, value in zip(rows, values, strict=True)
        ]  # fmt: skip
        return TableRow(name, tuple(cells))

    for said in measures:
        held = [getattr(r, said.name) for r in rows]
        if not isinstance(held[0], dict):
            out.append(line(said.label, said, held))
            continue
        things = list(dict.fromkeys(thing for values in held for thing in values))
        if things:
            out.append(TableRow(said.label, is_band=True))
        out += [line(thing, said, [values.get(thing) for values in held]) for thing in things]
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
    return _by_thing(
        result, raid, "Who gets through, and to what", columns_of(RaidRow, LEAKERS),
        "Never in reach: of no unit that still lives. By a common cause: it held for every round fired at the target. "
        "Without a free channel: a unit could have fired and had rounds. "
        "Each target that gets through has one cause.",
    )  # fmt: skip


def _rounds(result: EngageResult, raid: str) -> Table:
    return _by_thing(result, raid, "What it took", columns_of(RaidRow, ROUNDS), "")


def _changes(result: EngageResult) -> Table:
    out: list[TableRow] = []
    titles = _titles(result)
    for pair, some in groupby(result.changes, key=lambda c: (c.after, c.before, c.raid)):
        after, before, raid = pair
        out.append(TableRow(f"{titles[after]} less {titles[before]}, {raid}", is_band=True))
        own = _inputs(result, (after, raid), (before, raid))
        for c in some:
            said = measure_of(RaidRow, c.measure)
            what = f"{titles[after]} less {titles[before]}, {raid}: {said.heads[CHANGES]}"
            cell = finding_cell(c.difference, what, own, WRITTEN.get(said.form, three_digits), said.none)
            out.append(TableRow(c.label, (cell,)))
    return Table(
        heading="What the network changes",
        caption=f"Networked less stand-alone, the same fire units, draw by draw on the same luck. {INTERVAL_WORDS}",
        columns=("Measure", "Difference"),
        rows=tuple(out),
        sources=_sources(result),
    )


def _sweep_table(result: EngageResult, sweep: Sweep) -> Table:
    own = _inputs(result, (sweep.laydown, sweep.raid))
    columns = [measure_of(RaidRow, name) for name in SIZE_MEASURES]
    causes = [measure_of(RaidRow, name) for name in LEAK_CAUSES]
    rows = []
    for point in sweep.points:
        at = f"{_title(result, sweep.laydown)}, {sweep.magazine_words}, {point.size:g} targets: "
        cells = (
            *row_cells(point.row, columns, at, own),
            *(
                finding_cell(point.leak_causes.get(said.name), f"{at}share of {said.label.lower()}", own, percent)
                for said in causes
            ),
        )
        rows.append(TableRow(f"{point.size:g} targets", cells, note="knee" if point.size == sweep.knee else ""))
    return Table(
        folded=True,
        heading=f"Size by size: {_title(result, sweep.laydown)}, {sweep.magazine_words}",
        caption=f"Raid {sweep.raid}; counts per raid. {INTERVAL_WORDS}",
        columns=("Size", *(said.heads[PAGE] for said in columns), *(said.label for said in causes)),
        rows=tuple(rows),
        note="The last columns: shares of the targets that get through, by what they lacked or why they were missed.",
        sources=_sources(result),
    )


def _told(result: EngageResult, told: Trace) -> list[Section]:
    some: Sequence[Event] = told.told[:MOST_TOLD]
    more = len(told.told) - len(some)
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
        ),
    ]


def _said(event: Event) -> str:
    return sentence(timeline([event]).partition(" s  ")[2])


def _decides(result: EngageResult) -> Prose:
    items = [
        f"{s.name}: {percent(s.share)} of the spread ({percent(s.low)} to {percent(s.high)})"
        for s in result.deciding.shares[:5]
    ]
    assumed = assumed_sentence(result.assumed_share, result.header.n_draws, "these leakers")
    text = f"{_deciding_row(result)}: {sentence(result.deciding.sentence)} {assumed}"
    return Prose("Which unknown decides", (sentence(text),), tuple(items))


def _limits(result: EngageResult) -> Prose:
    laydowns = [result.scenario.laydown(name) for name in dict.fromkeys(r.laydown for r in result.rows)]
    notes = [*ducting_notes(site for y in laydowns for site in y.sites), *(n for r in result.results for n in r.notes)]
    noisiest = max(result.rows, key=lambda r: r.noise_share)
    luck = (
        f"A draw plays few raids, so its mean still holds some luck: at most {percent(noisiest.noise_share)} of what "
        f"varies between draws ({noisiest.laydown}, {noisiest.raid}). Where it is more than 5 %, it is taken out of "
        "the interval, and the table says so."
    )
    return Prose(
        "What this does not know", (LOWER_BOUND, luck), tuple(dict.fromkeys((*result.scenario.declared, *notes)))
    )  # fmt: skip
