"""Playing each study: from what is asked to its answer. Nothing heavy is loaded before it is wanted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ringtrue.catalogue.aliases import EVERYDAY_SYSTEMS, EVERYDAY_TARGETS, id_of
from ringtrue.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ringtrue.coverage.output import AuditAnswer
    from ringtrue.coverage.records import AuditQuestion, AuditResult
    from ringtrue.face.asked import Asked
    from ringtrue.scenario.records import Scenario
    from ringtrue.sensing.run import Run
    from ringtrue.studies.claim_rows import ClaimsResult
    from ringtrue.studies.compare_records import CompareResult
    from ringtrue.studies.doubt.findings import Asked as AskedFinding
    from ringtrue.studies.doubt.findings import Term
    from ringtrue.studies.doubt.records import SensitivityResult
    from ringtrue.studies.doubt.worth_records import WorthResult
    from ringtrue.studies.engage import EngageResult
    from ringtrue.studies.exposure_output import ExposureResult
    from ringtrue.studies.network_records import NetworkResult
    from ringtrue.studies.relocation_output import RelocationResult
    from ringtrue.studies.sky import SkyResult
    from ringtrue.studies.timeline import TimelineResult
    from ringtrue.studies.verify import VerifyAnswer

STORY_SITE = (40.0789, 32.5656)
STORY_TARGETS = ("bomber", "f-16", "f-35", "cruise-missile", "one-way-uav", "srbm")
STORY_HEIGHTS_M, STORY_ALTITUDES_M = (30.0, 100.0, 500.0), (3000.0, 10000.0)
EXTRA_DRAWS = 200
MAP_TARGETS = ("f-16",)
PILOT_DRAWS = 16
SHIPPED_CLAIMS = "shipped"


def is_scenario(name: Any) -> bool:
    """Whether a system's place is taken by a scenario: a record, a shipped name or a path."""
    from ringtrue.scenario.load import shipped_scenarios

    if not isinstance(name, str):
        return True
    word = name.lower()
    return word in shipped_scenarios() or ("/" in name and word not in EVERYDAY_SYSTEMS) or name.endswith(".toml")


def _system_id(asked: Asked, name: str) -> str:
    base, colon, fit = name.partition(":")
    systems = asked.catalogue.systems
    system = id_of(base, systems, EVERYDAY_SYSTEMS)
    if system in systems:
        asked.told_of(base, system, systems[system].name)
    fits = systems[system].fits if system in systems else ()
    return f"{system}{colon}{id_of(fit, fits, {})}"


def _target_id(asked: Asked, word: str) -> str:
    targets = asked.catalogue.targets
    found = id_of(word, targets, EVERYDAY_TARGETS)
    if found in targets:
        asked.told_of(word, found, targets[found].name)
    return found


def audit(asked: Asked) -> AuditAnswer:
    """Audit every system, and every system and place of a scenario."""
    from ringtrue.coverage.audit import audit as run_audit
    from ringtrue.coverage.output import audit_answer
    from ringtrue.sensing.rings import check_rings

    names = asked["systems"]
    scenario = next((name for name in names if is_scenario(name)), None)
    _check_place(asked, scenario)
    question, given = _question(asked)
    questions = list(_questions(asked, names, question, given))
    check_rings(asked.model, asked.catalogue, ((q.system_id, q.latitude_deg, q.longitude_deg) for q in questions))
    return audit_answer([run_audit(one, asked.run) for one in dict.fromkeys(questions)])


def _check_place(asked: Asked, scenario: Any) -> None:
    """Refuse a place where a scenario has its own; ``scenario`` None: there is none."""
    if asked["at"] is not None and scenario is not None:
        what = scenario if isinstance(scenario, str) else scenario.name
        msg = (
            f"--at {_place_text(asked)!r}: {what} has places of its own; leave --at out, or name systems in place of it"
        )
        raise InputError(msg)


