"""The page of the cut-the-wire study: step by step from no link to all, paired on the same draws and the same luck."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ringtrue.answer import columns_of, measure_of
from ringtrue.report.audit_words import spread_words
from ringtrue.report.cells import (
    INTERVAL_WORDS,
    PARAMETER_NOTE,
    WRITTEN,
    banded,
    count_words,
    figures_behind,
    finding_cell,
    row_cells,
)
from ringtrue.report.chart import MARKS
from ringtrue.report.html import write_page
from ringtrue.report.page import Answer, Cell, Fact, Figure, Page, Parameters, Prose, Table, TableRow
from ringtrue.report.raid_figures import bar_chart
from ringtrue.report.style import percent, sentence, three_digits
from ringtrue.sensing.assumed import assumed_sentence
from ringtrue.studies.network_records import LINKS, EarlyWarning, LateStart, NetworkRow, NetworkVariant
from ringtrue.studies.raid_rows import CHANGES, RaidRow, changed_measures

if TYPE_CHECKING:
    from ringtrue.answer import Measure
    from ringtrue.report.page import Section
    from ringtrue.studies.network_records import NetworkResult, NetworkSweep

LEAD = ("leakers", "double_engagements", "wasted_rounds", "friendly_engagements")
PAGE = "page"
PAIRED = "Taken draw by draw, on the same draws and the same luck; a negative difference is fewer, or sooner."


def write_network_report(result: NetworkResult, path: Path | str) -> Path:
    """Write the study as one self-contained HTML file and return its path."""
    return write_page(network_page(result), Path(path))


def network_page(result: NetworkResult) -> Page:
    """Return the page: answer, the steps, what gets through, what each link changes, when, what identification does."""
    return Page(
        title=f"Cut the wire: {result.title}",
        kicker="Network · the same batteries, with one link more each time",
        sections=(
            _answer(result),
            *network_study_sections(result),
            _decides(result),
            Parameters(note=PARAMETER_NOTE),
            Prose(
                "What this does not know", (),
                tuple(dict.fromkeys((*result.declared, *result.notes, *result.variant_notes))),
                code=f"ringtrue network {result.scenario} --seed {result.header.seed} --draws {result.header.n_draws} "
                f"--replications {result.header.n_replications}",
            ),
        ),
        parameters=result.parameters,
        sources=result.sources,
        manifest=(*result.header.manifest(), ("terrain", result.terrain)),
        footer="Computed with RingTrue from open published figures and declared assumptions.",
    )  # fmt: skip


def _decides(result: NetworkResult) -> Prose:
    assumed = assumed_sentence(result.assumed_share, result.header.n_draws, f"the spread of the {result.deciding.row}")
    return Prose(
        "Which unknown decides",
        (f"{sentence(result.deciding.row)} {sentence(result.deciding.sentence)} {assumed}",),
        tuple(
            f"{s.name}: {percent(s.share)} of the spread ({percent(s.low)} to {percent(s.high)})"
            for s in result.deciding.shares[:5]
        ),
    )


def network_study_sections(result: NetworkResult) -> list[Section]:
    """Return the sections between the answer and the figures: they also stand in the page of a comparison."""
    return [
        _steps(result),
        _through(result),
        _counts(result),
        _changes(result),
        _late(result),
        _warning(result),
        _unit_warning(result),
        _sweep(result, from_first=False),
        _sweep(result, from_first=True),
    ]


def _behind(result: NetworkResult) -> tuple[str, ...]:
    return (
        figures_behind(result.parameters, result.sources),
        f"terrain: {result.terrain}",
        "links, raids, friendly traffic and doctrine: declared assumptions of the scenario",
    )


def _inputs(result: NetworkResult) -> tuple[str, ...]:
    return tuple(p.id for p in result.parameters)


def _titles(result: NetworkResult) -> dict[str, str]:
    """Return the variants by id, numbered in their order."""
    return {
        v.id: f"{i}. {sentence(v.title).rstrip('.') if v.title else v.id}"
        for i, v in enumerate(result.variants, start=1)
    }


def _pairs(result: NetworkResult) -> list[tuple[str, str]]:
    """Return the steps, one link more each time, and the whole way from the first to the last variant."""
    return list(dict.fromkeys((c.before, c.after) for c in result.changes))


def _step_name(result: NetworkResult, before: str, after: str) -> str:
    """Return a step by the numbers of its variants.

    The whole way, from the first to the last, says so.
    """
    place = {v.id: i for i, v in enumerate(result.variants, start=1)}
    is_whole = (before, after) == (result.variants[0].id, result.variants[-1].id)
    return f"{place[after]} less {place[before]}" + (", the whole way" if is_whole else "")


def _step_row(result: NetworkResult, before: str, after: str, cells: tuple[Cell, ...]) -> TableRow:
    """Return a row of a step: its numbers, below them what the later variant is."""
    return TableRow(_step_name(result, before, after), cells, note=_titles(result)[after].partition(". ")[2])


def _answer(result: NetworkResult) -> Answer:
    """Give the whole way from no link to all, in the raid that the sweeps take."""
    first, last = result.variants[0].id, result.variants[-1].id
    whole = (c for c in result.changes if (c.raid, c.before, c.after) == (result.sweep_raid, first, last))
    facts = tuple(
        Fact(
            count_words(c.difference.median),
            f"{_words(c.measure)} per raid, all joined less all alone; 5 to 95 %: "
            f"{spread_words(c.difference, count_words)}; fewer in {percent(c.p_less)} of draws",
            c.difference.inputs or _inputs(result),
        )
        for c in whole
        if c.measure in LEAD and c.difference is not None
    )
    return Answer((result.answer, *result.variant_notes), facts)


def _words(name: str) -> str:
    """Return what sentences of this page call a measure."""
    return measure_of(RaidRow, name).heads[CHANGES]


def _steps(result: NetworkResult) -> Table:
    titles, links = _titles(result), columns_of(NetworkVariant, LINKS)
    rows = tuple(
        TableRow(
            titles[v.id],
            (Cell(str(v.units)), *(Cell(str(getattr(v, said.name))) for said in links)),
        )
        for v in result.variants
    )
    return Table(
        heading="The steps",
        caption="Ordered pairs of fire units that are joined by each kind of link.",
        columns=("Variant", "Fire units", *(said.label for said in links)),
        rows=rows,
        note="The same batteries stand in the same places in every variant; only the links differ. Below, a step is "
        "named by the numbers of its variants.",
        sources=("scenario (declared)",),
    )


def _through(result: NetworkResult) -> Figure:
    titles = _titles(result)
    groups = [
        (f"{raid}: {title}", [(titles[row.laydown], row.leakers) for row in result.rows if row.raid == raid])
        for raid, title in result.raids.items()
    ]
    return Figure(
        "What gets through, step by step",
        (bar_chart("Targets that get through, raid by raid and step by step.", groups, "targets per raid", 1.0),),
        f"{MARKS} {result.header.n_draws:,} draws of the mean over "
        f"{result.header.n_replications:,} raids. "
        "Overlapping lines may still differ draw by draw: the differences stand below. Flight heights are those of the "
        "scenario.",
        _behind(result),
    )


def _counts(result: NetworkResult) -> Table:
    inputs, titles, columns = _inputs(result), _titles(result), columns_of(NetworkRow, PAGE)

    def cells(row: NetworkRow) -> tuple[Cell, ...]:
        return row_cells(row, columns, f"{titles[row.laydown]}, {row.raid}: ", inputs)

    return Table(
        heading="Every step in numbers",
        caption=f"Counts per raid. {INTERVAL_WORDS}",
        columns=("Variant", *(said.heads[PAGE] for said in columns)),
        rows=banded(
            (f"{title}: {_n_targets(result, raid)} targets", [
                TableRow(titles[row.laydown], cells(row)) for row in result.rows if row.raid == raid
            ])
            for raid, title in result.raids.items()
        ),
        note="A click on a number lists the figures it came from. First launch: seconds since the start of the raid, "
        "at a friend too.",
        sources=_behind(result),
    )  # fmt: skip


def _n_targets(result: NetworkResult, raid: str) -> int:
    return next(row.n_targets for row in result.rows if row.raid == raid)


def _changes(result: NetworkResult) -> Table:
    inputs, compared = _inputs(result), changed_measures()
    found = {(c.raid, c.before, c.after, c.measure): c for c in result.changes}

    def cell(raid: str, before: str, after: str, said: Measure) -> Cell:
        change = found[raid, before, after, said.name]
        if change.difference is None:
            return Cell(said.none)
        what = f"{_step_name(result, before, after)}, {raid}: {said.heads[CHANGES]}"
        plain = finding_cell(change.difference, what, inputs, WRITTEN.get(said.form, three_digits))
        shares = f"less {percent(change.p_less)}\nequal {percent(change.p_equal)}"
        lines = "\n".join(part for part in (plain.interval, shares) if part)
        return Cell(plain.text, lines, plain.inputs, plain.what)

    return Table(
        heading="What each link changes",
        caption=f"Differences per raid, with the shares of draws in which it is less and equal. {INTERVAL_WORDS}",
        columns=("Step", *map(_column, compared)),
        rows=banded(
            (title, [
                _step_row(result, a, b, tuple(cell(raid, a, b, said) for said in compared))
                for a, b in _pairs(result)
            ])
            for raid, title in result.raids.items()
        ),
        note=PAIRED,
        sources=_behind(result),
    )  # fmt: skip


def _column(said: Measure) -> str:
    return sentence(said.heads[CHANGES]).rstrip(".")


def _late(result: NetworkResult) -> Table:
    inputs, columns = _inputs(result), columns_of(LateStart, PAGE)
    rows = [
        (title, [
            _step_row(
                result, x.before, x.after,
                row_cells(x, columns, f"{_step_name(result, x.before, x.after)}, {raid}: ", inputs),
            )
            for x in result.late_starts if x.raid == raid
        ])
        for raid, title in result.raids.items()
    ]  # fmt: skip
    return Table(
        heading="When the first shot at a target is fired",
        caption=f"Seconds later, mean over targets fired at in both variants. {INTERVAL_WORDS}",
        columns=("Step", *(said.heads[PAGE] for said in columns)),
        rows=banded(rows),
        note=f"{PAIRED} The last column: share of the targets fired at in either variant.",
        sources=_behind(result),
    )


def _warning(result: NetworkResult) -> Table:
    inputs, columns = _inputs(result), columns_of(EarlyWarning, PAGE)
    rows = [
        (title, [
            _step_row(
                result, x.before, x.after,
                row_cells(x, columns, f"{_step_name(result, x.before, x.after)}, {raid}: ", inputs),
            )
            for x in result.warnings if x.raid == raid
        ])
        for raid, title in result.raids.items()
    ]  # fmt: skip
    return Table(
        heading="When a fire unit knows of a target",
        caption=f"Seconds sooner, for pairs of fire unit and target known and identified in both. {INTERVAL_WORDS}",
        columns=("Step", *(said.heads[PAGE] for said in columns)),
        rows=banded(rows),
        note="Draw by draw, on the same draws and the same luck. The last columns: shares of all pairs of fire unit "
        "and target.",
        sources=_behind(result),
    )


def _unit_warning(result: NetworkResult) -> Table:
    inputs, titles = _inputs(result), _titles(result)
    units = list(dict.fromkeys(uid for row in result.rows for uid in row.warning_s))

    def cells(row: NetworkRow) -> tuple[Cell, ...]:
        what = f"{titles[row.laydown]}, {row.raid}: warning of "
        return tuple(
            finding_cell(row.warning_s.get(uid), f"{what}{uid}, s", inputs, three_digits, "knows of none")
            for uid in units
        )

    return Table(
        folded=True,
        heading="Warning of every fire unit",
        caption=f"Seconds from knowing a target, identified, to its path's end; mean over targets. {INTERVAL_WORDS}",
        columns=("Variant", *units),
        rows=banded(
            (title, [TableRow(titles[row.laydown], cells(row)) for row in result.rows if row.raid == raid])
            for raid, title in result.raids.items()
        ),
        sources=_behind(result),
    )


def _sweep(result: NetworkResult, *, from_first: bool) -> Table:
    """Tell identification swept: the counts, or their differences from the variant without links."""
    inputs, titles, compared = _inputs(result), _titles(result), changed_measures()
    first = result.variants[0].id
    shown = [s for s in result.sweeps if not from_first or s.laydown != first]

    def row(s: NetworkSweep) -> TableRow:
        value = f"{three_digits(s.value)} s" if s.unit == "s" else percent(s.value)
        found = s.less_first_variant if from_first else s.values
        what = f"{titles[s.laydown]}, {s.label} {value}: "
        cells = tuple(
            finding_cell(
                found[said.name], what + said.heads[CHANGES], inputs, WRITTEN.get(said.form, three_digits), said.none
            )
            for said in compared
        )
        return TableRow(value, cells, note=titles[s.laydown])

    labels = dict.fromkeys((s.setting, s.label) for s in shown)
    heading = "If identification were slower, or wrong more often"
    return Table(
        folded=from_first,
        heading=f"{heading}: what the links change" if from_first else heading,
        caption=("Differences per raid, " + titles[shown[-1].laydown].lower() + " less alone. " if from_first and shown
                 else "Counts per raid. ") + INTERVAL_WORDS,
        columns=("Held at", *map(_column, compared)),
        rows=banded(
            (sentence(label).rstrip("."), [row(s) for s in shown if s.setting == key]) for key, label in labels
        ),
        note=f"Raid {result.sweep_raid}: {result.raids.get(result.sweep_raid, '')}. One assumption is held at its "
        "least, nominal and greatest value, everything else stays as drawn."
        + (f" {PAIRED}" if from_first else ""),
        sources=_behind(result),
    )  # fmt: skip
