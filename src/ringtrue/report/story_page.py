"""The page of the story: each question with its command, its answer and one picture, as Markdown and SVG."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringtrue.report.chart import key_height_in, key_line, looks
from ringtrue.report.drawing import Drawing, wrapped
from ringtrue.report.plot import Plot, round_ticks
from ringtrue.report.style import INK, RULE, SOFT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringtrue.finding import Finding
    from ringtrue.studies.story import Told

WIDTH_IN, NAMES_IN, LINE_IN = 7.2, 2.3, 0.17
EDGE_SHARE = 0.03  # of the axis, free beyond the last end of an interval
HEAD = """# The story, question by question

Five news reports of 2018 to 2023 on one arms deal made this program. Below: what a reader would ask, and what public
figures answer. **This page is written by the program** (`docs/build_story.py`); a test rebuilds it and compares. Square
brackets hold 5 to 95 % of draws, over figures that nobody published for certain; behind a share of draws they hold
what other samples of as many draws would give. *Assumed* is the part of a spread that goes with assumed or estimated
figures. The command below an answer shows it with all that belongs to it. Airport coordinates stand for unknown
positions; raids and flights are assumptions.
"""


def story_markdown(story: Sequence[Told], folder: str) -> str:
    """Return the page; its pictures lie in ``folder`` beside it."""
    parts = (
        f"## {told.question}\n\n{told.answer}\n\n    {told.command}\n\n![{told.question}]({folder}/{told.id}.svg)\n"
        for told in story
    )
    return "\n".join((HEAD, *parts))


def source_words(told: Told) -> str:
    """Say where the numbers of a picture come from and what its marks are."""
    is_raid = any(bar.found.one_raid is not None for bar in told.bars)
    thin = "; thin line: one raid" if is_raid else ""
    return (
        f"Mark: median; thick line: 5 to 95 % of draws{thin}; upright stroke: nominal case. Source: {told.command}, "
        f"seed {told.seed}, {told.n_draws} draws."
    )


def story_svg(told: Told) -> str:
    """Draw the findings of an answer: a row for each case, in it a line for each group, with unit and source."""
    groups = looks(bar.group for bar in told.bars)
    styles = [look._replace(label=f"{look.label}, {told.unit}") for look in groups.values()]
    rows = list(dict.fromkeys(bar.row for bar in told.bars))
    per_row = {row: [bar for bar in told.bars if bar.row == row] for row in rows}
    heights = [LINE_IN * len(per_row[row]) + 0.12 for row in rows]
    head_in = key_height_in(styles, WIDTH_IN) + 0.04
    body_in = sum(heights)
    foot = wrapped(source_words(told), WIDTH_IN - 0.1, 7.4)
    foot_in = 0.135 * (1 + foot.count("\n")) + 0.08
    drawing = Drawing(WIDTH_IN, head_in + body_in + 0.48 + foot_in)
    ends = [value for bar in told.bars for value in (*(bar.found.one_raid or ()), bar.found.low, bar.found.high)]
    least, most = min(0.0, *ends), max(*ends, 0.0)
    room = EDGE_SHARE * (most - least) or 1.0
    least, most = least - (room if least < 0.0 else 0.0), most + room
    plot = Plot(drawing, NAMES_IN, head_in, WIDTH_IN - NAMES_IN - 0.15, body_in, (least, most), (body_in, 0.0))
    plot.bottom_axis(round_ticks(least, most), grid=True)
    plot.x_words(told.scale)
    y = 0.0
    for row, height in zip(rows, heights, strict=True):
        drawing.line([0.02, WIDTH_IN - 0.15], [head_in + y] * 2, RULE, 0.6)
        name = wrapped(row, NAMES_IN - 0.15, 7.8, most_lines=max(len(per_row[row]), 2))
        drawing.words(NAMES_IN - 0.07, head_in + y + height / 2, name, 7.8, colour=SOFT, anchor="end", level="middle")
        for i, bar in enumerate(per_row[row]):
            _bar(plot, y + 0.06 + LINE_IN * (i + 0.5), bar.found, groups[bar.group].colour, groups[bar.group].marker)
        y += height
    key_line(drawing, styles)
    drawing.words(0.02, head_in + body_in + 0.46, foot, 7.4, colour=SOFT, level="top")
    return drawing.svg() + "\n"


def _bar(plot: Plot, at: float, found: Finding, colour: str, marker: str) -> None:
    if found.one_raid is not None:
        plot.line(list(found.one_raid), [at, at], colour, 1.1, alpha=0.8)
    plot.line([found.low, found.high], [at, at], colour, 3.4, alpha=0.45)
    if found.nominal is not None:
        plot.line([found.nominal] * 2, [at - 0.06, at + 0.06], INK, 1.0)
    plot.mark(found.median, at, marker, 5.8, colour)
