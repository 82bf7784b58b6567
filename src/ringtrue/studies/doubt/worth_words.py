"""What knowing is worth, in words: three plain sentences, one screen, and how far the numbers hold."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING

from ringtrue.finding import plain, quantity_text, whole_percent
from ringtrue.sensing.assumed import assumed_sentence
from ringtrue.studies.brief import Brief, grid
from ringtrue.studies.compare_answer import capital
from ringtrue.studies.compare_differences import spread_text
from ringtrue.studies.doubt.knowing import WHOLE

if TYPE_CHECKING:
    from ringtrue.studies.doubt.worth_records import Estimate, WorthResult, WorthRow

MOST_FIGURES = 8
LEAST_COUNT = 0.005  # a worth that is printed as nothing
SHOWN = 44


def answer_of(result: WorthResult) -> tuple[str, str, str]:
    """Say what an inspection would tell, whether it would change the choice, and what would tell most."""
    return _what_it_tells(result), _whether_it_changes(result), _what_tells_most(result)


def _inspected(result: WorthResult) -> WorthRow:
    """Return the look into everything of the first system of the options."""
    return next(row for row in result.groups if row.name.startswith(f"{WHOLE}."))


def _what_it_tells(result: WorthResult) -> str:
    row = _inspected(result)
    first = next(one for one in row.options if one.laydown == result.decision[0].laydown) if row.options else None
    if first is None:
        return f"To {row.label} would tell nothing here: no figure of it is drawn."
    name = result.names[first.laydown]
    if first.shrinkage.value == 0.0 and row.shrinkage.value == 0.0:
        return (
            f"To {row.label} would tell the public nothing that stands clear of chance about {_counted(result)}: of "
            f"the doubt about {name} at most {whole_percent(first.shrinkage.high)} would go."
        )
    return (
        f"To {row.label} would take {_off(first.shrinkage)} off the public's doubt about {_counted(result)} with "
        f"{name}, and {_off(row.shrinkage)} off that about the difference between the options."
    )


def _off(one: Estimate) -> str:
    return share_text(one) if one.value > 0.0 else f"nothing clear of chance (at most {whole_percent(one.high)})"


def _whether_it_changes(result: WorthResult) -> str:
    row, best = _inspected(result), next(one for one in result.decision if one.laydown == result.today)
    ahead = f"{result.names[result.today]} is the better in {whole_percent(best.p_best)} of draws"
    gain = f"the inspection would {_gain(result, row.worth)}"
    if row.verdict == "yes":
        changed = whole_percent(row.p_changes)
        return f"It could change which looks better: {ahead}, and with another choice in {changed} of them {gain}."
    if row.verdict == "no":
        return f"It would not change which looks better: {ahead}, and {gain}."
    return f"Whether it would change which looks better cannot be told with these figures: {ahead}, and {gain}."


def _gain(result: WorthResult, one: Estimate) -> str:
    """Say what a worth is: what is spared or gained by choosing better."""
    verb = "spare" if result.better == "less" else "gain"
    unit = "" if result.unit in ("1", "people") else f" {result.unit}"
    return f"{verb} {worth_text(one, result.unit)}{unit} {_label(result)} on average"


def _label(result: WorthResult) -> str:
    return f"{result.label[:1].lower()}{result.label[1:]}"


def _what_tells_most(result: WorthResult) -> str:
    groups = [row for row in result.groups if row.kind == "group"]
    most = max(groups, key=lambda row: (row.worth.value, row.shrinkage.value))
    told = f"Most would be learned if one could {most.label} ({share_text(most.shrinkage)} off the difference)"
    if most.shrinkage.value == 0.0 and most.worth.value == 0.0:
        told = "No single thing to learn stands clear of chance"
    whole = _gain(result, result.perfect)
    if result.perfect.high <= result.matters_from:
        return f"{told}; even knowing everything but luck would not change the choice: it would {whole}."
    if result.perfect.value > result.matters_from:
        return f"{told}; knowing everything but luck would {whole}."
    return f"{told}; whether knowing everything but luck would change the choice cannot be told: it would {whole}."


def _counted(result: WorthResult) -> str:
    """Say what the measure counts in the middle of a sentence."""
    _, _, row = result.by.partition("@")
    return f"{_label(result)} ({row})" if row else _label(result)


def share_text(one: Estimate) -> str:
    """Return a share with its interval in whole per cent.

    >>> from ringtrue.studies.doubt.worth_records import Estimate
    >>> share_text(Estimate(0.2, 0.34, 0.451, 0.01)), share_text(Estimate(0.0, 0.0, 0.02, 0.03))
    ('34 % [20 to 45]', '0 % [0 to 2]')
    """
    low, middle, high = (f"{100.0 * value:.0f}" for value in (one.low, one.value, one.high))
    return f"{middle} % [{low} to {high}]" if low != high else f"{middle} %"


def worth_text(one: Estimate, unit: str) -> str:
    """Return a worth with its interval: counts with two digits of the upper end, all else with three.

    >>> from ringtrue.studies.doubt.worth_records import Estimate
    >>> worth_text(Estimate(0.06, 0.234, 0.41, 0.0), "1"), worth_text(Estimate(0.0, 0.0, 0.0, 0.0), "1")
    ('0.23 [0.06 to 0.41]', '0')
    >>> worth_text(Estimate(0.0, 0.0, 0.0012, 0.0), "1"), worth_text(Estimate(0.0, 41e3, 62e3, 0.0), "people")
    ('0', '41 k [0 to 62 k]')
    """
    if unit != "1" or one.high >= 1000.0:
        return spread_text(one.low, one.value, one.high, unit)
    if one.high < LEAST_COUNT:
        return "0"
    places = max(0, 1 - math.floor(math.log10(one.high)))
    low, middle, high = (plain(round(value, places) + 0.0, 6) for value in (one.low, one.value, one.high))
    return f"{middle} [{low} to {high}]" if low != high else middle


def notes_of(result: WorthResult) -> tuple[str, ...]:
    """Say how far the numbers hold."""
    exact = "exactly" if result.within == 0.0 else f"to within {whole_percent(result.within)} of its value"
    doubt = (
        "Doubt is the 5 to 95 % interval over the published and assumed spreads: the public's, not that of a service. "
        f"A figure comes to be known {exact}."
    )
    below = (
        "Worth is learned on some draws and valued on others, so it comes from below; what does not stand clear of "
        "chance is 0."
    )
    least = (
        f"A worth of less than {plain(result.matters_from, 2)} (1 % of what the option of today comes to) is said to "
        "change nothing."
    )
    luck = (
        f"Luck is told from doubt by {result.n_blocks} blocks of raids on luck of their own; the best of noisy means "
        f"would make of everything known {plain(result.best_of_means, 2)}."
    )
    return (doubt, below, least, *([luck] if result.n_blocks > 1 else []))


def _rows(result: WorthResult) -> list[list[str]]:
    told = [row for row in result.figures if row.worth.value > 0.0 or row.shrinkage.value > 0.0]
    return [
        [capital(row.label)[:SHOWN], share_text(row.shrinkage).replace(" %", ""), worth_text(row.worth, result.unit),
         "?" if row.verdict == "cannot be told" else row.verdict]
        for row in (*result.groups, *told[:MOST_FIGURES])
    ]  # fmt: skip


def _about(result: WorthResult) -> str:
    names = " or ".join(f"{row.laydown} ({plain(row.mean)})" for row in result.decision)
    return (
        f"{result.title}: {names} by {result.by}; {result.terrain}; {result.header.n_draws:,} draws, "
        f"{result.header.n_replications} raids in each. Doubt: % of the 5-95 % interval of the difference that goes; "
        f"worth: {_label(result)} {'spared' if result.better == 'less' else 'gained'} on average; ?: cannot be told."
    )


HEAD = ["if one could ...", "doubt, %", "worth", "changes"]


def worth_brief(result: WorthResult) -> Brief:
    """Return one screen: the table of what could come to be known, then the three sentences."""
    return Brief(
        answer=(choice_words(result),),
        about=_about(result),
        table=tuple(grid(HEAD, _rows(result))),
        decides=(assumed_sentence(result.assumed_share, result.header.n_draws, "the difference"),),
        warnings=(*result.notes, *result.declared),
        closing=result.answer,
    )


def choice_words(result: WorthResult) -> str:
    """Say which option looks better today."""
    best = next(one for one in result.decision if one.laydown == result.today)
    return (
        f"Today {result.names[result.today]} looks better than {result.names[result.against]}: "
        f"{plain(best.mean)} {_label(result)}, best in {whole_percent(best.p_best)} of "
        "draws."
    )


def worth_lines(result: WorthResult, width: int = 80) -> list[str]:
    """Return all of it as text: what is chosen from, every group and every figure, break-evens, notes, the answer."""
    lines = [*textwrap.wrap(choice_words(result), width), "", *textwrap.wrap(_about(result), width)]
    rows = [
        [capital(row.label)[:SHOWN], share_text(row.shrinkage).replace(" %", ""), worth_text(row.worth, result.unit),
         "?" if row.verdict == "cannot be told" else row.verdict]
        for row in result.rows
    ]  # fmt: skip
    lines += [*grid(HEAD, rows), ""]
    for row in result.groups:
        if row.options:
            each = "; ".join(f"{result.names[o.laydown]} {share_text(o.shrinkage)}" for o in row.options)
            lines += textwrap.wrap(f"{capital(row.label)}, off the doubt about each alone: {each}.", width,
                                   subsequent_indent="  ")  # fmt: skip
    for row in result.figures:
        if row.break_even is not None:
            lines += textwrap.wrap(capital(row.break_even.sentence) + ".", width, subsequent_indent="  ")
    assumed = assumed_sentence(result.assumed_share, result.header.n_draws, "the difference")
    lines += ["", *(line for note in (assumed, *result.notes) for line in textwrap.wrap(note, width))]
    return [*lines, "", *(line for said in result.answer for line in textwrap.wrap(said, width))]


def break_even_text(row: WorthRow) -> str:
    """Return where the options change places along a figure, for a cell."""
    turn = row.break_even
    if turn is None:
        return "–"
    return "never" if turn.median is None else f"at {quantity_text(turn.median, turn.unit)}"
