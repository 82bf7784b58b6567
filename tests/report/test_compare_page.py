"""The page of a comparison: order, every number with its interval, warnings under ratios, phone and print."""

import re
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import numpy as np
import pytest

from ringtrue.answer import Header, columns_in
from ringtrue.catalogue.records import Parameter, Source
from ringtrue.finding import Finding, finding
from ringtrue.report.compare_figures import better_chart, frontier_chart, kill_chart, raid_chart
from ringtrue.report.compare_page import compare_page, write_compare_report
from ringtrue.report.compare_tables import Inputs, chosen_differences, raids_tables
from ringtrue.report.offer_looks import offer_looks, shared_name
from ringtrue.report.offer_maps import band_codes, map_grounds, map_sets, offer_places
from ringtrue.report.page import Panels, Table
from ringtrue.report.places_section import place_sections, place_table
from ringtrue.report.render import render_page
from ringtrue.report.style import SERIES
from ringtrue.report.timeline_figures import timeline_chart
from ringtrue.scenario.keys import Waypoint
from ringtrue.scenario.records import Asset
from ringtrue.sensing.deciding import Deciding, Share
from ringtrue.studies.compare_differences import Compared
from ringtrue.studies.compare_places import told_places
from ringtrue.studies.compare_records import (
    ClauseVariant,
    ComparedOffer,
    CompareResult,
    Condition,
    CoverageRow,
    Difference,
    MarginalRow,
    MonthRow,
    OfferMap,
    PaidRow,
    PaymentRow,
    PlacedUnit,
    PlaceRaid,
    PlaceRow,
    PriceRow,
    TermRow,
    Turn,
    UnitRow,
    UsdEach,
)
from ringtrue.studies.compare_records import Share as Interval
from ringtrue.studies.frontier import Priced, frontier
from ringtrue.studies.raid_rows import KillCurve, KillPoint, RaidChange, RaidRow, changed_measures
from ringtrue.studies.timeline import Curve, TimelineResult

RNG = np.random.default_rng(5)
N_DRAWS = 40
RAIDS = {"swarm": "10 drones at one town", "salvo": "4 missiles, arriving together"}
SIZE = {"swarm": 10, "salvo": 4}
OWN, ALL = "own kind", "all joined"
PACKAGES = {
    "none": ("Nothing", (), None, "every unit alone"),
    "long": ("Long, two units", (("l@east", "long:a", "east"), ("l@west", "long:a", "west")), 2.5e9, OWN),
    "short": ("Short as notified: two units", (("s@east", "short", "east"), ("s@west", "short", "west")), 3.5e9, OWN),
    "both": ("Long and Short, apart", (("l@east", "long:a", "east"), ("s@east", "short", "east")), 6e9, OWN),
    "joined": ("Long and Short, joined", (("l@east", "long:a", "east"), ("s@east", "short", "east")), 6e9, ALL),
}  # fmt: skip
LEAK = {"none": 1.0, "long": 0.6, "short": 0.4, "both": 0.3, "joined": 0.25}
TARGET, WHERE = "f-16", "3,000 m AMSL"
TOWN = Asset(
    uid="town", name="Town & <i>Port</i>", at=Waypoint(39.0, 33.0), population=1e5, weight=1.0, note=""
)  # fmt: skip
SHARES = (Share("kill probability against drone targets", 0.3, 0.4, 0.5),)


def parameter(key: str, origin: str = "assumed") -> Parameter:
    if origin == "assumed":
        return Parameter(key, 1.0, 2.0, 3.0, "s", "1 / 2 / 3 s", "split", None, "assumed", "none", note="nobody says")
    return Parameter(key, 2.0, 2.0, 2.0, "m", "2 m", "fixed", "maker", "read", "B")


