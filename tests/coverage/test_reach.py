"""How far a system knows a target: what the cue gives, what the rule of looks takes, leg by leg."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ringtrue.catalogue.load import load_catalogue
from ringtrue.coverage.edges import confirmed_range_m, reach_of, single_look_range_m
from ringtrue.coverage.ring import Weather
from ringtrue.sensing.chain import chain_of
from ringtrue.sensing.ledger import Ledger
from ringtrue.sensing.looks import look_periods

N = 11


@pytest.fixture(scope="module")
def drawn():
    ledger = Ledger(load_catalogue(), N - 1, seed=1)
    return chain_of(ledger, "s-400"), ledger.record(ledger.catalogue.targets["f-16"])


def with_radars(chain, search=None, engagement=None):
    return replace(
        chain,
        acquisition=replace(chain.acquisition, **(search or {})),
        engagement=replace(chain.engagement, **(engagement or {})),
    )


NEVER_SEARCHES = {"search_frame_s": np.full(N, 1e6)}
BLIND = {"reference_range_m": np.full(N, 1.0)}


def test_a_radar_that_never_searches_tracks_what_it_is_told_of_and_nothing_else(drawn) -> None:
    """Told in time, nine chances of ten need all three parts of the search radar's chance; untold, it has none."""
    chain, target = drawn
    told = reach_of(with_radars(chain, engagement=NEVER_SEARCHES), target, "inbound", Weather())
    untold = reach_of(with_radars(chain, search=BLIND, engagement=NEVER_SEARCHES), target, "inbound", Weather())
    itself = reach_of(chain, target, "inbound", Weather())
    assert (told.tracked_p90_m > 0.0).all()
    assert told.tracked_m == pytest.approx(itself.tracked_m, rel=0.02)
    assert (told.tracked_m <= itself.tracked_m + 1.0).all()
    assert (untold.tracked_m <= 0.0).all()
    assert (untold.seen_m < 5e3).all()
    alone = reach_of(with_radars(chain, search=BLIND), target, "inbound", Weather())
    # searching for itself it is no better than told too, but for the step in which a joined table is worked out
    assert ((alone.tracked_m > 0.0) & (alone.tracked_m < 1.005 * itself.tracked_m)).all()


def test_more_certainty_identification_and_clutter_each_take_range(drawn) -> None:
    chain, target = drawn
    found = reach_of(chain, target, "inbound", Weather())
    assert (found.seen_p90_m < found.seen_m).all()
    assert (found.tracked_p90_m < found.tracked_m).all()
    assert (found.held_m <= found.tracked_m).all()
    at_once = reach_of(chain, replace(target, identification_delay_s=np.zeros(N)), "inbound", Weather())
    never = reach_of(chain, replace(target, identification_delay_s=np.full(N, 1e5)), "inbound", Weather())
    assert at_once.held_m == pytest.approx(at_once.tracked_m)
    assert (never.held_m == 0.0).all()
    cluttered = reach_of(chain, target, "inbound", Weather(clutter_db=6.0))
    free = found.seen_m < chain.acquisition.instrumented_range_m * 0.95
    assert free.any()
    assert (cluttered.seen_m < found.seen_m)[free].all()
    # 12 dB of loss halve a range in empty air; gas leaves a little more
    halved = single_look_range_m(chain.engagement, target, "inbound", Weather(clutter_db=12.04))
    whole = single_look_range_m(chain.engagement, target, "inbound", Weather())
    assert ((halved > 0.5 * whole) & (halved < 0.62 * whole)).all()


def test_delays_and_ways_are_the_looks_of_the_rule(drawn) -> None:
    """2 of 3 at 6 s for the search radar, at 2 s for the engagement radar; 250 m/s, identified in 1 s or 20 s."""
    chain, target = drawn
    rule = {"confirm_hits": 2, "confirm_scans": 3, "decorrelation_s": np.zeros(N)}
    asked = with_radars(
        chain,
        search={**rule, "scan_period_s": np.full(N, 6.0), "search_frame_s": np.full(N, 6.0)},
        engagement={**rule, "scan_period_s": np.full(N, 2.0), "search_frame_s": np.full(N, 8.0)},
    )
    assert look_periods(asked.engagement).cued_s.tolist() == [2.0] * N
    for identify_s, wanted_s in ((1.0, 9.0 + 3.0), (20.0, 9.0 + 20.0)):
        flying = replace(target, speed_mps=np.full(N, 250.0), identification_delay_s=np.full(N, identify_s))
        for heading in ("inbound", "outbound"):
            found = reach_of(asked, flying, heading, Weather())
            assert found.delay_s == pytest.approx(np.full(N, wanted_s))
            assert found.lag_m == pytest.approx(np.full(N, 250.0 * identify_s))
            assert found.least_m == pytest.approx(np.array([[1500.0, 500.0]] * N))
            assert found.gap_m == pytest.approx(np.array([[1500.0, 500.0]] * N))


def test_legs_are_known_as_their_looks_allow(drawn) -> None:
    """Flying away, two of the last three looks must see it: nearer than one look sees; coming in, all looks count."""
    chain, target = drawn
    even = replace(target, rcs_m2={b: dict.fromkeys(d, d["nose"]) for b, d in target.rcs_m2.items()})
    radar = replace(chain.acquisition, instrumented_range_m=np.full(N, 1e7))
    look_s = look_periods(radar).search_s
    outbound, beam, worst = (
        confirmed_range_m(radar, even, leg, Weather(), 0.5, look_s) for leg in ("outbound", "beam", "worst")
    )
    inbound = reach_of(with_radars(chain, search={"instrumented_range_m": np.full(N, 1e7)}), even, "inbound", Weather())
    one = single_look_range_m(radar, even, "inbound", Weather())
    assert (worst < outbound + 20e3).all()
    assert (worst < inbound.seen_m).all()
    assert outbound == pytest.approx(one, rel=0.15)
    assert (beam > worst).all()
    least = {b: {"nose": 4.0 * d["nose"], "side": 4.0 * d["nose"], "tail": d["nose"]} for b, d in even.rcs_m2.items()}
    weakest = confirmed_range_m(radar, replace(even, rcs_m2=least), "worst", Weather(), 0.5, look_s)
    assert weakest == pytest.approx(worst)


def test_a_system_of_one_radar_tracks_what_it_sees(drawn) -> None:
    chain, target = drawn
    one = replace(chain, acquisition=chain.engagement)
    for heading in ("inbound", "outbound", "beam"):
        found = reach_of(one, target, heading, Weather())
        assert found.tracked_m == pytest.approx(found.seen_m)
        assert found.tracked_p90_m == pytest.approx(found.seen_p90_m)
