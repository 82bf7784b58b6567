"""The drawn relief holds finer ground, where the sky lets it: see docs/methods/terrain-surface.md."""

from pathlib import Path

import numpy as np
import pytest
from validation.relief.finer_ground import drawn_doubt, holds, pairs

from ringtrue.catalogue.load import load_catalogue
from ringtrue.sensing.ledger import Ledger
from ringtrue.sensing.post import AUDIT_RELIEFS
from ringtrue.sensing.sight import decoded_m, polar_sight
from ringtrue.studies.sky import CLONE_FOLDER, ground_of, sky_referee

PAGES = Path(__file__).parents[2] / "docs" / "methods"


@pytest.mark.slow
def test_the_drawn_area_holds_that_of_finer_ground_on_the_half_that_nothing_was_chosen_on():
    doubt, relief = drawn_doubt()
    found = pairs(1, 3, doubt)
    held = holds(found, relief)
    is_chosen = np.array([pair.is_chosen for pair in found])
    assert held.mean() >= 0.8
    assert held[is_chosen].mean() >= 0.8
    assert held[~is_chosen].mean() >= 0.7
    # no interval so wide that it says nothing: half the pairs are within 0.3 to 1.6 of the model's area
    low, high = (
        np.array([np.quantile(p.drawn_km2[relief - 1], q, axis=0) / p.nominal_km2 for p in found]) for q in (0.05, 0.95)
    )
    assert np.median(low) > 0.3
    assert np.median(high) < 1.6


@pytest.mark.slow
def test_nine_drawn_grounds_in_ten_let_be_heard_what_was_heard():
    result = sky_referee(CLONE_FOLDER, ledger=Ledger(load_catalogue(), 1000, 1), n_reliefs=AUDIT_RELIEFS)
    above = np.array([one.heard_above for one in result.reliefs])
    assert (above >= 0.99).mean() >= 0.9
    assert above.min() < 0.99, "one ground stands in a hollow, which these receivers do not"
    page, finer = ((PAGES / name).read_text(encoding="utf-8") for name in ("sky.md", "terrain-surface.md"))
    explained = np.array([one.silent_below for one in result.reliefs])
    clear = above >= 0.99
    hollow, least, middle = (f"{above.min():.0%}", f"{above[clear].min():.2%}", f"{np.median(above):.1%}")
    told = f"least of these {least}, median of all {middle}".replace("%", " %")
    assert f"in {clear.sum()} of {above.size} at least 99 % of the receptions come from above ({told})" in page
    assert f"{100.0 * explained[clear].min():.0f} to {100.0 * explained[clear].max():.0f} % of the silence" in page
    assert f"({hollow}, {explained[~clear].max():.0%})".replace("%", " %") in page
    assert f"in the hollow {hollow}".replace("%", " %") in finer


@pytest.mark.slow
def test_a_receiver_that_finer_ground_hides_more_lies_inside_the_interval():
    """45.7547 N 9.1371 E: an independent service on finer ground has 78 % of our area at 3,048 m, 85 % at 9,144 m."""
    model = ground_of(CLONE_FOLDER)
    doubt, relief = drawn_doubt()
    sight = polar_sight(
        model,
        45.7547,
        9.1371,
        antenna_height_m=np.full(AUDIT_RELIEFS + 1, 10.0),
        k_factor=4.0 / 3.0,
        reach_m=420e3,
        doubt=doubt,
    )
    range_m = sight.sample_range_m
    weight = np.gradient(range_m) * np.sin(range_m / 6_371_000.0)
    nodes_m = np.arange(sight.raised_m.shape[2]) * sight.step_m
    for altitude_m, expected in ((3_048.0, 0.78), (9_144.0, 0.85)):
        areas = []
        for needed_code, raised_m in zip(sight.needed_code, sight.raised_m, strict=True):
            ground_m = sight.model_ground_m + np.stack([np.interp(range_m, nodes_m, row) for row in raised_m])
            with np.errstate(invalid="ignore"):
                areas.append(((altitude_m - ground_m >= decoded_m(needed_code)) * weight).sum())
        low, high = np.quantile(np.array(areas)[relief] / areas[0], (0.05, 0.95))
        assert low <= expected <= high
