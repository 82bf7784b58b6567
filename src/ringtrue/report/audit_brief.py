"""One screen of an audit: what can be engaged, every class and height in one table, what decides, what to mind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringtrue.coverage.answer import WHOLE
from ringtrue.report.audit_caveats import caveats
from ringtrue.report.audit_words import covered_share, is_answered, sampling_words
from ringtrue.report.style import percent, sentence
from ringtrue.report.table import compact
from ringtrue.sensing.assumed import assumed_sentence
from ringtrue.sensing.ducting import ducting_notes
from ringtrue.studies.brief import Brief, grid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringtrue.coverage.records import AuditResult, CoverageRow
    from ringtrue.finding import Finding

MOST_ROWS = 26
MOST_LEVELS = 6
BELOW = "km², k thousand, M million; AGL above ground, AMSL above the sea"


def audit_brief(results: Sequence[AuditResult]) -> Brief:
    """Return one screen of the audits of one or more systems."""
    first = results[0]
    return Brief(
        answer=tuple(result.answer for result in results),
        about=about_words(results),
        table=tuple(_table(results)),
        decides=_decides(results),
        warnings=tuple(dict.fromkeys((*_warnings(results), *first.question.declared))),
    )


def about_words(results: Sequence[AuditResult]) -> str:
    """Say what was asked, where, on what ground and over how many draws."""
    first = results[0]
    places = {result.place_name for result in results}
    systems = "; ".join(r.system_name for r in results)
    masts = ", ".join(f"{r.mast_text.partition(' (')[0]}" for r in results)
    where = first.place_name if len(places) == 1 else f"{len(places)} sites, the first {first.place_name}"
    return (
        f"{systems}, at {where}, ground {first.site_altitude_m:,.0f} m, mast {masts}; terrain {first.terrain_name}; "
        f"{first.n_draws:,} draws. {BELOW}."
    )


def _decides(results: Sequence[AuditResult]) -> tuple[str, ...]:
    """Say of each system which unknown decides, by its name where there are several."""
    told = {result.system_name: decides_words(result) for result in results if is_answered(result)}
    return tuple(told.values()) if len(results) == 1 else tuple(f"{name}: {text}" for name, text in told.items())


def decides_words(result: AuditResult) -> str:
    """Say which unknown moves the answer most, and how much of the doubt nobody published anything about."""
    about = f"For the {result.deciding_row}, " if result.deciding_row else ""
    text = f"{about}{result.deciding.sentence}" if about else result.deciding.sentence
    return f"{sentence(text)} {assumed_sentence(result.assumed_share, result.n_draws)}"


def _table(results: Sequence[AuditResult]) -> list[str]:
    if len(results) > 1:
        return _side_by_side(results)
    result = results[0]
    lines = _links(result) if len(result.rows) <= MOST_ROWS else _matrix(result)
    footprints = [
        f"{f.target}: ground covered {_cell(f.footprint_area_km2)} ({_ends(f.footprint_area_km2)}) km²"
        for f in result.footprints
    ]
    return [*lines, *footprints]


def _links(result: AuditResult) -> list[str]:
    """A line for each class and height: the middle value of every range, the interval of what can be engaged."""
    whole = (covered_share(result) or 1.0) >= WHOLE
    head = ["median", "in sight", "seen", "tracked", "engaged", "5 to 95 %", "ring %" if whole else "part %"]
    rows = []
    for row in result.rows:
        links = (row.seen_geometry_area_km2, row.seen_area_km2, row.tracked_area_km2, row.engageable_area_km2)
        share = "" if row.engageable_share is None else percent(row.engageable_share.median)
        rows.append([_row_name(result, row), *map(_cell, links), _ends(row.engageable_area_km2), share])
    return grid(head, rows)


def _matrix(result: AuditResult) -> list[str]:
    """A class in two lines: what can be engaged at each height, and its interval."""
    levels = list(dict.fromkeys(map(_level, result.rows)))
    shown = levels[:MOST_LEVELS]
    rows = []
    for target in dict.fromkeys(row.target for row in result.rows):
        at = {_level(row): row.engageable_area_km2 for row in result.rows if row.target == target}
        rows.append([target, *(_cell(at.get(level)) for level in shown)])
        rows.append(["  5 to 95 %", *(_ends(at.get(level)) for level in shown)])
    return grid(["engaged, median", *shown], rows)


def _side_by_side(results: Sequence[AuditResult]) -> list[str]:
    """A line for each class and height, a column for each system: what can be engaged, and its interval."""
    found: dict[tuple[str, str], dict[int, str]] = {}
    for i, result in enumerate(results):
        for row in result.rows:
            area = row.engageable_area_km2
            found.setdefault((row.target, _level(row)), {})[i] = f"{_cell(area)} ({_ends(area, '-')})" if area else "-"
        for one in result.footprints:
            area = one.footprint_area_km2
            found.setdefault((one.target, "ground"), {})[i] = f"{_cell(area)} ({_ends(area, '-')})"
    head = ["engaged, median (5 to 95 %)", *(result.system_id for result in results)]
    rows = [
        [f"{target} {where}", *(cells.get(i, "-") for i in range(len(results)))]
        for (target, where), cells in found.items()
    ]
    return grid(head, rows)


def _row_name(result: AuditResult, row: CoverageRow) -> str:
    heading = "" if row.heading == "inbound" else f", {row.heading}"
    return f"{row.target}{heading} {_level(row)}"


def _level(row: CoverageRow) -> str:
    """Return the height of a row, short."""
    metres, above = (row.height_m, "AGL") if row.height_m is not None else (row.altitude_m or 0.0, "AMSL")
    return f"{metres / 1000.0:g} km {above}" if metres >= 1000.0 else f"{metres:g} m {above}"


def _cell(found: Finding | None) -> str:
    return "-" if found is None else compact(found.median)


def _ends(found: Finding | None, dash: str = " to ") -> str:
    if found is None:
        return ""
    low, high = compact(found.low), compact(found.high)
    return "in all draws" if low == high else f"{low}{dash}{high}"


def _warnings(results: Sequence[AuditResult]) -> list[str]:
    found = [result.question.positions for result in results]
    found += caveats(results)
    sites = [("the site", r.question.latitude_deg, r.question.longitude_deg) for r in results]
    found += ducting_notes(sites)
    return [*found, *(text for result in results for text in sampling_words(result))]
