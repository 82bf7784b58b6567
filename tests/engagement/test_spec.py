"""The tables of the raid follow from one declaration."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from tests.engagement.test_raid_properties import small_raid

from ringtrue.engagement import spec
from ringtrue.engagement.draw_tables import case_tables, prepared
from ringtrue.engagement.scratch import scratch
from ringtrue.engagement.simulate import player, simulate


def test_every_row_has_a_name_of_its_own_and_its_number_stands_under_it():
    names = [row for rows in spec.ROWS.values() for row in rows]
    assert [name for name, n in Counter(names).items() if n > 1] == []
    assert all(getattr(spec, row.upper()) == k for rows in spec.ROWS.values() for k, row in enumerate(rows))


def test_a_field_of_a_case_is_read_back_from_the_row_of_its_table():
    case = small_raid(
        launcher_reload_s=17.0, reserve=[[2], [1]], is_priority=1, latency_s=np.array([[[0.0, 3.0], [4.0, 0.0]]])
    )
    tables = prepared(case_tables(case), 1)
    for name, (_, said) in spec.CASE.items():
        if not said.is_played:
            continue
        wanted = np.asarray(getattr(case.arrays, name))
        if said.axes.startswith("draw"):
            wanted = wanted[1 % wanted.shape[0]]
        table = getattr(tables, said.row_of or name)
        found = table[spec.ROWS[said.row_of].index(name)] if said.row_of else table
        assert np.array_equal(found, wanted), name


@pytest.mark.parametrize("n_targets", [1, 12])
def test_all_tables_have_the_element_types_that_are_declared(n_targets):
    case = small_raid(n_targets=n_targets)
    tables, state = prepared(case_tables(case), 0), scratch(case)
    for found in (tables, state):
        for name in found._fields:
            table = np.asarray(getattr(found, name))
            assert (table.dtype, table.ndim) == (spec.layout(name).element, len(spec.layout(name).axes)), name


def test_the_kernel_has_one_signature_and_refuses_any_other_layout():
    case = small_raid()
    simulate(case, seed=1, n_replications=2)
    kernel = player()
    assert len(kernel.signatures) == 1
    other = prepared(case_tables(case), 0)._replace(launcher_reload_s=np.zeros(2, dtype=np.float32))
    with pytest.raises(TypeError, match="No matching definition"):
        kernel(other, scratch(case), *(None for _ in range(9)))
