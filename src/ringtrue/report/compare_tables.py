"""The tables of a comparison: offers, raids, differences, coverage, prices, months."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from ringtrue.answer import columns_in
from ringtrue.report.cells import (
    INTERVAL_WORDS,
    NOT_LIKE_FOR_LIKE_SHORT,
    banded,
    by_unit,
    figures_behind,
    finding_cell,
    height_reference,
    measure_cell,
    money,
    row_cells,
    row_heads,
    source_names,
)
from ringtrue.report.compare_figures import condition_words, measure_words
from ringtrue.report.offer_looks import offer_marks, packages
from ringtrue.report.offer_maps import offer_places
from ringtrue.report.page import Cell, Table, TableRow
from ringtrue.report.style import percent, sentence
from ringtrue.studies.compare_clauses import CLAUSE_NOTE, told_variants
from ringtrue.studies.compare_payments import PAYMENT_NOTE
from ringtrue.studies.compare_records import CoverageRow
from ringtrue.studies.raid_rows import RaidRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ringtrue.answer import Measure
    from ringtrue.studies.compare_records import (
        ComparedOffer,
        CompareResult,
        Condition,
        Difference,
        MarginalRow,
        PaidRow,
        TermRow,
    )

RAIDS_HEADING, TIMES_HEADING = "The raids in numbers", "Times, friends, channels and cost"
MOST_COLUMNS = 6  # of a table of raids, whose cells have four lines
VIEWS = {"paper": "on paper", "reported": "as reported"}
STATES = {"delivered": "delivered", "on_alert": "on alert", "declared_ready": "declared ready", "emplaced": "emplaced"}


class Inputs:
    """Which parameters stand behind a number of a comparison, where its finding does not say so itself."""

    def __init__(self, result: CompareResult) -> None:
        self._all = tuple(p.id for p in result.parameters)
        self._by_laydown: dict[str, tuple[str, ...]] = {}
        for row in result.rows:
            known = self._by_laydown.get(row.laydown, ())
            self._by_laydown[row.laydown] = tuple(dict.fromkeys((*known, *row.leakers.inputs)))

    def of_raid(self, row: RaidRow) -> tuple[str, ...]:
        """Return the parameters of a laydown against the classes of one raid."""
        return row.leakers.inputs or self._only(self._all, row.leakers_by_class)

    def of_coverage(self, laydown: str, target: str) -> tuple[str, ...]:
        """Return the parameters of a laydown's coverage of one class: no doctrine, no other class."""
        own = self._by_laydown.get(laydown) or self._all
        kept = tuple(p for p in own if not p.startswith(("target.", "assumption.kill-probability", "fire-unit.")))
        reaction = tuple(p for p in own if p.startswith("fire-unit.") and p.endswith(".reaction"))
        return (*kept, *reaction, *(p for p in self._all if p.startswith(f"target.{target}.")))

    def of_difference(self, found: Difference, raids: Iterable[RaidRow]) -> tuple[str, ...]:
        """Return the parameters of both sides of a difference."""
        if found.a_minus_b.inputs:
            return found.a_minus_b.inputs
        both = [r for r in raids if r.raid == found.condition.raid and r.laydown in (found.a, found.b)]
        if both:
            return tuple(dict.fromkeys(p for r in both for p in self.of_raid(r)))
        target = str(found.condition.target)
        sides = (self.of_coverage(found.a, target), self.of_coverage(found.b, target))
        return tuple(dict.fromkeys((*sides[0], *sides[1])))

    def of_marginal(self, found: MarginalRow, raids: Iterable[RaidRow]) -> tuple[str, ...]:
        """Return the parameters of what both systems together stop or defend."""
        if found.gain.inputs:
            return found.gain.inputs
        played = [r for r in raids if r.raid == found.condition.raid and r.laydown == found.both]
        return self.of_raid(played[0]) if played else self.of_coverage(found.both, str(found.condition.target))

    @staticmethod
    def _only(parameters: Iterable[str], targets: Iterable[str]) -> tuple[str, ...]:
        """Leave out the parameters of other classes."""
        mine = {f"target.{t}." for t in targets}
        return tuple(p for p in parameters if not p.startswith("target.") or any(p.startswith(m) for m in mine))


