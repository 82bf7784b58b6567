"""The drawn relief against finer ground: areas in sight over 3-arc-second tiles and over their own 30-second average.

``python -m validation.relief.finer_ground`` prints, for the half that the figures were chosen on and for the half that
tests them, how often the drawn 5 to 95 % of the area in sight holds that of the finer ground; ``--curve`` prints this
and what receivers of aircraft say (validation/sky) against the size of the relief, ``--depths`` against the depth of
the hollow alone. Tiles: two of SRTM (tests/data,
public domain) and fractal ground made here. Each is set in a plain, so that what stands near the antenna tells how far
it sees.
"""

from __future__ import annotations

import argparse
import gzip
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import rasterio

from ringtrue.catalogue.load import load_catalogue
from ringtrue.geo.elevation import ElevationModel, open_model
from ringtrue.geo.rays import Fan, RayGrid, RayGround, ray_grid, ray_ground, ray_sight
from ringtrue.report.chart import spread_out
from ringtrue.report.drawing import Drawing
from ringtrue.report.plot import Plot
from ringtrue.report.style import SERIES, SOFT
from ringtrue.sensing.grounds import HOLLOW
from ringtrue.sensing.ledger import Ledger
from ringtrue.sensing.post import AUDIT_RELIEFS, FEW_RELIEFS, STUDY_RELIEFS
from ringtrue.sensing.sight import TerrainDoubt, terrain_doubt

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

EARTH_RADIUS_M = 6_371_000.0
N_GROUNDS = AUDIT_RELIEFS  # of which the results in docs/methods tell
FEWER = (STUDY_RELIEFS, FEW_RELIEFS)
K = 4.0 / 3.0
MAST_M = 15.0
CELLS = 10  # of 3 arc-seconds in one of 30
CELL_DEG = 1.0 / 1200.0
TILE_M, REACH_M = 17e3, 400e3
LEAST_FROM_EDGE_M = 9e3
CHOSEN_WITHIN_CELLS = 2  # 185 m
COUNTED_WITHIN = 0.005
"""Areas as rays count them are good to half a per cent: where all is in sight over any ground, nothing is told."""
HEIGHTS_M, ALTITUDES_M = (30.0, 100.0, 500.0), (1_000.0, 3_048.0, 9_144.0)
LEVELS = (*(f"{h:,.0f} m above ground" for h in HEIGHTS_M), *(f"{a:,.0f} m above the plain" for a in ALTITUDES_M))
AZIMUTH_RAD = np.arange(360) * (2.0 * np.pi / 360)
DATA = Path(__file__).parents[2] / "tests" / "data"
FRACTALS = ((0.6, 50.0), (0.7, 30.0), (0.9, 30.0), (0.7, 150.0), (0.7, 8.0))
"""Exponent of the roughness, and rms difference of ground 30 arc-seconds apart [m]: from smooth hills to mountains."""


class Tile(NamedTuple):
    """One ground twice: as it is, and as its 30-second average."""

    name: str
    fine: ElevationModel
    coarse: ElevationModel


class Pair(NamedTuple):
    """One place: areas in sight of each level [km2] over the finer ground, the average, and each drawn relief of it."""

    tile: str
    is_chosen: bool
    fine_km2: np.ndarray
    nominal_km2: np.ndarray
    drawn_km2: np.ndarray


def fractal_m(seed: int, exponent: float, rms_m: float, side: int = 1_200) -> np.ndarray:
    """Ground by spectral synthesis: the spectrum falls with the power ``-2 (exponent + 1)`` of the wave number."""
    wave = np.hypot(np.fft.fftfreq(2 * side)[:, None], np.fft.rfftfreq(2 * side)[None, :])
    wave[0, 0] = np.inf
    noise = np.random.default_rng([20261128, seed]).standard_normal((2 * side, 2 * side))
    ground = np.fft.irfft2(np.fft.rfft2(noise) * wave ** -(exponent + 1.0), noise.shape)[:side, :side]
    ground *= rms_m / np.sqrt(np.mean((ground[CELLS:] - ground[:-CELLS]) ** 2))
    return ground - ground.min() + 5.0


