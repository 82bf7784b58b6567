"""What a raid is made of, said once: every array of a case, of the kernel's tables and of its working memory.

``CaseArrays`` declares what is known of a raid before it is played: for each field its axes, its default where it may
be left out, the numbers it may hold, and the table of the kernel whose row it is. From these declarations follow the
sizes and checks of a case (`case`), the tables of a draw (`draw_tables`), the working memory (`scratch`), and the
numbers of the rows, which stand in this module under the names of the fields in capitals: ``unit_time_s[ASSESS_S, u]``.
A kernel freezes those numbers; its kept code knows the text of this file (`ringtrue.compiled`).
"""

from __future__ import annotations

from collections import namedtuple
from typing import Annotated, Any, NamedTuple, get_type_hints

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
SingleArray = NDArray[np.float32]
IntArray = NDArray[np.int64]
FlagArray = NDArray[np.uint8]
KeyArray = NDArray[np.uint64]

REQUIRED = object()
MADE = object()
N_SHARES = 32
"""Equal shares of the chance of a track, whose times the tables hold."""
MAX_CHANNELS = 64
MAX_CONFIRM_SCANS = 12
UNGUIDED = 1_000_000

FIXED_SIZES = {"share": N_SHARES + 1, "limit": 4}
"""Lengths of axes that are the same in every raid."""


class Given(NamedTuple):
    """What is declared of one field of a case.

    ``axes`` are names of axes, ``draw|1`` one of length 1 when no draw changes the field. ``default`` broadcasts to
    them; `REQUIRED`: it must be given; `MADE`: worked out of names. ``least`` and ``most`` bound its numbers,
    ``counts`` names the axis into which it points. ``row_of`` is the table of the kernel in which it is one row of
    several, under its own name in capitals; a field without is a table of its own. ``is_played`` is false for what
    only opens windows.
    """

    axes: str
    default: Any = REQUIRED
    least: float | None = None
    most: float | None = None
    counts: str = ""
    row_of: str = ""
    is_played: bool = True


def _chance(axes: str, default: Any, row_of: str = "") -> Given:
    return Given(axes, default, 0.0, 1.0, row_of=row_of)


def _time(axes: str, row_of: str = "") -> Given:
    return Given(axes, 0.0, 0.0, row_of=row_of)


