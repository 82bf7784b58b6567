"""Sight from one antenna over the terrain surface, azimuth by azimuth, with the drawn doubt about the terrain."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ringtrue.cancel import stop_if_cancelled
from ringtrue.errors import OutsideTerrainError
from ringtrue.geo.cache import Stored, content_key, load_arrays, store_arrays
from ringtrue.geo.geodesy import check_position
from ringtrue.geo.pool import run_blocks
from ringtrue.geo.rays import RAYS_VERSION, RELIEF_NODE_M, RayGrid, ray_grid, ray_ground, ray_sight
from ringtrue.geo.refraction import minimum_visible_height_m
from ringtrue.geo.relief import REFERENCE_ROUGHNESS_M, Relief
from ringtrue.geo.surface import check_sight
from ringtrue.geo.zeros import check_zeros
from ringtrue.sensing.ledger import GROUND_FIGURES

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ringtrue.geo.elevation import ElevationModel
    from ringtrue.sensing.grounds import Grounds

    FloatArray = NDArray[np.float64]
    HeightArray = NDArray[np.float32]
    CodeArray = NDArray[np.uint16]


EARTH_RADIUS_M = 6_371_000.0
STEP_M = RELIEF_NODE_M
N_AZIMUTHS = 360
SIGHT_VERSION = 4
UNKNOWN = 65_535
CODE_OF_ONE_METRE = 256.0


@dataclass(frozen=True)
class TerrainDoubt:
    """What is drawn about the ground, (relief,) each: see ``Relief`` for what the figures mean."""

    seed: int
    height_error_m: FloatArray
    subgrid_m: FloatArray
    unmeasured_subgrid_m: FloatArray
    site_share: FloatArray
    error_correlation_m: FloatArray

    def relief(self, i: int) -> Relief:
        """Return one of the reliefs, from 1 on."""
        return Relief(
            self.seed, i, float(self.height_error_m[i - 1]), float(self.subgrid_m[i - 1]),
            float(self.unmeasured_subgrid_m[i - 1]), float(self.site_share[i - 1]),
            float(self.error_correlation_m[i - 1]),
        )  # fmt: skip


def terrain_doubt(grounds: Grounds, seed: int) -> TerrainDoubt:
    """Return what a ledger drew about the ground as the sweeps take it."""
    return TerrainDoubt(
        seed, grounds.height_error_m, REFERENCE_ROUGHNESS_M * grounds.subgrid_share,
        REFERENCE_ROUGHNESS_M * grounds.unmeasured_subgrid_share, grounds.site_share,
        grounds.error_correlation_m,
    )  # fmt: skip


def ground_uses(model: ElevationModel) -> set[str]:
    """Return the addresses of the ledger behind ground of a model; a smooth earth stands on none."""
    return set() if model.is_bare_earth else set(GROUND_FIGURES)


@dataclass(frozen=True)
class PolarSight:
    """What one antenna sees along azimuths: from which height above the ground a target is in view.

    Relief 0 is the model as it is, the others carry drawn doubt. Sight is sampled finely enough for the model, out to
    ``reach_m`` or to where the model ends; tables and maps of the answers stand every ``step_m``.

    Attributes
    ----------
    antenna_altitude_m : (relief,) array
        Above mean sea level [m].
    sample_range_m : (sample,) array
        Ground range of the samples [m]; one lies at each whole ``step_m``.
    needed_code : (relief, azimuth, sample) uint16 array
        Height above the ground of the relief from which a target is in view, as 256 x root(height [m]): 0 where the
        ground itself is, ``UNKNOWN`` where the model does not know the ground, or not all of it on the way.
    model_ground_m : (azimuth, sample) float32 array
        Ground of the model above mean sea level [m].
    raised_m : (relief, azimuth, node) float32 array
        How far the ground of a relief lies above the model's [m], every ``step_m``.
    """

    latitude_deg: float
    longitude_deg: float
    site_altitude_m: float
    antenna_altitude_m: FloatArray
    k_factor: float
    step_m: float
    reach_m: float
    azimuth_rad: FloatArray
    sample_range_m: FloatArray
    needed_code: CodeArray
    model_ground_m: HeightArray
    raised_m: HeightArray
    uses: frozenset[str] = frozenset()  # addresses of the figures behind it

    @property
    def curvature_per_m(self) -> float:
        """1 / (2 k R): what the effective earth drops per square metre of range."""
        return 1.0 / (2.0 * self.k_factor * EARTH_RADIUS_M)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Reliefs, azimuths and steps out to the reach: what tables and maps of the answers have."""
        n_reliefs, n_azimuths, _ = self.needed_code.shape
        return n_reliefs, n_azimuths, int(np.ceil(self.reach_m / self.step_m)) + 1

    @cached_property
    def first_of_step(self) -> NDArray[np.int64]:
        """Sample at which each step begins, and where the last one ends, (step + 1,)."""
        n_steps = int(np.ceil(self.sample_range_m[-1] / self.step_m)) + 1
        edges_m = np.arange(n_steps + 1) * self.step_m - 1e-3
        return np.searchsorted(self.sample_range_m, edges_m).astype(np.int64)

    @cached_property
    def steps(self) -> StepBounds:
        """What lies in each step, so that a step that is wholly in sight or wholly out of it need not be looked at."""
        from ringtrue.geo import _kernels

        shape = (*self.shape[:2], self.first_of_step.size - 1)
        found = StepBounds(*(np.empty(one, dtype=np.float32) for one in (shape, shape, shape[1:], shape[1:])))
        for needed_code, least_m, most_m in zip(self.needed_code, *found[:2], strict=True):
            stop_if_cancelled()
            _kernels.needed_of_steps(needed_code, self.first_of_step, least_m, most_m)
        _kernels.ground_of_steps(self.model_ground_m, self.first_of_step, *found[2:])
        return found

    def first_relief(self) -> PolarSight:
        """Return the same sight on the undisturbed model alone: a relief axis of one."""
        return replace(
            self,
            antenna_altitude_m=self.antenna_altitude_m[:1],
            needed_code=self.needed_code[:1],
            raised_m=self.raised_m[:1],
        )

    @cached_property
    def is_known(self) -> NDArray[np.bool_]:
        """Where ground and sight are known, (azimuth, sample): on every relief alike."""
        return np.asarray(self.needed_code[0] != UNKNOWN, dtype=np.bool_)

    def covered_area_m2(self, radius_m: float) -> float:
        """Area [m2] of the disc of ``radius_m`` that the elevation model covers, as the areas of answers count it.

        The way between two samples counts where one of them is known, as a run of sight runs on to the first unknown
        sample: no area of an answer is larger than this one. Nothing is known beyond ``reach_m``.
        """
        edge_m = np.minimum(self.sample_range_m, radius_m)
        annulus = -np.diff(np.cos(edge_m / EARTH_RADIUS_M)) * EARTH_RADIUS_M**2
        n_covered = (self.is_known[:, :-1] | self.is_known[:, 1:]).sum(axis=0)
        return float(n_covered @ annulus) * 2.0 * np.pi / self.azimuth_rad.size

    def covered_share(self, radius_m: float) -> float:
        """Share of the disc of ``radius_m`` that the elevation model covers."""
        disc_m2 = 2.0 * np.pi * EARTH_RADIUS_M**2 * (1.0 - np.cos(radius_m / EARTH_RADIUS_M))
        return min(self.covered_area_m2(radius_m) / float(disc_m2), 1.0)

    def share_under_ground(self, altitude_m: float, radius_m: float) -> float:
        """Share of the covered part of the disc of ``radius_m`` whose ground lies above ``altitude_m`` [m AMSL]."""
        inside = (self.sample_range_m > 0.0) & (self.sample_range_m <= radius_m)
        known = self.is_known[:, inside]
        under = known & (self.model_ground_m[:, inside] > altitude_m)
        weight = (np.sin(self.sample_range_m / EARTH_RADIUS_M) * np.gradient(self.sample_range_m))[inside]
        return float(under.sum(axis=0) @ weight / (known.sum(axis=0) @ weight))

    def along(self, bearing_rad: FloatArray, range_m: FloatArray) -> SightAt:
        """Return what is needed at places given by bearing and ground range: nearest azimuth, linear in range.

        A target is in view where its height above the ground is at least ``needed_m``: the reading of sight of the raid
        and of a flown path, and of the runs that areas are counted by.
        """
        bearing, distance_m = np.broadcast_arrays(bearing_rad, range_m)
        n_azimuths = self.azimuth_rad.size
        row = np.rint(np.mod(bearing, 2.0 * np.pi) * n_azimuths / (2.0 * np.pi)).astype(np.int64) % n_azimuths
        numbers = np.arange(self.sample_range_m.size, dtype=np.float64)
        place = np.interp(distance_m, self.sample_range_m, numbers, right=np.inf)
        raised_m = _linear(self.raised_m, row, distance_m / self.step_m)
        return SightAt(
            _linear(self.needed_code, row, place, decoded_m), _linear(self.model_ground_m[None], row, place) + raised_m
        )


