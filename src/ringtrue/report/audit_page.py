"""The page of a ring audit: from results to sections, in the order a reader asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ringtrue.answer import NOT_DEFINED, columns_in
from ringtrue.coverage.answer import WHOLE, enclosed
from ringtrue.finding import listed
from ringtrue.formats.audit_shapes import unit_names
from ringtrue.geo import geodesy, layers
from ringtrue.report.audit_caveats import caveats, least_range_m, places_too_near
from ringtrue.report.audit_words import (
    DRAWN_LINKS,
    FOOTER,
    SHORT_LABELS,
    WRITERS,
    answered_rows,
    audited_altitudes_m,
    audited_heights_m,
    covered_share,
    head_of,
    headline_height_m,
    headline_target,
    inputs_of,
    is_answered,
    layer_targets,
    map_height_m,
    position_words,
    printed_targets,
    ring_quote,
    row_at,
    row_inputs,
    sampling_words,
    spread_words,
    system_sources,
    target_words,
    under_ground_words,
    unit_words,
    variant_words,
    where_words,
)
from ringtrue.report.cells import BELOW, INTERVAL_WORDS, caveat_sections, finding_cell
from ringtrue.report.doubt_section import doubt_sections
from ringtrue.report.figures import audit_map, labelled_cities, radius_figure, ring_basemap
from ringtrue.report.page import (
    Answer,
    Cell,
    Fact,
    Figure,
    MapBlock,
    Page,
    Parameters,
    Picture,
    Prose,
    Section,
    Table,
    TableRow,
)
from ringtrue.report.payload import audit_payload, level_key, on_map
from ringtrue.report.side_by_side import outline_maps, system_marks
from ringtrue.report.style import (
    LINK_COLOURS,
    height_words,
    percent,
    sentence,
    three_digits,
    two_digits,
)
from ringtrue.sensing.assumed import assumed_figure, assumed_sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ringtrue.answer import Measure
    from ringtrue.coverage.records import AuditResult, CoverageRow, DefendedRow, FootprintRow
    from ringtrue.finding import Finding
    from ringtrue.report.doubt_section import AskOn

N_TABLE_CITIES = 15
STILLS_BUDGET_BYTES = 350_000


def audit_page(results: Sequence[AuditResult], title: str | None = None, *, ask_on: AskOn | None = None) -> Page:
    """Return the page of audits of one or more systems at one place.

    Order: the answer, of several systems the map of outlines and their one table, the moving map, radius by azimuth, of
    one system the numbers, what else was asked (strict readings, footprint, people
    and assets, cities, variants), what decides, every figure with its source, limits.
    """
    first = results[0]
    sections: list[Section] = [_answer(results), *caveat_sections(caveats(results))]
    names = unit_names(results)
    block = moving_map(results) if any(layer_targets(r) for r in results) else None
    follows = block.name if block else ""
    if len(results) > 1:
        together = outline_maps(results, names), _side_by_side(results, names, follows)
        sections += [section for section in together if section is not None]
    radius = _radius(results, follows)
    sections += [section for section in (block, radius) if section is not None]
    if len(results) == 1:
        sections += [_areas(name, r, follows) for name, r in zip(names, results, strict=True) if r.rows]
    for result in results:
        sections += [
            table
            for table in (_strict(result), _footprints(result), _defended(result), _cities(result), _variants(result))
            if table
        ]
    sections += [_doubts(results), *_what_would_change(results, ask_on)]
    parameters = {p.id: p for r in results for p in r.parameters}
    sections.append(
        Parameters(
            note="Assumptions come first. “Published” was read at the source, “via” quotes a source through another, "
            "“derived” follows from published figures by arithmetic, “estimate” is a third party’s guess."
        )
    )
    sections.append(_limits(results))
    title_names = listed(r.system_name for r in results)
    ring = "ring is" if len(results) == 1 else "rings are"
    return Page(
        title=title or f"{title_names}: what the advertised {ring} worth",
        kicker=f"Ring audit · {first.place_name} · {position_words(results)}",
        sections=tuple(sections),
        parameters=tuple(parameters.values()),
        sources={key: source for r in results for key, source in r.sources.items()},
        manifest=(
            ("seed", str(first.seed)),
            ("draws", f"{first.n_draws:,}"),
            ("catalogue", first.catalogue_hash[:16]),
            ("terrain", first.terrain_name),
            *(("scenario", h[:16]) for h in dict.fromkeys(r.question.scenario_hash for r in results) if h is not None),
        ),
        footer=FOOTER + ".",
    )


def _answer(results: Sequence[AuditResult]) -> Answer:
    facts = []
    for result in results:
        target, height_m = headline_target(result), headline_height_m(result)
        row = row_at(result, target, height_m) if target else None
        if row and target and row.engageable_share is not None:
            facts.append(
                Fact(
                    percent(row.engageable_share.median),
                    f"of the ring of {enclosed(result.system_name)} {_covered_part(row)}can be engaged against "
                    f"{target_words(target, result.target_names)} at "
                    f"{height_words(height_m)} above ground; 5 to 95 %: "
                    f"{spread_words(row.engageable_share, percent)}",
                    inputs_of(row, row.engageable_share),
                )
            )
        if is_answered(result) and result.assumed_share is not None:
            facts.append(
                Fact(
                    assumed_figure(result.assumed_share, result.n_draws),
                    f"of what is uncertain for {result.system_name} comes from assumed or estimated figures",
                    tuple(p.id for p in result.parameters),
                )
            )
    return Answer(tuple(r.answer for r in results), tuple(facts))


def moving_map(results: Sequence[AuditResult]) -> MapBlock:
    """Return the moving map of audits at one place, with the printed picture behind it."""
    stills, left_out = _stills(results)
    data, positions = audit_payload(results), position_words(results)
    cells = " and ".join(sorted({f"{layer.cell_m / 1000.0:g}" for r in results for layer in r.layers}))
    return MapBlock(
        heading="Where the ring holds, height by height",
        stills=stills,
        left_out=left_out,
        caption=(
            f"The map draws the middle value of every figure in cells of {cells} km; areas and intervals in the table "
            f"come from the full computation. {_levels_words(results, data)}{positions}"
            + "".join(_covered_words(r) for r in results)
            + _named_words(results)
        ),
        sources=(
            "terrain: " + ", ".join(sorted({f"{r.terrain_name}, k {r.k_text}" for r in results})),
            *(f"antenna of {r.system_name}: {r.mast_text}" for r in results),
            ring_basemap(results[0]).credit,
            "cities: GeoNames",
            *(system_sources(r) for r in results),
            *(f"advertised ring of {r.system_name}: {ring_quote(r)}" for r in results),
        ),
        systems=tuple((name, unit_words(name, r)) for name, r in zip(unit_names(results), results, strict=True)),
        targets=tuple((t["id"], t["name"]) for t in data["targets"]),
        links=tuple((link, SHORT_LABELS[link], LINK_COLOURS[link]) for link in DRAWN_LINKS),
        levels=tuple(
            (f"{reference}:{value_m:g}", f"{height_words(value_m)}{words}")
            for reference, words in (("ground", ""), ("sea", " above the sea"))
            for value_m in data["audited"][reference]
        ),
        has_altitudes=bool(data["altitudes_m"]),
        start=data["start"],
        positions=positions,
        data=data,
    )


def _stills(results: Sequence[AuditResult]) -> tuple[tuple[Picture, ...], str]:
    """Return a printed map of every target, headlines first, and which are left out to keep a page small."""
    stills: list[Picture] = []
    left_out: list[str] = []
    n_bytes = 0
    pairs = [(i, result, target) for result in results for i, target in enumerate(printed_targets(result))]
    for _, result, target in sorted(pairs, key=lambda pair: pair[0]):
        name = target_words(target, result.target_names)
        if n_bytes >= STILLS_BUDGET_BYTES:
            left_out.append(f"{result.system_name} against {name}")
            continue
        svg = audit_map(result, target).svg()
        n_bytes += len(svg)
        alt = (
            f"Map: {result.system_name} at {result.place_name} against {name} at "
            f"{height_words(map_height_m(result))} above ground; the table below gives the areas."
        )
        stills.append(Picture(alt, svg=svg))
    return tuple(stills), "; ".join(left_out)


def _levels_words(results: Sequence[AuditResult], data: Mapping[str, Any]) -> str:
    """Return a sentence on the levels that the map can show."""
    first, last = (height_words(data["levels_m"][i]) for i in (0, -1))
    said = f"The slider stops at the heights that were computed, from {first} to {last}"
    if data["altitudes_m"]:
        said += ", or at altitudes above sea level, over the ground as the map has it"
    beyond = [
        f"{value_m:,.0f} m above {words}"
        for levels, words in ((audited_heights_m(results), "ground"), (audited_altitudes_m(results), "sea level"))
        for value_m in levels
        if not on_map([value_m])
    ]
    return f"{said}{'; in the table only: ' + ', '.join(beyond) if beyond else ''}. "


def _radius(results: Sequence[AuditResult], follows: str) -> Figure | None:
    pictures = []
    for result in results:
        figure = radius_figure(result)
        if figure is not None:
            pictures.append(Picture(f"Radius by azimuth of {result.system_name}", svg=figure.svg()))
    if not pictures:
        return None
    return Figure(
        heading="How far, in each direction",
        pictures=tuple(pictures),
        caption=(
            "The radius at an azimuth is that of the clean sector which holds the same area, so gaps behind ridges "
            "shorten it. Above the map, choose system, target, height and what is shown."
        ),
        sources=("terrain: " + ", ".join(sorted({r.terrain_name for r in results})), *map(system_sources, results)),
        follows=follows,
    )


def _cell(row: CoverageRow | FootprintRow, holder: Any, said: Measure, where: str, none: str = "") -> Cell:
    """Return the cell of one measure of a row, or of a row that stands in it."""
    found: Finding | None = getattr(holder, said.name)
    if found is None:
        return Cell(none or said.none)
    what = f"{where}: {said.label[:1].lower()}{said.label[1:]}"
    return finding_cell(found, what, inputs_of(row, found), WRITERS[said.form])


def _place_of(result: AuditResult, row: CoverageRow) -> str:
    return f"{result.system_name}, {target_words(row.target, result.target_names)}, {where_words(row)}"


def _grouped(
    result: AuditResult, rows: Sequence[CoverageRow], cells: Callable[[CoverageRow], tuple[Cell, ...]]
) -> tuple[TableRow, ...]:
    """Return rows under a band for each target and heading."""
    out: list[TableRow] = []
    band = ""
    for row in rows:
        now = target_words(row.target, result.target_names)
        if row.heading != "inbound":
            now += f", {row.heading}"
        if now != band:
            out.append(TableRow(now, is_band=True))
            band = now
        out.append(TableRow(where_words(row), cells(row), note=_height_note(row)))
    return tuple(out)


def _named_words(results: Sequence[AuditResult]) -> str:
    """Return a sentence on where cities have names, if a ring reaches out of it."""
    west, south, east, north = layers.PLACES_BOUNDS_DEG
    inside = True
    for result in results:
        at = geodesy.direct(
            result.question.latitude_deg, result.question.longitude_deg, np.arange(4) * np.pi / 2.0,
            result.advertised_range_m,
        )  # fmt: skip
        inside &= bool((at.latitude_deg >= south).all() and (at.latitude_deg <= north).all())
        inside &= bool((at.longitude_deg >= west).all() and (at.longitude_deg <= east).all())
    if inside:
        return ""
    return (
        f" Cities are named from {west:g} to {east:g} E and {south:g} to {north:g} N, where the table of places "
        "ends; beyond it the map names none."
    )


def _covered_words(result: AuditResult) -> str:
    """Return a sentence on the part of the circle without elevation data, or nothing if there is none."""
    covered = covered_share(result)
    if covered is None or covered >= WHOLE:
        return ""
    return (
        f" Only {percent(covered)} of the circle of {result.system_name} lies on the elevation model (the rest is "
        "hatched on the map); shares are of the covered part."
    )


def _covered_part(row: CoverageRow) -> str:
    """Return "on the elevation model (17 %) " where the ring is not wholly covered."""
    if row.covered_share >= WHOLE:
        return ""
    return f"on the elevation model ({percent(row.covered_share)} of it) "


def _height_note(row: CoverageRow) -> str:
    """Return what a reader must know about a height: the coarse model, the part under the ground, why no answer."""
    notes = [row.note.partition(" lies ")[2] and f"lies {row.note.partition(' lies ')[2]}"] if row.note else []
    if row.terrain_limited:
        notes.append("terrain-limited")
    if row.under_ground_share and not row.note:
        notes.append(f"under the ground in {percent(row.under_ground_share)}")
    return "; ".join(note for note in notes if note)


def _area_cells(unit: str, result: AuditResult, row: CoverageRow, shown: Sequence[Measure]) -> tuple[Cell, ...]:
    """Return the cells of a row: its areas, what binds, and a button that sets the map."""
    level_m = row.height_m if row.height_m is not None else row.altitude_m or 0.0
    is_shown = row.target in layer_targets(result) and not row.note and bool(on_map([level_m]))
    none = NOT_DEFINED if row.note else ""
    return (
        *(_cell(row, row, said, _place_of(result, row), none) for said in shown),
        Cell(row.binds or NOT_DEFINED, numeric=False),
        Cell("Map", numeric=False, show=f"{unit}|{row.target}|{level_key(row)}") if is_shown else Cell(""),
    )


def _how_to_read(results: Sequence[AuditResult]) -> str:
    """Return how a table of areas is read, and what of it a reader would miss."""
    first = (
        "A click on a number lists the figures it came from. “In line of sight” needs no radar cross-section; “seen” "
        "uses the declared reference range of the search radar. “People under” live below engageable airspace; that is "
        "not protection."
    )
    parts = [first, *(_covered_words(result).strip() for result in results)]
    for result in results:
        under = under_ground_words(result.rows)
        parts.append(f"{result.system_name}: {under[:1].lower()}{under[1:]}" if under and len(results) > 1 else under)
    if any(row.terrain_limited for result in results for row in result.rows):
        parts.append(
            "“Terrain-limited”: sight ends at ground that cells of 1 km flatten. Where an antenna's place was not "
            "chosen, finer ground saw 0.15 to 1 of the area, from the highest point within 200 m 0.3 to 1.1; the low "
            "end of the interval holds the first."
        )
    return " ".join(part for part in parts if part)


def _side_by_side(results: Sequence[AuditResult], names: Sequence[str], follows: str) -> Table | None:
    """Return the numbers of several systems as one table: a band for each class and height, in it a row a system."""
    every = [row for result in results for row in result.rows]
    if not every:
        return None
    shown = columns_in(every, "numbers")
    is_whole = all((covered_share(result) or 1.0) >= WHOLE for result in results)
    units = list(zip(names, results, system_marks(results), strict=True))
    rows: list[TableRow] = []
    for target, heading, where in dict.fromkeys((row.target, row.heading, row.where) for row in every):
        held = [
            (name, result, mark, row)
            for name, result, mark in units
            for row in result.rows
            if (row.target, row.heading, row.where) == (target, heading, where)
        ]
        words = target_words(target, results[0].target_names) + ("" if heading == "inbound" else f", {heading}")
        level = next(where_words(row) for *_, row in held)
        rows.append(TableRow(f"{words}, {level}", is_band=True))
        for name, result, mark, row in held:
            cells = _area_cells(name, result, row, shown)
            rows.append(TableRow(unit_words(name, result), cells, note=_height_note(row), marks=(mark,)))
    rings = "; ".join(
        f"{unit_words(name, r)} {three_digits(r.advertised_range_m / 1000.0)} km, "
        f"{percent(covered_share(r) or 0.0)} of it on the elevation model"
        for name, r, _ in units
    )
    return Table(
        heading="The numbers side by side",
        caption=f"Areas in km². Median; below it 5 to 95 % of {results[0].n_draws:,} draws, and {BELOW}. Advertised "
        f"rings: {rings}.",
        columns=("System", *(head_of(said, "numbers", is_whole=is_whole) for said in shown), "What binds", ""),
        rows=tuple(rows),
        note=_how_to_read(results),
        sources=(
            *map(system_sources, results),
            "terrain: " + ", ".join(sorted({r.terrain_name for r in results})),
            "people: GPW v4.11, two digits at most",
        ),
        follows=follows,
    )


def _areas(unit: str, result: AuditResult, follows: str) -> Table:
    rows, shown = result.rows, columns_in(result.rows, "numbers")
    ring_km2 = rows[0].advertised_area_km2 if rows else 0.0
    covered = covered_share(result) or 0.0
    return Table(
        heading=f"The numbers: {result.system_name}",
        caption=f"Areas in km². Median; below it 5 to 95 % of {result.n_draws:,} draws, and {BELOW}. Advertised ring: "
        f"{three_digits(result.advertised_range_m / 1000.0)} km, {three_digits(ring_km2)} km², "
        f"{percent(covered)} of it on the elevation model.",
        columns=(
            "Height of the target",
            *(head_of(said, "numbers", is_whole=covered >= WHOLE) for said in shown),
            "What binds",
            "",
        ),
        rows=_grouped(result, rows, lambda row: _area_cells(unit, result, row, shown)),
        note=_how_to_read([result]),
        sources=(system_sources(result), f"terrain: {result.terrain_name}", "people: GPW v4.11, two digits at most"),
        follows=follows,
    )


def _strict(result: AuditResult) -> Table | None:
    rows, shown = result.rows, columns_in(result.rows, "strict")
    if not rows:
        return None
    azimuth = result.question.azimuth_deg
    facing = "north" if azimuth is None else f"{azimuth:g}°"

    def cell(row: CoverageRow, said: Measure) -> Cell:
        value = getattr(row, said.name)
        if said.form == "text":
            most = sorted((value or {}).items(), key=lambda kv: -kv[1])[:4]
            return Cell(", ".join(f"{name} {two_digits(n)}" for name, n in most) or NOT_DEFINED, numeric=False)
        if said.name == "assumed_share":
            what = f"{_place_of(result, row)}: {said.label}"
            return Cell(NOT_DEFINED if row.note else assumed_figure(value, result.n_draws), "", row_inputs(row), what)
        return _cell(row, row, said, _place_of(result, row))

    return Table(
        folded=True,
        heading=f"Stricter readings: {result.system_name}",
        caption=f"Areas in km². {INTERVAL_WORDS} The sector faces {facing}.",
        columns=("Height of the target", *(said.heads["strict"] for said in shown)),
        rows=_grouped(result, rows, lambda row: tuple(cell(row, said) for said in shown)),
        sources=(system_sources(result),),
    )


def _footprints(result: AuditResult) -> Table | None:
    if not result.footprints:
        return None
    shown = columns_in(result.footprints, "footprints")
    out = []
    for row in result.footprints:
        name = target_words(row.target, result.target_names)
        cells = (_cell(row, row, said, f"{result.system_name}, {name}") for said in shown)
        out.append(TableRow(name, (*cells, Cell(row.binds, numeric=False))))
    return Table(
        folded=bool(result.rows),
        heading=f"Ballistic missiles: the ground that {result.system_name} covers",
        caption=f"Footprint in km². {INTERVAL_WORDS}",
        columns=("Class", *(said.heads["footprints"] for said in shown), "What binds"),
        rows=tuple(out),
        note="The footprint holds the ground points whose incoming arc is met inside the envelope, above an assumed "
        "keep-out altitude. It is not the range of the interceptor.",
        sources=(system_sources(result),),
    )


def _defended(result: AuditResult) -> Table | None:
    rows = [row for row in result.rows if row.defended]
    if not rows:
        return None
    people, warnings = columns_in(rows[0].defended or (), "defended"), columns_in(rows, "defended")
    out = []
    for row in rows:
        name = f"{target_words(row.target, result.target_names)}, {where_words(row)}"
        for defended in row.defended or ():
            where = f"{_place_of(result, row)}, release {defended.release_range_m / 1000.0:g} km"
            none = NOT_DEFINED if defended.resolvable else ""
            out.append(
                TableRow(
                    name,
                    (
                        Cell(f"{defended.release_range_m / 1000.0:g} km"),
                        Cell(str(defended.shots)),
                        *(_cell(row, defended, said, where, none) for said in people),
                        _site_cell(row, defended, f"{where}: the site itself defended, share of draws"),
                        *(_cell(row, row, said, where) for said in warnings),
                    ),
                )
            )
    return Table(
        folded=True,
        heading=f"People defended: {result.system_name}",
        caption=f"Residents for whom the engagements finish before the target arrives or releases. {INTERVAL_WORDS}",
        columns=(
            "Class and height",
            "Release range",
            "Engagements",
            *(said.heads["defended"] for said in people),
            "The site itself, share of draws",
            *(said.heads["defended"] for said in warnings),
        ),
        rows=tuple(out),
        sources=("people: GPW v4.11, two digits at most", system_sources(result)),
    )


def _site_cell(row: CoverageRow, defended: DefendedRow, what: str) -> Cell:
    share, worst_share = defended.site_defended_share, defended.site_defended_from_every_azimuth_share
    if share is None or worst_share is None:
        return Cell(NOT_DEFINED)
    return Cell(percent(share), f"every azimuth {percent(worst_share)}", row_inputs(row), what)


def _cities(result: AuditResult) -> Table | None:
    target = headline_target(result)
    rows = [r for r in answered_rows(result.rows) if r.target == target and r.cities]
    if not rows or target is None:
        return None
    shares = [{c.name: c.share_of_draws for c in r.cities or ()} for r in rows]
    too_near = {city.name: away_m for city, away_m in places_too_near(result)}

    def cell(name: str, row: CoverageRow, told: dict[str, float]) -> Cell:
        if name not in told:
            return Cell("–")
        if name in too_near:
            return Cell("too near", f"{too_near[name] / 1000.0:.1f} km off", row_inputs(row), f"{name}: too near")
        return Cell(percent(told[name]), "", row_inputs(row), f"{name}, {where_words(row)}: share")

    least_km = least_range_m(result) / 1000.0
    out = tuple(
        TableRow(
            city.name,
            (
                Cell(two_digits(city.population)),
                *(cell(city.name, row, told) for told, row in zip(shares, rows, strict=True)),
            ),
        )
        for city in labelled_cities(result)[:N_TABLE_CITIES]
    )
    return Table(
        folded=True,
        heading=f"Cities below: {result.system_name} against {target_words(target, result.target_names)}",
        caption="Share of draws in which a target above the city can be engaged there; districts within 20 km of a "
        "larger place are left out.",
        columns=("City", "Residents", *(where_words(r) for r in rows)),
        rows=out,
        note=f"Too near: none of its interceptors can be used below {least_km:.1f} km. What flies overhead there "
        "cannot be engaged from this site; what comes for the site itself is met farther out, so the site can be "
        "defended all the same."
        if any(city.name in too_near for city in labelled_cities(result)[:N_TABLE_CITIES])
        else "",
        sources=("cities: GeoNames (CC BY 4.0)", system_sources(result)),
    )


def _variants(result: AuditResult) -> Table | None:
    rows, shown = result.variant_rows, columns_in(result.variant_rows, "variants")
    if not rows:
        return None
    out = []
    for row in rows:
        where = f"{_place_of(result, row)}, {variant_words(row.variant)}"
        out.append(
            TableRow(
                variant_words(row.variant),
                (
                    Cell(target_words(row.target, result.target_names), numeric=False),
                    Cell(where_words(row), numeric=False),
                    *(_cell(row, row, said, where) for said in shown),
                ),
            )
        )
    return Table(
        folded=True,
        heading=f"Side by side, never pooled: variants of {result.system_name}",
        caption=f"Areas in km². {INTERVAL_WORDS}",
        columns=("Variant", "Target", "Height", *(said.heads["variants"] for said in shown)),
        rows=tuple(out),
        note="A mast, a missile fit, a rival statement or another place nearby is a different case, not a spread.",
        sources=(system_sources(result),),
    )


def _doubts(results: Sequence[AuditResult]) -> Prose:
    paragraphs = tuple(
        f"{result.system_name}, {result.deciding_row}: {sentence(result.deciding.sentence)} "
        f"{assumed_sentence(result.assumed_share, result.n_draws)}"
        if is_answered(result)
        else f"{result.system_name}: {result.answer}"
        for result in results
    )
    items = [
        f"{result.system_name}, {share.name}: {percent(share.share)} of the spread "
        f"({percent(share.low)} to {percent(share.high)})"
        for result in results
        for share in result.deciding.shares[:4]
    ]
    return Prose("Which unknown decides", paragraphs, tuple(items))


def _what_would_change(results: Sequence[AuditResult], ask_on: AskOn | None) -> list[Section]:
    shares = [(f"{r.system_name}, {r.deciding_row}", r.deciding.shares) for r in results if is_answered(r)]
    return doubt_sections(shares, ask_on, tuple(dict.fromkeys(system_sources(r) for r in results)))


def _limits(results: Sequence[AuditResult]) -> Prose:
    items = list(
        dict.fromkeys(text for r in results for text in (*r.question.declared, *sampling_words(r), *r.limits, *r.notes))
    )
    return Prose("What this does not know", (position_words(results),), tuple(items))
