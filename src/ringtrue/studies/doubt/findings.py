"""Names of findings, as a command line writes them: ``leakers@patriot/drones-24``, or one less another.

A finding is a measure and, behind ``@``, the keys of its row, as the answers declare them; a unit at the end of a
measure's name may be left out, and so may keys that leave no choice. What there is to ask follows from a scenario, or
from a system with its place, classes and levels; nothing is computed for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal

from ringtrue.answer import measure_of, measures_of
from ringtrue.coverage.defended import release_ranges_m
from ringtrue.coverage.records import CoverageRow, FootprintRow
from ringtrue.coverage.ring import Level
from ringtrue.errors import InputError, did_you_mean
from ringtrue.finding import Finding
from ringtrue.sensing.chain import find_system, find_target
from ringtrue.sensing.ledger import record_name
from ringtrue.studies.compare_records import CoverageRow as PackageRow
from ringtrue.studies.raid_rows import RaidRow
from ringtrue.studies.timeline import level_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ringtrue.answer import Measure
    from ringtrue.catalogue.records import Catalogue
    from ringtrue.coverage.records import AuditQuestion
    from ringtrue.scenario.records import Laydown, Scenario, Unit

Kind = Literal["raid", "package", "ring", "footprint"]
ROWS: dict[Kind, type] = {"raid": RaidRow, "package": PackageRow, "ring": CoverageRow, "footprint": FootprintRow}

RAID_BY_RAID = (
    "leakers", "leak_share", "p_no_leaker", "kills", "turned_away", "units_lost", "leakers_never_in_reach",
    "leakers_shot_at_in_vain", "leakers_by_a_common_cause", "leakers_without_a_free_channel",
    "leakers_without_a_round_left", "rounds_fired", "double_engagements", "wasted_rounds", "friendly_engagements",
    "friendly_kills", "cost_defender_usd", "hits_by_asset",
)  # fmt: skip
"""Measures of a raid that every single raid has, so that luck can be told from doubt."""
OF_A_RING = tuple(
    said.name for said in measures_of(CoverageRow) if said.hint == Finding | None and said.name != "warning_s"
)
"""Measures of a ring; a warning asks for flights at places, which no ring has."""
UNITS = ("_km2", "_usd", "_m", "_s")
MOST_LISTED = 12


@dataclass(frozen=True, slots=True)
class Term:
    """One measure of one row: what `sample` computes.

    Attributes
    ----------
    kind : str
        Kind of row: a raid, what a package reaches, a ring of the audit, a footprint.
    measure : str
        Field of the row.
    keys : tuple of str
        What names the row, in the order of its text.
    laydown, raid, target, part : str
        What to play and to count; empty where the kind has none. ``part``: a place of ``hits_by_asset``.
    release_m : float, optional
        Release range of ``people_defended`` and ``assets_defended`` [m].
    question : AuditQuestion, optional
        System and place of a ring or a footprint.
    level : Level, optional
        Height or altitude of a ring.
    where : str
        The row in words.
    """

    kind: Kind
    measure: str
    keys: tuple[str, ...]
    laydown: str = ""
    raid: str = ""
    target: str = ""
    part: str = ""
    release_m: float | None = None
    question: AuditQuestion | None = None
    level: Level | None = None
    where: str = ""

    @property
    def said(self) -> Measure:
        """What the measure means."""
        return measure_of(ROWS[self.kind], self.measure)

    @property
    def text(self) -> str:
        """The finding as a command line writes it, every key given."""
        return f"{short(self.measure)}@{'/'.join(self.keys)}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A finding that is asked about: one term, or the first less the second."""

    terms: tuple[Term, ...]

    @property
    def text(self) -> str:
        """The finding as a command line writes it, every key given."""
        return " - ".join(term.text for term in self.terms)

    @property
    def said(self) -> Measure:
        """What the measure means."""
        return self.terms[0].said

    @property
    def label(self) -> str:
        """The finding in words."""
        rows = " less ".join(term.where or ", ".join(term.keys) for term in self.terms)
        return f"{self.said.label}: {rows}"

    @property
    def has_luck(self) -> bool:
        """Whether single raids differ from one another at the same figures."""
        return any(term.kind == "raid" for term in self.terms)


