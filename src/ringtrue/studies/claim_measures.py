"""What a claim can be measured by: a table of functions, each giving a value per draw and the unknowns behind it.

A new measure is one function and one row of `MEASURES`. Values are (draw + 1,), the nominal case last; a measure of
something that nobody draws (a date, a price, a printed figure) has a single value.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, TypeVar, cast

import numpy as np

from ringtrue.catalogue.load import parameters_of
from ringtrue.coverage.answer import WHOLE
from ringtrue.coverage.people import surroundings
from ringtrue.coverage.ring import EARTH_RADIUS_M, Level, Weather, ring_arrays
from ringtrue.engagement.answers import count_answer, paired_difference
from ringtrue.engagement.raid import run_raid
from ringtrue.errors import InputError, did_you_mean
from ringtrue.finding import DRAWS, NOMINAL, percent, plain, quantity_text
from ringtrue.geo.elevation import open_model
from ringtrue.geo.refraction import STANDARD_K, horizon_range_m
from ringtrue.procurement.deliveries import STATES, fire_units_on, first_wait, reached_on
from ringtrue.procurement.packages import price_of_each
from ringtrue.scenario.checks import known_ids
from ringtrue.scenario.load import load_scenario
from ringtrue.sensing.chain import find_target
from ringtrue.sensing.deciding import LEAST_DRAWS, assumed_part, joint_share, weigh
from ringtrue.sensing.ledger import watched
from ringtrue.sensing.post import FEW_RELIEFS, post_at
from ringtrue.studies.claim_records import DATE, MeasureSpec
from ringtrue.studies.doubt.knowing import is_own
from ringtrue.studies.raid_rows import paired
from ringtrue.studies.reach import together, unit_reach, window_cells
from ringtrue.units import ALTITUDE, HEIGHT, K_FACTOR, MAST, RANGE, SENSOR_HEIGHT, parse_quantity, read_quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from ringtrue.catalogue.records import Parameter
    from ringtrue.coverage.ring import RingArrays
    from ringtrue.engagement.raid import RaidResult
    from ringtrue.geo.elevation import ElevationModel
    from ringtrue.scenario.records import Delivery, Laydown, Offer, Scenario, UnitState
    from ringtrue.sensing.post import Post
    from ringtrue.sensing.run import Run
    from ringtrue.studies.reach import Cells, Reached, UnitReach

    FloatArray = NDArray[np.float64]

T = TypeVar("T")
Form = Literal["quantity", "exact", "percent", "people", "minutes", "days", "years"]


class Asked(NamedTuple):
    """The figure that a reader asks about: what it is, its SI unit, its values, how it is printed, and what follows it.

    Values are as those of a measure; where nothing is drawn, the low, nominal and high figure of a source.
    """

    what: str
    si: str
    values: FloatArray
    form: Form = "quantity"
    is_drawn: bool = True
    then: str = ""


class Outcome(NamedTuple):
    """Values of a measure, the addresses of the drawn figures they rest on, and one sentence on how they came about.

    ``asked`` is the figure to print; none: the text says it (a date). ``is_estimate``: the values are resampled
    estimates of one number, not what it is in one draw after the other; ``assumed`` is then the part of the spread
    behind it that goes with assumed figures. ``one_raid``: 5 to 95 % of single raids, where a count of raids was
    measured.
    """

    values: FloatArray
    uses: frozenset[str]
    text: str
    asked: Asked | None = None
    is_estimate: bool = False
    one_raid: tuple[float, float] | None = None
    assumed: float | None = None


class Unanswerable(Exception):  # noqa: N818  (an answer, not an error)
    """No public figure answers the question; the text says which one is missing."""


class MeasureFunction(Protocol):
    """A measure: the shared ground of a run, and the arguments of one variant."""

    def __call__(self, bench: Bench, args: dict[str, Any]) -> Outcome:
        """Measure one variant."""


@dataclass(frozen=True)
class Bench:
    """What all claims about one scenario share."""

    run: Run
    scenario: Scenario

    def once(self, key: tuple[Any, ...], make: Callable[[], T]) -> T:
        """Keep sweeps, chains and reaches that several claims about the scenario ask for in the memo of the run."""
        return self.run.once(("claims", self.scenario.content_hash, *key), make)


def _level(args: dict[str, Any]) -> Level:
    height, altitude = args.get("height"), args.get("altitude")
    if (height is None) == (altitude is None):
        msg = "wants one of height (above ground) and altitude (above sea level)"
        raise InputError(msg)
    if height is not None:
        return Level(read_quantity(str(height), HEIGHT), None)
    return Level(None, read_quantity(str(altitude), ALTITUDE))


def _check_level(level: Level, site_altitude_m: float) -> None:
    """Raise when the class would fly under the ground of the place."""
    if level.altitude_m is not None and level.altitude_m < site_altitude_m:
        msg = (
            f"altitude {level.altitude_m:,.0f} m above sea level lies under the ground of the place "
            f"({site_altitude_m:,.0f} m); raise it, or give a height above ground"
        )
        raise InputError(msg)


def _place(bench: Bench, args: dict[str, Any]) -> tuple[float, float]:
    places = {place.id: place for place in bench.scenario.places}
    name = str(args.get("place", next(iter(places), "")))
    if name not in places:
        msg = f"place {name!r} is not in scenario {bench.scenario.name!r}{did_you_mean(name, places)}"
        raise InputError(msg)
    return places[name].latitude_deg, places[name].longitude_deg


def _model(bench: Bench, args: dict[str, Any], place: tuple[float, float]) -> ElevationModel:
    """The ground of a variant; a smooth earth lies at 0 m, and `_ground_words` says so, where nobody knows better."""
    terrain = args.get("terrain", "terrain")
    if terrain not in ("terrain", "bare earth"):
        msg = f"terrain {terrain!r} is not known{did_you_mean(str(terrain), ['bare earth'])}; terrain or bare earth"
        raise InputError(msg)
    model: ElevationModel = bench.run.model
    if terrain == "bare earth" and not model.is_bare_earth:
        model = bench.once(("bare",), lambda: open_model("none"))
    if model.is_bare_earth and np.isnan(model.sample(*place)):
        model = bench.once(("bare at 0 m",), lambda: open_model("none", ground_altitude_m=0.0))
    return model


def _ground_words(bench: Bench, args: dict[str, Any], places: Iterable[tuple[float, float]]) -> str:
    """Name the places whose smooth earth was put at 0 m, where that touches the answer: not a height above ground."""
    if "height" in args:
        return ""
    taken = dict.fromkeys(f"{at[0]:.7g}, {at[1]:.7g}" for at in places if _is_taken_as_sea(bench, args, at))
    return f" (ground altitude at {'; '.join(taken)} not in the shipped model: 0 m taken)" if taken else ""


def _is_taken_as_sea(bench: Bench, args: dict[str, Any], place: tuple[float, float]) -> bool:
    model = _model(bench, args, place)
    return model.bare_altitude_m == 0.0 and model is not bench.run.model


def _mast_m(args: dict[str, Any]) -> float | None:
    """Antenna height that a claim gives, else that of the unit of a laydown; None: the catalogue's."""
    given: float | None = read_quantity(str(args["mast"]), MAST) if "mast" in args else args.get("unit_mast_m")
    return given


