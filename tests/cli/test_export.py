"""``ringtrue export`` and ``--format``: which files, where, and every refusal before anything is computed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.formats.readers import read_geopackage

import ringtrue.api as rt
from ringtrue.cli import EXIT_BAD_INPUT, EXIT_OK, run
from ringtrue.errors import InputError
from ringtrue.face import files

AUDIT = ("audit", "patriot-battery", "--at", "40.0789,32.5656", "--target", "f-16", "--height", "100m", "--dem", "none")
FEW = ("--draws", "5", "--quiet")


def exported(capsys, *words):
    code = run(["export", *words])
    out = capsys.readouterr()
    return code, out.out.splitlines(), out.err


def test_export_writes_what_is_asked_for_and_prints_the_paths(tmp_path, capsys):
    code, lines, _ = exported(
        capsys, *AUDIT, *FEW, "--format", "csv,GPKG", "--format", "geopackage", "--out", str(tmp_path)
    )
    assert code == EXIT_OK
    there = sorted(str(path) for path in tmp_path.rglob("*") if path.is_file() and path.name != "command.txt")
    assert sorted(lines) == there
    assert {Path(line).name for line in lines} >= {"audit.gpkg", "rows.csv", "csv-metadata.json"}
    assert not (tmp_path / "report.html").exists()


def test_format_on_a_study_writes_beside_its_report(tmp_path, capsys):
    assert run([*AUDIT, *FEW, "--json", "--format", "geopackage,parquet", "--out", str(tmp_path)]) == EXIT_OK
    assert json.loads(capsys.readouterr().out)["command"] == "audit"
    assert (tmp_path / "report.html").exists()
    assert next(iter(read_geopackage(tmp_path / "audit.gpkg"))) == "sites"
    assert (tmp_path / "tables" / "rows.parquet").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*AUDIT,), "--format is missing; give one or more of csv"),
        ((*AUDIT, "--format", "shapefile"), "--format 'shapefile' is not known"),
        (("claims", "--format", "csv,geopackage"), "--format geopackage: claims shows nothing on a map"),
        (("verify", "--format", "geoparquet"), "formats that verify has here: csv, parquet"),
        ((*AUDIT, "--format", "csv", "--out", "/dev/null/x"), "--out /dev/null/x: /dev/null is no folder"),
    ],
)
def test_refusals_come_before_the_work(words, said, capsys, monkeypatch):
    monkeypatch.setattr("ringtrue.face.studies.played", lambda *_: pytest.fail("computed"))
    code, lines, text = exported(capsys, *words)
    assert (code, lines) == (EXIT_BAD_INPUT, [])
    assert said in text
    assert text.count("\n") == 1


def test_json_alone_writes_no_file(capsys):
    assert run([*AUDIT, "--json", "--format", "csv"]) == EXIT_BAD_INPUT
    assert "--format csv: is a file, and --json alone writes none; add --out" in capsys.readouterr().err


def test_a_missing_package_is_named_with_its_remedy(capsys, monkeypatch):
    monkeypatch.setattr(files, "find_spec", lambda _name: None)
    code, _, text = exported(capsys, *AUDIT, "--format", "geopackage")
    assert code == EXIT_BAD_INPUT
    assert "wants pyogrio, which is not installed; get it: pip install 'ringtrue[formats]'" in text


def test_nothing_is_left_of_a_set_of_files_of_which_one_fails(tmp_path, monkeypatch):
    found = rt.audit("patriot-battery", at=(40.0789, 32.5656), targets="f-16", heights="100 m", dem="none", draws=5)

    def fails(_result, _folder):
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(files.FORMATS, "geopackage", files.Format(fails, "map"))
    with pytest.raises(InputError, match="cannot be written"):
        found.export(tmp_path / "out", ["csv", "geopackage"])
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(InputError, match=r"formats: 7 is of type int; a name or a list of names is wanted"):
        found.export(tmp_path, 7)


def test_the_default_folder_is_that_of_the_report(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    code, lines, _ = exported(capsys, *AUDIT, *FEW, "--format", "geopackage")
    assert code == EXIT_OK
    assert lines[0].startswith("ringtrue-out/audit-patriot-battery")
    assert lines[0].endswith("/audit.gpkg")
