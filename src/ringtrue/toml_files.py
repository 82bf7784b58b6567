"""The one reader of our text files: TOML, bounded in size and depth, one sentence for whatever cannot be read.

Catalogue, scenario, claims and case files all come through here, so that the same file is taken or refused everywhere.
"""

from __future__ import annotations

import re
import stat
import tomllib
from datetime import date, time
from typing import TYPE_CHECKING, Any

from ringtrue.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

LARGEST_BYTES = 2 * 2**20  # the shipped catalogue has half a megabyte in all its files
DEEPEST = 16  # tables and arrays inside one another; the deepest key of ours has six
LONGEST_KEY = 200
MOST_DIGITS = 300
_PART = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
_DOTTED = rf"(?:{_PART}[ \t]*+\.[ \t]*+){{{DEEPEST},}}+"
_DEEP_KEY = re.compile(rf"^[ \t]*+\[{{0,2}}+[ \t]*+{_DOTTED}", re.MULTILINE)
_DEEP_INLINE = re.compile(rf"[{{,][ \t]*+{_DOTTED}")
_DEEP_BRACKETS = re.compile(rf"(?:\[\s*+){{{DEEPEST + 1},}}+|(?:\{{\s*+{_PART}\s*+=\s*+){{{DEEPEST + 1},}}+")
_MANY_DIGITS = re.compile(rf"(?<![\w\"'])[0-9_]{{{MOST_DIGITS},}}+")
_QUOTED = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_ODD_NUMBER = re.compile(r"(?<![\w.-])[-+]?(?:0[xXoObB][0-9a-fA-F_]+|[0-9]++_[0-9_.]*)")
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")  # half a character of UTF-16 too
_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16", b"\x00": "UTF-16"}
BYTE_ORDER_MARK = "\ufeff"  # what editors on Windows put before the first line
_SHOWN = 160


def read_bytes(path: Path, name: str = "", what: str = "a TOML file") -> bytes:
    """Return the bytes of a regular file of a sensible size.

    Parameters
    ----------
    path : Path
        The file.
    name : str
        What errors call it; the path where nothing is given.
    what : str
        What is wanted, for the remedy: "a TOML case file".

    Raises
    ------
    InputError
        Not there, a folder, a pipe, a device, a link that points nowhere, too large, or not readable.
    """
    name = name or _cut(str(path))
    remedy = f"give the path of {what}"
    try:
        mode = path.stat().st_mode
        why = (
            "it is a folder" if stat.S_ISDIR(mode)
            else "it is a pipe, no regular file" if stat.S_ISFIFO(mode)
            else "it is a device or socket, no regular file" if not stat.S_ISREG(mode)
            else ""
        )  # fmt: skip
        raw = b"" if why else _start_of(path)
    except OSError as error:
        why = "it is a link that points nowhere" if _is_dangling(path) else str(error.strerror)
    except ValueError:
        name, why = repr(name), "no path looks like this"
    if why:
        msg = f"{name}: cannot be read: {why}; {remedy}"
        raise InputError(msg)
    if len(raw) > LARGEST_BYTES:
        msg = f"{name}: cannot be read: it is larger than {LARGEST_BYTES // 2**20} MB; {remedy}"
        raise InputError(msg)
    return raw


