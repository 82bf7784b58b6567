"""The meaning of a printed number, said once: measures, the rows that hold them, and the answer they belong to.

A row is a frozen dataclass. Its fields are declared with `key` (what names the row), `measure` (a finding, a number, a
count) or `words` (a text or a flag about it); the declaration carries unit, label, which way is better, rounding, how
and where a table prints it, and one sentence of meaning. An answer (a subclass of `Answer`) is declared in the same
way: its `table` fields hold rows of one kind each. Everything that leaves the program, JSON and its schema, tables,
arrays, goes through the declarations: a measure is written down in its row and computed in one place, nowhere else.
"""

from __future__ import annotations

import inspect
import sys
import types
import typing
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ringtrue import __version__
from ringtrue.errors import InputError, did_you_mean
from ringtrue.finding import (
    DRAWS,
    ENDS,
    LEVEL,
    NOMINAL,
    Finding,
    finding,
    middle_interval,
    named_axes,
    plain,
    rounded,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    import pandas
    import xarray
    from numpy.typing import ArrayLike

Better = Literal["more", "less"]
Part = Literal["key", "measure", "words", "table"]
Form = Literal["number", "count", "percent", "people", "money", "text"]
OneRaid = Literal["never", "always", "by measure"]
NOT_DEFINED = "–"
ROWS_SHOWN = 12
PEOPLE_DIGITS = 2  # residents are counted on a raster of 15 arc minutes
_NAMESPACE = "answer"


@dataclass(frozen=True, slots=True)
class Measure:
    """What one field of a row means.

    Attributes
    ----------
    name : str
        Of the field, and of the key in the JSON.
    part : str
        What the field is for: key, measure, words, or a table of rows.
    unit, label, meaning : str
        Unit ("1" for a share or a count), a few words, one sentence.
    better : str, optional
        Which way is better; None: neither.
    digits, places : int, optional
        Significant digits, or else places behind the point, that leave the program; neither: as it is.
    form, none : str
        How a table prints the value, and what stands where it is not defined.
    one_raid : str
        Whether its findings carry the interval of single raids: never (no luck, or a mean over raids by its nature),
        always, or where the ``measure`` that the row names is one of a raid.
    heads : mapping
        Tables that print it: name of the table to the head of the column there.
    hint : type
        Type of the field.
    """

    name: str
    part: Part
    unit: str = ""
    label: str = ""
    meaning: str = ""
    better: Better | None = None
    digits: int | None = None
    places: int | None = None
    form: Form = "text"
    none: str = NOT_DEFINED
    one_raid: OneRaid = "never"
    heads: Mapping[str, str] = field(default_factory=dict)
    hint: Any = None


def measure(
    unit: str,
    label: str,
    meaning: str = "",
    *,
    better: Better | None = None,
    digits: int | None = 6,
    places: int | None = None,
    form: Form = "number",
    none: str = NOT_DEFINED,
    one_raid: OneRaid = "never",
    heads: Mapping[str, str] | None = None,
    **default: Any,
) -> Any:
    """Declare a measured field of a row (see `Measure`); ``default`` goes to `dataclasses.field`."""
    return _declared(
        default, part="measure", unit=unit, label=label, meaning=meaning, better=better, digits=digits, places=places,
        form=form, none=none, one_raid=one_raid, heads=heads,
    )  # fmt: skip


def key(
    label: str,
    meaning: str = "",
    *,
    unit: str = "",
    places: int | None = None,
    heads: Mapping[str, str] | None = None,
    **default: Any,
) -> Any:
    """Declare a field that says which row it is."""
    return _declared(default, part="key", unit=unit, label=label, meaning=meaning, places=places, heads=heads)


def words(label: str, meaning: str = "", *, heads: Mapping[str, str] | None = None, **default: Any) -> Any:
    """Declare a field that says something about the row: a text, a flag, a list of such."""
    return _declared(default, part="words", label=label, meaning=meaning, heads=heads)


def table(label: str, meaning: str = "", *, heads: Mapping[str, str] | None = None, **default: Any) -> Any:
    """Declare a field of an answer or of a row that holds rows of one kind."""
    return _declared(default, part="table", label=label, meaning=meaning, heads=heads)


def hidden(**default: Any) -> Any:
    """Declare a field that no output prints: arrays kept for further work."""
    return field(metadata={_NAMESPACE: None}, **default)


def _declared(default: dict[str, Any], **said: Any) -> Any:
    kept = {name: value for name, value in said.items() if value is not None}
    return field(metadata={_NAMESPACE: kept}, **default)


@cache
def measures_of(row: type) -> tuple[Measure, ...]:
    """Return the declared fields of a row class in their order, those that stay inside left out.

    >>> [(m.name, m.part, m.unit) for m in measures_of(Example)]
    [('target', 'key', ''), ('area_km2', 'measure', 'km2')]

    Raises
    ------
    TypeError
        A field is not declared: what it means would be said nowhere.
    """
    declared = {}
    for f in fields(row):
        if _NAMESPACE not in f.metadata:
            msg = f"{row.__name__}.{f.name}: declare it with key(), measure(), words(), table() or hidden()"
            raise TypeError(msg)
        if f.metadata[_NAMESPACE] is not None:
            declared[f.name] = f.metadata[_NAMESPACE]
    hints = _hints(row, declared)
    return tuple(Measure(name, hint=hints[name], **said) for name, said in declared.items())


def _hints(row: type, wanted: Collection[str]) -> dict[str, Any]:
    """Types of the wanted fields; those of hidden fields may be known to the type checker alone."""
    names = {"Finding": Finding} | {c.__name__: c for c in getattr(row, "NESTED", ())}
    found: dict[str, Any] = {}
    for owner in reversed(row.__mro__):
        own = {name: hint for name, hint in inspect.get_annotations(owner).items() if name in wanted}
        holder = types.SimpleNamespace(__annotations__=own)
        found |= typing.get_type_hints(holder, vars(sys.modules[owner.__module__]), names)
    return found


def measure_of(row: type, name: str) -> Measure:
    """Return one declared field of a row class.

    >>> measure_of(Example, "area_km2").better
    'more'
    """
    return next(said for said in measures_of(row) if said.name == name)


def columns_of(row: type, table_name: str) -> tuple[Measure, ...]:
    """Return the fields that a table prints, in their order; `Measure.heads` has the head of each."""
    return tuple(said for said in measures_of(row) if table_name in said.heads)


def columns_in(rows: Sequence[Any], table_name: str) -> tuple[Measure, ...]:
    """Return the fields of rows of one class that a table prints; none without a row."""
    return columns_of(rows[0].__class__, table_name) if rows else ()


def found(row: type, name: str, values: ArrayLike, inputs: tuple[str, ...] = ()) -> Finding:
    """Return the finding of a measure from its values over draws with the nominal case behind them.

    Parameters
    ----------
    values : (draw + 1,) array_like
        In the unit that the row declares.

    Examples
    --------
    >>> found(Example, "area_km2", [1.0, 2.0, 3.0, 2.5]).interval()
    {'low': 1.1, 'median': 2.0, 'high': 2.9, 'nominal': 2.5}
    """
    import numpy as np

    said, over_draws = measure_of(row, name), np.asarray(values, dtype=np.float64)
    return finding(said.label, said.unit, over_draws[DRAWS], inputs, nominal=float(over_draws[NOMINAL]))


def row_json(row: Any) -> dict[str, Any]:
    """Return a row as the JSON prints it: findings with their interval, what is not defined as null.

    >>> row_json(Example("f-16", Finding("", "km2", 1.0, 2.123456789, 3.0, nominal=2.0)))
    {'target': 'f-16', 'area_km2': {'low': 1.0, 'median': 2.12346, 'high': 3.0, 'nominal': 2.0}}
    >>> row_json(Example("srbm", None))
    {'target': 'srbm', 'area_km2': None}
    """
    return {m.name: _value_json(getattr(row, m.name), m) for m in measures_of(row.__class__)}


def _value_json(value: Any, said: Measure) -> Any:
    if isinstance(value, Finding):
        digits = PEOPLE_DIGITS if value.unit == "people" else said.digits or 6
        return None if rounded(value.median, None) is None else value.interval(digits)
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return rounded(value, said.digits, said.places)
    if is_dataclass(value):
        return row_json(value)
    if isinstance(value, dict):
        return {_key_text(k): _value_json(v, said) for k, v in value.items()}
    return [_value_json(item, said) for item in value]


def _key_text(name: Any) -> str:
    return f"{name:g}" if isinstance(name, float) else str(name)


SETTLED = 0.03
"""Part of a median by which other samples of draws may move it before a row says so."""


def sampling(**more: Any) -> Any:
    """Declare the field of a row that holds what `unsettled` says of it."""
    return words(
        "Residents and warning whose middle other samples of as many draws would move by more than 3 %",
        "Each with the middle and its 5 to 95 % over such samples, on the same drawn grounds.", default=(), **more,
    )  # fmt: skip


def unsettled(row: Any) -> tuple[str, ...]:
    """Say which residents and warnings of a row other samples of draws would move by more than `SETTLED`.

    >>> from dataclasses import make_dataclass
    >>> kind = make_dataclass("Row", [("people", Finding, measure("people", "Residents defended", form="people"))])
    >>> unsettled(kind(finding("", "people", [1e6] * 49 + [2e6] * 51)))
    ('residents defended 2 M [1 M to 2 M]',)
    >>> unsettled(kind(finding("", "people", [1e6] * 99 + [2e6])))
    ()
    """
    return tuple(_unsettled(row, ""))


def _unsettled(row: Any, about: str) -> Iterator[str]:
    for said in measures_of(row.__class__):
        value = getattr(row, said.name)
        if said.part == "table":
            for inner in value or ():
                if "release_range_m" in {m.name for m in measures_of(inner.__class__)}:
                    yield from _unsettled(inner, _release_words(inner.release_range_m))
        elif isinstance(value, dict):
            for name, found_there in value.items():
                where = _release_words(name) if isinstance(name, float) else f", {name}"
                yield from _unsettled_words(found_there, said, where)
        else:
            yield from _unsettled_words(value, said, about)


def _release_words(release_m: float) -> str:
    return f", release at {release_m / 1e3:g} km" if release_m else ""


def is_settled(found: Finding) -> bool:
    """Whether other samples of as many draws would leave the median of a finding within `SETTLED` of itself."""
    if found.draws is None:
        return True
    low, high = middle_interval(found.draws)
    return max(high - found.median, found.median - low) <= SETTLED * abs(found.median)


def _unsettled_words(value: Any, said: Measure, about: str) -> Iterator[str]:
    if not isinstance(value, Finding) or value.draws is None or value.unit not in ("people", "s") or is_settled(value):
        return
    middle, *ends = (_few_digits(x, value.unit) for x in (value.median, *middle_interval(value.draws)))
    yield f"{said.label[:1].lower()}{said.label[1:]}{about} {middle} [{' to '.join(ends)}]"


def _few_digits(value: float, unit: str) -> str:
    """Return residents or seconds in three digits: two would not tell apart ends that lie 3 % from the middle."""
    if unit == "people":
        return f"{plain(value / 1e6)} M" if value >= 1e6 else plain(value)
    return f"{plain(value)} s"


def row_schema(row: type) -> dict[str, Any]:
    """Return the JSON Schema of a row, every key with its meaning.

    >>> row_schema(Example)["properties"]["area_km2"]["description"]
    'Area engaged [km2], more is better. Where an intercept can happen.'
    """
    declared = measures_of(row)
    return {
        "type": "object",
        "description": (row.__doc__ or "").split("\n")[0].strip(),
        "properties": {m.name: {**_hint_schema(m.hint, m.one_raid), "description": description(m)} for m in declared},
        "required": [m.name for m in declared],
        "additionalProperties": False,
    }


def description(said: Measure) -> str:
    """Return the label of a measure with its unit, which way is better, and the sentence of meaning."""
    text = said.label + (f" [{said.unit}]" if said.unit else "")
    text += f", {said.better} is better" if said.better else ""
    return f"{text}. {said.meaning}".strip() if said.meaning else text


_PLAIN = {str: "string", float: "number", int: "integer", bool: "boolean"}


def _hint_schema(hint: Any, one_raid: OneRaid = "never") -> dict[str, Any]:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return {"anyOf": [_hint_schema(a, one_raid) for a in arguments]}
    if hint is type(None):
        return {"type": "null"}
    if hint is Finding:
        return {"$ref": f"#/$defs/{_FINDINGS[one_raid]}"}
    if hint is float:
        return {"type": ["number", "null"]}
    if hint in _PLAIN:
        return {"type": _PLAIN[hint]}
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin is dict:
        return {"type": "object", "additionalProperties": _hint_schema(arguments[1], one_raid)}
    if origin in (tuple, list):
        return {"type": "array", "items": _hint_schema(arguments[0], one_raid)}
    return row_schema(hint) if _is_row(hint) else {}


_NUMBER = {"type": ["number", "null"]}
_ONE_RAID = {
    "type": "object",
    "properties": {"low": _NUMBER, "high": _NUMBER},
    "required": ["low", "high"],
    "additionalProperties": False,
}
_FINDINGS: dict[OneRaid, str] = {
    "never": "finding", "always": "finding_of_a_raid", "by measure": "finding_by_measure",
}  # fmt: skip


def _finding_schema(one_raid: OneRaid) -> dict[str, Any]:
    has, always = one_raid != "never", one_raid == "always"
    return {
        "type": "object",
        "description": "5, 50 and 95 % over the draws; nominal: every figure at its nominal value, null where it has "
        "none there" + ("; one_raid: 5 to 95 % of single raids, draws and luck together." if has else "."),
        "properties": {**dict.fromkeys(ENDS, _NUMBER), **({"one_raid": _ONE_RAID} if has else {})},
        "required": [*ENDS, *(["one_raid"] if always else [])],
        "additionalProperties": False,
    }


FINDING_SCHEMAS = {name: _finding_schema(one_raid) for one_raid, name in _FINDINGS.items()}
"""What a finding looks like in the JSON, by the name that a schema gives it."""


@dataclass(frozen=True, kw_only=True)
class Head:
    """What an answer that draws nothing was computed with."""

    command: str = key("Study")
    version: str = words("Version of the program", default=__version__)


@dataclass(frozen=True, kw_only=True)
class Header(Head):
    """What an answer was computed from, said once: the same header gives the same bytes."""

    scenario_hash: str | None = words("Hash of the scenario", "Null: asked without one.", default=None)
    catalogue_hash: str = words("Hash of the published figures")
    seed: int = words("Seed of every random stream")
    n_draws: int = words("Draws of the unknown parameters")
    n_replications: int | None = words("Raids played in each draw", "Null: no luck enters.", default=None)
    level: float = words("Part of the draws between low and high", default=LEVEL)

    def manifest(self) -> tuple[tuple[str, str], ...]:
        """Return what a page prints of it, so that the same numbers can be made again."""
        said = (
            ("seed", str(self.seed)),
            ("draws", f"{self.n_draws:,}"),
            ("replications", self.n_replications and f"{self.n_replications:,}"),
            ("catalogue", self.catalogue_hash[:16]),
            ("scenario", self.scenario_hash and self.scenario_hash[:16]),
        )
        return tuple((name, value) for name, value in said if value)


@dataclass(frozen=True, repr=False)
class BareAnswer:
    """What a command answers, as it leaves the program: a header, rows by kind, and what is said about the whole.

    A study declares a subclass (with ``repr=False``, for it is short to look at) whose fields are declared as those of
    a row are; a `table` field holds rows of one kind and gives the key of the JSON ("rows", "differences").
    """

    header: Head = hidden()

    def __repr__(self) -> str:
        return f"<{self.header.command}: {_counts(self)}>" + "".join(f"\n{text}" for text in self._sentences())

    def _sentences(self) -> tuple[str, ...]:
        """The answer in words, where the study has one."""
        one = getattr(self, "answer", None)
        if one is None:
            return tuple(getattr(self, "answers", ()))
        return (one,) if isinstance(one, str) else tuple(one)

    def _repr_html_(self) -> str:
        """Return the answer and the head of its first table, for a notebook's cell: medians and plain numbers."""
        kind, table_columns = next(iter(self.tables().items()))
        shown = [c for c in table_columns if c.end in ("", "median")]
        head = "".join(f"<th>{escape(description(c.said).partition('.')[0])}</th>" for c in shown)
        rows = list(zip(*(c.printed for c in shown), strict=True))
        body = "".join("<tr>" + "".join(f"<td>{_shown(v)}</td>" for v in row) + "</tr>" for row in rows[:ROWS_SHOWN])
        left = len(rows) - ROWS_SHOWN
        more = f"<p>{left} more: <code>.to_dataframe({kind!r})</code></p>" if left > 0 else ""
        words_first = "".join(f"<p>{escape(text)}</p>" for text in self._sentences())
        return f"{words_first}<table><tr>{head}</tr>{body}</table>{more}"

    def as_json(self) -> dict[str, Any]:
        """Return the one object that a study prints with --json."""
        return {**row_json(self.header), **row_json(self)}

    def tables(self) -> dict[str, list[Column]]:
        """Return the columns of each kind of row by the key of the JSON, rows in rows ("rows.cities") too."""
        return dict(_tables("", [], self.__class__, [self]))

    def table_of(self, kind: str) -> list[Column]:
        """Return the columns of one kind of row.

        Raises
        ------
        InputError
            The answer has no such kind.
        """
        known = self.tables()
        if kind not in known:
            msg = f"{self.header.command} has no table {kind!r}{did_you_mean(kind, known)}; it has: {', '.join(known)}"
            raise InputError(msg)
        return known[kind]

    def to_dataframe(self, kind: str = "rows") -> pandas.DataFrame:
        """Return the rows of one kind as a pandas table; units and labels stand in ``attrs`` by column."""
        return as_dataframe(self.table_of(kind))

    def to_xarray(self, kind: str = "rows") -> xarray.Dataset:
        """Return the rows of one kind as arrays with named axes (row, quantile)."""
        return as_xarray(self.table_of(kind))

    def draws(self, kind: str = "rows") -> xarray.Dataset:
        """Return what is behind the findings of one kind of row: arrays (row, draw)."""
        return drawn_xarray(self.table_of(kind))


def _counts(answer: Any) -> str:
    """How many rows of each kind an answer has."""
    kinds = (said.name for said in measures_of(answer.__class__) if said.part == "table")
    return ", ".join(f"{len(getattr(answer, kind))} {kind}" for kind in kinds)


def _shown(value: Any) -> str:
    if value is None:
        return NOT_DEFINED
    return escape(value) if isinstance(value, str) else f"{value:,.6g}" if isinstance(value, float) else f"{value}"


@dataclass(frozen=True, repr=False)
class Answer(BareAnswer):
    """An answer over draws of the unknown parameters."""

    header: Header = hidden()


def answer_schema(answer: type[BareAnswer]) -> dict[str, Any]:
    """Return the JSON Schema of what a study prints with --json."""
    head, body = row_schema(Header if issubclass(answer, Answer) else Head), row_schema(answer)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **body,
        "properties": {**head["properties"], **body["properties"]},
        "required": [*head["required"], *body["required"]],
        "$defs": FINDING_SCHEMAS,
    }


