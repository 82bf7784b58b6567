"""The page of public questions: every command parses, its numbers are those of the program, none of 25 is left out."""

import json
import re
import shlex
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

from ringtrue.cli import app, run
from ringtrue.face.table import STUDIES
from ringtrue.options import read

ROOT = Path(__file__).parents[2]


def _module():
    spec = spec_from_file_location("build_questions", ROOT / "docs" / "build_questions.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


BUILD = _module()
PAGE = BUILD.PAGE.read_text(encoding="utf-8")
COMMANDS = [command for question in BUILD.QUESTIONS for command in question.get("commands", ())]
QUICK = [question for question in BUILD.QUESTIONS if question.get("pick") and question.get("is_quick", True)]


def parsed(words):
    """What the command line makes of words, without running them."""
    command, path = typer.main.get_command(app), []
    while isinstance(command, TyperGroup):
        path.append(words[0])
        command, words = command.commands[words[0]], words[1:]
    return path, command.make_context(path[-1], list(words)).params


def test_all_25_questions_are_there_and_each_has_a_verdict():
    assert [question["n"] for question in BUILD.QUESTIONS] == list(range(1, 26))
    for question in BUILD.QUESTIONS:
        assert question["verdict"] in BUILD.VERDICTS
        assert question["verdict"] == "answered" or question["missing"]
        assert ("commands" in question) == (question["verdict"] != "cannot yet")
        assert question.get("answer", "").count("{}") == len(question.get("pick", ()))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_named_parses(command):
    path, given = parsed(shlex.split(command))
    if path[0] in STUDIES:
        for option in STUDIES[path[0]].asked_with:
            read(option, given[option.name])


def test_commands_of_the_table_at_the_head_are_there():
    top = typer.main.get_command(app).commands
    named = re.findall(r"`ringtrue ([\w ]+?)(?: [A-Z\-.]|`)", PAGE.partition("## 1.")[0])
    assert len(named) >= 9
    for words in named:
        command = top[words.split()[0]]
        assert words.count(" ") == 0 or words.split()[1] in command.commands


def _numbers(question):
    """Middle value and ends of each pick, as the page prints them."""
    text = PAGE.partition(f"## {question['n']}. ")[2].partition("\n## ")[0]
    found = re.findall(r"(-?[\d.,]+) \((-?[\d.,]+) to (-?[\d.,]+)\)", text)
    return [tuple(float(number.replace(",", "")) for number in one) for one in found]


def test_the_page_is_what_the_file_of_questions_says():
    values = {
        question["n"]: [(low, middle, high) for middle, low, high in _numbers(question)] for question in BUILD.QUESTIONS
    }
    assert BUILD.page(values) == PAGE, "write it again: python docs/build_questions.py"


@pytest.mark.slow
@pytest.mark.parametrize("question", QUICK, ids=lambda question: str(question["n"]))
def test_the_printed_numbers_are_those_of_the_program(question):
    """With fewer draws: each printed middle lies between the ends found now, each middle found now in the print."""
    printed = _numbers(question)
    assert len(printed) == len(question["pick"])
    for (middle, low, high), (new_low, new_middle, new_high) in zip(
        printed, BUILD.picked(question, "--draws", "60"), strict=True
    ):
        assert low <= middle <= high
        assert new_low * 0.99 <= middle <= new_high * 1.01 + 1e-9
        assert low * 0.99 <= new_middle <= high * 1.01 + 1e-9


def test_the_beginnings_that_the_page_names_run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    begun = [command for command in COMMANDS if command.startswith("new ")]
    assert begun
    for command in begun:
        assert run(shlex.split(command)) == 0
        (then,) = [other for other in COMMANDS if other.endswith(shlex.split(command)[-1]) and other != command]
        assert run([*shlex.split(then), "--draws", "3", "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["rows"]
