"""What must hold of the terrain surface whatever the ground: monotony, thread bits, pruning, coverage, relief, k."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringtrue.errors import DomainError, OutsideTerrainError
from ringtrue.geo.elevation import open_model
from ringtrue.geo.ground import site_ground
from ringtrue.geo.profile import sight_profile
from ringtrue.geo.refraction import horizon_range_m, minimum_visible_height_m
from ringtrue.geo.surface import Relief, interpolate_in_inverse_k, nested_levels, polar, terrain_surface
from ringtrue.geo.sweep import edge_sweep

MURTED = (40.0789, 32.5656)
K = 4.0 / 3.0


def surface(place=MURTED, **changed):
    settings_ = {"antenna_height_m": 25.0, "k_factor": K, "reach_m": 120e3, "cache": False} | changed
    return terrain_surface(open_model(None), *place, **settings_)


def rough_ground(seed, n=70):
    generator = np.random.default_rng(seed)
    ground = generator.gamma(0.5, 200.0, (2 * n + 1, 2 * n + 1)).astype(np.float32)
    ground[n, n] = 300.0
    return ground


def swept(ground, height_m=25.0, **changed):
    n = ground.shape[0] // 2
    settings_ = {"cell_m": 300.0, "k_factor": K, "reach_m": 300.0 * n} | changed
    return edge_sweep(ground, float(ground[n, n]) + height_m, **settings_).lowest_visible_altitude_m


def same_bytes(first, second):
    return first.tobytes() == second.tobytes()


@given(seed=st.integers(0, 1000))
@settings(max_examples=15, deadline=None, derandomize=True)
def test_pruning_and_threads_change_no_bit(seed):
    ground = rough_ground(seed, n=200)
    plain = swept(ground, is_pruned=False, threads=1)
    assert same_bytes(plain, swept(ground, threads=2))
    assert same_bytes(plain, swept(ground, threads=1))


@pytest.mark.parametrize("seed", range(4))
def test_pruning_sees_a_lone_peak_anywhere_between_its_rays(seed):
    """With one ray a cell a group of rays is four tiles wide: a peak in any of them must keep the group."""
    generator = np.random.default_rng(seed)
    ground = np.zeros((601, 601), dtype=np.float32)
    ground[generator.integers(0, 601, 60), generator.integers(0, 601, 60)] = generator.uniform(100.0, 900.0, 60)
    ground[300, 300] = 0.0
    common = {"height_m": 60.0, "rays_per_edge_cell": 1}
    assert same_bytes(swept(ground, **common), swept(ground, is_pruned=False, **common))


def test_pruning_skips_work_on_real_ground():
    ground = site_ground(open_model(None), *MURTED, 500.0, 400)
    z = float(ground[400, 400]) + 25.0
    common = {"cell_m": 500.0, "k_factor": K, "reach_m": 200e3}
    pruned = edge_sweep(ground, z, **common)
    plain = edge_sweep(ground, z, is_pruned=False, **common)
    assert same_bytes(pruned.lowest_visible_altitude_m, plain.lowest_visible_altitude_m)
    assert pruned.n_ray_steps < plain.n_ray_steps / 2


def test_coarse_output_is_a_sample_of_the_fine():
    ground = rough_ground(3, n=120)
    fine = swept(ground)
    assert same_bytes(swept(ground, out_spacing=4), np.ascontiguousarray(fine[::4, ::4]))


@given(seed=st.integers(0, 1000), row=st.integers(0, 140), column=st.integers(0, 140), lift_m=st.floats(1.0, 3000.0))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_raising_a_ridge_never_uncovers_a_cell(seed, row, column, lift_m):
    ground = rough_ground(seed)
    if (row, column) == (70, 70):
        return
    raised = ground.copy()
    raised[row, column] += np.float32(lift_m)
    before, after = swept(ground), swept(raised)
    # interpolation rounds in float32: a hair, never a cell
    assert np.nanmin(np.where(before > -1e6, after - before, 0.0)) >= -1e-3


@given(seed=st.integers(0, 1000), quarter=st.integers(1, 3))
@settings(max_examples=15, deadline=None, derandomize=True)
def test_turning_the_ground_turns_the_surface(seed, quarter):
    ground = rough_ground(seed)
    turned = swept(np.ascontiguousarray(np.rot90(ground, quarter)))
    # sectors interpolate by the same formula, but columns and rows are walked in another order: float32 rounding
    assert np.allclose(np.rot90(swept(ground), quarter), turned, rtol=1e-4, atol=0.05, equal_nan=True)


@given(height_m=st.floats(0.0, 200.0), extra_m=st.floats(0.5, 200.0))
@settings(max_examples=20, deadline=None, derandomize=True)
def test_a_higher_mast_sees_no_less_on_smooth_ground(height_m, extra_m):
    ground = np.zeros((141, 141), dtype=np.float32)
    assert (swept(ground, height_m + extra_m) <= swept(ground, height_m) + 0.05)[~np.isnan(swept(ground, 1.0))].all()


def test_seen_cells_never_shrink_with_height():
    result = surface()
    lowest, ground = result.lowest_visible_altitude_m, result.ground_altitude_m
    seen = [(ground + height_m >= lowest) & result.is_covered for height_m in (0.0, 30.0, 100.0, 500.0, 3000.0)]
    for low, high in pairwise(seen):
        assert not (low & ~high).any()
        assert high.sum() > low.sum()


def test_never_below_the_ground():
    result = surface()
    assert (result.lowest_visible_altitude_m >= result.ground_altitude_m)[result.is_covered].all()


def test_same_bytes_for_threads_and_on_a_second_run():
    first, second, again = surface(threads=1), surface(threads=2), surface(threads=2)
    for field in ("lowest_visible_altitude_m", "ground_altitude_m", "is_covered"):
        assert same_bytes(getattr(first, field), getattr(second, field))
        assert same_bytes(getattr(first, field), getattr(again, field))


def test_shape_middle_and_reach():
    result = surface(reach_m=50e3)
    assert result.lowest_visible_altitude_m.shape == (2 * 51 + 1, 2 * 51 + 1)
    assert result.lowest_visible_altitude_m.dtype == np.float32
    assert result.lowest_visible_altitude_m[result.n, result.n] == np.float32(result.site_altitude_m)
    assert result.is_covered[result.ground_range_m() <= 50e3].all()
    assert np.isnan(result.lowest_visible_altitude_m[0, 0])


def test_surface_follows_the_profile_along_the_axes():
    """Along the four axes grid and geodesic are the same line, so only the sampling of the ground may differ."""
    result = surface()
    for azimuth_rad in (0.0, np.pi / 2, np.pi, 3 * np.pi / 2):
        profile = sight_profile(
            open_model(None), *MURTED, azimuth_rad, antenna_height_m=25.0, reach_m=120e3, k_factor=K, step_m=31.25
        )
        along = polar(result.lowest_visible_altitude_m, 1000.0, [azimuth_rad], np.arange(20e3, 120e3, 1e3))[0]
        exact = profile.lowest_visible_altitude_m[np.rint(np.arange(20e3, 120e3, 1e3) / 31.25).astype(int) - 1]
        assert np.median(np.abs(along - exact)) < 10.0


def test_bare_earth_gives_the_horizon():
    result = terrain_surface(open_model("none"), *MURTED, antenna_height_m=25.0, k_factor=K, reach_m=150e3)
    assert result.sweep_cell_m == 0.0
    expected = result.site_altitude_m + minimum_visible_height_m(100e3, 25.0)
    assert result.lowest_visible_altitude_m[result.n, result.n + 100] == pytest.approx(float(expected), abs=0.01)
    seen_km2 = np.count_nonzero(result.ground_altitude_m + 100.0 >= result.lowest_visible_altitude_m)
    assert seen_km2 == pytest.approx(np.pi * (float(horizon_range_m(25.0, 100.0)) / 1e3) ** 2, rel=0.01)


def test_bare_earth_stands_where_the_shipped_model_has_ground_else_where_it_is_told():
    common = {"antenna_height_m": 25.0, "k_factor": K, "reach_m": 50e3}
    assert terrain_surface(open_model("none"), *MURTED, **common).site_altitude_m == pytest.approx(829.7, abs=0.1)
    with pytest.raises(OutsideTerrainError, match="--dem none --ground 1007m"):
        terrain_surface(open_model("none"), 50.45, 30.52, **common)
    told = open_model("none", ground_altitude_m=1007.0)
    assert terrain_surface(told, 50.45, 30.52, **common).site_altitude_m == 1007.0
    assert terrain_surface(told, *MURTED, **common).site_altitude_m == 1007.0


def test_terrain_hides_more_at_muerted_and_less_from_a_coastal_summit():
    def area_km2(place, model):
        result = terrain_surface(
            open_model(model), *place, antenna_height_m=25.0, k_factor=K, reach_m=250e3, cache=False
        )
        return np.count_nonzero(result.ground_altitude_m + 50.0 >= result.lowest_visible_altitude_m)

    assert area_km2(MURTED, None) < 0.3 * area_km2(MURTED, "none")
    summit = (40.75, 39.72)
    assert area_km2(summit, None) > 3.0 * area_km2(summit, "none")


def test_off_the_model():
    with pytest.raises(OutsideTerrainError, match="--dem none"):
        surface(place=(52.0, 30.0))


def test_circle_partly_off_the_model_has_uncovered_cells():
    result = surface(place=(49.5, 30.0))
    inside = result.ground_range_m() <= 120e3
    assert 0.5 < result.is_covered[inside].mean() < 0.9
    assert np.isnan(result.lowest_visible_altitude_m[~result.is_covered]).all()
    assert not np.isnan(result.lowest_visible_altitude_m[result.is_covered]).any()
    assert not result.is_covered[: result.n - 60].any()


def test_a_line_through_unknown_ground_is_not_covered():
    """The line to a cell 12 km up and 395 km east crosses 50 N, where the model ends, and comes back."""
    result = surface(place=(49.99, 34.0), reach_m=400e3)
    behind = (result.n - 12, result.n + 395)
    assert not np.isnan(result.ground_altitude_m[behind])
    assert not result.is_covered[behind]
    assert result.is_covered[result.n + 5, result.n + 395]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"antenna_height_m": -1.0}, "antenna height"),
        ({"k_factor": 0.0}, "k = 0"),
        ({"reach_m": 10.0}, "reach"),
        ({"out_cell_m": 1.0, "reach_m": 400e3}, "cells"),
    ],
)
def test_impossible_arguments(changed, words):
    with pytest.raises(DomainError, match=words):
        surface(**changed)


def test_latitude_95():
    with pytest.raises(DomainError, match="latitude_deg must be degrees between -90 and 90, north positive; given: 95"):
        surface(place=(95.0, 30.0))


def test_interpolation_in_inverse_k_is_never_low_and_bounded():
    low, middle, high = (surface(k_factor=k, reach_m=200e3) for k in (1.2, 1.28, 1.4))
    guess = interpolate_in_inverse_k(low, high, 1.28)
    known = middle.is_covered
    excess = (guess.lowest_visible_altitude_m - middle.lowest_visible_altitude_m)[known].astype(float)
    bound = (middle.ground_range_m()[known] ** 2) * (1 / 1.2 - 1 / 1.4) / (8.0 * 6_371_000.0)
    assert excess.min() >= -0.05
    assert (excess <= bound + 0.05).all()
    assert excess.max() > 1.0
    assert guess.k_factor == 1.28


def test_interpolation_refuses_other_sites_and_outside_k():
    low, high = surface(k_factor=1.2, reach_m=30e3), surface(k_factor=1.4, reach_m=30e3)
    with pytest.raises(DomainError, match="lies outside"):
        interpolate_in_inverse_k(low, high, 1.5)
    with pytest.raises(DomainError, match="different sites"):
        interpolate_in_inverse_k(low, surface(k_factor=1.4, reach_m=30e3, antenna_height_m=39.0), 1.3)


def test_relief_is_a_function_of_seed_and_index():
    draws = [
        surface(relief=Relief(seed, index, 17.0, 20.0), reach_m=60e3)
        for seed, index in ((1, 0), (1, 0), (1, 1), (2, 0))
    ]
    fields = [draw.lowest_visible_altitude_m for draw in draws]
    assert same_bytes(fields[0], fields[1])
    assert not same_bytes(fields[0], fields[2])
    assert not same_bytes(fields[0], fields[3])


def test_relief_has_the_declared_spread_and_spares_the_sea():
    plain = surface(reach_m=300e3)
    draws = [surface(relief=Relief(5, i, 17.0, 0.0), reach_m=300e3).ground_altitude_m for i in range(12)]
    error = np.stack(draws) - plain.ground_altitude_m
    water = plain.ground_altitude_m == 0.0
    inland = plain.ground_altitude_m > 200.0
    assert np.sqrt((error[:, inland] ** 2).mean()) == pytest.approx(17.0, rel=0.05)
    assert (error[:, water] == 0.0).mean() > 0.95


def test_the_ground_error_does_not_depend_on_the_site():
    """Two radars share the doubt: the same place has moved by the same amount for both."""
    relief = Relief(3, 0, 17.0, 0.0)
    here, there = MURTED, (40.0789, 33.2)
    moved = []
    for place in (here, there):
        with_, without = surface(place=place, relief=relief), surface(place=place)
        if place == here:
            row, column = with_.n, with_.n + round(54.1)
        else:
            row, column = with_.n, with_.n
        moved.append(float((with_.ground_altitude_m - without.ground_altitude_m)[row, column]))
    assert moved[0] == pytest.approx(moved[1], abs=3.0)
    assert abs(moved[1]) > 0.1


def test_sub_grid_ridges_hide_and_do_not_lift_the_ground():
    plain, ridged = surface(), surface(relief=Relief(1, 0, 0.0, 20.0))
    assert np.array_equal(plain.ground_altitude_m, ridged.ground_altitude_m, equal_nan=True)
    known = plain.is_covered
    difference = (ridged.lowest_visible_altitude_m - plain.lowest_visible_altitude_m)[known]
    assert difference.min() >= -0.5
    over_ground_m = (plain.lowest_visible_altitude_m - plain.ground_altitude_m)[known]
    assert difference[over_ground_m == 0.0].mean() > 2.0
    assert difference[over_ground_m > 400.0].max() == 0.0, "they raise no horizon"


def test_cells_and_rays_stand_on_the_same_hill():
    from ringtrue.geo.rays import ray_grid, ray_ground, ray_sight

    model, azimuth_rad = open_model(None), np.array([0.5])
    grid = ray_grid(model, *MURTED, 60e3)
    ground = ray_ground(model, *MURTED, azimuth_rad, grid)
    for share in (0.3, -0.3):
        relief = Relief(2, 1, 17.0, 0.0, site_share=share)
        seen = ray_sight(
            model, *MURTED, azimuth_rad, grid, ground, antenna_height_m=25.0, k_factor=K, relief=relief
        )  # fmt: skip
        cells = surface(relief=relief, reach_m=60e3)
        assert float(cells.ground_altitude_m[cells.n, cells.n]) + 25.0 == pytest.approx(seen.antenna_altitude_m, abs=2)
        assert seen.antenna_altitude_m - float(ground.fans[0].ground_m[0, 0]) - 25.0 != pytest.approx(0.0, abs=3.0)


def test_nested_levels_end_at_the_site():
    levels = nested_levels(1000.0, 802, 320, 927.0)
    assert [level.cell_m for level in levels] == [31.25, 62.5, 125.0, 250.0, 500.0, 1000.0]
    for finer, wider in pairwise(levels):
        assert finer.n * finer.cell_m == wider.inner_n * wider.cell_m
    assert levels[0].inner_n == 0


def test_polar_reads_exact_cells_beside_nan():
    field = np.full((5, 5), np.nan)
    field[2, 2:5] = [1.0, 2.0, 3.0]
    assert polar(field, 10.0, [np.pi / 2], [0.0, 10.0, 15.0, 20.0])[0].tolist() == [1.0, 2.0, 2.5, 3.0]
    assert np.isnan(polar(field, 10.0, [0.0], [10.0, 25.0])).all()
