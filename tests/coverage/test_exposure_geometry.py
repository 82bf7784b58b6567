import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringtrue.catalogue.load import load_catalogue
from ringtrue.coverage.exposure import (
    ASPECTS,
    aspect_rad,
    aspect_sector,
    flight_ledger,
    line_to_radar,
    path_sight,
    straight_leg,
    threshold_ranges_m,
    way_within_m,
)
from ringtrue.coverage.ring import Weather
from ringtrue.errors import DomainError
from ringtrue.geo import geodesy
from ringtrue.geo.elevation import open_model
from ringtrue.geo.refraction import horizon_range_m
from ringtrue.sensing.chain import chain_of
from ringtrue.sensing.ledger import Ledger
from ringtrue.sensing.sight import polar_sight

K = 4.0 / 3.0


@pytest.fixture(scope="module")
def sea():
    """Sight of a 25-m antenna over a smooth earth at sea level."""
    return polar_sight(
        open_model("none", ground_altitude_m=0.0), 55.0, 20.0, antenna_height_m=np.array([25.0]), k_factor=K,
        reach_m=400e3,
    )  # fmt: skip


def laid(sea, latitude, longitude, altitude_m, max_elevation_deg=75.0):
    return path_sight(
        sea, latitude, longitude, height_m=None, altitude_m=altitude_m,
        min_elevation_rad=np.radians([-5.0]), max_elevation_rad=np.radians([max_elevation_deg]), reach_m=400e3,
    )  # fmt: skip


def test_the_published_chord_and_time():
    """V-X07: 49.04 km, offset 20 km, 250 m/s."""
    leg = straight_leg(49_040.0, 20_000.0, 250.0)
    assert leg.chord_m / 1000.0 == pytest.approx(89.5527, abs=1e-4)
    assert leg.time_s == pytest.approx(358.21, abs=0.01)


@settings(derandomize=True, max_examples=80, deadline=None)
@given(st.floats(0.0, 400e3), st.floats(0.0, 300e3), st.floats(50.0, 600.0))
def test_sectors_and_bands_add_up_to_the_chord(radius_m, offset_m, speed_mps):
    leg = straight_leg(radius_m, offset_m, speed_mps)
    assert leg.by_sector_s.sum() == pytest.approx(leg.time_s, rel=1e-9, abs=1e-9)
    assert leg.by_sector_s[0] == pytest.approx(leg.by_sector_s[2])
    assert (leg.by_sector_s >= 0.0).all()


@settings(derandomize=True, max_examples=30, deadline=None)
@given(st.floats(30e3, 260e3), st.floats(1e3, 120e3))
def test_the_sampled_ledger_gives_back_the_closed_leg(radius_m, offset_m):
    """Half a stretch at each edge: nose, side and tail in five bands have at most four edges each."""
    step_m, speed_mps = 50.0, 250.0
    x_m = np.arange(-300e3, 300e3, step_m) + step_m / 2.0
    slant_m = np.hypot(x_m, offset_m)
    sector = aspect_sector(aspect_rad(np.pi / 2.0, np.arctan2(-x_m, np.full(x_m.size, -offset_m))))
    sampled = np.stack(
        [
            way_within_m(slant_m[sector == a], np.full((sector == a).sum(), step_m), np.array([radius_m]))[0]
            for a in range(len(ASPECTS))
        ]
    )
    exact = straight_leg(radius_m, offset_m, speed_mps)
    assert np.abs(sampled / speed_mps - exact.by_sector_s).max() <= 2.0 * step_m / speed_mps
    assert sampled.sum() / speed_mps == pytest.approx(exact.time_s, abs=2.0 * step_m / speed_mps)


def test_a_leg_without_speed_is_refused():
    with pytest.raises(DomainError, match="speed above zero"):
        straight_leg(1e3, 0.0, 0.0)


@pytest.mark.parametrize(
    ("course_deg", "to_radar_deg", "depression_deg", "sector"),
    [(0, 0, 0, "nose"), (350, 30, 0, "nose"), (0, 90, 0, "side"), (0, 180, 0, "tail"), (0, 0, 89, "side")],
)
def test_what_the_radar_looks_at(course_deg, to_radar_deg, depression_deg, sector):
    angle = aspect_rad(*np.radians([course_deg, to_radar_deg, depression_deg]))
    assert ASPECTS[int(aspect_sector(angle))] == sector


def test_the_line_to_the_radar_is_flat_nearby():
    line = line_to_radar(4_000.0, 0.0, 3_000.0)
    assert float(line.slant_range_m) == pytest.approx(5_000.0, rel=1e-3)
    assert float(line.depression_rad) == pytest.approx(math.atan2(3.0, 4.0), rel=1e-3)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(st.lists(st.floats(1e3, 500e3), min_size=1, max_size=40), st.floats(0.0, 600e3), st.floats(0.0, 100e3))
def test_more_reach_never_observes_less(slants, limit_m, more_m):
    slant_m, way_m = np.array(slants), np.ones(len(slants))
    near, far = way_within_m(slant_m, way_m, np.array([limit_m, limit_m + more_m]))
    assert (far >= near).all()
    assert far.sum() <= way_m.sum()
    assert near.sum() == (slant_m <= limit_m).sum()


