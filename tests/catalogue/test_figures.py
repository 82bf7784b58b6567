"""Figures of the shipped catalogue against the published parameters, typed by hand from them."""

import re

import pytest

from ringtrue.catalogue.load import load_catalogue, parameters_of

KM, MIN, H, M, BN = 1e3, 60.0, 3600.0, 1e6, 1e9
DEG = 0.017453292519943295


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


@pytest.fixture(scope="module")
def by_id(catalogue):
    return {p.id: p for p in parameters_of(catalogue)}


# address: low, nominal, high, unit, confidence, origin
FIGURES = {
    # 2.1 organisation and magazine
    "statement.s-400-divisions-per-set": (2, 2, 2, 1, "A", "read"),
    "fire-unit.s-400-division.launchers": (4, 8, 12, 1, "B", "read"),
    "launcher.5p85.rounds.48n6e3": (4, 4, 4, 1, "B", "read"),
    "statement.9m96-per-cell": (1, 1, 1, 1, "C", "via"),
    "statement.s-400-ready-missiles-division": (16, 32, 48, 1, "B", "derived"),
    "statement.s-400-ready-missiles-four-divisions": (64, 128, 192, 1, "B", "derived"),
    "statement.s-400-missiles-shipped": (120, 120, 120, 1, "B", "read"),
    "statement.s-400-92n6e-per-division": (1, 1, 1, 1, "C", "via"),
    "statement.s-400-91n6e-per-set": (1, 1, 1, 1, "none", "assumed"),
    "statement.s-400-fire-units-per-command-post": (2, 6, 8, 1, "C", "via"),
    # 2.2 radars and channels
    "radar.91n6e.reference_range": (300, 390, 450, KM, "none", "assumed"),
    "radar.91n6e.reference_rcs": (4, 4, 4, 1, "none", "assumed"),
    "radar.91n6e.reference_p_detect": (0.5, 0.5, 0.5, 1, "none", "assumed"),
    "radar.91n6e.reference_p_false": (1e-6, 1e-6, 1e-6, 1, "none", "assumed"),
    "radar.91n6e.instrumented_range": (600, 600, 600, KM, "C", "read"),
    "radar.91n6e.tracks": (300, 300, 300, 1, "C", "read"),
    "radar.96l6e.tracks": (100, 100, 100, 1, "B", "read"),
    "statement.92n6e-large-target-range": (250, 300, 340, KM, "C", "via"),
    "radar.92n6e.reference_range": (150, 200, 250, KM, "C", "via"),
    "radar.92n6e.reference_rcs": (1, 1, 1, 1, "C", "via"),
    "radar.92n6e.sector": (120, 120, 120, DEG, "C", "via"),
    "radar.92n6e.fire_channels": (10, 10, 10, 1, "C", "via"),
    "radar.92n6e.missiles_guided": (20, 20, 20, 1, "C", "via"),
    "statement.mast-relocation": (1, 1.5, 2, H, "C", "via"),
    # 2.3 missiles
    "interceptor.48n6e2.envelope.aircraft.max_range": (200, 200, 200, KM, "B", "read"),
    "interceptor.48n6e3.envelope.aircraft.max_range": (250, 250, 250, KM, "B", "read"),
    "interceptor.48n6e3.envelope.ballistic.max_range": (60, 60, 60, KM, "B", "read"),
    "interceptor.48n6e3.envelope.aircraft.max_altitude": (27, 27, 27, KM, "B", "read"),
    "interceptor.48n6e3.mean_speed": (1300, 1500, 1700, 1, "C", "via"),
    "interceptor.40n6e.envelope.aircraft.max_range": (400, 400, 400, KM, "C", "read"),
    "interceptor.40n6e.envelope.aircraft.rival_max_range.India 2025": (314, 314, 314, KM, "C", "read"),
    "interceptor.40n6e.envelope.aircraft.rival_max_range.FOI 2019": (150, 175, 200, KM, "C", "via"),
    "interceptor.40n6e.envelope.ballistic.max_range": (60, 60, 60, KM, "C", "via"),
    "interceptor.40n6e.envelope.ballistic.rival_max_range.China digest": (200, 200, 200, KM, "C", "read"),
    "interceptor.40n6e.mean_speed": (1190, 1400, 1700, 1, "none", "assumed"),
    "statement.40n6e-impact-speed": (1190, 1190, 1190, 1, "C", "via"),
    "interceptor.9m96e.envelope.aircraft.max_range": (40, 40, 40, KM, "C", "read"),
    "interceptor.9m96e2.envelope.aircraft.max_range": (120, 120, 120, KM, "C", "read"),
    "statement.s-400-max-target-speed": (4800, 4800, 4800, 1, "B", "read"),
    "statement.sinop-lower-bound": (0.292, 0.292, 0.292, 1, "C", "derived"),
    "interceptor.48n6e3.envelope.aircraft.p_kill": (0.5, 0.7, 0.85, 1, "C", "via"),
    "interceptor.48n6e3.envelope.ballistic.p_kill": (0.3, 0.5, 0.7, 1, "C", "via"),
    # 2.4 times and money
    "fire-unit.s-400-division.reaction": (9, 10, 15, 1, "C", "read"),
    "fire-unit.s-400-division.deploy": (3, 5, 10, MIN, "B", "read"),
    "statement.order-to-deploy": (12, 12, 12, H, "B", "read"),
    "launcher.5p85.reload": (30, 45, 60, MIN, "none", "assumed"),
    "system.s-400-tr.price": (2.5, 2.5, 2.5, BN, "A", "read"),
    "statement.s-400-price-per-division": (500, 625, 1250, M, "C", "derived"),
    "statement.s-400-price-per-set": (1086, 1250, 2500, M, "C", "derived"),
    "statement.s-400-down-payment-usd": (1.125, 1.125, 1.125, BN, "A", "derived"),
    "statement.s-400-loan-usd": (1.375, 1.375, 1.375, BN, "A", "derived"),
    "interceptor.48n6e3.price": (1.0, 1.5, 2.5, M, "C", "via"),
    # 3 Patriot
    "fire-unit.patriot-battery.launchers": (5, 6, 8, 1, "A", "read"),
    "launcher.m903.rounds.gem-t": (4, 4, 4, 1, "A", "read"),
    "launcher.m903.rounds.pac-3-cri": (16, 16, 16, 1, "A", "read"),
    "launcher.m903.rounds.pac-3-mse": (12, 12, 12, 1, "C", "via"),
    "radar.mpq-65.instrumented_range": (170, 170, 170, KM, "C", "via"),
    "radar.mpq-65.reference_range": (90, 100, 120, KM, "C", "via"),
    "radar.mpq-65.tracks": (50, 75, 100, 1, "C", "read"),
    "radar.mpq-65.fire_channels": (5, 8, 9, 1, "C", "read"),
    "interceptor.gem-t.envelope.aircraft.max_range": (160, 160, 160, KM, "C", "via"),
    "interceptor.gem-t.envelope.ballistic.max_range": (15, 20, 30, KM, "C", "via"),
    "interceptor.gem-t.envelope.aircraft.max_altitude": (24, 24, 24, KM, "C", "via"),
    "interceptor.gem-t.mean_speed": (800, 900, 1100, 1, "C", "via"),
    "interceptor.pac-3-cri.envelope.aircraft.max_range": (45, 45, 45, KM, "C", "read"),
    "interceptor.pac-3-mse.envelope.aircraft.max_range": (60, 100, 120, KM, "C", "via"),
    "interceptor.pac-3-mse.envelope.ballistic.max_range": (30, 40, 60, KM, "C", "via"),
    "interceptor.pac-3-mse.price": (4.0, 4.19, 5.3, M, "B", "via"),
    "interceptor.gem-t.price": (2, 3, 4, M, "C", "via"),
    "interceptor.pac-3-cri.price": (2.5, 3, 3.5, M, "B", "read"),
    "fire-unit.patriot-battery.reaction": (8, 9, 15, 1, "C", "via"),
    "fire-unit.patriot-battery.crew": (85, 88, 90, 1, "B", "read"),
    "fire-unit.patriot-battery.price": (1000, 1100, 1200, M, "B", "read"),
    "launcher.m903.reload": (30, 40, 60, MIN, "C", "via"),
    "system.patriot-2018.fire_units": (4, 4, 4, 1, "A", "read"),
    "system.patriot-2018.price": (3.5, 3.5, 3.5, BN, "A", "read"),
    "system.patriot-2018.interceptors.gem-t": (80, 80, 80, 1, "A", "read"),
    "system.patriot-2018.interceptors.pac-3-mse": (60, 60, 60, 1, "A", "read"),
    "statement.notice-price-per-interceptor": (25, 25, 25, M, "A", "derived"),
    # 4 comparison
    "interceptor.aster-30.envelope.aircraft.max_range": (100, 100, 100, KM, "C", "via"),
    "interceptor.aster-30.envelope.ballistic.max_range": (20, 25, 35, KM, "C", "via"),
    "interceptor.amraam.envelope.aircraft.max_range": (25, 35, 40, KM, "C", "via"),
    "interceptor.iris-t.envelope.aircraft.max_range": (40, 40, 40, KM, "A", "read"),
    "fire-unit.nasams-battery.price": (56, 56, 56, M, "B", "derived"),
    "interceptor.siper-1.envelope.aircraft.max_range": (100, 100, 100, KM, "B", "read"),
    "interceptor.48n6e.envelope.aircraft.max_range": (150, 150, 150, KM, "C", "read"),
    "interceptor.mim-23.envelope.aircraft.max_range": (35, 40, 50, KM, "C", "via"),
    "interceptor.mim-23.envelope.aircraft.max_altitude": (17.7, 17.7, 17.7, KM, "C", "via"),
    # 5 targets
    "target.f-35.rcs.X.nose": (0.0001, 0.0015, 0.01, 1, "C", "read"),
    "target.f-35.price": (89.2, 89.2, 89.2, M, "C", "read"),
    "target.f-16.rcs.X.nose": (1, 3, 10, 1, "C", "via"),
    "target.su-35.rcs.X.nose": (1, 3, 10, 1, "C", "via"),
    "target.f-4.rcs.X.nose": (1, 6, 10, 1, "none", "assumed"),
    "target.bomber.rcs.X.nose": (1, 10, 100, 1, "C", "via"),
    "target.male-uav.rcs.X.nose": (0.5, 1, 5, 1, "C", "via"),
    "target.one-way-uav.rcs.X.nose": (0.005, 0.02, 0.2, 1, "C", "via"),
    "target.one-way-uav.rcs.X.side": (0.02, 0.14, 3, 1, "C", "via"),
    "target.one-way-uav.speed": (39, 51, 58, 1, "C", "via"),
    "target.one-way-uav.price": (0.02, 0.035, 0.07, M, "B", "read"),
    "target.cruise-missile.rcs.S.nose": (0.05, 0.072, 0.3, 1, "C", "via"),
    "target.cruise-missile.speed": (230, 240, 270, 1, "C", "via"),
    "target.cruise-missile.usual_height": (30, 50, 150, 1, "C", "via"),
    "target.tomahawk.rcs.X.nose": (0.05, 0.5, 1.0, 1, "C", "via"),
    "target.storm-shadow.rcs.VHF.nose": (0.0004, 0.014, 1, 1, "C", "via"),
    "target.kh-101.price": (2, 2.2, 2.4, M, "C", "via"),
    "target.srbm.speed": (1000, 1150, 1400, 1, "C", "via"),
    "target.srbm.apogee": (40000, 45000, 50000, 1, "C", "via"),
    "target.srbm.price": (2.4, 2.7, 3.0, M, "B", "via"),
    "target.atacms.rcs.X.nose": (0.05, 0.08, 0.3, 1, "C", "via"),
    "target.scud-b.range": (290, 290, 290, KM, "C", "read"),
    "target.fateh-110.range": (193, 193, 193, KM, "C", "read"),
    "assumption.k-ankara": (1.2, 1.26, 1.4, 1, "B", "derived"),
    "assumption.kill-probability-aircraft": (0.3, 0.6, 0.9, 1, "none", "assumed"),
}


