"""Whole shots for no leaker: the fewest that suffice, also where the answer is exact."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from ringtrue.engagement.closed_forms import p_no_leaker, total_shots_for_no_leaker, whole_shots_for_no_leaker


@settings(derandomize=True, max_examples=500, deadline=None)
@given(percent=st.integers(1, 99), n_shots=st.integers(1, 12), n_targets=st.integers(1, 60))
def test_what_so_many_shots_give_asks_for_so_many(percent: int, n_shots: int, n_targets: int) -> None:
    """P of n shots, in fractions and rounded once to a double, asks for n again (where doubles tell n from n - 1)."""
    p_kill = Fraction(percent, 100)
    wanted = (1 - (1 - p_kill) ** n_shots) ** n_targets
    fewer = (1 - (1 - p_kill) ** (n_shots - 1)) ** n_targets
    if float(wanted) >= 1.0 or float(wanted) == 0.0 or float(wanted - fewer) < 1e-12 * float(wanted):
        return
    if 1.0 - float(wanted) < 1e-12:
        return
    assert whole_shots_for_no_leaker(float(wanted), n_targets, float(p_kill)) == n_shots


@settings(derandomize=True, max_examples=500, deadline=None)
@given(p_wanted=st.floats(0.01, 0.999), n_targets=st.integers(1, 60), p_kill=st.floats(0.05, 0.99))
def test_it_is_the_fewest_that_suffice(p_wanted: float, n_targets: int, p_kill: float) -> None:
    shots = whole_shots_for_no_leaker(p_wanted, n_targets, p_kill)
    assert p_no_leaker(n_targets, shots, p_kill) >= p_wanted * (1.0 - 1e-12)
    assert p_no_leaker(n_targets, shots - 1, p_kill) < p_wanted


def test_edges() -> None:
    assert whole_shots_for_no_leaker(0.91, 1, 0.7) == 2
    assert whole_shots_for_no_leaker(0.75, 1, 0.5) == 2
    assert whole_shots_for_no_leaker(0.0, 5, 0.7) == 0
    assert whole_shots_for_no_leaker(0.9, 5, 1.0) == 1
    assert total_shots_for_no_leaker(0.8, 20, 0.7) == 80
