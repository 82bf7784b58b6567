"""Read catalogue files: TOML text becomes records in SI, every figure with its source."""

from __future__ import annotations

import json
import os
import re
from dataclasses import fields, is_dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ringtrue.catalogue import records
from ringtrue.catalogue.bands import nearest_band
from ringtrue.catalogue.entry import COPIED_FROM, DRAWN_WITH, is_entry, parameter
from ringtrue.catalogue.records import Catalogue, Parameter, Source
from ringtrue.catalogue.schema import FREE_QUANTITIES, RECORDS, SECTIONS, TARGET_KINDS, FieldSpec, fields_of
from ringtrue.errors import InputError, did_you_mean, kept, refuse_all
from ringtrue.toml_files import decode, parse_toml, read_bytes
from ringtrue.units import within

if TYPE_CHECKING:
    from collections.abc import Mapping

SHIPPED = Path(__file__).parent / "data"
MOST_FILES = 20_000  # a folder with more is no catalogue
_FEW = 8  # names that a sentence can list

STATED = "a statement: rival or unused, kept with its source"
NO_SYSTEM = "no system fields this unit"
NO_UNIT = "no fire unit of a system has it"
NO_TURN = "only a radar that a unit engages with turns to what it is told of"
NO_BAND = "no radar of a unit looks in this band or finds it the nearest"
NOT_PRINTED = "nobody printed it: the common prior counts, or a scenario's kill probability"
NO_FIT = "no fit of a unit loads it on this launcher; a scenario's loading says its own count"
Table = dict[str, Any]