def _question(asked: Asked) -> tuple[AuditQuestion, dict[str, Any]]:
    """Return the question of rings for one system yet to be named, and of it what was asked for in so many words."""
    from ringtrue.coverage.records import AuditQuestion

    sensor_height, mast_m = asked.values.get("sensor_height"), asked["mast"]
    if mast_m is not None and sensor_height is not None:
        msg = (
            f"--mast {mast_m:g} m and --sensor-height {sensor_height:g} m: the antenna stands or "
            "flies; give one of the two"
        )
        raise InputError(msg)
    heights, altitudes = asked["heights"], asked["altitudes"]
    has_levels = heights is not None or altitudes is not None
    mast_m = sensor_height if mast_m is None else mast_m
    latitude_deg, longitude_deg = asked["at"] or STORY_SITE
    targets = asked["targets"]
    given = {
        "targets": targets and tuple(dict.fromkeys(_target_id(asked, word) for word in targets)),
        "heights_m": tuple(heights or ()) if has_levels else None,
        "altitudes_m": tuple(altitudes or ()) if has_levels else None,
        "azimuth_deg": asked["azimuth"],
        "mast_m": mast_m,
    }
    given = {name: value for name, value in given.items() if value is not None}
    usual = {"targets": STORY_TARGETS, "heights_m": STORY_HEIGHTS_M, "altitudes_m": STORY_ALTITUDES_M}
    question = AuditQuestion(
        system_id="", latitude_deg=latitude_deg, longitude_deg=longitude_deg, heading=asked["heading"],
        k_factor=asked["k"], site_radius_m=asked.values.get("site_radius"),
        declared=tuple(dict.fromkeys(getattr(altitudes, "said", ()))), **(usual | given),
    )  # fmt: skip
    return question, given


def _place_text(asked: Asked) -> str:
    latitude_deg, longitude_deg = asked["at"]
    return f"{latitude_deg:.10g},{longitude_deg:.10g}"


def _questions(
    asked: Asked, names: Iterable[Any], question: AuditQuestion, given: dict[str, Any]
) -> Iterator[AuditQuestion]:
    """Make one question of each system, and of a scenario one for each system and place in it.

    ``given`` holds what was asked for; it goes before what the scenario says.
    """
    from ringtrue.coverage.audit import check_site
    from ringtrue.coverage.questions import questions_of
    from ringtrue.scenario.flights import check_on_model
    from ringtrue.sensing.chain import find_system

    model = asked.model
    for name in names:
        if is_scenario(name):
            scenario = asked.load(name)
            check_on_model(scenario.laydowns, model.sample, model.name, scenario.written_at)
            yield from (replace(one, **given) for one in questions_of(scenario, question))
        else:
            check_site(question, model, "--at")
            system_id = _system_id(asked, name)
            find_system(asked.catalogue, system_id)
            yield replace(question, system_id=system_id)


def engage(asked: Asked) -> EngageResult:
    """Play the raids of a scenario."""
    from ringtrue.studies.engage import engage as run_engage

    trace, draw = asked["trace"], asked["draw"]
    if trace is None and draw not in (None, "nominal"):
        msg = f"--draw {str(draw)!r}: names the draw that --trace tells; add --trace 0, or write --draw nominal"
        raise InputError(msg)
    return run_engage(
        asked.scenario, asked.run, laydowns=asked["laydowns"], raids=asked["raids"],
        n_replications=asked["replications"], precision=asked["precision"], chunks=asked["chunks"],
        nominal=draw == "nominal", trace_replication=trace, trace_draw=draw if isinstance(draw, int) else 0,
        n_reliefs=asked["reliefs"],
    )  # fmt: skip


def compare(asked: Asked) -> CompareResult:
    """Compare the offers of a scenario, and run the smaller studies that its report is to carry."""
    from ringtrue.studies.compare import compare as run_compare

    wanted = asked["add"]
    if "none" in wanted and len(wanted) > 1:
        msg = f"--add {','.join(wanted)}: 'none' and a part exclude each other; leave 'none' out"
        raise InputError(msg)
    beside = {part: _beside(asked.scenario, part) for part in ("claims", "exposure", "relocation") if part in wanted}
    result = run_compare(asked.scenario, asked.run, n_replications=asked["replications"])
    return replace(result, parts=_parts(asked, wanted, beside))