def _post(bench: Bench, system_id: str, args: dict[str, Any], place: tuple[float, float]) -> Post:
    mast_m = _mast_m(args)
    model = _model(bench, args, place)
    return bench.once(
        ("post", system_id, place, mast_m, model.content_key),
        lambda: post_at(
            bench.run, system_id, *place, mast_m=mast_m, k_factor=bench.scenario.environment.given_k,
            n_reliefs=FEW_RELIEFS, model=model,
        ),
    )  # fmt: skip


class _Ring(NamedTuple):
    arrays: RingArrays
    post: Post


def _ring(bench: Bench, args: dict[str, Any]) -> _Ring:
    """Ask the ring arrays of one system at one place."""
    find_target(bench.run.catalogue, str(args["target"]))
    target = bench.run.ledger.record(bench.run.catalogue.targets[str(args["target"])])
    if target.kind == "ballistic":
        msg = f"target {target.id!r} flies an arc and has no level; ask for measure footprint-radius"
        raise InputError(msg)
    place, level = _place(bench, args), _level(args)
    post = _post(bench, str(args["system"]), args, place)
    _check_level(level, post.fire.site_altitude_m)
    doubt = bench.run.ledger.flight_time_doubt()
    around = surroundings(
        *place, n_azimuths=post.fire.azimuth_rad.size, step_m=post.fire.step_m, n_samples=post.fire.shape[2],
    )  # fmt: skip
    arrays = ring_arrays(
        post.chain, target, level, search=post.search, fire=post.fire, relief=post.relief, place=around.place,
        heading="inbound", azimuth_rad=None, weather=Weather(), speed_doubt=doubt, threads=bench.run.threads,
    )  # fmt: skip
    return _Ring(arrays, post)


def _radius_m(area_m2: FloatArray) -> FloatArray:
    """Radius of the full disc on the sphere that holds an area."""
    share = np.clip(area_m2 / (2.0 * np.pi * EARTH_RADIUS_M**2), 0.0, 2.0)
    return np.asarray(EARTH_RADIUS_M * np.arccos(1.0 - share))


def _as_radius(what: str, area_m2: FloatArray, uses: Iterable[str], text: str) -> Outcome:
    """Measure the radius of a disc as large as an area, which is the figure that the audit prints."""
    radius_m = _radius_m(area_m2)
    then = f", a disc {quantity_text(float(np.median(radius_m[DRAWS])), 'm')} in radius"
    return Outcome(radius_m, frozenset(uses), text, Asked(what, "m2", area_m2, then=then))