class _Text:
    """The text of one file, kept to say where in it a key stands."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text

    def line_of(self, key: str, table: str) -> int:
        """Line on which ``key`` is given, at or after the header of ``table``; 1 when it is not found."""
        bare = re.escape(key)
        wanted = re.compile(rf"""^\s*(?:\[.*?)?(?:[\w."'-]+\.)?["']?{bare}["']?\s*(?:[=.\]])|[{{,]\s*{bare}\s*=""")
        header = re.compile(r"^\s*\[" + re.escape(table).replace('"', "").replace(r"\"", "") + r"\b")
        lines = self.text.splitlines()
        plain = [line.replace('"', "") for line in lines]
        start = next((i for i, line in enumerate(plain) if header.match(line)), 0)
        after = (i for i in range(start, len(lines)) if wanted.search(lines[i]))
        return next(after, next((i for i, line in enumerate(lines) if wanted.search(line)), 0)) + 1


def _read_files(place: Path) -> tuple[list[tuple[_Text, Table]], list[tuple[str, bytes]]]:
    """Read one file, or every ``*.toml`` file of a folder and the folders below it."""
    try:
        paths = _toml_files(place) if place.is_dir() else [place]
    except OSError as error:
        msg = f"{error.filename or place}: cannot be read ({error.strerror}); check the path and its permissions"
        raise InputError(msg) from None
    if not paths:
        msg = f"{place}: holds no .toml file; put catalogue files there, or leave --catalogue out"
        raise InputError(msg)
    files, contents = [], []
    for path in paths:
        name = path.relative_to(place).as_posix() if path != place else place.name
        raw = read_bytes(
            path, name if path != place else "", "a folder that holds catalogue files, or of one .toml file"
        )
        text = decode(raw, name)
        files.append((_Text(name, text), parse_toml(text, name)))
        contents.append((name, raw))
    return files, contents


def _toml_files(folder: Path) -> list[Path]:
    found: list[Path] = []
    n_seen = 0

    def fail(error: OSError) -> None:
        raise error

    for here, folders, files in os.walk(folder, onerror=fail):
        names = [*folders, *files]
        n_seen += len(names)
        if n_seen > MOST_FILES:
            msg = f"{folder}: holds more than {MOST_FILES:,} files; name the folder of the catalogue files alone"
            raise InputError(msg)
        found.extend(Path(here) / name for name in names if name.endswith(".toml"))
    return sorted(found)


def merged(below: Table, above: Table) -> Table:
    """Lay one table over another; numeric entries are replaced whole, tables are merged."""
    both = dict(below)
    for key, value in above.items():
        old = both.get(key)
        both_tables = isinstance(old, dict) and isinstance(value, dict)
        both[key] = merged(old, value) if both_tables and not is_entry(value) and "same_as" not in value else value  # type: ignore[arg-type]
    return both


class _Raw:
    """All tables of all files, merged by section and ID, with the file that last spoke about each."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[str, Table]] = {section: {} for section in SECTIONS}
        self.file_of: dict[tuple[str, str], _Text] = {}

    def add(self, files: list[tuple[_Text, Table]], *, overriding: bool) -> list[tuple[str, str]]:
        """Take in the files of one folder, and return what they give; within a folder an ID may be given once only."""
        seen: dict[tuple[str, str], str] = {}
        for text, content in files:
            for section, by_id in content.items():
                if section not in SECTIONS:
                    line = text.line_of(section, section)
                    msg = f"{text.name}: unknown section {section!r} (line {line}){did_you_mean(section, SECTIONS)}"
                    raise InputError(msg)
                if not isinstance(by_id, dict) or not all(isinstance(table, dict) for table in by_id.values()):
                    msg = f"{text.name}: {section}: wants tables by ID; write [{section}.some-id] above the keys"
                    raise InputError(msg)
                for record_id, table in by_id.items():
                    place = (section, record_id)
                    if place in seen:
                        msg = f"{text.name}: {section}.{record_id}: given in {seen[place]} too; keep one of the two"
                        raise InputError(msg)
                    seen[place] = text.name
                    old = self.tables[section].get(record_id)
                    merge = old is not None and overriding and section not in FREE_QUANTITIES
                    self.tables[section][record_id] = merged(old, table) if merge and old is not None else table
                    self.file_of[place] = text
        return list(seen)

    def where(self, *keys: str) -> str:
        """Return "file: dotted key" for an error text."""
        return f"{self.file_of[keys[0], keys[1]].name}: {'.'.join(keys)}"

    def line_of(self, section: str, record_id: str, key: str) -> int:
        """Line of a key of a record."""
        return self.file_of[section, record_id].line_of(key, f"{section}.{record_id}")

    def expand(self, table: Table, keys: tuple[str, ...], trail: tuple[str, ...] = ()) -> Table:
        """Return the table with every ``same_as`` replaced by what it points at."""
        address = ".".join(keys)
        if "same_as" in table:
            target = table["same_as"]
            if address in trail:
                msg = f"{self.where(*keys)}: same_as runs in a circle: {' -> '.join((*trail, address))}"
                raise InputError(msg)
            base = self.expand(*self._look_up(target, keys), (*trail, address))
            base = _shared(base, str(target), str(table.get("note", "")))
            own = {key: value for key, value in table.items() if key not in ("same_as", "note")}
            table = merged(base, own)
        if is_entry(table):
            return table
        return {
            key: self.expand(value, (*keys, key), trail) if isinstance(value, dict) else value
            for key, value in table.items()
        }

    def _look_up(self, target: Any, keys: tuple[str, ...]) -> tuple[Table, tuple[str, ...]]:
        """Find the table a dotted address names; IDs may hold dots and colons, so try the longest key first."""

        def descend(node: Any, rest: str, path: tuple[str, ...]) -> tuple[Table, tuple[str, ...]] | None:
            if not isinstance(node, dict):
                return None
            if rest in node and isinstance(node[rest], dict):
                return node[rest], (*path, rest)
            for key in sorted(node, key=len, reverse=True):
                if rest.startswith(f"{key}."):
                    found = descend(node[key], rest[len(key) + 1 :], (*path, key))
                    if found is not None:
                        return found
            return None

        found = descend(self.tables, str(target), ())
        if found is None:
            ids = [f"{section}.{i}" for section, by_id in self.tables.items() for i in by_id]
            msg = (
                f"{self.where(*keys)}: same_as points at {target!r}, which is not there{did_you_mean(str(target), ids)}"
            )
            raise InputError(msg)
        return found


def _shared(table: Table, address: str, note: str) -> Table:
    """Copy a table so that each of its entries is drawn with the entry it came from, and carries the note."""
    if is_entry(table):
        old = str(table.get("note", ""))
        together = table.get("group") or table.get(DRAWN_WITH) or address
        table = {key: value for key, value in table.items() if key != "label"}
        return {
            **table,
            DRAWN_WITH: together,
            COPIED_FROM: address,
            "note": f"{old}; {note}" if old and note else old or note,
        }
    return {
        key: _shared(value, f"{address}.{key}", note) if isinstance(value, dict) else value
        for key, value in table.items()
    }


def header(keys: tuple[str, ...]) -> str:
    """Return a dotted key as a header of TOML has it, in quotes where it must be.

    >>> header(("target", "f-35:reflector"))
    'target."f-35:reflector"'
    """
    return ".".join(key if _BARE.fullmatch(key) else json.dumps(key, ensure_ascii=False) for key in keys)


_BARE = re.compile(r"[A-Za-z0-9_-]+")
_PLAIN: dict[str, tuple[type, str]] = {
    "text": (str, "a text in quotes"),
    "integer": (int, "a whole number"),
    "flag": (bool, "true or false"),
    "texts": (list, "a list of texts"),
    "numbers": (dict, "a table of numbers"),
    "shares": (dict, "a table of tables of numbers"),
}


def _plain(spec: FieldSpec, value: Any, where: str) -> Any:
    """Check a value that is no quantity."""
    if spec.shape == "choice":
        if value not in spec.choices:
            near = did_you_mean(str(value), spec.choices)
            msg = f"{where}: {value!r} is not one of {', '.join(spec.choices)}{near}"
            raise InputError(msg)
        return value
    wanted, words = _PLAIN[spec.shape]
    good = isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool))
    if spec.shape == "texts":
        good = good and all(isinstance(item, str) for item in value)
    if spec.shape == "numbers":
        good = good and all(_is_number(item) for item in value.values())
    if not good:
        msg = f"{where}: {value!r} does not fit; {words} is wanted here"
        raise InputError(msg)
    if spec.shape == "shares":
        return {name: _share(share, f"{where}.{name}") for name, share in value.items()}
    if spec.shape == "numbers":
        return {name: _sensible(float(number), spec, f"{where}.{name}") for name, number in value.items()}
    return tuple(value) if spec.shape == "texts" else value


def _sensible(value: float, spec: FieldSpec, where: str) -> float:
    try:
        return within(value, spec.of, f"{value:.10g} {spec.si}")
    except InputError as error:
        msg = f"{where}: {error}"
        raise InputError(msg) from None


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _share(value: Any, where: str) -> dict[str, float]:
    if not isinstance(value, dict) or not all(_is_number(share) and share >= 0 for share in value.values()):
        msg = f"{where}: {value!r} does not fit; a share of launchers for each interceptor is wanted here"
        raise InputError(msg)
    total = sum(value.values())
    if not abs(total - 1.0) < 1e-9:
        msg = f"{where}: shares of launchers add up to {total:g}; let them add up to 1"
        raise InputError(msg)
    return {name: float(share) for name, share in value.items()}


def _quantities(spec: FieldSpec, value: Any, keys: tuple[str, ...], where: str, depth: int) -> Any:
    if depth == 0:
        if not is_entry(value):
            msg = (
                f"{where}: {value!r} has no unit and no source; write "
                f'{{ value = ..., unit = "{spec.si}", source = ..., origin = ..., confidence = ... }}'
            )
            raise InputError(msg)
        found = parameter(".".join(keys), value, spec.of, spec.label, where)
        return found if found.on_record or not spec.on_record else replace(found, on_record=spec.on_record)
    if not isinstance(value, dict) or is_entry(value):
        msg = f"{where}: wants a table of quantities by name; write [{'.'.join(keys)}] and one quantity a line"
        raise InputError(msg)
    by_name: dict[str, Any] = {}
    refused: list[InputError] = []
    for name, item in value.items():
        with kept(refused):
            by_name[name] = _quantities(spec, item, (*keys, name), f"{where}.{name}", depth - 1)
    refuse_all(refused)
    return by_name


_DEPTH = {"quantity": 0, "quantities": 1, "quantity table": 2}


def _record(raw: _Raw, record: type, table: Table, keys: tuple[str, ...], fixed: Table) -> Any:
    """Build one record from its table, or refuse it for everything that is wrong with it."""
    specs = {spec.key: spec for spec in fields_of(record)}
    given: Table = dict.fromkeys((spec.name for spec in specs.values() if spec.may_be_none), None) | fixed
    refused: list[InputError] = []
    for key, value in table.items():
        with kept(refused):
            spec = _known(raw, specs, key, keys)
            given[spec.name] = _value(raw, spec, value, (*keys, key))
    missing = [spec for spec in specs.values() if spec.required and spec.key not in table]
    if missing:
        refused.append(_missing(missing, keys, raw.where(*keys)))
    refuse_all(refused)
    return record(**given)


def _known(raw: _Raw, specs: dict[str, FieldSpec], key: str, keys: tuple[str, ...]) -> FieldSpec:
    if key not in specs:
        line = raw.line_of(keys[0], keys[1], key)
        msg = f"{raw.where(*keys)}: unknown key {key!r} (line {line}){did_you_mean(key, specs)}"
        raise InputError(msg)
    return specs[key]


def _value(raw: _Raw, spec: FieldSpec, value: Any, keys: tuple[str, ...]) -> Any:
    where = raw.where(*keys)
    if spec.shape in _DEPTH:
        return _quantities(spec, value, keys, where, _DEPTH[spec.shape])
    return _envelopes(raw, value, keys) if spec.shape == "envelopes" else _plain(spec, value, where)


def _missing(missing: list[FieldSpec], keys: tuple[str, ...], where: str) -> InputError:
    """Name every key that a record lacks, each with a line that a file could have."""
    lines = [f"{spec.key} = {spec.example}" for spec in missing]
    if len(missing) == 1:
        return InputError(
            f"{where}: {missing[0].key!r} is missing; add {lines[0]}, or point at a record that has it with same_as"
        )
    names = ", ".join(spec.key for spec in missing)
    error = InputError(
        f"{where}: {len(missing)} keys are missing: {names}; add lines such as those below, or point at a record that "
        "has them with same_as"
    )
    for line in (f"[{header(keys)}]", *lines):
        error.add_note(line)
    return error


def _envelopes(raw: _Raw, value: Any, keys: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(value, dict) or not all(isinstance(table, dict) for table in value.values()):
        msg = f"{raw.where(*keys)}: wants tables by target kind; write [{'.'.join(keys)}.aircraft] above the keys"
        raise InputError(msg)
    envelopes = {}
    refused: list[InputError] = []
    for kind, table in value.items():
        with kept(refused):
            if kind not in TARGET_KINDS:
                where = raw.where(*keys)
                msg = f"{where}: {kind!r} is not one of {', '.join(TARGET_KINDS)}{did_you_mean(kind, TARGET_KINDS)}"
                raise InputError(msg)
            fixed = {"interceptor": keys[1], "kind": kind}
            envelopes[kind] = _record(raw, records.Envelope, table, (*keys, kind), fixed)
    refuse_all(refused)
    return envelopes


def _one(raw: _Raw, section: str, record_id: str) -> Any:
    """Build the record or quantity of one ID."""
    keys = (section, record_id)
    whole = raw.expand(raw.tables[section][record_id], keys)
    if section in FREE_QUANTITIES:
        found = parameter(".".join(keys), whole, None, str(whole.get("label", "")), raw.where(*keys), ("label",))
        return replace(found, on_record=found.on_record or STATED) if section == "statement" else found
    return _record(raw, RECORDS[section], _usual(raw, section, whole, keys), keys, {"id": record_id})


def _usual(raw: _Raw, section: str, table: Table, keys: tuple[str, ...]) -> Table:
    """Give a record the figures that it leaves out and that others share."""
    return _with_looks(raw, section, _with_kind(raw, section, table, keys), keys)


def _with_looks(raw: _Raw, section: str, table: Table, keys: tuple[str, ...]) -> Table:
    """Give a radar that does not say how it searches one turn for its frame, and the common decorrelation time."""
    own = {spec.key: spec.usual for spec in fields_of(RECORDS[section]) if spec.usual and spec.key not in table}
    usual = {key: address if "." in address else f"{'.'.join(keys)}.{address}" for key, address in own.items()}
    there = {key: address for key, address in usual.items() if "." in own[key] or own[key] in table}
    return {**table, **{key: raw.expand({"same_as": address}, (*keys, key)) for key, address in there.items()}}


def _with_kind(raw: _Raw, section: str, table: Table, keys: tuple[str, ...]) -> Table:
    """Give a record the figures of its kind that it leaves out, drawn with those of every other class of the kind."""
    kind = table.get("kind")
    if kind not in TARGET_KINDS:
        return table
    left_out = {
        spec.key: raw.expand({"same_as": f"assumption.{spec.by_kind}-{kind}"}, (*keys, spec.key))
        for spec in fields_of(RECORDS[section])
        if spec.by_kind and spec.key not in table
    }
    return {**table, **left_out}


def _section(raw: _Raw, section: str) -> dict[str, Any]:
    return {record_id: _one(raw, section, record_id) for record_id in raw.tables[section]}


def parameters_of(node: Any) -> list[Parameter]:
    """Return every parameter inside a record, a dictionary of records, or a whole catalogue, in the order of the files.

    >>> len(parameters_of({})) == 0
    True
    """
    if isinstance(node, Parameter):
        return [node]
    if isinstance(node, dict):
        return [p for value in node.values() for p in parameters_of(value)]
    if hasattr(node, "__dataclass_fields__"):
        return [p for name in node.__dataclass_fields__ for p in parameters_of(getattr(node, name))]
    return []


def with_parameters(node: Any, new: Mapping[str, Parameter]) -> Any:
    """Return a record, a dictionary of records or a whole catalogue with other parameters at some addresses."""
    if isinstance(node, Parameter):
        return new.get(node.id, node)
    if isinstance(node, dict):
        return {key: with_parameters(value, new) for key, value in node.items()}
    if is_dataclass(node) and not isinstance(node, type):
        return replace(node, **{f.name: with_parameters(getattr(node, f.name), new) for f in fields(node)})
    return node


def _unread_are_on_record(catalogue: Catalogue) -> Catalogue:
    """What no unit that a question can name has, moves no answer; nor does a kill probability that nobody printed.

    Radars, launchers, units; rounds beside every fit; cross-sections in a band in which no radar of a unit looks; the
    slew of radars that no unit engages with.
    """
    named = {system.fire_unit for system in catalogue.systems.values()}
    units = [unit for unit in catalogue.fire_units.values() if unit.id in named]
    radars = {unit.acquisition_radar for unit in units} | {unit.engagement_radar for unit in units}
    launchers = {unit.launcher for unit in units}
    loaded = {(unit.launcher, round_) for unit in units for fit in unit.fits.values() for round_ in fit}
    reasons = {
        p.id: NO_SYSTEM for p in parameters_of({k: u for k, u in catalogue.fire_units.items() if k not in named})
    }
    reasons |= {p.id: NO_UNIT for p in parameters_of({k: r for k, r in catalogue.radars.items() if k not in radars})}
    turning = {unit.engagement_radar for unit in units}
    reasons |= {r.slew_s.id: NO_TURN for name, r in catalogue.radars.items() if name in radars - turning}
    bands = {radar.band for radar in catalogue.radars.values() if radar.id in radars}
    for target in catalogue.targets.values():
        seen = {nearest_band(target.rcs_m2, band) for band in bands if target.rcs_m2}
        unseen = {band: table for band, table in target.rcs_m2.items() if band not in seen}
        reasons |= {p.id: NO_BAND for p in parameters_of(unseen)}
    for interceptor in catalogue.interceptors.values():
        guessed = [envelope.p_kill for envelope in interceptor.envelopes.values()]
        reasons |= {p.id: NOT_PRINTED for p in guessed if p.origin == "assumed"}
    for launcher in catalogue.launchers.values():
        if launcher.id not in launchers:
            reasons |= {p.id: NO_UNIT for p in parameters_of(launcher)}
        beside = [p for name, p in launcher.rounds.items() if (launcher.id, name) not in loaded]
        reasons |= {p.id: NO_FIT for p in beside if p.id not in reasons}
    new = {
        p.id: replace(p, on_record=reasons[p.id])
        for p in parameters_of(catalogue)
        if p.id in reasons and not p.on_record
    }
    found: Catalogue = with_parameters(catalogue, new) if new else catalogue
    return found


def _repeated_are_read(catalogue: Catalogue) -> Catalogue:
    """A figure that another repeats which an answer reads moves that answer: it is not on record only."""
    everything = parameters_of(catalogue)
    by_id = {p.id: p for p in everything}
    new: dict[str, Parameter] = {}
    for p in everything:
        origin = p.copied_from if not p.on_record else ""
        while origin in by_id:
            if by_id[origin].on_record:
                new[origin] = replace(by_id[origin], on_record="")
            origin = by_id[origin].copied_from
    found: Catalogue = with_parameters(catalogue, new) if new else catalogue
    return found


def _check_sources(raw: _Raw, catalogue: Catalogue) -> None:
    refused: list[InputError] = []

    def check(source: str, where: str) -> None:
        if source not in catalogue.sources:
            near = did_you_mean(source, catalogue.sources)
            msg = f"{where}: source {source!r} is not in sources/*.toml{near}"
            refused.append(InputError(f"{msg}; add [source.{source}] or name another" if not near else msg))

    for p in parameters_of(catalogue):
        section, rest = p.id.split(".", 1)
        record_id = next(
            i for i in sorted(raw.tables[section], key=len, reverse=True) if f"{rest}.".startswith(f"{i}.")
        )
        for source in filter(None, (p.source, *p.also)):
            check(source, f"{raw.file_of[section, record_id].name}: {p.id}")
    for fact in catalogue.facts.values():
        for source in fact.sources:
            check(source, f"{raw.where('fact', fact.id)}.sources")
    for clause in catalogue.clauses.values():
        for source in clause.sources:
            check(source, f"{raw.where('clause', clause.id)}.sources")
    for system in catalogue.systems.values():
        check(system.quote_source, f"{raw.where('system', system.id)}.quote_source")
    refuse_all(refused)


def _check_links(raw: _Raw, catalogue: Catalogue) -> None:
    """A record that names another record names one that is there."""
    refused: list[InputError] = []

    def check(name: str, known: Mapping[str, Any], where: str, what: str) -> None:
        if name not in known:
            names = (
                ""
                if not 0 < len(known) <= _FEW
                else f"; there {'is' if len(known) == 1 else 'are'}: {', '.join(known)}"
            )
            msg = f"{where}: {name!r} is not {what} here{did_you_mean(name, known) or names}"
            refused.append(InputError(msg))

    for launcher in catalogue.launchers.values():
        for interceptor in launcher.rounds:
            check(interceptor, catalogue.interceptors, f"{raw.where('launcher', launcher.id)}.rounds", "an interceptor")
    for unit in catalogue.fire_units.values():
        where = raw.where("fire-unit", unit.id)
        check(unit.engagement_radar, catalogue.radars, f"{where}.engagement_radar", "a radar")
        if unit.acquisition_radar is not None:
            check(unit.acquisition_radar, catalogue.radars, f"{where}.acquisition_radar", "a radar")
        check(unit.launcher, catalogue.launchers, f"{where}.launcher", "a launcher")
        check(unit.default_fit, unit.fits, f"{where}.default_fit", "a fit")
        for fit, shares in unit.fits.items():
            for interceptor in shares:
                its_launcher = catalogue.launchers.get(unit.launcher)
                if its_launcher is not None:
                    what = f"carried by launcher {its_launcher.id!r}"
                    check(interceptor, its_launcher.rounds, f"{where}.fits.{fit}", what)
    for system in catalogue.systems.values():
        where = raw.where("system", system.id)
        for interceptor in system.interceptors:
            check(interceptor, catalogue.interceptors, f"{where}.interceptors", "an interceptor")
        check(system.fire_unit, catalogue.fire_units, f"{where}.fire_unit", "a fire unit")
        its_unit = catalogue.fire_units.get(system.fire_unit)
        for fit in dict.fromkeys((system.fit, *system.fits)) if its_unit else ():
            check(fit, its_unit.fits if its_unit else {}, f"{where}.fits", "a fit of its fire unit")
    refuse_all(refused)


def _check_clauses(raw: _Raw, catalogue: Catalogue) -> None:
    """A clause has a source, names systems and statements that are there, and has what its effect needs, no more."""
    for clause in catalogue.clauses.values():
        where = raw.where("clause", clause.id)
        if not clause.sources:
            msg = f"{where}.sources: is empty; a clause is somebody's claim, so name who makes it"
            raise InputError(msg)
        for key, is_wanted in (
            ("held_with", clause.effect != "no-resale"),
            ("aircraft", clause.effect == "aircraft-lost"),
            ("price", clause.effect == "aircraft-lost"),
            ("paid", None if clause.effect == "aircraft-lost" else False),
        ):
            is_given = bool(getattr(clause, key))
            if is_wanted is not None and is_given != is_wanted:
                remedy = "leave it out" if is_given else "add it"
                what = "says nothing about" if is_given else "wants"
                msg = f"{where}: effect {clause.effect!r} {what} {key!r}; {remedy}"
                raise InputError(msg)
        for name in clause.held_with:
            if name not in catalogue.systems:
                msg = f"{where}.held_with: {name!r} is not a system here{did_you_mean(name, catalogue.systems)}"
                raise InputError(msg)
        known = [f"statement.{name}" for name in catalogue.statements]
        for address in clause.statements:
            if address not in known:
                msg = f"{where}: {address!r} is not a statement here{did_you_mean(address, known)}"
                raise InputError(msg)


def tables_of(extra_dir: Path | None = None) -> dict[str, dict[str, Table]]:
    """Return the tables of the shipped catalogue and of files on top of it, by section and ID, as they are written.

    >>> tables_of()["system"]["nasams"]["fire_unit"]
    'nasams-battery'
    """
    raw = _Raw()
    for place, overriding in ((SHIPPED, False), (extra_dir, True)):
        if place is not None:
            raw.add(_read_files(place)[0], overriding=overriding)
    return raw.tables


def load_catalogue(extra_dir: Path | None = None) -> Catalogue:
    """Read the shipped catalogue, and a folder of files that extend or override it by ID.

    Parameters
    ----------
    extra_dir : Path, optional
        Folder whose ``*.toml`` files (also in folders below it) come on top, or one such file. A record whose ID is
        shipped needs to give only the keys that change; assumptions and statements are replaced whole.

    Returns
    -------
    Catalogue
        Records by ID, quantities in SI, and a hash of the bytes of all files.

    Raises
    ------
    InputError
        One sentence with file, key, value and remedy.

    Examples
    --------
    >>> load_catalogue().interceptors["48n6e3"].envelopes["aircraft"].max_range_m.nominal
    250000.0
    """
    raw = _Raw()
    digest = blake2b(digest_size=16)
    for place, overriding in ((SHIPPED, False), (extra_dir, True)):
        if place is None:
            continue
        files, contents = _read_files(place)
        given = raw.add(files, overriding=overriding)
        refused: list[InputError] = []
        for section, record_id in given if overriding else ():
            with kept(refused):  # their mistakes first, before those of shipped records that point at them
                _one(raw, section, record_id)
        refuse_all(refused)
        for name, content in contents:
            digest.update(name.encode() + b"\0" + content + b"\0")
    sources: dict[str, Source] = _section(raw, "source")
    catalogue = Catalogue(
        sources=sources,
        radars=_section(raw, "radar"),
        interceptors=_section(raw, "interceptor"),
        launchers=_section(raw, "launcher"),
        fire_units=_section(raw, "fire-unit"),
        systems=_section(raw, "system"),
        targets=_section(raw, "target"),
        assumptions=_section(raw, "assumption"),
        statements=_section(raw, "statement"),
        content_hash=digest.hexdigest(),
        facts=_section(raw, "fact"),
        clauses=_section(raw, "clause"),
    )
    _check_sources(raw, catalogue)
    _check_links(raw, catalogue)
    _check_clauses(raw, catalogue)
    return _repeated_are_read(_unread_are_on_record(catalogue))
