"""One number of a scenario, as a case file asks for it: ``scenario``, ``measure`` and ``args``.

``measure`` is ``COMMAND.FIELD``; where the field is a finding, ``low``, ``median`` or ``high`` follows
(``audit.seen_area_km2.median``). ``args`` choose the row:

- ``audit``: a field of a ring-audit row, or for a ballistic class of its footprint; ``unit`` (a uid of the scenario),
  ``target``, ``height_m`` or ``altitude_m`` (neither for a ballistic class),
- ``network``: ``alone_s``, ``networked_s`` or ``gain_s`` of `network_warning`; ``unit``, ``raid``,
- ``exposure``: a field of a row of the ledger; ``unit``, ``pattern``, ``target``, ``role``, ``threshold``,
- ``engage``: a field of a `RaidRow`; ``laydown``, ``raid``, ``replications``,
- ``offer``: a field of `OfferFigures`; ``offer``, ``rate``, ``years``.

``dem`` (``"none"`` for bare earth), ``draws``, ``seed`` and, but for ``audit`` and ``offer``, ``catalogue`` may be set
too. ``scenario`` and ``catalogue`` may be paths from the case file.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ringtrue.answer import measure
from ringtrue.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from ringtrue.catalogue.records import Catalogue
    from ringtrue.coverage.exposure import ExposureRow
    from ringtrue.coverage.records import CoverageRow, FootprintRow
    from ringtrue.scenario.records import Scenario
    from ringtrue.studies.raid_rows import RaidRow


def measure_path(name: str, choices: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Split a measure into command and path, and check that the choices belong to it.

    >>> measure_path("audit.seen_area_km2.median", {"unit": "a", "target": "f-16", "height_m": 50.0})
    ('audit', ('seen_area_km2', 'median'))

    Raises
    ------
    InputError
        The command or a choice is not known, or the path is missing.
    """
    command, _, path = name.partition(".")
    if command not in MEASURED_BY or not path:
        msg = f"measure: wanted COMMAND.FIELD, COMMAND one of {', '.join(MEASURED_BY)}; given: {name!r}"
        raise InputError(msg)
    known = choices_of(command)
    for choice in choices:
        if choice not in known:
            msg = f"args: {command} knows no choice {choice!r}{did_you_mean(choice, known)}"
            raise InputError(msg)
    return command, tuple(path.split("."))


def choices_of(command: str) -> tuple[str, ...]:
    """Return what may be chosen for a command: the arguments of the function that answers it.

    >>> choices_of("offer")
    ('offer', 'rate', 'years')
    """
    return tuple(inspect.signature(MEASURED_BY[command]).parameters)[1:]


def audit_row(
    scenario_name: str,
    *,
    unit: str,
    target: str,
    height_m: float | None = None,
    altitude_m: float | None = None,
    heading: str = "inbound",
    k_factor: float | None = None,
    dem: str | None = None,
    ground_altitude_m: float | None = None,
    draws: int = 100,
    seed: int = 1,
) -> CoverageRow | FootprintRow:
    """Audit one unit of a scenario against one target at one level (none for a ballistic class), and return the row.

    Raises
    ------
    InputError
        The scenario has no such unit, or the audit refuses the question.
    """
    from ringtrue.catalogue.load import load_catalogue
    from ringtrue.coverage.audit import audit
    from ringtrue.coverage.records import AuditQuestion
    from ringtrue.geo.elevation import open_model
    from ringtrue.scenario.load import load_scenario
    from ringtrue.sensing.run import Run

    scenario = load_scenario(scenario_name)
    units = {u.uid: u for laydown in scenario.laydowns for u in laydown.units}
    if unit not in units:
        msg = f"scenario {scenario.name!r} has no unit {unit!r}{did_you_mean(unit, units)}"
        raise InputError(msg)
    figures = load_catalogue()
    flies_an_arc = target in figures.targets and figures.targets[target].kind == "ballistic"
    if not flies_an_arc and (height_m is None) == (altitude_m is None):
        msg = "wanted exactly one of height_m and altitude_m"
        raise InputError(msg)
    asked = units[unit]
    question = AuditQuestion(
        asked.system if asked.fit is None else f"{asked.system}:{asked.fit}",
        asked.latitude_deg,
        asked.longitude_deg,
        (target,),
        () if height_m is None else (float(height_m),),
        () if altitude_m is None else (float(altitude_m),),
        heading=heading,  # type: ignore[arg-type]
        mast_m=asked.mast_height_m,
        k_factor=k_factor,
    )
    model = open_model(dem, ground_altitude_m=ground_altitude_m)
    result = audit(question, Run(figures, model, n_draws=draws, seed=seed))
    return result.rows[0] if result.rows else result.footprints[0]


