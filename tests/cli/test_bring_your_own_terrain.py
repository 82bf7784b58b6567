"""The page on terrain of one's own: its commands run, and each of its sentences names the test that does it."""

import json
import re
import shlex
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine

from ringtrue.cli import run
from ringtrue.errors import InputError
from ringtrue.geo.elevation import open_model

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "howto" / "bring-your-own-terrain.md"
HOME = Affine(0.01, 0.0, 31.0, 0.0, -0.01, 41.5)

DONE_BY = {  # how a sentence begins: the test that does it
    "The package ships an elevation model": "test_the_shipped_model",
    "It flattens ridges and is off": "test_what_is_said_of_the_shipped_model_elsewhere",
    "For low flyers bring": "test_the_commands_of_the_page",
    "`terrain info` prints": "test_info_tells_what_the_page_promises",
    "A file that cannot be used": "test_a_file_that_cannot_be_used_is_refused_in_one_sentence",
    "`terrain add` checks": "test_a_model_of_several_files_is_kept_as_one",
    "The name is the file's": "test_versions_editions_and_removal",
    "A newer edition takes": "test_versions_editions_and_removal",
    "A GeoTIFF or Cloud Optimized GeoTIFF": "test_esri_grids",
    "What a file is called": "test_what_a_file_is_called_does_not_matter",
    "Nothing is fetched": "test_a_mosaic_reaches_no_further_than_its_folder",
    "In any projection of the earth": "test_any_projection_of_the_earth",
    "Where its datum is not tied": "test_a_datum_that_is_not_tied_to_wgs84_where_the_model_lies_is_said",
    "Maps of a sphere": "test_a_datum_that_is_tied_or_shifted_by_the_file_is_not_doubted",
    "A model that goes once around": "test_a_global_model_has_no_seam",
    "One band, of altitudes": "test_several_bands",
    "The unit of the file": "test_vertical_units_are_converted",
    "No unit means metres": "test_other_units_are_refused",
    "Gaps marked as gaps": "test_voids_without_a_tag",
    "A mosaic that loses": "test_a_mosaic_that_loses_the_gaps_of_its_tile_is_refused",
    "Cells in a gap": "test_behind_a_gap_nothing_is_known",
    "The report prints": "test_the_report_prints_the_covered_share",
    "No larger than the memory": "test_a_header_that_would_not_fit_is_refused_unread",
    "A 1″ model": "test_a_header_that_would_not_fit_is_refused_unread",
    "Large enough": "test_the_report_prints_the_covered_share",
    "Where the file ends": "test_circle_partly_off_the_model_has_uncovered_cells",
    "A site off the model": "test_a_site_in_a_gap_is_refused",
    "Sea may be 0": "test_what_is_sea_or_low_land_or_small_is_no_gap",
    "But zeros far inland": "test_zeros_that_reach_the_sea_count_where_they_lie_inland",
    "More than 1 % of": "test_few_zeros_are_warned_of",
    "`terrain info` and `terrain add` say so": "test_filled_gaps_are_said_when_a_model_is_added_and_told_about",
    "A study looks over": "test_filled_gaps_of_any_ring_are_refused_before_the_work",
    "Write such a file again": "test_zeros_on_land_are_refused_with_the_remedy",
    "The shipped model passes": "test_the_shipped_model_passes_and_so_does_a_copy",
    "`--dem none` is a smooth earth": "test_bare_earth_stands_on_the_shipped_model_or_where_it_is_told",
    "Elsewhere say it": "test_the_commands_of_the_page",
    "Results are stored": "test_the_key_follows_what_a_mosaic_is_made_of",
    "The same ground": "test_the_key_does_not_follow_format_name_or_words_of_the_projection",
    "Terrain masking by near ridges": "test_a_finer_model_shows_a_ridge_that_a_coarse_one_flattens",
    "What does not get better": "test_what_is_said_of_the_shipped_model_elsewhere",
    "Siting moves": "test_what_is_said_of_the_shipped_model_elsewhere",
    "`--site-radius 10km`": "test_what_is_said_of_the_shipped_model_elsewhere",
    "The sweep itself": "test_sweep_against_the_exact_sight_line",
    "That is the accuracy": "test_what_is_said_of_the_shipped_model_elsewhere",
}


