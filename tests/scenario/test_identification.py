"""Telling what a track is takes the time its class takes; a rule for asking holds for the classes that are asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from ringtrue.catalogue.load import load_catalogue
from ringtrue.errors import InputError
from ringtrue.scenario.identification import under_doctrine
from ringtrue.scenario.load import load_scenario

CATALOGUE = load_catalogue()
ASKED = sorted(name for name, target in CATALOGUE.targets.items() if target.kind != "ballistic")
BALLISTIC = sorted(set(CATALOGUE.targets) - set(ASKED))


def test_a_ballistic_arc_tells_itself_and_drones_stand_between_it_and_aircraft():
    by_kind = {target.kind: target for target in CATALOGUE.targets.values()}
    arc, drone, aircraft = by_kind["ballistic"], by_kind["drone"], by_kind["aircraft"]
    assert (arc.identification_delay_s.low, arc.identification_delay_s.high) == (0.0, 3.0)
    assert arc.p_taken_for_friendly.high == 0.0
    for corner in ("low", "nominal", "high"):
        between = getattr(drone.identification_delay_s, corner)
        assert getattr(arc.identification_delay_s, corner) < between
        assert between < getattr(aircraft.identification_delay_s, corner)
    assert drone.p_taken_for_friendly.nominal < aircraft.p_taken_for_friendly.nominal
    assert by_kind["cruise-missile"].identification_delay_s.printed == aircraft.identification_delay_s.printed


def test_every_class_says_that_nobody_published_its_delay():
    for target in CATALOGUE.targets.values():
        assert target.identification_delay_s.origin == "assumed"
        assert target.identification_delay_s.copied_from == f"assumption.identification-delay-{target.kind}"
        assert target.identification_delay_s.note


@pytest.mark.parametrize("name", ASKED)
def test_the_doctrine_replaces_what_the_class_says(name):
    settings = ["doctrine.identification_delay=7 s", "doctrine.identification_error_hostile=3 %"]
    changed = under_doctrine(CATALOGUE.targets[name], load_scenario("minimal", settings).doctrine)
    assert changed.identification_delay_s.nominal == 7.0
    assert changed.p_taken_for_friendly.nominal == 0.03


@pytest.mark.parametrize("name", BALLISTIC)
def test_no_rule_for_asking_touches_a_ballistic_arc(name):
    settings = ["doctrine.identification_delay=90 s", "doctrine.identification_error_hostile=50 %"]
    own = CATALOGUE.targets[name]
    changed = under_doctrine(own, load_scenario("minimal", settings).doctrine)
    assert changed.identification_delay_s == own.identification_delay_s
    assert changed.p_taken_for_friendly == own.p_taken_for_friendly


def test_without_a_rule_every_class_is_as_the_catalogue_has_it():
    doctrine = load_scenario("minimal", []).doctrine
    assert all(under_doctrine(target, doctrine) == target for target in CATALOGUE.targets.values())


def test_a_class_may_have_a_figure_of_its_own(tmp_path: Path):
    text = (
        "[target.f-16]\n"
        'identification_delay = { value = 2, unit = "s", origin = "assumed", note = "a test" }\n'
        'p_taken_for_hostile = { value = 0.5, unit = "1", origin = "assumed", note = "a test" }\n'
    )
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    own = load_catalogue(tmp_path)
    assert own.targets["f-16"].identification_delay_s.nominal == 2.0
    assert own.targets["su-35"].p_taken_for_hostile.nominal == 0.5, "a copy of the F-16's record"
    assert own.targets["bomber"].identification_delay_s == CATALOGUE.targets["bomber"].identification_delay_s


def test_an_error_beyond_one_is_refused(tmp_path: Path):
    entry = '{ value = 1.5, unit = "1", origin = "assumed", note = "a test" }'
    (tmp_path / "own.toml").write_text(f"[target.f-16]\np_taken_for_friendly = {entry}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"own.toml: target.f-16.p_taken_for_friendly: '1.5' is too large for a prob"):
        load_catalogue(tmp_path)
