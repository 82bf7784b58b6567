"""Shares are of the covered part of the ring, underground is said, and what is not defined is null, never 0."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine

from ringtrue.catalogue.load import load_catalogue
from ringtrue.coverage.audit import audit
from ringtrue.coverage.output import audit_json
from ringtrue.coverage.records import AuditQuestion
from ringtrue.geo.elevation import open_model
from ringtrue.report.audit_page import audit_page
from ringtrue.report.geotiff import layer_geotiff
from ringtrue.report.table import audit_table_lines
from ringtrue.sensing.run import Run

EARTH_KM = 6371.0
FAR_FROM_ZERO = ("seen_geometry_area_km2", "seen_area_km2", "seen_p90_area_km2", "seen_share", "tracked_area_km2",
                 "tracked_sector_area_km2", "engageable_sector_area_km2", "engageable_share", "people_under",
                 "people_by_country", "cities", "warning_s", "defended")  # fmt: skip


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("RINGTRUE_CACHE", str(tmp_path / "cache"))


def write_model(path, altitude_m, west, south, east, north, cell_deg=0.02):
    """Write altitudes, a number or a function of (latitude, longitude), as GeoTIFF and open it."""
    columns, rows = round((east - west) / cell_deg), round((north - south) / cell_deg)
    latitude = north - (np.arange(rows) + 0.5) * cell_deg
    longitude = west + (np.arange(columns) + 0.5) * cell_deg
    grid = np.broadcast_to(altitude_m, (rows, columns)) if np.isscalar(altitude_m) else altitude_m(
        *np.meshgrid(latitude, longitude, indexing="ij")
    )  # fmt: skip
    with rasterio.open(
        path, "w", driver="GTiff", height=rows, width=columns, count=1, dtype="float32", crs="EPSG:4326",
        transform=Affine(cell_deg, 0, west, 0, -cell_deg, north),
    ) as raster:  # fmt: skip
        raster.write(grid.astype(np.float32), 1)
    return open_model(str(path))


def ask(catalogue, model, **changes):
    asked = AuditQuestion(
        system_id="s-400", latitude_deg=40.0, longitude_deg=32.5, targets=("bomber",), heights_m=(),
        altitudes_m=(10_000.0,), k_factor=4.0 / 3.0, mast_m=25.0,
    )  # fmt: skip
    return audit(replace(asked, **changes), Run(catalogue, model, n_draws=20))


@pytest.mark.parametrize(
    ("west", "south", "east", "north"), [(31.0, 38.5, 34.0, 41.5), (31.9, 39.7, 36.5, 40.3), (28.0, 35.0, 37.0, 45.0)]
)
def test_what_is_covered_and_flat_is_seen_whole(catalogue, tmp_path, west, south, east, north):
    """Every share is of the covered part; the area of the box is that between its parallels and meridians."""
    model = write_model(tmp_path / "flat.tif", 800.0, west, south, east, north)
    result = ask(catalogue, model)
    row = result.rows[0]
    # a cone of silence of 12 km above the site and cells of 1 km at the edge are what a seen share of 1 can lose, for
    # where the model stops is no horizon; in some draws the radar does not look out to the rim of the ring
    assert 0.99 < row.seen_share.median <= row.seen_share.high <= 1.0
    assert row.engageable_share.high <= 1.0
    box_km2 = EARTH_KM**2 * np.radians(east - west) * np.diff(np.sin(np.radians([south, north])))[0]
    if (east - west) < 7.0:  # wholly inside the ring
        # a third of a cell of 1 km at the edges of a strip 66 km wide
        assert row.covered_share == pytest.approx(box_km2 / row.advertised_area_km2, rel=0.02)
    else:
        assert row.covered_share > 0.99
    lines = "\n".join(audit_table_lines(result))
    percent = f"{float(f'{100 * row.covered_share:.2g}'):g} %"
    assert f"covers {percent} of" in " ".join(lines.split())
    assert audit_json([result])["rows"][0]["covered_share"] == round(row.covered_share, 4)
    if row.covered_share < 0.9995:
        page = audit_page([result])
        assert any("shares are of the covered part" in getattr(s, "note", "") for s in page.sections)
        assert re.search(
            rf"of the {percent} of its advertised 400-km ring \([\d,]+ km²\) that the elevation model covers",
            result.answer,
        )


def test_the_rasters_tell_the_covered_share(catalogue, tmp_path):
    result = ask(catalogue, write_model(tmp_path / "flat.tif", 800.0, 31.0, 38.5, 34.0, 41.5), heights_m=(500.0,))
    with rasterio.MemoryFile(layer_geotiff(result, result.layers[0])) as memory, memory.open() as raster:
        assert float(raster.tags()["COVERED_SHARE_OF_RING"]) == pytest.approx(result.rows[0].covered_share, abs=5e-5)


def test_a_ring_beyond_the_instrumented_range_is_known_to_its_edge(catalogue):
    """SAMP/T's ring of 120 km is wider than what its radar looks out to: all of it is covered all the same."""
    row = ask(catalogue, open_model("none"), system_id="samp-t", targets=("f-16",)).rows[0]
    assert row.covered_share == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize("altitude_m", [-50.0, 0.0, 300.0, 799.0])
