"""JSON Schema, check, list and show."""

import json
import subprocess
import sys
import tomllib

import jsonschema
import pytest

from ringtrue.catalogue.check import check, check_lines
from ringtrue.catalogue.load import SHIPPED, load_catalogue, parameters_of
from ringtrue.catalogue.schema import catalogue_json_schema
from ringtrue.catalogue.show import list_lines, show_lines
from ringtrue.cli import run
from ringtrue.errors import InputError

FILES = sorted(SHIPPED.rglob("*.toml"))


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


@pytest.fixture(scope="module")
def validator():
    schema = catalogue_json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(json.loads(json.dumps(schema)))


def _document(entry: dict) -> dict:
    return {"launcher": {"x": {"name": "X", "rounds": {}, "reload": entry}}}


GOOD = {"value": 30, "unit": "min", "origin": "read", "source": "K1", "confidence": "C"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_shipped_files_fit_the_schema(validator, path):
    errors = [e.message for e in validator.iter_errors(tomllib.loads(path.read_text(encoding="utf-8")))]
    assert errors == []


@pytest.mark.parametrize(
    "change",
    [
        {"unti": "min"},
        {"source": None},
        {"confidence": "none"},
        {"origin": "assumed"},
        {"value": "30"},
        {"value": None},
        {"low": 1},
        {"spread": "normal"},
    ],
    ids=str,
)
def test_the_schema_refuses_what_the_loader_refuses(validator, change):
    assert validator.is_valid(_document(GOOD))
    assert not validator.is_valid(_document({k: v for k, v in (GOOD | change).items() if v is not None}))


@pytest.mark.parametrize("change", [{"locator": "p. 3"}, {"locator": "p. 3", "paraphrase": "x", "unread": "lost"}])
def test_the_schema_wants_place_and_paraphrase_together(validator, change):
    assert not validator.is_valid(_document(GOOD | change))
    assert validator.is_valid(_document(GOOD | {"locator": "p. 3", "paraphrase": "x"}))


def test_a_partial_record_needs_the_partial_schema(validator):
    part = {"radar": {"91n6e": {"name": "91N6E"}}}
    assert not validator.is_valid(part)
    assert jsonschema.Draft202012Validator(catalogue_json_schema(partial=True)).is_valid(part)


def test_check_counts_every_figure_once(catalogue):
    report = check(catalogue)
    assert report.problems == ()
    assert sum(report.origins.values()) == report.n_figures == sum(report.confidences.values())
    assert report.n_figures + report.repeated == len(parameters_of(catalogue))
    assert report.origins["assumed"] == report.confidences["none"]
    assert min(report.origins[o] for o in ("read", "via", "derived", "assumed")) > 0
    assert report.estimated > 0
    assert not [n for n in report.notices if "cited nowhere" in n]


def test_check_prints_its_counts(catalogue):
    report = check(catalogue)
    text = "\n".join(check_lines(report))
    assert f"{report.origins['via']:5d}  via" in text
    assert f"{report.estimated:5d}  of them third parties' estimates" in text
    assert f"{report.completed:5d}  of them with a low, middle or high added by hand" in text


def test_a_figure_completed_by_hand_counts_as_assumed(tmp_path):
    before = check(load_catalogue())
    line = (
        "[statement.mine]\nlow = 4\nnominal = 5\nhigh = 6\nunit = 'km'\norigin = 'read'\nsource = 'B03'\n"
        "confidence = 'C'\nnote = '5 to 6; the low end is a guess'\n"
    )
    (tmp_path / "mine.toml").write_text(line)
    as_read = check(load_catalogue(tmp_path))
    (tmp_path / "mine.toml").write_text(line + "by_hand = ['low']\n")
    by_hand = check(load_catalogue(tmp_path))
    assert (as_read.resting, as_read.completed) == (before.resting, before.completed)
    assert (by_hand.resting, by_hand.completed) == (before.resting + 1, before.completed + 1)
    assert by_hand.origins == as_read.origins
    own = [p for p in parameters_of(load_catalogue()) if not p.copied_from]
    assert before.resting == sum(p.origin == "assumed" or p.estimated or bool(p.by_hand) for p in own)
    assert "3 / 5 / 10 min  (split; read, B, high by hand)" in "\n".join(
        show_lines(load_catalogue(), "fire-unit.s-400-division.deploy")
    )


def test_check_counts_what_was_read_again_and_says_what_could_not_be(tmp_path):
    before = check(load_catalogue())
    line = (
        "[statement.{0}]\nvalue = 4\nunit = 'km'\norigin = 'read'\nsource = 'B03'\nconfidence = 'C'\nlabel = 'x'\n{1}\n"
    )
    (tmp_path / "mine.toml").write_text(
        line.format("here", "locator = 'page 3'\nparaphrase = 'some 4 km'")
        + line.format("gone", "unread = 'the page is gone'")
        + line.format("idle", "")
    )
    catalogue = load_catalogue(tmp_path)
    report = check(catalogue)
    assert report.reread == before.reread + 1
    assert set(report.not_looked_up) == {*before.not_looked_up, "statement.idle"}
    told = " ".join(line.strip() for line in check_lines(report))
    assert f"not looked up again: {', '.join(report.not_looked_up)}" in told
    assert report.unread == before.unread | {"the page is gone": ("statement.gone",)}
    assert "not read again (the page is gone): statement.gone" in check_lines(report)
    assert f"{report.reread:5d}  with a source were read again there, with place and paraphrase" in check_lines(report)
    assert "      read again at page 3: some 4 km" in show_lines(catalogue, "here")
    assert "      not read again: the page is gone" in show_lines(catalogue, "gone")
    sourced = [p for p in parameters_of(catalogue) if p.source and not p.copied_from]
    assert report.reread + sum(map(len, report.unread.values())) + len(report.not_looked_up) == len(sourced)


def test_the_systems_of_the_story_were_looked_up_again(catalogue):
    """Whatever was read or taken via of the S-400, of Patriot and of the deal says where, or why not."""
    story = (
        "radar.91n6e", "radar.92n6e", "radar.mpq-65", "interceptor.48n6e3", "interceptor.40n6e", "interceptor.9m96",
        "interceptor.gem-t", "interceptor.pac-3", "launcher.5p85.", "launcher.m903", "fire-unit.s-400", "target.",
        "fire-unit.patriot", "system.s-400", "system.patriot", "statement.s-400", "statement.notice",
        "statement.patriot",
    )  # fmt: skip
    own = [p for p in parameters_of(catalogue) if not p.copied_from and p.id.startswith(story)]
    bare = [p.id for p in own if p.origin in ("read", "via") and not p.locator and not p.unread]
    assert bare == []


def test_a_collection_is_never_read(catalogue):
    """K1, K1m and T01 quote others: what stands in them is via, and no better than B."""
    for p in parameters_of(catalogue):
        if p.source in ("K1", "K1m", "T01"):
            assert p.origin != "read", p.id
            assert p.confidence != "A", p.id


def test_check_finds_weak_derivations(tmp_path):
    derived = "unit = 'MUSD'\norigin = 'derived'\nsource = 'B03'\n"
    (tmp_path / "mine.toml").write_text(
        f"[statement.no-arithmetic]\nvalue = 5\nconfidence = 'C'\nnote = 'trust me'\n{derived}"
        "[statement.too-sure]\nvalue = 5\nconfidence = 'A'\nnote = '1 x 5'\n"
        f"inputs = ['interceptor.48n6e3.price']\n{derived}"
        f"[statement.lost]\nvalue = 5\nconfidence = 'C'\nnote = '1 x 5'\ninputs = ['interceptor.nothing']\n{derived}"
        "[source.unread]\ntitle = 'T'\npublisher = 'P'\ndate = 'undated'\naddress = 'a'\nkind = 'press'\n"
    )
    report = check(load_catalogue(tmp_path))
    assert set(report.problems) == {
        "statement.no-arithmetic: the note of a derived value shows no arithmetic; write the numbers down",
        "statement.too-sure: confidence A is above that of its input interceptor.48n6e3.price (C); lower it",
        "statement.lost: input 'interceptor.nothing' is not in the catalogue; mend the address",
    }
    assert "source unread is cited nowhere" in report.notices


def test_the_command_fails_where_check_finds_a_problem(tmp_path, capsys):
    (tmp_path / "mine.toml").write_text(
        "[statement.no-arithmetic]\nvalue = 5\nunit = 'MUSD'\norigin = 'derived'\nsource = 'B03'\nconfidence = 'C'\n"
        "note = 'trust me'\n"
    )
    assert run(["catalogue", "check", str(tmp_path)]) == 1
    assert "problem: statement.no-arithmetic" in capsys.readouterr().out
    assert run(["catalogue", "check"]) == 0


def test_list_fits_80_columns_and_names_everything(catalogue):
    lines = list_lines(catalogue)
    assert max(map(len, lines)) <= 80
    named = {line.split()[0] for line in lines if line.startswith("  ")}
    assert {*catalogue.systems, *catalogue.targets, *catalogue.radars, *catalogue.assumptions} <= named


@pytest.mark.parametrize(
    "wanted", ["s-400", "s-400-tr:40n6e", "91n6e", "f-35:reflector", "contract", "B12", "k-ankara"]
)
def test_show_fits_80_columns_but_for_addresses(catalogue, wanted):
    lines = show_lines(catalogue, wanted)
    assert lines[0].startswith(wanted)
    assert all(len(line) <= 80 or "http" in line for line in lines)


def test_every_record_can_be_shown(catalogue):
    for shelf in (
        catalogue.fire_units,
        catalogue.interceptors,
        catalogue.launchers,
        catalogue.targets,
        catalogue.facts,
        catalogue.clauses,
    ):
        for record_id in shelf:
            assert show_lines(catalogue, record_id)


def test_show_prints_figure_spread_origin_confidence_and_source(catalogue):
    text = "\n".join(show_lines(catalogue, "48n6e3"))
    assert "250 km  (read, B) [C02] [K1] [C10]" in text
    assert "1300 / 1500 / 1700 m/s  (split; via, C, an estimate) [K1]" in text
    assert "http://french.peopledaily.com.cn/International/8469063.html" in text


def test_show_names_the_parts_of_a_fit(catalogue):
    text = " ".join(show_lines(catalogue, "s-400-tr:40n6e"))
    assert "fit shown: 40n6e (40n6e 0.5, 48n6e3 0.5)" in text


def test_show_of_an_unknown_id_names_the_near_one(catalogue):
    with pytest.raises(InputError, match=r"^'s-40' is not in the catalogue; did you mean 's-400'\?$"):
        show_lines(catalogue, "s-40")


def test_show_of_a_fit_that_is_not_there(catalogue):
    with pytest.raises(InputError, match=r"^'s-400-tr:9m96e' is not in the catalogue"):
        show_lines(catalogue, "s-400-tr:9m96e")


def test_loading_does_not_load_pint_or_pydantic():
    code = (
        "import sys; from ringtrue.catalogue.load import load_catalogue; load_catalogue(); "
        "print(sorted({'pint', 'pydantic', 'numba', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
