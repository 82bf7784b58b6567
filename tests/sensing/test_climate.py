"""k of a site: the tabled places, the standard elsewhere."""

from __future__ import annotations

import pytest

from ringtrue.catalogue.load import load_catalogue
from ringtrue.geo.refraction import k_from_gradient
from ringtrue.sensing.climate import site_climate


@pytest.mark.parametrize(
    ("place", "k"),
    [((39.93, 32.86), 1.26), ((42.02, 35.15), 1.30), ((36.80, 34.63), 1.40), ((38.40, 26.50), 1.53)],
)
def test_k_of_the_tabled_places(place, k) -> None:
    climate = site_climate(load_catalogue(), *place, None)
    assert climate.usual == pytest.approx(k, abs=0.005)
    assert climate.low < climate.usual < climate.high


def test_far_away_the_standard_serves_and_an_override_wins() -> None:
    catalogue = load_catalogue()
    assert site_climate(catalogue, 50.45, 30.52, None).usual == pytest.approx(4.0 / 3.0, abs=0.005)
    assert site_climate(catalogue, 40.0, 32.0, 1.1).usual == 1.1


def test_the_table_agrees_with_the_gradient_it_came_from() -> None:
    """dN -32 N/km at Ankara: k = 157 / (157 - 32) = 1.256, printed 1.26."""
    assert k_from_gradient(-32e-9) == pytest.approx(157.0 / (157.0 - 32.0), rel=2e-3)