@pytest.mark.parametrize("address", FIGURES)
def test_figure_is_as_published(by_id, address):
    low, nominal, high, factor, confidence, origin = FIGURES[address]
    p = by_id[address]
    assert (p.low, p.nominal, p.high) == pytest.approx((low * factor, nominal * factor, high * factor), rel=1e-12)
    assert (p.confidence, p.origin) == (confidence, origin)


def test_every_system_and_target_of_the_design_is_there(catalogue):
    assert set(catalogue.systems) == {
        "s-400", "s-400-tr", "patriot-battery", "patriot-2018", "s-300pmu1", "s-300pmu2", "samp-t", "nasams",
        "iris-t-slm", "siper-1", "hisar-o", "i-hawk",
    }  # fmt: skip
    assert {
        "bomber", "awacs", "f-35", "f-35:reflector", "f-16", "su-35", "f-4", "male-uav", "one-way-uav",
        "cruise-missile", "tomahawk", "storm-shadow", "srbm", "scud-b", "fateh-110",
    } <= set(catalogue.targets)  # fmt: skip


def test_the_turkish_package_has_both_fits(catalogue):
    tr = catalogue.systems["s-400-tr"]
    assert tr.fits == ("48n6e3", "40n6e")
    fits = catalogue.fire_units[tr.fire_unit].fits
    assert fits["48n6e3"] == {"48n6e3": 1.0}
    assert "40n6e" in fits["40n6e"]


