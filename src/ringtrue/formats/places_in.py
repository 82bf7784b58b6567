"""Sites and assets out of files of other programs, as the blocks that a scenario file holds.

Each value goes through the reader of its key, so that what comes out is what a scenario takes; what is refused names
file, row, value and remedy.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ringtrue.errors import InputError, did_you_mean
from ringtrue.formats.point_files import MOST_ROWS, POSITION_COLUMNS, read_points, refused
from ringtrue.geo.positions import checked_position, parse_position
from ringtrue.scenario.keys import table_of
from ringtrue.scenario.records import Asset, Place
from ringtrue.scenario.values import READERS, UID
from ringtrue.units import parse_number, shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ringtrue.formats.point_files import Row

As = Literal["sites", "assets"]
KINDS: dict[As, tuple[str, type, str]] = {"sites": ("place", Place, "id"), "assets": ("asset", Asset, "uid")}
LONGEST_TEXT = 500
MOST = 1e15
# what a column may be called, the better name first
NAMES = {
    "id": ("id", "uid", "place"),
    "name": ("name", "title", "label"),
    "latitude": ("latitude", "lat", "latitude deg"),
    "longitude": ("longitude", "lon", "lng", "long", "longitude deg"),
    "at": ("at", "position", "coordinates"),
    "azimuth": ("azimuth", "azimuth deg"),
    "population": ("population", "residents"),
    "weight": ("weight",),
    "note": ("note", "remark", "remarks", "description"),
}
POSITION_PARTS = ("latitude", "longitude")
LATIN = {ord(letter): plain for letter, plain in zip("ıłøđæß", ("i", "l", "o", "d", "ae", "ss"), strict=True)}
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class Taken(NamedTuple):
    """Blocks of a scenario file, and what a reader should know of them."""

    toml: str
    notes: tuple[str, ...]


def import_places(path: Path, kind: As, layer: str | None = None) -> Taken:
    """Read sites or assets from a file and return the blocks that a scenario file wants.

    Parameters
    ----------
    path : Path
        Ends in .csv, .geojson, .json, .kml, .kmz or .gpkg.
    kind : str
        "sites" (``[[place]]``) or "assets" (``[[asset]]``).
    layer : str, optional
        Of a GeoPackage that has several.

    Raises
    ------
    InputError
        A file that cannot be read, a row that lacks something or holds what a scenario would not take.
    """
    rows = read_points(path, layer)
    if not rows:
        msg = f"{path}: holds no place; give a file with a row for each of the {kind}"
        raise InputError(msg)
    if len(rows) > MOST_ROWS:
        msg = f"{path}: holds more than {MOST_ROWS:,} places; a scenario names those that matter: cut it down"
        raise InputError(msg)
    return _blocks(path, kind, rows)


def _blocks(path: Path, kind: As, rows: Sequence[Row]) -> Taken:
    section, record, id_key = KINDS[kind]
    columns = _columns(path, rows, has_points=rows[0].position is not None)
    known = {key.name: key for key in table_of(record).keys}
    wanted = {part: column for part, column in columns.items() if part in {*known, *POSITION_PARTS, "id"}}
    made: dict[str, tuple[str, dict[str, Any]]] = {}
    n_repeated = 0
    for row in rows:
        given = {
            part: row.values[column] for part, column in wanted.items() if row.values.get(column) not in (None, "")
        }
        block: dict[str, Any] = {id_key: _id(path, row, given), "name": str(given.get("name", given.get("id", "")))}
        block["at"] = list(_position(path, row, given))
        block |= {name: given[name] for name in ("azimuth", "population", "weight", "note") if name in given}
        for name, value in block.items():
            try:
                block[name] = _value(name, value, wanted.get(name, name))
                _check_text(block[name])
                READERS[known[name].kind](block[name], known[name])
            except InputError as error:
                raise refused(path, row.where, f"{wanted.get(name, name)}: {error}") from None
        uid = block[id_key]
        if uid in made and made[uid][1] == block:
            n_repeated += 1
            continue
        if uid in made:
            remedy = "add a column 'id' that tells them apart"
            raise refused(path, row.where, f"{uid!r} is also the {id_key} of {made[uid][0]}; {remedy}")
        made[uid] = row.where, block
    return _told(path, kind, section, [block for _, block in made.values()], columns, rows, n_repeated)


def _told(
    path: Path,
    kind: As,
    section: str,
    blocks: Sequence[dict[str, Any]],
    columns: dict[str, str],
    rows: Sequence[Row],
    n_repeated: int,
) -> Taken:
    known = {key.name for key in table_of(KINDS[kind][1]).keys}
    used = {column for part, column in columns.items() if part in {*known, *POSITION_PARTS, "id"}}
    left = [name for name in dict.fromkeys(name for row in rows for name in row.values) if name not in used]
    notes = [f"{len(blocks)} {kind if len(blocks) != 1 else kind.removesuffix('s')} from {path.name}"]
    if left:
        notes.append(f"not taken: {', '.join(shown(name) for name in left)}")
    if n_repeated:
        notes.append(
            f"{n_repeated} {'rows repeat others' if n_repeated > 1 else 'row repeats another'} and are left out"
        )
    lines = [f"# {notes[0]}; at = [latitude, longitude] in degrees on WGS 84"]
    for block in blocks:
        lines += ["", f"[[{section}]]", *(f"{name} = {_toml(value)}" for name, value in block.items())]
    return Taken("\n".join(lines) + "\n", tuple(notes))


def _toml(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))


def _columns(path: Path, rows: Sequence[Row], *, has_points: bool) -> dict[str, str]:
    """Column of the file for each thing that a block says; where two have a name for it, both are refused."""
    by_word: dict[str, list[str]] = {}
    for name in dict.fromkeys(name for row in rows for name in row.values):
        by_word.setdefault(" ".join(name.replace("_", " ").split()).casefold(), []).append(name)
    found: dict[str, str] = {}
    for part, words in NAMES.items():
        if has_points and part in ("latitude", "longitude", "at"):
            continue
        here = [name for word in words for name in by_word.get(word, ())]
        if len(here) > 1 and part not in ("id", "name", "note"):
            msg = f"{path}: columns {here[0]!r} and {here[1]!r} both give the {part}; keep one of them"
            raise InputError(msg)
        if here:
            found[part] = here[0]
    if not has_points and "at" not in found and not {"latitude", "longitude"} <= set(found):
        names = [name for names in by_word.values() for name in names]
        near = next((hint for name in names if (hint := did_you_mean(name.casefold(), ("latitude", "longitude")))), "")
        msg = f"{path}: no position: {POSITION_COLUMNS} are wanted; there are {', '.join(map(repr, names))}{near}"
        raise InputError(msg)
    if "at" in found and {"latitude", "longitude"} & set(found):
        msg = (
            f"{path}: column {found['at']!r} and columns for latitude and longitude give one thing; keep one of the two"
        )
        raise InputError(msg)
    return found


def _position(path: Path, row: Row, given: dict[str, Any]) -> tuple[float, float]:
    try:
        if row.position is not None:
            latitude, longitude = checked_position(*row.position, list(row.position))
        elif "at" in given:
            latitude, longitude = parse_position(str(given["at"]))
        else:
            missing = [name for name in ("latitude", "longitude") if name not in given]
            if missing:
                msg = f"has no {missing[0]}; give it in degrees, such as 40.0789"
                raise InputError(msg)
            numbers = [_number(given[name]) for name in ("latitude", "longitude")]
            latitude, longitude = checked_position(numbers[0], numbers[1], numbers)
        if latitude == longitude == 0.0:
            msg = (
                "0, 0 lies in the sea off Africa, where missing positions end up; give the position, or delete the row"
            )
            raise InputError(msg)
    except InputError as error:
        raise refused(path, row.where, str(error)) from None
    return latitude, longitude


def _number(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return parse_number(str(value))
    if not abs(value) < MOST:
        msg = f"{shown(value)} is too large for a number; mend it"
        raise InputError(msg)
    return float(value)


def _value(name: str, value: Any, column: str) -> Any:
    """A cell as a file would write it: a text is read where a number is wanted, an azimuth in degrees gets its unit."""
    if name == "note":
        return str(value)
    if name not in ("azimuth", "population", "weight"):
        return value
    if name == "azimuth":
        return f"{_number(value)!r} deg" if column.casefold().endswith("deg") or not isinstance(value, str) else value
    return _number(value)


def _check_text(value: Any) -> None:
    if isinstance(value, str) and (len(value) > LONGEST_TEXT or _UNSEEN.search(value)):
        msg = f"{shown(value)} is too long, or holds characters that cannot be seen; shorten it"
        raise InputError(msg)


def _id(path: Path, row: Row, given: dict[str, Any]) -> str:
    """The id of a row as it stands, or made of its name: small letters, digits and hyphens."""
    written = str(given.get("id", given.get("name", ""))).strip()
    if not written:
        raise refused(path, row.where, "has neither a name nor an id; give it a name")
    made = written if UID.match(written) else slug(written)
    if not UID.match(made):
        remedy = "add a column 'id' with small letters, digits and hyphens"
        raise refused(path, row.where, f"no id can be made of {shown(written)}; {remedy}")
    return made


def slug(name: str) -> str:
    """Return a name in small letters, digits and hyphens; empty where it has no Latin letter and no digit.

    >>> slug("Akıncı/Mürted (LTAE)"), slug("Київ")
    ('akinci-murted-ltae', '')
    """
    plain = unicodedata.normalize("NFKD", name.casefold().translate(LATIN)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
