"""No entry of the catalogue is dead in silence: each is on the list of an answer, or on record only."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from benchmarks.figures.__main__ import FACTORS, FAR, moved_in, title_of
from benchmarks.figures.moving import asked, listed, moved, moves, times, with_followers
from benchmarks.figures.questions import FACE_AWAY, NARROW_RAD, beside, every_question, raid_question

from ringtrue.catalogue.change import with_figures
from ringtrue.catalogue.load import load_catalogue, parameters_of
from ringtrue.errors import InputError

CATALOGUE = load_catalogue()


def _named_by_none(catalogue, questions):
    """Return entries that stand on no list, themselves or as what repeats them."""
    followers = with_followers(catalogue)
    left = {a: {p.id for p in entries} for a, entries in followers.items() if not entries[0].on_record}
    for question in questions:
        if not left:
            break
        before = asked(question, catalogue)
        behind = set() if before is None else listed(before)
        left = {a: ids for a, ids in left.items() if not ids & behind}
    return set(left)


@pytest.mark.slow
def test_every_entry_is_behind_an_answer_or_on_record():
    assert not _named_by_none(CATALOGUE, every_question(CATALOGUE))


def test_every_entry_was_seen_to_move_a_number_or_is_on_record():
    """``python -m benchmarks.figures --new`` tries what is new in the catalogue and adds it to the record."""
    live = {p.id for p in parameters_of(CATALOGUE) if not p.on_record}
    assert set(moved_in()) == live
    assert set(moved_in().values()) <= {title_of(question) for question in every_question(CATALOGUE)}


@pytest.mark.slow
def test_an_entry_moves_a_number_where_the_record_says_so():
    """Twelve of them, in questions that the record names, moved as a change by hand moves them."""
    where, followers = moved_in(), with_followers(CATALOGUE)
    some = np.random.default_rng(12).choice(sorted(where), 12, replace=False)
    questions = {title_of(question): question for question in every_question(CATALOGUE)}
    for address in some:
        question = questions[where[address]]
        before = question.ask(CATALOGUE)
        changes = (times(followers[address], factor) for factor in (*FACTORS, *FAR))
        assert any(moves(question, CATALOGUE, before, change) for change in changes), f"{address}: {question.name}"


def test_only_the_radar_that_engages_turns():
    by_id = {p.id: p for p in parameters_of(CATALOGUE)}
    assert by_id["radar.91n6e.slew"].on_record == "only a radar that a unit engages with turns to what it is told of"
    assert not by_id["radar.92n6e.slew"].on_record
    assert not by_id["assumption.turning-antenna-slew"].on_record, "radars that turn and engage repeat it"
    with pytest.raises(InputError, match=r"91n6e\.slew is on record only"):
        with_figures(CATALOGUE, {"radar.91n6e.slew": 20.0})


@pytest.mark.slow
def test_of_two_radars_the_slew_of_the_one_that_engages_moves_a_raid_that_it_does_not_face():
    question = raid_question("s-400", "cruise-missile", 4, changes=[FACE_AWAY])
    narrow = beside(question, {"radar.92n6e.sector": NARROW_RAD})
    before = narrow.ask(CATALOGUE)
    assert moves(narrow, CATALOGUE, before, {"radar.92n6e.slew": 100.0})
    assert "radar.92n6e.slew" in listed(before)
    assert "radar.91n6e.slew" not in listed(before)
    assert not moves(narrow, CATALOGUE, before, {"radar.91n6e.slew": 100.0})


def test_an_entry_that_nobody_reads_is_found():
    """A new assumption, which no code asks for, is on no list: few questions are enough to tell the net works."""
    given = replace(CATALOGUE.assumptions["clutter-loss"], id="assumption.nobody-asks", copied_from="")
    other = replace(CATALOGUE, assumptions={**CATALOGUE.assumptions, "nobody-asks": given})
    few = [q for _, q in zip(range(1), every_question(CATALOGUE), strict=False)]
    left = _named_by_none(other, few)
    assert "assumption.nobody-asks" in left
    assert left - {"assumption.nobody-asks"} == _named_by_none(CATALOGUE, few)
    assert len(left) < sum(not p.on_record for p in parameters_of(other))


def test_what_no_unit_has_is_on_record_until_a_unit_has_it(tmp_path):
    by_id = {p.id: p for p in parameters_of(CATALOGUE)}
    assert by_id["radar.96l6e.reference_range"].on_record == "no fire unit of a system has it"
    assert by_id["launcher.5p85.rounds.9m96e"].on_record.startswith("no fit of a unit loads it")
    assert not by_id["radar.91n6e.reference_range"].on_record
    assert not by_id["interceptor.9m96e.mean_speed"].on_record, "a scenario's loading may name any interceptor"
    (tmp_path / "other.toml").write_text('[fire-unit.s-400-division]\nacquisition_radar = "96l6e"\n', encoding="utf-8")
    other = {p.id: p for p in parameters_of(load_catalogue(tmp_path))}
    assert not other["radar.96l6e.reference_range"].on_record
    assert other["radar.91n6e.reference_range"].on_record
    assert not other["radar.91n6e.antenna_height"].on_record, "the 96L6E repeats it"


@pytest.mark.slow
def test_a_printed_kill_probability_that_is_changed_by_hand_still_counts_and_one_that_nobody_printed_is_refused():
    printed, guessed = (f"interceptor.{name}.envelope.aircraft.p_kill" for name in ("48n6e3", "48n6e"))
    question = raid_question("s-400:48n6e3", "f-16", 4)
    low, high = (asked(question, with_figures(CATALOGUE, {printed: value})) for value in (0.1, 0.9))
    assert any(printed in low[place].behind for place in moved(low, high))
    with pytest.raises(InputError, match="nobody printed it"):
        with_figures(CATALOGUE, {guessed: 0.1})
