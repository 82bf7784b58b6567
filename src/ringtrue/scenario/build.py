"""Checked values → records: the laydown rule, links of a network, payments by share."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from ringtrue.catalogue.records import Parameter
from ringtrue.scenario.checks import package_uids, rule_places
from ringtrue.scenario.keys import made
from ringtrue.scenario.magazines import load_launchers, share_out
from ringtrue.scenario.records import Laydown, Network, Offer, Scenario, ScenarioFile, Unit, WrittenNetwork

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ringtrue.scenario.keys import Links
    from ringtrue.scenario.records import Magazine, Package, Place, WrittenLaydown, WrittenUnit

_ALONE = WrittenNetwork(
    id="alone", title="every unit alone", shares_track="none", coordinates_fire="none", identifies_for="none",
    fires_on_shared_track="none", latency_s=None, p_outage=None,
)  # fmt: skip


def build_scenario(name: str, values: dict[str, Any], content_hash: str) -> Scenario:
    """Make the record of a scenario from the checked values that `read_table` gave back."""
    file: ScenarioFile = made(ScenarioFile, values)
    places = {place.id: place for place in file.place}
    networks = {network.id: network for network in file.network}
    scenario = Scenario(
        name=name,
        title=file.title,
        area=file.area,
        places=file.place,
        laydowns=tuple(_laydown(item, file.place, places, networks.get(item.network, _ALONE)) for item in file.laydown),
        networks=tuple(networks),
        assets=file.asset,
        raids=file.raid,
        friendly=file.friendly,
        patterns=file.pattern,
        bases=file.base,
        doctrine=file.doctrine,
        environment=file.environment,
        offers=tuple(_offer(offer) for offer in file.offer),
        deliveries=file.delivery,
        study=file.study,
        parameters=(),
        declared=(*((file.positions,) if file.positions else ()), *file.declared),
        positions=file.positions,
        content_hash=content_hash,
    )
    return _with_parameters(scenario)


def _with_parameters(scenario: Scenario) -> Scenario:
    found = {parameter.id: parameter for parameter in _parameters(scenario)}
    return replace(scenario, parameters=tuple(found[name] for name in sorted(found)))


def _parameters(node: Any) -> Iterator[Parameter]:
    if isinstance(node, Parameter):
        yield node
    elif isinstance(node, Network) and not (node.shares_track | node.coordinates_fire | node.identifies_for):
        return
    elif is_dataclass(node):
        for field in fields(node):
            yield from _parameters(getattr(node, field.name))
    elif isinstance(node, tuple):
        for item in node:
            yield from _parameters(item)


def _laydown(
    written: WrittenLaydown, in_order: tuple[Place, ...], places: Mapping[str, Place], network: WrittenNetwork
) -> Laydown:
    units = [unit for package in written.package for unit in _package_units(package, in_order, places, written)]
    for entry in written.unit:
        magazines = load_launchers(entry.launchers or 0, entry.loading)
        units.append(_unit(entry, entry.uid, places[entry.place], entry.launchers, magazines, written))
    return Laydown(
        id=written.id,
        title=written.title,
        units=tuple(units),
        network=_network(network, units),
        offers=written.offers,
        reading=written.reading,
        note=written.note,
        short=written.short,
    )


def _package_units(
    package: Package, in_order: tuple[Place, ...], places: Mapping[str, Place], laydown: WrittenLaydown
) -> Iterator[Unit]:
    n_units, launchers = package.fire_units, package.launchers
    shares = share_out(load_launchers(launchers or 0, package.loading), n_units)
    sites = rule_places(package.places, n_units, [place.id for place in in_order if place.in_rule])
    for i, (uid, place) in enumerate(zip(package_uids(package.system, sites), sites, strict=True)):
        n_launchers = None if launchers is None else launchers // n_units + (i < launchers % n_units)
        yield _unit(package, uid, places[place], n_launchers, shares[i], laydown)


def _unit(
    entry: Package | WrittenUnit,
    uid: str,
    place: Place,
    launchers: int | None,
    magazines: tuple[Magazine, ...],
    laydown: WrittenLaydown,
) -> Unit:
    system, _, fit = entry.system.partition(":")
    return Unit(
        uid=uid,
        system=system,
        fit=fit or None,
        place=place.id,
        latitude_deg=place.latitude_deg,
        longitude_deg=place.longitude_deg,
        azimuth_rad=place.azimuth_rad if entry.azimuth_rad is None else entry.azimuth_rad,
        mast_height_m=entry.sensor_height_m if entry.mast_m is None else entry.mast_m,
        launchers=launchers,
        magazines=magazines,
        in_service_from=entry.in_service_from,
        in_service_to=entry.in_service_to,
        network=laydown.network or None,
    )


def _network(written: WrittenNetwork, units: list[Unit]) -> Network:
    return Network(
        id=written.id,
        title=written.title,
        members=tuple(unit.uid for unit in units),
        shares_track=_links(written.shares_track, units),
        coordinates_fire=_links(written.coordinates_fire, units),
        identifies_for=_links(written.identifies_for, units),
        fires_on_shared_track=_links(written.fires_on_shared_track, units),
        latency_s=written.latency_s,
        p_outage=written.p_outage,
    )


def _links(rule: Links, units: list[Unit]) -> frozenset[tuple[str, str]]:
    every = [(a, b) for a in units for b in units if a.uid != b.uid]
    if rule == "none":
        every = []
    elif rule == "same-system":
        every = [(a, b) for a, b in every if a.system == b.system]
    elif not isinstance(rule, str):
        every = [(a, b) for a, b in every if (a.uid, b.uid) in rule]
    return frozenset((a.uid, b.uid) for a, b in every)


def _offer(offer: Offer) -> Offer:
    """Turn payments by share of the price into amounts."""
    price_usd = offer.price_usd or 0.0
    payments = (
        replace(p, amount_usd=(p.stated_usd or 0.0) if p.share is None else p.share * price_usd) for p in offer.payments
    )
    return replace(offer, payments=tuple(payments))
