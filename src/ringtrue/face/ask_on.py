"""What a page can be asked on with: figures that another source prints otherwise, and the command of their doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringtrue.face.command import command_line
from ringtrue.report.doubt_section import AskOn
from ringtrue.studies.compare_pairs import LEAKERS
from ringtrue.studies.doubt.disagreement import rival_rows, rivals_of
from ringtrue.studies.doubt.findings import short

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringtrue.coverage.records import AuditResult, CoverageRow
    from ringtrue.face.asked import Asked
    from ringtrue.face.result import Result

SHARED = ("dem", "ground", "seed", "catalogue")


def after_audit(result: Result) -> AskOn:
    """Return what the page of audits can be asked on with: the row of each system that its answer speaks of."""
    audits: tuple[AuditResult, ...] = result.found.results
    commands = [_audit_command(result.asked, one) for one in audits]
    return _ask_on(result.asked, (p.id for one in audits for p in one.parameters), commands)


def after_compare(result: Result) -> AskOn:
    """Return what the page of a comparison can be asked on with: the difference that its answer speaks of."""
    head = result.found.headline
    commands = []
    if head.measure == LEAKERS:
        raid = head.condition.raid
        finding = f"{LEAKERS}@{head.a}/{raid} - {LEAKERS}@{head.b}/{raid}"
        given = {"subject": result.asked["scenario"], "finding": finding, "change": result.asked["change"]}
        commands.append(_command(result.asked, given))
    return _ask_on(result.asked, (p.id for p in result.found.parameters), commands)


def _ask_on(asked: Asked, uses: Iterable[str], commands: Iterable[str]) -> AskOn:
    rivals = rivals_of(asked.catalogue, uses)
    printers = {p.source for one in rivals for p in one if p.source}
    sources = asked.catalogue.sources
    return AskOn(
        rival_rows(asked.catalogue, rivals),
        tuple((key, sources[key].publisher) for key in sorted(printers) if key in sources),
        tuple(dict.fromkeys(filter(None, commands))),
    )


def _audit_command(asked: Asked, audit: AuditResult) -> str:
    """Return the command that asks on about one system; empty where its audit has no row with a spread."""
    question, row = audit.question, _told_row(audit)
    if row is None:
        return ""
    site = (question.latitude_deg, question.longitude_deg)
    given: dict[str, Any] = {
        "subject": question.system_id, "finding": short("engageable_area_km2"),
        "at": asked["at"] if asked["at"] == site else site, "targets": (row.target,), "heading": question.heading,
        "azimuth": question.azimuth_deg, "mast": question.mast_m, "k": question.k_factor,
        "heights": None if row.height_m is None else (row.height_m,),
        "altitudes": None if row.altitude_m is None else (row.altitude_m,),
    }  # fmt: skip
    return _command(asked, given)


def _told_row(audit: AuditResult) -> CoverageRow | None:
    """Return the row whose spread the audit shares out: the one of its headline class with the greatest."""
    rows = [row for row in audit.rows if row.engageable_area_km2 is not None]
    targets = [row.target for row in rows]
    chosen = "f-16" if "f-16" in targets else next(iter(targets), "")
    return max((row for row in rows if row.target == chosen), key=_width_km2, default=None)


def _width_km2(row: CoverageRow) -> float:
    found = row.engageable_area_km2
    return 0.0 if found is None else found.high - found.low


def _command(asked: Asked, given: dict[str, Any]) -> str:
    from ringtrue.face.table import study_named

    shared = {name: asked[name] for name in SHARED}
    return command_line(study_named("sensitivity"), given | shared)
