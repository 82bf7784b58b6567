"""Exposure: how much of a peacetime flight a radar could observe, by distance and by the side it sees.

Opportunity to observe, not what was learned: a path is laid over the sight of one radar, and each stretch of it goes
to an aspect sector (nose, side, tail) and a range band. Within an aspect the cross-section of a draw is one number, so
that a threshold in signal-to-noise ratio is a slant range, and a whole flight costs one sorted table for each aspect.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from ringtrue.answer import key, measure
from ringtrue.coverage.edges import EARTH_RADIUS_M, confirmed_range_m, single_look_range_m
from ringtrue.errors import DomainError
from ringtrue.kinematics.flight import chord_m, fly_legs, leg_lengths_m
from ringtrue.sensing.looks import look_periods

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from ringtrue.catalogue.records import Radar, TargetClass
    from ringtrue.coverage.records import Heading
    from ringtrue.coverage.ring import Weather
    from ringtrue.finding import Finding
    from ringtrue.sensing.sight import PolarSight

    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.int64]

Threshold = Literal["look-0.5", "confirmed-0.9", "look+10dB", "look+20dB"]

THRESHOLDS: tuple[Threshold, ...] = ("look-0.5", "confirmed-0.9", "look+10dB", "look+20dB")
THRESHOLD_WORDS: dict[Threshold, str] = {
    "look-0.5": "one look detects with probability 0.5",
    "confirmed-0.9": "the looks of the leg flown so far have confirmed a track with probability 0.9",
    "look+10dB": "ten times the signal-to-noise ratio at which one look detects with probability 0.5",
    "look+20dB": "a hundred times that ratio",
}
MARGIN_DB: dict[Threshold, float] = {"look-0.5": 0.0, "look+10dB": 10.0, "look+20dB": 20.0}
ASPECTS = ("nose", "side", "tail")
NOSE_HALF_WIDTH_RAD = float(np.pi / 4.0)
BAND_EDGES_M = (0.0, 25e3, 50e3, 100e3, 200e3, float("inf"))
BANDS = ("0-25 km", "25-50 km", "50-100 km", "100-200 km", ">200 km")
PATH_STEP_M = 250.0
_HEADINGS: tuple[Heading, ...] = ("inbound", "beam", "outbound")


class LineToRadar(NamedTuple):
    """Straight line from a target to an antenna: its length, and how far it points below the target's horizontal."""

    slant_range_m: FloatArray
    depression_rad: FloatArray


class LegExposure(NamedTuple):
    """A straight leg past a radar: length and time inside the detection radius, and that time by (aspect, band)."""

    chord_m: float
    time_s: float
    by_sector_s: FloatArray


@dataclass(frozen=True)
class PathSight:
    """A flight path as one radar could see it; axes (relief, sample), one sample for each stretch of the path.

    ``way_m`` (sample,) is the length of the stretch, ``aspect`` the index in `ASPECTS`, ``in_sight`` whether terrain,
    horizon and elevation limits leave it in view, ``is_covered`` (sample,) whether the elevation model has ground there
    or the stretch lies beyond the radar's reach.
    """

    way_m: FloatArray
    slant_range_m: FloatArray
    aspect: IntArray
    in_sight: NDArray[np.bool_]
    is_covered: NDArray[np.bool_]


@dataclass(frozen=True)
class FlightLedger:
    """What one radar could observe of one flight, over draws (draw + 1,), nominal last.

    ``time_s`` (draw + 1, aspect, band); ``flown_s`` the whole flight; ``farthest_m`` the farthest slant range observed,
    0 where nothing is.
    """

    time_s: FloatArray
    flown_s: FloatArray
    farthest_m: FloatArray


