"""A store of arrays on disk under content keys, and a small one in memory.

Nothing in the disk store is needed: an entry that is missing, cut short or otherwise unreadable is computed again.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import threading
from collections import OrderedDict
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

DISK_LIMIT_BYTES = 2_000_000_000
MEMORY_LIMIT_BYTES = 700_000_000


def cache_dir() -> Path:
    """Return the folder of the disk store: ``$RINGTRUE_CACHE``, else ``ringtrue`` in the XDG cache folder."""
    chosen = os.environ.get("RINGTRUE_CACHE")
    if chosen:
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ringtrue"


def content_key(*parts: object) -> str:
    """Return the key of something made from ``parts``, whose ``repr`` says all there is to say about them.

    >>> content_key("sweep", 1, 25.0) == content_key("sweep", 1, 25.0) != content_key("sweep", 1, 25.5)
    True
    """
    return sha256("\x1f".join(map(repr, parts)).encode()).hexdigest()[:32]


def load_arrays(key: str) -> dict[str, Any] | None:
    """Return the arrays stored under ``key``, or None when there are none that can be read."""
    path = cache_dir() / f"{key}.npz"
    try:
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
    except FileNotFoundError:
        return None
    except (OSError, ValueError, EOFError, KeyError, BadZipFile):
        with contextlib.suppress(OSError):
            path.unlink()
        return None
    with contextlib.suppress(OSError):
        os.utime(path)
    return arrays


def store_arrays(key: str, arrays: dict[str, Any], limit_bytes: int = DISK_LIMIT_BYTES) -> None:
    """Store arrays under ``key``: written beside, synced, then renamed; the entries longest unused make room.

    A folder that cannot be written to is no error: the next run computes again.
    """
    folder = cache_dir()
    temporary = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=f"{key}-", suffix=".part", delete=False) as file:
            temporary = Path(file.name)
            np.savez(file, allow_pickle=False, **arrays)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(folder / f"{key}.npz")
        _make_room(folder, limit_bytes)
    except OSError:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink()


def _make_room(folder: Path, limit_bytes: int) -> None:
    entries = []
    for path in folder.glob("*.npz"):
        with contextlib.suppress(OSError):
            status = path.stat()
            entries.append((status.st_mtime_ns, path.name, status.st_size))
    total = sum(size for _, _, size in entries)
    for _, name, size in sorted(entries):
        if total <= limit_bytes:
            return
        with contextlib.suppress(OSError):
            (folder / name).unlink()
        total -= size


class MemoryStore:
    """Arrays kept in memory by key up to a limit in bytes; the one longest unused goes first. Safe between threads."""

    def __init__(self, limit_bytes: int = MEMORY_LIMIT_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._lock = threading.Lock()
        self._arrays: OrderedDict[object, Any] = OrderedDict()

    def get_or_make(self, key: object, make: Callable[[], Any]) -> Any:
        """Return the array under ``key``, made by ``make()`` when it is not there."""
        with self._lock:
            if key in self._arrays:
                self._arrays.move_to_end(key)
                return self._arrays[key]
        made = make()
        with self._lock:
            self._arrays[key] = made
            while len(self._arrays) > 1 and sum(array.nbytes for array in self._arrays.values()) > self._limit_bytes:
                self._arrays.popitem(last=False)
        return made
