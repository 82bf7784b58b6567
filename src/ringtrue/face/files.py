"""Files that open in other programs: the formats, what each needs, and writing an answer in those asked for."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NamedTuple

from ringtrue.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from ringtrue.face.result import Result
    from ringtrue.face.table import Study


class Format(NamedTuple):
    """One kind of file.

    Attributes
    ----------
    write : callable
        Writes an answer into a folder and returns the paths.
    wants : str
        What a study must have for it: ``tables``, which all have, ``map``, ``rasters`` or ``trace``.
    modules : tuple of str
        Modules that must be installed, with the extra "formats".
    """

    write: Callable[[Result, Path], list[Path]]
    wants: str
    modules: tuple[str, ...] = ()


def _csv(result: Result, folder: Path) -> list[Path]:
    from ringtrue.formats.tables import write_tables

    return write_tables(result.found, folder / "tables")


def _parquet(result: Result, folder: Path) -> list[Path]:
    from ringtrue.formats.tables import write_parquet

    return write_parquet(result.found, folder / "tables")


def _geopackage(result: Result, folder: Path) -> list[Path]:
    from ringtrue.formats.vector import write_geopackage

    return [write_geopackage(result.map(), folder / f"{result.study.name}.gpkg")]


def _geoparquet(result: Result, folder: Path) -> list[Path]:
    from ringtrue.formats.vector import write_geoparquet

    return write_geoparquet(result.map(), folder / "layers")


def _kml(result: Result, folder: Path) -> list[Path]:
    from ringtrue.formats.kml import kml_bytes

    return [_written(folder / f"{result.study.name}.kml", kml_bytes(result.map()))]


def _kmz(result: Result, folder: Path) -> list[Path]:
    from ringtrue.formats.kml import kmz_bytes

    return [_written(folder / f"{result.study.name}.kmz", kmz_bytes(result.map()))]


def _written(path: Path, content: bytes) -> Path:
    from ringtrue.whole import write_whole

    write_whole(path, content)
    return path


FORMATS: dict[str, Format] = {
    "csv": Format(_csv, "tables"),
    "parquet": Format(_parquet, "tables"),
    "geopackage": Format(_geopackage, "map", ("pyogrio",)),
    "geoparquet": Format(_geoparquet, "map"),
    "kml": Format(_kml, "map"),
    "kmz": Format(_kmz, "map"),
}
ALIASES = {"gpkg": "geopackage"}
WORDS = (*FORMATS, *ALIASES)


def checked_formats(study: Study, words: Sequence[str], values: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the formats that words name, each once, checked before anything is computed.

    Raises
    ------
    InputError
        A format that the study has nothing for, or for which a package is missing.
    """
    names = tuple(dict.fromkeys(ALIASES.get(word, word) for word in words))
    for name in names:
        lacking = study.lacking(FORMATS[name].wants, values)
        if lacking:
            fitting = [word for word, one in FORMATS.items() if not study.lacking(one.wants, values)]
            msg = f"--format {name}: {lacking}; formats that {study.name} has here: {', '.join(fitting)}"
            raise InputError(msg)
        missing = [module for module in FORMATS[name].modules if find_spec(module) is None]
        if missing:
            msg = f"--format {name} wants {missing[0]}, which is not installed; get it: pip install 'ringtrue[formats]'"
            raise InputError(msg)
    return names


def write_files(result: Result, formats: Sequence[str], folder: Path) -> list[Path]:
    """Write an answer in each of the formats into a folder and return the paths."""
    return [path for name in formats for path in FORMATS[name].write(result, folder)]
