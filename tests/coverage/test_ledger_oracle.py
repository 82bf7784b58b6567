"""The oracle of the ledger: what moves a number of an audit when it is changed stands among the figures behind it."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from ringtrue.catalogue.change import with_figures
from ringtrue.catalogue.load import load_catalogue, parameters_of
from ringtrue.coverage.audit import audit
from ringtrue.coverage.records import AuditQuestion
from ringtrue.errors import InputError
from ringtrue.finding import Finding
from ringtrue.geo.elevation import open_model
from ringtrue.sensing.chain import chain_of, parameters_in
from ringtrue.sensing.ledger import Ledger
from ringtrue.sensing.run import Run

CATALOGUE = load_catalogue()
BARE = open_model("none")
BY_HAND = 0.2
"""How far a figure without a spread is moved, as a share of it."""


def _question(system_id: str, target_id: str) -> AuditQuestion:
    return AuditQuestion(
        system_id=system_id, latitude_deg=40.0, longitude_deg=32.5, targets=(target_id,), heights_m=(500.0,),
        altitudes_m=(8000.0,), k_factor=4.0 / 3.0,
    )  # fmt: skip


def _numbers(catalogue, question) -> dict[tuple[int, str], Finding]:
    found = {}
    result = audit(question, Run(catalogue, BARE, n_draws=2))
    for i, row in enumerate((*result.rows, *result.footprints)):
        for one in fields(row):
            value = getattr(row, one.name)
            if isinstance(value, Finding) and value.nominal is not None:
                found[i, one.name] = value
    return found


def _moved(parameter):
    """Return the other values of a figure: its low and high, or a fifth less and more where it has no spread."""
    ends = {parameter.low, parameter.high} - {parameter.nominal}
    return sorted(ends) or [parameter.nominal * (1.0 - BY_HAND), parameter.nominal * (1.0 + BY_HAND)]


def _changed(catalogue) -> set[str]:
    """Return the addresses whose value differs from the shipped one: a figure, and those that repeat it."""
    shipped = {p.id: p.nominal for p in parameters_of(CATALOGUE)}
    return {p.id for p in parameters_of(catalogue) if p.nominal != shipped[p.id]}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("system_id", "target_id"), [("s-400", "f-16"), ("nasams", "cruise-missile"), ("patriot-battery", "srbm")]
)
def test_every_figure_that_moves_a_number_stands_behind_it(system_id, target_id):
    question = _question(system_id, target_id)
    before = _numbers(CATALOGUE, question)
    chain = chain_of(Ledger(CATALOGUE, 2, 1), system_id)
    asked = {p.id: p for p in (*chain.parameters, *parameters_in(CATALOGUE.targets[target_id]))}
    asked |= {p.id: p for p in CATALOGUE.assumptions.values()}
    missing, movers = {}, set()
    for parameter in asked.values():
        for value in _moved(parameter):
            try:
                catalogue = with_figures(CATALOGUE, {parameter.id: value})
                changed, after = _changed(catalogue), _numbers(catalogue, question)
            except InputError:  # a value that the figure cannot have, or one on record only
                continue
            for key, finding in before.items():
                other = after.get(key)
                if other is None or np.isclose(other.nominal, finding.nominal, rtol=1e-9, atol=0.0):
                    continue
                movers.add(parameter.id)
                if not changed & set(finding.inputs):
                    missing.setdefault(parameter.id, set()).add(key[1])
    assert not missing, missing
    assert len(movers) > 8
