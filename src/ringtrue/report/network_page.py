"""The page of the cut-the-wire study: step by step from no link to all, paired on the same draws and the same luck."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ringtrue.report.audit_words import interval_words
from ringtrue.report.cells import PARAMETER_NOTE, banded, count_words, figures_behind, finding_cell
from ringtrue.report.compare_tables import INTERVAL_WORDS, money
from ringtrue.report.html import write_page
from ringtrue.report.page import Answer, Cell, Fact, Figure, Page, Parameters, Prose, Table, TableRow
from ringtrue.report.raid_figures import bar_chart
from ringtrue.report.style import percent, sentence, three_digits
from ringtrue.sensing.assumed import assumed_sentence
from ringtrue.studies.network_records import MEASURES

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringtrue.finding import Finding
    from ringtrue.report.page import Section
    from ringtrue.studies.network_records import NetworkResult, NetworkRow, NetworkSweep

LEAD = ("leakers", "double engagements", "wasted rounds", "friendly engagements")
WORDS = {
    "leakers": "targets that get through",
    "rounds_fired": "rounds fired",
    "double engagements": "double engagements",
    "wasted rounds": "wasted rounds",
    "first_fire_s": "first launch of all, s",
    "friendly engagements": "friendly aircraft fired at",
    "friendly kills": "friendly aircraft hit",
}
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
                "What this does not know", (), tuple(dict.fromkeys((*result.declared, *result.notes))),
                code=f"ringtrue network {result.name} --seed {result.seed} --draws {result.n_draws} "
                f"--replications {result.n_replications}",
            ),
        ),
        parameters=result.parameters,
        sources=result.sources,
        manifest=(
            ("seed", str(result.seed)), ("draws", f"{result.n_draws:,}"),
            ("replications", f"{result.n_replications:,}"), ("scenario", result.scenario_hash[:16]),
            ("catalogue", result.catalogue_hash[:16]), ("terrain", result.terrain),
        ),
        footer="Computed with RingTrue from open published figures and declared assumptions.",
    )  # fmt: skip


def _decides(result: NetworkResult) -> Prose:
    assumed = assumed_sentence(result.assumed_share, result.n_draws, f"the spread of the {result.deciding_row}")
    return Prose(
        "Which unknown decides",
        (f"{sentence(result.deciding_row)} {sentence(result.deciding.sentence)} {assumed}",),
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
            f"{WORDS[c.measure]} per raid, all joined less all alone; 5 to 95 %: "
            f"{interval_words(c.difference, count_words)}; fewer in {percent(c.p_less)} of draws",
            c.difference.inputs or _inputs(result),
        )
        for c in whole
        if c.measure in LEAD
    )
    return Answer((result.answer, *result.variant_notes), facts)


LINK_WORDS = ("Share tracks", "Coordinate fire", "Identify for each other", "Fire on a shared track")


def _steps(result: NetworkResult) -> Table:
    titles = _titles(result)
    rows = tuple(
        TableRow(
            titles[v.id],
            tuple(Cell(str(n)) for n in (v.n_units, *v.n_links)),
        )
        for v in result.variants
    )
    return Table(
        heading="The steps",
        caption="Ordered pairs of fire units that are joined by each kind of link.",
        columns=("Variant", "Fire units", *LINK_WORDS),
        rows=rows,
        note="The same batteries stand in the same places in every variant; only the links differ. Below, a step is "
        "named by the numbers of its variants.",
        sources=("scenario (declared)",),
    )


def _through(result: NetworkResult) -> Figure:
    titles = _titles(result)
    groups = [
        (f"{raid}: {title}", [(titles[row.variant], row.leakers) for row in result.rows if row.raid == raid])
        for raid, title in result.raids.items()
    ]
    return Figure(
        "What gets through, step by step",
        (bar_chart("Targets that get through, raid by raid and step by step.", groups, "targets per raid", 1.0),),
        f"Mark: median; line: 5 to 95 % of {result.n_draws:,} draws of the mean over {result.n_replications:,} raids. "
        "Overlapping lines may still differ draw by draw: the differences stand below. Flight heights are those of the "
        "scenario.",
        _behind(result),
    )


def _counts(result: NetworkResult) -> Table:
    inputs, titles = _inputs(result), _titles(result)

    def cells(row: NetworkRow) -> tuple[Cell, ...]:
        what = f"{titles[row.variant]}, {row.raid}: "
        found: list[tuple[str, Finding | None, Callable[[float], str], str]] = [
            ("leakers", row.leakers, count_words, "–"),
            ("rounds_fired", row.rounds_fired, count_words, "–"),
            ("double engagements", row.double_engagements, count_words, "–"),
            ("wasted rounds", row.wasted_rounds, count_words, "–"),
            ("first_fire_s", row.first_fire_s, three_digits, "never"),
            ("friendly engagements", row.friendly_engagements, count_words, "–"),
            ("friendly kills", row.friendly_kills, count_words, "–"),
        ]
        return (
            *(finding_cell(f, what + WORDS[name], inputs, write, none) for name, f, write, none in found),
            finding_cell(row.cost_defender_usd, what + "cost of the rounds", inputs, money),
            Cell(percent(row.noise_share), "", inputs, what + "share of luck in the variance between draws"),
        )

    return Table(
        heading="Every step in numbers",
        caption=f"Counts per raid. {INTERVAL_WORDS}",
        columns=("Variant", *(_column(name) for name in MEASURES), "Cost of the rounds", "Luck left in the spread"),
        rows=banded(
            (f"{title}: {_n_targets(result, raid)} targets", [
                TableRow(titles[row.variant], cells(row)) for row in result.rows if row.raid == raid
            ])
            for raid, title in result.raids.items()
        ),
        note="A click on a number lists the figures it came from. First launch: seconds since the start of the raid, "
        "at a friend too.",
        sources=_behind(result),
    )  # fmt: skip


def _n_targets(result: NetworkResult, raid: str) -> int:
    return next(row.n_targets for row in result.rows if row.raid == raid)


def _column(measure: str) -> str:
    return WORDS[measure][:1].upper() + WORDS[measure][1:]


def _changes(result: NetworkResult) -> Table:
    inputs = _inputs(result)
    found = {(c.raid, c.before, c.after, c.measure): c for c in result.changes}

    def cell(raid: str, before: str, after: str, measure: str) -> Cell:
        change = found[raid, before, after, measure]
        what = f"{_step_name(result, before, after)}, {raid}: {WORDS[measure]}"
        write = three_digits if change.unit == "s" else count_words
        plain = finding_cell(change.difference, what, inputs, write)
        shares = f"less {percent(change.p_less)}\nequal {percent(change.p_equal)}"
        lines = "\n".join(part for part in (plain.interval, shares) if part)
        return Cell(plain.text, lines, plain.inputs, plain.what)

    return Table(
        heading="What each link changes",
        caption=f"Differences per raid, with the shares of draws in which it is less and equal. {INTERVAL_WORDS}",
        columns=("Step", *(_column(name) for name in MEASURES)),
        rows=banded(
            (title, [
                _step_row(result, a, b, tuple(cell(raid, a, b, name) for name in MEASURES))
                for a, b in _pairs(result)
            ])
            for raid, title in result.raids.items()
        ),
        note=PAIRED,
        sources=_behind(result),
    )  # fmt: skip


def _late(result: NetworkResult) -> Table:
    inputs = _inputs(result)
    rows = []
    for raid, title in result.raids.items():
        some = []
        for x in (x for x in result.late_starts if x.raid == raid):
            what = f"{_step_name(result, x.before, x.after)}, {raid}: first shot at a target, s later"
            cells = (
                finding_cell(x.later_s, what, inputs, three_digits),
                *(Cell(percent(share), "", inputs, what) for share in (x.p_later, x.p_sooner, x.share_in_both)),
            )
            some.append(_step_row(result, x.before, x.after, cells))
        rows.append((title, some))
    return Table(
        heading="When the first shot at a target is fired",
        caption=f"Seconds later, mean over targets fired at in both variants. {INTERVAL_WORDS}",
        columns=("Step", "Later by, s", "Targets shot at later", "Targets shot at sooner", "Fired at in both"),
        rows=banded(rows),
        note=f"{PAIRED} The last column: share of the targets fired at in either variant.",
        sources=_behind(result),
    )


def _warning(result: NetworkResult) -> Table:
    inputs = _inputs(result)
    rows = []
    for raid, title in result.raids.items():
        some = []
        for x in (x for x in result.warnings if x.raid == raid):
            what = f"{_step_name(result, x.before, x.after)}, {raid}: a fire unit knows of a target, s sooner"
            shares = (x.p_sooner, x.p_later, x.known_before, x.known_after)
            cells = (
                finding_cell(x.sooner_s, what, inputs, three_digits),
                *(Cell(percent(share), "", inputs, what) for share in shares),
            )
            some.append(_step_row(result, x.before, x.after, cells))
        rows.append((title, some))
    return Table(
        heading="When a fire unit knows of a target",
        caption=f"Seconds sooner, for pairs of fire unit and target known and identified in both. {INTERVAL_WORDS}",
        columns=("Step", "Sooner by, s", "Pairs sooner", "Pairs later", "Pairs known before", "Pairs known after"),
        rows=banded(rows),
        note="Draw by draw, on the same draws and the same luck. The last columns: shares of all pairs of fire unit "
        "and target.",
        sources=_behind(result),
    )


def _unit_warning(result: NetworkResult) -> Table:
    inputs, titles = _inputs(result), _titles(result)
    units = list(dict.fromkeys(uid for row in result.rows for uid in row.warning_s))

    def cells(row: NetworkRow) -> tuple[Cell, ...]:
        what = f"{titles[row.variant]}, {row.raid}: warning of "
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
            (title, [TableRow(titles[row.variant], cells(row)) for row in result.rows if row.raid == raid])
            for raid, title in result.raids.items()
        ),
        sources=_behind(result),
    )


def _sweep(result: NetworkResult, *, from_first: bool) -> Table:
    """Tell identification swept: the counts, or their differences from the variant without links."""
    inputs, titles = _inputs(result), _titles(result)
    first = result.variants[0].id
    shown = [s for s in result.sweeps if not from_first or s.variant != first]

    def row(s: NetworkSweep) -> TableRow:
        value = f"{three_digits(s.value)} s" if s.unit == "s" else percent(s.value)
        found = s.from_first if from_first else s.values
        cells = tuple(
            finding_cell(
                found[name], f"{titles[s.variant]}, {s.label} {value}: {WORDS[name]}", inputs,
                three_digits if unit == "s" else count_words,
            )
            for name, (_, unit) in MEASURES.items()
        )  # fmt: skip
        return TableRow(value, cells, note=titles[s.variant])

    labels = dict.fromkeys((s.setting, s.label) for s in shown)
    heading = "If identification were slower, or wrong more often"
    return Table(
        folded=from_first,
        heading=f"{heading}: what the links change" if from_first else heading,
        caption=("Differences per raid, " + titles[shown[-1].variant].lower() + " less alone. " if from_first and shown
                 else "Counts per raid. ") + INTERVAL_WORDS,
        columns=("Held at", *(_column(name) for name in MEASURES)),
        rows=banded(
            (sentence(label).rstrip("."), [row(s) for s in shown if s.setting == key]) for key, label in labels
        ),
        note=f"Raid {result.sweep_raid}: {result.raids.get(result.sweep_raid, '')}. One assumption is held at its "
        "least, nominal and greatest value, everything else stays as drawn."
        + (f" {PAIRED}" if from_first else ""),
        sources=_behind(result),
    )  # fmt: skip
