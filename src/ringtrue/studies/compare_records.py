"""The records of a comparison: offers, what each one reaches and lets through, and every difference between two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ringtrue.answer import Answer, Better, hidden, key, sampling, table, words
from ringtrue.answer import measure as measured
from ringtrue.catalogue.records import ClauseEffect
from ringtrue.finding import Finding
from ringtrue.procurement.money import NOT_LIKE_FOR_LIKE, condition_text, money_text
from ringtrue.sensing.deciding import DecidingOf, assumed_measure
from ringtrue.studies.published_kill import PublishedDifference, PublishedFigure
from ringtrue.studies.raid_rows import KillCurve, RaidChange, RaidRow
from ringtrue.studies.timeline import Curve

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ringtrue.catalogue.records import Parameter, Source
    from ringtrue.scenario.records import Asset
    from ringtrue.sensing.deciding import Deciding
    from ringtrue.studies.published_kill import PublishedKill
    from ringtrue.studies.timeline import TimelineResult

    FloatArray = NDArray[np.float64]
    FloatGrid = NDArray[np.float32]

Part = Literal["fire unit", "package"]


@dataclass(frozen=True, slots=True)
class Condition:
    """What a number of a comparison holds under: a raid, or a class at a level, met before it is so far away."""

    raid: str | None = key("Raid", "Null: no raid is played for it.", default=None)
    target: str | None = key("Target class", "Null: all that the raid has.", default=None)
    where: str | None = key("Level of the target", "Null: as the raid flies.", default=None)
    release_range_m: float | None = key(
        "Release range", "Null: it is not about what is defended.", unit="m", default=None
    )

    @property
    def text(self) -> str:
        """Say it in words.

        >>> Condition(raid="mixed").text, Condition(target="f-16", where="50 m AGL").text
        ('in raid mixed', 'against f-16 at 50 m AGL')
        """
        if self.raid is not None:
            return f"in raid {self.raid}"
        if self.release_range_m is None:
            return f"against {self.target} at {self.where}"
        return condition_text(str(self.target), str(self.where), self.release_range_m)


@dataclass(frozen=True, slots=True)
class PlacedUnit:
    """One fire unit of an offer, and where it stands."""

    uid: str = key("Fire unit")
    system: str = key("System with its fit")
    place: str = key("Place")


@dataclass(frozen=True, slots=True)
class ComparedOffer:
    """One side of the comparison: a laydown, what stands where, and what was asked for it."""

    laydown: str = key("Laydown")
    title: str = words("Laydown in words")
    short: str = words("What sentences call it")
    reading: str = words("Reading of a contract, or variant of siting")
    part: Part = key("Compared as")
    offers: tuple[str, ...] = words("Offers that pay for it")
    units: tuple[PlacedUnit, ...] = table("Fire units")
    network: str = words("Links between them")
    price_usd: float | None = measured(
        "USD", "Published price", "Those of several offers added; null: no offer, or one without a price.", digits=None
    )
    price_year: str = words("Year of the price")
    price_basis: str = words("What kind of figure the price is")
    price_note: str = words("Warning that goes with every price")
    sources: tuple[str, ...] = words("Sources of the offers", "Their ids in the catalogue.")
    delivered: dict[str, dict[str, int]] = words(
        "Delivered by the last month", "Counts by calendar (promised, happened) and thing."
    )
    price_text: str = hidden(default="")
    note: str = hidden(default="")

    @property
    def is_priced(self) -> bool:
        """Whether a price was published for it."""
        return self.price_usd is not None

    @property
    def price_bn_usd(self) -> float | None:
        """Its price [10⁹ USD]; ``None`` as the price is."""
        return None if self.price_usd is None else self.price_usd / 1e9

    @property
    def price_words(self) -> str:
        """Its price in words, without the warning that goes with it."""
        return "no published price" if self.price_usd is None else money_text(self.price_usd)

    @property
    def systems(self) -> frozenset[str]:
        """Systems that it fields, without their fits."""
        return frozenset(unit.system.partition(":")[0] for unit in self.units)


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One fire unit at the common place against one class at one level; a ballistic class has a footprint only."""

    laydown: str = key("Laydown")
    system: str = key("System")
    place: str = key("Place")
    target: str = key("Target class")
    where: str = key("Level of the target")
    seen_area_km2: Finding | None = measured("km2", "Area seen", better="more", heads={"page": "Seen"})
    tracked_area_km2: Finding | None = measured("km2", "Area tracked", better="more", heads={"page": "Tracked"})
    engageable_area_km2: Finding = measured(
        "km2", "Area that can be engaged", "On the ground for a ballistic class.", better="more",
        heads={"page": "Can be engaged", "terminal": "engageable airspace"},
    )  # fmt: skip
    people_under: Finding | None = measured(
        "people", "Residents below engageable airspace", "Not protection. Null: the raster cannot resolve it.",
        better="more", digits=2, form="people", none="not resolvable",
    )  # fmt: skip
    people_defended: dict[float, Finding | None] = measured(
        "people", "Residents defended",
        "By release range [m]; worst course, one engagement. Null: below four cells of the raster.",
        better="more", digits=2, form="people", none="not resolvable",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One package against one class: what its fire units reach together; overlaps count once."""

    laydown: str = key("Laydown")
    target: str = key("Target class")
    where: str = key("Level of the target")
    engageable_area_km2: Finding = measured(
        "km2", "Engageable airspace", better="more", heads={"page": "Can be engaged"}
    )
    people_under: Finding | None = measured(
        "people", "Residents below engageable airspace", "Not protection. Null: the raster cannot resolve it.",
        better="more", digits=2, form="people", none="not resolvable", heads={"page": "Residents below"},
    )  # fmt: skip
    people_defended: dict[float, Finding | None] = measured(
        "people", "Residents defended",
        "By release range [m]; worst course, one engagement. Null: below four cells of the raster.",
        better="more", digits=2, form="people", none="not resolvable",
        heads={"page": "Residents defended", "terminal": "Residents defended"},
    )  # fmt: skip
    assets_defended: dict[float, Finding] = measured(
        "1", "Assets defended", "By release range [m]; worst course, one engagement.", better="more", form="count",
        heads={"page": "Assets defended"},
    )  # fmt: skip
    sampling: tuple[str, ...] = sampling()


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a comparison turns over along the unknown that decides it."""

    unknown: str = words("The unknown", "Empty: none decides.")
    unit: str = words("Unit of the unknown")
    low: float | None = measured("", "Value at which it turns, 5 % of draws", "Null: beyond what was asked.")
    median: float | None = measured("", "Value at which it turns, median", "Null: it never does within what was asked.")
    high: float | None = measured("", "Value at which it turns, 95 % of draws", "Null: beyond what was asked.")
    asked_from: float = measured("", "Least value asked")
    asked_to: float = measured("", "Greatest value asked")
    sentence: str = words("It in words, also where it never turns")


@dataclass(frozen=True, slots=True)
class Difference:
    """A less B in one measure, draw by draw on the same draws and the same luck.

    Where the luck of few replications is more than 5 % of the variance between draws it is taken out of the interval
    and of both shares.
    """

    part: Part = key("Compared as")
    a: str = key("First laydown")
    b: str = key("Second laydown")
    measure: str = key("Measure", "leakers, engageable_area_km2 or people_defended, as in the rows.")
    condition: Condition = key("What it holds under")
    label: str = words("Measure in words")
    unit: str = words("Unit of the values")
    better: Better = words("Which way is better")
    a_value: Finding = measured("", "Value of the first", one_raid="by measure")
    b_value: Finding = measured("", "Value of the second", one_raid="by measure")
    a_minus_b: Finding = measured("", "First less second", one_raid="by measure")
    p_a_better: float = measured("1", "Share of draws in which the first is better")
    noise_share: float = measured("1", "Luck left: variance of the mean difference over that between draws")
    p_equal: float = measured("1", "Share of draws in which both are equal")
    deciding: str | None = words("Unknown that decides the difference", "Null: nothing stands clear.")
    break_even: Turn = words("Where it turns over")
    sentence: str = words("The difference in words")
    verdict: Deciding = hidden()


@dataclass(frozen=True, slots=True)
class MarginalRow:
    """What the second system adds when the first is there; more is better."""

    first: str = key("Laydown that is there")
    second: str = key("Laydown that comes to it")
    both: str = key("Laydown of both")
    measure: str = key("Measure", "people_defended, or targets_stopped: those that do not leak.")
    condition: Condition = key("What it holds under")
    label: str = words("Measure in words")
    unit: str = words("Unit of the values")
    gain: Finding = measured("", "Added", better="more", one_raid="by measure")
    overlap: Finding = measured("", "Overlap of the two", one_raid="by measure")
    kept_share: Finding | None = measured(
        "1", "Share of its own worth kept", "Null: alone it is worth nothing in half of the draws.", form="percent"
    )
    p_adds: float = measured("1", "Share of draws in which it adds anything")
    sentence: str = words("The gain in words")


@dataclass(frozen=True, slots=True)
class UsdEach:
    """Price over what is defended: null where that point falls on a draw in which nothing is defended."""

    low: float | None = measured("USD", "5 % of draws", digits=None)
    median: float | None = measured("USD", "Median", digits=None)
    high: float | None = measured("USD", "95 % of draws", digits=None)
    nominal: float | None = measured("USD", "Every figure at its nominal value", digits=None)


@dataclass(frozen=True, slots=True)
class PriceRow:
    """Price of one package over what it defends; the warning stands under each."""

    laydown: str = key("Laydown")
    per: Literal["person", "asset"] = key("Price per")
    condition: Condition = key("What it holds under")
    cost_usd: Finding = measured("USD", "Price of the package")
    defended: Finding = measured("1", "Defended", better="more", digits=2)
    usd_each: UsdEach = words("Price of one")
    p_nothing: float = measured("1", "Share of draws in which nothing is defended", better="less")
    text: str = words("The price in words")
    note: str = words("Warning that goes with it", default=NOT_LIKE_FOR_LIKE)


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One stated payment of an offer, or the level repayments that a credit makes, a year apart."""

    kind: str = key("Kind of payment")
    on: str = key("Day of it, or of the first of them")
    times: Finding = measured("1", "How many", form="count")
    each_usd: Finding = measured("USD", "Each of them", better="less", form="money")


@dataclass(frozen=True, slots=True)
class PaidRow:
    """What is paid for one package, payment by payment, and what that is worth on the day of the first contract.

    Null where the payments of the whole price were not published.
    """

    laydown: str = key("Laydown")
    as_of: str = words("Day of the present value", "That of the first contract of any offer; empty: none is dated.")
    price_usd: float = measured("USD", "Published price", digits=None, form="money")
    covered_share: float = measured("1", "Part of the price whose payments were published", form="percent")
    paid_usd: Finding | None = measured(
        "USD", "All payments, interest included",
        "Terms of a loan that were not published are assumed. Not like for like.", better="less", form="money",
        none="no payments published", default=None, heads={"terminal": "paid in all", "page": "All payments"},
    )  # fmt: skip
    interest_usd: Finding | None = measured(
        "USD", "Interest among them", "Not like for like.", better="less", form="money", none="no payments published",
        default=None, heads={"terminal": "interest", "page": "Interest among them"},
    )  # fmt: skip
    present_value_usd: Finding | None = measured(
        "USD", "Present value of the payments", "At an assumed discount rate. Not like for like.", better="less",
        form="money", none="no payments published", default=None,
        heads={"terminal": "present value", "page": "Present value"},
    )  # fmt: skip
    payments: tuple[PaymentRow, ...] = table("Payments", default=())


@dataclass(frozen=True, slots=True)
class TermRow:
    """One term of an offer, in our words: a clause of the catalogue, which would change something, or a bare term."""

    offer: str = key("Offer", heads={"page": "Offer"})
    text: str = words("What it says, in our words")
    on: str = words("Day of it, or of the claim")
    sources: tuple[str, ...] = words("Sources", "Their ids in the catalogue.")
    clause: str = words("Clause of the catalogue", "Empty: a term that changes nothing counted here.", default="")
    effect: str = words("What it would change", "offer-void, aircraft-lost or no-resale; empty: nothing.", default="")
    place: str = words("Where it stands in the source", default="")
    title: str = words("Name of the offer", default="")


@dataclass(frozen=True, slots=True)
class ClauseVariant:
    """What one clause would change of one package, were it to hold: beside the draws, never pooled with them.

    A void offer takes its fire units away and what remains is played; lost aircraft count by the statements that the
    clause names, each rival count by itself; no resale closes moves abroad.
    """

    clause: str = key("Clause")
    offer: str = key("Offer that it binds")
    laydown: str = key("Package", "Empty: none of the packages.")
    effect: ClauseEffect = key("What it would change")
    sentence: str = words("It in words")
    held_with: tuple[str, ...] = words("Offers of the package that bring it into force", default=())
    raid: str | None = words("Raid that what remains is played against", default=None)
    remains: tuple[str, ...] = words("Fire units that remain", default=())
    same_as: str = words(
        "Package of the study that remains, its links apart", "Its rows tell what it defends; empty: none.", default=""
    )
    price_usd: float | None = measured(
        "USD", "Published price of what remains", digits=None, form="money", default=None
    )
    leakers: Finding | None = measured(
        "1", "Leakers past what remains", "Null: nothing is taken away.", better="less", form="count",
        one_raid="always", default=None,
    )  # fmt: skip
    more_leakers: Finding | None = measured(
        "1", "Leakers more than past the whole package", "Null: nothing is taken away.", better="less", form="count",
        one_raid="always", default=None,
    )  # fmt: skip
    aircraft: float | None = measured("1", "Aircraft lost", digits=None, default=None)
    aircraft_usd: float | None = measured("USD", "Their price, as printed", digits=None, default=None)
    paid_usd: float | None = measured("USD", "Paid for them, as claimed", digits=None, default=None)


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """One package in the plane of price and worth."""

    laydown: str = key("Laydown")
    measure: str = key("Measure")
    condition: Condition = key("What it holds under")
    label: str = words("Measure in words")
    better: Better = words("Which way is better")
    price_usd: float = measured("USD", "Published price", digits=None)
    value: Finding = measured("", "Worth in the measure", one_raid="by measure")
    share_on_frontier: float = measured("1", "Share of draws in which no other package beats it", better="more")
    is_dominated: bool = words("Another costs no more and is better or equal, in the middle draw")
    dominated_by: tuple[str, ...] = words("Which ones")
    note: str = words("Warning that goes with every price", default=NOT_LIKE_FOR_LIKE)

    @property
    def price_bn_usd(self) -> float:
        """Its price [10⁹ USD]."""
        return self.price_usd / 1e9

    @property
    def price_words(self) -> str:
        """Its price in words, without the warning."""
        return money_text(self.price_usd)


@dataclass(frozen=True, slots=True)
class MonthRow:
    """If this raid came while these fire units were there: from ``first`` to ``last`` month, both included.

    Leakers of the same raid without any of them stand in the rows of the laydown without units.
    """

    laydown: str = key("Laydown")
    view: str = key("Calendar", "paper or reported.")
    state: str = key("State of the fire units")
    lead_time_months: float | None = key("Assumed lead time", "Null: none enters.", unit="month")
    raid: str = key("Raid")
    first: str = key("First month")
    last: str = key("Last month")
    units: tuple[str, ...] = words("Fire units there")
    leakers: Finding = measured(
        "1",
        "Leakers",
        better="less",
        form="count",
        one_raid="always",
        heads={"page": "Get through", "terminal": "leakers"},
    )


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One offer at one defended place against one class: whom it defends there, and how long before it knows.

    Residents count with the place that is nearest to them, so that the places add up to the whole of the offer.
    """

    laydown: str = key("Laydown")
    asset: str = key("Defended place")
    target: str = key("Target class")
    where: str = key("Level of the target")
    people_defended: dict[float, Finding | None] = measured(
        "people", "Residents defended, of those nearest to the place",
        "By release range [m]; worst course, one engagement. Null: below four cells of the raster.",
        better="more", digits=2, form="people", none="not resolvable",
        heads={"page": "Defended", "terminal": "defended, M"},
    )  # fmt: skip
    warning_s: Finding | None = measured(
        "s", "Warning at the place",
        "Arrival less first track by any fire unit of the offer, mean over 120 courses; null: never tracked.",
        better="more", none="none", heads={"page": "Warning there, s", "terminal": "warning, s"},
    )  # fmt: skip
    sampling: tuple[str, ...] = sampling()


@dataclass(frozen=True, slots=True)
class PlaceRaid:
    """One offer at one defended place in one raid: how many of those that aim at it get through."""

    laydown: str = key("Laydown")
    asset: str = key("Defended place")
    raid: str = key("Raid")
    n_aimed: int = measured("1", "Hostile targets that aim at the place", digits=None)
    leakers: Finding = measured(
        "1", "Leakers of those that aim at the place", better="less", form="count", one_raid="always",
        heads={"page": "Get through", "terminal": "get through"},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlaceDuel:
    """Fire unit against fire unit: of those that aim at the place where both stand, how many each lets through."""

    a: str = key("First laydown")
    b: str = key("Second laydown")
    asset: str = key("Defended place", "The one nearest to where they stand.")
    raid: str = key("Raid")
    n_aimed: int = measured("1", "Hostile targets that aim at the place", digits=None)
    a_leakers: Finding = measured("1", "Leakers past the first", better="less", form="count", one_raid="always")
    b_leakers: Finding = measured("1", "Leakers past the second", better="less", form="count", one_raid="always")
    a_minus_b: Finding = measured("1", "First less second", form="count", one_raid="always")
    p_a_better: float = measured("1", "Share of draws in which the first lets fewer through")
    p_equal: float = measured("1", "Share of draws in which both let as many through")
    sentence: str = words("It in words")
    assumed_share: float | None = assumed_measure("the difference", "Null: too few draws to say, or no spread.")


@dataclass(frozen=True, slots=True)
class OfferMap:
    """Lowest height above ground at which any fire unit of a laydown can engage a class; nominal case.

    Axes (row, column): ``latitude_deg`` (row,) from north to south, ``longitude_deg`` (column,) from west to east are
    the middles of cells; nan: at no height.
    """

    laydown: str
    target: str
    latitude_deg: FloatArray
    longitude_deg: FloatArray
    lowest_height_m: FloatGrid


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its interval."""

    low: float = measured("1", "5 % of resamples of the draws")
    high: float = measured("1", "95 % of resamples of the draws")


@dataclass(frozen=True)
class CompareResult(Answer):
    """The whole answer of a comparison of offers."""

    scenario: str = words("Scenario")
    n_draws_coverage: int = words("Draws of what is reached")
    terrain: str = words("Elevation model")
    question: str = words("What the scenario asks")
    answer: tuple[str, ...] = words("The answer in sentences")
    circumstances: tuple[str, ...] = words("When, for how much, and what turns the answer")
    offers: tuple[ComparedOffer, ...] = table("What is compared")
    rows: tuple[RaidRow, ...] = table("Raids")
    coverage: tuple[CoverageRow, ...] = table("What each package reaches and defends")
    fire_units: tuple[UnitRow, ...] = table("Fire unit against fire unit at one place")
    places: tuple[PlaceRow, ...] = table("Each defended place: whom each offer defends there, and the warning")
    place_raids: tuple[PlaceRaid, ...] = table("Each defended place: what gets through to it, raid by raid")
    place_duels: tuple[PlaceDuel, ...] = table("Each defended place: fire unit against fire unit")
    published_figures: tuple[PublishedFigure, ...] = table("Kill probabilities in print")
    published_difference: PublishedDifference | None = words("The two offers of the answer, both as published")
    links: tuple[RaidChange, ...] = table("What joining changes", "Empty: no two packages differ by their links alone.")
    links_assumed_share: float | None = assumed_measure(
        "the leakers that joining changes in the raid of most classes", "Null: there is none, or it cannot be told."
    )
    kill_curves: tuple[KillCurve, ...] = table("Leakers over a kill probability common to all interceptors")
    differences: tuple[Difference, ...] = table("Every two offers, in every measure")
    marginals: tuple[MarginalRow, ...] = table("What the second system adds")
    payments: tuple[PaidRow, ...] = table("What is paid, and what it is worth on one day")
    terms: tuple[TermRow, ...] = table("Terms of the offers")
    clauses: tuple[ClauseVariant, ...] = table("What each clause would change", "Variants beside the draws.")
    prices: tuple[PriceRow, ...] = table("Price over what is defended")
    frontier: tuple[FrontierPoint, ...] = table("Price and worth")
    months: tuple[MonthRow, ...] = table("If this raid came that month")
    timeline: tuple[Curve, ...] | None = table("Capability over time", "Null: nothing was to be delivered.")
    assumed_share: float | None = assumed_measure("the answer")
    assumed_share_interval: Share | None = words("Interval of that share")
    deciding: DecidingOf = words("Which unknown decides the answer")
    declared: tuple[str, ...] = words("What the scenario declares")
    caveats: tuple[str, ...] = words("What a reader would miss")
    notes: tuple[str, ...] = words("How far the numbers hold")
    title: str = hidden()
    positions: str = hidden()
    raids: dict[str, str] = hidden()
    names: dict[str, str] = hidden()
    assets: dict[str, Asset] = hidden()
    headline: Difference = hidden()
    course: TimelineResult | None = hidden()
    maps: tuple[OfferMap, ...] = hidden()
    parameters: tuple[Parameter, ...] = hidden()
    sources: dict[str, Source] = hidden()
    parts: dict[str, Any] = hidden(default_factory=dict)  # smaller studies that the report carries

    @property
    def published(self) -> dict[tuple[str, str], PublishedKill]:
        """Raids that were played as published, by laydown and raid."""
        return {(r.laydown, r.raid): r.published_kill for r in self.rows if r.published_kill is not None}

    def offer(self, laydown: str) -> ComparedOffer:
        """Return the offer of a laydown."""
        return next(offer for offer in self.offers if offer.laydown == laydown)

    def curves_of(self, laydown: str) -> list[Curve]:
        """Return how what a laydown was offered came, or would have, month by month.

        Laydowns of the same fire units at the same places are told once, under the first of them.
        """
        rows = () if self.course is None else self.course.rows
        own = [row for row in rows if row.laydown == laydown]
        offers = self.offer(laydown).offers
        return own or [row for row in rows if self.offer(row.laydown).offers == offers]

    def raid_row(self, laydown: str, raid: str) -> RaidRow:
        """Return what one laydown lets through in one raid."""
        return next(row for row in self.rows if (row.laydown, row.raid) == (laydown, raid))
