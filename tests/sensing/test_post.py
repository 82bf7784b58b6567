"""One recipe puts a fire unit on the ground for audit, comparison, exposure, relocation and raid."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ringtrue.catalogue.load import load_catalogue
from ringtrue.coverage.audit import audit
from ringtrue.coverage.records import AuditQuestion
from ringtrue.engagement.compile import stage_raid
from ringtrue.geo.elevation import open_model
from ringtrue.scenario.draw import quantile
from ringtrue.scenario.load import load_scenario
from ringtrue.sensing import post as module
from ringtrue.sensing.grounds import numbers_of_grounds
from ringtrue.sensing.post import AUDIT_RELIEFS, FEW_RELIEFS, STUDY_RELIEFS, post_at
from ringtrue.sensing.run import Run
from ringtrue.studies import exposure, relocation
from ringtrue.studies.compare_coverage import CoverageSetting, cells_with_assets, sites_of

CATALOGUE = load_catalogue()
BARE = open_model("none")
K, N_DRAWS = 1.3, 12
PLACE = (40.0789, 32.5656)


@pytest.fixture
def looks(monkeypatch) -> list[tuple[float, ...]]:
    """Nominal mast, k and reach of every look at the ground."""
    found: list[tuple[float, ...]] = []
    whole = module.polar_sight

    def polar_sight(*args, antenna_height_m, k_factor, reach_m, **more):
        found.append((float(antenna_height_m[0]), k_factor, reach_m))
        return whole(*args, antenna_height_m=antenna_height_m, k_factor=k_factor, reach_m=reach_m, **more)

    monkeypatch.setattr(module, "polar_sight", polar_sight)
    return found


def _scenario(name: str, laydown_id: str, mast_m: float | None):
    """One unit of a laydown at the place, in weather of one k."""
    scenario = load_scenario(name)
    k = replace(CATALOGUE.assumptions["k-standard"], low=K, nominal=K, high=K)
    laydown = scenario.laydown(laydown_id)
    unit = replace(
        laydown.units[0], system="s-400", fit=None, latitude_deg=PLACE[0], longitude_deg=PLACE[1], mast_height_m=mast_m
    )
    return replace(
        scenario,
        laydowns=(replace(laydown, units=(unit,)),),
        environment=replace(scenario.environment, k_factor=k),
    )


def _audit(run: Run, mast_m: float | None) -> None:
    asked = AuditQuestion("s-400", *PLACE, ("f-16",), (500.0,), (), mast_m=mast_m if mast_m else 25.0, k_factor=K)
    audit(asked, run)


def _comparison(run: Run, mast_m: float | None) -> None:
    scenario = _scenario("turkey-2019", "one-s-400", mast_m)
    sites_of(CoverageSetting(scenario, run, cells_with_assets(scenario.area, scenario.assets)), scenario.laydowns)


def _exposure(run: Run, mast_m: float | None) -> None:
    scenario = _scenario("exposure-anatolia", load_scenario("exposure-anatolia").laydowns[0].id, mast_m)
    exposure._stand(scenario, run, scenario.laydowns[0], scenario.laydowns[0].units[0])


def _relocation(run: Run, mast_m: float | None) -> None:
    scenario = _scenario("relocation", "at-ankara", mast_m)
    case = relocation._Case(scenario, run, "s-400", relocation.chain_of(run.ledger, "s-400"), {}, K)
    relocation._post(case, run.model, relocation._Site(scenario.laydowns[0], *PLACE, 1))


def _raid(run: Run, mast_m: float | None) -> None:
    stage_raid(_scenario("turkey-2019", "one-s-400", mast_m), "one-s-400", "mixed-40", run)


STUDIES = {f.__name__: f for f in (_audit, _comparison, _exposure, _relocation, _raid)}


@pytest.mark.parametrize("study", STUDIES)
def test_every_study_looks_from_the_same_masts_as_far_through_the_same_air(looks, study) -> None:
    """91N6E to 600 km and 92N6E to 400 km, the radius of the ring too; both on 25 m by the catalogue."""
    STUDIES[study](Run(CATALOGUE, BARE, n_draws=N_DRAWS), None)
    assert set(looks) == {(25.0, K, 600e3), (25.0, K, 400e3)}


@pytest.mark.parametrize("study", STUDIES)
def test_a_mast_that_is_given_holds_for_every_radar(looks, study) -> None:
    STUDIES[study](Run(CATALOGUE, BARE, n_draws=N_DRAWS), 39.0)
    assert set(looks) == {(39.0, K, 600e3), (39.0, K, 400e3)}


def test_relief_0_has_the_nominal_mast_and_each_other_that_of_its_number(looks, monkeypatch) -> None:
    radar = CATALOGUE.radars["92n6e"]
    mast = replace(radar.antenna_height_m, low=7.0, nominal=25.0, high=39.0, spread="split")
    catalogue = replace(CATALOGUE, radars={**CATALOGUE.radars, radar.id: replace(radar, antenna_height_m=mast)})
    run = Run(catalogue, BARE, n_draws=N_DRAWS)
    post = post_at(run, "s-400", *PLACE, n_reliefs=3)
    drawn_m = quantile(mast, numbers_of_grounds(mast.group or mast.id, 3, run.seed))
    more = post_at(Run(catalogue, BARE, n_draws=2 * N_DRAWS), "s-400", *PLACE, n_reliefs=5)
    assert more.fire.antenna_altitude_m[:4].tolist() == post.fire.antenna_altitude_m.tolist()
    ground_m = post.fire.site_altitude_m
    assert np.allclose(post.fire.antenna_altitude_m - ground_m, [25.0, *drawn_m])
    assert "radar.92n6e.antenna_height" in post.fire.uses
    assert "radar.92n6e.antenna_height" not in post.search.uses
    assert post.relief.tolist() == [1, 3, 1, 3, 1, 3, 1, 2, 3, 1, 3, 1, 0]


def test_one_radar_has_one_sight_and_one_role() -> None:
    run = Run(CATALOGUE, BARE, n_draws=N_DRAWS)
    alone, pair = post_at(run, "patriot-battery", *PLACE, n_reliefs=3), post_at(run, "s-400", *PLACE, n_reliefs=3)
    assert alone.search is alone.fire
    assert [role for role, _, _ in alone.roles] == ["multifunction"]
    assert [(role, radar.id) for role, radar, _ in pair.roles] == [("acquisition", "91n6e"), ("engagement", "92n6e")]


@pytest.fixture
def sweeps(monkeypatch, tmp_path) -> list[Any]:
    """The relief of every sweep, with a store of surfaces that begins empty."""
    from ringtrue.sensing import sight

    monkeypatch.setenv("RINGTRUE_CACHE", str(tmp_path))
    found: list[Any] = []
    whole = sight.ray_sight

    def ray_sight(*args, relief, **more):
        found.append(relief)
        return whole(*args, relief=relief, **more)

    monkeypatch.setattr(sight, "ray_sight", ray_sight)
    return found


def test_a_second_study_sweeps_nothing_that_another_has_swept(sweeps) -> None:
    """Other draws and fewer grounds: all surfaces are on disk, and a raid of the same unit there takes them too."""
    most = post_at(Run(CATALOGUE, open_model(None), n_draws=64), "i-hawk", *PLACE, n_reliefs=AUDIT_RELIEFS)
    n_first = len(sweeps)
    assert n_first == 1 + AUDIT_RELIEFS, "one sweep for both radars, which stand equally high and see equally far"
    run = Run(CATALOGUE, open_model(None), n_draws=40)
    for n in (STUDY_RELIEFS, FEW_RELIEFS):
        fewer = post_at(run, "i-hawk", *PLACE, n_reliefs=n)
        assert fewer.fire.needed_code.tobytes() == most.fire.needed_code[: n + 1].tobytes()
        assert fewer.search.raised_m.tobytes() == most.search.raised_m[: n + 1].tobytes()
    scenario = load_scenario("turkey-2019")
    laydown = scenario.laydown("one-s-400")
    unit = replace(laydown.units[0], system="i-hawk", fit=None, latitude_deg=PLACE[0], longitude_deg=PLACE[1])
    scenario = replace(scenario, laydowns=(replace(laydown, units=(unit,)),))
    stage_raid(scenario, laydown.id, "cruise-16", run, n_reliefs=STUDY_RELIEFS)
    assert len(sweeps) == n_first


def test_more_grounds_sweep_only_those_that_are_new(sweeps) -> None:
    post_at(Run(CATALOGUE, open_model(None), n_draws=40), "i-hawk", *PLACE, n_reliefs=FEW_RELIEFS)
    sweeps.clear()
    post_at(Run(CATALOGUE, open_model(None), n_draws=64), "i-hawk", *PLACE, n_reliefs=STUDY_RELIEFS)
    assert sorted(relief.index for relief in sweeps) == [4, 5]
