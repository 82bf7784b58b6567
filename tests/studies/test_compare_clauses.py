"""Clauses of the offers: what each would change of a package, beside the draws and never in them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ringtrue.catalogue.load import load_catalogue
from ringtrue.catalogue.records import Clause
from ringtrue.geo.elevation import open_model
from ringtrue.report.compare_tables import terms_table
from ringtrue.report.page import Cell
from ringtrue.scenario.load import load_scenario
from ringtrue.sensing.run import Run
from ringtrue.studies.compare import compare
from ringtrue.studies.compare_clauses import CLAUSE_NOTE, _stands_as, remaining, told_variants
from ringtrue.studies.compare_output import compare_lines

if TYPE_CHECKING:
    from ringtrue.catalogue.records import Catalogue
    from ringtrue.scenario.records import Scenario
    from ringtrue.studies.compare_records import ClauseVariant, CompareResult

RAID = "mixed-40"


def small_scenario(bound: dict[str, tuple[str, ...]] | None = None) -> Scenario:
    """The story with few packages, and with other clauses on its offers where they are given."""
    story = load_scenario("turkey-2019")
    study = replace(
        story.study, laydowns=("s-400-regiment", "patriot", "both"), raids=(RAID,), targets=("f-16",),
        heights_m=(500.0,), altitudes_m=(),
    )  # fmt: skip
    offers = story.offers
    if bound is not None:
        offers = tuple(replace(offer, bound_by=bound.get(offer.id, ())) for offer in offers)
    return replace(story, study=study, offers=offers, deliveries=())


def run(scenario: Scenario, catalogue: Catalogue) -> CompareResult:
    return compare(scenario, Run(catalogue, open_model("none"), n_draws=16), n_replications=4)


@pytest.fixture(scope="module")
def story() -> CompareResult:
    return run(small_scenario(), load_catalogue())


@pytest.fixture(scope="module")
def turned() -> CompareResult:
    """Other clauses than the shipped ones: each system void beside the other, and the S-400 not to be passed on."""
    shipped = load_catalogue()
    mine = Clause("mine", "No S-400 beside a Patriot.", "p. 1", "2020", "offer-void", ("B07",), ("patriot-2018",))
    kept = replace(shipped.clauses["s-400-no-resale"], id="kept")
    catalogue = replace(shipped, clauses={"mine": mine, "kept": kept})
    return run(small_scenario({"s-400-regiment": ("mine", "kept")}), catalogue)


def only(result: CompareResult, clause: str) -> ClauseVariant:
    (found,) = [row for row in result.clauses if row.clause == clause]
    return found


def test_a_void_offer_leaves_the_package_of_the_other(story: CompareResult) -> None:
    """What remains are the units of the regiment with its own links: the same raid, number for number."""
    row, alone = only(story, "patriot-without-s-400"), story.raid_row("s-400-regiment", RAID)
    assert (row.laydown, row.held_with, row.raid) == ("both", ("s-400-regiment",), RAID)
    assert row.remains == tuple(unit.uid for unit in story.offer("s-400-regiment").units)
    assert row.leakers is not None
    assert (row.leakers.low, row.leakers.median, row.leakers.high) == (
        alone.leakers.low, alone.leakers.median, alone.leakers.high,
    )  # fmt: skip
    assert row.price_usd == 2.5e9
    assert row.same_as == "s-400-regiment"
    assert "residents defended are those of the S-400 regiment." in row.sentence


def test_a_void_offer_costs_the_difference_of_the_two_packages(story: CompareResult) -> None:
    (found,) = [
        d for d in story.differences
        if (d.measure, d.condition.raid, d.a, d.b) == ("leakers", RAID, "s-400-regiment", "both")
    ]  # fmt: skip
    more = only(story, "patriot-without-s-400").more_leakers
    assert more is not None
    assert more.median > 0.0
    assert (more.low, more.median, more.high) == pytest.approx(
        (found.a_minus_b.low, found.a_minus_b.median, found.a_minus_b.high)
    )


def test_aircraft_are_lost_beside_every_package_with_the_system(story: CompareResult) -> None:
    """Rival counts are variants of their own; price and payment belong to the first."""
    rows = [row for row in story.clauses if row.clause == "f-35-without-s-400"]
    assert [(row.laydown, row.aircraft) for row in rows] == [
        ("s-400-regiment", 100.0), ("s-400-regiment", 120.0), ("both", 100.0), ("both", 120.0),
    ]  # fmt: skip
    statements = load_catalogue().statements
    assert [statements[name].nominal for name in ("f-35-ordered-2014", "f-35-planned")] == [100.0, 120.0]
    assert [(row.aircraft_usd, row.paid_usd) for row in rows[:2]] == [(16e9, 1.4e9), (None, None)]
    for row, sources in zip(rows, (("[T14]", "[B23]"), ("[B20]",)) * 2, strict=True):
        assert row.leakers is None
        assert all(name in row.sentence for name in sources)


def test_what_remains_defends_as_the_package_of_the_same_units_whatever_links_it() -> None:
    deal = load_scenario("turkey-2019")
    rest = remaining(deal.laydown("both-networked"), deal.offer("patriot-2018"))
    regiment = deal.laydown("s-400-regiment")
    assert rest.units != regiment.units
    assert _stands_as(rest) == _stands_as(regiment)
    assert _stands_as(rest) != _stands_as(deal.laydown("s-400-as-reported"))


def test_resale_is_closed_for_an_offer_of_no_package(story: CompareResult) -> None:
    row = only(story, "s-400-no-resale")
    assert (row.offer, row.laydown, row.leakers, row.aircraft) == ("s-400-second", "", None, None)
    assert "relocation" in row.sentence


def test_clauses_move_no_other_number(story: CompareResult) -> None:
    bare = run(small_scenario({}), load_catalogue())
    assert bare.clauses == ()
    for name in ("rows", "coverage", "differences", "marginals", "prices", "answer", "circumstances", "parameters"):
        assert str(getattr(bare, name)) == str(getattr(story, name)), name


def test_a_strangers_clause_takes_the_other_system_away(turned: CompareResult) -> None:
    row, alone = only(turned, "mine"), turned.raid_row("patriot", RAID)
    assert (row.offer, row.laydown, row.held_with) == ("s-400-regiment", "both", ("patriot-2018",))
    assert {uid.partition("@")[0] for uid in row.remains} == {"patriot-2018"}
    assert row.price_usd == 3.5e9
    assert row.leakers is not None
    assert row.leakers.median == alone.leakers.median


def test_resale_names_every_package_that_the_offer_pays_for(turned: CompareResult) -> None:
    assert [row.laydown for row in turned.clauses if row.clause == "kept"] == ["s-400-regiment", "both"]


def test_what_is_said_of_several_packages_is_said_once(story: CompareResult) -> None:
    told = told_variants(story.clauses, lambda name: story.offer(name).short)
    assert [(one.clause, one.packages) for one in told] == [
        ("s-400-no-resale", ()),
        ("patriot-without-s-400", ("both",)),
        ("f-35-without-s-400", ("s-400-regiment", "both")),
        ("f-35-without-s-400", ("s-400-regiment", "both")),
    ]


def test_every_term_and_clause_is_in_the_text_and_on_the_page(story: CompareResult) -> None:
    scenario = small_scenario()
    said = [term.text for offer in scenario.offers for term in offer.clauses]
    said += [load_catalogue().clauses[name].text for offer in scenario.offers for name in offer.bound_by]
    assert sorted(row.text for row in story.terms) == sorted(said)
    text = " ".join(" ".join(compare_lines(story)).split())
    table = terms_table(story)
    assert table is not None
    cells = [cell.text for row in table.rows for cell in row.cells if isinstance(cell, Cell)]
    for words in said:
        assert words in text
        assert words in cells
    assert CLAUSE_NOTE in text
    assert CLAUSE_NOTE in table.caption
    for row in story.clauses:
        assert row.sentence in text
        assert any(row.sentence in cell for cell in cells)
    assert max(map(len, compare_lines(story))) <= 80


def test_sources_of_terms_are_among_those_of_the_page(story: CompareResult) -> None:
    assert {name for row in story.terms for name in row.sources} <= set(story.sources)
