"""The records of the claims study, and its file: strict TOML, one table per claim."""

from __future__ import annotations

import itertools
import math
import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

from ringtrue.errors import InputError, did_you_mean, kept, refuse_all
from ringtrue.scenario.keys import Key, Table
from ringtrue.scenario.lines import key_lines, line_of
from ringtrue.scenario.values import example_of
from ringtrue.toml_files import beside, decode, parse_toml, read_bytes
from ringtrue.units import parse_quantity, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ringtrue.scenario.lines import Path as KeyPath

Kind = Literal[
    "coverage", "comparison", "schedule", "money", "network", "exposure", "knowledge", "quotation", "arithmetic",
    "not-answerable",
]  # fmt: skip
Verdict = Literal[
    "supported", "not supported by published figures", "depends", "not answerable with public figures",
    "arithmetic/quotation",
]  # fmt: skip
SHIPPED = "claims.toml"
QUOTED_KINDS: tuple[Kind, ...] = ("quotation", "arithmetic")
DATE = "date"
CLAIM = Table(
    "One testable statement and how it is tested. A verdict is never written: it follows from measure and criterion.",
    (
        Key("id", "text", "name of the row, once in the file", required=True, example='"my-claim"'),
        Key("report", "text", "who says so: a report, the press", required=True, example='"press"'),
        Key(
            "statement", "text", "what is said, in our words", required=True,
            example='"The system reaches 40 km: a drone can be engaged in nearly all of the ring."',
        ),
        Key("kind", "choice", "what kind of statement it is", required=True, choices=get_args(Kind)),
        Key(
            "reading", "text", "how the words became a measure and a criterion, and what of it is ours", required=True,
            example='"nearly all is read as nine tenths; the nine tenths are ours"',
        ),
        Key("place", "text", "where in the report it stands"),
        Key("tested", "text", "the narrower statement that is tested in its place"),
        Key("quote", "text", "what the source prints, in its words"),
        Key("sources", "texts", "keys of the sources in the catalogue"),
        Key("measure", "text", "what is measured: one of the measures below; wanted unless it cannot be answered",
            example='"engageable-share"'),
        Key(
            "args", "arguments", "arguments of the measure, one value each",
            example='{ system = "nasams", target = "one-way-uav", height = "100 m" }',
        ),
        Key("criterion", "text",
            "what must hold: `>= 0.9`, `< 10 km`, `0.95 .. 1.05`, `in 2019-10`; wanted unless it cannot be answered",
            example='">= 0.9"'),
        Key("variants", "arguments", "arguments of the measure that take several values side by side, each a list"),
        Key("command", "text",
            "command that shows the figure, arguments in braces filled in; wanted unless it cannot be answered",
            example='"ringtrue audit nasams --target one-way-uav --height 100m"'),
        Key("reason", "text", "of a statement that cannot be answered: why not", example='"nobody published it"'),
        Key("needs", "texts", "of a statement that cannot be answered: what would have to be public",
            example='["a figure that nobody published"]'),
    ),
    named_by="id",
)  # fmt: skip
CLAIMS_FILE = Table(
    "A claims file: strict TOML, one `[[claim]]` for each statement.",
    (
        Key("title", "text", "words for the reader"),
        Key("scenario", "text", "scenario of the places, laydowns and offers; a path starts at the file",
            default="turkey-2019"),
        Key("claim", "tables", "the statements", required=True, table=CLAIM),
    ),
)  # fmt: skip
ANSWERED, NOT_ANSWERED = ("command", "measure", "criterion"), ("reason", "needs")  # keys that either kind wants too
_TOP = tuple(key.name for key in CLAIMS_FILE.keys)
_KEYS = tuple(key.name for key in CLAIM.keys)
_TEXTS = tuple(key.name for key in CLAIM.keys if key.kind in ("text", "choice"))
_REQUIRED = tuple(key.name for key in CLAIM.keys if key.required)
_BOUND = re.compile(r"^\s*(>=|<=|>|<)\s*(.+?)\s*$")
_BETWEEN = re.compile(r"^\s*(.+?)\s*\.\.\s*(.+?)\s*$")
_MONTH = re.compile(r"^\s*in\s+(\d{4})(?:-(\d{2}))?\s*$")
_BLANK = re.compile(r"\{(\w+)\}")
_OPTION_OF_TERRAIN = {"terrain": "", "bare earth": " --dem none"}