class CaseArrays(NamedTuple):
    """All that is known of a raid before it is played.

    Times in seconds from the start of the raid, lengths in metres, probabilities from 0 to 1. A target that ends its
    path early repeats its last sample.
    """

    # a unit
    channels: Annotated[IntArray, Given("draw unit", least=0, most=MAX_CHANNELS, row_of="unit_rule")]
    guidance_limit: Annotated[IntArray, Given("draw unit", UNGUIDED, row_of="unit_rule")]
    """Interceptors guided at once."""
    needs_own_track: Annotated[FlagArray, Given("unit", 1, row_of="unit_rule")]
    """The guiding radar must have confirmed the target."""
    fire_group: Annotated[IntArray, Given("unit", MADE, row_of="unit_rule")]
    """Units with one number coordinate their fire."""
    unit_system: Annotated[IntArray, Given("unit", MADE, row_of="unit_rule")]
    """Units with one number fail by the same common cause."""
    reaction_s: Annotated[FloatArray, _time("draw unit", "unit_time_s")]
    """Tracked and identified to launch."""
    assess_s: Annotated[FloatArray, _time("draw unit", "unit_time_s")]
    """Intercept to verdict."""
    p_available: Annotated[FloatArray, _chance("draw unit", 1.0, "unit_chance")]
    """The unit works in this raid."""
    p_cut_off: Annotated[FloatArray, _chance("draw unit", 0.0, "unit_chance")]
    """The unit has no link in this raid."""
    p_friend_unknown: Annotated[FloatArray, _chance("draw unit", 0.0, "unit_chance")]
    """A friend without an answer: neither friend nor hostile."""
    identify_s: Annotated[FloatArray, _time("draw unit class")]
    """Known to identified."""
    p_hostile_as_friend: Annotated[FloatArray, _chance("draw unit class", 0.0, "mistake")]
    p_friend_as_hostile: Annotated[FloatArray, _chance("draw unit class", 0.0, "mistake")]
    """With its links."""
    p_friend_as_hostile_alone: Annotated[FloatArray, _chance("draw unit class", 0.0, "mistake")]
    """Cut off from its links."""
    unit_key: Annotated[KeyArray, Given("unit", MADE)]
    unit_target_key: Annotated[KeyArray, Given("unit target", MADE)]
    # a link from one unit to another
    shares_track: Annotated[FlagArray, Given("unit unit", 0, row_of="link_rule")]
    identifies_for: Annotated[FlagArray, Given("unit unit", 0, row_of="link_rule")]
    fires_on_shared_track: Annotated[FlagArray, Given("unit unit", 0, row_of="link_rule")]
    """Rounds that need no sight; counts where tracks are shared."""
    latency_s: Annotated[FloatArray, _time("draw unit unit")]
    # a launcher, and the rounds of a unit
    launcher_unit: Annotated[IntArray, Given("launcher", counts="unit", row_of="launcher_rule")]
    launcher_round: Annotated[IntArray, Given("launcher", counts="interceptor", row_of="launcher_rule")]
    launcher_rounds: Annotated[IntArray, Given("draw launcher", least=0, row_of="launcher_rule")]
    """When full."""
    launcher_reload_s: Annotated[FloatArray, _time("draw launcher")]
    reload_stock: Annotated[IntArray, Given("unit interceptor", 0, least=0, row_of="round_rule")]
    """Rounds that are not on launchers."""
    reserve: Annotated[IntArray, Given("draw unit interceptor", 0, row_of="round_rule")]
    """Kept for priority classes under the policy "reserve"."""
    # a radar
    radar_unit: Annotated[IntArray, Given("radar", counts="unit", row_of="radar_rule")]
    radar_guides: Annotated[FlagArray, Given("radar", 1, row_of="radar_rule")]
    takes_cue: Annotated[FlagArray, Given("radar", 0, row_of="radar_rule")]
    """Looks at its own rate once something cues it."""
    confirm_hits: Annotated[IntArray, Given("radar", 1, least=1, row_of="radar_rule")]
    """M of"""
    confirm_scans: Annotated[IntArray, Given("radar", 1, least=1, most=MAX_CONFIRM_SCANS, row_of="radar_rule")]
    """N looks."""
    slew_s: Annotated[FloatArray, Given("draw radar", np.inf, row_of="turn")]
    """Infinite: it never turns."""
    half_sector_rad: Annotated[FloatArray, Given("draw radar", np.inf, row_of="turn")]
    search_look_s: Annotated[FloatArray, Given("draw radar", 1.0, row_of="turn")]
    """Time between two looks of a search."""
    look_s: Annotated[FloatArray, Given("draw radar", 0.0)]
    """Time between two cued looks."""
    off_axis_rad: Annotated[FloatArray, Given("radar target sample", 0.0)]
    """Bearing from the radar's first azimuth, within half a turn."""
    search_p: Annotated[FloatArray, Given("draw radar target", 0.0, row_of="track")]
    """Chance of ever confirming uncued."""
    cued_p: Annotated[FloatArray, Given("draw radar target", 0.0, row_of="track")]
    cued_from_s: Annotated[FloatArray, Given("draw radar target", 0.0, row_of="track")]
    """Start of the cued looks."""
    search_s: Annotated[FloatArray, Given("draw radar target share", 0.0, row_of="track_s")]
    """Times of equal shares of the chance."""
    cued_s: Annotated[FloatArray, Given("draw radar target share", 0.0, row_of="track_s")]
    look_p: Annotated[SingleArray, _chance("draw radar target sample", 0.0)]
    """Chance of one look, facing the target if it can turn."""
    radar_target_key: Annotated[KeyArray, Given("radar target", MADE)]
    # an interceptor
    flight_range_m: Annotated[FloatArray, Given("interceptor knot", is_played=False)]
    flight_s: Annotated[FloatArray, Given("draw interceptor knot", is_played=False)]
    needs_sight: Annotated[FlagArray, Given("interceptor", 1)]
    """Sight from launch to intercept."""
    envelope: Annotated[FloatArray, Given("draw interceptor class limit", is_played=False)]
    """Least range, greatest range, least height, greatest altitude; a greatest range below the least one says that the
    interceptor cannot meet the class."""
    p_kill: Annotated[FloatArray, _chance("draw interceptor class", REQUIRED)]
    price_usd: Annotated[FloatArray, Given("draw interceptor", 0.0)]
    # a class of targets, and what is fired at it
    p_common: Annotated[FloatArray, _chance("draw class", 0.0)]
    """Nothing that one system fires at one wave of the class can work."""
    cause_key: Annotated[KeyArray, Given("system wave", MADE)]
    first_salvo: Annotated[IntArray, Given("class", 1, least=1, row_of="class_rule")]
    """Rounds before the first look."""
    later_salvo: Annotated[IntArray, Given("class", 1, least=1, row_of="class_rule")]
    """Rounds before each later look."""
    max_shots: Annotated[IntArray, Given("class", 0, row_of="class_rule")]
    """Rounds that one unit spends on one target at most; 0: no limit."""
    is_priority: Annotated[FlagArray, Given("class", 0, row_of="class_rule")]
    # a target
    target_class: Annotated[IntArray, Given("target", 0, counts="class", row_of="target_rule")]
    is_friendly: Annotated[FlagArray, Given("target", 0, row_of="target_rule")]
    aim_asset: Annotated[IntArray, Given("target", 0, -1, counts="asset", row_of="target_rule")]
    """-1: it aims at none."""
    aim_unit: Annotated[IntArray, Given("target", -1, -1, counts="unit", row_of="target_rule")]
    """-1: it aims at none."""
    target_wave: Annotated[IntArray, Given("target", MADE, row_of="target_rule")]
    """Targets with one number meet the same common cause."""
    target_key: Annotated[KeyArray, Given("target", MADE)]
    time_s: Annotated[FloatArray, Given("draw|1 target sample")]
    slant_range_m: Annotated[FloatArray, Given("unit target sample")]
    altitude_m: Annotated[FloatArray, Given("target sample", 1000.0, is_played=False)]
    height_m: Annotated[FloatArray, Given("target sample", 1000.0, is_played=False)]
    guide_sight: Annotated[FlagArray, Given("draw|1 unit target sample", 1, is_played=False)]
    guide_sight_turned: Annotated[FlagArray, Given("draw|1 unit target sample", 1, is_played=False)]
    """The same once a radar has turned to the target; read where a radar can turn."""
    # the raid
    weapons_control: Annotated[int, Given("", MADE, row_of="rule")]
    policy: Annotated[int, Given("", MADE, row_of="rule")]
    ranking: Annotated[int, Given("", MADE, row_of="rule")]
    spread_rounds: Annotated[int, Given("", 0, row_of="rule")]
    n_assets: Annotated[int, Given("", MADE, row_of="rule")]
    sufficient_p: Annotated[float, _chance("", 0.0)]


