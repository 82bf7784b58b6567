"""The drawing layer: marks as SVG and as a picture, plots with their scales, words that fit."""

import io
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFont

from ringtrue.report.basemap import basemap
from ringtrue.report.drawing import MARKERS, Drawing, palette_png, text_width_in, wrapped
from ringtrue.report.plot import Plot, round_ticks
from ringtrue.report.raster import png_bytes

SVG = "{http://www.w3.org/2000/svg}"
RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)


def painted(drawing: Drawing, dpi: int = 50) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png_bytes(drawing, dpi))))


def test_every_mark_is_sound_xml_with_its_place():
    drawing = Drawing(2.0, 1.0)
    drawing.line([0.0, 1.0, 1.0], [0.0, 0.5, 0.25], "#ff0000", 1.5, dash=(3, 2), alpha=0.5)
    drawing.box(0.5, 0.5, 1.0, 0.25, "#0000ff", alpha=0.4)
    drawing.frame(0.5, 0.5, 1.0, 0.25, "#000000", 1.0)
    drawing.disc(1.0, 0.5, 0.1, "", edge="#000000", edge_width_pt=1.0)
    drawing.words(1.0, 0.5, "a < b & c\nsecond", 8.0, anchor="middle", halo_pt=2.0)
    drawing.words(0.1, 0.5, "upright", 8.0, is_upright=True)
    drawing.raster(np.array([[0, 1]], dtype=np.uint8), np.array([[0] * 4, [9, 9, 9, 255]], np.uint8), 0, 0, 1, 1)
    for marker in (*MARKERS, "o"):
        drawing.mark(1.0, 0.5, marker, 6.0, "#ff0000", edge="#000000")
    tree = ElementTree.fromstring(drawing.svg())
    assert tree.get("viewBox") == "0 0 144 72"
    assert [t.text for t in tree.iter(f"{SVG}text")] == ["a < b & c", "second", "upright"]
    assert next(tree.iter(f"{SVG}path")).get("d") == "M0 0l72 36 0-18"
    assert len(list(tree.iter(f"{SVG}image"))) == 1
    assert len(list(tree.iter(f"{SVG}circle"))) == 2
    assert drawing.svg() == drawing.svg()


@settings(derandomize=True)
@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(-5, 5)), min_size=2, max_size=30))
def test_a_path_ends_where_its_points_end(points):
    drawing = Drawing(1.0, 1.0)
    drawing.line([x for x, _ in points], [y for _, y in points], "#000000", 1.0)
    path = next(ElementTree.fromstring(drawing.svg()).iter(f"{SVG}path")).get("d")
    start, _, steps = path[1:].partition("l" if "l" in path else "h")
    numbers = [float(v) for v in steps.replace("-", " -").split()] if "l" in path else []
    at = np.array([float(v) for v in start.split()]) + np.array(numbers).reshape(-1, 2).sum(axis=0)
    assert at == pytest.approx(72.0 * np.array(points[-1]), abs=0.051)


def test_a_ring_inside_another_is_a_hole_in_both_forms():
    drawing = Drawing(1.0, 1.0)
    square = np.array([(0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9)])
    drawing.area([square, 0.5 + 0.5 * (square - 0.5)], "#ff0000")
    pixels = painted(drawing)
    assert tuple(pixels[25, 25]) == WHITE
    assert tuple(pixels[8, 8]) == RED
    assert 'fill-rule="evenodd"' in drawing.svg()


def test_what_is_clipped_stays_in_its_rectangle():
    drawing = Drawing(1.0, 1.0)
    inner = drawing.clipped(0.2, 0.2, 0.4, 0.4)
    inner.box(0.0, 0.0, 1.0, 1.0, "#0000ff")
    pixels = painted(drawing)
    assert tuple(pixels[20, 20]) == BLUE
    assert (pixels == BLUE).all(axis=2).mean() == pytest.approx(0.16, abs=0.002)
    nested = next(ElementTree.fromstring(drawing.svg()).iter(f"{SVG}svg"))
    assert len(list(nested)) == 2


def test_cells_keep_their_colours_and_edges():
    codes = np.arange(12, dtype=np.uint8).reshape(3, 4)
    palette = np.column_stack([np.arange(12) * 20, np.zeros(12), np.full(12, 7), np.full(12, 255)]).astype(np.uint8)
    palette[5, 3] = 0
    image = np.asarray(Image.open(io.BytesIO(palette_png(codes, palette))).convert("RGBA"))
    assert (image == palette[codes]).all()
    drawing = Drawing(0.4, 0.3)
    drawing.raster(codes, palette, 0.0, 0.0, 0.4, 0.3)
    pixels = painted(drawing, 100)
    assert tuple(pixels[29, 39]) == (220, 0, 7)
    assert tuple(pixels[15, 15]) == WHITE
    assert len(np.unique(pixels.reshape(-1, 3), axis=0)) == 12


