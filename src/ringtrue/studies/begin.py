"""Beginnings of files that a user writes: commented, and they run as they stand."""

from __future__ import annotations

import shlex
from importlib import resources
from typing import TYPE_CHECKING

from ringtrue.errors import InputError, did_you_mean
from ringtrue.whole import write_new

if TYPE_CHECKING:
    from pathlib import Path

RUN_WITH = {"scenario": ("engage", "compare", "network", "audit"), "claims": ("claims",)}


def begin(kind: str, path: Path) -> list[str]:
    """Write a beginning and return what to do with it.

    Parameters
    ----------
    kind : str
        "scenario" or "claims".
    path : Path
        A file that is not there yet; its name ends in ``.toml``, so that every command takes it for a path.

    Raises
    ------
    InputError
        Another kind or ending, a file that is there already, or one that cannot be written.
    """
    if kind not in RUN_WITH:
        hint = did_you_mean(kind, RUN_WITH)
        more = "; a system is begun with: ringtrue catalogue new ID --like nasams" if kind == "catalogue" else hint
        msg = f"{kind!r} is no kind of file that can be begun{more}; there are: {', '.join(RUN_WITH)}"
        raise InputError(msg)
    if path.suffix != ".toml":
        msg = f"{path}: does not end in .toml, and no command would take it for a file; write {path}.toml"
        raise InputError(msg)
    write_new(path, text_of(kind))
    name = shlex.quote(str(path))
    return [f"Wrote {path}. Run it at once:", *(f"  ringtrue {command} {name}" for command in RUN_WITH[kind])]


def text_of(kind: str) -> str:
    """Return the text of a beginning."""
    return (resources.files("ringtrue.studies") / "beginnings" / f"{kind}.toml").read_text(encoding="utf-8")