@dataclass(frozen=True, slots=True)
class ExposureRow:
    """One line of the ledger: a class on one pattern (or on ``all``) before one radar, at one threshold.

    Minutes by aspect and by band are per hour with the radar on, both at once for all patterns together only.
    """

    laydown: str = key("Laydown")
    unit: str = key("Fire unit")
    system: str = key("System")
    radar: str = key("Radar")
    role: str = key("Role of the radar")
    pattern: str = key("Pattern of flight", "all: every pattern together.")
    target: str = key("Target class")
    threshold: Threshold = key("What counts as observed")
    covered_share: float = measure("1", "Share of the way that the elevation model covers", places=4)
    flights_per_week: Finding = measure("1", "Flights per week")
    minutes_per_flight: Finding = measure(
        "min", "Minutes observed per flight",
        heads={"by_pattern": "minutes per flight, one look", "ledger_by_pattern": "Minutes per flight at one look"},
    )  # fmt: skip
    minutes_per_hour_on: Finding = measure(
        "min/h", "Minutes observed per hour with the radar on",
        heads={"by_threshold": "min/h", "ledger_by_threshold": "Minutes per hour with the radar on"},
    )  # fmt: skip
    by_aspect: dict[str, Finding] = measure(
        "min/h", "Minutes per hour on, by the side that the radar sees",
        heads={"terminal": "  one look, {}", "ledger": "Of the minutes at one look: from which side"},
    )  # fmt: skip
    by_band: dict[str, Finding] = measure(
        "min/h", "Minutes per hour on, by distance",
        heads={"terminal": "  at {}", "ledger": "Of the minutes at one look: from how far"},
    )  # fmt: skip
    by_aspect_and_band: dict[str, dict[str, Finding]] | None = measure(
        "min/h", "Minutes per hour on, by side and distance", "Null: given for all patterns together only."
    )
    hours_per_year: Finding = measure(
        "h", "Hours observed per year", "For a radar that is on whenever the pattern is flown.",
        heads={"terminal": "hours per year", "ledger": "hours per year, if the radar is always on"},
    )  # fmt: skip
    share_of_flight: Finding = measure(
        "1", "Observed share of the time flown", "Of the part of the way that the elevation model covers.",
        form="percent", heads={"terminal": "share of time", "ledger": "share of the time flown"},
    )  # fmt: skip
    farthest_km: Finding = measure(
        "km", "Farthest distance observed",
        heads={"terminal": "farthest, km", "ledger": "farthest slant range, km"},
    )  # fmt: skip
    share_of_draws_observed: float = measure("1", "Share of draws in which anything is observed", places=4)


def aspect_rad(course_rad: ArrayLike, azimuth_to_radar_rad: ArrayLike, depression_rad: ArrayLike = 0.0) -> FloatArray:
    """Angle between the course of a target and its line to the radar [rad], 0 nose-on to pi tail-on.

    Parameters
    ----------
    course_rad, azimuth_to_radar_rad : array_like
        Course and direction to the radar, both at the target, clockwise from north [rad]. Shapes broadcast.
    depression_rad : array_like
        How far the line to the radar points below the horizontal [rad]; straight overhead everything is side.

    Notes
    -----
    cos a = cos(course - azimuth) cos(depression), a level flight.

    >>> round(float(np.degrees(aspect_rad(0.0, np.radians(350.0)))), 6)
    10.0
    """
    turn = np.asarray(course_rad, dtype=np.float64) - np.asarray(azimuth_to_radar_rad, dtype=np.float64)
    return np.asarray(np.arccos(np.clip(np.cos(turn) * np.cos(depression_rad), -1.0, 1.0)), dtype=np.float64)


def aspect_sector(aspect: ArrayLike) -> IntArray:
    """Index in `ASPECTS` of an aspect angle [rad]: nose below 45 degrees, tail above 135, side between.

    >>> aspect_sector(np.radians([0.0, 44.0, 90.0, 136.0])).tolist()
    [0, 0, 1, 2]
    """
    angle = np.asarray(aspect, dtype=np.float64)
    return (angle >= NOSE_HALF_WIDTH_RAD).astype(np.int64) + (angle > np.pi - NOSE_HALF_WIDTH_RAD)


