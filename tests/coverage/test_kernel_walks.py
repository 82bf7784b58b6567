"""The kernels of a ring, step by step: runs of sight, limits, leads, areas, against closed forms and hand counts."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringtrue.coverage import _kernels as kernels
from ringtrue.coverage.ring import EARTH_RADIUS_M, _people_in_bins
from ringtrue.coverage.rows import _radii
from ringtrue.kinematics.flight import time_of_flight_s

quick = settings(derandomize=True, max_examples=50, deadline=None, database=None)
N_AZIMUTHS = 36


def line(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def cap_m2(range_m: float) -> float:
    """Area of the earth within a ground range."""
    return 2.0 * math.pi * EARTH_RADIUS_M**2 * (1.0 - math.cos(range_m / EARTH_RADIUS_M))


# ---------------------------------------------------------------------------------------------------------------------
# runs of sight


def runs_along(needed_m, *, height_m=None, altitude_m=None, ground_m=0.0, raised_m=0.0, antenna_m=0.0, beam=(-9e9, 9e9),
               curvature=0.0, step_m=1000.0, per_step=1, tells_steps=True):  # fmt: skip
    """Runs of one azimuth: needed heights of samples (nan: unknown), so many of them in each step."""
    needed = np.asarray(needed_m, dtype=np.float64)
    n = needed.size
    range_m = np.arange(n) * (step_m / per_step)
    ground = np.broadcast_to(np.asarray(ground_m, dtype=np.float32), n).copy()
    n_steps = -(-n // per_step)
    raised = np.broadcast_to(np.asarray(raised_m, dtype=np.float32), n_steps + 2).copy()
    code = np.where(np.isnan(needed), kernels.UNKNOWN_CODE, np.round(256.0 * np.sqrt(np.nan_to_num(needed))))
    first_of_step = np.minimum(np.arange(n_steps + 1) * per_step, n)
    bounds = np.empty((4, 1, n_steps), dtype=np.float32)
    for k in range(n_steps):
        part = slice(first_of_step[k], first_of_step[k + 1])
        here = needed[part]
        least, most = (np.nan, np.nan) if np.isnan(here).any() else (here.min(), here.max())
        bounds[:, 0, k] = least, most, ground[part].min(), ground[part].max()
        if np.isnan(here).any() and not np.isnan(here).all():
            bounds[0, 0, k], bounds[1, 0, k] = np.nanmin(here), np.inf
    if not tells_steps:
        bounds[0], bounds[1] = -np.inf, np.inf
    level = line(
        step_m, -1.0 if height_m is None else height_m, altitude_m or 0.0, antenna_m, curvature, beam[0], beam[1]
    )
    first, runs = np.empty(2, dtype=np.int64), np.empty((n, 5))
    found = kernels.find_runs(
        range_m, first_of_step.astype(np.int64), code.astype(np.uint16)[None], ground[None], raised[None], *bounds,
        level, first, runs,
    )  # fmt: skip
    assert first.tolist() == [0, found]
    return runs[:found]


NAN = float("nan")


def test_sight_begins_and_ends_where_the_line_between_samples_reaches_the_height() -> None:
    """Needed 0, 0, 100, 100, 0 m over flat ground; a target at 50 m is lost half way up and found half way down."""
    runs = runs_along([0.0, 0.0, 100.0, 100.0, 0.0, 0.0], height_m=50.0, antenna_m=50.0)
    assert runs[:, :2] == pytest.approx(np.array([[0.0, 1500.0], [3500.0, 5000.0]]), abs=1.0)
    assert runs[:, kernels.COS_END] == pytest.approx(np.cos(runs[:, 1] / EARTH_RADIUS_M))
    assert runs[:, kernels.TO_UNKNOWN].tolist() == [0.0, 0.0]
    assert runs_along([0.0, 0.0, 100.0], height_m=100.0, antenna_m=100.0)[0, 1] == 2000.0
    assert len(runs_along([30.0, 30.0, 30.0], height_m=29.0)) == 0


def test_a_run_that_ends_at_unknown_ground_says_so() -> None:
    runs = runs_along([0.0, 0.0, 0.0, NAN, NAN, 0.0], height_m=50.0)
    assert runs[:, kernels.TO_UNKNOWN].tolist() == [1.0, 0.0]
    assert 2000.0 <= runs[0, 1] <= 3000.0
    assert 4000.0 <= runs[1, 0] <= 5000.0


def test_an_altitude_is_counted_from_the_sea_and_drawn_ground_takes_of_it() -> None:
    """Ground of 900 m, needed 50 m above it: a target at 1,000 m has 100 m, 40 m where the ground is drawn 60 m up."""
    assert len(runs_along([50.0] * 4, altitude_m=1000.0, ground_m=900.0)) == 1
    assert len(runs_along([50.0] * 4, altitude_m=1000.0, ground_m=900.0, raised_m=60.0)) == 0
    assert len(runs_along([50.0] * 4, height_m=60.0, ground_m=900.0, raised_m=500.0)) == 1
    hill = [0.0, 0.0, 100.0, 100.0, 100.0, 100.0]
    half = runs_along([50.0] * 4, altitude_m=1000.0, ground_m=900.0, raised_m=hill, antenna_m=1000.0)
    assert half[:, :2] == pytest.approx(np.array([[0.0, 1500.0]]), abs=1.0)


def test_a_beam_sees_between_its_lowest_and_its_highest_elevation() -> None:
    """A target 1 km over the antenna: below 45 degrees from 1 km on, above 1 in 5 to 5 km; the earth falls away."""
    runs = runs_along([0.0] * 9, altitude_m=1000.0, beam=(0.2, 1.0))
    assert runs[:, :2] == pytest.approx(np.array([[1000.0, 5000.0]]))
    fallen = runs_along([0.0] * 21, altitude_m=10.0, beam=(0.0, 9e9), curvature=1.0 / (2.0 * EARTH_RADIUS_M))
    horizon_m = math.sqrt(2.0 * EARTH_RADIUS_M * 10.0)
    assert fallen[0, 1] == pytest.approx(horizon_m, rel=1e-3)
    deep = runs_along([0.0] * 13, altitude_m=1000.0, antenna_m=-1000.0, beam=(0.2, 1.0))
    assert deep[:, :2] == pytest.approx(np.array([[2000.0, 10_000.0]]))


@quick
@given(st.integers(0, 10_000), st.booleans(), st.booleans())
def test_steps_that_are_passed_over_change_no_run(seed: int, is_height: bool, has_beam: bool) -> None:
    """The bounds of a step are there for speed: without them every sample is looked at, and the runs are the same."""
    luck = np.random.default_rng(seed)
    n = 40
    needed = np.where(luck.random(n) < 0.1, NAN, np.maximum(luck.normal(40.0, 40.0, n), 0.0))
    asked = {
        "height_m": 50.0 if is_height else None,
        "altitude_m": None if is_height else 800.0,
        "ground_m": luck.uniform(650.0, 780.0, n).astype(np.float32),
        "raised_m": luck.uniform(-60.0, 60.0, 12).astype(np.float32),
        "antenna_m": 700.0,
        "beam": (0.001, 0.02) if has_beam else (-9e9, 9e9),
        "curvature": 6e-8,
        "per_step": 4,
    }
    np.testing.assert_array_equal(runs_along(needed, **asked), runs_along(needed, **asked, tells_steps=False))


def test_marks_are_the_samples_inside_a_run_and_its_limit() -> None:
    first = np.array([[0, 2, 3]])
    runs = np.array([[0.0, 2000.0, 0, 0, 0], [3500.0, 9000.0, 0, 0, 0], [1000.0, 1500.0, 0, 0, 0]])
    out = np.zeros((1, 2, 7), dtype=np.bool_)
    kernels.mark_runs(first, runs, 5000.0, 1000.0, out)
    assert np.flatnonzero(out[0, 0]).tolist() == [0, 1, 2, 4, 5]
    assert np.flatnonzero(out[0, 1]).tolist() == [1]


# ---------------------------------------------------------------------------------------------------------------------
# from which range on a target is known


KNOTS = 1000.0 * np.arange(0.0, 201.0, 10.0)


def known_after(way_m: float) -> np.ndarray:
    """A target is known so far after it came into view; not at all if it is overhead before."""
    return np.where(way_m <= KNOTS, KNOTS - way_m, -1.0)


def limits_of(search_runs, fire_runs=None, *, search_way=10e3, slow_way=20e3, fast_way=5e3, joined_way=12e3, least=0.0,
              gap=0.0, lag=0.0, is_one=False):  # fmt: skip
    """Where a target is seen, tracked and held on one azimuth [km]; runs of start, end, whether the end is unknown."""
    tables = [
        np.array([[1e3 * a, 1e3 * b, 0.0, 0.0, float(bool(more))] for a, b, *more in runs]).reshape(-1, 5)
        for runs in (search_runs, search_runs if fire_runs is None else fire_runs)
    ]
    firsts = [np.array([[0, len(t)]]) for t in tables]
    out = [np.empty((1, 1)) for _ in range(3)]
    step = line(10e3)
    kernels.inbound_limits(
        0, 1, np.zeros(1, dtype=np.int64), firsts[0], tables[0], firsts[1], tables[1], step,
        known_after(search_way)[None], step, known_after(slow_way)[None], known_after(fast_way)[None],
        known_after(joined_way)[None], np.full((1, 2), least), np.full((1, 2), gap), line(lag), is_one, *out,
    )  # fmt: skip
    return [float(v[0, 0]) / 1e3 for v in out]


def test_in_the_open_a_target_is_known_a_way_after_it_came_into_view() -> None:
    assert limits_of([(0, 100)]) == pytest.approx([90.0, 88.0, 88.0])
    assert limits_of([(0, 900)]) == pytest.approx([190.0, 188.0, 188.0])  # the tables end at 200 km
    assert limits_of([]) == pytest.approx([-0.001] * 3)
    assert limits_of([(0, 100)], is_one=True)[:2] == pytest.approx([90.0, 90.0])


def test_identification_holds_a_target_back() -> None:
    """Seen at 90 km and identified 30 km later; an engagement radar that knows it first starts the clock at 80 km."""
    assert limits_of([(0, 100)], lag=30e3) == pytest.approx([90.0, 88.0, 60.0])
    assert limits_of([(0, 100)], search_way=40e3, lag=30e3)[2] == pytest.approx(50.0)


def test_what_is_known_in_one_run_stays_known_in_nearer_ones() -> None:
    assert limits_of([(0, 40), (50, 100)])[0] == pytest.approx(90.0)
    assert limits_of([(0, 40), (50, 100)], [(0, 40)]) == pytest.approx([90.0, 35.0, 35.0])  # cued as it comes into view


def test_a_run_too_short_to_confirm_counts_only_if_the_gap_is_short() -> None:
    """Of 10 km that it takes, 5 km are flown in sight at 95 to 100 km, the rest from 40 km on or anew."""
    assert limits_of([(0, 90), (95, 100)], gap=6e3)[0] == pytest.approx(85.0)
    assert limits_of([(0, 90), (95, 100)], gap=5e3)[0] == pytest.approx(85.0)
    assert limits_of([(0, 90), (95, 100)], gap=4e3)[0] == pytest.approx(80.0)
    assert limits_of([(92, 100)])[0] == pytest.approx(-0.001)
    assert limits_of([(89, 100)])[0] == pytest.approx(90.0)
    assert limits_of([(89, 100)], least=11e3)[0] == pytest.approx(-0.001)
    assert limits_of([(89, 100)], least=10.9e3)[0] == pytest.approx(90.0)


def test_the_engagement_radar_adds_up_short_runs_too_and_starts_anew_after_a_long_gap() -> None:
    for gap_m, tracked_km in ((6e3, 83.0), (4e3, 78.0)):
        found = limits_of([(95, 100), (0, 90)][::-1], gap=gap_m, search_way=10e3)
        assert found[1] == pytest.approx(tracked_km), gap_m


def test_where_the_model_ends_is_no_horizon() -> None:
    """A run of 30 km that ends at unknown ground: the target has been in view from the farthest that matters."""
    assert limits_of([(0, 30, True)], [(0, 30, True)]) == pytest.approx([30.0, 30.0, 30.0])
    assert limits_of([(0, 30)], [(0, 30)]) == pytest.approx([20.0, 18.0, 18.0])


def test_an_engagement_radar_that_is_first_searches_until_it_is_told() -> None:
    """It has the target from 100 km, the search radar from 60: alone known at 80, held 30 km after that."""
    first = limits_of([(0, 60)], [(0, 100)], lag=5e3)
    assert first[:2] == pytest.approx([50.0, 80.0])
    assert first[2] == pytest.approx(75.0)
    last = limits_of([(0, 100)], [(0, 60)], lag=5e3)  # cued at 90 km, in view from 60 on, at its own rate
    assert last == pytest.approx([90.0, 55.0, 55.0])
    unseen = limits_of([], [(0, 100)], lag=5e3)
    assert unseen[0] < 0.0
    assert unseen[1:] == pytest.approx([88.0 if unseen[1] > 85.0 else 80.0, 75.0])


# ---------------------------------------------------------------------------------------------------------------------
# areas


def open_runs(*runs: tuple[float, float]):
    """The same runs on each azimuth."""
    table = np.array([[a, b, math.cos(a / EARTH_RADIUS_M), math.cos(b / EARTH_RADIUS_M), 0.0] for a, b in runs])
    first = (np.arange(N_AZIMUTHS + 1) * len(runs))[None]
    return first, np.tile(table, (N_AZIMUTHS, 1))


OFFSET = np.abs((np.arange(N_AZIMUTHS) * 10.0 + 180.0) % 360.0 - 180.0) * math.pi / 180.0


def test_areas_in_sight_are_rings_of_a_sphere_cut_by_limit_ring_and_sector() -> None:
    first, runs = open_runs((0.0, 50e3), (80e3, 200e3))
    limit = np.array([[120e3], [30e3], [300e3]]) * np.ones(N_AZIMUTHS)
    limit[2, 9] = -1.0
    out, by_azimuth = np.empty((3, 3)), np.empty((3, N_AZIMUTHS), dtype=np.float32)
    half = np.full(3, math.radians(45.0))
    kernels.reached_by_radar(
        0, 3, np.zeros(3, dtype=np.int64), first, runs, limit, 100e3, OFFSET, half, out, by_azimuth
    )
    near, far = cap_m2(50e3), cap_m2(120e3) - cap_m2(80e3)
    assert out[0, kernels.AREA] == pytest.approx(near + far, rel=1e-9)
    assert out[0, kernels.IN_RING] == pytest.approx(near + cap_m2(100e3) - cap_m2(80e3), rel=1e-9)
    assert out[0, kernels.SECTOR] == pytest.approx((near + far) * 9 / 36, rel=1e-9)  # -40 to 40 degrees
    assert out[1] == pytest.approx([cap_m2(30e3), cap_m2(30e3), cap_m2(30e3) * 9 / 36], rel=1e-9)
    whole = near + cap_m2(200e3) - cap_m2(80e3)
    assert out[2, kernels.AREA] == pytest.approx(whole * 35 / 36, rel=1e-9)
    assert by_azimuth[2, 9] == 0.0
    assert by_azimuth[2, 0] == pytest.approx(whole / 36, rel=1e-6)


@quick
@given(st.floats(1e3, 400e3), st.floats(100.0, 2000.0), st.floats(10e3, 300e3), st.floats(-1.0, 1.0))
def test_a_flight_is_as_long_as_the_flight_model_says(
    slant_m: float, mps: float, quoted_m: float, doubt: float
) -> None:
    wanted = float(time_of_flight_s(slant_m, mps, quoted_m, doubt=doubt))
    assert kernels._flight_s.py_func(slant_m, mps, quoted_m, doubt) == pytest.approx(wanted, rel=1e-12)


STEP_M = 1000.0
SLANT_M = np.arange(200) * STEP_M
TARGET_MPS, REACTION_S, ROUND_MPS = 200.0, 20.0, 1000.0


def engaged(runs, *, limit_m=150e3, least_m=0.0, greatest_m=90e3, needs_sight=True, outbound=False, delay_s=0.0,
            ring_m=50e3, cities_m=(), people_per_km=2.0, greatest_other=-1.0, half_sector=math.pi):  # fmt: skip
    """Where a round of one speed meets a target on a flat way: area, in the ring, in the sector, people, cities."""
    first, table = open_runs(*runs)
    case = line(limit_m, TARGET_MPS, REACTION_S, 0.0, half_sector, delay_s)[None]
    shots = np.zeros((1, 2, 4))
    shots[0, :, kernels.MISSILE_SPEED], shots[0, :, kernels.MISSILE_SPEED_RANGE] = ROUND_MPS, 50e3
    shots[0, 0, :2], shots[0, 1, :2] = (least_m, greatest_m), (0.0, greatest_other)
    people = np.tile(people_per_km * np.arange(200.0), (N_AZIMUTHS, 1))
    cities = np.asarray(cities_m, dtype=np.float64)
    city_first = np.where(np.arange(N_AZIMUTHS + 1) > 4, cities.size, 0)
    out, by_azimuth = np.empty((1, 4)), np.empty((1, N_AZIMUTHS), dtype=np.float32)
    reached = np.zeros((1, cities.size), dtype=np.bool_)
    kernels.engageable_by_draw(
        0, 1, np.zeros(1, dtype=np.int64), first, table, STEP_M, SLANT_M, np.full((1, N_AZIMUTHS), limit_m), case,
        shots, np.array([needs_sight, True]), outbound, ring_m, OFFSET, STEP_M, people, city_first,
        np.arange(cities.size), cities, out, by_azimuth, reached,
    )  # fmt: skip
    assert by_azimuth.sum() == pytest.approx(out[0, kernels.AREA], rel=1e-5, abs=1.0)
    return SimpleNamespace(
        area=out[0, kernels.AREA], in_ring=out[0, kernels.IN_RING], sector=out[0, kernels.SECTOR],
        people=out[0, kernels.PEOPLE], cities=reached[0].tolist(),
    )  # fmt: skip


def met_from_m(held_m: float) -> float:
    """Where a target held from a range on is met: it flies on for the reaction and for the round's flight."""
    return (held_m - TARGET_MPS * REACTION_S) / (1.0 + TARGET_MPS / ROUND_MPS)


