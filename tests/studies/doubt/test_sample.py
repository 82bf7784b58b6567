"""The sample behind every question of doubt: the numbers of the studies, whatever the pieces."""

from __future__ import annotations

import numpy as np
import pytest

from ringtrue.catalogue.load import load_catalogue
from ringtrue.coverage.audit import audit
from ringtrue.coverage.records import AuditQuestion
from ringtrue.engagement.raid import run_raid
from ringtrue.errors import DomainError
from ringtrue.geo.elevation import open_model
from ringtrue.scenario.checks import known_ids
from ringtrue.scenario.load import load_scenario
from ringtrue.sensing.design import pick_freeze
from ringtrue.sensing.run import Run
from ringtrue.studies.doubt import sample as samples
from ringtrue.studies.doubt.findings import find, of_scenario, of_system
from ringtrue.studies.doubt.sample import sample

CATALOGUE = load_catalogue()
BARE = open_model("none")
SMALL = load_scenario("minimal", (), known_ids(CATALOGUE))
RAIDS = of_scenario(SMALL, CATALOGUE, ())
SITE = AuditQuestion("s-400", 41.28, 36.34, ("f-16",), (500.0,), ())


def _run(n_draws: int) -> Run:
    return Run(CATALOGUE, BARE, n_draws, 1, 2)


def _raid_text() -> str:
    return f"leakers@{next(y.id for y in SMALL.laydowns if y.units)}/{SMALL.raids[0].id}"


def test_blocks_are_the_raids_of_engage_in_disjoint_parts() -> None:
    """The mean over blocks is what the raid itself gives on the same draws and the same luck."""
    asked = find(_raid_text(), RAIDS)
    found = sample([asked], _run(12), scenario=SMALL, n_replications=4)
    (term,) = asked.terms
    whole = run_raid(SMALL, term.laydown, term.raid, _run(12), n_replications=12)
    blocks = found.outputs[asked.text]
    assert blocks.shape == (12, 3)
    assert np.allclose(blocks.mean(axis=1), whole.of("leakers"), rtol=0.0, atol=1e-12)
    assert np.allclose(found.luck_variance[asked.text], whole.variance_of("leakers"), rtol=0.0, atol=1e-12)
    assert {c.name for c in found.candidates} == {c.name for c in whole.ledger.candidates(whole.uses)}


def test_pieces_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draws go by their number, and so does luck."""
    asked = find(_raid_text(), RAIDS)
    whole = sample([asked], _run(20), scenario=SMALL, n_replications=2)
    monkeypatch.setattr(samples, "DRAWS_AT_ONCE", 7)
    parts = sample([asked], _run(20), scenario=SMALL, n_replications=2)
    assert np.array_equal(whole.outputs[asked.text], parts.outputs[asked.text])
    for a, b in zip(whole.candidates, parts.candidates, strict=True):
        assert a.name == b.name
        assert np.array_equal(a.values, b.values)


def test_a_ring_is_that_of_the_audit() -> None:
    """Draw by draw, on the same draws."""
    known = of_system(SITE, CATALOGUE)
    asked = [find("seen_area", known), find("engageable_area", known)]
    found = sample(asked, _run(40))
    row = audit(SITE, _run(40)).rows[0]
    for one in asked:
        assert np.array_equal(found.outputs[one.text][:, 0], getattr(row, one.terms[0].measure).draws)


@pytest.mark.parametrize("kind", ["ring", "raid"])
def test_a_stream_taken_from_the_second_sample_moves_no_other(kind: str) -> None:
    """A, B, and A with one stream of B: what the indices rest on."""
    asked = find("engageable_area", of_system(SITE, CATALOGUE)) if kind == "ring" else find(_raid_text(), RAIDS)
    names = sorted(sample([asked], _run(2), scenario=SMALL, n_replications=1).reads[asked.text])
    design = pick_freeze([frozenset({name}) for name in names], 8, seed=1)
    found = sample([asked], _run(8), scenario=SMALL, design=design, n_replications=1)
    assert {one.name for one in found.candidates} == set(names)
    for i, name in enumerate(names):
        for one in found.candidates:
            numbers = one.values.reshape(-1, 8)
            assert np.array_equal(numbers[2 + i], numbers[1] if one.name == name else numbers[0])


def test_luck_wants_three_blocks() -> None:
    """Never one replication."""
    with pytest.raises(DomainError, match="3 blocks"):
        sample([find(_raid_text(), RAIDS)], _run(4), scenario=SMALL, n_blocks=1)
