"""What the claims study gives: a row for each claim with its variants, and what they come to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from ringtrue.answer import Answer, hidden, key, table, words
from ringtrue.answer import measure as measured
from ringtrue.sensing.deciding import assumed_measure
from ringtrue.studies.claim_records import Kind, Verdict
from ringtrue.studies.telling import TOLD

if TYPE_CHECKING:
    from ringtrue.finding import Finding
    from ringtrue.studies.claim_records import Claim, ClaimsFile


@dataclass(frozen=True, slots=True)
class VariantShare:
    """One variant of a claim: what varies, the share of draws in which it holds, and what was measured."""

    variant: dict[str, Any] = key("What varies")
    share: float = measured("1", "Share of draws in which the claim holds", places=4, form="percent")
    value: Finding | None = measured(
        "", "What was measured", "In the unit beside it; null for a date.", one_raid="by measure"
    )
    unit: str | None = words("Unit of what was measured")
    text: str = words("How it came about")
    share_low: float = measured("1", "Low end of the share over samples of draws (Wilson, 5 %)", places=4, default=0.0)
    share_high: float = measured("1", "High end of it (Wilson, 95 %)", places=4, default=1.0)
    figure: Finding | None = measured(
        "", "The figure asked about", "In the unit beside it; null for a date.", one_raid="by measure", default=None
    )
    figure_unit: str | None = words("Unit of the figure asked about", default=None)
    told: str = words("The figure asked about, with unit and interval, in words", default="")
    command: str = words("A command that shows it", default="")


@dataclass(frozen=True, slots=True)
class DecidingUnknown:
    """What an answer that depends turns on."""

    name: str | None = words("What decides", "Null: nothing stands clear.")
    leading: str = words("What has the largest share")
    turning: str | None = words("Along what the answer turns over", "Null: along nothing.")
    unit: str = words("Unit of the break-even")
    break_even: tuple[float, ...] = measured("", "Where the answer turns over", "In the unit beside it.", digits=4)
    sentence: str = words("All of it in words")


@dataclass(frozen=True, slots=True)
class ShareSpan:
    """Least and greatest share over the variants of a claim."""

    low: float = measured("1", "Least share", places=4)
    high: float = measured("1", "Greatest share", places=4)


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim with its verdict, which a rule made of the shares."""

    id: str = key("Claim")
    report: str = words("Who said it", heads={"page": "Said by; checked against"})
    place: str = words("Where in the report it stands", "Empty: not a statement of one report.")
    statement: str = words("The statement, in our words")
    tested: str = words("What is tested in its place", "Empty: the statement as it stands.")
    quote: str | None = words("What the source prints")
    sources: tuple[str, ...] = words("Sources it is checked against")
    kind: Kind = words("Kind of statement")
    measure: str | None = words("What is measured", "Null: nothing can be.")
    args: dict[str, Any] = words("Arguments of the measure")
    criterion: str | None = words("What must hold of the measure")
    verdict: Verdict = words("Verdict of the rule", heads={"page": "Verdict"})
    n_draws: int | None = measured(
        "1", "Draws behind the shares", "More than those of the run where the rule's bound lay inside their interval.",
        form="count",
    )  # fmt: skip
    share: ShareSpan | None = words("Shares of draws in which it holds, over variants", heads={"page": "Holds in"})
    variants: tuple[VariantShare, ...] = table("Variants, side by side")
    deciding: DecidingUnknown | None = words(
        "What it hangs on", "Null: it does not depend.", heads={"page": "What it hangs on"}
    )
    reason: str = words("How the words became a measure, or why there is none")
    assumed_share: float | None = assumed_measure(
        "what was measured", "Mean over variants; null: it cannot be told.",
        heads={"page": "Part of the doubt that is assumed", TOLD: "{} of the doubt comes from assumed figures"},
    )  # fmt: skip
    command: str = words("A command that shows the figure of the first variant")
    claim: Claim = hidden()


def claim_row(
    claim: Claim,
    verdict: Verdict,
    reason: str,
    variants: tuple[VariantShare, ...] = (),
    deciding: DecidingUnknown | None = None,
    assumed_share: float | None = None,
    n_draws: int | None = None,
) -> ClaimRow:
    """Put a claim and what was found of it into a row."""
    shares = [variant.share for variant in variants]
    return ClaimRow(
        id=claim.id,
        report=claim.report,
        place=claim.place,
        tested=claim.tested,
        statement=claim.statement,
        quote=claim.quote or None,
        sources=claim.sources,
        kind=claim.kind,
        measure=claim.measure or None,
        args=dict(claim.args),
        criterion=None if claim.criterion is None else claim.criterion.text,
        verdict=verdict,
        n_draws=n_draws,
        share=ShareSpan(min(shares), max(shares)) if shares else None,
        variants=variants,
        deciding=deciding,
        reason=reason,
        assumed_share=assumed_share,
        command=claim.command_of(next(claim.cases())[1]),
        claim=claim,
    )


@dataclass(frozen=True, slots=True)
class LeadingUnknown:
    """The unknown that leads most often."""

    name: str | None = words("What leads", "Null: no statement depends.")
    claims: int = measured("1", "Claims in which it leads")


@dataclass(frozen=True, repr=False)
class ClaimsResult(Answer):
    """The verdicts on a claims file."""

    file: ClaimsFile = hidden()
    rows: tuple[ClaimRow, ...] = table("Claims")
    verdicts: dict[str, int] = measured("1", "Claims by verdict")
    assumed_share: float | None = assumed_measure("the modelled claims", "Mean over claims; null: it cannot be told.")
    deciding: LeadingUnknown = words("The unknown that leads most often")
    rule: str = words("How a verdict is made")

    @property
    def said_first(self) -> tuple[str, ...]:
        """The sentences with which page and screen begin: verdicts counted, and what they turn on most often."""
        counts = Counter(row.verdict for row in self.rows)
        told = ", ".join(f"{counts[verdict]} {verdict}" for verdict in get_args(Verdict) if counts[verdict])
        leading, n_open = self.deciding, sum(row.deciding is not None for row in self.rows)
        turns = (
            "No statement turns on one unknown alone."
            if leading.name is None
            else f"Of the {n_open} that depend, {leading.claims} turn first on the {leading.name}, more than on "
            "anything else."
        )
        statements = "1 statement" if len(self.rows) == 1 else f"{len(self.rows)} statements"
        return f"Of {statements}: {told}.", turns
