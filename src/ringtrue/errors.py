"""What can go wrong, in one plain sentence each."""

from __future__ import annotations

from contextlib import contextmanager
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


_LONGEST_WORD = 80  # what is longer is no slip of the pen, and looking for its neighbours takes seconds


LONGEST_TEXT = 1_000


class RingTrueError(ValueError):
    """Anything the user can mend; the command line prints the text and exits with 2.

    The text is one line whatever it quotes: what cannot be seen is escaped, and a very long text is cut in the middle.

    >>> print(RingTrueError(f"--set {chr(9)}: names nothing"))
    --set \\t: names nothing
    """

    def __init__(self, text: str) -> None:
        if not text.isprintable():
            text = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
        if len(text) > LONGEST_TEXT:
            text = f"{text[: LONGEST_TEXT // 2]} ... {text[-LONGEST_TEXT // 2 :]}"
        super().__init__(text)


class InputError(RingTrueError):
    """A file, option or value that cannot be used: says where, what, and what would be right."""


MOST_BELOW = 200  # lines below a sentence; whoever makes more mistakes than that reads these first


@contextmanager
def kept(refused: list[InputError]) -> Iterator[None]:
    """Keep what a block refuses, so that what stands beside it is looked at too; `refuse_all` raises it."""
    try:
        yield
    except InputError as error:
        refused.append(error)


def refuse_all(refused: Sequence[InputError]) -> None:
    """Raise one error for all that were kept: the text of the first, the others as notes below it; nothing for none.

    >>> try:
    ...     refuse_all([InputError("one"), InputError("two")])
    ... except InputError as error:
    ...     print(error, lines_below(error))
    one ['two']
    """
    if not refused:
        return
    first = InputError(str(refused[0]))
    for line in lines_below(refused[0]):
        first.add_note(line)
    for error in refused[1:]:
        for line in (str(error), *lines_below(error)):
            first.add_note(line)
    raise first


def lines_below(error: BaseException) -> list[str]:
    """Return the lines that stand below the sentence of an error: what else is wrong, and lines to write into a file.

    >>> lines_below(InputError("one"))
    []
    """
    lines = list(getattr(error, "__notes__", ()))
    if len(lines) > MOST_BELOW:
        lines = [*lines[:MOST_BELOW], f"and {len(lines) - MOST_BELOW} lines more"]
    return lines


class DomainError(RingTrueError):
    """An input lies outside the range where the model is valid."""


class OutsideTerrainError(DomainError):
    """A position lies outside the elevation model.

    Parameters
    ----------
    position_deg : (latitude, longitude)
        The position [degree].
    name : str
        What reports call the model.
    where : str
        Option or file, line and key that gave the position.
    """

    def __init__(self, position_deg: tuple[float, float], name: str, where: str = "") -> None:
        latitude_deg, longitude_deg = position_deg
        place = f"{where}{': ' if where else ''}{latitude_deg:.7g}, {longitude_deg:.7g}"
        if name == "none":
            text = (
                f"{place}: the altitude of the ground there is not known, for the shipped model ends before; give it "
                "with --ground, such as --dem none --ground 1007m"
            )
        else:
            text = (
                f"{place} lies outside the elevation model {name!r}; load a larger tile, or one without a gap "
                "there, with --dem, or ask for bare earth with --dem none"
            )
        super().__init__(text)


class GroundWarning(UserWarning):
    """A little of the ground looks wrong, and the user can mend it; the command line prints the text."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``"; did you mean 'x'?"``, or the empty string when nothing comes near.

    >>> did_you_mean("max_rnage", ["max_range", "scan_period"])
    "; did you mean 'max_range'?"
    """
    if len(word) > _LONGEST_WORD:
        return ""
    words = list(known)
    folded = [name for name in words if name.casefold() == word.casefold()]
    near = folded or get_close_matches(word, words, n=1)
    return f"; did you mean {near[0]!r}?" if near else ""
