"""What a scenario may not say, beyond single values: each check raises one sentence with file, line and key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ringtrue.catalogue.records import Parameter
from ringtrue.errors import InputError, did_you_mean, kept, refuse_all
from ringtrue.scenario.settings import resolve

if TYPE_CHECKING:
    from ringtrue.catalogue.records import Catalogue
    from ringtrue.scenario.lines import Path
    from ringtrue.scenario.read import Document

Values = Mapping[str, Any]
Check = Callable[["Document", Values], None]


@dataclass(frozen=True, slots=True)
class KnownIds:
    """Catalogue ids that a scenario may name: systems with their fits, target classes, interceptors, sources,
    clauses.
    """

    systems: Mapping[str, tuple[str, ...]]
    targets: frozenset[str]
    interceptors: frozenset[str]
    sources: frozenset[str]
    clauses: frozenset[str] = frozenset()


def known_ids(catalogue: Catalogue) -> KnownIds:
    """Return the ids of a catalogue."""
    return KnownIds(
        {name: system.fits for name, system in catalogue.systems.items()},
        frozenset(catalogue.targets),
        frozenset(catalogue.interceptors),
        frozenset(catalogue.sources),
        frozenset(catalogue.clauses),
    )


def check_scenario(document: Document, values: Values, known: KnownIds | None) -> None:
    """Run every check; those against the catalogue only if its ids are given.

    Raises
    ------
    InputError
        What each check finds first; the text is of the first of them, the others stand below.
    """
    refused: list[InputError] = []
    for check in CHECKS:
        with kept(refused):
            check(document, values)
    if known is not None:
        with kept(refused):
            _check_ids(document, values, known)
    refuse_all(refused)


def each(values: Values, *names: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield every item of a list of tables, or of the lists inside its items, with its path."""
    for i, item in enumerate(values[names[0]]):
        if len(names) == 1:
            yield (names[0], i), item
        else:
            for path, inner in each(item, *names[1:]):
                yield (names[0], i, *path), inner


def _unique_names(document: Document, values: Values) -> None:
    named = {"place": "id", "laydown": "id", "network": "id", "raid": "id", "offer": "id"}
    for section, key in named.items():
        _unique(document, ((path, item[key]) for path, item in each(values, section)), key)
    _unique(document, ((path, item["uid"]) for path, item in _with_uid(values)), "uid")
    units = {uid for laydown in values["laydown"] for uid in unit_uids(laydown, values)}
    for path, item in _with_uid(values):
        if item["uid"] in units:
            what = f"a fire unit is called {item['uid']!r} too; an aim must mean one thing, so give each its own uid"
            raise document.complaint((*path, "uid"), what)


def _with_uid(values: Values) -> Iterator[tuple[Path, dict[str, Any]]]:
    yield from each(values, "asset")
    yield from each(values, "raid", "wave")
    for section in ("friendly", "pattern", "base", "delivery"):
        yield from each(values, section)


def _unique(document: Document, names: Iterator[tuple[Path, str]], key: str) -> None:
    seen: dict[str, Path] = {}
    for path, name in names:
        if name in seen:
            what = f"two entries have the {key} {name!r}; random numbers are keyed by it, so give each its own"
            raise document.complaint((*path, key), what)
        seen[name] = path


def _heights(document: Document, values: Values) -> None:
    flights = (*each(values, "raid", "wave"), *each(values, "friendly"), *each(values, "pattern"))
    for path, item in flights:
        if item["height"] is not None and item["altitude"] is not None:
            raise document.complaint(path, "give height (above ground) or altitude (above mean sea level), not both")
        if item["speed"] == 0.0:
            raise document.complaint((*path, "speed"), "a flight with no speed never arrives; leave it out or raise it")
    for path, item in (*each(values, "friendly"), *each(values, "pattern")):
        if len(item["path"]) < 2:
            raise document.complaint((*path, "path"), "wants two positions or more; one is no flight")


def _masts(document: Document, values: Values) -> None:
    for section in ("unit", "package"):
        for path, item in each(values, "laydown", section):
            if item["mast"] is not None and item["sensor_height"] is not None:
                what = "give mast (of an antenna on the ground) or sensor_height (of one in the air), not both"
                raise document.complaint(path, what)


def _waves(document: Document, values: Values) -> None:
    for path, wave in each(values, "raid", "wave"):
        has_bearing = wave["bearing"] is not None and wave["start_distance"] is not None
        half_bearing = (wave["bearing"] is None) != (wave["start_distance"] is None)
        if half_bearing or has_bearing == (wave["path"] is not None):
            what = "say where it comes from: path, or bearing and start_distance, one of the two"
            raise document.complaint(path, what)
        if wave["start_distance"] == 0.0:
            raise document.complaint((*path, "start_distance"), "a target cannot start on its aim; give a distance")


