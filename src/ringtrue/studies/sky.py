"""The sky as referee: receivers that heard aircraft, held against the lowest altitude the terrain lets them see.

What a receiver heard must lie above its terrain surface; of what it did not hear the surface should explain much. The
only measured data in this program: they test the surface of `geo.surface`, and nothing about a radar.
"""

from __future__ import annotations

import csv
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.answer import BareAnswer, Head, hidden, key, measure, table, words
from ringtrue.errors import InputError
from ringtrue.geo import geodesy
from ringtrue.geo.elevation import open_model
from ringtrue.geo.refraction import STANDARD_K, minimum_visible_height_m
from ringtrue.geo.surface import terrain_surface
from ringtrue.rng import stream
from ringtrue.sensing.run import Step, silent
from ringtrue.sensing.sight import terrain_doubt
from ringtrue.studies.brief import whole_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ringtrue.geo.elevation import ElevationModel
    from ringtrue.geo.relief import Relief
    from ringtrue.geo.surface import TerrainSurface
    from ringtrue.sensing.ledger import Ledger
    from ringtrue.sensing.run import Progress

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]

CLONE_FOLDER = Path(__file__).parents[3] / "validation" / "sky"
GEOID_HEIGHT_M = 47.5
REACH_M = 420e3
LEAST_HEARD = 70
LEAST_MAST_M = 10.0
LEAST_FROM_EDGE_M = 10e3
HEARD_ABOVE_WANTED = 0.995
SILENT_BELOW_WANTED = 0.35
N_BOOTSTRAP = 2000
CREDIT = (
    "LocaRDS: M. Schäfer, M. Strohmeier, M. Leonardi, V. Lenders, Sensors 21(16) 5516, 2021 (CC BY-SA 4.0); "
    "ground: NOAA GLOBE 1.0"
)
LIMITS = (
    "It tests the terrain surface: where a straight ray under k = 4/3 is cut off. It says nothing about a radar.",
    "Only messages that five receivers heard are in the extract, all from above 3.5 km: low flight is not tested.",
    (
        "Not heard has other causes too: collisions of messages, weak transmitters, an antenna's blind side. The "
        "explained share is a lower bound of what terrain hides, not a detection probability."
    ),
    "Receiver positions are rounded and many heights unknown; below 10 m above ground they are taken as 10 m.",
)


class Sky(NamedTuple):
    """Aircraft by message, and which receiver heard which.

    Shapes: latitude_deg, longitude_deg, altitude_m (message,), altitude above mean sea level; ``heard`` by serial
    number (message,).
    """

    latitude_deg: FloatArray
    longitude_deg: FloatArray
    altitude_m: FloatArray
    heard: dict[int, BoolArray]


class Receiver(NamedTuple):
    """A ground receiver: degrees, and metres above mean sea level."""

    serial: int
    latitude_deg: float
    longitude_deg: float
    altitude_m: float


@dataclass(frozen=True)
class SkyRow:
    """One receiver: what it heard, what it did not, and what of both lies below its lowest visible altitude."""

    receiver: int = key("Receiver")
    latitude_deg: float = key("Latitude", unit="deg")
    longitude_deg: float = key("Longitude", unit="deg")
    height_m: float = measure("m", "Antenna above ground")
    heard: int = measure("1", "Messages heard")
    heard_below: int = measure("1", "Heard from below the surface", "Should not be.", better="less")
    silent: int = measure("1", "Aircraft within 420 km not heard")
    silent_below: int = measure("1", "Not heard and below the surface", "Terrain explains the silence.", better="more")
    silent_below_bare: int = measure("1", "Not heard and below the horizon of a smooth earth")


@dataclass(frozen=True, slots=True)
class Score:
    """Share of what was heard that lies above the surface, and of what was not heard that lies below it."""

    heard_above: float = measure("1", "Share of receptions from above the surface", better="more", places=5)
    silent_below: float = measure("1", "Share of silence from below the surface", better="more", places=5)


@dataclass(frozen=True, slots=True)
class ScoreOnGround(Score):
    """The same over one drawn ground, and how many draws live on it."""

    share_of_draws: float = measure("1", "Share of the draws that live on this ground", places=5)


@dataclass(frozen=True, slots=True)
class ResampledShare:
    """A share of messages, with its interval over resampled receivers."""

    share: float = measure("1", "Share", places=5)
    low: float = measure("1", "5 % over resampled receivers", places=5)
    high: float = measure("1", "95 % over resampled receivers", places=5)


