"""The records of a ring audit: what was asked, and the rows, layers and lists that answer it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from ringtrue.answer import key, measure, sampling, table, words
from ringtrue.scenario.records import UNKNOWN_POSITION
from ringtrue.sensing.deciding import assumed_measure

if TYPE_CHECKING:
    import numpy as np
    import pandas
    import xarray
    from numpy.typing import NDArray

    from ringtrue.answer import Answer
    from ringtrue.catalogue.records import Parameter, Source
    from ringtrue.finding import Finding
    from ringtrue.sensing.deciding import Deciding

    FloatGrid = NDArray[np.float32]

Link = Literal["advertised", "seen_geometry", "seen", "tracked", "engageable"]
Heading = Literal["inbound", "outbound", "beam", "worst"]
NOT_RESOLVABLE = "not resolvable"
MEAN_COURSE = (
    "Met before arrival or release. These may be more than live below engageable airspace: an attacker is met on its "
    "way, over others."
)

LINKS: tuple[Link, ...] = ("advertised", "seen_geometry", "seen", "tracked", "engageable")
LINK_LABELS: dict[Link, str] = {
    "advertised": "Advertised ring",
    "seen_geometry": "In line of sight of the search radar",
    "seen": "Seen by the search radar",
    "tracked": "Tracked by the fire-control radar",
    "engageable": "Can be engaged",
}


@dataclass(frozen=True, slots=True)
class AuditQuestion:
    """What a user asks of one system at one place."""

    system_id: str
    latitude_deg: float
    longitude_deg: float
    targets: tuple[str, ...]
    heights_m: tuple[float, ...]
    altitudes_m: tuple[float, ...]
    heading: Heading = "inbound"
    azimuth_deg: float | None = None
    mast_m: float | None = None
    k_factor: float | None = None
    site_radius_m: float | None = None
    declared: tuple[str, ...] = ()  # sentences that own up to how the question was read
    scenario_hash: str | None = None  # of the scenario that named the site; None: asked without a scenario
    positions: str = UNKNOWN_POSITION  # what the position of the site stands for: said with every map


@dataclass(frozen=True, slots=True)
class CityShare:
    """A city and the share of draws in which the air above it is reached."""

    name: str = key("City")
    country: str = key("Country")
    latitude_deg: float = key("Latitude", unit="deg", places=4)
    longitude_deg: float = key("Longitude", unit="deg", places=4)
    population: int = measure("people", "Residents")
    share_of_draws: float = measure("1", "Share of draws in which the air above it is reached", places=4)


@dataclass(frozen=True, slots=True)
class DefendedRow:
    """People and the site itself defended against one class: engagement finished before arrival or release."""

    release_range_m: float = key("Release range", "0: on arrival.", unit="m")
    shots: int = key("Engagements to be finished by then")
    resolvable: bool = words("Whether the population raster can tell", "False below four of its cells.")
    site_defended_share: float | None = measure(
        "1", "Share of draws and courses in which the site itself is defended", "Null: not asked.", better="more",
        places=4, form="percent", heads={"terminal_people": "site held"}, default=None,
    )  # fmt: skip
    site_defended_from_every_azimuth_share: float | None = measure(
        "1", "Share of draws in which the site is defended from every azimuth", "Null: not asked.", better="more",
        places=4, form="percent", heads={"terminal_people": "all round"}, default=None,
    )  # fmt: skip
    people_worst_course: Finding | None = measure(
        "people", "Residents defended, worst course", "Met before arrival or release from whatever azimuth.",
        better="more", digits=2, form="people", none=NOT_RESOLVABLE,
        heads={"defended": "From the worst", "terminal_people": "defended"}, default=None,
    )  # fmt: skip
    people_mean_course: Finding | None = measure(
        "people", "Residents defended, mean over courses",
        f"{MEAN_COURSE} Places within the longest reach of the interceptors are counted.",
        better="more", digits=2, form="people", none=NOT_RESOLVABLE, heads={"defended": "Mean over azimuths"},
        default=None,
    )  # fmt: skip


def _area(label: str, meaning: str, **heads: str) -> Any:
    return measure("km2", label, meaning, better="more", heads=heads, default=None)


def _share_of_ring(label: str, meaning: str, **heads: str) -> Any:
    return measure("1", label, meaning, better="more", form="percent", heads=heads, default=None)


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One line of the audit: a system against a target at one height.

    What is not defined is None, never 0: everything of a target that would fly under the ground of the site, which
    ``note`` says. Shares are of the part of the ring that the elevation model covers, ``covered_share`` of the whole.
    The heads name the tables that print a measure: ``terminal``, and of the page ``numbers`` and ``strict``,
    ``variants``, and the facts beside the ``map``; ``…_covered`` where the model covers part of the ring only.
    """

    system: str = key("System")
    fit: str = key("Interceptors it is fitted with")
    variant: dict[str, str] = key("What is other than asked", "Mast, weather, place: never pooled.")
    target: str = key("Target class")
    heading: Heading = key("Course of the target relative to the site")
    height_m: float | None = key("Height above the ground below", unit="m")
    altitude_m: float | None = key("Altitude above mean sea level", unit="m")
    terrain: str = key("Elevation model")
    advertised_area_km2: float = measure("km2", "Area of the advertised ring", places=1)
    covered_share: float = measure("1", "Share of the ring that the elevation model covers", places=4)
    under_ground_share: float = measure(
        "1", "Share of the covered ring in which the target would be under the ground", places=4
    )
    note: str | None = words("Why the row is not answered", default=None)
    binds: str | None = words("What ends the engageable area in most azimuths", "Nominal case.", default=None)
    terrain_limited: bool = words(
        "Whether the elevation model is too coarse for the height", "Ridges are flattened: the area is likely smaller.",
        default=False,
    )  # fmt: skip
    seen_geometry_area_km2: Finding | None = _area(
        "Area in line of sight", "Of the acquisition radar, inside its instrumented range and elevation limits.",
        terminal="in sight", numbers="In line of sight", variants="In line of sight",
        map="In line of sight, whatever its echo",
    )  # fmt: skip
    seen_area_km2: Finding | None = _area(
        "Area seen", "A track is confirmed by then with probability 0.5.", terminal="seen", numbers="Seen",
        variants="Seen", map="Seen by the search radar",
    )  # fmt: skip
    seen_p90_area_km2: Finding | None = _area(
        "Area seen with probability 0.9", "A track is confirmed by then.", strict="Seen with probability 0.9"
    )
    seen_share: Finding | None = _share_of_ring("Share of the ring seen", "Of the covered part, probability 0.5.")
    tracked_area_km2: Finding | None = _area(
        "Area tracked", "The engagement radar has a track with probability 0.5, turned to any azimuth.",
        terminal="tracked", numbers="Tracked, any azimuth", variants="Tracked",
        map="Tracked, radar turned to any azimuth",
    )  # fmt: skip
    tracked_p90_area_km2: Finding | None = _area(
        "Area tracked with probability 0.9", "Turned to any azimuth.", strict="Tracked with probability 0.9",
        map="Tracked with probability 0.9", terminal_note="Tracked with probability 0.9 (above: 0.5)",
    )  # fmt: skip
    tracked_sector_area_km2: Finding | None = _area(
        "Area tracked in one sector", "The radar faces the azimuth asked for.", strict="Tracked in one sector"
    )
    engageable_area_km2: Finding | None = _area(
        "Area that can be engaged", "Where an intercept can happen.", terminal="engageable", numbers="Can be engaged",
        variants="Can be engaged", map="Can be engaged",
    )  # fmt: skip
    engageable_sector_area_km2: Finding | None = _area(
        "Area that can be engaged in one sector", "The radar faces the azimuth asked for.",
        strict="Engaged in that sector",
    )  # fmt: skip
    engageable_share: Finding | None = _share_of_ring(
        "Share of the advertised ring that can be engaged", "Of the covered part.", terminal="of the ring",
        terminal_covered="covered ring", numbers="Share of the ring", numbers_covered="Share of the ring, covered part",
        variants="Share of the ring", map="Share of the advertised ring",
        map_covered="Share of the advertised ring, covered part",
    )  # fmt: skip
    people_under: Finding | None = measure(
        "people", "Residents below engageable airspace", "Not protected; null below four raster cells.",
        digits=2, form="people", none=NOT_RESOLVABLE,
        heads={"numbers": "People under", "map": "People under engageable airspace", "terminal_people": "people under"},
        default=None,
    )  # fmt: skip
    people_by_country: dict[str, float] | None = measure(
        "people", "Residents below engageable airspace by country", "Nominal case.", digits=2, form="text",
        heads={"strict": "People under, by country"}, default=None,
    )  # fmt: skip
    warning_s: Finding | None = measure(
        "s", "Warning time at the site", "Arrival less first track, mean over 120 courses; null: never tracked.",
        better="more", default=None, heads={"defended": "Warning at the site, s", "terminal_people": "warning, s"},
    )  # fmt: skip
    defended: tuple[DefendedRow, ...] | None = table(
        "People and site defended, by release range", "Null: not asked.", default=None
    )
    assumed_share: float | None = assumed_measure(
        "the engageable area", "Null: too few draws to say, or no spread.",
        heads={"strict": "Part of the doubt that is assumed"},
        default=None,
    )  # fmt: skip
    sampling: tuple[str, ...] = sampling()
    cities: tuple[CityShare, ...] | None = table(
        "Cities whose air is reached in some draw", "Null: not asked.", default=None
    )

    @property
    def where(self) -> str:
        """Return the height as a table prints it, with its reference."""
        return f"{self.height_m:,.0f} m AGL" if self.height_m is not None else f"{self.altitude_m:,.0f} m AMSL"


