"""The records of the catalogue.

One class, two leaf types: ``Radar[Parameter]`` is what a file says, ``Radar[FloatArray]`` is what a kernel reads, every
quantity an array with the axis (draw,).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from ringtrue.units import (
    ALTITUDE,
    APOGEE,
    COUNT,
    CROSS_SECTION,
    DURATION,
    ELEVATION,
    FREQUENCY,
    HEIGHT,
    MAST,
    PRICE,
    PROBABILITY,
    RANGE,
    SECTOR,
    SPEED,
    Sense,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

T = TypeVar("T")

ANOTHER_READING = "another reading, kept beside the figure that is used"
COUNTED_BY_SCENARIOS = "a scenario's laydowns, magazines and offers say how many"
PRICE_OF_OFFERS = "prices of packages are those of a scenario's offers"

Origin = Literal["read", "via", "derived", "assumed"]
Confidence = Literal["A", "B", "C", "none"]
Spread = Literal["split", "split-log", "uniform", "integer", "discrete", "fixed"]
TargetKind = Literal["aircraft", "cruise-missile", "drone", "ballistic"]
Aspect = Literal["nose", "side", "tail"]
ClauseEffect = Literal["offer-void", "aircraft-lost", "no-resale"]


def quantity(
    of: Sense,
    label: str,
    *,
    short: str = "",
    by_kind: str = "",
    on_record: str = "",
    named: str = "",
    usual: str = "",
    **default: Any,
) -> Any:
    """Declare a numeric field: what it is of, the words a table prints and, where those do not fit one, a sentence's.

    ``by_kind`` names the assumptions, ``assumption.<by_kind>-<kind>``, one of which a target class takes that gives no
    figure of its own; ``usual`` the address of the figure that stands in for one left out, or a key of the record.
    ``on_record`` says why no answer reads the field. ``named``: of a table of figures, the name of one of them.
    ``default`` goes to `dataclasses.field`.
    """
    short = short or label[:1].lower() + label[1:]
    metadata = {
        "of": of, "label": label, "short": short, "by_kind": by_kind, "on_record": on_record, "named": named,
        "usual": usual,
    }  # fmt: skip
    return field(metadata=metadata, **default)


def said(text: str, example: str, **default: Any) -> Any:
    """Declare a field that is no figure: what it means, and what a file could have in it (the right side of ``=``)."""
    return field(metadata={"text": text, "example": example}, **default)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure was read."""

    id: str
    title: str = said("Title of the document", '"Brochure of the system"')
    publisher: str = said("Who published it", '"The maker"')
    date: str = said("Day, month or year of it, or 'undated'", '"2026"')
    address: str = said("Where it can be read: a web address, or words", '"https://example.org/brochure"')
    kind: Literal["official", "manufacturer", "research", "press", "estimate"] = said(
        "What kind of source it is", '"manufacturer"'
    )


@dataclass(frozen=True, slots=True)
class Parameter:
    """One published quantity in SI, with its spread and where it came from.

    ``id`` is the dotted address in the catalogue (``radar.91n6e.reference_range``); ``printed`` the figure and unit as
    the file has them; ``group`` names quantities that are drawn together; ``estimated`` marks a third party's estimate;
    ``by_hand`` names those of low, nominal and high that no source prints, though the others were read;
    ``also`` lists further sources that print the same figure; ``inputs`` the addresses a derived value was worked out
    from; ``copied_from`` the address of the entry it repeats; ``label`` holds the words a report prints; ``locator``
    says where in the source the figure stands and ``paraphrase`` what it says there, both written when the source was
    read again; ``unread`` says why it could not be; ``on_record`` says why no answer reads the figure.
    """

    id: str
    low: float
    nominal: float
    high: float
    si: str
    printed: str
    spread: Spread
    source: str | None
    origin: Origin
    confidence: Confidence
    estimated: bool = False
    note: str = ""
    group: str = ""
    also: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    copied_from: str = ""
    label: str = ""
    by_hand: tuple[str, ...] = ()
    locator: str = ""
    paraphrase: str = ""
    unread: str = ""
    on_record: str = ""

    def __post_init__(self) -> None:
        if not self.low <= self.nominal <= self.high:
            msg = f"low <= nominal <= high does not hold: {self.low}, {self.nominal}, {self.high}"
            raise ValueError(msg)
        if (self.origin == "assumed") != (self.confidence == "none"):
            msg = f"an assumed value has confidence 'none', and only such a value: {self.origin}, {self.confidence}"
            raise ValueError(msg)

    @property
    def rests_on_assumption(self) -> bool:
        """Whether nobody published all of it as a fact: assumed here, in part or whole, or a third party's estimate."""
        return self.origin == "assumed" or self.estimated or bool(self.by_hand)


