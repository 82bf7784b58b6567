"""Time raid and sweep beside another copy of the source: ``python -m benchmarks.beside OLD_TREE [ROUNDS]``.

OLD_TREE holds an older commit, made by ``git worktree add /somewhere/old 56e3e7c``. Both copies play the reference raid
of their own ``benchmarks.raid.reference`` and sweep the same shipped ground, on one thread, each in a process of its
own that is warm before it is timed. They take turns, and each round gives one ratio of processor times; above 1 the
copy that this is run from is faster. Compiled code of each copy is kept in a folder that is removed at the end.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parents[1]
ROUNDS = 5
CHILD = """
import json, time
from benchmarks.raid.reference import reference_raid
from benchmarks.sweep.__main__ import K, PLACES, grid
from ringtrue.engagement.simulate import simulate
from ringtrue.geo.sweep import edge_sweep

def least_s(call):
    call()
    spent = []
    for _ in range(3):
        start = time.process_time()
        call()
        spent.append(time.process_time() - start)
    return min(spent)

case = reference_raid()
ground = grid(next(iter(PLACES.values())), 90.0, 2000)
asked = {"cell_m": 90.0, "k_factor": K, "reach_m": 180e3, "threads": 1}
print(json.dumps({
    "raid, 10,000 replications": least_s(lambda: simulate(case, seed=7, n_replications=10_000, threads=1)),
    "sweep, 180 km at 90 m": least_s(lambda: edge_sweep(ground, float(ground[2000, 2000]) + 25.0, **asked)),
}))
"""


def spent_s(tree: Path, cache: Path) -> dict[str, float]:
    """Processor time [s] of raid and sweep in one copy of the source."""
    environment = {**os.environ, "PYTHONPATH": f"{tree / 'src'}{os.pathsep}{tree}", "RINGTRUE_CACHE": str(cache)}
    told = subprocess.run(
        [sys.executable, "-c", CHILD], cwd=tree, env=environment, check=True, capture_output=True, text=True
    )  # fmt: skip
    found: dict[str, float] = json.loads(told.stdout)
    return found


def main(old: Path, rounds: int) -> None:
    """Let both copies take turns and print the ratios."""
    spent: dict[str, list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            before, after = (spent_s(tree, Path(folder) / name) for name, tree in (("old", old), ("new", HERE)))
            for name, seconds in before.items():
                spent.setdefault(name, []).append((seconds, after[name]))
    print(f"{'processor time [s], medians of ' + str(rounds) + ' rounds':42}{'old':>8}{'new':>8}   old / new")
    for name, pairs in spent.items():
        seconds = np.array(pairs)
        ratio = seconds[:, 0] / seconds[:, 1]
        before_s, after_s = np.median(seconds, axis=0)
        span = f"[{ratio.min():.3f} to {ratio.max():.3f}]"
        print(f"{name:42}{before_s:8.3f}{after_s:8.3f}   {np.median(ratio):.3f} {span}")


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 3 or not (Path(sys.argv[1]) / "src" / "ringtrue").is_dir():
        sys.exit("usage: python -m benchmarks.beside OLD_TREE [ROUNDS]; OLD_TREE holds src/ringtrue and benchmarks")
    main(Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) == 3 else ROUNDS)
