"""The ledger: one door for draws, a row for each drawn figure, streams for what is drawn together."""

from __future__ import annotations

import numpy as np
import pytest

from ringtrue.catalogue.change import with_figures
from ringtrue.catalogue.load import load_catalogue, parameters_of
from ringtrue.kinematics.flight import MEAN_SPEED_DOUBT
from ringtrue.scenario.draw import draw_parameter
from ringtrue.sensing.grounds import HOLLOW
from ringtrue.sensing.ledger import DRAWN_OF_GROUND, GROUND, HOLLOW_OF_GROUND, REALISATION, Ledger, unwatched, watched


@pytest.fixture(scope="module")
def figures():
    return load_catalogue()


def test_every_figure_with_a_spread_has_a_row_and_no_other(figures) -> None:
    ledger = Ledger(figures, 50, seed=1)
    records = [
        r
        for kind in ("radars", "interceptors", "launchers", "fire_units", "systems", "targets")
        for r in getattr(figures, kind).values()
    ]
    for record in records:
        ledger.record(record)
    wanted = {
        p.id
        for p in parameters_of({r.id + r.__class__.__name__: r for r in records})
        if p.low < p.high and p.spread != "fixed"
    }
    assert len(wanted) > 400
    common = {f"target.{t}.rcs" for t in figures.targets}
    assert {a for a in ledger.figures if a not in common} == wanted
    labels = [row.label for row in ledger.figures.values()]
    assert len(set(labels)) == len(labels), "two figures bear one label"


def test_a_row_holds_what_the_record_was_given(figures) -> None:
    ledger = Ledger(figures, 50, seed=3)
    radar = ledger.record(figures.radars["92n6e"])
    row = ledger.figures["radar.92n6e.reference_range"]
    assert radar.reference_range_m[:-1].tolist() == row.values.tolist()
    assert radar.reference_range_m[-1] == row.nominal
    assert row.values.tolist() == draw_parameter(figures.radars["92n6e"].reference_range_m, 50, 3).tolist()


def test_a_record_is_drawn_once_and_alike_in_any_order(figures) -> None:
    one, two = Ledger(figures, 40, seed=1), Ledger(figures, 40, seed=1)
    one.record(figures.targets["f-16"])
    assert one.record(figures.radars["91n6e"]) is one.record(figures.radars["91n6e"])
    two.record(figures.radars["91n6e"])
    two.record(figures.targets["f-16"])
    for address, row in one.figures.items():
        assert row.values.tolist() == two.figures[address].values.tolist()


def test_figures_drawn_together_share_a_stream_and_make_one_candidate(figures) -> None:
    ledger = Ledger(figures, 50, seed=1)
    unit, radar = figures.fire_units["patriot-battery"], figures.radars["mpq-65"]
    uses: set[str] = set()
    assert watched(ledger.record(unit), uses).fire_channels.shape == (51,)
    assert watched(ledger.record(radar), uses).fire_channels.shape == (51,)
    assert [c.figures for c in ledger.candidates(uses)] == [
        ("fire-unit.patriot-battery.fire_channels", "radar.mpq-65.fire_channels")
    ]


def test_a_cross_section_is_its_common_offset_and_its_own_part(figures) -> None:
    """Nominal times both offsets gives back the figure, away from the ends, where the steps are reflected."""
    ledger = Ledger(figures, 400, seed=1)
    drawn = ledger.record(figures.targets["f-16"])
    uses: set[str] = set()
    assert watched(drawn, uses).rcs_m2["X"]["nose"].shape == (401,)
    common, own = ledger.rows(uses)
    assert (common.address, common.unit, own.address) == ("target.f-16.rcs", "dB", "target.f-16.rcs.X.nose")
    assert np.ptp(own.values) <= 2 * figures.assumptions["rcs-independent-offset"].nominal
    db = 10.0 * np.log10(drawn.rcs_m2["X"]["nose"][:-1])
    assert np.corrcoef(db, common.values)[0, 1] > 0.9
    assert {c.name for c in ledger.candidates(uses)} == {"target.f-16.rcs", own.stream}


def test_the_ground_is_one_stream_of_height_error_relief_and_realisation(figures) -> None:
    ledger = Ledger(figures, 64, seed=1)
    grounds = ledger.grounds(16)
    assert grounds.relief[-1] == 0
    assert sorted(set(grounds.relief[:-1].tolist())) == list(range(1, 17))
    (ground,) = ledger.candidates({"assumption.height-error", "assumption.subgrid-relief", REALISATION})
    assert (ground.name, ground.is_category) == (GROUND, True)
    assert ledger.figures[REALISATION].scale == "category"
    lived = ledger.figures["assumption.height-error"].values
    assert lived.tolist() == grounds.height_error_m[grounds.relief[:-1] - 1].tolist()


def test_the_figures_of_the_ground_move_the_ground(figures) -> None:
    """Each figure doubled, or halved where it is a chance, moves what the reliefs are made of."""

    def made_of(catalogue):
        return Ledger(catalogue, 64, seed=1).grounds(16)

    shipped = made_of(figures)
    for key in (*DRAWN_OF_GROUND, *HOLLOW_OF_GROUND):
        by = 0.4 if key == "site-hollow-chance" else 2.0
        p = figures.assumptions[key]
        changed = with_figures(figures, {p.id: (p.low * by, p.nominal * by, p.high * by)})
        assert any(not np.array_equal(a, b) for a, b in zip(shipped, made_of(changed), strict=True)), key


