"""Measure how soon work stops that is told to: ``python -m benchmarks.cancel [TRIALS]``.

Audits of an S-400 at a place whose sight is kept, at places never looked from, and with 5,000 draws; a raid on terrain;
the reading of a model of 114 million cells of 1 arc-second (that of ``benchmarks.fine``). Each is told to stop at
random moments of its run, on all cores, in a process of its own that has compiled its loops. What is told is the time
from the flag to the end of the work, and where the slowest stood just before it was stopped.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.fine.__main__ import make as make_fine_model
from ringtrue.cancel import Cancel, Cancelled, heeding
from ringtrue.catalogue.load import load_catalogue
from ringtrue.coverage.audit import audit
from ringtrue.coverage.records import AuditQuestion
from ringtrue.engagement.raid import run_raid
from ringtrue.geo import elevation
from ringtrue.scenario.load import load_scenario
from ringtrue.sensing.run import Run

if TYPE_CHECKING:
    from collections.abc import Callable

    Work = Callable[[Cancel], None]

TRIALS = 50
LOOKED_AFTER_S = 0.05
SCENARIO = "turkey-2019"


class Stop:
    """One piece of work that was told to stop: how long that took [s], and where it stood shortly after the flag."""

    def __init__(self, work: Work, after_s: float) -> None:
        self.took_s, self.stood = 0.0, ""
        cancel = Cancel()
        thread = threading.Thread(target=self._run, args=(work, cancel))
        thread.start()
        thread.join(after_s)
        told = time.perf_counter()
        cancel.set()
        thread.join(LOOKED_AFTER_S)
        frame = sys._current_frames().get(thread.ident or 0)
        if frame is not None:
            ours = [line for line in traceback.extract_stack(frame) if "ringtrue" in line.filename]
            self.stood = " < ".join(f"{line.name}:{line.lineno}" for line in ours[::-1][:5])
        del frame
        thread.join()
        self.took_s = time.perf_counter() - told

    def _run(self, work: Work, cancel: Cancel) -> None:
        with suppress(Cancelled):
            work(cancel)


def audits(n_draws: int, is_new: bool) -> Work:
    """Return an audit of one place, or of another place each time."""
    catalogue, model = load_catalogue(), elevation.open_model(None)
    places = (40.0 + 0.001 * i for i in count())

    def work(cancel: Cancel) -> None:
        question = AuditQuestion(
            system_id="s-400", latitude_deg=next(places) if is_new else 39.9, longitude_deg=32.9,
            targets=("one-way-uav", "f-16"), heights_m=(100.0, 500.0), altitudes_m=(3000.0,),
        )  # fmt: skip
        audit(question, Run(catalogue, model, n_draws=n_draws, cancel=cancel))

    return work


def raids() -> Work:
    """Return the first raid of a scenario."""
    catalogue, model, scenario = load_catalogue(), elevation.open_model(None), load_scenario(SCENARIO)

    def work(cancel: Cancel) -> None:
        run = Run(catalogue, model, n_draws=1000, cancel=cancel)
        run_raid(scenario, scenario.laydowns[0].id, scenario.raids[0].id, run, n_replications=1000)

    return work


def readings() -> Work:
    """Return the reading of a fine model, which is made here."""
    path = Path(os.environ["RINGTRUE_CACHE"]) / "fine.tif"
    make_fine_model(path)

    def work(cancel: Cancel) -> None:
        with heeding(cancel):
            elevation.open_model(path)

    return work


WORKS: dict[str, Callable[[], Work]] = {
    "audit, known place": partial(audits, 1000, False),
    "audit, new place": partial(audits, 1000, True),
    "audit, known place, 5,000 draws": partial(audits, 5000, False),
    f"raid of {SCENARIO}": raids,
    "reading 114 million cells": readings,
}


def measure(name: str, trials: int) -> None:
    """Stop one kind of work at random moments and print how long that took."""
    work = WORKS[name]()
    work(Cancel())
    start = time.perf_counter()
    work(Cancel())
    whole_s = time.perf_counter() - start
    rng = np.random.default_rng(1)
    stops = [Stop(work, float(rng.uniform(0.0, whole_s))) for _ in range(trials)]
    median_s, high_s, most_s = np.quantile([stop.took_s for stop in stops], (0.5, 0.95, 1.0))
    print(f"{name:42}{whole_s:7.2f}{median_s:8.3f}{high_s:8.3f}{most_s:8.3f}", flush=True)
    for stop in sorted(stops, key=lambda one: -one.took_s)[:3]:
        if stop.stood:
            print(f"    {stop.took_s:.3f}: {stop.stood}", flush=True)


def main(trials: int) -> None:
    """Measure each kind of work in a process of its own, with an empty store."""
    what = f"from the flag to the end [s], {trials} stops each"
    print(f"{what:42}{'lasts':>7}{'median':>8}{'95 %':>8}{'most':>8}", flush=True)
    for name in WORKS:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(
                [sys.executable, "-m", "benchmarks.cancel", str(trials), name], check=True,
                env={**os.environ, "RINGTRUE_CACHE": folder},
            )  # fmt: skip


if __name__ == "__main__":
    if len(sys.argv) == 3:
        measure(sys.argv[2], int(sys.argv[1]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) == 2 else TRIALS)
