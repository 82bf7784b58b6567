"""The raid as arrays: everything that the kernel needs, and the names that its axes stand for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ringtrue.engagement.fields import N_SHARES
from ringtrue.errors import InputError
from ringtrue.rng import uid_key
from ringtrue.sensing.looks import confirmed_by_look

if TYPE_CHECKING:
    from collections.abc import Sequence

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
FlagArray = NDArray[np.uint8]
KeyArray = NDArray[np.uint64]

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
MAX_CHANNELS = 64
MAX_CONFIRM_SCANS = 12


class CaseArrays(NamedTuple):
    """What the kernel reads. An axis written ``draw|1`` has length 1 when no draw changes the array.

    Times in seconds from the start of the raid, lengths in metres, probabilities from 0 to 1. A target that ends its
    path early repeats its last sample. ``envelope`` holds least range, greatest range, least height, greatest altitude;
    a greatest range below the least one says that the interceptor cannot meet the class.
    """

    channels: IntArray  # (draw, unit)
    guidance_limit: IntArray  # (draw, unit) interceptors guided at once
    reaction_s: FloatArray  # (draw, unit) tracked and identified to launch
    assess_s: FloatArray  # (draw, unit) intercept to verdict
    identify_s: FloatArray  # (draw, unit, class) known to identified
    p_hostile_as_friend: FloatArray  # (draw, unit, class)
    p_friend_as_hostile: FloatArray  # (draw, unit, class) with its links
    p_friend_as_hostile_alone: FloatArray  # (draw, unit, class) cut off from its links
    p_friend_unknown: FloatArray  # (draw, unit) friend without an answer: neither friend nor hostile
    p_available: FloatArray  # (draw, unit) unit works in this raid
    p_cut_off: FloatArray  # (draw, unit) unit has no link in this raid
    needs_own_track: FlagArray  # (unit,) the guiding radar must have confirmed the target
    fire_group: IntArray  # (unit,) units with one number coordinate their fire
    unit_system: IntArray  # (unit,) units with one number fail by the same common cause
    target_wave: IntArray  # (target,) targets with one number meet the same common cause
    cause_key: KeyArray  # (system, wave)
    unit_key: KeyArray  # (unit,)
    unit_target_key: KeyArray  # (unit, target)
    launcher_unit: IntArray  # (launcher,)
    launcher_round: IntArray  # (launcher,)
    launcher_rounds: IntArray  # (draw, launcher) rounds when full
    launcher_reload_s: FloatArray  # (draw, launcher)
    reload_stock: IntArray  # (unit, interceptor) rounds that are not on launchers
    reserve: IntArray  # (draw, unit, interceptor) kept for priority classes under the policy "reserve"
    radar_unit: IntArray  # (radar,)
    radar_guides: FlagArray  # (radar,) can guide interceptors
    confirm_hits: IntArray  # (radar,) M of
    confirm_scans: IntArray  # (radar,) N looks
    takes_cue: FlagArray  # (radar,) looks at its own rate once something cues it
    look_s: FloatArray  # (draw, radar) time between two cued looks
    turn: FloatArray  # (draw, field, radar) slew [s], infinite: never turns; half the sector; time between search looks
    off_axis_rad: FloatArray  # (radar, target, sample) bearing from the radar's first azimuth, within half a turn
    track: (
        FloatArray  # (draw, field, radar, target) chance of ever confirming uncued, cued; start of the cued looks [s]
    )
    track_s: FloatArray  # (draw, field, radar, target, share) times of equal shares of it, uncued and cued
    look_p: NDArray[np.float32]  # (draw|1, radar, target, sample) chance of one look, facing the target if it can turn
    radar_target_key: KeyArray  # (radar, target)
    flight_range_m: FloatArray  # (interceptor, knot)
    flight_s: FloatArray  # (draw, interceptor, knot)
    needs_sight: FlagArray  # (interceptor,) sight from launch to intercept
    envelope: FloatArray  # (draw, interceptor, class, 4)
    p_kill: FloatArray  # (draw, interceptor, class)
    p_common: FloatArray  # (draw, class) nothing that one system fires at one wave of the class can work
    price_usd: FloatArray  # (draw, interceptor)
    target_class: IntArray  # (target,)
    target_key: KeyArray  # (target,)
    is_friendly: FlagArray  # (target,)
    aim_asset: IntArray  # (target,) or -1
    aim_unit: IntArray  # (target,) or -1
    time_s: FloatArray  # (draw|1, target, sample)
    slant_range_m: FloatArray  # (unit, target, sample)
    altitude_m: FloatArray  # (target, sample)
    height_m: FloatArray  # (target, sample)
    guide_sight: FlagArray  # (draw|1, unit, target, sample); where a radar turns, once more for turned radars
    shares_track: FlagArray  # (from unit, to unit)
    identifies_for: FlagArray  # (from unit, to unit)
    fires_on_shared_track: FlagArray  # (from unit, to unit) rounds that need no sight; counts where tracks are shared
    latency_s: FloatArray  # (draw, from unit, to unit)
    first_salvo: IntArray  # (class,) rounds before the first look
    later_salvo: IntArray  # (class,) rounds before each later look
    max_shots: IntArray  # (class,) rounds that one unit spends on one target at most; 0: no limit
    is_priority: FlagArray  # (class,)
    weapons_control: int
    policy: int
    ranking: int
    spread_rounds: int
    sufficient_p: float
    n_assets: int


class RadarTracks(NamedTuple):
    """When every radar confirms every target, as `echo.Tracks` with a radar axis after the draws."""

    search_p: FloatArray  # (draw, radar, target)
    search_s: FloatArray  # (draw, radar, target, share + 1)
    cued_p: FloatArray
    cued_from_s: FloatArray
    cued_s: FloatArray
    look_p: NDArray[np.float32]  # (draw, radar, target, sample)
    look_s: FloatArray  # (draw, radar)

    @staticmethod
    def shapes(n_draws: int, n_radars: int, n_targets: int, n_samples: int, n_shares: int) -> tuple[Any, ...]:
        """Shapes of the fields, in order."""
        pair = (n_draws, n_radars, n_targets)
        shares, looks = (*pair, n_shares + 1), (*pair, n_samples)
        return pair, shares, pair, pair, shares, looks, pair[:2]


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
    out = RadarTracks(
        *(np.zeros(shape) for shape in RadarTracks.shapes(n_draws, n_radars, n_targets, n_samples, N_SHARES))
    )
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


def _per(value: ArrayLike, shape: tuple[int, ...], dtype: Any, name: str) -> Any:
    """Broadcast to the wanted shape: a fresh, writable, contiguous array, so that the kernel has one signature."""
    try:
        return np.array(np.broadcast_to(np.asarray(value, dtype=dtype), shape), order="C")
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
    time_s: ArrayLike,
    slant_range_m: ArrayLike,
    p_detect: ArrayLike | None = None,
    tracks: RadarTracks | None = None,
    p_kill: ArrayLike,
    envelope: ArrayLike,
    flight_range_m: ArrayLike,
    flight_s: ArrayLike,
    launcher_unit: ArrayLike,
    launcher_round: ArrayLike,
    launcher_rounds: ArrayLike,
    channels: ArrayLike,
    guidance_limit: ArrayLike = 1_000_000,
    reaction_s: ArrayLike = 0.0,
    assess_s: ArrayLike = 0.0,
    identify_s: ArrayLike = 0.0,
    p_hostile_as_friend: ArrayLike = 0.0,
    p_friend_as_hostile: ArrayLike = 0.0,
    p_friend_as_hostile_alone: ArrayLike = 0.0,
    p_friend_unknown: ArrayLike = 0.0,
    p_available: ArrayLike = 1.0,
    p_cut_off: ArrayLike = 0.0,
    needs_own_track: ArrayLike = 1,
    launcher_reload_s: ArrayLike = 0.0,
    reload_stock: ArrayLike = 0,
    reserve: ArrayLike = 0,
    radar_unit: ArrayLike | None = None,
    radar_guides: ArrayLike = 1,
    confirm_hits: ArrayLike = 1,
    confirm_scans: ArrayLike = 1,
    takes_cue: ArrayLike = 0,
    slew_s: ArrayLike = np.inf,
    half_sector_rad: ArrayLike = np.inf,
    search_look_s: ArrayLike = 1.0,
    off_axis_rad: ArrayLike = 0.0,
    scan_period_s: ArrayLike = 1.0,
    first_scan_s: ArrayLike = 0.0,
    needs_sight: ArrayLike = 1,
    p_common: ArrayLike = 0.0,
    systems: Sequence[str] | None = None,
    waves: Sequence[str] | None = None,
    price_usd: ArrayLike = 0.0,
    target_price_usd: ArrayLike = 0.0,
    target_class: ArrayLike = 0,
    is_friendly: ArrayLike = 0,
    aim_asset: ArrayLike = 0,
    aim_unit: ArrayLike = -1,
    altitude_m: ArrayLike = 1000.0,
    height_m: ArrayLike = 1000.0,
    guide_sight: ArrayLike = 1,
    guide_sight_turned: ArrayLike = 1,
    shares_track: ArrayLike = 0,
    identifies_for: ArrayLike = 0,
    fires_on_shared_track: ArrayLike = 0,
    coordinates_fire: ArrayLike = 0,
    latency_s: ArrayLike = 0.0,
    first_salvo: ArrayLike = 1,
    later_salvo: ArrayLike = 1,
    max_shots: ArrayLike = 0,
    is_priority: ArrayLike = 0,
    weapons_control: str = "free",
    policy: str = "earliest",
    ranking: str = "impact",
    spread_rounds: bool = False,
    sufficient_p: float = 0.0,
) -> RaidCase:
    """Build a case; every array broadcasts to the axes told in ``CaseArrays``.

    Random numbers are keyed by the text uids of units, radars, targets, systems and waves: cases that share uids share
    their luck. ``systems`` (unit,) and ``waves`` (target,) name what fails together by a common cause; left out, all
    units are of one system, all targets of one wave. ``slew_s``, ``half_sector_rad``, ``search_look_s`` (draw, radar):
    a finite slew lets a radar turn; ``guide_sight_turned`` is then the sight of units that have turned.

    Raises
    ------
    InputError
        A shape does not fit, a uid comes twice, a launcher belongs to no unit, or a number is out of its range.
    """
    for kind, uids in (("unit", units), ("radar", radars), ("target", targets)):
        if len(set(uids)) != len(uids):
            twice = next(uid for uid in uids if list(uids).count(uid) > 1)
            msg = f"raid case: {kind} uid {twice!r} comes twice; every {kind} needs a uid of its own"
            raise InputError(msg)
    n_u, n_r, n_i, n_c, n_t = len(units), len(radars), len(interceptors), len(classes), len(targets)
    n_l = np.size(launcher_unit)
    du, di, dc = (n_draws, n_u), (n_draws, n_i), (n_draws, n_c)
    duc = (*du, n_c)
    time = np.asarray(time_s, dtype=np.float64)
    if time.ndim != 3:
        time = np.broadcast_to(time, (1, n_t, time.shape[-1]))
    n_s = time.shape[-1]
    p_looks = np.atleast_1d(1.0 if p_detect is None else p_detect)
    if tracks is None:
        tracks = tracks_of_looks(
            np.broadcast_to(p_looks, (n_draws, n_r, n_t, p_looks.shape[-1])),
            _per(confirm_hits, (n_r,), np.int64, "confirm_hits"),
            _per(confirm_scans, (n_r,), np.int64, "confirm_scans"),
            _per(scan_period_s, (n_draws, n_r, n_t), np.float64, "scan_period_s"),
            _per(first_scan_s, (n_draws, n_r, n_t), np.float64, "first_scan_s"),
            n_s,
        )
    sight = np.asarray(guide_sight, dtype=np.uint8)
    sight = _per(sight, (sight.shape[0] if sight.ndim == 4 else 1, n_u, n_t, n_s), np.uint8, "guide_sight")
    if np.isfinite(slew_s).any():
        turned = _per(guide_sight_turned, sight.shape, np.uint8, "guide_sight_turned")
        sight = np.concatenate([sight, turned], axis=1)
    n_knots = np.shape(flight_range_m)[-1]
    f8, i8, u1 = np.float64, np.int64, np.uint8
    arrays = CaseArrays(
        channels=_per(channels, du, i8, "channels"),
        guidance_limit=_per(guidance_limit, du, i8, "guidance_limit"),
        reaction_s=_per(reaction_s, du, f8, "reaction_s"),
        assess_s=_per(assess_s, du, f8, "assess_s"),
        identify_s=_per(identify_s, duc, f8, "identify_s"),
        p_hostile_as_friend=_per(p_hostile_as_friend, duc, f8, "p_hostile_as_friend"),
        p_friend_as_hostile=_per(p_friend_as_hostile, duc, f8, "p_friend_as_hostile"),
        p_friend_as_hostile_alone=_per(p_friend_as_hostile_alone, duc, f8, "p_friend_as_hostile_alone"),
        p_friend_unknown=_per(p_friend_unknown, du, f8, "p_friend_unknown"),
        p_available=_per(p_available, du, f8, "p_available"),
        p_cut_off=_per(p_cut_off, du, f8, "p_cut_off"),
        needs_own_track=_per(needs_own_track, (n_u,), u1, "needs_own_track"),
        unit_system=_numbers(systems, n_u, "systems"),
        target_wave=_numbers(waves, n_t, "waves"),
        cause_key=_pair_keys(_names(systems, n_u), _names(waves, n_t)),
        fire_group=fire_groups(_per(coordinates_fire, (n_u, n_u), u1, "coordinates_fire")),
        unit_key=np.array([uid_key(u) for u in units], dtype=np.uint64),
        unit_target_key=_pair_keys(units, targets),
        launcher_unit=_per(launcher_unit, (n_l,), i8, "launcher_unit"),
        launcher_round=_per(launcher_round, (n_l,), i8, "launcher_round"),
        launcher_rounds=_per(launcher_rounds, (n_draws, n_l), i8, "launcher_rounds"),
        launcher_reload_s=_per(launcher_reload_s, (n_draws, n_l), f8, "launcher_reload_s"),
        reload_stock=_per(reload_stock, (n_u, n_i), i8, "reload_stock"),
        reserve=_per(reserve, (*du, n_i), i8, "reserve"),
        radar_unit=_per(np.arange(n_r) if radar_unit is None else radar_unit, (n_r,), i8, "radar_unit"),
        radar_guides=_per(radar_guides, (n_r,), u1, "radar_guides"),
        confirm_hits=_per(confirm_hits, (n_r,), i8, "confirm_hits"),
        confirm_scans=_per(confirm_scans, (n_r,), i8, "confirm_scans"),
        takes_cue=_per(takes_cue, (n_r,), u1, "takes_cue"),
        look_s=_per(tracks.look_s, (n_draws, n_r), f8, "look_s"),
        turn=np.stack(
            [
                _per(given, (n_draws, n_r), f8, name)
                for name, given in (
                    ("slew_s", slew_s),
                    ("half_sector_rad", half_sector_rad),
                    ("search_look_s", search_look_s),
                )
            ],
            axis=1,
        ),
        off_axis_rad=_per(off_axis_rad, (n_r, n_t, n_s), f8, "off_axis_rad"),
        track=np.stack(
            [
                _per(given, (n_draws, n_r, n_t), f8, name)
                for name, given in (
                    ("search_p", tracks.search_p),
                    ("cued_p", tracks.cued_p),
                    ("cued_from_s", tracks.cued_from_s),
                )
            ],
            axis=1,
        ),
        track_s=np.stack([np.asarray(tracks.search_s, dtype=f8), np.asarray(tracks.cued_s, dtype=f8)], axis=1),
        look_p=_per(tracks.look_p, (n_draws, n_r, n_t, n_s), np.float32, "look_p"),
        radar_target_key=_pair_keys(radars, targets),
        flight_range_m=_per(flight_range_m, (n_i, n_knots), f8, "flight_range_m"),
        flight_s=_per(flight_s, (*di, n_knots), f8, "flight_s"),
        needs_sight=_per(needs_sight, (n_i,), u1, "needs_sight"),
        envelope=_per(envelope, (*di, n_c, 4), f8, "envelope"),
        p_kill=_per(p_kill, (*di, n_c), f8, "p_kill"),
        p_common=_per(p_common, dc, f8, "p_common"),
        price_usd=_per(price_usd, di, f8, "price_usd"),
        target_class=_per(target_class, (n_t,), i8, "target_class"),
        target_key=np.array([uid_key(t) for t in targets], dtype=np.uint64),
        is_friendly=_per(is_friendly, (n_t,), u1, "is_friendly"),
        aim_asset=_per(aim_asset, (n_t,), i8, "aim_asset"),
        aim_unit=_per(aim_unit, (n_t,), i8, "aim_unit"),
        time_s=_per(time, (time.shape[0], n_t, n_s), f8, "time_s"),
        slant_range_m=_per(slant_range_m, (n_u, n_t, n_s), f8, "slant_range_m"),
        altitude_m=_per(altitude_m, (n_t, n_s), f8, "altitude_m"),
        height_m=_per(height_m, (n_t, n_s), f8, "height_m"),
        guide_sight=sight,
        shares_track=_per(shares_track, (n_u, n_u), u1, "shares_track"),
        identifies_for=_per(identifies_for, (n_u, n_u), u1, "identifies_for"),
        fires_on_shared_track=_per(fires_on_shared_track, (n_u, n_u), u1, "fires_on_shared_track"),
        latency_s=_per(latency_s, (*du, n_u), f8, "latency_s"),
        first_salvo=_per(first_salvo, (n_c,), i8, "first_salvo"),
        later_salvo=_per(later_salvo, (n_c,), i8, "later_salvo"),
        max_shots=_per(max_shots, (n_c,), i8, "max_shots"),
        is_priority=_per(is_priority, (n_c,), u1, "is_priority"),
        weapons_control=WEAPONS_CONTROL[weapons_control],
        policy=POLICIES[policy],
        ranking=RANKINGS[ranking],
        spread_rounds=int(spread_rounds),
        sufficient_p=float(sufficient_p),
        n_assets=len(assets),
    )
    _check(arrays, n_units=n_u, n_interceptors=n_i, n_classes=n_c, n_assets=len(assets))
    return RaidCase(
        arrays,
        tuple(units),
        tuple(radars),
        tuple(interceptors),
        tuple(classes),
        tuple(targets),
        tuple(assets),
        _per(target_price_usd, dc, f8, "target_price_usd"),
    )


def _check(a: CaseArrays, *, n_units: int, n_interceptors: int, n_classes: int, n_assets: int) -> None:
    """Refuse what the kernel could not survive: an index outside its axis, a number outside its range."""
    for name, top in (
        ("launcher_unit", n_units),
        ("launcher_round", n_interceptors),
        ("radar_unit", n_units),
        ("target_class", n_classes),
        ("aim_asset", n_assets),
        ("aim_unit", n_units),
    ):
        index = getattr(a, name)
        least = -1 if name.startswith("aim") else 0
        if index.size and not (index.min() >= least and index.max() < top):
            msg = f"raid case: {name}: index {int(index.max())} is outside {least} to {top - 1}; correct it"
            raise InputError(msg)
    for name in (
        "p_hostile_as_friend",
        "p_friend_as_hostile",
        "p_friend_as_hostile_alone",
        "p_friend_unknown",
        "p_available",
        "p_cut_off",
        "look_p",
        "p_kill",
        "p_common",
    ):
        value = getattr(a, name)
        if value.size and not (value.min() >= 0.0 and value.max() <= 1.0):
            msg = f"raid case: {name}: a probability lies outside 0 to 1; correct the entry"
            raise InputError(msg)
    for name in ("reaction_s", "assess_s", "identify_s", "latency_s", "launcher_reload_s", "launcher_rounds"):
        value = getattr(a, name)
        if value.size and not value.min() >= 0:
            msg = f"raid case: {name}: {value.min():g} is negative or no number; it must be zero or more"
            raise InputError(msg)
    if a.channels.size and not 0 <= a.channels.min() <= a.channels.max() <= MAX_CHANNELS:
        msg = f"raid case: channels: {int(a.channels.max())} is outside 0 to {MAX_CHANNELS}; split the unit in two"
        raise InputError(msg)
    if a.confirm_scans.size and not 1 <= a.confirm_scans.min() <= a.confirm_scans.max() <= MAX_CONFIRM_SCANS:
        msg = f"raid case: confirm_scans must lie in 1 to {MAX_CONFIRM_SCANS}; shorten the confirmation window"
        raise InputError(msg)
    if (np.diff(a.time_s, axis=-1) < 0).any() or a.time_s.shape[-1] < 2:
        msg = "raid case: time_s must have two or more samples that do not run backwards; sort the path"
        raise InputError(msg)
    if min(a.first_salvo.min(initial=1), a.later_salvo.min(initial=1)) < 1:
        msg = "raid case: a salvo has less than one round; give first_salvo and later_salvo of 1 or more"
        raise InputError(msg)
    if a.flight_range_m.shape[-1] < 2 or (np.diff(a.flight_range_m, axis=-1) <= 0).any():
        msg = "raid case: flight_range_m needs two or more increasing knots; sort the flight table"
        raise InputError(msg)
