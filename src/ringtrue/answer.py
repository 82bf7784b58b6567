"""The meaning of a printed number, said once: measures, the rows that hold them, and the answer they belong to.

A row is a frozen dataclass. Its fields are declared with `key` (what names the row), `measure` (a finding, a number, a
count) or `words` (a text or a flag about it); the declaration carries unit, label, which way is better, rounding and
one sentence of meaning. Everything that leaves the program, JSON and its schema, tables, arrays, goes through the
declarations: a measure is written down in its row and computed in one place, nowhere else.
"""

from __future__ import annotations

import types
import typing
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from ringtrue.finding import LEVEL, Finding, named_axes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas
    import xarray

Better = Literal["more", "less"]
Part = Literal["key", "measure", "words"]
_NAMESPACE = "answer"


@dataclass(frozen=True, slots=True)
class Measure:
    """What one field of a row means.

    ``digits`` are the significant digits that leave the program; None: as it is. ``better`` is empty where neither way
    is. ``json_name`` is the key in the JSON; a ``hidden`` field stays in the program.
    """

    name: str
    part: Part
    unit: str
    label: str
    meaning: str
    better: Better | None = None
    digits: int | None = 6
    hidden: bool = False
    hint: Any = None


def measure(
    unit: str,
    label: str,
    meaning: str = "",
    *,
    better: Better | None = None,
    digits: int | None = 6,
    **default: Any,
) -> Any:
    """Declare a measured field of a row; ``default`` goes to `dataclasses.field`."""
    return _declared("measure", unit, label, meaning, better, digits, default)


def key(label: str, unit: str = "", **default: Any) -> Any:
    """Declare a field that says which row it is."""
    return _declared("key", unit, label, "", None, None, default)


def words(label: str, meaning: str = "", **default: Any) -> Any:
    """Declare a field that says something about the row: a text, a flag, a list of such."""
    return _declared("words", "", label, meaning, None, None, default)


def hidden(**default: Any) -> Any:
    """Declare a field that no output prints: arrays kept for further work."""
    return field(metadata={_NAMESPACE: {"hidden": True}}, **default)


def _declared(
    part: Part,
    unit: str,
    label: str,
    meaning: str,
    better: Better | None,
    digits: int | None,
    default: dict[str, Any],
) -> Any:
    said = {"part": part, "unit": unit, "label": label, "meaning": meaning, "better": better, "digits": digits}
    return field(metadata={_NAMESPACE: said}, **default)


@cache
def measures_of(row: type) -> tuple[Measure, ...]:
    """Return the declared fields of a row class in their order, those that stay inside left out.

    >>> [(m.name, m.part, m.unit) for m in measures_of(Example)]
    [('target', 'key', ''), ('area_km2', 'measure', 'km2')]

    Raises
    ------
    TypeError
        A field is not declared: what it means would be said nowhere.
    """
    hints = typing.get_type_hints(row, localns=_names_of(row))
    found = []
    for f in fields(row):
        said = f.metadata.get(_NAMESPACE)
        if said is None:
            msg = f"{row.__name__}.{f.name}: declare it with key(), measure(), words() or hidden()"
            raise TypeError(msg)
        if not said.get("hidden"):
            found.append(Measure(f.name, hint=hints[f.name], **said))
    return tuple(found)


def _names_of(row: type) -> dict[str, Any]:
    """Names that a row's annotations use though its module imports them for the type checker alone."""
    return {"Finding": Finding} | {c.__name__: c for c in getattr(row, "NESTED", ())}


def row_json(row: Any) -> dict[str, Any]:
    """Return a row as the JSON prints it: findings with their interval, what is not defined as null.

    >>> row_json(Example("f-16", Finding("", "km2", 1.0, 2.123456789, 3.0)))
    {'target': 'f-16', 'area_km2': {'low': 1.0, 'median': 2.12346, 'high': 3.0}}
    >>> row_json(Example("srbm", None))
    {'target': 'srbm', 'area_km2': None}
    """
    return {m.name: _value_json(getattr(row, m.name), m.digits) for m in measures_of(row.__class__)}


def _value_json(value: Any, digits: int | None) -> Any:
    if isinstance(value, Finding):
        return value.interval(digits or 6)
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return rounded(value, digits)
    if is_dataclass(value):
        return row_json(value)
    if isinstance(value, dict):
        return {_key_text(k): _value_json(v, digits) for k, v in value.items()}
    return [_value_json(item, digits) for item in value]


def _key_text(name: Any) -> str:
    return f"{name:g}" if isinstance(name, float) else str(name)


def rounded(value: float, digits: int | None) -> float | None:
    """Return a number of so many significant digits; what is not a number is not defined.

    >>> rounded(1234.5678, 6), rounded(123456.0, 2), rounded(float("nan"), 6) is None
    (1234.57, 120000.0, True)
    """
    if value != value or value in (float("inf"), float("-inf")):
        return None
    return value if digits is None else float(f"{value:.{digits}g}")


def row_schema(row: type) -> dict[str, Any]:
    """Return the JSON Schema of a row, every key with its meaning.

    >>> row_schema(Example)["properties"]["area_km2"]["description"]
    'Area engaged [km2], more is better. Where an intercept can happen.'
    """
    declared = measures_of(row)
    return {
        "type": "object",
        "description": (row.__doc__ or "").split("\n")[0].strip(),
        "properties": {m.name: {**_hint_schema(m.hint), "description": description(m)} for m in declared},
        "required": [m.name for m in declared],
        "additionalProperties": False,
    }


