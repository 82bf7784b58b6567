"""The sums between a raid or a map and the tables of the studies: frontiers, first times, residents by block."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringtrue.procurement.money import price_per_defended
from ringtrue.studies.compare_differences import Compared
from ringtrue.studies.compare_records import Condition
from ringtrue.studies.frontier import Priced, frontier
from ringtrue.studies.network_late import FirstTimes, early_warning, late_start, warning_s
from ringtrue.studies.residents import Cells, blocks_about, most_frequent, people_by_country, populated_about

quick = settings(derandomize=True, max_examples=50, deadline=None, database=None)
LESS = Compared("leakers", "leakers", Condition(raid="r"), "1", "less")
MORE = Compared("area", "area", Condition(raid="r"), "km2", "more")
offers = st.lists(
    st.tuples(st.integers(1, 4), st.lists(st.integers(0, 4), min_size=5, max_size=5)), min_size=1, max_size=5
)


def dominates(price: int, value: float, other_price: int, other_value: float) -> bool:
    """Pareto: no worse in both and better in one; less is better in both."""
    return price <= other_price and value <= other_value and (price < other_price or value < other_value)


@quick
@given(offers)
def test_the_frontier_is_what_nothing_dominates(drawn: list[tuple[int, list[int]]]) -> None:
    packages = [Priced(str(i), float(p), np.array(v, dtype=float)) for i, (p, v) in enumerate(drawn)]
    less = frontier(LESS, packages)
    more = frontier(MORE, [Priced(p.laydown, p.price_usd, 10.0 - p.values) for p in packages])
    for i, (point, mirrored) in enumerate(zip(less, more, strict=True)):
        price, values = drawn[i]
        beaten = [
            any(dominates(p, v[d], price, values[d]) for j, (p, v) in enumerate(drawn) if j != i) for d in range(5)
        ]
        by = tuple(
            str(j)
            for j, (p, v) in enumerate(drawn)
            if j != i and dominates(p, float(np.median(v)), price, float(np.median(values)))
        )
        assert point.share_on_frontier == pytest.approx(1.0 - np.mean(beaten))
        assert point.dominated_by == by
        assert point.is_dominated == bool(by)
        assert (mirrored.share_on_frontier, mirrored.dominated_by) == (point.share_on_frontier, by)
        assert point.value.median == np.median(values)


def test_a_price_is_that_of_each_where_there_is_any() -> None:
    price = price_per_defended(600.0, [1.0, 2.0, 3.0], "person", "x", nominal=2.0)
    assert (price.low_usd, price.median_usd, price.high_usd, price.nominal_usd) == (200.0, 300.0, 600.0, 300.0)
    assert price.p_nothing == 0.0
    none = price_per_defended(600.0, [0.0, 0.0, 3.0], "person", "x", nominal=0.0)
    assert (none.low_usd, none.median_usd, none.high_usd, none.nominal_usd) == (200.0, None, None, None)
    assert none.p_nothing == pytest.approx(2.0 / 3.0)


def times(known, shot=None, end_s=100.0, turned=0) -> FirstTimes:
    known = np.asarray(known, dtype=float)
    ends = np.full((known.shape[0], known.shape[2]), end_s)
    names = tuple(f"u{i}" for i in range(known.shape[1]))
    return FirstTimes(names, tuple("abc"[: known.shape[2]]), known, ends if shot is None else shot, ends,
                      np.full(known.shape[0], turned))  # fmt: skip


def test_warning_is_what_is_left_of_the_path_over_what_is_known() -> None:
    never = np.nan
    found = warning_s(times([[[10.0, 40.0], [never, 70.0]], [[never, never], [0.0, 100.0]]]))
    assert found["u0"].tolist() == pytest.approx([75.0, never], nan_ok=True)
    assert found["u1"].tolist() == pytest.approx([30.0, 50.0])


@quick
@given(st.lists(st.lists(st.sampled_from([10.0, 20.0, 30.0, np.nan]), min_size=6, max_size=6), min_size=2, max_size=4),
       st.lists(st.sampled_from([10.0, 20.0, 30.0, np.nan]), min_size=6, max_size=6))  # fmt: skip
def test_sooner_one_way_is_later_the_other(first: list[list[float]], other: list[float]) -> None:
    """Compared the other way round: gains change their sign, shares change their side, ties stay out of both."""
    one = times(np.array(first).reshape(len(first), 2, 3), turned=1)
    two = times(np.tile(np.array(other).reshape(1, 2, 3), (len(first), 1, 1)), turned=3)
    there, back = early_warning("r", "1", "2", one, two), early_warning("r", "2", "1", two, one)
    assert (there.p_sooner, there.p_later) == (back.p_later, back.p_sooner)
    assert (there.known_before, there.known_after) == (back.known_after, back.known_before)
    assert (there.radars_turned_before, there.radars_turned_after) == (1.0, 3.0)
    gains = (one.known_s - two.known_s)[:-1]
    known = gains[np.isfinite(gains)]
    if known.size:
        assert there.p_sooner == pytest.approx((known > 0).mean())
        assert there.p_later == pytest.approx((known < 0).mean())
        assert there.p_sooner + there.p_later <= 1.0
    assert (there.sooner_s is None) == (not known.size)
    if there.sooner_s is not None and back.sooner_s is not None:
        assert there.sooner_s.median == pytest.approx(-back.sooner_s.median)


def test_a_shot_fired_at_the_same_second_is_neither_later_nor_sooner() -> None:
    first = np.array([[10.0, 20.0, np.nan, 5.0], [10.0, 20.0, np.nan, 5.0]])
    second = np.array([[10.0, 25.0, 3.0, 4.0], [10.0, 25.0, 3.0, np.nan]])
    late = late_start("r", "a", "b", first, second)
    assert (late.p_later, late.p_sooner) == pytest.approx((1.0 / 3.0, 1.0 / 3.0))
    assert late.share_in_both == pytest.approx(0.75)
    assert late.later_s.median == pytest.approx(4.0 / 3.0)
    assert late.later_s.nominal == pytest.approx(2.5)


def cells_on_a_line() -> Cells:
    """Four cells east of a site, two to a block: 10, 20 | 30, 500 km."""
    distance = np.array([10e3, 20e3, 30e3, 500e3])
    return Cells(
        np.array([100.0, 300.0, 50.0, 1000.0]), np.array([1, 2, 2, 3], dtype=np.int16), np.array([0, 0, 1, 1]),
        [np.full(4, np.pi / 2)], [distance],
    )  # fmt: skip


def test_a_block_stands_at_the_centre_of_its_residents_and_belongs_to_most_of_them() -> None:
    blocks = blocks_about(cells_on_a_line(), 0, 30e3)
    assert blocks.people.tolist() == [400.0, 50.0]
    assert blocks.x_m == pytest.approx([17.5e3, 30e3])
    assert blocks.y_m == pytest.approx([0.0, 0.0], abs=1e-6)
    assert blocks.country.tolist() == [2, 2]
    assert blocks_about(cells_on_a_line(), 0, 29.9e3).people.tolist() == [400.0]


def test_people_under_are_summed_country_by_country_draw_by_draw() -> None:
    cells = cells_on_a_line()
    chosen = np.array([0, 1, 2, 3])
    under = np.array([[True, True, False, False], [False, True, True, False]])
    found = people_by_country(under, chosen, cells)
    assert {k: v.tolist() for k, v in found.items()} == {1: [100.0, 0.0], 2: [300.0, 350.0]}
    assert people_by_country(np.zeros((2, 4), dtype=bool), chosen, cells) == {}


def test_a_cell_on_a_border_goes_to_the_country_of_most_points() -> None:
    ids = np.array([[1, 1, 2], [2, 2, 1], [0, 0, 3], [0, -1, 0], [1, 2, 0]], dtype=np.int16)
    assert most_frequent(ids).tolist() == [1, 2, 3, 0, 1]


def test_cells_of_two_sites_are_shared_and_within_reach_of_one_of_them() -> None:
    """Ankara and a point 60 km east: every cell lies within reach of either, and the sum is no sum of two sums."""
    one, two = (39.93, 32.86), (39.93, 33.56)
    both = populated_about(np.array([one[0], two[0]]), np.array([one[1], two[1]]), 50e3)
    alone = [populated_about(np.array([a]), np.array([o]), 50e3) for a, o in (one, two)]
    assert (np.minimum(*both.distance_m) <= 50e3).all()
    shared = both.people[np.maximum(*both.distance_m) <= 50e3].sum()
    assert both.people.sum() == pytest.approx(sum(a.people.sum() for a in alone) - shared, rel=1e-9)
    assert (np.diff(both.country) >= 0).all()
    assert 4.5e6 < alone[0].people.sum() < 6.2e6  # the province of Ankara: 5.6 million in 2020
    counted = [sum(b.people.sum() for b in [blocks_about(both, i, 50e3)]) for i in (0, 1)]
    assert counted == pytest.approx([a.people.sum() for a in alone], rel=1e-9)


@quick
@given(st.permutations([1.0, 2.0, 3.0, 4.0]))
def test_order_of_offers_changes_nothing_but_the_order(prices: list[float]) -> None:
    values = {1.0: 4.0, 2.0: 3.0, 3.0: 3.5, 4.0: 1.0}
    points = frontier(LESS, [Priced(str(p), p, np.full(3, values[p])) for p in prices])
    found = {p.laydown: p.is_dominated for p in points}
    assert found == {"1.0": False, "2.0": False, "3.0": True, "4.0": False}
    assert all(len({a.laydown, b.laydown}) == 2 for a, b in combinations(points, 2))
