"""Units at the door: what a file or an option says in km, feet or minutes becomes SI once."""

from __future__ import annotations

import math
import re
from functools import cache
from typing import TYPE_CHECKING

from ringtrue.errors import InputError

if TYPE_CHECKING:
    from pint import UnitRegistry

_SPELLINGS = {
    "": "dimensionless", "1": "dimensionless", "%": "percent", "m2": "m**2", "km2": "km**2", "deg": "degree",
    "min": "minute", "h": "hour", "NM": "nautical_mile", "ft": "foot", "people": "dimensionless",
    "km/h": "kilometer/hour", "kt": "knot", "K": "kelvin", "months": "month",
}  # fmt: skip
_MONEY = {"USD": 1.0, "kUSD": 1e3, "MUSD": 1e6, "bnUSD": 1e9}
_KINDS = {
    "m": "a length", "m2": "an area", "s": "a time", "m/s": "a speed", "rad": "an angle", "Hz": "a frequency",
    "1": "a plain number", "USD": "a price", "W": "a power", "K": "a temperature", "dB": "a ratio in dB",
}  # fmt: skip
_COMMON = {  # spares the half second of loading pint; a test holds every entry against it
    ("km", "m"): 1000.0, ("ft", "m"): 0.3048, ("NM", "m"): 1852.0, ("km2", "m2"): 1e6, ("min", "s"): 60.0,
    ("h", "s"): 3600.0, ("day", "s"): 86400.0, ("months", "s"): 2629800.0,
    ("km/s", "m/s"): 1000.0, ("km/h", "m/s"): 1000.0 / 3600.0,
    ("deg", "rad"): math.pi / 180.0, ("MHz", "Hz"): 1e6, ("GHz", "Hz"): 1e9, ("%", "1"): 0.01, ("kW", "W"): 1e3,
}  # fmt: skip
_QUANTITY = re.compile(r"^\s*([-+]?(?:\d[\d_,]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(\S.*?)?\s*$")


@cache
def _registry() -> UnitRegistry[float]:
    from pint import UnitRegistry

    return UnitRegistry(cache_folder=None)


@cache
def factor_to_si(unit: str, si: str) -> float:
    """Return the factor from ``unit`` to ``si``; dBsm and dB are handled by `to_si`.

    >>> factor_to_si("km", "m")
    1000.0

    Raises
    ------
    InputError
        The unit is unknown, or of another kind; the text says which kind is wanted.
    """
    wanted = f"{_KINDS.get(si, 'a quantity')} such as {si!r} is wanted here"
    if unit == si:
        return 1.0
    if si == "USD" or unit in _MONEY:
        if si != "USD" or unit not in _MONEY:
            msg = f"unit {unit!r} does not fit: {wanted}"
            raise InputError(msg)
        return _MONEY[unit]
    if (unit, si) in _COMMON:
        return _COMMON[unit, si]
    from pint.errors import PintError

    ureg = _registry()
    try:
        return float(ureg.Quantity(1.0, _SPELLINGS.get(unit, unit)).to(_SPELLINGS.get(si, si)).magnitude)
    except (PintError, AssertionError, AttributeError, TypeError, ValueError):
        msg = f"unit {unit!r} does not fit: {wanted}"
        raise InputError(msg) from None


def to_si(value: float, unit: str, si: str) -> float:
    """Convert one number to SI.

    >>> to_si(250, "km", "m"), round(to_si(-20, "dBsm", "m2"), 6)
    (250000.0, 0.01)
    """
    if unit == "dBsm" and si == "m2":
        return float(10.0 ** (value / 10.0))
    result = value * factor_to_si(unit, si)
    if not math.isfinite(result):
        msg = f"{value} {unit} is not a finite number"
        raise InputError(msg)
    return float(result)


def parse_quantity(text: str, si: str) -> float:
    """Read ``"250 km"`` (or ``"250km"``) as SI.

    >>> parse_quantity("250 km", "m"), parse_quantity("30m", "m")
    (250000.0, 30.0)

    Raises
    ------
    InputError
        No number, no unit where one is needed, or a unit of another kind.
    """
    match = _QUANTITY.match(text)
    example = f"write a number and a unit, such as '250 {'km' if si == 'm' else si}'"
    if match is None:
        msg = f"{text!r} is not a quantity; {example}"
        raise InputError(msg)
    number = float(match[1].replace(",", "").replace("_", ""))
    unit = match[2] or ""
    if not unit and si != "1":
        msg = f"{text!r} has no unit; {example}"
        raise InputError(msg)
    try:
        return to_si(number, unit or "1", si)
    except InputError as error:
        msg = f"{text!r}: {error}"
        raise InputError(msg) from None
