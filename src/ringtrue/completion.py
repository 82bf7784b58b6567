"""What the Tab key offers: the script for a shell, and the names that fit what is half typed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ringtrue.face.table import Kind, Option

SHELLS = ("bash", "zsh", "fish")
PROGRAM = "ringtrue"
ASKED_BY = "_RINGTRUE_COMPLETE"
MOST_PLACES = 40


def completion_script(shell: str) -> str:
    """Return the script that makes a shell ask the program what completes a word.

    >>> "ringtrue" in completion_script("bash")
    True
    """
    from typer.completion import get_completion_script  # type: ignore[attr-defined]

    made: str = get_completion_script(prog_name=PROGRAM, complete_var=ASKED_BY, shell=shell)
    return made


def offer(command: Any) -> int:
    """Answer the shell that asks what completes a word; return the exit code that it waits for."""
    from typer.completion import completion_init, shell_complete  # type: ignore[attr-defined]

    completion_init()
    return int(shell_complete(command, {}, PROGRAM, ASKED_BY, os.environ[ASKED_BY]))


def completed(option: Option) -> Callable[[str], list[str]] | None:
    """Return what completes a value of an option; None where there is no list of its values."""
    names = (lambda _begun: option.among) if option.among else NAMES.get(option.kind)
    if names is None:
        return None

    def complete(incomplete: str) -> list[str]:
        """Complete the last word of a list; words before its comma stay."""
        before, comma, begun = incomplete.rpartition(",") if option.takes_several else ("", "", incomplete)
        fitting: Iterable[str] = names(begun)
        if option.kind != "site":
            fitting = sorted(name for name in fitting if name.casefold().startswith(begun.casefold()))
        return [f"{before}{comma}{name}" for name in fitting]

    return complete


def _systems(begun: str) -> Iterable[str]:
    from ringtrue.catalogue.aliases import EVERYDAY_SYSTEMS
    from ringtrue.catalogue.load import load_catalogue

    return {*load_catalogue().systems, *EVERYDAY_SYSTEMS, *_scenarios(begun)}


def _targets(_begun: str) -> Iterable[str]:
    from ringtrue.catalogue.aliases import EVERYDAY_TARGETS
    from ringtrue.catalogue.load import load_catalogue

    return {*load_catalogue().targets, *(word for word in EVERYDAY_TARGETS if " " not in word)}


def _scenarios(_begun: str) -> Iterable[str]:
    from ringtrue.scenario.load import shipped_scenarios

    return shipped_scenarios()


def _places(begun: str) -> Iterable[str]:
    """Return the largest places whose name begins so, the letters that are typed kept and no space in them."""
    from ringtrue.geo.gazetteer import places_that_begin

    found = places_that_begin(begun, MOST_PLACES) if begun else []
    return [begun + name[len(begun) :].replace(" ", "-") for name in found]


NAMES: dict[Kind, Callable[[str], Iterable[str]]] = {
    "systems": _systems, "targets": _targets, "scenario": _scenarios, "site": _places
}  # fmt: skip
