"""Audit questions from a scenario: one for each system and place of its laydowns."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from ringtrue.errors import InputError

if TYPE_CHECKING:
    from ringtrue.coverage.records import AuditQuestion
    from ringtrue.scenario.records import Scenario


def questions_of(scenario: Scenario, like: AuditQuestion) -> tuple[AuditQuestion, ...]:
    """Ask about every system at every place that a scenario's laydowns name, each pair once.

    Parameters
    ----------
    like : AuditQuestion
        Draws, seed, heading and threads; its targets and levels serve where the scenario's study names none.

    Raises
    ------
    InputError
        No laydown has a unit.
    """
    study = scenario.study
    found: dict[tuple[str, str], AuditQuestion] = {}
    for laydown in scenario.laydowns:
        for unit in laydown.units:
            system = f"{unit.system}:{unit.fit}" if unit.fit else unit.system
            found.setdefault(
                (system, unit.place),
                replace(
                    like,
                    system_id=system,
                    latitude_deg=unit.latitude_deg,
                    longitude_deg=unit.longitude_deg,
                    azimuth_deg=math.degrees(unit.azimuth_rad),
                    mast_m=unit.mast_height_m,
                    targets=study.targets or like.targets,
                    heights_m=study.heights_m if study.targets else like.heights_m,
                    altitudes_m=study.altitudes_m if study.targets else like.altitudes_m,
                    scenario_hash=scenario.content_hash,
                    positions=scenario.positions or like.positions,
                ),
            )
    if not found:
        msg = f"{scenario.name}: no laydown has a unit, so there is no ring to audit; add a [[laydown.unit]]"
        raise InputError(msg)
    return tuple(found.values())
