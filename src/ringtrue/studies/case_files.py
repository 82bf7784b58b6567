"""Case files of ``ringtrue verify``: numbers that others printed or that follow from a closed form, as TOML.

One published number is one ``[[case]]``. A file may carry ``[source.CODE]`` tables (title, address) that its cases, and
those of the other files read with it, refer to by code.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from ringtrue.errors import InputError, did_you_mean
from ringtrue.scenario.keys import Key, Table
from ringtrue.scenario.values import example_of
from ringtrue.studies.measures import measure_path
from ringtrue.toml_files import decode, parse_toml, read_bytes
from ringtrue.units import DECIBELS, UNITS, factor_to_si, near_unit, shown, si_of

SHIPPED = Path(__file__).with_name("cases")
ROOMS = (
    "geo", "radar", "kinematics", "catalogue", "scenario", "sensing", "coverage", "engagement", "procurement",
    "studies",
)  # fmt: skip
KINDS = {
    "PUB": "printed in a public document",
    "PUB+CF": "printed in a public document and recomputed from the closed form",
    "PUB+PKG": "printed in a public document and returned by an independent package",
    "CF": "closed form, integral or root",
    "PKG": "returned by an independent package",
    "RECALLED": "entered from memory and confirmed by an independent package; not counted as printed",
}
CASE = Table(
    "One published number and what recomputes it: exactly one of `function`, `simulation` and `scenario`.",
    (
        Key("id", "text", "name of the case, once in all files", required=True, example='"my-case"'),
        Key("title", "text", "what the number is", required=True, example='"Area of a ring of 40 km"'),
        Key("kind", "choice", "where the number comes from", required=True, choices=tuple(KINDS), example='"CF"'),
        Key(
            "source", "text", "code of a `[source.CODE]`, or words that name the document", required=True,
            example='"area of a cap"',
        ),
        Key("expect", "result", "the number as it is printed, or several", required=True, example="5026.53"),
        Key("unit", "text", "unit that it is printed in", required=True, example='"km2"'),
        Key("returns", "text", "unit that the answer comes in, where its name does not say"),
        Key("rtol", "number", "tolerance as a ratio", low=0.0),
        Key("atol", "number", "tolerance in the unit of the case", low=0.0),
        Key("sigma", "number", "of a simulation: tolerance in standard errors", low=0.0),
        Key("note", "text", "why the tolerance, or what was assumed"),
        Key("function", "text", "public function that recomputes it, by its path"),
        Key("args", "arguments", "arguments of the function in SI by parameter name, or choices of the study"),
        Key("result", "step", "field or index of the answer, with dots between several"),
        Key("simulation", "text", "name of a simulation of the raid kernel"),
        Key("replications", "integer", "of a simulation: how many", default=100_000, low=1),
        Key("seed", "integer", "of a simulation: its seed", default=1, low=1),
        Key("scenario", "text", "scenario that is asked, by name or path"),
        Key("measure", "text", "with `scenario`: what is asked of it, `COMMAND.FIELD`"),
    ),
    named_by="id",
)  # fmt: skip
CASE_SOURCE = Table(
    "A document that prints numbers.",
    (
        Key("title", "text", "what it is", required=True),
        Key("address", "text", "where it can be read"),
    ),
)
_KEYS = {key.name for key in CASE.keys}
_OWN_UNITS = {"days": "days", "dB/km": "dB/km", "N/km": "N/km"}  # printed and returned alike, never converted
_SI_OF = {unit: si for unit, (si, _) in UNITS.items()} | DECIBELS | _OWN_UNITS
_COUNTED = ("people", "rounds")
SUFFIXES = {  # how names carry units, the longer ones first
    "_db_per_km": "dB/km", "_dbsm": "dBsm", "_dbw": "dBW", "_db": "dB", "_km2": "km2", "_m2": "m2", "_km": "km",
    "_mps": "m/s", "_m": "m", "_s": "s", "_rad": "rad", "_deg": "deg", "_usd": "USD", "_hz": "Hz", "_w": "W",
    "_ratio": "1", "_fraction": "1",
}  # fmt: skip
ENDS = ("low", "median", "high", "nominal")


@dataclass(frozen=True, slots=True)
class Source:
    """A document that prints numbers: what it is and where it stands."""

    code: str
    title: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One published number (or array) and the call that must reproduce it.

    ``expect`` is in ``unit``; the function answers in ``returns``. Exactly one of ``function``, ``simulation`` and
    ``scenario`` is set. ``folder`` is that of the file.
    """

    id: str
    title: str
    kind: str
    source: Source
    expect: tuple[float, ...]
    unit: str
    returns: str
    rtol: float
    atol: float
    sigma: float
    note: str
    file: str
    function: str | None
    args: dict[str, Any]
    result: tuple[str, ...]
    simulation: str | None
    replications: int
    seed: int
    scenario: str | None
    measure: str | None
    folder: Path
    trouble: str = ""  # why it cannot be run at all

    @property
    def is_printed_elsewhere(self) -> bool:
        """Whether somebody else's public document prints this number."""
        return self.kind.startswith("PUB")

    @property
    def call(self) -> str:
        """What recomputes the number, in one word."""
        if self.trouble:
            return "none"
        return self.function or (
            f"simulation {self.simulation}" if self.simulation else f"{self.scenario}: {self.measure}"
        )


