"""Which laydowns answer what it costs not to be joined: the question's pair, the links inside, the steps between."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

from ringtrue.errors import InputError
from ringtrue.scenario.links import (
    LinkPair,
    across_systems,
    count_links,
    inside_systems,
    is_of_several_systems,
    links_of,
    question_pair,
    units_alone,
    with_links,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringtrue.scenario.links import Links
    from ringtrue.scenario.records import Laydown, Scenario

Role = Literal["question", "inside", "step"]

ALONE, ALONE_TITLE = "alone", "every fire unit alone: no track, no fire order, no identification from outside"
OWN_KIND, OWN_KIND_TITLE = "own-kind", "each system with its own kind only: the same links without those across systems"
JOINED, JOINED_TITLE = "joined", "all share tracks, coordinate fire and identify for each other"
NONE: Links = (frozenset(), frozenset(), frozenset(), frozenset())


class Compared(NamedTuple):
    """Two variants that are held against each other, and what for."""

    role: Role
    before: Laydown
    after: Laydown


class Variants(NamedTuple):
    """Laydowns of one set of units from the fewest links to the most, and the pairs in the order they are told."""

    laydowns: tuple[Laydown, ...]
    pairs: tuple[Compared, ...]

    @property
    def question(self) -> LinkPair:
        """The pair that answers the question of the study."""
        first = self.pairs[0]
        return LinkPair(first.before, first.after)


def variants_of(scenario: Scenario, wanted: tuple[str, ...] | None = None) -> Variants:
    """Return the laydowns of one set of fire units that differ by their links, and the pairs to tell.

    The pair is looked for among the laydowns of the study, then among all. Where no two differ by links alone, the
    one that is missing is made of the other: without its links across systems (units of one system: without any), or
    with all links. A variant in which every unit is alone is added if no laydown is so.

    Raises
    ------
    InputError
        No laydown has two fire units; a laydown that is not there, or laydowns of different units.

    Examples
    --------
    >>> from ringtrue.scenario.load import load_scenario
    >>> found = variants_of(load_scenario("turkey-2019"))
    >>> [(role, before.id, after.id) for role, before, after in found.pairs][:2]
    [('question', 'both', 'both-networked'), ('inside', 'alone', 'both')]
    """
    asked = _asked(scenario, wanted)
    everyone = asked if wanted else list(scenario.laydowns)
    pair = question_pair(asked) or question_pair(everyone) or _made(scenario, asked, everyone)
    units = units_alone(pair.joined)
    alike = [x for x in everyone if units_alone(x) == units]
    by_links: dict[Links, Laydown] = {}
    for laydown in (*pair, *alike):
        by_links.setdefault(links_of(laydown.network), laydown)
    by_links.setdefault(NONE, with_links(pair.apart, NONE, name=_free(ALONE, scenario), title=ALONE_TITLE))
    laydowns = tuple(sorted(by_links.values(), key=lambda x: count_links(links_of(x.network))))
    return Variants(laydowns, tuple(_pairs(laydowns, pair)))


def _pairs(laydowns: Sequence[Laydown], pair: LinkPair) -> list[Compared]:
    """Order the pairs: the question's, what the links below it are worth, the steps on the way of the question."""
    alone, apart = laydowns[0], links_of(pair.apart.network)
    below = [x for x in laydowns[1:] if _within(links_of(x.network), apart) and x is not pair.apart]
    found = [Compared("question", *pair)]
    if pair.apart is not alone:
        found += [Compared("inside", alone, x) for x in (pair.apart, *below)]
    between = [x for x in laydowns if x not in (alone, *below, *pair)]
    chain = [x for x in between if _within(apart, links_of(x.network)) and _within(links_of(x.network), _all(pair))]
    way = [pair.apart, *_rising(chain), pair.joined]
    if len(way) > 2:
        found += [Compared("step", a, b) for a, b in pairwise(way)]
    beside = [x for x in between if x not in way]
    return [*found, *(Compared("step", alone, x) for x in beside)]


def _all(pair: LinkPair) -> Links:
    return links_of(pair.joined.network)


def _within(fewer: Links, more: Links) -> bool:
    return all(a <= b for a, b in zip(fewer, more, strict=True))


def _rising(laydowns: Sequence[Laydown]) -> list[Laydown]:
    """Return those of which each has all links of the one before, from the fewest on."""
    found: list[Laydown] = []
    for laydown in laydowns:
        if not found or _within(links_of(found[-1].network), links_of(laydown.network)):
            found.append(laydown)
    return found


def _asked(scenario: Scenario, wanted: tuple[str, ...] | None) -> list[Laydown]:
    known = {x.id: x for x in scenario.laydowns}
    missing = [name for name in wanted or () if name not in known]
    if missing:
        msg = f"scenario {scenario.name!r} has no laydown {missing[0]!r}; it has: {', '.join(known)}"
        raise InputError(msg)
    found = [known[name] for name in wanted or scenario.study.laydowns or known]
    if wanted and len({units_alone(x) for x in found}) > 1:
        msg = f"scenario {scenario.name!r}: laydowns {', '.join(wanted)} differ in units; name some that do not"
        raise InputError(msg)
    return found


def _made(scenario: Scenario, asked: Sequence[Laydown], everyone: Sequence[Laydown]) -> LinkPair:
    """Make the pair of one laydown, the first of the most systems, links and units; what is missing is added."""
    several = [x for x in asked if len(x.units) > 1] or [x for x in everyone if len(x.units) > 1]
    if not several:
        msg = (
            f"scenario {scenario.name!r} has no laydown of two fire units, so there is nothing to join; "
            "add a unit to one of its laydowns"
        )
        raise InputError(msg)
    given = max(several, key=lambda x: (is_of_several_systems(x), count_links(links_of(x.network)), len(x.units)))
    across = count_links(across_systems(given))
    if across if is_of_several_systems(given) else count_links(links_of(given.network)):
        inside = inside_systems(given) if across else NONE
        name, title = (OWN_KIND, OWN_KIND_TITLE) if count_links(inside) else (ALONE, ALONE_TITLE)
        return LinkPair(with_links(given, inside, name=_free(name, scenario), title=title), given)
    uids = [unit.uid for unit in given.units]
    every = frozenset((a, b) for a in uids for b in uids if a != b)
    joined = with_links(given, (every, every, every, frozenset()), name=_free(JOINED, scenario), title=JOINED_TITLE)
    return LinkPair(given, joined)


def _free(name: str, scenario: Scenario) -> str:
    """Return an id that no laydown of the file has."""
    taken = {x.id for x in scenario.laydowns}
    return next(n for n in (name, *(f"{name}-{i}" for i in range(2, len(taken) + 3))) if n not in taken)