@dataclass(frozen=True, slots=True)
class WarningTime:
    """How long before arrival a unit knows of a raid, alone and with every link of the scenario; nan: never."""

    alone_s: float = measure("s", "From the first known track to arrival, alone", better="more")
    networked_s: float = measure("s", "From the first known track to arrival, with every link", better="more")
    gain_s: float = measure("s", "What the links add", better="more")


def network_warning(
    scenario_name: str,
    *,
    unit: str,
    raid: str,
    catalogue: str | None = None,
    dem: str | None = None,
    ground_altitude_m: float | None = None,
    draws: int = 1,
    seed: int = 1,
) -> WarningTime:
    """How long before arrival a unit first knows of any target of a raid, by the network study's own traces.

    The least and the most linked variant of the study are traced; arrival is at the aim, also where the scenario ends a
    path before it. Median over draws.

    Raises
    ------
    InputError
        The scenario has no such unit or raid, or no two variants of its network.
    """
    import numpy as np

    from ringtrue.finding import DRAWS
    from ringtrue.geo.elevation import open_model
    from ringtrue.scenario.flights import raid_flights
    from ringtrue.sensing.run import Run
    from ringtrue.studies.compare_raids import RaidSetting
    from ringtrue.studies.network_late import first_times
    from ringtrue.studies.network_variants import variants_of

    figures, scenario = _figures_and_scenario(scenario_name, catalogue)
    model = open_model(dem, ground_altitude_m=ground_altitude_m)
    setting = RaidSetting(scenario, Run(figures, model, n_draws=draws, seed=seed, threads=1), 1)
    variants = variants_of(scenario).laydowns
    known_raids = [r.id for r in scenario.raids]
    for word, known, what in ((raid, known_raids, "raid"), (unit, [u.uid for u in variants[0].units], "unit")):
        if word not in known:
            msg = f"scenario {scenario.name!r} has no {what} {word!r}{did_you_mean(word, known)}"
            raise InputError(msg)
    to_go_s = {
        f.uid: f.release_range_m / (f.speed_mps or figures.targets[f.target].speed_mps.nominal)
        for f in raid_flights(scenario, raid)
    }
    found = []
    for variant in (variants[0], variants[-1]):
        times = first_times(setting, variant, raid)
        known_s = times.known_s[DRAWS, times.units.index(unit)]
        left_s = times.end_s[DRAWS] - known_s + [to_go_s[name] for name in times.targets]
        longest_s = np.max(np.where(np.isnan(left_s), -np.inf, left_s), axis=1)
        found.append(float(np.median(longest_s)) if np.isfinite(longest_s).all() else float("nan"))
    alone_s, networked_s = found
    return WarningTime(alone_s, networked_s, networked_s - alone_s)


def exposure_row(
    scenario_name: str,
    *,
    unit: str,
    pattern: str,
    target: str,
    role: str = "acquisition",
    threshold: str = "confirmed-0.9",
    catalogue: str | None = None,
    dem: str | None = None,
    ground_altitude_m: float | None = None,
    draws: int = 20,
    seed: int = 1,
) -> ExposureRow:
    """One line of the ledger of a scenario: a class on one pattern before one radar.

    Raises
    ------
    InputError
        The ledger has no such line.
    """
    from ringtrue.geo.elevation import open_model
    from ringtrue.sensing.run import Run
    from ringtrue.studies.exposure import exposure

    figures, scenario = _figures_and_scenario(scenario_name, catalogue)
    model = open_model(dem, ground_altitude_m=ground_altitude_m)
    ledger = exposure(scenario, Run(figures, model, n_draws=draws, seed=seed))
    wanted = (unit, pattern, target, role, threshold)
    rows = {(r.unit, r.pattern, r.target, r.role, r.threshold): r for r in ledger.rows}
    if wanted not in rows:
        lines = "; ".join(" ".join(key) for key in rows)
        msg = f"scenario {scenario.name!r} has no line {' '.join(wanted)!r}; the ledger has: {lines}"
        raise InputError(msg)
    return rows[wanted]


