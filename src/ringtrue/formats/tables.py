"""The tables of an answer as CSV and Parquet: a file for each kind of row, units and meanings kept beside the numbers.

Numbers are rounded as the JSON rounds them. CSV is UTF-8 with a byte-order mark, which spreadsheets ask for, with one
row of heads and no sign between thousands; a text that a spreadsheet would take for a formula has an apostrophe before
it. What its columns mean stands beside it as CSV on the Web says it (`csv-metadata.json` for all tables of a folder,
``<file>-metadata.json`` for one), and in the metadata of each Parquet column.
"""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any

from ringtrue.answer import description
from ringtrue.errors import InputError
from ringtrue.whole import write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyarrow

    from ringtrue.answer import BareAnswer, Column

SUFFIXES = (".csv", ".parquet", ".json")
CSVW = "http://www.w3.org/ns/csvw"
FORMULA_SIGNS = ("=", "+", "-", "\u2212", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # wide ones too
_NUMBER = re.compile(r"[-+][0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")


def write_tables(answer: BareAnswer, folder: Path) -> list[Path]:
    """Write every kind of row of an answer into a folder as CSV, and ``csv-metadata.json`` with what the columns mean.

    A kind without a row has its head only. Returns the paths.
    """
    tables = {f"{kind}.csv": table for kind, table in answer.tables().items()}
    for name, table in tables.items():
        write_whole(folder / name, csv_text(table).encode("utf-8-sig"))
    said = [csv_metadata(table, name) for name, table in tables.items()]
    _write_json({"@context": CSVW, "tables": said}, folder / "csv-metadata.json")
    return [*(folder / name for name in tables), folder / "csv-metadata.json"]


def write_parquet(answer: BareAnswer, folder: Path) -> list[Path]:
    """Write every kind of row of an answer into a folder as Parquet and return the paths."""
    paths = []
    for kind, table in answer.tables().items():
        paths.append(folder / f"{kind}.parquet")
        write_whole(paths[-1], parquet_bytes(table))
    return paths


def save(answer: BareAnswer, path: Path, kind: str = "rows") -> Path:
    """Write an answer and return where: its whole as ``.json``, one kind of row as ``.csv`` or ``.parquet``.

    Raises
    ------
    InputError
        Another ending, or a kind that the answer does not have.
    """
    if path.suffix not in SUFFIXES:
        msg = f"{path}: ends in {path.suffix or 'nothing'}; save as one of {', '.join(SUFFIXES)}"
        raise InputError(msg)
    if path.suffix == ".json":
        _write_json(answer.as_json(), path)
        return path
    table = answer.table_of(kind)
    if path.suffix == ".parquet":
        write_whole(path, parquet_bytes(table))
        return path
    write_whole(path, csv_text(table).encode("utf-8-sig"))
    _write_json({"@context": CSVW, **csv_metadata(table, path.name)}, path.with_name(f"{path.name}-metadata.json"))
    return path


def _write_json(record: dict[str, Any], path: Path) -> None:
    text = json.dumps(record, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
    write_whole(path, text.encode("utf-8"))


def csv_text(table: Sequence[Column]) -> str:
    """Return columns as CSV; what is not defined is empty.

    >>> from ringtrue.answer import Example, columns
    >>> csv_text(columns([Example("srbm", None)])).split("\\n")[:2]
    ['target,area_km2_low,area_km2_median,area_km2_high,area_km2_nominal', 'srbm,,,,']
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in table])
    writer.writerows(zip(*(map(_cell, column.printed) for column in table), strict=True))
    return text.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return guarded(value)
    return "" if value is None else value


def guarded(text: str) -> str:
    """Return a text with an apostrophe before it where a spreadsheet would take it for a formula.

    Numbers are no texts and stay as they are, below zero too; so does a text that is nothing but a number.

    >>> [guarded(text) for text in ("=1+1", "-3.5", "- none", "@home", "a=b")]
    ["'=1+1", '-3.5', "'- none", "'@home", 'a=b']
    """
    return f"'{text}" if text.startswith(FORMULA_SIGNS) and not _NUMBER.fullmatch(text) else text


def csv_metadata(table: Sequence[Column], name: str) -> dict[str, Any]:
    """Return what the columns of a CSV file mean, as CSV on the Web says it."""
    columns = [
        {
            "name": column.name,
            "titles": column.said.label,
            "dc:description": description(column.said),
            "datatype": _KINDS[_kind(column)],
            **({"schema:unitText": column.said.unit} if column.said.unit else {}),
        }
        for column in table
    ]
    return {"url": name, "tableSchema": {"columns": columns}}


_KINDS = {bool: "boolean", int: "integer", float: "number", str: "string"}


def _kind(column: Column) -> type:
    """Type of all values of a column; texts where they are of several types, or where there is none."""
    known = {type(value) for value in column.printed if value is not None}
    if column.end or known in ({float}, {int, float}):
        return float
    return known.pop() if len(known) == 1 and known <= set(_KINDS) else str


def arrow_table(table: Sequence[Column]) -> pyarrow.Table:
    """Return columns as an Arrow table; label, unit and meaning stand in the metadata of each field."""
    import pyarrow

    types = {bool: pyarrow.bool_(), int: pyarrow.int64(), float: pyarrow.float64(), str: pyarrow.string()}
    fields, arrays = [], []
    for column in table:
        kind = _kind(column)
        said = {"label": column.said.label, "unit": column.said.unit, "meaning": column.said.meaning}
        fields.append(pyarrow.field(column.name, types[kind], metadata=said))
        values = [None if value is None else kind(value) for value in column.printed]
        arrays.append(pyarrow.array(values, type=types[kind]))
    return pyarrow.table(arrays, schema=pyarrow.schema(fields))


def parquet_bytes(table: Sequence[Column]) -> bytes:
    """Return columns as a Parquet file."""
    import pyarrow
    from pyarrow import parquet

    sink = pyarrow.BufferOutputStream()
    parquet.write_table(arrow_table(table), sink)
    found: bytes = sink.getvalue().to_pybytes()
    return found
