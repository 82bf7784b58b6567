"""Criteria, ratios, indices and what sentences make of them: counted by hand, or against another's closed form."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringtrue.answer import Example, measure_of
from ringtrue.catalogue.load import load_catalogue
from ringtrue.errors import InputError
from ringtrue.finding import Finding
from ringtrue.studies import claim_measures, claims, story
from ringtrue.studies.chains import bare_earth_detection, people_in_cap, warning_gain_s
from ringtrue.studies.claim_records import parse_criterion
from ringtrue.studies.claim_rows import DecidingUnknown
from ringtrue.studies.compare_differences import kill_ratio_turn, kill_ratios, number
from ringtrue.studies.compare_raids import KILL_GRID
from ringtrue.studies.indices import (
    binned_of_linear,
    ishigami,
    ishigami_moments,
    morris_mean_effect,
    sobol_indices,
    sobol_of_linear,
)
from ringtrue.studies.published_kill import PublishedSide, published_difference
from ringtrue.studies.telling import figure, value_words

quick = settings(derandomize=True, max_examples=60, deadline=None, database=None)


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        (">= 0.9", [0.9, 1.0], [0.899]),
        ("> 0.9", [0.901], [0.9]),
        ("<= 10", [10.0, -5.0], [10.001]),
        ("< 10", [9.99], [10.0]),
        ("0.95 .. 1.05", [0.95, 1.0, 1.05], [0.949, 1.051]),
    ],
)
def test_a_criterion_holds_as_it_is_written(text: str, inside: list[float], outside: list[float]) -> None:
    criterion = parse_criterion(text, "1")
    assert criterion.holds(inside).all()
    assert not criterion.holds(outside).any()
    assert criterion.text == text
    for value in (*inside, *outside):
        ends = [value - criterion.low, criterion.high - value]
        assert float(criterion.margin(value)) == pytest.approx(min(ends))
    assert criterion.bound in (0.9, 10.0, 0.95)


def test_a_month_and_a_year_have_all_their_days() -> None:
    for text, first, last in (
        ("in 2019-02", date(2019, 2, 1), date(2019, 2, 28)),
        ("in 2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("in 2019-12", date(2019, 12, 1), date(2019, 12, 31)),
        ("in 2019", date(2019, 1, 1), date(2019, 12, 31)),
    ):
        criterion = parse_criterion(text, "date")
        assert (criterion.low, criterion.high) == (first.toordinal(), last.toordinal())
        assert not criterion.is_open
    for wrong in ("in 2019-00", "in 2019-13"):
        with pytest.raises(InputError, match="names no month"):
            parse_criterion(wrong, "date")
    assert parse_criterion("<= 2019-10-31", "date").high == date(2019, 10, 31).toordinal()
    for text, si in (("1.05 .. 0.95", "1"), ("about 9", "1"), ("2019", "date")):
        with pytest.raises(InputError, match="is no criterion"):
            parse_criterion(text, si)
    with pytest.raises(InputError, match="is no date"):
        parse_criterion("> 2019-02-30", "date")


# ---------------------------------------------------------------------------------------------------------------------
# sensitivity


@pytest.mark.parametrize(("a", "b"), [(7.0, 0.1), (5.0, 0.05), (0.0, 0.2)])
def test_the_moments_of_ishigami_are_those_of_its_integrals(a: float, b: float) -> None:
    """Gauss and Legendre's rule on the cube, and on conditional means for the shares."""
    nodes, weights = np.polynomial.legendre.leggauss(40)
    unit, w = 0.5 * (nodes + 1.0), 0.5 * weights
    grid = np.stack(np.meshgrid(unit, unit, unit, indexing="ij"), axis=-1).reshape(-1, 3)
    values = ishigami(grid, a=a, b=b).reshape(40, 40, 40)
    mean = np.einsum("ijk,i,j,k", values, w, w, w)
    variance = np.einsum("ijk,i,j,k", (values - mean) ** 2, w, w, w)
    found = ishigami_moments(a=a, b=b)
    said = {name: getattr(found, name) for name in found._fields}
    assert said["mean"] == pytest.approx(mean, rel=1e-9, abs=1e-12)
    assert said["variance"] == pytest.approx(variance, rel=1e-9)
    firsts = [
        float(((np.einsum(rule, values, w, w) - mean) ** 2) @ w) / variance
        for rule in ("ijk,j,k->i", "ijk,i,k->j", "ijk,i,j->k")
    ]
    assert said["first"] == pytest.approx(firsts, abs=1e-9)
    totals = [1.0 - float(np.einsum("ij,i,j", (np.einsum(rule, values, w) - mean) ** 2, w, w)) / variance
              for rule in ("ijk,i->jk", "ijk,j->ik", "ijk,k->ij")]  # fmt: skip
    assert said["total"] == pytest.approx(totals, abs=1e-9)


