"""Horizon, heights and k: limits, round trips, refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringtrue.errors import DomainError
from ringtrue.geo import discs, profile, refraction

heights = st.floats(0.1, 20_000.0)
factors = st.floats(0.8, 5.0)


@given(heights, heights, factors)
def test_minimum_height_undoes_the_horizon(antenna_m, target_m, k_factor):
    range_m = refraction.horizon_range_m(antenna_m, target_m, k_factor=k_factor)
    back_m = refraction.minimum_visible_height_m(range_m, antenna_m, k_factor=k_factor)
    assert float(back_m) == pytest.approx(target_m, rel=1e-6, abs=1e-6)


@given(st.floats(100.0, 400e3), st.floats(0.0, 1.5), st.floats(0.0, 100.0), factors)
def test_range_height_and_elevation_close(slant_m, elevation_rad, antenna_m, k_factor):
    height_m = refraction.target_height_m(slant_m, elevation_rad, antenna_m, k_factor=k_factor)
    again_m = refraction.slant_range_to_height_m(height_m, elevation_rad, antenna_m, k_factor=k_factor)
    assert float(again_m) == pytest.approx(slant_m, rel=1e-6)
    angle = refraction.elevation_to_target_rad(slant_m, height_m, antenna_m, k_factor=k_factor)
    assert float(angle) == pytest.approx(elevation_rad, abs=1e-5)


@given(heights, heights)
def test_parabola_arc_and_slant_stand_in_order(antenna_m, target_m):
    arc_m = float(refraction.horizon_range_m(antenna_m, target_m))
    assert arc_m <= float(refraction.horizon_range_parabola_m(antenna_m, target_m)) * (1 + 1e-12)
    assert arc_m <= float(refraction.horizon_slant_range_m(antenna_m, target_m)) * (1 + 1e-12)


def test_thin_air_is_a_straight_line():
    """Without refraction the traced ray is the law of cosines on the true sphere."""
    ray = refraction.trace_ray(10.0, np.radians(1.0), 3000.0, surface_n_units=0.0)
    slant_m = float(refraction.slant_range_to_height_m(3000.0, np.radians(1.0), 10.0, k_factor=1.0))
    assert ray.slant_range_m == pytest.approx(slant_m, rel=1e-9)
    assert ray.optical_path_m == pytest.approx(slant_m, rel=1e-9)
    assert ray.true_elevation_rad == pytest.approx(np.radians(1.0), abs=1e-9)


def test_unreachable_heights_are_nan():
    assert np.isnan(refraction.slant_range_to_height_m(5.0, 0.1, 10.0))
    assert np.isnan(refraction.elevation_to_target_rad(100.0, 5000.0, 10.0))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: refraction.horizon_range_m(-1.0, 10.0), "zero or more"),
        (lambda: refraction.k_from_gradient(-160e-9), "duct"),
        (lambda: refraction.trace_ray(100.0, 0.0, 50.0), "followed upwards"),
        (lambda: refraction.trace_ray(10.0, 0.0, 50.0, scale_height_m=1000.0), "trapped"),
        (lambda: refraction.minimum_visible_height_m(20_000e3, 0.0), "no height"),
        (lambda: discs.disc_overlap_area_m2(-1.0, 2.0, 3.0), "zero or more"),
    ],
)
def test_what_cannot_be(call, words):
    with pytest.raises(DomainError, match=words):
        call()


def test_discs_inside_and_apart():
    assert discs.disc_overlap_area_m2(2.0, 1.0, 0.5) == pytest.approx(np.pi)
    assert discs.disc_overlap_area_m2(2.0, 1.0, 3.0) == 0.0


def test_a_ridge_behind_the_target_does_not_matter():
    near = profile.lowest_visible_altitude_behind_ridges_m(40e3, [30e3], [500.0], 25.0)
    assert profile.lowest_visible_altitude_behind_ridges_m(40e3, [30e3, 50e3], [500.0, 4000.0], 25.0) == near
