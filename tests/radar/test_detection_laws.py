"""Detection: inverses, limits, monotony, tables, errors."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringtrue.errors import DomainError
from ringtrue.radar import _kernels, detection


@pytest.mark.parametrize("case", range(5))
@pytest.mark.parametrize("n_pulses", [1, 2, 10, 100])
def test_without_signal_the_false_alarm_is_left(case: int, n_pulses: int) -> None:
    for snr in (0.0, 1e-12):
        assert detection.p_detect(snr, 1e-6, n_pulses, case) == pytest.approx(1e-6, abs=1e-13)


@pytest.mark.parametrize("case", range(5))
@pytest.mark.parametrize("n_pulses", [1, 3, 100])
def test_a_strong_signal_is_certain(case: int, n_pulses: int) -> None:
    assert detection.p_detect(1e9, 1e-6, n_pulses, case) == pytest.approx(1.0, abs=2e-8)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(
    p_wanted=st.floats(0.01, 0.995),
    log_false=st.floats(-9, -2.3),
    n_pulses=st.integers(1, 40),
    case=st.sampled_from(detection.CASES),
)
def test_required_snr_is_the_inverse(p_wanted: float, log_false: float, n_pulses: int, case: int) -> None:
    snr = detection.required_snr_ratio(p_wanted, 10**log_false, n_pulses, case)
    assert detection.p_detect(snr, 10**log_false, n_pulses, case) == pytest.approx(p_wanted, abs=2e-10)


@pytest.mark.parametrize("case", range(5))
@pytest.mark.parametrize("n_pulses", [1, 2, 7, 30])
def test_p_detect_rises_with_snr(case: int, n_pulses: int) -> None:
    p = detection.p_detect(np.logspace(-4, 6, 2001), 1e-6, n_pulses, case)
    assert (np.diff(p) >= -1e-13).all()


def test_one_sample_makes_1_and_2_and_3_and_4_the_same() -> None:
    snr = np.logspace(-2, 4, 50)
    assert detection.p_detect(snr, 1e-6, 1, 1) == pytest.approx(detection.p_detect(snr, 1e-6, 1, 2), abs=1e-15)
    assert detection.p_detect(snr, 1e-6, 1, 3) == pytest.approx(detection.p_detect(snr, 1e-6, 1, 4), abs=1e-15)


def test_axes_broadcast_and_match_single_calls() -> None:
    snr, false = np.array([[1.0], [20.0]]), np.array([1e-8, 1e-6, 1e-3])
    for case in range(5):
        table = detection.p_detect(snr, false, 5, case)
        assert table.shape == (2, 3)
        assert table[1, 2] == detection.p_detect(20.0, 1e-3, 5, case)


@settings(derandomize=True, max_examples=50)
@given(p=st.floats(1e-6, 1 - 1e-6), n=st.integers(1, 8), data=st.data())
def test_m_of_n_inverse(p: float, n: int, data: st.DataObject) -> None:
    m = data.draw(st.integers(1, n))
    single = float(detection.p_for_m_of_n(p, m, n))
    assert detection.m_of_n(single, m, n) == pytest.approx(p, abs=1e-9)


def test_m_of_n_against_monte_carlo_of_windows() -> None:
    """Mean looks to 3 of the last 4 at p = 0.4, 40,000 runs; five standard errors."""
    looks = np.random.default_rng(5).random((40_000, 200)) < 0.4
    window = np.cumsum(looks, axis=1)
    window[:, 4:] = window[:, 4:] - np.cumsum(looks, axis=1)[:, :-4]
    first = (window >= 3).argmax(axis=1) + 1
    expected = float(detection.mean_looks_to_confirm(0.4, 3, 4))
    assert abs(first.mean() - expected) < 5 * first.std() / np.sqrt(first.size)


def test_mean_looks_limits() -> None:
    assert detection.mean_looks_to_confirm(1.0, 2, 3) == 2.0
    assert detection.mean_looks_to_confirm([0.1, 0.5], 1, 1) == pytest.approx([10.0, 2.0])
    p = np.linspace(0.1, 1.0, 10)
    assert (np.diff(detection.mean_looks_to_confirm(p, 2, 3)) < 0).all()


def test_critical_snr_confirms_with_the_wanted_probability() -> None:
    for p_confirm, m, n, case in ((0.5, 2, 3, 1), (0.9, 2, 3, 0), (0.5, 3, 5, 3)):
        snr = detection.critical_snr(p_confirm, m, n, 1e-6, case)
        one = detection.p_detect(snr, 1e-6, 1, case)
        assert detection.m_of_n(one, m, n) == pytest.approx(p_confirm, abs=1e-10)


def test_closing_cumulative_before_the_first_look() -> None:
    args = {"first_range_m": 150e3, "speed_mps": 300.0, "look_s": 10.0, "reference_range_m": 100e3}
    got = detection.closing_cumulative([160e3, 150e3], **args, reference_snr_ratio=20.0, p_false=1e-6)
    assert got[0] == 0.0
    assert got[1] == detection.p_detect(20.0 * (100 / 150) ** 4, 1e-6)


@pytest.mark.parametrize("case", range(5))
@pytest.mark.parametrize("n_pulses", [1, 3, 10, 24, 100])
@pytest.mark.parametrize("p_false", [1e-8, 1e-6, 1e-4, 1e-2])
def test_table_error(p_false: float, n_pulses: int, case: int) -> None:
    """At most 3e-4 off the exact value, anywhere, also off the ends of the table."""
    snr = 10 ** np.random.default_rng(1).uniform(-5.0, 7.0, 4000)
    out = np.empty_like(snr)
    _kernels.look_up_many(snr, detection.pd_table(p_false, n_pulses, case), out)
    assert np.abs(out - detection.p_detect(snr, p_false, n_pulses, case)).max() < 3e-4


def test_table_is_exact_at_its_knots_and_equal_to_its_twin() -> None:
    """Twin: numpy's interpolation between the same knots; equal up to two roundings."""
    knots, table = detection.table_snr_ratio(), detection.pd_table(1e-6, 1, 1)
    out = np.empty_like(knots)
    _kernels.look_up_many(knots, table, out)
    assert (out == table).all()
    snr = 10 ** np.random.default_rng(2).uniform(-3.5, 5.9, 20_000)
    out = np.empty_like(snr)
    _kernels.look_up_many(snr, table, out)
    assert np.abs(out - np.interp(snr, knots, table)).max() < 1e-15


