"""Who pays what, when, and what that is worth on one day: advance, credit, level repayment, present value."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.domain import LOAN_YEARS, NUMBER, RATE, WAIT, YEARS, checked

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from ringtrue.scenario.records import Offer, Payment

STATEMENTS = ("paid-so-far", "refund-claimed")
"""Kinds of payment that are statements about money paid, and no payments of their own."""


class Split(NamedTuple):
    """A price divided into what is paid at once and what is lent."""

    advance_usd: float
    credit_usd: float


class Annuity(NamedTuple):
    """Level repayment of a credit: each year's payment, all payments together, and the interest among them."""

    yearly_usd: NDArray[np.float64]
    total_usd: NDArray[np.float64]
    interest_usd: NDArray[np.float64]


class Terms(NamedTuple):
    """What nobody published about a loan, and how a later payment counts: (draw,) arrays that broadcast.

    ``rate`` and ``discount`` a year, as fractions; ``years`` of level repayment.
    """

    rate: NDArray[np.float64]
    years: NDArray[np.float64]
    discount: NDArray[np.float64]


class Paid(NamedTuple):
    """One stated payment of an offer and what it comes to: (draw,) arrays.

    ``times`` payments of ``each_usd``, ``total_usd`` in all, the first on day ``on`` and the others a year apart; worth
    ``present_usd`` on one day.
    """

    kind: str
    on: date
    times: NDArray[np.float64]
    each_usd: NDArray[np.float64]
    total_usd: NDArray[np.float64]
    present_usd: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CashFlow:
    """One dated payment of the buyer; ``kind`` as in the scenario, or ``repayment``."""

    on: date
    kind: str
    amount_usd: float


@checked()
def split_price(price_usd: float, advance_share: float) -> Split:
    """Divide a price by the published share of the advance.

    >>> tuple(round(part) for part in split_price(2.5e9, 0.45))
    (1125000000, 1375000000)

    Raises
    ------
    DomainError
        A price below zero, or a share outside 0 to 1.
    """
    advance_usd = price_usd * advance_share
    return Split(advance_usd, price_usd - advance_usd)


@checked(rate=RATE, years=YEARS)
def level_annuity(principal_usd: ArrayLike, rate: ArrayLike, years: ArrayLike) -> Annuity:
    """Return the level yearly payment that pays a credit back.

    P·r / (1 − (1 + r)^−n), and P / n without interest; the first payment falls one year after the credit.

    Parameters
    ----------
    principal_usd : array_like
        Credit [USD].
    rate : array_like
        Interest a year, as a fraction, zero or more. None was published for the loan of 2017: an assumption.
    years : array_like
        Yearly payments, above zero. Shapes broadcast.

    Examples
    --------
    >>> annuity = level_annuity(1.375e9, 0.05, 10)
    >>> round(float(annuity.yearly_usd), 2), round(float(annuity.total_usd), 2)
    (178068790.58, 1780687905.78)
    """
    principal, interest, n_years = np.broadcast_arrays(
        np.asarray(principal_usd, dtype=np.float64),
        np.asarray(rate, dtype=np.float64),
        np.asarray(years, dtype=np.float64),
    )
    growth = -np.expm1(-n_years * np.log1p(interest))
    factor = np.divide(interest, growth, out=np.asarray(1.0 / n_years), where=growth > 0.0)
    yearly = np.asarray(principal * factor)
    return Annuity(yearly, yearly * n_years, yearly * n_years - principal)


@checked(amount_usd=NUMBER, discount=RATE, years=WAIT)
def present_value(amount_usd: ArrayLike, discount: ArrayLike, years: ArrayLike) -> NDArray[np.float64]:
    """Return what an amount paid some years later is worth now: amount / (1 + discount)^years.

    Parameters
    ----------
    amount_usd : array_like
        Amount [USD].
    discount : array_like
        Discount rate a year, as a fraction.
    years : array_like
        From now to the payment, at most 60; below zero, what a payment of the past has grown to. Shapes broadcast.

    Examples
    --------
    >>> round(float(present_value(1.125e9, 0.05, 0.4194)), 2)
    1102213511.22
    """
    growth = np.log1p(np.asarray(discount, dtype=np.float64)) * np.asarray(years, dtype=np.float64)
    return np.asarray(np.asarray(amount_usd, dtype=np.float64) * np.exp(-growth))


