"""What an exposure study gives: its records, and their form as text and as JSON."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ringtrue import __version__
from ringtrue.coverage.exposure import ASPECTS, BANDS, THRESHOLD_WORDS
from ringtrue.finding import LEVEL, Finding, rows_to_xarray, whole_percent
from ringtrue.sensing.assumed import assumed_json, assumed_sentence

if TYPE_CHECKING:
    from collections.abc import Callable

    import xarray

    from ringtrue.catalogue.records import Parameter, Source
    from ringtrue.coverage.exposure import ExposureRow, Threshold
    from ringtrue.sensing.deciding import Deciding

ALL_PATTERNS = "all"
_LABEL_WIDTH = 18
_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class ExposureComparison:
    """Two classes on the same flights before the same radar, draw by draw: minutes per hour with the radar on.

    ``ratio`` is None where the second class is observed for no time in some draw.
    """

    laydown: str
    unit: str
    radar: str
    first: str
    second: str
    difference: Finding
    ratio: Finding | None
    p_first_more: float


@dataclass(frozen=True, slots=True)
class ExposureHeadline:
    """One headline: all patterns, one look, one class before one radar; what decides the minutes, and the share."""

    laydown: str
    unit: str
    radar: str
    target: str
    sentence: str
    assumed_share: float | None
    deciding: Deciding
    share_assumed_share: float | None
    share_deciding: Deciding


@dataclass(frozen=True)
class ExposureResult:
    """The whole ledger of a scenario."""

    name: str
    title: str
    question: str
    scenario_hash: str
    catalogue_hash: str
    seed: int
    n_draws: int
    terrain: str
    rows: tuple[ExposureRow, ...]
    comparisons: tuple[ExposureComparison, ...]
    headlines: tuple[ExposureHeadline, ...]
    assumed_share: float | None
    deciding: Deciding
    sentences: tuple[str, ...]
    declared: tuple[str, ...]
    limits: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    sources: dict[str, Source]
    names: dict[str, str]
    answer: str

    def to_xarray(self) -> xarray.Dataset:
        """Return the rows as arrays with named axes (row, quantile)."""
        return rows_to_xarray(self.rows)


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
    lines = textwrap.wrap(result.title, width) + textwrap.wrap(result.question, width)
    lines += ["", *textwrap.wrap("Median [5 to 95 % of the draws]; min/h: minutes per hour with the radar on.", width)]
    for laydown, unit, radar in dict.fromkeys((r.laydown, r.unit, r.radar) for r in result.rows):
        rows = [r for r in result.rows if (r.laydown, r.unit, r.radar) == (laydown, unit, radar)]
        lines += ["", *textwrap.wrap(f"{result.names[laydown]}: {result.names[radar]}", width)]
        targets = list(dict.fromkeys(r.target for r in rows))
        for i in range(0, len(targets), _COLUMNS):
            lines += _table(rows, targets[i : i + _COLUMNS], width)
        for sentence in _sentences(result, rows):
            lines += textwrap.wrap(sentence, width, subsequent_indent="  ")
    lines.append("")
    for sentence in dict.fromkeys((*result.sentences, *result.declared, *result.limits)):
        lines += textwrap.wrap(f"- {sentence}", width, subsequent_indent="  ")
    assumed = assumed_sentence(result.assumed_share, result.n_draws, "the spread of the answer")
    return [*lines, "", *textwrap.wrap(assumed, width), *textwrap.wrap(result.answer, width)]


def _sentences(result: ExposureResult, rows: list[ExposureRow]) -> list[str]:
    """Sentences below the table of one radar: gaps of the model, comparisons, what decides."""
    key = (rows[0].laydown, rows[0].unit, rows[0].radar)
    found = [
        f"The elevation model covers {whole_percent(share)} of '{result.names[pattern]}'; minutes on the rest are not "
        "counted, and shares of the time flown are of the covered part."
        for pattern, share in {r.pattern: r.covered_share for r in rows if r.pattern != ALL_PATTERNS}.items()
        if share < 0.9995
    ]
    for c in (c for c in result.comparisons if (c.laydown, c.unit, c.radar) == key):
        ratio = f"{span(c.ratio)} times" if c.ratio else "no ratio, for in some draws the second is never observed"
        found.append(
            f"{c.first} against {c.second}, draw by draw: {ratio}; {span(c.difference)} min/h; "
            f"more in {100 * c.p_first_more:.0f} % of the draws."
        )
    for h in (h for h in result.headlines if (h.laydown, h.unit, h.radar) == key):
        found.append(f"{h.target}: of the minutes: {h.deciding.sentence}.")
        found.append(f"{h.target}: of the share of the time flown: {h.share_deciding.sentence}.")
    return found


def _table(rows: list[ExposureRow], targets: list[str], width: int) -> list[str]:
    """Lines of one radar: classes across, measures down."""
    cell = (width - _LABEL_WIDTH) // _COLUMNS
    by_key = {(r.target, r.threshold, r.pattern): r for r in rows}

    def line(label: str, pick: Callable[[ExposureRow], Finding], threshold: Threshold = "look-0.5") -> str:
        found = [pick(by_key[t, threshold, ALL_PATTERNS]) for t in targets]
        return f"{label:<{_LABEL_WIDTH}}" + "".join(f"{span(f, dash='-'):>{cell}}" for f in found)

    lines = [f"{'all patterns':<{_LABEL_WIDTH}}" + "".join(f"{t:>{cell}}" for t in targets)]
    lines.append(line("min/h, one look", lambda r: r.minutes_per_hour_on))
    lines.append(line("  confirmed, 0.9", lambda r: r.minutes_per_hour_on, "confirmed-0.9"))
    lines.append(line("  SNR 10 dB above", lambda r: r.minutes_per_hour_on, "look+10dB"))
    lines.append(line("  SNR 20 dB above", lambda r: r.minutes_per_hour_on, "look+20dB"))
    lines += [line(f"  one look, {a}", lambda r, a=a: r.by_aspect[a]) for a in ASPECTS]  # type: ignore[misc]
    lines += [line(f"  at {b}", lambda r, b=b: r.by_band[b]) for b in BANDS]  # type: ignore[misc]
    lines.append(line("hours per year", lambda r: r.hours_per_year))
    lines.append(line("share of time", lambda r: r.share_of_flight))
    lines.append(line("farthest, km", lambda r: r.farthest_km))
    lines.append("minutes per flight, one look")
    for pattern in dict.fromkeys(r.pattern for r in rows if r.pattern != ALL_PATTERNS):
        some = [by_key.get((t, "look-0.5", pattern)) for t in targets]
        cells = "".join(f"{span(r.minutes_per_flight, dash='-') if r else '':>{cell}}" for r in some)
        lines.append(f" {pattern[: _LABEL_WIDTH - 2]:<{_LABEL_WIDTH - 1}}{cells}".rstrip())
    return lines


def exposure_json(result: ExposureResult) -> dict[str, Any]:
    """Return the object that ``ringtrue exposure --json`` prints."""
    first = result.headlines[0]
    return {
        "command": "exposure",
        "version": __version__,
        "scenario_hash": result.scenario_hash,
        "catalogue_hash": result.catalogue_hash,
        "seed": result.seed,
        "n_draws": result.n_draws,
        "n_replications": None,
        "level": LEVEL,
        "terrain": result.terrain,
        "thresholds": THRESHOLD_WORDS,
        "rows": [_row_json(row) for row in result.rows],
        "comparisons": [
            {
                "laydown": c.laydown, "unit": c.unit, "radar": c.radar, "first": c.first, "second": c.second,
                "difference_minutes_per_hour_on": c.difference.interval(),
                "ratio": c.ratio.interval() if c.ratio else None, "p_first_more": round(c.p_first_more, 4),
            }
            for c in result.comparisons
        ],
        "headlines": [
            {
                "laydown": h.laydown, "unit": h.unit, "radar": h.radar, "target": h.target, "sentence": h.sentence,
                "minutes": {"assumed_share": assumed_json(h.assumed_share), "deciding": h.deciding.as_json()},
                "share_of_flight": {
                    "assumed_share": assumed_json(h.share_assumed_share), "deciding": h.share_deciding.as_json(),
                },
            }
            for h in result.headlines
        ],
        "assumed_share": assumed_json(result.assumed_share),
        "deciding": {"row": f"{first.target} before {first.radar}", **result.deciding.as_json()},
        "sentences": list(result.sentences),
        "declared": list(result.declared),
        "limits": list(result.limits),
        "answer": result.answer,
    }  # fmt: skip


def _row_json(row: ExposureRow) -> dict[str, Any]:
    by_both = {a: {b: f.interval() for b, f in v.items()} for a, v in row.by_aspect_and_band.items()}
    return {
        "laydown": row.laydown,
        "unit": row.unit,
        "system": row.system,
        "radar": row.radar,
        "role": row.role,
        "pattern": row.pattern,
        "target": row.target,
        "threshold": row.threshold,
        "covered_share": round(row.covered_share, 4),
        "flights_per_week": row.flights_per_week.interval(),
        "minutes_per_flight": row.minutes_per_flight.interval(),
        "share_of_flight": row.share_of_flight.interval(),
        "minutes_per_hour_on": row.minutes_per_hour_on.interval(),
        "hours_per_year": row.hours_per_year.interval(),
        "by_aspect": {a: f.interval() for a, f in row.by_aspect.items()},
        "by_band": {b: f.interval() for b, f in row.by_band.items()},
        "by_aspect_and_band": by_both or None,
        "farthest_km": row.farthest_km.interval(),
        "share_of_draws_observed": round(row.p_observed, 4),
    }
