"""The marks of a drawing painted into a PNG picture, for print and for readers that take no SVG."""

from __future__ import annotations

import io
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from ringtrue.report.drawing import Area, Clipped, Disc, Line, Words
from ringtrue.report.style import rgb

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from PIL import Image, ImageFont

    from ringtrue.report.drawing import Drawing, Mark, Raster

FINER = 2  # painted this much finer, then averaged: smooth edges


def png_bytes(drawing: Drawing, dpi: int) -> bytes:
    """Return a drawing as PNG without date, the same bytes for the same drawing.

    Letters are those of DejaVu Sans, which stand in the package: Latin, Greek and Cyrillic.
    """
    from PIL import Image

    scale = float(FINER * dpi)
    size = FINER * round(drawing.width_in * dpi), FINER * round(drawing.height_in * dpi)
    canvas = Image.new("RGB", size, drawing.ground or "#ffffff")
    _paint(canvas, drawing.marks, scale, np.zeros(2))
    out = io.BytesIO()
    canvas.reduce(FINER).save(out, format="PNG", compress_level=4, dpi=(dpi, dpi))
    return out.getvalue()


def _paint(canvas: Image.Image, marks: Sequence[Mark], scale: float, corner_in: NDArray[np.float64]) -> None:
    """Paint marks; ``corner_in`` is the upper left corner of the canvas in the drawing."""
    for mark in marks:
        if isinstance(mark, Clipped):
            _clipped(canvas, mark, scale, corner_in)
        elif isinstance(mark, Line):
            points = (mark.points - corner_in) * scale
            _line(
                canvas,
                points,
                mark.colour,
                mark.width_pt * scale / 72.0,
                [d * scale / 72.0 for d in mark.dash],
                mark.alpha,
            )
        elif isinstance(mark, Area):
            rings = [(ring - corner_in) * scale for ring in mark.rings]
            _area(canvas, rings, mark.colour, mark.alpha)
            for ring in rings if mark.edge else ():
                _line(canvas, np.vstack([ring, ring[:1]]), mark.edge, mark.edge_width_pt * scale / 72.0, (), 1.0)
        elif isinstance(mark, Disc):
            _disc(canvas, mark, scale, corner_in)
        elif isinstance(mark, Words):
            _words(canvas, mark, scale, corner_in)
        else:
            _raster(canvas, mark, scale, corner_in)


def _clipped(canvas: Image.Image, group: Clipped, scale: float, corner_in: NDArray[np.float64]) -> None:
    left, top = np.round((np.array([group.left_in, group.top_in]) - corner_in) * scale).astype(int).tolist()
    width, height = round(group.width_in * scale), round(group.height_in * scale)
    part = canvas.crop((left, top, left + width, top + height))
    _paint(part, group.marks, scale, corner_in + np.array([left, top]) / scale)
    canvas.paste(part, (left, top))


def _line(
    canvas: Image.Image, points: NDArray[np.float64], colour: str, width: float, dash: Sequence[float], alpha: float
) -> None:
    from PIL import Image, ImageDraw

    parts = _dashes(points, dash) if dash else [points]
    flat = [[(x, y) for x, y in part.tolist()] for part in parts if len(part) > 1]
    pen = max(1, round(width))
    if alpha >= 1.0:
        brush = ImageDraw.Draw(canvas)
        for part in flat:
            brush.line(part, fill=colour, width=pen, joint="curve")
        return
    box = _box(np.vstack(parts), pen, canvas.size)
    if box is None:
        return
    mask = Image.new("L", (box[2] - box[0], box[3] - box[1]))
    brush = ImageDraw.Draw(mask)
    for part in flat:
        brush.line([(x - box[0], y - box[1]) for x, y in part], fill=round(255 * alpha), width=pen, joint="curve")
    canvas.paste(rgb(colour), box, mask)


def _box(points: NDArray[np.float64], rim: int, size: tuple[int, int]) -> tuple[int, int, int, int] | None:
    """Return the pixels of a canvas that hold points with a rim around them; None where there are none."""
    low = np.maximum(np.floor(points.min(axis=0)) - rim, 0).astype(int)
    high = np.minimum(np.ceil(points.max(axis=0)) + rim + 1, size).astype(int)
    return None if (high <= low).any() else (int(low[0]), int(low[1]), int(high[0]), int(high[1]))


