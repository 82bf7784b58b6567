"""Findings of a raid: intervals over draws of means over replications, with the luck of the replications taken out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.engagement.compile import FRIENDS_LOST_ON_RECORD
from ringtrue.finding import Finding, finding

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    from ringtrue.engagement.raid import RaidResult

    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.int64]

MOST_NOISE_SHARE = 0.05
USUAL_P_KILLS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True)
class Answer:
    """A finding and how much of its spread is luck of too few replications.

    ``noise_share`` is the variance of a draw's mean due to replications over the variance between draws. Above 0.05
    the luck was taken out of the interval, and ``is_reduced`` says so.
    """

    finding: Finding
    noise_share: float
    is_reduced: bool


def answer(
    name: str,
    unit: str,
    values: FloatArray,
    replication_variance: FloatArray,
    n_replications: int,
    nominal: float | None = None,
) -> Answer:
    """Make a finding of one value per draw.

    Parameters
    ----------
    values : (draw,) array
        Means over replications.
    replication_variance : (draw,) array
        Variance between replications of each draw; divided by their number it is the noise of a mean.
    nominal : float, optional
        The mean of the nominal case.

    Notes
    -----
    If noise / (variance between draws) > 0.05, every value is drawn towards the median by
    sqrt(1 - noise share), which leaves the variance that the draws alone would have; at least one part in their number
    stays, the doubt of a mean.

    Examples
    --------
    >>> a = answer("leakers", "1", np.array([1.0, 2.0, 3.0]), np.zeros(3), 100)
    >>> a.is_reduced, a.noise_share
    (False, 0.0)
    """
    share = _share(float(np.mean(replication_variance)) / n_replications, values)
    reduced = share > MOST_NOISE_SHARE
    if reduced:
        middle = float(np.median(values))
        values = middle + (values - middle) * np.sqrt(max(1.0 - share, 1.0 / values.size))
    return Answer(finding(name, unit, values, nominal=nominal), share, reduced)


class LessLuck(NamedTuple):
    """Differences draw by draw with the luck of few replications taken out, and how much of their spread it was."""

    values: FloatArray
    noise_share: float
    is_reduced: bool


def less_luck(difference: FloatArray, first: ArrayLike, second: ArrayLike) -> LessLuck:
    """Take the luck out of a paired difference.

    Parameters
    ----------
    difference : (draw,) array
        Mean of the one less mean of the other.
    first, second : (draw, replication) array
        The same counts replication by replication, on the same luck; their difference varies less than either.

    Notes
    -----
    Noise of a mean difference: variance of first - second between replications over their number, so what both share is
    not counted. If the mean noise exceeds 5 % of the variance between draws, the draws in which luck plays a part are
    drawn towards their median by sqrt(1 - their noise share); a draw in which every replication gives the same
    difference is kept. Of their variance at least one part in the number of those draws stays, the doubt of a mean:
    where all is luck the interval does not shrink to a point. Replications are not added.

    Examples
    --------
    >>> lucky = np.array([[0.0, 2.0], [2.0, 0.0], [4.0, 0.0], [9.0, 9.0]])
    >>> less_luck(lucky.mean(axis=1), lucky, np.zeros((4, 2))).values.round(3).tolist()
    [1.0, 1.0, 1.577, 9.0]
    """
    pairs = np.asarray(first, dtype=np.float64) - np.asarray(second, dtype=np.float64)
    if pairs.shape[1] < 2 or difference.size < 2:
        return LessLuck(difference, 0.0, is_reduced=False)
    noise = pairs.var(axis=1, ddof=1) / pairs.shape[1]
    share = _share(float(noise.mean()), difference)
    if share <= MOST_NOISE_SHARE:
        return LessLuck(difference, share, is_reduced=False)
    lucky = noise > 0.0
    own = difference[lucky]
    middle = float(np.median(own))
    values = difference.copy()
    kept = max(1.0 - _share(float(noise[lucky].mean()), own), 1.0 / own.size)
    values[lucky] = middle + (own - middle) * np.sqrt(kept)
    return LessLuck(values, share, is_reduced=True)


def _share(noise: float, values: FloatArray) -> float:
    between = float(np.var(values, ddof=1)) if values.size > 1 else 0.0
    return min(noise / between, 1.0) if between > 0.0 else 0.0


def one_raid(histogram: IntArray) -> tuple[float, float]:
    """Interval of a count in single raids: 5 % to 95 % of all raids of all draws, draws and luck together.

    Parameters
    ----------
    histogram : (count,) array
        Raids that came to 0, 1, 2 and so on, over all draws; every draw was played equally often.

    Returns
    -------
    (float, float)
        The least counts that at least 5 % and at least 95 % of the raids do not exceed.

    Notes
    -----
    The interval of a mean over replications leaves luck out and is no forecast of one raid. With one draw and n targets
    that leak independently with probability q the mean is n q to a point, and this interval runs from the 5 % to the
    95 % quantile of the binomial distribution.

    Examples
    --------
    >>> one_raid(np.array([4, 40, 50, 6]))
    (1.0, 3.0)
    """
    below = np.cumsum(histogram)
    low, high = np.searchsorted(below, np.array([0.05, 0.95]) * below[-1] * (1.0 - 1e-12))
    return float(low), float(high)


def one_raid_of(values: ArrayLike) -> tuple[float, float] | None:
    """Interval of what single raids come to, given raid by raid; None where none comes to anything.

    Parameters
    ----------
    values : (draw, replication) array_like
        One value for each raid; nan: it has none.

    Notes
    -----
    The least values that at least 5 % and at least 95 % of the raids that have one do not exceed, as in `one_raid`.

    Examples
    --------
    >>> one_raid_of([[0.0, 2.0, 5.0], [1.0, np.nan, 3.0]])
    (0.0, 5.0)
    """
    known = np.asarray(values, dtype=np.float64).ravel()
    known = known[np.isfinite(known)]
    if not known.size:
        return None
    low, high = (int(np.ceil(p * known.size * (1.0 - 1e-12))) - 1 for p in (0.05, 0.95))
    ordered = np.partition(known, (low, high))
    return float(ordered[low]), float(ordered[high])


def in_single_raids(found: Finding, values: ArrayLike) -> Finding:
    """Add the interval of one raid, from values raid by raid, (draw, replication)."""
    return replace(found, one_raid=one_raid_of(values))


def count_answer(result: RaidResult, name: str, unit: str = "1") -> Answer:
    """Answer for one of the counts of a raid, by its name, with the interval of one raid."""
    found = answer(
        name, unit, result.of(name), result.variance_of(name), result.n_replications,
        nominal_of(result, lambda one: one.of(name)),
    )  # fmt: skip
    return with_one_raid(found, result.histograms[name])


def nominal_of(result: RaidResult, values_of: Callable[[RaidResult], FloatArray]) -> float | None:
    """Return what a function of a result, with one value per draw, gives for the nominal case; None: not played."""
    return None if result.nominal is None else float(values_of(result.nominal)[0])


def with_one_raid(found: Answer, histogram: IntArray, scale: float = 1.0) -> Answer:
    """Add the interval of one raid, times ``scale``, from the raids that came to 0, 1, 2 and so on, (count,)."""
    low, high = one_raid(histogram)
    return replace(found, finding=replace(found.finding, one_raid=(scale * low, scale * high)))


def _share_of_targets(name: str, result: RaidResult, count: str) -> Answer:
    n = max(result.n_hostile, 1)
    found = answer(
        name, "1", result.of(count) / n, result.variance_of(count) / n**2, result.n_replications,
        nominal_of(result, lambda one: one.of(count) / n),
    )  # fmt: skip
    return with_one_raid(found, result.histograms[count], 1.0 / n)


def leak_share(result: RaidResult) -> Answer:
    """Leakers over hostile targets."""
    return _share_of_targets("leak share", result, "leakers")


def common_cause_share(result: RaidResult) -> Answer:
    """Hostile targets that get through because a common cause held for every round fired at them, over all of them."""
    return _share_of_targets("let through by common causes alone", result, "leakers_by_a_common_cause")


def friendly_losses(result: RaidResult) -> Answer | None:
    """Friendly aircraft shot down a pass: friendly kills over friendly flights; None where no friend flies."""
    n = result.n_friendly
    if not n:
        return None
    kills, luck = result.of("friendly_kills") / n, result.variance_of("friendly_kills") / n**2
    nominal = nominal_of(result, lambda one: one.of("friendly_kills") / n)
    found = answer("friends shot down a pass", "1", kills, luck, result.n_replications, nominal)
    return with_one_raid(found, result.histograms["friendly_kills"], 1.0 / n)


def friendly_losses_on_record(result: RaidResult) -> Finding | None:
    """Friendly aircraft shot down a sortie in the catalogue's record of a war, beside the assumed error; never pooled.

    The name of the finding is that of the record.
    """
    drawn = result.ledger.figures.get(f"assumption.{FRIENDS_LOST_ON_RECORD}")
    if drawn is None or not result.n_friendly:
        return None
    return finding(drawn.label, "1", drawn.values, nominal=drawn.nominal)


def p_no_leaker(result: RaidResult) -> Answer:
    """Probability that nothing leaks: share of replications, interval over draws."""
    p = result.no_leaker
    nominal = nominal_of(result, lambda one: one.no_leaker)
    return answer("P(no leaker)", "1", p, p * (1.0 - p), result.n_replications, nominal)


def first_fire_range(result: RaidResult) -> Finding | None:
    """Slant range of the first target fired at [m], over the draws in which anybody fired."""
    known = result.first_fire_range_m[np.isfinite(result.first_fire_range_m)]
    nominal = nominal_of(result, lambda one: one.first_fire_range_m)
    if not known.size:
        return None
    return in_single_raids(
        finding("first-fire range", "m", known, nominal=nominal), result.by_replication["first_fire_range_m"]
    )


def cost_exchange(result: RaidResult) -> Finding | None:
    """Price of the rounds fired over the price of the raid; above 1 the defender pays more."""
    if not result.cost_attack_usd.all():
        return None
    nominal = nominal_of(result, lambda one: one.cost_defence_usd / one.cost_attack_usd)
    found = finding("cost exchange", "1", result.cost_defence_usd / result.cost_attack_usd, nominal=nominal)
    return in_single_raids(found, result.by_replication["cost_defence_usd"] / result.cost_attack_usd[:, None])


def paired_difference(first: RaidResult, second: RaidResult, name: str = "leakers") -> Finding:
    """Second minus first, draw by draw, on the same draws and the same raid luck.

    Only meaningful if both come from one scenario, one raid, one seed, one number of draws and of replications. The
    luck of few replications is taken out as in `less_luck` where the count is kept by replication; there the interval
    of one raid is that of the difference raid by raid.
    """
    difference = second.of(name) - first.of(name)
    ends = [nominal_of(result, lambda one: one.of(name)) for result in (first, second)]
    nominal = None if ends[0] is None or ends[1] is None else ends[1] - ends[0]
    label = f"{name}: {second.laydown} minus {first.laydown}"
    if name not in first.by_replication or name not in second.by_replication:
        return finding(label, "1", difference, nominal=nominal)
    one, other = first.by_replication[name], second.by_replication[name]
    return in_single_raids(finding(label, "1", less_luck(difference, other, one).values, nominal=nominal), other - one)


def knee(sizes: FloatArray, leakers: FloatArray) -> float | None:
    """Raid size from which every further target leaks more often than not.

    Parameters
    ----------
    sizes, leakers : (size,) array
        Raid sizes, increasing, and mean leakers at each.

    Returns
    -------
    float or None
        The first size whose next step adds more than half a leaker for each target added. None where no step does, and
        where more than half leak from the smallest raid on: then sight or reach decides, not the number of channels.

    Examples
    --------
    >>> knee(np.array([4.0, 8.0, 16.0, 32.0]), np.array([0.0, 0.2, 1.0, 15.0]))
    16.0
    """
    if leakers[0] > 0.5 * sizes[0]:
        return None
    slope = np.diff(leakers) / np.diff(sizes)
    steep = np.flatnonzero(slope > 0.5)
    return float(sizes[steep[0]]) if steep.size else None


def curve(results: list[RaidResult], p_kills: tuple[float, ...] = USUAL_P_KILLS) -> list[tuple[float, Answer]]:
    """Leak share against the kill probability at which each result was played."""
    return [(p, leak_share(result)) for p, result in zip(p_kills, results, strict=True)]
