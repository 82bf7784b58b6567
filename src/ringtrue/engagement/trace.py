"""One replication told event by event: a table, a readable timeline, and lanes of the fire channels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from ringtrue.engagement.case import RaidCase
    from ringtrue.engagement.spec import FloatArray

EVENTS = {
    1: "confirmed",
    2: "identified",
    3: "nobody free",
    4: "launch",
    5: "kill",
    6: "miss",
    7: "wasted",
    8: "assessed",
    9: "leak",
    10: "passed",
    11: "unit lost",
    12: "reloaded",
    13: "out of action",
    14: "cut off",
    15: "turns",
}
LEARNT = (1, 2, 15)
IDENTITIES = ("hostile", "unknown", "friend")
ENDS = ("kill", "leak", "passed")


class Event(NamedTuple):
    """One line of a trace; a field that says nothing is empty, -1 or 0."""

    time_s: float
    event: str
    unit: str
    target: str
    by: str
    channel: int
    value: float


class Lane(NamedTuple):
    """One use of a fire channel, from launch to verdict."""

    unit: str
    channel: int
    target: str
    interceptor: str
    rounds: int
    launch_s: float
    intercept_s: float
    free_s: float
    result: str


def trace_table(case: RaidCase, events: FloatArray) -> list[Event]:
    """Put the kernel's event rows into words, in order of time; at one instant what is learnt comes first.

    Confirmations and identifications of a target that is gone, or by a unit that is lost, are left out.

    Parameters
    ----------
    events : (event, 7) array
        From ``simulate.trace``.
    """
    gone_s: dict[int, float] = {}
    lost_s: dict[int, float] = {}
    for row in events:
        code = int(row[1])
        if EVENTS[code] in ENDS:
            gone_s[int(row[3])] = float(row[0])
        elif code == 11:
            lost_s[int(row[2])] = float(row[0])
        elif code == 13:
            lost_s[int(row[2])] = -np.inf
    rows = []
    follows = ~np.isin(events[:, 1], LEARNT)
    for row in events[np.lexsort((follows, events[:, 0]))]:
        time_s, code, u, j = float(row[0]), int(row[1]), int(row[2]), int(row[3])
        is_late = time_s > gone_s.get(j, np.inf) or time_s > lost_s.get(u, np.inf)
        if code in LEARNT[:2] and is_late:
            continue
        rows.append(
            Event(
                time_s,
                EVENTS[code],
                case.units[u] if u >= 0 else "",
                case.targets[j] if j >= 0 else "",
                _third(case, code, int(row[4])),
                int(row[5]),
                float(row[6]),
            )
        )
    return rows


def _third(case: RaidCase, code: int, index: int) -> str:
    if index < 0:
        return ""
    if code in (1, 15):
        return case.radars[index]
    if code == 9:
        return case.assets[index]
    return case.interceptors[index]


def timeline(table: list[Event]) -> str:
    """Tell a trace as text, one event a line.

    >>> print(timeline([Event(12.5, "launch", "alpha", "raid/0", "pac-3-mse", 1, 2.0)]))
         12.5 s  alpha, channel 2: fires 2 pac-3-mse at raid/0
    """
    return "\n".join(f"{event.time_s:9.1f} s  {sentence(event)}" for event in table)


def sentence(event: Event) -> str:
    """Tell one event.

    >>> sentence(Event(0.0, "unit lost", "alpha", "raid/0", "", -1, 0.0))
    'alpha is hit by raid/0 and lost'
    """
    lane = f"{event.unit}, channel {event.channel + 1}"
    rounds = f"{event.value:.0f} {event.by}"
    sentences = {
        "confirmed": f"{event.unit}: {event.by} confirms {event.target}",
        "identified": f"{event.unit}: {event.target} identified as {IDENTITIES[int(event.value) % 3]}",
        "nobody free": f"nobody can fire at {event.target} now: no channel, no round or no reach",
        "launch": f"{lane}: fires {rounds} at {event.target}",
        "kill": f"{lane}: {event.target} destroyed by {event.by}",
        "miss": f"{lane}: {rounds} miss {event.target}",
        "wasted": f"{lane}: {rounds} arrive where {event.target} no longer is",
        "assessed": f"{lane}: free again after {event.target}",
        "leak": f"{event.target} gets through to {event.by or event.unit}",
        "passed": f"{event.target} ends its path without effect",
        "unit lost": f"{event.unit} is hit by {event.target} and lost",
        "reloaded": f"{event.unit}: {rounds} reloaded",
        "out of action": f"{event.unit} does not work in this raid",
        "cut off": f"{event.unit} has no link in this raid",
        "turns": f"{event.unit}: {event.by} turns to {event.target}, {event.value:.0f} s",
    }
    return sentences[event.event]


def lanes(table: list[Event]) -> list[Lane]:
    """Return every use of a fire channel, in order of launch; a verdict that never came ends with the intercept."""
    out: list[Lane] = []
    open_lanes: dict[tuple[str, int], dict[str, Any]] = {}
    for event in table:
        key = (event.unit, event.channel)
        if event.event == "launch":
            open_lanes[key] = {"launch": event, "result": "in flight", "meets": np.nan}
        elif event.event in ("kill", "miss", "wasted"):
            open_lanes[key] |= {"result": event.event, "meets": event.time_s}
        elif event.event == "assessed":
            lane = open_lanes.pop(key)
            fired: Event = lane["launch"]
            out.append(
                Lane(
                    event.unit,
                    event.channel,
                    fired.target,
                    fired.by,
                    int(fired.value),
                    fired.time_s,
                    lane["meets"],
                    event.time_s,
                    lane["result"],
                )
            )
    return sorted(out, key=lambda lane: (lane.launch_s, lane.unit, lane.channel))
