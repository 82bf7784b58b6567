"""The figures behind a raid are those that staging it draws, and those of its records."""

import pytest

from ringtrue.catalogue.load import load_catalogue
from ringtrue.coverage.chain import parameters_in
from ringtrue.engagement.compile import stage_raid
from ringtrue.geo.elevation import open_model
from ringtrue.scenario.checks import known_ids
from ringtrue.scenario.identification import under_doctrine
from ringtrue.scenario.load import load_scenario
from ringtrue.studies.raid_parameters import raid_parameters, sources_of

CATALOGUE = load_catalogue()


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("minimal", ()),
        ("saturation", ("doctrine.identification_delay=0 s", "doctrine.identification_error_friendly=1 %")),
        ("turkey-2019", ()),
    ],
)
def test_they_are_what_staging_the_raid_draws(name, settings):
    scenario = load_scenario(name, settings, known_ids(CATALOGUE))
    laydown = max(scenario.laydowns, key=lambda x: len(x.units)).id
    raid = scenario.raids[-1].id
    stage = stage_raid(scenario, laydown, raid, CATALOGUE, open_model("none"), n_draws=2, seed=1)
    records = (
        *(CATALOGUE.fire_units[unit.id] for unit in stage.units),
        *(CATALOGUE.radars[radar.id] for pair in stage.radars for radar in pair),
        *(CATALOGUE.interceptors[interceptor.id] for interceptor in stage.interceptors),
        *(under_doctrine(CATALOGUE.targets[target], scenario.doctrine) for target in stage.classes),
    )
    found = raid_parameters(scenario, laydown, raid, CATALOGUE)
    assert {p.id for p in found} == {p.id for p in (*stage.parameters, *parameters_in(records))}
    assert len({p.id for p in found}) == len(found)
    assert all(p.source in sources_of(found, CATALOGUE) for p in found if p.origin == "read")


def test_a_raid_that_meets_nobody_rests_on_its_targets_and_rules_alone():
    scenario = load_scenario("turkey-2019", (), known_ids(CATALOGUE))
    empty = next(x.id for x in scenario.laydowns if not x.units)
    found = {p.id for p in raid_parameters(scenario, empty, scenario.raids[0].id, CATALOGUE)}
    assert any(p.startswith("target.") for p in found)
    assert not any(p.startswith(("radar.", "interceptor.", "fire-unit.")) for p in found)
