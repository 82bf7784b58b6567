"""What the radars make of the raid: sight over the terrain, and when each radar confirms each target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.engagement.paths import slant_m
from ringtrue.engagement.spec import N_SHARES
from ringtrue.finding import NOMINAL
from ringtrue.geo.geodesy import inverse
from ringtrue.radar.propagation import rain_attenuation_db_per_km
from ringtrue.sensing import _look_kernels
from ringtrue.sensing.looks import ASPECTS, Losses, echo_of, gas_of, look_periods, rcs_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ringtrue.catalogue.records import Parameter, Radar, TargetClass
    from ringtrue.engagement.paths import Paths
    from ringtrue.sensing.sight import PolarSight

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]

HIDDEN_M = -1e6
WHOLE_TURN = np.pi - 1e-6  # half a sector from which on it has no sides


@dataclass(frozen=True)
class Weather:
    """What takes from the echo, each (draw,): flat loss [dB], interference over noise [1], rain [mm/h]."""

    loss_db: FloatArray
    jam_to_noise_ratio: FloatArray
    rain_mm_per_h: FloatArray


@dataclass(frozen=True)
class Air:
    """Carrier [Hz] and one-way gas loss [dB/km] of one radar, on the ray to which its reference range belongs."""

    frequency_hz: float
    gas_db_per_km: float


def air_of(radar: Radar[FloatArray]) -> Air:
    """Take both from the nominal figures, as every study does; (1,) or with the nominal case behind the draws."""
    return Air(float(radar.frequency_hz[NOMINAL]), gas_of(radar))


@dataclass(frozen=True)
class View:
    """How one radar sees every target.

    ``slant_range_m``, ``rise`` (tangent of the elevation), ``off_axis_rad`` (from the boresight, within half a turn)
    and ``aspect`` (target, sample); ``clearance_m`` (relief, target, sample) over the height that is in sight: relief 0
    is the terrain model as it is, the others carry drawn doubt. ``is_seen`` knows terrain, nominal elevation limits and
    sector; ``is_seen_turned`` not the sector.
    """

    slant_range_m: FloatArray
    rise: FloatArray
    off_axis_rad: FloatArray
    clearance_m: FloatArray
    is_seen: BoolArray
    is_seen_turned: BoolArray
    aspect: NDArray[np.int64]  # 0 nose, 1 side, 2 tail


class Tracks(NamedTuple):
    """When one radar confirms every target, as times of equal shares of the chance that it ever does.

    ``search_p``, ``cued_p`` (draw, target): chance of ever confirming; ``search_s``, ``cued_s`` (draw, target, share +
    1): when 0, 1/32, … of it is reached; uncued, and cued from ``cued_from_s`` (draw, target) on, where looks begin.
    ``look_p`` (draw, target, sample): chance of one look, for a cue that comes later; ``look_s``, ``search_look_s``
    (draw,): time between cued looks, and between looks of a search.
    """

    search_p: FloatArray
    search_s: FloatArray
    cued_p: FloatArray
    cued_from_s: FloatArray
    cued_s: FloatArray
    look_p: NDArray[np.float32]
    look_s: FloatArray
    search_look_s: FloatArray


def view(
    sight: PolarSight,
    radar: Radar[Parameter],
    paths: Paths,
    *,
    azimuth_rad: float,
) -> View:
    """Geometry of every target path as one radar sees it, on each relief of ``sight``.

    Notes
    -----
    A target is in sight at or above the height that the nearest azimuth needs there (`PolarSight.along`): its
    height above the ground if it follows the ground, up and down with a drawn relief, else its altitude less that
    ground. Distances stay those of relief 0. Aspect: nose within 60 degrees of the line to the radar.
    """
    distance_m, bearing, back = inverse(
        sight.latitude_deg, sight.longitude_deg, paths.latitude_deg, paths.longitude_deg
    )
    antenna_m = float(sight.antenna_altitude_m[0])
    slant = slant_m(distance_m, antenna_m, paths.altitude_m)
    rise = (paths.altitude_m - antenna_m) / np.maximum(distance_m, 1.0) - distance_m * sight.curvature_per_m
    off_axis = np.mod(bearing - azimuth_rad + np.pi, 2.0 * np.pi) - np.pi
    half_sector = 0.5 * radar.sector_rad.nominal
    here = sight.along(bearing, distance_m)
    over_ground_m = np.where(paths.follows_ground[:, None], paths.height_m, paths.altitude_m - here.ground_m)
    clearance_m = np.nan_to_num(over_ground_m - here.needed_m, nan=HIDDEN_M, posinf=-HIDDEN_M, neginf=HIDDEN_M)
    is_seen = clearance_m >= 0.0
    is_seen &= (rise >= np.tan(radar.min_elevation_rad.nominal)) & (rise <= np.tan(radar.max_elevation_rad.nominal))
    is_faced = (np.abs(off_axis) <= half_sector) | (half_sector >= WHOLE_TURN)
    turn = np.abs(np.mod(back + np.pi - paths.course_rad + np.pi, 2.0 * np.pi) - np.pi)
    aspect = np.where(turn < np.pi / 3.0, 0, np.where(turn > 2.0 * np.pi / 3.0, 2, 1))
    return View(slant, rise, off_axis, clearance_m, is_seen & is_faced, is_seen, aspect)


def tracks_of(
    seen: View,
    radar: Radar[FloatArray],
    paths: Paths,
    classes: dict[str, TargetClass[FloatArray]],
    class_of: NDArray[np.int64],
    weather: Weather,
    air: Air,
    relief: NDArray[np.int64],
    *,
    guides: bool,
    turns: bool = False,
) -> Tracks:
    """When one radar confirms every target: uncued, and, if it guides, cued.

    Parameters
    ----------
    classes : dict
        Drawn classes by ID, in the order that ``class_of`` (target,) counts.
    relief : (draw,) array
        Which relief of ``seen`` each draw lives on.
    turns : bool
        The radar can turn: the chance of one look is that of a radar which faces the target.

    Notes
    -----
    Looks begin when the target comes into view: in sight, inside instrumented range, elevation limits and sector of the
    draw, and near enough that a look is not hopeless. The rule is that of `sensing.looks`.
    """
    n_draws, n_j, n_s = paths.time_s.shape
    losses = Losses(
        weather.loss_db,
        weather.jam_to_noise_ratio,
        rain_attenuation_db_per_km(weather.rain_mm_per_h, air.frequency_hz),
        air.gas_db_per_km,
    )
    echoes = [
        [echo_of(radar, rcs_at(target, radar.band, aspect), target.swerling_case, losses) for aspect in ASPECTS]
        for target in classes.values()
    ]
    step_m = np.array([[e.step_m for e in by_aspect] for by_aspect in echoes]).transpose(2, 0, 1).copy()
    p = np.array([[e.p for e in by_aspect] for by_aspect in echoes]).transpose(2, 0, 1, 3).copy()
    periods = look_periods(radar)
    shortest_s = float(min(periods.search_s.min(), periods.cued_s.min()))
    longest_s = float((paths.time_s[:, :, -1] - paths.time_s[:, :, 0]).max(initial=0.0))
    so_far = np.empty(int(longest_s / shortest_s) + 2)
    live = np.zeros((2, max(1 << (radar.confirm_scans - 1), 4)))
    limits = np.stack(
        [
            radar.instrumented_range_m,
            np.tan(radar.min_elevation_rad),
            np.tan(np.minimum(radar.max_elevation_rad, 1.5533)),
            0.5 * radar.sector_rad,
            periods.search_s,
        ],
        axis=1,
    )
    geometry = (seen.slant_range_m, seen.rise, np.abs(seen.off_axis_rad), seen.aspect, seen.clearance_m, relief)

    def confirmed(look_s: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        limits[:, _look_kernels.LOOK] = look_s
        out = np.empty((n_draws, n_j)), np.empty((n_draws, n_j)), np.empty((n_draws, n_j, N_SHARES + 1))
        _look_kernels.fill_confirmations(
            np.ascontiguousarray(paths.time_s), *geometry, limits, class_of, step_m, p, radar.confirm_hits,
            radar.confirm_scans, live, so_far, *out,
        )  # fmt: skip
        return out

    _, search_p, search_s = confirmed(periods.search_s)
    look_p = np.zeros((n_draws, n_j, n_s), dtype=np.float32)
    if not guides:
        nothing = np.zeros((n_draws, n_j))
        return Tracks(
            search_p, search_s, nothing, nothing, np.zeros_like(search_s), look_p, periods.cued_s, periods.search_s
        )
    cued_from_s, cued_p, cued_s = confirmed(periods.cued_s)
    if turns:
        limits[:, _look_kernels.HALF_SECTOR] = np.pi
    _look_kernels.fill_looks(*geometry, limits, class_of, step_m, p, look_p)
    return Tracks(search_p, search_s, cued_p, cued_from_s, cued_s, look_p, periods.cued_s, periods.search_s)
