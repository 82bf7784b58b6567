"""Numbers that stand in the validation table as one figure and in the program as a chain of model functions."""

from __future__ import annotations

from typing import Literal

from ringtrue.geo.geodesy import direct, inverse
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
