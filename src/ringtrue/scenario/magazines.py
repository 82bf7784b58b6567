"""Which rounds stand on which launchers: the same rule for every package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringtrue.scenario.records import Loading, Magazine

if TYPE_CHECKING:
    from collections.abc import Sequence


def load_launchers(launchers: int, loadings: Sequence[Loading]) -> tuple[Magazine, ...]:
    """Load a package: each type in turn takes whole launchers until its rounds or the launchers run out.

    Parameters
    ----------
    launchers : int
        Launchers of the package.
    loadings : sequence of Loading
        Types in the order in which they choose launchers.

    Returns
    -------
    tuple of Magazine
        One for each type: its launchers, the rounds on them, and the rounds that wait as reloads.

    Examples
    --------
    The package notified in 2018, 140 rounds on 20 launchers, of which 120 are ready:

    >>> mse = Loading(interceptor="mse", rounds=60, per_launcher=12)
    >>> gem_t = Loading(interceptor="gem-t", rounds=80, per_launcher=4)
    >>> magazines = load_launchers(20, [mse, gem_t])
    >>> [(m.launchers, m.ready, m.reloads) for m in magazines]
    [(5, 60, 0), (15, 60, 20)]
    """
    magazines = []
    free = launchers
    for loading in loadings:
        taken = min(free, -(-loading.rounds // loading.per_launcher))
        ready = min(loading.rounds, taken * loading.per_launcher)
        magazines.append(Magazine(loading.interceptor, taken, ready, loading.rounds - ready))
        free -= taken
    return tuple(magazines)


def share_out(magazines: Sequence[Magazine], n_units: int) -> tuple[tuple[Magazine, ...], ...]:
    """Divide loaded launchers and reloads among fire units as evenly as whole launchers allow.

    Launchers are dealt out one by one, type after type, so that units differ by one launcher at most; the rounds of a
    type follow its launchers and its reloads are dealt out from the first unit on.

    Examples
    --------
    >>> mse = Loading(interceptor="mse", rounds=60, per_launcher=12)
    >>> gem_t = Loading(interceptor="gem-t", rounds=80, per_launcher=4)
    >>> units = share_out(load_launchers(20, [mse, gem_t]), 4)
    >>> [[(m.launchers, m.ready, m.reloads) for m in unit] for unit in units]
    [[(2, 24, 0), (3, 12, 5)], [(1, 12, 0), (4, 16, 5)], [(1, 12, 0), (4, 16, 5)], [(1, 12, 0), (4, 16, 5)]]
    """
    shares: list[list[Magazine]] = [[] for _ in range(n_units)]
    dealt = 0
    for magazine in magazines:
        launchers = [0] * n_units
        for _ in range(magazine.launchers):
            launchers[dealt % n_units] += 1
            dealt += 1
        left = magazine.ready
        per_launcher = -(-magazine.ready // magazine.launchers) if magazine.launchers else 0
        for i, share in enumerate(shares):
            ready = min(left, launchers[i] * per_launcher)
            left -= ready
            reloads = magazine.reloads // n_units + (i < magazine.reloads % n_units)
            share.append(Magazine(magazine.interceptor, launchers[i], ready, reloads))
    return tuple(tuple(share) for share in shares)