def engageable_share(bench: Bench, args: dict[str, Any]) -> Outcome:
    """Share of the advertised ring, as far as the elevation model covers it, in which the class can be engaged."""
    ring = _ring(bench, args)
    ring_m = float(ring.post.chain.system.advertised_range_m[NOMINAL])
    share = ring.arrays.measured["engageable_share"]
    covered = ring.post.fire.covered_share(ring_m)
    part = "" if covered >= WHOLE else f" (of the {percent(covered)} that the elevation model covers)"
    text = f"share of the advertised {ring_m / 1000:g}-km ring{part} that can be engaged"
    text += _ground_words(bench, args, [_place(bench, args)])
    return Outcome(share.values, share.uses, text, Asked("share of the ring engaged", "1", share.values, "percent"))


def engageable_radius(bench: Bench, args: dict[str, Any]) -> Outcome:
    """Radius of the disc as large as the engageable area."""
    ring = _ring(bench, args)
    text = "radius of a disc as large as the engageable area" + _ground_words(bench, args, [_place(bench, args)])
    area = ring.arrays.measured["engageable_area_km2"]
    return _as_radius("area engaged", area.values * 1e6, area.uses, text)


def seen_radius(bench: Bench, args: dict[str, Any]) -> Outcome:
    """Radius of the disc as large as the area in which the acquisition radar sees the class with probability 0.5."""
    ring = _ring(bench, args)
    text = "radius of a disc as large as the area seen (P 0.5)" + _ground_words(bench, args, [_place(bench, args)])
    area = ring.arrays.measured["seen_area_km2"]
    return _as_radius("area seen", area.values * 1e6, area.uses, text)


def footprint_radius(bench: Bench, args: dict[str, Any]) -> Outcome:
    """Radius of the disc as large as the footprint against a ballistic class, one azimuth."""
    reach = _unit(bench, args)
    text = "radius of a disc as large as the footprint (one azimuth)"
    text += _ground_words(bench, args, [_place(bench, args)])
    return _as_radius("footprint", reach.area_km2 * 1e6, reach.uses, text)


def _cells(bench: Bench) -> Cells:
    area = bench.scenario.area
    if area is None:
        msg = f"scenario {bench.scenario.name!r} has no [area]; add one, or name another scenario in the claims file"
        raise InputError(msg)
    cells: Cells = bench.once(("cells",), lambda: window_cells(area))
    return cells


def _unit(bench: Bench, args: dict[str, Any], *, defended: bool = False) -> UnitReach:
    find_target(bench.run.catalogue, str(args["target"]))
    kind = bench.run.catalogue.targets[str(args["target"])].kind
    level = Level(0.0, None) if kind == "ballistic" else _level(args)
    place = args["at"] if "at" in args else _place(bench, args)
    model = _model(bench, args, place)
    post = _post(bench, str(args["system"]), args, place)
    _check_level(level, post.fire.site_altitude_m)
    key = ("reach", str(args["system"]), place, str(args["target"]), level, _mast_m(args), defended, model.content_key)
    return bench.once(
        key,
        lambda: unit_reach(
            post, str(args["target"]), level, _cells(bench), defended=defended, threads=bench.run.threads,
        ),
    )  # fmt: skip


def unit_advantage(bench: Bench, args: dict[str, Any]) -> Outcome:
    """Engageable area of one fire unit less that of another at the same place (footprint for a ballistic class)."""
    first, second = _unit(bench, args), _unit(bench, {**args, "system": args["against"]})
    text = f"engageable area of one fire unit of {args['system']} less one of {args['against']}, same place and class"
    text += _ground_words(bench, args, [_place(bench, args)])
    values = (first.area_km2 - second.area_km2) * 1e6
    asked = Asked(f"area, {args['system']} less {args['against']}:", "m2", values)
    return Outcome(values, frozenset(first.uses | second.uses), text, asked)


COUNTS = {"area": "area_km2", "people under": "people_under", "people defended": "people_defended"}


def _laydown(bench: Bench, name: str) -> Laydown:
    laydowns = {laydown.id: laydown for laydown in bench.scenario.laydowns}
    if name not in laydowns or not laydowns[name].units:
        have = [i for i, laydown in laydowns.items() if laydown.units]
        msg = f"scenario {bench.scenario.name!r} has no laydown {name!r} with units{did_you_mean(name, have)}"
        raise InputError(msg)
    return laydowns[name]


def _places_of(bench: Bench, *names: str) -> list[tuple[float, float]]:
    return [(unit.latitude_deg, unit.longitude_deg) for name in names for unit in _laydown(bench, name).units]


def _package(bench: Bench, args: dict[str, Any], name: str) -> tuple[Reached, frozenset[str]]:
    laydown = _laydown(bench, name)
    wants_defended = args["count"] == "people defended"
    reaches: dict[tuple[Any, ...], UnitReach] = {}
    for unit in laydown.units:
        system = unit.system if unit.fit is None else f"{unit.system}:{unit.fit}"
        at = (unit.latitude_deg, unit.longitude_deg)
        there = {**args, "system": system, "at": at, "unit_mast_m": unit.mast_height_m}
        reaches[(system, at, unit.mast_height_m)] = _unit(bench, there, defended=wants_defended)
    release_m = read_quantity(str(args.get("release", "0 m")), RANGE)
    uses: frozenset[str] = frozenset().union(*(reach.uses for reach in reaches.values()))
    return together(list(reaches.values()), _cells(bench), release_m), uses