def behind(result: CompareResult) -> tuple[str, ...]:
    """Return the source lines of a table of results."""
    return (
        figures_behind(result.parameters, result.sources),
        f"terrain: {result.terrain}",
        "raids, ways and doctrine: declared assumptions of the scenario",
    )


def offers_table(result: CompareResult) -> Table:
    """List every offer: what stands where, price with its basis, links, sources."""

    def cells(offer: ComparedOffer) -> tuple[Cell, ...]:
        units = offer_places(offer) or "none"
        if offer.price_bn_usd is None:
            price = Cell("none published" if offer.offers else "–")
        else:
            money = f"{offer.price_bn_usd:g} bn USD"
            price = Cell(money, f"of {offer.price_year}; {offer.price_basis}", warning=NOT_LIKE_FOR_LIKE_SHORT)
        known = source_names(offer.sources, result.sources) if offer.sources else "scenario (declared)"
        return (
            Cell(units, numeric=False), Cell(offer.reading or "–", numeric=False), price,
            Cell(delivered_words(offer), numeric=False),
            Cell(offer.network, numeric=False), Cell(known, numeric=False),
        )  # fmt: skip

    rows: list[TableRow] = []
    for part, words in (("fire unit", "Fire unit against fire unit, at one place"), ("package", "Packages")):
        some = [offer for offer in result.offers if offer.part == part]
        if some:
            rows.append(TableRow(words, is_band=True))
            rows += [
                TableRow(offer.title, cells(offer), note=offer.note, marks=offer_marks(result, offer.laydown))
                for offer in some
            ]
    return Table(
        heading="What was on offer",
        caption="Units by system and fit, place by place; prices as published, in USD of their year.",
        columns=(
            "Offer",
            "Fire units",
            "Reading of the sources",
            "Price",
            "Delivered by the last month",
            "Links",
            "Sources",
        ),
        rows=tuple(rows),
        note=f"Fire units of a package go down one list of places, the same rule for every package. {result.positions}",
        sources=("offers: the publishers in the last column, all listed by the catalogue",),
        is_wordy=True,
    )


def _row_of(result: CompareResult, laydown: str, cells: tuple[Cell, ...]) -> TableRow:
    return TableRow(result.names[laydown], cells, marks=offer_marks(result, laydown))


def delivered_words(offer: ComparedOffer) -> str:
    """Return what had come by the last month, as promised and as reported; rounds of no known type among it."""
    words = {"promised": "promised", "happened": "as reported"}
    parts = [
        f"{words.get(calendar, calendar)}: {', '.join(f'{count} {thing}' for thing, count in counts.items())}"
        for calendar, counts in offer.delivered.items()
        if counts
    ]
    return sentence("; ".join(parts)) if parts else "–"


def raids_tables(result: CompareResult) -> tuple[Table, ...]:
    """Every raid against every offer: what gets through and what it took; times, friends, channels and cost behind it.

    Two tables a raid, each as wide as a page holds; the raid of the answer stands open, what lies behind it is folded.
    """
    columns = columns_in(result.rows, "page")
    first = str(result.headline.condition.raid)
    raids = sorted(result.raids, key=lambda raid: raid != first)
    return tuple(
        _raids_table(result, some, f"{heading}: {raid}", raid, folded=(raid, heading) != (first, RAIDS_HEADING))
        for heading, some in ((RAIDS_HEADING, columns[:MOST_COLUMNS]), (TIMES_HEADING, columns[MOST_COLUMNS:]))
        for raid in raids
    )


