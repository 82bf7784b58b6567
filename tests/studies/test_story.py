"""The story: six questions answered from findings, and the page of the documentation rebuilt word by word."""

from __future__ import annotations

import importlib.util
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from ringtrue.answer import is_settled
from ringtrue.catalogue.load import load_catalogue
from ringtrue.face.show import compare_lines
from ringtrue.finding import Finding, percent
from ringtrue.geo.elevation import open_model
from ringtrue.report.story_page import story_svg
from ringtrue.scenario.load import load_scenario
from ringtrue.sensing.run import Run
from ringtrue.studies import story
from ringtrue.studies.claims import claims
from ringtrue.studies.compare import compare
from ringtrue.studies.exposure import exposure
from ringtrue.studies.network import network
from ringtrue.studies.relocation import relocation

if TYPE_CHECKING:
    from ringtrue.studies.compare_records import CompareResult
    from ringtrue.studies.story import Told

DOCS = Path(__file__).resolve().parents[2] / "docs"
INTERVAL = re.compile(r"\[-?[\d.]+(?:-| to )-?[\d.]+\]")
EARLIER = Finding("earlier", "1", 101.0, 202.0, 303.0)


@pytest.fixture(scope="module")
def run() -> Run:
    return Run(load_catalogue(), open_model("none"), n_draws=24)


@pytest.fixture(scope="module")
def compared(run: Run) -> CompareResult:
    deal = load_scenario("turkey-2019")
    study = replace(
        deal.study, laydowns=("s-400-regiment", "patriot", "both", "both-networked"), raids=("mixed-40",),
        targets=("f-16",), heights_m=(500.0,), altitudes_m=(),
    )  # fmt: skip
    return compare(replace(deal, study=study), run, n_replications=4)


@pytest.fixture(scope="module")
def told(run: Run, compared: CompareResult) -> list[Told]:
    (row,) = claims(None, run, ids=(story.INSPECTION,)).rows
    found = [
        story.as_well_for_the_capital(compared),
        story.moved_abroad(relocation(load_scenario("relocation"), run)),
        story.at_their_base(exposure(load_scenario("exposure-anatolia"), run)),
        story.inspected(row, run.catalogue, run.n_draws, run.seed),
        story.as_good_and_when(compared),
        story.not_compatible(compared),
    ]
    assert all(found)
    return [one for one in found if one is not None]


def test_six_answers_of_forty_words_with_an_interval(told: list[Told]) -> None:
    assert [one.id for one in told] == ["ankara", "kyiv", "base", "inspection", "offer", "compatible"]
    for one in told:
        assert len(one.answer.split()) <= story.MOST_WORDS
        assert INTERVAL.search(one.answer), one.answer
        assert one.command.startswith("ringtrue ")
        assert one.question.endswith("?")
        assert one.answer.endswith(".")


def test_each_answer_says_what_it_rests_on(told: list[Told], compared: CompareResult) -> None:
    for one in told:
        assert "assumed" in one.answer.lower(), one.answer
    ankara, kyiv, offer, joined = (told[i].answer for i in (0, 1, 4, 5))
    assert percent(compared.place_duels[0].assumed_share) in ankara
    assert percent(compared.assumed_share) in offer
    assert kyiv.startswith("The regiment at Kyiv, bare earth: ")
    assert compared.links_assumed_share is not None
    assert f"Assumed: raid, links, {percent(compared.links_assumed_share)}" in joined
    untold = story.not_compatible(replace(compared, links_assumed_share=None))
    assert untold is not None
    assert untold.answer.endswith("Raid and links are assumed.")


def test_what_other_samples_would_move_is_said_in_rows_and_notes(compared: CompareResult) -> None:
    """24 draws settle few medians of residents: each is told with its interval, and none that is settled."""
    moved = [text for row in (*compared.coverage, *compared.places) for text in row.sampling]
    assert moved
    assert any(note.startswith(f"Other samples of 24 draws would move the middle of {len(moved)} ") for note in
               compared.notes)  # fmt: skip
    printed = [text for row in compared.as_json()["places"] for text in row["sampling"]]
    assert set(printed) <= set(moved)
    for row in compared.places:
        for release_m, found in row.people_defended.items():
            told = any(
                "residents defended" in text and ("release" in text) == (release_m > 0.0) for text in row.sampling
            )
            if found is not None and not is_settled(found):
                assert told


