"""How much of an answer rests on what nobody published as a fact, in words and as the JSON prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringtrue.finding import listed, percent
from ringtrue.sensing.deciding import LEAST_DRAWS
from ringtrue.sensing.looks import quoted_range

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringtrue.catalogue.records import Parameter, Radar


def assumed_figure(part: float | None, n_draws: int) -> str:
    """Return the assumed part as a report prints it, or why it cannot be told; never a nought that was not computed.

    >>> assumed_figure(0.846, 1000), assumed_figure(None, 8), assumed_figure(None, 1000)
    ('85 %', 'too few draws to say', 'no spread to share out')
    """
    if part is not None:
        return percent(part)
    return "too few draws to say" if n_draws < LEAST_DRAWS else "no spread to share out"


def assumed_sentence(part: float | None, n_draws: int, what: str = "the answer") -> str:
    """Say how much of an answer rests on what nobody published as a fact.

    >>> assumed_sentence(0.846, 1000)
    '85 % of what is uncertain in the answer comes from assumed or estimated figures.'
    >>> assumed_sentence(None, 8)
    'How much of what is uncertain in the answer comes from assumed or estimated figures: too few draws to say.'
    """
    figure = assumed_figure(part, n_draws)
    words = f"of what is uncertain in {what} comes from assumed or estimated figures"
    return f"{figure} {words}." if part is not None else f"How much {words}: {figure}."


def unpublished_ranges(radars: Iterable[Radar[Parameter]]) -> str:
    """Say of which radars no source prints a range together with cross-section and probability; empty where of none.

    >>> from ringtrue.catalogue.load import load_catalogue
    >>> radars = load_catalogue().radars
    >>> unpublished_ranges([radars["92n6e"]])
    'No published source gives the range of the 92N6E engagement radar with cross-section and probability.'
    >>> unpublished_ranges([])
    ''
    """
    names = {
        radar.id: f"the {radar.name}"
        for radar in radars
        if any(figure.origin == "assumed" for figure in quoted_range(radar))
    }
    if not names:
        return ""
    return f"No published source gives the range of {listed(names.values())} with cross-section and probability."
