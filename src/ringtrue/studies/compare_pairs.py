"""Every pair of offers in every measure, every second system beside a first, every package by its price."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.answer import measure_of
from ringtrue.finding import DRAWS, NOMINAL
from ringtrue.procurement.deliveries import counted_on
from ringtrue.procurement.money import NOT_LIKE_FOR_LIKE, money_text
from ringtrue.studies.compare_coverage import system_of
from ringtrue.studies.compare_differences import Compared, Side, compared, marginal_row
from ringtrue.studies.compare_records import ComparedOffer, Condition, CoverageRow, PlacedUnit
from ringtrue.studies.frontier import Priced, frontier
from ringtrue.studies.raid_rows import RaidRow
from ringtrue.studies.timeline import LAST_MONTH

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ringtrue.coverage.ring import Level
    from ringtrue.scenario.records import Laydown, Raid, Scenario, Schedule
    from ringtrue.studies.compare_coverage import PackageReach
    from ringtrue.studies.compare_raids import Played
    from ringtrue.studies.compare_records import Difference, FrontierPoint, MarginalRow, Part

    FloatArray = NDArray[np.float64]

LEAKERS, DEFENDED, AIRSPACE, STOPPED = "leakers", "people_defended", "engageable_area_km2", "targets_stopped"
LABELS = {
    LEAKERS: "leakers", DEFENDED: "residents defended", AIRSPACE: "engageable airspace", STOPPED: "targets stopped",
}  # fmt: skip


class Asked(NamedTuple):
    """What the scenario asks to be compared; ``levels`` by class is the level that coverage and prices carry."""

    duels: tuple[Laydown, ...]
    packages: tuple[Laydown, ...]
    raids: tuple[Raid, ...]
    targets: tuple[str, ...]
    levels: dict[str, Level]

    @property
    def everyone(self) -> tuple[Laydown, ...]:
        """Fire units first, then packages."""
        return (*self.duels, *self.packages)


class Answers(NamedTuple):
    """What was found: raids by laydown and raid, reach by laydown and class."""

    raids: dict[tuple[str, str], Played]
    reaches: dict[tuple[str, str], PackageReach]


def measures(asked: Asked, answers: Answers) -> list[tuple[Compared, Callable[[Laydown], Side | None]]]:
    """Return every measure by which two offers are compared, and where its values come from.

    Leakers by raid; engageable airspace and residents defended (release range 0, worst course) by class. A measure that
    an offer does not have (residents that the raster cannot resolve) gives None.
    """
    listed: list[tuple[Compared, Callable[[Laydown], Side | None]]] = [
        (_compared(LEAKERS, Condition(raid=raid.id)), partial(_leak_side, answers, raid.id)) for raid in asked.raids
    ]
    for target in asked.targets:
        where = answers.reaches[asked.everyone[0].id, target].where
        at = Condition(target=target, where=where)
        listed.append((_compared(AIRSPACE, at), partial(_air_side, answers, target)))
        listed.append((_compared(DEFENDED, replace(at, release_range_m=0.0)), partial(_people_side, answers, target)))
    return listed


def _compared(name: str, condition: Condition) -> Compared:
    """Return a measure under a condition; unit and which way is better are those of the row that has it."""
    if name == STOPPED:
        return Compared(name, LABELS[name], condition, "1", "more")
    said = measure_of(RaidRow if name == LEAKERS else CoverageRow, name)
    assert said.better is not None
    return Compared(name, LABELS[name], condition, said.unit, said.better)


def _systems(laydown: Laydown) -> frozenset[str]:
    return frozenset(unit.system for unit in laydown.units)


def _leak_side(answers: Answers, raid: str, laydown: Laydown) -> Side:
    played = answers.raids[laydown.id, raid]
    return Side(
        laydown=laydown.id,
        words=laydown.words,
        systems=_systems(laydown),
        values=played.of(LEAKERS),
        ledger=played.result.ledger,
        uses=played.result.uses,
        curve=played.curve,
        inputs=played.inputs,
        by_replication=played.by_raid(LEAKERS),
        nominal=played.nominal_of(LEAKERS),
    )


def _air_side(answers: Answers, target: str, laydown: Laydown) -> Side:
    reach = answers.reaches[laydown.id, target]
    return _reach_side(laydown, reach, reach.area_km2)


def _people_side(answers: Answers, target: str, laydown: Laydown) -> Side | None:
    reach = answers.reaches[laydown.id, target]
    people = reach.people_defended.get(0.0)
    return None if people is None else _reach_side(laydown, reach, people)


def _reach_side(laydown: Laydown, reach: PackageReach, values: FloatArray) -> Side:
    return Side(
        laydown=laydown.id,
        words=laydown.words,
        systems=_systems(laydown),
        values=values[DRAWS],
        ledger=reach.ledger,
        uses=reach.uses,
        inputs=reach.inputs,
        nominal=float(values[NOMINAL]),
    )


def differences(part: Part, laydowns: tuple[Laydown, ...], asked: Asked, answers: Answers) -> list[Difference]:
    """Compare every pair of laydowns that have units, in every measure that both have."""
    armed = [laydown for laydown in laydowns if laydown.units]
    found = []
    for measure, side_of in measures(asked, answers):
        for one, other in combinations(armed, 2):
            a, b = side_of(one), side_of(other)
            if a is not None and b is not None and a.values.size == b.values.size:
                found.append(compared(part, measure, a, b))
    return found


def marginals(asked: Asked, answers: Answers) -> list[MarginalRow]:
    """Find laydowns whose units are those of two others together, and say what each adds to the other."""
    units = {x.id: frozenset((u.uid, u.fit) for u in x.units) for x in asked.packages}
    armed = [x for x in asked.packages if x.units]
    found = []
    for both in armed:
        for first in armed:
            for second in armed:
                one, two = units[first.id], units[second.id]
                if one & two or one | two != units[both.id] or not (one and two):
                    continue
                found += _marginals_of(first, second, both, asked, answers)
    return found


def _marginals_of(first: Laydown, second: Laydown, both: Laydown, asked: Asked, answers: Answers) -> list[MarginalRow]:
    rows = []
    trio = (first, second, both)
    for raid in asked.raids:
        n = answers.raids[first.id, raid.id].result.n_hostile
        stopped = [_stopped(n, _leak_side(answers, raid.id, x)) for x in trio]
        measure = _compared(STOPPED, Condition(raid=raid.id))
        rows.append(marginal_row(measure, np.zeros(stopped[0].values.size), stopped[0], stopped[1], stopped[2]))
    for target in asked.targets:
        found = [_people_side(answers, target, x) for x in trio]
        people = [side for side in found if side is not None]
        if len(people) == len(trio) and len({side.values.size for side in people}) == 1:
            where = answers.reaches[first.id, target].where
            measure = _compared(DEFENDED, Condition(target=target, where=where, release_range_m=0.0))
            rows.append(marginal_row(measure, np.zeros(people[0].values.size), people[0], people[1], people[2]))
    return rows


def _stopped(n: int, side: Side) -> Side:
    """Return targets stopped in place of those that leak."""
    return side._replace(
        values=n - side.values, nominal=None if side.nominal is None else n - side.nominal,
        by_replication=None if side.by_replication is None else n - side.by_replication,
    )  # fmt: skip


def frontiers(offers: tuple[ComparedOffer, ...], asked: Asked, answers: Answers) -> list[FrontierPoint]:
    """Place every priced package, and the laydown without units at no price, in each plane of price and worth."""
    by_id = {laydown.id: laydown for laydown in asked.packages}
    priced = {
        offer.laydown: 0.0 if offer.price_usd is None else offer.price_usd
        for offer in offers
        if offer.part == "package" and (offer.price_usd is not None or not offer.units)
    }
    points = []
    for measure, side_of in measures(asked, answers):
        sides = [(name, side_of(by_id[name])) for name in priced]
        known = [(name, side) for name, side in sides if side is not None]
        longest = max((side.values.size for _, side in known), default=0)
        packages = []
        for name, side in known:
            values = np.broadcast_to(side.values, (longest,)) if side.values.size == 1 else side.values
            packages.append(Priced(name, priced[name], values, side.inputs, side.nominal, side.by_replication))
        if len(packages) > 1 and measure.name != AIRSPACE:
            points += frontier(measure, packages)
    return points


CALENDARS: tuple[Schedule, ...] = ("promised", "happened")


def offer_record(scenario: Scenario, laydown: Laydown, part: Part) -> ComparedOffer:
    """Say what stands where and what was asked for it; the prices of several offers are added."""
    offers = [scenario.offer(name) for name in laydown.offers]
    prices = [offer.price_usd for offer in offers]
    known = [price for price in prices if price is not None]
    price_usd = sum(known) if known and len(known) == len(prices) else None
    text = "no price" if price_usd is None else f"{money_text(price_usd)} ({NOT_LIKE_FOR_LIKE})"
    return ComparedOffer(
        laydown=laydown.id,
        title=laydown.title,
        short=laydown.words,
        reading=laydown.reading,
        part=part,
        offers=laydown.offers,
        units=tuple(PlacedUnit(unit.uid, system_of(unit), unit.place) for unit in laydown.units),
        network=laydown.network.title,
        price_usd=price_usd,
        price_text=text,
        price_note=NOT_LIKE_FOR_LIKE,
        price_year=", ".join(dict.fromkeys(str(offer.price_year) for offer in offers if offer.price_year)),
        price_basis="; ".join(dict.fromkeys(offer.price_basis for offer in offers if offer.price_basis)),
        sources=tuple(dict.fromkeys(source for offer in offers for source in offer.source)),
        note=laydown.note,
        delivered={calendar: counts for calendar in CALENDARS if (counts := _delivered(scenario, laydown, calendar))},
    )


def _delivered(scenario: Scenario, laydown: Laydown, calendar: Schedule) -> dict[str, int]:
    """Everything that the offers of a laydown had delivered by the last month of the study."""
    return counted_on(scenario.deliveries, laydown.offers, calendar, scenario.study.last_month or LAST_MONTH)
