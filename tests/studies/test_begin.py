"""``ringtrue new`` and ``ringtrue schema --file``: beginnings that run, and the schema of every kind of file."""

import json
import shlex
import tomllib
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import jsonschema
import pytest

from ringtrue.catalogue.load import SHIPPED as CATALOGUE
from ringtrue.cli import run
from ringtrue.errors import InputError
from ringtrue.scenario.load import shipped_scenarios
from ringtrue.studies.begin import RUN_WITH, begin, text_of
from ringtrue.studies.case_files import shipped_files
from ringtrue.studies.claim_measures import ARGUMENTS, MEASURES
from ringtrue.studies.claim_records import CLAIM, parse_claims
from ringtrue.studies.file_schemas import FILES, file_schema

ROOT = Path(__file__).parents[2]
DATA = ROOT / "src" / "ringtrue"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _validator(kind):
    schema = json.loads(json.dumps(file_schema(kind)))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


# --- beginnings -------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("kind", RUN_WITH)
def test_a_beginning_runs_with_every_command_that_it_names(folder, capsys, kind):
    assert run(["new", kind, "my own.toml"]) == 0
    commands = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  ringtrue ")]
    assert [shlex.split(line)[1] for line in commands] == list(RUN_WITH[kind])
    for line in commands:
        assert run([*shlex.split(line)[1:], "--draws", "3", "--json"]) == 0, capsys.readouterr().err
        answer = json.loads(capsys.readouterr().out)
        assert answer["rows"]


@pytest.mark.parametrize("kind", RUN_WITH)
def test_a_beginning_keeps_to_its_schema_and_is_commented(kind):
    text = text_of(kind)
    errors = [
        error.message
        for error in _validator(kind).iter_errors(json.loads(json.dumps(tomllib.loads(text), default=str)))
    ]
    assert errors == []
    n_comments = sum(line.startswith("#") for line in text.splitlines())
    n_sections = len({line for line in text.splitlines() if line.startswith("[[") and "." not in line})
    assert n_comments > n_sections


def test_nothing_is_overwritten_and_an_ending_is_wanted(folder, capsys):
    (folder / "mine.toml").write_text("mine", encoding="utf-8")
    assert run(["new", "scenario", "mine.toml"]) == 2
    assert "mine.toml: is there already and is not overwritten" in capsys.readouterr().err
    assert (folder / "mine.toml").read_text(encoding="utf-8") == "mine"
    for kind, name, said in (
        ("scenario", "mine", "mine: does not end in .toml, and no command would take it for a file; write mine.toml"),
        ("scenari", "x.toml", "did you mean 'scenario'?; there are: scenario, claims"),
        ("catalogue", "x.toml", "a system is begun with: ringtrue catalogue new ID --like nasams"),
    ):
        with pytest.raises(InputError) as refusal:
            begin(kind, Path(name))
        assert said in str(refusal.value)
        assert not (folder / name).exists()


# --- schemas ----------------------------------------------------------------------------------------------------------


def _objects(schema, address=""):
    """Every object of a schema, with its address."""
    if isinstance(schema, dict):
        if "properties" in schema and schema.get("type") == "object":
            yield address, schema
        for key, value in schema.items():
            yield from _objects(value, f"{address}/{key}")
    elif isinstance(schema, list):
        for i, value in enumerate(schema):
            yield from _objects(value, f"{address}/{i}")


@pytest.mark.parametrize("kind", FILES)
def test_every_key_of_every_kind_of_file_has_a_meaning(kind):
    found = list(_objects(file_schema(kind)))
    assert found
    for address, schema in found:
        for name, key in schema["properties"].items():
            said = key.get("description", "")
            assert len(said) >= 4, f"{kind}: {address}: {name} has no meaning"


@pytest.mark.parametrize("kind", FILES)
def test_the_schema_names_what_is_required(kind):
    schema = file_schema(kind)
    required = {name for _, found in _objects(schema) for name in found.get("required", ())}
    wanted = {
        "scenario": {"title", "laydown", "uid", "target"}, "claims": {"claim", "id", "reading"},
        "case": {"expect", "unit"}, "catalogue": {"low", "origin"},
    }  # fmt: skip
    assert wanted[kind] <= required
    if kind == "catalogue":
        forms = schema["$defs"]["radar"]["anyOf"]
        assert {"role", "reference_range"} <= {name for form in forms for name in form["required"]}


FILES_OF = {
    "scenario": [DATA / "scenario" / "data" / f"{name}.toml" for name in shipped_scenarios()],
    "catalogue": sorted(CATALOGUE.rglob("*.toml")),
    "claims": [DATA / "studies" / "data" / "claims.toml"],
    "case": list(shipped_files()),
}


@pytest.mark.parametrize("kind", FILES)
def test_what_is_shipped_keeps_to_the_schema(kind):
    validator = _validator(kind)
    for path in FILES_OF[kind]:
        content = json.loads(json.dumps(tomllib.loads(path.read_text(encoding="utf-8")), default=str))
        assert [f"{path.name}: {error.message[:200]}" for error in validator.iter_errors(content)] == []


@pytest.mark.parametrize("key", [key.name for key in CLAIM.keys if key.required] + ["measure", "criterion", "command"])
def test_claims_schema_and_loader_want_the_same_keys(key):
    lines = [line for line in text_of("claims").splitlines() if not line.startswith(f"{key} =")]
    text = "\n".join(lines)
    assert not _validator("claims").is_valid(tomllib.loads(text))
    with pytest.raises(InputError, match=f"key '{key}' is missing"):
        parse_claims(text, "t.toml", {name: measure.spec for name, measure in MEASURES.items()})


def test_every_argument_of_every_measure_has_a_meaning():
    assert {name for measure in MEASURES.values() for name in measure.spec.names} == set(ARGUMENTS)
    assert all((measure.function.__doc__ or "").strip() for measure in MEASURES.values())


def test_the_command_prints_schemas_of_files_and_of_studies(capsys):
    for kind in FILES:
        assert run(["schema", "--file", kind]) == 0
        assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(file_schema(kind)))
    assert run(["schema", "audit"]) == 0
    assert json.loads(capsys.readouterr().out)["properties"]["rows"]
    for arguments, said in (
        ([], "name a study (ringtrue schema audit) or a kind of file (ringtrue schema --file scenario)"),
        (["audit", "--file", "claims"], "'audit' and 'claims'"),
        (["--file", "scenari"], "--file 'scenari' is no kind of file; did you mean 'scenario'?"),
    ):
        assert run(["schema", *arguments]) == 2
        assert said in capsys.readouterr().err


def _pages():
    spec = spec_from_file_location("build_reference", ROOT / "docs" / "build_reference.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.PAGES


@pytest.mark.parametrize("name", _pages())
def test_the_reference_is_what_the_declarations_say(name):
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert page == _pages()[name](), "write it again: python docs/build_reference.py"
