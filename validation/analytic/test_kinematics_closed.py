"""Looks (V-S16 to V-S18), chord (V-X07), ballistic arcs and intercepts against independent routes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from ringtrue.kinematics import ballistic, flight, intercept

S16 = (40e3, 3e3, 240.0, 900.0, 10.0, 5.0)
S17 = (200e3, 10e3, 300.0, 1300.0, 10.0, 8.0)


@pytest.mark.parametrize(
    ("args", "looks", "fire_m", "first_m"),
    [(S16, 7, 37_600.0, 29_684.2), (S17, 11, 197_000.0, 160_062.5)],
    ids=["V-S16", "V-S17"],
)
def test_looks(args: tuple[float, ...], looks: int, fire_m: float, first_m: float) -> None:
    detect_m, _, target, interceptor, reaction_s, _ = args
    assert intercept.n_looks(*args) == looks
    assert len(intercept.intercept_sequence(*args)) == looks
    assert intercept.first_fire_range_m(detect_m, target, reaction_s) == pytest.approx(fire_m, abs=0.1)
    got = intercept.first_intercept_range_m(detect_m, target, interceptor, reaction_s)
    assert got == pytest.approx(first_m, abs=0.1)


def test_v_s18_all_intercepts() -> None:
    expected = [29684.2, 22487.5, 16805.9, 12320.5, 8779.3, 5983.7, 3776.6]
    assert intercept.intercept_sequence(*S16) == pytest.approx(expected, abs=0.1)


def test_v_x07_chord() -> None:
    length_m = float(flight.chord_m(49_040.0, 20_000.0))
    assert length_m == pytest.approx(89_552.7, abs=0.1)
    assert length_m / 250.0 == pytest.approx(358.21, abs=0.01)


@pytest.mark.parametrize(
    ("range_m", "apogee_m"), [(300e3, 80e3), (50e3, 12e3), (1500e3, 400e3), (300e3, 30e3), (10e3, 40e3)]
)
def test_arc_against_integrated_motion(range_m: float, apogee_m: float) -> None:
    """Newton's law under GM/r², integrated from the launch state; a millimetre is far above the solver's error."""
    flight_s = float(ballistic.time_of_flight_s(range_m, apogee_m))
    time_s = np.linspace(0.0, flight_s, 9)
    arc = ballistic.arc(range_m, apogee_m, time_s)
    start = [0.0, ballistic.EARTH_RADIUS_M]
    start += [arc.speed_mps[0] * np.cos(arc.climb_rad[0]), arc.speed_mps[0] * np.sin(arc.climb_rad[0])]

    def motion(_: float, state: np.ndarray) -> np.ndarray:
        pull = -ballistic.EARTH_GM_M3PS2 * state[:2] / np.hypot(*state[:2]) ** 3
        return np.concatenate((state[2:], pull))

    x, y, vx, vy = solve_ivp(motion, (0.0, flight_s), start, rtol=1e-12, atol=1e-6, t_eval=time_s).y
    assert np.abs(np.hypot(x, y) - ballistic.EARTH_RADIUS_M - arc.altitude_m).max() < 1e-3
    assert np.abs(ballistic.EARTH_RADIUS_M * np.arctan2(x, y) - arc.ground_range_m).max() < 1e-3
    assert np.abs(np.hypot(vx, vy) - arc.speed_mps).max() < 1e-5
    assert arc.ground_range_m[-1] == pytest.approx(range_m, abs=1e-6)
    assert arc.altitude_m[4] == pytest.approx(apogee_m, abs=1e-6)


@pytest.mark.parametrize("range_m", [100e3, 600e3, 3000e3])
def test_least_speed_over_all_apogees(range_m: float) -> None:
    """v² = (GM/R)·2·sin φ/(1 + sin φ), φ half the central angle: the classic minimum-energy trajectory."""
    best_m = float(ballistic.minimum_energy_apogee_m(range_m))
    apogee_m = best_m * np.array([0.5, 0.9, 0.999, 1.0, 1.001, 1.1, 2.0])
    speed = ballistic.arc(range_m, apogee_m, 0.0).speed_mps
    sine = np.sin(0.5 * range_m / ballistic.EARTH_RADIUS_M)
    least = np.sqrt(ballistic.EARTH_GM_M3PS2 / ballistic.EARTH_RADIUS_M * 2 * sine / (1 + sine))
    assert speed[3] == pytest.approx(least, rel=1e-10)
    assert speed.argmin() == 3


def test_short_arc_is_the_parabola() -> None:
    """A 2-km hop of 500 m apogee: t = 2·√(2h/g), error of order h/R."""
    gravity = ballistic.EARTH_GM_M3PS2 / ballistic.EARTH_RADIUS_M**2
    flat_s = 2.0 * np.sqrt(2.0 * 500.0 / gravity)
    assert ballistic.time_of_flight_s(2_000.0, 500.0) == pytest.approx(flat_s, rel=3e-4)


def test_earliest_intercept_against_brute_force() -> None:
    """800 random geometries, interceptor faster and slower than the target, against a scan in steps of 0.05 s."""
    generator = np.random.default_rng(11)
    n_found = 0
    for _ in range(800):
        x, y = generator.uniform(-60e3, 60e3, 2)
        z, course, ready = generator.uniform(0, 12e3), generator.uniform(0, 2 * np.pi), generator.uniform(0, 60)
        target, fast = generator.uniform(100, 700), generator.uniform(150, 1500)
        low_m, high_m = generator.uniform(0, 8e3), generator.uniform(20e3, 70e3)
        got = intercept.earliest_intercept(
            x, y, z, course, target, interceptor_speed_mps=fast, ready_s=ready, min_range_m=low_m, max_range_m=high_m
        )

        def distance(t: np.ndarray | float, place=(x, y, z), course=course, speed=target) -> np.ndarray:
            east = place[0] + speed * np.sin(course) * t
            return np.sqrt(east**2 + (place[1] + speed * np.cos(course) * t) ** 2 + place[2] ** 2)

        time_s = np.arange(ready, 1500.0, 0.05)
        range_m = distance(time_s)
        possible = (range_m <= fast * (time_s - ready)) & (range_m <= high_m) & (range_m >= low_m)
        if not possible.any():
            # the closed form may find a touch shorter than one step
            assert not got.intercept_s < 1400 or abs(distance(float(got.intercept_s)) - high_m) < 100
            continue
        n_found += 1
        assert got.intercept_s == pytest.approx(time_s[possible.argmax()], abs=0.0501)
        assert got.launch_s >= ready - 1e-6
        assert distance(float(got.intercept_s)) == pytest.approx(fast * (got.intercept_s - got.launch_s), rel=1e-9)
    assert n_found > 200


def test_earliest_intercept_with_time_of_flight_root() -> None:
    """Crossing target, one case in full: root of |p(t)| = V·(t − ready) by Brent's method."""
    got = intercept.earliest_intercept(
        20e3, 30e3, 5e3, np.radians(250.0), 250.0, interceptor_speed_mps=900.0, ready_s=12.0
    )

    def spare(t: float) -> float:
        x = 20e3 + 250.0 * np.sin(np.radians(250.0)) * t
        y = 30e3 + 250.0 * np.cos(np.radians(250.0)) * t
        return 900.0 * (t - 12.0) - np.sqrt(x**2 + y**2 + 5e3**2)

    assert got.intercept_s == pytest.approx(brentq(spare, 12.0, 300.0, xtol=1e-12), abs=1e-9)
