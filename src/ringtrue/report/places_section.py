"""A comparison place by place: what gets through to each, and whom each offer defends there; table and map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringtrue.answer import columns_in
from ringtrue.finding import plain
from ringtrue.report.cells import INTERVAL_WORDS, height_reference, row_cells, row_heads
from ringtrue.report.compare_tables import behind
from ringtrue.report.drawing import Drawing
from ringtrue.report.offer_looks import offer_marks
from ringtrue.report.offer_maps import map_grounds, offer_places, size_in, windows_of
from ringtrue.report.page import Panel, Panels, PanelSet, Picture, Prose, Table, TableRow
from ringtrue.studies.compare_answer import shown_class
from ringtrue.studies.compare_places import told_places

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringtrue.report.page import Section
    from ringtrue.studies.compare_places import ToldPlace
    from ringtrue.studies.compare_records import CompareResult, PlaceRaid

PAGE = "page"
THROUGH_COLOUR, AIMED_COLOUR, AIMED_EDGE = "#b2182b", "#ffffff", "#333333"
LARGEST_IN, LABEL_PT = 0.2, 7.6


def place_sections(result: CompareResult, *, with_map: bool) -> list[Section]:
    """Return fire unit against fire unit in a sentence, the map of the places, and a table for each, the first open.

    Parameters
    ----------
    with_map : bool
        Whether the comparison has maps, whose window the small maps share.
    """
    told = told_places(result)
    if not told:
        return []
    duels = tuple(dict.fromkeys(duel.sentence for duel in result.place_duels))
    sections: list[Section] = (
        [Prose("Fire unit against fire unit, at the place where both stand", duels)] if duels else []
    )
    if with_map:
        sections.append(_maps(result, told))
    sections += [place_table(result, [place], folded=place is not told[0]) for place in told]
    return sections


def place_table(result: CompareResult, told: Sequence[ToldPlace], *, folded: bool = False) -> Table:
    """Return a band for each place and a line for each offer: leakers of those that aim there, people, warning."""
    first = told[0].lines[0]
    raid, people = columns_in((first.raid,), PAGE), columns_in((first.row,), PAGE)
    ranges = sorted({m for place in told for line in place.lines for m in line.row.people_defended})
    rows = []
    for place in told:
        about = place.lines[0].raid
        band = f"{place.asset.name}: {about.n_aimed} aim at it in {about.raid}"
        rows.append(TableRow(band, is_band=True, note=result.raids.get(about.raid, "")))
        for line in place.lines:
            what = f"{result.names[line.laydown]}, {place.asset.name}: "
            cells = (
                *row_cells(line.raid, raid, what, line.raid.leakers.inputs),
                *row_cells(line.row, people, what, (), ranges),
            )
            rows.append(TableRow(result.names[line.laydown], cells, marks=offer_marks(result, line.laydown)))
    where = height_reference(first.row.where)
    return Table(
        folded=folded,
        heading=f"Place by place: {', '.join(place.asset.name for place in told)}",
        caption=f"Counts per raid; residents and warning against {result.names[shown_class(result)]} at {where}. "
        f"{INTERVAL_WORDS}",
        columns=(
            "Offer",
            *row_heads(raid, PAGE),
            *row_heads(people, PAGE, [f"release at {m / 1000:g} km" for m in ranges]),
        ),
        rows=tuple(rows),
        note="Residents count with the place that is nearest to them, so the places add up to the whole of an offer. "
        "Warning: arrival less the first track by any fire unit of the offer, mean over 120 courses. All raids and "
        "classes stand in the JSON.",
        sources=(*behind(result), "people: GPW v4.11"),
    )


def _maps(result: CompareResult, told: Sequence[ToldPlace]) -> Panels:
    panels = []
    for offer in result.offers:
        lines = [(place, line.raid) for place in told for line in place.lines if line.laydown == offer.laydown]
        if offer.units and lines:
            picture = _place_map(result, offer.title, [(place.asset.uid, one) for place, one in lines])
            panels.append(Panel(offer.title, picture, offer_places(offer), offer_marks(result, offer.laydown)))
    raids = ", ".join(dict.fromkeys(place.lines[0].raid.raid for place in told))
    return Panels(
        heading="What gets through, place by place",
        switch="Raid",
        sets=(PanelSet(raids, f"Raid {raids}: of those that aim at each place, how many get through", tuple(panels)),),
        legend=((THROUGH_COLOUR, "gets through"), (AIMED_COLOUR, "is stopped")),
        caption="Areas of the discs: all that aim at the place, and of them what gets through (median over draws of "
        "the mean over raids; intervals stand in the table).",
        sources=(*behind(result)[:1], "borders and coast: Natural Earth, United Nations view"),
        shared=map_grounds(result, ("ground", "borders")),
    )


def _place_map(result: CompareResult, title: str, lines: Sequence[tuple[str, PlaceRaid]]) -> Picture:
    """Draw a disc at each place: its area for all that aim there, the dark part of it for what gets through."""
    west, south, east, north = windows_of(result)[0]
    width_in, height_in = size_in((west, south, east, north))
    drawing = Drawing(width_in, height_in, ground="")
    most = max(one.n_aimed for _, one in lines)
    for uid, one in lines:
        asset = result.assets[uid]
        x_in = (asset.longitude_deg - west) / (east - west) * width_in
        y_in = (north - asset.latitude_deg) / (north - south) * height_in
        radius_in = LARGEST_IN * (one.n_aimed / most) ** 0.5
        share = one.leakers.median / one.n_aimed
        drawing.disc(x_in, y_in, radius_in, AIMED_COLOUR, edge=AIMED_EDGE, edge_width_pt=0.8)
        drawing.disc(x_in, y_in, radius_in * share**0.5, THROUGH_COLOUR)
        is_right = x_in > 0.7 * width_in
        text = f"{asset.name}\n{plain(round(one.leakers.median, 1))} of {one.n_aimed}"
        drawing.words(
            x_in + (-1 if is_right else 1) * (radius_in + 0.04), y_in, text, LABEL_PT,
            anchor="end" if is_right else "start", level="middle", halo_pt=2.2,
        )  # fmt: skip
    alt = f"Map: what gets through to each place past {title}"
    return Picture(alt, layers=("ground-0", "borders-0", drawing.svg()), size=(width_in, height_in))
