"""Small maps of a comparison: one ground drawn once for all, and the height bands of each offer laid over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ringtrue.geo.layers import places
from ringtrue.report.basemap import basemap
from ringtrue.report.drawing import Drawing
from ringtrue.report.map_marks import city_mark, lake_marks, land_marks, line_marks
from ringtrue.report.offer_looks import offer_marks
from ringtrue.report.page import Panel, PanelSet, Picture
from ringtrue.report.style import SEA, rgb

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ringtrue.report.basemap import Bounds
    from ringtrue.report.map_marks import Placed
    from ringtrue.studies.compare_records import ComparedOffer, CompareResult, OfferMap

HEIGHT_BANDS_M = (100.0, 500.0, 3000.0, 10_000.0)
BAND_COLOURS = ("#08306b", "#2171b5", "#6baed6", "#c6dbef", "#eef3f8")
BAND_LABELS = ("from 100 m or lower", "from 500 m", "from 3,000 m", "from 10,000 m", "higher only")
BAND_ALPHA = 215
MAP_WIDTH_IN = 4.3
N_CITIES, LEAST_CITY = 9, 500_000


def map_sets(result: CompareResult) -> tuple[PanelSet, ...]:
    """Draw a small map for every package and class, packages with equal maps once; a set for each class.

    The maps lie on the shared layers of ``map_grounds``.
    """
    targets = list(dict.fromkeys(m.target for m in result.maps))
    windows = windows_of(result)
    sets = []
    for target in targets:
        groups: dict[bytes, list[OfferMap]] = {}
        for one in (m for m in result.maps if m.target == target and np.isfinite(m.lowest_height_m).any()):
            groups.setdefault(one.lowest_height_m.tobytes(), []).append(one)
        panels = []
        for same in groups.values():
            titles = [result.names[m.laydown] for m in same]
            fits = caption_of([result.offer(m.laydown) for m in same])
            alt = f"Map: where {titles[0]} can engage {result.names[target]}, by height above ground"
            picture = offer_map(same[0], windows.index(bounds_of(same[0])), alt)
            panels.append(Panel("; ".join(titles), picture, fits, offer_marks(result, *(m.laydown for m in same))))
        if panels:
            name = result.names[target]
            sets.append(
                PanelSet(name, f"{name}: lowest height above ground at which a fire unit can engage it", tuple(panels))
            )
    return tuple(sets)


def offer_map(one: OfferMap, window: int, alt: str) -> Picture:
    """Return the small map of one package and class: heights in five bands between ground and lines, equirectangular.

    Parameters
    ----------
    window : int
        Place of the map's window in ``map_grounds``.
    """
    drawing = Drawing(*size_in(bounds_of(one)), ground="")
    codes, palette = band_codes(one.lowest_height_m)
    drawing.raster(codes, palette, 0.0, 0.0, drawing.width_in, drawing.height_in)
    layers = f"ground-{window}", drawing.svg(), f"borders-{window}", f"towns-{window}"
    return Picture(alt, layers=layers, size=size_in(bounds_of(one)))


def map_grounds(result: CompareResult, parts: Sequence[str] = ("ground", "borders", "towns")) -> dict[str, str]:
    """Return what the small maps share, by window: land below, lakes, coast and borders, cities above; SVG texts."""
    drawn = {"ground": _ground, "borders": _borders, "towns": _towns}
    return {f"{part}-{i}": drawn[part](bounds).svg() for i, bounds in enumerate(windows_of(result)) for part in parts}


def bounds_of(one: OfferMap) -> Bounds:
    """Return west, south, east, north of the cells [deg]."""
    latitude, longitude = one.latitude_deg, one.longitude_deg
    half = float(longitude[1] - longitude[0]) / 2.0
    west, east = float(longitude[0]) - half, float(longitude[-1]) + half
    return west, float(latitude[-1]) - half, east, float(latitude[0]) + half


def windows_of(result: CompareResult) -> list[Bounds]:
    """Return west, south, east, north [deg] of the windows that the maps show."""
    return list(dict.fromkeys(bounds_of(one) for one in result.maps))


def size_in(bounds: Bounds) -> tuple[float, float]:
    """Return width and height of a map [inch], true at its middle latitude."""
    west, south, east, north = bounds
    middle = float(np.cos(np.radians((south + north) / 2.0)))
    return MAP_WIDTH_IN, MAP_WIDTH_IN * (north - south) / ((east - west) * middle)


def _placed(bounds: Bounds) -> Placed:
    """Return what takes geometries from degrees to inches of a map."""
    import shapely

    west, south, east, north = bounds
    width_in, height_in = size_in(bounds)
    scale = np.array([width_in / (east - west), -height_in / (north - south)])
    return lambda geometry: shapely.transform(geometry, lambda xy: (xy - (west, north)) * scale)


def _ground(bounds: Bounds) -> Drawing:
    drawing = Drawing(*size_in(bounds), ground="")
    drawing.box(0.0, 0.0, drawing.width_in, drawing.height_in, SEA)
    land_marks(drawing, basemap(bounds), _placed(bounds))
    return drawing


def _borders(bounds: Bounds) -> Drawing:
    """Draw lakes, coast and borders."""
    drawing = Drawing(*size_in(bounds), ground="")
    ground, placed = basemap(bounds), _placed(bounds)
    lake_marks(drawing, ground, placed)
    line_marks(drawing, ground, placed)
    return drawing


def _towns(bounds: Bounds) -> Drawing:
    """Draw the largest cities, none within two degrees of a larger one."""
    west, _, east, north = bounds
    drawing = Drawing(*size_in(bounds), ground="")
    towns = places(bounds, LEAST_CITY)
    per_deg = drawing.width_in / (east - west), drawing.height_in / (north - bounds[1])
    kept: list[tuple[float, float]] = []
    for name, y, x in zip(towns.name, towns.latitude_deg, towns.longitude_deg, strict=True):
        crowded = any(abs(x - a) < 2.6 and abs(y - b) < 0.9 for a, b in kept)
        if len(kept) >= N_CITIES or x > east - 2.0 or crowded:
            continue
        kept.append((x, y))
        x_in, y_in = float(x - west) * per_deg[0], float(north - y) * per_deg[1]
        city_mark(drawing, x_in, y_in, 2.6)
        drawing.words(x_in + 0.045, y_in, str(name), 7.6, level="middle", halo_pt=1.8)
    return drawing


def band_codes(lowest_height_m: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return a height raster as codes of its bands (`HEIGHT_BANDS_M`; the last: nan) and their colours.

    >>> codes, palette = band_codes(np.array([[50.0, np.nan]], dtype=np.float32))
    >>> palette[codes[0], 3].tolist()
    [215, 0]
    """
    codes = np.searchsorted(HEIGHT_BANDS_M, np.nan_to_num(lowest_height_m, nan=0.0), side="left").astype(np.uint8)
    codes[~np.isfinite(lowest_height_m)] = len(BAND_COLOURS)
    palette = np.array([[*rgb(colour), BAND_ALPHA] for colour in BAND_COLOURS] + [[0, 0, 0, 0]], dtype=np.uint8)
    return codes, palette


def caption_of(offers: Sequence[ComparedOffer]) -> str:
    """Return which system stands where, offer by offer where those that share a map differ."""
    places = [offer_places(offer) for offer in offers]
    if len(set(places)) == 1:
        return places[0]
    return "; ".join(f"{offer.short}: {where}" for offer, where in zip(offers, places, strict=True))


def offer_places(offer: ComparedOffer) -> str:
    """Return which system stands where, places in the order of the laydown.

    Places are ids of the scenario; they are printed as words.
    """
    where: dict[str, list[str]] = {}
    for unit in offer.units:
        where.setdefault(unit.system, []).append(place_words(unit.place))
    return "; ".join(f"{len(held)} × {system}: {', '.join(held)}" for system, held in where.items())


def place_words(place: str) -> str:
    """Return the id of a place as words.

    >>> place_words("ankara"), place_words("two-rivers"), place_words("")
    ('Ankara', 'Two Rivers', 'its site')
    """
    return place.replace("-", " ").title() or "its site"