def test_every_figure_has_a_source_or_a_reason(catalogue):
    for p in parameters_of(catalogue):
        if p.origin == "assumed":
            assert p.note.strip(), p.id
        else:
            assert p.source in catalogue.sources, p.id


def test_estimates_of_others_are_marked_and_never_above_c(catalogue, by_id):
    marked = [p for p in parameters_of(catalogue) if p.estimated]
    assert all(p.confidence == "C" for p in marked)
    for address in (
        "radar.92n6e.reference_range", "radar.mpq-65.reference_range", "interceptor.48n6e3.mean_speed",
        "interceptor.gem-t.mean_speed", "interceptor.48n6e3.price", "launcher.m903.reload",
        "interceptor.pac-3-mse.envelope.ballistic.p_kill", "radar.trml-4d.fire_channels",
    ):  # fmt: skip
        assert by_id[address].estimated, address


def test_a_number_that_no_source_prints_counts_as_assumed(by_id):
    added = {
        "target.bomber.usual_height": ("nominal",),
        "fire-unit.patriot-battery.price": ("low", "high"),
        "target.tomahawk.usual_height": ("nominal",),
        "target.male-uav.price": ("nominal",),
        "target.f-35.usual_height": ("low", "nominal"),
        "fire-unit.s-400-division.reaction": ("low", "high"),
    }
    for address, names in added.items():
        assert by_id[address].by_hand == names
        assert by_id[address].rests_on_assumption


