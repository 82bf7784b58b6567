"""Writes reports: one self-contained HTML file, and the figures for print beside it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ringtrue.errors import InputError
from ringtrue.report.page import Page, Prose
from ringtrue.report.render import render_page
from ringtrue.whole import write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringtrue.coverage.records import AuditResult
    from ringtrue.report.doubt_section import AskOn

MOST_BYTES = 5_000_000


class Again(NamedTuple):
    """How a page is asked for again: the command, empty where none does, and how words of the question were read."""

    command: str = ""
    said: tuple[str, ...] = ()

    @property
    def section(self) -> Prose:
        """The last section of a page."""
        if self.command:
            return Prose("Ask it again", (), self.said, self.command)
        return Prose("Ask it again", ("It was asked in a notebook with records that no file holds.",), self.said)


def write_page(page: Page, path: Path, again: Again | None = None) -> Path:
    """Write a page as one HTML file of at most 5 MB and return its path; ``again`` ends it with the command."""
    if again is not None:
        page = replace(page, sections=(*page.sections, again.section))
    content = render_page(page).encode("utf-8")
    if len(content) > MOST_BYTES:
        msg = f"{path}: the report would hold {len(content):,} bytes, more than {MOST_BYTES:,}; ask for fewer targets"
        raise InputError(msg)
    write_whole(path, content)
    return path


def write_audit_report(
    results: Sequence[AuditResult], path: Path, again: Again | None = None, ask_on: AskOn | None = None
) -> Path:
    """Write the report of one or more audits as one self-contained HTML file and return its path.

    Parameters
    ----------
    results : sequence of AuditResult
        At least one; several systems stand on a switch.
    path : Path
        The file to write; folders are made.
    again : Again, optional
        How it is asked for again.
    ask_on : AskOn, optional
        Rival figures and commands that ask on.
    """
    if not results:
        msg = "no audit was given; a report needs at least one"
        raise InputError(msg)
    from ringtrue.report.audit_page import audit_page

    return write_page(audit_page(results, ask_on=ask_on), Path(path), again)


def write_audit_figures(results: Sequence[AuditResult], directory: Path) -> list[Path]:
    """Write for each audit a map and the radius by azimuth; return the paths.

    The map of the headline as PNG (200 dpi) and SVG, those of the other targets as SVG, ``map-<system>-<target>.svg``.
    """
    from ringtrue.formats.audit_shapes import unit_names
    from ringtrue.geo.pool import run_blocks
    from ringtrue.report.audit_words import printed_targets
    from ringtrue.report.figures import audit_map, radius_figure
    from ringtrue.report.raster import png_bytes

    names = unit_names(results)
    written: list[list[Path]] = [[] for _ in results]

    def write(i: int) -> None:
        word = _file_word(names[i])
        contents: dict[str, bytes] = {}
        for target in printed_targets(results[i]):
            drawing = audit_map(results[i], target)
            is_first = not contents
            if is_first:
                contents[f"map-{word}.png"] = png_bytes(drawing, dpi=200)
            name = f"map-{word}.svg" if is_first else f"map-{word}-{_file_word(target)}.svg"
            contents[name] = drawing.svg().encode()
        chart = radius_figure(results[i])
        if chart is not None:
            contents[f"radius-{word}.svg"] = chart.svg().encode()
        for name, content in contents.items():
            write_whole(Path(directory) / name, content)
            written[i].append(Path(directory) / name)

    run_blocks(write, len(results))
    return [path for paths in written for path in paths]


def _file_word(name: str) -> str:
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in name)
