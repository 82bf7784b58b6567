"""Options of the command line: those of the studies from their table, the others declared here.

All are read as text and checked, so that a refusal is one plain sentence.
"""

from __future__ import annotations

import inspect
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from ringtrue.completion import completed
from ringtrue.errors import InputError, did_you_mean
from ringtrue.face.asked import Lengths, Site, said_of_levels, site_named
from ringtrue.face.command import command_line
from ringtrue.face.files import checked_formats
from ringtrue.face.folder import COMMAND_FILE, folder_of
from ringtrue.face.play import is_scenario
from ringtrue.face.table import CATALOGUE, COMMANDS, FORMATS, OUT, QUIET
from ringtrue.units import (
    BEARING,
    comma_readings,
    flight_level_m,
    parse_number,
    parse_whole,
    read_quantity,
    shown,
    split_quantity,
)
from ringtrue.whole import check_writable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ringtrue.face.asked import Asked
    from ringtrue.face.table import Option, Study
    from ringtrue.units import Sense

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Quiet = Annotated[bool, typer.Option(QUIET.flag, help=QUIET.help)]
Cat = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(CATALOGUE.flag, metavar=CATALOGUE.metavar, help=CATALOGUE.help),
]

COUNTS = {option.flag: option.whole for study in COMMANDS for option in study.options if option.whole is not None}
# address space (not memory) that a study at its default size reserves while it compiles, and what a thread adds
ADDRESSES_GB = {study.name: study.addresses_gb for study in COMMANDS}
ADDRESSES_GB_PER_THREAD = 0.05
LIST_HINT = "with commas between or the option again for each"


BEGIN_WITH = (
    ("ringtrue audit s-400 --at Samsun --target drone", "does a ring hold?"),
    ("ringtrue engage saturation", "raids: what gets through"),
    ("ringtrue compare turkey-2019", "the offers of a deal"),
    ("ringtrue catalogue list", "systems, targets, figures"),
)


class Commands(TyperGroup):
    """A group of commands that answers a bare call with its help; the whole program's names what to begin with."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take a bare call for one that asks for help."""
        return super().parse_args(ctx, args or ["--help"])

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Say what to begin with, then commands and options."""
        if ctx.parent is None:
            with formatter.section("To begin with"):
                formatter.write_dl(BEGIN_WITH, col_max=50)
        super().format_options(ctx, formatter)


class Command(TyperCommand):
    """A command whose options keep what they are given: those of one value refuse a second, and none takes another."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Name arguments by what they are."""
        arguments = [param for param in self.get_params(ctx) if isinstance(param, TyperArgument)]
        return ["[OPTIONS]", *(_argument_name(param) for param in arguments)]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Say what arguments and options mean, without the type that Python reads them as."""
        params = self.get_params(ctx)
        arguments = [(_argument_name(p), p.help or "") for p in params if isinstance(p, TyperArgument)]
        options = [record for p in params if isinstance(p, TyperOption) and (record := p.get_help_record(ctx))]
        for title, records in (("Arguments", arguments), ("Options", options)):
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Refuse an option of one value that is given twice, or given the name of an option, then parse as usual."""
        options = [param for param in self.get_params(ctx) if isinstance(param, TyperOption)]
        _check_values(args, {name: param.is_flag for param in options for name in param.opts})
        _, _, given = self.make_parser(ctx).parse_args(args=list(args))
        for param in given:
            is_single = isinstance(param, TyperOption) and not param.multiple and not param.is_flag
            if is_single and given.count(param) > 1:
                values = " and ".join(repr(value) for value in _values_of(param.opts, args))
                msg = f"{param.opts[0]} takes one value and is given {values}; give it once"
                raise InputError(msg)
        return super().parse_args(ctx, args)


def _argument_name(param: TyperArgument) -> str:
    name = param.metavar or str(param.name).upper()
    return name if param.required or name.startswith("[") else f"[{name}]"


