"""The study of sensitivity: against what every study says, against SALib on the same sample, and source by source."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from SALib.analyze import sobol as salib

import ringtrue.api as rt
from ringtrue.catalogue.change import with_figures
from ringtrue.catalogue.load import load_catalogue
from ringtrue.coverage.audit import audit
from ringtrue.coverage.records import AuditQuestion
from ringtrue.errors import DomainError
from ringtrue.geo.elevation import open_model
from ringtrue.scenario.checks import known_ids
from ringtrue.scenario.load import load_scenario
from ringtrue.sensing.design import pick_freeze
from ringtrue.sensing.run import Run
from ringtrue.studies.doubt import sensitivity as study
from ringtrue.studies.doubt.disagreement import changed_by_user, rivals_of, under
from ringtrue.studies.doubt.findings import find, of_scenario, of_system
from ringtrue.studies.doubt.sample import sample
from ringtrue.studies.doubt.sensitivity import sensitivity

CATALOGUE = load_catalogue()
BARE = open_model("none")
SITE = AuditQuestion("s-400", 41.28, 36.34, ("f-16",), (100.0,), ())
RANGE = "interceptor.40n6e.envelope.aircraft.max_range"


def _run(model: object = BARE, n_draws: int = 16) -> Run:
    return Run(CATALOGUE, model, n_draws, 1, 2)  # type: ignore[arg-type]


@pytest.mark.slow
def test_shares_alone_overlap_those_of_the_audit() -> None:
    """For every unknown above 5 % in what the audit says decides: its interval meets that of the index."""
    asked = find("engageable_area", of_system(SITE, CATALOGUE))
    model = open_model(None)
    found = {row.stream: row for row in sensitivity(asked, _run(model), n_points=256).rows}
    shares = [share for share in audit(SITE, _run(model, 1000)).deciding.shares if share.share > 0.05]
    assert shares
    for share in shares:
        row = found[share.stream]
        assert row.first_low <= share.high, share
        assert share.low <= row.first_high, share


def test_the_indices_are_those_of_salib_on_the_same_sample() -> None:
    """A ring over a bare earth, every stream of it."""
    asked = find("engageable_area", of_system(SITE, CATALOGUE))
    found = sensitivity(asked, _run(), n_points=64)
    names = [one.name for one in sample([asked], _run()).candidates]
    design = pick_freeze([frozenset({name}) for name in names], 64, 1)
    values = sample([asked], _run(), design=design).outputs[asked.text].reshape(-1, 64)
    laid = np.concatenate([values[:1], values[2:], values[1:2]]).T.ravel()
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    theirs = salib.analyze(problem, laid, calc_second_order=False, num_resamples=10, seed=1)
    ours = {row.stream: row for row in found.rows}
    assert set(ours) == set(names)
    for name, first, total in zip(names, theirs["S1"], theirs["ST"], strict=True):
        assert ours[name].total == pytest.approx(total, abs=0.01)
        assert ours[name].first == pytest.approx(first, abs=0.05)


def test_a_raid_has_luck_as_a_row_of_its_own() -> None:
    """Its share is of one raid; those of the figures with it and luck's add up to what interactions allow."""
    deal = load_scenario("minimal", (), known_ids(CATALOGUE))
    known = of_scenario(deal, CATALOGUE, ())
    laydown = next(y.id for y in deal.laydowns if y.units)
    found = sensitivity(
        find(f"leakers@{laydown}/{deal.raids[0].id}", known), _run(), scenario=deal, n_points=64, n_replications=2
    )
    *figures, luck = found.rows
    assert luck.kind == "luck"
    assert luck.total is None
    assert luck.one_raid == found.luck
    assert found.luck_low <= found.luck <= found.luck_high
    assert all(row.one_raid == pytest.approx(row.total * (1.0 - found.luck)) for row in figures)
    assert found.header.n_replications == 6
    assert any("is luck" in sentence for sentence in found.answer)


