"""The headline of an audit answers what was asked: every class, its lowest and highest level, areas beside shares."""

from __future__ import annotations

import re

import pytest

import ringtrue.api as rt
from ringtrue.coverage.answer import answer_sentence, enclosed
from ringtrue.report.audit_caveats import least_range_m, places_too_near
from ringtrue.report.audit_page import audit_page
from ringtrue.report.page import Table

TARGETS = ("one-way-uav", "f-16", "cruise-missile", "bomber")


@pytest.fixture(scope="module")
def results():
    found = rt.audit(
        ["nasams", "patriot-battery"], at="Samsun", targets=TARGETS, heights=["100 m", "300 m", "900 m"], dem="none",
        ground="0 m", draws=8, threads=1,
    )  # fmt: skip
    return found.results


def sentence(result, n_targets: int, heights_m: tuple[float, ...]) -> str:
    rows = [row for row in result.rows if row.target in TARGETS[:n_targets] and row.height_m in heights_m]
    assert len(rows) == n_targets * len(heights_m)
    return answer_sentence(result.system_name, result.advertised_range_m, rows, [], result.target_names)


@pytest.mark.parametrize("n_targets", [1, 2, 3])
@pytest.mark.parametrize("heights_m", [(100.0,), (100.0, 900.0)], ids=["one height", "two heights"])
def test_every_class_asked_about_is_told_at_its_lowest_and_its_highest_level(results, n_targets, heights_m) -> None:
    for result in results:
        said = sentence(result, n_targets, heights_m)
        assert said.startswith(f"{enclosed(result.system_name)} can engage here, of its advertised ")
        told = said.partition(": ")[2].split(";")
        assert len(told) == n_targets
        for target, part in zip(TARGETS, told, strict=False):
            assert result.target_names[target] in part
            rows = [r for r in result.rows if r.target == target and r.height_m in heights_m]
            for row in rows:
                assert f"at {row.height_m:,.0f} m above ground" in part
                where = part.partition(f"at {row.height_m:,.0f} m")[0].rpartition("ground")[2]
                if row.engageable_area_km2.high == 0.0:
                    assert "nowhere" in where
                else:
                    assert re.search(r"in [\d.,]+ km²", where), "an area stands beside the share, for rings differ"
                    assert "% of it," in where


def test_two_systems_have_a_sentence_each_with_the_ring_of_each(results) -> None:
    first, second = (sentence(result, 2, (100.0,)) for result in results)
    assert "advertised 40-km ring (5,030 km²)" in first
    assert "advertised 160-km ring (80,400 km²)" in second


def test_of_many_classes_the_most_and_the_least_are_told_and_counted(results) -> None:
    said = sentence(results[1], 4, (100.0, 900.0))
    assert "the most and the least of 4 classes asked about: " in said
    assert len(said.partition(": ")[2].split(";")) == 2


def test_a_city_inside_the_least_range_is_called_too_near_on_the_page_and_not_0_percent(results) -> None:
    result = results[1]
    near = {city.name for city, away_m in places_too_near(result) if away_m < least_range_m(result)}
    assert "Samsun" in near
    tables = [s for s in audit_page([result]).sections if isinstance(s, Table) and s.heading.startswith("Cities below")]
    (table,) = tables
    row = next(row for row in table.rows if row.name == "Samsun")
    assert {cell.text for cell in row.cells[1:]} == {"too near"}
    assert f"below {least_range_m(result) / 1000.0:.1f} km" in table.note
    others = [row for row in table.rows if row.name not in near]
    assert others
    assert all(cell.text != "too near" for row in others for cell in row.cells)
