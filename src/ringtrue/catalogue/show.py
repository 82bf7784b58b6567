"""The catalogue as text: what is in it, and one record with every figure's source."""

from __future__ import annotations

import dataclasses
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from ringtrue.catalogue.load import parameters_of
from ringtrue.catalogue.records import Clause, Fact, Parameter, Source, System
from ringtrue.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringtrue.catalogue.records import Catalogue

WIDTH = 80


def _shelves(catalogue: Catalogue) -> dict[str, dict[str, Any]]:
    return {
        "systems": catalogue.systems,
        "targets": catalogue.targets,
        "fire units": catalogue.fire_units,
        "radars": catalogue.radars,
        "interceptors": catalogue.interceptors,
        "launchers": catalogue.launchers,
        "assumptions": catalogue.assumptions,
        "statements": catalogue.statements,
        "facts": catalogue.facts,
        "clauses": catalogue.clauses,
        "sources": catalogue.sources,
    }


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1].rpartition(" ")[0].rstrip(" ,;:") + " …"


def list_lines(catalogue: Catalogue) -> list[str]:
    """Return one line for each record, 80 columns, facts with their day; sources are only counted.

    >>> from ringtrue.catalogue.load import load_catalogue
    >>> list_lines(load_catalogue())[0]
    'systems'
    """
    lines: list[str] = []
    for shelf, records in _shelves(catalogue).items():
        if shelf == "sources":
            lines.append(f"{shelf}: {len(records)}")
            continue
        lines.append(shelf)
        for record_id, record in records.items():
            if isinstance(record, Parameter):
                text = f"{record.printed}  {record.label}"
            elif isinstance(record, Fact | Clause):
                text = f"{record.date}  {record.text}"
            elif isinstance(record, System):
                text = f"{record.name}; advertised {record.advertised_range_m.printed}; fits {', '.join(record.fits)}"
            else:
                text = record.name
            lines.append(_cut(f"  {record_id:<28} {text}", WIDTH))
        lines.append("")
    lines.append("One record with its sources: ringtrue catalogue show ID")
    return lines


