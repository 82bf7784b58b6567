"""The figures named behind a number are those of its own radar, target and interceptors, and exist in the catalogue."""

from dataclasses import fields

import pytest

from ringtrue.catalogue.load import load_catalogue
from ringtrue.coverage.chain import chain_of, drawn_with_nominal, parameters_in
from ringtrue.coverage.inputs import with_inputs
from ringtrue.finding import Finding


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


@pytest.mark.parametrize("system", ["s-400", "patriot-battery"])
@pytest.mark.parametrize("target_id", ["f-16", "cruise-missile", "one-way-uav"])
def test_inputs_exist_and_belong(catalogue, audits, system, target_id):
    chain = chain_of(catalogue, system, 2, 1)
    target = drawn_with_nominal(catalogue.targets[target_id], 2, 1)
    row = with_inputs(audits[0].rows[0], chain, target)
    known = {p.id for p in (*chain.parameters, *parameters_in(catalogue.targets[target_id]))}
    known |= {p.id for p in catalogue.assumptions.values()}
    for one in fields(row):
        value = getattr(row, one.name)
        if isinstance(value, Finding):
            assert value.inputs
            assert set(value.inputs) <= known
    assert row.people_under is not None
    assert not any("reference_range" in i or "rcs" in i for i in row.seen_geometry_area_km2.inputs)
    assert f"radar.{chain.acquisition.id}.reference_range" in row.seen_area_km2.inputs
    assert f"radar.{chain.engagement.id}.reference_range" in row.engageable_area_km2.inputs
    assert f"target.{target_id}.speed" in row.engageable_area_km2.inputs
    assert not any("price" in i or "p_kill" in i for i in row.people_under.inputs)


def test_two_radars_are_kept_apart(catalogue, audits):
    chain = chain_of(catalogue, "s-400", 2, 1)
    row = with_inputs(audits[0].rows[0], chain, drawn_with_nominal(catalogue.targets["f-16"], 2, 1))
    assert not any(chain.engagement.id in i for i in row.seen_area_km2.inputs)
    # the search radar cues the engagement radar, so its figures stand behind the track; its own come first
    assert chain.engagement.id in row.tracked_area_km2.inputs[0]
    assert any(chain.acquisition.id in i for i in row.tracked_area_km2.inputs)
