"""The studies as a notebook asks them: one calling convention for all.

A scenario is a shipped name, a path, or a record; so are catalogue and ground, and what is left out is what is shipped.
Lengths are texts with a unit or numbers of metres, directions degrees, names a text or a list. Every study returns a
`Result`. What does not fit is refused in one sentence that names the keyword.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringtrue.face.asked import Asked, in_keywords, read
from ringtrue.face.result import Result
from ringtrue.face.table import STUDIES, Study

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ringtrue.cancel import Cancel
    from ringtrue.catalogue.records import Catalogue
    from ringtrue.geo.elevation import ElevationModel
    from ringtrue.scenario.records import Scenario
    from ringtrue.sensing.run import Progress

    Deal = Scenario | Path | str
    Figures = Catalogue | Path | str
    Ground = ElevationModel | Path | str
    Length = float | str
    Names = str | Sequence[str]
    Changes = Mapping[str, Any] | Sequence[str] | str


def answered(study: Study, values: dict[str, Any], progress: Progress | None, cancel: Cancel | None) -> Result:
    """Play a study on values that are read and checked."""
    return played(Asked(study, values, progress, cancel))


def played(asked: Asked) -> Result:
    """Play what is asked."""
    from ringtrue.cancel import heeding

    with heeding(asked.cancel):
        return Result(asked.study, asked, asked.study.play(asked))


def _ask(name: str, given: dict[str, Any]) -> Result:
    study = STUDIES[name]
    with in_keywords(study):
        return answered(study, read(study, given), given.get("progress"), given.get("cancel"))


def audit(
    systems: Deal | Sequence[Deal],
    *,
    at: str | tuple[float, float] | None = None,
    targets: Names | None = None,
    heights: Length | Sequence[Length] | None = None,
    altitudes: Length | Sequence[Length] | None = None,
    azimuth: float | str | None = None,
    heading: str = "inbound",
    mast: Length | None = None,
    sensor_height: Length | None = None,
    k: float | None = None,
    dem: Ground | None = None,
    ground: Length | None = None,
    site_radius: Length | None = None,
    seed: int = 1,
    draws: int = 1000,
    threads: int | None = None,
    catalogue: Figures | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Result:
    """Audit the ring of one or more systems at one place.

    Parameters
    ----------
    systems : str, path, Scenario, or a list of them
        Systems such as ``"s-400"`` or ``"s-400-tr:40n6e"``; or a scenario, which has places of its own.
    at : str or (latitude, longitude), optional
        A place (``"Samsun"``), degrees as text (``"41.29,36.33"``) or as numbers [deg]; the airport of the story.
    targets : str or list, optional
        Classes by id or by an everyday word (drone, fighter, tanker, cruise missile, ballistic missile); six of the
        story.
    heights, altitudes : text with unit, number [m], or a list of them
        Above the ground below; above mean sea level, or flight levels (``"FL250"``). Given neither: 30, 100 and 500 m,
        3,000 and 10,000 m.
    azimuth : float or str, optional
        Boresight of a sector radar [deg].
    heading : str
        inbound, outbound, beam or worst.
    mast, sensor_height : text with unit or number [m], optional
        Antenna above ground; of a sensor in the air, in place of it.
    k : float, optional
        Effective-earth factor [1], 0.3 to 20; that of the climate of the place.
    dem : str, path or ElevationModel, optional
        Ground: a file, an added name, ``"none"`` for a bare earth, a model; the shipped one.
    ground : text with unit or number [m], optional
        Altitude of bare earth above mean sea level, with ``dem="none"``.
    site_radius : text with unit or number [m], optional
        Also try sites this near.
    seed, draws, threads : int
        Seed of every stream; length of the draw axis; threads, on which no result depends (None: all).
    catalogue : str, path or Catalogue, optional
        A folder of files that extend or override, or a catalogue; the shipped one.
    progress : callable, optional
        Called with a `Step` at each step of the work.
    cancel : Cancel, optional
        Put up from another thread, it stops the study.

    Returns
    -------
    Result
        ``rows`` (class, height), ``footprints`` (ballistic classes), ``variants``; areas in km2.

    Raises
    ------
    InputError
        What cannot be meant: a wrong type, an unknown name, a place off the ground.
    Cancelled
        The study was stopped.

    Examples
    --------
    >>> found = audit("s-400", at="Samsun", targets=["drone"], heights="100 m", dem="none", draws=10)
    >>> [(row.target, row.height_m) for row in found.rows]
    [('one-way-uav', 100.0)]
    """
    return _ask("audit", locals())


def engage(
    scenario: Deal,
    *,
    laydowns: Names | None = None,
    raids: Names | None = None,
    replications: int = 50,
    precision: float | None = None,
    trace: int | None = None,
    draw: int | str | None = None,
    change: Changes | None = None,
    reliefs: int = 0,
    chunks: int = 1,
    dem: Ground | None = None,
    ground: Length | None = None,
    seed: int = 1,
    draws: int = 200,
    threads: int | None = None,
    catalogue: Figures | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Result:
    """Play the raids of a scenario: what leaks, what it costs, what the network changes.

    Parameters
    ----------
    scenario : str, path or Scenario
        A shipped name, a file, a record.
    laydowns, raids : str or list, optional
        Which of the scenario; those of its study, or all.
    replications : int
        Raids played in each draw.
    precision : float, optional
        Half-width of the leakers at 95 % [targets] at which replications end.
    trace, draw : int, optional
        Tell this replication event by event; of this draw, or ``"nominal"``.
    change : mapping, text or list of texts, optional
        Keys of the file with other values: ``{"doctrine.salvo": 2}`` or ``"doctrine.salvo=2"``.
    reliefs : int
        Grounds on which terrain doubt is drawn.
    chunks : int
        Slices of the draws; no result depends on it.
    dem, ground, seed, draws, threads, catalogue, progress, cancel
        As in `audit`.

    Returns
    -------
    Result
        ``rows`` (laydown, raid): targets that leak, rounds, costs; ``results`` with every count of every draw.

    Raises
    ------
    InputError
        What cannot be meant.
    Cancelled
        The study was stopped.

    Examples
    --------
    >>> found = engage("minimal", dem="none", draws=3, replications=2)
    >>> found.study.name, found.header.n_draws
    ('engage', 3)
    """
    return _ask("engage", locals())


def compare(
    scenario: Deal,
    *,
    add: Names | None = None,
    replications: int = 8,
    change: Changes | None = None,
    dem: Ground | None = None,
    ground: Length | None = None,
    seed: int = 1,
    draws: int = 200,
    threads: int | None = None,
    catalogue: Figures | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Result:
    """Compare the offers of a scenario: what each protects, when, at what price, and what would turn the answer.

    Parameters
    ----------
    scenario, replications, change
        As in `engage`.
    add : str or list, optional
        Smaller studies that the page carries too: audits, claims, exposure, network, relocation.
    dem, ground, seed, draws, threads, catalogue, progress, cancel
        As in `audit`.

    Returns
    -------
    Result
        ``offers``, ``rows`` (raids), ``coverage``, ``differences`` and more; prices in USD, areas in km2.

    Raises
    ------
    InputError
        What cannot be meant; a scenario without offers.
    Cancelled
        The study was stopped.

    Examples
    --------
    >>> compare(7)
    Traceback (most recent call last):
    ringtrue.errors.InputError: scenario: 7 is of type int; a shipped name, a path, or a Scenario is wanted
    """
    return _ask("compare", locals())


def network(
    scenario: Deal,
    *,
    raids: Names | None = None,
    replications: int = 8,
    change: Changes | None = None,
    dem: Ground | None = None,
    ground: Length | None = None,
    seed: int = 1,
    draws: int = 200,
    threads: int | None = None,
    catalogue: Figures | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Result:
    """Say what it costs not to be joined: each system with its own kind against joined, and the links one by one.

    Parameters
    ----------
    scenario, raids, replications, change
        As in `engage`.
    dem, ground, seed, draws, threads, catalogue, progress, cancel
        As in `audit`.

    Returns
    -------
    Result
        ``pairs``: what is held against what, that of the question first; ``changes`` of each pair, ``rows`` (variant,
        raid), ``late_starts`` and ``warnings`` [s].

    Raises
    ------
    InputError
        What cannot be meant.
    Cancelled
        The study was stopped.

    Examples
    --------
    >>> network("two-bearings", raids="nowhere", dem="none")
    Traceback (most recent call last):
    ringtrue.errors.InputError: ...
    """
    return _ask("network", locals())


def exposure(
    scenario: Deal,
    *,
    change: Changes | None = None,
    dem: Ground | None = None,
    ground: Length | None = None,
    seed: int = 1,
    draws: int = 1000,
    threads: int | None = None,
    catalogue: Figures | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Result:
    """Count the minutes in which a radar could observe flights: by aspect, range and echo.

    Parameters
    ----------
    scenario, change
        As in `engage`; with patterns of flight.
    dem, ground, seed, draws, threads, catalogue, progress, cancel
        As in `audit`.

    Returns
    -------
    Result
        ``rows`` (radar, class, pattern), minutes per hour; ``comparisons``, ``headlines``.

    Raises
    ------
    InputError
        What cannot be meant.
    Cancelled
        The study was stopped.

    Examples
    --------
    >>> found = exposure("exposure-anatolia", dem="none", draws=5)
    >>> found.rows[0].target in found.asked.catalogue.targets
    True
    """
    return _ask("exposure", locals())


def relocation(
    scenario: Deal = "relocation",
    *,
    change: Changes | None = None,
    dem: Ground | None = None,
    ground: Length | None = None,
    seed: int = 1,
    draws: int = 200,
    threads: int | None = None,
    catalogue: Figures | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Result:
    """Move one regiment from place to place: gained there, lost at home.

    Parameters
    ----------
    scenario, change
        As in `engage`; a laydown for each place.
    dem, ground, seed, draws, threads, catalogue, progress, cancel
        As in `audit`.

    Returns
    -------
    Result
        ``rows`` (place, class, height), ``footprints``, ``changes`` against home; areas in km2.

    Raises
    ------
    InputError
        What cannot be meant.
    Cancelled
        The study was stopped.

    Examples
    --------
    >>> relocation(draws="many")
    Traceback (most recent call last):
    ringtrue.errors.InputError: draws: 'many' is of type str; a whole number such as 1000 is wanted
    """
    return _ask("relocation", locals())


def claims(
    file: Path | str | None = None,
    *,
    dem: Ground | None = None,
    ground: Length | None = None,
    seed: int = 1,
    draws: int = 200,
    threads: int | None = None,
    catalogue: Figures | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Result:
    """Hold statements of the press against the published figures.

    Parameters
    ----------
    file : str or path, optional
        A claims file; the shipped one.
    dem, ground, seed, draws, threads, catalogue, progress, cancel
        As in `audit`.

    Returns
    -------
    Result
        ``rows``: a verdict for each claim; ``verdicts``: how many of each.

    Raises
    ------
    InputError
        What cannot be meant; a file that cannot be read.
    Cancelled
        The study was stopped.

    Examples
    --------
    >>> claims(3)
    Traceback (most recent call last):
    ringtrue.errors.InputError: file: 3 is of type int; a path is wanted
    """
    return _ask("claims", locals())


def timeline(
    scenario: Deal,
    *,
    laydowns: Names | None = None,
    change: Changes | None = None,
    dem: Ground | None = None,
    ground: Length | None = None,
    seed: int = 1,
    draws: int = 200,
    threads: int | None = None,
    catalogue: Figures | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Result:
    """Join the deliveries of a scenario with what its units reach, month by month.

    Parameters
    ----------
    scenario, laydowns, change
        As in `engage`; with deliveries.
    dem, ground, seed, draws, threads, catalogue, progress, cancel
        As in `audit`.

    Returns
    -------
    Result
        ``rows``: curves over months; areas in km2.

    Raises
    ------
    InputError
        What cannot be meant; a scenario without an area.
    Cancelled
        The study was stopped.

    Examples
    --------
    >>> timeline("minimal", dem="none", draws=2)
    Traceback (most recent call last):
    ringtrue.errors.InputError: scenario 'minimal' has no [area]; add one with bounds and country, to count residents in
    """
    return _ask("timeline", locals())


def sensitivity(
    subject: Deal,
    *,
    finding: str | None = None,
    at: str | tuple[float, float] | None = None,
    targets: Names | None = None,
    heights: Length | Sequence[Length] | None = None,
    altitudes: Length | Sequence[Length] | None = None,
    azimuth: float | str | None = None,
    heading: str = "inbound",
    mast: Length | None = None,
    k: float | None = None,
    change: Changes | None = None,
    points: int = 1024,
    replications: int = 4,
    dem: Ground | None = None,
    ground: Length | None = None,
    seed: int = 1,
    threads: int | None = None,
    catalogue: Figures | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Result:
    """Say which unknown moves a finding: alone, with others, by luck; and what each source makes of it.

    Parameters
    ----------
    subject : str, path or Scenario
        A scenario, or a system such as ``"s-400"``.
    finding : str
        A measure and its row: ``"leakers@patriot/drones-24"``, ``"engageable_area@s-400/f-16/100m"``; one less another:
        ``"leakers@patriot/drones-24 - leakers@s-400-regiment/drones-24"``. Keys that leave no choice may be left out.
    at, targets, heights, altitudes, azimuth, heading, mast, k
        Of rings, as in `audit`.
    change
        As in `engage`, of a scenario.
    points : int
        Base points of the design, a power of two; the draws are that many for each unknown, and twice more.
    replications : int
        Raids in each of three blocks of luck at each point.
    dem, ground, seed, threads, catalogue, progress, cancel
        As in `audit`.

    Returns
    -------
    Result
        ``rows``: an unknown each, shares of the variance with 5 and 95 %; ``sources``, ``rivals``.

    Raises
    ------
    InputError
        What cannot be meant; a finding that is none, or that may be several.
    Cancelled
        The study was stopped.

    Examples
    --------
    >>> ring = {"at": "Samsun", "targets": "f-16", "heights": 100, "dem": "none"}
    >>> found = sensitivity("s-400", finding="seen_area", points=8, **ring)
    >>> found.finding, {row.kind for row in found.rows} <= {"figure", "category"}
    ('seen_area@s-400/f-16/100m', True)
    """
    return _ask("sensitivity", locals())


def worth(
    scenario: Deal,
    *,
    decision: Names | None = None,
    by: str | None = None,
    within: float = 0.0,
    replications: int = 4,
    change: Changes | None = None,
    dem: Ground | None = None,
    ground: Length | None = None,
    seed: int = 1,
    draws: int = 1000,
    threads: int | None = None,
    catalogue: Figures | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Result:
    """Say what knowing would be worth: how far it narrows the answer, and whether it would change a choice.

    Parameters
    ----------
    scenario, change
        As in `engage`.
    decision : str or list, optional
        Laydowns to choose from, two or more; the two offers of the answer of `compare`.
    by : str, optional
        Measure to choose by and what names its row: ``"leakers@mixed-40"``; leakers of the greatest raid.
    within : float
        How closely figures come to be known, in per cent of their values; 0: exactly.
    replications : int
        Raids in each of four blocks of luck in each draw.
    dem, ground, seed, draws, threads, catalogue, progress, cancel
        As in `audit`; 100 draws or more.

    Returns
    -------
    Result
        ``rows``: groups of figures, everything, then every figure; ``decision``, ``perfect``, ``difference``.

    Raises
    ------
    InputError
        What cannot be meant; too few draws.
    Cancelled
        The study was stopped.

    Examples
    --------
    >>> worth("minimal", draws=5)
    Traceback (most recent call last):
    ringtrue.errors.InputError: draws 5: what knowing is worth takes at least 100 draws; 1000 tell more
    """
    return _ask("worth", locals())


def verify(
    files: Path | str | Sequence[Path | str] | None = None,
    *,
    sky: bool = False,
    reliefs: int = 0,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Result:
    """Recompute every published number the models claim to reproduce, or what was measured.

    Parameters
    ----------
    files : str, path or list of them, optional
        Case files; all shipped. With ``sky`` one folder of messages.
    sky : bool
        Hold the terrain against who heard which aircraft.
    reliefs : int
        With ``sky``: also over so many drawn grounds.
    progress, cancel
        As in `audit`.

    Returns
    -------
    Result
        ``rows``: a case each, with its verdict; ``agrees``: whether all do.

    Raises
    ------
    InputError
        A file that cannot be read.

    Examples
    --------
    >>> verify("none.toml")
    Traceback (most recent call last):
    ringtrue.errors.InputError: ...
    """
    return _ask("verify", locals())
