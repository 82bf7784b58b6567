"""What a scenario file says, in SI: who stands where, what flies, by which rules, bought on which terms.

Every uid is text and unique in its file: random numbers are keyed by it. A quantity that may carry a spread is a
`Parameter` (an assumption of the file unless it names a source); everything else is a plain number.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from ringtrue.units import flight_level_words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ringtrue.catalogue.records import Parameter

Firing = Literal["salvo", "shoot-look-shoot", "shoot-shoot-look"]
Assignment = Literal["earliest", "best-kill", "cheapest-sufficient", "reserve"]
WeaponsControl = Literal["free", "tight", "hold"]
Schedule = Literal["promised", "happened", "notional"]
UnitState = Literal["delivered", "declared_ready", "emplaced", "on_alert"]
PaymentKind = Literal["advance", "credit", "instalment", "paid-so-far", "refund-claimed", "refund"]

POSITION_NOTICE = "airport coordinates stand for an unknown position"

CATALOGUE_DEFAULTS = {
    "assessment_delay_s": "assessment-delay",
    "p_friendly_reply": "friendly-iff",
    "p_common_mode": "common-mode",
    "latency_s": "network-latency",
    "p_outage": "network-outage",
    "clutter_db": "clutter-loss",
    "lead_time_s": "patriot-lead-time",
    "rate": "loan-interest",
    "years": "loan-years",
}
"""Field of a scenario record left ``None`` → assumption of the catalogue that stands in for it."""


@dataclass(frozen=True, slots=True)
class Waypoint:
    """A point on the ground that a path passes over [deg]."""

    latitude_deg: float
    longitude_deg: float


@dataclass(frozen=True, slots=True)
class Area:
    """The window of a scenario on the map [deg]; ``country`` is the name used by the border layer, or empty."""

    name: str
    south_deg: float
    west_deg: float
    north_deg: float
    east_deg: float
    country: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A named site that laydowns refer to; the order in the file is the order of the laydown rule."""

    id: str
    name: str
    latitude_deg: float
    longitude_deg: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Magazine:
    """Rounds of one type in one fire unit: ``ready`` on ``launchers`` launchers, ``reloads`` beside them."""

    interceptor: str
    launchers: int
    ready: int
    reloads: int = 0


@dataclass(frozen=True, slots=True)
class Unit:
    """One fire unit of a system at a site.

    ``system`` is the catalogue ID without a fit and ``fit`` what follows its colon (``None``: the default fit).
    ``mast_height_m`` replaces the antenna height of the catalogue; ``azimuth_rad`` is where sector radars look, from
    north. ``magazines`` empty: launchers and rounds come from the catalogue by fit. ``in_service_to`` is exclusive.
    """

    uid: str
    system: str
    fit: str | None
    place: str
    latitude_deg: float
    longitude_deg: float
    azimuth_rad: float
    mast_height_m: float | None = None
    launchers: int | None = None
    magazines: tuple[Magazine, ...] = ()
    in_service_from: date | None = None
    in_service_to: date | None = None
    network: str | None = None


@dataclass(frozen=True, slots=True)
class Network:
    """Who tells whom what, among the units of one laydown.

    Each set holds directed pairs ``(from_uid, to_uid)``: *from* gives its tracks to *to*; *from* tells *to* what it has
    taken under fire; *from* passes its identification to *to*; *to* fires rounds that need no sight on the track of
    *from*, where *from* gives it. A unit always serves itself, so no pair repeats a uid. ``latency_s``, ``p_outage`` of
    ``None``: the catalogue's assumption (`CATALOGUE_DEFAULTS`).
    """

    id: str
    title: str
    members: tuple[str, ...]
    shares_track: frozenset[tuple[str, str]]
    coordinates_fire: frozenset[tuple[str, str]]
    identifies_for: frozenset[tuple[str, str]]
    fires_on_shared_track: frozenset[tuple[str, str]] = frozenset()
    latency_s: Parameter | None = None
    p_outage: Parameter | None = None