class Looks(NamedTuple):
    """Looks of radars that nothing cues, from which the tracks of a case written by hand follow."""

    p_detect: Annotated[FloatArray, _chance("draw radar target look", 1.0)]
    scan_period_s: Annotated[FloatArray, Given("draw radar target", 1.0)]
    first_scan_s: Annotated[FloatArray, Given("draw radar target", 0.0)]


class Work(NamedTuple):
    """What is declared of a table that the play works out: its axes, and its rows where it has several."""

    axes: str
    rows: str = ""


class Windows(NamedTuple):
    """What a draw's paths, sight and envelopes come to before the raid begins.

    A ``row`` is a unit as the raid goes. Where radars turn, or rounds are fired on a neighbour's track, the kernel
    copies it from one of the rows behind: the units as they first face, and, where a radar can turn, all turned.
    """

    launch_s: Annotated[FloatArray, Work("row target interceptor sample")]
    """Launch that meets the target at the sample."""
    pace_hz: Annotated[FloatArray, Work("row target interceptor")]
    """Samples met by each later second of launch, on average."""
    window: Annotated[FloatArray, Work("row target interceptor window end")]
    """Launch times that lead to an intercept; the last one never opens."""
    span_s: Annotated[FloatArray, Work("row target", "first_opening last_closing")]
    """Of all windows."""


