"""Ask a question with other figures, and see which numbers move and whether their lists say so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, is_dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from ringtrue.answer import measures_of
from ringtrue.catalogue.load import parameters_of, with_parameters
from ringtrue.catalogue.records import Catalogue, Parameter
from ringtrue.errors import DomainError, InputError
from ringtrue.finding import Finding

BY_HAND = 0.2
"""How far a figure without a spread is moved, as a share of it."""
SAME = 1e-9
"""Two numbers that differ by less, as a share, are the same: sums in another order."""
ABOUT_THE_LIST = ("assumed_share", "assumed_share_interval", "deciding", "n_replications", "noise_share")
"""Measures that tell of the figures themselves: they move with every spread."""


class Number(NamedTuple):
    """One number of an answer: its interval and nominal value, and the addresses that are said to stand behind it."""

    values: tuple[float, ...]
    behind: frozenset[str]


Answers = dict[str, Number]


@dataclass(frozen=True)
class Question:
    """One small question that an answer of the program is asked with."""

    kind: str
    name: str
    ask: Callable[[Catalogue], Answers]


def numbers(row: Any, behind: frozenset[str], where: str = "") -> Iterator[tuple[str, Number]]:
    """Walk through a row or an answer: every number that leaves the program, by its place, with its list.

    ``behind`` is the list of a number that has none of its own.
    """
    for said in measures_of(row.__class__):
        if said.part in ("measure", "table") and said.name not in ABOUT_THE_LIST:
            yield from _within(getattr(row, said.name), behind, f"{where}.{said.name}")


def _within(value: Any, behind: frozenset[str], where: str) -> Iterator[tuple[str, Number]]:
    if isinstance(value, Finding):
        nominal = np.nan if value.nominal is None else value.nominal
        ends = (value.low, value.median, value.high, nominal, *(value.one_raid or ()))
        yield where, Number(ends, frozenset(value.inputs) or behind)
    elif isinstance(value, (bool, int, float)):
        yield where, Number((float(value),), behind)
    elif isinstance(value, np.ndarray):
        yield where, Number(tuple(value.astype(np.float64).ravel()), behind)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _within(inner, behind, f"{where}[{key}]")
    elif isinstance(value, (tuple, list)):
        met: dict[str, int] = {}
        for inner in value:
            name = _name(inner)
            met[name] = met.get(name, -1) + 1
            yield from _within(inner, behind, f"{where}[{name}{met[name] or ''}]")
    elif is_dataclass(value):
        yield from numbers(value, behind, where)


def _name(row: Any) -> str:
    """Name a row by the words that say which it is, so that a row more or less leaves the others where they are."""
    if not is_dataclass(row) or isinstance(row, Finding):
        return ""
    keys = [getattr(row, said.name) for said in measures_of(row.__class__) if said.part == "key"]
    return " ".join(key for key in keys if isinstance(key, str))


def moved(before: Answers, after: Answers) -> set[str]:
    """Return the places of the numbers that differ, and of those that are there in one answer only."""
    both = before.keys() & after.keys()
    return (before.keys() ^ after.keys()) | {p for p in both if not _same(before[p].values, after[p].values)}


def _same(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return len(one) == len(other) and np.allclose(one, other, rtol=SAME, atol=1e-12, equal_nan=True)


def with_values(catalogue: Catalogue, values: Mapping[str, float]) -> Catalogue:
    """Return a catalogue with these figures held at these values, figures on record among them, and no other changed.

    What repeats a figure does not follow, so that what moves is what was changed.
    """
    known = {p.id: p for p in parameters_of(catalogue)}
    new = {
        address: replace(known[address], low=value, nominal=value, high=value, spread="fixed")
        for address, value in values.items()
    }
    changed: Catalogue = with_parameters(catalogue, new)
    return changed


def ends(parameter: Parameter) -> tuple[float, ...]:
    """Return other values of a figure: its low and high, or a fifth less and more where it has no spread."""
    if parameter.low < parameter.high:
        return tuple(sorted({parameter.low, parameter.high} - {parameter.nominal}))
    return scaled(parameter, 1.0 - BY_HAND), scaled(parameter, 1.0 + BY_HAND)


def scaled(parameter: Parameter, factor: float) -> float:
    """Return a figure times a factor, as it can be: 0 becomes what a factor is above 1, no chance leaves 0 to 1."""
    value = parameter.nominal * factor if parameter.nominal else max(factor - 1.0, 0.0)
    is_chance = parameter.si == "1" and 0.0 <= parameter.nominal <= 1.0 and not parameter.id.startswith("launcher.")
    return min(value, 1.0) if is_chance else value


def asked(question: Question, catalogue: Catalogue) -> Answers | None:
    """Ask, and return None where the figures are refused: a value that they cannot have together."""
    try:
        return question.ask(catalogue)
    except (InputError, DomainError):
        return None


def unlisted_movers(
    question: Question, catalogue: Catalogue, before: Answers, pick: Callable[[Parameter], float]
) -> dict[str, set[str]]:
    """Return figures that move a number whose list lacks them, with the places of those numbers.

    All figures that a list lacks are moved at once, to what ``pick`` gives, those first that stand on another list of
    the answer; only where something moved are they halved until the culprits stand alone. A figure on a list may say
    which rows there are: numbers that are there in one answer only tell of the others alone.
    """
    everything = {p.id: pick(p) for p in parameters_of(catalogue)}
    everything = {p.id: everything[p.id] for p in parameters_of(catalogue) if everything[p.id] != p.nominal}
    culprits: dict[str, set[str]] = {}
    alone: dict[str, set[str]] = {}
    for behind in sorted({number.behind for number in before.values()}, key=sorted):
        own = {place for place, number in before.items() if number.behind == behind}
        rest = {address: value for address, value in everything.items() if address not in behind}
        for address in alone.keys() & rest.keys():  # asked about for another list
            if alone[address] & own:
                culprits.setdefault(address, set()).update(alone[address] & own)
        unknown = {address: value for address, value in rest.items() if address not in alone}
        told = listed(before)
        for values in (
            {a: v for a, v in unknown.items() if a in told},
            {a: v for a, v in unknown.items() if a not in told},
        ):
            for address, places in _culprits(question, catalogue, before, values, own):
                alone[address] = places
                if places & own:
                    culprits[address] = places & own
    return culprits


def _culprits(
    question: Question, catalogue: Catalogue, before: Answers, values: dict[str, float], own: set[str]
) -> Iterator[tuple[str, set[str]]]:
    """Yield figures that move a number of ``own``, each with all that it moves; all are on a list, or none is."""
    if not values:
        return
    after = asked(question, with_values(catalogue, values))
    told = set() if after is None else moved(before, after)
    if after is not None and values.keys() <= listed(before):
        told &= before.keys() & after.keys()
    if after is not None and not told & own:
        return
    if len(values) == 1:  # a value that is refused moves nothing
        yield next(iter(values)), told
        return
    addresses = list(values)
    for half in (addresses[: len(addresses) // 2], addresses[len(addresses) // 2 :]):
        yield from _culprits(question, catalogue, before, {a: values[a] for a in half}, own)


def listed(before: Answers) -> set[str]:
    """Return every figure that stands on a list of an answer."""
    return set().union(*(number.behind for number in before.values()))


def moves(question: Question, catalogue: Catalogue, before: Answers, values: Mapping[str, float]) -> set[str]:
    """Return the places of the numbers that these values move."""
    after = asked(question, with_values(catalogue, values))
    return set() if after is None else moved(before, after)


def with_followers(catalogue: Catalogue) -> dict[str, list[Parameter]]:
    """Return each entry of the catalogue with those that repeat it, directly or not: what a change of it changes."""
    known = {p.id: p for p in parameters_of(catalogue)}
    found = {address: [parameter] for address, parameter in known.items()}
    for parameter in known.values():
        origin = parameter
        while origin.copied_from in known:
            origin = known[origin.copied_from]
            found[origin.id].append(parameter)
    return found


def times(of: Iterable[Parameter], factor: float) -> dict[str, float]:
    """Return figures times a factor, by address."""
    return {p.id: scaled(p, factor) for p in of}


def figures(catalogue: Catalogue, addresses: Iterable[str]) -> list[Parameter]:
    """Return figures of the catalogue by address, in its order; what a scenario gives is none of them."""
    wanted = set(addresses)
    return [p for p in parameters_of(catalogue) if p.id in wanted]


BEYOND = "it binds only beyond its low and high"
BESIDE = "another figure binds first"
REFUSED = "its other values are refused beside the other figures"
MOVES_ELSEWHERE = "not in this question, but in"
NO_REASON = "no reason found"
FAR = (10.0, 0.1, 100.0, 0.001, 0.0)
N_BACKGROUNDS = 6


def reason(
    question: Question,
    catalogue: Catalogue,
    before: Answers,
    parameter: Parameter,
    others: Iterable[tuple[Question, Answers]] = (),
) -> str:
    """Return why a listed figure moves nothing between its ends: one of the few reasons above, found by trying.

    It is moved farther; in other questions, with their answers, which have what this one lacks, such as a neighbour;
    and again here with every other listed figure at its low or high, as a seeded coin says.
    """
    for factor in FAR:
        if moves(question, catalogue, before, {parameter.id: scaled(parameter, factor)}):
            return BEYOND
    tried = (*ends(parameter), *(scaled(parameter, factor) for factor in FAR))
    for other, there in others:
        if any(moves(other, catalogue, there, {parameter.id: value}) for value in tried):
            return f"{MOVES_ELSEWHERE} {other.kind}: {other.name}"
    rest = [p for p in figures(catalogue, listed(before)) if p.id != parameter.id]
    coin = np.random.default_rng(1)
    for _ in range(N_BACKGROUNDS):
        at = {p.id: ends(p)[int(side)] for p, side in zip(rest, coin.integers(-1, 1, len(rest)), strict=True)}
        beside = asked(question, with_values(catalogue, at))
        for value in () if beside is None else (*ends(parameter), *(scaled(parameter, factor) for factor in FAR)):
            after = asked(question, with_values(catalogue, {**at, parameter.id: value}))
            if after is not None and moved(beside, after):
                return BESIDE
    if all(asked(question, with_values(catalogue, {parameter.id: value})) is None for value in ends(parameter)):
        return REFUSED
    return NO_REASON
