"""If this raid came that month: the raids against what had been delivered, by every calendar of the timeline."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ringtrue.procurement.deliveries import fire_units_on
from ringtrue.scenario.laydowns import with_fire_units
from ringtrue.studies.compare_records import MonthRow
from ringtrue.studies.raid_rows import count_finding
from ringtrue.studies.timeline import MONTH_S, SCHEDULES, lead_times_s

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from ringtrue.catalogue.records import Catalogue
    from ringtrue.finding import Finding
    from ringtrue.scenario.records import Laydown, Scenario
    from ringtrue.studies.compare_raids import Played
    from ringtrue.studies.timeline import Curve, TimelineResult

    Player = Callable[[Laydown, str], Played]


def delivered(laydown: Laydown, uids: tuple[str, ...]) -> Laydown:
    """Return the laydown with some of its units only: as many of each system as are named, first ones first."""
    systems = {unit.uid: unit.system for unit in laydown.units}
    return with_fire_units(laydown, Counter(systems[uid] for uid in uids))


def month_rows(
    scenario: Scenario, catalogue: Catalogue, timeline: TimelineResult, raids: Sequence[str], play: Player
) -> list[MonthRow]:
    """Play every raid against every stretch of months in which the same fire units were there.

    Parameters
    ----------
    play : callable
        Given a laydown and a raid, returns what came of it; asked again and again for the same units and links.
    timeline : TimelineResult
        Its curves say which laydowns, calendars, states and lead times are asked for.
    """
    leads = {round(lead_s / MONTH_S, 1): lead_s for lead_s in lead_times_s(scenario, catalogue)}
    leakers: dict[tuple[str, tuple[str, ...], str], Finding] = {}
    rows: list[MonthRow] = []
    for curve in timeline.rows:
        laydown = scenario.laydown(curve.laydown)
        lead_s = None if curve.lead_time_months is None else leads[curve.lead_time_months]
        counted = [_counts(scenario, laydown, curve, month, lead_s) for month in timeline.months]
        uids = {counts: _units_there(laydown, counts) for counts in set(counted)}
        there = [uids[counts] for counts in counted]
        starts = [i for i, uids in enumerate(there) if i == 0 or uids != there[i - 1]]
        for start, end in zip(starts, [*starts[1:], len(there)], strict=True):
            for raid in raids:
                key = (laydown.id, there[start], raid)
                if key not in leakers:
                    leakers[key] = count_finding(play(delivered(laydown, there[start]), raid).result, "leakers")
                rows.append(
                    MonthRow(
                        laydown=laydown.id,
                        view=curve.view,
                        state=curve.state,
                        lead_time_months=curve.lead_time_months,
                        raid=raid,
                        first=timeline.months[start].isoformat()[:7],
                        last=timeline.months[end - 1].isoformat()[:7],
                        units=there[start],
                        leakers=leakers[key],
                    )
                )
    return rows


def _counts(
    scenario: Scenario, laydown: Laydown, curve: Curve, month: date, lead_s: float | None
) -> tuple[tuple[str, int], ...]:
    """How many fire units of each system were there by a month."""
    counts: Counter[str] = Counter()
    for offer_id in laydown.offers:
        counts[scenario.offer(offer_id).system] += sum(
            fire_units_on(scenario.deliveries, [offer_id], schedule, curve.state, month, lead_s)
            for schedule in SCHEDULES[curve.view]
        )
    return tuple(counts.items())


def _units_there(laydown: Laydown, counts: tuple[tuple[str, int], ...]) -> tuple[str, ...]:
    return tuple(unit.uid for unit in with_fire_units(laydown, dict(counts)).units)
