"""Scenario and catalogue → the raid as arrays."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from ringtrue.cancel import stop_if_cancelled
from ringtrue.engagement.case import RadarTracks, RaidCase, raid_case
from ringtrue.engagement.echo import WHOLE_TURN, Weather, air_of, tracks_of, view
from ringtrue.engagement.paths import fly
from ringtrue.errors import InputError
from ringtrue.finding import NOMINAL, draw_axis
from ringtrue.kinematics.flight import time_of_flight_s
from ringtrue.scenario.draw import nominal_record
from ringtrue.scenario.flights import friendly_flights, raid_flights
from ringtrue.scenario.identification import under_doctrine
from ringtrue.scenario.records import Doctrine, Environment, WrittenNetwork, catalogue_defaults
from ringtrue.sensing.climate import site_climate
from ringtrue.sensing.ledger import FLIGHT_TIME_DOUBT, mapped, watched
from ringtrue.sensing.post import radar_sight

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ringtrue.catalogue.records import Catalogue, FireUnit, Interceptor, Parameter, TargetClass
    from ringtrue.engagement.echo import Air, Tracks, View
    from ringtrue.engagement.paths import Paths
    from ringtrue.geo.elevation import ElevationModel
    from ringtrue.scenario.flights import Flight
    from ringtrue.scenario.records import Laydown, Scenario, Unit
    from ringtrue.sensing.grounds import Grounds
    from ringtrue.sensing.run import Run

    FloatArray = NDArray[np.float64]

R = TypeVar("R")
Part = slice | list[int]
FLIGHT_KNOTS = 17
ENDLESS_ROUNDS = 1_000_000
POLICY_OF = {
    "earliest": "earliest",
    "best-kill": "best",
    "cheapest-sufficient": "cheapest-sufficient",
    "reserve": "reserve",
}
SUFFICIENT_P_KILL = 0.5
FRIENDS_LOST_ON_RECORD = "friendly-losses-2003"
MOST_TRACKS_BYTES = 256 * 2**20  # of all tracks that the laydowns of a study keep for one another


@dataclass(frozen=True)
class Stage:
    """What all draws of a laydown and a raid share: geometry, sight and drawn records, before slices of draws.

    Drawn arrays hold ``n_draws`` draws and the nominal case behind them.

    ``views`` (unit) holds the views of the acquisition radar, if the unit has one apart, and of the engagement radar.
    ``notes`` are the assumptions that the report must state. ``uses`` fills, while draws are compiled, with the
    addresses of the figures that the raid depends on, ``beside_uses`` with those of its costs and of records told
    beside it, ``published_uses`` with the printed kill probabilities that its published variant depends on besides.
    ``published`` holds the kill probabilities that somebody printed, by interceptor and kind of target; the others of
    ``p_kill_kinds`` were printed by nobody.
    """

    scenario: Scenario
    laydown: Laydown
    raid_id: str
    flights: tuple[Flight, ...]
    classes: tuple[str, ...]
    targets: dict[str, TargetClass[FloatArray]]
    units: tuple[FireUnit[FloatArray], ...]
    radars: tuple[tuple[Any, ...], ...]
    views: tuple[tuple[View, ...], ...]
    airs: tuple[tuple[Air, ...], ...]
    interceptors: tuple[Interceptor[FloatArray], ...]
    launchers: tuple[Any, ...]
    fits: tuple[str, ...]
    paths: Paths
    drawn: dict[str, FloatArray]
    weather: Weather
    run: Run
    is_nominal: bool  # its one draw is the nominal case
    relief: NDArray[np.int64]  # (draw + 1,) which relief of the views each draw lives on
    notes: tuple[str, ...]
    uses: set[str]
    beside_uses: set[str]
    published_uses: set[str]
    published: dict[tuple[str, str], Parameter]
    shared: SharedGeometry | None  # None: nothing of this raid is to be kept for another laydown
    view_keys: tuple[tuple[Any, ...], ...]  # (unit, radar) by which ``shared`` knows a view and what is made of it

    @property
    def n_draws(self) -> int:
        """Length of the draw axis."""
        return self.run.n_draws

    @property
    def p_kill_kinds(self) -> tuple[tuple[str, str], ...]:
        """Pairs of interceptor and kind of hostile target that it has an envelope for."""
        hostile = {self.targets[flight.target].kind for flight in self.flights if not flight.is_friendly}
        return tuple((i.id, kind) for i in self.interceptors for kind in sorted(hostile) if kind in i.envelopes)


@dataclass(frozen=True)
class SharedGeometry:
    """What several laydowns against one raid have in common, worked out once; no result depends on it.

    Paths, views and tracks, each with the addresses of the figures behind it, handed on to whoever takes it.

    To be kept for one scenario, catalogue, terrain, number of draws and seed.
    """

    paths: dict[Any, tuple[Paths, frozenset[str]]] = field(default_factory=dict)
    views: dict[Any, tuple[View, frozenset[str]]] = field(default_factory=dict)
    tracks: dict[Any, tuple[Tracks, frozenset[str]]] = field(default_factory=dict)

    def keep_tracks(self, key: Any, found: Tracks, uses: frozenset[str]) -> None:
        """Keep the tracks of one radar, as long as all of them together stay within `MOST_TRACKS_BYTES`."""
        kept = sum(array.nbytes for tracks, _ in tuple(self.tracks.values()) for array in tracks)
        if kept + sum(array.nbytes for array in found) <= MOST_TRACKS_BYTES:
            self.tracks[key] = found, uses


def stage_raid(
    scenario: Scenario,
    laydown_id: str,
    raid_id: str,
    run: Run,
    *,
    nominal: bool = False,
    n_reliefs: int = 0,
    shared: SharedGeometry | None = None,
) -> Stage:
    """Draw every record that takes part and work out what each radar sees of the raid.

    Parameters
    ----------
    scenario, laydown_id, raid_id
        Which units against which targets.
    run : Run
        Figures, terrain or bare earth, and draws.
    nominal : bool
        Take the nominal value of every parameter instead: one draw.
    n_reliefs : int
        Draw the doubt about the ground on so many reliefs, which the draws share; 0: the terrain model as it is.
    shared : SharedGeometry, optional
        Where to look for paths and views of an earlier laydown, and to leave those of this one.

    Raises
    ------
    InputError
        A system or class that the catalogue does not hold, or an interceptor that is carried without figures.
    """
    if nominal and run.n_draws != 1:
        run = replace(run, n_draws=1)
    catalogue, model, ledger, n_draws = run.catalogue, run.model, run.ledger, run.n_draws
    n_reliefs = 0 if nominal or model.is_bare_earth else n_reliefs
    grounds = ledger.grounds(n_reliefs) if n_reliefs else None
    uses: set[str] = set()
    beside: set[str] = set()
    part = [NOMINAL, NOMINAL] if nominal else slice(None)

    def drawn_record(record: Any) -> Any:
        return watched(_cut(ledger.record(record), part), uses)

    def drawn_value(parameter: Parameter) -> FloatArray:
        uses.add(parameter.id)
        return ledger.figure(parameter)[part]

    laydown = _find(scenario.laydowns, laydown_id, "laydown", scenario.name)
    _find(scenario.raids, raid_id, "raid", scenario.name)
    flights = raid_flights(scenario, raid_id) + friendly_flights(scenario)
    if not flights:
        msg = f"{scenario.name}.toml: raid {raid_id!r} has no target; give a wave with a count of 1 or more"
        raise InputError(msg)
    classes = tuple(dict.fromkeys(flight.target for flight in flights))
    for target_id in classes:
        if target_id not in catalogue.targets:
            msg = f"{scenario.name}: target {target_id!r} is not in the catalogue; list them: ringtrue catalogue list"
            raise InputError(msg)
    targets = {
        target_id: drawn_record(under_doctrine(catalogue.targets[target_id], scenario.doctrine))
        for target_id in classes
    }
    kept = SharedGeometry() if shared is None else shared
    site_m = _site_m(laydown, model)
    flown = (flights, site_m if model.is_bare_earth else None)
    if flown not in kept.paths:
        path_uses: set[str] = set()
        flying = {name: watched(target, path_uses) for name, target in targets.items()}
        kept.paths[flown] = fly(flights, flying, model, site_m, draw_axis(n_draws)), frozenset(path_uses)
    paths, behind_paths = kept.paths[flown]
    uses |= behind_paths

    def view_key(unit: Unit, name: str) -> Any:
        return flown, unit.latitude_deg, unit.longitude_deg, unit.azimuth_rad, unit.mast_height_m, name

    def seen(unit: Unit, name: str) -> View:
        key = view_key(unit, name)
        stop_if_cancelled()
        if key not in kept.views:
            kept.views[key] = _view(unit, name, paths, run, scenario, grounds)
        view_of_it, behind_it = kept.views[key]
        uses.update(behind_it)
        return view_of_it

    units, fits, radars, views, airs, launchers, view_keys = [], [], [], [], [], [], []
    carried: dict[str, None] = {}
    for unit in laydown.units:
        record, fit = _fire_unit(catalogue, unit)
        units.append(drawn_record(record))
        fits.append(fit)
        launchers.append(drawn_record(catalogue.launchers[record.launcher]))
        names = [record.acquisition_radar] if record.acquisition_radar else []
        names.append(record.engagement_radar)
        radars.append(tuple(drawn_record(catalogue.radars[name]) for name in names))
        views.append(tuple(seen(unit, name) for name in names))
        view_keys.append(tuple(view_key(unit, name) for name in names))
        airs.append(tuple(air_of(watched(nominal_record(catalogue.radars[name]), uses)) for name in names))
        held = [m.interceptor for m in unit.magazines] or list(record.fits[fit])
        carried.update(dict.fromkeys(held))
    missing = [name for name in carried if name not in catalogue.interceptors]
    if missing:
        msg = f"{scenario.name}: interceptor {missing[0]!r} is not in the catalogue; list them: ringtrue catalogue list"
        raise InputError(msg)
    doctrine, environment = scenario.doctrine, scenario.environment
    drawn = {}
    for rules, declared in ((doctrine, Doctrine), (laydown.network, WrittenNetwork)):
        for name, key in catalogue_defaults(declared).items():
            drawn[name] = drawn_value(getattr(rules, name) or catalogue.assumptions[key])
    if any(flight.is_friendly for flight in flights):
        lost_in_war = catalogue.assumptions[FRIENDS_LOST_ON_RECORD]
        ledger.figure(lost_in_war)
        beside.add(lost_in_war.id)
    for kind in sorted({targets[name].kind for name in classes}):
        drawn[f"p_kill {kind}"] = drawn_value(doctrine.p_kill or catalogue.assumptions[f"kill-probability-{kind}"])
    usual_clutter = catalogue.assumptions[catalogue_defaults(Environment)["clutter_db"]]
    clutter = drawn_value(environment.clutter_db or usual_clutter)
    noise_rise = 10.0 ** (drawn_value(environment.noise_rise_db) / 10.0)
    weather = Weather(clutter, np.maximum(noise_rise - 1.0, 0.0), drawn_value(environment.rain_mm_per_h))
    drawn["flight-time-doubt"] = ledger.flight_time_doubt()[part]
    uses.add(FLIGHT_TIME_DOUBT)
    return Stage(
        scenario,
        laydown,
        raid_id,
        flights,
        classes,
        targets,
        tuple(units),
        tuple(radars),
        tuple(views),
        tuple(airs),
        tuple(drawn_record(catalogue.interceptors[name]) for name in carried),
        tuple(launchers),
        tuple(fits),
        paths,
        drawn,
        weather,
        run,
        nominal,
        np.zeros(draw_axis(n_draws), dtype=np.int64) if grounds is None else grounds.relief,
        _notes(scenario, laydown, flights, classes, targets, catalogue, tuple(carried), paths),
        uses,
        beside,
        set(),
        {
            (name, kind): envelope.p_kill
            for name in carried
            for kind, envelope in catalogue.interceptors[name].envelopes.items()
            if not envelope.p_kill.on_record
        },
        shared,
        tuple(view_keys),
    )


def _find(items: tuple[Any, ...], wanted: str, what: str, file: str) -> Any:
    for item in items:
        if item.id == wanted:
            return item
    msg = f"{file}: there is no {what} {wanted!r}; the file has: {', '.join(item.id for item in items)}"
    raise InputError(msg)


def _site_m(laydown: Laydown, model: ElevationModel) -> float:
    """Ground altitude of the first site, for bare earth [m]."""
    if not laydown.units:
        return 0.0
    unit = laydown.units[0]
    return float(np.nan_to_num(model.sample(np.array(unit.latitude_deg), np.array(unit.longitude_deg)), nan=0.0))


def _fire_unit(catalogue: Catalogue, unit: Unit) -> tuple[FireUnit[Parameter], str]:
    if unit.system not in catalogue.systems:
        msg = f"unit {unit.uid!r}: system {unit.system!r} is not in the catalogue; list them: ringtrue catalogue list"
        raise InputError(msg)
    system = catalogue.systems[unit.system]
    record = catalogue.fire_units[system.fire_unit]
    fit = unit.fit or system.fit
    if fit not in record.fits:
        msg = f"unit {unit.uid!r}: system {unit.system!r} has no fit {fit!r}; its fits: {', '.join(record.fits)}"
        raise InputError(msg)
    return record, fit


def _view(
    unit: Unit,
    name: str,
    paths: Paths,
    run: Run,
    scenario: Scenario,
    grounds: Grounds | None,
) -> tuple[View, frozenset[str]]:
    """What a radar sees of the paths, and the addresses of the figures behind it."""
    radar = run.catalogue.radars[name]
    place = unit.latitude_deg, unit.longitude_deg
    sight = radar_sight(
        run, run.ledger.record(radar), *place,
        ring_m=run.catalogue.systems[unit.system].advertised_range_m.nominal, mast_m=unit.mast_height_m,
        climate=site_climate(run.catalogue, *place, scenario.environment.given_k), grounds=grounds,
    )  # fmt: skip
    uses = set(sight.uses)
    uses |= {p.id for p in (radar.sector_rad, radar.min_elevation_rad, radar.max_elevation_rad)}
    return view(sight, radar, paths, azimuth_rad=unit.azimuth_rad), frozenset(uses)


def _notes(
    scenario: Scenario,
    laydown: Laydown,
    flights: tuple[Flight, ...],
    classes: tuple[str, ...],
    targets: dict[str, Any],
    catalogue: Catalogue,
    carried: tuple[str, ...],
    paths: Paths,
) -> tuple[str, ...]:
    notes = [*scenario.declared]
    for name in carried:
        missing = sorted({targets[c].kind for c in classes} - set(catalogue.interceptors[name].envelopes))
        if missing:
            notes.append(
                f"Interceptor {name} has no envelope for {', '.join(missing)}: it is not fired at such targets."
            )
    delays = {catalogue.targets[c].identification_delay_s.printed for c in classes if targets[c].kind == "ballistic"}
    notes += [
        f"Assumed: a ballistic arc tells itself ({delay} after the track) and is not asked; a doctrine's delay and "
        "error of identification hold for the other targets."
        for delay in sorted(delays)
    ]
    if laydown.network.fires_on_shared_track & laydown.network.shares_track:
        notes.append(
            "A variant: rounds that need no sight to the end may be fired and guided on a neighbour's track; nobody "
            "published that these systems can."
        )
    if paths.is_clipped.any():
        first = flights[int(np.flatnonzero(paths.is_clipped)[0])].uid
        notes.append(
            f"{int(paths.is_clipped.sum())} of {len(flights)} paths, {first} among them, "
            "run off the terrain model; ground there is taken as sea level, and no radar sees a target over it."
        )
    here = {unit.uid for unit in laydown.units} | {asset.uid for asset in scenario.assets}
    absent = sorted({flight.aim for flight in flights if flight.aim and flight.aim not in here})
    if absent:
        notes.append(f"Targets that aim at {', '.join(absent)}, which this laydown does not have, pass without effect.")
    return tuple(notes)


def compile_case(stage: Stage, first: int = 0, last: int | None = None, *, p_kill: float | None = None) -> RaidCase:
    """Arrays of the draws ``first`` to ``last`` (exclusive) of a staged raid; the nominal case is number ``n_draws``.

    Parameters
    ----------
    p_kill : float, optional
        One kill probability for every interceptor and class, for the curve over kill probability.

    Notes
    -----
    Kill probability is one common prior for every interceptor; `with_published_p_kill` gives the named variant.
    """
    last = stage.n_draws if last is None else last
    cut = slice(first, last)
    n_draws = last - first
    units, flights, laydown = stage.laydown.units, stage.flights, stage.laydown
    place = {unit.uid: u for u, unit in enumerate(units)}
    asset = {a.uid: i for i, a in enumerate(stage.scenario.assets)}
    paths = replace(stage.paths, time_s=stage.paths.time_s[cut])
    sliced = {name: _cut(target, cut) for name, target in stage.targets.items()}

    def by_class(name: str) -> FloatArray:
        """One drawn figure of every class, (draw, 1, class)."""
        return np.stack([getattr(sliced[c], name) for c in stage.classes], axis=1)[:, None, :]

    weather = Weather(
        stage.weather.loss_db[cut], stage.weather.jam_to_noise_ratio[cut], stage.weather.rain_mm_per_h[cut]
    )
    uids, radar_unit, guides, hits, scans, takes_cue = [], [], [], [], [], []
    half_sectors, slews = [], []
    tracks: list[Tracks] = []
    network = laydown.network
    hears = np.atleast_1d(_matrix(network.shares_track, place).any(axis=0))
    class_of = np.array([stage.classes.index(flight.target) for flight in flights], dtype=np.int64)
    for u, unit in enumerate(units):
        for k, radar in enumerate(stage.radars[u]):
            stop_if_cancelled()
            uids.append(f"{unit.uid}/{radar.id}")
            radar_unit.append(u)
            guides.append(k == len(stage.radars[u]) - 1)
            hits.append(radar.confirm_hits)
            scans.append(radar.confirm_scans)
            takes_cue.append(guides[-1] and (k > 0 or bool(hears[u])))
            has_sides = takes_cue[-1] & (0.5 * radar.sector_rad[cut] < WHOLE_TURN)
            half_sectors.append(np.where(has_sides, 0.5 * radar.sector_rad[cut], np.inf))
            slews.append(np.where(has_sides, radar.slew_s[cut], np.inf) if takes_cue[-1] else np.full(n_draws, np.inf))
            found, behind = _tracks(
                stage, u, k, cut, paths, sliced, class_of, weather, guides=takes_cue[-1], turns=bool(has_sides.any())
            )
            tracks.append(found)
            stage.uses.update(behind)
    n_u, n_j, n_s = len(units), len(flights), paths.altitude_m.shape[1]
    slant = np.array([v[-1].slant_range_m for v in stage.views]).reshape(n_u, n_j, n_s)
    reliefs = np.unique(stage.relief[cut])
    on_relief = stage.relief[cut] if reliefs.size > 1 else reliefs
    seen = [v[-1].is_seen[on_relief] for v in stage.views]
    turned = [v[-1].is_seen_turned[on_relief] for v in stage.views]
    off_axis = [v.off_axis_rad for views in stage.views for v in views]
    doctrine, drawn = stage.scenario.doctrine, {name: value[cut] for name, value in stage.drawn.items()}
    told = _matrix(network.identifies_for, place)
    wrong_linked, wrong_alone = by_class("p_taken_for_hostile_shared"), by_class("p_taken_for_hostile")
    has_help = np.asarray(told.any(axis=0))
    salvo, most = _salvo(doctrine)
    is_ballistic = np.array([stage.targets[c].kind == "ballistic" for c in stage.classes])
    magazine = _magazines(stage, cut)
    reserve = np.zeros((n_draws, n_u, len(stage.interceptors)))
    for m in range(magazine.unit.size):
        reserve[:, magazine.unit[m], magazine.interceptor[m]] += magazine.rounds[:, m]
    return raid_case(
        n_draws=n_draws,
        units=[unit.uid for unit in units],
        radars=uids,
        interceptors=[i.id for i in stage.interceptors],
        classes=stage.classes,
        targets=[flight.uid for flight in flights],
        assets=[a.uid for a in stage.scenario.assets],
        time_s=paths.time_s,
        slant_range_m=slant,
        altitude_m=paths.altitude_m,
        height_m=paths.height_m,
        guide_sight=_stack(seen, (1, n_u, n_j, n_s)),
        guide_sight_turned=_stack(turned, (1, n_u, n_j, n_s)),
        slew_s=_stack(slews, (n_draws, 0)),
        half_sector_rad=_stack(half_sectors, (n_draws, 0)),
        search_look_s=_stack([x.search_look_s for x in tracks], (n_draws, 0)),
        off_axis_rad=np.array(off_axis).reshape(len(uids), n_j, n_s),
        **{
            name: _stack([getattr(x, name) for x in tracks], empty)
            for name, empty in RadarTracks.shapes(draw=n_draws, radar=0, target=n_j, sample=n_s).items()
        },
        takes_cue=takes_cue,
        radar_unit=radar_unit,
        radar_guides=guides,
        confirm_hits=hits,
        confirm_scans=scans,
        p_kill=_p_kill(stage, drawn, p_kill),
        p_common=drawn["p_common_mode"][:, None],
        p_available=drawn["p_available"][:, None],
        systems=[radars[-1].id for radars in stage.radars],
        waves=[flight.group for flight in flights],
        envelope=_envelopes(stage, cut),
        **_flight_tables(stage, cut),
        needs_sight=[i.needs_sight for i in stage.interceptors],
        price_usd=_stack([watched(i, stage.beside_uses).price_usd[cut] for i in stage.interceptors], (n_draws, 0)),
        target_price_usd=np.stack(
            [watched(stage.targets[c], stage.beside_uses).price_usd[cut] for c in stage.classes], axis=1
        ),
        launcher_unit=magazine.unit,
        launcher_round=magazine.interceptor,
        launcher_rounds=magazine.rounds,
        launcher_reload_s=magazine.reload_s,
        reload_stock=magazine.stock,
        reserve=np.ceil(doctrine.reserve_fraction * reserve),
        is_priority=is_ballistic,
        channels=_stack([x.fire_channels[cut] for x in stage.units], (n_draws, 0)),
        guidance_limit=_stack([x.missiles_in_flight[cut] for x in stage.units], (n_draws, 0)),
        reaction_s=_stack([x.reaction_s[cut] for x in stage.units], (n_draws, 0)),
        assess_s=drawn["assessment_delay_s"][:, None],
        identify_s=by_class("identification_delay_s"),
        p_hostile_as_friend=by_class("p_taken_for_friendly"),
        p_friend_as_hostile=np.where(has_help[None, :, None], wrong_linked, wrong_alone),
        p_friend_as_hostile_alone=wrong_alone,
        p_friend_unknown=1.0 - drawn["p_friendly_reply"][:, None],
        p_cut_off=drawn["p_outage"][:, None] * _is_linked(network, place)[None, :],
        target_class=class_of,
        is_friendly=[flight.is_friendly for flight in flights],
        aim_asset=[asset.get(flight.aim, -1) for flight in flights],
        aim_unit=[place.get(flight.aim, -1) for flight in flights],
        shares_track=_matrix(network.shares_track, place),
        identifies_for=told,
        fires_on_shared_track=_matrix(network.fires_on_shared_track, place),
        coordinates_fire=_matrix(network.coordinates_fire, place),
        latency_s=drawn["latency_s"][:, None, None],
        first_salvo=salvo,
        later_salvo=salvo,
        max_shots=most,
        weapons_control=doctrine.weapons_control,
        policy=POLICY_OF[doctrine.assignment],
        sufficient_p=SUFFICIENT_P_KILL,
    )


def _cut(record: R, cut: Part) -> R:
    """A slice of the draw axis of every array of a record, watched as the record is."""
    return mapped(record, lambda drawn: _sliced(drawn, cut))


def _sliced(drawn: Any, cut: Part) -> Any:
    if isinstance(drawn, np.ndarray):
        return drawn[cut]
    if isinstance(drawn, dict):
        return {key: _sliced(value, cut) for key, value in drawn.items()}
    if is_dataclass(drawn) and not isinstance(drawn, type):
        return replace(drawn, **{f.name: _sliced(getattr(drawn, f.name), cut) for f in fields(drawn)})
    return drawn


def _stack(arrays: list[Any], empty: tuple[int, ...]) -> Any:
    """Stack along axis 1; an empty list keeps the other axes."""
    return np.stack(arrays, axis=1) if arrays else np.zeros(empty)


def _matrix(links: frozenset[tuple[str, str]], place: dict[str, int]) -> NDArray[np.bool_]:
    matrix: NDArray[np.bool_] = np.zeros((len(place), len(place)), dtype=np.bool_)
    for sender, receiver in links:
        matrix[place[sender], place[receiver]] = True
    return matrix


def _is_linked(network: Any, place: dict[str, int]) -> FloatArray:
    """1 for units that have any link, (unit,)."""
    linked = np.zeros(len(place))
    for links in (network.shares_track, network.coordinates_fire, network.identifies_for):
        for pair in links:
            for uid in pair:
                linked[place[uid]] = 1.0
    return linked


def _salvo(doctrine: Any) -> tuple[int, int]:
    """Rounds before each look, and the most that one unit spends on one target."""
    if doctrine.firing == "salvo":
        return doctrine.salvo, min(doctrine.salvo, doctrine.max_shots)
    rounds = doctrine.salvo if doctrine.firing == "shoot-look-shoot" else max(2, doctrine.salvo)
    return rounds, doctrine.max_shots


@dataclass(frozen=True)
class LauncherArrays:
    """Launchers of all units, each with rounds of one type; ``stock`` (unit, interceptor)."""

    unit: NDArray[np.int64]
    interceptor: NDArray[np.int64]
    rounds: FloatArray
    reload_s: FloatArray
    stock: NDArray[np.int64]


def _magazines(stage: Stage, cut: slice) -> LauncherArrays:
    """Launchers by unit: those that the scenario counts, else the catalogue's number shared out by fit."""
    index = {interceptor.id: i for i, interceptor in enumerate(stage.interceptors)}
    unit_of, round_of = [], []
    rounds, reload_s = [], []
    stock = np.zeros((len(stage.units), len(index)), dtype=np.int64)
    for u, (unit, record, launcher) in enumerate(zip(stage.laydown.units, stage.units, stage.launchers, strict=True)):
        again_s = launcher.reload_s[cut]
        if unit.magazines:
            for magazine in unit.magazines:
                stock[u, index[magazine.interceptor]] += magazine.reloads
                for k in range(magazine.launchers):
                    full = magazine.ready // magazine.launchers + (k < magazine.ready % magazine.launchers)
                    unit_of.append(u)
                    round_of.append(index[magazine.interceptor])
                    rounds.append(np.full(again_s.size, float(full)))
                    reload_s.append(again_s)
            continue
        count = np.rint(record.launchers[cut]) if unit.launchers is None else np.full(again_s.size, unit.launchers)
        fit = stage.units[u].fits[stage.fits[u]]
        dealt = np.zeros(again_s.size)
        shares = list(fit.items())
        for place, (name, share) in enumerate(shares):
            own = count - dealt if place == len(shares) - 1 else np.minimum(np.rint(share * count), count - dealt)
            dealt = dealt + own
            for k in range(int(own.max())):
                unit_of.append(u)
                round_of.append(index[name])
                rounds.append(np.where(k < own, np.rint(launcher.rounds[name][cut]), 0.0))
                reload_s.append(again_s)
    n_draws = cut.stop - cut.start
    return LauncherArrays(
        np.array(unit_of, dtype=np.int64),
        np.array(round_of, dtype=np.int64),
        _stack(rounds, (n_draws, 0)),
        _stack(reload_s, (n_draws, 0)),
        stock,
    )


