"""What is paid for each offer, when, and what that is worth on one day: loan terms and discount rate are assumed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.answer import found
from ringtrue.procurement.payments import STATEMENTS, Terms, paid
from ringtrue.studies.compare_records import PaidRow, PaymentRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from numpy.typing import NDArray

    from ringtrue.procurement.payments import Paid
    from ringtrue.scenario.records import Offer, Payment, Scenario
    from ringtrue.sensing.ledger import Ledger
    from ringtrue.studies.compare_records import ComparedOffer

    FloatArray = NDArray[np.float64]

PAYMENT_NOTE = "terms of a loan that nobody published and the discount rate are assumptions"
INTEREST, YEARS, DISCOUNT = "loan-interest", "loan-years", "discount-rate"
WHOLE = 0.999
"""Share of a price from which its payments count as published, all of them: a rounded print leaves a thousandth."""


class _Drawn(NamedTuple):
    """One payment and the interest in it, (draw + 1,), and the addresses of the figures behind it."""

    paid: Paid
    interest_usd: FloatArray
    inputs: tuple[str, ...]


def first_day(offers: Sequence[Offer]) -> date | None:
    """Day on which present values are taken: that of the first contract, else of the first payment; None: no date."""
    contracts = [offer.contract_date for offer in offers if offer.contract_date is not None]
    payments = [p.on for offer in offers for p in offer.payments if p.on is not None and p.kind not in STATEMENTS]
    return min(contracts or payments, default=None)


def paid_rows(scenario: Scenario, offers: Sequence[ComparedOffer], ledger: Ledger) -> tuple[PaidRow, ...]:
    """Return what is paid for each package with a price, the day of the first contract being that of present values.

    Payments, interest and present value are None where the payments of the whole price were not published.
    """
    priced = [offer for offer in offers if offer.part == "package" and offer.price_usd]
    on = first_day([scenario.offer(name) for offer in priced for name in offer.offers])
    return tuple(_row(scenario, offer, ledger, on) for offer in priced)


def _row(scenario: Scenario, offer: ComparedOffer, ledger: Ledger, on: date | None) -> PaidRow:
    assert offer.price_usd is not None
    asked = [scenario.offer(name) for name in offer.offers]
    stated = [p for one in asked for p in one.payments if p.on is not None and p.kind not in STATEMENTS]
    covered = sum(p.amount_usd for p in stated if p.kind != "refund") / offer.price_usd
    if on is None or covered < WHOLE:
        return PaidRow(offer.laydown, "" if on is None else on.isoformat(), offer.price_usd, covered)
    parts = [_paid(ledger, payment, on) for payment in stated]
    of_payments = tuple(dict.fromkeys(address for one in parts for address in one.inputs))
    total = np.sum([one.paid.total_usd for one in parts], axis=0)
    interest = np.sum([one.interest_usd for one in parts], axis=0)
    worth = np.sum([one.paid.present_usd for one in parts], axis=0)
    return PaidRow(
        laydown=offer.laydown,
        as_of=on.isoformat(),
        price_usd=offer.price_usd,
        covered_share=covered,
        paid_usd=found(PaidRow, "paid_usd", total, of_payments),
        interest_usd=found(PaidRow, "interest_usd", interest, of_payments),
        present_value_usd=found(PaidRow, "present_value_usd", worth, (*of_payments, f"assumption.{DISCOUNT}")),
        payments=tuple(sorted((_payment_row(one) for one in parts), key=lambda row: row.on)),
    )


def _paid(ledger: Ledger, payment: Payment, on: date) -> _Drawn:
    """Draw the terms of one payment, its own where the scenario gives them, and what it comes to."""
    assumed = ledger.catalogue.assumptions
    rate, years = payment.rate or assumed[INTEREST], payment.years or assumed[YEARS]
    terms = Terms(ledger.figure(rate), np.rint(ledger.figure(years)), ledger.assumption(DISCOUNT))
    found_of = paid(payment, terms, on)
    assert found_of is not None, "only dated payments are asked for"
    if payment.kind != "credit":
        return _Drawn(found_of, np.zeros_like(found_of.total_usd), ())
    return _Drawn(found_of, found_of.total_usd - payment.amount_usd, ledger.addresses((rate.id, years.id)))


def _payment_row(one: _Drawn) -> PaymentRow:
    return PaymentRow(
        kind=one.paid.kind,
        on=one.paid.on.isoformat(),
        times=found(PaymentRow, "times", one.paid.times, one.inputs),
        each_usd=found(PaymentRow, "each_usd", one.paid.each_usd, one.inputs),
    )
