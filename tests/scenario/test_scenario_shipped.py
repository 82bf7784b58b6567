"""The shipped scenarios say what the design and the story say."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from ringtrue.catalogue.load import load_catalogue
from ringtrue.catalogue.spread import MIDDLE_WITHIN
from ringtrue.scenario.checks import known_ids
from ringtrue.scenario.draw import draw_parameter
from ringtrue.scenario.flights import check_above_ground, friendly_flights, pattern_flights, raid_flights
from ringtrue.scenario.laydowns import with_fire_units
from ringtrue.scenario.load import load_scenario, shipped_scenarios

ROOT = Path(__file__).parents[2]
RULE = [("ankara", "LTAE"), ("istanbul", "LTBA"), ("izmir", "LTBJ"), ("adana", "LTAG")]


@pytest.fixture(scope="module")
def known():
    return known_ids(load_catalogue())


@pytest.fixture(scope="module")
def turkey(known):
    return load_scenario("turkey-2019", known=known)


@pytest.fixture(scope="module")
def airports():
    with (ROOT / "tests/data/airports_18-50E_30-50N.csv").open(encoding="utf-8") as rows:
        return {row["icao"]: (float(row["lat"]), float(row["lon"])) for row in csv.DictReader(rows)}


@pytest.mark.parametrize("name", shipped_scenarios())
def test_every_name_is_in_the_catalogue_and_the_position_is_owned_up_to(name, known) -> None:
    scenario = load_scenario(name, known=known)
    assert scenario.name == name
    assert any("stand for an unknown position" in sentence for sentence in scenario.declared)
    assert all(raid.reason for raid in scenario.raids), "a raid is an assumption and wants a reason"
    assert all(parameter.note for parameter in scenario.assumptions)


def test_the_six_scenarios_are_there() -> None:
    assert shipped_scenarios() == (
        "exposure-anatolia", "minimal", "relocation", "saturation", "turkey-2019", "two-bearings",
    )  # fmt: skip


def test_places_are_the_airports_of_the_table_in_the_order_of_the_rule(turkey, airports) -> None:
    places = [(place.id, place.latitude_deg, place.longitude_deg) for place in turkey.places]
    assert places == [(name, *airports[icao]) for name, icao in RULE]


def test_patterns_fly_between_airports_of_the_table(airports) -> None:
    ends = {"erhac-murted": ("LTAT", "LTAE"), "erhac-konya": ("LTAT", "LTAN"), "konya-eskisehir": ("LTAN", "LTBI"),
            "incirlik-merzifon": ("LTAG", "LTAP"), "konya-racetrack": ("LTAN", "LTAN"),
            "low-eskisehir-murted": ("LTBI", "LTAE")}  # fmt: skip
    patterns = load_scenario("exposure-anatolia").patterns
    found = {p.uid: [(w.latitude_deg, w.longitude_deg) for w in (p.path[0], p.path[-1])] for p in patterns}
    assert found == {uid: [airports[icao] for icao in icaos] for uid, icaos in ends.items()}
    assert all(pattern.targets == ("f-35", "f-35:reflector", "f-16") for pattern in patterns)


def test_the_laydown_rule(turkey) -> None:
    stands = {laydown.id: [unit.place for unit in laydown.units] for laydown in turkey.laydowns}
    four = [name for name, _ in RULE]
    assert stands["neither"] == []
    assert stands["one-s-400"] == stands["one-patriot"] == ["ankara"]
    assert stands["s-400-regiment"] == stands["s-400-regiment-40n6e"] == ["ankara", "istanbul"]
    assert stands["s-400-four"] == stands["s-400-four-40n6e"] == stands["patriot"] == four
    assert stands["s-400-as-reported"] == ["ankara", "ankara"]
    assert stands["both"] == stands["both-networked"] == ["ankara", "istanbul", *four]
    uids = [unit.uid for unit in turkey.laydown("s-400-as-reported").units]
    assert uids == ["s-400-tr@ankara", "s-400-tr@ankara-2"]


def test_rival_laydowns_share_the_uids_of_their_units(turkey) -> None:
    """The same unit under another fit or network keeps its luck."""
    both = {unit.uid for unit in turkey.laydown("both").units}
    assert {unit.uid for unit in turkey.laydown("both-networked").units} == both
    assert {unit.uid for unit in turkey.laydown("patriot").units} <= both
    assert {unit.uid for unit in turkey.laydown("s-400-regiment-40n6e").units} <= both
    assert {unit.fit for unit in turkey.laydown("s-400-four-40n6e").units} == {"40n6e"}


def test_the_wire_is_cut_step_by_step(turkey) -> None:
    sizes = [
        tuple(len(pairs) for pairs in (net.shares_track, net.coordinates_fire, net.identifies_for))
        for net in (turkey.laydown(name).network for name in (
            "both", "both-picture", "both-picture-and-fire", "both-networked"))
    ]  # fmt: skip
    own, every = 2 * 1 + 4 * 3, 6 * 5
    assert sizes == [(own, own, own), (every, own, own), (every, every, own), (every, every, every)]
    alone = turkey.laydown("one-s-400").network
    assert (alone.id, len(alone.shares_track)) == ("alone", 0)


def test_the_patriot_package_as_notified(turkey) -> None:
    """20 launchers; 60 MSE and 60 of 80 GEM-T on rails, which is 120 of 140; nothing lost in sharing out."""
    units = turkey.laydown("patriot").units
    total = {"pac-3-mse": [0, 0, 0], "gem-t": [0, 0, 0]}
    for unit in units:
        assert sum(magazine.launchers for magazine in unit.magazines) == unit.launchers == 5
        for m in unit.magazines:
            assert m.ready <= m.launchers * {"pac-3-mse": 12, "gem-t": 4}[m.interceptor]
            total[m.interceptor] = [
                a + b for a, b in zip(total[m.interceptor], (m.launchers, m.ready, m.reloads), strict=True)
            ]
    assert total == {"pac-3-mse": [5, 60, 0], "gem-t": [15, 60, 20]}


def test_raids_are_spread_evenly_over_the_cities(turkey) -> None:
    sizes = {}
    for raid in turkey.raids:
        flights = raid_flights(turkey, raid.id)
        assert len({flight.uid for flight in flights}) == len(flights)
        classes = {}
        for flight in flights:
            classes.setdefault(flight.target, []).append(flight.aim)
        for aims in classes.values():
            assert {aims.count(asset.uid) for asset in turkey.assets} == {len(aims) // 4}
        sizes[raid.id] = {target: len(aims) for target, aims in classes.items()}
    assert sizes == {
        "drones-24": {"one-way-uav": 24},
        "cruise-16": {"cruise-missile": 16},
        "mixed-40": {"one-way-uav": 16, "cruise-missile": 12, "su-35": 8, "srbm": 4},
        "srbm-8": {"srbm": 8},
    }
    assert len(friendly_flights(turkey)) == 8


def test_the_waves_of_the_mixed_raid_arrive_together(turkey) -> None:
    """Straight ways at the nominal speeds of the catalogue: all first arrivals within five minutes."""
    catalogue = load_catalogue()
    arrivals = [
        wave.start_s + wave.start_distance_m / catalogue.targets[wave.target].speed_mps.nominal
        for wave in turkey.raid("mixed-40").waves
    ]
    assert max(arrivals) - min(arrivals) < 300.0


def test_offers_carry_the_published_figures(turkey) -> None:
    offers = {offer.id: offer for offer in turkey.offers}
    assert {name: (o.fire_units, o.launchers, o.price_usd, o.price_year) for name, o in offers.items()} == {
        "s-400-regiment": (2, 16, 2.5e9, 2017),
        "s-400-four": (4, 32, 2.5e9, 2017),
        "s-400-second": (2, 16, None, None),
        "patriot-2018": (4, 20, 3.5e9, 2018),
        "f-35": (0, 0, 16e9, 2014),
    }
    assert offers["patriot-2018"].rounds == (("gem-t", 80), ("pac-3-mse", 60))
    assert dict(offers["patriot-2018"].items)["AN/MPQ-65 radar sets"] == 4
    assert [p.amount_usd for p in offers["s-400-four"].payments] == pytest.approx([1.125e9, 1.375e9])
    assert [p.amount_usd for p in offers["f-35"].payments] == [0.9e9, 1.25e9, 1.4e9]
    assert all(offer.source for offer in offers.values())
    assert offers["s-400-regiment"].contract_date == offers["s-400-four"].contract_date == date(2017, 4, 11)


def test_the_sweep_of_saturation_runs_from_4_to_96() -> None:
    sweep = load_scenario("saturation").study.sweep
    sizes = [
        len(raid_flights(load_scenario("saturation", [f"{sweep.setting}={value}"]), "swarm")) for value in sweep.values
    ]
    assert sizes == [4, 8, 12, 16, 24, 32, 48, 64, 96]


def test_relocation_puts_the_whole_regiment_at_one_city() -> None:
    scenario = load_scenario("relocation")
    assert [[unit.place for unit in laydown.units] for laydown in scenario.laydowns] == [
        [city] * 2 for city in ("ankara", "istanbul", "odesa", "kyiv")
    ]


def test_every_class_flies_every_pattern() -> None:
    scenario = load_scenario("exposure-anatolia")
    flights = pattern_flights(scenario)
    assert [flight.uid for flight in flights[:3]] == [
        "erhac-murted/f-35", "erhac-murted/f-35:reflector", "erhac-murted/f-16",
    ]  # fmt: skip
    assert len(flights) == 3 * len(scenario.patterns)
    assert {flight.way for flight in flights[:3]} == {scenario.patterns[0].path}


@pytest.mark.parametrize("name", ["turkey-2019", "exposure-anatolia"])
def test_no_shipped_path_runs_under_the_ground(name: str) -> None:
    from ringtrue.geo.elevation import open_model

    scenario = load_scenario(name)
    raids = [flight for raid in scenario.raids for flight in raid_flights(scenario, raid.id)]
    flights = [*raids, *friendly_flights(scenario), *pattern_flights(scenario)]
    assert any(flight.altitude_m is not None for flight in flights)
    check_above_ground(flights, open_model(None).sample, scenario.written_at)


def test_a_laydown_grows_down_the_rule_as_units_are_delivered(turkey) -> None:
    whole = turkey.laydown("both-networked")
    some = with_fire_units(whole, {"s-400-tr": 1, "patriot-2018": 2})
    assert [unit.uid for unit in some.units] == ["s-400-tr@ankara", "patriot-2018@ankara", "patriot-2018@istanbul"]
    assert some.network.members == tuple(unit.uid for unit in some.units)
    assert len(some.network.shares_track) == len(some.network.identifies_for) == 3 * 2
    assert with_fire_units(whole, {}).units == ()
    assert with_fire_units(whole, {"s-400-tr": 9, "patriot-2018": 9}) == whole


@pytest.mark.parametrize("path", [*shipped_scenarios(), *sorted(str(p) for p in (ROOT / "examples").glob("*.toml"))])
def test_the_spreads_of_a_scenario_have_their_nominal_value_in_the_middle(path, known) -> None:
    spreads = [p for p in load_scenario(path, known=known).assumptions if p.low < p.high]
    off = {p.id: float(np.median(draw_parameter(p, 1001, seed=1))) / p.nominal - 1.0 for p in spreads}
    assert {name: value for name, value in off.items() if abs(value) > MIDDLE_WITHIN} == {}
