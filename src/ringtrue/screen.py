"""What the commands put on the screen: answers on stdout, progress on stderr."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


def print_json(record: dict[str, Any]) -> None:
    """Print one JSON object on one line."""
    import json

    sys.stdout.write(json.dumps(record, ensure_ascii=False, allow_nan=False, separators=(", ", ": ")) + "\n")


def say(lines: Sequence[str]) -> None:
    """Print lines of text."""
    sys.stdout.write("\n".join(lines) + "\n")


class Progress:
    """Progress on stderr: a bar on a terminal, one line per stage elsewhere, nothing when quiet."""

    def __init__(self, quiet: bool = False) -> None:
        self._quiet = quiet
        self._stage = ""
        self._bar: Any = None
        self._task: Any = None

    def __call__(self, what: str, done: int, of: int) -> None:
        """Report that ``done`` of ``of`` steps of a stage are finished."""
        if self._quiet:
            return
        if not sys.stderr.isatty():
            if what != self._stage:
                sys.stderr.write(f"{what} ...\n")
                sys.stderr.flush()
                self._stage = what
            return
        if self._bar is None:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

            self._bar = Progress(
                TextColumn("{task.description:<32}"), BarColumn(), TimeElapsedColumn(),
                console=Console(stderr=True), transient=True,
            )  # fmt: skip
            self._bar.start()
        if what != self._stage:
            self._stage = what
            self._task = self._bar.add_task(what, total=max(of, 1))
        self._bar.update(self._task, completed=done, total=max(of, 1))

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
