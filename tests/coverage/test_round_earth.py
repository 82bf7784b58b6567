"""The geometry under every coverage number: distances against vectors, tables against NumPy's own interpolation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringtrue.coverage import _kernels
from ringtrue.coverage.ring import EARTH_RADIUS_M, ground_range_m, slant_range_m

quick = settings(derandomize=True, max_examples=60, deadline=None, database=None)
altitude = st.floats(-100.0, 30e3)


def between(ground_m: float, one_m: float, other_m: float) -> float:
    angle = ground_m / EARTH_RADIUS_M
    a = (EARTH_RADIUS_M + one_m) * np.array([1.0, 0.0])
    b = (EARTH_RADIUS_M + other_m) * np.array([math.cos(angle), math.sin(angle)])
    return float(np.linalg.norm(a - b))


@quick
@given(st.floats(1.0, 800e3), altitude, altitude)
def test_slant_and_ground_range_are_each_others_way_back(ground_m: float, one_m: float, other_m: float) -> None:
    slant = slant_range_m(np.array(ground_m), one_m, other_m)
    assert float(slant) == pytest.approx(between(ground_m, one_m, other_m), rel=1e-6, abs=0.01)
    assert float(ground_range_m(slant, one_m, other_m)) == pytest.approx(ground_m, rel=1e-6, abs=0.05)
    assert float(ground_range_m(slant, other_m, one_m)) == pytest.approx(ground_m, rel=1e-6, abs=0.05)


def test_a_target_farther_up_than_the_range_is_over_no_ground() -> None:
    assert ground_range_m(np.array([5e3, 10e3, 10.1e3]), 0.0, 10e3)[:2].tolist() == [0.0, 0.0]
    assert ground_range_m(np.array([10.1e3]), 0.0, 10e3)[0] == pytest.approx(math.sqrt(10.1e3**2 - 10e3**2), rel=1e-3)
    across = ground_range_m(np.array(1e9), 0.0, 0.0)  # farther than the earth is wide: its far side, not nan
    assert float(across) == pytest.approx(math.pi * EARTH_RADIUS_M)


@pytest.mark.parametrize(("most_m", "error"), [(600e3, 1e-15), (2000e3, 1e-11)])
def test_the_short_cosine_is_as_good_as_it_says(most_m: float, error: float) -> None:
    for range_m in np.linspace(0.0, most_m, 301):
        assert abs(_kernels._cos.py_func(range_m) - math.cos(range_m / EARTH_RADIUS_M)) <= error + 2.3e-16


@quick
@given(st.lists(st.floats(0.0, 100.0), min_size=2, max_size=9), st.floats(0.0, 12e3))
def test_people_up_to_a_range_are_read_off_a_line_and_end_with_the_table(added: list[float], range_m: float) -> None:
    cumulative = np.cumsum(np.array(added))
    wanted = np.interp(range_m / 1000.0, np.arange(cumulative.size), cumulative)
    assert _kernels._up_to.py_func(cumulative, 1000.0, range_m) == pytest.approx(wanted, abs=1e-9)


@quick
@given(st.lists(st.floats(0.0, 400e3), min_size=2, max_size=9), st.floats(0.0, 500e3))
def test_an_edge_is_read_off_a_line_between_knots_and_is_the_last_one_beyond(knots: list[float], entry: float) -> None:
    known = np.array(knots)
    wanted = np.interp(entry / 40e3, np.arange(known.size), known)
    assert _kernels._edge.py_func(known, 1.0 / 40e3, entry) == pytest.approx(wanted, rel=1e-9, abs=1e-3)


def test_an_edge_after_a_knot_that_never_knows_is_none() -> None:
    known = np.array([-1.0, 10e3, 20e3])
    assert _kernels._edge.py_func(known, 1e-3, 500.0) == -1.0
    assert _kernels._edge.py_func(known, 1e-3, 1000.0) == 10e3
    assert _kernels._edge.py_func(known, 1e-3, 1500.0) == 15e3
    assert _kernels._edge.py_func(known, 1e-3, 2000.0) == 20e3
    assert _kernels._edge.py_func(known, 1e-3, 9e9) == 20e3


@pytest.mark.parametrize("rise_m", [0.0, 500.0, 9000.0])
def test_a_table_of_slant_ranges_becomes_one_over_ground(rise_m: float) -> None:
    """A target that is known as soon as it is in view: over ground too its edge is where it came into view."""
    n_knots, antenna_m, step = 25, 900.0, 8000.0
    slant = np.arange(n_knots) * step
    radius, above = EARTH_RADIUS_M + antenna_m, EARTH_RADIUS_M + antenna_m + rise_m
    step_m, known_m = np.empty(1), np.empty((1, n_knots))
    _kernels.edges_over_ground(np.array([step]), slant[None], rise_m**2, radius * above, step_m, known_m)
    far_m = float(ground_range_m(slant[-1:], antenna_m, antenna_m + rise_m)[0])
    assert step_m[0] * (n_knots - 1) == pytest.approx(far_m, rel=1e-9)
    assert known_m[0, 1:] == pytest.approx(step_m[0] * np.arange(1, n_knots), rel=1e-9)
    assert known_m[0, 0] == -1.0  # overhead: there is no way left


def test_a_table_that_ends_below_the_target_knows_it_nowhere() -> None:
    step_m, known_m = np.empty(2), np.empty((2, 5))
    slant = np.tile(np.arange(5) * 1000.0, (2, 1))
    _kernels.edges_over_ground(np.array([1000.0, 0.0]), slant, 5000.0**2, EARTH_RADIUS_M**2, step_m, known_m)
    assert (known_m == -1.0).all()
    assert step_m.tolist() == [1.0, 1.0]


def test_held_is_the_later_of_tracked_and_identified() -> None:
    """Knots of 10 km. Seen after 2 km in view, identified 3 km later; the track comes after 4 km or 9 km."""
    step = np.array([10e3])
    came = np.arange(4) * 10e3
    search = (came - 2e3)[None]
    for track_lag_m in (4e3, 9e3):
        tracked, held = (came - track_lag_m)[None], np.empty((1, 4))
        _kernels.hold(step, search, step, np.zeros((1, 4)), tracked, np.array([3e3]), held)
        assert held[0, 1:] == pytest.approx(came[1:] - max(5e3, track_lag_m))


def test_an_engagement_radar_that_knows_first_starts_the_identification() -> None:
    step, came = np.array([10e3]), np.arange(4) * 10e3
    held = np.empty((1, 4))
    _kernels.hold(step, (came - 8e3)[None], step, (came - 1e3)[None], (came - 1e3)[None], np.array([3e3]), held)
    assert held[0, 1:] == pytest.approx(came[1:] - 4e3)
