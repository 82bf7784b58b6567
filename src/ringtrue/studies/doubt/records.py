"""What a study of doubt answers: a row for each unknown, the same answer under each source, and what they say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ringtrue.answer import Answer, hidden, key, table, words
from ringtrue.answer import measure as measured
from ringtrue.finding import Finding

if TYPE_CHECKING:
    from ringtrue.catalogue.records import Parameter, Source
    from ringtrue.studies.doubt.findings import Asked

UnknownKind = Literal["figure", "category", "luck", "others"]
PAGE, TERMINAL = "page", "terminal"


def _share(label: str, meaning: str = "", **more: Any) -> Any:
    return measured("1", label, meaning, places=4, form="percent", **more)


@dataclass(frozen=True, slots=True)
class SensitivityRow:
    """One unknown: its part in the spread of the answer, luck taken out, each with 5 and 95 %.

    ``first`` and ``total`` are shares of the variance of the expected answer; ``one_raid`` is the total share of what
    single raids come to, luck among it. The row of luck has that one alone.
    """

    stream: str = key("Stream", "Name of what was drawn together in the ledger; luck and others have one of their own.")
    unknown: str = words("Unknown, in words")
    kind: UnknownKind = words(
        "What kind of unknown", "A figure on a scale; a category, which has no value to turn at; luck; the others."
    )
    is_assumed: bool = words("Whether it is assumed or estimated", "Of what was drawn together, any.")
    first_low: float | None = _share("Share alone, low end", "Null: luck, which has none here.")
    first: float | None = _share(
        "Share alone", "First-order index: what knowing it would take off the variance, on the average.",
        heads={PAGE: "Alone", TERMINAL: "alone"},
    )  # fmt: skip
    first_high: float | None = _share("Share alone, high end")
    total_low: float | None = _share("Share with others, low end")
    total: float | None = _share(
        "Share with others", "Total index: what would be left of the variance if all else were known.",
        heads={PAGE: "With others", TERMINAL: "with others"},
    )  # fmt: skip
    total_high: float | None = _share("Share with others, high end")
    one_raid: float | None = _share(
        "Share of one raid", "Of the variance of single raids, luck among it; null: no luck enters.",
        heads={PAGE: "Of one raid", TERMINAL: "of one raid"},
    )  # fmt: skip
    in_bins_low: float | None = _share("Share in bins, low end")
    in_bins: float | None = _share(
        "Share in bins", "First-order share as every study estimates it, from plain draws; null: not in one stream.",
        heads={PAGE: "Alone, in bins"},
    )  # fmt: skip
    in_bins_high: float | None = _share("Share in bins, high end")
    turns_at: float | None = measured(
        "", "Value at which the difference changes sign", "Null: no difference is asked for, it never does or more "
        "than once, or the unknown is no figure.",
    )  # fmt: skip
    turns_unit: str = words("Unit of that value", default="")
    figures: tuple[str, ...] = words("Addresses of its figures that the answer reads", default=())


@dataclass(frozen=True, slots=True)
class SourceRow:
    """The answer where one source's own figures stand in place of the pooled ones."""

    source: str = key("Source", "Its key in the catalogue; empty: the pooled figures.")
    publisher: str = words("Who says so")
    kind: str = words(
        "Kind of source",
        "official, manufacturer, research, press, estimate; pooled; shipped, beside one's own.",
    )
    figures: tuple[str, ...] = words("Addresses whose figure is the source's own")
    says: str = words("What it says, and what stands there otherwise")
    value: Finding = measured("", "The answer", heads={PAGE: "The answer"})
    ratio: float | None = measured("1", "Median over the pooled one", "Null: the pooled median is nothing.")
    shift: Finding | None = measured("", "Less the pooled answer, draw by draw", "Null: the pooled row.")


@dataclass(frozen=True, slots=True)
class RivalRow:
    """Two sources that print one figure, and whether both can be right."""

    figure: str = key("Address of the figure")
    label: str = words("The figure in words")
    one: str = key("Source of the figure that is drawn")
    other: str = key("Source of the rival")
    one_says: str = words("What the first prints")
    other_says: str = words("What the other prints")
    can_both_be_right: bool = words("Whether their intervals meet")


@dataclass(frozen=True, repr=False)
class SensitivityResult(Answer):
    """Which unknown moves one finding, and what each source makes of it."""

    finding: str = words("The finding as it is asked for")
    label: str = words("The finding in words")
    unit: str = words("Unit of its value")
    value: Finding = measured("", "The answer", one_raid="by measure")
    rows: tuple[SensitivityRow, ...] = table("Unknowns, the largest first")
    luck_low: float | None = _share("Share of luck in one raid, low end", "Null: no luck enters.")
    luck: float | None = _share("Share of luck in one raid")
    luck_high: float | None = _share("Share of luck in one raid, high end")
    together_low: float = _share("Share that no unknown carries alone, low end")
    together: float = _share("Share that no unknown carries alone", "1 less the sum of the shares alone.")
    together_high: float = _share("Share that no unknown carries alone, high end")
    interactions_matter: bool = words("Whether more than a third is carried by unknowns together")
    n_points: int = words("Base points of the design")
    n_unknowns: int = words("Unknowns that the answer reads")
    n_screened_out: int = words("Unknowns that screening left to one group", "0: no screening, or none left out.")
    sources: tuple[SourceRow, ...] = table("The same answer source by source", "Empty: no source prints a rival.")
    rivals: tuple[RivalRow, ...] = table("Figures that two sources print differently")
    answer: tuple[str, ...] = words("The answer in sentences")
    caveats: tuple[str, ...] = words("What a reader would miss")
    title: str = hidden()
    asked: Asked = hidden()
    parameters: tuple[Parameter, ...] = hidden()
    printed_by: dict[str, Source] = hidden()
    terrain: str = hidden()
