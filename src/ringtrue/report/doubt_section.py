"""The block of a page that says what would change its answer: shares of the spread, rival figures, how to ask on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ringtrue.report.chart import chart_picture, is_narrow
from ringtrue.report.drawing import Drawing, wrapped
from ringtrue.report.page import Figure, Prose, Section
from ringtrue.report.plot import Plot
from ringtrue.report.style import INK, RULE, SERIES, SOFT, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringtrue.report.page import Picture
    from ringtrue.sensing.deciding import Share
    from ringtrue.studies.doubt.records import RivalRow

HEADING = "What would change this answer"
MOST_SHARES, LEAST_SHARE = 6, 0.01
MOST_RIVALS = 8


@dataclass(frozen=True)
class AskOn:
    """What a page knows beside its answer: figures that another source prints otherwise, and commands that ask on."""

    rivals: tuple[RivalRow, ...] = ()
    publishers: tuple[tuple[str, str], ...] = ()  # key of a source, who published it
    commands: tuple[str, ...] = ()


def doubt_sections(
    shares: Sequence[tuple[str, Sequence[Share]]], ask_on: AskOn | None, sources: tuple[str, ...]
) -> list[Section]:
    """Return the block: a chart of shares for each answer (its name and its shares), then rivals and commands.

    Nothing where there is neither a share of note nor anything to ask.
    """
    shown = [(name, [s for s in found[:MOST_SHARES] if s.share >= LEAST_SHARE]) for name, found in shares]
    shown = [(name, found) for name, found in shown if found]
    sections: list[Section] = []
    if shown:
        sections.append(
            Figure(
                HEADING,
                (shares_chart(shown),),
                "Share of the spread of the answer that goes with one unknown alone; line: 5 to 95 %. Knowing it would "
                "take so much off the spread, on the average; what unknowns do together is not in it.",
                sources,
            )
        )
    asked = ask_on or AskOn()
    apart = [row for row in asked.rivals if not row.can_both_be_right]
    if apart or asked.commands:
        sections.append(_ask_on(asked, apart, "Who says otherwise, and how to ask on" if shown else HEADING))
    return sections


def _ask_on(asked: AskOn, apart: Sequence[RivalRow], heading: str) -> Prose:
    publishers = dict(asked.publishers)
    items = [
        f"{sentence(row.label).rstrip('.')}: {row.one_says} ({publishers.get(row.one, row.one)}), not "
        f"{row.other_says} ({publishers.get(row.other, row.other)})."
        for row in apart
    ]
    more = [f"And {len(items) - MOST_RIVALS} more."] if len(items) > MOST_RIVALS else []
    said = []
    if asked.commands:
        said.append(
            "The command below tells what each unknown does together with others and by luck, and gives the answer "
            "source by source."
        )
    if items:
        said.append("Figures behind this answer that another source prints otherwise, so that both cannot be right:")
    return Prose(heading, tuple(said), tuple(items[:MOST_RIVALS] + more), "\n".join(asked.commands))


def shares_chart(shares: Sequence[tuple[str, Sequence[Share]]]) -> Picture:
    """Draw shares of the spread as bars with their intervals, one answer below another."""

    def draw(width_in: float) -> Drawing:
        narrow = is_narrow(width_in)
        left_in, size = (1.5, 7.2) if narrow else (3.0, 8.0)
        rows = [
            (wrapped(share.name, left_in - 0.14, size), share, name if i == 0 and len(shares) > 1 else "")
            for name, found in shares
            for i, share in enumerate(found)
        ]
        titles = [wrapped(title, width_in - 0.1, 8.4, bold=True) if title else "" for _, _, title in rows]
        heads = [0.12 + 0.14 * (1 + title.count("\n")) if title else 0.0 for title in titles]
        heights = [max(0.26, 0.04 + 0.135 * (1 + name.count("\n"))) for name, _, _ in rows]
        whole = sum(heads) + sum(heights)
        drawing = Drawing(width_in, whole + 0.56)
        plot = Plot(drawing, left_in, 0.06, width_in - left_in - 0.25, whole, (0.0, 1.0), (whole, 0.0))
        steps = (0, 25, 50, 75, 100) if narrow else (0, 20, 40, 60, 80, 100)
        plot.bottom_axis([(p / 100.0, f"{p} %") for p in steps], grid=True)
        down = 0.0
        for (name, share, _), title, head, height in zip(rows, titles, heads, heights, strict=True):
            if title:
                drawing.words(0.02, plot.top_in + down + head - 0.05, title, 8.4, bold=True)
            down += head
            middle = down + height / 2.0
            left, right = float(plot.x_in(0.0)), float(plot.x_in(share.share))
            drawing.box(left, plot.top_in + middle - 0.075, right - left, 0.15, SERIES[0], alpha=0.55)
            plot.line([share.low, share.high], [middle, middle], INK, 1.2)
            lines = name.split("\n")
            for i, line in enumerate(lines):
                y = plot.top_in + middle + 0.125 * (i - (len(lines) - 1) / 2.0)
                drawing.words(left_in - 0.08, y, line, size, anchor="end", level="middle")
            down += height
            drawing.line([0.0, width_in - 0.25], [plot.top_in + down] * 2, RULE, 0.3)
        drawing.words(left_in, drawing.height_in - 0.05, "of the spread of the answer", 8.0, colour=SOFT)
        return drawing

    return chart_picture("Shares of the spread of the answer, unknown by unknown.", draw)
