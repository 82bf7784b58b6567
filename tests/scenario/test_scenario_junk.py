"""Whatever stands in a scenario file, the answer is a scenario or one sentence, never a crash."""

from __future__ import annotations

import json
import re
import tomllib
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringtrue.errors import InputError
from ringtrue.scenario.build import build_scenario
from ringtrue.scenario.checks import check_scenario
from ringtrue.scenario.load import parse_scenario
from ringtrue.scenario.read import Document, read_table
from ringtrue.scenario.schema import SCENARIO

TEXT = (resources.files("ringtrue.scenario") / "data" / "turkey-2019.toml").read_text(encoding="utf-8")
JUNK = [
    None, True, -1, 0, 1e308, float("nan"), "", "x", "1e999 km", "nan m", "-5 s", "10 parsecs", "5 m/s", [], [1],
    [[1, 2]], [[95, 0]], float("inf"), 10**15,
    [{}], {}, {"value": "5 s"}, {"low": 1}, {"x": 1}, "2019-02-30", "all", [["a", "b"]], ["neither"], [None],
]  # fmt: skip


def paths(node: object, path: tuple = ()) -> list[tuple]:
    """Every address in a document, a few items of each list."""
    found = [path] if path else []
    if isinstance(node, dict):
        for key, value in node.items():
            found += paths(value, (*path, key))
    elif isinstance(node, list):
        for i, value in enumerate(node[-2:], start=max(0, len(node) - 2)):
            found += paths(value, (*path, i))
    return found


def complaint(text: str, *settings: str) -> str:
    """What the loader says, or nothing."""
    try:
        parse_scenario(text, "t.toml", settings)
    except InputError as error:
        return str(error)
    return ""


DOCUMENT = tomllib.loads(TEXT)
PATHS = paths(DOCUMENT)


@settings(derandomize=True, deadline=None, max_examples=400)
@given(st.sampled_from(PATHS), st.sampled_from(JUNK))
def test_junk_in_any_place(path: tuple, junk: object) -> None:
    content = tomllib.loads(TEXT)
    node = content
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = junk
    document = Document("t.toml", content, {})
    complaints: list[str] = []
    try:
        values = read_table(document, content, SCENARIO)
        check_scenario(document, values, None)
        build_scenario("t", values, "hash")
    except InputError as error:
        complaints.append(str(error))
    assert all(re.fullmatch(r"t\.toml: .+", complaint) for complaint in complaints)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.integers(0, len(TEXT) - 1), st.integers(0, 40))
def test_a_cut_out_of_the_text(start: int, length: int) -> None:
    assert "\n" not in complaint(TEXT[:start] + TEXT[start + length :])


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.sampled_from([path for path in PATHS if all("=" not in str(step) for step in path)]), st.sampled_from(JUNK))
def test_junk_in_any_setting(path: tuple, junk: object) -> None:
    setting = ".".join(map(str, path)) + "=" + json.dumps(junk)
    assert "\n" not in complaint(TEXT, setting)


@pytest.mark.parametrize(
    "text", ["", "title = 3", 'title = "x"', 'title = "x"\nlaydown = 3', 'title = "x"\nlaydown = [3]']
)
def test_nearly_nothing(text: str) -> None:
    with pytest.raises(InputError):
        parse_scenario(text, "t.toml")