def _check_values(args: Sequence[str], is_switch: Mapping[str, bool]) -> None:
    """Refuse an option whose value is missing, so that the option after it would be taken for it."""
    rest = iter(args)
    for word in rest:
        if word == "--":
            return
        if is_switch.get(word, True):
            continue
        value = next(rest, "")
        if value.partition("=")[0] in is_switch:
            msg = f"{word} has no value: {value} is an option; give one, or write {word}={value} if that is meant"
            raise InputError(msg)


def _values_of(names: Sequence[str], args: Sequence[str]) -> list[str]:
    found = []
    for i, word in enumerate(args):
        name, equals, value = word.partition("=")
        if name in names:
            found.append(value if equals else args[i + 1] if i + 1 < len(args) else "")
    return found


def _refusal(option: str, error: InputError, example: str) -> InputError:
    return InputError(f"{option}: {error}, such as {option} {example}")


def count(option: str, text: str) -> int:
    """Read a whole number within the bounds of its option."""
    least, most, example = COUNTS[option]
    why = ""
    try:
        value = parse_whole(text)
    except InputError as error:
        value, why = least - 1, str(error).partition("; ")[2]
    if not least <= value <= most:
        msg = (
            f"{option} {shown(text)}: a whole number from {least} to {most:,} is wanted{f' ({why})' if why else ''}, "
            f"such as {option} {example}"
        )
        raise InputError(msg)
    return value


def position(text: str) -> Site:
    """Read a place by name, or latitude and longitude [deg]."""
    try:
        return site_named(text)
    except InputError as error:
        msg = f"--at {error}"
        raise InputError(msg) from None


def lengths(option: str, given: Sequence[str], of: Sense) -> tuple[float, ...]:
    """Read lengths, each with its unit [m]; what is given twice counts once.

    Parameters
    ----------
    given : sequence of str
        What each use of the option was given; lengths are separated by commas.
    of : Sense
        What they are: bounds and an example.
    """
    found: list[float] = []
    for text in given:
        parts = words(option, [text], fold=False)
        if len(parts) > 1 and any(_is_bare(part) for part in parts) and flight_level_m(parts[0]) is None:
            msg = f"{option} {shown(text)}: {_both_readings(parts)}"
            raise InputError(msg)
        for part in parts:
            try:
                found.append(read_quantity(part, of))
            except InputError as error:
                raise _refusal(option, error, of.example.replace(" ", "")) from None
    return tuple(dict.fromkeys(found))


def _is_bare(part: str) -> bool:
    """Whether a text is a number without a unit."""
    try:
        return not split_quantity(part)[1]
    except InputError:
        return False


def _both_readings(parts: Sequence[str]) -> str:
    """Say what a list of lengths may have meant of which not each carries its unit."""
    unit = next((split_quantity(part)[1] for part in reversed(parts) if not _is_bare(part)), "m")
    each = " and ".join(f"{part.strip()} {unit}" if _is_bare(part) else part.strip() for part in parts)
    as_number = comma_readings(",".join(part.strip() for part in parts))
    one = as_number.removeprefix("write ").removesuffix(", whichever is meant") if len(parts) == 2 else ""
    one = "" if one.startswith("it ") else f"{one}, or "
    listed = ",".join(f"{part.strip()}{unit}" if _is_bare(part) else part.replace(" ", "") for part in parts)
    return (
        f"{one}{each}? each length carries its own unit, and a number has a decimal point: write {listed} for the list"
    )


def length(option: str, text: str | None, of: Sense) -> float | None:
    """Read one length with its unit [m]."""
    if text is None:
        return None
    if len(words(option, [text], fold=False)) > 1:
        why = (
            comma_readings(text) if _is_bare(text.split(",")[0]) else f"such as {option} {of.example.replace(' ', '')}"
        )
        msg = f"{option} {shown(text)}: one length is wanted; {why}"
        raise InputError(msg)
    try:
        return read_quantity(text, of)
    except InputError as error:
        raise _refusal(option, error, of.example.replace(" ", "")) from None


