"""Rain, knife edge and lobing against closed forms (V-P07 to V-P15)."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from ringtrue.radar import equation, lobing, propagation


def test_v_p07_rain_coefficients() -> None:
    """Six printed digits."""
    k, alpha = propagation.rain_coefficients([3e9, 10e9])
    assert k == pytest.approx([1.389790e-4, 0.012166988], rel=5e-7)
    assert alpha == pytest.approx([1.232160, 1.257097], abs=5.1e-7)


def test_v_p08_rain_attenuation() -> None:
    gamma = propagation.rain_attenuation_db_per_km([12.5, 50.0], np.array([[3e9], [10e9]]))
    assert gamma.ravel() == pytest.approx([0.003123, 0.017233, 0.291142, 1.663232], abs=5.1e-7)


def test_v_p09_rain_cell() -> None:
    """The expected 11.645680 is 40 km times 0.291142 dB/km *as printed*; half of that last digit times 40 is 2e-5."""
    loss_db = propagation.rain_loss_db(12.5, 10e9, 20e3)
    assert loss_db == pytest.approx(11.645680, abs=2e-5)
    assert equation.range_factor(loss_db) == pytest.approx(0.511515, abs=1e-6)


NU = [0.0, 1.0, 2.4, 5.0, 10.0]


def test_v_p10_knife_edge_exact() -> None:
    expected = [6.020600, 13.864105, 20.618195, 26.936198, 32.953517]
    assert propagation.knife_edge_loss_db(NU) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("nu", [-2.0, -0.5, 0.3, 1.7, 30.0])
def test_knife_edge_against_the_fresnel_integral(nu: float) -> None:
    """Direct quadrature of ∫exp(−jπt²/2) from ν by mpmath's Fresnel functions, 30 digits."""
    with mp.workdps(30):
        field = abs((1 + mp.j) / 2 * ((0.5 - mp.fresnelc(nu)) - mp.j * (0.5 - mp.fresnels(nu))))
        expected = float(-20 * mp.log10(field))
    assert propagation.knife_edge_loss_db(nu) == pytest.approx(expected, abs=1e-9)


def test_v_p11_knife_edge_p526() -> None:
    expected = [6.032852, 13.925729, 20.539266, 26.813581, 32.855375]
    assert propagation.knife_edge_loss_p526_db(NU) == pytest.approx(expected, abs=1e-6)
    assert propagation.knife_edge_loss_p526_db(-0.8) == 0.0


def test_v_p12_ridge() -> None:
    nu = propagation.knife_edge_nu(50.0, 20e3, 30e3, 3e9)
    assert nu == pytest.approx(2.041948, abs=1e-6)
    assert propagation.knife_edge_loss_db(nu) == pytest.approx(19.2630, abs=1e-4)
    assert propagation.knife_edge_loss_p526_db(nu) == pytest.approx(19.2111, abs=1e-4)
    assert propagation.fresnel_radius_m(20e3, 30e3, 3e9) == pytest.approx(34.6290, abs=1e-4)


def test_v_p13_ridge_of_the_terrain_case() -> None:
    over_m = propagation.obstacle_over_line_m(800.0, 25.0, 3000.0, 30e3, 100e3)
    assert over_m == pytest.approx(6.10697, abs=5.1e-6)
    assert propagation.knife_edge_nu(over_m, 30e3, 70e3, 3e9) == pytest.approx(0.1885304, abs=1e-6)


def test_v_p14_lobes() -> None:
    assert np.degrees(lobing.lobe_peaks_rad(20.0, 100e6, 2)) == pytest.approx([2.147608, 6.454962], abs=1e-6)
    assert np.degrees(lobing.lobe_nulls_rad(20.0, 100e6, 2)) == pytest.approx([4.298241, 8.620913], abs=1e-6)


def test_v_p15_propagation_factor() -> None:
    elevation_rad = np.radians([0.5, 1.0])
    assert lobing.propagation_factor(elevation_rad, 20.0, 100e6) == pytest.approx([0.715373, 1.336049], abs=1e-6)
    contour = lobing.blake_chart(100e3, elevation_rad, 20.0, 100e6)
    assert contour.slant_range_m == pytest.approx([71_537.3, 133_604.9], abs=0.1)
