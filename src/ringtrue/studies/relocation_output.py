"""What a relocation study gives: its records, and their form as text and as JSON."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ringtrue import __version__
from ringtrue.finding import LEVEL, Finding, rows_to_xarray
from ringtrue.sensing.assumed import assumed_json, assumed_sentence

if TYPE_CHECKING:
    import xarray

    from ringtrue.catalogue.records import Parameter, Source
    from ringtrue.sensing.deciding import Deciding


BARE_EARTH = "none"


@dataclass(frozen=True, slots=True)
class BasisPlace:
    """One place on one basis: its ground, the covered share of the advertised ring, and what is missing.

    ``site_altitude_m`` and ``covered_share`` are None where the place lies off the model: nothing is known there.
    """

    basis: str
    laydown: str
    n_units: int
    site_altitude_m: float | None
    covered_share: float | None
    note: str


@dataclass(frozen=True, slots=True)
class RelocationRow:
    """One class at one height at one place.

    ``people_*`` are None or empty below four cells of the population raster. ``people_defended`` goes by release range
    [m]: met before arrival or release from the worst course; ``_mean``: on the mean over courses; ``_by_country``: on
    arrival. Ballistic classes have a footprint and no height.
    """

    basis: str
    laydown: str
    target: str
    height_m: float | None
    altitude_m: float | None
    engageable_area_km2: Finding | None
    people_under: Finding | None
    people_under_by_country: dict[str, Finding]
    people_defended: dict[float, Finding]
    people_defended_mean: dict[float, Finding]
    people_defended_by_country: dict[str, Finding]
    footprint_area_km2: Finding | None

    @property
    def where(self) -> str:
        """Return the height as a table prints it, with its reference."""
        return where_words(self.height_m, self.altitude_m)


@dataclass(frozen=True, slots=True)
class RelocationChange:
    """One class at one height: the other place against home, the same draw on both sides.

    Gained: under from there and not from home; lost: the other way round. ``people_defended_net`` counts the worst
    course, on arrival. People are None where one of the two areas is below four cells of the population raster.
    """

    basis: str
    laydown: str
    home: str
    target: str
    height_m: float | None
    altitude_m: float | None
    area_km2: Finding
    people_gained: Finding | None
    people_lost: Finding | None
    people_net: Finding | None
    p_more_people: float | None
    gained_by_country: dict[str, Finding]
    lost_by_country: dict[str, Finding]
    people_defended_net: Finding | None

    @property
    def where(self) -> str:
        """Return the height as a table prints it, with its reference."""
        return where_words(self.height_m, self.altitude_m)


@dataclass(frozen=True)
class RelocationResult:
    """The whole answer."""

    name: str
    title: str
    question: str
    scenario_hash: str
    catalogue_hash: str
    seed: int
    n_draws: int
    system: str
    home: str
    places: tuple[BasisPlace, ...]
    rows: tuple[RelocationRow, ...]
    changes: tuple[RelocationChange, ...]
    assumed_share: float | None
    deciding: Deciding
    deciding_row: str
    declared: tuple[str, ...]
    limits: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    sources: dict[str, Source]
    names: dict[str, str]
    usual: dict[str, str]  # target -> the level nearest its usual height, which the text prints
    answer: str

    def to_xarray(self) -> xarray.Dataset:
        """Return the rows as arrays with named axes (row, quantile)."""
        return rows_to_xarray(self.rows)


def where_words(height_m: float | None, altitude_m: float | None) -> str:
    """Name a level with its reference.

    >>> where_words(50.0, None), where_words(None, 3000.0), where_words(None, None)
    ('50 m AGL', '3,000 m AMSL', 'ballistic arc')
    """
    if height_m is not None:
        return f"{height_m:,.0f} m AGL"
    return f"{altitude_m:,.0f} m AMSL" if altitude_m is not None else "ballistic arc"


def millions(found: Finding | None) -> str:
    """People in millions, two significant digits, with interval.

    >>> millions(Finding("x", "people", 1.234e6, 2.345e6, 1.234e7))
    '2.3 [1.2 to 12] M'
    """
    return "not resolvable" if found is None else f"{_span(found, 1e-6)} M"


def _span(found: Finding, scale: float) -> str:
    return f"{_short(found.median * scale)} [{_short(found.low * scale)} to {_short(found.high * scale)}]"


def _short(value: float) -> str:
    rounded = float(f"{value:.2g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 10.0 else f"{rounded:g}"


def relocation_lines(result: RelocationResult, width: int = 80) -> list[str]:
    """Return the answer as lines of at most ``width`` characters: a block for each basis, the answer last."""
    lines = textwrap.wrap(result.title, width) + textwrap.wrap(result.question, width)
    about = "Median [5 to 95 % of the draws], M: million residents; each class near its usual height, all in --json."
    lines += ["", *textwrap.wrap(about, width)]
    for basis in dict.fromkeys(p.basis for p in result.places):
        lines += ["", "Ground: bare earth" if basis == BARE_EARTH else f"Ground: {basis}"]
        for p in (p for p in result.places if p.basis == basis):
            text = f"{result.names[p.laydown]}: {p.note}" if p.site_altitude_m is None else _place_words(result, p)
            lines += textwrap.wrap(text, width, initial_indent="  ", subsequent_indent="    ")
        rows = [r for r in result.rows if r.basis == basis and r.where == result.usual[r.target]]
        for target, where in dict.fromkeys((r.target, r.where) for r in rows):
            lines += ["", f"{result.names[target]}, {where}"]
            for row in (r for r in rows if (r.target, r.where) == (target, where)):
                lines += _row_lines(result, row, width)
            for change in (c for c in result.changes if (c.basis, c.target, c.where) == (basis, target, where)):
                lines += _change_lines(result, change, width)
    lines.append("")
    for sentence in dict.fromkeys((*result.declared, *result.limits)):
        lines += textwrap.wrap(f"- {sentence}", width, subsequent_indent="  ")
    assumed = assumed_sentence(result.assumed_share, result.n_draws, f"the spread of the {result.deciding_row}")
    assumed += f" {result.deciding.sentence[:1].upper()}{result.deciding.sentence[1:]}."
    return [*lines, "", *textwrap.wrap(assumed, width), *textwrap.wrap(result.answer, width)]


def _place_words(result: RelocationResult, place: BasisPlace) -> str:
    words = f"{result.names[place.laydown]}: {place.n_units} fire units at {place.site_altitude_m:,.0f} m AMSL"
    if place.covered_share is not None:
        words += f", {100 * place.covered_share:.1f} % of the advertised ring covered"
    return f"{words}; {place.note}" if place.note else words


def _row_lines(result: RelocationResult, row: RelocationRow, width: int) -> list[str]:
    if row.footprint_area_km2 is not None:
        text = f"{result.names[row.laydown]}: footprint {_span(row.footprint_area_km2, 1.0)} km2"
    elif row.engageable_area_km2 is not None:
        text = f"{result.names[row.laydown]}: engageable {_span(row.engageable_area_km2, 1.0)} km2"
        text += f"; under {millions(row.people_under)}"
        if len(row.people_under_by_country) > 1:
            held = [f"{c} {millions(f)}" for c, f in row.people_under_by_country.items() if f.median > 0]
            text += f" ({', '.join(held)})"
        held = [f"{millions(f)} at release {m / 1000:g} km" for m, f in row.people_defended.items()]
        text += "; defended " + (", ".join(held) if held else "not resolvable")
    return textwrap.wrap(text, width, initial_indent="  ", subsequent_indent="    ")


def _change_lines(result: RelocationResult, change: RelocationChange, width: int) -> list[str]:
    people = "people not resolvable"
    if change.people_net is not None and change.p_more_people is not None:
        people = (
            f"gained {millions(change.people_gained)}, lost {millions(change.people_lost)}, "
            f"net {millions(change.people_net)} (more in {100 * change.p_more_people:.0f} % of the draws); "
            f"defended, net {millions(change.people_defended_net)}"
        )
    text = f"{result.names[change.laydown]}, not home: {people}; area {_span(change.area_km2, 1.0)} km2"
    return textwrap.wrap(text, width, initial_indent="  > ", subsequent_indent="    ")


def relocation_json(result: RelocationResult) -> dict[str, Any]:
    """Return the object that ``ringtrue relocation --json`` prints; people with two significant digits."""
    return {
        "command": "relocation",
        "version": __version__,
        "scenario_hash": result.scenario_hash,
        "catalogue_hash": result.catalogue_hash,
        "seed": result.seed,
        "n_draws": result.n_draws,
        "n_replications": None,
        "level": LEVEL,
        "system": result.system,
        "home": result.home,
        "places": [
            {
                "terrain": p.basis, "laydown": p.laydown, "fire_units": p.n_units, "site_altitude_m": p.site_altitude_m,
                "covered_share": None if p.covered_share is None else round(p.covered_share, 4), "note": p.note,
            }
            for p in result.places
        ],
        "rows": [_row_json(row) for row in result.rows],
        "changes": [_change_json(change) for change in result.changes],
        "assumed_share": assumed_json(result.assumed_share),
        "deciding": {"row": result.deciding_row, **result.deciding.as_json()},
        "declared": list(result.declared),
        "limits": list(result.limits),
        "answer": result.answer,
    }  # fmt: skip


def _two_digits(found: Finding | None) -> dict[str, float] | None:
    if found is None:
        return None
    return {key: float(f"{getattr(found, key):.2g}") for key in ("low", "median", "high")}


def _people(by_country: dict[str, Finding]) -> dict[str, dict[str, float] | None]:
    return {country: _two_digits(found) for country, found in by_country.items()}


def _row_json(row: RelocationRow) -> dict[str, Any]:
    return {
        "terrain": row.basis,
        "laydown": row.laydown,
        "target": row.target,
        "height_m": row.height_m,
        "altitude_m": row.altitude_m,
        "engageable_area_km2": row.engageable_area_km2.interval() if row.engageable_area_km2 else None,
        "people_under": _two_digits(row.people_under),
        "people_under_by_country": None if row.people_under is None else _people(row.people_under_by_country),
        "people_defended": [
            {
                "release_range_m": release_m,
                "people_worst_course": _two_digits(found),
                "people_mean_course": _two_digits(row.people_defended_mean[release_m]),
            }
            for release_m, found in row.people_defended.items()
        ]
        or None,
        "people_defended_by_country": None if row.people_under is None else _people(row.people_defended_by_country),
        "footprint_area_km2": row.footprint_area_km2.interval() if row.footprint_area_km2 else None,
    }


def _change_json(change: RelocationChange) -> dict[str, Any]:
    return {
        "terrain": change.basis,
        "laydown": change.laydown,
        "home": change.home,
        "target": change.target,
        "height_m": change.height_m,
        "altitude_m": change.altitude_m,
        "area_km2": change.area_km2.interval(),
        "people_gained": _two_digits(change.people_gained),
        "people_lost": _two_digits(change.people_lost),
        "people_net": _two_digits(change.people_net),
        "share_of_draws_more_people": None if change.p_more_people is None else round(change.p_more_people, 4),
        "gained_by_country": None if change.people_gained is None else _people(change.gained_by_country),
        "lost_by_country": None if change.people_lost is None else _people(change.lost_by_country),
        "people_defended_net": _two_digits(change.people_defended_net),
    }
