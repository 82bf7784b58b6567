"""The commands of the later studies: clean JSON, equal bytes, one sentence per refusal."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from ringtrue.cli import run
from ringtrue.studies.raid_rows import changed_measures

SMALL = ["engage", "minimal", "--json", "--draws", "24", "--replications", "6"]


@pytest.fixture(scope="module", autouse=True)
def own_cache(tmp_path_factory):
    patch = pytest.MonkeyPatch()
    patch.setenv("RINGTRUE_CACHE", str(tmp_path_factory.mktemp("cache")))
    yield
    patch.undo()


def printed(arguments: list[str], capsys) -> str:
    assert run(arguments) == 0
    return capsys.readouterr().out


def test_engage_gives_the_same_bytes_whatever_the_threads_and_chunks(capsys) -> None:
    outputs = [
        printed([*SMALL, *more], capsys) for more in (["--threads", "1"], ["--threads", "2"], ["--chunks", "7"], [])
    ]
    assert len(set(outputs)) == 1
    record = json.loads(outputs[0])
    assert record["n_draws"] == 24
    assert {"leak_share", "p_no_leaker", "leakers_by_class", "cost_exchange", "channel_occupancy"} <= set(
        record["rows"][0]
    )
    assert [c["points"][0]["p_kill"] for c in record["kill_curves"]] == [0.1] * len(record["kill_curves"])


def test_leakage_falls_with_kill_probability(capsys) -> None:
    points = json.loads(printed(SMALL, capsys))["kill_curves"][0]["points"]
    curve = [point["leak_share"] for point in points]
    assert curve[-1]["median"] < curve[0]["median"]


def test_the_seed_moves_the_answer(capsys) -> None:
    assert printed([*SMALL, "--seed", "2"], capsys) != printed(SMALL, capsys)


def test_a_trace_tells_one_replication(capsys) -> None:
    record = json.loads(printed([*SMALL, "--trace", "0", "--draw", "nominal"], capsys))
    times = [event["time_s"] for event in record["trace"]["events"]]
    assert times == sorted(times)
    assert any(event["event"] == "launch" for event in record["trace"]["events"])


@pytest.mark.slow
def test_the_network_changes_waste_and_not_the_raid(capsys) -> None:
    record = json.loads(
        printed(
            ["engage", "turkey-2019", "--json", "--draws", "20", "--replications", "8", "--raid", "mixed-40",
             "--laydown", "both,both-networked"], capsys,
        )
    )  # fmt: skip
    changes = {c["measure"]: c["difference"] for c in record["changes"]}
    assert set(changes) == {said.name for said in changed_measures()}
    assert changes["double_engagements"]["high"] < 0.0
    assert changes["double_engagements"]["nominal"] is not None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["engage", "nosuch"], "no shipped scenario"),
        (["engage", "minimal", "--laydown", "x"], "--laydown 'x' is not in the scenario"),
        (["engage", "minimal", "--raid", "x"], "--raid 'x' is not in the scenario"),
        (["engage", "minimal", "--set", "raid.cruise-4.cuont=3"], "cuont"),
        (["engage", "minimal", "--replications", "0"], "--replications '0'"),
        (["engage", "minimal", "--trace", "0", "--draw", "x"], "--draw 'x'"),
        (["engage", "minimal", "--draws", "4", "--draw", "2"], "--draw '2': names the draw that --trace tells; add"),
        (["engage", "minimal", "--draws", "4", "--trace", "0", "--draw", "7"], "--draw 7: there are draws 0 to 3"),
        (["engage", "minimal", "--chunks", "0"], "such as --chunks 4\n"),
        (["engage", "minimal", "--raid", ","], "--raid ',': names nothing"),
        (["engage", "minimal", "--set", "place.ankara.at=[10.0, 10.0]"], "place.ankara.at: 10, 10 lies outside"),
        (["compare", "turkey-2019", "--add", "audit"], "did you mean 'audits'"),
        (["compare", "nosuch"], "no shipped scenario"),
        (["claims", "no-such-file.toml"], "no-such-file.toml"),
        (["exposure", "nosuch"], "no shipped scenario"),
        (["verify", "no-such-cases.toml"], "no-such-cases.toml"),
    ],
)
def test_bad_input_is_one_sentence_and_two(arguments, words, capsys, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert words in shown.err
    assert len([line for line in shown.err.splitlines() if line.startswith("ringtrue:")]) == 1
    assert "Traceback" not in shown.err
    assert list(Path(tmp_path).iterdir()) == []


@pytest.mark.parametrize("command", ["engage", "network"])
def test_a_scenario_without_a_raid_is_told_what_to_add(command, capsys, tmp_path, monkeypatch) -> None:
    from importlib.resources import files

    monkeypatch.chdir(tmp_path)
    name = {"engage": "minimal", "network": "turkey-2019"}[command]
    text = files("ringtrue.scenario").joinpath(f"data/{name}.toml").read_text()
    lines = text.splitlines()
    starts = [i for i, line in enumerate(lines) if line.startswith("[")] + [len(lines)]
    kept = [line for a, b in pairwise(starts) for line in lines[a:b] if not lines[a].startswith(("[[raid", "[study"))]
    Path("quiet.toml").write_text("\n".join([*lines[: starts[0]], *kept]) + "\n")
    assert run([command, "quiet.toml", "--draws", "3"]) == 2
    said = capsys.readouterr().err
    assert "no [[raid]]" in said
    assert "add one" in said


def test_a_path_under_the_ground_is_told_with_line_and_key(capsys, tmp_path, monkeypatch) -> None:
    from importlib.resources import files

    monkeypatch.chdir(tmp_path)
    text = files("ringtrue.scenario").joinpath("data/minimal.toml").read_text()
    Path("low.toml").write_text(text.replace('height = "50 m"\n\n', 'altitude = "100 m"\n\n'))
    line = Path("low.toml").read_text().splitlines().index('altitude = "100 m"') + 1
    assert run(["engage", "low.toml", "--draws", "3"]) == 2
    assert f"low.toml:{line}: raid.cruise-4.wave.r1.altitude: 100 m lies under the ground" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('spacing = "-2 s"', "spacing"),
        ('aim = ["nobody"]', "nobody"),
        ('height = "-900 m"', "height"),
        ("count = 0", "count"),
    ],
)
def test_a_bad_raid_is_told_with_its_file(line, words, capsys, tmp_path, monkeypatch) -> None:
    from importlib.resources import files

    monkeypatch.chdir(tmp_path)
    text = files("ringtrue.scenario").joinpath("data/minimal.toml").read_text()
    key = line.split(" = ")[0]
    changed = "\n".join(line if row.split(" = ")[0] == key else row for row in text.splitlines())
    assert changed != text
    Path("bad.toml").write_text(changed + "\n")
    assert run(["engage", "./bad.toml", "--draws", "5"]) == 2
    shown = capsys.readouterr()
    assert "bad.toml" in shown.err
    assert words in shown.err
    assert [p.name for p in tmp_path.iterdir()] == ["bad.toml"]


@pytest.mark.slow
def test_network_and_relocation_write_a_page_and_no_page_beside_json(capsys, tmp_path: Path) -> None:
    small = ["network", "turkey-2019", "--raid", "srbm-8", "--draws", "20", "--replications", "2", "--dem", "none"]
    assert run([*small, "--out", str(tmp_path / "wire")]) == 0
    text = capsys.readouterr().out
    assert text.rstrip().endswith(f"Report: {tmp_path / 'wire' / 'report.html'}")
    assert max(map(len, text.splitlines()[:-1])) <= 80
    assert "Not joined, and joined" in (tmp_path / "wire" / "report.html").read_text(encoding="utf-8")
    record = json.loads(printed([*small, "--json"], capsys))
    assert {"assumed_share", "deciding", "warnings", "late_starts", "sweeps"} <= set(record)
    assert run(["relocation", "--draws", "8", "--dem", "none", "--out", str(tmp_path / "moved")]) == 0
    assert (tmp_path / "moved" / "report.html").stat().st_size > 10_000


def test_network_refuses_a_raid_that_is_not_there(capsys) -> None:
    assert run(["network", "turkey-2019", "--raid", "srbm"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "--raid 'srbm' is not in the scenario; did you mean 'srbm-8'?" in err


@pytest.mark.slow
def test_warm_compiles_both_chains_in_processes_of_their_own():
    """It runs as a person runs it, since a spawned process needs a real command behind it."""
    run = subprocess.run(
        [Path(sys.executable).with_name("ringtrue"), "warm"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert "The loops are compiled" in run.stdout
