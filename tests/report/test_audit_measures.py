"""A measure of the audit is declared in its row and computed: terminal, page, JSON, schema, arrays follow."""

from __future__ import annotations

from dataclasses import fields, make_dataclass, replace

import jsonschema

from ringtrue.answer import answer_schema, columns, measure, row_schema, to_dataframe, to_xarray
from ringtrue.coverage.output import AuditAnswer, audit_answer
from ringtrue.coverage.records import CoverageRow
from ringtrue.finding import Finding
from ringtrue.report.audit_page import audit_page
from ringtrue.report.audit_words import row_facts
from ringtrue.report.render import render_page
from ringtrue.report.table import audit_table_lines

JAMMED = Finding("", "km2", 1240.0, 2350.0, 3460.0, nominal=2222.0)
Wider = make_dataclass(
    "Wider",
    [("jammed_area_km2", Finding | None,
      measure("km2", "Area jammed", "Where noise wins.", better="less",
              heads={"terminal": "jammed", "numbers": "Jammed at last", "map": "Jammed"}, default=None))],
    bases=(CoverageRow,),
    frozen=True,
)  # fmt: skip


def test_a_measure_added_to_the_coverage_row_reaches_every_output(audits) -> None:
    rows = tuple(
        Wider(**{f.name: getattr(row, f.name) for f in fields(row)}, jammed_area_km2=JAMMED) for row in audits[0].rows
    )
    result = replace(audits[0], rows=rows)
    lines = audit_table_lines(result)
    assert any(line.endswith("jammed") for line in lines)
    assert sum("2.35k" in line for line in lines) == len(rows)
    page = render_page(audit_page([result]))
    assert "Jammed at last" in page
    assert page.count("area jammed") == len(rows)
    assert ("jammed_area_km2", "Jammed", JAMMED, "2,350 km² (1,240 to 3,460; nominal 2,220)") in row_facts(rows[0])
    said = audit_answer([result])
    assert said.as_json()["rows"][0]["jammed_area_km2"] == {
        "low": 1240.0, "median": 2350.0, "high": 3460.0, "nominal": 2222.0
    }  # fmt: skip
    assert row_schema(Wider)["properties"]["jammed_area_km2"]["description"] == (
        "Area jammed [km2], less is better. Where noise wins."
    )
    assert "jammed_area_km2_median" in {c.name for c in said.tables()["rows"]}
    assert to_xarray(rows).jammed_area_km2.long_name == "Area jammed"
    assert to_dataframe(rows).attrs["units"]["jammed_area_km2_low"] == "km2"


def test_the_json_of_an_audit_fits_its_schema(audits) -> None:
    found = audit_answer(audits).as_json()
    jsonschema.validate(found, answer_schema(AuditAnswer))
    assert {row["target"] for row in found["rows"]} == {"f-16", "cruise-missile"}
    assert [row["target"] for row in found["footprints"]] == ["srbm", "srbm"]


def test_tables_of_an_audit_hold_rows_in_rows_with_their_keys(audits) -> None:
    tables = audit_answer(audits).tables()
    assert set(tables) == {
        "rows", "rows.cities", "rows.defended", "footprints", "variants", "variants.cities", "variants.defended",
        "deciding.shares",
    }  # fmt: skip
    cities = {c.name: c.values for c in tables["rows.cities"]}
    assert len(cities["rows_system"]) == sum(len(row.cities) - 1 for audit in audits for row in audit.rows)
    assert {"rows_height_m", "rows_altitude_m", "name", "share_of_draws"} <= set(cities)
    assert len({c.name for c in columns(audits[0].rows)}) == len(columns(audits[0].rows))


def test_a_kind_without_a_row_keeps_its_columns(audits) -> None:
    bare = replace(audits[0], rows=(), variant_rows=())
    frame = bare.to_dataframe("variants")
    assert (len(frame), len(bare.to_dataframe("rows.cities"))) == (0, 0)
    assert set(frame.columns) >= {"system", "engageable_area_km2_nominal", "people_under_low"}
    assert bare.to_xarray("variants").sizes["row"] == 0
    assert len(bare.to_dataframe("footprints")) == 1


def test_kinds_of_row_are_apart(audits) -> None:
    row, footprint = audits[0].rows[0], audits[0].footprints[0]
    assert not hasattr(footprint, "engageable_area_km2")
    assert not hasattr(row, "footprint_area_km2")


def test_a_result_is_short_to_look_at_and_shows_its_medians(audits) -> None:
    assert repr(audits[0]).startswith("<audit: 10 rows, 1 footprints, 1 variants>\nAgainst an F-16 at 100 m")
    html = audits[0]._repr_html_()
    assert "<th>Area that can be engaged [km2], more is better</th>" in html
    assert html.count("<tr>") == 11
    assert "more:" not in html
    many = audit_answer([*audits, *audits])
    assert "28 more: <code>.to_dataframe('rows')</code>" in many._repr_html_()
