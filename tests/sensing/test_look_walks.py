"""The loops over looks, walk by walk: counted by hand, cuts against dense points, rules that need no table."""

from __future__ import annotations

import math

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringtrue.sensing import _look_kernels as kernels
from ringtrue.sensing.looks import confirmed_by_look

ALL_ROUND = math.pi
# instrumented range, tangents of the lowest and highest elevation, half sector, look period
OPEN = np.array([1e9, -1e9, 1e9, ALL_ROUND, 2.0])


@numba.njit
def cut(x0, x1, least, most):
    return kernels.cut(0.0, 1.0, x0, x1, least, most)


@numba.njit
def p_at(slant_m, step_m, p):
    return kernels.p_at(slant_m, step_m, p)


@numba.njit
def part_in_view(clearance_m, slant_m, rise, off_axis_rad, limits):
    return kernels.part_in_view(0, clearance_m, slant_m, rise, off_axis_rad, limits)


@numba.njit
def fill_when(n, so_far, from_s, look_s, when_s):
    kernels.fill_when(n, so_far, from_s, look_s, when_s)


@numba.njit
def look_along(time_s, slant_m, in_view, from_s, until_s, period_s, step_m, p, live, so_far):
    return kernels.look_along(
        time_s, slant_m, in_view, time_s.size, from_s, until_s, period_s, step_m, p, 1, 1, live, so_far
    )


@numba.njit
def chance_by(when_s, from_s, period_s, n_looks, so_far):
    return kernels.chance_by(when_s, from_s, period_s, n_looks, so_far)


@numba.njit
def time_of_chance(wanted, from_s, period_s, n_looks, so_far):
    return kernels.time_of_chance(wanted, from_s, period_s, n_looks, so_far)


@numba.njit
def chance_on_leg(range_m, heading, far_m, step_m, p, flown_m, live):
    return kernels.chance_on_leg(range_m, heading, far_m, step_m, p, flown_m, 2, 3, live)


