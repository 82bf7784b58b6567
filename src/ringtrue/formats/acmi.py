"""One raid, told event by event, as a flight recording for Tacview (ACMI 2.2).

Positions are longitude and latitude on WGS 84 and altitude above mean sea level, as the format has them. Targets fly
their paths, sampled as the raid samples them. An interceptor is drawn on a straight line from its launcher to where the
raid says that it meets its target: launch and meeting are the raid's, the way between is a picture, no flight path. A
raid has no date: its clock begins with the year 2000.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue import __version__
from ringtrue.engagement.trace import ENDS, sentence
from ringtrue.geo import geodesy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from ringtrue.catalogue.records import Catalogue
    from ringtrue.engagement.paths import Paths
    from ringtrue.engagement.trace import Event
    from ringtrue.geo.elevation import ElevationModel
    from ringtrue.scenario.flights import Flight
    from ringtrue.scenario.records import Asset, Laydown, Raid

    FloatArray = NDArray[np.float64]

HEAD = ("FileType=text/acmi/tacview", "FileVersion=2.2")
EPOCH = "2000-01-01T00:00:00Z"
LINE_POINTS = 11
TYPES = {
    "ballistic": "Medium+Weapon+Missile", "cruise-missile": "Light+Weapon+Missile", "uav": "Light+Air+FixedWing",
}  # fmt: skip
AIRCRAFT, SITE, ASSET, ROUND = (
    "Medium+Air+FixedWing", "Heavy+Ground+AntiAircraft", "Ground+Static+Building", "Medium+Weapon+Missile",
)  # fmt: skip
VERDICTS = ("kill", "miss", "wasted")
RAIDER, DEFENDER = ("Raid", "Red"), ("Defence", "Blue")


@dataclass(frozen=True)
class TracedRaid:
    """What a recording is made from: who stands and flies where, and every event of one replication of one draw."""

    laydown: Laydown
    raid: Raid
    assets: tuple[Asset, ...]
    flights: tuple[Flight, ...]
    paths: Paths
    draw: int
    events: Sequence[Event]
    draw_words: str
    replication: int
    scenario_hash: str


class Entry(NamedTuple):
    """One line of a recording and when it holds; within an instant what appears comes before what is told and gone."""

    time_s: float
    order: int
    text: str


def acmi_text(traced: TracedRaid, catalogue: Catalogue, model: ElevationModel) -> str:
    """Return the recording as text; it wants a byte-order mark before it in a file."""
    ids = _object_ids(traced)
    note = (
        "Altitudes above mean sea level. Targets fly the paths of the raid; an interceptor is drawn straight from its "
        "launcher to where the raid says that it meets its target. Positions of units stand for unknown ones."
    )
    lines = [
        *HEAD,
        _properties("0", DataSource=f"RingTrue {__version__}", DataRecorder=f"RingTrue {__version__}"),
        _properties(
            "0", ReferenceTime=EPOCH, Category="Simulation", Title=f"{traced.raid.title}: {traced.laydown.title}"
        ),
        _properties(
            "0",
            Comments=f"{note} Draw {traced.draw_words}, replication {traced.replication}, scenario "
            f"{traced.scenario_hash}, catalogue {catalogue.content_hash}.",
        ),
    ]
    entries = [
        *_standing(traced, catalogue, model, ids),
        *_flying(traced, catalogue, ids),
        *_shots(traced, model, ids),
        *_told(traced, ids),
    ]
    now = None
    for entry in sorted(entries, key=lambda e: e[:2]):
        if entry.time_s != now:
            now = entry.time_s
            lines.append(f"#{now:.2f}")
        lines.append(entry.text)
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """Return a text as the value of a property: a comma would end it.

    >>> escaped("one, two")
    'one\\\\, two'
    """
    return text.replace("\\", "/").replace("\n", " ").replace(",", "\\,")


def _properties(object_id: str, **values: str) -> str:
    return ",".join([object_id, *(f"{name}={escaped(value)}" for name, value in values.items())])


def _object_ids(traced: TracedRaid) -> dict[str, str]:
    """Hexadecimal number of every unit, asset and target; 0 is the recording itself."""
    names = [
        *(f"unit {unit.uid}" for unit in traced.laydown.units),
        *(f"asset {asset.uid}" for asset in traced.assets),
        *(f"target {flight.uid}" for flight in traced.flights),
    ]
    return {name: f"{i:x}" for i, name in enumerate(names, 1)}


def _at(longitude_deg: float, latitude_deg: float, altitude_m: float) -> str:
    return f"T={longitude_deg:.6f}|{latitude_deg:.6f}|{altitude_m:.1f}"


def _ground_m(model: ElevationModel, latitude_deg: float, longitude_deg: float) -> float:
    return float(np.nan_to_num(model.sample(latitude_deg, longitude_deg)))


def _standing(traced: TracedRaid, catalogue: Catalogue, model: ElevationModel, ids: dict[str, str]) -> Iterator[Entry]:
    for unit in traced.laydown.units:
        place = _at(unit.longitude_deg, unit.latitude_deg, _ground_m(model, unit.latitude_deg, unit.longitude_deg))
        said = _properties(
            "", Type=SITE, Name=catalogue.systems[unit.system].name, CallSign=unit.uid, **_side(DEFENDER)
        )
        yield Entry(0.0, 0, f"{ids[f'unit {unit.uid}']},{place}{said}")
    for asset in traced.assets:
        place = _at(asset.longitude_deg, asset.latitude_deg, _ground_m(model, asset.latitude_deg, asset.longitude_deg))
        said = _properties("", Type=ASSET, Name=asset.name, CallSign=asset.uid, **_side(DEFENDER))
        yield Entry(0.0, 0, f"{ids[f'asset {asset.uid}']},{place}{said}")


def _side(side: tuple[str, str]) -> dict[str, str]:
    return {"Coalition": side[0], "Color": side[1]}


def _ends_s(traced: TracedRaid) -> dict[str, float]:
    """When each target is destroyed, gets through or ends its path."""
    return {event.target: event.time_s for event in traced.events if event.event in ENDS}


def _flying(traced: TracedRaid, catalogue: Catalogue, ids: dict[str, str]) -> Iterator[Entry]:
    ends_s = _ends_s(traced)
    for j, flight in enumerate(traced.flights):
        target = catalogue.targets[flight.target]
        track = _track(traced, j)
        end_s = min(ends_s.get(flight.uid, np.inf), float(track[-1, 0]))
        times_s = np.append(track[track[:, 0] < end_s, 0], end_s)
        said = _properties(
            "", Type=TYPES.get(target.kind, AIRCRAFT), Name=target.name, CallSign=flight.uid, Group=flight.group,
            **_side(DEFENDER if flight.is_friendly else RAIDER),
        )  # fmt: skip
        for i, time_s in enumerate(times_s):
            place = _at(*_where(track, time_s))
            yield Entry(_instant(time_s), 1, f"{ids[f'target {flight.uid}']},{place}{said if i == 0 else ''}")
        if flight.uid not in ends_s:
            yield from _left(_instant(end_s), ids[f"target {flight.uid}"])


def _left(time_s: float, object_id: str) -> Iterator[Entry]:
    yield Entry(time_s, 3, f"0,Event=LeftArea|{object_id}|")
    yield Entry(time_s, 4, f"-{object_id}")


def _instant(time_s: float) -> float:
    return round(float(time_s), 2)


def _track(traced: TracedRaid, target: int) -> FloatArray:
    """Time [s], longitude, latitude [deg] and altitude [m] of the samples of a target; longitudes run on past 180."""
    paths = traced.paths
    longitude_deg = np.rad2deg(np.unwrap(np.deg2rad(paths.longitude_deg[target])))
    return np.column_stack(
        [paths.time_s[traced.draw, target], longitude_deg, paths.latitude_deg[target], paths.altitude_m[target]]
    )


def _where(track: FloatArray, time_s: float) -> tuple[float, float, float]:
    """Longitude, latitude [deg] and altitude [m] at a time, straight between samples."""
    longitude_deg, latitude_deg, altitude_m = (float(np.interp(time_s, track[:, 0], track[:, k])) for k in (1, 2, 3))
    return (longitude_deg + 180.0) % 360.0 - 180.0, latitude_deg, altitude_m


class Shot(NamedTuple):
    """A launch and the meeting that it leads to."""

    unit: str
    target: str
    interceptor: str
    rounds: int
    launch_s: float
    meets_s: float


def shots_of(events: Sequence[Event]) -> list[Shot]:
    """Return every launch that came to a verdict, in order of launch."""
    found, flying = [], {}
    for event in events:
        key = (event.unit, event.channel)
        if event.event == "launch":
            flying[key] = event
        elif event.event in VERDICTS and key in flying:
            fired = flying.pop(key)
            found.append(Shot(fired.unit, fired.target, fired.by, round(fired.value), fired.time_s, event.time_s))
    return sorted(found, key=lambda shot: (shot.launch_s, shot.unit, shot.target))


def _shots(traced: TracedRaid, model: ElevationModel, ids: dict[str, str]) -> Iterator[Entry]:
    units = {unit.uid: unit for unit in traced.laydown.units}
    tracks = {flight.uid: j for j, flight in enumerate(traced.flights)}
    number = len(ids)
    for shot in shots_of(traced.events):
        unit = units[shot.unit]
        meets = _where(_track(traced, tracks[shot.target]), shot.meets_s)
        start_m = _ground_m(model, unit.latitude_deg, unit.longitude_deg)
        way = geodesy.inverse(unit.latitude_deg, unit.longitude_deg, meets[1], meets[0])
        part = np.linspace(0.0, 1.0, LINE_POINTS)
        along = geodesy.direct(
            unit.latitude_deg, unit.longitude_deg, float(way.azimuth1_rad), part * float(way.distance_m)
        )
        said = _properties(
            "", Type=ROUND, Name=shot.interceptor, Parent=ids[f"unit {shot.unit}"], **_side(DEFENDER)
        )  # fmt: skip
        for _ in range(shot.rounds):
            number += 1
            for i, share in enumerate(part):
                place = _at(
                    float(along.longitude_deg[i]), float(along.latitude_deg[i]), start_m + share * (meets[2] - start_m)
                )
                time_s = _instant(shot.launch_s + share * (shot.meets_s - shot.launch_s))
                yield Entry(time_s, 2, f"{number:x},{place}{said if i == 0 else ''}")
            yield from _left(_instant(shot.meets_s), f"{number:x}")


def _told(traced: TracedRaid, ids: dict[str, str]) -> Iterator[Entry]:
    for event in traced.events:
        time_s = _instant(event.time_s)
        about = [ids[name] for name in (f"unit {event.unit}", f"target {event.target}") if name in ids]
        text = escaped(sentence(event)).replace("|", "/")
        yield Entry(time_s, 3, f"0,Event={'|'.join(['Message', *about, text])}")
        if event.event == "kill":
            yield from _destroyed(time_s, ids[f"target {event.target}"])
        elif event.event in ENDS:
            yield from _left(time_s, ids[f"target {event.target}"])
        elif event.event == "unit lost":
            yield from _destroyed(time_s, ids[f"unit {event.unit}"])


def _destroyed(time_s: float, object_id: str) -> Iterator[Entry]:
    yield Entry(time_s, 3, f"0,Event=Destroyed|{object_id}|")
    yield Entry(time_s, 4, f"-{object_id}")
