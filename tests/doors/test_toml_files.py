"""Files of ours: one reader, the same sentence for catalogue, scenario, claims and case files."""

from __future__ import annotations

import os
import signal
import socket
import time
from pathlib import Path

import pytest

from ringtrue.catalogue.load import load_catalogue
from ringtrue.cli import run
from ringtrue.errors import InputError
from ringtrue.scenario.load import load_scenario, parse_scenario
from ringtrue.studies.case_files import load_cases
from ringtrue.studies.claim_measures import MEASURES
from ringtrue.studies.claim_records import load_claims
from ringtrue.toml_files import LARGEST_BYTES, beside, parse_toml, toml_value

SPECS = {name: measure.spec for name, measure in MEASURES.items()}
SCENARIO = (Path(__file__).resolve().parents[2] / "src/ringtrue/scenario/data/minimal.toml").read_text("utf-8")
CASE = (
    '[[case]]\nid = "a"\ntitle = "t"\nkind = "CF"\nsource = "s"\n'
    'function = "ringtrue.geo.discs.cap_area_m2"\nargs = { radius_m = 1000.0 }\nexpect = 3.141593\nunit = "km2"\n'
    "rtol = 1e-6\n"
)
CLAIM = (
    '[[claim]]\nid = "x"\nreport = "R1"\nstatement = "s"\nkind = "not-answerable"\nreading = "r"\nreason = "none"\n'
    'needs = ["a figure"]\n'
)
FIGURE = '[statement.mine]\nlabel = "a figure"\nvalue = 5\nunit = "km"\norigin = "assumed"\nnote = "a test"\n'
READERS = {
    "scenario": (lambda path: load_scenario(str(path)), SCENARIO),
    "catalogue": (load_catalogue, FIGURE),
    "claims": (lambda path: load_claims(path, SPECS), CLAIM),
    "cases": (lambda path: load_cases((path,)), CASE),
}


@pytest.fixture(params=READERS)
def door(request):
    return READERS[request.param]


def refusal(read, path) -> str:
    started = time.process_time()
    with pytest.raises(InputError) as error:
        read(path)
    assert time.process_time() - started < 10.0
    text = str(error.value)
    assert "\n" not in text
    assert len(text) < 600
    return text


@pytest.mark.parametrize("mark", ["utf-8", "utf-8-sig"])
def test_a_byte_order_mark_is_taken_everywhere(door, mark, tmp_path):
    read, text = door
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding=mark)
    assert read(path)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (lambda text: text.encode("utf-16"), "is saved as UTF-16; save it as UTF-8"),
        (lambda text: text.encode("utf-16-le"), "is saved as UTF-16; save it as UTF-8"),
        (lambda text: text.encode("utf-16-be"), "is saved as UTF-16; save it as UTF-8"),
        (lambda text: text.encode() + 'a = "caf\u00e9"'.encode("latin-1"), "is not UTF-8 text; save the file as UTF-8"),
        (lambda text: text.encode() + b"\x00", "not valid TOML"),
        (lambda text: text.encode() + b'\nodd = "a\\u0000b"', "cannot be seen"),
        (lambda text: text.encode() + b"\n[" + b".".join([b"a"] * 50_000) + b"]", "nested deeper than 16 tables"),
        (lambda text: b"\n".join(b"[" + b".".join([b"a"] * i) + b"]" for i in range(1, 1000)), "nested deeper"),
        (lambda text: b"a = " + b"[" * 5000 + b"]" * 5000, "nested deeper than 16 tables"),
        (lambda text: b"a = " + b"{ b = " * 5000 + b"1" + b"}" * 5000, "nested deeper than 16 tables"),
        (lambda text: b"a = " + b"[1, " * 5000 + b"1" + b"]" * 5000, "nested too deep"),
        (lambda text: b"a = " + b"[{ b = " * 3000 + b"1" + b"}]" * 3000, "nested too deep"),
        (lambda text: b".".join([b"a"] * 50_000) + b" = 1", "nested deeper than 16 tables"),
        (lambda text: b"[" + b"a" * 100_000 + b"]", "is too long"),
        (lambda text: b"a = " + b"9" * 5000, "a number of too many digits"),
        (lambda text: b"a = 0x" + b"f" * 5000, "too many digits|more than 18 digits"),
        (lambda text: b"#" * (LARGEST_BYTES + 1), "it is larger than 2 MB"),
        (lambda text: b"a = = 1", "not valid TOML"),
    ],
)
def test_what_no_file_of_ours_holds(door, raw, words, tmp_path):
    read, text = door
    path = tmp_path / "mine.toml"
    path.write_bytes(raw(text))
    said = refusal(read, path)
    assert any(word in said for word in words.split("|"))
    assert "mine.toml" in said


