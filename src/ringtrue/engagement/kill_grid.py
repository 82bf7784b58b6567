"""The same raid at several kill probabilities, on the same luck."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class KillGrid:
    """Kill probabilities [1], each shared by every interceptor against every class, and how much to play at each.

    The first ``n_draws`` draws are played, ``n_replications`` raids of each, on the luck of the raid's own first ones.
    """

    p_kills: tuple[float, ...]
    n_draws: int
    n_replications: int
