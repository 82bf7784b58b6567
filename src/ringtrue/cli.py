"""The command line: parse, call, print; one error handler.

Options are read as text and checked here or below, so that every refusal is one plain sentence and exit code 2.
"""

from __future__ import annotations

import os
import sys
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from ringtrue.options import (
    Cat,
    Change,
    Command,
    Dem,
    Draws,
    Ground,
    Json,
    Laydowns,
    Out,
    Raids,
    Replications,
    Scenario,
    Seed,
    Threads,
    check_memory,
    count,
    degrees,
    ground_altitude,
    length,
    lengths,
    listed,
    number,
    one_of,
    position,
    report_folder,
    same_id,
    thread_count,
    words,
)
from ringtrue.screen import Progress, note, print_json, say, to_nowhere
from ringtrue.whole import check_writable, whole_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from ringtrue.catalogue.records import Catalogue
    from ringtrue.coverage.records import AuditQuestion
    from ringtrue.geo.elevation import ElevationModel
    from ringtrue.scenario.records import Scenario as Deal
    from ringtrue.sensing.run import Run
    from ringtrue.studies.claim_rows import ClaimsResult
    from ringtrue.studies.compare_records import CompareResult
    from ringtrue.studies.engage import EngageResult
    from ringtrue.studies.exposure_output import ExposureResult
    from ringtrue.studies.network_records import NetworkResult
    from ringtrue.studies.relocation_output import RelocationResult

EXIT_OK, EXIT_CHECK_FAILED, EXIT_BAD_INPUT, EXIT_INTERNAL, EXIT_INTERRUPTED = 0, 1, 2, 3, 130

