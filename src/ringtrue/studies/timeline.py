"""Capability over time: what each offer would reach, month by month, on paper and as reported.

Paper is what was promised, or, for a package that was never ordered, a notional delivery after an assumed lead time;
reported is what was said to have arrived. A state that nobody reported is not assumed: delivered is not on alert.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from ringtrue.answer import Answer, Header, found, hidden, key, measure, measures_of, table, words
from ringtrue.coverage.people import LEAST_CELLS, RASTER_CELL_DEG, with_grid_error
from ringtrue.coverage.ring import Level
from ringtrue.errors import InputError, did_you_mean
from ringtrue.finding import DRAWS, Finding, named_axes, plain
from ringtrue.procurement.deliveries import fire_units_on, first_wait, months_between, reached_on, unit_days
from ringtrue.scenario.load import load_scenario, shipped_scenarios
from ringtrue.scenario.records import UnitState
from ringtrue.sensing.post import FEW_RELIEFS, post_at
from ringtrue.sensing.run import Run, stoppable
from ringtrue.studies.brief import whole_lines
from ringtrue.studies.reach import Reached, together, unit_reach, window_cells
from ringtrue.units import DURATION, read_quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import xarray
    from numpy.typing import NDArray

    from ringtrue.catalogue.records import Catalogue, Parameter
    from ringtrue.procurement.deliveries import Wait
    from ringtrue.scenario.records import Laydown, Offer, Scenario, Schedule, Unit
    from ringtrue.studies.reach import Cells, UnitReach

    FloatArray = NDArray[np.float64]
    RaidOfMonth = Callable[[str, tuple[str, ...]], FloatArray]

View = Literal["paper", "reported"]
SCHEDULES: dict[View, tuple[Schedule, ...]] = {"paper": ("promised", "notional"), "reported": ("happened",)}
LEAD_TIME = "patriot-lead-time"
MONTH_S = 2_629_800.0
FIRST_MONTH, LAST_MONTH = date(2017, 4, 1), date(2026, 11, 1)
NOTES = (
    "A month shows what had reached the state by its first day.",
    "Delivered is not on alert: a state that the file does not report is not assumed.",
    "Paper: as promised; a package never ordered comes after an assumed lead time and has no readiness of its own.",
    "First delivery: first arrival of a fire unit, in days from the contract, or from the order that could have been.",
    "Units go down the places of the laydown rule in order.",
    "Coverage, not protection: no leakage, clutter, crew error or jamming; an upper bound.",
    "People: two significant figures; none is printed below four cells of the 15-arc-minute raster.",
    "Defended is counted on whole cells, so it can exceed 'under' by a cell or two.",
)


@dataclass(frozen=True, slots=True)
class Step:
    """What a laydown has from one month on; null: not resolvable, or not asked for."""

    month: str = key("Month from which it holds")
    fire_units: int = measure("1", "Fire units in the state", digits=None, heads={"terminal": "units"})
    area_km2: Finding | None = measure(
        "km2", "Engageable airspace", better="more", heads={"terminal": "engageable km2"}, none="not resolvable"
    )
    people_under: Finding | None = measure(
        "people", "Residents below engageable airspace", better="more", digits=2, form="people",
        heads={"terminal": "people under"}, none="not resolvable",
    )  # fmt: skip
    people_defended: Finding | None = measure(
        "people", "Residents defended, worst course", better="more", digits=2, form="people",
        heads={"terminal": "defended"}, none="not resolvable",
    )  # fmt: skip
    raid: Finding | None = measure(
        "1", "If this raid came that month", "Leakers where a comparison asks.", form="count"
    )


QUANTITIES = tuple(said.name for said in measures_of(Step) if said.hint == Finding | None)


class Month(NamedTuple):
    """Which units of a laydown were in the state, and what they reached; None: nothing that can be resolved."""

    uids: tuple[str, ...]
    values: dict[str, Finding | None]


@dataclass(frozen=True, slots=True)
class Curve:
    """One laydown by one calendar, step by step.

    ``fire_units`` (month,) and ``values``, by name of `QUANTITIES`, month by month.
    """

    laydown: str = key("Laydown")
    reading: str = words("Reading of a contract, or variant of siting")
    offers: tuple[str, ...] = words("Offers that pay for it")
    view: View = key("Calendar")
    state: UnitState = key("State of the fire units")
    lead_time_months: float | None = key("Assumed lead time", "Null: none enters.", unit="month")
    first_delivery: str | None = words("Day on which the first fire unit began to arrive", "Null: none did.")
    days_to_first_delivery: int | None = measure(
        "day", "From the contract to the first delivery",
        "Of a package that was never ordered, from the day on which it could have been. Null: none came.",
        better="less", digits=None,
    )  # fmt: skip
    steps: tuple[Step, ...] = table("Months at which anything changes")
    title: str = hidden(default="")
    fire_units: NDArray[np.int64] = hidden(default_factory=lambda: np.zeros(0, dtype=np.int64))
    values: dict[str, tuple[Finding | None, ...]] = hidden(default_factory=dict)


@dataclass(frozen=True)
class TimelineResult(Answer):
    """Every curve for one class at one level."""

    target: str = words("Target class")
    where: str = words("Level of the target")
    release_range_m: float = measure("m", "Release range", digits=None)
    terrain: str = words("Elevation model")
    first_month: str = words("First month")
    last_month: str = words("Last month")
    rows: tuple[Curve, ...] = table("Curves")
    notes: tuple[str, ...] = words("How it is to be read")
    months: tuple[date, ...] = hidden()
    parameters: tuple[Parameter, ...] = hidden()

    def curve(self, laydown: str, view: View, state: UnitState, lead_time_months: float | None = None) -> Curve:
        """Return one curve; without a lead time the first that fits.

        Raises
        ------
        InputError
            There is no such curve.
        """
        for curve in self.rows:
            fits = (curve.laydown, curve.view, curve.state) == (laydown, view, state)
            if fits and lead_time_months in (None, curve.lead_time_months):
                return curve
        near = did_you_mean(laydown, {c.laydown for c in self.rows})
        msg = f"the timeline has no curve of laydown {laydown!r}, {view}, {state}, lead time {lead_time_months}{near}"
        raise InputError(msg)

    def by_month(self) -> xarray.Dataset:
        """Return fire units by (curve, month) and every quantity by (curve, month, quantile); nan: not resolvable."""
        axes = named_axes()
        nan = float("nan")
        data: dict[str, Any] = {"fire_units": (("curve", "month"), [c.fire_units.tolist() for c in self.rows])}
        for said in (said for said in measures_of(Step) if said.name in QUANTITIES):
            columns = [c.values[said.name] for c in self.rows]
            about = {"units": said.unit, "long_name": said.label}
            if any(f is not None for column in columns for f in column):
                values = [[[nan] * 3 if f is None else [f.low, f.median, f.high] for f in column] for column in columns]
                data[said.name] = (("curve", "month", "quantile"), values, about)
        coords = {
            "quantile": [0.05, 0.5, 0.95],
            "month": [month.isoformat()[:7] for month in self.months],
            "lead_time_months": ("curve", [c.lead_time_months or nan for c in self.rows]),
            **{word: ("curve", [getattr(c, word) for c in self.rows]) for word in ("laydown", "view", "state")},
        }
        found: xarray.Dataset = axes.Dataset(data, coords)
        return found


@stoppable
def timeline(
    scenario: Scenario,
    run: Run,
    *,
    target_id: str = "f-16",
    level: Level | None = None,
    level_uses: frozenset[str] = frozenset(),
    release_range_m: float = 0.0,
    states: Sequence[UnitState] = ("delivered", "on_alert"),
    laydowns: Sequence[str] | None = None,
    first_month: date = FIRST_MONTH,
    last_month: date = LAST_MONTH,
    raid: RaidOfMonth | None = None,
) -> TimelineResult:
    """Join the deliveries of a scenario with what its units reach, month by month.

    Parameters
    ----------
    run : Run
        Figures, ground and draws.
    target_id : str
        Class of target.
    level : Level, optional
        Height or altitude; default 3,000 m above sea level.
    level_uses : frozenset of str
        Addresses of the figures by which the level was chosen.
    release_range_m : float
        Residents count as defended if the attacker is met before it comes this near [m].
    states : sequence of str
        States of a unit; one curve each.
    laydowns : sequence of str, optional
        Laydowns with offers; default: those of the study, each set of units once.
    raid : callable, optional
        "If this raid came that month": given a laydown id and the uids in service, returns a value per draw, the
        nominal case behind them. Called once per distinct set of units.

    Raises
    ------
    InputError
        The scenario has no area, no such laydown, or a delivery whose lead time nobody assumed.

    Notes
    -----
    Intervals are over draws; lead times are swept as curves of their own, never pooled with the draws.
    """
    if scenario.area is None:
        msg = f"scenario {scenario.name!r} has no [area]; add one with bounds and country, to count residents in"
        raise InputError(msg)
    level = level or Level(None, 3000.0)
    cells = window_cells(scenario.area)
    chosen = _laydowns(scenario, laydowns)
    months = tuple(months_between(first_month, last_month))
    leads = lead_times_s(scenario, run.catalogue)
    reaches: dict[tuple[object, ...], UnitReach] = {}
    curves: list[Curve] = []

    def behind(units: Sequence[Unit]) -> frozenset[str]:
        return level_uses.union(*(reaches[_place_of(unit)].uses for unit in units))

    for i, laydown in enumerate(chosen):
        run.tell("asking what each month had", i, len(chosen))
        groups = _units_by_offer(scenario, laydown)
        known: dict[tuple[str, ...], Month] = {(): Month((), _nothing())}
        for view, lead_s in _calendars(scenario, laydown, leads):
            for state in states:
                rows = [_in_state(scenario, groups, view, state, month, lead_s) for month in months]
                for uids in rows:
                    if uids in known:
                        continue
                    units = [unit for unit in laydown.units if unit.uid in uids]
                    for unit in units:
                        key = _place_of(unit)
                        if key not in reaches:
                            reaches[key] = _reach(unit, run, target_id, level, cells, scenario.environment.given_k)
                    reached = together(
                        [reaches[key] for key in dict.fromkeys(map(_place_of, units))], cells, release_range_m
                    )
                    inputs = run.ledger.addresses(behind(units))
                    values = _findings(reached, scenario, run.seed, inputs)
                    if raid is not None:
                        values["raid"] = found(Step, "raid", raid(laydown.id, uids))
                    known[uids] = Month(uids, values)
                wait = _first_wait(scenario, [offer for offer, _ in groups], view, lead_s)
                curves.append(_curve(laydown, view, state, lead_s, wait, months, [known[uids] for uids in rows]))
    return TimelineResult(
        Header(
            command="timeline",
            scenario_hash=scenario.content_hash,
            catalogue_hash=run.catalogue.content_hash,
            seed=run.seed,
            n_draws=run.n_draws,
        ),
        target=target_id,
        where=level_text(level),
        release_range_m=release_range_m,
        terrain=run.model.name,
        first_month=months[0].isoformat()[:7],
        last_month=months[-1].isoformat()[:7],
        rows=tuple(curves),
        notes=(*NOTES, *((scenario.positions,) if scenario.positions else ())),
        months=months,
        parameters=_parameters(run, curves, is_assumed=not _sweeps_lead_times(scenario)),
    )


def _parameters(run: Run, curves: Sequence[Curve], *, is_assumed: bool) -> tuple[Parameter, ...]:
    """Return the figures behind the curves; ``is_assumed``: lead times are those of the catalogue."""
    findings = (f for curve in curves for values in curve.values.values() for f in values if f is not None)
    behind = {address for one in findings for address in one.inputs}
    if is_assumed and any(curve.lead_time_months is not None for curve in curves):
        run.ledger.fixed(run.catalogue.assumptions[LEAD_TIME], behind)
    return run.ledger.parameters(behind)


def _first_wait(scenario: Scenario, offers: Sequence[Offer], view: View, lead_s: float | None) -> Wait | None:
    """How long the first fire unit of some offers was waited for, by the calendars of a view."""
    waits = [first_wait(scenario.deliveries, offers, schedule, lead_s) for schedule in SCHEDULES[view]]
    return min((wait for wait in waits if wait is not None), key=lambda wait: wait.until, default=None)


def _curve(
    laydown: Laydown,
    view: View,
    state: UnitState,
    lead_s: float | None,
    wait: Wait | None,
    months: Sequence[date],
    there: list[Month],
) -> Curve:
    """Make the curve of one laydown from what it has month by month; a step is a month at which its units change."""
    counts = [len(month.uids) for month in there]
    changes = [i for i, n in enumerate(counts) if i == 0 or n != counts[i - 1]]
    return Curve(
        laydown=laydown.id,
        reading=laydown.reading,
        offers=laydown.offers,
        view=view,
        state=state,
        lead_time_months=None if lead_s is None else round(lead_s / MONTH_S, 1),
        first_delivery=None if wait is None else wait.until.isoformat(),
        days_to_first_delivery=None if wait is None else wait.days,
        steps=tuple(Step(month=months[i].isoformat()[:7], fire_units=counts[i], **there[i].values) for i in changes),
        title=laydown.title,
        fire_units=np.array(counts, dtype=np.int64),
        values={name: tuple(month.values[name] for month in there) for name in QUANTITIES},
    )


def level_text(level: Level) -> str:
    """Return a level with its reference.

    >>> level_text(Level(50.0, None)), level_text(Level(None, 10_000.0))
    ('50 m AGL', '10,000 m AMSL')
    """
    if level.height_m is not None:
        return f"{level.height_m:,.0f} m AGL"
    return f"{level.altitude_m:,.0f} m AMSL"


def _sweeps_lead_times(scenario: Scenario) -> bool:
    return scenario.study.sweep is not None and scenario.study.sweep.setting.endswith(".lead_time")


def lead_times_s(scenario: Scenario, catalogue: Catalogue) -> tuple[float, ...]:
    """Return the lead times to sweep [s]: those of the scenario's sweep, else low, nominal, high of the assumption."""
    sweep = scenario.study.sweep
    if sweep is not None and _sweeps_lead_times(scenario):
        return tuple(read_quantity(value, DURATION) for value in sweep.values)
    assumed = catalogue.assumptions[LEAD_TIME]
    return (assumed.low, assumed.nominal, assumed.high)


