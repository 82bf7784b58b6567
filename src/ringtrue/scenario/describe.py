"""The schema of scenario files told to others: JSON Schema for editors, a reference page for readers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ringtrue.scenario.keys import Key, Table
from ringtrue.scenario.schema import SCENARIO, SPREAD, sections
from ringtrue.scenario.values import LINK_WORDS, UID
from ringtrue.units import bound_text

if TYPE_CHECKING:
    from ringtrue.scenario.keys import Kind

_PAIR = {
    "type": "array",
    "prefixItems": [
        {"type": "number", "minimum": -90, "maximum": 90},
        {"type": "number", "minimum": -180, "maximum": 180},
    ],
    "minItems": 2,
    "maxItems": 2,
}
_POSITION = {"oneOf": [_PAIR, {"type": "string"}]}
_TEXTS = {"type": "array", "items": {"type": "string"}}
_DATE = {"type": "string", "format": "date"}
_PLAIN: dict[Kind, dict[str, Any]] = {
    "text": {"type": "string"},
    "texts": _TEXTS,
    "uid": {"type": "string", "pattern": UID.pattern},
    "flag": {"type": "boolean"},
    "date": _DATE,
    "month": {"type": "string", "pattern": r"^\d{4}-\d{2}$"},
    "position": _POSITION,
    "positions": {"type": "array", "items": _POSITION, "minItems": 1},
    "box": {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4},
    "counts": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}},
    "values": {"type": "array", "items": {"type": ["string", "number"]}, "minItems": 1},
    "arguments": {"type": "object"},
    "step": {"type": ["string", "integer"]},
    "result": {"oneOf": [{"type": "number"}, {"type": "array", "items": {"type": "number"}, "minItems": 1}]},
    "links": {
        "oneOf": [
            {"enum": list(LINK_WORDS)},
            {"type": "array", "items": {**_TEXTS, "minItems": 2, "maxItems": 2}},
        ]
    },
}  # fmt: skip
_WORDS: dict[Kind, str] = {
    "text": "text", "texts": "list of texts", "uid": "name", "choice": "word", "flag": "true or false",
    "integer": "whole number", "number": "number", "quantity": "quantity", "quantities": "list of quantities",
    "spread": "quantity or spread", "date": "date", "month": "month", "position": "position",
    "positions": "list of positions", "box": "box", "counts": "counts by name", "links": "links",
    "values": "list of values", "table": "section", "tables": "list of sections", "arguments": "values by name",
    "result": "number, or list of numbers", "step": "text, or index",
}  # fmt: skip


def scenario_json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a scenario file.

    It knows keys, types, choices and bounds of plain numbers; bounds of quantities with units, and everything that ties
    one section to another, only the loader can check.

    >>> scenario_json_schema()["properties"]["doctrine"]["properties"]["salvo"]["maximum"]
    16
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "RingTrue scenario",
        **table_schema(SCENARIO),
    }


def table_schema(table: Table) -> dict[str, Any]:
    """Return the JSON Schema of a section: its keys with meaning and type, and those that it cannot be without."""
    return {
        "type": "object",
        "description": table.text,
        "properties": {key.name: _key_schema(key) for key in table.keys},
        "required": [key.name for key in table.keys if key.required],
        "additionalProperties": False,
    }


def _key_schema(key: Key) -> dict[str, Any]:
    schema = {"description": key.text, **_value_schema(key)}
    return schema if key.default is None or key.required else {**schema, "default": key.default}


def _value_schema(key: Key) -> dict[str, Any]:
    if key.table is not None:
        inner = table_schema(key.table)
        return {"type": "array", "items": inner} if key.kind == "tables" else inner
    if key.kind in ("quantity", "quantities", "spread"):
        plain: dict[str, Any] = {"type": ["string", "number"] if key.si == "1" else "string"}
        beside = {"type": "object", "required": ["value", "unit"], "additionalProperties": False,
                  "properties": {"value": {"type": "number", "description": "the number"},
                                 "unit": {"type": "string", "description": "its unit, such as km"}}}  # fmt: skip
        one: dict[str, Any] = plain if key.kind == "spread" else {"oneOf": [plain, beside]}
        if key.kind == "quantities":
            return {"type": "array", "items": one}
        return one if key.kind == "quantity" else {"oneOf": [one, _spread_schema(key)]}
    if key.kind in ("integer", "number"):
        bounds = {"minimum": key.low, "maximum": key.high}
        return {"type": key.kind, **{name: value for name, value in bounds.items() if value is not None}}
    return {"enum": list(key.choices)} if key.kind == "choice" else dict(_PLAIN[key.kind])


def _spread_schema(key: Key) -> dict[str, Any]:
    inner = [Key(k.name, k.kind, k.text, of=key.of, choices=k.choices) for k in SPREAD.keys]
    schema = table_schema(Table(SPREAD.text, tuple(inner)))
    numbers = {k.name: {"description": k.text, "type": ["string", "number"]} for k in inner if k.kind == "quantity"}
    return {**schema, "properties": {**schema["properties"], **numbers}}


def reference_page() -> str:
    """Return the reference of scenario files as Markdown, one table for each section."""
    parts = [_HEAD]
    for address, table in sections():
        heading = f"`{address}`" if address else "Top of the file"
        parts.append(f"\n## {heading}\n\n{table.text}\n\n| key | holds | left out | meaning |\n|---|---|---|---|")
        parts += [key_row(key) for key in table.keys]
    parts.append(f"\n## Spreads\n\n{SPREAD.text}\n\n| key | holds | left out | meaning |\n|---|---|---|---|")
    parts += [key_row(key) for key in SPREAD.keys]
    return "\n".join(parts) + "\n"


def key_row(key: Key) -> str:
    """Return a key's line of a table of the reference: name, what it holds, what stands for it, meaning."""
    holds = _WORDS[key.kind]
    if key.kind in ("quantity", "quantities", "spread"):
        holds += f", such as `{'5 %' if key.si == '1' else key.of.example}`"
    low, high = key.sense.low, key.sense.high
    holds += f", ≥ {bound_text(low, key.si)}" if math.isfinite(low) else ""
    holds += f", ≤ {bound_text(high, key.si)}" if math.isfinite(high) else ""
    if key.choices:
        holds += ": " + ", ".join(f"`{choice}`" for choice in key.choices)
    return f"| `{key.name}` | {holds} | {_left_out(key)} | {key.text} |"


