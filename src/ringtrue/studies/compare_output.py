"""A comparison as text of 80 columns and as JSON."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from ringtrue import __version__
from ringtrue.finding import LEVEL, Finding, plain, whole_percent
from ringtrue.procurement.money import NOT_LIKE_FOR_LIKE, money_text
from ringtrue.studies.compare_answer import capital, headline_raids, shown_class, shown_ranges, span
from ringtrue.studies.compare_differences import number
from ringtrue.studies.compare_pairs import DEFENDED, LEAKERS
from ringtrue.studies.published_kill import NOTE, figure_json, figure_lines, published_figures, published_json
from ringtrue.studies.timeline import timeline_json

if TYPE_CHECKING:
    from ringtrue.procurement.money import DefendedPrice
    from ringtrue.studies.compare_records import (
        ComparedOffer,
        CompareResult,
        CoverageRow,
        Difference,
        FrontierPoint,
        MonthRow,
        RaidRow,
        Turn,
        UnitRow,
    )

NAME_WIDTH = 21
PEOPLE_TITLE = (
    "Residents defended, millions, by where the aircraft must be met: overhead (release range 0) or before it is that "
    "far away; worst course, one engagement"
)


def compare_lines(result: CompareResult, width: int = 80) -> list[str]:
    """Return the comparison as text; the table of the offers and the answer in three sentences come last."""
    return [
        result.title,
        f"{result.terrain}; {result.n_draws} draws, {result.n_replications} replications; median [5 to 95 % of draws]",
        *_names(result, width),
        *_coverage_table(result, width),
        *_unit_table(result, width),
        *_difference_table(result, width),
        *_break_evens(result, width),
        *_second_system(result, width),
        *_prices(result, width),
        *_months(result),
        *_deliveries(result, width),
        "",
        "When, for how much, and what the answer hangs on",
        *(line for words in result.circumstances for line in _wrapped(words, width, "- ")),
        "",
        "How far the numbers hold",
        *(line for note in result.notes for line in _wrapped(note, width, "- ")),
        *_published_table(result, width),
        *_raid_table(result, width),
        "",
        *(line for sentence in result.answer for line in _wrapped(sentence, width)),
    ]


def _wrapped(text: str, width: int, mark: str = "") -> list[str]:
    return textwrap.wrap(text, width, initial_indent=mark, subsequent_indent=" " * len(mark))


def _packages(result: CompareResult) -> list[ComparedOffer]:
    return [offer for offer in result.offers if offer.part == "package"]


def _names(result: CompareResult, width: int) -> list[str]:
    """What the ids of the tables stand for."""
    lines = ["", "What is compared"]
    for offer in result.offers:
        name = f"{offer.laydown[: NAME_WIDTH - 1]:<{NAME_WIDTH}}"
        lines += textwrap.wrap(offer.title, width, initial_indent=name, subsequent_indent=" " * NAME_WIDTH)
    return lines


def _cell(found: Finding | None, scale: float = 1.0) -> str:
    """Median to three digits and interval to two, without exponents.

    >>> _cell(Finding("x", "1", 24.8, 26.8, 129.2)), _cell(None)
    ('26.8 [25-130]', 'n.r.')
    """
    if found is None:
        return "n.r."
    low, median, high = (value * scale for value in (found.low, found.median, found.high))
    if low == high:
        return _digits(median, 3)
    return f"{_digits(median, 3)} [{_digits(low, 2)}-{_digits(high, 2)}]"


def _digits(value: float, n: int) -> str:
    return f"{float(f'{value:.{n}g}'):,g}"


def interval_or_null(found: Finding | None) -> dict[str, Any] | None:
    """Return a finding as the JSON output prints it; null where there is none."""
    return None if found is None else found.interval()


def _one_raid(found: Finding) -> str:
    """Leakers of one raid in at most twelve characters.

    >>> _one_raid(Finding("x", "1", 4.43, 7.21, 8.0, one_raid=(2.0, 11.0)))
    '2-11'
    """
    low, high = found.one_raid or (found.low, found.high)
    return plain(low) if low == high else f"{plain(low)}-{plain(high)}"


def _count(found: Finding) -> str:
    """Leakers and their interval in at most twelve characters.

    >>> _count(Finding("x", "1", 4.43, 7.21, 8.0)), _count(Finding("x", "1", 40.0, 40.0, 40.0))
    ('7.2[4.4-8.0]', '40')
    """
    if found.low == found.high:
        return plain(found.median)
    ends = (f"{value:.1f}" if value < 9.95 else f"{value:.0f}" for value in (found.low, found.high))
    middle = f"{found.median:.1f}" if found.median < 99.95 else f"{found.median:.0f}"
    return f"{middle}[{'-'.join(ends)}]"


def _raid_table(result: CompareResult, width: int) -> list[str]:
    raids = headline_raids(result)
    first = result.offers[0].laydown
    sizes = ", ".join(f"{raid} {result.raid_row(first, raid).n_targets}" for raid in raids)
    per_block = max((width - NAME_WIDTH - 5) // 13, 1)
    lines = ["", *_wrapped(f"What gets through: leakers by raid (raids are assumptions; targets: {sizes})", width)]
    for start in range(0, len(raids), per_block):
        shown = raids[start : start + per_block]
        lines.append(f"{'offer':<{NAME_WIDTH}}{'bn$':>5}" + "".join(raid[:12].rjust(13) for raid in shown))
        for offer in result.offers:
            price = "-" if offer.price_usd is None else plain(offer.price_usd / 1e9)
            cells = "".join(_count(result.raid_row(offer.laydown, raid).leakers).rjust(13) for raid in shown)
            lines.append(f"{offer.laydown[: NAME_WIDTH - 1]:<{NAME_WIDTH}}{price:>5}{cells}")
            one = "".join(_one_raid(result.raid_row(offer.laydown, raid).leakers).rjust(13) for raid in shown)
            lines.append(f"{'  in one raid':<{NAME_WIDTH + 5}}{one}")
    return [*lines, *_wrapped(f"Prices: {NOT_LIKE_FOR_LIKE}.", width)]


def _published_table(result: CompareResult, width: int) -> list[str]:
    """Leakers with published kill probabilities, for the raid of most classes, and who printed them."""
    if not result.published:
        return []
    first = result.published[0]
    title = f"{NOTE[0].upper()}{NOTE[1:]}; leakers in raid {first.raid}, {first.n_replications} replications"
    lines = ["", *_wrapped(title, width), f"{'offer':<{NAME_WIDTH}}{'as published':>16}{'less common prior':>24}"]
    for row in result.published:
        leakers, less = _count(row.leakers.finding), span(row.less_common)
        lines.append(f"{row.laydown[: NAME_WIDTH - 1]:<{NAME_WIDTH}}{leakers:>16}{less:>24}")
    there = {row.laydown for row in result.published}
    bare = [offer.laydown for offer in result.offers if offer.units and offer.laydown not in there]
    turned = result.published_difference
    if turned is not None:
        words = (
            f"{turned.a} less {turned.b}, both as published: {span(turned.a_minus_b)} leakers; the first leaks less in "
            f"{whole_percent(turned.p_a_better)} of draws"
        )
        lines += _wrapped(words, width, "  ")
    return [*lines, *(line for words in figure_lines(result.published, bare) for line in _wrapped(words, width, "- "))]


def _coverage_table(result: CompareResult, width: int) -> list[str]:
    """Residents defended: a block for each aircraft with its release ranges side by side, one for all other classes."""
    targets = list(dict.fromkeys(row.target for row in result.coverage_rows))
    rows = {(row.laydown, row.target): row for row in result.coverage_rows}
    armed = [offer.laydown for offer in _packages(result) if offer.units]
    known = [t for t in targets if any(any(rows[name, t].people_defended.values()) for name in armed)]
    several = [t for t in known if len(rows[armed[0], t].people_defended) > 1]
    lines = ["", *_wrapped(PEOPLE_TITLE, width)]
    for target in several:
        head = f"{target} at {rows[armed[0], target].where}; releases"
        ranges = list(rows[armed[0], target].people_defended)
        words = ["overhead" if m == 0.0 else f"{m / 1e3:g} km away" for m in ranges]
        lines += _people_block(head, words, {name: [rows[name, target].people_defended[m] for m in ranges]
                                             for name in armed}, width)  # fmt: skip
    single = [t for t in known if t not in several]
    if single:
        cells = {name: [rows[name, t].people_defended.get(0.0) for t in single] for name in armed}
        words = [f"{t} at {rows[armed[0], t].where}" for t in single]
        lines += _people_block("before they arrive", words, cells, width)
    unknown = [t for t in targets if t not in known and rows[armed[0], t].people_defended]
    lines += _wrapped(f"For no offer resolvable: {', '.join(unknown)}", width) if unknown else []
    return [*lines, *_wrapped("n.r.: not resolvable below four cells of the population raster; 0: in no draw", width)]


def _people_block(head: str, words: list[str], cells: dict[str, list[Finding | None]], width: int) -> list[str]:
    column = min((width - NAME_WIDTH) // len(words), 24)
    heads = [textwrap.wrap(word, column - 1) for word in words]
    depth = max(map(len, heads))
    lines = [head]
    padded = [[""] * (depth - len(h)) + h for h in heads]
    lines += [" " * NAME_WIDTH + "".join(h[i].rjust(column) for h in padded) for i in range(depth)]
    for name, found in cells.items():
        lines.append(f"{name[: NAME_WIDTH - 1]:<{NAME_WIDTH}}" + "".join(_millions(f).rjust(column) for f in found))
    return lines


def _millions(found: Finding | None) -> str:
    """People in millions, two significant digits.

    >>> _millions(Finding("x", "people", 1.23e6, 2.34e6, 3.45e6))
    '2.3[1.2-3.5]'
    """
    if found is None:
        return "n.r."
    low, median, high = (plain(value / 1e6, 2) for value in (found.low, found.median, found.high))
    return median if low == high else f"{median}[{low}-{high}]"


def _unit_table(result: CompareResult, width: int) -> list[str]:
    if not result.unit_rows:
        return []
    names = list(dict.fromkeys(row.laydown for row in result.unit_rows))
    by_row: dict[tuple[str, str], dict[str, UnitRow]] = {}
    for row in result.unit_rows:
        by_row.setdefault((row.target, row.where), {})[row.laydown] = row
    column = (width - 32) // len(names)
    lines = [
        "",
        f"Fire unit against fire unit at {result.unit_rows[0].place}: engageable airspace, thousand km2",
        " " * 32 + "".join(name.rjust(column) for name in names),
    ]
    for (target, where), rows in by_row.items():
        cells = "".join(_cell(rows[name].engageable_km2, 1e-3).rjust(column) for name in names)
        lines.append(f"{target:<17}{where:<15}{cells}")
    return lines


def _shown(result: CompareResult) -> list[Difference]:
    """Return the differences of the text: leakers of the greatest raid; all the others are in the JSON."""
    raid = headline_raids(result)[0]
    return [d for d in result.differences if d.measure == LEAKERS and d.condition == f"in raid {raid}"]


def _difference_table(result: CompareResult, width: int) -> list[str]:
    raid = headline_raids(result)[0]
    column = (width - 37) // 2
    lines = [
        "",
        f"Leakers in {raid}, A less B (all other differences: --json)",
        f"{'A':<{column}} {'B':<{column}}{'difference':>24}{'P(A better)':>12}",
    ]
    for d in _shown(result):
        found = f"{number(d.a_minus_b.median)} [{number(d.a_minus_b.low)} to {number(d.a_minus_b.high)}]"
        lines.append(f"{d.a[:column]:<{column}} {d.b[:column]:<{column}}{found:>24}{d.p_a_better:>12.0%}")
    return lines


def _break_evens(result: CompareResult, width: int) -> list[str]:
    lines = ["", "Break-even: where the answer turns over"]
    for d in _shown(result):
        if d.part == "fire unit" or d.sentence == result.deciding_row:
            lines += _wrapped(f"{capital(d.turn.sentence)}.", width, "- ")
    return lines


def _second_system(result: CompareResult, width: int) -> list[str]:
    raid = headline_raids(result)[0]
    first_both = next((row.both for row in result.marginals), "")
    rows = [
        row
        for row in result.marginals
        if row.both == first_both
        if row.condition == f"in raid {raid}"
        or (row.measure == DEFENDED and f"against {shown_class(result)} " in row.condition)
    ]
    if not rows:
        return []
    return [
        "",
        "The second system when the first is there",
        *(x for r in rows for x in _wrapped(capital(r.sentence), width, "- ")),
    ]


def _prices(result: CompareResult, width: int) -> list[str]:
    raid, target = headline_raids(result)[0], shown_class(result)
    ranges = shown_ranges(result, target)
    side_by_side = " and ".join("overhead" if m == 0.0 else f"{m / 1e3:g} km away" for m in ranges)
    lines = ["", *_wrapped(f"Price of defending against {target} that releases {side_by_side}", width)]
    texts: dict[tuple[str, str], list[str]] = {}
    for m in ranges:
        for row in result.prices:
            if f"against {target} " in row.price.condition and f"release range {m / 1e3:g} km" in row.price.condition:
                texts.setdefault((row.laydown, row.what), []).append(row.price.text)
    for (laydown, _), found in texts.items():
        lines += _wrapped(f"{laydown}: {'; '.join(dict.fromkeys(found))}", width, "- ")
    lines += ["", f"Price frontier in {raid}; {NOT_LIKE_FOR_LIKE.partition(':')[0]}"]
    for point in result.frontier:
        if point.condition == f"in raid {raid}":
            lines += _wrapped(_frontier_words(point), width, "- ")
    return lines


def _frontier_words(point: FrontierPoint) -> str:
    standing = "on the price frontier"
    if point.is_dominated:
        standing = f"beaten in the middle draw by {', '.join(point.dominated_by)}"
    return (
        f"{money_text(point.price_usd)}, {point.laydown}: {span(point.value)} {point.measure}; {standing} "
        f"(on the frontier in {whole_percent(point.share_on_frontier)} of draws)"
    )


def _months(result: CompareResult) -> list[str]:
    """Rows of delivered units; of the lead times the shortest and the longest, the rest is in the JSON."""
    if not result.months:
        return []
    raid = headline_raids(result)[0]
    leads = sorted({row.lead_time_months for row in result.months if row.lead_time_months is not None})
    shown = {None, *leads[:1], *leads[-1:]}
    lines = ["", f"If {raid} came that month: leakers (delivered units, as if all were on alert)"]
    for row in result.months:
        if row.raid == raid and row.uids and row.state == "delivered" and row.lead_time_months in shown:
            lead = "" if row.lead_time_months is None else f", lead time {row.lead_time_months:g} m"
            lines.append(
                f"{row.laydown[: NAME_WIDTH - 1]:<{NAME_WIDTH}}{row.view + lead:<24}"
                f"{row.first} to {row.last}{_count(row.leakers):>14}"
            )
    return lines


def _deliveries(result: CompareResult, width: int) -> list[str]:
    """What each offer delivered, as promised and as reported; rounds whose type nobody told among it."""
    rows: dict[tuple[str, ...], ComparedOffer] = {}
    for offer in result.offers:
        if len(offer.offers) == 1 and offer.delivered:
            rows.setdefault(offer.offers, offer)
    if not rows:
        return []
    words = {"promised": "promised", "happened": "as reported"}
    lines = ["", "Delivered by the last month"]
    for names, offer in rows.items():
        parts = [
            f"{words[calendar]}: {', '.join(f'{count} {thing}' for thing, count in counts.items())}"
            for calendar, counts in offer.delivered.items()
        ]
        lines += textwrap.wrap(f"{names[0]}: {'; '.join(parts)}", width, initial_indent="  ", subsequent_indent="    ")
    return lines


def compare_json(result: CompareResult) -> dict[str, Any]:
    """Return the JSON object; ``rows`` are the raids, everything else stands beside them. Maps are not in it."""
    return {
        "command": "compare",
        "version": __version__,
        "scenario": result.name,
        "scenario_hash": result.scenario_hash,
        "catalogue_hash": result.catalogue_hash,
        "seed": result.seed,
        "n_draws": result.n_draws,
        "n_replications": result.n_replications,
        "n_draws_coverage": result.n_draws_coverage,
        "level": LEVEL,
        "terrain": result.terrain,
        "question": result.question,
        "answer": list(result.answer),
        "circumstances": list(result.circumstances),
        "offers": [_offer_json(offer) for offer in result.offers],
        "rows": [_raid_json(row) for row in result.raid_rows],
        "coverage": [_coverage_json(row) for row in result.coverage_rows],
        "fire_units": [_unit_json(row) for row in result.unit_rows],
        "published_kill": _published_json(result),
        "kill_curves": [
            {
                "laydown": curve.laydown,
                "raid": curve.raid,
                "p_kill": list(curve.p_kill),
                "leakers": [found.interval() for found in curve.leakers],
            }
            for curve in result.kill_curves
        ],
        "differences": [_difference_json(d) for d in result.differences],
        "marginals": [
            {
                "first": row.first,
                "second": row.second,
                "both": row.both,
                "measure": row.measure,
                "condition": row.condition,
                "unit": row.unit,
                "gain": row.gain.interval(),
                "overlap": row.overlap.interval(),
                "kept_share": None if row.kept_share is None else row.kept_share.interval(),
                "p_adds": _six(row.p_adds),
                "sentence": row.sentence,
            }
            for row in result.marginals
        ],
        "prices": [{"laydown": row.laydown, "per": row.what, **_price_json(row.price)} for row in result.prices],
        "frontier": [
            {
                "laydown": point.laydown,
                "measure": point.measure,
                "condition": point.condition,
                "better": point.better,
                "price_usd": point.price_usd,
                "value": point.value.interval(),
                "share_on_frontier": _six(point.share_on_frontier),
                "is_dominated": point.is_dominated,
                "dominated_by": list(point.dominated_by),
                "note": NOT_LIKE_FOR_LIKE,
            }
            for point in result.frontier
        ],
        "months": [_month_json(row) for row in result.months],
        "timeline": None if result.timeline is None else timeline_json(result.timeline)["rows"],
        "assumed_share": None if result.assumed_share is None else _six(result.assumed_share),
        "assumed_share_interval": None
        if result.assumed_interval is None
        else {"low": _six(result.assumed_interval[0]), "high": _six(result.assumed_interval[1])},
        "deciding": {**result.deciding.as_json(), "of": result.deciding_row},
        "declared": list(result.declared),
        "notes": list(result.notes),
    }


def _published_json(result: CompareResult) -> dict[str, Any]:
    turned = result.published_difference
    return {
        "note": NOTE,
        "p_kill": [figure_json(figure) for figure in published_figures(result.published)],
        "rows": [{"laydown": p.laydown, "raid": p.raid, **(published_json(p) or {})} for p in result.published],
        "difference": None
        if turned is None
        else {
            "a": turned.a,
            "b": turned.b,
            "raid": turned.raid,
            "a_minus_b": turned.a_minus_b.interval(),
            "p_a_better": _six(turned.p_a_better),
            "p_equal": _six(turned.p_equal),
        },
    }


def _six(value: float) -> float:
    return float(f"{value:.6g}")


def _maybe(found: Finding | None) -> dict[str, float] | None:
    return None if found is None else found.interval()


def _people(found: Finding | None) -> dict[str, float] | None:
    """People to two significant figures, as the raster allows."""
    if found is None:
        return None
    return {key: float(f"{getattr(found, key):.2g}") for key in ("low", "median", "high")}


def _offer_json(offer: ComparedOffer) -> dict[str, Any]:
    return {
        "laydown": offer.laydown,
        "title": offer.title,
        "short": offer.short,
        "reading": offer.reading,
        "part": offer.part,
        "offers": list(offer.offers),
        "units": [{"uid": uid, "system": system, "place": place} for uid, system, place in offer.units],
        "network": offer.network,
        "price_usd": offer.price_usd,
        "price_year": offer.price_year,
        "price_basis": offer.price_basis,
        "price_note": NOT_LIKE_FOR_LIKE,
        "sources": list(offer.sources),
        "delivered": offer.delivered,
    }


def _raid_json(row: RaidRow) -> dict[str, Any]:
    return {
        "laydown": row.laydown,
        "raid": row.raid,
        "n_targets": row.n_targets,
        "leakers": row.leakers.interval(),
        "leak_share": row.leak_share.interval(),
        "p_no_leaker": row.p_no_leaker.interval(),
        "leakers_by_class": {name: found.interval() for name, found in row.leakers_by_class.items()},
        "leakers_by_asset": {name: found.interval() for name, found in row.leakers_by_asset.items()},
        "rounds_fired": row.rounds_fired.interval(),
        "rounds_by_type": {name: found.interval() for name, found in row.rounds_by_type.items()},
        "double_engagements": row.double_engagements.interval(),
        "wasted_rounds": row.wasted_rounds.interval(),
        "friendly_engagements": row.friendly_engagements.interval(),
        "friendly_kills": row.friendly_kills.interval(),
        "friendly_losses_per_pass": interval_or_null(row.friendly_losses_per_pass),
        "friendly_losses_per_pass_2003": interval_or_null(row.friendly_losses_per_pass_2003),
        "first_fire_s": _maybe(row.first_fire_s),
        "cost_defender_usd": row.cost_defender_usd.interval(),
        "cost_attacker_usd": row.cost_attacker_usd.interval(),
        "cost_exchange": _maybe(row.cost_exchange),
        "noise_share": _six(row.noise_share),
    }


def _coverage_json(row: CoverageRow) -> dict[str, Any]:
    return {
        "laydown": row.laydown,
        "target": row.target,
        "where": row.where,
        "engageable_area_km2": row.engageable_km2.interval(),
        "people_under": _people(row.people_under),
        "people_defended": {f"{m:g}": _people(found) for m, found in row.people_defended.items()},
        "assets_defended": {f"{m:g}": found.interval() for m, found in row.assets_defended.items()},
    }


def _unit_json(row: UnitRow) -> dict[str, Any]:
    return {
        "laydown": row.laydown,
        "system": row.system,
        "place": row.place,
        "target": row.target,
        "where": row.where,
        "seen_area_km2": _maybe(row.seen_km2),
        "tracked_area_km2": _maybe(row.tracked_km2),
        "engageable_area_km2": row.engageable_km2.interval(),
        "people_under": _people(row.people_under),
        "people_defended": {f"{m:g}": _people(found) for m, found in row.people_defended.items()},
    }


def _turn_json(turn: Turn) -> dict[str, Any]:
    def known(value: float | None) -> float | None:
        return None if value is None else _six(value)

    return {
        "unknown": turn.unknown,
        "low": known(turn.low),
        "median": known(turn.median),
        "high": known(turn.high),
        "asked_from": _six(turn.least),
        "asked_to": _six(turn.greatest),
        "sentence": turn.sentence,
    }


def _difference_json(d: Difference) -> dict[str, Any]:
    shape = _people if d.unit == "people" else Finding.interval
    return {
        "part": d.part,
        "a": d.a,
        "b": d.b,
        "measure": d.measure,
        "condition": d.condition,
        "unit": d.unit,
        "better": d.better,
        "a_value": shape(d.a_value),
        "b_value": shape(d.b_value),
        "a_minus_b": shape(d.a_minus_b),
        "p_a_better": _six(d.p_a_better),
        "noise_share": _six(d.noise_share),
        "p_equal": _six(d.p_equal),
        "deciding": None if d.deciding is None else d.deciding.name,
        "break_even": _turn_json(d.turn),
        "sentence": d.sentence,
    }


def _price_json(price: DefendedPrice) -> dict[str, Any]:
    return {
        "condition": price.condition,
        "cost_usd": price.cost.interval(),
        "defended": _people(price.defended),
        "usd_each": {"low": price.low_usd, "median": price.median_usd, "high": price.high_usd},
        "p_nothing": _six(price.p_nothing),
        "text": price.text,
        "note": price.note,
    }


def _month_json(row: MonthRow) -> dict[str, Any]:
    return {
        "laydown": row.laydown,
        "view": row.view,
        "state": row.state,
        "lead_time_months": row.lead_time_months,
        "raid": row.raid,
        "first": row.first,
        "last": row.last,
        "units": list(row.uids),
        "leakers": row.leakers.interval(),
    }
