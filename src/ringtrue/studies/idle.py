"""Fire units that a scenario pays for and its raids never come to: what a reader of leakers and prices would miss."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringtrue.studies.raid_rows import RaidRow

MOST_NAMED = 4


def idle_units(rows: Sequence[RaidRow]) -> dict[str, tuple[str, ...]]:
    """Return by laydown the fire units that fire no round in any draw of any raid.

    Parameters
    ----------
    rows : sequence of RaidRow
        All raids of a study; a unit counts as idle where each of them says so.
    """
    fired: dict[str, dict[str, bool]] = {}
    for row in rows:
        units = fired.setdefault(row.laydown, {})
        for unit, found in row.rounds_by_unit.items():
            most = max(found.high, found.one_raid[1] if found.one_raid else 0.0, found.nominal or 0.0)
            units[unit] = units.get(unit, False) or most > 0.0
    idle = {laydown: tuple(unit for unit, has in units.items() if not has) for laydown, units in fired.items()}
    return {laydown: units for laydown, units in idle.items() if units}


def idle_words(rows: Sequence[RaidRow]) -> tuple[str, ...]:
    """Say which fire units nothing of any raid comes near; nothing where all of them fire.

    >>> idle_words([])
    ()
    """
    n_raids = len({row.raid for row in rows})
    raids = "the raid" if n_raids == 1 else f"any of the {n_raids} raids"
    said = []
    for laydown, units in idle_units(rows).items():
        more = f" and {len(units) - MOST_NAMED} more" if len(units) > MOST_NAMED else ""
        named = ", ".join(units[:MOST_NAMED]) + more
        one = len(units) == 1
        said.append(
            f"{named} of {laydown} {'fires' if one else 'fire'} at nothing: in no draw does {raids} come where "
            f"{'it' if one else 'they'} can fire. {'Its' if one else 'Their'} price counts all the same."
        )
    return tuple(said)
