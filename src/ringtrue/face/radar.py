"""Formulas of the radar room: names only."""

from __future__ import annotations

from ringtrue.radar.detection import (
    albersheim_snr_db,
    cumulative,
    fuse,
    m_of_n,
    p_detect,
    required_snr_db,
    required_snr_ratio,
    shnidman_snr_db,
    threshold,
)
from ringtrue.radar.equation import (
    attenuated_range_m,
    detection_range_m,
    free_space_loss_db,
    full_range_m,
    full_snr_db,
    noise_power_w,
    noise_rise_db,
    range_factor,
    snr_ratio,
    wavelength_m,
)
from ringtrue.radar.lobing import beam_factor, propagation_factor
from ringtrue.radar.propagation import (
    fresnel_radius_m,
    gas_attenuation_db_per_km,
    knife_edge_loss_db,
    knife_edge_nu,
    rain_attenuation_db_per_km,
    rain_loss_db,
)

__all__ = [
    "albersheim_snr_db",
    "attenuated_range_m",
    "beam_factor",
    "cumulative",
    "detection_range_m",
    "free_space_loss_db",
    "fresnel_radius_m",
    "full_range_m",
    "full_snr_db",
    "fuse",
    "gas_attenuation_db_per_km",
    "knife_edge_loss_db",
    "knife_edge_nu",
    "m_of_n",
    "noise_power_w",
    "noise_rise_db",
    "p_detect",
    "propagation_factor",
    "rain_attenuation_db_per_km",
    "rain_loss_db",
    "range_factor",
    "required_snr_db",
    "required_snr_ratio",
    "shnidman_snr_db",
    "snr_ratio",
    "threshold",
    "wavelength_m",
]
