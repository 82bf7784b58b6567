"""Earliest intercepts along a track, held against a walk over its samples in plain Python; footprints to their end."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from ringtrue.catalogue.load import load_catalogue
from ringtrue.coverage import _kernels, defended, footprint
from ringtrue.coverage.defended import (
    N_COURSES,
    POINT_COURSES,
    STEP_M,
    earliest_intercepts,
    farthest_reach_m,
    is_met_before,
    populated_cells,
    tracked_before_s,
)
from ringtrue.coverage.footprint import CELL_M, footprint_areas_m2
from ringtrue.coverage.ring import Level
from ringtrue.geo.elevation import open_model
from ringtrue.kinematics.flight import time_of_flight_s
from ringtrue.sensing.post import FEW_RELIEFS, post_at
from ringtrue.sensing.run import Run

CATALOGUE = load_catalogue()
N_DRAWS, N_RELIEFS, N_AZIMUTHS, SIGHT_STEP_M, OVER_SITE_M = 6, 2, 24, 5_000.0, 3_000.0
TRACK_STEP_M, N_TRACK = 4_000.0, 120


def _known_from(ground_m: list[float], in_view: list[bool], step_m: float, known_m: np.ndarray) -> int:
    """Walk in from the far end: known once the way flown in view is the way from coming into view to the edge."""
    entered = None
    for t in reversed(range(len(ground_m))):
        if not in_view[t]:
            entered = None
            continue
        entered = t if entered is None else entered
        edge_m = float(np.interp(ground_m[entered], step_m * np.arange(known_m.size), known_m))
        if edge_m > 0.0 and (entered - t) * TRACK_STEP_M >= ground_m[entered] - edge_m:
            return t
    return -1


def _walked(case: SimpleNamespace, place: int, course: int, draw: int) -> tuple[int, int]:
    x, y = case.places_m[place]
    limit_m, speed_mps, reaction_s, doubt = case.cases[draw, :4]
    relief, angle = case.relief[draw], case.course_rad[course]
    ground_m, seen, joint = [], [], []
    for t in range(N_TRACK):
        east, north = x + t * TRACK_STEP_M * math.sin(angle), y + t * TRACK_STEP_M * math.cos(angle)
        r = math.hypot(east, north)
        azimuth = int(math.atan2(east, north) / (2.0 * math.pi / N_AZIMUTHS) + N_AZIMUTHS + 0.5) % N_AZIMUTHS
        sample = int(r / SIGHT_STEP_M + 0.5)
        is_near = r <= limit_m and sample < case.in_sight.shape[2]
        ground_m.append(r)
        seen.append(bool(is_near and case.in_sight[relief, azimuth, sample]))
        is_joint = seen[-1] and sample < case.of_both.shape[2] and case.of_both[relief, azimuth, sample]
        joint.append(bool(is_joint))
    step_m = case.edge_step_m[draw]
    tracked = max(
        _known_from(ground_m, joint, step_m, case.tracked_m[draw]),
        _known_from(ground_m, seen, step_m, case.slow_m[draw]),
    )
    if tracked < 0:
        return -1, -1
    held = max(
        _known_from(ground_m, joint, step_m, case.held_m[draw]), _known_from(ground_m, seen, step_m, case.own_m[draw])
    )
    for t in range(held, -1, -1):
        for missile in range(case.shots.shape[1]):
            least_m, greatest_m, mean_mps, quoted_m = case.shots[draw, missile, :4]
            if not least_m <= ground_m[t] <= greatest_m:
                continue
            flight_s = float(time_of_flight_s(math.hypot(ground_m[t], OVER_SITE_M), mean_mps, quoted_m, doubt=doubt))
            launch = t + math.ceil(speed_mps * (reaction_s + flight_s) / TRACK_STEP_M)
            if launch > held or not seen[launch]:
                continue
            if case.needs_sight[missile] and not all(seen[t : launch + 1]):
                continue
            return t, tracked
    return -1, tracked


def _random_case(seed: int) -> SimpleNamespace:
    rng = np.random.default_rng(seed)
    n_samples, n_knots = 60, 40
    in_sight = rng.random((N_RELIEFS, N_AZIMUTHS, n_samples)) < 0.85
    knots_m = 10_000.0 * np.arange(n_knots)

    def edges(mean_share: float) -> np.ndarray:
        share = np.clip(mean_share + 0.1 * rng.standard_normal((N_DRAWS, 1)), 0.0, 1.0)
        return np.where(rng.random((N_DRAWS, n_knots)) < 0.05, 0.0, share * knots_m)

    tracked, slow = edges(0.9), edges(0.8)
    cases = np.stack(
        [
            rng.uniform(80e3, 300e3, N_DRAWS), rng.uniform(60.0, 400.0, N_DRAWS), rng.uniform(5.0, 60.0, N_DRAWS),
            rng.uniform(-1.0, 1.0, N_DRAWS), np.full(N_DRAWS, np.pi), np.zeros(N_DRAWS),
        ],
        axis=1,
    )  # fmt: skip
    shots = np.zeros((N_DRAWS, 2, 4))
    shots[:, :, 0] = rng.uniform(0.0, 5e3, (N_DRAWS, 2))
    shots[:, :, 1] = rng.uniform(10e3, 200e3, (N_DRAWS, 2))
    shots[:, :, 2], shots[:, :, 3] = rng.uniform(250.0, 1_500.0, (N_DRAWS, 2)), 100e3  # some slower than the target
    return SimpleNamespace(
        places_m=rng.uniform(-150e3, 150e3, (8, 2)), course_rad=np.arange(8) * np.pi / 4.0,
        relief=rng.integers(0, N_RELIEFS, N_DRAWS), in_sight=in_sight,
        of_both=(in_sight & (rng.random(in_sight.shape) < 0.9))[:, :, :50], edge_step_m=np.full(N_DRAWS, 10_000.0),
        tracked_m=tracked, held_m=0.9 * tracked, slow_m=slow, own_m=0.9 * slow, cases=cases, shots=shots,
        needs_sight=np.array([True, False]),
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(20))
def test_intercepts_are_those_of_a_walk_over_the_samples(seed: int) -> None:
    case = _random_case(seed)
    steps = np.empty((2, 8, 8, N_DRAWS), dtype=np.int16)
    _kernels.farthest_intercepts(
        0, 8, case.places_m, case.course_rad, case.relief, defended.by_relief(case.in_sight),
        defended.by_relief(case.of_both),
        SIGHT_STEP_M, OVER_SITE_M,
        case.edge_step_m, case.tracked_m, case.held_m, case.slow_m, case.own_m, case.cases, case.shots,
        case.needs_sight, TRACK_STEP_M, N_TRACK, steps,
    )  # fmt: skip
    walked = np.array([[[_walked(case, p, c, d) for d in range(N_DRAWS)] for c in range(8)] for p in range(8)])
    assert (steps[0] >= 0).any()
    assert ((steps[0] < 0) & (steps[1] >= 0)).any()
    np.testing.assert_array_equal(steps.transpose(1, 2, 3, 0), walked)


def test_met_before_a_release_that_is_no_whole_number_of_steps() -> None:
    steps = np.array([-1, 0, 16, 17], dtype=np.int16)
    assert is_met_before(steps, 0.0).tolist() == [False, True, True, True]
    assert is_met_before(steps, 16 * STEP_M).tolist() == [False, False, True, True]
    assert is_met_before(steps, 16 * STEP_M + 0.1).tolist() == [False, False, False, True]


@pytest.fixture(scope="module")
def battery():
    run = Run(CATALOGUE, open_model("none"), n_draws=40)
    return run, post_at(run, "patriot-battery", 40.0, 32.5, n_reliefs=1)


def test_a_footprint_does_not_depend_on_how_far_its_cells_reach(battery, monkeypatch: pytest.MonkeyPatch) -> None:
    run, post = battery
    target = run.ledger.record(CATALOGUE.targets["srbm"])
    doubt = run.ledger.flight_time_doubt()
    areas = footprint_areas_m2(post.chain, target, post.search, post.fire, doubt)
    assert areas.one_azimuth_m2.max() > 0.0
    way = footprint._way_after_ceiling_m
    monkeypatch.setattr(footprint, "_way_after_ceiling_m", lambda *arrays: way(*arrays) + 15.0 * CELL_M)
    wider = footprint_areas_m2(post.chain, target, post.search, post.fire, doubt)
    np.testing.assert_array_equal(wider.one_azimuth_m2, areas.one_azimuth_m2)
    np.testing.assert_array_equal(wider.worst_azimuth_m2, areas.worst_azimuth_m2)
    assert wider.nominal_met.shape > areas.nominal_met.shape


def test_residents_are_counted_to_the_longest_reach(battery) -> None:
    _, post = battery
    reaches_m = [
        envelope.max_range_m.max()
        for one in post.chain.interceptors
        for kind, envelope in one.envelopes.items()
        if kind != "ballistic"
    ]
    assert farthest_reach_m(post.chain) == max(reaches_m)
    assert farthest_reach_m(SimpleNamespace(interceptors=())) == 0.0


AT_DEG = (40.0789, 32.5656)
LEVELS = (("cruise-missile", Level(50.0, None)), ("one-way-uav", Level(500.0, None)), ("f-16", Level(None, 8_000.0)))


@pytest.fixture(scope="module")
def hills():
    run = Run(CATALOGUE, open_model(None), n_draws=48)
    return run, post_at(run, "patriot-battery", *AT_DEG, n_reliefs=FEW_RELIEFS)


def _counted(hills, target_id: str, level: Level) -> tuple[float, float]:
    """Residents met before they are reached, mean over draws and courses, and mean warning at the site [s]."""
    run, post = hills
    places = populated_cells(*AT_DEG, farthest_reach_m(post.chain))
    target = run.ledger.record(CATALOGUE.targets[target_id])
    met = earliest_intercepts(
        post.chain, target, level, search=post.search, fire=post.fire, relief=post.relief,
        x_m=np.append(places.x_m, 0.0), y_m=np.append(places.y_m, 0.0),
        speed_doubt=run.ledger.flight_time_doubt(),
    )  # fmt: skip
    share = is_met_before(met.intercept_steps[:-1], 0.0).mean(axis=(1, 2))
    way_m = np.maximum(met.tracked_steps[-1], 0) * defended.STEP_M
    return float(places.people @ share), float((way_m.mean(axis=0) / met.speed_mps).mean())


@pytest.mark.parametrize(("target_id", "level"), LEVELS)
def test_a_finer_track_changes_little(hills, target_id, level, monkeypatch: pytest.MonkeyPatch) -> None:
    """A low flyer is in sight over 20 km: tracks of 4 km a step lost a third of its warning."""
    people, warning_s = _counted(hills, target_id, level)
    monkeypatch.setattr(defended, "STEP_M", STEP_M / 2.0)
    monkeypatch.setattr(defended, "FEWEST_STEPS", 2 * defended.FEWEST_STEPS)
    more_people, more_s = _counted(hills, target_id, level)
    assert people <= more_people <= 1.05 * people
    assert warning_s <= more_s <= 1.05 * warning_s


def test_cells_near_the_site_are_smaller_and_all_cover_the_ground_once() -> None:
    places = populated_cells(39.0, 33.0, 160e3)
    near = np.hypot(places.x_m, places.y_m) < 40e3
    assert set(places.cell_km2[near]) == {16.0}
    assert set(places.cell_km2[np.hypot(places.x_m, places.y_m) > 70e3]) == {256.0}
    assert places.cell_km2.sum() == pytest.approx(np.pi * 160.0**2, rel=0.06), "inland: every cell holds somebody"
    assert np.unique(np.stack([places.x_m, places.y_m]), axis=1).shape[1] == places.people.size


def test_warning_at_a_point_is_that_of_all_azimuths(hills) -> None:
    """How far one sees differs from course to course: eight of them missed the mean of all by a tenth."""
    run, post = hills
    target = run.ledger.record(CATALOGUE.targets["cruise-missile"])

    def met(n_courses: int) -> defended.Intercepts:
        return earliest_intercepts(
            post.chain, target, Level(50.0, None), search=post.search, fire=post.fire, relief=post.relief,
            x_m=np.zeros(1), y_m=np.zeros(1), speed_doubt=run.ledger.flight_time_doubt(), n_courses=n_courses,
        )  # fmt: skip

    every, fine, eight = (met(n) for n in (360, POINT_COURSES, N_COURSES))
    mean_s, fine_s, eight_s = (tracked_before_s(one).mean(axis=(0, 1)) for one in (every, fine, eight))
    assert np.median(np.abs(fine_s / mean_s - 1.0)) < 0.02
    assert np.median(np.abs(eight_s / mean_s - 1.0)) > 0.04
    np.testing.assert_array_equal(fine.tracked_steps[:, :: POINT_COURSES // N_COURSES], eight.tracked_steps)


def test_a_site_is_held_over_all_courses_and_all_round_over_the_eight_of_every_place() -> None:
    def shares(met: np.ndarray) -> tuple[float | None, float | None]:
        at_site = defended.Intercepts(met, met, np.full(11, 250.0))
        places = defended.Places(*(np.full(1, value) for value in (0.0, 0.0, 1e6, 16.0)))
        at_place = defended.Intercepts(met[:, :N_COURSES], met[:, :N_COURSES], at_site.speed_mps)
        (row,) = defended.defended_rows(at_place, places, (0.0,), 591.0, at_site)
        return row.site_defended_share, row.site_defended_from_every_azimuth_share

    met = np.full((1, POINT_COURSES, 11), 4, dtype=np.int16)
    met[:, 1::2] = -1
    assert shares(met) == (0.5, 0.0)
    met[:, :: POINT_COURSES // N_COURSES] = 4
    assert shares(met) == (pytest.approx(64 / 120), 1.0)