def _parts(asked: Asked, wanted: tuple[str, ...], beside: dict[str, str]) -> dict[str, Any]:
    """Run the smaller studies that the report of a comparison can carry, each on draws of its own.

    ``beside`` names what is played in place of the scenario itself, part by part; empty: the scenario itself.
    """
    deal = asked.scenario
    parts: dict[str, Any] = {}

    def run() -> Run:
        return replace(asked.run, n_draws=EXTRA_DRAWS)

    if "audits" in wanted:
        parts["audits"] = _map_audits(deal, run)
    if "claims" in wanted:
        from ringtrue.studies.claims import claims as run_claims

        file = beside["claims"]
        parts["claims"] = run_claims(None if file == SHIPPED_CLAIMS else Path(file), run())
    if "network" in wanted:
        from ringtrue.studies.network import network as run_network

        parts["network"] = run_network(deal, run())
    if "exposure" in wanted:
        from ringtrue.studies.exposure import exposure as run_exposure

        named = beside["exposure"]
        parts["exposure"] = run_exposure(asked.load(named) if named else deal, run())
    if "relocation" in wanted:
        from ringtrue.studies.relocation import relocation as run_relocation

        parts["relocation"] = run_relocation(asked.load(beside["relocation"]), run())
    return parts


def _beside(deal: Scenario, part: str) -> str:
    """Return the scenario or the file that a scenario names for a part; empty: its own flights.

    A path starts at the scenario's own file.
    """
    named: str = getattr(deal.study, part)
    if not named and part == "exposure" and deal.patterns:
        return ""
    if not named:
        own = ", or gives [[pattern]]s of its own" if part == "exposure" else ""
        msg = (
            f"--add {part}: scenario {deal.name!r} names no {part} of its own; leave {part} out, or write "
            f'it under [study] as {part} = "FILE"{own}'
        )
        raise InputError(msg)
    if not named.endswith(".toml"):
        return named
    return str(Path(deal.written.file).parent / named)


def _map_audits(deal: Scenario, run: Any) -> list[AuditResult]:
    from ringtrue.coverage.audit import audit as run_audit
    from ringtrue.coverage.questions import questions_of
    from ringtrue.coverage.records import AuditQuestion

    first_of: dict[str, AuditQuestion] = {}
    for question in questions_of(deal, AuditQuestion("", 0.0, 0.0, (), (), ())):
        first_of.setdefault(question.system_id.partition(":")[0], question)
    beside_others = {u.system for y in deal.laydowns for u in y.units if len(y.units) > 1}
    return [
        run_audit(replace(question, targets=MAP_TARGETS, altitudes_m=()), run())
        for name, question in first_of.items()
        if name in beside_others
    ]


def network(asked: Asked) -> NetworkResult:
    """Cut the links of a scenario one by one."""
    from ringtrue.studies.network import network as run_network

    return run_network(
        asked.scenario, asked.run, raid_ids=asked["raids"] or None, n_replications=asked["replications"]
    )  # fmt: skip


def exposure(asked: Asked) -> ExposureResult:
    """Count what a radar could observe of the flights of a scenario."""
    from ringtrue.studies.exposure import exposure as run_exposure

    return run_exposure(asked.scenario, asked.run)


def relocation(asked: Asked) -> RelocationResult:
    """Move a regiment from place to place."""
    from ringtrue.studies.relocation import relocation as run_relocation

    return run_relocation(asked.scenario, asked.run)


def claims(asked: Asked) -> ClaimsResult:
    """Hold statements of the press against the figures."""
    from ringtrue.studies.claims import claims as run_claims

    return run_claims(asked["file"], asked.run)


