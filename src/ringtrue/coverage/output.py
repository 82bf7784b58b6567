"""What an audit of one or more systems prints with --json: findings only, no times, no paths, no thread counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ringtrue.answer import Answer, Header, hidden, table, words
from ringtrue.coverage.records import CoverageRow, FootprintRow
from ringtrue.sensing.deciding import DecidingOf, assumed_measure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringtrue.coverage.records import AuditResult


@dataclass(frozen=True, repr=False)
class AuditAnswer(Answer):
    """The rings of one or more systems at their places."""

    rows: tuple[CoverageRow, ...] = table("Classes that fly at a height")
    footprints: tuple[FootprintRow, ...] = table("Ballistic classes")
    variants: tuple[CoverageRow, ...] = table("The headline class in other cases, side by side")
    assumed_share: float | None = assumed_measure("the first answer")
    deciding: DecidingOf = words("Which unknown decides the first answer")
    answers: tuple[str, ...] = words("The answer in a sentence, system by system")
    declared: tuple[str, ...] = words("How the question was read")
    results: tuple[AuditResult, ...] = hidden(default=())


def audit_answer(results: Sequence[AuditResult]) -> AuditAnswer:
    """Put the audits of several systems into one answer; cities that no draw reaches are left out."""
    first = results[0]
    hashes = dict.fromkeys(r.question.scenario_hash for r in results if r.question.scenario_hash is not None)
    header = Header(
        command="audit", scenario_hash="+".join(hashes) or None, catalogue_hash=first.catalogue_hash,
        seed=first.seed, n_draws=first.n_draws,
    )  # fmt: skip
    return AuditAnswer(
        header,
        tuple(_reached(row) for result in results for row in result.rows),
        tuple(row for result in results for row in result.footprints),
        tuple(row for result in results for row in result.variant_rows),
        first.assumed_share,
        first.deciding.of(first.deciding_row),
        tuple(result.answer for result in results),
        tuple(dict.fromkeys(text for result in results for text in result.question.declared)),
        tuple(results),
    )


def _reached(row: CoverageRow) -> CoverageRow:
    cities = row.cities
    return row if cities is None else replace(row, cities=tuple(city for city in cities if city.share_of_draws > 0))


def audit_json(results: Sequence[AuditResult]) -> dict[str, Any]:
    """Return the object that ``ringtrue audit --json`` prints."""
    return audit_answer(results).as_json()
