"""The map of an audit in real Chromium: every level, numbers between them, saved picture, address."""

import json
import re
from dataclasses import replace
from datetime import datetime
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from ringtrue import __version__
from ringtrue.finding import percent, plain
from ringtrue.report.audit_page import audit_page
from ringtrue.report.html import write_audit_report
from ringtrue.report.layers import unpack
from ringtrue.report.page import MapBlock
from ringtrue.report.payload import audit_payload
from ringtrue.report.render import render_page

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def data(audits):
    return audit_payload(audits)


@pytest.fixture(scope="module")
def report_path(tmp_path_factory, audits):
    return write_audit_report(audits, tmp_path_factory.mktemp("report") / "report.html")


def shown_cells(data, system, target, link, reference, value_m):
    """The cells that the rule of the page shows, decided here with numpy."""
    layer = next(one for one in system["layers"] if (one["target"], one["link"]) == (target, link))
    read = lambda index: unpack(data["rasters"][index], system["width"], system["height"])  # noqa: E731
    lowest, ceiling = read(layer["lowest"]), read(layer["ceiling"])
    height_m = np.full(lowest.shape, value_m)
    if reference == "sea":
        ground = read(system["ground"]["raster"]).astype(float)
        altitude_m = system["ground"]["low_m"] + system["ground"]["step_m"] * (ground - 1.0)
        height_m = np.where(ground > 0, value_m - altitude_m, np.nan)
    levels = np.append(data["levels_m"], np.inf)
    lowest_m = np.where(lowest > 0, levels[lowest.astype(int) - 1], np.nan)
    ceiling_m = np.where(ceiling > 0, levels[ceiling.astype(int) - 1], np.nan)
    last = np.searchsorted(levels[:-1], height_m, side="right")  # the rung at or below
    first = np.searchsorted(levels[:-1], height_m, side="left")  # the rung at or above
    reached_m = np.where((last > 0) & ~np.isnan(height_m), levels[last - 1], np.nan)
    needed_m = np.where(np.isnan(height_m), np.nan, levels[first])
    return (lowest_m <= reached_m) & (ceiling_m >= needed_m)


class Map:
    """The map of an open report."""

    def __init__(self, page):
        self.page = page
        page.wait_for_selector("[data-part=figure][data-loaded]", timeout=60_000, state="attached")

    @property
    def state(self):
        return self.page.eval_on_selector("[data-part=figure]", "e => ({...e.dataset})")

    def after(self, act):
        before = self.state["state"]
        act()
        self.page.wait_for_function("b => document.querySelector('[data-part=figure]').dataset.state !== b", arg=before)
        return self.state

    def slide(self, stop):
        return self.after(
            lambda: self.page.eval_on_selector(
                "[data-part=height]",
                "(e, v) => { e.value = v; e.dispatchEvent(new Event('input', {bubbles: true})); }",
                str(stop),
            )
        )


@pytest.fixture
def opened(open_report, report_path):
    with open_report(report_path, 1280) as report:
        yield report, Map(report.page)


def test_every_audited_level_is_one_click_away(opened, data, audits):
    report, shown = opened
    report.page.check("input[name=link][value=engageable]", force=True)
    system = data["systems"][0]
    buttons = report.page.locator("button[data-level]")
    asked = [("ground", h) for h in audits[0].question.heights_m] + [("sea", a) for a in audits[0].question.altitudes_m]
    assert buttons.count() == len(asked)
    for i, (reference, value_m) in reversed(list(enumerate(asked))):
        state = shown.after(buttons.nth(i).click)
        cells = shown_cells(data, system, "f-16", "engageable", reference, value_m)
        assert int(state["cells"]) == cells.sum() > 0
        row = next(
            r for r in system["rows"] if (r["target"], r["reference"], r["value_m"]) == ("f-16", reference, value_m)
        )
        assert row["height"] in report.page.inner_text("[data-part=readout] h3")
        assert row["facts"][0]["text"] in report.page.inner_text("[data-part=readout]")
    show = report.page.locator('button[data-show$="sea:10000"] >> nth=0')
    assert shown.after(show.click)["state"].endswith(" 10000 above sea level")
    assert report.errors == []