app = typer.Typer(
    name="ringtrue",
    help="Does a published air-defence ring ring true? Sourced, uncertain, testable; figures from open sources only.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
catalogue_app = typer.Typer(help="The published figures: list, show, check, schema.", no_args_is_help=True)
terrain_app = typer.Typer(help="Elevation models: info, add, list, remove.", no_args_is_help=True)
app.add_typer(catalogue_app, name="catalogue")
app.add_typer(terrain_app, name="terrain")

EXTRA_DRAWS = 200
MAP_TARGETS = ("f-16",)
HEIGHTS, ALTITUDES = "30m,100m,500m", "3000m,10000m"
STORY_TARGETS = "bomber,f-16,f-35,cruise-missile,one-way-uav,srbm"
STORY_PLACE = "40.0789,32.5656"
HEADINGS = ("inbound", "outbound", "beam", "worst")
HIGHEST_AUDITED_M = 40e3


def _catalogue(folder: str | None) -> Catalogue:
    from pathlib import Path

    from ringtrue.catalogue.load import load_catalogue

    return load_catalogue(Path(folder) if folder else None)


def _model(dem: str | None, ground: str | None = None) -> ElevationModel:
    from ringtrue.geo.elevation import open_model

    return open_model(dem, ground_altitude_m=ground_altitude(ground))


def _run(
    catalogue: Catalogue, model: ElevationModel, draws: str, seed: str, threads: str | None, progress: Progress
) -> Run:
    from ringtrue.sensing.run import Run

    return Run(catalogue, model, count("--draws", draws), count("--seed", seed), thread_count(threads), progress)


def _is_scenario(name: str) -> bool:
    from ringtrue.scenario.load import shipped_scenarios

    return name.lower() in shipped_scenarios() or "/" in name or name.endswith(".toml")


def _system_id(name: str, catalogue: Catalogue) -> str:
    base, colon, fit = name.partition(":")
    system = same_id(base, catalogue.systems)
    fits = catalogue.systems[system].fits if system in catalogue.systems else ()
    return f"{system}{colon}{same_id(fit, fits)}"


def _target_ids(option: str, given: list[str] | None, catalogue: Catalogue) -> tuple[str, ...]:
    named = (same_id(word, catalogue.targets) for word in words(option, given, fold=False))
    return tuple(dict.fromkeys(named))


def _questions(
    names: Sequence[str], asked: AuditQuestion, given: dict[str, Any], catalogue: Catalogue, model: ElevationModel
) -> list[AuditQuestion]:
    """Make one question of each system, and of a scenario one for each system and place in it.

    ``given`` holds what options asked for; it goes before what the scenario says.
    """
    from dataclasses import replace

    from ringtrue.coverage.audit import check_site
    from ringtrue.coverage.chain import find_system
    from ringtrue.coverage.questions import questions_of
    from ringtrue.scenario.checks import known_ids
    from ringtrue.scenario.flights import check_on_model
    from ringtrue.scenario.load import load_scenario
    from ringtrue.sensing.rings import check_rings

    found: list[AuditQuestion] = []
    for name in names:
        if _is_scenario(name):
            scenario = load_scenario(name, (), known_ids(catalogue))
            check_on_model(scenario.laydowns, model.sample, model.name, scenario.written_at)
            found.extend(replace(question, **given) for question in questions_of(scenario, asked))
        else:
            check_site(asked, model, "--at")
            system_id = _system_id(name, catalogue)
            find_system(catalogue, system_id)
            found.append(replace(asked, system_id=system_id))
    posts = ((question.system_id, question.latitude_deg, question.longitude_deg) for question in found)
    check_rings(model, catalogue, posts)
    return list(dict.fromkeys(found))


@app.command(cls=Command)
def audit(
    systems: Annotated[list[str], typer.Argument(metavar="SYSTEM...", help="Systems, or one scenario.")],
    at: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--at", metavar="LAT,LON", help=f"Site in degrees; {STORY_PLACE}."),
    ] = None,
    target: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--target", help=f"Target classes, separated by commas; {STORY_TARGETS}."),
    ] = None,
    height: Annotated[Optional[list[str]], typer.Option("--height", help=f"Heights above ground; {HEIGHTS}.")] = None,  # noqa: UP045
    amsl: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--amsl", help=f"Altitudes above mean sea level or flight levels; {ALTITUDES} if none is given."),
    ] = None,
    azimuth: Annotated[Optional[str], typer.Option("--azimuth", help="Boresight of a sector radar, degrees.")] = None,  # noqa: UP045
    heading: Annotated[str, typer.Option("--heading", help="inbound, outbound, beam or worst.")] = "inbound",
    mast: Annotated[Optional[str], typer.Option("--mast", help="Antenna height above ground.")] = None,  # noqa: UP045
    sensor_height: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--sensor-height", help="Height of a sensor in the air, in place of --mast."),
    ] = None,
    k: Annotated[Optional[str], typer.Option("--k", help="Effective-earth factor.")] = None,  # noqa: UP045
    dem: Dem = None,
    ground: Ground = None,
    site_radius: Annotated[Optional[str], typer.Option("--site-radius", help="Also try sites this near.")] = None,  # noqa: UP045
    json_out: Json = False,
    seed: Seed = "1",
    draws: Draws = "1000",
    threads: Threads = None,
    catalogue: Cat = None,
    out: Out = None,
) -> None:
    """Audit the ring of one or more systems at one place."""
    from dataclasses import replace
    from pathlib import Path

    from ringtrue.coverage.audit import audit as run_audit
    from ringtrue.coverage.output import audit_answer
    from ringtrue.coverage.records import AuditQuestion
    from ringtrue.errors import InputError
    from ringtrue.units import ALTITUDE, HEIGHT, MAST, RANGE, SENSOR_HEIGHT, flight_level_words

    names = listed("SYSTEM", systems, lambda text: _is_scenario(text) and "," not in Path(text).name)
    scenarios = [name for name in names if _is_scenario(name)]
    if at is not None and scenarios:
        msg = f"--at {at!r}: {scenarios[0]} has places of its own; leave --at out, or name systems in place of it"
        raise InputError(msg)
    latitude, longitude = position(STORY_PLACE if at is None else at)
    levels = (height, amsl) if height or amsl else ([HEIGHTS], [ALTITUDES])
    heights = lengths("--height", levels[0] or (), HEIGHT._replace(high=HIGHEST_AUDITED_M))
    altitudes = lengths("--amsl", levels[1] or (), ALTITUDE._replace(low=0.0, high=HIGHEST_AUDITED_M))
    said = (flight_level_words(word) for word in words("--amsl", amsl, fold=False))
    if mast is not None and sensor_height is not None:
        msg = f"--mast {mast} and --sensor-height {sensor_height}: the antenna stands or flies; give one of the two"
        raise InputError(msg)
    mast_m = length("--mast", mast, MAST)
    sensor_m = length("--sensor-height", sensor_height, SENSOR_HEIGHT)
    asked = AuditQuestion(
        system_id="", latitude_deg=latitude, longitude_deg=longitude,
        targets=words("--target", target or [STORY_TARGETS], fold=False), heights_m=heights, altitudes_m=altitudes,
        heading=one_of("--heading", heading, HEADINGS),  # type: ignore[arg-type]
        azimuth_deg=degrees("--azimuth", azimuth), mast_m=sensor_m if mast_m is None else mast_m,
        k_factor=number("--k", k, 0.3, 20.0),
        site_radius_m=length("--site-radius", site_radius, RANGE._replace(high=40e3, example="10 km")),
        declared=tuple(sentence for sentence in dict.fromkeys(said) if sentence),
    )  # fmt: skip
    folder = report_folder(out, "audit-" + "-".join(Path(n).stem.replace(":", "-") for n in names), json_out)
    loaded, model = _catalogue(catalogue), _model(dem, ground)
    asked = replace(asked, targets=_target_ids("--target", target or [STORY_TARGETS], loaded))
    given = {
        name: getattr(asked, name)
        for name, option in (
            ("targets", target), ("heights_m", height or amsl), ("altitudes_m", height or amsl),
            ("azimuth_deg", azimuth), ("mast_m", mast or sensor_height),
        )
        if option is not None
    }  # fmt: skip
    questions = _questions(names, asked, given, loaded, model)
    progress = Progress(quiet=json_out)
    run = _run(loaded, model, draws, seed, threads, progress)
    try:
        results = [run_audit(question, run) for question in questions]
    finally:
        progress.close()
    answer = audit_answer(results)
    if folder is not None:
        from ringtrue.formats.tables import write_tables
        from ringtrue.report.geotiff import write_audit_geotiffs
        from ringtrue.report.html import write_audit_figures, write_audit_report

        with whole_folder(folder) as part:
            write_audit_report(results, part / "report.html")
            write_audit_figures(results, part)
            write_audit_geotiffs(results, part / "rasters")
            write_tables(answer, part / "tables")
    if json_out:
        print_json(answer.as_json())
        return
    from ringtrue.report.table import audit_table_lines

    for i, result in enumerate(results):
        last = i == len(results) - 1
        say(audit_table_lines(result, report_path=str(folder / "report.html") if folder and last else None))
        if not last:
            say([""])


