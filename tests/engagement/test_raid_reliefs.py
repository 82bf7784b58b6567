"""Terrain doubt in the raid: which ground each draw lives on, and what it does to sight."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from ringtrue.catalogue.load import load_catalogue
from ringtrue.engagement.compile import compile_case, stage_raid
from ringtrue.engagement.raid import play_stage
from ringtrue.finding import DRAWS
from ringtrue.geo.elevation import open_model
from ringtrue.scenario.load import load_scenario
from ringtrue.sensing.run import Run

if TYPE_CHECKING:
    from ringtrue.engagement.compile import Stage

CATALOGUE = load_catalogue()
N_RELIEFS, N_DRAWS = 3, 8


def _stage(n_reliefs: int, dem: str | None = None, n_draws: int = N_DRAWS) -> Stage:
    return stage_raid(
        load_scenario("minimal", ["laydown.one-s-400.unit.s-400-1.system=i-hawk"]),
        "one-s-400",
        "cruise-4",
        Run(CATALOGUE, open_model(dem), n_draws=n_draws),
        n_reliefs=n_reliefs,
    )


@pytest.fixture(scope="module", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory):
    patch = pytest.MonkeyPatch()
    patch.setenv("RINGTRUE_CACHE", str(tmp_path_factory.mktemp("cache")))
    yield
    patch.undo()


@pytest.fixture(scope="module")
def doubted() -> Stage:
    return _stage(N_RELIEFS)


def test_draws_share_the_reliefs_and_never_take_the_model_itself(doubted: Stage) -> None:
    assert doubted.relief.tolist() == [1, 3, 1, 3, 1, 3, 1, 2, 0]  # the nominal case lives on the model
    assert [v.is_seen.shape[0] for pair in doubted.views for v in pair] == [N_RELIEFS + 1] * 2


def test_relief_zero_is_the_raid_without_doubt(doubted: Stage) -> None:
    plain = _stage(0)
    assert np.array_equal(doubted.views[0][0].is_seen[0], plain.views[0][0].is_seen[0])
    on_model = replace(doubted, relief=np.zeros(N_DRAWS + 1, dtype=np.int64))
    one, two = compile_case(on_model).arrays, compile_case(plain).arrays
    for name in one._fields:
        assert np.array_equal(getattr(one, name), getattr(two, name)), name


def test_each_draw_sees_and_guides_over_its_own_ground(doubted: Stage) -> None:
    arrays = compile_case(doubted).arrays
    view = doubted.views[0][-1]
    assert arrays.guide_sight.shape[0] == N_DRAWS
    for d, relief in enumerate(doubted.relief[DRAWS]):
        assert np.array_equal(arrays.guide_sight[d, 0].astype(bool), view.is_seen[relief])
    assert any(not np.array_equal(view.is_seen[1], view.is_seen[r]) for r in (2, 3))
    starts = arrays.search_s[:, 0, 0, 0] - doubted.paths.time_s[DRAWS, 0, 0]
    assert np.unique(np.round(starts, 3)).size > 1


def test_no_track_before_the_ground_of_the_draw_leaves_sight(doubted: Stage) -> None:
    """Two looks at the least stand between coming into view and the first confirmation."""
    arrays, view = compile_case(doubted).arrays, doubted.views[0][0]
    radar, n_tracked = doubted.radars[0][0], 0
    for d, relief in enumerate(doubted.relief[DRAWS]):
        first = int(np.argmax(view.clearance_m[relief, 0] >= 0.0))
        in_view_s = doubted.paths.time_s[d, 0, max(first - 1, 0)]
        if arrays.search_p[d, 0, 0] == 0.0:
            continue
        n_tracked += 1
        assert arrays.search_s[d, 0, 0, 0] >= in_view_s + radar.scan_period_s[d]
    assert n_tracked > 0


def test_slices_of_the_draws_change_no_bit(doubted: Stage) -> None:
    whole = play_stage(doubted, n_replications=6)
    parts = play_stage(doubted, n_replications=6, chunks=4)
    assert np.array_equal(whole.mean, parts.mean)


def test_a_target_aims_at_an_asset_or_at_a_unit_and_never_at_both() -> None:
    scenario = load_scenario("minimal", ['raid.cruise-4.aim=["s-400-1","ankara-city"]'])
    case = compile_case(stage_raid(scenario, "one-s-400", "cruise-4", Run(CATALOGUE, open_model("none"), n_draws=2)))
    assert case.assets[0] == "ankara-city"
    assert case.arrays.aim_unit.tolist() == [0, -1, 0, -1]
    assert case.arrays.aim_asset.tolist() == [-1, 0, -1, 0]
    assert case.is_hostile.all()


def test_bare_earth_and_the_nominal_case_have_no_doubt() -> None:
    assert _stage(N_RELIEFS, "none").relief.tolist() == [0] * (N_DRAWS + 1)
    nominal = stage_raid(
        load_scenario("minimal"), "one-s-400", "cruise-4", Run(CATALOGUE, open_model("none"), n_draws=5),
        nominal=True, n_reliefs=3,
    )  # fmt: skip
    assert nominal.relief.tolist() == [0, 0]


def test_what_keeps_its_altitude_stays_there_on_every_ground() -> None:
    stage = stage_raid(
        load_scenario("turkey-2019"), "one-patriot", "mixed-40", Run(CATALOGUE, open_model("none"), n_draws=2)
    )
    by_class = {f.target: bool(x) for f, x in zip(stage.flights, stage.paths.follows_ground, strict=True)}
    assert by_class == {
        "one-way-uav": True, "cruise-missile": True, "su-35": False, "srbm": False, "f-16": False,
    }  # fmt: skip
