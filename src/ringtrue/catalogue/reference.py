"""The keys of a catalogue file as a page of the documentation, written from the records that declare them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringtrue.catalogue import records
from ringtrue.catalogue.schema import ENTRY_MEANINGS, FREE_QUANTITIES, RECORDS, fields_of, first_line

if TYPE_CHECKING:
    from ringtrue.catalogue.schema import FieldSpec

_HOLDS = {
    "quantity": "figure", "quantities": "figures by name", "quantity table": "figures by band and aspect",
    "envelopes": "tables by kind of target", "text": "text", "integer": "whole number", "flag": "true or false",
    "choice": "word", "texts": "list of texts", "numbers": "numbers by name", "shares": "shares by fit and interceptor",
}  # fmt: skip


def catalogue_reference() -> str:
    """Return the reference of catalogue files as Markdown, one table for each kind of record.

    >>> catalogue_reference().splitlines()[0]
    '# Keys of a catalogue file'
    """
    parts = [_HEAD]
    for section, record in {**RECORDS, "interceptor.ID.envelope": records.Envelope}.items():
        name = f"{section}.KIND" if record is records.Envelope else f"{section}.ID"
        parts.append(
            f"\n## `[{name}]`\n\n{first_line(record)}\n\n| key | holds | left out | meaning |\n|---|---|---|---|"
        )
        parts += [_row(spec) for spec in fields_of(record)]
    for section, text in FREE_QUANTITIES.items():
        parts.append(f"\n## `[{section}.ID]`\n\n{text} The keys are those of a figure, and `label`.")
    parts.append("\n## A figure\n\n| key | meaning |\n|---|---|")
    parts += [f"| `{key}` | {meaning} |" for key, meaning in ENTRY_MEANINGS.items()]
    return "\n".join(parts) + "\n"


def _row(spec: FieldSpec) -> str:
    holds = _HOLDS[spec.shape]
    if spec.shape.startswith("quant"):
        holds += f", such as `{spec.of.example}`"
    if spec.choices:
        holds += ": " + ", ".join(f"`{choice}`" for choice in spec.choices)
    meaning = spec.text + (f" (on record only: {spec.on_record})" if spec.on_record else "")
    return f"| `{spec.key}` | {holds} | {_left_out(spec)} | {meaning} |"


def _left_out(spec: FieldSpec) -> str:
    if spec.required:
        return "**required**"
    if spec.by_kind:
        return f"`assumption.{spec.by_kind}-KIND`"
    return f"`{spec.usual}`" if spec.usual else "—"


_HEAD = """# Keys of a catalogue file

<!-- generated from the records by docs/build_reference.py: do not edit by hand -->

Strict TOML. A file may hold any records, each under `[SECTION.ID]`; `--catalogue` names one such file or a folder of
them, on top of what is shipped. A record whose id is shipped needs only the keys that change.
`ringtrue catalogue new ID --like nasams` writes a whole system to begin with; `ringtrue catalogue check FILE` says
everything that is wrong with one, and gives lines for the keys that are missing. For an editor that knows JSON Schema
and checks while you write: `ringtrue schema --file catalogue > catalogue.schema.json`.

A system is made of a fire unit; that of one or two radars, a launcher and fits; a launcher of interceptors, with an
envelope for each kind of target. A key that holds a figure takes a table such as

    max_range = { low = 30, nominal = 40, high = 45, unit = "km", source = "Q06", origin = "read", confidence = "B" }

or points at another figure: `{ same_as = "assumption.reference-p-detect" }`."""
