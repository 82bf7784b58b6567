"""The user's own elevation models: kept as one checked GeoTIFF each, listed, removed, told about."""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ringtrue.errors import GroundWarning, InputError, did_you_mean
from ringtrue.geo.elevation import SHIPPED_NAME, ElevationModel, name_of, open_model
from ringtrue.geo.folders import data_dir
from ringtrue.geo.geodesy import direct
from ringtrue.geo.rasters import CRS_TAG, DATUM_TAG, FORMAT_WORDS, UNTIED_TAG, VERTICAL_TAG, quiet, read_raster
from ringtrue.geo.zeros import MOST_SHARE, REMEDY, zero_share, zeros_on_land
from ringtrue.whole import folder_made, whole_path

if TYPE_CHECKING:
    from ringtrue.geo.rasters import Raster

ENDING = ".tif"
VOID = -32768
ROWS_PER_BAND = 256
COPIED_BYTES = 1 << 24
RING_STEP_M, RING_AZIMUTHS = 1000.0, 720


def added_models() -> dict[str, Path]:
    """Return the models that ``ringtrue terrain add`` has stored, by name."""
    folder = data_dir() / "terrain"
    try:
        found = sorted(path for path in folder.glob(f"*{ENDING}") if path.is_file())
    except OSError:
        return {}
    return {name_of(path): path for path in found}


def terrain_add(path: str | Path, *, replace: bool = False) -> str:
    """Check a model, keep it as one GeoTIFF in metres in the data folder, and return the name that ``--dem`` finds.

    The copy is opened, and holds the same altitudes at the same places, before it takes its place.

    Parameters
    ----------
    path : str or Path
        Anything that ``open_model`` reads.
    replace : bool
        Take the place of another model of the same name.

    Raises
    ------
    InputError
        The model is refused by ``open_model``, its name is taken by another, or the folder cannot be written to.
    """
    source = Path(path)
    if not source.exists():
        msg = f"{path}: there is no such file; give {FORMAT_WORDS}"
        raise InputError(msg)
    model = open_model(source)
    name = model.name
    if name.lower() in (SHIPPED_NAME, "none") or name.startswith("."):
        msg = f"{path}: {name!r} cannot be the name of a model of your own; rename the file"
        raise InputError(msg)
    n_zeros = int(np.count_nonzero(zeros_on_land(model)))
    if n_zeros:
        warnings.warn(f"{path}: {_zero_words(n_zeros)}", GroundWarning, stacklevel=2)
    folder = data_dir() / "terrain"
    place = folder / f"{name}{ENDING}"
    if place.exists() and not replace:
        if _is_same(place, model):
            return name
        msg = f"{path}: a different model is already called {name!r}; give --replace, or rename the file"
        raise InputError(msg)
    try:
        with folder_made(folder), whole_path(place) as part:
            _write(part, model.raster, as_tag=False)
            if not _is_same(part, model):
                _write(part, model.raster, as_tag=True)
                if not _is_same(part, model):
                    msg = f"{path}: cannot be kept as one GeoTIFF; reproject it with gdalwarp -t_srs EPSG:4326 first"
                    raise InputError(msg)
    except OSError as error:
        msg = (
            f"{folder}: cannot be written to ({error.strerror or 'the disk may be full'}); set RINGTRUE_DATA to a "
            "folder of your own"
        )
        raise InputError(msg) from None
    return name


def _zero_words(n_cells: int) -> str:
    return (
        f"{n_cells:,} cells on land lie in patches of exactly 0 m: gaps filled with 0? "
        f"A ring with more than 1 % of its land in them is refused; {REMEDY}"
    )


def _is_same(path: Path, model: ElevationModel) -> bool:
    """Whether a kept file holds what a model holds; a file that cannot be read holds something else."""
    try:
        return read_raster(path).content_key == model.content_key
    except InputError:
        return False


