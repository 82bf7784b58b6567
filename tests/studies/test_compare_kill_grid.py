"""The curve over kill probability is bit for bit what the simulation gives point by point."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ringtrue.catalogue.load import load_catalogue
from ringtrue.engagement.compile import compile_case, stage_raid
from ringtrue.engagement.kill_grid import KillGrid
from ringtrue.engagement.simulate import simulate
from ringtrue.geo.elevation import open_model
from ringtrue.scenario.load import load_scenario
from ringtrue.sensing.run import Run

GRID = (0.0, 0.4, 1.0)


@pytest.mark.parametrize("laydown", ["neither", "both-networked"])
def test_point_by_point(laydown: str) -> None:
    stage = stage_raid(
        load_scenario("turkey-2019"), laydown, "mixed-40", Run(load_catalogue(), open_model("none"), n_draws=5, seed=3)
    )
    case = compile_case(stage)
    grid = KillGrid(GRID, n_draws=4, n_replications=6)
    curve = simulate(case, seed=3, n_replications=9, kill_grid=grid).leakers_at
    assert curve.shape == (len(GRID), 4, 6)
    for point, p_kill in enumerate(GRID):
        fixed = replace(case, arrays=case.arrays._replace(p_kill=np.full_like(case.arrays.p_kill, p_kill)))
        alone = simulate(fixed, seed=3, n_replications=6).count("leakers")
        np.testing.assert_array_equal(curve[point], alone[:4])
    assert (curve[0] == case.n_hostile).all()
    np.testing.assert_array_equal(curve, simulate(case, seed=3, n_replications=9, threads=1, kill_grid=grid).leakers_at)