PARAMETERS = (
    parameter("radar.l1.reference_range"),
    parameter("radar.s1.reference_range", "read"),
    parameter("target.drone.rcs"),
    parameter("target.f-16.rcs"),
    parameter("fire-unit.l.reaction"),
    parameter("assumption.kill-probability-drone"),
)
SOURCES = {
    "maker": Source("maker", "Brochure", "Maker of the example", "2019", "https://example.org/b", "manufacturer")
}


def raid_row(laydown: str, raid: str, blank) -> RaidRow:
    n = SIZE[raid]
    leakers = np.clip(LEAK[laydown] * n + RNG.normal(0.0, 0.05 * n, N_DRAWS), 0.0, n)
    inputs = tuple(p.id for p in PARAMETERS if laydown != "short" or not p.id.startswith("radar.l1"))
    return RaidRow(**blank | {
        "laydown": laydown, "raid": raid, "n_targets": n, "leakers": finding("leakers", "1", leakers, inputs),
        "leak_share": finding("leak share", "1", leakers / n),
        "p_no_leaker": finding("none", "1", np.full(N_DRAWS, 0.02)),
        "leakers_by_class": {"drone": finding("leakers", "1", leakers)},
        "rounds_fired": finding("rounds", "1", RNG.uniform(3, 9, N_DRAWS)),
        "cost_exchange": finding("exchange", "1", RNG.uniform(1, 4, N_DRAWS)), "noise_share": 0.01,
        "draws": {said.name: leakers if said.name == "leakers" else np.zeros(N_DRAWS) for said in changed_measures()},
    })  # fmt: skip


def offer(laydown: str, part: str = "package") -> ComparedOffer:
    title, units, price, network = PACKAGES[laydown]
    return ComparedOffer(
        laydown=laydown, title=title, short=laydown, reading="as printed", part=part, offers=("deal",) if price else (),
        units=tuple(PlacedUnit(*unit) for unit in units), network=network, price_usd=price, price_year="2018",
        price_basis="ceiling of a notification", price_note="not like for like", sources=("maker",) if price else (),
        delivered={},
    )  # fmt: skip


def people(low: float, middle: float, high: float) -> Finding:
    return Finding("residents defended", "people", low, middle, high)


def difference(a: str, b: str, raid: str, rows: dict[tuple[str, str], RaidRow]) -> Difference:
    one, two = (rows[k, raid].draws["leakers"] for k in (a, b))
    text = f"{a} against {b} in raid {raid}."
    return Difference(
        part="package", a=a, b=b, measure="leakers", condition=Condition(raid=raid), label="leakers", unit="1",
        better="less", a_value=finding("leakers", "1", one), b_value=finding("leakers", "1", two),
        a_minus_b=finding("less", "1", one - two), p_a_better=float((one < two).mean()), noise_share=0.0,
        p_equal=float((one == two).mean()), deciding=None,
        break_even=Turn("kill", "1", 0.5, 0.7, 0.9, 0.1, 1.0, f"{a} wins below 0.7 of {b}"), sentence=text,
        verdict=Deciding(SHARES[0].name, SHARES, "the kill probability moves the answer most"),
    )  # fmt: skip


def course() -> TimelineResult:
    months = tuple(date(y, m, 1) for y in (2018, 2019, 2020) for m in range(1, 13))
    rows = []
    for laydown in ("long", "short"):
        for view, state, start, lead in (
            ("paper", "delivered", 20, None if laydown == "long" else 24.0), ("reported", "delivered", 14, None),
            ("reported", "on_alert", 99, None),
        ):  # fmt: skip
            units = np.array([2 * (i >= start and (laydown == "long" or view == "paper")) for i in range(len(months))])
            area = tuple(Finding("area", "km2", 4e4 * u, 5e4 * u, 6e4 * u) for u in units)
            rows.append(
                Curve(
                    laydown=laydown,
                    reading="",
                    offers=("deal",),
                    view=view,
                    state=state,
                    lead_time_months=lead,
                    first_delivery=None if start > 30 else months[start].isoformat(),
                    days_to_first_delivery=None if start > 30 else 800,
                    steps=(),
                    title=PACKAGES[laydown][0],
                    fire_units=units,
                    values={"area_km2": area},
                )
            )
    return TimelineResult(
        Header(command="timeline", catalogue_hash="0" * 64, seed=1, n_draws=N_DRAWS),
        target=TARGET,
        where=WHERE,
        release_range_m=0.0,
        terrain="flat",
        first_month="2018-01",
        last_month="2020-12",
        rows=tuple(rows),
        notes=(),
        months=months,
        parameters=(),
    )


