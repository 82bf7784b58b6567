"""The command of every row shows the figure in the row.

Every command of the catalogue, and one of each measure with 8 draws: nominal cases do not depend on them. All of them,
run as they are printed, with ``CLAIM_COMMANDS=all`` (minutes of processor time).
"""

from __future__ import annotations

import io
import json
import os
import re
import shlex
from contextlib import redirect_stdout
from datetime import date
from functools import cache

import numpy as np
import pytest

from ringtrue.catalogue.load import load_catalogue
from ringtrue.cli import run
from ringtrue.studies.claim_measures import MEASURES
from ringtrue.studies.claim_records import load_claims

JSON_DIGITS = 2e-5  # relative: six significant digits on either side
PEOPLE_DIGITS = 0.05  # relative: a count of people leaves the program with two significant digits
QUICKLY = {"audit", "compare", "relocation", "engage"}
STUDIES = {"audit", "compare", "relocation", "engage", "verify", "worth"}
CLAIMS = {c.id: c for c in load_claims(None, {name: m.spec for name, m in MEASURES.items()}).claims}
AS_PRINTED = os.environ.get("CLAIM_COMMANDS") == "all"
NEEDS_DRAWS = "inspection-share"


def commands() -> list[str]:
    """All commands, or those of the catalogue and the first one of each measure."""
    asked = [(c.measure, c.command_of(args)) for c in CLAIMS.values() if c.command for _, args in c.cases()]
    first = dict(reversed(asked))
    return sorted({c for m, c in asked if AS_PRINTED or first[m] == c or "ringtrue catalogue" in c[:18]})


COMMANDS = commands()
OF_MANY_DRAWS = {
    part
    for c in CLAIMS.values()
    if c.measure == NEEDS_DRAWS
    for _, a in c.cases()
    for part in c.command_of(a).split(" && ")
}


@pytest.fixture(scope="module", autouse=True)
def own_folder(tmp_path_factory):
    """Run as in a folder of one's own, where reports are written to; the cache is that of the machine."""
    patch = pytest.MonkeyPatch()
    patch.chdir(tmp_path_factory.mktemp("claims"))
    yield
    patch.undo()


@cache
def printed(command: str):
    """Run one command of a row: the JSON of a study, or the words of the catalogue on one line."""
    words = shlex.split(command)
    assert words[0] == "ringtrue"
    if not AS_PRINTED and words[1] in QUICKLY and command not in OF_MANY_DRAWS:
        words = [*words, "--draws", "8"] if "--draws" not in words else ["8" if w == "200" else w for w in words]
    out = io.StringIO()
    with redirect_stdout(out):
        assert run([*words[1:], "--json"] if words[1] in STUDIES else words[1:]) == 0, command
    return json.loads(out.getvalue()) if words[1] in STUDIES else " ".join(out.getvalue().split())


@cache
def rows():
    return {row["id"]: row for row in printed_claims()["rows"]}


def printed_claims():
    out = io.StringIO()
    with redirect_stdout(out):
        assert run(["claims", "--json"]) == 0
    return json.loads(out.getvalue())


# --- where a command shows what a measure measures --------------------------------------------------------------------


def only(records, **wanted):
    found = [r for r in records if all(r[key] == value for key, value in wanted.items())]
    assert len(found) == 1, (wanted, len(found))
    return found[0]


def of_the_audit(table, key, scale=1.0):
    return lambda args, outputs: scale * only(outputs[0][table])[key]["nominal"]


def advantage(args, outputs):
    table, key = ("rows", "engageable_area_km2") if outputs[0]["rows"] else ("footprints", "footprint_area_km2")
    one, two = (only(outputs[0][table], system=args[name])[key]["nominal"] for name in ("system", "against"))
    return (one - two) * 1e6


def counted(args, outputs, laydown):
    """Residents under, or defended, by one package: from the comparison or the relocation."""
    if outputs[0]["command"] == "relocation":
        level = {key: float(args[key].split()[0]) if key in args else None for key in ("height", "altitude")}
        row = only(
            outputs[0]["rows"], terrain="none", laydown=laydown, target=args["target"], height_m=level["height"],
            altitude_m=level["altitude"],
        )  # fmt: skip
    else:
        where = f"{int(args['altitude'].split()[0]):,} m AMSL"
        row = only(outputs[0]["coverage"], laydown=laydown, target=args["target"], where=where)
    if args["count"] == "people under":
        return row["people_under"]["nominal"]
    return row["people_defended"][str(int(args["release"].split()[0]) * 1000)]["nominal"]


def earlier_s(args, outputs):
    """The gain of V-X04, which is of a 50-m flyer at 240 m/s, an antenna of 25 m and a sensor at 10 km."""
    assert [args[name] for name in ("height", "mast", "sensor")] == ["50 m", "25 m", "10000 m"]
    assert load_catalogue().targets[args["target"]].speed_mps.nominal == 240.0
    return only(outputs[0]["rows"], id="V-X04.3")["recomputed"]


def raid_difference(args, outputs):
    one, two = (only(outputs[0]["rows"], laydown=args[name], raid=args["raid"]) for name in ("laydown", "against"))
    return one[args["count"]]["nominal"] - two[args["count"]]["nominal"]


def price_each(outputs, laydown):
    offer = only(outputs[0]["offers"], laydown=laydown)
    return offer["price_usd"] / len(offer["units"])


def dates(output):
    """Days that a text of the catalogue names; a month stands for its last day."""
    return [date.fromisoformat(day) for day in re.findall(r"\b\d{4}-\d\d-\d\d\b", output)]


def days_between(args, outputs):
    first = dates(outputs[0])[0]
    second = dates(outputs[1])[0] if len(outputs) > 1 else date.fromisoformat(args["second"])
    return (second - first).days * 86_400.0


