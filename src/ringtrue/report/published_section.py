"""What changes with the kill probabilities that somebody printed, and who printed them: raids and comparisons alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringtrue.report.cells import count_words, finding_cell
from ringtrue.report.page import Cell, Table, TableRow
from ringtrue.report.style import percent, sentence
from ringtrue.studies.published_kill import NOTE, published_figures, unpublished_pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ringtrue.report.page import Section
    from ringtrue.studies.published_kill import PublishedDifference, PublishedKill

INTERVAL_WORDS = "Median; 5 to 95 % of draws below it."


def published_sections(
    rows: Sequence[PublishedKill],
    names: Mapping[str, str],
    inputs: Callable[[str, str], tuple[str, ...]],
    sources: tuple[str, ...],
    difference: PublishedDifference | None = None,
) -> list[Section]:
    """Return two tables, what the printed figures change and who printed them; nothing where nobody printed one.

    Parameters
    ----------
    names : mapping
        Words for the ids of laydowns.
    inputs : callable
        Parameters behind a laydown in a raid.
    difference : PublishedDifference, optional
        Of two laydowns, both as published.
    """
    if not rows:
        return []
    return [_changes(rows, names, inputs, sources, difference), _figures(rows)]


def _changes(
    rows: Sequence[PublishedKill],
    names: Mapping[str, str],
    inputs: Callable[[str, str], tuple[str, ...]],
    sources: tuple[str, ...],
    difference: PublishedDifference | None,
) -> Table:
    def cells(row: PublishedKill) -> tuple[Cell, ...]:
        own = inputs(row.laydown, row.raid)
        what = f"{names.get(row.laydown, row.laydown)}, {row.raid}, as published: "
        return (
            finding_cell(row.leakers.finding, what + "targets that get through", own, count_words),
            finding_cell(row.leak_share.finding, what + "share that gets through", own, percent),
            finding_cell(row.p_no_leaker.finding, what + "probability that nothing gets through", own, percent),
            finding_cell(row.less_common, what + "targets through, less the common prior", own, count_words),
            Cell(percent(row.p_fewer), f"equal in {percent(row.p_equal)}" if row.p_equal else "", own, what + "fewer"),
        )

    out: list[TableRow] = []
    for raid in dict.fromkeys(row.raid for row in rows):
        out.append(TableRow(f"Raid {raid}", is_band=True))
        out += [TableRow(names.get(r.laydown, r.laydown), cells(r)) for r in rows if r.raid == raid]
    note = "The same draws and the same luck; offers for none of whose rounds anybody printed a figure are left out."
    if difference is not None:
        a, b = (names.get(key, key) for key in (difference.a, difference.b))
        found = difference.a_minus_b
        note += (
            f" {a} less {b}, both as published: {count_words(found.median)} targets ({count_words(found.low)} to "
            f"{count_words(found.high)}); the first lets fewer through in {percent(difference.p_a_better)} of draws."
        )
    return Table(
        heading="With the kill probabilities that somebody printed",
        caption=f"{sentence(NOTE)} {INTERVAL_WORDS}",
        columns=(
            "Offer", "Get through", "Share", "P(none through)", "Less the common prior", "P(fewer than with the prior)",
        ),
        rows=tuple(out),
        note=note,
        sources=sources,
    )  # fmt: skip


def _figures(rows: Sequence[PublishedKill]) -> Table:
    """List every printed kill probability with its source, and the rounds for which there is none."""
    out = [
        TableRow(
            f"{figure.interceptor} against {figure.kind}",
            (
                Cell(figure.span),
                Cell(figure.who, numeric=False),
                Cell(f"{figure.title} [{figure.source}]" if figure.title else "–", figure.note, numeric=False),
            ),
        )
        for figure in published_figures(rows)
    ]
    bare = unpublished_pairs(rows)
    if bare:
        out.append(TableRow("Nobody printed one; the common prior stands", is_band=True))
        out += [
            TableRow(f"{name} against {kind}", (Cell("–"), Cell("–", numeric=False), Cell("–", numeric=False)))
            for name, kind in bare
        ]
    return Table(
        folded=True,
        heading="Kill probabilities in print, and who printed them",
        caption="Probability of kill of one round, as printed.",
        columns=("Round and kind of target", "Printed", "Whose figure", "Source"),
        rows=tuple(out),
        sources=("the publications in the last column",),
        text_columns=(1, 2),
        is_wordy=True,
    )
