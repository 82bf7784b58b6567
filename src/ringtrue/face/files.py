"""Files that open in other programs: the formats, what each needs, and writing an answer in those asked for."""

from __future__ import annotations

import re
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


def _cog(result: Result, folder: Path) -> list[Path]:
    from ringtrue.coverage.shares import engageable_shares
    from ringtrue.formats.audit_shapes import unit_names
    from ringtrue.formats.cog import cog_bytes, lowest_bands, share_bands

    audits = result.found.results
    if not any(audit.layers for audit in audits):
        msg = "--format cog: ballistic classes have no raster; ask for a class that flies at a height, or leave cog out"
        raise InputError(msg)
    paths = []
    for unit, audit in zip(unit_names(audits), audits, strict=True):
        if not audit.layers:
            continue
        place = folder / "rasters"
        low = cog_bytes(audit, lowest_bands(audit), f"{audit.system_name}: lowest altitude in line of sight")
        paths.append(_written(place / f"{file_words(unit)}-lowest-in-sight.tif", low))
        found = list(engageable_shares(audit.question, result.asked.run, step_m=audit.layers[0].cell_m))
        for target in dict.fromkeys(one.target_id for one in found):
            bands = share_bands(audit, [one for one in found if one.target_id == target])
            title = f"{audit.system_name}: share of draws in which {target} can be engaged"
            name = f"{file_words(f'{unit}-{target}')}-engageable-share.tif"
            paths.append(_written(place / name, cog_bytes(audit, bands, title)))
    return paths


def _czml(result: Result, folder: Path) -> list[Path]:
    from ringtrue.formats.czml import czml_bytes

    return [_written(folder / f"{result.study.name}.czml", czml_bytes(result.map()))]


def _acmi(result: Result, folder: Path) -> list[Path]:
    from ringtrue.formats.acmi import TracedRaid, acmi_text

    told, asked = result.found.trace, result.asked
    traced = TracedRaid(
        laydown=result.found.scenario.laydown(told.laydown), raid=result.found.scenario.raid(told.raid),
        assets=result.found.scenario.assets, flights=told.flights, paths=told.paths, draw=told.path_draw,
        events=told.told, draw_words=told.draw, replication=told.replication,
        scenario_hash=result.found.scenario.content_hash,
    )  # fmt: skip
    name = f"engage-{told.laydown}-{told.raid}-draw-{told.draw}-replication-{told.replication}"
    text = acmi_text(traced, asked.catalogue, asked.model)
    return [_written(folder / f"{file_words(name)}.acmi", text.encode("utf-8-sig"))]


def file_words(name: str) -> str:
    """Return a name as a part of a file's name.

    >>> file_words("s-400-tr:40n6e/1")
    's-400-tr-40n6e-1'
    """
    return re.sub(r"[^A-Za-z0-9._@-]+", "-", name)


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
    "cog": Format(_cog, "rasters"),
    "czml": Format(_czml, "map", ("czml3",)),
    "acmi": Format(_acmi, "trace"),
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
