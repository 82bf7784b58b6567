"""One calling convention: the same keywords everywhere; name, path or record; one sentence for what does not fit."""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import numpy as np
import pytest

import ringtrue.api as rt
from ringtrue.cli import app
from ringtrue.face import studies
from ringtrue.face.table import COMMANDS, STUDIES
from ringtrue.options import signature_of
from ringtrue.studies.doubt.sensitivity import DRAWS_OF_A_SOURCE

NAMES = sorted(STUDIES)
SMALL = {"dem": "none", "draws": 5}
SITE = (41.2798, 36.3361)


@pytest.mark.parametrize("name", NAMES)
def test_a_function_takes_what_its_row_of_the_table_says(name):
    given = inspect.signature(getattr(rt, name)).parameters
    options = STUDIES[name].asked_with
    assert set(given) == {option.name for option in options} | {"progress", "cancel"}
    for option in options:
        usual = given[option.name].default
        assert usual == (inspect.Parameter.empty if option.is_wanted else option.default), option.name
    # what is asked about comes first and by position, all else by its keyword
    kinds = [p.kind for p in given.values()]
    assert kinds[0] == inspect.Parameter.POSITIONAL_OR_KEYWORD
    assert set(kinds[1:]) == {inspect.Parameter.KEYWORD_ONLY}


@pytest.mark.parametrize("name", NAMES)
def test_a_docstring_says_parameters_returns_errors_and_an_example(name):
    text = inspect.getdoc(getattr(rt, name)) or ""
    for part in ("Parameters\n", "Returns\n", "Raises\n", "Examples\n", ">>> "):
        assert part in text, part
    for option in STUDIES[name].asked_with:
        assert re.search(rf"\b{option.name}\b", text), option.name


def test_the_same_thing_has_the_same_keyword_kind_and_flag_in_every_study():
    said: dict[str, set] = {}
    for study in STUDIES.values():
        for option in study.asked_with:
            said.setdefault(option.name, set()).add((option.kind, option.flag, option.whole))
    assert {name: kinds for name, kinds in said.items() if len(kinds) > 1} == {}
    flags = [(study.name, o.flag) for study in COMMANDS for o in study.options if o.flag]
    assert len(flags) == len(set(flags))


def test_every_command_comes_from_the_table_and_every_study_answers_to_its_name():
    from typer.main import get_command

    commands = get_command(app).commands  # type: ignore[attr-defined]
    for study in COMMANDS:
        assert [p.name for p in commands[study.name].params] == [*signature_of(study).parameters]
        assert commands[study.name].help == study.summary
    assert set(STUDIES) == {study.name for study in COMMANDS} | {"timeline"}
    assert all(getattr(studies, name) is getattr(rt, name) for name in STUDIES)


def test_place_name_text_and_numbers_mean_the_same():
    asked = {"targets": "f-16", "heights": "100 m", **SMALL}
    by_name = rt.audit("s-400", at="Samsun", **asked)
    place = rt.geo.find_place("Samsun")
    site = (place.latitude_deg, place.longitude_deg)
    for at in (site, list(site), f"{site[0]!r},{site[1]!r}", (np.float64(site[0]), site[1])):
        assert rt.audit("s-400", at=at, **asked).as_json() == by_name.as_json()


def test_lengths_names_and_everyday_words_mean_the_same():
    asked = {"at": SITE, **SMALL}
    first = rt.audit("s-400", targets=["f-16", "one-way-uav"], heights=["100 m", "0.5 km"], **asked).as_json()
    for targets, heights in (("Fighter, drone", "100m,500m"), (("F-16", "shahed"), (100, np.float64(500.0)))):
        assert rt.audit("S-400", targets=targets, heights=heights, **asked).as_json() == first
    level = rt.audit("s-400", targets="tanker", altitudes="FL100", **asked)
    assert level.rows[0].target == "bomber"
    assert level.rows[0].altitude_m == pytest.approx(3048.0)
    assert "FL100" in " ".join(level.declared)


