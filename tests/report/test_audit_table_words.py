"""What the text of an audit must say for its signs to be read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ringtrue.coverage.records import DefendedRow
from ringtrue.finding import Finding
from ringtrue.report.table import audit_table_lines

if TYPE_CHECKING:
    from ringtrue.coverage.records import AuditResult


def test_the_sign_of_an_interval_without_width_is_explained(audits) -> None:
    result = audits[0]
    row = replace(result.rows[0], seen_geometry_area_km2=Finding("in line of sight", "km2", 458e3, 458e3, 458e3))
    text = "\n".join(audit_table_lines(replace(result, rows=(row,))))
    assert "=458k" in text
    assert "=5 means 5 in all of them" in " ".join(text.split())


def test_an_interval_is_written_in_one_unit(audits) -> None:
    result = audits[0]
    row = replace(result.rows[0], engageable_area_km2=Finding("engageable", "km2", 15.2, 2700.0, 4830.0))
    text = "\n".join(audit_table_lines(replace(result, rows=(row,))))
    assert "15.2-4830" in text
    assert max(map(len, text.splitlines())) <= 80


def _people_block(result: AuditResult) -> list[str]:
    lines = audit_table_lines(result)
    start = next(i for i, line in enumerate(lines) if line.startswith("people, site"))
    return lines[start : next(i for i, line in enumerate(lines) if line.startswith("People under engageable"))]


def test_people_site_and_warning_stand_on_the_screen(audits) -> None:
    """Each class with its numbers: under at every height, the rest at the height at which it is asked."""
    result = audits[0]
    asked = next(row for row in result.rows if row.defended)
    near, far = (Finding("people", "people", low, low + 2e5, low + 4e5) for low in (1.1e6, 2e5))
    row = replace(
        asked, people_under=Finding("people", "people", 2.1e6, 2.4e6, 2.8e6),
        warning_s=Finding("warning", "s", 48.0, 69.4, 82.0), defended=(
            DefendedRow(0.0, 1, True, 0.574, 0.056, near, near), DefendedRow(20_000.0, 1, True, 0.31, 0.0, far, far),
            DefendedRow(70_000.0, 1, False, 0.02, 0.0, None, None),
        ),
    )  # fmt: skip
    bare = replace(asked, altitude_m=3_000.0, height_m=None, people_under=None, warning_s=None, defended=None)
    block = [" ".join(line.split()) for line in _people_block(replace(result, rows=(row, bare)))]
    assert block[0] == "people, site people under warning, s site held all round defended"
    assert block[2:] == [
        "cruise missile",
        "100 m AGL 2.4M 69.4 57 % 5.6 % 1.3M",
        "2.1M-2.8M 48-82 1.1M-1.5M",
        "from 20 km 31 % 0 % 400k",
        "200k-600k",
        "from 70 km 2 % 0 % n.r.",
        "3,000 m AMSL n.r.",
    ]
    text = " ".join(" ".join(audit_table_lines(result)).split())
    assert "Site held: share of draws and of 120 courses; all round: share of draws, from each of the eight." in text


def test_a_site_that_is_never_warned_says_so(audits) -> None:
    asked = next(row for row in audits[0].rows if row.defended)
    block = _people_block(replace(audits[0], rows=(replace(asked, warning_s=None),)))
    assert "never" in block[3].split()