@dataclass(frozen=True)
class Radar(Generic[T]):
    """A ground radar as published."""

    id: str
    name: str = said("Name that a report prints", '"My radar"')
    role: Literal["acquisition", "engagement", "multifunction"] = said(
        "What it does: finds, guides to the target, or both", '"multifunction"'
    )
    band: str = said("Letter of its band, which picks the target's cross-section", '"X"')
    swerling_case: int = said("How the target's echo fluctuates: Swerling case 0 to 4", "1")
    frequency_hz: T = quantity(FREQUENCY, "Carrier frequency")
    reference_range_m: T = quantity(RANGE, "Range at which the reference target is detected", short="reference range")
    reference_rcs_m2: T = quantity(
        CROSS_SECTION, "Cross-section at which the range is quoted", short="reference cross-section"
    )
    reference_p_detect: T = quantity(PROBABILITY, "Detection probability of the reference range")
    reference_p_false: T = quantity(PROBABILITY, "False alarm probability of the reference range")
    instrumented_range_m: T = quantity(RANGE, "Instrumented range")
    sector_rad: T = quantity(SECTOR, "Width of the sector in azimuth", short="sector")
    slew_s: T = quantity(DURATION, "Time to turn the sector to another azimuth", short="slew time")
    min_elevation_rad: T = quantity(ELEVATION, "Lowest beam elevation")
    max_elevation_rad: T = quantity(ELEVATION, "Highest beam elevation")
    antenna_height_m: T = quantity(MAST, "Antenna height above ground")
    scan_period_s: T = quantity(DURATION, "Time between two looks", short="look period")
    search_frame_s: T = quantity(
        DURATION, "Time to search its volume once, uncued", short="search frame", usual="scan_period"
    )
    decorrelation_s: T = quantity(
        DURATION,
        "Time after which another look is a new one",
        short="decorrelation time",
        usual="assumption.decorrelation-time",
    )
    tracks: T = quantity(
        COUNT, "Targets tracked at once", short="tracks", on_record="fire channels and guided missiles bind before it"
    )
    fire_channels: T = quantity(
        COUNT, "Targets engaged at once", short="fire channels", on_record="the fire unit's own figure counts"
    )
    missiles_guided: T = quantity(COUNT, "Missiles guided at once", on_record="the fire unit's own figure counts")
    confirm_hits: int = said("Looks that must see a target for a track", "2", default=2)
    confirm_scans: int = said("Last looks of which so many must see it", "3", default=3)
    masts_m: dict[str, float] = field(
        default_factory=dict,
        metadata={"of": MAST, "text": "Antenna height above ground of each variant, m", "example": '{ "mast" = 25 }'},
    )


