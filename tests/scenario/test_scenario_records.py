"""A record of a scenario is its own schema: one declaration is read, checked, printed and built."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields, is_dataclass
from importlib import resources
from typing import Any, get_args, get_type_hints

import pytest

from ringtrue.errors import InputError
from ringtrue.scenario.describe import reference_page, scenario_json_schema
from ringtrue.scenario.keys import Waypoint, key, made, table_of
from ringtrue.scenario.read import Document, read_table
from ringtrue.scenario.records import ScenarioFile, catalogue_defaults
from ringtrue.scenario.schema import SCENARIO, sections
from ringtrue.units import DURATION


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """A rule that no scenario has."""

    pause_s: float = key("time between two drills", DURATION, default="5 min")
    crew: int | None = key("people", low=1, high=9)
    way: tuple[Waypoint, ...] = key("where it goes")


def read(text: str) -> Any:
    content = tomllib.loads(text)
    return made(Drill, read_table(Document("drill.toml", content, {}), content, table_of(Drill)))


def test_one_declaration_is_read_in_si_with_its_default_and_bounds() -> None:
    assert read("") == Drill(pause_s=300.0, crew=None, way=())
    assert read('pause = "2 h"\ncrew = 3\nway = [[41.0, 29.0]]') == Drill(
        pause_s=7200.0, crew=3, way=(Waypoint(41.0, 29.0),)
    )
    with pytest.raises(InputError, match=r"drill\.toml: crew: "):
        read("crew = 10")
    with pytest.raises(InputError, match="unknown key 'pauze'; did you mean 'pause'"):
        read('pauze = "2 h"')


def test_a_field_without_a_declaration_is_no_key() -> None:
    declared = {k.field for k in table_of(Drill).keys}
    assert declared == {f.name for f in fields(Drill)}


def records(record: type) -> set[type]:
    """Every record that a file's record holds, itself among them."""
    found = {record}
    for hint in get_type_hints(record).values():
        for part in (hint, *get_args(hint)):
            if isinstance(part, type) and is_dataclass(part) and part.__module__ == "ringtrue.scenario.records":
                found |= records(part)
    return found


def test_every_key_of_every_record_stands_in_schema_and_reference_page() -> None:
    page, n_keys = reference_page(), 0
    for record in records(ScenarioFile):
        for said in table_of(record).keys:
            n_keys += 1
            assert f"| `{said.name}` |" in page
            assert said.text
    listed = [k for _, table in sections() for k in table.keys]
    assert {k.name for record in records(ScenarioFile) for k in table_of(record).keys} == {k.name for k in listed}
    assert n_keys > 100
    assert set(scenario_json_schema()["properties"]) == {f.name for f in fields(ScenarioFile)}


@pytest.mark.parametrize("name", ["turkey-2019", "minimal"])
def test_a_record_holds_what_its_file_says(name: str) -> None:
    text = (resources.files("ringtrue.scenario") / "data" / f"{name}.toml").read_text(encoding="utf-8")
    content = tomllib.loads(text)
    file: ScenarioFile = made(ScenarioFile, read_table(Document(name, content, {}), content, SCENARIO))
    assert file.title == content["title"]
    assert [place.id for place in file.place] == [place["id"] for place in content.get("place", [])]
    assert [len(raid.waves) for raid in file.raid] == [len(raid["wave"]) for raid in content.get("raid", [])]


def test_assumptions_that_stand_in_are_said_where_the_field_is() -> None:
    named = {n: a for record in records(ScenarioFile) for n, a in catalogue_defaults(record).items()}
    assert named["lead_time_s"] == "patriot-lead-time"
    assert set(named) == {
        "assessment_delay_s", "p_friendly_reply", "p_common_mode", "p_available", "latency_s", "p_outage", "clutter_db",
        "lead_time_s", "rate", "years",
    }  # fmt: skip
