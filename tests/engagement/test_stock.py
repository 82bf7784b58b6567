"""Magazines open and close with the raid: what is left is what was there less what was fired."""

from __future__ import annotations

import numpy as np
import pytest
from tests.engagement.test_raid_properties import small_raid

from ringtrue.catalogue.load import load_catalogue
from ringtrue.engagement.raid import run_raid
from ringtrue.engagement.simulate import simulate
from ringtrue.errors import DomainError
from ringtrue.geo.elevation import open_model
from ringtrue.scenario.load import load_scenario
from ringtrue.sensing.run import Run

WITH_STOCK = {"launcher_rounds": 3, "reload_stock": 4, "launcher_reload_s": 30.0}


def held(case):
    """Rounds of each unit and interceptor when all is full, (draw, unit, interceptor)."""
    a = case.arrays
    full = np.repeat(a.reload_stock[None], case.n_draws, axis=0)
    for m in range(a.launcher_unit.size):
        full[:, a.launcher_unit[m], a.launcher_round[m]] += a.launcher_rounds[:, m]
    return full


def fired(outcome):
    """Rounds that each unit fired, (draw, replication, unit)."""
    return np.stack([outcome.count(f"rounds_by_unit/{unit}") for unit in outcome.case.units], axis=-1)


@pytest.mark.parametrize("changes", [{}, WITH_STOCK, {"launcher_rounds": 1}])
def test_what_is_left_is_what_was_there_less_what_was_fired(changes):
    case = small_raid(**changes)
    outcome = simulate(case, seed=4, n_replications=80)
    assert fired(outcome).sum() > 0
    assert (outcome.closing_rounds.sum(axis=-1) == held(case).sum(axis=-1)[:, None] - fired(outcome)).all()
    assert outcome.closing_rounds.min() >= 0


@pytest.mark.parametrize("changes", [{}, WITH_STOCK])
def test_opening_full_is_opening_as_the_file_says(changes):
    case = small_raid(**changes)
    plain = simulate(case, seed=4, n_replications=80)
    opened = simulate(case, seed=4, n_replications=80, opening_rounds=held(case)[:, None])
    for name in ("counts", "first_fire_s", "busy_channel_s", "closing_rounds"):
        assert getattr(plain, name).tobytes() == getattr(opened, name).tobytes(), name


def test_a_second_raid_opens_with_what_the_first_one_left_and_fires_no_more_than_that():
    case = small_raid(**WITH_STOCK)
    first = simulate(case, seed=4, n_replications=80)
    second = simulate(case, seed=4, n_replications=80, opening_rounds=first.closing_rounds)
    assert (fired(second) <= first.closing_rounds.sum(axis=-1)).all()
    assert second.count("leakers").mean() > first.count("leakers").mean()
    empty = simulate(case, seed=4, n_replications=8, opening_rounds=np.zeros((1, 1, 2, 1), dtype=int))
    assert (empty.count("leakers") == 12).all()
    assert (empty.count("leakers_without_a_round_left") + empty.count("leakers_never_in_reach") == 12).all()


def test_launchers_are_filled_before_the_stock_behind_them():
    """Three rounds on one launcher of three: none waits behind it, so none is reloaded and a fourth is never fired."""
    case = small_raid(**WITH_STOCK)
    outcome = simulate(case, seed=4, n_replications=40, opening_rounds=np.full((1, 1, 2, 1), 3))
    assert fired(outcome).max() == 3


@pytest.mark.parametrize(
    ("opening", "words"),
    [
        (np.zeros((3, 1, 2, 1), dtype=int), "shape (3, 1, 2, 1) does not fit (2, 5, 2, 1)"),
        (np.zeros((2, 1), dtype=int), "shape (2, 1) does not fit"),
        (np.full((1, 1, 2, 1), -1), "-1 is below 0"),
    ],
)
def test_bad_opening_rounds_are_refused(opening, words):
    with pytest.raises(DomainError) as error:
        simulate(small_raid(), seed=1, n_replications=5, opening_rounds=opening)
    assert words in str(error.value)


def test_nights_of_a_scenario_hand_on_what_is_left():
    run = Run(load_catalogue(), open_model("none"), n_draws=3)
    scenario = load_scenario("minimal")
    laydown, raid = scenario.laydowns[0].id, scenario.raids[0].id
    first = run_raid(scenario, laydown, raid, run, n_replications=6)
    again = run_raid(scenario, laydown, raid, run, n_replications=6, opening_rounds=first.closing_rounds, chunks=2)
    spent = first.closing_rounds.astype(int) - again.closing_rounds
    assert first.to_xarray()["closing_rounds"].dims == ("draw", "replication", "unit", "interceptor")
    assert spent.min() >= 0
    assert spent.sum() == again.by_replication["rounds_fired"].sum()
    with pytest.raises(DomainError, match="never end"):
        run_raid(scenario, laydown, raid, run, opening_rounds=first.closing_rounds, endless_magazines=True)
