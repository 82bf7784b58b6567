"""Compile every loop and build every derived raster ahead of the first question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringtrue.catalogue.load import load_catalogue
from ringtrue.coverage.audit import audit
from ringtrue.coverage.records import AuditQuestion
from ringtrue.geo.elevation import open_model

if TYPE_CHECKING:
    from collections.abc import Callable


def warm(progress: Callable[[str, int, int], None]) -> None:
    """Ask one small question of each kind: an audit over terrain, inbound and crossing, with a ballistic class."""
    catalogue = load_catalogue()
    headings = ("inbound", "beam")
    for i, heading in enumerate(headings):
        progress("compiling the loops of the audit", i, len(headings) + 1)
        question = AuditQuestion(
            system_id="patriot-battery", latitude_deg=40.0789, longitude_deg=32.5656, targets=("f-16", "srbm"),
            heights_m=(100.0,), altitudes_m=(), heading=heading, n_draws=20,  # type: ignore[arg-type]
        )  # fmt: skip
        audit(question, catalogue, open_model(None))
    progress("compiling the loops of the audit", len(headings) + 1, len(headings) + 1)
