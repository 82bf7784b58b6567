"""What each study shows on a map, and the flights of a raid that was told event by event."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ringtrue.catalogue.records import Parameter
    from ringtrue.face.result import Result
    from ringtrue.formats.shapes import CoverShape, MapDocument


def audit_map(result: Result) -> MapDocument:
    """Return sites, rings, cover by height, walls and cities of the audited systems."""
    from ringtrue.formats.audit_shapes import audit_map as made

    return made(result.found.results)


def engage_map(result: Result) -> MapDocument:
    """Return sites, rings, assets and the flights of the raids that were played."""
    rows = result.found.rows
    behind = (p for found in result.found.parameters.values() for p in found)
    return _scenario_map(result, [r.laydown for r in rows], [r.raid for r in rows], behind)


def compare_map(result: Result) -> MapDocument:
    """Return sites, rings, assets, flights, and where each offer can engage each class, height by height."""
    from ringtrue.formats.scenario_shapes import offer_covers

    found = result.found
    covers = (
        cover
        for one in found.maps
        for cover in offer_covers(one.laydown, one.target, one.latitude_deg, one.longitude_deg, one.lowest_height_m)
    )
    return _scenario_map(result, [offer.laydown for offer in found.offers], list(found.raids), covers=covers)


def network_map(result: Result) -> MapDocument:
    """Return sites, rings, assets and flights of what is joined or not."""
    found = result.found
    return _scenario_map(result, _laydowns(result), [r.raid for r in found.rows], found.parameters)


def exposure_map(result: Result) -> MapDocument:
    """Return sites, rings, and the flights that a radar could observe."""
    return _scenario_map(result, _laydowns(result), [], result.found.parameters, has_patterns=True)


def relocation_map(result: Result) -> MapDocument:
    """Return sites and rings of the places to which a regiment is moved."""
    return _scenario_map(result, _laydowns(result), [], result.found.parameters)


def _laydowns(result: Result) -> Sequence[str]:
    scenario = result.asked.scenario
    return scenario.study.laydowns or [laydown.id for laydown in scenario.laydowns]


def _scenario_map(
    result: Result,
    laydowns: Sequence[str],
    raids: Sequence[str],
    parameters: Iterable[Parameter] = (),
    *,
    covers: Iterable[CoverShape] = (),
    has_patterns: bool = False,
) -> MapDocument:
    from ringtrue.formats.scenario_shapes import scenario_map

    asked, header = result.asked, result.found.header
    return scenario_map(
        asked.scenario, asked.catalogue, asked.model, laydowns=list(dict.fromkeys(laydowns)),
        raids=list(dict.fromkeys(raids)), has_patterns=has_patterns, covers=covers, parameters=parameters,
        about={"program": f"RingTrue {header.version}", "seed": str(header.seed), "draws": str(header.n_draws)},
    )  # fmt: skip
