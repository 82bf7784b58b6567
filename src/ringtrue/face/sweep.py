"""One study asked again and again with other figures, everything else the same: draws, luck, ground."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any

from ringtrue.answer import BareAnswer, Column, Head, Measure, hidden
from ringtrue.errors import InputError, did_you_mean
from ringtrue.face import show, studies
from ringtrue.face.asked import READERS, Asked, in_keywords, read
from ringtrue.face.result import Result
from ringtrue.face.table import STUDIES, study_named
from ringtrue.units import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ringtrue.face.table import Study

MOST_CASES = 1_000


@dataclass(frozen=True, repr=False)
class Sweep(BareAnswer):
    """The answers to one question under several sets of figures; the tables hold all of them, figures first."""

    figures: tuple[dict[str, Any], ...] = hidden()
    results: tuple[Result, ...] = hidden()

    @property
    def answer(self) -> str:
        """What was swept."""
        names = " and ".join(self.figures[0])
        return f"{len(self.results)} answers over {names}; draws and luck are the same in all."

    def tables(self) -> dict[str, list[Column]]:
        """Return the columns of each kind of row, one answer after another, the figures of each before them."""
        each = [result.found.tables() for result in self.results]
        kinds = dict.fromkeys(kind for tables in each for kind in tables)
        return {kind: self._joined([tables.get(kind, []) for tables in each]) for kind in kinds}

    def _joined(self, parts: Sequence[list[Column]]) -> list[Column]:
        sizes = [len(columns[0].values) if columns else 0 for columns in parts]
        told = [
            Column(
                address, Measure(address, "key", label=address),
                [_told(case[address]) for case, n in zip(self.figures, sizes, strict=True) for _ in range(n)],
            )
            for address in self.figures[0]
        ]  # fmt: skip
        first = {c.name: c for columns in parts for c in reversed(columns)}
        found = [{c.name: c for c in columns} for columns in parts]
        order = dict.fromkeys(c.name for columns in parts for c in columns)
        joined = []
        for name in order:
            here = [by_name.get(name) for by_name in found]
            pairs = list(zip(here, sizes, strict=True))
            values = [v for c, n in pairs for v in (c.values if c else [None] * n)]
            has_draws = any(c and c.drawn for c in here)
            drawn = tuple(d for c, n in pairs for d in (c.drawn if c and c.drawn else [None] * n)) if has_draws else ()
            joined.append(first[name]._replace(values=values, drawn=drawn))
        return [*told, *joined]

    def as_json(self) -> dict[str, Any]:
        """Return the answers one by one, each with its figures."""
        return {
            **super().as_json(),
            "cases": [
                {"figures": {name: _told(value) for name, value in case.items()}, "answer": result.found.as_json()}
                for case, result in zip(self.figures, self.results, strict=True)
            ],
        }


def _told(value: Any) -> Any:
    return " / ".join(map(str, value)) if isinstance(value, tuple) else value


def sweep(
    study: str | Callable[..., Result] | Result, figures: Mapping[str, Sequence[Any]], *args: Any, **given: Any
) -> Result:
    """Ask a study again and again with other figures.

    Parameters
    ----------
    study : str, function or Result
        A study by name (``"audit"``) or its function, with what it is asked behind; or a result, whose question is
        asked again.
    figures : mapping
        Address to a list of values. An address of the catalogue (``radar.92n6e.reference_range``): texts with a unit,
        numbers in SI, or (low, nominal, high). Any other: a key of the scenario (``doctrine.salvo``), as ``change``
        takes it. Several addresses: every combination.
    *args, **given
        What the study is asked with.

    Returns
    -------
    Result
        The rows of all answers, the figures of each before them as columns; ``results`` holds the answers one by one.
        Draws and luck are the same in all, so differences are those of the figures.

    Raises
    ------
    InputError
        No such study or address, no values, more than 1,000 combinations, or what the study refuses.

    Examples
    --------
    >>> asked = {"at": "Samsun", "targets": "fighter", "altitudes": "FL330", "dem": "none", "draws": 10}
    >>> found = sweep("audit", {"radar.92n6e.reference_range": ["100 km", "200 km"]}, "s-400", **asked)
    >>> table = found.to_dataframe()
    >>> table["radar.92n6e.reference_range"].tolist()
    ['100 km', '200 km']
    >>> bool(table.tracked_area_km2_median.is_monotonic_increasing)
    True
    """
    row, values, extra = _question(study, args, given)
    cases = _cases(figures)
    with in_keywords(row):
        first = Asked(row, values, **extra)
        results = [_answered(first, case, extra) for case in cases]
    swept = replace(
        row, name=f"sweep of {row.name}", page=show.no_page, files=show.no_files, lines=lambda found, _: [found.answer]
    )
    return Result(swept, Asked(swept, values), Sweep(Head(command="sweep"), tuple(cases), tuple(results)))


def _question(study: Any, args: tuple[Any, ...], given: dict[str, Any]) -> tuple[Study, dict[str, Any], dict[str, Any]]:
    """The row of the study, what it is asked with, and how it runs."""
    if isinstance(study, Result):
        if args or given:
            msg = "study: a result has been asked already; give the name of a study to ask something else"
            raise InputError(msg)
        if study.study.name not in STUDIES:
            msg = f"study: a {study.study.name} cannot be asked again; give one of its results"
            raise InputError(msg)
        return study.study, study.asked.values, {"progress": study.asked.progress, "cancel": None}
    row = study_named(study if isinstance(study, str) else str(getattr(study, "__name__", study)))
    try:
        bound = inspect.signature(getattr(studies, row.name)).bind(*args, **given)
    except TypeError as error:
        msg = f"{row.name}: {error}"
        raise InputError(msg) from None
    bound.apply_defaults()
    extra = {name: bound.arguments[name] for name in ("progress", "cancel")}
    with in_keywords(row):
        return row, read(row, bound.arguments), extra


def _cases(figures: Any) -> list[dict[str, Any]]:
    wanted = "a mapping of addresses to lists of values is wanted, such as {'doctrine.salvo': [1, 2]}"
    if not isinstance(figures, dict) or not figures:
        msg = f"figures: {shown(figures)} is of type {type(figures).__name__}; {wanted}"
        raise InputError(msg)
    for address, values in figures.items():
        if not isinstance(values, (list, tuple, range)) or not values:
            msg = f"figures: {address!r} has {shown(values)}, no list of values; {wanted}"
            raise InputError(msg)
    cases = [dict(zip(figures, case, strict=True)) for case in product(*map(list, figures.values()))]
    if len(cases) > MOST_CASES:
        msg = f"figures: {len(cases):,} combinations are more than {MOST_CASES:,}; give fewer values"
        raise InputError(msg)
    return cases


def _answered(first: Asked, case: dict[str, Any], extra: dict[str, Any]) -> Result:
    """Ask once, with the figures of one case; ground is read once for all."""
    from ringtrue.catalogue.load import parameters_of

    known = {p.id for p in parameters_of(first.catalogue)}
    of_catalogue = {name: value for name, value in case.items() if name in known}
    of_scenario = {name: value for name, value in case.items() if name not in known}
    values = dict(first.values)
    sections = {name.partition(".")[0] for name in known}
    lost = [name for name in of_scenario if "change" not in values or str(name).partition(".")[0] in sections]
    if lost:
        name = lost[0]
        msg = f"figures: {name!r} is no figure of the catalogue{did_you_mean(name, known)}"
        raise InputError(msg)
    if of_scenario:
        option = next(option for option in first.study.options if option.name == "change")
        values["change"] = (*values["change"], *READERS["changes"](option, of_scenario))
    values["catalogue"] = first.catalogue.with_(of_catalogue) if of_catalogue else first.catalogue
    values["dem"], values["ground"] = first.model, None
    return studies.answered(first.study, values, extra["progress"], extra["cancel"])
