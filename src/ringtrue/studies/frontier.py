"""Price and worth: what each package costs per person or asset defended, and which ones another package beats."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.finding import finding
from ringtrue.procurement.money import condition_text, price_per_defended
from ringtrue.studies.compare_records import FrontierPoint, PriceRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ringtrue.studies.compare_coverage import PackageReach
    from ringtrue.studies.compare_records import Better

    FloatArray = NDArray[np.float64]


class Priced(NamedTuple):
    """One package: its price [USD] and what it is worth in one measure, (draw,)."""

    laydown: str
    price_usd: float
    values: FloatArray
    inputs: tuple[str, ...] = ()


def price_rows(price_usd: float, reach: PackageReach) -> list[PriceRow]:
    """Prices of one package per person and per asset defended against one class, release range by release range.

    Residents that the population raster cannot resolve have no price; assets always have one, or its absence.
    """
    rows = []
    for release_m, people in reach.people_defended.items():
        condition = condition_text(reach.target, reach.where, release_m)
        if people is not None:
            rows.append(
                PriceRow(
                    reach.laydown, "person", price_per_defended(price_usd, people, "person", condition, reach.inputs)
                )
            )
    for release_m, assets in reach.assets_defended.items():
        condition = condition_text(reach.target, reach.where, release_m)
        rows.append(
            PriceRow(reach.laydown, "asset", price_per_defended(price_usd, assets, "asset", condition, reach.inputs))
        )
    return rows


def frontier(
    measure: str, condition: str, unit: str, better: Better, packages: Sequence[Priced]
) -> list[FrontierPoint]:
    """Place packages in the plane of price and worth.

    A package is dominated where another costs no more and is no worse, and is cheaper or better. ``is_dominated``
    compares medians; ``share_on_frontier`` is the share of draws in which nothing dominates it, so that a frontier
    drawn through doubtful numbers is not read as a line.

    Examples
    --------
    >>> points = frontier("leakers", "", "1", "less", [
    ...     Priced("a", 1e9, np.array([5.0, 5.0])), Priced("b", 2e9, np.array([6.0, 4.0])),
    ... ])
    >>> [(p.laydown, p.share_on_frontier, p.is_dominated) for p in points]
    [('a', 1.0, False), ('b', 0.5, True)]
    """
    sign = 1.0 if better == "more" else -1.0
    points = []
    for package in packages:
        own = sign * package.values
        beaten = np.zeros(own.size, dtype=np.bool_)
        by = []
        for other in packages:
            if other is package or other.price_usd > package.price_usd:
                continue
            theirs = sign * other.values
            is_cheaper = other.price_usd < package.price_usd
            beaten |= (theirs >= own) if is_cheaper else (theirs > own)
            gap = float(np.median(theirs)) - float(np.median(own))
            if gap > 0.0 or (gap == 0.0 and is_cheaper):
                by.append(other.laydown)
        points.append(
            FrontierPoint(
                package.laydown, measure, condition, better, package.price_usd,
                finding(measure, unit, package.values, package.inputs), float(1.0 - beaten.mean()), bool(by), tuple(by),
            )
        )  # fmt: skip
    return points
