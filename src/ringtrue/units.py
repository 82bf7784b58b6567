"""Units at the door: what a file or an option says in km, feet or minutes becomes SI once.

The table of units is closed: a word that is not in it is refused, and nothing is evaluated. A number is written with
the digits 0 to 9 and a decimal point; whatever has two readings is refused with both of them.
"""

from __future__ import annotations

import math
import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from ringtrue.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable

_KNOT_MPS = 1852.0 / 3600.0
_JULIAN_YEAR_S = 365.25 * 86_400.0
# Sources: BIPM, The International System of Units, 9th edition, with its table 8 (minute, hour, day, degree); the
# international nautical mile of 1929 (1852 m); the international yard of 1959 (0.9144 m, a third of it the foot, 1760
# of them the mile); the Julian year of the IAU (365.25 days), a month its twelfth part.
UNITS: dict[str, tuple[str, float]] = {  # word: SI unit, factor
    "mm": ("m", 1e-3), "cm": ("m", 1e-2), "m": ("m", 1.0), "km": ("m", 1e3), "NM": ("m", 1852.0),
    "ft": ("m", 0.3048), "yd": ("m", 0.9144), "mi": ("m", 1609.344),
    "m2": ("m2", 1.0), "km2": ("m2", 1e6), "ha": ("m2", 1e4),
    "ms": ("s", 1e-3), "s": ("s", 1.0), "min": ("s", 60.0), "h": ("s", 3600.0), "day": ("s", 86_400.0),
    "week": ("s", 604_800.0), "month": ("s", _JULIAN_YEAR_S / 12.0), "year": ("s", _JULIAN_YEAR_S),
    "m/s": ("m/s", 1.0), "km/s": ("m/s", 1e3), "km/h": ("m/s", 1e3 / 3600.0), "kn": ("m/s", _KNOT_MPS),
    "mph": ("m/s", 1609.344 / 3600.0), "ft/s": ("m/s", 0.3048),
    "rad": ("rad", 1.0), "mrad": ("rad", 1e-3), "deg": ("rad", math.pi / 180.0),
    "Hz": ("Hz", 1.0), "kHz": ("Hz", 1e3), "MHz": ("Hz", 1e6), "GHz": ("Hz", 1e9),
    "W": ("W", 1.0), "kW": ("W", 1e3), "MW": ("W", 1e6), "K": ("K", 1.0),
    "dB": ("dB", 1.0), "mm/h": ("mm/h", 1.0),
    "1": ("1", 1.0), "%": ("1", 1e-2), "people": ("1", 1.0), "rounds": ("1", 1.0),
    "USD": ("USD", 1.0), "kUSD": ("USD", 1e3), "MUSD": ("USD", 1e6), "bnUSD": ("USD", 1e9),
}  # fmt: skip
DECIBELS = {"dBsm": "m2", "dBW": "W"}  # word: the SI unit in which it is ten times a logarithm
_ALSO = {
    "": "1", "metre": "m", "metres": "m", "meter": "m", "meters": "m", "kilometre": "km", "kilometres": "km",
    "kilometer": "km", "kilometers": "km", "nmi": "NM", "nautical mile": "NM", "nautical miles": "NM", "foot": "ft",
    "feet": "ft", "yard": "yd", "yards": "yd", "mile": "mi", "miles": "mi", "m²": "m2", "km²": "km2",
    "sec": "s", "second": "s", "seconds": "s", "minute": "min", "minutes": "min", "hr": "h", "hour": "h",
    "hours": "h", "d": "day", "days": "day", "weeks": "week", "months": "month", "years": "year", "kt": "kn",
    "kts": "kn", "knot": "kn", "knots": "kn", "°": "deg", "degree": "deg", "degrees": "deg",
    "percent": "%", "per cent": "%", "kelvin": "K", "bn USD": "bnUSD", "billion USD": "bnUSD", "M USD": "MUSD",
    "million USD": "MUSD",
}  # fmt: skip
_TWO_READINGS = {
    "nm": "NM (nautical miles) or nm (nanometres)? write NM, or a length in m",
    "Nm": "NM (nautical miles) or newton metres? write NM",
    "mil": "a mil is 1/6400 of a circle, 1/6000 or a thousandth of an inch; write mrad or deg",
    "mils": "a mil is 1/6400 of a circle, 1/6000 or a thousandth of an inch; write mrad or deg",
    "M": "m (metres) or mega-? write m, or MUSD for millions of dollars",
    "mUSD": "thousandths or millions of dollars? write MUSD for millions",
    "m USD": "thousandths or millions of dollars? write MUSD for millions",
    "degC": "a temperature is read in kelvin: write K and add 273.15",
    "°C": "a temperature is read in kelvin: write K and add 273.15",
    "C": "a temperature is read in kelvin: write K and add 273.15",
    "degF": "a temperature is read in kelvin: write K",
    "°F": "a temperature is read in kelvin: write K",
    "Mach": "the speed of sound depends on the altitude; write m/s",
    "mach": "the speed of sound depends on the altitude; write m/s",
    "EUR": "prices are kept in dollars of the United States; convert, say at which rate, and write USD",
    "€": "prices are kept in dollars of the United States; convert, say at which rate, and write USD",
    "$": "which dollar? write USD, MUSD or bnUSD",
    "FL": "a flight level is written FL100, the letters first, and is an altitude",
}  # fmt: skip
_KINDS = {
    "m": "a length", "m2": "an area", "s": "a time", "m/s": "a speed", "rad": "an angle", "Hz": "a frequency",
    "1": "a plain number", "USD": "a price", "W": "a power", "K": "a temperature", "dB": "a ratio in dB",
    "mm/h": "a rain rate",
}  # fmt: skip


