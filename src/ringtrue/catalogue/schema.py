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
FREE_QUANTITIES = {
    "assumption": "By id: a figure of the models that belongs to no system, such as a prior or a doubt.",
    "statement": "By id: a printed figure that rivals another or is not used; kept with its source, never drawn.",
}
SECTIONS = (*RECORDS, *FREE_QUANTITIES)

SI_SUFFIX = {"m": "_m", "m2": "_m2", "Hz": "_hz", "s": "_s", "rad": "_rad", "m/s": "_mps", "USD": "_usd", "dB": "_db"}
_PLURAL = {"envelopes": "envelope"}
ENTRY_KEYS = (
    "low", "nominal", "high", "value", "unit", "source", "also", "origin", "confidence", "note", "spread", "estimated",
    "group", "inputs", "same_as",
    "by_hand", "locator", "paraphrase", "unread", "on_record",
)  # fmt: skip
ENTRY_MEANINGS = {
    "low": "Least value that is thought possible",
    "nominal": "Middle value: half of the draws lie below it",
    "high": "Greatest value that is thought possible",
    "value": "The one value, instead of the three",
    "unit": 'Unit of plain numbers, such as km; left out where a text carries it: "40 km"',
    "spread": "Law of the draws: split (usual), split-log (over decades), uniform, integer, discrete, fixed",
    "origin": "How it came here: read in the source, via a collection, derived from other figures, or assumed",
    "confidence": "A official, B maker or good press, C one weak source; none if and only if assumed",
    "source": "Key of the source it was read in",
    "also": "Keys of further sources that print the same",
    "note": "Reason of an assumption, arithmetic of a derived value, or what else should be known",
    "estimated": "Whether it is a third party's estimate",
    "by_hand": "Which of low, nominal and high no source prints, though the others were read",
    "inputs": "Addresses of the figures that a derived value was worked out from",
    "group": "Name shared by figures that are drawn together",
    "same_as": "Address of the figure that it repeats and is drawn with",
    "locator": "Where in the source it stands, as looked up a second time",
    "paraphrase": "What the source says there, in at most thirty words",
    "unread": "Why it could not be looked up a second time",
    "on_record": "Why no answer reads it",
    "label": "Words that a report prints",
}
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


def _said(properties: dict[str, Any]) -> dict[str, Any]:
    """Return the keys of an entry with their meanings."""
    return {key: {"description": ENTRY_MEANINGS[key], **schema} for key, schema in properties.items()}


def _entry_schema() -> dict[str, Any]:
    number: dict[str, Any] = {"oneOf": [{"type": "number"}, {"type": "string", "pattern": "[A-Za-z%°]"}]}
    text: dict[str, Any] = {"type": "string"}
    common: dict[str, Any] = {
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
        "description": "A figure with its unit, its spread and where it comes from.",
        "oneOf": [
            {
                "type": "object",
                "properties": _said({"low": number, "nominal": number, "high": number, **common}),
                "required": ["low", "nominal", "high", "origin"],
                "additionalProperties": False,
                **honest,
            },
            {
                "type": "object",
                "properties": _said({"value": number, **common}),
                "required": ["value", "origin"],
                "additionalProperties": False,
                **honest,
            },
            {
                "type": "object",
                "properties": _said({"same_as": text, "note": text}),
                "required": ["same_as"],
                "additionalProperties": False,
            },
        ],
    }


def _value_schema(spec: FieldSpec) -> dict[str, Any]:
    entry = {"$ref": "#/$defs/quantity"}
    also_same = _said({"same_as": {"type": "string"}})
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
    unit = f" [{spec.si}]" if spec.label else ""
    return {"description": f"{spec.text}{unit}", **by_shape[spec.shape]}


def first_line(record: type) -> str:
    """Return what a record is, in the first line of its class."""
    return (record.__doc__ or "").partition("\n")[0]


def _record_schema(record: type, *, partial: bool) -> dict[str, Any]:
    specs = fields_of(record)
    text = {"type": "string"}
    required = [s.key for s in specs if s.required]
    schema: dict[str, Any] = {
        "type": "object",
        "description": first_line(record),
        "properties": {
            **{s.key: _value_schema(s) for s in specs},
            "same_as": {"description": "Address of the record whose keys it takes where it gives none", **text},
            "note": {"description": "With same_as: added to the note of every figure taken", **text},
        },
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
        section: {
            "type": "object",
            "description": f"By id: {first_line(record)}",
            "additionalProperties": {"$ref": f"#/$defs/{section}"},
        }
        for section, record in RECORDS.items()
    }
    sections |= {
        section: {
            "type": "object",
            "description": FREE_QUANTITIES[section],
            "additionalProperties": {"$ref": "#/$defs/free"},
        }
        for section in FREE_QUANTITIES
    }
    free = _entry_schema()
    for form in free["oneOf"]:
        form["properties"] = {**form["properties"], **_said({"label": {"type": "string"}})}
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
