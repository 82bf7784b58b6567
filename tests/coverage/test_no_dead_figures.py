"""No entry of the catalogue is dead in silence: each is on the list of an answer, or on record only."""

from __future__ import annotations

from dataclasses import replace

import pytest
from benchmarks.figures.moving import asked, listed, moved, with_followers
from benchmarks.figures.questions import every_question, raid_question

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
