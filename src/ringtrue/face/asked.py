"""What is given in a notebook becomes what a study takes: names, paths or records, texts with units, places by name.

Everything is checked by the kind that the table of studies gives it; a wrong type is refused in one sentence.
"""

from __future__ import annotations

import math
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ringtrue.cancel import Cancel
from ringtrue.errors import InputError, RingTrueError, did_you_mean
from ringtrue.units import ALTITUDE, flight_level_words, read_quantity, shown, within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ringtrue.catalogue.records import Catalogue
    from ringtrue.face.table import Option, Study
    from ringtrue.geo.elevation import ElevationModel
    from ringtrue.scenario.records import Scenario
    from ringtrue.sensing.run import Progress, Run

RECORDS = "a shipped name, a path, or a Scenario"


@dataclass
class Asked:
    """What a study is asked, read and checked; catalogue, ground and run are made when they are first wanted.

    Attributes
    ----------
    values : dict
        By keyword: lengths in metres, names as tuples, records or what loads them.
    progress, cancel
        Of the run.
    """

    study: Study
    values: dict[str, Any]
    progress: Progress | None = None
    cancel: Cancel | None = None
    _told: dict[str, None] = field(default_factory=dict)

    @property
    def said(self) -> tuple[str, ...]:
        """Sentences that own up to how words of the question were read; filled while the study is played."""
        places = (value.said for value in self.values.values() if isinstance(value, Site) and value.said)
        return (*places, *self._told)

    def told_of(self, word: str, meant: str, name: str) -> None:
        """Keep that a word was taken for an ID, unless it is that ID."""
        if word.casefold() != meant:
            self._told[f"“{word}” is read as {meant}: {name}."] = None

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    @cached_property
    def catalogue(self) -> Catalogue:
        """The published figures: shipped, with a folder on top, or as given."""
        from ringtrue.catalogue.change import moves_nothing
        from ringtrue.catalogue.load import load_catalogue
        from ringtrue.catalogue.records import Catalogue

        given = self.values["catalogue"]
        if isinstance(given, Catalogue):
            return given
        if not given:
            return load_catalogue()
        own = load_catalogue(Path(given))
        for sentence in moves_nothing(load_catalogue(), own):
            self._told[sentence] = None
        return own

    @cached_property
    def model(self) -> ElevationModel:
        """The ground: shipped, bare earth, of a file, or as given."""
        from ringtrue.geo.elevation import ElevationModel, open_model

        given = self.values["dem"]
        if isinstance(given, ElevationModel):
            if self.values["ground"] is not None:
                msg = "--ground gives the altitude of bare earth, and dem is an ElevationModel; give one of the two"
                raise InputError(msg)
            return given
        return open_model(given, ground_altitude_m=self.values["ground"])

    @cached_property
    def run(self) -> Run:
        """Figures, ground, draws."""
        return self.run_of(self["draws"])

    def run_of(self, n_draws: int) -> Run:
        """Return a run of so many draws."""
        from ringtrue.sensing.run import Run, silent

        return Run(
            self.catalogue, self.model, n_draws, self["seed"], self["threads"], self.progress or silent,
            self.cancel or Cancel(),
        )  # fmt: skip

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario: by shipped name, by path, or as given."""
        return self.load(self["scenario"], self["change"])

    def load(self, given: Any, change: tuple[str, ...] = ()) -> Scenario:
        """Load a scenario by name or path, or take the one given; ``change`` gives keys of its file other values."""
        from ringtrue.scenario.checks import known_ids
        from ringtrue.scenario.load import changed, load_scenario
        from ringtrue.scenario.records import Scenario

        known = known_ids(self.catalogue)
        if isinstance(given, Scenario):
            return changed(given, change, known)
        return load_scenario(given, change, known)


def read(study: Study, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is given to a study by keyword, each in the form that the study takes.

    Raises
    ------
    InputError
        A type or a value that does not fit; the text names the keyword.
    """
    return {option.name: READERS[option.kind](option, given[option.name]) for option in study.asked_with}


@contextmanager
def in_keywords(study: Study) -> Iterator[None]:
    """Let errors name the keyword of a notebook where they name the flag of the command line."""
    names = {option.flag: option.name for option in study.options if option.flag}
    try:
        yield
    except RingTrueError as error:
        error.args = (re.sub(r"--[a-z][a-z-]*", lambda found: names.get(found[0], found[0]), str(error)),)
        raise


def wrong(option: Option, given: Any, wanted: str) -> InputError:
    """Return the refusal of a wrong type."""
    return InputError(f"{option.name}: {shown(given)} is of type {type(given).__name__}; {wanted} is wanted")


def _scenario(option: Option, given: Any) -> Any:
    from ringtrue.scenario.records import Scenario

    if isinstance(given, (str, Scenario)):
        return given
    if isinstance(given, Path):
        return _path_text(given)
    raise wrong(option, given, RECORDS)


