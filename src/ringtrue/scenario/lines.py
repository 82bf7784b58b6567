"""Where a key of a TOML file stands: path of keys and indices → line."""

from __future__ import annotations

import re

Path = tuple[str | int, ...]

_PART = re.compile(r"""\s*("(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)\s*""")
_QUOTES = ('"""', "'''", '"', "'")


def key_lines(text: str) -> dict[Path, int]:
    """Return the line, counted from 1, of every header and of every key that starts a line.

    Keys inside inline tables and arrays are not listed: `line_of` answers with the key that holds them.

    >>> key_lines('a = 1\\n[[raid]]\\nid = "x"\\n')[("raid", 0, "id")]
    3
    """
    lines: dict[Path, int] = {}
    n_items: dict[Path, int] = {}
    table: Path = ()
    quote, depth = "", 0
    for number, line in enumerate(text.splitlines(), start=1):
        if quote or depth:
            quote, depth = _scan(line, quote, depth)
            continue
        stripped = line.lstrip()
        if not stripped or stripped.startswith("#"):
            continue
        if stripped.startswith("["):
            table = _header(stripped, n_items)
            lines.setdefault(table, number)
            continue
        parts, rest = _dotted(line)
        for end in range(1, len(parts) + 1):
            lines.setdefault((*table, *parts[:end]), number)
        quote, depth = _scan(rest.removeprefix("="), "", 0)
    return lines


def line_of(lines: dict[Path, int], path: Path) -> int | None:
    """Return the line of ``path`` or of the nearest key above it; ``None`` when not even a header is known."""
    for end in range(len(path), 0, -1):
        if path[:end] in lines:
            return lines[path[:end]]
    return None


def _header(line: str, n_items: dict[Path, int]) -> Path:
    is_item = line.startswith("[[")
    parts, _ = _dotted(line.lstrip("["))
    table: Path = ()
    for i, part in enumerate(parts):
        table = (*table, part)
        if is_item and i == len(parts) - 1:
            n_items[table] = n_items.get(table, 0) + 1
            for inner in [known for known in n_items if len(known) > len(table) and known[: len(table)] == table]:
                del n_items[inner]
        if table in n_items:
            table = (*table, n_items[table] - 1)
    return table


def _dotted(text: str) -> tuple[list[str], str]:
    parts: list[str] = []
    while match := _PART.match(text):
        parts.append(match[1].strip("\"'"))
        text = text[match.end() :]
        if not text.startswith("."):
            break
        text = text[1:]
    return parts, text


def _scan(line: str, quote: str, depth: int) -> tuple[str, int]:
    """Return the string delimiter and the bracket depth that are open at the end of a line."""
    i = 0
    while i < len(line):
        if quote:
            if line[i] == "\\" and quote[0] == '"':
                i += 1
            elif line.startswith(quote, i):
                i += len(quote) - 1
                quote = ""
        elif line[i] == "#":
            break
        else:
            opened = next((mark for mark in _QUOTES if line.startswith(mark, i)), "")
            quote = opened
            i += max(len(opened) - 1, 0)
            depth += (line[i] in "[{") - (line[i] in "]}") if not opened else 0
        i += 1
    return (quote if len(quote) == 3 else ""), depth
