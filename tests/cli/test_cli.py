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
        (["audit", "s-400", "--at", "95,32"], "latitude 95 lies outside -90 to 90"),
        (["audit", "s-400", "--at", "Samsum"], "did you mean 'samsun'?; give latitude and longitude"),
        (["audit", "s-400", "--at", "Tripoli"], "Tripoli, Lebanon (34.4335, 35.8442); Trípoli, Greece (37.5096"),
        (["audit", "s-400", "--at", "41.28"], "write latitude and longitude"),
        (["audit", "s-400", "--draws", "0"], "--draws '0': a whole number from 1 to 100,000 is wanted"),
        (["audit", "s-400", "--draws", "1000000000"], "--draws '1000000000': a whole number from 1 to 100,000"),
        (["audit", "s-400", "--threads", "0"], "such as --threads 4\n"),
        (["audit", "s-400", "--threads", ""], "--threads ''"),
        (["audit", "s-400", "--seed", "-2"], "such as --seed 1\n"),
        (["audit", "s-400", "--mast", "-25m"], "0 m or more is wanted here, such as --mast 25m"),
        (["audit", "s-400", "--mast", "10m,20m"], "--mast '10m,20m': one length is wanted"),
        (["audit", "s-400", "--site-radius", "-1km"], "0 m or more is wanted here, such as --site-radius 10km"),
        (["audit", "s-400", "--target", ""], "--target '': names nothing"),
        (["audit", "s-400", "--height", " , "], "--height ' , ': names nothing"),
        (["audit", "s-400", "--draws", "many"], "--draws 'many'"),
        (["audit", "s-400", "--height", "30"], "has no unit"),
        (["audit", "s-400", "--height", "30s"], "a length"),
        (["audit", "s-400", "--heading", "sideways"], "choose one of inbound"),
        (["audit", "s-400", "s400", "--dem", "none", "--draws", "8"], "system 's400' is not in the catalogue"),
        (
            ["engage", "minimal", "--set", 'study.terrain="none"'],
            "unknown key 'terrain': ground is no part of a scenario",
        ),
        (["audit", "s-400-tr:40n6x"], "has no fit '40n6x'; did you mean '40n6e'"),
        (["audit", "s-400", "--at", "10,10.25"], "--at: 10, 10.25 lies outside the elevation model 'globe30s'; load"),
        (["audit", "s-400", "--at", "35.4161,51.1522", "--dem", "none"], "give it with --ground"),
        (["audit", "s-400", "--ground", "1007m"], "--ground 1007 m: gives the altitude of bare earth; add --dem none"),
        (["audit", "s-400", "--dem", "none", "--ground", "12km"], "9 km or less is wanted here, such as --ground"),
        (["terrain", "remove", "nothing"], "no such model was added"),
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


@pytest.mark.parametrize(
    "arguments",
    [
        ["audit", "s-400"],
        ["engage", "minimal"],
        ["compare", "turkey-2019"],
        ["network", "turkey-2019"],
        ["exposure", "exposure-anatolia"],
        ["relocation"],
        ["claims"],
        ["sensitivity", "s-400"],
        ["worth", "turkey-2019"],
    ],
)
def test_a_folder_that_cannot_be_is_refused_before_any_work(arguments, capsys, tmp_path, monkeypatch) -> None:
    from ringtrue.geo import elevation

    monkeypatch.setattr(elevation, "open_model", lambda _dem: pytest.fail("work began"))
    (tmp_path / "file").write_text("x")
    for out in ("file", "file/below"):
        assert run([*arguments, "--out", str(tmp_path / out)]) == 2
        said = capsys.readouterr().err
        assert (
            said
            == f"ringtrue: --out {tmp_path / out}: {tmp_path / 'file'} is no folder; choose a folder you may write to\n"
        )
    assert run([*arguments, "--out", ""]) == 2
    assert "--out '': names no folder" in capsys.readouterr().err

    def refuse(*_arguments):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.mkdir", refuse)
    assert run([*arguments, "--out", str(tmp_path / "new")]) == 2
    assert "cannot be written to (Permission denied); choose a folder" in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_heights_that_are_named_leave_the_altitudes_out(capsys) -> None:
    wanted = ["--draws", "5", "--target", "f-16", "--dem", "none", "--json"]
    assert run(["audit", "s-400", "--height=50m", *wanted]) == 0
    assert {row["height_m"] for row in json.loads(capsys.readouterr().out)["rows"]} == {50.0}
    assert run(["audit", "s-400", "--amsl=3000m", *wanted]) == 0
    assert {row["altitude_m"] for row in json.loads(capsys.readouterr().out)["rows"]} == {3000.0}


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