def degrees(option: str, text: str | None) -> float | None:
    """Read a direction [deg], written with or without its unit."""
    if text is None:
        return None
    try:
        if _is_bare(text):
            return number(option, text, -360.0, 360.0)
        return math.degrees(read_quantity(text, BEARING))
    except InputError as error:
        msg = str(error) if str(error).startswith(option) else f"{option}: {error}"
        raise InputError(msg) from None


def number(option: str, text: str | None, low: float, high: float) -> float | None:
    """Read a number within bounds."""
    if text is None:
        return None
    why = ""
    try:
        value = parse_number(text)
    except InputError as error:
        value, why = float("nan"), str(error).partition("; ")[2]
    if not low <= value <= high:
        msg = f"{option} {shown(text)}: a number from {low:g} to {high:g} is wanted{f' ({why})' if why else ''}"
        raise InputError(msg)
    return value


def words(option: str, given: Sequence[str] | None, *, fold: bool = True) -> tuple[str, ...]:
    """Return the words of an option that collects; none where it is left out.

    Words are separated by commas or come with the option again; what is given twice counts once, and ids are the same
    in capital and in small letters (``fold``).

    Raises
    ------
    InputError
        Nothing is named, or nothing between two commas, before the first or behind the last.
    """
    found: dict[str, None] = {}
    for text in given or ():
        parts = [word.strip() for word in text.split(",")]
        named = [word for word in parts if word]
        if not named:
            msg = f"{option} {shown(text)}: names nothing; give one word or more, {LIST_HINT}, or leave {option} out"
            raise InputError(msg)
        if len(named) < len(parts):
            msg = (
                f"{option} {shown(text)}: nothing stands at one of its commas; write {shown(','.join(named))}, or add "
                "what is missing"
            )
            raise InputError(msg)
        found |= dict.fromkeys(part.lower() if fold else part for part in parts)
    return tuple(found)


def one_of(option: str, text: str, known: Sequence[str]) -> str:
    """Return a word of a closed list, in capital or small letters.

    >>> one_of("--heading", "Beam", ("inbound", "beam"))
    'beam'
    """
    if text.strip().lower() in known:
        return text.strip().lower()
    msg = f"{option} {shown(text)} is not known{did_you_mean(text, known)}; choose one of {', '.join(known)}"
    raise InputError(msg)


def listed(option: str, given: Sequence[str], is_whole: Callable[[str], bool]) -> tuple[str, ...]:
    """Return the words of an argument that takes several, split at commas unless the word stands for itself."""
    found: dict[str, str] = {}
    for text in given:
        for word in [text] if is_whole(text) else words(option, [text], fold=False):
            found.setdefault(word if is_whole(word) else word.casefold(), word)
    return tuple(found.values())


def report_folder(asked: Asked, out: str | None, json_out: bool) -> Path | None:
    """Return the folder of the report, None when only JSON is wanted; checked before anything is computed."""
    if json_out and out is None:
        return None
    if out == "":
        msg = "--out '': names no folder; write one, or leave --out out"
        raise InputError(msg)
    folder = folder_of(asked, command_line(asked.study, asked.values)) if out is None else Path(out)
    check_writable("--out", folder, ("report.html", COMMAND_FILE), ("rasters", "tables"))
    return folder


def check_memory(arguments: Sequence[str]) -> None:
    """Refuse a study for which the limit on addresses (``ulimit -v``) is too low: libraries abort without a word there.

    Raises
    ------
    InputError
        The command, what it wants and what it may have.
    """
    commands = [word for word in arguments if not word.startswith("-")]
    command = next((word for word in commands if word != "export"), "")
    if command not in ADDRESSES_GB or {"--help", "-h"} & set(arguments):
        return
    try:
        import resource
    except ImportError:  # not a Unix system
        return
    from ringtrue.geo.pool import available_threads

    limit_bytes = resource.getrlimit(resource.RLIMIT_AS)[0]
    wanted_gb = ADDRESSES_GB[command] + ADDRESSES_GB_PER_THREAD * available_threads()
    if limit_bytes != resource.RLIM_INFINITY and limit_bytes < wanted_gb * 1e9:
        msg = (
            f"{command} wants {wanted_gb:.1f} GB of address space for its memory, and the limit is "
            f"{limit_bytes / 1e9:.1f} GB; raise it with "
            f"ulimit -v {math.ceil(wanted_gb * 1e9 / 1024)}, or lift it with ulimit -v unlimited"
        )
        raise InputError(msg)


