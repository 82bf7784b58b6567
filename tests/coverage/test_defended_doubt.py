"""Residents defended carry what the population raster cannot tell at the edge of the defended area."""

from __future__ import annotations

import numpy as np
import pytest

from ringtrue.catalogue.change import with_figures
from ringtrue.catalogue.load import load_catalogue
from ringtrue.coverage.defended import Intercepts, Places, defended_rows, release_ranges_m
from ringtrue.errors import InputError

CELL_KM2 = 591.0


def rows_of(n_places: int, n_draws: int = 48):
    places = Places(np.zeros(n_places), np.zeros(n_places), np.full(n_places, 30_000.0), np.full(n_places, 256.0))
    met = np.full((n_places, 8, n_draws + 1), 2, dtype=np.int16)
    return defended_rows(Intercepts(met, met, np.full(n_draws + 1, 250.0)), places, (0.0,), CELL_KM2)


def test_the_same_places_in_every_draw_still_have_an_interval() -> None:
    row = rows_of(200)[0]
    for found in (row.people_mean_course, row.people_worst_course):
        assert found is not None
        cells = 200 * 256.0 / CELL_KM2
        expected = 0.29 * np.sqrt(2.0 * np.sqrt(np.pi * cells)) / cells
        assert (found.high - found.low) / (2 * 1.645) / 6e6 == pytest.approx(expected, rel=0.25)
        assert found.low < 6e6 < found.high


def test_the_doubt_shrinks_with_the_area() -> None:
    small, large = (rows_of(n)[0].people_worst_course for n in (30, 600))
    assert small is not None
    assert large is not None
    assert (small.high - small.low) / small.median > 5.0 * (large.high - large.low) / large.median


def test_release_ranges_are_the_catalogues() -> None:
    shipped = load_catalogue()
    assert release_ranges_m(shipped, "aircraft") == (0.0, 20e3, 70e3, 250e3)
    changed = with_figures(shipped, {"assumption.release-range-short": "40 km"})
    assert release_ranges_m(changed, "aircraft") == (0.0, 40e3, 70e3, 250e3)
    assert release_ranges_m(changed, "cruise-missile") == (0.0,)
    far = with_figures(shipped, {"assumption.release-range-long": "300 km"})
    with pytest.raises(InputError, match="release-range-long is 300 km; give 260 km at most"):
        release_ranges_m(far, "aircraft")
