"""The records of a ring audit: what was asked, and the rows, layers and lists that answer it."""

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
    from ringtrue.sensing.deciding import Deciding

    FloatGrid = NDArray[np.float32]

Link = Literal["advertised", "seen_geometry", "seen", "tracked", "engageable"]
Heading = Literal["inbound", "outbound", "beam", "worst"]

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
    n_draws: int = 1000
    seed: int = 1
    threads: int | None = None
    declared: tuple[str, ...] = ()  # sentences that own up to how the question was read
    scenario_hash: str | None = None  # of the scenario that named the site; None: asked without a scenario


@dataclass(frozen=True, slots=True)
class CityShare:
    """A city and the share of draws in which the air above it is reached."""

    name: str
    country: str
    latitude_deg: float
    longitude_deg: float
    population: int
    share_of_draws: float


@dataclass(frozen=True, slots=True)
class DefendedRow:
    """People or one asset defended against one class: engagement finished before arrival or release."""

    release_range_m: float
    shots: int
    people_any_azimuth: Finding | None
    people_worst_azimuth: Finding | None
    resolvable: bool
    site_share: float | None = None  # share of draws and azimuths in which the site itself is defended; None: not asked
    site_worst_share: float | None = None  # share of draws in which it is defended from every azimuth


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One line of the audit: a system against a target at one height (or, for ballistic classes, its footprint).

    What is not defined is None, never 0: areas and shares of a ballistic class (its ``engageable_area_km2`` is the
    footprint from one azimuth), and everything of a target that would fly under the ground of the site, which ``note``
    says. Shares are of the part of the ring that the elevation model covers, ``covered_share`` of the whole.
    """

    system_id: str
    fit: str
    variant: dict[str, str]
    target_id: str
    heading: Heading
    height_m: float | None
    altitude_m: float | None
    terrain: str
    advertised_area_km2: float
    covered_share: float | None
    binds: str | None
    terrain_limited: bool
    seen_geometry_area_km2: Finding | None = None
    seen_area_km2: Finding | None = None
    seen_p90_area_km2: Finding | None = None
    seen_share: Finding | None = None
    tracked_area_km2: Finding | None = None
    tracked_p90_area_km2: Finding | None = None
    tracked_sector_area_km2: Finding | None = None
    engageable_area_km2: Finding | None = None
    engageable_sector_area_km2: Finding | None = None
    engageable_share: Finding | None = None
    people_under: Finding | None = None  # None: not resolvable, below four cells of the population raster
    people_by_country: dict[str, float] | None = None  # None where ``people_under`` is
    assumed_share: float | None = None  # None: too few draws to say, or an answer without a spread
    cities: tuple[CityShare, ...] | None = None
    defended: tuple[DefendedRow, ...] = ()
    warning_s: Finding | None = None
    footprint_area_km2: Finding | None = None
    footprint_worst_area_km2: Finding | None = None
    under_ground_share: float | None = None  # of the covered ring: the target would be under the ground there
    note: str = ""  # why the row is not answered

    @property
    def where(self) -> str:
        """Return the height as a table prints it, with its reference."""
        if self.height_m is not None:
            return f"{self.height_m:,.0f} m AGL"
        if self.altitude_m is not None:
            return f"{self.altitude_m:,.0f} m AMSL"
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


@dataclass(frozen=True)
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
    rows: tuple[AuditRow, ...]
    variant_rows: tuple[AuditRow, ...]
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
    notes: tuple[str, ...] = field(default=())
    target_names: dict[str, str] = field(default_factory=dict)  # target ID -> the name a report prints

    def to_xarray(self) -> xarray.Dataset:
        """Return the rows, then those of the variants, as arrays with named axes (row, quantile)."""
        return rows_to_xarray([*self.rows, *self.variant_rows])
