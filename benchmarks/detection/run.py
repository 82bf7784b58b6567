"""Time and error of the detection look-up and of the critical range.

    python benchmarks/detection/run.py

Prints nanoseconds and errors; it judges nothing. Accuracy is asserted in tests/radar/test_detection_laws.py.
"""

from __future__ import annotations

import sys
from time import perf_counter

import numpy as np

from ringtrue.radar import _kernels, detection, equation


def best_s(call, repeats: int = 7) -> float:
    """Shortest of several runs [s]."""
    times = []
    for _ in range(repeats):
        start = perf_counter()
        call()
        times.append(perf_counter() - start)
    return min(times)


def main() -> None:
    """Measure and print."""
    generator = np.random.default_rng(1)
    snr = 10 ** generator.uniform(-3.5, 5.0, 1_000_000)
    out = np.empty_like(snr)
    table = detection.pd_table(1e-6, 1, 1)
    start = perf_counter()
    _kernels.look_up_many(snr[:1], table, out[:1])
    lines = [f"first call (compile or load from cache)   {perf_counter() - start:8.2f} s"]
    look_up_s = best_s(lambda: _kernels.look_up_many(snr, table, out))
    lines.append(f"look-up                                   {look_up_s * 1e3:8.2f} ns each")
    for case in range(5):
        some = snr[:20_000]
        exact_s = best_s(lambda case=case, some=some: detection.p_detect(some, 1e-6, 10, case), 3)
        lines.append(f"exact, case {case}, 10 samples                 {exact_s / 20_000 * 1e9:8.0f} ns each")
    worst = 0.0
    for n_pulses in (1, 3, 10, 24, 100):
        for p_false in (1e-8, 1e-6, 1e-4, 1e-2):
            for case in range(5):
                some, got = snr[:5_000], out[:5_000]
                _kernels.look_up_many(some, detection.pd_table(p_false, n_pulses, case), got)
                worst = max(worst, float(np.abs(got - detection.p_detect(some, p_false, n_pulses, case)).max()))
    lines.append(f"largest error, 100 detectors              {worst:8.1e}")
    draws = generator.uniform(300e3, 570e3, (1000, 1))
    rcs = np.geomspace(1e-3, 100.0, 7)

    def critical() -> None:
        equation.critical_slant_range_m(
            rcs,
            reference_range_m=draws,
            reference_rcs_m2=4.0,
            attenuation_db_per_km=0.0075,
            reference_attenuation_db_per_km=0.0075,
            loss_db=3.0,
            jam_to_noise_ratio=1.0,
        )

    lines.append(f"critical range, 1000 draws x 7 targets    {best_s(critical) * 1e3:8.2f} ms")
    inverse_s = best_s(lambda: detection.required_snr_ratio(0.5, np.full(1000, 1e-6), 10, 3), 3)
    lines.append(f"required ratio, 1000 values, case 3       {inverse_s * 1e3:8.1f} ms")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
