"""A report page as records; `render` turns them into HTML.

Blocks: ``Answer``, ``MapBlock``, ``Panels``, ``Figure``, ``Table``, ``Prose``, ``Parameters``. Every report (audit,
compare, engage, verify) is a tuple of them; the template knows nothing about the studies behind.
"""

from __future__ import annotations

import base64
import json
import math
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringtrue.catalogue.records import Parameter, Source


NAME_BYTES = 6  # of a name by content
LONGEST_INTERVAL = 30  # letters that a line below a number keeps together


@dataclass(frozen=True, slots=True)
class Fact:
    """One number of the strip below the answer: the value, the words below it, and the parameters a click lists."""

    value: str
    label: str
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What the report says, in a sentence a paragraph; stands first."""

    kind: ClassVar[str] = "answer"
    sentences: tuple[str, ...]
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True)
class Picture:
    """A picture inside the page: PNG bytes or SVG text, and what it shows in words.

    ``narrow_svg`` is the same drawn for a telephone; the style sheet shows it where the window is narrow. A picture of
    ``layers`` shares some of them with others of its set (`Panels.shared`); ``size`` says its width and height.
    """

    alt: str
    png: bytes = b""
    svg: str = ""
    narrow_svg: str = ""
    layers: tuple[str, ...] = ()  # drawings on one another, the lowest first: SVG text, or the name of a shared one
    size: tuple[float, float] = (1.0, 1.0)  # width and height of the layers, for their proportion

    @property
    def address(self) -> str:
        """Return the data address an ``img`` element takes."""
        return _address(self.png, "image/png") if self.png else svg_address(self.svg)

    @property
    def narrow_address(self) -> str:
        """Return the data address of the narrow drawing; empty where there is none."""
        return svg_address(self.narrow_svg) if self.narrow_svg else ""


def svg_address(svg: str) -> str:
    """Return the data address of an SVG text."""
    return _address(svg.encode(), "image/svg+xml")


def _address(data: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


@dataclass(frozen=True)
class Figure:
    """A picture with caption and sources."""

    kind: ClassVar[str] = "figure"
    heading: str
    pictures: tuple[Picture, ...]
    caption: str
    sources: tuple[str, ...]
    follows: str = ""  # name of the map whose script draws here, in place of the pictures, what it shows


@dataclass(frozen=True, slots=True)
class Mark:
    """The colour of one thing that a page compares, and its number in the charts; ``ink`` is read on the colour."""

    colour: str
    text: str = ""
    ink: str = "#ffffff"


@dataclass(frozen=True, slots=True)
class Panel:
    """One small picture of a set, with its title, a line below it, and the marks of what it shows."""

    title: str
    picture: Picture
    note: str = ""
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class PanelSet:
    """Small pictures that are looked at together: ``label`` stands on the switch, ``heading`` above them."""

    label: str
    heading: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True)
class Panels:
    """Sets of small pictures on a switch that needs no script; print shows every set."""

    kind: ClassVar[str] = "panels"
    heading: str
    switch: str  # what the switch chooses
    sets: tuple[PanelSet, ...]  # at most twelve
    legend: tuple[tuple[str, str], ...]  # (colour, label)
    caption: str
    sources: tuple[str, ...]
    shared: Mapping[str, str] = field(default_factory=dict)  # SVG texts by the names that layers of pictures give


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: text, the interval below it (lines apart by a line feed), and the parameters a click on it lists.

    ``warning`` stands below the interval; ``badge`` frames the text by a name of the style sheet.
    """

    text: str
    interval: str = ""
    inputs: tuple[str, ...] = ()
    what: str = ""
    numeric: bool = True
    show: str = ""  # "system|target|reference:metres": a button that sets the map
    warning: str = ""
    badge: str = ""

    @property
    def is_long(self) -> bool:
        """Return whether a line below the number holds words that must be broken."""
        return max(map(len, self.interval.split("\n"))) > LONGEST_INTERVAL


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row: its name and its cells; ``band`` rows are headings across the table and have no cells."""

    name: str
    cells: tuple[Cell, ...] = ()
    is_band: bool = False
    note: str = ""
    marks: tuple[Mark, ...] = ()  # of what the row, or the band, is about


@dataclass(frozen=True)
class Table:
    """A table with a caption, a note on how to read it, and sources."""

    kind: ClassVar[str] = "table"
    heading: str
    caption: str
    columns: tuple[str, ...]  # the first belongs to the row names
    rows: tuple[TableRow, ...]
    note: str = ""
    sources: tuple[str, ...] = ()
    folded: bool = False  # behind a line that opens it; print opens all
    follows: str = ""  # name of the map that the buttons in its cells set
    is_wordy: bool = False  # cells hold sentences, which need width

    @property
    def text_columns(self) -> tuple[int, ...]:
        """Cells (from 0, after the row name) that hold words, or a button, in every row that has them."""
        filled = [row.cells for row in self.rows if row.cells]
        width = max(map(len, filled), default=0)
        numbers = {i for cells in filled for i, cell in enumerate(cells) if cell.numeric and not cell.show}
        return tuple(i for i in range(width) if i not in numbers)


@dataclass(frozen=True)
class Prose:
    """Paragraphs, a list and preformatted lines."""

    kind: ClassVar[str] = "prose"
    heading: str
    paragraphs: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    code: str = ""


@dataclass(frozen=True)
class MapBlock:
    """The moving map with its switches, and the pictures that stand for it where no script runs."""

    kind: ClassVar[str] = "map"
    heading: str
    stills: tuple[Picture, ...]
    left_out: str  # of the stills: said where no script draws them
    caption: str
    sources: tuple[str, ...]
    systems: tuple[tuple[str, str], ...]  # (id, name)
    targets: tuple[tuple[str, str], ...]
    links: tuple[tuple[str, str, str], ...]  # (id, label, colour)
    levels: tuple[tuple[str, str], ...]  # audited heights and altitudes as the script reads them, text
    has_altitudes: bool  # the slider can be set to altitudes above sea level
    start: Mapping[str, Any]
    positions: str  # what the positions of the sites stand for: on the map itself
    data: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Return the name by what the map holds, by which a table or a figure follows it."""
        return content_name(self.data)


