"""Which figures of the catalogue enter which number of an audit row."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ringtrue.coverage.edges import ASPECT_OF_HEADING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringtrue.catalogue.records import TargetClass
    from ringtrue.coverage.chain import Chain, FloatArray
    from ringtrue.coverage.records import AuditRow
    from ringtrue.finding import Finding

SIGHT_FIELDS = ("instrumented_range", "min_elevation", "max_elevation", "antenna_height")
ECHO_FIELDS = ("frequency", "reference_range", "reference_rcs", "reference_p_detect", "reference_p_false")
LOOK_FIELDS = ("scan_period", "search_frame", "decorrelation")
ENVELOPE_FIELDS = ("min_range", "max_range", "min_altitude", "max_altitude", "max_target_speed")
SHARED_ASSUMPTIONS = ("assumption.flight-time-doubt",)


def with_inputs(row: AuditRow, chain: Chain, target: TargetClass[FloatArray]) -> AuditRow:
    """Return the row with, on every finding, the addresses of the figures that its computation reads.

    In line of sight: the search radar's limits and antenna. Seen: also its reference range and the target's
    cross-section in its band, how often it looks and how fast the target comes. Tracked: the same of the fire-control
    radar, which the search radar cues. Engageable: tracked, identification, envelope and speed of the interceptors,
    reaction time; shares also the advertised ring. Terrain and k are not figures
    of the systems and stand in the report's text.
    """
    aspects = ("nose", "side", "tail") if row.heading == "worst" else (ASPECT_OF_HEADING[row.heading],)
    echo_known = {p.id for p in chain.parameters}

    def radar(radar_id: str, fields: Iterable[str]) -> list[str]:
        return [address for f in fields if (address := f"radar.{radar_id}.{f}") in echo_known]

    def echo(band: str) -> list[str]:
        bands = [band] if band in target.rcs_m2 else sorted(target.rcs_m2)
        return [f"target.{target.id}.rcs.{b}.{a}" for b in bands for a in aspects if a in target.rcs_m2[b]]

    geometry = radar(chain.acquisition.id, SIGHT_FIELDS)
    speed = f"target.{target.id}.speed"
    seen = [*geometry, *radar(chain.acquisition.id, (*ECHO_FIELDS, *LOOK_FIELDS)), *echo(chain.acquisition.band), speed]
    own = radar(chain.engagement.id, (*SIGHT_FIELDS, *ECHO_FIELDS, *LOOK_FIELDS))
    tracked = list(dict.fromkeys([*own, *echo(chain.engagement.band), *seen]))
    sector = [*tracked, *radar(chain.engagement.id, ("sector",))]
    intercept = [
        f"interceptor.{i.id}.{f}"
        for i in chain.interceptors
        for f in (
            *(f"envelope.{target.kind}.{f}" for f in ENVELOPE_FIELDS if target.kind in i.envelopes),
            "mean_speed",
            "mean_speed_range",
        )
    ] + [f"fire-unit.{chain.unit.id}.reaction", f"target.{target.id}.identification_delay", *SHARED_ASSUMPTIONS]
    engaged = tuple(dict.fromkeys([*tracked, *intercept]))
    ring = (f"system.{chain.system.id}.advertised_range",)
    footprint = (*engaged, f"target.{target.id}.range", f"target.{target.id}.apogee")

    def read(found: Finding | None, inputs: Iterable[str]) -> Finding | None:
        return None if found is None else replace(found, inputs=tuple(dict.fromkeys(inputs)))

    return replace(
        row,
        seen_geometry_area_km2=read(row.seen_geometry_area_km2, geometry),
        seen_area_km2=read(row.seen_area_km2, seen),
        seen_p90_area_km2=read(row.seen_p90_area_km2, seen),
        seen_share=read(row.seen_share, (*seen, *ring)),
        tracked_area_km2=read(row.tracked_area_km2, tracked),
        tracked_p90_area_km2=read(row.tracked_p90_area_km2, tracked),
        tracked_sector_area_km2=read(row.tracked_sector_area_km2, sector),
        engageable_area_km2=read(row.engageable_area_km2, engaged),
        engageable_sector_area_km2=read(row.engageable_sector_area_km2, (*sector, *engaged)),
        engageable_share=read(row.engageable_share, (*engaged, *ring)),
        people_under=read(row.people_under, engaged),
        footprint_area_km2=read(row.footprint_area_km2, footprint),
        footprint_worst_area_km2=read(row.footprint_worst_area_km2, footprint),
    )