def description(said: Measure) -> str:
    """Return the label of a measure with its unit, which way is better, and the sentence of meaning."""
    text = said.label + (f" [{said.unit}]" if said.unit else "")
    text += f", {said.better} is better" if said.better else ""
    return f"{text}. {said.meaning}".strip() if said.meaning else text


_PLAIN = {str: "string", float: "number", int: "integer", bool: "boolean"}


def _hint_schema(hint: Any) -> dict[str, Any]:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return {"anyOf": [_hint_schema(a) for a in arguments]}
    if hint is type(None):
        return {"type": "null"}
    if hint is Finding:
        return {"$ref": "#/$defs/finding"}
    if hint is float:
        return {"type": ["number", "null"]}
    if hint in _PLAIN:
        return {"type": _PLAIN[hint]}
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin is dict:
        return {"type": "object", "additionalProperties": _hint_schema(arguments[1])}
    if origin in (tuple, list):
        return {"type": "array", "items": _hint_schema(arguments[0])}
    return row_schema(hint) if isinstance(hint, type) and is_dataclass(hint) else {}


FINDING_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "5, 50 and 95 % over the draws; nominal: every figure at its nominal value; one_raid: 5 to 95 % of "
    "single raids, draws and luck together.",
    "properties": {
        **{name: {"type": ["number", "null"]} for name in ("low", "median", "high", "nominal")},
        "one_raid": {
            "type": "object",
            "properties": {name: {"type": "number"} for name in ("low", "high")},
            "required": ["low", "high"],
            "additionalProperties": False,
        },
    },
    "required": ["low", "median", "high"],
    "additionalProperties": False,
}


@dataclass(frozen=True)
class Header:
    """What an answer was computed from, said once: the same header gives the same bytes."""

    command: str
    version: str
    scenario_hash: str | None
    catalogue_hash: str
    seed: int
    n_draws: int
    n_replications: int | None = None


@dataclass(frozen=True)
class Answer:
    """An answer: header, rows by kind in their order, and the plain words that go with them.

    ``rows`` maps a key of the JSON ("rows", "variants", "differences") to the rows of one class; ``words`` holds what
    is said about the whole.
    """

    header: Header
    rows: Mapping[str, Sequence[Any]]
    words: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Return the one object that a study prints with --json."""
        head = {f.name: getattr(self.header, f.name) for f in fields(self.header)}
        lists = {name: [row_json(row) for row in rows] for name, rows in self.rows.items()}
        return {**head, "level": LEVEL, **lists, **self.words}


def columns(rows: Sequence[Any]) -> list[tuple[str, Measure, list[Any]]]:
    """Return rows of one class as flat columns: (name, what it means, values), a finding as its low, median and high.

    Lists and nested rows are left out: they have tables of their own.

    >>> [name for name, _, _ in columns([Example("f-16", Finding("", "km2", 1.0, 2.0, 3.0))])]
    ['target', 'area_km2_low', 'area_km2_median', 'area_km2_high', 'area_km2_nominal']
    """
    if not rows:
        return []
    found = []
    for said in measures_of(rows[0].__class__):
        values = [getattr(row, said.name) for row in rows]
        known = [value for value in values if value is not None]
        if any(isinstance(value, Finding) for value in known):
            for end in ("low", "median", "high", "nominal"):
                column = [None if v is None else getattr(v, end) for v in values]
                found.append((f"{said.name}_{end}", said, [None if v is None else rounded(v, said.digits)
                                                          for v in column]))  # fmt: skip
        elif all(isinstance(value, (str, bool, int, float)) for value in known):
            found.append((said.name, said, values))
    return found


def to_dataframe(rows: Sequence[Any]) -> pandas.DataFrame:
    """Return rows of one class as a pandas table; units and labels stand in ``attrs`` by column."""
    import pandas

    found = columns(rows)
    table = pandas.DataFrame({name: values for name, _, values in found})
    table.attrs["units"] = {name: said.unit for name, said, _ in found if said.unit}
    table.attrs["labels"] = {name: said.label for name, said, _ in found}
    return table


def to_xarray(rows: Sequence[Any]) -> xarray.Dataset:
    """Return rows of one class as arrays with named axes: findings (row, quantile), keys and words as coordinates."""
    axes = named_axes()
    nan = float("nan")
    data: dict[str, Any] = {}
    coords: dict[str, Any] = {"quantile": [0.05, 0.5, 0.95]}
    for said in measures_of(rows[0].__class__) if rows else ():
        column = [getattr(row, said.name) for row in rows]
        known = [value for value in column if value is not None]
        about = {"units": said.unit, "long_name": said.label}
        if any(isinstance(value, Finding) for value in known):
            data[said.name] = (
                ("row", "quantile"),
                [[nan] * 3 if v is None else [v.low, v.median, v.high] for v in column],
                about,
            )
        elif known and all(isinstance(value, str) for value in known):
            coords[said.name] = ("row", [value or "" for value in column], about)
        elif known and all(isinstance(value, (bool, int, float)) for value in known):
            coords[said.name] = ("row", [nan if value is None else value for value in column], about)
    found: xarray.Dataset = axes.Dataset(data, coords)
    return found


@dataclass(frozen=True)
class Example:
    """A row as small as it can be, for the examples of this page."""

    target: str = key("Target class")
    area_km2: Finding | None = measure("km2", "Area engaged", "Where an intercept can happen.", better="more")
