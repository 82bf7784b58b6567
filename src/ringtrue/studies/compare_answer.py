"""The answer of a comparison in three short sentences, what it hangs on, and the notes that belong to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringtrue.catalogue.address import short_name
from ringtrue.engagement.answers import MOST_NOISE_SHARE
from ringtrue.finding import listed, plain, whole_percent
from ringtrue.procurement.money import NOT_LIKE_FOR_LIKE
from ringtrue.sensing.assumed import assumed_figure, assumed_sentence
from ringtrue.sensing.post import AUDIT_RELIEFS, FEW_RELIEFS
from ringtrue.studies.compare_differences import spread_text
from ringtrue.studies.compare_pairs import LEAKERS
from ringtrue.studies.compare_records import PlaceRow
from ringtrue.studies.timeline import NOTES as TIMELINE_NOTES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringtrue.catalogue.records import Catalogue
    from ringtrue.finding import Finding
    from ringtrue.scenario.records import Raid, Scenario
    from ringtrue.studies.compare_pairs import Asked
    from ringtrue.studies.compare_records import ComparedOffer, CompareResult, CoverageRow, Difference

MOST_WORDS = 30
STANDOFF_M = 20_000.0  # the second release range: an aircraft that need not fly over the town
JOINING_CHANGES = ("leakers", "rounds_fired", "double_engagements", "friendly_engagements")
USUAL_CLASS = "f-16"  # what the timeline asks by default: the class that most owners of either system know


def headline_raid(asked: Asked) -> Raid:
    """Return the raid with the most classes, and among those with the most targets."""
    return greatest_raid(asked.raids)


def greatest_raid(raids: Iterable[Raid]) -> Raid:
    """Return the raid with the most classes, and among those with the most targets."""
    return max(raids, key=lambda r: (len({w.target for w in r.waves}), sum(w.count for w in r.waves)))


def headline_target(catalogue: Catalogue, asked: Asked) -> str:
    """Return the class whose coverage goes into the answer and the timeline."""
    if USUAL_CLASS in asked.targets:
        return USUAL_CLASS
    aircraft = [t for t in asked.targets if catalogue.targets[t].kind == "aircraft"]
    return (aircraft or list(asked.targets))[0]


def headline_difference(found: list[Difference], offers: tuple[ComparedOffer, ...], asked: Asked) -> Difference:
    """Return the difference that the answer is about: leakers of the greatest raid, between two priced offers.

    The first priced package and the first one of other systems; without such a pair, and of one that has some system
    of its own; without that the first two packages with units.
    """
    priced = [offer for offer in offers if offer.part == "package" and offer.is_priced and offer.units]
    raid = headline_raid(asked).id
    leaking = {
        frozenset((d.a, d.b)): d
        for d in found
        if d.part == "package" and d.measure == LEAKERS and d.condition.raid == raid
    }
    pairs = [(first, other) for first in priced for other in priced]
    for apart in (
        [(a, b) for a, b in pairs if not a.systems & b.systems],
        [(a, b) for a, b in pairs if a.systems != b.systems],
    ):
        for first, other in apart:
            difference = leaking.get(frozenset((first.laydown, other.laydown)))
            if difference is not None:
                return difference
    return next(iter(leaking.values()))


def answer_sentences(result: CompareResult) -> tuple[str, str, str]:
    """Say what gets past each offer, whom it defends and which is better, each in at most thirty words."""
    headline = result.headline
    return _what_gets_past(result, headline), _whom_it_defends(result, headline), _which_is_better(result, headline)


def circumstances(result: CompareResult, scenario: Scenario) -> tuple[str, ...]:
    """Say when each offer comes, for how much, and everything that the answer hangs on."""
    headline = result.headline
    said = [
        capital(f"{offer.short}: {offer.price_words}, {_arrival(result, offer.laydown)}.")
        for offer in (result.offer(headline.a), result.offer(headline.b))
    ]
    said += [f"Prices: {NOT_LIKE_FOR_LIKE}.", *price_bases(result), capital(headline.break_even.sentence) + "."]
    for name in turned_readings(result, headline):
        offer = result.offer(name)
        said.append(capital(f"{offer.short} (read as '{offer.reading or name}') leaks {_turned_verb(headline)}."))
    joined = _joined(result)
    said += [joined] if joined is not None else []
    said.append(capital(headline.verdict.sentence) + ".")
    return (*said, assumed_words(result))


def _what_gets_past(result: CompareResult, headline: Difference) -> str:
    raid = str(headline.condition.raid)
    names = (headline.a, headline.b, *(r.both for r in result.marginals if {r.first, r.second} == _pair(headline)))
    rows = [result.raid_row(name, raid) for name in dict.fromkeys(names)][:3]
    first, *others = (f"{short_span(row.leakers)}{{}} past {result.offer(row.laydown).short}" for row in rows)
    leaks = ", ".join([first.format(" get"), *(words.format("") for words in others)])
    return f"Of {rows[0].n_targets} targets in raid {raid} (assumed), {leaks}."


def _whom_it_defends(result: CompareResult, headline: Difference) -> str:
    """Residents defended against the class of the timeline, if it must come overhead and if it may stay away."""
    target = shown_class(result)
    rows = {r.laydown: r for r in result.coverage if r.target == target}
    ranges = shown_ranges(result, target)
    found = [
        f"{result.offer(name).short} {' / '.join(_people_words(rows[name].people_defended.get(m)) for m in ranges)}"
        for name in (headline.a, headline.b)
    ]
    where = " / ".join("overhead" if m == 0.0 else f"{m / 1e3:g} km away" for m in ranges)
    return f"Residents defended, millions, if {short_name(result.names[target])} releases {where}: {', '.join(found)}."


def shown_ranges(result: CompareResult, target: str) -> tuple[float, ...]:
    """Return the release ranges [m] that stand side by side in text: over the town, and 20 km away."""
    rows = [row for row in result.coverage if row.target == target]
    return tuple(m for m in (0.0, STANDOFF_M) if any(m in row.people_defended for row in rows))


def _people_words(found: Finding | None) -> str:
    if found is None:
        return "not resolvable"
    low, median, high = (plain(value / 1e6, 2) for value in (found.low, found.median, found.high))
    return median if low == high else f"{median} [{low}-{high}]"


def _which_is_better(result: CompareResult, headline: Difference) -> str:
    """The difference with its interval, then what fits of: the ratio it turns at, another reading, the assumed part."""
    a, b = result.offer(headline.a).short, result.offer(headline.b).short
    more = headline.a_minus_b.median > 0.0
    first, second = (a, b) if more else (b, a)
    sign = 1.0 if more else -1.0
    ends = sorted(sign * value for value in (headline.a_minus_b.low, headline.a_minus_b.high))
    size = spread_text(ends[0], abs(headline.a_minus_b.median), ends[1], headline.unit)
    parts = [f"{first} lets {size} more through than {second}"]
    turned = turned_readings(result, headline)
    if turned:
        parts.append(f"{result.offer(turned[0]).short} {_turned_verb(headline)}")
    parts.append(assumed_words(result, short=True))
    while len(parts) > 1 and len("; ".join(parts).split()) > MOST_WORDS:
        parts.pop(-2)
    return capital("; ".join(parts)) + "."


def _turned_verb(headline: Difference) -> str:
    return "less" if headline.p_a_better <= 0.5 else "more"


def assumed_words(result: CompareResult, *, short: bool = False) -> str:
    """Say how much of what is uncertain nobody published."""
    n_draws, interval = result.header.n_draws, result.assumed_share_interval
    if result.assumed_share is None or interval is None:
        whole = assumed_sentence(result.assumed_share, n_draws)
        return "how much is assumed: too few draws to say" if short else whole
    low, high = (f"{100.0 * value:.0f}" for value in (interval.low, interval.high))
    figure = f"{assumed_figure(result.assumed_share, n_draws)} [{low} to {high}]"
    if short:
        return f"{figure} of the spread is assumed"
    return f"{figure} of what is uncertain comes from assumed or estimated figures."


def shown_class(result: CompareResult) -> str:
    """Return the class whose residents and prices go into text and answer."""
    if result.course is not None:
        return result.course.target
    targets = [row.target for row in result.coverage]
    return USUAL_CLASS if USUAL_CLASS in targets else targets[0]


def not_resolvable(result: CompareResult) -> tuple[str, ...]:
    """Say against which classes residents defended are told for no offer; nothing where each has its number."""
    armed = {offer.laydown for offer in result.offers if offer.units and offer.part == "package"}
    found: dict[tuple[str, str], list[bool]] = {}
    for row in result.coverage:
        if row.laydown in armed:
            told = any(value is not None for value in row.people_defended.values())
            found.setdefault((row.target, row.where), []).append(told)
    lacking = [f"{short_name(result.names[t])} at {where}" for (t, where), told in found.items() if not any(told)]
    if not lacking:
        return ()
    text = (
        f"Residents defended are told for no offer against {listed(lacking)}: what can be held is too small an area "
        "for the map of residents."
    )
    return (text,)


def _pair(headline: Difference) -> set[str]:
    return {headline.a, headline.b}


def price_bases(result: CompareResult) -> tuple[str, ...]:
    """Say in one sentence what kind of figure each price is; nothing where the scenario does not."""
    first: dict[str, ComparedOffer] = {}
    for offer in result.offers:
        if offer.is_priced and offer.price_basis and len(offer.offers) == 1:
            first.setdefault(offer.offers[0], offer)
    alike: dict[str, list[str]] = {}
    for offer in first.values():
        year = f", {offer.price_year}" if offer.price_year else ""
        alike.setdefault(offer.price_basis + year, []).append(offer.short)
    said = "; ".join(f"{listed(shorts)}: {basis}" for basis, shorts in alike.items())
    return (f"What each price is: {said}.",) if said else ()


def _arrival(result: CompareResult, name: str) -> str:
    if result.course is None:
        return "no delivery in the file"
    curves = result.curves_of(name)
    told = {curve.state: curve for curve in curves if curve.view == "reported"}
    delivered, on_alert = (told.get(state) for state in ("delivered", "on_alert"))
    n_units = len(result.offer(name).units)
    if delivered is not None and delivered.fire_units.any():
        alert = int(on_alert.fire_units.max()) if on_alert is not None else 0
        wait = delivered.days_to_first_delivery
        return (
            f"{int(delivered.fire_units.max())} of {n_units} fire units reported delivered, the first from "
            f"{delivered.first_delivery}{'' if wait is None else f' ({wait:,} days from the contract)'}, {alert} "
            "reported on alert"
        )
    paper = [c for c in curves if c.view == "paper" and c.state == "delivered" and c.first_delivery is not None]
    starts = sorted(str(curve.first_delivery)[:7] for curve in paper)
    if not starts:
        return "none reported delivered"
    if len(starts) == 1:
        return f"none reported delivered, on paper from {starts[0]}"
    return f"none reported delivered, on paper from {starts[0]} to {starts[-1]} by assumed lead time"


def turned_readings(result: CompareResult, headline: Difference) -> tuple[str, ...]:
    """Return the laydowns of A's systems that turn the answer over: readings, fits, sitings, never pooled."""
    own, other = result.offer(headline.a), result.offer(headline.b)
    found = []
    for d in result.differences:
        if (d.part, d.measure, d.condition) != (headline.part, headline.measure, headline.condition):
            continue
        if other.laydown not in (d.a, d.b) or own.laydown in (d.a, d.b):
            continue
        is_first = d.b == other.laydown
        rival = result.offer(d.a if is_first else d.b)
        p_better = d.p_a_better if is_first else 1.0 - d.p_a_better - d.p_equal
        if rival.systems == own.systems and (p_better > 0.5) != (headline.p_a_better > 0.5):
            found.append(rival.laydown)
    return tuple(found)