def _dashes(points: NDArray[np.float64], dash: Sequence[float]) -> list[NDArray[np.float64]]:
    """Cut a line into the strokes of a dash pattern: on, off, on, off."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    period = float(sum(dash))
    starts = np.arange(0.0, along[-1], period)
    strokes = []
    for start in starts.tolist():
        end = min(start + dash[0], float(along[-1]))
        inner = along[(along > start) & (along < end)]
        at = np.concatenate([[start], inner, [end]])
        strokes.append(np.column_stack([np.interp(at, along, points[:, 0]), np.interp(at, along, points[:, 1])]))
    return strokes


def _area(canvas: Image.Image, rings: Sequence[NDArray[np.float64]], colour: str, alpha: float) -> None:
    """Fill rings by the even-odd rule: a ring turns over what lies inside it."""
    from PIL import Image, ImageChops, ImageDraw

    if not colour:
        return
    whole = _box(np.vstack(rings), 0, canvas.size)
    if whole is None:
        return
    corner = np.array(whole[:2])
    mask = Image.new("1", (whole[2] - whole[0], whole[3] - whole[1]))
    for ring in rings:
        box = _box(ring - corner, 0, mask.size)
        if box is not None:
            own = Image.new("1", (box[2] - box[0], box[3] - box[1]))
            ImageDraw.Draw(own).polygon([(x, y) for x, y in (ring - corner - box[:2]).tolist()], fill=1)
            mask.paste(ImageChops.logical_xor(mask.crop(box), own), box)
    if alpha < 1.0:
        mask = mask.convert("L").point([round(v * alpha) for v in range(256)])
    canvas.paste(rgb(colour), whole, mask)


def _disc(canvas: Image.Image, mark: Disc, scale: float, corner_in: NDArray[np.float64]) -> None:
    angle = np.linspace(0.0, 2.0 * np.pi, 721 if mark.radius_in > 0.5 else 41)
    centre = np.array([mark.x_in, mark.y_in]) - corner_in
    points = (centre + mark.radius_in * np.column_stack([np.sin(angle), -np.cos(angle)])) * scale
    if mark.colour:
        _area(canvas, [points], mark.colour, mark.alpha)
    if mark.edge:
        width, dash = mark.edge_width_pt * scale / 72.0, [d * scale / 72.0 for d in mark.dash]
        _line(canvas, points, mark.edge, width, dash, mark.alpha)


@lru_cache(maxsize=32)
def _font(size_px: float, is_bold: bool) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont

    name = "DejaVuSans-Bold.ttf" if is_bold else "DejaVuSans.ttf"
    data = (files("ringtrue.report") / "static" / "fonts" / name).read_bytes()
    return ImageFont.truetype(io.BytesIO(data), size_px)


def _words(canvas: Image.Image, mark: Words, scale: float, corner_in: NDArray[np.float64]) -> None:
    from PIL import Image, ImageDraw

    # DejaVu is wider than the letters that the layout reckons with
    font = _font(0.9 * mark.size_pt * scale / 72.0, mark.is_bold)
    x, y = (np.array([mark.x_in, mark.y_in]) - corner_in) * scale
    anchor = {"start": "ls", "middle": "ms", "end": "rs"}[mark.anchor]
    rim = mark.halo_pt * scale / 144.0
    if not mark.is_upright:
        ImageDraw.Draw(canvas).text(
            (x, y), mark.text, fill=mark.colour, font=font, anchor=anchor, stroke_width=rim, stroke_fill="#ffffff"
        )
        return
    left, top, right, bottom = font.getbbox(mark.text, anchor=anchor)
    tile = Image.new("L", (int(right - left) + 4, int(bottom - top) + 4))
    ImageDraw.Draw(tile).text((2 - left, 2 - top), mark.text, fill=255, font=font, anchor=anchor)
    tile = tile.transpose(Image.Transpose.ROTATE_90)
    canvas.paste(rgb(mark.colour), (round(x + top) - 2, round(y - right) - 2), tile)


def _raster(canvas: Image.Image, mark: Raster, scale: float, corner_in: NDArray[np.float64]) -> None:
    from PIL import Image

    low = np.round((np.array([mark.left_in, mark.top_in]) - corner_in) * scale).astype(int)
    end = np.array([mark.left_in + mark.width_in, mark.top_in + mark.height_in])
    high = np.round((end - corner_in) * scale).astype(int)
    size = (int(high[0] - low[0]), int(high[1] - low[1]))
    codes = Image.fromarray(np.ascontiguousarray(mark.codes)).resize(size, Image.Resampling.NEAREST)
    alpha = codes.point(mark.palette[:, 3].tolist() + [0] * (256 - len(mark.palette)))
    codes.putpalette(np.ascontiguousarray(mark.palette[:, :3]).tobytes())
    canvas.paste(codes.convert("RGB"), (int(low[0]), int(low[1])), alpha)
