"""What a scenario's doctrine says about identification, laid over what the class's own record says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringtrue.catalogue.records import Parameter, TargetClass
    from ringtrue.scenario.records import Doctrine


ABOUT_THE_ASKED = {
    "identification_delay_s": "identification_delay_s",
    "p_hostile_taken_for_friendly": "p_taken_for_friendly",
}
"""Rule of the doctrine → figure of a class that is asked who it is, in whose place it stands."""
ABOUT_FRIENDS = {
    "p_friendly_taken_for_hostile": "p_taken_for_hostile",
    "p_friendly_taken_for_hostile_shared": "p_taken_for_hostile_shared",
}
"""The same of friends of every class."""


def under_doctrine(target: TargetClass[Parameter], doctrine: Doctrine) -> TargetClass[Parameter]:
    """Return the class with the delay and the errors of identification that hold in a scenario.

    Parameters
    ----------
    target : TargetClass
        A class as the catalogue has it.
    doctrine : Doctrine
        Its ``identification_delay_s`` and ``p_hostile_taken_for_friendly`` take the place of the record's for every
        class that is asked who it is: aircraft, cruise missiles, drones. A ballistic arc tells itself, whatever the
        rule for asking, and keeps what its record says. The two errors about friends hold for friends of every class.

    Examples
    --------
    >>> from ringtrue.catalogue.load import load_catalogue
    >>> from ringtrue.scenario.load import load_scenario
    >>> doctrine = load_scenario("minimal", ["doctrine.identification_delay=0 s"]).doctrine
    >>> targets = load_catalogue().targets
    >>> [under_doctrine(targets[name], doctrine).identification_delay_s.printed for name in ("f-16", "srbm")]
    ['0 s', '0 / 1 / 3 s']
    """
    rules: Mapping[str, str] = ABOUT_FRIENDS if target.kind == "ballistic" else ABOUT_THE_ASKED | ABOUT_FRIENDS
    given = {figure: getattr(doctrine, rule) for rule, figure in rules.items()}
    return replace(target, **{figure: rule for figure, rule in given.items() if rule is not None})
