import json
import re
from dataclasses import replace

import jsonschema
import numpy as np
import pytest

from ringtrue.answer import answer_schema, measure_of
from ringtrue.catalogue.load import load_catalogue
from ringtrue.errors import InputError
from ringtrue.geo import layers
from ringtrue.geo.elevation import open_model
from ringtrue.report.page import Prose
from ringtrue.report.relocation_page import relocation_page
from ringtrue.scenario.load import load_scenario
from ringtrue.sensing.run import Run
from ringtrue.studies.relocation import PLACE_MARGIN_M, relocation, relocation_lines
from ringtrue.studies.relocation_output import BARE_EARTH, MEAN_COURSE_REACH, DefendedPeople, RelocationResult
from ringtrue.studies.residents import blocks_about, most_frequent, people_by_country, populated_about

N = 40


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


@pytest.fixture(scope="module")
def scenario():
    whole = load_scenario("relocation")
    study = replace(whole.study, targets=("f-16", "cruise-missile", "srbm"), heights_m=(50.0,), altitudes_m=(3000.0,))
    return replace(whole, study=study)


@pytest.fixture(scope="module")
def result(scenario, catalogue):
    return relocation(scenario, Run(catalogue, open_model("none"), n_draws=N, threads=1))


def test_on_bare_earth_only_the_people_differ(result):
    """Above ground the smooth earth is the same everywhere but for the radius at the site's altitude, below 0.02 %."""
    area = {(r.laydown, r.target, r.where): r.engageable_area_km2 for r in result.rows}
    low_flying = [c for c in result.changes if c.height_m is not None]
    assert low_flying
    for c in low_flying:
        assert c.area_km2 is None, "no difference is told where there is none"
        there, home = (area[name, c.target, c.where] for name in (c.laydown, c.home))
        assert np.abs(there.draws - home.draws).max() < 2e-4 * home.median


def test_gains_go_to_the_countries_there_and_losses_to_home(result):
    told = [c for c in result.changes if c.gained_by_country and c.lost_by_country]
    assert {c.laydown for c in told} == {c.laydown for c in result.changes}
    for c in told:
        assert set(c.lost_by_country) == {"Turkey"}
        first = next(iter(c.gained_by_country))
        assert first == ("Turkey" if c.laydown == "at-istanbul" else "Ukraine")


def test_countries_add_up_to_the_whole_in_every_draw(result):
    """A country carries the error of the whole, so no part is above it; the same for what is gained and lost."""
    n_parts, most = 0, 1.0 + 1e-12
    for rows, names in (
        (result.rows, ["people_under"]), (result.changes, ["people_gained", "people_lost"]),
    ):  # fmt: skip
        for row in rows:
            for name in names:
                kept = name if name == "people_under" else name.removeprefix("people_")
                whole, parts = getattr(row, name), getattr(row, f"{kept}_by_country")
                if whole is None or not parts:
                    continue
                n_parts += len(parts) > 1
                assert np.sum([part.draws for part in parts.values()], axis=0) == pytest.approx(whole.draws)
                assert all(
                    part.high <= most * whole.high and part.median <= most * whole.median for part in parts.values()
                )
    assert n_parts > 2


def test_no_more_are_defended_than_live_under(result):
    for row in result.rows:
        for held in row.people_defended or ():
            assert (held.people_worst_course.draws <= row.people_under.draws).all()
            assert held.people_worst_course.nominal <= row.people_under.nominal
        for country, part in (row.people_defended_by_country or {}).items():
            assert (part.draws <= row.people_under_by_country[country].draws * (1.0 + 1e-12)).all()


def test_each_place_has_its_sentence_and_the_one_at_home_comes_last(result, scenario):
    titles = [scenario.laydown(name).title for name in ("at-odesa", "at-kyiv", "at-istanbul")]
    assert [told.partition(",")[0] for told in result.told_places] == titles
    assert ["(at home too: Turkey)" in told for told in result.told_places] == [False, False, True]
    for told in result.told_places[:2]:
        assert "defended, net" not in told, "nobody lives under both, so what is lost is told"
        row = next(c for c in result.changes if told.startswith(result.names[c.laydown]) and c.people_defended_lost)
        home = next(r for r in result.rows if (r.laydown, r.target, r.where) == (row.home, row.target, row.where))
        assert row.people_defended_lost.median == home.people_defended[0].people_worst_course.median
    assert result.answer == " ".join(result.told_places)


