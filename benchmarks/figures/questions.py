"""Small questions of every kind: audits, raids, exposure, comparison, relocation, timeline, network, claims."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import rasterio

from benchmarks.figures.moving import Answers, Number, Question, numbers
from ringtrue.catalogue.load import parameters_of, with_parameters
from ringtrue.catalogue.records import Catalogue, Parameter
from ringtrue.coverage.audit import audit
from ringtrue.coverage.output import audit_answer
from ringtrue.coverage.records import AuditQuestion
from ringtrue.geo.elevation import ElevationModel, open_model
from ringtrue.scenario.checks import known_ids
from ringtrue.scenario.load import parse_scenario
from ringtrue.scenario.records import Scenario
from ringtrue.sensing.run import Run
from ringtrue.studies.claims import claims
from ringtrue.studies.compare import compare
from ringtrue.studies.engage import engage
from ringtrue.studies.exposure import exposure
from ringtrue.studies.network import network
from ringtrue.studies.relocation import relocation
from ringtrue.studies.timeline import timeline

N_DRAWS = 4
N_REPLICATIONS = 4
BARE = open_model("none")
DEAL = Path(__file__).with_name("deal.toml")
SITE_DEG = (40.0, 32.5)
COAST_DEG = {"k-sinop": (42.0, 35.1), "k-mersin": (36.8, 34.6), "k-aegean": (38.4, 26.6)}
PATH = "path = [[39.0, 33.0], [40.2, 33.2]]\n"
HIGH = f'{PATH} -> path = [[39.3, 32.9], [41.2, 32.9]]\nheight = "8000 m"\n'
"""A pattern past the radar and away from it, so high that sides and tails count: low down the horizon binds first."""
FACES_AWAY = 'at = [40.0, 32.5]\nazimuth = "135 deg" -> at = [40.0, 32.5]\nazimuth = "315 deg"'
FACE_AWAY = 'azimuth = "135 deg" -> azimuth = "315 deg"'
PASSES_OVER = "at = [39.9, 32.6] -> at = [40.6, 31.5]"
FIRES_AT_UNKNOWNS = '[study]\n -> [doctrine]\nweapons_control = "free"\n\n[study]\n'
NARROW_RAD = 1.5
USUAL_TARGETS = ("f-16", "cruise-missile", "one-way-uav", "srbm")


def audit_question(
    system_id: str,
    targets: Sequence[str] = USUAL_TARGETS,
    model: ElevationModel = BARE,
    site_deg: tuple[float, float] = SITE_DEG,
    n_draws: int = N_DRAWS,
) -> Question:
    """Audit one system at one place, against targets at 500 m above ground and 8,000 m above the sea."""

    def ask(catalogue: Catalogue) -> Answers:
        asked = AuditQuestion(system_id, *site_deg, tuple(targets), (500.0,), (8000.0,))
        found = audit(asked, Run(catalogue, model, n_draws=n_draws))
        return dict(numbers(audit_answer([found]), _addresses(found.parameters)))

    where = "bare earth" if model is BARE else model.name
    if site_deg != SITE_DEG:
        where = f"{where} at {site_deg[0]} {site_deg[1]}"
    return Question("audit", f"{system_id} against {', '.join(targets)}, {where}", ask)


def deal(
    catalogue: Catalogue, system: str, other: str, target: str, n: int = 12, *, friend: str = "f-16",
    laydowns: Sequence[str] = ("one", "other"), changes: Sequence[str] = (),
) -> Scenario:  # fmt: skip
    """Return the small scenario with two systems, one class of target and one of friends in it.

    ``changes``: further texts of its file, each ``"old -> new"``.
    """
    text = DEAL.read_text(encoding="utf-8")
    words = {"$SYSTEM": system, "$OTHER": other, "$TARGET": target, "$COUNT": str(n), "$FRIEND": friend,
             "$BASE": system.partition(":")[0]}  # fmt: skip
    pairs = [change.split(" -> ") for change in changes]
    if catalogue.targets[target].kind == "ballistic":
        pairs += [('height = "500 m"\n', ""), (f'targets = ["{target}", "f-16"]\npath', 'targets = ["f-16"]\npath')]
    pairs += [('laydowns = ["one", "other"]', f"laydowns = [{_quoted(laydowns)}]"), ('"f-16", "f-16"', '"f-16"')]
    for old, new in (*words.items(), *pairs):
        text = text.replace(old, new)
    return parse_scenario(text, "deal.toml", (), known_ids(catalogue))


def raid_question(
    system: str, target: str, n: int = 12, *, friend: str = "f-16", changes: Sequence[str] = ()
) -> Question:
    """Play one raid against one fire unit, friends crossing."""

    def ask(catalogue: Catalogue) -> Answers:
        scenario = deal(catalogue, system, system, target, n, friend=friend, changes=changes)
        found = engage(
            scenario, Run(catalogue, BARE, n_draws=N_DRAWS), laydowns=("one",), raids=("wave",),
            n_replications=N_REPLICATIONS,
        )  # fmt: skip
        behind = {pair: _addresses(parameters) for pair, parameters in found.parameters.items()}
        return dict(numbers(found, frozenset().union(*behind.values())))

    return Question("raid", f"{n} {target} against {system}, friends: {friend} {' '.join(changes)}".strip(), ask)


def beside(question: Question, values: Mapping[str, float]) -> Question:
    """Ask a question with other figures at some addresses: a figure that another binds before may move it there."""

    def ask(catalogue: Catalogue) -> Answers:
        known = {p.id: p for p in parameters_of(catalogue)}
        new = {a: replace(known[a], low=v, nominal=v, high=v, spread="fixed") for a, v in values.items()}
        return question.ask(with_parameters(catalogue, new))

    return Question(question.kind, f"{question.name} at {values}", ask)


def loaded(interceptor: str, launchers: int = 8, rounds: int = 32) -> str:
    """Return the change that loads the unit at Ankara with an interceptor, whatever its fit: four to a launcher."""
    place = 'places = ["ankara"]\n'
    loading = f'[[laydown.package.loading]]\ninterceptor = "{interceptor}"\nrounds = {rounds}\nper_launcher = 4\n'
    return f"{place} -> {place}launchers = {launchers}\n{loading}"


def exposure_question(system: str, targets: Sequence[str], more: Sequence[str] = ()) -> Question:
    """Fly one pattern before the radars of a system."""

    def ask(catalogue: Catalogue) -> Answers:
        changes = [f'"{targets[0]}", "f-16" -> {_quoted(targets)}', *more]
        scenario = deal(catalogue, system, system, targets[0], laydowns=("one",), changes=changes)
        found = exposure(scenario, Run(catalogue, BARE, n_draws=N_DRAWS))
        return dict(numbers(found, _addresses(found.parameters)))

    return Question("exposure", f"{', '.join(targets)} before {system} {' '.join(more)}".strip(), ask)


def price_question(system: str, other: str, target: str = "f-16") -> Question:
    """Compare two offers with prices and deliveries."""

    def ask(catalogue: Catalogue) -> Answers:
        scenario = deal(catalogue, system, other, target, 4)
        found = compare(scenario, Run(catalogue, BARE, n_draws=N_DRAWS), n_replications=2)
        return dict(numbers(found, _addresses(found.parameters)))

    return Question("price", f"{system} or {other} against {target}", ask)


def relocation_question(system: str, target: str) -> Question:
    """Move a unit to another place."""

    def ask(catalogue: Catalogue) -> Answers:
        scenario = deal(catalogue, system, system, target, laydowns=("one", "moved"))
        found = relocation(scenario, Run(catalogue, BARE, n_draws=N_DRAWS))
        return dict(numbers(found, _addresses(found.parameters)))

    return Question("relocation", f"{system} moved, against {target}", ask)


def timeline_question(system: str, other: str) -> Question:
    """Ask what each month had."""

    def ask(catalogue: Catalogue) -> Answers:
        found = timeline(deal(catalogue, system, other, "f-16"), Run(catalogue, BARE, n_draws=2))
        behind = _addresses(found.parameters)
        said = dict(numbers(found, behind))
        for curve in found.rows:
            lead = float("nan") if curve.lead_time_months is None else curve.lead_time_months
            counted = (lead, *map(float, curve.fire_units))
            said[f"months {curve.laydown} {curve.view} {curve.state} {len(said)}"] = Number(counted, behind)
        return said

    return Question("timeline", f"{system} and {other} by month", ask)


def network_question(
    system: str, other: str, target: str, n: int = 8, *, friend: str = "f-16", changes: Sequence[str] = ()
) -> Question:
    """Cut the links between two units."""

    def ask(catalogue: Catalogue) -> Answers:
        scenario = deal(catalogue, system, other, target, n, friend=friend, changes=changes)
        found = network(scenario, Run(catalogue, BARE, n_draws=N_DRAWS), n_replications=N_REPLICATIONS)
        return dict(numbers(found, _addresses(found.parameters)))

    name = f"{system} and {other} against {n} {target}, friends: {friend} {' '.join(changes)}"
    return Question("network", name.strip(), ask)


def claims_question() -> Question:
    """Hold the shipped claims against the figures; a claim says in words what it rests on."""

    def ask(catalogue: Catalogue) -> Answers:
        found = claims(None, Run(catalogue, open_model(None), n_draws=2))
        return dict(numbers(found, frozenset()))

    return Question("claims", "the shipped claims", ask)


def every_question(catalogue: Catalogue) -> Iterator[Question]:
    """Yield questions that together read every figure that an answer reads: few of each kind, the cheap ones first.

    Every system is asked about, those too that no shipped scenario plays, and every class, as a foe and as a friend.
    """
    chains = [f"{s.id}:{fit}" for s in catalogue.systems.values() for fit in s.fits]
    flying = [t for t in catalogue.targets if catalogue.targets[t].kind != "ballistic"]
    arcs = [t for t in catalogue.targets if catalogue.targets[t].kind == "ballistic"]
    for system in chains:
        yield audit_question(system)
    for target in flying:
        yield audit_question("s-400", (target,))
        yield exposure_question("s-400", (target,), [HIGH])
        yield exposure_question("i-hawk", (target,), [HIGH])
        yield raid_question("nasams", target, 4, friend=target)
    for target in arcs:
        yield audit_question("s-400", (target,))
        yield raid_question("patriot-battery", target, 4)
    for place in COAST_DEG.values():
        yield audit_question("nasams", ("f-16",), site_deg=place)
    yield timeline_question("s-400-tr", "patriot-2018")
    yield relocation_question("s-400-tr", "f-16")
    yield price_question("s-400-tr", "patriot-2018")
    yield network_question("nasams", "hisar-o", "f-16", 4)
    for interceptor in catalogue.interceptors:  # what no fit carries, a scenario may load
        if not any(interceptor in fit for unit in catalogue.fire_units.values() for fit in unit.fits.values()):
            for target in USUAL_TARGETS:
                yield raid_question("s-400", target, 4, changes=[loaded(interceptor)])
    yield audit_question("hisar-o", ("cruise-missile",), hills(), n_draws=16)
    for system in chains:
        yield exposure_question(system, ("f-16", "one-way-uav"))
        for target in USUAL_TARGETS:
            yield raid_question(system, target, 4)
    for target in flying:
        for system in ("iris-t-slm", "siper-1", "hisar-o", "patriot-battery"):  # other bands
            yield audit_question(system, (target,))
        yield network_question("nasams", "hisar-o", target, 4, friend=target)
    for target in arcs:
        yield audit_question("patriot-battery", (target,))
        yield network_question("patriot-battery", "samp-t", target, 4)
    for system in chains:  # magazines that run empty
        yield raid_question(system, "one-way-uav", 60, changes=['spacing = "20 s" -> spacing = "4 s"'])
        yield raid_question(system, "one-way-uav", 60, changes=['spacing = "20 s" -> spacing = "60 s"'])
    yield from _where_it_binds(catalogue)


def _where_it_binds(catalogue: Catalogue) -> Iterator[Question]:
    """Yield questions in which figures bind that seldom do: turning, reloading, friends of every kind, steep ground."""
    units = {s.id: catalogue.fire_units[s.fire_unit] for s in catalogue.systems.values()}
    for system, unit in units.items():
        engages = catalogue.radars[unit.engagement_radar or ""].sector_rad.id
        if unit.acquisition_radar is None:  # told by a neighbour
            turning = network_question(system, "s-400", "cruise-missile", 4, changes=[FACES_AWAY])
        else:  # told by its search radar
            turning = raid_question(system, "cruise-missile", 4, changes=[FACE_AWAY])
            yield turning
        yield beside(turning, {engages: NARROW_RAD})
        carried = next(iter(next(iter(unit.fits.values()))))
        slowly = 'spacing = "20 s" -> spacing = "120 s"'
        yield raid_question(system, "one-way-uav", 40, changes=[loaded(carried, 1, 16), slowly])
    for interceptor in catalogue.interceptors.values():
        if "ballistic" in interceptor.envelopes:
            yield raid_question("s-400", "srbm", 4, changes=[loaded(interceptor.id)])
    for target in (t for t in catalogue.targets if catalogue.targets[t].kind == "ballistic"):
        yield network_question("patriot-battery", "samp-t", target, 4, friend=target)
        yield network_question("siper-1", "s-400", target, 4, changes=[PASSES_OVER])
    yield raid_question("nasams", "f-16", 4, changes=[FIRES_AT_UNKNOWNS])
    yield audit_question("hisar-o", ("cruise-missile",), mountains(), n_draws=16)


def hills() -> ElevationModel:
    """Return hills of 30″, two degrees wide: a small model that ends beyond the ring of a short-range system."""
    return _ground("hills", 900.0, 1.0)


def mountains() -> ElevationModel:
    """Return mountains as wide, rougher within a cell than any ground that the drawn relief was measured on."""
    return _ground("mountains", 3_000.0, 10.0)


@cache
def _ground(name: str, mean_m: float, steepness: float) -> ElevationModel:
    rows, columns = np.mgrid[0:240, 0:240]
    rise_m = 200.0 * np.sin(columns / 7.0) * np.cos(rows / 9.0) + 60.0 * np.sin(columns / 2.5 + rows / 3.0)
    ground_m = mean_m + steepness * rise_m
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.tif"
        with rasterio.open(
            path, "w", driver="GTiff", height=240, width=240, count=1, dtype="float32", crs="EPSG:4326",
            transform=rasterio.Affine(1.0 / 120.0, 0.0, 31.5, 0.0, -1.0 / 120.0, 41.0),
        ) as raster:  # fmt: skip
            raster.write(ground_m.astype(np.float32), 1)
        return open_model(path)


def _addresses(parameters: Sequence[Parameter]) -> frozenset[str]:
    return frozenset(p.id for p in parameters)


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f'"{word}"' for word in words)