def unit_days_of_offer(scenario_name: str, offer: str, schedule: Schedule, state: UnitState, until: date | str) -> int:
    """Return the unit-days of an offer of a shipped scenario in a state up to, and without, a day.

    >>> unit_days_of_offer("turkey-2019", "s-400-regiment", "happened", "delivered", "2020-07-25")
    680

    Raises
    ------
    InputError
        No such scenario or offer.
    """
    if scenario_name not in shipped_scenarios():
        near = did_you_mean(scenario_name, shipped_scenarios())
        msg = f"scenario {scenario_name!r} is not shipped{near}; a file is asked with scenario and measure"
        raise InputError(msg)
    scenario = load_scenario(scenario_name)
    if offer not in {o.id for o in scenario.offers}:
        msg = f"scenario {scenario.name!r} has no offer {offer!r}{did_you_mean(offer, [o.id for o in scenario.offers])}"
        raise InputError(msg)
    days = [
        day
        for delivery in scenario.deliveries
        if delivery.offer == offer and delivery.schedule == schedule and (day := reached_on(delivery, state))
        for _ in range(delivery.fire_units)
    ]
    return unit_days(days, until)


def _laydowns(scenario: Scenario, wanted: Sequence[str] | None) -> list[Laydown]:
    by_id = {laydown.id: laydown for laydown in scenario.laydowns}
    for name in wanted or ():
        if name not in by_id or not by_id[name].offers:
            have = [i for i, laydown in by_id.items() if laydown.offers]
            msg = f"scenario {scenario.name!r} has no laydown {name!r} with offers{did_you_mean(name, have)}"
            raise InputError(msg)
    seen: set[tuple[object, ...]] = set()
    chosen = []
    for name in wanted or scenario.study.laydowns or tuple(by_id):
        laydown = by_id[name]
        what = tuple(_place_of(unit) for unit in laydown.units)
        if laydown.offers and what not in seen:
            seen.add(what)
            chosen.append(laydown)
    return chosen


