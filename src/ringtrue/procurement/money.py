"""Prices and what they buy: every ratio finite at zero, and never without its warning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ringtrue.domain import AMOUNT, NUMBER, checked
from ringtrue.errors import DomainError
from ringtrue.finding import Finding, finding, plain, whole_percent

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

NOT_LIKE_FOR_LIKE = "not like for like: content, years, training, spares, support and technology differ"


@dataclass(frozen=True, slots=True)
class Ratio:
    """Money over a count: ``usd_each`` is ``None`` where nothing was bought for it, and ``text`` says so."""

    cost_usd: float
    count: float
    usd_each: float | None
    text: str
    note: str = NOT_LIKE_FOR_LIKE


@dataclass(frozen=True, slots=True)
class DefendedPrice:
    """Price of what is defended, over the draws.

    ``low_usd``, ``median_usd``, ``high_usd`` are the 5, 50 and 95 % points of price over count, ``None`` where that
    point falls on a draw in which nothing is defended; ``p_nothing`` is the share of such draws. ``cost`` and
    ``defended`` always stand beside them. ``condition`` names class, height and release range. ``nominal_usd`` is the
    price with every figure at its nominal value, ``None`` where nothing is defended then or it was not asked for.
    """

    condition: str
    cost: Finding
    defended: Finding
    low_usd: float | None
    median_usd: float | None
    high_usd: float | None
    p_nothing: float
    text: str
    nominal_usd: float | None = None
    note: str = NOT_LIKE_FOR_LIKE


@checked(count=AMOUNT)
def price_each(price_usd: float, count: float, what: str = "fire unit") -> Ratio:
    """Return the price of one ``what`` if the whole price is divided by their number.

    Parameters
    ----------
    price_usd : float
        Price of the package [USD], zero or more.
    count : float
        How many, zero or more: at zero there is no ratio, and the text says what was paid for nothing.

    Examples
    --------
    >>> price_each(3.5e9, 4).usd_each, price_each(3.5e9, 140, "interceptor").usd_each
    (875000000.0, 25000000.0)
    >>> price_each(3.5e9, 0).text
    '3.5 bnUSD for no fire unit'

    Raises
    ------
    DomainError
        A price or a count below zero.
    """
    if count == 0.0:
        return Ratio(price_usd, 0.0, None, f"{money_text(price_usd)} for no {what}")
    each = price_usd / count
    return Ratio(price_usd, count, each, f"{money_text(each)} per {what}")


@checked(n_targets=AMOUNT, n_rounds=AMOUNT)
def cost_exchange(
    n_targets: ArrayLike, target_price_usd: ArrayLike, n_rounds: ArrayLike, round_price_usd: ArrayLike
) -> NDArray[np.float64]:
    """Return what the defender spends on rounds for each dollar that the attacker spends on targets.

    Parameters
    ----------
    n_targets, n_rounds : array_like
        Targets flown and rounds fired; broadcast, commonly (draw,).
    target_price_usd, round_price_usd : array_like
        Price of one [USD].

    Returns
    -------
    array
        Defender's cost over attacker's cost; nan where the attacker spends nothing. It counts neither what a leaker
        destroys nor what a round saves: the ratio alone misleads (source T17).

    Examples
    --------
    A hundred drones at 35,000 dollars against two rounds each at 4.2 million:

    >>> float(cost_exchange(100, 35e3, 200, 4.2e6))
    240.0
    """
    attacker_usd = np.asarray(n_targets, dtype=np.float64) * np.asarray(target_price_usd, dtype=np.float64)
    defender_usd = np.asarray(n_rounds, dtype=np.float64) * np.asarray(round_price_usd, dtype=np.float64)
    exchange = np.full(np.broadcast_shapes(attacker_usd.shape, defender_usd.shape), np.nan)
    with np.errstate(over="ignore"):
        np.divide(defender_usd, attacker_usd, out=exchange, where=attacker_usd > 0.0)
    return exchange


@checked()
def condition_text(target: str, height: str, release_range_m: float, n_shots: int = 1) -> str:
    """Return the words without which a number of defended people or assets means nothing.

    >>> condition_text("f-16", "3000 m AMSL", 20e3)
    'against f-16 at 3000 m AMSL, release range 20 km, 1 engagement before release'
    """
    engagements = "1 engagement" if n_shots == 1 else f"{n_shots} engagements"
    return f"against {target} at {height}, release range {release_range_m / 1e3:g} km, {engagements} before release"


@checked(fit=False, defended=AMOUNT)
def price_per_defended(
    price_usd: ArrayLike,
    defended: ArrayLike,
    what: str,
    condition: str,
    inputs: tuple[str, ...] = (),
    nominal: float | None = None,
) -> DefendedPrice:
    """Divide a price by the people or assets defended, draw by draw, and stay finite where nobody is.

    Parameters
    ----------
    price_usd : (draw,) array_like
        Price of the package; one value serves every draw.
    defended : (draw,) array_like
        People or assets defended in each draw.
    what : str
        ``"person"`` or ``"asset"``.
    condition : str
        Class, height and release range: `condition_text`.
    inputs : tuple of str
        Parameters it came from.
    nominal : float, optional
        What is defended with every figure at its nominal value.

    Examples
    --------
    >>> price_per_defended(1e9, [0.0, 0.0, 0.0], "person", condition_text("srbm", "any height", 0.0)).text
    '1 bnUSD; no person defended in any draw'
    """
    count = np.atleast_1d(np.asarray(defended, dtype=np.float64))
    price = np.asarray(price_usd, dtype=np.float64)
    if count.ndim != 1 or not count.size or price.shape not in ((), (1,), count.shape):
        msg = f"one price, or one a draw, and one count a draw are wanted; given shapes {price.shape}, {count.shape}"
        raise DomainError(msg)
    cost_usd = np.broadcast_to(price, count.shape)
    with np.errstate(over="ignore"):
        each = np.divide(cost_usd, count, out=np.full(count.shape, np.inf), where=count > 0.0)
    quantiles = np.quantile(each, [0.05, 0.5, 0.95], method="inverted_cdf")
    low, median, high = (float(value) if np.isfinite(value) else None for value in quantiles)
    p_nothing = float((count == 0.0).mean())
    return DefendedPrice(
        condition=condition,
        cost=finding("price", "USD", cost_usd, inputs, nominal=float(np.median(cost_usd))),
        defended=finding(f"{what}s defended {condition}", "1", count, inputs, nominal=nominal),
        low_usd=low,
        median_usd=median,
        high_usd=high,
        p_nothing=p_nothing,
        text=_defended_text(low, median, high, p_nothing, what, float(np.median(cost_usd))),
        nominal_usd=float(np.median(cost_usd)) / nominal if nominal else None,
    )


def _defended_text(
    low: float | None, median: float | None, high: float | None, p_nothing: float, what: str, cost_usd: float
) -> str:
    if low is None:
        share = "any draw" if p_nothing == 1.0 else f"{whole_percent(p_nothing)} of draws"
        return f"{money_text(cost_usd)}; no {what} defended in {share}"
    middle = money_text(median) if median is not None else "no price"
    end = money_text(high) if high is not None else f"no upper end: nobody in {whole_percent(p_nothing)} of draws"
    if low == high:
        return f"{middle} per {what}"
    return f"{middle} per {what} [{money_text(low)} to {end}]"


@checked(usd=NUMBER)
def money_text(usd: float) -> str:
    """Return an amount in words of three digits.

    >>> money_text(875e6), money_text(2.5e9), money_text(35e3), money_text(712.4)
    ('875 MUSD', '2.5 bnUSD', '35 kUSD', '712 USD')
    """
    for factor, unit in ((1e9, "bnUSD"), (1e6, "MUSD"), (1e3, "kUSD")):
        if abs(usd) >= factor:
            return f"{plain(usd / factor)} {unit}"
    return f"{plain(usd)} USD"


# what a case file of `ringtrue verify` may call here: these compute from numbers, and neither read nor write
FOR_CASES = ("price_each", "cost_exchange")