def test_what_is_no_regular_file(door, tmp_path):
    read, _ = door
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "link.toml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "loop.toml").symlink_to(tmp_path / "loop.toml")
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "folder.toml" / "inner.toml").mkdir()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "s.toml"))
    signal.alarm(60)  # a reader that waits for a pipe would wait for ever
    try:
        for name, words in (
            ("pipe.toml", "it is a pipe"), ("link.toml", "points nowhere"), ("loop.toml", "cannot be read"),
            ("folder.toml", "it is a folder"), ("s.toml", "it is a device or socket"), ("none.toml", "No such file"),
        ):  # fmt: skip
            assert words in refusal(read, tmp_path / name), name
        assert "it is a device" in refusal(read, Path("/dev/zero"))
        assert "cannot be read" in refusal(read, tmp_path / ("a" * 300 + ".toml"))
        assert "cannot be read" in refusal(read, tmp_path / "a\0b.toml")
    finally:
        signal.alarm(0)
        listener.close()


def test_a_folder_of_pipes_is_no_catalogue(tmp_path):
    os.mkfifo(tmp_path / "pipe.toml")
    assert "pipe.toml: cannot be read: it is a pipe" in refusal(load_catalogue, tmp_path)


@pytest.mark.parametrize(
    "setting",
    ["doctrine.salvo=" + "[" * 5000, "doctrine.salvo=" + "9" * 5000, "raid.\u00b2.x=1", "raid.\u0661.x=1",
     "." * 1000 + "=1", "a" * 100_000 + "=1", "doctrine.salvo=2\nmax_shots=3", "=", "doctrine.salvo"],
)  # fmt: skip
def test_settings_have_the_limits_of_files(setting):
    with pytest.raises(InputError):
        parse_scenario(SCENARIO, "t.toml", [setting])


def test_values_of_settings():
    assert toml_value("{ value = 5, unit = 'km' }", "--set") == {"value": 5, "unit": "km"}
    assert toml_value('"1_3"', "--set") == "1_3"
    assert toml_value("f-16_2", "--set") == "f-16_2"
    assert toml_value("2019-07-25", "--set").isoformat() == "2019-07-25"
    for text in ("1_3", "[2, 1_000]", "0x10", "-0b1"):
        with pytest.raises(InputError, match="digits 0 to 9"):
            toml_value(text, "--set")


def test_long_numbers_and_keys_are_cut_in_what_is_said():
    for text in ("a = " + "9" * 250, '"' + "k" * 150_000 + '" = 1'):
        with pytest.raises(InputError) as error:
            parse_toml(text, "x.toml")
        assert len(str(error.value)) < 400


def test_a_path_belongs_to_the_file_that_names_it(tmp_path):
    assert beside(Path("/somewhere/claims.toml"), "own.toml") == "/somewhere/own.toml"
    assert beside(Path("/somewhere/claims.toml"), "turkey-2019") == "turkey-2019"
    path = tmp_path / "claims.toml"
    path.write_text(f'scenario = "own.toml"\n{CLAIM}', encoding="utf-8")
    assert load_claims(path, SPECS).scenario == str(tmp_path / "own.toml")


def test_exit_code_and_one_line(tmp_path, capsys):
    path = tmp_path / "bad.toml"
    path.write_bytes(SCENARIO.encode("utf-16"))
    for arguments in (["engage", str(path)], ["claims", str(path)], ["verify", str(path)], ["audit", str(path)],
                      ["catalogue", "check", str(path)], ["audit", "s-400", "--catalogue", str(path)]):  # fmt: skip
        assert run(arguments) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.count("\n") == 1
        assert "UTF-16" in said.err


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ('{ fact = ["a", "b"] }', "args.fact wants one value"),
        ("{ fact = { a = 1 } }", "args.fact wants a text or a number"),
        ("{ fact = true }", "args.fact wants a text or a number"),
        ("{ fact = 2019-01-01 }", "args.fact wants a text or a number"),
        ("{ fakt = 'a' }", "did you mean 'fact'"),
    ],
)
def test_arguments_of_a_claim_are_plain(args, words, tmp_path):
    path = tmp_path / "claims.toml"
    path.write_text(
        '[[claim]]\nid = "x"\nreport = "R1"\nstatement = "s"\nkind = "schedule"\nreading = "r"\n'
        f'command = "ringtrue catalogue list"\nmeasure = "fact-day"\ncriterion = "in 2019"\nargs = {args}\n',
        encoding="utf-8",
    )
    assert words in refusal(lambda p: load_claims(p, SPECS), path)


def test_a_scenario_in_the_arguments_of_a_claim_lies_beside_its_file(tmp_path):
    path = tmp_path / "claims.toml"
    text = (
        '[[claim]]\nid = "x"\nreport = "R1"\nstatement = "s"\nkind = "comparison"\nreading = "r"\n'
        'command = "ringtrue catalogue list"\nmeasure = "MEASURE"\ncriterion = ">= 0"\n'
        'args = { scenario = "own/mine.toml", REQUIRED }\n'
    )
    name, spec = next((name, spec) for name, spec in SPECS.items() if "scenario" in spec.names)
    required = ", ".join(f'{key} = "a"' for key in spec.required if key != "scenario")
    path.write_text(text.replace("MEASURE", name).replace("REQUIRED", required), encoding="utf-8")
    (claim,) = load_claims(path, SPECS).claims
    assert dict(claim.args)["scenario"] == str(tmp_path / "own" / "mine.toml")
