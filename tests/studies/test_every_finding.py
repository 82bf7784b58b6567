"""Every finding of every study has its nominal case and, where luck enters, the interval of one raid."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass, make_dataclass, replace
from functools import cache

import jsonschema
import pytest

import ringtrue.api as rt
from ringtrue.answer import answer_schema, as_dataframe, as_xarray, columns, measure, measures_of, row_schema
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


OF_DOUBT = {"sensitivity", "worth"}
"""Studies of the draws themselves: their sample holds no nominal case."""


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
    assert drawing - set(ASKED) <= {"sky", *OF_DOUBT}, "the sky is what was heard: no answer of a model over draws"


@pytest.fixture(scope="module")
def answered(tmp_path_factory):
    """Ask each study once."""
    folder = tmp_path_factory.mktemp("claims")
    return cache(lambda study: ASKED[study](folder))


@pytest.mark.parametrize("study", ASKED)
def test_nominal_and_one_raid(study, answered) -> None:
    result = answered(study)
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


ADDED = [
    ("compare", "rows"), ("compare", "coverage"), ("compare", "fire_units"), ("compare", "months"),
    ("relocation", "rows"), ("relocation", "changes"), ("relocation", "footprints"), ("claims", "rows"),
]  # fmt: skip


@pytest.mark.parametrize(("study", "kind"), ADDED)
def test_a_measure_added_to_a_row_reaches_every_output(study, kind, answered, tmp_path) -> None:
    """Two places: the declaration here, and the value; no table of a study or of a page is told of it."""
    result = answered(study)
    rows = getattr(result.found, kind)
    heads = dict.fromkeys(("terminal", "page", "told", "offers"), "Spare time")
    wider = make_dataclass(
        "Wider", [("spare_s", Finding | None, measure("s", "Spare time", "What is left.", heads=heads, default=None))],
        bases=(type(rows[0]),), frozen=True,
    )  # fmt: skip
    spare = Finding("Spare time", "s", 31.5, 33.25, 36.75, nominal=32.5)
    wide = tuple(wider(**{f.name: getattr(row, f.name) for f in fields(row)}, spare_s=spare) for row in rows)
    other = replace(result, found=replace(result.found, **{kind: wide}))

    assert other.as_json()[kind][0]["spare_s"] == {"low": 31.5, "median": 33.25, "high": 36.75, "nominal": 32.5}
    assert row_schema(wider)["properties"]["spare_s"]["description"] == "Spare time [s]. What is left."
    table = columns(wide)
    assert "spare_s_nominal" in [column.name for column in table]
    assert as_dataframe(table).attrs["units"]["spare_s_median"] == "s"
    assert as_xarray(table).spare_s.attrs["units"] == "s"
    lines = other.lines(full=True)
    assert max(map(len, lines)) <= 80
    text = " ".join(" ".join(lines).split())
    assert "Spare time" in text
    assert "33.2" in text
    page = other.study.page(other, tmp_path / "page.html").read_text(encoding="utf-8")
    assert "Spare time" in page
    assert "33.2" in page