def shipped_files() -> tuple[Path, ...]:
    """Return the case files that come with the package, in the order of their names."""
    return tuple(sorted(SHIPPED.glob("*.toml")))


def load_cases(paths: tuple[Path, ...]) -> tuple[Case, ...]:
    """Read case files.

    Parameters
    ----------
    paths : tuple of Path
        Files to read, in this order.

    Returns
    -------
    tuple of Case
        In the order of the files.

    Raises
    ------
    InputError
        A file cannot be read or holds no case, or two cases have the same id. What is wrong with one case makes a
        case that fails and says why (``trouble``); the others stay as they are.
    """
    documents = [(path, _document(path)) for path in paths]
    sources: dict[str, Source] = {}
    for path, document in documents:
        sources |= _sources(path, document)
    cases: list[Case] = []
    seen: dict[str, str] = {}
    for path, document in documents:
        for i, table in enumerate(document.get("case", []), start=1):
            case = _case_or_trouble(path, i, table, sources)
            if case.id in seen and not case.trouble:
                msg = (
                    f"{path.name}: case {case.id!r} stands twice (also in {seen[case.id]}); give each number its own id"
                )
                raise InputError(msg)
            if not case.trouble:
                seen[case.id] = path.name
            cases.append(case)
    if not cases:
        names = ", ".join(p.name for p in paths) or "no file"
        msg = f"{names}: no [[case]] found; a case file holds one [[case]] table for each number"
        raise InputError(msg)
    return tuple(cases)


def _document(path: Path) -> dict[str, Any]:
    raw = read_bytes(path, what="a TOML case file")
    document = parse_toml(decode(raw, path.name), path.name)
    for key in document:
        if key not in ("case", "source"):
            hint = did_you_mean(key, ["case", "source"])
            msg = f"{path.name}: unknown key {key!r}{hint or '; a case file holds [[case]] and [source.CODE] tables'}"
            raise InputError(msg)
    if not isinstance(document.get("case", []), list):
        msg = f"{path.name}: case: write [[case]] with double brackets, one for each number"
        raise InputError(msg)
    return document


def _sources(path: Path, document: dict[str, Any]) -> dict[str, Source]:
    found: dict[str, Source] = {}
    tables = document.get("source", {})
    for code, table in tables.items() if isinstance(tables, dict) else ():
        if not isinstance(table, dict) or not isinstance(table.get("title"), str) or set(table) - {"title", "address"}:
            msg = f"{path.name}: source.{code}: wanted a title and, where there is one, an address, both as text"
            raise InputError(msg)
        found[code] = Source(code, table["title"], str(table.get("address", "")))
    return found


