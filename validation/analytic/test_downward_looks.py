"""Slant range to a height against a ray stepped through space: upwards, level and downwards, first crossing wins."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringtrue.geo.refraction import elevation_to_target_rad, slant_range_to_height_m, target_height_m

RADIUS_M = 4.0 / 3.0 * 6_371_000.0


@settings(derandomize=True, max_examples=300, deadline=None)
@given(antenna_m=st.floats(0.0, 2e4), height_m=st.floats(0.0, 2e4), elevation_deg=st.floats(-89.0, 89.0))
def test_it_is_the_first_crossing(antenna_m: float, height_m: float, elevation_deg: float) -> None:
    """March along the straight ray over the effective sphere, and stop at the height or at the ground."""
    elevation = np.radians(elevation_deg)
    found = float(slant_range_to_height_m(height_m, elevation, antenna_m))
    across = np.append(np.geomspace(1e-2, 3e6, 60_001), [])
    up = RADIUS_M + antenna_m + across * np.sin(elevation)
    above = np.hypot(up, across * np.cos(elevation)) - RADIUS_M
    crossed = (above - height_m) * (antenna_m - height_m) <= 0.0
    grounded = above < 0.0
    first = int(crossed.argmax()) if crossed.any() else across.size
    if abs(antenna_m - height_m) < 1.0 or (grounded.any() and abs(int(grounded.argmax()) - first) <= 1):
        return  # too near to tell by steps
    reaches = crossed.any() and not grounded[:first].any()
    assert reaches == (np.isfinite(found) and found <= across[-1])
    if reaches:
        assert across[max(first - 1, 0)] * (1 - 1e-9) <= found <= across[first] * (1 + 1e-9)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(antenna_m=st.floats(10.0, 2e4), height_m=st.floats(0.0, 2e4), elevation_deg=st.floats(-30.0, 30.0))
def test_it_is_undone_by_height_and_elevation(antenna_m: float, height_m: float, elevation_deg: float) -> None:
    elevation = np.radians(elevation_deg)
    slant_m = slant_range_to_height_m(height_m, elevation, antenna_m)
    if np.isnan(slant_m) or slant_m < 1.0:
        return
    assert target_height_m(slant_m, elevation, antenna_m) == pytest.approx(height_m, abs=1e-5)
    assert elevation_to_target_rad(slant_m, height_m, antenna_m) == pytest.approx(elevation, abs=1e-6)


def test_a_fighter_seen_from_above_is_on_this_side_of_the_earth() -> None:
    """From 10 km down by 4 degrees to 1 km: 147 km, not the 1,039 km at which the line rises again."""
    down_m = float(slant_range_to_height_m(1e3, np.radians(-4.0), 10e3))
    flat_m = 9e3 / np.sin(np.radians(4.0))
    assert flat_m < down_m < 1.2 * flat_m
    assert np.isnan(slant_range_to_height_m(1e3, np.radians(-2.0), 10e3))  # it rises again before it is so low
    assert np.isnan(slant_range_to_height_m(12e3, np.radians(-5.0), 10e3))  # it meets the ground before it rises again
    # a grazing look that misses the ground does rise again to the height beyond
    assert float(slant_range_to_height_m(12e3, np.radians(-1.0), 10e3)) > 2.0 * RADIUS_M * np.sin(np.radians(1.0))
