"""Time the same raid in SimPy, in plain Python and in the kernel: ``python -m benchmarks.raid``.

Times are CPU times of this process. The speed of a shared machine moves from second to second, so the rivals take turns
and each round gives one ratio; medians and ranges of the rounds are printed. Nothing here is asserted.
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable

import numpy as np
from validation.reference_raid import play_reference

from benchmarks.raid.reference import reference_flights, reference_raid
from benchmarks.raid.simpy_raid import SimpyRaid
from ringtrue.engagement.simulate import simulate

SEED = 7
ROUNDS = 9


def per_second(function: Callable[[], object], count: int) -> float:
    """Replications a second of CPU time when one call plays ``count`` of them."""
    start = time.process_time()
    function()
    return count / (time.process_time() - start)


def kernel_rate(n_targets: int, n_replications: int, p_detect: float = 0.9) -> float:
    """Replications per second of CPU time, one thread: the median of several runs."""
    case = reference_raid(n_targets, p_detect=p_detect)
    simulate(case, seed=SEED, n_replications=2, threads=1)
    rates = [
        per_second(lambda: simulate(case, seed=SEED, n_replications=n_replications, threads=1), n_replications)
        for _ in range(ROUNDS)
    ]
    return float(np.median(rates))


def rounds_of_rivals() -> dict[str, list[float]]:
    """Replications a second of each rival, round by round."""
    case = reference_raid()
    simpy_raid = SimpyRaid(case, reference_flights().p_look, SEED)
    simulate(case, seed=SEED, n_replications=2, threads=1)
    rates: dict[str, list[float]] = {"SimPy": [], "plain Python (the twin)": [], "kernel, one core": []}
    for _ in range(ROUNDS):
        rates["SimPy"].append(per_second(lambda: [simpy_raid.play() for _ in range(60)], 60))
        rates["plain Python (the twin)"].append(
            per_second(lambda: [play_reference(case, seed=SEED, draw=0, replication=r) for r in range(6)], 6)
        )
        rates["kernel, one core"].append(
            per_second(lambda: simulate(case, seed=SEED, n_replications=20_000, threads=1), 20_000)
        )
    return rates


def main() -> None:
    """Print the table."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, numpy {np.__version__}")
    case = reference_raid()
    simpy_raid = SimpyRaid(case, reference_flights().p_look, SEED)
    rates = rounds_of_rivals()
    kernel = np.array(rates["kernel, one core"])
    certain = kernel_rate(24, 20_000, p_detect=1.0)
    print(
        "\nreference raid: 24 targets, 4 fire units x 6 channels x 32 rounds, shoot-look-shoot, 2 of 3 looks at Pd 0.9"
        f"\nmedians of {ROUNDS} rounds, least and greatest round in brackets"
    )
    print(f"{'':26}{'replications/s':>30}{'kernel is':>24}")
    for name, found in rates.items():
        ratio = kernel / np.array(found)
        print(
            f"{name:26}{np.median(found):12,.0f} [{min(found):,.0f} to {max(found):,.0f}]".ljust(56)
            + f"{np.median(ratio):8,.0f}x [{ratio.min():,.0f} to {ratio.max():,.0f}]"
        )
    print(f"{'kernel, detection certain':26}{certain:12,.0f}")
    plays = [simpy_raid.play() for _ in range(300)]
    outcome = simulate(case, seed=SEED, n_replications=20_000)
    shots = np.array([play["rounds"] for play in plays], dtype=np.float64)
    print(
        f"\nsame model? mean rounds: SimPy {shots.mean():.2f} +- {shots.std(ddof=1) / np.sqrt(shots.size):.2f}, "
        f"kernel {outcome.count('rounds_by_type/round').mean():.2f}"
    )
    print("\ngrowth (kernel, one core)")
    for n in (24, 100, 300):
        speed = kernel_rate(n, 4_000)
        print(f"{n:5} targets {1e6 / speed:10.1f} us a replication {1e6 / speed / n:8.3f} us a target")


if __name__ == "__main__":
    main()
