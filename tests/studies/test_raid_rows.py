"""A measure of a raid is said in two places: its row, and what computes it; every output follows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields, replace
from types import SimpleNamespace

import pytest

from ringtrue.answer import columns, columns_of, measure, measure_of, row_json, row_schema, to_xarray
from ringtrue.catalogue.load import load_catalogue
from ringtrue.engagement.raid import run_raid
from ringtrue.finding import Finding
from ringtrue.geo.elevation import open_model
from ringtrue.report.cells import row_cells, row_heads
from ringtrue.scenario.load import load_scenario
from ringtrue.sensing.run import Run
from ringtrue.studies import network_output
from ringtrue.studies.engage import _raid_lines
from ringtrue.studies.raid_rows import TOLD, RaidRow, change, changed_measures, raid_row, values_of


@dataclass(frozen=True, slots=True)
class WiderRow(RaidRow):
    """A raid with one measure more."""

    last_leak_s: Finding | None = measure(
        "s", "Last leak", "Null: nothing leaks.", better="more", none="no leak", default=None,
        heads={"terminal": "last leak", "page": "Last leak, s", TOLD: "last leak after"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def played():
    run = Run(load_catalogue(), open_model("none", ground_altitude_m=900.0), n_draws=5)
    return run_raid(load_scenario("minimal"), "one-s-400", "cruise-4", run, n_replications=3)


def test_a_measure_added_to_the_row_reaches_every_output(played, monkeypatch) -> None:
    known = {f.name: getattr(raid_row(played), f.name) for f in fields(RaidRow)}
    rows = [
        WiderRow(**known, last_leak_s=Finding("x", "s", 100.0, 200.0, 300.0, nominal=210.0)),
        WiderRow(**known, last_leak_s=None),
    ]
    assert row_json(rows[0])["last_leak_s"] == {"low": 100.0, "median": 200.0, "high": 300.0, "nominal": 210.0}
    assert "last_leak_s" in row_schema(WiderRow)["required"]
    assert "last_leak_s_nominal" in [c.name for c in columns(rows)]
    assert to_xarray(rows).last_leak_s.units == "s"
    page = columns_of(WiderRow, "page")
    place = [said.name for said in page].index("last_leak_s")
    assert row_heads(page, "page")[place] == "Last leak, s"
    assert [row_cells(row, page, "")[place].text for row in rows] == ["200", "no leak"]
    monkeypatch.setattr(network_output, "NetworkRow", WiderRow)
    two = [replace(row, laydown=name) for row, name in zip(rows, ("apart", "joined"), strict=True)]
    timed = SimpleNamespace(later_s=None), SimpleNamespace(sooner_s=None, known_before=0.5, known_after=1.0)
    network = SimpleNamespace(
        rows=two, has_friends=False, timed=lambda *_: timed,
        changes_of=lambda *_: defaultdict(lambda: SimpleNamespace(difference=None)),
    )  # fmt: skip
    pair = SimpleNamespace(before="apart", after="joined")
    text = network_output._question_rows(network, pair, [two[0].raid])
    assert max(map(len, text)) <= 80
    assert any(line.startswith("last leak") and line.endswith("200 → none") for line in text)
    assert [
        part for row in rows for part in "; ".join(_raid_lines(row)).split("; ") if part.startswith("last leak")
    ] == ["last leak after 200 (100 to 300) s", "last leak after no leak"]


def test_every_count_of_the_kernel_is_a_measure_of_the_row(played) -> None:
    """A count added to the kernel and not declared would be lost without a word."""
    declared = {f.name for f in fields(RaidRow)}
    assert {name.partition("/")[0] for name in played.names} <= declared


def test_what_laydowns_are_compared_in_is_read_from_the_row(played) -> None:
    for said in changed_measures():
        assert values_of(played, said.name).shape == (5,)
        found = change(played, played, said.name)
        assert (found.label, found.unit) == (measure_of(RaidRow, said.name).label, said.unit)
        assert found.p_equal == 1.0
