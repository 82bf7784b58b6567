"""What changes with the kill probabilities that somebody printed, and who printed them: raids and comparisons alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringtrue.answer import columns_of
from ringtrue.report.audit_words import finding_words
from ringtrue.report.cells import INTERVAL_WORDS, count_words, row_cells
from ringtrue.report.page import Cell, Table, TableRow
from ringtrue.report.style import percent, sentence
from ringtrue.studies.published_kill import NOTE, PublishedKill, published_figures, unpublished_pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ringtrue.report.page import Mark, Section
    from ringtrue.studies.published_kill import PublishedDifference


def published_sections(
    rows: Mapping[tuple[str, str], PublishedKill],
    names: Mapping[str, str],
    inputs: Callable[[str, str], tuple[str, ...]],
    sources: tuple[str, ...],
    difference: PublishedDifference | None = None,
    marks: Callable[[str], tuple[Mark, ...]] = lambda laydown: (),
) -> list[Section]:
    """Return two tables, what the printed figures change and who printed them; nothing where nobody printed one.

    Parameters
    ----------
    rows : mapping
        By laydown and raid.
    names : mapping
        Words for the ids of laydowns.
    inputs : callable
        Parameters behind a laydown in a raid.
    difference : PublishedDifference, optional
        Of two laydowns, both as published.
    marks : callable
        How a page marks a laydown.
    """
    if not rows:
        return []
    return [_changes(rows, names, inputs, sources, difference, marks), _figures(rows.values())]


def _changes(
    rows: Mapping[tuple[str, str], PublishedKill],
    names: Mapping[str, str],
    inputs: Callable[[str, str], tuple[str, ...]],
    sources: tuple[str, ...],
    difference: PublishedDifference | None,
    marks: Callable[[str], tuple[Mark, ...]],
) -> Table:
    columns = columns_of(PublishedKill, "page")

    def cells(laydown: str, raid: str, row: PublishedKill) -> tuple[Cell, ...]:
        own = inputs(laydown, raid)
        what = f"{names.get(laydown, laydown)}, {raid}, as published: "
        equal = f"equal in {percent(row.p_equal)}" if row.p_equal else ""
        return (*row_cells(row, columns, what, own), Cell(percent(row.p_fewer_leakers), equal, own, what + "fewer"))

    out: list[TableRow] = []
    for raid in dict.fromkeys(raid for _, raid in rows):
        out.append(TableRow(f"Raid {raid}", is_band=True))
        out += [
            TableRow(names.get(y, y), cells(y, r, row), marks=marks(y)) for (y, r), row in rows.items() if r == raid
        ]
    note = "The same draws and the same luck; offers for none of whose rounds anybody printed a figure are left out."
    if difference is not None:
        a, b = (names.get(key, key) for key in (difference.a, difference.b))
        found = difference.a_minus_b
        note += (
            f" {a} less {b}, both as published: {finding_words(found, count_words, 'targets')}; the first lets fewer "
            f"through in {percent(difference.p_a_better)} of draws."
        )
    return Table(
        heading="With the kill probabilities that somebody printed",
        caption=f"{sentence(NOTE)} {INTERVAL_WORDS}",
        columns=("Offer", *(said.heads["page"] for said in columns), "Draws with fewer than by the prior"),
        rows=tuple(out),
        note=note,
        sources=sources,
    )


def _figures(rows: Iterable[PublishedKill]) -> Table:
    """List every printed kill probability with its source, and the rounds for which there is none."""
    rows = list(rows)
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
        is_wordy=True,
    )
