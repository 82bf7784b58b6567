# ruff: noqa: E501
"""Two invented audits at one place: made-up relief and figures, real records, so that the room is tested by itself."""

import copy
import json
import os
import re
import shutil
from contextlib import contextmanager
from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser
from typing import get_origin

import numpy as np
import pytest

from ringtrue.answer import measures_of
from ringtrue.catalogue.records import Parameter, Source
from ringtrue.coverage.records import (
    AuditQuestion,
    AuditResult,
    AzimuthRadius,
    CityShare,
    CoverageRow,
    DefendedRow,
    FootprintRow,
    LayerRaster,
)
from ringtrue.finding import Finding
from ringtrue.report.page import Answer, Table
from ringtrue.report.render import blocks_of, render_page
from ringtrue.sensing.deciding import Deciding, Share
from ringtrue.studies.raid_rows import RaidRow

SITE = (40.0789, 32.5656)
HEIGHTS_M = (30.0, 100.0, 500.0)
ALTITUDES_M = (3000.0, 10000.0)
RADAR_KM = {"f-16": 0.72, "f-35": 0.2, "cruise-missile": 0.3}
EARTH_M = 6_371_000.0
SOURCES = {
    "maker-2019": Source("maker-2019", "Export brochure", "Maker of the example", "2019", "https://example.org/brochure", "manufacturer"),
    "institute-2020": Source("institute-2020", "A study </script><b>of rings</b>", "Institute of the example", "2020", "https://example.org/study", "research"),
}  # fmt: skip


def relief(n: int, cell_m: float) -> np.ndarray:
    """Hills from a few waves with fixed phases; sea in the north-west corner."""
    axis = np.arange(-n, n + 1) * cell_m
    x, y = np.meshgrid(axis, -axis)
    rng = np.random.default_rng(4)
    ground = np.full(x.shape, 900.0)
    for wave_m in (160e3, 90e3, 60e3, 35e3, 22e3, 12e3, 8e3):
        for _ in range(3):
            angle, phase = rng.uniform(0, 2 * np.pi, 2)
            ground += (
                0.0042 * wave_m**0.92 * np.cos((x * np.cos(angle) + y * np.sin(angle)) * 2 * np.pi / wave_m + phase)
            )
    ground[(y - x) > 1.25 * n * cell_m] = 0.0
    return np.maximum(ground, 0.0).astype(np.float32)


def lowest_visible_m(ground: np.ndarray, cell_m: float, mast_m: float, k: float = 1.26) -> np.ndarray:
    """Lowest visible height above ground on rays every half degree, looked up by the cells."""
    n = ground.shape[0] // 2
    ranges = np.arange(1, int(1.45 * n)) * cell_m
    azimuth = np.radians(np.arange(0, 360, 0.5))[:, None]
    row = np.clip(np.round(n - ranges * np.cos(azimuth) / cell_m), 0, 2 * n).astype(int)
    column = np.clip(np.round(n + ranges * np.sin(azimuth) / cell_m), 0, 2 * n).astype(int)
    drop = ranges**2 / (2 * k * EARTH_M)
    eye = float(ground[n, n]) + mast_m
    slope = np.maximum.accumulate((ground[row, column] - drop - eye) / ranges, axis=1)
    lowest = eye + slope * ranges + drop
    axis = np.arange(-n, n + 1)
    x, y = np.meshgrid(axis, -axis)
    i_ray = np.round(np.degrees(np.arctan2(x, y)) % 360 * 2).astype(int) % 720
    i_range = np.clip(np.round(np.hypot(x, y)).astype(int) - 1, 0, ranges.size - 1)
    return np.maximum(lowest[i_ray, i_range] - ground, 0.0).astype(np.float32)


def spread(name: str, unit: str, median: float, inputs: tuple[str, ...] = ()) -> Finding:
    return Finding(name, unit, 0.86 * median, median, 1.1 * median, inputs)


