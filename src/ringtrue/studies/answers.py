"""Which study gives which answer: the class that declares it, found by the name of its command."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from ringtrue.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from ringtrue.answer import BareAnswer

STUDIES = {
    "audit": ("ringtrue.coverage.output", "AuditAnswer"),
    "engage": ("ringtrue.studies.engage", "EngageResult"),
    "compare": ("ringtrue.studies.compare_records", "CompareResult"),
    "network": ("ringtrue.studies.network_records", "NetworkResult"),
    "timeline": ("ringtrue.studies.timeline", "TimelineResult"),
    "relocation": ("ringtrue.studies.relocation_output", "RelocationResult"),
    "verify": ("ringtrue.studies.verify", "VerifyAnswer"),
    "sky": ("ringtrue.studies.sky", "SkyResult"),
    "claims": ("ringtrue.studies.claim_rows", "ClaimsResult"),
    "sensitivity": ("ringtrue.studies.doubt.records", "SensitivityResult"),
    "worth": ("ringtrue.studies.doubt.worth_records", "WorthResult"),
    "exposure": ("ringtrue.studies.exposure_output", "ExposureResult"),
}


def answer_class(study: str) -> type[BareAnswer]:
    """Return the class of what a study prints with --json.

    >>> answer_class("exposure").__name__
    'ExposureResult'

    Raises
    ------
    InputError
        No such study.
    """
    if study not in STUDIES:
        msg = f"STUDY {study!r} has no schema{did_you_mean(study, STUDIES)}; there are: {', '.join(STUDIES)}"
        raise InputError(msg)
    module, name = STUDIES[study]
    found: type[BareAnswer] = getattr(import_module(module), name)
    return found