def test_a_target_is_met_as_much_nearer_as_it_flies_meanwhile() -> None:
    """Held from 100 km on: 4 km in the reaction, then a fifth of the round's way: met at 80 km."""
    found = engaged([(0.0, 300e3)], limit_m=100e3, least_m=10e3, cities_m=(9e3, 10e3, 79e3, 81e3))
    assert met_from_m(100e3) == pytest.approx(80e3)
    assert found.area == pytest.approx(cap_m2(80e3) - cap_m2(10e3), rel=1e-6)
    assert found.in_ring == pytest.approx(cap_m2(50e3) - cap_m2(10e3), rel=1e-6)
    assert found.people == pytest.approx(N_AZIMUTHS * 2.0 * 70.0, rel=1e-6)
    assert found.cities == [False, True, True, False]
    assert engaged([(0.0, 300e3)], half_sector=math.radians(45.0)).sector == pytest.approx(
        engaged([(0.0, 300e3)]).area * 9 / 36
    )


def test_the_envelope_ends_what_the_radar_would_allow() -> None:
    assert engaged([(0.0, 300e3)]).area == pytest.approx(cap_m2(90e3), rel=1e-6)
    assert engaged([(0.0, 300e3)], greatest_m=-1.0).area == 0.0
    both = engaged([(0.0, 300e3)], least_m=30e3, greatest_m=60e3, greatest_other=40e3)
    assert both.area == pytest.approx(cap_m2(60e3), rel=1e-6)


