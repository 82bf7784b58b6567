"""The tutorials, step by step in a folder of their own: each command and each cell runs, with none of the errors.

A page is text with blocks of three kinds: ``console`` (lines that begin with ``$``), ``python`` (cells, one namespace)
and ``toml``, before which the text says what to do with it and in which file: *Add to*, *Change in* or *Write into*.
"""

import json
import re
import shlex
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from tests.formats.readers import read_geopackage

from ringtrue.cli import run

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "tutorial"
NOT_RUN = "<!-- not run by the tests"
HAS_DRAWS = ("audit", "engage", "compare", "network", "exposure", "relocation", "claims")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TOLD = re.compile(r"(Add to|Change in|Write into) `([\w.-]+\.toml)`:\s*$")


def blocks(name):
    """Kind, text and what the page says right before it, of each block in order."""
    page = (PAGES / name).read_text(encoding="utf-8")
    end = 0
    for found in FENCE.finditer(page):
        before, end = page[end : found.start()], found.end()
        if NOT_RUN not in before:
            yield found[1], found[2], before


def lines_of(block):
    assert all(line.startswith("$ ") for line in block.strip().splitlines()), block
    return [line.removeprefix("$ ").partition("  #")[0].strip() for line in block.strip().splitlines()]


def changed(text, block):
    """A TOML text with the lines of a block in place of those with the same header and key."""
    header = ""
    for line in block.strip().splitlines():
        if line.startswith("["):
            header = line
            assert line in text.splitlines(), f"{line} is not in the file"
        elif line.strip():
            key = line.partition(" = ")[0]
            start = text.index(f"{header}\n")
            found = re.compile(rf"^{re.escape(key)} = .*$", re.MULTILINE).search(text, start)
            assert found, f"{header}: {key} is not in the file"
            assert "\n[" not in text[start + len(header) : found.start()], f"{header}: {key} is of another table"
            text = text[: found.start()] + line + text[found.end() :]
    return text


def run_line(line, capsys):
    """One command as it stands, with fewer draws; what stdout is directed to is written."""
    words = shlex.split(line)
    assert words[0] == "ringtrue", line
    arguments, _, target = " ".join(map(shlex.quote, words[1:])).partition(" '>' ")
    arguments = shlex.split(arguments)
    study = arguments[1] if arguments[0] == "export" else arguments[0]
    code = run([*arguments, *(["--draws", "5"] if study in HAS_DRAWS and "--draws" not in arguments else [])])
    said = capsys.readouterr()
    assert code == 0, f"{line}\n{said.err}"
    assert "ringtrue: " not in said.err, f"{line}\n{said.err}"
    if target:
        Path(target).write_text(said.out, encoding="utf-8")
    return said.out


def follow(name, capsys):
    """Do what a page says, and return what each command printed."""
    printed, namespace = {}, {}
    for kind, block, before in blocks(name):
        if kind == "console":
            for line in lines_of(block):
                printed[line] = run_line(line, capsys)
        elif kind == "toml":
            told, file = TOLD.search(before.strip()).groups()
            path = Path(file)
            old = path.read_text(encoding="utf-8") if told != "Write into" else ""
            path.write_text(changed(old, block) if told == "Change in" else f"{old}\n{block}", encoding="utf-8")
        elif kind == "python":
            exec(compile(block, f"{name}: {block[:40]}", "exec"), namespace)
    return printed


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.slow
def test_from_a_press_release_to_a_map_that_can_be_printed(folder, capsys):
    printed = follow("press-release.md", capsys)
    pages = [
        line.split(": ")[1] for out in printed.values() for line in out.splitlines() if line.startswith("Report: ")
    ]
    assert pages
    page = Path(pages[0]).read_text(encoding="utf-8")
    assert "one-way drone" in page
    assert "@media print" in page
    assert json.loads(Path("drone.json").read_text(encoding="utf-8"))["rows"][0]["target"] == "one-way-uav"


@pytest.mark.slow
def test_a_scenario_of_ones_own_is_compared_and_opens_elsewhere(folder, capsys):
    printed = follow("own-scenario.md", capsys)
    both = [out for line, out in printed.items() if line.startswith("ringtrue compare mine.toml --catalogue")]
    assert all("with-guns" in out.casefold() for out in both)
    layers = read_geopackage(folder / "mine-files" / "compare.gpkg")
    assert {"sites", "cover", "assets", "paths"} <= set(layers)
    for path in (Path("mine-files/compare.kmz"), Path("mine-rings/audit.kmz")):
        with ZipFile(path) as kmz:
            (name,) = [name for name in kmz.namelist() if name.endswith(".kml")]
            placemarks = ElementTree.fromstring(kmz.read(name)).iter("{http://www.opengis.net/kml/2.2}Placemark")
            assert len(list(placemarks)) > 5
    assert list((folder / "mine-files" / "tables").glob("*.csv"))
    assert json.loads(Path("mine.json").read_text(encoding="utf-8"))["rows"]
    assert "not supported" in printed["ringtrue claims sentence.toml"]


@pytest.mark.slow
def test_the_notebook_runs(folder, capsys):
    pytest.importorskip("xarray")
    follow("notebook.md", capsys)
    assert Path("raid.html").stat().st_size > 10_000
    assert Path("raid.csv").read_text(encoding="utf-8-sig").count("\n") > 1


@pytest.mark.slow
@pytest.mark.parametrize("name", ["first-audit.md", "files-that-open-elsewhere.md"])
def test_the_commands_of_a_howto_run(name, folder, capsys):
    """Each command of the page, but those that install or read a file of the reader's own."""
    page = (ROOT / "docs" / "howto" / name).read_text(encoding="utf-8")
    lines = [line for kind, block in FENCE.findall(page) if kind == "console" for line in lines_of(block)]
    ran = [line.removeprefix(".venv/bin/") for line in lines if not re.match(r"make |ringtrue import ", line)]
    assert len(ran) >= 3
    for line in ran:
        run_line(line, capsys)
    assert list(folder.rglob("report.html"))


def test_what_is_not_run_is_the_installation_alone():
    for path in PAGES.glob("*.md"):
        page = path.read_text(encoding="utf-8")
        for part in page.split(NOT_RUN)[1:]:
            block = FENCE.search(part)[2]
            assert re.search(r"git clone|pip install", block), path.name
