"""Capability over time: deliveries joined with what units reach."""

from __future__ import annotations

import json
from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from ringtrue.catalogue.load import load_catalogue
from ringtrue.coverage.ring import Level
from ringtrue.errors import InputError
from ringtrue.geo import geodesy
from ringtrue.geo.elevation import open_model
from ringtrue.scenario.load import load_scenario
from ringtrue.scenario.records import Area
from ringtrue.sensing.post import FEW_RELIEFS, post_at
from ringtrue.sensing.run import Run
from ringtrue.studies.reach import Cells, UnitReach, together, unit_reach, window_cells
from ringtrue.studies.timeline import (
    lead_times_s,
    timeline,
    timeline_lines,
    unit_days_of_offer,
)

N_DRAWS = 30
STATES = ("delivered", "on_alert")
CALLS: list[tuple[str, tuple[str, ...]]] = []


def luck(laydown: str, uids: tuple[str, ...]) -> np.ndarray:
    CALLS.append((laydown, uids))
    return np.full(N_DRAWS, float(len(uids)))


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


@pytest.fixture(scope="module")
def turkey():
    return load_scenario("turkey-2019")


@pytest.fixture(scope="module")
def bare():
    return open_model("none")


@pytest.fixture(scope="module")
def result(turkey, catalogue, bare):
    CALLS.clear()
    return timeline(turkey, Run(catalogue, bare, n_draws=N_DRAWS, threads=1), raid=luck)


def index(result, month: str) -> int:
    return result.months.index(date.fromisoformat(f"{month}-01"))


def test_months_as_arrays(result) -> None:
    table = result.by_month()
    assert table.fire_units.values.tolist() == [curve.fire_units.tolist() for curve in result.rows]
    at = (0, index(result, "2020-06"))
    area = result.rows[0].values["area_km2"][at[1]]
    expected = [area.low, area.median, area.high] if area is not None else [np.nan] * 3
    np.testing.assert_array_equal(table.area_km2.values[at], expected)
    assert table.month.values[0] == result.months[0].isoformat()[:7]


def test_v_x06_unit_days_through_the_timeline() -> None:
    """366 + 314 unit-days of the two reported batteries to 25 July 2020."""
    assert unit_days_of_offer("turkey-2019", "s-400-regiment", "happened", "delivered", "2020-07-25") == 680
    assert unit_days_of_offer("turkey-2019", "s-400-four", "happened", "delivered", "2020-07-25") == 1360
    assert unit_days_of_offer("turkey-2019", "s-400-regiment", "happened", "on_alert", "2026-11-01") == 0


def test_an_unknown_offer() -> None:
    with pytest.raises(InputError, match="did you mean 's-400-regiment'"):
        unit_days_of_offer("turkey-2019", "s-400-regimen", "happened", "delivered", "2020-07-25")


def test_the_months_run_as_asked(result) -> None:
    assert (result.months[0], result.months[-1]) == (date(2017, 4, 1), date(2026, 11, 1))
    assert len(result.months) == 116


def test_paper_against_reported(result) -> None:
    """Promised for March 2020, on alert in April; delivered in July and September 2019, on alert never reported."""
    paper = result.curve("s-400-regiment", "paper", "delivered")
    told = result.curve("s-400-regiment", "reported", "delivered")
    alert = result.curve("s-400-regiment", "paper", "on_alert")
    assert [paper.fire_units[index(result, m)] for m in ("2020-03", "2020-04")] == [0, 2]
    assert [told.fire_units[index(result, m)] for m in ("2019-07", "2019-08", "2019-10")] == [0, 1, 2]
    assert [alert.fire_units[index(result, m)] for m in ("2020-04", "2020-05")] == [0, 2]
    assert not result.curve("s-400-regiment", "reported", "on_alert").fire_units.any()


def test_the_lead_time_is_swept_and_never_ready(result, turkey, catalogue) -> None:
    leads = [c for c in result.rows if c.laydown == "patriot" and c.view == "paper" and c.state == "delivered"]
    assert [c.lead_time_months for c in leads] == [24.0, 36.0, 48.0, 60.0, 84.0]
    first = [int(np.argmax(c.fire_units > 0)) for c in leads]
    assert first == sorted(first)
    assert result.months[first[0]] == date(2021, 1, 1) or result.months[first[0]] == date(2021, 2, 1)
    assert not result.curve("patriot", "paper", "on_alert").fire_units.any()
    assert not result.curve("patriot", "reported", "delivered").fire_units.any()
    assert min(lead_times_s(turkey, catalogue)) / 2_629_800 == pytest.approx(24.0)
    assert max(lead_times_s(turkey, catalogue)) / 2_629_800 == pytest.approx(84.0)


def test_residents_defended_carry_the_doubt_of_the_raster(result) -> None:
    found = [f for curve in result.rows for f in curve.values["people_defended"] if f is not None and f.high > 0.0]
    assert found
    assert all(f.low < f.median < f.high for f in found)


def test_values_follow_the_units(result) -> None:
    for curve in result.rows:
        for i, count in enumerate(curve.fire_units):
            area = curve.values["area_km2"][i]
            assert (area.median > 0) == (count > 0)
        counts = [step.fire_units for step in curve.steps]
        assert all(one != other for one, other in pairwise(counts))