@pytest.mark.parametrize("reference", ["ground", "sea"])
def test_between_levels_stands_what_is_counted_on_the_map(opened, data, reference):
    report, shown = opened
    system, stops = data["systems"][0], data["levels_m" if reference == "ground" else "altitudes_m"]
    if reference == "sea":
        shown.after(lambda: report.page.check("input[name=reference][value=sea]", force=True))
    shown.after(lambda: report.page.select_option("[data-part=target]", "cruise-missile"))
    chosen_x, found = [], []
    for value_m in (800.0, 4000.0):
        stop = int(np.abs(np.array(stops) - value_m).argmin())
        shown.slide(stop)
        texts = report.page.eval_on_selector_all("[data-part=readout] dd", "all => all.map(e => e.textContent)")
        wanted = []
        for link in ("seen_geometry", "seen", "tracked", "engageable"):
            cells = shown_cells(data, system, "cruise-missile", link, reference, stops[stop])
            area_km2 = float(cells.sum(axis=1) @ np.array(system["row_km2"]))
            wanted.append(f"{plain(area_km2)} km² ({percent(area_km2 / system['covered_km2'])} of the ring)")
        assert texts == wanted
        found.append(texts)
        chosen_x.append(report.page.get_attribute("[data-part=areas] line.chosen", "x1"))
        assert "no interval" in report.page.inner_text("[data-part=radius-caption]")
        assert report.page.locator("[data-part=radius] svg polyline").count() == 1
        assert report.page.locator("[data-part=radius] svg polygon").count() == 0
    assert found[0] != found[1]
    assert chosen_x[0] != chosen_x[1]


def test_the_radius_counted_on_the_map_holds_the_area_of_the_map(opened, data):
    """Sectors of the counted radius together have the area of the cells."""
    report, shown = opened
    shown.after(lambda: report.page.check("input[name=link][value=seen]", force=True))
    stop = int(np.abs(np.array(data["levels_m"]) - 1200.0).argmin())
    shown.slide(stop)
    points = report.page.get_attribute("[data-part=radius] polyline", "points").split()[:-1]
    y = np.array([float(point.split(",")[1]) for point in points])
    ticks = report.page.eval_on_selector_all(
        "[data-part=radius] text.tick[x='40']",
        "all => all.map(e => [Number(e.textContent), Number(e.getAttribute('y'))])",
    )
    per_km = (ticks[1][0] - ticks[0][0]) / (ticks[1][1] - ticks[0][1])
    radius_km = ticks[0][0] + per_km * (y + 4.0 - ticks[0][1])
    system = data["systems"][0]
    cells = shown_cells(data, system, "f-16", "seen", "ground", data["levels_m"][stop])
    area_km2 = float(cells.sum(axis=1) @ np.array(system["row_km2"]))
    assert (radius_km**2 / 2.0).sum() * np.radians(5.0) == pytest.approx(area_km2, rel=5e-3)


def test_a_saved_picture_says_what_it_shows(opened, audits):
    report, shown = opened
    shown.after(lambda: report.page.select_option("[data-part=target]", "cruise-missile"))
    shown.after(lambda: report.page.locator('button[data-level="sea:3000"]').click())
    with report.page.expect_download() as download:
        report.page.click("[data-part=save]")
    assert download.value.suggested_filename == "ringtrue-example-long-cruise-missile-nested-3000-m-above-sea-level.png"
    picture = Image.open(BytesIO(download.value.path().read_bytes())).convert("RGB")
    assert picture.width == 1480
    assert picture.height > 1480
    pixels = np.asarray(picture).astype(int)
    assert ((pixels[..., 2] - pixels[..., 0]) > 60).mean() > 0.01  # the cover
    assert "Saved as ringtrue-example-long" in report.page.inner_text("[data-part=map-said]")
    report.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    drawn = report.page.eval_on_selector(
        ".plates > svg >> nth=0", "e => [...e.querySelectorAll('text')].map(t => t.textContent).join(' ')"
    )
    row = next(r for r in audits[0].rows if r.target == "cruise-missile" and r.altitude_m == 3000.0)
    today = datetime.now().astimezone()
    for said in (
        "Example Long against cruise missile at 3,000 m above sea level",
        audits[0].question.positions,
        "Can be engaged",
        f"{plain(row.engageable_area_km2.median)} km²",
        "5 to 95 % of draws",
        "Terrain: invented relief",
        "“hits targets out to 400 km” (Maker of the example, 2019)",
        f"RingTrue {__version__}",
        f"{today.day} {today:%B %Y}",
    ):
        assert said in drawn
    assert report.quiet()