def _raids_table(result: CompareResult, columns: Sequence[Measure], heading: str, raid: str, *, folded: bool) -> Table:
    inputs = Inputs(result)

    def cells(row: RaidRow) -> tuple[Cell, ...]:
        what = f"{result.names[row.laydown]}, {result.raids[row.raid]}: "
        return row_cells(row, columns, what, inputs.of_raid(row))

    some = [row for row in result.rows if row.raid == raid]
    n = some[0].n_targets if some else 0
    rows = [TableRow(f"{result.raids[raid]}: {n} targets", is_band=True)]
    rows += [_row_of(result, row.laydown, cells(row)) for row in some]
    return Table(
        folded=folded,
        heading=heading,
        caption=f"Counts per raid. {INTERVAL_WORDS}",
        columns=("Offer", *(said.heads["page"] for said in columns)),
        rows=tuple(rows),
        note=f"Means over {result.header.n_replications} replications in each of {result.header.n_draws:,} draws; the "
        "same draws and the same luck for every offer. A click on a number lists the figures it came from.",
        sources=behind(result),
    )


def chosen_differences(result: CompareResult) -> list[Difference]:
    """Return the differences worth a line: between different systems, one beside both, and the same units linked.

    Two readings or two fits of one offer are not opponents; every pair stands in the JSON output.
    """
    units = {o.laydown: frozenset(o.units) for o in result.offers}
    systems = {o.laydown: o.systems for o in result.offers}
    beside = {(m.first, m.both) for m in result.marginals}
    return [
        d
        for d in result.differences
        if d.part == "fire unit"
        or not systems[d.a] & systems[d.b]
        or (d.a, d.b) in beside
        or (d.b, d.a) in beside
        or units[d.a] == units[d.b]
    ]


def differences_table(result: CompareResult, found: Sequence[Difference], heading: str, *, folded: bool) -> Table:
    """Differences with their interval, who is better how often, and where it turns over."""
    inputs = Inputs(result)

    def cells(d: Difference) -> tuple[Cell, ...]:
        write = by_unit(d.unit)
        own = inputs.of_difference(d, result.rows)
        what = f"{result.names[d.a]} against {result.names[d.b]}: {measure_words(result, d)}"
        equal = f"equal in {percent(d.p_equal)}" if d.p_equal > 0 else ""
        return (
            finding_cell(d.a_value, what, own, write),
            finding_cell(d.b_value, what, own, write),
            finding_cell(d.a_minus_b, what, own, write),
            Cell(percent(d.p_a_better), equal, own, f"{what}: share of draws in which A is better"),
            Cell(sentence(d.break_even.sentence), numeric=False),
        )

    rows: list[TableRow] = []
    order = {pair: i for i, pair in enumerate(dict.fromkeys((d.a, d.b) for d in found))}
    by_pair = sorted(found, key=lambda d: order[d.a, d.b])
    for (a, b), some in groupby(by_pair, key=lambda d: (d.a, d.b)):
        rows.append(
            TableRow(f"A: {result.names[a]} — B: {result.names[b]}", is_band=True, marks=offer_marks(result, a, b))
        )
        rows += [TableRow(difference_name(result, d), cells(d), note=f"{d.better} is better") for d in some]
    return Table(
        folded=folded,
        heading=heading,
        caption=f"Targets as counts, residents as people, airspace in km². {INTERVAL_WORDS}",
        columns=("Measure", "A", "B", "A less B", "P(A better than B)", "Break-even of the deciding unknown"),
        rows=tuple(rows),
        note="Differences are taken draw by draw, on the same draws and the same luck, so they may be sure where the "
        "values beside them overlap.",
        sources=behind(result),
        is_wordy=True,
    )


def difference_name(result: CompareResult, d: Difference) -> str:
    """Return the measure of a difference as a row name."""
    return f"{d.label[:1].upper()}{d.label[1:]}: {condition_words(result, d.condition)}"


