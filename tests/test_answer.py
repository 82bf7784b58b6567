"""Measures are declared once: JSON, schema, columns, arrays follow from the declaration."""

from __future__ import annotations

import json
from dataclasses import dataclass, make_dataclass, replace

import jsonschema
import pytest

from ringtrue.answer import (
    FINDING_SCHEMAS,
    ROWS_SHOWN,
    Answer,
    Example,
    Header,
    answer_schema,
    columns,
    found,
    hidden,
    key,
    measure,
    measures_of,
    row_json,
    row_schema,
    table,
    to_dataframe,
    to_xarray,
    words,
)
from ringtrue.errors import InputError
from ringtrue.finding import Finding, finding


@dataclass(frozen=True)
class Inner:
    """A nested row."""

    range_m: float = key("Release range", unit="m")
    people: Finding | None = measure("people", "Residents defended", better="more", digits=2)


@dataclass(frozen=True)
class Outer:
    """One line."""

    NESTED = (Inner,)

    target: str = key("Target class")
    area_km2: Finding | None = measure("km2", "Area", "Where an intercept can happen.", better="more")
    covered_share: float = measure("1", "Covered share", places=4)
    is_limited: bool = words("Limited by the terrain model")
    inner: tuple[Inner, ...] = table("By release range", default=())
    by_country: dict[str, float] = measure("people", "By country", default_factory=dict)
    arrays: object = hidden(default=None)


ROW = Outer(
    "f-16", Finding("a", "km2", 1.0, 2.123456789, 3.0, nominal=2.5), 0.123456, is_limited=True,
    inner=(Inner(20_000.0, Finding("p", "people", 123.0, 234.0, 345.0)),), by_country={"Turkey": 1234.5678},
)  # fmt: skip


def test_json_follows_the_declarations_and_their_rounding() -> None:
    assert row_json(ROW) == {
        "target": "f-16",
        "area_km2": {"low": 1.0, "median": 2.12346, "high": 3.0, "nominal": 2.5},
        "covered_share": 0.1235,
        "is_limited": True,
        "inner": [{"range_m": 20000.0, "people": {"low": 120.0, "median": 230.0, "high": 340.0, "nominal": None}}],
        "by_country": {"Turkey": 1234.57},
    }


def test_json_fits_the_schema_and_a_wrong_key_does_not() -> None:
    schema = {**row_schema(Outer), "$defs": FINDING_SCHEMAS}
    jsonschema.validate(json.loads(json.dumps(row_json(ROW))), schema)
    jsonschema.validate(row_json(Outer("srbm", None, 1.0, is_limited=False)), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**row_json(ROW), "more": 1}, schema)
    assert schema["properties"]["area_km2"]["description"] == (
        "Area [km2], more is better. Where an intercept can happen."
    )


def test_a_field_without_a_meaning_is_refused() -> None:
    bare = make_dataclass("Bare", [("area_km2", float)])
    with pytest.raises(TypeError, match="area_km2: declare it"):
        measures_of(bare)


def test_a_measure_added_to_the_row_reaches_every_output() -> None:
    """Two places: the declaration here, and whatever computes the value."""
    wider = make_dataclass(
        "Wider",
        [("warning_s", Finding | None, measure("s", "Warning time", "From first track to arrival.", better="more"))],
        bases=(Example,),
        frozen=True,
    )
    row = wider("f-16", finding("", "km2", [1.0]), finding("", "s", [30.0, 40.0]))
    assert row_json(row)["warning_s"]["median"] == 35.0
    assert row_schema(wider)["properties"]["warning_s"]["description"].startswith("Warning time [s]")
    assert "warning_s_median" in [c.name for c in columns([row])]
    assert to_xarray([row]).warning_s.units == "s"
    assert to_dataframe([row]).attrs["units"]["warning_s_low"] == "s"


def test_tables_keep_units_labels_and_what_is_not_defined() -> None:
    rows = [ROW, Outer("srbm", None, 1.0, is_limited=False)]
    frame = to_dataframe(rows)
    assert frame.area_km2_median.isna().tolist() == [False, True]
    assert frame.attrs["labels"]["covered_share"] == "Covered share"
    arrays = to_xarray(rows)
    assert arrays.area_km2.attrs == {"units": "km2", "long_name": "Area"}
    assert arrays.target.values.tolist() == ["f-16", "srbm"]


@dataclass(frozen=True, repr=False)
class OuterAnswer(Answer):
    """An answer."""

    NESTED = (Outer,)

    rows: tuple[Outer, ...] = table("Rows")
    answers: tuple[str, ...] = words("Answers")


ANSWER = OuterAnswer(Header(command="audit", catalogue_hash="abc", seed=1, n_draws=1000), (ROW,), ("yes",))


def test_an_answer_is_its_header_its_rows_and_its_words() -> None:
    said = ANSWER.as_json()
    assert list(said)[:2] == ["command", "version"]
    assert (said["level"], said["rows"][0]["target"], said["answers"]) == (0.9, "f-16", ["yes"])
    schema = answer_schema(OuterAnswer)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(json.dumps(said)), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**said, "rows": [{**said["rows"][0], "target": 1}]}, schema)