@pytest.mark.parametrize("n", [2, 3, 5, 16])
def test_one_draw_in_sixteen_stands_in_a_hollow_whatever_the_number_of_grounds(figures, n) -> None:
    depth, offset = figures.assumptions["site-hollow"].nominal, figures.assumptions["site-offset"]
    grounds = Ledger(figures, 64, seed=1).grounds(n)
    assert np.flatnonzero(grounds.site_share == -depth).tolist() == [HOLLOW - 1]
    assert np.flatnonzero(grounds.relief == HOLLOW).tolist() == [7, 23, 39, 55]
    assert np.delete(grounds.site_share, HOLLOW - 1).min() >= offset.low


def test_a_ground_alone_is_no_hollow(figures) -> None:
    grounds = Ledger(figures, 64, seed=1).grounds(1)
    assert (grounds.relief.tolist(), grounds.site_share.size) == ([1] * 64 + [0], 1)
    assert grounds.site_share[0] >= figures.assumptions["site-offset"].low


def test_a_ground_is_the_same_by_its_number_for_any_count_and_any_draws(figures) -> None:
    most = Ledger(figures, 1000, seed=3).grounds(40)
    for n, n_draws in ((1, 50), (2, 50), (3, 200), (5, 400), (16, 48), (17, 1000)):
        fewer = Ledger(figures, n_draws, seed=3).grounds(n)
        for more, same in zip(most[1:], fewer[1:], strict=True):
            assert same.tolist() == more[: same.size].tolist()
        assert fewer.site_share.size == n


def test_another_seed_has_other_grounds(figures) -> None:
    one, two = (Ledger(figures, 64, seed).grounds(16) for seed in (1, 2))
    assert sorted(one.subgrid_share) == pytest.approx(sorted(two.subgrid_share))
    assert one.subgrid_share.tolist() != two.subgrid_share.tolist()


def test_the_doubt_of_flight_times_follows_its_figure(figures) -> None:
    from dataclasses import replace

    half = replace(figures.assumptions["flight-time-doubt"], low=0.125, nominal=0.125, high=0.125)
    halved = replace(figures, assumptions={**figures.assumptions, "flight-time-doubt": half})
    whole = Ledger(figures, 30, seed=1).flight_time_doubt() * MEAN_SPEED_DOUBT
    assert (Ledger(halved, 30, seed=1).flight_time_doubt() * MEAN_SPEED_DOUBT).tolist() == (whole / 2).tolist()
    assert whole[-1] == 0.0


def test_a_figure_held_fixed_by_a_sweep_is_told_as_the_draws_lived_with_it(figures) -> None:
    ledger = Ledger(figures, 64, seed=1)
    radar = ledger.record(figures.radars["mpq-65"])
    grounds = ledger.grounds(8)
    uses: set[str] = set()
    by_relief = ledger.on_relief(uses, radar, "min_elevation_rad", grounds.relief)
    again = Ledger(figures, 20, seed=1)
    fewer = again.grounds(3).relief
    record = again.record(figures.radars["mpq-65"])
    assert again.on_relief(set(), record, "min_elevation_rad", fewer).tolist() == by_relief[:4].tolist()
    assert by_relief[0] == figures.assumptions["min-elevation"].nominal
    row = ledger.figures["radar.mpq-65.min_elevation"]
    assert by_relief.shape == (9,)
    assert row.stream == GROUND
    assert row.values.tolist() == by_relief[grounds.relief[:-1]].tolist()


def test_reading_a_watched_record_notes_figures_and_nothing_else(figures) -> None:
    ledger = Ledger(figures, 20, seed=1)
    uses: set[str] = set()
    missile = watched(ledger.record(figures.interceptors["48n6e3"]), uses)
    assert missile.needs_sight in (True, False)
    assert missile.id == "48n6e3"
    assert "drone" in missile.envelopes
    assert uses == set()
    assert missile.envelopes["aircraft"].max_range_m.shape == (21,)
    assert missile.envelopes.get("nothing") is None
    assert uses == {"interceptor.48n6e3.envelope.aircraft.max_range"}
    assert unwatched(missile) is ledger.record(figures.interceptors["48n6e3"])


def test_what_a_scenario_lays_over_a_class_keeps_its_own_name(figures) -> None:
    from ringtrue.scenario.identification import under_doctrine
    from ringtrue.scenario.load import load_scenario

    doctrine = load_scenario(
        "minimal", ["doctrine.identification_delay={low='1 s',nominal='2 s',high='9 s',reason='x'}"]
    )
    ledger = Ledger(figures, 20, seed=1)
    plain = ledger.record(figures.targets["f-16"])
    asked = ledger.record(under_doctrine(figures.targets["f-16"], doctrine.doctrine))
    assert plain.identification_delay_s.max() > 9.0 >= asked.identification_delay_s.max()
    uses: set[str] = set()
    assert watched(asked, uses).identification_delay_s.shape == (21,)
    assert [row.address for row in ledger.rows(uses)] == ["doctrine.identification_delay"]
