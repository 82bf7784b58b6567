"""The figures behind a raid are those that were read on the way to its counts, and no other."""

import numpy as np
import pytest

from ringtrue.catalogue.change import with_figures
from ringtrue.catalogue.load import load_catalogue
from ringtrue.engagement.raid import RaidResult, run_raid
from ringtrue.geo.elevation import open_model
from ringtrue.scenario.checks import known_ids
from ringtrue.scenario.load import load_scenario
from ringtrue.sensing.run import Run

CATALOGUE = load_catalogue()
BARE = open_model("none")


def played(name: str, laydown: str, raid: str, catalogue=CATALOGUE) -> RaidResult:
    scenario = load_scenario(name, (), known_ids(CATALOGUE))
    return run_raid(scenario, laydown, raid, Run(catalogue, BARE, n_draws=20, threads=1), n_replications=5)


@pytest.fixture(scope="module")
def patriot() -> RaidResult:
    return played("turkey-2019", "patriot", "mixed-40")


def test_what_a_raid_reads_stands_behind_it(patriot):
    behind = set(patriot.ledger.addresses(patriot.uses))
    for end in (
        ".reaction", ".fire_channels", ".scan_period", ".reference_range", ".mean_speed", ".max_range", ".max_altitude",
        ".min_altitude", ".speed", ".reload",
    ):  # fmt: skip
        assert any(address.endswith(end) for address in behind), end
    for name in ("assessment-delay", "clutter-loss", "flight-time-doubt", "kill-probability-drone"):
        assert f"assumption.{name}" in behind


def test_prices_move_costs_and_nothing_else(patriot):
    behind = set(patriot.ledger.addresses(patriot.uses))
    costs = set(patriot.ledger.addresses(patriot.beside_uses))
    assert not any("price" in address for address in behind)
    assert any("price" in address for address in costs)


def test_a_figure_that_is_not_behind_moves_nothing(patriot):
    """The advertised range is on the page and never in the raid; the reaction time is."""
    behind = patriot.uses
    idle = next(
        a for a in ("system.patriot-battery.advertised_range", "system.patriot.advertised_range")
        if a not in behind and a.split(".")[1] in CATALOGUE.systems
    )  # fmt: skip
    moved = played("turkey-2019", "patriot", "mixed-40", with_figures(CATALOGUE, {idle: "10 km"}))
    assert np.array_equal(moved.of("leakers"), patriot.of("leakers"))


def test_a_raid_that_meets_nobody_rests_on_no_fire_unit():
    scenario = load_scenario("turkey-2019", (), known_ids(CATALOGUE))
    empty = next(x.id for x in scenario.laydowns if not x.units)
    behind = played("turkey-2019", empty, scenario.raids[0].id).uses
    assert not any(a.startswith(("radar.", "interceptor.", "fire-unit.")) for a in behind)
