"""A value with its interval: the only form in which a number leaves the program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

LEVEL = 0.90


@dataclass(frozen=True, slots=True)
class Finding:
    """One number fit to print: 5 %, 50 % and 95 % over the draws, and the parameters it came from."""

    name: str
    unit: str
    low: float
    median: float
    high: float
    inputs: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.name}: {self.median:.3g} {self.unit} [{self.low:.3g} to {self.high:.3g}]"

    def interval(self) -> dict[str, float]:
        """Return the three numbers as the JSON output prints them, six significant digits."""
        return {key: float(f"{getattr(self, key):.6g}") for key in ("low", "median", "high")}


def finding(name: str, unit: str, values: ArrayLike, inputs: tuple[str, ...] = ()) -> Finding:
    """Summarise one value per draw by its median and its 5 % to 95 % interval.

    Parameters
    ----------
    values : (draw,) array_like
        One value per draw, in ``unit``; one value alone gives an interval of width zero.

    Examples
    --------
    >>> str(finding("area", "km2", [1.0, 2.0, 3.0]))
    'area: 2 km2 [1.1 to 2.9]'
    """
    import numpy as np

    low, median, high = np.quantile(np.asarray(values, dtype=np.float64), [0.05, 0.5, 0.95])
    return Finding(name, unit, float(low), float(median), float(high), inputs)
