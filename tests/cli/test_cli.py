"""The command line: exit codes, one sentence per refusal, clean JSON, a light start."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from ringtrue.cli import run

SMALL = ["--draws", "20", "--target", "f-16", "--height", "50m", "--dem", "none"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["audit", "s-401"], "did you mean 's-400'"),
        (["audit", "s-400", "--target", "f16"], "did you mean 'f-16'"),
        (["audit", "s-400", "--at", "95,32"], "latitude runs from -90 to 90"),
        (["audit", "s-400", "--at", "ankara"], "write latitude and longitude"),
        (["audit", "s-400", "--draws", "0"], "--draws '0': a whole number of at least 1"),
        (["audit", "s-400", "--draws", "many"], "--draws 'many'"),
        (["audit", "s-400", "--height", "30"], "has no unit"),
        (["audit", "s-400", "--height", "30s"], "a length"),
        (["audit", "s-400", "--heading", "sideways"], "choose one of inbound"),
        (["audit", "s-400-tr:40n6x"], "has no fit '40n6x'; did you mean '40n6e'"),
        (["audit", "s-400", "--at", "10,10"], "outside"),
        (["audit", "s-400", "--dem", "no-such-model.tif"], "no-such-model.tif"),
        (["audit", "s-400", "--k", "0"], "--k '0'"),
        (["audit", "--colour", "red"], "No such option"),
        (["audit"], "Missing argument"),
        (["audti"], "No such command"),
    ],
)
def test_bad_input_is_one_sentence_and_two(arguments, words, capsys, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert words in printed.err
    assert printed.err.count("\n") == 1
    assert "Traceback" not in printed.err
    assert list(tmp_path.iterdir()) == []


def test_json_is_one_object_and_writes_nothing(capsys, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["audit", "s-400", "--json", *SMALL]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["command"] == "audit"
    assert record["n_draws"] == 20
    assert {"seen_geometry_area_km2", "engageable_share", "binds", "cities"} <= set(record["rows"][0])
    assert list(tmp_path.iterdir()) == []


def test_help_is_light() -> None:
    code = (
        "import sys\nsys.argv = ['ringtrue', '--help']\nfrom ringtrue.cli import run\nrun()\n"
        "heavy = {'numba', 'pydantic', 'rich', 'numpy', 'scipy', 'pint', 'matplotlib', 'rasterio'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_the_audit_prints_eighty_columns_and_ends_with_the_path(capsys, tmp_path) -> None:
    assert run(["audit", "patriot-battery", "--azimuth", "135", "--out", str(tmp_path), *SMALL]) == 0
    lines = capsys.readouterr().out.rstrip("\n").split("\n")
    assert max(len(line) for line in lines[:-1]) <= 80
    assert str(tmp_path / "report.html") in lines[-1]
    assert (tmp_path / "report.html").stat().st_size > 100_000
