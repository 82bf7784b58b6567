"""How the texts of the studies tell a measure of a row: as its declaration says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringtrue.answer import NOT_DEFINED, PEOPLE_DIGITS, columns_of, measure_of
from ringtrue.finding import Finding, plain, quantity_text, whole_percent

if TYPE_CHECKING:
    from ringtrue.answer import Measure

TOLD = "told"
"""Table of the measures that a sentence about a row tells, each after its head."""
UNITS = {"km2": " km2", "m": " m", "s": " s", "USD": " USD"}


def figure(found: Finding, said: Measure) -> str:
    """Return a finding as 'median [low to high] unit'; an interval without width is one number.

    >>> from ringtrue.answer import Example, measure_of
    >>> figure(Finding("", "km2", 1.0, 2.0, 1234.0), measure_of(Example, "area_km2"))
    '2 [1 to 1,230] km2'
    """
    if said.form == "percent":
        scale, unit = 100.0, " %"
    else:
        scale, unit = (1e-6, " M") if said.form == "people" else (1.0, UNITS.get(said.unit, ""))
    digits = PEOPLE_DIGITS if said.form == "people" else 3
    low, median, high = (plain(scale * value, digits) for value in (found.low, found.median, found.high))
    return f"{median}{unit}" if low == high else f"{median} [{low} to {high}]{unit}"


def value_words(row: Any, name: str) -> str:
    """Return one measure of a row as a sentence says it, or what stands where it is not defined.

    >>> from ringtrue.answer import Example
    >>> value_words(Example("f-16", None), "area_km2")
    '–'
    """
    said, found = measure_of(row.__class__, name), getattr(row, name)
    return said.none if found is None else figure(found, said)


def told(row: Any, table: str = TOLD) -> list[str]:
    """Return the measures of a row that a text tells, in the order of their declaration; those without value together.

    A measure that declares no words for a value that is not defined is left out there. A value stands behind its head,
    or where the head has braces for it.

    >>> from dataclasses import make_dataclass
    >>> from ringtrue.answer import measure
    >>> heads = [("a", "area"), ("b", "gained"), ("c", "lost")]
    >>> row = make_dataclass("Row", [
    ...     (name, Finding | None, measure("1", head, none="not known", heads={"told": head})) for name, head in heads
    ... ])
    >>> told(row(Finding("", "1", 1.0, 2.0, 3.0), None, None))
    ['area 2 [1 to 3]', 'gained, lost not known']
    """
    parts: list[str] = []
    missing: dict[str, list[str]] = {}
    for said in columns_of(row.__class__, table):
        value = getattr(row, said.name)
        if value is None or value == () or value == {}:
            if said.none != NOT_DEFINED:
                missing.setdefault(said.none, []).append(said.heads[table].partition(" in {}")[0])
        else:
            parts.append(_told(value, said, said.heads[table], table))
    return [*(p for p in parts if p), *(f"{', '.join(heads)} {none}" for none, heads in missing.items())]


def _told(value: Any, said: Measure, head: str, table: str) -> str:
    if isinstance(value, Finding):
        return _put(head, figure(value, said))
    if isinstance(value, dict):
        held = [f"{thing} {figure(found, said)}" for thing, found in value.items() if found.median > 0.0]
        return f"{head} {', '.join(held)}" if len(value) > 1 and held else ""
    if isinstance(value, tuple):
        return f"{head} " + ", ".join(" ".join(told(inner, table)) for inner in value)
    return _put(head, whole_percent(value) if said.form == "percent" else quantity_text(value, said.unit))


def _put(head: str, value: str) -> str:
    """Return a value with its head.

    >>> _put("area", "2 km2"), _put("more in {} of draws", "5 %")
    ('area 2 km2', 'more in 5 % of draws')
    """
    return head.format(value) if "{}" in head else f"{head} {value}".lstrip()