def _path_text(path: Path) -> str:
    """A path as the loader knows it from a name."""
    text = str(path)
    return text if "/" in text or text.endswith(".toml") else f"./{text}"


def _systems(option: Option, given: Any) -> tuple[Any, ...]:
    items = given if isinstance(given, (list, tuple)) else [given]
    if not items:
        msg = f"{option.name}: names nothing; give a system such as 's-400', a list of them, or a scenario"
        raise InputError(msg)
    try:
        return tuple(_scenario(option, item) for item in items)
    except InputError:
        raise wrong(option, given, "a system, a list of them, or a scenario (name, path or record)") from None


def _path(option: Option, given: Any) -> Path | None:
    if given is None or isinstance(given, (str, Path)):
        return Path(given) if given else None
    raise wrong(option, given, "a path")


def _paths(option: Option, given: Any) -> tuple[Path, ...]:
    items = [] if given is None else given if isinstance(given, (list, tuple)) else [given]
    if not all(isinstance(item, (str, Path)) for item in items):
        raise wrong(option, given, "a path or a list of them")
    return tuple({Path(item).absolute(): Path(item) for item in items}.values())


class Site(tuple[float, float]):
    """Latitude and longitude [deg]; of a place by name also the name, and which place it was taken for."""

    name: str = ""
    said: str = ""


def site_named(text: str) -> Site:
    """Return the site that a text means: latitude and longitude, or a shipped place by name.

    >>> site_named("41.29,36.33"), site_named("Samsun").said
    ((41.29, 36.33), '“Samsun” is read as Samsun, Turkey (41.2798, 36.3361).')

    Raises
    ------
    InputError
        No such place, several of that name, or no position on earth.
    """
    from ringtrue.geo.gazetteer import find_place
    from ringtrue.geo.positions import parse_position

    if any(c.isdigit() for c in text) or not any(c.isalpha() for c in text):
        return Site(parse_position(text))
    place = find_place(text)
    site = Site((place.latitude_deg, place.longitude_deg))
    site.name, site.said = text.strip(), f"“{text.strip()}” is read as {place}."
    return site


def _site(option: Option, given: Any) -> Site | None:
    from ringtrue.geo.positions import checked_position

    wanted = "a place, a text such as '41.29,36.33', or (latitude, longitude) in degrees"
    if given is None:
        return None
    try:
        if isinstance(given, str):
            return site_named(given)
        if isinstance(given, (tuple, list)) and len(given) == 2 and all(_is_number(value) for value in given):
            return Site(checked_position(float(given[0]), float(given[1]), given))
    except InputError as error:
        msg = f"{option.name}: {error}"
        raise InputError(msg) from None
    raise wrong(option, given, wanted)


def _targets(option: Option, given: Any) -> tuple[str, ...] | None:
    return None if given is None else _words(option, given)


def _words(option: Option, given: Any) -> tuple[str, ...]:
    if given is None:
        return ()
    items = [given] if isinstance(given, str) else given
    if not isinstance(items, (list, tuple)) or not all(isinstance(item, str) for item in items):
        raise wrong(option, given, "a name or a list of names")
    named = [word.strip() for item in items for word in item.split(",")]
    if not named or not all(named):
        msg = f"{option.name}: {shown(given)} leaves a name empty; give a name or a list of names, or leave it out"
        raise InputError(msg)
    return tuple(dict.fromkeys(named))


def _ids(option: Option, given: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.lower() for word in _words(option, given)))


def choices(option: Option, given: Any) -> tuple[str, ...]:
    """Return the words of a closed list that are given as a name or a list of names."""
    return tuple(_choice(option, word) for word in _words(option, given))


def _text(option: Option, given: Any) -> str | None:
    if given is None or isinstance(given, str):
        return given
    raise wrong(option, given, "a text")


def _choice(option: Option, given: Any) -> str:
    if not isinstance(given, str):
        raise wrong(option, given, f"one of {', '.join(option.among)}")
    word = given.strip().lower()
    if word not in option.among:
        near = did_you_mean(given, option.among)
        msg = f"{option.name}: {shown(given)} is not known{near}; choose one of {', '.join(option.among)}"
        raise InputError(msg)
    return word


def _changes(option: Option, given: Any) -> tuple[str, ...]:
    if isinstance(given, dict) and all(isinstance(key, str) for key in given):
        return tuple(f"{key}={_toml_text(value)}" for key, value in given.items())
    items = [] if given is None else [given] if isinstance(given, str) else given
    if not isinstance(items, (list, tuple)) or not all(isinstance(item, str) for item in items):
        raise wrong(option, given, "a mapping of keys to values, or texts such as 'doctrine.salvo=2',")
    return tuple(items)


def _toml_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_quoted(item) for item in value)}]"
    return str(value)


