"""What a reader of an audit would miss: parts not covered, rows without an answer, places too near to the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringtrue.coverage.answer import WHOLE, enclosed, level_words
from ringtrue.geo import geodesy
from ringtrue.report.audit_words import answered_rows, covered_share, target_words, under_ground_words
from ringtrue.report.style import percent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ringtrue.coverage.records import AuditResult, CityShare, CoverageRow

MOST_NAMED = 4


def caveats(results: Sequence[AuditResult]) -> list[str]:
    """Return what a reader of the numbers would miss, in sentences; what is alike for several systems in one."""
    found: list[str] = []
    for result in results:
        name = enclosed(result.system_name)
        covered = covered_share(result)
        if covered is not None and covered < WHOLE:
            share = percent(covered)
            found.append(f"The elevation model covers {share} of the ring of {name}; shares are of that part.")
        never = [r for r in answered_rows(result.rows) if r.engageable_area_km2 and not r.engageable_area_km2.high]
        if never:
            rows = _named([_row_words(result, row) for row in never])
            found.append(f"{name[:1].upper()}{name[1:]} can engage nothing, in no draw: {rows}.")
        found += too_near_words(result)
    untold = _rows_of(results, lambda result, row: row in answered_rows(result.rows) and row.people_under is None)
    if untold:
        found.append(
            f"Residents are not told for {untold.removesuffix(',')}: too small an area for the map of residents."
        )
    limited = _rows_of(results, lambda _, row: row.terrain_limited)
    if limited:
        found.append(
            f"In {limited} sight ends at ground that the elevation model flattens: the true area may be smaller. "
            "Bring finer ground with --dem."
        )
    found += [under_ground_words(result.rows) for result in results]
    return [text for text in dict.fromkeys(found) if text]


def _rows_of(results: Sequence[AuditResult], is_meant: Callable[[AuditResult, CoverageRow], bool]) -> str:
    """Say in how many rows of which systems something is so; empty where in none."""
    counts = [(result, sum(is_meant(result, row) for row in result.rows)) for result in results]
    return " and ".join(f"{_counted(n, len(r.rows))} of {enclosed(r.system_name)}" for r, n in counts if n)


def _counted(n: int, n_rows: int) -> str:
    return "the one row" if n_rows == 1 else f"{n} of {n_rows} rows"


def _row_words(result: AuditResult, row: CoverageRow) -> str:
    heading = "" if row.heading == "inbound" else f", {row.heading},"
    return f"{target_words(row.target, result.target_names)}{heading} at {level_words(row)}"


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def least_range_m(result: AuditResult) -> float:
    """Return the nominal least range that no interceptor of the system comes below [m]; 0 where none is given."""
    found = [p.nominal for p in result.parameters if p.id.startswith("interceptor.") and p.id.endswith(".min_range")]
    return min(found, default=0.0)


def places_too_near(result: AuditResult) -> list[tuple[CityShare, float]]:
    """Return the places nearer to the site than any interceptor reaches down to, and how far off each is [m]."""
    least_m = least_range_m(result)
    known = {city.name: city for row in result.rows for city in row.cities or ()}
    away = {
        name: float(
            geodesy.inverse(
                result.question.latitude_deg, result.question.longitude_deg, city.latitude_deg, city.longitude_deg
            ).distance_m
        )
        for name, city in known.items()
    }
    return sorted(((known[name], m) for name, m in away.items() if m < least_m), key=lambda one: -one[0].population)


def _off(away_m: float) -> str:
    return f"{away_m / 1000.0:.1f} km off" if away_m >= 50.0 else "the site itself"


def too_near_words(result: AuditResult) -> list[str]:
    """Say which places lie inside the least range of every interceptor; nothing where none does."""
    near = places_too_near(result)
    if not near:
        return []
    named = _named([f"{city.name} ({_off(away_m)})" for city, away_m in near])
    text = (
        f"Too near for {result.system_name}: {named}. None of its interceptors can be used below "
        f"{least_range_m(result) / 1000.0:.1f} km, so what flies overhead there cannot be engaged from this site."
    )
    return [text]
