"""Several audited systems beside one another: a colour for each, and one map of their outlines, level by level."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from ringtrue.formats.audit_shapes import holds_at
from ringtrue.formats.outlines import cells
from ringtrue.geo import geodesy
from ringtrue.report.audit_words import (
    finding_words,
    headline_height_m,
    headline_target,
    layer_of,
    position_words,
    system_sources,
    target_words,
    unit_words,
    where_words,
)
from ringtrue.report.basemap import basemap
from ringtrue.report.drawing import Drawing
from ringtrue.report.figures import SiteWindow, draw_cities, site_forward, window_bounds_deg
from ringtrue.report.map_marks import lake_marks, land_marks, line_marks
from ringtrue.report.page import Mark, Panel, Panels, PanelSet, Picture
from ringtrue.report.style import SEA, SERIES, ink_on, three_digits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from ringtrue.coverage.records import AuditResult, CoverageRow
    from ringtrue.report.basemap import Basemap

    Level = tuple[str, str]
    Outlined = dict[int, tuple[AuditResult, CoverageRow, BaseGeometry]]

SIDE_IN = 6.4
MOST_LEVELS = 12  # that a switch without a script offers
SMALL = 0.35  # of the window: outlines that reach less far are enlarged
TINT, RING_DASH = 0.14, (1.5, 3.0)
FINEST_PT = 1.4  # of the last outline; each before it is wider by as much, so that lines on one another all show
COARSEST_IN = 0.012  # an outline is drawn to this [inch]


def system_marks(results: Sequence[AuditResult]) -> tuple[Mark, ...]:
    """Return a mark for each system in the order asked, of colours that all kinds of colour vision tell apart."""
    colours = [SERIES[i % len(SERIES)] for i in range(len(results))]
    return tuple(Mark(colour, str(i), ink_on(colour)) for i, colour in enumerate(colours, start=1))


def outline_maps(results: Sequence[AuditResult], names: Sequence[str]) -> Panels | None:
    """Return one map of the outlines of what each system can engage, a set for each class and level; None: no level.

    Where the outlines are small against the rings they stand enlarged beside them.

    Parameters
    ----------
    names : sequence of str
        Names of the audited units (`audit_shapes.unit_names`), in the order of ``results``.
    """
    levels = _levels(results)
    found = {level: _outlined(results, level) for level in levels[:MOST_LEVELS]}
    drawn = {level: outlined for level, outlined in found.items() if outlined}
    if not drawn:
        return None
    far = _window(results)
    reach_m = {level: _reach_m(far, outlined) for level, outlined in drawn.items()}
    small = {level: m for level, m in reach_m.items() if 0.0 < m < SMALL * far.limit_m}
    windows = {"far": far}
    if small:
        windows["near"] = SiteWindow(far.result, 0.0, 0.0, SIDE_IN, 1.12 * max(small.values()))
    labels = [unit_words(name, result) for name, result in zip(names, results, strict=True)]
    marks = system_marks(results)
    sets = []
    for level, outlined in drawn.items():
        title = _level_words(outlined)
        told = "; ".join(f"{marks[i].text}  {labels[i]}: {_area_words(row)}" for i, (_, row, _) in outlined.items())
        panels = [
            Panel(
                f"{windows[name].limit_m / 1e3:.0f} km to each side",
                _picture(windows[name], name, outlined, marks, f"Map: where each system can engage {title}; {told}"),
                told,
            )
            for name in (("near", "far") if level in small else ("far",))
        ]
        sets.append(PanelSet(title, title, tuple(panels)))
    left_out = ""
    if len(levels) > MOST_LEVELS:
        left_out = f" The other {len(levels) - MOST_LEVELS} levels stand in the table, and on the moving map."
    return Panels(
        heading="Side by side: where each system can engage",
        switch="Target and height",
        sets=tuple(sets),
        legend=tuple((mark.colour, f"{mark.text}  {label}") for mark, label in zip(marks, labels, strict=True)),
        caption="Full line: where the system can engage, middle value of every figure, cell by cell; dotted circle: "
        f"its advertised ring. Where colours lie on one another both can engage.{left_out} {position_words(results)} "
        "Distances from the site are true.",
        sources=(
            "terrain: " + ", ".join(sorted({f"{r.terrain_name}, k {r.k_text}" for r in results})),
            _ground(far).credit,
            "cities: GeoNames",
            *map(system_sources, results),
        ),
        shared={
            f"{part}-{name}": draw(window, results).svg()
            for name, window in windows.items()
            for part, draw in (("ground", _under), ("lines", _over))
        },
    )


def _outlined(results: Sequence[AuditResult], level: Level) -> Outlined:
    """Return by the place of a system in the list its result, row and outline at a level, where it has a map of it."""
    found: Outlined = {}
    for i, result in enumerate(results):
        row = next((row for row in result.rows if (row.target, row.where) == level), None)
        outline = None if row is None else _outline(result, row)
        if row is not None and outline is not None:
            found[i] = result, row, outline
    return found


def _reach_m(window: SiteWindow, outlined: Outlined) -> float:
    """Return how far from the middle of the window the outlines go, north, south, east or west [m]."""
    edges = [
        abs(edge - middle) / window.per_m
        for _, _, outline in outlined.values()
        if not outline.is_empty
        for edge, middle in zip(window.placed(outline).bounds, (*window.middle_in, *window.middle_in), strict=True)
    ]
    return max(edges, default=0.0)


def _level_words(outlined: Outlined) -> str:
    result, row, _ = next(iter(outlined.values()))
    return f"{target_words(row.target, result.target_names)} at {where_words(row)}"


def _area_words(row: CoverageRow) -> str:
    found = row.engageable_area_km2
    return "nothing" if found is None else finding_words(found, three_digits, "km²")


def _picture(window: SiteWindow, name: str, outlined: Outlined, marks: Sequence[Mark], alt: str) -> Picture:
    drawing = Drawing(SIDE_IN, SIDE_IN, ground="")
    for i, (result, _, outline) in outlined.items():
        _draw(drawing, window.placed(outline), marks[i].colour, FINEST_PT * (len(marks) - i))
        x, y = _at(window, result)
        drawing.disc(
            x, y, window.per_m * result.advertised_range_m, "", edge=marks[i].colour, edge_width_pt=1.6, dash=RING_DASH
        )
    return Picture(alt, layers=(f"ground-{name}", drawing.svg(), f"lines-{name}"), size=(SIDE_IN, SIDE_IN))


def _levels(results: Sequence[AuditResult]) -> list[Level]:
    """Return class and level of every row, the headline first."""
    found = dict.fromkeys((row.target, row.where) for r in results for row in r.rows if row.note is None)
    first = (headline_target(results[0]), headline_height_m(results[0]))
    of_headline = {(row.target, row.where) for row in results[0].rows if (row.target, row.height_m) == first}
    return sorted(found, key=lambda level: level not in of_headline)


def _window(results: Sequence[AuditResult]) -> SiteWindow:
    """Return the square about the site of the widest ring that holds every advertised ring."""
    widest = max(results, key=lambda result: result.advertised_range_m)
    site = widest.question
    reach_m = [
        r.advertised_range_m
        + float(
            geodesy.inverse(
                site.latitude_deg, site.longitude_deg, r.question.latitude_deg, r.question.longitude_deg
            ).distance_m
        )
        for r in results
    ]
    return SiteWindow(widest, 0.0, 0.0, SIDE_IN, 1.06 * max(reach_m))


def _ground(window: SiteWindow) -> Basemap:
    site = window.result.question
    return basemap(window_bounds_deg(site.latitude_deg, site.longitude_deg, window.limit_m))


def _under(window: SiteWindow, results: Sequence[AuditResult]) -> Drawing:
    drawing = Drawing(SIDE_IN, SIDE_IN, ground="")
    drawing.box(0.0, 0.0, SIDE_IN, SIDE_IN, SEA)
    land_marks(drawing, _ground(window), window.placed)
    lake_marks(drawing, _ground(window), window.placed)
    return drawing


def _over(window: SiteWindow, results: Sequence[AuditResult]) -> Drawing:
    drawing = Drawing(SIDE_IN, SIDE_IN, ground="")
    line_marks(drawing, _ground(window), window.placed)
    draw_cities(drawing, window)
    for result in results:
        x, y = _at(window, result)
        drawing.disc(x, y, 0.055, "#ffffff", edge="#111111", edge_width_pt=1.8)
    return drawing


def _at(window: SiteWindow, result: AuditResult) -> tuple[float, float]:
    site = window.result.question
    east, north = site_forward(site.latitude_deg, site.longitude_deg)(
        result.question.longitude_deg, result.question.latitude_deg
    )
    return window.at(east, north)


def _outline(result: AuditResult, row: CoverageRow) -> BaseGeometry | None:
    """Return the outline of what can be engaged at a row [deg]; None where no map holds it."""
    layer = None if row.note is not None else layer_of(result, row.target, "engageable")
    holds = None if layer is None else holds_at(layer, result, row)
    if holds is None or layer is None:
        return None
    if not holds.any():
        return shapely.MultiPolygon()
    return cells(holds, layer.cell_m, result.question.latitude_deg, result.question.longitude_deg)


def _draw(drawing: Drawing, outline: BaseGeometry, colour: str, width_pt: float) -> None:
    drawn = shapely.simplify(outline, COARSEST_IN)
    rings = [
        np.asarray(ring.coords)
        for part in shapely.get_parts(drawn)
        if part.geom_type == "Polygon" and not part.is_empty
        for ring in (part.exterior, *part.interiors)
    ]
    drawing.area(rings, colour, alpha=TINT)
    for ring in rings:
        drawing.line(ring[:, 0], ring[:, 1], "#ffffff", width_pt + 1.2, alpha=0.7, is_round=True)
    for ring in rings:
        drawing.line(ring[:, 0], ring[:, 1], colour, width_pt, is_round=True)
