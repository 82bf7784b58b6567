"""The words of the audit on a smooth earth, where every answer has a closed form beside it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ringtrue.catalogue.load import load_catalogue
from ringtrue.coverage.audit import audit
from ringtrue.coverage.output import audit_json
from ringtrue.coverage.records import AuditQuestion
from ringtrue.geo.elevation import open_model
from ringtrue.geo.refraction import horizon_range_m, minimum_visible_height_m
from ringtrue.sensing.run import Run

MURTED = (40.0789, 32.5656)
SUMMIT = (40.75, 39.72)


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


@pytest.fixture(scope="module", autouse=True)
def own_cache(tmp_path_factory):
    patch = pytest.MonkeyPatch()
    patch.setenv("RINGTRUE_CACHE", str(tmp_path_factory.mktemp("cache")))
    yield
    patch.undo()


def question(**changes) -> AuditQuestion:
    base = AuditQuestion(
        system_id="s-400", latitude_deg=MURTED[0], longitude_deg=MURTED[1], targets=("f-16",), heights_m=(50.0,),
        altitudes_m=(), mast_m=25.0, k_factor=4.0 / 3.0,
    )  # fmt: skip
    return replace(base, **changes)


def ask(catalogue, dem="none", n_draws=40, threads=None, **changes):
    return audit(question(**changes), Run(catalogue, open_model(dem), n_draws=n_draws, threads=threads))


def test_a_low_flyer_is_seen_in_some_one_percent_of_the_ring(catalogue) -> None:
    """1.55 % lie inside the horizon; two of three turns of the antenna cost the outer kilometres."""
    row = ask(catalogue).rows[0]
    horizon_m = float(horizon_range_m(25.0, 50.0))
    # 360 azimuths of one closed form: what remains is the linear crossing inside a step of 1 km
    assert row.seen_geometry_area_km2.median == pytest.approx(np.pi * (horizon_m / 1e3) ** 2, rel=2e-3)
    nominal = catalogue.targets["f-16"].speed_mps.nominal, catalogue.radars["91n6e"].scan_period_s.nominal
    seen_m = horizon_m - 1.5 * nominal[0] * nominal[1]
    assert row.seen_share.median == pytest.approx((seen_m / 400e3) ** 2, rel=0.1)
    assert row.binds == "horizon"


def test_engageable_lies_inside_the_horizon_by_flight_and_reaction(catalogue) -> None:
    """A 50-m flyer at 240 m/s: horizon at 49.8 km, then 15 s of looks, 10 s of identification, reaction and flight."""
    row = ask(catalogue, targets=("cruise-missile",)).rows[0]
    radius_km = np.sqrt(row.engageable_area_km2.median / np.pi)
    horizon_km = float(horizon_range_m(25.0, 50.0)) / 1e3
    waits_s = (
        1.5 * catalogue.radars["91n6e"].scan_period_s.nominal
        + catalogue.targets["cruise-missile"].identification_delay_s.nominal
        + catalogue.fire_units["s-400-division"].reaction_s.nominal
    )
    mean_kmps = catalogue.interceptors["48n6e3"].mean_speed_mps.nominal / 1e3
    lead_km = 0.24 * waits_s + 0.24 * radius_km / mean_kmps
    assert radius_km < horizon_km - 8.0
    assert radius_km == pytest.approx(horizon_km - lead_km, abs=4.0)


def test_the_chain_reproduces_the_worked_number() -> None:
    """One radar, one missile: V = 1,500 m/s, v = 240 m/s, 10 s: P + v (10 + P / V) = horizon; printed 40.8 km."""
    from ringtrue.coverage import _kernels

    step, n = 1000.0, 101
    slant = np.maximum(np.arange(n) * step, 1.0)
    horizon_m = float(horizon_range_m(25.0, 50.0))
    first = np.array([[0, 1]], dtype=np.int64)
    runs = np.array([[0.0, horizon_m, 1.0, np.cos(horizon_m / 6.371e6)]])
    cases = np.array([[300e3, 240.0, 10.0, 0.0, np.pi, 0.0]])
    shots = np.array([[[0.0, 250e3, 1500.0, 60e3]]])
    out = np.empty((1, 4))
    _kernels.engageable_by_draw(
        0, 1, np.zeros(1, dtype=np.int64), first, runs, step, slant, np.array([[300e3]]), cases, shots,
        np.array([True]), False, 400e3, np.zeros(1), step, np.zeros((1, n)), np.zeros(2, dtype=np.int64),
        np.zeros(0, dtype=np.int64), np.zeros(0), out, np.empty((1, 1), dtype=np.float32),
        np.zeros((1, 0), dtype=np.bool_),
    )  # fmt: skip
    exact_m = (horizon_m - 2400.0) / (1.0 + 240.0 / 1500.0)
    assert np.sqrt(out[0, _kernels.AREA] / np.pi) == pytest.approx(exact_m, rel=1e-4)
    assert exact_m == pytest.approx(40.8e3, abs=50.0)


def test_turning_the_sector_turns_the_answer_on_bare_earth(catalogue) -> None:
    radar = catalogue.radars["mpq-65"]
    search = replace(radar.sector_rad, low=np.pi / 2, nominal=np.pi / 2, high=2 * np.pi / 3)
    searching = replace(catalogue, radars={**catalogue.radars, radar.id: replace(radar, sector_rad=search)})
    rows = [ask(searching, system_id="patriot-battery", azimuth_deg=a).rows[0] for a in (0.0, 90.0, 217.0)]
    areas = [r.tracked_sector_area_km2.median for r in rows]
    assert areas[0] == pytest.approx(areas[1], rel=1e-6)
    assert areas[0] == pytest.approx(areas[2], rel=1e-6)
    shipped = [ask(catalogue, system_id="patriot-battery", azimuth_deg=a).rows[0] for a in (0.0, 90.0)]
    assert shipped[0].tracked_sector_area_km2.median == pytest.approx(
        shipped[1].tracked_sector_area_km2.median, rel=1e-6
    )
    whole = rows[0].tracked_area_km2.median
    assert 0.2 * whole < areas[0] < 0.45 * whole


def test_seen_and_tracked_grow_with_cross_section(catalogue) -> None:
    rows = {t: ask(catalogue, targets=(t,), heights_m=(5000.0,)).rows[0] for t in ("f-35", "f-16", "bomber")}
    for link in ("seen_area_km2", "tracked_area_km2"):
        small, middle, large = (getattr(rows[t], link).median for t in ("f-35", "f-16", "bomber"))
        assert small < middle <= large


def test_the_cone_of_silence_grows_with_height(catalogue) -> None:
    from ringtrue.coverage.ring import Level, runs_of
    from ringtrue.sensing.sight import polar_sight

    sight = polar_sight(
        open_model("none"), *MURTED, antenna_height_m=np.array([25.0]), k_factor=4.0 / 3.0, reach_m=100e3
    )
    inner = []
    for height_m in (2000.0, 5000.0, 10_000.0):
        runs = runs_of(sight, Level(height_m, None), np.array([-0.1]), np.array([np.radians(60.0)]))
        inner.append(runs.start_m[0])
        closed_form = (height_m - 25.0) / np.tan(np.radians(60.0))
        assert runs.start_m[0] == pytest.approx(closed_form, rel=0.01)
    assert inner == sorted(inner)


def test_runs_on_bare_earth_end_at_the_horizon() -> None:
    from ringtrue.coverage.ring import Level, runs_of
    from ringtrue.sensing.sight import polar_sight

    sight = polar_sight(
        open_model("none"), *MURTED, antenna_height_m=np.array([25.0]), k_factor=4.0 / 3.0, reach_m=200e3
    )
    for height_m in (50.0, 100.0, 1000.0):
        runs = runs_of(sight, Level(height_m, None), np.array([-0.2]), np.array([1.5]))
        back_m = minimum_visible_height_m(runs.end_m, 25.0)
        # linear between samples 1 km apart on a parabola: the sagitta of a step is 0.015 m
        assert np.abs(back_m - height_m).max() < 0.1


@pytest.mark.slow
def test_terrain_hides_murted_and_lifts_a_summit(catalogue) -> None:
    bare = ask(catalogue).rows[0].seen_geometry_area_km2
    murted = ask(catalogue, dem=None).rows[0].seen_geometry_area_km2
    bare_there = ask(catalogue, latitude_deg=SUMMIT[0], longitude_deg=SUMMIT[1]).rows[0].seen_geometry_area_km2
    summit = ask(catalogue, dem=None, latitude_deg=SUMMIT[0], longitude_deg=SUMMIT[1]).rows[0].seen_geometry_area_km2
    assert murted.high < 0.5 * bare.low
    assert summit.low > 2.0 * bare_there.high


def test_what_coarse_terrain_bounds_is_flagged(catalogue) -> None:
    rows = ask(catalogue, dem=None, heights_m=(50.0, 200.0), altitudes_m=(15_000.0,)).rows
    assert [(r.terrain_limited, r.binds) for r in rows] == [
        (True, "terrain"), (True, "terrain"), (False, "radar range")
    ]  # fmt: skip
    assert not any(r.terrain_limited for r in ask(catalogue, heights_m=(50.0,)).rows)


@pytest.mark.slow
def test_worst_heading_is_never_better(catalogue) -> None:
    rows = {h: ask(catalogue, heading=h, heights_m=(1000.0,)).rows[0] for h in ("inbound", "beam", "worst")}
    worst = rows["worst"].engageable_area_km2.median
    assert worst <= rows["beam"].engageable_area_km2.median
    # bins of 1 km against runs of continuous range: one bin at the rim
    assert worst <= rows["inbound"].engageable_area_km2.median * 1.03


def test_the_same_bits_for_one_and_two_threads_and_again(catalogue) -> None:
    runs = [audit_json([ask(catalogue, dem=None, threads=t, targets=("f-16", "srbm"))]) for t in (1, 2, 2)]
    assert runs[0] == runs[1] == runs[2]


def test_footprint_is_smaller_than_the_range_of_the_interceptor(catalogue) -> None:
    """The disc of 60 km, dragged back by what a missile still flies from its ceiling (30 km at most, at 45 degrees)."""
    row = ask(catalogue, targets=("srbm",), n_draws=60).footprints[0]
    assert 0.0 < row.footprint_area_km2.median < np.pi * 60.0**2 + 2.0 * 60.0 * 30.0
    assert row.footprint_worst_area_km2.median < row.footprint_area_km2.median


def test_people_under_a_disc_of_known_density() -> None:
    """V-X05: 100 people per km2 inside a 40 km cap."""
    from ringtrue.coverage import _kernels

    n_azimuths, n = 360, 101
    range_m = np.arange(n) * 1000.0
    cap = 2.0 * np.pi * 6.371e6**2 * (1.0 - np.cos(range_m / 6.371e6)) / 1e6 * 100.0 / n_azimuths
    people = sum(_kernels._up_to.py_func(cap, 1000.0, 40_000.0) for _ in range(n_azimuths))
    assert people == pytest.approx(502_653.0, abs=1.0)
