"""A traced raid as a flight recording, read by a parser written from the reference of the format."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from tests.formats.readers import read_acmi

import ringtrue.api as rt
from ringtrue.errors import InputError
from ringtrue.formats.acmi import escaped, shots_of
from ringtrue.geo import geodesy
from ringtrue.geo.elevation import open_model


@pytest.fixture(scope="module")
def played():
    return rt.engage("saturation", laydowns="one-s-400", draws=3, replications=2, trace=1, draw=2)


@pytest.fixture(scope="module")
def recording(played, tmp_path_factory):
    (path,) = played.export(tmp_path_factory.mktemp("acmi"), "acmi")
    assert path.name == "engage-one-s-400-swarm-draw-2-replication-1.acmi"
    return read_acmi(path.read_bytes())


def named(objects):
    return {held.said.get("CallSign"): held for held in objects.values()}


def test_what_is_said_of_the_whole(recording, played):
    whole, _, _ = recording
    assert whole["ReferenceTime"] == "2000-01-01T00:00:00Z"
    assert "above mean sea level" in whole["Comments"]
    assert played.scenario.content_hash in whole["Comments"]
    assert "Draw 2, replication 1" in whole["Comments"]


def test_targets_fly_their_paths_and_end_when_the_trace_says(recording, played):
    _, objects, _ = recording
    told, there = played.trace, named(objects)
    ends_s = {e.target: e.time_s for e in told.told if e.event in ("kill", "leak", "passed")}
    assert len(ends_s) == 24
    for j, flight in enumerate(told.flights):
        held = there[flight.uid]
        time_s, longitude, latitude, altitude = np.array(held.places).T
        assert held.gone_s == pytest.approx(ends_s[flight.uid], abs=0.006)
        assert time_s[-1] == pytest.approx(held.gone_s, abs=0.006)
        on_path = [
            np.interp(time_s, told.paths.time_s[told.path_draw, j], of[j])
            for of in (told.paths.longitude_deg, told.paths.latitude_deg, told.paths.altitude_m)
        ]
        assert longitude == pytest.approx(on_path[0], abs=3e-5)  # a hundredth of a second at 240 m/s
        assert latitude == pytest.approx(on_path[1], abs=3e-5)
        assert altitude == pytest.approx(on_path[2], abs=1.0)


def test_every_round_flies_from_its_unit_to_its_target_in_the_time_of_the_trace(recording, played):
    _, objects, _ = recording
    told = played.trace
    shots = shots_of(told.told)
    rounds = [held for held in objects.values() if "Parent" in held.said]
    assert len(rounds) == sum(shot.rounds for shot in shots) > 0
    fired = Counter((round(s.launch_s, 2), round(s.meets_s, 2)) for s in shots for _ in range(s.rounds))
    assert Counter((r.places[0][0], r.gone_s) for r in rounds) == fired
    there, units = named(objects), {u.uid: u for u in played.scenario.laydown(told.laydown).units}
    for shot, held in zip([s for s in shots for _ in range(s.rounds)], rounds, strict=True):
        start, end = held.places[0], held.places[-1]
        unit = units[shot.unit]
        assert start[1:3] == pytest.approx((unit.longitude_deg, unit.latitude_deg), abs=1e-6)
        target = [place for place in there[shot.target].places if place[0] <= end[0]][-1]
        if abs(target[0] - end[0]) < 0.01:  # a kill: the target has a place at that instant
            assert geodesy.inverse(end[2], end[1], target[2], target[1]).distance_m < 5.0


def test_events_are_those_of_the_trace(recording, played):
    _, objects, events = recording
    counted = Counter(kind for _, kind, _, _ in events)
    of_trace = Counter(e.event for e in played.trace.told)
    assert counted["Message"] == len(played.trace.told)
    assert counted["Destroyed"] == of_trace["kill"] + of_trace["unit lost"]
    for time_s, kind, about, _ in events:
        if kind == "Destroyed":
            assert objects[about[0]].gone_s == time_s


def test_units_and_assets_stand_on_the_ground(recording):
    _, objects, _ = recording
    standing = [held for held in objects.values() if held.said["Type"].split("+")[0] in ("Heavy", "Ground")]
    model = open_model(None)
    for held in standing:
        ((_, longitude, latitude, altitude),) = held.places
        assert altitude == pytest.approx(float(model.sample(latitude, longitude)), abs=0.06)
    assert len(standing) >= 2


def test_a_comma_is_escaped_and_a_line_stays_one():
    assert escaped("a, b\nc\\d") == "a\\, b c/d"


def test_a_raid_that_was_not_traced_is_refused_before_it_is_written(tmp_path):
    untold = rt.engage("minimal", dem="none", draws=2, replications=1)
    with pytest.raises(InputError, match="formats acmi: a raid is told event by event with trace only; add trace 0"):
        untold.export(tmp_path, "acmi")
