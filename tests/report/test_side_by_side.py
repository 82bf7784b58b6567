"""Several systems in one audit: one table and one map of outlines, a colour for each that stands in both."""

from dataclasses import replace

import pytest

from ringtrue.formats.outlines import outline_km2
from ringtrue.report.audit_page import audit_page
from ringtrue.report.page import Panels, Table
from ringtrue.report.side_by_side import MOST_LEVELS, _outline, outline_maps, system_marks
from ringtrue.report.style import SERIES


@pytest.fixture(scope="module")
def page(audits):
    return audit_page(audits)


def side_map(page):
    (found,) = (s for s in page.sections if isinstance(s, Panels))
    return found


def test_two_systems_have_one_table_with_a_row_for_each_and_one_system_keeps_its_own(page, audits):
    (table,) = (s for s in page.sections if isinstance(s, Table) and s.heading.startswith("The numbers"))
    bands = [row.name for row in table.rows if row.is_band]
    levels = {(row.target, row.where) for result in audits for row in result.rows}
    assert len(bands) == len(set(bands)) == len(levels)
    assert bands[0] == "F-16, 30 m above ground"
    assert [row.name for row in table.rows[1:3]] == ["Example Long", "Example Short"]
    for result in audits:
        held = [row for row in table.rows if row.name == result.system_name]
        assert len(held) == len(result.rows)
        assert {cell.what.partition(",")[0] for row in held for cell in row.cells if cell.what} == {result.system_name}
    (alone,) = (s for s in audit_page(audits[:1]).sections if getattr(s, "heading", "").startswith("The numbers"))
    assert alone.heading == "The numbers: Example Long"
    assert not any(isinstance(s, Panels) for s in audit_page(audits[:1]).sections)


def test_a_system_has_one_colour_in_the_table_and_on_the_map(page, audits):
    (table,) = (s for s in page.sections if isinstance(s, Table) and s.heading.startswith("The numbers"))
    colours = {row.name: row.marks[0].colour for row in table.rows if row.marks}
    maps = side_map(page)
    assert {label.partition("  ")[2]: colour for colour, label in maps.legend} == colours
    assert list(colours.values()) == list(SERIES[:2])
    for one in maps.sets:
        for panel in one.panels:
            svg = panel.picture.layers[1]
            assert all(colour in svg for colour in colours.values())
            assert set(panel.picture.layers) - {svg} <= set(maps.shared)


def test_the_headline_is_shown_first_and_every_level_of_the_table_is_there(page, audits):
    maps = side_map(page)
    assert maps.sets[0].label == "F-16 at 100 m above ground"
    assert len(maps.sets) == len({(row.target, row.where) for result in audits for row in result.rows})
    many = [
        replace(
            r, rows=tuple(replace(row, height_m=h, altitude_m=None) for row in r.rows[:1] for h in range(50, 1450, 100))
        )
        for r in audits
    ]
    told = outline_maps(many, ["example-long", "example-short"])
    assert len(told.sets) == MOST_LEVELS
    assert "The other 2 levels stand in the table" in told.caption


def test_an_outline_has_the_area_of_its_row(audits):
    """Cells of the outline on the ellipsoid against the row of the invented audit, which counts the same cells flat."""
    for result in audits:
        for row in result.rows:
            if row.height_m is not None:
                assert outline_km2(_outline(result, row)) == pytest.approx(row.engageable_area_km2.median, rel=0.01)


def test_a_system_that_reaches_nothing_keeps_its_ring_and_says_so(audits):
    blind = replace(
        audits[1], layers=tuple(replace(a, lowest_height_m=a.lowest_height_m + 9e4) for a in audits[1].layers)
    )
    maps = outline_maps([audits[0], blind], ["example-long", "example-short"])
    marks = system_marks(audits)
    svg = maps.sets[0].panels[-1].picture.layers[1]
    assert svg.count(marks[1].colour) == 1, "the ring alone"
    assert svg.count(marks[0].colour) > 2
    assert "2  Example Short: " in maps.sets[0].panels[0].note
