"""Compile every loop and build every derived raster ahead of the first question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringtrue.catalogue.load import load_catalogue
from ringtrue.coverage.audit import audit
from ringtrue.coverage.records import AuditQuestion
from ringtrue.engagement.raid import run_raid
from ringtrue.geo.elevation import open_model
from ringtrue.scenario.load import load_scenario

if TYPE_CHECKING:
    from collections.abc import Callable


def warm(progress: Callable[[str, int, int], None]) -> None:
    """Ask one small question of each kind: an audit over terrain, inbound and crossing, and a raid."""
    catalogue = load_catalogue()
    headings = ("inbound", "beam")
    for i, heading in enumerate(headings):
        progress("compiling the loops of the audit", i, len(headings) + 1)
        question = AuditQuestion(
            system_id="patriot-battery", latitude_deg=40.0789, longitude_deg=32.5656, targets=("f-16", "srbm"),
            heights_m=(100.0,), altitudes_m=(), heading=heading, n_draws=20,  # type: ignore[arg-type]
        )  # fmt: skip
        audit(question, catalogue, open_model(None))
    progress("compiling the loops of the raid", 0, 1)
    scenario = load_scenario("minimal")
    run_raid(
        scenario, scenario.laydowns[0].id, scenario.raids[0].id, catalogue=catalogue, model=open_model(None), n_draws=4,
        n_replications=2,
    )  # fmt: skip
    progress("compiling the loops of the raid", 1, 1)