def timeline(asked: Asked) -> TimelineResult:
    """Join deliveries with what the units reach, month by month."""
    from ringtrue.studies.timeline import timeline as run_timeline

    laydowns = asked["laydowns"]
    known = [laydown.id for laydown in asked.scenario.laydowns]
    for word in laydowns:
        if word not in known:
            msg = f"--laydown {word!r} is not in the scenario{did_you_mean(word, known)}; it has: {', '.join(known)}"
            raise InputError(msg)
    return run_timeline(asked.scenario, asked.run, laydowns=laydowns or None)


def sensitivity(asked: Asked) -> SensitivityResult:
    """Share out the spread of one finding of a scenario or of a system."""
    from ringtrue.studies.doubt.sensitivity import sensitivity as run_sensitivity

    scenario, known = doubted(asked)
    finding = asked_finding(asked, known)
    of = scenario.title if scenario else asked.catalogue.systems[_system_id(asked, asked["subject"]).split(":")[0]].name
    return run_sensitivity(
        finding, asked.run_of(PILOT_DRAWS), scenario=scenario, n_points=asked["points"],
        n_replications=asked["replications"], title=f"{of}: what moves the answer",
    )  # fmt: skip


def doubted(asked: Asked) -> tuple[Scenario | None, Sequence[Term]]:
    """Return the scenario that a study of doubt is asked of, None for a system, and all that can be asked of either."""
    from ringtrue.studies.doubt.findings import of_scenario, of_system

    subject, change = asked["subject"], asked["change"]
    scenario = asked.load(subject, change) if is_scenario(subject) else None
    _check_place(asked, scenario)
    if scenario is None and change:
        msg = f"--set {change[0]!r}: changes a scenario, and {subject} is a system; leave it out"
        raise InputError(msg)
    question, given = _question(asked)
    if scenario is None:
        (one,) = _questions(asked, (subject,), question, given)
        return None, of_system(one, asked.catalogue)
    questions = tuple(_questions(asked, (scenario,), question, given)) if _has_units(scenario) else ()
    return scenario, of_scenario(scenario, asked.catalogue, questions)


def _has_units(scenario: Scenario) -> bool:
    return any(laydown.units for laydown in scenario.laydowns)


def asked_finding(asked: Asked, known: Sequence[Term]) -> AskedFinding:
    """Return the finding that is asked for.

    Raises
    ------
    InputError
        None is, or it is none of what there is.
    """
    from ringtrue.studies.doubt.findings import find, short

    if not asked["finding"]:
        rows = {short(term.measure): term.text for term in reversed(known)}
        example = next(reversed(rows.values()), "")
        msg = f"--finding is missing; such as --finding {example}; measures: {', '.join(reversed(rows))}"
        raise InputError(msg)
    return find(asked["finding"], known)


def worth(asked: Asked) -> WorthResult:
    """Say what knowing would be worth for a choice between laydowns."""
    from ringtrue.studies.doubt.worth import worth as run_worth

    return run_worth(
        asked.scenario, asked.run, decision=asked["decision"], by=asked["by"] or "", within=asked["within"] / 100.0,
        n_replications=asked["replications"],
    )  # fmt: skip


def verify(asked: Asked) -> VerifyAnswer | SkyResult:
    """Recompute the cases of files, or hold the terrain against who heard which aircraft."""
    if not asked["sky"]:
        from ringtrue.studies.verify import run_cases, verify_answer

        return verify_answer(run_cases(asked["files"] or None))
    from ringtrue.catalogue.load import load_catalogue
    from ringtrue.sensing.ledger import Ledger
    from ringtrue.sensing.run import silent
    from ringtrue.studies.sky import sky_folder, sky_referee

    folders = asked["files"]
    if len(folders) > 1:
        msg = "--sky takes one folder and prints its verdict; leave out the others"
        raise InputError(msg)
    return sky_referee(
        sky_folder(str(folders[0]) if folders else None), ledger=Ledger(load_catalogue(), 1000, 1),
        n_reliefs=asked["reliefs"], progress=asked.progress or silent,
    )  # fmt: skip
