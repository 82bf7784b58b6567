"""The thread pool hands out every block once; the store never gives back what was not put in."""

import errno
import os
import signal
import sys
import threading
import tracemalloc
from pathlib import Path

import numpy as np
import platformdirs
import pytest

from ringtrue.cancel import Cancel, Cancelled, heeded, heeding, stop_if_cancelled
from ringtrue.errors import InputError
from ringtrue.geo import cache, layers, pool
from ringtrue.geo.cache import Stored
from ringtrue.geo.elevation import open_model
from ringtrue.geo.folders import cache_dir, data_dir
from ringtrue.geo.surface import terrain_surface
from ringtrue.sensing.sight import polar_sight


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


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_no_block_begins_once_another_thread_has_cancelled(threads):
    cancel, begun, flag_is_up = Cancel(), [], threading.Event()

    def block(i):
        begun.append((i, cancel.is_set))
        if i == 20:
            other = threading.Thread(target=cancel.set)
            other.start()
            other.join()
            flag_is_up.set()
        elif i > 20:
            flag_is_up.wait(10.0)  # else the others may be through before a thread has started

    with heeding(cancel), pytest.raises(Cancelled, match="stopped as asked"):
        pool.run_blocks(block, 500, threads)
    assert 20 in (i for i, _ in begun)
    assert len(begun) < 500
    # a block may have passed its check on each other thread while the flag went up
    assert sum(late for _, late in begun) <= threads - 1


def test_an_error_leaves_no_block_running():
    running, left = [], threading.Event()

    def block(i):
        if i == 0:
            raise ZeroDivisionError
        running.append(i)
        left.wait(0.05)
        running.remove(i)

    with pytest.raises(ZeroDivisionError):
        pool.run_blocks(block, 50, threads=2)
    assert not running


def test_blocks_heed_the_flag_of_their_caller_and_no_other():
    cancel, seen = Cancel(), []
    with heeding(cancel):
        pool.run_blocks(lambda _: seen.append(heeded()), 20, threads=3)
    pool.run_blocks(lambda _: seen.append(heeded()), 20, threads=3)
    assert seen == [cancel] * 20 + [None] * 20
    cancel.set()
    stop_if_cancelled()  # heeds nothing here


def test_a_flag_reaches_blocks_within_blocks():
    cancel, inner = Cancel(), []

    def outer(i):
        if i == 3:
            cancel.set()
        pool.run_blocks(inner.append, 2, threads=1)

    with heeding(cancel), pytest.raises(Cancelled):
        pool.run_blocks(outer, 10, threads=1)
    assert inner == [0, 1] * 3


def nested(inner):
    def outer(_):
        pool.run_blocks(lambda _: None, 4, inner)

    return outer


@pytest.mark.parametrize("inner", [2, 3, None])
def test_a_nested_pool_is_an_error_and_does_not_wait_for_ever(inner, monkeypatch):
    monkeypatch.setattr(pool, "available_threads", lambda: 4)
    with pytest.raises(RuntimeError, match="give threads=1 there"):
        pool.run_blocks(nested(inner), 4, threads=2)


def test_blocks_within_blocks_run_on_the_thread_they_are_in():
    pool.run_blocks(nested(1), 4, threads=2)
    pool.run_blocks(nested(2), 4, threads=1)


def test_a_forked_process_has_a_pool_of_its_own():
    pool.run_blocks(lambda _: None, 4, threads=2)
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        pool.run_blocks(lambda _: None, 4, threads=2)
        os._exit(7)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


KEY = cache.content_key("a test")
OTHER_KEY = cache.content_key("another test")
THOUSAND = {"a": Stored((1000,), "<f4")}


def thousand():
    return {"a": np.arange(1000, dtype=np.float32)}


def kept(store, key=KEY):
    """Store an entry that can be read, and give its path."""
    cache.store_arrays(key, thousand())
    assert cache.load_arrays(key, THOUSAND) is not None
    return store / f"{key}.npz"


