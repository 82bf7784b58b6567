"""Outlines in degrees: where they lie, how they run, and what happens at 180 degrees and at a pole."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from tests.formats.readers import is_oriented

from ringtrue.errors import InputError
from ringtrue.formats.outlines import box_cells, cells, check_pole, line, outline_km2, sectors
from ringtrue.geo import geodesy

RING = np.array(
    [
        [0, 0, 0, 0, 0, 0], [0, 1, 1, 1, 1, 0], [0, 1, 0, 0, 1, 0],
        [0, 1, 0, 0, 1, 0], [0, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0],
    ],
    dtype=bool,
)  # fmt: skip


def test_a_ring_is_the_geodesic_disc():
    ring = sectors(40.0789, 32.5656, [400e3] * 360)
    # a polygon of n corners lacks 2 pi^2 / (3 n^2) of its disc, 5.1e-5 for 360
    lacking = 1.0 - outline_km2(ring) * 1e6 / geodesy.ring_area_m2(40.0789, 32.5656, 400e3)
    assert lacking == pytest.approx(2.0 * np.pi**2 / (3.0 * 360.0**2), rel=0.02)
    corners = shapely.get_coordinates(ring)
    distance_m = geodesy.inverse(40.0789, 32.5656, corners[:, 1], corners[:, 0]).distance_m
    assert np.abs(distance_m - 400e3).max() < 0.2  # a sixth decimal of a degree is 0.1 m


def test_sectors_hold_the_area_of_their_radii_and_start_astride_north():
    radius_m = np.zeros(360)
    radius_m[[0, 90, 91]] = 50e3, 80e3, 80e3
    found = sectors(10.0, 20.0, radius_m)
    flat_km2 = np.pi / 360.0 * (50.0**2 + 2 * 80.0**2)
    assert outline_km2(found) == pytest.approx(flat_km2, rel=1e-3)
    assert found.is_valid
    assert found.contains(shapely.Point(20.0, 10.4))
    assert found.contains(shapely.Point(20.6, 10.0))
    assert not found.contains(shapely.Point(19.5, 10.0))


def test_cells_keep_their_hole_and_their_place():
    found = cells(RING, 10e3, 40.0, 32.0)
    assert found.is_valid
    assert is_oriented(found)
    assert sum(len(part.interiors) for part in shapely.get_parts(found)) == 1
    assert outline_km2(found) == pytest.approx(RING.sum() * 100.0, rel=2e-4)
    assert found.bounds[3] > 40.0 + 19e3 / 111e3  # row 1 lies in the north
    assert not found.contains(shapely.Point(32.0, 40.0))
    tail = geodesy.direct(40.0, 32.0, np.arctan2(25e3, -15e3), np.hypot(25e3, 15e3))  # the cell in the south-east
    assert found.contains(shapely.Point(float(tail.longitude_deg), float(tail.latitude_deg)))


def test_cells_that_touch_at_a_corner_are_valid():
    found = cells(np.array([[1, 0], [0, 1]], dtype=bool), 5e3, 40.0, 32.0)
    assert found.is_valid
    assert len(shapely.get_parts(found)) == 2


@pytest.mark.parametrize("longitude", [179.95, -179.95, 180.0, -180.0])
def test_what_crosses_180_degrees_is_cut_there(longitude):
    for made, here in (
        (sectors(52.0, longitude, [150e3] * 360), sectors(52.0, 10.0, [150e3] * 360)),
        (cells(RING, 10e3, 52.0, longitude), cells(RING, 10e3, 52.0, 10.0)),
    ):
        west, _, east, _ = made.bounds
        assert (west, east) == (-180.0, 180.0)
        assert made.is_valid
        assert is_oriented(made)
        assert all(part.bounds[2] - part.bounds[0] < 5.0 for part in shapely.get_parts(made))
        # edges are straight in degrees and measured along geodesics: a cut in one moves its area
        assert outline_km2(made) == pytest.approx(outline_km2(here), rel=1e-4)


def test_a_line_is_cut_at_180_degrees_and_keeps_its_altitudes():
    longitude = [178.0, 179.5, -179.5, -178.0]
    found = line([0.0, 0.0, 0.0, 0.0], longitude, [0.0, 100.0, 200.0, 300.0])
    parts = shapely.get_parts(found)
    assert [round(part.coords[-1][2]) for part in parts] == [150, 300]
    assert [part.coords[0][0] for part in parts] == [178.0, -180.0]
    assert line([1.0, 2.0], [10.0, 11.0], [5.0, 6.0]).geom_type == "LineString"


def test_a_ring_that_holds_a_pole_is_refused():
    with pytest.raises(InputError, match=r"holds a pole.*--format cog"):
        check_pole(88.0, 400e3, "s-400")
    check_pole(80.0, 400e3, "s-400")


def test_cells_between_meridians_and_parallels():
    holds = np.zeros((3, 4), dtype=bool)
    holds[0, 3] = True
    found = box_cells(holds, np.array([42.0, 41.0, 40.0]), np.array([30.0, 31.0, 32.0, 33.0]))
    assert found.bounds == (32.5, 41.5, 33.5, 42.5)
