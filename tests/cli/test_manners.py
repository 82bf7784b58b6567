"""The first minutes: help that is no error, the version, the Tab key, silence where it is asked for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from ringtrue.cli import app, run
from ringtrue.completion import completion_script
from ringtrue.face.table import COMMANDS
from ringtrue.options import BEGIN_WITH

SMALL = ["--draws", "5", "--target", "f-16", "--height", "100m", "--dem", "none"]


@pytest.mark.parametrize("group", [[], ["catalogue"], ["terrain"]])
def test_a_bare_call_is_help_and_no_error(group, capsys):
    said = []
    for more in ([], ["-h"], ["--help"]):
        assert run([*group, *more]) == 0
        printed = capsys.readouterr()
        assert printed.err == ""
        said.append(printed.out)
    assert len(set(said)) == 1
    assert said[0].startswith("Usage:")


def test_the_help_names_four_commands_to_begin_with_and_each_can_be_called(capsys):
    assert run([]) == 0
    text = capsys.readouterr().out
    assert len(BEGIN_WITH) == 4
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    for line, _ in BEGIN_WITH:
        assert f"  {line} " in text
        assert line.split()[1] in commands
        assert text.index(line) < text.index("Commands:")


@pytest.mark.parametrize("asked", [["--version"], ["-V"], ["version"]])
def test_the_version_is_told(asked, capsys):
    from ringtrue import __version__

    assert run(asked) == 0
    assert capsys.readouterr().out == f"ringtrue {__version__}\n"


@pytest.mark.parametrize("study", COMMANDS, ids=lambda study: study.name)
def test_help_says_what_is_meant_and_names_no_type_of_python(study, capsys):
    assert run([study.name, "-h"]) == 0
    text = capsys.readouterr().out
    assert not [word for word in ("<str>", "<bool>", "list[", "TEXT") if word in text]
    for option in study.options:
        assert option.help, option.name
        if option.kind != "switch":
            assert option.metavar, option.name
            assert option.metavar in text


def offered(*words):
    """What bash is given for the last word."""
    script = completion_script("bash").replace("complete -o", "true complete -o")
    listed = " ".join(f'"{word}"' for word in words)
    program = Path(sys.executable).with_name("ringtrue")
    lines = [
        script, f"COMP_WORDS=({listed})", f"COMP_CWORD={len(words) - 1}", f"_ringtrue_completion {program}",
        'printf "%s\\n" "${COMPREPLY[@]}"',
    ]  # fmt: skip
    done = subprocess.run(["bash", "-c", "\n".join(lines)], capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["ringtrue", "exp"], "exposure"),
        (["ringtrue", "audit", "s-4"], "s-400-tr"),
        (["ringtrue", "audit", "s-400", "--ta"], "--target"),
        (["ringtrue", "audit", "s-400", "--target", "f-16,dr"], "f-16,drone"),
        (["ringtrue", "audit", "s-400", "--at", "izm"], "izmir"),
        (["ringtrue", "audit", "s-400", "--heading", "be"], "beam"),
        (["ringtrue", "engage", "sat"], "saturation"),
        (["ringtrue", "compare", "turkey-2019", "--add", "au"], "audits"),
    ],
)
def test_bash_is_offered_what_fits(words, wanted):
    assert wanted in offered(*words)


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_ask_in_their_own_way(shell):
    asked = {"_RINGTRUE_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_ARGS": "ringtrue audit s-40"}
    if shell == "fish":
        asked["_TYPER_COMPLETE_FISH_ACTION"] = "get-args"
    done = subprocess.run(
        [sys.executable, "-m", "ringtrue"], capture_output=True, text=True, check=True, env=os.environ | asked
    )
    assert "s-400" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_is_printed(shell, capsys):
    assert run(["completion", shell.upper()]) == 0
    script = capsys.readouterr().out
    assert "_RINGTRUE_COMPLETE" in script
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=script, text=True, check=True)


def test_an_unknown_shell_is_one_sentence(capsys):
    assert run(["completion", "tcsh"]) == 2
    assert "choose one of bash, zsh, fish" in capsys.readouterr().err


def test_quiet_says_nothing_but_the_answer(capsys, tmp_path):
    asked = ["audit", "s-400", "--out", str(tmp_path / "report"), *SMALL]
    assert run([*asked, "--quiet"]) == 0
    quiet = capsys.readouterr()
    assert quiet.err == ""
    assert run(asked) == 0
    usual = capsys.readouterr()
    assert usual.out == quiet.out != ""
    assert usual.err != ""
