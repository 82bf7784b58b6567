"""What a study of doubt says: the sentences of the answer, its notes, its screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringtrue.finding import plain, quantity_text, whole_percent
from ringtrue.studies.brief import Brief, grid

if TYPE_CHECKING:
    from ringtrue.finding import Finding
    from ringtrue.studies.doubt.records import SensitivityResult, SensitivityRow, SourceRow

MOST_ROWS, LEAST_ROWS, LEAST_SHOWN = 14, 4, 0.005
CLEAR = 0.05
PUBLIC = (
    "Shares are of what the public does not know under the spreads of the catalogue, not of what the makers know; "
    "another spread gives other shares."
)
GROUND = "The ground is one of a few drawn grounds, the mast with it: a category, with no value to turn at."
NO_RASTER = "What the raster of residents cannot tell is left out here: it is no figure of any record."


def sentences_of(result: SensitivityResult) -> tuple[str, ...]:
    """Return the answer: what moves it most, how much is luck, where sources part."""
    return tuple(filter(None, (_leads(result), _together(result), _luck(result), newspaper(result))))


def _figures(result: SensitivityResult) -> list[SensitivityRow]:
    return [row for row in result.rows if row.total is not None]


def _leads(result: SensitivityResult) -> str:
    rows = _figures(result)
    top = rows[0]
    rest = max((row.total_high or 0.0 for row in rows[1:]), default=0.0)
    assumed = ", which nobody published," if top.is_assumed and top.kind == "figure" else ""
    if (top.total_low or 0.0) > rest:
        who = f"{_capital(_the(top.unknown))}{assumed}"
        return f"{who} moves the answer most: {_interval(top)} of its spread goes with it."
    near = [row for row in rows[:3] if (row.total_high or 0.0) >= (top.total_low or 0.0)]
    first, *second = (f"{_the(row.unknown)} carries {whole_percent(row.total or 0.0)}" for row in near[:2])
    rest_words = f", {second[0].replace(' carries', '')}" if second else ""
    return f"No single unknown leads: {first} of the spread{rest_words}."


def _interval(row: SensitivityRow) -> str:
    low, middle, high = (max(end or 0.0, 0.0) for end in (row.total_low, row.total, row.total_high))
    return f"{whole_percent(middle)} ({100 * low:.0f} to {100 * min(high, 1.0):.0f} %)"


def _the(label: str) -> str:
    """A label in the middle of a sentence: with its article, unless it has one."""
    return label if label.startswith(("the ", "The ")) else f"the {label}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _together(result: SensitivityResult) -> str:
    if not result.interactions_matter:
        return ""
    share = whole_percent(min(result.together, 1.0))
    return (
        f"Unknowns together carry {share} of the spread that none of them carries alone: "
        "no share alone tells what knowing one of them would be worth."
    )


def _luck(result: SensitivityResult) -> str:
    if result.luck is None:
        return ""
    return f"In one raid {whole_percent(result.luck)} of the spread is luck, which no better figure takes away."


def newspaper(result: SensitivityResult) -> str:
    """Return the sentence on sources that part: whose figure changes the answer most, from what to what."""
    rivals = [row for row in result.sources if row.source]
    if not rivals:
        return ""
    pooled = next(row for row in result.sources if not row.source)
    moved = [row for row in rivals if _parts(row, pooled)]
    if not moved:
        n = len(rivals)
        named = f"whichever of {n} rival figures is believed" if n > 1 else f"if {rivals[0].publisher} is believed"
        return f"The answer is the same to a twentieth {named}."
    widest = max(moved, key=lambda row: abs(row.value.median - pooled.value.median))
    text = (
        f"Whoever believes {widest.publisher} gets {_amount(result, widest)} in place of {_amount(result, pooled)} "
        f"({widest.says})"
    )
    exclude = [row for row in result.rivals if not row.can_both_be_right and row.figure in widest.figures]
    return text + ("; both cannot be right." if exclude else ".")


def _parts(row: SourceRow, pooled: SourceRow) -> bool:
    """Whether a source's answer lies off the pooled one by more than a twentieth of what either spans."""
    span = max(abs(pooled.value.high), abs(pooled.value.low), abs(row.value.high), abs(row.value.low))
    return abs(row.value.median - pooled.value.median) > CLEAR * span


def _amount(result: SensitivityResult, row: SourceRow) -> str:
    return value_words(row.value.median, result.unit)


