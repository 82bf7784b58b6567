"""A value with its interval: the only form in which a number leaves the program."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ringtrue.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import ArrayLike, NDArray

LEVEL = 0.90
DAY_S, MANY_DAYS_S = 86_400.0, 10 * 86_400.0
NEARLY_NOTHING = 0.05  # of the greatest end of a count: an end nearer to nothing is printed as nothing
_NORMAL_95 = 1.6448536269514722  # of the normal distribution, one side of LEVEL
# arrays over draws hold the nominal case, every figure at its nominal value, behind the draws
DRAWS = slice(0, -1)
NOMINAL = -1
ENDS = ("low", "median", "high", "nominal")  # of a finding, as every output names them


def draw_axis(n_draws: int) -> int:
    """Length of an array over draws, the nominal case behind them.

    >>> draw_axis(1000)
    1001
    """
    return n_draws + 1


@dataclass(frozen=True, slots=True)
class Finding:
    """One number fit to print: 5 %, 50 % and 95 % over the draws, and the parameters it came from.

    ``nominal`` is the answer with every figure at its nominal value, which need not be the median; None: not asked.
    ``one_raid`` is the 5 % to 95 % interval of single raids, draws and luck together, where low and high are those of a
    mean over raids, which is no forecast of one; None: not a count of one raid. ``draws`` (draw,) are the values it was
    made from; None: it was made from no values of its own.
    """

    name: str
    unit: str
    low: float
    median: float
    high: float
    inputs: tuple[str, ...] = ()
    nominal: float | None = None
    one_raid: tuple[float, float] | None = None
    draws: NDArray[np.float64] | None = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.name}: {plain(self.median)} {self.unit} [{plain(self.low)} to {plain(self.high)}]"

    @property
    def greatest(self) -> float:
        """Greatest value that any of its intervals or its nominal case reaches."""
        ends = (self.high, self.nominal, None if self.one_raid is None else self.one_raid[1])
        return max(end for end in ends if end is not None and not math.isnan(end))

    def scaled(self, factor: float) -> Finding:
        """Return the finding times a factor, to be drawn or written in another unit.

        >>> Finding("leakers", "1", 1.0, 2.0, 3.0, one_raid=(0.0, 6.0)).scaled(0.5).one_raid
        (0.0, 3.0)
        """
        ends = None if self.one_raid is None else (factor * self.one_raid[0], factor * self.one_raid[1])
        nominal = None if self.nominal is None else factor * self.nominal
        return replace(
            self,
            low=factor * self.low,
            median=factor * self.median,
            high=factor * self.high,
            nominal=nominal,
            one_raid=ends,
            draws=None if self.draws is None else factor * self.draws,
        )

    def interval(self, digits: int = 6) -> dict[str, Any]:
        """Return the three numbers, the nominal one, and the interval of one raid where known, as the JSON prints them.

        What is not defined is None.

        >>> Finding("leakers", "1", 1.0, 2.0, 3.0, nominal=2.5, one_raid=(0.0, 6.0)).interval()
        {'low': 1.0, 'median': 2.0, 'high': 3.0, 'nominal': 2.5, 'one_raid': {'low': 0.0, 'high': 6.0}}
        >>> Finding("leakers", "1", 1.0, 2.0, 3.0).interval()
        {'low': 1.0, 'median': 2.0, 'high': 3.0, 'nominal': None}
        """
        said: dict[str, Any] = {
            key: None if getattr(self, key) is None else rounded(getattr(self, key), digits) for key in ENDS
        }
        if self.one_raid is not None:
            said["one_raid"] = {
                key: rounded(end, digits) for key, end in zip(("low", "high"), self.one_raid, strict=True)
            }
        return said


def rounded(value: float, digits: int | None, places: int | None = None) -> float | None:
    """Return a number of so many significant digits, or of so many places behind the point; what is none is None.

    >>> rounded(1234.5678, 6), rounded(123456.0, 2), rounded(0.123456, None, 4), rounded(float("nan"), 6) is None
    (1234.57, 120000.0, 0.1235, True)
    """
    if not math.isfinite(value):
        return None
    if places is not None:
        return round(float(value), places)
    return float(value) if digits is None else float(f"{value:.{digits}g}")


def settled(found: Finding) -> Finding:
    """Return a count whose end within a twentieth of nothing is nothing: that much is luck of few replications.

    >>> settled(Finding("leakers", "1", -0.00907, 0.0, 0.262)).low, settled(Finding("leakers", "1", 0.4, 4.0, 5.0)).low
    (0.0, 0.4)
    """
    least = NEARLY_NOTHING * max(abs(found.low), abs(found.median), abs(found.high))
    low, high = (0.0 if abs(end) < least else end for end in (found.low, found.high))
    return replace(found, low=low, high=high)


def finding(
    name: str, unit: str, values: ArrayLike, inputs: tuple[str, ...] = (), *, nominal: float | None = None
) -> Finding:
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

    kept = np.array(values, dtype=np.float64)
    low, median, high = quantiles(kept, (0.05, 0.5, 0.95)).tolist()
    return Finding(name, unit, low, median, high, inputs, nominal, draws=kept)


def share_interval(n_held: int, n: int) -> tuple[float, float]:
    """Interval of a share of which a sample of draws is known, at `LEVEL`: Wilson's score interval.

    Parameters
    ----------
    n_held, n : int
        Draws in which something holds, and all draws.

    References
    ----------
    Wilson, Probable Inference, the Law of Succession, and Statistical Inference, JASA 22 (1927), 209-212.

    Examples
    --------
    >>> [round(end, 4) for end in share_interval(200, 200)]
    [0.9867, 1.0]
    >>> [round(end, 3) for end in share_interval(10, 200)]
    [0.03, 0.082]
    """
    share, spread = n_held / n, _NORMAL_95**2 / n
    middle = (share + spread / 2.0) / (1.0 + spread)
    half = math.sqrt(spread * (share * (1.0 - share) + spread / 4.0)) / (1.0 + spread)
    return (0.0 if n_held == 0 else middle - half, 1.0 if n_held == n else middle + half)


def middle_interval(draws: ArrayLike) -> tuple[float, float]:
    """Interval of the median over samples of as many draws, at `LEVEL`, from the draws themselves.

    Parameters
    ----------
    draws : (draw,) array_like
        Independent draws; of draws that are spread more evenly than chance would, the interval is wide rather than
        narrow.

    Notes
    -----
    Order statistics (n + 1) / 2 -+ 1.645 sqrt(n) / 2: whatever the distribution, the binomial law of how many draws lie
    below its median; here by its normal limit. An answer of two humps has a wide one: half of the draws lie in each.

    Examples
    --------
    >>> middle_interval(range(1, 101)), middle_interval([0.0] * 49 + [9.0] * 51)
    ((42.0, 59.0), (0.0, 9.0))
    """
    import numpy as np

    ordered = np.sort(np.asarray(draws, dtype=np.float64))
    half = (ordered.size + 1.0 + _NORMAL_95 * math.sqrt(ordered.size)) / 2.0
    last = min(math.ceil(half), ordered.size)
    return float(ordered[ordered.size - last]), float(ordered[last - 1])


def sampled_percent(share: float, n: int) -> str:
    """Return a share of a sample of ``n`` draws in whole per cent, with its interval over samples.

    >>> sampled_percent(0.94, 200), sampled_percent(1.0, 200), sampled_percent(0.86, 100)
    ('94 % [91-96]', '100 % [99-100]', '86 % [79-91]')
    """
    low, high = (f"{100.0 * end:.0f}" for end in share_interval(round(share * n), n))
    return f"{whole_percent(share)} [{low}-{high}]"


def quantiles(values: ArrayLike, probabilities: ArrayLike) -> NDArray[np.float64]:
    """Quantiles along the last axis, linear between order statistics: the bits of `numpy.quantile`, in less time.

    Parameters
    ----------
    values : (..., draw) array_like
        Draws; where one is nan, so is the quantile.
    probabilities : (quantile,) array_like
        From 0 to 1.

    Returns
    -------
    (quantile, ...) array

    Examples
    --------
    >>> quantiles([1.0, 2.0, 3.0], [0.05, 0.5, 0.95]).tolist()
    [1.1, 2.0, 2.9]
    """
    import numpy as np

    ordered = np.sort(np.asarray(values, dtype=np.float64), axis=-1)
    last = ordered.shape[-1] - 1
    place = last * np.asarray(probabilities, dtype=np.float64)
    below = np.floor(place).astype(np.intp)
    share = (place - below).reshape(-1, *[1] * (ordered.ndim - 1))
    turned = np.moveaxis(ordered, -1, 0)
    low, high = turned[below], turned[np.minimum(below + 1, last)]
    step = high - low
    found = np.where(share >= 0.5, high - step * (1.0 - share), low + step * share)
    return np.where(np.isnan(turned[-1]), np.nan, found)


def listed(names: Iterable[str]) -> str:
    """Return names as a sentence lists them.

    >>> listed(["one", "two", "three"]), listed(["one"])
    ('one, two and three', 'one')
    """
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def plain(value: float, digits: int = 3) -> str:
    """Return a number with so many significant digits, thousands apart, and never a power of ten.

    >>> plain(123_456.0), plain(1.26), plain(0.0000123), plain(99.96, 2), plain(0.0)
    ('123,000', '1.26', '0.0000123', '100', '0')
    """
    rounded = float(f"{value:.{digits}g}")
    text = f"{rounded:,.{digits}g}"
    if "e" not in text:
        return text
    return f"{rounded:,.0f}" if abs(rounded) >= 1.0 else f"{rounded:.{_places(rounded, digits)}f}".rstrip("0")


def _places(value: float, digits: int) -> int:
    """Return how many places behind the point hold so many significant digits of a small number."""
    return digits - 1 - math.floor(math.log10(abs(value)))


def percent(share: float) -> str:
    """Return a share in per cent, two significant digits.

    >>> percent(0.016), percent(0.5), percent(0.0), percent(0.9996), percent(1e-7)
    ('1.6 %', '50 %', '0 %', '100 %', '0.00001 %')
    """
    return f"{plain(100.0 * share, 2)} %" if math.isfinite(share) else "not known"


def whole_percent(share: float) -> str:
    """Return a share in whole per cent, as sentences print it.

    >>> whole_percent(0.866)
    '87 %'
    """
    return f"{100.0 * share:.0f} %"


def named_axes() -> Any:
    """Return the module xarray, or say how to get it.

    Raises
    ------
    InputError
        xarray is not installed; it comes with the extra "notebook".
    """
    try:
        import xarray
    except ImportError:
        msg = "to_xarray() wants xarray, which is not installed; get it with: pip install 'ringtrue[notebook]'"
        raise InputError(msg) from None
    return xarray


def quantity_text(value: float, si: str) -> str:
    """Return a value with three digits and a unit that a reader knows.

    >>> quantity_text(250_000.0, "m"), quantity_text(0.0015, "m2"), quantity_text(1.2e9, "m2")
    ('250 km', '0.0015 m2', '1,200 km2')
    >>> quantity_text(1_587.0, "s"), quantity_text(44_582_400.0, "s")
    ('1,590 s', '516 days')
    """
    if si == "m" and abs(value) >= 1000.0:
        return f"{plain(value / 1000.0)} km"
    if si == "m2" and abs(value) >= 1e5:
        return f"{plain(value / 1e6)} km2"
    if si == "USD":
        return f"{plain(value / 1e6)} MUSD"
    if si == "s" and abs(value) >= MANY_DAYS_S:
        return f"{plain(value / DAY_S)} days"
    number = plain(value)
    return number if si in ("1", "") else f"{number} {si}"
