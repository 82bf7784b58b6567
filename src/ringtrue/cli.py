"""The command line: parse, call, print; one error handler.

Options are read as text and checked here or below, so that every refusal is one plain sentence and exit code 2.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ringtrue.catalogue.records import Catalogue
    from ringtrue.coverage.records import AuditQuestion
    from ringtrue.geo.elevation import ElevationModel
    from ringtrue.scenario.records import Scenario

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
terrain_app = typer.Typer(help="Elevation models: info, add.", no_args_is_help=True)
app.add_typer(catalogue_app, name="catalogue")
app.add_typer(terrain_app, name="terrain")

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Seed = Annotated[str, typer.Option("--seed", help="Seed of every random stream.")]
Draws = Annotated[str, typer.Option("--draws", help="Draws of the unknown parameters.")]
Threads = Annotated[Optional[str], typer.Option("--threads", help="Threads; the result never depends on them.")]  # noqa: UP045
Cat = Annotated[Optional[str], typer.Option("--catalogue", help="Folder of files that extend or override.")]  # noqa: UP045
Out = Annotated[Optional[str], typer.Option("--out", help="Folder for the report and its files.")]  # noqa: UP045
Dem = Annotated[Optional[str], typer.Option("--dem", help="Elevation model: a file, an added name, or none.")]  # noqa: UP045
Text = Annotated[Optional[str], typer.Option()]  # noqa: UP045

AUDIT_DRAWS = 200
MAP_TARGETS = ("f-16",)
HEIGHTS, ALTITUDES = "30m,100m,500m", "3000m,10000m"
STORY_TARGETS = "bomber,f-16,f-35,cruise-missile,one-way-uav,srbm"


COUNTS = {  # option: least, most, an example
    "--draws": (1, 100_000, 1000), "--replications": (1, 100_000, 50), "--seed": (0, 2**63 - 1, 1),
    "--threads": (1, 1024, 4), "--chunks": (1, 100_000, 4), "--trace": (0, 99_999, 0), "--draw": (0, 99_999, 0),
}  # fmt: skip
LENGTHS_KM = {"--height": (40, "50m"), "--amsl": (40, "3000m"), "--mast": (1, "25m"), "--site-radius": (40, "10km")}


def _count(option: str, text: str) -> int:
    from ringtrue.errors import InputError

    least, most, example = COUNTS[option]
    try:
        number = int(text)
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        msg = f"{option} {text!r}: a whole number from {least} to {most:,} is wanted, such as {option} {example}"
        raise InputError(msg)
    return number


def _threads(text: str | None) -> int | None:
    return None if text is None else _count("--threads", text)


def _position(text: str) -> tuple[float, float]:
    from ringtrue.errors import InputError

    parts = text.split(",")
    try:
        latitude, longitude = (float(p) for p in parts)
    except ValueError:
        msg = f"--at {text!r}: write latitude and longitude in degrees, such as --at 40.0789,32.5656"
        raise InputError(msg) from None
    if not -90.0 <= latitude <= 90.0 or not -180.0 <= longitude <= 180.0:
        msg = f"--at {text!r}: latitude runs from -90 to 90 and longitude from -180 to 180 degrees"
        raise InputError(msg)
    return latitude, longitude


def _lengths(option: str, text: str) -> tuple[float, ...]:
    from ringtrue.errors import InputError
    from ringtrue.units import parse_quantity

    most_km, example = LENGTHS_KM[option]
    found = []
    for part in _words(option, text):
        try:
            value = parse_quantity(part, "m")
        except InputError as error:
            msg = f"{option}: {error}"
            raise InputError(msg) from None
        if not 0.0 <= value <= most_km * 1e3:
            msg = f"{option} {part!r}: a length from 0 to {most_km} km is wanted, such as {option} {example}"
            raise InputError(msg)
        found.append(value)
    return tuple(found)


def _length(option: str, text: str | None) -> float | None:
    from ringtrue.errors import InputError

    if text is None:
        return None
    found = _lengths(option, text)
    if len(found) > 1:
        msg = f"{option} {text!r}: one length is wanted, such as {option} {LENGTHS_KM[option][1]}"
        raise InputError(msg)
    return found[0]


def _number(option: str, text: str | None, low: float, high: float) -> float | None:
    from ringtrue.errors import InputError

    if text is None:
        return None
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        msg = f"{option} {text!r}: a number from {low:g} to {high:g} is wanted"
        raise InputError(msg)
    return value


def _words(option: str, text: str | None) -> tuple[str, ...]:
    from ringtrue.errors import InputError

    if text is None:
        return ()
    found = tuple(w.strip() for w in text.split(",") if w.strip())
    if not found:
        msg = f"{option} {text!r}: names nothing; give one word or more, with commas between, or leave {option} out"
        raise InputError(msg)
    return found


def _catalogue(folder: str | None) -> Catalogue:
    from pathlib import Path

    from ringtrue.catalogue.load import load_catalogue

    return load_catalogue(Path(folder) if folder else None)


def _model(dem: str | None) -> ElevationModel:
    from ringtrue.geo.elevation import open_model

    return open_model("none" if dem == "none" else dem)


def _print_json(record: dict[str, Any]) -> None:
    import json

    sys.stdout.write(json.dumps(record, ensure_ascii=False, allow_nan=False, separators=(", ", ": ")) + "\n")


def _say(lines: Sequence[str]) -> None:
    sys.stdout.write("\n".join(lines) + "\n")


def _folder(out: str | None, name: str, json_out: bool) -> Path | None:
    """Return the folder of the report, None when only JSON is wanted; checked before anything is computed."""
    from pathlib import Path

    if json_out and out is None:
        return None
    folder = Path(out) if out else Path("ringtrue-out") / name
    _check_folder("--out", folder)
    return folder


def _check_folder(option: str, folder: Path) -> None:
    from ringtrue.errors import InputError

    try:
        here = next(place for place in (folder, *folder.absolute().parents) if place.exists())
        is_open = os.access(here, os.W_OK | os.X_OK)
        wrong = "is no folder" if not here.is_dir() else "" if is_open else "is write-protected"
    except OSError as error:
        here, wrong = folder, f"cannot be used ({error.strerror})"
    if wrong:
        msg = f"{option} {folder}: {here} {wrong}; choose a folder you may write to"
        raise InputError(msg)


class Progress:
    """Progress on stderr: a bar on a terminal, one line per stage elsewhere, nothing when quiet."""

    def __init__(self, quiet: bool = False) -> None:
        self._quiet = quiet
        self._stage = ""
        self._bar: Any = None
        self._task: Any = None

    def __call__(self, what: str, done: int, of: int) -> None:
        """Report that ``done`` of ``of`` steps of a stage are finished."""
        if self._quiet:
            return
        if not sys.stderr.isatty():
            if what != self._stage:
                sys.stderr.write(f"{what} ...\n")
                sys.stderr.flush()
                self._stage = what
            return
        if self._bar is None:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

            self._bar = Progress(
                TextColumn("{task.description:<32}"), BarColumn(), TimeElapsedColumn(),
                console=Console(stderr=True), transient=True,
            )  # fmt: skip
            self._bar.start()
        if what != self._stage:
            self._stage = what
            self._task = self._bar.add_task(what, total=max(of, 1))
        self._bar.update(self._task, completed=done, total=max(of, 1))

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def _questions(
    names: Sequence[str], asked: AuditQuestion, catalogue: Catalogue, model: ElevationModel
) -> list[AuditQuestion]:
    """Make one question of each system, and of a scenario one for each system and place in it."""
    from dataclasses import replace

    from ringtrue.coverage.audit import check_site
    from ringtrue.coverage.questions import questions_of
    from ringtrue.scenario.checks import known_ids
    from ringtrue.scenario.flights import check_on_model
    from ringtrue.scenario.load import load_scenario, shipped_scenarios

    found: list[AuditQuestion] = []
    for name in names:
        if name in shipped_scenarios() or "/" in name or name.endswith(".toml"):
            scenario = load_scenario(name, (), known_ids(catalogue))
            check_on_model(scenario.laydowns, model.sample, model.name, scenario.written_at)
            found.extend(questions_of(scenario, asked))
        else:
            check_site(asked, model, "--at")
            found.append(replace(asked, system_id=name))
    return found


@app.command()
def audit(
    systems: Annotated[list[str], typer.Argument(metavar="SYSTEM...", help="Systems, or one scenario.")],
    at: Annotated[str, typer.Option("--at", metavar="LAT,LON", help="Site in degrees.")] = "40.0789,32.5656",
    target: Annotated[str, typer.Option("--target", help="Target classes, separated by commas.")] = STORY_TARGETS,
    height: Annotated[Optional[str], typer.Option("--height", help=f"Heights above ground; {HEIGHTS}.")] = None,  # noqa: UP045
    amsl: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--amsl", help=f"Altitudes above mean sea level; {ALTITUDES} if neither is given."),
    ] = None,
    azimuth: Annotated[Optional[str], typer.Option("--azimuth", help="Boresight of a sector radar, degrees.")] = None,  # noqa: UP045
    heading: Annotated[str, typer.Option("--heading", help="inbound, outbound, beam or worst.")] = "inbound",
    mast: Annotated[Optional[str], typer.Option("--mast", help="Antenna height above ground.")] = None,  # noqa: UP045
    k: Annotated[Optional[str], typer.Option("--k", help="Effective-earth factor.")] = None,  # noqa: UP045
    dem: Dem = None,
    site_radius: Annotated[Optional[str], typer.Option("--site-radius", help="Also try sites this near.")] = None,  # noqa: UP045
    json_out: Json = False,
    seed: Seed = "1",
    draws: Draws = "1000",
    threads: Threads = None,
    catalogue: Cat = None,
    out: Out = None,
) -> None:
    """Audit the ring of one or more systems at one place."""
    from pathlib import Path

    from ringtrue.coverage.audit import audit as run_audit
    from ringtrue.coverage.output import audit_json
    from ringtrue.coverage.records import AuditQuestion
    from ringtrue.errors import InputError, did_you_mean

    headings = ("inbound", "outbound", "beam", "worst")
    if heading not in headings:
        msg = (
            f"--heading {heading!r} is not known{did_you_mean(heading, headings)}; choose one of {', '.join(headings)}"
        )
        raise InputError(msg)
    latitude, longitude = _position(at)
    if height is None and amsl is None:
        height, amsl = HEIGHTS, ALTITUDES
    heights = () if height is None else _lengths("--height", height)
    altitudes = () if amsl is None else _lengths("--amsl", amsl)
    folder = _folder(out, "audit-" + "-".join(Path(s).stem.replace(":", "-") for s in systems), json_out)
    loaded, model = _catalogue(catalogue), _model(dem)
    asked = AuditQuestion(
        system_id="", latitude_deg=latitude, longitude_deg=longitude, targets=_words("--target", target),
        heights_m=heights, altitudes_m=altitudes, heading=heading,  # type: ignore[arg-type]
        azimuth_deg=_number("--azimuth", azimuth, -360.0, 360.0), mast_m=_length("--mast", mast),
        k_factor=_number("--k", k, 0.3, 20.0),
        site_radius_m=_length("--site-radius", site_radius), n_draws=_count("--draws", draws),
        seed=_count("--seed", seed), threads=_threads(threads),
    )  # fmt: skip
    questions = _questions(systems, asked, loaded, model)
    progress = Progress(quiet=json_out)
    try:
        results = [run_audit(question, loaded, model, progress) for question in questions]
    finally:
        progress.close()
    if json_out:
        _print_json(audit_json(results))
    if folder is None:
        return
    from ringtrue.report.geotiff import write_audit_geotiffs
    from ringtrue.report.html import write_audit_figures, write_audit_report
    from ringtrue.report.table import audit_table_lines

    report = write_audit_report(results, folder / "report.html")
    write_audit_figures(results, folder)
    write_audit_geotiffs(results, folder / "rasters")
    if not json_out:
        for i, result in enumerate(results):
            last = i == len(results) - 1
            _say(audit_table_lines(result, report_path=str(report) if last else None))
            if not last:
                _say([""])


@app.command()
def engage(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="A shipped scenario or a file.")],
    laydown: Annotated[Optional[str], typer.Option("--laydown", help="Laydowns, separated by commas.")] = None,  # noqa: UP045
    raid: Annotated[Optional[str], typer.Option("--raid", help="Raids, separated by commas.")] = None,  # noqa: UP045
    replications: Annotated[str, typer.Option("--replications", help="Raids played in each draw.")] = "50",
    precision: Annotated[Optional[str], typer.Option("--precision", help="Half-width of the leakers at 95 %.")] = None,  # noqa: UP045
    trace: Annotated[Optional[str], typer.Option("--trace", help="Tell this replication event by event.")] = None,  # noqa: UP045
    draw: Annotated[Optional[str], typer.Option("--draw", help="nominal, or the draw that --trace tells.")] = None,  # noqa: UP045
    change: Annotated[Optional[list[str]], typer.Option("--set", metavar="KEY=VALUE")] = None,  # noqa: UP045
    chunks: Annotated[str, typer.Option("--chunks", help="Slices of the draws; the result never depends on it.")] = "1",
    dem: Dem = None,
    json_out: Json = False,
    seed: Seed = "1",
    draws: Draws = "200",
    threads: Threads = None,
    catalogue: Cat = None,
    out: Out = None,
) -> None:
    """Play the raids of a scenario: what leaks, what it costs, what the network changes."""
    from pathlib import Path

    from ringtrue.errors import InputError
    from ringtrue.studies.engage import engage as run_engage
    from ringtrue.studies.engage import engage_json, engage_lines

    if trace is None and draw not in (None, "nominal"):
        msg = f"--draw {draw!r}: names the draw that --trace tells; add --trace 0, or write --draw nominal"
        raise InputError(msg)
    folder = _folder(out, "engage-" + Path(scenario).stem, json_out)
    progress = Progress(quiet=json_out)
    try:
        result = run_engage(
            scenario, _catalogue(catalogue), _model(dem), settings=change or (),
            laydowns=_words("--laydown", laydown), raids=_words("--raid", raid), n_draws=_count("--draws", draws),
            n_replications=_count("--replications", replications),
            precision=_number("--precision", precision, 1e-6, 1e6), seed=_count("--seed", seed),
            threads=_threads(threads), chunks=_count("--chunks", chunks), nominal=draw == "nominal",
            trace_replication=None if trace is None else _count("--trace", trace),
            trace_draw=0 if draw in (None, "nominal") else _count("--draw", str(draw)), progress=progress,
        )  # fmt: skip
    finally:
        progress.close()
    if json_out:
        _print_json(engage_json(result))
    if folder is None:
        return
    from ringtrue.report.raid_page import write_raid_report

    report = write_raid_report(result, folder / "report.html")
    if not json_out:
        _say([*engage_lines(result), f"Report: {report}"])


@app.command()
def compare(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO")],
    add: Annotated[
        str, typer.Option("--add", help="Also put into the report: audits, claims, exposure, relocation, none.")
    ] = "none",
    replications: Annotated[str, typer.Option("--replications", help="Raids played in each draw.")] = "20",
    change: Annotated[Optional[list[str]], typer.Option("--set", metavar="KEY=VALUE")] = None,  # noqa: UP045
    dem: Dem = None,
    json_out: Json = False,
    seed: Seed = "1",
    draws: Draws = "75",
    threads: Threads = None,
    catalogue: Cat = None,
    out: Out = None,
) -> None:
    """Compare the offers of a scenario: what each protects, when, at what price, and what would turn the answer."""
    from pathlib import Path

    from ringtrue.errors import InputError, did_you_mean
    from ringtrue.scenario.checks import known_ids
    from ringtrue.scenario.load import load_scenario
    from ringtrue.studies.compare import compare as run_compare
    from ringtrue.studies.compare_output import compare_json, compare_lines

    parts = ("audits", "claims", "exposure", "relocation", "none")
    for word in _words("--add", add):
        if word not in parts:
            msg = f"--add {word!r} is not known{did_you_mean(word, parts)}; choose from {', '.join(parts)}"
            raise InputError(msg)
    folder = _folder(out, "compare-" + Path(scenario).stem, json_out)
    loaded, model, progress = _catalogue(catalogue), _model(dem), Progress(quiet=json_out)
    n_draws, n_seed, n_threads = _count("--draws", draws), _count("--seed", seed), _threads(threads)
    deal = load_scenario(scenario, change or (), known_ids(loaded))
    try:
        result = run_compare(
            deal, loaded, model, n_draws=n_draws, n_replications=_count("--replications", replications), seed=n_seed,
            threads=n_threads, progress=progress,
        )  # fmt: skip
        extras = (
            {} if folder is None else _extras(_words("--add", add), deal, loaded, model, n_seed, n_threads, progress)
        )
    finally:
        progress.close()
    if json_out:
        _print_json(compare_json(result))
    if folder is None:
        return
    from ringtrue.report.compare_page import write_compare_report

    report = write_compare_report(result, folder / "report.html", **extras)
    if not json_out:
        _say([*compare_lines(result), f"Report: {report}"])


def _extras(
    words: Sequence[str],
    deal: Scenario,
    catalogue: Catalogue,
    model: ElevationModel,
    seed: int,
    threads: int | None,
    progress: Progress,
) -> dict[str, Any]:
    """Run the smaller studies that the report of a comparison can carry."""
    extras: dict[str, Any] = {}
    if "audits" in words:
        from dataclasses import replace

        from ringtrue.coverage.audit import audit as run_audit
        from ringtrue.coverage.questions import questions_of
        from ringtrue.coverage.records import AuditQuestion

        like = AuditQuestion("", 0.0, 0.0, (), (), (), n_draws=AUDIT_DRAWS, seed=seed, threads=threads)
        first_of: dict[str, AuditQuestion] = {}
        for question in questions_of(deal, like):
            first_of.setdefault(question.system_id.partition(":")[0], question)
        extras["audits"] = [
            run_audit(replace(q, targets=MAP_TARGETS, altitudes_m=()), catalogue, model, progress)
            for name, q in first_of.items()
            if name in {u.system for y in deal.laydowns for u in y.units if len(y.units) > 1}
        ]
    if "claims" in words:
        from ringtrue.studies.claims import claims as run_claims

        extras["claims"] = run_claims(None, catalogue, model, seed=seed, threads=threads, progress=progress)
    if "exposure" in words or "relocation" in words:
        from ringtrue.scenario.checks import known_ids
        from ringtrue.scenario.load import load_scenario
        from ringtrue.studies.exposure import exposure as run_exposure
        from ringtrue.studies.relocation import relocation as run_relocation

        known = known_ids(catalogue)
        if "exposure" in words:
            flights = load_scenario("exposure-anatolia", (), known)
            extras["exposure"] = run_exposure(
                flights, catalogue, model, n_draws=AUDIT_DRAWS, seed=seed, threads=threads, progress=progress
            )
        if "relocation" in words:
            places = load_scenario("relocation", (), known)
            extras["relocation"] = run_relocation(
                places, catalogue, model, n_draws=AUDIT_DRAWS, seed=seed, threads=threads, progress=progress
            )
    return extras


@app.command()
def network(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO")],
    raid: Annotated[Optional[str], typer.Option("--raid", help="Raids, separated by commas.")] = None,  # noqa: UP045
    replications: Annotated[str, typer.Option("--replications", help="Raids played in each draw.")] = "40",
    change: Annotated[Optional[list[str]], typer.Option("--set", metavar="KEY=VALUE")] = None,  # noqa: UP045
    dem: Dem = None,
    json_out: Json = False,
    seed: Seed = "1",
    draws: Draws = "100",
    threads: Threads = None,
    catalogue: Cat = None,
) -> None:
    """Cut the wire: the same batteries alone, sharing a picture, sharing fire, sharing identification."""
    from ringtrue.scenario.checks import known_ids
    from ringtrue.scenario.load import load_scenario
    from ringtrue.studies.network import network as run_network
    from ringtrue.studies.network_output import network_json, network_lines

    loaded, progress = _catalogue(catalogue), Progress(quiet=json_out)
    try:
        result = run_network(
            load_scenario(scenario, change or (), known_ids(loaded)), loaded, _model(dem),
            raid_ids=_words("--raid", raid) or None, n_draws=_count("--draws", draws),
            n_replications=_count("--replications", replications), seed=_count("--seed", seed),
            threads=_threads(threads), progress=progress,
        )  # fmt: skip
    finally:
        progress.close()
    if json_out:
        _print_json(network_json(result))
    else:
        _say(network_lines(result))


@app.command()
def exposure(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO")],
    change: Annotated[Optional[list[str]], typer.Option("--set", metavar="KEY=VALUE")] = None,  # noqa: UP045
    dem: Dem = None,
    json_out: Json = False,
    seed: Seed = "1",
    draws: Draws = "1000",
    threads: Threads = None,
    catalogue: Cat = None,
    out: Out = None,
) -> None:
    """Count the minutes in which a radar could observe flights: by aspect, range and echo."""
    from ringtrue.report.exposure_page import write_exposure_report
    from ringtrue.scenario.checks import known_ids
    from ringtrue.scenario.load import load_scenario
    from ringtrue.studies.exposure import exposure as run_exposure
    from ringtrue.studies.exposure_output import exposure_json, exposure_lines

    folder = _folder(out, "exposure", json_out)
    loaded, progress = _catalogue(catalogue), Progress(quiet=json_out)
    try:
        result = run_exposure(
            load_scenario(scenario, change or (), known_ids(loaded)), loaded, _model(dem),
            n_draws=_count("--draws", draws), seed=_count("--seed", seed), threads=_threads(threads), progress=progress,
        )  # fmt: skip
    finally:
        progress.close()
    if json_out:
        _print_json(exposure_json(result))
    if folder is None:
        return
    report = write_exposure_report(result, folder / "report.html")
    if not json_out:
        _say([*exposure_lines(result), f"Report: {report}"])


@app.command()
def relocation(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO")] = "relocation",
    change: Annotated[Optional[list[str]], typer.Option("--set", metavar="KEY=VALUE")] = None,  # noqa: UP045
    dem: Dem = None,
    json_out: Json = False,
    seed: Seed = "1",
    draws: Draws = "200",
    threads: Threads = None,
    catalogue: Cat = None,
) -> None:
    """Move one regiment from place to place: gained there, lost at home."""
    from ringtrue.scenario.checks import known_ids
    from ringtrue.scenario.load import load_scenario
    from ringtrue.studies.relocation import relocation as run_relocation
    from ringtrue.studies.relocation_output import relocation_json, relocation_lines

    loaded, progress = _catalogue(catalogue), Progress(quiet=json_out)
    try:
        result = run_relocation(
            load_scenario(scenario, change or (), known_ids(loaded)), loaded, _model(dem),
            n_draws=_count("--draws", draws), seed=_count("--seed", seed), threads=_threads(threads), progress=progress,
        )  # fmt: skip
    finally:
        progress.close()
    if json_out:
        _print_json(relocation_json(result))
    else:
        _say(relocation_lines(result))


@app.command()
def claims(
    file: Annotated[Optional[str], typer.Argument(metavar="[FILE]", help="A claims file; the shipped one.")] = None,  # noqa: UP045
    dem: Dem = None,
    json_out: Json = False,
    seed: Seed = "1",
    draws: Draws = "200",
    threads: Threads = None,
    catalogue: Cat = None,
    out: Out = None,
) -> None:
    """Hold statements of the press against the published figures."""
    from pathlib import Path

    from ringtrue.report.claims_page import write_claims_report
    from ringtrue.studies.claims import claims as run_claims
    from ringtrue.studies.claims import claims_json, claims_lines

    folder = _folder(out, "claims", json_out)
    loaded, progress = _catalogue(catalogue), Progress(quiet=json_out)
    try:
        result = run_claims(
            Path(file) if file else None, loaded, _model(dem), n_draws=_count("--draws", draws),
            seed=_count("--seed", seed), threads=_threads(threads), progress=progress,
        )  # fmt: skip
    finally:
        progress.close()
    if json_out:
        _print_json(claims_json(result))
    if folder is None:
        return
    report = write_claims_report(result, folder / "report.html", sources=loaded.sources)
    if not json_out:
        _say([*claims_lines(result), f"Report: {report}"])


@app.command()
def verify(
    files: Annotated[Optional[list[str]], typer.Argument(metavar="[FILE...]", help="Case files; all shipped.")] = None,  # noqa: UP045
    html: Annotated[Optional[str], typer.Option("--html", help="Also write a page.")] = None,  # noqa: UP045
    json_out: Json = False,
) -> None:
    """Recompute every published number the models claim to reproduce."""
    from pathlib import Path

    from ringtrue.studies.verify import all_agree, run_cases, verify_lines, verify_rows, write_html

    if html:
        _check_folder("--html", Path(html).parent)
    results = run_cases([Path(f) for f in files] if files else None)
    if html:
        write_html(results, Path(html))
    if json_out:
        _print_json({"command": "verify", "version": _version(), "rows": verify_rows(results)})
    else:
        _say(verify_lines(results))
    if not all_agree(results):
        raise typer.Exit(EXIT_CHECK_FAILED)


@app.command()
def warm() -> None:
    """Compile the loops ahead of the first question."""
    from ringtrue.studies.warm import warm as run_warm

    progress = Progress()
    try:
        run_warm(progress)
    finally:
        progress.close()
    _say(["The loops are compiled; the first audit starts at once."])


@catalogue_app.command("list")
def catalogue_list(catalogue: Cat = None) -> None:
    """List systems, radars, interceptors, targets and assumptions."""
    from ringtrue.catalogue.show import list_lines

    _say(list_lines(_catalogue(catalogue)))


@catalogue_app.command("show")
def catalogue_show(record: Annotated[str, typer.Argument(metavar="ID")], catalogue: Cat = None) -> None:
    """Show every figure of one record with its source."""
    from ringtrue.catalogue.show import show_lines

    _say(show_lines(_catalogue(catalogue), record))


@catalogue_app.command("check")
def catalogue_check(
    paths: Annotated[Optional[list[str]], typer.Argument(metavar="[PATH...]")] = None,  # noqa: UP045
    catalogue: Cat = None,
) -> None:
    """Check files and count what was read, quoted, derived, assumed and estimated."""
    from pathlib import Path

    from ringtrue.catalogue.check import check, check_lines
    from ringtrue.catalogue.load import load_catalogue

    folders = [Path(p) for p in paths] if paths else [Path(catalogue) if catalogue else None]
    reports = [check(load_catalogue(folder)) for folder in folders]
    for report in reports:
        _say(check_lines(report))
    if any(report.problems for report in reports):
        raise typer.Exit(EXIT_CHECK_FAILED)


@catalogue_app.command("schema")
def catalogue_schema() -> None:
    """Print the JSON Schema of catalogue files."""
    import json

    from ringtrue.catalogue.schema import catalogue_json_schema

    _say([json.dumps(catalogue_json_schema(), indent=2)])


@terrain_app.command("info")
def terrain_info(dem: Annotated[Optional[str], typer.Argument(metavar="[FILE|NAME]")] = None) -> None:  # noqa: UP045
    """Say what an elevation model covers and how fine it is."""
    from ringtrue.geo.elevation import terrain_info_lines

    _say(terrain_info_lines(_model(dem)))


@terrain_app.command("add")
def terrain_add(file: Annotated[str, typer.Argument(metavar="FILE")]) -> None:
    """Keep an elevation model, so that --dem NAME finds it."""
    from ringtrue.geo.elevation import terrain_add as add

    _say([f"Added; use it with --dem {add(file)}"])


def _version() -> str:
    from ringtrue import __version__

    return __version__


@app.command("version")
def version() -> None:
    """Print the version."""
    _say([f"ringtrue {_version()}"])


def _refuse(text: str, code: int) -> int:
    sys.stderr.write(f"ringtrue: {text}\n")
    return code


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command; exit code 0 ok, 1 a check failed, 2 bad input, 3 internal error, 130 interrupted."""
    from ringtrue.errors import RingTrueError

    call: Callable[..., Any] = app
    try:
        code = call(args=list(arguments) if arguments is not None else None, standalone_mode=False)
    except RingTrueError as error:
        return _refuse(str(error), EXIT_BAD_INPUT)
    except typer.Exit as stop:
        return int(stop.exit_code)
    except typer.exceptions.TyperException as error:
        return _refuse(error.format_message().replace("\n", " "), EXIT_BAD_INPUT)
    except (KeyboardInterrupt, typer.Abort):
        return _refuse("interrupted; nothing half-written is left behind", EXIT_INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_OK
    except Exception as error:
        if os.environ.get("RINGTRUE_DEBUG"):
            raise
        return _refuse(
            f"internal error: {type(error).__name__}: {error}; please report it (RINGTRUE_DEBUG=1 shows where)",
            EXIT_INTERNAL,
        )
    return int(code or EXIT_OK)


def main() -> None:
    """Entry point of the ``ringtrue`` command."""
    sys.exit(run())
