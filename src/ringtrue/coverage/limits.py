"""What binds a row, and what the audit leaves out: the sentences beside the numbers."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from ringtrue.coverage.ring import Weather, critical_range_m, envelope_limits, ground_range_m, runs_of
from ringtrue.geo.refraction import horizon_range_m

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ringtrue.catalogue.records import TargetClass
    from ringtrue.coverage.chain import Chain
    from ringtrue.coverage.records import AuditQuestion, Heading
    from ringtrue.coverage.ring import Level
    from ringtrue.geo.elevation import ElevationModel
    from ringtrue.sensing.sight import PolarSight

    FloatArray = NDArray[np.float64]

_NEAR_M = 1500.0


def what_binds(
    chain: Chain,
    target: TargetClass[FloatArray],
    level: Level,
    fire: PolarSight,
    relief: NDArray[np.int64],
    heading: Heading = "inbound",
) -> str:
    """Name what ends the engageable area of the nominal case in most azimuths.

    One of: no envelope, floor, ceiling, target speed, interceptor range, radar range, instrumented range, horizon,
    terrain. Where sight or radar range ends the track, the time from track to intercept shortens the reach further.
    """
    limits = envelope_limits(chain, target, level, fire.site_altitude_m)
    greatest_m = float(limits.greatest_m[-1].max())
    if greatest_m <= 0.0:
        return limits.reason
    altitude_m = level.nominal_altitude_m(fire.site_altitude_m)
    antenna_m = float(fire.antenna_altitude_m[0])
    critical_m = float(
        ground_range_m(critical_range_m(chain.engagement, target, heading, Weather(), 0.5), antenna_m, altitude_m)[-1]
    )
    instrumented_m = float(ground_range_m(chain.engagement.instrumented_range_m, antenna_m, altitude_m)[-1])
    limit_m = min(critical_m, instrumented_m)
    runs = runs_of(
        fire, level, np.full(relief.max() + 1, chain.engagement.min_elevation_rad[-1]),
        np.full(relief.max() + 1, chain.engagement.max_elevation_rad[-1]),
    )  # fmt: skip
    over_site_m = max(altitude_m - fire.site_altitude_m, 0.0)
    horizon_m = float(horizon_range_m(antenna_m - fire.site_altitude_m, over_site_m, k_factor=fire.k_factor))
    votes: Counter[str] = Counter()
    for a in range(fire.azimuth_rad.size):
        first, last = runs.first[0, a], runs.first[0, a + 1]
        if first == last:
            votes["terrain"] += 1
            continue
        inside = [k for k in range(first, last) if runs.start_m[k] < limit_m]
        end_m = runs.end_m[inside[-1]] if inside else 0.0
        lead_m = float(target.speed_mps[-1] * chain.unit.reaction_s[-1]) + _NEAR_M
        if min(end_m, limit_m) > greatest_m + lead_m + target.speed_mps[-1] * greatest_m / float(
            max(i.mean_speed_mps[-1] for i in chain.interceptors)
        ):
            votes["interceptor range"] += 1
        elif end_m >= limit_m:
            votes["radar range" if critical_m <= instrumented_m else "instrumented range"] += 1
        else:
            votes["horizon" if end_m >= 0.9 * horizon_m else "terrain"] += 1
    return votes.most_common(1)[0][0]


def audit_limits(model: ElevationModel, question: AuditQuestion, k_text: str) -> tuple[str, ...]:
    """Return the sentences that every audit prints about what it leaves out."""
    sentences = [
        "Coverage, not protection: no clutter, crew error, jamming or leakage enters; every area is an upper bound.",
        (
            "No published source gives a radar range of the S-400 or of Patriot with cross-section, probability and "
            "height together; 'seen' therefore stands beside 'in line of sight', which needs no cross-section."
        ),
        "The range of a radar is taken as independent of elevation inside its limits; no lobing, no diffraction.",
        f"Refraction: k = {k_text}. Ducting over sea can extend sight at low level far beyond these figures.",
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
    if question.heading == "worst":
        sentences.append(
            "Worst heading: the least of four headings cell by cell, with the smallest of the aspects' RCS."
        )
    return tuple(sentences)