def _joined(result: CompareResult) -> str | None:
    """Say what joining the same fire units changes in the raid of most classes."""
    raid = headline_raids(result)[0]
    found = [c for c in result.links if c.raid == raid and c.measure in JOINING_CHANGES]
    if not found:
        return None
    apart, joined = result.offer(found[0].before).short, result.offer(found[0].after).short
    parts = [f"{c.label[:1].lower()}{c.label[1:]} by {span(c.difference)}" for c in found if c.difference is not None]
    return f"{capital(joined)} instead of {apart}, in raid {raid}, changes {', '.join(parts)}."


def headline_raids(result: CompareResult) -> list[str]:
    """Return the raids of a result, the one of most classes and targets first."""
    rows = {row.raid: row for row in result.rows}
    return sorted(rows, key=lambda name: (-len(rows[name].leakers_by_class), -rows[name].n_targets, name))


def span(found: Finding) -> str:
    """Return a finding as 'median [low to high]'.

    >>> from ringtrue.finding import Finding
    >>> span(Finding("x", "1", 1.0, 2.0, 3.456))
    '2 [1 to 3.5]'
    >>> span(Finding("x", "1", 40.0, 40.0, 40.0))
    '40'
    """
    return spread_text(found.low, found.median, found.high, found.unit)


def short_span(found: Finding) -> str:
    """Return a finding that is never below zero as 'median [low-high]', in two words.

    >>> from ringtrue.finding import Finding
    >>> short_span(Finding("x", "1", 1.0, 2.0, 3.456))
    '2 [1-3.5]'
    """
    return spread_text(found.low, found.median, found.high, found.unit, "-")


