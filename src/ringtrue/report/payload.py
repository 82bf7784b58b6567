"""What the script in the page reads; ``web/src/payload.ts`` is its twin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringtrue.report.audit_words import (
    DRAWN_LINKS,
    SHORT_LABELS,
    answered_rows,
    audited_heights_m,
    headline_height_m,
    headline_target,
    inputs_of,
    layer_targets,
    row_facts,
    site_words,
    target_words,
    where_words,
)
from ringtrue.report.basemap import basemap
from ringtrue.report.figures import labelled_cities, off_model, ring_shade, window_bounds_deg
from ringtrue.report.layers import (
    RasterBook,
    code_ceiling,
    code_lowest,
    code_shade,
    ladder_levels_m,
    mercator_window,
    warp_codes,
)
from ringtrue.report.style import LINK_COLOURS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringtrue.coverage.records import AuditResult

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


def audit_payload(results: Sequence[AuditResult]) -> dict[str, Any]:
    """Return the data of the map, the read-out and the chart.

    Rasters keep the cells of the audit's layers; if all of them together exceed the budget of the page they are made
    coarser, all alike.
    """
    heights = audited_heights_m(results)
    levels = ladder_levels_m(
        (layer.lowest_height_m for r in results for layer in r.layers if layer.link in DRAWN_LINKS), heights
    )
    for most_cells in WINDOW_CELLS:
        book = RasterBook()
        systems = [_system(result, levels, book, most_cells) for result in results]
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
        "levels_m": [float(v) for v in levels],
        "audited_heights_m": [h for h in heights if h in levels],
        "start": {
            "system": results[0].system_id,
            "target": headline_target(results[0]) or "",
            "height_m": headline_height_m(results[0]),
        },
        "targets": [{"id": t, "name": target_words(t, names)} for t in targets],
        "links": [{"id": k, "label": SHORT_LABELS[k], "colour": LINK_COLOURS[k]} for k in DRAWN_LINKS],
        "rasters": book.packed,
        "systems": systems,
        "basemap": basemap(window).as_geojson(),
    }


def _system(result: AuditResult, levels: Any, book: RasterBook, most_cells: int) -> dict[str, Any]:
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
            "height_m": row.height_m,
            "facts": [
                {"label": label, "text": text, "inputs": list(inputs_of(row, f)) if f is not None else []}
                for label, f, text in row_facts(row)
            ],
            "binds": row.binds,
        }
        for row in answered_rows(result.rows)
    ]
    words_of = {row.where: where_words(row) for row in result.rows}
    height_of = {row.where: row.height_m for row in result.rows}
    radius = [
        {
            "target": r.target_id,
            "link": r.link,
            "height": words_of.get(r.where, r.where),
            "height_m": height_of.get(r.where),
            "azimuth_deg": [round(a, 3) for a in r.azimuth_deg],
            "low_km": [round(v / 1000.0, 1) for v in r.low_m],
            "median_km": [round(v / 1000.0, 1) for v in r.median_m],
            "high_km": [round(v / 1000.0, 1) for v in r.high_m],
        }
        for r in result.radii
        if r.link in DRAWN_LINKS
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
    return {
        "id": result.system_id,
        "name": result.system_name,
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