def make_audit(
    system_id: str, name: str, reach_m: float, shares: dict[str, float], cell_m: float = 4000.0, ground=None
) -> AuditResult:
    n = int(np.ceil(reach_m / cell_m))
    ground = relief(n, cell_m) if ground is None else ground
    n = ground.shape[0] // 2
    sight = lowest_visible_m(ground, cell_m, 25.0)
    axis = np.arange(-n, n + 1) * cell_m
    x, y = np.meshgrid(axis, -axis)
    distance = np.hypot(x, y)
    top = np.clip(0.9 * distance, 0.0, 27_000.0).astype(np.float32)
    prefix = f"radar.{system_id}"
    parameters = (
        Parameter(f"{prefix}.reference_range", 300e3, 390e3, 570e3, "m", "300 / 390 / 570 km", "split", None, "assumed", "none", note="no source prints it with its cross-section"),
        Parameter(f"{prefix}.instrumented_range", 600e3, 600e3, 600e3, "m", "600 km", "fixed", "maker-2019", "read", "B"),
        Parameter("target.f-16.rcs", 0.8, 1.2, 3.0, "m2", "1.2 m2", "split-log", "institute-2020", "read", "C", estimated=True),
    )  # fmt: skip
    inputs = tuple(p.id for p in parameters)
    layers, rows, radii = [], [], []
    ring_km2 = np.pi * (reach_m / 1000.0) ** 2
    cities = tuple(
        CityShare(city, "TR", lat, lon, people, share)
        for city, lat, lon, people, share in (
            ("Ankara", 39.92, 32.85, 5_600_000, 1.0),
            ("Konya", 37.87, 32.48, 1_390_000, 0.31),
            ("Kayseri", 38.73, 35.48, 1_050_000, 0.2),
            ("Eskişehir", 39.78, 30.52, 670_000, 0.6),
            ("Bursa", 40.19, 29.06, 1_900_000, 0.1),
            ("Samsun", 41.29, 36.33, 620_000, 0.05),
            ("İstanbul", 41.01, 28.95, 14_800_000, 0.0),
        )
    )
    for target, seen_share in shares.items():
        fields = {
            "seen_geometry": (1.0, 0.0),
            "seen": (seen_share, 0.0),
            "tracked": (0.92 * seen_share, 5.0),
            "engageable": (0.62 * seen_share, 25.0),
        }
        stack = {}
        for link, (share, floor_m) in fields.items():
            lowest = np.where(distance <= share * reach_m, sight + floor_m, np.nan).astype(np.float32)
            ceiling = np.where(np.isnan(lowest), np.nan, np.maximum(top, 1500.0)).astype(np.float32)
            layers.append(LayerRaster(system_id, target, link, cell_m, lowest, ceiling))
            stack[link] = (lowest, ceiling)
        for height_m, altitude_m in [(h, None) for h in HEIGHTS_M] + [(None, a) for a in ALTITUDES_M]:
            over = height_m if height_m is not None else altitude_m - np.minimum(ground, altitude_m - 1.0)
            area = {
                link: float(((low <= over) & (high >= over)).sum() * cell_m**2 / 1e6)
                for link, (low, high) in stack.items()
            }
            people = {
                "people_worst_course": spread("p", "people", 2.2e5, inputs),
                "people_mean_course": spread("p", "people", 4.1e5, inputs),
            }
            row = CoverageRow(
                system=system_id, fit="example", variant={}, target=target, heading="inbound", height_m=height_m,
                altitude_m=altitude_m, terrain="invented", advertised_area_km2=ring_km2, covered_share=1.0,
                under_ground_share=0.0, binds="horizon" if height_m else "envelope range",
                terrain_limited=bool(height_m and height_m < 100),
                seen_geometry_area_km2=spread("a", "km2", area["seen_geometry"], inputs[1:2]),
                seen_area_km2=spread("a", "km2", area["seen"], inputs),
                seen_p90_area_km2=spread("a", "km2", 0.8 * area["seen"], inputs),
                seen_share=spread("a", "1", area["seen"] / ring_km2, inputs),
                tracked_area_km2=spread("a", "km2", area["tracked"], inputs),
                tracked_p90_area_km2=spread("a", "km2", 0.8 * area["tracked"], inputs),
                tracked_sector_area_km2=spread("a", "km2", 0.3 * area["tracked"], inputs),
                engageable_area_km2=spread("a", "km2", area["engageable"], inputs),
                engageable_sector_area_km2=spread("a", "km2", 0.3 * area["engageable"], inputs),
                engageable_share=spread("a", "1", area["engageable"] / ring_km2, inputs),
                people_under=spread("p", "people", 90.0 * area["engageable"], inputs),
                people_by_country={"Türkiye": 80.0 * area["engageable"], "Cyprus": 100.0}, assumed_share=0.62,
                cities=cities,
                defended=(DefendedRow(0.0, 1, True, **people),) if target == "cruise-missile" and height_m == 100.0 else None,
                warning_s=spread("t", "s", 95.0, inputs) if target == "cruise-missile" else None,
            )  # fmt: skip
            rows.append(row)
            for link in ("seen_geometry", "seen", "tracked", "engageable"):
                low, high = stack[link]
                shown = (low <= over) & (high >= over)
                sector = np.round(np.degrees(np.arctan2(x, y)) % 360 / 5).astype(int) % 72
                radius = np.sqrt(np.bincount(sector.ravel(), shown.ravel() * cell_m**2 * 2.0, 72) / np.radians(5.0))
                radii.append(
                    AzimuthRadius(target, row.where, link, tuple(5.0 * np.arange(72)), tuple(0.9 * radius), tuple(radius), tuple(1.08 * radius))
                )  # fmt: skip
    srbm = spread("footprint", "km2", 900.0, inputs)
    footprint = FootprintRow(
        system_id, "example", {}, "srbm", "invented", ring_km2, "envelope range", srbm, spread("f", "km2", 610.0), 0.7
    )
    variant = replace(rows[1], variant={"mast": "39 m"})
    share = rows[1].engageable_share
    return AuditResult(
        question=AuditQuestion(system_id, *SITE, (*shares, "srbm"), HEIGHTS_M, ALTITUDES_M),
        system_id=system_id, system_name=name, quote=f"hits targets out to {reach_m / 1000:g} km", quote_source="maker-2019",
        advertised_range_m=reach_m, place_name="Mürted", site_altitude_m=float(ground[n, n]), terrain_name="invented relief",
        k_text="1.26 (inland plateau)", mast_text="25 m", rows=tuple(rows), footprints=(footprint,), variant_rows=(variant,), layers=tuple(layers),
        ground_cell_m=cell_m, ground_altitude_m=ground, radii=tuple(radii), parameters=parameters, sources=SOURCES,
        assumed_share=0.62,
        deciding=Deciding("reference range", (Share("reference range", 0.5, 0.61, 0.7), Share("cross-section", 0.2, 0.25, 0.3)), "The reference range of the search radar decides: it carries 61 % of the spread."),
        deciding_row="F-16 at 100 m", limits=("No clutter, no jamming and no crew error: the areas are upper bounds.", "The elevation model flattens ridges."),
        answer=f"Against an F-16 at 100 m above ground the {name} at Mürted can engage in {100 * share.median:.2g} % of its advertised {reach_m / 1000:g} km ring (5 to 95 %: {100 * share.low:.2g} to {100 * share.high:.2g} %).",
        catalogue_hash="0" * 64, n_draws=400, seed=1, target_names={"f-16": "F-16", "cruise-missile": "cruise missile"},
    )  # fmt: skip


