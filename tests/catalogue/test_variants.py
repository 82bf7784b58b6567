"""Variants stand beside the default and can be run: targets, fits, and files that lay a few figures over it."""

from pathlib import Path

import pytest

from ringtrue.catalogue.load import load_catalogue, parameters_of

ROOT = Path(__file__).parents[2]

# file: what it changes, with the nominal value in SI that it gives
FILES = {
    "91n6e-bomber-figure.toml": {"radar.91n6e.reference_range": 570e3, "radar.91n6e.reference_rcs": 10.0},
    "mpq-65-90-km.toml": {"radar.mpq-65.instrumented_range": 90e3},
    "mpq-65-search-sector.toml": {"radar.mpq-65.sector": 1.5707963267948966},
    "92n6e-large-targets.toml": {"radar.92n6e.instrumented_range": 300e3},
    "92n6e-older-claim.toml": {
        "radar.92n6e.fire_channels": 6.0,
        "radar.92n6e.missiles_guided": 12.0,
        "fire-unit.s-400-division.fire_channels": 6.0,
        "fire-unit.s-400-division.missiles_in_flight": 12.0,
    },
    "40n6e-foi-2019.toml": {
        "interceptor.40n6e.mean_speed_range": 150e3,
        "interceptor.40n6e.envelope.aircraft.max_range": 175e3,
        "interceptor.40n6e.envelope.cruise-missile.max_range": 175e3,
        "interceptor.40n6e.envelope.drone.max_range": 175e3,
    },
}


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


@pytest.fixture(scope="module")
def shipped(catalogue):
    return {p.id: p for p in parameters_of(catalogue)}


def test_every_file_of_variants_is_told_here():
    assert {path.name for path in (ROOT / "examples/variants").glob("*.toml")} == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_a_variant_changes_what_it_names_and_nothing_else(shipped, name):
    laid_over = {p.id: p for p in parameters_of(load_catalogue(ROOT / "examples/variants" / name))}
    changed = {a: p.nominal for a, p in laid_over.items() if (p.nominal, p.low) != (shipped[a].nominal, shipped[a].low)}
    assert changed == pytest.approx(FILES[name], rel=1e-12)


@pytest.mark.parametrize(
    ("base", "variant", "own"),
    [
        ("bomber", "bomber:dash", {"speed_mps"}),
        ("f-16", "f-16:dash", {"speed_mps"}),
        ("f-35", "f-35:dash", {"speed_mps"}),
        ("f-35", "f-35:reflector", {"rcs_m2"}),
        ("male-uav", "male-uav:mq-9", {"speed_mps", "usual_height_m", "price_usd"}),
        ("one-way-uav", "one-way-uav:2022", {"usual_height_m", "price_usd"}),
        ("cruise-missile", "cruise-missile:sea", {"usual_height_m"}),
        ("kh-101", "kh-101:dash", {"speed_mps"}),
    ],
)
def test_a_target_of_another_condition_is_a_target_of_its_own(catalogue, base, variant, own):
    def nominal(record, field):
        return [p.nominal for p in parameters_of(getattr(record, field))]

    one, other = catalogue.targets[base], catalogue.targets[variant]
    fields = ("speed_mps", "usual_height_m", "price_usd", "rcs_m2", "apogee_m", "range_m")
    assert {f for f in fields if nominal(one, f) != nominal(other, f)} == own
    assert one.kind == other.kind


def test_cruise_is_the_default_and_never_reaches_the_dash(catalogue):
    for name in ("bomber", "f-16", "f-35", "kh-101"):
        assert catalogue.targets[name].speed_mps.high < catalogue.targets[f"{name}:dash"].speed_mps.low


def test_a_reach_by_altitude_is_a_fit(catalogue):
    unit = catalogue.fire_units["samp-t-battery"]
    assert unit.fits["below-3km"] == {"aster-30-low": 1.0}
    low, high = (catalogue.interceptors[i].envelopes["aircraft"] for i in ("aster-30-low", "aster-30"))
    assert (low.max_range_m.nominal, low.max_altitude_m.nominal) == (50e3, 3e3)
    assert (high.max_range_m.nominal, high.max_altitude_m.nominal) == (100e3, 20e3)
    assert "below-3km" in catalogue.systems["samp-t"].fits


def test_the_bomber_figure_of_the_91n6e_is_within_its_default(shipped):
    """570 km at 10 m2 is 570 (4/10)^(1/4) = 453 km at the 4 m2 of the default: its high end."""
    bomber = shipped["statement.91n6e-recollected-bomber"].nominal * (4.0 / 10.0) ** 0.25
    assert shipped["radar.91n6e.reference_range"].high == pytest.approx(bomber, rel=0.01)


def test_prices_of_other_years_are_statements(shipped):
    for default, other in (
        ("target.one-way-uav.price", "statement.shahed-production-iran"),
        ("target.kh-101.price", "statement.kh-101-price-forbes"),
        ("target.cruise-missile.price", "statement.kalibr-price-forbes"),
        ("target.storm-shadow.price", "statement.storm-shadow-price-earlier"),
        ("interceptor.pac-3-cri.price", "statement.pac-3-price-2000"),
    ):
        inside = shipped[default].low <= shipped[other].nominal <= shipped[default].high
        assert not inside, (default, other)
