"""An audit as shapes on a map: sites, rings, cover by height, walls of the lowest altitude in sight, cities."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.coverage.layers import LADDER_M
from ringtrue.formats.outlines import cells, check_pole, line, outline_km2, point, sectors
from ringtrue.formats.shapes import (
    ABOVE_GROUND,
    SEA_LEVEL,
    CityShape,
    CoverShape,
    FigureShape,
    Layer,
    MapDocument,
    RingShape,
    SiteShape,
    WallShape,
)
from ringtrue.geo import geodesy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from ringtrue.catalogue.records import Parameter
    from ringtrue.coverage.records import AuditResult, CoverageRow, LayerRaster

    FloatArray = NDArray[np.float64]
    FloatGrid = NDArray[np.float32]

ENDS = {"low": 0.05, "median": 0.5, "high": 0.95}
WALLS_TO_RING = 8
WALL_STEP_DEG = 1.0
COMPUTED = "computed by RingTrue; the figures behind it stand in the layer 'figures'"


def audit_map(results: Sequence[AuditResult]) -> MapDocument:
    """Return audits as layers of shapes.

    Raises
    ------
    InputError
        A ring holds a pole.
    """
    for result in results:
        check_pole(result.question.latitude_deg, result.advertised_range_m, result.system_id)
    names = unit_names(results)
    asked = list(zip(names, results, strict=True))
    behind = figure_rows(p for result in results for p in result.parameters)
    first = results[0]
    systems = ", ".join(dict.fromkeys(result.system_name for result in results))
    about = {
        "says": "Where published figures let a system see, track and engage; an upper bound, no forecast.",
        "altitudes": SEA_LEVEL,
        "heights": ABOVE_GROUND,
        "positions": " ".join(dict.fromkeys(result.question.positions for result in results)),
        "terrain": first.terrain_name,
        "seed": str(first.seed),
        "draws": f"{first.n_draws}",
        "catalogue": first.catalogue_hash,
        **_left_out(results),
    }
    layers = (
        Layer("sites", "Fire units", SiteShape, tuple(_site(*one) for one in asked)),
        Layer("rings", "Advertised rings, and how far each link reaches by azimuth", RingShape, tuple(_rings(asked))),
        Layer("cover", "Where each link holds, height by height", CoverShape, tuple(_covers(asked))),
        Layer(
            "walls", "Lowest altitude in line of sight, on circles about a site", WallShape, tuple(_walls(asked)),
            has_altitude=True,
        ),
        Layer("cities", "Cities whose air is reached in some draw", CityShape, tuple(_cities(results))),
        Layer("figures", "Figures behind the shapes", FigureShape, behind),
    )  # fmt: skip
    return MapDocument(f"Ring audit of {systems}", about, layers)


def _left_out(results: Sequence[AuditResult]) -> dict[str, str]:
    """Say which rows of the audits have no cover, and why."""
    said: dict[str, None] = {}
    for result in results:
        for row in result.rows:
            layers = [one for one in result.layers if one.target_id == row.target and one.link != "advertised"]
            if row.note is not None:
                said[f"{result.system_id}, {row.target}: {row.note}"] = None
            elif any(holds_at(layer, result, row) is None for layer in layers):
                said[
                    f"{result.system_id}, {row.target} at {row.where}: maps end {LADDER_M[-1]:,.0f} m above ground"
                ] = None
        said |= {
            f"{row.system}, {row.target}: a footprint has an area and no outline": None for row in result.footprints
        }
    return {"left out": "; ".join(said)} if said else {}


def unit_names(results: Sequence[AuditResult]) -> list[str]:
    """Return a name for each audited unit: the system, numbered where it is asked at several places."""
    ids = [result.system_id for result in results]
    return [f"{name}-{ids[:i].count(name) + 1}" if ids.count(name) > 1 else name for i, name in enumerate(ids)]


def figure_rows(parameters: Iterable[Parameter]) -> tuple[FigureShape, ...]:
    """Return the figures behind an answer, each once."""
    return tuple(
        FigureShape(p.id, p.label, p.low, p.nominal, p.high, p.si, p.origin, p.source)
        for p in {p.id: p for p in parameters}.values()
    )


def _site(unit: str, result: AuditResult) -> SiteShape:
    question = result.question
    return SiteShape(
        None, unit, result.system_id, result.place_name, question.latitude_deg, question.longitude_deg,
        result.site_altitude_m, question.mast_m, question.azimuth_deg, result.advertised_range_m, question.positions,
        quoted(result.quote, result.quote_source), point(question.latitude_deg, question.longitude_deg),
    )  # fmt: skip


def quoted(quote: str, source: str) -> str:
    """Return a quote and the key of its source."""
    return f"“{quote}” [{source}]" if source else f"“{quote}”"


def _rings(asked: Sequence[tuple[str, AuditResult]]) -> Iterator[RingShape]:
    for unit, result in asked:
        site = result.question.latitude_deg, result.question.longitude_deg
        ring = sectors(*site, [result.advertised_range_m] * 360)
        source = quoted(result.quote, result.quote_source)
        yield RingShape(
            None, unit, result.system_id, "advertised", None, None, None, None, outline_km2(ring), source, ring
        )
        rows = {(row.target, row.where): row for row in result.rows}
        for one in result.radii:
            row = rows[one.target_id, one.where]
            for end, share in ENDS.items():
                radius_m: tuple[float, ...] = getattr(one, f"{end}_m")
                if max(radius_m) <= 0.0:
                    continue
                reach = sectors(*site, radius_m)
                yield RingShape(
                    None, unit, result.system_id, one.link, one.target_id, row.height_m, row.altitude_m, share,
                    outline_km2(reach), COMPUTED, reach,
                )  # fmt: skip


def _covers(asked: Sequence[tuple[str, AuditResult]]) -> Iterator[CoverShape]:
    for unit, result in asked:
        site = result.question.latitude_deg, result.question.longitude_deg
        for row in result.rows:
            if row.note is not None:
                continue
            for layer in result.layers:
                if layer.target_id != row.target or layer.link == "advertised":
                    continue
                holds = holds_at(layer, result, row)
                if holds is None or not holds.any():
                    continue
                outline = cells(holds, layer.cell_m, *site)
                yield CoverShape(
                    None, unit, result.system_id, layer.link, row.target, row.height_m, row.altitude_m,
                    outline_km2(outline), layer.cell_m, getattr(row, f"{layer.link}_area_km2"), COMPUTED, outline,
                )  # fmt: skip


def holds_at(layer: LayerRaster, result: AuditResult, row: CoverageRow) -> NDArray[np.bool_] | None:
    """Return the cells (row, column) in which a link holds at the level of a row; None: above the ladder of heights.

    A height above ground is one for all cells; an altitude has another height above ground in each, and none where the
    ground is not known.
    """
    ground_m = ground_of(layer, result)
    height_m = row.height_m if row.altitude_m is None else row.altitude_m - ground_m
    assert height_m is not None
    if np.nanmax(height_m) > LADDER_M[-1]:
        return None
    return np.asarray((layer.lowest_height_m <= height_m) & (layer.ceiling_height_m >= height_m), dtype=np.bool_)


def ground_of(layer: LayerRaster, result: AuditResult) -> FloatGrid:
    """Return the altitude of the ground on the cells of a layer [m], nan beyond the ring and off the model."""
    found: FloatGrid = np.full(layer.lowest_height_m.shape, np.nan, dtype=np.float32)
    margin = (found.shape[0] - result.ground_altitude_m.shape[0]) // 2
    inner = slice(margin, found.shape[0] - margin)
    found[inner, inner] = result.ground_altitude_m
    return found


class Circle(NamedTuple):
    """Places on a circle about a site, from north and closed, and the lowest altitude in sight there; nan: none."""

    distance_m: float
    latitude_deg: FloatArray
    longitude_deg: FloatArray
    altitude_m: FloatArray


def sight_circles(result: AuditResult) -> tuple[Circle, ...]:
    """Return circles in eighths of the advertised ring with the lowest altitude in line of sight, nominal case.

    Heights are steps of the ladder of the maps, so that an altitude is high by at most a third of its height above
    ground.
    """
    layer = next((one for one in result.layers if one.link == "seen_geometry"), None)
    if layer is None:
        return ()
    lowest_m = layer.lowest_height_m + ground_of(layer, result)
    azimuth = np.radians(np.arange(0.0, 360.0 + WALL_STEP_DEG, WALL_STEP_DEG))
    middle = lowest_m.shape[0] // 2
    circles = []
    for part in range(1, WALLS_TO_RING + 1):
        distance_m = result.advertised_range_m * part / WALLS_TO_RING
        row = middle - np.round(distance_m * np.cos(azimuth) / layer.cell_m).astype(int)
        column = middle + np.round(distance_m * np.sin(azimuth) / layer.cell_m).astype(int)
        at = geodesy.direct(result.question.latitude_deg, result.question.longitude_deg, azimuth, distance_m)
        circles.append(
            Circle(
                distance_m, np.asarray(at.latitude_deg), np.asarray(at.longitude_deg),
                lowest_m[row, column].astype(np.float64),
            )
        )  # fmt: skip
    return tuple(circles)


def _walls(asked: Sequence[tuple[str, AuditResult]]) -> Iterator[WallShape]:
    """Parts of circles along which something is in sight; no wall stands where nothing is."""
    for unit, result in asked:
        for circle in sight_circles(result):
            is_known = np.isfinite(circle.altitude_m)
            edges = np.flatnonzero(np.diff(np.concatenate([[0], is_known, [0]])))
            for first, end in edges.reshape(-1, 2):
                if end - first < 2:
                    continue
                part = slice(first, end)
                altitude_m = circle.altitude_m[part]
                yield WallShape(
                    unit, result.system_id, circle.distance_m, float(altitude_m.min()), float(altitude_m.max()),
                    COMPUTED, line(circle.latitude_deg[part], circle.longitude_deg[part], altitude_m),
                )  # fmt: skip


def _cities(results: Sequence[AuditResult]) -> Iterator[CityShape]:
    for result in results:
        for row in result.rows:
            for city in row.cities or ():
                if city.share_of_draws > 0.0:
                    yield CityShape(
                        result.system_id, row.target, row.height_m, row.altitude_m, city.name, city.country,
                        city.latitude_deg, city.longitude_deg, city.population, city.share_of_draws,
                        point(city.latitude_deg, city.longitude_deg),
                    )  # fmt: skip