@dataclass(frozen=True, slots=True)
class Laydown:
    """One way to place fire units: what a reader compares.

    ``network`` is already resolved to the units of this laydown; ``reading`` names the reading of a contract or the
    variant of siting that it stands for; ``offers`` are the ids of what is paid for.
    """

    id: str
    title: str
    units: tuple[Unit, ...]
    network: Network
    offers: tuple[str, ...] = ()
    reading: str = ""
    note: str = ""
    short: str = ""

    @property
    def words(self) -> str:
        """Return what sentences call it."""
        return self.short or self.id

    @property
    def sites(self) -> tuple[tuple[str, float, float], ...]:
        """Return name, latitude and longitude of the places that hold a fire unit, each once."""
        sites = ((unit.place.capitalize(), unit.latitude_deg, unit.longitude_deg) for unit in self.units)
        return tuple(dict.fromkeys(sites))


@dataclass(frozen=True, slots=True)
class Asset:
    """Something on the ground to be defended."""

    uid: str
    name: str
    latitude_deg: float
    longitude_deg: float
    population: float = 0.0
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Wave:
    """Targets of one class that follow one another.

    Target ``i`` has the uid ``{wave uid}/{i}``, starts at ``start_s + i * spacing_s`` and aims at the asset or unit
    ``aim[i % len(aim)]``. It comes either along ``path`` and then to its aim, or straight from ``start_distance_m``
    away on the bearing ``bearing_rad`` (from north, seen from the aim). A ballistic target starts on the ground at
    ``path[0]`` or at that distance. At most one of ``height_m`` (above ground) and ``altitude_m`` (above mean sea
    level) is given; neither: the class's usual height, or the arc of a ballistic class. ``speed_mps``, ``apogee_m`` of
    ``None``: the class's. ``release_range_m`` before the aim the target has done its work.
    """

    uid: str
    target: str
    count: int
    spacing_s: float
    start_s: float
    aim: tuple[str, ...]
    path: tuple[Waypoint, ...] = ()
    bearing_rad: float | None = None
    start_distance_m: float | None = None
    height_m: float | None = None
    altitude_m: float | None = None
    speed_mps: float | None = None
    apogee_m: float | None = None
    release_range_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Raid:
    """Waves that come together."""

    id: str
    title: str
    waves: tuple[Wave, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Friendly:
    """Friendly traffic: flights of one class along a path, ``{uid}/{i}``, one every ``spacing_s``."""

    uid: str
    target: str
    count: int
    spacing_s: float
    start_s: float
    path: tuple[Waypoint, ...]
    height_m: float | None = None
    altitude_m: float | None = None
    speed_mps: float | None = None


@dataclass(frozen=True, slots=True)
class Pattern:
    """Peacetime flights near a radar: one path flown ``flights_per_week`` times by each of the classes ``targets``."""

    uid: str
    title: str
    targets: tuple[str, ...]
    path: tuple[Waypoint, ...]
    flights_per_week: Parameter
    height_m: float | None = None
    altitude_m: float | None = None
    speed_mps: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Doctrine:
    """Rules of fire.

    ``salvo`` rounds are fired at once; ``max_shots`` is the most that one unit spends on one target. The parameters of
    ``None`` are the catalogue's assumptions (`CATALOGUE_DEFAULTS`), delay and errors of identification those of each
    class (`identification.under_doctrine`), ``p_kill`` of ``None`` the common prior by kind of target.
    ``p_common_mode`` is the chance that all shots of one system at one wave fail together. ``reserve_fraction`` of a
    magazine is kept for ballistic targets under the policy ``reserve``.
    """

    firing: Firing
    salvo: int
    max_shots: int
    assignment: Assignment
    weapons_control: WeaponsControl
    reserve_fraction: float
    assessment_delay_s: Parameter | None = None
    identification_delay_s: Parameter | None = None
    p_hostile_taken_for_friendly: Parameter | None = None
    p_friendly_taken_for_hostile: Parameter | None = None
    p_friendly_taken_for_hostile_shared: Parameter | None = None
    p_friendly_reply: Parameter | None = None
    p_common_mode: Parameter | None = None
    p_kill: Parameter | None = None


@dataclass(frozen=True, slots=True)
class Environment:
    """Weather and clutter; ``k_factor`` of ``None``: the climate of each site; ``clutter_db``: the catalogue's."""

    k_factor: Parameter | None
    clutter_db: Parameter | None
    noise_rise_db: Parameter
    rain_mm_per_h: Parameter


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment, or one statement about money paid.

    ``rate`` per year and ``years`` belong to a credit; ``None`` there: the catalogue's assumption.
    """

    kind: PaymentKind
    amount_usd: float
    on: date | None = None
    rate: Parameter | None = None
    years: Parameter | None = None
    source: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """One term of an offer in our words."""

    text: str
    on: date | None = None
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A package on offer: what, how many, for how much, on which terms.

    ``reading`` names the reading of a disputed contract; ``rounds`` by interceptor; ``items`` everything else that the
    notice counts. ``price_usd`` of ``None``: no price was published. ``price_basis`` says what the price is (contract,
    notification ceiling, press figure). ``source`` holds ids of the catalogue's sources.
    """

    id: str
    title: str
    system: str
    fit: str | None
    reading: str
    fire_units: int
    launchers: int
    rounds: tuple[tuple[str, int], ...]
    items: tuple[tuple[str, int], ...]
    price_usd: float | None
    price_year: int | None
    price_basis: str
    contract_date: date | None
    expires: date | None
    payments: tuple[Payment, ...]
    clauses: tuple[Clause, ...]
    source: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery against an offer, as promised, as it happened, or notional.

    ``rounds`` by interceptor; ``items`` everything else that the offer counts, rounds whose type nobody told among it.
    The four dates are the states a fire unit passes through; ``None``: not promised, or not reported. A notional
    delivery has no dates and comes ``lead_time_s`` after ``ordered`` (``None``: the catalogue's assumption). ``ended``
    is the day on which the promise lapsed or was postponed without a date.
    """

    uid: str
    offer: str
    schedule: Schedule
    fire_units: int
    launchers: int
    rounds: tuple[tuple[str, int], ...]
    items: tuple[tuple[str, int], ...]
    delivered: date | None
    declared_ready: date | None
    emplaced: date | None
    on_alert: date | None
    ordered: date | None
    lead_time_s: Parameter | None
    ended: date | None
    source: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sweep:
    """One setting and the values it takes: each becomes ``--set setting=value``."""

    setting: str
    values: tuple[str, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Study:
    """What is asked: which laydowns, raids, target classes, heights, months; and the sweep, if any."""

    question: str
    laydowns: tuple[str, ...]
    raids: tuple[str, ...]
    targets: tuple[str, ...]
    heights_m: tuple[float, ...]
    altitudes_m: tuple[float, ...]
    first_month: date | None
    last_month: date | None
    sweep: Sweep | None


@dataclass(frozen=True, slots=True)
class Scenario:
    """Everything that a scenario file says.

    ``parameters`` holds every quantity of the file that may carry a spread, defaults included; ``declared`` the
    sentences in which the file owns up to what it assumes, ``positions`` first, which says what the positions of its
    places stand for. ``content_hash`` depends on the content after ``--set``, not on layout or on the order of keys.
    ``written_at`` says by "flight UID" and "place ID" where in the file the altitude or the position stands.
    """

    name: str
    title: str
    area: Area | None
    places: tuple[Place, ...]
    laydowns: tuple[Laydown, ...]
    networks: tuple[str, ...]
    assets: tuple[Asset, ...]
    raids: tuple[Raid, ...]
    friendly: tuple[Friendly, ...]
    patterns: tuple[Pattern, ...]
    doctrine: Doctrine
    environment: Environment
    offers: tuple[Offer, ...]
    deliveries: tuple[Delivery, ...]
    study: Study
    parameters: tuple[Parameter, ...]
    declared: tuple[str, ...]
    content_hash: str
    positions: str = ""
    written_at: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def flight_levels(self) -> tuple[str, ...]:
        """Those of the sentences under ``declared`` that say how a flight level was read."""
        return tuple(text for text in self.declared if flight_level_words(text.partition(" ")[0]) == text)

    @property
    def assumptions(self) -> tuple[Parameter, ...]:
        """The parameters of the file that no source carries."""
        return tuple(parameter for parameter in self.parameters if parameter.origin == "assumed")

    def laydown(self, laydown_id: str) -> Laydown:
        """Return the laydown of that id."""
        return next(laydown for laydown in self.laydowns if laydown.id == laydown_id)

    def raid(self, raid_id: str) -> Raid:
        """Return the raid of that id."""
        return next(raid for raid in self.raids if raid.id == raid_id)

    def offer(self, offer_id: str) -> Offer:
        """Return the offer of that id."""
        return next(offer for offer in self.offers if offer.id == offer_id)
