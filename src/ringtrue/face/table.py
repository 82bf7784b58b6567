"""The studies and what each is asked with, said once: commands and the functions of a notebook come from here.

An `Option` has a keyword, by which a notebook gives it, and a flag, by which the command line does; its kind says how
either is read. A `Study` names its options in the order of its help, and the functions that play it and print it; those
load what they need when they are called, so that reading this table is light.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ringtrue.errors import InputError, did_you_mean
from ringtrue.face import files, folder, maps, play, show
from ringtrue.units import ALTITUDE, HEIGHT, MAST, RANGE, SENSOR_HEIGHT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from ringtrue.face.asked import Asked
    from ringtrue.face.result import Result
    from ringtrue.formats.shapes import MapDocument
    from ringtrue.studies.brief import Brief
    from ringtrue.units import Sense

Kind = Literal[
    "scenario", "systems", "path", "paths", "site", "targets", "lengths", "length", "degrees", "number", "count",
    "draw", "words", "choices", "choice", "text", "changes", "switch", "ground", "dem", "catalogue",
]  # fmt: skip
LISTS: frozenset[Kind] = frozenset({"systems", "paths", "targets", "lengths", "words", "choices", "changes"})

HIGHEST_AUDITED_M = 40e3
HIGHEST_GROUND_M = 9_000.0
STORY_PLACE = "40.0789,32.5656"
STORY_TARGETS = "bomber,f-16,f-35,cruise-missile,one-way-uav,srbm"
HEIGHTS, ALTITUDES = "30m,100m,500m", "3000m,10000m"
HEADINGS = ("inbound", "outbound", "beam", "worst")


class Whole(NamedTuple):
    """Bounds of a whole number, and an example."""

    least: int
    most: int
    example: int


@dataclass(frozen=True)
class Option:
    """One thing that a study is asked with.

    Attributes
    ----------
    name : str
        Keyword in a notebook.
    kind : str
        How it is read.
    help : str
        What ``--help`` says of it.
    flag : str
        Of the command line; empty: an argument of the command.
    default
        What is taken where it is left out.
    metavar : str, optional
        What ``--help`` prints in its place.
    is_wanted : bool
        Whether it cannot be left out.
    is_of_screen : bool
        Whether it is of the command line alone: it says what is printed and written.
    sense, whole, bounds, among
        Bounds of a length, of a whole number, of a number; words to choose from.
    """

    name: str
    kind: Kind
    help: str | None = None
    flag: str = ""
    default: Any = None
    metavar: str | None = None
    is_wanted: bool = False
    is_of_screen: bool = False
    sense: Sense | None = None
    whole: Whole | None = None
    bounds: tuple[float, float] | None = None
    among: tuple[str, ...] = ()

    @property
    def takes_several(self) -> bool:
        """Whether it is given once for each of several, or as a list."""
        return self.kind in LISTS


SCENARIO = Option("scenario", "scenario", "A shipped scenario or a file.", metavar="SCENARIO", is_wanted=True)
LAYDOWNS = Option("laydowns", "words", "Laydowns of the file, separated by commas.", "--laydown", metavar="ID,...")
RAIDS = Option("raids", "words", "Raids of the file, separated by commas.", "--raid", metavar="ID,...")
REPLICATIONS = Option(
    "replications", "count", "Raids played in each draw.", "--replications", metavar="NUMBER",
    whole=Whole(1, 100_000, 50),
)  # fmt: skip
CHANGE = Option("change", "changes", "Change a key of the file.", "--set", metavar="KEY=VALUE")
DEM = Option("dem", "dem", "Elevation model; none: bare earth.", "--dem", metavar="FILE|NAME|none")
GROUND = Option(
    "ground", "ground", "Altitude of bare earth above mean sea level.", "--ground", metavar="ALTITUDE",
    sense=ALTITUDE._replace(high=HIGHEST_GROUND_M, example="1007 m"),
)  # fmt: skip
JSON = Option(
    "json_out", "switch", "Print one JSON object and nothing else.", "--json", default=False, is_of_screen=True
)
QUIET = Option(
    "quiet", "switch", "No progress: nothing on stderr but warnings and errors.", "--quiet", default=False,
    is_of_screen=True,
)  # fmt: skip
FULL = Option(
    "full", "switch", "Print all that the page says, not one screen of it.", "--full", default=False, is_of_screen=True
)
SEED = Option("seed", "count", "Seed of every random stream.", "--seed", 1, "NUMBER", whole=Whole(0, 2**63 - 1, 1))
DRAWS = Option(
    "draws", "count", "Draws of the unknown parameters.", "--draws", 200, "NUMBER", whole=Whole(1, 100_000, 1000)
)
THREADS = Option(
    "threads", "count", "Threads; the result never depends on them.", "--threads", metavar="NUMBER",
    whole=Whole(1, 1024, 4),
)  # fmt: skip
CATALOGUE = Option(
    "catalogue",
    "catalogue",
    "A file, or a folder of files, that extends or overrides.",
    "--catalogue",
    metavar="FILE|FOLDER",
)
OUT = Option(
    "out", "text", "Folder for the report and its files; else one named by the question in ringtrue-out.", "--out",
    metavar="FOLDER", is_of_screen=True,
)  # fmt: skip
FORMATS = Option(
    "formats", "choices", f"Also as files for other programs: {', '.join(files.FORMATS)}.", "--format",
    metavar="FORMAT", among=files.WORDS, is_of_screen=True,
)  # fmt: skip
AT = Option(
    "at", "site", f"Site: a place by name, or degrees; {STORY_PLACE} if left out.", "--at",
    metavar="PLACE|LAT,LON",
)  # fmt: skip
TARGETS = Option(
    "targets", "targets",
    f"Target classes by id or everyday word (drone, fighter, ...); {STORY_TARGETS} if left out.",
    "--target", metavar="CLASS,...",
)  # fmt: skip
LEVELS_ABOVE_GROUND = Option(
    "heights", "lengths", f"Heights above ground; {HEIGHTS} if left out.", "--height", metavar="HEIGHT,...",
    sense=HEIGHT._replace(high=HIGHEST_AUDITED_M),
)  # fmt: skip
LEVELS_AMSL = Option(
    "altitudes", "lengths",
    f"Altitudes above mean sea level or flight levels; {ALTITUDES} if no height is given either.",
    "--amsl", metavar="ALTITUDE,...",
    sense=ALTITUDE._replace(low=0.0, high=HIGHEST_AUDITED_M),
)  # fmt: skip
AZIMUTH = Option(
    "azimuth", "degrees", "Where a radar of a sector looks, degrees from north.", "--azimuth",
    metavar="DEGREES",
)  # fmt: skip
HEADING = Option(
    "heading", "choice", "How the target flies.", "--heading", HEADINGS[0], metavar="|".join(HEADINGS),
    among=HEADINGS,
)  # fmt: skip
MAST_HEIGHT = Option("mast", "length", "Antenna height above ground.", "--mast", metavar="HEIGHT", sense=MAST)
EARTH_FACTOR = Option(
    "k", "number", "Effective-earth factor; that of the climate if left out.", "--k", metavar="FACTOR",
    bounds=(0.3, 20.0),
)  # fmt: skip
SUBJECT = Option(
    "subject",
    "scenario",
    "A scenario or a system: a shipped name or a file.",
    metavar="SCENARIO|SYSTEM",
    is_wanted=True,
)
FINDING = Option(
    "finding", "text",
    "A measure and its row: leakers@LAYDOWN/RAID, engageable_area@SYSTEM/CLASS/HEIGHT; one less another: A - B.",
    "--finding", metavar="FINDING",
)  # fmt: skip
POINTS = Option(
    "points", "count", "Base points of the design, a power of two.", "--points", 1024, "NUMBER",
    whole=Whole(8, 65_536, 1024),
)  # fmt: skip
IN_A_BLOCK = replace(REPLICATIONS, default=4, help="Raids in each of three blocks of luck at each point.")
GROUND_FIRST = (DEM, GROUND)
MANY_DRAWS = replace(DRAWS, default=1000)


def _last(draws: Option = DRAWS) -> tuple[Option, ...]:
    return (JSON, FULL, QUIET, SEED, draws, THREADS, CATALOGUE, FORMATS, OUT)


def _reliefs(text: str) -> Option:
    return Option("reliefs", "count", text, "--reliefs", 0, "NUMBER", whole=Whole(0, 64, 5))


@dataclass(frozen=True)
class Study:
    """One question the program answers.

    Attributes
    ----------
    name, summary : str
        Of the command and the function; what ``--help`` says of it.
    options : tuple of Option
        In the order of its help.
    play : callable
        Gives the answer to what is asked.
    lines, page, files : callable
        The answer on the screen, given the path of the report; the answer as one page; what stands beside the page
        in the folder of the report.
    brief : callable, optional
        The answer on one screen; without one all its lines are printed.
    name_of : callable
        Words that name the folder of the report, from what is asked.
    addresses_gb : float
        Address space (not memory) that it reserves at its default size while it compiles.
    is_command : bool
        Whether the command line has it.
    is_check : bool
        Whether its command fails where the answer does not agree.
    map : callable, optional
        What it shows on a map.
    has_rasters : bool
        Whether it has rasters for ``--format cog``.
    """

    name: str
    summary: str
    options: tuple[Option, ...]
    play: Callable[[Asked], Any]
    lines: Callable[[Any, Path | None], list[str]]
    page: Callable[[Result, Path], Path]
    files: Callable[[Result, Path], None] = show.no_files
    brief: Callable[[Any], Brief] | None = None
    name_of: Callable[[Asked], list[str]] = folder.name_of_nothing
    addresses_gb: float = 1.1
    is_command: bool = True
    is_check: bool = False
    map: Callable[[Result], MapDocument] | None = None
    has_rasters: bool = False

    @property
    def asked_with(self) -> tuple[Option, ...]:
        """Options that a notebook has too."""
        return tuple(option for option in self.options if not option.is_of_screen)

    def lacking(self, wanted: str, values: Mapping[str, Any]) -> str:
        """Say why the study has nothing for a kind of file, empty where it has; ``values`` is what it is asked."""
        if wanted == "map" and self.map is None:
            return f"{self.name} shows nothing on a map"
        if wanted == "trace" and self.name != "engage":
            return f"{self.name} tells no raid event by event; engage does"
        if wanted == "trace" and values["trace"] is None:
            return "a raid is told event by event with --trace only; add --trace 0"
        if wanted == "rasters" and not self.has_rasters:
            return f"{self.name} has no rasters; audit has"
        return ""


_ALL = (
    Study(
        "audit",
        "Audit the ring of one or more systems at one place.",
        (
            Option("systems", "systems", "Systems, or one scenario.", metavar="SYSTEM...", is_wanted=True),
            AT, TARGETS, LEVELS_ABOVE_GROUND, LEVELS_AMSL, AZIMUTH, HEADING, MAST_HEIGHT,
            Option(
                "sensor_height", "length", "Height of a sensor in the air, in place of --mast.", "--sensor-height",
                metavar="HEIGHT", sense=SENSOR_HEIGHT,
            ),
            EARTH_FACTOR,
            *GROUND_FIRST,
            Option(
                "site_radius", "length", "Also try sites this near.", "--site-radius", metavar="DISTANCE",
                sense=RANGE._replace(high=40e3, example="10 km"),
            ),
            *_last(MANY_DRAWS),
        ),
        play.audit, show.audit_lines, show.audit_page, show.audit_files, show.audit_brief, folder.name_of_audit, 2.8,
        map=maps.audit_map, has_rasters=True,
    ),
    Study(
        "engage",
        "Play the raids of a scenario: what leaks, what it costs, what the network changes.",
        (
            SCENARIO, LAYDOWNS, RAIDS, replace(REPLICATIONS, default=50),
            Option(
                "precision", "number", "Play until the mean number of leakers is known to this, at 95 %.",
                "--precision", metavar="LEAKERS", bounds=(1e-6, 1e6),
            ),
            Option(
                "trace", "count", "Tell one raid event by event: this replication.", "--trace", metavar="NUMBER",
                whole=Whole(0, 99_999, 0),
            ),
            Option(
                "draw", "draw", "nominal: every figure at its nominal value; or the draw that --trace tells.", "--draw",
                metavar="nominal|NUMBER", whole=Whole(0, 99_999, 0),
            ),
            CHANGE,
            _reliefs("Grounds on which terrain doubt is drawn."),
            Option(
                "chunks", "count", "Slices of the draws; the result never depends on it.", "--chunks", 1, "NUMBER",
                whole=Whole(1, 100_000, 4),
            ),
            *GROUND_FIRST, *_last(),
        ),
        play.engage, show.engage_lines, show.engage_page,
        brief=show.brief_of("engage"), name_of=folder.name_by_scenario("engage"),
        map=maps.engage_map,
    ),
    Study(
        "compare",
        "Compare the offers of a scenario: what each protects, when, at what price, and what would turn the answer.",
        (
            SCENARIO,
            Option(
                "add", "choices", "Also put into the report: audits, claims, exposure, network, relocation.", "--add",
                metavar="PART,...",
                among=("audits", "claims", "exposure", "network", "relocation", "none"),
            ),
            replace(REPLICATIONS, default=8), CHANGE, *GROUND_FIRST, *_last(),
        ),
        play.compare, show.compare_lines, show.compare_page,
        brief=show.brief_of("compare"), name_of=folder.name_by_scenario("compare"),
        addresses_gb=2.9,
        map=maps.compare_map,
    ),
    Study(
        "network",
        "What it costs not to be joined: each system with its own kind against joined, and the links one by one.",
        (SCENARIO, RAIDS, replace(REPLICATIONS, default=8), CHANGE, *GROUND_FIRST, *_last()),
        play.network, show.network_lines, show.network_page,
        brief=show.brief_of("network"), name_of=folder.name_by_scenario("network"),
        addresses_gb=1.5,
        map=maps.network_map,
    ),
    Study(
        "exposure",
        "Count the minutes in which a radar could observe flights: by aspect, range and echo.",
        (SCENARIO, CHANGE, *GROUND_FIRST, *_last(MANY_DRAWS)),
        play.exposure, show.exposure_lines, show.exposure_page,
        brief=show.brief_of("exposure"), name_of=folder.name_by_scenario("exposure"),
        map=maps.exposure_map,
    ),
    Study(
        "relocation",
        "Move one regiment from place to place: gained there, lost at home.",
        (replace(SCENARIO, default="relocation", is_wanted=False), CHANGE, *GROUND_FIRST, *_last()),
        play.relocation, show.relocation_lines, show.relocation_page,
        brief=show.brief_of("relocation"), name_of=folder.name_by_scenario("relocation"),
        addresses_gb=2.8,
        map=maps.relocation_map,
    ),
    Study(
        "claims",
        "Hold statements of the press against the published figures.",
        (Option("file", "path", "A claims file; the shipped one.", metavar="[FILE]"), *GROUND_FIRST, *_last()),
        play.claims, show.claims_lines, show.claims_page,
        brief=show.brief_of("claims"), name_of=folder.name_of_claims, addresses_gb=2.8,
    ),
    Study(
        "sensitivity",
        "Say which unknown moves a finding: alone, with others, by luck; and what each source makes of it.",
        (
            SUBJECT, FINDING, AT, TARGETS, LEVELS_ABOVE_GROUND, LEVELS_AMSL, AZIMUTH, HEADING, MAST_HEIGHT,
            EARTH_FACTOR, CHANGE, POINTS, IN_A_BLOCK, *GROUND_FIRST, JSON, FULL, QUIET, SEED, THREADS, CATALOGUE,
            FORMATS, OUT,
        ),
        play.sensitivity, show.sensitivity_lines, show.sensitivity_page,
        brief=show.sensitivity_brief, name_of=folder.name_of_doubt, addresses_gb=2.9,
    ),
    Study(
        "worth",
        "What knowing would be worth: how far an inspection narrows the answer, and whether it would change a choice.",
        (
            SCENARIO,
            Option(
                "decision", "words", "Laydowns to choose from; the two offers of the answer of compare if left out.",
                "--decision", metavar="ID,...",
            ),
            Option(
                "by", "text", "Measure to choose by, and its row: leakers@RAID; that of the greatest raid if left out.",
                "--by", metavar="MEASURE@ROW",
            ),
            Option(
                "within", "number", "How closely a figure comes to be known, in per cent of its value; 0: exactly.",
                "--within", 0.0, "PERCENT", bounds=(0.0, 90.0),
            ),
            replace(REPLICATIONS, default=4, help="Raids in each of four blocks of luck in each draw."), CHANGE,
            *GROUND_FIRST, *_last(MANY_DRAWS),
        ),
        play.worth, show.worth_lines, show.worth_page,
        brief=show.worth_brief, name_of=folder.name_of_worth, addresses_gb=1.5,
    ),
    Study(
        "verify",
        "Recompute every published number the models claim to reproduce; --sky [FOLDER]: what was measured.",
        (
            Option("files", "paths", "Case files; all shipped.", metavar="[FILE...]"),
            Option("html", "text", "Also write a page.", "--html", metavar="FILE", is_of_screen=True),
            Option("sky", "switch", "Hold the terrain against who heard which aircraft.", "--sky", default=False),
            _reliefs("With --sky: also over so many drawn grounds."),
            JSON, FULL, QUIET,
        ),
        play.verify, show.verify_lines, show.verify_page, brief=show.verify_brief, addresses_gb=2.6, is_check=True,
    ),
    Study(
        "timeline",
        "Join the deliveries of a scenario with what its units reach, month by month.",
        (SCENARIO, LAYDOWNS, CHANGE, *GROUND_FIRST, *_last()),
        play.timeline, show.timeline_lines, show.no_page, is_command=False,
    ),
)  # fmt: skip
STUDIES = {study.name: study for study in _ALL}
COMMANDS = tuple(study for study in _ALL if study.is_command)


def study_named(name: str) -> Study:
    """Return a study by its name.

    >>> study_named("audit").asked_with[0].name
    'systems'

    Raises
    ------
    InputError
        No such study.
    """
    if name not in STUDIES:
        msg = f"there is no study {name!r}{did_you_mean(name, STUDIES)}; there are: {', '.join(STUDIES)}"
        raise InputError(msg)
    return STUDIES[name]
