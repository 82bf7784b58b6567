"""The oracle of the ledger: what moves a number when it is changed stands among the figures behind it.

Small questions of every kind are asked again with figures at their low and high, those without a spread a fifth less
and more: an audit on bare earth and on hills, a raid, exposure, a comparison with prices and dates.
"""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.figures.__main__ import FAR, sweep
from benchmarks.figures.moving import NO_REASON, ends, figures, listed, moves, reason, unlisted_movers
from benchmarks.figures.questions import (
    HIGH,
    audit_question,
    exposure_question,
    hills,
    network_question,
    price_question,
    raid_question,
    relocation_question,
    timeline_question,
)

from ringtrue.catalogue.load import load_catalogue, parameters_of

CATALOGUE = load_catalogue()


def _lowest(parameter):
    return ends(parameter)[0]


def _highest(parameter):
    return ends(parameter)[-1]


def _held(question):
    before = question.ask(CATALOGUE)
    assert listed(before)
    for pick in (_lowest, _highest):
        missing = unlisted_movers(question, CATALOGUE, before, pick)
        assert not missing, {address: sorted(places)[:4] for address, places in missing.items()}
    return before


QUESTIONS = [
    audit_question("nasams", ("f-16",)),
    audit_question("patriot-battery", ("srbm",)),
    raid_question("nasams", "cruise-missile", 8),
    raid_question("patriot-battery", "srbm", 8),
    exposure_question("nasams", ("f-16", "one-way-uav")),
    price_question("nasams", "hisar-o", "cruise-missile"),
    relocation_question("nasams", "cruise-missile"),
    timeline_question("nasams", "hisar-o"),
]
ELSEWHERE = [
    audit_question("nasams", ("f-16", "cruise-missile")),
    exposure_question("nasams", ("cruise-missile",), [HIGH]),
    raid_question("nasams", "f-16", 4, friend="cruise-missile"),
    network_question("nasams", "hisar-o", "f-16", 4),
    network_question("nasams", "hisar-o", "cruise-missile", 4, friend="cruise-missile"),
]


@pytest.mark.slow
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: f"{q.kind}: {q.name}")
def test_every_figure_that_moves_a_number_stands_behind_it(question):
    _held(question)


@pytest.mark.slow
def test_every_figure_that_moves_a_number_on_hills_stands_behind_it():
    before = _held(audit_question("hisar-o", ("cruise-missile",), hills(), n_draws=2))
    assert "assumption.height-error" in listed(before)


@pytest.mark.slow
def test_every_figure_that_moves_a_number_between_two_units_stands_behind_it():
    question = network_question("nasams", "hisar-o", "cruise-missile", 4)
    before = question.ask(CATALOGUE)
    assert not unlisted_movers(question, CATALOGUE, before, _highest)


@pytest.mark.slow
@pytest.mark.parametrize("question", [QUESTIONS[0], QUESTIONS[2]], ids=lambda q: q.kind)
def test_a_listed_figure_that_moves_nothing_has_a_reason(question, capsys):
    """Printed with the reason; a seeded third of the list, for each figure is asked about by itself."""
    before = question.ask(CATALOGUE)
    behind = figures(CATALOGUE, listed(before))
    chosen = [behind[i] for i in sorted(np.random.default_rng(7).permutation(len(behind))[: len(behind) // 3])]
    still = [p for p in chosen if not any(moves(question, CATALOGUE, before, {p.id: v}) for v in ends(p))]
    others = [(other, other.ask(CATALOGUE)) for other in ELSEWHERE]
    reasons = {p.id: reason(question, CATALOGUE, before, p, others) for p in still}
    with capsys.disabled():
        for address, why in reasons.items():
            print(f"{question.kind}: {address} moves nothing: {why}")
    assert len(still) < len(chosen)
    assert NO_REASON not in reasons.values()


@pytest.mark.slow
def test_a_doubled_figure_moves_an_answer():
    """A seeded sample of `python -m benchmarks.figures`, which doubles and halves all of them."""
    live = [p.id for p in parameters_of(CATALOGUE) if not p.on_record]
    own = sorted(address for address in live if address.startswith(("radar.sentinel.", "interceptor.amraam.")))
    sample = {own[i] for i in np.random.default_rng(11).permutation(len(own))[:5]}
    questions = [audit_question("nasams"), *(raid_question("nasams", t, 8) for t in ("f-16", "one-way-uav"))]
    alive = sweep(CATALOGUE, questions, sample).alive
    alive |= sweep(CATALOGUE, questions, sample - set(alive), factors=FAR).alive
    assert set(alive) == sample
