"""The same raid at several kill probabilities; the tables of a draw, which none of them enters, are prepared once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ringtrue.engagement.draw_tables import case_tables, prepared
from ringtrue.engagement.philox import draw_keys
from ringtrue.engagement.scratch import scratch
from ringtrue.engagement.simulate import N_MEASURES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringtrue.engagement.case import FloatArray, RaidCase


def leakers_at(
    case: RaidCase, p_kills: Sequence[float], *, seed: int, n_replications: int, threads: int | None = None
) -> FloatArray:
    """Mean leakers with one kill probability for every interceptor and class.

    Parameters
    ----------
    p_kills : sequence of float
        Kill probabilities [1], 0 to 1.
    seed, n_replications : int
        As for `simulate`: bit for bit what it gives for a case with that kill probability.
    threads : int, optional
        Threads; the result does not depend on it.

    Returns
    -------
    (point, draw) array
        Means over replications.
    """
    from ringtrue.engagement._kernels import play_block
    from ringtrue.geo.pool import run_blocks

    keys = draw_keys(seed, 0, case.n_draws)
    still = case_tables(case)
    fixed = [np.full_like(still.p_kill, p) for p in p_kills]
    column = case.count_names().index("leakers")
    means = np.zeros((len(fixed), case.n_draws))

    def play(draw: int) -> None:
        tables, state = prepared(case, draw, still), scratch(case.arrays)
        for point, p_kill in enumerate(fixed):
            counts = np.zeros((n_replications, len(case.count_names())), dtype=np.int32)
            measures = np.zeros((n_replications, N_MEASURES + len(case.units)))
            leaks = np.zeros(len(case.targets), dtype=np.int64)
            play_block(
                tables._replace(p_kill=p_kill), state, keys[draw], 0, counts, measures, leaks, np.empty((0, 7)),
                np.zeros(1, dtype=np.int64),
            )  # fmt: skip
            means[point, draw] = counts[:, column].mean()

    run_blocks(play, case.n_draws, threads)
    return means