def test_the_assumed_part_of_joining_is_the_one_that_network_prints(run: Run, compared: CompareResult) -> None:
    alone = network(load_scenario("turkey-2019"), run, raid_ids=("mixed-40",), n_replications=4)
    assert compared.links_assumed_share == alone.assumed_share


def test_answers_move_with_the_findings(compared: CompareResult) -> None:
    """Other findings, another sentence: nothing in it is typed."""
    moved = replace(compared.headline, a_minus_b=replace(compared.headline.a_minus_b, low=-7.0, median=-5.0, high=-3.0))
    offer = story.as_good_and_when(replace(compared, headline=moved)).answer
    assert "The second lets 5 [3-7] more of 40 through." in offer
    open_ended = replace(moved, a_minus_b=replace(moved.a_minus_b, high=1.0))
    assert "lets 5 [-1 to 7] more of 40" in story.as_good_and_when(replace(compared, headline=open_ended)).answer
    duel = replace(compared.place_duels[0], a_leakers=EARLIER, p_a_better=0.25)
    answer = story.as_well_for_the_capital(replace(compared, place_duels=(duel,)))
    assert answer is not None
    assert "202 [101-303] get past one S-400 division" in answer.answer
    assert "in 25 % [14-42] of draws" in answer.answer, "6 of 24 draws: Wilson's interval"
    assert answer.bars[0].found is EARLIER
    links = tuple(replace(c, difference=EARLIER) if c.measure == "leakers" else c for c in compared.links)
    joined = story.not_compatible(replace(compared, links=links))
    assert joined is not None
    assert "202 [101 to 303]" in joined.answer


def test_a_question_that_nothing_answers_is_left_out(compared: CompareResult) -> None:
    assert story.as_well_for_the_capital(replace(compared, place_duels=())) is None
    assert story.not_compatible(replace(compared, links=())) is None
    bare = replace(compared, place_duels=(), links=())
    assert " ".join(story.closing_lines(bare)).strip() == story.as_good_and_when(compared).answer


def test_the_comparison_ends_on_three_of_the_answers(compared: CompareResult) -> None:
    answers = [one.answer for one in (
        story.as_well_for_the_capital(compared), story.as_good_and_when(compared), story.not_compatible(compared),
    ) if one is not None]  # fmt: skip
    lines = compare_lines(compared, None)
    assert len(answers) == 3
    assert " ".join(lines).endswith(" ".join(answers))
    assert max(map(len, lines)) <= 80


def test_only_the_claims_asked_for_are_tested(run: Run) -> None:
    assert [row.id for row in claims(None, run, ids=("patriot-only-without-s-400",)).rows] == [
        "patriot-only-without-s-400"
    ]


def test_pictures_show_every_finding_with_unit_and_source(told: list[Told]) -> None:
    for one in told:
        root = ElementTree.fromstring(story_svg(one))
        words = " ".join(e.text or "" for e in root.iter("{http://www.w3.org/2000/svg}text"))
        assert one.unit in words
        assert one.scale in words
        assert f"seed {one.seed}" in words
        for group in {bar.group for bar in one.bars}:
            assert group in words


@pytest.mark.slow
def test_the_page_is_what_the_program_says() -> None:
    """Rebuilt from the answers of the studies; where numbers have moved, run python docs/build_story.py."""
    spec = importlib.util.spec_from_file_location("build_story", DOCS / "build_story.py")
    assert spec is not None
    assert spec.loader is not None
    builder = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(builder)
    files = builder.files()
    assert len(files) == 7
    for name, text in files.items():
        assert (DOCS / "explanation" / name).read_text(encoding="utf-8") == text, name
