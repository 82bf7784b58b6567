"""How the offers of a comparison look in every chart, table and map: a colour by systems, a number by package."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from ringtrue.report.chart import Look, looks
from ringtrue.report.page import Mark
from ringtrue.report.style import ink_on

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringtrue.studies.compare_records import ComparedOffer, CompareResult


def systems_of(offer: ComparedOffer) -> str:
    """Return the systems of an offer without their fits, joined; empty where it has no units."""
    return "+".join(sorted(offer.systems))


def packages(result: CompareResult) -> list[ComparedOffer]:
    """Return the packages in the order of the study."""
    return [offer for offer in result.offers if offer.part == "package"]


def offer_looks(result: CompareResult) -> dict[str, Look]:
    """Return how each offer is drawn, by laydown: those of the same systems look alike; packages choose first."""
    listed = [*packages(result), *(offer for offer in result.offers if offer.part != "package")]
    styles = looks(systems_of(offer) for offer in listed)
    named = {}
    for offer in listed:
        same = [other.title for other in listed if systems_of(other) == systems_of(offer)]
        named[offer.laydown] = styles[systems_of(offer)]._replace(label=shared_name(same))
    return named


def shared_name(titles: Sequence[str]) -> str:
    """Return the words with which all titles begin, up to the first comma, colon or bracket.

    >>> shared_name(["Alpha, one set", "Alpha, four sets"]), shared_name(["Bravo as notified: four units"])
    ('Alpha', 'Bravo as notified')
    """
    split = [title.split() for title in titles]
    alike = takewhile(lambda words: len({w.rstrip(",:;") for w in words}) == 1, zip(*split, strict=False))
    first = [words[0] for words in alike]
    return re.split(r"[,:;(]", " ".join(first) or titles[0])[0].strip() or titles[0]


def offer_marks(result: CompareResult, *laydowns: str) -> tuple[Mark, ...]:
    """Return the marks of some offers for a table or a map: the colour of the charts, and the number of a package."""
    styles, number = offer_looks(result), {o.laydown: str(i) for i, o in enumerate(packages(result), start=1)}
    return tuple(
        Mark(styles[name].colour, number.get(name, ""), ink_on(styles[name].colour))
        for name in laydowns
        if name in styles
    )
