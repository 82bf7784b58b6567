"""What is read off a sight and a radar: shares, lines between samples, codes of heights, echoes, water about a site."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from ringtrue.catalogue.load import load_catalogue
from ringtrue.radar.detection import p_detect
from ringtrue.sensing.climate import CLIMATE_PLACES, climate_of
from ringtrue.sensing.ducting import GRADIENT_N_PER_KM, ducting_notes, water_share
from ringtrue.sensing.ledger import Ledger
from ringtrue.sensing.looks import Losses, echo_of, gas_of, look_periods, one_look_range_m, rcs_at
from ringtrue.sensing.sight import UNKNOWN, PolarSight, decoded_m, encoded

EARTH_RADIUS_M = 6_371_000.0
N = 41


def sight(ground_m=500.0, needed_m=0.0, known=N, raised_m=0.0) -> PolarSight:
    """Four azimuths, samples every kilometre; unknown from sample ``known`` on."""
    code = np.broadcast_to(encoded(np.broadcast_to(np.float32(needed_m), (1, 4, N)).copy()), (1, 4, N)).copy()
    code[:, :, known:] = UNKNOWN
    return PolarSight(
        40.0, 32.0, 500.0, np.array([520.0]), 4.0 / 3.0, 1000.0, 40e3, np.arange(4) * math.pi / 2.0,
        np.arange(N) * 1000.0, code, np.broadcast_to(np.asarray(ground_m, dtype=np.float32), (4, N)).copy(),
        np.broadcast_to(np.asarray(raised_m, dtype=np.float32), (1, 4, N + 1)).copy(),
    )  # fmt: skip


def test_ground_at_the_altitude_itself_is_not_above_it() -> None:
    flat = sight(ground_m=500.0)
    assert [flat.share_under_ground(a, 40e3) for a in (499.0, 500.0, 501.0)] == [1.0, 0.0, 0.0]
    west = sight(ground_m=np.array([500.0, 500.0, 500.0, 900.0])[:, None])
    assert west.share_under_ground(700.0, 40e3) == pytest.approx(0.25)
    far = sight(ground_m=np.where(np.arange(N) > 20, 900.0, 500.0))
    assert far.share_under_ground(700.0, 20e3) == 0.0
    assert far.share_under_ground(700.0, 40e3) == pytest.approx(0.75, abs=0.03)  # the outer half of a disc


def test_the_covered_part_of_a_disc_ends_with_the_model() -> None:
    whole, half = sight(), sight(known=21)
    disc_m2 = 2.0 * math.pi * EARTH_RADIUS_M**2 * (1.0 - math.cos(40e3 / EARTH_RADIUS_M))
    assert whole.covered_area_m2(40e3) == pytest.approx(disc_m2, rel=1e-9)
    assert whole.covered_share(40e3) == pytest.approx(1.0)
    assert half.covered_share(20e3) == pytest.approx(1.0)
    assert half.covered_share(40e3) == pytest.approx((21.0 / 40.0) ** 2, rel=1e-3)  # as far as the first unknown
    assert whole.covered_share(80e3) == pytest.approx(0.25, rel=1e-3)
    assert not half.is_known[:, 21:].any()


def test_needs_are_read_on_the_nearest_azimuth_and_on_a_line_along_it() -> None:
    """Needed 100 m at 10 km and 400 m at 11 km to the east; ground rises by 10 m a kilometre, drawn 5 m up."""
    needed = np.zeros((1, 4, N), dtype=np.float32)
    needed[0, 1, 10:12] = 100.0, 400.0
    seen = sight(ground_m=500.0 + 10.0 * np.arange(N), needed_m=needed, raised_m=5.0)
    at = seen.along(np.radians([90.0, 120.0, 150.0, 89.0]), np.array([10.5e3, 10.5e3, 10.5e3, 10e3]))
    assert at.needed_m[0] == pytest.approx([250.0, 250.0, 0.0, 100.0], rel=0.01)
    assert at.ground_m[0] == pytest.approx([610.0, 610.0, 610.0, 605.0])
    assert np.isnan(seen.along(np.zeros(1), np.array([40.5e3])).needed_m).all()
    assert seen.along(np.zeros(1), np.array([40e3])).ground_m[0, 0] == pytest.approx(905.0)
    assert seen.first_relief().shape == (1, 4, 41)
    assert replace(seen, k_factor=1.0).curvature_per_m == pytest.approx(1.0 / (2.0 * EARTH_RADIUS_M))


@pytest.mark.parametrize("height_m", [0.0, 0.5, 1.0, 37.2, 2_500.0, 60_000.0])
def test_a_height_comes_back_from_its_code_to_a_part_of_its_root(height_m: float) -> None:
    back = float(decoded_m(encoded(np.array([[height_m]], dtype=np.float32)))[0, 0])
    assert back == pytest.approx(height_m, abs=math.sqrt(height_m) / 128.0 + 1e-6)


@pytest.fixture(scope="module")
def drawn():
    ledger = Ledger(load_catalogue(), 20, seed=1)
    return ledger.record(ledger.catalogue.radars["92n6e"]), ledger.record(ledger.catalogue.targets["f-16"])


def test_an_echo_falls_from_certain_to_hopeless_and_is_half_where_one_look_is(drawn) -> None:
    radar, target = drawn
    rcs_m2 = rcs_at(target, radar.band, "nose")
    losses = Losses(gas_db_per_km=gas_of(radar))
    echo = echo_of(radar, rcs_m2, target.swerling_case, losses)
    assert (np.diff(echo.p, axis=1) <= 1e-12).all()
    assert (echo.p[:, 1] > 0.99).all()
    assert echo.p[:, -1] == pytest.approx(np.maximum(5e-3, 2.0 * radar.reference_p_false), rel=1e-3)
    half_m = one_look_range_m(radar, rcs_m2, target.swerling_case, losses, 0.5)
    knots = np.arange(echo.p.shape[1])
    found = [np.interp(m / step, knots, p) for m, step, p in zip(half_m, echo.step_m, echo.p, strict=True)]
    assert found == pytest.approx([0.5] * len(found), abs=1e-3)
    assert echo.far_m == pytest.approx(echo.step_m * 128)
    # without gas a look's echo falls with the fourth power of range: 16 times weaker at twice the distance
    bare = echo_of(radar, rcs_m2, 1, Losses())
    at_half = p_detect(1.0, 1e-6)
    assert 0.0 <= at_half < 1.0
    more = echo_of(radar, 16.0 * rcs_m2, 1, Losses())
    assert more.step_m == pytest.approx(2.0 * bare.step_m, rel=1e-9)


def test_a_radar_looks_at_its_frame_uncued_and_never_oftener_than_the_echo_changes(drawn) -> None:
    radar, _ = drawn
    asked = replace(
        radar, scan_period_s=np.array([1.0, 9.0, 2.0]), decorrelation_s=np.array([3.0, 3.0, 1.0]),
        search_frame_s=np.array([2.0, 4.0, 8.0]),
    )  # fmt: skip
    periods = look_periods(asked)
    assert periods.cued_s.tolist() == [3.0, 9.0, 2.0]
    assert periods.search_s.tolist() == [3.0, 9.0, 8.0]


def test_a_band_that_is_missing_takes_the_nearest_one_and_an_aspect_the_nose(drawn) -> None:
    _, target = drawn
    rcs = {"S": {"nose": np.array([1.0])}, "X": {"nose": np.array([2.0]), "side": np.array([3.0])}}
    asked = replace(target, rcs_m2=rcs)
    found = {(b, a): float(rcs_at(asked, b, a)[0]) for b in ("VHF", "S", "X", "Ka") for a in ("nose", "side")}
    assert found == {
        ("VHF", "nose"): 1.0, ("VHF", "side"): 1.0, ("S", "nose"): 1.0, ("S", "side"): 1.0, ("X", "nose"): 2.0,
        ("X", "side"): 3.0, ("Ka", "nose"): 2.0, ("Ka", "side"): 3.0,
    }  # fmt: skip


def test_each_climate_reaches_as_far_as_350_km_and_no_farther() -> None:
    """Along a meridian a degree is 111.0 km at 40 degrees north: 3 degrees are inside, 3.3 outside."""
    latitude, longitude = CLIMATE_PLACES["k-sinop"]
    assert climate_of(latitude + 3.0, longitude) == "k-sinop"
    assert climate_of(latitude + 3.3, longitude) == "k-standard"
    for key, place in CLIMATE_PLACES.items():
        assert climate_of(*place) == key


@pytest.mark.parametrize(
    ("name", "site", "key"),
    [
        ("Sinop", (42.03, 35.15), "k-sinop"),
        ("Mersin", (36.79, 34.64), "k-mersin"),
        ("Izmir", (38.42, 27.1), "k-aegean"),
    ],
)
def test_a_coast_is_warned_of_its_own_gradient(name: str, site: tuple[float, float], key: str) -> None:
    """Gradients as tabled by ITU-R P.453: a duct begins where refractivity falls by 157 N a kilometre."""
    (note,) = ducting_notes([(name, *site), (name, *site)])
    assert note.count(f"about {name}") == 1
    assert f" {GRADIENT_N_PER_KM[key]} N/km" in note
    assert 0.2 < water_share(*site) < 0.9
    assert ducting_notes([("Ankara", 39.93, 32.86)]) == ()


def test_the_southern_and_western_coasts_duct_and_the_plateau_and_the_north_do_not() -> None:
    assert {key: gradient < -157 for key, gradient in GRADIENT_N_PER_KM.items()} == {
        "k-ankara": False, "k-sinop": False, "k-mersin": True, "k-aegean": True,
    }  # fmt: skip
    assert all(-250 < gradient < -40 for gradient in GRADIENT_N_PER_KM.values())
