"""How much of an answer rests on what nobody published as a fact, in words and as the JSON prints it."""

from __future__ import annotations

from ringtrue.finding import percent
from ringtrue.sensing.deciding import LEAST_DRAWS


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
