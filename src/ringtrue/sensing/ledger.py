"""The ledger: the one door through which unknowns are drawn, and a row for each that says what it is.

Whoever needs drawn figures asks the ledger of the run; it draws a record once and writes down, for every figure with a
spread, its address, label, unit, scale and stream. What an answer depends on is a plain set of addresses, filled by
`watched` records where a figure enters a kernel's table; the ledger then tells which streams the answer may be decided
by.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import numpy as np

from ringtrue.catalogue.address import address, section_of, short_name
from ringtrue.catalogue.load import parameters_of
from ringtrue.catalogue.records import Envelope, Parameter, TargetClass
from ringtrue.catalogue.schema import fields_of
from ringtrue.finding import DRAWS, NOMINAL
from ringtrue.kinematics.flight import MEAN_SPEED_DOUBT
from ringtrue.rng import stream
from ringtrue.scenario.draw import draw_record, nominal_record, quantile, rcs_offsets, stream_numbers
from ringtrue.sensing.grounds import HOLLOW, Grounds, grounds_of_draws, numbers_of_grounds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from ringtrue.catalogue.records import Catalogue
    from ringtrue.sensing.design import Design

    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.int64]

R = TypeVar("R")
Scale = Literal["linear", "log", "category"]
GROUND = "ground"
REALISATION = "ground.realisation"
DRAWN_OF_GROUND = (
    "height-error",
    "subgrid-relief",
    "subgrid-relief-unmeasured",
    "site-offset",
    "height-correlation-length",
)
HOLLOW_OF_GROUND = ("site-hollow", "site-hollow-chance")
GROUND_FIGURES = (REALISATION, *(f"assumption.{key}" for key in (*DRAWN_OF_GROUND, *HOLLOW_OF_GROUND)))
FLIGHT_TIME_DOUBT = "assumption.flight-time-doubt"
FLIGHT_TIME_STREAM = "flight-time-doubt"  # as the generator knows it
OWN_PART_OF_RCS = "rcs-independent-offset"


@dataclass(frozen=True, slots=True)
class Figure:
    """One drawn unknown: where it stands, what it is called, its unit and scale, and its values (draw,) in SI."""

    address: str
    label: str
    unit: str
    scale: Scale
    is_assumed: bool
    stream: str
    values: FloatArray
    nominal: float


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A stream that an answer depends on: what it is called there, and the numbers (draw,) that it was drawn by.

    ``figures`` are the addresses drawn from it that the answer reads.
    """

    name: str
    label: str
    is_assumed: bool
    is_category: bool
    values: FloatArray
    figures: tuple[str, ...]


class _WatchedTable:
    """A table of figures of a watched record: reading an entry notes its address."""

    __slots__ = ("_place", "_table", "_uses")

    def __init__(self, table: dict[str, Any], place: str, uses: set[str]) -> None:
        self._table, self._place, self._uses = table, place, uses

    def __getitem__(self, key: str) -> Any:
        found = self._table[key]
        if isinstance(found, dict):
            return _WatchedTable(found, f"{self._place}.{key}", self._uses)
        if is_dataclass(found):
            return watched(found, self._uses)
        self._uses.add(f"{self._place}.{key}")
        return found

    def get(self, key: str, default: Any = None) -> Any:
        return self[key] if key in self._table else default

    def items(self) -> list[tuple[str, Any]]:
        return [(key, self[key]) for key in self._table]

    def __iter__(self) -> Iterator[str]:
        return iter(self._table)

    def __contains__(self, key: object) -> bool:
        return key in self._table


class _Watched:
    """A drawn record that notes which of its figures are read."""

    __slots__ = ("_record", "_uses")

    def __init__(self, record: Any, uses: set[str]) -> None:
        self._record, self._uses = record, uses

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._record, name)
        if isinstance(found, dict):
            return _WatchedTable(found, address(self._record, name), self._uses) if found else found
        if isinstance(found, np.ndarray):
            self._uses.add(address(self._record, name))
        return found


