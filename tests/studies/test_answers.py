"""Every study declares what it prints: a schema by its name, each key with its meaning."""

from __future__ import annotations

import json

import jsonschema
import pytest

from ringtrue.answer import answer_schema
from ringtrue.cli import run
from ringtrue.studies.answers import STUDIES, answer_class

SMALL = {
    "audit": ["audit", "nasams", "--target", "f-16,srbm", "--height", "100m", "--dem", "none", "--draws", "3"],
    "relocation": ["relocation", "--dem", "none", "--draws", "3", "--set", 'study.targets=["cruise-missile", "srbm"]'],
    "exposure": ["exposure", "exposure-anatolia", "--dem", "none", "--draws", "3"],
}


@pytest.mark.parametrize("study", STUDIES)
def test_every_study_has_a_schema_in_which_every_key_says_what_it_means(study) -> None:
    schema = answer_schema(answer_class(study))
    jsonschema.Draft202012Validator.check_schema(schema)

    def meanings(part):
        for name, inner in part.get("properties", {}).items():
            yield name, inner
            yield from meanings(inner)
        for inner in (part.get("items"), part.get("additionalProperties"), *part.get("anyOf", ())):
            if isinstance(inner, dict):
                yield from meanings(inner)

    silent = [name for name, inner in meanings(schema) if len(inner.get("description", "")) < 4]
    assert not silent
    unknown = [name for name, inner in meanings(schema) if set(inner) == {"description"}]
    assert not unknown, "a type that the schema does not know"


def test_the_command_prints_it(capsys) -> None:
    assert run(["schema", "exposure"]) == 0
    assert json.loads(capsys.readouterr().out) == answer_schema(answer_class("exposure"))


def test_an_unknown_study_is_one_sentence(capsys) -> None:
    assert run(["schema", "exposur"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("ringtrue: STUDY 'exposur' has no schema; did you mean 'exposure'?")


def findings(part):
    if isinstance(part, dict):
        if {"low", "median", "high"} <= set(part):
            yield part
        for inner in part.values():
            yield from findings(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from findings(inner)


@pytest.mark.parametrize("study", SMALL)
def test_what_a_command_prints_fits_its_schema_and_every_finding_has_its_nominal_case(study, capsys) -> None:
    assert run([*SMALL[study], "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    jsonschema.validate(found, answer_schema(answer_class(study)))
    told = list(findings(found))
    assert len(told) > 10
    assert all(isinstance(one["nominal"], float) for one in told)