def _case(path: Path, i: int, table: dict[str, Any], sources: dict[str, Source]) -> Case:
    name = table.get("id")
    where = f"{path.name}: case {name!r}" if isinstance(name, str) else f"{path.name}: case number {i}"
    for key in table:
        if key not in _KEYS:
            msg = f"{where}: unknown key {key!r}{did_you_mean(key, _KEYS)}"
            raise InputError(msg)
    missing = [key for key in CASE.keys if key.required and key.name not in table]
    if len(missing) > 1:
        lines = ", ".join(f"{key.name} = {example_of(key)}" for key in missing)
        msg = f"{where}: {len(missing)} keys are missing: {lines}"
        raise InputError(msg)
    texts = {key: _text(where, table, key) for key in ("id", "title", "kind", "source", "unit")}
    if texts["kind"] not in KINDS:
        msg = f"{where}: kind: {texts['kind']!r} is none of {', '.join(KINDS)}"
        raise InputError(msg)
    forms = [key for key in ("function", "simulation", "scenario") if key in table]
    if len(forms) != 1:
        given = " and ".join(forms) or "none of them"
        msg = f"{where}: wanted exactly one of function, simulation, scenario; given: {given}"
        raise InputError(msg)
    unit = texts["unit"]
    named = _unit_of_name(table)
    returns = str(table.get("returns", named or _SI_OF.get(unit, "")))
    is_multiple = returns == unit == "1" and "returns" in table  # of a reference that args set to 1
    fits = returns == named or (named == "1" and unit in _COUNTED)
    if named and not is_multiple and not fits:
        msg = (
            f"{where}: returns: {returns!r}, but the name of {_answer_name(table)!r} says {named!r}; "
            f"write returns = {named!r}, or leave it out"
        )
        raise InputError(msg)
    _require_units(where, unit, returns)
    tolerances = {key: _tolerance(where, table, key) for key in ("rtol", "atol", "sigma")}
    _require_tolerance(where, forms[0], table, tolerances)
    function = _text(where, table, "function") if "function" in table else None
    args = table.get("args", {})
    if not isinstance(args, dict):
        msg = f"{where}: args: wanted a table of parameter names and values; given: {args!r}"
        raise InputError(msg)
    if function is not None:
        _require_arguments(where, function, args)
    if "scenario" in table:
        try:
            measure_path(_text(where, table, "measure"), args)
        except InputError as error:
            msg = str(error) if str(error).startswith(where) else f"{where}: {error}"
            raise InputError(msg) from None
    return Case(
        id=texts["id"], title=texts["title"], kind=texts["kind"],
        source=sources.get(texts["source"], Source("", texts["source"])),
        expect=_expectation(where, table), unit=unit, returns=returns,
        rtol=tolerances["rtol"], atol=tolerances["atol"], sigma=tolerances["sigma"],
        note=str(table.get("note", "")), file=path.name, function=function, args=args,
        result=tuple(str(table.get("result", "")).split(".")) if str(table.get("result", "")) else (),
        simulation=_text(where, table, "simulation") if "simulation" in table else None,
        replications=_count(where, table, "replications", 100_000), seed=_count(where, table, "seed", 1),
        scenario=_text(where, table, "scenario") if "scenario" in table else None,
        measure=_text(where, table, "measure") if "scenario" in table else None,
        folder=path.parent,
    )  # fmt: skip