def test_round_trip(store):
    arrays = {"a": np.arange(6, dtype=np.float32).reshape(2, 3)[:, ::2], "b": np.array([True, False])}
    cache.store_arrays(KEY, arrays)
    loaded = cache.load_arrays(KEY, {"a": Stored((2, 2), "<f4"), "b": Stored((2,), "|b1")})
    assert loaded is not None
    assert np.array_equal(loaded["a"], arrays["a"])
    assert np.array_equal(loaded["b"], arrays["b"])
    assert [path.name for path in store.iterdir()] == [f"{KEY}.npz"]


@pytest.mark.parametrize(
    "key", ["", "key", "../../etc/passwd", "a" * 31, "a" * 33, "A" * 32, f"{'a' * 32}\n", "٣" * 32]
)
def test_only_32_hexadecimal_digits_are_a_key(store, key):
    with pytest.raises(InputError, match="32 hexadecimal digits"):
        cache.load_arrays(key, THOUSAND)
    with pytest.raises(InputError, match="32 hexadecimal digits"):
        cache.store_arrays(key, thousand())
    assert not store.exists()


def test_missing_and_damaged_entries_are_no_error(store):
    assert cache.load_arrays(KEY, THOUSAND) is None
    path = kept(store)
    whole = path.read_bytes()
    for damaged in (
        whole[:100], b"", b"\0" * 300, whole[:-500], whole[:400] + b"\xff" * 100 + whole[500:],
        whole + b"\0" * 100_000, whole[:2000] + bytes([whole[2000] ^ 1]) + whole[2001:],
    ):  # fmt: skip
        path.write_bytes(damaged)
        assert cache.load_arrays(KEY, THOUSAND) is None
        assert kept(store) == path


@pytest.mark.parametrize(
    "expected",
    [
        {"a": Stored((999,), "<f4")}, {"a": Stored((1000, 1), "<f4")}, {"a": Stored((1000,), "<f8")},
        {"a": Stored((1000,), ">f4")}, {"a": Stored((1000,), "<i4")}, {"b": Stored((1000,), "<f4")}, {},
        {"a": Stored((1000,), "<f4"), "b": Stored((1,), "<f4")},
    ],
)  # fmt: skip
def test_an_entry_of_another_shape_type_or_name_is_not_taken(store, expected):
    kept(store)
    assert cache.load_arrays(KEY, expected) is None


def test_an_entry_that_was_edited_or_copied_from_another_key_is_not_taken(store):
    path = kept(store)
    with np.load(path) as file:
        arrays = dict(file)
    arrays["a"][7] += 1.0
    np.savez(path, **arrays)
    assert cache.load_arrays(KEY, THOUSAND) is None
    kept(store, OTHER_KEY).rename(path)
    assert cache.load_arrays(KEY, THOUSAND) is None


def test_an_entry_without_a_digest_is_not_taken(store):
    store.mkdir()
    np.savez(store / f"{KEY}.npz", **thousand())
    assert cache.load_arrays(KEY, THOUSAND) is None


def test_what_is_not_finite_is_not_taken(store):
    for bad in (np.nan, np.inf, -np.inf):
        arrays = thousand()
        arrays["a"][5] = bad
        cache.store_arrays(KEY, arrays)
        assert cache.load_arrays(KEY, THOUSAND) is None
        with_gaps = cache.load_arrays(KEY, {"a": Stored((1000,), "<f4", may_be_nan=True)})
        assert (with_gaps is None) == bool(np.isinf(bad))


def test_a_reader_may_ask_whether_the_arrays_fit_together(store):
    kept(store)
    assert cache.load_arrays(KEY, THOUSAND, lambda arrays: bool(arrays["a"][3] == 3.0)) is not None
    assert cache.load_arrays(KEY, THOUSAND, lambda arrays: bool(arrays["a"][3] == 4.0)) is None


