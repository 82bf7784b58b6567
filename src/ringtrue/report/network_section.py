"""What the wire changes: the same fire units with different links, on the same draws and the same luck."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ringtrue.finding import finding
from ringtrue.report.cells import count_words, finding_cell
from ringtrue.report.compare_tables import INTERVAL_WORDS, Inputs, behind
from ringtrue.report.page import Cell, Table, TableRow
from ringtrue.report.style import percent, sentence

if TYPE_CHECKING:
    from ringtrue.report.page import Section
    from ringtrue.studies.compare_records import CompareResult, RaidRow

COUNTS = {
    "leakers": "targets that get through",
    "double_engagements": "double engagements",
    "wasted_rounds": "wasted rounds",
    "friendly_engagements": "friendly aircraft fired at",
}
NAMES = {
    "leakers": "leakers",
    "double_engagements": "double engagements",
    "wasted_rounds": "wasted rounds",
    "friendly_engagements": "friendly engagements",
}


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
            for field, words in COUNTS.items():
                rows.append(TableRow(f"{words[:1].upper()}{words[1:]}", _cells(one, other, field, inputs), note=title))
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
        if one.units == other.units and one.network != other.network and one.price_usd == other.price_usd
    ]


def _cells(one: RaidRow, other: RaidRow, field: str, inputs: Inputs) -> tuple[Cell, ...]:
    own = inputs.of_raid(one)
    what = f"{COUNTS[field]}, {one.raid}"
    a, b = (row.draws.get(NAMES[field]) for row in (one, other))
    values = [finding_cell(getattr(row, field), what, own, count_words) for row in (one, other)]
    if a is None or b is None:
        return (*values, Cell("–"), Cell("–"))
    difference = np.asarray(b) - np.asarray(a)
    p_fewer, p_equal = float((difference < 0.0).mean()), float((difference == 0.0).mean())
    return (
        *values,
        finding_cell(finding(f"{NAMES[field]}, joined less apart", "1", difference), what, own, count_words),
        Cell(percent(p_fewer), f"equal in {percent(p_equal)}" if p_equal else "", own, f"{what}: share of draws"),
    )
