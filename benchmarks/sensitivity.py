"""Indices of 20 inputs of Sobol's g-function: seconds, error of the total indices, and whether dummies hold nothing.

python -m benchmarks.sensitivity
"""

from __future__ import annotations

import time

import numpy as np
from scipy.stats import qmc

from ringtrue.studies.doubt.sobol import sobol_of_blocks

WEIGHTS = np.array([0, 0.5, 1, 2, 4, 9, 9, 9, 9, 9, 9, 9, 9, 20, 20, 50, 99, 99, 99, 1e9])
SECONDS, ERROR = 3.0, 0.01


def main() -> None:
    """Print one line for each seed."""
    variance = 1.0 / (3.0 * (1.0 + WEIGHTS) ** 2)
    total = variance * np.prod(1.0 + variance) / (1.0 + variance) / (np.prod(1.0 + variance) - 1.0)
    own = np.arange(WEIGHTS.size)
    for seed in range(5):
        began = time.perf_counter()
        both = qmc.Sobol(2 * WEIGHTS.size, rng=np.random.default_rng(seed)).random(4096)
        a, b = both[:, : WEIGHTS.size], both[:, WEIGHTS.size :]
        points = np.array([a, b, *(np.where(own == i, b, a) for i in own)])
        values = np.prod((np.abs(4.0 * points - 2.0) + WEIGHTS) / (1.0 + WEIGHTS), axis=-1)
        found = sobol_of_blocks(values[:, :, None])
        spent_s = time.perf_counter() - began
        error = float(np.sqrt(np.mean((np.array([one.value for one in found.total]) - total) ** 2)))
        noisy = sobol_of_blocks(values[:, :, None] + np.random.default_rng(seed).normal(size=(*values.shape, 3)))
        dummy = noisy.total[WEIGHTS.size - 1]
        holds = "holds" if dummy.low <= 0.0 <= dummy.high else "misses"
        print(
            f"seed {seed}: {spent_s:.2f} s (at most {SECONDS:g}), total indices to {error:.4f} (at most {ERROR:g}), "
            f"dummy under luck {dummy.low:+.4f} to {dummy.high:+.4f}, {holds} 0"
        )


if __name__ == "__main__":
    main()