def _place_of(unit: Unit) -> tuple[object, ...]:
    return (unit.system, unit.fit, unit.latitude_deg, unit.longitude_deg, unit.mast_height_m)


def _units_by_offer(scenario: Scenario, laydown: Laydown) -> list[tuple[Offer, tuple[str, ...]]]:
    """Which units of a laydown each of its offers pays for, by system, in the order of the laydown rule."""
    offers = [scenario.offer(offer) for offer in laydown.offers]
    return [(offer, tuple(u.uid for u in laydown.units if u.system == offer.system)) for offer in offers]


def _calendars(scenario: Scenario, laydown: Laydown, leads: tuple[float, ...]) -> list[tuple[View, float | None]]:
    is_notional = any(d.offer in laydown.offers and d.schedule == "notional" for d in scenario.deliveries)
    paper: list[tuple[View, float | None]] = [("paper", lead) for lead in leads] if is_notional else [("paper", None)]
    return [*paper, ("reported", None)]


def _in_state(
    scenario: Scenario,
    groups: list[tuple[Offer, tuple[str, ...]]],
    view: View,
    state: UnitState,
    month: date,
    lead_s: float | None,
) -> tuple[str, ...]:
    found: list[str] = []
    for offer, uids in groups:
        n = sum(
            fire_units_on(scenario.deliveries, [offer.id], schedule, state, month, lead_s)
            for schedule in SCHEDULES[view]
        )
        found.extend(uids[:n])
    return tuple(found)


