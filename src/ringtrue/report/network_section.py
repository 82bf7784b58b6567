"""The table of two laydowns that differ by their links alone: apart, joined and the difference, raid by raid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringtrue.answer import measure_of
from ringtrue.report.cells import INTERVAL_WORDS, WRITTEN, finding_cell, row_cells
from ringtrue.report.compare_tables import Inputs, behind
from ringtrue.report.page import Cell, Table, TableRow
from ringtrue.report.style import percent, sentence, three_digits
from ringtrue.studies.raid_rows import CHANGES, RaidRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ringtrue.report.page import Section
    from ringtrue.studies.compare_records import CompareResult
    from ringtrue.studies.raid_rows import RaidChange

PAIRED = "Differences are taken draw by draw, on the same raids and the same luck; a negative one is fewer, or sooner."


def network_sections(result: CompareResult) -> list[Section]:
    """Return the table of the two packages that differ by their links alone; nothing where there are none."""
    if not result.links:
        return []
    first = result.links[0]
    inputs = Inputs(result)
    apart, joined = (sentence(result.offer(name).network).rstrip(".") for name in (first.before, first.after))
    return [
        link_table(
            "Not joined, and joined", (f"Not joined: {apart}. Joined: {joined}.",), result.links, result.raids,
            result.raid_row, inputs.of_raid, behind(result),
        )
    ]  # fmt: skip


def link_table(
    heading: str,
    words: tuple[str, ...],
    changes: Iterable[RaidChange],
    raids: dict[str, str],
    row_of: Callable[[str, str], RaidRow],
    inputs_of: Callable[[RaidRow], tuple[str, ...]],
    sources: tuple[str, ...],
    rows_after: Callable[[str], list[TableRow]] | None = None,
) -> Table:
    """Return every count of two laydowns of the same fire units, apart, joined, and joined less apart.

    Parameters
    ----------
    row_of : callable
        What one laydown lets through in one raid.
    rows_after : callable, optional
        Further rows of a raid, of the same columns.
    """
    told = list(changes)
    rows: list[TableRow] = []
    for raid, title in raids.items():
        rows.append(TableRow(title, is_band=True))
        for found in (c for c in told if c.raid == raid):
            cells = _cells(row_of(found.before, raid), row_of(found.after, raid), found, inputs_of)
            said = measure_of(RaidRow, found.measure)
            rows.append(TableRow(sentence(said.heads[CHANGES]).rstrip("."), cells))
        rows += rows_after(raid) if rows_after is not None else []
    return Table(
        heading=heading,
        caption=" ".join((*words, f"Counts per raid. {INTERVAL_WORDS}")),
        columns=("Count", "Not joined", "Joined", "Joined less not joined", "Draws with fewer when joined"),
        rows=tuple(rows),
        note=PAIRED,
        sources=sources,
    )


def _cells(
    one: RaidRow, other: RaidRow, found: RaidChange, inputs_of: Callable[[RaidRow], tuple[str, ...]]
) -> tuple[Cell, ...]:
    said, own = measure_of(RaidRow, found.measure), inputs_of(one)
    values = [row_cells(row, (said,), f"{one.raid}: ", own)[0] for row in (one, other)]
    if found.difference is None:
        return (*values, Cell("–"), Cell("–"))
    what = f"{said.heads[CHANGES]}, {one.raid}"
    write = WRITTEN.get(said.form, three_digits)
    return (
        *values,
        finding_cell(found.difference, what, own, write),
        Cell(
            percent(found.p_less),
            f"equal in {percent(found.p_equal)}" if found.p_equal else "",
            own,
            f"{what}: share of draws",
        ),
    )