def _wrapped(text: str, indent: str) -> list[str]:
    return wrap(
        text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def _figure(parameter: Parameter, key: str) -> list[str]:
    """Lines of one parameter: figure, spread, origin, confidence, source keys; then its words and its note."""
    trust = parameter.origin if parameter.origin == "assumed" else f"{parameter.origin}, {parameter.confidence}"
    if parameter.estimated:
        trust += ", an estimate"
    if parameter.by_hand:
        trust += f", {' and '.join(parameter.by_hand)} by hand"
    keys = "".join(f" [{source}]" for source in (parameter.source, *parameter.also) if source)
    spread = "" if parameter.spread == "fixed" else f"{parameter.spread}; "
    lines = _wrapped(key, "  ")
    lines += _wrapped(f"{parameter.printed}  ({spread}{trust}){keys}", "      ")
    if parameter.label:
        lines += _wrapped(parameter.label, "      ")
    if parameter.note:
        lines += _wrapped(f"note: {parameter.note}", "      ")
    if parameter.locator:
        lines += _wrapped(f"read again at {parameter.locator}: {parameter.paraphrase}", "      ")
    if parameter.on_record:
        lines += _wrapped(f"on record only, no answer reads it: {parameter.on_record}", "      ")
    if parameter.unread:
        lines += _wrapped(f"not read again: {parameter.unread}", "      ")
    return lines


def _text_fields(record: Any) -> list[str]:
    """Lines of the fields that hold no quantity."""
    lines = []
    for f in dataclasses.fields(record):
        value = getattr(record, f.name)
        if f.name in ("id", "name") or value in (None, "", {}, ()) or parameters_of(value):
            continue
        if isinstance(value, dict):
            value = "; ".join(f"{key}: {_plain(item)}" for key, item in value.items())
        words = "default fit" if f.name == "fit" else f.name.replace("_", " ")
        lines += _wrapped(f"{words}: {_plain(value)}", "  ")
    return lines


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {item:g}" for key, item in value.items())
    if isinstance(value, tuple):
        return ", ".join(str(item) for item in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _source_lines(catalogue: Catalogue, ids: Iterable[str]) -> list[str]:
    lines = []
    for source_id in dict.fromkeys(ids):
        source = catalogue.sources[source_id]
        lines += _wrapped(f"[{source.id}] {source.title}; {source.publisher}, {source.date} ({source.kind})", "  ")
        lines.append(f"      {source.address}")
    return lines


def _body(record: Any, address: str) -> list[str]:
    if isinstance(record, Parameter):
        return _figure(record, record.id)
    if isinstance(record, Fact):
        return [f"  {record.date} ({record.topic})", *_wrapped(record.text, "  ")]
    if isinstance(record, Clause):
        return [f"  claimed {record.date} ({record.effect})", *_text_fields(record)]
    if isinstance(record, Source):
        return []
    lines = _text_fields(record)
    for parameter in parameters_of(record):
        lines += _figure(parameter, parameter.id.removeprefix(f"{address}."))
    return lines


def _cited(record: Any) -> list[str]:
    if isinstance(record, Fact | Clause):
        return list(record.sources)
    if isinstance(record, Source):
        return [record.id]
    quoted = [record.quote_source] if isinstance(record, System) else []
    return quoted + [s for p in parameters_of(record) for s in (p.source, *p.also) if s]


def _as_written(catalogue: Catalogue, wanted: str) -> str:
    """Return the id or address that differs from what is wanted by capital letters only, or that itself."""
    ids = [record_id for records in _shelves(catalogue).values() for record_id in records]
    fits = [f"{system.id}:{fit}" for system in catalogue.systems.values() for fit in system.fits]
    known = [*ids, *fits, *(p.id for p in parameters_of(catalogue))]
    return wanted if wanted in known else next((i for i in known if i.casefold() == wanted.casefold()), wanted)


def _find(catalogue: Catalogue, wanted: str) -> tuple[str, Any]:
    shelves = _shelves(catalogue)
    for shelf, records in shelves.items():
        if wanted in records:
            return shelf, records[wanted]
    system, _, fit = wanted.partition(":")
    if system in catalogue.systems and fit in catalogue.systems[system].fits:
        return "systems", catalogue.systems[system]
    by_address = {p.id: p for p in parameters_of(catalogue)}
    if wanted in by_address:
        return "figures", by_address[wanted]
    ids = [record_id for records in shelves.values() for record_id in records]
    near = did_you_mean(wanted, ids)
    msg = f"{wanted!r} is not in the catalogue{near or '; ringtrue catalogue list names all IDs'}"
    raise InputError(msg)


def show_lines(catalogue: Catalogue, wanted: str) -> list[str]:
    """Return one record as text: every figure as printed, its spread, origin and confidence, and its sources.

    Parameters
    ----------
    catalogue : Catalogue
        As loaded.
    wanted : str
        An ID (``s-400``, ``s-400-tr:40n6e``, ``f-35``, ``91n6e``, ``B12``) or the dotted address of one figure.

    Returns
    -------
    list of str
        Lines of at most 80 columns; only an address may be longer, so that it can be copied.

    Raises
    ------
    InputError
        No such record.

    Examples
    --------
    >>> from ringtrue.catalogue.load import load_catalogue
    >>> show_lines(load_catalogue(), "interceptor.48n6e3.envelope.aircraft.max_range")[2]
    '      250 km  (read, B) [C02] [K1] [C10]'
    """
    wanted = _as_written(catalogue, wanted)
    shelf, record = _find(catalogue, wanted)
    name = getattr(record, "name", "") or getattr(record, "label", "") or getattr(record, "title", "")
    lines = _wrapped(f"{wanted}: {name}" if name else wanted, "")
    section = {"systems": "system", "targets": "target", "fire units": "fire-unit"}.get(shelf, shelf.removesuffix("s"))
    lines += _body(record, f"{section}.{getattr(record, 'id', wanted)}")
    if isinstance(record, System):
        unit = catalogue.fire_units[record.fire_unit]
        radars = [radar for radar in (unit.acquisition_radar, unit.engagement_radar) if radar]
        fit = wanted.partition(":")[2] or record.fit
        lines += _wrapped(f"fit shown: {fit} ({_plain(unit.fits[fit])})", "  ")
        parts = [unit.id, *radars, unit.launcher, *unit.fits[fit]]
        lines += _wrapped(f"made of (show these for their figures): {', '.join(parts)}", "  ")
    cited = _cited(record)
    if cited:
        lines += ["", "sources", *_source_lines(catalogue, cited)]
    if isinstance(record, Source):
        users = [p.id for p in parameters_of(catalogue) if record.id in (p.source, *p.also) and not p.copied_from]
        users += [f"fact.{fact.id}" for fact in catalogue.facts.values() if record.id in fact.sources]
        users += [f"clause.{clause.id}" for clause in catalogue.clauses.values() if record.id in clause.sources]
        lines += ["", f"cited by {len(users)}", *(f"  {user}" for user in users)]
    return lines
