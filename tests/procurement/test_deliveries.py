"""Deliveries on a calendar: unit-days, states, promised against happened, notional lead times."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from ringtrue.catalogue.load import load_catalogue, parameters_of
from ringtrue.errors import DomainError, InputError
from ringtrue.procurement.deliveries import (
    STATES,
    counted_on,
    day_after,
    days_between,
    fire_units_on,
    first_wait,
    months_between,
    reached_on,
    state_on,
    timeline,
    unit_days,
)
from ringtrue.scenario.load import load_scenario
from ringtrue.studies.measures import offer_figures

REGIMENT = ["s-400-regiment"]
MONTH_S = 2_629_800.0


@pytest.fixture(scope="module")
def turkey():
    return load_scenario("turkey-2019")


def test_v_f04_days() -> None:
    assert days_between("2017-04-11", "2019-07-12") == 822
    assert days_between("2017-04-11", "2019-09-15") == 887
    assert days_between("2017-12-29", "2019-07-12") == 560


def test_v_x06_unit_days() -> None:
    assert unit_days(["2019-07-25", "2019-09-15"], "2020-07-25") == 366 + 314 == 680


def test_a_unit_that_comes_too_late_counts_nothing() -> None:
    assert unit_days(["2021-01-01", date(2020, 7, 24)], "2020-07-25") == 1


def test_the_scenario_gives_the_same_unit_days(turkey) -> None:
    starts = [d.delivered for d in turkey.deliveries if d.offer == "s-400-regiment" and d.schedule == "happened"]
    assert unit_days(starts, date(2020, 7, 25)) == 680


def test_no_date() -> None:
    with pytest.raises(InputError) as error:
        days_between("2019-13-45", "2020-01-01")
    assert str(error.value) == "'2019-13-45' is no date; write a day such as 2019-07-25"


def test_delivery_came_months_before_the_promise(turkey) -> None:
    """Two curves: promised by the end of the first quarter of 2020, delivered in July and September 2019."""
    args = (turkey.deliveries, REGIMENT)
    months = (date(2019, 7, 1), date(2020, 5, 1))
    happened = timeline(*args, "happened", "delivered", *months)
    promised = timeline(*args, "promised", "delivered", *months)
    assert happened.fire_units.tolist() == [[0, 1, 1] + [2] * 8]
    assert promised.fire_units.tolist() == [[0] * 9 + [2, 2]]
    assert happened.months[0] == date(2019, 7, 1)
    assert happened.fire_units.dtype == np.int64


def test_delivered_is_not_on_alert(turkey) -> None:
    """No report says that a delivered division stands on alert: on paper two, as reported none."""
    last = (date(2026, 12, 1), date(2026, 12, 1))
    counts = {s: timeline(turkey.deliveries, REGIMENT, "happened", s, *last).fire_units.item() for s in STATES}
    assert counts == {"delivered": 2, "declared_ready": 0, "emplaced": 0, "on_alert": 0}
    assert timeline(turkey.deliveries, REGIMENT, "promised", "on_alert", *last).fire_units.item() == 2


def test_both_readings_deliver_their_own_number(turkey) -> None:
    on = date(2020, 1, 1)
    assert fire_units_on(turkey.deliveries, REGIMENT, "happened", "delivered", on) == 2
    assert fire_units_on(turkey.deliveries, ["s-400-four"], "happened", "delivered", on) == 4


def test_the_second_regiment_never_came(turkey) -> None:
    months = (date(2020, 9, 1), date(2026, 12, 1))
    for schedule in ("promised", "happened"):
        assert not timeline(turkey.deliveries, ["s-400-second"], schedule, "delivered", *months).fire_units.any()


def test_states_follow_one_another(turkey) -> None:
    first = next(d for d in turkey.deliveries if d.uid == "s-400-regiment-first")
    ready = replace(first, declared_ready=date(2020, 4, 1), on_alert=date(2020, 6, 1))
    days = [date(2019, 7, 24), date(2019, 7, 25), date(2020, 4, 1), date(2020, 6, 1)]
    assert [state_on(ready, day) for day in days] == [None, "delivered", "declared_ready", "on_alert"]
    assert fire_units_on([ready], REGIMENT, "happened", "emplaced", date(2020, 6, 2)) == 1, "on alert implies emplaced"


def test_a_promise_that_lapsed_counts_no_more(turkey) -> None:
    promised = next(d for d in turkey.deliveries if d.uid == "s-400-regiment-promised")
    lapsed = replace(promised, ended=date(2021, 1, 1))
    assert [state_on(lapsed, day) for day in (date(2020, 12, 31), date(2021, 1, 1))] == ["on_alert", None]


def test_a_notional_delivery_comes_after_its_lead_time_and_has_no_other_state(turkey) -> None:
    notional = next(d for d in turkey.deliveries if d.schedule == "notional")
    lead_s = 730 * 86_400.0
    assert reached_on(notional, "delivered", lead_s) == notional.ordered + timedelta(days=730)
    assert reached_on(notional, "delivered", 24 * MONTH_S) == date(2021, 1, 2)
    assert reached_on(notional, "on_alert", lead_s) is None
    with pytest.raises(DomainError) as error:
        reached_on(notional, "delivered")
    assert str(error.value) == (
        "delivery 'patriot-notional' is notional: give a lead time, such as the catalogue's patriot-lead-time"
    )


def test_its_own_lead_time_serves_when_none_is_given() -> None:
    setting = "delivery.patriot-notional.lead_time=730 day"
    own = next(d for d in load_scenario("turkey-2019", [setting]).deliveries if d.schedule == "notional")
    assert reached_on(own, "delivered") == date(2021, 1, 1)


@pytest.mark.parametrize("months", [1, 12, 24, 36, 48, 60, 84, 1200])
def test_whole_months_go_by_the_calendar(months) -> None:
    """The same day of a later month, and the last one of a shorter month; every other time counts in days."""
    for first in (date(2019, 1, 2), date(2019, 8, 31), date(2020, 2, 29)):
        found = day_after(first, months * MONTH_S)
        assert (found.year - first.year) * 12 + found.month - first.month == months
        assert found.day == first.day or (found + timedelta(days=1)).day == 1
        assert abs((found - first).days - months * MONTH_S / 86_400.0) <= 3.0
    assert day_after(date(2019, 1, 2), 730.5 * 86_400.0 - 2.0) == date(2021, 1, 1)


def test_days_to_the_first_delivery_are_one_number(turkey) -> None:
    """The first arrival counts, not the day on which all of it was there: scenario, catalogue and offer agree."""
    offers = [turkey.offer("s-400-regiment")]
    wait = first_wait(turkey.deliveries, offers, "happened")
    assert (wait.since, wait.until, wait.days) == (date(2017, 4, 11), date(2019, 7, 12), 822)
    figures = {p.id: p for p in parameters_of(load_catalogue())}
    assert figures["statement.contract-to-first-delivery"].nominal == wait.days * 86_400.0
    assert offer_figures("turkey-2019", offer="s-400-regiment").days_to_first_delivery == wait.days
    promised = first_wait(turkey.deliveries, offers, "promised")
    assert promised.until == date(2020, 3, 31), "missiles alone are no fire unit"
    assert first_wait(turkey.deliveries, [turkey.offer("s-400-second")], "promised") is None
    patriot = [turkey.offer("patriot-2018")]
    assert first_wait(turkey.deliveries, patriot, "notional", 24 * MONTH_S).until == date(2021, 1, 2)
    assert first_wait(turkey.deliveries, patriot, "happened") is None


def test_draws_of_the_lead_time_give_a_draw_axis(turkey) -> None:
    """24 to 84 months: more draws have the package as the months go by, none before and all after."""
    lead_s = np.linspace(24, 84, 61) * 30.436875 * 86_400.0
    curve = timeline(
        turkey.deliveries, ["patriot-2018"], "notional", "delivered", date(2020, 12, 1), date(2026, 2, 1), lead_s
    )
    assert curve.fire_units.shape == (61, 63)
    share = (curve.fire_units == 4).mean(axis=0)
    assert (share[0], share[-1]) == (0.0, 1.0)
    assert (np.diff(share) >= 0.0).all()
    assert set(np.unique(curve.fire_units)) == {0, 4}


def test_months() -> None:
    assert len(list(months_between(date(2017, 4, 1), date(2026, 12, 1)))) == 117


def test_rounds_of_no_known_type_are_counted_as_the_offer_counts_them() -> None:
    scenario = load_scenario("turkey-2019")
    june = date(2020, 6, 1)
    promised = counted_on(scenario.deliveries, ["s-400-regiment"], "promised", june)
    assert promised == {"fire units": 2, "launchers": 16, "interceptors, type not said": 120}
    assert counted_on(scenario.deliveries, ["s-400-regiment"], "happened", june) == {"fire units": 2, "launchers": 16}
    before = counted_on(scenario.deliveries, ["s-400-regiment"], "promised", date(2019, 8, 30))
    assert before == {}
    assert dict(scenario.offer("s-400-regiment").items) == {"interceptors, type not said": 120}