def test_a_round_that_needs_sight_stays_in_one_run_and_another_asks_only_for_the_launch() -> None:
    """In sight from 40 to 100 km only: met there from 80 km on; without sight to the end, as near as 40 km lead to."""
    runs = [(40e3, 100e3)]
    assert engaged(runs).area == pytest.approx(cap_m2(80e3) - cap_m2(40e3), rel=1e-6)
    assert engaged(runs, needs_sight=False).area == pytest.approx(cap_m2(80e3) - cap_m2(met_from_m(40e3)), rel=1e-6)
    two = engaged([(0.0, 30e3), (40e3, 100e3)])
    assert two.area == pytest.approx(cap_m2(80e3) - cap_m2(40e3) + cap_m2(met_from_m(30e3)), rel=1e-6)
    assert engaged([(0.0, 3e3)]).area == 0.0  # over the site before the reaction is over


def test_an_outbound_target_is_met_farther_out_than_it_was_held() -> None:
    """Held 10 s after it came into sight at 20 km: from 22 km on; it flies 4 km and a fifth of the round's way on."""
    found = engaged([(20e3, 100e3)], outbound=True, delay_s=10.0, greatest_m=150e3)
    from_m = (22e3 + TARGET_MPS * REACTION_S) / (1.0 - TARGET_MPS / ROUND_MPS)
    assert found.area == pytest.approx(cap_m2(100e3) - cap_m2(from_m), rel=1e-6)


