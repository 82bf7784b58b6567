"""Files and folders that appear whole or not at all, whatever stops the program: full disk, error or interrupt."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from ringtrue.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PART_NAME = r"\.ringtrue-[0-9a-f]{16}\.part"

_lock = threading.RLock()
_unfinished: dict[Path, None] = {}
_is_moving = False
_is_stopped = False
_after_move: Callable[[], None] | None = None


def _part_in(folder: Path) -> Path:
    return folder / f".ringtrue-{os.urandom(8).hex()}.part"


@contextmanager
def _unfinished_until_left(path: Path, make: Callable[[Path], object]) -> Iterator[None]:
    """Make a file or folder that is taken away again unless the block moves it, and by ``discard_unfinished``."""
    try:
        with _lock:
            if _is_stopped:
                raise InterruptedError
            _unfinished[path] = None
            make(path)
        yield
    finally:
        with _lock:
            _remove(path)
            _unfinished.pop(path, None)


def _remove(path: Path) -> None:
    """Take away a part; a folder that was only made on the way to it goes when it is empty."""
    with contextlib.suppress(OSError):
        if not re.fullmatch(PART_NAME, path.name):
            path.rmdir()
        elif path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()


def discard_unfinished() -> None:
    """Take away all that is half-written, and let nothing new begin: the last thing before the process ends."""
    global _is_stopped
    with _lock:
        _is_stopped = True
        for path in reversed(list(_unfinished)):
            _remove(path)


def when_whole(leave: Callable[[], None]) -> None:
    """Call ``leave`` now, or as soon as the files of one folder, which belong together, have all been moved."""
    global _after_move
    if _is_moving:
        _after_move = leave
    else:
        leave()


@contextmanager
def whole_file(path: Path, *, is_synced: bool = True) -> Iterator[BinaryIO]:
    """Give a file to write to; synced and renamed, it takes the place of ``path`` when the block ends without error.

    ``is_synced``: wait until the disk has it, as all must that is not simply made again after a power cut.

    Raises
    ------
    OSError
        As the system says it; nothing is left behind, and an earlier file stays as it was.
    """
    part = _part_in(path.parent)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    opened: list[int] = []
    with _unfinished_until_left(part, lambda p: opened.append(os.open(p, flags, 0o666))):
        with os.fdopen(opened[0], "wb") as file:
            yield file
            file.flush()
            if is_synced:
                os.fsync(file.fileno())
        part.replace(path)


@contextmanager
def whole_path(path: Path) -> Iterator[Path]:
    """Give the path of an empty file for a writer that opens by name; it takes the place of ``path`` at the end.

    Raises
    ------
    OSError
        As the system says it; nothing is left behind, and an earlier file stays as it was.
    """
    part = _part_in(path.parent)
    with _unfinished_until_left(part, Path.touch):
        yield part
        part.replace(path)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; folders are made.

    Raises
    ------
    InputError
        The folder cannot be made or written, the disk is full, or ``path`` is no regular file.
    """
    try:
        _check_replaceable(path)
        with folder_made(path.parent), whole_file(path) as file:
            file.write(content)
    except OSError as error:
        raise _unwritable(path, error) from error


def write_new(path: Path, text: str) -> None:
    """Write the text of a file that is not there yet, in UTF-8.

    Raises
    ------
    InputError
        Something of that name is there already, or it cannot be written.
    """
    if os.path.lexists(path):
        msg = f"{path}: is there already and is not overwritten; give another name, or move it away"
        raise InputError(msg)
    write_whole(path, text.encode("utf-8"))


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Give an empty folder to write to; what it holds when the block ends without error appears in ``folder``.

    All of it or nothing: files with the same names are replaced, other files of the folder stay. A new folder is
    renamed into place; into one that exists the files are moved one after the other, once all have been written.

    Raises
    ------
    InputError
        The folder cannot be made or written, the disk is full, or one of the names is taken by what is no file.
    """
    try:
        is_new = not folder.exists()
        with folder_made(folder.parent if is_new else folder) as home:
            part = _part_in(home)
            with _unfinished_until_left(part, Path.mkdir):
                try:
                    yield part
                except InputError as error:
                    raise InputError(str(error).replace(str(part), str(folder))) from error
                _move_all(part, folder, is_new)
    except OSError as error:
        raise _unwritable(folder, error) from error


def _move_all(part: Path, folder: Path, is_new: bool) -> None:
    global _is_moving, _after_move
    files = [path for path in sorted(part.rglob("*")) if not path.is_dir()]
    for path in files:
        _check_replaceable(folder / path.relative_to(part))
    _is_moving = True
    try:
        if is_new:
            part.rename(folder)
        else:
            for path in files:
                target = folder / path.relative_to(part)
                target.parent.mkdir(parents=True, exist_ok=True)
                path.replace(target)
    finally:
        _is_moving = False
        leave, _after_move = _after_move, None
        if leave is not None:
            leave()


@contextmanager
def folder_made(folder: Path, keep: bool = True) -> Iterator[Path]:
    """Make a folder and those above it; what was made goes again if the block fails, or if it is not to be kept."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    made: list[Path] = []
    is_kept = False
    try:
        for place in reversed(missing):
            with _lock:
                _unfinished[place] = None
                made.append(place)
                try:
                    place.mkdir()
                except (OSError, ValueError):
                    _unfinished.pop(made.pop())
                    if not place.is_dir():
                        raise
        yield folder
        is_kept = keep
    finally:
        with _lock:
            for place in reversed(made):
                if not is_kept:
                    _remove(place)
                _unfinished.pop(place, None)


def _check_replaceable(path: Path) -> None:
    """Refuse to put a file in the place of a folder, a pipe or a device."""
    if path.exists() and not path.is_file():
        raise OSError(0, "a folder is in the way" if path.is_dir() else "it is no regular file", str(path))


def _unwritable(path: Path, error: OSError) -> InputError:
    reason = error.strerror or type(error).__name__
    about = Path(error.filename) if isinstance(error.filename, str) and error.errno == 0 else path
    return InputError(f"{about}: cannot be written ({reason}); choose a folder with room that you may write to")


def check_writable(option: str, folder: Path, files: tuple[str, ...] = (), folders: tuple[str, ...] = ()) -> None:
    """Refuse, before anything is computed, a folder in which nothing can be made or one of the names is taken.

    Parameters
    ----------
    option : str
        The option that named the folder, for the message.
    folder : Path
        It need not exist; nothing is left in it.
    files, folders : tuple of str
        Names that will be written in it.

    Raises
    ------
    InputError
        One sentence that says what stands in the way.
    """
    remedy = "choose a folder you may write to"
    try:
        for place in (folder, *folder.absolute().parents):
            if os.path.lexists(place) and not place.is_dir():
                msg = (
                    f"{option} {folder}: {place} is {'no folder' if place.exists() else 'a link to nothing'}; {remedy}"
                )
                raise InputError(msg)
        with folder_made(folder, keep=False), _unfinished_until_left(_part_in(folder), Path.mkdir):
            pass
        taken = [folder / name for name in files if os.path.lexists(folder / name) and not (folder / name).is_file()]
        taken += [folder / name for name in folders if os.path.lexists(folder / name) and not (folder / name).is_dir()]
    except InputError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        msg = f"{option} {folder}: cannot be written to ({reason}); {remedy}"
        raise InputError(msg) from None
    if taken:
        msg = f"{option} {taken[0]}: is in the way and will not be replaced; move it, or choose another name"
        raise InputError(msg)