class StepBounds(NamedTuple):
    """Least and greatest needed height (relief, azimuth, step), lowest and highest ground of the model of steps [m].

    The bounds are those of ``needed_of_steps`` and ``ground_of_steps``.
    """

    least_needed_m: HeightArray
    most_needed_m: HeightArray
    lowest_ground_m: HeightArray
    highest_ground_m: HeightArray


class SightAt(NamedTuple):
    """What is needed at some places on each relief: height above the ground and that ground [m], (relief, ...)."""

    needed_m: FloatArray
    ground_m: FloatArray


def decoded_m(code: CodeArray) -> HeightArray:
    """Needed heights from their codes [m], nan where unknown: off by half a root of the height / 128 at most.

    >>> [round(float(h), 2) for h in decoded_m(np.array([0, 256, 1402, 65535], dtype=np.uint16))]
    [0.0, 1.0, 29.99, nan]
    """
    root = code.astype(np.float32) * np.float32(1.0 / CODE_OF_ONE_METRE)
    return np.where(code == UNKNOWN, np.float32(np.nan), root * root)


def encoded(needed_m: HeightArray) -> CodeArray:
    """Return the codes of needed heights [m], nan for unknown; the highest is 65,533 m.

    >>> encoded(np.array([0.0, 1.0, 30.0, 1e9, np.nan], dtype=np.float32)).tolist()
    [0, 256, 1402, 65534, 65535]
    """
    from ringtrue.geo import _kernels

    code = np.empty(needed_m.shape, dtype=np.uint16)
    _kernels.encode_needed(needed_m.reshape(1, -1), code.reshape(1, -1))
    return code


