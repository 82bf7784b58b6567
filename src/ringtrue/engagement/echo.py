"""What the radars make of the raid: sight over the terrain, and detection probability look by look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ringtrue.engagement.paths import slant_m
from ringtrue.geo.geodesy import inverse
from ringtrue.radar.detection import p_above, required_snr_ratio, threshold
from ringtrue.radar.equation import noise_rise_ratio, snr_ratio
from ringtrue.radar.propagation import mean_gas_attenuation_db_per_km, rain_attenuation_db_per_km

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ringtrue.catalogue.records import Radar, TargetClass
    from ringtrue.engagement.paths import Paths
    from ringtrue.sensing.sight import PolarSight

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]

N_LOOKS = 200
LEAST_P_DETECT = 1e-3
REFERENCE_ALTITUDE_M = 10_000.0
BANDS = ("VHF", "UHF", "L", "S", "C", "X", "Ku", "Ka")
ASPECTS = ("nose", "side", "tail")


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
    """Take both from the medians over all draws."""
    frequency = float(np.median(radar.frequency_hz))
    gas = mean_gas_attenuation_db_per_km(
        frequency,
        float(np.median(radar.reference_range_m)),
        float(np.median(radar.antenna_height_m)),
        REFERENCE_ALTITUDE_M,
    )
    return Air(frequency, float(gas))


@dataclass(frozen=True)
class View:
    """How one radar sees every target; ``is_seen`` knows terrain, elevation limits and sector.

    ``slant_range_m`` and ``aspect`` (target, sample); ``is_seen`` (relief, target, sample): relief 0 is the terrain
    model as it is, the others carry drawn doubt.
    """

    slant_range_m: FloatArray
    is_seen: BoolArray
    aspect: NDArray[np.int64]  # 0 nose, 1 side, 2 tail


@dataclass(frozen=True)
class Looks:
    """Looks of one radar at every target: ``p_detect`` (draw, target, look), their times by start and period."""

    p_detect: NDArray[np.float32]
    start_s: FloatArray
    period_s: FloatArray


def rcs_m2(target: TargetClass[FloatArray], band: str) -> FloatArray:
    """Cross-sections (aspect, draw) in a band, the nearest one given where it is missing, likewise the nose."""
    place = BANDS.index(band) if band in BANDS else BANDS.index("S")
    nearest = min(target.rcs_m2, key=lambda b: (abs(BANDS.index(b) - place) if b in BANDS else 99, b))
    by_aspect = target.rcs_m2[nearest]
    return np.stack([by_aspect.get(aspect, by_aspect["nose"]) for aspect in ASPECTS])


def view(
    sight: PolarSight,
    radar: Radar[FloatArray],
    paths: Paths,
    *,
    azimuth_rad: float,
) -> View:
    """Geometry of every target path as one radar sees it, on each relief of ``sight``.

    Notes
    -----
    A target is in sight at or above the height that the nearest azimuth needs there (`PolarSight.along`): its
    height above the ground if it follows the ground, up and down with a drawn relief, else its altitude less that
    ground. Distances stay those of relief 0. The sector of an engagement radar stays where the scenario points it.
    Aspect: nose within 60 degrees of the line to the radar.
    """
    distance_m, bearing, back = inverse(
        sight.latitude_deg, sight.longitude_deg, paths.latitude_deg, paths.longitude_deg
    )
    antenna_m = float(sight.antenna_altitude_m[0])
    slant = slant_m(distance_m, antenna_m, paths.altitude_m)
    rise = (paths.altitude_m - antenna_m) / np.maximum(distance_m, 1.0) - distance_m * sight.curvature_per_m
    elevation = np.arctan(rise)
    off_axis = np.abs(np.mod(bearing - azimuth_rad + np.pi, 2.0 * np.pi) - np.pi)
    half_sector = 0.5 * float(np.median(radar.sector_rad))
    here = sight.along(bearing, distance_m)
    over_ground_m = np.where(paths.follows_ground[:, None], paths.height_m, paths.altitude_m - here.ground_m)
    is_seen = over_ground_m >= here.needed_m
    is_seen &= (elevation >= float(np.median(radar.min_elevation_rad))) & (
        elevation <= float(np.median(radar.max_elevation_rad))
    )
    is_seen &= (off_axis <= half_sector) | (half_sector >= np.pi - 1e-6)
    turn = np.abs(np.mod(back + np.pi - paths.course_rad + np.pi, 2.0 * np.pi) - np.pi)
    aspect = np.where(turn < np.pi / 3.0, 0, np.where(turn > 2.0 * np.pi / 3.0, 2, 1))
    return View(slant, is_seen, aspect)


def look(
    seen: View,
    radar: Radar[FloatArray],
    paths: Paths,
    classes: list[TargetClass[FloatArray]],
    weather: Weather,
    air: Air,
    relief: NDArray[np.int64],
) -> Looks:
    """Detection probability of every look at every target.

    Parameters
    ----------
    relief : (draw,) array
        Which relief of ``seen`` each draw lives on.

    Notes
    -----
    Looks begin when the target first comes into sight and instrumented range and follow at the scan period, or slower
    where the time in sight is longer than ``N_LOOKS`` scans. Probabilities below 0.001 are set to zero.
    """
    n_draws, n_j, n_s = paths.time_s.shape
    p = np.zeros((n_draws, n_j, N_LOOKS), dtype=np.float32)
    start_s = np.zeros((n_draws, n_j))
    period_s = np.repeat(radar.scan_period_s[:, None], n_j, axis=1)
    rain = rain_attenuation_db_per_km(weather.rain_mm_per_h, air.frequency_hz)
    gas = air.gas_db_per_km
    reference_snr = required_snr_ratio(radar.reference_p_detect, radar.reference_p_false, case=radar.swerling_case)
    limit = threshold(radar.reference_p_false)
    noise_rise = noise_rise_ratio(weather.jam_to_noise_ratio)
    draws = np.arange(n_draws)
    for j, target in enumerate(classes):
        is_seen = seen.is_seen[:, j]
        if not is_seen.any():
            continue
        first = np.maximum(is_seen.argmax(axis=1) - 1, 0)[relief]
        last = np.minimum(n_s - is_seen[:, ::-1].argmax(axis=1), n_s - 1)[relief]
        start_s[:, j] = paths.time_s[draws, j, first]
        period_s[:, j] = np.maximum(period_s[:, j], (paths.time_s[draws, j, last] - start_s[:, j]) / (N_LOOKS - 1))
        rcs = rcs_m2(target, radar.band)
        begins_s, ends_s = paths.time_s[:, j, :1], paths.time_s[:, j, -1:]
        times = start_s[:, j, None] + period_s[:, j, None] * np.arange(N_LOOKS)
        place = (times - begins_s) / (ends_s - begins_s) * (n_s - 1)
        is_flying = (place >= 0.0) & (place <= n_s - 1)
        near = np.rint(np.clip(place, 0.0, n_s - 1)).astype(np.int64)
        d, look_number = np.nonzero(is_flying & is_seen[relief[:, None], near])
        slant = np.interp(place[d, look_number], np.arange(n_s, dtype=np.float64), seen.slant_range_m[j])
        reached = slant <= radar.instrumented_range_m[d]
        d, look_number, slant = d[reached], look_number[reached], slant[reached]
        loss_db = weather.loss_db[d] + 2e-3 * (gas + rain[d]) * slant - 2e-3 * gas * radar.reference_range_m[d]
        ratio = snr_ratio(
            np.maximum(slant, 1.0),
            rcs[seen.aspect[j, near[d, look_number]], d],
            reference_range_m=radar.reference_range_m[d],
            reference_rcs_m2=radar.reference_rcs_m2[d],
            reference_snr_ratio=reference_snr[d],
        )
        ratio *= 10.0 ** (-loss_db / 10.0) / noise_rise[d]
        chance = p_above(ratio, limit[d], 1, target.swerling_case)
        p[d, j, look_number] = np.where(chance >= LEAST_P_DETECT, chance, 0.0)
    return Looks(p, start_s, period_s)
