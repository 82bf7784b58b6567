"""The backward extent of sight, followed for all azimuths together, against one track after the other."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ringtrue.coverage import _kernels

STEP_M, LONGEST_M = 1_000.0, 40_000.0


def extent_of_one_cell(in_sight, i, a, heading_rad):
    """Walk back along one straight track in the plane, cell by cell."""
    n_samples, n_azimuths = in_sight.shape
    if not in_sight[i, a]:
        return -1.0
    width = 2.0 * math.pi / n_azimuths
    held_m = 0.0
    for s in range(1, int(LONGEST_M / STEP_M) + 1):
        along = i * STEP_M + s * STEP_M * math.cos(heading_rad)
        across = s * STEP_M * math.sin(heading_rad)
        u = int(math.hypot(along, across) / STEP_M + 0.5)
        b = (a + math.floor(math.atan2(across, along) / width + 0.5)) % n_azimuths
        if u >= n_samples or not in_sight[u, b]:
            break
        held_m = s * STEP_M
    return held_m


@pytest.mark.parametrize("heading_rad", [0.0, math.pi / 2.0, math.pi, 1.5 * math.pi])
def test_all_azimuths_together_are_each_by_itself(heading_rad):
    in_sight = np.random.default_rng(8).random((50, 36)) < 0.9
    found_m = np.empty(in_sight.shape, dtype=np.float32)
    for first in range(0, 50, 20):
        _kernels.backward_extent(first, min(first + 20, 50), STEP_M, in_sight, heading_rad, LONGEST_M, found_m)
    expected_m = [[extent_of_one_cell(in_sight, i, a, heading_rad) for a in range(36)] for i in range(50)]
    np.testing.assert_array_equal(found_m, np.array(expected_m, dtype=np.float32))


def test_an_open_sky_holds_the_track_to_the_end():
    in_sight = np.ones((50, 36), dtype=np.bool_)
    found_m = np.empty(in_sight.shape, dtype=np.float32)
    _kernels.backward_extent(0, 50, STEP_M, in_sight, 0.0, LONGEST_M, found_m)
    assert found_m[0, 0] == LONGEST_M
    assert found_m[30, 7] == 19_000.0
