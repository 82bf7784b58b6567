"""A beginning for a system of one's own: a commented copy of a system's records under new ids, as one file."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from ringtrue.catalogue import records
from ringtrue.catalogue.entry import is_entry
from ringtrue.catalogue.load import header, load_catalogue, merged, tables_of
from ringtrue.catalogue.schema import ENTRY_KEYS, RECORDS, fields_of, first_line
from ringtrue.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ringtrue.catalogue.load import Table

Key = tuple[str, str]  # section and id
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_ID = 40
_ALL = (*RECORDS.values(), records.Envelope)
_OF_THE_READING = ("locator", "paraphrase", "unread")  # where a figure stands in its source: left with the original


def beginning(new_id: str, like: str, extra_dir: Path | None = None) -> str:
    """Return the text of a catalogue file: a system under a new id, with copies of all that it is made of.

    Parameters
    ----------
    new_id : str
        Id of the new system; its radar, launcher and so on get it as the beginning of theirs.
    like : str
        Id of a system of the catalogue.
    extra_dir : Path, optional
        Folder or file that extends the catalogue.

    Returns
    -------
    str
        TOML that gives the same answers as the system it copies, within the luck of the draws.

    Raises
    ------
    InputError
        An id that is taken or that no command line could be given, or no such system.

    Examples
    --------
    >>> print(beginning("mine", "nasams").partition(chr(10))[0])
    # A system of your own: mine, begun as a copy of NASAMS (AMRAAM).
    """
    catalogue = load_catalogue(extra_dir)
    like = next((i for i in catalogue.systems if i.casefold() == like.casefold()), like)
    if like not in catalogue.systems:
        near = did_you_mean(like, catalogue.systems)
        msg = f"--like {like!r} is not a system of the catalogue{near}; list the systems with: ringtrue catalogue list"
        raise InputError(msg)
    if not _ID.fullmatch(new_id) or len(new_id) > _LONGEST_ID:
        msg = (
            f"{new_id!r} cannot be an id: write small letters, digits and single hyphens, at most {_LONGEST_ID}, such "
            "as 'my-system'"
        )
        raise InputError(msg)
    tables = tables_of(extra_dir)
    new = _new_ids(catalogue, like, new_id)
    for section, taken in new.values():
        if taken in tables[section]:
            msg = f"{new_id!r}: {section}.{taken} is in the catalogue already; choose another id"
            raise InputError(msg)
    name = catalogue.systems[like].name
    copied = {key: _copy(tables, key, new, new_id) for key in new}
    copied["system", like]["name"] = f"{new_id} (begun as a copy of {name})"
    _keep_what_fits(catalogue.systems[like], copied)
    parts = [_HEAD.format(id=new_id, name=name, like=like)]
    parts += ["\n".join(_record_lines(new[key], copied[key])) for key in new]
    return "\n\n\n".join(parts) + "\n"


def _new_ids(catalogue: records.Catalogue, like: str, new_id: str) -> dict[Key, Key]:
    """Map what a system is made of to the ids of the copies, the system first."""
    system = catalogue.systems[like]
    unit = catalogue.fire_units[system.fire_unit]
    rounds = list(dict.fromkeys(name for fit in system.fits for name in unit.fits[fit]))
    radars = {unit.engagement_radar: "radar" if unit.acquisition_radar is None else "engagement-radar"}
    if unit.acquisition_radar is not None:
        radars[unit.acquisition_radar] = "acquisition-radar"
    named: dict[Key, str] = {("system", like): new_id, ("fire-unit", unit.id): f"{new_id}-unit"}
    named |= {("radar", radar): f"{new_id}-{word}" for radar, word in radars.items()}
    named |= {("launcher", unit.launcher): f"{new_id}-launcher"}
    named |= {("interceptor", name): f"{new_id}-missile" if len(rounds) == 1 else f"{new_id}-{name}" for name in rounds}
    return {key: (key[0], name) for key, name in named.items()}


def _copy(tables: Mapping[str, Mapping[str, Table]], key: Key, new: Mapping[Key, Key], new_id: str) -> Table:
    """Return the table of a record, whole where it points at another, with every address in it that of a copy."""
    table = dict(tables[key[0]][key[1]])
    while "same_as" in table:
        section, _, base = str(table.pop("same_as")).partition(".")
        table.pop("note", None)
        table = merged(tables[section][base], table)
    found: Table = _renamed(table, key[0], new, new_id)
    return found


def _renamed(node: Any, section: str, new: Mapping[Key, Key], new_id: str) -> Any:
    """Return a table with ids and addresses of what is copied replaced, and drawn apart from the original."""
    if not isinstance(node, dict):
        return node
    found: Table = {}
    for key, value in node.items():
        if (key in _OF_THE_READING and is_entry(node)) or key in _RIVALS or value == "":
            continue
        if key == "same_as":
            found[key] = _address(str(value), new)
        elif key == "inputs" and isinstance(value, list):
            found[key] = [_address(str(item), new) for item in value]
        elif key == "group":
            found[key] = f"{new_id}-{value}"
        elif isinstance(value, dict):
            is_figure = is_entry(value) or "same_as" in value
            found[_round(key, section, new) if is_figure else key] = _renamed(value, section, new, new_id)
        elif key in _IDS:
            found[key] = next((to for (s, i), (_, to) in new.items() if (s, i) == (_IDS[key], value)), value)
        else:
            found[_round(key, section, new)] = value
    return found


_RIVALS = {spec.key for record in _ALL for spec in fields_of(record) if spec.on_record == records.ANOTHER_READING}
_IDS = {"fire_unit": "fire-unit", "acquisition_radar": "radar", "engagement_radar": "radar", "launcher": "launcher"}


def _round(key: str, section: str, new: Mapping[Key, Key]) -> str:
    """Return the key of a table that goes by interceptors."""
    is_by_round = section in ("launcher", "fire-unit", "system")
    return new[("interceptor", key)][1] if is_by_round and ("interceptor", key) in new else key


def _address(address: str, new: Mapping[Key, Key]) -> str:
    """Return a dotted address, in the copy where it leads to what is copied."""
    for (section, record_id), (_, to) in new.items():
        old = f"{section}.{record_id}"
        if address == old or address.startswith(f"{old}."):
            inside = address[len(old) :].split(".")
            return ".".join([f"{section}.{to}{inside[0]}", *(_round(part, section, new) for part in inside[1:])])
    return address


def _keep_what_fits(system: records.System[Any], copied: Mapping[Key, Table]) -> None:
    """Take out of the fire unit the fits that the system does not have."""
    unit = next(table for (section, _), table in copied.items() if section == "fire-unit")
    unit["fits"] = {name: shares for name, shares in unit["fits"].items() if name in system.fits}
    if unit["default_fit"] not in unit["fits"]:
        unit["default_fit"] = system.fit


def _record_lines(key: Key, table: Table) -> Iterator[str]:
    record = RECORDS[key[0]]
    yield f"# {first_line(record)}"
    yield from _lines((*key,), table, {spec.key: spec.text for spec in fields_of(record)})


def _lines(keys: tuple[str, ...], table: Table, meanings: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines of a table: its plain keys and figures with their meaning above, then the tables in it."""
    inner = {key: value for key, value in table.items() if isinstance(value, dict) and not _is_on_a_line(value)}
    has_header = len(inner) < len(table) or not inner
    if has_header:
        yield f"[{header(keys)}]"
    for key, value in table.items():
        if key in inner:
            continue
        if key in meanings:
            yield f"# {meanings[key]}"
        yield f"{header((key,))} = {_written(value)}"
    for i, (key, value) in enumerate(inner.items()):
        if has_header or i:
            yield ""
        if key in meanings:
            yield f"# {meanings[key]}"
        is_envelope = keys[0] == "interceptor" and keys[-1] == "envelope"
        own = {spec.key: spec.text for spec in fields_of(records.Envelope)} if is_envelope else {}
        yield from _lines((*keys, key), value, own)


