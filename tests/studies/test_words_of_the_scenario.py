"""Words belong to the scenario: a stranger's file brings its own names, and no name of another deal is printed."""

from __future__ import annotations

import html
import json
import re
from dataclasses import asdict
from pathlib import Path

import pytest

from ringtrue.catalogue.load import load_catalogue
from ringtrue.geo.elevation import open_model
from ringtrue.geo.layers import places
from ringtrue.report.compare_page import compare_page
from ringtrue.report.network_page import network_page
from ringtrue.report.raid_page import raid_page
from ringtrue.report.render import render_page
from ringtrue.scenario.checks import known_ids
from ringtrue.scenario.load import load_scenario, shipped_scenarios
from ringtrue.sensing.run import Run
from ringtrue.studies.compare import compare
from ringtrue.studies.compare_output import compare_lines
from ringtrue.studies.engage import engage, engage_lines
from ringtrue.studies.network import network
from ringtrue.studies.network_output import network_lines

STRANGERS = Path(__file__).parents[1] / "data" / "strangers"
SHIPPED = Path(__file__).parents[2] / "src" / "ringtrue" / "scenario" / "data"
# the program itself and the data that it ships
OURS = {"RingTrue", "Natural", "Earth", "United", "Nations", "GeoNames", "Columbia", "University"}
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
INSIDE = re.compile(r"(?<=[\w,;] )[A-ZÀ-Ž][a-zà-ž][^\W\d_]+")


def _visible(page: str) -> str:
    body = re.sub(r"<(script|style|template)\b.*?</\1>", " ", page, flags=re.S)
    return html.unescape(re.sub(r"<[^>]+>", " \n ", body))


def _strings(node: object) -> list[str]:
    if isinstance(node, dict):
        return [text for item in node.values() for text in _strings(item)]
    if isinstance(node, list):
        return [text for item in node for text in _strings(item)]
    return [node] if isinstance(node, str) else []


def _compare(scenario, catalogue, model):
    result = compare(scenario, Run(catalogue, model, n_draws=20), n_replications=2)
    return compare_lines(result), result.as_json(), compare_page(result)


def _network(scenario, catalogue, model):
    result = network(scenario, Run(catalogue, model, n_draws=20), n_replications=2)
    return network_lines(result), result.as_json(), network_page(result)


def _engage(scenario, catalogue, model):
    name = str(STRANGERS / "romania.toml")
    result = engage(name, Run(catalogue, model, n_draws=20), n_replications=2, trace_replication=0)
    return engage_lines(result), result.as_json(), raid_page(result)


@pytest.mark.parametrize("study", [_engage, _compare, _network], ids=["engage", "compare", "network"])
def test_no_name_is_printed_that_is_not_of_the_scenario_its_records_or_the_gazetteer(study) -> None:
    catalogue = load_catalogue(STRANGERS / "guns")
    scenario = load_scenario(str(STRANGERS / "romania.toml"), (), known_ids(catalogue))
    lines, as_json, page = study(scenario, catalogue, open_model("none", ground_altitude_m=60.0))
    text = "\n".join([*lines, *_strings(as_json), _visible(render_page(page))])

    parameters = page.parameters
    sources = {p.source for p in parameters if p.source} | set(page.sources)
    records = {r for p in parameters for r in _records_of(p.id, catalogue)}
    own = (STRANGERS / "romania.toml").read_text(encoding="utf-8")
    own += " ".join(f"{p.label} {p.note} {p.printed}" for p in parameters) + " ".join(map(str, records))
    own += " ".join(str(asdict(catalogue.sources[s])) for s in sources if s in catalogue.sources)
    own += " ".join(str(c) for c in _targets(catalogue)) + " ".join(_near(scenario.area))
    known = {word.lower() for word in WORD.findall(own)} | {word.lower() for word in OURS}

    named = {word for word in INSIDE.findall(text) if word.lower() not in known and not _is_sentence_start(word, text)}
    assert named == set()

    shipped = " ".join((SHIPPED / f"{name}.toml").read_text(encoding="utf-8") for name in shipped_scenarios())
    foreign = {word for word in INSIDE.findall(shipped) if word.lower() not in known}
    assert foreign
    assert foreign & set(WORD.findall(text)) == set()
    assert [words for words in OF_ANOTHER_DEAL if words in " ".join(text.lower().split())] == []


def _records_of(parameter_id: str, catalogue) -> list[str]:
    section, _, rest = parameter_id.partition(".")
    tables = {
        "radar": catalogue.radars, "system": catalogue.systems, "interceptor": catalogue.interceptors,
        "fire-unit": catalogue.fire_units, "launcher": catalogue.launchers, "target": catalogue.targets,
    }  # fmt: skip
    record = tables.get(section, {}).get(rest.partition(".")[0])
    return [record.name] if record is not None else []


def _near(area) -> list[str]:
    return [str(name) for name in places((area.west_deg, area.south_deg, area.east_deg, area.north_deg)).name]


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
