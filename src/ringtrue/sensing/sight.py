"""Sight from one antenna over the terrain surface, azimuth by azimuth, with the drawn doubt about the terrain."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ringtrue.geo.cache import Stored, content_key, load_arrays, store_arrays
from ringtrue.geo.pool import run_blocks
from ringtrue.geo.relief import REFERENCE_ROUGHNESS_M
from ringtrue.geo.surface import SWEEP_VERSION, Relief, polar, terrain_surface
from ringtrue.rng import stream
from ringtrue.scenario.draw import quantile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ringtrue.catalogue.records import Catalogue
    from ringtrue.geo.elevation import ElevationModel

    FloatArray = NDArray[np.float64]


EARTH_RADIUS_M = 6_371_000.0
STEP_M = 1000.0
N_AZIMUTHS = 360
N_RELIEFS = 16
SIGHT_VERSION = 2


@dataclass(frozen=True)
class TerrainDoubt:
    """What is drawn about the ground for each relief: height error (standard deviation) and flattened relief [m]."""

    seed: int
    height_error_m: FloatArray
    subgrid_m: FloatArray


def terrain_doubt(catalogue: Catalogue, n_reliefs: int, seed: int) -> TerrainDoubt:
    """Spread the doubt about the ground evenly over reliefs 1 to ``n_reliefs``.

    Each relief takes another slice of the spread of the flattened relief and of the height error, in random order, so
    that a few grounds stand for the whole spread; the fields themselves differ by the relief's index.
    """
    slices = (np.arange(n_reliefs) + 0.5) / n_reliefs

    def spread(key: str) -> FloatArray:
        order = stream(seed, f"terrain/{key}").permutation(n_reliefs)
        return quantile(catalogue.assumptions[key], slices[order])

    return TerrainDoubt(seed, spread("height-error"), REFERENCE_ROUGHNESS_M * spread("subgrid-relief"))


@dataclass(frozen=True)
class PolarSight:
    """Lowest visible altitude and ground along azimuths from one antenna.

    Axes (relief, azimuth, sample): relief 0 is the model as it is, the others carry drawn doubt; sample i lies at
    ground
    range i * step_m; nan where the model has no data. Altitudes are above mean sea level.
    """

    latitude_deg: float
    longitude_deg: float
    site_altitude_m: float
    antenna_altitude_m: FloatArray
    k_factor: float
    step_m: float
    reach_m: float
    azimuth_rad: FloatArray
    lowest_visible_altitude_m: NDArray[np.float32]
    ground_altitude_m: NDArray[np.float32]

    @property
    def curvature_per_m(self) -> float:
        """1 / (2 k R): what the effective earth drops per square metre of range."""
        return 1.0 / (2.0 * self.k_factor * EARTH_RADIUS_M)

    def first_relief(self) -> PolarSight:
        """Return the same sight on the undisturbed model alone: a relief axis of one."""
        return replace(
            self,
            antenna_altitude_m=self.antenna_altitude_m[:1],
            lowest_visible_altitude_m=self.lowest_visible_altitude_m[:1],
            ground_altitude_m=self.ground_altitude_m[:1],
        )

    @cached_property
    def is_known(self) -> NDArray[np.bool_]:
        """Where ground and sight are known, (azimuth, sample)."""
        known = np.isfinite(self.lowest_visible_altitude_m) & np.isfinite(self.ground_altitude_m)
        return np.asarray(known.any(axis=0), dtype=np.bool_)

    def covered_area_m2(self, radius_m: float) -> float:
        """Area [m2] of the disc of ``radius_m`` that the elevation model covers, as the areas of answers count it.

        A step of range counts where one of its ends is known, as a run of sight runs on to the first unknown sample:
        no area of an answer is larger than this one. Nothing is known beyond ``reach_m``.
        """
        edge_m = np.minimum(np.arange(self.is_known.shape[1]) * self.step_m, radius_m)
        annulus = -np.diff(np.cos(edge_m / EARTH_RADIUS_M)) * EARTH_RADIUS_M**2
        is_covered = self.is_known[:, :-1] | self.is_known[:, 1:]
        return float((is_covered @ annulus).sum() * 2.0 * np.pi / self.azimuth_rad.size)

    def covered_share(self, radius_m: float) -> float:
        """Share of the disc of ``radius_m`` that the elevation model covers."""
        disc_m2 = 2.0 * np.pi * EARTH_RADIUS_M**2 * (1.0 - np.cos(radius_m / EARTH_RADIUS_M))
        return min(self.covered_area_m2(radius_m) / float(disc_m2), 1.0)

    def share_under_ground(self, altitude_m: float, radius_m: float) -> float:
        """Share of the covered part of the disc of ``radius_m`` whose ground lies above ``altitude_m`` [m AMSL]."""
        last = min(int(radius_m / self.step_m), self.is_known.shape[1] - 1)
        known = self.is_known[:, 1 : last + 1]
        under = known & (self.ground_altitude_m[0, :, 1 : last + 1] > altitude_m)
        weight = np.sin(np.arange(1, last + 1) * self.step_m / EARTH_RADIUS_M)
        return float((under @ weight).sum() / (known @ weight).sum())


def polar_sight(
    model: ElevationModel,
    latitude_deg: float,
    longitude_deg: float,
    *,
    antenna_height_m: FloatArray,
    k_factor: float,
    reach_m: float,
    doubt: TerrainDoubt | None = None,
    threads: int | None = None,
) -> PolarSight:
    """Sweep the terrain once per relief and sample the surface along azimuths.

    Parameters
    ----------
    antenna_height_m : (relief,) array
        Height of the antenna above the ground at the site [m]; entry 0 belongs to the undisturbed model.
    k_factor : float
        Effective over true earth radius [1].
    reach_m : float
        Ground range to which sight is wanted [m].
    doubt : TerrainDoubt, optional
        Arrays (relief - 1,) for reliefs 1 and up; none: every relief is the undisturbed model.

    Raises
    ------
    OutsideTerrainError
        The site lies off the elevation model.
    """
    azimuth_rad = np.arange(N_AZIMUTHS, dtype=np.float64) * (2.0 * np.pi / N_AZIMUTHS)
    ground_range_m = np.arange(int(np.ceil(reach_m / STEP_M)) + 1, dtype=np.float64) * STEP_M
    n_reliefs = antenna_height_m.size if doubt is not None else 1
    reliefs = [_relief(doubt, i, model) for i in range(n_reliefs)]
    key = content_key(
        "polar", SIGHT_VERSION, SWEEP_VERSION, model.content_key, latitude_deg, longitude_deg,
        antenna_height_m[:n_reliefs].tolist(), k_factor, float(ground_range_m[-1]), reliefs,
    )  # fmt: skip
    shape = (n_reliefs, N_AZIMUTHS, ground_range_m.size)
    altitudes = Stored(shape, "<f4", may_be_nan=True)
    expected = {"lowest": altitudes, "ground": altitudes, "antenna": Stored(shape[:1], "<f8")}
    stored = load_arrays(key, expected, _is_sound)
    if stored is None:
        stored = _sweeps(
            model,
            latitude_deg,
            longitude_deg,
            antenna_height_m,
            k_factor,
            azimuth_rad,
            ground_range_m,
            reliefs,
            threads,
        )
        store_arrays(key, stored)
    antenna_m = stored["antenna"]
    return PolarSight(
        latitude_deg, longitude_deg, float(antenna_m[0] - antenna_height_m[0]), antenna_m, k_factor, STEP_M,
        float(ground_range_m[-1]), azimuth_rad, stored["lowest"], stored["ground"],
    )  # fmt: skip


def _is_sound(stored: dict[str, Any]) -> bool:
    """Whether a stored sight can be one: where the ground is unknown so is what is seen, and nowhere else."""
    return bool((np.isnan(stored["lowest"]) == np.isnan(stored["ground"])).all())


def _relief(doubt: TerrainDoubt | None, i: int, model: ElevationModel) -> Relief | None:
    if doubt is None or i == 0 or model.is_bare_earth:
        return None
    return Relief(doubt.seed, i, float(doubt.height_error_m[i - 1]), float(doubt.subgrid_m[i - 1]))


def _sweeps(
    model: ElevationModel,
    latitude_deg: float,
    longitude_deg: float,
    antenna_height_m: FloatArray,
    k_factor: float,
    azimuth_rad: FloatArray,
    ground_range_m: FloatArray,
    reliefs: list[Relief | None],
    threads: int | None,
) -> dict[str, Any]:
    shape = (len(reliefs), azimuth_rad.size, ground_range_m.size)
    lowest, ground = np.empty(shape, dtype=np.float32), np.empty(shape, dtype=np.float32)
    antenna_m = np.empty(len(reliefs))

    def sweep(i: int, inner_threads: int | None) -> None:
        surface = terrain_surface(
            model, latitude_deg, longitude_deg, antenna_height_m=float(antenna_height_m[i]), k_factor=k_factor,
            reach_m=float(ground_range_m[-1]), out_cell_m=STEP_M, relief=reliefs[i], threads=inner_threads, cache=False,
        )  # fmt: skip
        known = np.where(surface.is_covered, np.float32(0.0), np.float32(np.nan))
        lowest[i] = polar(surface.lowest_visible_altitude_m + known, surface.cell_m, azimuth_rad, ground_range_m)
        ground[i] = polar(surface.ground_altitude_m + known, surface.cell_m, azimuth_rad, ground_range_m)
        antenna_m[i] = surface.antenna_altitude_m

    sweep(0, threads)
    run_blocks(lambda b: sweep(b + 1, 1), len(reliefs) - 1, threads)
    return {"lowest": lowest, "ground": ground, "antenna": antenna_m}
