"""Ballistic arcs: ends, symmetry, energy, ground track, errors."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringtrue.errors import DomainError
from ringtrue.geo.geodesy import inverse
from ringtrue.kinematics import ballistic

ARCS = {"range_m": st.floats(5e3, 3e6), "steep": st.floats(0.05, 2.0), "share": st.floats(0.0, 1.0)}


@settings(derandomize=True, max_examples=80)
@given(**ARCS)
def test_arc_conserves_energy_and_is_symmetric(range_m: float, steep: float, share: float) -> None:
    apogee_m = steep * range_m
    flight_s = float(ballistic.time_of_flight_s(range_m, apogee_m))
    time_s = share * flight_s
    arc = ballistic.arc(range_m, apogee_m, np.array([0.0, time_s, flight_s - time_s, flight_s]))
    radius_m = ballistic.EARTH_RADIUS_M + arc.altitude_m
    energy = 0.5 * arc.speed_mps**2 - ballistic.EARTH_GM_M3PS2 / radius_m
    assert energy == pytest.approx(np.full(4, energy[0]), rel=1e-9)
    assert arc.altitude_m[1] == pytest.approx(arc.altitude_m[2], abs=1e-3)
    assert arc.ground_range_m[1] + arc.ground_range_m[2] == pytest.approx(range_m, abs=1e-3)
    assert arc.altitude_m[[0, 3]] == pytest.approx([0.0, 0.0], abs=1e-5)
    assert (arc.altitude_m <= apogee_m * (1 + 1e-12) + 1e-6).all()
    angular = radius_m * arc.speed_mps * np.cos(arc.climb_rad)
    assert angular == pytest.approx(np.full(4, angular[0]), rel=1e-9)


@settings(derandomize=True, max_examples=60)
@given(**ARCS)
def test_time_at_altitude_is_the_inverse(range_m: float, steep: float, share: float) -> None:
    apogee_m = steep * range_m
    time_s = float(ballistic.time_at_altitude_s(range_m, apogee_m, share * apogee_m))
    state = ballistic.arc(range_m, apogee_m, min(time_s, float(ballistic.time_of_flight_s(range_m, apogee_m))))
    assert state.altitude_m == pytest.approx(share * apogee_m, abs=1e-3)
    assert state.climb_rad <= 1e-6


def test_outside_the_flight_is_nan() -> None:
    arc = ballistic.arc(300e3, 80e3, [-1.0, 1e4])
    assert all(np.isnan(field).all() for field in arc)
    assert np.isnan(ballistic.time_at_altitude_s(300e3, 80e3, 81e3))


def test_arcs_broadcast() -> None:
    arc = ballistic.arc(np.array([[100e3], [300e3]]), np.array([[30e3], [80e3]]), np.linspace(0, 100, 5))
    assert arc.altitude_m.shape == (2, 5)


def test_ground_track_ends_at_the_range() -> None:
    flight_s = ballistic.time_of_flight_s(500e3, 120e3)
    track = ballistic.over_ground(
        37.0, 42.0, np.radians(300.0), 500e3, 120e3, flight_s * np.array([0.0, 0.5, 1.0, 1.1])
    )
    distance_m, azimuth_rad, _ = inverse(37.0, 42.0, track.latitude_deg[2], track.longitude_deg[2])
    assert distance_m == pytest.approx(500e3, abs=1e-3)
    assert np.degrees(azimuth_rad) == pytest.approx(300.0, abs=1e-6)
    assert track.altitude_m[1] == pytest.approx(120e3)
    assert np.isnan(track.latitude_deg[3])


@pytest.mark.parametrize(("range_m", "apogee_m"), [(0.0, 1e4), (2.1e7, 1e5), (1e5, 0.0)])
def test_impossible_arcs(range_m: float, apogee_m: float) -> None:
    with pytest.raises(DomainError, match=r"an arc needs a range below half|must be one metre or more"):
        ballistic.arc(range_m, apogee_m, 0.0)
