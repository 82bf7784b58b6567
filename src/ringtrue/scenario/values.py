"""One value of a scenario file → SI or record, by the kind that the schema gives its key."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NoReturn

from ringtrue.errors import InputError, did_you_mean
from ringtrue.geo.positions import checked_position, parse_position
from ringtrue.scenario.keys import Waypoint
from ringtrue.units import read_quantity, shown, to_si, within

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringtrue.scenario.keys import Key, Kind

UID = re.compile(r"^[a-z0-9][a-z0-9@_-]*$")
LINK_WORDS = ("none", "same-system", "all")
_MONTH = re.compile(r"^\d{4}-\d{2}$")


def _wants(what: str, raw: Any) -> NoReturn:
    msg = f"wants {what}; got {shown(raw)}" if not isinstance(raw, date) else f"wants {what}; got {raw.isoformat()}"
    raise InputError(msg)


def _text(raw: Any, _key: Key) -> str:
    return raw if isinstance(raw, str) else _wants("text in quotes", raw)


def _texts(raw: Any, _key: Key) -> tuple[str, ...]:
    if not isinstance(raw, list) or not all(isinstance(item, str) for item in raw):
        _wants('a list of texts, such as ["ankara", "izmir"]', raw)
    return tuple(raw)


def _uid(raw: Any, _key: Key) -> str:
    if not isinstance(raw, str) or not UID.match(raw):
        _wants("small letters, digits, '-', '_' and '@', such as 'ankara-1'", raw)
    return raw


def _choice(raw: Any, key: Key) -> str:
    if raw not in key.choices:
        known = ", ".join(key.choices)
        msg = f"{raw!r} is not known; one of {known} is wanted here{did_you_mean(str(raw), key.choices)}"
        raise InputError(msg)
    return str(raw)


def _flag(raw: Any, _key: Key) -> bool:
    return raw if isinstance(raw, bool) else _wants("true or false", raw)


def _bounded(value: float, raw: Any, key: Key) -> float:
    return within(value, key.sense, raw)


def _integer(raw: Any, key: Key) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool):
        _wants("a whole number, such as 8", raw)
    return int(_bounded(raw, raw, key))


def _number(raw: Any, key: Key) -> float:
    if not _is_number(raw):
        _wants("a number, such as 0.5", raw)
    return _bounded(float(raw), raw, key)


def quantity(raw: Any, key: Key, unit: str | None = None) -> float:
    """Read a number with its unit as SI; a plain number will do where the unit is 1, or stands beside it.

    ``{ value = 250, unit = "km" }`` reads like ``"250 km"``.
    """
    if isinstance(raw, dict) and unit is None and set(raw) == {"value", "unit"} and isinstance(raw["unit"], str):
        raw, unit = raw["value"], raw["unit"]
    if unit is not None:
        if not _is_number(raw):
            _wants(f"a plain number, because the unit {unit!r} stands beside it", raw)
        return _bounded(to_si(raw, unit, key.si), f"{raw:.10g} {unit}", key)
    if key.si == "1" and _is_number(raw):
        return _number(raw, key)
    if not isinstance(raw, str):
        _wants(f"a number and a unit in quotes, such as {'5 %' if key.si == '1' else key.of.example!r}", raw)
    return read_quantity(raw, key.sense)


def _quantities(raw: Any, key: Key) -> tuple[float, ...]:
    if not isinstance(raw, list):
        _wants("a list of quantities, such as ['30 m', '100 m']", raw)
    return tuple(quantity(item, key) for item in raw)


def _date(raw: Any, _key: Key) -> date:
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    try:
        return date.fromisoformat(raw)
    except (TypeError, ValueError):
        msg = f"{raw!r} is no date; write a day such as 2019-07-25"
        raise InputError(msg) from None


def _month(raw: Any, _key: Key) -> date:
    if isinstance(raw, str) and _MONTH.match(raw) and "01" <= raw[5:] <= "12" and raw[:4] != "0000":
        return date(int(raw[:4]), int(raw[5:]), 1)
    msg = f"{raw!r} is no month; write one such as '2019-07'"
    raise InputError(msg)


def _is_number(raw: Any) -> bool:
    return isinstance(raw, int | float) and not isinstance(raw, bool)


def _position(raw: Any, _key: Key) -> Waypoint:
    if isinstance(raw, str):
        return Waypoint(*parse_position(raw))
    if not isinstance(raw, list) or len(raw) != 2 or not all(_is_number(item) for item in raw):
        _wants("[latitude, longitude] in degrees, such as [40.0789, 32.5656], or a text such as 41°17'N 36°20'E", raw)
    return Waypoint(*checked_position(float(raw[0]), float(raw[1]), raw))


def _positions(raw: Any, key: Key) -> tuple[Waypoint, ...]:
    if not isinstance(raw, list) or not raw:
        _wants("a list of positions, such as [[40.1, 32.6], [38.3, 27.2]]", raw)
    return tuple(_position(item, key) for item in raw)


def _box(raw: Any, key: Key) -> tuple[float, float, float, float]:
    if not isinstance(raw, list) or len(raw) != 4:
        _wants("[south, west, north, east] in degrees", raw)
    south_west, north_east = _position(raw[:2], key), _position(raw[2:], key)
    if not (south_west.latitude_deg < north_east.latitude_deg and south_west.longitude_deg < north_east.longitude_deg):
        _wants("[south, west, north, east] in degrees, with south < north and west < east", raw)
    return south_west.latitude_deg, south_west.longitude_deg, north_east.latitude_deg, north_east.longitude_deg


def _counts(raw: Any, _key: Key) -> tuple[tuple[str, int], ...]:
    if not isinstance(raw, dict):
        _wants("counts by name, such as { gem-t = 80 }", raw)
    for name, count in raw.items():
        if not isinstance(count, int) or isinstance(count, bool) or count < 0:
            _wants(f"a whole number of {name!r}, zero or more", count)
    return tuple(sorted(raw.items()))


def _links(raw: Any, _key: Key) -> str | tuple[tuple[str, str], ...]:
    if isinstance(raw, str) and raw in LINK_WORDS:
        return raw
    is_pairs = isinstance(raw, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(uid, str) for uid in pair) for pair in raw
    )
    if not is_pairs:
        _wants("'none', 'same-system', 'all' or a list of [from, to] pairs of unit uids", raw)
    return tuple((from_uid, to_uid) for from_uid, to_uid in raw)


def _values(raw: Any, _key: Key) -> tuple[str, ...]:
    if not isinstance(raw, list) or not raw or not all(isinstance(item, str | int | float) for item in raw):
        _wants("a list of values, such as [4, 8, 16]", raw)
    return tuple(str(item) for item in raw)


def example_of(key: Key) -> str:
    """Return what a file could have right of the ``=``.

    >>> from ringtrue.scenario.keys import Key
    >>> example_of(Key("count", "integer", "how many", low=1)), example_of(Key("kind", "choice", "x", choices=("a",)))
    ('1', '"a"')
    """
    if key.example:
        return key.example
    quantity_text = f'"{key.of.example}"'
    by_kind: dict[Kind, str] = {
        "uid": '"my-name"', "texts": '["my-name"]', "choice": f'"{next(iter(key.choices), "")}"', "flag": "true",
        "integer": "1", "number": "0.5", "quantity": quantity_text, "quantities": f"[{quantity_text}]",
        "spread": f'{{ value = {quantity_text}, reason = "why" }}', "date": "2026-03-01", "month": '"2026-03"',
        "position": "[40.0789, 32.5656]", "positions": "[[40.0789, 32.5656], [39.9199, 32.8543]]",
        "box": "[38.5, 31.0, 41.5, 34.5]", "counts": "{ amraam = 8 }", "links": '"all"', "values": "[4, 8, 16]",
        "arguments": '{ system = "nasams" }', "result": "1.0",
    }  # fmt: skip
    return by_kind.get(key.kind, '"in words"')


READERS: dict[Kind, Callable[[Any, Key], Any]] = {
    "text": _text, "texts": _texts, "uid": _uid, "choice": _choice, "flag": _flag, "integer": _integer,
    "number": _number, "quantity": quantity, "quantities": _quantities, "date": _date, "month": _month,
    "position": _position, "positions": _positions, "box": _box, "counts": _counts, "links": _links,
    "values": _values,
}  # fmt: skip