def units_table(result: CompareResult) -> Table | None:
    """One fire unit beside another at the same place, class by class and level by level."""
    if not result.fire_units:
        return None
    inputs, columns = Inputs(result), columns_in(result.fire_units, "page")
    sides = list(dict.fromkeys(row.laydown for row in result.fire_units))
    by_key = {(r.laydown, r.target, r.where): r for r in result.fire_units}
    rows: list[TableRow] = []
    for target in dict.fromkeys(r.target for r in result.fire_units):
        rows.append(TableRow(result.names[target], is_band=True))
        for where in dict.fromkeys(r.where for r in result.fire_units if r.target == target):
            cells: list[Cell] = []
            for side in sides:
                what = f"{result.names[side]}, {result.names[target]}, {height_reference(where)}: "
                own = inputs.of_coverage(side, target)
                cells += row_cells(by_key[side, target, where], columns, what, own)
            rows.append(TableRow(height_reference(where), tuple(cells)))
    names = [result.names[side] for side in sides]
    heads = [f"{said.heads['page']}: {name}" for name in names for said in columns]
    return Table(
        folded=True,
        heading="One fire unit against one fire unit at the same place",
        caption=f"Areas in km²; a ballistic class has a footprint on the ground only. {INTERVAL_WORDS}",
        columns=("Height of the target", *heads),
        rows=tuple(rows),
        sources=behind(result),
    )


def coverage_table(result: CompareResult) -> Table:
    """What each offer reaches together: airspace, residents below, residents and assets defended."""
    inputs, columns = Inputs(result), columns_in(result.coverage, "page")
    ranges = sorted({m for row in result.coverage for m in row.people_defended})

    def cells(row: CoverageRow) -> tuple[Cell, ...]:
        what = f"{result.names[row.laydown]}, {result.names[row.target]}: "
        return row_cells(row, columns, what, inputs.of_coverage(row.laydown, row.target), ranges)

    rows: list[TableRow] = []
    for target, where in dict.fromkeys((r.target, r.where) for r in result.coverage):
        rows.append(TableRow(f"{result.names[target]}, {height_reference(where)}", is_band=True))
        some = [r for r in result.coverage if (r.target, r.where) == (target, where)]
        rows += [_row_of(result, r.laydown, cells(r)) for r in some]
    return Table(
        folded=True,
        heading="What each offer reaches and defends",
        caption=f"Airspace in km²; residents, two digits (M: million). {INTERVAL_WORDS}",
        columns=("Offer", *row_heads(columns, "page", [f"release at {m / 1000:g} km" for m in ranges])),
        rows=tuple(rows),
        note="“Below” is not protection. “Defended”: one engagement ends before the target comes within the release "
        "range, from the worst course. Overlaps of fire units count once.",
        sources=(*behind(result), "people: GPW v4.11"),
    )  # fmt: skip


def payments_table(result: CompareResult) -> Table | None:
    """What is paid for each package: payments, interest, present value, the warning under every amount of money now."""
    known = [row for row in result.payments if row.present_value_usd is not None]
    if not known:
        return None
    columns = columns_in(result.payments, "page")

    def cells(row: PaidRow) -> tuple[Cell, ...]:
        parts = ", ".join(
            f"{part.kind} from {part.on}: {part.times.median:g} × {money(part.each_usd.median)}"
            if part.times.high > 1.0
            else f"{part.kind} on {part.on}: {money(part.each_usd.median)}"
            for part in row.payments
        )
        what = f"{result.names[row.laydown]}: "
        price = Cell(money(row.price_usd), warning=NOT_LIKE_FOR_LIKE_SHORT)
        stated = Cell(parts, numeric=False, warning=NOT_LIKE_FOR_LIKE_SHORT) if parts else Cell("–")
        return (price, *row_cells(row, columns, what), stated)

    return Table(
        heading="What is paid, and what that is worth on one day",
        caption=f"USD; present value on {known[0].as_of}, the day of the first contract. {INTERVAL_WORDS}",
        columns=("Offer", "Published price", *(said.heads["page"] for said in columns), "Payments, median"),
        rows=tuple(_row_of(result, row.laydown, cells(row)) for row in result.payments),
        note=sentence(PAYMENT_NOTE)
        + " A loan at the discount rate is worth its own amount; a cheaper one is worth less, a dearer one more.",
        sources=("payments: the publishers of the offers, listed under “What was on offer”", *behind(result)[:1]),
        is_wordy=True,
    )


