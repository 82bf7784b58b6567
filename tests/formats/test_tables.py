"""An answer as CSV and Parquet: the numbers of the JSON, with unit and meaning beside them."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass

import pyarrow.parquet
import pytest

from ringtrue.answer import Answer, Header, columns, key, measure, table, words
from ringtrue.errors import InputError
from ringtrue.finding import Finding
from ringtrue.formats.tables import csv_text, save, write_tables


@dataclass(frozen=True)
class City:
    """A city."""

    name: str = key("City")
    people: int = measure("people", "Residents")


@dataclass(frozen=True)
class Row:
    """A row."""

    target: str = key("Target class")
    area_km2: Finding | None = measure("km2", "Area", "Where an intercept can happen.", better="more")
    leakers: Finding | None = measure("1", "Leakers", better="less")
    shots: int | None = measure("1", "Shots")
    is_limited: bool = words("Limited by the model")
    cities: tuple[City, ...] = table("Cities", default=())


@dataclass(frozen=True)
class Small(Answer):
    """A small answer."""

    rows: tuple[Row, ...] = table("Rows")
    answer: str = words("The answer")


AREA = Finding("", "km2", 1.23456789, 2.5, 3.5, nominal=2.25)
LEAKERS = Finding("", "1", 1.0, 2.0, 3.0, nominal=2.0, one_raid=(0.0, 6.0))
ANSWER = Small(
    Header(command="audit", catalogue_hash="c", seed=1, n_draws=20),
    (
        Row("f-16", AREA, LEAKERS, 3, is_limited=True, cities=(City("İstanbul, Avrupa", 10), City('"A"', 2))),
        Row("srbm", None, None, None, is_limited=False),
    ),
    "yes",
)


def test_a_text_that_a_spreadsheet_would_reckon_with_is_guarded_and_a_number_is_not():
    signs = ["=1+1", "+A1", "-A1", "@SUM(A1)", "\u2212 none", "\tx", "\uff1d1", "plain", "-3.5", "+1e-3", "a - b", "-"]
    rows = [Row(sign, AREA, None, -3, is_limited=False) for sign in signs]
    lines = list(csv.DictReader(io.StringIO(csv_text(columns(rows)))))
    guarded = [line["target"] for line in lines]
    assert guarded == [*(f"'{sign}" for sign in signs[:7]), "plain", "-3.5", "+1e-3", "a - b", "'-"]
    assert {line["shots"] for line in lines} == {"-3"}


def test_no_sign_between_thousands_and_one_row_of_heads():
    text = csv_text(columns([Row("f-16", Finding("", "km2", -1234567.0, 2e6, 3e6), None, None, is_limited=True)]))
    assert "-1230000.0" in text or "-1234570.0" in text
    assert text.count("\n") == 2


def read(path):
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))


def test_csv_holds_the_numbers_of_the_json(tmp_path) -> None:
    rows = read(save(ANSWER, tmp_path / "rows.csv"))
    said = ANSWER.as_json()["rows"]
    assert [row["target"] for row in rows] == ["f-16", "srbm"]
    for end in ("low", "median", "high", "nominal"):
        assert float(rows[0][f"area_km2_{end}"]) == said[0]["area_km2"][end]
        assert rows[1][f"area_km2_{end}"] == ""
    assert (rows[0]["leakers_one_raid_low"], rows[0]["leakers_one_raid_high"]) == ("0.0", "6.0")
    assert [row["is_limited"] for row in rows] == ["true", "false"]
    meant = json.loads((tmp_path / "rows.csv-metadata.json").read_text())["tableSchema"]["columns"]
    area = next(column for column in meant if column["name"] == "area_km2_low")
    assert area["dc:description"] == "Area [km2], more is better. Where an intercept can happen."
    assert (area["schema:unitText"], area["datatype"]) == ("km2", "number")


def test_a_folder_holds_every_kind_and_what_the_columns_mean(tmp_path) -> None:
    write_tables(ANSWER, tmp_path)
    assert {p.name for p in tmp_path.iterdir()} == {"rows.csv", "rows.cities.csv", "csv-metadata.json"}
    cities = read(tmp_path / "rows.cities.csv")
    assert [(c["rows_target"], c["name"]) for c in cities] == [("f-16", "İstanbul, Avrupa"), ("f-16", '"A"')]
    told = json.loads((tmp_path / "csv-metadata.json").read_text(encoding="utf-8"))
    assert [t["url"] for t in told["tables"]] == ["rows.csv", "rows.cities.csv"]
    for one in told["tables"]:
        head = (tmp_path / one["url"]).read_bytes().decode("utf-8-sig").split("\n")[0]
        assert head.split(",") == [c["name"] for c in one["tableSchema"]["columns"]]


def test_parquet_keeps_types_units_and_meanings(tmp_path) -> None:
    found = pyarrow.parquet.read_table(save(ANSWER, tmp_path / "rows.parquet"))
    assert found.column("shots").to_pylist() == [3, None]
    assert found.column("is_limited").to_pylist() == [True, False]
    assert found.column("area_km2_low").to_pylist() == [1.23457, None]
    about = found.schema.field("area_km2_low").metadata
    assert (about[b"unit"], about[b"label"], about[b"meaning"]) == (b"km2", b"Area", b"Where an intercept can happen.")
    first = (tmp_path / "rows.parquet").read_bytes()
    assert save(ANSWER, tmp_path / "again.parquet").read_bytes() == first


def test_json_is_that_of_the_command(tmp_path) -> None:
    assert json.loads(save(ANSWER, tmp_path / "a.json").read_text(encoding="utf-8")) == ANSWER.as_json()


def test_what_cannot_be_saved_is_one_sentence(tmp_path) -> None:
    with pytest.raises(InputError, match=r"ends in .xls; save as one of .csv, .parquet, .json"):
        save(ANSWER, tmp_path / "a.xls")
    with pytest.raises(InputError, match=r"audit has no table 'rows.citis'; did you mean 'rows.cities'"):
        save(ANSWER, tmp_path / "a.csv", "rows.citis")
    assert not list(tmp_path.iterdir())


def test_a_column_without_any_value_is_still_there() -> None:
    text = csv_text(Small(ANSWER.header, ANSWER.rows[1:], "no").tables()["rows"])
    assert text.split("\n")[0].startswith("target,area_km2_low")
    assert text.split("\n")[1] == "srbm,,,,,,,,,,false"
    empty = Small(ANSWER.header, (), "none").tables()
    assert csv_text(empty["rows"]) == f"{text.splitlines()[0]}\n"
    assert csv_text(empty["rows.cities"]) == "rows_target,name,people\n"
