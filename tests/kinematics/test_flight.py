"""Flight times, headings, level tracks, legs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringtrue.errors import DomainError
from ringtrue.geo.geodesy import inverse
from ringtrue.kinematics import flight


def test_quoted_speed_without_doubt() -> None:
    assert flight.time_of_flight_s([10e3, 100e3, 250e3], 1000.0, 100e3) == pytest.approx([10.0, 100.0, 250.0])


def test_doubt_is_nothing_at_the_quoted_distance_and_a_quarter_elsewhere() -> None:
    for doubt in (-1.0, 1.0):
        speed = flight.effective_speed_mps([20e3, 100e3, 105e3, 200e3], 1000.0, 100e3, doubt=doubt)
        assert speed == pytest.approx(1000.0 * (1.0 + 0.25 * doubt * np.array([1.0, 0.0, 0.5, 1.0])))


@settings(derandomize=True, max_examples=80)
@given(near=st.floats(1.0, 4e5), step=st.floats(0.1, 1e4), doubt=st.floats(-1, 1))
def test_time_of_flight_never_falls_with_range(near: float, step: float, doubt: float) -> None:
    first, second = flight.time_of_flight_s([near, near + step], 1200.0, 120e3, doubt=doubt)
    assert second > first


def test_draws_broadcast_against_ranges() -> None:
    doubt = np.linspace(-1, 1, 7)[:, None]
    assert flight.time_of_flight_s(np.linspace(0, 1e5, 3), 900.0, 1e5, doubt=doubt).shape == (7, 3)


def test_table_of_times() -> None:
    time_s = flight.time_from_table_s([0.0, 10e3, 15e3, 20e3, 20.1e3], [10e3, 20e3], [12.0, 22.0])
    assert time_s[:4] == pytest.approx([0.0, 12.0, 17.0, 22.0])
    assert np.isnan(time_s[4])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: flight.time_of_flight_s(1e4, 0.0, 1e5), "mean_speed_mps must be above zero"),
        (lambda: flight.time_of_flight_s(1e4, 900.0, 1e5, doubt=1.5), "doubt must be a number from -1 to 1"),
        (lambda: flight.time_from_table_s(1e4, [2e4, 1e4], [10.0, 20.0]), "both rising"),
        (lambda: flight.heading_rad(0.0, 1.0, "sideways"), "inbound, outbound, beam-left, beam-right"),
        (lambda: flight.fly_legs([40, 41], [33, 33], 250.0, [0.0]), "either altitude_m or height_m"),
        (lambda: flight.fly_legs([40, 41], [33, 33], 250.0, [0.0], height_m=50.0), "needs ground_altitude_m"),
        (lambda: flight.fly_legs([40], [33], 250.0, [0.0], altitude_m=50.0), "two places or more"),
    ],
)
def test_errors_say_what_is_wanted(call, words: str) -> None:
    with pytest.raises(DomainError, match=words):
        call()


@settings(derandomize=True, max_examples=60)
@given(east=st.floats(-3e5, 3e5), north=st.floats(-3e5, 3e5))
def test_headings_point_where_they_say(east: float, north: float) -> None:
    if np.hypot(east, north) < 1.0:
        return
    radial = {}
    for heading in flight.HEADINGS:
        course = float(flight.heading_rad(east, north, heading))
        radial[heading] = (east * np.sin(course) + north * np.cos(course)) / np.hypot(east, north)
        assert 0 <= course <= 2 * np.pi
    assert radial["inbound"] == pytest.approx(-1.0)
    assert radial["outbound"] == pytest.approx(1.0)
    assert radial["beam-left"] == pytest.approx(0.0, abs=1e-9)
    assert radial["beam-right"] == pytest.approx(0.0, abs=1e-9)


def test_beam_left_has_the_site_on_the_left() -> None:
    """A target north of the site flying with the site on its left flies west to east reversed: course 270°."""
    assert np.degrees(flight.heading_rad(0.0, 1e4, "beam-left")) == pytest.approx(270.0)
    assert np.degrees(flight.heading_rad(0.0, 1e4, "beam-right")) == pytest.approx(90.0)


def test_chord_misses_outside() -> None:
    assert flight.chord_m(10e3, [0.0, 10e3, 11e3]).tolist() == [20e3, 0.0, 0.0]


def test_legs_keep_speed_and_pass_their_corner() -> None:
    latitude, longitude = [39.0, 40.0, 40.5], [32.0, 33.0, 31.0]
    lengths = flight.leg_lengths_m(latitude, longitude)
    time_s = np.array([0.0, lengths[0] / 200.0, lengths.sum() / 200.0 - 1e-6, 1e9, -1.0])
    track = flight.fly_legs(latitude, longitude, 200.0, time_s, altitude_m=5000.0)
    assert track.latitude_deg[:3] == pytest.approx(latitude, abs=1e-8)
    assert track.longitude_deg[:3] == pytest.approx(longitude, abs=1e-8)
    assert np.isnan(track.latitude_deg[3:]).all()
    assert np.isnan(track.altitude_m[3:]).all()
    steps = flight.fly_legs(latitude, longitude, 200.0, np.arange(0.0, 500.0, 10.0), altitude_m=5000.0)
    flown, _, _ = inverse(
        steps.latitude_deg[:-1], steps.longitude_deg[:-1], steps.latitude_deg[1:], steps.longitude_deg[1:]
    )
    assert flown == pytest.approx(np.full(49, 2000.0), abs=1e-5)


def test_course_along_a_leg_points_to_its_end() -> None:
    track = flight.fly_legs([39.0, 42.0], [28.0, 40.0], 250.0, [1000.0], altitude_m=5000.0)
    _, course, _ = inverse(track.latitude_deg, track.longitude_deg, [42.0], [40.0])
    assert track.course_rad == pytest.approx(course)


def test_terrain_follower_keeps_its_height() -> None:
    def hill(latitude_deg: np.ndarray, longitude_deg: np.ndarray) -> np.ndarray:
        return 1000.0 * (latitude_deg - 39.0) + 0.0 * longitude_deg

    track = flight.fly_legs(
        [39.0, 40.0], [32.0, 32.0], 200.0, [0.0, 100.0, 300.0], height_m=60.0, ground_altitude_m=hill
    )
    assert track.altitude_m == pytest.approx(1000.0 * (track.latitude_deg - 39.0) + 60.0)