@dataclass(frozen=True, repr=False)
class SkyResult(BareAnswer):
    """Aircraft heard and not heard against the terrain surface, receiver by receiver and over drawn reliefs."""

    folder: str = hidden()
    terrain: str = words("Elevation model")
    n_messages: int = measure("1", "Aircraft messages")
    rows: tuple[SkyRow, ...] = table("Receivers")
    heard_above: ResampledShare = words("Of the receptions: from above the surface")
    silent_below: ResampledShare = words("Of the silence: from below the surface")
    silent_below_bare_earth: float = measure("1", "Share of silence from below the horizon of a smooth earth", places=5)
    reliefs: tuple[ScoreOnGround, ...] = table("The same over drawn grounds")
    agrees: bool = words("Whether both shares reach what is wanted of the undisturbed model")
    limits: tuple[str, ...] = words("What it does not prove")
    credit: str = words("Whose data they are")


def sky_folder(given: str | None) -> Path:
    """Return the folder of messages: the one given, or that of a clone of the project.

    Raises
    ------
    InputError
        No folder, or nothing of ours in it.
    """
    folder = Path(given) if given else CLONE_FOLDER
    if not folder.is_dir():
        msg = (
            f"--sky {folder}: no such folder; the messages are share-alike and not part of the installed program: take "
            "validation/sky of the project, or a folder with set_*.csv, sensors.csv and one .tif of the ground"
        )
        raise InputError(msg)
    return folder


def _rows_of(path: Path, wanted: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in wanted if name not in (reader.fieldnames or ())]
            if missing:
                msg = (
                    f"{path}: column {missing[0]!r} is missing; the columns of LocaRDS are wanted: {', '.join(wanted)}"
                )
                raise InputError(msg)
            yield from enumerate(reader, start=2)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        msg = f"{path}: cannot be read as a CSV table ({error}); take the file as LocaRDS publishes it"
        raise InputError(msg) from None


def _number(path: Path, line: int, row: dict[str, str], name: str) -> float:
    try:
        value = float(row[name])
    except (TypeError, ValueError):
        value = math.nan
    if not math.isfinite(value):
        msg = f"{path}: line {line}: {name} = {row[name]!r} is not a number; mend the line or leave it out"
        raise InputError(msg)
    return value


def read_sky(folder: Path) -> tuple[Sky, list[Receiver]]:
    """Read messages (``set_*.csv``) and receivers (``sensors.csv``) in the columns of LocaRDS.

    Messages without a geometric altitude are left out. Altitudes above the ellipsoid lose 47.5 m, the geoid's height
    over the Alps within some 3 m, which moves a horizon 300 km away by less than the width of one line.

    Raises
    ------
    InputError
        A file is missing or a line cannot be read.
    """
    files = sorted(folder.glob("set_*.csv"))
    if not files or not (folder / "sensors.csv").is_file():
        msg = f"--sky {folder}: wants set_1.csv (and further ones) and sensors.csv, as LocaRDS publishes them"
        raise InputError(msg)
    places, heard_by = [], []
    for path in files:
        for line, row in _rows_of(path, ("latitude", "longitude", "geoAltitude", "measurements")):
            if not row["geoAltitude"]:
                continue
            places.append([_number(path, line, row, name) for name in ("latitude", "longitude", "geoAltitude")])
            try:
                heard_by.append({int(entry[0]) for entry in json.loads(row["measurements"])})
            except (ValueError, TypeError, IndexError, KeyError):
                msg = f"{path}: line {line}: measurements is no list of [receiver, time, strength]; mend the line"
                raise InputError(msg) from None
    if not places:
        msg = f"--sky {folder}: no message carries a geoAltitude, so nothing can be compared"
        raise InputError(msg)
    table = np.array(places)
    serials = set().union(*heard_by)
    heard = {serial: np.array([serial in one for one in heard_by]) for serial in serials}
    receivers = []
    for line, row in _rows_of(folder / "sensors.csv", ("serial", "latitude", "longitude", "height")):
        numbers = [_number(folder / "sensors.csv", line, row, n) for n in ("serial", "latitude", "longitude", "height")]
        if int(numbers[0]) in serials:
            receivers.append(Receiver(int(numbers[0]), numbers[1], numbers[2], numbers[3] - GEOID_HEIGHT_M))
    return Sky(table[:, 0], table[:, 1], table[:, 2] - GEOID_HEIGHT_M, heard), receivers


def ground_of(folder: Path) -> ElevationModel:
    """Open the one elevation model of a folder.

    Raises
    ------
    InputError
        There is none, or more than one.
    """
    files = sorted(folder.glob("*.tif"))
    if len(files) != 1:
        msg = f"--sky {folder}: holds {len(files)} .tif files; one elevation model of the ground about them is wanted"
        raise InputError(msg)
    return open_model(str(files[0]))


