"""A scenario by name or path → its record."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import blake2b
from importlib import resources
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from ringtrue.errors import InputError, did_you_mean
from ringtrue.scenario.build import build_scenario
from ringtrue.scenario.checks import check_scenario, each
from ringtrue.scenario.lines import key_lines
from ringtrue.scenario.read import Document, read_table
from ringtrue.scenario.records import Written
from ringtrue.scenario.schema import SCENARIO
from ringtrue.scenario.settings import put, resolve
from ringtrue.toml_files import BYTE_ORDER_MARK, decode, parse_toml, read_bytes
from ringtrue.units import flight_level_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ringtrue.scenario.checks import KnownIds
    from ringtrue.scenario.lines import Path
    from ringtrue.scenario.records import Scenario


def shipped_scenarios() -> tuple[str, ...]:
    """Return the names of the scenarios in the package.

    >>> "minimal" in shipped_scenarios()
    True
    """
    folder = resources.files("ringtrue.scenario") / "data"
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


def load_scenario(name_or_path: str, settings: Sequence[str] = (), known: KnownIds | None = None) -> Scenario:
    """Load a shipped scenario by name, or a file by path, and check all of it.

    Parameters
    ----------
    name_or_path : str
        An argument with ``/`` or ``.toml`` is a path, anything else the name of a shipped scenario.
    settings : sequence of str
        ``"dotted.key=value"``, applied before the checks.
    known : KnownIds, optional
        Ids of the catalogue (`known_ids`); without them names of systems and classes are taken as they stand.

    Raises
    ------
    InputError
        No such scenario, a file that cannot be read, or the first thing in it that does not fit: file, line, key.

    Examples
    --------
    >>> load_scenario("minimal", ["doctrine.salvo=2"]).doctrine.salvo
    2
    """
    file, text = _read_text(name_or_path)
    return parse_scenario(text, file, settings, known)


def parse_scenario(text: str, file: str, settings: Sequence[str] = (), known: KnownIds | None = None) -> Scenario:
    """Make a scenario of the text of a file; ``file`` is the name that errors print."""
    text = text.removeprefix(BYTE_ORDER_MARK)
    content = parse_toml(text, file)
    given: dict[Path, str] = {}
    for setting in settings:
        path = resolve(content, setting)
        if given.get(path, setting).partition("=")[2].strip() != setting.partition("=")[2].strip():
            msg = f"--set {setting}: --set {given[path]} gives the same key another value; keep one of the two"
            raise InputError(msg)
        put(content, path, setting)
        given[path] = setting
    document = Document(file, content, key_lines(text), given)
    values = read_table(document, content, SCENARIO)
    check_scenario(document, values, known)
    scenario = build_scenario(FilePath(file).stem, values, content_hash(content))
    declared = tuple(dict.fromkeys((*scenario.declared, *_flight_levels(content))))
    return replace(
        scenario, declared=declared, written_at=_written_at(document, values),
        written=Written(text, file, tuple(settings)),
    )  # fmt: skip


def changed(scenario: Scenario, settings: Sequence[str], known: KnownIds | None = None) -> Scenario:
    """Return a scenario with more keys of its file changed, on top of those it was loaded with.

    >>> changed(load_scenario("minimal"), ["doctrine.salvo=2"]).doctrine.salvo
    2
    """
    if not settings:
        return scenario
    text, file, before = scenario.written
    return parse_scenario(text, file, (*before, *settings), known)


def _flight_levels(node: Any, key: str = "") -> Iterator[str]:
    """Yield the sentences that own up to how the flight levels of a file were read."""
    if isinstance(node, str) and key in ("altitude", "altitudes") and flight_level_words(node):
        yield flight_level_words(node)
    elif isinstance(node, dict):
        for name, item in node.items():
            yield from _flight_levels(item, name)
    elif isinstance(node, list):
        for item in node:
            yield from _flight_levels(item, key)


def _written_at(document: Document, values: dict[str, Any]) -> dict[str, str]:
    """Where the file says how high a flight is and where a place lies, for what only terrain can show to be wrong."""
    flights = (*each(values, "raid", "wave"), *each(values, "friendly"), *each(values, "pattern"))
    found = {f"flight {item['uid']}": document.where((*path, "altitude")) for path, item in flights}
    return found | {f"place {item['id']}": document.where((*path, "at")) for path, item in each(values, "place")}


def content_hash(content: dict[str, Any]) -> str:
    """Return the hash of a parsed document: the same for any layout, comments or order of keys.

    >>> content_hash({"a": 1, "b": 2}) == content_hash({"b": 2, "a": 1})
    True
    """
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return blake2b(canonical.encode(), digest_size=16).hexdigest()


def _read_text(name_or_path: str) -> tuple[str, str]:
    is_path = "/" in name_or_path or name_or_path.endswith(".toml")
    name_or_path = name_or_path if is_path else name_or_path.lower()
    if not is_path and name_or_path not in shipped_scenarios():
        names = ", ".join(shipped_scenarios())
        near = did_you_mean(name_or_path, shipped_scenarios()) or f"; there are: {names}"
        msg = f"no shipped scenario is called {name_or_path!r}{near}; a path contains '/' or ends in .toml"
        raise InputError(msg)
    if not is_path:
        shipped = resources.files("ringtrue.scenario") / "data" / f"{name_or_path}.toml"
        return f"{name_or_path}.toml", shipped.read_text(encoding="utf-8")
    path = FilePath(name_or_path)
    return name_or_path, decode(read_bytes(path, name_or_path, "a TOML scenario file"), name_or_path)
