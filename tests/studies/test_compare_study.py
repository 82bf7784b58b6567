"""The whole comparison on the shipped story, small, on bare earth."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import jsonschema
import numpy as np
import pytest

from ringtrue.answer import answer_schema
from ringtrue.catalogue.load import load_catalogue
from ringtrue.catalogue.records import Parameter
from ringtrue.coverage.ring import Level
from ringtrue.engagement.raid import run_raid
from ringtrue.errors import InputError
from ringtrue.finding import DRAWS
from ringtrue.geo.elevation import open_model
from ringtrue.scenario.load import load_scenario
from ringtrue.sensing.ledger import GROUND
from ringtrue.sensing.post import FEW_RELIEFS, post_at
from ringtrue.sensing.run import Run
from ringtrue.studies.compare import compare
from ringtrue.studies.compare_coverage import CoverageSetting, package_reach, place_key
from ringtrue.studies.compare_output import compare_lines
from ringtrue.studies.compare_raids import RaidSetting, play
from ringtrue.studies.compare_records import CompareResult
from ringtrue.studies.reach import Cells, UnitReach, together

if TYPE_CHECKING:
    from ringtrue.scenario.records import Scenario

PACKAGES = ("neither", "s-400-regiment", "patriot", "both", "both-networked")


def small_scenario() -> Scenario:
    story = load_scenario("turkey-2019")
    study = replace(
        story.study, laydowns=PACKAGES, raids=("mixed-40", "srbm-8"), targets=("f-16", "srbm"), heights_m=(500.0,),
        altitudes_m=(3000.0,),
    )  # fmt: skip
    return replace(story, study=study)


def run(
    scenario: Scenario, threads: int | None = None, *, n_draws: int = 24, n_replications: int = 4, seed: int = 1
) -> CompareResult:
    of_it = Run(load_catalogue(), open_model("none"), n_draws=n_draws, seed=seed, threads=threads)
    return compare(scenario, of_it, n_replications=n_replications)


@pytest.fixture(scope="module")
def story() -> CompareResult:
    return run(small_scenario())


def test_residents_defended_carry_the_doubt_of_the_raster(story: CompareResult) -> None:
    """Also where every draw defends the same cells."""
    known = [f for row in story.coverage for f in row.people_defended.values() if f is not None and f.high > 0.0]
    assert known
    assert all(f.low < f.median < f.high for f in known)


def test_who_is_compared(story: CompareResult) -> None:
    assert [(o.laydown, o.part) for o in story.offers] == [
        ("one-s-400", "fire unit"),
        ("one-patriot", "fire unit"),
        *((name, "package") for name in PACKAGES),
    ]
    assert story.offer("both").price_usd == 6.0e9
    assert story.offer("both").price_year == "2017, 2018"
    assert story.offer("neither").price_usd is None


def test_without_units_everything_leaks(story: CompareResult) -> None:
    row = story.raid_row("neither", "mixed-40")
    assert (row.leakers.low, row.leakers.high, row.n_targets) == (40.0, 40.0, 40)
    assert row.first_fire_s is None
    assert row.rounds_fired.high == 0.0


def test_counts_and_shares_agree(story: CompareResult) -> None:
    for row in story.rows:
        assert 0.0 <= row.leakers.low <= row.leakers.high <= row.n_targets
        assert row.leak_share.median * row.n_targets == pytest.approx(row.leakers.median)
        assert set(row.leakers_by_class) == ({"srbm"} if row.raid == "srbm-8" else set(row.leakers_by_class))
        low = [found.low for found in row.leakers_by_class.values()]
        assert all(0.0 <= value <= row.leakers.high for value in low)


def test_same_luck_makes_the_second_system_add_on_average(story: CompareResult) -> None:
    both = story.raid_row("both", "mixed-40").draws["leakers"]
    for alone in ("s-400-regiment", "patriot"):
        assert (both <= story.raid_row(alone, "mixed-40").draws["leakers"] + 0.5).all()


def test_every_difference_has_interval_chance_and_break_even(story: CompareResult) -> None:
    pairs = {(d.a, d.b) for d in story.differences if d.part == "package"}
    assert len(pairs) == 6  # four packages with units, two and two
    for d in story.differences:
        assert d.a_minus_b.low <= d.a_minus_b.median <= d.a_minus_b.high
        assert 0.0 <= d.p_a_better <= 1.0 - d.p_equal + 1e-12  # sixths do not add up to 1 exactly
        assert d.break_even.sentence
    leaking = [d for d in story.differences if d.measure == "leakers" and {d.a, d.b} == {"s-400-regiment", "patriot"}]
    assert len(leaking) == 2
    assert all(d.break_even.unknown == "ratio of kill probabilities, A over B" for d in leaking)


def test_difference_is_that_of_the_draws(story: CompareResult) -> None:
    """What taking luck out may move the median by is the luck itself: a standard deviation of the noise."""
    found = next(d for d in story.differences if (d.a, d.b, d.condition.raid) == ("patriot", "both", "mixed-40"))
    draws = [story.raid_row(name, "mixed-40").draws["leakers"] for name in ("patriot", "both")]
    difference = draws[0] - draws[1]
    luck = np.sqrt(found.noise_share) * difference.std(ddof=1)
    assert luck < difference.std(ddof=1)
    assert found.a_minus_b.median == pytest.approx(float(np.median(difference)), abs=luck)


def test_curve_falls_with_kill_probability(story: CompareResult) -> None:
    for curve in story.kill_curves:
        medians = [point.leakers.median for point in curve.points]
        assert medians[-1] <= medians[0]


def test_second_system_both_ways_and_for_both_networks(story: CompareResult) -> None:
    trios = {(row.first, row.second, row.both) for row in story.marginals}
    one, two = "s-400-regiment", "patriot"
    assert trios == {(a, b, c) for a, b in ((one, two), (two, one)) for c in ("both", "both-networked")}


def test_prices_are_finite_or_absent_and_warn(story: CompareResult) -> None:
    text = json.dumps(story.as_json(), allow_nan=False)
    assert "Infinity" not in text
    assert story.prices
    for row in story.prices:
        assert row.note.startswith("not like for like")
        assert "release range" in row.condition.text
        assert all(v is None or np.isfinite(v) for v in (row.usd_each.low, row.usd_each.median, row.usd_each.high))


def test_frontier_puts_nothing_bought_at_no_price(story: CompareResult) -> None:
    free = [p for p in story.frontier if p.laydown == "neither"]
    assert free
    assert all(p.price_usd == 0.0 and not p.is_dominated for p in free)
    for point in story.frontier:
        assert all(story.offer(name).price_usd is None or story.offer(name).price_usd <= point.price_usd
                   for name in point.dominated_by)  # fmt: skip


def test_months_follow_the_deliveries(story: CompareResult) -> None:
    rows = [
        r
        for r in story.months
        if (r.laydown, r.view, r.state, r.raid) == ("s-400-regiment", "reported", "delivered", "mixed-40")
    ]
    assert [(r.first, len(r.units)) for r in rows] == [("2017-04", 0), ("2019-08", 1), ("2019-10", 2)]
    assert rows[0].leakers.median == 40.0
    assert rows[2].leakers == story.raid_row("s-400-regiment", "mixed-40").leakers
    alert = [r for r in story.months if r.view == "reported" and r.state == "on_alert"]
    assert alert
    assert not any(r.units for r in alert)


def test_raid_of_the_timeline_is_the_raid_of_the_months(story: CompareResult) -> None:
    assert story.course is not None
    curve = story.course.curve("s-400-regiment", "reported", "delivered")
    last = curve.values["raid"][-1]
    assert last is not None
    assert last.median == pytest.approx(float(np.median(story.raid_row("s-400-regiment", "mixed-40").draws["leakers"])))


def test_map_of_both_is_the_lower_of_the_two(story: CompareResult) -> None:
    grids = {m.laydown: m.lowest_height_m for m in story.maps if m.target == "f-16"}
    np.testing.assert_array_equal(grids["both"], np.fmin(grids["s-400-regiment"], grids["patriot"]))
    assert np.isnan(grids["neither"]).all()
    ankara = next(m for m in story.maps if m.laydown == "s-400-regiment")
    row = int(np.abs(ankara.latitude_deg - 40.3).argmin())
    column = int(np.abs(ankara.longitude_deg - 32.57).argmin())
    assert 30.0 <= ankara.lowest_height_m[row, column] <= 500.0


def test_fire_units_side_by_side(story: CompareResult) -> None:
    assert {row.laydown for row in story.fire_units} == {"one-s-400", "one-patriot"}
    for row in story.fire_units:
        if row.seen_area_km2 is None:
            assert row.where == "ballistic arc"
        else:
            assert row.tracked_area_km2 is not None
            assert row.engageable_area_km2.median <= row.tracked_area_km2.median


def test_answer_is_computed(story: CompareResult) -> None:
    assert len(story.answer) == 3
    assert f"{story.raid_row('patriot', 'mixed-40').leakers.median:.3g}" in story.answer[0]
    assert "releases overhead / 20 km away" in story.answer[1]
    assert "the S-400 regiment lets" in story.answer[2].replace("The", "the")
    said = " ".join(story.circumstances)
    for words in ("0 reported on alert", "not like for like", "joined instead of", "2.5 bnUSD", "3.5 bnUSD"):
        assert words in said


def test_answer_is_short_and_carries_intervals(story: CompareResult) -> None:
    for text in story.answer:
        assert len(text.split()) <= 30
        assert re.search(r"\d \[[\d.]+(-| to )[\d.]+\]", text)
    for title in (offer.title for offer in story.offers if offer.part == "package"):
        assert title not in " ".join(story.answer)


def test_zero_and_twenty_kilometres_stand_side_by_side(story: CompareResult) -> None:
    rows = {r.laydown: r for r in story.coverage if r.target == "f-16"}
    text = story.answer[1]
    for name in ("s-400-regiment", "patriot"):
        for found in (rows[name].people_defended[0.0], rows[name].people_defended[20_000.0]):
            assert ("n.r." if found is None else f"{found.median / 1e6:.2g}") in text
    assert "overhead    20 km away    70 km away   250 km away" in "\n".join(compare_lines(story))


def test_an_interval_without_width_is_one_number(story: CompareResult) -> None:
    for found in re.findall(
        r"([\d.,]+(?: [A-Za-z]+)?) \[([^\]]+?) (?:to|-) ([^\]]+)\]", "\n".join(compare_lines(story))
    ):
        assert len(set(found)) > 1, found


def test_residents_stand_on_all_draws(story: CompareResult) -> None:
    assert any(f"{story.header.n_draws} draws; raids with" in note for note in story.notes)
    assert "48 draws" not in " ".join(story.notes)


def test_the_assumed_part_comes_with_its_interval(story: CompareResult) -> None:
    assert story.assumed_share is not None
    assert story.assumed_share_interval is not None
    low, high = story.assumed_share_interval.low, story.assumed_share_interval.high
    assert 0.0 <= low <= story.assumed_share <= high <= 1.0
    assert low < high
    assert f"[{100 * low:.0f} to {100 * high:.0f}] of what is uncertain" in story.circumstances[-1]
    assert story.as_json()["assumed_share_interval"] == {"low": pytest.approx(low, rel=1e-5),
                                                             "high": pytest.approx(high, rel=1e-5)}  # fmt: skip


@pytest.mark.parametrize(("n_draws_met", "is_known"), [(0, True), (8, False), (21, True)])
def test_cells_without_residents_resolve_nothing(n_draws_met: int, is_known: bool) -> None:
    """Six empty cells are defended in every draw, five inhabited ones in some: below four in the middle, no number."""
    scenario = small_scenario()
    people = np.append(np.repeat([0.0, 1e5], [10, 10]), np.zeros(len(scenario.assets)))
    nothing = np.zeros(people.size)
    cells = Cells("Turkey", nothing + 39.0, nothing + 32.0, np.where(people > 0.0, 600.0, 0.0), people)
    catalogue = load_catalogue()
    setting = CoverageSetting(scenario, Run(catalogue, open_model("none"), n_draws=20), cells)
    intercept_m = np.full((people.size, 8, 21), -1.0, dtype=np.float32)
    intercept_m[:6] = 100e3
    intercept_m[10:15, :, :n_draws_met] = 100e3
    is_reached = np.zeros((21, people.size), dtype=np.bool_)
    reach = UnitReach(np.full(21, 9e4), np.full(21, 1e6), is_reached, intercept_m, frozenset())
    laydown = scenario.laydown("s-400-regiment")
    found = package_reach(
        setting, laydown, "f-16", Level(None, 3000.0), {place_key(unit): reach for unit in laydown.units}
    )
    defended = found.people_defended[0.0]
    assert (defended is not None) == is_known
    if defended is not None:
        assert (np.median(defended) > 0.0) == (n_draws_met > 0)
    joined = together([reach, reach], cells)
    assert np.isfinite(joined.people_defended).all() == (n_draws_met == 21)


def test_reading_that_turns_the_answer_over_is_named() -> None:
    scenario = small_scenario()
    names = ("s-400-regiment", "s-400-four", "patriot")
    result = run(
        replace(scenario, study=replace(scenario.study, laydowns=names, raids=("mixed-40",), targets=("f-16",)))
    )
    leakers = {name: result.raid_row(name, "mixed-40").leakers.median for name in names}
    assert leakers["s-400-four"] < leakers["patriot"] < leakers["s-400-regiment"]
    assert "the four-division S-400 less" in result.answer[2]
    assert "The four-division S-400 (read as 'four divisions; 48N6E3') leaks less." in result.circumstances


def test_json_fits_its_schema(story: CompareResult) -> None:
    found = json.loads(json.dumps(story.as_json(), allow_nan=False))
    jsonschema.validate(found, answer_schema(CompareResult))
    assert all(row["leakers"]["nominal"] is not None and "one_raid" in row["leakers"] for row in found["rows"])


def test_text_keeps_its_width(story: CompareResult) -> None:
    lines = compare_lines(story)
    assert max(map(len, lines)) <= 80
    assert " ".join(lines).replace("  ", " ").endswith(story.answer[2])


def test_same_bytes_for_one_and_two_threads(story: CompareResult) -> None:
    again = run(small_scenario(), threads=1)
    assert json.dumps(again.as_json()) == json.dumps(story.as_json())
    for one, other in zip(story.maps, again.maps, strict=True):
        np.testing.assert_array_equal(one.lowest_height_m, other.lowest_height_m)


def test_another_kill_probability_gives_another_answer(story: CompareResult) -> None:
    scenario = small_scenario()
    sure = Parameter("x", 1.0, 1.0, 1.0, "1", "1", "fixed", None, "assumed", "none", note="test")
    study = replace(scenario.study, laydowns=("s-400-regiment", "patriot"), raids=("mixed-40",), targets=("f-16",))
    other = run(replace(scenario, doctrine=replace(scenario.doctrine, p_kill=sure), study=study))
    for name in study.laydowns:
        assert other.raid_row(name, "mixed-40").leakers.median < story.raid_row(name, "mixed-40").leakers.median
    assert other.answer[0] != story.answer[0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"area": None}, "has no [area]"),
        ({"raids": ()}, "has no [[raid]]"),
        ({"laydowns": ("neither", "patriot")}, "has no two laydowns with fire units"),
    ],
)
def test_what_is_missing_is_said(change: dict[str, object], words: str) -> None:
    scenario = small_scenario()
    study = replace(scenario.study, raids=(), laydowns=change.pop("laydowns", scenario.study.laydowns))
    with pytest.raises(InputError, match="turkey-2019") as caught:
        run(replace(scenario, study=study, **change))
    assert words in str(caught.value)


@pytest.mark.parametrize("raid_first", [True, False])
def test_raids_stand_on_the_ground_of_their_coverage(raid_first: bool) -> None:
    """One ground for a draw, in whichever order coverage and raid ask for it; `engage --reliefs 3` plays it too."""
    scenario, catalogue = load_scenario("turkey-2019"), load_catalogue()
    run = Run(catalogue, open_model(None), n_draws=24)
    laydown = scenario.laydown("one-patriot")
    unit = laydown.units[0]

    def covered() -> list[int]:
        post = post_at(run, "patriot-2018", unit.latitude_deg, unit.longitude_deg, n_reliefs=FEW_RELIEFS)
        return post.relief[DRAWS].tolist()

    first = None if raid_first else covered()
    played = play(RaidSetting(scenario, run, 2), laydown, "cruise-16")
    grounds = run.ledger.streams[GROUND].tolist()
    assert sorted(set(grounds)) == [1.0, 2.0, 3.0]
    assert covered() == grounds == (first or grounds)
    assert GROUND in {candidate.name for candidate in run.ledger.candidates(played.result.uses)}
    alone = Run(catalogue, open_model(None), n_draws=24)
    same = run_raid(scenario, "one-patriot", "cruise-16", alone, n_replications=2, n_reliefs=3)
    assert same.of("leakers").tolist() == played.of("leakers").tolist()


def test_what_is_paid_and_what_it_is_worth(story: CompareResult) -> None:
    """Terms of the loan and discount are drawn and named; an offer without published payments has none."""
    rows = {row.laydown: row for row in story.payments}
    own, rival, both = (rows[name] for name in ("s-400-regiment", "patriot", "both"))
    assert own.as_of == "2017-04-11"
    for none in (rival, both):
        assert (none.paid_usd, none.interest_usd, none.present_value_usd, none.payments) == (None, None, None, ())
    assert rival.covered_share == 0.0
    assert own.paid_usd.nominal == pytest.approx(1.125e9 + 1_780_687_905.78, abs=1.0)
    assert own.interest_usd.nominal == pytest.approx(405_687_905.78, abs=1.0)
    at_signing = 1.125e9 * 1.05 ** -(5 / 12 + 1 / 365.25) + 1.375e9 * 1.05 ** -(8 / 12 + 18 / 365.25)
    assert own.present_value_usd.nominal == pytest.approx(at_signing, abs=1.0), "5 % against 5 %: the loan itself"
    assert own.paid_usd.low < own.paid_usd.median < own.paid_usd.high
    terms = ("assumption.loan-interest", "assumption.loan-years")
    assert own.paid_usd.inputs == terms
    assert set(own.present_value_usd.inputs) == {*terms, "assumption.discount-rate"}
    assert {*terms, "assumption.discount-rate"} <= {p.id for p in story.parameters}
    text = " ".join(" ".join(compare_lines(story)).split())
    assert "What is paid, bn USD; present value on 2017-04-11" in text
    assert "No payments of the whole price were published: patriot, both, both-networked." in text


def test_what_gets_through_to_the_places_adds_up(story: CompareResult) -> None:
    """Every target of the shipped raids aims at one of the four cities."""
    for row in story.rows:
        here = [p for p in story.place_raids if (p.laydown, p.raid) == (row.laydown, row.raid)]
        assert sum(p.n_aimed for p in here) == row.n_targets
        assert sum(p.leakers.nominal for p in here) == pytest.approx(row.leakers.nominal)
        assert all(p.leakers.high <= p.n_aimed for p in here)
        assert all(p.leakers.one_raid is not None for p in here)


def test_residents_of_the_places_add_up_to_the_offer_in_every_draw(story: CompareResult) -> None:
    n_whole = 0
    for row in (r for r in story.coverage if r.target == "f-16"):
        for release_m, whole in row.people_defended.items():
            here = [
                p.people_defended[release_m] for p in story.places if (p.laydown, p.target) == (row.laydown, row.target)
            ]
            assert len(here) == 4
            if whole is None or whole.draws is None or any(one is None or one.draws is None for one in here):
                continue
            n_whole += 1
            assert np.sum([one.draws for one in here], axis=0) == pytest.approx(whole.draws, rel=1e-9)
            assert sum(one.nominal for one in here) == pytest.approx(whole.nominal)
    assert n_whole > 4


def test_a_place_is_warned_by_its_own_units_longest(story: CompareResult) -> None:
    warned = {(p.laydown, p.asset): p.warning_s for p in story.places if p.target == "f-16"}
    assert all(warned["neither", asset] is None for asset in story.assets)
    at_home = warned["one-s-400", "ankara-city"]
    assert at_home.median > warned["one-patriot", "ankara-city"].median > 0.0
    assert all(other is None or other.median < at_home.median for (name, asset), other in warned.items()
               if name == "one-s-400" and asset != "ankara-city")  # fmt: skip
    assert warned["both", "ankara-city"].median >= warned["patriot", "ankara-city"].median


def test_fire_unit_against_fire_unit_at_the_place_where_both_stand(story: CompareResult) -> None:
    duel = next(d for d in story.place_duels if d.raid == "mixed-40")
    assert (duel.a, duel.b, duel.asset, duel.n_aimed) == ("one-s-400", "one-patriot", "ankara-city", 10)
    assert duel.a_minus_b.nominal == pytest.approx(duel.a_leakers.nominal - duel.b_leakers.nominal)
    assert duel.a_minus_b.one_raid is not None
    assert duel.sentence.startswith("Of 10 attackers on Ankara in raid mixed-40 (assumed) one S-400 division lets ")
    assert duel.sentence in " ".join(" ".join(compare_lines(story)).split())


def test_the_text_has_a_line_for_each_place_and_package(story: CompareResult) -> None:
    lines = compare_lines(story)
    start = next(i for i, line in enumerate(lines) if line.startswith("Place by place"))
    block = lines[start : next(i for i, line in enumerate(lines) if line.startswith("What gets through: "))]
    assert max(map(len, block)) <= 80
    for name in PACKAGES:
        assert sum(line.split()[0] == name for line in block if line) == 4
    assert sum(line.startswith("one-s-400 ") for line in block) == 1, "a fire unit at the place where it stands"
