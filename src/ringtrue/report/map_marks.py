"""Land, water, borders and cities as marks of a drawing: what the small maps and the printed map share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ringtrue.report.style import LAND, SEA

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from ringtrue.report.basemap import Basemap
    from ringtrue.report.drawing import Drawing

    Placed = Callable[[BaseGeometry], BaseGeometry]

COAST, BORDER, CITY = "#6d8794", "#555555", "#111111"
BORDER_DASH = (2.6, 1.2)


def land_marks(drawing: Drawing, ground: Basemap, placed: Placed) -> None:
    """Fill the land; ``placed`` takes longitude and latitude [deg] to inches of the drawing, cut to the map."""
    _fill(drawing, placed(ground.land), LAND)


def lake_marks(drawing: Drawing, ground: Basemap, placed: Placed) -> None:
    """Fill the lakes, over whatever lies on the land."""
    _fill(drawing, placed(ground.lakes), SEA)


def line_marks(drawing: Drawing, ground: Basemap, placed: Placed) -> None:
    """Draw coast and borders."""
    for geometry, colour, width_pt, dash in (
        (ground.coast, COAST, 0.6, ()),
        (ground.borders, BORDER, 0.7, BORDER_DASH),
    ):
        for part in line_parts(placed(geometry)):
            drawing.line(part[:, 0], part[:, 1], colour, width_pt, dash=dash)


def line_parts(geometry: BaseGeometry) -> list[NDArray[np.float64]]:
    """Return the lines of a geometry, joined where they meet."""
    import shapely

    lines = [p for p in shapely.get_parts(geometry) if p.geom_type in ("LineString", "MultiLineString", "LinearRing")]
    merged = shapely.line_merge(shapely.union_all(lines)) if lines else None
    return [np.asarray(p.coords) for p in shapely.get_parts(merged) if not p.is_empty] if merged is not None else []


def _fill(drawing: Drawing, geometry: BaseGeometry, colour: str) -> None:
    import shapely

    drawing.area(
        (
            np.asarray(ring.coords)
            for part in shapely.get_parts(geometry)
            if part.geom_type == "Polygon"
            for ring in (part.exterior, *part.interiors)
        ),
        colour,
    )


def city_mark(drawing: Drawing, x_in: float, y_in: float, size_pt: float) -> None:
    """Set the mark of a city."""
    drawing.mark(x_in, y_in, "o", size_pt + 1.0, "#ffffff")
    drawing.mark(x_in, y_in, "o", size_pt, CITY)
