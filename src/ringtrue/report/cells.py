"""Cells and lines that the pages of all studies share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, get_origin

from ringtrue.finding import Finding, plain, settled
from ringtrue.report.audit_words import one_raid_words, spread_lines
from ringtrue.report.page import Cell, Prose, TableRow
from ringtrue.report.style import percent, three_digits, two_digits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ringtrue.answer import Measure
    from ringtrue.catalogue.records import Parameter, Source

MOST_PUBLISHERS = 6
BELOW = "the nominal case (every figure at its nominal value)"
INTERVAL_WORDS = f"Median; below it 5 to 95 % of draws, and {BELOW}."
NOT_LIKE_FOR_LIKE_SHORT = "not like for like"
PARAMETER_NOTE = (
    "Assumptions come first. “Published” was read at the source, “via” quotes a source through another, “derived” "
    "follows from published figures by arithmetic, “estimate” is a third party’s guess."
)


def caveat_sections(texts: Iterable[str]) -> list[Prose]:
    """Return what a reader would miss as the section that follows the answer; none where there is nothing."""
    items = tuple(dict.fromkeys(text for text in texts if text))
    return [Prose("Before you quote it", (), items)] if items else []


def finding_cell(
    found: Finding | None,
    what: str,
    inputs: Sequence[str] = (),
    write: Callable[[float], str] = three_digits,
    none: str = "–",
    warning: str = "",
) -> Cell:
    """Return a cell with the median, below it interval, nominal case and one raid if known, and the figures behind it.

    Parameters
    ----------
    inputs : sequence of str
        Parameters, where the finding itself names none.
    """
    if found is None:
        return Cell(none)
    lines = spread_lines(settled(found) if write is count_words else found, write)
    if found.one_raid is not None:
        lines.append(f"one raid: {one_raid_words(found, write)}")
    return Cell(write(found.median), "\n".join(lines), found.inputs or tuple(inputs), what, warning=warning)


def measure_cell(row: Any, said: Measure, what: str, inputs: Sequence[str] = ()) -> Cell:
    """Return the cell of one measure of a row: a finding with its interval, or a number; ``what`` leads its label."""
    return _value_cell(getattr(row, said.name), said, what, inputs, none=said.none)


def row_cells(
    row: Any, columns: Iterable[Measure], what: str, inputs: Sequence[str] = (), within: Sequence[Any] = ()
) -> tuple[Cell, ...]:
    """Return the cells of one row: a cell for each measure, or for each thing that it counts one by one.

    Parameters
    ----------
    columns : iterable of Measure
        What the table prints, as the row's class declares it.
    what : str
        Beginning of what a cell is called; the label of the measure follows.
    within : sequence
        Keys of a measure that is a mapping (release ranges), in the order of the columns.
    """
    cells: list[Cell] = []
    for said in columns:
        value = getattr(row, said.name)
        if isinstance(value, dict):
            cells += [
                _value_cell(value.get(key), said, what, inputs, none=said.none if key in value else "–")
                for key in within
            ]
        else:
            cells.append(measure_cell(row, said, what, inputs))
    return tuple(cells)


def row_heads(columns: Iterable[Measure], table: str, within: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the heads of the columns that `row_cells` fills; ``within`` says in words which of the things it is."""
    heads: list[str] = []
    for said in columns:
        is_mapping = get_origin(said.hint) is dict
        heads += [f"{said.heads[table]}, {words}" for words in within] if is_mapping else [said.heads[table]]
    return tuple(heads)


def _value_cell(value: Any, said: Measure, what: str, inputs: Sequence[str], *, none: str) -> Cell:
    name = f"{what}{said.label[:1].lower()}{said.label[1:]}"
    warning = NOT_LIKE_FOR_LIKE_SHORT if value is not None and "not like for like" in said.meaning.lower() else ""
    write = WRITTEN.get(said.form, three_digits)
    if value is None or isinstance(value, Finding):
        return finding_cell(value, name, inputs, write, none, warning)
    return Cell(write(value), "", tuple(inputs), name, warning=warning)


def banded(groups: Iterable[tuple[str, Sequence[TableRow]]]) -> tuple[TableRow, ...]:
    """Return rows under a band for each group that has any: (name, rows)."""
    return tuple(row for name, rows in groups if rows for row in (TableRow(name, is_band=True), *rows))


def count_words(value: float) -> str:
    """Return a mean count: three digits, and what rounds to nothing as 0.

    >>> count_words(26.84), count_words(0.0004), count_words(-0.75)
    ('26.8', '0', '-0.75')
    """
    return "0" if abs(value) < 5e-3 else three_digits(value)


def millions(value: float) -> str:
    """Return residents in millions, two digits.

    >>> millions(34_107_985.0), millions(45_000.0), millions(0.0)
    ('34 M', '45,000', '0')
    """
    return f"{float(f'{value / 1e6:.2g}'):g} M" if abs(value) >= 1e6 else two_digits(value)


def money(usd: float) -> str:
    """Return an amount in USD, three digits.

    >>> money(73.28), money(2.5e9), money(46_700_000.0)
    ('73.3 USD', '2.5 bn USD', '46.7 M USD')
    """
    for factor, unit in ((1e9, "bn USD"), (1e6, "M USD")):
        if abs(usd) >= factor:
            return f"{plain(usd / factor)} {unit}"
    return f"{three_digits(usd)} USD"


WRITTEN: dict[str, Callable[[float], str]] = {
    "count": count_words,
    "percent": percent,
    "people": millions,
    "money": money,
}
"""How a table prints a measure, by the form that it declares; any other: three digits."""


def by_unit(unit: str) -> Callable[[float], str]:
    """Return how a measure of a unit is written."""
    return {"1": count_words, "people": millions, "money": money}.get(unit, three_digits)


def height_reference(text: str) -> str:
    """Return a level with its reference in plain words.

    >>> height_reference("50 m AGL"), height_reference("10,000 m AMSL")
    ('50 m above ground', '10,000 m above sea level')
    """
    return text.replace("AGL", "above ground").replace("AMSL", "above sea level")


def source_names(keys: Iterable[str], sources: Mapping[str, Source]) -> str:
    """Return the publishers behind some sources, each once; a key without a record stands for itself."""
    names = [sources[k].publisher if k in sources else k for k in keys]
    return ", ".join(dict.fromkeys(names)) or "none published"


def figures_behind(parameters: Sequence[Parameter], sources: Mapping[str, Source]) -> str:
    """Return the publishers behind a set of figures, and how many of the figures are assumed or estimated."""
    named = sorted({s.publisher for p in parameters if p.source and (s := sources.get(p.source))})
    first = ", ".join(named[:MOST_PUBLISHERS]) or "none published"
    more = f" and {len(named) - MOST_PUBLISHERS} more" if len(named) > MOST_PUBLISHERS else ""
    n_assumed = sum(p.rests_on_assumption for p in parameters)
    count = f"{n_assumed} of {len(parameters)} are assumed or estimated (all under “Every figure used”)"
    return f"figures: {first}{more}; {count}"