def capital(text: str) -> str:
    """Return a sentence with a capital letter.

    >>> capital("the second system")
    'The second system'
    """
    return text[:1].upper() + text[1:]


def sampling_notes(result: CompareResult) -> tuple[str, ...]:
    """Say how many residents and warnings other samples of draws would move, and how far for the offers of the answer.

    Row by row they stand in the JSON; here those of the two offers of the answer, against the class that is told.
    """
    rows: list[CoverageRow | PlaceRow] = [*result.coverage, *result.places]
    n_moved = sum(len(row.sampling) for row in rows)
    if not n_moved:
        return ()
    told = [
        f"{result.offer(row.laydown).short}{_at_place(result, row)}: {', '.join(row.sampling)}"
        for row in rows
        if row.target == shown_class(result) and row.laydown in (result.headline.a, result.headline.b) and row.sampling
    ]
    target = short_name(result.names[shown_class(result)])
    moved = (
        f"Other samples of {result.header.n_draws:,} draws would move the middle of {n_moved} numbers of residents or "
        f"warning by more than 3 % (each with its interval in the JSON: sampling); against {target}: "
        f"{'; '.join(told) or 'none of the two offers of the answer'}."
    )
    grounds = (
        f"They stand on {FEW_RELIEFS} drawn grounds, which that leaves out: others may move what low flyers come to by "
        f"more. An audit draws {AUDIT_RELIEFS}."
    )
    return (moved,) if result.terrain == "none" else (moved, grounds)