@pytest.fixture(scope="module")
def result(blank_raid_row) -> CompareResult:
    rows = {(laydown, raid): raid_row(laydown, raid, blank_raid_row) for laydown in PACKAGES for raid in RAIDS}
    pairs = (("long", "short"), ("long", "both"), ("short", "both"), ("both", "joined"), ("long", "joined"))
    differences = tuple(difference(a, b, raid, rows) for raid in RAIDS for a, b in pairs)
    latitude, longitude = np.arange(41.9, 36.0, -0.2), np.arange(26.1, 44.0, 0.2)
    grid = np.hypot(latitude[:, None] - 39.0, 0.8 * (longitude[None, :] - 33.0)) * 3000.0
    maps = tuple(
        OfferMap(k, TARGET, latitude, longitude, np.where(grid < 9000.0 + 3000.0 * i, grid, np.nan).astype(np.float32))
        for i, k in enumerate(("long", "short"))
    )
    points = [
        p
        for raid in RAIDS
        for p in frontier(
            Compared("leakers", "leakers", Condition(raid=raid), "1", "less"),
            [Priced(k, PACKAGES[k][2] or 0.0, rows[k, raid].draws["leakers"]) for k in PACKAGES],
        )
    ]  # fmt: skip
    area, one = Finding("area", "km2", 900.0, 1000.0, 1100.0), Finding("times", "1", 1.0, 1.0, 1.0)
    at = Condition(target=TARGET, where=WHERE, release_range_m=0.0)
    swarm = Condition(raid="swarm")
    return CompareResult(
        Header(
            command="compare", scenario_hash="a" * 64, catalogue_hash="b" * 64, seed=1, n_draws=N_DRAWS,
            n_replications=4,
        ),
        scenario="example", title="Two offers </script><b>and none</b>", question="Which?", terrain="flat",
        n_draws_coverage=N_DRAWS, offers=tuple(offer(k) for k in PACKAGES), raids=RAIDS,
        names={k: v[0] for k, v in PACKAGES.items()} | {TARGET: "F-16", "drone": "Drone"},
        fire_units=tuple(
            UnitRow(k, k, "east", TARGET, where, area, area, area, None, {})
            for k in ("long", "short")
            for where in (WHERE, "50 m AGL")
        ),
        coverage=tuple(
            CoverageRow(
                k, TARGET, WHERE, area, people(1e6, 2e6, 3e6), {0.0: people(1e6, 2e6, 3e6), 20e3: None},
                {0.0: Finding("assets", "1", 1.0, 2.0, 2.0)},
            )
            for k in PACKAGES
        ),
        places=tuple(
            PlaceRow(k, "town", TARGET, WHERE, {0.0: people(1e6, 2e6, 3e6), 20e3: None}, None) for k in PACKAGES
        ),
        place_raids=tuple(
            PlaceRaid(k, "town", raid, SIZE[raid], Finding("leakers", "1", 1.0, 2.0, 3.0, one_raid=(0.0, 4.0)))
            for k in PACKAGES for raid in RAIDS
        ),
        place_duels=(), assets={"town": TOWN},
        rows=tuple(rows.values()), published_figures=(), published_difference=None,
        kill_curves=tuple(
            KillCurve(
                k, raid,
                tuple(
                    KillPoint(p, Finding("l", "1", v - 0.5, v, v + 0.5), Finding("s", "1", 0.1, 0.2, 0.3))
                    for p, v in ((0.3, 3.0), (0.6, 2.0), (0.9, 1.0))
                ),
            )
            for k in ("long", "short") for raid in RAIDS
        ),
        differences=differences,
        links_assumed_share=0.9,
        links=tuple(
            RaidChange(raid, "both", "joined", "leakers", "Leakers", "1", area, 0.5, 0.25) for raid in RAIDS
        ),
        marginals=tuple(
            MarginalRow(a, b, "both", "targets_stopped", swarm, "targets stopped", "1", area, area, None, 1.0, "")
            for a, b in (("long", "short"), ("short", "long"))
        ),
        payments=(
            PaidRow(
                "long", "2017-04-11", 2.5e9, 1.0, paid_usd=Finding("paid", "USD", 2.6e9, 2.9e9, 3.3e9),
                interest_usd=Finding("interest", "USD", 0.1e9, 0.4e9, 0.8e9),
                present_value_usd=Finding("worth", "USD", 2.1e9, 2.4e9, 2.8e9),
                payments=(
                    PaymentRow("advance", "2017-09-12", one, Finding("each", "USD", 1e9, 1e9, 1e9)),
                    PaymentRow(
                        "repayment", "2018-12-29", Finding("times", "1", 6.0, 10.0, 14.0),
                        Finding("each", "USD", 1.4e8, 1.8e8, 2.7e8),
                    ),
                ),
            ),
            PaidRow("short", "2017-04-11", 3.5e9, 0.0),
        ),
        terms=(
            TermRow("long", "Void beside <b>another</b>.", "2018", ("B07",), "void", "offer-void", "p. 2"),
            TermRow("short", "Paid in kind.", "undated", ()),
        ),
        clauses=(
            ClauseVariant("void", "long", "long", "offer-void", "Is void: 0 units remain, for 3.5 bnUSD.", leakers=one),
        ),
        prices=(
            PriceRow("long", "person", at, area, area, UsdEach(800.0, 1200.0, 2000.0, 1200.0), 0.0, ""),
            PriceRow("long", "asset", at, area, area, UsdEach(None, None, None, None), 1.0, ""),
        ),
        frontier=tuple(points),
        months=(
            MonthRow("long", "reported", "delivered", None, "swarm", "2018-01", "2019-02", (), area),
            MonthRow("long", "reported", "delivered", None, "swarm", "2019-03", "2020-12", ("l@east",), area),
        ),
        timeline=course().rows, course=course(), maps=maps, assumed_share=0.7,
        assumed_share_interval=Interval(0.55, 0.8),
        deciding=differences[0].verdict.of(differences[0].sentence), headline=differences[0],
        answer=("First sentence.", "Second sentence.", "Third sentence."),
        circumstances=("Long: 2.5 bnUSD, never delivered.", "The order turns over at a ratio of 0.7."),
        declared=("Every raid is invented.",), positions="",
        caveats=("A unit fires no round.",), notes=("Same luck.",), parameters=PARAMETERS,
        sources=SOURCES,
    )  # fmt: skip