def value_words(value: float, unit: str) -> str:
    """Return a value with its unit, as sentences print it.

    >>> value_words(2284.6, "km2"), value_words(2.783, "1"), value_words(44_643_598.0, "people")
    ('2,280 km2', '2.78', '44.6 M people')
    """
    if unit == "people":
        return f"{plain(value / 1e6)} M people" if abs(value) >= 1e6 else f"{plain(value, 2)} people"
    return f"{plain(value)} km2" if unit == "km2" else quantity_text(value, unit)


def spread_words(value: Finding, unit: str) -> str:
    """Return an answer with its interval, the unit once.

    >>> from ringtrue.finding import Finding
    >>> spread_words(Finding("area", "km2", 0.0, 2440.0, 3360.0), "km2")
    '2,440 km2 [0 to 3,360]'
    """
    low, middle, high = (value_words(end, unit) for end in (value.low, value.median, value.high))
    last = middle.rpartition(" ")[2]
    is_one_unit = all(end.endswith(f" {last}") for end in (low, middle, high))
    if is_one_unit:
        low, high = low.removesuffix(f" {last}"), high.removesuffix(f" {last}")
    return f"{middle} [{low} to {high}]"


def caveats_of(result: SensitivityResult) -> tuple[str, ...]:
    """Return what a reader would miss: how far the shares hold."""
    notes = [PUBLIC]
    if result.n_screened_out:
        notes.append(
            f"{result.n_unknowns} unknowns: the {result.n_screened_out} smallest of a first look stand as one row."
        )
    if any(row.kind == "category" for row in result.rows):
        notes.append(GROUND)
    if result.unit == "people":
        notes.append(NO_RASTER)
    return tuple(notes)


def turn_words(row: SensitivityRow) -> str:
    """Return where the difference turns along a figure, empty where it does not."""
    return "" if row.turns_at is None else quantity_text(row.turns_at, row.turns_unit)


def sensitivity_brief(found: SensitivityResult) -> Brief:
    """Return one screen: the answer, the largest unknowns, what a reader would miss."""
    has_luck, has_turn = found.luck is not None, any(row.turns_at is not None for row in found.rows)
    head = [
        "unknown",
        "with others",
        "alone",
        *(["of one raid"] if has_luck else []),
        *(["turns at"] if has_turn else []),
    ]
    rows = [
        [
            ("* " if row.is_assumed else "  ") + row.unknown,
            _span(row.total_low, row.total, row.total_high),
            _span(row.first_low, row.first, row.first_high),
            *([_share(row.one_raid)] if has_luck else []),
            *([turn_words(row) or "-"] if has_turn else []),
        ]
        for row in shown_rows(found)
    ]
    return Brief(
        answer=found.answer,
        about=(
            f"{found.label}: {spread_words(found.value, found.unit)}. Share of its spread in %, 5 to 95 % in brackets; "
            f"* assumed or estimated. {found.n_points:,} base points, {found.header.n_draws:,} draws, "
            f"{found.n_unknowns} unknowns."
        ),
        table=tuple(grid(head, rows)),
        decides=tuple(_source_line(found, row) for row in found.sources if row.source),
        warnings=found.caveats,
    )


def _source_line(found: SensitivityResult, row: SourceRow) -> str:
    return f"{row.publisher}: {_amount(found, row)} ({row.says})."


def sensitivity_lines(found: SensitivityResult) -> list[str]:
    """Return all there is as text, at 80 columns."""
    from ringtrue.studies.brief import brief_lines

    return brief_lines(sensitivity_brief(found), most=10_000)


def shown_rows(found: SensitivityResult) -> list[SensitivityRow]:
    """Return the rows that a chart and a screen have room for: the largest, the others, and luck."""
    single = [row for row in found.rows if row.kind in ("figure", "category")]
    rows = [row for i, row in enumerate(single) if i < LEAST_ROWS or (row.total or 0.0) >= LEAST_SHOWN]
    return [*rows[:MOST_ROWS], *(row for row in found.rows if row.kind in ("others", "luck"))]


def _span(low: float | None, middle: float | None, high: float | None) -> str:
    if low is None or middle is None or high is None:
        return "-"
    ends = [100.0 * min(max(end, 0.0), 1.0) for end in (middle, low, high)]
    return "{:.0f} [{:.0f}-{:.0f}]".format(*ends)


def _share(value: float | None) -> str:
    return "-" if value is None else f"{100.0 * min(max(value, 0.0), 1.0):.0f}"
