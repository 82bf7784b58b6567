"""Differences between two offers: who is better, where it turns over, what a second system adds, what it costs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringtrue.catalogue.load import load_catalogue
from ringtrue.catalogue.records import Parameter
from ringtrue.procurement.money import NOT_LIKE_FOR_LIKE
from ringtrue.sensing.deciding import TOO_FEW_DRAWS, decides, weigh
from ringtrue.sensing.ledger import GROUND_FIGURES, Ledger
from ringtrue.studies.compare_coverage import PackageReach
from ringtrue.studies.compare_differences import (
    Compared,
    Side,
    compared,
    kill_ratio_turn,
    kill_ratios,
    marginal_row,
    number,
    unknown_turn,
)
from ringtrue.studies.compare_raids import KILL_GRID, KILL_MIDDLE
from ringtrue.studies.compare_records import Condition, UsdEach
from ringtrue.studies.frontier import Priced, frontier, price_rows

GRID = np.array(KILL_GRID)[:, None]
LEAK = Compared("leakers", "leakers", Condition(raid="x"), "1", "less")
PEOPLE = Compared("people_defended", "residents defended", Condition(target="f-16", where="50 m AGL"), "people", "more")


def linear(slope: float, n_draws: int = 5) -> np.ndarray:
    return np.repeat(10.0 - slope * GRID, n_draws, axis=1)


@given(st.floats(2.0, 9.0), st.floats(2.0, 9.0))
@settings(derandomize=True, deadline=None, max_examples=60)
def test_ratio_is_where_both_leak_alike(slope_a: float, slope_b: float) -> None:
    # 10 - a p_a = 10 - b 0.6  =>  p_a / 0.6 = b / a, as far as the grid of A reaches
    ratio = kill_ratios(linear(slope_a, 1), linear(slope_b, 1))[0]
    want = slope_b / slope_a
    if want > KILL_GRID[-1] / KILL_MIDDLE:
        assert ratio == np.inf
    elif want < KILL_GRID[0] / KILL_MIDDLE:
        assert ratio == -np.inf
    else:
        assert ratio == pytest.approx(want, rel=1e-9)


@pytest.mark.parametrize(
    ("slope_a", "slope_b", "words"),
    [
        (8.0, 4.0, "A leaks less than B unless its kill probability is below 0.50"),
        (4.0, 6.0, "A leaks more than B unless its kill probability is above 1.50"),
        (6.0, 6.0, "the one with the greater kill probability leaks less"),
        (0.5, 8.0, "A leaks more than B at every ratio of kill probabilities from 0.17 to 1.67"),
        (8.0, 0.5, "A leaks less than B at every ratio"),
    ],
)
def test_break_even_in_words(slope_a: float, slope_b: float, words: str) -> None:
    turn = kill_ratio_turn("A", "B", linear(slope_a), linear(slope_b))
    assert words in turn.sentence


def test_two_that_cannot_fire_leak_alike() -> None:
    flat = np.full((len(KILL_GRID), 4), 8.0)
    turn = kill_ratio_turn("A", "B", flat, flat)
    assert turn.median is None
    assert "leak alike at every kill probability" in turn.sentence


def test_luck_in_a_curve_does_not_cross_twice() -> None:
    rough = linear(8.0, 1)
    rough[2] += 3.0
    rough[4] += 3.0
    ratio = kill_ratios(rough, linear(6.0, 1))[0]
    assert KILL_GRID[1] / KILL_MIDDLE < ratio < 1.0


CATALOGUE = load_catalogue()


def side(name: str, values: np.ndarray, ledger: Ledger | None = None, system: str = "") -> Side:
    ledger = ledger or Ledger(CATALOGUE, values.size, 1)
    return Side(name, name.upper(), frozenset({system or name}), values, ledger, frozenset(ledger.figures))


def figure(name: str, low: float, high: float, si: str = "1", spread: str = "uniform") -> Parameter:
    return Parameter(f"x.{name}", low, (low * high) ** 0.5, high, si, "", spread, None, "assumed", "none", label=name)


def test_difference_turns_over_along_the_unknown_that_drives_it() -> None:
    ledger = Ledger(CATALOGUE, 200, 1)
    speed = ledger.figure(figure("speed", 0.0, 1.0, "m/s"))[:-1]
    ledger.figure(figure("idle", 0.0, 1.0))
    a, b = side("a", speed, ledger), side("b", np.full(200, 0.25))
    found = compared("package", PEOPLE, a, b)
    assert found.deciding == "speed"
    assert found.break_even.median == pytest.approx(0.25, abs=0.02)
    assert found.break_even.unit == "m/s"
    assert found.break_even.sentence.startswith("A is better where speed is above 0.2")
    assert found.p_a_better == pytest.approx(0.75, abs=0.01)


def test_less_is_better_for_leakers_and_more_for_people() -> None:
    low, high = side("a", np.full(30, 1.0)), side("b", np.full(30, 2.0))
    assert compared("package", LEAK, low, high).p_a_better == 1.0
    assert compared("package", PEOPLE, low, high).p_a_better == 0.0


@given(st.lists(st.floats(-5.0, 5.0), min_size=20, max_size=40))
@settings(derandomize=True, deadline=None, max_examples=30)
def test_swapping_the_sides_swaps_the_answer(values: list[float]) -> None:
    a, b = side("a", np.array(values)), side("b", np.array(values[::-1]))
    one, other = compared("package", LEAK, a, b), compared("package", LEAK, b, a)
    assert one.a_minus_b.median == pytest.approx(-other.a_minus_b.median, abs=1e-12)
    assert one.a_minus_b.low == pytest.approx(-other.a_minus_b.high, abs=1e-12)
    assert one.p_a_better + other.p_a_better + one.p_equal == pytest.approx(1.0)


def test_alike_offers_are_equal_and_nothing_decides() -> None:
    a = side("a", np.arange(30.0))
    found = compared("package", LEAK, a, a._replace(laydown="b", words="B"))
    assert (found.p_a_better, found.p_equal, found.deciding) == (0.0, 1.0, None)
    assert "alike" in found.break_even.sentence


def test_too_few_draws_decide_nothing() -> None:
    ledger = Ledger(CATALOGUE, 100, 1)
    x = ledger.figure(figure("x", 0.0, 1.0))[:-1]
    found = compared("package", PEOPLE, side("a", x, ledger), side("b", np.zeros(100)))
    assert (found.verdict.name, found.verdict.sentence) == (None, TOO_FEW_DRAWS)


def test_cross_section_is_printed_in_square_metres() -> None:
    ledger = Ledger(CATALOGUE, 400, 1)
    rcs = ledger.figure(figure("cross-section", 0.01, 1.0, "m2", "split-log"))[:-1]
    difference = np.log(rcs) - np.log(0.1)
    verdict = decides(weigh(ledger.candidates({"x.cross-section"}), difference))
    turn = unknown_turn("A", "B", PEOPLE, difference, ledger, verdict)
    assert (turn.median, turn.unit) == (pytest.approx(0.1, rel=0.05), "m2")
    # the law thins out towards its ends, and the outermost of 400 even slices stands within a fifth of them
    assert (turn.asked_from, turn.asked_to) == (pytest.approx(0.01, rel=0.2), pytest.approx(1.0, rel=0.2))
    assert "0.1 m2" in turn.sentence


def test_which_ground_a_draw_lives_on_has_no_break_even() -> None:
    ledger = Ledger(CATALOGUE, 400, 1)
    relief = ledger.grounds(5).relief[:-1]
    difference = relief - 2.5
    verdict = decides(weigh(ledger.candidates(GROUND_FIGURES), difference))
    turn = unknown_turn("A", "B", PEOPLE, difference, ledger, verdict)
    assert (turn.low, turn.median, turn.high) == (None, None, None)
    assert "no value of terrain between the grid points" in turn.sentence


def test_second_system_keeps_a_share_of_its_worth() -> None:
    n = np.zeros(3)
    row = marginal_row(PEOPLE, n, side("a", n + 6e6), side("b", n + 4e6), side("c", n + 7e6))
    assert (row.gain.median, row.overlap.median) == (1e6, 3e6)
    assert row.kept_share is not None
    assert row.kept_share.median == pytest.approx(0.25)
    assert "25 % of what it is worth alone" in row.sentence


def test_second_system_of_no_worth_has_no_share() -> None:
    n = np.zeros(3)
    row = marginal_row(PEOPLE, n, side("a", n + 5.0), side("b", n), side("c", n + 5.0))
    assert row.kept_share is None
    assert "worth alone" not in row.sentence


@given(st.lists(st.tuples(st.floats(0.0, 5.0), st.floats(0.0, 10.0)), min_size=1, max_size=8))
@settings(derandomize=True, deadline=None, max_examples=60)
def test_frontier_holds_the_best_and_the_cheapest(packages: list[tuple[float, float]]) -> None:
    points = frontier(LEAK, [Priced(str(i), p, np.array([v])) for i, (p, v) in enumerate(packages)])
    best = min(value for _, value in packages)
    cheapest_best = min(price for price, value in packages if value == best)
    on = [(point.price_usd, point.value.median) for point in points if not point.is_dominated]
    assert (cheapest_best, best) in on
    assert all((point.share_on_frontier == 0.0) == point.is_dominated for point in points)
    for price, value in on:
        assert not any(p <= price and v < value for p, v in packages)


def reach(people: np.ndarray | None, assets: np.ndarray) -> PackageReach:
    """Draws, and behind them the nominal case: as in the last draw."""
    held = [None if values is None else np.append(values, values[-1]) for values in (people, assets)]
    return PackageReach(
        "x", "f-16", "3,000 m AMSL", held[1], held[0], {0.0: held[0]}, {0.0: held[1]}, Ledger(CATALOGUE, 4, 1)
    )


def test_price_of_nothing_is_no_infinity() -> None:
    person, asset = price_rows(2.5e9, reach(np.zeros(4), np.array([0.0, 0.0, 1.0, 2.0])))
    assert (person.usd_each, person.p_nothing) == (UsdEach(None, None, None, None), 1.0)
    assert "no person defended" in person.text
    assert (asset.usd_each, asset.p_nothing) == (UsdEach(1.25e9, 2.5e9, None, 1.25e9), 0.5)
    assert person.note == asset.note == NOT_LIKE_FOR_LIKE
    assert "release range 0 km" in person.condition.text


def test_residents_that_cannot_be_resolved_have_no_price() -> None:
    rows = price_rows(1e9, reach(None, np.ones(3)))
    assert [row.per for row in rows] == ["asset"]


@pytest.mark.parametrize(("value", "text"), [(999.4, "999"), (1234.0, "1,234"), (-2.5e6, "-2.5 M"), (0.05, "0.05")])
def test_numbers_are_short(value: float, text: str) -> None:
    assert number(value) == text