@dataclass(frozen=True, slots=True)
class FootprintRow:
    """The ground that a system covers against one ballistic class, whose arc has no height."""

    system: str = key("System")
    fit: str = key("Interceptors it is fitted with")
    variant: dict[str, str] = key("What is other than asked", "Mast, weather, place: never pooled.")
    target: str = key("Target class")
    terrain: str = key("Ground")
    advertised_area_km2: float = measure("km2", "Area of the advertised ring", places=1)
    binds: str = words("What limits the footprint", "Nominal case.")
    footprint_area_km2: Finding = measure(
        "km2", "Footprint", "Ground points whose arc is met inside the envelope, arcs coming from one azimuth.",
        better="more", heads={"terminal": "footprint", "footprints": "From one azimuth"},
    )  # fmt: skip
    footprint_worst_area_km2: Finding = measure(
        "km2", "Footprint from the worst azimuth", "Points whose arc is met from every azimuth.", better="more",
        heads={"terminal": "worst azimuth", "footprints": "From the worst azimuth"},
    )  # fmt: skip
    assumed_share: float | None = assumed_measure(
        "the footprint", "Null: too few draws to say, or no spread.", default=None
    )

    @property
    def where(self) -> str:
        """Return what stands in place of a height."""
        return "ballistic arc"


