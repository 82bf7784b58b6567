"""What the script in the page reads; ``web/src/payload.ts`` is its twin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ringtrue import __version__
from ringtrue.formats.audit_shapes import unit_names
from ringtrue.report.audit_words import (
    DRAWN_LINKS,
    SHORT_LABELS,
    answered_rows,
    audited_altitudes_m,
    audited_heights_m,
    covered_share,
    headline_target,
    inputs_of,
    layer_targets,
    map_height_m,
    publisher_words,
    ring_quote,
    row_facts,
    site_words,
    target_words,
    unit_words,
    where_words,
)
from ringtrue.report.basemap import basemap
from ringtrue.report.figures import labelled_cities, off_model, ring_basemap, ring_shade, window_bounds_deg
from ringtrue.report.layers import (
    HIGHEST_LEVEL_M,
    LOWEST_LEVEL_M,
    RasterBook,
    code_ceiling,
    code_ground,
    code_lowest,
    code_shade,
    ladder_levels_m,
    mercator_window,
    row_areas_km2,
    warp_codes,
)
from ringtrue.report.style import LINK_COLOURS, sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ringtrue.coverage.records import AuditResult, CoverageRow

RASTER_BUDGET_BYTES = 2_100_000
WINDOW_CELLS = (560, 440, 340, 260, 200)
N_CITIES = 40


def ring_lon_lat(latitude_deg: float, longitude_deg: float, radius_m: float) -> list[list[float]]:
    """Return the geodesic circle of ``radius_m`` [m] as longitude, latitude [deg], closed, a point every 2°."""
    from pyproj import Geod

    azimuths = [2.0 * i for i in range(180)] + [0.0]
    n = len(azimuths)
    longitude, latitude, _ = Geod(ellps="WGS84").fwd([longitude_deg] * n, [latitude_deg] * n, azimuths, [radius_m] * n)
    return [[round(a, 5), round(b, 5)] for a, b in zip(longitude, latitude, strict=True)]


def level_key(row: CoverageRow) -> str:
    """Return the level of a row as the page writes it: ``ground:100`` or ``sea:3000``."""
    level = _level(row)
    return f"{level['reference']}:{level['value_m']:g}"


def _level(row: CoverageRow) -> dict[str, Any]:
    if row.height_m is not None:
        return {"reference": "ground", "value_m": float(row.height_m)}
    return {"reference": "sea", "value_m": float(row.altitude_m or 0.0)}


def _areas_km2(row: CoverageRow) -> dict[str, list[float]]:
    """Return low, median and high of the area of each drawn link, for the chart."""
    found = {link: getattr(row, f"{link}_area_km2") for link in DRAWN_LINKS}
    return {link: [round(v, 1) for v in (f.low, f.median, f.high)] for link, f in found.items() if f is not None}


def _covered_km2(result: AuditResult) -> float:
    """Return the area of the advertised ring that the elevation model covers [km²]."""
    whole_km2 = float(np.pi) * (result.advertised_range_m / 1000.0) ** 2
    covered = covered_share(result)
    return whole_km2 * (1.0 if covered is None else covered)


def audit_payload(results: Sequence[AuditResult]) -> dict[str, Any]:
    """Return the data of the map, the read-out and the chart.

    Rasters keep the cells of the audit's layers; if all of them together exceed the budget of the page they are made
    coarser, all alike.
    """
    heights = audited_heights_m(results)
    levels = ladder_levels_m(
        (layer.lowest_height_m for r in results for layer in r.layers if layer.link in DRAWN_LINKS), heights
    )
    altitudes = audited_altitudes_m(results)
    units = list(zip(unit_names(results), results, strict=True))
    for most_cells in WINDOW_CELLS:
        book = RasterBook()
        systems = [_system(name, result, levels, book, most_cells, bool(altitudes)) for name, result in units]
        if book.n_bytes <= RASTER_BUDGET_BYTES:
            break
    bounds = [
        window_bounds_deg(r.question.latitude_deg, r.question.longitude_deg, 1.6 * r.advertised_range_m)
        for r in results
    ]
    window = (
        min(b[0] for b in bounds),
        min(b[1] for b in bounds),
        max(b[2] for b in bounds),
        max(b[3] for b in bounds),
    )
    targets = list(dict.fromkeys(t for r in results for t in layer_targets(r)))
    names = {k: v for r in results for k, v in r.target_names.items()}
    return {
        "program": f"Computed with RingTrue {__version__}",
        "credits": f"{sentence(ring_basemap(results[0]).credit)} Cities: GeoNames. Web Mercator.",
        "levels_m": [float(v) for v in levels],
        "altitudes_m": sorted({*map(float, levels), *on_map(altitudes)}) if altitudes else [],
        "audited": {"ground": on_map(heights), "sea": on_map(altitudes)},
        "start": {
            "system": units[0][0],
            "target": headline_target(results[0]) or "",
            "reference": "ground",
            "value_m": map_height_m(results[0]),
        },
        "targets": [{"id": t, "name": target_words(t, names)} for t in targets],
        "links": [{"id": k, "label": SHORT_LABELS[k], "colour": LINK_COLOURS[k]} for k in DRAWN_LINKS],
        "rasters": book.packed,
        "systems": systems,
        "basemap": basemap(window).as_geojson(),
    }


def on_map(levels_m: Iterable[float]) -> list[float]:
    """Return those of heights or altitudes [m] that the map can show."""
    return [float(level_m) for level_m in levels_m if LOWEST_LEVEL_M <= level_m <= HIGHEST_LEVEL_M]


def _system(
    name: str, result: AuditResult, levels: Any, book: RasterBook, most_cells: int, has_altitudes: bool
) -> dict[str, Any]:
    question = result.question
    ground = result.ground_altitude_m
    half_width_m = 0.5 * result.ground_cell_m * ground.shape[0]
    cell_m = min([result.ground_cell_m, *(layer.cell_m for layer in result.layers)])
    window = mercator_window(question.latitude_deg, question.longitude_deg, half_width_m, cell_m, most_cells)
    shade = code_shade(ring_shade(result), off_model(result))
    layers = [
        {
            "target": layer.target_id,
            "link": layer.link,
            "lowest": book.add(warp_codes(code_lowest(layer.lowest_height_m, levels), layer.cell_m, window)),
            "ceiling": book.add(warp_codes(code_ceiling(layer.ceiling_height_m, levels), layer.cell_m, window)),
        }
        for layer in result.layers
        if layer.link in DRAWN_LINKS
    ]
    rows = [
        {
            "target": row.target,
            "height": where_words(row),
            **_level(row),
            "facts": [
                {
                    "measure": measure,
                    "label": label,
                    "text": text,
                    "inputs": list(inputs_of(row, f)) if f is not None else [],
                }
                for measure, label, f, text in row_facts(row)
            ],
            "areas_km2": _areas_km2(row),
            "binds": row.binds,
        }
        for row in answered_rows(result.rows)
    ]
    row_of = {row.where: row for row in result.rows}
    radius = [
        {
            "target": r.target_id,
            "link": r.link,
            "height": where_words(row_of[r.where]),
            **_level(row_of[r.where]),
            "azimuth_deg": [round(a, 3) for a in r.azimuth_deg],
            "low_km": [round(v / 1000.0, 1) for v in r.low_m],
            "median_km": [round(v / 1000.0, 1) for v in r.median_m],
            "high_km": [round(v / 1000.0, 1) for v in r.high_m],
        }
        for r in result.radii
        if r.link in DRAWN_LINKS and r.where in row_of
    ]
    cities = [
        {
            "name": c.name,
            "longitude_deg": round(c.longitude_deg, 4),
            "latitude_deg": round(c.latitude_deg, 4),
            "population": c.population,
        }
        for c in labelled_cities(result)[:N_CITIES]
    ]
    ground_codes, low_m, step_m = code_ground(ground)
    raster = book.add(warp_codes(ground_codes, result.ground_cell_m, window)) if has_altitudes else None
    return {
        "id": name,
        "name": unit_words(name, result),
        "place": result.place_name,
        "positions": question.positions,
        "origin": f"{sentence(publisher_words(result))} Advertised ring: {ring_quote(result)}. Terrain: "
        f"{result.terrain_name}, k {result.k_text}; antenna: {result.mast_text}.",
        "covered_km2": round(_covered_km2(result), 1),
        "row_km2": [float(f"{km2:.6g}") for km2 in row_areas_km2(window)],
        "ground": None if raster is None else {"raster": raster, "low_m": low_m, "step_m": step_m},
        "site": {
            "name": site_words(result),
            "latitude_deg": question.latitude_deg,
            "longitude_deg": question.longitude_deg,
        },
        "advertised_km": result.advertised_range_m / 1000.0,
        "ring": ring_lon_lat(question.latitude_deg, question.longitude_deg, result.advertised_range_m),
        "width": window.width,
        "height": window.height,
        "corners": window.corners,
        "hillshade": book.add(warp_codes(shade, result.ground_cell_m, window)),
        "layers": layers,
        "rows": rows,
        "radius": radius,
        "cities": cities,
    }