def _aims(document: Document, values: Values) -> None:
    uids = [item["uid"] for _, item in each(values, "asset")]
    units = [uid for laydown in values["laydown"] for uid in unit_uids(laydown, values)]
    for path, wave in each(values, "raid", "wave"):
        if not wave["aim"]:
            what = "the raid aims at nothing; name one asset or unit at least"
            raise document.complaint((*path, "aim"), what)
        for aim in wave["aim"]:
            if aim not in uids and aim not in units:
                near = did_you_mean(aim, [*uids, *units]) or f"; assets here: {', '.join(uids) or 'none'}"
                raise document.complaint((*path, "aim"), f"no asset or unit is called {aim!r}{near}")


def rule_places(own: Sequence[str], n_units: int, in_rule: Sequence[str]) -> list[str]:
    """Return the places that the laydown rule gives the fire units of a package, one for each.

    The places of the file in order, those in the rule only; or the package's own list, whose last place takes the rest.

    >>> rule_places(["izmir"], 2, ["ankara", "adana"]), rule_places([], 2, ["ankara", "adana"])
    (['izmir', 'izmir'], ['ankara', 'adana'])
    """
    return [*own, *([own[-1]] * n_units)][:n_units] if own else list(in_rule[:n_units])


def package_uids(written_system: str, places: Sequence[str]) -> list[str]:
    """Return the uids of a package's fire units: ``system@place``, then ``system@place-2`` and so on.

    >>> package_uids("s-400-tr:48n6e3", ["ankara", "ankara"])
    ['s-400-tr@ankara', 's-400-tr@ankara-2']
    """
    system = written_system.partition(":")[0]
    return [
        f"{system}@{place}" + (f"-{places[:i].count(place) + 1}" if place in places[:i] else "")
        for i, place in enumerate(places)
    ]


def unit_uids(laydown: Values, values: Values) -> list[str]:
    """Return the uids of every fire unit of a laydown, packages first."""
    from_packages = [
        uid for package in laydown["package"] for uid in package_uids(package["system"], _places_of(package, values))
    ]
    return from_packages + [unit["uid"] for unit in laydown["unit"]]


def _places_of(package: Values, values: Values) -> list[str]:
    in_rule = [place["id"] for place in values["place"] if place["in_rule"]]
    return rule_places(package["places"], package["fire_units"], in_rule)


def _units(document: Document, values: Values) -> None:
    places = [place["id"] for place in values["place"]]
    for path, package in each(values, "laydown", "package"):
        for place in package["places"]:
            _must_know(document, (*path, "places"), place, places, "place")
        n_places = len(_places_of(package, values))
        if n_places < package["fire_units"]:
            what = f"fire units: {package['fire_units']}, places of the laydown rule: {n_places}; add a [[place]]"
            raise document.complaint((*path, "fire_units"), what)
        _launchers(document, path, package, package["fire_units"])
    for path, unit in each(values, "laydown", "unit"):
        _must_know(document, (*path, "place"), unit["place"], places, "place")
        _launchers(document, path, unit, 1)
    for path, laydown in each(values, "laydown"):
        _unique(document, ((path, uid) for uid in unit_uids(laydown, values)), "unit")


def _launchers(document: Document, path: Path, item: Values, n_units: int) -> None:
    launchers = item["launchers"]
    if launchers is not None and launchers < n_units:
        what = f"launchers: {launchers}, fire units: {n_units}; a fire unit without launchers fires nothing"
        raise document.complaint((*path, "launchers"), what)
    if launchers is None and item["loading"]:
        raise document.complaint((*path, "loading"), "rounds are loaded on launchers: say how many launchers there are")
    first, last = item["in_service_from"], item["in_service_to"]
    if first is not None and last is not None and last <= first:
        what = f"{last} is not after in_service_from, {first}; correct one of the two dates"
        raise document.complaint((*path, "in_service_to"), what)