class Column(NamedTuple):
    """One flat column of a table: its name, what it means, and a value of each row, None where it is not defined.

    ``values`` are as computed, `printed` as the JSON rounds them. ``end`` says which number of a finding it holds (low,
    median, high, nominal, one_raid_low, one_raid_high). ``drawn``, beside the median, holds what the findings were made
    from: values (draw,) of each row, None where there are none.
    """

    name: str
    said: Measure
    values: list[Any]
    end: str = ""
    drawn: tuple[Any, ...] = ()

    @property
    def printed(self) -> list[Any]:
        """The values as they leave the program."""
        said = replace(self.said, digits=self.said.digits or 6, places=None) if self.end else self.said
        return [_value_json(value, said) for value in self.values]


def columns(rows: Sequence[Any], row: type | None = None) -> list[Column]:
    """Return rows of one class as flat columns: a finding as its low, median, high and nominal, a mapping key by key.

    Rows in rows are left out: they have tables of their own (`Answer.tables`). ``row`` is the class of the rows, where
    there may be none.

    >>> [c.name for c in columns([Example("f-16", Finding("", "km2", 1.0, 2.0, 3.0))])]
    ['target', 'area_km2_low', 'area_km2_median', 'area_km2_high', 'area_km2_nominal']
    """
    kind = rows[0].__class__ if rows else row
    declared = () if kind is None else measures_of(kind)
    return [c for said in declared for c in _flat(said.name, said, said.hint, [getattr(r, said.name) for r in rows])]


