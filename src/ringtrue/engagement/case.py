"""The raid as arrays: everything that the kernel needs, and the names that its axes stand for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ringtrue.engagement.spec import (
    CASE,
    FIXED_SIZES,
    LOOKS,
    MADE,
    N_SHARES,
    REQUIRED,
    CaseArrays,
    FloatArray,
    IntArray,
    KeyArray,
)  # fmt: skip
from ringtrue.errors import InputError, did_you_mean
from ringtrue.rng import uid_key
from ringtrue.sensing.looks import confirmed_by_look

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ringtrue.engagement.spec import Given

WEAPONS_CONTROL = {"free": 0, "tight": 1, "hold": 2}
POLICIES = {"earliest": 0, "best": 1, "cheapest-sufficient": 2, "reserve": 3}
RANKINGS = {"impact": 0, "random": 1}
LEAK_CAUSES = (
    "leakers_never_in_reach",
    "leakers_shot_at_in_vain",
    "leakers_by_a_common_cause",
    "leakers_without_a_free_channel",
    "leakers_without_a_round_left",
)


class RadarTracks(NamedTuple):
    """When every radar confirms every target, as `echo.Tracks` with a radar axis after the draws; axes as in `spec`."""

    search_p: FloatArray
    search_s: FloatArray
    cued_p: FloatArray
    cued_from_s: FloatArray
    cued_s: FloatArray
    look_p: NDArray[np.float32]
    look_s: FloatArray

    @staticmethod
    def shapes(**sizes: int) -> dict[str, tuple[int, ...]]:
        """Shapes of the fields for given lengths of their axes."""
        known = FIXED_SIZES | sizes
        return {name: _shape(CASE[name][1], known) for name in RadarTracks._fields}


def tracks_of_looks(
    p_detect: ArrayLike, hits: ArrayLike, scans: ArrayLike, period_s: ArrayLike, first_s: ArrayLike, n_samples: int
) -> RadarTracks:
    """Tracks of radars that nothing cues and whose looks stand at given times, for cases that are written by hand.

    Parameters
    ----------
    p_detect : (draw | 1, radar, target, look) array_like
        Probability of each look.
    hits, scans : (radar,) array_like
        M and N of each radar.
    period_s, first_s : (draw, radar, target) array_like
        Time between looks, and of the first one [s].

    Notes
    -----
    A track is confirmed at a look, so the times of equal shares are times of looks; between two of them a time is
    drawn anywhere, which blurs at most one share in ``N_SHARES``.
    """
    p = np.asarray(p_detect, dtype=np.float64)
    step_s, start_s = np.asarray(period_s), np.asarray(first_s)
    n_draws, n_radars, n_targets = step_s.shape
    p = np.broadcast_to(p, (n_draws, n_radars, n_targets, p.shape[-1]))
    shapes = RadarTracks.shapes(draw=n_draws, radar=n_radars, target=n_targets, sample=n_samples)
    zeros: dict[str, Any] = {name: np.zeros(shape) for name, shape in shapes.items()}
    out = RadarTracks(**zeros)
    for r in range(n_radars):
        chance = confirmed_by_look(p[:, r], int(np.asarray(hits)[r]), int(np.asarray(scans)[r]))
        out.search_p[:, r] = chance[..., -1]
        shares = chance[..., -1:] * np.arange(1, N_SHARES + 1) / N_SHARES
        first = (chance <= 0.0).sum(axis=-1, keepdims=True)
        look = (chance[..., None, :] < shares[..., :, None] * (1.0 - 1e-12)).sum(axis=-1)
        look = np.concatenate([first, look], axis=-1)
        out.search_s[:, r] = start_s[:, r, :, None] + np.minimum(look, p.shape[-1] - 1) * step_s[:, r, :, None]
    return out


@dataclass(frozen=True)
class RaidCase:
    """One laydown against one raid: the arrays and the names of their axes."""

    arrays: CaseArrays
    units: tuple[str, ...]
    radars: tuple[str, ...]
    interceptors: tuple[str, ...]
    classes: tuple[str, ...]
    targets: tuple[str, ...]
    assets: tuple[str, ...]
    target_price_usd: FloatArray  # (draw, class)

    @property
    def n_draws(self) -> int:
        """Length of the draw axis."""
        return int(self.arrays.reaction_s.shape[0])

    @property
    def n_hostile(self) -> int:
        """Targets that aim at something."""
        return int(self.is_hostile.sum())

    @property
    def is_hostile(self) -> NDArray[np.bool_]:
        """Which targets can leak: not friendly, and aimed at an asset or a unit. (target,)."""
        a = self.arrays
        return np.asarray((a.is_friendly == 0) & ((a.aim_asset >= 0) | (a.aim_unit >= 0)), dtype=np.bool_)

    def count_names(self) -> tuple[str, ...]:
        """Names of the columns of the kernel's counts, in order; what is counted thing by thing: ``measure/thing``."""
        return (
            "leakers",
            "kills",
            "friendly_engagements",
            "friendly_kills",
            "double_engagements",
            "wasted_rounds",
            "turned_away",
            "units_lost",
            *LEAK_CAUSES,
            *(f"leakers_by_class/{name}" for name in self.classes),
            *(f"hits_by_asset/{name}" for name in self.assets),
            *(f"rounds_by_type/{name}" for name in self.interceptors),
            *(f"hits_by_unit/{name}" for name in self.units),
            *(f"rounds_by_unit/{name}" for name in self.units),
        )


