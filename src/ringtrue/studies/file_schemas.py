"""Every kind of file that a user writes: its JSON Schema; the reference of the measures that claims files name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringtrue.catalogue.schema import catalogue_json_schema
from ringtrue.errors import InputError, did_you_mean
from ringtrue.scenario.describe import key_row, scenario_json_schema, table_schema
from ringtrue.studies.case_files import CASE, CASE_SOURCE
from ringtrue.studies.claim_measures import ARGUMENTS, MEASURES
from ringtrue.studies.claim_records import ANSWERED, CLAIM, CLAIMS_FILE, DATE, NOT_ANSWERED

if TYPE_CHECKING:
    from collections.abc import Callable

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def claims_json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a claims file.

    >>> claims_json_schema()["properties"]["claim"]["items"]["required"][:2]
    ['id', 'report']
    """
    schema = table_schema(CLAIMS_FILE)
    claim = schema["properties"]["claim"]["items"]
    claim["properties"]["measure"]["enum"] = list(MEASURES)
    claim |= {
        "if": {"properties": {"kind": {"const": "not-answerable"}}},
        "then": {"required": list(NOT_ANSWERED), "not": {"required": ["measure"]}},
        "else": {"required": list(ANSWERED)},
    }
    return {"$schema": DRAFT, "title": "RingTrue claims file", **schema}


def case_json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a case file of ``ringtrue verify``.

    >>> sorted(case_json_schema()["properties"])
    ['case', 'source']
    """
    case = table_schema(CASE)
    case["oneOf"] = [{"required": [form]} for form in ("function", "simulation", "scenario")]
    case["dependentRequired"] = {"scenario": ["measure"], "simulation": ["sigma"]}
    return {
        "$schema": DRAFT,
        "title": "RingTrue case file",
        "description": "Numbers that others printed or that follow from a closed form, for ringtrue verify.",
        "type": "object",
        "properties": {
            "case": {"description": CASE.text, "type": "array", "items": case},
            "source": {
                "description": "By code: a document that prints numbers.",
                "type": "object",
                "additionalProperties": table_schema(CASE_SOURCE),
            },
        },
        "required": [],
        "additionalProperties": False,
    }


FILES: dict[str, Callable[[], dict[str, Any]]] = {
    "scenario": scenario_json_schema,
    "catalogue": catalogue_json_schema,
    "claims": claims_json_schema,
    "case": case_json_schema,
}


def file_schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema of a kind of file.

    Raises
    ------
    InputError
        No such kind.
    """
    if kind not in FILES:
        msg = f"--file {kind!r} is no kind of file{did_you_mean(kind, FILES)}; there are: {', '.join(FILES)}"
        raise InputError(msg)
    return FILES[kind]()


def claims_reference() -> str:
    """Return the reference of claims files as Markdown: their keys, the measures, the arguments of these.

    >>> claims_reference().splitlines()[0]
    '# Claims files and measures'
    """
    parts = [_HEAD]
    for name, table in (("Top of the file", CLAIMS_FILE), ("`[[claim]]`", CLAIM)):
        parts.append(f"\n## {name}\n\n{table.text}\n\n| key | holds | left out | meaning |\n|---|---|---|---|")
        parts += [key_row(key) for key in table.keys]
    parts.append("\n## Measures\n\n| measure | criterion in | arguments, those in brackets may be left out | meaning |")
    parts.append("|---|---|---|---|")
    for name, measure in MEASURES.items():
        spec = measure.spec
        arguments = " ".join([*(f"`{a}`" for a in spec.required), *(f"[`{a}`]" for a in spec.optional)])
        unit = {DATE: "a day", "1": "a number"}.get(spec.si, f"`{spec.si}`")
        meaning = (measure.function.__doc__ or "").partition("\n")[0].rstrip(".")
        parts.append(f"| `{name}` | {unit} | {arguments} | {meaning} |")
    parts.append("\n## Arguments\n\n| argument | meaning |\n|---|---|")
    parts += [f"| `{name}` | {text} |" for name, text in ARGUMENTS.items()]
    return "\n".join(parts) + "\n"


_HEAD = """# Claims files and measures

<!-- generated from the tables of the study by docs/build_reference.py: do not edit by hand -->

`ringtrue claims FILE` holds statements against the published figures: each `[[claim]]` names a measure, its arguments
and a criterion; the verdict follows. `ringtrue new claims FILE` writes one to begin with. What the verdicts mean stands
under [Claims](../methods/claims.md). For an editor: `ringtrue schema --file claims > claims.schema.json`."""
