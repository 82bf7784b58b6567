"""Packages, payments, prices and marginal value: the published arithmetic, limits, and what happens at zero."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringtrue.errors import DomainError
from ringtrue.procurement.marginal import marginal_value
from ringtrue.procurement.money import (
    NOT_LIKE_FOR_LIKE,
    condition_text,
    cost_exchange,
    money_text,
    price_each,
    price_per_defended,
)
from ringtrue.procurement.packages import package_rows, readings, ready_rounds, rounds_on_launchers
from ringtrue.procurement.payments import (
    Terms,
    annuity_value,
    cash_flows,
    level_annuity,
    paid,
    present_value,
    split_price,
    years_between,
)
from ringtrue.scenario.load import load_scenario

PEOPLE = condition_text("srbm", "any height", 0.0)


@pytest.fixture(scope="module")
def turkey():
    return load_scenario("turkey-2019")


def test_v_f01_advance_and_credit() -> None:
    assert split_price(2.5e9, 0.45) == (1.125e9, 1.375e9)


def test_v_f02_level_annuity() -> None:
    annuity = level_annuity(1.375e9, 0.05, 10)
    # to the cent, as the table prints it
    assert float(annuity.yearly_usd) == pytest.approx(178_068_790.58, abs=0.01)
    assert float(annuity.total_usd) == pytest.approx(1_780_687_905.78, abs=0.01)
    assert float(annuity.interest_usd) == pytest.approx(405_687_905.78, abs=0.01)


def test_v_f03_prices_each() -> None:
    # to the cent, as the table prints it
    assert price_each(4.5e9, 870, "round").usd_each == pytest.approx(5_172_413.79, abs=0.01)
    assert price_each(3.5e9, 4).usd_each == 875e6
    assert price_each(3.5e9, 140, "interceptor").usd_each == 25e6


def test_v_f05_price_of_a_division_under_both_readings(turkey) -> None:
    prices = {reading: ratio.usd_each for reading, ratio in readings(turkey.offers, "s-400-tr")}
    assert prices == {
        "one regiment set of two divisions for $2.5bn": 1.25e9,
        "four divisions for $2.5bn": 625e6,
    }


def test_v_f06_cost_exchange() -> None:
    assert float(cost_exchange(100, 35e3, 200, 4.2e6)) == 240.0


def test_v_s19_ready_rounds() -> None:
    assert ready_rounds(4, 8, 4) == 128
    assert rounds_on_launchers(20, [60, 80], [12, 4]) == (120, 140)


def test_an_annuity_without_interest_is_the_principal_over_the_years() -> None:
    annuity = level_annuity(1000.0, 0.0, 8)
    assert (float(annuity.yearly_usd), float(annuity.interest_usd)) == (125.0, 0.0)


@settings(derandomize=True, deadline=None)
@given(st.floats(1.0, 1e10), st.floats(1e-9, 0.5), st.integers(1, 40))
def test_what_is_repaid_is_worth_the_credit_on_its_day(principal: float, rate: float, years: int) -> None:
    """Present value of the payments, added up one by one, is the principal."""
    yearly = float(level_annuity(principal, rate, years).yearly_usd)
    present = sum(yearly / (1.0 + rate) ** i for i in range(1, years + 1))
    # forty divisions, and 1 + 1e-9 keeps seven digits of the rate: seven digits of the sum at worst
    assert present == pytest.approx(principal, rel=1e-6)


def test_annuities_take_draws() -> None:
    annuity = level_annuity(1e9, np.array([0.0, 0.05, 0.1]), 10)
    assert annuity.yearly_usd.shape == (3,)
    assert (np.diff(annuity.yearly_usd) > 0.0).all()


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: split_price(-1.0, 0.5), "price_usd must be zero or more, in USD, and below 10^18; given: -1"),
        (lambda: split_price(1.0, 1.5), "advance_share must be a share from 0 to 1; given: 1.5"),
        (
            lambda: level_annuity(1.0, -0.1, 3),
            "rate must be zero or more a year, as a fraction, and at most 1,000; given: -0.1",
        ),
        (lambda: price_each(-1.0, 2), "price_usd must be zero or more, in USD, and below 10^18; given: -1"),
        (lambda: cost_exchange(1, -1.0, 1, 1.0),
         "target_price_usd must be zero or more, in USD, and below 10^18; given: -1"),
        (lambda: ready_rounds(-1, 8, 4), "fire_units must be a whole number from 0 to a million; given: -1"),
        (lambda: price_per_defended(1.0, [-1.0], "asset", PEOPLE),
         "defended must be zero or more and below 10^12; given: -1"),
        (lambda: marginal_value(0.0, [1.0, 2.0], [1.0, 2.0, 3.0], [1.0]),
         "the four cases do not share their draws; compare them on the same ones"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_in_one_sentence(call, text: str) -> None:
    with pytest.raises(DomainError) as error:
        call()
    assert str(error.value) == text


def test_at_zero_there_is_no_ratio_and_the_text_says_what_was_paid() -> None:
    nothing = price_each(3.5e9, 0, "asset")
    assert (nothing.usd_each, nothing.text, nothing.note) == (None, "3.5 bnUSD for no asset", NOT_LIKE_FOR_LIKE)
    assert np.isnan(cost_exchange(0, 35e3, 10, 1e6))


def test_nobody_defended_in_any_draw() -> None:
    price = price_per_defended(2.5e9, np.zeros(100), "person", PEOPLE)
    assert (price.low_usd, price.median_usd, price.high_usd, price.p_nothing) == (None, None, None, 1.0)
    assert price.text == "2.5 bnUSD; no person defended in any draw"
    assert (price.cost.median, price.defended.median) == (2.5e9, 0.0)


def test_nobody_defended_in_some_draws() -> None:
    """The upper end is open, the middle is not, and the share of empty draws is printed."""
    price = price_per_defended(1e9, np.repeat([0.0, 1e6], [20, 80]), "person", PEOPLE)
    assert (price.low_usd, price.median_usd, price.high_usd, price.p_nothing) == (1000.0, 1000.0, None, 0.2)
    assert price.text == "1 kUSD per person [1 kUSD to no upper end: nobody in 20 % of draws]"


def test_everybody_defended() -> None:
    price = price_per_defended(1e9, np.linspace(1e6, 2e6, 1001), "person", PEOPLE, ("a.b",))
    assert price.low_usd == pytest.approx(1e9 / 1.95e6, rel=1e-3)
    assert price.median_usd == pytest.approx(1e9 / 1.5e6, rel=1e-3)
    assert price.high_usd == pytest.approx(1e9 / 1.05e6, rel=1e-3)
    assert price.defended.inputs == ("a.b",)


def test_one_price_serves_every_draw_and_a_price_a_draw_is_divided_draw_by_draw() -> None:
    people = np.full(101, 1e6)
    for one in (2e9, [2e9]):
        price = price_per_defended(one, people, "person", PEOPLE, nominal=5e5)
        assert (price.low_usd, price.median_usd, price.high_usd, price.nominal_usd) == (2000.0, 2000.0, 2000.0, 4000.0)
        assert price.text == "2 kUSD per person"
        assert (price.cost.low, price.cost.high, price.cost.nominal) == (2e9, 2e9, 2e9)
    each = price_per_defended(1e9 * np.arange(1.0, 102.0), people, "person", PEOPLE)
    assert (each.low_usd, each.median_usd, each.high_usd) == pytest.approx((6e3, 51e3, 96e3), rel=0.02)
    assert each.nominal_usd is None
    assert price_per_defended(1e9, [1e6], "asset", PEOPLE, nominal=0.0).nominal_usd is None
    for wrong in ([1e9, 2e9], np.ones((101, 1))):
        with pytest.raises(DomainError, match="one price, or one a draw"):
            price_per_defended(wrong, people, "person", PEOPLE)
    with pytest.raises(DomainError, match="one price, or one a draw"):
        price_per_defended(1e9, [], "person", PEOPLE)


@settings(derandomize=True, deadline=None)
@given(st.lists(st.just(0.0) | st.floats(1e-6, 1e8), min_size=1, max_size=40), st.floats(0.0, 1e11))
def test_no_price_is_ever_infinite(defended: list[float], price_usd: float) -> None:
    price = price_per_defended(price_usd, defended, "person", PEOPLE)
    ends = [price.low_usd, price.median_usd, price.high_usd]
    given_ends = [end for end in ends if end is not None]
    assert np.isfinite(given_ends).all()
    assert given_ends == sorted(given_ends)
    assert (ends[0] is None) <= (price.p_nothing > 0.0)


def test_the_condition_names_class_height_release_range_and_engagements() -> None:
    words = condition_text("f-16", "3000 m AMSL", 70e3, n_shots=2)
    assert words == "against f-16 at 3000 m AMSL, release range 70 km, 2 engagements before release"
    assert words in price_per_defended(1.0, [1.0], "asset", words).defended.name


def test_the_package_item_by_item(turkey) -> None:
    rows = {row.item: row for row in package_rows(turkey.offer("patriot-2018"))}
    assert {item: row.count for item, row in rows.items()} == {
        "fire units": 4, "launchers": 20, "gem-t": 80, "pac-3-mse": 60, "interceptors, all types": 140,
        "AN/MPQ-65 radar sets": 4, "engagement control stations": 4, "antenna mast groups": 10,
        "M903 launching stations": 20, "electrical power plants III": 5,
    }  # fmt: skip
    assert rows["fire units"].each.usd_each == 875e6
    assert rows["interceptors, all types"].each.usd_each == 25e6
    assert all(row.each.note == NOT_LIKE_FOR_LIKE for row in rows.values())


def test_a_package_without_a_price_has_rows_and_no_ratio(turkey) -> None:
    rows = package_rows(turkey.offer("s-400-second"))
    assert [(row.item, row.count, row.each) for row in rows] == [("fire units", 2, None), ("launchers", 16, None)]


def test_payments_of_the_contract_on_the_calendar(turkey) -> None:
    """The advance at once, the credit in ten level payments, on the terms that are assumed."""
    flows = cash_flows(turkey.offer("s-400-regiment"), rate=0.05, years=10)
    assert [(flow.on, flow.kind) for flow in flows[:2]] == [
        (date(2017, 9, 12), "advance"), (date(2018, 12, 29), "repayment"),
    ]  # fmt: skip
    assert (len(flows), flows[-1].on) == (11, date(2027, 12, 29))
    assert flows[0].amount_usd == 1.125e9
    assert sum(flow.amount_usd for flow in flows) == pytest.approx(1.125e9 + 1_780_687_905.78, abs=0.01)


def test_statements_about_money_paid_are_no_payments(turkey) -> None:
    assert cash_flows(turkey.offer("f-35"), rate=0.05, years=10) == ()


def test_a_credit_of_a_leap_day_is_repaid_on_the_last_of_february(turkey) -> None:
    offer = turkey.offer("s-400-regiment")
    leap = replace(offer, payments=(replace(offer.payments[1], on=date(2020, 2, 29)),))
    days = [flow.on for flow in cash_flows(leap, rate=0.0, years=4)]
    assert days == [date(2021, 2, 28), date(2022, 2, 28), date(2023, 2, 28), date(2024, 2, 29)]


def test_the_second_system_adds_what_the_first_left() -> None:
    marginal = marginal_value(10.0, [60.0, 60.0], [50.0, 10.0], [80.0, 60.0])
    assert marginal.gain.tolist() == [20.0, 0.0]
    assert marginal.overlap.tolist() == [20.0, 0.0]
    assert marginal.kept_share[0] == 0.5
    assert np.isnan(marginal.kept_share[1]), "a second system worth nothing alone keeps no share"


@settings(derandomize=True, deadline=None)
@given(st.lists(st.tuples(*(st.integers(0, 1000),) * 4), min_size=1, max_size=20))
def test_gain_and_overlap_account_for_both(rows: list[tuple[int, int, int, int]]) -> None:
    neither, first, second, both = np.array(rows, dtype=float).T
    marginal = marginal_value(neither, first, second, both)
    assert np.array_equal(marginal.gain + marginal.overlap, second - neither)


def test_money_in_words() -> None:
    assert [money_text(usd) for usd in (0.0, 999.0, 4.19e6, 16e9)] == ["0 USD", "999 USD", "4.19 MUSD", "16 bnUSD"]


# --- payments, and what they are worth on one day ---------------------------------------------------------------------


@pytest.mark.parametrize(("rate", "years", "discount"), [(0.05, 10, 0.05), (0.02, 15, 0.1), (0.1, 5, 0.02)])
def test_present_value_is_the_closed_form_to_the_dollar(turkey, rate, years, discount) -> None:
    """Advance and annuity of the contract, in plain powers: the same day of a later year is whole years away."""
    on = date(2017, 4, 11)
    terms = Terms(np.array([rate]), np.array([float(years)]), np.array([discount]))
    parts = [part for p in turkey.offer("s-400-regiment").payments if (part := paid(p, terms, on)) is not None]
    assert [(part.kind, part.on, part.times.item()) for part in parts] == [
        ("advance", date(2017, 9, 12), 1.0), ("repayment", date(2018, 12, 29), float(years)),
    ]  # fmt: skip
    yearly_usd = 1.375e9 * rate / (1.0 - (1.0 + rate) ** -years)
    to_advance, to_credit = 5 / 12 + 1 / 365.25, 8 / 12 + 18 / 365.25
    by_payment = sum(yearly_usd / (1.0 + discount) ** (to_credit + k) for k in range(1, years + 1))
    assert parts[1].each_usd.item() == pytest.approx(yearly_usd, abs=0.5)
    assert parts[1].total_usd.item() == pytest.approx(years * yearly_usd, abs=0.5)
    worth_usd = sum(part.present_usd.item() for part in parts)
    assert worth_usd == pytest.approx(1.125e9 / (1.0 + discount) ** to_advance + by_payment, abs=0.5)


def test_a_loan_at_the_discount_rate_is_worth_itself() -> None:
    rates = np.array([0.0, 0.02, 0.05, 0.1])
    yearly_usd = level_annuity(1.375e9, rates, 10).yearly_usd
    np.testing.assert_allclose(annuity_value(yearly_usd, rates, 10), 1.375e9, atol=0.5, rtol=0.0)
    assert (annuity_value(yearly_usd, rates + 0.01, 10) < 1.375e9).all()


def test_the_flows_of_the_calendar_are_worth_what_the_closed_form_says(turkey) -> None:
    """Payment by payment on its own day, against the annuity: the same sum, whatever leap days lie between."""
    offer, on, discount = turkey.offer("s-400-regiment"), date(2017, 4, 11), 0.07
    flows = cash_flows(offer, rate=0.05, years=10)
    one_by_one = sum(float(present_value(f.amount_usd, discount, years_between(on, f.on))) for f in flows)
    terms = Terms(np.array([0.05]), np.array([10.0]), np.array([discount]))
    at_once = sum(part.present_usd.item() for p in offer.payments if (part := paid(p, terms, on)) is not None)
    assert one_by_one == pytest.approx(at_once, abs=0.5)


def test_a_refund_counts_below_zero_and_a_statement_is_no_payment(turkey) -> None:
    terms = Terms(np.array([0.05]), np.array([10.0]), np.array([0.05]))
    advance = turkey.offer("s-400-regiment").payments[0]
    back = paid(replace(advance, kind="refund"), terms, date(2017, 9, 12))
    assert back is not None
    assert back.present_usd.item() == -1.125e9
    assert paid(replace(advance, on=None), terms, date(2017, 9, 12)) is None
    assert all(paid(p, terms, date(2014, 1, 1)) is None for p in turkey.offer("f-35").payments)