def _flat(name: str, said: Measure, hint: Any, values: list[Any]) -> Iterator[Column]:
    """Columns of one field; its declared type, not its values, says which there are."""
    kind = _without_none(hint)
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if said.part == "table":
        return
    if kind is Finding:
        for end in ENDS:
            drawn = tuple(getattr(v, "draws", None) for v in values) if end == "median" else ()
            yield Column(f"{name}_{end}", said, [getattr(v, end, None) for v in values], end, drawn)
        raids = [getattr(v, "one_raid", None) for v in values]
        for i, end in enumerate(("one_raid_low", "one_raid_high") if said.one_raid == "always" or any(raids) else ()):
            yield Column(f"{name}_{end}", said, [None if v is None else v[i] for v in raids], end)
    elif origin is dict:
        for inner in dict.fromkeys(key for value in values for key in value or ()):
            picked = [None if value is None else value.get(inner) for value in values]
            yield from _flat(f"{name}_{_key_text(inner)}", said, arguments[1], picked)
    elif _is_row(kind):
        for deeper in measures_of(kind):
            picked = [None if value is None else getattr(value, deeper.name) for value in values]
            yield from _flat(f"{name}_{deeper.name}", deeper, deeper.hint, picked)
    elif origin is tuple:
        yield Column(name, said, [None if v is None else "; ".join(map(str, v)) for v in values])
    else:
        yield Column(name, said, values)


