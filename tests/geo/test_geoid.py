"""The geoid: the sample output that was published with EGM96, and the seam of its grid."""

from __future__ import annotations

import numpy as np
import pytest

from ringtrue.errors import DomainError
from ringtrue.geo.geoid import geoid_height_m

# sample output of the program F477 that came with EGM96 (latitude, longitude east, geoid height [m])
PUBLISHED = (
    (38.6281550, 269.7791550, -31.628),
    (-14.6212170, 305.0211140, -2.969),
    (46.8743190, 102.4487290, -43.575),
    (-23.6174460, 133.8747120, 15.871),
    (38.6254730, 359.9995000, 50.066),
    (-0.4667440, 0.0023000, 17.329),
)


@pytest.mark.parametrize(("latitude", "longitude", "height"), PUBLISHED)
def test_published_sample_heights(latitude, longitude, height):
    # half a step of the stored decimetres, and what a spline through every second node misses (0.04 m mean square)
    assert geoid_height_m(latitude, longitude) == pytest.approx(height, abs=0.2)


def test_no_step_at_the_seam_and_one_height_at_each_pole():
    across = geoid_height_m(np.full(5, 12.3), [179.9999, 180.0, -180.0, -179.9999, 180.0001])
    assert np.ptp(across) < 0.01
    for pole in (90.0, -90.0):
        assert np.ptp(geoid_height_m(pole, np.arange(-180.0, 180.0, 30.0))) < 0.2


def test_a_latitude_off_the_earth_is_refused():
    with pytest.raises(DomainError, match="latitude"):
        geoid_height_m(91.0, 0.0)
