import json
from dataclasses import replace

import jsonschema
import numpy as np
import pytest

from ringtrue.answer import answer_schema
from ringtrue.catalogue.load import load_catalogue
from ringtrue.coverage.exposure import ASPECTS, BANDS, THRESHOLDS
from ringtrue.errors import InputError
from ringtrue.geo.elevation import open_model
from ringtrue.scenario.keys import Waypoint
from ringtrue.scenario.load import load_scenario
from ringtrue.sensing.run import Run
from ringtrue.studies.exposure import FIXED_SENTENCES, exposure, exposure_lines
from ringtrue.studies.exposure_output import ALL_PATTERNS, ExposureResult, span

N = 60


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


@pytest.fixture(scope="module")
def scenario():
    whole = load_scenario("exposure-anatolia")
    return replace(whole, laydowns=whole.laydowns[:1])


@pytest.fixture(scope="module")
def result(scenario, catalogue):
    return exposure(scenario, Run(catalogue, open_model("none"), n_draws=N, threads=1))


def test_every_radar_class_pattern_and_threshold_has_its_row(scenario, result):
    keys = {(r.radar, r.target, r.pattern, r.threshold) for r in result.rows}
    patterns = [p.uid for p in scenario.patterns] + [ALL_PATTERNS]
    assert keys == {
        (radar, t, p, h)
        for radar in ("91n6e", "92n6e")
        for t in ("f-35", "f-35:reflector", "f-16")
        for p in patterns
        for h in THRESHOLDS
    }
    assert len(result.rows) == len(keys)


def test_per_hour_per_flight_and_per_year_are_one_count(result):
    """Nominal intervals differ only by factors, so medians of a pattern flown at a known rate must agree."""
    for row in result.rows:
        assert row.hours_per_year.median == pytest.approx(row.minutes_per_hour_on.median * 8766.0 / 60.0)
        assert 0.0 <= row.share_of_flight.low <= row.share_of_flight.high <= 1.0
        assert row.minutes_per_hour_on.high <= 60.0 * row.flights_per_week.high


def test_the_reflector_and_the_f16_are_observed_no_less_than_the_clean_aircraft(result):
    """Their cross-sections lie above the whole range of the F-35's nose and sides in nearly every draw."""
    for c in result.comparisons:
        if c.first == "f-35":
            assert c.p_first_more <= 0.05
            assert c.difference_minutes_per_hour_on.median < 0.0


def test_higher_thresholds_observe_less(result):
    by_key = {(r.radar, r.target, r.pattern, r.threshold): r for r in result.rows}
    for (radar, target, pattern, threshold), row in by_key.items():
        if threshold.startswith("look+"):
            assert (
                row.minutes_per_hour_on.median <= by_key[radar, target, pattern, "look-0.5"].minutes_per_hour_on.median
            )


def test_the_same_bytes_for_one_thread_and_two(scenario, catalogue, result):
    again = exposure(scenario, Run(catalogue, open_model("none"), n_draws=N, threads=2))
    assert json.dumps(again.as_json()) == json.dumps(result.as_json())


def test_json_holds_what_the_command_promises(scenario, catalogue, result):
    record = result.as_json()
    for key in ("command", "version", "scenario_hash", "catalogue_hash", "seed", "n_draws", "level", "rows"):
        assert key in record
    assert record["scenario_hash"] == scenario.content_hash
    assert record["catalogue_hash"] == catalogue.content_hash
    assert 0.0 <= record["assumed_share"] <= 1.0
    whole = [r for r in record["rows"] if r["pattern"] == ALL_PATTERNS]
    assert set(whole[0]["by_aspect_and_band"]) == set(ASPECTS)
    assert set(whole[0]["by_band"]) == set(BANDS)
    json.dumps(record, allow_nan=False)


def test_json_fits_its_schema(result):
    jsonschema.validate(json.loads(json.dumps(result.as_json())), answer_schema(ExposureResult))


def test_the_text_is_narrow_and_says_what_it_does_not_show(result):
    lines = exposure_lines(result)
    assert max(len(line) for line in lines) <= 80
    text = " ".join(" ".join(lines).split())
    for sentence in FIXED_SENTENCES:
        assert sentence in text
    assert text.endswith(" ".join(result.answer.split()))


