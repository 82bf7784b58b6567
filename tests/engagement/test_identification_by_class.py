"""The raid identifies each target by the rule of its class."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ringtrue.catalogue.load import load_catalogue
from ringtrue.engagement.compile import compile_case, stage_raid
from ringtrue.engagement.raid import run_raid
from ringtrue.engagement.simulate import trace
from ringtrue.engagement.trace import trace_table
from ringtrue.geo.elevation import open_model
from ringtrue.scenario.load import load_scenario
from ringtrue.sensing.run import Run

CATALOGUE = load_catalogue()
BARE = open_model("none")
NO_DELAY = "doctrine.identification_delay=0 s"


def leakers(raid: str, *settings: str, catalogue=CATALOGUE) -> np.ndarray:
    scenario = load_scenario("turkey-2019", settings)
    return run_raid(scenario, "patriot", raid, Run(catalogue, BARE, n_draws=60), n_replications=50).of("leakers")


def identified_after_s(events, target: str) -> float:
    """Time from the first confirmed track of a target to its identification by the same unit."""
    told = next(e for e in events if e.event == "identified" and e.target.startswith(target))
    seen = [e.time_s for e in events if (e.event, e.target, e.unit) == ("confirmed", told.target, told.unit)]
    return told.time_s - min(seen)


@pytest.mark.parametrize("settings", [(), (NO_DELAY,), ("doctrine.identification_delay=33 s",)])
def test_each_class_of_a_mixed_raid_waits_its_own_time(settings):
    scenario = load_scenario("turkey-2019", settings)
    stage = stage_raid(scenario, "one-patriot", "mixed-40", Run(CATALOGUE, BARE, n_draws=1), nominal=True)
    case = compile_case(stage)
    events = trace_table(case, trace(case, seed=1))
    waits = {}
    for flight in stage.flights:
        if any(e.event == "identified" and e.target == flight.uid for e in events):
            waits[stage.targets[flight.target].kind] = identified_after_s(events, flight.uid)
    asked = scenario.doctrine.identification_delay_s
    expected = {"ballistic": 1.0, "drone": 5.0, "aircraft": 10.0, "cruise-missile": 10.0}
    expected = {kind: own if asked is None or kind == "ballistic" else asked.nominal for kind, own in expected.items()}
    assert set(waits) >= {"ballistic", "drone"}
    assert waits == pytest.approx({kind: expected[kind] for kind in waits})


def test_ballistic_leakers_do_not_hang_on_the_rule_for_asking():
    slow = "doctrine.identification_delay=300 s"
    assert leakers("srbm-8", slow).tobytes() == leakers("srbm-8", NO_DELAY).tobytes()
    assert leakers("cruise-16", slow).mean() > 1.2 * leakers("cruise-16", NO_DELAY).mean()


def test_a_ballistic_arc_without_any_delay_changes_the_leakers_by_less_than_a_twentieth():
    """The wait of 0 to 3 s is an assumption: taking it away must not turn an answer."""
    own = CATALOGUE.targets["srbm"]
    at_once = replace(own, identification_delay_s=replace(own.identification_delay_s, low=0.0, nominal=0.0, high=0.0))
    without = leakers("srbm-8", catalogue=replace(CATALOGUE, targets={**CATALOGUE.targets, "srbm": at_once}))
    change = leakers("srbm-8") - without
    error = change.std(ddof=1) / np.sqrt(change.size)
    assert abs(change.mean()) <= max(0.05 * without.mean(), 5.0 * error)


def test_the_raid_says_that_it_is_assumed():
    def notes(raid):
        return stage_raid(load_scenario("turkey-2019"), "one-patriot", raid, Run(CATALOGUE, BARE, n_draws=1)).notes

    said = "Assumed: a ballistic arc tells itself (0 / 1 / 3 s after the track)"
    assert any(note.startswith(said) for note in notes("srbm-8"))
    assert not any(note.startswith(said) for note in notes("cruise-16"))
