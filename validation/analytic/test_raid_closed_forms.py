"""Closed forms of salvoes, magazines and queues against the numbers printed in the validation list (A6, A7)."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest

from ringtrue.engagement import closed_forms as cf

# (case, value, printed, tolerance: half the last printed digit, or rounding noise where the number is exact)
PRINTED = [
    ("V-S01.1", cf.salvo_kill(0.5, 2), 0.75, 1e-12),
    ("V-S01.2", cf.salvo_kill(0.7, 2), 0.91, 1e-12),
    ("V-S01.3", cf.salvo_kill(0.8, 2), 0.96, 1e-12),
    ("V-S02.1", cf.p_no_leaker(5, 2, 0.8), 0.8153726976, 1e-10),
    ("V-S02.2", cf.p_no_leaker(10, 2, 0.7), 0.3894161181, 1e-10),
    ("V-S03.1", cf.p_no_leaker(20, 4, 0.7), 0.8498803836, 1e-7),
    ("V-S03.2", cf.p_no_leaker(20, 4, 0.7, 0.98), 0.8328828, 1e-7),
    ("V-S04.1", cf.shots_for_no_leaker(0.8, 1, 0.7), 1.336773, 1e-6),
    ("V-S04.2", cf.shots_for_no_leaker(0.8, 5, 0.7), 2.601063, 1e-6),
    ("V-S04.3", cf.shots_for_no_leaker(0.8, 20, 0.7), 3.738661, 1e-6),
    ("V-S04.4", cf.total_shots_for_no_leaker(0.8, 1, 0.7), 2, 0),
    ("V-S04.5", cf.total_shots_for_no_leaker(0.8, 5, 0.7), 15, 0),
    ("V-S04.6", cf.total_shots_for_no_leaker(0.8, 20, 0.7), 80, 0),
    ("V-S05.1", cf.targets_covered(44, 4), 11, 0),
    ("V-S05.2", cf.salvo_kill(0.25, 4), 0.68359375, 1e-12),
    ("V-S06", cf.layered_kill([0.8, 0.8]), 0.96, 1e-12),
    ("V-S07.1", cf.look_kill(0.7, [1, 1]), 0.91, 1e-12),
    ("V-S07.2", cf.look_mean_shots(0.7, [1, 1]), 1.3, 1e-12),
    ("V-S07.3", cf.look_kill(0.9, [1, 1]), 0.99, 1e-12),
    ("V-S07.4", cf.look_mean_shots(0.9, [1, 1]), 1.1, 1e-12),
    ("V-S08.1", cf.look_kill(0.7, [2, 2]), 0.9919, 1e-12),
    ("V-S08.2", cf.look_mean_shots(0.7, [2, 2]), 2.18, 1e-12),
    ("V-S09.1", cf.mean_leak_salvo_to_the_end(20, 32, 0.7), 5.44, 1e-12),
    ("V-S09.2", cf.mean_leak_salvo_to_the_end(30, 32, 0.8), 14.64, 1e-12),
    ("V-S09.3", cf.mean_leak_salvo_to_the_end(8, 9, 0.6), 4.04, 1e-12),
    ("V-S10.1", cf.mean_leak_even_spread(20, 32, 0.7), 3.48, 1e-12),
    ("V-S10.2", cf.mean_leak_even_spread(30, 32, 0.8), 5.68, 1e-12),
    ("V-S11.1", cf.mean_leak_one_at_a_time(20, 32, 2, 0.7), 1.8011122993, 1e-9),
    ("V-S11.2", cf.mean_leak_one_at_a_time(10, 16, 2, 0.5), 2.619140625, 1e-9),
    ("V-S13.1", cf.uncoordinated_leak_fraction(10, 20, 0.7), 0.2342389, 1e-7),
    ("V-S14.1", cf.p_at_most_leakers(0, 20, 0.09), 0.1516449130, 1e-9),
    ("V-S14.2", cf.p_at_most_leakers(2, 20, 0.09), 0.7334295873, 1e-9),
    ("V-S15", cf.detected_and_killed(0.95, 0.7, 2), 0.8645, 1e-12),
    ("V-S16.1", cf.looks(40e3, 3e3, 240, 900, 10, 5), 7, 0),
    ("V-S16.2", cf.first_fire_range_m(40e3, 240, 10), 37_600, 0.1),
    ("V-S16.3", cf.intercept_range_m(1, 40e3, 3e3, 240, 900, 10, 5), 29_684.2, 0.1),
    ("V-S17.1", cf.looks(200e3, 10e3, 300, 1300, 10, 8), 11, 0),
    ("V-S17.2", cf.first_fire_range_m(200e3, 300, 10), 197_000, 0.1),
    ("V-S17.3", cf.intercept_range_m(1, 200e3, 10e3, 300, 1300, 10, 8), 160_062.5, 0.1),
    ("V-S19.1", cf.ready_rounds([32], [4]), 128, 0),
    ("V-S19.2", cf.ready_rounds([5, 15], [12, 4]), 120, 0),
    ("V-S20.1", cf.salvo_exchange_loss(2, 4, 3, 3, 2), 0, 0),
    ("V-S20.2", cf.salvo_exchange_loss(3, 4, 2, 3, 2), 2, 0),
    ("V-S21.1", 2 - cf.salvo_exchange_loss(3, 4 * 0.61, 2, 4 * 0.35, 2), 0, 0.005),
    ("V-S21.2", 3 - cf.salvo_exchange_loss(2, 4 * 0.61, 3, 4 * 0.35, 2), 2.66, 0.005),
    ("V-Q01.1", cf.erlang_b(1, 0.5), 1 / 3, 1e-12),
    ("V-Q01.2", cf.erlang_b(2, 1.0), 0.2, 1e-12),
    ("V-Q02.1", cf.erlang_b(6, 6.0), 0.2649223222, 1e-9),
    ("V-Q02.2", cf.erlang_b(6, 12.0), 0.5560889270, 1e-9),
    ("V-Q02.3", cf.erlang_b(10, 20.0), 0.5379631686, 1e-9),
    ("V-Q03.1", cf.erlang_c(6, 3.0), 0.0991432069, 1e-9),
    ("V-Q03.2", cf.erlang_c_wait_ratio(6, 3.0), 0.0330477356, 1e-9),
    ("V-Q04.1", cf.erlang_c(10, 5.0), 0.0361053592, 1e-9),
    ("V-Q04.2", cf.erlang_c_wait_ratio(10, 5.0), 0.0072210718, 1e-9),
    ("V-Q05", cf.finite_queue_loss(6, 12, 6.0), 0.1023050205, 1e-9),
    ("V-Q06", cf.impatient_share(6, 0.2, 30.0, 60.0), 0.1336482322, 1e-9),
    ("V-Q07", cf.impatient_share(1, 1.0, 1.0, 1.0), exp(-1), 1e-9),
    ("V-Q08.1", cf.raid_mean_leak(10, 6, 2, 0.7), 1.9764768, 1e-7),
    ("V-Q08.2", cf.raid_p_no_leaker(10, 6, 2, 0.7), 0.1172272283, 1e-9),
    ("V-Q09.1", cf.raid_mean_leak(24, 6, 3, 0.8), 9.6, 1e-9),
    ("V-Q09.2", cf.raid_mean_leak(30, 6, 3, 1.0), 12, 1e-9),
    ("V-X02.3", cf.raid_mean_leak(20, 6, 8, 0.7, 64), 0.0297828, 1e-6),
    ("V-X02.4", cf.raid_p_no_leaker(20, 6, 8, 0.7, 64), 0.9708021, 1e-6),
    ("V-X02.5", cf.raid_mean_shots(20, 6, 8, 0.7, 64), 28.52888, 1e-5),
    ("V-X03.1", cf.raid_mean_leak(40, 6, 8, 0.7, 64), 6.4424317, 1e-6),
    ("V-X03.2", cf.raid_p_no_leaker(40, 6, 8, 0.7, 64), 0.0132615, 1e-6),
    ("V-X03.3", cf.raid_mean_shots(40, 6, 8, 0.7, 64), 47.93938, 1e-5),
]


@pytest.mark.parametrize(("case", "value", "printed", "tolerance"), PRINTED, ids=[row[0] for row in PRINTED])
def test_printed_number(case, value, printed, tolerance):
    assert abs(value - printed) <= tolerance


def test_v_s12_leaker_law():
    assert np.allclose(cf.leaker_law(3, 4, 2, 0.5), [5 / 16, 3 / 8, 1 / 4, 1 / 16], atol=1e-15)


def test_v_s18_all_intercepts():
    printed = [29684.2, 22487.5, 16805.9, 12320.5, 8779.3, 5983.7, 3776.6]
    assert np.allclose(cf.intercept_ranges_m(40e3, 3e3, 240, 900, 10, 5), printed, atol=0.1)
