"""The range equation: inverses, limits, monotony, shapes, errors, speed of broadcasting."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringtrue.errors import DomainError
from ringtrue.radar import equation

REFERENCE = {"reference_range_m": 390e3, "reference_rcs_m2": 4.0}


def test_snr_and_range_are_inverse() -> None:
    range_m = equation.detection_range_m(0.3, **REFERENCE, reference_snr_ratio=20.0, required_snr_ratio=50.0)
    assert equation.snr_ratio(range_m, 0.3, **REFERENCE, reference_snr_ratio=20.0) == pytest.approx(50.0, rel=1e-12)


def test_full_forms_are_inverse() -> None:
    args = {"frequency_hz": 3e9, "pulse_s": 5e-6, "transmit_gain_db": 35.0, "receive_gain_db": 33.0, "loss_db": 4.0}
    snr_db = equation.full_snr_db(120e3, 2.0, peak_power_w=5e5, **args)
    assert equation.full_range_m(snr_db, 2.0, peak_power_w=5e5, **args) == pytest.approx(120e3, rel=1e-12)
    assert equation.full_peak_power_w(snr_db, 120e3, 2.0, **args) == pytest.approx(5e5, rel=1e-12)


def test_bistatic_ranges_share_the_spreading() -> None:
    args = {
        "frequency_hz": 1e9,
        "peak_power_w": 1e6,
        "pulse_s": 1e-6,
        "transmit_gain_db": 30.0,
        "receive_gain_db": 30.0,
    }
    one = equation.full_snr_db(50e3, 1.0, receive_range_m=200e3, **args)
    assert one == pytest.approx(equation.full_snr_db(100e3, 1.0, **args), abs=1e-12)


def test_reference_target_in_reference_air_gives_the_reference_range() -> None:
    range_m = equation.critical_slant_range_m(
        4.0, **REFERENCE, attenuation_db_per_km=0.0075, reference_attenuation_db_per_km=0.0075
    )
    assert range_m == pytest.approx(390e3, rel=1e-13)


def test_critical_range_satisfies_the_balance() -> None:
    """SNR at the returned range, with every loss taken off, is the required one."""
    rcs, required, reference = 0.02, 30.0, 12.0
    range_m = equation.critical_slant_range_m(
        rcs,
        **REFERENCE,
        reference_snr_ratio=reference,
        required_snr_ratio=required,
        attenuation_db_per_km=0.3,
        reference_attenuation_db_per_km=0.01,
        loss_db=3.0,
        jam_to_noise_ratio=2.0,
    )
    free = equation.snr_ratio(range_m, rcs, **REFERENCE, reference_snr_ratio=reference)
    loss_db = 3.0 + 10 * np.log10(3.0) + 2 * 0.3 * range_m / 1e3 - 2 * 0.01 * 390.0
    assert free * 10 ** (-loss_db / 10) == pytest.approx(required, rel=1e-12)


@settings(derandomize=True, max_examples=60)
@given(
    rcs=st.floats(1e-4, 1e2),
    factor=st.floats(1.0, 10.0),
    attenuation=st.floats(0.0, 2.0),
    loss_db=st.floats(0.0, 20.0),
    jam=st.floats(0.0, 1e3),
)
def test_range_grows_with_rcs_and_shrinks_with_every_loss(
    rcs: float, factor: float, attenuation: float, loss_db: float, jam: float
) -> None:
    losses = {"attenuation_db_per_km": attenuation, "loss_db": loss_db, "jam_to_noise_ratio": jam}
    range_m = equation.critical_slant_range_m(rcs, **REFERENCE, **losses)
    assert equation.critical_slant_range_m(rcs * factor, **REFERENCE, **losses) >= range_m
    for key, value in losses.items():
        worse = equation.critical_slant_range_m(rcs, **REFERENCE, **{**losses, key: value * factor + 0.1})
        assert worse < range_m


def test_draws_and_targets_broadcast() -> None:
    draws = np.linspace(300e3, 570e3, 1000)[:, None]
    range_m = equation.critical_slant_range_m(
        np.geomspace(1e-3, 100, 7), reference_range_m=draws, reference_rcs_m2=4.0, attenuation_db_per_km=0.0075
    )
    assert range_m.shape == (1000, 7)
    one = equation.critical_slant_range_m(
        1e-3, reference_range_m=draws[3, 0], reference_rcs_m2=4.0, attenuation_db_per_km=0.0075
    )
    assert range_m[3, 0] == one


def test_no_target_no_range() -> None:
    assert equation.critical_slant_range_m(0.0, **REFERENCE) == 0.0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: equation.snr_ratio(0.0, 1.0, **REFERENCE), "slant_range_m must be above zero"),
        (
            lambda: equation.attenuated_range_m(1e5, -0.1),
            "attenuation_db_per_km must be zero or more, in dB/km, and at most 1,000; given: -0.1",
        ),
        (lambda: equation.noise_rise_ratio(-1.0), "jam_to_noise_ratio must be zero or more"),
        (lambda: equation.wavelength_m(0.0), "frequency_hz must be above zero"),
    ],
)
def test_errors_say_which_value(call, words: str) -> None:
    with pytest.raises(DomainError, match=words):
        call()


def test_physics_modules_load_light() -> None:
    """Heavy packages are imported where they are used, not with the module."""
    code = (
        "import sys, ringtrue.radar.equation, ringtrue.radar.detection, ringtrue.radar.propagation, "
        "ringtrue.radar.lobing, ringtrue.kinematics.flight, ringtrue.kinematics.ballistic, "
        "ringtrue.kinematics.intercept; print([m for m in ('numba', 'scipy', 'pyproj') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