def test_cells_whose_sight_reaches_back_far_enough_are_engaged() -> None:
    """All cells see back 30 km: a lead of 4 km and a fifth of the range, less than 30 km below 130 km of range."""
    n_samples = 120
    extent = np.full((1, n_samples, N_AZIMUTHS), 20e3, dtype=np.float32)
    case = line(400e3, TARGET_MPS, REACTION_S, 0.0, math.radians(45.0), 0.0)[None]
    shots = line(10e3, 100e3, ROUND_MPS, 50e3)[None, None]
    people = np.full((n_samples, N_AZIMUTHS), 3.0)
    out, by_azimuth = np.empty((1, 4)), np.empty((1, N_AZIMUTHS), dtype=np.float32)
    reached = np.zeros((1, 3), dtype=np.bool_)
    at = np.array([9, 50, 81]), np.array([0, 7, 35])

    def cells(share: float, **changed: float):
        kernels.engageable_by_cells(
            0, 1, np.zeros(1, dtype=np.int64), extent, STEP_M, SLANT_M[:n_samples], share,
            np.where(np.arange(6) == changed.get("field", -1), changed.get("value", 0.0), case), shots, 50e3, OFFSET,
            people, *at, out, by_azimuth, reached,
        )  # fmt: skip
        return out[0].tolist()

    # lead at x: 4 km + x / 5 <= 20 km as far as x = 80 km; bins reach half a step to either side
    area, in_ring, sector, n_people = cells(1.0)
    assert area == pytest.approx(cap_m2(80.5e3) - cap_m2(9.5e3), rel=1e-6)
    assert in_ring == pytest.approx(cap_m2(50.5e3) - cap_m2(9.5e3), rel=1e-6)
    assert sector == pytest.approx(area * 9 / 36, rel=1e-6)
    assert n_people == pytest.approx(71 * N_AZIMUTHS * 3.0)
    assert reached[0].tolist() == [False, True, False]
    # the point it left must lie within the limit: x + 4 km + x / 5 <= 64 km as far as x = 50 km
    assert cells(1.0, field=kernels.LIMIT, value=64e3)[0] == pytest.approx(cap_m2(50.5e3) - cap_m2(9.5e3), rel=1e-6)
    # crossing, it lies on the hypotenuse: x^2 + (4 km + x / 5)^2 <= (64 km)^2 as far as x = 61 km
    assert cells(0.0, field=kernels.LIMIT, value=64e3)[0] == pytest.approx(cap_m2(61.5e3) - cap_m2(9.5e3), rel=1e-6)
    # 20 s more of sight: 4 km more of way, as far as x = 60 km
    assert cells(1.0, field=kernels.DELAY, value=20.0)[0] == pytest.approx(cap_m2(60.5e3) - cap_m2(9.5e3), rel=1e-6)


