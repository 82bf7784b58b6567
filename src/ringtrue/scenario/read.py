"""A parsed document → values in SI, checked key by key against the schema; every complaint names file, line and key."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ringtrue.catalogue.records import Parameter
from ringtrue.catalogue.spread import default_spread, spread_complaint
from ringtrue.errors import InputError, did_you_mean, kept, refuse_all
from ringtrue.scenario.lines import line_of
from ringtrue.scenario.schema import SPREAD
from ringtrue.scenario.values import READERS, example_of, quantity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ringtrue.scenario.keys import Key, Table
    from ringtrue.scenario.lines import Path

_NAMES = ("uid", "id", "system", "interceptor")
OPTION_OF_GROUND = ("terrain", "dem", "ground")


@dataclass(frozen=True)
class Document:
    """A parsed scenario file and what a complaint needs: its name, the lines of its keys, what ``--set`` changed."""

    file: str
    content: dict[str, Any]
    lines: dict[Path, int]
    settings: dict[Path, str] = field(default_factory=dict)

    def address(self, path: Path) -> str:
        """Return the dotted address of a path, items by name where they have one."""
        words: list[str] = []
        node: Any = self.content
        for step in path:
            node = _step(node, step)
            name = next((node[key] for key in _NAMES if key in node), step) if isinstance(node, dict) else step
            words.append(str(name) if isinstance(step, int) else step)
        return ".".join(words)

    def where(self, path: Path) -> str:
        """Return "file:line: address" of the value at ``path``, or the setting that gave it."""
        address = f": {self.address(path)}" if path else ""
        for end in range(len(path), 0, -1):
            if path[:end] in self.settings:
                return f"--set {self.settings[path[:end]]}{address}"
        line = line_of(self.lines, path)
        return f"{self.file}{'' if line is None else f':{line}'}{address}"

    def complaint(self, path: Path, what: str) -> InputError:
        """Return the error that says ``what`` about the value at ``path``."""
        return InputError(f"{self.where(path)}: {what}")


def unknown_key(name: str, known: list[str]) -> str:
    """Say that a key is not known, with the nearest known one, or the option that does what is asked.

    >>> unknown_key("terrain", ["question"])
    "unknown key 'terrain': ground is no part of a scenario; give it as --dem FILE, or --dem none for bare earth"
    """
    if name in OPTION_OF_GROUND:
        words = "ground is no part of a scenario; give it as --dem FILE, or --dem none for bare earth"
        return f"unknown key {name!r}: {words}"
    near = did_you_mean(name, known) or f"; known here: {', '.join(known)}"
    return f"unknown key {name!r}{near}"


def read_table(document: Document, raw: Any, table: Table, path: Path = ()) -> dict[str, Any]:
    """Return the values of a table by key: every key of the schema, ``None`` where nothing stands and nothing is due.

    Raises
    ------
    InputError
        Everything that is wrong with it: unknown keys (with the nearest known one), missing ones, values that do not
        fit. The text is of the first; the others stand below.
    """
    if not isinstance(raw, dict):
        raise document.complaint(path, f"wants a table of keys; got {raw!r}")
    known = [key.name for key in table.keys]
    refused = [document.complaint((*path, name), unknown_key(name, known)) for name in raw if name not in known]
    missing = [key for key in table.keys if key.required and key.name not in raw]
    if missing:
        refused.append(_missing(document, missing, path))
    values: dict[str, Any] = {}
    for key in table.keys:
        if key not in missing:
            with kept(refused):
                values[key.name] = _read_key(document, raw, key, path)
    refuse_all(refused)
    return values


def _missing(document: Document, missing: list[Key], path: Path) -> InputError:
    """Name every key that a table lacks, each with a line that the file could have."""
    if len(missing) == 1 and missing[0].table is None:
        key = missing[0]
        return document.complaint(path, f"key {key.name!r} is missing: {key.text}; add {key.name} = {example_of(key)}")
    what = ", ".join(f"{key.name!r} ({key.text})" for key in missing)
    count = f"{len(missing)} keys are missing" if len(missing) > 1 else "a key is missing"
    error = document.complaint(path, f"{count}: {what}; add lines such as those below")
    names = ".".join(step for step in path if isinstance(step, str))
    for line in lines_of(missing, names, is_listed=bool(path) and isinstance(path[-1], int)):
        error.add_note(line)
    return error


def lines_of(keys: Sequence[Key], address: str, *, is_listed: bool) -> Iterator[str]:
    """Yield lines of TOML that give keys: their header, each with an example, then the sections among them."""
    plain = [key for key in keys if key.table is None]
    if plain and address:
        yield f"[[{address}]]" if is_listed else f"[{address}]"
    for key in plain:
        yield f"{key.name} = {example_of(key)}"
    for key in keys:
        if key.table is not None:
            inner = [k for k in key.table.keys if k.required]
            yield from lines_of(inner, f"{address}.{key.name}".lstrip("."), is_listed=key.kind == "tables")


def _read_key(document: Document, raw: dict[str, Any], key: Key, path: Path) -> Any:
    here = (*path, key.name)
    if key.name not in raw and key.default is None:
        return None
    value = raw.get(key.name, key.default)
    if key.kind == "spread":
        return _spread(document, value, key, here)
    if key.kind == "table" and key.table is not None:
        return read_table(document, value, key.table, here)
    if key.kind == "tables" and key.table is not None:
        if not isinstance(value, list):
            raise document.complaint(here, f"wants a list of tables; write [[{'.'.join(map(str, here))}]]")
        items = []
        refused: list[InputError] = []
        for i, item in enumerate(value):
            with kept(refused):
                items.append(read_table(document, item, key.table, (*here, i)))
        refuse_all(refused)
        return items
    try:
        return READERS[key.kind](value, key)
    except InputError as error:
        raise document.complaint(here, str(error)) from None


def _spread(document: Document, raw: Any, key: Key, path: Path) -> Parameter:
    entry = raw if isinstance(raw, dict) else {"value": raw, "reason": _plain_reason(document, path)}
    words = read_spread_words(document, entry, path)
    numbers: dict[str, float] = {}
    for name in ("low", "nominal", "high", "value"):
        if name in entry:
            try:
                numbers[name] = quantity(entry[name], key, words["unit"])
            except InputError as error:
                raise document.complaint((*path, name), str(error)) from None
    if set(numbers) not in ({"value"}, {"low", "nominal", "high"}):
        raise document.complaint(path, "wants low, nominal and high, or value alone")
    has_source = words["source"] is not None
    if not has_source and not words["reason"]:
        raise document.complaint(path, 'an assumption wants a reason: add reason = "…", or a source')
    if has_source != (words["confidence"] is not None):
        raise document.complaint(path, "source and confidence (A, B or C) go together: give both or neither")
    low, nominal, high = (numbers.get(name, numbers.get("value", 0.0)) for name in ("low", "nominal", "high"))
    if not low <= nominal <= high:
        printed = ", ".join(str(entry[name]) for name in ("low", "nominal", "high"))
        raise document.complaint(path, f"low <= nominal <= high does not hold: {printed}")
    spread = "fixed" if low == high else words["spread"] or default_spread(low, high, key.si)
    words_of_nominal = f"{entry.get('nominal', '')} {words['unit'] or ''}".strip()
    complaint = spread_complaint(spread, low, nominal, high, words_of_nominal)
    if complaint:
        raise document.complaint(path, complaint)
    return Parameter(
        id=document.address(path), low=low, nominal=nominal, high=high, si=key.si,
        printed=" / ".join(str(entry[name]) for name in ("low", "nominal", "high", "value") if name in entry)
        + (f" {words['unit']}" if words["unit"] else ""),
        spread=spread,
        source=words["source"], origin="read" if has_source else "assumed",
        confidence=words["confidence"] or "none", note=words["reason"] or "", label=key.text,
    )  # fmt: skip


def read_spread_words(document: Document, entry: dict[str, Any], path: Path) -> dict[str, Any]:
    """Return everything of a spread but its numbers, which want the unit of the key that holds it."""
    numbers = ("low", "nominal", "high", "value")
    known = [key.name for key in SPREAD.keys]
    for name in entry:
        if name not in known:
            raise document.complaint((*path, name), f"unknown key {name!r}{did_you_mean(name, known)}")
    return {key.name: _read_key(document, entry, key, path) for key in SPREAD.keys if key.name not in numbers}


def _plain_reason(document: Document, path: Path) -> str:
    return "given with --set" if path in document.settings else "given in the scenario file without a spread"


def _step(node: Any, step: str | int) -> Any:
    if isinstance(node, dict) and step in node:
        return node[step]
    if isinstance(node, list) and isinstance(step, int) and step < len(node):
        return node[step]
    return None
