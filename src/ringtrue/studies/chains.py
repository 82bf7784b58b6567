"""Numbers that stand in the validation table as one figure and in the program as a chain of model functions."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, NamedTuple

import numpy as np

from ringtrue.geo.discs import cap_area_m2
from ringtrue.geo.elevation import open_model
from ringtrue.geo.geodesy import direct, inverse
from ringtrue.geo.refraction import STANDARD_K, horizon_range_m
from ringtrue.geo.surface import terrain_surface
from ringtrue.radar.detection import albersheim_snr_db, required_snr_db, shnidman_snr_db


def azimuth_on_arrival_rad(latitude_deg: float, longitude_deg: float, azimuth_rad: float, distance_m: float) -> float:
    """Azimuth of a geodesic at its far end [rad]: `direct`, then `inverse` back over the same points.

    >>> from math import degrees, pi
    >>> round(degrees(azimuth_on_arrival_rad(40.0789, 32.5656, pi / 2, 400e3)), 6)
    93.014582
    """
    end = direct(latitude_deg, longitude_deg, azimuth_rad, distance_m)
    return float(inverse(latitude_deg, longitude_deg, end.latitude_deg, end.longitude_deg).azimuth2_rad)


def shortcut_error_db(
    shortcut: Literal["albersheim", "shnidman"], p_detect: float, p_false: float, n_pulses: int, case: int
) -> float:
    """Required ratio by a rule of thumb less the exact one of the square-law detector [dB].

    Albersheim's rule is for a linear detector, so part of its error for many samples is not its own.

    >>> round(shortcut_error_db("albersheim", 0.9, 1e-6, 1, 0), 3)
    -0.069
    """
    exact = required_snr_db(p_detect, p_false, n_pulses, case)
    if shortcut == "albersheim":
        return float(albersheim_snr_db(p_detect, p_false, n_pulses) - exact)
    return float(shnidman_snr_db(p_detect, p_false, n_pulses, case) - exact)


class BareEarthDetection(NamedTuple):
    """One antenna over a smooth earth against one target."""

    detection_range_m: float
    seen_area_m2: float
    ring_share: float


def bare_earth_detection(
    antenna_height_m: float,
    target_height_m: float,
    free_space_range_m: float,
    ring_radius_m: float,
    *,
    k_factor: float = STANDARD_K,
) -> BareEarthDetection:
    """Range, area and share of a ring that are left where only the horizon and the free-space range limit sight.

    The free-space range is taken over ground; at 300 km and 10 km of height the two differ by less than 0.1 %.

    >>> round(bare_earth_detection(25.0, 100.0, 300e3, 400e3).ring_share, 7)
    0.0238987
    """
    horizon_m = float(horizon_range_m(antenna_height_m, target_height_m, k_factor=k_factor))
    detection_m = min(horizon_m, free_space_range_m)
    area_m2 = float(cap_area_m2(detection_m))
    return BareEarthDetection(detection_m, area_m2, area_m2 / float(cap_area_m2(ring_radius_m)))


def swept_sea_area_m2(
    cell_m: float,
    antenna_height_m: float,
    target_height_m: float,
    *,
    reach_m: float = 70e3,
    k_factor: float = STANDARD_K,
) -> float:
    """Area in which a target is in sight over an elevation model that is all sea, by the terrain sweep [m2].

    The sea is the Atlantic at 40 N. Cells of the sweep and of the result are ``cell_m`` wide; a cell counts whole or
    not at all. The model is a raster on disk, read like a user's own.

    >>> abs(swept_sea_area_m2(1000.0, 25.0, 100.0) / 12_008.869e6 - 1.0) < 0.002
    True
    """
    import rasterio

    with TemporaryDirectory() as folder:
        path = Path(folder) / "sea.tif"
        sea = np.zeros((480, 600), dtype=np.float32)
        with rasterio.open(
            path, "w", driver="GTiff", height=sea.shape[0], width=sea.shape[1], count=1, dtype="float32",
            crs="EPSG:4326", transform=rasterio.Affine(1.0 / 240.0, 0.0, -31.25, 0.0, -1.0 / 240.0, 41.0),
        ) as raster:  # fmt: skip
            raster.write(sea, 1)
        surface = terrain_surface(
            open_model(path), 40.0, -30.0, antenna_height_m=antenna_height_m, k_factor=k_factor, reach_m=reach_m,
            out_cell_m=cell_m, sweep_cell_m=cell_m, cache=False,
        )  # fmt: skip
    return float(np.count_nonzero(surface.lowest_visible_altitude_m <= target_height_m)) * cell_m**2


class WarningGain(NamedTuple):
    """Seconds between first contact and arrival overhead, on one's own and with a second sensor's track."""

    alone_s: float
    networked_s: float
    gain_s: float


def warning_gain_s(
    own_antenna_height_m: float,
    sensor_height_m: float,
    target_height_m: float,
    target_speed_mps: float,
    *,
    k_factor: float = STANDARD_K,
) -> WarningGain:
    """What a high sensor at the same place adds in warning of a low flyer, by the horizon alone.

    >>> round(warning_gain_s(25.0, 10e3, 50.0, 240.0).gain_s, 3)
    1630.709
    """
    alone_s, networked_s = (
        float(horizon_range_m(height_m, target_height_m, k_factor=k_factor)) / target_speed_mps
        for height_m in (own_antenna_height_m, sensor_height_m)
    )
    return WarningGain(alone_s, networked_s, networked_s - alone_s)


def people_in_cap(radius_m: float, density_per_km2: float) -> float:
    """People inside a radius over the sphere at one density.

    >>> round(people_in_cap(40e3, 100.0))
    502653
    """
    return float(cap_area_m2(radius_m)) / 1e6 * density_per_km2


# what a case file of `ringtrue verify` may call here: these compute from numbers, and neither read nor write
FOR_CASES = (
    "azimuth_on_arrival_rad",
    "shortcut_error_db",
    "bare_earth_detection",
    "swept_sea_area_m2",
    "warning_gain_s",
    "people_in_cap",
)
