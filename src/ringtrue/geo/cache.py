"""A store of arrays on disk under content keys, and a small one in memory.

Nothing in the disk store is needed: an entry that is missing or odd in any way is computed again. The store touches no
file but its own, whose names are 32 hexadecimal digits and ``.npz``.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import threading
import time
from collections import OrderedDict
from hashlib import blake2b, sha256
from typing import TYPE_CHECKING, Any, NamedTuple
from zipfile import ZIP_STORED, ZipFile
from zlib import crc32

import numpy as np

from ringtrue.errors import InputError
from ringtrue.geo.folders import cache_dir
from ringtrue.whole import PART_NAME, whole_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from io import BufferedReader
    from pathlib import Path
    from typing import BinaryIO

    from numpy.typing import NDArray

DISK_LIMIT_BYTES = 2_000_000_000
MEMORY_LIMIT_BYTES = 700_000_000
DIGEST_BYTES = 16
DIGEST = "digest"
HEADERS_BYTES = 65_536
LOCAL_HEADER_BYTES = 30
STALE_AFTER_S = 86_400.0

_KEY = re.compile(r"[0-9a-f]{32}")
_OWN_NAME = re.compile(r"[0-9a-f]{32}\.npz")
_PART_NAME = re.compile(PART_NAME)


class Stored(NamedTuple):
    """What a reader expects of one array: its shape, its type as NumPy writes it ("<f4"), and whether nan may occur."""

    shape: tuple[int, ...]
    dtype: str
    may_be_nan: bool = False


def content_key(*parts: object) -> str:
    """Return the key of something made from ``parts``, whose ``repr`` says all there is to say about them.

    >>> content_key("sweep", 1, 25.0) == content_key("sweep", 1, 25.0) != content_key("sweep", 1, 25.5)
    True
    """
    return sha256("\x1f".join(map(repr, parts)).encode()).hexdigest()[:32]


def _entry(key: str) -> Path | None:
    if not _KEY.fullmatch(key):
        msg = f"{key!r} is no key of the store; 32 hexadecimal digits are wanted, as content_key gives them"
        raise InputError(msg)
    folder = cache_dir()
    return None if folder is None else folder / f"{key}.npz"


def load_arrays(
    key: str, expected: Mapping[str, Stored], is_sound: Callable[[dict[str, Any]], bool] | None = None
) -> dict[str, Any] | None:
    """Return the arrays stored under ``key``, or None when there are none that are what the reader expects.

    Parameters
    ----------
    key : str
        32 hexadecimal digits, of ``content_key``.
    expected : mapping
        Every array by name: shape, type, whether nan may occur. Infinite values never may.
    is_sound : callable, optional
        Says of the arrays together whether they can be right.

    Raises
    ------
    InputError
        ``key`` is no key.

    Notes
    -----
    An entry carries a digest of its key, names, types, shapes and bytes: one that was cut, overwritten, edited or
    copied from another key is not taken. Links are not followed; of pipes, devices and folders nothing is read.
    """
    path = _entry(key)
    if path is None:
        return None
    try:
        arrays = _read(path, key, expected)
    except Exception:  # whatever a foreign or damaged file makes the readers raise
        return None
    if is_sound is not None and not is_sound(arrays):
        return None
    with contextlib.suppress(OSError):
        os.utime(path)
    return arrays


def _read(path: Path, key: str, expected: Mapping[str, Stored]) -> dict[str, Any]:
    """Read an entry; any exception says that it is not what was expected."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        status = os.fstat(file.fileno())
        wanted_bytes = sum(int(np.prod(one.shape)) * np.dtype(one.dtype).itemsize for one in expected.values())
        if not stat.S_ISREG(status.st_mode) or not 0 <= status.st_size - wanted_bytes <= HEADERS_BYTES:
            raise ValueError
        with ZipFile(file) as archive:
            arrays = {name: _member(file, archive, name, wanted) for name, wanted in expected.items()}
            digest = _member(file, archive, DIGEST, Stored((DIGEST_BYTES,), "|u1"))
    if digest.tobytes() != _digest(key, arrays):
        raise ValueError
    for name, wanted in expected.items():
        is_float = arrays[name].dtype.kind == "f"
        if is_float and not (np.isfinite(arrays[name]) | (wanted.may_be_nan & np.isnan(arrays[name]))).all():
            raise ValueError
    return arrays


