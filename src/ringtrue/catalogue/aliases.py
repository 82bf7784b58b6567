"""Everyday words for target classes: what a reader types before knowing any ID."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringtrue.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable

EVERYDAY_TARGETS = {
    "drone": "one-way-uav",
    "drones": "one-way-uav",
    "shahed": "one-way-uav",
    "fighter": "f-16",
    "tanker": "bomber",
    "cruise": "cruise-missile",
    "cruise missile": "cruise-missile",
    "ballistic": "srbm",
    "ballistic missile": "srbm",
}


def target_named(word: str, known: Iterable[str]) -> str:
    """Return the ID of the target class that a word means: an ID in any letters, or an everyday word.

    Raises
    ------
    InputError
        Neither; the text names the nearest one.

    Examples
    --------
    >>> target_named("F-16", ["f-16", "one-way-uav"]), target_named("drone", ["f-16", "one-way-uav"])
    ('f-16', 'one-way-uav')
    """
    ids = {name.casefold(): name for name in known}
    folded = word.strip().casefold()
    meant = ids.get(folded) or ids.get(EVERYDAY_TARGETS.get(folded, ""))
    if meant is None:
        near = did_you_mean(word, [*ids.values(), *EVERYDAY_TARGETS])
        msg = f"target {word!r} is not in the catalogue{near}; list the targets with: ringtrue catalogue list"
        raise InputError(msg)
    return meant