def test_name_path_and_record_of_a_scenario_give_the_same_numbers(tmp_path):
    deal = rt.load_scenario("minimal")
    file = tmp_path / "minimal.toml"
    file.write_text(deal.written.text, encoding="utf-8")
    asked = {"replications": 2, **SMALL}
    first = rt.engage("minimal", **asked).as_json()
    for given in (deal, file, str(file)):
        assert rt.engage(given, **asked).as_json() == first
    changed = rt.engage("minimal", change="doctrine.salvo=2", **asked).as_json()
    assert changed != first
    for given, change in (("minimal", {"doctrine.salvo": 2}), (deal, ["doctrine.salvo=2"])):
        assert rt.engage(given, change=change, **asked).as_json() == changed


def test_catalogue_and_ground_are_taken_as_records():
    figures, ground = rt.load_catalogue(), rt.open_model("none")
    asked = {"at": SITE, "targets": "f-16", "heights": 100, "draws": 5}
    first = rt.audit("s-400", dem="none", **asked)
    assert rt.audit("s-400", dem=ground, catalogue=figures, **asked).as_json() == first.as_json()
    other = rt.audit("s-400", dem=ground, catalogue=figures.with_({"radar.92n6e.reference_range": "100 km"}), **asked)
    assert other.header.catalogue_hash != first.header.catalogue_hash
    assert other.rows[0].tracked_area_km2.median < first.rows[0].tracked_area_km2.median


def test_a_catalogue_changed_by_keyword_by_mapping_and_not_at_all():
    figures = rt.load_catalogue()
    by_mapping = figures.with_({"radar.92n6e.reference_range": "150 km"})
    assert figures.with_(**{"radar.92n6e.reference_range": "150 km"}) == by_mapping
    assert by_mapping.radars["92n6e"].reference_range_m.nominal == 150e3
    assert figures.radars["92n6e"].reference_range_m.nominal != 150e3
    for given, words in (
        ({"radar.92n6e.reference_rnage": "150 km"}, "did you mean"),
        ({"radar.92n6e.reference_range": "150 s"}, "reference_range"),
        (["radar"], "a mapping of addresses to values"),
    ):
        with pytest.raises(rt.InputError, match=words):
            figures.with_(given)


