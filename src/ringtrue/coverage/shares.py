"""Where a class can be engaged, as the share of draws in which it can: cells by azimuth and ground range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ringtrue.coverage.edges import reach_of
from ringtrue.coverage.ring import Place, Weather, level_sight, ring_arrays
from ringtrue.coverage.rows import boresight_rad, is_under_ground, levels_of
from ringtrue.finding import DRAWS, NOMINAL
from ringtrue.sensing.climate import site_climate
from ringtrue.sensing.post import AUDIT_RELIEFS, post_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ringtrue.coverage.records import AuditQuestion
    from ringtrue.sensing.run import Run

    FloatGrid = NDArray[np.float32]

MOST_CELLS_AT_ONCE = 100_000_000  # draws times cells: as many bytes


@dataclass(frozen=True, slots=True)
class EngageableShare:
    """Share of draws in which a class can be engaged at a level, on a polar grid about the site.

    ``share`` (azimuth, range): azimuths evenly from north, range ``j`` reaches from ``j`` to ``j + 1`` times
    ``step_m``; told at its middle.
    """

    target_id: str
    height_m: float | None
    altitude_m: float | None
    step_m: float
    share: FloatGrid


def engageable_shares(question: AuditQuestion, run: Run, *, step_m: float) -> Iterator[EngageableShare]:
    """Ask every draw of an audit where each class can be engaged at each level, out to the advertised ring.

    Parameters
    ----------
    question : AuditQuestion
        As the audit was asked; ballistic classes and levels under the ground of the site have none.
    run : Run
        That of the audit: the draws are the same.
    step_m : float
        Length of a cell along the ground [m].

    Notes
    -----
    Summed over the cells, share times area is the mean over draws of the engageable area inside the ring, but for what
    the edge of a cell cuts. In azimuth nothing is finer than the sectors of the audit.
    """
    climate = site_climate(run.catalogue, question.latitude_deg, question.longitude_deg, question.k_factor)
    post = post_at(
        run, question.system_id, question.latitude_deg, question.longitude_deg, mast_m=question.mast_m,
        climate=climate, n_reliefs=AUDIT_RELIEFS,
    )  # fmt: skip
    chain, speed_doubt = post.chain, post.chain.ledger.flight_time_doubt()
    n_azimuths = post.fire.azimuth_rad.size
    n_ranges = int(np.ceil(float(chain.system.advertised_range_m[NOMINAL]) / step_m))
    at_once = max(1, MOST_CELLS_AT_ONCE // (speed_doubt.size * n_azimuths))
    nobody = np.zeros((n_azimuths, 2))
    for level in levels_of(question):
        if is_under_ground(level, post.fire.site_altitude_m):
            continue
        sight = level_sight(
            chain, level, search=post.search, fire=post.fire, relief=post.relief, threads=run.threads
        )  # fmt: skip
        for target_id in question.targets:
            target = chain.ledger.record(run.catalogue.targets[target_id])
            if target.kind == "ballistic":
                continue
            reach = reach_of(chain, target, question.heading, Weather())
            parts = []
            for first in range(0, n_ranges, at_once):
                run.tell("mapping shares of draws", first, n_ranges)
                middle_m = (np.arange(first, min(first + at_once, n_ranges)) + 0.5) * step_m
                place = Place(
                    people_step_m=step_m, people_cumulative=nobody, people_by_country=np.zeros((0, n_azimuths, 2)),
                    city_azimuth=np.repeat(np.arange(n_azimuths), middle_m.size),
                    city_range_m=np.tile(middle_m, n_azimuths),
                )  # fmt: skip
                arrays = ring_arrays(
                    chain, target, level, search=post.search, fire=post.fire, relief=post.relief, place=place,
                    heading=question.heading, azimuth_rad=boresight_rad(question), weather=Weather(),
                    speed_doubt=speed_doubt, threads=run.threads, at_level=sight, reach=reach,
                )  # fmt: skip
                parts.append(arrays.city_reached[DRAWS].mean(axis=0).reshape(n_azimuths, middle_m.size))
            share = np.concatenate(parts, axis=1).astype(np.float32)
            yield EngageableShare(target_id, level.height_m, level.altitude_m, step_m, share)
