"""How a record says what a scenario file may hold: each field is declared once, and is its own key of the schema."""

from __future__ import annotations

import typing
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any, Literal

from ringtrue.catalogue.records import Parameter
from ringtrue.catalogue.schema import SI_SUFFIX
from ringtrue.units import ANY, Sense

Kind = Literal[
    "text", "texts", "uid", "uids", "choice", "flag", "integer", "number", "quantity", "quantities", "spread",
    "date", "month", "position", "positions", "box", "counts", "links", "values", "table", "tables", "arguments",
    "result", "step",
]  # fmt: skip
Pairs = tuple[tuple[str, int], ...]
Links = str | tuple[tuple[str, str], ...]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Waypoint:
    """A point on the ground that a path passes over [deg]."""

    latitude_deg: float
    longitude_deg: float


@dataclass(frozen=True, slots=True)
class Table:
    """A section: its keys, the words of the reference page, and the key that names one of several."""

    text: str
    keys: tuple[Key, ...]
    named_by: str = ""

    def key(self, name: str) -> Key | None:
        """Return the key of that name."""
        return next((key for key in self.keys if key.name == name), None)


@dataclass(frozen=True, slots=True)
class Key:
    """One key: what it holds, its unit with bounds of sense, and what stands when it is left out.

    ``field`` is its name in the record; ``example`` what could stand right of the ``=`` where the kind alone does not
    tell. ``of`` says what a quantity is of; ``low`` and ``high`` bound a plain number.
    ``default`` is written as a file would write it, so that a default is read, shown and drawn like any other value;
    ``catalogue`` names the assumption of the catalogue that stands in for a key left out, ``by_class`` the figure of
    each target class that does.
    """

    name: str
    kind: Kind
    text: str
    of: Sense = ANY
    required: bool = False
    default: Any = None
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    table: Table | None = None
    catalogue: str = ""
    by_class: str = ""
    field: str = ""
    example: str = ""

    @property
    def si(self) -> str:
        """The SI unit of the values."""
        return self.of.si

    @property
    def sense(self) -> Sense:
        """What the values can be, with the bounds of this key where it has its own."""
        low, high = (self.of.low if self.low is None else self.low), (self.of.high if self.high is None else self.high)
        return self.of._replace(low=low, high=high)


def key(
    text: str,
    of: Sense = ANY,
    *,
    name: str = "",
    kind: Kind | None = None,
    required: bool = False,
    default: Any = None,
    low: float | None = None,
    high: float | None = None,
    catalogue: str = "",
    by_class: str = "",
    example: str = "",
) -> Any:
    """Declare a field of a record as a key of the file; see `Key`.

    ``name`` and ``kind`` follow from the field's name and type where they are left out.
    """
    said = {"text": text, "of": of, "required": required, "default": default, "low": low, "high": high,
            "catalogue": catalogue, "by_class": by_class, "example": example}  # fmt: skip
    return field(metadata={"key": (name, kind, said)})


@cache
def table_of(record: type) -> Table:
    """Return the section that a record class declares; its words are the first paragraph of the class's docstring.

    >>> from ringtrue.scenario.records import Doctrine
    >>> [k.name for k in table_of(Doctrine).keys][:2]
    ['firing', 'salvo']
    """
    hints = typing.get_type_hints(record)
    keys = tuple(_key_of(f.name, hints[f.name], *f.metadata["key"]) for f in fields(record) if "key" in f.metadata)
    text = " ".join((record.__doc__ or "").split("\n\n")[0].split())
    return Table(text, keys, getattr(record, "NAMED_BY", ""))


def _key_of(name: str, hint: Any, key_name: str, kind: Kind | None, said: dict[str, Any]) -> Key:
    plain = next((a for a in typing.get_args(hint) if a is not type(None)), hint) if _is_optional(hint) else hint
    of: Sense = said["of"]
    found = kind or _kind(plain, of)
    choices = typing.get_args(plain) if found == "choice" else ()
    record = typing.get_args(plain)[0] if found == "tables" else plain
    table = table_of(record) if found in ("table", "tables") else None
    key_name = key_name or name.removesuffix(SI_SUFFIX.get(of.si, "\0"))
    return Key(key_name, found, choices=choices, table=table, field=name, **said)


def _is_optional(hint: Any) -> bool:
    return type(None) in typing.get_args(hint)


_PLAIN: dict[Any, Kind] = {
    str: "text", bool: "flag", int: "integer", date: "date", Waypoint: "position", Parameter: "spread", Box: "box",
    tuple[str, ...]: "texts", tuple[float, ...]: "quantities", tuple[Waypoint, ...]: "positions", Pairs: "counts",
    Links: "links",
}  # fmt: skip


def _kind(hint: Any, of: Sense) -> Kind:
    """What a field holds, by its type; a plain float without anything that it is of is a bare number."""
    if hint in _PLAIN:
        return _PLAIN[hint]
    if typing.get_origin(hint) is Literal:
        return "choice"
    if hint is float:
        return "number" if of is ANY else "quantity"
    if typing.get_origin(hint) is tuple and is_dataclass(typing.get_args(hint)[0]):
        return "tables"
    if is_dataclass(hint):
        return "table"
    msg = f"no kind of key holds {hint}"
    raise TypeError(msg)


def made(record: type, values: dict[str, Any]) -> Any:
    """Make a record of the values that were read for its keys, section by section."""
    given = {k.field: _value(k, values[k.name], _inner(record, k.field)) for k in table_of(record).keys}
    return record(**given)


def _inner(record: type, name: str) -> Any:
    hint = typing.get_type_hints(record)[name]
    return next((a for a in typing.get_args(hint) if is_dataclass(a)), hint)


def _value(said: Key, value: Any, record: Any) -> Any:
    if said.kind == "tables":
        return tuple(made(record, item) for item in value)
    if said.kind == "table":
        return None if value is None else made(record, value)
    return () if value is None and said.kind == "positions" else value