@pytest.fixture(scope="session")
def audits() -> list[AuditResult]:
    return [
        make_audit("example-long", "Example Long", 400e3, {"f-16": 0.72, "cruise-missile": 0.3}),
        make_audit("example-short", "Example Short", 160e3, {"f-16": 0.9, "cruise-missile": 0.5}),
    ]


CHROMIUM_ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
]  # fmt: skip


class OpenReport:
    """A report in Chromium, with everything it said and asked for written down."""

    def __init__(self, context, path, width):
        self.page = context.new_page()
        self.page.set_viewport_size({"width": width, "height": 900})
        self.path, self.errors, self.requests = path, [], []
        self.page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda e: self.errors.append(str(e)))
        self.page.on("request", lambda r: self.requests.append(r.url))
        self.page.goto(path.as_uri())
        self.page.wait_for_timeout(300)

    def quiet(self):
        """Whether nothing complained and nothing outside the page was asked for."""
        own = self.path.as_uri()
        asked = [u for u in self.requests if not u.startswith(("blob:", "data:")) and u.split("#")[0] != own]
        return not self.errors and not asked

    def tables_off_the_printed_page(self):
        """Tables that are wider than a sheet of A4 within its margins: index, width, room."""
        self.page.emulate_media(media="print")
        self.page.set_viewport_size({"width": 718, "height": 1000})
        found = self.page.evaluate(
            "[...document.querySelectorAll('table')].map((t, i) => [i, t.scrollWidth, t.parentElement.clientWidth])"
        )
        self.page.emulate_media(media="screen")
        return [one for one in found if one[1] > one[2]]

    def n_printed_pages(self):
        """Pages of the printed report."""
        return self.page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n")