def _write(path: Path, raster: Raster, *, as_tag: bool) -> None:
    """Write one GeoTIFF in metres, with no notes beside it; a projection it has no words for goes into a tag.

    It is packed in memory: on a full disk the library that packs it writes to the screen and loses the reason.
    """
    from rasterio import Affine
    from rasterio.errors import RasterioError
    from rasterio.io import MemoryFile
    from rasterio.windows import Window

    altitude_m = raster.altitude_m
    n_rows, n_columns = altitude_m.shape
    x0, dx, y0, dy = raster.geotransform
    is_whole = all(_is_whole(altitude_m[i : i + ROWS_PER_BAND]) for i in range(0, n_rows, ROWS_PER_BAND))
    dtype, void, predictor = ("int16", float(VOID), 2) if is_whole else ("float32", float("nan"), 3)
    tags = {DATUM_TAG: raster.map.name, VERTICAL_TAG: raster.map.vertical, UNTIED_TAG: raster.map.untied}
    try:
        with quiet(), MemoryFile() as packed:
            with packed.open(
                driver="GTiff", height=n_rows, width=n_columns, count=1, dtype=dtype, nodata=void,
                crs=None if as_tag else raster.map.crs, compress="deflate", predictor=predictor, tiled=True,
                bigtiff="if_safer",
                transform=Affine(dx, 0.0, x0 - dx / 2.0, 0.0, dy, y0 - dy / 2.0),
            ) as dataset:  # fmt: skip
                dataset.update_tags(**tags, **({CRS_TAG: raster.map.crs} if as_tag else {}))
                dataset.units = ("m",)
                for first in range(0, n_rows, ROWS_PER_BAND):
                    band = altitude_m[first : first + ROWS_PER_BAND]
                    values = np.where(np.isnan(band), np.float32(VOID), band).astype(dtype) if is_whole else band
                    dataset.write(values, 1, window=Window(0, first, n_columns, band.shape[0]))
            with path.open("wb") as file:
                shutil.copyfileobj(packed, file, COPIED_BYTES)
    except RasterioError as error:
        raise OSError(0, " ".join(str(error).split())) from None


def _is_whole(altitude_m: np.ndarray[Any, Any]) -> bool:
    known = altitude_m[np.isfinite(altitude_m)]
    return bool((known == np.rint(known)).all())


def terrain_remove(name: str) -> Path:
    """Remove a model that was added, and return the file that is gone.

    Raises
    ------
    InputError
        There is no such model, it is the shipped one, or the folder cannot be written to.
    """
    known = added_models()
    if name not in known:
        if name in (SHIPPED_NAME, "none"):
            msg = f"terrain remove {name}: is part of the program; only added models can be removed"
        else:
            msg = (
                f"terrain remove {name}: no such model was added{did_you_mean(name, known)}; see ringtrue terrain list"
            )
        raise InputError(msg)
    try:
        known[name].unlink()
    except OSError as error:
        msg = f"{known[name]}: cannot be removed ({error.strerror}); check the permissions of its folder"
        raise InputError(msg) from None
    return known[name]


def terrain_list_lines() -> list[str]:
    """Return what ``ringtrue terrain list`` prints: the shipped model and those that were added."""
    lines = [f"{SHIPPED_NAME}: shipped, 18-50 E, 30-50 N, 30 arc-seconds"]
    for name, path in added_models().items():
        lines.append(f"{name}: {path.stat().st_size / 1e6:,.1f} MB, {path}")
    return lines


def covered_share(model: ElevationModel, latitude_deg: float, longitude_deg: float, radius_m: float) -> float:
    """Share of a ring that a model knows, together with everything between it and the middle [0 to 1].

    >>> covered_share(open_model(None), 40.0789, 32.5656, 100e3)
    1.0
    """
    distance_m = (np.arange(int(radius_m / RING_STEP_M)) + 0.5) * (radius_m / int(radius_m / RING_STEP_M))
    azimuth_rad = np.arange(RING_AZIMUTHS) * (2.0 * np.pi / RING_AZIMUTHS)
    points = direct(latitude_deg, longitude_deg, azimuth_rad[:, None], distance_m[None, :])
    is_known = np.isfinite(model.sample(points.latitude_deg, points.longitude_deg))
    is_known &= bool(np.isfinite(model.sample(latitude_deg, longitude_deg)))
    is_covered = np.logical_and.accumulate(is_known, axis=1)
    return float((is_covered * distance_m).sum() / (distance_m.sum() * RING_AZIMUTHS))


