"""The face for notebooks: every study by its name, arrays with named axes, and the page of a result."""

from __future__ import annotations

import sys

import numpy as np
import pytest

import ringtrue.api as rt
from ringtrue.errors import InputError


@pytest.fixture(scope="module", autouse=True)
def own_cache(tmp_path_factory):
    patch = pytest.MonkeyPatch()
    patch.setenv("RINGTRUE_CACHE", str(tmp_path_factory.mktemp("cache")))
    yield
    patch.undo()


@pytest.fixture(scope="module")
def audited():
    question = rt.AuditQuestion(
        system_id="s-400", latitude_deg=40.0789, longitude_deg=32.5656, targets=("f-16", "srbm"), heights_m=(100.0,),
        altitudes_m=(),
    )  # fmt: skip
    return rt.audit(question, rt.Run(rt.load_catalogue(), rt.open_model("none"), n_draws=20))


def test_every_name_of_the_design_is_there() -> None:
    wanted = ["load_scenario", "draw", "audit", "engage", "compare", "exposure", "sensitivity", "claims", "report"]
    assert set(wanted) <= set(rt.__all__)
    assert all(callable(getattr(rt, name)) for name in rt.__all__)


def test_an_audit_as_arrays(audited) -> None:
    table = audited.to_xarray()
    assert table.engageable_area_km2.dims == ("row", "quantile")
    first = audited.rows[0].engageable_area_km2
    assert table.engageable_area_km2.values[0].tolist() == [first.low, first.median, first.high]
    assert table.engageable_area_km2.units == "km2"
    assert table.target.values.tolist() == ["f-16"]
    rockets = audited.to_xarray("footprints")
    assert rockets.target.values.tolist() == ["srbm"]
    assert np.isfinite(rockets.footprint_area_km2.sel(quantile=0.5)).all()


def test_a_raid_as_arrays() -> None:
    result = rt.engage("minimal", rt.Run(rt.load_catalogue(), rt.open_model("none"), n_draws=3), n_replications=4)
    assert result.to_xarray().leakers.dims == ("row", "quantile")
    table = result.draws()
    assert table.leakers.dims == ("row", "draw")
    assert table.leakers.shape == (len(result.results), 3)
    one = result.results[0].to_xarray()
    assert one["mean"].sel(count="leakers").values.tolist() == result.results[0].of("leakers").tolist()
    assert one["leakers by replication"].mean("replication").values == pytest.approx(table.leakers.values[0])


@pytest.mark.slow
def test_a_comparison_as_arrays() -> None:
    deal = rt.load_scenario("turkey-2019")
    result = rt.compare(deal, rt.Run(rt.load_catalogue(), rt.open_model("none"), n_draws=2), n_replications=2)
    table = result.to_xarray()
    assert result.draws().leakers.shape == (len(result.rows), 2)
    assert table.leakers.sel(quantile=0.5).values[0] == result.rows[0].leakers.median


def test_the_page_of_a_result(audited, tmp_path) -> None:
    path = rt.report(audited, tmp_path / "a" / "report.html")
    assert "F-16" in path.read_text(encoding="utf-8")
    with pytest.raises(InputError, match="there is no report for int"):
        rt.report(3, tmp_path / "b.html")  # type: ignore[arg-type]


def test_without_xarray_the_remedy_is_named(audited, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(InputError, match="pip install"):
        audited.to_xarray()
