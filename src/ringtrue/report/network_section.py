"""What the wire changes: the same fire units with different links, on the same draws and the same luck."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ringtrue.finding import finding
from ringtrue.report.cells import INTERVAL_WORDS, WRITTEN, finding_cell, row_cells
from ringtrue.report.compare_tables import Inputs, behind
from ringtrue.report.page import Cell, Table, TableRow
from ringtrue.report.style import percent, sentence, three_digits
from ringtrue.studies.raid_rows import CHANGES, changed_measures

if TYPE_CHECKING:
    from ringtrue.answer import Measure
    from ringtrue.report.page import Section
    from ringtrue.studies.compare_records import CompareResult
    from ringtrue.studies.raid_rows import RaidRow


def network_sections(result: CompareResult) -> list[Section]:
    """Return the table of packages that differ by their links alone; nothing where there are none."""
    rows: list[TableRow] = []
    inputs = Inputs(result)
    for apart, joined in _pairs(result):
        rows.append(
            TableRow(f"{sentence(result.offer(apart).network)} Against: {result.offer(joined).network}", is_band=True)
        )
        for raid, title in result.raids.items():
            one, other = result.raid_row(apart, raid), result.raid_row(joined, raid)
            rows += [
                TableRow(sentence(said.heads[CHANGES]).rstrip("."), _cells(one, other, said, inputs), note=title)
                for said in changed_measures()
            ]
    if not rows:
        return []
    return [
        Table(
            heading="What the wire changes",
            caption=f"Counts per raid; the same fire units with other links. {INTERVAL_WORDS}",
            columns=("Count", "Apart", "Joined", "Joined less apart", "P(fewer when joined)"),
            rows=tuple(rows),
            note="Differences are taken draw by draw, on the same raids and the same luck.",
            sources=behind(result),
        )
    ]


def _pairs(result: CompareResult) -> list[tuple[str, str]]:
    listed = [o for o in result.offers if o.part == "package" and len(o.units) > 1]
    return [
        (one.laydown, other.laydown)
        for i, one in enumerate(listed)
        for other in listed[i + 1 :]
        if one.units == other.units and one.network != other.network and one.price_bn_usd == other.price_bn_usd
    ]


def _nominal_less(one: RaidRow, other: RaidRow, said: Measure) -> float | None:
    """Return the nominal case of a difference; None where one side has none."""
    ends = [found.nominal for row in (one, other) if (found := getattr(row, said.name)) is not None]
    apart, joined = ends if len(ends) == 2 else (None, None)
    return None if apart is None or joined is None else joined - apart


def _cells(one: RaidRow, other: RaidRow, said: Measure, inputs: Inputs) -> tuple[Cell, ...]:
    own = inputs.of_raid(one)
    what = f"{said.heads[CHANGES]}, {one.raid}"
    values = [row_cells(row, (said,), f"{one.raid}: ", own)[0] for row in (one, other)]
    difference = np.asarray(other.draws[said.name]) - np.asarray(one.draws[said.name])
    known = difference[np.isfinite(difference)]
    if not known.size:
        return (*values, Cell("–"), Cell("–"))
    p_fewer, p_equal = float((known < 0.0).mean()), float((known == 0.0).mean())
    write = WRITTEN.get(said.form, three_digits)
    return (
        *values,
        finding_cell(finding(said.label, said.unit, known, nominal=_nominal_less(one, other, said)), what, own, write),
        Cell(percent(p_fewer), f"equal in {percent(p_equal)}" if p_equal else "", own, f"{what}: share of draws"),
    )