def test_a_note_that_owns_up_to_an_addition_is_counted(by_id):
    words = re.compile(r"assumed|recollection|is added|inference|the middle is|no source prints")
    for p in by_id.values():
        if p.origin != "assumed" and p.low < p.high and words.search(p.note):
            assert p.by_hand, f"{p.id}: {p.note}"


def test_euros_become_dollars_at_one_assumed_rate(by_id):
    rate = by_id["assumption.euro-in-dollars"]
    converted = {  # least and greatest price in euros
        "interceptor.iris-t.price": (0.4, 0.57),
        "fire-unit.iris-t-slm-system.price": (140, 158),
        "interceptor.aster-30.price": (1, 3),
        "statement.patriot-price-spain": (657.5, 657.5),
    }
    for address, (least, greatest) in converted.items():
        price = by_id[address]
        assert price.inputs == ("assumption.euro-in-dollars",)
        assert (price.origin, price.confidence) == ("assumed", "none")
        assert price.low / M == pytest.approx(least * rate.low, rel=5e-3)
        assert price.high / M == pytest.approx(greatest * rate.high, rel=7e-3)
        assert price.nominal / M == pytest.approx((least + greatest) / 2 * rate.nominal, rel=7e-3)
    assert by_id["fire-unit.patriot-battery.rival_price.Spain 2023"].copied_from == "statement.patriot-price-spain"
    for p in by_id.values():
        if p.si == "USD" and "EUR" in p.note and not p.inputs:
            assert p.by_hand or "$" in p.note, f"{p.id}: {p.note}"


def test_the_two_radars_of_the_comparison_have_one_sector(by_id):
    patriot, s_400 = by_id["radar.mpq-65.sector"], by_id["radar.92n6e.sector"]
    assert (patriot.low, patriot.nominal, patriot.high) == (s_400.low, s_400.nominal, s_400.high)
    assert patriot.low == patriot.high == by_id["statement.patriot-track-sector"].nominal
    assert by_id["statement.patriot-search-sector"].nominal < patriot.nominal


def test_variants_are_not_spreads(catalogue):
    for radar in catalogue.radars.values():
        assert radar.antenna_height_m.low == radar.antenna_height_m.high, radar.id
        assert radar.antenna_height_m.nominal in radar.masts_m.values(), radar.id
    assert catalogue.radars["91n6e"].masts_m == {"7 m": 7.0, "25 m": 25.0, "39 m": 39.0}
    envelope = catalogue.interceptors["40n6e"].envelopes["aircraft"]
    rivals = envelope.rival_max_range_m.values()
    assert max(r.high for r in rivals) < envelope.max_range_m.low


def test_no_interceptor_reaches_lower_than_it_starts(catalogue):
    for interceptor in catalogue.interceptors.values():
        for e in interceptor.envelopes.values():
            assert e.min_range_m.high < e.max_range_m.low, (interceptor.id, e.kind)
            assert e.min_altitude_m.high < e.max_altitude_m.low, (interceptor.id, e.kind)


def test_printed_text_keeps_the_unit_of_the_source(by_id):
    assert by_id["radar.91n6e.reference_range"].printed == "300 / 390 / 450 km"
    assert by_id["fire-unit.s-400-division.launchers"].printed == "4 / 8 / 12"
    assert by_id["system.s-400-tr.price"].printed == "2.5 bnUSD"


def test_the_deal_is_dated(catalogue):
    facts = catalogue.facts
    assert (facts["contract"].date, facts["contract"].sources) == ("2017-04-11", ("B10", "B11"))
    assert facts["first-delivery"].date == "2019-07-12"
    assert facts["caatsa"].date == "2020-12-14"
    assert {f.topic for f in facts.values()} == {
        "deal", "report", "engagement-record", "disagreement", "misprint", "gap",
    }  # fmt: skip
