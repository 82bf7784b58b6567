"""Fire units that nothing of any raid comes near: who counts as idle, what is said of them, and that it is seen."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

import ringtrue.api as rt
from ringtrue.catalogue.load import load_catalogue
from ringtrue.finding import Finding
from ringtrue.scenario.load import load_scenario
from ringtrue.studies.briefs import engage_brief
from ringtrue.studies.engage import engage_lines
from ringtrue.studies.idle import MOST_NAMED, idle_units, idle_words

NONE = Finding("rounds", "1", 0.0, 0.0, 0.0, nominal=0.0, one_raid=(0.0, 0.0))
SYSTEMS = load_catalogue().systems


def rounds(**changes: object) -> Finding:
    return replace(NONE, **changes)


def row(laydown: str, raid: str, **fired: Finding) -> SimpleNamespace:
    return SimpleNamespace(
        laydown=laydown, raid=raid, rounds_by_unit={uid.replace("_", "-"): found for uid, found in fired.items()}
    )


@pytest.mark.parametrize(
    "fired", [{"high": 0.1}, {"one_raid": (0.0, 1.0)}, {"nominal": 0.2}], ids=["a draw", "a raid", "the nominal case"]
)
def test_a_unit_that_ever_fires_is_not_idle(fired) -> None:
    assert idle_units([row("two", "swarm", north=NONE, south=rounds(**fired))]) == {"two": ("north",)}


def test_a_unit_is_idle_where_every_raid_passes_it_by() -> None:
    first, second = row("two", "swarm", north=NONE, south=NONE), row("two", "salvo", north=NONE, south=rounds(high=2.0))
    assert idle_units([first, second]) == {"two": ("north",)}
    assert idle_units([second]) == {"two": ("north",)}
    assert idle_units([first]) == {"two": ("north", "south")}
    assert idle_units([row("none", "swarm")]) == {}


def laydowns():
    """Two laydowns of one shipped scenario: the same S-400 divisions, with and without links."""
    scenario = load_scenario("two-bearings")
    return [replace(laydown, short=f"the {laydown.id} order") for laydown in scenario.laydowns if laydown.units]


def test_laydowns_in_which_the_same_units_stand_idle_share_a_sentence_with_the_names_of_the_records() -> None:
    one = laydowns()[0]
    twin = replace(one, id="twin", short="its twin")
    still = {unit.uid: NONE for unit in one.units}
    rows = [SimpleNamespace(laydown=y.id, raid=r, rounds_by_unit=still) for y in (one, twin) for r in ("a", "b")]
    said = idle_words(rows, [one, twin], SYSTEMS)
    systems = dict.fromkeys(unit.system for unit in one.units)
    assert len(said) == len(systems)
    for text, system in zip(said, systems, strict=True):
        assert text.startswith(SYSTEMS[system].name)
        assert f"of {one.short} and its twin" in text
        assert "none of the 2 raids comes where" in text
        assert text.endswith("The price counts all the same.")


def test_some_of_several_units_are_named_and_many_are_counted() -> None:
    one = laydowns()[0]
    unit = one.units[0]
    many = replace(one, units=tuple(replace(unit, uid=f"unit-{i}") for i in range(MOST_NAMED + 3)))
    fired = {u.uid: NONE for u in many.units} | {"unit-0": rounds(high=1.0)}
    (said,) = idle_words([SimpleNamespace(laydown=one.id, raid="a", rounds_by_unit=fired)], [many], SYSTEMS)
    n = MOST_NAMED + 2
    assert f"{n} of {n + 1} fire units (unit-1, unit-2, unit-3, unit-4 and 2 more) of" in said
    assert "the raid does not come where they could" in said
    fired = dict.fromkeys((u.uid for u in many.units), rounds(high=1.0)) | {"unit-3": NONE}
    (said,) = idle_words([SimpleNamespace(laydown=one.id, raid="a", rounds_by_unit=fired)], [many], SYSTEMS)
    assert f"1 of {n + 1} fire units (unit-3) of" in said
    assert "where it could" in said
    assert idle_words([], [many], SYSTEMS) == ()


def test_a_battery_that_the_raid_never_comes_near_is_said_on_the_screen_in_full_and_on_the_page(tmp_path) -> None:
    """One Patriot at the depot, one 500 km off: only the second is idle, by its name, wherever the raid is told."""
    text = """
title = "One near, one far"
[[place]]
id = "here"
name = "Here"
at = [44.0, 28.0]
azimuth = "90 deg"
[[place]]
id = "there"
name = "There"
at = [48.0, 24.0]
[[laydown]]
id = "both"
title = "Both"
[[laydown.unit]]
uid = "near"
system = "patriot-battery"
place = "here"
[[laydown.unit]]
uid = "far"
system = "nasams"
place = "there"
[[asset]]
uid = "depot"
name = "Depot"
at = [44.0, 28.0]
[[raid]]
id = "swarm"
title = "Six drones"
reason = "a test"
[[raid.wave]]
uid = "drones"
target = "one-way-uav"
count = 6
spacing = "60 s"
aim = ["depot"]
bearing = "90 deg"
start_distance = "100 km"
height = "500 m"
"""
    file = tmp_path / "far.toml"
    file.write_text(text, encoding="utf-8")
    result = rt.engage(file, dem="none", ground="0 m", draws=6, replications=2, threads=1)
    (said,) = result.found.caveats
    assert said.startswith("NASAMS (AMRAAM): the fire unit of both fires no round in any draw")
    assert said in engage_brief(result.found).warnings
    assert said in " ".join(" ".join(engage_lines(result.found)).split())
    page = tmp_path / "page.html"
    result.save(page)
    html = page.read_text(encoding="utf-8")
    assert html.index("Before you quote it") < html.index(said) < html.index("What gets through")
