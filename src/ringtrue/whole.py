"""Files and folders that appear whole or not at all, whatever stops the program: full disk, error or interrupt."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
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
    return folder / f".ringtrue-{secrets.token_hex(8)}.part"


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
        if not path.is_dir():
            path.unlink()
        elif re.fullmatch(PART_NAME, path.name):
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.rmdir()


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
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write to; synced and renamed, it takes the place of ``path`` when the block ends without error.

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
            os.fsync(file.fileno())
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
        with _folder_made(path.parent), whole_file(path) as file:
            file.write(content)
    except OSError as error:
        raise _unwritable(path, error) from error


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
        with _folder_made(folder.parent if is_new else folder) as home:
            part = _part_in(home)
            with _unfinished_until_left(part, Path.mkdir):
                yield part
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
def _folder_made(folder: Path) -> Iterator[Path]:
    """Make a folder and those above it; those that were made go again if the block fails."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    made: list[Path] = []
    try:
        for place in reversed(missing):
            with _lock:
                _unfinished[place] = None
                made.append(place)
                place.mkdir(exist_ok=True)
        yield folder
    except BaseException:
        for place in reversed(made):
            _remove(place)
        raise
    finally:
        with _lock:
            for place in made:
                _unfinished.pop(place, None)


def _check_replaceable(path: Path) -> None:
    """Refuse to put a file in the place of a folder, a pipe or a device."""
    if path.exists() and not path.is_file():
        raise OSError(0, "is no regular file" if not path.is_dir() else "is a folder", str(path))


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
    here, wrong = folder, ""
    try:
        here = next(place for place in (folder, *folder.absolute().parents) if os.path.lexists(place))
        if not here.exists():
            wrong = "is a link to nothing"
        elif not here.is_dir():
            wrong = "is no folder"
        else:
            with _unfinished_until_left(_part_in(here), Path.mkdir):
                pass
            for name in (*files, *folders):
                here, is_folder = folder / name, name in folders
                if os.path.lexists(here) and not (here.is_dir() if is_folder else here.is_file()):
                    wrong = "is no folder" if is_folder else "is no regular file"
                    break
    except (OSError, ValueError) as error:
        wrong = f"cannot be written to ({getattr(error, 'strerror', None) or error})"
    if wrong:
        msg = f"{option} {folder}: {here} {wrong}; choose a folder you may write to"
        raise InputError(msg)
