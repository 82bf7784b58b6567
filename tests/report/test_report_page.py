"""The page as text: what must stand in it, in which order, and what must not."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from ringtrue.errors import InputError
from ringtrue.report.audit_page import audit_page
from ringtrue.report.drawing import Words
from ringtrue.report.figures import audit_map, radius_figure
from ringtrue.report.geotiff import layer_geotiff
from ringtrue.report.html import write_audit_figures, write_audit_report, write_page
from ringtrue.report.layers import unpack
from ringtrue.report.page import Answer, MapBlock, Page, Prose, parameter_texts
from ringtrue.report.payload import audit_payload
from ringtrue.report.raster import png_bytes
from ringtrue.report.render import render_page
from ringtrue.report.table import audit_table_lines
from ringtrue.scenario.records import UNKNOWN_POSITION


@pytest.fixture(scope="module")
def html(audits):
    return render_page(audit_page(audits))


def body_text(html: str) -> str:
    """The page without scripts, style and pictures."""
    bare = re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)
    bare = re.sub(r'<span class="nb">(.*?)</span>', r"\1", bare)
    return re.sub(r'src="data:[^"]*"', "", bare)


def test_the_answer_stands_before_everything_else(html, audits):
    text = body_text(html)
    places = [text.index(audits[0].answer), text.index("Side by side: where"), text.index("The numbers side by side")]
    places.append(text.index("Where the ring holds"))
    places += [
        text.index("Which unknown decides"),
        text.index('<section class="block figures">'),
        text.index("What this does not"),
    ]
    assert places == sorted(places)


def test_every_row_is_there_with_interval_and_binding(html, audits):
    text = body_text(html)
    for result in audits:
        for row in result.rows:
            if row.height_m is not None:
                assert f"{row.height_m:,.0f} m above ground" in text
        assert result.limits[0] in text
    assert text.count(" to ") > 100
    assert "envelope range" in text
    assert "terrain-limited" in text


def test_every_number_links_to_parameters_that_the_page_lists(html, audits, figures_behind):
    text = body_text(html)
    sets = figures_behind(html)
    linked = {parameter for name in re.findall(r'data-inputs="([^"]*)"', text) for parameter in sets[name]}
    rows = set(re.findall(r'<tr data-figure="([^"]*)"', text))
    page = audit_page(audits)
    listed = {t.id for t in parameter_texts(page.parameters, page.sources) if t.name in rows}
    assert linked
    assert linked <= listed
    assert 'class="mark assumed"' in text


def test_hostile_text_is_quoted(html):
    assert "<b>of rings</b>" not in html
    texts = json.loads(re.search(r'<script type="application/json" data-figures>(.*?)</script>', html, re.DOTALL)[1])
    assert any("</script><b>of rings</b>" in text["source"] for text in texts.values())


def test_no_address_is_asked_for(html):
    text = body_text(html)
    assert not re.findall(r'(?:src|srcset|data|poster)="(?!data:)[^"]*"', text)
    assert "<link" not in text
    assert "default-src 'none'" in text


def test_the_size_and_the_same_bytes_again(tmp_path, audits):
    first = write_audit_report(audits, tmp_path / "a" / "one.html").read_bytes()
    second = write_audit_report(audits, tmp_path / "two.html").read_bytes()
    assert first == second
    assert len(first) <= 5_000_000
    assert [p.name for p in (tmp_path / "a").iterdir()] == ["one.html"]


def test_the_rasters_in_the_page_show_the_areas_of_the_rows(audits):
    """Cells shown at an audited height, times their true size, are the row's area (coarse cells: within a tenth)."""
    data = audit_payload(audits)
    levels = np.array(data["levels_m"])
    result, system = audits[0], data["systems"][0]
    level = int(np.flatnonzero(levels == 500.0)[0])
    layer = next(one for one in system["layers"] if (one["target"], one["link"]) == ("f-16", "engageable"))
    lowest, ceiling = (
        unpack(data["rasters"][layer[k]], system["width"], system["height"]) for k in ("lowest", "ceiling")
    )
    shown = (lowest > 0) & (lowest <= level + 1) & (ceiling >= level + 1)
    merc = [np.log(np.tan(np.pi / 4 + np.radians(c[1]) / 2)) for c in (system["corners"][0], system["corners"][2])]
    latitude = 2 * np.arctan(np.exp(np.linspace(merc[0], merc[1], system["height"]))) - np.pi / 2
    step_km = 6378.137 * np.radians(system["corners"][1][0] - system["corners"][0][0]) / system["width"]
    area_km2 = float((shown * (step_km * np.cos(latitude))[:, None] ** 2).sum())
    row = next(r for r in result.rows if r.target == "f-16" and r.height_m == 500.0)
    assert area_km2 == pytest.approx(row.engageable_area_km2.median, rel=0.1)


