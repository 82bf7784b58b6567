"""Loading: settings, hash, spreads, flights, magazines, and the page and JSON Schema made from the same schema."""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
import tomllib
from importlib import resources
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringtrue.errors import InputError
from ringtrue.geo.geodesy import inverse
from ringtrue.scenario.describe import reference_page, scenario_json_schema
from ringtrue.scenario.flights import check_above_ground, friendly_flights, raid_flights, sample_way
from ringtrue.scenario.keys import Waypoint
from ringtrue.scenario.load import load_scenario, parse_scenario, shipped_scenarios
from ringtrue.scenario.magazines import load_launchers, share_out
from ringtrue.scenario.records import Loading
from ringtrue.scenario.schema import SCENARIO, sections
from ringtrue.scenario.settings import apply_settings

ROOT = Path(__file__).parents[2]


def shipped_text(name: str) -> str:
    return (resources.files("ringtrue.scenario") / "data" / f"{name}.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("setting", "read"),
    [
        ("raid.cruise-4.count=8", lambda s: s.raids[0].waves[0].count),
        ("raid.r1.count=8", lambda s: s.raids[0].waves[0].count),
        ("raid.0.wave.0.count=8", lambda s: s.raids[0].waves[0].count),
        ("raid.cruise-4.wave.r1.count = 8", lambda s: s.raids[0].waves[0].count),
        ("doctrine.salvo=8", lambda s: s.doctrine.salvo),
        ("doctrine.assessment_delay=8 s", lambda s: s.doctrine.assessment_delay_s.nominal),
        ("laydown.one-s-400.mast=8 m", lambda s: s.laydowns[0].units[0].mast_height_m),
        ("laydown.one-s-400.s-400-1.mast=8 m", lambda s: s.laydowns[0].units[0].mast_height_m),
        ("environment.rain=8 mm/h", lambda s: s.environment.rain_mm_per_h.high),
    ],
)
def test_a_setting_reaches_its_key(setting: str, read) -> None:
    more = ["doctrine.max_shots=16"]
    assert read(load_scenario("minimal", [setting, *more])) == 8


def test_a_setting_can_change_one_end_of_a_spread() -> None:
    changed = load_scenario("exposure-anatolia", ["pattern.erhac-konya.flights_per_week.high=30"])
    assert {p.uid: p.flights_per_week.high for p in changed.patterns}["erhac-konya"] == 30


def test_settings_leave_the_document_they_are_given() -> None:
    document = tomllib.loads(shipped_text("minimal"))
    before = json.dumps(document)
    assert apply_settings(document, ["raid.r1.count=8"])["raid"][0]["wave"][0]["count"] == 8
    assert json.dumps(document) == before


def test_the_hash_follows_content_and_not_layout() -> None:
    text = shipped_text("minimal")
    plain = parse_scenario(text, "a.toml").content_hash
    assert parse_scenario("# more words\n\n" + text, "b.toml").content_hash == plain
    assert parse_scenario(text, "a.toml", ["raid.r1.count=5"]).content_hash != plain
    assert parse_scenario(text, "a.toml", ["raid.r1.count=4"]).content_hash == plain


