"""Fire units that a scenario pays for and its raids never come to: what a reader of leakers and prices would miss."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringtrue.finding import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ringtrue.catalogue.records import Parameter, System
    from ringtrue.scenario.records import Laydown
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


def idle_words(
    rows: Sequence[RaidRow], laydowns: Iterable[Laydown], systems: Mapping[str, System[Parameter]]
) -> tuple[str, ...]:
    """Say which fire units nothing of any raid comes near, system by system; nothing where all of them fire.

    Parameters
    ----------
    rows : sequence of RaidRow
        All raids of a study.
    laydowns : iterable of Laydown
        Those that were played; laydowns in which the same units of a system stand idle share a sentence.
    systems : mapping
        Systems of the catalogue, for their names.

    Examples
    --------
    >>> idle_words([], [], {})
    ()
    """
    idle = idle_units(rows)
    alike: dict[tuple[str, tuple[str, ...], int], list[str]] = {}
    for laydown in laydowns:
        standing = idle.get(laydown.id, ())
        for system in dict.fromkeys(unit.system for unit in laydown.units):
            every = [unit.uid for unit in laydown.units if unit.system == system]
            still = tuple(uid for uid in every if uid in standing)
            if still:
                alike.setdefault((systems[system].name, still, len(every)), []).append(laydown.words)
    raids = {row.raid for row in rows}
    comes = "the raid does not come" if len(raids) == 1 else f"none of the {len(raids)} raids comes"
    return tuple(
        f"{name}: {_units_words(still, n_units)} of {listed(where)} {_fires(still, n_units)} no round in any draw; "
        f"{comes} where {'it' if len(still) == 1 else 'they'} could. The price counts all the same."
        for (name, still, n_units), where in alike.items()
    )


def _units_words(still: tuple[str, ...], n_units: int) -> str:
    if len(still) == n_units:
        return "the fire unit" if n_units == 1 else f"all {n_units} fire units"
    more = f" and {len(still) - MOST_NAMED} more" if len(still) > MOST_NAMED else ""
    return f"{len(still)} of {n_units} fire units ({', '.join(still[:MOST_NAMED])}{more})"


def _fires(still: tuple[str, ...], n_units: int) -> str:
    return "fires" if len(still) == 1 and n_units == 1 else "fire"