def _counted(bench: Bench, args: dict[str, Any], name: str) -> tuple[FloatArray, frozenset[str]]:
    if args["count"] not in COUNTS:
        msg = f"count {args['count']!r} is not known{did_you_mean(str(args['count']), COUNTS)}; {', '.join(COUNTS)}"
        raise InputError(msg)
    reached, uses = _package(bench, args, name)
    values: FloatArray = getattr(reached, COUNTS[args["count"]])
    if not np.isfinite(values).all():
        msg = (
            f"{args['count']} against {args['target']} cannot be resolved for laydown {name}: "
            "fewer than four cells of the population raster"
        )
        raise Unanswerable(msg)
    return values, uses


def package_advantage(bench: Bench, args: dict[str, Any]) -> Outcome:
    """What one package reaches over another, as a share of the larger of the two: -1 to 1.

    Packages of the claims file's scenario, or of ``scenario``: one regiment at two places is two laydowns there.
    """
    bench = _bench_of(bench, args)
    first, one = _counted(bench, args, str(args["laydown"]))
    second, two = _counted(bench, args, str(args["against"]))
    larger = np.maximum(first, second)
    values = np.divide(first - second, larger, out=np.zeros_like(first), where=larger > 0.0)
    text = f"{args['count']}: {args['laydown']} less {args['against']}, as a share of the larger"
    text += _ground_words(bench, args, _places_of(bench, str(args["laydown"]), str(args["against"])))
    return Outcome(
        values, one | two, text, _counted_asked(args, f"{args['laydown']} less {args['against']}", first - second)
    )


def _counted_asked(args: dict[str, Any], what: str, values: FloatArray) -> Asked:
    if args["count"] == "area":
        return Asked(f"area, {what}:", "m2", values * 1e6)
    return Asked(f"{args['count']}, {what}:", "1", values, "people")


def _bench_of(bench: Bench, args: dict[str, Any]) -> Bench:
    """The bench, or the one of the shipped scenario that the arguments name, with surfaces and cells of its own."""
    if "scenario" not in args:
        return bench
    name = str(args["scenario"])

    def other() -> Bench:
        return replace(bench, scenario=load_scenario(name, (), known_ids(bench.run.catalogue)))

    made: Bench = bench.once(("bench", name), other)
    return made


def added_share(bench: Bench, args: dict[str, Any]) -> Outcome:
    """What a package reaches beyond the first system alone, as a share of what the first reaches."""
    first, one = _counted(bench, args, str(args["first"]))
    both, two = _counted(bench, args, str(args["both"]))
    values = np.divide(both - first, first, out=np.full_like(first, np.inf), where=first > 0.0)
    if not np.isfinite(values).all():
        msg = f"{args['first']} reaches nothing in some draws, so no share of it can be added"
        raise Unanswerable(msg)
    text = f"{args['count']}: added by {args['both']} to {args['first']}, as a share"
    text += _ground_words(bench, args, _places_of(bench, str(args["first"]), str(args["both"])))
    return Outcome(values, one | two, text, _counted_asked(args, f"added to {args['first']}", both - first))


def warning_gain(bench: Bench, args: dict[str, Any]) -> Outcome:
    """Warning of a low flyer from an airborne sensor's shared picture less that of the unit's own antenna (horizon)."""
    find_target(bench.run.catalogue, str(args["target"]))
    uses: set[str] = set()
    target = watched(bench.run.ledger.record(bench.run.catalogue.targets[str(args["target"])]), uses)
    senses = {"height": HEIGHT, "sensor": SENSOR_HEIGHT, "mast": MAST}
    height_m, sensor_m, own_m = (read_quantity(str(args[name]), sense) for name, sense in senses.items())
    k_factor = read_quantity(str(args.get("k", STANDARD_K)), K_FACTOR)
    alone_m, shared_m = (float(horizon_range_m(h, height_m, k_factor=k_factor)) for h in (own_m, sensor_m))
    text = (
        f"an antenna of {own_m:g} m sees it at {alone_m / 1000:.1f} km, "
        f"a sensor at {sensor_m:,.0f} m at {shared_m / 1000:.0f} km"
    )
    gain_s = (shared_m - alone_m) / target.speed_mps
    return Outcome(gain_s, frozenset(uses), text, Asked("earlier by", "s", gain_s, "minutes"))


RAID_REPLICATIONS = 100