def test_objects_are_not_unpickled(store):
    store.mkdir()
    np.savez(store / f"{KEY}.npz", a=np.array([{"x": 1}], dtype=object))
    assert cache.load_arrays(KEY, {"a": Stored((1,), "|O")}) is None


def test_an_archive_that_unpacks_to_more_than_it_should_is_not_unpacked(store):
    store.mkdir()
    np.savez_compressed(store / f"{KEY}.npz", a=np.zeros(50_000_000, np.float32))
    tracemalloc.start()
    assert cache.load_arrays(KEY, THOUSAND) is None
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def test_what_is_no_regular_file_is_recomputed_and_replaced_without_waiting(store, tmp_path):
    store.mkdir()
    path = store / f"{KEY}.npz"
    elsewhere = kept(store, OTHER_KEY).rename(tmp_path / "elsewhere.npz")
    before = elsewhere.read_bytes()
    for make in (lambda: os.mkfifo(path), lambda: path.symlink_to(elsewhere), lambda: path.symlink_to("/dev/zero"),
                 lambda: path.symlink_to(store / "nothing"), lambda: path.symlink_to(path)):  # fmt: skip
        path.unlink(missing_ok=True)
        make()
        assert cache.load_arrays(KEY, THOUSAND) is None
        assert kept(store) == path
        assert not path.is_symlink()
    assert elsewhere.read_bytes() == before
    path.unlink()
    path.mkdir()
    cache.store_arrays(KEY, thousand())
    assert cache.load_arrays(KEY, THOUSAND) is None
    assert [p.name for p in store.iterdir()] == [path.name]


def test_the_longest_unused_makes_room(store):
    keys = [cache.content_key(i) for i in range(5)]
    for i in range(4):
        cache.store_arrays(keys[i], thousand())
        os.utime(store / f"{keys[i]}.npz", (1000.0 + i, 1000.0 + i))
    assert cache.load_arrays(keys[0], THOUSAND) is not None  # now the newest
    cache.store_arrays(keys[4], thousand(), limit_bytes=3 * 4_800)
    assert {path.name for path in store.iterdir()} == {f"{keys[i]}.npz" for i in (0, 3, 4)}


def test_files_of_others_are_neither_counted_nor_deleted(store):
    store.mkdir()
    foreign = ["notes.npz", f"{KEY}.npz.bak", f"x{KEY}.npz", f"{KEY.upper()}.npz", f"{KEY}-copy.npz", "key.part"]
    for name in foreign:
        (store / name).write_bytes(b"x" * 50_000)
        os.utime(store / name, (1.0, 1.0))
    (store / f"{'0' * 32}.npz").mkdir()
    (store / f"{'1' * 32}.npz").symlink_to(store / "notes.npz")
    before = {path.name for path in store.iterdir()}
    cache.store_arrays(KEY, thousand(), limit_bytes=6_000)
    assert {path.name for path in store.iterdir()} == before | {f"{KEY}.npz"}
    cache.store_arrays(OTHER_KEY, thousand(), limit_bytes=6_000)
    assert {path.name for path in store.iterdir()} == before | {f"{OTHER_KEY}.npz"}


def test_parts_that_a_killed_process_left_go_after_a_day(store):
    store.mkdir()
    old, new = store / f".ringtrue-{'0' * 16}.part", store / f".ringtrue-{'1' * 16}.part"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (1.0, 1.0))
    kept(store)
    assert not old.exists()
    assert new.exists()


