"""Makers of hostile inputs. Each takes a generator of random numbers and gives one input; the seed tells all of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import ringtrue

if TYPE_CHECKING:
    from random import Random

SOURCE = Path(ringtrue.__file__).parent
SCENARIOS = tuple(p.read_text("utf-8") for p in sorted((SOURCE / "scenario" / "data").glob("*.toml")))
CASES = tuple(p.read_text("utf-8") for p in sorted((SOURCE / "studies" / "cases").glob("*.toml")))
CATALOGUE = tuple(
    p.read_text("utf-8") for p in sorted((SOURCE / "catalogue" / "data").glob("*.toml")) if p.name != "assumptions.toml"
)
CLAIMS = (SOURCE / "studies" / "data" / "claims.toml").read_text("utf-8")

NUMBERS = (
    "0", "1", "-1", "30", "250", "0.5", "1e3", "1E-3", "1e400", "-1e400", "1e-400", "9" * 400, "0,5", "2,500",
    "1,2,3", "1_3", "1.000.000", "1 000", "1'000", "+5", "--5", "5-", ".5", "5.", ".", "", "nan", "inf", "-inf",
    "Infinity", "0x10", "0b1", "0o7", "1e", "e5", "1e5e5", "٣", "५०", "１００", "½", "²", "−5", "1/2", "2**3",
    "9**9**9", "1+1", "(1)", "1 9**9**9", "__import__('os')", "1;2", "١٬٠٠٠", "0.1.2", "1e308", "5e-324", "-0",
    "007", "1\u200b2", "Ⅻ", "1\x000",
)  # fmt: skip
UNITS = (
    "", "m", "km", "nm", "NM", "nmi", "ft", "feet", "yd", "mi", "mil", "mils", "deg", "°", "rad", "mrad", "s",
    "min", "h", "hours", "day", "m/s", "km/h", "kn", "Mach", "mach", "dBsm", "dB", "dBW", "m2", "m²", "km2", "kW",
    "MW", "Hz", "GHz", "%", "per cent", "USD", "bnUSD", "MUSD", "EUR", "€", "$", "K", "degC", "°C", "C", "L", "FL",
    "M", "k", "parsec", "Å", "m**2", "m^2", "m*m", "m/m", "km km", "m m", "m ]", "deg]", "m (", "( m", "m'", 'm"',
    "m;", "m#", "m\\", "m\x00", "м", "ｋｍ", "km\u0301", "KM", "Km", "M/S", "us-ft", "fathom", "Ω", "💣", "m\n",
    "\tm", "m\u2028", "delta_degC", "percent",
)  # fmt: skip
ODD = (
    "\x00", "\x1b[31m", "\u202e", "\u200b", "\ufeff", "\ud800", "\udcff", "💣", "%s", "{0}", "\\", "'", '"', "\n",
    "\r", "\t", " ", "\u00a0", ",", ";", ".", "-", "--", "=", "#", "[", "]", "{", "}", "(", ")", "/", "..", "~",
    "*", "$(x)", "`x`", "é", "İ", "ı", "ß", "ﬁ", "ſ", "\U0010ffff", "A" * 1000, "9" * 1000,
)  # fmt: skip
PLACES = (
    "40.0789,32.5656", "41°17'N 36°20'E", "41°17′30″N, 36°20′00″E", "N41 17 30 E36 20 0", "41.5N 36.2E",
    "-33.9,151.2", "91,0", "0,181", "90,180", "-90,-180", "40,0789,32,5656", "40.0789 32.5656", "40.0789;32.5656",
    "36°20'E 41°17'N", "41°60'N 36°E", "41°17'S 36°20'W", "samsun", "Ankara", "İstanbul", "Köln", "0,0", "1e2,3",
    "nan,nan", "40°N,32",
)  # fmt: skip
KEYS = (
    "doctrine.salvo", "raid.cruise-4.wave.r1.count", "raid.1.wave.1.count", "raid.².x", "raid.cruise-4.x",
    "study.draws", "place.ankara.azimuth", "place.ankara.at", "asset.ankara-city.population",
    "laydown.one-s-400.unit.s-400-1.mast", "environment.k", "title", "declared", "raid", "", ".", "..",
    "a.b.c.d.e.f", "raid.0.wave.0.height", "raid.-1.title", "study.targets", "study.sweep.parameter", "doctrine",
    "raid.cruise-4.wave.r1.spacing", "__class__", "raid.١.title",
)  # fmt: skip
VALUES = (
    "2", "-1", "0", "1e9", "true", "[]", "[1, 2]", "[[1]]", "{}", "{a = 1}", '"text"', "text", "'text'", '"50 m"',
    "50 m", "1979-05-27", "07:32:00", "1979-05-27T07:32:00Z", "nan", "inf", "0x10", "1_000", "9" * 50, '"', "[",
    "]", "[" * 60, "{a={" * 30, "a.b=1", "1\n[x]", "# comment", "", " ", "null", "None", "60000000000000000000",
    '["50 m", "60 m"]', "[40.0, 32.0]", '"\\u0000"', '"\\ud800"', "5 %", '"0,5 km"', "FL100", '"41°17\'N 36°20\'E"',
)  # fmt: skip


def odd_text(rng: Random, longest: int = 12) -> str:
    """Text of any characters, some of them seldom seen."""
    return "".join(
        rng.choice(ODD) if rng.random() < 0.3 else chr(rng.choice((rng.randrange(32, 127), rng.randrange(0x2FFF))))
        for _ in range(rng.randrange(longest))
    )


def bent(rng: Random, text: str) -> str:
    """Take, double, swap or plant a few characters."""
    for _ in range(rng.choice((0, 1, 1, 2, 3))):
        i = rng.randrange(len(text) + 1)
        kind = rng.randrange(5)
        if kind == 0:
            text = text[:i] + rng.choice(ODD) + text[i:]
        elif kind == 1:
            text = text[:i] + text[i + 1 :]
        elif kind == 2:
            text = text[:i] + text[i : i + 3] * 2 + text[i + 3 :]
        elif kind == 3:
            text = text[:i] + rng.choice(NUMBERS) + text[i:]
        else:
            text = text[:i] + chr(rng.randrange(32, 127)) + text[i + 1 :]
    return text


def quantity(rng: Random) -> str:
    """A number and a unit, or what looks like them."""
    kind = rng.random()
    if kind < 0.6:
        gap = rng.choice(("", " ", " ", "  ", "\t", "\u00a0", "_"))
        return rng.choice(NUMBERS) + gap + rng.choice(UNITS)
    if kind < 0.75:
        return f"{rng.uniform(-1e4, 1e4):.{rng.randrange(4)}f} {rng.choice(UNITS)}"
    return bent(rng, f"{rng.randrange(3000)} {rng.choice(UNITS)}") if kind < 0.93 else odd_text(rng)


def quantities(rng: Random) -> str:
    """Several quantities with commas between."""
    one = (lambda: f"{rng.randrange(1, 900)}{rng.choice(('m', ' m', 'km', ' ft', ''))}") if rng.random() < 0.4 else None
    return rng.choice((",", ", ", ",", ";")).join(one() if one else quantity(rng) for _ in range(rng.randrange(1, 4)))


def position(rng: Random) -> str:
    """A latitude and a longitude, or what looks like them."""
    kind = rng.random()
    if kind < 0.5:
        return bent(rng, rng.choice(PLACES))
    if kind < 0.8:
        return f"{rng.uniform(-100, 100):.4f}{rng.choice(',; ')}{rng.uniform(-200, 200):.4f}"
    return f"{rng.choice(NUMBERS)},{rng.choice(NUMBERS)}" if kind < 0.95 else odd_text(rng)


def number(rng: Random) -> str:
    """A number without a unit, or what looks like one."""
    return rng.choice(NUMBERS) if rng.random() < 0.6 else bent(rng, str(rng.randrange(-5, 10**6)))


def names(rng: Random) -> str:
    """Words separated by commas."""
    known = ("f-16", "F-16", "cruise-missile", "s-400", "nasams", "drone", "bomber", "none", "all", "")
    return ",".join(bent(rng, rng.choice(known)) for _ in range(rng.randrange(1, 5)))


def setting(rng: Random) -> str:
    """What follows ``--set``."""
    key = rng.choice(KEYS) if rng.random() < 0.8 else bent(rng, rng.choice(KEYS))
    value = rng.choice((rng.choice(VALUES), quantity(rng), position(rng), bent(rng, rng.choice(VALUES))))
    return key + rng.choice(("=", "=", "=", " = ", "", "==")) + value


def toml(rng: Random, texts: tuple[str, ...]) -> str:
    """A file of ours with a few values, keys, lines or characters changed."""
    lines = rng.choice(texts).splitlines()
    for _ in range(rng.choice((1, 1, 2, 4))):
        i = rng.randrange(len(lines))
        kind = rng.randrange(8)
        if kind < 3 and "=" in lines[i]:
            lines[i] = lines[i].partition("=")[0] + "= " + value(rng)
        elif kind == 3:
            lines.insert(i, lines[rng.randrange(len(lines))])
        elif kind == 4:
            del lines[i : i + rng.randrange(1, 4)]
            lines = lines or [""]
        elif kind == 5:
            lines[i] = bent(rng, lines[i])
        elif kind == 6 and "=" in lines[i]:
            lines[i] = bent(rng, lines[i].partition("=")[0]) + "=" + lines[i].partition("=")[2]
        else:
            lines.insert(
                i, rng.choice(("[x]", "[[x]]", "a.b.c = 1", "[" * 40, f"{'a.' * 40}b = 1", value(rng), odd_text(rng)))
            )
    return "\n".join(lines) + rng.choice(("", "\n"))


def value(rng: Random) -> str:
    """A value as TOML writes it, more or less."""
    kind = rng.random()
    if kind < 0.5:
        return rng.choice(VALUES)
    if kind < 0.8:
        return '"' + re.sub(r'["\\\n]', "", quantity(rng)) + '"'
    return rng.choice(NUMBERS) if kind < 0.9 else odd_text(rng)


def file_bytes(rng: Random, text: str) -> bytes:
    """A text as some editor or accident may have stored it."""
    whole = text.encode("utf-8", errors="surrogatepass")
    kind = rng.randrange(12)
    if kind == 0:
        return b"\xef\xbb\xbf" + whole
    if kind == 1:
        return text.encode(rng.choice(("utf-16", "utf-16-le", "latin-1", "cp1254", "utf-7")), errors="replace")
    if kind == 2:
        return whole[: rng.randrange(len(whole) + 1)]
    if kind == 3:
        i = rng.randrange(len(whole) + 1)
        return whole[:i] + rng.randbytes(rng.randrange(1, 9)) + whole[i:]
    return whole.replace(b"\n", b"\r\n") if kind == 4 else whole