def _is_row(kind: Any) -> bool:
    return isinstance(kind, type) and is_dataclass(kind) and kind is not Finding


def _without_none(hint: Any) -> Any:
    """Type of what is there, where a hint allows that nothing is."""
    left = [kind for kind in typing.get_args(hint) if kind is not type(None)]
    is_union = typing.get_origin(hint) in (typing.Union, types.UnionType)
    return left[0] if is_union and len(left) == 1 else hint


def _tables(within: str, about: list[Column], row: type, holders: Sequence[Any]) -> Iterator[tuple[str, list[Column]]]:
    """Tables that stand in rows of one class, each with the keys (``about``) of the row that it stands in."""
    for said in measures_of(row):
        kind = _without_none(said.hint)
        is_one = _is_row(kind)
        if not is_one and said.part != "table":
            continue
        held = [getattr(holder, said.name) for holder in holders]
        pairs = [(i, one) for i, value in enumerate(held) for one in (([value] if is_one else value) if value else ())]
        inner_class, rows, here = (
            kind if is_one else typing.get_args(kind)[0],
            [r for _, r in pairs],
            within + said.name,
        )
        own = [c._replace(values=[c.values[i] for i, _ in pairs]) for c in about]
        if not is_one:
            inner = columns(rows, inner_class)
            yield here, [*own, *inner]
            own += [c._replace(name=f"{said.name}_{c.name}") for c in inner if c.said.part == "key"]
        yield from _tables(f"{here}.", own, inner_class, rows)


