"""What an exposure study gives: its records, and their form as text and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ringtrue.answer import Answer, columns_in, hidden, key, measure, table, words
from ringtrue.catalogue.address import short_name
from ringtrue.coverage.answer import WHOLE
from ringtrue.coverage.exposure import ExposureRow, Threshold
from ringtrue.finding import Finding, whole_percent
from ringtrue.sensing.assumed import assumed_sentence
from ringtrue.sensing.deciding import DecidingOf, Spread, assumed_measure
from ringtrue.studies.brief import row_lines, whole_lines

if TYPE_CHECKING:
    from ringtrue.answer import Measure
    from ringtrue.catalogue.records import Parameter, Source

ALL_PATTERNS = "all"
ONE_LOOK: Threshold = "look-0.5"
THRESHOLD_LABELS: dict[Threshold, str] = {
    "look-0.5": "one look", "confirmed-0.9": "  confirmed, 0.9", "look+10dB": "  SNR 10 dB above",
    "look+20dB": "  SNR 20 dB above",
}  # fmt: skip
_LABEL_WIDTH = 17
_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class ExposureComparison:
    """Two classes on the same flights before the same radar, draw by draw: minutes per hour with the radar on."""

    laydown: str = key("Laydown")
    unit: str = key("Fire unit")
    radar: str = key("Radar")
    first: str = key("First class")
    second: str = key("Second class")
    difference_minutes_per_hour_on: Finding = measure("min/h", "First less second, minutes per hour with the radar on")
    ratio: Finding | None = measure(
        "1", "First over second", "Null: in some draw the second is observed for no time at all."
    )
    p_first_more: float = measure("1", "Share of draws in which the first is observed longer", places=4)


@dataclass(frozen=True, slots=True)
class BaseRow:
    """One class that stands at its base before one radar: whether it is seen there, and what keeps it from it."""

    laydown: str = key("Laydown")
    unit: str = key("Fire unit")
    radar: str = key("Radar")
    base: str = key("Base")
    target: str = key("Target class")
    distance_km: float = measure("km", "Distance of the base from the radar", places=1, heads={"page": "Distance, km"})
    farthest_km: Finding = measure(
        "km", "Farthest that one look sees the class", "From its most telling side, whatever terrain hides.",
        heads={"page": "One look reaches, km"},
    )  # fmt: skip
    hidden_below_m: Finding | None = measure(
        "m", "Height above the base below which terrain and horizon hide it",
        "Null: the base lies beyond what the radar is asked for, or off the elevation model.",
        none="beyond reach", heads={"page": "Hidden below, m above the base"},
    )  # fmt: skip
    p_in_range: float = measure(
        "1", "Share of draws in which one look would reach as far as the base", places=4, form="percent",
        heads={"page": "Base within reach"},
    )  # fmt: skip
    p_seen_on_ground: float = measure(
        "1", "Share of draws in which it is seen as it stands on the ground", places=4, form="percent",
        heads={"page": "Seen on the ground"},
    )  # fmt: skip
    sentence: str = words("It in words")


@dataclass(frozen=True, slots=True)
class ExposureHeadline:
    """One headline: all patterns, one look, one class before one radar; what decides the minutes, and the share."""

    laydown: str = key("Laydown")
    unit: str = key("Fire unit")
    radar: str = key("Radar")
    target: str = key("Target class")
    sentence: str = words("The headline in words")
    minutes: Spread = words("What the spread of the minutes per hour goes with")
    share_of_flight: Spread = words("What the spread of the share of the time flown goes with")


@dataclass(frozen=True, repr=False)
class ExposureResult(Answer):
    """The whole ledger of a scenario."""

    name: str = hidden()
    title: str = hidden()
    question: str = hidden()
    terrain: str = words("Elevation model")
    thresholds: dict[Threshold, str] = words("What counts as observed, in words")
    bases: tuple[BaseRow, ...] = table("What the radars see of the aircraft at their bases")
    rows: tuple[ExposureRow, ...] = table("The ledger")
    comparisons: tuple[ExposureComparison, ...] = table("Classes against each other, draw by draw")
    headlines: tuple[ExposureHeadline, ...] = table("Headlines, and what decides them")
    assumed_share: float | None = assumed_measure("the first headline")
    deciding: DecidingOf = words("Which unknown decides the minutes of the first headline")
    sentences: tuple[str, ...] = words("How the ledger is to be read")
    declared: tuple[str, ...] = words("What the scenario declares")
    limits: tuple[str, ...] = words("What the ledger leaves out")
    answer: str = words("The answer in a sentence")
    parameters: tuple[Parameter, ...] = hidden()
    sources: dict[str, Source] = hidden()
    names: dict[str, str] = hidden()


def span(found: Finding, scale: float = 1.0, dash: str = " to ") -> str:
    """Median and interval with two significant digits.

    >>> span(Finding("x", "km", 0.123, 1.26, 12.6))
    '1.3 [0.12 to 13]'
    """
    return f"{short(found.median * scale)} [{short(found.low * scale)}{dash}{short(found.high * scale)}]"


def short(value: float) -> str:
    """Return a number with two significant digits, three from 100 on, and no exponent.

    >>> short(0.0123), short(1.26), short(123.4), short(0.0)
    ('0.012', '1.3', '123', '0')
    """
    if value == 0.0 or abs(value) < 5e-5:
        return "0"
    rounded = float(f"{value:.3g}") if abs(value) >= 100.0 else float(f"{value:.2g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 10.0 else np.format_float_positional(rounded, trim="-")


def an(name: str) -> str:
    """Put the article before a name that is read letter by letter or as a word.

    >>> an("F-35A"), an("bomber")
    ('an F-35A', 'a bomber')
    """
    return f"an {name}" if name[:1] in "AEFHILMNORSX" else f"a {name}"


def exposure_lines(result: ExposureResult, width: int = 80) -> list[str]:
    """Return the ledger as lines of at most ``width`` characters: a table for each radar, and the answer last."""
    lines = whole_lines(result.title, width) + whole_lines(result.question, width)
    about = f"Median [5 to 95 % of {result.header.n_draws:,} draws]; min/h: minutes per hour with the radar on."
    lines += ["", *whole_lines(about, width)]
    for laydown, unit, radar in dict.fromkeys((r.laydown, r.unit, r.radar) for r in result.rows):
        rows = [r for r in result.rows if (r.laydown, r.unit, r.radar) == (laydown, unit, radar)]
        lines += ["", *whole_lines(f"{result.names[laydown]}: {result.names[radar]}", width)]
        for base in (b for b in result.bases if (b.laydown, b.unit, b.radar) == (laydown, unit, radar)):
            lines += whole_lines(base.sentence, width, rest="  ")
        targets = list(dict.fromkeys(r.target for r in rows))
        for i in range(0, len(targets), _COLUMNS):
            lines += _table(rows, targets[i : i + _COLUMNS], width)
        for sentence in _sentences(result, rows):
            lines += whole_lines(sentence, width, rest="  ")
    lines.append("")
    for sentence in dict.fromkeys((*result.sentences, *result.declared, *result.limits)):
        lines += whole_lines(f"- {sentence}", width, rest="  ")
    assumed = assumed_sentence(result.assumed_share, result.header.n_draws)
    return [*lines, "", *whole_lines(assumed, width), *whole_lines(result.answer, width)]


def _sentences(result: ExposureResult, rows: list[ExposureRow]) -> list[str]:
    """Sentences below the table of one radar: gaps of the model, comparisons, what decides."""
    place = (rows[0].laydown, rows[0].unit, rows[0].radar)
    found = [
        f"The elevation model covers {whole_percent(share)} of '{result.names[pattern]}'; minutes on the rest are not "
        "counted, and shares of the time flown are of the covered part."
        for pattern, share in {r.pattern: r.covered_share for r in rows if r.pattern != ALL_PATTERNS}.items()
        if share < WHOLE
    ]
    for c in (c for c in result.comparisons if (c.laydown, c.unit, c.radar) == place):
        ratio = f"{span(c.ratio)} times" if c.ratio else "no ratio, for in some draws the second is never observed"
        found.append(
            f"{_class(result, c.first)} against {_class(result, c.second)}, draw by draw: {ratio}; "
            f"{span(c.difference_minutes_per_hour_on)} min/h; more in {100 * c.p_first_more:.0f} % of the draws."
        )
    for h in (h for h in result.headlines if (h.laydown, h.unit, h.radar) == place):
        minutes, share = h.minutes.deciding.sentence, h.share_of_flight.deciding.sentence
        name = _class(result, h.target)
        if minutes == share:
            found.append(f"{name}, minutes and share of the time flown: {minutes}.")
        else:
            found += [f"{name}, minutes: {minutes}.", f"{name}, share of the time flown: {share}."]
    return found


def _class(result: ExposureResult, target: str) -> str:
    return short_name(result.names[target])


def _table(rows: list[ExposureRow], targets: list[str], width: int) -> list[str]:
    """Lines of one radar: classes across, measures down."""
    cell = (width - _LABEL_WIDTH) // _COLUMNS
    by_key = {(r.target, r.threshold, r.pattern): r for r in rows}

    def line(label: str, said: Measure, key: str = "", threshold: Threshold = ONE_LOOK) -> str:
        findings = [_value(by_key[t, threshold, ALL_PATTERNS], said, key) for t in targets]
        return f"{label:<{_LABEL_WIDTH}}" + "".join(f"{span(f, dash='-'):>{cell}}" for f in findings)

    lines = [f"{'all patterns':<{_LABEL_WIDTH}}" + "".join(f"{t:>{cell}}" for t in targets)]
    for said in columns_in(rows, "by_threshold"):
        labels = {**THRESHOLD_LABELS, ONE_LOOK: f"{said.heads['by_threshold']}, one look"}
        lines += [line(labels[threshold], said, threshold=threshold) for threshold in THRESHOLD_LABELS]
    for said in columns_in(rows, "terminal"):
        head = said.heads["terminal"]
        lines += [line(head.format(key), said, key) for key in _keys(rows[0], said)]
    for said in columns_in(rows, "by_pattern"):
        lines.append(said.heads["by_pattern"])
        for pattern in dict.fromkeys(r.pattern for r in rows if r.pattern != ALL_PATTERNS):
            some = [by_key.get((t, ONE_LOOK, pattern)) for t in targets]
            cells = "".join(f"{span(_value(r, said), dash='-') if r else '':>{cell}}" for r in some)
            lines += [line.rstrip() for line in row_lines(f" {pattern}", _LABEL_WIDTH, cells)]
    return lines


def _keys(row: ExposureRow, said: Measure) -> list[str]:
    """Sides or distances that a measure goes by; one empty key for a measure of a single number."""
    value = getattr(row, said.name)
    return list(value) if isinstance(value, dict) else [""]


def _value(row: ExposureRow, said: Measure, key: str = "") -> Finding:
    value = getattr(row, said.name)
    found: Finding = value[key] if isinstance(value, dict) else value
    return found
