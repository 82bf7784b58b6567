"""Where a report goes that no folder was named for: one folder for each question, named by what is asked and where."""

from __future__ import annotations

import re
import unicodedata
from hashlib import blake2b
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ringtrue.face.asked import Asked
    from ringtrue.scenario.records import Scenario

REPORTS = Path("ringtrue-out")
COMMAND_FILE = "command.txt"
LONGEST = 80
ROOM_FOR_A_NUMBER = 5
LETTERS = str.maketrans({"ı": "i", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ł": "l", "Ł": "l", "ß": "ss", "æ": "ae"})


def slug(words: Iterable[str]) -> str:
    """Return words as one name of small ASCII letters, digits and hyphens; a long one ends in what tells it apart.

    >>> slug(["audit", "S-400:40n6e", "İzmir"]), slug(["engage", "Наступ"])
    ('audit-s-400-40n6e-izmir', 'engage-017de0b6')
    """
    whole = [word for word in words if word]
    parts = [_ascii(word) or _digest(word) for word in whole]
    name, most = "-".join(parts), LONGEST - ROOM_FOR_A_NUMBER
    return name if len(name) <= most else f"{name[: most - 9].rstrip('-')}-{_digest(' '.join(whole))}"


def _ascii(word: str) -> str:
    letters = unicodedata.normalize("NFKD", word.translate(LETTERS)).encode("ascii", "ignore").decode()
    return "-".join(re.findall("[a-z0-9]+", letters.casefold()))


def _digest(word: str) -> str:
    return blake2b(word.encode("utf-8", errors="replace"), digest_size=4).hexdigest()


def folder_of(asked: Asked, command: str) -> Path:
    """Return the folder of a question: its own where it was asked before, else a new one; never that of another.

    A folder knows its question by the command in `COMMAND_FILE`.
    """
    name = slug(asked.study.name_of(asked) or [asked.study.name])
    numbered = (REPORTS / (name if i == 1 else f"{name}-{i}") for i in count(1))
    return next(folder for folder in numbered if _is_own(folder, command))


def _is_own(folder: Path, command: str) -> bool:
    try:
        return not folder.exists() or (folder / COMMAND_FILE).read_text(encoding="utf-8").strip() == command
    except (OSError, ValueError):
        return False


def name_of_audit(asked: Asked) -> list[str]:
    """Name an audit by its systems and the town near the site; that of a scenario by both its names."""
    from ringtrue.face.play import STORY_SITE, is_scenario

    systems = asked["systems"]
    scenario = next((name for name in systems if is_scenario(name)), None)
    if scenario is not None:
        return ["audit", *map(_stem, systems), _area(asked.load(scenario))]
    site = asked["at"] or STORY_SITE
    return ["audit", *systems, getattr(site, "name", "") or _town(*site)]


def _town(latitude_deg: float, longitude_deg: float) -> str:
    from ringtrue.geo.gazetteer import city_of, nearest_town

    found = nearest_town(latitude_deg, longitude_deg)
    if found is None:
        return f"{latitude_deg:.4g} {longitude_deg:.4g}".replace("-", "minus ")
    return (city_of(found[0]) or found[0]).name


def name_by_scenario(study: str) -> Callable[[Asked], list[str]]:
    """Name a study by its scenario and the area of that."""

    def name(asked: Asked) -> list[str]:
        what = _stem(asked["scenario"]).removeprefix(study).removeprefix("-")
        where = _area(asked.scenario)
        return [study, what, "" if _ascii(where) in _ascii(what) else where]

    return name


def name_of_doubt(asked: Asked) -> list[str]:
    """Name a study of doubt by what it is asked of, and the finding."""
    return [asked.study.name, _stem(asked["subject"]), asked["finding"] or ""]


def name_of_worth(asked: Asked) -> list[str]:
    """Name a choice by its scenario, its options and what it is made by."""
    return ["worth", _stem(asked["scenario"]), *asked["decision"], asked["by"] or ""]


def name_of_claims(asked: Asked) -> list[str]:
    """Name the claims by their file; the shipped ones by the study alone."""
    return ["claims", asked["file"].stem if asked["file"] else ""]


def name_of_nothing(_asked: Asked) -> list[str]:
    """Name no folder: the study writes no report of its own accord."""
    return []


def _stem(scenario: Scenario | str) -> str:
    return Path(scenario).stem if isinstance(scenario, str) else scenario.name


def _area(scenario: Scenario) -> str:
    """Name the area of a scenario; without one the town near its first site."""
    if scenario.area is not None:
        return scenario.area.name
    site = next((site for laydown in scenario.laydowns for site in laydown.sites), None)
    return _town(*site[1:]) if site is not None else ""
