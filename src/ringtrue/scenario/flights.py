"""Raids and friendly traffic, target by target: uid, class, start, way, aim."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from ringtrue.errors import InputError, OutsideTerrainError
from ringtrue.geo.geodesy import direct, inverse
from ringtrue.scenario.keys import Waypoint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import NDArray

    from ringtrue.geo.elevation import ElevationModel
    from ringtrue.scenario.records import Friendly, Laydown, Scenario, Wave


@dataclass(frozen=True, slots=True)
class Flight:
    """One target of a raid, one friendly flight, or one flight of a pattern.

    ``way`` runs from the start to the end, which for a hostile target is its aim. ``height_m`` is above the ground
    below all along, ``altitude_m`` above mean sea level; both ``None``: the class's usual height, or a ballistic arc
    with ``apogee_m`` (``None``: the class's). ``aim`` is empty for friendly traffic.
    """

    uid: str
    group: str
    target: str
    start_s: float
    way: tuple[Waypoint, ...]
    aim: str
    is_friendly: bool
    height_m: float | None
    altitude_m: float | None
    speed_mps: float | None
    apogee_m: float | None
    release_range_m: float


def raid_flights(scenario: Scenario, raid_id: str) -> tuple[Flight, ...]:
    """Return every target of a raid in order of waves, each with the uid ``{wave uid}/{i}``.

    A wave's targets take its aims in turn. A unit that is an aim keeps the position of its first laydown in all of
    them, so that the raid is the same against each.

    Examples
    --------
    >>> from ringtrue.scenario.load import load_scenario
    >>> [flight.uid for flight in raid_flights(load_scenario("minimal"), "cruise-4")]
    ['r1/0', 'r1/1', 'r1/2', 'r1/3']
    """
    aims = _aim_positions(scenario)
    return tuple(
        _hostile(wave, i, aims[wave.aim[i % len(wave.aim)]])
        for wave in scenario.raid(raid_id).waves
        for i in range(wave.count)
    )


def friendly_flights(scenario: Scenario) -> tuple[Flight, ...]:
    """Return every friendly flight, each with the uid ``{uid}/{i}``."""
    return tuple(_friend(item, i) for item in scenario.friendly for i in range(item.count))


def pattern_flights(scenario: Scenario) -> tuple[Flight, ...]:
    """Return one flight of every pattern for each of its classes, with the uid ``{pattern uid}/{class}``."""
    return tuple(
        Flight(
            uid=f"{pattern.uid}/{target}",
            group=pattern.uid,
            target=target,
            start_s=0.0,
            way=pattern.path,
            aim="",
            is_friendly=True,
            height_m=pattern.height_m,
            altitude_m=pattern.altitude_m,
            speed_mps=pattern.speed_mps,
            apogee_m=None,
            release_range_m=0.0,
        )
        for pattern in scenario.patterns
        for target in pattern.targets
    )


def check_above_ground(
    flights: Iterable[Flight],
    ground_altitude_m: Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]],
    written_at: Mapping[str, str],
    step_m: float = 1000.0,
) -> None:
    """Raise when a path of fixed altitude runs under the ground.

    Parameters
    ----------
    ground_altitude_m : callable
        (latitude_deg, longitude_deg) → ground altitude above mean sea level [m]; nan where the model ends, which is no
        complaint here.
    written_at : mapping
        `Scenario.written_at`: file, line and key that the error prints.
    step_m : float
        Distance between the points looked at [m]: a peak narrower than this is missed.

    Raises
    ------
    InputError
        Names the flight's group, its altitude, the ground and the place where they meet first.
    """
    for group, altitude_m, way in dict.fromkeys((f.group, f.altitude_m, f.way) for f in flights):
        if altitude_m is None:
            continue
        latitude_deg, longitude_deg = sample_way(way, step_m)
        ground_m = ground_altitude_m(latitude_deg, longitude_deg)
        under = np.flatnonzero(np.nan_to_num(ground_m, nan=-np.inf) > altitude_m)
        if under.size:
            i = int(under[0])
            where = written_at.get(f"flight {group}", group)
            msg = (
                f"{where}: {altitude_m:g} m lies under the ground, which is {ground_m[i]:.0f} m at "
                f"{latitude_deg[i]:.4f}, {longitude_deg[i]:.4f}; raise the altitude, or give a height above ground"
            )
            raise InputError(msg)


def check_raids(
    scenario: Scenario, laydowns: Iterable[Laydown], raid_ids: Iterable[str], model: ElevationModel
) -> None:
    """Raise when there is no raid to play, a path runs under the ground, or a fire unit stands off the model.

    Raises
    ------
    InputError
        No raid, or a path under the ground (`check_above_ground`).
    OutsideTerrainError
        A fire unit off the model (`check_on_model`).
    """
    raids = tuple(raid_ids)
    if not raids:
        msg = f"{scenario.name}: no [[raid]] is given, so there is nothing to play; add one with a [[raid.wave]]"
        raise InputError(msg)
    check_on_model(laydowns, model.sample, model.name, scenario.written_at)
    flights = [flight for raid in raids for flight in raid_flights(scenario, raid)]
    check_above_ground([*flights, *friendly_flights(scenario)], model.sample, scenario.written_at)


def check_levels(
    scenario: Scenario,
    laydowns: Iterable[Laydown],
    altitudes_m: Iterable[float],
    ground_altitude_m: Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]],
) -> None:
    """Raise when a target at an altitude above sea level would fly under the ground of a fire unit's place.

    Parameters
    ----------
    altitudes_m : iterable of float
        Altitudes asked for [m above mean sea level].
    ground_altitude_m : callable
        (latitude_deg, longitude_deg) → ground altitude above mean sea level [m]; nan where the model ends, which is no
        complaint here.

    Raises
    ------
    InputError
        Names the altitude, the place and its ground.
    """
    lowest_m = min(altitudes_m, default=np.inf)
    sites = {u.place: (u.latitude_deg, u.longitude_deg) for laydown in laydowns for u in laydown.units}
    for place, (latitude_deg, longitude_deg) in sites.items():
        ground_m = float(ground_altitude_m(np.array([latitude_deg]), np.array([longitude_deg]))[0])
        if lowest_m < ground_m:
            msg = (
                f"{scenario.name}: study.altitudes: {lowest_m:,.0f} m above sea level lies under the ground at {place} "
                f"({ground_m:,.0f} m); raise the altitude, or give a height above ground under study.heights"
            )
            raise InputError(msg)


def check_on_model(
    laydowns: Iterable[Laydown],
    ground_altitude_m: Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]],
    model: str,
    written_at: Mapping[str, str],
) -> None:
    """Raise when a fire unit stands where an elevation model has no ground.

    Parameters
    ----------
    ground_altitude_m : callable
        (latitude_deg, longitude_deg) → ground altitude above mean sea level [m]; nan where the model ends.
    model : str
        Name of the model.
    written_at : mapping
        `Scenario.written_at`: file, line and key that the error prints.

    Raises
    ------
    OutsideTerrainError
        Names the place and where the file gives it.
    """
    sites = {u.place: (u.latitude_deg, u.longitude_deg) for laydown in laydowns for u in laydown.units}
    for place, (latitude_deg, longitude_deg) in sites.items():
        if np.isnan(ground_altitude_m(np.array([latitude_deg]), np.array([longitude_deg]))[0]):
            where = written_at.get(f"place {place}", f"place {place}")
            raise OutsideTerrainError((latitude_deg, longitude_deg), model, where)


def sample_way(way: tuple[Waypoint, ...], step_m: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return points along the geodesic legs of a way [deg], ``step_m`` apart at most, ends of legs included."""
    latitudes, longitudes = [], []
    for start, end in pairwise(way):
        leg = inverse(start.latitude_deg, start.longitude_deg, end.latitude_deg, end.longitude_deg)
        length_m, azimuth_rad = float(leg[0]), float(leg[1])
        distance_m = np.linspace(0.0, length_m, max(2, math.ceil(length_m / step_m) + 1))
        points = direct(start.latitude_deg, start.longitude_deg, azimuth_rad, distance_m)
        latitudes.append(np.asarray(points[0], dtype=np.float64))
        longitudes.append(np.asarray(points[1], dtype=np.float64))
    return np.concatenate(latitudes), np.concatenate(longitudes)


def _aim_positions(scenario: Scenario) -> dict[str, Waypoint]:
    units = {
        unit.uid: Waypoint(unit.latitude_deg, unit.longitude_deg)
        for laydown in reversed(scenario.laydowns)
        for unit in laydown.units
    }
    assets = {asset.uid: Waypoint(asset.latitude_deg, asset.longitude_deg) for asset in scenario.assets}
    return units | assets


def _hostile(wave: Wave, i: int, aim: Waypoint) -> Flight:
    if wave.bearing_rad is not None and wave.start_distance_m is not None:
        start = direct(aim.latitude_deg, aim.longitude_deg, wave.bearing_rad, wave.start_distance_m)
        way: tuple[Waypoint, ...] = (Waypoint(float(start[0]), float(start[1])), aim)
    else:
        way = wave.path if wave.path[-1] == aim else (*wave.path, aim)
    return Flight(
        uid=f"{wave.uid}/{i}",
        group=wave.uid,
        target=wave.target,
        start_s=wave.start_s + i * wave.spacing_s,
        way=way,
        aim=wave.aim[i % len(wave.aim)],
        is_friendly=False,
        height_m=wave.height_m,
        altitude_m=wave.altitude_m,
        speed_mps=wave.speed_mps,
        apogee_m=wave.apogee_m,
        release_range_m=wave.release_range_m,
    )


def _friend(item: Friendly, i: int) -> Flight:
    return Flight(
        uid=f"{item.uid}/{i}",
        group=item.uid,
        target=item.target,
        start_s=item.start_s + i * item.spacing_s,
        way=item.path,
        aim="",
        is_friendly=True,
        height_m=item.height_m,
        altitude_m=item.altitude_m,
        speed_mps=item.speed_mps,
        apogee_m=None,
        release_range_m=0.0,
    )