def test_the_smooth_earth_hides_what_lies_beyond_its_horizon(sea):
    """A radial flight at 300 m is in sight from the horizon on; sight stands on samples 1 km apart."""
    end = geodesy.direct(55.0, 20.0, 1.0, 250e3)
    path = laid(sea, [float(end[0]), 55.0], [float(end[1]), 20.0], 300.0)
    farthest_m = path.slant_range_m[0, path.in_sight[0]].max()
    assert farthest_m == pytest.approx(float(horizon_range_m(25.0, 300.0, k_factor=K)), abs=1_500.0)
    assert ASPECTS[int(path.aspect[0, 0])] == "nose"
    assert path.is_covered.all()


def test_the_cone_of_silence_ends_an_overflight(sea):
    """Overhead at 8 km with a beam to 45 degrees: nothing nearer than some 8 km of ground."""
    path = laid(sea, [54.5, 55.5], [20.0, 20.0], 8_000.0, max_elevation_deg=45.0)
    nearest_m = path.slant_range_m[0, path.in_sight[0]].min()
    assert nearest_m == pytest.approx(8_000.0 * math.sqrt(2.0), abs=300.0)


def test_a_leg_over_the_smooth_earth_takes_as_long_as_its_chord(sea):
    """15 km altitude, so that the horizon does not cut; the plane is off by the height and the roundness, under 1 %."""
    abeam = geodesy.direct(55.0, 20.0, 0.0, 40e3)
    ends = [geodesy.direct(float(abeam[0]), float(abeam[1]), a, 150e3) for a in (1.5 * np.pi, 0.5 * np.pi)]
    path = laid(sea, [float(e[0]) for e in ends], [float(e[1]) for e in ends], 15_000.0)
    limit_m = np.full((3, 1), 100e3)
    ledger = flight_ledger(path, np.zeros(1, dtype=np.int64), limit_m, np.array([250.0]))
    flat_m = math.sqrt(100e3**2 - 15e3**2)
    assert ledger.time_s.sum() == pytest.approx(straight_leg(flat_m, 40e3, 250.0).time_s, rel=0.01)
    assert ledger.flown_s[0] == pytest.approx(1200.0, rel=1e-3)
    assert ledger.farthest_m[0] == pytest.approx(100e3, abs=300.0)
    assert ledger.time_s[0, 0].sum() == pytest.approx(ledger.time_s[0, 2].sum(), abs=3.0)


@pytest.fixture(scope="module")
def drawn():
    catalogue = load_catalogue()
    ledger = Ledger(catalogue, 30, 1)
    return chain_of(ledger, "s-400-tr"), ledger.record(catalogue.targets["f-35"])


def test_a_margin_is_paid_in_range_and_air(drawn):
    """40 log R and one loss per metre, the same for every draw, make up the ten and the twenty dB."""
    chain, target = drawn
    radar = chain.engagement
    one, ten, hundred = (
        threshold_ranges_m(radar, target, t, Weather()) for t in ("look-0.5", "look+10dB", "look+20dB")
    )
    free = one < radar.instrumented_range_m
    assert free.any()
    of_ten, of_twenty = (
        ((margin_db - 40.0 * np.log10(one / closer)) / (2.0 * (one - closer)))[free]
        for closer, margin_db in ((ten, 10.0), (hundred, 20.0))
    )
    assert of_ten == pytest.approx(of_ten[0], rel=1e-6)
    assert of_twenty == pytest.approx(of_ten[0], rel=1e-6)
    assert 0.0 < of_ten[0] < 1e-4


def test_confirmation_counts_the_looks_of_the_leg(drawn):
    """Flying away, the last looks must confirm anew, mostly nearer than one look detects; coming in, all looks help."""
    chain, target = drawn
    look = threshold_ranges_m(chain.acquisition, target, "look-0.5", Weather())
    firm = threshold_ranges_m(chain.acquisition, target, "confirmed-0.9", Weather())
    inbound, outbound = firm[0], firm[2]
    same_side = replace(target, rcs_m2={b: dict.fromkeys(d, d["nose"]) for b, d in target.rcs_m2.items()})
    nose = threshold_ranges_m(chain.acquisition, same_side, "confirmed-0.9", Weather())
    assert (outbound < look[2]).mean() > 0.5
    assert (inbound == nose[0]).all()


def test_a_larger_cross_section_is_never_observed_less(sea, drawn):
    chain, target = drawn
    larger = replace(target, rcs_m2={b: {a: 4.0 * v for a, v in d.items()} for b, d in target.rcs_m2.items()})
    path = laid(sea, [55.5, 54.0], [18.0, 22.0], 8_000.0)
    relief, speed = np.zeros(31, dtype=np.int64), np.full(31, 240.0)
    less, more = (
        flight_ledger(path, relief, threshold_ranges_m(chain.acquisition, t, "look-0.5", Weather()), speed)
        for t in (target, larger)
    )
    assert (more.time_s.sum(axis=(1, 2)) >= less.time_s.sum(axis=(1, 2))).all()
    assert (more.farthest_m >= less.farthest_m).all()