def straight_leg(
    radius_m: float, offset_m: float, speed_mps: float, band_edges_m: tuple[float, ...] = BAND_EDGES_M
) -> LegExposure:
    """Exposure on a long straight leg that passes a radar at ``offset_m``, in closed form on a flat plane.

    Parameters
    ----------
    radius_m : float
        Detection radius, the same for every aspect [m].
    offset_m : float
        Least distance of the leg from the radar [m].
    speed_mps : float
        Speed along the leg [m/s].
    band_edges_m : tuple of float
        Edges of the range bands [m], rising from 0.

    Notes
    -----
    Chord 2 sqrt(R^2 - y^2). At the way x past the closest point the distance is sqrt(x^2 + y^2) and the aspect
    arccos(-x / distance): sectors and bands are intervals of x, and the answer is their overlap.

    Raises
    ------
    DomainError
        Speed not above zero, or a negative length.

    Examples
    --------
    >>> leg = straight_leg(49_040.0, 20_000.0, 250.0)
    >>> round(leg.chord_m, 1), round(leg.time_s, 2), [round(float(t), 2) for t in leg.by_sector_s.sum(axis=1)]
    (89552.7, 358.21, [99.11, 160.0, 99.11])
    """
    if speed_mps <= 0.0 or radius_m < 0.0 or offset_m < 0.0:
        msg = (
            "a leg needs a radius and an offset of zero or more and a speed above zero; "
            f"given {radius_m:g} m, {offset_m:g} m, {speed_mps:g} m/s"
        )
        raise DomainError(msg)
    whole_m = float(chord_m(radius_m, offset_m))
    turn_m = offset_m / float(np.tan(NOSE_HALF_WIDTH_RAD))
    sectors = ((-np.inf, -turn_m), (-turn_m, turn_m), (turn_m, np.inf))
    half_m = [float(chord_m(min(edge, radius_m), offset_m)) / 2.0 for edge in band_edges_m]
    by_sector = np.zeros((len(ASPECTS), len(band_edges_m) - 1))
    for a, (start_m, end_m) in enumerate(sectors):
        for b, (inner_m, outer_m) in enumerate(pairwise(half_m)):
            for low_m, high_m in ((-outer_m, -inner_m), (inner_m, outer_m)):
                by_sector[a, b] += max(min(high_m, end_m) - max(low_m, start_m), 0.0) / speed_mps
    return LegExposure(whole_m, whole_m / speed_mps, by_sector)


def line_to_radar(ground_range_m: ArrayLike, antenna_altitude_m: ArrayLike, altitude_m: ArrayLike) -> LineToRadar:
    """Straight line from a target to the antenna over the sphere; shapes broadcast.

    >>> line = line_to_radar(100_000.0, 0.0, 10_000.0)
    >>> round(float(line.slant_range_m)), round(float(np.degrees(line.depression_rad)), 2)
    (100576, 6.16)
    """
    angle = np.asarray(ground_range_m, dtype=np.float64) / EARTH_RADIUS_M
    own = EARTH_RADIUS_M + np.asarray(altitude_m, dtype=np.float64)
    radar = EARTH_RADIUS_M + np.asarray(antenna_altitude_m, dtype=np.float64)
    slant_m = np.sqrt((own - radar) ** 2 + 4.0 * own * radar * np.sin(angle / 2.0) ** 2)
    down = np.clip((own - radar * np.cos(angle)) / np.maximum(slant_m, 1e-9), -1.0, 1.0)
    return LineToRadar(slant_m, np.asarray(np.arcsin(down), dtype=np.float64))


def path_sight(
    sight: PolarSight,
    latitude_deg: ArrayLike,
    longitude_deg: ArrayLike,
    *,
    height_m: float | None,
    altitude_m: float | None,
    min_elevation_rad: FloatArray,
    max_elevation_rad: FloatArray,
    reach_m: float,
    step_m: float = PATH_STEP_M,
) -> PathSight:
    """Lay a path of straight geodesic legs over the sight of one radar.

    Parameters
    ----------
    latitude_deg, longitude_deg : (place,) array_like
        Places flown through [degree].
    height_m, altitude_m : float or None
        Height above the ground below, or altitude above mean sea level [m]; exactly one.
    min_elevation_rad, max_elevation_rad : (relief,) array
        Elevation limits of the beam [rad].
    reach_m : float
        Greatest instrumented range [m]: what lies beyond is no gap in the elevation model.
    step_m : float
        Longest stretch; a time is off by at most half a stretch at each crossing of a limit.

    Notes
    -----
    Sight stands on azimuths one degree apart: a point takes the nearest one, as the ring audit does.
    """
    from ringtrue.geo import geodesy

    length_m = float(leg_lengths_m(latitude_deg, longitude_deg).sum())
    n = max(int(np.ceil(length_m / step_m)), 1)
    middle_m = (np.arange(n) + 0.5) * (length_m / n)
    track = fly_legs(latitude_deg, longitude_deg, 1.0, middle_m, altitude_m=0.0)
    there = geodesy.inverse(track.latitude_deg, track.longitude_deg, sight.latitude_deg, sight.longitude_deg)
    from_site = geodesy.inverse(sight.latitude_deg, sight.longitude_deg, track.latitude_deg, track.longitude_deg)
    ground_range_m = there.distance_m
    needed_m, ground_m = sight.along(from_site[1], ground_range_m)
    target_m = ground_m + height_m if height_m is not None else np.full(ground_m.shape, altitude_m)
    antenna_m = sight.antenna_altitude_m[:, None]
    line = line_to_radar(ground_range_m, antenna_m, np.where(np.isfinite(target_m), target_m, 0.0))
    rise_m = target_m - antenna_m - ground_range_m**2 * sight.curvature_per_m
    in_sight = (
        (target_m - ground_m >= needed_m)
        & (rise_m >= np.tan(min_elevation_rad)[:, None] * ground_range_m)
        & (rise_m <= np.tan(np.minimum(max_elevation_rad, 1.5533))[:, None] * ground_range_m)
    )
    return PathSight(
        way_m=np.full(n, length_m / n),
        slant_range_m=line.slant_range_m,
        aspect=aspect_sector(aspect_rad(track.course_rad, there[1], line.depression_rad)),
        in_sight=in_sight,
        is_covered=np.isfinite(ground_m[0]) | (ground_range_m > reach_m),
    )


