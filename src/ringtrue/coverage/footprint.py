"""Footprint of a fire unit against a ballistic class: the ground it covers, not the range of its interceptor."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.catalogue.address import address
from ringtrue.coverage import _kernels
from ringtrue.coverage.edges import EARTH_RADIUS_M, echo_on
from ringtrue.coverage.ring import Weather, needs_sight_of
from ringtrue.errors import DomainError
from ringtrue.finding import NOMINAL
from ringtrue.geo.pool import run_blocks
from ringtrue.kinematics import ballistic
from ringtrue.sensing.chain import watched_chain
from ringtrue.sensing.ledger import FLIGHT_TIME_DOUBT, watched
from ringtrue.sensing.looks import look_periods

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ringtrue.catalogue.records import Radar, TargetClass
    from ringtrue.sensing.chain import Chain
    from ringtrue.sensing.looks import Echo
    from ringtrue.sensing.sight import PolarSight

    FloatArray = NDArray[np.float64]

N_SAMPLES = 64
CELL_M = 4000.0
_DRAWS_PER_BLOCK = 16


class FootprintAreas(NamedTuple):
    """Footprint over draws (draw + 1,), nominal last, what limits the nominal one, and its points.

    ``nominal_met`` (n + 1, 2 n + 1): whether the missile that falls ``CELL_M`` * (i, j - n) across and towards the
    threat from the site is met; the other side of the site is its mirror.
    """

    one_azimuth_m2: FloatArray
    worst_azimuth_m2: FloatArray
    binds: str
    nominal_met: NDArray[np.bool_]
    uses: frozenset[str]


def footprint_areas_m2(
    chain: Chain,
    target: TargetClass[FloatArray],
    search: PolarSight,
    fire: PolarSight,
    speed_doubt: FloatArray,
    threads: int | None = None,
) -> FootprintAreas:
    """Area whose incoming arcs are met inside the envelope, above the keep-out altitude, after track and reaction.

    Parameters
    ----------
    target : TargetClass
        A ballistic class with range and apogee, quantities (draw + 1,).
    search, fire : PolarSight
        Sight of both radars from the site: antenna heights and k are taken from them.

    Notes
    -----
    Looks add up along the arc itself, from launch on, by the rule of the raid (`sensing.looks`), each radar with its
    own antenna, elevation limits and sector. Kepler arc without air or boost; smooth earth (the arc is far above
    terrain until its last seconds); the radar is turned to the threat. Worst azimuth: the disc of points met from every
    azimuth when the radar can be turned in time; for a radar that cannot, it is nil outside its sector. A 60-km
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
    keep_out_m = chain.ledger.assumption("keep-out-altitude")
    uses = {FLIGHT_TIME_DOUBT, chain.ledger.catalogue.assumptions["keep-out-altitude"].id}
    uses |= {address(radar, "antenna_height_m") for radar in (chain.acquisition, chain.engagement)}
    chain, target = watched_chain(chain, uses), watched(target, uses)
    range_m, apogee_m = np.asarray(target.range_m), np.asarray(target.apogee_m)
    flight_s = ballistic.time_of_flight_s(range_m, apogee_m)
    time_s = flight_s[:, None] * np.sqrt(np.linspace(0.0, 1.0, N_SAMPLES))
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
    farthest_m = float((greatest.max(axis=1) + _way_after_ceiling_m(to_go_m, altitude_m, shots)).max())
    n_cells = int(np.ceil(max(farthest_m, CELL_M) / CELL_M)) + 1
    to_go_s = flight_s[:, None] - np.minimum(time_s, flight_s[:, None])
    seeing = (chain.acquisition, search), (chain.engagement, fire)
    echoes = [echo_on(radar, target, "inbound", Weather()) for radar, _ in seeing]
    radars = np.stack([_radar_row(radar, sight, echo) for (radar, sight), echo in zip(seeing, echoes, strict=True)])
    rules = [(radar.confirm_hits, radar.confirm_scans) for radar, _ in seeing]
    is_one = int(chain.acquisition.id == chain.engagement.id)
    cases = np.stack([chain.unit.reaction_s, keep_out_m, speed_doubt, target.identification_delay_s], axis=1)
    out, met = np.empty((n, 2)), np.zeros((n_cells + 1, 2 * n_cells + 1), dtype=np.bool_)
    arguments = (
        np.stack([to_go_m, to_go_s, altitude_m, np.nan_to_num(state.speed_mps)], axis=1),
        radars.transpose(2, 0, 1).copy(), echoes[0].p, echoes[1].p, np.array([*rules, (is_one, 0)]), cases, shots,
        needs_sight_of(chain), CELL_M, n_cells, met, out,
    )  # fmt: skip
    run_blocks(
        lambda b: _kernels.footprint_cells(b * _DRAWS_PER_BLOCK, min((b + 1) * _DRAWS_PER_BLOCK, n), *arguments),
        -(-n // _DRAWS_PER_BLOCK),
        threads,
    )
    one, worst = out[:, 0].copy(), out[:, 1].copy()
    if greatest[NOMINAL].max() <= 0.0:
        binds = "no interceptor"
    elif one[NOMINAL] == 0.0:
        binds = "target speed" if (state.speed_mps[NOMINAL].max() > fastest[NOMINAL].max()) else "radar range"
    else:
        binds = "time from track to keep-out altitude"
    return FootprintAreas(one, worst, binds, met, frozenset(uses))


def _way_after_ceiling_m(to_go_m: FloatArray, altitude_m: FloatArray, shots: FloatArray) -> FloatArray:
    """Way over ground from where a descending missile can first be met to where it falls (draw,) [m].

    A missile met above the far edge of the envelope falls this much beyond it, and its place counts as covered.
    """
    ceiling_m = np.where(shots[:, :, _kernels.GREATEST] > 0.0, shots[:, :, _kernels.CEILING], 0.0).max(axis=1)
    descends = np.arange(N_SAMPLES) >= altitude_m.argmax(axis=1)[:, None]
    return np.asarray(np.where(descends & (altitude_m <= ceiling_m[:, None]), to_go_m, 0.0).max(axis=1))


def _radar_row(radar: Radar[FloatArray], sight: PolarSight, echo: Echo) -> FloatArray:
    """Figures of one radar as `_kernels.footprint_cells` reads them, (figure, draw)."""
    n = radar.instrumented_range_m.size
    half_sector_rad = 0.5 * radar.sector_rad
    periods = look_periods(radar)
    return np.stack(
        [
            np.full(n, float(sight.antenna_altitude_m[0] - sight.site_altitude_m)),
            np.minimum(radar.instrumented_range_m, echo.far_m),
            np.tan(radar.min_elevation_rad),
            np.tan(np.minimum(radar.max_elevation_rad, 1.5533)),
            np.where(half_sector_rad >= np.pi - 1e-6, -2.0, np.cos(half_sector_rad)),
            np.full(n, 0.5 / (sight.k_factor * EARTH_RADIUS_M)),
            echo.step_m,
            *periods,
        ]
    )