def _networks(document: Document, values: Values) -> None:
    units = [uid for laydown in values["laydown"] for uid in unit_uids(laydown, values)]
    for path, network in each(values, "network"):
        for kind in ("shares_track", "coordinates_fire", "identifies_for", "fires_on_shared_track"):
            pairs = () if isinstance(network[kind], str) else network[kind]
            for from_uid, to_uid in pairs:
                for uid in (from_uid, to_uid):
                    if uid not in units:
                        near = did_you_mean(uid, units)
                        what = f"the link {from_uid} → {to_uid} leads nowhere: no laydown has a unit {uid!r}{near}"
                        raise document.complaint((*path, kind), what)
                if from_uid == to_uid:
                    raise document.complaint(
                        (*path, kind), f"{from_uid!r} is linked to itself; it serves itself anyway"
                    )
        shared, remote = network["shares_track"], network["fires_on_shared_track"]
        lost = () if isinstance(remote, str) or isinstance(shared, str) else sorted(set(remote) - set(shared))
        if lost or (shared == "none" and remote != "none"):
            what = "between {} and {}".format(*lost[0]) if lost else "here"
            raise document.complaint(
                (*path, "fires_on_shared_track"),
                f"no track is shared {what}, so none can be fired on; add the pair to shares_track",
            )
    names = [network["id"] for network in values["network"]]
    for path, laydown in each(values, "laydown"):
        if laydown["network"]:
            _must_know(document, (*path, "network"), laydown["network"], names, "network")


def _offers(document: Document, values: Values) -> None:
    offers = [offer["id"] for offer in values["offer"]]
    for path, laydown in each(values, "laydown"):
        for offer in laydown["offers"]:
            _must_know(document, (*path, "offers"), offer, offers, "offer")
    for path, offer in each(values, "offer"):
        if offer["fire_units"] and offer["launchers"] and offer["launchers"] < offer["fire_units"]:
            what = f"launchers: {offer['launchers']}, fire units: {offer['fire_units']}"
            raise document.complaint((*path, "launchers"), f"{what}; a fire unit without launchers fires nothing")
        if offer["price"] is not None and offer["price_year"] is None:
            raise document.complaint(path, "a price wants its price_year: money of two years is not the same money")
        _payments(document, path, offer)


def _payments(document: Document, path: Path, offer: Values) -> None:
    due = 0.0
    for i, payment in enumerate(offer["payment"]):
        here = (*path, "payment", i)
        if (payment["amount"] is None) == (payment["share"] is None):
            raise document.complaint(here, "give amount or share, one of the two")
        if payment["share"] is not None and offer["price"] is None:
            raise document.complaint((*here, "share"), "a share of what? The offer has no price; give an amount")
        if payment["kind"] != "credit" and (payment["rate"] is not None or payment["years"] is not None):
            raise document.complaint(here, f"rate and years belong to a credit, not to {payment['kind']!r}")
        if payment["kind"] in ("advance", "credit", "instalment"):
            due += payment["amount"] if payment["amount"] is not None else payment["share"] * offer["price"]
    if offer["price"] is not None and due > offer["price"] * (1.0 + 1e-9):
        what = (
            f"payments add up to {due / 1e9:g} bnUSD, more than the price of {offer['price'] / 1e9:g} bnUSD; lower a "
            "payment, or correct the price"
        )
        raise document.complaint((*path, "payment"), what)


def _deliveries(document: Document, values: Values) -> None:
    offers = {offer["id"]: offer for offer in values["offer"]}
    total: dict[tuple[str, str, str], int] = {}
    for path, delivery in each(values, "delivery"):
        _must_know(document, (*path, "offer"), delivery["offer"], list(offers), "offer")
        offer = offers[delivery["offer"]]
        _delivery_dates(document, path, delivery, offer)
        items = dict(delivery["items"])
        counted = {**_counted(delivery), **items}
        bought = {**_counted(offer), **dict(offer["items"])}
        for thing, count in counted.items():
            place = (offer["id"], delivery["schedule"], thing)
            total[place] = total.get(place, 0) + count
            if total[place] > bought.get(thing, 0):
                what = f"{thing} delivered: {total[place]}, but bought: {bought.get(thing, 0)}"
                usual = "items" if thing in items else "rounds"
                key = {"fire units": "fire_units", "launchers": "launchers"}.get(thing, usual)
                raise document.complaint((*path, key), f"{what} in offer {offer['id']!r}; correct one of them")


def _counted(entry: Values) -> dict[str, int]:
    return {"fire units": entry["fire_units"], "launchers": entry["launchers"], **dict(entry["rounds"])}


