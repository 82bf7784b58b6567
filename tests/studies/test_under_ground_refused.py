"""An altitude under the ground of a place is refused in one sentence before a study begins, not answered with 0."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ringtrue.catalogue.load import load_catalogue
from ringtrue.coverage.exposure import FlightLedger
from ringtrue.errors import InputError
from ringtrue.geo.elevation import open_model
from ringtrue.scenario.load import load_scenario
from ringtrue.sensing.run import Run
from ringtrue.studies.claim_measures import MEASURES, Bench
from ringtrue.studies.compare import compare
from ringtrue.studies.exposure import _minutes
from ringtrue.studies.relocation import relocation


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


@pytest.mark.parametrize("dem", ["none", None])
@pytest.mark.parametrize(("study", "name"), [(relocation, "relocation"), (compare, "turkey-2019")])
def test_a_study_refuses_the_altitude_with_its_key_and_place(catalogue, study, name, dem):
    scenario = load_scenario(name)
    low = replace(scenario, study=replace(scenario.study, altitudes_m=(3000.0, 200.0)))
    said = r"study\.altitudes: 200 m above sea level lies under the ground at .+ \([\d,]+ m\); raise the altitude"
    with pytest.raises(InputError, match=said):
        study(low, Run(catalogue, open_model(dem), n_draws=2))


@pytest.mark.parametrize("measure", ["engageable-share", "seen-radius", "engageable-radius", "unit-advantage"])
def test_a_claim_refuses_it_too(catalogue, measure):
    bench = Bench(Run(catalogue, open_model("none"), n_draws=4, threads=1), load_scenario("turkey-2019"))
    args = {"system": "s-400", "against": "nasams", "target": "f-16", "altitude": "100 m", "place": "ankara"}
    with pytest.raises(InputError, match=r"altitude 100 m above sea level lies under the ground of the place"):
        MEASURES[measure].function(bench, args)


def test_a_claimed_share_is_of_the_covered_ring(catalogue):
    """Bare earth covers every ring: the share lies within 0 and 1, and no part is named."""
    bench = Bench(Run(catalogue, open_model("none"), n_draws=8, threads=1), load_scenario("turkey-2019"))
    args = {"system": "s-400", "target": "f-16", "altitude": "3000 m", "place": "ankara"}
    outcome = MEASURES["engageable-share"].function(bench, args)
    assert np.all((outcome.values > 0.0) & (outcome.values <= 1.0))
    assert "covers" not in outcome.text


def test_the_share_of_the_time_flown_is_of_the_covered_part():
    """A flight of 1,000 s seen for 200 s, half of it over ground that the model knows: 40 % of what is known."""
    seen = FlightLedger(np.full((3, 3, 4), 200.0 / 12.0), np.full(3, 1000.0), np.zeros(3))
    for covered, wanted in ((1.0, 0.2), (0.5, 0.4)):
        _, share = _minutes([seen], [np.full(3, 7.0)], covered)
        assert share == pytest.approx(wanted)
