"""Single values at their bounds, traffic flight by flight, and who is told what by which links."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ringtrue.errors import InputError, OutsideTerrainError
from ringtrue.geo.geodesy import inverse
from ringtrue.scenario.flights import (
    check_above_ground,
    check_levels,
    check_on_model,
    friendly_flights,
    pattern_flights,
    raid_flights,
)
from ringtrue.scenario.keys import Key, Waypoint
from ringtrue.scenario.load import load_scenario
from ringtrue.scenario.values import READERS


def read(kind: str, raw: object, **bounds):
    return READERS[kind](raw, Key("key", kind, "a key", **bounds))  # type: ignore[index, arg-type]


def test_a_box_is_south_west_north_east_and_no_line() -> None:
    assert read("box", [36, 26.5, 42.0, 45]) == (36.0, 26.5, 42.0, 45.0)
    for wrong in (
        [42, 26, 36, 45],
        [36, 45, 42, 26],
        [36, 26, 36, 45],
        [36, 26, 42, 26],
        [36, 26, 42],
        "36, 26, 42, 45",
    ):
        with pytest.raises(InputError, match=r"wants \[south, west, north, east\]"):
            read("box", wrong)
    with pytest.raises(InputError, match="-90 to 90"):
        read("box", [36, 26, 95, 45])


@pytest.mark.parametrize("kind", ["integer", "number"])
def test_a_bound_may_be_taken_and_not_passed(kind: str) -> None:
    of = {"low": 2.0, "high": 5.0}
    for inside in (2, 5):
        assert read(kind, inside, **of) == inside
    for outside in (1, 6):
        with pytest.raises(InputError):
            read(kind, outside, **of)
    with pytest.raises(InputError):
        read(kind, True)


def test_days_months_counts_links_and_values_are_what_they_look_like() -> None:
    assert read("date", "2019-07-25").isoformat() == "2019-07-25"
    assert [read("month", m).isoformat() for m in ("2019-01", "2019-12")] == ["2019-01-01", "2019-12-01"]
    for wrong in ("2019-00", "2019-13", "0000-05", "2019-7", 2019):
        with pytest.raises(InputError, match="is no month"):
            read("month", wrong)
    assert read("counts", {"b": 0, "a": 3}) == (("a", 3), ("b", 0))
    for wrong in ({"a": -1}, {"a": 1.0}, {"a": True}, ["a"]):
        with pytest.raises(InputError):
            read("counts", wrong)
    assert read("links", [["a", "b"], ["b", "c"]]) == (("a", "b"), ("b", "c"))
    for wrong in ([["a"]], [["a", 1]], "some"):
        with pytest.raises(InputError, match="same-system"):
            read("links", wrong)
    assert read("values", [4, "8", 0.5]) == ("4", "8", "0.5")
    assert read("positions", [[40.0, 32.0], [38.5, 27.0]]) == (Waypoint(40.0, 32.0), Waypoint(38.5, 27.0))
    assert read("position", [90, -180]) == Waypoint(90.0, -180.0)
    for wrong in ([90.5, 0], [0, 180.5], [0], [True, 0]):
        with pytest.raises(InputError):
            read("position", wrong)


@pytest.fixture(scope="module")
def turkey():
    return load_scenario("turkey-2019")


def test_friendly_traffic_keeps_its_distance_its_way_and_its_height(turkey) -> None:
    items = {item.uid: item for item in turkey.friendly}
    assert items
    spaced = replace(next(iter(items.values())), uid="f", count=3, start_s=100.0, spacing_s=40.0)
    flights = friendly_flights(replace(turkey, friendly=(spaced,)))
    assert [f.uid for f in flights] == ["f/0", "f/1", "f/2"]
    assert [f.start_s for f in flights] == [100.0, 140.0, 180.0]
    for flight in flights:
        assert (flight.way, flight.height_m, flight.altitude_m, flight.speed_mps) == (
            spaced.path, spaced.height_m, spaced.altitude_m, spaced.speed_mps,
        )  # fmt: skip
        assert (flight.aim, flight.release_range_m, flight.is_friendly, flight.group) == ("", 0.0, True, "f")


def test_a_wave_takes_its_aims_in_turn_and_ends_at_them(turkey) -> None:
    raid = turkey.raids[0]
    wave = raid.waves[0]
    flights = [f for f in raid_flights(turkey, raid.id) if f.group == wave.uid]
    assert len(flights) == wave.count
    assert [f.aim for f in flights] == [wave.aim[i % len(wave.aim)] for i in range(wave.count)]
    assert np.diff([f.start_s for f in flights]) == pytest.approx([wave.spacing_s] * (wave.count - 1))
    where = {a.uid: (a.latitude_deg, a.longitude_deg) for a in turkey.assets}
    for flight in flights:
        end = flight.way[-1]
        assert (end.latitude_deg, end.longitude_deg) == pytest.approx(where[flight.aim])
        assert not flight.is_friendly
        if wave.start_distance_m is not None:
            start = flight.way[0]
            there = inverse(start.latitude_deg, start.longitude_deg, end.latitude_deg, end.longitude_deg)
            assert float(there.distance_m) == pytest.approx(wave.start_distance_m, abs=1.0)


def test_a_pattern_is_flown_once_by_each_of_its_classes() -> None:
    scenario = load_scenario("exposure-anatolia")
    flights = pattern_flights(scenario)
    assert [f.uid for f in flights] == [f"{p.uid}/{t}" for p in scenario.patterns for t in p.targets]
    assert {(f.start_s, f.release_range_m, f.aim, f.is_friendly) for f in flights} == {(0.0, 0.0, "", True)}


def hill(latitude_deg, longitude_deg):
    """2,000 m high between 40.0 and 40.2 degrees, 500 m elsewhere; unknown north of 45."""
    ground = np.where((np.asarray(latitude_deg) > 40.0) & (np.asarray(latitude_deg) < 40.2), 2000.0, 500.0)
    return np.where(np.asarray(latitude_deg) > 45.0, np.nan, ground)


def flown(turkey, altitude_m, *way):
    flight = raid_flights(turkey, turkey.raids[0].id)[0]
    return replace(flight, altitude_m=altitude_m, height_m=None, way=tuple(Waypoint(*place) for place in way))


def test_a_path_may_touch_the_ground_and_not_run_under_it(turkey) -> None:
    over, under = ((39.9, 30.0), (40.3, 30.0)), 1999.0
    for altitude_m, way in ((2000.0, over), (None, over), (500.0, ((41.0, 30.0), (42.0, 30.0)))):
        check_above_ground([flown(turkey, altitude_m, *way)], hill, {})
    with pytest.raises(InputError, match=r"1999 m lies under the ground, which is 2000 m at 40\.0"):
        check_above_ground([flown(turkey, under, *over)], hill, {})
    # where the model ends there is no complaint
    check_above_ground([flown(turkey, 100.0, (45.5, 30.0), (46.0, 30.0))], hill, {})


def test_a_level_may_touch_the_ground_of_a_site_and_a_site_must_have_ground(turkey) -> None:
    check_levels(turkey, turkey.laydowns, (), hill)
    check_levels(turkey, turkey.laydowns, (2000.0, 9000.0), hill)
    with pytest.raises(InputError, match="499 m above sea level lies under the ground at"):
        check_levels(turkey, turkey.laydowns, (9000.0, 499.0), hill)
    check_on_model(turkey.laydowns, hill, "hill", {})
    with pytest.raises(OutsideTerrainError):
        check_on_model(turkey.laydowns, lambda lat, lon: np.full(np.shape(lat), np.nan), "hill", {})


def test_links_by_rule_are_all_pairs_or_those_of_one_system(turkey) -> None:
    laydown = next(x for x in turkey.laydowns if len({u.system for u in x.units}) > 1 and x.network.shares_track)
    pairs = laydown.network.shares_track
    assert all(a != b for a, b in pairs)
    system = {u.uid: u.system for u in laydown.units}
    same = {(a, b) for a in system for b in system if a != b and system[a] == system[b]}
    every = {(a, b) for a in system for b in system if a != b}
    assert pairs in (frozenset(same), frozenset(every))


def test_payments_by_share_are_shares_of_the_price(turkey) -> None:
    priced = [offer for offer in turkey.offers if offer.price_usd and any(p.share for p in offer.payments)]
    assert priced
    for offer in priced:
        for payment in offer.payments:
            if payment.share is not None:
                assert payment.amount_usd == pytest.approx(payment.share * offer.price_usd)
