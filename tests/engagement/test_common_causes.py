"""A common cause is drawn for each system and wave: more units of one system do not help, another system does."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from ringtrue.catalogue.load import load_catalogue
from ringtrue.engagement.answers import common_cause_share, leak_share
from ringtrue.engagement.case import raid_case
from ringtrue.engagement.compile import compile_case, stage_raid
from ringtrue.engagement.raid import run_raid
from ringtrue.engagement.simulate import simulate
from ringtrue.errors import InputError
from ringtrue.geo.elevation import open_model
from ringtrue.scenario.draw import split_quantile
from ringtrue.scenario.load import parse_scenario
from ringtrue.sensing.run import Run

CATALOGUE = load_catalogue()
BARE = open_model("none")
P = 0.3
N = 20_000


def at_rest(systems=("a",), waves=("w",) * 6, *, p_kill=1.0, p_common=P, **more):
    """Targets that hang before units with rounds enough: what leaks, leaks by a common cause or a missed shot."""
    n_u, n_j = len(systems), len(waves)
    values = {
        "n_draws": 1,
        "units": [f"unit-{u}" for u in range(n_u)],
        "radars": [f"radar-{u}" for u in range(n_u)],
        "interceptors": ["round"],
        "classes": ["target"],
        "targets": [f"{wave}/{j}" for j, wave in enumerate(waves)],
        "time_s": [0.0, 1e6],
        "slant_range_m": 1000.0,
        "p_detect": np.ones((n_u, n_j, 1)),
        "p_kill": p_kill,
        "p_common": p_common,
        "envelope": [0.0, 2000.0, 0.0, 1e5],
        "flight_range_m": [[0.0, 1000.0]],
        "flight_s": [0.0, 1.0],
        "launcher_unit": np.arange(n_u),
        "launcher_round": np.zeros(n_u, dtype=np.int64),
        "launcher_rounds": 10_000,
        "channels": 64,
        "max_shots": 4,
        "systems": systems,
        "waves": waves,
    }
    return raid_case(**(values | more))


def leaks(case, seed=1):
    outcome = simulate(case, seed=seed, n_replications=N)
    return outcome.count("leakers")[0], outcome.count("leakers_by_a_common_cause")[0]


def agree(share: float, expected: float) -> bool:
    """Whether a share of N raids lies within five standard errors of what it should be."""
    return bool(abs(share - expected) <= 5.0 * (expected * (1.0 - expected) / N) ** 0.5)


@pytest.mark.parametrize("systems", [("a",), ("a", "a"), ("a", "a", "a", "a")])
def test_units_of_one_system_fail_together_however_many_they_are(systems):
    leakers, by_cause = leaks(at_rest(systems))
    assert set(np.unique(leakers)) == {0, 6}, "the whole wave or nothing"
    assert agree((leakers > 0).mean(), P)
    assert (by_cause == leakers).all()


@pytest.mark.parametrize(("systems", "power"), [(("a", "b"), 2), (("a", "b", "c"), 3), (("a", "b", "a", "b"), 2)])
def test_systems_fail_independently_of_each_other(systems, power):
    leakers, by_cause = leaks(at_rest(systems))
    assert agree((leakers == 6).mean(), P**power)
    assert set(np.unique(leakers)) == {0, 6}
    assert (by_cause == leakers).all()


def test_waves_fail_independently_of_each_other():
    leakers, _ = leaks(at_rest(waves=("w", "w", "w", "v", "v", "v")))
    shares = [(leakers == n).mean() for n in (0, 3, 6)]
    assert all(agree(s, e) for s, e in zip(shares, ((1 - P) ** 2, 2 * P * (1 - P), P**2), strict=True))


def test_the_luck_hangs_on_the_names_alone():
    """Neither the order of targets and units, nor a further unit or wave, changes what a common cause lets through."""
    plain = leaks(at_rest(("a",), ("w", "v", "w")))[0]
    turned = leaks(at_rest(("a",), ("v", "w", "w")))[0]
    assert (plain == turned).all()
    assert (leaks(at_rest(("a", "a"), ("w", "v", "w")))[0] == plain).all()
    two = leaks(at_rest(("a", "b"), ("w", "v", "w")))[0]
    assert (two <= plain).all()
    assert (two < plain).any()
    assert (leaks(at_rest(("b", "a"), ("w", "v", "w")))[0] == two).all()
    assert (leaks(at_rest(("c",), ("w", "v", "w")))[0] != plain).any()


def test_what_a_common_cause_lets_through_is_told_apart_from_missed_shots():
    """One system, p 0.5 a shot, four shots: a sound wave leaks 0.5^4 shot at in vain, a spoiled one leaks by cause."""
    outcome = simulate(at_rest(p_kill=0.5), seed=2, n_replications=N)
    causes = ("leakers_by_a_common_cause", "leakers_shot_at_in_vain")
    by_cause, in_vain = (outcome.count(name)[0] for name in causes)
    assert (outcome.count("leakers")[0] == by_cause + in_vain).all()
    assert not (by_cause.astype(bool) & in_vain.astype(bool)).any(), "one wave, one system: one or the other"
    assert agree((by_cause == 6).mean(), P)
    assert agree((in_vain > 0).mean(), (1 - P) * (1 - binom.pmf(0, 6, 0.5**4)))


def test_a_round_of_a_sound_system_makes_it_no_common_cause():
    """Two systems that never hit: both spoiled in P^2 of the raids, else some sound round missed."""
    leakers, by_cause = leaks(at_rest(("a", "b"), p_kill=0.0))
    assert (leakers == 6).all()
    assert agree((by_cause == 6).mean(), P**2)


def test_names_must_fit_the_units_and_targets():
    with pytest.raises(InputError, match="systems: 2 names do not fit 1; give one for each"):
        at_rest(("a", "b"), units=["unit"], radars=["radar"], launcher_unit=[0], launcher_round=[0], p_detect=1.0)


POINT_DEFENCE = """
title = "four systems beside one town"
[[place]]
id = "p"
name = "P"
at = [39.92, 32.85]
azimuth = "135 deg"
[[asset]]
uid = "town"
name = "Town"
at = [39.93, 32.86]
{laydowns}
[[raid]]
id = "drones"
title = "drones"
[[raid.wave]]
uid = "drones"
target = "one-way-uav"
count = {count}
spacing = "10 s"
aim = ["town"]
bearing = "135 deg"
start_distance = "120 km"
height = "500 m"
[study]
question = "?"
"""
SYSTEMS = ("s-400-tr:48n6e3", "patriot-battery", "nasams", "iris-t-slm")


def point_defence(*systems: str, count: int = 24):
    units = "".join(
        f'[[laydown.unit]]\nuid = "u{k}"\nsystem = "{system}"\nplace = "p"\n' for k, system in enumerate(systems)
    )
    text = POINT_DEFENCE.format(count=count, laydowns=f'[[laydown]]\nid = "all"\ntitle = "all"\n{units}')
    return parse_scenario(text, "point-defence")


def played(*systems: str, count: int = 24):
    return run_raid(
        point_defence(*systems, count=count), "all", "drones", Run(CATALOGUE, BARE, n_draws=200), n_replications=50
    )


def test_four_systems_leave_common_causes_next_to_nothing():
    """Six units of four systems: common causes alone let through less than one in a hundred, over draws and luck."""
    result = played(*SYSTEMS, "s-400-tr:48n6e3", "patriot-battery:pac-3-mse")
    assert result.of("leakers_by_a_common_cause").mean() / 24 <= 0.01
    assert common_cause_share(result).finding.high <= 0.01
    assert leak_share(result).finding.median <= 0.01


def test_one_system_lets_through_what_its_common_cause_holds():
    """So few targets that each is shot at: the mean of the assumed chance over draws, with one unit as with two."""
    one, two = played("patriot-battery", count=4), played("patriot-battery", "patriot-battery", count=4)
    p = one.ledger.figures["assumption.common-mode"].values.mean()
    for result in (one, two):
        shares = result.of("leakers_by_a_common_cause") / 4
        error = shares.std(ddof=1) / shares.size**0.5
        assert abs(shares.mean() - p) <= 5.0 * error
    # a split triangle in logarithms, half its mass on either side of 0.02: its mean by its quantiles
    q = (np.arange(100_000) + 0.5) / 100_000
    assert p == pytest.approx(np.exp(split_quantile(q, *np.log([0.002, 0.02, 0.1]))).mean(), rel=0.02)


def test_fire_units_around_one_radar_are_one_system():
    """Two fits of Patriot share the engagement radar and so the fault; S-400 and NASAMS share nothing."""
    scenario = point_defence("patriot-battery:pac-3-mse", "patriot-battery:gem-t", "patriot-2018", "nasams")
    case = compile_case(stage_raid(scenario, "all", "drones", Run(CATALOGUE, BARE, n_draws=1)))
    assert case.arrays.unit_system.tolist() == [0, 0, 0, 1]
    assert set(case.arrays.target_wave.tolist()) == {0}


@pytest.mark.parametrize("works", [0.0, 1.0])
def test_a_unit_works_as_often_as_the_doctrine_says(works):
    """With no unit at work every target gets through; with all of them nothing differs from a file that is silent."""
    unit = '[[laydown]]\nid = "all"\ntitle = "all"\n[[laydown.unit]]\nuid = "u"\nsystem = "nasams"\nplace = "p"\n'
    silent = POINT_DEFENCE.format(count=4, laydowns=unit)
    assert "[doctrine]" not in silent
    leaked = []
    for text in (silent, silent + f'\n[doctrine]\navailable = "{100.0 * works:g} %"\n'):
        stage = stage_raid(parse_scenario(text, "t.toml"), "all", "drones", Run(CATALOGUE, BARE, n_draws=4))
        leaked.append(simulate(compile_case(stage), seed=1, n_replications=50).count("leakers").mean(axis=1))
    assert leaked[0].mean() < 4.0
    assert leaked[1].tolist() == (leaked[0].tolist() if works else [4.0] * 4)
