"""What a relocation study gives: its records, and their form as text and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ringtrue.answer import Answer, hidden, key, measure, table, words
from ringtrue.coverage.records import MEAN_COURSE, NOT_RESOLVABLE
from ringtrue.finding import Finding
from ringtrue.sensing.assumed import assumed_sentence
from ringtrue.sensing.deciding import DecidingOf, assumed_measure
from ringtrue.studies.brief import whole_lines
from ringtrue.studies.compare_records import TermRow
from ringtrue.studies.telling import TOLD, told

if TYPE_CHECKING:
    from ringtrue.catalogue.records import Parameter, Source

BARE_EARTH = "none"
MEAN_COURSE_REACH = "Places out to 20 km beyond the farthest edge of the airspace are counted."


def _change(unit: str, label: str, head: str, told: str, *, meaning: str = "", none: str = NOT_RESOLVABLE) -> Any:
    """Declare a difference to home: none of the two ways is better for an area, more is for people."""
    is_people = unit == "people"
    return measure(
        unit, label, f"Draw by draw. {meaning}".strip(), digits=2 if is_people else 6,
        form="people" if is_people else "number", none=none, heads={"page": head, TOLD: told},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class BasisPlace:
    """One place on one ground: its altitude, the covered share of the advertised ring, and what is missing."""

    terrain: str = key("Ground", "none: bare earth.")
    laydown: str = key("Laydown")
    fire_units: int = measure("1", "Fire units at the place")
    site_altitude_m: float | None = measure("m", "Altitude of the ground at the place", "Null: off the model.")
    covered_share: float | None = measure(
        "1", "Share of the advertised ring that the ground model covers", "Null: off the model.", places=4
    )
    note: str = words("What is missing there")


@dataclass(frozen=True, slots=True)
class DefendedPeople:
    """Residents whose attacker is met before it comes within a release range."""

    release_range_m: float = key("Release range", "0: on arrival.", unit="m", heads={TOLD: "release at"})
    people_worst_course: Finding = measure(
        "people", "Residents defended, worst course", better="more", digits=2, form="people", heads={TOLD: ""}
    )
    people_mean_course: Finding = measure(
        "people", "Residents defended, mean over courses", f"{MEAN_COURSE} {MEAN_COURSE_REACH}", better="more",
        digits=2, form="people",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RelocationRow:
    """One class at one height at one place; counts of people are None below four cells of the population raster."""

    terrain: str = key("Ground", "none: bare earth.")
    laydown: str = key("Laydown")
    target: str = key("Target class")
    height_m: float | None = key("Height above the ground below", unit="m")
    altitude_m: float | None = key("Altitude above mean sea level", unit="m")
    engageable_area_km2: Finding = measure(
        "km2",
        "Area that can be engaged",
        better="more",
        heads={TOLD: "engageable", "page": "Can be engaged"},
    )
    people_under: Finding | None = measure(
        "people", "Residents below engageable airspace", "Not protected.", digits=2, form="people", none=NOT_RESOLVABLE,
        heads={TOLD: "under", "page": "Residents below"},
    )  # fmt: skip
    people_under_by_country: dict[str, Finding] | None = measure(
        "people",
        "Residents below engageable airspace by country",
        digits=2,
        form="people",
        none=NOT_RESOLVABLE,
        heads={TOLD: "of them"},
    )
    people_defended: tuple[DefendedPeople, ...] | None = table(
        "Residents defended, by release range", heads={TOLD: "defended,"}
    )
    people_defended_by_country: dict[str, Finding] | None = measure(
        "people", "Residents defended on arrival by country", "Worst course.", better="more", digits=2, form="people"
    )

    @property
    def where(self) -> str:
        """Return the height as a table prints it, with its reference."""
        return where_words(self.height_m, self.altitude_m)


@dataclass(frozen=True, slots=True)
class RelocationFootprint:
    """The ground that the fire units cover against one ballistic class at one place."""

    terrain: str = key("Ground", "none: bare earth.")
    laydown: str = key("Laydown")
    target: str = key("Target class")
    footprint_area_km2: Finding = measure(
        "km2",
        "Footprint",
        "Ground points whose arc is met, arcs coming from one azimuth.",
        better="more",
        heads={TOLD: "footprint", "page": "Can be engaged"},
    )

    @property
    def where(self) -> str:
        """Return what stands in place of a height."""
        return where_words(None, None)


@dataclass(frozen=True, slots=True)
class RelocationChange:
    """One class at one height: the other place against home, the same draw on both sides.

    Gained: under from there and not from home; lost: the other way round. People are None where one of the two areas is
    below four cells of the population raster.
    """

    terrain: str = key("Ground", "none: bare earth.")
    laydown: str = key("Laydown")
    home: str = key("Laydown at home")
    target: str = key("Target class")
    height_m: float | None = key("Height above the ground below", unit="m")
    altitude_m: float | None = key("Altitude above mean sea level", unit="m")
    area_km2: Finding | None = _change(
        "km2",
        "Engageable area, there less home",
        "Airspace",
        "airspace",
        meaning="Null: from 5 to 95 % of draws within one part in a hundred of that at home.",
        none="as at home",
    )
    people_gained: Finding | None = _change("people", "Residents gained there", "Gained there", "gained")
    people_lost: Finding | None = _change("people", "Residents lost at home", "Lost at home", "lost")
    people_net: Finding | None = _change("people", "Residents gained less lost", "Net", "net")
    share_of_draws_more_people: float | None = measure(
        "1",
        "Share of draws with more residents below",
        places=4,
        form="percent",
        none=NOT_RESOLVABLE,
        heads={"page": "Draws with more residents", TOLD: "more residents in {} of draws"},
    )
    gained_by_country: dict[str, Finding] | None = measure(
        "people", "Residents gained there by country", digits=2, form="people"
    )
    lost_by_country: dict[str, Finding] | None = measure(
        "people", "Residents lost at home by country", digits=2, form="people"
    )
    people_defended_net: Finding | None = _change(
        "people", "Residents defended, there less home", "Defended, net", "defended, net"
    )
    people_defended_lost: Finding | None = _change(
        "people",
        "Residents defended at home who are lost",
        "Defended, lost at home",
        "defended, lost",
        meaning="Null: below four cells of the raster, or some live under airspace of both places: see the net.",
        none="not told apart",
    )

    @property
    def where(self) -> str:
        """Return the height as a table prints it, with its reference."""
        return where_words(self.height_m, self.altitude_m)


@dataclass(frozen=True, slots=True)
class MoveClause:
    """What one clause would say about moving the fire units to one place, were it to hold; in no interval."""

    clause: str = key("Clause")
    offer: str = key("Offer that it binds")
    laydown: str = key("Laydown")
    country: str = words("Country of the place", "Empty: off the layer of borders.")
    is_closed: bool = words("Whether it closes the move", "The place lies in another country than home.")


@dataclass(frozen=True, repr=False)
class RelocationResult(Answer):
    """The same fire units at one place after another."""

    name: str = hidden()
    title: str = hidden()
    question: str = hidden()
    positions: str = hidden()
    system: str = words("System that is moved")
    home: str = words("Laydown at home")
    places: tuple[BasisPlace, ...] = table("Places, ground by ground")
    rows: tuple[RelocationRow, ...] = table("Classes that fly at a height, place by place")
    footprints: tuple[RelocationFootprint, ...] = table("Ballistic classes, place by place")
    changes: tuple[RelocationChange, ...] = table("Each place less home, draw by draw")
    terms: tuple[TermRow, ...] = table("Clauses on moving them, with what their record says")
    clauses: tuple[MoveClause, ...] = table("What each clause would close, place by place")
    assumed_share: float | None = assumed_measure("the answer")
    deciding: DecidingOf = words("Which unknown decides the answer")
    declared: tuple[str, ...] = words("What the scenario declares")
    caveats: tuple[str, ...] = words("What a reader would miss")
    limits: tuple[str, ...] = words("What the study leaves out")
    told_places: tuple[str, ...] = words("The answer place by place and ground by ground")
    told_clauses: tuple[str, ...] = words("What each clause would close, in words")
    answer: str = words("The answer in one text")
    parameters: tuple[Parameter, ...] = hidden()
    sources: dict[str, Source] = hidden()
    names: dict[str, str] = hidden()
    usual: dict[str, str] = hidden()  # target -> the level nearest its usual height, which the text prints
    abroad: tuple[str, ...] = hidden()  # laydowns in another country than home


def where_words(height_m: float | None, altitude_m: float | None) -> str:
    """Name a level with its reference.

    >>> where_words(50.0, None), where_words(None, 3000.0), where_words(None, None)
    ('50 m AGL', '3,000 m AMSL', 'ballistic arc')
    """
    if height_m is not None:
        return f"{height_m:,.0f} m AGL"
    return f"{altitude_m:,.0f} m AMSL" if altitude_m is not None else "ballistic arc"


def ground_name(terrain: str) -> str:
    """Name a ground as texts and pages print it.

    >>> ground_name("none"), ground_name("globe30s")
    ('bare earth', 'terrain globe30s')
    """
    return "bare earth" if terrain == BARE_EARTH else f"terrain {terrain}"


Told = RelocationRow | RelocationFootprint | RelocationChange


def relocation_lines(result: RelocationResult, width: int = 80) -> list[str]:
    """Return the answer as lines of at most ``width`` characters: a block for each basis, the answer last."""
    lines = whole_lines(result.title, width) + whole_lines(result.question, width)
    about = (
        f"Median [5 to 95 % of {result.header.n_draws:,} draws], M: million residents; each class near its usual "
        "height, all in --json."
    )
    lines += ["", *whole_lines(about, width)]
    for basis in dict.fromkeys(p.terrain for p in result.places):
        lines += ["", f"Ground: {ground_name(basis)}"]
        for p in (p for p in result.places if p.terrain == basis):
            text = f"{result.names[p.laydown]}: {p.note}" if p.site_altitude_m is None else _place_words(result, p)
            lines += whole_lines(text, width, first="  ", rest="    ")
        every: list[RelocationRow | RelocationFootprint] = [*result.rows, *result.footprints]
        rows = [r for r in every if r.terrain == basis and r.where == result.usual[r.target]]
        for target, where in dict.fromkeys((r.target, r.where) for r in rows):
            lines += ["", f"{result.names[target]}, {where}"]
            for row in (r for r in rows if (r.target, r.where) == (target, where)):
                lines += _told_lines(result, row, "", width, "  ")
            for change in (c for c in result.changes if (c.terrain, c.target, c.where) == (basis, target, where)):
                lines += _told_lines(result, change, " less home", width, "  > ")
    lines.append("")
    for sentence in dict.fromkeys((*result.caveats, *result.declared, *result.limits)):
        lines += whole_lines(f"- {sentence}", width, rest="  ")
    assumed = assumed_sentence(result.assumed_share, result.header.n_draws, f"the {result.deciding.row}")
    assumed += f" {result.deciding.sentence[:1].upper()}{result.deciding.sentence[1:]}."
    lines += ["", *whole_lines(assumed, width)]
    for sentence in (*result.told_clauses, *result.told_places):
        lines += ["", *whole_lines(sentence, width)]
    return lines


def _place_words(result: RelocationResult, place: BasisPlace) -> str:
    words = f"{result.names[place.laydown]}: {place.fire_units} fire units at {place.site_altitude_m:,.0f} m AMSL"
    if place.covered_share is not None:
        words += f", {100 * place.covered_share:.1f} % of the advertised ring covered"
    return f"{words}; {place.note}" if place.note else words


def _told_lines(result: RelocationResult, row: Told, name: str, width: int, indent: str) -> list[str]:
    text = f"{result.names[row.laydown]}{name}: {'; '.join(told(row))}"
    return whole_lines(text, width, first=indent, rest="    ")
