"""What the second system adds when the first is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.domain import NUMBER, checked
from ringtrue.errors import DomainError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


class Marginal(NamedTuple):
    """Gain of the second system over the first, draw by draw, all in the unit of what is counted.

    ``gain`` = both − first; ``overlap`` = first + second − both, what both would defend alone (below zero: together
    they do more than apart); ``kept_share`` = gain / (second − neither), the part of the second's own worth that is
    left, nan where the second alone is worth nothing.
    """

    gain: NDArray[np.float64]
    overlap: NDArray[np.float64]
    kept_share: NDArray[np.float64]


@checked(fit=False, neither=NUMBER, first=NUMBER, second=NUMBER, both=NUMBER)
def marginal_value(neither: ArrayLike, first: ArrayLike, second: ArrayLike, both: ArrayLike) -> Marginal:
    """Return what the second system adds to the first.

    Parameters
    ----------
    neither, first, second, both : (draw,) array_like
        What is defended (people, assets), or what does not leak, without a system, with each alone and with both, on
        the same draws and the same raid luck. More must be better: hand in targets stopped, not leakers.

    Examples
    --------
    >>> marginal = marginal_value(0.0, [60.0], [50.0], [80.0])
    >>> float(marginal.gain[0]), float(marginal.overlap[0]), float(marginal.kept_share[0])
    (20.0, 30.0, 0.4)

    Raises
    ------
    DomainError
        Arrays that do not share their draws.
    """
    try:
        base, one, two, joint = np.broadcast_arrays(
            *(np.atleast_1d(np.asarray(values, dtype=np.float64)) for values in (neither, first, second, both))
        )
    except ValueError:
        msg = "the four cases do not share their draws; compare them on the same ones"
        raise DomainError(msg) from None
    worth = two - base
    gain = joint - one
    kept = np.divide(gain, worth, out=np.full(gain.shape, np.nan), where=worth != 0.0)
    return Marginal(gain, (one - base) + worth - (joint - base), kept)


# what a case file of `ringtrue verify` may call here: these compute from numbers, and neither read nor write
FOR_CASES = ("marginal_value",)