def _linear(
    field: NDArray[Any],
    row: NDArray[np.int64],
    place: FloatArray,
    read: Callable[[NDArray[Any]], HeightArray] = np.asarray,
) -> FloatArray:
    """Values of (relief, azimuth, sample) at fractional samples, (relief, ...); nan beyond the last one."""
    last = field.shape[2] - 1
    low = np.minimum(place, max(last - 1, 0)).astype(np.int64)
    part = np.where(place <= last, place - low, np.nan)
    near, far = read(field[:, row, low]), read(field[:, row, np.minimum(low + 1, last)])
    return np.asarray(np.where(part == 0.0, near, near + (far - near) * part), dtype=np.float64)


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
    """Look along 360 geodesics from one antenna, once per relief.

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

    Notes
    -----
    Areas from these rays agree with a finer sight line as docs/methods/terrain-surface.md tells.
    """
    check_position(latitude_deg, longitude_deg)
    azimuth_rad = np.arange(N_AZIMUTHS, dtype=np.float64) * (2.0 * np.pi / N_AZIMUTHS)
    reach_m = float(np.ceil(reach_m / STEP_M)) * STEP_M
    n_reliefs = antenna_height_m.size if doubt is not None else 1
    for height_m in antenna_height_m[:n_reliefs].tolist():
        check_sight(height_m, k_factor, reach_m, STEP_M)
    site_m = float(model.sample(latitude_deg, longitude_deg))
    if np.isnan(site_m):
        raise OutsideTerrainError((float(latitude_deg), float(longitude_deg)), model.name)
    check_zeros(model, float(latitude_deg), float(longitude_deg), reach_m)
    if model.is_bare_earth:
        heights_m = antenna_height_m[:n_reliefs]
        return _over_bare_earth(latitude_deg, longitude_deg, site_m, heights_m, k_factor, reach_m, azimuth_rad)
    reliefs = [None if doubt is None or i == 0 else doubt.relief(i) for i in range(n_reliefs)]
    grid = ray_grid(model, latitude_deg, longitude_deg, reach_m)
    place = latitude_deg, longitude_deg
    heights_m = antenna_height_m[:n_reliefs]
    needed, ground_m, raised_m, antenna_m = _looks(
        model, *place, heights_m, k_factor, azimuth_rad, grid, reliefs, threads
    )
    return PolarSight(
        *place, float(antenna_m[0] - antenna_height_m[0]), antenna_m, k_factor, STEP_M, reach_m, azimuth_rad,
        grid.sample_range_m, needed, ground_m, raised_m,
    )  # fmt: skip


