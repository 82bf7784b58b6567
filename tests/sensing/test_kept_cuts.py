"""Quantiles of our own against numpy's, and shares that do not depend on what else is asked."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringtrue.finding import quantiles
from ringtrue.sensing.deciding import first_order_share


@given(
    st.lists(st.floats(-1e12, 1e12).map(lambda v: v + 0.0), min_size=1, max_size=120),
    st.lists(st.floats(0.0, 1.0), min_size=1, max_size=5),
)
def test_quantiles_have_the_bits_of_numpy(values: list[float], probabilities: list[float]) -> None:
    assert (quantiles(values, probabilities) == np.quantile(np.array(values), probabilities)).all()


def test_quantiles_of_many_rows_are_those_of_each_row() -> None:
    rows = np.random.default_rng(3).standard_normal((7, 41))
    together = quantiles(rows, [0.05, 0.5, 0.95])
    for i, row in enumerate(rows):
        assert (together[:, i] == quantiles(row, [0.05, 0.5, 0.95])).all()


def test_a_draw_that_is_not_a_number_is_not_hidden() -> None:
    assert np.isnan(quantiles([1.0, np.nan, 2.0], [0.05, 0.5])).all()


@pytest.mark.parametrize("n_draws", [75, 1000])
def test_a_share_is_the_same_alone_and_in_company(n_draws: int) -> None:
    """The cuts of several unknowns go through one sum; each keeps the bits it has alone."""
    generator = np.random.default_rng(n_draws)
    drawn = {f"u{i}": generator.standard_normal(n_draws) for i in range(5)}
    drawn["few"] = generator.integers(0, 3, n_draws).astype(np.float64)
    drawn["constant"] = np.full(n_draws, 2.0)
    answer = drawn["u0"] + 0.5 * drawn["u1"] + drawn["few"]
    together = {s.name: s for s in first_order_share(drawn, answer, n_bootstrap=40)}
    for name, values in drawn.items():
        assert first_order_share({name: values}, answer, n_bootstrap=40) == (together[name],)
