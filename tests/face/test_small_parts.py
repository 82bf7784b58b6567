"""Small parts of the face: pictures measured with a ruler, bounds at their ends, joined tables, parts of a study."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from types import SimpleNamespace
from xml.etree import ElementTree

import numpy as np
import pytest

import ringtrue.api as rt
from ringtrue.answer import Head, key, measure, words
from ringtrue.answer import columns as columns_of
from ringtrue.errors import InputError
from ringtrue.face import play, plot
from ringtrue.face.asked import READERS
from ringtrue.face.sweep import Sweep
from ringtrue.face.table import COMMANDS, STUDIES
from ringtrue.finding import Finding


@dataclass(frozen=True)
class Line:
    """A row."""

    target: str = key("Target class")
    height_m: float = key("Height", unit="m")
    site: str = key("Site")
    area_km2: Finding | None = measure("km2", "Area", better="more")
    leakers: Finding | None = measure("1", "Leakers", better="less", default=None)
    note: str | None = words("Note", default=None)


def row(target: str, low: float, median: float, high: float, height_m: float = 100.0) -> Line:
    return Line(target, height_m, "Samsun", Finding("a", "km2", low, median, high))


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch):
    """The plot behind a chart: what it was told, with its scale."""
    seen: list[SimpleNamespace] = []

    def dots(canvas, found, styles):
        ends = [canvas.x_in(np.array([f.low, f.median, f.high])) for f in found]
        heights = canvas.y_in(np.arange(len(found)))
        seen.append(SimpleNamespace(plot=canvas, found=found, x_in=np.array(ends), y_in=heights, styles=styles))

    monkeypatch.setattr(plot, "interval_dots", dots)
    return seen


def chart_of(*rows: Line, of: str | None = "area_km2"):
    return plot.interval_chart(columns_of(rows), of)


def test_a_picture_has_every_interval_inside_and_nought_on_its_scale(drawn) -> None:
    chart_of(row("f-16", 100.0, 300.0, 500.0), row("drone", 50.0, 75.0, 100.0))
    (seen,) = drawn
    inside_in = seen.plot.width_in
    assert 2.0 < inside_in < plot.WIDTH_IN - plot.LEFT_IN
    low, high = seen.plot.x
    assert low < 0.0 < 500.0 < high
    assert (low, high) == pytest.approx((0.0, 500.0), abs=25.0)
    from_left = (seen.x_in - plot.LEFT_IN) / inside_in * (high - low) + low
    assert from_left == pytest.approx(np.array([[100.0, 300.0, 500.0], [50.0, 75.0, 100.0]]))
    # the first row stands on top, both a row apart and within the plot
    assert np.diff(seen.y_in) == pytest.approx([plot.ROW_IN])
    assert seen.plot.top_in < seen.y_in[0] < seen.y_in[1] < seen.plot.bottom_in
    assert seen.plot.bottom_in == pytest.approx(seen.plot.drawing.height_in - plot.FOOT_IN)


def test_a_picture_of_losses_reaches_to_nought_too(drawn) -> None:
    chart_of(row("f-16", -40.0, -30.0, -20.0))
    low, high = drawn[0].plot.x
    assert low == pytest.approx(-40.0, abs=3.0)
    assert low < -40.0
    assert high > -20.0
    chart_of(row("f-16", 0.0, 0.0, 0.0))
    low, high = drawn[1].plot.x
    assert low < high


def test_a_picture_names_rows_by_what_tells_them_apart() -> None:
    chart = chart_of(row("f-16", 1.0, 2.0, 3.0, 100.0), row("f-16", 1.0, 2.0, 3.0, 1500.0))
    said = [text for text in ElementTree.fromstring(chart.svg).itertext() if text.strip()]
    assert "100 m" in said
    assert "1,500 m" in said
    assert not any("Samsun" in text for text in said)
    assert any(text.startswith("Area, km2: median, 5 to 95 %") for text in said)
    alone = list(ElementTree.fromstring(chart_of(row("f-16", 1.0, 2.0, 3.0)).svg).itertext())
    assert "f-16" in alone
    assert repr(chart) == "<chart: Area, km2; save('chart.svg') writes it>"


def test_a_picture_holds_its_first_sixty_rows_and_leaves_out_those_without_a_number(drawn) -> None:
    many = [row(f"t{i}", 1.0, float(i), 99.0) for i in range(70)]
    nothing = replace(many[0], area_km2=None)
    not_a_number = replace(many[0], area_km2=Finding("a", "km2", 0.0, float("nan"), 1.0))
    chart_of(nothing, not_a_number, *many)
    assert [f.median for f in drawn[0].found] == [float(i) for i in range(60)]
    assert len(drawn[0].styles) == 60


def test_the_measure_that_most_rows_have_is_drawn_where_none_is_asked_for(drawn) -> None:
    both = replace(row("a", 1.0, 2.0, 3.0), leakers=Finding("l", "1", 4.0, 5.0, 6.0))
    bare = replace(both, area_km2=None)
    assert chart_of(both, bare, of=None).title == "Leakers"
    assert chart_of(both, row("b", 1.0, 2.0, 3.0), of=None).title == "Area, km2"
    with pytest.raises(InputError, match="'leakers' has no interval to draw; there are: area_km2"):
        chart_of(row("b", 1.0, 2.0, 3.0), of="leakers")
    with pytest.raises(InputError, match=r"a chart is saved as \.svg"):
        chart_of(both).save("chart.png")


# ---------------------------------------------------------------------------------------------------------------------
# what can be asked


OPTIONS = [(study.name, option) for study in STUDIES.values() for option in study.options]
BOUNDED = {(o.name, o.bounds): o for _, o in OPTIONS if o.bounds is not None}
WHOLE = {(o.name, o.whole): o for _, o in OPTIONS if o.whole is not None}


@pytest.mark.parametrize("option", BOUNDED.values(), ids=lambda o: o.name)
def test_a_number_may_be_as_small_and_as_large_as_is_said(option) -> None:
    low, high = option.bounds
    for inside in (low, high, (low + high) / 2.0):
        assert READERS[option.kind](option, inside) == inside
    for outside in (low - max(1e-3 * abs(low), 1e-9), high * (1.0 + 1e-9)):
        with pytest.raises(InputError, match=re.escape(f"a number from {low:g} to {high:g} is wanted")):
            READERS[option.kind](option, outside)


@pytest.mark.parametrize("option", WHOLE.values(), ids=lambda o: f"{o.name}-{o.whole.most}")
def test_a_whole_number_may_be_as_small_and_as_large_as_is_said(option) -> None:
    least, most, example = option.whole
    assert least < most
    for inside in (least, most, example, least + 1):
        found = READERS[option.kind](option, inside)
        assert (found, type(found)) == (inside, int)
    for outside in (least - 1, most + 1):
        with pytest.raises(InputError, match=f"^{option.name}: {outside} does not fit; a whole number from {least}"):
            READERS[option.kind](option, outside)
    if option.default is not None:
        assert least <= option.default <= most


def test_a_bearing_goes_once_round_either_way() -> None:
    option = next(o for name, o in OPTIONS if name == "audit" and o.name == "azimuth")
    read = READERS[option.kind]
    assert [read(option, d) for d in (-360.0, 0, 360, None)] == [-360.0, 0.0, 360.0, None]
    assert read(option, "90 deg") == pytest.approx(90.0)
    for outside in (-361, 360.5):
        with pytest.raises(InputError, match=r"azimuth: .* a number from -360 to 360"):
            read(option, outside)


def test_each_study_can_be_asked_as_its_table_says() -> None:
    """Names stand once, what cannot be left out has no default, and lists of words hold none twice."""
    assert [study.name for study in COMMANDS] == [name for name in STUDIES if name != "timeline"]
    for study in STUDIES.values():
        names = [option.name for option in study.options]
        assert len(set(names)) == len(names), study.name
        for option in study.options:
            assert not (option.is_wanted and option.default is not None), (study.name, option.name)
            assert len(set(option.among)) == len(option.among)
            assert option.kind in READERS or option.is_of_screen, (study.name, option.name)
        wanted = [option.is_wanted for option in study.options]
        assert wanted == sorted(wanted, reverse=True), study.name
        assert 1.0 <= study.addresses_gb <= 4.0


def test_defaults_are_those_of_the_documentation() -> None:
    """The page about commands tells draws and replications of each."""
    found = {
        name: {o.name: o.default for o in study.options if o.name in ("draws", "replications", "seed", "reliefs")}
        for name, study in STUDIES.items()
    }
    assert found["audit"] == {"seed": 1, "draws": 1000}
    assert found["exposure"] == {"seed": 1, "draws": 1000}
    assert found["engage"] == {"seed": 1, "draws": 200, "replications": 50, "reliefs": 0}
    assert found["compare"] == found["network"] == {"seed": 1, "draws": 200, "replications": 8}
    assert found["relocation"] == found["claims"] == found["timeline"] == {"seed": 1, "draws": 200}


# ---------------------------------------------------------------------------------------------------------------------
# sweeps and parts


def swept(*parts: list[Line]) -> Sweep:
    """A sweep over one figure whose answers hold these rows."""
    results = tuple(
        SimpleNamespace(found=SimpleNamespace(tables=lambda p=p: {"rows": columns_of(p, Line)})) for p in parts
    )
    figures = tuple({"doctrine.salvo": i + 1} for i in range(len(parts)))
    return Sweep(Head(command="sweep"), figures, results)  # type: ignore[arg-type]


def test_a_sweep_puts_its_figure_before_the_rows_of_each_answer() -> None:
    table = swept([row("a", 1.0, 2.0, 3.0), row("b", 1.0, 4.0, 6.0)], [], [row("c", 1.0, 5.0, 9.0)])
    columns = {c.name: c.values for c in table.tables()["rows"]}
    assert next(iter(columns)) == "doctrine.salvo"
    assert columns["doctrine.salvo"] == [1, 1, 3]
    assert columns["target"] == ["a", "b", "c"]
    assert columns["area_km2_median"] == [2.0, 4.0, 5.0]
    assert table.answer == "3 answers over doctrine.salvo; draws and luck are the same in all."


def test_a_column_that_one_answer_of_a_sweep_lacks_is_empty_there() -> None:
    raid = replace(row("b", 1.0, 2.0, 3.0), leakers=Finding("l", "1", 1.0, 2.0, 3.0, one_raid=(0.0, 7.0)))
    columns = {c.name: c for c in swept([row("a", 1.0, 2.0, 3.0)], [raid]).tables()["rows"]}
    assert columns["leakers_one_raid_high"].values == [None, 7.0]
    assert columns["leakers_median"].drawn == (None, None)
    with_draws = replace(row("a", 1.0, 2.0, 3.0), area_km2=Finding("a", "km2", 1.0, 2.0, 3.0, draws=np.arange(3.0)))
    drawn_by_row = {c.name: c.drawn for c in swept([with_draws], [raid, raid]).tables()["rows"]}["area_km2_median"]
    assert [None if d is None else d.tolist() for d in drawn_by_row] == [[0.0, 1.0, 2.0], None, None]


def deal(*laydowns: tuple[str, ...]) -> SimpleNamespace:
    units = [SimpleNamespace(units=[SimpleNamespace(system=s) for s in laydown]) for laydown in laydowns]
    return SimpleNamespace(laydowns=units)


def test_maps_are_drawn_of_what_stands_beside_others_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """One map of a system, at its first place; none of a system that everywhere stands alone."""
    from ringtrue.coverage.records import AuditQuestion

    at = {"s-400": 41.0, "patriot-battery": 40.0, "siper": 39.0}
    questions = [
        AuditQuestion(s, at[s.partition(":")[0]], 30.0, (), (), ())
        for s in ("s-400:48n6e3", "siper", "patriot-battery")
    ]
    again = AuditQuestion("s-400", 10.0, 10.0, (), (), ())
    monkeypatch.setattr("ringtrue.coverage.questions.questions_of", lambda deal, like: [*questions, again])
    monkeypatch.setattr("ringtrue.coverage.audit.audit", lambda question, run: question)
    asked = play._map_audits(deal(("s-400", "patriot-battery"), ("siper",)), lambda: None)  # type: ignore[arg-type]
    assert [q.system_id for q in asked] == ["s-400:48n6e3", "patriot-battery"]  # type: ignore[attr-defined]
    assert [q.latitude_deg for q in asked] == [41.0, 40.0]  # type: ignore[attr-defined]
    assert all(q.targets == play.MAP_TARGETS for q in asked)  # type: ignore[attr-defined]


def test_a_timeline_is_told_of_the_laydowns_asked_for_and_of_all_where_none_is(monkeypatch) -> None:
    told: list[tuple[object, ...]] = []
    monkeypatch.setattr(
        "ringtrue.studies.timeline.timeline", lambda scenario, run, laydowns: told.append((scenario, run, laydowns))
    )

    class Question(dict):
        scenario = SimpleNamespace(laydowns=[SimpleNamespace(id="west"), SimpleNamespace(id="east")])
        run = "run"

    play.timeline(Question(laydowns=()))  # type: ignore[arg-type]
    play.timeline(Question(laydowns=("east",)))  # type: ignore[arg-type]
    assert told == [(Question.scenario, "run", None), (Question.scenario, "run", ("east",))]
    with pytest.raises(InputError, match=r"'wset' is not in the scenario; did you mean 'west'.; it has: west, east"):
        play.timeline(Question(laydowns=("wset",)))  # type: ignore[arg-type]


def test_an_audit_in_full_ends_with_its_report_and_has_a_blank_line_between_systems() -> None:
    asked = {"at": "Samsun", "targets": "f-16", "heights": "500 m", "dem": "none", "draws": 8}
    one, two = rt.audit("s-400", **asked), rt.audit(["s-400", "patriot-battery"], **asked)
    lines = two.lines("report.html", full=True)
    assert sum(bool(re.search("report.html", line)) for line in lines) == 1
    assert "report.html" in lines[-1]
    middle = lines.index("")
    assert lines[: len(one.lines(full=True))] == one.lines(full=True)
    assert middle >= 1
    assert lines[len(one.lines(full=True))] == ""


def test_a_sweep_tells_its_progress_and_is_stopped_by_its_flag() -> None:
    asked = {"at": "Samsun", "targets": "f-16", "altitudes": "FL330", "dem": "none", "draws": 5}
    told: list[tuple[object, ...]] = []
    figures = {"radar.92n6e.reference_range": ["100 km", "200 km"]}
    once = rt.audit("s-400", progress=lambda *said: told.append(said), **asked)
    n_once, _ = len(told), told.clear()
    swept = rt.sweep("audit", figures, "s-400", progress=lambda *said: told.append(said), **asked)
    assert len(told) == 2 * n_once > 0
    assert len(swept.results) == 2 * len(once.results)
    cancel = rt.Cancel()
    cancel.set()
    with pytest.raises(rt.Cancelled):
        rt.sweep("audit", figures, "s-400", cancel=cancel, **asked)
