"""The page of the claims: every testable statement, the verdict the rule gave it, and what it hangs on."""

from __future__ import annotations

from collections import Counter
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from ringtrue.answer import columns_in
from ringtrue.finding import quantity_text
from ringtrue.report.audit_words import spread_lines
from ringtrue.report.cells import measure_cell, source_names
from ringtrue.report.html import write_page
from ringtrue.report.page import Answer, Cell, Fact, Page, Prose, Section, Table, TableRow
from ringtrue.report.style import percent, sentence
from ringtrue.sensing.assumed import assumed_figure
from ringtrue.studies.claim_rows import ClaimRow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ringtrue.catalogue.records import Source
    from ringtrue.report.html import Again
    from ringtrue.studies.claim_records import Verdict
    from ringtrue.studies.claim_rows import ClaimsResult, VariantShare

BADGES: dict[Verdict, str] = {
    "supported": "supported",
    "not supported by published figures": "unsupported",
    "depends": "depends",
    "not answerable with public figures": "unanswerable",
    "arithmetic/quotation": "quotation",
}
RULE = (
    "A verdict is made by rule from shares of draws: supported where a statement holds in at least 95 % of draws in "
    "every variant; not supported by published figures where it holds in at most 5 % in every variant; else it "
    "depends, and the deciding unknown is named. A share counts with its interval over samples of draws; where a bound "
    "lies inside it, further draws are made, and where it lies there still, it depends. No verdict says “false”: "
    "figures that nobody published may differ."
)
MOST_VARIANTS = 4
NO_BREAK = "\N{NO-BREAK SPACE}"


def write_claims_report(
    result: ClaimsResult, path: Path | str, again: Again | None = None, *, sources: Mapping[str, Source] | None = None
) -> Path:
    """Write the verdicts as one self-contained HTML file and return its path."""
    return write_page(claims_page(result, sources=sources), Path(path), again)


def claims_page(result: ClaimsResult, *, sources: Mapping[str, Source] | None = None) -> Page:
    """Return the page of a claims file: count of verdicts, the table, what cannot be answered and why, the rule."""
    counts = Counter(row.verdict for row in result.rows)
    sections: list[Section] = [
        Answer(
            result.said_first,
            tuple(Fact(str(counts[v]), v) for v in BADGES if counts[v]),
        ),
        *claims_sections(result, sources or {}),
    ]
    return Page(
        title=result.file.title,
        kicker="Claims · what was said, and what published figures say to it",
        sections=tuple(sections),
        sources=dict(sources or {}),
        manifest=(*result.header.manifest(), ("claims", result.file.name)),
        footer="Computed with RingTrue from open published figures.",
    )  # fmt: skip


def claims_sections(result: ClaimsResult, sources: Mapping[str, Source]) -> list[Section]:
    """Return the table of verdicts, what cannot be answered, and how the verdicts are made."""
    return [
        _verdicts(result, sources),
        *_unanswerable(result),
        Prose(
            "How the verdicts are made",
            (RULE,),
            code="\n".join(dict.fromkeys(filter(None, (r.command for r in result.rows)))),
        ),
    ]


