"""Positions as people write them: decimal, or with degrees, minutes, seconds and letters."""

from __future__ import annotations

import json

import pytest

from ringtrue.cli import run
from ringtrue.errors import InputError
from ringtrue.geo.positions import parse_position
from ringtrue.scenario.load import load_scenario

SAMSUN = (41 + 17 / 60, 36 + 20 / 60)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("40.0789,32.5656", (40.0789, 32.5656)),
        ("-33.9, 18.4", (-33.9, 18.4)),
        ("41°17'N 36°20'E", SAMSUN),
        ("41°17’N, 36°20’E", SAMSUN),
        ("41° 17′ 0″ N 36° 20′ 0″ E", SAMSUN),
        ("N41°17' E36°20'", SAMSUN),
        ("41°17'0\"N36°20'0\"E", SAMSUN),
        ("41 17' N 36 20' E", SAMSUN),
        ("41.5N 36.25E", (41.5, 36.25)),
        ("41.5 n, 36.25 e", (41.5, 36.25)),
        ("33°54'S 18°24'W", (-33.9, -18.4)),
        ("41°17.5'N 36°20.5'E", (41 + 17.5 / 60, 36 + 20.5 / 60)),
    ],
)
def test_a_position(text, position):
    assert parse_position(text) == pytest.approx(position, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("41°60'N 36°20'E", "60 minutes are too many"),
        ("41°17'75\"N 36°20'E", "75 seconds are too many"),
        ("41°17'N 36°20'N", "one letter N or S and then one letter E or W"),
        ("36°20'E 41°17'N", "the latitude comes first"),
        ("41°17' 36°20'", "each of the two wants its letter"),
        ("41°17'N 36°20'", "each of the two wants its letter"),
        ("-41°17'N 36°20'E", "a sign and a letter exclude each other"),
        ("41.5°17'N 36°20'E", "only the last"),
        ("41,28N 36,33E", "write 41.28"),
        ("41,28,36,33", "write 41.28,36.33"),
        ("95,32", "latitude 95 lies outside"),
        ("41,200", "longitude 200 lies outside"),
        ("91°N 36°E", "latitude 91 lies outside"),
        ("nan,32", "write latitude and longitude"),
        ("inf,32", "write latitude and longitude"),
        ("4_1,32", "underscore"),
        ("\u0664\u0661,32", "write latitude and longitude"),
        ("41", "write latitude and longitude"),
        ("ankara", "write latitude and longitude"),
        ("", "write latitude and longitude"),
        ("41.1,32.5," + "9" * 300, "write latitude and longitude"),
    ],
)
def test_what_is_no_position(text, words):
    with pytest.raises(InputError) as error:
        parse_position(text)
    assert words in str(error.value)
    assert len(str(error.value)) < 300


def test_an_audit_at_degrees_and_minutes_is_that_of_the_decimal(capsys):
    found = []
    for at in ("41°17'N 36°20'E", f"{SAMSUN[0]},{SAMSUN[1]}"):
        asked = ["audit", "s-400", "--at", at, "--target", "f-16", "--height", "100m", "--draws", "5", "--dem", "none"]
        assert run([*asked, "--json"]) == 0
        found.append(json.loads(capsys.readouterr().out))
    assert found[0] == found[1]


def test_a_scenario_takes_both(tmp_path):
    place = load_scenario("minimal").places[0].id
    changed = load_scenario("minimal", [f"place.{place}.at=41°17'N 36°20'E"]).places[0]
    assert (changed.latitude_deg, changed.longitude_deg) == pytest.approx(SAMSUN)
    with pytest.raises(InputError, match=r"place\..*at: .*wants \[latitude, longitude\]"):
        load_scenario("minimal", [f"place.{place}.at=[true, 5]"])