@pytest.fixture(scope="module")
def html(result):
    return render_page(compare_page(result))


def text_of(html: str) -> str:
    bare = re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)
    bare = re.sub(r'<span class="nb">(.*?)</span>', r"\1", bare)
    return re.sub(r'src="data:[^"]*"', "", bare)


def test_a_reader_finds_things_in_the_order_of_the_questions(html):
    text = text_of(html)
    words = (
        "First sentence.", "Where each offer could engage", "What gets through", "Who is better", "What was on offer",
        "The raids in numbers", "Not joined, and joined", "What was there, and when", "Price and worth",
        "What it hangs on", "If interceptors were better or worse", 'class="block figures"', "What this does not know",
    )  # fmt: skip
    places = [text.index(word) for word in words]
    assert places == sorted(places)


def test_every_figure_and_table_says_where_it_comes_from(html):
    figures = re.findall(r"<figure.*?</figure>", text_of(html), re.DOTALL)
    assert len(figures) >= 5
    assert all('class="sources"' in figure and "<figcaption>" in figure for figure in figures)
    tables = re.findall(r"<table(?! class=\"parameters\").*?</table>(.{0,200})", text_of(html), re.DOTALL)
    assert tables
    assert all('class="sources"' in after for after in tables)


def test_raids_stand_in_two_tables_that_a_page_holds(result):
    every = raids_tables(result)
    first = str(result.headline.condition.raid)
    tables = [table for table in every if table.heading.endswith(f": {first}")]
    columns = [column for table in tables for column in table.columns[1:]]
    assert len(every) == 2 * len(result.raids)
    assert [table.heading for table in every if not table.folded] == [f"The raids in numbers: {first}"]
    assert columns == [said.heads["page"] for said in columns_in(result.rows, "page")]
    assert max(len(table.columns) for table in tables) <= 8
    assert [len(table.rows) for table in tables] == [len(tables[0].rows)] * 2


