"""What the text of an audit must say for its signs to be read."""

from __future__ import annotations

from dataclasses import replace

from ringtrue.finding import Finding
from ringtrue.report.table import audit_table_lines


def test_the_sign_of_an_interval_without_width_is_explained(audits) -> None:
    result = audits[0]
    row = replace(result.rows[0], seen_geometry_area_km2=Finding("in line of sight", "km2", 458e3, 458e3, 458e3))
    text = "\n".join(audit_table_lines(replace(result, rows=(row,))))
    assert "=458k" in text
    assert "the sign = stands before" in " ".join(text.split())


def test_an_interval_is_written_in_one_unit(audits) -> None:
    result = audits[0]
    row = replace(result.rows[0], engageable_area_km2=Finding("engageable", "km2", 15.2, 2700.0, 4830.0))
    text = "\n".join(audit_table_lines(replace(result, rows=(row,))))
    assert "15.2-4830" in text
    assert max(map(len, text.splitlines())) <= 80
