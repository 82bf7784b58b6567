"""Audits of a scenario's sites carry the scenario they came from."""

from __future__ import annotations

from ringtrue.catalogue.load import load_catalogue
from ringtrue.coverage.audit import audit
from ringtrue.coverage.output import audit_json
from ringtrue.coverage.questions import questions_of
from ringtrue.coverage.records import AuditQuestion
from ringtrue.geo.elevation import open_model
from ringtrue.scenario.load import load_scenario
from ringtrue.sensing.run import Run

LIKE = AuditQuestion(
    system_id="s-400", latitude_deg=40.0789, longitude_deg=32.5656, targets=("f-16",), heights_m=(50.0,),
    altitudes_m=(),
)  # fmt: skip


def test_the_hash_of_the_scenario_stands_in_the_answer(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("RINGTRUE_CACHE", str(tmp_path))
    scenario, catalogue, model = load_scenario("minimal"), load_catalogue(), open_model("none")
    question = questions_of(scenario, LIKE)[0]
    one, two = audit(question, Run(catalogue, model, n_draws=2)), audit(LIKE, Run(catalogue, model, n_draws=2))
    assert audit_json([one])["scenario_hash"] == scenario.content_hash
    assert audit_json([one, two, one])["scenario_hash"] == scenario.content_hash
    assert audit_json([two])["scenario_hash"] is None