def test_letters_are_about_as_wide_as_reckoned():
    """Against the letters of Liberation Sans where it is installed; else only that more letters are wider."""
    text = "S-400 regiment and Patriot, each with its own kind only"
    try:
        font = ImageFont.truetype("LiberationSans-Regular.ttf", 100)
    except OSError:
        assert text_width_in(text, 10.0) > text_width_in(text[:20], 10.0)
        return
    assert text_width_in(text, 72.0) == pytest.approx(font.getlength(text) / 100.0, rel=0.02)


@settings(derandomize=True)
@given(st.text("abc WiM", max_size=60), st.floats(0.3, 4.0))
def test_wrapped_lines_fit_and_lose_no_word(text, width_in):
    lines = wrapped(text, width_in, 8.0).split("\n")
    assert " ".join(lines).split() == text.split()
    assert all(text_width_in(line, 8.0) <= width_in or " " not in line for line in lines)


def test_a_text_cut_to_its_lines_says_so():
    cut = wrapped("one two three four five six seven", 1.0, 8.0, most_lines=1)
    assert cut.endswith("…")
    assert text_width_in(cut, 8.0) <= 1.0


@settings(derandomize=True)
@given(st.floats(-1e4, 1e4), st.floats(1e-3, 1e5))
def test_ticks_are_inside_and_few(low, span):
    ticks = round_ticks(low, low + span)
    assert 1 <= len(ticks) <= 6
    assert all(low - 1e-6 * span <= value <= low + span * (1 + 1e-6) for value, _ in ticks)


def test_a_plot_places_values_and_keeps_strays_at_its_ends():
    plot = Plot(Drawing(3.0, 2.0), 0.5, 0.25, 2.0, 1.0, (0.0, 10.0), (0.0, 4.0))
    assert plot.x_in([0.0, 5.0, 10.0, 99.0]).tolist() == [0.5, 1.5, 2.5, 2.5]
    assert plot.y_in([0.0, 4.0, -3.0]).tolist() == [1.25, 0.25, 1.25]
    log = Plot(Drawing(3.0, 2.0), 0.0, 0.0, 3.0, 1.0, (0.01, 10.0), (0.0, 1.0), is_log_x=True)
    assert log.x_in([0.01, 0.1, 1.0, 10.0, 0.0]) == pytest.approx([0.0, 1.0, 2.0, 3.0, 0.0])


def test_a_line_is_broken_where_nothing_is_known():
    drawing = Drawing(3.0, 2.0)
    plot = Plot(drawing, 0.0, 0.0, 3.0, 2.0, (0.0, 4.0), (0.0, 1.0))
    plot.line(range(5), [0.1, 0.2, np.nan, 0.3, 0.4], "#000000", 1.0)
    plot.band(range(5), [0.1, 0.2, np.nan, 0.3, 0.4], [0.2, 0.3, np.nan, 0.4, 0.5], "#000000", 0.2)
    assert [len(mark.points) for mark in drawing.marks[:2]] == [2, 2]
    assert [len(mark.rings[0]) for mark in drawing.marks[2:]] == [4, 4]


def test_the_base_map_is_that_of_a_reader_of_all_formats():
    """Countries read by SQLite are those that pyogrio reads from the same file and window."""
    import pyogrio
    import shapely

    from ringtrue.geo.layers import COUNTRY_LAYERS, VECTOR_PATH
    from ringtrue.report.basemap import _read

    window = (30.0, 36.0, 40.0, 41.0)
    _, _, geometry, _ = pyogrio.raw.read(VECTOR_PATH, layer=COUNTRY_LAYERS["un"], bbox=window, columns=[])
    other = shapely.make_valid(shapely.from_wkb(geometry))
    mine = _read(COUNTRY_LAYERS["un"], window)
    box = shapely.box(*window)
    assert shapely.intersects(other, box).sum() == shapely.intersects(mine, box).sum()
    both = [shapely.normalize(shapely.union_all(shapely.intersection(found, box))) for found in (mine, other)]
    assert shapely.equals(both[0], both[1])
    assert shapely.area(basemap(window).land) == pytest.approx(shapely.area(both[0]), rel=2e-3)
