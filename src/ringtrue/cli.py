"""The command line: parse, call, print; one error handler.

Options are read as text and checked here or below, so that every refusal is one plain sentence and exit code 2.
"""

from __future__ import annotations

import os
import re
import sys
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from ringtrue.completion import ASKED_BY, SHELLS, offer
from ringtrue.face.table import COMMANDS
from ringtrue.options import (
    Cat,
    Command,
    Commands,
    Json,
    Quiet,
    check_memory,
    length,
    one_of,
    position,
    read,
    read_formats,
    report_folder,
    signature_of,
    signature_of_export,
)
from ringtrue.screen import Progress, note, print_json, say, to_nowhere
from ringtrue.whole import check_writable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ringtrue.catalogue.records import Catalogue
    from ringtrue.face.table import Study

EXIT_OK, EXIT_CHECK_FAILED, EXIT_BAD_INPUT, EXIT_INTERNAL, EXIT_INTERRUPTED = 0, 1, 2, 3, 130

app = typer.Typer(
    name="ringtrue",
    cls=Commands,
    help="Does a published air-defence ring ring true? Sourced, uncertain, testable; figures from open sources only.",
    context_settings={"help_option_names": ["-h", "--help"]},
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
catalogue_app = typer.Typer(cls=Commands, help="The published figures: list, show, check, new, schema.")
terrain_app = typer.Typer(cls=Commands, help="Elevation models: info, add, list, remove.")
export_app = typer.Typer(cls=Commands, help="An answer as files that open in other programs: maps, tables, flights.")
app.add_typer(catalogue_app, name="catalogue")
app.add_typer(terrain_app, name="terrain")
app.add_typer(export_app, name="export")


def _print_version(is_asked: bool) -> None:
    if is_asked:
        say([f"ringtrue {_version()}"])
        raise typer.Exit(EXIT_OK)


@app.callback()
def _program(
    version: Annotated[
        bool, typer.Option("--version", "-V", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def _catalogue(folder: str | None) -> Catalogue:
    from pathlib import Path

    from ringtrue.catalogue.load import load_catalogue

    return load_catalogue(Path(folder) if folder else None)


def _command_of(study: Study) -> Callable[..., None]:
    """Make the command of a study from its row of the table."""

    def ask(**given: Any) -> None:
        _answer(study, given)

    ask.__name__, ask.__doc__ = study.name, study.summary
    ask.__signature__ = signature_of(study)  # type: ignore[attr-defined]
    return ask


def _answer(study: Study, given: dict[str, Any]) -> None:
    """Ask a study, print its answer, and write its report where that is wanted; the code of pages is loaded last."""
    from pathlib import Path

    from ringtrue.face.asked import Asked
    from ringtrue.face.studies import played

    values = {option.name: read(option, given[option.name]) for option in study.asked_with}
    json_out, html = given["json_out"], given.get("html")
    formats = read_formats(study, given.get("formats"), values)
    _check_together(study, given, values)
    progress = Progress(quiet=json_out or given["quiet"])
    asked = Asked(study, values, progress)
    folder = report_folder(asked, given["out"], json_out) if "out" in given else None
    if html:
        check_writable("--html", Path(html).parent, (Path(html).name,))
    try:
        result = played(asked)
    finally:
        progress.close()
    if folder is not None:
        result.report(folder, formats)
    if html:
        study.page(result, Path(html))
    if json_out:
        print_json(result.found.as_json())
    else:
        say(result.lines(folder and folder / "report.html", full=given["full"]))
    if study.is_check and not result.found.agrees:
        raise typer.Exit(EXIT_CHECK_FAILED)


def _check_together(study: Study, given: dict[str, Any], values: dict[str, Any]) -> None:
    """Refuse what is to be printed or written and cannot be together with what is asked."""
    from ringtrue.errors import InputError

    if values.get("sky") and given["html"]:
        msg = "--sky takes one folder and prints its verdict; leave out --html"
        raise InputError(msg)
    if study.name == "compare" and given["json_out"] and given["out"] is None and set(values["add"]) - {"none"}:
        msg = (
            f"--add {values['add'][0]!r}: goes into the report, and --json alone writes none; add --out, or leave "
            "--add out"
        )
        raise InputError(msg)
    if given.get("formats") and given["json_out"] and given["out"] is None:
        msg = f"--format {given['formats'][0]}: is a file, and --json alone writes none; add --out, or leave it out"
        raise InputError(msg)


def _export_of(study: Study) -> Callable[..., None]:
    """Make the command that asks a study and writes its answer in other formats, and nothing else."""

    def ask(**given: Any) -> None:
        _export(study, given)

    ask.__name__, ask.__doc__ = study.name, study.summary
    ask.__signature__ = signature_of_export(study)  # type: ignore[attr-defined]
    return ask


def _export(study: Study, given: dict[str, Any]) -> None:
    """Ask a study, write the files asked for, and print their paths."""
    from ringtrue.errors import InputError
    from ringtrue.face.asked import Asked
    from ringtrue.face.files import FORMATS
    from ringtrue.face.studies import played

    values = {option.name: read(option, given[option.name]) for option in study.asked_with}
    formats = read_formats(study, given["formats"], values)
    if not formats:
        msg = f"--format is missing; give one or more of {', '.join(FORMATS)}, such as --format csv"
        raise InputError(msg)
    progress = Progress(quiet=given["quiet"])
    asked = Asked(study, values, progress)
    folder = report_folder(asked, given["out"], json_out=False)
    assert folder is not None
    try:
        result = played(asked)
    finally:
        progress.close()
    say([str(path) for path in result.export(folder, formats)])


for _study in COMMANDS:
    _short = re.split("[:;]", _study.summary)[0]
    app.command(_study.name, cls=Command, short_help=_short)(_command_of(_study))
    export_app.command(_study.name, cls=Command, short_help=_short)(_export_of(_study))


@app.command("import", cls=Command)
def import_(
    file: Annotated[str, typer.Argument(metavar="FILE", help="CSV, GeoJSON, KML, KMZ or GeoPackage with points.")],
    kind: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--as", metavar="sites|assets", help="What the places are."),
    ] = None,
    layer: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--layer", metavar="NAME", help="Layer of a GeoPackage that has several."),
    ] = None,
) -> None:
    """Print places of a file as the blocks that a scenario file holds: append them to it."""
    from pathlib import Path

    from ringtrue.errors import InputError
    from ringtrue.formats.places_in import KINDS, import_places

    if kind is None:
        msg = "--as is missing; say what the places are: --as sites or --as assets"
        raise InputError(msg)
    taken = import_places(Path(file), one_of("--as", kind, tuple(KINDS)), layer)  # type: ignore[arg-type]
    say(taken.toml.rstrip("\n").split("\n"))
    note(f"ringtrue: {'; '.join(taken.notes)}\n")


@app.command(cls=Command)
def schema(
    study: Annotated[Optional[str], typer.Argument(metavar="[STUDY]", help="audit, engage, compare, ...")] = None,  # noqa: UP045
    file: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--file", metavar="KIND", help="Of a file: scenario, catalogue, claims or case."),
    ] = None,
) -> None:
    """Print the JSON Schema of what a study prints with --json, or of a kind of file that you write."""
    import json

    from ringtrue.errors import InputError

    if (study is None) == (file is None):
        given = "neither is given" if study is None else f"{study!r} and {file!r}"
        msg = (
            f"schema: {given}; name a study (ringtrue schema audit) or a kind of file (ringtrue schema --file scenario)"
        )
        raise InputError(msg)
    if file is not None:
        from ringtrue.studies.file_schemas import file_schema

        found = file_schema(file)
    else:
        from ringtrue.answer import answer_schema
        from ringtrue.studies.answers import answer_class

        found = answer_schema(answer_class(str(study)))
    say([json.dumps(found, indent=2, ensure_ascii=False)])


@app.command(cls=Command)
def new(
    kind: Annotated[str, typer.Argument(metavar="scenario|claims", help="What kind of file.")],
    file: Annotated[str, typer.Argument(metavar="FILE", help="Where to write it; it ends in .toml.")],
) -> None:
    """Begin a scenario or a claims file: commented, and it runs at once."""
    from pathlib import Path

    from ringtrue.studies.begin import begin

    say(begin(kind, Path(file)))


@app.command(cls=Command)
def warm(quiet: Quiet = False) -> None:
    """Compile the loops ahead of the first question."""
    from ringtrue.studies.warm import warm as run_warm

    progress = Progress(quiet)
    try:
        run_warm(progress)
    finally:
        progress.close()
    say(["The loops are compiled; the first audit starts at once."])


@app.command("completion", cls=Command)
def completion(
    shell: Annotated[str, typer.Argument(metavar="bash|zsh|fish", help="The shell that you type in.")],
) -> None:
    """Print what makes the Tab key complete commands, options, systems, targets and places.

    bash: eval "$(ringtrue completion bash)" in ~/.bashrc; zsh: the same with zsh in ~/.zshrc, behind compinit; fish:
    ringtrue completion fish > ~/.config/fish/completions/ringtrue.fish
    """
    from ringtrue.completion import completion_script

    say([completion_script(one_of("SHELL", shell, SHELLS))])


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


@catalogue_app.command("new", cls=Command)
def catalogue_new(
    new_id: Annotated[str, typer.Argument(metavar="ID", help="Id of your system.")],
    file: Annotated[Optional[str], typer.Argument(metavar="[FILE]", help="Where to write it; ID.toml.")] = None,  # noqa: UP045
    like: Annotated[str, typer.Option("--like", metavar="SYSTEM", help="System to begin as a copy of.")] = "nasams",
    catalogue: Cat = None,
) -> None:
    """Begin a system of your own: a commented copy of one, under new ids, that runs at once."""
    import shlex
    from pathlib import Path

    from ringtrue.catalogue.begin import beginning
    from ringtrue.whole import write_new

    path = Path(file or f"{new_id}.toml")
    text = beginning(new_id, like, Path(catalogue) if catalogue else None)
    write_new(path, text)
    name = shlex.quote(str(path))
    say(
        [
            f"Wrote {path}: {new_id} is a copy of {like}, under ids of its own, and answers as {like} does until you",
            "change its figures. Run it at once:",
            f"  ringtrue audit {new_id} --catalogue {name}",
            f"  ringtrue catalogue check {name}",
        ]
    )


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
    from ringtrue.geo.elevation import open_model
    from ringtrue.geo.terrain import terrain_info as info
    from ringtrue.geo.terrain import terrain_info_lines
    from ringtrue.units import RANGE

    place = None if at is None else position(at)
    radius_m = length("--radius", radius, RANGE._replace(high=2000e3, example="400 km")) or 0.0
    model = open_model(dem)
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
    from ringtrue.errors import RingTrueError, lines_below

    call: Callable[..., Any] = app
    if arguments is None and ASKED_BY in os.environ:
        return offer(typer.main.get_command(app))
    try:
        check_memory(sys.argv[1:] if arguments is None else arguments)
        with _telling_of_ground():
            code = call(args=list(arguments) if arguments is not None else None, standalone_mode=False)
    except RingTrueError as error:
        return _refuse("\n".join([str(error), *lines_below(error)]), EXIT_BAD_INPUT)
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
