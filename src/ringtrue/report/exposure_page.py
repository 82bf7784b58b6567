"""The page of an exposure ledger: how long which radar could observe which aircraft, from where and how well."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ringtrue.answer import columns_in
from ringtrue.report.audit_words import finding_words, spread_words
from ringtrue.report.cells import INTERVAL_WORDS, PARAMETER_NOTE, figures_behind, finding_cell, row_cells
from ringtrue.report.chart import MARKS, Look, chart_picture, interval_dots, is_narrow, key_height_in, key_line, looks
from ringtrue.report.drawing import Drawing, wrapped
from ringtrue.report.html import write_page
from ringtrue.report.page import Answer, Cell, Fact, Figure, Page, Parameters, Prose, Section, Table, TableRow
from ringtrue.report.plot import Plot
from ringtrue.report.style import SOFT, percent, sentence
from ringtrue.sensing.assumed import assumed_figure
from ringtrue.studies.exposure_output import ALL_PATTERNS, ONE_LOOK, short

if TYPE_CHECKING:
    from ringtrue.answer import Measure
    from ringtrue.coverage.exposure import ExposureRow, Threshold
    from ringtrue.report.html import Again
    from ringtrue.report.page import Picture
    from ringtrue.studies.exposure_output import ExposureResult

LEAST_SHOWN_MIN = 0.01


def write_exposure_report(result: ExposureResult, path: Path | str, again: Again | None = None) -> Path:
    """Write the ledger as one self-contained HTML file and return its path."""
    return write_page(exposure_page(result), Path(path), again)


def exposure_page(result: ExposureResult) -> Page:
    """Return the page of an exposure study."""
    first = result.headlines[0]
    rows = [r for r in result.rows if _is_headline(r) and (r.unit, r.radar) == (first.unit, first.radar)]
    facts = [
        Fact(
            f"{short(r.minutes_per_hour_on.median)} min",
            f"per hour with the radar on: {_name(result, r.target)} before the {_name(result, r.radar)}; 5 to 95 %: "
            f"{spread_words(r.minutes_per_hour_on, short)}",
            r.minutes_per_hour_on.inputs or _inputs(result, r.radar, r.target),
        )
        for r in rows
    ]
    if result.assumed_share is not None:
        facts.append(
            Fact(
                assumed_figure(result.assumed_share, result.header.n_draws),
                "of what is uncertain in the answer comes from assumed or estimated figures",
                tuple(p.id for p in result.parameters),
            )
        )
    sections: list[Section] = [Answer((result.answer, *result.sentences), tuple(facts)), *exposure_sections(result)]
    sections += [
        _decides(result),
        Parameters(note=PARAMETER_NOTE),
        Prose(
            "What this does not know", (), tuple(dict.fromkeys((*result.sentences, *result.declared, *result.limits)))
        ),
    ]  # fmt: skip
    return Page(
        title=result.title,
        kicker="Exposure · opportunity to observe, not what was learned",
        sections=tuple(sections),
        parameters=result.parameters,
        sources=result.sources,
        manifest=(*result.header.manifest(), ("terrain", result.terrain)),
        footer="Computed with RingTrue from open published figures. Data: elevation NOAA GLOBE.",
    )  # fmt: skip


def _decides(result: ExposureResult) -> Table:
    rows, n_draws = [], result.header.n_draws
    for h in result.headlines:
        name = f"{_name(result, h.target)} before the {_name(result, h.radar)}"
        own = _inputs(result, h.radar, h.target)
        cells = (
            Cell(sentence(h.minutes.deciding.sentence), numeric=False),
            Cell(assumed_figure(h.minutes.assumed_share, n_draws), "", own, f"{name}: minutes, share of the spread"),
            Cell(sentence(h.share_of_flight.deciding.sentence), numeric=False),
            Cell(
                assumed_figure(h.share_of_flight.assumed_share, n_draws), "", own,
                f"{name}: time flown, share of spread",
            ),
        )  # fmt: skip
        rows.append(TableRow(name, cells, note=_name(result, h.laydown)))
    return Table(
        heading="Which unknown decides",
        caption="What moves each number most over the draws; how much of its doubt comes from assumed figures.",
        columns=("Class and radar", "Of the minutes", "Assumed", "Of the share of the time flown", "Assumed"),
        rows=tuple(rows),
        sources=_sources(result),
        is_wordy=True,
    )


def exposure_sections(result: ExposureResult) -> list[Section]:
    """Return the chart and the ledger, a table for each radar."""
    places = list(dict.fromkeys((r.laydown, r.unit, r.radar) for r in result.rows))
    tables = [_ledger(result, place, folded=i > 0) for i, place in enumerate(places)]
    return [
        *([_bases(result)] if result.bases else []),
        Figure(
            "Minutes in an hour with the radar on",
            (minutes_chart(result),),
            "All patterns of flight together; one look detects with probability 0.5. "
            f"{MARKS} {result.header.n_draws:,} draws. The scale is logarithmic; what is below {LEAST_SHOWN_MIN:g} "
            "minutes stands at its left end. Flight heights stand in the scenario, above ground or above sea level "
            "as given there.",
            _sources(result),
        ),
        *tables,
    ]


def _bases(result: ExposureResult) -> Table:
    """List what each radar sees of each class at its base, and what keeps it from more."""
    shown = columns_in(result.bases, "page")
    rows: list[TableRow] = []
    for place in dict.fromkeys((b.laydown, b.unit, b.radar) for b in result.bases):
        rows.append(TableRow(f"{_name(result, place[2])}, {_name(result, place[0])}", is_band=True))
        for b in (b for b in result.bases if (b.laydown, b.unit, b.radar) == place):
            name = f"{_name(result, b.target)} at {_name(result, b.base)}"
            rows.append(TableRow(name, row_cells(b, shown, f"{name}: ", _inputs(result, b.radar, b.target))))
    return Table(
        heading="At their base",
        caption=f"What a radar sees of the aircraft where they stand. {INTERVAL_WORDS}",
        columns=("Class and base", *(said.heads["page"] for said in shown)),
        rows=tuple(rows),
        note="One look reaches so far from the most telling side, whatever hides the aircraft; below that height above "
        "the base terrain and horizon hide it. Bases are assumptions of the scenario.",
        sources=_sources(result),
    )


def _sources(result: ExposureResult) -> tuple[str, ...]:
    return (figures_behind(result.parameters, result.sources), f"terrain: {result.terrain}",
            "patterns of flight: declared assumptions of the scenario")  # fmt: skip


def _name(result: ExposureResult, key: str) -> str:
    return result.names.get(key, key)


def _is_headline(row: ExposureRow) -> bool:
    return row.pattern == ALL_PATTERNS and row.threshold == ONE_LOOK


def minutes_chart(result: ExposureResult) -> Picture:
    """Draw the minutes per hour of every class before every radar, on a logarithmic scale."""
    rows = [r for r in result.rows if _is_headline(r)]
    styles = looks(r.target for r in rows)
    places = list(dict.fromkeys((r.laydown, r.unit, r.radar) for r in rows))

    key = [Look(look.colour, look.marker, _name(result, t)) for t, look in styles.items()]

    def draw(width_in: float) -> Drawing:
        narrow = is_narrow(width_in)
        left, row_in = (1.3, 0.32) if narrow else (2.4, 0.24)
        titles = [
            wrapped(f"{_name(result, p[0])}: {_name(result, p[2])}", width_in - 0.1, 8.4, bold=True) for p in places
        ]
        title_in = [0.2 + 0.14 * (1 + text.count("\n")) for text in titles]
        head_in = key_height_in(key, width_in)
        drawing = Drawing(width_in, head_in + sum(title_in) + row_in * len(rows) + 0.5)
        top_min = max(60.0, *(r.minutes_per_hour_on.high for r in rows))
        ticks = [(t, f"{t:g}") for t in (0.01, 0.1, 1.0, 10.0, 60.0, 100.0) if t <= 1.3 * top_min]
        top_in = head_in
        for i, (place, text, high_in) in enumerate(zip(places, titles, title_in, strict=True)):
            here = [r for r in rows if _at(r, place)]
            top_in += high_in
            plot = Plot(
                drawing, left, top_in, width_in - left - 0.2, row_in * len(here), (LEAST_SHOWN_MIN, 1.3 * top_min),
                (len(here) - 0.5, -0.5), is_log_x=True,
            )  # fmt: skip
            plot.bottom_axis(ticks, grid=True, named=i == len(places) - 1)
            plot.row_names([_name(result, r.target) for r in here], 7.2 if narrow else 8.0, left - 0.12)
            interval_dots(plot, [r.minutes_per_hour_on for r in here], [styles[r.target] for r in here])
            drawing.words(0.02, top_in - 0.05, text, 8.4, bold=True)
            top_in += plot.height_in
        drawing.words(left, drawing.height_in - 0.04, "minutes per hour with the radar on", 8.0, colour=SOFT)
        key_line(drawing, key)
        return drawing

    return chart_picture("Minutes per hour with the radar on, for each class before each radar.", draw)


def _at(row: ExposureRow, place: tuple[str, str, str]) -> bool:
    return (row.laydown, row.unit, row.radar) == place


def _ledger(result: ExposureResult, place: tuple[str, str, str], *, folded: bool) -> Table:
    rows = [r for r in result.rows if _at(r, place)]
    by_key = {(r.target, r.threshold, r.pattern): r for r in rows}
    targets = list(dict.fromkeys(r.target for r in rows))
    radar = _name(result, place[2])
    inputs = {t: _inputs(result, place[2], t) for t in targets}

    def line(
        name: str, said: Measure, key: str = "", threshold: Threshold = ONE_LOOK, pattern: str = ALL_PATTERNS
    ) -> TableRow:
        cells = []
        for target in targets:
            row = by_key.get((target, threshold, pattern))
            found = None if row is None else getattr(row, said.name)
            if key and found is not None:
                found = found[key]
            write = percent if said.form == "percent" else short
            cells.append(finding_cell(found, f"{radar}, {_name(result, target)}: {name}", inputs[target], write))
        return TableRow(name, tuple(cells))

    out = []
    for said in columns_in(rows, "ledger_by_threshold"):
        out.append(TableRow(f"{said.heads['ledger_by_threshold']}, all patterns", is_band=True))
        out += [line(sentence(words).rstrip("."), said, threshold=t) for t, words in result.thresholds.items()]
    shown = columns_in(rows, "ledger")
    for said in (m for m in shown if isinstance(getattr(rows[0], m.name), dict)):
        out.append(TableRow(said.heads["ledger"], is_band=True))
        out += [
            line(key.replace("-", " to ").replace(">", "beyond "), said, key) for key in getattr(rows[0], said.name)
        ]
    out.append(TableRow("In all", is_band=True))
    out += [line(m.heads["ledger"], m) for m in shown if not isinstance(getattr(rows[0], m.name), dict)]
    for said in columns_in(rows, "ledger_by_pattern"):
        out.append(TableRow(f"{said.heads['ledger_by_pattern']}, pattern by pattern", is_band=True))
        patterns = dict.fromkeys(r.pattern for r in rows if r.pattern != ALL_PATTERNS)
        out += [line(_name(result, p), said, pattern=p) for p in patterns]
    note = " ".join(
        f"{_name(result, c.first)} against {_name(result, c.second)}, draw by draw: more in {percent(c.p_first_more)} "
        f"of draws, difference {finding_words(difference, short)} "
        "minutes per hour."
        for c in result.comparisons
        for difference in (c.difference_minutes_per_hour_on,)
        if (c.laydown, c.unit, c.radar) == place
    )
    return Table(
        folded=folded,
        heading=f"The ledger: {radar}, {_name(result, place[0])}",
        caption=f"Units stand in the first column. {INTERVAL_WORDS}",
        columns=("Measure", *(_name(result, t) for t in targets)),
        rows=tuple(out),
        note=note,
        sources=_sources(result),
    )


def _inputs(result: ExposureResult, radar: str, target: str) -> tuple[str, ...]:
    """Return the figures behind the minutes of one class before one radar: no other radar, no other class."""
    base = target.partition(":")[0]
    return tuple(
        p.id
        for p in result.parameters
        if (not p.id.startswith("radar.") or p.id.startswith(f"radar.{radar}."))
        and (not p.id.startswith("target.") or p.id.startswith((f"target.{target}.", f"target.{base}.")))
        and not p.id.startswith(("interceptor.", "fire-unit."))
    )
