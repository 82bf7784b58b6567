"""The page of the study of links: not joined against joined, the links inside each system, then every step."""

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
    caveat_sections,
    count_words,
    figures_behind,
    finding_cell,
    row_cells,
)
from ringtrue.report.chart import MARKS
from ringtrue.report.html import write_page
from ringtrue.report.network_section import PAIRED, link_table
from ringtrue.report.page import Answer, Cell, Fact, Figure, Page, Parameters, Prose, Table, TableRow
from ringtrue.report.raid_figures import bar_chart
from ringtrue.report.style import percent, sentence, three_digits
from ringtrue.sensing.assumed import assumed_sentence
from ringtrue.studies.network_records import LINKS, EarlyWarning, LateStart, NetworkRow, NetworkVariant
from ringtrue.studies.raid_rows import CHANGES, RaidRow, changed_measures

if TYPE_CHECKING:
    from ringtrue.answer import Measure
    from ringtrue.report.html import Again
    from ringtrue.report.page import Section
    from ringtrue.studies.network_records import NetworkPair, NetworkResult, NetworkSweep

LEAD = ("leakers", "double_engagements", "wasted_rounds", "friendly_engagements")
PAGE = "page"


def write_network_report(result: NetworkResult, path: Path | str, again: Again | None = None) -> Path:
    """Write the study as one self-contained HTML file and return its path."""
    return write_page(network_page(result), Path(path), again)


def network_page(result: NetworkResult) -> Page:
    """Return the page: answer, not joined and joined, the links inside, every variant, when, identification swept."""
    return Page(
        title=f"Not joined, and joined: {result.title}",
        kicker="Network · the same batteries, on the same raids and the same luck, with other links",
        sections=(
            _answer(result),
            *caveat_sections(result.caveats),
            *network_study_sections(result),
            _decides(result),
            Parameters(note=PARAMETER_NOTE),
            Prose(
                "What this does not know", (),
                tuple(dict.fromkeys((*result.pair_notes, *result.declared, *result.notes, *result.variant_notes)))
            ),
        ),
        parameters=result.parameters,
        sources=result.sources,
        manifest=(*result.header.manifest(), ("terrain", result.terrain)),
        footer="Computed with RingTrue from open published figures and declared assumptions.",
    )  # fmt: skip


def _decides(result: NetworkResult) -> Prose:
    assumed = assumed_sentence(result.assumed_share, result.header.n_draws, f"the {result.deciding.row}")
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
        _question(result),
        *_inside(result),
        _steps(result),
        _through(result),
        _counts(result),
        *_changes(result),
        _late(result),
        _warning(result),
        _unit_warning(result),
        _sweep(result, from_apart=False),
        _sweep(result, from_apart=True),
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


def _step_name(result: NetworkResult, before: str, after: str) -> str:
    """Return a pair by the numbers of its variants; that of the question says so."""
    place = {v.id: i for i, v in enumerate(result.variants, start=1)}
    is_question = (before, after) == (result.question.before, result.question.after)
    return f"{place[after]} less {place[before]}" + (", joined less not joined" if is_question else "")


def _step_row(result: NetworkResult, before: str, after: str, cells: tuple[Cell, ...]) -> TableRow:
    """Return a row of a step: its numbers, below them what the later variant is."""
    return TableRow(_step_name(result, before, after), cells, note=_titles(result)[after].partition(". ")[2])


