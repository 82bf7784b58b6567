"""A share of the fuzzing in every run of the tests, always the same; `make fuzz` asks for as much as you like.

An example is a seed, and a seed makes a batch of inputs: what fails is printed with its input. FUZZ=N (set by
`make fuzz`) multiplies the number of examples by N and begins elsewhere, at FUZZ_START where it is set; FUZZ_TALLY
names a file to which counts are added.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
import warnings
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from ringtrue.geo import layers
from ringtrue.studies.warm import QUESTIONS
from tests.fuzz import entries, inputs, lines, rasters
from tests.fuzz.oracle import no_hang, nothing_outside, read_or_refused
from tests.fuzz.readers import DOORS, Door

if TYPE_CHECKING:
    from collections.abc import Iterator

TIMES = int(os.environ.get("FUZZ", "0"))
START = int(os.environ.get("FUZZ_START", time.time_ns() if TIMES else 0))
SEEDS = st.integers(0, 2**63 - 1)
BATCH = 200


def often(n_examples: int) -> settings:
    """So many examples in the test run, always the same; FUZZ times as many, and others, in a long one."""
    return settings(
        max_examples=n_examples * max(TIMES, 1), derandomize=not TIMES, deadline=None, database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip


@contextmanager
def workspace() -> Iterator[Path]:
    """Give a folder for one example in which alone it may write: store, models and home lie in it."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz-")).resolve()
    names = {
        "RINGTRUE_CACHE": "cache",
        "RINGTRUE_DATA": "data",
        "HOME": "home",
        "XDG_CACHE_HOME": "c",
        "XDG_DATA_HOME": "d",
    }
    before = {name: os.environ.get(name) for name in names}
    os.environ.update({name: str(folder / place) for name, place in names.items()})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield folder
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
        shutil.rmtree(folder, ignore_errors=True)


def started(seed: int) -> Random:
    """Return the numbers of one example; what fails is told with the two that make it again."""
    note(f"FUZZ_START={START}, seed={seed}")
    return Random(START + seed)


def tally(what: str, n: int, n_read: int) -> None:
    """Add to the counts of a long run."""
    if path := os.environ.get("FUZZ_TALLY"):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps([what, n, n_read]) + "\n")


@cache
def country_maps_are_known() -> bool:
    """Make the derived maps once, outside any workspace: they take a second each."""
    return bool(layers.country_ids(40.0, 33.0) > 0) and bool(layers.is_land(40.0, 33.0))


@cache
def loops_are_compiled() -> bool:
    """Compile outside the ten seconds that a command line may take."""
    for ask in QUESTIONS.values():
        ask()
    return True


@pytest.mark.parametrize("door", [pytest.param(door, id=door.name) for door in DOORS])
def test_a_reader_reads_or_refuses_in_one_sentence(door: Door) -> None:
    n_inputs = BATCH * door.per_thousand // 1000 or 1

    @often(25 if door.per_thousand >= 5 else 5)
    @given(SEEDS)
    def throw(seed):
        rng = started(seed)
        with workspace() as folder, nothing_outside(folder):
            n_read = sum(
                read_or_refused(lambda given: door.read(given, folder), door.make(rng)) for _ in range(n_inputs)
            )
        tally(door.name, n_inputs, n_read)

    throw()


@often(75)
@given(st.text(max_size=30))
def test_any_text_at_all_is_read_or_refused(text: str) -> None:
    with workspace() as folder:
        for door in DOORS:
            if door.name in ("lengths of an option", "position", "words of an option", "--set"):
                read_or_refused(lambda given, door=door: door.read(given, folder), text)
    tally("any text", 4, 0)


@often(5)
@given(SEEDS)
def test_a_command_line_answers_or_refuses(seed: int) -> None:
    assert country_maps_are_known()
    assert loops_are_compiled()
    rng = started(seed)
    n_answered = 0
    for _ in range(10):
        with workspace() as folder:
            lines.furnish(rng, folder)
            n_answered += lines.check(lines.make(rng), folder) == 0
    tally("command line", 10, n_answered)


@often(3)
@given(SEEDS)
def test_a_raster_is_read_or_refused(seed: int) -> None:
    assert country_maps_are_known()
    rng = started(seed)
    n_read = 0
    for _ in range(10):
        with workspace() as folder:
            path = rasters.make(rng, folder)
            with nothing_outside(folder):
                n_read += read_or_refused(rasters.read, path)
    tally("raster", 10, n_read)


@often(2)
@given(SEEDS)
def test_a_damaged_entry_of_the_store_is_made_again(seed: int) -> None:
    rng = started(seed)
    with workspace() as folder:
        first = entries.swept(seed)
    for _ in range(5):
        with workspace() as folder, nothing_outside(folder), no_hang():
            assert entries.same(entries.swept(seed), first)
            entries.check(rng, folder / "cache", first, seed)
    tally("entry of the store", 5, 0)


def test_the_makers_make_what_is_read_too() -> None:
    """An oracle that only ever sees refusals would say little."""
    rng = Random(1)
    with workspace() as folder:
        for door in DOORS:
            if door.per_thousand >= 50:
                n_read = sum(read_or_refused(lambda x, d=door: d.read(x, folder), door.make(rng)) for _ in range(500))
                assert n_read >= 15, door.name
    assert inputs.quantity(Random(7)) == inputs.quantity(Random(7))