@checked(discount=RATE, years=YEARS)
def annuity_value(yearly_usd: ArrayLike, discount: ArrayLike, years: ArrayLike) -> NDArray[np.float64]:
    """Return what level yearly payments are worth a year before the first of them.

    yearly · (1 − (1 + d)^−n) / d, and yearly · n without a discount: at the interest of a loan, the loan itself.

    Parameters
    ----------
    yearly_usd, discount, years : array_like
        Payment [USD], discount rate a year as a fraction, number of payments. Shapes broadcast.

    Examples
    --------
    >>> yearly_usd = level_annuity(1.375e9, 0.05, 10).yearly_usd
    >>> round(float(annuity_value(yearly_usd, 0.05, 10)), 2), round(float(annuity_value(yearly_usd, 0.1, 10)), 2)
    (1375000000.0, 1094155633.14)
    """
    yearly, rate, n_years = np.broadcast_arrays(
        np.asarray(yearly_usd, dtype=np.float64), np.asarray(discount, dtype=np.float64),
        np.asarray(years, dtype=np.float64),
    )  # fmt: skip
    shrunk = -np.expm1(-n_years * np.log1p(rate))
    factor = np.divide(shrunk, rate, out=np.array(n_years, dtype=np.float64), where=rate > 0.0)
    return np.asarray(yearly * factor)


def years_between(first: date, last: date) -> float:
    """Return the years from one day to another: years and twelfths by the calendar, days as parts of 365.25.

    The same day of a later year is a whole number of years away, whatever leap days lie between.

    >>> signed, lent = date(2017, 4, 11), date(2017, 12, 29)
    >>> years_between(lent, date(2027, 12, 29)), round(years_between(signed, date(2017, 9, 12)), 4)
    (10.0, 0.4194)
    """
    months = (last.year - first.year) * 12 + last.month - first.month
    return months / 12.0 + (last.day - first.day) / 365.25


def paid(payment: Payment, terms: Terms, on: date) -> Paid | None:
    """Return what one dated payment comes to, a credit as the level repayments that it makes; ``None``: it is none.

    Parameters
    ----------
    terms : Terms
        Of a credit, its own or assumed; the discount rate holds for every payment.
    on : date
        Day on which the present value is taken.

    Notes
    -----
    As in `cash_flows`: a credit is no payment on the day it is granted, statements about money paid and payments
    without a date are none, a refund counts below zero.
    """
    if payment.on is None or payment.kind in STATEMENTS:
        return None
    wait = years_between(on, payment.on)
    if payment.kind == "credit":
        loan = level_annuity(payment.amount_usd, terms.rate, terms.years)
        granted_usd = annuity_value(loan.yearly_usd, terms.discount, terms.years)
        worth_usd = present_value(granted_usd, terms.discount, wait)
        return Paid("repayment", _years_after(payment.on, 1), terms.years, loan.yearly_usd, loan.total_usd, worth_usd)
    one = np.ones_like(terms.discount)
    each_usd = one * (-payment.amount_usd if payment.kind == "refund" else payment.amount_usd)
    return Paid(payment.kind, payment.on, one, each_usd, each_usd, present_value(each_usd, terms.discount, wait))


@checked(rate=RATE, years=LOAN_YEARS)
def cash_flows(offer: Offer, rate: float, years: int) -> tuple[CashFlow, ...]:
    """Return the dated payments of an offer, its credits repaid level, in order of date.

    Parameters
    ----------
    rate, years : float, int
        Terms of a credit whose own were not published (catalogue: ``loan-interest``, ``loan-years``).

    A credit is no payment on the day it is granted; its repayments fall on the same day of the following years.
    Payments without a date, and statements about money paid, are left out.
    """
    flows: list[CashFlow] = []
    for payment in offer.payments:
        if payment.on is None or payment.kind in STATEMENTS:
            continue
        if payment.kind == "credit":
            own_rate = rate if payment.rate is None else payment.rate.nominal
            own_years = years if payment.years is None else round(payment.years.nominal)
            yearly_usd = float(level_annuity(payment.amount_usd, own_rate, own_years).yearly_usd)
            days = [_years_after(payment.on, i) for i in range(1, own_years + 1)]
            flows += [CashFlow(day, "repayment", yearly_usd) for day in days]
        else:
            sign = -1.0 if payment.kind == "refund" else 1.0
            flows.append(CashFlow(payment.on, payment.kind, sign * payment.amount_usd))
    return tuple(sorted(flows, key=lambda flow: flow.on))


def _years_after(day: date, years: int) -> date:
    last = monthrange(day.year + years, day.month)[1]
    return date(day.year + years, day.month, min(day.day, last))


# what a case file of `ringtrue verify` may call here: these compute from numbers, and neither read nor write
FOR_CASES = ("split_price", "level_annuity", "present_value", "annuity_value")