def chosen_receivers(sky: Sky, receivers: list[Receiver], model: ElevationModel) -> list[Receiver]:
    """Return the receivers that can speak: 70 messages or more, and 10 km or more inside the elevation model."""
    west, south, east, north = model.bounds_deg
    found = []
    for one in receivers:
        room_m = min(
            (one.latitude_deg - south) * 111e3,
            (north - one.latitude_deg) * 111e3,
            (one.longitude_deg - west) * 111e3 * math.cos(math.radians(one.latitude_deg)),
            (east - one.longitude_deg) * 111e3 * math.cos(math.radians(one.latitude_deg)),
        )
        if room_m >= LEAST_FROM_EDGE_M and int(sky.heard[one.serial].sum()) >= LEAST_HEARD:
            found.append(one)
    return found


class _Seen(NamedTuple):
    """Of the messages within reach and on the model: heard, below the surface, below the smooth horizon."""

    heard: BoolArray
    below: BoolArray
    below_bare: BoolArray
    height_m: float


def _look(sky: Sky, one: Receiver, model: ElevationModel, relief: Relief | None, threads: int | None) -> _Seen:
    ground_m = float(model.sample(one.latitude_deg, one.longitude_deg))
    height_m = max(one.altitude_m - ground_m, LEAST_MAST_M)
    surface = terrain_surface(
        model, one.latitude_deg, one.longitude_deg, antenna_height_m=height_m, k_factor=STANDARD_K, reach_m=REACH_M,
        relief=relief, threads=threads, cache=relief is None,
    )  # fmt: skip
    there = geodesy.inverse(one.latitude_deg, one.longitude_deg, sky.latitude_deg, sky.longitude_deg)
    lowest_m = _at(surface, there.distance_m, there.azimuth1_rad)
    known = (there.distance_m <= REACH_M) & np.isfinite(lowest_m)
    bare_m = ground_m + minimum_visible_height_m(there.distance_m[known], height_m, k_factor=STANDARD_K)
    altitude_m = sky.altitude_m[known]
    return _Seen(sky.heard[one.serial][known], altitude_m < lowest_m[known], altitude_m < bare_m, height_m)


def _at(surface: TerrainSurface, distance_m: FloatArray, azimuth_rad: FloatArray) -> FloatArray:
    """Lowest visible altitude over positions, bilinear; nan beyond reach or off the model."""
    from scipy.ndimage import map_coordinates

    row = surface.n - distance_m * np.cos(azimuth_rad) / surface.cell_m
    column = surface.n + distance_m * np.sin(azimuth_rad) / surface.cell_m
    field = surface.lowest_visible_altitude_m.astype(np.float64)
    return np.asarray(map_coordinates(field, [row, column], order=1, mode="constant", cval=np.nan))


def sky_referee(
    folder: Path,
    *,
    ledger: Ledger | None = None,
    n_reliefs: int = 0,
    threads: int | None = None,
    progress: Progress = silent,
) -> SkyResult:
    """Hold the terrain surface of every receiver against what it heard and did not hear.

    Parameters
    ----------
    folder : Path
        Messages, receivers and one elevation model.
    ledger : Ledger, optional
        Draws of the doubt about the ground, where ``n_reliefs`` of them are looked at too.

    Raises
    ------
    InputError
        The folder does not hold what is wanted, or no receiver in it can speak.
    """
    sky, receivers = read_sky(folder)
    model = ground_of(folder)
    chosen = chosen_receivers(sky, receivers, model)
    if not chosen:
        msg = f"--sky {folder}: no receiver on the elevation model heard {LEAST_HEARD} messages or more"
        raise InputError(msg)
    rows, seen = [], []
    for i, one in enumerate(chosen):
        progress(Step("looking from the receivers", i, len(chosen)))
        found = _look(sky, one, model, None, threads)
        seen.append(found)
        rows.append(
            SkyRow(
                one.serial, one.latitude_deg, one.longitude_deg, round(found.height_m, 1), int(found.heard.sum()),
                int((found.heard & found.below).sum()), int((~found.heard).sum()),
                int((~found.heard & found.below).sum()), int((~found.heard & found.below_bare).sum()),
            )
        )  # fmt: skip
    reliefs = []
    if n_reliefs and ledger is not None:
        grounds = ledger.grounds(n_reliefs)
        doubt, shares = terrain_doubt(grounds, ledger.seed), grounds.share_of_draws.tolist()
        for i, share in enumerate(shares):
            progress(Step("looking over drawn reliefs", i, len(shares)))
            score = score_of(sky, chosen, model, doubt.relief(i + 1), threads)
            reliefs.append(ScoreOnGround(score.heard_above, score.silent_below, share))
    total = _score(seen)
    heard_ends, silent_ends = _resampled(rows)
    return SkyResult(
        Head(command="verify"),
        folder=str(folder),
        terrain=model.name,
        n_messages=sky.altitude_m.size,
        rows=tuple(rows),
        heard_above=ResampledShare(total.heard_above, *heard_ends),
        silent_below=ResampledShare(total.silent_below, *silent_ends),
        silent_below_bare_earth=sum(row.silent_below_bare for row in rows) / sum(row.silent for row in rows),
        reliefs=tuple(reliefs),
        agrees=total.heard_above >= HEARD_ABOVE_WANTED and total.silent_below >= SILENT_BELOW_WANTED,
        limits=LIMITS,
        credit=CREDIT,
    )


