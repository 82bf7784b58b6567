"""Run a raid of a scenario against one laydown: stage, slice by slice of draws, play, gather."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.cancel import stop_if_cancelled
from ringtrue.engagement.compile import Stage, compile_case, stage_raid, with_endless_magazines, with_published_p_kill
from ringtrue.engagement.simulate import simulate
from ringtrue.errors import DomainError
from ringtrue.finding import draw_axis, named_axes
from ringtrue.sensing.run import stoppable

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray
    from numpy.typing import NDArray

    from ringtrue.catalogue.records import Parameter
    from ringtrue.engagement.case import RaidCase
    from ringtrue.engagement.kill_grid import KillGrid
    from ringtrue.engagement.simulate import RaidOutcome
    from ringtrue.scenario.records import Scenario
    from ringtrue.sensing.ledger import Ledger
    from ringtrue.sensing.run import Run

    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.int64]
    RaidArray = NDArray[np.int32] | NDArray[np.float64]

DRAWS_AT_ONCE = 64
MOST_REPLICATIONS = 4096
HALF_WIDTH_95 = 1.959963984540054
PAIRED = ("leakers", "friendly_engagements", "friendly_kills", "double_engagements", "wasted_rounds")
NOMINAL_REPLICATIONS = 100
"""Raids of the nominal case at the least: one case alone must not hang on the luck of a few."""


@dataclass(frozen=True)
class AsPublished:
    """The same raid with the kill probabilities that somebody printed, on the same draws and the same luck.

    ``mean`` and ``variance`` (draw, count) and ``no_leaker`` (draw,) over ``n_replications``; ``common`` (draw, count)
    is the mean of those same replications under the common prior. ``leakers`` and ``common_leakers`` (draw,
    replication) are the leakers of each raid. ``figures`` by interceptor and kind of target; ``unpublished`` the pairs
    for which nobody printed one and the common prior stands. ``uses`` are the addresses of the figures behind it.
    """

    n_replications: int
    mean: FloatArray
    variance: FloatArray
    no_leaker: FloatArray
    common: FloatArray
    leakers: FloatArray
    common_leakers: FloatArray
    figures: dict[tuple[str, str], Parameter]
    unpublished: tuple[tuple[str, str], ...]
    uses: frozenset[str]


@dataclass(frozen=True)
class RaidResult:
    """What a raid came to, draw by draw: means over replications, and their variance.

    ``names`` are those of ``RaidCase.count_names()``; ``mean`` and ``variance`` (draw, count); ``no_leaker`` (draw,)
    the share of replications without a leaker; ``first_fire_range_m`` (draw,) nan where nobody ever fired;
    ``busy_share`` (draw, unit) of the channel time between the first launch allowed and the last arrival;
    ``cost_defence_usd`` and ``cost_attack_usd`` (draw,); ``leakers_at`` (point, draw', replication') leakers at the
    points of a kill grid. ``by_replication`` (draw, replication) holds every count of the whole defence and what hits
    each asset, so that the luck of a difference between two laydowns can be told from their common luck, and what else
    one raid comes to: ``rounds_fired``, ``first_fire_s`` and ``first_fire_range_m`` (nan: nobody fires),
    ``cost_defence_usd``. ``closing_rounds`` (draw, replication, unit, interceptor) are the rounds that each unit has
    left. ``histograms`` (count,) hold for each count how many raids of all draws came to 0, 1, 2 and so on. ``uses``
    and ``beside_uses`` are the addresses, in ``ledger``, of the figures that counts and costs depend on. ``nominal``
    is the same raid with every figure at its nominal value, as one draw.
    """

    scenario: str
    laydown: str
    raid: str
    seed: int
    n_replications: int
    units: tuple[str, ...]
    interceptors: tuple[str, ...]
    classes: tuple[str, ...]
    assets: tuple[str, ...]
    n_hostile: int
    n_friendly: int
    hostile_by_class: tuple[int, ...]
    names: tuple[str, ...]
    mean: FloatArray
    variance: FloatArray
    no_leaker: FloatArray
    first_fire_range_m: FloatArray
    first_fire_s: FloatArray
    busy_share: FloatArray
    cost_defence_usd: FloatArray
    cost_attack_usd: FloatArray
    leakers_at: NDArray[np.int32]
    closing_rounds: NDArray[np.int32]
    ledger: Ledger
    uses: frozenset[str]
    beside_uses: frozenset[str]
    notes: tuple[str, ...]
    as_published: AsPublished | None = None
    by_replication: dict[str, RaidArray] = field(default_factory=dict)
    histograms: dict[str, IntArray] = field(default_factory=dict)
    nominal: RaidResult | None = None

    @property
    def n_draws(self) -> int:
        """Length of the draw axis."""
        return int(self.mean.shape[0])

    @property
    def all_uses(self) -> frozenset[str]:
        """Addresses of the figures behind counts, costs, and the published variant if it was played."""
        published = frozenset() if self.as_published is None else self.as_published.uses
        return self.uses | self.beside_uses | published

    def of(self, name: str) -> FloatArray:
        """Mean of one count over replications, (draw,)."""
        column: FloatArray = self.mean[:, self.names.index(name)]
        return column

    def by(self, name: str) -> tuple[str, ...]:
        """Things that a measure counts one by one, such as the assets of ``hits_by_asset``, in their order."""
        parts = (column.partition("/") for column in self.names)
        return tuple(thing for measure, _, thing in parts if measure == name and thing)

    def variance_of(self, name: str) -> FloatArray:
        """Variance of one count over replications, (draw,)."""
        column: FloatArray = self.variance[:, self.names.index(name)]
        return column

    def to_xarray(self) -> xarray.Dataset:
        """Return the arrays with their axes named: draw, count, replication, unit."""
        by_draw = ("no_leaker", "first_fire_s", "first_fire_range_m", "cost_defence_usd", "cost_attack_usd")
        data = {
            "mean": (("draw", "count"), self.mean),
            "closing_rounds": (("draw", "replication", "unit", "interceptor"), self.closing_rounds),
            "variance": (("draw", "count"), self.variance),
            "busy_share": (("draw", "unit"), self.busy_share),
            **{name: ("draw", getattr(self, name)) for name in by_draw},
            **{f"{name} by replication": (("draw", "replication"), v) for name, v in self.by_replication.items()},
            **{
                f"drawn {row.address}": ("draw", row.values, {"units": row.unit, "long_name": row.label})
                for row in self.ledger.rows(self.all_uses)
                if row.values.size == self.n_draws
            },
        }
        coords = {"count": list(self.names), "unit": list(self.units), "interceptor": list(self.interceptors)}
        names = {"scenario": self.scenario, "laydown": self.laydown, "raid": self.raid, "seed": self.seed}
        found: xarray.Dataset = named_axes().Dataset(data, coords, names)
        return found


@stoppable
def run_raid(
    scenario: Scenario,
    laydown_id: str,
    raid_id: str,
    run: Run,
    *,
    n_replications: int = 100,
    chunks: int = 1,
    precision: float | None = None,
    nominal: bool = False,
    with_published: bool = False,
    n_reliefs: int = 0,
    endless_magazines: bool = False,
    opening_rounds: NDArray[np.integer] | None = None,
) -> RaidResult:
    """Play a raid of a scenario against a laydown.

    Parameters
    ----------
    scenario, laydown_id, raid_id
        Who stands where and what comes.
    run : Run
        Figures, terrain, draws of what nobody knows; its seed is that of the raid's luck too.
    n_replications, chunks : int
        Raids played in each draw; slices of the draw axis, which change no bit of the result.
    precision : float, optional
        Half-width at 95 % of the mean number of leakers, as far as luck makes it: replications are doubled until it
        is reached, or until there are 4,096.
    nominal : bool
        The nominal value of every parameter: one draw.
    with_published : bool
        Play it with published kill probabilities too, on the same luck.
    n_reliefs : int
        Draw the doubt about the ground on so many reliefs; 0: the terrain model as it is.
    endless_magazines : bool
        Let no launcher run out of rounds.
    opening_rounds : (draw | 1, replication | 1, unit, interceptor) array of int, optional
        Rounds with which each magazine opens, in the order of ``RaidResult.units`` and ``interceptors``; left out, all
        are full. The ``closing_rounds`` of an earlier raid open the next one; its nominal case opens full.

    Returns
    -------
    RaidResult
        Means and variances by draw; findings are made of them in ``answers``.
    """
    if n_replications < 1 or chunks < 1:
        msg = f"--replications {n_replications}, --chunks {chunks}: both must be 1 or more"
        raise DomainError(msg)
    stage = stage_raid(scenario, laydown_id, raid_id, run, nominal=nominal, n_reliefs=n_reliefs)
    while True:
        result = play_stage(
            stage, n_replications=n_replications, chunks=chunks,
            published_replications=n_replications if with_published else 0, endless_magazines=endless_magazines,
            opening_rounds=opening_rounds,
        )  # fmt: skip
        if precision is None or n_replications >= MOST_REPLICATIONS:
            return result
        luck = float(result.variance_of("leakers").mean() / (n_replications * result.n_draws))
        if HALF_WIDTH_95 * luck**0.5 <= precision:
            return result
        n_replications *= 2


def play_stage(
    stage: Stage,
    *,
    n_replications: int,
    chunks: int = 1,
    p_kill: float | None = None,
    kill_grid: KillGrid | None = None,
    published_replications: int = 0,
    endless_magazines: bool = False,
    opening_rounds: NDArray[np.integer] | None = None,
) -> RaidResult:
    """Play every draw of a staged raid.

    Parameters
    ----------
    p_kill : float, optional
        One kill probability for every interceptor and class.
    kill_grid : KillGrid, optional
        Play the first draws at several kill probabilities too.
    published_replications : int
        Play so many of the same replications with published kill probabilities too, where there are any.
    endless_magazines : bool
        Let no launcher run out of rounds.
    opening_rounds : (draw | 1, replication | 1, unit, interceptor) array of int, optional
        Rounds with which each magazine opens; left out, all are full.
    """
    n_draws = stage.n_draws
    if endless_magazines and opening_rounds is not None:
        msg = "endless_magazines with opening_rounds: magazines that never end have no stock to open with; give one"
        raise DomainError(msg)
    step = max(1, min(DRAWS_AT_ONCE, -(-n_draws // chunks)))
    rules = _Rules(n_replications, p_kill, kill_grid, published_replications, endless_magazines, opening_rounds)
    parts = [_play_slice(stage, i, min(i + step, n_draws), i, rules) for i in range(0, n_draws, step)]
    found = _joined(stage, parts, rules)
    if stage.is_nominal:
        return replace(found, nominal=found)
    once = rules.for_the_nominal_case()
    return replace(found, nominal=_joined(stage, [_play_slice(stage, n_draws, draw_axis(n_draws), 0, once)], once))


class _Rules(NamedTuple):
    """How a stage is played: what `play_stage` is asked for."""

    n_replications: int
    p_kill: float | None
    kill_grid: KillGrid | None
    published_replications: int
    endless_magazines: bool
    opening_rounds: NDArray[np.integer] | None

    def opening_of(self, first_draw: int, n_draws: int, n_replications: int) -> NDArray[np.integer] | None:
        """Return the opening rounds of some draws and of the first replications of each."""
        given = self.opening_rounds
        if given is None:
            return None
        draws = given if given.shape[0] == 1 else given[first_draw : first_draw + n_draws]
        return draws if given.shape[1] == 1 else draws[:, :n_replications]

    def for_the_nominal_case(self) -> _Rules:
        """Return the rules for one draw: more raids, and the grid on it where there is one."""
        n = max(self.n_replications, NOMINAL_REPLICATIONS)
        grid = None if self.kill_grid is None else replace(self.kill_grid, n_draws=1, n_replications=n)
        published = n if self.published_replications else 0
        return self._replace(n_replications=n, kill_grid=grid, published_replications=published, opening_rounds=None)


def _joined(stage: Stage, parts: list[_Part], rules: _Rules) -> RaidResult:
    """Make one result of the summaries of slices of draws."""
    n_replications = rules.n_replications
    case = parts[0].case

    def joined(name: str) -> FloatArray:
        return np.concatenate([getattr(part, name) for part in parts])

    hostile = case.is_hostile
    return RaidResult(
        scenario=stage.scenario.name,
        laydown=stage.laydown.id,
        raid=stage.raid_id,
        seed=stage.run.seed,
        n_replications=n_replications,
        units=case.units,
        interceptors=case.interceptors,
        classes=case.classes,
        assets=case.assets,
        n_hostile=case.n_hostile,
        n_friendly=int(case.arrays.is_friendly.sum()),
        hostile_by_class=tuple(int(hostile[case.arrays.target_class == c].sum()) for c in range(len(case.classes))),
        names=case.count_names(),
        mean=joined("mean"),
        variance=joined("variance"),
        no_leaker=joined("no_leaker"),
        first_fire_range_m=joined("first_fire_range_m"),
        first_fire_s=joined("first_fire_s"),
        busy_share=joined("busy_share"),
        cost_defence_usd=joined("cost_defence_usd"),
        cost_attack_usd=joined("cost_attack_usd"),
        leakers_at=np.concatenate([part.leakers_at for part in parts], axis=1),
        closing_rounds=np.concatenate([part.closing_rounds for part in parts]),
        ledger=stage.run.ledger,
        uses=frozenset(stage.uses),
        beside_uses=frozenset(stage.beside_uses),
        notes=stage.notes,
        as_published=_as_published(
            stage, [part.as_published for part in parts], min(rules.published_replications, n_replications)
        ),
        by_replication={
            name: np.concatenate([part.by_replication[name] for part in parts]) for name in parts[0].by_replication
        },
        histograms={name: _added([part.histograms[name] for part in parts]) for name in parts[0].histograms},
    )


def _added(histograms: list[IntArray]) -> IntArray:
    """Add histograms that may end at other counts."""
    total = np.zeros(max(h.size for h in histograms), dtype=np.int64)
    for histogram in histograms:
        total[: histogram.size] += histogram
    return total


class _Published(NamedTuple):
    """Means, variances, share without a leaker and leakers as published, and those of the same raids as drawn."""

    mean: FloatArray
    variance: FloatArray
    no_leaker: FloatArray
    common: FloatArray
    leakers: FloatArray
    common_leakers: FloatArray


def _as_published(stage: Stage, parts: list[_Published | None], n_replications: int) -> AsPublished | None:
    known = [part for part in parts if part is not None]
    if not known:
        return None
    pairs = stage.p_kill_kinds
    return AsPublished(
        n_replications,
        np.concatenate([part.mean for part in known]),
        np.concatenate([part.variance for part in known]),
        np.concatenate([part.no_leaker for part in known]),
        np.concatenate([part.common for part in known]),
        np.concatenate([part.leakers for part in known]),
        np.concatenate([part.common_leakers for part in known]),
        {pair: stage.published[pair] for pair in pairs if pair in stage.published},
        tuple(pair for pair in pairs if pair not in stage.published),
        frozenset(stage.uses | stage.published_uses),
    )


@dataclass(frozen=True)
class _Part:
    """The summary of one slice of draws."""

    case: RaidCase
    mean: FloatArray
    variance: FloatArray
    no_leaker: FloatArray
    first_fire_range_m: FloatArray
    first_fire_s: FloatArray
    busy_share: FloatArray
    cost_defence_usd: FloatArray
    cost_attack_usd: FloatArray
    leakers_at: NDArray[np.int32]
    closing_rounds: NDArray[np.int32]
    by_replication: dict[str, RaidArray]
    histograms: dict[str, IntArray]
    as_published: _Published | None


def _play_slice(stage: Stage, first: int, last: int, first_draw: int, rules: _Rules) -> _Part:
    """Play the cases ``first`` to ``last`` (exclusive) of a stage on the luck of the draws from ``first_draw`` on."""
    stop_if_cancelled()
    run, n_replications = stage.run, rules.n_replications
    case = compile_case(stage, first, last, p_kill=rules.p_kill)
    if rules.endless_magazines:
        case = with_endless_magazines(case)
    grid = rules.kill_grid
    grid = None if grid is None else replace(grid, n_draws=max(grid.n_draws - first_draw, 0))
    outcome = simulate(
        case, seed=run.seed, n_replications=n_replications, first_draw=run.first_draw + first_draw,
        threads=run.threads, kill_grid=grid, opening_rounds=rules.opening_of(first_draw, case.n_draws, n_replications),
    )  # fmt: skip
    counts = outcome.counts.astype(np.float64)
    mean = counts.mean(axis=1)
    spent = _columns(case, "rounds_by_type/", mean)
    fired = _columns(case, "rounds_by_type/", counts)
    hostile = np.bincount(case.arrays.target_class[case.is_hostile], minlength=len(case.classes))
    return _Part(
        case,
        mean,
        counts.var(axis=1, ddof=1) if n_replications > 1 else np.zeros_like(mean),
        (outcome.count("leakers") == 0).mean(axis=1),
        _mean_known(outcome.first_fire_range_m),
        _mean_known(outcome.first_fire_s),
        _busy_share(outcome),
        (spent * case.arrays.price_usd).sum(axis=1),
        (case.target_price_usd * hostile).sum(axis=1),
        outcome.leakers_at,
        outcome.closing_rounds,
        {
            **{name: outcome.counts[:, :, i].copy() for i, name in enumerate(case.count_names()) if _is_kept(name)},
            "rounds_fired": fired.sum(axis=2),
            "first_fire_s": outcome.first_fire_s.copy(),
            "first_fire_range_m": outcome.first_fire_range_m.copy(),
            "cost_defence_usd": (fired * case.arrays.price_usd[:, None, :]).sum(axis=2),
        },
        {name: np.bincount(outcome.counts[:, :, i].ravel()) for i, name in enumerate(case.count_names())},
        _play_published(stage, case, first, first_draw, counts, rules),
    )


def _is_kept(name: str) -> bool:
    """Whether a count is kept raid by raid: of the whole defence, or what one asset is hit by."""
    return "/" not in name or name.startswith("hits_by_asset/")


def _play_published(
    stage: Stage,
    case: RaidCase,
    first: int,
    first_draw: int,
    counts: FloatArray,
    rules: _Rules,
) -> _Published | None:
    """Play the first replications of a slice as published; None where that is not asked for, or nobody printed any."""
    n_replications = min(rules.published_replications, rules.n_replications)
    if not n_replications or not any(pair in stage.published for pair in stage.p_kill_kinds):
        return None
    rival = with_published_p_kill(case, stage, first)
    run = stage.run
    outcome = simulate(
        rival, seed=run.seed, n_replications=n_replications, first_draw=run.first_draw + first_draw,
        threads=run.threads, opening_rounds=rules.opening_of(first_draw, case.n_draws, n_replications),
    )  # fmt: skip
    found = outcome.counts.astype(np.float64)
    common = counts[:, :n_replications]
    column = case.count_names().index("leakers")
    return _Published(
        found.mean(axis=1),
        found.var(axis=1, ddof=1) if n_replications > 1 else np.zeros_like(found[:, 0]),
        (outcome.count("leakers") == 0).mean(axis=1),
        common.mean(axis=1),
        found[:, :, column],
        common[:, :, column],
    )


def _columns(case: RaidCase, prefix: str, counts: FloatArray) -> FloatArray:
    """Columns (..., interceptor) of the counts (..., count) whose names begin alike, one for each interceptor."""
    index = [case.count_names().index(prefix + name) for name in case.interceptors]
    picked: FloatArray = counts[..., index]
    return picked


def _mean_known(values: FloatArray) -> FloatArray:
    """Mean over the replications in which there is a value; nan where there is none."""
    known = np.isfinite(values)
    total = np.where(known, values, 0.0).sum(axis=1)
    return np.asarray(np.where(known.any(axis=1), total / np.maximum(known.sum(axis=1), 1), np.nan))


def _busy_share(outcome: RaidOutcome) -> FloatArray:
    """Share of the channel time in use, from the first launch of the raid to the last arrival; (draw, unit)."""
    arrays = outcome.case.arrays
    last_s = arrays.time_s[:, outcome.case.is_hostile, -1].max(axis=1, initial=0.0)
    span_s = np.maximum(np.broadcast_to(last_s, outcome.first_fire_s.shape[:1])[:, None] - outcome.first_fire_s, 0.0)
    span_s = np.where(np.isfinite(span_s), span_s, 0.0).mean(axis=1)
    room = span_s[:, None] * arrays.channels
    busy_s = outcome.busy_channel_s.mean(axis=1)
    share = np.divide(busy_s, room, out=np.zeros_like(busy_s), where=room > 0.0)
    return np.asarray(np.minimum(share, 1.0))


def kill_curve(stage: Stage, p_kills: Sequence[float], *, n_replications: int) -> list[RaidResult]:
    """Play the same staged raid, with the same luck, once for each kill probability."""
    return [play_stage(stage, n_replications=n_replications, p_kill=p) for p in p_kills]
