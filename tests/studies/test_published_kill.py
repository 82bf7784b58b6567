"""Kill probabilities as published: a variant on the same draws and the same luck; and what a raid depends on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from ringtrue.catalogue.load import load_catalogue
from ringtrue.engagement.compile import compile_case, stage_raid, with_published_p_kill
from ringtrue.engagement.raid import play_stage
from ringtrue.geo.elevation import open_model
from ringtrue.scenario.load import load_scenario
from ringtrue.sensing.run import Run
from ringtrue.studies.engage import engage, engage_lines
from ringtrue.studies.published_kill import published_kill

if TYPE_CHECKING:
    from ringtrue.engagement.compile import Stage
    from ringtrue.studies.engage import EngageResult

CATALOGUE = load_catalogue()


def _stage(laydown: str = "both", raid: str = "mixed-40", n_draws: int = 30) -> Stage:
    return stage_raid(load_scenario("turkey-2019"), laydown, raid, Run(CATALOGUE, open_model("none"), n_draws=n_draws))


@pytest.fixture(scope="module")
def stage() -> Stage:
    return _stage()


def test_only_what_somebody_printed_is_replaced(stage: Stage) -> None:
    case = compile_case(stage)
    rival = with_published_p_kill(case, stage)
    changed = {
        (name, stage.targets[target].kind)
        for i, name in enumerate(case.interceptors)
        for c, target in enumerate(case.classes)
        if not np.array_equal(case.arrays.p_kill[:, i, c], rival.arrays.p_kill[:, i, c])
    }
    assert changed == {pair for pair in stage.p_kill_kinds if pair in stage.published}
    assert ("gem-t", "aircraft") not in changed  # an assumption of ours: nobody printed it
    assert ("gem-t", "ballistic") in changed
    i, c = case.interceptors.index("gem-t"), case.classes.index("srbm")
    drawn = rival.arrays.p_kill[:, i, c]
    assert 0.2 <= drawn.min() < drawn.max() <= 0.6
    for field in set(case.arrays._fields) - {"p_kill"}:
        assert getattr(case.arrays, field) is getattr(rival.arrays, field)


def test_the_variant_is_what_its_case_gives_and_leaves_the_raid_alone(stage: Stage) -> None:
    plain = play_stage(stage, n_replications=8)
    both = play_stage(stage, n_replications=8, published_replications=4, chunks=3)
    assert plain.as_published is None
    assert np.array_equal(plain.mean, both.mean)
    found = both.as_published
    assert found is not None
    assert found.n_replications == 4
    short = play_stage(stage, n_replications=4)
    assert np.array_equal(found.common, short.mean)  # the same luck: replications 0 to 3


def test_a_printed_figure_is_behind_the_variant_and_not_behind_the_raid_beside_it() -> None:
    result = play_stage(_stage(n_draws=4), n_replications=4, published_replications=4)
    printed = {f"interceptor.{name}.envelope.{kind}.p_kill" for name, kind in result.as_published.figures}
    assert printed
    assert printed <= result.as_published.uses
    assert not printed & result.uses
    variant = published_kill(result, CATALOGUE)
    for found in (variant.leakers, variant.leak_share, variant.p_no_leaker, variant.leakers_less_common_prior):
        assert printed <= set(found.inputs)
    assert printed <= result.all_uses


def test_better_rounds_leak_less_on_the_same_luck(stage: Stage) -> None:
    result = play_stage(stage, n_replications=20, published_replications=20)
    found = result.as_published
    assert found is not None
    prior = result.ledger.figures["assumption.kill-probability-cruise-missile"].values
    column = result.names.index("leakers_by_class/cruise-missile")
    less = found.mean[:, column] - found.common[:, column]
    assert less[prior < 0.5].mean() < 0.0  # printed: 0.85 and 0.9 for Patriot, 0.5 to 0.85 for the S-400
    assert abs(np.corrcoef(less, prior)[0, 1]) > 0.3


def test_nothing_printed_no_variant() -> None:
    scenario = load_scenario("minimal", ["laydown.one-s-400.unit.s-400-1.system=i-hawk"])
    lone = stage_raid(scenario, "one-s-400", "cruise-4", Run(CATALOGUE, open_model("none"), n_draws=3))
    result = play_stage(lone, n_replications=2, published_replications=2)
    assert result.as_published is None
    assert published_kill(result, CATALOGUE) is None


@pytest.fixture(scope="module")
def played() -> EngageResult:
    return engage(
        "turkey-2019",
        Run(CATALOGUE, open_model("none"), n_draws=40),
        laydowns=("s-400-regiment", "patriot", "neither"),
        raids=("mixed-40",),
        n_replications=5,
    )


def test_text_and_json_name_the_figures_and_who_printed_them(played: EngageResult) -> None:
    lines = engage_lines(played)
    text = " ".join(" ".join(lines).split())
    assert max(map(len, lines)) <= 80
    assert "0.2 to 0.6: gem-t against ballistic (a third party's estimate, K1)" in text
    assert "calibrated by K1 to reported episodes, so not independent of them (pac-3-mse, gem-t)" in text
    assert "none printed, the common prior stands: pac-3-mse, gem-t against aircraft, drone" in text
    assert "none is published for any S-400 missile" in text
    record = json.loads(json.dumps(played.as_json(), allow_nan=False))
    rows = {row["laydown"]: row["published_kill"] for row in record["rows"]}
    assert rows["neither"] is None
    assert rows["patriot"]["p_kill"] == [
        ["pac-3-mse", "ballistic"], ["pac-3-mse", "cruise-missile"], ["gem-t", "ballistic"],
        ["gem-t", "cruise-missile"],
    ]  # fmt: skip
    assert {f["source"] for f in record["published_figures"]} == {"K1"}
    assert all(f["who"] == "a third party's estimate" for f in record["published_figures"])


def test_share_of_assumptions_is_no_longer_one_by_decree(played: EngageResult) -> None:
    assert played.assumed_share is not None
    assert 0.0 <= played.assumed_share <= 1.0
    names = {s.name for s in played.deciding.shares}
    assert any("reaction" in name for name in names)