def _reach(
    unit: Unit,
    run: Run,
    target_id: str,
    level: Level,
    cells: Cells,
    k_factor: float | None,
) -> UnitReach:
    system_id = unit.system if unit.fit is None else f"{unit.system}:{unit.fit}"
    post = post_at(
        run, system_id, unit.latitude_deg, unit.longitude_deg, mast_m=unit.mast_height_m, k_factor=k_factor,
        n_reliefs=FEW_RELIEFS,
    )  # fmt: skip
    return unit_reach(post, target_id, level, cells, threads=run.threads)


def _nothing() -> dict[str, Finding | None]:
    zero = {name: found(Step, name, [0.0, 0.0]) for name in ("area_km2", "people_under", "people_defended")}
    return {**zero, "raid": None}


def _findings(reached: Reached, scenario: Scenario, seed: int, inputs: tuple[str, ...]) -> dict[str, Finding | None]:
    assert scenario.area is not None
    middle_deg = (scenario.area.south_deg + scenario.area.north_deg) / 2.0
    cell_km2 = (RASTER_CELL_DEG * 111.2) ** 2 * float(np.cos(np.radians(middle_deg)))
    values: dict[str, Finding | None] = {
        "area_km2": found(Step, "area_km2", reached.area_km2, inputs),
        "people_under": None,
        "people_defended": None,
        "raid": None,
    }
    is_resolvable = float(np.median(reached.area_km2[DRAWS])) >= LEAST_CELLS * cell_km2
    if is_resolvable and np.isfinite(reached.people_under).all():
        people = with_grid_error(reached.people_under, reached.area_km2 * 1e6, cell_km2, seed)
        values["people_under"] = found(Step, "people_under", people, inputs)
    if np.isfinite(reached.people_defended).all():
        people = with_grid_error(reached.people_defended, reached.cells_defended * 1e6, 1.0, seed)
        values["people_defended"] = found(Step, "people_defended", people, inputs)
    return values


