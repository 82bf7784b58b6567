"""Words belong to the scenario: a stranger's file brings its own names, and no name of another deal is printed."""

from __future__ import annotations

import html
import json
import re
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

import ringtrue.api as rt
from ringtrue.catalogue.load import load_catalogue
from ringtrue.face.table import STUDIES
from ringtrue.geo.layers import country_ids, country_names, places
from ringtrue.report.audit_page import audit_page
from ringtrue.report.claims_page import claims_page
from ringtrue.report.compare_page import compare_page
from ringtrue.report.exposure_page import exposure_page
from ringtrue.report.network_page import network_page
from ringtrue.report.page import Page
from ringtrue.report.raid_page import raid_page
from ringtrue.report.relocation_page import relocation_page
from ringtrue.report.render import render_page
from ringtrue.report.sensitivity_page import sensitivity_page
from ringtrue.report.worth_page import worth_page
from ringtrue.scenario.load import load_scenario, shipped_scenarios
from ringtrue.studies.brief import brief_lines

STRANGERS = Path(__file__).parents[1] / "data" / "strangers"
SHIPPED = Path(__file__).parents[2] / "src" / "ringtrue" / "scenario" / "data"
ROMANIA = STRANGERS / "romania.toml"
# the program itself, the data that it ships, and laws and a projection that are called after people
OURS = {
    "RingTrue", "Natural", "Earth", "United", "Nations", "GeoNames", "Columbia", "University", "Swerling", "Wilson",
    "Mercator",
}  # fmt: skip
NEIGHBOURHOOD_DEG = 1.0
OF_ANOTHER_DEAL = (
    "ever offered",
    "airport coordinates",
    "disputed",
    "notification",
    "emplaced or put on alert",
    "invented;",
    "coasts of",
)
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
INSIDE = re.compile(r"(?<=[\w,;:(“] )[A-ZÀ-Ž][a-zà-ž][^\W\d_]+|(?<=[(“])[A-ZÀ-Ž][a-zà-ž][^\W\d_]+")
FAST: dict[str, Any] = {
    "catalogue": STRANGERS / "guns", "dem": "none", "ground": "60 m", "draws": 20, "threads": 2,
}  # fmt: skip
RAIDS = {**FAST, "replications": 2}


class Said(NamedTuple):
    """How a study is asked by a stranger, its files, and what makes its page, where it has one."""

    asked: dict[str, Any]
    files: tuple[Path, ...]
    page: Any = None


def _audit_page(found: Any) -> Page:
    return audit_page(found.results)


SAID = {
    "audit": Said(
        {"systems": ["nasams", "gun-35"], "at": (44.3622, 28.4883), "heights": "50 m, 500 m",
         "targets": ["one-way-uav", "f-16", "srbm"], "catalogue": STRANGERS / "guns", "draws": 20, "threads": 2}, (),
        _audit_page,
    ),
    "engage": Said({"scenario": ROMANIA, "trace": 0, **RAIDS, "draws": 8}, (ROMANIA,), raid_page),
    "compare": Said({"scenario": ROMANIA, **RAIDS}, (ROMANIA,), compare_page),
    "network": Said({"scenario": ROMANIA, **RAIDS}, (ROMANIA,), network_page),
    "exposure": Said({"scenario": ROMANIA, **FAST}, (ROMANIA,), exposure_page),
    "relocation": Said(
        {"scenario": STRANGERS / "romania-moves.toml", **FAST}, (STRANGERS / "romania-moves.toml",), relocation_page
    ),
    "claims": Said(
        {"file": STRANGERS / "romania-claims.toml", **FAST}, (ROMANIA, STRANGERS / "romania-claims.toml"), claims_page
    ),
    "sensitivity": Said(
        {**{k: v for k, v in FAST.items() if k != "draws"}, "subject": ROMANIA, "finding": "leakers@guns/mixed-raid",
         "points": 8, "replications": 1}, (ROMANIA,), sensitivity_page,
    ),
    "worth": Said({"scenario": ROMANIA, **RAIDS, "draws": 100, "replications": 1}, (ROMANIA,), worth_page),
    "timeline": Said({"scenario": ROMANIA, **FAST}, (ROMANIA,)),
}  # fmt: skip
NOT_OF_A_SCENARIO = {"verify"}  # it recomputes what the literature prints; nothing of it is anybody's scenario


@cache
def _played(study: str) -> Any:
    return getattr(rt, study)(**SAID[study].asked)


def _visible(page: str) -> str:
    """Return what a page shows: its words, those beside pictures, and those that its script shows on a click."""
    held = re.findall(r'<script[^>]*type="application/json"[^>]*>(.*?)</script>', page, flags=re.S)
    shown = [text for data in held for text in _strings(json.loads(data)) if " " in text or len(text) < 40]
    body = re.sub(r"<(script|style|template)\b.*?</\1>", " ", page, flags=re.S)
    body = re.sub(r'<span class="nb">(.*?)</span>', r"\1", body)
    beside = re.findall(r'\b(?:alt|title|aria-label|placeholder)="([^"]*)"', body)
    return html.unescape("\n".join([re.sub(r"<[^>]+>", " \n ", body), *beside, *shown]))


