"""Radar numbers that others printed: MATLAB help pages, sdr, the ITU validation examples (rev. 5.1).

Codes M1 ... I1 are the documents of docs/methods/radar-equation.md, detection.md and propagation.md.
Tolerance: half of the last digit of the value recomputed from the same formula, which agrees with the printed digits.
"""

from __future__ import annotations

import numpy as np
import pytest

from ringtrue.radar import detection, equation, propagation

GAIN = {"transmit_gain_db": 20.0, "receive_gain_db": 20.0}
EXAMPLE = {"frequency_hz": 1e9, "pulse_s": 1e-6, **GAIN}


def test_v_r01_matlab_radareqsnr_first() -> None:
    """M1 prints 5.5868 dB."""
    args = {**EXAMPLE, "pulse_s": 0.2e-6}
    assert equation.full_snr_db(50e3, 1.0, peak_power_w=1e6, **args) == pytest.approx(5.586805, abs=1e-5)


def test_v_r02_matlab_radareqsnr_second() -> None:
    """M1 prints 14.3778 dB."""
    snr_db = equation.full_snr_db(
        100e3,
        0.5,
        frequency_hz=10e9,
        peak_power_w=1e6,
        pulse_s=1e-6,
        transmit_gain_db=40.0,
        receive_gain_db=40.0,
        temperature_k=300.0,
        loss_db=3.0,
    )
    assert snr_db == pytest.approx(14.377773, abs=1e-5)


def test_v_r03_matlab_radareqrng() -> None:
    """M2 prints 4.1057e+04 m."""
    range_m = equation.full_range_m(6.0, 1.0, frequency_hz=10e9, peak_power_w=1e6, pulse_s=10e-6, **GAIN)
    assert range_m == pytest.approx(41_056.567, abs=0.01)


def test_v_r04_matlab_radareqpow() -> None:
    """M3 prints 2.1996e+05 W."""
    assert equation.full_peak_power_w(6.0, 50e3, 1.0, **EXAMPLE) == pytest.approx(219_962.924, abs=0.01)


@pytest.mark.parametrize(
    ("path_m", "frequency_hz", "loss_db", "atol"),
    [(10e3, 10e9, 132.447783, 1e-6), (1e3, 1e9, 92.44778322188337, 1e-12)],
    ids=["V-R07 M10 132.4478", "V-R08 D4"],
)
def test_free_space_loss(path_m: float, frequency_hz: float, loss_db: float, atol: float) -> None:
    assert equation.free_space_loss_db(path_m, frequency_hz) == pytest.approx(loss_db, abs=atol)


def test_v_d02_sdr_min_snr() -> None:
    """D1 prints 13.183490056794499 dB."""
    assert detection.required_snr_db(0.9, 1e-6, case=0) == pytest.approx(13.183490056794, abs=1e-9)


def test_v_d15_sdr_p_d() -> None:
    """D2 prints both numbers."""
    assert detection.coherent_p_detect(10**0.3, 0.1) == pytest.approx(0.7630284641923553, abs=1e-12)
    assert detection.coherent_threshold(0.1) == pytest.approx(0.9061938024368232, abs=1e-12)


def test_v_d16_matlab_npwgnthresh() -> None:
    """M11 prints 7.3335 dB."""
    assert detection.coherent_threshold_db(0.01, signal="real") == pytest.approx(7.333493, abs=1e-6)


@pytest.mark.parametrize(
    ("frequency_hz", "oxygen", "vapour", "total"),
    [
        (1e9, 0.005389, 0.000051, 0.005440),
        (3e9, 0.007076, 0.000463, 0.007539),
        (10e9, 0.008224, 0.005974, 0.014199),
        (22e9, 0.013130, 0.174207, 0.187337),
    ],
    ids=["V-P01", "V-P02", "V-P03", "V-P04"],
)
def test_gas_itu_examples(frequency_hz: float, oxygen: float, vapour: float, total: float) -> None:
    """I1 prints six decimals: half of the last one is the tolerance, and a tenth of it for the shipped digits."""
    assert propagation.oxygen_attenuation_db_per_km(frequency_hz) == pytest.approx(oxygen, abs=0.55e-6)
    assert propagation.vapour_attenuation_db_per_km(frequency_hz) == pytest.approx(vapour, abs=0.55e-6)
    assert propagation.gas_attenuation_db_per_km(frequency_hz) == pytest.approx(total, abs=0.55e-6)


@pytest.mark.parametrize(
    ("frequency_hz", "expected"), [(14.25e9, 1.58130839), (29e9, 5.021802)], ids=["V-P05", "V-P06"]
)
def test_rain_itu_examples(frequency_hz: float, expected: float) -> None:
    elevation_rad = np.radians(31.07699124)
    gamma = propagation.rain_attenuation_db_per_km(26.48052, frequency_hz, elevation_rad=elevation_rad)
    assert gamma == pytest.approx(expected, abs=1e-6)