def test_the_warning_stands_under_every_ratio_of_prices(html):
    text = text_of(html)
    prices = re.findall(r"<td[^>]*>[^<]*USD.*?</td>", text, re.DOTALL)
    assert len(prices) >= 2
    assert all("not like for like" in cell for cell in prices)
    assert "nothing defended in 100 % of draws" in text


def test_terms_stand_with_effect_source_and_place(html):
    text = text_of(html)
    table = text[text.index("Terms of the offers, and what each clause would change") :]
    table = table[: table.index("</table>")]
    assert table.index("Clauses") < table.index("Terms that change nothing here") < table.index("Paid in kind.")
    for words in ("Void beside &lt;b&gt;another&lt;/b&gt;.", "Is void: 0 units remain", "p. 2"):
        assert words in table


def test_payments_stand_with_their_present_value_and_its_day(html):
    text = text_of(html)
    table = text[text.index("What is paid, and what that is worth on one day") :]
    table = table[: table.index("</table>")]
    for words in ("2.9 bn USD", "2.6 bn USD to 3.3 bn USD", "2.4 bn USD", "repayment from 2018-12-29: 10 × 180 M USD",
                  "advance on 2017-09-12: 1 bn USD", "no payments published"):  # fmt: skip
        assert words in table, words
    assert "present value on 2017-04-11" in text


def test_heights_carry_their_reference(html):
    text = text_of(html)
    assert "3,000 m above sea level" in text
    assert "50 m above ground" in text
    assert "AMSL" not in text
    assert "AGL" not in text


def test_a_number_lists_its_own_parameters_only(result):
    inputs = Inputs(result)
    row = result.raid_row("short", "swarm")
    assert "radar.l1.reference_range" not in inputs.of_raid(row)
    coverage = inputs.of_coverage("short", TARGET)
    assert "target.f-16.rcs" in coverage
    assert not {"target.drone.rcs", "radar.l1.reference_range", "assumption.kill-probability-drone"} & set(coverage)
    without = replace(row, leakers=replace(row.leakers, inputs=()))
    assert {p for p in inputs.of_raid(without) if p.startswith("target.")} == {"target.drone.rcs"}


def test_rivals_are_shown_and_readings_of_one_offer_are_not(result):
    one = replace(result.differences[0], a="long", b="long2")
    other = replace(offer("long"), laydown="long2", units=(PlacedUnit("l@east", "long:b", "east"),))
    more = replace(result, offers=(*result.offers, other), differences=(*result.differences, one))
    assert [d.b for d in chosen_differences(more)].count("long2") == 0
    assert {(d.a, d.b) for d in chosen_differences(result)} == {
        ("long", "short"), ("long", "both"), ("short", "both"), ("both", "joined"),
    }  # fmt: skip


def test_hostile_words_are_quoted(html):
    assert "<b>and none</b>" not in html