@pytest.fixture(scope="module")
def chromium():
    """One Chromium for the pages of a study; its driver allows no second one, so it ends with the module."""
    path = shutil.which("chromium")
    if path is None:
        reason = "chromium is not installed; the report was not opened in a browser"
        if os.environ.get("RINGTRUE_BROWSER_REQUIRED") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_report(chromium):
    """A context manager that opens a report at a width."""

    @contextmanager
    def opened(path, width, *, script=True):
        context = chromium.new_context(java_script_enabled=script)
        try:
            yield OpenReport(context, path, width)
        finally:
            context.close()

    return opened


@pytest.fixture(scope="session")
def blank_raid_row():
    """The fields of a raid in which nothing happens: findings of zero, nothing counted thing by thing."""
    zero = Finding("zero", "1", 0.0, 0.0, 0.0, nominal=0.0)
    given = {}
    for said in measures_of(RaidRow):
        if said.hint is Finding:
            given[said.name] = zero
        elif get_origin(said.hint) is dict:
            given[said.name] = {}
        else:
            given[said.name] = {"laydown": "", "raid": "", "n_targets": 0, "n_friendly": 0, "noise_share": 0.0}.get(
                said.name
            )
    return {**given, "is_luck_taken_out": False}


@pytest.fixture(scope="session")
def with_nominal_cases():
    """A function that gives a result back with a nominal case in every finding that has none."""

    def filled(value):
        if isinstance(value, Finding):
            return value if value.nominal is not None else replace(value, nominal=1.04 * value.median)
        if is_dataclass(value) and not isinstance(value, type):
            made = copy.copy(value)
            for one in fields(value):
                object.__setattr__(made, one.name, filled(getattr(value, one.name)))
            return made
        if isinstance(value, dict):
            return {name: filled(one) for name, one in value.items()}
        if isinstance(value, tuple):
            inner = [filled(one) for one in value]
            return value._make(inner) if hasattr(value, "_make") else tuple(inner)
        return value

    return filled


@pytest.fixture(scope="session")
def figures_behind():
    """A function that gives, by the name of a set of figures in a page, the IDs of the parameters in it."""

    def read(html):
        texts = {}
        for held in re.findall(r'<script type="application/json" data-figures>(.*?)</script>', html, re.DOTALL):
            texts |= json.loads(held)
        sets = {}
        for held in re.findall(r'<script type="application/json" data-of-block>(.*?)</script>', html, re.DOTALL):
            block = json.loads(held)
            for name, places in block.get("sets", {}).items():
                figures = [block["figures"][place] for place in places]
                assert sets.setdefault(name, figures) == figures, "one name, one content"
        return {name: [texts[figure]["id"] for figure in figures] for name, figures in sets.items()}

    return read


