"""One screen: at most 45 lines of 80 characters, the answer of the page first, the path last; all else with --full."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from ringtrue.cli import run
from ringtrue.face.table import COMMANDS
from ringtrue.studies.brief import MOST_LINES, WIDTH, Brief, brief_lines, grid

STRANGERS = Path(__file__).parents[1] / "data" / "strangers"
ROMANIA = [
    str(STRANGERS / "romania.toml"),
    "--catalogue",
    str(STRANGERS / "guns"),
    "--draws",
    "5",
    "--replications",
    "2",
]
TARGETS = "f-16,drone,cruise-missile,bomber,awacs,f-35,su-35,f-4,b-2,male-uav,srbm,tomahawk"
GROUND = ["--dem", "none", "--ground", "60m"]
ASKED = {
    "audit of 1": ["audit", "s-400", "--target", "drone", "--draws", "5", *GROUND],
    "audit of 3": ["audit", "s-400", "--target", "f-16,drone,srbm", "--draws", "5", *GROUND],
    "audit of 12": ["audit", "s-400", "--target", TARGETS, "--draws", "5", *GROUND],
    "audit of the story": ["audit", "s-400", "--at", "Samsun", "--draws", "5", *GROUND],
    "audit of three systems": ["audit", "s-400", "nasams", "samp-t", "--target", TARGETS, "--draws", "5", *GROUND],
    "engage": ["engage", *ROMANIA, *GROUND],
    "compare": ["compare", *ROMANIA, *GROUND],
    "network": ["network", *ROMANIA, *GROUND],
    "exposure": ["exposure", "exposure-anatolia", "--draws", "5", "--dem", "none"],
    "relocation": ["relocation", "--draws", "5", "--dem", "none"],
    "sensitivity": [
        "sensitivity", "s-400", "--finding", "seen_area", "--target", "drone", "--height", "100m", "--points", "8",
        *GROUND,
    ],
    "worth": ["worth", "saturation", "--draws", "100", "--replications", "1", "--dem", "none"],
    "verify": ["verify"],
}  # fmt: skip


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def visible(page: Path) -> str:
    text = re.sub(r"<(script|style|template)\b.*?</\1>", " ", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def test_every_command_has_a_screen_and_all_but_claims_are_asked_here():
    assert {asked[0] for asked in ASKED.values()} | {"claims"} == {study.name for study in COMMANDS}
    assert all(study.brief is not None for study in COMMANDS)


@pytest.mark.parametrize("name", ASKED)
def test_a_screen_holds_the_answer_of_the_page_and_no_more_than_45_lines(name, capsys):
    code = run([*ASKED[name], "--quiet"])
    lines = capsys.readouterr().out.rstrip("\n").split("\n")
    assert code == 0
    assert len(lines) <= MOST_LINES
    assert max(len(line) for line in lines if not line.startswith("Report: ")) <= WIDTH
    if name == "verify":
        return
    assert lines[-1].startswith("Report: ringtrue-out/")
    answer = " ".join(" ".join(lines[: lines.index("")]).partition(" ... ")[0].split())
    assert len(answer) > 40
    assert answer in visible(Path(lines[-1].removeprefix("Report: ")))


@pytest.mark.parametrize("name", ["audit of 12", "compare"])
def test_full_prints_more_than_a_screen(name, capsys):
    assert run([*ASKED[name], "--quiet", "--full"]) == 0
    assert len(capsys.readouterr().out.splitlines()) > MOST_LINES


def test_claims_have_a_line_each(capsys, tmp_path):
    one = (
        '[[claim]]\nid = "x-{i}"\nreport = "paper"\nstatement = "NASAMS covers drones"\n'
        'reading = "nine tenths of the ring against a drone at 150 m"\nkind = "coverage"\n'
        'measure = "engageable-share"\ncriterion = ">= 0.9"\ncommand = "ringtrue audit nasams"\n'
        '[claim.args]\nsystem = "nasams"\nplace = "adana"\ntarget = "one-way-uav"\nheight = "150 m"\n'
    )
    Path("mine.toml").write_text('title = "mine"\n' + "".join(one.format(i=i) for i in range(60)), encoding="utf-8")
    assert run(["claims", "mine.toml", "--draws", "5", "--dem", "none", "--quiet"]) == 0
    lines = capsys.readouterr().out.rstrip("\n").split("\n")
    assert len(lines) <= MOST_LINES
    assert lines[0].startswith("Of 60 statements: 60 ")
    assert " ".join(lines[: lines.index("")]) in visible(Path(lines[-1].removeprefix("Report: ")))


def test_what_finds_no_room_is_counted():
    brief = Brief(("a",), "b", tuple(f"row {i}" for i in range(90)), ("c",), tuple(f"warning {i}" for i in range(30)))
    lines = brief_lines(brief, ["Report: here"])
    assert len(lines) == MOST_LINES
    assert lines[-1] == "Report: here"
    hidden = [int(re.search(r"\.\.\. (\d+) more", line)[1]) for line in lines if "more lines" in line]
    assert len([line for line in lines if line.startswith("row ")]) + hidden[0] == 90
    assert len([line for line in lines if line.startswith("! ")]) + hidden[1] == 30


def test_the_closing_sentences_are_never_cut():
    rows, warnings = tuple(f"row {i}" for i in range(90)), tuple(f"warning {i}" for i in range(30))
    lines = brief_lines(Brief(("a",), "b", rows, ("c",), warnings, ("first.", "second.")), ["Report: here"])
    assert len(lines) == MOST_LINES
    assert lines[-4:] == ["", "first.", "second.", "Report: here"]


def test_a_comparison_ends_on_the_answers_of_the_story(capsys):
    """What `make demo` leaves on the screen: the three answers that a comparison alone can give."""
    assert run(["compare", "turkey-2019", "--draws", "20", "--replications", "2", "--dem", "none", "--quiet"]) == 0
    lines = capsys.readouterr().out.rstrip("\n").split("\n")
    assert len(lines) <= MOST_LINES
    last = " ".join(lines[len(lines) - 1 - lines[::-1].index("") : -1])
    assert re.search(r"Of 10 attackers on Ankara .* In raid mixed-40, joining the two systems changes leakers", last)
    assert "Patriot offer (3.5 bnUSD): none reported delivered" in last
    places = [re.search(r"^(\w+): \d+ in mixed-40 +[\d.]+; .+; .+ [\d.]+; .+; .+$", line) for line in lines]
    assert [place[1] for place in places if place] == ["Ankara", "Istanbul", "İzmir", "Adana"], "a line a place"


def test_no_name_is_cut_within_a_word(capsys):
    """Every word of a screen's first column is a whole word of the names that the answer has."""
    assert run([*ASKED["relocation"], "--quiet"]) == 0
    screen = capsys.readouterr().out
    assert "  bomber or tanker, 10,000 m AMSL" in screen
    assert run([*ASKED["exposure"], "--quiet"]) == 0
    lines = capsys.readouterr().out.splitlines()
    whole = [line.strip() for line in lines if line.strip() in ("reflectors", "radar reflectors")]
    assert len(whole) == 4, "a long name goes on in the next line"
    assert sum(line.endswith("all patterns of flight:") for line in lines) == 2, "each place heads its own rows"


def test_a_table_leaves_out_columns_that_find_no_room_and_says_which():
    lines = grid(["name", *(f"column number {i}" for i in range(9))], [["x" * 40, *("1" for _ in range(9))]])
    assert max(map(len, lines[:-1])) <= WIDTH
    assert "columns left out, see --full:" in lines[-1]
    assert "column number 8" in lines[-1]


def test_a_hyphen_or_a_unit_begins_no_line(capsys):
    assert run([*ASKED["audit of the story"], "--quiet"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert not [line for line in lines if line.endswith("-") or re.match(r" *(%|km²|km2|km|m)( |$|[,;.])", line)]
