"""Two offers, draw by draw: the difference, who is better how often, what decides it and where it turns over."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.engagement.answers import LessLuck, answer, in_single_raids, less_luck
from ringtrue.finding import finding, plain, quantity_text, sampled_percent, whole_percent
from ringtrue.procurement.marginal import marginal_value
from ringtrue.sensing.deciding import break_even, decides, weigh_first
from ringtrue.studies.compare_raids import KILL_GRID, KILL_MIDDLE
from ringtrue.studies.compare_records import Difference, MarginalRow, Turn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from ringtrue.answer import Better
    from ringtrue.finding import Finding
    from ringtrue.sensing.deciding import Deciding
    from ringtrue.sensing.ledger import Figure, Ledger
    from ringtrue.studies.compare_records import Condition, Part

    FloatArray = NDArray[np.float64]

N_BOOTSTRAP = 40
EQUAL_RATIO = 0.02
TENTHS_BELOW = {"1": 1000.0, "s": 100.0}
KILL_UNKNOWN = "ratio of kill probabilities, A over B"


class Side(NamedTuple):
    """One offer in one measure: its id and words, the systems it fields, values (draw,) and what was drawn.

    ``nominal`` is the value with every figure at its nominal value; None: not known.

    ``curve`` (point, draw'): the measure at the kill probabilities of the grid, where the measure is leakers.
    ``inputs``: addresses of the parameters behind it. ``by_replication`` (draw, replication): the counts behind the
    values, where they are means over replications.
    """

    laydown: str
    words: str
    systems: frozenset[str]
    values: FloatArray
    ledger: Ledger
    uses: frozenset[str]
    curve: FloatArray | None = None
    inputs: tuple[str, ...] = ()
    by_replication: FloatArray | None = None
    nominal: float | None = None


class Compared(NamedTuple):
    """What is compared: a measure by its name, in words and with its unit, what it holds under, which way is better."""

    name: str
    label: str
    condition: Condition
    unit: str
    better: Better


def compared(part: Part, measure: Compared, a: Side, b: Side) -> Difference:
    """Compare two offers on the same draws and the same luck.

    Parameters
    ----------
    a, b : Side
        Values (draw,) of the same draws, in the same order.

    Notes
    -----
    Offers of different systems turn over along the ratio of their kill probabilities where leakers are counted: B is
    held at 0.6 and A runs from 0.1 to 1, all else drawn. Every other difference turns over, if it does, along the
    unknown with the greatest share of its spread. Where values are means over few replications, their luck is taken out
    of the interval and of who is better how often (`engagement.answers.less_luck`); the deciding unknown and the
    break-even are averages over draws and keep the plain difference.
    """
    difference = a.values - b.values
    fair = without_luck(difference, a, b)
    sign = 1.0 if measure.better == "more" else -1.0
    inputs = tuple(dict.fromkeys((*a.inputs, *b.inputs)))
    nominal = None if a.nominal is None or b.nominal is None else a.nominal - b.nominal
    words = f"{measure.label}, {a.laydown} less {b.laydown}"
    found = in_raids(
        finding(words, measure.unit, fair.values, inputs, nominal=nominal), (a, b), lambda one, two: one - two
    )
    weighed = weigh_first(a.ledger.candidates(a.uses | b.uses), difference, n_bootstrap=N_BOOTSTRAP)
    verdict = decides(weighed)
    if a.curve is not None and b.curve is not None and not a.systems & b.systems:
        turn = kill_ratio_turn(a.words, b.words, a.curve, b.curve)
    else:
        turn = unknown_turn(a.words, b.words, measure, difference, a.ledger, verdict)
    p_better = float((sign * fair.values > 0.0).mean())
    p_equal = float((fair.values == 0.0).mean())
    sentence = (
        f"{a.words} against {b.words}, {measure.label} {measure.condition.text}: difference "
        f"{spread_text(found.low, found.median, found.high, measure.unit)} "
        f"{measure.unit if measure.unit != '1' else ''}".rstrip()
        + f"; better in {sampled_percent(p_better, fair.values.size)} of draws"
        + (f", equal in {whole_percent(p_equal)}." if p_equal else ".")
    )
    return Difference(
        part=part,
        a=a.laydown,
        b=b.laydown,
        measure=measure.name,
        condition=measure.condition,
        label=measure.label,
        unit=measure.unit,
        better=measure.better,
        a_value=value_of(measure, a),
        b_value=value_of(measure, b),
        a_minus_b=found,
        p_a_better=p_better,
        noise_share=fair.noise_share,
        p_equal=p_equal,
        deciding=verdict.name,
        break_even=turn,
        sentence=sentence,
        verdict=verdict,
    )


def without_luck(difference: FloatArray, a: Side, b: Side) -> LessLuck:
    """Take the luck of few replications out of a difference; nothing to take where values are no means over luck."""
    if a.by_replication is None or b.by_replication is None:
        return LessLuck(difference, 0.0, is_reduced=False)
    return less_luck(difference, a.by_replication, b.by_replication)


def in_raids(found: Finding, sides: Sequence[Side], combine: Callable[..., FloatArray]) -> Finding:
    """Add the interval of one raid, where every side has its counts raid by raid; ``combine`` makes one of them."""
    counts = [side.by_replication for side in sides]
    return found if any(c is None for c in counts) else in_single_raids(found, combine(*counts))


def value_of(measure: Compared, side: Side) -> Finding:
    """Make the finding of one offer, its own luck taken out as in the table of raids."""
    counts = side.by_replication
    if counts is None:
        return finding(measure.label, measure.unit, side.values, side.inputs, nominal=side.nominal)
    luck = counts.var(axis=1, ddof=1) if counts.shape[1] > 1 else np.zeros_like(side.values)
    found = answer(measure.label, measure.unit, side.values, luck, counts.shape[1], side.nominal).finding
    return in_single_raids(replace(found, inputs=side.inputs), counts)


def kill_ratios(curve_a: FloatArray, curve_b: FloatArray) -> FloatArray:
    """Ratio of kill probabilities at which A leaks as much as B, draw by draw.

    Parameters
    ----------
    curve_a, curve_b : (point, draw) array
        Mean leakers at the kill probabilities of `KILL_GRID`.

    Returns
    -------
    (draw,) array
        Kill probability of A over 0.6, that of B; -inf where A leaks no more even at the least, inf where it leaks more
        even at 1; nan where neither curve moves and both leak alike.

    Notes
    -----
    A's curve is made to fall with kill probability (running minimum) before it is crossed, which takes out the luck of
    few replications.

    Examples
    --------
    B leaks 4 at 0.6; A leaks 10 (1 - p), so 4 at 0.6 and the ratio is 1; with 20 (1 - p) A needs 0.8.

    >>> grid = np.array(KILL_GRID)[:, None]
    >>> a, b = np.hstack([10 * (1 - grid), 20 * (1 - grid)]), np.full((6, 2), 4.0)
    >>> kill_ratios(a, b).round(6).tolist()
    [1.0, 1.333333]
    """
    level = curve_b[KILL_GRID.index(KILL_MIDDLE)]
    falling = np.minimum.accumulate(curve_a, axis=0)
    ratios = np.empty(level.size)
    grid = np.array(KILL_GRID)
    for d in range(level.size):
        reached = np.flatnonzero(falling[:, d] <= level[d])
        if not reached.size:
            ratios[d] = np.inf
        elif reached[0] == 0:
            flat = np.ptp(curve_a[:, d]) == 0.0 and curve_a[0, d] == level[d]
            ratios[d] = np.nan if flat else -np.inf
        else:
            i = int(reached[0])
            high, low = falling[i - 1, d], falling[i, d]
            p_kill = grid[i - 1] + (high - level[d]) / (high - low) * (grid[i] - grid[i - 1])
            ratios[d] = p_kill / KILL_MIDDLE
    return ratios


def kill_ratio_turn(words_a: str, words_b: str, curve_a: FloatArray, curve_b: FloatArray) -> Turn:
    """Say at which ratio of kill probabilities the comparison of leakers turns over."""
    least, greatest = KILL_GRID[0] / KILL_MIDDLE, KILL_GRID[-1] / KILL_MIDDLE
    known = kill_ratios(curve_a, curve_b)
    known = known[~np.isnan(known)]
    if 2 * known.size < curve_a.shape[1]:
        sentence = f"{words_a} and {words_b} leak alike at every kill probability"
        return Turn(KILL_UNKNOWN, "1", None, None, None, least, greatest, sentence)
    quantiles = np.quantile(known, [0.05, 0.5, 0.95], method="inverted_cdf")
    low, median, high = (float(q) if np.isfinite(q) else None for q in quantiles)
    span = f"{_end(quantiles[0], least, greatest)} to {_end(quantiles[2], least, greatest)}"
    if median is None:
        verb = "less" if quantiles[1] < 0 else "more"
        sentence = (
            f"{words_a} leaks {verb} than {words_b} at every ratio of kill probabilities from {least:.2f} to "
            f"{greatest:.2f}, in the middle draw"
        )
    elif abs(median - 1.0) <= EQUAL_RATIO:
        sentence = f"{words_a} and {words_b}: the one with the greater kill probability leaks less ({span})"
    else:
        verb, side = ("less", "below") if median < 1.0 else ("more", "above")
        sentence = (
            f"{words_a} leaks {verb} than {words_b} unless its kill probability is {side} {median:.2f} ({span}) times "
            "the other's"
        )
    return Turn(KILL_UNKNOWN, "1", low, median, high, least, greatest, sentence)


def _end(ratio: float, least: float, greatest: float) -> str:
    if np.isfinite(ratio):
        return f"{ratio:.2f}"
    return f"below {least:.2f}" if ratio < 0 else f"above {greatest:.2f}"


def unknown_turn(
    words_a: str, words_b: str, measure: Compared, difference: FloatArray, ledger: Ledger, verdict: Deciding
) -> Turn:
    """Say at which value of the figure with the greatest share a difference changes its sign, if it does.

    A figure of a category (which of the drawn grounds) has no value at which anything could turn.
    """
    one_sign = _one_sign(words_a, words_b, measure.better, difference)
    if not verdict.shares or verdict.shares[0].share <= 0.0:
        return Turn("", "", None, None, None, 0.0, 0.0, one_sign)
    top = verdict.shares[0]
    figure = ledger.figure_of(top.stream, top.figures)
    if figure is None:
        return Turn(top.name, "", None, None, None, 0.0, 0.0, f"{one_sign}, and no value of {top.name} can be named")
    return figure_turn(words_a, words_b, measure.better, difference, figure)


def figure_turn(words_a: str, words_b: str, better: Better, difference: FloatArray, figure: Figure) -> Turn:
    """Say at which value of one figure a difference, A less B (draw,), changes its sign, if it does."""
    scale, back = (np.log, np.exp) if figure.scale == "log" else (np.asarray, np.asarray)
    values = figure.values[: difference.size]
    turn = break_even(scale(values), difference, n_bootstrap=N_BOOTSTRAP)
    ends = (float(values.min()), float(values.max()))
    low_end, high_end = (quantity_text(v, figure.unit) for v in ends)
    span = f"{low_end} to {high_end}"
    if not turn.crossings:
        sentence = f"{_one_sign(words_a, words_b, better, difference)}, whatever the {figure.label} ({span})"
        return Turn(figure.label, figure.unit, None, None, None, *ends, sentence)
    low, middle, high = (float(back(v)) for v in (turn.low, turn.crossings[0], turn.high))
    low_text, middle_text, high_text = (quantity_text(v, figure.unit) for v in (low, middle, high))
    side = words_a if (turn.sign_above > 0) == (better == "more") else words_b
    if turn.sign_above == turn.sign_below:
        sentence = (
            f"which of {words_a} and {words_b} is better changes more than once as {figure.label} goes through "
            f"{span}, first at {middle_text}"
        )
    else:
        sentence = (
            f"{side} is better where {figure.label} is above {middle_text} ({low_text} to {high_text}; drawn from "
            f"{span})"
        )
    return Turn(figure.label, figure.unit, low, middle, high, *ends, sentence)


def _one_sign(words_a: str, words_b: str, better: Better, difference: FloatArray) -> str:
    median = float(np.median(difference))
    if median == 0.0:
        return f"{words_a} and {words_b} are alike in the middle draw"
    return f"{words_a if (median > 0.0) == (better == 'more') else words_b} is better in the middle draw"


def marginal_row(measure: Compared, neither: FloatArray, first: Side, second: Side, both: Side) -> MarginalRow:
    """What the second system adds when the first is there; the values are such that more is better."""
    parts = marginal_value(neither, first.values, second.values, both.values)
    inputs = tuple(dict.fromkeys((*first.inputs, *second.inputs, *both.inputs)))
    fair = without_luck(parts.gain, both, first)
    middle = None
    if first.nominal is not None and second.nominal is not None and both.nominal is not None:
        middle = marginal_value(*(np.array([v]) for v in (neither[0], first.nominal, second.nominal, both.nominal)))
    gain_at, overlap_at, kept_at = (None, None, None) if middle is None else (float(v[0]) for v in middle)
    gain = in_raids(
        finding(f"{measure.label}, added", measure.unit, fair.values, inputs, nominal=gain_at), (first, both),
        lambda one, joint: joint - one,
    )  # fmt: skip
    overlap = in_raids(
        finding(f"{measure.label}, overlap", measure.unit, parts.overlap, inputs, nominal=overlap_at),
        (first, second, both), lambda one, two, joint: one + two - joint,
    )  # fmt: skip
    is_worth = np.isfinite(parts.kept_share)
    kept = None
    if is_worth.mean() > 0.5:
        kept = finding("share of its own worth kept", "1", parts.kept_share[is_worth], nominal=kept_at)
    tail = f", {whole_percent(kept.median)} of what it is worth alone" if kept is not None else ""
    adds = spread_text(gain.low, gain.median, gain.high, measure.unit)
    return MarginalRow(
        first=first.laydown,
        second=second.laydown,
        both=both.laydown,
        measure=measure.name,
        condition=measure.condition,
        label=measure.label,
        unit=measure.unit,
        gain=gain,
        overlap=overlap,
        kept_share=kept,
        p_adds=float((fair.values > 0.0).mean()),
        sentence=f"{second.words} beside {first.words} adds {adds} {measure.label} {measure.condition.text}{tail}.",
    )


def spread_text(low: float, median: float, high: float, unit: str, dash: str = " to ") -> str:
    """Return 'median [low to high]', or one value where the ends are alike.

    Counts (unit "1") and less than 100 seconds stand in tenths, smaller ones with the first digit of the greatest: what
    is finer is luck of few replications. All else has three digits.

    >>> spread_text(-0.00907, 0.0, 0.262, "1"), spread_text(3.57, 4.125, 4.86, "1", "-"), spread_text(40, 40, 40, "1")
    ('0 [0 to 0.3]', '4.1 [3.6-4.9]', '40')
    >>> spread_text(-0.201, -0.00316, 0.0115, "s"), spread_text(520.0, 536.2, 540.0, "s")
    ('0 [-0.2 to 0]', '536 [520 to 540]')
    >>> spread_text(0.0, 0.012, 0.04, "1"), spread_text(9.27e6, 10.6e6, 11.5e6, "people")
    ('0.01 [0 to 0.04]', '10.6 M [9.27 M to 11.5 M]')
    """
    greatest = max(abs(low), abs(median), abs(high))
    places = 1 if greatest >= 0.1 or greatest == 0.0 else -math.floor(math.log10(greatest))

    def write(value: float) -> str:
        if greatest >= TENTHS_BELOW.get(unit, 0.0):
            return number(value)
        return plain(round(value, places) + 0.0, 6)

    return write(median) if low == high else f"{write(median)} [{write(low)}{dash}{write(high)}]"


def number(value: float) -> str:
    """Return a number of three digits, people and areas in millions or thousands.

    >>> number(12_345_678.0), number(-45_210.0), number(0.1234), number(0.0)
    ('12.3 M', '-45.2 k', '0.123', '0')
    """
    for factor, letter in ((1e6, " M"), (1e4, " k")):
        if abs(value) >= factor:
            return f"{plain(value / (1e6 if letter == ' M' else 1e3))}{letter}"
    return plain(value) if abs(value) < 1000.0 else f"{value:,.0f}"
