"""Play a raid: many replications of many draws, or the trace of one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from ringtrue.engagement.draw_tables import case_tables, prepared
from ringtrue.engagement.philox import draw_keys
from ringtrue.engagement.scratch import scratch
from ringtrue.engagement.spec import DrawTables, Scratch, layout
from ringtrue.errors import DomainError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ringtrue.engagement.case import RaidCase
    from ringtrue.engagement.kill_grid import KillGrid
    from ringtrue.engagement.spec import FloatArray

BLOCK = 4096
N_MEASURES = 2
_COMPILING = Lock()  # two threads that both ask first would compile twice, and the second is refused


@dataclass(frozen=True)
class RaidOutcome:
    """What each replication of each draw came to.

    ``counts`` (draw, replication, count), named by ``case.count_names()``; ``first_fire_s`` and ``first_fire_range_m``
    (draw, replication), nan where nobody fired; ``busy_channel_s`` (draw, replication, unit): channel-seconds in use;
    ``leaks`` (draw, target): replications in which the target leaked; ``leakers_at`` (point, draw', replication'):
    leakers at the points of a kill grid; ``closing_rounds`` (draw, replication, unit, interceptor): what is left.
    """

    case: RaidCase
    counts: NDArray[np.int32]
    first_fire_s: FloatArray
    first_fire_range_m: FloatArray
    busy_channel_s: FloatArray
    leaks: NDArray[np.int64]
    leakers_at: NDArray[np.int32]
    closing_rounds: NDArray[np.int32]

    @property
    def n_replications(self) -> int:
        """Replications of each draw."""
        return int(self.counts.shape[1])

    def count(self, name: str) -> NDArray[np.int32]:
        """One column of the counts by its name, (draw, replication)."""
        column: NDArray[np.int32] = self.counts[:, :, self.case.count_names().index(name)]
        return column


def player() -> Any:
    """Return the kernel, compiled for the tables as they are declared and for no others; threads may ask at once.

    A table of another layout would have the whole raid compiled again, for half a minute and unseen: it is refused.
    """
    with _COMPILING:
        return _compiled_player()


@cache
def _compiled_player() -> Any:
    from ringtrue.compiled import only_for
    from ringtrue.engagement._kernels import play_block

    def of(record: Any) -> tuple[Any, list[tuple[Any, int]]]:
        return record, [(layout(name).element, len(layout(name).axes)) for name in record._fields]

    whole, count, real = np.int64, np.int32, np.float64
    return only_for(
        play_block, of(DrawTables), of(Scratch), (np.uint32, 1), (whole, 0), (count, 3), (count, 2), (real, 2),
        (whole, 1), (count, 3), (real, 2), (whole, 1),
    )  # fmt: skip


def simulate(
    case: RaidCase,
    *,
    seed: int,
    n_replications: int,
    first_draw: int = 0,
    first_replication: int = 0,
    threads: int | None = None,
    kill_grid: KillGrid | None = None,
    opening_rounds: NDArray[np.integer] | None = None,
) -> RaidOutcome:
    """Play ``n_replications`` of every draw of the case.

    Parameters
    ----------
    case : RaidCase
        The raid as arrays.
    seed : int
        Seed of the raid's luck; the same seed and uids give the same luck to rival laydowns.
    first_draw : int
        Number of the first draw, when the case is a slice of a longer draw axis.
    first_replication : int
        Number of the first replication, to go on where an earlier call ended.
    threads : int, optional
        Threads; all cores when left out. The result does not depend on it.
    kill_grid : KillGrid, optional
        Play some draws at fixed kill probabilities too: bit for bit what a case with that kill probability gives.
    opening_rounds : (draw | 1, replication | 1, unit, interceptor) array of int, optional
        Rounds with which each magazine opens, on launchers first, the rest behind them; left out, all are full. The
        ``closing_rounds`` of one raid open the next.

    Raises
    ------
    DomainError
        Opening rounds of another shape, or below zero.
    """
    from ringtrue.geo.pool import run_blocks

    play_block = player()
    pairs = len(case.units), len(case.interceptors)
    opening = _opened(opening_rounds, (case.n_draws, n_replications, *pairs))
    closing = np.zeros((case.n_draws, n_replications, *pairs), dtype=np.int32)

    keys = draw_keys(seed, first_draw, case.n_draws)
    n_draws, n_units = case.n_draws, len(case.units)
    counts = np.zeros((n_draws, n_replications, len(case.count_names())), dtype=np.int32)
    measures = np.zeros((n_draws, n_replications, N_MEASURES + n_units))
    n_parts = -(-n_replications // BLOCK)
    leaks = np.zeros((n_draws, n_parts, len(case.targets)), dtype=np.int64)
    no_events = np.empty((0, 7))
    still = case_tables(case)
    grid_draws = 0 if kill_grid is None else min(kill_grid.n_draws, n_draws)
    grid_shape = (0, 0) if kill_grid is None else (len(kill_grid.p_kills), kill_grid.n_replications)
    leakers_at = np.zeros((grid_shape[0], grid_draws, grid_shape[1]), dtype=np.int32)

    def play(block: int) -> None:
        d, part = divmod(block, n_parts)
        rows = slice(part * BLOCK, min((part + 1) * BLOCK, n_replications))
        tables, state = prepared(still, d), scratch(case)
        play_block(
            tables,
            state,
            keys[d],
            first_replication + part * BLOCK,
            opening[d, rows],
            counts[d, rows],
            measures[d, rows],
            leaks[d, part],
            closing[d, rows],
            no_events,
            np.zeros(1, dtype=np.int64),
        )
        if kill_grid is not None and part == 0 and d < grid_draws:
            leakers_at[:, d] = _leakers_at(case, kill_grid, tables, state, keys[d], opening[d])

    run_blocks(play, n_draws * n_parts, threads)
    return RaidOutcome(
        case,
        counts,
        measures[:, :, 0],
        measures[:, :, 1],
        measures[:, :, N_MEASURES:],
        leaks.sum(axis=1),
        leakers_at,
        closing,
    )


def _opened(rounds: NDArray[np.integer] | None, shape: tuple[int, ...]) -> NDArray[np.int32]:
    """Rounds with which magazines open, (draw, replication, unit, interceptor); no replication: they are full."""
    if rounds is None:
        return np.zeros((shape[0], 0, *shape[2:]), dtype=np.int32)
    given = np.asarray(rounds)
    if given.ndim != len(shape) or any(n not in (1, whole) for n, whole in zip(given.shape, shape, strict=True)):
        msg = (
            f"opening_rounds: shape {given.shape} does not fit {shape} (draw, replication, unit, interceptor); give "
            "the closing rounds of a raid with as many draws and replications"
        )
        raise DomainError(msg)
    if given.size and given.min() < 0:
        msg = f"opening_rounds: {given.min()} is below 0; a magazine holds no round or more"
        raise DomainError(msg)
    return np.array(np.broadcast_to(given, shape), dtype=np.int32, order="C")


def _leakers_at(
    case: RaidCase, grid: KillGrid, tables: Any, state: Scratch, key: NDArray[np.uint32], opening: NDArray[np.int32]
) -> list[NDArray[np.int32]]:
    """Leakers of every replication of one draw at each point of a kill grid."""
    play_block = player()
    counts = np.zeros((grid.n_replications, len(case.count_names())), dtype=np.int32)
    measures = np.zeros((grid.n_replications, N_MEASURES + len(case.units)))
    leaks = np.zeros(len(case.targets), dtype=np.int64)
    closing = np.zeros((grid.n_replications, len(case.units), len(case.interceptors)), dtype=np.int32)
    column = case.count_names().index("leakers")
    found = []
    for p in grid.p_kills:
        fixed = tables._replace(p_kill=np.full_like(tables.p_kill, p))
        play_block(
            fixed, state, key, 0, opening[: grid.n_replications], counts, measures, leaks, closing, np.empty((0, 7)),
            np.zeros(1, dtype=np.int64),
        )  # fmt: skip
        found.append(counts[:, column].copy())
    return found


def trace(case: RaidCase, *, seed: int, draw: int = 0, replication: int = 0, first_draw: int = 0) -> FloatArray:
    """Every event of one replication, from the same kernel.

    Returns
    -------
    (event, 7) array
        Time [s], code, unit, target, third party (radar, interceptor, asset), channel, value; -1 where it says nothing.
    """
    play_block = player()
    keys = draw_keys(seed, first_draw + draw, 1)
    counts = np.zeros((1, len(case.count_names())), dtype=np.int32)
    measures = np.zeros((1, N_MEASURES + len(case.units)))
    leaks = np.zeros(len(case.targets), dtype=np.int64)
    full = _opened(None, (1, 1, len(case.units), len(case.interceptors)))[0]
    closing = np.zeros((1, len(case.units), len(case.interceptors)), dtype=np.int32)
    n_events = np.zeros(1, dtype=np.int64)
    room = 64 + 8 * len(case.targets) * (len(case.units) + 4)
    tables, state = prepared(case_tables(case), draw), scratch(case)
    while True:
        events = np.zeros((room, 7))
        play_block(tables, state, keys[0], replication, full, counts, measures, leaks, closing, events, n_events)
        if n_events[0] <= room:
            return events[: n_events[0]]
        room = int(n_events[0])
