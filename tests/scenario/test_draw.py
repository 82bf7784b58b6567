"""The draw: quantiles, groups, one offset per target class, independence of neighbours."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringtrue.catalogue.load import load_catalogue, parameters_of
from ringtrue.catalogue.records import Parameter
from ringtrue.catalogue.spread import MIDDLE_WITHIN
from ringtrue.errors import DomainError, InputError
from ringtrue.scenario.draw import (
    RCS_INDEPENDENT_DB,
    draw_parameter,
    draw_parameters,
    draw_record,
    nominal_record,
    quantile,
    split_quantile,
    stratified_uniform,
)
from ringtrue.studies.statistics import triangular_quantile


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


def _parameter(low, nominal, high, spread="split", name="x", group=""):
    return Parameter(name, low, nominal, high, "1", "", spread, None, "assumed", "none", group=group)


@pytest.mark.parametrize("case", [(40.0, 45.0, 100.0), (0.4, 0.7, 0.85), (-10.0, -5.0, -2.0)])
def test_a_split_triangle_has_its_median_at_the_nominal_value_and_its_mean_between(case):
    low, nominal, high = case
    values = draw_parameter(_parameter(*case), 20_000, seed=3)
    assert split_quantile(np.array([0.0, 0.5, 1.0]), *case).tolist() == [low, nominal, high]
    # stratified: median and mean are off by less than one stratum at their place
    assert np.median(values) == pytest.approx(nominal, rel=1e-3)
    assert values.mean() == pytest.approx((low + 4.0 * nominal + high) / 6.0, rel=1e-4)
    assert np.mean(values < nominal) == pytest.approx(0.5, abs=1e-4)


def test_a_split_triangle_of_equal_arms_is_the_triangle():
    p = np.linspace(0.0, 1.0, 1001)
    assert split_quantile(p, 40.0, 70.0, 100.0) == pytest.approx(triangular_quantile(p, 40.0, 70.0, 100.0), abs=1e-9)


def test_its_density_jumps_at_the_nominal_value():
    """Half the mass lies on either side of 45: as dense as 1 / (45 - 40) just below, as 1 / (100 - 45) just above."""
    q = split_quantile(np.array([0.5 - 1e-6, 0.5, 0.5 + 1e-6]), 40.0, 45.0, 100.0)
    assert 1e-6 / (q[1] - q[0]) == pytest.approx(1.0 / 5.0, rel=1e-4)
    assert 1e-6 / (q[2] - q[1]) == pytest.approx(1.0 / 55.0, rel=1e-4)


def test_a_split_in_logarithms_is_the_split_of_the_logarithms():
    p = np.linspace(0.0, 1.0, 101)
    logs = split_quantile(p, np.log(0.01), np.log(0.2), np.log(1.0))
    assert quantile(_parameter(0.01, 0.2, 1.0, "split-log"), p) == pytest.approx(np.exp(logs), rel=1e-12)
    assert quantile(_parameter(0.01, 0.2, 1.0, "split-log"), np.array([0.0, 0.5, 1.0])) == pytest.approx(
        [0.01, 0.2, 1.0]
    )


@settings(derandomize=True)
@given(
    st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3).map(sorted),
    st.floats(0.0, 1.0),
    st.sampled_from(["split", "uniform", "integer", "discrete", "fixed"]),
)
def test_every_spread_stays_inside_its_range(numbers, p, spread):
    low, nominal, high = numbers
    value = float(quantile(_parameter(low, nominal, high, spread), np.array([p]))[0])
    slack = 1e-9 * max(abs(low), abs(high), 1.0)
    assert low - slack <= value <= high + slack


@settings(derandomize=True)
@given(
    st.lists(st.floats(0.0, 1.0), min_size=2, max_size=2).map(sorted),
    st.sampled_from(["split", "split-log", "integer", "discrete"]),
)
def test_quantiles_rise(p, spread):
    low, high = quantile(_parameter(4, 8, 12, spread), np.array(p))
    assert low <= high


def test_integers_are_whole_and_reach_both_ends():
    values = draw_parameter(_parameter(4, 8, 12, "integer"), 5000, seed=1)
    assert set(values.tolist()) == {4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0}
    assert np.median(draw_parameter(_parameter(2, 3, 40, "integer"), 1000, seed=1)) == 3.0


def test_each_whole_number_comes_as_often_as_the_triangle_stretched_by_a_half_has_it():
    """4 / 8 / 12 runs from 3.5 to 12.5: n comes from where Q(p) = 3.5 + 4.5 sqrt(2 p) passes n - 1/2 on."""
    rounds = Parameter("x", 4, 8, 12, "1", "4 / 8 / 12", "integer", None, "assumed", "none")
    p = (np.arange(1_000_000) + 0.5) / 1_000_000
    share = np.bincount(quantile(rounds, p).astype(int), minlength=13)[4:] / p.size
    up_to = np.array([((n + 0.5 - 3.5) / 4.5) ** 2 / 2.0 for n in range(4, 8)])
    wanted = np.diff(up_to, prepend=0.0)
    assert share[:4] == pytest.approx(wanted, abs=2e-6)
    assert share[:4:-1] == pytest.approx(wanted, abs=2e-6)
    assert share[4] == pytest.approx(1.0 - 2.0 * up_to[-1], abs=4e-6)


def test_discrete_takes_its_middle_twice_as_often_as_an_end():
    values, counts = np.unique(draw_parameter(_parameter(1, 2, 4, "discrete"), 1000, seed=1), return_counts=True)
    assert values.tolist() == [1.0, 2.0, 4.0]
    assert counts.tolist() == [250, 500, 250]


def test_fixed_is_the_nominal_value():
    assert draw_parameter(_parameter(1, 2, 4, "fixed"), 3, seed=1).tolist() == [2.0, 2.0, 2.0]


def test_one_number_in_every_stratum():
    u = stratified_uniform("draw/x", 257, seed=5)
    assert sorted((u * 257).astype(int).tolist()) == list(range(257))


def test_the_same_seed_and_name_give_the_same_bits_and_others_do_not():
    p = _parameter(1, 2, 3)
    assert np.array_equal(draw_parameter(p, 50, seed=1), draw_parameter(p, 50, seed=1))
    assert not np.array_equal(draw_parameter(p, 50, seed=1), draw_parameter(p, 50, seed=2))
    assert not np.array_equal(draw_parameter(p, 50, seed=1), draw_parameter(_parameter(1, 2, 3, name="y"), 50, seed=1))


def test_names_are_independent():
    a, b = (stratified_uniform(f"draw/{name}", 4000, seed=1) for name in ("a", "b"))
    # four standard errors of a correlation of independent numbers
    assert abs(np.corrcoef(a, b)[0, 1]) < 4.0 / np.sqrt(4000)


def test_a_group_is_high_together():
    a = draw_parameter(_parameter(6, 8, 10, "split", "a", "channels"), 500, seed=1)
    b = draw_parameter(_parameter(12, 16, 20, "split", "b", "channels"), 500, seed=1)
    assert np.array_equal(np.argsort(a), np.argsort(b))
    assert b == pytest.approx(2.0 * a, rel=1e-12)


def test_adding_a_parameter_changes_no_other_draw(catalogue):
    radar = catalogue.radars["91n6e"]
    before = draw_record(radar, 64, seed=9)
    changed = dataclasses.replace(radar, sector_rad=_parameter(1, 2, 3, name="radar.91n6e.sector"))
    after = draw_record(changed, 64, seed=9)
    assert np.array_equal(before.reference_range_m, after.reference_range_m)
    assert np.array_equal(before.scan_period_s, after.scan_period_s)
    assert not np.array_equal(before.sector_rad, after.sector_rad)


def test_a_repeated_figure_is_drawn_with_the_one_it_repeats(catalogue):
    drawn = draw_record(catalogue.interceptors["48n6e3"], 32, seed=1)
    unit = draw_record(catalogue.fire_units["s-400-division"], 32, seed=1)
    radar = draw_record(catalogue.radars["92n6e"], 32, seed=1)
    assert np.array_equal(drawn.envelopes["aircraft"].max_range_m, drawn.envelopes["drone"].max_range_m)
    assert np.array_equal(unit.fire_channels, radar.fire_channels)
    assert np.array_equal(unit.missiles_in_flight, radar.missiles_guided)


def test_every_shipped_record_draws_inside_its_ranges(catalogue):
    for shelf in (
        catalogue.radars,
        catalogue.interceptors,
        catalogue.launchers,
        catalogue.fire_units,
        catalogue.systems,
    ):
        drawn = draw_record(shelf, 16, seed=1)
        for record_id, record in shelf.items():
            pairs = list(_leaves(record, drawn[record_id]))
            assert len(pairs) == len(parameters_of(record))
            for parameter, values in pairs:
                assert values.shape == (16,)
                assert values.dtype == np.float64
                assert ((values >= parameter.low * (1 - 1e-12)) | (parameter.low <= 0)).all(), parameter.id
                assert (values <= parameter.high + abs(parameter.high) * 1e-12).all(), parameter.id


def _leaves(record, drawn):
    if isinstance(record, Parameter):
        yield record, drawn
    elif isinstance(record, dict):
        for key, value in record.items():
            yield from _leaves(value, drawn[key])
    elif dataclasses.is_dataclass(record):
        for f in dataclasses.fields(record):
            yield from _leaves(getattr(record, f.name), getattr(drawn, f.name))


def _share_below(values, parameter):
    """Probability of the spread at which each value lies: the inverse of a split in logarithms, worked out anew."""
    low, nominal, high = np.log([parameter.low, parameter.nominal, parameter.high])
    x = np.log(values)
    below = 0.5 * ((x - low) / (nominal - low)) ** 2
    return np.where(x <= nominal, below, 1.0 - 0.5 * ((high - x) / (high - nominal)) ** 2)


def _span_db(parameter):
    return 10.0 * np.log10(parameter.high / parameter.low)


def test_cross_sections_of_a_class_share_one_offset(catalogue):
    target = catalogue.targets["f-35"]
    rcs = draw_record(target, 2000, seed=1).rcs_m2
    nose, side = target.rcs_m2["X"]["nose"], target.rcs_m2["X"]["side"]
    a, b = _share_below(rcs["X"]["nose"], nose), _share_below(rcs["X"]["side"], side)
    step = sum(RCS_INDEPENDENT_DB / _span_db(p) for p in (nose, side))
    assert np.abs(a - b).max() <= step + 1e-9
    assert np.abs(a - b).max() > 0.5 * step
    assert np.corrcoef(a, b)[0, 1] > 0.95
    assert np.array_equal(rcs["S"]["nose"], rcs["X"]["nose"])


def test_the_independent_step_of_a_cross_section_is_1_5_db_on_the_average(catalogue):
    """A full step moves a figure by 1.5 dB averaged over its spread: the mean slope of a quantile is its range."""
    nose = catalogue.targets["f-35"].rcs_m2["X"]["nose"]
    step = 1e-3 * RCS_INDEPENDENT_DB / _span_db(nose)
    p = (np.arange(100_000) + 0.5) / 100_000 * (1.0 - step)
    moved_db = 10.0 * np.log10(quantile(nose, p + step) / quantile(nose, p)) / 1e-3
    # the ends, where the slope has a pole, hold 2 % of the sum at this step
    assert moved_db.mean() == pytest.approx(RCS_INDEPENDENT_DB, rel=0.02)


def test_a_cross_section_keeps_its_own_spread(catalogue):
    target = catalogue.targets["f-16"]
    values = draw_record(target, 20_000, seed=2).rcs_m2["X"]["nose"]
    share = np.sort(_share_below(values, target.rcs_m2["X"]["nose"]))
    ideal = (np.arange(share.size) + 0.5) / share.size
    # Kolmogorov-Smirnov bound at 0.001 for independent draws; stratified ones are closer
    assert np.abs(share - ideal).max() < 1.95 / np.sqrt(share.size)
    assert share[0] >= -1e-12
    assert share[-1] <= 1.0 + 1e-12


def test_every_shipped_figure_has_its_nominal_value_in_the_middle(catalogue):
    """|drawn median / nominal - 1| <= 5 % over the whole catalogue, cross-sections drawn with their class."""
    drawn = [p for p in parameters_of(catalogue) if p.low < p.high and p.spread != "fixed" and p.nominal != 0.0]
    assert len(drawn) > 500
    off = {p.id: float(np.median(draw_parameter(p, 1001, seed=1))) / p.nominal - 1.0 for p in drawn}
    for target in catalogue.targets.values():
        for band, aspects in draw_record(target, 1001, seed=1).rcs_m2.items():
            for aspect, values in aspects.items():
                figure = target.rcs_m2[band][aspect]
                off[f"{target.id} {band} {aspect}"] = float(np.median(values)) / figure.nominal - 1.0
    assert {name: value for name, value in off.items() if abs(value) > MIDDLE_WITHIN} == {}


def test_two_classes_do_not_share_their_offset(catalogue):
    a = draw_record(catalogue.targets["f-16"], 2000, seed=1).rcs_m2["X"]["nose"]
    b = draw_record(catalogue.targets["cruise-missile"], 2000, seed=1).rcs_m2["X"]["nose"]
    assert abs(np.corrcoef(np.log(a), np.log(b))[0, 1]) < 4.0 / np.sqrt(2000)


def test_the_independent_part_is_the_catalogue_s_assumption(catalogue):
    assert catalogue.assumptions["rcs-independent-offset"].nominal == RCS_INDEPENDENT_DB


def test_nominal_records_have_length_one(catalogue):
    target = nominal_record(catalogue.targets["srbm"])
    assert target.rcs_m2["X"]["nose"].tolist() == [0.14]
    assert target.apogee_m.tolist() == [45_000.0]
    assert nominal_record(catalogue.targets["f-16"]).apogee_m is None


def test_parameters_by_address(catalogue):
    drawn = draw_parameters(catalogue, ["assumption.kill-probability-drone", "assumption.k-ankara"], 100, seed=1)
    assert all(values.shape == (100,) for values in drawn.values())
    assert drawn["assumption.kill-probability-drone"].min() >= 0.3
    with pytest.raises(InputError, match=r"^parameter 'assumption.k-ankra' is not in the catalogue; did you mean"):
        draw_parameters(catalogue, ["assumption.k-ankra"], 1, seed=1)


def test_no_draws_is_refused():
    with pytest.raises(DomainError, match=r"^--draws 0: at least one draw is needed; write --draws 1 or more$"):
        draw_parameter(_parameter(1, 2, 3), 0, seed=1)