def _is_on_a_line(value: Table) -> bool:
    """Whether a table is written in one line: a figure, or numbers by name."""
    return is_entry(value) or set(value) == {"same_as"} or not any(isinstance(item, dict) for item in value.values())


def _written(value: Any) -> str:
    if isinstance(value, dict):
        order = {key: i for i, key in enumerate(_ORDER)}
        keys = sorted(value, key=lambda key: order.get(key, len(order)))
        inside = ", ".join(f"{header((key,))} = {_written(value[key])}" for key in keys)
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list):
        return f"[{', '.join(_written(item) for item in value)}]"
    return repr(value) if isinstance(value, float) else json.dumps(value, ensure_ascii=False)


_FIRST = ("low", "nominal", "high", "value", "unit", "spread", "origin", "confidence", "source")
_ORDER = (*_FIRST, *(key for key in ENTRY_KEYS if key not in _FIRST))

_HEAD = """\
# A system of your own: {id}, begun as a copy of {name}.
#
# It runs as it stands, and answers as {like} does until you change its figures:
#   ringtrue audit {id} --catalogue {id}.toml
#   ringtrue catalogue show {id} --catalogue {id}.toml
#   ringtrue catalogue check {id}.toml
#
# A figure is one of these; each carries its unit and where it comes from:
#   {{ value = 40, unit = "km", source = "my-brochure", origin = "read", confidence = "B" }}
#   {{ low = 30, nominal = 40, high = 45, unit = "km", origin = "assumed", note = "why, and why so wide" }}
#   {{ same_as = "assumption.reference-p-detect" }}    the same as another figure, and drawn with it
# origin: read (in the source), via (a collection quotes it), derived (note: the arithmetic), assumed (note: why).
# confidence: A (official), B (maker or good press), C (one weak source); an assumed figure has none.
# The figures below still cite the sources of {name}. Where you change one, cite your own:
[source.{id}-brochure]
title = "What you read"
publisher = "Who published it"
date = "undated"
address = "where it can be read"
kind = "manufacturer"
# What each key means: ringtrue catalogue schema, or the page "Keys of a catalogue file" of the documentation."""
