"""Coding, warping and packing of the rasters in the page."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from ringtrue.geo.geodesy import site_crs
from ringtrue.report.layers import (
    RasterBook,
    code_ceiling,
    code_ground,
    code_lowest,
    height_levels_m,
    hillshade,
    mercator_window,
    pack,
    row_areas_km2,
    shown_at,
    unpack,
    warp_codes,
    window_metres,
)

HEIGHTS = st.floats(0.0, 40_000.0, width=32)


def test_levels_hold_the_audited_heights_and_fit_eight_bits():
    audited = (30.0, 55.5, 100.0, 500.0, 7777.0)
    levels = height_levels_m(audited)
    assert set(audited) <= set(levels.tolist())
    assert (np.diff(levels) > 0).all()
    assert levels.size <= 254
    assert (levels[0], levels[-1]) == (30.0, 15_000.0)


@settings(derandomize=True, max_examples=200)
@given(st.lists(st.tuples(HEIGHTS, HEIGHTS), min_size=1, max_size=30), st.sampled_from([30.0, 100.0, 500.0]))
def test_at_audited_heights_the_code_decides_as_the_height(pairs, height_m):
    lowest, ceiling = (np.array(values) for values in zip(*pairs, strict=True))
    levels = height_levels_m([30.0, 100.0, 500.0])
    level = int(np.flatnonzero(levels == height_m)[0])
    shown = shown_at(code_lowest(lowest, levels), code_ceiling(ceiling, levels), level)
    assert (shown == ((lowest <= height_m) & (ceiling >= height_m))).all()


def test_nan_is_shown_at_no_height():
    levels = height_levels_m()
    nothing = np.array([np.nan])
    for level in (0, levels.size - 1):
        assert not shown_at(code_lowest(nothing, levels), code_ceiling([1e5], levels), level).any()
        assert not shown_at(code_lowest([0.0], levels), code_ceiling(nothing, levels), level).any()


@settings(derandomize=True, max_examples=50)
@given(st.integers(1, 17), st.integers(1, 17), st.integers(0, 2**32 - 1))
def test_packing_loses_nothing(n_rows, n_columns, seed):
    codes = np.random.default_rng(seed).integers(0, 256, (n_rows, n_columns), dtype=np.uint8)
    assert (unpack(pack(codes), n_columns, n_rows) == codes).all()


def test_the_book_keeps_equal_rasters_once():
    book = RasterBook()
    one = np.ones((4, 4), dtype=np.uint8)
    assert [book.add(one), book.add(2 * one), book.add(one.copy())] == [0, 1, 0]
    assert len(book.packed) == 2


def test_a_warped_disc_keeps_its_place_and_its_area():
    """A 100-km disc on the site's grid lies where geodesics say, and covers its area on the ellipsoid."""
    from pyproj import Geod

    cell_m, n = 1000.0, 160
    axis = np.arange(-n, n + 1) * cell_m
    x, y = np.meshgrid(axis, -axis)
    disc = (np.hypot(x, y) <= 100_000.0).astype(np.uint8)
    window = mercator_window(40.0, 32.5, (n + 0.5) * cell_m, cell_m, 1000)
    warped = warp_codes(disc, cell_m, window)
    (west, north), (east, _), (_, south), _ = window.corners
    rows, columns = np.nonzero(warped)
    longitude = west + (columns + 0.5) / window.width * (east - west)
    mercator = np.log(np.tan(np.pi / 4 + np.radians([south, north]) / 2))
    at = mercator[1] + (rows + 0.5) / window.height * (mercator[0] - mercator[1])
    latitude = np.degrees(2 * np.arctan(np.exp(at)) - np.pi / 2)
    _, _, distance = Geod(ellps="WGS84").inv(
        np.full(longitude.size, 32.5), np.full(latitude.size, 40.0), longitude, latitude
    )
    # half the diagonal of a grid cell, and 0.2 % because the sphere of EPSG:3857 is not the ellipsoid in this inverse
    assert distance.max() <= 100_000.0 * 1.002 + 710.0
    step_m = (window.east_m - window.west_m) / window.width
    area_km2 = float(((step_m * np.cos(np.radians(latitude))) ** 2).sum() / 1e6)
    assert area_km2 == pytest.approx(np.pi * 100.0**2, rel=0.01)


def test_slopes_toward_the_light_are_bright():
    axis = np.arange(-5, 6) * 1000.0
    x, y = np.meshgrid(axis, -axis)
    rising_south_east = (1000.0 + 0.05 * (x - y)).astype(np.float32)
    assert np.nanmin(hillshade(rising_south_east, 1000.0)) > 0.5
    assert np.nanmax(hillshade((2000.0 - rising_south_east), 1000.0)) < 0.5


@pytest.mark.parametrize(
    ("half_width_m", "cell_m", "most"), [(440e3, 2000.0, 560), (176e3, 800.0, 560), (5e3, 2000.0, 9)]
)
def test_the_cells_of_a_window_lie_where_the_projections_put_them(half_width_m, cell_m, most):
    """Every cell against the projections themselves, at the site of the story."""
    from pyproj import Transformer

    window = mercator_window(40.0789, 32.5656, half_width_m, cell_m, most)
    east_m, north_m = window_metres(window)
    step = (window.east_m - window.west_m) / window.width
    x, y = np.meshgrid(
        window.west_m + step * (np.arange(window.width) + 0.5), window.north_m - step * (np.arange(window.height) + 0.5)
    )
    back = Transformer.from_crs("EPSG:3857", site_crs(40.0789, 32.5656), always_xy=True)
    east, north = back.transform(x, y)
    assert np.abs(east_m - east).max() < 0.005
    assert np.abs(north_m - north).max() < 0.005


@pytest.mark.parametrize("latitude_deg", [0.0, 41.28, -69.0])
def test_a_row_has_the_area_of_its_cells_on_the_ellipsoid(latitude_deg):
    """Against the geodesic area of the cells' outline, which pyproj takes from GeographicLib."""
    window = mercator_window(latitude_deg, 30.0, 40e3, 1000.0, 500)
    areas_km2 = row_areas_km2(window)
    back = Transformer.from_crs("EPSG:3857", "EPSG:4326", always_xy=True)
    step = (window.north_m - window.south_m) / window.height
    for row in (0, window.height // 2, window.height - 1):
        north = window.north_m - row * step
        longitude, latitude = back.transform(
            [window.west_m, window.west_m, window.east_m, window.east_m], [north, north - step, north - step, north]
        )
        area_m2, _ = Geod(ellps="WGS84").polygon_area_perimeter(longitude, latitude)
        assert areas_km2[row] * window.width == pytest.approx(abs(area_m2) / 1e6, rel=2e-4)


@given(st.lists(st.floats(-430.0, 8800.0), min_size=1, max_size=30))
@settings(derandomize=True, max_examples=100)
def test_coded_ground_is_off_by_half_a_step_at_most(altitudes_m):
    codes, low_m, step_m = code_ground([*altitudes_m, np.nan])
    assert codes[-1] == 0
    assert (codes[:-1] > 0).all()
    read_m = low_m + step_m * (codes[:-1].astype(float) - 1.0)
    assert np.abs(read_m - altitudes_m).max() <= step_m / 2.0
    assert step_m <= max(1.0, (max(altitudes_m) - min(altitudes_m) + 1.0) / 253.0 + 1.0)
