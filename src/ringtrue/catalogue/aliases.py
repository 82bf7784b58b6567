"""Everyday words for target classes and systems: what a reader types before knowing any ID."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

EVERYDAY_TARGETS = {
    "drone": "one-way-uav",
    "drones": "one-way-uav",
    "shahed": "one-way-uav",
    "uav": "male-uav",
    "fighter": "f-16",
    "fighters": "f-16",
    "jet": "f-16",
    "stealth": "f-35",
    "bombers": "bomber",
    "tanker": "bomber",
    "cruise": "cruise-missile",
    "cruise missile": "cruise-missile",
    "kalibr": "cruise-missile",
    "ballistic": "srbm",
    "ballistic missile": "srbm",
    "iskander": "srbm",
    "scud": "scud-b",
}
EVERYDAY_SYSTEMS = {
    "patriot": "patriot-battery",
    "hawk": "i-hawk",
    "iris-t": "iris-t-slm",
    "s-300": "s-300pmu2",
    "siper": "siper-1",
    "hisar": "hisar-o",
    "aster": "samp-t",
    "samp/t": "samp-t",
}


def id_of(word: str, known: Iterable[str], everyday: Mapping[str, str]) -> str:
    """Return the ID that a word means: an ID in any letters, or an everyday word; else the word as it stands.

    A catalogue that has the word for an ID means its own.

    Examples
    --------
    >>> id_of("F-16", ["f-16"], EVERYDAY_TARGETS), id_of("Drone", ["one-way-uav"], EVERYDAY_TARGETS)
    ('f-16', 'one-way-uav')
    >>> id_of("drone", ["drone", "one-way-uav"], EVERYDAY_TARGETS), id_of("f-17", ["f-16"], EVERYDAY_TARGETS)
    ('drone', 'f-17')
    """
    ids = {name.casefold(): name for name in known}
    folded = " ".join(word.casefold().split())
    return ids.get(folded) or ids.get(everyday.get(folded, "")) or word