def way_within_m(
    slant_range_m: FloatArray, way_m: FloatArray, limit_m: FloatArray, band_edges_m: tuple[float, ...] = BAND_EDGES_M
) -> FloatArray:
    """Way flown inside a limit, by range band.

    Parameters
    ----------
    slant_range_m, way_m : (sample,) array
        Distance and length of each stretch of the path [m].
    limit_m : (draw,) array
        Slant range inside which a stretch counts [m].

    Returns
    -------
    (draw, band) array
        Way [m].

    >>> way_within_m(np.array([10e3, 30e3, 60e3]), np.ones(3), np.array([40e3])).tolist()
    [[1.0, 1.0, 0.0, 0.0, 0.0]]
    """
    order = np.argsort(slant_range_m, kind="stable")
    so_far = np.concatenate([[0.0], np.cumsum(way_m[order])])
    edge_m = np.minimum(np.asarray(band_edges_m)[None, :], limit_m[:, None])
    reached = so_far[np.searchsorted(slant_range_m[order], edge_m, side="right")]
    return np.asarray(np.diff(reached, axis=1), dtype=np.float64)


def threshold_ranges_m(
    radar: Radar[FloatArray], target: TargetClass[FloatArray], threshold: Threshold, weather: Weather
) -> FloatArray:
    """Slant range at which a threshold is just reached, at most the instrumented range: (aspect, draw + 1) [m].

    A margin in dB works as a loss of as many dB: the range at which the ratio would still do after losing it.
    """
    if threshold == "confirmed-0.9":
        periods = look_periods(radar)
        look_s = periods.search_s if radar.role == "acquisition" else periods.cued_s
        found = [confirmed_range_m(radar, target, heading, weather, 0.9, look_s) for heading in _HEADINGS]
    else:
        air = replace(weather, clutter_db=weather.clutter_db + MARGIN_DB[threshold])
        found = [single_look_range_m(radar, target, heading, air) for heading in _HEADINGS]
    return np.minimum(np.stack(found), radar.instrumented_range_m)


def flight_ledger(path: PathSight, relief: IntArray, limit_m: FloatArray, speed_mps: FloatArray) -> FlightLedger:
    """Sum what one radar could observe of one flight, for every draw.

    Parameters
    ----------
    relief : (draw + 1,) int array
        Which relief of ``path`` each draw lives on.
    limit_m : (aspect, draw + 1) array
        Slant range within which the flight is observed, from `threshold_ranges_m` [m].
    speed_mps : (draw + 1,) array
        Ground speed [m/s].
    """
    n = relief.size
    way_m = np.zeros((n, len(ASPECTS), len(BANDS)))
    farthest_m = np.zeros(n)
    for i in range(path.slant_range_m.shape[0]):
        draws = np.flatnonzero(relief == i)
        for a in range(len(ASPECTS)):
            seen = path.in_sight[i] & (path.aspect[i] == a)
            if not seen.any() or draws.size == 0:
                continue
            slant_m = path.slant_range_m[i, seen]
            limit = limit_m[a, draws]
            way_m[draws, a] = way_within_m(slant_m, path.way_m[seen], limit)
            ordered = np.concatenate([[0.0], np.sort(slant_m)])
            far = ordered[np.searchsorted(ordered, limit, side="right") - 1]
            farthest_m[draws] = np.maximum(farthest_m[draws], far)
    return FlightLedger(way_m / speed_mps[:, None, None], float(path.way_m.sum()) / speed_mps, farthest_m)


# what a case file of `ringtrue verify` may call here: these compute from numbers, and neither read nor write
FOR_CASES = ("straight_leg",)