def _tile(folder: Path, name: str, ground: np.ndarray, west: float, north: float) -> Tile:
    rows, columns = (size // CELLS * CELLS for size in ground.shape)
    fine = ground[:rows, :columns].astype(np.float32)
    coarse = fine.reshape(rows // CELLS, CELLS, columns // CELLS, CELLS).mean((1, 3))
    models = []
    for kind, field, cell_deg in (("fine", fine, CELL_DEG), ("coarse", coarse, CELLS * CELL_DEG)):
        path = folder / f"{name} {kind}.tif"
        with rasterio.open(
            path, "w", driver="GTiff", width=field.shape[1], height=field.shape[0], count=1, dtype="float32",
            crs="EPSG:4326", transform=rasterio.Affine(cell_deg, 0.0, west, 0.0, -cell_deg, north),
        ) as file:  # fmt: skip
            file.write(field, 1)
        models.append(open_model(path))
    return Tile(name, *models)


@cache
def tiles(half: int) -> tuple[Tile, ...]:
    """Return the tiles: real ones for both halves, fractals with seeds of their own for each."""
    folder = Path(tempfile.mkdtemp(prefix="finer-ground-"))
    with rasterio.open(DATA / "srtm3_zion_utah.tif") as file:
        zion = _tile(folder, "Zion", file.read(1), file.transform.c, file.transform.f)
    posts = np.frombuffer(gzip.decompress((DATA / "N57E011.hgt.gz").read_bytes()), ">i2").reshape(1201, 1201)
    sweden = _tile(folder, "Sweden", posts, 11.0 - CELL_DEG / 2.0, 58.0 + CELL_DEG / 2.0)
    made = tuple(
        _tile(folder, f"fractal {exponent:g}, {rms_m:g} m", fractal_m(10 * i + half, exponent, rms_m), 32.0, 41.0)
        for i, (exponent, rms_m) in enumerate(FRACTALS)
    )
    return (zion, sweden, *made)


def places(tile: Tile, half: int, n: int) -> list[tuple[float, float]]:
    """Draw places on land: in the west of a real tile for half 0, in its east for half 1; anywhere on a fractal."""
    west, south, east, north = tile.fine.bounds_deg
    room = LEAST_FROM_EDGE_M / 111e3
    wide = room / np.cos(np.radians((south + north) / 2.0))
    ends = [west + wide, east - wide]
    if not tile.name.startswith("fractal"):
        ends[1 - half] = (west + east) / 2.0
    generator = np.random.default_rng([half, len(tile.name)])
    found: list[tuple[float, float]] = []
    while len(found) < n:
        latitude, longitude = generator.uniform(south + room, north - room), generator.uniform(*ends)
        if float(tile.fine.sample(latitude, longitude)) > 1.0:
            found.append((float(latitude), float(longitude)))
    return found


def highest_near(model: ElevationModel, latitude: float, longitude: float) -> tuple[float, float]:
    """Return the highest cell within ``CHOSEN_WITHIN_CELLS`` of a place: where an antenna would be put up."""
    row, column = (round(float(v)) for v in model.pixel_coordinates(latitude, longitude))
    by = CHOSEN_WITHIN_CELLS
    around = model.altitude_m[row - by : row + by + 1, column - by : column + by + 1]
    i, j = np.unravel_index(int(np.argmax(around)), around.shape)
    x0, dx, y0, dy = model.geotransform
    return float(y0 + (row - by + int(i)) * dy), float(x0 + (column - by + int(j)) * dx)


@cache
def _grid(model: ElevationModel, latitude: float, longitude: float) -> RayGrid:
    near = ray_grid(model, latitude, longitude, TILE_M)
    inside = near.range_m < TILE_M
    beyond = np.arange(TILE_M, REACH_M + 1.0, 1_000.0)
    kept = near.kept[near.kept < inside.sum()]
    kept = kept[:: max(1, kept.size // 160)]
    return RayGrid(
        np.concatenate([near.range_m[inside], beyond]),
        np.concatenate([kept, inside.sum() + np.arange(beyond.size)]).astype(np.int64),
    )


def _in_a_plain(model: ElevationModel, place: tuple[float, float], grid: RayGrid, plain_m: float) -> RayGround:
    ground = ray_ground(model, *place, AZIMUTH_RAD, grid)
    fans = []
    for fan in ground.fans:
        fields = []
        for field, outside in ((fan.ground_m, plain_m), (fan.rough_m, 0.0)):
            own = np.full((grid.range_m.size, field.shape[1]), outside, dtype=np.float32)
            inside = int((grid.range_m[: field.shape[0]] < TILE_M).sum())
            own[:inside] = np.where(np.isnan(field[:inside]), np.float32(outside), field[:inside])
            fields.append(own)
        fans.append(Fan(fan.azimuths, *fields))
    return ground._replace(fans=tuple(fans))


def _areas_km2(needed_m: np.ndarray, ground_m: np.ndarray, grid: RayGrid, plain_m: float) -> np.ndarray:
    range_m = grid.sample_range_m
    edge_m = np.concatenate([[0.0], (range_m[1:] + range_m[:-1]) / 2.0, range_m[-1:]])
    piece_km2 = -np.diff(np.cos(edge_m / EARTH_RADIUS_M)) * EARTH_RADIUS_M**2 * (2.0 * np.pi / 360.0) / 1e6
    near = range_m < TILE_M
    low = [float(((needed_m[:, near] <= h) * piece_km2[near]).sum()) for h in HEIGHTS_M]
    high = [float(((plain_m + a - ground_m >= needed_m) * piece_km2).sum()) for a in ALTITUDES_M]
    return np.array([*low, *high])


def look(tile: Tile, place: tuple[float, float], is_chosen: bool, doubt: TerrainDoubt, reliefs: Iterable[int]) -> Pair:
    """Areas in sight from one place: over the finer ground, its average, and drawn reliefs of the average."""
    plain_m = float(np.median(tile.coarse.altitude_m))

    def seen(model: ElevationModel, at: tuple[float, float], i: int = 0) -> np.ndarray:
        grid = _grid(model, *at)
        ground = _in_a_plain(model, at, grid, plain_m)
        found = ray_sight(
            model, *at, AZIMUTH_RAD, grid, ground, antenna_height_m=MAST_M, k_factor=K,
            relief=doubt.relief(i) if i else None,
        )  # fmt: skip
        nodes_m = np.arange(found.raised_m.shape[1]) * 1_000.0
        raised = np.stack([np.interp(grid.sample_range_m, nodes_m, row) for row in found.raised_m])
        return _areas_km2(found.needed_m, ground.at_samples(grid) + raised, grid, plain_m)

    stands = highest_near(tile.fine, *place) if is_chosen else place
    drawn = np.array([seen(tile.coarse, place, i) for i in reliefs])
    return Pair(tile.name, is_chosen, seen(tile.fine, stands), seen(tile.coarse, place), drawn)


def drawn_doubt(size: float = 1.0, n_reliefs: int = N_GROUNDS, n_draws: int = 1_000) -> tuple[TerrainDoubt, np.ndarray]:
    """Return the doubt that answers draw, ``size`` times as large, and which relief each draw lives on."""
    ledger = Ledger(load_catalogue(), n_draws, 1)
    grounds = ledger.grounds(n_reliefs)
    doubt = terrain_doubt(grounds, ledger.seed)
    return (
        replace(
            doubt, subgrid_m=doubt.subgrid_m * size, unmeasured_subgrid_m=doubt.unmeasured_subgrid_m * size,
            site_share=doubt.site_share * size,
        ),
        grounds.relief[:-1],
    )  # fmt: skip


def pairs(half: int, n: int, doubt: TerrainDoubt, reliefs: Sequence[int] = ()) -> list[Pair]:
    """Look from ``n`` places of every tile of a half, once where they are and once from the highest point near.

    ``reliefs``: numbers of the drawn ones; all of them where none is named.
    """
    drawn = reliefs or range(1, doubt.site_share.size + 1)
    return [
        look(tile, place, is_chosen, doubt, drawn)
        for tile in tiles(half)
        for place in places(tile, half, n)
        for is_chosen in (False, True)
    ]


def holds(found: list[Pair], relief: np.ndarray) -> np.ndarray:
    """Whether the drawn 5 to 95 % holds the finer ground's area, (pair, level) bool."""
    out = []
    for pair in found:
        low, high = np.quantile(pair.drawn_km2[relief - 1], (0.05, 0.95), axis=0)
        out.append((pair.fine_km2 >= low * (1.0 - COUNTED_WITHIN)) & (pair.fine_km2 <= high * (1.0 + COUNTED_WITHIN)))
    return np.array(out)


def _print_half(half: int, n_places: int) -> None:
    doubt, relief = drawn_doubt()
    found = pairs(half, n_places, doubt)
    held = holds(found, relief)
    median = np.array([np.quantile(pair.drawn_km2[relief - 1], 0.5, axis=0) for pair in found])
    share = np.array([pair.fine_km2 / pair.nominal_km2 for pair in found])
    below = np.array([pair.fine_km2 for pair in found]) < median
    print(f"{'chosen on' if half == 0 else 'tested on'}: {held.size} pairs of place and height, {held.mean():.1%} held")
    fewer = ((n, holds(found, drawn_doubt(n_reliefs=n)[1]).mean()) for n in FEWER)
    print("  " + ", ".join(f"{share:.1%} by the first {n} grounds" for n, share in fewer))
    for is_chosen in (False, True):
        rows = np.array([pair.is_chosen is is_chosen for pair in found])
        print(
            f"  {'highest within 200 m' if is_chosen else 'any point':22}held {held[rows].mean():6.1%}  by level",
            " ".join(f"{v:4.0%}" for v in held[rows].mean(0)),
            f"  below the drawn median {below[rows].mean():.0%}",
        )
        for name in dict.fromkeys(pair.tile for pair in found):
            own = rows & np.array([pair.tile == name for pair in found])
            ends = np.quantile(share[own], (0.05, 0.5, 0.95), axis=0)
            print(
                f"    {name:20}held {held[own].mean():5.0%}  finer over average (5, 50, 95 %)",
                "  ".join("/".join(f"{v:.2f}" for v in ends[:, i]) for i in (0, 1, 4, 5)),
            )


def _print_depths(n_places: int, depths: list[float]) -> None:
    """The ground that stands in the hollow is looked at again for each depth; the others are the same."""
    from ringtrue.studies.sky import CLONE_FOLDER, chosen_receivers, ground_of, read_sky, score_of

    sky, receivers = read_sky(CLONE_FOLDER)
    model = ground_of(CLONE_FOLDER)
    chosen = chosen_receivers(sky, receivers, model)
    doubt, relief = drawn_doubt()
    found = pairs(1, n_places, doubt)
    is_chosen = np.array([pair.is_chosen for pair in found])
    others = [score_of(sky, chosen, model, doubt.relief(i)).heard_above for i in set(relief.tolist()) - {HOLLOW}]
    for depth in depths:
        site_share = doubt.site_share.copy()
        site_share[HOLLOW - 1] *= depth / load_catalogue().assumptions["site-hollow"].nominal
        other = replace(doubt, site_share=site_share)
        for pair, again in zip(found, pairs(1, n_places, other, (HOLLOW,)), strict=True):
            pair.drawn_km2[HOLLOW - 1] = again.drawn_km2[0]
        held = holds(found, relief)
        above = np.array([*others, score_of(sky, chosen, model, other.relief(HOLLOW)).heard_above])
        print(
            f"depth {depth:4.2f}: held {held[~is_chosen].mean():.1%} from any point, {held[is_chosen].mean():.1%} from "
            f"the highest within 200 m; at least 99 % heard from above in {(above >= 0.99).sum()} of {above.size} "
            f"grounds, {above[-1]:.1%} in the hollow",
            flush=True,
        )


class Point(NamedTuple):
    """One size of the relief: shares of pairs held, of grounds with 99 % heard from above, and the least such share."""

    size: float
    held: float
    grounds: float
    least_heard: float


def _print_curve(n: int, sizes: list[float]) -> list[Point]:
    from ringtrue.studies.sky import CLONE_FOLDER, chosen_receivers, ground_of, read_sky, score_of

    sky, receivers = read_sky(CLONE_FOLDER)
    model = ground_of(CLONE_FOLDER)
    chosen = chosen_receivers(sky, receivers, model)
    points = []
    for size in sizes:
        doubt, relief = drawn_doubt(size)
        held = holds(pairs(1, n, doubt), relief)
        above = np.array(
            [score_of(sky, chosen, model, doubt.relief(i + 1)).heard_above for i in range(doubt.site_share.size)]
        )
        points.append(Point(size, float(held.mean()), float((above >= 0.99).mean()), float(above.min())))
        print(
            f"size {size:4.2f}: finer ground held at {held.mean():5.1%} of {held.size} pairs; at least 99 % heard "
            f"from above in {(above >= 0.99).mean():5.1%} of grounds (least {above.min():.2%}, median "
            f"{np.median(above):.2%})",
            flush=True,
        )
    return points


def curve_svg(points: list[Point]) -> str:
    """Draw what finer ground and the sky say against the size of the relief, as SVG."""
    drawing = Drawing(7.2, 3.6)
    plot = Plot(drawing, 0.6, 0.35, 4.4, 2.6, (-0.05, 2.05), (0.0, 1.04))
    plot.left_axis([(v / 100.0, f"{v} %") for v in range(0, 101, 20)])
    plot.bottom_axis([(v, f"{v:g}") for v in (0.0, 0.5, 1.0, 1.5, 2.0)])
    plot.x_words("size of the drawn relief (ridges and the antenna's own ground); 1: as answers draw it")
    ordered = sorted(points)
    size = [point.size for point in ordered]
    curves = (
        ("held", "finer ground inside the drawn", "5 to 95 %: share of pairs", "s", ()),
        ("grounds", "grounds in which 99 % of what", "was heard comes from above", "D", (5, 3)),
        ("least_heard", "heard from above in the hollow,", "the worst ground", "^", (1.5, 2.5)),
    )
    for colour, (name, *_, marker, dash) in zip(SERIES, curves, strict=False):
        values = [getattr(point, name) for point in ordered]
        plot.line(size, values, colour, 1.6, dash=dash)
        for x, y in zip(size, values, strict=True):
            plot.mark(x, y, marker, 5.5, colour)
    ends = spread_out([float(plot.y_in(getattr(ordered[-1], name))) for name, *_ in curves], 0.36)
    for colour, (_, first, second, marker, _), y in zip(SERIES, curves, ends, strict=False):
        drawing.mark(5.18, y, marker, 5.5, colour)
        drawing.words(5.28, y - 0.02, first, 7.8, colour=SOFT)
        drawing.words(5.28, y + 0.12, second, 7.8, colour=SOFT)
    plot.line([1.0, 1.0], [0.0, 1.04], SOFT, 0.7, dash=(2, 2))
    return drawing.svg()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--curve", action="store_true", help="against the size of the relief, with the sky beside it")
    parser.add_argument("--depths", type=float, nargs="+", help="depths of the hollow, as shares of the relief around")
    parser.add_argument("--places", type=int, default=6, help="places of every tile")
    parser.add_argument(
        "--sizes", type=float, nargs="+", default=[0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0],
        help="sizes of the relief that --curve takes, 1 as answers draw it",
    )  # fmt: skip
    parser.add_argument("--figure", type=Path, help="where --curve writes its picture (SVG)")
    asked = parser.parse_args()
    if asked.depths:
        _print_depths(asked.places, asked.depths)
    elif asked.curve:
        found = _print_curve(asked.places, asked.sizes)
        if asked.figure:
            asked.figure.write_text(curve_svg(found), encoding="utf-8")
    else:
        for which in (0, 1):
            _print_half(which, asked.places)
