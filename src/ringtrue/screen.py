"""What the commands put on the screen: answers on stdout, progress on stderr."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING, Any

from ringtrue.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from ringtrue.sensing.run import Step


def print_json(record: dict[str, Any]) -> None:
    """Print one JSON object on one line."""
    import json

    _print(json.dumps(record, ensure_ascii=False, allow_nan=False, separators=(", ", ": ")) + "\n")


def say(lines: Sequence[str]) -> None:
    """Print lines of text."""
    _print("\n".join(lines) + "\n")


def _print(text: str) -> None:
    """Print now. Where nobody reads on (``| head -1``) the rest goes nowhere, and the command keeps its exit code.

    Raises
    ------
    InputError
        What stdout is directed to takes no more, as on a full disk.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        to_nowhere(sys.stdout)
    except OSError as error:
        to_nowhere(sys.stdout)
        msg = f"stdout: cannot be written ({error.strerror}); direct it to a place with room"
        raise InputError(msg) from error


def to_nowhere(stream: TextIO) -> None:
    """Direct a stream to the null device, so that what it still holds troubles nobody."""
    with contextlib.suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)


def note(text: str) -> None:
    """Write to stderr, or not at all where that is closed or full."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        to_nowhere(sys.stderr)


class Progress:
    """Progress on stderr: a bar on a terminal, one line per stage elsewhere, nothing when quiet."""

    def __init__(self, quiet: bool = False) -> None:
        self._quiet = quiet
        self._stage = ""
        self._bar: Any = None
        self._task: Any = None

    def __call__(self, step: Step) -> None:
        """Report how far a stage is."""
        if self._quiet:
            return
        what, done, of, left_s = step
        if not sys.stderr.isatty():
            if what != self._stage:
                note(f"{what} ...\n")
                self._stage = what
            return
        if self._bar is None:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

            self._bar = Progress(
                TextColumn("{task.description:<32}"), BarColumn(), TimeElapsedColumn(),
                TextColumn("{task.fields[left]}"), console=Console(stderr=True), transient=True,
            )  # fmt: skip
            self._bar.start()
        if what != self._stage:
            self._stage = what
            self._task = self._bar.add_task(what, total=max(of, 1), left="")
        left = "" if left_s is None else f"{left_s:.0f} s left"
        self._bar.update(self._task, completed=done, total=max(of, 1), left=left)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
