"""Who pays what, when: advance, credit, level repayment."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.domain import LOAN_YEARS, RATE, YEARS, checked

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from ringtrue.scenario.records import Offer


class Split(NamedTuple):
    """A price divided into what is paid at once and what is lent."""

    advance_usd: float
    credit_usd: float


class Annuity(NamedTuple):
    """Level repayment of a credit: each year's payment, all payments together, and the interest among them."""

    yearly_usd: NDArray[np.float64]
    total_usd: NDArray[np.float64]
    interest_usd: NDArray[np.float64]


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
        if payment.on is None or payment.kind in ("paid-so-far", "refund-claimed"):
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
FOR_CASES = ("split_price", "level_annuity")