def test_a_product_has_the_shares_of_its_factors() -> None:
    """(1 + x)(2 + 3 y), x and y uniform: variance parts 49/48, 27/16 and 1/16 of their sum."""
    parts = np.array([(2 + 1.5) ** 2 / 12, 1.5**2 * 9 / 12, 9 / 144])
    found = sobol_indices(lambda x: (1.0 + x[:, 0]) * (2.0 + 3.0 * x[:, 1]), 2, n_base=2048)
    assert found.first == pytest.approx(parts[:2] / parts.sum(), abs=0.01)
    assert found.total == pytest.approx((parts[:2] + parts[2]) / parts.sum(), abs=0.01)


def test_a_weighted_sum_has_the_shares_of_its_squares() -> None:
    wanted = np.array([1.0, 4.0, 9.0, 0.0]) / 14.0
    found = sobol_of_linear(np.array([1.0, -2.0, 3.0, 0.0]))
    assert np.asarray(found.first if hasattr(found, "first") else found) == pytest.approx(wanted, abs=0.02)
    assert binned_of_linear(np.array([1.0, -2.0, 3.0, 0.0])) == pytest.approx(wanted, abs=0.02)
    slope = morris_mean_effect(lambda x: 2.0 * x[:, 0] - 5.0 * x[:, 1], 2, n_trajectories=16, n_levels=6)
    assert slope == pytest.approx([2.0, 5.0])


# ---------------------------------------------------------------------------------------------------------------------
# kill probabilities


@quick
@given(st.floats(2.0, 30.0), st.floats(0.5, 2.0))
def test_the_ratio_of_kill_probabilities_is_where_both_leak_alike(scale: float, ratio: float) -> None:
    """B leaks s (1 - p); A leaks as much at p times the ratio, so that is the answer if the grid holds it."""
    grid = np.array(KILL_GRID)[:, None]
    a, b = scale * (1.0 - grid / ratio), scale * (1.0 - grid)
    (found,) = kill_ratios(a, b)
    least, most = KILL_GRID[0] / 0.6, KILL_GRID[-1] / 0.6
    if ratio > most * (1.0 + 1e-9):
        assert found == np.inf
    elif ratio < least * (1.0 - 1e-9):
        assert found == -np.inf
    elif least * 1.0001 < ratio < most * 0.9999:
        assert found == pytest.approx(ratio, rel=1e-6)


def curves(*ratios: float):
    grid = np.array(KILL_GRID)[:, None]
    return np.hstack([10.0 * (1.0 - grid / r) for r in ratios]), np.hstack([10.0 * (1.0 - grid) for _ in ratios])


