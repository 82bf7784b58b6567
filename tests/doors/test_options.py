"""Options: lists collect and take commas, single ones refuse a second value, doubles count once, ids are case-blind."""

from __future__ import annotations

import json

import pytest
import typer

from ringtrue.cli import app, run

COLLECTING = {
    "audit": {"--target", "--height", "--amsl"}, "engage": {"--laydown", "--raid", "--set"},
    "compare": {"--add", "--set"}, "network": {"--raid", "--set"}, "exposure": {"--set"}, "relocation": {"--set"},
    "claims": set(), "sensitivity": {"--target", "--height", "--amsl", "--set"},
    "worth": {"--decision", "--set"},
}  # fmt: skip
COLLECTING = {study: {*options, "--format"} for study, options in COLLECTING.items()}
COLLECTING |= {f"export {study}": options for study, options in COLLECTING.items()} | {"export verify": {"--format"}}
SMALL = ["--draws", "5", "--dem", "none", "--json"]


def commands(group=None, path=()):
    group = group or typer.main.get_command(app)
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


OPTIONS = [
    (" ".join(path), option.opts[0], option.multiple, option.is_flag)
    for path, command in commands()
    for option in command.params
    if option.param_type_name == "option" and option.name != "help"
]


def asked(command, capsys, *arguments):
    code = run([*command.split(), *arguments])
    return code, capsys.readouterr()


def test_the_table_below_knows_every_option_that_collects():
    found: dict[str, set[str]] = {}
    for command, option, multiple, _ in OPTIONS:
        if multiple:
            found.setdefault(command, set()).add(option)
    assert found == COLLECTING
    assert len(OPTIONS) > 60


@pytest.mark.parametrize(
    ("command", "option"), [(c, o) for c, o, multiple, flag in OPTIONS if not multiple and not flag]
)
@pytest.mark.parametrize("form", ["apart", "joined"])
def test_an_option_of_one_value_refuses_a_second(command, option, form, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    twice = [option, "1", option, "2"] if form == "apart" else [f"{option}=1", f"{option}=2"]
    code, said = asked(command, capsys, "anything", *twice)
    assert code == 2
    assert said.err == f"ringtrue: {option} takes one value and is given '1' and '2'; give it once\n"
    assert said.out == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("command", "option"), [(c, o) for c, o, _, flag in OPTIONS if not flag])
def test_an_option_without_its_value_does_not_take_the_next_option(command, option, capsys, tmp_path, monkeypatch):
    """`--out --json` wrote a report into a folder called --json."""
    monkeypatch.chdir(tmp_path)
    other = next(o for c, o, _, _ in OPTIONS if c == command)
    for value in (other, f"{other}=1", "--help"):
        code, said = asked(command, capsys, "anything", option, value)
        assert code == 2
        assert said.err == (
            f"ringtrue: {option} has no value: {value} is an option; give one, or write {option}={value} "
            "if that is meant\n"
        )
    assert list(tmp_path.iterdir()) == []


