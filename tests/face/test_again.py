"""The command at the end of a page is the true one: run, it gives the same answer."""

from __future__ import annotations

import html
import json
import re
import shlex
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ringtrue.api as rt
from ringtrue.cli import run
from ringtrue.face.command import command_line
from ringtrue.face.folder import slug
from ringtrue.face.table import COMMANDS, study_named

STRANGERS = Path(__file__).parents[1] / "data" / "strangers"
FILE = "my deal/romania $1.toml"
GROUND = ["--dem", "none", "--ground", "60.5m"]
SMALL = ["--draws", "6", "--seed", "3"]
ASKED = {
    "audit": [
        ["S-400", "patriot", "--at", "Samsun", "--target", "drone,F-16", "--height", "0.1km", "--amsl", "FL100",
         "--mast", "12.25 m", "--heading", "beam", "--k", "1.3333", *GROUND, *SMALL],
        [FILE, "--target", "fighter", "--height", "100m", "--catalogue", "my guns", *GROUND, *SMALL],
        ["nasams", "--at", "-33.9,151.2", "--azimuth", "-45", "--target", "drone", "--height", "100 ft", *GROUND,
         *SMALL],
    ],
    "engage": [
        [FILE, "--laydown", "mixed", "--raid", "drones", "--replications", "3", "--set", 'doctrine.salvo=2',
         "--set", 'raid.drones.wave.shaheds.height="200 m"', "--catalogue", "my guns", *GROUND, *SMALL],
        ["minimal", "--draw", "nominal", "--replications", "4", *SMALL],
    ],
    "compare": [[FILE, "--replications", "2", "--catalogue", "my guns", *GROUND, *SMALL]],
    "network": [[FILE, "--raid", "drones", "--replications", "2", "--catalogue", "my guns", *GROUND, *SMALL]],
    "exposure": [["exposure-anatolia", "--dem", "none", *SMALL]],
    "relocation": [["--dem", "none", *SMALL]],
    "sensitivity": [
        [FILE, "--finding", "leakers@mixed/drones", "--points", "8", "--replications", "1", "--catalogue", "my guns",
         *GROUND, "--seed", "3"],
        ["nasams", "--finding", "seen_area", "--at", "Samsun", "--target", "drone", "--height", "0.1km", "--points",
         "8", *GROUND, "--seed", "3"],
    ],
    "claims": [["my deal/claims.toml", "--dem", "none", *SMALL]],
    "worth": [["saturation", "--by", "leakers", "--within", "10", "--replications", "1", "--dem", "none", *SMALL[2:],
               "--draws", "100"]],
}  # fmt: skip
CLAIMS = """title = "mine"
[[claim]]
id = "rings-1"
report = "my paper"
statement = "NASAMS covers the coast against drones to 40 km"
reading = "at least nine tenths of the 40-km ring can be engaged against a one-way drone at 150 m; the tenths are ours"
kind = "coverage"
measure = "engageable-share"
criterion = ">= 0.9"
command = "ringtrue audit nasams"
[claim.args]
system = "nasams"
place = "adana"
target = "one-way-uav"
height = "150 m"
"""


