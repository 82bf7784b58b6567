"""Options of the command line: declared once, read as text and checked, so that a refusal is one plain sentence."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from ringtrue.errors import InputError
from ringtrue.whole import check_writable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Scenario = Annotated[str, typer.Argument(metavar="SCENARIO", help="A shipped scenario or a file.")]
Laydowns = Annotated[Optional[str], typer.Option("--laydown", help="Laydowns, separated by commas.")]  # noqa: UP045
Raids = Annotated[Optional[str], typer.Option("--raid", help="Raids, separated by commas.")]  # noqa: UP045
Replications = Annotated[str, typer.Option("--replications", help="Raids played in each draw.")]
Change = Annotated[Optional[list[str]], typer.Option("--set", metavar="KEY=VALUE", help="Change a key of the file.")]  # noqa: UP045
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Seed = Annotated[str, typer.Option("--seed", help="Seed of every random stream.")]
Draws = Annotated[str, typer.Option("--draws", help="Draws of the unknown parameters.")]
Threads = Annotated[Optional[str], typer.Option("--threads", help="Threads; the result never depends on them.")]  # noqa: UP045
Cat = Annotated[Optional[str], typer.Option("--catalogue", help="Folder of files that extend or override.")]  # noqa: UP045
Out = Annotated[Optional[str], typer.Option("--out", help="Folder for the report and its files.")]  # noqa: UP045
Dem = Annotated[Optional[str], typer.Option("--dem", help="Elevation model: a file, an added name, or none.")]  # noqa: UP045
Ground = Annotated[Optional[str], typer.Option("--ground", help="Altitude of bare earth above mean sea level.")]  # noqa: UP045

COUNTS = {  # option: least, most, an example
    "--draws": (1, 100_000, 1000), "--replications": (1, 100_000, 50), "--seed": (0, 2**63 - 1, 1),
    "--threads": (1, 1024, 4), "--chunks": (1, 100_000, 4), "--trace": (0, 99_999, 0), "--draw": (0, 99_999, 0),
    "--reliefs": (0, 64, 5),
}  # fmt: skip
# address space (not memory) that a study at its default size reserves while it compiles, and what a thread adds
ADDRESSES_GB = {
    "audit": 2.8, "compare": 2.9, "engage": 2.0, "network": 2.0, "exposure": 2.0, "relocation": 2.0, "claims": 2.0,
    "verify": 2.0,
}  # fmt: skip
ADDRESSES_GB_PER_THREAD = 0.05
LENGTHS_KM = {
    "--height": (40, "50m"),
    "--amsl": (40, "3000m"),
    "--mast": (40, "25m"),
    "--site-radius": (40, "10km"),
    "--radius": (2000, "400km"),
}


def count(option: str, text: str) -> int:
    """Read a whole number within the bounds of its option."""
    least, most, example = COUNTS[option]
    try:
        value = int(text)
    except ValueError:
        value = least - 1
    if not least <= value <= most:
        msg = f"{option} {text!r}: a whole number from {least} to {most:,} is wanted, such as {option} {example}"
        raise InputError(msg)
    return value


def thread_count(text: str | None) -> int | None:
    """Read the number of threads; None leaves it to the machine."""
    return None if text is None else count("--threads", text)


def position(text: str) -> tuple[float, float]:
    """Read latitude and longitude [deg]."""
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


def lengths(option: str, text: str) -> tuple[float, ...]:
    """Read lengths with their units, separated by commas [m]."""
    from ringtrue.units import parse_quantity

    most_km, example = LENGTHS_KM[option]
    found = []
    for part in words(option, text):
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


def length(option: str, text: str | None) -> float | None:
    """Read one length with its unit [m]."""
    if text is None:
        return None
    found = lengths(option, text)
    if len(found) > 1:
        msg = f"{option} {text!r}: one length is wanted, such as {option} {LENGTHS_KM[option][1]}"
        raise InputError(msg)
    return found[0]


def ground_altitude(text: str | None) -> float | None:
    """Read the altitude of bare earth with its unit [m]; it may lie below the sea."""
    from ringtrue.units import parse_quantity

    if text is None:
        return None
    try:
        return parse_quantity(text, "m")
    except InputError as error:
        msg = f"--ground: {error}"
        raise InputError(msg) from None


def number(option: str, text: str | None, low: float, high: float) -> float | None:
    """Read a number within bounds."""
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


def words(option: str, text: str | None) -> tuple[str, ...]:
    """Read words separated by commas; none where the option is left out."""
    if text is None:
        return ()
    found = tuple(w.strip() for w in text.split(",") if w.strip())
    if not found:
        msg = f"{option} {text!r}: names nothing; give one word or more, with commas between, or leave {option} out"
        raise InputError(msg)
    return found


def report_folder(out: str | None, name: str, json_out: bool) -> Path | None:
    """Return the folder of the report, None when only JSON is wanted; checked before anything is computed."""
    from pathlib import Path

    if json_out and out is None:
        return None
    if out == "":
        msg = "--out '': names no folder; write one, or leave --out out"
        raise InputError(msg)
    folder = Path("ringtrue-out") / name if out is None else Path(out)
    check_writable("--out", folder, ("report.html",), ("rasters",))
    return folder


def check_memory(arguments: Sequence[str]) -> None:
    """Refuse a study for which the limit on addresses (``ulimit -v``) is too low: libraries abort without a word there.

    Raises
    ------
    InputError
        The command, what it wants and what it may have.
    """
    command = next((word for word in arguments if not word.startswith("-")), "")
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