def test_the_sentence_names_the_side_on_which_the_answer_turns() -> None:
    above = kill_ratio_turn("A", "B", *curves(*[1.2] * 20))
    assert (
        above.sentence
        == "A leaks more than B unless its kill probability is above 1.20 (1.20 to 1.20) times the other's"
    )
    assert (above.low, above.median, above.high) == pytest.approx((1.2, 1.2, 1.2))
    below = kill_ratio_turn("A", "B", *curves(*[0.8] * 20))
    assert "A leaks less than B unless its kill probability is below 0.80" in below.sentence
    even = kill_ratio_turn("A", "B", *curves(*[1.0] * 20))
    assert even.sentence == "A and B: the one with the greater kill probability leaks less (1.00 to 1.00)"
    least, most = KILL_GRID[0] / 0.6, KILL_GRID[-1] / 0.6
    always = kill_ratio_turn("A", "B", *curves(*[0.01] * 20))
    assert f"A leaks less than B at every ratio of kill probabilities from {least:.2f} to {most:.2f}" in always.sentence
    never = kill_ratio_turn("A", "B", *curves(*[9.0] * 20))
    assert "A leaks more than B at every ratio" in never.sentence
    assert never.median is None
    flat = np.full((len(KILL_GRID), 20), 3.0)
    assert kill_ratio_turn("A", "B", flat, flat).sentence == "A and B leak alike at every kill probability"


def test_as_published_two_laydowns_are_compared_on_the_raids_that_both_played() -> None:
    a = PublishedSide("a", np.array([1.0, 2.0, 4.0, 4.0]), np.array([[1.0, 1.0]] * 4), 3.0)
    b = PublishedSide("b", np.array([2.0, 2.0, 3.0, 6.0]), np.array([[2.0, 2.0, 99.0]] * 4), 1.0)
    found = published_difference("r", a, b)
    assert (found.p_a_better, found.p_equal) == (0.5, 0.25)
    assert found.a_minus_b.one_raid == (-1.0, -1.0)
    assert (found.a_minus_b.nominal, found.a_minus_b.median) == (2.0, -0.5)
    assert published_difference("r", a._replace(nominal=None), b).a_minus_b.nominal is None


# ---------------------------------------------------------------------------------------------------------------------
# words


def test_numbers_of_people_and_areas_are_told_in_millions_and_thousands() -> None:
    said = {
        0.0: "0", 999.4: "999", 1000.0: "1,000", 9_999.0: "9,999", 10_000.0: "10 k", 999_000.0: "999 k", 1e6: "1 M",
        -2.5e6: "-2.5 M", -1_500.0: "-1,500", 12.34: "12.3",
    }  # fmt: skip
    assert {value: number(value) for value in said} == said


def test_a_figure_is_told_in_the_unit_and_form_that_its_row_declares() -> None:
    said = measure_of(Example, "area_km2")
    wide = Finding("", "km2", 0.25, 0.5, 1234.5)
    assert figure(wide, said) == "0.5 [0.25 to 1,230] km2"
    assert figure(Finding("", "km2", 2.0, 2.0, 2.0), said) == "2 km2"
    assert figure(wide, replace(said, form="percent")) == "50 [25 to 123,000] %"
    assert figure(Finding("", "people", 1e5, 2.5e6, 4e6), replace(said, form="people", unit="people")).endswith(" M")
    assert value_words(Example("f-16", wide), "area_km2") == "0.5 [0.25 to 1,230] km2"


def test_chains_are_their_parts() -> None:
    """Horizon of 4/3 earth: sqrt(2 k R h) from either end."""
    reach = (2.0 * 4.0 / 3.0 * 6_371_000.0) ** 0.5
    gain = warning_gain_s(25.0, 10_000.0, 50.0, 240.0)
    assert gain.alone_s == pytest.approx(reach * (5.0 + 50.0**0.5) / 240.0, rel=2e-3)
    assert gain.networked_s == pytest.approx(reach * (100.0 + 50.0**0.5) / 240.0, rel=2e-3)
    assert gain.gain_s == pytest.approx(gain.networked_s - gain.alone_s)
    assert people_in_cap(10e3, 2.0) == pytest.approx(2.0 * np.pi * 100.0, rel=1e-5)
    near = bare_earth_detection(25.0, 100.0, 300e3, 400e3)
    assert near.detection_range_m == pytest.approx(reach * 15.0, rel=2e-3)
    assert near.ring_share == pytest.approx((near.detection_range_m / 400e3) ** 2, rel=1e-3)
    assert bare_earth_detection(25.0, 20_000.0, 300e3, 400e3).detection_range_m == 300e3