def timeline_lines(result: TimelineResult) -> list[str]:
    """Return the timeline as text of at most 80 columns: a line per step of each curve."""
    lines = [
        f"Capability over time: {result.target} at {result.where}, {result.terrain}",
        "interval: 5 to 95 % of draws; lead time of a package never ordered: assumption",
        "",
        f"{'month':<8}{'units':>5}  {'engageable km2':>23}  {'people under':>19}  {'defended':>19}",
    ]
    for curve in result.rows:
        lead = "" if curve.lead_time_months is None else f", lead time {curve.lead_time_months:g} months"
        lines += whole_lines(f"{curve.laydown}: {curve.view}, {curve.state}{lead}", 80, rest="  ")
        if curve.first_delivery is not None and curve.state == "delivered":
            lines.append(f"  first delivery {curve.first_delivery}, {curve.days_to_first_delivery:,} days")
        lines += [
            f"{step.month:<8}{step.fire_units:>5}  {_span(step.area_km2, '{:,.0f}'):>23}  "
            f"{_span(step.people_under, '{:.2g}'):>19}  {_span(step.people_defended, '{:.2g}'):>19}"
            for step in curve.steps
        ]
    return [*lines, "", *(line for note in result.notes for line in whole_lines(note, 80))]


def _span(found: Finding | None, form: str) -> str:
    if found is None:
        return "not resolvable"
    if found.high == 0.0:
        return "0"
    if form == "{:.2g}":
        low, high = (float(form.format(v)) / 1e6 for v in (found.low, found.high))
        return f"{plain(low, 2)} to {plain(high, 2)} M"
    return f"{form.format(found.low)} to {form.format(found.high)}"


# what a case file of `ringtrue verify` may call here: these compute from numbers, and neither read nor write
FOR_CASES = ("unit_days_of_offer",)