def _strings(node: object) -> list[str]:
    if isinstance(node, dict):
        return [text for item in node.values() for text in _strings(item)]
    if isinstance(node, list):
        return [text for item in node for text in _strings(item)]
    return [node] if isinstance(node, str) else []


def test_no_study_of_a_scenario_is_left_out() -> None:
    assert set(SAID) == set(STUDIES) - NOT_OF_A_SCENARIO
    assert {name for name in SAID if SAID[name].page is None} == {"timeline"}
    assert len(OURS) <= 40


@pytest.mark.parametrize("study", list(SAID))
def test_no_name_is_printed_that_is_not_of_the_scenario_its_records_or_the_gazetteer(study: str) -> None:
    catalogue = load_catalogue(STRANGERS / "guns")
    area = load_scenario(str(ROMANIA)).area
    said, result = SAID[study], _played(study)
    found, of = result.found, STUDIES[study]
    screen = brief_lines(of.brief(found)) if of.brief else []
    page = said.page(found) if said.page else None
    texts = [
        *said_lines(screen), *said_lines(of.lines(found, None)), *_strings(found.as_json()), *result.said,
        _visible(render_page(page)) if page else "",
    ]  # fmt: skip
    text = "\n".join(texts)

    parameters = page.parameters if page else ()
    sources = {p.source for p in parameters if p.source} | set(page.sources if page else ())
    records = {r for p in parameters for r in _records_of(p.id, catalogue)}
    own = " ".join(path.read_text(encoding="utf-8") for path in said.files)
    own += " ".join(f"{p.label} {p.note} {p.printed}" for p in parameters) + " ".join(map(str, records))
    own += " ".join(str(asdict(catalogue.sources[s])) for s in sources if s in catalogue.sources)
    own += " ".join(str(c) for c in _targets(catalogue)) + " ".join(_near(area))
    known = {word.lower() for word in WORD.findall(own)} | {word.lower() for word in OURS}

    named = {word for word in INSIDE.findall(text) if word.lower() not in known and not _is_sentence_start(word, text)}
    assert named == set()

    shipped = " ".join((SHIPPED / f"{name}.toml").read_text(encoding="utf-8") for name in shipped_scenarios())
    foreign = {word for word in INSIDE.findall(shipped) if word.lower() not in known}
    assert foreign
    assert foreign & set(WORD.findall(text)) == set()
    assert [words for words in OF_ANOTHER_DEAL if words in " ".join(text.lower().split())] == []


def said_lines(lines: list[str]) -> list[str]:
    """Return lines as they are and as one text, for a name may stand at the head of a line."""
    return [*lines, " ".join(lines)]


def _records_of(parameter_id: str, catalogue) -> list[str]:
    section, _, rest = parameter_id.partition(".")
    tables = {
        "radar": catalogue.radars, "system": catalogue.systems, "interceptor": catalogue.interceptors,
        "fire-unit": catalogue.fire_units, "launcher": catalogue.launchers, "target": catalogue.targets,
    }  # fmt: skip
    record = tables.get(section, {}).get(rest.partition(".")[0])
    return [record.name] if record is not None else []


def _near(area) -> list[str]:
    """Return the towns and the countries of the gazetteer in an area and close to it."""
    d = NEIGHBOURHOOD_DEG
    box = (area.west_deg - d, area.south_deg - d, area.east_deg + d, area.north_deg + d)
    latitude_deg, longitude_deg = np.meshgrid(np.linspace(box[1], box[3], 60), np.linspace(box[0], box[2], 60))
    ids = set(country_ids(latitude_deg.ravel(), longitude_deg.ravel()).tolist())
    return [*map(str, places(box).name), *(name for i, name in enumerate(country_names()) if i in ids)]


def _targets(catalogue) -> list[str]:
    return [target.name for target in catalogue.targets.values()]


def _is_sentence_start(word: str, text: str) -> bool:
    """Whether a word is also written with a small letter somewhere: a term, not a name."""
    return re.search(rf"\b{word[:1].lower()}{word[1:]}\b", text) is not None


def test_the_shipped_deal_still_says_what_is_its_own() -> None:
    """What left the program stands in the file: links that nobody offered, what a position and a price stand for."""
    scenario = load_scenario("turkey-2019")
    said = json.dumps(
        [scenario.declared, [x.note for x in scenario.laydowns], [o.price_basis for o in scenario.offers]]
    )
    assert "Airport coordinates stand for an unknown position." in scenario.declared
    assert scenario.positions == scenario.declared[0]
    for words in ("no such link was ever offered", "contract of disputed content", "ceiling of a notification"):
        assert words in said
