"""A number fit to print: quantiles against NumPy, shares against SciPy, digits against decimal arithmetic."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from ringtrue.finding import (
    Finding,
    draw_axis,
    finding,
    middle_interval,
    percent,
    plain,
    quantiles,
    quantity_text,
    rounded,
    share_interval,
    whole_percent,
)

quick = settings(derandomize=True, max_examples=80, deadline=None, database=None)
VALUES = st.floats(-1e6, 1e6)
NAN = float("nan")


@quick
@given(st.lists(VALUES, min_size=1, max_size=12), st.lists(st.floats(0.0, 1.0), min_size=1, max_size=5))
def test_quantiles_are_numpys_to_the_bit(values: list[float], wanted: list[float]) -> None:
    assert quantiles(values, wanted).tolist() == np.quantile(values, wanted).tolist()


def test_quantiles_run_along_the_last_axis_and_what_holds_nan_is_nan() -> None:
    values = np.random.default_rng(1).random((2, 3, 7))
    values[1, 2, 4] = NAN
    found, wanted = quantiles(values, [0.05, 0.5, 0.95]), np.quantile(values, [0.05, 0.5, 0.95], axis=-1)
    assert found.shape == (3, 2, 3)
    np.testing.assert_array_equal(found, wanted)
    assert np.isnan(found[:, 1, 2]).all()
    assert np.isnan(found).sum() == 3


def test_a_finding_is_the_5_50_and_95_percent_of_its_draws() -> None:
    found = finding("area", "km2", np.arange(101.0), ("radar.x",), nominal=7.0)
    assert (found.low, found.median, found.high, found.nominal) == (5.0, 50.0, 95.0, 7.0)
    assert (found.name, found.unit, found.inputs, found.one_raid) == ("area", "km2", ("radar.x",), None)
    assert found.draws is not None
    assert found.draws.tolist() == list(range(101))
    assert draw_axis(101) == 102
    one = finding("area", "km2", [3.0])
    assert (one.low, one.median, one.high, one.nominal) == (3.0, 3.0, 3.0, None)


@quick
@given(st.integers(1, 400), st.data())
def test_a_share_has_the_interval_of_wilson(n: int, data: st.DataObject) -> None:
    held = data.draw(st.integers(0, n))
    wanted = binomtest(held, n).proportion_ci(0.90, "wilson")
    found = share_interval(held, n)
    assert found == pytest.approx((wanted.low, wanted.high), abs=1e-9)
    assert 0.0 <= found[0] <= held / n <= found[1] <= 1.0


@pytest.mark.parametrize("n", [24, 60, 200, 1000])
def test_the_interval_of_a_middle_holds_the_true_one_as_often_as_it_says(n: int) -> None:
    """Its ranks, read off a ramp, leave 90 % or a little more of the binomial law of draws below the true median."""
    low, high = middle_interval(np.arange(n))
    assert low + high == n - 1
    inside = float(binom.cdf(high, n, 0.5) - binom.cdf(low, n, 0.5))
    assert 0.90 <= inside <= 0.90 + 2.0 * float(binom.pmf(low, n, 0.5)) + 0.01


def test_the_greatest_of_a_finding_is_the_farthest_that_anything_of_it_reaches() -> None:
    ends = {"name": "leakers", "unit": "1", "low": 1.0, "median": 2.0, "high": 3.0}
    assert Finding(**ends).greatest == 3.0
    assert Finding(**ends, nominal=2.5).greatest == 3.0
    assert Finding(**ends, nominal=4.0).greatest == 4.0
    assert Finding(**ends, nominal=4.0, one_raid=(0.0, 6.0)).greatest == 6.0
    assert Finding(**ends, nominal=NAN, one_raid=(0.0, 2.0)).greatest == 3.0


def test_a_finding_scales_all_that_it_holds() -> None:
    found = finding("area", "m2", [1e6, 2e6, 3e6], nominal=2.5e6).scaled(1e-6)
    assert (found.low, found.median, found.high, found.nominal) == pytest.approx((1.1, 2.0, 2.9, 2.5))
    assert found.draws is not None
    assert found.draws.tolist() == [1.0, 2.0, 3.0]
    bare = Finding("x", "1", 1.0, 2.0, 3.0).scaled(2.0)
    assert (bare.nominal, bare.one_raid, bare.draws) == (None, None, None)


def test_an_interval_is_printed_with_its_digits_and_null_where_nothing_is_defined() -> None:
    found = Finding("x", "1", 1.23456, NAN, 345_678.0, nominal=2.0, one_raid=(0.0, NAN))
    assert found.interval(3) == {
        "low": 1.23, "median": None, "high": 346_000.0, "nominal": 2.0, "one_raid": {"low": 0.0, "high": None},
    }  # fmt: skip
    assert found.interval()["low"] == 1.23456
    assert str(Finding("area", "km2", 1.0, 2_346.0, 99_999.0)) == "area: 2,350 km2 [1 to 100,000]"


@quick
@given(st.floats(1e-9, 1e12), st.integers(1, 6), st.booleans())
def test_digits_are_those_of_decimal_arithmetic(value: float, digits: int, below: bool) -> None:
    value = -value if below else value
    exact = Decimal(value)
    step = Decimal(1).scaleb(exact.adjusted() - digits + 1)
    wanted = (exact / step).quantize(Decimal(1), ROUND_HALF_EVEN) * step
    text = plain(value, digits)
    assert "e" not in text
    assert Decimal(text.replace(",", "")) == wanted
    assert rounded(value, digits) == float(wanted)
    whole = text.lstrip("-").partition(".")[0]
    assert whole == f"{int(whole.replace(',', '')):,}"


def test_numbers_in_words() -> None:
    assert [plain(v) for v in (1.0, -1.0, 1000.0, 999.9, 0.00001, 1e6, -0.000123)] == [
        "1", "-1", "1,000", "1,000", "0.00001", "1,000,000", "-0.000123",
    ]  # fmt: skip
    assert [plain(v, 1) for v in (1.0, 9.6, 123.0, 0.00009)] == ["1", "10", "100", "0.00009"]
    assert [rounded(v, None, 2) for v in (1.005, 2.5, float("inf"), NAN)] == [1.0, 2.5, None, None]
    assert rounded(1 / 3, None) == 1 / 3
    assert [percent(v) for v in (1.0, 0.25, 0.123456, 12.0, NAN)] == ["100 %", "25 %", "12 %", "1,200 %", "not known"]
    assert [whole_percent(v) for v in (0.0, 0.004, 0.996, 1.0)] == ["0 %", "0 %", "100 %", "100 %"]


@pytest.mark.parametrize(
    ("value", "si", "text"),
    [
        (999.0, "m", "999 m"),
        (1000.0, "m", "1 km"),
        (-1500.0, "m", "-1.5 km"),
        (99_999.0, "m2", "100,000 m2"),
        (100_000.0, "m2", "0.1 km2"),
        (25.0e6, "USD", "25 MUSD"),
        (0.25, "1", "0.25"),
        (3.0, "", "3"),
        (340.29, "m/s", "340 m/s"),
    ],
)
def test_a_quantity_is_read_in_the_unit_that_suits_its_size(value: float, si: str, text: str) -> None:
    assert quantity_text(value, si) == text
