"""Radar equation against closed forms (V-R05, R06, R09 to R12)."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq

from ringtrue.radar import equation


def test_v_r05_fourth_root_law() -> None:
    """R/R(1 m²) = σ^¼; five printed decimals."""
    ratio = equation.detection_range_m(
        [10.0, 5.0, 0.1, 0.01, 0.001, 0.0001], reference_range_m=1.0, reference_rcs_m2=1.0
    )
    assert ratio == pytest.approx([1.77828, 1.49535, 0.56234, 0.31623, 0.17783, 0.1], abs=5.1e-6)


def test_v_r06_illustrative_anchor() -> None:
    range_m = equation.detection_range_m([1.0, 0.01, 0.001], reference_range_m=390e3, reference_rcs_m2=4.0)
    assert range_m == pytest.approx([275_772.0, 87_207.0, 49_040.0], abs=1.0)


def test_v_r09_noise_rise() -> None:
    rise_db = equation.noise_rise_db([0.0, 3.0, 10.0])
    assert rise_db == pytest.approx([3.010300, 4.764349, 10.413927], abs=1e-6)
    assert equation.range_factor(rise_db) == pytest.approx([0.840896, 0.760136, 0.549100], abs=1e-6)


def test_v_r10_noise_power() -> None:
    assert equation.noise_power_dbw(1e6) == pytest.approx(-143.975187, abs=1e-6)
    assert equation.noise_power_w(1e6) == pytest.approx(10**-14.3975187, rel=1e-6)


def test_v_r11_uniform_attenuation() -> None:
    range_m = equation.attenuated_range_m([400e3, 100e3], [0.007539, 0.014199])
    assert range_m == pytest.approx([306_552.592, 86_774.907], abs=1e-3)


@pytest.mark.parametrize("attenuation", [1e-4, 0.0075, 0.3, 5.0])
def test_attenuated_range_is_the_root(attenuation: float) -> None:
    """Independent root of 40·log10(R/R0) + 2aR = 0 by Brent's method."""
    root_km = brentq(lambda r: 40 * np.log10(r / 400) + 2 * attenuation * r, 1e-3, 400, xtol=1e-12, rtol=1e-14)
    assert equation.attenuated_range_m(400e3, attenuation) == pytest.approx(root_km * 1e3, rel=1e-11)


def test_v_r12_chain() -> None:
    """390 km at 4 m², 0.01 m², J/N 10 dB: 390·0.0025^¼·11^−¼ km."""
    range_m = equation.critical_slant_range_m(
        0.01, reference_range_m=390e3, reference_rcs_m2=4.0, jam_to_noise_ratio=10.0
    )
    assert range_m == pytest.approx(47_885.2, abs=0.1)
    assert range_m == pytest.approx(390e3 * 0.0025**0.25 * 11**-0.25, rel=1e-12)
