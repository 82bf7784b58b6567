"""What could come to be known together: an inspection, a contract, a survey, a measured echo, read off addresses.

Which figures somebody would learn follows from the record that they stand in and the field of it that they fill; no
figure is listed by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ringtrue.sensing.chain import find_system
from ringtrue.sensing.ledger import FLIGHT_TIME_DOUBT, GROUND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ringtrue.catalogue.records import Catalogue
    from ringtrue.sensing.ledger import Candidate

    Settles = Callable[[str], bool]

OF_A_SYSTEM = ("radar.", "interceptor.", "launcher.", "fire-unit.", "system.")
OF_THE_ECHO = ".decorrelation"  # a radar's figure in the tables, but a property of the target's echo
OF_A_CONTRACT = ("launchers", "rounds", "interceptors", "fire_units", "price")
OF_A_FLIGHT = ("speed", "usual_height", "apogee", "range", "climb_rate")
WHOLE, RADAR = "system", "radar"


class Knowledge(NamedTuple):
    """Something that could come to be known, and the streams that it would settle.

    ``words`` finish the sentence "suppose that one could …"; ``system`` is the name of the system that an inspection
    looks into, empty for all else.
    """

    id: str
    words: str
    streams: tuple[str, ...]
    system: str = ""


def is_own_figure(address: str) -> bool:
    """Whether a figure is one of a system itself: of its radars, interceptors, launchers, fire unit.

    >>> is_own_figure("radar.92n6e.slew"), is_own_figure("radar.92n6e.decorrelation"), is_own_figure("target.f-16.rcs")
    (True, False, False)
    """
    return address.startswith(OF_A_SYSTEM) and not address.endswith(OF_THE_ECHO)


def is_own(candidate: Candidate) -> bool:
    """Whether what was drawn is a figure of a system itself.

    Terrain is not (an inspection moves no hill), nor is anything of the target: echo, speed, identification.
    """
    return _settles(is_own_figure, candidate)


def knowledge_of(
    candidates: Sequence[Candidate], catalogue: Catalogue, systems: Iterable[str]
) -> tuple[Knowledge, ...]:
    """Return what could come to be known together of an answer, the groups that would settle nothing included.

    Parameters
    ----------
    candidates : sequence of Candidate
        Streams that the answer reads.
    systems : iterable of str
        Systems of the laydowns, with their fits: ``s-400-tr:48n6e3``.
    """
    groups = [
        (Knowledge(name, words, (), system), settled)
        for name, words, system, settled in _inspections(catalogue, systems)
    ]
    groups += [(Knowledge(name, words, ()), settled) for name, words, settled in _OTHERS]
    found = [
        group._replace(streams=tuple(c.name for c in candidates if _settles(settled, c))) for group, settled in groups
    ]
    ground = tuple(c.name for c in candidates if c.name == GROUND)
    return (*found, Knowledge("survey", "survey the ground around the sites", ground))


def _settles(settled: Settles, candidate: Candidate) -> bool:
    return candidate.name != GROUND and any(settled(figure) for figure in candidate.figures)


def _inspections(catalogue: Catalogue, systems: Iterable[str]) -> list[tuple[str, str, str, Settles]]:
    """For each kind of fire unit: everything of it, then its radars one by one."""
    sections: dict[str, dict[str, None]] = {}
    names, radars_of = {}, {}
    for system_id in systems:
        system, fit = find_system(catalogue, system_id)
        unit = catalogue.fire_units[system.fire_unit]
        radars = [catalogue.radars[r] for r in dict.fromkeys((unit.engagement_radar, unit.acquisition_radar)) if r]
        names[unit.id], radars_of[unit.id] = system.name.partition(",")[0], radars
        sections.setdefault(unit.id, {}).update(
            dict.fromkeys(
                (
                    f"fire-unit.{unit.id}.", f"launcher.{unit.launcher}.", f"system.{system.id}.",
                    *(f"{RADAR}.{radar.id}." for radar in radars), *(f"interceptor.{i}." for i in unit.fits[fit]),
                )
            )
        )  # fmt: skip
    found = []
    for unit_id, own in sections.items():
        name = names[unit_id]
        found.append((f"{WHOLE}.{unit_id}", f"know every figure of the {name}", name, _within(tuple(own))))
        found += [
            (f"{RADAR}.{r.id}", f"inspect the {r.name} of the {name}", name, _within((f"{RADAR}.{r.id}.",)))
            for r in radars_of[unit_id]
        ]
    return found


def _within(sections: tuple[str, ...]) -> Settles:
    return lambda address: address.startswith(sections) and is_own_figure(address)


def _field(address: str) -> str:
    return address.split(".")[2] if address.count(".") >= 2 else ""


def _in_a_contract(address: str) -> bool:
    return address.startswith(("offer.", "delivery.")) or (
        address.startswith(OF_A_SYSTEM) and _field(address) in OF_A_CONTRACT
    )


def _of_a_kill(address: str) -> bool:
    return address.startswith("assumption.kill-probability") or _field(address).startswith("p_kill")


def _of_an_echo(address: str) -> bool:
    return (address.startswith("target.") and _field(address) == "rcs") or address.endswith(OF_THE_ECHO)


def _of_a_flight(address: str) -> bool:
    return address.startswith("target.") and _field(address) in OF_A_FLIGHT


def _of_identification(address: str) -> bool:
    return address.startswith(("assumption.identification", "assumption.friendly-iff")) or (
        address.startswith("target.") and _field(address).startswith(("p_taken", "identification"))
    )


def _of_the_model(address: str) -> bool:
    return address == FLIGHT_TIME_DOUBT


_OTHERS: tuple[tuple[str, str, Settles], ...] = (
    ("contract", "see the contract: what was bought, and how much", _in_a_contract),
    ("kill", "know the kill probability of a round", _of_a_kill),
    ("echo", "measure the targets' echoes", _of_an_echo),
    ("flight", "know how the targets fly", _of_a_flight),
    ("identification", "know how often friend and foe are mistaken", _of_identification),
    ("model", "settle the doubt of this model about flight times", _of_the_model),
)
