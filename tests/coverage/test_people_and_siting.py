"""Residents around a site and sites around a point: discs, sums and spreads that a ruler gives."""

from __future__ import annotations

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic

from ringtrue.coverage.people import surroundings, with_grid_error
from ringtrue.coverage.siting import N_SITES, sites_within, visible_area_m2
from ringtrue.geo.elevation import open_model
from ringtrue.geo.refraction import horizon_range_m

ANKARA = (39.93, 32.86)
SEA = (34.0, 28.0)


@pytest.fixture(scope="module")
def around():
    return surroundings(*ANKARA, n_azimuths=72, step_m=1000.0, n_samples=151)


def test_residents_add_up_outward_and_over_countries(around) -> None:
    people = around.place.people_cumulative
    assert people.shape == (72, 151)
    assert (people[:, 0] == 0.0).all()
    assert (np.diff(people, axis=1) >= 0.0).all()
    by_country = around.place.people_by_country
    assert around.country_names == ("Turkey",) or around.country_names == ("Türkiye",)
    assert by_country[0] == pytest.approx(people, rel=1e-9, abs=1e-6)


def test_the_capital_and_its_province_are_counted(around) -> None:
    """5.6 million in the province in 2020 (TurkStat), nearly all of it within 100 km; the raster blurs by a cell."""
    within_km = {km: around.place.people_cumulative[:, km].sum() for km in (5, 50, 100)}
    assert 4.5e6 < within_km[50] < 6.2e6
    assert 5.0e6 < within_km[100] < 7.5e6
    assert within_km[5] < 0.5 * within_km[50]


def test_cities_stand_where_a_ruler_finds_them(around) -> None:
    cities = around.cities
    assert cities[0].name == "Ankara"
    assert [c.population for c in cities] == sorted((c.population for c in cities), reverse=True)
    assert min(c.population for c in cities) >= 250_000
    for city, range_m, azimuth in zip(
        cities, around.place.city_range_m, around.place.city_azimuth, strict=True
    ):  # fmt: skip
        line = Geodesic.WGS84.Inverse(*ANKARA, city.latitude_deg, city.longitude_deg)
        assert range_m == pytest.approx(line["s12"], abs=1.0)
        assert range_m <= 150e3
        turned = (line["azi1"] - 5.0 * azimuth + 180.0) % 360.0 - 180.0
        assert abs(turned) <= 2.5 + 1e-6
    more = surroundings(*ANKARA, n_azimuths=72, step_m=1000.0, n_samples=151, least_population=50_000)
    assert {c.name for c in cities} < {c.name for c in more.cities}


def test_nobody_lives_on_the_open_sea() -> None:
    found = surroundings(*SEA, n_azimuths=12, step_m=1000.0, n_samples=41)
    assert found.place.people_cumulative.sum() == 0.0
    assert found.cities == ()
    assert found.country_names == ()
    assert found.place.city_range_m.size == found.place.city_azimuth.size == 0


def test_a_cell_of_the_raster_shrinks_towards_the_pole() -> None:
    # a quarter degree: 27.8 km at the equator, times its cosine along a parallel
    south = surroundings(0.5, 32.0, n_azimuths=4, step_m=1000.0, n_samples=3).raster_cell_km2
    north = surroundings(60.0, 10.0, n_azimuths=4, step_m=1000.0, n_samples=3).raster_cell_km2
    assert south == pytest.approx(27.8**2, rel=2e-3)
    assert north == pytest.approx(0.5 * 27.8**2, rel=2e-3)


def test_the_doubt_of_a_count_is_that_of_the_cells_its_outline_crosses() -> None:
    """A disc of n cells crosses some 2 sqrt(pi n) of them; of each a share is unknown, uniform: 1/sqrt(12) = 0.289."""
    n_draws, n_cells, cell_km2 = 20_000, 100.0, 500.0
    people = np.full(n_draws + 1, 1e6)
    area_m2 = np.full(n_draws + 1, n_cells * cell_km2 * 1e6)
    drawn = with_grid_error(people, area_m2, cell_km2, 1)
    crossed = 2.0 * np.sqrt(np.pi * n_cells)
    assert drawn[-1] == 1e6
    assert drawn[:-1].mean() == pytest.approx(1e6, rel=2e-3)
    assert drawn[:-1].std() / 1e6 == pytest.approx(np.sqrt(crossed / 12.0) / n_cells, rel=0.03)
    small = with_grid_error(people, area_m2 / 1e6, cell_km2, 1)
    assert small.min() >= 0.0
    assert (with_grid_error(people, area_m2, cell_km2, 2)[:-1] != drawn[:-1]).any()


def test_sites_fill_the_disc_evenly() -> None:
    """As many sites in the inner half of the area as outside it, and as many in each quarter of the compass."""
    latitude, longitude = sites_within(*ANKARA, 10e3)
    lines = [Geodesic.WGS84.Inverse(*ANKARA, a, o) for a, o in zip(latitude, longitude, strict=True)]
    range_m = np.array([line["s12"] for line in lines])
    azimuth = np.array([line["azi1"] for line in lines]) % 360.0
    assert len(lines) == N_SITES
    assert range_m.max() < 10e3
    assert np.sum(range_m <= 10e3 / np.sqrt(2.0)) == N_SITES // 2
    assert np.histogram(azimuth, 4, (0.0, 360.0))[0] == pytest.approx(N_SITES / 4, abs=2)
    apart = [
        Geodesic.WGS84.Inverse(latitude[i], longitude[i], latitude[j], longitude[j])["s12"]
        for i in range(N_SITES)
        for j in range(i)
    ]
    assert min(apart) > 0.5 * 10e3 * np.sqrt(np.pi / N_SITES)


@pytest.mark.parametrize("height_m", [50.0, 300.0])
def test_on_bare_earth_what_is_visible_is_the_disc_of_the_horizon(height_m: float) -> None:
    area_m2 = visible_area_m2(
        open_model("none"), *ANKARA, antenna_height_m=20.0, k_factor=4.0 / 3.0, height_m=height_m, reach_m=60e3
    )
    horizon_m = min(float(horizon_range_m(20.0, height_m)), 60e3)
    assert area_m2 == pytest.approx(np.pi * horizon_m**2, rel=5e-3)