def test_rows_in_rows_are_tables_with_the_keys_of_where_they_stand() -> None:
    tables = ANSWER.tables()
    assert list(tables) == ["rows", "rows.inner"]
    inner = {c.name: c.values for c in tables["rows.inner"]}
    assert inner["rows_target"] == ["f-16"]
    assert (inner["range_m"], inner["people_median"]) == ([20_000.0], [234.0])
    assert {c.name: c.printed for c in tables["rows.inner"]}["people_median"] == [230.0]
    by_country = next(c for c in tables["rows"] if c.name == "by_country_Turkey")
    assert by_country.values == [1234.5678]


def test_a_finding_is_named_and_measured_as_its_row_declares() -> None:
    area = found(Outer, "area_km2", [1.0, 2.0, 3.0, 2.5], ("a",))
    assert (area.name, area.unit, area.nominal, area.median, area.inputs) == ("Area", "km2", 2.5, 2.0, ("a",))


def test_a_finding_of_nothing_is_null() -> None:
    nothing = Finding("a", "km2", float("nan"), float("nan"), float("nan"))
    assert row_json(Outer("srbm", nothing, 1.0, is_limited=False))["area_km2"] is None


def drawn_row(target: str, *values: float) -> Outer:
    area = finding("a", "km2", values, nominal=9.0) if values else None
    return Outer(target, area, 0.5, is_limited=False)


def test_arrays_hold_the_three_points_of_a_finding_and_its_nominal_case_beside_them() -> None:
    arrays = to_xarray([drawn_row("f-16", *range(101)), drawn_row("srbm")])
    assert arrays.area_km2.dims == ("row", "quantile")
    assert arrays["quantile"].values.tolist() == [0.05, 0.5, 0.95]
    assert arrays.area_km2.sel(row=0, quantile=0.95).item() == 95.0
    assert arrays.area_km2.values[0].tolist() == [5.0, 50.0, 95.0]
    assert arrays.area_km2_nominal.values[0] == 9.0
    assert arrays.area_km2[1].isnull().all()
    assert arrays.is_limited.values.tolist() == [False, False]
    assert "covered_share" in arrays.data_vars
    assert "target" in arrays.coords


def test_draws_stand_row_by_row_and_those_of_fewer_draws_are_left_out() -> None:
    answer = replace(ANSWER, rows=(drawn_row("f-16", 1.0, 2.0, 3.0), drawn_row("srbm"), drawn_row("drone", 7.0)))
    arrays = answer.draws()
    assert arrays.area_km2.dims == ("row", "draw")
    assert arrays.area_km2.values[0].tolist() == [1.0, 2.0, 3.0]
    assert arrays.area_km2[1:].isnull().all()
    assert arrays.area_km2.attrs == {"units": "km2", "long_name": "Area"}
    assert arrays.target.values.tolist() == ["f-16", "srbm", "drone"]
    assert list(arrays.data_vars) == ["area_km2"]
    assert "quantile" not in arrays.coords
    assert replace(ANSWER, rows=(drawn_row("srbm"),)).draws().sizes["row"] == 1


def test_a_notebook_shows_the_words_and_the_head_of_the_first_table() -> None:
    rows = tuple(drawn_row(f"<{i}>", 1234.5678, 1234.5678) for i in range(ROWS_SHOWN + 3))
    page = replace(ANSWER, rows=rows, answers=("a < b",))._repr_html_()
    assert page.startswith("<p>a &lt; b</p><table>")
    head, *body = page.split("<tr>")[1:]
    assert [text.partition("</th>")[0] for text in head.split("<th>")[1:]][:2] == [
        "Target class", "Area [km2], more is better",
    ]  # fmt: skip
    assert len(body) == ROWS_SHOWN
    assert body[0].startswith("<td>&lt;0&gt;</td><td>1,234.57</td><td>0.5</td>")
    assert "low" not in head
    assert page.endswith("</table><p>3 more: <code>.to_dataframe('rows')</code></p>")
    whole = replace(ANSWER, rows=rows[:ROWS_SHOWN])._repr_html_()
    assert whole.endswith("</table>")
    assert repr(ANSWER) == "<audit: 1 rows>\nyes"


def test_a_kind_of_row_that_is_not_there_is_refused_by_its_nearest_name() -> None:
    with pytest.raises(InputError, match="audit has no table 'row'; did you mean 'rows'"):
        ANSWER.table_of("row")
    assert ANSWER.table_of("rows.inner")[0].name == "rows_target"


def test_a_header_is_printed_as_far_as_it_is_known() -> None:
    header = replace(ANSWER.header, n_draws=12_000, catalogue_hash="0123456789abcdef0123", n_replications=1500)
    assert header.manifest() == (
        ("seed", "1"), ("draws", "12,000"), ("replications", "1,500"), ("catalogue", "0123456789abcdef"),
    )  # fmt: skip
