"""What binds a row, and what the audit leaves out: the sentences beside the numbers."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from ringtrue.coverage.ring import envelope_limits, ground_range_m
from ringtrue.finding import NOMINAL
from ringtrue.geo.refraction import horizon_range_m
from ringtrue.sensing.assumed import unpublished_ranges
from ringtrue.sensing.ducting import ducting_notes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ringtrue.catalogue.records import Parameter, Radar, TargetClass
    from ringtrue.coverage.edges import Reach
    from ringtrue.coverage.records import AuditQuestion, CoverageRow
    from ringtrue.coverage.ring import Level, Runs
    from ringtrue.geo.elevation import ElevationModel
    from ringtrue.sensing.chain import Chain
    from ringtrue.sensing.sight import PolarSight

    FloatArray = NDArray[np.float64]

_NEAR_M = 1500.0


def what_binds(
    chain: Chain, target: TargetClass[FloatArray], level: Level, fire: PolarSight, runs: Runs, inbound: Reach
) -> str:
    """Name what ends the engageable area of the nominal case in most azimuths.

    One of: no interceptor, floor, ceiling, target speed, interceptor range, radar range, instrumented range, horizon,
    terrain. Where sight or radar range ends the track, the time from track to intercept shortens the reach further.

    Parameters
    ----------
    runs : Runs
        Of the engagement radar at this level, the nominal ground first.
    inbound : Reach
        Edges of the inbound target (`edges.reach_of`).
    """
    limits = envelope_limits(chain, target, level, fire.site_altitude_m)
    greatest_m = float(limits.greatest_m[NOMINAL].max())
    if greatest_m <= 0.0:
        return limits.reason
    altitude_m = level.nominal_altitude_m(fire.site_altitude_m)
    antenna_m = float(fire.antenna_altitude_m[0])
    tracked_m = float(inbound.tracked_m[NOMINAL])
    limit_m = float(ground_range_m(np.array(tracked_m), antenna_m, altitude_m))
    is_at_its_end = tracked_m >= 0.95 * float(chain.engagement.instrumented_range_m[NOMINAL])
    over_site_m = max(altitude_m - fire.site_altitude_m, 0.0)
    horizon_m = float(horizon_range_m(antenna_m - fire.site_altitude_m, over_site_m, k_factor=fire.k_factor))
    speed_mps = float(target.speed_mps[NOMINAL])
    flight_s = greatest_m / float(max(i.mean_speed_mps[NOMINAL] for i in chain.interceptors))
    lead_m = speed_mps * float(chain.unit.reaction_s[NOMINAL]) + _NEAR_M
    first, last = runs.first[0, :-1], runs.first[0, 1:]
    begun = np.append(0, np.cumsum(runs.start_m < limit_m))
    n_inside = begun[last] - begun[first]
    end_m = np.where(n_inside > 0, np.append(runs.end_m, 0.0)[first + n_inside - 1], 0.0)
    words = np.select(
        [
            first == last,
            np.minimum(end_m, limit_m) > greatest_m + lead_m + speed_mps * flight_s,
            end_m >= limit_m,
            end_m >= 0.9 * horizon_m,
        ],
        [
            "terrain",
            "interceptor range",
            "instrumented range" if is_at_its_end else "radar range",
            "horizon",
        ],
        "terrain",
    )
    return str(Counter(words.tolist()).most_common(1)[0][0])


def audit_limits(
    model: ElevationModel,
    question: AuditQuestion,
    k_text: str,
    rows: Sequence[CoverageRow] = (),
    radars: Sequence[Radar[Parameter]] = (),
) -> tuple[str, ...]:
    """Return the sentences that an audit prints about what it leaves out, and how its columns are to be read."""
    unpublished = unpublished_ranges(radars)
    sentences = [
        "Coverage, not protection: no clutter, crew error, jamming or leakage enters; every area is an upper bound.",
        *(
            [f"{unpublished} 'Seen' therefore stands beside 'in line of sight', which needs no cross-section."]
            if unpublished
            else []
        ),
        "The range of a radar is taken as independent of elevation inside its limits; no lobing, no diffraction.",
        f"Refraction: k = {k_text}.",
        *ducting_notes([("the site", question.latitude_deg, question.longitude_deg)]),
        (
            "The coordinates stand for an unknown position; moving a site by a few kilometres can change a low-level "
            "answer by a factor of two or more (see --site-radius)."
        ),
        "Residents: 2020 raster of 15 arc-minutes; 'under' means below engageable airspace, not protected.",
        "Borders: the UN view of Natural Earth's layer.",
    ]
    if model.is_bare_earth:
        sentences.append("Bare earth: a smooth sphere at the altitude of the site; mountains are left out on purpose.")
    elif any(h < 100.0 for h in question.heights_m) and model.resolution_m > 100.0:
        sentences.append(
            "Below 100 m above ground the answer is limited by the terrain model "
            f"(cells of {model.resolution_m:.0f} m): bring a finer one with --dem."
        )
    if not model.is_bare_earth and model.resolution_m > 100.0:
        sentences.append(
            "The low end of an interval holds an antenna in a hollow (one drawn ground in sixteen): where its place "
            "was not chosen, ground of 90 m saw 0.15 to 1 of these areas, at 3,000 m as at 100; from the highest "
            "point within 200 m it saw 0.3 to 1.1."
        )
    if not model.is_bare_earth:
        sentences.append(
            "Drawn grounds are a sample of 31: at the one inland site where it was tried, another seed moved the "
            "median of people defended by up to 3 % and the warning of a missile that flies at 50 m by up to 8 %."
        )
    if any(_is_tracked_before_seen(row) for row in rows):
        sentences.append(
            "Tracked can exceed seen: low down the engagement radar, looking at its own rate, confirms a target that "
            "the search radar has not looked at often enough since the horizon."
        )
    if question.heading == "worst":
        sentences.append(
            "Worst heading: the least of four headings cell by cell, with the smallest of the aspects' RCS."
        )
    return tuple(sentences)


def _is_tracked_before_seen(row: CoverageRow) -> bool:
    seen, tracked = row.seen_area_km2, row.tracked_area_km2
    return seen is not None and tracked is not None and tracked.median > seen.median
