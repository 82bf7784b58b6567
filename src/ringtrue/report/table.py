"""The audit as plain text, 80 columns, answer and path last."""

from __future__ import annotations

import textwrap
from functools import partial
from typing import TYPE_CHECKING, Any

from ringtrue.answer import columns_in
from ringtrue.coverage.answer import WHOLE
from ringtrue.coverage.records import NOT_RESOLVABLE
from ringtrue.finding import plain
from ringtrue.report.audit_caveats import caveats
from ringtrue.report.audit_words import (
    answered_rows,
    covered_share,
    head_of,
    is_answered,
    sampling_words,
    target_words,
)
from ringtrue.report.style import percent, sentence
from ringtrue.sensing.assumed import assumed_sentence
from ringtrue.sensing.ducting import ducting_notes
from ringtrue.studies.brief import whole_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ringtrue.answer import Measure
    from ringtrue.coverage.records import AuditResult
    from ringtrue.finding import Finding

NAME_WIDTH = 17
SHARE_WIDTH = 15
PEOPLE_TABLE = "terminal_people"
FACTORS = {"M": 1e6, "k": 1e3}


def compact(value: float, digits: int = 3) -> str:
    """Return a number with three digits, or as many, and k for thousand, M for million.

    >>> compact(692.4), compact(1559.0), compact(502655.0), compact(12.3), compact(0.0), compact(2.5e6)
    ('692', '1.56k', '503k', '12.3', '0', '2.5M')
    """
    if value != value:
        return "?"
    rounded = float(f"{value:.{digits}g}")
    for letter, floor in FACTORS.items():
        if abs(rounded) >= floor:
            return f"{rounded / floor:.3g}{letter}"
    return plain(rounded)


def _span(finding: Finding, write: Callable[[float], str]) -> str:
    """Return the ends of an interval in one unit, or "=" before the value that every draw gives.

    >>> from ringtrue.finding import Finding
    >>> _span(Finding("area", "km2", 15.2, 2700.0, 4830.0), compact), _span(Finding("area", "km2", 9, 9, 9), compact)
    ('15.2-4830', '=9')
    >>> _span(Finding("people", "people", 0.0, 5e4, 5.75e6), compact)
    '0-5.75M'
    """
    low, high = write(finding.low), write(finding.high)
    if low == high:
        return f"={low}"
    letter = low[-1:] if low[-1:] in FACTORS else ""
    if finding.low != 0.0 and high[-1:] in FACTORS and not high.endswith(letter or "-"):
        high = f"{float(f'{finding.high:.3g}') / FACTORS.get(letter, 1.0):.0f}{letter}"
    return f"{low}-{high}"


def _covered_words(result: AuditResult) -> str:
    """Return how much of the ring the elevation model covers, ready to follow its radius."""
    covered = covered_share(result)
    if covered is None:
        return ""
    return f"; the model covers {percent(covered)} of the ring" + (
        ", and shares are of that part" if covered < WHOLE else ""
    )


def _percent_bare(share: float) -> str:
    return percent(share).removesuffix(" %")


def _two_lines(
    name: str, below: str, findings: Sequence[Finding | None], shown: Sequence[Measure], widths: Sequence[int]
) -> list[str]:
    first, second = (
        f"{name:<{NAME_WIDTH}}",
        f"{'  ' + textwrap.shorten(below.removesuffix(' range'), NAME_WIDTH - 3, placeholder='.'):<{NAME_WIDTH}}",
    )
    for finding, said, width in zip(findings, shown, widths, strict=True):
        write, unit = (_percent_bare, " %") if said.form == "percent" else (compact, "")
        if finding is None:
            first, second = first + f"{'-':>{width}}", second + " " * width
            continue
        first += f"{write(finding.median) + unit:>{width}}"
        second += f"{_span(finding, write) + unit:>{width}}"
    return [first.rstrip(), second.rstrip()]


def _people_lines(result: AuditResult, width: int) -> list[str]:
    """Lines of residents and of the site: a block for each class, at every height, below it what releases farther out.

    Warning and what is defended are asked once per class, at the height nearest to its usual one.
    """
    rows = answered_rows(result.rows)
    asked = [held for row in rows for held in row.defended or ()]
    of_row, of_range = columns_in(rows, PEOPLE_TABLE), columns_in(asked, PEOPLE_TABLE)
    shown = (*of_row, *of_range)
    if not shown:
        return []
    column = (width - NAME_WIDTH) // len(shown)
    head = f"{'people, site':<{NAME_WIDTH}}" + "".join(m.heads[PEOPLE_TABLE].rjust(column) for m in shown)
    lines = ["", head, "-" * width]
    target = ""
    for row in rows:
        if row.target != target:
            target = row.target
            lines.append(target_words(target, result.target_names))
        by_range = row.defended or ()
        first, farther = (by_range[0] if by_range else None), by_range[1:]
        held = [_people_cell(first, said) for said in of_range]
        cells = [_people_cell(row if by_range or said.form == "people" else None, said) for said in of_row]
        lines += _cell_lines(f"  {row.where}", [*cells, *held], column)
        for other in farther:
            name = f"    from {other.release_range_m / 1000:g} km"
            lines += _cell_lines(name, [("", "")] * len(of_row) + [_people_cell(other, m) for m in of_range], column)
    note = (
        "People under engageable airspace are not protected by that alone. Defended: met before arrival, or before the "
        "aircraft is that far away (from 20 km, and so on); worst of eight courses, one engagement. Site held: share "
        "of draws and of 120 courses; all round: share of draws, from each of the eight. n.r.: below four cells of the "
        "raster of people."
    )
    return lines + whole_lines(note, width)


