"""Whole command lines, right and wrong ones, run in a workspace of their own."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from typing import TYPE_CHECKING, NamedTuple

from ringtrue.cli import run
from ringtrue.errors import MOST_BELOW, InputError
from ringtrue.units import parse_whole
from tests.fuzz import inputs
from tests.fuzz.oracle import check_sentence, no_hang, nothing_outside

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

SYSTEMS = ("s-400", "s-400-tr", "patriot-battery", "nasams", "i-hawk", "hisar-o", "S-400", "s-401", "s-400:40n6e", "")
TARGETS = ("f-16", "bomber", "cruise-missile", "f-35", "srbm", "F-16", "drone", "f16", "")
SCENARIOS = (
    "minimal",
    "saturation",
    "turkey-2019",
    "relocation",
    "exposure-anatolia",
    "two-bearings",
    "mine.toml",
    "nowhere.toml",
    "Minimal",
)
IDS = ("s-400", "92n6e", "48n6e3", "f-16", "nothing", "S-400", "", "..", "turkey-2019")
RAIDS = ("cruise-4", "Cruise-4", "drones-24", "none", "")
COMMANDS = (
    ("audit", 38), ("engage", 18), ("catalogue", 14), ("terrain", 10), ("verify", 6), ("claims", 5), ("network", 2),
    ("exposure", 1), ("relocation", 1), ("compare", 2), ("version", 1), ("", 2),
)  # fmt: skip


class Said(NamedTuple):
    """What a command line did."""

    code: int
    out: str
    err: str


def make(rng: Random) -> list[str]:
    """Return one command line; small where it is right, so that it is answered soon."""
    command = rng.choices([name for name, _ in COMMANDS], [weight for _, weight in COMMANDS])[0]
    line = [command, *_ARGUMENTS[command](rng)]
    if rng.random() < 0.15:
        line.insert(
            rng.randrange(len(line) + 1), rng.choice(("--json", "--json", "--colour", "-x", "--help", "", "--out"))
        )
    if rng.random() < 0.1:
        i = rng.randrange(len(line))
        line[i] = inputs.bent(rng, line[i])
    if rng.random() < 0.07:
        line += line[-2:]
    return [word.replace("\0", "") for word in line]


def _some(rng: Random, share: float, name: str, value: str) -> list[str]:
    if rng.random() >= share:
        return []
    return [f"{name}={value}"] if rng.random() < 0.5 else [name, value]


def _number(rng: Random) -> str:
    """A number or what looks like one; none that is taken and so large that the answer may take its time."""
    text = inputs.number(rng)
    with contextlib.suppress(InputError):
        return "300" if 300 < parse_whole(text) <= 100_000 else text
    return text


def _common(rng: Random) -> list[str]:
    if rng.random() < 0.4:
        return ["--draws", "2", *_some(rng, 0.05, "--out", "out"), *(["--json"] if rng.random() < 0.9 else [])]
    return [
        "--draws", rng.choice(("2", "2", "2", "2", _number(rng))),
        *_some(rng, 0.15, "--seed", inputs.number(rng)), *_some(rng, 0.1, "--threads", rng.choice(("1", "2", "0",
        "x"))),
        *_some(rng, 0.1, "--catalogue", rng.choice(("figures", "nowhere", "mine.toml", "", "/dev/null"))),
        *_some(rng, 0.3, "--out", rng.choice(("out", "out", "a/b", "file", "file/x", "dangling", "pipe", "",
        "n" * 300))),
        *(["--json"] if rng.random() < 0.5 else []),
    ]  # fmt: skip


def _ground(rng: Random) -> list[str]:
    return [
        "--dem",
        rng.choice(("none", "none", "none", "none", "none", "a.tif", "globe30s", "pipe", "x" * 300, "", "mine.toml")),
    ]


def _audit(rng: Random) -> list[str]:
    systems = (
        [rng.choice(SYSTEMS) for _ in range(rng.choice((1, 1, 1, 2)))]
        if rng.random() < 0.9
        else [rng.choice(SCENARIOS)]
    )
    good = rng.random() < 0.5
    if good:
        systems = [rng.choice(SYSTEMS[:7])]
    return [
        *systems, "--target", rng.choice(TARGETS[:3] if good else TARGETS),
        *(["--height", "100m"] if good else _some(rng, 0.6, "--height", inputs.quantities(rng))),
        *([] if good else _some(rng, 0.3, "--amsl", inputs.quantities(rng))),
        *_some(rng, 0.1 if good else 0.4, "--at", inputs.position(rng)), *([] if good else _some(rng, 0.2, "--mast",
        inputs.quantity(rng))),
        *_some(rng, 0.1, "--azimuth", inputs.quantity(rng)), *_some(rng, 0.1, "--k", inputs.number(rng)),
        *_some(rng, 0.1, "--heading", rng.choice(("inbound", "beam", "Worst", "sideways"))),
        *([] if good else _some(rng, 0.1, "--site-radius", inputs.quantity(rng))),
        *_some(rng, 0.1, "--ground", inputs.quantity(rng)), *_ground(rng), *_common(rng),
    ]  # fmt: skip


def _engage(rng: Random) -> list[str]:
    scenario = rng.choice(("minimal", "minimal", "mine.toml", *SCENARIOS[-2:]))
    return [
        scenario, "--replications", rng.choice(("1", "2", _number(rng))),
        *_some(rng, 0.4, "--set", inputs.setting(rng)), *_some(rng, 0.2, "--raid", rng.choice(RAIDS)),
        *_some(rng, 0.1, "--laydown", rng.choice(("one-s-400", "x", ""))),
        *_some(rng, 0.1, "--trace", inputs.number(rng)), *_some(rng, 0.1, "--draw", rng.choice(("nominal", "0", "x"))),
        *_some(rng, 0.1, "--precision", inputs.number(rng)), *_some(rng, 0.1, "--chunks", rng.choice(("1", "2", "0"))),
        *_ground(rng), *_common(rng),
    ]  # fmt: skip


def _study(*scenarios: str):
    def arguments(rng: Random) -> list[str]:
        wrong = ["--replications", "x"] if rng.random() < 0.5 else ["--set", inputs.setting(rng)]
        return [rng.choice(scenarios), *wrong, *_ground(rng), *_common(rng)]

    return arguments


_ARGUMENTS = {
    "audit": _audit,
    "engage": _engage,
    "catalogue": lambda rng: [
        *rng.choice((["list"], ["show", rng.choice(IDS)], ["check"], ["check", rng.choice(("figures", "file",
        "x"))], ["schema"], [])),
        *_some(rng, 0.2, "--catalogue", rng.choice(("figures", "nowhere", "file"))),
    ],
    "terrain": lambda rng: [
        *rng.choice((["info"], ["info", "a.tif"], ["info", "none"], ["add", "a.tif"], ["add", "mine.toml"], ["list"],
                     ["add", "pipe"], ["remove", "a"], ["remove", rng.choice(("..", "x", "/"))], ["info",
                     "globe30s"])),
    ],
    "verify": lambda rng: [*rng.choice((["cases.toml"], ["mine.toml"], ["nowhere"], ["cases.toml", "cases.toml"])),
                           *_some(rng, 0.4, "--html", rng.choice(("v.html", "pipe", "file/v.html", "dangling", "")))],
    "claims": lambda rng: [rng.choice(("claims.toml", "mine.toml", "nowhere", "pipe")), *_ground(rng), *_common(rng)],
    "network": _study("minimal", "saturation", "mine.toml"),
    "exposure": _study("minimal", "mine.toml", "nowhere.toml"),
    "relocation": _study("minimal", "mine.toml", "nowhere.toml"),
    "compare": _study("minimal", "mine.toml", "nowhere.toml"),
    "version": lambda _rng: [],
    "": lambda rng: [inputs.odd_text(rng)],
}  # fmt: skip


def furnish(rng: Random, workspace: Path) -> None:
    """Put files into a workspace that command lines name."""
    (workspace / "figures").mkdir()
    (workspace / "file").write_text("x")
    (workspace / "dangling").symlink_to(workspace / "nothing")
    os.mkfifo(workspace / "pipe")
    whole = next(text for text in inputs.SCENARIOS if "cruise-4" in text)
    mine = whole if rng.random() < 0.3 else inputs.toml(rng, (whole,))
    (workspace / "mine.toml").write_bytes(inputs.file_bytes(rng, mine))
    (workspace / "cases.toml").write_bytes(inputs.file_bytes(rng, inputs.toml(rng, SMALL_CASES)))
    (workspace / "claims.toml").write_bytes(inputs.file_bytes(rng, "nonsense = 1" if rng.random() < 0.5 else ""))
    (workspace / "figures" / "own.toml").write_bytes(inputs.file_bytes(rng, inputs.toml(rng, inputs.CATALOGUE)))
    (workspace / "a.tif").write_bytes(rng.randbytes(300))


SMALL_CASES = tuple(
    text for text in inputs.CASES if "[[case]]" in text and "simulation" not in text and len(text) < 9_000
)


def run_line(line: list[str]) -> Said:
    """Run one command line in this process."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", errors="backslashreplace", newline="\n") for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            with no_hang():
                code = run(line)
        except SystemExit as stop:
            code = int(stop.code or 0)
        sys.stdout.flush()
        sys.stderr.flush()
    texts = [stream.buffer.getvalue().decode("utf-8") for stream in (out, err)]
    return Said(code, *texts)


def check(line: list[str], workspace: Path) -> int:
    """Run a line in a workspace and hold what it does against the rules; return its exit code."""
    with nothing_outside(workspace), contextlib.chdir(workspace):
        said = run_line(line)
    about = f"{line!r}: {said.code} {said.err[-600:]!r}"
    assert said.code in (0, 1, 2), about
    assert said.code != 1 or "verify" in line or "check" in line, about
    assert "Traceback" not in said.err + said.out, about
    assert not list(workspace.rglob("*.part")), about
    if said.code == 2:
        lines = said.err.splitlines()
        first = max((i for i, text in enumerate(lines) if text.startswith("ringtrue: ")), default=None)
        assert first is not None, about
        for text in lines[first:]:  # the sentence, and below it what else is wrong
            check_sentence(text, line)
        assert len(lines) - first <= MOST_BELOW + 2, about
        assert said.err.count("ringtrue: ") == 1 or "ringtrue: " in " ".join(line), about
        assert said.out == "", about
    elif "--json" in line and said.code == 0 and "--help" not in line:
        assert said.out.count("\n") == 1, about
        json.loads(said.out)
    return said.code
