"""Where the program keeps what it may throw away, and what the user has given it to keep."""

from __future__ import annotations

import os
from pathlib import Path

from ringtrue.errors import InputError


def cache_dir() -> Path | None:
    """Return the folder of the disk store: ``$RINGTRUE_CACHE``, else where the system keeps caches of ``ringtrue``.

    None for a user without a home: nothing is stored then.
    """
    return _folder("RINGTRUE_CACHE", "user_cache_path")


def data_dir() -> Path:
    """Return the folder of the user's own models: ``$RINGTRUE_DATA``, else where the system keeps data of ``ringtrue``.

    Raises
    ------
    InputError
        The user has no home, and RINGTRUE_DATA is not set.
    """
    folder = _folder("RINGTRUE_DATA", "user_data_path")
    if folder is None:
        msg = "no home folder is known for this user, so added models have no place; set RINGTRUE_DATA to a folder"
        raise InputError(msg)
    return folder


def _folder(variable: str, kind: str) -> Path | None:
    chosen = os.environ.get(variable)
    if chosen:
        return Path(chosen)
    import platformdirs

    folder: Path = getattr(platformdirs, kind)("ringtrue", appauthor=False)
    return folder if folder.is_absolute() else None
