"""Quantities: one closed table, a decimal point, bounds of sense, one reader at every door."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from ringtrue import units
from ringtrue.cli import run
from ringtrue.errors import InputError
from ringtrue.scenario.load import load_scenario

ROOT = Path(__file__).resolve().parents[2]
PINT_NAMES = {
    "NM": "nautical_mile", "ft": "foot", "yd": "yard", "mi": "mile", "m2": "meter**2", "km2": "kilometer**2",
    "ha": "hectare", "min": "minute", "h": "hour", "km/h": "kilometer/hour", "kn": "knot", "mph": "mile/hour",
    "ft/s": "foot/second", "deg": "degree", "mm/h": "millimeter/hour", "%": "percent", "1": "dimensionless",
    "people": "dimensionless", "rounds": "dimensionless", "K": "kelvin", "m/s": "meter/second",
    "km/s": "kilometer/second", "rad": "radian", "mrad": "milliradian",
}  # fmt: skip


def test_every_factor_is_that_of_pint():
    pint = pytest.importorskip("pint")
    registry = pint.UnitRegistry(cache_folder=None)
    for word, (si, factor) in units.UNITS.items():
        if si in ("USD", "dB"):
            continue
        wanted = registry.Quantity(1.0, PINT_NAMES.get(word, word)).to(PINT_NAMES.get(si, si)).magnitude
        assert factor == pytest.approx(wanted, rel=1e-14), word


def test_factors_are_the_defined_ones():
    exact = {"NM": 1852.0, "ft": 0.3048, "yd": 0.9144, "mi": 1609.344, "kn": 1852.0 / 3600.0, "month": 2_629_800.0,
             "year": 31_557_600.0, "deg": math.pi / 180.0, "bnUSD": 1e9, "%": 0.01}  # fmt: skip
    assert {word: units.UNITS[word][1] for word in exact} == exact


def test_pint_is_only_an_oracle():
    with (ROOT / "pyproject.toml").open("rb") as stream:
        project = tomllib.load(stream)["project"]
    assert "pint" not in project["dependencies"]
    assert "pint" in project["optional-dependencies"]["test"]
    code = (
        "import sys; sys.modules['pint'] = None\n"
        "from ringtrue.units import parse_quantity\n"
        "assert parse_quantity('3 yd', 'm') == 2.7432\n"
        "from ringtrue.cli import run\n"
        "assert run(['catalogue', 'check']) == 0\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("text", "si", "value"),
    [
        ("250 km", "m", 250e3), ("30m", "m", 30.0), ("0.5 km", "m", 500.0), (".5km", "m", 500.0),
        ("5. km", "m", 5000.0), ("+5 km", "m", 5000.0), ("1e3 m", "m", 1000.0), ("250\u00a0km", "m", 250e3),
        ("100 NM", "m", 185_200.0), ("100 nmi", "m", 185_200.0), ("1000 ft", "m", 304.8), ("3 miles", "m", 4828.032),
        ("10 kilometres", "m", 10e3), ("1000 km/h", "m/s", 1000.0 / 3.6), ("600 kn", "m/s", 600 * 1852 / 3600),
        ("3 months", "s", 7_889_400.0), ("2 days", "s", 172_800.0), ("90 deg", "rad", math.pi / 2),
        ("90°", "rad", math.pi / 2), ("2.5 bnUSD", "USD", 2.5e9), ("2.5 billion USD", "USD", 2.5e9),
        ("50 %", "1", 0.5), ("50 per cent", "1", 0.5), ("0.5", "1", 0.5), ("-20 dBsm", "m2", 0.01),
        ("5 mm/h", "mm/h", 5.0), ("290 K", "K", 290.0), ("-100 m", "m", -100.0),
    ],
)  # fmt: skip
def test_a_quantity(text, si, value):
    assert units.parse_quantity(text, si) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize(
    ("text", "si", "remedy"),
    [
        ("0,5 km", "m", "write 0.5 km"),
        ("12,5 km", "m", "write 12.5 km"),
        (",5 km", "m", "write 0.5 km"),
        ("2,500 km", "m", "write 2.5 km or 2500 km, whichever is meant"),
        ("1,2,3 km", "m", "without commas"),
        ("1,234,567 m", "m", "write 1234567 m"),
        ("1.234,5 km", "m", "write 1234.5 km"),
        ("1,234.5 km", "m", "write 1234.5 km"),
        ("2,5 bnUSD", "USD", "write 2.5 bnUSD"),
        ("0,5", "1", "write 0.5"),
        ("2 500 km", "m", "write the number without gaps: 2500"),
        ("2'500 km", "m", "write the number without gaps: 2500"),
        ("2\u202f500 km", "m", "write the number without gaps: 2500"),
        ("1_3 km", "m", "write 13 km"),
        ("1.234.567 m", "m", "one decimal point"),
        ("\u0661\u0662 km", "m", "digits 0 to 9"),
        ("\uff15 km", "m", "digits 0 to 9"),
        ("\u00b2 km", "m", "digits 0 to 9"),
        ("\u00bd km", "m", "digits 0 to 9"),
        ("5\u0663 km", "m", "digits 0 to 9"),
        ("\u2212100 m", "m", "write the minus as a hyphen: -100 m"),
        ("5\0 km", "m", "cannot be seen"),
        ("5\u200b km", "m", "cannot be seen"),
        ("inf km", "m", "a finite number is wanted"),
        ("NaN", "1", "a finite number is wanted"),
        ("0x10 m", "m", "digits 0 to 9 and a decimal point"),
        ("1e999 m", "m", "too large or too small"),
        ("1e-999 m", "m", "too large or too small"),
        ("108 nm", "m", "NM (nautical miles) or nm (nanometres)?"),
        ("6400 mil", "rad", "write mrad or deg"),
        ("20 degC", "K", "add 273.15"),
        ("20 °C", "K", "add 273.15"),
        ("2 Mach", "m/s", "depends on the altitude"),
        ("5 EUR", "USD", "convert, say at which rate"),
        ("5 mUSD", "USD", "write MUSD for millions"),
        ("25 KM", "m", "did you mean 'km'?"),
        ("25 kms", "m", "did you mean 'km'?"),
        ("1 9**9**9 m", "m", "without gaps"),
        ("1 m*1e9", "m", "is not known"),
        ("1 m (", "m", "is not known"),
        ("135 deg]", "rad", "is not known"),
        ("1 m if 1 else 2", "m", "is not known"),
        ("5 kg", "m", "a length such as 'm'"),
        ("5 s", "m", "a length such as 'm'"),
        ("30", "m", "has no unit"),
        ("", "m", "write a number and a unit"),
        ("km", "m", "write a number and a unit"),
        ("9" * 500 + " m", "m", "is not a quantity"),
    ],
)
def test_what_is_no_quantity(text, si, remedy):
    with pytest.raises(InputError) as error:
        units.parse_quantity(text, si)
    assert remedy in str(error.value)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 300


@pytest.mark.parametrize(
    ("text", "sense", "words"),
    [
        ("10 km", units.MAST, "too large for the height of an antenna above ground: 1 km or less"),
        ("0.5 mm", units.MAST, "too small for the height of an antenna above ground; check the unit"),
        ("-100 m", units.HEIGHT, "too small for a height above ground: 0 m or more"),
        ("-900 m", units.ALTITUDE, "-500 m or more"),
        ("40000 km", units.RANGE, "20,000 km or less"),
        ("12 km/s", units.SPEED, "7,910 m/s or less"),
        ("-5 USD", units.PRICE, "0 USD or more"),
        ("3 Hz", units.FREQUENCY, "too small for a frequency"),
        ("720 deg", units.BEARING, "360 deg or less"),
        ("120 %", units.SHARE, "1 or less"),
        ("FL100", units.HEIGHT, "is a flight level, an altitude above mean sea level"),
        ("FL100", units.RANGE, "is a flight level"),
    ],
)
def test_bounds_of_sense(text, sense, words):
    with pytest.raises(InputError) as error:
        units.read_quantity(text, sense)
    assert words in str(error.value)


def test_a_flight_level_is_an_altitude_and_is_said():
    assert units.read_quantity("FL100", units.ALTITUDE) == 3048.0
    assert units.read_quantity("fl 85", units.ALTITUDE) == pytest.approx(2590.8)
    assert "standard pressure is assumed" in units.flight_level_words("FL100")
    assert units.flight_level_words("3000 m") == ""


def test_the_audit_says_how_a_flight_level_was_read(capsys):
    asked = ["audit", "s-400", "--amsl", "FL100", "--target", "f-16", "--draws", "5", "--dem", "none", "--json"]
    assert run(asked) == 0
    found = json.loads(capsys.readouterr().out)
    assert [row["altitude_m"] for row in found["rows"]] == [3048.0]
    assert found["declared"] == ["FL100 is taken as 3,048 m above mean sea level: standard pressure is assumed."]


def test_a_scenario_says_how_a_flight_level_was_read():
    setting = 'raid.cruise-4.wave.r1.altitude="FL050"'
    with pytest.raises(InputError, match="not both"):
        load_scenario("minimal", [setting])
    # a flight level where a height is wanted
    with pytest.raises(InputError, match="flight level"):
        load_scenario("minimal", ["raid.cruise-4.wave.r1.height=FL050"])


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("raid.cruise-4.wave.r1.height=0,5 km", "write 0.5 km"),
        ("raid.cruise-4.wave.r1.start_distance=108 nm", "NM (nautical miles) or nm"),
        ("raid.cruise-4.wave.r1.height=-100 m", "too small for a height above ground"),
        ("raid.cruise-4.wave.r1.speed=9 km/s", "too large for a speed"),
        ("doctrine.salvo=1_3", "an underscore"),
        ("doctrine.salvo=0x2", "digits 0 to 9"),
        ("doctrine.salvo=\u0662", "a whole number"),
        ("raid.\u00b2.count=1", "no raid is called"),
        ("doctrine.reserve=inf", "finite"),
        ("doctrine.reserve={ value = 50, unit = 'km' }", "does not fit"),
    ],
)
def test_settings_are_read_like_files(setting, words):
    with pytest.raises(InputError) as error:
        load_scenario("minimal", [setting])
    assert words in str(error.value)


def test_both_forms_of_a_quantity_everywhere():
    for setting in ("doctrine.reserve=50 %", "doctrine.reserve={ value = 50, unit = '%' }", "doctrine.reserve=0.5"):
        assert load_scenario("minimal", [setting]).doctrine.reserve_fraction == 0.5
    for setting in (
        "doctrine.common_mode={ low = 1, nominal = 5, high = 10, unit = '%', reason = 'test' }",
        "doctrine.common_mode={ low = '1 %', nominal = '5 %', high = '10 %', reason = 'test' }",
    ):
        spread = next(p for p in load_scenario("minimal", [setting]).parameters if p.id == "doctrine.common_mode")
        assert (spread.low, spread.nominal, spread.high) == (0.01, 0.05, 0.1)
    with pytest.raises(InputError, match="stands beside it"):
        load_scenario("minimal", ["doctrine.common_mode={ value = '5 %', unit = '%', reason = 'test' }"])