def short(measure: str) -> str:
    """Return the name of a measure without its unit.

    >>> short("engageable_area_km2"), short("leakers")
    ('engageable_area', 'leakers')
    """
    return next((measure.removesuffix(unit) for unit in UNITS if measure.endswith(unit)), measure)


def level_key(level: Level) -> str:
    """Return a level as a finding names it.

    >>> level_key(Level(100.0, None)), level_key(Level(None, 3000.0))
    ('100m', '3000m-amsl')
    """
    return f"{level.height_m:g}m" if level.height_m is not None else f"{level.altitude_m:g}m-amsl"


def of_scenario(scenario: Scenario, catalogue: Catalogue, questions: Sequence[AuditQuestion]) -> tuple[Term, ...]:
    """Return all that can be asked of a scenario: raids, packages, and the ring of each system at each place.

    Parameters
    ----------
    questions : sequence of AuditQuestion
        Of the rings, as ``coverage.questions.questions_of`` gives them.
    """
    found: list[Term] = []
    for laydown in scenario.laydowns:
        for raid in scenario.raids:
            for name in RAID_BY_RAID:
                parts = [asset.uid for asset in scenario.assets] if name == "hits_by_asset" else [""]
                found += [
                    Term(
                        "raid",
                        name,
                        (laydown.id, raid.id, *([part] if part else [])),
                        laydown.id,
                        raid.id,
                        part=part,
                        where=f"{laydown.title} against {raid.title}{f', at {part}' if part else ''}",
                    )
                    for part in parts
                ]
        if scenario.area is not None and laydown.units:
            for target in _targets_of(scenario):
                found += _of_package(catalogue, laydown, target)
    places = {_at(unit): unit.place for laydown in scenario.laydowns for unit in laydown.units}
    for question in questions:
        place = places.get((question.latitude_deg, question.longitude_deg), "")
        found += of_system(question, catalogue, place)
    return tuple(found)


def _at(unit: Unit) -> tuple[float, float]:
    return unit.latitude_deg, unit.longitude_deg


def _targets_of(scenario: Scenario) -> tuple[str, ...]:
    flown = (wave.target for raid in scenario.raids for wave in raid.waves)
    return scenario.study.targets or tuple(dict.fromkeys(flown))


def _of_package(catalogue: Catalogue, laydown: Laydown, target: str) -> Iterator[Term]:
    record = find_target(catalogue, target)
    kind, where = record.kind, f"{laydown.title} against the {record_name(record)}"
    for said in measures_of(PackageRow):
        if said.part != "measure":
            continue
        if said.name in ("engageable_area_km2", "people_under"):
            if kind != "ballistic" or said.name == "engageable_area_km2":
                yield Term("package", said.name, (laydown.id, target), laydown.id, target=target, where=where)
        elif kind != "ballistic":
            for release_m in release_ranges_m(catalogue, kind):
                released = f", release at {release_m / 1e3:g} km" if release_m else ""
                yield Term(
                    "package", said.name, (laydown.id, target, f"{release_m / 1e3:g}km"), laydown.id, target=target,
                    release_m=release_m, where=f"{where}{released}",
                )  # fmt: skip


def of_system(question: AuditQuestion, catalogue: Catalogue, place: str = "") -> tuple[Term, ...]:
    """Return all that can be asked of one system at one place: its classes and levels."""
    named = (question.system_id, *([place] if place else []))
    levels = [Level(h, None) for h in question.heights_m] + [Level(None, a) for a in question.altitudes_m]
    found: list[Term] = []
    system = find_system(catalogue, question.system_id)[0].name + (f" at {place}" if place else "")
    for target in question.targets:
        record = find_target(catalogue, target)
        where = f"{system} against the {record_name(record)}"
        if record.kind == "ballistic":
            found += [
                Term("footprint", name, (*named, target), target=target, question=question, where=where)
                for name in ("footprint_area_km2", "footprint_worst_area_km2")
            ]
            continue
        found += [
            Term(
                "ring",
                name,
                (*named, target, level_key(level)),
                target=target,
                question=question,
                level=level,
                where=f"{where} at {level_text(level)}",
            )
            for level in levels
            for name in OF_A_RING
        ]
    return tuple(found)