def signature_of(study: Study) -> inspect.Signature:
    """Return the signature that the command of a study is made from: an argument or an option for each row."""
    return inspect.Signature([_parameter(option) for option in study.options])


def signature_of_export(study: Study) -> inspect.Signature:
    """Return the signature of the command that writes a study's answer in other formats."""
    return inspect.Signature([_parameter(option) for option in (*study.asked_with, QUIET, FORMATS, OUT)])


def read_formats(study: Study, given: Sequence[str] | None, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the formats of files that are asked for, checked before anything is computed."""
    return checked_formats(study, read(FORMATS, given), values)


def _parameter(option: Option) -> inspect.Parameter:
    shape: Any = list[str] if option.takes_several else bool if option.kind == "switch" else str
    default: Any = inspect.Parameter.empty
    if not option.is_wanted:
        default = option.default if option.default is None or option.kind == "switch" else str(option.default)
        shape = shape if default is not None else Optional[shape]  # noqa: UP045
    names = completed(option)
    if option.flag:
        said = typer.Option(option.flag, metavar=option.metavar, help=option.help, autocompletion=names)
    else:
        said = typer.Argument(metavar=option.metavar, help=option.help, autocompletion=names)
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    return inspect.Parameter(option.name, kind, default=default, annotation=Annotated[shape, said])


def read(option: Option, given: Any) -> Any:
    """Return what an option of a study is given as text in the form that the study takes, None where it is left out."""
    return READERS[option.kind](option, given) if given is not None else EMPTY.get(option.kind)


def _is_whole_scenario(text: str) -> bool:
    return is_scenario(text) and "," not in Path(text).name


def _levels(option: Option, given: Sequence[str]) -> Lengths:
    found = Lengths(lengths(option.flag, given, _sense(option)))
    found.written = words(option.flag, given, fold=False)
    found.said = said_of_levels(option, found.written)
    return found


def _sense(option: Option) -> Sense:
    assert option.sense is not None
    return option.sense


def _number(option: Option, given: str) -> float | None:
    assert option.bounds is not None
    return number(option.flag, given, *option.bounds)


def _draw(option: Option, given: str) -> int | str:
    return "nominal" if given.lower() == "nominal" else count(option.flag, given)


def _paths(_option: Option, given: Sequence[str]) -> tuple[Path, ...]:
    return tuple({Path(f).absolute(): Path(f) for f in given}.values())


EMPTY: dict[str, Any] = {"words": (), "choices": (), "changes": (), "paths": ()}
READERS: dict[str, Callable[[Option, Any], Any]] = {
    "scenario": lambda _, given: given,
    "systems": lambda _, given: listed("SYSTEM", given, _is_whole_scenario),
    "path": lambda _, given: Path(given) if given else None,
    "paths": _paths,
    "site": lambda _, given: position(given),
    "targets": lambda option, given: words(option.flag, given, fold=False),
    "lengths": _levels,
    "length": lambda option, given: length(option.flag, given, _sense(option)),
    "ground": lambda option, given: length(option.flag, given, _sense(option)),
    "degrees": lambda option, given: degrees(option.flag, given),
    "number": _number,
    "count": lambda option, given: count(option.flag, given),
    "draw": _draw,
    "words": lambda option, given: words(option.flag, given),
    "choices": lambda option, given: tuple(one_of(option.flag, w, option.among) for w in words(option.flag, given)),
    "choice": lambda option, given: one_of(option.flag, given, option.among),
    "changes": lambda _, given: tuple(given),
    "switch": lambda _, given: given,
    "text": lambda _, given: given,
    "dem": lambda _, given: given,
    "catalogue": lambda _, given: given,
}
