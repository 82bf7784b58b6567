"""What `ringtrue worth` answers: the options, what could come to be known, and what that would be worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ringtrue.answer import Answer, hidden, key, measure, table, words
from ringtrue.finding import Finding
from ringtrue.sensing.deciding import assumed_measure
from ringtrue.studies.compare_records import Turn

if TYPE_CHECKING:
    from ringtrue.answer import Better
    from ringtrue.catalogue.records import Parameter, Source

Verdict = Literal["yes", "no", "cannot be told"]
Kind = Literal["group", "everything", "figure"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimate with its 5 to 95 % interval; 0 where it does not stand clear of nothing."""

    low: float = measure("", "5 %", "Lower end of the interval.")
    value: float = measure("", "Estimate")
    high: float = measure("", "95 %", "Upper end of the interval.")
    bar: float = measure("", "What chance reaches once in twenty times", "Null: not asked, the estimate was 0 or less.")


@dataclass(frozen=True, slots=True)
class OptionRow:
    """One of the options that are chosen from."""

    laydown: str = key("Laydown")
    finding: str = key("Finding that it is judged by")
    title: str = words("In words")
    value: Finding = measure("", "What it comes to", "Over draws, of means over all raids of each draw.")
    mean: float = measure("", "Mean over draws", "By which is chosen today.")
    p_best: float = measure("1", "Share of draws in which it is the best of the options", form="percent")


@dataclass(frozen=True, slots=True)
class OptionShrinkage:
    """How far the interval of one option alone shrinks."""

    laydown: str = key("Laydown")
    shrinkage: Estimate = words("Part of the width of its 5 to 95 % interval that goes")


@dataclass(frozen=True, slots=True)
class WorthRow:
    """Something that could come to be known: one figure, or what is learned together."""

    kind: Kind = key("Kind", "A group, everything but luck, or what was drawn by one stream.")
    name: str = key("Name", "Of the group or the stream.")
    label: str = words("What one would do, or the figure, in words")
    system: str = words("System that it looks into", "Empty: none.")
    streams: tuple[str, ...] = words("Streams of the ledger that it settles")
    figures: tuple[str, ...] = words("Addresses of their figures")
    shrinkage: Estimate = words("Part of the width of the 5 to 95 % interval of the difference that goes")
    options: tuple[OptionShrinkage, ...] = table("The same of each option alone", "Of groups; empty for a figure.")
    worth: Estimate = words("Expected gain of choosing when it is known", "In the unit of the measure, always better.")
    p_changes: float = measure("1", "Share of draws in which another option is chosen", form="percent")
    verdict: Verdict = words("Whether it would change the choice")
    why: str = words("What the verdict rests on")
    break_even: Turn | None = words("Value at which the options change places", "Null: a group, a category, no doubt.")


@dataclass(frozen=True)
class WorthResult(Answer):
    """What knowing would be worth for one choice."""

    scenario: str = words("Scenario")
    terrain: str = words("Elevation model")
    answer: tuple[str, ...] = words("The answer in three sentences")
    by: str = words("Measure by which is chosen, by its name and what names its row")
    label: str = words("Measure in words")
    unit: str = words("Unit")
    better: str = words("Which way is better")
    within: float = measure("1", "How closely figures come to be known", "Largest error over the value; 0: exactly.")
    n_blocks: int = measure("1", "Blocks of raids on luck of their own", digits=None)
    decision: tuple[OptionRow, ...] = table("What is chosen from")
    today: str = words("Option that is chosen today")
    against: str = words("Option that it is held against: the next best")
    difference: Finding = measure("", "Option of today less the next best")
    perfect: Estimate = words("Worth of knowing everything but luck")
    p_changes: float = measure("1", "Share of draws in which another option is chosen then", form="percent")
    best_of_means: float = measure(
        "", "The same by the best of noisy means", "Too good: luck is chosen with; the worth lies between."
    )
    matters_from: float = measure("", "Worth below which a choice is said not to change for it")
    rows: tuple[WorthRow, ...] = table("What could come to be known")
    assumed_share: float | None = assumed_measure("the difference")
    notes: tuple[str, ...] = words("How far the numbers hold")
    declared: tuple[str, ...] = words("What the scenario declares")
    title: str = hidden()
    names: dict[str, str] = hidden()
    said_better: Better = hidden()
    parameters: tuple[Parameter, ...] = hidden()
    sources: dict[str, Source] = hidden()

    @property
    def groups(self) -> tuple[WorthRow, ...]:
        """What is learned together, everything last."""
        return tuple(row for row in self.rows if row.kind != "figure")

    @property
    def figures(self) -> tuple[WorthRow, ...]:
        """Single figures, those first that are worth most, then those that take most of the doubt."""
        return tuple(row for row in self.rows if row.kind == "figure")