WRONG = [
    (lambda: rt.audit(400), "systems: 400 is of type int; a system, a list of them, or a scenario"),
    (lambda: rt.audit([]), "systems: names nothing"),
    (lambda: rt.audit("s-401", **SMALL), "did you mean 's-400'"),
    (lambda: rt.audit("s-400", at="Samsum"), "at: place 'Samsum' is not among the shipped places"),
    (lambda: rt.audit("s-400", at=41.3), "at: 41.3 is of type float; a place, a text such as"),
    (lambda: rt.audit("s-400", at=(95.0, 32.0)), "at: .* lies outside -90 to 90"),
    (lambda: rt.audit("s-400", at=(True, 32.0)), "at: .* is of type tuple"),
    (lambda: rt.audit("s-400", targets=3), "targets: 3 is of type int; a name or a list of names is wanted"),
    (lambda: rt.audit("s-400", targets="f-17", **SMALL), "f-17"),
    (lambda: rt.audit("s-400", heights="100"), "heights: '?100'? has no unit"),
    (lambda: rt.audit("s-400", heights="100,500 m"), "heights: '?100'? has no unit"),
    (lambda: rt.audit("s-400", heights=None, altitudes=[]), "altitudes: .* holds no length"),
    (lambda: rt.audit("s-400", heights=float("nan")), "heights: nan is not a finite number"),
    (lambda: rt.audit("s-400", heights=True), "heights: True is of type bool; a text such as"),
    (lambda: rt.audit("s-400", heading="sideways"), "heading: 'sideways' is not known; choose one of inbound"),
    (lambda: rt.audit("s-400", k=50), "k: 50 does not fit; a number from 0.3 to 20"),
    (lambda: rt.audit("s-400", mast="5 m", sensor_height="9 km", **SMALL), "mast 5 m and sensor_height 9000 m"),
    (lambda: rt.audit("s-400", draws="many"), "draws: 'many' is of type str; a whole number such as 1000"),
    (lambda: rt.audit("s-400", draws=0), "draws: 0 does not fit; a whole number from 1 to 100,000"),
    (lambda: rt.audit("s-400", draws=10.0), "draws: 10.0 is of type float"),
    (lambda: rt.audit("s-400", dem=3), "dem: 3 is of type int; a file, an added name"),
    (lambda: rt.audit("s-400", dem="nowhere.tif"), "dem '?nowhere.tif'?: there is no such file"),
    (lambda: rt.audit("s-400", catalogue=3), "catalogue: 3 is of type int; a folder of files or a Catalogue"),
    (lambda: rt.audit("minimal", at="Samsun", **SMALL), "at '41.*': minimal has places of its own; leave at out"),
    (lambda: rt.engage(None), "scenario: None is of type NoneType; a shipped name, a path, or a Scenario"),
    (lambda: rt.engage("minimol", **SMALL), "did you mean 'minimal'"),
    (lambda: rt.engage("minimal", raids="nowhere", **SMALL), "raids 'nowhere' is not in the scenario"),
    (lambda: rt.engage("minimal", draw=2, **SMALL), "draw '2': names the draw that trace tells"),
    (lambda: rt.engage("minimal", draw="x"), "draw: 'x' is of type str; a whole number or 'nominal'"),
    (lambda: rt.engage("minimal", change=3), "change: 3 is of type int; a mapping of keys to values"),
    (lambda: rt.engage("minimal", change={"doctrine.slavo": 2}, **SMALL), "change doctrine.slavo=2: .*salvo"),
    (lambda: rt.compare("turkey-2019", add="maps"), "add: 'maps' is not known"),
    (lambda: rt.compare("saturation", add="claims"), "names no claims of its own; leave claims out"),
    (lambda: rt.claims(3), "file: 3 is of type int; a path is wanted"),
    (lambda: rt.verify(sky=1), "sky: 1 is of type int; True or False is wanted"),
    (lambda: rt.verify(Path("nowhere.toml")), "nowhere.toml"),
    (lambda: rt.sweep("adit", {"a": [1]}), "there is no study 'adit'; did you mean 'audit'"),
    (lambda: rt.sweep("audit", {}, "s-400"), "figures: {} is of type dict; a mapping of addresses to lists"),
    (lambda: rt.sweep("audit", {"radar.92n6e.slew": "5 s"}, "s-400"), "no list of values"),
    (lambda: rt.sweep("audit", {"radar.92n6e.slow": ["5 s"]}, "s-400", **SMALL), "is no figure of the catalogue"),
    (lambda: rt.sweep("audit", {"a": [1]}, "s-400", where="x"), "unexpected keyword argument 'where'"),
]


@pytest.mark.parametrize(("call", "words"), WRONG, ids=[str(i) for i in range(len(WRONG))])
def test_what_does_not_fit_is_refused_in_one_sentence_that_names_the_keyword(call, words):
    with pytest.raises(rt.RingTrueError) as refused:
        call()
    said = str(refused.value)
    assert re.search(words, said), said
    assert "\n" not in said
    assert "--" not in said


def test_a_study_is_stopped_by_its_flag_before_anything_is_computed():
    cancel = rt.Cancel()
    cancel.set()
    with pytest.raises(rt.Cancelled):
        rt.audit("s-400", cancel=cancel, **SMALL)


def test_progress_is_told():
    steps = []
    rt.audit("s-400", at=SITE, targets="f-16", heights=100, progress=steps.append, **SMALL)
    assert steps
    assert all(step.of >= step.done >= 0 for step in steps)


def test_formulas_are_at_hand():
    assert float(rt.geo.horizon_range_m(25.0, 100.0)) == pytest.approx(61_827, rel=0.01)
    assert float(rt.radar.wavelength_m(3e9)) == pytest.approx(0.0999, abs=1e-4)
    with pytest.raises(AttributeError):
        rt.radar.wavelenght_m  # noqa: B018


@pytest.mark.parametrize("room", [rt.radar, rt.geo], ids=["radar", "geo"])
def test_every_formula_of_a_room_is_there_and_says_units_and_an_example(room):
    """They are those that case files may call; none is listed by hand, so none is forgotten."""
    import ringtrue.geo
    import ringtrue.radar

    below = ringtrue.radar if room is rt.radar else ringtrue.geo
    listed = {
        name
        for module in iter_modules(below.__path__)
        if not module.name.startswith("_")
        for name in getattr(import_module(f"{below.__name__}.{module.name}"), "FOR_CASES", ())
    }
    assert listed
    assert set(dir(room)) == listed | ({"find_place", "parse_position"} if room is rt.geo else set())
    for name in dir(room):
        text = inspect.getdoc(getattr(room, name)) or ""
        assert ">>> " in text, name
        has_unit = re.search(r"\[[^\]]+\]|radian|metre|\bdB\b|_deg\b|[Pp]robabilit|[Ss]hare|\bPfa\b", text)
        assert has_unit or name == "find_place", name


