"""What a reader of an audit would miss: parts not covered, rows without an answer, places too near to the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringtrue.coverage.answer import WHOLE, level_words
from ringtrue.geo import geodesy
from ringtrue.report.audit_words import answered_rows, covered_share, target_words, under_ground_words
from ringtrue.report.style import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringtrue.coverage.records import AuditResult, CityShare, CoverageRow

MOST_NAMED = 4


def caveats(result: AuditResult) -> list[str]:
    """Return what a reader of the numbers would miss, in sentences."""
    name = result.system_name
    found: list[str] = []
    covered = covered_share(result)
    if covered is not None and covered < WHOLE:
        found.append(f"The elevation model covers {percent(covered)} of the ring of {name}; shares are of that part.")
    answered = answered_rows(result.rows)
    never = [row for row in answered if row.engageable_area_km2 and not row.engageable_area_km2.high]
    if never:
        found.append(f"{name} can engage nothing, in no draw: {_named([_row_words(result, row) for row in never])}.")
    found += too_near_words(result)
    unknown = [row for row in answered if row.people_under is None]
    if unknown:
        found.append(
            f"Residents are not told for {len(unknown)} of {len(result.rows)} rows of {name}: too small an area "
            "for the map of residents."
        )
    limited = [row for row in result.rows if row.terrain_limited]
    if limited:
        found.append(
            f"In {len(limited)} of {len(result.rows)} rows of {name} sight ends at ground that the elevation "
            "model flattens: the true area may be smaller. Bring finer ground with --dem."
        )
    found.append(under_ground_words(result.rows))
    return [text for text in found if text]


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


def too_near_words(result: AuditResult) -> list[str]:
    """Say which places lie inside the least range of every interceptor; nothing where none does."""
    near = places_too_near(result)
    if not near:
        return []
    named = _named([f"{city.name} ({away_m / 1000.0:.1f} km off)" for city, away_m in near])
    text = (
        f"Too near for {result.system_name}: {named}. None of its interceptors can be used below "
        f"{least_range_m(result) / 1000.0:.1f} km, so what flies overhead there cannot be engaged from this site."
    )
    return [text]
