"""The figures named behind a number are those of its own radar, target and interceptors, and exist in the catalogue."""

from dataclasses import fields

import pytest

from ringtrue.catalogue.load import load_catalogue, parameters_of
from ringtrue.finding import Finding
from ringtrue.sensing.chain import find_system, parameters_in


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


def _chain_figures(catalogue, system_id):
    system, fit = find_system(catalogue, system_id)
    unit = catalogue.fire_units[system.fire_unit]
    radars = [catalogue.radars[i] for i in (unit.acquisition_radar, unit.engagement_radar) if i]
    rounds = [catalogue.interceptors[i] for i in unit.fits[fit]]
    return unit, {p.id for p in parameters_in((system, unit, *radars, *rounds))}


def test_inputs_exist_and_belong(catalogue, audits):
    everything = {p.id for p in parameters_of(catalogue)}
    assumptions = {p.id for p in catalogue.assumptions.values()}
    for audit in (a for a in audits if a.system_id in catalogue.systems):
        unit, own = _chain_figures(catalogue, audit.system_id)
        for row in (*audit.rows, *audit.footprints):
            known = own | {p.id for p in parameters_in(catalogue.targets[row.target])} | assumptions
            for one in fields(row):
                value = getattr(row, one.name)
                if isinstance(value, Finding) and value.high > 0.0:
                    assert value.inputs, one.name
                    assert set(value.inputs) <= known & everything
            if row in audit.footprints or row.seen_area_km2 is None:
                continue
            search, fire = unit.acquisition_radar or unit.engagement_radar, unit.engagement_radar
            assert not any("reference_range" in i or ".rcs" in i for i in row.seen_geometry_area_km2.inputs)
            assert f"radar.{search}.reference_range" in row.seen_area_km2.inputs
            assert f"radar.{fire}.reference_range" in row.engageable_area_km2.inputs
            assert f"target.{row.target}.speed" in row.engageable_area_km2.inputs
            assert not any("price" in i or "p_kill" in i for i in row.engageable_area_km2.inputs)
            if search != fire:
                assert not any(i.startswith(f"radar.{fire}.") for i in row.seen_area_km2.inputs)
                # the search radar cues the engagement radar, so its figures stand behind the track
                assert any(i.startswith(f"radar.{search}.") for i in row.tracked_area_km2.inputs)