@pytest.mark.parametrize("name", NAMES)
def test_a_study_runs_from_its_example_and_its_result_does_all_that_a_result_does(name, tmp_path):
    """Each study at its least size: tables, arrays, draws, picture, files, lines, page."""
    result = LEAST[name](tmp_path)
    assert repr(result).startswith(f"<{name} of ")
    assert "<table>" in result._repr_html_()
    kind = next(iter(result.tables()))
    assert len(result.to_dataframe(kind)) == len(result.tables()[kind][0].values)
    assert result.to_xarray(kind).sizes
    assert max(map(len, result.lines())) <= 80
    if name != "verify":
        # a claim whose share a bound cannot be told from is asked on more draws than were asked for (record 0271)
        n_draws = result.rows[0].n_draws if name == "claims" else result.header.n_draws
        drawn = [result.draws(k) for k in result.tables()]
        # shares are no draws; the answer source by source has draws of its own
        n_draws = DRAWS_OF_A_SOURCE if name == "sensitivity" else n_draws
        assert any(arrays.sizes.get("draw") == n_draws for arrays in drawn)
        drawable = [k for k, table in result.tables().items() if any(c.end == "median" and any(
            v is not None for v in c.values) for c in table)]  # fmt: skip
        assert "<svg" in result.plot(kind=drawable[0]).svg
    for ending in (".json", ".csv", ".parquet"):
        assert result.save(tmp_path / f"a{ending}", *(() if ending == ".json" else (kind,))).stat().st_size
    if name == "timeline":
        with pytest.raises(rt.InputError, match="has no page"):
            result.save(tmp_path / "a.html")
    else:
        assert result.save(tmp_path / "a.html").read_text(encoding="utf-8").count("<html") == 1


CASE = """
[source.book]
title = "A book"

[[case]]
id = "C-1"
title = "Wavelength at 3 GHz"
source = "book"
kind = "CF"
function = "ringtrue.radar.equation.wavelength_m"
args = { frequency_hz = 3e9 }
expect = 0.0999308
unit = "m"
rtol = 1e-4
"""
CLAIM = """
title = "One claim"

[[claim]]
id = "c"
report = "R"
statement = "S"
kind = "coverage"
reading = "r"
command = "ringtrue audit s-400"
measure = "engageable-radius"
criterion = ">= 100 km"
args = { system = "s-400", target = "f-16", altitude = "10 km", terrain = "bare earth" }
"""


def _written(path, text):
    path.write_text(text, encoding="utf-8")
    return path


LEAST = {
    "audit": lambda _: rt.audit("s-400", at=SITE, targets="f-16", heights=100, **SMALL),
    "engage": lambda _: rt.engage("minimal", replications=2, **SMALL),
    "compare": lambda _: rt.compare("turkey-2019", replications=2, dem="none", draws=3),
    "network": lambda _: rt.network("two-bearings", replications=2, dem="none", draws=3),
    "exposure": lambda _: rt.exposure("exposure-anatolia", **SMALL),
    "relocation": lambda _: rt.relocation(change='study.targets=["cruise-missile"]', **SMALL),
    "sensitivity": lambda _: rt.sensitivity(
        "s-400", finding="engageable_area", at=SITE, targets="f-16", heights=100, points=8, dem="none"
    ),
    "claims": lambda folder: rt.claims(_written(folder / "claims.toml", CLAIM), **SMALL),
    "timeline": lambda _: rt.timeline("turkey-2019", laydowns="s-400-regiment", dem="none", draws=3),
    "worth": lambda _: rt.worth("saturation", replications=1, dem="none", draws=100),
    "verify": lambda folder: rt.verify(_written(folder / "case.toml", CASE)),
}