def terms_table(result: CompareResult) -> Table | None:
    """List every term of every offer with its source and, under a clause, what it would change of which packages."""
    if not result.terms:
        return None
    told = told_variants(result.clauses, lambda name: result.offer(name).short)

    def rows(row: TermRow) -> list[TableRow]:
        changes = [one.sentence for one in told if row.clause and one.clause == row.clause]
        where = "; ".join(part for part in (source_names(row.sources, result.sources), row.place) if part)
        first, *more = changes or ["–"]
        return [
            TableRow(row.title or row.offer, _term_cells(row.text, first, row.on, where)),
            *(TableRow(row.title or row.offer, _term_cells("the same clause", sentence, "", "")) for sentence in more),
        ]

    return Table(
        heading="Terms of the offers, and what each clause would change",
        caption=f"Terms in our words. {CLAUSE_NOTE}",
        columns=("Offer", "What it says", "What it would change", "Said", "Who says so, and where"),
        rows=banded(
            (words, [one for row in result.terms if bool(row.clause) is is_clause for one in rows(row)])
            for words, is_clause in (
                ("Clauses: what they would change", True),
                ("Terms that change nothing here", False),
            )
        ),
        sources=("terms: the publishers in the last column, all listed by the catalogue", *behind(result)[:1]),
        is_wordy=True,
    )


def _term_cells(text: str, changes: str, on: str, where: str) -> tuple[Cell, ...]:
    warning = NOT_LIKE_FOR_LIKE_SHORT if "USD" in changes else ""
    return (
        Cell(text, numeric=False),
        Cell(changes, numeric=False, warning=warning),
        Cell(on, numeric=False),
        Cell(where, numeric=False),
    )


def prices_table(result: CompareResult) -> Table | None:
    """Price over what is defended, class by class at release range 0, the warning under every ratio."""
    shown = [row for row in result.prices if row.condition.release_range_m == 0.0]
    if not shown:
        return None
    inputs = Inputs(result)
    conditions = list(dict.fromkeys(row.condition for row in shown))

    def cell(laydown: str, what: str, condition: Condition) -> Cell:
        row = next((r for r in shown if (r.laydown, r.per, r.condition) == (laydown, what, condition)), None)
        if row is None:
            return Cell("not resolvable")
        price = row.usd_each
        own = inputs.of_coverage(laydown, str(condition.target))
        name = f"{result.names[laydown]}, {condition_name(result, condition)}: price per {what} defended"
        if price.median is None:
            return Cell("no price", f"nothing defended in {percent(row.p_nothing)} of draws", own, name,
                        warning=NOT_LIKE_FOR_LIKE_SHORT)  # fmt: skip
        ends = [money(v) if v is not None else f"no upper end ({percent(row.p_nothing)} defend nothing)"
                for v in (price.low, price.high)]  # fmt: skip
        nominal = "defends nothing" if price.nominal is None else money(price.nominal)
        lines = [] if ends[0] == ends[1] else [f"{ends[0]} to {ends[1]}"]
        lines += [f"nominal {nominal}"] if lines or nominal != money(price.median) else []
        return Cell(money(price.median), "\n".join(lines), own, name, warning=NOT_LIKE_FOR_LIKE_SHORT)

    rows: list[TableRow] = []
    for what, words in (("person", "Price per resident defended"), ("asset", "Price per asset defended")):
        rows.append(TableRow(words, is_band=True))
        rows += [
            _row_of(result, offer.laydown, tuple(cell(offer.laydown, what, c) for c in conditions))
            for offer in packages(result)
            if offer.is_priced
        ]
    return Table(
        heading="What a defended resident or asset costs",
        caption=f"USD of the year of the price, by class; release range 0 km, one engagement. {INTERVAL_WORDS}",
        columns=("Offer", *(sentence(condition_name(result, c)).rstrip(".") for c in conditions)),
        rows=tuple(rows),
        note=sentence(shown[0].note),
        sources=(
            "prices: " + source_names({s for o in result.offers for s in o.sources}, result.sources),
            *behind(result),
        ),
    )


