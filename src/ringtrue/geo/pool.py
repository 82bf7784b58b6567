"""One thread pool for compiled kernels that release the interpreter lock."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from functools import lru_cache
from typing import TYPE_CHECKING

from ringtrue.cancel import heeded, heeding, stop_if_cancelled

if TYPE_CHECKING:
    from collections.abc import Callable


def available_threads() -> int:
    """Return the number of processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


_worker = threading.local()


def _enter_pool() -> None:
    _worker.is_one = True


@lru_cache(maxsize=4)
def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=threads, thread_name_prefix="ringtrue", initializer=_enter_pool)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.cache_clear)  # a fork has the pool, but none of its threads


def run_blocks(function: Callable[[int], None], n_blocks: int, threads: int | None = None) -> None:
    """Call ``function(i)`` once for each block ``i`` in ``range(n_blocks)``.

    Parameters
    ----------
    function : callable
        Works on one block, and writes only to what belongs to that block, so that the result does not depend on how the
        blocks are handed out. What it calls may call ``run_blocks`` only with ``threads=1``.
    n_blocks : int
        Number of blocks.
    threads : int, optional
        Threads to use; all cores of this process when left out, and the calling thread alone when 1.

    Raises
    ------
    RuntimeError
        Called with several threads from within a block: the threads would wait for themselves.
    Cancelled
        The flag that the calling thread heeds was put up: no further block begins.
    Exception
        Whatever ``function`` raised first, by block number; no block is left running.

    Examples
    --------
    >>> done = [0] * 4
    >>> run_blocks(lambda i: done.__setitem__(i, i * i), 4, threads=2)
    >>> done
    [0, 1, 4, 9]
    """
    threads = available_threads() if threads is None else max(1, threads)
    if threads == 1 or n_blocks <= 1:
        for i_block in range(n_blocks):
            stop_if_cancelled()
            function(i_block)
        return
    if getattr(_worker, "is_one", False):
        msg = "run_blocks was called with several threads from within one of its own blocks; give threads=1 there"
        raise RuntimeError(msg)
    cancel = heeded()

    def block(i_block: int) -> None:
        with heeding(cancel):
            stop_if_cancelled()
            function(i_block)

    pool = _pool(threads)
    blocks = [pool.submit(block, i_block) for i_block in range(n_blocks)]
    try:
        for one in blocks:
            one.result()
    except BaseException:
        for one in blocks:
            one.cancel()
        wait(blocks)
        raise