def _tracks(
    stage: Stage,
    u: int,
    k: int,
    cut: slice,
    paths: Paths,
    targets: dict[str, TargetClass[FloatArray]],
    class_of: NDArray[np.int64],
    weather: Weather,
    *,
    guides: bool,
    turns: bool,
) -> tuple[Tracks, frozenset[str]]:
    """`tracks_of` radar k of unit u and the addresses behind it, or what another laydown found for the same radar."""
    key = stage.view_keys[u][k], cut.start, cut.stop, guides, turns
    if stage.shared is not None and key in stage.shared.tracks:
        return stage.shared.tracks[key]
    uses: set[str] = set()
    found = tracks_of(
        stage.views[u][k],
        watched(_cut(stage.radars[u][k], cut), uses),
        paths,
        {name: watched(target, uses) for name, target in targets.items()},
        class_of,
        weather,
        stage.airs[u][k],
        stage.relief[cut],
        guides=guides,
        turns=turns,
    )
    if stage.shared is not None:
        stage.shared.keep_tracks(key, found, frozenset(uses))
    return found, frozenset(uses)


def _p_kill(stage: Stage, drawn: dict[str, FloatArray], fixed: float | None) -> FloatArray:
    """(draw, interceptor, class): one number for all interceptors, by kind of target."""
    n_draws = drawn["latency_s"].size
    by_class = [
        np.full(n_draws, fixed) if fixed is not None else drawn[f"p_kill {stage.targets[c].kind}"]
        for c in stage.classes
    ]
    return np.repeat(np.stack(by_class, axis=1)[:, None, :], len(stage.interceptors), axis=1)


