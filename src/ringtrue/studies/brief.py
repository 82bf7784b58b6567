"""One screen of an answer: the answer first, one table, what decides, what a reader would miss.

What does not fit is left to ``--full`` and to the page, and the screen says how many lines that is.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ringtrue.finding import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringtrue.finding import Finding

MOST_LINES = 45
WIDTH = 80
LEAST_TABLE, LEAST_ROWS, LEAST_WARNINGS, MOST_ABOUT, MOST_DECIDES = 12, 6, 3, 5, 6


@dataclass(frozen=True)
class Brief:
    """What one screen shows.

    Attributes
    ----------
    answer : tuple of str
        The sentences with which the page begins too.
    about : str
        What was asked, on what ground, over how many draws; stands above the table.
    table : tuple of str
        Lines of one table, its head first.
    decides, warnings, closing : tuple of str
        Sentences; the closing ones are never cut.
    """

    answer: tuple[str, ...]
    about: str
    table: tuple[str, ...] = ()
    decides: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()


def brief_lines(brief: Brief, tail: Sequence[str] = (), *, width: int = WIDTH, most: int = MOST_LINES) -> list[str]:
    """Return a screen of at most ``most`` lines, ``tail`` (a path is never broken) last.

    >>> brief_lines(Brief(("Nothing holds.",), "S-400 at Samsun", ("a  b", "1  2")), ["Report: here"])
    ['Nothing holds.', '', 'S-400 at Samsun', 'a  b', '1  2', 'Report: here']
    """
    answer = _wrapped(brief.answer, width)
    about = _cut(_wrapped([brief.about] if brief.about else [], width), MOST_ABOUT)
    decides = _cut(_wrapped(brief.decides, width), MOST_DECIDES)
    warnings = [line for text in dict.fromkeys(brief.warnings) for line in _item(text, width)]
    closing = _wrapped(brief.closing, width)
    table = list(brief.table)
    last = [line for text in tail for line in ([text] if text.startswith("Report: ") else _wrapped([text], width))]
    blanks = 1 + bool(decides) + bool(warnings) + bool(closing)

    def excess() -> int:
        return sum(map(len, (answer, about, decides, warnings, table, closing, last))) + blanks - most

    warnings = _cut(warnings, max(LEAST_WARNINGS, len(warnings) - excess()))
    short = excess() - max(len(table) - LEAST_TABLE, 0)
    answer = _cut(answer, max(LEAST_TABLE, len(answer) - max(short, 0)))
    table = _cut(table, max(LEAST_ROWS, len(table) - excess()))
    blocks = (answer, [*about, *table], decides, warnings, closing)
    lines = [line for block in blocks if block for line in (*block, "")]
    return [*lines[:-1], *last]


def _wrapped(texts: Sequence[str], width: int) -> list[str]:
    return [line for text in texts if text for line in whole_lines(text, width)]


def _item(text: str, width: int) -> list[str]:
    return whole_lines(text, width, "! ", "  ")


def whole_lines(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """Wrap a text between words: a number stays with its unit, a name with its hyphen.

    >>> whole_lines("seen by the S-400 in 12 % of draws", 12)
    ['seen by the', 'S-400 in', '12 % of', 'draws']
    """
    kept = re.sub(r"(?<=\d) (?=(?:%|km²|km2|m|km|s|M|k)(?:\W|$))", "\u00a0", text)
    lines = textwrap.wrap(kept, width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)
    return [line.replace("\u00a0", " ") for line in lines]


def _cut(lines: list[str], most: int) -> list[str]:
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], f"  ... {len(lines) - most + 1} more lines: --full, or the page"]


def shortened(text: str, width: int) -> str:
    """Return a text of at most so many characters, whole words of it, and a mark where some are left out.

    >>> shortened("F-16 (fourth-generation fighter)", 20), shortened("F-16", 20)
    ('F-16 …', 'F-16')
    """
    return textwrap.shorten(text, width, placeholder=" …", break_on_hyphens=False)


def row_lines(name: str, width: int, cells: str) -> list[str]:
    """Return a row of a table: its name in ``width`` characters, then its cells; a longer name has a line of its own.

    >>> row_lines("both", 6, "12"), row_lines("s-400-regiment", 6, "12")
    (['both  12'], ['s-400-regiment', '      12'])
    """
    return [f"{name:<{width}}{cells}"] if len(name) < width else [name, f"{'':<{width}}{cells}"]


def head_rows(heads: Sequence[str], width: int) -> list[tuple[str, ...]]:
    """Return the heads of columns in rows, a long one wrapped, all ending in the last row.

    >>> head_rows(["mixed-40", "drones-over-ankara"], 13)
    [('', 'drones-over-'), ('mixed-40', 'ankara')]
    """
    wrapped = [textwrap.wrap(head, width) or [""] for head in heads]
    depth = max(map(len, wrapped), default=1)
    return list(zip(*([""] * (depth - len(lines)) + lines for lines in wrapped), strict=True))


def grid(head: Sequence[str], rows: Sequence[Sequence[str]], *, width: int = WIDTH, name_width: int = 0) -> list[str]:
    """Return a table of at most ``width`` characters: names to the left, cells to the right, a long name in lines.

    Columns that find no room are left out, those of nothing but zeros before the others, the last ones first, and a
    line below says so. A row of one cell is a heading of those below it.

    >>> grid(["target", "seen", "engaged"], [["F-16", "2,400", "974"], ["bomber", "900", "none"]])
    ['target  seen engaged', 'F-16   2,400     974', 'bomber   900    none']
    >>> grid(["target", "seen"], [["at Samsun"], ["F-35 with reflectors", "900"]], width=22)
    ['target            seen', 'at Samsun', 'F-35 with          900', '  reflectors']
    >>> grid(["raid", "missed", "common", "no round"], [["swarm", "2.3", "0", "5.7"]], width=24)
    ['raid  missed no round', 'swarm    2.3      5.7', '  ... columns left out, see --full: common']
    """
    if not rows:
        return []
    full = [row for row in (head, *rows) if len(row) > 1]
    sizes = [max(len(row[i]) for row in full) + (1 if i else 0) for i in range(len(head))]
    sizes[0] = max(name_width, min(sizes[0], max(16, width - sum(sizes[1:]))))
    says = [any(row[i] != "0" for row in full[1:]) for i in range(len(head))]
    shown = list(range(len(head)))
    for i in sorted(shown[1:], key=lambda i: (says[i], -i)):
        if sum(sizes[j] for j in shown) > width:
            shown.remove(i)
    lines = []
    for row in (head, *rows):
        if len(row) == 1:
            lines += whole_lines(row[0], width)
            continue
        indent = " " * (len(row[0]) - len(row[0].lstrip()) + 2)
        name, *more = textwrap.wrap(row[0], sizes[0], subsequent_indent=indent) or [""]
        cells = (f"{row[i]:>{sizes[i]}}" for i in shown[1:])
        lines += [f"{name:<{sizes[0]}}{''.join(cells)}".rstrip(), *more]
    left_out = [said for i, said in enumerate(head) if i not in shown]
    if left_out:
        lines.append(f"  ... columns left out, see --full: {', '.join(left_out)}")
    return lines


def span(found: Finding | None, scale: float = 1.0, none: str = "none") -> str:
    """Return a finding for a cell: median [low to high]; a value that is the same in all draws alone.

    >>> from ringtrue.finding import Finding
    >>> span(Finding("x", "1", 0.01, 0.125, 0.5), 100.0), span(Finding("x", "1", 3.0, 3.0, 3.0)), span(None)
    ('12.5 [1 to 50]', '3', 'none')
    """
    if found is None:
        return none
    low, median, high = (plain(value * scale) for value in (found.low, found.median, found.high))
    if low == high == median:
        return median
    return f"{median} [{low} to {high}]"
