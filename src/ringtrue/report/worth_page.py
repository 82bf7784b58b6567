"""The page of what knowing is worth: three sentences, a chart to print, what could come to be known, every figure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ringtrue.finding import whole_percent
from ringtrue.report.cells import PARAMETER_NOTE, by_unit, figures_behind, finding_cell
from ringtrue.report.chart import Look, chart_picture, is_narrow, key_height_in, key_line
from ringtrue.report.drawing import LINE_HEIGHT, POINTS_PER_INCH, Drawing, wrapped
from ringtrue.report.html import write_page
from ringtrue.report.page import Answer, Cell, Fact, Figure, Page, Parameters, Prose, Table, TableRow
from ringtrue.report.plot import Plot, round_ticks
from ringtrue.report.style import RULE, SERIES, SOFT, sentence
from ringtrue.sensing.assumed import assumed_sentence
from ringtrue.studies.compare_answer import capital
from ringtrue.studies.doubt.worth_words import break_even_text, choice_words, share_text, worth_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ringtrue.report.html import Again
    from ringtrue.report.page import Picture
    from ringtrue.studies.doubt.worth_records import Estimate, WorthResult, WorthRow

NAME_PT, LEAST_ROW_IN = 8.6, 0.3
INSPECTED, ELSEWHERE, ALL = (
    Look(SERIES[1], "s", "an inspection of a system"),
    Look(SERIES[0], "D", "something else"),
    Look("#6b7276", "o", "everything but luck"),
)
BADGES = {"yes": "supported", "no": "", "cannot be told": "depends"}


def write_worth_report(result: WorthResult, path: Path | str, again: Again | None = None) -> Path:
    """Write the study as one self-contained HTML file and return its path."""
    return write_page(worth_page(result), Path(path), again)


def worth_page(result: WorthResult) -> Page:
    """Return the page: answer, charts, what could come to be known, every figure, how far it holds."""
    inputs = tuple(p.id for p in result.parameters)
    best = next(row for row in result.decision if row.laydown == result.today)
    return Page(
        title=f"What knowing would be worth: {result.title}",
        kicker="Worth · would an inspection change the choice?",
        sections=(
            Answer(
                result.answer,
                (
                    Fact(whole_percent(best.p_best), f"of draws: {result.names[result.today]} is the better", inputs),
                    Fact(
                        worth_text(result.perfect, result.unit),
                        f"{result.label.lower()} to be {_way(result)} by knowing everything but luck", inputs,
                    ),
                ),
            ),
            _doubt_figure(result),
            *_worth_figure(result),
            _options(result),
            _groups(result),
            _figures(result),
            Prose(
                "How far this holds",
                (assumed_sentence(result.assumed_share, result.header.n_draws, "the difference"),),
                (*result.notes, *result.declared),
            ),
            Parameters(note=PARAMETER_NOTE),
        ),
        parameters=result.parameters,
        sources=result.sources,
        manifest=(*result.header.manifest(), ("chosen by", result.by), ("terrain", result.terrain)),
        footer="Computed with RingTrue from open published figures and declared assumptions.",
    )  # fmt: skip


def _way(result: WorthResult) -> str:
    return "spared" if result.better == "less" else "gained"


def _behind(result: WorthResult) -> tuple[str, ...]:
    return (
        figures_behind(result.parameters, result.sources),
        f"terrain: {result.terrain}",
        "laydowns, raids and doctrine: declared assumptions of the scenario",
    )


def _look(row: WorthRow) -> Look:
    return ALL if row.kind == "everything" else INSPECTED if row.system else ELSEWHERE


def _doubt_figure(result: WorthResult) -> Figure:
    first = result.names[result.decision[0].laydown]
    rows = sorted(
        (row for row in result.groups if row.options), key=lambda row: (row.kind == "everything", -_first(row).value)
    )
    return Figure(
        f"How much of the doubt about {first} would go",
        (_estimates_chart(
            f"How much of the doubt about {first} would go, step by step.", rows, _first,
            f"% of the doubt about {result.label.lower()} with {first} that would go", 100.0, 100.0,
        ),),
        f"Doubt: width of the 5 to 95 % interval of {result.label.lower()} ({result.by}). Mark: what is expected to go "
        "once it is known; line: 5 to 95 % of resampled draws. What does not stand clear of chance is 0. "
        f"{result.header.n_draws:,} draws.",
        _behind(result),
    )  # fmt: skip


def _first(row: WorthRow) -> Estimate:
    """Return the shrinkage of the first option alone."""
    return row.options[0].shrinkage


def _worth_figure(result: WorthResult) -> list[Figure]:
    """Return the chart of worths; none where nothing is worth anything."""
    rows = sorted(
        (row for row in result.groups if row.streams), key=lambda row: (row.kind == "everything", -row.worth.value)
    )
    most = max((row.worth.high for row in rows), default=0.0)
    if most <= result.matters_from:
        return []
    scale, unit = (1e-6, "M ") if result.unit == "people" else (1.0, "")
    return [
        Figure(
            "What it would be worth for the choice",
            (_estimates_chart(
                f"What each step would be worth, in {result.label.lower()}.", rows, lambda row: row.worth,
                f"{unit}{result.label.lower()} {_way(result)} on average by choosing when it is known", scale,
                most * scale,
            ),),
            f"Between {' and '.join(result.names[row.laydown] for row in result.decision)}, by {result.by}. Mark: "
            f"expected gain; line: its 5 to 95 %. Less than {worth_text_of(result)} is said to change nothing.",
            _behind(result),
        )
    ]  # fmt: skip


def worth_text_of(result: WorthResult) -> str:
    """Return the worth from which a choice is said to change."""
    return by_unit(result.unit)(result.matters_from)


def _estimates_chart(
    alt: str, rows: Sequence[WorthRow], of: Callable[[WorthRow], Estimate], axis: str, scale: float, most: float
) -> Picture:
    """Draw one estimate of each row: a mark with its interval, its value written beside it."""
    key = list(dict.fromkeys(_look(row) for row in rows))

    def draw(width_in: float) -> Drawing:
        narrow = is_narrow(width_in)
        left_in, size = (1.55, 7.4) if narrow else (3.3, NAME_PT)
        names = [wrapped(capital(row.label), left_in - 0.12, size) for row in rows]
        heights = [
            max(LEAST_ROW_IN, LINE_HEIGHT * (1 + name.count("\n")) * size / POINTS_PER_INCH + 0.08) for name in names
        ]
        head_in = key_height_in(key, width_in) + 0.1
        title = wrapped(axis, width_in - 0.1, 8.0)
        foot_in = 0.36 + 0.13 * (1 + title.count("\n"))
        drawing = Drawing(width_in, head_in + sum(heights) + foot_in)
        key_line(drawing, key)
        plot = Plot(
            drawing, left_in, head_in, width_in - left_in - 0.3, sum(heights), (-0.01 * most, 1.08 * most),
            (sum(heights), 0.0),
        )  # fmt: skip
        plot.bottom_axis(round_ticks(0.0, most), grid=True)
        down = 0.0
        for row, name, height in zip(rows, names, heights, strict=True):
            look, one, middle = _look(row), of(row), down + height / 2.0
            plot.line([scale * one.low, scale * one.high], [middle, middle], look.colour, 3.2, alpha=0.45)
            plot.mark(scale * one.value, middle, look.marker, 6.2, look.colour)
            lines = name.split("\n")
            for i, line in enumerate(lines):
                y = head_in + middle + LINE_HEIGHT * size / POINTS_PER_INCH * (i - (len(lines) - 1) / 2.0)
                drawing.words(left_in - 0.1, y, line, size, anchor="end", level="middle")
            down += height
            drawing.line([0.0, width_in - 0.3], [head_in + down] * 2, RULE, 0.3)
        for i, line in enumerate(title.split("\n")):
            y = drawing.height_in - 0.05 - 0.13 * (title.count("\n") - i)
            drawing.words(0.02 if narrow else left_in, y, line, 8.0, colour=SOFT)
        return drawing

    return chart_picture(alt, draw)


def _options(result: WorthResult) -> Table:
    inputs = tuple(p.id for p in result.parameters)
    write = by_unit(result.unit)
    return Table(
        heading="What is chosen from",
        caption=f"{result.label}, {result.better} is better; {result.by}.",
        columns=("Option", "Median, 5 to 95 % of draws", "Mean", "Best in"),
        rows=tuple(
            TableRow(
                sentence(row.title).rstrip("."),
                (
                    finding_cell(row.value, f"{row.title}: {result.label.lower()}", inputs, write),
                    Cell(write(row.mean), "", inputs),
                    Cell(whole_percent(row.p_best), "", inputs),
                ),
            )
            for row in result.decision
        ),
        note=choice_words(result),
        sources=_behind(result),
    )


def _verdict_cell(row: WorthRow) -> Cell:
    return Cell(row.verdict, numeric=False, badge=BADGES[row.verdict])


def _split(text: str, row: WorthRow, what: str) -> Cell:
    """Return an estimate as a cell: the value, its interval below."""
    value, _, rest = text.partition(" [")
    return Cell(value, rest.rstrip("]"), row.figures, f"{capital(row.label)}: {what}")


def _groups(result: WorthResult) -> Table:
    names = [result.names[row.laydown] for row in result.decision]
    rows = []
    for row in result.groups:
        alone = (
            [
                _split(share_text(one.shrinkage), row, f"off {name}")
                for one, name in zip(row.options, names, strict=True)
            ]
            if row.options
            else []
        )
        shares = alone or [Cell("–") for _ in names]
        rows.append(
            TableRow(
                capital(row.label),
                (
                    *shares,
                    _split(share_text(row.shrinkage), row, "off the difference"),
                    _split(worth_text(row.worth, result.unit), row, "worth"),
                    _verdict_cell(row),
                ),
                note="" if row.streams else sentence(row.why),
            )
        )
    return Table(
        heading="If one could …",
        caption=f"Share of the doubt that goes, and {result.label.lower()} {_way(result)} by choosing knowingly.",
        columns=(
            "",
            *(f"Off the doubt: {name}" for name in names),
            "Off that of the difference",
            "Worth",
            "Changes it?",
        ),
        rows=tuple(rows),
        note="Groups overlap: a figure may be learned in several ways, so shares do not add up.",
        sources=_behind(result),
    )


def _figures(result: WorthResult) -> Table:
    return Table(
        heading="Figure by figure",
        caption="What was drawn together is known together.",
        columns=("Figure", "Off the doubt of the difference", "Worth", "Changes it?", "Options change places"),
        rows=tuple(
            TableRow(
                capital(row.label),
                (
                    _split(share_text(row.shrinkage), row, "off the difference"),
                    _split(worth_text(row.worth, result.unit), row, "worth"),
                    _verdict_cell(row),
                    Cell(break_even_text(row), "", row.figures),
                ),
            )
            for row in result.figures
        ),
        note="A category (which of the drawn grounds) has no value at which anything could turn.",
        sources=_behind(result),
        folded=True,
    )
