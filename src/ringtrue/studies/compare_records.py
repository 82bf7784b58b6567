"""The records of a comparison: offers, what each one reaches and lets through, and every difference between two."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from ringtrue.finding import rows_to_xarray

if TYPE_CHECKING:
    import numpy as np
    import xarray
    from numpy.typing import NDArray

    from ringtrue.catalogue.records import Parameter, Source
    from ringtrue.finding import Finding
    from ringtrue.procurement.money import DefendedPrice
    from ringtrue.sensing.deciding import Deciding
    from ringtrue.studies.published_kill import PublishedDifference, PublishedKill
    from ringtrue.studies.timeline import TimelineResult

    FloatArray = NDArray[np.float64]
    FloatGrid = NDArray[np.float32]

Part = Literal["fire unit", "package"]
Better = Literal["less", "more"]


@dataclass(frozen=True, slots=True)
class ComparedOffer:
    """One side of the comparison: a laydown, what stands where, and what was asked for it.

    ``price_usd`` adds the published prices of ``offers``; None: no offer, or one without a price. ``units`` holds
    (uid, system with fit, place) for each fire unit. ``delivered`` counts what had come by the last month, by calendar
    (``promised``, ``happened``) and thing; a calendar without a delivery is left out.
    """

    laydown: str
    title: str
    short: str
    reading: str
    part: Part
    offers: tuple[str, ...]
    units: tuple[tuple[str, str, str], ...]
    network: str
    price_usd: float | None
    price_text: str
    price_year: str
    price_basis: str
    sources: tuple[str, ...]
    note: str
    delivered: dict[str, dict[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One fire unit at the common place against one class at one level; a ballistic class has a footprint only.

    ``people_defended`` goes by release range [m]; ``None``: below four cells of the population raster.
    """

    laydown: str
    system: str
    place: str
    target: str
    where: str
    seen_km2: Finding | None
    tracked_km2: Finding | None
    engageable_km2: Finding
    people_under: Finding | None
    people_defended: dict[float, Finding | None]


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One package against one class: what its fire units reach together; overlaps count once.

    ``people_defended`` and ``assets_defended`` go by release range [m]; worst course, one engagement.
    """

    laydown: str
    target: str
    where: str
    engageable_km2: Finding
    people_under: Finding | None
    people_defended: dict[float, Finding | None]
    assets_defended: dict[float, Finding]


@dataclass(frozen=True, slots=True)
class RaidRow:
    """One laydown against one raid: 5–95 % over draws of means over replications.

    ``draws`` holds the arrays (draw,) behind the findings, by name. ``cost_exchange`` is None where nobody fires at
    anything with a price. ``noise_share``: variance of the mean over replications over that between draws, of leakers;
    where it exceeds 0.05 the luck is taken out of the intervals of counts. ``friendly_losses_per_pass``: friends shot
    down over friendly flights by the assumed error, and beside it the record of 2003; None where no friend flies.
    """

    laydown: str
    raid: str
    n_targets: int
    leakers: Finding
    leak_share: Finding
    p_no_leaker: Finding
    leakers_by_class: dict[str, Finding]
    leakers_by_asset: dict[str, Finding]
    rounds_fired: Finding
    rounds_by_type: dict[str, Finding]
    double_engagements: Finding
    wasted_rounds: Finding
    friendly_engagements: Finding
    friendly_kills: Finding
    first_fire_s: Finding | None
    cost_defender_usd: Finding
    cost_attacker_usd: Finding
    cost_exchange: Finding | None
    noise_share: float
    draws: dict[str, FloatArray] = field(default_factory=dict)
    friendly_losses_per_pass: Finding | None = None
    friendly_losses_per_pass_2003: Finding | None = None


@dataclass(frozen=True, slots=True)
class KillCurve:
    """Leakers of one laydown in one raid at fixed kill probabilities, all else drawn; (point,) each."""

    laydown: str
    raid: str
    p_kill: tuple[float, ...]
    leakers: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a comparison turns over along the unknown that decides it.

    ``low``, ``median``, ``high``: 5, 50, 95 % of draws; None: beyond what was asked (``least`` to ``greatest``).
    ``sentence`` says it in words, also where it never turns.
    """

    unknown: str
    unit: str
    low: float | None
    median: float | None
    high: float | None
    least: float
    greatest: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A less B in one measure, draw by draw on the same draws and the same luck.

    ``p_a_better`` and ``p_equal`` are shares of draws. ``turn``: break-even of the deciding unknown. ``noise_share``:
    variance of the mean difference over replications over that between draws; above 5 % it is taken out of the interval
    and of both shares.
    """

    part: Part
    a: str
    b: str
    measure: str
    condition: str
    unit: str
    better: Better
    a_value: Finding
    b_value: Finding
    a_minus_b: Finding
    p_a_better: float
    p_equal: float
    deciding: Deciding
    turn: Turn
    sentence: str
    noise_share: float = 0.0


@dataclass(frozen=True, slots=True)
class MarginalRow:
    """What the second system adds when the first is there; more is better (residents defended, targets stopped).

    ``kept_share`` = gain over what the second is worth alone; None where that is nothing in half of the draws.
    """

    first: str
    second: str
    both: str
    measure: str
    condition: str
    unit: str
    gain: Finding
    overlap: Finding
    kept_share: Finding | None
    p_adds: float
    sentence: str


@dataclass(frozen=True, slots=True)
class PriceRow:
    """Price of one package over what it defends; the warning ``price.note`` stands under each."""

    laydown: str
    what: Literal["person", "asset"]
    price: DefendedPrice


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """One package in the plane of price and worth. ``is_dominated``: another costs no more and is better or equal."""

    laydown: str
    measure: str
    condition: str
    better: Better
    price_usd: float
    value: Finding
    share_on_frontier: float
    is_dominated: bool
    dominated_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MonthRow:
    """If this raid came while these fire units were there: from ``first`` to ``last`` month, both included.

    ``leakers`` of the same raid without any of them stand in ``RaidRow`` of the laydown without units.
    """

    laydown: str
    view: str
    state: str
    lead_time_months: float | None
    raid: str
    first: str
    last: str
    uids: tuple[str, ...]
    leakers: Finding


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


@dataclass(frozen=True)
class CompareResult:
    """The whole answer."""

    name: str
    title: str
    question: str
    scenario_hash: str
    catalogue_hash: str
    terrain: str
    seed: int
    n_draws: int
    n_replications: int
    n_draws_coverage: int
    offers: tuple[ComparedOffer, ...]
    raids: dict[str, str]  # id -> title
    names: dict[str, str]  # id of a laydown or class -> words
    unit_rows: tuple[UnitRow, ...]
    coverage_rows: tuple[CoverageRow, ...]
    raid_rows: tuple[RaidRow, ...]
    kill_curves: tuple[KillCurve, ...]
    published: tuple[PublishedKill, ...]  # the raid of most classes, where somebody printed a kill probability
    published_difference: PublishedDifference | None  # of the two offers of the answer
    differences: tuple[Difference, ...]
    marginals: tuple[MarginalRow, ...]
    prices: tuple[PriceRow, ...]
    frontier: tuple[FrontierPoint, ...]
    months: tuple[MonthRow, ...]
    timeline: TimelineResult | None
    maps: tuple[OfferMap, ...]
    assumed_share: float | None
    assumed_interval: tuple[float, float] | None  # 5 to 95 % of resamples of the draws
    deciding: Deciding
    deciding_row: str  # the difference whose spread is meant
    answer: tuple[str, str, str]
    circumstances: tuple[str, ...]  # when, for how much, and what turns the answer
    declared: tuple[str, ...]
    notes: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    sources: dict[str, Source]
    positions: str = ""  # what the positions of the places stand for

    def to_xarray(self) -> xarray.Dataset:
        """Return the raids as arrays with named axes: findings (row, quantile), what is behind them (row, draw)."""
        found = rows_to_xarray(self.raid_rows)
        names = self.raid_rows[0].draws if self.raid_rows else ()
        return found.assign({f"drawn {n}": (("row", "draw"), [r.draws[n] for r in self.raid_rows]) for n in names})

    def offer(self, laydown: str) -> ComparedOffer:
        """Return the offer of a laydown."""
        return next(offer for offer in self.offers if offer.laydown == laydown)

    def raid_row(self, laydown: str, raid: str) -> RaidRow:
        """Return what one laydown lets through in one raid."""
        return next(row for row in self.raid_rows if (row.laydown, row.raid) == (laydown, raid))
