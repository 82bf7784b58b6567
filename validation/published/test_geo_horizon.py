"""V-G01 to V-G16, V-G19 to V-G21: horizon, refraction and areas (closed forms; M4 to M9 printed by MathWorks)."""

import numpy as np
import pytest

from ringtrue.geo import discs, refraction

HEIGHTS_M = np.array([30.0, 50.0, 100.0, 300.0, 1000.0, 3000.0, 10000.0])
K_M4 = refraction.k_from_gradient(-39e-9)


def test_v_g01_horizon_coefficient():
    assert refraction.horizon_coefficient() / 1e3 == pytest.approx(4.121812, abs=1e-6)
    assert refraction.horizon_coefficient() * 0.3048**0.5 / 1852.0 == pytest.approx(1.228725, abs=1e-6)


@pytest.mark.parametrize(
    ("antenna_height_m", "expected_km"),
    [
        (10.0, [35.610, 42.180, 54.252, 84.425, 143.371, 238.762, 425.013]),
        (25.0, [43.185, 49.755, 61.827, 92.000, 150.946, 246.337, 432.588]),
    ],
)
def test_v_g02_v_g03_horizon_arc(antenna_height_m, expected_km):
    assert refraction.horizon_range_m(antenna_height_m, HEIGHTS_M) / 1e3 == pytest.approx(expected_km, abs=0.001)


def test_v_g04_parabola_and_slant():
    assert float(refraction.horizon_range_parabola_m(25.0, 10e3)) / 1e3 == pytest.approx(432.790, abs=0.001)
    assert float(refraction.horizon_slant_range_m(25.0, 10e3)) / 1e3 == pytest.approx(432.912, abs=0.001)


def test_v_g05_effective_radius_of_a_gradient():
    assert refraction.effective_radius_m(-39e-9) == pytest.approx(8_477_361.546, abs=0.001)
    assert pytest.approx(1.3306171, abs=5e-8) == K_M4


def test_v_g06_reference_atmosphere():
    change = refraction.refractivity_change_n_units(1000.0)
    assert change == pytest.approx(-40.0695, abs=5e-5)
    assert refraction.k_from_gradient(change * 1e-9) == pytest.approx(1.342792, abs=1e-5)


@pytest.mark.parametrize(("k_factor", "expected_m"), [(K_M4, 7932.508), (4.0 / 3.0, 7921.712)])
def test_v_g07_height_of_a_beam(k_factor, expected_m):
    height_m = refraction.target_height_m(300e3, np.radians(0.5), 10.0, k_factor=k_factor)
    assert float(height_m) == pytest.approx(expected_m, abs=0.001)


@pytest.mark.parametrize(("k_factor", "expected_m"), [(K_M4, 27125.344), (4.0 / 3.0, 27127.662)])
def test_v_g08_range_to_a_height(k_factor, expected_m):
    range_m = refraction.slant_range_to_height_m(1000.0, np.radians(2.0), 10.0, k_factor=k_factor)
    assert float(range_m) == pytest.approx(expected_m, abs=0.001)


def test_v_g09_ground_range_to_a_height():
    slant_m = refraction.slant_range_to_height_m(1000.0, np.radians(2.0), 10.0, k_factor=K_M4)
    ground_m = refraction.ground_range_of_slant_m(slant_m, np.radians(2.0), 10.0, k_factor=K_M4)
    assert float(ground_m) == pytest.approx(27105.669, abs=0.001)


@pytest.mark.parametrize(("k_factor", "expected_deg"), [(K_M4, 0.5129027), (4.0 / 3.0, 0.5149666)])
def test_v_g10_elevation_of_a_target(k_factor, expected_deg):
    elevation = refraction.elevation_to_target_rad(300e3, 8e3, 10.0, k_factor=k_factor)
    assert float(np.degrees(elevation)) == pytest.approx(expected_deg, abs=1e-7)


def test_v_g11_grazing_and_depression():
    grazing = refraction.grazing_angle_rad(300.0, 1000.0, k_factor=K_M4)
    depression = refraction.depression_angle_rad(300.0, 1000.0, k_factor=K_M4)
    assert float(np.degrees(grazing)) == pytest.approx(17.454379, abs=1e-6)
    assert float(np.degrees(depression)) == pytest.approx(17.460827, abs=1e-6)


def test_v_g12_ray_through_an_exponential_atmosphere():
    ray = refraction.trace_ray(10.0, np.radians(2.0), 1000.0)
    assert ray[:3] == pytest.approx((27171.332, 27163.409, 27143.232), abs=0.01)
    assert np.degrees(ray.true_elevation_rad) == pytest.approx(1.966612, abs=1e-5)


def test_v_g13_horizon_in_an_exponential_atmosphere():
    expected_km = [23.148, 29.880, 42.247, 73.104, 133.037, 228.496, 408.007]
    assert refraction.exponential_horizon_range_m(HEIGHTS_M) / 1e3 == pytest.approx(expected_km, abs=0.002)
    four_thirds_km = [22.576, 29.146, 41.218, 71.391, 130.337, 225.728, 411.979]
    assert refraction.horizon_range_m(0.0, HEIGHTS_M) / 1e3 == pytest.approx(four_thirds_km, abs=0.001)


def test_v_g14_minimum_visible_height():
    range_m = np.array([40.0, 60.0, 100.0, 150.0, 200.0, 250.0, 400.0]) * 1e3
    expected_m = [22.13, 91.33, 371.01, 985.54, 1894.55, 3098.19, 8479.28]
    assert refraction.minimum_visible_height_m(range_m, 25.0) == pytest.approx(expected_m, abs=0.01)


@pytest.mark.parametrize(
    ("slant_m", "elevation_deg", "antenna_m", "height_m", "ground_m"),
    [
        (100e3, 0.5, 10.0, 1471.132, 99_981.186),
        (200e3, 1.0, 10.0, 5852.888, 199_850.289),
        (400e3, 0.0, 25.0, 9437.431, 399_703.576),
    ],
)
def test_v_g15_beam_height(slant_m, elevation_deg, antenna_m, height_m, ground_m):
    elevation = np.radians(elevation_deg)
    assert float(refraction.target_height_m(slant_m, elevation, antenna_m)) == pytest.approx(height_m, abs=0.001)
    assert float(refraction.ground_range_of_slant_m(slant_m, elevation, antenna_m)) == pytest.approx(
        ground_m, abs=0.001
    )


def test_v_g16_cap_area():
    expected_km2 = [502_489.729, 196_324.347, 70_682.570, 5_026.532]
    assert discs.cap_area_m2(np.array([400e3, 250e3, 150e3, 40e3])) / 1e6 == pytest.approx(expected_km2, abs=0.001)


def test_v_g19_two_discs():
    assert discs.disc_union_area_m2(40e3, 40e3, 50e3) / 1e6 == pytest.approx(8748.2187, rel=5e-7)
    assert discs.disc_overlap_area_m2(40e3, 40e3, 50e3) / 1e6 == pytest.approx(1304.8778, rel=5e-7)


def test_v_g20_sector():
    assert discs.sector_area_m2(100e3, np.radians(120.0)) / 1e6 == pytest.approx(10_471.976, abs=0.001)


def test_v_g21_share_of_the_ring():
    assert discs.horizon_share_of_ring(10.0, 50.0, 400e3) == pytest.approx(0.011120, abs=1e-6)