def fire_groups(coordinates_fire: ArrayLike) -> IntArray:
    """Number the sets of units that are joined, directly or not, by fire coordination.

    Parameters
    ----------
    coordinates_fire : (unit, unit) array_like
        True where the first unit tells the second one what it engages; a link counts in both directions.

    Examples
    --------
    >>> fire_groups([[0, 1, 0], [0, 0, 0], [0, 0, 0]]).tolist()
    [0, 0, 2]
    """
    joined = np.asarray(coordinates_fire, dtype=bool)
    joined = joined | joined.T
    group = np.arange(joined.shape[0], dtype=np.int64)
    for _ in range(joined.shape[0]):
        for u, v in np.argwhere(joined):
            group[u] = group[v] = min(group[u], group[v])
    return group


def _pair_keys(first: Sequence[str], second: Sequence[str]) -> KeyArray:
    """Keys of all pairs of uids, (first, second)."""
    keys = [uid_key(f"{a}|{b}") for a in first for b in second]
    return np.array(keys, dtype=np.uint64).reshape(len(first), len(second))


def _names(uids: Sequence[str] | None, n: int) -> tuple[str, ...]:
    """Text uids each once, in order of their first appearance; one nameless uid where none are given."""
    return tuple(dict.fromkeys([""] * n if uids is None else uids))


def _numbers(uids: Sequence[str] | None, n: int, name: str) -> IntArray:
    """Place of each text uid among `_names`, (n,)."""
    given = [""] * n if uids is None else list(uids)
    if len(given) != n:
        msg = f"raid case: {name}: {len(given)} names do not fit {n}; give one for each"
        raise InputError(msg)
    place = {uid: i for i, uid in enumerate(_names(given, n))}
    return np.array([place[uid] for uid in given], dtype=np.int64)


def _shape(said: Given, sizes: Mapping[str, int], value: ArrayLike = 0.0) -> tuple[int, ...]:
    """Shape of a field; an axis ``draw|1`` is as long as the value has it."""
    axes = said.axes.split()
    free = np.shape(value)[0] if "draw|1" in axes and np.ndim(value) == len(axes) else 1
    return tuple(free if axis == "draw|1" else sizes[axis] for axis in axes)


def _filled(value: ArrayLike, shape: tuple[int, ...], element: np.dtype[Any], name: str) -> Any:
    """Broadcast to the wanted shape: a fresh, writable, contiguous array, so that the kernel has one signature."""
    try:
        return np.array(np.broadcast_to(np.asarray(value, dtype=element), shape), order="C")[()]
    except ValueError:
        msg = f"raid case: {name}: shape {np.shape(value)} does not fit {shape}; give one value or one for each entry"
        raise InputError(msg) from None