def test_the_ladder_notes_its_lowest_and_highest_step() -> None:
    lowest, highest = np.full((N_AZIMUTHS, 60), -1, dtype=np.int8), np.full((N_AZIMUTHS, 60), -1, dtype=np.int8)
    for rung, end_m in ((2, 10e3), (5, 30e3), (7, 20e3)):
        first, runs = open_runs((2.5e3, end_m))
        limit = np.full(N_AZIMUTHS, 25e3)
        kernels.note_sight(first[0], runs, limit, STEP_M, rung, lowest, highest)
    assert lowest[3, [2, 3, 10, 11, 25, 26]].tolist() == [-1, 2, 2, 5, 5, -1]
    assert highest[3, [2, 3, 10, 20, 21, 25, 26]].tolist() == [-1, 7, 7, 7, 5, 5, -1]


def test_the_ladder_notes_where_a_held_target_can_be_met() -> None:
    """Held from 100 km, in sight to the site: met from 10.5 km (the least range) to 80 km."""
    lowest, highest = np.full((N_AZIMUTHS, 120), -1, dtype=np.int8), np.full((N_AZIMUTHS, 120), -1, dtype=np.int8)
    shots = line(10.5e3, 90e3, ROUND_MPS, 50e3)[None]
    case = line(100e3, TARGET_MPS, REACTION_S, 0.0, math.pi, 0.0)
    lead, inverse = np.empty((1, 120)), np.empty((1, 120))
    kernels.lead_tables(SLANT_M[:120], STEP_M, case, shots, 1.0, lead, inverse)
    assert lead[0, 50] == pytest.approx(50e3 + 4e3 + 10e3)
    first, runs = open_runs((0.0, 300e3))
    limit = np.full(N_AZIMUTHS, 100e3)
    kernels.note_engageable(
        first[0], runs, limit, inverse, lead, shots, np.array([True]), False, STEP_M, 4, lowest, highest
    )
    assert np.flatnonzero(lowest[0] == 4).tolist() == list(range(11, 81))
    assert (lowest == highest).all()


