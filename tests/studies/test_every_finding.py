"""Every finding of every study has its nominal case and, where luck enters, the interval of one raid."""

from __future__ import annotations

import json
from dataclasses import is_dataclass

import jsonschema
import pytest

import ringtrue.api as rt
from ringtrue.answer import answer_schema, measures_of
from ringtrue.finding import Finding
from ringtrue.studies.answers import STUDIES, answer_class

BARE = {"dem": "none", "draws": 4}
CLAIM = """
title = "One difference"
scenario = "turkey-2019"

[[claim]]
id = "c"
report = "R"
statement = "S"
kind = "comparison"
reading = "r"
command = "ringtrue engage turkey-2019"
measure = "raid-difference"
criterion = ">= 0"
args = { laydown = "s-400-four", against = "s-400-regiment", raid = "mixed-40", count = "leakers" }
"""


def claimed(folder) -> rt.Result:
    file = folder / "claims.toml"
    file.write_text(CLAIM, encoding="utf-8")
    return rt.claims(file, dem="none", draws=3)


ASKED = {
    "audit": lambda _: rt.audit("s-400", at="Samsun", targets=["f-16", "srbm"], heights="100 m", **BARE),
    "engage": lambda _: rt.engage("saturation", replications=3, **BARE),
    "compare": lambda _: rt.compare("turkey-2019", replications=2, **BARE),
    "network": lambda _: rt.network("two-bearings", replications=2, **BARE),
    "timeline": lambda _: rt.timeline("turkey-2019", laydowns="s-400-regiment", **BARE),
    "exposure": lambda _: rt.exposure("exposure-anatolia", **BARE),
    "relocation": lambda _: rt.relocation(change='study.targets=["f-16", "srbm"]', **BARE),
    "claims": claimed,
}


def declared_findings(row, held=None):
    """Yield each finding of an answer with its declaration and the row that it stands in."""
    for said in measures_of(type(row)):
        yield from _in(getattr(row, said.name), said, row, held)


def _in(value, said, row, held):
    if isinstance(value, Finding):
        yield value, said, row, held
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _in(inner, said, row, held)
    elif isinstance(value, (tuple, list)):
        for inner in value:
            yield from _in(inner, said, row, held)
    elif is_dataclass(value):
        yield from declared_findings(value, row)


def is_of_a_raid(said, row, held) -> bool:
    """What the declaration says of this row: a comparison knows by its condition, a claim by its measure."""
    if said.one_raid != "by measure":
        return said.one_raid == "always"
    if hasattr(row, "condition"):
        return row.condition.raid is not None
    return held.measure == "raid-difference"


def test_every_study_that_draws_is_asked() -> None:
    drawing = {name for name in STUDIES if "n_draws" in answer_schema(answer_class(name))["properties"]}
    assert drawing - set(ASKED) <= {"sky"}, "the sky is what was heard: no answer of a model over draws"


@pytest.mark.parametrize("study", ASKED)
def test_nominal_and_one_raid(study, tmp_path) -> None:
    result = ASKED[study](tmp_path)
    jsonschema.validate(json.loads(json.dumps(result.as_json())), answer_schema(type(result.found)))
    seen = list(declared_findings(result.found))
    assert seen
    for found, said, row, held in seen:
        where = f"{type(row).__name__}.{said.name}"
        assert found.nominal is not None, where
        assert (found.one_raid is not None) == is_of_a_raid(said, row, held), where
        if found.one_raid is not None:
            assert found.one_raid[0] <= found.one_raid[1], where
    if study in ("engage", "compare", "network", "claims"):
        assert any(found.one_raid for found, *_ in seen)
