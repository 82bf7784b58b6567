"""Results: short to look at, tables, arrays, draws with the ledger beside them, pictures, files, sweeps."""

from __future__ import annotations

import doctest
import json
import sys
from pathlib import Path

import numpy as np
import pytest

import ringtrue.api as rt
from ringtrue.cli import run

SITE = (41.2798, 36.3361)


@pytest.fixture(scope="module")
def audited():
    return rt.audit("s-400", at=SITE, targets=["f-16", "srbm"], heights=["100 m", "500 m"], dem="none", draws=40)


@pytest.fixture(scope="module")
def played():
    return rt.engage("minimal", dem="none", draws=6, replications=4)


def test_a_result_is_short_to_look_at(audited, played):
    for result, name in ((audited, "audit of s-400, 40 draws"), (played, "engage of minimal, 6 draws")):
        text = repr(result)
        assert text.startswith(f"<{name}: ")
        assert len(text) < 1500
        page = result._repr_html_()
        assert page.count("<table>") == 1
        assert "<script" not in page
    assert "engageable" in dir(audited) or "rows" in dir(audited)
    with pytest.raises(AttributeError):
        audited.no_such_thing  # noqa: B018


def test_rows_as_a_table(audited):
    table = audited.to_dataframe()
    assert table.target.tolist() == ["f-16", "f-16"]
    assert table.engageable_area_km2_median.tolist() == [row.engageable_area_km2.median for row in audited.rows]
    assert table.attrs["units"]["engageable_area_km2_median"] == "km2"
    with pytest.raises(rt.InputError, match="has no table 'row'; did you mean 'rows'"):
        audited.to_dataframe("row")


def test_rows_as_arrays(audited):
    arrays = audited.to_xarray("footprints")
    assert arrays.footprint_area_km2.dims == ("row", "quantile")
    assert arrays.target.values.tolist() == ["srbm"]


def test_the_draws_behind_a_finding_give_it_back(audited, played):
    for result, measure in ((audited, "engageable_area_km2"), (played, "leakers")):
        draws = result.draws()[measure]
        n_draws = result.asked.run.n_draws
        assert draws.dims == ("row", "draw")
        assert draws.shape == (len(result.rows), n_draws)
        for i, row in enumerate(result.rows):
            found = getattr(row, measure)
            ends = np.quantile(draws.values[i], [0.05, 0.5, 0.95])
            assert ends == pytest.approx([found.low, found.median, found.high], rel=1e-12)


def test_the_ledger_stands_beside_the_draws():
    high = rt.audit("s-400", at=SITE, targets="f-16", altitudes="FL330", dem="none", draws=40)
    draws = high.draws()
    drawn = draws.drawn.sel(figure="radar.92n6e.reference_range")
    assert drawn.dims == ("draw",)
    assert drawn.figure_unit == "m"
    assert bool(drawn.figure_is_assumed)
    ledger = high.asked.run.ledger.figures["radar.92n6e.reference_range"]
    assert drawn.values.tolist() == ledger.values.tolist()
    # draw i of a row goes with draw i of a figure: the farther the radar tracks, the more is tracked
    seen = draws.tracked_area_km2.sel(row=0).values
    assert np.corrcoef(seen, drawn.values)[0, 1] > 0.3