def condition_name(result: CompareResult, condition: Condition) -> str:
    """Return the class and level of a condition."""
    return height_reference(f"{result.names.get(str(condition.target), condition.target)} at {condition.where}")


def months_table(result: CompareResult, raid: str) -> Table | None:
    """If one raid came: stretch of months by stretch of months, on paper and as reported."""
    rows_of = [m for m in result.months if m.raid == raid and (m.state == "delivered" or m.view == "reported")]
    if not rows_of:
        return None
    inputs = Inputs(result)
    own = {r.laydown: inputs.of_raid(r) for r in result.rows if r.raid == raid}
    shown = columns_in(result.months, "page")
    rows: list[TableRow] = []
    for laydown in dict.fromkeys(m.laydown for m in rows_of):
        rows.append(TableRow(result.names[laydown], is_band=True, marks=offer_marks(result, laydown)))
        for m in (m for m in rows_of if m.laydown == laydown):
            lead = "" if m.lead_time_months is None else f", lead time {m.lead_time_months:g} months (assumed)"
            what = f"{result.names[laydown]}, {m.first} to {m.last}: "
            rows.append(
                TableRow(
                    f"{VIEWS[m.view]}, {STATES.get(m.state, m.state)}{lead}",
                    (
                        Cell(f"{m.first} to {m.last}", numeric=False),
                        Cell(str(len(m.units))),
                        *(measure_cell(m, said, what, own.get(laydown, ())) for said in shown),
                    ),
                )
            )
    return Table(
        folded=True,
        heading=f"If this raid came that month: {result.raids[raid]}",
        caption=f"Targets that get through. {INTERVAL_WORDS}",
        columns=("Calendar and state", "Months", "Fire units there", *(said.heads["page"] for said in shown)),
        rows=tuple(rows),
        note="Delivered is not on alert: a state that the scenario does not report is not assumed.",
        sources=(*behind(result), "deliveries: sources of the offers"),
    )


def marginals_table(result: CompareResult) -> Table | None:
    """What the second system adds when the first is there."""
    if not result.marginals:
        return None
    inputs = Inputs(result)
    rows: list[TableRow] = []
    for (first, second), some in groupby(result.marginals, key=lambda m: (m.first, m.second)):
        rows.append(
            TableRow(
                f"{result.names[second]}, where there is {result.names[first]}",
                is_band=True,
                marks=offer_marks(result, second, first),
            )
        )
        for m in some:
            write = by_unit(m.unit)
            words = condition_words(result, m.condition)
            what = f"{m.label}, {words}"
            own = inputs.of_marginal(m, result.rows)
            rows.append(
                TableRow(
                    f"{m.label[:1].upper()}{m.label[1:]}: {words}",
                    (
                        finding_cell(m.gain, what, own, write),
                        finding_cell(m.overlap, what, own, write),
                        finding_cell(m.kept_share, what, own, percent, "nothing alone"),
                        Cell(percent(m.p_adds), "", own, f"{what}: share of draws in which it adds anything"),
                    ),
                )
            )
    return Table(
        folded=True,
        heading="What the second system adds when the first is there",
        caption=f"Targets stopped as counts, residents as people. {INTERVAL_WORDS}",
        columns=("Measure", "Added", "Overlap", "Share of its own worth kept", "P(adds anything)"),
        rows=tuple(rows),
        sources=behind(result),
    )
