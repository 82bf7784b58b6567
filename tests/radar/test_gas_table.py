"""The shipped gas table against ITU-Rpy off its knots, and the mean along a ray against the line-by-line sum."""

from __future__ import annotations

import itur
import numpy as np
import pytest
from itur.models import itu676

from ringtrue.errors import DomainError
from ringtrue.radar import propagation

AIR = (1013.25, 7.5, 288.15)


def test_table_off_the_knots() -> None:
    """500 frequencies between 0.1 and 40 GHz: 0.02 % for oxygen, 0.1 % for vapour, as the docstring says."""
    frequency_ghz = np.random.default_rng(3).uniform(0.1, 40.0, 500)
    oxygen = itu676.gamma0_exact(frequency_ghz, *AIR).value
    vapour = itu676.gammaw_exact(frequency_ghz, *AIR).value
    assert np.abs(propagation.oxygen_attenuation_db_per_km(frequency_ghz * 1e9) / oxygen - 1).max() < 2e-4
    assert np.abs(propagation.vapour_attenuation_db_per_km(frequency_ghz * 1e9) / vapour - 1).max() < 1e-3


def test_whole_gigahertz_to_the_printed_digits() -> None:
    """The ITU prints six decimals: 1 to 40 GHz agree with the line-by-line sum to all of them."""
    frequency_ghz = np.arange(1.0, 41.0)
    oxygen = itu676.gamma0_exact(frequency_ghz, *AIR).value
    vapour = itu676.gammaw_exact(frequency_ghz, *AIR).value
    for found, exact in (
        (propagation.oxygen_attenuation_db_per_km(frequency_ghz * 1e9), oxygen),
        (propagation.vapour_attenuation_db_per_km(frequency_ghz * 1e9), vapour),
        (propagation.gas_attenuation_db_per_km(frequency_ghz * 1e9), oxygen + vapour),
    ):
        assert np.abs(found - exact).max() < 0.5e-6


def test_table_says_which_package_made_it() -> None:
    assert itur.__version__ == "0.4.0"
    assert (np.diff(propagation.gas_table().frequency_ghz) > 0).all()


@pytest.mark.parametrize(("density", "low", "high"), [(3.0, -0.02, 0.05), (15.0, -0.115, 0.02)])
def test_vapour_in_proportion(density: float, low: float, high: float) -> None:
    frequency_ghz = np.linspace(0.5, 40.0, 300)
    exact = itu676.gamma0_exact(frequency_ghz, 1013.25, density, 288.15).value
    exact = exact + itu676.gammaw_exact(frequency_ghz, 1013.25, density, 288.15).value
    error = propagation.gas_attenuation_db_per_km(frequency_ghz * 1e9, vapour_g_per_m3=density) / exact - 1
    assert low < error.min()
    assert error.max() < high


def standard_air(altitude_km: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """P.835 to 20 km: pressure, vapour density, temperature."""
    temperature = np.maximum(288.15 - 6.5 * altitude_km, 216.65)
    low = 1013.25 * (288.15 / temperature) ** (-34.163 / 6.5)
    high = 226.3226 * np.exp(-34.163 * (altitude_km - 11.0) / 216.65)
    return np.where(altitude_km < 11, low, high), 7.5 * np.exp(-altitude_km / 2.0), temperature


@pytest.mark.parametrize("frequency_ghz", [1.0, 3.0, 10.0, 22.0])
@pytest.mark.parametrize(("range_km", "altitude_m"), [(50, 100.0), (150, 3000.0), (300, 10e3), (400, 20e3)])
def test_mean_along_the_ray(frequency_ghz: float, range_km: float, altitude_m: float) -> None:
    """0 to 8 % low and less than 0.2 dB both ways, as the docstring says."""
    x = np.linspace(0.0, range_km * 1e3, 201)
    sag = x * (x[-1] - x) / (2 * 4 / 3 * 6_371_000.0)
    altitude_km = np.maximum(25.0 + (altitude_m - 25.0) * x / x[-1] - sag, 0.0) / 1e3
    gamma = [
        itu676.gamma0_exact(frequency_ghz, *air).value + itu676.gammaw_exact(frequency_ghz, *air).value
        for air in zip(*standard_air(altitude_km), strict=True)
    ]
    exact = np.trapezoid(gamma, x) / x[-1]
    got = float(propagation.mean_gas_attenuation_db_per_km(frequency_ghz * 1e9, x[-1], 25.0, altitude_m))
    assert -0.08 < got / exact - 1 < 0.005
    assert abs(2 * range_km * (got - exact)) < 0.2


def test_mean_at_sea_level_is_the_table() -> None:
    mean = propagation.mean_gas_attenuation_db_per_km([3e9, 10e9], 1e3, 0.0, 0.0)
    assert mean == pytest.approx(propagation.gas_attenuation_db_per_km([3e9, 10e9]), rel=1e-3)


def test_mean_broadcasts() -> None:
    ranges, altitudes = np.linspace(10e3, 400e3, 5)[:, None], np.array([100.0, 3e3, 10e3])
    mean = propagation.mean_gas_attenuation_db_per_km(3e9, ranges, 25.0, altitudes)
    assert mean.shape == (5, 3)
    assert (np.diff(mean, axis=1) < 0).all()


@pytest.mark.parametrize("frequency_hz", [0.05e9, 41e9])
def test_outside_the_table(frequency_hz: float) -> None:
    with pytest.raises(DomainError, match=r"tabulated from 0\.1 to 40 GHz"):
        propagation.gas_attenuation_db_per_km(frequency_hz)
