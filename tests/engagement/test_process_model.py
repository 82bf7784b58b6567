"""The raid of the benchmark, played by a process model with luck of its own: it agrees with the kernel in law."""

from __future__ import annotations

import numpy as np
from benchmarks.raid.reference import reference_flights, reference_raid
from benchmarks.raid.simpy_raid import SimpyRaid

from ringtrue.engagement.simulate import simulate


def test_a_process_model_of_the_same_rules_fires_as_many_rounds():
    case = reference_raid()
    model = SimpyRaid(case, reference_flights().p_look, seed=5)
    theirs = np.array([model.play()["rounds"] for _ in range(150)])
    ours = simulate(case, seed=5, n_replications=4000, threads=1).count("rounds_by_type/round")[0]
    error = np.hypot(theirs.std(ddof=1) / np.sqrt(theirs.size), ours.std(ddof=1) / np.sqrt(ours.size))
    assert abs(theirs.mean() - ours.mean()) <= 4.0 * error
    assert error < 0.03 * ours.mean()