def _played(bench: Bench, laydown: str, raid: str) -> RaidResult:
    """Play a raid once for each draw of the run; rival laydowns share its luck."""
    _laydown(bench, laydown)
    raids = [one.id for one in bench.scenario.raids]
    if raid not in raids:
        msg = f"scenario {bench.scenario.name!r} has no raid {raid!r}{did_you_mean(raid, raids)}"
        raise InputError(msg)
    result: RaidResult = bench.once(
        ("raid", laydown, raid),
        lambda: run_raid(
            bench.scenario, laydown, raid, bench.run, n_replications=RAID_REPLICATIONS, n_reliefs=FEW_RELIEFS,
        ),
    )  # fmt: skip
    return result


def raid_difference(bench: Bench, args: dict[str, Any]) -> Outcome:
    """Mean count of a raid against one laydown less that against another: same draws, same luck, as `network` has it.

    ``count`` is a name of ``RaidCase.count_names()``, such as leakers, wasted_rounds, double_engagements.
    """
    raid, count = str(args["raid"]), str(args["count"])
    one, two = (_played(bench, str(args[name]), raid) for name in ("laydown", "against"))
    for result in (one, two):
        if count not in result.names:
            msg = f"count {count!r} is not counted in raid {raid!r}{did_you_mean(count, result.names)}"
            raise InputError(msg)
    here, there = (float(np.mean(result.of(count))) for result in (one, two))
    what = f"{count.replace('_', ' ')} in {raid}"
    text = f"{what}: {plain(here)} against {plain(there)}, mean over draws of {RAID_REPLICATIONS} replications"
    ends = [count_answer(result, count).finding.one_raid for result in (one, two)]
    if all(ends):
        spans = " against ".join(f"{low:.0f} to {high:.0f}" for low, high in filter(None, ends))
        text += f"; in one raid {spans} (5 to 95 % of draws and luck)"
    found = paired_difference(two, one, count)
    values = np.append(paired(two, one, count), np.nan if found.nominal is None else found.nominal)
    asked = Asked(f"{what}, {args['laydown']} less {args['against']}:", "1", values)
    return Outcome(values, frozenset(one.uses | two.uses), text, asked, one_raid=found.one_raid)


def inspection_share(bench: Bench, args: dict[str, Any]) -> Outcome:
    """Part of the spread of the engageable area that goes with the system's own figures together.

    That is what an inspection could settle at most. Values are the resampled estimates, the estimate itself last.
    """
    ring = _ring(bench, args)
    engageable = ring.arrays.measured["engageable_area_km2"]
    answer = engageable.values[DRAWS]
    candidates = bench.run.ledger.candidates(engageable.uses)
    weighed = weigh(candidates, answer, n_bootstrap=0)
    if weighed.assumed is None:
        msg = f"the answer does not vary over the draws, or there are fewer than {LEAST_DRAWS} of them"
        raise Unanswerable(msg)
    own = {c.name: c for c in candidates if is_own(c)}
    shares = [share for share in weighed.shares if share.stream in own]
    if not shares:
        msg = f"no figure of {args['system']} itself is uncertain"
        raise Unanswerable(msg)
    together = joint_share([own[share.stream].values for share in shares], answer)
    targets = sum(s.share for s in weighed.shares if any(f.startswith("target.") for f in s.figures))
    text = (
        f"of the spread against {args['target']}, the figures of {args['system']} itself carry {percent(together[0])} "
        f"together, {percent(sum(s.share for s in shares))} added up one by one; the largest, "
        f"{shares[0].name}, {percent(shares[0].share)}; the target's own figures {percent(targets)}"
    )
    text += _ground_words(bench, args, [_place(bench, args)])
    values = np.append(together[1:], together[0])
    asked = Asked(f"share of the spread that {args['system']} itself carries:", "1", values, "percent")
    return Outcome(values, frozenset(), text, asked, is_estimate=True, assumed=assumed_part(weighed))


def _offer(bench: Bench, name: str) -> Offer:
    offers = {offer.id: offer for offer in bench.scenario.offers}
    if name not in offers:
        msg = f"scenario {bench.scenario.name!r} has no offer {name!r}{did_you_mean(name, offers)}"
        raise InputError(msg)
    return offers[name]


def _price_each(bench: Bench, name: str) -> tuple[float, float]:
    """Price of an offer, and that of one of its fire units [USD]."""
    offer = _offer(bench, name)
    price = price_of_each(offer, offer.fire_units)
    if price is None:
        msg = f"no price was published for offer {name}"
        raise Unanswerable(msg)
    if price.usd_each is None:
        msg = f"offer {name} holds no fire unit to divide its price by"
        raise Unanswerable(msg)
    return price.cost_usd, price.usd_each


def price_per_fire_unit(bench: Bench, args: dict[str, Any]) -> Outcome:
    """Price of an offer divided by its fire units."""
    _, each = _price_each(bench, str(args["offer"]))
    text = f"{args['offer']}: {each / 1e6:,.0f} MUSD for each fire unit, everything included"
    return Outcome(np.array([each]), frozenset(), text, Asked("price of a fire unit", "USD", np.array([each]), "exact"))


