"""Which figures a raid rests on: those of its units, rounds and targets, and the rules it is fought by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringtrue.coverage.chain import parameters_in
from ringtrue.engagement.compile import FRIENDS_LOST_2003
from ringtrue.scenario.flights import friendly_flights, raid_flights
from ringtrue.scenario.identification import under_doctrine
from ringtrue.scenario.records import CATALOGUE_DEFAULTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringtrue.catalogue.records import Catalogue, Parameter, Source
    from ringtrue.scenario.records import Scenario


def raid_parameters(scenario: Scenario, laydown_id: str, raid_id: str, catalogue: Catalogue) -> tuple[Parameter, ...]:
    """Return the parameters that staging the raid draws, each once: rules and weather first, then the records.

    Without the terrain and without a draw: the same list that `stage_raid` and its records give (tested).
    """
    laydown = scenario.laydown(laydown_id)
    doctrine, environment = scenario.doctrine, scenario.environment
    flights = raid_flights(scenario, raid_id) + friendly_flights(scenario)
    classes = tuple(dict.fromkeys(flight.target for flight in flights))
    units = []
    rounds: dict[str, None] = {}
    for unit in laydown.units:
        system = catalogue.systems[unit.system]
        record = catalogue.fire_units[system.fire_unit]
        units.append(record)
        held = [m.interceptor for m in unit.magazines] or list(record.fits[unit.fit or system.fit])
        rounds.update(dict.fromkeys(held))
    rules: list[Parameter] = [
        getattr(owner, name) or catalogue.assumptions[key]
        for owner in (doctrine, laydown.network)
        for name, key in CATALOGUE_DEFAULTS.items()
        if hasattr(owner, name)
    ]
    if any(flight.is_friendly for flight in flights):
        rules.append(catalogue.assumptions[FRIENDS_LOST_2003])
    kinds = sorted({catalogue.targets[name].kind for name in classes})
    rules += [doctrine.p_kill or catalogue.assumptions[f"kill-probability-{kind}"] for kind in kinds]
    rules.append(environment.clutter_db or catalogue.assumptions[CATALOGUE_DEFAULTS["clutter_db"]])
    rules += [environment.noise_rise_db, environment.rain_mm_per_h]
    radars = [
        catalogue.radars[name] for unit in units for name in (unit.acquisition_radar, unit.engagement_radar) if name
    ]
    records = (*units, *radars, *(catalogue.interceptors[name] for name in rounds),
               *(under_doctrine(catalogue.targets[name], doctrine) for name in classes))  # fmt: skip
    return tuple({p.id: p for p in (*rules, *parameters_in(records))}.values())


def sources_of(parameters: Iterable[Parameter], catalogue: Catalogue) -> dict[str, Source]:
    """Return the sources that parameters name, by their key."""
    return {p.source: catalogue.sources[p.source] for p in parameters if p.source in catalogue.sources}