def test_a_result_is_saved_by_its_ending(audited, tmp_path):
    assert json.loads(audited.save(tmp_path / "a.json").read_text(encoding="utf-8")) == audited.as_json()
    assert (tmp_path / "a.json").read_text(encoding="utf-8").endswith("}\n")
    head, *rows = audited.save(tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()
    assert head.startswith("system,")
    assert len(rows) == 2
    from pyarrow import parquet

    table = parquet.read_table(audited.save(tmp_path / "b" / "a.parquet", "footprints"))
    assert table.column("target").to_pylist() == ["srbm"]
    assert "F-16" in audited.save(tmp_path / "c" / "a.html").read_text(encoding="utf-8")
    with pytest.raises(rt.InputError, match=r"ends in \.pdf; save as one of \.html, \.json, \.csv, \.parquet"):
        audited.save(tmp_path / "a.pdf")
    with pytest.raises(rt.InputError, match="path: 3 is of type int"):
        audited.save(3)
    with pytest.raises(rt.InputError, match="has no page"):
        rt.sweep(audited, {"radar.92n6e.reference_range": ["150 km"]}).save(tmp_path / "s.html")


def test_a_folder_holds_what_the_command_writes_and_the_command_prints_what_the_result_holds(tmp_path, capsys):
    asked = {"targets": "f-16", "heights": "100 m", "dem": "none", "draws": 8}
    result = rt.audit("s-400", at="41.2798,36.3361", **asked)
    result.save(tmp_path / "notebook")
    arguments = ["audit", "s-400", "--at", "41.2798,36.3361", "--target", "f-16", "--height", "100m", "--dem", "none"]
    assert run([*arguments, "--draws", "8", "--out", str(tmp_path / "command")]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said == result.lines(tmp_path / "command" / "report.html")
    files = [sorted(p.relative_to(f).as_posix() for p in f.rglob("*")) for f in sorted(tmp_path.iterdir())]
    assert files[0] == files[1]
    page = "report.html"
    assert (tmp_path / "notebook" / page).read_bytes() == (tmp_path / "command" / page).read_bytes()
    assert run([*arguments, "--draws", "8", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == result.as_json()


def test_a_picture_of_a_measure(audited, tmp_path):
    chart = audited.plot("engageable_area_km2")
    assert chart._repr_svg_().startswith("<svg")
    assert "100" in chart.svg
    assert chart.save(tmp_path / "a.svg").read_text(encoding="utf-8") == chart.svg
    assert "<svg" in audited.plot(kind="footprints").svg
    with pytest.raises(rt.InputError, match="has no interval to draw; did you mean 'engageable_area_km2'"):
        audited.plot("engagable_area_km2")


def test_a_sweep_is_the_same_question_with_other_figures(audited):
    found = rt.sweep(audited, {"radar.92n6e.reference_range": ["100 km", "200 km", (150e3, 180e3, 250e3)]})
    table = found.to_dataframe()
    assert table["radar.92n6e.reference_range"].tolist()[::2] == ["100 km", "200 km", "150000.0 / 180000.0 / 250000.0"]
    assert len(table) == 3 * len(audited.rows)
    high = table[table.height_m == 500.0].tracked_area_km2_median.tolist()
    assert high[0] < high[2] < high[1]
    # each answer is what the study gives on the changed catalogue
    figures = rt.load_catalogue().with_({"radar.92n6e.reference_range": "100 km"})
    asked = {"targets": ["f-16", "srbm"], "heights": ["100 m", "500 m"], "dem": "none", "draws": 40}
    alone = rt.audit("s-400", at=SITE, catalogue=figures, **asked)
    assert found.results[0].as_json() == alone.as_json()
    assert found.draws().tracked_area_km2.shape == (6, 40)
    assert "drawn" not in found.draws()
    assert len(found.as_json()["cases"]) == 3


def test_a_sweep_over_figures_and_keys_takes_every_combination():
    found = rt.sweep(
        rt.engage, {"doctrine.salvo": [1, 2], "assumption.assessment-delay": ["5 s", "60 s"]}, "minimal",
        dem="none", draws=3, replications=2,
    )  # fmt: skip
    assert [tuple(case.values()) for case in found.figures] == [(1, "5 s"), (1, "60 s"), (2, "5 s"), (2, "60 s")]
    assert set(found.to_dataframe()["doctrine.salvo"]) == {1, 2}
    salvo = [result.asked.scenario.doctrine.salvo for result in found.results]
    assert salvo == [1, 1, 2, 2]


def test_without_xarray_the_remedy_is_named(audited, monkeypatch):
    monkeypatch.setitem(sys.modules, "xarray", None)
    for call in (audited.to_xarray, audited.draws):
        with pytest.raises(rt.InputError, match="pip install"):
            call()


def test_the_flights_of_a_scenario(tmp_path):
    found = rt.exposure("exposure-anatolia", dem="none", draws=5)
    assert "min" in found.to_dataframe().attrs["units"].get("minutes_per_hour_on_median", "min/h")
    assert found.sentence == found.answer
    with pytest.raises(rt.InputError, match="has no table"):
        found.to_dataframe("raids")


def test_cases_of_the_literature(tmp_path):
    file = tmp_path / "case.toml"
    file.write_text(
        '[source.book]\ntitle = "A book"\n[[case]]\nid = "C-1"\ntitle = "Wavelength at 3 GHz"\n'
        'source = "book"\nkind = "CF"\n'
        'function = "ringtrue.radar.equation.wavelength_m"\nargs = { frequency_hz = 3e9 }\nexpect = 0.0999308\n'
        'unit = "m"\nrtol = 1e-4\n',
        encoding="utf-8",
    )
    found = rt.verify(file)
    assert len(found.rows) == 1
    assert repr(found).startswith("<verify of ")
    assert found.to_dataframe().verdict.tolist() == [row.verdict for row in found.rows]


def test_the_page_about_notebooks_says_what_happens():
    page = Path(__file__).parents[2] / "docs" / "howto" / "notebook.md"
    text = page.read_text(encoding="utf-8")
    examples = doctest.DocTestParser().get_doctest(text, {}, page.name, str(page), 0)
    runner = doctest.DocTestRunner()
    said: list[str] = []
    runner.run(examples, out=said.append)
    assert len(examples.examples) > 10
    assert runner.failures == 0, "".join(said)


def test_the_draws_of_a_raid_are_its_means_with_the_luck_taken_out(played):
    leakers = played.draws().leakers.values[0]
    outcome = played.results[0]
    arrays = outcome.to_xarray()
    assert arrays["mean"].sel(count="leakers").values.tolist() == outcome.of("leakers").tolist()
    means = arrays["leakers by replication"].mean("replication").values
    assert means == pytest.approx(outcome.of("leakers"))
    assert np.std(leakers) <= np.std(means)


@pytest.mark.slow
def test_a_comparison_as_arrays():
    result = rt.compare("turkey-2019", dem="none", draws=2, replications=2)
    assert result.draws().leakers.shape == (len(result.rows), 2)
    assert result.to_xarray().leakers.sel(quantile=0.5).values[0] == result.rows[0].leakers.median


@pytest.mark.slow
def test_the_parts_of_a_comparison_are_asked_through_the_face_too(monkeypatch, tmp_path):
    monkeypatch.setattr("ringtrue.face.play.EXTRA_DRAWS", 3)
    parts = ["audits", "claims", "exposure", "network", "relocation"]
    result = rt.compare("turkey-2019", add=parts, dem="none", draws=3, replications=2)
    assert set(result.parts) == set(parts)
    assert all(one.n_draws == 3 for one in result.parts["audits"])
    page = result.save(tmp_path / "a.html").read_text(encoding="utf-8")
    for heading in ("What was said, and what published figures say to it", "Not joined, and joined",
                    "The same fire units elsewhere", "Exposure: what the radar could observe"):  # fmt: skip
        assert heading in page, heading
