"""The same fire units elsewhere: what is gained there, what is lost at home, ground by ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringtrue.report.cells import figures_behind, finding_cell, height_reference, millions
from ringtrue.report.page import Cell, Prose, Table, TableRow
from ringtrue.report.style import percent, sentence
from ringtrue.studies.relocation_output import BARE_EARTH

if TYPE_CHECKING:
    from ringtrue.report.page import Section
    from ringtrue.studies.relocation_output import RelocationChange, RelocationResult


def relocation_sections(result: RelocationResult) -> list[Section]:
    """Return the answer and a table for each ground; classes at the level nearest their usual height."""
    doubt = (
        f"{sentence(result.deciding.sentence)} {percent(result.assumed_share)} of the spread of the "
        f"{result.deciding_row} goes with assumed or estimated figures."
    )
    sections: list[Section] = [
        Prose(
            "One regiment elsewhere: gained there, lost at home",
            (result.answer, doubt),
            tuple(result.limits),
        )
    ]  # fmt: skip
    for i, basis in enumerate(dict.fromkeys(c.basis for c in result.changes)):
        sections.append(_table(result, basis, folded=i > 0))
    return sections


def _table(result: RelocationResult, basis: str, *, folded: bool) -> Table:
    def cells(c: RelocationChange) -> tuple[Cell, ...]:
        inputs = tuple(p.id for p in result.parameters if not p.id.startswith("target.") or f".{c.target}." in p.id)
        what = f"{result.names[c.laydown]}, {result.names[c.target]}: "
        none = "not resolvable"
        return (
            finding_cell(c.area_km2, what + "engageable airspace", inputs),
            finding_cell(c.people_gained, what + "residents gained", inputs, millions, none),
            finding_cell(c.people_lost, what + "residents lost at home", inputs, millions, none),
            finding_cell(c.people_net, what + "residents, net", inputs, millions, none),
            Cell("–")
            if c.p_more_people is None
            else Cell(percent(c.p_more_people), "", inputs, what + "share of draws with more residents"),
            finding_cell(c.people_defended_net, what + "residents defended, net", inputs, millions, none),
        )

    rows: list[TableRow] = []
    some = [c for c in result.changes if c.basis == basis and c.where == result.usual[c.target]]
    for target, where in dict.fromkeys((c.target, c.where) for c in some):
        rows.append(TableRow(f"{result.names[target]}, {height_reference(where)}", is_band=True))
        rows += [TableRow(result.names[c.laydown], cells(c)) for c in some if (c.target, c.where) == (target, where)]
    ground = "bare earth" if basis == BARE_EARTH else f"terrain {basis}"
    covered = "; ".join(
        f"{result.names[p.laydown]} {percent(p.covered_share)}" + (f" ({p.note})" if p.note else "")
        for p in result.places
        if p.basis == basis
    )
    return Table(
        folded=folded,
        heading=f"There less home ({result.names[result.home]}), on {ground}",
        caption="Airspace in km², residents below engageable airspace; median, 5 to 95 % of draws below it.",
        columns=("Place", "Airspace", "Gained there", "Lost at home", "Net", "P(more residents)", "Defended, net"),
        rows=tuple(rows),
        note=f"Share of the advertised ring on the ground model: {covered}.",
        sources=(figures_behind(result.parameters, result.sources), f"ground: {ground}", "people: GPW v4.11"),
    )