def test_two_at_one_place_reach_what_one_reaches(result) -> None:
    curve = result.curve("s-400-as-reported", "reported", "delivered")
    one, two = (curve.values["area_km2"][index(result, m)] for m in ("2019-08", "2019-10"))
    assert (one.low, one.median, one.high) == (two.low, two.median, two.high)


def test_two_places_reach_more_than_one_and_no_more_than_their_sum(result) -> None:
    curve = result.curve("s-400-regiment", "reported", "delivered")
    one, two = (curve.values["people_under"][index(result, m)].median for m in ("2019-08", "2019-10"))
    assert one < two


def test_the_raid_of_the_month_is_played_once_for_each_set_of_units(result) -> None:
    assert len(CALLS) == len(set(CALLS))
    curve = result.curve("s-400-regiment", "reported", "delivered")
    assert curve.values["raid"][index(result, "2019-10")].median == 2.0
    assert curve.values["raid"][index(result, "2019-06")] is None


def test_json_is_the_same_for_two_threads(result, turkey, catalogue, bare) -> None:
    again = timeline(turkey, Run(catalogue, bare, n_draws=N_DRAWS, threads=2), raid=luck)
    one, two = (json.dumps(r.as_json(), allow_nan=False) for r in (result, again))
    assert one == two
    row = json.loads(one)["rows"][0]
    assert {"laydown", "reading", "view", "state", "lead_time_months", "steps"} <= set(row)


def test_text_says_what_is_assumed(result) -> None:
    text = "\n".join(timeline_lines(result))
    assert "lead time 84 months" in text
    assert "Delivered is not on alert" in text
    assert max(len(line) for line in timeline_lines(result)) <= 80


def test_what_is_not_there_is_said(turkey, catalogue, bare, result) -> None:
    with pytest.raises(InputError, match="did you mean 'patriot'"):
        timeline(turkey, Run(catalogue, bare, n_draws=N_DRAWS), laydowns=["patriots"])
    with pytest.raises(InputError, match="no curve of laydown 'patriott'"):
        result.curve("patriott", "paper", "delivered")
    with pytest.raises(InputError, match="border layer"):
        window_cells(Area(name="x", bounds=(36.0, 30.0, 38.0, 33.0), country="Turky"))


# --- the union of units -----------------------------------------------------------------------------------------------


def _cells(n: int) -> Cells:
    return Cells("", np.zeros(n), np.zeros(n), np.full(n, 10.0), np.arange(1.0, n + 1.0))


def _reach(area: float, people: float, cells: list[int], n: int = 6) -> UnitReach:
    engageable = np.zeros((2, n), dtype=bool)
    engageable[:, cells] = True
    steps = np.full((n, 8, 2), -1, dtype=np.int16)
    steps[cells] = 32
    return UnitReach(np.full(2, area), np.full(2, people), engageable, steps, frozenset())


def test_what_two_share_counts_once() -> None:
    """Areas 40 and 30, cells {0..3} and {2..4}: two cells of 10 km2 with 3 and 4 residents are shared."""
    both = together([_reach(40.0, 10.0, [0, 1, 2, 3]), _reach(30.0, 12.0, [2, 3, 4])], _cells(6))
    assert both.area_km2.tolist() == [50.0, 50.0]
    assert both.people_under.tolist() == [15.0, 15.0]
    assert both.people_defended.tolist() == [15.0, 15.0]


def test_defended_needs_every_course_from_some_unit() -> None:
    one, two = _reach(60.0, 0.0, [0, 1, 2, 3, 4, 5]), _reach(60.0, 0.0, [0, 1, 2, 3, 4, 5])
    one.intercept_steps[5, :4] = -1
    two.intercept_steps[5, 3:] = -1
    assert together([one, two], _cells(6)).people_defended.tolist() == [
        15.0,
        15.0,
    ]  # course 3 reaches cell 5 (6 people)
    two.intercept_steps[5, 3] = 32
    assert together([one, two], _cells(6)).people_defended.tolist() == [21.0, 21.0]
    assert np.isnan(together([one, two], _cells(6), 8001.0).people_defended).all()


def test_a_union_on_the_ground_lies_between_largest_and_sum(catalogue, turkey, bare) -> None:
    cells = window_cells(turkey.area)
    units = []
    run = Run(catalogue, bare, n_draws=N_DRAWS, threads=1)
    for latitude, longitude in ((40.0, 32.5), (40.0, 33.5)):
        post = post_at(run, "s-400-tr:48n6e3", latitude, longitude, n_reliefs=FEW_RELIEFS)
        units.append(unit_reach(post, "f-16", Level(None, 3000.0), cells, threads=1))
    both = together(units, cells)
    one, two = (unit.area_km2 for unit in units)
    assert (both.area_km2 >= np.maximum(one, two)).all()
    assert (both.area_km2 <= one + two).all()
    # two discs, 85 km apart and each of its own radius: what they share are the cells whose middle lies in both
    inside = np.logical_and.reduce(
        [
            geodesy.inverse(40.0, longitude, cells.latitude_deg, cells.longitude_deg).distance_m
            <= 1e3 * np.sqrt(area[-1] / np.pi)
            for longitude, area in ((32.5, one), (33.5, two))
        ]
    )
    # the hole overhead makes a radius of equal area a little too small: one cell of 590 km2 on either rim
    assert one[-1] + two[-1] - both.area_km2[-1] == pytest.approx(cells.area_km2[inside].sum(), abs=2 * 600.0)
