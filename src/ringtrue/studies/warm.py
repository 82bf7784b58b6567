"""Compile every loop and build every derived raster ahead of the first question."""

from __future__ import annotations

import gc
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import TYPE_CHECKING

from ringtrue.catalogue.load import load_catalogue
from ringtrue.coverage.audit import audit
from ringtrue.coverage.records import AuditQuestion, Heading
from ringtrue.engagement.raid import run_raid
from ringtrue.geo.elevation import open_model
from ringtrue.scenario.load import load_scenario

if TYPE_CHECKING:
    from collections.abc import Callable


def warm(progress: Callable[[str, int, int], None]) -> None:
    """Ask one small question of each kind: an audit over terrain, inbound and crossing, and a raid over bare earth.

    The two chains of loops are compiled side by side, each in a process of its own, since one process compiles one loop
    at a time.
    """
    what = "compiling the loops of audit and raid, side by side"
    progress(what, 0, 2)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn"), initializer=gc.disable) as pool:
        for done, job in enumerate(as_completed([pool.submit(_ask_raid), pool.submit(_ask_audits)])):
            job.result()
            progress(what, done + 1, 2)


def _ask_audits() -> None:
    catalogue = load_catalogue()
    headings: tuple[Heading, ...] = ("inbound", "beam")
    for heading in headings:
        question = AuditQuestion(
            system_id="patriot-battery", latitude_deg=40.0789, longitude_deg=32.5656, targets=("f-16", "srbm"),
            heights_m=(100.0,), altitudes_m=(), heading=heading, n_draws=2,
        )  # fmt: skip
        audit(question, catalogue, open_model(None))


def _ask_raid() -> None:
    scenario = load_scenario("minimal")
    run_raid(
        scenario, scenario.laydowns[0].id, scenario.raids[0].id, catalogue=load_catalogue(), model=open_model("none"),
        n_draws=4, n_replications=2,
    )  # fmt: skip
