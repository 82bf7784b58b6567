"""Paths of a raid: every target sampled in time, seen from every unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ringtrue.finding import DRAWS
from ringtrue.geo.geodesy import direct, inverse
from ringtrue.kinematics import ballistic
from ringtrue.scenario.draw import nominal_record

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ringtrue.catalogue.records import Parameter, TargetClass
    from ringtrue.geo.elevation import ElevationModel
    from ringtrue.scenario.flights import Flight

    FloatArray = NDArray[np.float64]

N_SAMPLES = 257
EARTH_RADIUS_M = 6_371_000.0
LOW_FLYER_M = 1000.0


@dataclass(frozen=True)
class Paths:
    """Where every target is: (target, sample) but for ``time_s`` (draw + 1, target, sample)."""

    time_s: FloatArray
    latitude_deg: FloatArray
    longitude_deg: FloatArray
    altitude_m: FloatArray
    height_m: FloatArray
    course_rad: FloatArray
    is_clipped: NDArray[np.bool_]  # (target,) the path leaves the elevation model: ground taken as sea level there
    follows_ground: NDArray[np.bool_]  # (target,) its height is above the ground


def fly(
    flights: tuple[Flight, ...],
    classes: dict[str, TargetClass[FloatArray]],
    model: ElevationModel,
    site_altitude_m: float,
    n_cases: int,
) -> Paths:
    """Sample every flight from its start to its aim, or to the release range before it.

    Parameters
    ----------
    classes : dict
        Drawn target classes by ID; speeds (draw + 1,) [m/s].
    site_altitude_m : float
        Ground altitude of bare earth, used when the model has no relief [m].
    n_cases : int
        Draws, and the nominal case behind them.

    Notes
    -----
    A usual height below 1,000 m is above the ground and followed, a greater one is above mean sea level. A ballistic
    target flies the arc of its class scaled to its own range (same shape), with the nominal apogee.
    """
    n_j = len(flights)
    time_s = np.empty((n_cases, n_j, N_SAMPLES))
    latitude, longitude, altitude, height, course = (np.empty((n_j, N_SAMPLES)) for _ in range(5))
    is_clipped, follows = np.zeros(n_j, dtype=np.bool_), np.zeros(n_j, dtype=np.bool_)
    for j, flight in enumerate(flights):
        target = classes[flight.target]
        places = np.array([(p.latitude_deg, p.longitude_deg) for p in flight.way])
        if target.kind == "ballistic":
            elapsed_s, latitude[j], longitude[j], altitude[j] = _arc(flight, target, places)
            time_s[:, j] = flight.start_s + elapsed_s
        else:
            way_m, latitude[j], longitude[j] = _legs(places, flight.release_range_m)
            speed = target.speed_mps if flight.speed_mps is None else np.full(n_cases, flight.speed_mps)
            time_s[:, j] = flight.start_s + way_m / speed[:, None]
        ground = _ground_m(model, latitude[j], longitude[j], site_altitude_m)
        is_clipped[j] = bool(np.isnan(ground).any())
        ground = np.nan_to_num(ground, nan=0.0)
        if target.kind != "ballistic":
            usual = float(np.median(target.usual_height_m[DRAWS]))
            is_low = flight.height_m is not None or usual < LOW_FLYER_M
            follows[j] = flight.altitude_m is None and is_low
            if flight.altitude_m is not None:
                altitude[j] = flight.altitude_m
            elif flight.height_m is not None:
                altitude[j] = ground + flight.height_m
            else:
                altitude[j] = ground + usual if usual < LOW_FLYER_M else usual
        height[j] = altitude[j] - ground
        _, azimuth, _ = inverse(latitude[j, :-1], longitude[j, :-1], latitude[j, 1:], longitude[j, 1:])
        course[j] = np.append(azimuth, azimuth[-1])
    return Paths(time_s, latitude, longitude, altitude, height, course, is_clipped, follows)


def fly_nominal(
    flights: tuple[Flight, ...],
    targets: dict[str, TargetClass[Parameter]],
    model: ElevationModel,
    site_altitude_m: float,
) -> Paths:
    """Sample every flight in the nominal case of its class; ``time_s`` has it twice, as a draw and as the nominal case.

    Parameters
    ----------
    targets : dict
        Target classes of the catalogue by ID.
    """
    classes = {name: nominal_record(targets[name], 2) for name in {f.target for f in flights}}
    return fly(flights, classes, model, site_altitude_m, 2)


def _legs(places: FloatArray, release_range_m: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Way flown [m] and positions of the samples along geodesic legs."""
    length_m, azimuth, _ = inverse(places[:-1, 0], places[:-1, 1], places[1:, 0], places[1:, 1])
    ends_m = np.concatenate([[0.0], np.cumsum(length_m)])
    total_m = max(float(ends_m[-1]) - release_range_m, 1.0)
    way_m = np.linspace(0.0, total_m, N_SAMPLES)
    leg = np.clip(np.searchsorted(ends_m, way_m, side="right") - 1, 0, length_m.size - 1)
    latitude, longitude = direct(places[leg, 0], places[leg, 1], azimuth[leg], way_m - ends_m[leg])
    return way_m, np.asarray(latitude), np.asarray(longitude)


def _arc(
    flight: Flight, target: TargetClass[FloatArray], places: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Time since launch and positions on a ballistic arc."""
    distance_m, azimuth, _ = (float(v) for v in inverse(*places[0], *places[-1]))
    if flight.apogee_m is not None:
        apogee_m = flight.apogee_m
    elif target.apogee_m is not None and target.range_m is not None:
        apogee_m = float(np.median(target.apogee_m[DRAWS])) * distance_m / float(np.median(target.range_m[DRAWS]))
    else:
        apogee_m = float(ballistic.minimum_energy_apogee_m(distance_m))
    elapsed_s = np.linspace(0.0, 1.0, N_SAMPLES) * float(ballistic.time_of_flight_s(distance_m, apogee_m))
    track = ballistic.over_ground(places[0, 0], places[0, 1], azimuth, distance_m, apogee_m, elapsed_s)
    latitude, longitude = (np.where(np.isnan(v), places[-1, k], v) for k, v in enumerate(track[:2]))
    return elapsed_s, latitude, longitude, np.maximum(np.nan_to_num(track.altitude_m, nan=0.0), 0.0)


def _ground_m(
    model: ElevationModel, latitude_deg: FloatArray, longitude_deg: FloatArray, site_altitude_m: float
) -> FloatArray:
    if model.is_bare_earth:
        return np.full(latitude_deg.shape, site_altitude_m)
    return np.asarray(model.sample(latitude_deg, longitude_deg), dtype=np.float64)


def slant_m(ground_range_m: FloatArray, altitude1_m: FloatArray | float, altitude2_m: FloatArray) -> FloatArray:
    """Straight distance over a round earth, by the law of cosines.

    >>> round(float(slant_m(np.array(100e3), 0.0, np.array(0.0))))
    99999
    """
    radius1 = EARTH_RADIUS_M + np.asarray(altitude1_m)
    radius2 = EARTH_RADIUS_M + altitude2_m
    half = np.sin(0.5 * ground_range_m / EARTH_RADIUS_M)
    return np.asarray(np.sqrt((radius2 - radius1) ** 2 + 4.0 * radius1 * radius2 * half * half))