def score_of(
    sky: Sky, receivers: list[Receiver], model: ElevationModel, relief: Relief, threads: int | None = None
) -> Score:
    """Return both shares over one drawn ground, all receivers together."""
    return _score([_look(sky, one, model, relief, threads) for one in receivers])


def _score(seen: list[_Seen]) -> Score:
    heard = np.concatenate([s.heard for s in seen])
    below = np.concatenate([s.below for s in seen])
    return Score(float(1.0 - below[heard].mean()), float(below[~heard].mean()))


def _resampled(rows: list[SkyRow]) -> tuple[tuple[float, float], tuple[float, float]]:
    """5 and 95 % of both shares over resampled receivers: messages of one receiver are not independent."""
    counts = np.array([[r.heard, r.heard_below, r.silent, r.silent_below] for r in rows], dtype=np.float64)
    picks = stream(1, "sky/bootstrap").integers(0, len(rows), size=(N_BOOTSTRAP, len(rows)))
    heard, heard_below, silent, silent_below = counts[picks].sum(axis=1).T
    ends = [np.quantile(share, [0.05, 0.95]) for share in (1.0 - heard_below / heard, silent_below / silent)]
    return (float(ends[0][0]), float(ends[0][1])), (float(ends[1][0]), float(ends[1][1]))


def _percent(share: float, digits: int = 1) -> str:
    return f"{100.0 * share:.{digits}f} %"


def sky_lines(result: SkyResult, width: int = 80) -> list[str]:
    """Return the verdict as text: a line a receiver, both shares, and what it proves and does not."""
    lines = [*sky_table(result)]
    for sentence in sky_sentences(result):
        lines += ["", *whole_lines(sentence, width)]
    lines += ["", "What it proves, and what not"]
    for limit in (*LIMITS, CREDIT):
        lines += whole_lines(limit, width, first="- ", rest="  ")
    return lines


def sky_table(result: SkyResult) -> list[str]:
    """Return a line for each receiver: what it heard, what it did not, and how much of either lay below its sight."""
    rows = result.rows
    return [
        f"The sky as referee: {result.n_messages:,} aircraft messages, {len(rows)} receivers, ground {result.terrain}",
        "",
        f"{'receiver':>8} {'lat':>7} {'lon':>7} {'mast':>6} {'heard':>6} {'below':>6} {'not heard':>10} {'below':>6}",
        *(
            f"{r.receiver:>8} {r.latitude_deg:>7.2f} {r.longitude_deg:>7.2f} {r.height_m:>4.0f} m {r.heard:>6,} "
            f"{r.heard_below:>6,} {r.silent:>10,} {r.silent_below:>6,}"
            for r in rows
        ),
    ]


def sky_sentences(result: SkyResult) -> list[str]:
    """Say how much of what was heard and not heard the terrain explains."""
    rows = result.rows
    heard, silent = sum(r.heard for r in rows), sum(r.silent for r in rows)
    above, below = result.heard_above, result.silent_below
    heard_ends = f"{_percent(above.low, 2)} to {_percent(above.high, 2)}"
    silent_ends = f"{_percent(below.low)} to {_percent(below.high)}"
    sentences = [
        (
            f"Of {heard:,} receptions {_percent(above.share, 2)} come from above the lowest altitude that "
            f"the terrain lets the receiver see ({heard_ends} over resampled receivers; "
            f"{_percent(HEARD_ABOVE_WANTED)} wanted)."
        ),
        (
            f"Of {silent:,} aircraft within {REACH_M / 1e3:.0f} km that a receiver did not report, "
            f"{_percent(below.share)} were below it ({silent_ends}; {_percent(SILENT_BELOW_WANTED, 0)} "
            f"wanted): terrain explains them. A smooth earth explains {_percent(result.silent_below_bare_earth)}."
        ),
    ]
    if result.reliefs:
        clear = sum(r.share_of_draws for r in result.reliefs if r.heard_above >= 0.99)
        explained = sorted(r.silent_below for r in result.reliefs)
        sentences.append(
            f"Over {len(result.reliefs)} drawn reliefs: on those that {_percent(clear, 0)} of the draws live on, "
            f"at least 99 % of the receptions come from above; explained silence {_percent(explained[0])} to "
            f"{_percent(explained[-1])}."
        )
    return sentences
