"""The page of the relocation: every row and change of the study stands in it, level by level, country by country."""

import re
from dataclasses import replace

import pytest

from ringtrue.catalogue.load import load_catalogue
from ringtrue.geo.elevation import open_model
from ringtrue.report.cells import height_reference, millions
from ringtrue.report.relocation_page import relocation_page, write_relocation_report
from ringtrue.report.render import render_page
from ringtrue.scenario.load import load_scenario
from ringtrue.sensing.run import Run
from ringtrue.studies.relocation import relocation

PLACES_TABLE = "Each place by itself, on bare earth"


@pytest.fixture(scope="module")
def result():
    return relocation(load_scenario("relocation"), Run(load_catalogue(), open_model("none"), n_draws=20, threads=1))


@pytest.fixture(scope="module")
def html(result) -> str:
    return render_page(relocation_page(result))


def text_of(html: str) -> str:
    bare = re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)
    return re.sub(r'src="data:[^"]*"', "", bare)


def test_answer_then_picture_then_numbers_then_limits(html, result):
    text = text_of(html)
    words = (
        "less home, against", "Gained there, lost at home", "There less home", "Each place by itself", "every height",
        "By country", "Which unknown decides", 'class="block figures"', "What this does not know",
    )  # fmt: skip
    places = [text.index(word) for word in words]
    assert places == sorted(places)
    assert result.limits[0] in text
    assert "people defended" not in text.split("<h2")[0]


def test_the_page_begins_with_the_places_abroad_and_tells_each_ground_in_a_section(result):
    """Odesa and Kyiv make the sentences at the head of the page, on bare earth; terrain has a section of its own."""
    page = relocation_page(result)
    heads = [sentence.partition(":")[0] for sentence in page.sections[0].sentences]
    assert heads == ["The regiment at Odesa, bare earth", "The regiment at Kyiv, bare earth"]
    hills = tuple(told.replace("bare earth", "terrain hills") for told in result.told_places)
    also = replace(result.places[0], terrain="hills")
    both = relocation_page(replace(result, told_places=(*result.told_places, *hills), places=(*result.places, also)))
    assert both.sections[0].sentences == page.sections[0].sentences
    for told, ground in ((result.told_places, "bare earth"), (hills, "terrain hills")):
        (section,) = (s for s in both.sections if getattr(s, "heading", "") == f"Place by place, on {ground}")
        assert section.paragraphs == told
    at_home = relocation_page(replace(result, abroad=()))
    assert at_home.sections[0].sentences == result.told_places, "nothing abroad: every place by itself"


def test_the_page_says_why_more_are_defended_than_live_below(html, result):
    (table,) = (s for s in relocation_page(result).sections if getattr(s, "heading", "") == PLACES_TABLE)
    assert "may be more than live below engageable airspace: an attacker is met on its way" in table.note
    assert "out to 20 km beyond" in table.note


def test_a_missile_has_no_release_ranges_and_says_nothing_of_them(result):
    (table,) = (s for s in relocation_page(result).sections if getattr(s, "heading", "") == PLACES_TABLE)
    start = next(i for i, row in enumerate(table.rows) if row.is_band and row.name.startswith("One-way drone"))
    cells = table.rows[start + 1].cells
    assert [cell.text for cell in cells[-3:]] == ["–"] * 3
    assert cells[-4].text.endswith(" M")


def test_positions_are_said_as_the_scenario_says_them(html):
    assert "City centres stand for an unknown position." in html
    assert "Airport coordinates" not in html


def test_every_count_of_people_is_printed_with_its_interval_and_figures(html, result):
    text = text_of(html)
    printed = [f for c in result.changes for f in (c.people_gained, c.people_lost, c.people_net, c.people_defended_net)]
    printed += [r.people_under for r in result.rows]
    printed += [d.people_worst_course for r in result.rows for d in r.people_defended or ()]
    usual = [r for r in result.rows if r.where == result.usual[r.target]]
    printed += [f for r in usual for f in (r.people_under_by_country or {}).values()]
    known = [found for found in printed if found is not None]
    assert len(known) > 100
    for found in known:
        assert f">{millions(found.median)}</a>" in text
        if millions(found.low) != millions(found.high):
            assert f"{millions(found.low)} to {millions(found.high)}" in text
    for row in result.rows:
        assert height_reference(row.where) in text
        for defended in row.people_defended or ():
            assert f"mean course {millions(defended.people_mean_course.median)}" in text
    numbers = [n for n in re.findall(r'<td class="num">(.*?)</td>', text, re.DOTALL) if re.match(r"-?\d", n)]
    assert numbers == []


def test_a_class_lists_no_figure_of_another(html):
    for name, what in re.findall(r'data-inputs="(\w+)" data-what="([^"]*)"', text_of(html)):
        if "F-16" in what:
            others = dict(re.findall(r'data-inputs="(\w+)" data-what="[^"]*(Cruise missile|One-way drone)[^"]*"', html))
            assert name not in others


def test_the_same_bytes_again_and_small(tmp_path, result):
    first = write_relocation_report(result, tmp_path / "a.html").read_bytes()
    assert first == write_relocation_report(result, tmp_path / "b.html").read_bytes()
    assert len(first) < 5_000_000


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390])
def test_in_chromium_it_fits_and_says_nothing(tmp_path, result, open_report, width):
    with open_report(write_relocation_report(result, tmp_path / "report.html"), width) as seen:
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        assert seen.page.locator("img.in-narrow" if width < 560 else "img.in-wide").first.is_visible()
        assert seen.quiet()


def test_the_nominal_case_stands_beside_every_interval(result, with_nominal_cases, intervals_of):
    found, bare = intervals_of(relocation_page(with_nominal_cases(result)))
    assert len(found) > 20
    assert not bare


def test_every_block_stands_alone_and_twice_and_as_in_the_page(result, blocks_stand_alone):
    assert blocks_stand_alone(relocation_page(result)) > 0