def _quoted(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else _toml_text(value)


class Lengths(tuple[float, ...]):
    """Lengths [m], and as they were written; ``said`` owns up to how flight levels among them were read."""

    said: tuple[str, ...] = ()
    written: tuple[str, ...] = ()


def _lengths(option: Option, given: Any) -> Lengths | None:
    if given is None:
        return None
    items = given if isinstance(given, (list, tuple)) else [given]
    parts = [part for item in items for part in (item.split(",") if isinstance(item, str) else [item])]
    if not parts:
        msg = f"{option.name}: {shown(given)} holds no length; give one or more, or leave it out"
        raise InputError(msg)
    found = Lengths(dict.fromkeys(_metres(option, part) for part in parts))
    found.said = said_of_levels(option, [part for part in parts if isinstance(part, str)])
    found.written = tuple(part.strip() if isinstance(part, str) else f"{float(part)!r} m" for part in parts)
    return found


def said_of_levels(option: Option, texts: Iterable[str]) -> tuple[str, ...]:
    """Return the sentences that own up to how flight levels among altitudes are read."""
    is_altitude = option.sense is not None and option.sense.words == ALTITUDE.words
    return tuple(dict.fromkeys(filter(None, map(flight_level_words, texts)))) if is_altitude else ()


def _length(option: Option, given: Any) -> float | None:
    return None if given is None else _metres(option, given)


def _metres(option: Option, given: Any) -> float:
    assert option.sense is not None
    if not isinstance(given, str) and not _is_number(given):
        raise wrong(option, given, f"a text such as '{option.sense.example}', or a number of metres,")
    try:
        if isinstance(given, str):
            return read_quantity(given.strip(), option.sense)
        return within(float(given), option.sense, given)
    except InputError as error:
        msg = f"{option.name}: {error}"
        raise InputError(msg) from None


def _degrees(option: Option, given: Any) -> float | None:
    from ringtrue.units import BEARING

    if given is None or _is_number(given):
        return _bounded(option, given, -360.0, 360.0)
    if not isinstance(given, str):
        raise wrong(option, given, "a number of degrees, or a text such as '90 deg',")
    try:
        return math.degrees(read_quantity(given, BEARING))
    except InputError as error:
        msg = f"{option.name}: {error}"
        raise InputError(msg) from None


def _number(option: Option, given: Any) -> float | None:
    assert option.bounds is not None
    return _bounded(option, given, *option.bounds)


def _bounded(option: Option, given: Any, low: float, high: float) -> float | None:
    if given is None:
        return None
    if not _is_number(given):
        raise wrong(option, given, "a number")
    if not low <= given <= high:
        msg = f"{option.name}: {shown(given)} does not fit; a number from {low:g} to {high:g} is wanted"
        raise InputError(msg)
    return float(given)


def _count(option: Option, given: Any) -> int | None:
    assert option.whole is not None
    least, most, example = option.whole
    if given is None and option.default is None:
        return None
    if not _is_whole(given):
        raise wrong(option, given, f"a whole number such as {example}")
    if not least <= given <= most:
        msg = f"{option.name}: {given} does not fit; a whole number from {least} to {most:,} is wanted"
        raise InputError(msg)
    return int(given)


def _draw(option: Option, given: Any) -> int | str | None:
    if isinstance(given, str):
        if given.lower() != "nominal":
            raise wrong(option, given, "a whole number or 'nominal'")
        return "nominal"
    return _count(option, given)


def _switch(option: Option, given: Any) -> bool:
    if isinstance(given, bool):
        return given
    raise wrong(option, given, "True or False")


def _dem(option: Option, given: Any) -> Any:
    from ringtrue.geo.elevation import ElevationModel

    if given is None or isinstance(given, (str, Path, ElevationModel)):
        return given
    raise wrong(option, given, "a file, an added name, 'none' for a bare earth, or an ElevationModel")


def _catalogue(option: Option, given: Any) -> Any:
    from ringtrue.catalogue.records import Catalogue

    if given is None or isinstance(given, (str, Path, Catalogue)):
        return given
    raise wrong(option, given, "a folder of files or a Catalogue")


def _is_number(given: Any) -> bool:
    """Whether something is one real number; numpy's are, truth values are not."""
    from numbers import Real

    return isinstance(given, Real) and not isinstance(given, bool) and type(given).__name__ not in ("bool_", "bool")


def _is_whole(given: Any) -> bool:
    from numbers import Integral

    return isinstance(given, Integral) and not isinstance(given, bool)


READERS: dict[str, Callable[[Option, Any], Any]] = {
    "scenario": _scenario, "systems": _systems, "path": _path, "paths": _paths, "site": _site, "targets": _targets,
    "lengths": _lengths, "length": _length, "ground": _length, "degrees": _degrees, "number": _number,
    "count": _count, "words": _ids, "choices": choices, "choice": _choice, "draw": _draw, "changes": _changes,
    "switch": _switch, "text": _text, "dem": _dem, "catalogue": _catalogue,
}  # fmt: skip