# ---------------------------------------------------------------------------------------------------------------------
# an arc as a radar sees it


def view(way_m, altitude_m, *, y_m=0.0, farthest_m=1e9, tans=(-1e9, 1e9), half=None, antenna_m=10.0, horizon_m=1e9):
    n = len(way_m)
    radar = np.zeros(9)
    radar[kernels.HEIGHT], radar[kernels.FARTHEST] = antenna_m, farthest_m
    radar[kernels.TAN_LEAST], radar[kernels.TAN_MOST] = tans
    radar[kernels.COS_HALF_SECTOR] = -2.0 if half is None else math.cos(half)
    radar[kernels.DROP] = 1.0 / (2.0 * EARTH_RADIUS_M)
    slant_m, seen = np.empty(n), np.empty(n, dtype=np.bool_)
    from_s = kernels._view_from.py_func(
        10.0 * np.arange(n), np.asarray(altitude_m, dtype=np.float64), np.full(n, horizon_m), n, 0.0, y_m,
        np.asarray(way_m, dtype=np.float64), radar, slant_m, seen,
    )  # fmt: skip
    return from_s, seen.tolist(), slant_m


WAY, ALTITUDE = (80e3, 60e3, 40e3, 20e3), (20e3, 30e3, 20e3, 10e3)