def test_an_unwritable_store_is_no_error(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere" / "at" / "all")
    for name in ("file", "file/below", "dangling", "n" * 300):
        monkeypatch.setenv("RINGTRUE_CACHE", str(tmp_path / name))
        cache.store_arrays(KEY, thousand())
        assert cache.load_arrays(KEY, THOUSAND) is None
    assert {path.name for path in tmp_path.iterdir()} == {"file", "dangling"}


def test_a_full_disk_leaves_no_half_entry(store, monkeypatch):
    def half(file, _arrays):
        file.write(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(cache, "_write", half)
    cache.store_arrays(KEY, thousand())
    assert list(store.iterdir()) == []


def test_folders_are_where_the_system_keeps_such_things(monkeypatch, tmp_path):
    for name in ("RINGTRUE_CACHE", "RINGTRUE_DATA", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_dir() == platformdirs.user_cache_path("ringtrue", appauthor=False)
    assert data_dir() == platformdirs.user_data_path("ringtrue", appauthor=False)
    assert tmp_path in cache_dir().parents
    if sys.platform == "linux":
        assert cache_dir() == tmp_path / ".cache" / "ringtrue"
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "c"))
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "d"))
        assert (cache_dir(), data_dir()) == (tmp_path / "c" / "ringtrue", tmp_path / "d" / "ringtrue")
    monkeypatch.setenv("RINGTRUE_CACHE", str(tmp_path / "mine"))
    monkeypatch.setenv("RINGTRUE_DATA", str(tmp_path / "models"))
    assert (cache_dir(), data_dir()) == (tmp_path / "mine", tmp_path / "models")


def test_without_a_home_nothing_is_stored_and_models_need_a_folder(monkeypatch, tmp_path):
    for name in ("RINGTRUE_CACHE", "RINGTRUE_DATA", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda *_, **__: Path("~/.cache/ringtrue"))
    monkeypatch.setattr(platformdirs, "user_data_path", lambda *_, **__: Path("~/.local/share/ringtrue"))
    monkeypatch.chdir(tmp_path)
    cache.store_arrays(KEY, thousand())
    assert cache.load_arrays(KEY, THOUSAND) is None
    with pytest.raises(InputError, match="set RINGTRUE_DATA to a folder"):
        data_dir()
    assert list(tmp_path.iterdir()) == []


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


def swept():
    """A surface and a sight at the edge of the model, so that parts are unknown."""
    model = open_model(None)
    surface = terrain_surface(model, 49.8, 32.0, antenna_height_m=25.0, k_factor=1.26, reach_m=60e3)
    sight = polar_sight(model, 49.8, 32.0, antenna_height_m=np.array([25.0]), k_factor=1.26, reach_m=60e3)
    return surface.lowest_visible_altitude_m, surface.ground_altitude_m, sight.model_ground_m, sight.needed_code


def test_what_readers_store_at_the_edge_of_a_model_they_take_again(store, monkeypatch):
    first = swept()
    assert np.isnan(first[0]).any()
    assert np.isnan(first[2]).any()
    monkeypatch.setattr("ringtrue.geo.surface._sweep", None)
    monkeypatch.setattr("ringtrue.sensing.sight.ray_sight", None)
    for one, again in zip(first, swept(), strict=True):
        assert one.tobytes() == again.tobytes()


@pytest.mark.parametrize("name", ["lowest", "ground"])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -1e4])
def test_a_reader_recomputes_what_cannot_be_right_even_under_a_right_digest(store, name, bad):
    first = swept()
    for path in store.glob("*.npz"):
        with np.load(path) as file:
            arrays = {key: file[key] for key in file.files if key != "digest"}
        if name not in arrays:
            continue
        middle = tuple(side // 2 for side in arrays[name].shape)
        if bad == -1e4 and (name == "ground" or "antenna" in arrays):
            continue  # low ground is nothing that a reader could know to be wrong
        arrays[name][middle] = bad
        cache.store_arrays(path.stem, arrays)
    for one, again in zip(first, swept(), strict=True):
        assert one.tobytes() == again.tobytes()


def test_a_derived_map_with_unknown_countries_is_made_again(store):
    layers._country_raster.cache_clear()
    right = layers._country_raster("un").copy()
    (path,) = store.glob("*.npz")
    cache.store_arrays(path.stem, {"raster": np.full(right.shape, 250, np.uint8)})
    layers._country_raster.cache_clear()
    assert np.array_equal(layers._country_raster("un"), right)
