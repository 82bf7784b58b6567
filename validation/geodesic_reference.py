"""Sight along exact geodesics over the elevation model itself, without any grid between: judges grid and projection."""

from __future__ import annotations

import numpy as np

from ringtrue.geo.geodesy import direct

EARTH_RADIUS_M = 6_371_000.0


def geodesic_lowest_visible_altitude_m(
    model, latitude_deg, longitude_deg, antenna_altitude_m, *, k_factor, azimuth_rad, ground_range_m, step_m=50.0
):
    """Lowest visible altitude [m] at points given by azimuth and range, (point,); ground bilinear every ``step_m``."""
    out = np.empty(len(azimuth_rad))
    for q, (azimuth, end_m) in enumerate(zip(azimuth_rad, ground_range_m, strict=True)):
        range_m = np.append(np.arange(1, int(np.ceil(end_m / step_m))) * step_m, end_m)
        points = direct(latitude_deg, longitude_deg, azimuth, range_m)
        ground = model.sample(points.latitude_deg, points.longitude_deg)
        drop = range_m**2 / (2.0 * k_factor * EARTH_RADIUS_M)
        slope = (ground - antenna_altitude_m - drop) / range_m
        out[q] = antenna_altitude_m + slope.max() * end_m + drop[-1]
    return out


def polar_lowest_visible_altitude_m(
    model, latitude_deg, longitude_deg, antenna_altitude_m, *, k_factor, azimuth_rad, ground_range_m, n_rays, step_m
):
    """The rejected alternative at the same points: rays along geodesics, ``n_rays`` about the circle, interpolated."""
    position = np.asarray(azimuth_rad) * (n_rays / (2.0 * np.pi))
    below = np.floor(position)
    ends = [
        geodesic_lowest_visible_altitude_m(
            model, latitude_deg, longitude_deg, antenna_altitude_m, k_factor=k_factor,
            azimuth_rad=ray * (2.0 * np.pi / n_rays), ground_range_m=ground_range_m, step_m=step_m,
        )
        for ray in (below, below + 1.0)
    ]  # fmt: skip
    return ends[0] + (ends[1] - ends[0]) * (position - below)