def _answered(
    run: Callable[[Progress], Any],
    json_out: bool,
    folder: Path | None,
    as_json: Callable[[Any], dict[str, Any]],
    as_lines: Callable[[Any], list[str]],
    write: Callable[[Any, Path], Path],
) -> None:
    """Run a study, print it, and write its page where a folder is given; the page's code is loaded last."""
    progress = Progress(quiet=json_out)
    try:
        result = run(progress)
    finally:
        progress.close()
    if folder is not None:
        from ringtrue.answer import BareAnswer
        from ringtrue.formats.tables import write_tables

        with whole_folder(folder) as part:
            write(result, part / "report.html")
            if isinstance(result, BareAnswer):
                write_tables(result, part / "tables")
    if json_out:
        print_json(as_json(result))
    else:
        say([*as_lines(result), *([] if folder is None else [f"Report: {folder / 'report.html'}"])])


def _loaded(scenario: str, change: list[str] | None, catalogue: Catalogue) -> Deal:
    from ringtrue.scenario.checks import known_ids
    from ringtrue.scenario.load import load_scenario

    return load_scenario(scenario, change or (), known_ids(catalogue))


@app.command(cls=Command)
def engage(
    scenario: Scenario,
    laydown: Laydowns = None,
    raid: Raids = None,
    replications: Replications = "50",
    precision: Annotated[Optional[str], typer.Option("--precision", help="Half-width of the leakers at 95 %.")] = None,  # noqa: UP045
    trace: Annotated[Optional[str], typer.Option("--trace", help="Tell this replication event by event.")] = None,  # noqa: UP045
    draw: Annotated[Optional[str], typer.Option("--draw", help="nominal, or the draw that --trace tells.")] = None,  # noqa: UP045
    change: Change = None,
    reliefs: Annotated[str, typer.Option("--reliefs", help="Grounds on which terrain doubt is drawn.")] = "0",
    chunks: Annotated[str, typer.Option("--chunks", help="Slices of the draws; the result never depends on it.")] = "1",
    dem: Dem = None,
    ground: Ground = None,
    json_out: Json = False,
    seed: Seed = "1",
    draws: Draws = "200",
    threads: Threads = None,
    catalogue: Cat = None,
    out: Out = None,
) -> None:
    """Play the raids of a scenario: what leaks, what it costs, what the network changes."""
    from pathlib import Path

    from ringtrue.answer import Answer
    from ringtrue.errors import InputError
    from ringtrue.studies.engage import engage as run_engage
    from ringtrue.studies.engage import engage_lines

    draw = None if draw is None else draw.lower()
    if trace is None and draw not in (None, "nominal"):
        msg = f"--draw {draw!r}: names the draw that --trace tells; add --trace 0, or write --draw nominal"
        raise InputError(msg)
    folder = report_folder(out, "engage-" + Path(scenario).stem, json_out)

    def run(progress: Progress) -> EngageResult:
        return run_engage(
            scenario, _run(_catalogue(catalogue), _model(dem, ground), draws, seed, threads, progress),
            settings=change or (), laydowns=words("--laydown", laydown), raids=words("--raid", raid),
            n_replications=count("--replications", replications),
            precision=number("--precision", precision, 1e-6, 1e6), chunks=count("--chunks", chunks),
            nominal=draw == "nominal", trace_replication=None if trace is None else count("--trace", trace),
            trace_draw=0 if draw in (None, "nominal") else count("--draw", str(draw)),
            n_reliefs=count("--reliefs", reliefs),
        )  # fmt: skip

    def write(result: EngageResult, path: Path) -> Path:
        from ringtrue.report.raid_page import write_raid_report

        return write_raid_report(result, path)

    _answered(run, json_out, folder, Answer.as_json, engage_lines, write)


