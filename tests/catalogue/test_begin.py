"""``ringtrue catalogue new``: a copy of a system under new ids that runs at once and says the same."""

import tomllib
from dataclasses import fields

import jsonschema
import pytest

from ringtrue.catalogue.begin import beginning
from ringtrue.catalogue.check import check
from ringtrue.catalogue.load import load_catalogue, parameters_of
from ringtrue.catalogue.records import ANOTHER_READING, Parameter
from ringtrue.catalogue.schema import RECORDS, catalogue_json_schema, fields_of
from ringtrue.cli import run
from ringtrue.coverage.audit import audit
from ringtrue.coverage.records import AuditQuestion
from ringtrue.errors import InputError
from ringtrue.geo.elevation import open_model
from ringtrue.sensing.run import Run

SYSTEMS = tuple(load_catalogue().systems)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _said(node):
    """What a record says apart from ids, names and where a figure stands: numbers, law, provenance, words."""
    if isinstance(node, Parameter):
        return (node.low, node.nominal, node.high, node.spread, node.source, node.origin, node.confidence, node.by_hand)
    if isinstance(node, dict):
        return sorted(str(_said(value)) for value in node.values())
    if hasattr(node, "__dataclass_fields__"):
        kept = [f for f in fields(node) if f.name not in _NAMES and f.metadata.get("on_record") != ANOTHER_READING]
        return {f.name: _said(getattr(node, f.name)) for f in kept}
    return node


_NAMES = {
    "id",
    "name",
    "interceptor",
    "fire_unit",
    "launcher",
    "engagement_radar",
    "acquisition_radar",
    "default_fit",
    "fits",
}


def _parts(catalogue, system_id):
    """What a system is made of: itself, its unit, its radars, its launcher, its interceptors by fit."""
    system = catalogue.systems[system_id]
    unit = catalogue.fire_units[system.fire_unit]
    radars = [unit.engagement_radar, *([unit.acquisition_radar] if unit.acquisition_radar else [])]
    rounds = [name for fit in system.fits for name in unit.fits[fit]]
    return [
        system, unit, *(catalogue.radars[name] for name in radars), catalogue.launchers[unit.launcher],
        *(catalogue.interceptors[name] for name in rounds),
    ]  # fmt: skip


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_copy_says_what_the_original_says(folder, system):
    (folder / "own.toml").write_text(beginning("own", system), encoding="utf-8")
    both = load_catalogue(folder / "own.toml")
    for copy, original in zip(_parts(both, "own"), _parts(both, system), strict=True):
        assert copy.id.startswith("own")
        assert _said(copy) == _said(original)


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_copy_keeps_to_the_schema_explains_its_keys_and_is_drawn_apart(folder, system):
    text = beginning("own", system)
    (folder / "own.toml").write_text(text, encoding="utf-8")
    jsonschema.validate(tomllib.loads(text), catalogue_json_schema(), jsonschema.Draft202012Validator)
    both = load_catalogue(folder / "own.toml")
    assert check(both).problems == ()
    given = {key for section in tomllib.loads(text).values() for table in section.values() for key in table}
    for record in (RECORDS[section] for section in ("system", "fire-unit", "radar", "launcher", "interceptor")):
        for spec in fields_of(record):
            assert f"# {spec.text}\n" in text or spec.key not in given, spec.key
    original = {p.id for record in _parts(both, system) for p in parameters_of(record)}
    streams = {p.group or p.id for record in _parts(both, "own") for p in parameters_of(record)}
    assert not original & streams


def test_a_copy_answers_as_the_original(folder):
    (folder / "own.toml").write_text(beginning("own", "nasams"), encoding="utf-8")
    catalogue = load_catalogue(folder / "own.toml")
    run_ = Run(catalogue, open_model("none"), n_draws=5)
    areas = [
        audit(AuditQuestion(system, 40.0789, 32.5656, ("f-16",), (100.0,), ()), run_)
        .rows[0]
        .engageable_area_km2.nominal
        for system in ("nasams", "own")
    ]
    assert areas[0] == areas[1] > 0.0


def test_the_command_writes_a_file_that_runs(folder, capsys):
    assert run(["catalogue", "new", "my-gun", "--like", "NASAMS"]) == 0
    said = capsys.readouterr().out
    assert "my-gun.toml" in said
    commands = [line.split()[1:] for line in said.splitlines() if line.startswith("  ringtrue ")]
    assert [command[0] for command in commands] == ["audit", "catalogue"]
    for command in commands:
        small = ["--dem", "none", "--draws", "5", "--target", "f-16", "--json"] if command[0] == "audit" else []
        assert run([*command, *small]) == 0, capsys.readouterr().err


def test_nothing_is_overwritten(folder, capsys):
    (folder / "my-gun.toml").write_text("mine", encoding="utf-8")
    assert run(["catalogue", "new", "my-gun"]) == 2
    assert capsys.readouterr().err == (
        "ringtrue: my-gun.toml: is there already and is not overwritten; give another name, or move it away\n"
    )
    assert (folder / "my-gun.toml").read_text(encoding="utf-8") == "mine"
    assert run(["catalogue", "new", "my-gun", "other.toml"]) == 0
    assert run(["catalogue", "new", "second", "--like", "my-gun", "--catalogue", "other.toml"]) == 0
    assert (folder / "second.toml").exists()


@pytest.mark.parametrize(
    ("new_id", "like", "said"),
    [
        ("nasams", "nasams", "'nasams': system.nasams is in the catalogue already; choose another id"),
        ("mine", "nasms", "--like 'nasms' is not a system of the catalogue; did you mean 'nasams'?"),
        ("My Gun", "nasams", "'My Gun' cannot be an id: write small letters"),
        ("../x", "nasams", "'../x' cannot be an id"),
        ("-x", "nasams", "'-x' cannot be an id"),
        ("a" * 41, "nasams", "cannot be an id"),
    ],
)
def test_ids_that_cannot_be(new_id, like, said):
    with pytest.raises(InputError) as refusal:
        beginning(new_id, like)
    assert said in str(refusal.value)