def test_an_arc_is_as_far_away_as_two_points_over_a_sphere() -> None:
    _, _, slant_m = view(WAY, ALTITUDE, y_m=15e3)
    for way, altitude, found in zip(WAY, ALTITUDE, slant_m, strict=True):
        angle = math.hypot(way, 15e3) / EARTH_RADIUS_M
        antenna, missile = EARTH_RADIUS_M + 10.0, EARTH_RADIUS_M + altitude
        exact = math.sqrt(antenna**2 + missile**2 - 2.0 * antenna * missile * math.cos(angle))
        assert found == pytest.approx(exact, rel=2e-4)


def test_each_limit_of_the_radar_hides_its_part_of_the_arc() -> None:
    assert view(WAY, ALTITUDE)[:2] == (0.0, [True] * 4)
    assert view(WAY, ALTITUDE, horizon_m=60e3)[:2] == (10.0, [False, True, True, True])
    assert view(WAY, ALTITUDE, tans=(-1e9, 0.45))[1] == [True, False, False, False]
    assert view(WAY, ALTITUDE, tans=(0.3, 1e9))[:2] == (10.0, [False, True, True, True])
    # 60 km aside: 37, 45, 56 and 72 degrees off
    assert view(WAY, ALTITUDE, y_m=60e3, half=math.radians(50.0))[1] == [True, True, False, False]
    assert view(WAY, ALTITUDE, y_m=-60e3, half=math.radians(40.0))[1] == [True, False, False, False]
    assert view(WAY, ALTITUDE, horizon_m=1e3)[:2] == (math.inf, [False] * 4)


