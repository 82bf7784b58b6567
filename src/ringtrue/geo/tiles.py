"""SRTM tiles (.hgt), plain or packed: read no further than a tile can reach."""

from __future__ import annotations

import gzip
import re
import zipfile
import zlib
from typing import IO, TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ringtrue.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

SIDES = {1201: "3 arc-seconds", 3601: "1 arc-second"}
MOST_BYTES = 2 * max(SIDES) ** 2
VOID = -32768
ENDINGS = (".hgt", ".hgt.gz", ".zip")


def is_tile(path: Path) -> bool:
    """Whether a name is that of an SRTM tile or of an archive that should hold one."""
    return path.name.lower().endswith(ENDINGS)


def read_tile(path: Path) -> tuple[tuple[float, float, float, float], NDArray[np.int16]]:
    """Return where the cell centres lie (x0, dx, y0, dy in degrees) and the altitudes, row 0 in the north.

    Raises
    ------
    InputError
        Damaged, not of the size of a tile, or without a place in its name.
    """
    name, data = _bytes(path)
    side = round((len(data) / 2) ** 0.5)
    if side not in SIDES or 2 * side * side != len(data):
        size = f"more than {MOST_BYTES:,}" if len(data) > MOST_BYTES else f"{len(data):,}"
        msg = (
            f"{path}: has {size} bytes, but an .hgt tile has 2,884,802 (3 arc-seconds) or 25,934,402 (1 arc-second); "
            "it is truncated or not SRTM, fetch it again"
        )
        raise InputError(msg)
    corner = re.match(r"([NS])([0-9]{2})([EW])([0-9]{3})", name, re.IGNORECASE)
    south = float(corner[2]) * (1.0 if corner[1].upper() == "N" else -1.0) if corner else 90.0
    west = float(corner[4]) * (1.0 if corner[3].upper() == "E" else -1.0) if corner else 180.0
    if not (-90.0 <= south <= 89.0 and -180.0 <= west <= 179.0):
        msg = f"{path}: an .hgt tile says where it lies by its name, like N40E032.hgt; rename it"
        raise InputError(msg)
    step = 1.0 / (side - 1)
    return (west, step, south + 1.0, -step), np.frombuffer(data, dtype=">i2").reshape(side, side)


def _bytes(path: Path) -> tuple[str, bytes]:
    """Name of the tile and its bytes, at most one more than a tile can have."""
    name = path.name.lower()
    try:
        if name.endswith(".gz"):
            with gzip.open(path) as packed:
                return path.name, _read(packed)
        if name.endswith(".zip"):
            with zipfile.ZipFile(path) as archive:
                entries = [entry for entry in archive.infolist() if entry.filename.lower().endswith(".hgt")]
                if len(entries) != 1:
                    msg = f"{path}: holds {len(entries)} .hgt tiles; give an archive with one, or a GeoTIFF"
                    raise InputError(msg)
                with archive.open(entries[0]) as entry:
                    return entries[0].filename.rsplit("/", 1)[-1], _read(entry)
        with path.open("rb") as file:
            return path.name, _read(file)
    except InputError:
        raise
    except (OSError, EOFError, ValueError, RuntimeError, NotImplementedError, zlib.error, zipfile.BadZipFile) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        msg = f"{path}: cannot be unpacked ({reason}); the file is truncated, damaged or locked, fetch it again"
        raise InputError(msg) from None


def _read(file: IO[bytes] | gzip.GzipFile) -> bytes:
    return file.read(MOST_BYTES + 1)
