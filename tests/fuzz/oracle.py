"""What must hold whatever comes in: read or refused in one sentence, no hang, nothing written outside the workspace."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ringtrue.errors import MOST_BELOW, RingTrueError, lines_below

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

LONGEST_S = 10
LONGEST_SENTENCE = 2_000
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGING = {"os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod"}
RUNNING = {
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "subprocess.Popen",
    "socket.connect",
    "socket.getaddrinfo",
}

_allowed: tuple[str, ...] = ()
_outside: list[str] = []
_is_hooked = False


class HangError(Exception):
    """More than ten seconds of processor time on one input."""


@contextmanager
def no_hang(seconds: float = LONGEST_S) -> Iterator[None]:
    """Raise where the block takes more than so much processor time."""

    def stop(_number: int, _frame: object) -> None:
        raise HangError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.signal(signal.SIGPROF, before)


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if not _allowed:
        return
    if event in RUNNING:
        _outside.append(f"{event} {arguments[:1]}")
    elif (event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITING) or event in CHANGING:
        first, last = {"os.rename": (0, 2), "os.link": (1, 2), "os.symlink": (1, 2)}.get(event, (0, 1))
        for path in arguments[first:last]:
            if isinstance(path, (str, bytes, os.PathLike)):
                whole = os.path.abspath(os.fsdecode(path))  # noqa: PTH100 links are not to be followed
                if not whole.startswith(_allowed) and "__pycache__" not in whole and whole != os.devnull:
                    _outside.append(f"{event} {whole}")


@contextmanager
def nothing_outside(workspace: Path) -> Iterator[None]:
    """Raise where the block writes, deletes, runs or calls anything outside the workspace (compiled code excepted)."""
    global _allowed, _is_hooked
    if not _is_hooked:
        sys.addaudithook(_watch)
        _is_hooked = True
    _outside.clear()
    _allowed = (str(workspace.resolve()), str(workspace))
    try:
        yield
    finally:
        _allowed = ()
    assert not _outside, _outside[:3]


def read_or_refused(read: Callable[[Any], Any], given: Any) -> bool:
    """Return whether the input was read; False where it was refused in one sentence. Anything else is a finding."""
    try:
        with no_hang():
            read(given)
    except RingTrueError as error:
        below = lines_below(error)
        assert len(below) <= MOST_BELOW + 1, given
        for text in (str(error), *below):
            check_sentence(text, given)
        return False
    except Exception as error:
        raise AssertionError(f"{type(error).__name__}: {error} for {given!r}"[:3000]) from error
    return True


def check_sentence(text: str, given: Any) -> None:
    """A refusal is one line of visible characters that is not too long to be read."""
    assert text.strip(), f"says nothing about {given!r}"
    assert len(text) <= LONGEST_SENTENCE, f"{len(text)} characters about {given!r}"[:3000]
    assert "\n" not in text, f"{text!r} about {given!r}"[:3000]
    assert "Traceback" not in text
