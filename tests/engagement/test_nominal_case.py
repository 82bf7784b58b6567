"""The nominal case of a raid stands behind its draws: the raid with every figure at its nominal value."""

from __future__ import annotations

import numpy as np
import pytest

from ringtrue.catalogue.load import load_catalogue
from ringtrue.engagement.answers import count_answer, leak_share, paired_difference
from ringtrue.engagement.raid import NOMINAL_REPLICATIONS, run_raid
from ringtrue.geo.elevation import open_model
from ringtrue.scenario.load import load_scenario
from ringtrue.sensing.run import Run

CATALOGUE = load_catalogue()
RAID = ("one-s-400", "cruise-4")


def _raid(n_draws: int = 6, n_replications: int = 3, **more):
    run = Run(CATALOGUE, open_model("none", ground_altitude_m=900.0), n_draws=n_draws, seed=2)
    return run_raid(load_scenario("minimal"), *RAID, run, n_replications=n_replications, **more)


def test_it_is_the_raid_that_draw_nominal_plays() -> None:
    """Same figures, same luck, same number of raids: the same counts."""
    alone = _raid(n_replications=NOMINAL_REPLICATIONS, nominal=True)
    behind = _raid().nominal
    assert behind is not None
    assert behind.n_replications == NOMINAL_REPLICATIONS
    assert np.array_equal(behind.mean, alone.mean)
    assert np.array_equal(behind.first_fire_s, alone.first_fire_s, equal_nan=True)
    assert behind.mean.shape[0] == 1


def test_it_does_not_depend_on_the_draws_and_moves_none() -> None:
    few, many = _raid(3), _raid(6, chunks=3)
    assert np.array_equal(few.nominal.mean, many.nominal.mean)
    assert few.n_draws == 3


def test_every_finding_of_a_raid_carries_it() -> None:
    result = _raid()
    for name in result.names:
        assert count_answer(result, name).finding.nominal == result.nominal.of(name)[0], name
    assert leak_share(result).finding.nominal == pytest.approx(result.nominal.of("leakers")[0] / 4)
    assert paired_difference(result, result).nominal == 0.0
    alone = _raid(nominal=True)
    assert leak_share(alone).finding.nominal == leak_share(alone).finding.median
