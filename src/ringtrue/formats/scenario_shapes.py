"""A scenario as shapes on a map: sites of its laydowns, advertised rings, assets, and the paths of its flights."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ringtrue.engagement.paths import fly_nominal
from ringtrue.finding import NOMINAL
from ringtrue.formats.audit_shapes import figure_rows, quoted
from ringtrue.formats.outlines import box_cells, check_pole, line, outline_km2, point, sectors
from ringtrue.formats.shapes import (
    ABOVE_GROUND,
    SEA_LEVEL,
    AssetShape,
    CoverShape,
    FigureShape,
    Layer,
    MapDocument,
    PathShape,
    RingShape,
    SiteShape,
)
from ringtrue.scenario.flights import friendly_flights, pattern_flights, raid_flights
from ringtrue.scenario.records import UNKNOWN_POSITION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from ringtrue.catalogue.records import Catalogue, Parameter
    from ringtrue.engagement.paths import Paths
    from ringtrue.geo.elevation import ElevationModel
    from ringtrue.scenario.flights import Flight
    from ringtrue.scenario.records import Laydown, Scenario, Unit

    FloatArray = NDArray[np.float64]

FRIENDLY, PATTERN = "friendly", "pattern"
RING_DEGREES = 360
OFFER_HEIGHTS_M = (100.0, 500.0, 3000.0, 10_000.0)
FLOWN = "scenario file; nominal speed and height of the class where the file gives none"


def scenario_map(
    scenario: Scenario,
    catalogue: Catalogue,
    model: ElevationModel,
    *,
    laydowns: Sequence[str],
    raids: Sequence[str],
    has_patterns: bool = False,
    covers: Iterable[CoverShape] = (),
    parameters: Iterable[Parameter] = (),
    about: dict[str, str] | None = None,
) -> MapDocument:
    """Return a scenario as layers of shapes.

    Parameters
    ----------
    laydowns, raids : sequence of str
        Which of the scenario.
    has_patterns : bool
        Whether the flights of its exposure patterns belong to it.
    covers, parameters
        What a study adds: where links hold, and the figures behind its answer.
    about : dict
        What is said beside the shapes, added to what is always said.

    Raises
    ------
    InputError
        A ring holds a pole, or a class is not in the catalogue.
    """
    shown = [scenario.laydown(name) for name in laydowns]
    positions = scenario.positions or UNKNOWN_POSITION
    flown = _flown(scenario, catalogue, model, shown, raids, has_patterns=has_patterns)
    rings = tuple(_ring(y, u, catalogue) for y in shown for u in y.units)
    layers = (
        Layer("sites", "Fire units", SiteShape, tuple(_sites(shown, catalogue, model, positions))),
        Layer("rings", "Advertised rings", RingShape, rings),
        Layer("cover", "Where each link holds, height by height", CoverShape, tuple(covers)),
        Layer("assets", "What is defended", AssetShape, tuple(_assets(scenario))),
        Layer("paths", "Paths of flights", PathShape, tuple(flown), has_altitude=True),
        Layer("figures", "Figures behind the shapes", FigureShape, figure_rows(parameters)),
    )
    said = {
        "says": scenario.study.question or scenario.title,
        "declared": " ".join(scenario.declared),
        "altitudes": SEA_LEVEL,
        "heights": ABOVE_GROUND,
        "positions": positions,
        "terrain": model.name,
        "catalogue": catalogue.content_hash,
        "scenario": scenario.content_hash,
        **(about or {}),
    }
    return MapDocument(scenario.title, {name: text for name, text in said.items() if text}, layers)


def system_id(unit: Unit) -> str:
    """Return system and fit of a unit as the command line names them."""
    return unit.system if unit.fit is None else f"{unit.system}:{unit.fit}"


def _ground_m(model: ElevationModel, latitude_deg: float, longitude_deg: float) -> float | None:
    altitude_m = float(model.sample(latitude_deg, longitude_deg))
    return None if np.isnan(altitude_m) else altitude_m


def _sites(
    laydowns: Sequence[Laydown], catalogue: Catalogue, model: ElevationModel, positions: str
) -> Iterator[SiteShape]:
    for laydown in laydowns:
        for unit in laydown.units:
            system = catalogue.systems[unit.system]
            yield SiteShape(
                laydown.id, unit.uid, system_id(unit), unit.place, unit.latitude_deg, unit.longitude_deg,
                _ground_m(model, unit.latitude_deg, unit.longitude_deg), unit.mast_height_m,
                float(np.degrees(unit.azimuth_rad)), system.advertised_range_m.nominal, positions,
                quoted(system.quote, system.quote_source), point(unit.latitude_deg, unit.longitude_deg),
            )  # fmt: skip


def _ring(laydown: Laydown, unit: Unit, catalogue: Catalogue) -> RingShape:
    system = catalogue.systems[unit.system]
    range_m = system.advertised_range_m.nominal
    check_pole(unit.latitude_deg, range_m, unit.uid)
    ring = sectors(unit.latitude_deg, unit.longitude_deg, [range_m] * RING_DEGREES)
    return RingShape(
        laydown.id, unit.uid, system_id(unit), "advertised", None, None, None, None, outline_km2(ring),
        quoted(system.quote, system.quote_source), ring,
    )  # fmt: skip


def _assets(scenario: Scenario) -> Iterator[AssetShape]:
    for asset in scenario.assets:
        yield AssetShape(
            asset.uid, asset.name, asset.latitude_deg, asset.longitude_deg, asset.population, asset.weight, asset.note,
            point(asset.latitude_deg, asset.longitude_deg),
        )  # fmt: skip


def _flown(
    scenario: Scenario,
    catalogue: Catalogue,
    model: ElevationModel,
    laydowns: Sequence[Laydown],
    raids: Sequence[str],
    *,
    has_patterns: bool,
) -> Iterator[PathShape]:
    groups = [(raid, raid_flights(scenario, raid)) for raid in raids]
    if raids:
        groups.append((FRIENDLY, friendly_flights(scenario)))
    if has_patterns:
        groups.append((PATTERN, tuple(_at_usual_height(f, catalogue) for f in pattern_flights(scenario))))
    first = next((unit for laydown in laydowns for unit in laydown.units), None)
    bare_m = (None if first is None else _ground_m(model, first.latitude_deg, first.longitude_deg)) or 0.0
    for name, flights in groups:
        if flights:
            yield from path_shapes(name, flights, fly_nominal(flights, catalogue.targets, model, bare_m))


def _at_usual_height(flight: Flight, catalogue: Catalogue) -> Flight:
    """A flight of a pattern as the exposure study flies it: at the usual height of its class above the ground."""
    if flight.height_m is not None or flight.altitude_m is not None:
        return flight
    return replace(flight, height_m=catalogue.targets[flight.target].usual_height_m.nominal)


def path_shapes(
    raid: str, flights: Sequence[Flight], paths: Paths, draw: int = NOMINAL, source: str = FLOWN
) -> Iterator[PathShape]:
    """Return the ways of flights, in the times of one draw."""
    for j, flight in enumerate(flights):
        altitude_m, time_s = paths.altitude_m[j], paths.time_s[draw, j]
        reference = "follows the ground" if paths.follows_ground[j] else "altitude above mean sea level"
        if flight.height_m is not None:
            reference = f"{flight.height_m:g} m above the ground below"
        elif flight.altitude_m is None and not paths.follows_ground[j] and np.ptp(altitude_m) > 1.0:
            reference = "ballistic arc, from and to sea level"
        if paths.is_clipped[j]:
            reference += "; sea level where the elevation model ends"
        track = np.column_stack([time_s, paths.longitude_deg[j], paths.latitude_deg[j], altitude_m])
        yield PathShape(
            raid, flight.uid, flight.target, flight.aim or None, reference, float(time_s[0]), float(time_s[-1]),
            float(altitude_m.min()), float(altitude_m.max()), source, track,
            line(paths.latitude_deg[j], paths.longitude_deg[j], altitude_m),
        )  # fmt: skip


def offer_covers(
    laydown: str, target: str, latitude_deg: FloatArray, longitude_deg: FloatArray, lowest_height_m: NDArray[np.float32]
) -> Iterator[CoverShape]:
    """Return where any unit of a laydown can engage a class at or below some heights, from a map of a comparison."""
    cell_m = float(longitude_deg[1] - longitude_deg[0]) * 111_320.0 * float(np.cos(np.radians(latitude_deg.mean())))
    for height_m in OFFER_HEIGHTS_M:
        holds = np.asarray(lowest_height_m <= height_m, dtype=np.bool_)
        if holds.any():
            outline = box_cells(holds, latitude_deg, longitude_deg)
            yield CoverShape(
                laydown, "all units", laydown, "engageable from this height", target, height_m, None,
                outline_km2(outline), cell_m, None, "computed by RingTrue; nominal case", outline,
            )  # fmt: skip