def find(text: str, known: Sequence[Term], flag: str = "--finding") -> Asked:
    """Return the finding that a text names.

    Parameters
    ----------
    text : str
        ``measure@key/key``; one less another: ``measure@key/key - measure@key/key``, or ``measure@a-b/key`` where the
        two differ by one key.
    known : sequence of Term
        What can be asked.

    Raises
    ------
    InputError
        Nothing of that name, with the nearest; or several, with all of them.

    Examples
    --------
    >>> rows = [("a-1", "day"), ("a-1", "night"), ("b", "day"), ("b", "night")]
    >>> known = [Term("raid", "leakers", row, *row) for row in rows]
    >>> find("leakers@b/night", known).text, find("leakers@a-1-b/day", known).text
    ('leakers@b/night', 'leakers@a-1/day - leakers@b/day')
    >>> find("leakers@b", known)
    Traceback (most recent call last):
    ringtrue.errors.InputError: --finding 'leakers@b' can be: leakers@b/day, leakers@b/night; write one of them
    """
    asked = text.strip().casefold()
    found = [Asked((term,)) for term in _matching(asked, known)]
    found += [Asked(pair) for pair in _differences(asked, known)]
    exact = [one for one in found if one.text == asked]
    found = exact or list(dict.fromkeys(found))
    if len(found) == 1:
        return found[0]
    if found:
        listed = [one.text for one in found]
        more = f" and {len(listed) - MOST_LISTED} more" if len(listed) > MOST_LISTED else ""
        msg = f"{flag} {text!r} can be: {', '.join(listed[:MOST_LISTED])}{more}; write one of them"
        raise InputError(msg)
    raise InputError(_nothing(text, asked, known, flag))


def _matching(text: str, known: Iterable[Term]) -> list[Term]:
    """Terms that a text names: those whose keys are all given, else those of which it gives some, in their order."""
    name, _, rest = text.partition("@")
    keys = [key for key in rest.split("/") if key]
    of_name = [t for t in known if name in (t.measure, short(t.measure)) and _is_part(keys, t.keys)]
    return [t for t in of_name if len(t.keys) == len(keys)] or of_name


def _is_part(given: Sequence[str], keys: Sequence[str]) -> bool:
    """Whether all that is given stands among the keys in the same order."""
    left = iter(key.casefold() for key in keys)
    return all(key in left or f"{key}-amsl" in keys for key in given)


def _differences(text: str, known: Sequence[Term]) -> Iterator[tuple[Term, Term]]:
    """Every way to read a text as one term less another of the same measure; names hold hyphens themselves."""
    cuts = [i for i, letter in enumerate(text) if letter == "-"]
    name, at, rest = text.partition("@")
    for i in cuts:
        first, second = text[:i].strip(), text[i + 1 :].strip()
        if "@" in first and "@" in second:
            yield from _pairs(first, second, known)
    if text.count("@") != 1:
        return
    keys = rest.split("/")
    for place, key in enumerate(keys):
        for i in (i for i, letter in enumerate(key) if letter == "-"):
            ends = [[*keys[:place], end, *keys[place + 1 :]] for end in (key[:i], key[i + 1 :])]
            if all(all(end) for end in ends):
                left, right = (f"{name}{at}{'/'.join(end)}" for end in ends)
                yield from _pairs(left, right, known)


def _pairs(first: str, second: str, known: Sequence[Term]) -> list[tuple[Term, Term]]:
    """Pairs of rows of one kind; where some differ by one key alone, those."""
    found = [
        (a, b)
        for a in _matching(first, known)
        for b in _matching(second, known)
        if a != b and (a.kind, a.measure, len(a.keys)) == (b.kind, b.measure, len(b.keys))
    ]
    return [(a, b) for a, b in found if sum(x != y for x, y in zip(a.keys, b.keys, strict=True)) == 1] or found


def _nothing(text: str, asked: str, known: Sequence[Term], flag: str) -> str:
    measures = list(dict.fromkeys(short(term.measure) for term in known))
    name, _, rest = asked.partition("@")
    if name not in measures and name not in {term.measure for term in known}:
        near = did_you_mean(name, measures) or "; there are"
        return f"{flag} {text!r}: no measure {name!r}{near}{'' if near.endswith('?') else ': ' + ', '.join(measures)}"
    rows = [term.text for term in known if name in (term.measure, short(term.measure))]
    nearest = get_close_matches(f"{short(name)}@{rest}", rows, n=3, cutoff=0.3) or rows[:3]
    return f"{flag} {text!r} is no row of {short(name)}; near it are: {', '.join(nearest)}"