def line(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


NUMBERS = st.integers(-20, 20).map(lambda n: n / 4.0)


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(x0=NUMBERS, x1=NUMBERS, ends=st.tuples(NUMBERS, NUMBERS))
def test_a_cut_keeps_what_lies_between_the_ends(x0, x1, ends):
    """A thousand points of the segment, one by one."""
    least, most = min(ends), max(ends)
    t = np.linspace(0.0, 1.0, 1001)
    x = x0 + (x1 - x0) * t
    inside = (x >= least) & (x <= most)
    low, high = cut(x0, x1, least, most)
    kept = (t >= low) & (t <= high)
    assert np.count_nonzero(kept ^ inside) <= 2  # at the ends, where the last bit decides
    if inside.sum() > 1:
        assert low == pytest.approx(t[inside][0], abs=1e-3)
        assert high == pytest.approx(t[inside][-1], abs=1e-3)


@pytest.mark.parametrize(
    ("what", "values", "limit", "part"),
    [
        ("above the ground", (-1.0, 3.0), {}, (0.25, 1.0)),
        ("within the instrumented range", (50e3, 10e3), {kernels.INSTRUMENTED: 40e3}, (0.25, 1.0)),
        ("not below the lowest beam", (0.0, 0.1), {kernels.TAN_LOWEST: 0.05}, (0.5, 1.0)),
        ("not above the highest beam", (0.5, 4.5), {kernels.TAN_HIGHEST: 1.5}, (0.0, 0.25)),
        ("in the sector", (1.0, 0.2), {kernels.HALF_SECTOR: 0.6}, (0.5, 1.0)),
        ("any sector will do all round", (3.1, 3.14), {kernels.HALF_SECTOR: ALL_ROUND}, (0.0, 1.0)),
    ],
)
def test_each_limit_of_a_radar_cuts_the_path_where_it_is_crossed(what, values, limit, part):
    path = {"clearance": line(5.0, 5.0), "slant": line(1e3, 1e3), "rise": line(0.2, 0.2), "off": line(0.0, 0.0)}
    which = {"above": "clearance", "within": "slant", "not": "rise", "in": "off", "any": "off"}[what.split()[0]]
    path[which] = line(*values)
    limits = OPEN.copy()
    limits[kernels.TAN_LOWEST], limits[kernels.TAN_HIGHEST] = -1.0, 10.0
    for at, value in limit.items():
        limits[at] = value
    assert part_in_view(*path.values(), limits) == pytest.approx(part, abs=1e-9)


def test_limits_cut_together_and_what_is_never_in_view_has_no_part():
    """In sight from 1/4, in range from 1/2, in the sector until 3/4; and above the beam all the way."""
    limits = OPEN.copy()
    limits[kernels.INSTRUMENTED], limits[kernels.HALF_SECTOR] = 30e3, 0.3
    path = line(-1.0, 3.0), line(50e3, 10e3), line(0.0, 0.0), line(0.0, 0.4)
    assert part_in_view(*path, limits) == pytest.approx((0.5, 0.75))
    limits[kernels.TAN_HIGHEST] = -0.5
    low, high = part_in_view(*path, limits)
    assert low >= high


def test_the_chance_of_a_look_is_linear_in_its_table_and_ends_with_it():
    table = line(1.0, 0.8, 0.4, 0.1)
    assert [p_at(m, 10.0, table) for m in (0.0, 5.0, 10.0, 17.5, 29.999)] == pytest.approx(
        [1.0, 0.9, 0.8, 0.5, 0.1], abs=1e-4
    )
    assert [p_at(m, 10.0, table) for m in (30.0, 31.0, 1e6)] == [0.0, 0.0, 0.0]


def test_when_is_where_the_line_through_the_ends_of_the_looks_reaches_each_share():
    """Looks end at 12, 14, 16, 18 s with chances 0, 0.2, 0.2, 0.6: thirds of 0.6 at 14, 17 and 18 s, from 12 s on."""
    when_s = np.empty(4)
    fill_when(4, line(0.0, 0.2, 0.2, 0.6, 9.9), 10.0, 2.0, when_s)
    assert when_s == pytest.approx([12.0, 14.0, 17.0, 18.0])


def test_when_one_look_settles_it_the_shares_divide_its_interval():
    when_s = np.empty(5)
    fill_when(1, line(0.8), 3.0, 4.0, when_s)
    assert when_s == pytest.approx([3.0, 4.0, 5.0, 6.0, 7.0])


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(gains=st.lists(st.floats(0.01, 1.0), min_size=1, max_size=12), first=st.integers(0, 3))
def test_when_turns_a_rising_chance_round(gains, first):
    """NumPy's interpolation of the same broken line, read the other way."""
    so_far = np.cumsum([0.0] * first + gains)
    when_s = np.empty(33)
    fill_when(so_far.size, so_far, 100.0, 7.0, when_s)
    ends_s = 100.0 + 7.0 * np.arange(first, so_far.size + 1)
    wanted = so_far[-1] * np.arange(33) / 32
    assert when_s == pytest.approx(np.interp(wanted, np.append(0.0, so_far[first:]), ends_s), abs=1e-6)


def confirmations(path, limits=OPEN, *, p=1.0, hits=2, scans=3, time_s=None, aspect=None, n_shares=2):
    """When one radar confirms one target: path of clearance, slant, rise, off-axis; looks that detect with ``p``.

    ``p`` may name one chance for each of three aspects. Tables reach to 100 km.
    """
    clearance, slant, rise, off = (np.asarray(v, dtype=np.float64) for v in path)
    n = slant.size
    table = np.broadcast_to(np.asarray(p, dtype=np.float64).reshape(1, 1, -1, 1), (1, 1, 3, 11)).copy()
    from_s, p_ever, when_s = np.empty((1, 1)), np.empty((1, 1)), np.empty((1, 1, n_shares + 1))
    kernels.fill_confirmations(
        (np.arange(n) * 10.0 if time_s is None else np.asarray(time_s, dtype=np.float64))[None, None],
        slant[None], rise[None], off[None], (np.zeros(n, int) if aspect is None else np.asarray(aspect))[None],
        clearance[None, None], np.zeros(1, int), np.asarray(limits)[None], np.zeros(1, int), np.full((1, 1, 3), 10e3),
        table, hits, scans, np.zeros((2, 1 << (scans - 1))), np.empty(4000), from_s, p_ever, when_s,
    )  # fmt: skip
    return float(from_s[0, 0]), float(p_ever[0, 0]), when_s[0, 0]


def steady(n: int, **changed: np.ndarray) -> list[np.ndarray]:
    """A path of n samples in open view, 20 km away."""
    path = {
        "clearance": np.full(n, 10.0),
        "slant": np.full(n, 20e3),
        "rise": np.zeros(n),
        "off": np.zeros(n),
    }
    return list((path | changed).values())


def test_certain_looks_confirm_with_the_second_one_after_the_target_comes_into_range():
    """From 50 km, 10 km in 10 s; in range (35 km) at 15 s; looks of 2 s: the second lies between 17 and 19 s."""
    limits = OPEN.copy()
    limits[kernels.INSTRUMENTED] = 35e3
    path = steady(6, slant=np.arange(50e3, -1.0, -10e3))
    from_s, p_ever, when_s = confirmations(path, limits)
    assert (from_s, p_ever) == (pytest.approx(15.0), 1.0)
    assert when_s == pytest.approx([17.0, 18.0, 19.0])


def test_looks_begin_where_the_echo_is_heard_at_all_though_the_view_is_open_farther_out():
    """The table ends at 100 km: a target from 140 km is looked for from there."""
    from_s, p_ever, _ = confirmations(steady(6, slant=np.arange(140e3, 89e3, -10e3)))
    assert (from_s, p_ever) == (pytest.approx(40.0), 1.0)


def test_a_target_that_shows_itself_on_its_last_stretch_alone_is_looked_at_there():
    """Behind a hill until 38 s of 40 s: one look in the middle of 38 to 40 s, and none after the path."""
    clear = np.array([-1.0, -1.0, -1.0, -4.0, 1.0])
    from_s, p_ever, when_s = confirmations(steady(5, clearance=clear), p=0.7, hits=1, scans=1)
    assert (from_s, p_ever) == (pytest.approx(38.0), pytest.approx(0.7))
    assert when_s == pytest.approx([38.0, 39.0, 40.0])
    assert confirmations(steady(5, clearance=clear), hits=2)[1] == 0.0


def test_what_never_comes_into_view_is_never_confirmed():
    for hidden in ({"clearance": np.full(5, -1.0)}, {"slant": np.full(5, 2e9)}, {"rise": np.full(5, 2e9)}):
        from_s, p_ever, when_s = confirmations(steady(5, **hidden))
        assert (from_s, p_ever) == (np.inf, 0.0)
        assert np.isinf(when_s).all()


def test_looks_out_of_view_are_misses_and_the_rest_adds_up_as_the_plain_chain_says():
    """In view from 0 to 10 s and from 20 to 40 s: 5 looks, 5 misses, 10 looks, none after the path."""
    time_s = [0.0, 10.0 - 1e-6, 10.0, 20.0 - 1e-6, 20.0, 40.0]
    clear = np.array([1.0, 1.0, -1.0, -1.0, 1.0, 1.0])
    path = steady(6, clearance=clear)
    _, p_ever, when_s = confirmations(path, p=0.05, time_s=time_s, n_shares=1)
    looks = [0.05] * 5 + [0.0] * 5 + [0.05] * 10
    assert p_ever == pytest.approx(confirmed_by_look(looks, 2, 3)[-1], abs=1e-12)
    assert when_s == pytest.approx([2.0, 40.0])


def test_the_aspect_of_a_look_is_that_of_the_nearer_sample():
    """Nose until half way between samples, side after it: 10 looks in 20 s, 5 of either kind."""
    _, p_ever, _ = confirmations(steady(2), p=(0.02, 0.3, 0.9), time_s=[0.0, 20.0], aspect=[0, 1])
    assert p_ever == pytest.approx(confirmed_by_look([0.02] * 5 + [0.3] * 5, 2, 3)[-1], abs=1e-12)


def looks(limits, *, slant=20e3, rise=0.0, off=0.0, clearance=0.0):
    out = np.empty((1, 1, 1))
    at = [np.full((1, 1), v) for v in (slant, rise, off)]
    kernels.fill_looks(
        *at, np.zeros((1, 1), int), np.full((1, 1, 1), clearance), np.zeros(1, int), limits[None], np.zeros(1, int),
        np.full((1, 1, 1), 10e3), np.linspace(1.0, 0.0, 11)[None, None, None], out,
    )  # fmt: skip
    return float(out[0, 0, 0])


def test_a_look_takes_in_the_limits_of_its_radar_and_nothing_beyond():
    limits = np.array([20e3, -0.25, 0.5, 0.75, 2.0])
    for inside in ({}, {"rise": 0.5}, {"rise": -0.25}, {"off": 0.75}, {"clearance": 1.0}):
        assert looks(limits, **inside) == pytest.approx(0.8), inside
    for outside in ({"slant": 20_001.0}, {"rise": 0.51}, {"rise": -0.26}, {"off": 0.76}, {"clearance": -0.01}):
        assert looks(limits, **outside) == 0.0, outside
    limits[kernels.HALF_SECTOR] = ALL_ROUND
    assert looks(limits, off=ALL_ROUND) == pytest.approx(0.8)


def test_looks_along_a_path_by_hand():
    """Period 4 s from 1 s on; slant 10 m/s outwards, table falling by 0.01 a metre; out of view after 10 s."""
    time_s, slant_m = line(0.0, 10.0, 20.0), line(0.0, 100.0, 200.0)
    so_far = np.empty(10)
    in_view = np.array([True, True, False])
    table = np.linspace(1.0, 0.0, 11)
    n = look_along(time_s, slant_m, in_view, 1.0, 18.0, 4.0, 10.0, table, np.zeros((2, 1)), so_far)
    # middles at 3, 7, 11, 15, 19 s: chances 0.7, 0.3, then at 110 m beyond the table
    assert n == 5
    assert so_far[:n] == pytest.approx([0.7, 0.79, 0.79, 0.79, 0.79])
    assert [chance_by(t, 1.0, 4.0, n, so_far) for t in (0.0, 1.0, 3.0, 5.0, 7.0, 9.0, 99.0)] == pytest.approx(
        [0.0, 0.0, 0.35, 0.7, 0.745, 0.79, 0.79]
    )
    assert chance_by(5.0, 1.0, 4.0, 0, so_far) == 0.0
    assert [time_of_chance(w, 1.0, 4.0, n, so_far) for w in (0.35, 0.7, 0.745, 0.8)] == pytest.approx(
        [3.0, 5.0, 7.0, np.inf]
    )


def test_a_crossing_target_has_behind_it_the_looks_of_half_its_chord():
    """3 km abeam, heard to 5 km: half a chord of 4 km, four looks of 1 km."""
    p = np.linspace(1.0, 0.0, 51)
    live = np.zeros((2, 4))
    found = chance_on_leg(3e3, kernels.BEAM, 5e3, 100.0, p, 1e3, live)
    slant_m = np.hypot(3e3, np.array([3500.0, 2500.0, 1500.0, 500.0]))
    assert found == pytest.approx(confirmed_by_look(np.interp(slant_m, np.arange(51) * 100.0, p), 2, 3)[-1])
    assert chance_on_leg(5.1e3, kernels.BEAM, 5e3, 100.0, p, 1e3, live) == 0.0


def test_the_limit_of_a_leg_is_the_whole_reach_where_even_that_suffices_and_nought_where_nothing_does():
    out, live = np.empty(1), np.zeros((2, 4))
    for chance, wanted_m in ((1.0, 80e3), (0.0, 0.0)):
        kernels.fill_limits(
            kernels.WORST, 0.9, line(80e3), line(1e3), np.full((1, 101), chance), line(2e3), 2, 3, live, out
        )
        assert out[0] == pytest.approx(wanted_m, abs=1e-6)


WANTED = line(0.1, 0.5, 0.9)


def joined(found_m, *, p, slow_m, fast_m, hits, scans, wanted=WANTED, entry_m=10e3):
    """Where the engagement radar has a track of a target that both get into view at ``entry_m``: (wanted,)."""
    out = np.empty((wanted.size, 1, 2))
    found = np.array([[[m, m]] for m in found_m], dtype=np.float64)
    kernels.fill_joined(
        line(entry_m), line(1e3), p[None], line(slow_m), line(fast_m), wanted, hits, scans, line(1.0 / entry_m), found,
        np.zeros((4, 2, 1 << (scans - 1))), out,
    )  # fmt: skip
    return out[:, 0, 1]


def alone(*, p, flown_m, hits, scans, entry_m=10e3):
    out = np.empty((WANTED.size, 1, 2))
    kernels.fill_edges(
        0, 1, line(entry_m), line(1e3), p[None], line(flown_m), WANTED, hits, scans, np.zeros((2, 1 << (scans - 1))),
        out,
    )  # fmt: skip
    return out[:, 0, 1]


FADING = np.linspace(0.9, 0.2, 21)


@pytest.mark.parametrize("rule", [(1, 1), (2, 3)])
def test_a_radar_that_nothing_cues_searches_alone(rule):
    found = joined((-1.0, -1.0, -1.0), p=FADING, slow_m=1e3, fast_m=250.0, hits=rule[0], scans=rule[1])
    assert found == pytest.approx(alone(p=FADING, flown_m=1e3, hits=rule[0], scans=rule[1]), abs=1e-6)


@pytest.mark.parametrize("rule", [(1, 1), (2, 3)])
def test_a_radar_that_is_cued_at_once_looks_at_its_own_rate(rule):
    found = joined((10e3, 10e3, 10e3), p=FADING, slow_m=1e3, fast_m=250.0, hits=rule[0], scans=rule[1])
    assert found == pytest.approx(alone(p=FADING, flown_m=250.0, hits=rule[0], scans=rule[1]), abs=1e-6)


def test_cues_at_three_ranges_count_a_third_each_beside_the_slow_looks():
    """Certain single looks, slow over 4 km, quick over 1 km; cues at 9 and 8 km and never.

    Slow: (10 - r) / 4. Cued at 9 km: sure by 8 km; cued at 8 km: sure by 7 km. So 1/4 at 9 km, (1 + 1/2 + 1/2) / 3 at
    8 km, (1 + 1 + 3/4) / 3 at 7 km, 1 at 6 km, and straight between.
    """
    found = joined(
        (9e3, 8e3, -1.0), p=np.ones(21), slow_m=4e3, fast_m=1e3, hits=1, scans=1, wanted=line(0.25, 0.5, 0.8, 0.95, 1.0)
    )
    assert found == pytest.approx([9e3, 8_400.0, 7e3 + 1e3 * 7 / 15, 6_600.0, 6e3])


def test_what_the_slow_looks_had_found_by_the_cue_is_kept():
    """The same with looks that detect one time in two. Slow: (10 - r) / 8, so 1/8 at 9 km, 1/4 at 8, 3/8 at 7.

    Cued at 9 km: 1 - 7/8 x 1/2 at 8 km, 1 - 7/8 x 1/4 at 7 km; cued at 8 km: 1 - 3/4 x 1/2 at 7 km.
    """
    at_8, at_7 = (9 / 16 + 1 / 4 + 1 / 4) / 3, (25 / 32 + 5 / 8 + 3 / 8) / 3
    found = joined(
        (9e3, 8e3, -1.0), p=np.full(21, 0.5), slow_m=4e3, fast_m=1e3, hits=1, scans=1,
        wanted=line(1 / 8, at_8, 0.5, at_7),
    )  # fmt: skip
    assert found == pytest.approx([9e3, 8e3, 8e3 - 1e3 * (0.5 - at_8) / (at_7 - at_8), 7e3])


def test_a_chance_that_is_nowhere_reached_has_no_edge():
    found = joined((9e3, 8e3, -1.0), p=np.full(21, 0.01), slow_m=1e3, fast_m=250.0, hits=1, scans=1)
    assert found[0] > 0.0
    assert found[1:].tolist() == [-1.0, -1.0]