def _people_cell(row: Any, said: Measure) -> tuple[str, str]:
    """Median or share and below it the interval; empty for a row that was not asked."""
    if row is None:
        return "", ""
    value = getattr(row, said.name)
    if value is None:
        return "n.r." if said.none == NOT_RESOLVABLE else "never", ""
    if isinstance(value, float):
        return percent(value), ""
    write = partial(compact, digits=said.digits or 3) if said.form == "people" else compact
    return write(value.median), _span(value, write)


def _cell_lines(name: str, cells: Sequence[tuple[str, str]], column: int) -> list[str]:
    first = f"{name:<{NAME_WIDTH}}" + "".join(text.rjust(column) for text, _ in cells)
    second = " " * NAME_WIDTH + "".join(span.rjust(column) for _, span in cells)
    return [line.rstrip() for line in (first, second) if line.strip()]


def audit_table_lines(result: AuditResult, width: int = 80, *, report_path: str | None = None) -> list[str]:
    """Return the audit of one system as lines of at most ``width`` characters.

    Each height takes two lines: medians, then 5 to 95 %; what binds stands below the height. The last lines are the
    answer and, if given, the path of the report (a path is never broken).
    """

    def wrap(text: str, indent: str = "") -> list[str]:
        return whole_lines(text, width, first=indent, rest=indent)

    lines = wrap(
        f"{result.system_name} at {result.place_name}, ground {result.site_altitude_m:,.0f} m, "
        f"mast {result.mast_text}, k {result.k_text}, terrain {result.terrain_name}; "
        f"advertised {result.advertised_range_m / 1000:g} km{_covered_words(result)}."
    )
    lines += wrap(
        f"{result.question.positions} Areas in km2, k = thousand, M = million: median, below it 5-95 % of "
        f"{result.n_draws:,} draws; =5 means 5 in all of them, or nearly all."
    )
    rule = "-" * width
    is_whole = (covered_share(result) or 1.0) >= WHOLE
    shown = columns_in(result.rows, "terminal")
    n_shares = sum(said.form == "percent" for said in shown)
    wide = (width - NAME_WIDTH - SHARE_WIDTH * n_shares) // max(len(shown) - n_shares, 1)
    widths = [SHARE_WIDTH if said.form == "percent" else wide for said in shown]
    if shown:
        heads = (f"{head_of(m, 'terminal', is_whole=is_whole):>{w}}" for m, w in zip(shown, widths, strict=True))
        lines += ["", f"{'target, height':<{NAME_WIDTH}}{''.join(heads)}"]
    lines.append(rule)
    target = ""
    for row in result.rows:
        name = target_words(row.target, result.target_names)
        name += "" if row.heading == "inbound" else f", {row.heading}"
        if name != target:
            lines.append(name)
            target = name
        if row.note:
            lines += wrap(row.note, "  ")
            continue
        lines += _two_lines(f"  {row.where}", row.binds or "", [getattr(row, m.name) for m in shown], shown, widths)
    for footprint in result.footprints:
        parts = [
            f"{said.heads['terminal']} {compact(found.median)} km2 ({_span(found, compact)})"
            for said in columns_in(result.footprints, "terminal")
            for found in (getattr(footprint, said.name),)
        ]
        lines += wrap(f"{target_words(footprint.target, result.target_names)}: {', '.join(parts)}")
    for said in columns_in(result.rows, "terminal_note"):
        medians = [
            f"{target_words(row.target, result.target_names)} {row.where} {compact(found.median)}"
            for row in answered_rows(result.rows)
            if (found := getattr(row, said.name)) is not None
        ]
        if medians:
            lines += wrap(f"{said.heads['terminal_note']}, median: {'; '.join(medians)}.")
    lines += _people_lines(result, width)
    lines += [line for text in sampling_words(result) for line in wrap(text)]
    lines.append(rule)
    lines += [line for text in caveats([result]) for line in wrap(f"! {text}")]
    if is_answered(result):
        lines += wrap(f"{assumed_sentence(result.assumed_share, result.n_draws)} {sentence(result.deciding.sentence)}")
    lines += [line for text in result.question.declared for line in wrap(text)]
    site = ("the site", result.question.latitude_deg, result.question.longitude_deg)
    lines += [line for note in ducting_notes([site]) for line in wrap(note)]
    lines.append("")
    lines += wrap(result.answer)
    if report_path:
        lines.append(f"Report: {report_path}")
    return lines