def terrain_info(
    model: ElevationModel, at: tuple[float, float] | None = None, radius_m: float = 400e3
) -> dict[str, Any]:
    """Return what there is to say about a model, by key; ``ringtrue terrain info --json`` prints it.

    Parameters
    ----------
    model : ElevationModel
        Ground.
    at : (latitude, longitude), optional
        Middle of a ring [degree]; its covered share is told, and that of its land in patches of zeros.
    radius_m : float
        Of the ring [m].
    """
    if model.is_bare_earth:
        return {"name": model.name, "ground_altitude_m": model.bare_altitude_m}
    n_cells = model.altitude_m.size
    is_zero = zeros_on_land(model)
    raster = model.raster
    told: dict[str, Any] = {
        "name": model.name,
        "file": model.path.name,
        "format": raster.format_name,
        "bounds_deg": [round(edge, 6) for edge in model.bounds_deg],
        "rows": model.shape[0],
        "columns": model.shape[1],
        "resolution_m": round(model.resolution_m, 3),
        "lowest_m": float(np.fmin.reduce(model.altitude_m, axis=None)),
        "highest_m": float(np.fmax.reduce(model.altitude_m, axis=None)),
        "unit": raster.unit,
        "datum": raster.map.name,
        "datum_untied": raster.map.untied or None,
        "vertical_datum": raster.map.vertical or None,
        "gap_cells": raster.n_voids,
        "gap_share": round(raster.n_voids / n_cells, 6),
        "zero_cells_on_land": int(np.count_nonzero(is_zero)),
        "content_key": model.content_key,
    }
    if at is not None:
        told["ring"] = {
            "latitude_deg": at[0], "longitude_deg": at[1], "radius_m": radius_m,
            "covered_share": round(covered_share(model, *at, radius_m), 4),
            "zero_share_of_land": float(f"{zero_share(model, *at, radius_m):.4g}"),
        }  # fmt: skip
    return told


def terrain_info_lines(
    model: ElevationModel, at: tuple[float, float] | None = None, radius_m: float = 400e3
) -> list[str]:
    """Return what ``ringtrue terrain info`` prints about a model."""
    if model.is_bare_earth:
        known = model.bare_altitude_m
        where = "at the ground altitude of the site" if known is None else f"at {known:g} m above mean sea level"
        return [f"none: smooth earth {where}"]
    told = terrain_info(model, at, radius_m)
    west, south, east, north = model.bounds_deg
    n_cells = told["rows"] * told["columns"]
    gaps = f"{told['gap_cells']:,} of {n_cells:,} cells ({100.0 * told['gap_share']:.2g} %), kept as gaps"
    lines = [
        f"{told['name']}: {told['file']} ({told['format']})",
        f"covers     {south:.4f} to {north:.4f} N, {west:.4f} to {east:.4f} E",
        f"cells      {told['rows']} x {told['columns']}, {told['resolution_m']:.0f} m from north to south",
        f"ground     {told['lowest_m']:.0f} to {told['highest_m']:.0f} m above mean sea level",
        f"unit       {told['unit']}",
        f"datum      {told['datum']}; heights: {told['vertical_datum'] or 'not stated, taken as above mean sea level'}",
        *(
            [f"           not tied to WGS84 in all of it: places beyond are taken {told['datum_untied']}"]
            if told["datum_untied"]
            else []
        ),
        f"gaps       {gaps if told['gap_cells'] else 'none'}",
    ]
    if told["zero_cells_on_land"]:
        lines.append(f"zeros      {_zero_words(told['zero_cells_on_land'])}")
    if "ring" in told:
        share = 100.0 * told["ring"]["covered_share"]
        lines.append(f"ring       {share:.1f} % of {radius_m / 1e3:g} km about {at[0]:.4f}, {at[1]:.4f} is covered")  # type: ignore[index]
        zeros = told["ring"]["zero_share_of_land"]
        if zeros:
            verdict = "refused" if zeros > MOST_SHARE else "warned of"
            lines.append(f"           {100.0 * zeros:.2g} % of its land lies in patches of exactly 0 m: {verdict}")
    return [*lines, f"content    {told['content_key']}"]
