"""Terms of the offers, and what the clauses among them would change: variants beside the draws."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from ringtrue.finding import plain
from ringtrue.procurement.money import money_text
from ringtrue.scenario.laydowns import with_fire_units
from ringtrue.studies.compare_answer import capital, span
from ringtrue.studies.compare_coverage import place_key
from ringtrue.studies.compare_records import ClauseVariant, TermRow
from ringtrue.studies.raid_rows import change, count_finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ringtrue.catalogue.records import Catalogue, Clause, Parameter
    from ringtrue.scenario.records import Laydown, Offer, Scenario
    from ringtrue.studies.compare_raids import Played

    Player = Callable[[Laydown, str], Played]

CLAUSE_NOTE = (
    "A clause is somebody's claim; whether it holds has no odds, so what it would change stands beside the draws and "
    "enters no interval."
)


class _Bound(NamedTuple):
    """A clause that a scenario's offer names."""

    offer: Offer
    clause: Clause


def term_rows(scenario: Scenario, catalogue: Catalogue) -> tuple[TermRow, ...]:
    """Return every term of every offer of a scenario: its clauses of the catalogue first, then those of the file."""
    rows: list[TermRow] = []
    for offer in scenario.offers:
        rows += [
            TermRow(
                offer.id, clause.text, clause.date, clause.sources, clause.id, clause.effect, clause.place, offer.title
            )
            for clause in (catalogue.clauses[name] for name in offer.bound_by)
        ]
        rows += [
            TermRow(
                offer.id,
                term.text,
                "undated" if term.on is None else term.on.isoformat(),
                term.source,
                title=offer.title,
            )
            for term in offer.clauses
        ]
    return tuple(rows)


def clause_variants(
    scenario: Scenario, catalogue: Catalogue, packages: Sequence[Laydown], raid_id: str, play: Player
) -> tuple[ClauseVariant, ...]:
    """Return what each clause would change of each package, were it to hold.

    Parameters
    ----------
    packages : sequence of Laydown
        What is compared. A clause bears on a package in which its offer, or for lost aircraft any offer, is held
        together with a system that the clause names; on resale, on every package that its offer pays for.
    raid_id : str
        Raid that what remains of a package is played against.
    play : callable
        Given a laydown and a raid, returns what came of it, on the same draws and the same luck.
    """
    found = []
    for bound in (_Bound(offer, catalogue.clauses[name]) for offer in scenario.offers for name in offer.bound_by):
        if bound.clause.effect == "offer-void":
            found += [
                _void(scenario, bound, x, packages, raid_id, play)
                for x in packages
                if bound.offer.id in x.offers and _held_with(scenario, bound, x)
            ]
        elif bound.clause.effect == "aircraft-lost":
            found += [
                _lost(scenario, catalogue, bound, x, address)
                for x in packages
                if _held_with(scenario, bound, x)
                for address in bound.clause.aircraft
            ]
        else:
            bought = [x.id for x in packages if bound.offer.id in x.offers]
            found += [_closed(bound, name) for name in bought or [""]]
    return tuple(found)


def _held_with(scenario: Scenario, bound: _Bound, laydown: Laydown) -> tuple[str, ...]:
    """Return the other offers of a package that bring a clause into force."""
    others = [name for name in laydown.offers if name != bound.offer.id]
    return tuple(name for name in others if scenario.offer(name).system in bound.clause.held_with)


def remaining(laydown: Laydown, offer: Offer) -> Laydown:
    """Return a package without the fire units of an offer; links among the others stay.

    Examples
    --------
    >>> from ringtrue.scenario.load import load_scenario
    >>> turkey = load_scenario("turkey-2019")
    >>> [unit.uid for unit in remaining(turkey.laydown("both"), turkey.offer("patriot-2018")).units]
    ['s-400-tr@ankara', 's-400-tr@istanbul']
    """
    left = Counter(unit.system for unit in laydown.units)
    left[offer.system] -= offer.fire_units
    return with_fire_units(laydown, left)


