"""Intercepts: envelope, waiting, impossible ones, sampled tracks, sequences."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringtrue.errors import DomainError
from ringtrue.kinematics import intercept

HEAD_ON = {"east_m": 0.0, "north_m": 100e3, "up_m": 0.0, "course_rad": np.pi, "target_speed_mps": 250.0}


def test_launch_waits_for_the_envelope() -> None:
    got = intercept.earliest_intercept(**HEAD_ON, interceptor_speed_mps=1000.0, ready_s=0.0, max_range_m=40e3)
    assert got.slant_range_m == pytest.approx(40e3)
    assert got.intercept_s == pytest.approx(240.0)
    assert got.launch_s == pytest.approx(200.0)


def test_too_late_head_on_becomes_a_tail_chase_beyond_the_inner_sphere() -> None:
    got = intercept.earliest_intercept(**HEAD_ON, interceptor_speed_mps=1000.0, ready_s=395.0, min_range_m=3e3)
    assert got.north_m == pytest.approx(-3e3)
    assert got.launch_s >= 395.0


def test_slow_interceptor_never_catches_a_runaway() -> None:
    got = intercept.earliest_intercept(
        0.0, 10e3, 1e3, 0.0, 250.0, interceptor_speed_mps=[200.0, 250.0, 300.0], ready_s=5.0
    )
    assert np.isinf(got.intercept_s[:2]).all()
    assert np.isnan(got.launch_s[:2]).all()
    assert np.isfinite(got.intercept_s[2])


def test_equal_speeds_meet_head_on() -> None:
    got = intercept.earliest_intercept(**HEAD_ON, interceptor_speed_mps=250.0, ready_s=0.0)
    assert got.slant_range_m == pytest.approx(50e3)


@pytest.mark.parametrize(("floor_m", "top_m", "possible"), [(0, 5e3, True), (3e3, 5e3, False), (0, 1e3, False)])
def test_heights_of_the_envelope(floor_m: float, top_m: float, possible: bool) -> None:
    got = intercept.earliest_intercept(
        0.0,
        30e3,
        2e3,
        np.pi,
        250.0,
        interceptor_speed_mps=900.0,
        ready_s=0.0,
        min_height_m=floor_m,
        max_height_m=top_m,
    )
    assert np.isfinite(got.intercept_s) == possible


@settings(derandomize=True, max_examples=60)
@given(ready=st.floats(0, 200), later=st.floats(0, 100), north=st.floats(2e3, 2e5), east=st.floats(-1e5, 1e5))
def test_a_later_start_never_meets_earlier(ready: float, later: float, north: float, east: float) -> None:
    args = (east, north, 3e3, np.pi, 250.0)
    first = intercept.earliest_intercept(*args, interceptor_speed_mps=900.0, ready_s=ready, max_range_m=6e4)
    second = intercept.earliest_intercept(*args, interceptor_speed_mps=900.0, ready_s=ready + later, max_range_m=6e4)
    assert second.intercept_s >= first.intercept_s - 1e-9


def test_sampled_track_agrees_with_the_closed_form() -> None:
    time_s = np.arange(0.0, 300.0, 1.0)
    range_m = np.hypot(20e3, 60e3 - 250.0 * time_s)
    closed = intercept.earliest_intercept(20e3, 60e3, 0.0, np.pi, 250.0, interceptor_speed_mps=900.0, ready_s=12.0)
    sampled = intercept.earliest_on_track(time_s, range_m / 900.0, range_m < 50e3, 12.0)
    assert sampled == pytest.approx(float(closed.intercept_s), abs=1e-3)


def test_sampled_track_over_draws_and_none() -> None:
    time_s = np.linspace(0.0, 100.0, 11)
    got = intercept.earliest_on_track(time_s, np.full((3, 11), 20.0), time_s >= 50.0, np.array([0.0, 45.0, 90.0]))
    assert got[:2].tolist() == [50.0, 65.0]
    assert np.isinf(got[2])


@settings(derandomize=True, max_examples=80)
@given(
    detect=st.floats(5e3, 4e5),
    least=st.floats(500.0, 2e4),
    target=st.floats(30.0, 1500.0),
    fast=st.floats(300.0, 2500.0),
    assess=st.floats(0.0, 30.0),
)
def test_count_is_the_length_of_the_recursion(
    detect: float, least: float, target: float, fast: float, assess: float
) -> None:
    """x' = (x − v·assess)·V/(V + v), stepped by hand; an end within 1 mm of the limit may go either way."""
    x, steps, share = (detect - 8.0 * target) * fast / (fast + target), [], fast / (fast + target)
    while x >= least:
        steps.append(x)
        x = (x - target * assess) * share
    args = (detect, least, target, fast, 8.0, assess)
    if abs(x - least) > 1e-3 and (not steps or steps[-1] - least > 1e-3):
        assert intercept.n_looks(*args) == len(steps)
        assert intercept.intercept_sequence(*args) == pytest.approx(steps, rel=1e-9, abs=1e-6)


def test_sequence_respects_the_greatest_range_and_may_be_empty() -> None:
    sequence = intercept.intercept_sequence(200e3, 3e3, 240.0, 900.0, 10.0, 5.0, max_range_m=25e3)
    assert sequence[0] == 25e3
    assert intercept.intercept_sequence(3e3, 3e3, 240.0, 900.0, 10.0, 5.0).size == 0


def test_bad_speeds() -> None:
    with pytest.raises(DomainError, match="target_speed_mps must be above zero"):
        intercept.earliest_intercept(0.0, 1e4, 0.0, 0.0, 0.0, interceptor_speed_mps=900.0, ready_s=0.0)
    with pytest.raises(DomainError, match="min_range_m must be above zero"):
        intercept.n_looks(4e4, 0.0, 240.0, 900.0, 10.0, 5.0)
