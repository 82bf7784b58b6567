"""The page of an exposure ledger: minutes with intervals, the fixed sentence, one radar's figures only."""

import re
from dataclasses import fields, make_dataclass, replace

import pytest

from ringtrue.answer import Header, measure
from ringtrue.catalogue.records import Parameter
from ringtrue.coverage.exposure import ASPECTS, BANDS, THRESHOLD_WORDS, THRESHOLDS, ExposureRow
from ringtrue.finding import Finding
from ringtrue.report.exposure_page import exposure_page, minutes_chart, write_exposure_report
from ringtrue.report.render import render_page
from ringtrue.sensing.deciding import Deciding, Share, Spread
from ringtrue.studies.exposure_output import (
    ALL_PATTERNS,
    BaseRow,
    ExposureComparison,
    ExposureHeadline,
    ExposureResult,
    exposure_lines,
)

RADARS, TARGETS = ("search", "fire"), ("f-35", "f-16")
FIXED = "It shows opportunity to observe, not what was learned."


def minutes(middle: float) -> Finding:
    return Finding("minutes", "min", 0.5 * middle, middle, 2.0 * middle)


def row(radar: str, target: str, pattern: str, threshold: str) -> ExposureRow:
    middle = (0.2 if target == "f-35" else 2.0) * (1.0 if threshold == "look-0.5" else 0.1)
    by = minutes(middle / 3.0)
    return ExposureRow(
        laydown="home", unit="unit", system="sys", radar=radar, role="acquisition", pattern=pattern, target=target,
        threshold=threshold, covered_share=1.0, flights_per_week=minutes(3.0), minutes_per_flight=minutes(middle),
        minutes_per_hour_on=minutes(middle), by_aspect=dict.fromkeys(ASPECTS, by), by_band=dict.fromkeys(BANDS, by),
        by_aspect_and_band=None, hours_per_year=minutes(100.0 * middle), share_of_flight=minutes(0.04),
        farthest_km=minutes(70.0), share_of_draws_observed=1.0,
    )  # fmt: skip


def parameter(key: str) -> Parameter:
    return Parameter(key, 1.0, 2.0, 3.0, "m", f"printed {key}", "split", None, "assumed", "none", note="nobody says")


@pytest.fixture(scope="module")
def result() -> ExposureResult:
    rows = tuple(
        row(radar, target, pattern, threshold)
        for radar in RADARS
        for target in TARGETS
        for pattern in (ALL_PATTERNS, "transit")
        for threshold in THRESHOLDS
    )
    verdict = Deciding("echo", (Share("echo", 0.4, 0.6, 0.7),), "the echo moves the answer most")
    headlines = tuple(
        ExposureHeadline("home", "unit", r, t, f"{r} sees {t}", Spread(1.0, verdict), Spread(0.9, verdict))
        for r in RADARS
        for t in TARGETS
    )
    keys = ("radar.search.range", "radar.fire.range", "target.f-35.rcs", "target.f-16.rcs")
    return ExposureResult(
        Header(command="exposure", scenario_hash="a" * 64, catalogue_hash="b" * 64, seed=1, n_draws=60), name="x",
        title="Flights near a radar", question="How long?", terrain="flat", thresholds=THRESHOLD_WORDS, rows=rows,
        bases=tuple(
            BaseRow("home", "unit", r, "field", t, 511.0, minutes(112.0), None if r == "fire" else minutes(9000.0),
                    0.0, 0.0, "Nothing.")
            for r in RADARS for t in TARGETS
        ),
        comparisons=(ExposureComparison("home", "unit", "search", "f-35", "f-16", minutes(-1.0), None, 0.02),),
        headlines=headlines, assumed_share=0.97, deciding=verdict.of("f-35"), sentences=(FIXED,),
        declared=("Invented flights.",),
        limits=("An upper bound.",), parameters=tuple(map(parameter, keys)), sources={},
        names={"search": "Search radar", "fire": "Fire radar", "f-35": "F-35A", "f-16": "F-16", "home": "Home",
               "field": "Airfield",
               "transit": "Transit east at 9,000 m above sea level"},
        answer="The search radar could observe an F-35A for 0.2 minutes.",
    )  # fmt: skip