def _at_place(result: CompareResult, row: CoverageRow | PlaceRow) -> str:
    return f" at {result.assets[row.asset].name}" if isinstance(row, PlaceRow) else ""


def study_notes(result: CompareResult, scenario: Scenario, raid_notes: Iterable[str]) -> tuple[str, ...]:
    """Say how far the numbers hold."""
    noisiest = max(result.rows, key=lambda row: row.noise_share)
    n_lucky = sum(d.noise_share > MOST_NOISE_SHARE for d in result.differences)
    head = result.header
    size = (
        f"{head.n_draws} draws; raids with {head.n_replications} replications a draw; numbers "
        "chosen so that two cores answer in half a minute: more with --draws."
    )
    luck = (
        "Intervals run from 5 to 95 % of draws. A draw plays few raids, so its mean still holds some luck of the raid: "
        f"of what varies between draws, at most {whole_percent(noisiest.noise_share)} is such luck "
        f"({noisiest.laydown}, {noisiest.raid}). Where it is more than {whole_percent(MOST_NOISE_SHARE)}, it is taken "
        f"out of the intervals, and of who is better how often ({n_lucky} of {len(result.differences)} pairs)."
    )
    prior = (
        "Kill probability: one wide prior for every interceptor of all sides, unless the scenario gives another; "
        "see the curve over kill probability and the break-even."
    )
    notes = [
        size,
        luck,
        *sampling_notes(result),
        "Square brackets behind a share of draws: what other samples of as many draws would give (Wilson, 5 to 95 %).",
        "Same draws and same luck for every offer: keyed by the names of targets and units, never by their place.",
        prior,
        "Raids are declared assumptions of the scenario.",
        *([scenario.positions] if scenario.positions else []),
        *TIMELINE_NOTES,
        *sorted(set(raid_notes) - set(result.declared)),
    ]
    return tuple(dict.fromkeys(notes))
