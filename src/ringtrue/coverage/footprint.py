"""Footprint of a fire unit against a ballistic class: the ground it covers, not the range of its interceptor."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.catalogue.address import address
from ringtrue.coverage import _kernels
from ringtrue.coverage.chain import watched_chain
from ringtrue.coverage.edges import EARTH_RADIUS_M, reach_of
from ringtrue.coverage.ring import Weather, needs_sight_of
from ringtrue.errors import DomainError
from ringtrue.geo.pool import run_blocks
from ringtrue.kinematics import ballistic
from ringtrue.sensing.ledger import FLIGHT_TIME_DOUBT, watched

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ringtrue.catalogue.records import TargetClass
    from ringtrue.coverage.chain import Chain
    from ringtrue.sensing.sight import PolarSight

    FloatArray = NDArray[np.float64]

N_SAMPLES = 80
CELL_M = 4000.0
_DRAWS_PER_BLOCK = 16


class FootprintAreas(NamedTuple):
    """Footprint over draws (draw + 1,), nominal last, and what limits the nominal one."""

    one_azimuth_m2: FloatArray
    worst_azimuth_m2: FloatArray
    binds: str
    uses: frozenset[str]


def footprint_areas_m2(
    chain: Chain,
    target: TargetClass[FloatArray],
    fire: PolarSight,
    speed_doubt: FloatArray,
    threads: int | None = None,
) -> FootprintAreas:
    """Area whose incoming arcs are met inside the envelope, above the keep-out altitude, after track and reaction.

    Parameters
    ----------
    target : TargetClass
        A ballistic class with range and apogee, quantities (draw + 1,).

    Notes
    -----
    Looks add up along the arc as on a straight leg at the class's mean speed (`edges`): the missile is held as much
    later than it comes into view as the edge table says. Kepler arc without air or boost; smooth earth (the arc is far
    above terrain until its last seconds); the radar is turned to the threat. Worst azimuth: the disc of points met from
    every azimuth when the radar can be turned in time; for a radar that cannot, it is nil outside its sector. A 60-km
    range is not a 60-km footprint.

    Raises
    ------
    DomainError
        The class has no range or apogee.
    """
    if target.range_m is None or target.apogee_m is None:
        msg = f"target {target.id!r} has no range or apogee, so no arc can be flown; add both to its record"
        raise DomainError(msg)
    n = target.speed_mps.size
    reach = reach_of(chain, target, "inbound", Weather())
    keep_out_m = chain.ledger.assumption("keep-out-altitude")
    uses = {*reach.uses.held, FLIGHT_TIME_DOUBT, address(chain.engagement, "antenna_height_m")}
    uses.add(chain.ledger.catalogue.assumptions["keep-out-altitude"].id)
    chain, target = watched_chain(chain, uses), watched(target, uses)
    range_m, apogee_m = np.asarray(target.range_m), np.asarray(target.apogee_m)
    flight_s = ballistic.time_of_flight_s(range_m, apogee_m)
    part = np.linspace(0.0, 1.0, N_SAMPLES) ** 0.7
    time_s = flight_s[:, None] * (0.4 + 0.6 * part[None, :])
    state = ballistic.arc(range_m[:, None], apogee_m[:, None], np.minimum(time_s, flight_s[:, None]))
    altitude_m = np.maximum(np.nan_to_num(state.altitude_m), 0.0)
    to_go_m = np.maximum(range_m[:, None] - np.nan_to_num(state.ground_range_m), 0.0)
    shots = np.zeros((n, len(chain.interceptors), 7))
    shots[:, :, _kernels.GREATEST] = -1.0
    for m, interceptor in enumerate(chain.interceptors):
        shots[:, m, _kernels.MISSILE_SPEED] = interceptor.mean_speed_mps
        shots[:, m, _kernels.MISSILE_SPEED_RANGE] = interceptor.mean_speed_range_m
        envelope = interceptor.envelopes.get("ballistic")
        if envelope is None:
            continue
        shots[:, m, _kernels.LEAST], shots[:, m, _kernels.GREATEST] = envelope.min_range_m, envelope.max_range_m
        shots[:, m, _kernels.FLOOR], shots[:, m, _kernels.CEILING] = envelope.min_altitude_m, envelope.max_altitude_m
        shots[:, m, _kernels.FASTEST] = envelope.max_target_speed_mps
    greatest, fastest = shots[:, :, _kernels.GREATEST], shots[:, :, _kernels.FASTEST]
    held = reach.edges[0].held
    limit_m = held.step_m * (held.known_m.shape[1] - 1)
    n_cells = int(np.ceil(max(float(greatest.max()), CELL_M) / CELL_M)) + 1
    to_go_s = flight_s[:, None] - np.minimum(time_s, flight_s[:, None])
    radars = np.stack(
        [
            np.full(n, float(fire.antenna_altitude_m[0] - fire.site_altitude_m)), limit_m,
            np.tan(chain.engagement.min_elevation_rad), np.tan(np.minimum(chain.engagement.max_elevation_rad, 1.5533)),
            chain.unit.reaction_s, keep_out_m, speed_doubt,
        ],
        axis=1,
    )  # fmt: skip
    out = np.empty((n, 2))
    arguments = (
        np.stack([to_go_m, to_go_s, altitude_m, np.nan_to_num(state.speed_mps)], axis=1),
        fire.k_factor * EARTH_RADIUS_M, radars, *held, target.speed_mps, shots, needs_sight_of(chain), CELL_M, n_cells,
        out,
    )  # fmt: skip
    run_blocks(
        lambda b: _kernels.footprint_cells(b * _DRAWS_PER_BLOCK, min((b + 1) * _DRAWS_PER_BLOCK, n), *arguments),
        -(-n // _DRAWS_PER_BLOCK),
        threads,
    )
    one, worst = out[:, 0].copy(), out[:, 1].copy()
    if greatest[-1].max() <= 0.0:
        binds = "no envelope"
    elif one[-1] == 0.0:
        binds = "target speed" if (state.speed_mps[-1].max() > fastest[-1].max()) else "radar range"
    else:
        binds = "time from track to keep-out altitude"
    return FootprintAreas(one, worst, binds, frozenset(uses))