def _void(
    scenario: Scenario, bound: _Bound, laydown: Laydown, packages: Sequence[Laydown], raid_id: str, play: Player
) -> ClauseVariant:
    rest = remaining(laydown, bound.offer)
    same = next((x for x in packages if _stands_as(x) == _stands_as(rest)), None)
    whole, left = play(laydown, raid_id).result, play(rest, raid_id).result
    leakers, whole_leakers = count_finding(left, "leakers"), count_finding(whole, "leakers")
    kept = [scenario.offer(name) for name in laydown.offers if name != bound.offer.id]
    prices = [offer.price_usd for offer in kept if offer.price_usd is not None]
    price_usd = sum(prices) if len(prices) == len(kept) else None
    money = "no published price" if price_usd is None else money_text(price_usd)
    sentence = (
        f"{bound.offer.title} is void: {len(rest.units)} of {len(laydown.units)} fire units remain, for {money}; in "
        f"raid {raid_id} {span(leakers)} get through instead of {span(whole_leakers)}"
        + ("." if same is None else f"; residents defended are those of {same.words}.")
    )
    return ClauseVariant(
        clause=bound.clause.id,
        offer=bound.offer.id,
        laydown=laydown.id,
        effect=bound.clause.effect,
        held_with=_held_with(scenario, bound, laydown),
        raid=raid_id,
        remains=tuple(unit.uid for unit in rest.units),
        same_as="" if same is None else same.id,
        price_usd=price_usd,
        leakers=leakers,
        more_leakers=change(whole, left, "leakers").difference,
        sentence=sentence,
    )


def _stands_as(laydown: Laydown) -> Counter[tuple[object, ...]]:
    """Which fire units stand where, whatever links them: what residents defended hang on."""
    return Counter(place_key(unit) for unit in laydown.units)


def _lost(
    scenario: Scenario, catalogue: Catalogue, bound: _Bound, laydown: Laydown, count_address: str
) -> ClauseVariant:
    """Count the aircraft lost by one statement; the price and what was paid are those of the first of them."""
    clause = bound.clause
    aircraft, price, paid = (
        catalogue.statements[address.removeprefix("statement.")] if address else None
        for address in (count_address, clause.price, clause.paid)
    )
    assert aircraft is not None
    assert price is not None
    is_first = count_address == clause.aircraft[0]
    money = "a rival count, without a price of its own"
    if is_first:
        money = f"{_amount(price)} {_cited([price])}" + (
            f", of which {_amount(paid)} paid {_cited([paid])}" if paid else ""
        )
    sentence = (
        f"{bound.offer.title} is lost: {_number(aircraft)} aircraft {_cited([aircraft])}, {money}; in no price of the "
        "packages."
    )
    return ClauseVariant(
        clause=clause.id,
        offer=bound.offer.id,
        laydown=laydown.id,
        effect=clause.effect,
        held_with=_held_with(scenario, bound, laydown),
        remains=tuple(unit.uid for unit in laydown.units),
        aircraft=aircraft.nominal,
        aircraft_usd=price.nominal if is_first else None,
        paid_usd=paid.nominal if is_first and paid is not None else None,
        sentence=sentence,
    )


def clause_words(row: TermRow) -> str:
    """Return a term as text lists it: what it says, who says so and when."""
    return f"{row.text} [{', '.join(row.sources)}] {row.on}"


def _closed(bound: _Bound, laydown: str) -> ClauseVariant:
    sentence = (
        f"{bound.offer.title} may not go to another country unless the seller agrees: moves abroad of what it buys, as "
        "in ringtrue relocation, are closed; at home nothing changes."
    )
    return ClauseVariant(
        clause=bound.clause.id,
        offer=bound.offer.id,
        laydown=laydown,
        effect=bound.clause.effect,
        sentence=sentence,
    )


def _number(parameter: Parameter) -> str:
    ends = [plain(value) for value in (parameter.low, parameter.nominal, parameter.high)]
    return ends[1] if parameter.low == parameter.high else f"{ends[1]} [{ends[0]} to {ends[2]}]"


def _amount(parameter: Parameter) -> str:
    if parameter.low == parameter.high:
        return money_text(parameter.nominal)
    return f"{money_text(parameter.nominal)} [{money_text(parameter.low)} to {money_text(parameter.high)}]"


def _cited(parameters: Iterable[Parameter]) -> str:
    return f"[{', '.join(dict.fromkeys(p.source for p in parameters if p.source))}]"


class ToldVariant(NamedTuple):
    """One thing that a clause would change, said once for all packages of which it holds."""

    clause: str
    packages: tuple[str, ...]
    sentence: str


def told_variants(variants: Iterable[ClauseVariant], words: Callable[[str], str]) -> tuple[ToldVariant, ...]:
    """Join the variants of a clause that say the same; ``words`` gives what sentences call a package."""
    packages: dict[tuple[str, str], list[str]] = {}
    for one in variants:
        packages.setdefault((one.clause, one.sentence), []).append(one.laydown)
    return tuple(
        ToldVariant(clause, tuple(name for name in names if name), _with_packages(sentence, names, words))
        for (clause, sentence), names in packages.items()
    )


def _with_packages(sentence: str, names: list[str], words: Callable[[str], str]) -> str:
    named = [words(name) for name in names if name]
    if not named:
        return f"In no package here. {sentence}"
    return f"{capital('; '.join(named))}: {sentence}"
