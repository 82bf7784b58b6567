"""The share that rests on assumptions: computed, or said not to be; never a nought that stands for "not asked"."""

from __future__ import annotations

import pytest

from ringtrue.catalogue.load import load_catalogue
from ringtrue.coverage.audit import audit
from ringtrue.coverage.output import audit_json
from ringtrue.coverage.records import AuditQuestion
from ringtrue.geo.elevation import open_model
from ringtrue.report.table import audit_table_lines
from ringtrue.sensing.run import Run


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("RINGTRUE_CACHE", str(tmp_path))


def audited(n_draws: int, altitude_m: float = 9000.0):
    question = AuditQuestion(
        system_id="s-400", latitude_deg=40.0789, longitude_deg=32.5656, targets=("f-16",), heights_m=(),
        altitudes_m=(altitude_m,),
    )  # fmt: skip
    return audit(question, Run(load_catalogue(), open_model("none"), n_draws=n_draws))


@pytest.mark.slow
def test_too_few_draws_give_no_share_and_say_so() -> None:
    result = audited(8)
    answer = audit_json([result])
    assert answer["assumed_share"] is None
    rows = [*answer["rows"], *answer["variants"]]
    assert len(rows) > 1
    assert all(row["assumed_share"] is None for row in rows)
    assert answer["deciding"]["sentence"] == "too few draws to say which assumption decides"
    text = " ".join(audit_table_lines(result))
    assert "assumed or estimated figures: too few draws to say." in text
    assert "0 % of the answer" not in text


@pytest.mark.slow
def test_enough_draws_give_a_share_to_every_row_and_variant() -> None:
    answer = audit_json([audited(60)])
    shares = [row["assumed_share"] for row in (*answer["rows"], *answer["variants"])]
    assert len(shares) > 1
    assert all(0.0 < share <= 1.0 for share in shares)


@pytest.mark.slow
def test_an_answer_without_spread_is_not_called_a_lack_of_draws() -> None:
    """Above every ceiling nothing can be engaged, whatever is drawn."""
    result = audited(60, altitude_m=60_000.0)
    assert audit_json([result])["rows"][0]["assumed_share"] is None
    assert "no spread to share out" in " ".join(audit_table_lines(result))
