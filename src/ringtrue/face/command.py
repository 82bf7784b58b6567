"""The command line that asks a question again: every value that is not left out, quoted as a shell wants it."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ringtrue.face.table import Option, Study

NEVER_MATTER = {"threads", "chunks"}
ALWAYS_SAID = {"seed", "draws", "points", "replications"}


class NotOfTheShellError(TypeError):
    """A value that only a notebook can give."""


def command_line(study: Study, values: Mapping[str, Any]) -> str:
    """Return the command that asks a study with these values again; empty where a notebook gave it a record.

    >>> from ringtrue.face.table import study_named
    >>> given = {"scenario": "my deal.toml", "seed": 2, "draws": 20, "raids": ("drones", "mixed"), "dem": "none"}
    >>> command_line(study_named("engage"), given)
    "ringtrue engage 'my deal.toml' --raid drones,mixed --dem none --seed 2 --draws 20"
    """
    words = ["ringtrue", study.name]
    try:
        for option in study.asked_with:
            if option.name not in NEVER_MATTER and option.name in values:
                words += _words(option, values[option.name])
    except NotOfTheShellError:
        return ""
    return shlex.join(words)


def _words(option: Option, value: Any) -> list[str]:
    is_usual = value is None or value is False or value == () or value == option.default
    if is_usual and (option.name not in ALWAYS_SAID or value is None):
        return []
    if option.kind == "switch":
        return [option.flag]
    texts = WRITERS.get(option.kind, _one)(value)
    return [word for text in texts for word in (([option.flag] if option.flag else []) + [text])]


def _one(value: Any) -> list[str]:
    if not isinstance(value, (str, int, Path)):
        raise NotOfTheShellError
    return [str(value)]


def _each(value: Any) -> list[str]:
    return [text for item in value for text in _one(item)]


def _list(value: Any) -> list[str]:
    return [",".join(_each(value))]


def _levels(value: Any) -> list[str]:
    """Return altitudes as they were written where flight levels are among them, which the answer owns up to."""
    return [text.replace(" ", "") for text in value.written] if getattr(value, "said", ()) else []


def _exact(value: float) -> str:
    return repr(float(value)).removesuffix(".0")


WRITERS: dict[str, Callable[[Any], list[str]]] = {
    "systems": _each, "paths": _each, "changes": _each, "targets": _list, "words": _list, "choices": _list,
    "site": lambda value: [getattr(value, "name", "") or ",".join(map(_exact, value))],
    "lengths": lambda value: [",".join(_levels(value) or (f"{_exact(m)}m" for m in value))],
    "length": lambda value: [f"{_exact(value)}m"], "ground": lambda value: [f"{_exact(value)}m"],
    "degrees": lambda value: [_exact(value)], "number": lambda value: [_exact(value)],
}  # fmt: skip
