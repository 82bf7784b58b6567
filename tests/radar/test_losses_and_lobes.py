"""Rain, knife edge, two-ray lobing: limits, symmetry, independent package."""

from __future__ import annotations

import itur
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringtrue.errors import DomainError
from ringtrue.radar import lobing, propagation


@settings(derandomize=True, max_examples=40, deadline=None)
@given(frequency_ghz=st.floats(1.0, 100.0), elevation_deg=st.floats(0.0, 90.0), tilt_deg=st.floats(0.0, 90.0))
def test_rain_equals_itur(frequency_ghz: float, elevation_deg: float, tilt_deg: float) -> None:
    expected = itur.models.itu838.rain_specific_attenuation(20.0, frequency_ghz, elevation_deg, tilt_deg).value
    got = propagation.rain_attenuation_db_per_km(
        20.0, frequency_ghz * 1e9, elevation_rad=np.radians(elevation_deg), tilt_rad=np.radians(tilt_deg)
    )
    assert got == pytest.approx(float(expected), rel=1e-9)


def test_no_rain_no_loss_and_out_of_band() -> None:
    assert propagation.rain_loss_db(0.0, 10e9, 20e3) == 0.0
    with pytest.raises(DomainError, match="from 1 to 1000 GHz"):
        propagation.rain_coefficients(0.2e9)
    with pytest.raises(DomainError, match="rain_mm_per_h must be zero or more"):
        propagation.rain_attenuation_db_per_km(-1.0, 10e9)


def test_p526_stays_close_to_the_exact_edge() -> None:
    nu = np.linspace(-0.7, 20.0, 500)
    error_db = propagation.knife_edge_loss_p526_db(nu) - propagation.knife_edge_loss_db(nu)
    assert np.abs(error_db).max() < 0.13


def test_clear_path_ripple_dies_out() -> None:
    assert abs(float(propagation.knife_edge_loss_db(-200.0))) < 0.02


def test_ridge_seen_from_both_ends_is_the_same() -> None:
    one = propagation.obstacle_over_line_m(500.0, 30.0, 2000.0, 40e3, 120e3)
    other = propagation.obstacle_over_line_m(500.0, 2000.0, 30.0, 80e3, 120e3)
    assert one == pytest.approx(float(other), abs=1e-9)


def test_grazing_altitude_shift_is_the_inverse_of_nu() -> None:
    """Lift the target by the shift above the masked altitude: the ridge gets the parameter asked for."""
    near_m, range_m, antenna_m, ridge_m = 30e3, 100e3, 25.0, 800.0
    masked_m = 3000.0 + float(propagation.obstacle_over_line_m(ridge_m, antenna_m, 3000.0, near_m, range_m)) / 0.3
    for nu in (-0.78, 0.0, 1.3):
        lifted_m = masked_m + float(propagation.grazing_altitude_shift_m(nu, near_m, range_m, 3e9))
        over_m = propagation.obstacle_over_line_m(ridge_m, antenna_m, lifted_m, near_m, range_m)
        got = propagation.knife_edge_nu(over_m, near_m, range_m - near_m, 3e9)
        assert got == pytest.approx(nu, abs=1e-9)


def test_lobing_without_reflection_is_free_space() -> None:
    elevation = np.linspace(0.0, 0.3, 50)
    assert lobing.propagation_factor(elevation, 20.0, 1e8, reflection_ratio=0.0) == pytest.approx(np.ones(50))


def test_lobes_reach_twice_the_free_space_range_and_nulls_nothing() -> None:
    peaks, nulls = lobing.lobe_peaks_rad(20.0, 1e8, 3), lobing.lobe_nulls_rad(20.0, 1e8, 3)
    assert lobing.propagation_factor(peaks, 20.0, 1e8) == pytest.approx(2 * np.ones(3))
    assert lobing.propagation_factor(nulls, 20.0, 1e8) == pytest.approx(np.zeros(3), abs=1e-12)
    assert np.isnan(lobing.lobe_peaks_rad(0.1, 1e8, 1)).all()


def test_mean_power_is_that_of_two_rays() -> None:
    """Averaged over many lobes F² is 1 + ρ²."""
    sine = np.linspace(0.0, 0.2, 200_001)
    factor = lobing.propagation_factor(np.arcsin(sine), 200.0, 1e9, reflection_ratio=-0.6)
    assert (factor**2).mean() == pytest.approx(1.36, abs=2e-3)


def test_roughness_takes_the_lobes_away() -> None:
    smooth = lobing.rough_reflection_ratio(-1.0, 0.05, 0.0, 3e9)
    rough = lobing.rough_reflection_ratio(-1.0, 0.05, [0.1, 0.5, 3.0], 3e9)
    assert smooth == -1.0
    assert (np.diff(rough) > 0).all()
    assert abs(rough[-1]) < 1e-12


def test_beam_is_half_power_at_half_width() -> None:
    factor = lobing.beam_factor(np.radians([10.0, 12.5, 7.5]), tilt_rad=np.radians(10.0), beamwidth_rad=np.radians(5.0))
    assert factor**2 == pytest.approx([1.0, 0.5, 0.5])


def test_blake_altitude_by_the_law_of_cosines() -> None:
    elevation = np.radians([0.5, 2.0, 5.0])
    contour = lobing.blake_chart(100e3, elevation, 20.0, 1e8)
    earth_m = 4 / 3 * 6_371_000.0
    base = earth_m + 20.0
    side = np.sqrt(base**2 + contour.slant_range_m**2 + 2 * base * contour.slant_range_m * np.sin(elevation))
    assert contour.altitude_m == pytest.approx(side - earth_m, abs=1e-6)


def test_flat_surface_has_no_negative_elevation() -> None:
    with pytest.raises(DomainError, match="elevation_rad must be zero or more"):
        lobing.propagation_factor(-0.01, 20.0, 1e8)