class Sense(NamedTuple):
    """What a quantity of one kind can be: words, SI unit, bounds in SI, how one is written.

    ``least`` is the smallest size that makes sense beside zero: what lies below it is a slip of the unit.
    """

    words: str
    si: str
    low: float
    high: float
    example: str
    least: float = 0.0


ANY = Sense("a plain number", "1", -math.inf, math.inf, "0.5")
SHARE = Sense("a share", "1", 0.0, 1.0, "5 %")
PROBABILITY = Sense("a probability", "1", 0.0, 1.0, "0.5")
COUNT = Sense("a count", "1", 0.0, 1e10, "8")
K_FACTOR = Sense("an effective-earth factor", "1", 0.3, 20.0, "1.33")
MAST = Sense("the height of an antenna above ground", "m", 0.0, 1e3, "25 m", 1e-3)  # the tallest mast stands 830 m high
SENSOR_HEIGHT = Sense("the height of a sensor in the air", "m", 0.0, 40e3, "9000 m", 1e-3)
HEIGHT = Sense("a height above ground", "m", 0.0, 1_000e3, "100 m", 1e-3)
ALTITUDE = Sense("an altitude above mean sea level", "m", -500.0, 1_000e3, "3000 m", 1e-3)  # the Dead Sea lies at -430
RANGE = Sense("a distance", "m", 0.0, 20_000e3, "250 km", 1e-3)  # no two places on earth are further apart
APOGEE = Sense("the highest point of an arc", "m", 0.0, 5_000e3, "150 km", 1e-3)
AREA = Sense("an area", "m2", 0.0, 5.2e14, "3 m2")  # the whole earth
CROSS_SECTION = Sense("a radar cross-section", "m2", 1e-9, 1e6, "3 m2")
SPEED = Sense("a speed", "m/s", 0.0, 7_910.0, "240 m/s", 1e-3)  # of an orbit at the ground
DURATION = Sense("a time", "s", 0.0, 100.0 * _JULIAN_YEAR_S, "10 s")
RAID_TIME = Sense("a time of a raid", "s", 0.0, 30.0 * 86_400.0, "10 s")
BEARING = Sense("a direction", "rad", -2.0 * math.pi, 2.0 * math.pi, "90 deg")
SECTOR = Sense("the width of a sector", "rad", 0.0, 2.0 * math.pi, "120 deg")
ELEVATION = Sense("an elevation", "rad", -0.5 * math.pi, 0.5 * math.pi, "5 deg")
FREQUENCY = Sense("a frequency", "Hz", 1e6, 1e12, "3 GHz")
POWER = Sense("a power", "W", 0.0, 1e12, "10 kW")
TEMPERATURE = Sense("a temperature", "K", 0.0, 1e5, "290 K")
LOSS = Sense("a loss in dB", "dB", 0.0, 200.0, "3 dB")
DECIBEL = Sense("a ratio in dB", "dB", -300.0, 300.0, "3 dB")
RAIN = Sense("a rain rate", "mm/h", 0.0, 500.0, "5 mm/h")
PRICE = Sense("a price", "USD", 0.0, 1e14, "2.5 bnUSD")  # the yearly product of the whole world
USUAL_SENSE = {
    sense.si: sense
    for sense in (ANY, RANGE, AREA, DURATION, SPEED, BEARING, FREQUENCY, POWER, TEMPERATURE, DECIBEL, RAIN, PRICE)
}

