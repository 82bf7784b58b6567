"""The six questions that the reports raise, each answered in at most forty words from the findings of a study.

An answer has its interval and says what it rests on: the part of its spread that goes with assumed or estimated
figures, or which assumption stands behind it. Nothing here is a result: every number, every interval and every
comparison of two sides is taken from the measures of an answer, so that a sentence moves with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ringtrue.catalogue.address import short_name
from ringtrue.finding import sampled_percent
from ringtrue.sensing.assumed import assumed_figure
from ringtrue.studies.brief import whole_lines
from ringtrue.studies.compare_answer import capital, headline_raids, short_span
from ringtrue.studies.compare_differences import spread_text
from ringtrue.studies.exposure_output import ALL_PATTERNS, ONE_LOOK, an, short
from ringtrue.studies.exposure_output import span as short_digits
from ringtrue.studies.relocation_output import BARE_EARTH, ground_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringtrue.catalogue.records import Catalogue
    from ringtrue.coverage.exposure import ExposureRow
    from ringtrue.finding import Finding
    from ringtrue.studies.claim_rows import ClaimRow
    from ringtrue.studies.compare_records import CompareResult
    from ringtrue.studies.exposure_output import BaseRow, ExposureResult
    from ringtrue.studies.relocation_output import RelocationChange, RelocationResult

MOST_WORDS = 40
ABROAD = "at-kyiv"
INSPECTION = "inspection-worth"
JOINED_IN = ("leakers", "rounds_fired", "double_engagements", "friendly_engagements")


class Bar(NamedTuple):
    """One finding of a picture: its row, and the group that gives it colour and mark."""

    row: str
    group: str
    found: Finding


class Told(NamedTuple):
    """One question with its answer, the command that shows it, and what its picture draws."""

    id: str
    question: str
    command: str
    answer: str
    scale: str
    unit: str
    bars: tuple[Bar, ...]
    n_draws: int
    seed: int


def fitted(sentence: str, *more: str) -> str:
    """Return a sentence and as much of what follows as forty words hold, in the order given.

    >>> fitted("One.", "Two.", " ".join(["word"] * 40)), len(fitted("a " * 40, "b").split())
    ('One. Two.', 40)
    """
    for part in more:
        if len(f"{sentence} {part}".split()) <= MOST_WORDS:
            sentence = f"{sentence} {part}"
    return sentence


def resting(sentence: str, part: float | None, n_draws: int) -> str:
    """Return a sentence and how much of its spread is assumed, in as many words as forty leave room for.

    >>> resting("One.", 0.95, 200)
    'One. 95 % of the spread goes with assumed or estimated figures.'
    >>> [resting("word " * n + "end.", 0.95, 200)[5 * n :] for n in (31, 35)]
    ['end. 95 % of the spread is assumed.', 'end. Assumed: 95 %.']
    >>> resting("One.", None, 8)
    'One. Assumed: too few draws to say.'
    """
    figure = assumed_figure(part, n_draws)
    known = () if part is None else ("of the spread goes with assumed or estimated figures", "of the spread is assumed")
    tails = (*(f"{figure} {words}." for words in known), f"Assumed: {figure}.")
    return next((longer for tail in tails if (longer := fitted(sentence, tail)) != sentence), sentence)


def as_well_for_the_capital(result: CompareResult) -> Told | None:
    """Answer whether one fire unit does as well as the other at the place where both stand; None: no two do."""
    raid = headline_raids(result)[0]
    first = next((d for d in result.place_duels if d.raid == raid), None)
    if first is None:
        return None
    a, b = result.offer(first.a), result.offer(first.b)
    name = result.assets[first.asset].name
    same = [d for d in result.place_duels if (d.a, d.b, d.asset) == (first.a, first.b, first.asset)]
    return Told(
        "ankara",
        "Does the other offer do as well as the S-400 for Ankara?",
        _command("compare", result.scenario),
        resting(
            f"Of {first.n_aimed} attackers on {name} in raid {raid}, {short_span(first.a_leakers)} get past {a.short}, "
            f"{short_span(first.b_leakers)} past {b.short}; the first lets fewer through in "
            f"{sampled_percent(first.p_a_better, result.header.n_draws)} of draws.",
            first.assumed_share,
            result.header.n_draws,
        ),
        f"attackers on {name} that get through, of those in brackets",
        "attackers",
        tuple(
            Bar(f"{d.raid} ({d.n_aimed})", offer.short, found)
            for d in same
            for offer, found in ((a, d.a_leakers), (b, d.b_leakers))
        ),
        result.header.n_draws,
        result.header.seed,
    )


def _command(study: str, scenario: str, n_draws: int | None = None) -> str:
    return f"ringtrue {study} {scenario}".rstrip() + (f" --draws {n_draws}" if n_draws else "")


def moved_abroad(result: RelocationResult, laydown: str = ABROAD) -> Told | None:
    """Answer what the regiment would gain at another place and lose at home; None: nothing is known of the place."""
    changes = [
        c
        for c in result.changes
        if c.terrain == BARE_EARTH and c.people_gained is not None and c.people_lost is not None
    ]
    usual = [c for c in changes if c.where == result.usual[c.target]]
    there = [c for c in usual if c.laydown == laydown]
    if not there:
        return None
    most, least = max(there, key=_gained), min(there, key=_gained)
    shown = (most,) if most is least else (most, least)
    gained = [_people(c.people_gained) for c in shown]
    against = [f"against {short_name(result.names[c.target])} at {c.where}" for c in shown]
    under = ", ".join(f"{n} {words}" for n, words in zip(gained[1:], against[1:], strict=True))
    answer = resting(
        f"{result.names[laydown]}, {ground_name(BARE_EARTH)}: {gained[0]} million residents under airspace {against[0]}"
        f"{', ' if under else ''}{under}; lost at home: {' and '.join(_people(c.people_lost) for c in shown)}.",
        result.assumed_share,
        result.header.n_draws,
    )
    bars = []
    for c in there:
        for group, found in (("gained there", c.people_gained), ("lost at home", c.people_lost)):
            assert found is not None
            bars.append(Bar(f"{_kind(result, c)} at {c.where}", group, found.scaled(1e-6)))
    return Told(
        "kyiv",
        "And in Kyiv?",
        _command("relocation", "", result.header.n_draws),
        answer,
        "residents under engageable airspace, millions",
        "M people",
        tuple(bars),
        result.header.n_draws,
        result.header.seed,
    )


def leading_answers(result: RelocationResult) -> tuple[str, ...]:
    """Return what screen and page of a move begin with: each place abroad in a sentence, or else what is told of all.

    Abroad, for at home the units would be no loss to the country.
    """
    told = (moved_abroad(result, laydown) for laydown in result.abroad)
    return tuple(one.answer for one in told if one is not None) or result.told_places


def _gained(change: RelocationChange) -> float:
    return 0.0 if change.people_gained is None else change.people_gained.median


def _people(found: Finding | None) -> str:
    return "not resolvable" if found is None else short_digits(found, 1e-6, "-")


def _kind(result: RelocationResult, change: RelocationChange) -> str:
    return result.names[change.target].partition(" (")[0]


def at_their_base(result: ExposureResult) -> Told:
    """Answer what the first radar could observe of each class, on the flights of the scenario."""
    first = result.headlines[0]
    rows = [
        r for r in result.rows
        if (r.laydown, r.unit, r.radar, r.pattern, r.threshold)
        == (first.laydown, first.unit, first.radar, ALL_PATTERNS, ONE_LOOK)
    ]  # fmt: skip
    own = next(r for r in rows if r.target == first.target)
    others = [r for r in rows if r.target != first.target]
    radar, name = result.names[first.radar].partition(" ")[0], _short_class(result, own.target)
    standing = next(
        (b for b in result.bases
         if (b.laydown, b.unit, b.radar, b.target) == (first.laydown, first.unit, first.radar, own.target)),
        None,
    )  # fmt: skip
    who = "it" if standing else f"the {radar}"
    answer = resting(
        ("" if standing is None else f"{_standing_words(standing, radar, name, result.header.n_draws)} ")
        + f"In flight {who} could observe {an(name)} {_minutes(own)} minutes an hour"
        + "".join(f", {an(_short_class(result, r.target))} {_minutes(r)}" for r in others[-1:])
        + ".",
        result.assumed_share,
        result.header.n_draws,
    )
    every = [r for r in result.rows if r.pattern == ALL_PATTERNS and r.threshold == ONE_LOOK]
    return Told(
        "base",
        "Could its radar spy on F-35s at their base?",
        _command("exposure", result.name, result.header.n_draws),
        answer,
        "minutes observed in each hour that the radar is on",
        "min/h",
        tuple(
            Bar(
                f"{result.names[r.radar].partition(' ')[0]}: {result.names[r.laydown]}",
                _short_class(result, r.target),
                r.minutes_per_hour_on,
            )
            for r in every
        ),
        result.header.n_draws,
        result.header.seed,
    )


def _standing_words(base: BaseRow, radar: str, name: str, n_draws: int) -> str:
    """Say what a radar sees of a class that stands at its base."""
    share = base.p_seen_on_ground
    seen = "nothing" if share == 0.0 else f"something, in {sampled_percent(share, n_draws)} of draws,"
    return (
        f"At its base, assumed {short(base.distance_km)} km off, the {radar} sees {seen} of {an(name)}: one look "
        f"reaches {short_digits(base.farthest_km, dash='-')} km."
    )


def _minutes(row: ExposureRow) -> str:
    return short_digits(row.minutes_per_hour_on, dash="-")


def _short_class(result: ExposureResult, target: str) -> str:
    return result.names[target].partition(" (")[0]


def inspected(row: ClaimRow, catalogue: Catalogue, n_draws: int, seed: int) -> Told | None:
    """Answer which part of the doubt an inspection could settle, from the row that measures it; None: no variant."""
    found = [(v, v.figure) for v in row.variants if v.figure is not None]
    if not found:
        return None
    least = min(found, key=lambda pair: _estimate(pair[1]))
    most = max(found, key=lambda pair: _estimate(pair[1]))
    shares = " to ".join(_share(one) for _, one in (least, most))
    answer = resting(
        f"The {str(row.args['system']).upper()}'s own figures carry {shares} of the public's doubt about what it can "
        "engage. The rest no inspection settles: the target's echo and speed, terrain.",
        row.assumed_share,
        row.n_draws or n_draws,
    )
    return Told(
        "inspection",
        "What would an inspection have told?",
        "ringtrue claims",
        answer,
        "share of the spread that the system's own figures carry, %",
        "%",
        tuple(
            Bar(", ".join(_named(catalogue, part) for part in v.variant.values()), "own figures", one.scaled(100.0))
            for v, one in found
        ),
        row.n_draws or n_draws,
        seed,
    )


def _named(catalogue: Catalogue, part: Any) -> str:
    """Return a part of a variant by its name: a class of the catalogue, or what the claim prints."""
    return short_name(catalogue.targets[part].name) if part in catalogue.targets else str(part)


def _estimate(found: Finding) -> float:
    """Return what the row prints: the estimate over all draws, about which its resamples spread."""
    return found.median if found.nominal is None else found.nominal


def _share(found: Finding) -> str:
    low, middle, high = (f"{100.0 * value:.0f}" for value in (found.low, _estimate(found), found.high))
    return f"{middle} % [{low} to {high}]"


def as_good_and_when(result: CompareResult) -> Told:
    """Answer how the two offers of the headline compare, for how much and when each comes."""
    headline = result.headline
    a, b = result.offer(headline.a), result.offer(headline.b)
    when = "; ".join(f"{offer.short} ({offer.price_words}): {_came(result, offer.laydown)}" for offer in (a, b))
    more = headline.a_minus_b.median > 0.0
    sign = 1.0 if more else -1.0
    low, high = sorted(sign * value for value in (headline.a_minus_b.low, headline.a_minus_b.high))
    size = spread_text(low, abs(headline.a_minus_b.median), high, headline.unit, "-" if low >= 0.0 else " to ")
    n_targets = result.raid_row(a.laydown, headline_raids(result)[0]).n_targets
    answer = resting(
        fitted(capital(f"{when}."), f"The {'first' if more else 'second'} lets {size} more of {n_targets} through."),
        result.assumed_share,
        result.header.n_draws,
    )
    bars = [
        Bar(f"{row.raid} ({row.n_targets})", offer.short, row.leakers)
        for raid in headline_raids(result)
        for offer in (a, b)
        for row in (result.raid_row(offer.laydown, raid),)
    ]
    return Told(
        "offer",
        "Was the other offer as good, and when would it have come?",
        _command("compare", result.scenario),
        answer,
        "targets that get through, of those of the raid in brackets",
        "targets",
        tuple(bars),
        result.header.n_draws,
        result.header.seed,
    )


def _came(result: CompareResult, laydown: str) -> str:
    """Say when an offer came, or would have come by its promises and lead times."""
    there = [c for c in result.curves_of(laydown) if c.state == "delivered" and c.first_delivery is not None]
    reported = next((c for c in there if c.view == "reported"), None)
    if reported is not None:
        n_units = len(result.offer(laydown).units)
        n_there = int(reported.fire_units.max())
        return f"{n_there} of {n_units} fire units reported delivered from {reported.first_delivery}"
    months = sorted(str(c.first_delivery)[:7] for c in there if c.view == "paper")
    if not months:
        return "none reported delivered"
    span = months[0] if months[0] == months[-1] else f"{months[0]} to {months[-1]}"
    return f"none reported delivered, on paper from {span}"


def not_compatible(result: CompareResult) -> Told | None:
    """Answer what standing apart costs, by what joining the same fire units changes; None: no two differ so."""
    raid = headline_raids(result)[0]
    found = [c for c in result.links if c.measure in JOINED_IN and c.difference is not None]
    here = [c for c in found if c.raid == raid]
    if not here:
        return None
    parts = [f"{c.label[:1].lower()}{c.label[1:]} by {_change(c.difference)}" for c in here if c.difference is not None]
    sentence = f"In raid {raid}, joining the two systems changes {', '.join(parts)}."
    part = result.links_assumed_share
    if part is None:
        answer = fitted(sentence, "Raid and links are assumed.")
    else:
        figure = assumed_figure(part, result.header.n_draws)
        tails = (f"Assumed: raid, links, {figure} of the leakers' spread.", f"Assumed: raid, links, {figure}.")
        answer = next((longer for tail in tails if (longer := fitted(sentence, tail)) != sentence), sentence)
    return Told(
        "compatible",
        "What does it cost not to be compatible?",
        _command("network", result.scenario),
        answer,
        "change by joining, in counts of one raid",
        "counts",
        tuple(Bar(c.label, c.raid, c.difference) for c in found if c.difference is not None),
        result.header.n_draws,
        result.header.seed,
    )


def _change(found: Finding) -> str:
    return spread_text(found.low, found.median, found.high, found.unit)


def closing_answers(result: CompareResult) -> tuple[str, ...]:
    """Return those answers of the story that a comparison alone can give, each in at most forty words."""
    told: Iterable[Told | None] = (
        as_well_for_the_capital(result), as_good_and_when(result), not_compatible(result),
    )  # fmt: skip
    return tuple(one.answer for one in told if one is not None)


def closing_lines(result: CompareResult, width: int = 80) -> list[str]:
    """Return `closing_answers` in lines."""
    return ["", *(line for answer in closing_answers(result) for line in whole_lines(answer, width))]