@dataclass(frozen=True)
class Envelope(Generic[T]):
    """Where an interceptor can meet a target of one kind."""

    interceptor: str  # whose envelope it is
    kind: TargetKind
    min_range_m: T = quantity(RANGE, "Least range")
    max_range_m: T = quantity(RANGE, "Greatest range")
    min_altitude_m: T = quantity(HEIGHT, "Least height of the target above ground", short="floor")
    max_altitude_m: T = quantity(ALTITUDE, "Greatest altitude of the target", short="ceiling")
    max_target_speed_mps: T = quantity(SPEED, "Fastest target")
    p_kill: T = quantity(
        PROBABILITY,
        "Single-shot kill probability, published guess (variant 'published')",
        short="published kill probability",
    )
    rival_max_range_m: dict[str, T] = quantity(
        RANGE, "Greatest range, rival statement", on_record=ANOTHER_READING, default_factory=dict
    )
    rival_max_altitude_m: dict[str, T] = quantity(
        ALTITUDE, "Greatest altitude, rival statement", on_record=ANOTHER_READING, default_factory=dict
    )


@dataclass(frozen=True)
class Interceptor(Generic[T]):
    """A surface-to-air missile as published; envelopes by target kind."""

    id: str
    name: str = said("Name that a report prints", '"My missile"')
    needs_sight: bool = said("Whether the radar must see the target until the end", "true")
    envelopes: dict[str, Envelope[T]] = said(  # by TargetKind
        "Where it can meet a target of each kind; a kind that is missing cannot be engaged",
        '{ aircraft = { same_as = "interceptor.amraam.envelope.aircraft" } }',
    )
    mean_speed_mps: T = quantity(SPEED, "Mean speed to the distance below", short="mean speed")
    mean_speed_range_m: T = quantity(
        RANGE, "Distance the mean speed belongs to", short="distance behind the mean speed"
    )
    price_usd: T = quantity(PRICE, "Price of one round", short="price")
    needs_sight_reason: str = said(
        "Why needs_sight stands as it does, where no source states it", '"no source read"', default=""
    )


@dataclass(frozen=True)
class Launcher(Generic[T]):
    """A launcher: rounds by interceptor it can carry (as alternatives), and its reload time."""

    id: str
    name: str = said("Name that a report prints", '"My launcher"')
    rounds: dict[str, T] = quantity(COUNT, "Rounds on one launcher, by interceptor", named="amraam")
    reload_s: T = quantity(DURATION, "Time to reload one launcher", short="reload time")


@dataclass(frozen=True)
class FireUnit(Generic[T]):
    """What fights as one: an engagement radar, its launchers, a command post."""

    id: str
    name: str = said("Name that a report prints", '"My fire unit"')
    organisation: str = said("The country's word for it: battery, division (a battalion)", '"battery"')
    acquisition_radar: str | None = said("Id of the radar that finds, where it is another one", '"sentinel"')
    engagement_radar: str = said("Id of the radar that guides", '"sentinel"')
    launcher: str = said("Id of the launcher", '"nasams-launcher"')
    fits: dict[str, dict[str, float]] = said(
        "Missile fits by name: the share of launchers that carry each interceptor, adding up to 1",
        "{ amraam = { amraam = 1.0 } }",
    )
    default_fit: str = said("Fit that is taken where none is named", '"amraam"')
    launchers: T = quantity(COUNT, "Launchers")
    fire_channels: T = quantity(COUNT, "Targets engaged at once", short="fire channels")
    missiles_in_flight: T = quantity(COUNT, "Missiles guided at once")
    reaction_s: T = quantity(DURATION, "Time from confirmed track to launch", short="reaction time")
    deploy_s: T = quantity(
        DURATION,
        "Time from march to readiness, without mast",
        short="deployment time",
        on_record="no answer moves a unit while it counts",
    )
    price_usd: T = quantity(PRICE, "Price of one fire unit", short="price", on_record=PRICE_OF_OFFERS)
    crew: T = quantity(COUNT, "Crew", on_record="no answer counts people of the crew")
    rival_price_usd: dict[str, T] = quantity(
        PRICE, "Price, another reading", on_record=ANOTHER_READING, default_factory=dict
    )


