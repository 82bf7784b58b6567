"""Where water lies about a site the answer warns of ducts, and nowhere else."""

from __future__ import annotations

import pytest

from ringtrue.coverage.limits import audit_limits
from ringtrue.coverage.records import AuditQuestion
from ringtrue.geo.elevation import open_model
from ringtrue.scenario.load import load_scenario
from ringtrue.sensing.ducting import ducting_notes, water_share


def test_a_lonely_island_lies_in_water_and_a_plateau_does_not() -> None:
    assert water_share(34.5, 20.0) == 1.0  # Ionian Sea, 200 km from any coast
    assert water_share(40.0789, 32.5656) == 0.0


def test_half_of_a_straight_coast_is_water() -> None:
    """The north coast of Africa at El Alamein runs nearly straight for 100 km either way."""
    assert water_share(30.85, 28.95) == pytest.approx(0.5, abs=0.12)


@pytest.mark.parametrize(("site", "warned"), [((38.2924, 27.157), True), ((40.0789, 32.5656), False)])
def test_an_audit_by_the_sea_warns(site, warned) -> None:
    question = AuditQuestion("s-400", *site, targets=("f-16",), heights_m=(100.0,), altitudes_m=())
    text = " ".join(audit_limits(open_model("none"), question, "1.33"))
    assert ("Ducting" in text) is warned


def test_the_shipped_comparison_names_the_coasts_and_no_plateau() -> None:
    sites = [site for laydown in load_scenario("turkey-2019").laydowns for site in laydown.sites]
    (note,) = ducting_notes(sites)
    assert "about Istanbul" in note or "about İstanbul" in note
    assert "Ankara" not in note
