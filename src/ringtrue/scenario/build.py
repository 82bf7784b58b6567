"""Checked values → records: the laydown rule, links of a network, assets, raids, offers."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from ringtrue.catalogue.records import Parameter
from ringtrue.scenario.checks import package_uids, rule_places
from ringtrue.scenario.magazines import Loading, load_launchers, share_out
from ringtrue.scenario.records import (
    Area,
    Asset,
    Clause,
    Delivery,
    Doctrine,
    Environment,
    Friendly,
    Laydown,
    Network,
    Offer,
    Pattern,
    Payment,
    Place,
    Raid,
    Scenario,
    Study,
    Sweep,
    Unit,
    Wave,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Values = dict[str, Any]


def build_scenario(name: str, values: Values, content_hash: str, alone: Mapping[str, Any]) -> Scenario:
    """Make the record of a scenario from checked values.

    Parameters
    ----------
    values : dict
        What `read_table` gave back, checked.
    alone : mapping
        Values of the network of a laydown that names none: no links.
    """
    places = {place["id"]: place for place in values["place"]}
    networks = {network["id"]: network for network in values["network"]}
    scenario = Scenario(
        name=name,
        title=values["title"],
        area=_area(values["area"]),
        places=tuple(
            Place(p["id"], p["name"], p["at"].latitude_deg, p["at"].longitude_deg, p["note"]) for p in values["place"]
        ),
        laydowns=tuple(
            _laydown(laydown, values, places, networks.get(laydown["network"], alone)) for laydown in values["laydown"]
        ),
        networks=tuple(networks),
        assets=tuple(
            Asset(a["uid"], a["name"], a["at"].latitude_deg, a["at"].longitude_deg, a["population"], a["weight"])
            for a in values["asset"]
        ),
        raids=tuple(
            Raid(raid["id"], raid["title"], tuple(_wave(wave) for wave in raid["wave"]), raid["reason"])
            for raid in values["raid"]
        ),
        friendly=tuple(_friendly(item) for item in values["friendly"]),
        patterns=tuple(_pattern(item) for item in values["pattern"]),
        doctrine=_doctrine(values["doctrine"]),
        environment=_environment(values["environment"]),
        offers=tuple(_offer(offer) for offer in values["offer"]),
        deliveries=tuple(_delivery(delivery) for delivery in values["delivery"]),
        study=_study(values["study"]),
        parameters=(),
        declared=(*((values["positions"],) if values["positions"] else ()), *values["declared"]),
        positions=values["positions"],
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


def _area(area: Values | None) -> Area | None:
    if area is None:
        return None
    south_deg, west_deg, north_deg, east_deg = area["bounds"]
    return Area(area["name"], south_deg, west_deg, north_deg, east_deg, area["country"])


def _laydown(laydown: Values, values: Values, places: Values, network: Mapping[str, Any]) -> Laydown:
    units = [unit for package in laydown["package"] for unit in _package_units(package, values, places, laydown)]
    for entry in laydown["unit"]:
        magazines = load_launchers(entry["launchers"] or 0, [Loading(**item) for item in _loadings(entry)])
        units.append(_unit(entry, entry["uid"], places[entry["place"]], entry["launchers"], magazines, laydown))
    return Laydown(
        laydown["id"], laydown["title"], tuple(units), _network(network, units), laydown["offers"],
        laydown["reading"], laydown["note"], laydown["short"],
    )  # fmt: skip


def _loadings(entry: Values) -> list[dict[str, Any]]:
    return [{key: item[key] for key in ("interceptor", "rounds", "per_launcher")} for item in entry["loading"]]


def _package_units(package: Values, values: Values, places: Values, laydown: Values) -> Iterator[Unit]:
    n_units = package["fire_units"]
    launchers = package["launchers"]
    loaded = load_launchers(launchers or 0, [Loading(**item) for item in _loadings(package)])
    shares = share_out(loaded, n_units)
    uids, sites = package_uids(package, values), rule_places(package, values)
    for i, (uid, place) in enumerate(zip(uids, sites, strict=True)):
        n_launchers = None if launchers is None else launchers // n_units + (i < launchers % n_units)
        yield _unit(package, uid, places[place], n_launchers, shares[i], laydown)


def _unit(
    entry: Values, uid: str, place: Values, launchers: int | None, magazines: tuple[Any, ...], laydown: Values
) -> Unit:
    system, _, fit = entry["system"].partition(":")
    return Unit(
        uid=uid,
        system=system,
        fit=fit or None,
        place=place["id"],
        latitude_deg=place["at"].latitude_deg,
        longitude_deg=place["at"].longitude_deg,
        azimuth_rad=place["azimuth"] if entry["azimuth"] is None else entry["azimuth"],
        mast_height_m=entry["sensor_height"] if entry["mast"] is None else entry["mast"],
        launchers=launchers,
        magazines=magazines,
        in_service_from=entry["in_service_from"],
        in_service_to=entry["in_service_to"],
        network=laydown["network"] or None,
    )


def _network(network: Mapping[str, Any], units: list[Unit]) -> Network:
    return Network(
        id=network["id"],
        title=network["title"],
        members=tuple(unit.uid for unit in units),
        shares_track=_links(network["shares_track"], units),
        coordinates_fire=_links(network["coordinates_fire"], units),
        identifies_for=_links(network["identifies_for"], units),
        fires_on_shared_track=_links(network["fires_on_shared_track"], units),
        latency_s=network["latency"],
        p_outage=network["outage"],
    )


def _links(rule: str | tuple[tuple[str, str], ...], units: list[Unit]) -> frozenset[tuple[str, str]]:
    every = [(a, b) for a in units for b in units if a.uid != b.uid]
    if rule == "none":
        every = []
    elif rule == "same-system":
        every = [(a, b) for a, b in every if a.system == b.system]
    elif not isinstance(rule, str):
        every = [(a, b) for a, b in every if (a.uid, b.uid) in rule]
    return frozenset((a.uid, b.uid) for a, b in every)


def _wave(wave: Values) -> Wave:
    return Wave(
        uid=wave["uid"],
        target=wave["target"],
        count=wave["count"],
        spacing_s=wave["spacing"],
        start_s=wave["start"],
        aim=wave["aim"],
        path=wave["path"] or (),
        bearing_rad=wave["bearing"],
        start_distance_m=wave["start_distance"],
        height_m=wave["height"],
        altitude_m=wave["altitude"],
        speed_mps=wave["speed"],
        apogee_m=wave["apogee"],
        release_range_m=wave["release_range"],
    )


def _friendly(item: Values) -> Friendly:
    return Friendly(
        item["uid"], item["target"], item["count"], item["spacing"], item["start"], item["path"], item["height"],
        item["altitude"], item["speed"],
    )  # fmt: skip


def _pattern(item: Values) -> Pattern:
    return Pattern(
        item["uid"], item["title"], item["targets"], item["path"], item["flights_per_week"], item["height"],
        item["altitude"], item["speed"], item["note"],
    )  # fmt: skip


def _doctrine(doctrine: Values) -> Doctrine:
    return Doctrine(
        firing=doctrine["firing"],
        salvo=doctrine["salvo"],
        max_shots=doctrine["max_shots"],
        assignment=doctrine["assignment"],
        weapons_control=doctrine["weapons_control"],
        reserve_fraction=doctrine["reserve"],
        assessment_delay_s=doctrine["assessment_delay"],
        identification_delay_s=doctrine["identification_delay"],
        p_hostile_taken_for_friendly=doctrine["identification_error_hostile"],
        p_friendly_taken_for_hostile=doctrine["identification_error_friendly"],
        p_friendly_taken_for_hostile_shared=doctrine["identification_error_shared"],
        p_friendly_reply=doctrine["friendly_reply"],
        p_common_mode=doctrine["common_mode"],
        p_kill=doctrine["kill_probability"],
    )


def _environment(environment: Values) -> Environment:
    return Environment(environment["k"], environment["clutter"], environment["noise_rise"], environment["rain"])


def _offer(offer: Values) -> Offer:
    system, _, fit = offer["system"].partition(":")
    return Offer(
        id=offer["id"],
        title=offer["title"],
        system=system,
        fit=fit or None,
        reading=offer["reading"],
        fire_units=offer["fire_units"],
        launchers=offer["launchers"],
        rounds=offer["rounds"],
        items=offer["items"],
        price_usd=offer["price"],
        price_year=offer["price_year"],
        price_basis=offer["price_basis"],
        contract_date=offer["contract_date"],
        expires=offer["expires"],
        payments=tuple(_payment(payment, offer["price"]) for payment in offer["payment"]),
        clauses=tuple(Clause(clause["text"], clause["on"], clause["source"]) for clause in offer["clause"]),
        source=offer["source"],
        note=offer["note"],
    )


def _payment(payment: Values, price_usd: float | None) -> Payment:
    amount_usd = payment["amount"] if payment["share"] is None else payment["share"] * price_usd
    return Payment(
        payment["kind"], amount_usd, payment["on"], payment["rate"], payment["years"], payment["source"],
        payment["note"],
    )  # fmt: skip


def _delivery(delivery: Values) -> Delivery:
    return Delivery(
        uid=delivery["uid"],
        offer=delivery["offer"],
        schedule=delivery["schedule"],
        fire_units=delivery["fire_units"],
        launchers=delivery["launchers"],
        rounds=delivery["rounds"],
        items=delivery["items"],
        delivered=delivery["delivered"],
        declared_ready=delivery["declared_ready"],
        emplaced=delivery["emplaced"],
        on_alert=delivery["on_alert"],
        ordered=delivery["ordered"],
        lead_time_s=delivery["lead_time"],
        ended=delivery["ended"],
        source=delivery["source"],
        note=delivery["note"],
    )


def _study(study: Values) -> Study:
    sweep = study["sweep"]
    return Study(
        question=study["question"],
        laydowns=study["laydowns"],
        raids=study["raids"],
        targets=study["targets"],
        heights_m=study["heights"],
        altitudes_m=study["altitudes"],
        first_month=study["first_month"],
        last_month=study["last_month"],
        sweep=None if sweep is None else Sweep(sweep["setting"], sweep["values"], sweep["title"]),
    )
