"""Sections as HTML: each a block that works by itself, and a page that is nothing but its blocks and their furniture.

A block holds no element id, so that it stands in a document as often as one likes; what its numbers and its map need is
inside it, named by content, so that blocks of several results share a document without knowing of each other.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from ringtrue.report.page import MapBlock, content_name, parameter_texts, script_json, svg_address

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jinja2 import Environment

    from ringtrue.report.page import Page, ParameterText, Section

NOT_TEXT = re.compile(r"(<(?:script|pre|select)\b.*?</(?:script|pre|select)>|<[^>]*>)", re.DOTALL)
HYPHENATED = re.compile(r"[^\s&;<>]*\w[-–][\w.][^\s&;<>]*")
LONGEST_UNBROKEN = 24  # letters; a longer word is broken where there is no room


@dataclass(frozen=True)
class Block:
    """A section as HTML and the figures behind its numbers.

    Attributes
    ----------
    html : str
        One ``section`` element: words, pictures, the sets of figures that its numbers name, the data of its map.
    figures : mapping
        The texts of those figures by the name of their content; a document holds each once for all its blocks.
    has_map : bool
        Whether it wants the script with the map library.
    """

    html: str
    figures: Mapping[str, Mapping[str, str]]
    has_map: bool = False

    @property
    def alone(self) -> str:
        """Return the block with its figures beside it: all that a document without any other block needs of it."""
        return self.html + figures_html([self])


class _Sets:
    """The sets of figures that the numbers of one block name, each by its content."""

    def __init__(self, texts: Mapping[str, ParameterText]) -> None:
        self._texts = texts
        self._names: dict[tuple[str, ...], str] = {}
        self._sets: dict[str, tuple[str, ...]] = {}
        self.figures: dict[str, ParameterText] = {}

    def __bool__(self) -> bool:
        return bool(self._sets)

    def name(self, inputs: Sequence[str]) -> str:
        """Return the name of a set, the same for the same figures in any order; an unknown ID is left out."""
        asked = tuple(inputs)
        if asked not in self._names:
            found = sorted(
                {i: self._texts[i] for i in asked if i in self._texts}.values(), key=lambda t: (t.rank, t.id)
            )
            held = tuple(text.name for text in found)
            self.figures.update(zip(held, found, strict=True))
            self._names[asked] = content_name(held)
            self._sets[self._names[asked]] = held
        return self._names[asked]

    def as_json(self) -> dict[str, Any]:
        """Return the figures of the block in the order of a list, and by the name of a set their places."""
        ordered = sorted(self.figures, key=lambda name: (self.figures[name].rank, self.figures[name].id, name))
        place = {name: i for i, name in enumerate(ordered)}
        return {
            "figures": ordered,
            "sets": {name: sorted(place[figure] for figure in held) for name, held in sorted(self._sets.items())},
        }


def blocks_of(page: Page) -> list[Block]:
    """Return every section of a page as a block, in their order."""
    texts = {text.id: text for text in parameter_texts(page.parameters, page.sources)}
    return [render_block(section, texts) for section in page.sections]


def render_block(section: Section, texts: Mapping[str, ParameterText]) -> Block:
    """Return one section as a block: the same for the same section and figures, wherever it stands.

    Parameters
    ----------
    texts : mapping
        Figures in words by the ID of their parameter (`page.parameter_texts`).
    """
    from markupsafe import Markup

    sets = _Sets(texts)
    data: dict[str, Any] = {}
    if isinstance(section, MapBlock):
        data["map"] = {**section.data, "systems": [_named_facts(s, sets) for s in section.data["systems"]]}

    def block_data() -> Markup:
        """Return what the script reads in the block; asked for last, when every number has named its figures."""
        held = data | sets.as_json() if sets else data
        return Markup(f'<script type="application/json" data-of-block>{script_json(held)}</script>\n' if held else "")

    html = _environment().get_template("block.html.j2").render(
        section=section, texts=texts.values(), set_of=sets.name, block_data=block_data
    )  # fmt: skip
    figures = {name: asdict(text) for name, text in sets.figures.items()}
    return Block(unbroken(html), figures, isinstance(section, MapBlock))


def _named_facts(system: Mapping[str, Any], sets: _Sets) -> dict[str, Any]:
    rows = [
        {**row, "facts": [{**fact, "inputs": sets.name(fact["inputs"])} for fact in row["facts"]]}
        for row in system["rows"]
    ]
    return {**system, "rows": rows}


def figures_html(blocks: Sequence[Block]) -> str:
    """Return the figures behind the numbers of some blocks, each once, as an element that the script finds."""
    held = {name: text for block in blocks for name, text in block.figures.items()}
    return f'<script type="application/json" data-figures>{script_json(held)}</script>\n' if held else ""


def unbroken(html: str) -> str:
    """Return HTML in which no line ends at the hyphen of a name or an interval.

    The letters stay as they are, so that a search on the page and a copied text still say S-400 (decision 0361).

    >>> unbroken("<p>the S-400 in [12.5-20.4], one-way</p>")
    '<p>the <span class="nb">S-400</span> in <span class="nb">[12.5-20.4],</span> one-way</p>'
    """
    parts = NOT_TEXT.split(html)
    parts[::2] = [HYPHENATED.sub(_kept_together, text) for text in parts[::2]]
    return "".join(parts)


def _kept_together(found: re.Match[str]) -> str:
    word = found[0]
    is_name = len(word) <= LONGEST_UNBROKEN and any(c.isdigit() or c.isupper() for c in word)
    return f'<span class="nb">{word}</span>' if is_name else word


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup, escape

    environment = Environment(
        loader=PackageLoader("ringtrue.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["address"] = svg_address
    environment.filters["unbroken"] = lambda text: Markup(unbroken(escape(text)))
    return environment


def render_page(page: Page) -> str:
    """Return the page as one HTML text: style, scripts, pictures and data inside, no address asked for.

    The content security policy in its head forbids every request, so that a browser would refuse what a mistake might
    ask for.
    """
    from markupsafe import Markup

    static = files("ringtrue.report") / "static"
    blocks = blocks_of(page)
    has_map = any(block.has_map for block in blocks)
    piece = "report" if has_map else "numbers"  # the moving map brings its library, a megabyte
    return _environment().get_template("page.html.j2").render(
        page=page,
        blocks=Markup("".join(block.html for block in blocks)),
        figures=Markup(figures_html(blocks)),
        style=Markup((static / f"{piece}.css").read_text(encoding="utf-8").replace("</", "<\\/")),
        script=Markup((static / f"{piece}.js").read_text(encoding="utf-8")),
        worker=Markup((static / "worker.js").read_text(encoding="utf-8")) if has_map else "",
    )  # fmt: skip