class Scratch(NamedTuple):
    """State of one replication. An engagement is a pair (fire group, target), flat."""

    unit: Annotated[IntArray, Work("unit", "alive is_cut group free_channels free_guidance is_freed window_row")]
    death_s: Annotated[FloatArray, Work("unit")]
    busy: Annotated[KeyArray, Work("unit")]
    """One bit a channel."""
    pair_s: Annotated[
        FloatArray,
        Work("unit target", "seen found cue tracked aware identified_alone identified_at opens closes"),
    ]
    pair: Annotated[IntArray, Work("unit target", "declared spent told_by")]
    target: Annotated[IntArray, Work("target", "is_there shots kill_block")]
    word: Annotated[KeyArray, Work("target")]
    radar_s: Annotated[FloatArray, Work("radar target", "luck searched known")]
    turn_s: Annotated[FloatArray, Work("radar")]
    """When it leaves its first sector."""
    turned_to: Annotated[IntArray, Work("radar")]
    """Target that called it away."""
    facing_rad: Annotated[FloatArray, Work("radar")]
    """Where it then faces, from its first azimuth."""
    live: Annotated[FloatArray, Work("side history")]
    """The chain of one radar's last looks."""
    kill_word: Annotated[KeyArray, Work("target word")]
    common_luck: Annotated[FloatArray, Work("system wave")]
    group: Annotated[IntArray, Work("unit", "is_dirty n_pending lowest fresh_from fresh_to")]
    rank: Annotated[IntArray, Work("unit target", "order place")]
    engagement: Annotated[
        IntArray,
        Work("engagement", "state is_fresh was_turned salvos by_unit by_round by_channel n_fired first_shot"),
    ]
    fired_s: Annotated[FloatArray, Work("engagement")]
    magazine: Annotated[IntArray, Work("unit interceptor", "ready stock")]
    launcher: Annotated[IntArray, Work("launcher", "left coming")]
    tree_s: Annotated[FloatArray, Work("node")]
    """Tournament tree of clocks."""
    tree_i: Annotated[IntArray, Work("node")]
    """Winner."""


def _declared(of: Any) -> dict[str, tuple[Any, Any]]:
    """Element type and declaration of every field of one of the classes above."""
    found = {}
    for name, hint in get_type_hints(of, include_extras=True).items():
        array, said = hint.__origin__, hint.__metadata__[0]
        element = array if isinstance(array, type) and array in (int, float) else array.__args__[1].__args__[0]
        found[name] = np.dtype(element), said
    return found


CASE: dict[str, tuple[np.dtype[Any], Given]] = _declared(CaseArrays)
LOOKS: dict[str, tuple[np.dtype[Any], Given]] = _declared(Looks)
WINDOWS: dict[str, tuple[np.dtype[Any], Work]] = _declared(Windows)
STATES: dict[str, tuple[np.dtype[Any], Work]] = _declared(Scratch)

WORKED_OUT = {"target_rule": ("has_aim", "impact_order", "arrival_order"), "rule": ("turns", "fires_remote")}
"""Rows that follow from the fields of a case: what each target aims at and when it comes, and what the raid asks of the
kernel."""

ROWS: dict[str, tuple[str, ...]] = {}
"""Names of the rows of every table of the kernel that has several."""
for _name, (_, _given) in CASE.items():
    if _given.row_of:
        ROWS[_given.row_of] = (*ROWS.get(_given.row_of, ()), _name)
for _table, _more in WORKED_OUT.items():
    ROWS[_table] += _more
for _name, (_, _work) in (*WINDOWS.items(), *STATES.items()):
    if _work.rows:
        ROWS[_name] = tuple(_work.rows.split())
globals().update({row.upper(): place for rows in ROWS.values() for place, row in enumerate(rows)})

OF_A_DRAW = (
    *dict.fromkeys(given.row_of or name for name, (_, given) in CASE.items() if given.is_played),
    *WINDOWS,
)


class Layout(NamedTuple):
    """Element type of a table of one draw or of the working memory, and its axes; that of the rows comes first."""

    element: np.dtype[Any]
    axes: tuple[str, ...]


def layout(name: str) -> Layout:
    """Layout of a table of one draw, or of the working memory.

    >>> layout("unit_time_s")
    Layout(element=dtype('float64'), axes=('row of unit_time_s', 'unit'))
    """
    worked_out = WINDOWS | STATES
    if name in worked_out:
        element, text = worked_out[name][0], worked_out[name][1].axes
    else:
        fields = [row for row in ROWS.get(name, (name,)) if row in CASE]
        text = CASE[fields[0]][1].axes
        element = CASE[name][0] if name not in ROWS else np.result_type(np.int64, *(CASE[row][0] for row in fields))
    axes = [axis for axis in text.split() if not axis.startswith("draw")]
    return Layout(element, (*([f"row of {name}"] if name in ROWS else []), *axes))


def lengths(sizes: dict[str, int], name: str) -> tuple[int, ...]:
    """Shape of a table for given lengths of its axes; the rows are counted here."""
    return tuple(len(ROWS[name]) if axis == f"row of {name}" else sizes[axis] for axis in layout(name).axes)


DrawTables: Any = namedtuple("DrawTables", OF_A_DRAW)  # type: ignore[misc]  # its fields are declared above
