"""``--set key=value``: one value of a scenario replaced before anything is checked."""

from __future__ import annotations

from copy import deepcopy
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ringtrue.errors import InputError, did_you_mean
from ringtrue.scenario.read import unknown_key
from ringtrue.scenario.schema import SCENARIO
from ringtrue.toml_files import toml_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringtrue.scenario.keys import Table
    from ringtrue.scenario.lines import Path


def apply_settings(document: dict[str, Any], settings: Sequence[str]) -> dict[str, Any]:
    """Return the document with every ``"dotted.key=value"`` applied; the one given stays as it is.

    An item of a list is addressed by its uid or id, or by its index from 0. Where the item holds one list that knows
    the next word, the name of that list may be left out: ``raid.r1.count`` finds the one wave of raid ``r1``, or the
    wave ``r1`` of any raid.

    >>> apply_settings({"doctrine": {"salvo": 1}}, ["doctrine.salvo=2"])
    {'doctrine': {'salvo': 2}}

    Raises
    ------
    InputError
        No ``=`` in a setting, or an address that leads nowhere.
    """
    changed = deepcopy(document)
    for setting in settings:
        put(changed, resolve(changed, setting), setting)
    return changed


def resolve(document: dict[str, Any], setting: str) -> Path:
    """Return the path of keys and indices that a setting addresses."""
    address, equals, _ = setting.partition("=")
    if not equals:
        msg = f"--set {setting}: write key=value, such as doctrine.salvo=2"
        raise InputError(msg)
    return _descend(document, SCENARIO, address.strip().split("."), (), setting)


def put(document: dict[str, Any], path: Path, setting: str) -> None:
    """Write the value of a setting at its path, making sections that the file left out."""
    node: Any = document
    for step, inner in pairwise(path):
        node = node.setdefault(step, {}) if isinstance(node, dict) else node[step]
        if not isinstance(node, list if isinstance(inner, int) else dict):
            msg = f"--set {setting}: {step!r} is no table in this file and has no keys of its own"
            raise InputError(msg)
    node[path[-1]] = toml_value(setting.partition("=")[2].strip(), f"--set {setting}")


def _descend(node: Any, table: Table, words: list[str], path: Path, setting: str) -> Path:
    word, rest = words[0], words[1:]
    key = table.key(word)
    if key is None:
        hidden = _named_inside(node, table, words, path, setting) or _through_a_list(node, table, words, path, setting)
        if hidden is not None:
            return hidden
        known = [key.name for key in table.keys]
        msg = f"--set {setting}: {unknown_key(word, known)}"
        raise InputError(msg)
    here = (*path, word)
    inner = node.get(word) if isinstance(node, dict) else None
    if not rest:
        return here
    if key.kind == "tables" and key.table is not None:
        return _item(inner, key.table, rest, here, setting)
    if key.kind == "table" and key.table is not None:
        return _descend(inner or {}, key.table, rest, here, setting)
    if key.kind in ("spread", "counts") and len(rest) == 1:
        return (*here, rest[0])
    msg = f"--set {setting}: {word!r} has no keys of its own"
    raise InputError(msg)


def _item(items: Any, table: Table, words: list[str], path: Path, setting: str) -> Path:
    items = items if isinstance(items, list) else []
    index = _index(items, table, words[0])
    if index is not None:
        found = (*path, index)
        return _descend(items[index], table, words[1:], found, setting) if words[1:] else found
    for i, item in enumerate(items):
        hidden = _named_inside(item, table, words, (*path, i), setting)
        if hidden is not None:
            return hidden
    names = [str(item.get(table.named_by)) for item in items if isinstance(item, dict)]
    near = did_you_mean(words[0], names) or (f"; there are: {', '.join(names)}" if names else "")
    msg = f"--set {setting}: no {path[-1]} is called {words[0]!r}{near}"
    raise InputError(msg)


def _named_inside(node: Any, table: Table, words: list[str], path: Path, setting: str) -> Path | None:
    """Return the path to an item of one of the node's lists that bears the word as its name."""
    for key in table.keys:
        items = node.get(key.name, []) if isinstance(node, dict) and key.kind == "tables" else []
        if (
            key.table is not None
            and isinstance(items, list)
            and _index(items, key.table, words[0], by_name=True) is not None
        ):
            return _item(items, key.table, words, (*path, key.name), setting)
    return None


def _through_a_list(node: Any, table: Table, words: list[str], path: Path, setting: str) -> Path | None:
    """Return the path through the one list of one item that knows the word, if there is just one."""
    ways = [
        key
        for key in table.keys
        if key.kind == "tables" and key.table is not None and key.table.key(words[0]) is not None
        if isinstance(node, dict) and len(node.get(key.name, [])) == 1
    ]
    if len(ways) != 1 or ways[0].table is None:
        return None
    return _descend(node[ways[0].name][0], ways[0].table, words, (*path, ways[0].name, 0), setting)


def _index(items: Any, table: Table, word: str, *, by_name: bool = False) -> int | None:
    if not isinstance(items, list):
        return None
    for i, item in enumerate(items):
        if isinstance(item, dict) and str(item.get(table.named_by)).casefold() == word.casefold():
            return i
    return int(word) if not by_name and word in map(str, range(len(items))) else None
