"""Audit and raid know a target by one rule.

The raid's first possible intercept is the audit's engageable edge; a missile that the raid meets above the keep-out
altitude falls inside the audit's footprint, and the other way round.
"""

from __future__ import annotations

from itertools import takewhile
from typing import NamedTuple

import numpy as np
import pytest

from ringtrue.catalogue.load import load_catalogue
from ringtrue.coverage.footprint import CELL_M, FootprintAreas, footprint_areas_m2
from ringtrue.coverage.ring import Level, Place, Weather, ground_range_m, ring_arrays
from ringtrue.engagement.case import RaidCase
from ringtrue.engagement.compile import compile_case, stage_raid
from ringtrue.engagement.draw_tables import DrawTables, case_tables, prepared
from ringtrue.engagement.simulate import simulate
from ringtrue.geo import geodesy
from ringtrue.geo.elevation import open_model
from ringtrue.scenario.load import load_scenario
from ringtrue.sensing.chain import Chain, chain_of
from ringtrue.sensing.climate import site_climate
from ringtrue.sensing.ledger import Ledger
from ringtrue.sensing.looks import look_periods
from ringtrue.sensing.run import Run
from ringtrue.sensing.sight import PolarSight, polar_sight

CATALOGUE = load_catalogue()
BARE = open_model("none")
LATITUDE, LONGITUDE, AZIMUTH_DEG = 39.92, 32.85, 135
LEVELS = (Level(500.0, None), Level(None, 3000.0), Level(None, 8000.0))
N_REPLICATIONS = 1500
N_ARCS = 300
NEIGHBOURS = [(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
EDGE_STEP_M = 20.0

SCENARIO = """
title = "one unit against one target"
[[place]]
id = "p"
name = "P"
at = [{latitude}, {longitude}]
azimuth = "{azimuth} deg"
[[asset]]
uid = "a"
name = "A"
at = [{at}]
[[laydown]]
id = "l"
title = "l"
[[laydown.unit]]
uid = "u"
system = "{system}"
place = "p"
[[raid]]
id = "r"
title = "r"
[[raid.wave]]
uid = "w"
target = "{target}"
count = 1
aim = ["a"]
bearing = "{azimuth} deg"
start_distance = "{start_km} km"
{height}
[doctrine]
identification_error_hostile = "0 %"
[study]
question = "?"
targets = ["{target}"]
heights = ["50 m"]
"""


class Edge(NamedTuple):
    """What the audit says on one bearing, nominal, over bare earth [m]; nan: nowhere."""

    engageable_m: float
    seen_m: float
    look_m: float


def sights(chain: Chain) -> tuple[PolarSight, PolarSight]:
    """Sight of the search and of the engagement radar over bare earth."""
    k_factor = site_climate(CATALOGUE, LATITUDE, LONGITUDE, None).usual
    search, fire = (
        polar_sight(
            BARE, LATITUDE, LONGITUDE, antenna_height_m=radar.antenna_height_m[-1:], k_factor=k_factor,
            reach_m=float(radar.instrumented_range_m.max()),
        )
        for radar in (chain.acquisition, chain.engagement)
    )  # fmt: skip
    return search, fire


def audit_edge(system: str, target_id: str, level: Level) -> Edge:
    """Greatest ground range of an intercept, and of the search radar's sight, on one azimuth."""
    ledger = Ledger(CATALOGUE, 1, 1)
    chain, target = chain_of(ledger, system), ledger.record(CATALOGUE.targets[target_id])
    search, fire = sights(chain)
    marks_m = np.arange(0.0, fire.reach_m, EDGE_STEP_M)
    nobody = np.zeros((360, int(fire.reach_m / 1000.0) + 2))
    place = Place(1000.0, nobody, nobody[None][:0], np.full(marks_m.size, AZIMUTH_DEG), marks_m)
    found = ring_arrays(
        chain, target, level, search=search, fire=fire, relief=np.zeros(2, dtype=np.int64), place=place,
        heading="inbound", azimuth_rad=None, weather=Weather(), speed_doubt=np.zeros(2),
    )  # fmt: skip
    reached = found.city_reached[-1]
    seen_m = float(np.sqrt(2.0 * found.by_azimuth_m2["seen"][-1, AZIMUTH_DEG] / np.radians(1.0)))
    periods = look_periods(chain.engagement)
    own_s = periods.search_s if chain.acquisition.id == chain.engagement.id else periods.cued_s
    look_s = max(float(look_periods(chain.acquisition).search_s[-1]), float(own_s[-1]))
    return Edge(
        float(marks_m[reached].max()) if reached.any() else np.nan, seen_m, look_s * float(target.speed_mps[-1])
    )


def first_intercept_m(folder, system: str, target_id: str, level: Level, start_m: float) -> float:
    """Ground range of the farthest intercept of a launch at the median of the raid's first fire, or later."""
    height = f'altitude = "{level.altitude_m:g} m"' if level.height_m is None else f'height = "{level.height_m:g} m"'
    path = folder / "one.toml"
    path.write_text(
        SCENARIO.format(
            latitude=LATITUDE, longitude=LONGITUDE, azimuth=AZIMUTH_DEG, system=system, target=target_id,
            start_km=f"{start_m / 1000.0:.3f}", height=height, at=f"{LATITUDE}, {LONGITUDE}",
        )
    )  # fmt: skip
    stage = stage_raid(load_scenario(str(path)), "l", "r", Run(CATALOGUE, BARE, n_draws=1), nominal=True)
    case = compile_case(stage)
    fire_s = simulate(case, seed=1, n_replications=N_REPLICATIONS).first_fire_s[0]
    from_s = float(np.median(np.where(np.isnan(fire_s), np.inf, fire_s)))
    tables, farthest_m = prepared(case_tables(case), 0), np.nan
    antenna_m = stage_antenna_m(stage)
    for i in range(len(case.interceptors)):
        windows, launch_s = launches_of(case, tables, i)
        launches = [max(opens, from_s) for opens, closes in windows if max(opens, from_s) <= closes]
        if launches:
            meets_s = np.interp(launches[0], launch_s, tables.time_s[0])
            slant_m = np.interp(meets_s, tables.time_s[0], case.arrays.slant_range_m[0, 0])
            altitude_m = float(np.interp(meets_s, tables.time_s[0], case.arrays.altitude_m[0]))
            farthest_m = np.fmax(farthest_m, float(ground_range_m(slant_m, antenna_m, altitude_m)))
    return float(farthest_m)


def stage_antenna_m(stage) -> float:
    """Altitude of the engagement radar's antenna [m]."""
    radar = CATALOGUE.radars[CATALOGUE.fire_units[stage.units[0].id].engagement_radar]
    ground_m = float(BARE.sample(np.array(LATITUDE), np.array(LONGITUDE)))
    return ground_m + radar.antenna_height_m.nominal


def assert_one_answer(folder, system: str, target_id: str, level: Level) -> None:
    """Within the larger of one look's flight, 1 % of the range and 300 m, from two far starts; nowhere counts as 0 m.

    Right overhead the two may part by that much: the audit lets slant ranges close at the target's full speed, so where
    the raid meets an F-35 at 8 km within 300 m of the launcher, the audit may know it too late.
    """
    edge = audit_edge(system, target_id, level)
    edge_m = float(np.nan_to_num(edge.engageable_m))
    far_m = max(1.5 * max(edge.seen_m, edge_m), 60e3)
    allowed_m = max(edge.look_m, 0.01 * edge_m, 300.0)
    for start_m in (far_m, 1.7 * far_m):
        met_m = float(np.nan_to_num(first_intercept_m(folder, system, target_id, level, start_m)))
        assert met_m == pytest.approx(edge_m, abs=allowed_m), (system, target_id, level)


@pytest.mark.parametrize(
    ("system", "target_id", "level"),
    [
        ("patriot-battery", "one-way-uav", LEVELS[1]),
        ("s-400", "f-16", LEVELS[0]),
        ("s-300pmu2", "bomber", LEVELS[0]),
        ("i-hawk", "one-way-uav", LEVELS[2]),
        ("nasams", "f-35", LEVELS[2]),
    ],
)
def test_the_raid_meets_a_target_where_the_audit_says(tmp_path, system, target_id, level):
    assert_one_answer(tmp_path, system, target_id, level)


@pytest.mark.slow
@pytest.mark.parametrize("system", sorted(CATALOGUE.systems))
def test_every_system_and_class_has_one_edge(tmp_path, system):
    flying = [name for name, target in CATALOGUE.targets.items() if target.kind != "ballistic"]
    for target_id in flying:
        for level in LEVELS:
            assert_one_answer(tmp_path, system, target_id, level)


class Launches(NamedTuple):
    """Launch windows [s] of the one unit at the one target, and the launch time that meets each sample of its path."""

    windows: list[tuple[float, float]]
    launch_s: np.ndarray


def launches_of(case: RaidCase, tables: DrawTables, interceptor: int) -> Launches:
    """Return the launches of an interceptor before any radar turns; behind the windows stands one that never opens."""
    row = tables.launch_s.shape[0] - case.arrays.guide_sight.shape[1]
    windows = takewhile(lambda window: np.isfinite(window[0]), tables.window[row, 0, interceptor])
    return Launches([(float(a), float(b)) for a, b in windows], tables.launch_s[row, 0, interceptor])


def footprint_of(system: str, target_id: str) -> FootprintAreas:
    """What the audit says of one class, nominal, over bare earth."""
    ledger = Ledger(CATALOGUE, 1, 1)
    chain = chain_of(ledger, system)
    return footprint_areas_m2(chain, ledger.record(CATALOGUE.targets[target_id]), *sights(chain), np.zeros(2))


def arc_is_met(folder, system: str, target_id: str, across_m: float, along_m: float) -> bool:
    """Whether the raid's first possible intercept of a missile from the north at that place is high enough to help."""
    aim = geodesy.direct(LATITUDE, LONGITUDE, np.arctan2(across_m, along_m), np.hypot(across_m, along_m))
    path = folder / "arc.toml"
    path.write_text(
        SCENARIO.format(
            latitude=LATITUDE, longitude=LONGITUDE, azimuth=0, system=system, target=target_id, height="",
            start_km=f"{CATALOGUE.targets[target_id].range_m.nominal / 1000.0:.3f}",
            at=f"{float(aim.latitude_deg)!r}, {float(aim.longitude_deg)!r}",
        )
    )  # fmt: skip
    case = compile_case(stage_raid(load_scenario(str(path)), "l", "r", Run(CATALOGUE, BARE, n_draws=1), nominal=True))
    fire_s = simulate(case, seed=1, n_replications=N_ARCS).first_fire_s[0]
    from_s = float(np.median(np.where(np.isnan(fire_s), np.inf, fire_s)))
    tables = prepared(case_tables(case), 0)
    highest_m = -1.0
    for i in range(len(case.interceptors)):
        windows, launch_s = launches_of(case, tables, i)
        for opens, closes in windows:
            if max(opens, from_s) <= closes:
                meets_s = np.interp(max(opens, from_s), launch_s, tables.time_s[0])
                highest_m = max(highest_m, float(np.interp(meets_s, tables.time_s[0], case.arrays.altitude_m[0])))
    return highest_m >= CATALOGUE.assumptions["keep-out-altitude"].nominal


def assert_one_footprint(folder, system: str, target_id: str, every: int) -> None:
    """Every place inside the footprint, one cell from its edge or farther, is defended in the raid, none outside."""
    met = footprint_of(system, target_id).nominal_met
    n = met.shape[0] - 1
    whole = np.pad(np.vstack([met[:0:-1], met]), 1)
    around = np.array([whole[1 + i : whole.shape[0] - 1 + i, 1 + j : whole.shape[1] - 1 + j] for i, j in NEIGHBOURS])
    inside, near = around.all(axis=0)[n:], around.any(axis=0)[n:]
    if met.any():
        assert inside.any()
    for across in range(0, n + 1, every):
        for along in range(-n, n + 1, every):
            if inside[across, along + n] == near[across, along + n]:
                is_met = arc_is_met(folder, system, target_id, across * CELL_M, along * CELL_M)
                assert is_met == inside[across, along + n], (system, target_id, across, along)


@pytest.mark.parametrize(
    ("system", "target_id"),
    [("patriot-battery", "srbm"), ("s-400", "scud-b"), ("samp-t", "fateh-110"), ("s-300pmu2", "atacms")],
)
def test_the_raid_meets_a_missile_that_falls_where_the_audit_says(tmp_path, system, target_id):
    assert_one_footprint(tmp_path, system, target_id, every=4)


@pytest.mark.slow
@pytest.mark.parametrize("system", sorted(CATALOGUE.systems))
def test_every_system_and_ballistic_class_has_one_footprint(tmp_path, system):
    for target_id in (name for name, target in CATALOGUE.targets.items() if target.kind == "ballistic"):
        assert_one_footprint(tmp_path, system, target_id, every=2)
