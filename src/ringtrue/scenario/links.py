"""Links between fire units: which are inside a system, which run across, and which two laydowns differ by them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ringtrue.scenario.records import Laydown, Network

    Pairs = frozenset[tuple[str, str]]
    Links = tuple[Pairs, Pairs, Pairs, Pairs]


class LinkPair(NamedTuple):
    """Two laydowns of the same fire units: ``joined`` has every link of ``apart``, and more."""

    apart: Laydown
    joined: Laydown


def links_of(network: Network) -> Links:
    """Return the pairs that are joined, by kind; fire on a track counts where the track is shared."""
    remote = network.fires_on_shared_track & network.shares_track
    return (network.shares_track, network.coordinates_fire, network.identifies_for, remote)


def count_links(links: Iterable[Iterable[tuple[str, str]]]) -> int:
    """Return how many links of all kinds there are."""
    return sum(len(tuple(kind)) for kind in links)


def across_systems(laydown: Laydown) -> Links:
    """Return the links whose two fire units belong to different systems; fits of one system are one system."""
    system = {unit.uid: unit.system for unit in laydown.units}
    tracks, fire, identity, remote = (
        frozenset((a, b) for a, b in kind if system[a] != system[b]) for kind in links_of(laydown.network)
    )
    return (tracks, fire, identity, remote)


def inside_systems(laydown: Laydown) -> Links:
    """Return the links between fire units of one system."""
    whole, across = links_of(laydown.network), across_systems(laydown)
    tracks, fire, identity, remote = (kind - other for kind, other in zip(whole, across, strict=True))
    return (tracks, fire, identity, remote)


def with_links(laydown: Laydown, links: Links, *, name: str, title: str) -> Laydown:
    """Return the same fire units with other links, under another id."""
    tracks, fire, identity, remote = links
    network = replace(
        laydown.network, id=name, title=title, shares_track=tracks, coordinates_fire=fire, identifies_for=identity,
        fires_on_shared_track=remote,
    )  # fmt: skip
    return replace(laydown, id=name, title=title, short="", note="", network=network)


def units_alone(laydown: Laydown) -> object:
    """Return what stands where with which rounds, whatever it is linked to: equal for laydowns that differ by links."""
    return tuple(replace(unit, network=None) for unit in laydown.units)


def is_of_several_systems(laydown: Laydown) -> bool:
    """Whether units of more than one system stand in it."""
    return len({unit.system for unit in laydown.units}) > 1


def question_pair(laydowns: Sequence[Laydown]) -> LinkPair | None:
    """Return the two laydowns that show what it costs not to be joined; None where no two differ by links alone.

    First choice: two that have the same links inside each system, where one has none across systems and the other has
    most. Where the systems are not told apart that way, one without links across and one with most; units of one system
    alone: the fewest links against the most. What the pair is called does not matter.

    Examples
    --------
    >>> from ringtrue.scenario.load import load_scenario
    >>> [x.id for x in question_pair(load_scenario("turkey-2019").laydowns)]
    ['both', 'both-networked']
    >>> [x.id for x in question_pair(load_scenario("two-bearings").laydowns)]
    ['apart', 'told']
    >>> question_pair(load_scenario("saturation").laydowns) is None
    True
    """
    ranked = [(_rank(pair), -i, pair) for i, pair in enumerate(_pairs(laydowns))]
    return max(ranked, key=lambda item: item[:2])[2] if ranked else None


def _pairs(laydowns: Sequence[Laydown]) -> list[LinkPair]:
    """Return every two laydowns of the same units of which one has all the links of the other, and more."""
    armed = [(x, units_alone(x), links_of(x.network)) for x in laydowns if len(x.units) > 1]
    found = []
    for (one, units, links), (other, other_units, other_links) in combinations(armed, 2):
        if units == other_units and links != other_links:
            for (a, fewer), (b, more) in (((one, links), (other, other_links)), ((other, other_links), (one, links))):
                if all(x <= y for x, y in zip(fewer, more, strict=True)):
                    found.append(LinkPair(a, b))
    return found


def _rank(pair: LinkPair) -> tuple[bool, bool, bool, int, int]:
    """Order pairs by how well they show what the links across systems are worth."""
    fewer, more = count_links(across_systems(pair.apart)), count_links(across_systems(pair.joined))
    inside, inside_joined = (count_links(inside_systems(x)) for x in pair)
    return (more > fewer, fewer == 0, inside == inside_joined, more - fewer, inside if more else inside_joined - inside)
