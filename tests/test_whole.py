"""Files and folders appear whole or not at all."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ringtrue import whole
from ringtrue.errors import InputError
from ringtrue.whole import check_writable, whole_file, whole_folder, write_whole


def names(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def fill(part):
    write_whole(part / "report.html", b"new report")
    write_whole(part / "rasters" / "one.tif", b"new raster")


@pytest.fixture
def full_disk(monkeypatch):
    """Give a function that lets the disk be full at the n-th file from now on."""
    real = os.fsync

    def after(n):
        left = [n]

        def fsync(descriptor):
            left[0] -= 1
            if left[0] < 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            real(descriptor)

        monkeypatch.setattr(os, "fsync", fsync)

    return after


def test_a_new_folder_appears_with_all_its_files(tmp_path):
    with whole_folder(tmp_path / "a" / "b") as part:
        fill(part)
        assert not (tmp_path / "a" / "b").exists()
    assert names(tmp_path) == ["a", "a/b", "a/b/rasters", "a/b/rasters/one.tif", "a/b/report.html"]


def test_an_old_folder_keeps_its_other_files(tmp_path):
    (tmp_path / "rasters").mkdir()
    for name in ("notes.txt", "report.html", "rasters/two.tif"):
        (tmp_path / name).write_bytes(b"old")
    with whole_folder(tmp_path) as part:
        fill(part)
        assert (tmp_path / "report.html").read_bytes() == b"old"
    assert names(tmp_path) == ["notes.txt", "rasters", "rasters/one.tif", "rasters/two.tif", "report.html"]
    assert (tmp_path / "report.html").read_bytes() == b"new report"
    assert (tmp_path / "notes.txt").read_bytes() == b"old"


@pytest.mark.parametrize("n", [0, 1])
@pytest.mark.parametrize("name", ["", "new/folder"])
def test_a_full_disk_leaves_everything_as_it_was(tmp_path, full_disk, n, name):
    (tmp_path / "report.html").write_bytes(b"old")
    full_disk(n)
    with (
        pytest.raises(InputError, match=r"cannot be written \(No space left on device\)") as told,
        whole_folder(tmp_path / name) as part,
    ):
        fill(part)
    assert ".part" not in str(told.value)
    assert names(tmp_path) == ["report.html"]
    assert (tmp_path / "report.html").read_bytes() == b"old"


def fail_in_folder(folder, stop):
    with whole_folder(folder) as part:
        fill(part)
        raise stop


def fail_in_file(path, stop):
    with whole_file(path) as file:
        file.write(b"half")
        raise stop


@pytest.mark.parametrize("stop", [ZeroDivisionError, KeyboardInterrupt])
def test_an_error_or_interrupt_in_between_leaves_nothing(tmp_path, stop):
    with pytest.raises(stop):
        fail_in_folder(tmp_path / "x" / "y", stop)
    with pytest.raises(stop):
        fail_in_file(tmp_path / "z", stop)
    assert names(tmp_path) == []


def test_what_is_no_file_is_not_replaced(tmp_path):
    (tmp_path / "rasters" / "one.tif").mkdir(parents=True)
    with (
        pytest.raises(InputError, match=r"one.tif: cannot be written \(a folder is in the way\)"),
        whole_folder(tmp_path) as part,
    ):
        fill(part)
    os.mkfifo(tmp_path / "pipe")
    for target in (tmp_path / "pipe", Path("/dev/null")):
        with pytest.raises(InputError, match="it is no regular file"):
            write_whole(target, b"x")
    assert names(tmp_path) == ["pipe", "rasters", "rasters/one.tif"]


def test_a_link_to_a_file_is_replaced_and_its_target_stays(tmp_path):
    (tmp_path / "target").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    write_whole(tmp_path / "link", b"new")
    assert (tmp_path / "link").read_bytes() == b"new"
    assert not (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_bytes() == b"old"


def test_a_check_ahead_leaves_no_trace_and_says_what_is_in_the_way(tmp_path):
    check_writable("--out", tmp_path / "a" / "b", ("report.html",), ("rasters",))
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "dangling").symlink_to(tmp_path / "nothing")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "taken" / "report.html").mkdir(parents=True)
    (tmp_path / "also" / "taken").mkdir(parents=True)
    (tmp_path / "also" / "rasters").write_bytes(b"")
    os.mkfifo(tmp_path / "pipe")
    before = names(tmp_path)
    for name, words in {
        "file": "file is no folder", "file/below": "file is no folder", "pipe": "pipe is no folder",
        "dangling": "dangling is a link to nothing", "dangling/below": "dangling is a link to nothing",
        "loop": "loop is a link to nothing", "n" * 300: "File name too long", "a/b/" + "n" * 300: "File name too long",
        "taken": r"taken.report.html: is in the way", "also": "also.rasters: is in the way", "a\0b": "null byte",
    }.items():  # fmt: skip
        with pytest.raises(InputError, match=words):
            check_writable("--out", tmp_path / name, ("report.html",), ("rasters",))
    assert names(tmp_path) == before


def test_a_folder_that_refuses_is_refused(tmp_path, monkeypatch):
    def refuse(*_arguments):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "mkdir", refuse)
    with pytest.raises(InputError, match=r"--out .*: cannot be written to \(Permission denied\)"):
        check_writable("--out", tmp_path)
    assert names(tmp_path) == []


IN_BETWEEN = """
import os, signal, sys
import ringtrue.__main__
from pathlib import Path
from ringtrue import whole
out = Path(sys.argv[1])
def interrupt(): os.kill(os.getpid(), signal.SIGINT)
if sys.argv[2] == "moving":
    move = Path.replace
    def interrupted(path, target):
        interrupt()
        return move(path, target)
with whole.whole_folder(out) as part:
    whole.write_whole(part / "one", b"new")
    if sys.argv[2] == "writing":
        interrupt()
    whole.write_whole(part / "two", b"new")
    if sys.argv[2] == "moving":
        Path.replace = interrupted
print("went on")
"""


@pytest.mark.parametrize("is_old", [True, False])
@pytest.mark.parametrize(("when", "content"), [("writing", b"old"), ("moving", b"new")])
def test_an_interrupt_leaves_the_old_files_or_the_new_ones_and_no_mixture(tmp_path, when, content, is_old):
    out = tmp_path / "out" / "here"
    if is_old:
        out.mkdir(parents=True)
        (out / "one").write_bytes(b"old")
        (out / "two").write_bytes(b"old")
    elif when == "moving":
        pytest.skip("a new folder is renamed in one step")
    done = subprocess.run([sys.executable, "-c", IN_BETWEEN, out, when], capture_output=True, check=False)
    assert done.returncode == 130
    assert done.stderr == b"ringtrue: interrupted; nothing half-written is left behind\n"
    assert done.stdout == b""
    assert names(tmp_path) == (["out", "out/here", "out/here/one", "out/here/two"] if is_old else [])
    assert all(path.read_bytes() == content for path in tmp_path.rglob("*") if path.is_file())


def discard_while_writing(path):
    with whole_file(path) as file:
        file.write(b"half")
        whole.discard_unfinished()
        assert names(path.parent) == []


def test_after_the_last_word_nothing_new_is_begun(tmp_path, monkeypatch):
    monkeypatch.setattr(whole, "_is_stopped", False)
    with pytest.raises(OSError):
        discard_while_writing(tmp_path / "a")
    with pytest.raises(InputError), whole_folder(tmp_path / "b"):
        pytest.fail("begun")
    assert names(tmp_path) == []
