"""V-E01 to V-E12: geodesics on three ellipsoids (GeographicLib values; Vincenty 1975, table II, as reprinted)."""

import numpy as np
import pytest

from ringtrue.geo import geodesy

BESSEL = {"semi_major_m": 6_377_397.155, "inverse_flattening": 299.1528128}
INTERNATIONAL = {"semi_major_m": 6_378_388.0, "inverse_flattening": 297.0}


def dms(degree, minute, second):
    return np.copysign(abs(degree) + minute / 60.0 + second / 3600.0, degree)


@pytest.mark.parametrize(
    ("ends", "distance_m", "azimuth1_deg", "azimuth2_deg"),
    [
        ((40.6, -73.8, 51.6, -0.5), 5_551_759.400319, 51.198882846, 107.821776736),
        ((-41.32, 174.81, 40.96, -5.50), 19_959_679.267354, 161.067669986, 18.825195123),
        ((0.0, 0.0, 0.5, 179.5), 19_936_288.578965, 25.671872868, None),
        ((39.9334, 32.8597, 42.0231, 35.1531), 301_821.982569, 39.004543847, None),
    ],
    ids=["V-E01", "V-E02", "V-E03", "V-E08"],
)
def test_inverse(ends, distance_m, azimuth1_deg, azimuth2_deg):
    line = geodesy.inverse(*ends)
    assert float(line.distance_m) == pytest.approx(distance_m, abs=2e-6)
    assert float(np.degrees(line.azimuth1_rad)) == pytest.approx(azimuth1_deg, abs=2e-9)
    if azimuth2_deg is not None:
        assert float(np.degrees(line.azimuth2_rad)) == pytest.approx(azimuth2_deg, abs=2e-9)


@pytest.mark.parametrize(
    ("latitude1_deg", "latitude2_deg", "longitude_deg", "ellipsoid", "distance_m"),
    [
        (dms(55, 45, 0), dms(-33, 26, 0), dms(108, 13, 0), BESSEL, 14_110_526.170),
        (dms(37, 19, 54.95367), dms(26, 7, 42.83946), dms(41, 28, 35.50729), INTERNATIONAL, 4_085_966.703),
        (dms(1, 0, 0), -dms(0, 59, 53.83076), dms(179, 17, 48.02997), INTERNATIONAL, 19_960_000.000),
    ],
    ids=["V-E04", "V-E05", "V-E06"],
)
def test_vincenty_table(latitude1_deg, latitude2_deg, longitude_deg, ellipsoid, distance_m):
    line = geodesy.inverse(latitude1_deg, 0.0, latitude2_deg, longitude_deg, **ellipsoid)
    assert float(line.distance_m) == pytest.approx(distance_m, abs=1e-3)


def test_v_e07_direct():
    end = geodesy.direct(40.0789, 32.5656, np.radians([0.0, 90.0]), 400e3)
    assert end.latitude_deg == pytest.approx([43.680200448, 39.984076439], abs=2e-9)
    assert end.longitude_deg == pytest.approx([32.5656, 37.250849180], abs=2e-9)
    course = geodesy.inverse(40.0789, 32.5656, end.latitude_deg[1], end.longitude_deg[1]).azimuth2_rad
    assert float(np.degrees(course)) == pytest.approx(93.014581852, abs=1e-8)


def test_v_e08_haversine():
    sphere_m = geodesy.haversine_distance_m(39.9334, 32.8597, 42.0231, 35.1531)
    assert float(sphere_m) == pytest.approx(301_734.179, abs=0.01)


@pytest.mark.parametrize(
    ("radius_m", "area_km2", "perimeter_km", "atol"),
    [(400e3, 502_489.843, 2511.625, 0.01), (40e3, 5026.531, 251.326, 0.001)],
)
def test_v_e09_v_e10_rings(radius_m, area_km2, perimeter_km, atol):
    assert geodesy.ring_area_m2(40.0789, 32.5656, radius_m) / 1e6 == pytest.approx(area_km2, abs=atol)
    assert geodesy.ring_perimeter_m(40.0789, 32.5656, radius_m) / 1e3 == pytest.approx(perimeter_km, abs=atol)


def test_v_e11_earth_centred():
    expected_m = [4_119_253.510653, 2_630_889.175706, 4_085_240.038054]
    assert geodesy.earth_centred_m(40.0789, 32.5656, 850.0) == pytest.approx(expected_m, abs=1e-6)


def test_v_e12_radar_measurement():
    place = geodesy.radar_measurement_position(40.0789, 32.5656, 850.0, np.radians(45.0), np.radians(2.0), 100e3)
    assert place[:2] == pytest.approx([40.711818060, 33.401256786], abs=1e-9)
    assert place[2] == pytest.approx(5122.768522, abs=2e-6)