def write(path, values, **profile):
    with rasterio.open(
        path, "w", driver="GTiff", height=values.shape[0], width=values.shape[1], count=1, dtype=values.dtype,
        **{"transform": HOME, "crs": "EPSG:4326", **profile},
    ) as dataset:  # fmt: skip
        dataset.write(values, 1)
    return path


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A folder with a model of 300 by 300 cells, one of them a gap, and a place of its own for added models."""
    values = np.full((300, 300), 900, dtype=np.int16)
    values[0, 0] = -32768
    write(tmp_path / "my-terrain.tif", values, nodata=-32768)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RINGTRUE_DATA", str(tmp_path / "data"))
    return tmp_path


def sentences():
    text = re.sub(r"```.*?```", "", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = "\n\n".join(p for p in re.split(r"\n\n|\n(?=- )", text) if not p.startswith(("#", "|")))
    for part in text.split("\n\n"):
        whole = " ".join(part.removeprefix("- ").split())
        yield from (s for s in re.split(r"(?<=[.:])\s+(?=[A-Z`])", whole) if s)


def test_each_sentence_names_the_test_that_does_it():
    tests = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("tests/geo", "tests/cli", "tests/doors", "validation/analytic")
        for path in (ROOT / folder).glob("test_*.py")
    )
    found = list(sentences())
    for sentence in found:
        assert any(sentence.startswith(start) for start in DONE_BY), sentence
    for start, name in DONE_BY.items():
        assert any(sentence.startswith(start) for sentence in found), start
        assert f"def {name}" in tests, name


def test_the_commands_of_the_page(home, capsys):
    commands = re.findall(r"^\$ ringtrue (.*)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert len(commands) == 7
    for command in commands:
        arguments = shlex.split(command)
        if arguments[0] == "audit":
            arguments += ["--draws", "2", "--target", "f-16", "--height", "100m", "--json"]
        assert run(arguments) == 0, command
    printed = capsys.readouterr()
    assert "100.0 % of 150 km" not in printed.out
    assert "my-terrain: " in printed.out
    assert "Removed" in printed.out
    assert not list((home / "data" / "terrain").iterdir())


def test_info_tells_what_the_page_promises(home, capsys):
    assert run(["terrain", "info", "my-terrain.tif", "--at", "40.0,32.5", "--radius", "100km"]) == 0
    text = capsys.readouterr().out
    for words in (
        "38.5000 to 41.5000 N, 31.0000 to 34.0000 E", "300 x 300, 1112 m", "900 to 900 m", "metre (not stated)",
        "WGS 84", "1 of 90,000 cells", "100.0 % of 100 km about 40.0000, 32.5000 is covered",
    ):  # fmt: skip
        assert words in text
    assert run(["terrain", "info", "my-terrain.tif", "--at", "40.0,32.5", "--radius", "300km", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["gap_cells"] == 1
    # 3 degrees by 3 degrees, less what lies behind nothing: the area of the model over that of the ring
    area_km2 = 3.0 * 111.19 * 3.0 * 111.19 * np.cos(np.radians(40.0))
    assert told["ring"]["covered_share"] == pytest.approx(area_km2 / (np.pi * 300.0**2), abs=0.01)


def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(home, capfd):
    (home / "bad.tif").write_text("<GDAL_WMS/>")
    for command in (
        ["terrain", "info", "bad.tif"],
        ["terrain", "add", "bad.tif"],
        ["audit", "s-400", "--dem", "bad.tif"],
    ):
        assert run(command) == 2
        printed = capfd.readouterr()
        assert printed.out == ""
        assert printed.err.count("\n") == 1
        assert "bad.tif: is not a raster of a format that is read, or is truncated; give a GeoTIFF" in printed.err


def test_what_a_file_is_called_does_not_matter(home):
    (home / "terrain.dat").write_bytes((home / "my-terrain.tif").read_bytes())
    assert open_model("terrain.dat") == open_model("my-terrain.tif")


def test_the_report_prints_the_covered_share(home, capsys):
    arguments = ["audit", "s-400", "--at", "40.0,32.5", "--dem", "my-terrain.tif", "--draws", "2", "--target", "f-16"]
    assert run([*arguments, "--height", "100m", "--json"]) == 0
    row = json.loads(capsys.readouterr().out)["rows"][0]
    area_km2 = 3.0 * 111.19 * 3.0 * 111.19 * np.cos(np.radians(40.0))
    assert row["covered_share"] == pytest.approx(area_km2 / (np.pi * 400.0**2), abs=0.01)
    assert row["seen_geometry_area_km2"]["median"] < area_km2


def test_a_finer_model_shows_a_ridge_that_a_coarse_one_flattens(tmp_path):
    from ringtrue.geo.surface import terrain_surface

    fine = np.full((1200, 1200), 500, dtype=np.float32)
    fine[:, 700] = 900.0  # 0.0025 degrees wide, 10 km east of the middle
    coarse = fine.reshape(150, 8, 150, 8).mean(axis=(1, 3))
    seen = []
    for name, values, step in (("fine", fine, 0.0025), ("coarse", coarse, 0.02)):
        path = write(tmp_path / f"{name}.tif", values, transform=Affine(step, 0.0, 31.0, 0.0, -step, 41.5))
        result = terrain_surface(
            open_model(path), 40.0, 32.5, antenna_height_m=20.0, k_factor=4.0 / 3.0, reach_m=80e3, cache=False
        )
        seen.append(np.count_nonzero(result.ground_altitude_m + 50.0 >= result.lowest_visible_altitude_m))
    assert seen[0] < seen[1]


def test_a_warning_is_one_line(home, capsys):
    values = np.full((300, 300), 900, dtype=np.int16)
    values[138:143, 138:143] = 0
    write(home / "holes.tif", values)
    arguments = ["audit", "nasams", "--at", "40.0,32.5", "--dem", "holes.tif", "--draws", "2", "--target", "f-16"]
    assert run([*arguments, "--height", "100m", "--json"]) == 0
    lines = [line for line in capsys.readouterr().err.splitlines() if "patches of exactly 0 m" in line]
    assert lines
    assert all(line.startswith("ringtrue: ") and "-dstnodata" in line for line in lines)


SCENARIO = """
title = "Two units, one of them over filled gaps"
[[place]]
id = "sound"
name = "Sound"
at = [40.0, 31.0]
[[place]]
id = "hollow"
name = "Hollow"
at = [40.0, 36.4]
[[laydown]]
id = "one"
title = "One"
[[laydown.unit]]
uid = "a"
system = "nasams"
place = "sound"
[[laydown]]
id = "two"
title = "Two"
[[laydown.unit]]
uid = "b"
system = "nasams"
place = "hollow"
[study]
targets = ["f-16"]
heights = ["100 m"]
"""


@pytest.fixture
def filled(home):
    """Ground of 12 by 4 degrees whose east was filled with zeros: the ring about 40 N, 31 E is sound."""
    values = np.full((200, 600), 900, dtype=np.int16)
    values[60:140, 380:460] = 0
    write(home / "filled.tif", values, transform=Affine(0.02, 0.0, 28.0, 0.0, -0.02, 42.0))
    return home


def test_filled_gaps_are_said_when_a_model_is_added_and_told_about(filled, capsys):
    assert run(["terrain", "info", "filled.tif", "--at", "40.0,36.4", "--radius", "100km"]) == 0
    said = capsys.readouterr().out
    assert "zeros      6,400 cells on land lie in patches of exactly 0 m: gaps filled with 0?" in said
    assert "% of its land lies in patches of exactly 0 m: refused" in said
    assert run(["terrain", "info", "filled.tif", "--at", "40.0,36.4", "--radius", "100km", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["zero_cells_on_land"] == 6400
    # 1.6 degrees both ways: a disc of 100 km less caps beyond 68.2 km east and west and 88.9 km north and south
    assert told["ring"]["zero_share_of_land"] == pytest.approx(0.752, abs=0.01)
    assert run(["terrain", "info", "filled.tif", "--at", "40.0,31.0", "--radius", "100km", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ring"]["zero_share_of_land"] == 0.0
    assert run(["terrain", "add", "filled.tif"]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("Added; use it with --dem filled")
    assert "ringtrue: filled.tif: 6,400 cells on land lie in patches of exactly 0 m" in printed.err
    assert "-dstnodata" in printed.err


@pytest.mark.parametrize("command", ["audit", "relocation"])
def test_filled_gaps_of_any_ring_are_refused_before_the_work(filled, capsys, monkeypatch, command):
    """The second place has the zeros; nothing is swept at the first."""
    from ringtrue.sensing import sight

    def sweep(*_arguments, **_more):
        raise AssertionError

    monkeypatch.setattr(sight, "ray_sight", sweep)
    (filled / "mine.toml").write_text(SCENARIO, encoding="utf-8")
    assert run([command, "mine.toml", "--dem", "filled.tif", "--draws", "2", "--json"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    last = printed.err.splitlines()[-1]
    assert "of 40.0000, 36.4000 lies in patches of exactly 0 m, away from the sea, so gaps were filled with 0" in last
    assert "-dstnodata" in last


@pytest.mark.parametrize("command", ["engage", "compare", "network", "exposure"])
def test_every_study_looks_over_its_rings_at_the_door(filled, capsys, monkeypatch, command):
    shipped = {"engage": "minimal", "compare": "turkey-2019", "network": "turkey-2019", "exposure": "exposure-anatolia"}
    from ringtrue.sensing import rings

    seen = []

    def check(_model, latitude_deg, longitude_deg, radius_m):
        seen.append((latitude_deg, longitude_deg, radius_m))
        raise InputError("enough")

    monkeypatch.setattr(rings, "check_zeros", check)
    assert run([command, shipped[command], "--draws", "2", "--json"]) == 2
    assert capsys.readouterr().err.endswith("ringtrue: enough\n")
    assert len(seen) == 1
    assert seen[0][2] > 50e3


def test_what_is_said_of_the_shipped_model_elsewhere():
    """Statements about data and answers, not about this door: the methods pages and the catalogue carry them."""
    methods = (ROOT / "docs" / "methods" / "terrain-surface.md").read_text(encoding="utf-8")
    assert "*Height*: 17 m" in methods
    assert "terrain_limited" in methods
    assert "Vegetation and buildings" in methods
    assert "accuracy against the model, not against the earth" in methods
    audit = (ROOT / "src" / "ringtrue" / "coverage" / "limits.py").read_text(encoding="utf-8")
    assert "--site-radius" in audit
