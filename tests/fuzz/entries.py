"""Entries of the disk store that were damaged, exchanged, or never were entries."""

from __future__ import annotations

import io
import os
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np

from ringtrue.geo import cache
from ringtrue.geo.elevation import open_model
from ringtrue.geo.surface import terrain_surface

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

    from ringtrue.geo.surface import TerrainSurface


def swept(seed: int) -> TerrainSurface:
    """Ask for a small surface at one of three sites; stored ones are taken from the store."""
    latitude_deg, longitude_deg = ((40.0, 32.5), (36.0, 30.7), (49.9, 33.0))[seed % 3]
    return terrain_surface(
        open_model(None), latitude_deg, longitude_deg, antenna_height_m=20.0, k_factor=4 / 3, reach_m=12e3,
        out_cell_m=2000.0, nesting=0, threads=1,
    )  # fmt: skip


def same(one: TerrainSurface, other: TerrainSurface) -> bool:
    """Whether two surfaces are the same bits."""
    return all(
        getattr(one, name).tobytes() == getattr(other, name).tobytes()
        for name in ("lowest_visible_altitude_m", "ground_altitude_m", "is_covered")
    )


def damage(rng: Random, path: Path) -> str:
    """Do something to an entry, and say what."""
    whole = path.read_bytes()
    kind = rng.choice(_KINDS)
    path.unlink()
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "link":
        path.symlink_to(rng.choice(("/dev/zero", "/etc/passwd", "/dev/null", str(path), "nowhere", "..")))
    elif kind == "unreadable":
        path.write_bytes(whole)
        path.chmod(0)
    elif kind in ("cut", "bits", "longer", "empty", "noise"):
        path.write_bytes(_bytes(rng, kind, whole))
    else:
        path.write_bytes(_archive(rng, kind, whole))
    return kind


_KINDS = (
    "fifo", "folder", "link", "unreadable", "cut", "bits", "bits", "longer", "empty", "noise", "value", "value", "nan",
    "shape", "dtype", "name", "missing", "object", "digest", "bomb", "encrypted", "header", "resealed shape",
    "resealed nan", "resealed type", "doubled",
)  # fmt: skip


def _bytes(rng: Random, kind: str, whole: bytes) -> bytes:
    if kind == "cut":
        return whole[: rng.randrange(len(whole))]
    if kind == "bits":
        content = bytearray(whole)
        for _ in range(rng.randrange(1, 4)):
            content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
        return bytes(content)
    return {"longer": whole + rng.randbytes(rng.choice((1, 100_000))), "empty": b"", "noise": rng.randbytes(500)}[kind]


def _archive(rng: Random, kind: str, whole: bytes) -> bytes:
    with np.load(io.BytesIO(whole)) as file:
        arrays: dict[str, Any] = {name: file[name].copy() for name in file.files}
    name = rng.choice(("lowest", "ground"))
    cell = tuple(rng.randrange(side) for side in arrays[name].shape)
    if kind == "value":
        arrays[name][cell] = rng.choice((0.0, 1e9, -5.0, 123.0))
    elif kind == "nan":
        arrays[name][cell] = rng.choice((np.nan, np.inf, -np.inf))
    elif kind in ("shape", "resealed shape"):
        arrays[name] = rng.choice((arrays[name][:-1], arrays[name][None], arrays[name].ravel(), arrays[name][:0]))
    elif kind in ("dtype", "resealed type"):
        arrays[name] = arrays[name].astype(rng.choice(("<f8", ">f4", "<i4", "|b1", "<f2", "<c8", "<U4")))
    elif kind == "resealed nan":
        arrays[name][tuple(side // 2 for side in arrays[name].shape)] = rng.choice((np.nan, np.inf))
    elif kind == "name":
        arrays[f"../{name}"] = arrays.pop(name)
    elif kind == "missing":
        del arrays[rng.choice(list(arrays))]
    elif kind == "object":
        arrays[name] = np.array([{"a": 1}], dtype=object)
    elif kind == "digest":
        arrays["digest"] = arrays["digest"][::-1].copy()
    if kind.startswith("resealed"):
        arrays.pop("digest")
        return _sealed(arrays)
    packed = io.BytesIO()
    (np.savez_compressed if kind == "bomb" else np.savez)(packed, **arrays)
    if kind == "bomb":
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for one in (*arrays, "more"):
                archive.writestr(f"{one}.npy", b"\0" * 20_000_000)
    content = packed.getvalue()
    if kind == "encrypted":
        content = content.replace(b"PK\x01\x02\x2d\x03\x2d\x00\x00\x00", b"PK\x01\x02\x2d\x03\x2d\x00\x01\x00")
    elif kind == "header":
        content = content.replace(b"'shape': (", b"'shape': (9", 1)
    elif kind == "doubled":
        content += content
    return content


def _sealed(arrays: dict[str, Any]) -> bytes:
    """What the program itself would store for arrays that it never makes: a right digest over the wrong arrays."""
    packed = io.BytesIO()
    digest = np.frombuffer(cache._digest(_sealed.key, arrays), dtype=np.uint8)
    cache._write(packed, {**{name: np.ascontiguousarray(array) for name, array in arrays.items()}, "digest": digest})
    return packed.getvalue()


_sealed.key = ""


def check(rng: Random, store: Path, first: TerrainSurface, seed: int) -> str:
    """Damage the entry of one surface: it must come out of a sweep again with the same bits. Return what was done."""
    (path,) = [p for p in store.iterdir() if p.is_file() and not p.is_symlink()]
    _sealed.key = path.stem
    kind = damage(rng, path)
    assert same(swept(seed), first), kind
    for other in list(store.iterdir()):
        assert other == path, f"{kind} left {other.name}"
    return kind