def raid_case(
    *,
    n_draws: int,
    units: Sequence[str],
    radars: Sequence[str],
    interceptors: Sequence[str],
    classes: Sequence[str],
    targets: Sequence[str],
    assets: Sequence[str] = ("asset",),
    systems: Sequence[str] | None = None,
    waves: Sequence[str] | None = None,
    weapons_control: str = "free",
    policy: str = "earliest",
    ranking: str = "impact",
    coordinates_fire: ArrayLike = 0,
    target_price_usd: ArrayLike = 0.0,
    **given: ArrayLike,
) -> RaidCase:
    """Build a case.

    Random numbers are keyed by the text uids of units, radars, targets, systems and waves: cases that share uids share
    their luck.

    Parameters
    ----------
    systems, waves : sequence of str
        What fails together by a common cause, (unit,) and (target,); left out, all units are of one system, all targets
        of one wave.
    coordinates_fire : (unit, unit) array_like
        True where the first unit tells the second one what it engages; a link counts in both directions.
    target_price_usd : (draw, class) array_like
        Price of one target [USD].
    **given : array_like
        Fields of ``spec.CaseArrays`` by name; each broadcasts to its axes, and one that is left out has its default.
        ``p_detect``, ``scan_period_s``, ``first_scan_s`` (``spec.Looks``) in place of the tracks of the radars.

    Raises
    ------
    InputError
        A shape does not fit, a field is unknown or missing, a uid comes twice, a launcher belongs to no unit, or a
        number is out of its range.
    """
    for kind, uids in (("unit", units), ("radar", radars), ("target", targets)):
        if len(set(uids)) != len(uids):
            twice = next(uid for uid in uids if list(uids).count(uid) > 1)
            msg = f"raid case: {kind} uid {twice!r} comes twice; every {kind} needs a uid of its own"
            raise InputError(msg)
    given.setdefault("radar_unit", np.arange(len(radars)))
    _refuse_unknown(given)
    named = {
        "unit": units, "radar": radars, "interceptor": interceptors, "class": classes, "target": targets,
        "asset": assets, "system": _names(systems, len(units)), "wave": _names(waves, len(targets)),
    }  # fmt: skip
    sizes = FIXED_SIZES | {axis: len(names) for axis, names in named.items()} | {
        "draw": n_draws, "launcher": np.size(given["launcher_unit"]), "knot": np.shape(given["flight_range_m"])[-1],
        "sample": np.shape(given["time_s"])[-1],
    }  # fmt: skip
    made: dict[str, Any] = {
        "unit_system": _numbers(systems, len(units), "systems"),
        "target_wave": _numbers(waves, len(targets), "waves"),
        "cause_key": _pair_keys(named["system"], named["wave"]),
        "fire_group": fire_groups(
            _filled(coordinates_fire, (len(units), len(units)), np.dtype(bool), "coordinates_fire")
        ),
        "unit_key": [uid_key(unit) for unit in units],
        "unit_target_key": _pair_keys(units, targets),
        "radar_target_key": _pair_keys(radars, targets),
        "target_key": [uid_key(target) for target in targets],
        "weapons_control": WEAPONS_CONTROL[weapons_control],
        "policy": POLICIES[policy],
        "ranking": RANKINGS[ranking],
        "n_assets": len(assets),
    }
    looked = {name: given.pop(name) for name in LOOKS if name in given}
    values = given | made

    def filled(name: str) -> Any:
        element, said = CASE[name]
        value = values.get(name, said.default)
        return _filled(value, _shape(said, sizes, value), element, name)

    if not any(name in given for name in RadarTracks._fields):
        values |= _tracks_of(looked, filled("confirm_hits"), filled("confirm_scans"), sizes)._asdict()
    arrays = CaseArrays(**{name: filled(name) for name in CASE})
    _check(arrays, sizes)
    price_usd = _filled(target_price_usd, (n_draws, len(classes)), np.dtype(float), "target_price_usd")
    return RaidCase(
        arrays,
        tuple(units),
        tuple(radars),
        tuple(interceptors),
        tuple(classes),
        tuple(targets),
        tuple(assets),
        price_usd,
    )


def _refuse_unknown(given: Mapping[str, ArrayLike]) -> None:
    """Refuse a field that no case has, and one that is missing."""
    open_to_give = [name for name, (_, said) in (CASE | LOOKS).items() if said.default is not MADE]
    for name in given:
        if name not in open_to_give:
            msg = f"raid case: there is no field {name!r}{did_you_mean(name, open_to_give)}"
            raise InputError(msg)
    for name, (_, said) in CASE.items():
        if said.default is REQUIRED and name not in given:
            msg = f"raid case: {name} is missing; give it, with axes ({', '.join(said.axes.split())})"
            raise InputError(msg)


def _tracks_of(looked: dict[str, ArrayLike], hits: IntArray, scans: IntArray, sizes: Mapping[str, int]) -> RadarTracks:
    """Tracks of the looks that a case was given."""
    n_looks = np.shape(np.atleast_1d(looked.get("p_detect", 1.0)))[-1]
    p, period_s, first_s = (
        _filled(looked.get(name, said.default), _shape(said, {**sizes, "look": n_looks}), element, name)
        for name, (element, said) in LOOKS.items()
    )
    return tracks_of_looks(p, hits, scans, period_s, first_s, sizes["sample"])


def _check(a: CaseArrays, sizes: Mapping[str, int]) -> None:
    """Refuse what the kernel could not survive: an index outside its axis, a number outside its range."""
    for name, (_, said) in CASE.items():
        value = np.asarray(getattr(a, name))
        if not value.size:
            continue
        if said.counts:
            least, most = int(said.least or 0), sizes[said.counts] - 1
            if not least <= value.min() <= value.max() <= most:
                msg = f"raid case: {name}: index {int(value.max())} is outside {least} to {most}; correct it"
                raise InputError(msg)
        elif said.least is not None and said.most is not None:
            if not said.least <= value.min() <= value.max() <= said.most:
                worst = value.max() if value.max() > said.most else value.min()
                msg = f"raid case: {name}: {worst:g} is outside {said.least:g} to {said.most:g}; correct it"
                raise InputError(msg)
        elif said.least is not None and not value.min() >= said.least:
            msg = f"raid case: {name}: {value.min():g} is below {said.least:g} or no number; correct it"
            raise InputError(msg)
    if (np.diff(a.time_s, axis=-1) < 0).any() or a.time_s.shape[-1] < 2:
        msg = "raid case: time_s must have two or more samples that do not run backwards; sort the path"
        raise InputError(msg)
    if a.flight_range_m.shape[-1] < 2 or (np.diff(a.flight_range_m, axis=-1) <= 0).any():
        msg = "raid case: flight_range_m needs two or more increasing knots; sort the flight table"
        raise InputError(msg)
