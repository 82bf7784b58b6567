"""What a scenario file says, in SI: who stands where, what flies, by which rules, bought on which terms.

A field declared with `key` is a key of the file: the schema, its reference page, reading and error texts come from the
records (`schema`). What a file only hints at, which unit of a package stands where, who is linked to whom, is resolved
into records of its own (`Unit`, `Network`, `Laydown`, `Scenario`).

Every uid is text and unique in its file: random numbers are keyed by it. A quantity that may carry a spread is a
`Parameter` (an assumption of the file unless it names a source); everything else is a plain number.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

from ringtrue.catalogue.records import Parameter
from ringtrue.scenario.keys import Box, Links, Pairs, Waypoint, key
from ringtrue.units import (
    ALTITUDE,
    APOGEE,
    BEARING,
    DURATION,
    HEIGHT,
    K_FACTOR,
    LOSS,
    MAST,
    PRICE,
    PROBABILITY,
    RAID_TIME,
    RAIN,
    RANGE,
    SENSOR_HEIGHT,
    SHARE,
    SPEED,
    flight_level_words,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

Firing = Literal["salvo", "shoot-look-shoot", "shoot-shoot-look"]
Assignment = Literal["earliest", "best-kill", "cheapest-sufficient", "reserve"]
WeaponsControl = Literal["free", "tight", "hold"]
Schedule = Literal["promised", "happened", "notional"]
UnitState = Literal["delivered", "declared_ready", "emplaced", "on_alert"]
PaymentKind = Literal["advance", "credit", "instalment", "paid-so-far", "refund-claimed", "refund"]

UNKNOWN_POSITION = "The site is as asked; where a system stands, or would, is not published."


def _height() -> Any:
    return key("height above the ground below, followed all along", HEIGHT)


def _altitude() -> Any:
    return key("altitude above mean sea level, or a flight level; give this or `height`", ALTITUDE)


def _speed() -> Any:
    return key("ground speed; the class's when left out", SPEED)


def _count() -> Any:
    return key("how many", required=True, low=0, high=10_000)


def _spacing() -> Any:
    return key("time from one to the next", RAID_TIME, default="0 s")


def _start() -> Any:
    return key("time of the first", RAID_TIME, default="0 s")


def _source() -> Any:
    return key("ids of sources in the catalogue", default=[])


def _note() -> Any:
    return key("a remark that reports print", default="")


def _uid(text: str = "unique name", **more: Any) -> Any:
    return key(text, kind="uid", required=True, **more)


def _title() -> Any:
    return key("words for the reader", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """The window on the map."""

    name: str = key("name", required=True)
    bounds: Box = key("`[south, west, north, east]` in degrees", required=True)
    country: str = key("country whose residents are counted, as the border layer names it", default="")

    @property
    def south_deg(self) -> float:
        """The southern edge."""
        return self.bounds[0]

    @property
    def west_deg(self) -> float:
        """The western edge."""
        return self.bounds[1]

    @property
    def north_deg(self) -> float:
        """The northern edge."""
        return self.bounds[2]

    @property
    def east_deg(self) -> float:
        """The eastern edge."""
        return self.bounds[3]


class _Standing:
    """What stands at one position."""

    __slots__ = ()
    at: Waypoint

    @property
    def latitude_deg(self) -> float:
        """Its latitude."""
        return self.at.latitude_deg

    @property
    def longitude_deg(self) -> float:
        """Its longitude."""
        return self.at.longitude_deg


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(_Standing):
    """A site. The order of the places is the order of the laydown rule: fire units of a package go down the list."""

    NAMED_BY: ClassVar[str] = "id"

    id: str = _uid("name used by laydowns")
    name: str = key("name printed", required=True)
    at: Waypoint = key("`[latitude, longitude]` in degrees", required=True)
    azimuth_rad: float = key("where sector radars standing here look, from north", BEARING, default="0 deg")
    in_rule: bool = key("whether the laydown rule may use the place", default=True)
    note: str = _note()


@dataclass(frozen=True, slots=True, kw_only=True)
class Loading:
    """Rounds of one type, loaded on launchers in the order given; what finds no launcher waits as a reload."""

    NAMED_BY: ClassVar[str] = "interceptor"

    interceptor: str = key("catalogue id of the interceptor", required=True, example='"amraam"')
    rounds: int = key("rounds in all", required=True, low=0)
    per_launcher: int = key("rounds on one launcher", required=True, low=1)


def _mast() -> Any:
    return key("antenna height that replaces the catalogue's", MAST)


def _sensor_height() -> Any:
    return key("height of a sensor in the air, above the ground; in place of `mast`", SENSOR_HEIGHT)


def _azimuth() -> Any:
    return key("where sector radars look, from north; the place's when left out", BEARING)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenUnit:
    """One fire unit at a place."""

    NAMED_BY: ClassVar[str] = "uid"

    uid: str = _uid("unique name: random numbers are keyed by it")
    system: str = key(
        "catalogue id, with a fit after a colon if wanted (`s-400-tr:48n6e3`)", required=True, example='"nasams"'
    )
    place: str = key("id of a place", required=True, example='"my-place"')
    launchers: int | None = key("launchers; the catalogue's when left out", high=10_000)
    mast_m: float | None = _mast()
    sensor_height_m: float | None = _sensor_height()
    azimuth_rad: float | None = _azimuth()
    in_service_from: date | None = key("first day of service")
    in_service_to: date | None = key("first day after service")
    loading: tuple[Loading, ...] = key("rounds; the catalogue's fit when left out", default=[])


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """Fire units of one system, set out by the laydown rule: one at each place, in the order of the places. The uid of
    a unit is `system@place`, a second one at a place `system@place-2`.
    """

    NAMED_BY: ClassVar[str] = "system"

    system: str = key("catalogue id, with a fit after a colon if wanted", required=True, example='"nasams"')
    fire_units: int = key("how many", required=True, low=1, high=200)
    places: tuple[str, ...] = key("places in order instead of the rule; the last one takes what is left", default=[])
    launchers: int | None = key("launchers of the whole package; the catalogue's when left out", high=10_000)
    mast_m: float | None = _mast()
    sensor_height_m: float | None = _sensor_height()
    azimuth_rad: float | None = _azimuth()
    in_service_from: date | None = key("first day of service")
    in_service_to: date | None = key("first day after service")
    loading: tuple[Loading, ...] = key("rounds of the whole package; catalogue's fit when left out", default=[])


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenLaydown:
    """One way to place fire units; without any it stands for no air defence."""

    NAMED_BY: ClassVar[str] = "id"

    id: str = _uid("name")
    title: str = _title()
    short: str = key("two to four words for sentences; the id when left out", default="")
    reading: str = key("reading of a contract or variant of siting that it stands for", default="")
    network: str = key("id of a network; without one every unit stands alone", default="")
    offers: tuple[str, ...] = key("ids of the offers that pay for it", default=[])
    package: tuple[Package, ...] = key("fire units set out by the laydown rule", default=[])
    unit: tuple[WrittenUnit, ...] = key("fire units set out one by one", default=[])
    note: str = _note()


_LINKS = '`"none"`, `"same-system"`, `"all"`, or a list of `[from, to]` pairs of unit uids'


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenNetwork:
    """Who tells whom what."""

    NAMED_BY: ClassVar[str] = "id"

    id: str = _uid("name used by laydowns")
    title: str = _title()
    shares_track: Links = key(f"who gives its tracks to whom: {_LINKS}", default="none")
    coordinates_fire: Links = key(f"who tells whom what it has taken under fire: {_LINKS}", default="none")
    identifies_for: Links = key(f"who passes its identification to whom: {_LINKS}", default="none")
    fires_on_shared_track: Links = key(
        "whose shared track serves whom for launch and guidance, of rounds that need no sight; counts where the "
        f"track is shared; a variant: nobody published it for these systems: {_LINKS}",
        default="none",
    )
    latency_s: Parameter | None = key(
        "time from a track to its arrival elsewhere", RAID_TIME, catalogue="network-latency"
    )
    p_outage: Parameter | None = key(
        "share of time that a link is down", SHARE, name="outage", catalogue="network-outage"
    )


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
    ``None``: the catalogue's assumption (`catalogue_defaults`).
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset(_Standing):
    """Something on the ground to be defended."""

    NAMED_BY: ClassVar[str] = "uid"

    uid: str = _uid()
    name: str = key("name printed", required=True)
    at: Waypoint = key("`[latitude, longitude]` in degrees", required=True)
    population: float = key("residents", default=0, low=0.0)
    weight: float = key("weight among the assets", default=1, low=0.0)
    note: str = _note()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """Targets of one class that follow one another and share their aims in turn. They come along `path`, or straight
    from `start_distance` away on `bearing`.

    Target ``i`` has the uid ``{wave uid}/{i}``, starts at ``start_s + i * spacing_s`` and aims at the asset or unit
    ``aim[i % len(aim)]``. A ballistic target starts on the ground at ``path[0]`` or at that distance. At most one of
    ``height_m`` and ``altitude_m`` is given; neither: the class's usual height, or the arc of a ballistic class.
    ``speed_mps``, ``apogee_m`` of ``None``: the class's.
    """

    NAMED_BY: ClassVar[str] = "uid"

    uid: str = _uid("unique name; target i is `uid/i`")
    target: str = key("catalogue id of the class", required=True, example='"one-way-uav"')
    count: int = _count()
    spacing_s: float = _spacing()
    start_s: float = _start()
    aim: tuple[str, ...] = key("uids of assets or units, taken in turn", required=True, example='["my-asset"]')
    path: tuple[Waypoint, ...] = key(
        "`[[latitude, longitude], …]`: way to the aim; a launch point for ballistic classes"
    )
    bearing_rad: float | None = key("where it comes from, seen from the aim, from north", BEARING)
    start_distance_m: float | None = key("distance from the aim at the start", RANGE)
    height_m: float | None = _height()
    altitude_m: float | None = _altitude()
    speed_mps: float | None = _speed()
    apogee_m: float | None = key("highest point of a ballistic arc; the class's when left out", APOGEE)
    release_range_m: float = key("distance from the aim at which it has done its work", RANGE, default="0 km")


@dataclass(frozen=True, slots=True, kw_only=True)
class Raid:
    """Waves that come together."""

    NAMED_BY: ClassVar[str] = "id"

    id: str = _uid("name")
    title: str = _title()
    reason: str = key("why this size and these ways: a raid is an assumption", default="")
    waves: tuple[Wave, ...] = key("its waves", name="wave", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Friendly:
    """Friendly traffic in the air during a raid."""

    NAMED_BY: ClassVar[str] = "uid"

    uid: str = _uid("unique name; flight i is `uid/i`")
    target: str = key("catalogue id of the class", required=True, example='"f-16"')
    count: int = _count()
    spacing_s: float = _spacing()
    start_s: float = _start()
    path: tuple[Waypoint, ...] = key("`[[latitude, longitude], …]`, two points or more", required=True)
    height_m: float | None = _height()
    altitude_m: float | None = _altitude()
    speed_mps: float | None = _speed()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """Peacetime flights near a radar, for the exposure ledger."""

    NAMED_BY: ClassVar[str] = "uid"

    uid: str = _uid()
    title: str = _title()
    targets: tuple[str, ...] = key("catalogue ids of the classes that fly it", required=True, example='["f-16"]')
    path: tuple[Waypoint, ...] = key("`[[latitude, longitude], …]`, two points or more", required=True)
    flights_per_week: Parameter = key("how often it is flown", required=True, low=0.0, high=1e6)
    height_m: float | None = _height()
    altitude_m: float | None = _altitude()
    speed_mps: float | None = _speed()
    note: str = _note()


@dataclass(frozen=True, slots=True, kw_only=True)
class Base(_Standing):
    """Where aircraft stand in peacetime, for the exposure ledger: it says first what a radar sees of them there."""

    NAMED_BY: ClassVar[str] = "uid"

    uid: str = _uid()
    name: str = key("name printed", required=True)
    at: Waypoint = key("`[latitude, longitude]` in degrees", required=True)
    targets: tuple[str, ...] = key("catalogue ids of the classes that stand there", required=True, example='["f-16"]')
    note: str = _note()


@dataclass(frozen=True, slots=True, kw_only=True)
class Doctrine:
    """Rules of fire.

    A parameter of ``None`` is the catalogue's assumption (`catalogue_defaults`), delay and errors of identification
    those of each class (`identification.under_doctrine`), ``p_kill`` the common prior by kind of target.
    """

    firing: Firing = key("rule for spending rounds", default="shoot-look-shoot")
    salvo: int = key("rounds fired at once", default=1, low=1, high=16)
    max_shots: int = key("most rounds one unit spends on one target", default=4, low=1, high=64)
    assignment: Assignment = key("which unit and round", default="earliest")
    weapons_control: WeaponsControl = key("what may be fired at", default="tight")
    assessment_delay_s: Parameter | None = key(
        "time from an intercept to its outcome", RAID_TIME, catalogue="assessment-delay"
    )
    identification_delay_s: Parameter | None = key(
        "time from a confirmed track to its identification, of all classes but ballistic ones",
        RAID_TIME,
        by_class="identification_delay",
    )
    p_hostile_taken_for_friendly: Parameter | None = key(
        "probability that a foe is taken for a friend, all classes but ballistic ones",
        PROBABILITY,
        name="identification_error_hostile",
        by_class="p_taken_for_friendly",
    )
    p_friendly_taken_for_hostile: Parameter | None = key(
        "probability that a friend is taken for a foe, unit alone",
        PROBABILITY,
        name="identification_error_friendly",
        by_class="p_taken_for_hostile",
    )
    p_friendly_taken_for_hostile_shared: Parameter | None = key(
        "the same with a neighbour that identifies",
        PROBABILITY,
        name="identification_error_shared",
        by_class="p_taken_for_hostile_shared",
    )
    p_friendly_reply: Parameter | None = key(
        "probability that a friend answers and is understood",
        PROBABILITY,
        name="friendly_reply",
        catalogue="friendly-iff",
    )
    p_common_mode: Parameter | None = key(
        "probability that all shots of one system at one wave fail together",
        PROBABILITY,
        name="common_mode",
        catalogue="common-mode",
    )
    p_available: Parameter | None = key(
        "chance that a fire unit works on the day of the raid",
        PROBABILITY,
        name="available",
        catalogue="unit-availability",
    )
    reserve_fraction: float = key(
        "share of a magazine kept for ballistic targets", SHARE, name="reserve", default="0 %"
    )
    p_kill: Parameter | None = key(
        "replaces the catalogue's common prior, every class", PROBABILITY, name="kill_probability"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Weather, clutter and noise."""

    k_factor: Parameter | None = key(
        "effective-earth factor; the climate of each site when left out", K_FACTOR, name="k"
    )
    clutter_db: Parameter | None = key("flat loss to clutter", LOSS, catalogue="clutter-loss")
    noise_rise_db: Parameter = key(
        "rise of the receiver's noise",
        LOSS,
        default={"value": "0 dB", "reason": "no jamming unless a scenario gives it: ranges are upper bounds"},
    )
    rain_mm_per_h: Parameter = key(
        "rain rate over the whole path",
        RAIN,
        name="rain",
        default={"value": "0 mm/h", "reason": "dry weather unless a scenario gives rain"},
    )

    @property
    def given_k(self) -> float | None:
        """k that the file gives for every place; None: that of the climate of each site."""
        return None if self.k_factor is None else self.k_factor.nominal


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One payment, or one statement about money paid.

    ``amount_usd`` is what is stated, or the share of the offer's price. ``rate`` per year and ``years`` of ``None``:
    the catalogue's assumption.
    """

    kind: PaymentKind = key("what it is", required=True)
    stated_usd: float | None = key('such as "1.125 bnUSD"', PRICE, name="amount")
    share: float | None = key("share of the price, instead of an amount", SHARE)
    on: date | None = key("day on which it is paid")
    rate: Parameter | None = key("interest a year, of a credit", SHARE, catalogue="loan-interest")
    years: Parameter | None = key("years of level repayment, of a credit", low=1.0, high=100.0, catalogue="loan-years")
    source: tuple[str, ...] = _source()
    note: str = _note()
    amount_usd: float = math.nan


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One term of an offer."""

    text: str = key("what it says, in our words", required=True)
    on: date | None = key("day of it")
    source: tuple[str, ...] = _source()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A package on offer.

    ``written_system`` is the id of the system with a fit after a colon, if one is meant.
    """

    NAMED_BY: ClassVar[str] = "id"

    id: str = _uid("name")
    title: str = _title()
    written_system: str = key(
        "catalogue id of the system, or of the aircraft", name="system", required=True, example='"nasams"'
    )
    reading: str = key("reading of a disputed contract", default="")
    fire_units: int = key("fire units", default=0, low=0)
    launchers: int = key("launchers", default=0, low=0)
    rounds: Pairs = key("rounds by interceptor", default={})
    items: Pairs = key("everything else that the notice counts", default={})
    price_usd: float | None = key('such as "2.5 bnUSD"; left out: none was published', PRICE)
    price_year: int | None = key("year of the price", low=1950, high=2100)
    price_basis: str = key("contract, notification ceiling, press figure", default="")
    contract_date: date | None = key("day of the contract; left out: none was signed")
    expires: date | None = key("day on which the offer lapsed")
    payments: tuple[Payment, ...] = key("payments", name="payment", default=[])
    clauses: tuple[Clause, ...] = key("terms that change nothing counted here", name="clause", default=[])
    bound_by: tuple[str, ...] = key("ids of clauses in the catalogue, each shown as a variant", default=[])
    source: tuple[str, ...] = _source()
    note: str = _note()

    @property
    def system(self) -> str:
        """The catalogue id of the system without a fit."""
        return self.written_system.partition(":")[0]

    @property
    def fit(self) -> str | None:
        """The fit that the offer names."""
        return self.written_system.partition(":")[2] or None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One delivery against an offer. The four dates are the states of its units; a state without a date was not
    promised, or is not reported.

    A notional delivery has no dates and comes ``lead_time_s`` after ``ordered`` (``None``: the catalogue's assumption).
    """

    NAMED_BY: ClassVar[str] = "uid"

    uid: str = _uid()
    offer: str = key("id of the offer", required=True, example='"my-offer"')
    schedule: Schedule = key("whose calendar", required=True)
    fire_units: int = key("fire units in it", default=0, low=0)
    launchers: int = key("launchers in it", default=0, low=0)
    rounds: Pairs = key("rounds by interceptor", default={})
    items: Pairs = key("everything else in it, as the offer counts it; rounds of no known type too", default={})
    began: date | None = key("day on which the first of it arrived; left out: the day on which all of it had")
    delivered: date | None = key("day on which all of it had arrived")
    declared_ready: date | None = key("day on which it was declared ready")
    emplaced: date | None = key("day on which it stood in its position")
    on_alert: date | None = key("day from which it stood on alert")
    ordered: date | None = key("day from which a notional lead time counts")
    lead_time_s: Parameter | None = key(
        "time from the order to a notional delivery", DURATION, catalogue="patriot-lead-time"
    )
    ended: date | None = key("day on which the promise lapsed or was postponed without a date")
    source: tuple[str, ...] = _source()
    note: str = _note()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """One setting that runs through several values."""

    setting: str = key("address as `--set` takes it (`raid.swarm.count`)", required=True, example='"doctrine.salvo"')
    values: tuple[str, ...] = key("values in turn", kind="values", required=True)
    title: str = key("words for the axis", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """What is asked of the scenario."""

    question: str = key("the question in one sentence", default="")
    laydowns: tuple[str, ...] = key("laydowns compared; all when left out", default=[])
    raids: tuple[str, ...] = key("raids flown; all when left out", default=[])
    targets: tuple[str, ...] = key("classes audited", default=[])
    heights_m: tuple[float, ...] = key("heights above ground", HEIGHT, default=[])
    altitudes_m: tuple[float, ...] = key("altitudes above mean sea level", ALTITUDE, default=[])
    first_month: date | None = key("first month of the timeline (`2017-01`)", kind="month")
    last_month: date | None = key("last month of the timeline", kind="month")
    sweep: Sweep | None = key("one setting that runs through several values")
    exposure: str = key(
        "scenario of flights that `compare --add exposure` shows beside it; the file's own patterns when left out",
        default="",
    )
    relocation: str = key("scenario of a move that `compare --add relocation` shows beside it", default="")
    claims: str = key(
        "claims file that `compare --add claims` shows beside it; `shipped`: the one of the program", default=""
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioFile:
    """A scenario file."""

    title: str = _title()
    declared: tuple[str, ...] = key("sentences in which the file owns up to what it assumes", default=[])
    positions: str = key("what the positions of the places stand for; said with every map", default="")
    area: Area | None = key("window on the map")
    place: tuple[Place, ...] = key("sites", default=[])
    laydown: tuple[WrittenLaydown, ...] = key("fire units at sites", required=True)
    network: tuple[WrittenNetwork, ...] = key("who tells whom what", default=[])
    asset: tuple[Asset, ...] = key("what is defended", default=[])
    raid: tuple[Raid, ...] = key("what comes", default=[])
    friendly: tuple[Friendly, ...] = key("friendly traffic", default=[])
    pattern: tuple[Pattern, ...] = key("flights of the exposure ledger", default=[])
    base: tuple[Base, ...] = key("bases of the aircraft of the exposure ledger", default=[])
    doctrine: Doctrine = key("rules of fire", default={})
    environment: Environment = key("weather and clutter", default={})
    offer: tuple[Offer, ...] = key("packages on offer", default=[])
    delivery: tuple[Delivery, ...] = key("deliveries", default=[])
    study: Study = key("what is asked", default={})


class Written(NamedTuple):
    """What a scenario was read from: the text of its file, the name that errors print, and the settings applied."""

    text: str
    file: str
    settings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """Everything that a scenario file says.

    ``parameters`` holds every quantity of the file that may carry a spread, defaults included; ``declared`` the
    sentences in which the file owns up to what it assumes, ``positions`` first, which says what the positions of its
    places stand for. ``content_hash`` depends on the content after ``--set``, not on layout or on the order of keys.
    ``written_at`` says by "flight UID" and "place ID" where in the file the altitude or the position stands;
    ``written`` is what it was read from, so that it can be read again with other values (`scenario.load.changed`).
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
    bases: tuple[Base, ...]
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
    written: Written = field(default=Written("", "", ()), compare=False, repr=False)

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


def catalogue_defaults(*records: type) -> dict[str, str]:
    """Return, by field, the assumption of the catalogue that stands in for a field left ``None``.

    >>> catalogue_defaults(Environment)
    {'clutter_db': 'clutter-loss'}
    """
    declared = (f for record in records for f in fields(record) if "key" in f.metadata)
    stand_ins = {f.name: f.metadata["key"][2]["catalogue"] for f in declared}
    return {name: assumption for name, assumption in stand_ins.items() if assumption}