def test_table_at_its_ends_and_for_nonsense() -> None:
    table = detection.pd_table(1e-6)
    out = np.empty(5)
    _kernels.look_up_many(np.array([0.0, -1.0, np.nan, np.inf, 2.0**20]), table, out)
    assert out.tolist() == [table[0], table[0], table[0], table[-1], table[-1]]


def test_knots_are_closer_than_a_tenth_of_a_db() -> None:
    assert (10 * np.diff(np.log10(detection.table_snr_ratio()))).max() < 0.1


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: detection.p_detect(1.0, 1e-6, 1, 5), "case must be one of 0"),
        (lambda: detection.p_detect(1.0, 1e-6, 0), "n_pulses must be a whole number"),
        (lambda: detection.p_detect(1.0, 0.0), "p_false must be a probability between 0 and 1"),
        (lambda: detection.p_detect(-1.0, 1e-6), "snr_ratio must be zero or more"),
        (lambda: detection.required_snr_ratio(1e-7, 1e-6), "p_detect must lie above p_false"),
        (lambda: detection.m_of_n(0.5, 4, 3), "1 <= m <= n; given: 4 of 3"),
        (lambda: detection.mean_looks_to_confirm(0.0, 2, 3), "needs n <= 12 and p.m of 1e-10 or more"),
    ],
)
def test_errors_say_what_is_wanted(call, words: str) -> None:
    with pytest.raises(DomainError, match=words):
        call()


def test_a_threshold_of_nothing_is_always_passed_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert detection.p_above([0.0, 3.0], 0.0, 2).tolist() == [1.0, 1.0]