def test_sentences_of_the_places_are_short(result):
    told = [sentence for told in result.told_places for sentence in re.split(r"(?<=[.]) (?=[A-Z])", told)]
    assert len(told) == 3 * (1 + len({r.target for r in result.rows}))
    assert max(len(sentence.split()) for sentence in told) <= 35


def test_a_mean_course_may_defend_more_than_live_below_and_the_measure_says_so(result):
    """An attacker flies on: it is met over others before it comes to those behind them, who have no airspace above."""
    more = [
        (held.people_mean_course.median, row.people_under.median)
        for row in result.rows
        for held in row.people_defended or ()
        if held.release_range_m == 0.0
    ]
    assert any(mean > under for mean, under in more)
    meaning = measure_of(DefendedPeople, "people_mean_course").meaning
    assert "may be more than live below engageable airspace" in meaning
    assert MEAN_COURSE_REACH in meaning


def test_places_out_to_the_stated_margin_are_counted():
    assert f"{PLACE_MARGIN_M / 1000.0:.0f} km beyond" in MEAN_COURSE_REACH


def test_a_clause_against_resale_closes_the_places_abroad_and_moves_no_number(result, scenario, catalogue):
    clause = catalogue.clauses["s-400-no-resale"]
    assert [(c.laydown, c.country, c.is_closed) for c in result.clauses] == [
        ("at-istanbul", "Turkey", False), ("at-odesa", "Ukraine", True), ("at-kyiv", "Ukraine", True),
    ]  # fmt: skip
    text = " ".join(" ".join(relocation_lines(result)).split())
    page = relocation_page(result)
    for words in (clause.text, "[R3, B15]", "The regiment at Odesa (Ukraine), The regiment at Kyiv (Ukraine)"):
        assert words in text
        assert any(words in paragraph for s in page.sections if isinstance(s, Prose) for paragraph in s.paragraphs)
    assert {"R3", "B15"} <= set(result.sources)
    free = relocation(replace(scenario, offers=()), Run(catalogue, open_model("none"), n_draws=N, threads=1))
    assert (free.terms, free.clauses, free.told_clauses) == ((), (), ())
    assert (free.rows, free.changes) == (result.rows, result.changes)


def test_people_defended_are_no_more_than_people_under_and_shrink_with_release_range(result):
    """An attacker met before arrival is met above engageable ground; one block of people may stick out at the edge."""
    for row in result.rows:
        held = [d.people_worst_course.median for d in row.people_defended or ()]
        assert held == sorted(held, reverse=True)
        for defended in row.people_defended or ():
            found = defended.people_worst_course
            assert found.median <= defended.people_mean_course.median
            assert found.median == 0.0 or found.low < found.median < found.high, "the raster's doubt is in the interval"
        if held and row.people_under is not None:
            assert held[0] <= 1.2 * row.people_under.median


def test_the_same_place_gains_and_loses_nothing(scenario, catalogue):
    home = scenario.laydown("at-odesa")
    twin = replace(home, id="again")
    study = replace(scenario.study, targets=("cruise-missile",), laydowns=("at-odesa", "again"))
    same = replace(scenario, laydowns=(home, twin), study=study)
    found = relocation(same, Run(catalogue, open_model("none"), n_draws=N, threads=1))
    for c in found.changes:
        assert (c.people_gained.high, c.people_lost.high) == (0.0, 0.0)
        assert c.area_km2 is None
        assert (c.people_defended_net.low, c.people_defended_net.high) == (0.0, 0.0)


def test_beyond_the_model_it_says_so_and_assumes_no_flat_ground(scenario, catalogue):
    study = replace(scenario.study, targets=("cruise-missile",), laydowns=("at-kyiv", "at-kyiv"))
    kyiv = relocation(replace(scenario, study=study), Run(catalogue, open_model(None), n_draws=2, threads=1))
    on_terrain = [p for p in kyiv.places if p.terrain != BARE_EARTH]
    assert len(on_terrain) == 2
    assert all(p.site_altitude_m is None and p.covered_share is None for p in on_terrain)
    told = [p["covered_share"] for p in kyiv.as_json()["places"] if p["terrain"] != BARE_EARTH]
    assert told == [None, None]
    assert {r.terrain for r in kyiv.rows} == {BARE_EARTH}
    text = " ".join(" ".join(relocation_lines(kyiv)).split())
    assert "not covered: the model globe30s runs from 30 to 50 N; no flat ground is assumed" in text
    assert {", bare earth" in told for told in kyiv.told_places} == {True, False}, "both grounds, each by its name"