@dataclass(frozen=True, slots=True)
class LayerRaster:
    """Lowest height (and ceiling) at which a link holds, nominal draw, on the site's azimuthal-equidistant grid."""

    system_id: str
    target_id: str
    link: Link
    cell_m: float
    lowest_height_m: FloatGrid  # (row, column), above ground, nan: at no height
    ceiling_height_m: FloatGrid


@dataclass(frozen=True, slots=True)
class AzimuthRadius:
    """Radius by azimuth: the clean sector that holds the same area; 5 %, 50 %, 95 % over draws."""

    target_id: str
    where: str
    link: Link
    azimuth_deg: tuple[float, ...]
    low_m: tuple[float, ...]
    median_m: tuple[float, ...]
    high_m: tuple[float, ...]


@dataclass(frozen=True, repr=False)
class AuditResult:
    """The whole answer for one system at one place."""

    question: AuditQuestion
    system_id: str
    system_name: str
    quote: str
    quote_source: str
    advertised_range_m: float
    place_name: str
    site_altitude_m: float
    terrain_name: str
    k_text: str
    mast_text: str
    rows: tuple[CoverageRow, ...]
    footprints: tuple[FootprintRow, ...]
    variant_rows: tuple[CoverageRow, ...]
    layers: tuple[LayerRaster, ...]
    ground_cell_m: float
    ground_altitude_m: FloatGrid  # (row, column) of the same extent, for terrain shading; nan outside the model
    radii: tuple[AzimuthRadius, ...]
    parameters: tuple[Parameter, ...]
    sources: dict[str, Source]
    assumed_share: float | None
    deciding: Deciding  # sensing.deciding: name or None, shares, sentence
    deciding_row: str  # the row whose spread is meant
    limits: tuple[str, ...]
    answer: str
    catalogue_hash: str
    n_draws: int
    seed: int
    notes: tuple[str, ...] = field(default=())
    target_names: dict[str, str] = field(default_factory=dict)  # target ID -> the name a report prints

    def __repr__(self) -> str:
        return repr(self._answer())

    def _repr_html_(self) -> str:
        """Return the answer and the head of its rows, for a notebook's cell."""
        return self._answer()._repr_html_()

    def to_dataframe(self, kind: str = "rows") -> pandas.DataFrame:
        """Return one kind of row as a pandas table: rows, footprints, variants, rows.cities, rows.defended."""
        return self._answer().to_dataframe(kind)

    def to_xarray(self, kind: str = "rows") -> xarray.Dataset:
        """Return one kind of row as arrays with named axes (row, quantile): rows, footprints, variants."""
        return self._answer().to_xarray(kind)

    def _answer(self) -> Answer:
        from ringtrue.coverage.output import audit_answer

        return audit_answer([self])
