"""The thread pool hands out every block once; the store never gives back what was not put in."""

import os
import threading

import numpy as np
import pytest

from ringtrue.geo import cache, pool
from ringtrue.geo.elevation import open_model
from ringtrue.geo.surface import terrain_surface


@pytest.fixture
def store(monkeypatch, tmp_path):
    monkeypatch.setenv("RINGTRUE_CACHE", str(tmp_path / "store"))
    return tmp_path / "store"


@pytest.mark.parametrize("threads", [1, 2, 5, None])
def test_every_block_once(threads):
    counts = np.zeros(300, dtype=int)

    def block(i):
        counts[i] += 1

    pool.run_blocks(block, 300, threads)
    assert (counts == 1).all()


def test_one_thread_is_the_caller():
    names = []
    pool.run_blocks(lambda _: names.append(threading.current_thread()), 3, threads=1)
    assert set(names) == {threading.current_thread()}


def test_an_error_comes_out():
    def block(i):
        if i == 7:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        pool.run_blocks(block, 20, threads=2)


def test_round_trip(store):
    arrays = {"a": np.arange(5, dtype=np.float32), "b": np.array([True, False])}
    cache.store_arrays("key", arrays)
    loaded = cache.load_arrays("key")
    assert loaded is not None
    assert np.array_equal(loaded["a"], arrays["a"])
    assert np.array_equal(loaded["b"], arrays["b"])
    assert [path.name for path in store.iterdir()] == ["key.npz"]


def test_missing_and_damaged_entries_are_no_error(store):
    assert cache.load_arrays("nothing") is None
    cache.store_arrays("key", {"a": np.arange(1000)})
    path = store / "key.npz"
    whole = path.read_bytes()
    for damaged in (whole[:100], b"", b"\0" * 300, whole[:-500], whole[:400] + b"\xff" * 100 + whole[500:]):
        path.write_bytes(damaged)
        assert cache.load_arrays("key") is None
        assert not path.exists()


def test_objects_are_not_unpickled(store):
    store.mkdir()
    np.savez(store / "key.npz", a=np.array([{"x": 1}], dtype=object))
    assert cache.load_arrays("key") is None


def test_the_longest_unused_makes_room(store):
    size = 10_000
    for i in range(4):
        cache.store_arrays(f"key{i}", {"a": np.zeros(size, np.uint8)})
        os.utime(store / f"key{i}.npz", (1000.0 + i, 1000.0 + i))
    assert cache.load_arrays("key0") is not None  # now the newest
    cache.store_arrays("key4", {"a": np.zeros(size, np.uint8)}, limit_bytes=3 * 10_500)
    assert sorted(path.name for path in store.iterdir()) == ["key0.npz", "key3.npz", "key4.npz"]


def test_an_unwritable_store_is_no_error(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RINGTRUE_CACHE", str(tmp_path / "file"))
    cache.store_arrays("key", {"a": np.zeros(3)})
    assert cache.load_arrays("key") is None


def test_memory_store_keeps_to_its_limit():
    memory = cache.MemoryStore(limit_bytes=2_000)
    made = []

    def make(i):
        made.append(i)
        return np.zeros(100)

    for i in (0, 1, 0, 2, 3, 0):
        memory.get_or_make(i, lambda i=i: make(i))
    assert made == [0, 1, 2, 3, 0]


def test_surface_comes_back_the_same(store):
    def once():
        return terrain_surface(open_model(None), 40.0789, 32.5656, antenna_height_m=25.0, k_factor=1.26, reach_m=60e3)

    first = once()
    assert len(list(store.glob("*.npz"))) == 1
    second = once()
    assert second.lowest_visible_altitude_m.tobytes() == first.lowest_visible_altitude_m.tobytes()
    assert second.is_covered.dtype == np.bool_
    assert second.site_altitude_m == first.site_altitude_m