_NUMBER = r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
_PLAIN = re.compile(_NUMBER)
_WHOLE = re.compile(r"[-+]?[0-9]+")
_QUANTITY = re.compile(rf"({_NUMBER})[ \t\u00a0\u202f]*((?![0-9.,_'’]).*)", re.DOTALL)
_FLIGHT_LEVEL = re.compile(r"[Ff][Ll][ ]?([0-9]{1,3})")
_COMMAS = re.compile(r"([-+]?)([0-9.,]*,[0-9.,]*)(.*)", re.DOTALL)
_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_GAPS = re.compile(r"[-+]?[0-9]+(?:[ \u00a0\u202f'’][0-9]+)+")
_SHOWN, _LONGEST = 60, 200
FOOT_M, LEVEL_FT = 0.3048, 100.0


def shown(text: object) -> str:
    """Return a value as an error prints it: quoted, cut where it is long.

    >>> shown("5 km"), len(shown("9" * 500))
    ("'5 km'", 63)
    """
    words = repr(text)
    return words if len(words) <= _SHOWN + 2 else f"{words[:_SHOWN]}..."


def si_of(unit: str) -> str | None:
    """Return the SI unit of a word of the table, None where the word is not in it.

    >>> si_of("NM"), si_of("dBsm"), si_of("nm")
    ('m', 'm2', None)
    """
    if unit in DECIBELS:
        return DECIBELS[unit]
    found = UNITS.get(_ALSO.get(unit, unit))
    return None if found is None else found[0]


def two_readings(word: str) -> str:
    """Return why a word is not in the table and what to write; empty where there is nothing special about it.

    >>> two_readings("nm")
    'NM (nautical miles) or nm (nanometres)? write NM, or a length in m'
    """
    return _TWO_READINGS.get(word, "")


def near_unit(word: str, known: Iterable[str]) -> str:
    """Return ``"; did you mean 'km'?"`` for a word near one of the table, or the empty string.

    >>> near_unit("kms", UNITS), near_unit("parsec", UNITS)
    ("; did you mean 'km'?", '')
    """
    begins = [unit for unit in known if len(unit) > 1 and word.startswith(unit)]
    return did_you_mean(max(begins, key=len) if begins else word, known)


def factor_to_si(unit: str, si: str) -> float:
    """Return the factor from ``unit`` to ``si``; words in dB of a quantity (dBsm, dBW) are handled by `to_si`.

    >>> factor_to_si("km", "m")
    1000.0

    Raises
    ------
    InputError
        The unit is not in the table, or of another kind; the text says which kind is wanted.
    """
    if unit == si:
        return 1.0
    wanted = f"{_KINDS.get(si, 'a quantity')} such as {si!r} is wanted here"
    if two_readings(unit):
        msg = f"unit {unit!r}: {two_readings(unit)}"
        raise InputError(msg)
    found = UNITS.get(_ALSO.get(unit, unit))
    if found is None:
        of_kind = [word for word, (kind, _) in UNITS.items() if kind == si]
        msg = f"unit {shown(unit)} is not known: {wanted}{near_unit(unit, of_kind)}"
        raise InputError(msg)
    if found[0] != si:
        msg = f"unit {unit!r} does not fit: {wanted}"
        raise InputError(msg)
    return found[1]


def to_si(value: float, unit: str, si: str) -> float:
    """Convert one number to SI.

    >>> to_si(250, "km", "m"), round(to_si(-20, "dBsm", "m2"), 6)
    (250000.0, 0.01)
    """
    if DECIBELS.get(unit) == si:
        result = 10.0 ** (value / 10.0) if value < 3000.0 else math.inf
    else:
        result = value * factor_to_si(unit, si)
    if not math.isfinite(result):
        msg = f"{value} {unit} is not a finite number"
        raise InputError(msg)
    return float(result)


