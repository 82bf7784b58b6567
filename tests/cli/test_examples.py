"""Every line of examples/README.md runs, and every example has its line."""

import json
import re
import shlex
from pathlib import Path

import pytest

from ringtrue.cli import run

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples"
LINES = re.findall(
    r"^\| \[(.+?)\]\(.+?\) \| (.+?) \| `(ringtrue .+?)` \|$", (FOLDER / "README.md").read_text(), re.MULTILINE
)


def test_every_example_has_its_line_and_every_line_its_example():
    named = {name for name, _, _ in LINES}
    there = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.*") if path.suffix != ".md"}
    in_folder = {name for name in there if any(name.startswith(other) for other in named if other.endswith("/"))}
    assert there - in_folder == {name for name in named if not name.endswith("/")}
    assert all((FOLDER / name).exists() for name in named)


@pytest.mark.slow
@pytest.mark.parametrize("command", [command for _, _, command in LINES])
def test_the_line_runs(command, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    assert run([*shlex.split(command)[1:], "--draws", "3", "--json"]) == 0, capsys.readouterr().err
    said = capsys.readouterr()
    assert json.loads(said.out)["rows"]
    assert "internal error" not in said.err


def test_a_radar_that_looks_one_way_lets_more_through_from_two_sides(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    assert run(["engage", "examples/two-bearings.toml", "--draws", "20", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    leaked = {(row["laydown"], row["raid"]): row["leak_share"]["nominal"] for row in rows}
    assert leaked["patriot", "two-sides"] > leaked["patriot", "one-side"]