@app.command(cls=Command)
def compare(
    scenario: Scenario,
    add: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--add", help="Also put into the report: audits, claims, exposure, network, relocation."),
    ] = None,
    replications: Replications = "8",
    change: Change = None,
    dem: Dem = None,
    ground: Ground = None,
    json_out: Json = False,
    seed: Seed = "1",
    draws: Draws = "200",
    threads: Threads = None,
    catalogue: Cat = None,
    out: Out = None,
) -> None:
    """Compare the offers of a scenario: what each protects, when, at what price, and what would turn the answer."""
    from pathlib import Path

    from ringtrue.answer import Answer
    from ringtrue.errors import InputError
    from ringtrue.studies.compare import compare as run_compare
    from ringtrue.studies.compare_output import compare_lines

    parts = ("audits", "claims", "exposure", "network", "relocation", "none")
    wanted = [one_of("--add", word, parts) for word in words("--add", add)]
    if json_out and out is None and set(wanted) - {"none"}:
        msg = f"--add {wanted[0]!r}: goes into the report, and --json alone writes none; add --out, or leave --add out"
        raise InputError(msg)
    if "none" in wanted and len(wanted) > 1:
        msg = f"--add {','.join(wanted)}: 'none' and a part exclude each other; leave 'none' out"
        raise InputError(msg)
    folder = report_folder(out, "compare-" + Path(scenario).stem, json_out)
    figures, model = _catalogue(catalogue), _model(dem, ground)
    deal = _loaded(scenario, change, figures)
    extras: dict[str, Any] = {}

    def run(progress: Progress) -> CompareResult:
        whole = _run(figures, model, draws, seed, threads, progress)
        result = run_compare(deal, whole, n_replications=count("--replications", replications))
        if folder is not None:
            extras.update(_extras(wanted, deal, whole))
        return result

    def write(result: CompareResult, path: Path) -> Path:
        from ringtrue.report.compare_page import write_compare_report

        return write_compare_report(result, path, **extras)

    _answered(run, json_out, folder, Answer.as_json, compare_lines, write)