NUMBERS = {
    "engageable-share": (of_the_audit("rows", "engageable_share"), JSON_DIGITS),
    "engageable-radius": (of_the_audit("rows", "engageable_area_km2", 1e6), JSON_DIGITS),
    "seen-radius": (of_the_audit("rows", "seen_area_km2", 1e6), JSON_DIGITS),
    "footprint-radius": (of_the_audit("footprints", "footprint_area_km2", 1e6), JSON_DIGITS),
    "unit-advantage": (advantage, 10 * JSON_DIGITS),
    "warning-gain": (earlier_s, JSON_DIGITS),
    "raid-difference": (raid_difference, 1e-3),
    "price-difference": (
        lambda args, outputs: price_each(outputs, args["offer"]) - price_each(outputs, "patriot"), JSON_DIGITS
    ),
    "days-between": (days_between, JSON_DIGITS),
}  # fmt: skip


def check_people(args, outputs, figure, ends):
    one, two = (counted(args, outputs, args[name]) for name in ends)
    assert figure == pytest.approx(one - two, abs=PEOPLE_DIGITS * (one + two))


def check_inspection(args, outputs, variant):
    """The audit prints the shares one by one, on more drawn grounds: they add up to what the row gives together.

    The worth of the same inspection agrees in direction: of leakers too it takes less than half of the doubt.
    """
    own = ("radar.", "interceptor.", "launcher.", "fire-unit.", "system.")
    shares = [
        share["share"]
        for share in outputs[0]["deciding"]["shares"]
        if share["stream"] != "ground"
        and any(f.startswith(own) and not f.endswith(".decorrelation") for f in share["figures"])
    ]
    assert outputs[0]["deciding"]["row"].startswith(load_catalogue().targets[args["target"]].name.split(" (")[0])
    assert variant["figure"]["low"] - 0.03 <= sum(shares) <= variant["figure"]["high"] + 0.03
    looked_into = only(outputs[1]["rows"], name="system.s-400-division")
    assert looked_into["verdict"] == "no"
    assert max(one["shrinkage"]["value"] for one in looked_into["options"]) < 0.5
    assert variant["figure"]["high"] < 0.5


def check_words(row, args, outputs, variant):
    """What has no number of its own in a study: the day, count or print stands in the words of the command."""
    text = outputs[0] if len(outputs) == 1 else " ".join(outputs)
    match row["measure"]:
        case "fact-day" | "contract-day":
            assert re.search(r"\d{4}-\d\d(-\d\d)?", variant["text"])[0] in text
        case "delivery-day":
            day = date.fromisoformat(re.search(r"\d{4}-\d\d-\d\d", variant["text"])[0])
            assert f"{day.day} {day:%B}" in text
        case "fire-units":
            assert f" {variant['figure']['nominal']:g} (read" in text
        case "price-per-fire-unit":
            price = re.search(r"price ([\d.]+) bnUSD", text)
            n = 2.5e9 / variant["figure"]["nominal"]
            assert float(price[1]) == 2.5
            assert f" {n:g} (read" in text
        case "units-delivered" if isinstance(outputs[0], dict):
            delivered = only(outputs[0]["offers"], laydown=args["offer"])["delivered"]["happened"]["fire units"]
            assert delivered == variant["figure"]["nominal"]
        case "units-delivered":
            assert variant["figure"]["nominal"] == 0
            assert "postponed" in text
        case "delivery-lead":
            said = " ".join(outputs[0]["circumstances"])
            span = re.search(r"from (\d{4}-\d\d to \d{4}-\d\d) by assumed lead time", variant["text"])[1]
            assert f"on paper from {span} by assumed lead time" in said
        case "printed-ratio":
            given = re.split(" = |; the print", variant["text"].split("the sources give ")[1])[0]
            for figure in re.split(r" [+x/] |, ", given):
                divisions = {"4": "2 (read", "6": "three: rival"} if "divisions" in row["id"] else {}
                assert divisions.get(figure, figure) in text, (figure, text)
        case other:
            pytest.fail(f"no command is known to show {other}")


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_the_command_shows_the_figure_in_the_row(command) -> None:
    outputs = [printed(part) for part in command.split(" && ")]
    checked = 0
    for claim in CLAIMS.values():
        for words, args in claim.cases():
            row = rows()[claim.id]
            if claim.command_of(args) != command or not row["variants"]:
                continue
            checked += 1
            variant = only(row["variants"], variant=words)
            assert variant["command"] == command
            figure = variant["figure"]
            if row["measure"] in NUMBERS:
                shown, tolerance = NUMBERS[row["measure"]]
                assert figure["nominal"] == pytest.approx(shown(args, outputs), rel=tolerance, abs=1e-6), claim.id
            elif row["measure"] == "package-advantage":
                check_people(args, outputs, figure["nominal"], ("laydown", "against"))
            elif row["measure"] == "added-share":
                check_people(args, outputs, figure["nominal"], ("both", "first"))
            elif row["measure"] == "inspection-share":
                check_inspection(args, outputs, variant)
            else:
                check_words(row, args, outputs, variant)
    unanswered = [c for c in CLAIMS.values() if c.command == command and not rows()[c.id]["variants"]]
    assert checked or unanswered


@pytest.mark.slow
def test_the_figure_of_a_row_stands_in_its_words_with_unit_and_interval() -> None:
    for row in rows().values():
        for variant in row["variants"]:
            figure, told = variant["figure"], variant["told"]
            assert told
            if figure is None:
                assert re.search(r"\d{4}", told)
                continue
            assert figure["low"] <= figure["median"] <= figure["high"]
            assert np.isfinite(figure["nominal"])
            assert bool(re.search(r"\(\S+.* to \S+.*\)", told)) == (figure["low"] < figure["high"]), told
