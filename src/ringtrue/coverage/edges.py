"""How far each radar knows a target: the range at which a confirmed track is as likely as wanted, leg by leg.

An edge depends on where the target comes into view; so an inbound edge is a table over that range. The order of events
is the raid's: the search radar confirms (seen), the target is identified, the engagement radar is cued and confirms
(tracked); held is what is both identified and tracked, from where the reaction time runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.cancel import stop_if_cancelled
from ringtrue.coverage import _kernels
from ringtrue.sensing import _look_kernels
from ringtrue.sensing.ledger import watched
from ringtrue.sensing.looks import Losses, echo_of, gas_of, look_periods, one_look_range_m, rcs_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ringtrue.catalogue.records import Radar, TargetClass
    from ringtrue.coverage.records import Heading
    from ringtrue.coverage.ring import Weather
    from ringtrue.sensing.chain import Chain
    from ringtrue.sensing.looks import Echo

    FloatArray = NDArray[np.float64]

EARTH_RADIUS_M = _kernels.EARTH_RADIUS_M
ENTRY_KNOTS = 25
CHANCES = (0.5, 0.9)
_CUES = (1.0 / 6.0, 0.5, 5.0 / 6.0)  # middles of three parts of equal chance
ASPECT_OF_HEADING = {"inbound": "nose", "outbound": "tail", "beam": "side", "worst": "nose"}
_LEG = {"outbound": _look_kernels.OUTBOUND, "beam": _look_kernels.BEAM, "worst": _look_kernels.WORST}


class EdgeTable(NamedTuple):
    """Slant range at which an inbound target is confirmed, by the slant range at which it came into view.

    ``step_m`` (draw,): knots stand at multiples of it, the last one at the farthest range that matters; ``known_m``
    (draw, knot), below 0 where the target is overhead before it is confirmed.
    """

    step_m: FloatArray
    known_m: FloatArray

    @property
    def far_m(self) -> FloatArray:
        """Edge for a target that has been in the open all the way, (draw,) [m]; 0: none."""
        return np.asarray(np.maximum(self.known_m[:, -1], 0.0))


class Edges(NamedTuple):
    """Tables of one target for one chance of a confirmed track.

    ``search``: of the search radar, uncued; ``slow`` and ``fast``: of the engagement radar, uncued and cued from the
    moment the target comes into view; ``tracked`` and ``held``: uncued until the search radar has it, for a target that
    comes into view of both radars at one range.
    """

    search: EdgeTable
    slow: EdgeTable
    fast: EdgeTable
    tracked: EdgeTable
    held: EdgeTable


class Uses(NamedTuple):
    """Addresses of the figures behind being seen, tracked and held; sight and its elevation limits stand apart."""

    seen: frozenset[str]
    tracked: frozenset[str]
    held: frozenset[str]


class Reach(NamedTuple):
    """How far one target is seen, tracked and held on one heading, (draw + 1,) slant [m], instrumented range included.

    ``edges`` holds the tables of an inbound leg for chances of 0.5 and 0.9, () on other headings. ``delay_s`` is the
    time from coming into view to being held of a target that every look detects, ``lag_m`` the way flown while it is
    identified, ``least_m`` (draw + 1, 2) the way below which search and engagement radar can confirm nothing, ``gap_m``
    the way out of sight over which looks still count together: as many as the rule lets go by without a hit.
    """

    seen_m: FloatArray
    seen_p90_m: FloatArray
    tracked_m: FloatArray
    tracked_p90_m: FloatArray
    held_m: FloatArray
    edges: tuple[Edges, ...]
    delay_s: FloatArray
    lag_m: FloatArray
    least_m: FloatArray
    gap_m: FloatArray
    uses: Uses


def losses_of(radar: Radar[FloatArray], weather: Weather) -> Losses:
    """Return what takes from the echo: the weather, and the gas on the ray of the nominal reference range."""
    return Losses(weather.clutter_db, weather.jam_to_noise_ratio, weather.rain_db_per_km, gas_of(radar))


def echo_on(radar: Radar[FloatArray], target: TargetClass[FloatArray], heading: Heading, weather: Weather) -> Echo:
    """Chance of one look of a radar at a target that flies on a heading, by slant range."""
    aspects = ("nose", "side", "tail") if heading == "worst" else (ASPECT_OF_HEADING[heading],)
    rcs_m2 = np.minimum.reduce([rcs_at(target, radar.band, aspect) for aspect in aspects])
    return echo_of(radar, rcs_m2, target.swerling_case, losses_of(radar, weather))


def _live(radar: Radar[FloatArray]) -> FloatArray:
    return np.zeros((2, max(1 << (radar.confirm_scans - 1), 4)))


def _far_m(radar: Radar[FloatArray], echo: Echo) -> FloatArray:
    return np.asarray(np.minimum(radar.instrumented_range_m, echo.far_m))


def _tables(
    radar: Radar[FloatArray], echo: Echo, speed_mps: FloatArray, look_s: FloatArray, chances: tuple[float, ...]
) -> tuple[EdgeTable, ...]:
    """One table for each chance, for a target that flies straight at the radar."""
    stop_if_cancelled()
    step_m = _far_m(radar, echo) / (ENTRY_KNOTS - 1)
    known_m = np.empty((len(chances), step_m.size, ENTRY_KNOTS))
    _look_kernels.fill_edges(
        0, step_m.size, step_m, *echo, speed_mps * look_s, np.array(chances), radar.confirm_hits, radar.confirm_scans,
        _live(radar), known_m,
    )  # fmt: skip
    return tuple(EdgeTable(step_m, known) for known in known_m)


def confirmed_range_m(
    radar: Radar[FloatArray],
    target: TargetClass[FloatArray],
    heading: Heading,
    weather: Weather,
    p_confirmed: float,
    look_s: FloatArray,
) -> FloatArray:
    """Slant range at which one radar has confirmed a target in open sky with ``p_confirmed``, (draw,) [m].

    Parameters
    ----------
    heading : str
        Inbound: the looks of the whole way in. Beam: those of the half chord behind. Outbound: the last N looks, for a
        track is not kept on credit. Worst: the last N looks of an incoming target with the least cross-section.
    look_s : (draw,) array
        Time between two looks (`sensing.looks.look_periods`).
    """
    echo = echo_on(radar, target, heading, weather)
    if heading == "inbound":
        return _tables(radar, echo, target.speed_mps, look_s, (p_confirmed,))[0].far_m
    out_m = np.empty(look_s.size)
    _look_kernels.fill_limits(
        _LEG[heading], p_confirmed, _far_m(radar, echo), *echo, target.speed_mps * look_s, radar.confirm_hits,
        radar.confirm_scans, _live(radar), out_m,
    )  # fmt: skip
    return out_m


def single_look_range_m(
    radar: Radar[FloatArray], target: TargetClass[FloatArray], heading: Heading, weather: Weather
) -> FloatArray:
    """Slant range at which one look of a radar detects with probability 0.5, whatever came before, (draw,) [m]."""
    rcs_m2 = rcs_at(target, radar.band, ASPECT_OF_HEADING[heading])
    return one_look_range_m(radar, rcs_m2, target.swerling_case, losses_of(radar, weather), 0.5)


def reach_of(chain: Chain, target: TargetClass[FloatArray], heading: Heading, weather: Weather) -> Reach:
    """Work out how far both radars of a system know a target that flies on a heading."""
    seen_uses: set[str] = set()
    tracked_uses: set[str] = set()
    held_uses: set[str] = set()
    search, fire = watched(chain.acquisition, seen_uses), watched(chain.engagement, tracked_uses)
    seen_target, tracked_target = watched(target, seen_uses), watched(target, tracked_uses)
    identify_s = watched(target, held_uses).identification_delay_s
    is_one = search.id == fire.id
    lag_m = target.speed_mps * identify_s
    first_s, own_s = look_periods(search).search_s, look_periods(fire).cued_s
    shares = (search.confirm_hits - 0.5) * first_s, (fire.confirm_hits - 0.5) * own_s
    ways = (search.confirm_hits - 1) * first_s, (fire.confirm_hits - 1) * (first_s if is_one else own_s)
    least_m = target.speed_mps[:, None] * np.stack(ways, axis=1)
    missed = (
        (search.confirm_scans - search.confirm_hits) * first_s,
        (fire.confirm_scans - fire.confirm_hits) * (first_s if is_one else own_s),
    )
    gap_m = target.speed_mps[:, None] * np.stack(missed, axis=1)
    delay_s = shares[0] + np.maximum(0.0 if is_one else shares[1], identify_s)
    if heading != "inbound":
        seen, seen90 = (confirmed_range_m(search, seen_target, heading, weather, p, first_s) for p in CHANCES)
        tracked, tracked90 = seen, seen90
        if not is_one:
            tracked, tracked90 = (confirmed_range_m(fire, tracked_target, heading, weather, p, own_s) for p in CHANCES)
        uses = _uses(seen_uses, tracked_uses, held_uses, is_one=is_one)
        return Reach(seen, seen90, tracked, tracked90, tracked, (), delay_s, lag_m, least_m, gap_m, uses)
    sixth, half, most, nine = _tables(
        search, echo_on(search, seen_target, heading, weather), seen_target.speed_mps, first_s, (*_CUES, CHANCES[1])
    )
    edges = []
    slow: tuple[EdgeTable, ...] = (half, nine)
    fast = joined = slow
    if not is_one:
        echo = echo_on(fire, tracked_target, heading, weather)
        slow = _tables(fire, echo, tracked_target.speed_mps, look_periods(fire).search_s, CHANCES)
        fast = _tables(fire, echo, target.speed_mps, own_s, CHANCES)
        stop_if_cancelled()
        tracked_m = np.empty((len(CHANCES), *slow[0].known_m.shape))
        _look_kernels.fill_joined(
            slow[0].step_m, *echo, target.speed_mps * look_periods(fire).search_s, target.speed_mps * own_s,
            np.array(CHANCES), fire.confirm_hits, fire.confirm_scans, 1.0 / half.step_m,
            np.stack([table.known_m for table in (sixth, half, most)]), np.stack([_live(fire)] * 4), tracked_m,
        )  # fmt: skip
        joined = tuple(EdgeTable(slow[0].step_m, known_m) for known_m in tracked_m)
    for i, first in enumerate((half, nine)):
        stop_if_cancelled()
        held_m = np.empty_like(joined[i].known_m)
        _kernels.hold(*first, *slow[i], joined[i].known_m, lag_m, held_m)
        edges.append(Edges(first, slow[i], fast[i], joined[i], EdgeTable(slow[i].step_m, held_m)))
    return Reach(
        half.far_m, nine.far_m, joined[0].far_m, joined[1].far_m, edges[0].held.far_m, tuple(edges), delay_s, lag_m,
        least_m, gap_m, _uses(seen_uses, tracked_uses, held_uses, is_one=is_one),
    )  # fmt: skip


def _uses(seen: set[str], tracked: set[str], held: set[str], *, is_one: bool) -> Uses:
    """Join what each step reads: a track stands on the cue, holding a target on its track."""
    both = frozenset(seen) if is_one else frozenset(seen | tracked)
    return Uses(frozenset(seen), both, both | held)


def over_ground(table: EdgeTable, antenna_altitude_m: float, altitude_m: float) -> EdgeTable:
    """Return a table of ground ranges at one altitude: knots evenly over ground, 0 to the farthest that matters."""
    known_m = np.empty_like(table.known_m)
    step_m = np.empty_like(table.step_m)
    product = (EARTH_RADIUS_M + antenna_altitude_m) * (EARTH_RADIUS_M + altitude_m)
    _kernels.edges_over_ground(*table, (altitude_m - antenna_altitude_m) ** 2, product, step_m, known_m)
    return EdgeTable(step_m, known_m)
