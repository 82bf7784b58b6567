"""Compile every loop and build every derived raster ahead of the first question."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

from ringtrue.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringtrue.coverage.records import Heading
    from ringtrue.sensing.run import Progress


def warm(progress: Progress) -> None:
    """Ask one small question of each kind: an audit over terrain, inbound and crossing, and a raid over bare earth.

    The two chains of loops are compiled side by side, each in a process of its own, since one process compiles one loop
    at a time. Such a process ends with the one that started it.

    Raises
    ------
    InputError
        One of them failed.
    """
    from ringtrue.sensing.run import Step

    what = "compiling the loops of audit and raid, side by side"
    progress(Step(what, 0, len(QUESTIONS)))
    run = [sys.executable, "-P", "-c", "import sys; from ringtrue.studies.warm import ask; ask(sys.argv[1])"]
    nothing, piped = subprocess.DEVNULL, subprocess.PIPE
    children = [subprocess.Popen([*run, name], stdin=piped, stdout=nothing, stderr=piped) for name in QUESTIONS]
    for done, child in enumerate(children):
        assert child.stderr is not None
        said = child.stderr.read().decode(errors="replace").strip()
        if child.wait() != 0:
            last = said.rpartition("\n")[2] or f"ended with {child.returncode}"
            msg = f"warm: the loops of {list(QUESTIONS)[done]} could not be compiled ({last})"
            raise InputError(msg)
        progress(Step(what, done + 1, len(QUESTIONS)))


def ask(name: str) -> None:
    """Ask the question called ``name`` in a process of its own, which ends when its standard input is closed."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gc.disable()
    QUESTIONS[name]()


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(1)


def _ask_audits() -> None:
    from ringtrue.catalogue.load import load_catalogue
    from ringtrue.coverage.audit import audit
    from ringtrue.coverage.records import AuditQuestion
    from ringtrue.geo.elevation import open_model
    from ringtrue.sensing.run import Run

    catalogue = load_catalogue()
    headings: tuple[Heading, ...] = ("inbound", "beam")
    for heading in headings:
        question = AuditQuestion(
            system_id="patriot-battery", latitude_deg=40.0789, longitude_deg=32.5656, targets=("f-16", "srbm"),
            heights_m=(100.0,), altitudes_m=(), heading=heading,
        )  # fmt: skip
        audit(question, Run(catalogue, open_model(None), n_draws=2))


def _ask_raid() -> None:
    from ringtrue.catalogue.load import load_catalogue
    from ringtrue.engagement.raid import run_raid
    from ringtrue.geo.elevation import open_model
    from ringtrue.scenario.load import load_scenario
    from ringtrue.sensing.run import Run

    scenario = load_scenario("minimal")
    run = Run(load_catalogue(), open_model("none"), n_draws=4)
    run_raid(scenario, scenario.laydowns[0].id, scenario.raids[0].id, run, n_replications=2)


QUESTIONS: dict[str, Callable[[], None]] = {"raid": _ask_raid, "audit": _ask_audits}
