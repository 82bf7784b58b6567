"""A comparison as text of 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_origin

from ringtrue.answer import columns_in
from ringtrue.finding import plain, sampled_percent
from ringtrue.procurement.money import NOT_LIKE_FOR_LIKE
from ringtrue.studies.brief import head_rows, row_lines, whole_lines
from ringtrue.studies.compare_answer import capital, headline_raids, shown_class, shown_ranges, span
from ringtrue.studies.compare_clauses import CLAUSE_NOTE, clause_words, told_variants
from ringtrue.studies.compare_pairs import DEFENDED, LEAKERS
from ringtrue.studies.compare_payments import PAYMENT_NOTE
from ringtrue.studies.compare_places import told_places
from ringtrue.studies.compare_records import CoverageRow, UnitRow
from ringtrue.studies.published_kill import NOTE, figure_lines
from ringtrue.studies.raid_rows import OFFERS
from ringtrue.studies.raid_size import why_words

if TYPE_CHECKING:
    from ringtrue.answer import Measure
    from ringtrue.finding import Finding
    from ringtrue.studies.compare_records import (
        ComparedOffer,
        CompareResult,
        Difference,
        FrontierPoint,
        PlaceRaid,
        PlaceRow,
    )

NAME_WIDTH = 21
PUBLISHED_AT_ONCE, CELL_WIDTH = 2, 14
PLACE_WIDTHS, ONE_RAID_WIDTH = {"count": 13, "people": 17, "number": 20}, 9
TERMINAL = "terminal"
BY_RELEASE = (
    "by where the aircraft must be met: overhead (release range 0) or before it is that far away; worst course, one "
    "engagement"
)


def compare_lines(result: CompareResult, width: int = 80) -> list[str]:
    """Return the comparison as text; the table of the offers and the answer in three sentences come last."""
    head = result.header
    return [
        result.title,
        f"{result.terrain}; {head.n_draws} draws, {head.n_replications} replications; median [5 to 95 % of draws]",
        *_names(result, width),
        *_coverage_table(result, width),
        *_unit_table(result, width),
        *_difference_table(result, width),
        *_break_evens(result, width),
        *_second_system(result, width),
        *_payments(result, width),
        *_clauses(result, width),
        *_prices(result, width),
        *_months(result, width),
        *_deliveries(result, width),
        "",
        "When, for how much, and what the answer hangs on",
        *(line for words in result.circumstances for line in _wrapped(words, width, "- ")),
        "",
        "How far the numbers hold",
        *(line for note in result.notes for line in _wrapped(note, width, "- ")),
        *_published_table(result, width),
        *_place_table(result, width),
        *_raid_table(result, width),
        *(["", "Before you quote it"] if result.caveats else []),
        *(line for text in result.caveats for line in _item(text, width)),
        "",
        *(line for sentence in result.answer for line in _wrapped(sentence, width)),
    ]


def _wrapped(text: str, width: int, mark: str = "") -> list[str]:
    return whole_lines(text, width, first=mark, rest=" " * len(mark))


def _packages(result: CompareResult) -> list[ComparedOffer]:
    return [offer for offer in result.offers if offer.part == "package"]


def _names(result: CompareResult, width: int) -> list[str]:
    """What the ids of the tables stand for."""
    lines = ["", "What is compared"]
    for offer in result.offers:
        first, *more = whole_lines(offer.title, width - NAME_WIDTH) or [""]
        lines += [*row_lines(offer.laydown, NAME_WIDTH, first), *(" " * NAME_WIDTH + line for line in more)]
    return lines


def _cell(found: Finding) -> str:
    """Median to three digits and interval to two, without exponents.

    >>> from ringtrue.finding import Finding
    >>> _cell(Finding("x", "1", 24.8, 26.8, 129.2))
    '26.8 [25-130]'
    """
    if found.low == found.high:
        return _digits(found.median, 3)
    return f"{_digits(found.median, 3)} [{_digits(found.low, 2)}-{_digits(found.high, 2)}]"


def _digits(value: float, n: int) -> str:
    return f"{float(f'{value:.{n}g}'):,g}"


def _one_raid(found: Finding) -> str:
    """Leakers of one raid in at most twelve characters.

    >>> from ringtrue.finding import Finding
    >>> _one_raid(Finding("x", "1", 4.43, 7.21, 8.0, one_raid=(2.0, 11.0)))
    '2-11'
    """
    low, high = found.one_raid or (found.low, found.high)
    return plain(low) if low == high else f"{plain(low)}-{plain(high)}"


def _count(found: Finding) -> str:
    """Leakers and their interval in at most twelve characters.

    >>> from ringtrue.finding import Finding
    >>> _count(Finding("x", "1", 4.43, 7.21, 8.0)), _count(Finding("x", "1", 40.0, 40.0, 40.0))
    ('7.2[4.4-8]', '40')
    >>> _count(Finding("x", "1", -1.4, -0.1, 0.2))
    '-0.1[-1.4 to 0.2]'
    """
    if found.low == found.high:
        return plain(found.median)
    ends = (plain(round(value, 1 if value < 9.95 else 0)) for value in (found.low, found.high))
    middle = plain(round(found.median, 1 if found.median < 99.95 else 0))
    return f"{middle}[{(' to ' if found.low < 0.0 else '-').join(ends)}]"


def _written(found: Finding | None, said: Measure) -> str:
    """Return the cell of a measure, by the form that it declares."""
    return "n.r." if found is None else WRITTEN.get(said.form, _cell)(found)


def _raid_table(result: CompareResult, width: int) -> list[str]:
    raids = headline_raids(result)
    first = result.offers[0].laydown
    sizes = ", ".join(f"{raid} {result.raid_row(first, raid).n_targets}" for raid in raids)
    per_block = max((width - NAME_WIDTH - 5) // 13, 1)
    lines = []
    for said in columns_in(result.rows, OFFERS):
        title = f"{said.heads[OFFERS]} by raid (raids are assumptions; targets: {sizes})"
        lines += ["", *_wrapped(title, width)]
        for start in range(0, len(raids), per_block):
            lines += _raid_block(result, said, raids[start : start + per_block])
    why = [
        f"{name}: {words}"
        for name in (offer.laydown for offer in result.offers)
        if (words := why_words(result.raid_row(name, raids[0])))
    ]
    if why:
        lines += ["", f"Why they get through in {raids[0]}, middle draw", *(x for w in why for x in _item(w, width))]
    return [*lines, *_wrapped(f"Prices: {NOT_LIKE_FOR_LIKE}.", width)]


def _item(text: str, width: int) -> list[str]:
    return _wrapped(text, width, "- ")


def _raid_block(result: CompareResult, said: Measure, raids: list[str]) -> list[str]:
    """One measure of some raids, offer by offer."""
    *above, last = head_rows(raids, 12)
    lines = ["".join((" " * (NAME_WIDTH + 5), *(cell.rjust(13) for cell in row))) for row in above]
    lines.append(f"{'offer':<{NAME_WIDTH}}{'bn$':>5}" + "".join(cell.rjust(13) for cell in last))
    for offer in result.offers:
        price = "-" if offer.price_bn_usd is None else plain(offer.price_bn_usd)
        found = [getattr(result.raid_row(offer.laydown, raid), said.name) for raid in raids]
        cells = "".join(_written(one, said).rjust(13) for one in found)
        lines += row_lines(offer.laydown, NAME_WIDTH, f"{price:>5}{cells}")
        if said.one_raid == "always":
            ends = "".join(("n.r." if one is None else _one_raid(one)).rjust(13) for one in found)
            lines.append(f"{'  in one raid':<{NAME_WIDTH + 5}}{ends}")
    return lines


def _place_table(result: CompareResult, width: int) -> list[str]:
    """A block for each defended place, a line for each offer; the fire units of a duel at the place where they stand.

    The raid is the one of most classes that comes to the place, the class that of the answer, met overhead.
    """
    told = told_places(result)
    if not told:
        return []
    first = told[0].lines[0]
    raid, people = columns_in((first.raid,), TERMINAL), columns_in((first.row,), TERMINAL)
    about = f"{shown_class(result)} at {first.row.where}"
    title = (
        "Place by place: what gets through of those that aim there (raids are assumptions); residents defended of "
        f"those nearest to the place, millions, overhead, and warning there, both against {about}"
    )
    lines = ["", *_wrapped(title, width)]
    room = (width - NAME_WIDTH - ONE_RAID_WIDTH) // (len(raid) + len(people))
    widths = [min(PLACE_WIDTHS.get(said.form, room), room + 4) for said in (*raid, *people)]
    heads = [said.heads[TERMINAL].rjust(w) for said, w in zip((*raid, *people), widths, strict=True)]
    heads.insert(len(raid), "one raid".rjust(ONE_RAID_WIDTH))
    for place in told:
        lines.append(f"{place.asset.name}: {place.lines[0].raid.n_aimed} aim at it in {place.lines[0].raid.raid}")
        lines.append(f"{'offer':<{NAME_WIDTH}}{''.join(heads)}")
        for laydown, one, row in place.lines:
            found = [*(_place_cell(one, said) for said in raid), *(_place_cell(row, said) for said in people)]
            cells = [text.rjust(w) for text, w in zip(found, widths, strict=True)]
            cells.insert(len(raid), _one_raid(one.leakers).rjust(ONE_RAID_WIDTH))
            lines += row_lines(laydown, NAME_WIDTH, "".join(cells))
    n_more = len({row.asset for row in result.place_raids}) - len(told)
    if n_more > 0:
        lines.append(f"{n_more} more places: --json")
    worst = headline_raids(result)[0]
    for duel in (d for d in result.place_duels if d.raid == worst):
        lines += _wrapped(duel.sentence, width)
    return lines


def _place_cell(row: PlaceRaid | PlaceRow, said: Measure) -> str:
    value = getattr(row, said.name)
    if isinstance(value, dict):
        value = value.get(0.0)
    return said.none if value is None and said.form != "people" else _written(value, said)


def _published_table(result: CompareResult, width: int) -> list[str]:
    """Leakers with published kill probabilities, for the raid of most classes, and who printed them."""
    if not result.published:
        return []
    (_, raid), first = next(iter(result.published.items()))
    title = f"{NOTE[0].upper()}{NOTE[1:]}; leakers in raid {raid}, {first.n_replications} replications"
    lines = ["", *_wrapped(title, width)]
    columns = columns_in(tuple(result.published.values()), TERMINAL)
    for start in range(0, len(columns), PUBLISHED_AT_ONCE):
        shown = columns[start : start + PUBLISHED_AT_ONCE]
        lines.append(f"{'offer':<{NAME_WIDTH}}" + "".join(said.heads[TERMINAL].rjust(24) for said in shown))
        for (laydown, _), row in result.published.items():
            cells = "".join(_written(getattr(row, said.name), said).rjust(24) for said in shown)
            lines += row_lines(laydown, NAME_WIDTH, cells)
    there = {laydown for laydown, _ in result.published}
    bare = [offer.laydown for offer in result.offers if offer.units and offer.laydown not in there]
    turned = result.published_difference
    if turned is not None:
        words = (
            f"{turned.a} less {turned.b}, both as published: {span(turned.a_minus_b)} leakers; the first leaks less in "
            f"{sampled_percent(turned.p_a_better, result.header.n_draws)} of draws"
        )
        lines += _wrapped(words, width, "  ")
    return [
        *lines,
        *(line for words in figure_lines(result.published.values(), bare) for line in _wrapped(words, width, "- ")),
    ]


def _coverage_table(result: CompareResult, width: int) -> list[str]:
    """What each package defends, measure by measure."""
    lines = [line for said in columns_in(result.coverage, TERMINAL) for line in _defended_table(result, said, width)]
    return [*lines, *_wrapped("n.r.: not resolvable below four cells of the population raster; 0: in no draw", width)]


def _defended_table(result: CompareResult, said: Measure, width: int) -> list[str]:
    """One measure by release range: a block for each aircraft with its ranges side by side, one for the others."""

    def found(row: CoverageRow) -> dict[float, Finding | None]:
        value: Any = getattr(row, said.name)
        return value if isinstance(value, dict) else {0.0: value}

    targets = list(dict.fromkeys(row.target for row in result.coverage))
    rows = {(row.laydown, row.target): row for row in result.coverage}
    armed = [offer.laydown for offer in _packages(result) if offer.units]
    known = [t for t in targets if any(any(found(rows[name, t]).values()) for name in armed)]
    several = [t for t in known if len(found(rows[armed[0], t])) > 1]
    unit = ", millions" if said.form == "people" else ""
    by_release = f", {BY_RELEASE}" if get_origin(said.hint) is dict else ""
    lines = ["", *_wrapped(f"{said.heads[TERMINAL]}{unit}{by_release}", width)]
    for target in several:
        head = f"{target} at {rows[armed[0], target].where}; releases"
        ranges = list(found(rows[armed[0], target]))
        words = ["overhead" if m == 0.0 else f"{m / 1e3:g} km away" for m in ranges]
        cells = {name: [found(rows[name, target])[m] for m in ranges] for name in armed}
        lines += _block(head, words, cells, said, width)
    single = [t for t in known if t not in several]
    if single:
        cells = {name: [found(rows[name, t]).get(0.0) for t in single] for name in armed}
        words = [f"{t} at {rows[armed[0], t].where}" for t in single]
        lines += _block("before they arrive", words, cells, said, width)
    unknown = [t for t in targets if t not in known and found(rows[armed[0], t])]
    return lines + (_wrapped(f"For no offer resolvable: {', '.join(unknown)}", width) if unknown else [])


def _block(head: str, words: list[str], cells: dict[str, list[Finding | None]], said: Measure, width: int) -> list[str]:
    """Cells (name, word) of one measure; as many words side by side as the width has room for."""
    most = (width - NAME_WIDTH) // CELL_WIDTH
    lines = [head]
    for start in range(0, len(words), most):
        shown = slice(start, start + most)
        column = min((width - NAME_WIDTH) // len(words[shown]), 24)
        heads = [whole_lines(word, column - 1) for word in words[shown]]
        depth = max(map(len, heads))
        padded = [[""] * (depth - len(h)) + h for h in heads]
        lines += [" " * NAME_WIDTH + "".join(h[i].rjust(column) for h in padded) for i in range(depth)]
        for name, found in cells.items():
            written = "".join(_written(one, said).rjust(column) for one in found[shown])
            lines += row_lines(name, NAME_WIDTH, written)
    return lines


def _millions(found: Finding) -> str:
    """People in millions, two significant digits.

    >>> from ringtrue.finding import Finding
    >>> _millions(Finding("x", "people", 1.23e6, 2.34e6, 3.45e6))
    '2.3[1.2-3.5]'
    """
    low, median, high = (plain(value / 1e6, 2) for value in (found.low, found.median, found.high))
    return median if low == high else f"{median}[{low}-{high}]"


def _billions(found: Finding) -> str:
    """An amount in thousands of millions of dollars, three significant digits.

    >>> from ringtrue.finding import Finding
    >>> _billions(Finding("x", "USD", 2.67e9, 2.905e9, 3.42e9)), _billions(Finding("x", "USD", 0.0, 0.0, 0.0))
    ('2.9[2.67-3.42]', '0')
    """
    low, median, high = (plain(value / 1e9) for value in (found.low, found.median, found.high))
    return median if low == high else f"{median}[{low}-{high}]"


WRITTEN = {"count": _count, "people": _millions, "money": _billions}
"""How the text writes a finding, by the form that its measure declares; any other: three digits."""


def _unit_table(result: CompareResult, width: int) -> list[str]:
    if not result.fire_units:
        return []
    names = list(dict.fromkeys(row.laydown for row in result.fire_units))
    by_row: dict[tuple[str, str], dict[str, UnitRow]] = {}
    for row in result.fire_units:
        by_row.setdefault((row.target, row.where), {})[row.laydown] = row
    column = (width - 32) // len(names)
    lines = []
    for said in columns_in(result.fire_units, TERMINAL):
        scale, unit = (1e-3, "thousand km2") if said.unit == "km2" else (1.0, said.unit)
        place = result.fire_units[0].place
        lines += ["", *_wrapped(f"Fire unit against fire unit at {place}: {said.heads[TERMINAL]}, {unit}", width)]
        lines.append(" " * 32 + "".join(name.rjust(column) for name in names))
        for (target, where), rows in by_row.items():
            found = [getattr(rows[name], said.name) for name in names]
            cells = (_written(None if one is None else one.scaled(scale), said).rjust(column) for one in found)
            lines.append(f"{target:<17}{where:<15}{''.join(cells)}")
    return lines


def _shown(result: CompareResult) -> list[Difference]:
    """Return the differences of the text: leakers of the greatest raid; all the others are in the JSON."""
    raid = headline_raids(result)[0]
    return [d for d in result.differences if d.measure == LEAKERS and d.condition.raid == raid]


def _difference_table(result: CompareResult, width: int) -> list[str]:
    raid = headline_raids(result)[0]
    column = (width - 37) // 2
    lines = [
        "",
        f"Leakers in {raid}, A less B (all other differences: --json)",
        f"{'A':<{column}} {'B':<{column}}{'difference':>24}{'A better in':>12}",
    ]
    for d in _shown(result):
        found = span(d.a_minus_b)
        pair = f"{d.a:<{column}} {d.b:<{column}}"
        lines += row_lines(pair.rstrip(), 2 * column + 1, f"{found:>24}{d.p_a_better:>12.0%}")
    return lines


def _break_evens(result: CompareResult, width: int) -> list[str]:
    lines = ["", "Break-even: what would turn the answer round"]
    for d in _shown(result):
        if d.part == "fire unit" or d is result.headline:
            lines += _wrapped(f"{capital(d.break_even.sentence)}.", width, "- ")
    return lines


def _second_system(result: CompareResult, width: int) -> list[str]:
    raid = headline_raids(result)[0]
    first_both = next((row.both for row in result.marginals), "")
    rows = [
        row
        for row in result.marginals
        if row.both == first_both
        if row.condition.raid == raid or (row.measure == DEFENDED and row.condition.target == shown_class(result))
    ]
    if not rows:
        return []
    return [
        "",
        "The second system when the first is there",
        *(x for r in rows for x in _wrapped(capital(r.sentence), width, "- ")),
    ]


def _payments(result: CompareResult, width: int) -> list[str]:
    """What is paid in all for each package, and what it is worth on the day of the first contract."""
    known = [row for row in result.payments if row.present_value_usd is not None]
    if not known:
        return []
    columns = columns_in(result.payments, TERMINAL)
    column = (width - NAME_WIDTH - 5) // len(columns)
    title = f"What is paid, bn USD; present value on {known[0].as_of}; {PAYMENT_NOTE}"
    lines = ["", *_wrapped(title, width), f"{'offer':<{NAME_WIDTH}}{'price':>5}"]
    lines[-1] += "".join(said.heads[TERMINAL].rjust(column) for said in columns)
    for row in known:
        cells = "".join(_written(getattr(row, said.name), said).rjust(column) for said in columns)
        lines += row_lines(row.laydown, NAME_WIDTH, f"{plain(row.price_usd / 1e9):>5}{cells}")
    bare = [row.laydown for row in result.payments if row.present_value_usd is None]
    return lines + (
        _wrapped(f"No payments of the whole price were published: {', '.join(bare)}.", width) if bare else []
    )


def _clauses(result: CompareResult, width: int) -> list[str]:
    """The terms of each offer, one after the other, and under a clause what it would change."""
    if not result.terms:
        return []
    told = told_variants(result.clauses, lambda name: result.offer(name).short)
    lines = ["", "Terms of the offers, in our words, and what each clause would change"]
    for row in result.terms:
        effect = f", {row.effect}" if row.effect else ""
        said = f"{row.offer}{effect}: {clause_words(row)}"
        lines += _wrapped(said, width, "- ")
        if row.clause:
            lines += [x for one in told if one.clause == row.clause for x in _wrapped(one.sentence, width, "    ")]
    return lines + (_wrapped(CLAUSE_NOTE, width) if told else [])


def _prices(result: CompareResult, width: int) -> list[str]:
    raid, target = headline_raids(result)[0], shown_class(result)
    ranges = shown_ranges(result, target)
    side_by_side = " and ".join("overhead" if m == 0.0 else f"{m / 1e3:g} km away" for m in ranges)
    lines = ["", *_wrapped(f"Price of defending against {target} that releases {side_by_side}", width)]
    texts: dict[tuple[str, str], list[str]] = {}
    for m in ranges:
        for row in result.prices:
            if (row.condition.target, row.condition.release_range_m) == (target, m):
                texts.setdefault((row.laydown, row.per), []).append(row.text)
    for (laydown, _), found in texts.items():
        lines += _wrapped(f"{laydown}: {'; '.join(dict.fromkeys(found))}", width, "- ")
    lines += ["", f"Price frontier in {raid}; {NOT_LIKE_FOR_LIKE.partition(':')[0]}"]
    for point in result.frontier:
        if point.condition.raid == raid:
            lines += _wrapped(_frontier_words(point, result.header.n_draws), width, "- ")
    return lines


def _frontier_words(point: FrontierPoint, n_draws: int) -> str:
    standing = "on the price frontier"
    if point.is_dominated:
        standing = f"beaten in the middle draw by {', '.join(point.dominated_by)}"
    return (
        f"{point.price_words}, {point.laydown}: {span(point.value)} {point.label}; {standing} "
        f"(on the frontier in {sampled_percent(point.share_on_frontier, n_draws)} of draws)"
    )


def _months(result: CompareResult, width: int) -> list[str]:
    """Rows of delivered units; of the lead times the shortest and the longest, the rest is in the JSON."""
    if not result.months:
        return []
    raid = headline_raids(result)[0]
    leads = sorted({row.lead_time_months for row in result.months if row.lead_time_months is not None})
    shown = {None, *leads[:1], *leads[-1:]}
    lines = []
    for said in columns_in(result.months, TERMINAL):
        about = f"{said.heads[TERMINAL]} (delivered units, as if all were on alert)"
        lines += ["", *_wrapped(f"If {raid} came that month: {about}", width)]
        for row in result.months:
            if row.raid == raid and row.units and row.state == "delivered" and row.lead_time_months in shown:
                lead = "" if row.lead_time_months is None else f", lead time {row.lead_time_months:g} m"
                cells = f"{row.first} to {row.last}{_written(getattr(row, said.name), said):>14}"
                lines += row_lines(row.laydown, NAME_WIDTH, f"{row.view + lead:<24}{cells}")
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
        lines += whole_lines(f"{names[0]}: {'; '.join(parts)}", width, first="  ", rest="    ")
    return lines
