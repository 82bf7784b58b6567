"""How much memory this process may still take."""

from __future__ import annotations

import sys
from pathlib import Path

UNKNOWN_BYTES = sys.maxsize


def free_bytes() -> int:
    """Return the memory to spare [byte]: of the machine, of the container, and under the limit of the process.

    A machine that does not tell counts as having all that could be wanted.
    """
    return max(0, min(_machine(), _container(), _process()))


def _machine() -> int:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, ValueError, StopIteration):
        return UNKNOWN_BYTES


def _container() -> int:
    folder = Path("/sys/fs/cgroup")
    try:
        used = int((folder / "memory.current").read_text())
        notes = dict(line.split() for line in (folder / "memory.stat").read_text().splitlines())
        return int((folder / "memory.max").read_text()) - used + int(notes.get("inactive_file", 0))
    except (OSError, ValueError):
        return UNKNOWN_BYTES


def _process() -> int:
    try:
        import resource

        limit = resource.getrlimit(resource.RLIMIT_AS)[0]
        if limit in (resource.RLIM_INFINITY, -1):
            return UNKNOWN_BYTES
        used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    except (ImportError, OSError, ValueError):
        return UNKNOWN_BYTES
    return limit - used