@pytest.fixture(scope="module")
def html(result):
    return render_page(exposure_page(result))


def text_of(html: str) -> str:
    bare = re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)
    return re.sub(r'src="data:[^"]*"', "", bare)


def test_answer_and_fixed_sentence_come_first(html):
    text = text_of(html)
    assert text.index("for 0.2 minutes") < text.index(FIXED) < text.index("Minutes in an hour")


def test_what_is_seen_at_the_base_stands_before_the_patterns(html, result):
    text = text_of(html)
    assert text.index("At their base") < text.index("Minutes in an hour")
    assert text.count("F-35A at Airfield") >= 2
    assert "beyond reach" in text
    assert "At their base" not in text_of(render_page(exposure_page(replace(result, bases=()))))
    assert exposure_lines(result).count("Nothing.") == 4


def test_every_radar_has_its_ledger_with_sides_ranges_and_patterns(html):
    text = text_of(html)
    assert "The ledger: Search radar, Home" in text
    assert "The ledger: Fire radar, Home" in text
    for word in (*ASPECTS, "25 to 50 km", "beyond 200 km", "hours per year", "Transit east at 9,000 m above sea level"):
        assert text.count(word) >= 2, word


def test_a_number_lists_the_figures_of_its_radar_and_class_only(html, figures_behind):
    sets = re.findall(r'data-inputs="([^"]*)" data-what="Fire radar, F-35A[^"]*"', html)
    assert sorted(figures_behind(html)[sets[0]]) == ["radar.fire.range", "target.f-35.rcs"]


def test_a_measure_added_to_the_ledger_reaches_every_output(result):
    wider = make_dataclass(
        "Wider",
        [("tracks", Finding, measure("1", "Tracks begun", "Confirmed tracks per week.", better="more",
                                     heads={"terminal": "tracks a week", "ledger": "tracks begun in a week"}))],
        bases=(ExposureRow,), frozen=True,
    )  # fmt: skip
    tracks = Finding("", "1", 31.0, 37.0, 43.0, nominal=36.0)
    rows = tuple(wider(**{f.name: getattr(r, f.name) for f in fields(r)}, tracks=tracks) for r in result.rows)
    there = replace(result, rows=rows)
    assert there.as_json()["rows"][0]["tracks"] == {"low": 31.0, "median": 37.0, "high": 43.0, "nominal": 36.0}
    assert sum(line.startswith("tracks a week") for line in exposure_lines(there)) == len(RADARS)
    assert "tracks begun in a week" in render_page(exposure_page(there))
    assert there.to_xarray().tracks.units == "1"


def test_the_chart_names_every_class_at_every_radar(result):
    drawing = minutes_chart(result).svg
    assert drawing.count("F-35A") >= len(RADARS)
    assert "minutes per hour with the radar on" in drawing


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390])
def test_in_chromium_it_fits_and_asks_for_nothing(tmp_path, result, open_report, width):
    path = write_exposure_report(result, tmp_path / "exposure.html")
    with open_report(path, width) as seen:
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        seen.page.click("td a[data-inputs] >> nth=0")
        assert "printed radar.search.range" in seen.page.inner_text("dialog")
        seen.page.keyboard.press("Escape")
        assert seen.n_printed_pages() >= 2
        assert seen.quiet()


def test_the_nominal_case_stands_beside_every_interval(result, with_nominal_cases, intervals_of):
    found, bare = intervals_of(exposure_page(with_nominal_cases(result)))
    assert len(found) > 20
    assert not bare


def test_every_block_stands_alone_and_twice_and_as_in_the_page(result, blocks_stand_alone):
    assert blocks_stand_alone(exposure_page(result)) > 0
