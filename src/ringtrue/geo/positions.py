"""Positions at the door: ``41.2867,36.33`` or ``41°17'N 36°20'E`` as degrees."""

from __future__ import annotations

import re
from typing import NoReturn

from ringtrue.errors import InputError
from ringtrue.units import comma_readings, parse_number, shown

HOW = "write latitude and longitude in degrees, such as 40.0789,32.5656 or 41°17'N 36°20'E"
_SIGNS = str.maketrans({"′": "'", "’": "'", "ʹ": "'", "″": '"', "”": '"', "º": "°", "\u00a0": " ", "\u202f": " "})
_SIXTIETHS = r"([0-9]{1,2}(?:\.[0-9]+)?)"
_ANGLE = rf"([0-9]{{1,3}}(?:\.[0-9]+)?) *°? *(?:{_SIXTIETHS} *' *(?:{_SIXTIETHS} *(?:\"|'') *)?)?"
_LETTER = "([NSEWnsew])"
_AFTER = re.compile(f"{_ANGLE} *{_LETTER} *[,;]? *{_ANGLE} *{_LETTER}")
_BEFORE = re.compile(f"{_LETTER} *{_ANGLE}[,;]? *{_LETTER} *{_ANGLE}")
_LONGEST = 80


def parse_position(text: str) -> tuple[float, float]:
    """Read a latitude and a longitude [deg].

    Two decimal numbers with a comma between them, latitude first; or degrees, minutes and seconds with the letters of
    the hemispheres, before or behind.

    >>> parse_position("40.0789,32.5656"), parse_position("41°17'N 36°20'E")
    ((40.0789, 32.5656), (41.28333333333333, 36.333333333333336))

    Raises
    ------
    InputError
        None of these forms, minutes or seconds of 60 and more, a letter at one of the two only, longitude before
        latitude, or degrees beyond 90 and 180.
    """
    bare = text.translate(_SIGNS).strip()
    if len(bare) > _LONGEST:
        _refuse(text, HOW)
    if not re.search("[0-9].*[NSEWnsew°'\"]|[NSEWnsew].*[0-9]", bare):
        return checked_position(*_decimal(text, bare), text)
    after, before = _AFTER.fullmatch(bare), _BEFORE.fullmatch(bare)
    if after is not None:
        first, second = after.groups()[:4], after.groups()[4:]
    elif before is not None:
        groups = before.groups()
        first, second = (*groups[1:4], groups[0]), (*groups[5:8], groups[4])
    else:
        _refuse(text, _why(bare))
    letters = f"{first[3]}{second[3]}".upper()
    if letters[0] in "EW" and letters[1] in "NS":
        _refuse(text, "the latitude comes first, such as 41°17'N 36°20'E")
    if letters[0] not in "NS" or letters[1] not in "EW":
        _refuse(text, "one letter N or S and then one letter E or W is wanted, such as 41°17'N 36°20'E")
    return checked_position(_degrees(text, first), _degrees(text, second), text)


def checked_position(latitude_deg: float, longitude_deg: float, written: object) -> tuple[float, float]:
    """Return a position that lies on earth.

    >>> checked_position(40.0, 32.5, "40,32.5")
    (40.0, 32.5)
    """
    if not -90.0 <= latitude_deg <= 90.0:
        _refuse(written, f"latitude {latitude_deg:g} lies outside -90 to 90 degrees")
    if not -180.0 <= longitude_deg <= 180.0:
        _refuse(written, f"longitude {longitude_deg:g} lies outside -180 to 180 degrees")
    return latitude_deg, longitude_deg


def _decimal(text: str, bare: str) -> tuple[float, float]:
    parts = [part.strip() for part in bare.split(",")]
    if len(parts) == 4 and all(re.fullmatch("[-+]?[0-9]+", part) for part in parts):
        readings = f"{parts[0]}.{parts[1]},{parts[2]}.{parts[3]}"
        _refuse(text, f"a comma in a number has two readings; write {readings}")
    if len(parts) != 2:
        _refuse(text, HOW)
    try:
        latitude_deg, longitude_deg = (parse_number(part) for part in parts)
    except InputError as error:
        _refuse(text, f"{error}; {HOW}" if re.match("[-+0-9.]", bare) else HOW)
    return latitude_deg, longitude_deg


def _why(bare: str) -> str:
    comma = re.match(r"[-+]?[0-9]+,[0-9]+(?= *[°NSEWnsew'])", bare)
    if comma is not None:
        return f"a comma in a number has two readings; {comma_readings(comma[0])}"
    if re.search("[A-Za-z]{2}", bare):
        return HOW
    if re.search(r"[-+]", bare):
        return "a sign and a letter exclude each other; write S or W in place of a minus"
    if len(re.findall("[NSEWnsew]", bare)) != 2:
        return "each of the two wants its letter: N or S for the latitude, E or W for the longitude"
    return HOW


def _degrees(text: str, parts: tuple[str | None, ...]) -> float:
    degrees, minutes, seconds, letter = parts
    if (minutes is not None and "." in str(degrees)) or (seconds is not None and "." in str(minutes)):
        _refuse(text, "only the last of degrees, minutes and seconds may have a decimal point")
    for name, part in (("minutes", minutes), ("seconds", seconds)):
        if part is not None and float(part) >= 60.0:
            _refuse(text, f"{part} {name} are too many; they run from 0 to 59")
    value = float(str(degrees)) + float(minutes or 0.0) / 60.0 + float(seconds or 0.0) / 3600.0
    return -value if str(letter) in "SWsw" else value


def _refuse(written: object, why: str) -> NoReturn:
    msg = f"{shown(written)}: {why}"
    raise InputError(msg)
