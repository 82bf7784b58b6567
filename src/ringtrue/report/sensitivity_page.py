"""The page of a sensitivity study: which unknown moves an answer, and what each source makes of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ringtrue.answer import columns_in
from ringtrue.report.cells import PARAMETER_NOTE, by_unit, caveat_sections, figures_behind, finding_cell
from ringtrue.report.chart import Look, chart_picture, is_narrow, key_height_in, key_line
from ringtrue.report.drawing import Drawing, wrapped
from ringtrue.report.html import write_page
from ringtrue.report.page import Answer, Cell, Fact, Figure, Page, Parameters, Prose, Section, Table, TableRow
from ringtrue.report.plot import Plot
from ringtrue.report.style import INK, RULE, SERIES, SOFT, sentence
from ringtrue.studies.doubt.records import PAGE
from ringtrue.studies.doubt.words import shown_rows, turn_words, value_words

if TYPE_CHECKING:
    from ringtrue.report.html import Again
    from ringtrue.report.page import Picture
    from ringtrue.studies.doubt.records import SensitivityResult, SensitivityRow

WITH_OTHERS = Look(SERIES[0], "", "share with others (bar), 5 to 95 % (line)")
ALONE = Look(SERIES[1], "D", "share alone")
OF_LUCK = Look(SOFT, "", "luck, of one raid")
NAME_PT, NAME_ROW_IN = 8.0, 0.26


def write_sensitivity_report(result: SensitivityResult, path: Path | str, again: Again | None = None) -> Path:
    """Write the study as one self-contained HTML file and return its path."""
    return write_page(sensitivity_page(result), Path(path), again)


def sensitivity_page(result: SensitivityResult) -> Page:
    """Return the page: the answer, the chart, the table, source by source, every figure."""
    inputs = tuple(p.id for p in result.parameters)
    value = result.value
    low, middle, high = (value_words(end, result.unit) for end in (value.low, value.median, value.high))
    facts = [Fact(middle, f"{result.label}; 5 to 95 % of draws: {low} to {high}", inputs)]
    top = result.rows[0]
    facts.append(Fact(_percent(top.total), f"of its spread goes with: {top.unknown}", top.figures))
    if result.luck is not None:
        facts.append(Fact(_percent(result.luck), "of the spread of a single raid is luck", inputs))
    sections: list[Section] = [
        Answer(result.answer, tuple(facts)),
        *caveat_sections(result.caveats),
        *sensitivity_sections(result),
    ]
    sections += [
        Parameters(note=PARAMETER_NOTE),
    ]
    return Page(
        title=result.title,
        kicker="Sensitivity · what would change the answer",
        sections=tuple(sections),
        parameters=result.parameters,
        sources=result.printed_by,
        manifest=(
            *result.header.manifest(), ("finding", result.finding), ("base points", f"{result.n_points:,}"),
            ("terrain", result.terrain),
        ),
        footer="Computed with RingTrue from open published figures. Data: elevation NOAA GLOBE.",
    )  # fmt: skip


def sensitivity_sections(result: SensitivityResult) -> list[Section]:
    """Return chart, table, and the answer source by source where sources part."""
    return [
        Figure(
            "What moves the answer",
            (shares_chart(result),),
            f"{result.label}. Bar: share of the variance that goes with an unknown and all that it has part in; line: "
            "its 5 to 95 %. Diamond: share alone. A bar much longer than its diamond acts together with others. "
            f"{'Grey: the part of a single raid that is luck. ' if result.luck is not None else ''}"
            f"{result.header.n_draws:,} draws.",
            _sources(result),
        ),
        _table(result),
        *_source_by_source(result),
    ]


def shares_chart(result: SensitivityResult) -> Picture:
    """Draw the largest unknowns, one below another: total share as a bar, first-order share as a mark."""
    rows = shown_rows(result)
    key = [WITH_OTHERS, ALONE, *([OF_LUCK] if result.luck is not None else [])]

    def draw(width_in: float) -> Drawing:
        narrow = is_narrow(width_in)
        left_in = 1.5 if narrow else 3.0
        size = 7.2 if narrow else NAME_PT
        names = [wrapped(_name(row), left_in - 0.14, size) for row in rows]
        heights = [max(NAME_ROW_IN, 0.04 + 0.135 * (1 + name.count("\n"))) for name in names]
        head_in = key_height_in(key, width_in) + 0.08
        drawing = Drawing(width_in, head_in + sum(heights) + 0.46)
        key_line(drawing, key)
        plot = Plot(drawing, left_in, head_in, width_in - left_in - 0.25, sum(heights), (0.0, 1.0), (sum(heights), 0.0))
        steps = (0, 25, 50, 75, 100) if narrow else (0, 20, 40, 60, 80, 100)
        plot.bottom_axis([(p / 100.0, f"{p} %") for p in steps], grid=True)
        down = 0.0
        for row, name, height in zip(rows, names, heights, strict=True):
            middle = down + height / 2.0
            _bar(plot, row, middle)
            lines = name.split("\n")
            for i, line in enumerate(lines):
                y = head_in + middle + 0.125 * (i - (len(lines) - 1) / 2.0)
                drawing.words(left_in - 0.08, y, line, size, anchor="end", level="middle")
            down += height
            drawing.line([0.0, width_in - 0.25], [head_in + down] * 2, RULE, 0.3)
        drawing.words(left_in, drawing.height_in - 0.05, "of the spread of the answer", 8.0, colour=SOFT)
        return drawing

    return chart_picture(f"What moves the answer: {result.label}.", draw)


def _bar(plot: Plot, row: SensitivityRow, middle: float) -> None:
    half = 0.075
    value = row.one_raid if row.kind == "luck" else row.total
    end = min(max(value or 0.0, 0.0), 1.0)
    left, right = float(plot.x_in(0.0)), float(plot.x_in(end))
    top = plot.top_in + middle - half
    colour = OF_LUCK.colour if row.kind == "luck" else WITH_OTHERS.colour
    plot.drawing.box(left, top, right - left, 2 * half, colour, alpha=0.55 if row.kind != "luck" else 0.35)
    if row.kind == "luck":
        return
    ends = [min(max(x or 0.0, 0.0), 1.0) for x in (row.total_low, row.total_high)]
    plot.line(ends, [middle, middle], INK, 1.2)
    plot.mark(min(max(row.first or 0.0, 0.0), 1.0), middle, ALONE.marker, 5.6, ALONE.colour)


def _name(row: SensitivityRow) -> str:
    return f"{row.unknown}{' (assumed)' if row.is_assumed and row.kind != 'others' else ''}"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100.0 * min(max(share, 0.0), 1.0):.0f} %"


def _interval(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return ""
    return f"{100.0 * min(max(low, 0.0), 1.0):.0f} to {_percent(high)}"


def _table(result: SensitivityResult) -> Table:
    shown = columns_in(result.rows, PAGE)
    if result.luck is None:
        shown = tuple(said for said in shown if said.name != "one_raid")
    has_turn = any(row.turns_at is not None for row in result.rows)

    def cells(row: SensitivityRow) -> tuple[Cell, ...]:
        found = [
            Cell(
                _percent(getattr(row, said.name)),
                _interval(getattr(row, f"{said.name}_low", None), getattr(row, f"{said.name}_high", None)),
                row.figures, f"{row.unknown}: {said.label.lower()}",
            )
            for said in shown
        ]  # fmt: skip
        turn = [Cell(turn_words(row) or "–", "", row.figures, f"{row.unknown}: where the difference turns")]
        return (*found, *(turn if has_turn else []))

    return Table(
        heading="Every unknown",
        caption="Shares of the variance of the expected answer, 5 to 95 % below. Luck is taken out of all but the last "
        "row.",
        columns=("Unknown", *(said.heads[PAGE] for said in shown), *(["Turns at"] if has_turn else [])),
        rows=tuple(TableRow(_name(row), cells(row)) for row in result.rows),
        note="“In bins” is how every other study of the program estimates the share alone, from plain draws.",
        sources=_sources(result),
        folded=len(result.rows) > 30,
    )


def _source_by_source(result: SensitivityResult) -> list[Section]:
    if not result.sources:
        return []
    write = by_unit(result.unit)
    table = Table(
        heading="The same answer, source by source",
        caption=f"{result.label}: one source's own figures at a time in place of the pooled ones.",
        columns=("Source", "Kind", "The answer", "Less the pooled", "What it prints"),
        rows=tuple(
            TableRow(
                row.publisher,
                (
                    Cell(row.kind, numeric=False),
                    finding_cell(row.value, f"{row.publisher}: the answer", row.figures, write),
                    finding_cell(row.shift, f"{row.publisher}: less the pooled answer", row.figures, write),
                    Cell(sentence(row.says) if row.says else "–", numeric=False),
                ),
            )
            for row in result.sources
        ),
        note="Rival figures stand beside the drawn ones in the catalogue and are never pooled with them.",
        sources=_sources(result),
        is_wordy=True,
    )
    apart = [row for row in result.rivals if not row.can_both_be_right]
    items = tuple(
        f"{sentence(row.label).rstrip('.')}: {row.one_says} ({_printer(result, row.one)}) or {row.other_says} "
        f"({_printer(result, row.other)})."
        for row in apart
    )
    return [table, *([Prose("Which sources cannot both be right", (), items)] if items else [])]


def _printer(result: SensitivityResult, source: str) -> str:
    known = result.printed_by.get(source)
    return known.publisher if known is not None else source


def _sources(result: SensitivityResult) -> tuple[str, ...]:
    return (figures_behind(result.parameters, result.printed_by), f"terrain: {result.terrain}")
