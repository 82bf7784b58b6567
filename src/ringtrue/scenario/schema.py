"""The one schema of scenario files: reading, error texts, JSON Schema and the reference page come from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from ringtrue.catalogue.records import Confidence, Spread
from ringtrue.scenario.records import Assignment, Firing, PaymentKind, Schedule, WeaponsControl
from ringtrue.units import (
    ALTITUDE,
    ANY,
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
    Sense,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = Literal[
    "text", "texts", "uid", "uids", "choice", "flag", "integer", "number", "quantity", "quantities", "spread",
    "date", "month", "position", "positions", "box", "counts", "links", "values", "table", "tables",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """A section: its keys, the words of the reference page, and the key that names one of several."""

    text: str
    keys: tuple[Key, ...]
    named_by: str = ""

    def key(self, name: str) -> Key | None:
        """Return the key of that name."""
        return next((key for key in self.keys if key.name == name), None)


@dataclass(frozen=True, slots=True)
class Key:
    """One key: what it holds, its unit with bounds of sense, and what stands when it is left out.

    ``of`` says what a quantity is of; ``low`` and ``high`` bound a plain number. ``default`` is written as a file would
    write it, so that a default is read, shown and drawn like any other value; ``catalogue`` names the assumption of
    the catalogue that stands in for a key left out, ``by_class`` the figure of each target class that does.
    """

    name: str
    kind: Kind
    text: str
    of: Sense = ANY
    required: bool = False
    default: Any = None
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    table: Table | None = None
    catalogue: str = ""
    by_class: str = ""

    @property
    def si(self) -> str:
        """The SI unit of the values."""
        return self.of.si

    @property
    def sense(self) -> Sense:
        """What the values can be, with the bounds of this key where it has its own."""
        low, high = (self.of.low if self.low is None else self.low), (self.of.high if self.high is None else self.high)
        return self.of._replace(low=low, high=high)


SPREAD = Table(
    "A quantity with a spread: `{ low, nominal, high, reason }`, or `{ value, … }` without spread. Each number carries "
    'its unit (`low = "5 km"`), or all are plain and `unit` stands beside them. Without a source it is an assumption '
    "and wants a reason.",
    (
        Key("low", "quantity", "least value"),
        Key("nominal", "quantity", "middle value"),
        Key("high", "quantity", "greatest value"),
        Key("value", "quantity", "the one value, instead of the three"),
        Key("unit", "text", "unit of plain numbers, such as `km`; left out where each number carries its own"),
        Key("spread", "choice", "how draws are spread between low and high", choices=get_args(Spread)),
        Key("reason", "text", "why this value and this width: wanted for every assumption"),
        Key("source", "text", "id of a source in the catalogue; a value without one is an assumption"),
        Key("confidence", "choice", "of a value with a source", choices=get_args(Confidence)[:3]),
    ),
)

_HEIGHT = (
    Key("height", "quantity", "height above the ground below, followed all along", of=HEIGHT),
    Key("altitude", "quantity", "altitude above mean sea level, or a flight level; give this or `height`", of=ALTITUDE),
)
_SPEED = Key("speed", "quantity", "ground speed; the class's when left out", of=SPEED)
_TIMES = (
    Key("count", "integer", "how many", required=True, low=0, high=10_000),
    Key("spacing", "quantity", "time from one to the next", of=RAID_TIME, default="0 s"),
    Key("start", "quantity", "time of the first", of=RAID_TIME, default="0 s"),
)
_SOURCE = Key("source", "texts", "ids of sources in the catalogue", default=[])
_NOTE = Key("note", "text", "a remark that reports print", default="")

AREA = Table(
    "The window on the map.",
    (
        Key("name", "text", "name", required=True),
        Key("bounds", "box", "`[south, west, north, east]` in degrees", required=True),
        Key("country", "text", "country whose residents are counted, as the border layer names it", default=""),
    ),
)
PLACE = Table(
    "A site. The order of the places is the order of the laydown rule: fire units of a package go down the list.",
    (
        Key("id", "uid", "name used by laydowns", required=True),
        Key("name", "text", "name printed", required=True),
        Key("at", "position", "`[latitude, longitude]` in degrees", required=True),
        Key("azimuth", "quantity", "where sector radars standing here look, from north", of=BEARING, default="0 deg"),
        Key("in_rule", "flag", "whether the laydown rule may use the place", default=True),
        _NOTE,
    ),
    named_by="id",
)
_UNIT_KEYS = (
    Key("mast", "quantity", "antenna height that replaces the catalogue's", of=MAST),
    Key(
        "sensor_height",
        "quantity",
        "height of a sensor in the air, above the ground; in place of `mast`",
        of=SENSOR_HEIGHT,
    ),
    Key("azimuth", "quantity", "where sector radars look, from north; the place's when left out", of=BEARING),
    Key("in_service_from", "date", "first day of service"),
    Key("in_service_to", "date", "first day after service"),
)
LOADING = Table(
    "Rounds of one type, loaded on launchers in the order given; what finds no launcher waits as a reload.",
    (
        Key("interceptor", "text", "catalogue id of the interceptor", required=True),
        Key("rounds", "integer", "rounds in all", required=True, low=0),
        Key("per_launcher", "integer", "rounds on one launcher", required=True, low=1),
    ),
    named_by="interceptor",
)
UNIT = Table(
    "One fire unit at a place.",
    (
        Key("uid", "uid", "unique name: random numbers are keyed by it", required=True),
        Key("system", "text", "catalogue id, with a fit after a colon if wanted (`s-400-tr:48n6e3`)", required=True),
        Key("place", "text", "id of a place", required=True),
        Key("launchers", "integer", "launchers; the catalogue's when left out", high=10_000),
        *_UNIT_KEYS,
        Key("loading", "tables", "rounds; the catalogue's fit when left out", table=LOADING, default=[]),
    ),
    named_by="uid",
)
PACKAGE = Table(
    "Fire units of one system, set out by the laydown rule: one at each place, in the order of the places. The uid of "
    "a unit is `system@place`, a second one at a place `system@place-2`.",
    (
        Key("system", "text", "catalogue id, with a fit after a colon if wanted", required=True),
        Key("fire_units", "integer", "how many", required=True, low=1, high=200),
        Key("places", "texts", "places in order instead of the rule; the last one takes what is left", default=[]),
        Key("launchers", "integer", "launchers of the whole package; the catalogue's when left out", high=10_000),
        *_UNIT_KEYS,
        Key(
            "loading", "tables", "rounds of the whole package; catalogue's fit when left out", table=LOADING, default=[]
        ),
    ),
    named_by="system",
)
LAYDOWN = Table(
    "One way to place fire units; without any it stands for no air defence.",
    (
        Key("id", "uid", "name", required=True),
        Key("title", "text", "words for the reader", required=True),
        Key("short", "text", "two to four words for sentences; the id when left out", default=""),
        Key("reading", "text", "reading of a contract or variant of siting that it stands for", default=""),
        Key("network", "text", "id of a network; without one every unit stands alone", default=""),
        Key("offers", "texts", "ids of the offers that pay for it", default=[]),
        Key("package", "tables", "fire units set out by the laydown rule", table=PACKAGE, default=[]),
        Key("unit", "tables", "fire units set out one by one", table=UNIT, default=[]),
        _NOTE,
    ),
    named_by="id",
)
_LINKS = '`"none"`, `"same-system"`, `"all"`, or a list of `[from, to]` pairs of unit uids'
NETWORK = Table(
    "Who tells whom what.",
    (
        Key("id", "uid", "name used by laydowns", required=True),
        Key("title", "text", "words for the reader", required=True),
        Key("shares_track", "links", f"who gives its tracks to whom: {_LINKS}", default="none"),
        Key("coordinates_fire", "links", f"who tells whom what it has taken under fire: {_LINKS}", default="none"),
        Key("identifies_for", "links", f"who passes its identification to whom: {_LINKS}", default="none"),
        Key(
            "fires_on_shared_track",
            "links",
            "whose shared track serves whom for launch and guidance, of rounds that need no sight; counts where the "
            f"track is shared; a variant: nobody published it for these systems: {_LINKS}",
            default="none",
        ),
        Key(
            "latency",
            "spread",
            "time from a track to its arrival elsewhere",
            of=RAID_TIME,
            catalogue="network-latency",
        ),
        Key("outage", "spread", "share of time that a link is down", of=SHARE, catalogue="network-outage"),
    ),
    named_by="id",
)
ASSET = Table(
    "Something on the ground to be defended.",
    (
        Key("uid", "uid", "unique name", required=True),
        Key("name", "text", "name printed", required=True),
        Key("at", "position", "`[latitude, longitude]` in degrees", required=True),
        Key("population", "number", "residents", default=0, low=0.0),
        Key("weight", "number", "weight among the assets", default=1, low=0.0),
        _NOTE,
    ),
    named_by="uid",
)
WAVE = Table(
    "Targets of one class that follow one another and share their aims in turn. They come along `path`, or straight "
    "from `start_distance` away on `bearing`.",
    (
        Key("uid", "uid", "unique name; target i is `uid/i`", required=True),
        Key("target", "text", "catalogue id of the class", required=True),
        *_TIMES,
        Key("aim", "texts", "uids of assets or units, taken in turn", required=True),
        Key("path", "positions", "`[[latitude, longitude], …]`: way to the aim; a launch point for ballistic classes"),
        Key("bearing", "quantity", "where it comes from, seen from the aim, from north", of=BEARING),
        Key("start_distance", "quantity", "distance from the aim at the start", of=RANGE),
        *_HEIGHT,
        _SPEED,
        Key(
            "apogee",
            "quantity",
            "highest point of a ballistic arc; the class's when left out",
            of=APOGEE,
        ),
        Key(
            "release_range",
            "quantity",
            "distance from the aim at which it has done its work",
            of=RANGE,
            default="0 km",
        ),
    ),
    named_by="uid",
)
RAID = Table(
    "Waves that come together.",
    (
        Key("id", "uid", "name", required=True),
        Key("title", "text", "words for the reader", required=True),
        Key("reason", "text", "why this size and these ways: a raid is an assumption", default=""),
        Key("wave", "tables", "its waves", table=WAVE, required=True),
    ),
    named_by="id",
)
FRIENDLY = Table(
    "Friendly traffic in the air during a raid.",
    (
        Key("uid", "uid", "unique name; flight i is `uid/i`", required=True),
        Key("target", "text", "catalogue id of the class", required=True),
        *_TIMES,
        Key("path", "positions", "`[[latitude, longitude], …]`, two points or more", required=True),
        *_HEIGHT,
        _SPEED,
    ),
    named_by="uid",
)
PATTERN = Table(
    "Peacetime flights near a radar, for the exposure ledger.",
    (
        Key("uid", "uid", "unique name", required=True),
        Key("title", "text", "words for the reader", required=True),
        Key("targets", "texts", "catalogue ids of the classes that fly it", required=True),
        Key("path", "positions", "`[[latitude, longitude], …]`, two points or more", required=True),
        Key("flights_per_week", "spread", "how often it is flown", required=True, low=0.0, high=1e6),
        *_HEIGHT,
        _SPEED,
        _NOTE,
    ),
    named_by="uid",
)
DOCTRINE = Table(
    "Rules of fire.",
    (
        Key("firing", "choice", "rule for spending rounds", choices=get_args(Firing), default="shoot-look-shoot"),
        Key("salvo", "integer", "rounds fired at once", default=1, low=1, high=16),
        Key("max_shots", "integer", "most rounds one unit spends on one target", default=4, low=1, high=64),
        Key("assignment", "choice", "which unit and round", choices=get_args(Assignment), default="earliest"),
        Key("weapons_control", "choice", "what may be fired at", choices=get_args(WeaponsControl), default="tight"),
        Key(
            "assessment_delay",
            "spread",
            "time from an intercept to its outcome",
            of=RAID_TIME,
            catalogue="assessment-delay",
        ),
        Key(
            "identification_delay",
            "spread",
            "time from a confirmed track to its identification, of all classes but ballistic ones",
            of=RAID_TIME,
            by_class="identification_delay",
        ),
        Key(
            "identification_error_hostile",
            "spread",
            "probability that a foe is taken for a friend, all classes but ballistic ones",
            of=PROBABILITY,
            by_class="p_taken_for_friendly",
        ),
        Key(
            "identification_error_friendly",
            "spread",
            "probability that a friend is taken for a foe, unit alone",
            of=PROBABILITY,
            by_class="p_taken_for_hostile",
        ),
        Key(
            "identification_error_shared",
            "spread",
            "the same with a neighbour that identifies",
            of=PROBABILITY,
            by_class="p_taken_for_hostile_shared",
        ),
        Key(
            "friendly_reply",
            "spread",
            "probability that a friend answers and is understood",
            of=PROBABILITY,
            catalogue="friendly-iff",
        ),
        Key(
            "common_mode",
            "spread",
            "probability that all shots of one system at one wave fail together",
            of=PROBABILITY,
            catalogue="common-mode",
        ),
        Key("reserve", "quantity", "share of a magazine kept for ballistic targets", default="0 %", of=SHARE),
        Key("kill_probability", "spread", "replaces the catalogue's common prior, every class", of=PROBABILITY),
    ),
)
ENVIRONMENT = Table(
    "Weather, clutter and noise.",
    (
        Key("k", "spread", "effective-earth factor; the climate of each site when left out", of=K_FACTOR),
        Key("clutter", "spread", "flat loss to clutter", of=LOSS, catalogue="clutter-loss"),
        Key(
            "noise_rise",
            "spread",
            "rise of the receiver's noise",
            of=LOSS,
            default={"value": "0 dB", "reason": "no jamming unless a scenario gives it: ranges are upper bounds"},
        ),
        Key(
            "rain",
            "spread",
            "rain rate over the whole path",
            of=RAIN,
            default={"value": "0 mm/h", "reason": "dry weather unless a scenario gives rain"},
        ),
    ),
)
PAYMENT = Table(
    "One payment, or one statement about money paid.",
    (
        Key("kind", "choice", "what it is", choices=get_args(PaymentKind), required=True),
        Key("amount", "quantity", 'such as "1.125 bnUSD"', of=PRICE),
        Key("share", "quantity", "share of the price, instead of an amount", of=SHARE),
        Key("on", "date", "day"),
        Key("rate", "spread", "interest a year, of a credit", of=SHARE, catalogue="loan-interest"),
        Key("years", "spread", "years of level repayment, of a credit", low=1.0, high=100.0, catalogue="loan-years"),
        _SOURCE,
        _NOTE,
    ),
)
CLAUSE = Table(
    "One term of an offer.",
    (
        Key("text", "text", "what it says, in our words", required=True),
        Key("on", "date", "day"),
        _SOURCE,
    ),
)
OFFER = Table(
    "A package on offer.",
    (
        Key("id", "uid", "name", required=True),
        Key("title", "text", "words for the reader", required=True),
        Key("system", "text", "catalogue id of the system, or of the aircraft", required=True),
        Key("reading", "text", "reading of a disputed contract", default=""),
        Key("fire_units", "integer", "fire units", default=0, low=0),
        Key("launchers", "integer", "launchers", default=0, low=0),
        Key("rounds", "counts", "rounds by interceptor", default={}),
        Key("items", "counts", "everything else that the notice counts", default={}),
        Key("price", "quantity", 'such as "2.5 bnUSD"; left out: none was published', of=PRICE),
        Key("price_year", "integer", "year of the price", low=1950, high=2100),
        Key("price_basis", "text", "contract, notification ceiling, press figure", default=""),
        Key("contract_date", "date", "day of the contract; left out: none was signed"),
        Key("expires", "date", "day on which the offer lapsed"),
        Key("payment", "tables", "payments", table=PAYMENT, default=[]),
        Key("clause", "tables", "terms", table=CLAUSE, default=[]),
        _SOURCE,
        _NOTE,
    ),
    named_by="id",
)
DELIVERY = Table(
    "One delivery against an offer. The four dates are the states of its units; a state without a date was not "
    "promised, or is not reported.",
    (
        Key("uid", "uid", "unique name", required=True),
        Key("offer", "text", "id of the offer", required=True),
        Key("schedule", "choice", "whose calendar", choices=get_args(Schedule), required=True),
        Key("fire_units", "integer", "fire units in it", default=0, low=0),
        Key("launchers", "integer", "launchers in it", default=0, low=0),
        Key("rounds", "counts", "rounds by interceptor", default={}),
        Key(
            "items", "counts", "everything else in it, as the offer counts it; rounds of no known type too", default={}
        ),
        Key("delivered", "date", "day on which all of it had arrived"),
        Key("declared_ready", "date", "day on which it was declared ready"),
        Key("emplaced", "date", "day on which it stood in its position"),
        Key("on_alert", "date", "day from which it stood on alert"),
        Key("ordered", "date", "day from which a notional lead time counts"),
        Key(
            "lead_time",
            "spread",
            "time from the order to a notional delivery",
            of=DURATION,
            catalogue="patriot-lead-time",
        ),
        Key("ended", "date", "day on which the promise lapsed or was postponed without a date"),
        _SOURCE,
        _NOTE,
    ),
    named_by="uid",
)
SWEEP = Table(
    "One setting that runs through several values.",
    (
        Key("setting", "text", "address as `--set` takes it (`raid.swarm.count`)", required=True),
        Key("values", "values", "values in turn", required=True),
        Key("title", "text", "words for the axis", default=""),
    ),
)
STUDY = Table(
    "What is asked of the scenario.",
    (
        Key("question", "text", "the question in one sentence", default=""),
        Key("laydowns", "texts", "laydowns compared; all when left out", default=[]),
        Key("raids", "texts", "raids flown; all when left out", default=[]),
        Key("targets", "texts", "classes audited", default=[]),
        Key("heights", "quantities", "heights above ground", of=HEIGHT, default=[]),
        Key(
            "altitudes",
            "quantities",
            "altitudes above mean sea level",
            of=ALTITUDE,
            default=[],
        ),
        Key("first_month", "month", "first month of the timeline (`2017-01`)"),
        Key("last_month", "month", "last month of the timeline"),
        Key("sweep", "table", "one setting that runs through several values", table=SWEEP),
    ),
)
SCENARIO = Table(
    "A scenario file.",
    (
        Key("title", "text", "words for the reader", required=True),
        Key("declared", "texts", "sentences in which the file owns up to what it assumes", default=[]),
        Key("positions", "text", "what the positions of the places stand for; said with every map", default=""),
        Key("area", "table", "window on the map", table=AREA),
        Key("place", "tables", "sites", table=PLACE, default=[]),
        Key("laydown", "tables", "fire units at sites", table=LAYDOWN, required=True),
        Key("network", "tables", "who tells whom what", table=NETWORK, default=[]),
        Key("asset", "tables", "what is defended", table=ASSET, default=[]),
        Key("raid", "tables", "what comes", table=RAID, default=[]),
        Key("friendly", "tables", "friendly traffic", table=FRIENDLY, default=[]),
        Key("pattern", "tables", "flights of the exposure ledger", table=PATTERN, default=[]),
        Key("doctrine", "table", "rules of fire", table=DOCTRINE, default={}),
        Key("environment", "table", "weather and clutter", table=ENVIRONMENT, default={}),
        Key("offer", "tables", "packages on offer", table=OFFER, default=[]),
        Key("delivery", "tables", "deliveries", table=DELIVERY, default=[]),
        Key("study", "table", "what is asked", table=STUDY, default={}),
    ),
)


def sections(table: Table = SCENARIO, address: str = "") -> Iterator[tuple[str, Table]]:
    """Yield every table with its address, as the reference page and a header in a file write it.

    >>> [address for address, _ in sections()][:4]
    ['', '[area]', '[[place]]', '[[laydown]]']
    """
    yield address, table
    for key in table.keys:
        if key.table is not None:
            inner = f"{address.strip('[]')}.{key.name}".lstrip(".")
            yield from sections(key.table, f"[[{inner}]]" if key.kind == "tables" else f"[{inner}]")