def _delivery_dates(document: Document, path: Path, delivery: Values, offer: Values) -> None:
    states = ("delivered", "declared_ready", "emplaced", "on_alert")
    is_notional = delivery["schedule"] == "notional"
    if is_notional != (delivery["ordered"] is not None) or (delivery["lead_time"] is not None and not is_notional):
        raise document.complaint(path, "ordered and lead_time belong to a notional delivery, and to no other")
    for state in ("began", *states):
        day, contract = delivery[state], offer["contract_date"]
        if day is None:
            continue
        if is_notional:
            raise document.complaint((*path, state), "a notional delivery has a lead time and no dates")
        if state == "began" and (delivery["delivered"] is None or day > delivery["delivered"]):
            what = f"{day} wants a delivery on that day or later; give delivered, or correct one of the two dates"
            raise document.complaint((*path, state), what)
        if contract is not None and day < contract:
            what = f"{day} is before the contract of {contract}; correct one of the two dates"
            raise document.complaint((*path, state), what)
        if state != "began" and delivery["delivered"] is not None and day < delivery["delivered"]:
            what = f"{day} is before the delivery of {delivery['delivered']}; correct one of the two dates"
            raise document.complaint((*path, state), what)


def _study(document: Document, values: Values) -> None:
    study = values["study"]
    for key, section in (("laydowns", "laydown"), ("raids", "raid")):
        names = [item["id"] for item in values[section]]
        for name in study[key]:
            _must_know(document, ("study", key), name, names, section)
    first, last = study["first_month"], study["last_month"]
    if (first is None) != (last is None) or (first is not None and last < first):
        raise document.complaint(("study",), "first_month and last_month go together, the first one first")
    if study["sweep"] is not None:
        for value in study["sweep"]["values"]:
            try:
                resolve(document.content, f"{study['sweep']['setting']}={value}")
            except InputError as error:
                raise document.complaint(("study", "sweep", "setting"), str(error).removeprefix("--set ")) from None


def _doctrine(document: Document, values: Values) -> None:
    doctrine = values["doctrine"]
    if doctrine["max_shots"] < doctrine["salvo"]:
        what = f"{doctrine['max_shots']} shots at most, but {doctrine['salvo']} in one salvo; raise max_shots"
        raise document.complaint(("doctrine", "max_shots"), what)


def _check_ids(document: Document, values: Values, known: KnownIds) -> None:
    refused: list[InputError] = []
    for path, name, ids, what in _named(values, known):
        with kept(refused):
            _must_know(document, path, name, ids, what)
    refuse_all(refused)


def _named(values: Values, known: KnownIds) -> Iterator[tuple[Path, str, list[str], str]]:
    """Yield every id of the catalogue that a scenario names: where, the id, those that there are, and what it is."""
    systems, targets = list(known.systems), list(known.targets)
    for path, item in (*each(values, "laydown", "package"), *each(values, "laydown", "unit")):
        system, _, fit = item["system"].partition(":")
        yield (*path, "system"), system, systems, "system"
        if fit and system in known.systems:
            yield (*path, "system"), fit, list(known.systems[system]), f"fit of {system}"
        for i, loading in enumerate(item["loading"]):
            yield (*path, "loading", i, "interceptor"), loading["interceptor"], list(known.interceptors), "interceptor"
    for path, offer in each(values, "offer"):
        yield (*path, "system"), offer["system"].partition(":")[0], [*systems, *targets], "system"
        for clause in offer["bound_by"]:
            yield (*path, "bound_by"), clause, list(known.clauses), "clause"
    for path, item in (*each(values, "offer"), *each(values, "delivery")):
        for interceptor, _ in item["rounds"]:
            yield (*path, "rounds"), interceptor, list(known.interceptors), "interceptor"
    for path, source in _sources(values, ()):
        yield path, source, list(known.sources), "source"
    for path, item in (*each(values, "raid", "wave"), *each(values, "friendly")):
        yield (*path, "target"), item["target"], targets, "target class"
    for path, pattern in (*each(values, "pattern"), *each(values, "base")):
        for target in pattern["targets"]:
            yield (*path, "targets"), target, targets, "target class"
    for target in values["study"]["targets"]:
        yield ("study", "targets"), target, targets, "target class"


def _sources(node: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield every id of a source, of sections and of spreads, with its path."""
    if isinstance(node, Parameter) and node.source is not None:
        yield (*path, "source"), node.source
    elif isinstance(node, list):
        for i, item in enumerate(node):
            yield from _sources(item, (*path, i))
    elif isinstance(node, Mapping):
        for key, value in node.items():
            if key == "source":
                yield from (((*path, key), source) for source in value)
            else:
                yield from _sources(value, (*path, key))


def _must_know(document: Document, path: Path, name: str, known: list[str], what: str) -> None:
    if name not in known:
        near = did_you_mean(name, known) or f"; there are: {', '.join(sorted(known)[:12]) or 'none'}"
        raise document.complaint(path, f"no {what} is called {name!r}{near}")


CHECKS: tuple[Check, ...] = (
    _unique_names, _heights, _masts, _waves, _units, _aims, _networks, _offers, _deliveries, _doctrine, _study,
)  # fmt: skip
