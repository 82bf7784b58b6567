"""Price and worth: what each package costs per person or asset defended, and which ones another package beats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from ringtrue.engagement.answers import in_single_raids
from ringtrue.finding import DRAWS, NOMINAL, finding
from ringtrue.procurement.money import price_per_defended
from ringtrue.studies.compare_differences import Compared
from ringtrue.studies.compare_records import Condition, FrontierPoint, PriceRow, UsdEach

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from ringtrue.studies.compare_coverage import PackageReach
    from ringtrue.studies.compare_records import ComparedOffer

    FloatArray = NDArray[np.float64]


class Priced(NamedTuple):
    """One package: its price [USD] and what it is worth in one measure, (draw,), and in its nominal case.

    ``by_replication`` (draw, replication): what it is worth raid by raid, where the measure is one of a raid.
    """

    laydown: str
    price_usd: float
    values: FloatArray
    inputs: tuple[str, ...] = ()
    nominal: float | None = None
    by_replication: FloatArray | None = None


def price_rows(price_usd: float, reach: PackageReach) -> list[PriceRow]:
    """Prices of one package per person and per asset defended against one class, release range by release range.

    Residents that the population raster cannot resolve have no price; assets always have one, or its absence.
    """
    people = [
        _price_row(price_usd, reach, "person", release_m, counted)
        for release_m, counted in reach.people_defended.items()
        if counted is not None
    ]
    assets = [_price_row(price_usd, reach, "asset", m, counted) for m, counted in reach.assets_defended.items()]
    return [*people, *assets]


def prices(
    offers: Iterable[ComparedOffer], targets: Iterable[str], reaches: Mapping[tuple[str, str], PackageReach]
) -> list[PriceRow]:
    """Prices of every priced offer per person and per asset, class by class; ``reaches`` by laydown and class."""
    listed = tuple(targets)
    return [
        row
        for offer in offers
        if offer.price_usd is not None
        for target in listed
        for row in price_rows(offer.price_usd, reaches[offer.laydown, target])
    ]


def _price_row(
    price_usd: float, reach: PackageReach, per: Literal["person", "asset"], release_m: float, counted: FloatArray
) -> PriceRow:
    condition = Condition(target=reach.target, where=reach.where, release_range_m=release_m)
    price = price_per_defended(
        price_usd, counted[DRAWS], per, condition.text, reach.inputs, nominal=float(counted[NOMINAL])
    )
    return PriceRow(
        laydown=reach.laydown,
        per=per,
        condition=condition,
        cost_usd=price.cost,
        defended=price.defended,
        usd_each=UsdEach(price.low_usd, price.median_usd, price.high_usd, price.nominal_usd),
        p_nothing=price.p_nothing,
        text=price.text,
        note=price.note,
    )


def frontier(compared: Compared, packages: Sequence[Priced]) -> list[FrontierPoint]:
    """Place packages in the plane of price and worth.

    A package is dominated where another costs no more and is no worse, and is cheaper or better. ``is_dominated``
    compares medians; ``share_on_frontier`` is the share of draws in which nothing dominates it, so that a frontier
    drawn through doubtful numbers is not read as a line.

    Examples
    --------
    >>> leakers = Compared("leakers", "leakers", Condition(raid="r"), "1", "less")
    >>> points = frontier(leakers, [
    ...     Priced("a", 1e9, np.array([5.0, 5.0])), Priced("b", 2e9, np.array([6.0, 4.0])),
    ... ])
    >>> [(p.laydown, p.share_on_frontier, p.is_dominated) for p in points]
    [('a', 1.0, False), ('b', 0.5, True)]
    """
    sign = 1.0 if compared.better == "more" else -1.0
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
        value = finding(compared.label, compared.unit, package.values, package.inputs, nominal=package.nominal)
        points.append(
            FrontierPoint(
                laydown=package.laydown,
                measure=compared.name,
                condition=compared.condition,
                label=compared.label,
                better=compared.better,
                price_usd=package.price_usd,
                value=value if package.by_replication is None else in_single_raids(value, package.by_replication),
                share_on_frontier=float(1.0 - beaten.mean()),
                is_dominated=bool(by),
                dominated_by=tuple(by),
            )
        )
    return points