def _case_or_trouble(path: Path, i: int, table: Any, sources: dict[str, Source]) -> Case:
    """Return a case, or one that fails and says why, so that the others of the file are still run."""
    named = table if isinstance(table, dict) else {}
    name, title, kind = (named[key] if isinstance(named.get(key), str) else "" for key in ("id", "title", "kind"))
    try:
        if named is not table:
            msg = f"case number {i} is {shown(table)}, no table; write [[case]] and its keys below"
            raise InputError(msg)
        return _case(path, i, table, sources)
    except InputError as error:
        return Case(
            id=name or f"{path.stem}-{i}", title=title or f"case number {i}", kind=kind if kind in KINDS else "CF",
            source=Source("", "none"), expect=(math.nan,), unit="1", returns="1", rtol=0.0, atol=0.0, sigma=0.0,
            note="", file=path.name, function=None, args={}, result=(), simulation=None, replications=0, seed=1,
            scenario=None, measure=None, folder=path.parent,
            trouble=str(error).removeprefix(f"{path.name}: case {name!r}: ").removeprefix(f"{path.name}: "),
        )  # fmt: skip


def _text(where: str, table: dict[str, Any], key: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value:
        given = "it is missing" if key not in table else f"given: {value!r}"
        msg = f"{where}: {key}: wanted a text; {given}"
        raise InputError(msg)
    return value


def _count(where: str, table: dict[str, Any], key: str, default: int) -> int:
    value = table.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        msg = f"{where}: {key}: wanted a whole number of 1 or more; given: {value!r}"
        raise InputError(msg)
    return value


def _tolerance(where: str, table: dict[str, Any], key: str) -> float:
    value = table.get(key, 0.0)
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0.0 <= value < math.inf:
        msg = f"{where}: {key}: wanted a number of 0 or more; given: {value!r}"
        raise InputError(msg)
    return float(value)


def _require_tolerance(where: str, form: str, table: dict[str, Any], tolerances: dict[str, float]) -> None:
    if form == "simulation" and tolerances["sigma"] == 0.0:
        msg = f"{where}: sigma is missing; a simulation is judged in standard errors, such as sigma = 4.2"
        raise InputError(msg)
    if form == "simulation" and "returns" in table:
        msg = f"{where}: returns does not belong to a simulation; it answers in the unit of the case"
        raise InputError(msg)
    if form != "simulation" and tolerances["sigma"] > 0.0:
        msg = f"{where}: sigma belongs to a simulation; write rtol or atol here"
        raise InputError(msg)
    if form != "simulation" and tolerances["rtol"] == tolerances["atol"] == 0.0:
        msg = f"{where}: no tolerance given; write rtol (a ratio), or atol in the unit of the case"
        raise InputError(msg)


def _answer_name(table: dict[str, Any]) -> str:
    """Return the name of the number that is asked for: a field of the answer, a measure, or the function itself."""
    steps = [*str(table.get("measure", "")).split("."), *str(table.get("result", "")).split(".")]
    named = [step for step in steps if step and not step.lstrip("-").isdigit() and step not in ENDS]
    return named[-1] if named else str(table.get("function", "")).rpartition(".")[2]


def _unit_of_name(table: dict[str, Any]) -> str:
    """Return the unit that the name of the number ends in, or the empty string where it ends in none."""
    if "simulation" in table:
        return ""
    name = _answer_name(table)
    return next((unit for suffix, unit in SUFFIXES.items() if name.endswith(suffix)), "")


def _require_units(where: str, unit: str, returns: str) -> None:
    if unit not in _SI_OF:
        msg = f"{where}: unit: {unit!r} is not known{near_unit(unit, _SI_OF)}; known are {', '.join(_SI_OF)}"
        raise InputError(msg)
    try:
        from_returned(1.0, returns, unit)
    except InputError as error:
        msg = f"{where}: returns: {returns!r} cannot be turned into {unit!r}: {error}"
        raise InputError(msg) from None


def _expectation(where: str, table: dict[str, Any]) -> tuple[float, ...]:
    value = table.get("expect")
    values = value if isinstance(value, list) else [value]
    good = [v for v in values if isinstance(v, (int, float)) and not isinstance(v, bool) and math.isfinite(v)]
    if not values or len(good) != len(values):
        given = "it is missing" if "expect" not in table else f"given: {value!r}"
        msg = f"{where}: expect: wanted a finite number or an array of such; {given}"
        raise InputError(msg)
    return tuple(float(v) for v in good)


def public_function(path: str) -> Callable[..., Any]:
    """Find a function that case files may call: public, in a room, and listed in the ``FOR_CASES`` of its module.

    >>> public_function("ringtrue.studies.statistics.runs_needed").__name__
    'runs_needed'

    Raises
    ------
    InputError
        The path leaves the rooms of the package, names no public function there, or one that does more than compute.
    """
    module_path, _, name = path.rpartition(".")
    parts = module_path.split(".")
    if len(parts) < 3 or parts[0] != "ringtrue" or parts[1] not in ROOMS or not all(p.isidentifier() for p in parts):
        msg = (
            f"{path!r} is not a function of a room; write ringtrue.ROOM.MODULE.FUNCTION, ROOM one of {', '.join(ROOMS)}"
        )
        raise InputError(msg)
    if any(part.startswith("_") for part in (*parts, name)):
        msg = f"{path!r} is private; name a public function"
        raise InputError(msg)
    try:
        module = import_module(module_path)
    except ModuleNotFoundError:
        msg = f"{path!r}: there is no module {module_path!r}"
        raise InputError(msg) from None
    found = getattr(module, name, None)
    if (
        not callable(found)
        or inspect.isclass(found)
        or not str(getattr(found, "__module__", "")).startswith("ringtrue.")
    ):
        offered = [n for n, f in vars(module).items() if inspect.isroutine(f) and not n.startswith("_")]
        msg = f"{path!r}: module {module_path!r} has no function {name!r}{did_you_mean(name, offered)}"
        raise InputError(msg)
    listed: tuple[str, ...] = getattr(module, "FOR_CASES", ())
    if name not in listed:
        known = f"; those of {module_path} are {', '.join(listed)}" if listed else "; its module has none"
        msg = f"{path!r} is not among the functions that case files may call, which only compute{known}"
        raise InputError(msg)
    return found  # type: ignore[no-any-return]


def _require_arguments(where: str, function: str, args: dict[str, Any]) -> None:
    try:
        signature = inspect.signature(public_function(function))
    except InputError as error:
        msg = f"{where}: function: {error}"
        raise InputError(msg) from None
    names = list(signature.parameters)
    for key in args:
        if key not in names:
            hint = did_you_mean(key, names) or f"; it takes {', '.join(names)}"
            msg = f"{where}: args: {function} has no parameter {key!r}{hint}"
            raise InputError(msg)
    missing = [n for n, p in signature.parameters.items() if p.default is p.empty and n not in args]
    if missing:
        msg = f"{where}: args: {function} also wants {', '.join(missing)}"
        raise InputError(msg)


def from_returned(value: float, returns: str, unit: str) -> float:
    """Turn what a function returned into the unit in which the number was printed.

    >>> from_returned(54_252.0, "m", "km"), round(from_returned(20.0, "1", "dB"), 4)
    (54.252, 13.0103)

    Raises
    ------
    InputError
        The two units are of different kinds.
    """
    if returns == unit or (returns == "1" and unit in _COUNTED):
        return value
    if (returns, unit) in (("1", "dB"), ("W", "dBW"), ("m2", "dBsm")):
        return 10.0 * math.log10(value)
    if (returns, unit) == ("dB/m", "dB/km"):
        return value * 1000.0
    if unit in ("dB", "dBW", "dBsm", "dB/km", "N/km", "days") or returns in ("dB", "dB/km", "N/km", "days", ""):
        msg = f"wanted {unit!r} itself or its linear form, got {returns!r}"
        raise InputError(msg)
    si = si_of(returns) or returns
    return value * factor_to_si(returns, si) / factor_to_si(unit, si)