def to_dataframe(rows: Sequence[Any]) -> pandas.DataFrame:
    """Return rows of one class as a pandas table; units and labels stand in ``attrs`` by column."""
    return as_dataframe(columns(rows))


def as_dataframe(table_columns: Sequence[Column]) -> pandas.DataFrame:
    """Return columns as a pandas table; units and labels stand in ``attrs`` by column.

    Raises
    ------
    InputError
        pandas is not installed; it comes with the extra "notebook".
    """
    try:
        import pandas
    except ImportError:
        msg = "to_dataframe() wants pandas, which is not installed; get it with: pip install 'ringtrue[notebook]'"
        raise InputError(msg) from None
    made = pandas.DataFrame({c.name: c.values for c in table_columns})
    made.attrs["units"] = {c.name: c.said.unit for c in table_columns if c.said.unit}
    made.attrs["labels"] = {c.name: c.said.label for c in table_columns}
    return made


def to_xarray(rows: Sequence[Any]) -> xarray.Dataset:
    """Return rows of one class as arrays with named axes (`as_xarray`)."""
    return as_xarray(columns(rows))


def as_xarray(table_columns: Sequence[Column]) -> xarray.Dataset:
    """Return columns as arrays with named axes: findings (row, quantile), keys and words as coordinates.

    The nominal case of a finding stands beside it as ``<name>_nominal``; units and labels are in ``attrs``.
    """
    import numpy as np

    axes = named_axes()
    nan = float("nan")
    data: dict[str, Any] = {}
    coords: dict[str, Any] = {"quantile": [0.05, 0.5, 0.95]}
    by_name = {c.name: [nan if v is None else v for v in c.values] for c in table_columns}
    for name, said, values, end, _ in table_columns:
        about = {"units": said.unit, "long_name": said.label}
        known = [value for value in values if value is not None]
        if end == "median":
            base = name.removesuffix("_median")
            ends = (by_name[f"{base}_{quantile}"] for quantile in ENDS[:3])
            data[base] = (("row", "quantile"), np.array(list(ends), dtype=np.float64).T, about)
        elif end in ("low", "high"):
            continue
        elif known and all(isinstance(value, str) for value in known):
            coords[name] = ("row", [value or "" for value in values], about)
        elif all(isinstance(value, (bool, int, float)) for value in known):
            (data if said.part == "measure" else coords)[name] = ("row", by_name[name], about)
    made: xarray.Dataset = axes.Dataset(data, coords)
    return made


def drawn_xarray(table_columns: Sequence[Column]) -> xarray.Dataset:
    """Return what is behind the findings of columns as arrays (row, draw), nan where a row has none.

    Keys and words are coordinates, as in `as_xarray`. Findings of other lengths than the most are left out: a variant
    may be answered on fewer draws.
    """
    import numpy as np

    with_draws = {c.name.removesuffix("_median"): c for c in table_columns if any(d is not None for d in c.drawn)}
    n_draws = max((d.size for c in with_draws.values() for d in c.drawn if d is not None), default=0)
    data = {}
    for name, column in with_draws.items():
        rows = [d if d is not None and d.size == n_draws else np.full(n_draws, np.nan) for d in column.drawn]
        data[name] = (("row", "draw"), np.array(rows), {"units": column.said.unit, "long_name": column.said.label})
    plain = as_xarray([c for c in table_columns if c.said.part != "measure"])
    made: xarray.Dataset = named_axes().Dataset(data, plain.drop_vars("quantile").coords)
    return made


@dataclass(frozen=True)
class Example:
    """A row as small as it can be, for the examples of this page."""

    target: str = key("Target class")
    area_km2: Finding | None = measure("km2", "Area engaged", "Where an intercept can happen.", better="more")
