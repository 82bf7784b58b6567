"""The JSON form of a ring audit: findings only, no times, no paths, no thread counts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ringtrue import __version__
from ringtrue.finding import LEVEL, Finding
from ringtrue.sensing.assumed import assumed_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringtrue.coverage.records import AuditResult, AuditRow


def _interval(found: Finding | None) -> dict[str, float] | None:
    if found is None or not math.isfinite(found.median):
        return None
    return found.interval()


def _two_digits(found: Finding | None) -> dict[str, float] | None:
    if found is None or not math.isfinite(found.median):
        return None
    return {key: float(f"{getattr(found, key):.2g}") for key in ("low", "median", "high")}


def _share(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def row_json(row: AuditRow) -> dict[str, Any]:
    """Return one row as the JSON output prints it; people with two significant digits, null where not defined."""
    return {
        "system": row.system_id,
        "fit": row.fit,
        "variant": row.variant,
        "target": row.target_id,
        "heading": row.heading,
        "height_m": row.height_m,
        "altitude_m": row.altitude_m,
        "terrain": row.terrain,
        "advertised_area_km2": round(row.advertised_area_km2, 1),
        "covered_share": _share(row.covered_share),
        "under_ground_share": _share(row.under_ground_share),
        "note": row.note or None,
        "binds": row.binds,
        "terrain_limited": row.terrain_limited,
        "seen_geometry_area_km2": _interval(row.seen_geometry_area_km2),
        "seen_area_km2": _interval(row.seen_area_km2),
        "seen_p90_area_km2": _interval(row.seen_p90_area_km2),
        "seen_share": _interval(row.seen_share),
        "tracked_area_km2": _interval(row.tracked_area_km2),
        "tracked_p90_area_km2": _interval(row.tracked_p90_area_km2),
        "tracked_sector_area_km2": _interval(row.tracked_sector_area_km2),
        "engageable_area_km2": _interval(row.engageable_area_km2),
        "engageable_sector_area_km2": _interval(row.engageable_sector_area_km2),
        "engageable_share": _interval(row.engageable_share),
        "people_under": _two_digits(row.people_under),
        "people_by_country": row.people_by_country,
        "footprint_area_km2": _interval(row.footprint_area_km2),
        "footprint_worst_area_km2": _interval(row.footprint_worst_area_km2),
        "warning_s": _interval(row.warning_s),
        "defended": [
            {
                "release_range_m": d.release_range_m,
                "shots": d.shots,
                "resolvable": d.resolvable,
                "site_defended_share": _share(d.site_share),
                "site_defended_from_every_azimuth_share": _share(d.site_worst_share),
                "people_worst_course": _two_digits(d.people_worst_azimuth),
                "people_mean_course": _two_digits(d.people_any_azimuth),
            }
            for d in row.defended
        ]
        or None,
        "assumed_share": assumed_json(row.assumed_share),
        "cities": None
        if row.cities is None
        else [
            {"name": c.name, "population": c.population, "share_of_draws": round(c.share_of_draws, 4)}
            for c in row.cities
            if c.share_of_draws > 0
        ],
    }


def audit_json(results: Sequence[AuditResult]) -> dict[str, Any]:
    """Return the object that ``ringtrue audit --json`` prints."""
    first = results[0]
    hashes = dict.fromkeys(r.question.scenario_hash for r in results if r.question.scenario_hash is not None)
    return {
        "command": "audit",
        "version": __version__,
        "scenario_hash": "+".join(hashes) or None,
        "catalogue_hash": first.catalogue_hash,
        "seed": first.question.seed,
        "n_draws": first.n_draws,
        "n_replications": None,
        "level": LEVEL,
        "rows": [row_json(row) for result in results for row in result.rows],
        "variants": [row_json(row) for result in results for row in result.variant_rows],
        "assumed_share": assumed_json(first.assumed_share),
        "deciding": {"row": first.deciding_row, **first.deciding.as_json()},
        "answers": [result.answer for result in results],
        "declared": list(dict.fromkeys(text for result in results for text in result.question.declared)),
    }