def _answer(result: NetworkResult) -> Answer:
    """Give the pair of the question, in the raid that the sweeps take."""
    whole = result.changes_of(result.question, result.sweep_raid).values()
    facts = tuple(
        Fact(
            count_words(c.difference.median),
            f"{_words(c.measure)} per raid, joined less not joined; 5 to 95 %: "
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


def _question(result: NetworkResult) -> Table:
    """Tell the pair of the question: counts, then first shots and what is known."""
    return _pair_table(result, result.question, "Not joined, and joined")


def _inside(result: NetworkResult) -> list[Section]:
    """Tell, apart from the question, what the links that stay are worth; nothing where none stay."""
    return [
        _pair_table(result, pair, f"What the links of {pair.after} are worth") for pair in result.pairs_for("inside")
    ]


def _pair_table(result: NetworkResult, pair: NetworkPair, heading: str) -> Table:
    titles, inputs = _titles(result), _inputs(result)
    rows = {(row.laydown, row.raid): row for row in result.rows}

    def timed(raid: str) -> list[TableRow]:
        late, heard = result.timed(pair, raid)
        name = _step_name(result, pair.before, pair.after)
        found = ((late, "later_s"), (heard, "sooner_s"))
        cells = [row_cells(x, (measure_of(type(x), field),), f"{name}, {raid}: ", inputs)[0] for x, field in found]

        def share(value: float, words: str) -> Cell:
            return Cell(percent(value), words, inputs, f"{name}, {raid}: {words or 'known'}")

        shares = share(late.p_sooner, "of targets sooner"), share(heard.p_sooner, "of pairs sooner")
        known = (Cell("–"), Cell("–")), (share(heard.known_before, ""), share(heard.known_after, ""))
        notes = ("", "before and after: share of all pairs of fire unit and target that are known")
        return [
            TableRow(measure_of(type(x), field).label, (*ends, cell, sooner), note=note)
            for (x, field), cell, sooner, ends, note in zip(found, cells, shares, known, notes, strict=True)
        ]

    return link_table(
        heading, (f"Not joined: {titles[pair.before]}. Joined: {titles[pair.after]}.",),
        [c for raid in result.raids for c in result.changes_of(pair, raid).values()], result.raids,
        lambda name, raid: rows[name, raid], lambda row: row.leakers.inputs or inputs, _behind(result), timed,
    )  # fmt: skip


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
        heading="The variants",
        caption="Ordered pairs of fire units that are joined by each kind of link.",
        columns=("Variant", "Fire units", *(said.label for said in links)),
        rows=rows,
        note="The same batteries stand in the same places in every variant; only the links differ. Below, a pair is "
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
        "What gets through, variant by variant",
        (bar_chart("Targets that get through, raid by raid and variant by variant.", groups, "targets per raid", 1.0),),
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
        heading="Every variant in numbers",
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


def _changes(result: NetworkResult) -> list[Section]:
    """Tell the steps on the way of the question, one variant more each time; nothing where it is one step."""
    steps = [(pair.before, pair.after) for pair in result.pairs_for("step")]
    if not steps:
        return []
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

    return [Table(
        heading="What each link changes",
        caption=f"Differences per raid, with the shares of draws in which it is less and equal. {INTERVAL_WORDS}",
        columns=("Step", *map(_column, compared)),
        rows=banded(
            (title, [
                _step_row(result, a, b, tuple(cell(raid, a, b, said) for said in compared))
                for a, b in steps
            ])
            for raid, title in result.raids.items()
        ),
        note=PAIRED,
        sources=_behind(result),
    )]  # fmt: skip


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


def _sweep(result: NetworkResult, *, from_apart: bool) -> Table:
    """Tell identification swept: the counts, or the differences of joined from not joined."""
    inputs, titles, compared = _inputs(result), _titles(result), changed_measures()
    apart = result.question.before
    shown = [s for s in result.sweeps if not from_apart or s.laydown != apart]

    def row(s: NetworkSweep) -> TableRow:
        value = f"{three_digits(s.value)} s" if s.unit == "s" else percent(s.value)
        found = s.less_apart if from_apart else s.values
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
        folded=from_apart,
        heading=f"{heading}: what the links change" if from_apart else heading,
        caption=(f"Differences per raid, {titles[shown[-1].laydown]} less {titles[apart]}. " if from_apart and shown
                 else "Counts per raid. ") + INTERVAL_WORDS,
        columns=("Held at", *map(_column, compared)),
        rows=banded(
            (sentence(label).rstrip("."), [row(s) for s in shown if s.setting == key]) for key, label in labels
        ),
        note=f"Raid {result.sweep_raid}: {result.raids.get(result.sweep_raid, '')}. One assumption is held at its "
        "least, nominal and greatest value, everything else stays as drawn."
        + (f" {PAIRED}" if from_apart else ""),
        sources=_behind(result),
    )  # fmt: skip
