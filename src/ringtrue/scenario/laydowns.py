"""A laydown as far as it has been delivered: the first units of each system, with the links among them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringtrue.scenario.records import Laydown, Network


def with_fire_units(laydown: Laydown, fire_units: Mapping[str, int]) -> Laydown:
    """Return the laydown with only the first fire units of each system, in the order of the laydown rule.

    Parameters
    ----------
    fire_units : mapping
        System id → how many of its units are there; a system that is not named has none.

    Examples
    --------
    >>> from ringtrue.scenario.load import load_scenario
    >>> both = load_scenario("turkey-2019").laydown("both")
    >>> [unit.uid for unit in with_fire_units(both, {"s-400-tr": 1}).units]
    ['s-400-tr@ankara']
    """
    left = dict(fire_units)
    units = []
    for unit in laydown.units:
        if left.get(unit.system, 0) > 0:
            left[unit.system] -= 1
            units.append(unit)
    return replace(laydown, units=tuple(units), network=_among(laydown.network, frozenset(unit.uid for unit in units)))


def _among(network: Network, uids: frozenset[str]) -> Network:
    return replace(
        network,
        members=tuple(uid for uid in network.members if uid in uids),
        shares_track=frozenset(pair for pair in network.shares_track if uids.issuperset(pair)),
        coordinates_fire=frozenset(pair for pair in network.coordinates_fire if uids.issuperset(pair)),
        identifies_for=frozenset(pair for pair in network.identifies_for if uids.issuperset(pair)),
        fires_on_shared_track=frozenset(pair for pair in network.fires_on_shared_track if uids.issuperset(pair)),
    )