def price_difference(bench: Bench, args: dict[str, Any]) -> Outcome:
    """Price of one fire unit of an offer less that of another; not like for like."""
    whole, one = _price_each(bench, str(args["offer"]))
    _, two = _price_each(bench, str(args["against"]))
    equal = whole / two
    text = (
        f"{args['offer']}: {one / 1e6:,.0f} against {two / 1e6:,.0f} MUSD for each fire unit; "
        f"break-even if the price bought {equal:.1f} fire units; not like for like"
    )
    asked = Asked(
        f"price of a fire unit, {args['offer']} less {args['against']}:", "USD", np.array([one - two]), "exact"
    )
    return Outcome(np.array([one - two]), frozenset(), text, asked)


def delivery_day(bench: Bench, args: dict[str, Any]) -> Outcome:
    """Day on which the first or last unit of an offer reached a state, by one calendar."""
    state = str(args.get("state", "delivered"))
    if state not in STATES:
        msg = f"state {state!r} is not known{did_you_mean(state, STATES)}; {', '.join(STATES)}"
        raise InputError(msg)
    offer, schedule = _offer(bench, str(args["offer"])), str(args["schedule"])
    own = [d for d in bench.scenario.deliveries if d.offer == offer.id and d.schedule == schedule]
    days = [day for d in own if (day := _day_of(d, state, args.get("which"))) is not None]
    if not days:
        msg = f"no source dates the state '{state.replace('_', ' ')}' of offer {offer.id} ({schedule})"
        raise Unanswerable(msg)
    day = max(days) if args.get("which") == "last" else min(days)
    return Outcome(
        np.array([float(day.toordinal())]), frozenset(), f"{offer.id}, {schedule}: {state} on {day.isoformat()}"
    )


def _day_of(delivery: Delivery, state: str, which: str | None) -> date | None:
    """Day on which a delivery reached a state: that of its first arrival, or, for the last one, of all of it."""
    if state == "delivered" and which != "last" and delivery.began is not None:
        return delivery.began
    return reached_on(delivery, cast("UnitState", state))


def units_delivered(bench: Bench, args: dict[str, Any]) -> Outcome:
    """Fire units of an offer delivered by a day, as it happened."""
    offer, on = _offer(bench, str(args["offer"])), str(args["on"])
    try:
        day = date.fromisoformat(on)
    except ValueError:
        msg = f"on {on!r} is no date; write a day such as 2019-12-31"
        raise InputError(msg) from None
    n = fire_units_on(bench.scenario.deliveries, [offer.id], "happened", "delivered", day)
    text = f"{offer.id}: {n} fire units reported delivered by {on}"
    return Outcome(np.array([float(n)]), frozenset(), text, Asked("fire units delivered:", "1", np.array([float(n)])))


def fire_units(bench: Bench, args: dict[str, Any]) -> Outcome:
    """Fire units that an offer holds, by its reading."""
    offer = _offer(bench, str(args["offer"]))
    n = np.array([float(offer.fire_units)])
    return Outcome(n, frozenset(), f"{offer.id}: {offer.reading}", Asked("fire units:", "1", n))


def contract_day(bench: Bench, args: dict[str, Any]) -> Outcome:
    """Day on which the contract of an offer was signed, as its buyer says."""
    offer = _offer(bench, str(args["offer"]))
    if offer.contract_date is None:
        msg = f"no contract was signed for offer {offer.id}"
        raise Unanswerable(msg)
    day = offer.contract_date
    return Outcome(np.array([float(day.toordinal())]), frozenset(), f"{offer.id}: contract of {day.isoformat()}")