def comma_readings(text: str) -> str:
    """Return what a number with commas may have meant, as the remedy of a refusal.

    >>> comma_readings("0,5 km")
    'write 0.5 km'
    >>> comma_readings("2,500 km")
    'write 2.5 km or 2500 km, whichever is meant'
    """
    match = _COMMAS.match(text.strip())
    plain = "write it with a decimal point and without commas, such as 1234.5"
    if match is None or not text.strip().isprintable():
        return plain
    sign, number, rest = match.groups()
    unit = f" {rest.strip()}" if rest.strip() else ""
    decimal = ""
    if number.count(",") == 1 and "." not in number:
        whole, _, part = number.partition(",")
        decimal = f"{sign}{whole or '0'}.{part}".rstrip(".")
        decimal = decimal.rstrip("0").rstrip(".") if "." in decimal else decimal
    if re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+", number):
        decimal = sign + number.replace(".", "").replace(",", ".")
    grouped = sign + number.replace(",", "") if _GROUPS.fullmatch(number) else ""
    both = " or ".join(f"{reading}{unit}" for reading in (decimal, grouped) if reading)
    return f"write {both}{', whichever is meant' if decimal and grouped else ''}" if both else plain


def _why_not_a_number(text: str) -> str:
    """Say what is wrong with a text that should begin with a number; empty where nothing better can be said."""
    start = re.match(r"[^a-zA-Z%°]*", text)
    number = start[0] if start else text
    if any(unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs") for c in text):
        return "it holds characters that cannot be seen; type it anew"
    if "," in number:
        return f"a comma in a number has two readings; {comma_readings(text)}"
    if "_" in number:
        return f"an underscore has no place in a number; write {text.replace('_', '')}"
    if any(not c.isascii() and unicodedata.numeric(c, None) is not None for c in number):
        return "write the number with the digits 0 to 9"
    if number.startswith(("−", "–", "—", "\u2010", "\u2011")):
        return f"write the minus as a hyphen: -{text[1:].strip()}"
    if _GAPS.match(number):
        whole = re.sub(r"[^-+0-9]", "", _GAPS.match(number)[0])  # type: ignore[index]
        return f"write the number without gaps: {whole}, and one unit after it"
    if number.count(".") > 1:
        return "a number has one decimal point; write 1234.5, without marks between thousands"
    if re.match(r"[-+]?(?:inf|nan)", text, re.IGNORECASE):
        return "a finite number is wanted"
    if re.match(r"[-+]?0[xXbBoO]", text):
        return "write the number with the digits 0 to 9 and a decimal point"
    return ""


def parse_number(text: str) -> float:
    """Read a plain decimal number: digits 0 to 9, a decimal point, an exponent.

    >>> parse_number("-0.5"), parse_number("1e3")
    (-0.5, 1000.0)

    Raises
    ------
    InputError
        Anything else: a comma, an underscore, digits of other scripts, words for infinity.
    """
    bare = text.strip(" \t\n\r")
    if len(bare) <= _LONGEST and _PLAIN.fullmatch(bare):
        value = float(bare)
        if math.isfinite(value) and (value != 0.0 or not re.search("[1-9]", re.split("[eE]", bare)[0])):
            return value
        msg = f"{shown(text)} is too large or too small for a number"
        raise InputError(msg)
    why = _why_not_a_number(bare[:_LONGEST])
    msg = f"{shown(text)} is not a number{'; ' if why else ''}{why}"
    raise InputError(msg)


def parse_whole(text: str) -> int:
    """Read a whole number written with the digits 0 to 9.

    >>> parse_whole("12")
    12
    """
    bare = text.strip(" \t\n\r")
    if len(bare) <= _SHOWN and _WHOLE.fullmatch(bare):
        return int(bare)
    why = _why_not_a_number(bare[:_LONGEST])
    msg = f"{shown(text)} is not a whole number{'; ' if why else ''}{why}"
    raise InputError(msg)


def parse_quantity(text: str, si: str) -> float:
    """Read ``"250 km"`` (or ``"250km"``) as SI.

    >>> parse_quantity("250 km", "m"), parse_quantity("30m", "m")
    (250000.0, 30.0)

    Raises
    ------
    InputError
        No number, no unit where one is needed, a unit of another kind, or a number with two readings.
    """
    number, unit = split_quantity(text, si)
    if not unit and si != "1":
        msg = f"{shown(text)} has no unit; {_example(si)}"
        raise InputError(msg)
    try:
        return to_si(number, unit or "1", si)
    except InputError as error:
        msg = f"{shown(text)}: {error}"
        raise InputError(msg) from None


def split_quantity(text: str, si: str = "m") -> tuple[float, str]:
    """Return the number of a quantity and the word behind it, as they stand; ``si`` serves the example of a refusal.

    >>> split_quantity("250 km"), split_quantity("0.5")
    ((250.0, 'km'), (0.5, ''))
    """
    bare = text.strip(" \t\n\r")
    match = _QUANTITY.fullmatch(bare) if len(bare) <= _LONGEST else None
    why = _why_not_a_number(bare[:_LONGEST])
    if match is None or why:
        msg = f"{shown(text)} is not a quantity; {why or _example(si)}"
        raise InputError(msg)
    try:
        return parse_number(match[1]), match[2]
    except InputError as error:
        msg = f"{shown(text)}: {error}"
        raise InputError(msg) from None


def _example(si: str) -> str:
    return f"write a number and a unit, such as '250 {'km' if si == 'm' else si}'"


def flight_level_m(text: str) -> float | None:
    """Return the altitude of a flight level [m], None where the text is none.

    A flight level is a pressure altitude in hundreds of feet; the standard atmosphere makes it an altitude above mean
    sea level. Whoever reads one says so with `flight_level_words`.

    >>> flight_level_m("FL100"), flight_level_m("3000 m")
    (3048.0, None)
    """
    match = _FLIGHT_LEVEL.fullmatch(text.strip())
    return None if match is None else float(match[1]) * LEVEL_FT * FOOT_M


def flight_level_words(text: str) -> str:
    """Return the sentence that owns up to how a flight level was read; empty where the text is none.

    >>> flight_level_words("FL100")
    'FL100 is taken as 3,048 m above mean sea level: standard pressure is assumed.'
    """
    altitude_m = flight_level_m(text)
    if altitude_m is None:
        return ""
    return (
        f"{text.strip().upper().replace(' ', '')} is taken as {altitude_m:,.0f} m above mean sea level: "
        "standard pressure is assumed."
    )


def bound_text(bound: float, si: str) -> str:
    """Return a bound as a reader would write it.

    >>> bound_text(20_000e3, "m"), bound_text(-500.0, "m"), bound_text(30 * 86_400.0, "s"), bound_text(1.0, "1")
    ('20,000 km', '-500 m', '30 days', '1')
    """
    if si == "m" and abs(bound) >= 1e3:
        return f"{bound / 1e3:,.0f} km"
    if si == "s" and bound >= 2.0 * _JULIAN_YEAR_S:
        return f"{bound / _JULIAN_YEAR_S:g} years"
    if si == "s" and bound >= 86_400.0:
        return f"{bound / 86_400.0:g} days"
    if si == "rad":
        return f"{math.degrees(bound):g} deg"
    return f"{bound:,g}" if si == "1" else f"{bound:,g} {si}"


def within(value: float, sense: Sense, written: object) -> float:
    """Return a value in SI that lies within the bounds of sense; ``written`` is what the complaint shows.

    >>> within(25.0, MAST, "25 m")
    25.0

    Raises
    ------
    InputError
        Not finite, or outside the bounds.
    """
    if not math.isfinite(value):
        msg = f"{shown(written)} is not a finite number"
        raise InputError(msg)
    kind = "" if sense.words == ANY.words else f" for {sense.words}"
    if value < sense.low * (1.0 - math.copysign(1e-12, sense.low)):
        msg = f"{shown(written)} is too small{kind}: {bound_text(sense.low, sense.si)} or more is wanted here"
        raise InputError(msg)
    if value > sense.high * (1.0 + math.copysign(1e-12, sense.high)):
        msg = f"{shown(written)} is too large{kind}: {bound_text(sense.high, sense.si)} or less is wanted here"
        raise InputError(msg)
    if 0.0 < abs(value) < sense.least:
        msg = f"{shown(written)} is too small for {sense.words}; check the unit, such as {sense.example}"
        raise InputError(msg)
    return value


def read_quantity(text: str, sense: Sense) -> float:
    """Read a number with its unit as SI, within the bounds of sense; an altitude may be a flight level.

    >>> read_quantity("25 m", MAST), read_quantity("FL100", ALTITUDE)
    (25.0, 3048.0)

    Raises
    ------
    InputError
        What `parse_quantity` and `within` refuse; a flight level where no altitude is wanted.
    """
    level_m = flight_level_m(text) if sense.si == "m" else None
    if level_m is None:
        return within(parse_quantity(text, sense.si), sense, text)
    if sense.words != ALTITUDE.words:
        msg = f"{shown(text)} is a flight level, an altitude above mean sea level; {sense.words} is wanted here"
        raise InputError(msg)
    return within(level_m, sense, text)
