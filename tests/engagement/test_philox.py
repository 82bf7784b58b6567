"""Philox against the known answers of Random123, and the kernel's copy against the plain one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringtrue.engagement.philox import draw_keys, philox_words

ONES = 0xFFFFFFFF
KNOWN = [  # counter, key, words: kat_vectors of Random123, philox4x32 with 10 rounds
    ((0, 0, 0, 0), (0, 0), "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ((ONES, ONES, ONES, ONES), (ONES, ONES), "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        "d16cfe09 94fdcceb 5001e420 24126ea1",
    ),
]


@pytest.mark.parametrize(("counter", "key", "words"), KNOWN)
def test_known_answers(counter, key, words):
    from ringtrue.engagement._kernels import philox

    assert " ".join(f"{word:08x}" for word in philox_words(counter, key)) == words
    compiled = philox(*(np.uint64(x) for x in (*counter, *key)))
    assert " ".join(f"{int(word):08x}" for word in compiled) == words


@settings(max_examples=200, derandomize=True, deadline=None, database=None)
@given(words=st.lists(st.integers(0, ONES), min_size=6, max_size=6))
def test_compiled_and_plain_agree(words):
    from ringtrue.engagement._kernels import philox

    compiled = philox(*(np.uint64(x) for x in words))
    assert tuple(int(word) for word in compiled) == philox_words(tuple(words[:4]), tuple(words[4:]))


def test_draw_keys_depend_on_seed_and_draw_alone():
    assert (draw_keys(5, 2, 3) == draw_keys(5, 0, 10)[2:5]).all()
    assert not (draw_keys(5, 0, 4) == draw_keys(6, 0, 4)).any()
