"""What is in a package: fire units, launchers, rounds ready and waiting; its readings side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ringtrue.domain import FROM_ONE, checked
from ringtrue.errors import DomainError
from ringtrue.procurement.money import Ratio, price_each
from ringtrue.scenario.magazines import load_launchers
from ringtrue.scenario.records import Loading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringtrue.scenario.records import Offer


@dataclass(frozen=True, slots=True)
class PackageRow:
    """One line of a package: what the notice counts, and the price of one if all were spent on it alone.

    ``each`` is ``None`` where no price was published. The prices of two rows never add up: each divides the whole.
    """

    offer: str
    reading: str
    item: str
    count: int
    each: Ratio | None


@checked()
def ready_rounds(fire_units: int, launchers_per_unit: int, rounds_per_launcher: int) -> int:
    """Return the rounds on launchers of a package of one type.

    >>> ready_rounds(4, 8, 4)
    128
    """
    return fire_units * launchers_per_unit * rounds_per_launcher


@checked(per_launcher=FROM_ONE)
def rounds_on_launchers(launchers: int, rounds: Sequence[int], per_launcher: Sequence[int]) -> tuple[int, int]:
    """Return the rounds that are ready and all rounds, types loaded in the order given.

    Parameters
    ----------
    launchers : int
        Launchers of the package.
    rounds, per_launcher : sequence of int
        Rounds of each type, and how many of them one launcher holds.

    Examples
    --------
    Five launchers with 12 rounds and fifteen with 4, of 60 and 80 bought:

    >>> rounds_on_launchers(20, [60, 80], [12, 4])
    (120, 140)
    """
    if len(rounds) != len(per_launcher):
        msg = f"as many types of rounds as of loads are wanted; given {len(rounds)} and {len(per_launcher)}"
        raise DomainError(msg)
    loadings = [
        Loading(interceptor=str(i), rounds=n, per_launcher=per)
        for i, (n, per) in enumerate(zip(rounds, per_launcher, strict=True))
    ]
    return sum(magazine.ready for magazine in load_launchers(launchers, loadings)), sum(rounds)


def price_of_each(offer: Offer, count: float, what: str = "fire unit") -> Ratio | None:
    """Return the price of one ``what`` if the whole price of an offer bought ``count`` of them; ``None``: no price."""
    return None if offer.price_usd is None else price_each(offer.price_usd, count, what)


def package_rows(offer: Offer) -> tuple[PackageRow, ...]:
    """Return the lines of a package: fire units, launchers, every round and item, all interceptors together."""
    n_rounds = sum(count for _, count in offer.rounds)
    lines = [("fire units", offer.fire_units), ("launchers", offer.launchers), *offer.rounds]
    if len(offer.rounds) > 1:
        lines.append(("interceptors, all types", n_rounds))
    lines += offer.items
    return tuple(
        PackageRow(
            offer.id,
            offer.reading,
            item,
            count,
            price_of_each(offer, count, item.removesuffix("s")),
        )
        for item, count in lines
        if count
    )


def readings(offers: Sequence[Offer], system: str) -> tuple[tuple[str, Ratio], ...]:
    """Return the price of a fire unit under each reading of a system's contract, side by side, never averaged.

    Offers without a price or without fire units have no such ratio and are left out.
    """
    return tuple(
        (offer.reading, each)
        for offer in offers
        if offer.system == system and offer.fire_units and (each := price_of_each(offer, offer.fire_units)) is not None
    )


# what a case file of `ringtrue verify` may call here: these compute from numbers, and neither read nor write
FOR_CASES = ("ready_rounds", "rounds_on_launchers")