def _left_out(key: Key) -> str:
    if key.required:
        return "**required**"
    if key.catalogue:
        return f"catalogue: `assumption.{key.catalogue}`"
    if key.by_class:
        return f"catalogue: `{key.by_class}` of each target class"
    if isinstance(key.default, dict) and "value" in key.default:
        return f"`{key.default['value']}` ({key.default['reason']})"
    if key.default in (None, "", [], {}):
        return "—"
    return f"`{str(key.default).lower() if isinstance(key.default, bool) else key.default}`"


_HEAD = """# Scenario files

<!-- generated from the schema by ringtrue.scenario.describe.reference_page: do not edit by hand -->

**Question.** Who stands where, what flies, by which rules, bought on which terms?

**Form.** Strict TOML. A quantity is a text with its unit (`"250 km"`, `"10 s"`, `"5 %"`, `"2.5 bnUSD"`), or
`{ value = 250, unit = "km" }`; an unknown key is an error with the nearest known one, the file and the line. A number
has a decimal point and no other mark: a comma is refused, because `2,500 km` has two readings. Units come from one
closed table ([Quantities and units](../howto/quantities.md)), and each key has bounds of sense. An altitude may be a
flight level (`"FL100"`): standard pressure is assumed, and every report of the scenario says so. A position is
`[latitude, longitude]` in degrees or a text such as `"41°17'N 36°20'E"`, a date `2019-07-25`. A path is relative to the
file that names it. Names (`uid`, `id`) are small letters, digits, `-`, `_`, `@`; random numbers are keyed by the uids,
so that two laydowns meet the same raid with the same luck.

**Settings.** `--set key=value` replaces one value before anything is checked: `doctrine.salvo=2`,
`raid.cruise-16.count=8`, `delivery.0.fire_units=1`. An item of a list is named by its uid or id, or by its index from
0; the name of a list in between may be left out where only one place fits.

**Source.** A scenario is a declared assumption: what it invents, it says under `declared` and in the `reason` of a
spread. A key that a file leaves out and that the catalogue has an assumption for takes that assumption. Sites of the
shipped scenarios are airports and city centres named in the press; `positions` says what they stand for on each map.

**Laydown rule.** The fire units of a `package` go down the list of places in the order of the file, one at each, the
same for every package; launchers and rounds of a package are dealt out evenly, whole launchers first. What finds no
launcher waits as a reload.

**Left out.** Roads, crews, supply, decoys, manoeuvre; a laydown does not move during a raid. Height above ground is
followed exactly, which no aircraft does.

**Checked on loading.** Aims, places, networks, offers and classes that do not exist; two entries of one uid; fire
units without launchers; deliveries before the contract or larger than what was bought; payments above the price;
values outside their bounds. Whether a path of fixed altitude runs under the ground is checked against the terrain
when a run starts, at steps of one kilometre.

**Validation.** `tests/scenario`: every error sentence, every shipped scenario, this page against the schema."""
