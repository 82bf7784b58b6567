"""Measures are declared once: JSON, schema, columns, arrays follow from the declaration."""

from __future__ import annotations

import json
from dataclasses import dataclass, make_dataclass

import jsonschema
import pytest

from ringtrue.answer import (
    FINDING_SCHEMA,
    Answer,
    Example,
    Header,
    columns,
    hidden,
    key,
    measure,
    measures_of,
    row_json,
    row_schema,
    to_dataframe,
    to_xarray,
    words,
)
from ringtrue.finding import Finding, finding


@dataclass(frozen=True)
class Inner:
    """A nested row."""

    range_m: float = key("Release range", "m")
    people: Finding | None = measure("people", "Residents defended", better="more", digits=2)


@dataclass(frozen=True)
class Outer:
    """One line."""

    NESTED = (Inner,)

    target: str = key("Target class")
    area_km2: Finding | None = measure("km2", "Area", "Where an intercept can happen.", better="more")
    covered_share: float = measure("1", "Covered share", digits=4)
    is_limited: bool = words("Limited by the terrain model")
    inner: tuple[Inner, ...] = measure("", "By release range", default=())
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
        "inner": [{"range_m": 20000.0, "people": {"low": 120.0, "median": 230.0, "high": 340.0}}],
        "by_country": {"Turkey": 1234.57},
    }


def test_json_fits_the_schema_and_a_wrong_key_does_not() -> None:
    schema = {**row_schema(Outer), "$defs": {"finding": FINDING_SCHEMA}}
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
    assert "warning_s_median" in [name for name, _, _ in columns([row])]
    assert to_xarray([row]).warning_s.units == "s"
    assert to_dataframe([row]).attrs["units"]["warning_s_low"] == "s"


def test_tables_keep_units_labels_and_what_is_not_defined() -> None:
    rows = [ROW, Outer("srbm", None, 1.0, is_limited=False)]
    table = to_dataframe(rows)
    assert table.area_km2_median.isna().tolist() == [False, True]
    assert table.attrs["labels"]["covered_share"] == "Covered share"
    arrays = to_xarray(rows)
    assert arrays.area_km2.attrs == {"units": "km2", "long_name": "Area"}
    assert arrays.target.values.tolist() == ["f-16", "srbm"]


def test_an_answer_is_its_header_its_rows_and_its_words() -> None:
    answer = Answer(Header("audit", "0.2", None, "abc", 1, 1000), {"rows": [ROW]}, {"answers": ["yes"]})
    found = answer.as_json()
    assert list(found)[:2] == ["command", "version"]
    assert (found["level"], found["rows"][0]["target"], found["answers"]) == (0.9, "f-16", ["yes"])
