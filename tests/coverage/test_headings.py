"""Whatever the heading, people, cities, countries and the sector are counted as for the inbound one."""

from __future__ import annotations

import numpy as np
import pytest

from ringtrue.catalogue.load import load_catalogue
from ringtrue.coverage.audit import audit
from ringtrue.coverage.people import surroundings
from ringtrue.coverage.records import AuditQuestion
from ringtrue.geo.elevation import open_model
from ringtrue.sensing.run import Run

SITE = (40.0789, 32.5656)


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    patch = pytest.MonkeyPatch()
    patch.setenv("RINGTRUE_CACHE", str(tmp_path_factory.mktemp("cache")))
    found = {}
    for heading in ("inbound", "beam", "worst"):
        question = AuditQuestion(
            system_id="s-400", latitude_deg=SITE[0], longitude_deg=SITE[1], targets=("male-uav",), heights_m=(100.0,),
            altitudes_m=(), heading=heading, mast_m=25.0, k_factor=4.0 / 3.0,
        )  # fmt: skip
        found[heading] = audit(question, Run(load_catalogue(), open_model("none"), n_draws=24))
    patch.undo()
    return found


@pytest.mark.parametrize("heading", ["beam", "worst"])
def test_people_and_cities_are_counted(rows, heading) -> None:
    row = rows[heading].rows[0]
    # a disc on a smooth earth: what is counted is what the place holds out to its radius
    radius_m = np.sqrt(row.engageable_area_km2.median / np.pi) * 1e3
    around = surroundings(*SITE, n_azimuths=360, step_m=1000.0, n_samples=400)
    inside = around.place.people_cumulative[:, round(radius_m / 1000.0)].sum()
    assert row.people_under is not None
    assert row.people_under.median == pytest.approx(inside, rel=0.15)
    assert sum(row.people_by_country.values()) == pytest.approx(inside, rel=0.15)
    near = {c.name for c, d in zip(around.cities, around.place.city_range_m, strict=True) if d < 0.8 * radius_m}
    far = {c.name for c, d in zip(around.cities, around.place.city_range_m, strict=True) if d > 1.3 * radius_m}
    assert near
    assert near <= {c.name for c in row.cities if c.share_of_draws == 1.0}
    assert not far & {c.name for c in row.cities if c.share_of_draws > 0.0}


@pytest.mark.parametrize("heading", ["beam", "worst"])
def test_the_sector_and_the_radii_are_those_of_a_disc(rows, heading) -> None:
    row = rows[heading].rows[0]
    share = row.engageable_sector_area_km2.median / row.engageable_area_km2.median
    assert 90.0 / 360.0 <= share <= 121.0 / 360.0
    radii = next(r for r in rows[heading].radii if r.link == "engageable")
    assert np.ptp(radii.median_m) == pytest.approx(0.0, abs=0.1)
    assert radii.median_m[0] == pytest.approx(np.sqrt(row.engageable_area_km2.median / np.pi) * 1e3, rel=0.02)


def test_the_worst_heading_covers_no_more_people_than_any_other(rows) -> None:
    people = {heading: result.rows[0].people_under.median for heading, result in rows.items()}
    assert people["worst"] <= min(people["beam"], people["inbound"])
