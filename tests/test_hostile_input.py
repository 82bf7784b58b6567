"""Every public formula takes what it is for and refuses the rest in one sentence: no raw error, no warning of numpy."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import math
import warnings

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ringtrue.errors import DomainError, RingTrueError
from ringtrue.geo.refraction import horizon_range_m
from ringtrue.procurement.money import Ratio

ROOMS = (
    "geo.geodesy", "geo.refraction", "geo.discs", "geo.profile", "radar.equation", "radar.detection",
    "radar.propagation", "radar.lobing", "kinematics.ballistic", "kinematics.flight", "kinematics.intercept",
    "procurement.money", "procurement.payments", "procurement.marginal", "procurement.packages",
    "engagement.closed_forms", "studies.statistics", "studies.indices", "studies.doubt.closed_forms",
)  # fmt: skip
NUMERIC = ("float", "int", "float | None", "int | None", "ArrayLike", "ArrayLike | None", "FloatArray",
           "Sequence[float]", "Sequence[int]")  # fmt: skip
SLOW = {"leaker_law", "p_leakers", "mean_leak_one_at_a_time", "raid_law", "raid_mean_leak", "raid_p_no_leaker",
        "raid_mean_shots", "morris_of_ishigami", "binned_of_ishigami", "binned_of_linear", "sobol_of_linear",
        "sobol_of_g", "binned_of_g", "sobol_of_ishigami_with_luck", "sobol_of_linear_with_luck",
        "estimated_worth_of_normal",
        "finite_queue_loss", "impatient_share", "erlang_b", "erlang_c", "erlang_c_wait_ratio", "ring_area_m2",
        "ring_perimeter_m"}  # fmt: skip


def public_functions():
    for room in ROOMS:
        module = importlib.import_module(f"ringtrue.{room}")
        for name, function in vars(module).items():
            if name.startswith("_") or not inspect.isfunction(inspect.unwrap(function)):
                continue
            if getattr(function, "__module__", "") != module.__name__:
                continue
            parameters = inspect.signature(function).parameters.values()
            numeric = [p for p in parameters if str(p.annotation) in NUMERIC]
            others = [p for p in parameters if p not in numeric and p.default is inspect.Parameter.empty]
            if numeric and not others:
                yield pytest.param(function, numeric, id=f"{room}.{name}")


FUNCTIONS = list(public_functions())
NUMBERS = st.one_of(
    st.sampled_from([0.0, 1.0, -1.0, 0.5, 1.5, math.nan, math.inf, -math.inf, 1e-300, 1e300, 1e9, -1e-9, 10.0, 300.0]),
    st.floats(0.0, 1.0), st.floats(-1e6, 1e6), st.floats(allow_nan=True),
)  # fmt: skip
WHOLE = st.one_of(st.integers(-3, 40), st.sampled_from([0, 1, 2, 2.5, math.nan, math.inf, 10**30, "many", None]))
ARRAYS = st.one_of(
    NUMBERS, st.lists(NUMBERS, min_size=0, max_size=4), st.just([]), st.just([[1.0, 2.0], [3.0, 4.0]]), st.just("far"),
    st.just(None),
)  # fmt: skip
LISTS = st.one_of(st.lists(st.integers(-1, 20), max_size=4), st.lists(NUMBERS, max_size=3), st.just(3), st.just(None))


def values_of(parameter) -> st.SearchStrategy:
    kind = str(parameter.annotation)
    if kind.startswith("Sequence"):
        return LISTS
    if kind.startswith("int"):
        return WHOLE
    return ARRAYS


@pytest.mark.parametrize(("function", "numeric"), FUNCTIONS)
def test_any_input_is_answered_or_refused_in_one_sentence(function, numeric) -> None:
    most = 25 if function.__name__ in SLOW else 60

    @settings(derandomize=True, max_examples=most, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.fixed_dictionaries({p.name: values_of(p) for p in numeric}))
    def ask(arguments) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                function(**arguments)
            except RingTrueError as refusal:
                text = str(refusal)
                assert text
                assert "\n" not in text

    ask()


SOUND = st.one_of(st.floats(1e-6, 1.0), st.floats(-6.0, 9.0).map(lambda x: 10.0**x), st.sampled_from([0.0, 1.0, 0.5]))


def sound_values_of(parameter) -> st.SearchStrategy:
    kind = str(parameter.annotation)
    if kind.startswith("Sequence"):
        return st.lists(st.integers(0, 12) if "int" in kind else st.floats(0.0, 1.0), min_size=1, max_size=3)
    if kind.startswith("int"):
        return st.integers(0, 40)
    if parameter.name == "p" or parameter.name.startswith("p_"):
        return st.one_of(st.floats(0.0, 1.0), st.floats(-12.0, 0.0).map(lambda x: 10.0**x))
    if parameter.name.endswith(("_rad", "_deg")):
        return st.floats(-1.6, 1.6)
    return SOUND if kind.startswith("float") else st.one_of(SOUND, st.lists(SOUND, min_size=2, max_size=2))


@pytest.mark.parametrize(("function", "numeric"), FUNCTIONS)
def test_values_near_the_bounds_give_no_warning(function, numeric) -> None:
    """What passes the bounds is computed without overflow, division by nought or a raw error."""

    @settings(derandomize=True, max_examples=25 if function.__name__ in SLOW else 150, deadline=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(st.fixed_dictionaries({p.name: sound_values_of(p) for p in numeric}))
    def ask(arguments) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with contextlib.suppress(RingTrueError):
                function(**arguments)

    ask()


NARROW = (np.uint8, np.int16, np.int32, np.float32, object)


def answered(function, arguments):
    """What comes back, numbers as float64, or the refusal."""
    try:
        found = function(**arguments)
    except DomainError as refusal:
        return str(refusal)
    parts = found if isinstance(found, tuple) else (found,)
    is_told = (str, Ratio)
    return [repr(x) if isinstance(x, is_told) else np.asarray(x, dtype=np.float64).tolist() for x in parts]


@pytest.mark.parametrize(("function", "numeric"), FUNCTIONS)
def test_the_type_of_a_number_changes_no_answer(function, numeric) -> None:
    """Products of 16-bit heights and 8-bit counts overflowed, some without a word."""
    luck = np.random.Generator(np.random.PCG64(7))
    for narrow in NARROW:
        for _ in range(1 if function.__name__ in SLOW else 4):
            wide, same = {}, {}
            for parameter in numeric:
                kind, value = str(parameter.annotation), float(luck.choice([1.0, 2.0, 60.0, 100.0, 200.0]))
                if kind.startswith("Sequence"):
                    wide[parameter.name], same[parameter.name] = [value], np.array([value]).astype(narrow)
                    if "int" in kind:
                        wide[parameter.name] = [int(value)]
                elif kind.startswith("int"):
                    value = min(value, 8.0)
                    whole = narrow if narrow is not object and np.issubdtype(narrow, np.integer) else int
                    wide[parameter.name], same[parameter.name] = int(value), whole(value)
                elif "Array" in kind:
                    wide[parameter.name], same[parameter.name] = np.array([value]), np.array([value]).astype(narrow)
                else:
                    wide[parameter.name], same[parameter.name] = (
                        value,
                        int(value) if narrow is object else narrow(value),
                    )
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                first, second = answered(function, wide), answered(function, same)
            if isinstance(first, str):
                assert isinstance(second, str), (first, second)
            else:
                np.testing.assert_equal(second, first)


@pytest.mark.parametrize(
    "value", ["1e3", b"7", np.datetime64("2020-01-01"), [1.0, None], np.ma.masked_array([1, 2], [0, 1])]
)
def test_text_dates_gaps_and_masked_values_are_no_numbers(value) -> None:
    with pytest.raises(DomainError, match="must be a number or an array of numbers"):
        horizon_range_m(value)


@pytest.mark.parametrize(("function", "numeric"), FUNCTIONS)
def test_nan_is_never_taken(function, numeric) -> None:
    """Every number that a formula needs is refused when it is nan, the other arguments being sound."""
    sound = {p.name: soundly(p) for p in numeric if p.default is inspect.Parameter.empty}
    for parameter in numeric:
        if parameter.name == "flight_time_s":  # nan: beyond the published table of flight times, so never
            continue
        kind = str(parameter.annotation)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with pytest.raises(RingTrueError):
                function(**{**sound, parameter.name: [math.nan] if kind.startswith("Sequence") else math.nan})


def soundly(parameter):
    kind, name = str(parameter.annotation), parameter.name
    if kind.startswith("Sequence"):
        return [1, 1] if "int" in kind else [0.5]
    if name in ("p", "table_range_m", "table_time_s", "unit_points", "time_s", "coefficients"):
        return [[0.5, 0.5, 0.5]] if name == "unit_points" else [0.5]
    if kind.startswith("int") or name.startswith("n_"):
        return 1
    return 0.5


@pytest.mark.parametrize(
    "call",
    [
        lambda m: m("radar.detection").m_of_n(1.5, 2, 3),
        lambda m: m("radar.detection").m_of_n(0.5, 500, 10_000),
        lambda m: m("radar.detection").p_above(1.0, 13.8, 1, 7),
        lambda m: m("radar.detection").coherent_p_detect(2.0, 0.1, signal="imaginary"),
        lambda m: m("radar.detection").coherent_p_detect(2.0, 0.1, signal=np.zeros(2)),
        lambda m: m("radar.detection").cumulative(0.5),
        lambda m: m("sensing.looks").confirmed_by_look(0.5, 2, 3),
        lambda m: m("radar.detection").mean_looks_to_confirm(1e-300, 2, 3),
        lambda m: m("radar.detection").albersheim_snr_db(0.1, 0.5),
        lambda m: m("radar.detection").shnidman_snr_db(0.1, 0.4),
        lambda m: m("procurement.payments").level_annuity(1e9, math.nan, 10),
        lambda m: m("procurement.packages").rounds_on_launchers(20, [60], [0]),
        lambda m: m("procurement.packages").rounds_on_launchers(20, [60, 80], [12]),
        lambda m: m("procurement.money").price_per_defended([1.0, 2.0], [1.0, 2.0, 3.0], "asset", "x"),
        lambda m: m("procurement.money").price_per_defended(1.0, [], "asset", "x"),
        lambda m: m("engagement.closed_forms").targets_covered(44, 0),
        lambda m: m("engagement.closed_forms").salvo_kill(0.7, -2),
        lambda m: m("engagement.closed_forms").leaker_law(5, -1, 2, 0.5),
        lambda m: m("engagement.closed_forms").raid_law(5, 6, 2, 0.5, -3),
        lambda m: m("engagement.closed_forms").shots_for_no_leaker(1.0, 5, 0.7),
        lambda m: m("engagement.closed_forms").shots_for_no_leaker(0.8, 5, 0.0),
        lambda m: m("engagement.closed_forms").shots_for_no_leaker(0.8, 0, 0.7),
        lambda m: m("engagement.closed_forms").mean_leak_even_spread(0, 5, 0.7),
        lambda m: m("engagement.closed_forms").intercept_ranges_m(40e3, 3e3, 0.0, 900.0, 10.0, 0.0),
        lambda m: m("engagement.closed_forms").intercept_ranges_m(40e3, 0.0, 240.0, 900.0, 10.0, 0.0),
        lambda m: m("engagement.closed_forms").erlang_c(0, 0.0),
        lambda m: m("engagement.closed_forms").finite_queue_loss(6, 3, 1.0),
        lambda m: m("engagement.closed_forms").ready_rounds([5, 15], [12]),
        lambda m: m("kinematics.flight").time_from_table_s(1e4, [], []),
        lambda m: m("kinematics.flight").leg_lengths_m(40.0, 33.0),
        lambda m: m("kinematics.flight").heading_rad(0.0, 1.0, ["inbound"]),
        lambda m: m("kinematics.intercept").earliest_on_track([], [], [], 0.0),
        lambda m: m("kinematics.intercept").earliest_on_track([0.0, 1.0], [1.0, 1.0, 1.0], [True], 0.0),
        lambda m: m("geo.geodesy").ring_area_m2([40.0], 32.0, 1e3),
        lambda m: m("geo.geodesy").inverse(40.0, [1.0, 2.0], 41.0, [1.0, 2.0, 3.0]),
        lambda m: m("geo.profile").lowest_visible_altitude_m([2e3, 1e3], [0.0, 0.0], 25.0),
        lambda m: m("studies.indices").sobol_indices(lambda x: 0.0 * x[:, 0], 2, n_base=64),
        lambda m: m("studies.indices").sobol_indices(lambda x: x, 2, n_base=64),
        lambda m: m("studies.indices").sobol_indices(lambda x: x[:, 0], 0, n_base=64),
        lambda m: m("studies.indices").morris_mean_effect(lambda x: x.sum(), 2, n_trajectories=4),
        lambda m: m("studies.statistics").wilson_interval(1.5, 3),
        lambda m: m("studies.statistics").runs_needed(0.2, 1e-300),
    ],
)
def test_what_used_to_break_is_one_sentence(call) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(DomainError) as refusal:
            call(lambda room: importlib.import_module(f"ringtrue.{room}"))
    assert "\n" not in str(refusal.value)


def test_a_large_raid_has_its_law_without_deep_recursion() -> None:
    """A thousand targets, one look each: the binomial law, and its mean in closed form."""
    from ringtrue.engagement.closed_forms import leaker_law, p_leakers

    law = leaker_law(900, 900, 1, 0.5)
    assert law.sum() == pytest.approx(1.0, abs=1e-12)
    assert law @ np.arange(901) == pytest.approx(450.0, rel=1e-12)
    assert p_leakers(5, 3, 4, 2, 0.5) == 0.0