class _Elements(HTMLParser):
    """Every element of a text with its attributes, the elements around it, and the text of scripts."""

    EMPTY = frozenset({"br", "img", "input", "meta", "hr", "col"})

    def __init__(self, html):
        super().__init__()
        self.found, self._open = [], []
        self.feed(html)
        assert not self._open, "every element is closed"

    def handle_starttag(self, tag, attrs):
        one = {"tag": tag, "text": "", "around": [x["tag"] for x in self._open], **dict(attrs)}
        self.found.append(one)
        if tag not in self.EMPTY:
            self._open.append(one)

    def handle_endtag(self, tag):
        assert self._open.pop()["tag"] == tag

    def handle_data(self, data):
        if self._open:
            self._open[-1]["text"] += data


@pytest.fixture(scope="session")
def blocks_stand_alone():
    """A function that checks every block of a page: it stands alone, twice in a document, and as it is in the page.

    Gives back how many numbers name their figures.
    """

    def check(page):
        html = render_page(page)
        blocks, again = blocks_of(page), blocks_of(page)
        assert len(blocks) == len(page.sections)
        assert "".join(block.html for block in blocks) in html
        regions = re.findall(r'role="region" aria-label="([^"]*)"', html)
        assert len(regions) == len(set(regions)), "a reader by ear tells the tables apart"
        assert not re.findall(r"<th[^>]*></th>", html)
        n_numbers = 0
        for block, same in zip(blocks, again, strict=True):
            assert block.alone == same.alone, "the same section is the same block"
            one, twice = _Elements(block.alone).found, _Elements(block.html + block.html).found
            assert [e["tag"] for e in one if not e["around"]] in (["section"], ["section", "script"])
            assert not [e for e in twice if "id" in e], "no element id, so none twice"
            assert not [e for e in one if {"for", "aria-labelledby", "aria-describedby", "aria-controls"} & e.keys()]
            assert not re.findall(r'(?:href|xlink:href)="#', block.html)
            assert all("form" in e["around"] for e in one if e.get("type") == "radio"), "copies do not share a switch"
            held = "".join(e.get("style") or "" for e in one)
            assert set(re.findall(r"var\((--[\w-]+)\)", held)) <= set(re.findall(r"(--[\w-]+):", held))
            data = next((json.loads(e["text"]) for e in one if "data-of-block" in e), {})
            numbers = [e["data-inputs"] for e in one if "data-inputs" in e]
            rows = [r for s in data.get("map", {}).get("systems", ()) for r in s["rows"]]
            numbers += [fact["inputs"] for row in rows for fact in row["facts"]]
            assert set(numbers) == data.get("sets", {}).keys()
            assert {data["figures"][i] for places in data.get("sets", {}).values() for i in places} == (
                block.figures.keys()
            )
            n_numbers += len(numbers)
        return n_numbers

    return check


INTERVAL = re.compile(r"(?<![\d,.])-?[\d,.]+( %| M| km| s| min| M USD| bn USD| USD)? to (-?[\d,.]+|no upper)")
OF_SHARES = "of what is uncertain in this answer"  # its interval is of the share itself, which has no nominal case


@pytest.fixture(scope="session")
def intervals_of():
    """A function that lists the intervals of a page's cells and facts, and those without the nominal case beside them."""

    def listed(page):
        cells = [
            (f"{section.heading}: {row.name}, {cell.what}", cell.interval)
            for section in page.sections if isinstance(section, Table)
            for row in section.rows for cell in row.cells if cell.numeric
        ]  # fmt: skip
        facts = [
            (fact.value, fact.label) for section in page.sections if isinstance(section, Answer)
            for fact in section.facts if OF_SHARES not in fact.label
        ]  # fmt: skip
        found = [(where, text) for where, text in (*cells, *facts) if INTERVAL.search(text.replace("5 to 95 %", ""))]
        return found, [(where, text) for where, text in found if "nominal " not in text]

    return listed
