"""What it costs not to be joined as text of 80 columns, one screen: the answer, the pair of the question, the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringtrue.answer import columns_of
from ringtrue.finding import plain, settled, whole_percent
from ringtrue.sensing.assumed import assumed_sentence
from ringtrue.studies.brief import head_rows, whole_lines
from ringtrue.studies.network_records import EarlyWarning, LateStart, NetworkRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ringtrue.answer import Measure
    from ringtrue.finding import Finding
    from ringtrue.studies.network_records import NetworkPair, NetworkResult

TERMINAL, NAME_WIDTH, COLUMN = "terminal", 24, 14


def network_lines(result: NetworkResult, width: int = 80) -> list[str]:
    """Return the study as text: the answer, not joined against joined, the links inside, what the numbers hang on.

    Counts of every variant, the steps between and identification swept stand in the page and in the JSON.
    """
    head = result.header
    lines = [
        *whole_lines(f"{result.title}: not joined, and joined", width),
        f"{result.terrain}; {head.n_draws} draws, {head.n_replications} replications; median, 5 to 95 % of draws",
        "",
        *whole_lines(result.answer, width),
        "",
        *_wrapped(_variant_words(result), width),
    ]
    question = result.question
    per_block = max((width - NAME_WIDTH) // COLUMN, 1)
    raids = list(result.raids)
    for start in range(0, len(raids), per_block):
        shown = raids[start : start + per_block]
        *above, last = head_rows(shown, COLUMN - 1)
        lines += ["", *(_row("", row) for row in above), _row("not joined → joined", last)]
        lines += _question_rows(result, question, shown)
        for pair in result.pairs_for("inside"):
            lines += ["", *whole_lines(pair.text, width), *_inside_rows(result, pair, shown)]
    lines += ["", *_wrapped((*result.caveats, *question.notes, *result.variant_notes), width)]
    words = assumed_sentence(result.assumed_share, head.n_draws, "that")
    lines += whole_lines(f"Of the {result.deciding.row}: {result.deciding.sentence}. {words}", width)
    return [*lines, "The rest (every variant, steps, identification swept, notes): page and --json."]


def _wrapped(items: Iterable[str], width: int) -> list[str]:
    return [line for item in items for line in whole_lines(item, width, rest="  ")]


def _row(name: str, cells: Iterable[str]) -> str:
    return f"{name:<{NAME_WIDTH}}" + "".join(cell.rjust(COLUMN) for cell in cells)


def _variant_words(result: NetworkResult) -> list[str]:
    """Say what the links of the variants of the question are."""
    shown = (result.question.before, result.question.after)
    return [f"{v.id}: {v.title}" for name in shown for v in result.variants if v.id == name]


def _counts(result: NetworkResult) -> list[Measure]:
    """Return the counts that are shown: of friends only where one flies."""
    return [said for said in columns_of(NetworkRow, TERMINAL) if result.has_friends or "friend" not in said.name]


def _question_rows(result: NetworkResult, pair: NetworkPair, raids: Sequence[str]) -> list[str]:
    """Lines of every count, not joined and joined, and of their difference; then first shots and what is known."""
    rows = {(row.laydown, row.raid): row for row in result.rows}
    lines = []
    for said in _counts(result):
        ends = [[getattr(rows[name, raid], said.name) for raid in raids] for name in (pair.before, pair.after)]
        found = [result.changes_of(pair, raid)[said.name].difference for raid in raids]
        both = (f"{_middle(a)} → {_middle(b)}" for a, b in zip(*ends, strict=True))
        lines += [_row(said.heads[TERMINAL], both), *_difference("  difference", found)]
    late, heard = zip(*(result.timed(pair, raid) for raid in raids), strict=True)
    lines += _difference(columns_of(LateStart, TERMINAL)[0].heads[TERMINAL], [x.later_s for x in late])
    lines += _difference(columns_of(EarlyWarning, TERMINAL)[0].heads[TERMINAL], [x.sooner_s for x in heard])
    known = (f"{whole_percent(x.known_before)} → {whole_percent(x.known_after)}" for x in heard)
    return [*lines, _row("targets known to a unit", known)]


def _inside_rows(result: NetworkResult, pair: NetworkPair, raids: Sequence[str]) -> list[str]:
    """Lines of the middle difference of every count, and of first shots."""
    lines = [
        _row(said.heads[TERMINAL], (_middle(result.changes_of(pair, raid)[said.name].difference) for raid in raids))
        for said in _counts(result)
    ]
    late = [result.timed(pair, raid)[0] for raid in raids]
    return [*lines, _row(columns_of(LateStart, TERMINAL)[0].heads[TERMINAL], (_middle(x.later_s) for x in late))]


def _difference(name: str, found: Sequence[Finding | None]) -> list[str]:
    """Lines of a difference: its median; its interval, unless it is one number everywhere."""
    lines = [_row(name, map(_middle, found))]
    if any(one is not None and one.low < one.high for one in found):
        lines.append(_row("    5 to 95 %", map(_ends, found)))
    return lines


def _middle(found: Finding | None) -> str:
    return "none" if found is None else plain(found.median)


def _ends(found: Finding | None) -> str:
    """Return the interval in at most thirteen characters, that of a count without ends that are nearly nothing.

    >>> from ringtrue.finding import Finding
    >>> _ends(Finding("x", "1", -0.0157, 0.05, 0.181)), _ends(Finding("x", "1", 0.0, 0.0, 0.0))
    ('-0.02 to 0.2', 'always')
    """
    if found is None:
        return ""
    found = settled(found) if found.unit == "1" else found
    if found.low == found.high:
        return "always"
    wide = (f"{plain(found.low, n)} to {plain(found.high, n)}" for n in (2, 1))
    return next((text for text in wide if len(text) < COLUMN), f"{found.low:.0g} to {found.high:.0g}")
