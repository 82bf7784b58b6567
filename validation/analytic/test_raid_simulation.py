"""The raid kernel against closed forms, through the simulation, with fixed seeds.

|z| <= 4.2 holds for all of some forty comparisons together with 99.9 % probability. Cases without chance are asked for
the printed digits.
"""

from __future__ import annotations

import pytest

from ringtrue.engagement.checks import check_ids, expected_value, simulate_check
from ringtrue.errors import InputError

REPLICATIONS = 100_000
WIDEST_Z = 4.2
PRINTED_DIGIT = 0.05


@pytest.mark.slow
@pytest.mark.parametrize("case_id", check_ids())
def test_simulation_meets_the_closed_form(case_id):
    value, standard_error = simulate_check(case_id, REPLICATIONS, seed=20260718)
    expected = expected_value(case_id)
    if standard_error == 0.0:
        assert abs(value - expected) <= PRINTED_DIGIT
    else:
        assert abs(value - expected) <= WIDEST_Z * standard_error


@pytest.mark.slow
@pytest.mark.parametrize("factor", [0.99, 1.01])
@pytest.mark.parametrize(
    ("case_id", "replications"), [("V-S09.1", 200_000), ("V-Q09.1", 200_000), ("V-S02.2", 400_000)]
)
def test_one_percent_of_bias_in_the_kill_probability_is_caught(case_id, replications, factor):
    """The same comparison fails when every kill probability is wrong by one part in a hundred."""
    value, standard_error = simulate_check(case_id, replications, seed=20260718, p_kill_factor=factor)
    assert abs(value - expected_value(case_id)) > WIDEST_Z * standard_error


def test_unknown_check_is_refused_in_one_sentence():
    with pytest.raises(InputError, match=r"check 'V-S1\.1' is not one of those that can be simulated; did you mean"):
        simulate_check("V-S1.1", 10, seed=1)