def _fact_ordinal(bench: Bench, name: str) -> int:
    """Day of a dated fact as an ordinal; a month stands for its last day."""
    facts = bench.run.catalogue.facts
    if name not in facts:
        msg = f"fact {name!r} is not in the catalogue{did_you_mean(name, facts)}"
        raise InputError(msg)
    printed = facts[name].date
    parts = printed.split("-")
    if len(parts) < 2 or not all(part.isdigit() for part in parts):
        msg = f"fact {name} carries no day or month: {printed}"
        raise Unanswerable(msg)
    year, month = int(parts[0]), int(parts[1])
    day = date.fromisoformat(printed) if len(parts) == 3 else date(year + month // 12, month % 12 + 1, 1)
    return day.toordinal() - (0 if len(parts) == 3 else 1)


def fact_day(bench: Bench, args: dict[str, Any]) -> Outcome:
    """Day of a dated fact of the catalogue; a month stands for its last day."""
    name = str(args["fact"])
    ordinal = _fact_ordinal(bench, name)
    fact = bench.run.catalogue.facts[name]
    return Outcome(np.array([float(ordinal)]), frozenset(), f"{fact.date}: {fact.text}")


DAY_S = 86_400.0


def days_between(bench: Bench, args: dict[str, Any]) -> Outcome:
    """Time from one day to another, each a dated fact of the catalogue or a day such as 2019-06-04."""

    def ordinal(name: str) -> int:
        try:
            return date.fromisoformat(name).toordinal()
        except ValueError:
            return _fact_ordinal(bench, name)

    first, second = str(args["first"]), str(args["second"])
    days = ordinal(second) - ordinal(first)
    text = f"{days:,} days from {first} to {second}"
    values = np.array([days * DAY_S])
    return Outcome(values, frozenset(), text, Asked("time between:", "s", values, "days"))


def delivery_lead(bench: Bench, args: dict[str, Any]) -> Outcome:
    """How much sooner an offer was delivered than one without a delivery could have been.

    The first reported delivery of ``offer`` against the first day on which offer ``against`` could have been ordered
    (its notional delivery) plus the time from there to delivery.
    """
    offer, rival = _offer(bench, str(args["offer"])), _offer(bench, str(args["against"]))
    deliveries = bench.scenario.deliveries
    came = first_wait(deliveries, [offer], "happened")
    if came is None:
        msg = f"no delivery of {offer.id} is reported"
        raise Unanswerable(msg)
    notional = [d for d in deliveries if d.offer == rival.id and d.schedule == "notional" and d.ordered is not None]
    if not notional:
        msg = f"no source says from which day a delivery of {rival.id} would have counted"
        raise Unanswerable(msg)
    first = min(notional, key=lambda delivery: delivery.ordered or date.max)
    parameter = first.lead_time_s or bench.run.catalogue.assumptions["patriot-lead-time"]

    def could_come(lead_s: float) -> date:
        return reached_on(first, "delivered", lead_s) or date.max

    lead_s = bench.run.ledger.figure(parameter)
    values = np.array([float((could_come(s) - came.until).days) for s in lead_s.tolist()]) * DAY_S
    soonest, latest = could_come(parameter.low), could_come(parameter.high)
    text = (
        f"{offer.id} first delivered {came.until}; {rival.id}, could it have been ordered on {first.ordered}, from "
        f"{soonest:%Y-%m} to {latest:%Y-%m} by assumed lead time"
    )
    return Outcome(values, frozenset({parameter.id}), text, Asked("sooner by", "s", values, "years"))


class _Printed(NamedTuple):
    low: float
    nominal: float
    high: float
    text: str


def _figure(bench: Bench, address: Any) -> _Printed:
    if isinstance(address, (int, float)):
        return _Printed(float(address), float(address), float(address), f"{address:g}")
    figures: dict[str, Parameter] = bench.once(
        ("figures",), lambda: {parameter.id: parameter for parameter in parameters_of(bench.run.catalogue)}
    )
    if address not in figures:
        msg = f"figure {address!r} is not in the catalogue{did_you_mean(str(address), figures)}"
        raise InputError(msg)
    found = figures[address]
    return _Printed(found.low, found.nominal, found.high, found.printed)


def _itself(values: list[float]) -> float:
    return values[0]


def _quotient(values: list[float]) -> float:
    return values[0] / float(np.prod(values[1:]))


OPERATIONS: dict[str, Callable[[list[float]], float]] = {
    "itself": _itself,
    "sum": lambda values: float(np.sum(values)),
    "product": lambda values: float(np.prod(values)),
    "quotient": _quotient,
}


def printed_ratio(bench: Bench, args: dict[str, Any]) -> Outcome:
    """Printed figure over the figure recomputed from the catalogue: 1 where it lies within low to high of the sources.

    ``from`` names figures of the catalogue (or plain numbers) and ``by`` how they combine; ``mistaken_for`` names a
    figure that the print equals instead.
    """
    by = str(args.get("by", "itself"))
    if by not in OPERATIONS:
        msg = f"by {by!r} is not known{did_you_mean(by, OPERATIONS)}; {', '.join(OPERATIONS)}"
        raise InputError(msg)
    addresses = args["from"] if isinstance(args["from"], list) else [args["from"]]
    parts = [_figure(bench, address) for address in addresses]
    lows, highs = [part.low for part in parts], [part.high for part in parts]
    ends = [OPERATIONS[by](lows), OPERATIONS[by](highs)]
    if by == "quotient":
        ends = [_quotient([lows[0], *highs[1:]]), _quotient([highs[0], *lows[1:]])]
    low, high = min(ends), max(ends)
    printed = parse_quantity(str(args["printed"]), str(args.get("unit", "1")))
    ratio = 1.0 if low <= printed <= high else printed / (high if printed > high else low)
    signs = {"sum": " + ", "product": " x ", "quotient": " / "}
    text = f"printed {args['printed']}; the sources give {signs.get(by, ', ').join(part.text for part in parts)}"
    if by != "itself":
        _, _, word = str(args["printed"]).partition(" ")
        per_word = parse_quantity(f"1 {word}", str(args.get("unit", "1"))) if word else 1.0
        text += (
            f" = {plain(low / per_word, 4)}"
            + (f" to {plain(high / per_word, 4)}" if high > low else "")
            + f" {word}".rstrip()
        )
    if "mistaken_for" in args and ratio != 1.0:
        other = _figure(bench, args["mistaken_for"])
        if other.low <= printed <= other.high:
            text += f"; the print is the figure of {args['mistaken_for']} ({other.text})"
    given = np.array([low, OPERATIONS[by]([part.nominal for part in parts]), high])
    asked = Asked("the sources give", str(args.get("unit", "1")), given, "exact", is_drawn=False)
    return Outcome(np.array([ratio]), frozenset(), text, asked)


class Measure(NamedTuple):
    """A measure and what the loader must know of it."""

    function: MeasureFunction
    spec: MeasureSpec


ARGUMENTS = {
    "system": "Id of a system, with a fit after a colon if wanted",
    "target": "Id of a target class",
    "place": "Id of a place of the scenario; the first one where it is left out",
    "mast": "Antenna height above ground, such as `25 m`; the catalogue's where it is left out",
    "terrain": "`terrain`, or `bare earth` for a smooth earth",
    "height": "Height of the target above ground, such as `100 m`; this or altitude",
    "altitude": "Altitude of the target above mean sea level, such as `3000 m`; this or height",
    "against": "The other one that it is compared with: system, laydown or offer, as the first is",
    "laydown": "Id of a laydown of the scenario",
    "count": f"What is counted: {', '.join(f'`{name}`' for name in COUNTS)}; of a raid, such as `leakers`",
    "release": "How far from its aim an aircraft lets go, such as `20 km`; 0 where it is left out",
    "scenario": "Another scenario than the file's; a path starts at the file",
    "first": "Id of the laydown that something is added to; of days, a fact or a day",
    "both": "Id of the laydown with what is added",
    "sensor": "Height of the sensor in the air, such as `9000 m`",
    "k": "Effective-earth factor; 1.33 where it is left out",
    "raid": "Id of a raid of the scenario",
    "offer": "Id of an offer of the scenario",
    "schedule": "`promised`, `happened` or `notional`",
    "state": f"State that was reached: {', '.join(f'`{state}`' for state in STATES)}",
    "which": "`last` for the last delivery; the first where it is left out",
    "on": "Day, such as `2019-12-31`",
    "fact": "Id of a dated fact of the catalogue",
    "second": "The later of two days: a fact or a day",
    "printed": "Figure that was printed, with its unit",
    "from": "Addresses of the figures it is made of, or plain numbers",
    "by": f"How they combine: {', '.join(f'`{name}`' for name in OPERATIONS)}",
    "unit": "SI unit of the printed figure; a number where it is left out",
    "mistaken_for": "Address of a figure that the print equals instead",
}
_AT = ("place", "mast", "terrain", "height", "altitude")
_PACKAGE = ("count", "target")
MEASURES: dict[str, Measure] = {
    "engageable-share": Measure(engageable_share, MeasureSpec("1", ("system", "target"), _AT)),
    "engageable-radius": Measure(engageable_radius, MeasureSpec("m", ("system", "target"), _AT)),
    "seen-radius": Measure(seen_radius, MeasureSpec("m", ("system", "target"), _AT)),
    "footprint-radius": Measure(footprint_radius, MeasureSpec("m", ("system", "target"), ("place", "mast", "terrain"))),
    "unit-advantage": Measure(unit_advantage, MeasureSpec("m2", ("system", "against", "target"), _AT)),
    "package-advantage": Measure(
        package_advantage,
        MeasureSpec("1", ("laydown", "against", *_PACKAGE), ("height", "altitude", "release", "terrain", "scenario")),
    ),
    "added-share": Measure(
        added_share, MeasureSpec("1", ("first", "both", *_PACKAGE), ("height", "altitude", "release"))
    ),
    "warning-gain": Measure(warning_gain, MeasureSpec("s", ("target", "height", "sensor", "mast"), ("k",))),
    "raid-difference": Measure(raid_difference, MeasureSpec("1", ("laydown", "against", "raid", "count"))),
    "inspection-share": Measure(inspection_share, MeasureSpec("1", ("system", "target"), _AT)),
    "price-per-fire-unit": Measure(price_per_fire_unit, MeasureSpec("USD", ("offer",))),
    "price-difference": Measure(price_difference, MeasureSpec("USD", ("offer", "against"))),
    "delivery-day": Measure(delivery_day, MeasureSpec(DATE, ("offer", "schedule"), ("state", "which"))),
    "fire-units": Measure(fire_units, MeasureSpec("1", ("offer",))),
    "units-delivered": Measure(units_delivered, MeasureSpec("1", ("offer", "on"))),
    "contract-day": Measure(contract_day, MeasureSpec(DATE, ("offer",))),
    "fact-day": Measure(fact_day, MeasureSpec(DATE, ("fact",))),
    "days-between": Measure(days_between, MeasureSpec("s", ("first", "second"))),
    "delivery-lead": Measure(delivery_lead, MeasureSpec("s", ("offer", "against"))),
    "printed-ratio": Measure(
        printed_ratio, MeasureSpec("1", ("printed", "from"), ("by", "unit", "mistaken_for"))
    ),
}  # fmt: skip