@pytest.fixture(autouse=True)
def deal(tmp_path, monkeypatch):
    """A stranger's folder, with blanks and a dollar in its names."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RINGTRUE_CACHE", str(tmp_path / "cache"))
    Path("my deal").mkdir()
    shutil.copy(STRANGERS / "romania.toml", FILE)
    shutil.copytree(STRANGERS / "guns", "my guns")
    Path("my deal/claims.toml").write_text(CLAIMS, encoding="utf-8")


def told_in(page: Path) -> list[str]:
    """The words of the last command that a page prints."""
    text = page.read_text(encoding="utf-8")
    section = text[text.rindex("Ask it again") :]
    return shlex.split(html.unescape(re.search(r"<pre[^>]*>(.*?)</pre>", section, re.DOTALL)[1]))


def test_every_study_with_a_page_is_asked_again_here():
    assert set(ASKED) == {study.name for study in COMMANDS} - {"verify"}


@pytest.mark.parametrize(("study", "asked"), [(name, asked) for name, lists in ASKED.items() for asked in lists])
def test_the_command_of_the_page_gives_the_same_answer(study, asked, capsys):
    assert run([study, *asked, "--json", "--out", "report"]) == 0
    first = json.loads(capsys.readouterr().out)
    program, *again = told_in(Path("report/report.html"))
    assert program == "ringtrue"
    assert shlex.split(Path("report/command.txt").read_text(encoding="utf-8")) == [program, *again]
    assert run([*again, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == first


def test_a_record_of_a_notebook_has_no_command_and_the_page_says_so(tmp_path):
    asked = {"targets": "drone", "heights": "100 m", "draws": 5, "at": "Samsun"}
    found = rt.audit("s-400", dem=rt.open_model("none"), **asked)
    assert found.command == ""
    assert "records that no file holds" in found.save(tmp_path / "page.html").read_text(encoding="utf-8")
    named = rt.audit("s-400", dem="none", **asked)
    assert named.command == (
        "ringtrue audit s-400 --at Samsun --target drone --height 100m --dem none --seed 1 --draws 5"
    )
    words = re.sub(r"<[^>]*>", "", named.save(tmp_path / "page.html").read_text(encoding="utf-8"))
    for told in ("“drone” is read as one-way-uav: One-way drone", "“Samsun” is read as Samsun, Turkey"):
        assert told in words
        assert any(told in line for line in named.said)


def test_what_no_result_depends_on_is_left_out():
    values = {"scenario": "minimal", "threads": 2, "chunks": 3, "seed": 1, "draws": 200}
    assert command_line(study_named("engage"), values) == "ringtrue engage minimal --seed 1 --draws 200"


def folders():
    return sorted(path.name for path in Path("ringtrue-out").iterdir())


def test_another_question_does_not_take_the_folder_of_the_first_and_the_same_one_does(capsys):
    asked = ["audit", "s-400", "--at", "Samsun", "--target", "drone", "--height", "100m", "--dem", "none", "--draws"]
    for draws, wanted in (("5", 1), ("6", 2), ("5", 2), ("6", 2)):
        assert run([*asked, draws]) == 0
        assert len(folders()) == wanted
    assert folders() == ["audit-s-400-samsun", "audit-s-400-samsun-2"]
    told = {name: Path("ringtrue-out", name, "command.txt").read_text(encoding="utf-8") for name in folders()}
    assert told["audit-s-400-samsun"].rstrip().endswith("--draws 5")
    assert told["audit-s-400-samsun-2"].rstrip().endswith("--draws 6")
    Path("ringtrue-out/audit-s-400-samsun/command.txt").unlink()
    assert run([*asked, "5"]) == 0
    assert len(folders()) == 3, "a folder that does not say its question is nobody's to replace"


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        (["audit", "s-400", "--at", "Kırşehir"], "audit-s-400-kirsehir"),
        (["audit", "s-400:40n6e", "nasams", "--at", "41.29,36.33"], "audit-s-400-40n6e-nasams-samsun"),
        (["audit", "s-400", "--at", "-33.9,151.2", "--ground", "0 m"], "audit-s-400-minus-33-9-151-2"),
        (["audit", FILE, "--catalogue", "my guns"], "audit-romania-1-south-east-romania"),
        (["engage", "minimal", "--replications", "2"], "engage-minimal-ankara"),
    ],
)
def test_a_folder_is_named_by_study_what_and_where(asked, name, capsys):
    small = ["--target", "drone", "--height", "100m"] if asked[0] == "audit" else []
    assert run([*asked, *small, "--dem", "none", "--draws", "3"]) == 0
    assert folders() == [name]
    assert capsys.readouterr().out.rstrip().endswith(f"ringtrue-out/{name}/report.html")


@given(st.lists(st.text(max_size=60), max_size=3))
def test_a_folder_name_is_short_plain_ascii(words):
    name = slug(["audit", *words])
    assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", name)
    assert len(name) <= 75
