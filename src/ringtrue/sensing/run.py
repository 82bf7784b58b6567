"""The run: what every study is given, once, so that no study asks for its pieces one by one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from ringtrue.sensing.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringtrue.catalogue.records import Catalogue
    from ringtrue.geo.elevation import ElevationModel

    Progress = Callable[[str, int, int], None]

T = TypeVar("T")


def silent(_what: str, _done: int, _of: int) -> None:
    """Report no progress."""


@dataclass(frozen=True)
class Run:
    """Figures, ground, draws and what else belongs to one run of a study.

    Attributes
    ----------
    catalogue, model
        Published figures; ground, or a bare earth.
    n_draws, seed, threads
        Length of the draw axis; seed of every stream; threads (None: all), on which no result depends.
    progress : callable
        Called as (what, done, of).
    ledger : Ledger
        The draws, made by the run.
    memo : dict
        What several questions of the run share, kept by `once`.

    Examples
    --------
    >>> from ringtrue.catalogue.load import load_catalogue
    >>> from ringtrue.geo.elevation import open_model
    >>> run = Run(load_catalogue(), open_model("none"), n_draws=50)
    >>> run.ledger.record(run.catalogue.radars["91n6e"]).reference_range_m[:-1].shape
    (50,)
    """

    catalogue: Catalogue
    model: ElevationModel
    n_draws: int = 1000
    seed: int = 1
    threads: int | None = None
    progress: Progress = silent
    ledger: Ledger = field(init=False, repr=False)
    memo: dict[tuple[Any, ...], Any] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ledger", Ledger(self.catalogue, self.n_draws, self.seed))

    def once(self, key: tuple[Any, ...], make: Callable[[], T]) -> T:
        """Return what ``make`` gives, made at the first call with this key."""
        if key not in self.memo:
            self.memo[key] = make()
        found: T = self.memo[key]
        return found