# ---------------------------------------------------------------------------------------------------------------------
# verdicts


@pytest.mark.parametrize(
    ("shares", "wanted"),
    [
        ((0.02, 0.97), ("variant",)),  # clear within each variant: the variant says it all
        ((0.4, 0.6), ("draws", 0.4)),  # open within each: the draws say it, of the variant nearest to one half
        ((0.45, 0.9), ("draws", 0.45)),
        ((0.7, 0.01, 0.99, 0.02, 0.98), ("variant", 0.7)),  # the variant, and the draws of the one that is open
        ((0.5,), ("draws", 0.5)),
    ],
)
def test_an_answer_turns_on_the_variant_where_variants_differ_more_than_draws(monkeypatch, shares, wanted) -> None:
    asked: list[object] = []

    def by_variant(_claim, _variants, _shares):
        asked.append("variant")
        return DecidingUnknown(None, "v", "v", "", (), "by variant")

    def by_draws(_ledger, _criterion, variant, _outcome):
        asked.extend([variant.share] if asked else ["draws", variant.share])
        return DecidingUnknown("d", "d", "d", "m", (1.0,), "by draws")

    monkeypatch.setattr(claims, "_by_variant", by_variant)
    monkeypatch.setattr(claims, "_by_draws", by_draws)
    tested = [(SimpleNamespace(share=share), None) for share in shares]
    found = claims._deciding(None, None, None, tested)  # type: ignore[arg-type]
    assert tuple(asked) == wanted
    assert found.sentence == {
        ("variant",): "by variant", ("variant", 0.7): "by variant; among draws, by draws",
    }.get(wanted, "by draws")  # fmt: skip


def test_an_advantage_is_a_share_of_the_larger_of_two_and_nought_where_neither_reaches_anything(monkeypatch) -> None:
    reached = {"one": np.array([0.0, 0.5, 3.0, 1e6, 0.0]), "two": np.array([0.0, 0.25, 4.0, 0.0, 2.0])}
    monkeypatch.setattr(claim_measures, "_counted", lambda _bench, _args, name: (reached[name], frozenset({name})))
    monkeypatch.setattr(claim_measures, "_places_of", lambda _bench, *_names: [])
    monkeypatch.setattr(claim_measures, "_ground_words", lambda *_: "")
    found = claim_measures.package_advantage(None, {"laydown": "one", "against": "two", "count": "area"})  # type: ignore[arg-type]
    assert found.values.tolist() == [0.0, 0.5, -0.25, 1.0, -1.0]
    assert found.uses == {"one", "two"}


def test_an_inspection_is_told_from_its_least_to_its_greatest_share() -> None:
    variants = [
        SimpleNamespace(figure=Finding("", "1", m - 0.05, m, m + 0.05), variant={"height": h}, share=0.0)
        for h, m in (("low", 0.4), ("middle", 0.2), ("high", 0.6))
    ]
    row = SimpleNamespace(
        args={"system": "s-400"}, variants=[*variants, SimpleNamespace(figure=None)], n_draws=0, assumed_share=0.93,
    )  # fmt: skip
    told = story.inspected(row, load_catalogue(), 50, 1)  # type: ignore[arg-type]
    assert told is not None
    assert told.answer.startswith(
        "The S-400's own figures carry 20 % [15 to 25] to 60 % [55 to 65] of the public's doubt"
    )
    assert told.answer.endswith("Assumed: 93 %.")
    assert [bar.found.median for bar in told.bars] == pytest.approx([40.0, 20.0, 60.0])
    assert story.inspected(SimpleNamespace(variants=[]), load_catalogue(), 50, 1) is None  # type: ignore[arg-type]
