"""Stopping work from another thread: a flag, who heeds it, and what is raised where it is found up.

Work that can be stopped asks `stop_if_cancelled` between its pieces. `geo.pool.run_blocks` does so before each block,
on every thread of its pool, so that a loop driven by it needs no line of its own.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Cancelled(BaseException):
    """The work was told to stop and did; nothing half-written is left.

    No `Exception`, so that nobody who mends errors takes it for one and goes on.
    """

    def __init__(self) -> None:
        super().__init__("stopped as asked; nothing half-written is left behind")


class Cancel:
    """A flag that any thread may put up, once and for good.

    Examples
    --------
    >>> cancel = Cancel()
    >>> cancel.set()
    >>> with heeding(cancel):
    ...     stop_if_cancelled()
    Traceback (most recent call last):
    ringtrue.cancel.Cancelled: stopped as asked; nothing half-written is left behind
    """

    __slots__ = ("_flag",)

    def __init__(self) -> None:
        self._flag = threading.Event()

    def set(self) -> None:
        """Tell the work to stop."""
        self._flag.set()

    @property
    def is_set(self) -> bool:
        """Whether the work was told to stop."""
        return self._flag.is_set()


_here = threading.local()


def heeded() -> Cancel | None:
    """Return the flag that the work of this thread heeds; None: it cannot be stopped."""
    found: Cancel | None = getattr(_here, "cancel", None)
    return found


@contextmanager
def heeding(cancel: Cancel | None) -> Iterator[None]:
    """Let the work of this thread, and of the blocks it hands out, stop when the flag goes up."""
    before = heeded()
    _here.cancel = cancel
    try:
        yield
    finally:
        _here.cancel = before


def stop_if_cancelled() -> None:
    """Raise `Cancelled` where the flag that this thread heeds is up."""
    cancel = heeded()
    if cancel is not None and cancel.is_set:
        raise Cancelled