@dataclass(frozen=True)
class System(Generic[T]):
    """What the command line calls a system: an ID, a formation of fire units and the ring it is advertised with."""

    id: str
    name: str = said("Name that a report prints", '"My system"')
    country: str = said("Country or countries that make it", '"nowhere"')
    fire_unit: str = said("Id of its fire unit", '"nasams-battery"')
    organisation: str = said("What one package of it is called", '"one battery"')
    fit: str = said("Fit of the system as it is named without a colon", '"amraam"')
    fits: tuple[str, ...] = said("Fits that can be named behind a colon", '["amraam"]')
    quote: str = said("Words of the maker or the press that the ring is drawn from", '"range 40 km"')
    quote_source: str = said("Key of the source of the quote", '"Q06"')
    advertised_range_m: T = quantity(RANGE, "Advertised range")
    fire_units: T = quantity(COUNT, "Fire units in the formation", on_record=COUNTED_BY_SCENARIOS)
    price_usd: T = quantity(PRICE, "Price of the formation", short="package price", on_record=PRICE_OF_OFFERS)
    rival_fire_units: dict[str, T] = quantity(
        COUNT, "Fire units, another reading", on_record=ANOTHER_READING, default_factory=dict
    )
    rival_price_usd: dict[str, T] = quantity(
        PRICE, "Price, another reading", on_record=ANOTHER_READING, default_factory=dict
    )
    interceptors: dict[str, T] = quantity(
        COUNT, "Rounds in the package", on_record=COUNTED_BY_SCENARIOS, default_factory=dict
    )  # empty: what the launchers hold