def test_a_path_is_a_path(tmp_path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(shipped_text("minimal"), encoding="utf-8")
    assert load_scenario(str(path)).name == "mine"


def test_parameters_are_declared_once_with_their_address() -> None:
    scenario = load_scenario("minimal", ["doctrine.assessment_delay=8 s"])
    ids = [parameter.id for parameter in scenario.parameters]
    assert ids == ["doctrine.assessment_delay", "environment.noise_rise", "environment.rain"]
    assert scenario.parameters[0].note == "given with --set"
    assert all(parameter.origin == "assumed" for parameter in scenario.parameters)
    assert scenario.doctrine.identification_delay_s is None, "what the catalogue assumes is not assumed twice"


def test_a_sourced_spread_is_no_assumption() -> None:
    text = shipped_text("minimal") + (
        '\n[doctrine]\nassessment_delay = { low = "4 s", nominal = "6 s", high = "9 s", source = "K1", '
        'confidence = "C" }\n'
    )
    parameter = parse_scenario(text, "t.toml").doctrine.assessment_delay_s
    assert (parameter.low, parameter.nominal, parameter.high) == (4.0, 6.0, 9.0)
    assert (parameter.origin, parameter.source, parameter.spread) == ("read", "K1", "split")


def test_a_target_starts_at_its_distance_and_bearing_from_the_aim() -> None:
    scenario = load_scenario("minimal")
    for i, flight in enumerate(raid_flights(scenario, "cruise-4")):
        start, aim = flight.way
        leg = inverse(aim.latitude_deg, aim.longitude_deg, start.latitude_deg, start.longitude_deg)
        assert float(leg[0]) == pytest.approx(200e3, abs=1e-3)
        assert float(leg[1]) == pytest.approx(math.radians(135.0), abs=1e-9)
        assert (flight.start_s, flight.height_m, flight.aim) == (20.0 * i, 50.0, "ankara-city")


def test_a_path_ends_at_the_aim_and_a_unit_can_be_one() -> None:
    text = shipped_text("minimal").replace('bearing = "135 deg"\nstart_distance = "200 km"', "path = [[38.0, 35.0]]")
    scenario = parse_scenario(text.replace('aim = ["ankara-city"]', 'aim = ["ankara-city", "s-400-1"]'), "t.toml")
    first, second = raid_flights(scenario, "cruise-4")[:2]
    assert first.way == (Waypoint(38.0, 35.0), Waypoint(39.9199, 32.8543))
    assert second.way == (Waypoint(38.0, 35.0), Waypoint(40.0789, 32.5656))


def test_a_path_under_ground_is_named_with_its_place() -> None:
    scenario = load_scenario("turkey-2019")
    flights = friendly_flights(scenario)

    def ridge(latitude_deg, longitude_deg):
        """A wall of 5,200 m between 39 and 39.05 N; no model north of 40 N."""
        ground = np.where((latitude_deg > 39.0) & (latitude_deg < 39.05), 5200.0, 900.0)
        return np.where(latitude_deg > 40.0, np.nan, ground)

    with pytest.raises(InputError) as error:
        check_above_ground(flights, ridge, scenario.written_at)
    text = str(error.value)
    line = shipped_text("turkey-2019").splitlines().index('uid = "friend-konya-murted"') + 1
    found = re.match(r"turkey-2019\.toml:(\d+): friendly\.friend-konya-murted\.altitude: (.*)", text)
    assert found is not None
    assert "altitude" in shipped_text("turkey-2019").splitlines()[int(found[1]) - 1]
    assert line < int(found[1]) < line + 12
    assert found[2].startswith("5000 m lies under the ground, which is 5200 m at 39.0")
    assert text.endswith("raise the altitude, or give a height above ground")
    check_above_ground(flights, lambda latitude, longitude: np.full(latitude.shape, 4999.0), scenario.written_at)


def test_points_of_a_way_are_never_further_apart_than_the_step() -> None:
    way = (Waypoint(38.0, 32.0), Waypoint(39.0, 33.0), Waypoint(39.0, 33.5))
    latitude, longitude = sample_way(way, 1000.0)
    apart = inverse(latitude[:-1], longitude[:-1], latitude[1:], longitude[1:])[0]
    assert float(np.max(apart)) <= 1000.0 + 1e-6
    assert (latitude[0], longitude[0]) == pytest.approx((38.0, 32.0))
    assert (latitude[-1], longitude[-1]) == pytest.approx((39.0, 33.5))


LOADINGS = st.lists(st.tuples(st.integers(0, 200), st.integers(1, 16)), min_size=1, max_size=4)


@settings(derandomize=True, deadline=None)
@given(st.integers(0, 60), LOADINGS, st.integers(1, 7))
def test_no_round_and_no_launcher_is_lost_or_made(launchers: int, types: list[tuple[int, int]], n_units: int) -> None:
    loadings = [Loading(interceptor=str(i), rounds=rounds, per_launcher=per) for i, (rounds, per) in enumerate(types)]
    magazines = load_launchers(launchers, loadings)
    shares = share_out(magazines, n_units)
    assert sum(magazine.launchers for magazine in magazines) <= launchers
    per_unit = [sum(magazine.launchers for magazine in share) for share in shares]
    assert max(per_unit) - min(per_unit) <= 1
    for i, (loading, magazine) in enumerate(zip(loadings, magazines, strict=True)):
        assert magazine.ready + magazine.reloads == loading.rounds
        assert magazine.ready <= magazine.launchers * loading.per_launcher
        mine = [share[i] for share in shares]
        assert sum(m.launchers for m in mine) == magazine.launchers
        assert (sum(m.ready for m in mine), sum(m.reloads for m in mine)) == (magazine.ready, magazine.reloads)
        assert all(m.ready <= m.launchers * loading.per_launcher for m in mine)


def test_the_reference_page_is_up_to_date() -> None:
    page = (ROOT / "docs/methods/scenario-files.md").read_text(encoding="utf-8")
    assert page == reference_page(), (
        "write ringtrue.scenario.describe.reference_page() to docs/methods/scenario-files.md"
    )


def test_the_reference_page_has_every_key() -> None:
    page = reference_page()
    assert all(f"| `{key.name}` |" in page for _, table in sections(SCENARIO) for key in table.keys)


@pytest.mark.parametrize("name", shipped_scenarios())
def test_json_schema_accepts_what_the_loader_accepts(name: str) -> None:
    schema = scenario_json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    document = json.loads(json.dumps(tomllib.loads(shipped_text(name)), default=str))
    jsonschema.validate(document, schema, jsonschema.Draft202012Validator)


@pytest.mark.parametrize(
    ("old", "new"),
    [("count = 4", 'count = "four"'), ("spacing", "spcing"), ("[39.9199, 32.8543]", "[95.0, 32.8543]"),
     ('title = "Four', 'titel = "Four')],
)  # fmt: skip
def test_json_schema_refuses_what_the_loader_refuses(old: str, new: str) -> None:
    spoiled = shipped_text("minimal").replace(old, new, 1)
    with pytest.raises(InputError):
        parse_scenario(spoiled, "t.toml")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tomllib.loads(spoiled), scenario_json_schema(), jsonschema.Draft202012Validator)


def test_loading_a_scenario_does_not_load_what_is_heavy() -> None:
    code = (
        "import sys; from ringtrue.scenario.load import load_scenario; load_scenario('minimal');"
        "heavy = ('numba', 'pint', 'scipy', 'pydantic', 'rich', 'rasterio', 'matplotlib');"
        "print([m for m in heavy if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.toml")), ids=lambda path: path.name)
def test_examples_load(path: Path) -> None:
    from ringtrue.catalogue.load import load_catalogue
    from ringtrue.scenario.checks import known_ids

    assert load_scenario(str(path), known=known_ids(load_catalogue())).laydowns