def _extras(wanted: Sequence[str], deal: Deal, whole: Run) -> dict[str, Any]:
    """Run the smaller studies that the report of a comparison can carry, each on draws of its own."""
    from dataclasses import replace

    extras: dict[str, Any] = {}

    def run() -> Run:
        return replace(whole, n_draws=EXTRA_DRAWS)

    if "audits" in wanted:
        from ringtrue.coverage.audit import audit as run_audit
        from ringtrue.coverage.questions import questions_of
        from ringtrue.coverage.records import AuditQuestion

        like = AuditQuestion("", 0.0, 0.0, (), (), ())
        first_of: dict[str, AuditQuestion] = {}
        for question in questions_of(deal, like):
            first_of.setdefault(question.system_id.partition(":")[0], question)
        extras["audits"] = [
            run_audit(replace(q, targets=MAP_TARGETS, altitudes_m=()), run())
            for name, q in first_of.items()
            if name in {u.system for y in deal.laydowns for u in y.units if len(y.units) > 1}
        ]
    if "claims" in wanted:
        from ringtrue.studies.claims import claims as run_claims

        extras["claims"] = run_claims(None, run())
    if "network" in wanted:
        from ringtrue.studies.network import network as run_network

        extras["network"] = run_network(deal, run())
    if "exposure" in wanted:
        from ringtrue.studies.exposure import exposure as run_exposure

        extras["exposure"] = run_exposure(_loaded("exposure-anatolia", None, whole.catalogue), run())
    if "relocation" in wanted:
        from ringtrue.studies.relocation import relocation as run_relocation

        extras["relocation"] = run_relocation(_loaded("relocation", None, whole.catalogue), run())
    return extras


@app.command(cls=Command)
def network(
    scenario: Scenario,
    raid: Raids = None,
    replications: Replications = "20",
    change: Change = None,
    dem: Dem = None,
    ground: Ground = None,
    json_out: Json = False,
    seed: Seed = "1",
    draws: Draws = "200",
    threads: Threads = None,
    catalogue: Cat = None,
    out: Out = None,
) -> None:
    """Cut the wire: the same batteries alone, sharing a picture, sharing fire, sharing identification."""
    from pathlib import Path

    from ringtrue.answer import Answer
    from ringtrue.studies.network import network as run_network
    from ringtrue.studies.network_output import network_lines

    folder = report_folder(out, "network-" + Path(scenario).stem, json_out)

    def run(progress: Progress) -> NetworkResult:
        figures = _catalogue(catalogue)
        return run_network(
            _loaded(scenario, change, figures),
            _run(figures, _model(dem, ground), draws, seed, threads, progress),
            raid_ids=words("--raid", raid) or None, n_replications=count("--replications", replications),
        )  # fmt: skip

    def write(result: NetworkResult, path: Path) -> Path:
        from ringtrue.report.network_page import write_network_report

        return write_network_report(result, path)

    _answered(run, json_out, folder, Answer.as_json, network_lines, write)


@app.command(cls=Command)
def exposure(
    scenario: Scenario,
    change: Change = None,
    dem: Dem = None,
    ground: Ground = None,
    json_out: Json = False,
    seed: Seed = "1",
    draws: Draws = "1000",
    threads: Threads = None,
    catalogue: Cat = None,
    out: Out = None,
) -> None:
    """Count the minutes in which a radar could observe flights: by aspect, range and echo."""
    from ringtrue.answer import Answer
    from ringtrue.studies.exposure import exposure as run_exposure
    from ringtrue.studies.exposure_output import exposure_lines

    folder = report_folder(out, "exposure", json_out)

    def run(progress: Progress) -> ExposureResult:
        figures = _catalogue(catalogue)
        deal = _loaded(scenario, change, figures)
        return run_exposure(deal, _run(figures, _model(dem, ground), draws, seed, threads, progress))

    def write(result: ExposureResult, path: Path) -> Path:
        from ringtrue.report.exposure_page import write_exposure_report

        return write_exposure_report(result, path)

    _answered(run, json_out, folder, Answer.as_json, exposure_lines, write)


