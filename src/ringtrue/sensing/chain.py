"""The chain of one system as arrays: drawn radars, interceptors and reaction, nominal case as last draw."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from ringtrue.catalogue.aliases import EVERYDAY_TARGETS
from ringtrue.catalogue.records import Parameter
from ringtrue.errors import InputError, did_you_mean
from ringtrue.sensing.ledger import watched

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ringtrue.catalogue.records import Catalogue, FireUnit, Interceptor, Radar, System, TargetClass
    from ringtrue.sensing.ledger import Ledger

    FloatArray = NDArray[np.float64]

R = TypeVar("R")


@dataclass(frozen=True)
class Chain:
    """One system, every quantity (draw + 1,) with the nominal case last, as the ledger drew it."""

    ledger: Ledger
    system: System[FloatArray]
    unit: FireUnit[FloatArray]
    fit: str
    acquisition: Radar[FloatArray]
    engagement: Radar[FloatArray]
    interceptors: tuple[Interceptor[FloatArray], ...]
    parameters: tuple[Parameter, ...]


def nominal_only(record: R) -> R:
    """Return a drawn record (or a tuple of them) with the nominal case, its last draw, alone: arrays (1,)."""
    return _last(record)  # type: ignore[no-any-return]


def _last(drawn: Any) -> Any:
    if isinstance(drawn, np.ndarray):
        return drawn[-1:]
    if isinstance(drawn, dict):
        return {key: _last(value) for key, value in drawn.items()}
    if isinstance(drawn, tuple):
        return tuple(_last(value) for value in drawn)
    if isinstance(drawn, Parameter) or not is_dataclass(drawn) or isinstance(drawn, type):
        return drawn
    return replace(drawn, **{f.name: _last(getattr(drawn, f.name)) for f in fields(drawn)})


def parameters_in(record: Any) -> list[Parameter]:
    """Return every parameter that a record of the catalogue holds, in the order of its fields."""
    if isinstance(record, Parameter):
        return [record]
    if isinstance(record, dict):
        return [p for value in record.values() for p in parameters_in(value)]
    if isinstance(record, tuple):
        return [p for value in record for p in parameters_in(value)]
    if is_dataclass(record) and not isinstance(record, type):
        return [p for f in fields(record) for p in parameters_in(getattr(record, f.name))]
    return []


def find_system(catalogue: Catalogue, system_id: str) -> tuple[System[Parameter], str]:
    """Return the system and fit that an ID such as ``s-400-tr:40n6e`` names.

    Raises
    ------
    InputError
        Unknown system or fit; the text names the nearest one.
    """
    if system_id in catalogue.systems:
        system = catalogue.systems[system_id]
        return system, system.fit
    base, _, fit = system_id.partition(":")
    if base not in catalogue.systems:
        msg = (
            f"system {system_id!r} is not in the catalogue{did_you_mean(system_id, catalogue.systems)}; "
            "list the systems with: ringtrue catalogue list"
        )
        raise InputError(msg)
    system = catalogue.systems[base]
    if fit not in system.fits:
        msg = f"system {base!r} has no fit {fit!r}{did_you_mean(fit, system.fits)}; its fits: {', '.join(system.fits)}"
        raise InputError(msg)
    return system, fit


def find_target(catalogue: Catalogue, target_id: str) -> TargetClass[Parameter]:
    """Return the target class of an ID, or say which one is near."""
    if target_id not in catalogue.targets:
        near = did_you_mean(target_id, (*catalogue.targets, *EVERYDAY_TARGETS))
        msg = f"target {target_id!r} is not in the catalogue{near}; list the targets with: ringtrue catalogue list"
        raise InputError(msg)
    return catalogue.targets[target_id]


def chain_of(ledger: Ledger, system_id: str) -> Chain:
    """Draw everything that one fire unit of a system consists of."""
    catalogue = ledger.catalogue
    system, fit = find_system(catalogue, system_id)
    unit = catalogue.fire_units[system.fire_unit]
    engagement = catalogue.radars[unit.engagement_radar]
    acquisition = catalogue.radars[unit.acquisition_radar or unit.engagement_radar]
    interceptors = tuple(catalogue.interceptors[i] for i in unit.fits[fit])
    used = (system, unit, acquisition, engagement, *interceptors)
    seen: dict[str, Parameter] = {p.id: p for p in parameters_in(used)}
    return Chain(
        ledger=ledger,
        system=ledger.record(system),
        unit=ledger.record(unit),
        fit=fit,
        acquisition=ledger.record(acquisition),
        engagement=ledger.record(engagement),
        interceptors=tuple(ledger.record(i) for i in interceptors),
        parameters=tuple(seen.values()),
    )


def watched_chain(chain: Chain, uses: set[str]) -> Chain:
    """Return a chain whose records note in ``uses`` which of their figures are read."""
    return replace(
        chain,
        system=watched(chain.system, uses),
        unit=watched(chain.unit, uses),
        acquisition=watched(chain.acquisition, uses),
        engagement=watched(chain.engagement, uses),
        interceptors=tuple(watched(i, uses) for i in chain.interceptors),
    )
