"""What a spread may be: which law an entry gets when it names none, and which ones its nominal value does not fit."""

from __future__ import annotations

import math
import typing

from ringtrue.catalogue.records import Spread

SPREADS: tuple[Spread, ...] = typing.get_args(Spread)
MIDDLE_WITHIN = 0.05  # |median / nominal - 1| of every drawn figure is at most this


def default_spread(low: float, high: float, si: str) -> Spread:
    """Return the law of an entry that names none: ``split``, in logarithms over more than a decade or for areas.

    Parameters
    ----------
    low, high : float
        Ends in SI.
    si : str
        SI unit; "m2" is a cross-section here.

    Examples
    --------
    >>> default_spread(300e3, 450e3, "m"), default_spread(0.5, 10.0, "1"), default_spread(1.0, 10.0, "m2")
    ('split', 'split-log', 'split-log')
    >>> default_spread(0.0, 0.3, "1"), default_spread(4.0, 4.0, "1")
    ('split', 'fixed')
    """
    if low == high:
        return "fixed"
    wide = si == "m2" or high > 10.0 * low * (1.0 + 1e-12)
    return "split-log" if low > 0.0 and wide else "split"


def spread_complaint(spread: Spread, low: float, nominal: float, high: float, nominal_words: str) -> str:
    """Return what is wrong with a spread, with the remedy; empty when its nominal value can be its median.

    Parameters
    ----------
    spread : str
        The law.
    low, nominal, high : float
        The three numbers in SI, in rising order.
    nominal_words : str
        The nominal value as it was written, for the sentence.

    Examples
    --------
    >>> spread_complaint("split", 4.0, 5.0, 9.0, "5 km")
    ''
    >>> spread_complaint("uniform", 2.0, 5.0, 15.0, "5 km")
    "spread 'uniform' has its middle at 1.7 times the nominal 5 km; give the middle as nominal, or use 'split'"
    """
    if spread == "fixed" or low == high:
        return ""
    if spread == "split-log" and low <= 0.0:
        return "spread 'split-log' needs low > 0; raise low or use 'split'"
    if spread == "uniform":
        middle = (low + high) / 2.0
        if abs(middle - nominal) <= MIDDLE_WITHIN * abs(nominal):
            return ""
        off = f"at {middle / nominal:.3g} times the nominal {nominal_words}" if nominal else "off the nominal 0"
        return f"spread 'uniform' has its middle {off}; give the middle as nominal, or use 'split'"
    if nominal in (low, high):
        end = "low" if nominal == low else "high"
        return (
            f"the nominal {nominal_words} is the {end} end of its own spread, not its middle; give it as value alone "
            "with the other figure as a variant beside it, or give an inner nominal with its reason"
        )
    if spread == "integer" and not all(math.floor(number) == number for number in (low, nominal, high)):
        return "spread 'integer' wants whole numbers; round the three, or use 'split'"
    return ""