class Criterion(NamedTuple):
    """What must hold of a measure: a value within bounds, in the SI unit of the measure (dates as ordinals)."""

    low: float
    high: float
    is_open: bool
    text: str

    def margin(self, value: Any) -> Any:
        """Return how far a value lies inside the bounds, below zero outside; works on arrays."""
        import numpy as np

        return np.minimum(np.asarray(value) - self.low, self.high - np.asarray(value))

    def holds(self, value: Any) -> Any:
        """Return whether a value fits."""
        margin = self.margin(value)
        return margin > 0.0 if self.is_open else margin >= 0.0

    @property
    def bound(self) -> float:
        """The one finite bound, or the lower of two."""
        return self.low if math.isfinite(self.low) else self.high


@dataclass(frozen=True, slots=True)
class MeasureSpec:
    """What the loader must know of a measure: its SI unit (or ``date``) and the arguments it takes."""

    si: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every argument."""
        return (*self.required, *self.optional)


@dataclass(frozen=True, slots=True)
class Claim:
    """One testable statement and how it is tested.

    ``statement`` is in our words, ``place`` where in the report it stands, ``quote`` what the source prints; ``tested``
    is the narrower statement that is tested in its place, empty where it is tested as it stands; ``reading`` says how
    the words became a measure and a criterion. ``variants`` maps arguments of the measure to the values they take side
    by side. ``command`` may hold names of arguments in braces, filled in for each variant.
    """

    id: str
    report: str
    statement: str
    kind: Kind
    reading: str
    command: str = ""  # none where nothing is computed
    place: str = ""
    tested: str = ""
    quote: str = ""
    measure: str = ""
    criterion: Criterion | None = None
    reason: str = ""
    sources: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    args: tuple[tuple[str, Any], ...] = ()
    variants: tuple[tuple[str, tuple[Any, ...]], ...] = ()

    def cases(self) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """Yield each variant: what varies, and all arguments."""
        names = [name for name, _ in self.variants]
        for chosen in itertools.product(*(values for _, values in self.variants)):
            words = dict(zip(names, chosen, strict=True))
            yield words, {**dict(self.args), **words}

    def command_of(self, args: Mapping[str, Any]) -> str:
        """Return the command that shows the figure of one variant.

        A blank such as ``{mast}`` takes the argument without its space (25m), ``{terrain}`` the option for bare earth.

        >>> claim = Claim("x", "press", "so", "coverage", "so", "ringtrue audit s-400 --mast {mast}{terrain}")
        >>> claim.command_of({"mast": "25 m", "terrain": "bare earth"})
        'ringtrue audit s-400 --mast 25m --dem none'
        """
        return _BLANK.sub(lambda found: _as_option(found[1], args[found[1]]), self.command)


@dataclass(frozen=True, slots=True)
class ClaimsFile:
    """A claims file: which scenario its places, laydowns and offers belong to, and the claims."""

    name: str
    title: str
    scenario: str
    claims: tuple[Claim, ...]


def parse_criterion(text: str, si: str) -> Criterion:
    """Read ``">= 0.9"``, ``"< 10 m"``, ``"0.95 .. 1.05"`` or, for dates, ``"in 2019-10"``.

    >>> parse_criterion(">= 250 km", "m")[:3]
    (250000.0, inf, False)
    >>> parse_criterion("in 2019-10", "date").high - parse_criterion("in 2019-10", "date").low
    30.0

    Raises
    ------
    InputError
        None of these forms, or a quantity of another kind.
    """
    if si == DATE and (month := _MONTH.match(text)):
        year = int(month[1])
        first, last = (int(month[2]),) * 2 if month[2] else (1, 12)
        if not 1 <= first <= 12:
            msg = f"{text!r} names no month; write one such as 'in 2019-10'"
            raise InputError(msg)
        low = date(year, first, 1).toordinal()
        return Criterion(float(low), float(date(year, last, monthrange(year, last)[1]).toordinal()), False, text)
    if bound := _BOUND.match(text):
        value = _value(bound[2], si)
        is_least = bound[1].startswith(">")
        return Criterion(value if is_least else -math.inf, math.inf if is_least else value, "=" not in bound[1], text)
    if both := _BETWEEN.match(text):
        low_value, high_value = _value(both[1], si), _value(both[2], si)
        if low_value <= high_value:
            return Criterion(low_value, high_value, False, text)
    forms = "'in 2019-10' or '<= 2019-10-31'" if si == DATE else "'>= 0.9', '< 10 km' or '0.95 .. 1.05'"
    msg = f"{text!r} is no criterion; write one such as {forms}"
    raise InputError(msg)


def _value(text: str, si: str) -> float:
    if si != DATE:
        return parse_quantity(text, si)
    try:
        return float(date.fromisoformat(text).toordinal())
    except ValueError:
        msg = f"{text!r} is no date; write a day such as 2019-07-25"
        raise InputError(msg) from None


def _as_option(name: str, value: Any) -> str:
    return _OPTION_OF_TERRAIN[str(value)] if name == "terrain" else str(value).replace(" ", "")


class _File:
    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.lines = key_lines(text)

    def complaint(self, path: KeyPath, claim: str, what: str) -> InputError:
        line = line_of(self.lines, path)
        where = f"{self.name}{'' if line is None else f':{line}'}"
        return InputError(f"{where}: {claim}{': ' if claim else ''}{what}")


def load_claims(path: Path | None, specs: Mapping[str, MeasureSpec]) -> ClaimsFile:
    """Load a claims file, or the shipped one, and check every key against the measures.

    Raises
    ------
    InputError
        One sentence: file, line, claim, key, and the nearest known word.
    """
    if path is None:
        text = (resources.files("ringtrue.studies") / "data" / SHIPPED).read_text(encoding="utf-8")
        return parse_claims(text, SHIPPED, specs)
    text = decode(read_bytes(path, "", "a claims file in TOML"), path.name)
    file = parse_claims(text, path.name, specs)
    claims = tuple(replace(c, args=_beside(path, c.args), variants=_beside(path, c.variants)) for c in file.claims)
    return replace(file, scenario=beside(path, file.scenario), claims=claims)


def _beside(path: Path, pairs: tuple[tuple[str, Any], ...]) -> tuple[tuple[str, Any], ...]:
    """Give the scenarios that arguments name the folder of the claims file."""

    def moved(value: Any) -> Any:
        return tuple(map(moved, value)) if isinstance(value, tuple) else beside(path, str(value))

    return tuple((name, moved(value) if name == "scenario" else value) for name, value in pairs)


def parse_claims(text: str, name: str, specs: Mapping[str, MeasureSpec]) -> ClaimsFile:
    """Make records of the text of a claims file; ``name`` is what complaints print."""
    content = parse_toml(text, name)
    file = _File(name, text)
    refused = [
        file.complaint((key,), "", f"unknown key {key!r}{did_you_mean(key, _TOP)}")
        for key in content
        if key not in _TOP
    ]
    tables = content.get("claim")
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise file.complaint((), "", "holds no claim; write [[claim]] and its keys below")
    claims = []
    for i, table in enumerate(tables):
        with kept(refused):
            claims.append(_claim(file, table, i, specs))
    refuse_all(refused)
    seen: set[str] = set()
    for i, claim in enumerate(claims):
        if claim.id in seen:
            raise file.complaint(("claim", i, "id"), claim.id, "given twice; give each claim an id of its own")
        seen.add(claim.id)
    return ClaimsFile(name, str(content.get("title", name)), str(content.get("scenario", "turkey-2019")), tuple(claims))


def _claim(file: _File, table: dict[str, Any], i: int, specs: Mapping[str, MeasureSpec]) -> Claim:
    label = f"claim {table.get('id', i + 1)!s}"
    here: KeyPath = ("claim", i)
    _check_keys(file, table, here, label)
    kind = table["kind"]
    if kind not in get_args(Kind):
        near = did_you_mean(kind, get_args(Kind)) or f"; choose one of {', '.join(get_args(Kind))}"
        raise file.complaint((*here, "kind"), label, f"kind {kind!r} is not known{near}")
    plain: dict[str, Any] = {key: table[key] for key in _TEXTS if key in table and key != "criterion"}
    plain |= {key: _texts(file, table.get(key, []), (*here, key), label) for key in ("sources", "needs")}
    if kind == "not-answerable":
        if "reason" not in table or not plain["needs"]:
            raise file.complaint(
                here, label, "a claim that cannot be answered wants a reason and what it needs (needs)"
            )
        if "measure" in table:
            raise file.complaint(
                (*here, "measure"), label, "a claim that cannot be answered has no measure; take it out"
            )
        return Claim(**plain)
    if table["measure"] not in specs:
        near = did_you_mean(table["measure"], specs) or f"; there are: {', '.join(specs)}"
        raise file.complaint((*here, "measure"), label, f"measure {table['measure']!r} is not known{near}")
    spec = specs[table["measure"]]
    try:
        criterion = parse_criterion(table["criterion"], spec.si)
    except InputError as error:
        raise file.complaint((*here, "criterion"), label, f"criterion: {error}") from None
    args = _arguments(file, table.get("args", {}), spec, (*here, "args"), label)
    variants = _arguments(file, table.get("variants", {}), spec, (*here, "variants"), label)
    for name, values in variants.items():
        if not isinstance(values, list) or not values:
            raise file.complaint((*here, "variants", name), label, f"variants.{name} wants a list of values")
    missing = [name for name in spec.required if name not in args and name not in variants]
    if missing:
        names = " and ".join(repr(name) for name in missing)
        what = f"an argument {names}; add it" if len(missing) == 1 else f"arguments {names}; add them"
        raise file.complaint(here, label, f"measure {table['measure']!r} wants {what} to args")
    for name in _BLANK.findall(plain["command"]):
        if name not in args and name not in variants:
            near = did_you_mean(name, [*args, *variants]) or "; add it to args"
            raise file.complaint((*here, "command"), label, f"command: {{{name}}} is no argument of the claim{near}")
    return Claim(
        **plain, criterion=criterion, args=tuple(args.items()),
        variants=tuple((name, tuple(values)) for name, values in variants.items()),
    )  # fmt: skip


def _check_keys(file: _File, table: dict[str, Any], here: KeyPath, label: str) -> None:
    """Refuse a claim for every key that is not known, is no text, or is missing; lines for these stand below."""
    refused = []
    for key, value in table.items():
        if key not in _KEYS:
            refused.append(file.complaint((*here, key), label, f"unknown key {key!r}{did_you_mean(key, _KEYS)}"))
        elif key in _TEXTS and not (isinstance(value, str) and value):
            refused.append(file.complaint((*here, key), label, f"{key} wants a text in quotes; got {value!r}"))
    wanted = _REQUIRED if table.get("kind") == "not-answerable" else (*_REQUIRED, *ANSWERED)
    missing = [key for key in CLAIM.keys if key.name in wanted and key.name not in table]
    lines = [f"{key.name} = {example_of(key)}" for key in missing]
    or_not = ", or set kind = 'not-answerable'" if any(key.name in ANSWERED for key in missing) else ""
    if len(missing) == 1:
        refused.append(file.complaint(here, label, f"key {missing[0].name!r} is missing; add {lines[0]}{or_not}"))
    elif missing:
        names = ", ".join(f"{key.name!r} ({key.text})" for key in missing)
        what = f"{len(missing)} keys are missing: {names}; add lines such as those below{or_not}"
        error = file.complaint(here, label, what)
        for line in ("[[claim]]", *lines):
            error.add_note(line)
        refused.append(error)
    refuse_all(refused)


def _arguments(file: _File, given: Any, spec: MeasureSpec, path: KeyPath, label: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise file.complaint(path, label, f"{path[-1]} wants a table of arguments; got {given!r}")
    for name, value in given.items():
        if name not in spec.names:
            near = did_you_mean(name, spec.names) or f"; known here: {', '.join(spec.names)}"
            raise file.complaint((*path, name), label, f"{path[-1]}: unknown argument {name!r}{near}")
        items = value if isinstance(value, list) else [value]
        if not all(isinstance(item, str | int | float) and not isinstance(item, bool) for item in items):
            raise file.complaint(
                (*path, name), label, f"{path[-1]}.{name} wants a text or a number; got {shown(value)}"
            )
        if isinstance(value, list) and path[-1] == "args" and name != "from":
            raise file.complaint(
                (*path, name), label, f"args.{name} wants one value; put several under [claim.variants]"
            )
    return given


def _texts(file: _File, given: Any, path: KeyPath, label: str) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(item, str) and item for item in given):
        raise file.complaint(path, label, f"{path[-1]} wants a list of texts; got {given!r}")
    return tuple(given)