@pytest.mark.parametrize("heading", ["inbound", "worst"])
def test_a_target_under_the_ground_is_said_and_not_answered(catalogue, tmp_path, altitude_m, heading):
    model = write_model(tmp_path / "flat.tif", 800.0, 31.5, 39.2, 33.5, 40.8)
    result = ask(
        catalogue, model, system_id="nasams", targets=("cruise-missile", "f-16"), heights_m=(100.0,),
        altitudes_m=(altitude_m, 3000.0), heading=heading, k_factor=None,
    )  # fmt: skip
    under = [r for r in (*result.rows, *result.variant_rows) if r.altitude_m == altitude_m]
    assert len(under) == 2 + len(result.variant_rows) // 3
    for row in under:
        assert row.note == f"{altitude_m:,.0f} m above sea level lies under the ground here (800 m): not answered"
        assert row.under_ground_share == 1.0
        assert row.binds is None
    answered = [r for r in result.rows if r.altitude_m != altitude_m]
    # at the worst heading nothing is left of a fast low flyer: it is over the radar before it is shot at
    met = [r.engageable_share.high > 0.0 for r in answered]
    assert any(met) if heading == "worst" else all(met)
    assert all(not r.note and r.under_ground_share == 0.0 for r in answered)
    record = audit_json([result])
    for row in (r for r in record["rows"] if r["altitude_m"] == altitude_m):
        assert all(row[key] is None for key in (*FAR_FROM_ZERO, "engageable_area_km2", "assumed_share"))
        assert "not answered" in row["note"]
    assert all(r["note"] is None for r in record["rows"] if r["altitude_m"] != altitude_m)
    lines = " ".join("\n".join(audit_table_lines(result)).split())
    assert lines.count("lies under the ground here (800 m): not answered") == 3  # of each class, and in the answer
    assert "m above the sea" in result.answer or "m above ground" in result.answer
    page = json.dumps([str(s) for s in audit_page([result]).sections], ensure_ascii=False)
    assert "lies under the ground here (800 m): not answered" in page


def test_with_nothing_answered_the_answer_is_the_reason(catalogue):
    result = ask(catalogue, open_model("none"), system_id="nasams", targets=("cruise-missile",), altitudes_m=(300.0,))
    assert re.fullmatch(r"300 m above sea level lies under the ground here \(\d+ m\): not answered\.", result.answer)
    text = "\n".join(audit_table_lines(result))
    assert "can engage nothing" not in text
    assert audit_page([result]).sections
    assert result.to_xarray().sizes["row"] == len(result.rows)
    assert result.to_xarray("variants").sizes["row"] == len(result.variant_rows) == 0


def test_the_part_of_the_ring_under_the_ground_is_said(catalogue, tmp_path):
    """East of the site a plateau of 4,000 m; at 3,000 m half of the ring is rock, and that is never 'seen'."""
    model = write_model(
        tmp_path / "step.tif", lambda lat, lon: np.where(lon > 32.55, 4000.0, 800.0), 31.5, 39.2, 33.5, 40.8
    )
    result = ask(catalogue, model, system_id="nasams", targets=("f-16",), altitudes_m=(3000.0, 6000.0))
    low, high = result.rows
    # the step stands 4.3 km east of the site in a ring of 40 km
    offset = 4.26 / 40.0
    east = (np.arccos(offset) - offset * np.sqrt(1.0 - offset**2)) / np.pi
    assert low.under_ground_share == pytest.approx(east, abs=0.02)
    assert low.seen_share.high <= 1.0 - low.under_ground_share + 0.02
    assert (low.note, high.under_ground_share) == (None, 0.0)
    lines = " ".join("\n".join(audit_table_lines(result)).split())
    assert f"at 3,000 m above sea level in {100 * low.under_ground_share:.0f} % of the covered ring" in lines
    assert "6,000 m above sea level in" not in lines


@pytest.mark.parametrize("dem", ["none", None])
def test_a_ballistic_class_has_a_row_of_its_own_kind(catalogue, dem):
    result = ask(
        catalogue, open_model(dem), targets=("srbm", "f-16"), heights_m=(500.0,), altitudes_m=(), latitude_deg=40.0789,
        longitude_deg=32.5656,
    )  # fmt: skip
    record = audit_json([result])
    (arc,), (flat,) = record["footprints"], record["rows"]
    assert not {*FAR_FROM_ZERO, "covered_share", "under_ground_share", "height_m"} & set(arc)
    assert arc["footprint_area_km2"]["median"] > 0.0
    assert not [key for key in flat if key.startswith("footprint")]
    assert (flat["people_under"] is None) == (flat["people_by_country"] is None)
    table = result.to_xarray("footprints")
    assert table.footprint_area_km2.values[0].tolist() == [
        getattr(result.footprints[0].footprint_area_km2, end) for end in ("low", "median", "high")
    ]


def test_people_by_country_is_null_beside_people_that_cannot_be_told(catalogue):
    """Hisar-O's ring of 25 km holds less than four cells of the population raster."""
    row = ask(catalogue, open_model("none"), system_id="hisar-o", targets=("cruise-missile",), heights_m=(200.0,),
              altitudes_m=()).rows[0]  # fmt: skip
    assert row.engageable_area_km2.median > 0.0
    assert row.people_under is None
    assert row.people_by_country is None


def test_no_line_of_an_audit_prints_a_power_of_ten(catalogue, tmp_path):
    model = write_model(tmp_path / "flat.tif", 800.0, 31.9, 39.7, 33.1, 40.3)
    result = ask(catalogue, model, system_id="nasams", targets=("bomber", "srbm"), altitudes_m=(1000.0, 5000.0))
    text = "\n".join([*audit_table_lines(result), result.answer])
    assert not re.search(r"\d[eE][+-]?\d", text)


@pytest.mark.parametrize(("height_m", "is_said"), [(50.0, True), (10_000.0, False)])
def test_where_more_is_tracked_than_seen_the_audit_says_why(catalogue, height_m, is_said):
    result = ask(catalogue, open_model("none"), targets=("f-16",), heights_m=(height_m,), altitudes_m=(), k_factor=None)
    row = result.rows[0]
    assert (row.tracked_area_km2.median > row.seen_area_km2.median) is is_said
    assert any("Tracked can exceed seen" in limit for limit in result.limits) is is_said
