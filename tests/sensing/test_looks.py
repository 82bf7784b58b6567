"""How looks add up to a track: closed forms, brute force, and the compiled loops against the plain function."""

from __future__ import annotations

from itertools import product

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringtrue.errors import DomainError
from ringtrue.radar.detection import cumulative, p_detect
from ringtrue.sensing import _look_kernels
from ringtrue.sensing.looks import confirmed_by_look


@numba.njit
def compiled_chain(p, m, n, live):
    """The chance by each look, by the loops that audit and raid call."""
    out = np.empty(p.size)
    so_far = 0.0
    _look_kernels.begin(live, n)
    for look in range(p.size):
        so_far += _look_kernels.advance(live, p[look], m, n)
        out[look] = so_far
    return out


CHANCES = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=9)
RULES = st.sampled_from([(1, 1), (1, 2), (2, 2), (2, 3), (3, 3), (2, 4), (3, 5)])


def by_enumeration(p: list[float], m: int, n: int) -> list[float]:
    """Every sequence of hits and misses, one by one."""
    confirmed = [0.0] * len(p)
    for hits in product((0, 1), repeat=len(p)):
        weight = float(np.prod([q if hit else 1.0 - q for q, hit in zip(p, hits, strict=True)]))
        windows = [sum(hits[max(0, k + 1 - n) : k + 1]) >= m for k in range(len(p))]
        for k in range(len(p)):
            confirmed[k] += weight * any(windows[: k + 1])
    return confirmed


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(p=CHANCES, rule=RULES)
def test_the_chain_is_the_sum_over_all_sequences(p, rule):
    assert confirmed_by_look(p, *rule) == pytest.approx(by_enumeration(p, *rule), abs=1e-12)


def test_closed_forms():
    p = np.random.default_rng(1).random(20)
    assert confirmed_by_look(p, 1, 1) == pytest.approx(cumulative(p), abs=1e-14)
    same = confirmed_by_look(np.full(3, 0.6), 2, 3)
    assert same == pytest.approx([0.0, 0.36, 0.648], abs=1e-14)  # 3 p^2 (1 - p) + p^3
    four = confirmed_by_look(np.full(4, 0.3), 4, 4)
    assert four == pytest.approx([0.0, 0.0, 0.0, 0.3**4], abs=1e-16)
    runs = confirmed_by_look(np.full(60, 0.5), 2, 2)
    # no two heads in a row in k tosses: Fibonacci numbers over 2^k
    assert 1.0 - runs[7] == pytest.approx(55 / 256, abs=1e-14)


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(p=CHANCES, rule=RULES)
def test_the_compiled_chain_is_the_plain_one(p, rule):
    found = compiled_chain(np.array(p), *rule, np.zeros((2, 16)))
    assert found == pytest.approx(confirmed_by_look(p, *rule), abs=1e-13)


@pytest.mark.parametrize("bad", [(0, 1), (3, 2), (1, 13), (1.5, 2)])
def test_impossible_rules_are_refused(bad):
    with pytest.raises(DomainError, match="m of n"):
        confirmed_by_look([0.5], *bad)


def test_a_number_that_is_no_probability_is_refused():
    for wrong in ([1.2], [-0.1], [np.nan]):
        with pytest.raises(DomainError, match="a probability from 0 to 1"):
            confirmed_by_look(wrong, 2, 3)


def inbound_edge_m(
    entry_m: float, flown_m: float, scale_m: float, hits: int = 2, scans: int = 3, wanted: float = 0.5
) -> float:
    """Edge of one target whose look detects as a Swerling 1 target does, p = 0.5 at ``scale_m``."""
    step_m = 2.3 * scale_m / 512
    range_m = np.maximum(step_m * np.arange(513), 1.0)
    p = p_detect(19.0 * (scale_m / range_m) ** 4, 1e-6)
    out = np.empty((1, 1, 2))
    _look_kernels.fill_edges(
        0, 1, np.array([entry_m]), np.array([step_m]), p[None], np.array([flown_m]), np.array([wanted]), hits, scans,
        np.zeros((2, 4)), out,
    )  # fmt: skip
    return float(out[0, 0, 1])


def test_the_edge_agrees_with_drawn_looks_whose_first_falls_anywhere():
    """200,000 flights with a first look anywhere in its interval: the median of where they are confirmed."""
    flown_m, scale_m, entry_m = 2_500.0, 100e3, 150e3
    g = np.random.default_rng(3)
    n, n_looks = 200_000, 60
    at_m = entry_m - flown_m * (np.arange(n_looks) + g.random((n, 1)))
    p = p_detect(19.0 * (scale_m / np.maximum(at_m, 1.0)) ** 4, 1e-6)
    hit = g.random((n, n_looks)) < p
    lately = hit.astype(int)
    lately[:, 1:] += hit[:, :-1]
    lately[:, 2:] += hit[:, :-2]
    first = (hit & (lately >= 2)).argmax(axis=1)
    median_m = float(np.median(at_m[np.arange(n), first]))
    # standard error of the median some 60 m; a tenth of a look's flight for the middle that stands for all phases
    assert inbound_edge_m(entry_m, flown_m, scale_m) == pytest.approx(median_m, abs=0.1 * flown_m)


def test_from_far_away_the_start_does_not_matter():
    near, far = (inbound_edge_m(entry_m, 1_250.0, 100e3) for entry_m in (170e3, 229e3))
    assert near == pytest.approx(far, abs=60.0)


def test_a_target_that_every_look_detects_takes_two_looks():
    """Certain looks: between one and two intervals, one and a half in the middle."""
    assert inbound_edge_m(50e3, 1_000.0, 3_000e3) == pytest.approx(50e3 - 1_500.0, abs=5.0)


def test_range_grows_with_the_cube_root_of_power_at_the_best_frame():
    """Mallett and Brennan: one detection, cumulative; frame time as long as it pays: range ~ (power x aperture)^(1/3).

    Energy of a look grows with the frame time, so the range of a look with the frame time's fourth root.
    """

    def best_m(power: float) -> float:
        frames = np.geomspace(1.0, 300.0, 160)
        return max(
            inbound_edge_m(2.2 * scale, 300.0 * frame, scale, 1, 1, 0.9)
            for frame in frames
            for scale in (100e3 * (power * frame / 10.0) ** 0.25,)
        )

    gain = best_m(8.0) / best_m(1.0)
    assert gain == pytest.approx(2.0, rel=0.02)


@pytest.mark.parametrize("leg", [_look_kernels.OUTBOUND, _look_kernels.WORST])
def test_other_legs_count_the_last_looks_alone(leg):
    scale_m, flown_m, step_m = 100e3, 3_000.0, 500.0
    range_m = np.maximum(step_m * np.arange(500), 1.0)
    p = p_detect(19.0 * (scale_m / range_m) ** 4, 1e-6)
    out = np.empty(1)
    _look_kernels.fill_limits(
        leg, 0.5, np.array([200e3]), np.array([step_m]), p[None], np.array([flown_m]), 2, 3, np.zeros((2, 4)), out
    )
    back_m = flown_m * (np.arange(2, -1, -1) + 0.5)
    at_m = out[0] + (back_m if leg == _look_kernels.WORST else -back_m)
    chance = confirmed_by_look(p_detect(19.0 * (scale_m / at_m) ** 4, 1e-6), 2, 3)[-1]
    assert chance == pytest.approx(0.5, abs=2e-3)