def watched(record: R, uses: set[str]) -> R:
    """Return a drawn record that writes into ``uses`` the address of every figure that is read from it.

    To be handed to the function that fills a kernel's table: the statement that reads a figure is then the one that
    makes the number depend on it, and no second list says so. What is not a figure is passed on as it is.

    Examples
    --------
    >>> from ringtrue.catalogue.load import load_catalogue
    >>> figures = load_catalogue()
    >>> uses: set[str] = set()
    >>> target = watched(Ledger(figures, 50, seed=1).record(figures.targets["f-16"]), uses)
    >>> target.id, target.rcs_m2["S"]["nose"].shape, sorted(uses)
    ('f-16', (51,), ['target.f-16.rcs.S.nose'])
    """
    return record if isinstance(record, _Watched) and record._uses is uses else _Watched(unwatched(record), uses)  # type: ignore[return-value]


def mapped(record: R, change: Callable[[Any], Any]) -> R:
    """Return what ``change`` makes of a record, watched as the record was."""
    found = change(unwatched(record))
    return _Watched(found, record._uses) if isinstance(record, _Watched) else found  # type: ignore[return-value]


def unwatched(record: R) -> R:
    """Return the drawn record itself."""
    return record._record if isinstance(record, _Watched) else record


class Ledger:
    """The draws of one run, and what was drawn.

    Parameters
    ----------
    catalogue : Catalogue
        Whose assumptions say how cross-sections and flight times scatter.
    n_draws, seed : int
        Length of the draw axis; seed of the run. The same two give the same draws, whatever else is drawn.
    design : Design, optional
        Lays the draws out in place of one number in each of equal slices; of as many draws.

    Attributes
    ----------
    figures : dict
        A row for each drawn figure, by address, in the order in which they were asked for. Figures without a spread
        have none.

    Examples
    --------
    >>> from ringtrue.catalogue.load import load_catalogue
    >>> figures = load_catalogue()
    >>> ledger = Ledger(figures, 200, seed=1)
    >>> radar = ledger.record(figures.radars["91n6e"])
    >>> row = ledger.figures["radar.91n6e.reference_range"]
    >>> row.label, row.unit, row.scale, row.is_assumed
    ('reference range of the 91N6E acquisition radar', 'm', 'linear', True)
    >>> radar.reference_range_m.shape, bool((radar.reference_range_m[DRAWS] == row.values).all())
    ((201,), True)
    """

    def __init__(self, catalogue: Catalogue, n_draws: int, seed: int, design: Design | None = None) -> None:
        self.catalogue = catalogue
        self.design = design
        self.n_draws = n_draws
        self.seed = seed
        self.figures: dict[str, Figure] = {}
        self.streams: dict[str, FloatArray] = {}
        self._records: dict[str, list[tuple[Any, Any]]] = {}
        self._stands_for: dict[str, str] = {}
        self._parameters: dict[str, Parameter] = {}
        self._grounds: dict[int, Grounds] = {}

    def record(self, record: R) -> Any:
        """Draw every figure of a record of the catalogue: arrays (draw + 1,), the nominal case last."""
        known = self._records.setdefault(section_of(record), [])
        for source, found in known:
            if source is record or source == record:
                return found
        self._parameters |= {p.id: p for p in parameters_of(record)}
        offset_db = self.catalogue.assumptions[OWN_PART_OF_RCS].nominal
        drawn = draw_record(
            record, self.n_draws, self.seed, rcs_independent_db=offset_db, uniform=self._uniform
        )  # fmt: skip
        known.append((record, _append(drawn, nominal_record(record))))
        self._write(record, drawn, record_name(record))
        return known[-1][1]

    def figure(self, parameter: Parameter) -> FloatArray:
        """Draw one figure that belongs to no record: an assumption, or what a scenario gives; (draw + 1,)."""
        self._parameters[parameter.id] = parameter
        numbers = self._numbers(parameter)
        values = np.full(self.n_draws, parameter.nominal) if numbers is None else quantile(parameter, numbers)
        self._row(parameter, _sentence_case(parameter.label), values)
        return np.append(values, parameter.nominal)

    def assumption(self, key: str) -> FloatArray:
        """Draw one model-wide assumption of the catalogue; (draw + 1,)."""
        return self.figure(self.catalogue.assumptions[key])

    def fixed(self, parameter: Parameter, uses: set[str]) -> float:
        """Return the nominal value of a figure that every draw shares: weather, a place, a rule; ``uses`` notes it.

        It has no row: what is not drawn decides nothing, and yet stands behind the answer.
        """
        self._parameters[parameter.id] = parameter
        uses.add(parameter.id)
        return parameter.nominal

    def flight_time_doubt(self) -> FloatArray:
        """Draw where in its doubt a flight time lies, in units of the doubt that the flight model knows; (draw + 1,).

        Uniform either way within the catalogue's assumption ``flight-time-doubt``; 0, the nominal case, takes the
        published mean speed at every distance.
        """
        parameter = self.catalogue.assumptions["flight-time-doubt"]
        self._parameters[parameter.id] = parameter
        sway = (
            stream(self.seed, f"draw/{FLIGHT_TIME_STREAM}").uniform(-1.0, 1.0, self.n_draws)
            if self.design is None
            else 2.0 * self.design.loose_numbers(FLIGHT_TIME_DOUBT, FLIGHT_TIME_STREAM, self.seed) - 1.0
        )
        doubt = sway * (parameter.nominal / MEAN_SPEED_DOUBT)
        label = "flight time away from the published distance"
        self.streams[FLIGHT_TIME_DOUBT] = sway
        self.figures[FLIGHT_TIME_DOUBT] = Figure(
            FLIGHT_TIME_DOUBT, label, "1", "linear", True, FLIGHT_TIME_DOUBT, doubt * MEAN_SPEED_DOUBT, 0.0
        )
        return np.append(doubt, 0.0)

    def grounds(self, n_reliefs: int) -> Grounds:
        """Draw the doubt about the ground: which of ``n_reliefs`` each draw lives on, and what each of them is made of.

        A ground is the same by its number for any count, and whatever the number of draws. Asked for two or more, the
        draws that stand in a hollow, as many as its chance takes, live on ground 2; the others take the rest in turn.
        Grounds beyond the last one that a draw lives on are left out.
        """
        if n_reliefs in self._grounds:
            return self._grounds[n_reliefs]
        for key in HOLLOW_OF_GROUND:
            parameter = self.catalogue.assumptions[key]
            self._parameters[parameter.id] = parameter
        depth, chance = (self.catalogue.assumptions[key].nominal for key in HOLLOW_OF_GROUND)
        relief = (
            grounds_of_draws(n_reliefs, self.n_draws, chance)
            if self.design is None
            else self.design.grounds(n_reliefs, chance, GROUND, self.seed)
        )
        drawn = []
        for key in DRAWN_OF_GROUND:
            parameter = self.catalogue.assumptions[key]
            self._parameters[parameter.id] = parameter
            numbers = numbers_of_grounds(key.removesuffix("-unmeasured"), int(relief.max()), self.seed)
            drawn.append(quantile(parameter, numbers))
            if key == "site-offset":
                drawn[-1][HOLLOW - 1 : HOLLOW] = -depth
            self._write_figure(parameter, _sentence_case(parameter.label), drawn[-1][relief[DRAWS] - 1], GROUND)
        self.streams[GROUND] = relief[DRAWS].astype(np.float64)
        self.figures[REALISATION] = Figure(
            REALISATION, "terrain between the grid points of the elevation model", "1", "category", True, GROUND,
            self.streams[GROUND], 0.0,
        )  # fmt: skip
        self._grounds[n_reliefs] = Grounds(relief, *drawn)
        return self._grounds[n_reliefs]

    def on_relief(self, uses: set[str], record: Any, field: str, relief: IntArray) -> FloatArray:
        """Return a figure that a sweep holds fixed, one value for each relief: the nominal one on relief 0.

        On a drawn ground it lies where the ground's number puts it in its spread, whatever the draws. Its row then
        holds what the draws really lived with, drawn with the ground.
        """
        place = address(unwatched(record), field)
        uses.add(place)
        parameter = self._parameters[self._stands_for.get(place, place)]
        numbers = numbers_of_grounds(parameter.group or parameter.id, int(relief.max()), self.seed)
        values = np.append(getattr(unwatched(record), field)[NOMINAL], quantile(parameter, numbers))
        if parameter.id in self.figures:
            lived = values[relief[DRAWS]]
            self.figures[parameter.id] = replace(self.figures[parameter.id], stream=GROUND, values=lived)
        return values

    def rows(self, uses: Iterable[str]) -> tuple[Figure, ...]:
        """Return the rows behind addresses, in their order; a cross-section brings its common offset."""
        wanted = {self._stands_for.get(a, a) for a in uses}
        wanted |= {a.split(".rcs.", 1)[0] + ".rcs" for a in wanted if a.startswith("target.") and ".rcs." in a}
        return tuple(self.figures[a] for a in sorted(wanted & set(self.figures)))

    def addresses(self, uses: Iterable[str]) -> tuple[str, ...]:
        """Return the figures behind a number as a report names them, in the order of their addresses.

        A cross-section that is drawn brings the size of its own part along.
        """
        found = {self._stands_for.get(a, a) for a in uses}
        if any(a.startswith("target.") and ".rcs." in a and a in self.figures for a in found):
            found.add(f"assumption.{OWN_PART_OF_RCS}")
        return tuple(sorted(found - {REALISATION}))

    def parameters(self, uses: Iterable[str]) -> tuple[Parameter, ...]:
        """Return the figures behind a number, drawn or fixed, as the catalogue or the scenario gives them."""
        return tuple(self._parameters[a] for a in self.addresses(uses) if a in self._parameters)

    def figure_of(self, stream_name: str, addresses: Iterable[str]) -> Figure | None:
        """Return the figure whose values stand for a stream: the one that names it, else the first with values."""
        rows = [self.figures[a] for a in addresses if self.figures[a].scale != "category"]
        if stream_name == GROUND or not rows:
            return None
        return next((row for row in rows if row.address == stream_name), rows[0])

    def candidates(self, uses: Iterable[str]) -> tuple[Candidate, ...]:
        """Return the streams behind a set of addresses: what may decide an answer that depends on them.

        A stream bears the label of the figure that gave it its name if the answer reads that one, else of the first.
        """
        by_stream: dict[str, list[Figure]] = {}
        for row in self.rows(uses):
            by_stream.setdefault(row.stream, []).append(row)
        found = []
        for name, rows in by_stream.items():
            lead = next((r for r in rows if r.scale == "category" or r.address == name), rows[0])
            found.append(
                Candidate(
                    name, lead.label, any(r.is_assumed for r in rows), lead.scale == "category", self.streams[name],
                    tuple(r.address for r in rows),
                )
            )  # fmt: skip
        return tuple(found)

    def _numbers(self, parameter: Parameter) -> FloatArray | None:
        if parameter.spread == "fixed" or parameter.low == parameter.high:
            return None
        name = parameter.group or parameter.id
        if name not in self.streams:
            self.streams[name] = self._uniform(name)
        return self.streams[name]

    def _uniform(self, name: str) -> FloatArray:
        """Uniform numbers (draw,) of a stream."""
        if self.design is None:
            return stream_numbers(name, n_draws=self.n_draws, seed=self.seed)
        return self.design.numbers(name, self.seed)

    def _row(self, parameter: Parameter, label: str, values: FloatArray) -> None:
        if self._numbers(parameter) is not None:
            self._write_figure(parameter, label, values, parameter.group or parameter.id)

    def _record_row(self, place: str, parameter: Parameter, label: str, values: FloatArray) -> None:
        """Write the row of a record's figure; one that an assumption or a scenario stands in for keeps its own name."""
        if parameter.id != place:
            self._stands_for[place] = parameter.id
            label = _sentence_case(parameter.label)
        self._row(parameter, label, values)

    def _write_figure(self, parameter: Parameter, label: str, values: FloatArray, stream_name: str) -> None:
        scale: Scale = "log" if parameter.spread == "split-log" else "linear"
        self.figures[parameter.id] = Figure(
            parameter.id, label, parameter.si, scale, parameter.rests_on_assumption, stream_name, values,
            parameter.nominal,
        )  # fmt: skip

    def _write(self, record: Any, drawn: Any, name: str) -> None:
        """Write a row for every figure of a record that has a spread."""
        for spec in fields_of(record.__class__):
            given, values = getattr(record, spec.name), getattr(drawn, spec.name)
            if spec.name == "rcs_m2":
                self._write_rcs(record, name)
            elif isinstance(given, Parameter):
                self._record_row(address(record, spec.name), given, f"{spec.short} of the {name}", values)
            elif isinstance(given, dict):
                for key, item in given.items():
                    if isinstance(item, Envelope):
                        self._write_envelope(item, values[key], name)
                    elif isinstance(item, Parameter):
                        self._row(item, f"{spec.short} of the {name}: {key}", values[key])

    def _write_envelope(self, envelope: Any, drawn: Any, name: str) -> None:
        for spec in fields_of(Envelope):
            given, values = getattr(envelope, spec.name), getattr(drawn, spec.name)
            against = f"of the {name} against {KINDS[envelope.kind]}"
            if isinstance(given, Parameter):
                self._row(given, f"{spec.short} {against}", values)
            else:
                for key, item in given.items():
                    self._row(item, f"{spec.short} {against}: {key}", values[key])

    def _write_rcs(self, target: TargetClass[Parameter], name: str) -> None:
        """Write the common offset of a class [dB] and, for each band and aspect, its own part [dB]."""
        own_part = self.catalogue.assumptions[OWN_PART_OF_RCS]
        offset_db, self._parameters[own_part.id] = own_part.nominal, own_part
        drawn = rcs_offsets(target, self._uniform)
        spread = [p for p in drawn.own if p.low < p.high and p.spread != "fixed"]
        if not spread:
            return
        place, what = f"{section_of(target)}.rcs", f"radar cross-section of the {name}"
        common_db = 10.0 * np.log10(quantile(spread[0], drawn.common) / spread[0].nominal)
        assumed = any(p.rests_on_assumption for p in spread)
        self.streams[place] = drawn.common
        self.figures[place] = Figure(place, what, "dB", "linear", assumed, place, common_db, 0.0)
        for parameter in spread:
            numbers = drawn.own[parameter]
            name_of_stream = f"rcs-offset/{parameter.group or parameter.id}"
            band, aspect = parameter.id.rsplit(".", 2)[1:]
            self.streams[name_of_stream] = numbers
            self.figures[parameter.id] = Figure(
                parameter.id, f"{what}, its own part in the {band} band, {aspect}", "dB", "linear",
                parameter.rests_on_assumption, name_of_stream, (2.0 * numbers - 1.0) * offset_db, 0.0,
            )  # fmt: skip


KINDS = {
    "aircraft": "aircraft",
    "cruise-missile": "cruise missiles",
    "drone": "drones",
    "ballistic": "ballistic missiles",
}


def record_name(record: Any) -> str:
    """Return what a sentence calls a record: a class without its bracket, anything else by its name.

    >>> from ringtrue.catalogue.load import load_catalogue
    >>> record_name(load_catalogue().targets["f-16"])
    'F-16'
    """
    return short_name(record.name) if isinstance(record, TargetClass) else str(record.name)


def _sentence_case(label: str) -> str:
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def _append(drawn: Any, nominal: Any) -> Any:
    if isinstance(drawn, np.ndarray):
        return np.concatenate([drawn, nominal])
    if isinstance(drawn, dict):
        return {key: _append(value, nominal[key]) for key, value in drawn.items()}
    if is_dataclass(drawn) and not isinstance(drawn, type):
        changed = {f.name: _append(getattr(drawn, f.name), getattr(nominal, f.name)) for f in fields(drawn)}
        return replace(drawn, **changed)
    return drawn
