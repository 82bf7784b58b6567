"""Lines of keys, compared with a count by eye and with what tomllib reads."""

from __future__ import annotations

import tomllib

from hypothesis import given, settings
from hypothesis import strategies as st

from ringtrue.scenario.lines import key_lines, line_of

TEXT = '''\
title = "a # no comment [[x]]"  # a comment
list = [
  "one", # ] not the end
  { a = 1, b = "}" },
]
long = """
[[not]]
a = 1
"""
literal = \'\'\'
b = 2 \'\'\'

[area]
name = "here"
inner.key = 3
"quoted key" = 4

[[raid]]
id = "a"
[[raid.wave]]
uid = "w1"
[[raid.wave]]
uid = "w2"

[[raid]]
id = "b"
[[raid.wave]]
uid = "w3"
[raid.extra]
x = 1
'''


def test_every_kind_of_line() -> None:
    lines = key_lines(TEXT)
    tomllib.loads(TEXT)
    assert {path: number for path, number in lines.items() if len(path) != 1} == {
        ("area", "name"): 14,
        ("area", "inner"): 15,
        ("area", "inner", "key"): 15,
        ("area", "quoted key"): 16,
        ("raid", 0): 18,
        ("raid", 0, "id"): 19,
        ("raid", 0, "wave", 0): 20,
        ("raid", 0, "wave", 0, "uid"): 21,
        ("raid", 0, "wave", 1): 22,
        ("raid", 0, "wave", 1, "uid"): 23,
        ("raid", 1): 25,
        ("raid", 1, "id"): 26,
        ("raid", 1, "wave", 0): 27,
        ("raid", 1, "wave", 0, "uid"): 28,
        ("raid", 1, "extra"): 29,
        ("raid", 1, "extra", "x"): 30,
    }
    assert {path[0]: number for path, number in lines.items() if len(path) == 1} == {
        "title": 1, "list": 2, "long": 6, "literal": 10, "area": 13,
    }  # fmt: skip


def test_the_nearest_key_above_answers_for_what_is_inside() -> None:
    lines = key_lines(TEXT)
    assert line_of(lines, ("list", 1, "b")) == 2
    assert line_of(lines, ("raid", 1, "wave", 0, "count")) == 27
    assert line_of(lines, ("nowhere",)) is None


@settings(derandomize=True, deadline=None)
@given(st.lists(st.text(max_size=12), min_size=1, max_size=6))
def test_no_text_of_a_value_moves_the_lines(texts: list[str]) -> None:
    """Whatever stands in a string, the keys after it keep their lines."""
    import json

    safe = [json.dumps(text, ensure_ascii=True).replace("\\u007f", "") for text in texts]
    document = "\n".join(f"key{i} = {text}" for i, text in enumerate(safe))
    assert key_lines(document) == {(f"key{i}",): i + 1 for i in range(len(texts))}
