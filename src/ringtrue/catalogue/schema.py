"""What may stand in a catalogue file, read off the records themselves, and the JSON Schema made from it."""

from __future__ import annotations

import typing
from dataclasses import MISSING, dataclass, fields
from functools import cache
from typing import Any, Literal

from ringtrue.catalogue import records
from ringtrue.catalogue.spread import SPREADS
from ringtrue.units import ANY, Sense, split_quantity

Shape = Literal[
    "quantity", "quantities", "quantity table", "envelopes", "text", "integer", "flag", "choice", "texts", "numbers",
    "shares",
]  # fmt: skip

RECORDS: dict[str, type] = {
    "radar": records.Radar,
    "interceptor": records.Interceptor,
    "launcher": records.Launcher,
    "fire-unit": records.FireUnit,
    "system": records.System,
    "target": records.TargetClass,
    "source": records.Source,
    "fact": records.Fact,
    "clause": records.Clause,
}
FREE_QUANTITIES = ("assumption", "statement")
SECTIONS = (*RECORDS, *FREE_QUANTITIES)

SI_SUFFIX = {"m": "_m", "m2": "_m2", "Hz": "_hz", "s": "_s", "rad": "_rad", "m/s": "_mps", "USD": "_usd", "dB": "_db"}
_PLURAL = {"envelopes": "envelope"}
ENTRY_KEYS = (
    "low", "nominal", "high", "value", "unit", "source", "also", "origin", "confidence", "note", "spread", "estimated",
    "group", "inputs", "same_as",
    "by_hand", "locator", "paraphrase", "unread", "on_record",
)  # fmt: skip
ORIGINS = typing.get_args(records.Origin)
CONFIDENCES = typing.get_args(records.Confidence)
TARGET_KINDS = typing.get_args(records.TargetKind)


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One key of a record: its name in files and in code, what it holds, and whether it must be there.

    ``text`` is its meaning in a line and ``example`` what a file could have right of the ``=``. What stands in for a
    key left out: ``by_kind``, the beginning of an assumption's name; ``usual``, an address or another key.
    ``on_record``: why no answer reads it; empty where one does.
    """

    name: str
    key: str
    shape: Shape
    of: Sense
    label: str
    short: str
    required: bool
    may_be_none: bool
    choices: tuple[str, ...] = ()
    by_kind: str = ""
    on_record: str = ""
    text: str = ""
    example: str = ""
    usual: str = ""

    @property
    def si(self) -> str:
        """The SI unit of the values."""
        return self.of.si


def _shape(hint: Any, is_quantity: bool) -> tuple[Shape, tuple[str, ...]]:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if is_quantity and hint != dict[str, float]:
        depth = str(hint).count("dict[")
        return ("quantity", "quantities", "quantity table")[depth], ()
    if origin is Literal:
        return "choice", tuple(str(argument) for argument in arguments)
    if origin is tuple:
        return "texts", ()
    if origin is dict:
        if arguments[1] is float:
            return "numbers", ()
        return ("shares" if typing.get_origin(arguments[1]) is dict else "envelopes"), ()
    plain: dict[Any, Shape] = {int: "integer", bool: "flag"}
    return plain.get(hint, "text"), ()


@cache
def fields_of(record: type) -> tuple[FieldSpec, ...]:
    """Return the keys of a record class, in the order of the class; ``id`` and an envelope's owner and ``kind`` are not
    keys.

    >>> from ringtrue.catalogue.records import Radar
    >>> [f.key for f in fields_of(Radar) if f.name == "reference_range_m"]
    ['reference_range']
    """
    hints = typing.get_type_hints(record)
    specs = []
    for f in fields(record):
        if f.name == "id" or (record is records.Envelope and f.name in ("interceptor", "kind")):
            continue
        of = f.metadata.get("of")
        shape, choices = _shape(hints[f.name], of is not None)
        named = _PLURAL.get(f.name, f.name)
        key = f.name.removesuffix(SI_SUFFIX.get(of.si, "\0")) if of and shape != "numbers" else named
        none = "None" in str(hints[f.name])
        by_kind = f.metadata.get("by_kind", "")
        usual = f.metadata.get("usual", "")
        has_default = f.default is not MISSING or f.default_factory is not MISSING
        required = not (has_default or none or by_kind or usual)
        label, short = f.metadata.get("label", ""), f.metadata.get("short", "")
        on_record = f.metadata.get("on_record", "")
        text = f.metadata.get("text", label)
        example = f.metadata.get("example") or _example(of or ANY, f.metadata.get("named", ""))
        specs.append(
            FieldSpec(f.name, key, shape, of or ANY, label, short, required, none, choices, by_kind, on_record, text,
                      example, usual)
        )  # fmt: skip
    return tuple(specs)


def _example(of: Sense, named: str) -> str:
    """Return an entry as a file could have it; in a table of figures, under a name such as ``X.nose``.

    >>> from ringtrue.units import RANGE
    >>> _example(RANGE, "")
    '{ value = 250, unit = "km", origin = "assumed", note = "why" }'
    """
    number, unit = split_quantity(of.example)
    entry = f'{{ value = {number:g}, unit = "{unit or 1}", origin = "assumed", note = "why" }}'
    for name in reversed(named.split(".") if named else []):
        entry = f"{{ {name} = {entry} }}"
    return entry


_TEXTS: dict[str, Any] = {"type": "array", "items": {"type": "string"}}


def _entry_schema() -> dict[str, Any]:
    number: dict[str, Any] = {"oneOf": [{"type": "number"}, {"type": "string", "pattern": "[A-Za-z%°]"}]}
    text: dict[str, Any] = {"type": "string"}
    common = {
        "unit": text, "source": text, "also": _TEXTS, "origin": {"enum": list(ORIGINS)},
        "confidence": {"enum": list(CONFIDENCES)}, "note": text, "spread": {"enum": list(SPREADS)},
        "estimated": {"type": "boolean"}, "group": text, "inputs": _TEXTS,
        "by_hand": {"type": "array", "minItems": 1, "items": {"enum": ["low", "nominal", "high"]}},
        "locator": text, "paraphrase": text, "unread": text, "on_record": text,
    }  # fmt: skip
    honest = {
        "if": {"properties": {"origin": {"const": "assumed"}}},
        "then": {"required": ["note"], "properties": {"confidence": {"const": "none"}}},
        "else": {"required": ["source", "confidence"], "properties": {"confidence": {"enum": ["A", "B", "C"]}}},
        "dependentRequired": {"locator": ["paraphrase", "source"], "paraphrase": ["locator"], "unread": ["source"]},
        "not": {"required": ["locator", "unread"]},
    }
    return {
        "oneOf": [
            {
                "type": "object",
                "properties": {"low": number, "nominal": number, "high": number, **common},
                "required": ["low", "nominal", "high", "origin"],
                "additionalProperties": False,
                **honest,
            },
            {
                "type": "object",
                "properties": {"value": number, **common},
                "required": ["value", "origin"],
                "additionalProperties": False,
                **honest,
            },
            {
                "type": "object",
                "properties": {"same_as": text, "note": text},
                "required": ["same_as"],
                "additionalProperties": False,
            },
        ]
    }


def _value_schema(spec: FieldSpec) -> dict[str, Any]:
    entry = {"$ref": "#/$defs/quantity"}
    also_same: dict[str, Any] = {"same_as": {"type": "string"}}
    by_shape: dict[str, dict[str, Any]] = {
        "quantity": entry,
        "quantities": {"type": "object", "properties": also_same, "additionalProperties": entry},
        "quantity table": {
            "type": "object",
            "properties": also_same,
            "additionalProperties": {"type": "object", "properties": also_same, "additionalProperties": entry},
        },
        "envelopes": {
            "type": "object",
            "propertyNames": {"enum": list(TARGET_KINDS)},
            "additionalProperties": {"$ref": "#/$defs/envelope"},
        },
        "text": {"type": "string"},
        "integer": {"type": "integer"},
        "flag": {"type": "boolean"},
        "choice": {"enum": list(spec.choices)},
        "texts": _TEXTS,
        "numbers": {"type": "object", "additionalProperties": {"type": "number"}},
        "shares": {
            "type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": {"type": "number"}},
        },
    }
    found = dict(by_shape[spec.shape])
    if spec.label:
        found["description"] = f"{spec.label} [{spec.si}]"
    return found


def _record_schema(record: type, *, partial: bool) -> dict[str, Any]:
    specs = fields_of(record)
    text = {"type": "string"}
    required = [s.key for s in specs if s.required]
    schema: dict[str, Any] = {
        "type": "object",
        "description": (record.__doc__ or "").split("\n")[0],
        "properties": {**{s.key: _value_schema(s) for s in specs}, "same_as": text, "note": text},
        "additionalProperties": False,
    }
    if not partial:
        schema["anyOf"] = [{"required": ["same_as"]}, {"required": required}]
    return schema


def catalogue_json_schema(*, partial: bool = False) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of one catalogue file.

    Parameters
    ----------
    partial : bool
        Allow records that give only some keys, as a file that overrides shipped records may.

    Examples
    --------
    >>> sorted(catalogue_json_schema()["properties"])[:4]
    ['assumption', 'clause', 'fact', 'fire-unit']
    """
    sections: dict[str, Any] = {
        section: {"type": "object", "additionalProperties": {"$ref": f"#/$defs/{section}"}} for section in RECORDS
    }
    sections |= {
        section: {"type": "object", "additionalProperties": {"$ref": "#/$defs/free"}} for section in FREE_QUANTITIES
    }
    free = _entry_schema()
    for form in free["oneOf"]:
        form["properties"] = {**form["properties"], "label": {"type": "string"}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "RingTrue catalogue file",
        "type": "object",
        "properties": sections,
        "additionalProperties": False,
        "$defs": {
            "quantity": _entry_schema(),
            "free": free,
            "envelope": _record_schema(records.Envelope, partial=partial),
            **{section: _record_schema(record, partial=partial) for section, record in RECORDS.items()},
        },
    }