def test_equal_maps_are_drawn_once(result):
    same = replace(result.maps[0], laydown="both")
    (one,) = map_sets(replace(result, maps=(*result.maps, same)))
    assert [panel.title for panel in one.panels] == [
        "Long, two units; Long and Short, apart",
        "Short as notified: two units",
    ]
    held = [offer_places(result.offer(name)) for name in (result.maps[0].laydown, "both")]
    assert held[0] != held[1]
    assert one.panels[0].note == f"{result.maps[0].laydown}: {held[0]}; both: {held[1]}"
    grounds = map_grounds(result)
    for panel in one.panels:
        ground, bands, *lines = panel.picture.layers
        assert (ground, *lines) == ("ground-0", "borders-0", "towns-0")
        assert set(grounds) >= {ground, *lines}
        box = ElementTree.fromstring(bands).get("viewBox")
        assert {ElementTree.fromstring(svg).get("viewBox") for svg in grounds.values()} == {box}


def test_each_place_has_a_band_with_a_row_for_each_offer_and_a_disc_on_the_maps(result, html):
    (place,) = told_places(result)
    table = place_table(result, [place])
    assert table.rows[0].is_band
    assert table.rows[0].name == "Town & <i>Port</i>: 10 aim at it in swarm"
    assert [row.name for row in table.rows[1:]] == [PACKAGES[k][0] for k in PACKAGES]
    through, overhead, farther, warned = table.rows[1].cells
    assert (through.text, "one raid: 0 to 4" in through.interval) == ("2", True)
    assert (overhead.text, farther.text, warned.text) == ("2 M", "not resolvable", "none")
    assert "Town &amp; &lt;i&gt;Port" in html
    assert "<i>Port" not in html
    assert ">2 of 10<" in "".join(layer for panel in place_panels(result) for layer in panel.picture.layers)


def place_panels(result):
    (maps,) = (s for s in place_sections(result, with_map=True) if isinstance(s, Panels))
    return [panel for one in maps.sets for panel in one.panels]


def test_without_a_map_the_table_of_the_places_stays(result):
    sections = compare_page(replace(result, maps=())).sections
    assert "Place by place: Town & <i>Port</i>" in [getattr(s, "heading", "") for s in sections]
    assert "What gets through, place by place" not in [getattr(s, "heading", "") for s in sections]


def test_the_ground_of_the_maps_is_drawn_once(result, html):
    assert html.count("--ground-0:url(") == html.count("--borders-0:url(") == 2, "once in each block that lies on it"
    assert html.count("--towns-0:url(") == 1
    assert html.count("var(--ground-0)") == html.count('class="layered"') == 2 + 4, "two of offers, four of places"
    assert html.count("var(--towns-0)") == 2
    assert "Ankara" in map_grounds(result)["towns-0"]


def test_bands_of_the_map_end_at_their_heights():
    codes, palette = band_codes(np.array([[100.0, 100.1, 10_000.0, 10_001.0, np.nan]], dtype=np.float32))
    assert codes.tolist() == [[0, 1, 3, 4, 5]]
    assert len({tuple(c) for c in palette.tolist()}) == 6
    assert palette[5, 3] == 0


def test_an_offer_has_one_colour_in_every_chart_table_and_map(result):
    styles = offer_looks(result)
    of_name = {result.names[offer.laydown]: styles[offer.laydown].colour for offer in result.offers}
    assert len(set(of_name.values())) > 1
    sections = compare_page(result).sections
    rows = [(s.heading, row) for s in sections if isinstance(s, Table) for row in s.rows if row.name in of_name]
    assert len({heading for heading, _ in rows}) >= 5
    for heading, row in rows:
        assert [mark.colour for mark in row.marks] == [of_name[row.name]], (heading, row.name)
    panels = [panel for s in sections if isinstance(s, Panels) for one in s.sets for panel in one.panels]
    assert panels
    for panel in panels:
        assert [mark.colour for mark in panel.marks] == [of_name[title] for title in panel.title.split("; ")]
    planes = list(dict.fromkeys((p.measure, p.condition) for p in result.frontier))
    leaking = [d for d in chosen_differences(result) if d.part == "package" and d.measure == "leakers"]
    charts = [raid_chart(result), better_chart(result, leaking), frontier_chart(result, planes), kill_chart(result)]
    for picture in (*charts, timeline_chart(result.course, styles)):
        drawn = set(re.findall("#[0-9a-f]{6}", picture.svg)) & set(SERIES)
        assert drawn
        assert drawn <= set(of_name.values())


