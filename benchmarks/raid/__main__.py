"""Time the same raid in SimPy, in plain Python and in the kernel: ``python -m benchmarks.raid``.

Times are CPU times of this process, the best of several runs; ratios are what counts. Nothing here is asserted.
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable

import numpy as np
from validation.reference_raid import play_reference

from benchmarks.raid.reference import reference_raid
from benchmarks.raid.simpy_raid import SimpyRaid
from ringtrue.engagement.simulate import simulate

SEED = 7


def best_s(function: Callable[[], object], repeats: int) -> float:
    """Least CPU time of several runs."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        function()
        times.append(time.process_time() - start)
    return min(times)


def kernel_rate(n_targets: int, n_replications: int, p_detect: float = 0.9) -> float:
    """Replications per second of CPU time, one thread."""
    case = reference_raid(n_targets, p_detect=p_detect)
    simulate(case, seed=SEED, n_replications=2, threads=1)
    return n_replications / best_s(lambda: simulate(case, seed=SEED, n_replications=n_replications, threads=1), 5)


def main() -> None:
    """Print the table."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, numpy {np.__version__}")
    case = reference_raid()
    n_slow = 30
    simpy_raid = SimpyRaid(case, SEED)
    rate_simpy = n_slow / best_s(lambda: [simpy_raid.play() for _ in range(n_slow)], 3)
    rate_plain = n_slow / best_s(
        lambda: [play_reference(case, seed=SEED, draw=0, replication=r) for r in range(n_slow)], 2
    )
    rate = kernel_rate(24, 20_000)
    certain = kernel_rate(24, 20_000, p_detect=1.0)
    print(
        "\nreference raid: 24 targets, 4 fire units x 6 channels x 32 rounds, shoot-look-shoot, 2 of 3 looks at Pd 0.9"
    )
    print(f"{'':34}{'replications/s':>16}{'kernel is':>14}")
    for name, value in (("SimPy", rate_simpy), ("plain Python (the twin)", rate_plain), ("kernel, one core", rate)):
        print(f"{name:34}{value:16,.0f}{rate / value:13,.0f}x")
    print(f"{'kernel, detection certain':34}{certain:16,.0f}")
    plays = [simpy_raid.play() for _ in range(300)]
    outcome = simulate(case, seed=SEED, n_replications=20_000)
    shots = np.array([play["rounds"] for play in plays], dtype=np.float64)
    print(
        f"\nsame model? mean rounds: SimPy {shots.mean():.2f} +- {shots.std(ddof=1) / np.sqrt(shots.size):.2f}, "
        f"kernel {outcome.count('rounds of round').mean():.2f}"
    )
    print("\ngrowth (kernel, one core)")
    for n in (24, 100, 300):
        speed = kernel_rate(n, 4_000)
        print(f"{n:5} targets {1e6 / speed:10.1f} us a replication {1e6 / speed / n:8.3f} us a target")


if __name__ == "__main__":
    main()