def with_endless_magazines(case: RaidCase) -> RaidCase:
    """Return the same case with so many rounds on each launcher that has any that no raid empties it."""
    rounds = np.where(case.arrays.launcher_rounds > 0, ENDLESS_ROUNDS, 0)
    return replace(case, arrays=case.arrays._replace(launcher_rounds=rounds))


def with_published_p_kill(case: RaidCase, stage: Stage, first: int = 0) -> RaidCase:
    """Return the same case with the kill probabilities that somebody printed, and the common prior where nobody did.

    Parameters
    ----------
    first : int
        Number of the case's first draw in the stage.

    Notes
    -----
    A printed figure is drawn from its own range like every other; a scenario's own kill probability gives way to it.
    """
    p_kill = case.arrays.p_kill.copy()
    cut = slice(first, first + case.n_draws)
    for i, interceptor in enumerate(stage.interceptors):
        for c, name in enumerate(stage.classes):
            kind = stage.targets[name].kind
            if (interceptor.id, kind) in stage.published:
                p_kill[:, i, c] = watched(interceptor, stage.published_uses).envelopes[kind].p_kill[cut]
    return replace(case, arrays=case.arrays._replace(p_kill=p_kill))


def _envelopes(stage: Stage, cut: slice) -> FloatArray:
    """(draw, interceptor, class, 4); a class that is too fast, or of a kind without envelope, is out of reach."""
    n_draws = cut.stop - cut.start
    out = np.zeros((n_draws, len(stage.interceptors), len(stage.classes), 4))
    out[..., 1] = -1.0
    for i, interceptor in enumerate(stage.interceptors):
        for c, name in enumerate(stage.classes):
            target = stage.targets[name]
            envelope = interceptor.envelopes.get(target.kind)
            if envelope is None:
                continue
            fits = target.speed_mps[cut] <= envelope.max_target_speed_mps[cut]
            out[:, i, c, 0] = envelope.min_range_m[cut]
            out[:, i, c, 1] = np.where(fits, envelope.max_range_m[cut], -1.0)
            out[:, i, c, 2] = envelope.min_altitude_m[cut]
            out[:, i, c, 3] = envelope.max_altitude_m[cut]
    return out


def _flight_tables(stage: Stage, cut: slice) -> dict[str, Any]:
    """Times of flight at knots from zero to beyond the greatest range of each interceptor against what flies."""
    knots, seconds = [], []
    sway = stage.drawn["flight-time-doubt"][cut]
    kinds = sorted({target.kind for target in stage.targets.values()})
    for interceptor in stage.interceptors:
        reached = [e for kind in kinds if (e := interceptor.envelopes.get(kind)) is not None]
        farthest = max((float(e.max_range_m.max()) for e in reached), default=1.0)
        ranges = np.linspace(0.0, 1.05 * farthest, FLIGHT_KNOTS)
        knots.append(ranges)
        seconds.append(
            time_of_flight_s(
                ranges[None, :],
                interceptor.mean_speed_mps[cut, None],
                interceptor.mean_speed_range_m[cut, None],
                doubt=sway[:, None],
            )
        )
    shape = (sway.size, 0, FLIGHT_KNOTS)
    return {
        "flight_range_m": np.array(knots).reshape(len(knots), FLIGHT_KNOTS),
        "flight_s": _stack(seconds, shape),
    }