def test_titles_share_their_first_words_only():
    assert shared_name(["Long range one", "Long gun one"]) == "Long"
    assert shared_name(["Alpha", "Beta"]) == "Alpha"


def test_the_same_result_gives_the_same_bytes(tmp_path, result):
    first = write_compare_report(result, tmp_path / "a.html").read_bytes()
    assert first == write_compare_report(result, tmp_path / "b.html").read_bytes()
    assert len(first) < 5_000_000


def test_a_chart_is_drawn_for_wide_and_narrow(result):
    picture = raid_chart(result)
    wide, narrow = (ElementTree.fromstring(text) for text in (picture.svg, picture.narrow_svg))
    assert float(wide.get("width").removesuffix("pt")) > 500
    assert 200 < float(narrow.get("width").removesuffix("pt")) < 300 < float(narrow.get("height").removesuffix("pt"))


def test_a_result_without_time_maps_or_prices_is_still_a_page(result):
    bare = replace(
        result,
        timeline=None,
        course=None,
        months=(),
        maps=(),
        terms=(),
        clauses=(),
        prices=(),
        frontier=(),
        kill_curves=(),
        marginals=(),
        fire_units=(),
    )
    text = text_of(render_page(compare_page(bare)))
    assert "First sentence." in text
    assert "What was there, and when" not in text


@pytest.mark.browser
@pytest.mark.slow
def test_in_chromium_it_fits_prints_and_asks_for_nothing(tmp_path, result, audits, open_report):
    path = write_compare_report(result, tmp_path / "report.html", audits=audits)
    with open_report(path, 1280) as seen:
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= 1280
        assert seen.page.locator("img.in-wide").first.is_visible()
        assert not seen.page.locator("img.in-narrow").first.is_visible()
        seen.page.click("td a[data-inputs] >> nth=0")
        assert "1 / 2 / 3 s" in seen.page.inner_text("dialog")
        seen.page.keyboard.press("Escape")
        assert seen.quiet()
    with open_report(path, 390) as seen:
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390
        assert seen.page.locator("img.in-narrow").first.is_visible()
        assert seen.quiet()
        assert seen.n_printed_pages() >= 4
        assert not seen.tables_off_the_printed_page()


@pytest.mark.browser
@pytest.mark.slow
def test_the_switch_of_the_maps_works_without_a_script(tmp_path, result, open_report):
    second = tuple(replace(m, target="drone") for m in result.maps)
    path = write_compare_report(replace(result, maps=(*result.maps, *second)), tmp_path / "report.html")
    with open_report(path, 1280, script=False) as seen:
        sets = seen.page.locator(".panel-set")
        assert [sets.nth(i).is_visible() for i in range(2)] == [True, False]
        seen.page.check(".panels input[value='1']", force=True)
        assert [sets.nth(i).is_visible() for i in range(2)] == [False, True]
        seen.page.emulate_media(media="print")
        assert [sets.nth(i).is_visible() for i in range(2)] == [True, True]


def test_the_nominal_case_stands_beside_every_interval(result, with_nominal_cases, intervals_of):
    found, bare = intervals_of(compare_page(with_nominal_cases(result)))
    assert len(found) > 60
    assert not bare


def test_every_block_stands_alone_and_twice_and_as_in_the_page(result, audits, blocks_stand_alone):
    assert blocks_stand_alone(compare_page(result, audits=audits)) > 0