def _start_of(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(LARGEST_BYTES + 1)


def beside(file: Path, name: str) -> str:
    """Return a path as the file that names it means it: from the folder of the file; anything else as it stands.

    What holds a slash or ends in ``.toml`` is a path, as on the command line.
    """
    is_path = "/" in name or name.endswith(".toml")
    return str(file.parent / name) if is_path else name


def _is_dangling(path: Path) -> bool:
    try:
        return path.is_symlink() and not path.exists()
    except (OSError, ValueError):
        return False


def decode(raw: bytes, name: str) -> str:
    r"""Return the text of a file in UTF-8, without the byte order mark that Windows puts before it.

    >>> decode(b"\xef\xbb\xbfa = 1", "x.toml")
    'a = 1'

    Raises
    ------
    InputError
        Another encoding.
    """
    mark = next((encoding for start, encoding in _MARKS.items() if raw[:2].startswith(start) or raw[1:2] == start), "")
    if mark:
        msg = f"{name}: is saved as {mark}; save it as UTF-8"
        raise InputError(msg)
    try:
        return raw.decode("utf-8").removeprefix(BYTE_ORDER_MARK)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        msg = f"{name}:{line}: byte {error.start} is not UTF-8 text; save the file as UTF-8"
        raise InputError(msg) from None


def toml_value(text: str, name: str) -> Any:
    """Return a value as a file would write it, or the text itself where it is no TOML: quotes may be left out.

    >>> toml_value("2", "--set"), toml_value("0.5 km", "--set"), toml_value("[1, 2]", "--set")
    (2, '0.5 km', [1, 2])

    Raises
    ------
    InputError
        A number that TOML would take and no other reader of ours: ``1_3``, ``0x10``.
    """
    odd = _ODD_NUMBER.search(_QUOTED.sub("", text))
    if odd is not None:
        msg = f"{name}: {_cut(repr(odd[0]))} has an underscore or letters in it; write a number with the digits 0 to 9"
        raise InputError(msg)
    _refuse_depth(text, name)
    try:
        content = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        content = {"value": text}
    except (RecursionError, ValueError, OverflowError):
        msg = f"{name}: nested too deep, or a number out of bounds"
        raise InputError(msg) from None
    if set(content) != {"value"}:
        content = {"value": text}
    _check(content, name)
    return content["value"]


def parse_toml(text: str, name: str) -> dict[str, Any]:
    """Return the tables of a text in TOML.

    >>> parse_toml("[doctrine]\\nsalvo = 2", "x.toml")
    {'doctrine': {'salvo': 2}}

    Raises
    ------
    InputError
        Not valid TOML; nested too deep; a key or number too long; characters that cannot be seen.
    """
    text = text.removeprefix(BYTE_ORDER_MARK)
    _refuse_depth(text, name)
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f"{name}: not valid TOML: {_cut(str(error))}; mend that place"
        raise InputError(msg) from None
    except (RecursionError, ValueError, OverflowError):
        msg = f"{name}: not valid TOML: nested too deep, or a number out of bounds; mend that place"
        raise InputError(msg) from None
    _check(content, name)
    return content


def _refuse_depth(text: str, name: str) -> None:
    for pattern, why in (
        (_DEEP_KEY, f"nested deeper than {DEEPEST} tables"), (_DEEP_INLINE, f"nested deeper than {DEEPEST} tables"),
        (_DEEP_BRACKETS, f"nested deeper than {DEEPEST} tables"), (_MANY_DIGITS, "a number of too many digits"),
    ):  # fmt: skip
        found = pattern.search(text)
        if found is not None:
            line = text.count("\n", 0, found.start() + len(found[0]) - len(found[0].lstrip())) + 1
            msg = f"{name}:{line}: {why}; mend that place"
            raise InputError(msg)


def _check(content: dict[str, Any], name: str) -> None:
    """Refuse what TOML may hold and no key of ours wants, wherever it stands."""
    waiting: list[tuple[Any, int]] = [(content, 0)]
    while waiting:
        node, depth = waiting.pop()
        wrong = ""
        if depth > DEEPEST:
            wrong = f"nested deeper than {DEEPEST} tables"
        elif isinstance(node, dict):
            long = next((key for key in node if len(key) > LONGEST_KEY or _UNSEEN.search(key)), None)
            wrong = "" if long is None else f"key {_cut(repr(long))} is too long, or cannot be seen"
            waiting.extend((item, depth + 1) for item in node.values())
        elif isinstance(node, list):
            waiting.extend((item, depth + 1) for item in node)
        elif isinstance(node, str):
            wrong = f"{_cut(repr(node))} holds characters that cannot be seen" if _UNSEEN.search(node) else ""
        elif isinstance(node, int) and not isinstance(node, bool):
            wrong = "" if abs(node) < 2**63 else "a whole number of more than 18 digits"
        elif not isinstance(node, float | bool | date | time):
            wrong = f"{_cut(repr(node))} is no value of ours"
        if wrong:
            msg = f"{name}: {wrong}; mend that place"
            raise InputError(msg)


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN // 2]}...{text[-_SHOWN // 2 :]}"
