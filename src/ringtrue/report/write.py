"""One door to every report: the page that belongs to a result."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ringtrue.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringtrue.coverage.records import AuditResult
    from ringtrue.studies.claim_rows import ClaimsResult
    from ringtrue.studies.compare_records import CompareResult
    from ringtrue.studies.engage import EngageResult
    from ringtrue.studies.exposure_output import ExposureResult
    from ringtrue.studies.network_records import NetworkResult
    from ringtrue.studies.relocation_output import RelocationResult

    Study = CompareResult | EngageResult | ExposureResult | NetworkResult | RelocationResult | ClaimsResult
    Reported = AuditResult | Sequence[AuditResult] | Study


def write_report(result: Reported, path: Path | str) -> Path:
    """Write the report of a result as one self-contained HTML file and return its path.

    Parameters
    ----------
    result : result of audit (or several of them), engage, compare, exposure, network, relocation or claims
        What the function of that name gave.
    path : path or str
        The file to write; folders are made.

    Raises
    ------
    InputError
        There is no page for what was given.
    """
    from ringtrue.coverage.records import AuditResult

    if isinstance(result, AuditResult):
        result = [result]
    if isinstance(result, (list, tuple)) and all(isinstance(one, AuditResult) for one in result):
        from ringtrue.report.html import write_audit_report

        return write_audit_report(result, Path(path))
    return _write_study(result, Path(path))  # type: ignore[arg-type]


def _write_study(result: Study, path: Path) -> Path:
    from ringtrue.report.claims_page import write_claims_report
    from ringtrue.report.compare_page import write_compare_report
    from ringtrue.report.exposure_page import write_exposure_report
    from ringtrue.report.network_page import write_network_report
    from ringtrue.report.raid_page import write_raid_report
    from ringtrue.report.relocation_page import write_relocation_report
    from ringtrue.studies.claim_rows import ClaimsResult
    from ringtrue.studies.compare_records import CompareResult
    from ringtrue.studies.engage import EngageResult
    from ringtrue.studies.exposure_output import ExposureResult
    from ringtrue.studies.network_records import NetworkResult
    from ringtrue.studies.relocation_output import RelocationResult

    if isinstance(result, CompareResult):
        return write_compare_report(result, path)
    if isinstance(result, EngageResult):
        return write_raid_report(result, path)
    if isinstance(result, ExposureResult):
        return write_exposure_report(result, path)
    if isinstance(result, NetworkResult):
        return write_network_report(result, path)
    if isinstance(result, RelocationResult):
        return write_relocation_report(result, path)
    if isinstance(result, ClaimsResult):
        return write_claims_report(result, path)
    msg = f"there is no report for {type(result).__name__}; give the result of audit, engage, compare or another study"
    raise InputError(msg)
