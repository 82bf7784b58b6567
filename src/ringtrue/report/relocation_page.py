"""The same fire units elsewhere: what is gained there, what is lost at home, ground by ground."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ringtrue.answer import columns_in
from ringtrue.coverage.records import MEAN_COURSE, NOT_RESOLVABLE
from ringtrue.report.audit_words import spread_words
from ringtrue.report.cells import (
    INTERVAL_WORDS,
    PARAMETER_NOTE,
    banded,
    caveat_sections,
    figures_behind,
    finding_cell,
    height_reference,
    measure_cell,
    millions,
)
from ringtrue.report.chart import MARKS
from ringtrue.report.html import write_page
from ringtrue.report.page import Answer, Cell, Fact, Figure, Page, Parameters, Prose, Table, TableRow
from ringtrue.report.raid_figures import bar_chart
from ringtrue.report.style import percent, sentence
from ringtrue.sensing.assumed import assumed_figure, assumed_sentence
from ringtrue.studies.relocation_output import (
    MEAN_COURSE_REACH,
    RelocationChange,
    RelocationFootprint,
    RelocationRow,
    ground_name,
)
from ringtrue.studies.story import leading_answers

if TYPE_CHECKING:
    from ringtrue.finding import Finding
    from ringtrue.report.html import Again
    from ringtrue.report.page import Section
    from ringtrue.studies.relocation_output import DefendedPeople, RelocationResult

UNDER_WORDS = (
    "“Below engageable airspace” is not protection. “Defended”: met before the target comes within the release range."
)


def write_relocation_report(result: RelocationResult, path: Path | str, again: Again | None = None) -> Path:
    """Write the study as one self-contained HTML file and return its path."""
    return write_page(relocation_page(result), Path(path), again)


def relocation_page(result: RelocationResult) -> Page:
    """Return the page: answer, net change at a glance, ground by ground gained and lost, each place by itself."""
    return Page(
        title=result.title,
        kicker=f"Relocation · {result.question}",
        sections=(
            _answer(result),
            *caveat_sections(result.caveats),
            *_numbers(result),
            *_place_by_place(result),
            *_terms(result),
            Prose("Which unknown decides", (_doubt(result),), tuple(
                f"{s.name}: {percent(s.share)} of the spread ({percent(s.low)} to {percent(s.high)})"
                for s in result.deciding.shares[:5]
            )),
            Parameters(note=PARAMETER_NOTE),
            Prose(
                "What this does not know", (), tuple(dict.fromkeys((*result.declared, *result.limits)))
            ),
        ),
        parameters=result.parameters,
        sources=result.sources,
        manifest=(*result.header.manifest(), ("system", result.system)),
        footer="Computed with RingTrue from open published figures. Data: elevation NOAA GLOBE; people GPW v4.11, "
        "CIESIN, Columbia University (CC BY 4.0).",
    )  # fmt: skip


def relocation_sections(result: RelocationResult) -> list[Section]:
    """Return the answer and the tables, as they stand behind a comparison."""
    return [
        Prose(
            "The same fire units elsewhere: gained there, lost at home",
            (*result.told_places, _doubt(result)),
            tuple(result.limits),
        ),
        *_numbers(result),
        *_terms(result),
    ]


def _terms(result: RelocationResult) -> list[Section]:
    """Return what clauses say about moving the fire units, with what they would close."""
    return [Prose("Terms on moving it", result.told_clauses)] if result.told_clauses else []


def _doubt(result: RelocationResult) -> str:
    assumed = assumed_sentence(result.assumed_share, result.header.n_draws, f"the {result.deciding.row}")
    return f"{sentence(result.deciding.sentence)} {assumed}"


def _numbers(result: RelocationResult) -> list[Section]:
    """Return for each ground the changes at the usual levels, then all levels, each place, and countries, folded."""
    grounds = list(dict.fromkeys(c.terrain for c in result.changes))
    return [
        _chart(result, grounds[0]),
        *(_changes(result, basis, all_levels=False, folded=i > 0) for i, basis in enumerate(grounds)),
        *(_places(result, basis) for basis in grounds),
        *(_changes(result, basis, all_levels=True, folded=True) for basis in grounds),
        *(_countries(result, basis) for basis in grounds),
    ]


def _answer(result: RelocationResult) -> Answer:
    """Give the net change of residents below engageable airspace, for the first class with a height."""
    basis = result.changes[0].terrain
    told = [c for c in result.changes if c.terrain == basis and c.where == result.usual[c.target] and c.people_net]
    facts = []
    for c in (c for c in told if c.target == told[0].target):
        net = c.people_net
        if net is not None:
            facts.append(
                Fact(
                    millions(net.median),
                    f"residents below engageable airspace, {result.names[c.laydown]} less home, against "
                    f"{result.names[c.target]} at {height_reference(c.where)}, {ground_name(basis)}; 5 to 95 %: "
                    f"{spread_words(net, millions)}",
                    net.inputs or _inputs(result, c.target),
                )
            )
    if result.assumed_share is not None:
        words = f"of what is uncertain in the {result.deciding.row} comes from assumed or estimated figures"
        share = assumed_figure(result.assumed_share, result.header.n_draws)
        facts.append(Fact(share, words, tuple(p.id for p in result.parameters)))
    return Answer(leading_answers(result), tuple(facts))


def _told_on(result: RelocationResult, basis: str) -> tuple[str, ...]:
    """Return the sentences of the places on one ground."""
    heads = tuple(f"{name}, {ground_name(basis)}" for name in result.names.values())
    return tuple(told for told in result.told_places if told.startswith(heads))


def _place_by_place(result: RelocationResult) -> list[Section]:
    """Return the sentences of every place, ground by ground."""
    grounds = dict.fromkeys(p.terrain for p in result.places)
    return [Prose(f"Place by place, on {ground_name(basis)}", _told_on(result, basis)) for basis in grounds]


def _inputs(result: RelocationResult, target: str) -> tuple[str, ...]:
    """Return the figures behind one class: no other class."""
    return tuple(p.id for p in result.parameters if not p.id.startswith("target.") or f".{target}." in p.id)


def _sources(result: RelocationResult, basis: str) -> tuple[str, ...]:
    return (figures_behind(result.parameters, result.sources), f"ground: {ground_name(basis)}", "people: GPW v4.11")


def _chart(result: RelocationResult, basis: str) -> Figure:
    """Draw residents gained and lost, class by class and place by place."""
    told = [c for c in result.changes if c.terrain == basis and c.where == result.usual[c.target]]
    groups = []
    for target in dict.fromkeys(c.target for c in told if c.people_gained and c.people_lost):
        some = [c for c in told if c.target == target]
        rows: list[tuple[str, Finding]] = []
        for c in some:
            if c.people_gained is not None and c.people_lost is not None:
                rows.append((f"{result.names[c.laydown]}: gained", c.people_gained))
                rows.append((f"{result.names[c.laydown]}: lost at home", c.people_lost))
        groups.append((f"{result.names[target]}, {height_reference(result.usual[target])}", rows))
    axis = "million residents below engageable airspace"
    return Figure(
        "Gained there, lost at home",
        (
            bar_chart(
                "Residents below engageable airspace, gained there and lost at home.",
                groups,
                axis,
                1e-6,
                alike=lambda label: label.rpartition(": ")[2],
            ),
        ),
        f"{MARKS} {result.header.n_draws:,} draws; {ground_name(basis)} for all places. "
        f"Home: {result.names[result.home]}. {result.positions}",
        _sources(result, basis),
    )


def _changes(result: RelocationResult, basis: str, *, all_levels: bool, folded: bool) -> Table:
    def cells(c: RelocationChange) -> tuple[Cell, ...]:
        inputs = _inputs(result, c.target)
        what = f"{result.names[c.laydown]}, {result.names[c.target]}, {height_reference(c.where)}: "
        return tuple(measure_cell(c, said, what, inputs) for said in shown)

    shown = columns_in(result.changes, "page")
    some = [c for c in result.changes if c.terrain == basis and (all_levels or c.where == result.usual[c.target])]
    keys = dict.fromkeys((c.target, c.where) for c in some)
    covered = "; ".join(
        f"{result.names[p.laydown]} {'not known' if p.covered_share is None else percent(p.covered_share)}"
        + (f" ({p.note})" if p.note else "")
        for p in result.places
        if p.terrain == basis
    )
    levels = ", every height" if all_levels else ""
    return Table(
        folded=folded,
        heading=f"There less home ({result.names[result.home]}), on {ground_name(basis)}{levels}",
        caption=f"Airspace in km², residents below engageable airspace. {INTERVAL_WORDS}",
        columns=("Place", *(said.heads["page"] for said in shown)),
        rows=banded(
            (
                _band(result, *key),
                [TableRow(result.names[c.laydown], cells(c)) for c in some if (c.target, c.where) == key],
            )
            for key in keys
        ),
        note=f"Differences are taken draw by draw. {UNDER_WORDS} Net defended: release range 0 km, worst course. Share "
        f"of the advertised ring on the ground model: {covered}.",
        sources=_sources(result, basis),
    )  # fmt: skip


def _band(result: RelocationResult, target: str, where: str) -> str:
    return f"{result.names[target]}, {height_reference(where)}"


def _places(result: RelocationResult, basis: str) -> Table:
    """List what the regiment reaches and defends at each place, without comparing."""
    every: list[RelocationRow | RelocationFootprint] = [*result.rows, *result.footprints]
    some = [r for r in every if r.terrain == basis]
    ranges = sorted({d.release_range_m for r in result.rows if r.terrain == basis for d in r.people_defended or ()})

    def cells(r: RelocationRow | RelocationFootprint) -> tuple[Cell, ...]:
        inputs = _inputs(result, r.target)
        what = f"{result.names[r.laydown]}, {result.names[r.target]}, {height_reference(r.where)}: "
        own = {said.heads["page"]: said for said in columns_in((r,), "page")}
        measured = [measure_cell(r, own[head], what, inputs) if head in own else Cell(NOT_RESOLVABLE) for head in heads]
        met = r.people_defended if isinstance(r, RelocationRow) else None
        held = {d.release_range_m: d for d in met or ()}
        defended = [
            Cell("–")
            if held and m not in held
            else _defended_cell(held.get(m), f"{what}residents defended, release at {m / 1000:g} km", inputs)
            for m in ranges
        ]
        return (*measured, *defended)

    shown = (*columns_in(result.rows, "page"), *columns_in(result.footprints, "page"))
    heads = tuple(dict.fromkeys(said.heads["page"] for said in shown))
    keys = dict.fromkeys((r.target, r.where) for r in some)
    return Table(
        folded=True,
        heading=f"Each place by itself, on {ground_name(basis)}",
        caption=f"Airspace, or footprint of a ballistic class, in km²; residents. {INTERVAL_WORDS}",
        columns=(
            "Place", *heads, *(f"Defended, release at {m / 1000:g} km" for m in ranges),
        ),
        rows=banded(
            (
                _band(result, *key),
                [TableRow(result.names[r.laydown], cells(r)) for r in some if (r.target, r.where) == key],
            )
            for key in keys
        ),
        note=f"{UNDER_WORDS} First the worst course, below it the mean over courses. {MEAN_COURSE} {MEAN_COURSE_REACH}",
        sources=_sources(result, basis),
    )  # fmt: skip


def _defended_cell(held: DefendedPeople | None, what: str, inputs: tuple[str, ...]) -> Cell:
    if held is None:
        return Cell(NOT_RESOLVABLE)
    worst = finding_cell(held.people_worst_course, what + ", worst course", inputs, millions)
    mean = finding_cell(held.people_mean_course, "", (), millions)
    told = "\n".join((f"mean course {mean.text}", *([mean.interval] if mean.interval else [])))
    return Cell(worst.text, "\n".join(part for part in (worst.interval, told) if part), worst.inputs, worst.what)


def _countries(result: RelocationResult, basis: str) -> Table:
    """List residents by country: below and defended at each place, gained and lost against home."""
    changes = {(c.laydown, c.target, c.where): c for c in result.changes if c.terrain == basis}
    groups: list[tuple[str, list[TableRow]]] = []
    for r in (r for r in result.rows if r.terrain == basis and r.where == result.usual[r.target]):
        c = changes.get((r.laydown, r.target, r.where))
        under, defended = r.people_under_by_country or {}, r.people_defended_by_country or {}
        gained, lost = ((c.gained_by_country or {}, c.lost_by_country or {})) if c else ({}, {})
        countries = dict.fromkeys((*under, *gained, *lost))
        inputs = _inputs(result, r.target)
        what = f"{result.names[r.laydown]}, {result.names[r.target]}, {height_reference(r.where)}: residents "
        rows = [
            TableRow(
                country,
                tuple(
                    finding_cell(found.get(country), f"{what}{words}, {country}", inputs, millions)
                    for words, found in (
                        ("below", under), ("defended", defended),
                        ("gained", gained), ("lost at home", lost),
                    )
                ),
            )
            for country in countries
        ]  # fmt: skip
        groups.append((f"{result.names[r.laydown]}: {_band(result, r.target, r.where)}", rows))
    return Table(
        folded=True,
        heading=f"By country, on {ground_name(basis)}",
        caption=f"Residents. {INTERVAL_WORDS}",
        columns=("Country", "Below", "Defended on arrival", "Gained against home", "Lost at home"),
        rows=banded(groups),
        note=f"{UNDER_WORDS} Classes at the level nearest their usual height. Borders: the UN view of Natural Earth.",
        sources=_sources(result, basis),
    )