@dataclass(frozen=True)
class Parameters:
    """The table of every parameter used, assumptions first and marked."""

    kind: ClassVar[str] = "parameters"
    heading: str = "Every figure used, and who printed it"
    note: str = ""


Section = Answer | MapBlock | Panels | Figure | Table | Prose | Parameters


@dataclass(frozen=True)
class Page:
    """A whole report."""

    title: str
    kicker: str
    sections: tuple[Section, ...]
    parameters: tuple[Parameter, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    manifest: tuple[tuple[str, str], ...] = ()
    footer: str = ""


@dataclass(frozen=True, slots=True)
class ParameterText:
    """A parameter in the words of the page."""

    id: str
    label: str
    printed: str
    spread: str
    mark: str
    source: str
    address: str
    note: str

    @property
    def rank(self) -> int:
        """Return the place of the mark in the order of the table, assumptions first."""
        return MARK_ORDER.index(self.mark)

    @property
    def name(self) -> str:
        """Return the name by everything that is said of the figure; another value is another name."""
        return content_name(asdict(self))


MARK_ORDER = ("assumed", "estimate", "derived", "via", "published")
SPREAD_WORDS = {
    "split": "split triangle",
    "uniform": "uniform",
    "split-log": "split triangle, log",
    "integer": "whole numbers",
    "discrete": "listed values",
    "fixed": "no spread",
}


def parameter_mark(parameter: Parameter) -> str:
    """Return the word that the page prints in front of a figure: how far it can be relied on."""
    if parameter.origin == "assumed":
        return "assumed"
    if parameter.estimated:
        return "estimate"
    return {"read": "published", "via": "via", "derived": "derived"}[parameter.origin]


def parameter_label(parameter_id: str, said: str = "") -> str:
    """Return the words for a dotted parameter address: its owner and ``said``, or the last parts of the address.

    >>> parameter_label("radar.91n6e.reference_range")
    '91N6E: reference range'
    >>> parameter_label("interceptor.gem-t.envelope.aircraft.min_range", "Least range")
    'GEM-T: least range (aircraft)'
    """
    parts = parameter_id.split(".")
    words = " ".join(part.replace("_", " ") for part in parts[2:]) or parts[-1].replace("_", " ")
    if said:
        rest = ", ".join([*parts[3:4], *parts[5:]] if parts[2:3] == ["envelope"] else parts[3:])
        words = f"{said[0].lower()}{said[1:]}{f' ({rest})' if rest else ''}"
    owner = parts[1] if len(parts) > 2 else ""
    if any(c.isdigit() for c in owner) or any(len(part) == 1 for part in owner.split("-")):
        owner = owner.upper()
    return f"{owner}: {words}" if owner else words


def parameter_texts(parameters: tuple[Parameter, ...], sources: Mapping[str, Source]) -> list[ParameterText]:
    """Return the parameters in words, assumptions first."""
    texts = []
    for parameter in parameters:
        source = sources.get(parameter.source or "")
        spread = SPREAD_WORDS[parameter.spread]
        if parameter.low < parameter.high:
            spread = f"{used_words(parameter.low, parameter.nominal, parameter.high, parameter.si)}, {spread}"
        note = parameter.note
        if source:
            said = f"{source.title}, {source.publisher}, {source.date}"
        else:
            said, note = f"Declared assumption: {note or 'no source gives it'}", ""
        texts.append(
            ParameterText(
                parameter.id,
                parameter_label(parameter.id, parameter.label),
                parameter.printed,
                spread,
                parameter_mark(parameter),
                said,
                source.address if source else "",
                note,
            )
        )
    return sorted(texts, key=lambda t: (t.rank, t.id))


READ_IN = {
    "Hz": (("GHz", 1e9), ("MHz", 1e6)),
    "m": (("km", 1e3),),
    "m2": (("km2", 1e6),),
    "rad": (("deg", math.pi / 180.0),),
    "USD": (("bnUSD", 1e9), ("MUSD", 1e6), ("kUSD", 1e3)),
}


def used_words(low: float, nominal: float, high: float, si: str) -> str:
    """Return the three values that are drawn from, in the unit in which people read such a quantity.

    >>> used_words(2.5e9, 3e9, 3.5e9, "Hz"), used_words(0.7853982, 1.0471976, 1.3089969, "rad")
    ('2.5 / 3 / 3.5 GHz', '45 / 60 / 75 deg')
    >>> used_words(7.0, 25.0, 39.0, "m"), used_words(0.0, 0.08, 0.25, "1")
    ('7 / 25 / 39 m', '0 / 0.08 / 0.25')
    """
    whole = ((unit, factor) for unit, factor in READ_IN.get(si, ()) if si == "rad" or abs(nominal) >= factor)
    unit, factor = next(whole, ("" if si == "1" else si, 1.0))
    return f"{' / '.join(number(value / factor) for value in (low, nominal, high))} {unit}".rstrip()


def number(value: float) -> str:
    """Return a number for a parameter table: four significant digits, thousands apart.

    >>> number(390000.0), number(0.0000012), number(4.0)
    ('390,000', '1.2e-06', '4')
    """
    if value != 0 and abs(value) < 1e-3:
        return f"{value:.3g}"
    rounded = float(f"{value:.4g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 1000 or rounded == int(rounded) else f"{rounded:g}"


def script_json(data: Any) -> str:
    """Return JSON that cannot close the script element it stands in, the same for equal data.

    >>> script_json({"b": "</script>", "a": 1})
    '{"a":1,"b":"<\\\\/script>"}'
    """
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True).replace("</", "<\\/")


def content_name(content: Any) -> str:
    """Return the name of some data by what it says: the same for equal data, whoever asks."""
    return blake2b(script_json(content).encode(), digest_size=NAME_BYTES).hexdigest()
