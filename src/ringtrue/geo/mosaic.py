"""Mosaics (.vrt): text that names other files. Only plain mosaics of supported files in their own folder are read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from ringtrue.errors import InputError

MARK = b"<VRTDataset"
HEAD_BYTES = 8_192
MOST_BYTES = 10_000_000
MOST_FILES = 2_000
PLAIN_PARTS = {
    "VRTDataset", "SRS", "GeoTransform", "Metadata", "MDI", "BlockXSize", "BlockYSize", "OverviewList", "VRTRasterBand",
    "NoDataValue", "HideNoDataValue", "ColorInterp", "UnitType", "Offset", "Scale", "Description", "Histograms",
    "HistItem", "HistMin", "HistMax", "BucketCount", "IncludeOutOfRange", "Approximate", "HistCounts", "SimpleSource",
    "ComplexSource", "SourceFilename", "SourceBand", "SourceProperties", "SrcRect", "DstRect", "NODATA", "ScaleOffset",
    "ScaleRatio", "UseMaskBand", "MaskBand",
}  # fmt: skip
REMEDY = "write it as one GeoTIFF with gdal_translate, where you trust it"


def is_mosaic(path: Path) -> bool:
    """Whether a file begins like a mosaic, whatever its name."""
    with path.open("rb") as file:
        return MARK in file.read(HEAD_BYTES)


def sources_of(path: Path) -> list[Path]:
    """Return the files that a mosaic is made of, each inside the folder of the mosaic.

    Raises
    ------
    InputError
        It is no plain mosaic: a warp, a raw band, a function, or a file elsewhere.
    """
    if path.stat().st_size > MOST_BYTES:
        msg = f"{path}: is a mosaic of more than {MOST_BYTES // 1_000_000} MB of text; {REMEDY}"
        raise InputError(msg)
    text = path.read_bytes()
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        msg = f"{path}: defines entities, which are not read; {REMEDY}"
        raise InputError(msg)
    try:
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError, RecursionError, LookupError) as error:
        msg = f"{path}: is no mosaic that can be read ({error}); make it again with gdalbuildvrt -vrtnodata -32768"
        raise InputError(msg) from None
    found: dict[Path, None] = {}
    if root.tag != "VRTDataset":
        msg = f"{path}: is no mosaic that can be read (<{root.tag}>); make it again with gdalbuildvrt -vrtnodata -32768"
        raise InputError(msg)
    for part in root.iter():
        kind = part.get("subClass")
        if part.tag not in PLAIN_PARTS or kind is not None:
            msg = f"{path}: uses {kind or part.tag}, but only plain mosaics are read; {REMEDY}"
            raise InputError(msg)
        if part.tag == "SourceFilename":
            found[_inside(path, part.text or "", part.get("relativeToVRT", "0").strip() == "1")] = None
    if not found:
        msg = f"{path}: names no file; make it again with gdalbuildvrt -vrtnodata -32768"
        raise InputError(msg)
    if len(found) > MOST_FILES:
        msg = f"{path}: is made of {len(found):,} files, more than {MOST_FILES:,}; {REMEDY}"
        raise InputError(msg)
    return list(found)


class LeftOut(NamedTuple):
    """Which cells of one of its files a mosaic does not take: those of a value, those that the file's mask hides."""

    value: float | None
    hidden: bool


def left_out(path: Path) -> dict[Path, list[LeftOut]]:
    """Return what a mosaic leaves out of each of its files, once for each time that it names the file.

    ``path`` is a mosaic that `sources_of` has read.
    """
    found: dict[Path, list[LeftOut]] = {}
    for band in ElementTree.fromstring(path.read_bytes()).findall("VRTRasterBand"):
        for source in band:
            name = source.find("SourceFilename")
            if name is None:
                continue
            file = _inside(path, name.text or "", name.get("relativeToVRT", "0").strip() == "1")
            is_complex = source.tag == "ComplexSource"
            try:
                value = float(source.findtext("NODATA", "")) if is_complex else None
            except ValueError:
                value = None
            hidden = is_complex and source.findtext("UseMaskBand", "").strip().lower() in ("true", "1", "yes", "on")
            found.setdefault(file, []).append(LeftOut(value, hidden))
    return found


def _inside(path: Path, name: str, is_relative: bool) -> Path:
    shown = " ".join(name.split())[:80]
    if re.search(r"[:<>\x00-\x1f]", re.sub(r"^[A-Za-z]:[\\/]", "", name)) or name.startswith(("/vsi", "\\\\", "//")):
        msg = f"{path}: takes its cells from {shown!r}, which is no file on this machine; {REMEDY}"
        raise InputError(msg)
    try:
        source = (path.parent / name if is_relative else Path(name)).resolve()
        is_file = source.is_file()
    except (OSError, RuntimeError, ValueError):
        source, is_file = Path(), False
    if not is_file:
        msg = f"{path}: takes its cells from {shown!r}, which is not there; put the file beside the mosaic"
        raise InputError(msg)
    if not source.is_relative_to(path.resolve().parent):
        msg = (
            f"{path}: takes its cells from {shown!r}, outside its own folder; put the mosaic beside its files, or "
            "write it as one GeoTIFF with gdal_translate"
        )
        raise InputError(msg)
    return source