def test_an_unwritable_folder_is_one_sentence(tmp_path, audits):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(InputError, match=r"report.html: cannot be written \(Not a directory\); choose a folder"):
        write_audit_report(audits, tmp_path / "file" / "report.html")
    with pytest.raises(InputError, match="needs at least one"):
        write_audit_report([], tmp_path / "report.html")
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_a_page_without_map_needs_no_worker(tmp_path):
    page = Page("A title & more", "kicker", (Answer(("Yes.",)), Prose("Why", ("Because 1 < 2.",), ("one", "two"))))
    text = write_page(page, tmp_path / "p.html").read_text(encoding="utf-8")
    assert "A title &amp; more" in text
    assert "1 &lt; 2" in text
    assert 'id="ringtrue-worker"' not in text
    assert "MapLibre" not in text
    assert len(text) < 60_000


def test_figures_say_the_position_is_unknown_and_repeat_their_bytes(audits, tmp_path):
    drawing = audit_map(audits[0])
    words = " ".join(mark.text for mark in drawing.marks if isinstance(mark, Words))
    assert UNKNOWN_POSITION in words
    assert "above ground" in words
    assert png_bytes(drawing, 60) == png_bytes(audit_map(audits[0]), 60)
    assert UNKNOWN_POSITION in drawing.svg()
    assert drawing.svg() == audit_map(audits[0]).svg()
    assert radius_figure(audits[0], "f-16", 77.0) is None
    names = sorted(path.name for path in write_audit_figures(audits[:1], tmp_path))
    assert names == [
        "map-example-long-cruise-missile.svg",
        "map-example-long.png",
        "map-example-long.svg",
        "radius-example-long.svg",
    ]
    other = (tmp_path / "map-example-long-cruise-missile.svg").read_text(encoding="utf-8")
    assert "Example Long against cruise missile at 100 m above ground" in other


def test_the_text_table_keeps_its_width_and_ends_with_answer_and_path(audits):
    lines = audit_table_lines(audits[0], report_path="ringtrue-out/x/report.html")
    assert max(map(len, lines)) <= 80
    assert lines[-1] == "Report: ringtrue-out/x/report.html"
    tail = " ".join(lines[-4:-1])
    assert tail.endswith(audits[0].answer.split(" ", 3)[-1][-40:])
    assert any("100 m AGL" in line for line in lines)
    assert any("10,000 m AMSL" in line for line in lines)
    narrow = audit_table_lines(audits[0])
    assert narrow[-1].endswith("%).")


def test_geotiff_gives_back_heights_and_place(audits):
    from rasterio.io import MemoryFile

    layer = audits[0].layers[0]
    content = layer_geotiff(audits[0], layer)
    assert content == layer_geotiff(audits[0], layer)
    with MemoryFile(content) as memory, memory.open() as raster:
        assert (np.isnan(raster.read(1)) == np.isnan(layer.lowest_height_m)).all()
        assert np.nanmax(np.abs(raster.read(1) - layer.lowest_height_m)) == 0.0
        middle = raster.shape[0] // 2
        assert raster.xy(middle, middle) == pytest.approx((0.0, 0.0), abs=1e-6)
        assert "aeqd" in raster.crs.to_proj4()
        assert raster.tags()["SITE"] == UNKNOWN_POSITION
        assert raster.descriptions[0] == "lowest height, m above ground"


def test_where_cities_have_no_names_the_map_says_so(audits):
    """The table of places ends at 50 N: a ring about Kyiv reaches beyond it, one about Ankara does not."""
    north = replace(audits[0], question=replace(audits[0].question, latitude_deg=50.45, longitude_deg=30.52))
    told = "Cities are named from 18 to 50 E and 30 to 50 N"
    for result, is_told in ((audits[0], False), (north, True)):
        (block,) = (s for s in audit_page([result]).sections if isinstance(s, MapBlock))
        assert (told in block.caption) is is_told


def test_ground_off_the_model_is_hatched_and_said(audits):
    result = audits[1]
    ground = result.ground_altitude_m.copy()
    ground[:20] = np.nan
    rows = tuple(replace(row, covered_share=0.71) for row in result.rows)
    cut = replace(result, ground_altitude_m=ground, rows=rows)
    system = audit_payload([cut])["systems"][0]
    codes = unpack(audit_payload([cut])["rasters"][system["hillshade"]], system["width"], system["height"])
    assert (codes == 1).any()
    page = audit_page([cut])
    assert any("71 %" in getattr(section, "caption", "") and "hatched" in section.caption for section in page.sections)
    whole = audit_payload([result])
    codes = unpack(whole["rasters"][whole["systems"][0]["hillshade"]], system["width"], system["height"])
    assert not (codes == 1).any()