def _over_bare_earth(
    latitude_deg: float,
    longitude_deg: float,
    site_m: float,
    antenna_height_m: FloatArray,
    k_factor: float,
    reach_m: float,
    azimuth_rad: FloatArray,
) -> PolarSight:
    """Closed form of the smooth earth at the ground altitude of the site, the same on every azimuth and relief."""
    range_m: FloatArray = np.arange(int(reach_m / STEP_M) + 1, dtype=np.float64) * STEP_M
    shape = (antenna_height_m.size, azimuth_rad.size, range_m.size)
    needed_m = np.stack([minimum_visible_height_m(range_m, height, k_factor=k_factor) for height in antenna_height_m])
    return PolarSight(
        latitude_deg, longitude_deg, site_m, site_m + antenna_height_m, k_factor, STEP_M, reach_m, azimuth_rad, range_m,
        np.ascontiguousarray(np.broadcast_to(encoded(needed_m.astype(np.float32))[:, None, :], shape)),
        np.full(shape[1:], site_m, dtype=np.float32),
        np.zeros((*shape[:2], range_m.size + 1), dtype=np.float32),
    )  # fmt: skip


def _looks(
    model: ElevationModel,
    latitude_deg: float,
    longitude_deg: float,
    antenna_height_m: FloatArray,
    k_factor: float,
    azimuth_rad: FloatArray,
    grid: RayGrid,
    reliefs: list[Relief | None],
    threads: int | None,
) -> tuple[CodeArray, HeightArray, HeightArray, FloatArray]:
    """Look over each relief, or take what an earlier look left: each is kept for itself, whatever others go with it.

    Returns what is needed (relief, azimuth, sample), the ground of the model, what is raised, and the antennas, as
    ``PolarSight`` holds them. The ground is kept with relief 0, the model as it is.
    """
    place = latitude_deg, longitude_deg
    shape = azimuth_rad.size, grid.kept.size
    n_nodes = int(np.ceil(grid.range_m[-1] / STEP_M)) + 2
    needed = np.empty((len(reliefs), *shape), dtype=np.uint16)
    raised_m = np.empty((len(reliefs), azimuth_rad.size, n_nodes), dtype=np.float32)
    antenna_m = np.empty(len(reliefs))
    expected = {
        "needed": Stored(shape, "<u2"), "raised": Stored(raised_m.shape[1:], "<f2"), "antenna": Stored((1,), "<f8"),
    }  # fmt: skip
    keys = [
        content_key(
            "polar", SIGHT_VERSION, RAYS_VERSION, model.content_key, *place, float(height_m), k_factor,
            float(grid.range_m[-1]), relief,
        )
        for height_m, relief in zip(antenna_height_m.tolist(), reliefs, strict=True)
    ]  # fmt: skip

    def put(i: int, kept: dict[str, Any]) -> None:
        needed[i], raised_m[i], antenna_m[i] = kept["needed"], kept["raised"], kept["antenna"][0]

    kept = load_arrays(keys[0], {**expected, "ground": Stored(shape, "<f4", may_be_nan=True)}, _is_sound)
    if kept is None:
        missing, ground_m = [0], ray_ground(model, *place, azimuth_rad, grid).at_samples(grid)
    else:
        put(0, kept)
        missing, ground_m = [], kept["ground"]
    for i in range(1, len(reliefs)):
        stop_if_cancelled()
        kept = load_arrays(keys[i], expected, lambda stored: _is_sound({**stored, "ground": ground_m}))
        if kept is None:
            missing.append(i)
        else:
            put(i, kept)
    if not missing:
        return needed, ground_m, raised_m, antenna_m
    rays = ray_ground(model, *place, azimuth_rad, grid)

    def look(number: int) -> None:
        i = missing[number]
        seen = ray_sight(
            model, *place, azimuth_rad, grid, rays, antenna_height_m=float(antenna_height_m[i]), k_factor=k_factor,
            relief=reliefs[i],
        )  # fmt: skip
        kept = {
            "needed": encoded(seen.needed_m), "raised": seen.raised_m.astype(np.float16),
            "antenna": np.array([seen.antenna_altitude_m]),
        }  # fmt: skip
        store_arrays(keys[i], kept if i else {**kept, "ground": ground_m})
        put(i, kept)

    run_blocks(look, len(missing), threads)
    return needed, ground_m, raised_m, antenna_m


def _is_sound(stored: dict[str, Any]) -> bool:
    """Whether a stored look can be right: nothing is known where the ground is not."""
    return bool((stored["needed"][np.isnan(stored["ground"])] == UNKNOWN).all())
