"""The run: what every study is given, once, so that no study asks for its pieces one by one."""

from __future__ import annotations

import time
from copy import copy
from dataclasses import dataclass, field
from functools import wraps
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple, ParamSpec, TypeVar

from ringtrue.cancel import Cancel, heeding, stop_if_cancelled
from ringtrue.sensing.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringtrue.catalogue.records import Catalogue
    from ringtrue.geo.elevation import ElevationModel
    from ringtrue.sensing.design import Design

    Progress = Callable[["Step"], None]

T = TypeVar("T")
P = ParamSpec("P")


class Step(NamedTuple):
    """How far a run is: the stage, pieces of it that are done, all pieces of it, and seconds that it may still take.

    ``left_s`` is told from the pace so far; None: nothing is done yet.
    """

    what: str
    done: int
    of: int
    left_s: float | None = None


def silent(_step: Step) -> None:
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
        Called with a `Step`.
    cancel : Cancel
        Put up from another thread, it stops the run: `Cancelled` is raised, and nothing half-written is left.
    design : Design, optional
        Lays the draws out, as many as the run has; none: each stream has one number in each of equal slices.
    ledger : Ledger
        The draws, made by the run.
    memo : dict
        What several questions of the run share, kept by `once`.

    Examples
    --------
    >>> from ringtrue.catalogue.load import load_catalogue
    >>> from ringtrue.finding import DRAWS
    >>> from ringtrue.geo.elevation import open_model
    >>> run = Run(load_catalogue(), open_model("none"), n_draws=50)
    >>> run.ledger.record(run.catalogue.radars["91n6e"]).reference_range_m[DRAWS].shape
    (50,)
    """

    catalogue: Catalogue
    model: ElevationModel
    n_draws: int = 1000
    seed: int = 1
    threads: int | None = None
    progress: Progress = silent
    cancel: Cancel = field(default_factory=Cancel, repr=False)
    design: Design | None = field(default=None, repr=False)
    ledger: Ledger = field(init=False, repr=False)
    memo: dict[tuple[Any, ...], Any] = field(init=False, repr=False, default_factory=dict)
    _began: dict[str, float] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ledger", Ledger(self.catalogue, self.n_draws, self.seed, self.design))

    @property
    def first_draw(self) -> int:
        """Number of the first draw on the axis that the run is a piece of: luck goes by the numbers of draws."""
        return 0 if self.design is None else self.design.first_draw

    def once(self, key: tuple[Any, ...], make: Callable[[], T]) -> T:
        """Return what ``make`` gives, made at the first call with this key."""
        if key not in self.memo:
            self.memo[key] = make()
        found: T = self.memo[key]
        return found

    def tell(self, what: str, done: int, of: int) -> None:
        """Report that ``done`` of ``of`` pieces of a stage are finished, and stop here if the run is cancelled."""
        stop_if_cancelled()
        now = time.monotonic()
        spent_s = now - self._began.setdefault(what, now)
        self.progress(Step(what, done, of, spent_s * (of - done) / done if done else None))

    def on(self, threads: int | None) -> Run:
        """Return the same run, with its draws and its memo, on so many threads."""
        other = copy(self)
        object.__setattr__(other, "threads", threads)
        return other


def stoppable(study: Callable[P, T]) -> Callable[P, T]:
    """Let a study, a function that is given a run, stop when that run is cancelled."""

    @wraps(study)
    def heeded(*args: P.args, **kwargs: P.kwargs) -> T:
        run = next(given for given in chain(args, kwargs.values()) if isinstance(given, Run))
        with heeding(run.cancel):
            stop_if_cancelled()
            return study(*args, **kwargs)

    return heeded
