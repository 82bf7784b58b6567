"""Ten seeds of the shipped claims, and how often each verdict differs: ``python -m benchmarks.claims [SEEDS]``.

The suite tries three seeds; the last run of this is told in docs/methods/claims.md.
"""

from __future__ import annotations

import sys
import time

import ringtrue.api as rt


def verdicts(seed: int) -> dict[str, str]:
    """Return the verdict on every row of the shipped claims with one seed."""
    return {row.id: row.verdict for row in rt.claims(seed=seed).rows}


def main(n_seeds: int) -> int:
    """Print a line for each seed: rows, processor time and the rows whose verdict is not that of seed 1."""
    first, n_other = verdicts(1), 0
    for seed in range(2, n_seeds + 1):
        began_s = time.process_time()
        found = verdicts(seed)
        other = {name: f"{first.get(name)} -> {verdict}" for name, verdict in found.items() if first[name] != verdict}
        n_other += len(other)
        print(f"seed {seed}: {len(found)} rows, {time.process_time() - began_s:.0f} s, other than seed 1: {other}")
    return 1 if n_other else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10))
