"""Case files of `verify`: listed functions only, units held against names, one failed case and not a stopped run."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil

import pytest

import ringtrue
from ringtrue.cli import run
from ringtrue.errors import InputError
from ringtrue.studies.case_files import load_cases, public_function, shipped_files
from ringtrue.studies.measures import audit_row
from ringtrue.studies.verify import run_cases, verify_answer

GOOD = (
    '[[case]]\nid = "good"\ntitle = "t"\nkind = "CF"\nsource = "s"\n'
    'function = "ringtrue.geo.discs.cap_area_m2"\nargs = { radius_m = 1000.0 }\nexpect = 3.141593\nunit = "km2"\n'
    "rtol = 1e-6\n"
)


def case(function, args, more="", expect="1.0", unit="1", name="mine"):
    return (
        f'[[case]]\nid = "{name}"\ntitle = "t"\nkind = "CF"\nsource = "s"\nfunction = "ringtrue.{function}"\n'
        f'args = {args}\nexpect = {expect}\nunit = "{unit}"\nrtol = 1e-3\n{more}\n'
    )


def written(tmp_path, text):
    path = tmp_path / "cases.toml"
    path.write_text(text, encoding="utf-8")
    return path


def lists():
    for found in pkgutil.walk_packages(ringtrue.__path__, "ringtrue."):
        if found.name.startswith(("ringtrue.__main__", "ringtrue.cli")):
            continue
        module = importlib.import_module(found.name)
        yield from ((module, name) for name in getattr(module, "FOR_CASES", ()))


def test_what_is_listed_only_computes():
    listed = list(lists())
    assert len(listed) > 100
    for module, name in listed:
        function = getattr(module, name)
        assert function.__module__ == module.__name__
        for parameter in inspect.signature(function).parameters.values():
            words = str(parameter.annotation)
            assert "Path" not in words, f"{module.__name__}.{name}"
            assert "Callable" not in words, f"{module.__name__}.{name}"
            assert parameter.name not in ("path", "file", "folder", "out", "target", "name"), (
                f"{module.__name__}.{name}"
            )


def test_every_shipped_case_calls_what_is_listed():
    for found in load_cases(shipped_files()):
        if found.function:
            public_function(found.function)


@pytest.mark.parametrize(
    "path",
    [
        "ringtrue.studies.verify.write_html", "ringtrue.geo.cache.load_arrays", "ringtrue.geo.cache.store_arrays",
        "ringtrue.geo.terrain.terrain_add", "ringtrue.geo.terrain.terrain_remove", "ringtrue.geo.elevation.open_model",
        "ringtrue.catalogue.load.load_catalogue", "ringtrue.scenario.load.load_scenario",
        "ringtrue.studies.verify.run_cases", "ringtrue.studies.case_files.shipped_files",
        "ringtrue.engagement.checks.simulate_check", "ringtrue.studies.warm.warm",
    ],
)  # fmt: skip
def test_what_reads_or_writes_is_one_failed_case_and_is_not_run(path, tmp_path, capsys):
    with pytest.raises(InputError):
        public_function(path)
    text = case(path.removeprefix("ringtrue."), "{}") + GOOD
    assert run(["verify", str(written(tmp_path, text)), "--json"]) == 1
    bad, good = json.loads(capsys.readouterr().out)["rows"]
    assert (bad["id"], bad["verdict"], good["verdict"]) == ("mine", "fails", "agrees")
    assert bad["trouble"].startswith(f"function: '{path}' is not among the functions that case files may call, which")
    assert run(["verify", str(tmp_path / "cases.toml")]) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert bad["trouble"] in said  # with its remedy, however long
    assert "1 of 2 numbers agree" in said
    assert [p.name for p in tmp_path.iterdir()] == ["cases.toml"]


def test_a_scenario_of_ones_own_is_no_argument_of_a_function(tmp_path):
    args = (
        '{ scenario_name = "/etc/own.toml", offer = "x", schedule = "happened", state = "delivered", '
        'until = "2020-01-01" }'
    )
    path = written(tmp_path, case("studies.timeline.unit_days_of_offer", args))
    (found,) = run_cases([path])
    assert found.verdict == "fails"
    assert "is not shipped" in found.trouble


@pytest.mark.parametrize(
    "text",
    [
        case("geo.refraction.horizon_range_m", "{ antenna_height_m = 'tall', target_height_m = 1.0 }", unit="m"),
        case("geo.refraction.horizon_range_m", "{ antenna_height_m = -5.0, target_height_m = 1.0 }", unit="m"),
        case("engagement.closed_forms.salvo_kill", "{ p_kill = 7.0, n_shots = 2 }"),
        case("engagement.closed_forms.salvo_kill", "{ p_kill = [0.1, 0.2], n_shots = 'many' }"),
    ],
)
def test_a_case_that_fails_is_one_failed_case(text, tmp_path):
    results = run_cases([written(tmp_path, GOOD + text)])
    assert [r.verdict for r in results] == ["agrees", "fails"]
    assert results[1].trouble
    assert "\n" not in results[1].trouble


def test_an_argument_that_is_not_there_is_one_failed_case(tmp_path):
    good, bad = run_cases([written(tmp_path, GOOD + case("procurement.money.cost_exchange", "{ nothing = 1 }"))])
    assert (good.verdict, bad.verdict) == ("agrees", "fails")
    assert bad.trouble.startswith("args: ringtrue.procurement.money.cost_exchange has no parameter 'nothing'")


@pytest.mark.parametrize(
    "line",
    [
        "id = 8",
        "id = ''",
        "kind = []",
        "title = 3",
        "args = 'x'",
        "expect = 'much'",
        "rtol = 'x'",
        "odd = 1",
        "unit = {}",
    ],
)
def test_a_case_that_is_no_case_fails_under_its_name_or_number(line, tmp_path):
    key = line.partition(" ")[0]
    lines = [old for old in GOOD.replace('"good"', '"bad"').splitlines() if old.partition(" ")[0] != key]
    bad, good = run_cases([written(tmp_path, "\n".join([*lines, line, GOOD]))])
    assert (bad.verdict, good.verdict) == ("fails", "agrees")
    assert bad.case.id == ("cases-1" if key == "id" else "bad")
    assert key in bad.trouble
    assert "cases.toml" not in bad.trouble


def test_text_and_missing_fields_have_a_remedy(tmp_path, monkeypatch):
    from ringtrue.geo import discs

    monkeypatch.setattr(discs, "cap_area_m2", lambda radius_m: "a text")
    discs.cap_area_m2.__module__ = "ringtrue.geo.discs"
    (found,) = run_cases([written(tmp_path, GOOD)])
    assert found.trouble == "the answer is 'a text', no number; pick a number of it with result"
    monkeypatch.setattr(discs, "cap_area_m2", lambda radius_m: {"area_m2": 1.0})
    discs.cap_area_m2.__module__ = "ringtrue.geo.discs"
    (found,) = run_cases([written(tmp_path, GOOD + 'result = "size"\n')])
    assert found.trouble == "result: the answer has no 'size'; it has area_m2"


def test_a_case_that_is_no_table_fails_and_the_others_are_run(tmp_path, capsys):
    path = tmp_path / "cases.toml"
    inline = GOOD.replace("[[case]]\n", "").strip().replace("\n", ", ")
    path.write_text(f"case = [8, {{ {inline} }}, 'text']\n", encoding="utf-8")
    assert run(["verify", str(path), "--json"]) == 1
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert [row["verdict"] for row in rows] == ["fails", "agrees", "fails"]
    assert rows[0]["trouble"] == "case number 1 is 8, no table; write [[case]] and its keys below"
    assert rows[0]["published"] is None
    assert run(["verify", str(path)]) == 1
    assert "1 of 3 numbers agree" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "unit", "words"),
    [
        ('returns = "km"', "km", "returns: 'km', but the name of 'horizon_range_m' says 'm'"),
        ('returns = "s"', "s", "says 'm'"),
        ("", "s", "returns: 'm' cannot be turned into 's'"),
        ('returns = "1"', "km", "says 'm'"),
    ],
)
def test_a_unit_is_held_against_the_name(more, unit, words, tmp_path):
    text = case(
        "geo.refraction.horizon_range_m", "{ antenna_height_m = 25.0, target_height_m = 100.0 }", more, unit=unit
    )
    (found,) = run_cases([written(tmp_path, text)])
    assert found.verdict == "fails"
    assert words in found.trouble


def test_a_name_says_what_is_returned(tmp_path):
    text = case("geo.discs.cap_area_m2", "{ radius_m = 1000.0 }", expect="3.1416e-6", unit="km2")
    found = verify_answer(run_cases([written(tmp_path, text.replace("3.1416e-6", "3.1416"))])).as_json()["rows"]
    assert found[0]["verdict"] == "agrees"
    assert found[0]["recomputed"] == pytest.approx(3.1416, rel=1e-4)


def test_the_footprint_of_a_scenario_is_a_measure_without_a_level(tmp_path):
    asked = {"unit": "s-400-1", "target": "srbm", "dem": "none", "draws": 8}
    row = audit_row("minimal", **asked)
    text = case("x", "{ unit = 's-400-1', target = 'srbm', dem = 'none', draws = 8 }", unit="km2").replace(
        'function = "ringtrue.x"', 'scenario = "minimal"\nmeasure = "audit.footprint_area_km2.median"'
    )
    (found,) = run_cases([written(tmp_path, text)])
    assert found.recomputed == row.footprint_area_km2.median > 0.0
    with pytest.raises(InputError, match="exactly one of height_m and altitude_m"):
        audit_row("minimal", **{**asked, "target": "f-16"})
