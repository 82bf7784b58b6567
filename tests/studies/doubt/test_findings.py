"""Names of findings: what a text means, and what a wrong one is told."""

from __future__ import annotations

import pytest

from ringtrue.catalogue.load import load_catalogue
from ringtrue.coverage.questions import questions_of
from ringtrue.coverage.records import AuditQuestion
from ringtrue.errors import InputError
from ringtrue.scenario.checks import known_ids
from ringtrue.scenario.load import load_scenario
from ringtrue.studies.doubt.findings import find, of_scenario, of_system

CATALOGUE = load_catalogue()
DEAL = load_scenario("turkey-2019", (), known_ids(CATALOGUE))
KNOWN = of_scenario(DEAL, CATALOGUE, questions_of(DEAL, AuditQuestion("", 0.0, 0.0, (), (), ())))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("leakers@patriot/drones-24", "leakers@patriot/drones-24"),
        ("Leakers@Patriot/Drones-24", "leakers@patriot/drones-24"),
        ("cost_defender_usd@patriot/srbm-8", "cost_defender@patriot/srbm-8"),
        ("leakers@patriot-s-400-regiment/drones-24", "leakers@patriot/drones-24 - leakers@s-400-regiment/drones-24"),
        (
            "leakers@patriot/drones-24-leakers@s-400-regiment/drones-24",
            "leakers@patriot/drones-24 - leakers@s-400-regiment/drones-24",
        ),
        ("leakers@both/drones-24-cruise-16", "leakers@both/drones-24 - leakers@both/cruise-16"),
        ("people_defended@patriot/f-16/20km", "people_defended@patriot/f-16/20km"),
        ("engageable_area@patriot/f-16", "engageable_area@patriot/f-16"),
        ("seen_area@s-400-tr/ankara/f-16/3000m", "seen_area@s-400-tr/ankara/f-16/3000m-amsl"),
    ],
)
def test_a_text_means_one_finding(text: str, meant: str) -> None:
    """Units and case may be left out; hyphens of names are no minus; a finding's own text is read as itself."""
    assert find(text, KNOWN).text == meant
    assert find(meant, KNOWN).text == meant


def test_every_finding_is_found_by_its_own_text() -> None:
    """The grammar leaves nothing out of reach."""
    for term in KNOWN[:: max(len(KNOWN) // 150, 1)]:
        assert find(term.text, KNOWN).terms == (term,)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("leakers@patriot", "can be: leakers@patriot/drones-24, leakers@patriot/cruise-16"),
        ("leekers@patriot/drones-24", "no measure 'leekers'; did you mean 'leakers'?"),
        ("leakers@patriott/drones-24", "is no row of leakers; near it are: leakers@patriot/drones-24"),
        ("banana", "there are: leakers, leak_share"),
        ("people_defended@patriot/f-16", "people_defended@patriot/f-16/0km"),
        ("", "no measure ''"),
    ],
)
def test_what_is_not_one_finding_is_answered_with_what_there_is(text: str, said: str) -> None:
    """Several: all of them; none: the nearest."""
    with pytest.raises(InputError) as found:
        find(text, KNOWN)
    assert said in str(found.value)


def test_a_system_is_asked_by_class_and_level() -> None:
    """A ballistic class has a footprint and no level."""
    known = of_system(AuditQuestion("s-400", 41.0, 36.0, ("f-16", "srbm"), (100.0, 500.0), ()), CATALOGUE)
    assert find("engageable_area@f-16/100m", known).text == "engageable_area@s-400/f-16/100m"
    assert find("footprint_area", known).text == "footprint_area@s-400/srbm"
    assert find("engageable_area@f-16/100m-500m", known).text == (
        "engageable_area@s-400/f-16/100m - engageable_area@s-400/f-16/500m"
    )