@app.command(cls=Command)
def relocation(
    scenario: Scenario = "relocation",
    change: Change = None,
    dem: Dem = None,
    ground: Ground = None,
    json_out: Json = False,
    seed: Seed = "1",
    draws: Draws = "200",
    threads: Threads = None,
    catalogue: Cat = None,
    out: Out = None,
) -> None:
    """Move one regiment from place to place: gained there, lost at home."""
    from pathlib import Path

    from ringtrue.answer import Answer
    from ringtrue.studies.relocation import relocation as run_relocation
    from ringtrue.studies.relocation_output import relocation_lines

    stem = Path(scenario).stem
    folder = report_folder(out, stem if stem == "relocation" else f"relocation-{stem}", json_out)

    def run(progress: Progress) -> RelocationResult:
        figures = _catalogue(catalogue)
        deal = _loaded(scenario, change, figures)
        return run_relocation(deal, _run(figures, _model(dem, ground), draws, seed, threads, progress))

    def write(result: RelocationResult, path: Path) -> Path:
        from ringtrue.report.relocation_page import write_relocation_report

        return write_relocation_report(result, path)

    _answered(run, json_out, folder, Answer.as_json, relocation_lines, write)


@app.command(cls=Command)
def claims(
    file: Annotated[Optional[str], typer.Argument(metavar="[FILE]", help="A claims file; the shipped one.")] = None,  # noqa: UP045
    dem: Dem = None,
    ground: Ground = None,
    json_out: Json = False,
    seed: Seed = "1",
    draws: Draws = "200",
    threads: Threads = None,
    catalogue: Cat = None,
    out: Out = None,
) -> None:
    """Hold statements of the press against the published figures."""
    from pathlib import Path

    from ringtrue.answer import Answer
    from ringtrue.studies.claims import claims as run_claims
    from ringtrue.studies.claims import claims_lines

    folder = report_folder(out, "claims", json_out)
    figures = _catalogue(catalogue)

    def run(progress: Progress) -> ClaimsResult:
        whole = _run(figures, _model(dem, ground), draws, seed, threads, progress)
        return run_claims(Path(file) if file else None, whole)

    def write(result: ClaimsResult, path: Path) -> Path:
        from ringtrue.report.claims_page import write_claims_report

        return write_claims_report(result, path, sources=figures.sources)

    _answered(run, json_out, folder, Answer.as_json, claims_lines, write)


@app.command(cls=Command)
def verify(
    files: Annotated[Optional[list[str]], typer.Argument(metavar="[FILE...]", help="Case files; all shipped.")] = None,  # noqa: UP045
    html: Annotated[Optional[str], typer.Option("--html", help="Also write a page.")] = None,  # noqa: UP045
    sky: Annotated[bool, typer.Option("--sky", help="Hold the terrain against who heard which aircraft.")] = False,
    reliefs: Annotated[str, typer.Option("--reliefs", help="With --sky: also over so many drawn grounds.")] = "0",
    json_out: Json = False,
) -> None:
    """Recompute every published number the models claim to reproduce; --sky [FOLDER]: what was measured."""
    from pathlib import Path

    if sky:
        _verify_sky(files or [], count("--reliefs", reliefs), html, json_out)
        return

    from ringtrue.studies.verify import all_agree, run_cases, verify_answer, verify_lines, write_html

    if html:
        check_writable("--html", Path(html).parent, (Path(html).name,))
    paths = list({Path(f).absolute(): Path(f) for f in files or ()}.values())
    results = run_cases(paths or None)
    if html:
        write_html(results, Path(html))
    if json_out:
        print_json(verify_answer(results).as_json())
    else:
        say(verify_lines(results))
    if not all_agree(results):
        raise typer.Exit(EXIT_CHECK_FAILED)