def _member(file: BufferedReader, archive: ZipFile, name: str, wanted: Stored) -> NDArray[Any]:
    """One array of an entry, read to where it will stay; its header is looked at before any room is made for it."""
    told = archive.getinfo(f"{name}.npy")
    file.seek(told.header_offset)
    local = file.read(LOCAL_HEADER_BYTES)
    n_name, n_extra = int.from_bytes(local[26:28], "little"), int.from_bytes(local[28:30], "little")
    if told.compress_type != ZIP_STORED or file.read(n_name + n_extra)[:n_name] != told.filename.encode():
        raise ValueError
    first = file.tell()
    if np.lib.format.read_magic(file) != (1, 0):
        raise ValueError
    if np.lib.format.read_array_header_1_0(file) != (wanted.shape, False, np.dtype(wanted.dtype)):
        raise ValueError
    array = np.empty(wanted.shape, wanted.dtype)
    if file.tell() - first + array.nbytes != told.file_size or file.readinto(array.data.cast("B")) != array.nbytes:
        raise ValueError
    return array


def _digest(key: str, arrays: Mapping[str, NDArray[Any]]) -> bytes:
    digest = blake2b(key.encode(), digest_size=DIGEST_BYTES)
    for name in sorted(arrays):
        array = arrays[name]
        digest.update(repr((name, array.dtype.str, array.shape, crc32(array.data))).encode())
    return digest.digest()


def store_arrays(key: str, arrays: Mapping[str, Any], limit_bytes: int = DISK_LIMIT_BYTES) -> None:
    """Store arrays under ``key``, whole or not at all; the entries longest unused make room.

    A folder that cannot be written to and a full disk are no errors: the next run computes again.

    Raises
    ------
    InputError
        ``key`` is no key.
    """
    path = _entry(key)
    if path is None:
        return
    whole = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    digest = np.frombuffer(_digest(key, whole), dtype=np.uint8)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path, is_synced=False) as file:
            _write(file, {**whole, DIGEST: digest})
            size = file.tell()
        _keep_within(path.parent, limit_bytes, size)


def _write(file: BinaryIO, arrays: dict[str, Any]) -> None:
    np.savez(file, allow_pickle=False, **arrays)


_room: dict[tuple[Path, int], int] = {}  # bytes that may still come into a folder before it is counted again


def _keep_within(folder: Path, limit_bytes: int, size: int) -> None:
    """Count the folder when it may have grown over its limit, at the first entry and again after as much as had room.

    What other processes write meanwhile is seen at the next count.
    """
    room = _room.get((folder, limit_bytes), 0) - size
    _room[folder, limit_bytes] = room if room >= 0 else _make_room(folder, limit_bytes)


def _make_room(folder: Path, limit_bytes: int) -> int:
    """Return how much room there is, made where there is none.

    The store's own entries go, the longest unused first, and parts that a killed process left a day ago.
    """
    entries = []
    for path in folder.iterdir():
        with contextlib.suppress(OSError):
            status = path.lstat()
            if not stat.S_ISREG(status.st_mode):
                continue
            if _OWN_NAME.fullmatch(path.name):
                entries.append((status.st_mtime_ns, path, status.st_size))
            elif _PART_NAME.fullmatch(path.name) and status.st_mtime < time.time() - STALE_AFTER_S:
                path.unlink()
    total = sum(size for _, _, size in entries)
    for _, path, size in sorted(entries):
        if total <= limit_bytes:
            break
        with contextlib.suppress(OSError):
            path.unlink()
            total -= size
    return limit_bytes - total


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
