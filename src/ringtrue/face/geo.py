"""Formulas of the geo room: names only."""

from __future__ import annotations

from ringtrue.geo.discs import cap_area_m2, disc_overlap_area_m2, disc_union_area_m2, sector_area_m2
from ringtrue.geo.gazetteer import find_place
from ringtrue.geo.geodesy import direct, inverse, ring_area_m2, ring_perimeter_m
from ringtrue.geo.positions import parse_position
from ringtrue.geo.refraction import (
    elevation_to_target_rad,
    grazing_angle_rad,
    ground_range_of_slant_m,
    horizon_range_m,
    horizon_slant_range_m,
    k_from_gradient,
    minimum_visible_height_m,
    slant_range_to_height_m,
    target_height_m,
    trace_ray,
)

__all__ = [
    "cap_area_m2",
    "direct",
    "disc_overlap_area_m2",
    "disc_union_area_m2",
    "elevation_to_target_rad",
    "find_place",
    "grazing_angle_rad",
    "ground_range_of_slant_m",
    "horizon_range_m",
    "horizon_slant_range_m",
    "inverse",
    "k_from_gradient",
    "minimum_visible_height_m",
    "parse_position",
    "ring_area_m2",
    "ring_perimeter_m",
    "sector_area_m2",
    "slant_range_to_height_m",
    "target_height_m",
    "trace_ray",
]