def _verify_sky(folders: Sequence[str], n_reliefs: int, html: str | None, json_out: bool) -> None:
    from ringtrue.errors import InputError
    from ringtrue.sensing.ledger import Ledger
    from ringtrue.studies.sky import sky_folder, sky_lines, sky_referee

    if len(folders) > 1 or html:
        msg = "--sky takes one folder and prints its verdict; leave out " + ("--html" if html else "the others")
        raise InputError(msg)
    folder = sky_folder(folders[0] if folders else None)
    progress = Progress()
    try:
        result = sky_referee(folder, ledger=Ledger(_catalogue(None), 1000, 1), n_reliefs=n_reliefs, progress=progress)
    finally:
        progress.close()
    if json_out:
        print_json(result.as_json())
    else:
        say(sky_lines(result))
    if not result.agrees:
        raise typer.Exit(EXIT_CHECK_FAILED)


@app.command(cls=Command)
def schema(study: Annotated[str, typer.Argument(metavar="STUDY", help="audit, engage, compare, ...")]) -> None:
    """Print the JSON Schema of what a study prints with --json."""
    import json

    from ringtrue.answer import answer_schema
    from ringtrue.studies.answers import answer_class

    say([json.dumps(answer_schema(answer_class(study)), indent=2, ensure_ascii=False)])


@app.command(cls=Command)
def warm() -> None:
    """Compile the loops ahead of the first question."""
    from ringtrue.studies.warm import warm as run_warm

    progress = Progress()
    try:
        run_warm(progress)
    finally:
        progress.close()
    say(["The loops are compiled; the first audit starts at once."])


@catalogue_app.command("list", cls=Command)
def catalogue_list(catalogue: Cat = None) -> None:
    """List systems, radars, interceptors, targets and assumptions."""
    from ringtrue.catalogue.show import list_lines

    say(list_lines(_catalogue(catalogue)))


@catalogue_app.command("show", cls=Command)
def catalogue_show(record: Annotated[str, typer.Argument(metavar="ID")], catalogue: Cat = None) -> None:
    """Show every figure of one record with its source."""
    from ringtrue.catalogue.show import show_lines

    say(show_lines(_catalogue(catalogue), record))


@catalogue_app.command("check", cls=Command)
def catalogue_check(
    paths: Annotated[Optional[list[str]], typer.Argument(metavar="[PATH...]")] = None,  # noqa: UP045
    catalogue: Cat = None,
) -> None:
    """Check files and count what was read, quoted, derived, assumed and estimated."""
    from pathlib import Path

    from ringtrue.catalogue.check import check, check_lines
    from ringtrue.catalogue.load import load_catalogue

    given = {Path(p).absolute(): Path(p) for p in paths or ()}
    folders = list(given.values()) if given else [Path(catalogue) if catalogue else None]
    reports = [check(load_catalogue(folder)) for folder in folders]
    for report in reports:
        say(check_lines(report))
    if any(report.problems for report in reports):
        raise typer.Exit(EXIT_CHECK_FAILED)


@catalogue_app.command("schema", cls=Command)
def catalogue_schema() -> None:
    """Print the JSON Schema of catalogue files."""
    import json

    from ringtrue.catalogue.schema import catalogue_json_schema

    say([json.dumps(catalogue_json_schema(), indent=2)])


@terrain_app.command("info", cls=Command)
def terrain_info(
    dem: Annotated[Optional[str], typer.Argument(metavar="[FILE|NAME]")] = None,  # noqa: UP045
    at: Annotated[Optional[str], typer.Option("--at", metavar="LAT,LON", help="Middle of a ring.")] = None,  # noqa: UP045
    radius: Annotated[str, typer.Option("--radius", help="Radius of the ring.")] = "400km",
    json_out: Json = False,
) -> None:
    """Say what an elevation model covers, how fine it is, its unit, datum and gaps, and its share of a ring."""
    from ringtrue.geo.terrain import terrain_info as info
    from ringtrue.geo.terrain import terrain_info_lines
    from ringtrue.units import RANGE

    place = None if at is None else position(at)
    radius_m = length("--radius", radius, RANGE._replace(high=2000e3, example="400 km")) or 0.0
    model = _model(dem)
    if json_out:
        print_json({"command": "terrain info", "version": _version(), **info(model, place, radius_m)})
    else:
        say(terrain_info_lines(model, place, radius_m))


