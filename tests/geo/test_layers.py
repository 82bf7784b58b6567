"""Borders by view, people by land, places, and the lines of a map."""

import numpy as np
import pytest

from ringtrue.errors import DomainError, InputError
from ringtrue.geo import layers


def name_at(latitude_deg, longitude_deg, view="un"):
    return layers.country_names(view)[int(layers.country_ids(latitude_deg, longitude_deg, view)) - 1]


@pytest.mark.parametrize(
    ("latitude_deg", "longitude_deg", "country"),
    [(39.93, 32.86, "Turkey"), (33.51, 36.29, "Syria"), (37.98, 23.73, "Greece"), (41.69, 44.80, "Georgia")],
)
def test_capitals(latitude_deg, longitude_deg, country):
    assert name_at(latitude_deg, longitude_deg) == country


def test_views_differ_where_they_say():
    simferopol, kyrenia = (44.95, 34.10), (35.30, 33.40)
    assert name_at(*simferopol) == "Ukraine"
    assert name_at(*simferopol, "de-facto") == "Russia"
    assert name_at(*kyrenia) == "Cyprus"
    assert name_at(*kyrenia, "de-facto") != "Cyprus"


def test_sea_and_off_the_map():
    ids = layers.country_ids([43.5, 10.0], [34.0, 100.0])
    assert ids.tolist() == [layers.NO_COUNTRY, layers.OFF_THE_MAP]
    assert not layers.is_land([43.5, 10.0], [34.0, 100.0]).any()


def test_unknown_view():
    with pytest.raises(InputError, match="not a view"):
        layers.country_ids(40.0, 30.0, "nato")


def test_impossible_latitude():
    with pytest.raises(DomainError, match="latitude_deg must be degrees between -90 and 90, north positive; given: 95"):
        layers.population_density_per_km2(95.0, 30.0)


def test_population_of_turkey():
    """Density is per km2 of land: over land cells it comes to 81.5 million (84 in the census)."""
    latitude, longitude = np.meshgrid(np.arange(35.8, 42.2, 0.02), np.arange(25.5, 45.0, 0.02), indexing="ij")
    area_km2 = (111.195 * 0.02) ** 2 * np.cos(np.radians(latitude))
    turkey = layers.country_ids(latitude, longitude) == layers.country_names().index("Turkey") + 1
    people = layers.population_density_per_km2(latitude, longitude) * area_km2
    land = layers.is_land(latitude, longitude)
    assert people[turkey & land].sum() == pytest.approx(81.5e6, rel=0.02)
    assert area_km2[turkey].sum() == pytest.approx(780e3, rel=0.01)


def test_no_figure_counts_as_nobody():
    density = layers.population_density_per_km2([43.0, -60.0, 41.0], [30.0, -140.0, 29.0])
    assert density[:2].tolist() == [0.0, 0.0]
    assert density[2] > 1000.0


def test_land_share():
    inland, coast, sea, outside = layers.land_share([39.6, 36.8, 43.2, 0.0], [33.1, 34.63, 34.0, 0.0])
    assert inland == 1.0
    assert 0.1 < coast < 0.95
    assert sea == 0.0
    assert np.isnan(outside)


def test_places_within_bounds():
    found = layers.places((32.0, 39.0, 34.0, 41.0), 100_000)
    assert "Ankara" in found.name
    assert (np.diff(found.population) <= 0).all()
    assert found.longitude_deg.min() >= 32.0
    assert found.latitude_deg.max() <= 41.0
    assert set(found.country_code) == {"TR"}
    assert len(layers.places().name) == 27_393


@pytest.mark.parametrize("kind", ["coastline", "borders", "lakes"])
def test_lines_are_clipped(kind):
    bounds = (25.0, 35.0, 45.0, 43.0)
    lines = layers.map_lines(kind, bounds)
    points = np.concatenate(lines)
    assert len(lines) > 3
    assert points.shape[1] == 2
    assert points.min(axis=0).tolist() >= [25.0, 35.0]
    assert points[:, 0].max() <= 45.0
    assert points[:, 1].max() <= 43.0


def test_border_lines_follow_the_view():
    """The de-facto view draws a line across Cyprus; the other has none there but the British bases."""
    across = (33.0, 35.08, 33.6, 35.25)
    assert sum(map(len, layers.map_lines("borders", across, "de-facto"))) > 0
    assert layers.map_lines("borders", across) == []


def test_unknown_lines():
    with pytest.raises(InputError, match="unknown"):
        layers.map_lines("rivers", (25.0, 35.0, 45.0, 43.0))


def test_world_is_shipped():
    assert layers.WORLD_PATH.exists()
