"""Draws and the nominal case are named: a -1 that reads the end of a draw axis is `NOMINAL`, a :-1 `DRAWS`."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import ringtrue

ROOT = Path(ringtrue.__file__).parent
ROOMS = ("sensing", "coverage", "engagement", "studies")
"""Rooms whose arrays have a draw axis; kernels and their files have axes of their own and are left out."""

LAST_OF_A_LIST = {
    "coverage/answer.py": {"rows[-1]"},
    "coverage/siting.py": {"found[-1]"},
    "engagement/compile.py": {"guides[-1]", "radars[-1]", "takes_cue[-1]", "v[-1]"},
    "sensing/ledger.py": {"drawn[-1]", "known[-1]"},
    "studies/brief.py": {"lines[:-1]"},
    "studies/case_files.py": {"named[-1]"},
    "studies/claim_records.py": {"path[-1]"},
    "studies/compare_answer.py": {"starts[-1]"},
    "studies/compare_output.py": {"lines[-1]"},
    "studies/measures.py": {"days[-1]", "variants[-1]"},
    "studies/network_answer.py": {"links_of(v.network)[-1]"},
    "studies/network_variants.py": {"found[-1]"},
    "studies/raid_size.py": {"self.points[-1]"},
    "studies/sky.py": {"explained[-1]"},
    "studies/story.py": {"months[-1]"},
    "studies/timeline.py": {"months[-1]"},
}
KEY_OF_A_TABLE = {"coverage/audit.py": {"searches[-1]"}}
LENGTH_OF_THE_LAST_AXIS = {
    "engagement/case.py": {
        "a.flight_range_m.shape[-1]", "a.time_s.shape[-1]", "np.shape(given['flight_range_m'])[-1]", "p.shape[-1]",
        "np.shape(given['time_s'])[-1]", "np.shape(np.atleast_1d(looked.get('p_detect', 1.0)))[-1]",
    },
    "sensing/looks.py": {"one.shape[-1]", "one.shape[:-1]"},
}  # fmt: skip
LAST_KNOT_LOOK_OR_STEP = {
    "coverage/edges.py": {"self.known_m[:, -1]"},
    "coverage/limits.py": {"runs.first[0, :-1]"},
    "engagement/case.py": {"chance[..., -1]"},
    "engagement/draw_tables.py": {"a.time_s[:, :, -1]"},
    "engagement/echo.py": {"paths.time_s[:, :, -1]"},
    "engagement/raid.py": {"arrays.time_s[:, outcome.case.is_hostile, -1]"},
    "sensing/sight.py": {"grid.range_m[-1]", "self.is_known[:, :-1]", "self.sample_range_m[-1]"},
    "studies/network_late.py": {"c.arrays.time_s[:, :, -1]"},
}
LAST_PLACE_OF_A_WAY = {
    "engagement/paths.py": {
        "azimuth[-1]", "ends_m[-1]", "latitude[j, :-1]", "longitude[j, :-1]", "places[-1, k]", "places[-1]",
        "places[:-1, 0]", "places[:-1, 1]",
    },
}  # fmt: skip
END_OF_A_CURVE_OR_LADDER = {
    "coverage/layers.py": {"LADDER_M[-1]"},
    "engagement/answers.py": {"below[-1]"},
    "engagement/closed_forms.py": {
        "_stationary([offered] * n_places, death)[-1]", "law[-1]", "law[left - missed, :-1]", "ranges[-1]",
    },
    "sensing/deciding.py": {"mean[-1]", "np.linspace(0.0, 1.0, n_bins + 1)[1:-1]", "y[-1]"},
    "sensing/grounds.py": {"place[:-1]"},
    "studies/compare_differences.py": {"KILL_GRID[-1]"},
}  # fmt: skip
REASONS = (
    LAST_OF_A_LIST,
    KEY_OF_A_TABLE,
    LENGTH_OF_THE_LAST_AXIS,
    LAST_KNOT_LOOK_OR_STEP,
    LAST_PLACE_OF_A_WAY,
    END_OF_A_CURVE_OR_LADDER,
)


def _is_minus_one(node: ast.expr | None) -> bool:
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and ast.unparse(node.operand) == "1"


def nameless(source: str) -> set[str]:
    """Subscripts -1 and :-1 of a module, and lengths written ``n_draws + 1``."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Subscript):
            parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            if any(_is_minus_one(p.upper if isinstance(p, ast.Slice) else p) for p in parts):
                found.add(ast.unparse(node))
        elif isinstance(node, ast.BinOp) and ast.unparse(node).endswith("n_draws + 1"):
            found.add(ast.unparse(node))
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_what_counts_from_the_end_is_no_draw_axis(room) -> None:
    """Name a draw axis (`finding.NOMINAL`, `DRAWS`, `draw_axis`), or add the rest to the list of its reason."""
    for path in sorted((ROOT / room).rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        allowed = set().union(*(reason.get(name, set()) for reason in REASONS))
        if not path.name.endswith("_kernels.py"):
            assert nameless(path.read_text(encoding="utf-8")) == allowed, name


def test_the_lists_name_files_that_are_there() -> None:
    assert all((ROOT / name).is_file() for reason in REASONS for name in reason)


@pytest.mark.parametrize("line", ["x[-1]", "x.y[:-1]", "x[..., -1]", "x[:, :-1].sum()", "np.zeros(run.n_draws + 1)"])
def test_the_guard_sees_a_nameless_end(line) -> None:
    assert len(nameless(line)) == 1


@pytest.mark.parametrize("line", ["x[NOMINAL]", "x[DRAWS]", "x[1:]", "x[-2]", "n_draws + 2", "n_draws - 1"])
def test_the_guard_leaves_other_ends(line) -> None:
    assert nameless(line) == set()