def raid_figures(
    scenario_name: str,
    *,
    laydown: str,
    raid: str,
    replications: int = 20,
    catalogue: str | None = None,
    dem: str | None = None,
    ground_altitude_m: float | None = None,
    draws: int = 20,
    seed: int = 1,
) -> RaidRow:
    """Play one raid against one laydown, and return its row of ``ringtrue engage``.

    Raises
    ------
    InputError
        The scenario has no such laydown or raid.
    """
    from ringtrue.engagement.raid import run_raid
    from ringtrue.geo.elevation import open_model
    from ringtrue.sensing.run import Run
    from ringtrue.studies.raid_rows import raid_row

    figures, scenario = _figures_and_scenario(scenario_name, catalogue)
    model = open_model(dem, ground_altitude_m=ground_altitude_m)
    run = Run(figures, model, n_draws=draws, seed=seed)
    return raid_row(run_raid(scenario, laydown, raid, run, n_replications=replications))


@dataclass(frozen=True, slots=True)
class OfferFigures:
    """Money and dates of one offer of a scenario; nan where a date or a credit is missing."""

    advance_usd: float = measure("USD", "Advance")
    credit_usd: float = measure("USD", "Credit")
    yearly_repayment_usd: float = measure("USD", "Repayment a year")
    all_repayments_usd: float = measure("USD", "All repayments")
    usd_per_fire_unit: float = measure("USD", "Price over fire units")
    usd_per_interceptor: float = measure("USD", "Price over interceptors")
    days_to_first_delivery: float = measure("day", "From the contract to the first arrival of a fire unit")
    days_to_last_delivery: float = measure("day", "From the contract to the end of the last delivery that happened")


def offer_figures(scenario_name: str, *, offer: str, rate: float = 0.0, years: int = 1) -> OfferFigures:
    """Work out an offer as the procurement room does: payments, repayment, price of one of each, days to delivery.

    Parameters
    ----------
    rate, years : float, int
        Terms of a credit whose own were not published.

    Raises
    ------
    InputError
        The scenario has no such offer, or the offer no price.

    Examples
    --------
    >>> round(offer_figures("turkey-2019", offer="s-400-four").usd_per_fire_unit / 1e6)
    625
    """
    from ringtrue.procurement.deliveries import days_between, first_wait
    from ringtrue.procurement.packages import package_rows, price_of_each
    from ringtrue.procurement.payments import cash_flows
    from ringtrue.scenario.load import load_scenario

    scenario = load_scenario(scenario_name)
    offers = {o.id: o for o in scenario.offers}
    if offer not in offers:
        msg = f"scenario {scenario.name!r} has no offer {offer!r}{did_you_mean(offer, offers)}"
        raise InputError(msg)
    asked = offers[offer]
    rounds = sum(count for _, count in asked.rounds)
    per_round = price_of_each(asked, rounds, "interceptor")
    if per_round is None:
        msg = f"offer {offer!r} of scenario {scenario.name!r} has no price; ask for one that has"
        raise InputError(msg)
    paid = {p.kind: p.amount_usd for p in asked.payments}
    repaid = [flow.amount_usd for flow in cash_flows(asked, rate, years) if flow.kind == "repayment"]
    by_item = {row.item: row.each for row in package_rows(asked)}
    unit = by_item["fire units"]
    per_unit = None if unit is None else unit.usd_each
    happened = sorted(
        d.delivered for d in scenario.deliveries if d.offer == offer and d.schedule == "happened" and d.delivered
    )
    days = [days_between(asked.contract_date, day) if asked.contract_date else math.nan for day in happened]
    wait = first_wait(scenario.deliveries, [asked], "happened")
    return OfferFigures(
        advance_usd=paid.get("advance", math.nan),
        credit_usd=paid.get("credit", math.nan),
        yearly_repayment_usd=repaid[0] if repaid else math.nan,
        all_repayments_usd=sum(repaid) if repaid else math.nan,
        usd_per_fire_unit=math.nan if per_unit is None else per_unit,
        usd_per_interceptor=math.nan if per_round.usd_each is None else per_round.usd_each,
        days_to_first_delivery=math.nan if wait is None else wait.days,
        days_to_last_delivery=days[-1] if days else math.nan,
    )


MEASURED_BY: dict[str, Callable[..., Any]] = {
    "audit": audit_row,
    "network": network_warning,
    "exposure": exposure_row,
    "engage": raid_figures,
    "offer": offer_figures,
}


def _figures_and_scenario(scenario_name: str, catalogue: str | None) -> tuple[Catalogue, Scenario]:
    from pathlib import Path

    from ringtrue.catalogue.load import load_catalogue
    from ringtrue.scenario.checks import known_ids
    from ringtrue.scenario.load import load_scenario

    figures = load_catalogue(Path(catalogue) if catalogue else None)
    return figures, load_scenario(scenario_name, (), known_ids(figures))
