"""A radar parameter added in a trial is behind audit, raid and exposure as soon as one statement reads it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import ringtrue

ADDRESS = "radar.sentinel.upkeep"
FIELD = (
    "    masts_m: dict[str, float] = field(\n",
    '    upkeep: T | None = quantity(PROBABILITY, "Share of range that age leaves", short="upkeep", default=None)\n',
)
READ = (
    '        "reference_range_m": range_m,\n',
    '        "reference_range_m": range_m * (1.0 if radar.upkeep is None else radar.upkeep),\n',
)
FIGURE = 'upkeep = { low = 0.3, nominal = 0.6, high = 0.9, unit = "1", origin = "assumed", note = "a trial" }\n'
ASK = f"""
import json
from benchmarks.figures.moving import listed, moves
from benchmarks.figures.questions import audit_question, exposure_question, raid_question
from ringtrue.catalogue.load import load_catalogue
catalogue = load_catalogue()
found = {{}}
asked = audit_question("nasams", ("f-16",)), raid_question("nasams", "f-16", 4), exposure_question("nasams", ("f-16",))
for question in asked:
    before = question.ask(catalogue)
    moved = moves(question, catalogue, before, {{"{ADDRESS}": 0.3}})
    found[question.kind] = ["{ADDRESS}" in listed(before), bool(moved)]
from ringtrue.sensing.ledger import Ledger, watched
from ringtrue.sensing.chain import chain_of, watched_chain
ledger, uses = Ledger(catalogue, 50, 1), set()
watched_chain(chain_of(ledger, "nasams"), uses).engagement.upkeep
found["decides"] = [c.label for c in ledger.candidates(uses)]
print(json.dumps(found))
"""


def _put(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (path.name, old)
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.slow
def test_a_parameter_added_in_a_trial_is_on_every_list(tmp_path):
    package = tmp_path / "src" / "ringtrue"
    root = Path(ringtrue.__file__).parents[2]
    shutil.copytree(Path(ringtrue.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(root / "benchmarks" / "figures", tmp_path / "benchmarks" / "figures")
    (tmp_path / "benchmarks" / "__init__.py").touch()
    _put(package / "catalogue" / "records.py", FIELD[0], FIELD[1] + FIELD[0])
    _put(package / "sensing" / "looks.py", *READ)
    data = package / "catalogue" / "data" / "nasams.toml"
    _put(data, "[radar.sentinel]\n", "[radar.sentinel]\n" + FIGURE)
    paths = os.pathsep.join([str(tmp_path / "src"), str(tmp_path)])
    ran = subprocess.run(
        [sys.executable, "-c", ASK], capture_output=True, text=True, check=False, cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": paths},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
    found = json.loads(ran.stdout)
    assert found["audit"] == found["raid"] == found["exposure"] == [True, True]
    assert found["decides"] == ["upkeep of the Sentinel radar"]