@terrain_app.command("add", cls=Command)
def terrain_add(
    file: Annotated[str, typer.Argument(metavar="FILE")],
    replace: Annotated[bool, typer.Option("--replace", help="Take the place of a model of the same name.")] = False,
) -> None:
    """Keep an elevation model as one GeoTIFF, so that --dem NAME finds it."""
    from ringtrue.geo.terrain import terrain_add as add

    say([f"Added; use it with --dem {add(file, replace=replace)}"])


@terrain_app.command("list", cls=Command)
def terrain_list() -> None:
    """List the shipped elevation model and those that were added."""
    from ringtrue.geo.terrain import terrain_list_lines

    say(terrain_list_lines())


@terrain_app.command("remove", cls=Command)
def terrain_remove(name: Annotated[str, typer.Argument(metavar="NAME")]) -> None:
    """Remove an elevation model that was added."""
    from ringtrue.geo.terrain import terrain_remove as remove

    say([f"Removed {remove(name)}"])


def _version() -> str:
    from ringtrue import __version__

    return __version__


@app.command("version", cls=Command)
def version() -> None:
    """Print the version."""
    say([f"ringtrue {_version()}"])


def _refuse(text: str, code: int) -> int:
    note(f"ringtrue: {text}\n")
    return code


def _memory_text(of: str) -> str:
    return f"{of}; close other programs, raise the limit (ulimit -v, ulimit -u), or ask for fewer --threads or --draws"


@contextmanager
def _telling_of_ground() -> Iterator[None]:
    """Print what is said of doubtful ground in one line, and leave every other warning as it is."""
    from ringtrue.errors import GroundWarning

    with warnings.catch_warnings():
        warnings.filterwarnings("default", category=GroundWarning)
        others = warnings.showwarning

        def show(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
            if issubclass(category, GroundWarning):
                sys.stderr.write(f"ringtrue: {message}\n")
            else:
                others(message, category, *where, **more)

        warnings.showwarning = show
        yield


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command; exit code 0 ok, 1 a check failed, 2 bad input, 3 internal error, 130 interrupted."""
    from ringtrue.errors import RingTrueError

    call: Callable[..., Any] = app
    try:
        check_memory(sys.argv[1:] if arguments is None else arguments)
        with _telling_of_ground():
            code = call(args=list(arguments) if arguments is not None else None, standalone_mode=False)
    except RingTrueError as error:
        return _refuse(str(error), EXIT_BAD_INPUT)
    except typer.Exit as stop:
        return int(stop.exit_code)
    except typer.exceptions.TyperException as error:
        return _refuse(error.format_message().replace("\n", " "), EXIT_BAD_INPUT)
    except (KeyboardInterrupt, typer.Abort):
        return _refuse("interrupted; nothing half-written is left behind", EXIT_INTERRUPTED)
    except SystemExit:  # typer's own, when whoever was to read the help has gone
        to_nowhere(sys.stdout)
        return EXIT_OK
    except MemoryError:
        return _refuse(_memory_text("the memory is used up"), EXIT_BAD_INPUT)
    except OSError as error:
        to_nowhere(sys.stdout)
        where = f"{error.filename}: " if error.filename else ""
        return _refuse(f"{where}the system says {error.strerror or error}; mend that and try again", EXIT_BAD_INPUT)
    except Exception as error:
        if str(error) == "can't start new thread":
            return _refuse(_memory_text("the system allows no further thread"), EXIT_BAD_INPUT)
        if os.environ.get("RINGTRUE_DEBUG"):
            raise
        return _refuse(
            f"internal error: {type(error).__name__}: {error}; please report it (RINGTRUE_DEBUG=1 shows where)",
            EXIT_INTERNAL,
        )
    return int(code or EXIT_OK)


def main() -> None:
    """Run as the ``ringtrue`` command does, for a script made before ``ringtrue.__main__`` was its entry point."""
    from ringtrue.__main__ import main as start

    start()
