"""Rasters of an audit as GeoTIFF: lowest height and ceiling of one target and link, on the site's own projection."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ringtrue.geo.geodesy import site_crs
from ringtrue.geo.pool import run_blocks
from ringtrue.report.audit_words import covered_share
from ringtrue.whole import write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringtrue.coverage.records import AuditResult, LayerRaster


def layer_geotiff(result: AuditResult, layer: LayerRaster) -> bytes:
    """Return one layer as GeoTIFF bytes.

    Band 1 is the lowest height, band 2 the ceiling [m above ground], float32, nan where the link holds at no height
    and off the elevation model; a tag says which share of the advertised ring the model covers. The projection is
    azimuthal-equidistant about the site on WGS 84, row 0 = north; tags name system, target, link, k.
    """
    from rasterio.io import MemoryFile
    from rasterio.transform import from_origin

    n_rows, n_columns = layer.lowest_height_m.shape
    west_m, north_m = -n_columns * layer.cell_m / 2.0, n_rows * layer.cell_m / 2.0
    question, covered = result.question, covered_share(result)
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff",
            height=n_rows,
            width=n_columns,
            count=2,
            dtype="float32",
            nodata=float("nan"),
            crs=site_crs(question.latitude_deg, question.longitude_deg),
            transform=from_origin(west_m, north_m, layer.cell_m, layer.cell_m),
            compress="deflate",
            zlevel=1,
            tiled=True,
            blockxsize=256,
            blockysize=256,
        ) as raster:
            raster.write(np.asarray(layer.lowest_height_m, dtype=np.float32), 1)
            raster.write(np.asarray(layer.ceiling_height_m, dtype=np.float32), 2)
            raster.set_band_description(1, "lowest height, m above ground")
            raster.set_band_description(2, "ceiling, m above ground")
            raster.update_tags(
                SYSTEM=layer.system_id,
                TARGET=layer.target_id,
                LINK=layer.link,
                HEIGHT_REFERENCE="above ground level",
                UNIT="m",
                DRAW="middle value of every parameter",
                TERRAIN=result.terrain_name,
                K_FACTOR=result.k_text,
                MAST=result.mast_text,
                COVERED_SHARE_OF_RING="not known" if covered is None else f"{covered:.4f}",
                SITE=result.question.positions,
            )
        return bytes(memory.read())


def write_audit_geotiffs(results: Sequence[AuditResult], directory: Path) -> list[Path]:
    """Write every layer of every audit as ``<system>-<target>-<link>.tif`` and return the paths."""
    asked = [(result, layer) for result in results for layer in result.layers]
    paths = [Path(directory) / f"{_file_words(layer)}.tif" for _, layer in asked]

    def write(i: int) -> None:
        write_whole(paths[i], layer_geotiff(*asked[i]))

    run_blocks(write, len(asked), None)
    return paths


def _file_words(layer: LayerRaster) -> str:
    return "-".join((layer.system_id, layer.target_id, layer.link)).replace(":", "-").replace("/", "-")