def test_every_drawn_figure_is_listed_with_what_it_rests_on(result):
    ids = {p.id for p in result.parameters}
    for row in result.rows:
        assert row.minutes_per_hour_on.inputs
        assert set(row.minutes_per_hour_on.inputs) <= ids


def test_jamming_of_the_scenario_lowers_what_is_observed(catalogue, scenario, result):
    noisy = load_scenario("exposure-anatolia", ["environment.noise_rise=20 dB"])
    noisy = replace(noisy, laydowns=noisy.laydowns[:1])
    there = exposure(noisy, Run(catalogue, open_model("none"), n_draws=N, threads=1))
    for quiet, loud in zip(result.rows, there.rows, strict=True):
        assert loud.minutes_per_hour_on.median <= quiet.minutes_per_hour_on.median
    loud, quiet = (next(r for r in x.rows if r.pattern == ALL_PATTERNS) for x in (there, result))
    assert loud.farthest_km.median < quiet.farthest_km.median


def test_a_path_under_the_ground_is_one_clear_sentence(catalogue):
    low = load_scenario("exposure-anatolia", ["pattern.erhac-konya.altitude=900 m"])
    with pytest.raises(InputError, match=r"pattern.erhac-konya.altitude: 900 m lies under the ground"):
        exposure(low, Run(catalogue, open_model(None), n_draws=N))


def test_a_scenario_without_patterns_is_refused(catalogue):
    with pytest.raises(InputError, match=r"no \[\[pattern\]\] is given"):
        exposure(load_scenario("minimal"), Run(catalogue, open_model("none"), n_draws=N))


def test_at_its_base_a_far_aircraft_is_seen_by_nobody_and_the_row_says_why(catalogue):
    """On a smooth earth the height from which it would be in sight follows from the distance beyond the horizon."""
    given = load_scenario("exposure-anatolia", ['environment.k={ value = 1.3333333, reason = "standard" }'])
    found = exposure(given, Run(catalogue, open_model("none"), n_draws=20, threads=1))
    rows = {(b.laydown, b.radar, b.target): b for b in found.bases}
    assert len(rows) == 2 * 2 * 3
    assert all(b.p_seen_on_ground == 0.0 and "sees nothing of" in b.sentence for b in found.bases)
    near, far = rows["incirlik", "91n6e", "f-35"], rows["murted", "91n6e", "f-35"]
    assert (near.p_in_range, far.p_in_range) == (0.0, 0.0)
    assert near.farthest_km.high < near.distance_km < far.distance_km
    assert rows["murted", "92n6e", "f-16"].hidden_below_m is None, "farther than the radar is asked for"
    curved = 2.0 * 4.0 / 3.0 * 6_371_000.0
    antenna_m = (1000.0 * near.distance_km - np.sqrt(curved * near.hidden_below_m.nominal)) ** 2 / curved
    antenna_far_m = (1000.0 * far.distance_km - np.sqrt(curved * far.hidden_below_m.nominal)) ** 2 / curved
    assert antenna_m == pytest.approx(antenna_far_m, abs=1.0)
    assert 10.0 < antenna_m < 60.0
    assert found.answer.startswith(far.sentence), "what is seen at the base comes before the patterns"


def test_a_base_beside_the_radar_is_seen_on_the_ground(catalogue, scenario):
    base = replace(scenario.bases[0], at=Waypoint(40.0789, 32.7))
    beside = replace(scenario, bases=(base,))
    found = exposure(beside, Run(catalogue, open_model("none"), n_draws=20, threads=1))
    row = next(b for b in found.bases if (b.radar, b.target) == ("91n6e", "f-16"))
    assert row.p_seen_on_ground == 1.0
    assert row.hidden_below_m.high == 0.0
    assert "sees something in 100 % of draws" in row.sentence
    assert ":" not in row.sentence


def test_other_classes_are_said_in_minutes_beside_the_ratio(result):
    minutes = next(
        r.minutes_per_hour_on
        for r in result.rows
        if (r.radar, r.target, r.pattern, r.threshold) == ("91n6e", "f-35:reflector", ALL_PATTERNS, "look-0.5")
    )
    assert f"times the {span(minutes)} minutes of an F-35A with peacetime radar reflectors" in result.answer