def test_a_value_that_begins_with_a_hyphen_is_a_value(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = rows(capsys, "s-400", "--target", "f-16", "--height", "100m", "--at", "-33.9,151.2", "--ground", "-20m")
    assert len(found) == 1
    code, said = asked("audit", capsys, "s-400", "--at=--json")
    assert code == 2
    assert "--at place '--json'" in said.err


@pytest.mark.parametrize(("command", "option"), [(c, o) for c, o, _, flag in OPTIONS if flag and "/" not in o])
def test_a_switch_given_twice_is_a_switch(command, option):
    found = dict(commands())[tuple(command.split())]
    arguments = ["anything"] if any(p.param_type_name == "argument" for p in found.params) else []
    with found.make_context(command, [*arguments, option, option]) as context:
        name = next(p.name for p in found.params if option in p.opts)
        assert context.params[name] is True


def rows(capsys, *arguments):
    code, said = asked("audit", capsys, *arguments, *SMALL)
    assert code == 0, said.err
    return json.loads(said.out)["rows"]


def test_lists_collect_and_doubles_count_once(capsys):
    wanted = rows(capsys, "s-400", "--target", "f-16,f-35", "--height", "100m,500m")
    assert [(r["target"], r["height_m"]) for r in wanted] == [
        ("f-16", 100.0), ("f-16", 500.0), ("f-35", 100.0), ("f-35", 500.0)
    ]  # fmt: skip
    again = ["--target", "F-16", "--target", "f-35,f-16", "--height", "100m", "--height", "0.1 km,500m"]
    assert rows(capsys, "s-400", *again) == wanted


def test_systems_take_commas_and_capital_letters(capsys):
    shared = ["--target", "f-16", "--height", "100m"]
    wanted = rows(capsys, "s-400", "patriot-battery", *shared)
    assert {r["system"] for r in wanted} == {"s-400", "patriot-battery"}
    assert rows(capsys, "S-400,Patriot-Battery", *shared) == wanted
    assert rows(capsys, "s-400", "patriot-battery,s-400", *shared) == wanted
    assert rows(capsys, "S-400-TR:40N6E", *shared) == rows(capsys, "s-400-tr:40n6e", *shared)


def test_levels_given_together_or_alone(capsys):
    both = rows(capsys, "s-400", "--target", "f-16", "--height", "100m", "--amsl", "3000m", "--amsl", "FL200")
    assert [(r["height_m"], r["altitude_m"]) for r in both] == [(100.0, None), (None, 3000.0), (None, 6096.0)]


def test_what_a_scenario_says_gives_way_to_what_is_asked(capsys):
    found = rows(capsys, "minimal", "--target", "F-16", "--height", "70m", "--mast", "31m")
    assert {(r["target"], r["height_m"], r["altitude_m"]) for r in found} == {("f-16", 70.0, None)}
    other = rows(capsys, "minimal", "--target", "f-16", "--height", "70m")
    assert found != other
    assert rows(capsys, "MINIMAL", "--target", "f-16", "--height", "70m") == other


def test_a_place_beside_a_scenario_is_refused(capsys):
    code, said = asked("audit", capsys, "minimal", "--at", "40,32", *SMALL)
    assert code == 2
    assert said.err == (
        "ringtrue: --at '40,32': minimal has places of its own; leave --at out, or name systems in place of it\n"
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--height", "0,5km"], "0.5 km, or 0 km and 5km?"),
        (["--height", "30,100m"], "30 m and 100m?"),
        (["--height", "2,500m"], "2.5 m or 2500 m, or 2 m and 500m?"),
        (["--amsl", "1,5km"], "1.5 km, or 1 km and 5km?"),
        (["--height", "30m,100"], "each length carries its own unit"),
        (["--height", "30"], "has no unit"),
        (["--mast", "2,5m"], "one length is wanted; write 2.5 m"),
        (["--site-radius", "2,5km"], "one length is wanted; write 2.5 km"),
        (["--mast", "10km"], "1 km or less is wanted here"),
        (["--mast", "0.1mm"], "check the unit"),
        (["--mast", "25nm"], "NM (nautical miles) or nm (nanometres)?"),
        (["--mast", "25m", "--sensor-height", "3km"], "stands or flies"),
        (["--height", "-100m"], "0 m or more is wanted here"),
        (["--height", "FL100"], "is a flight level"),
        (["--amsl", "FL9999"], "is not a quantity"),
        (["--draws", "1_000"], "write 1000"),
        (["--draws", "1,000"], "write 1 or 1000"),
        (["--draws", "\u0661\u0660"], "digits 0 to 9"),
        (["--draws", "\u00b2"], "a whole number"),
        (["--draws", "9" * 5000], "a whole number"),
        (["--seed", "0x10"], "a whole number"),
        (["--k", "1,33"], "write 1.33"),
        (["--k", "nan"], "a number from 0.3 to 20"),
        (["--azimuth", "1e5"], "a number from -360 to 360"),
        (["--azimuth", "135 deg]"], "is not known"),
        (["--site-radius", "1 9**9**9 m"], "is not a quantity"),
        (["--site-radius", "1 m ("], "is not known"),
        (["--target", ","], "names nothing"),
        (["--target", "f-16,,srbm"], "nothing stands at one of its commas; write 'f-16,srbm', or add what is missing"),
        (["--target", ",f-16"], "write 'f-16'"),
        (["--target", "f-16", "--target", ""], "names nothing"),
        (["--height", "100m,,200m"], "write '100m,200m'"),
        (["--height", "100m,"], "write '100m'"),
        (["--height", "0,,5km"], "write '0,5km'"),
        (["--amsl", " , 3000m"], "write '3000m'"),
        (["--mast", "25m,"], "write '25m'"),
        (["nasams,,i-hawk"], "SYSTEM 'nasams,,i-hawk': nothing stands at one of its commas"),
        (["--target", "f-61"], "did you mean"),
        (["--heading", "sidewise"], "choose one of inbound"),
    ],
)
def test_one_sentence_for_what_cannot_be_meant(arguments, words, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, said = asked("audit", capsys, "s-400", *arguments, "--draws=5" if "--draws" not in arguments else "--json")
    assert code == 2
    assert words in said.err
    assert said.err.count("\n") == 1
    assert len(said.err) < 400
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("azimuth", ["135", "135 deg", "135°", "2.356194490192345 rad"])
def test_a_direction_with_or_without_its_unit(azimuth, capsys):
    found = rows(capsys, "patriot-battery", "--target", "f-16", "--height", "100m", "--azimuth", azimuth)
    wanted = rows(capsys, "patriot-battery", "--target", "f-16", "--height", "100m", "--azimuth", "135")
    assert found == wanted


@pytest.mark.parametrize("value", ['"a\udcffb"', "a\udcffb", '["a\udcff"]', "a\x07b", '"\ud800"'])
@pytest.mark.parametrize("key", ["title", "raid.cruise-4.title", "study.targets"])
def test_a_byte_that_is_no_text_in_a_setting_is_one_sentence(key, value, capsys):
    """An argument in Latin-1 was an internal error."""
    code, said = asked("engage", capsys, "minimal", "--set", f"{key}={value}", *SMALL)
    assert code == 2
    assert said.err.count("\n") == 1
    assert "cannot be seen; mend that place" in said.err


@pytest.mark.parametrize(
    "command", ["engage", "compare", "network", "exposure", "relocation", "audit", "claims", "sensitivity"]
)
@pytest.mark.parametrize("name", ["./" + "a" * 300 + ".toml", "./" + "\u011f" * 200 + ".toml"])
def test_a_file_name_too_long_is_told_of_the_file(command, name, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, said = asked(command, capsys, name)
    assert code == 2
    assert said.err.startswith((f"ringtrue: {name[:60]}", f"ringtrue: {name[2:60]}"))
    assert "File name too long" in said.err
    assert "--out" not in said.err
    assert said.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_report_of_a_long_name_has_a_folder(capsys, tmp_path, monkeypatch):
    from importlib import resources

    monkeypatch.chdir(tmp_path)
    text = (resources.files("ringtrue.scenario") / "data" / "minimal.toml").read_text(encoding="utf-8")
    for last in "xy":
        path = tmp_path / f"{'a' * 248}{last}.toml"
        path.write_text(text, encoding="utf-8")
        code, said = asked("engage", capsys, str(path), "--draws", "2", "--replications", "2", "--dem", "none")
        assert code == 0, said.err
    folders = sorted(path.name for path in (tmp_path / "ringtrue-out").iterdir())
    assert len(folders) == 2
    assert all(name.startswith("engage-aaa") and len(name) < 160 for name in folders)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("engage minimal --set doctrine.salvo=2 --set doctrine.salvo=3", "keep one of the two"),
        ("engage minimal --set doctrine=[[1]] --set doctrine.salvo=2", "'doctrine' is no table in this file"),
        ("engage minimal --set study=[1] --set study.targets=x", "'study' is no table in this file"),
        ("engage minimal --laydown nobody", "is not in the scenario"),
        ("engage minimal --draw 3", "add --trace 0"),
        ("compare turkey-2019 --add audits --json", "goes into the report"),
        ("compare turkey-2019 --add none,audits", "'none' and a part exclude each other"),
        ("compare turkey-2019 --add audit", "did you mean 'audits'"),
        ("catalogue show s-4000", "did you mean"),
        ("engage minimal --raid cruise-4,", "--raid 'cruise-4,': nothing stands at one of its commas"),
        ("engage minimal --laydown ,one-s-400", "write 'one-s-400'"),
        ("network minimal --raid cruise-4,,", "write 'cruise-4'"),
        ("compare turkey-2019 --add claims,,audits", "write 'claims,audits'"),
    ],
)
def test_never_ignored(command, words, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    name, *rest = command.split()
    code, said = asked(name, capsys, *rest)
    assert code == 2
    assert words in said.err


def test_ids_of_a_scenario_are_case_blind_and_files_count_once(capsys, tmp_path):
    raid = ["--draws", "2", "--replications", "2", "--dem", "none", "--json"]
    code, wanted = asked("engage", capsys, "minimal", "--raid", "cruise-4", *raid)
    assert code == 0, wanted.err
    assert asked("engage", capsys, "Minimal", "--raid", "Cruise-4,cruise-4", *raid)[1].out == wanted.out
    assert asked("catalogue show", capsys, "S-400")[1].out == asked("catalogue show", capsys, "s-400")[1].out
    path = tmp_path / "cases.toml"
    path.write_text(
        '[[case]]\nid = "a"\ntitle = "t"\nkind = "CF"\nsource = "s"\nfunction = "ringtrue.geo.discs.cap_area_m2"\n'
        'args = { radius_m = 1000.0 }\nexpect = 3.141593\nunit = "km2"\nrtol = 1e-6\n',
        encoding="utf-8",
    )
    code, said = asked("verify", capsys, str(path), str(path))
    assert code == 0, said.err
    assert "1 of 1 numbers agree" in said.out


def test_a_flight_level_of_a_raid_is_said(capsys, tmp_path):
    from importlib import resources

    text = (resources.files("ringtrue.scenario") / "data" / "minimal.toml").read_text(encoding="utf-8")
    path = tmp_path / "levels.toml"
    start = text.index("height", text.index("[[raid.wave]]"))
    end = text.index("\n", start)
    path.write_text(text[:start] + 'altitude = "FL100"' + text[end:], encoding="utf-8")
    asked_for = [str(path), "--draws", "2", "--replications", "2", "--dem", "none"]
    code, said = asked("engage", capsys, *asked_for, "--json")
    assert code == 0, said.err
    sentence = "FL100 is taken as 3,048 m above mean sea level: standard pressure is assumed."
    assert sentence in json.loads(said.out)["declared"]
    code, said = asked("engage", capsys, *asked_for, "--out", str(tmp_path / "out"))
    assert code == 0, said.err
    assert sentence in said.out
    assert sentence in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
