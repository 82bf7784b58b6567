"""Where the targets of a raid fly: speeds, release, heights and arcs against geodesy and vectors of others."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

from ringtrue.engagement.paths import EARTH_RADIUS_M, LOW_FLYER_M, N_SAMPLES, fly, slant_m
from ringtrue.geo.elevation import open_model
from ringtrue.scenario.flights import Flight
from ringtrue.scenario.records import Waypoint

WAY = (Waypoint(39.0, 32.0), Waypoint(39.5, 33.0), Waypoint(40.0, 32.5))
SPEEDS = np.array([200.0, 250.0, 225.0])


@dataclass(frozen=True)
class Hills:
    """A model whose ground is 100 m up west of a meridian, unknown east of another one, 700 m up between."""

    is_bare_earth: bool = False

    def sample(self, latitude_deg, longitude_deg):
        ground = np.where(np.asarray(longitude_deg) < 32.4, 100.0, 700.0)
        return np.where(np.asarray(longitude_deg) > 32.8, np.nan, ground)


def target(kind="aircraft", usual_m=100.0, **figures):
    held = {"apogee_m": None, "range_m": None} | {k: np.full(3, v) for k, v in figures.items()}
    return SimpleNamespace(kind=kind, speed_mps=SPEEDS, usual_height_m=np.full(3, usual_m), **held)


def flight(**changes) -> Flight:
    plain = {
        "uid": "raid/0", "group": "raid", "target": "raider", "start_s": 30.0, "way": WAY, "aim": "town",
        "is_friendly": False, "height_m": None, "altitude_m": None, "speed_mps": None, "apogee_m": None,
        "release_range_m": 0.0,
    }  # fmt: skip
    return Flight(**(plain | changes))


def flown(one=None, kind=None, model=None, site_altitude_m=850.0):
    return fly((one or flight(),), {"raider": kind or target()}, model or open_model("none"), site_altitude_m, 3)


def line(a: Waypoint, b: Waypoint) -> dict[str, float]:
    return Geodesic.WGS84.Inverse(a.latitude_deg, a.longitude_deg, b.latitude_deg, b.longitude_deg)


def length_m(way) -> float:
    return sum(line(a, b)["s12"] for a, b in pairwise(way))


def test_a_flight_takes_its_way_over_its_speed_draw_by_draw() -> None:
    paths = flown()
    assert paths.time_s.shape == (3, 1, N_SAMPLES)
    assert paths.time_s[:, 0, 0] == pytest.approx(30.0)
    assert paths.time_s[:, 0, -1] - 30.0 == pytest.approx(length_m(WAY) / SPEEDS, rel=1e-9)
    given_speed = flown(flight(speed_mps=300.0))
    assert given_speed.time_s[:, 0, -1] - 30.0 == pytest.approx(np.full(3, length_m(WAY) / 300.0), rel=1e-9)


def test_a_flight_goes_from_place_to_place_on_geodesics_at_one_speed() -> None:
    paths = flown()
    lat, lon = paths.latitude_deg[0], paths.longitude_deg[0]
    assert (lat[0], lon[0]) == pytest.approx((39.0, 32.0))
    assert (lat[-1], lon[-1]) == pytest.approx((40.0, 32.5), abs=1e-9)
    steps = np.array([
        Geodesic.WGS84.Inverse(*p, *q)["s12"]
        for p, q in zip(zip(lat, lon, strict=True), zip(lat[1:], lon[1:], strict=True), strict=False)
    ])  # fmt: skip
    whole = length_m(WAY) / (N_SAMPLES - 1)
    corner = np.argmin(steps)  # the one step that cuts the corner is the only one that is shorter
    assert np.delete(steps, corner) == pytest.approx(whole, rel=1e-6)
    assert steps[corner] < whole
    first, second = (line(a, b) for a, b in pairwise(WAY))
    assert np.degrees(paths.course_rad[0, 0]) % 360 == pytest.approx(first["azi1"] % 360, abs=0.01)
    assert np.degrees(paths.course_rad[0, -1]) % 360 == pytest.approx(second["azi2"] % 360, abs=0.01)


def test_a_weapon_is_released_so_far_before_the_aim_along_the_way() -> None:
    end = flown(flight(release_range_m=30e3))
    whole = length_m(WAY)
    assert end.time_s[:, 0, -1] - 30.0 == pytest.approx((whole - 30e3) / SPEEDS, rel=1e-9)
    left = Geodesic.WGS84.Inverse(end.latitude_deg[0, -1], end.longitude_deg[0, -1], 40.0, 32.5)["s12"]
    assert left == pytest.approx(30e3, rel=1e-6)
    at_once = flown(flight(release_range_m=900e3))  # farther than the whole way: released where it starts
    assert (at_once.latitude_deg[0, -1], at_once.longitude_deg[0, -1]) == pytest.approx((39.0, 32.0), abs=1e-4)
    assert (np.diff(at_once.time_s[:, 0]) > 0.0).all()


def test_heights_are_above_the_ground_low_down_and_above_the_sea_high_up() -> None:
    low = flown(kind=target(usual_m=LOW_FLYER_M - 1.0), model=Hills())
    west = low.longitude_deg[0] < 32.4
    off = low.longitude_deg[0] > 32.8
    assert low.altitude_m[0][west] == pytest.approx(LOW_FLYER_M - 1.0 + 100.0)
    assert low.altitude_m[0][~west & ~off] == pytest.approx(LOW_FLYER_M - 1.0 + 700.0)
    assert low.altitude_m[0][off] == pytest.approx(LOW_FLYER_M - 1.0)  # unknown ground is the sea, and said
    assert low.is_clipped.tolist() == [True]
    assert low.follows_ground.tolist() == [True]
    assert low.height_m[0] == pytest.approx(LOW_FLYER_M - 1.0)
    high = flown(kind=target(usual_m=LOW_FLYER_M), model=Hills())
    assert high.altitude_m[0] == pytest.approx(LOW_FLYER_M)
    assert high.height_m[0][west] == pytest.approx(LOW_FLYER_M - 100.0)
    assert high.follows_ground.tolist() == [False]


def test_what_a_wave_states_goes_before_what_its_class_usually_does() -> None:
    above_sea = flown(flight(altitude_m=3000.0), model=Hills())
    assert above_sea.altitude_m[0] == pytest.approx(3000.0)
    assert above_sea.follows_ground.tolist() == [False]
    above_ground = flown(flight(height_m=40.0), kind=target(usual_m=9000.0))
    assert above_ground.altitude_m[0] == pytest.approx(890.0)  # bare earth lies at the altitude of the site
    assert above_ground.height_m[0] == pytest.approx(40.0)
    assert above_ground.follows_ground.tolist() == [True]
    assert above_ground.is_clipped.tolist() == [False]


def test_an_arc_is_as_high_as_its_share_of_the_range_of_its_class() -> None:
    """Half the range of the class at half its apogee; given an apogee it is that one; the top stands in the middle."""
    straight = (Waypoint(39.0, 32.0), Waypoint(40.0, 32.0))
    distance_m = length_m(straight)
    kind = target("ballistic", apogee_m=80e3, range_m=2.0 * distance_m)
    half = flown(flight(way=straight), kind=kind)
    assert half.altitude_m[0].max() == pytest.approx(40e3, rel=2e-3)
    assert np.argmax(half.altitude_m[0]) == N_SAMPLES // 2
    assert half.altitude_m[0] == pytest.approx(half.altitude_m[0][::-1], abs=10.0)
    assert half.follows_ground.tolist() == [False]
    lofted = flown(flight(way=straight, apogee_m=70e3), kind=kind)
    assert lofted.altitude_m[0].max() == pytest.approx(70e3, rel=2e-3)
    assert lofted.time_s[0, 0, -1] > half.time_s[0, 0, -1]
    fall_s = np.sqrt(2.0 * 70e3 / 9.80665)  # flat earth, constant gravity; at 70 km gravity is 2 % less
    assert lofted.time_s[0, 0, -1] - 30.0 == pytest.approx(2.0 * fall_s, rel=0.03)
    assert (lofted.latitude_deg[0, -1], lofted.longitude_deg[0, -1]) == pytest.approx((40.0, 32.0), abs=1e-6)


def test_an_arc_of_a_class_without_an_apogee_is_that_of_least_energy() -> None:
    straight = (Waypoint(39.0, 32.0), Waypoint(40.0, 32.0))
    paths = flown(flight(way=straight), kind=target("ballistic"))
    # flat earth: least energy is thrown at 45 degrees, so the apogee is a quarter of the range; the round one is lower
    assert paths.altitude_m[0].max() == pytest.approx(length_m(straight) / 4.0, rel=0.02)


@settings(derandomize=True, max_examples=60, deadline=None, database=None)
@given(st.floats(0.0, 600e3), st.floats(0.0, 5e3), st.floats(0.0, 100e3))
def test_a_slant_is_the_straight_line_between_two_points(ground_m: float, one_m: float, other_m: float) -> None:
    angle = ground_m / EARTH_RADIUS_M
    a = (EARTH_RADIUS_M + one_m) * np.array([1.0, 0.0])
    b = (EARTH_RADIUS_M + other_m) * np.array([np.cos(angle), np.sin(angle)])
    ours = float(slant_m(np.array(ground_m), one_m, np.array(other_m)))
    assert ours == pytest.approx(float(np.linalg.norm(a - b)), rel=1e-6, abs=0.01)
    assert ours == pytest.approx(float(slant_m(np.array(ground_m), other_m, np.array(one_m))), abs=1e-6)