@pytest.mark.slow
def test_terrain_is_never_better_than_bare_earth_at_ankara(scenario, catalogue):
    study = replace(scenario.study, targets=("cruise-missile",), laydowns=("at-ankara", "at-odesa"))
    both = relocation(replace(scenario, study=study), Run(catalogue, open_model(None), n_draws=N))
    area = {(r.terrain, r.laydown, r.where): r.engageable_area_km2 for r in both.rows}
    terrain = next(p.terrain for p in both.places if p.terrain != BARE_EARTH)
    assert area[terrain, "at-ankara", "50 m AGL"].high < area[BARE_EARTH, "at-ankara", "50 m AGL"].low
    odesa = next(p for p in both.places if p.terrain == terrain and p.laydown == "at-odesa")
    assert 0.98 < odesa.covered_share < 1.0


def test_the_same_bytes_for_one_thread_and_two(scenario, catalogue, result):
    again = relocation(scenario, Run(catalogue, open_model("none"), n_draws=N, threads=2))
    assert json.dumps(again.as_json()) == json.dumps(result.as_json())


def test_text_and_json_are_complete(scenario, catalogue, result):
    lines = relocation_lines(result)
    assert max(len(line) for line in lines) <= 80
    assert f"Median [5 to 95 % of {N} draws]" in " ".join(lines)
    record = result.as_json()
    assert record["scenario_hash"] == scenario.content_hash
    assert record["catalogue_hash"] == catalogue.content_hash
    assert len(record["rows"]) == 4 * 2 * 2
    assert [row["target"] for row in record["footprints"]] == ["srbm"] * 4
    assert len(record["changes"]) == 3 * 2 * 2
    assert 0.0 <= record["assumed_share"] <= 1.0
    jsonschema.validate(json.loads(json.dumps(record, allow_nan=False)), answer_schema(RelocationResult))


def test_one_laydown_two_places_or_only_ballistic_classes_are_refused(scenario, catalogue):
    study = scenario.study
    bare = open_model("none")
    with pytest.raises(InputError, match="wants two laydowns or more"):
        relocation(replace(scenario, study=replace(study, laydowns=("at-kyiv",))), Run(catalogue, bare, n_draws=N))
    split = replace(scenario.laydowns[0], units=(scenario.laydowns[0].units[0], scenario.laydowns[1].units[0]))
    with pytest.raises(InputError, match="stands at 2 places"):
        relocation(replace(scenario, laydowns=(split, *scenario.laydowns[1:])), Run(catalogue, bare, n_draws=N))
    with pytest.raises(InputError, match="only ballistic classes"):
        relocation(replace(scenario, study=replace(study, targets=("srbm",))), Run(catalogue, bare, n_draws=N))
    with pytest.raises(InputError, match="'targets' and 'heights' or 'altitudes' are wanted"):
        relocation(replace(scenario, study=replace(study, targets=())), Run(catalogue, bare, n_draws=N))


def test_cells_count_a_uniform_land_as_its_area(monkeypatch):
    """V-X05 on cells: 100 people per km2 within 40 km of land; the edge of 5-minute cells leaves some 3 %."""
    monkeypatch.setattr(layers, "population_density_per_km2", lambda a, o: np.full(np.shape(a), 100.0))
    cells = populated_about(np.array([39.5]), np.array([34.5]), 40e3)
    assert cells.people.sum() == pytest.approx(502_653.0, rel=0.03)


def test_blocks_keep_every_resident(monkeypatch):
    cells = populated_about(np.array([46.4857]), np.array([30.7438]), 100e3)
    blocks = blocks_about(cells, 0, 100e3)
    assert blocks.people.sum() == pytest.approx(cells.people.sum())
    assert blocks.people.size < cells.people.size / 2
    everyone = people_by_country(np.ones((1, cells.people.size), dtype=np.bool_), np.arange(cells.people.size), cells)
    assert sum(float(v[0]) for v in everyone.values()) == pytest.approx(cells.people.sum())


def test_a_cell_belongs_to_the_country_of_most_of_its_land():
    ids = np.array([[0, 0, 0, 5], [3, 3, 7, 7], [7, 7, 7, 3], [0, 0, 0, 0], [-1, -1, -1, -1]], dtype=np.int16)
    assert most_frequent(ids).tolist() == [5, 3, 7, 0, -1]
