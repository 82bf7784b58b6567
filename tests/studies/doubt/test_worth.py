"""What knowing is worth for a choice of a scenario: who learns what, in which words, and what is refused."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

import ringtrue.api as rt
from ringtrue.catalogue.load import load_catalogue
from ringtrue.cli import run
from ringtrue.errors import InputError
from ringtrue.sensing.chain import chain_of
from ringtrue.sensing.ledger import GROUND, Candidate, Ledger
from ringtrue.studies.doubt.knowing import is_own, knowledge_of
from ringtrue.studies.doubt.worth_words import share_text, worth_lines, worth_text

SMALL = {"draws": 120, "replications": 1, "dem": "none"}


@pytest.fixture(scope="module")
def saturated():
    """One S-400 or one Patriot against one raid of drones, each fire unit alone at Ankara."""
    return rt.worth("saturation", **SMALL)


def candidate(name, *figures):
    return Candidate(name, name, True, name == GROUND, np.zeros(3), figures)


def test_who_inspects_a_system_learns_its_own_figures_and_nothing_of_targets_ground_or_model():
    known = [
        candidate("radar.92n6e.slew", "radar.92n6e.slew"),
        candidate("radar.91n6e.frequency", "radar.91n6e.frequency"),
        candidate("radar.mpq-65.slew", "radar.mpq-65.slew"),
        candidate("fire-unit.s-400-division.launchers", "fire-unit.s-400-division.launchers"),
        candidate("assumption.decorrelation-time", "radar.92n6e.decorrelation"),
        candidate("target.f-16.rcs", "target.f-16.rcs"),
        candidate("target.f-16.speed", "target.f-16.speed"),
        candidate("assumption.kill-probability-drone", "assumption.kill-probability-drone"),
        candidate("assumption.flight-time-doubt", "assumption.flight-time-doubt"),
        candidate(GROUND, "assumption.height-error", "radar.92n6e.antenna_height"),
    ]
    found = {
        k.id: set(k.streams) for k in knowledge_of(known, load_catalogue(), ["s-400-tr:48n6e3", "patriot-2018:mixed"])
    }
    assert found["system.s-400-division"] == {
        "radar.92n6e.slew", "radar.91n6e.frequency", "fire-unit.s-400-division.launchers",
    }  # fmt: skip
    assert found["radar.92n6e"] == {"radar.92n6e.slew"}
    assert found["radar.mpq-65"] == found["system.patriot-2018-fire-unit"] == {"radar.mpq-65.slew"}
    assert found["contract"] == {"fire-unit.s-400-division.launchers"}
    assert found["kill"] == {"assumption.kill-probability-drone"}
    assert found["echo"] == {"target.f-16.rcs", "assumption.decorrelation-time"}
    assert found["flight"] == {"target.f-16.speed"}
    assert found["survey"] == {GROUND}
    assert found["model"] == {"assumption.flight-time-doubt"}
    assert not is_own(known[9])


def test_every_own_figure_of_a_system_that_is_drawn_is_learned_by_looking_into_it():
    """Whatever the ledger draws of the records of a system, its inspection settles: no figure is forgotten."""
    catalogue = load_catalogue()
    ledger = Ledger(catalogue, 50, 1)
    chain_of(ledger, "s-400-tr:48n6e3")
    candidates = ledger.candidates(ledger.figures)
    own = {c.name for c in candidates if is_own(c)}
    assert own
    whole = knowledge_of(candidates, catalogue, ["s-400-tr:48n6e3"])[0]
    assert set(whole.streams) == own


def test_rows_groups_first_then_figures_by_what_they_are_worth(saturated):
    kinds = [row.kind for row in saturated.rows]
    assert kinds == sorted(kinds, key=["group", "everything", "figure"].index)
    single = [(row.worth.value, row.shrinkage.value) for row in saturated.figures]
    assert single == sorted(single, reverse=True)
    everything = next(row for row in saturated.rows if row.kind == "everything")
    assert set(everything.streams) == {row.name for row in saturated.figures}
    assert {row.laydown for row in saturated.decision} == {"one-s-400", "one-patriot"}
    assert sum(row.p_best for row in saturated.decision) == pytest.approx(1.0)
    means = {row.laydown: row.mean for row in saturated.decision}
    assert saturated.today == min(means, key=means.get)
    assert saturated.difference.median <= 0.0


def test_worths_stay_between_nothing_and_everything(saturated):
    assert saturated.perfect.value <= saturated.best_of_means + 1e-9
    for row in saturated.rows:
        assert 0.0 <= row.worth.low <= row.worth.value <= row.worth.high
        assert row.worth.value <= saturated.perfect.high + 2.0 * (row.worth.high - row.worth.value)
        assert 0.0 <= row.shrinkage.low <= row.shrinkage.value <= row.shrinkage.high <= 1.0
        assert (row.verdict == "yes") == (row.worth.value > saturated.matters_from)
        if row.verdict == "no":
            assert row.worth.high <= saturated.matters_from
        if not row.streams:
            assert row.verdict == "cannot be told"
            assert "no figure of it is drawn" in row.why


def test_a_category_has_no_value_at_which_anything_turns(saturated):
    for row in saturated.figures:
        assert row.name != GROUND or row.break_even is None
        if row.break_even is not None and row.break_even.median is not None:
            assert row.break_even.asked_from <= row.break_even.median <= row.break_even.asked_to


def test_three_plain_sentences_end_the_screen_and_fit_it(saturated):
    assert len(saturated.answer) == 3
    assert all(len(sentence.split()) <= 45 for sentence in saturated.answer)
    lines = saturated.lines()
    assert len(lines) <= 45
    assert max(map(len, lines)) <= 80
    assert " ".join(lines).endswith(" ".join(saturated.answer))
    assert "every figure of the S-400" in saturated.answer[0]
    everything = worth_lines(saturated.found)
    assert max(map(len, everything)) <= 80
    assert len(everything) > 45


def test_the_answer_leaves_as_json_and_table(saturated, capsys):
    said = json.loads(json.dumps(saturated.as_json()))
    assert said["command"] == "worth"
    assert said["rows"][0]["worth"].keys() == {"low", "value", "high", "bar"}
    frame = saturated.to_dataframe()
    assert len(frame) == len(saturated.rows)
    assert {"worth_value", "shrinkage_high", "verdict"} <= set(frame.columns)
    assert len(saturated.to_dataframe("rows.options")) == 2 * len([r for r in saturated.groups if r.streams])
    assert run(["schema", "worth"]) == 0
    assert "What knowing would be worth for one choice" in capsys.readouterr().out


def test_the_page_has_a_chart_and_the_sentences(saturated, tmp_path):
    page = saturated.save(tmp_path / "worth.html").read_text(encoding="utf-8")
    assert page.count("<figure") >= 1
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert "If one could" in text
    assert "Figure by figure" in text
    assert "would go" in text


@pytest.mark.slow
def test_the_same_question_gives_the_same_bits_on_any_number_of_threads():
    one, two = (rt.worth("saturation", **{**SMALL, "draws": 100}, threads=n).as_json() for n in (1, 2))
    assert one == two


@pytest.mark.slow
def test_knowing_less_closely_is_said_and_tells_no_more(saturated):
    rough = rt.worth("saturation", within=50, **SMALL)
    assert rough.within == 0.5
    assert any("to within 50 % of its value" in note for note in rough.notes)
    exact, loose = (next(row for row in r.rows if row.kind == "everything") for r in (saturated, rough))
    assert loose.shrinkage.value <= exact.shrinkage.value + (exact.shrinkage.high - exact.shrinkage.low)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (
            {"decision": ["one-s-400", "one-patriat"]},
            "decision 'one-patriat' is no laydown of the scenario; did you mean",
        ),
        ({"decision": ["one-s-400"]}, "a choice takes two laydowns or more with fire units, separated by commas"),
        ({"by": "leakers@one-s-400/swarm"}, "leave the laydown out, each option is asked the same: leakers@swarm"),
        ({"by": "leeks"}, "by 'leeks': no measure 'leeks'"),
        ({"by": "turned_away@swarm"}, "neither more nor less of it is better"),
        ({"draws": 99}, "draws 99: what knowing is worth takes at least 100 draws"),
        ({"within": 95}, "within: 95 does not fit; a number from 0 to 90 is wanted"),
        ({"by": 3}, "by: 3 is of type int; a text is wanted"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_played(given, wanted):
    with pytest.raises(InputError) as refused:
        rt.worth("saturation", **{**SMALL, **given})
    assert wanted in str(refused.value)


def test_a_scenario_with_one_armed_laydown_offers_no_choice():
    with pytest.raises(InputError, match="a choice takes two laydowns or more with fire units"):
        rt.worth("minimal", **SMALL)


def test_words_of_an_estimate():
    from ringtrue.studies.doubt.worth_records import Estimate

    assert share_text(Estimate(0.3, 0.3, 0.3, 0.0)) == "30 %"
    assert worth_text(Estimate(0.0, 0.0, 1.4e6, 0.0), "people") == "0 [0 to 1.4 M]"