def _verdicts(result: ClaimsResult, sources: Mapping[str, Source]) -> Table:
    shown = columns_in(result.rows, "page")

    def decided(row: ClaimRow) -> Cell:
        """Say what an answer hangs on; where it hangs on nothing, what was found, and why where nothing can be."""
        text = row.deciding.sentence if row.deciding is not None else row.reason
        found = _variants_words(row)
        if row.deciding is None and row.reason == row.claim.reading:  # which stands below the statement
            return Cell(sentence(found) if found else "–", numeric=False)
        return Cell(_squared(sentence(text)) if text else "–", found, numeric=False)

    def reported(row: ClaimRow) -> Cell:
        checked = [source_names(row.sources, sources)] if row.sources else []
        said = f"{row.report}, {row.place}" if row.place else row.report
        return Cell("; ".join([said, *checked]), numeric=False)

    def assumed(row: ClaimRow) -> Cell:
        is_drawn = row.assumed_share is not None or (row.n_draws or 0) > 1
        return Cell(assumed_figure(row.assumed_share, result.header.n_draws) if is_drawn else "–")

    said_in_words: dict[str, Callable[[ClaimRow], Cell]] = {
        "report": reported,
        "verdict": lambda row: Cell(row.verdict, numeric=False, badge=BADGES[row.verdict]),
        "share": lambda row: Cell(shares_words(row).replace(" %", f"{NO_BREAK}%")),
        "deciding": decided,
        "assumed_share": assumed,
    }

    def cells(row: ClaimRow) -> tuple[Cell, ...]:
        return tuple(
            said_in_words[said.name](row) if said.name in said_in_words else measure_cell(row, said, f"{row.id}: ")
            for said in shown
        )

    rows: list[TableRow] = []
    for verdict in BADGES:
        some = [row for row in result.rows if row.verdict == verdict]
        if some:
            rows.append(TableRow(f"{sentence(verdict).rstrip('.')}: {len(some)}", is_band=True))
            rows += [TableRow(row.statement, cells(row), note=_reading(row)) for row in some]
    return Table(
        heading="What was said, and what published figures say to it",
        caption="Share of draws in which the statement holds; a range where variants differ.",
        columns=("Statement", *(said.heads["page"] for said in shown)),
        rows=tuple(rows),
        note="Below each statement stands the reading: how its words became a measure and a criterion. Heights carry "
        "their reference there.",
        sources=(
            "statements: the reports named beside them, in our words",
            *_codes(result, sources),
            f"draws: {result.header.n_draws:,} of every figure over its published or assumed spread",
        ),
        is_wordy=True,
    )  # fmt: skip


def _codes(result: ClaimsResult, sources: Mapping[str, Source]) -> tuple[str, ...]:
    """Say what a source is that stands in the table by its code."""
    if all(key in sources for row in result.rows for key in row.sources):
        return ()
    return ("a letter with a number: a source of the catalogue (ringtrue catalogue show)",)


def _reading(row: ClaimRow) -> str:
    criterion = f" [{row.claim.criterion.text}]" if row.claim.criterion is not None else ""
    tested = f"Tested: {row.tested} " if row.tested else ""
    return _squared(f"{tested}Reading: {row.claim.reading}{criterion}")


def _squared(text: str) -> str:
    return text.replace("km2", "km²").replace(" m2", " m²")


def shares_words(row: ClaimRow) -> str:
    """Return the share of draws of one row, or the range of the shares of its variants."""
    if row.share is None:
        return "–"
    low, high = percent(row.share.low), percent(row.share.high)
    return low if low == high else f"{low.removesuffix(' %')} to {high}"


def _variants_words(row: ClaimRow) -> str:
    """Return what was measured, once for its run, then the first variants: value, interval, nominal case, share."""
    parts = []
    for text, run in groupby(row.variants[:MOST_VARIANTS], key=lambda v: v.text):
        variants = list(run)
        lines = "; ".join(_variant(v) for v in variants)
        several = len(variants) > 1 or len({v.text for v in row.variants}) == 1
        parts.append(f"{text}: {lines}" if text and several else f"{lines} ({text})" if text else lines)
    if len(row.variants) > MOST_VARIANTS:
        parts.append(f"and {len(row.variants) - MOST_VARIANTS} variants more")
    return _squared("; ".join(parts))


def _variant(variant: VariantShare) -> str:
    words = ", ".join(str(value) for value in variant.variant.values())
    value = ""
    if variant.value is not None and variant.unit is not None:
        write = partial(quantity_text, si=variant.unit)
        lines = spread_lines(variant.value, write)
        value = write(variant.value.median) + (f" ({'; '.join(lines)}), " if lines else ", ")
    return f"{words}{': ' if words else ''}{value}holds in {percent(variant.share)}"


def _unanswerable(result: ClaimsResult) -> list[Section]:
    rows = [row for row in result.rows if row.verdict == "not answerable with public figures"]
    if not rows:
        return []
    items = tuple(f"{r.statement} {sentence(r.reason)} It would take: {', '.join(r.claim.needs)}." for r in rows)
    return [Prose("What cannot be answered, and what it would take", (), items)]
