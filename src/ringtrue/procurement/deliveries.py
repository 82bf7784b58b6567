"""Deliveries on a calendar: what was there, and in which state, as promised, as it happened, or notionally."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple, get_args

import numpy as np

from ringtrue.errors import DomainError, InputError
from ringtrue.scenario.records import UnitState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import ArrayLike, NDArray

    from ringtrue.scenario.records import Delivery, Offer, Schedule

STATES: tuple[UnitState, ...] = get_args(UnitState)
_DAY_S = 86_400.0
_MONTH_S = 365.25 / 12.0 * _DAY_S
_SAME_S = 1.0


class Wait(NamedTuple):
    """How long the first fire unit was waited for: from a contract, or an order that could have been placed."""

    since: date
    until: date

    @property
    def days(self) -> int:
        """Days from the one to the other."""
        return (self.until - self.since).days


class Timeline(NamedTuple):
    """Fire units that have reached a state: ``fire_units`` (draw, month), on the first day of each of ``months``."""

    months: tuple[date, ...]
    fire_units: NDArray[np.int64]


def days_between(first: date | str, last: date | str) -> int:
    """Return the days from one date to another, the first one not counted.

    >>> days_between("2017-04-11", "2019-07-12"), days_between("2017-04-11", "2019-09-15")
    (822, 887)
    """
    return (_day(last) - _day(first)).days


def day_after(first: date, lead_time_s: float) -> date:
    """Return the day a lead time after another: whole months and years by the calendar, any other time in days.

    The last day of a month stands for days that it lacks.

    Parameters
    ----------
    lead_time_s : float
        A month is the twelfth part of 365.25 days [s], as the units of the files have it.

    Examples
    --------
    24 months, 730 days, and a month from the last day of January:

    >>> [str(day_after(date(2019, 1, 2), s)) for s in (24 * 2_629_800.0, 730 * 86_400.0)]
    ['2021-01-02', '2021-01-01']
    >>> str(day_after(date(2020, 1, 31), 2_629_800.0))
    '2020-02-29'
    """
    months = round(lead_time_s / _MONTH_S)
    if abs(lead_time_s - months * _MONTH_S) > _SAME_S:
        return first + timedelta(days=lead_time_s / _DAY_S)
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))


def unit_days(in_service_from: Sequence[date | str], until: date | str) -> int:
    """Return the unit-days of units in service from their dates up to, and without, ``until``.

    A unit that comes later than ``until`` counts nothing.

    >>> unit_days(["2019-07-25", "2019-09-15"], "2020-07-25")
    680
    """
    return sum(max(0, days_between(first, until)) for first in in_service_from)


def reached_on(delivery: Delivery, state: UnitState, lead_time_s: float | None = None) -> date | None:
    """Return the day on which a delivery reached a state; ``None`` if that was not promised or is not reported.

    A notional delivery is delivered ``lead_time_s`` after its order (`day_after`) and has no other state: readiness on
    paper would be a second guess on top of the first.

    Raises
    ------
    DomainError
        A notional delivery without a lead time, here or of its own.
    """
    if delivery.ordered is None:
        return {
            "delivered": delivery.delivered,
            "declared_ready": delivery.declared_ready,
            "emplaced": delivery.emplaced,
            "on_alert": delivery.on_alert,
        }[state]
    if state != "delivered":
        return None
    own = delivery.lead_time_s.nominal if delivery.lead_time_s is not None else None
    wanted_s = lead_time_s if lead_time_s is not None else own
    if wanted_s is None:
        msg = f"delivery {delivery.uid!r} is notional: give a lead time, such as the catalogue's patriot-lead-time"
        raise DomainError(msg)
    return day_after(delivery.ordered, wanted_s)


def state_on(delivery: Delivery, on: date, lead_time_s: float | None = None) -> UnitState | None:
    """Return the furthest state that a delivery had reached on a day, or ``None`` if it had not arrived."""
    if delivery.ended is not None and on >= delivery.ended:
        return None
    reached = [state for state in STATES if (day := reached_on(delivery, state, lead_time_s)) and day <= on]
    return reached[-1] if reached else None


def fire_units_on(
    deliveries: Iterable[Delivery],
    offers: Sequence[str],
    schedule: Schedule,
    state: UnitState,
    on: date,
    lead_time_s: float | None = None,
) -> int:
    """Return how many fire units of some offers had reached a state on a day, by one calendar.

    A unit that reached a later state has reached the earlier ones too, dated or not.
    """
    wanted = STATES[STATES.index(state) :]
    return sum(
        delivery.fire_units
        for delivery in deliveries
        if delivery.offer in offers and delivery.schedule == schedule
        if state_on(delivery, on, lead_time_s) in wanted
    )


def first_wait(
    deliveries: Iterable[Delivery], offers: Iterable[Offer], schedule: Schedule, lead_time_s: float | None = None
) -> Wait | None:
    """Return how long the first fire unit of some offers was waited for, by one calendar; ``None``: none came.

    It ends on the day on which the first of a delivery with fire units arrived (`Delivery.began`, else the day on which
    all of it had), and counts from the contract of its offer, or from the order of a notional delivery; where nobody
    dates either there is none.
    """
    contracts = {offer.id: offer.contract_date for offer in offers}
    waits = []
    for delivery in deliveries:
        if delivery.offer not in contracts or delivery.schedule != schedule or not delivery.fire_units:
            continue
        since = delivery.ordered or contracts[delivery.offer]
        until = delivery.began or reached_on(delivery, "delivered", lead_time_s)
        if since is not None and until is not None:
            waits.append(Wait(since, until))
    return min(waits, key=lambda wait: wait.until, default=None)


def counted_on(
    deliveries: Iterable[Delivery],
    offers: Sequence[str],
    schedule: Schedule,
    on: date,
    lead_time_s: float | None = None,
) -> dict[str, int]:
    """Return everything that some offers had delivered on a day, by one calendar: fire units, launchers, rounds, items.

    Rounds whose type nobody told are counted under the words of the offer; they stand on no launcher of a raid.
    """
    counts: dict[str, int] = {}
    for delivery in deliveries:
        if delivery.offer not in offers or delivery.schedule != schedule:
            continue
        if state_on(delivery, on, lead_time_s) is None:
            continue
        parts = (("fire units", delivery.fire_units), ("launchers", delivery.launchers))
        for thing, count in (*parts, *delivery.rounds, *delivery.items):
            if count:
                counts[thing] = counts.get(thing, 0) + count
    return counts


def timeline(
    deliveries: Sequence[Delivery],
    offers: Sequence[str],
    schedule: Schedule,
    state: UnitState,
    first_month: date,
    last_month: date,
    lead_time_s: ArrayLike | None = None,
) -> Timeline:
    """Return the fire units in a state on the first day of each month.

    Parameters
    ----------
    lead_time_s : (draw,) array_like, optional
        Lead time of notional deliveries [s]; without it the draw axis has length one.

    Returns
    -------
    Timeline
        ``fire_units`` (draw, month).
    """
    months = tuple(months_between(first_month, last_month))
    leads: list[float | None] = [None] if lead_time_s is None else [float(v) for v in np.atleast_1d(lead_time_s)]
    counts = [[fire_units_on(deliveries, offers, schedule, state, month, lead) for month in months] for lead in leads]
    return Timeline(months, np.asarray(counts, dtype=np.int64).reshape(len(leads), len(months)))


def months_between(first_month: date, last_month: date) -> Iterable[date]:
    """Yield the first day of every month from one to another, both included.

    >>> [month.isoformat() for month in months_between(date(2019, 12, 1), date(2020, 2, 1))]
    ['2019-12-01', '2020-01-01', '2020-02-01']
    """
    for number in range(first_month.year * 12 + first_month.month - 1, last_month.year * 12 + last_month.month):
        yield date(number // 12, number % 12 + 1, 1)


def _day(value: date | str) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        msg = f"{value!r} is no date; write a day such as 2019-07-25"
        raise InputError(msg) from None


# what a case file of `ringtrue verify` may call here: these compute from numbers, and neither read nor write
FOR_CASES = ("days_between", "unit_days", "months_between")