def test_the_address_opens_the_same_choice(opened, open_report, report_path):
    report, shown = opened
    assert "#" not in report.page.url
    report.page.check("input[name=system][value=example-short]", force=True)
    report.page.select_option("[data-part=target]", "cruise-missile")
    report.page.check("input[name=link][value=seen]", force=True)
    chosen = shown.after(lambda: report.page.locator('button[data-level="sea:3000"]').click())
    report.page.wait_for_function("() => location.hash.includes('altitude=3000')")
    report.page.click("[data-part=copy]")
    report.page.wait_for_function("() => document.querySelector('[data-part=map-said]').textContent !== ''")
    assert report.page.inner_text("[data-part=map-said]").startswith("Link copied.")
    again = report.page.context.new_page()
    again.goto(report.page.url)
    opened_again = Map(again).state
    assert (opened_again["state"], opened_again["pixels"]) == (chosen["state"], chosen["pixels"])
    assert again.is_checked("input[name=reference][value=sea]")
    assert again.inner_text("[data-part=readout] h3") == report.page.inner_text("[data-part=readout] h3")


GARBAGE = (
    "#", "#map", "#map&", "#map&height=", "#map&height=-5m", "#map&height=1e9m", "#map&altitude=NaNm", "#map&%E0%A4%A",
    "#map&system=<img src=x onerror=alert(1)>&target=__proto__&show=constructor", "#map&&&&===", "#p-radar",
    "#" + "x" * 9000,
)  # fmt: skip


def test_garbage_in_the_address_changes_nothing(open_report, report_path):
    with open_report(report_path, 1280) as report:
        usual = Map(report.page).state
        for garbage in GARBAGE:
            report.page.goto("about:blank")
            report.page.goto(report_path.as_uri() + garbage)
            state = Map(report.page).state
            assert (state["state"], state["pixels"]) == (usual["state"], usual["pixels"]), garbage
        report.page.goto("about:blank")
        report.page.goto(report_path.as_uri() + "#map&target=zeppelin&height=500m")
        assert Map(report.page).state["state"] == usual["state"].replace(" 100", " 500")
        said = report.page.inner_text("[data-part=map-said]")
        assert said == "The address asks for target “zeppelin”, which this page does not hold."
        assert report.errors == []


def test_the_address_names_which_of_two_maps_it_means(open_report, tmp_path, audits):
    page = audit_page(audits)
    maps = tuple(section for section in page.sections if isinstance(section, MapBlock))
    path = tmp_path / "twice.html"
    path.write_text(render_page(replace(page, sections=2 * maps)), encoding="utf-8")
    with open_report(path, 1280) as report:
        report.page.goto("about:blank")
        report.page.goto(path.as_uri() + "#map&target=cruise-missile&height=500m&map=2")
        report.page.wait_for_function("() => document.querySelectorAll('[data-part=figure][data-loaded]').length === 2")
        figures = report.page.locator("[data-part=figure]")
        assert "f-16 nested 100" in figures.nth(0).get_attribute("data-state")
        assert "cruise-missile nested 500" in figures.nth(1).get_attribute("data-state")
        report.page.locator("section[data-map]").nth(1).locator("input[value=seen]").check(force=True)
        report.page.wait_for_function("() => location.hash.includes('show=seen') && location.hash.includes('map=2')")
        assert report.errors == []


def test_the_data_of_the_page_is_that_of_the_audit(report_path, data):
    """The map reads what the page holds, nothing computed for the tests."""
    html = report_path.read_text(encoding="utf-8")
    blocks = re.findall(r'<script type="application/json" data-of-block>(.*?)</script>', html, re.DOTALL)
    (held,) = (block["map"] for block in map(json.loads, blocks) if "map" in block)
    assert held["rasters"] == data["rasters"]
    assert held["altitudes_m"] == data["altitudes_m"]
