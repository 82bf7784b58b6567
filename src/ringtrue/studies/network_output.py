"""The cut-the-wire study as text of 80 columns."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from ringtrue.answer import columns_of
from ringtrue.finding import plain, whole_percent
from ringtrue.sensing.assumed import assumed_sentence
from ringtrue.studies.compare_answer import span
from ringtrue.studies.compare_differences import number
from ringtrue.studies.network_records import LINKS, NetworkRow, NetworkVariant
from ringtrue.studies.raid_rows import SWEPT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringtrue.answer import Measure
    from ringtrue.finding import Finding
    from ringtrue.studies.network_records import NetworkResult

TERMINAL, NAME_WIDTH = "terminal", 22


def network_lines(result: NetworkResult, width: int = 80) -> list[str]:
    """Return the study as text; the answer comes last."""
    head, links = result.header, columns_of(NetworkVariant, LINKS)
    columns = columns_of(NetworkRow, TERMINAL)
    lines = [
        f"{result.title}: cut the wire",
        f"{result.terrain}; {head.n_draws} draws, {head.n_replications} replications; 5 to 95 % of draws",
        "",
        "pairs of the same fire units" + "".join(f"  {said.heads[LINKS]}" for said in links),
    ]
    lines += [
        f"{v.id[:27]:<28}" + "".join(f"{getattr(v, said.name):>{len(said.heads[LINKS]) + 2}}" for said in links)
        for v in result.variants
    ]
    for raid, title in result.raids.items():
        lines += ["", *textwrap.wrap(f"{raid}: {title} (an assumption); middle draw", width)]
        lines += _table([r for r in result.rows if r.raid == raid], columns, width)
        ends = [(r.laydown, r.leakers.one_raid) for r in result.rows if r.raid == raid and r.leakers.one_raid]
        if ends:
            told = "; ".join(f"{name} {plain(low)} to {plain(high)}" for name, (low, high) in ends)
            words = f"leakers in one raid, 5 to 95 % of draws and luck: {told}"
            lines += textwrap.wrap(words, width, subsequent_indent="  ")
        before, after = result.variants[0].id, result.variants[-1].id
        lines.append(f"{after} less {before}, same luck:")
        shown = {said.name for said in columns}
        for change in result.changes:
            if (change.raid, change.before, change.after) != (raid, before, after) or change.measure not in shown:
                continue
            if change.difference is not None:
                unit = " s" if change.unit == "s" else ""
                shares = f"less {whole_percent(change.p_less)}, equal {whole_percent(change.p_equal)} of draws"
                told = f"  {change.label:<21}{span(change.difference)}{unit}; {shares}"
                lines += textwrap.wrap(told, width, subsequent_indent=" " * 23)
        late = next(x for x in result.late_starts if (x.raid, x.before, x.after) == (raid, before, after))
        shares = f"later {whole_percent(late.p_later)}, sooner {whole_percent(late.p_sooner)} of targets"
        told = f"  {'first shot at target':<21}{_seconds(late.later_s)}; {shares}"
        lines += textwrap.wrap(told, width, subsequent_indent=" " * 23)
        heard = next(x for x in result.warnings if (x.raid, x.before, x.after) == (raid, before, after))
        words = (
            f"{_seconds(heard.sooner_s)} sooner; known {whole_percent(heard.known_before)}, then "
            f"{whole_percent(heard.known_after)} of targets"
        )
        lines += textwrap.wrap(f"  {'known to a fire unit':<21}{words}", width, subsequent_indent=" " * 23)
        turned = f"{plain(heard.radars_turned_before)}, then {plain(heard.radars_turned_after)} a raid"
        lines.append(f"  {'radars that turn':<21}{turned}")
    swept = columns_of(NetworkRow, SWEPT)
    heads = "; ".join(said.heads[SWEPT] for said in swept)
    lines += ["", *textwrap.wrap(f"Identification swept, raid {result.sweep_raid}: {heads}", width)]
    for setting in dict.fromkeys((s.setting, s.label) for s in result.sweeps):
        lines += textwrap.wrap(f"{setting[1]}:", width)
        for sweep in (s for s in result.sweeps if s.setting == setting[0]):
            value = f"{number(sweep.value)}{' s' if sweep.unit == 's' else ''}"
            shown_values = (sweep.values[said.name] for said in swept)
            cells = "".join(("none" if found is None else span(found)).rjust(24) for found in shown_values)
            lines.append(f"  {value:<7}{sweep.laydown[:21]:<22}{cells}")
    notes = (*result.notes, *result.variant_notes)
    lines += ["", *(line for note in notes for line in textwrap.wrap(f"- {note}", width, subsequent_indent="  "))]
    words = assumed_sentence(result.assumed_share, head.n_draws, "the spread")
    hangs_on = f"Of the {result.deciding.row}: {result.deciding.sentence}. {words}"
    return [*lines, "", *textwrap.wrap(hangs_on, width), "", *textwrap.wrap(result.answer, width)]


def _seconds(found: Finding | None) -> str:
    return "none" if found is None else f"{span(found)} s"


def _table(rows: Sequence[NetworkRow], columns: Sequence[Measure], width: int) -> list[str]:
    """Lines of the rows of one raid: middle draw of every measure that the terminal shows, in blocks that fit."""
    blocks: list[list[Measure]] = [[]]
    for said in columns:
        if sum(map(_cell_width, (*blocks[-1], said))) > width - NAME_WIDTH:
            blocks.append([])
        blocks[-1].append(said)
    lines = []
    for block in blocks:
        lines.append(" " * NAME_WIDTH + "".join(said.heads[TERMINAL].rjust(_cell_width(said)) for said in block))
        for row in rows:
            cells = "".join(_middle(getattr(row, said.name), said).rjust(_cell_width(said)) for said in block)
            lines.append(f"{row.laydown[: NAME_WIDTH - 1]:<{NAME_WIDTH}}{cells}")
    return lines


def _cell_width(said: Measure) -> int:
    return max(len(said.heads[TERMINAL]), 8) + 2


def _middle(found: Finding | None, said: Measure) -> str:
    if found is None:
        return said.none
    return f"{plain(found.median)} s" if said.unit == "s" else plain(found.median)
