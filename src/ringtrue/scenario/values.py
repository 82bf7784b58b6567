"""One value of a scenario file → SI or record, by the kind that the schema gives its key."""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NoReturn

from ringtrue.errors import InputError, did_you_mean
from ringtrue.scenario.records import Waypoint
from ringtrue.units import parse_quantity

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringtrue.scenario.schema import Key, Kind

UID = re.compile(r"^[a-z0-9][a-z0-9@_-]*$")
LINK_WORDS = ("none", "same-system", "all")
_MONTH = re.compile(r"^\d{4}-\d{2}$")


def _wants(what: str, raw: Any) -> NoReturn:
    msg = f"wants {what}; got {raw!r}" if not isinstance(raw, date) else f"wants {what}; got {raw.isoformat()}"
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


def bound_text(bound: float, si: str) -> str:
    """Return a bound of a key as a reader would write it.

    >>> bound_text(20_000e3, "m"), bound_text(-500.0, "m"), bound_text(30 * 86_400.0, "s"), bound_text(1.0, "1")
    ('20,000 km', '-500 m', '30 days', '1')
    """
    if si == "m" and abs(bound) >= 10e3:
        return f"{bound / 1e3:,.0f} km"
    if si == "s" and bound >= 86_400.0:
        return f"{bound / 86_400.0:g} days"
    return f"{bound:g}" if si == "1" else f"{bound:g} {si}"


def _bounded(value: float, raw: Any, key: Key) -> float:
    if not math.isfinite(value):
        msg = f"{raw!r} is not a finite number"
        raise InputError(msg)
    if key.low is not None and value < key.low:
        msg = f"{raw!r} is too small: {bound_text(key.low, key.si)} or more is wanted here"
        raise InputError(msg)
    if key.high is not None and value > key.high:
        msg = f"{raw!r} is too large: {bound_text(key.high, key.si)} or less is wanted here"
        raise InputError(msg)
    return value


def _integer(raw: Any, key: Key) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool):
        _wants("a whole number, such as 8", raw)
    return int(_bounded(raw, raw, key))


def _number(raw: Any, key: Key) -> float:
    if not isinstance(raw, int | float) or isinstance(raw, bool):
        _wants("a number, such as 0.5", raw)
    return _bounded(float(raw), raw, key)


def quantity(raw: Any, key: Key) -> float:
    """Read a number with its unit as SI; a plain number will do where the unit is 1."""
    if key.si == "1" and isinstance(raw, int | float) and not isinstance(raw, bool):
        return _number(raw, key)
    if not isinstance(raw, str):
        example = {"1": "5 %", "m": "250 km", "rad": "90 deg", "USD": "2.5 bnUSD"}.get(key.si, f"10 {key.si}")
        _wants(f"a number and a unit in quotes, such as {example!r}", raw)
    return _bounded(parse_quantity(raw, key.si), raw, key)


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


def _position(raw: Any, _key: Key) -> Waypoint:
    if not isinstance(raw, list) or len(raw) != 2 or not all(isinstance(item, int | float) for item in raw):
        _wants("[latitude, longitude] in degrees, such as [40.0789, 32.5656]", raw)
    latitude_deg, longitude_deg = map(float, raw)
    if not -90.0 <= latitude_deg <= 90.0:
        msg = f"latitude {latitude_deg:g} lies outside -90 to 90 degrees"
        raise InputError(msg)
    if not -180.0 <= longitude_deg <= 180.0:
        msg = f"longitude {longitude_deg:g} lies outside -180 to 180 degrees"
        raise InputError(msg)
    return Waypoint(latitude_deg, longitude_deg)


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


READERS: dict[Kind, Callable[[Any, Key], Any]] = {
    "text": _text, "texts": _texts, "uid": _uid, "choice": _choice, "flag": _flag, "integer": _integer,
    "number": _number, "quantity": quantity, "quantities": _quantities, "date": _date, "month": _month,
    "position": _position, "positions": _positions, "box": _box, "counts": _counts, "links": _links,
    "values": _values,
}  # fmt: skip