def test_a_ballistic_class_alone_makes_a_page_without_map(audits):
    result = audits[0]
    alone = replace(result, rows=(), layers=(), radii=(), variant_rows=())
    text = body_text(render_page(audit_page([alone])))
    assert "Ballistic missiles" in text
    assert 'data-part="map"' not in text
    assert "The numbers" not in text


def test_the_nominal_case_stands_beside_every_interval(audits, with_nominal_cases, intervals_of):
    found, bare = intervals_of(audit_page(with_nominal_cases(tuple(audits))))
    assert len(found) > 100
    assert not bare


def test_what_a_position_stands_for_is_said_by_the_scenario(audits):
    """Nobody's own site is called an airport, and the sentence of a scenario stands on its map."""
    typed_in = render_page(audit_page(audits))
    assert UNKNOWN_POSITION in typed_in
    assert "irport coordinates" not in typed_in
    said = "Parade grounds stand for an unknown position."
    told = [replace(result, question=replace(result.question, positions=said)) for result in audits]
    html = render_page(audit_page(told))
    assert f'<p class="unknown">{said}</p>' in html
    assert UNKNOWN_POSITION not in html
    assert said in audit_map(told[0]).svg()


def test_every_block_stands_alone_and_twice_and_as_in_the_page(audits, blocks_stand_alone):
    assert blocks_stand_alone(audit_page(audits)) > 0


def test_without_a_script_every_target_has_a_map(audits):
    (block,) = (s for s in audit_page(audits).sections if isinstance(s, MapBlock))
    assert [still.alt.partition(" above ground")[0] for still in block.stills] == [
        f"Map: {system} at Mürted against {target} at 100 m"
        for target in ("F-16", "cruise missile")
        for system in ("Example Long", "Example Short")
    ]
    assert block.left_out == ""


def test_every_level_of_the_table_is_on_the_map(audits):
    data, question = audit_payload(audits), audits[0].question
    assert data["audited"] == {"ground": list(question.heights_m), "sea": list(question.altitudes_m)}
    assert set(data["audited"]["ground"]) <= set(data["levels_m"])
    assert set(data["audited"]["sea"]) <= set(data["altitudes_m"])
    shown = re.findall(r'data-show="example-long\|f-16\|([a-z]+:[0-9.]+)"', render_page(audit_page(audits)))
    assert shown == [*(f"ground:{h:g}" for h in question.heights_m), *(f"sea:{a:g}" for a in question.altitudes_m)]
    low = replace(audits[0], rows=tuple(row for row in audits[0].rows if row.height_m), radii=())
    data = audit_payload([low])
    assert (data["altitudes_m"], data["systems"][0]["ground"]) == ([], None)


def test_one_system_at_two_places_is_chosen_by_place(audits):
    elsewhere = replace(audits[0], place_name="Akıncı")
    data = audit_payload([audits[0], elsewhere])
    assert [one["id"] for one in data["systems"]] == ["example-long-1", "example-long-2"]
    assert [one["name"] for one in data["systems"]] == ["Example Long, Mürted", "Example Long, Akıncı"]


def test_a_level_without_a_layer_stands_in_the_table_only(audits):
    """Layers begin at 30 m: an audit at 10 m gets no empty map, and the page says where the row is."""
    rows = tuple(replace(row, height_m=10.0) for row in audits[0].rows if row.height_m == 100.0)
    low = replace(audits[0], rows=rows, radii=())
    (block,) = (s for s in audit_page([low]).sections if isinstance(s, MapBlock))
    assert "in the table only: 10 m above ground." in block.caption
    assert block.levels == ()
    assert block.start["value_m"] == 30.0
    assert all(" at 30 m above ground" in still.alt for still in block.stills)
    assert 'data-show="' not in render_page(audit_page([low]))


def test_no_name_and_no_interval_can_be_broken_at_its_hyphen(audits):
    """Every hyphen between letters and digits of the page's text stands in an element that is kept on one line."""
    held = ("the S-400 in [12.5-20.4] km", "5–95 % of F-35s", "one-way")
    page = replace(audit_page(audits), title="What an S-400 is worth", sections=(Prose("F-16 & MIM-104", held),))
    html = render_page(page)
    body = html[html.index("<header") : html.index("<script")]
    kept = re.findall(r'<span class="nb">(.*?)</span>', body)
    assert kept == ["S-400", "F-16", "MIM-104", "S-400", "[12.5-20.4]", "5–95", "F-35s"]
    assert re.sub(r'<span class="nb">(.*?)</span>', r"\1", body).count("S-400") == 2, "the letters stay as they are"
