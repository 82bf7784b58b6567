"""What a map in another program shows: rows with a geometry each, in layers that say what they hold.

Positions are longitude, latitude on WGS 84 [degree]; a third coordinate is an altitude above mean sea level [m]. A row
is declared as the rows of an answer are (`ringtrue.answer`), so that unit and meaning of each column go into the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from ringtrue.answer import hidden, key, measure, words

if TYPE_CHECKING:
    from ringtrue.finding import Finding

SEA_LEVEL = "altitudes in metres above mean sea level, taken as the EGM96 geoid"
ABOVE_GROUND = "heights in metres above the ground below"


@dataclass(frozen=True, slots=True)
class SiteShape:
    """A fire unit at its place."""

    laydown: str | None = key("Laydown", "Null: an audit of one system.")
    unit: str = key("Fire unit")
    system: str = key("System", "Id in the catalogue, with a fit after a colon.")
    place: str = key("Place")
    latitude_deg: float = key("Latitude", unit="deg", places=6)
    longitude_deg: float = key("Longitude", unit="deg", places=6)
    ground_altitude_m: float | None = measure("m", "Altitude of the ground above mean sea level", places=1)
    mast_height_m: float | None = measure("m", "Height of the antenna above the ground", "Null: the catalogue's.")
    azimuth_deg: float | None = measure("deg", "Where sector radars look, from north", "Null: all around.", places=2)
    advertised_range_m: float = measure("m", "Advertised range", places=0)
    position: str = words("What the position stands for")
    source: str = words("Where the advertised range is printed")
    geometry: Any = hidden(default=None)


@dataclass(frozen=True, slots=True)
class RingShape:
    """A ring about a site: the advertised one, or how far a link reaches by azimuth."""

    laydown: str | None = key("Laydown", "Null: an audit of one system.")
    unit: str = key("Fire unit")
    system: str = key("System")
    ring: str = key("What the ring shows", "advertised, seen, tracked or engageable.")
    target: str | None = key("Target class", "Null: the ring names none.")
    height_m: float | None = key("Height of the target above the ground below", unit="m")
    altitude_m: float | None = key("Altitude of the target above mean sea level", unit="m")
    part_of_draws: float | None = measure(
        "1", "Part of the draws that reach less far", "At each azimuth by itself; null: as advertised.", places=2
    )
    outline_km2: float = measure("km2", "Area of the outline on the ellipsoid", "Not the interval of the whole area.")
    source: str = words("Where it comes from")
    geometry: Any = hidden(default=None)


@dataclass(frozen=True, slots=True)
class CoverShape:
    """Where a link holds for a class at one height: outlines of cells, nominal case."""

    laydown: str | None = key("Laydown", "Null: an audit of one system.")
    unit: str = key("Fire unit")
    system: str = key("System")
    link: str = key("Link", "seen_geometry: in line of sight; seen, tracked, engageable.")
    target: str = key("Target class")
    height_m: float | None = key("Height of the target above the ground below", unit="m")
    altitude_m: float | None = key("Altitude of the target above mean sea level", unit="m")
    outline_km2: float = measure(
        "km2", "Area of the outline on the ellipsoid",
        "Nominal case, whole cells, to a tenth beyond the ring; of an altitude to the ring.",
    )  # fmt: skip
    cell_m: float = measure("m", "Side of the cells", places=0)
    area_km2: Finding | None = measure(
        "km2", "Area that the study prints", "Null: of offers, whose maps join several units.", better="more"
    )
    source: str = words("Where it comes from")
    geometry: Any = hidden(default=None)


@dataclass(frozen=True, slots=True)
class WallShape:
    """A part of a circle about a site at the lowest altitude that a radar has in line of sight there."""

    unit: str = key("Fire unit")
    system: str = key("System")
    distance_m: float = key("Distance from the site", unit="m", places=0)
    lowest_m: float = measure("m", "Lowest altitude above mean sea level along this part", places=0)
    highest_m: float = measure("m", "Highest altitude above mean sea level along this part", places=0)
    source: str = words("Where it comes from")
    geometry: Any = hidden(default=None)


@dataclass(frozen=True, slots=True)
class AssetShape:
    """Something on the ground that is defended."""

    uid: str = key("Asset")
    name: str = key("Name")
    latitude_deg: float = key("Latitude", unit="deg", places=6)
    longitude_deg: float = key("Longitude", unit="deg", places=6)
    population: float = measure("people", "Residents", places=0)
    weight: float = measure("1", "Weight among the assets")
    note: str = words("Remark")
    geometry: Any = hidden(default=None)


@dataclass(frozen=True, slots=True)
class CityShape:
    """A city and the share of draws in which a class can be engaged above it."""

    system: str = key("System")
    target: str = key("Target class")
    height_m: float | None = key("Height of the target above the ground below", unit="m")
    altitude_m: float | None = key("Altitude of the target above mean sea level", unit="m")
    name: str = key("City")
    country: str = key("Country")
    latitude_deg: float = key("Latitude", unit="deg", places=4)
    longitude_deg: float = key("Longitude", unit="deg", places=4)
    population: int = measure("people", "Residents")
    share_of_draws: float = measure("1", "Share of draws in which the air above it is reached", places=4)
    geometry: Any = hidden(default=None)


@dataclass(frozen=True, slots=True)
class PathShape:
    """The way of one flight; its line has the altitude above mean sea level as third coordinate."""

    raid: str = key("Raid", "friendly: traffic beside every raid; pattern: a flight of the exposure study.")
    uid: str = key("Flight")
    target: str = key("Target class")
    aim: str | None = key("What it aims at", "Null: nothing.")
    height_reference: str = words("How its altitude comes about")
    starts_s: float = measure("s", "Start since the begin of the raid", places=1)
    ends_s: float = measure("s", "End since the begin of the raid", "Nominal speed.", places=1)
    lowest_m: float = measure("m", "Lowest altitude above mean sea level", places=1)
    highest_m: float = measure("m", "Highest altitude above mean sea level", places=1)
    source: str = words("Where it comes from")
    track: Any = hidden(default=None)  # (sample, 4) time [s], longitude, latitude [deg], altitude [m]
    geometry: Any = hidden(default=None)


@dataclass(frozen=True, slots=True)
class FigureShape:
    """A published or assumed figure behind the shapes; it has no geometry."""

    address: str = key("Address in the catalogue")
    label: str = words("What it is")
    low: float = measure("", "Low", "In the unit beside it.")
    nominal: float = measure("", "Nominal", "In the unit beside it.")
    high: float = measure("", "High", "In the unit beside it.")
    unit: str = words("Unit")
    origin: str = words("read, via, derived or assumed")
    source: str | None = words("Source", "Null: assumed.")
    geometry: Any = hidden(default=None)


class Layer(NamedTuple):
    """Rows of one kind: its name in a file, what it holds, whether its lines carry an altitude."""

    name: str
    title: str
    kind: type
    rows: tuple[Any, ...]
    has_altitude: bool = False


@dataclass(frozen=True)
class MapDocument:
    """Everything that a map in another program shows, and what is said beside it in every file."""

    title: str
    about: dict[str, str]
    layers: tuple[Layer, ...]

    def layer(self, name: str) -> tuple[Any, ...]:
        """Return the rows of a layer, none where there is no such layer."""
        return next((layer.rows for layer in self.layers if layer.name == name), ())
