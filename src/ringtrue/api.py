"""The public face for notebooks: names only.

>>> import ringtrue.api as rt
>>> deal = rt.load_scenario("minimal")
>>> [laydown.id for laydown in deal.laydowns][:1]
['one-s-400']
"""

from __future__ import annotations

from ringtrue.catalogue.load import load_catalogue
from ringtrue.coverage.audit import audit
from ringtrue.coverage.output import audit_answer, audit_json
from ringtrue.coverage.records import AuditQuestion
from ringtrue.formats.tables import save
from ringtrue.geo.elevation import open_model
from ringtrue.report.write import write_report as report
from ringtrue.scenario.draw import draw_record as draw
from ringtrue.scenario.load import load_scenario
from ringtrue.sensing.deciding import first_order_share as sensitivity
from ringtrue.sensing.run import Run
from ringtrue.studies.claims import claims
from ringtrue.studies.compare import compare
from ringtrue.studies.engage import engage
from ringtrue.studies.exposure import exposure
from ringtrue.studies.network import network
from ringtrue.studies.relocation import relocation
from ringtrue.studies.timeline import timeline
from ringtrue.studies.verify import run_cases as verify

__all__ = [
    "AuditQuestion",
    "Run",
    "audit",
    "audit_answer",
    "audit_json",
    "claims",
    "compare",
    "draw",
    "engage",
    "exposure",
    "load_catalogue",
    "load_scenario",
    "network",
    "open_model",
    "relocation",
    "report",
    "save",
    "sensitivity",
    "timeline",
    "verify",
]
