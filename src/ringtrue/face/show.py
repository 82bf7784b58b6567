"""Printing each study: its lines on the screen, its page, and where its report goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringtrue.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ringtrue.coverage.output import AuditAnswer
    from ringtrue.face.result import Result
    from ringtrue.report.html import Again
    from ringtrue.studies.brief import Brief
    from ringtrue.studies.claim_rows import ClaimsResult
    from ringtrue.studies.compare_records import CompareResult
    from ringtrue.studies.doubt.records import SensitivityResult
    from ringtrue.studies.doubt.worth_records import WorthResult
    from ringtrue.studies.engage import EngageResult
    from ringtrue.studies.exposure_output import ExposureResult
    from ringtrue.studies.network_records import NetworkResult
    from ringtrue.studies.relocation_output import RelocationResult
    from ringtrue.studies.sky import SkyResult
    from ringtrue.studies.timeline import TimelineResult
    from ringtrue.studies.verify import VerifyAnswer


def _with_report(lines: list[str], report: Path | None) -> list[str]:
    return lines if report is None else [*lines, f"Report: {report}"]


def _again(result: Result) -> Again:
    from ringtrue.report.html import Again

    return Again(result.command, result.said)


def audit_lines(answer: AuditAnswer, report: Path | None) -> list[str]:
    """Return the tables of the systems one below another; the last ends with the path of the report."""
    from ringtrue.report.table import audit_table_lines

    lines: list[str] = []
    for result in answer.results:
        is_last = result is answer.results[-1]
        path = str(report) if report and is_last else None
        lines += [*audit_table_lines(result, report_path=path), *([] if is_last else [""])]
    return lines


def audit_page(result: Result, path: Path) -> Path:
    """Write the page of the systems side by side."""
    from ringtrue.face.ask_on import after_audit
    from ringtrue.report.html import write_audit_report

    return write_audit_report(result.found.results, path, _again(result), after_audit(result))


def audit_files(result: Result, folder: Path) -> None:
    """Write figures and rasters."""
    from ringtrue.report.geotiff import write_audit_geotiffs
    from ringtrue.report.html import write_audit_figures

    write_audit_figures(result.found.results, folder)
    write_audit_geotiffs(result.found.results, folder / "rasters")


def engage_lines(answer: EngageResult, report: Path | None) -> list[str]:
    """Return the raids as text."""
    from ringtrue.studies.engage import engage_lines as lines

    return _with_report(lines(answer), report)


def engage_page(result: Result, path: Path) -> Path:
    """Write the page of the raids."""
    from ringtrue.report.raid_page import write_raid_report

    return write_raid_report(result.found, path, _again(result))


def compare_lines(answer: CompareResult, report: Path | None) -> list[str]:
    """Return the comparison as text."""
    from ringtrue.studies.compare_output import compare_lines as lines
    from ringtrue.studies.story import closing_lines

    return _with_report([*lines(answer), *closing_lines(answer)], report)


def compare_page(result: Result, path: Path) -> Path:
    """Write the page of the comparison with the smaller studies it carries."""
    from ringtrue.face.ask_on import after_compare
    from ringtrue.report.compare_page import write_compare_report

    return write_compare_report(
        result.found, path, again=_again(result), ask_on=after_compare(result), **result.found.parts
    )  # fmt: skip


def network_lines(answer: NetworkResult, report: Path | None) -> list[str]:
    """Return the steps from no link to all as text."""
    from ringtrue.studies.network_output import network_lines as lines

    return _with_report(lines(answer), report)


def network_page(result: Result, path: Path) -> Path:
    """Write the page of the links."""
    from ringtrue.report.network_page import write_network_report

    return write_network_report(result.found, path, _again(result))


def exposure_lines(answer: ExposureResult, report: Path | None) -> list[str]:
    """Return the ledger of observed minutes as text."""
    from ringtrue.studies.exposure_output import exposure_lines as lines

    return _with_report(lines(answer), report)


def exposure_page(result: Result, path: Path) -> Path:
    """Write the page of observed minutes."""
    from ringtrue.report.exposure_page import write_exposure_report

    return write_exposure_report(result.found, path, _again(result))


def relocation_lines(answer: RelocationResult, report: Path | None) -> list[str]:
    """Return the places as text."""
    from ringtrue.studies.relocation_output import relocation_lines as lines

    return _with_report(lines(answer), report)


def relocation_page(result: Result, path: Path) -> Path:
    """Write the page of the places."""
    from ringtrue.report.relocation_page import write_relocation_report

    return write_relocation_report(result.found, path, _again(result))


def claims_lines(answer: ClaimsResult, report: Path | None) -> list[str]:
    """Return the verdicts as text."""
    from ringtrue.studies.claims import claims_lines as lines

    return _with_report(lines(answer), report)


def claims_page(result: Result, path: Path) -> Path:
    """Write the page of the verdicts."""
    from ringtrue.report.claims_page import write_claims_report

    return write_claims_report(result.found, path, _again(result), sources=result.asked.catalogue.sources)


def timeline_lines(answer: TimelineResult, report: Path | None) -> list[str]:
    """Return the curves as text."""
    from ringtrue.studies.timeline import timeline_lines as lines

    return _with_report(lines(answer), report)


def sensitivity_lines(answer: SensitivityResult, report: Path | None) -> list[str]:
    """Return the unknowns as text, every source with them."""
    from ringtrue.studies.doubt.words import sensitivity_lines as lines

    return _with_report(lines(answer), report)


def sensitivity_page(result: Result, path: Path) -> Path:
    """Write the page of the unknowns."""
    from ringtrue.report.sensitivity_page import write_sensitivity_report

    return write_sensitivity_report(result.found, path, _again(result))


def sensitivity_brief(answer: SensitivityResult) -> Brief:
    """Return the screen of the unknowns."""
    from ringtrue.studies.doubt.words import sensitivity_brief as brief

    return brief(answer)


def worth_lines(answer: WorthResult, report: Path | None) -> list[str]:
    """Return what knowing is worth as text, figure by figure."""
    from ringtrue.studies.doubt.worth_words import worth_lines as lines

    return _with_report(lines(answer), report)


def worth_page(result: Result, path: Path) -> Path:
    """Write the page of what knowing is worth."""
    from ringtrue.report.worth_page import write_worth_report

    return write_worth_report(result.found, path, _again(result))


def worth_brief(answer: WorthResult) -> Brief:
    """Return the screen of what knowing is worth."""
    from ringtrue.studies.doubt.worth_words import worth_brief as brief

    return brief(answer)


def verify_lines(answer: VerifyAnswer | SkyResult, report: Path | None) -> list[str]:
    """Return the cases, or the verdict of the sky, as text."""
    from ringtrue.studies.sky import SkyResult, sky_lines
    from ringtrue.studies.verify import verify_lines as lines

    return _with_report(sky_lines(answer) if isinstance(answer, SkyResult) else lines(answer.results), report)


def verify_page(result: Result, path: Path) -> Path:
    """Write the cases as one page."""
    from ringtrue.studies.sky import SkyResult
    from ringtrue.studies.verify import write_html

    if isinstance(result.found, SkyResult):
        return no_page(result, path)
    return write_html(result.found.results, path)


def audit_brief(answer: AuditAnswer) -> Brief:
    """Return the screen of the audits."""
    from ringtrue.report.audit_brief import audit_brief as brief

    return brief(answer.results)


def brief_of(name: str) -> Callable[[Any], Brief]:
    """Return what makes the screen of a study; what that needs is loaded when it is called."""

    def make(answer: Any) -> Brief:
        from ringtrue.studies import briefs

        made: Brief = getattr(briefs, f"{name}_brief")(answer)
        return made

    return make


def verify_brief(answer: VerifyAnswer | SkyResult) -> Brief:
    """Return the screen of the cases, or of the sky."""
    from ringtrue.studies.briefs import sky_brief
    from ringtrue.studies.briefs import verify_brief as brief
    from ringtrue.studies.sky import SkyResult

    return sky_brief(answer) if isinstance(answer, SkyResult) else brief(answer)


def no_page(result: Result, path: Path) -> Path:
    """Refuse a page that there is not."""
    msg = f"{path}: {result.study.name} has no page; save it as .json, .csv or .parquet"
    raise InputError(msg)


def no_files(_result: Result, _folder: Path) -> None:
    """Write nothing beside the page."""
