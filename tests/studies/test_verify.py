"""The case format, the verdict, the lines, the page; and every shipped case passes."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import pytest

from ringtrue.engagement.checks import simulate_check
from ringtrue.errors import InputError
from ringtrue.studies.case_files import from_returned, load_cases, public_function, shipped_files
from ringtrue.studies.chains import swept_sea_area_m2
from ringtrue.studies.verify import all_agree, counts, run_case, run_cases, verify_answer, verify_lines, write_html

GOOD = """
[source.H]
title = "A handbook, page 12"
address = "https://example.org/h"

[[case]]
id = "H1.1"
title = "Runs needed"
kind = "PUB"
source = "H"
function = "ringtrue.studies.statistics.runs_needed"
args = { p = 0.2, half_width = 0.01 }
expect = 6147
unit = "1"
atol = 0.5
"""

SHIPPED = load_cases(shipped_files())


def written(folder: Path, text: str, name: str = "cases.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("file", [p.name for p in shipped_files()])
def test_every_shipped_formula_agrees(file: str) -> None:
    results = [run_case(case) for case in SHIPPED if case.file == file and case.simulation is None]
    assert all_agree(results), "\n".join(verify_lines([r for r in results if not r.agrees]))


@pytest.mark.slow
def test_every_shipped_simulation_agrees() -> None:
    results = [run_case(case) for case in SHIPPED if case.simulation]
    assert len(results) > 50
    assert all_agree(results), "\n".join(verify_lines([r for r in results if not r.agrees]))


def test_every_shipped_case_names_its_source_by_code() -> None:
    assert [c.id for c in SHIPPED if not c.source.code] == []
    assert all(c.source.address for c in SHIPPED if c.is_printed_elsewhere)


def test_a_right_case_agrees_and_a_wrong_one_does_not(tmp_path: Path) -> None:
    right = run_cases([written(tmp_path, GOOD)])
    assert all_agree(right)
    assert counts(right)["printed_elsewhere"] == 1
    wrong = run_cases([written(tmp_path, GOOD.replace("6147", "6148"))])
    assert not all_agree(wrong)
    assert wrong[0].verdict == "differs"
    assert wrong[0].difference == -1.0
    assert any("Runs needed" in line for line in verify_lines(wrong))


def test_the_farthest_element_stands_for_an_array(tmp_path: Path) -> None:
    text = GOOD.replace("runs_needed", "wilson_interval").replace(
        "p = 0.2, half_width = 0.01", "n_successes = 9, n_trials = 12"
    )
    array = text.replace("6147", "[0.46769, 0.5]").replace("atol = 0.5", "atol = 1e-5")
    (result,) = run_cases([written(tmp_path, array)])
    assert result.published == 0.5
    assert not result.agrees
    short = text.replace("6147", "[0.46769]")
    (result,) = run_cases([written(tmp_path, short)])
    assert result.trouble == "1 numbers expected, 2 came"


def test_a_field_is_picked_by_name_or_position(tmp_path: Path) -> None:
    text = GOOD.replace("runs_needed", "wilson_interval").replace(
        "p = 0.2, half_width = 0.01", "n_successes = 9, n_trials = 12"
    )
    for result in ("'high'", "1", "-1"):
        picked = text.replace("expect = 6147", f"result = {result}\nexpect = 0.91106").replace("0.5\n", "1e-5\n")
        assert all_agree(run_cases([written(tmp_path, picked)]))


def test_an_error_in_the_model_is_a_failed_case(tmp_path: Path) -> None:
    (result,) = run_cases([written(tmp_path, GOOD.replace("p = 0.2", "p = 2.0"))])
    assert result.verdict == "fails"
    assert "p must be a probability from 0 to 1; given: 2" in result.trouble
    assert verify_answer([result]).as_json()["rows"][0]["recomputed"] is None


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("kind =", "knid =", "unknown key 'knid'; did you mean 'kind'?"),
        ('id = "H1.1"\n', "", "case number 1: id: wanted a text; it is missing"),
        (
            'id = "H1.1"\n', "#",
            'case number 1: 2 keys are missing: id = "my-case", title = "Area of a ring of 40 km"',
        ),
        ('unit = "1"', 'unit = "kms"', "unit: 'kms' is not known; did you mean 'km'?"),
        ('unit = "1"', 'unit = "km"\nreturns = "s"', "returns: 's' cannot be turned into 'km': unit 'km' does not fit"),
        ('"PUB"', '"PRINT"', "kind: 'PRINT' is none of PUB, PUB+CF"),
        ("atol = 0.5", "", "no tolerance given; write rtol"),
        ("atol = 0.5", "sigma = 3.0", "sigma belongs to a simulation"),
        ("atol = 0.5", "atol = -1", "atol: wanted a number of 0 or more; given: -1"),
        ("expect = 6147", "", "expect: wanted a finite number or an array of such; it is missing"),
        ("expect = 6147", "expect = nan", "expect: wanted a finite number or an array of such; given: nan"),
        ("p = 0.2,", "q = 0.2,", "has no parameter 'q'"),
        ("p = 0.2,", "", "args: ringtrue.studies.statistics.runs_needed also wants p"),
        ("runs_needed", "runs_neded", "has no function 'runs_neded'; did you mean 'runs_needed'?"),
        ("studies.statistics", "studies.statistic", "there is no module 'ringtrue.studies.statistic'"),
        ("ringtrue.studies.statistics.runs_needed", "os.path.join", "'os.path.join' is not a function of a room"),
        ("statistics.runs_needed", "statistics._normal_quantile", "is private; name a public function"),
        ("function =", "simulation =", "sigma is missing; a simulation is judged in standard errors"),
        ("function =", 'simulation = "V-S11"\nfunction =', "wanted exactly one of function, simulation, scenario"),
    ],
)  # fmt: skip
def test_a_bad_case_fails_alone_and_says_why(tmp_path: Path, old: str, new: str, wanted: str) -> None:
    assert old in GOOD
    other = GOOD[GOOD.index("[[case]]") :].replace("H1.1", "other")
    bad, good = run_cases([written(tmp_path, GOOD.replace(old, new, 1) + other)])
    assert (bad.verdict, good.verdict) == ("fails", "agrees")
    assert wanted in bad.trouble
    assert "\n" not in bad.trouble


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("[[case]]", "[case]", "cases.toml: case: write [[case]] with double brackets"),
        ("[[case]]", "[[cases]]", "cases.toml: unknown key 'cases'; did you mean 'case'?"),
        ("[[case]]", "[[case]", "cases.toml: not valid TOML"),
        ('title = "A handbook, page 12"', "name = 1", "cases.toml: source.H: wanted a title"),
    ],
)
def test_a_bad_file_is_told_in_one_sentence(tmp_path: Path, old: str, new: str, wanted: str) -> None:
    assert old in GOOD
    with pytest.raises(InputError) as caught:
        run_cases([written(tmp_path, GOOD.replace(old, new, 1))])
    assert wanted in str(caught.value)
    assert "\n" not in str(caught.value)


MEASURE = """
[[case]]
id = "M"
title = "Area"
kind = "CF"
source = "cap"
scenario = "minimal"
measure = "audit.seen_geometry_area_km2.median"
args = { unit = "s-400-1", target = "f-16", height_m = 100.0, dem = "none", draws = 20 }
returns = "km2"
expect = 1.0
unit = "km2"
rtol = 1e-3
"""


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("audit.seen", "adit.seen", "measure: wanted COMMAND.FIELD, COMMAND one of audit, network"),
        ('unit = "s', 'unt = "s', "args: audit knows no choice 'unt'; did you mean 'unit'?"),
        ('measure = "audit.seen_geometry_area_km2.median"\n', "", "measure: wanted a text; it is missing"),
    ],
)
def test_a_bad_measure_is_told_in_one_sentence(tmp_path: Path, old: str, new: str, wanted: str) -> None:
    (result,) = run_cases([written(tmp_path, MEASURE.replace(old, new, 1))])
    assert result.verdict == "fails"
    assert wanted in result.trouble


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("s-400-1", "s-400-2", "has no unit 's-400-2'; did you mean 's-400-1'?"),
        ("height_m = 100.0, ", "", "wanted exactly one of height_m and altitude_m"),
        ('"minimal"', '"minimum"', "minimum"),
    ],
)
def test_a_measure_that_cannot_be_taken_is_a_failed_case(tmp_path: Path, old: str, new: str, wanted: str) -> None:
    (result,) = run_cases([written(tmp_path, MEASURE.replace(old, new, 1))])
    assert result.verdict == "fails"
    assert wanted in result.trouble


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none.toml: cannot be read: No such file or directory; give the path"):
        run_cases([tmp_path / "none.toml"])
    with pytest.raises(InputError, match="no \\[\\[case\\]\\] found"):
        run_cases([written(tmp_path, "")])
    with pytest.raises(InputError, match=r"case 'H1\.1' stands twice"):
        run_cases([written(tmp_path, GOOD), written(tmp_path, GOOD, "other.toml")])


def test_the_lines_fit_a_terminal() -> None:
    results = [run_case(case) for case in SHIPPED if case.file in ("geodesy.toml", "statistics.toml")]
    lines = verify_lines(results)
    assert max(len(line) for line in lines) <= 80
    assert lines[-1] == "Verification of formulas; no measured data of these systems exist here."


def test_the_page_is_one_file_and_escapes(tmp_path: Path) -> None:
    text = GOOD.replace("Runs needed", "Runs <b>needed</b>")
    page = write_html(run_cases([written(tmp_path, text)]), tmp_path / "new" / "verify.html").read_text(
        encoding="utf-8"
    )
    assert "verification of formulas; no measured data of these systems exist here" in page
    assert "Runs &lt;b&gt;needed&lt;/b&gt;" in page
    assert "Printed in somebody else&#x27;s public document: 1 (where" in page
    assert "src=" not in page
    assert "<script" not in page
    with pytest.raises(InputError, match="cannot be written"):
        write_html([], tmp_path)


def test_units_at_the_comparison() -> None:
    assert from_returned(1852.0, "m", "NM") == 1.0
    assert math.isclose(from_returned(math.pi, "rad", "deg"), 180.0)
    assert math.isclose(from_returned(0.001, "1", "dB"), -30.0)
    for returns, unit in (("m", "dB"), ("dB", "m"), ("m", "s")):
        with pytest.raises(InputError):
            from_returned(1.0, returns, unit)


def test_a_class_is_not_a_function() -> None:
    with pytest.raises(InputError, match="has no function 'Interval'"):
        public_function("ringtrue.studies.statistics.Interval")


def test_the_sweep_over_the_sea_comes_closer_with_smaller_cells() -> None:
    errors = [abs(swept_sea_area_m2(cell_m, 25.0, 100.0) / 12_008.869e6 - 1.0) for cell_m in (250.0, 500.0, 1000.0)]
    assert errors == sorted(errors)
    assert errors[0] < 0.005


SIMULATION = """
[[case]]
id = "S"
title = "Four shots at each of twenty targets: P(no leaker)"
kind = "CF"
source = "closed form"
simulation = "V-S03.1"
expect = 0.8498803836
unit = "1"
sigma = 4.2
"""


def test_a_simulation_is_judged_in_standard_errors(tmp_path: Path) -> None:
    (result,) = run_cases([written(tmp_path, SIMULATION)])
    assert result.agrees
    assert 0.004 < result.tolerance < 0.006  # 4.2 standard errors of a share of 0.85 at 100,000 replications
    assert run_cases([written(tmp_path, SIMULATION + GOOD)], simulations=False)[0].case.id == "H1.1"
    (wrong,) = run_cases([written(tmp_path, SIMULATION.replace("0.8498803836", "0.856"))])
    assert wrong.verdict == "differs"
    (unknown,) = run_cases([written(tmp_path, SIMULATION.replace("V-S03.1", "V-S03.9"))])
    assert unknown.verdict == "fails"
    (odd,) = run_cases([written(tmp_path, SIMULATION + 'returns = "1"\n')])
    assert odd.trouble == "returns does not belong to a simulation; it answers in the unit of the case"


def test_a_kill_probability_one_percent_too_high_is_caught() -> None:
    mean, standard_error = simulate_check("V-S03.1", 100_000, 1, p_kill_factor=1.01)
    assert abs(mean - 0.8498803836) > 4.2 * standard_error


def test_the_command_tells_by_its_exit_code(tmp_path: Path) -> None:
    def run(path: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "ringtrue", "verify", str(path)], capture_output=True, text=True)

    assert run(written(tmp_path, GOOD)).returncode == 0
    wrong = run(written(tmp_path, GOOD.replace("6147", "6000")))
    assert wrong.returncode == 1
    assert "differs" in wrong.stdout
    bad = run(tmp_path / "none.toml")
    assert (bad.returncode, bad.stdout) == (2, "")
    assert bad.stderr.strip().count("\n") == 0
