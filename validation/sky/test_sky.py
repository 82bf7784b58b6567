"""The only measured data there is: receivers that heard aircraft, against the terrain surface."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import numpy as np
import pytest

from ringtrue.errors import InputError
from ringtrue.studies.sky import (
    CLONE_FOLDER,
    HEARD_ABOVE_WANTED,
    SILENT_BELOW_WANTED,
    chosen_receivers,
    ground_of,
    read_sky,
    sky_folder,
    sky_lines,
    sky_referee,
)


@pytest.fixture(scope="module")
def result():
    return sky_referee(CLONE_FOLDER)


@pytest.mark.slow
def test_what_was_heard_lies_above_the_surface_and_silence_is_explained(result) -> None:
    assert len(result.rows) == 13
    assert result.heard_above.share >= HEARD_ABOVE_WANTED
    assert result.silent_below.share >= SILENT_BELOW_WANTED
    # an independent program, by other means: 0.37 % of 6,459 and 39.6 % of 10,720; a smooth earth explains 2.9 %
    assert sum(r.heard for r in result.rows) == pytest.approx(6459, abs=5)
    assert 1.0 - result.heard_above.share == pytest.approx(0.0037, abs=0.0005)
    assert result.silent_below.share == pytest.approx(0.396, abs=0.005)
    assert result.silent_below_bare_earth == pytest.approx(0.029, abs=0.002)
    assert result.silent_below.low < result.silent_below.share < result.silent_below.high


@pytest.mark.slow
def test_the_pages_print_what_was_measured(result) -> None:
    """The page of the method, and the paragraph of README's "How accurate"."""
    root = CLONE_FOLDER.parents[1]
    page = (root / "docs" / "methods" / "sky.md").read_text(encoding="utf-8")
    readme = " ".join((root / "README.md").read_text(encoding="utf-8").split())
    heard, silent = (sum(getattr(row, name) for row in result.rows) for name in ("heard", "silent"))
    above, below, bare = result.heard_above, result.silent_below, result.silent_below_bare_earth
    assert (
        f"| of {heard:,} receptions, from above the surface | {100 * above.share:.2f} % | "
        f"{100 * above.low:.2f} to {100 * above.high:.2f} % |" in page
    )
    assert (
        f"| of {silent:,} aircraft not heard, below the surface | {100 * below.share:.1f} % | "
        f"{100 * below.low:.0f} to {100 * below.high:.0f} % |" in page
    )
    assert f"below the horizon of a smooth earth | {100 * bare:.1f} % |" in page
    assert f"of {heard:,} aircraft messages that {len(result.rows)} receivers about the Alps heard" in readme
    assert f"heard, {100 * above.share:.1f} % come from above" in readme
    assert f"of {silent:,} aircraft they did not hear, terrain explains {100 * below.share:.0f} %" in readme
    assert f"(a smooth earth {100 * bare:.0f} %)" in readme


@pytest.mark.slow
def test_a_surface_put_wrong_is_caught(result) -> None:
    """A kilometre taken off every aircraft, as a surface a kilometre too high would: receptions fall below it."""
    import ringtrue.studies.sky as sky

    lowered = sky.GEOID_HEIGHT_M + 1000.0
    original, sky.GEOID_HEIGHT_M = sky.GEOID_HEIGHT_M, lowered
    try:
        found = sky_referee(CLONE_FOLDER)
    finally:
        sky.GEOID_HEIGHT_M = original
    assert found.heard_above.share < HEARD_ABOVE_WANTED
    assert not found.agrees


@pytest.mark.slow
def test_the_verdict_fits_eighty_columns_and_says_what_it_does_not_prove(result) -> None:
    lines = sky_lines(result)
    assert max(map(len, lines)) <= 80
    assert "It says nothing about a radar." in " ".join(lines)
    assert "CC BY-SA 4.0" in " ".join(lines)
    found = json.loads(json.dumps(result.as_json()))
    assert found["agrees"] is True
    assert len(found["rows"]) == 13


def test_messages_and_receivers_are_read_by_the_names_of_their_columns() -> None:
    sky, receivers = read_sky(CLONE_FOLDER)
    assert sky.altitude_m.size == 1439
    assert all(int(n) >= 1 for n in (one.sum() for one in sky.heard.values()))
    assert int(np.sum(list(sky.heard.values()))) == 5 * 1439
    chosen = chosen_receivers(sky, receivers, ground_of(CLONE_FOLDER))
    assert 663 not in {one.serial for one in chosen}, "a receiver on the edge of the ground cannot speak"


def test_a_folder_that_holds_something_else_is_refused(tmp_path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        sky_folder(str(tmp_path / "nothing"))
    with pytest.raises(InputError, match=r"wants set_1\.csv"):
        read_sky(tmp_path)
    shutil.copy(CLONE_FOLDER / "sensors.csv", tmp_path)
    (tmp_path / "set_1.csv").write_text("id,latitude\n1,48\n", encoding="utf-8")
    with pytest.raises(InputError, match="column 'longitude' is missing"):
        read_sky(tmp_path)
    (tmp_path / "set_1.csv").write_text(
        'latitude,longitude,geoAltitude,measurements\n48,9,x,"[[1,2,3]]"\n', encoding="utf-8"
    )
    with pytest.raises(InputError, match="line 2: geoAltitude = 'x' is not a number"):
        read_sky(tmp_path)
    with pytest.raises(InputError, match=r"holds 0 \.tif files"):
        ground_of(tmp_path)


def test_the_command_refuses_two_folders() -> None:
    asked = [sys.executable, "-m", "ringtrue", "verify", "--sky", "a", "b"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "takes one folder" in done.stderr
