"""Approximations against the exact laws over the domains that their docstrings quote: the promised errors, measured."""

from __future__ import annotations

import numpy as np
import pytest

from ringtrue.radar.detection import albersheim_snr_db, required_snr_db, shnidman_snr_db
from ringtrue.radar.propagation import knife_edge_loss_db, knife_edge_loss_p526_db


@pytest.mark.parametrize(("case", "promised_db"), [(0, 0.30), (1, 1.17), (2, 1.12), (3, 0.82), (4, 0.57)])
def test_shnidman(case: int, promised_db: float) -> None:
    """The largest error over the domain lies within the promise and not far inside it."""
    p_detect = np.array([0.1, 0.2, 0.5, 0.8, 0.87, 0.873, 0.9, 0.95, 0.97, 0.98, 0.99])[:, None]
    p_false = 10.0 ** np.linspace(-9.0, -3.0, 13)
    worst = 0.0
    for n in (1, 2, 3, 5, 10, 39, 40, 100):
        error = shnidman_snr_db(p_detect, p_false, n, case) - required_snr_db(p_detect, p_false, n, case)
        worst = max(worst, float(np.abs(error).max()))
    assert 0.97 * promised_db < worst <= promised_db


def test_albersheim() -> None:
    p_false = 10.0 ** np.linspace(-7.0, -3.0, 9)

    def errors(p_detect: list[float], pulses: tuple[int, ...]) -> np.ndarray:
        p = np.array(p_detect)[:, None]
        return np.stack([albersheim_snr_db(p, p_false, n) - required_snr_db(p, p_false, n, 0) for n in pulses])

    wide = errors([0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9], (1, 2, 3, 10, 20, 100, 1000, 8096))
    assert 0.30 < np.abs(wide).max() <= 0.34
    assert np.abs(errors([0.5, 0.6, 0.7, 0.8, 0.9], (1,))).max() <= 0.08
    assert errors([0.2], (1, 3, 10)).min() == pytest.approx(-0.9, abs=0.01)
    assert errors([0.1], (1, 3, 10)).min() == pytest.approx(-4.08, abs=0.01)


def test_knife_edge_of_p526() -> None:
    nu = np.linspace(-0.78, 100.0, 200_001)[1:]
    assert 0.12 < np.abs(knife_edge_loss_p526_db(nu) - knife_edge_loss_db(nu)).max() <= 0.13
    clear = np.linspace(-6.0, -0.7801, 100_001)
    exact = knife_edge_loss_db(clear)
    assert not knife_edge_loss_p526_db(clear).any()
    assert (exact.min(), exact.max()) == (pytest.approx(-1.37, abs=0.005), pytest.approx(1.09, abs=0.005))