def test_an_arc_comes_into_range_between_two_samples() -> None:
    """82.5 km, then 67.2 km away: 75 km half way, after 5 of the 10 s."""
    from_s, seen, slant_m = view(WAY, ALTITUDE, farthest_m=75e3)
    assert seen == [False, True, True, True]
    assert from_s == pytest.approx(10.0 * (slant_m[0] - 75e3) / (slant_m[0] - slant_m[1]))
    assert 4.0 < from_s < 6.0


@pytest.mark.parametrize("turn", [5, 12, 0])
def test_a_track_is_within_reach_from_the_first_to_the_last_sample_that_is(turn: int) -> None:
    ground_m = 1000.0 * np.abs(np.arange(20) - turn) + 500.0
    for limit_m in (500.0, 3_400.0, 3_500.0, 1e9):
        inside = np.flatnonzero(ground_m <= limit_m)
        assert kernels._reach_along.py_func(ground_m, turn, limit_m) == (inside[0], inside[-1])


def test_views_are_counted_from_the_far_end() -> None:
    out = np.zeros((5, 2), dtype=np.int64)
    seen = np.array([True, True, False, True, False, False, True, True])
    assert kernels._stretches.py_func(seen, out) == 3
    assert out[:3].tolist() == [[7, 6], [3, 3], [1, 0]]
    assert kernels._stretches.py_func(np.zeros(4, dtype=np.bool_), out) == 0


# ---------------------------------------------------------------------------------------------------------------------
# what is printed of it


def test_a_disc_has_its_radius_on_every_azimuth() -> None:
    """Discs of 10 to 110 km over the draws, the nominal one last and left out."""
    radius_m = np.append(np.linspace(10e3, 110e3, 101), 9e9)
    piece = (0.5 * radius_m**2 * 2.0 * math.pi / N_AZIMUTHS)[:, None] * np.ones(N_AZIMUTHS)
    (found,) = _radii("f-16", "100 m", SimpleNamespace(by_azimuth_m2={"seen": piece}))  # type: ignore[arg-type]
    assert (found.target_id, found.link) == ("f-16", "seen")
    assert found.azimuth_deg[:3] == (0.0, 10.0, 20.0)
    assert len(found.azimuth_deg) == N_AZIMUTHS
    assert all(end == round(end, 1) for end in (*found.low_m, *found.high_m))  # to a decimetre
    for ends, wanted in ((found.low_m, 15e3), (found.median_m, 60e3), (found.high_m, 105e3)):
        assert ends == pytest.approx([wanted] * N_AZIMUTHS, rel=1e-6)


def test_residents_of_bins_add_up_to_those_of_the_way() -> None:
    luck = np.random.default_rng(4)
    cumulative = np.cumsum(luck.random((3, 41)), axis=1)
    cumulative -= cumulative[:, :1]
    bins = _people_in_bins(cumulative, 500.0, 1000.0, 20)
    assert bins.shape == (20, 3)
    assert (bins >= 0.0).all()
    assert bins.sum(axis=0) == pytest.approx(cumulative[:, 39])  # to half a step behind the last sample, 19.5 km
    assert bins[0] == pytest.approx(cumulative[:, 1])
    assert bins[7] == pytest.approx(cumulative[:, 15] - cumulative[:, 13])