def test_screening_leaves_the_small_ones_to_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the largest are the same as without it."""
    asked = find("engageable_area", of_system(SITE, CATALOGUE))
    whole = sensitivity(asked, _run(), n_points=64)
    monkeypatch.setattr(study, "MOST_UNSCREENED", 10)
    monkeypatch.setattr(study, "KEPT_OF_SCREENED", 5)
    found = sensitivity(asked, _run(), n_points=64)
    others = next(row for row in found.rows if row.kind == "others")
    assert len(found.rows) == 6
    assert found.n_screened_out == found.n_unknowns - 5
    assert {row.stream for row in found.rows[:3]} == {row.stream for row in whole.rows[:3]}
    assert others.total < 0.1
    assert "others together" in others.unknown


@pytest.mark.slow
def test_a_category_has_an_index_and_never_a_break_even() -> None:
    """A difference turns along figures alone."""
    question = replace(SITE, heights_m=(100.0, 3000.0))
    asked = find("engageable_area@f-16/100m-3000m", of_system(question, CATALOGUE))
    found = sensitivity(asked, _run(open_model(None)), n_points=16)
    ground = next(row for row in found.rows if row.kind == "category")
    assert ground.total is not None
    assert ground.turns_at is None
    assert all(row.turns_unit for row in found.rows if row.turns_at is not None)


def test_what_acts_together_is_warned_of() -> None:
    """More than a third that no unknown carries alone is said, less is not."""
    asked = find("engageable_area", of_system(SITE, CATALOGUE))
    found = sensitivity(asked, _run(), n_points=64)
    assert found.interactions_matter is (found.together > 1 / 3 and found.together_low > 0.0)
    told = study.sentences_of(replace(found, interactions_matter=True, together=0.5))
    assert any("carry 50 %" in sentence for sentence in told)
    assert not any(
        "carries alone" in sentence for sentence in study.sentences_of(replace(found, interactions_matter=False))
    )


def test_a_rival_stands_in_place_of_what_is_drawn_and_of_what_repeats_it() -> None:
    """The Swedish institute's 150 to 200 km in place of the advertised 400, against aircraft and what is copied."""
    foi = next(one for one in rivals_of(CATALOGUE, [RANGE]) if one.printed.source == "C12")
    changed = under(CATALOGUE, [foi])
    missile, before = changed.interceptors["40n6e"], CATALOGUE.interceptors["40n6e"]
    assert before.envelopes["aircraft"].max_range_m.nominal == 400e3
    for kind in ("aircraft", "cruise-missile", "drone"):
        now = missile.envelopes[kind].max_range_m
        assert (now.low, now.high, now.source) == (150e3, 200e3, "C12")
    assert missile.envelopes["ballistic"] == before.envelopes["ballistic"]
    assert changed.content_hash != CATALOGUE.content_hash


def test_sources_that_part_are_told_in_one_sentence() -> None:
    """A bomber at 10 km over a bare earth: who believes the institute gets another area, and both cannot be right."""
    question = replace(SITE, system_id="s-400:40n6e", targets=("bomber",), heights_m=(), altitudes_m=(10_000.0,))
    found = sensitivity(find("engageable_area", of_system(question, CATALOGUE)), _run(), n_points=32)
    by_source = {row.source: row for row in found.sources}
    assert by_source["C12"].value.median < 0.7 * by_source[""].value.median
    assert by_source["C12"].shift.median < 0.0
    assert by_source["C12"].ratio == by_source["C12"].value.median / by_source[""].value.median
    sentence = found.answer[-1]
    assert sentence.startswith("Whoever believes FOI 2019, in ")
    assert sentence.endswith("; both cannot be right.")
    apart = {(row.figure, row.other) for row in found.rivals if not row.can_both_be_right}
    assert (RANGE, "C12") in apart


def test_a_catalogue_of_ones_own_stands_beside_the_shipped_one() -> None:
    """A missile that reaches half as far: the row of the shipped figures gives the larger ring."""
    own = with_figures(CATALOGUE, {RANGE: "150 km"})
    question = replace(SITE, targets=("bomber",), heights_m=(), altitudes_m=(10_000.0,))
    run = replace(_run(), catalogue=own)
    found = sensitivity(find("engageable_area", of_system(question, own)), run, n_points=16)
    shipped = next(row for row in found.sources if row.kind == "shipped")
    assert shipped.figures == (RANGE,)
    assert "400 km, not 150 km" in shipped.says
    assert shipped.value.median > found.sources[0].value.median
    assert changed_by_user(CATALOGUE, [RANGE]) == ()


def test_points_are_a_power_of_two() -> None:
    """Anything else is refused before anything is played."""
    with pytest.raises(DomainError, match="power of two"):
        sensitivity(find("seen_area", of_system(SITE, CATALOGUE)), _run(), n_points=100)


def test_a_notebook_has_the_rows_as_a_table() -> None:
    """One row for each unknown, shares with their ends."""
    found = rt.sensitivity(
        "s-400", finding="seen_area", at=(41.28, 36.34), targets="f-16", heights=100, dem="none", points=8
    )
    table = found.to_dataframe()
    assert {"stream", "first", "total_low", "total", "total_high"} <= set(table.columns)
    assert len(table) == len(found.rows)
    assert found.sentence