@dataclass(frozen=True)
class TargetClass(Generic[T]):
    """A class of target.

    ``rcs_m2[band][aspect]``; the draw is one dB offset per class common to bands and aspects plus a smaller independent
    one. Bands: "S", "X", "C", "L", "UHF", "VHF"; a band that is missing takes the nearest one given, and the
    record's ``rcs`` says so. How long it takes to tell what a track is, and how often the answer is wrong, belongs to
    the class: a ballistic arc tells itself, an aircraft is asked. ``p_taken_for_friendly`` is the error about a hostile
    target, the other two that about a friend, by a unit alone and by one that a neighbour identifies for.
    """

    id: str
    name: str = said("Name that a report prints", '"My target"')
    kind: TargetKind = said("Kind of target, which picks envelope and identification", '"drone"')
    swerling_case: int = said("How its echo fluctuates: Swerling case 0 to 4", "1")
    rcs_m2: dict[str, dict[str, T]] = quantity(CROSS_SECTION, "Radar cross-section", named="X.nose")
    speed_mps: T = quantity(SPEED, "Speed")
    usual_height_m: T = quantity(HEIGHT, "Usual height")
    price_usd: T = quantity(PRICE, "Price of one", short="price")
    identification_delay_s: T = quantity(
        DURATION,
        "Time from a confirmed track to its identification",
        short="identification delay",
        by_kind="identification-delay",
    )
    p_taken_for_friendly: T = quantity(
        PROBABILITY,
        "Probability that a foe is taken for a friend",
        short="chance of being taken for a friend",
        by_kind="identification-error-hostile",
    )
    p_taken_for_hostile: T = quantity(
        PROBABILITY,
        "Probability that a friend is taken for a foe, by a unit alone",
        short="chance of being taken for a foe by a unit alone",
        by_kind="identification-error-friendly",
    )
    p_taken_for_hostile_shared: T = quantity(
        PROBABILITY,
        "Probability that a friend is taken for a foe, with a neighbour that identifies",
        short="chance of being taken for a foe with a neighbour that identifies",
        by_kind="identification-error-shared",
    )
    apogee_m: T | None = quantity(APOGEE, "Apogee", default=None)
    range_m: T | None = quantity(RANGE, "Range", default=None)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that was said or that happened, with its date and its sources; never drawn.

    ``date`` is ISO ("2017-04-11", "2016-11") or "undated"; ``topic`` sorts the deal's timeline, what the reports said,
    the firing record, the points on which sources disagree, misprints, and what was not found.
    """

    id: str
    topic: Literal["deal", "report", "engagement-record", "disagreement", "misprint", "gap"] = said(
        "What it belongs to", '"deal"'
    )
    date: str = said("Day or month it was said or happened, or 'undated'", '"2026-03-01"')
    text: str = said("What was said or happened, in our words", '"The contract was signed."')
    sources: tuple[str, ...] = said("Keys of the sources that say so", '["Q06"]')


@dataclass(frozen=True, slots=True)
class Clause:
    """A term that somebody says an offer carries, and what it would change were it to hold; a claim, never drawn.

    ``place`` says where in the first source it stands; ``held_with`` names the systems beside which it comes into
    force. An offer is void (`offer-void`), aircraft are lost (`aircraft-lost`: ``aircraft``, ``price`` and ``paid`` are
    the addresses of the statements that count them; price and payment are those of the first count of aircraft, rival
    counts follow it), or what was bought may not go to another country (`no-resale`).
    """

    id: str
    text: str = said("The term, in our words", '"No resale to third countries."')
    place: str = said("Where in the first source it stands", '"p. 3"')
    date: str = said("Day or month on which it is claimed", '"2026-03"')
    effect: ClauseEffect = said("What it would change were it to hold", '"no-resale"')
    sources: tuple[str, ...] = said("Keys of the sources that claim it", '["Q06"]')
    held_with: tuple[str, ...] = said("Ids of the systems beside which it comes into force", '["s-400-tr"]', default=())
    aircraft: tuple[str, ...] = said(
        "Addresses of the statements that count the aircraft, rival counts after the first",
        '["statement.my-aircraft"]', default=(),
    )  # fmt: skip
    price: str = said("Address of the statement with the price of the first count", '"statement.my-price"', default="")
    paid: str = said("Address of the statement with what was paid already", '"statement.my-payment"', default="")

    @property
    def statements(self) -> tuple[str, ...]:
        """Addresses of the statements that it counts by."""
        return tuple(address for address in (*self.aircraft, self.price, self.paid) if address)


@dataclass(frozen=True)
class Catalogue:
    """Everything that the files of a catalogue say, by ID."""

    sources: dict[str, Source]
    radars: dict[str, Radar[Parameter]]
    interceptors: dict[str, Interceptor[Parameter]]
    launchers: dict[str, Launcher[Parameter]]
    fire_units: dict[str, FireUnit[Parameter]]
    systems: dict[str, System[Parameter]]
    targets: dict[str, TargetClass[Parameter]]
    assumptions: dict[str, Parameter]  # model-wide: kill-probability prior by kind, terrain doubt, k of places ...
    statements: dict[str, Parameter]  # rival or unused printed figures, kept with their source, never drawn
    content_hash: str
    facts: dict[str, Fact] = field(default_factory=dict)
    clauses: dict[str, Clause] = field(default_factory=dict)

    def with_(self, figures: Mapping[str, Any] | None = None, /, **more: Any) -> Catalogue:
        """Return the catalogue with other figures at some addresses; this one stays as it is.

        Parameters
        ----------
        figures : mapping, optional
            Address to a text with its unit, a number in SI, or (low, nominal, high) of them (`change.with_figures`).
        **more
            The same by keyword: ``catalogue.with_(**{"radar.92n6e.reference_range": "150 km"})``.

        Raises
        ------
        InputError
            An address that is not there, a text that is no such quantity.

        Examples
        --------
        >>> from ringtrue.catalogue.load import load_catalogue
        >>> changed = load_catalogue().with_({"radar.92n6e.reference_range": "150 km"})
        >>> changed.radars["92n6e"].reference_range_m.nominal
        150000.0
        """
        from ringtrue.catalogue.change import with_figures

        return with_figures(
            self, {**figures, **more} if isinstance(figures, dict) else more if figures is None else figures
        )

    def sources_of(self, parameters: Iterable[Parameter]) -> dict[str, Source]:
        """Return the sources that parameters name, by their key."""
        return {p.source: self.sources[p.source] for p in parameters if p.source in self.sources}
