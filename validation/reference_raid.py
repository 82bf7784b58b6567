"""The raid in plain Python: slow, clear, and equal to the compiled kernel event for event, bit for bit.

Nothing here is clever. At every instant all that happens is processed, then every fire group plans anew over all its
pending targets and all its units. The kernel re-plans only what an event can change; that both give the same list of
events is what `validation/analytic/test_raid_twin.py` asks. Arithmetic on the decision path is + - * / only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf, nan, pi
from typing import Any

from ringtrue.engagement.case import RaidCase
from ringtrue.engagement.philox import draw_keys, philox_words

KILL, COMMON, DETECT, UNIT, PAIR = range(5)
WAITING, PENDING, IN_FLIGHT, ASSESSING, CLOSED = "waiting", "pending", "in flight", "assessing", "closed"
HOSTILE, UNKNOWN, FRIEND = 0, 1, 2

(CONFIRMED, IDENTIFIED, TURNED_AWAY, LAUNCHED, INTERCEPTED, MISSED, WASTED, ASSESSED, LEAKED, PASSED, UNIT_LOST,
 RELOADED, OUT_OF_ACTION, CUT_OFF, TURNED_RADAR) = range(1, 16)  # fmt: skip


@dataclass
class Unit:
    """A fire unit in play."""

    channels: int
    guidance: int
    is_alive: bool = True
    death_s: float = inf
    is_cut: bool = False
    group: int = -1
    busy: set[int] = field(default_factory=set)
    ready: dict[int, int] = field(default_factory=dict)
    stock: dict[int, int] = field(default_factory=dict)

    @property
    def can_fire(self) -> bool:
        """Alive, with a channel and a guidance slot to spare."""
        return self.is_alive and len(self.busy) < self.channels and self.guidance > 0


@dataclass
class Engagement:
    """What one fire group does about one target."""

    group: int
    target: int
    state: str = WAITING
    due_s: float = inf
    salvos: int = 0
    was_turned: bool = False
    is_fresh: bool = False
    unit: int = -1
    interceptor: int = -1
    channel: int = -1
    rounds: int = 0
    first_shot: int = 0
    fired_s: float = 0.0


@dataclass
class LauncherState:
    """A launcher in play."""

    unit: int
    interceptor: int
    full: int
    left: int
    coming: int = 0
    due_s: float = inf


class Raid:
    """One replication of one draw."""

    def __init__(self, case: RaidCase, *, seed: int, draw: int, replication: int) -> None:
        self.case = case
        self.a: Any = case.arrays
        self.d = draw
        self.replication = replication
        self.key = tuple(int(word) for word in draw_keys(seed, draw, 1)[0])
        self.n_units, self.n_targets, self.n_samples = self.a.slant_range_m.shape
        self.n_interceptors = len(case.interceptors)
        self.events: list[tuple[float, ...]] = []
        self.counts = dict.fromkeys(case.count_names(), 0)
        self.first_fire_s = nan
        self.first_fire_range_m = nan
        self.busy_channel_s = [0.0] * self.n_units

    # -- arrays by draw ---------------------------------------------------------------------------------------------

    def shared(self, name: str) -> Any:
        """An array whose draw axis may have length one."""
        array = getattr(self.a, name)
        return array[self.d % array.shape[0]]

    def luck(self, purpose: int, ordinal: int, uid: int, word: int | None = None) -> float:
        """A number in [0, 1): the word ``ordinal % 4`` of block ``ordinal // 4``, or the word named."""
        block = ordinal // 4
        words = philox_words(
            ((purpose << 28) | block, self.replication, int(uid) & 0xFFFFFFFF, int(uid) >> 32), self.key
        )
        return words[ordinal % 4 if word is None else word] * 2.0**-32

    def note(self, time_s: float, code: int, unit: int, target: int, third: int, channel: int, value: float) -> None:
        """Write one line of the trace."""
        self.events.append(
            (float(time_s), float(code), float(unit), float(target), float(third), float(channel), float(value))
        )

    # -- before the raid --------------------------------------------------------------------------------------------

    def muster(self) -> None:
        """Units that work, links that hold, groups, rounds on launchers."""
        a, d = self.a, self.d
        self.units = [Unit(int(a.channels[d, u]), int(a.guidance_limit[d, u])) for u in range(self.n_units)]
        self.row = list(range(self.n_units))
        for u, unit in enumerate(self.units):
            available, cut = float(a.p_available[d, u]), float(a.p_cut_off[d, u])
            if available < 1.0 or cut > 0.0:
                unit.is_alive = self.luck(UNIT, 0, a.unit_key[u], word=0) < available
                unit.is_cut = self.luck(UNIT, 0, a.unit_key[u], word=1) < cut
                if not unit.is_alive:
                    unit.death_s = -inf
                    self.note(0.0, OUT_OF_ACTION, u, -1, -1, -1, 0.0)
                elif unit.is_cut:
                    self.note(0.0, CUT_OFF, u, -1, -1, -1, 0.0)
        self.n_groups = 0
        for u, unit in enumerate(self.units):
            friends = [
                v
                for v in range(u)
                if a.fire_group[v] == a.fire_group[u] and not unit.is_cut and not self.units[v].is_cut
            ]
            if friends:
                unit.group = self.units[friends[0]].group
            else:
                unit.group = self.n_groups
                self.n_groups += 1
            unit.ready = dict.fromkeys(range(self.n_interceptors), 0)
            unit.stock = {i: int(a.reload_stock[u, i]) for i in range(self.n_interceptors)}
        self.launchers = []
        for m in range(len(a.launcher_unit)):
            u, i, full = int(a.launcher_unit[m]), int(a.launcher_round[m]), int(a.launcher_rounds[d, m])
            self.launchers.append(LauncherState(u, i, full, full))
            self.units[u].ready[i] += full

    def confirmed_at_s(self, looks: str, r: int, j: int, luck: float) -> float:
        """When the chance of a track passes a number: the times of equal shares of it, linear in between."""
        p_ever = float(getattr(self.a, f"{looks}_p")[self.d, r, j])
        if not luck < p_ever:
            return inf
        when_s = [float(x) for x in getattr(self.a, f"{looks}_s")[self.d, r, j]]
        n_shares = len(when_s) - 1
        place = luck / p_ever * n_shares
        k = min(int(place), n_shares - 1)
        return when_s[k] + (place - k) * (when_s[k + 1] - when_s[k])

    def chance_by(self, r: int, j: int, now_s: float) -> float:
        """Chance that radar r has confirmed target j, uncued, by a time."""
        p_ever = float(self.a.search_p[self.d, r, j])
        when_s = [float(x) for x in self.a.search_s[self.d, r, j]]
        n_shares = len(when_s) - 1
        if p_ever <= 0.0 or now_s <= when_s[0]:
            return 0.0
        if now_s >= when_s[-1]:
            return p_ever
        k = max(k for k in range(n_shares) if when_s[k] <= now_s)
        return p_ever * (k + (now_s - when_s[k]) / (when_s[k + 1] - when_s[k])) / n_shares

    def is_faced(self, r: int, bearing_rad: float, facing_rad: float) -> bool:
        """Whether a bearing lies in the sector of radar r, both counted from its first azimuth."""
        apart = abs(bearing_rad - facing_rad)
        return min(apart, 2.0 * pi - apart) <= float(self.a.half_sector_rad[self.d, r])

    def bearing_rad(self, r: int, j: int, now_s: float) -> float:
        """Bearing of target j at the last sample of its path that has come, from the first azimuth of radar r."""
        come = [k for k, t in enumerate(self.shared("time_s")[j]) if k == 0 or t <= now_s]
        return float(self.a.off_axis_rad[r, j, come[-1]])

    def p_look(self, r: int, j: int, now_s: float, facing_rad: float) -> float:
        """Chance of one look at a time: linear between the samples of the path, none outside the sector."""
        times_s = [float(x) for x in self.shared("time_s")[j]]
        bearings = [float(x) for x in self.a.off_axis_rad[r, j]]
        p = [
            float(x) if self.is_faced(r, bearing, facing_rad) else 0.0
            for x, bearing in zip(self.a.look_p[self.d, r, j], bearings, strict=True)
        ]
        k = 0
        while k < len(times_s) - 2 and times_s[k + 1] < now_s:
            k += 1
        span_s = times_s[k + 1] - times_s[k]
        if span_s <= 0.0 or now_s < times_s[k]:
            return 0.0
        return p[k] + (now_s - times_s[k]) / span_s * (p[k + 1] - p[k])

    def confirmed_after_s(
        self, r: int, j: int, cue_s: float, luck: float, facing_rad: float = 0.0, look_s: float | None = None
    ) -> float:
        """When looks that begin anew at a cue confirm: a chain over what the last looks found."""
        look_s = float(self.a.look_s[self.d, r]) if look_s is None else look_s
        hits, scans = int(self.a.confirm_hits[r]), int(self.a.confirm_scans[r])
        end_s = float(self.shared("time_s")[j][-1])
        states = 2 ** (scans - 1)
        live = [1.0] + [0.0] * (states - 1)
        so_far = 0.0
        n = 0
        while cue_s + (n + 0.5) * look_s <= end_s:
            p = self.p_look(r, j, cue_s + (n + 0.5) * look_s, facing_rad)
            gained = 0.0
            after = [0.0] * states
            for state in range(states):
                for source in dict.fromkeys((state >> 1, (state >> 1) | (states >> 1))):
                    if states == 1 or state & 1:
                        if source.bit_count() + 1 >= hits:
                            gained += live[source] * p
                        else:
                            after[state] += live[source] * p
            for state in range(0, states, 2):
                before = sum(live[source] for source in dict.fromkeys((state >> 1, (state >> 1) | (states >> 1))))
                after[state] += before * (1.0 - p)
            live = after
            if so_far + gained > luck:
                return cue_s + (n + (luck - so_far) / gained) * look_s
            so_far += gained
            n += 1
        return inf

    def detect(self) -> None:
        """When each radar of a unit that works confirms every target, if nothing cues it."""
        pairs = [(u, j) for u in range(self.n_units) for j in range(self.n_targets)]
        self.seen_s = dict.fromkeys(pairs, inf)
        self.found_s = dict.fromkeys(pairs, inf)
        self.detection_luck: dict[tuple[int, int], float] = {}
        self.searched_s: dict[tuple[int, int], float] = {}
        for r, u in enumerate(int(u) for u in self.a.radar_unit):
            for j in range(self.n_targets):
                luck = self.luck(DETECT, 0, self.a.radar_target_key[r, j], word=0)
                self.detection_luck[r, j] = luck
                at_s = self.confirmed_at_s("search", r, j, luck) if self.units[u].is_alive else inf
                self.searched_s[r, j] = at_s
                self.seen_s[u, j] = min(self.seen_s[u, j], at_s)
                if not self.a.radar_guides[r]:
                    self.found_s[u, j] = min(self.found_s[u, j], at_s)

    def tracked_at_s(self, r: int, j: int, cue_s: float) -> float:
        """When radar r confirms target j, given that something cues it at ``cue_s``."""
        if cue_s >= self.searched_s[r, j] or not self.a.takes_cue[r]:
            return self.searched_s[r, j]
        by_then = self.chance_by(r, j, cue_s)
        luck = self.detection_luck[r, j]
        if by_then >= luck:
            return self.searched_s[r, j]
        left = (luck - by_then) / (1.0 - by_then)
        if cue_s <= float(self.a.cued_from_s[self.d, r, j]):
            return self.confirmed_at_s("cued", r, j, left)
        if float(self.a.cued_p[self.d, r, j]) <= 0.0:
            return inf
        return self.confirmed_after_s(r, j, cue_s, left)

    def declare(self) -> None:
        """What each unit would call each target."""
        self.declared = {}
        for u in range(self.n_units):
            mistakes = self.a.p_friend_as_hostile_alone if self.units[u].is_cut else self.a.p_friend_as_hostile
            p_nothing = float(self.a.p_friend_unknown[self.d, u])
            for j in range(self.n_targets):
                c = int(self.a.target_class[j])
                p_wrong = float(mistakes[self.d, u, c])
                p_passed = float(self.a.p_hostile_as_friend[self.d, u, c])
                luck = self.luck(PAIR, 0, self.a.unit_target_key[u, j], word=0)
                if self.a.is_friendly[j]:
                    word = HOSTILE if luck < p_wrong else UNKNOWN if luck < p_wrong + p_nothing else FRIEND
                else:
                    word = FRIEND if luck < p_passed else HOSTILE
                self.declared[u, j] = word

    def learn(self) -> None:
        """When each unit is cued to, knows of and has identified each target, and what it takes it for."""
        a, d = self.a, self.d
        self.aware_s, self.cue_s, self.identified_s, self.word, own_s = {}, {}, {}, {}, {}
        for u, j in self.seen_s:
            self.cue_s[u, j] = self.found_s[u, j]
            for v in self.linked(u, a.shares_track):
                if self.seen_s[v, j] <= self.units[v].death_s:
                    self.cue_s[u, j] = min(self.cue_s[u, j], self.seen_s[v, j] + float(a.latency_s[d, v, u]))
            self.aware_s[u, j] = min(self.seen_s[u, j], self.cue_s[u, j])
            own_s[u, j] = self.aware_s[u, j] + float(a.identify_s[d, u, a.target_class[j]])
        for u, j in self.seen_s:
            identified_s, who = own_s[u, j], u
            for v in self.linked(u, a.identifies_for):
                told_s = own_s[v, j] + float(a.latency_s[d, v, u])
                if own_s[v, j] <= self.units[v].death_s and told_s < identified_s:
                    identified_s, who = told_s, v
            self.identified_s[u, j] = identified_s
            self.word[u, j] = self.declared[who, j]

    def may_fire(self, u: int, j: int) -> bool:
        """Whether what unit u takes target j for allows it to fire."""
        word = self.word[u, j]
        return bool(
            {
                0: word != FRIEND,
                1: word == HOSTILE,
                2: word != FRIEND and self.a.aim_unit[j] == u,
            }[self.a.weapons_control]
        )

    def closes_s(self, row: int, j: int) -> float:
        """When the last launch window of a row closes."""
        return max((w[1] for i in range(self.n_interceptors) for w in self.windows[row, j, i]), default=-inf)

    def tracked_turned_s(self, r: int, j: int, cue_s: float) -> float:
        """When radar r, which turns, confirms target j: before it turns, or once it faces the new way."""
        before_s = self.tracked_at_s(r, j, cue_s)
        if before_s <= self.turn_s[r]:
            return before_s
        faces_s = self.turn_s[r] + float(self.a.slew_s[self.d, r])
        luck, facing_rad = self.detection_luck[r, j], self.facing_rad[r]
        slow_s = self.confirmed_after_s(r, j, faces_s, luck, facing_rad, float(self.a.search_look_s[self.d, r]))
        if cue_s == inf:
            return slow_s
        return min(slow_s, self.confirmed_after_s(r, j, max(faces_s, cue_s), luck, facing_rad))

    def is_held(self, r: int) -> bool:
        """Whether the unit of radar r gets to fire at anything in the whole raid if the radar stays as it faces."""
        u = int(self.a.radar_unit[r])
        reaction_s = float(self.a.reaction_s[self.d, u])
        for j in range(self.n_targets):
            known_s = max(self.aware_s[u, j], self.identified_s[u, j])
            if known_s < inf and self.may_fire(u, j):
                ready_s = max(known_s, self.tracked_at_s(r, j, self.cue_s[u, j])) + reaction_s
                if ready_s <= self.closes_s(u, j):
                    return True
        return False

    def turn_radars(self) -> None:
        """Each sector radar turns once, to the first cue that calls it away; then all units learn anew."""
        self.turn_s: dict[int, float] = {}
        self.turned_to: dict[int, int] = {}
        self.facing_rad: dict[int, float] = {}
        self.row = list(range(self.n_units))
        while True:
            self.seen_s = dict.fromkeys(self.seen_s, inf)
            for r, u in enumerate(int(u) for u in self.a.radar_unit):
                for j in range(self.n_targets):
                    seen_s = self.searched_s[r, j]
                    if r in self.turn_s and seen_s > self.turn_s[r]:
                        seen_s = self.tracked_turned_s(r, j, inf)
                    self.seen_s[u, j] = min(self.seen_s[u, j], seen_s)
            self.learn()
            calls = []
            for r, u in enumerate(int(u) for u in self.a.radar_unit):
                slew_s = float(self.a.slew_s[self.d, r])
                if slew_s == inf or r in self.turn_s or self.is_held(r):
                    continue
                for j in range(self.n_targets):
                    called_s = max(self.cue_s[u, j], self.identified_s[u, j])
                    if called_s == inf or called_s > self.units[u].death_s or not self.may_fire(u, j):
                        continue
                    bearing_rad = self.bearing_rad(r, j, called_s)
                    can_fire = called_s + slew_s <= self.closes_s(self.n_units + u, j)
                    if can_fire and not self.is_faced(r, bearing_rad, 0.0):
                        calls.append((called_s, r, bearing_rad, j))
            if not calls:
                return
            called_s, r, _, j = min(calls, key=lambda call: (call[0], call[1], call[3]))
            self.turn_s[r], self.facing_rad[r] = called_s, self.bearing_rad(r, j, called_s)
            self.turned_to[r] = j
            self.row[int(self.a.radar_unit[r])] = self.n_units + int(self.a.radar_unit[r])

    def inform(self) -> None:
        """When each unit knows of, has identified and may first fire at each target, as things stand now."""
        a, d = self.a, self.d
        self.base_s, self.remote_s = {}, {}
        self.turn_radars()
        self.track_s = dict.fromkeys(self.seen_s, inf)
        self.known_s: dict[tuple[int, int], float] = {}
        for r, u in enumerate(int(u) for u in a.radar_unit):
            for j in range(self.n_targets):
                self.known_s[r, j] = self.searched_s[r, j]
                if a.radar_guides[r]:
                    tracked_s = self.tracked_turned_s if r in self.turn_s else self.tracked_at_s
                    self.known_s[r, j] = tracked_s(r, j, self.cue_s[u, j])
                    self.track_s[u, j] = min(self.track_s[u, j], self.known_s[r, j])
        for u, j in self.seen_s:
            learnt_s, reaction_s = max(self.identified_s[u, j], self.aware_s[u, j]), float(a.reaction_s[d, u])
            base_s = max(learnt_s, self.track_s[u, j]) if a.needs_own_track[u] else learnt_s
            self.base_s[u, j] = base_s + reaction_s if self.may_fire(u, j) else inf
            told_s = [
                self.track_s[v, j] + float(a.latency_s[d, v, u])
                for v in self.linked(u, a.fires_on_shared_track & a.shares_track)
                if self.units[v].is_alive
            ]
            self.remote_s[u, j] = self.base_s[u, j]
            if self.may_fire(u, j):
                self.remote_s[u, j] = min(self.base_s[u, j], max(learnt_s, min(told_s, default=inf)) + reaction_s)

    def ready_s(self, u: int, j: int, i: int) -> float:
        """When unit u may fire interceptor i at target j: on a neighbour's track if the round needs no sight."""
        return float(self.base_s[u, j] if self.a.needs_sight[i] else self.remote_s[u, j])

    def linked(self, u: int, matrix: Any) -> list[int]:
        """Units that send to unit u."""
        if self.units[u].is_cut:
            return []
        return [v for v in range(self.n_units) if v != u and matrix[v, u] and not self.units[v].is_cut]

    def survey(self) -> None:
        """Launch windows and the table from launch to intercept, for every unit, target and interceptor it carries."""
        self.windows: dict[tuple[int, int, int], list[tuple[float, float]]] = {}
        self.launch_s: dict[tuple[int, int, int], list[float]] = {}
        carried = {(m.unit, m.interceptor) for m in self.launchers if m.full > 0}
        can_turn = any(float(x) < inf for x in self.a.slew_s.ravel())
        for row in range(self.n_units * (2 if can_turn else 1)):
            for j in range(self.n_targets):
                for i in range(self.n_interceptors):
                    self.windows[row, j, i] = []
                    if (row % self.n_units, i) in carried:
                        self.windows[row, j, i], self.launch_s[row, j, i] = self.windows_of(row, j, i)

    def flight_time_s(self, i: int, range_m: float) -> float:
        """Time of flight by linear interpolation between knots."""
        knots = [float(x) for x in self.a.flight_range_m[i]]
        times = [float(x) for x in self.a.flight_s[self.d, i]]
        k = 0
        while k < len(knots) - 2 and range_m > knots[k + 1]:
            k += 1
        return times[k] + (range_m - knots[k]) * (times[k + 1] - times[k]) / (knots[k + 1] - knots[k])

    def windows_of(self, row: int, j: int, i: int) -> tuple[list[tuple[float, float]], list[float]]:
        """Launch windows of one unit, as it first faces or turned, with one interceptor against one target."""
        a = self.a
        time_s = [float(x) for x in self.shared("time_s")[j]]
        range_m = [float(x) for x in a.slant_range_m[row % self.n_units, j]]
        field = "guide_sight" if row < self.n_units else "guide_sight_turned"
        sight = [bool(x) for x in self.shared(field)[row % self.n_units, j]]
        least_m, most_m, least_height_m, most_altitude_m = (float(x) for x in a.envelope[self.d, i, a.target_class[j]])
        limits = (
            (range_m, least_m, most_m),
            ([float(x) for x in a.height_m[j]], least_height_m, inf),
            ([float(x) for x in a.altitude_m[j]], -inf, most_altitude_m),
        )
        raw_s = [t - self.flight_time_s(i, x) for t, x in zip(time_s, range_m, strict=True)]
        launch_s = [max(raw_s[: k + 1]) for k in range(len(raw_s))]
        needs_sight = bool(a.needs_sight[i])
        windows: list[tuple[float, float]] = []
        open_end = False  # the last window may go on in the next segment
        sight_from_s = time_s[0]
        for k in range(len(time_s) - 1):
            if needs_sight and not (k > 0 and sight[k - 1] and sight[k]):
                sight_from_s = time_s[k]
            part = (0.0, 1.0)
            if raw_s[k + 1] <= raw_s[k] or raw_s[k] < launch_s[k]:
                part = (1.0, 0.0)
            if needs_sight and not (sight[k] and sight[k + 1]):
                part = (1.0, 0.0)
            for x, least, most in limits:
                part = clip(part, x[k], x[k + 1], least, most)
            low, high = part
            goes_on = False
            if low < high:
                opens = raw_s[k] + low * (raw_s[k + 1] - raw_s[k])
                closes = raw_s[k] + high * (raw_s[k + 1] - raw_s[k])
                if needs_sight:
                    opens = max(opens, sight_from_s)
                if open_end and low == 0.0:
                    windows[-1] = (windows[-1][0], closes)
                    goes_on = high == 1.0
                elif opens <= closes:
                    windows.append((opens, closes))
                    goes_on = high == 1.0
            open_end = goes_on
        return windows, launch_s

    # -- questions of the planner -----------------------------------------------------------------------------------

    def openings_s(self, e: Engagement) -> list[float]:
        """Times at which some unit of the group can begin to fire at the target."""
        return [
            max(opens, self.ready_s(u, e.target, i))
            for u, unit in enumerate(self.units)
            if unit.group == e.group and unit.is_alive
            for i in range(self.n_interceptors)
            for opens, closes in self.windows[self.row[u], e.target, i]
            if max(opens, self.ready_s(u, e.target, i)) <= closes
        ]

    def meets_s(self, u: int, j: int, i: int, now_s: float) -> float:
        """Time of intercept of a launch now."""
        launch_s = self.launch_s[self.row[u], j, i]
        time_s = self.shared("time_s")[j]
        low = max([k for k in range(len(launch_s) - 1) if launch_s[k] <= now_s], default=0)
        span_s = launch_s[low + 1] - launch_s[low]
        begins_s, ends_s = float(time_s[low]), float(time_s[low + 1])
        if span_s > 0.0:
            return begins_s + (now_s - launch_s[low]) * (ends_s - begins_s) / span_s
        return begins_s

    def usable(self, u: int, i: int, j: int) -> int:
        """Rounds of unit u that policy and doctrine let it spend on target j."""
        c = int(self.a.target_class[j])
        n = self.units[u].ready[i]
        if self.a.policy == 3 and not self.a.is_priority[c]:
            n -= int(self.a.reserve[self.d, u, i])
        return min(n, self.allowed(u, j))

    def allowed(self, u: int, j: int) -> int:
        """Rounds that unit u may still spend on target j."""
        most = int(self.a.max_shots[self.a.target_class[j]])
        return most - self.spent.get((u, j), 0) if most else 1_000_000_000

    def options(self, e: Engagement, now_s: float) -> list[tuple[tuple[float, float, float], int, int]]:
        """All (preference, unit, interceptor) with which the group can fire at the target now."""
        c = int(self.a.target_class[e.target])
        found = []
        for u, unit in enumerate(self.units):
            if unit.group != e.group or not unit.can_fire:
                continue
            for i in range(self.n_interceptors):
                if self.usable(u, i, e.target) < 1 or self.ready_s(u, e.target, i) > now_s:
                    continue
                if not any(opens <= now_s <= closes for opens, closes in self.windows[self.row[u], e.target, i]):
                    continue
                p_kill = float(self.a.p_kill[self.d, i, c])
                first, second = {
                    0: (0.0, 0.0),
                    1: (-p_kill, 0.0),
                    2: (0.0, float(self.a.price_usd[self.d, i])) if p_kill >= self.a.sufficient_p else (1.0, -p_kill),
                    3: (0.0, 0.0),
                }[self.a.policy]
                found.append(((first, second, self.meets_s(u, e.target, i, now_s)), u, i))
        return found

    def rank(self, g: int, j: int) -> tuple[float, ...]:
        """Place of a target in the order of attention of a group."""
        if self.a.ranking == 1:
            leader = min(u for u, unit in enumerate(self.units) if unit.group == g)
            return (self.luck(PAIR, 0, self.a.unit_target_key[leader, j], word=1), j)
        has_aim = self.a.aim_asset[j] >= 0 or self.a.aim_unit[j] >= 0
        return (0.0 if has_aim else 1.0, float(self.shared("time_s")[j][-1]), j)

    # -- the raid ---------------------------------------------------------------------------------------------------

    def play(self) -> Raid:
        """Play to the end."""
        self.muster()
        self.detect()
        self.declare()
        self.survey()
        self.inform()
        self.engagements = [Engagement(g, j) for g in range(self.n_groups) for j in range(self.n_targets)]
        self.order = [sorted(range(self.n_targets), key=lambda j: self.rank(g, j)) for g in range(self.n_groups)]
        self.is_there = [True] * self.n_targets
        self.shots = [0] * self.n_targets
        self.spent: dict[tuple[int, int], int] = {}
        arrivals = sorted((float(self.shared("time_s")[j][-1]), j) for j in range(self.n_targets))
        last_s = -inf
        while True:
            quiet = [e for e in self.engagements if e.state in (WAITING, PENDING)]
            coming = [(t, e) for e in quiet for t in self.openings_s(e) if t > last_s]
            now_s = min(
                [t for t, _ in coming]
                + [e.due_s for e in self.engagements]
                + [m.due_s for m in self.launchers]
                + [t for t, _ in arrivals[:1]],
                default=inf,
            )
            if now_s == inf:
                self.note_learnt()
                return self
            opened = {id(e) for t, e in coming if t <= now_s}
            while self.happen(now_s, opened, arrivals):
                pass
            for g in range(self.n_groups):
                self.plan(g, now_s)
            last_s = now_s

    def note_learnt(self) -> None:
        """Write into the trace what each unit confirmed, identified and turned to while it worked."""
        for r, u in enumerate(int(u) for u in self.a.radar_unit):
            death_s = self.units[u].death_s
            for j in range(self.n_targets):
                if self.known_s[r, j] < inf and self.known_s[r, j] <= death_s:
                    self.note(self.known_s[r, j], CONFIRMED, u, j, r, -1, 0.0)
            if r in self.turn_s and self.turn_s[r] <= death_s:
                self.note(self.turn_s[r], TURNED_RADAR, u, self.turned_to[r], r, -1, float(self.a.slew_s[self.d, r]))
        for u, j in self.seen_s:
            if self.identified_s[u, j] < inf and self.identified_s[u, j] <= self.units[u].death_s:
                self.note(self.identified_s[u, j], IDENTIFIED, u, j, -1, -1, self.word[u, j])

    def happen(self, now_s: float, opened: set[int], arrivals: list[tuple[float, int]]) -> bool:
        """One thing that happens at this instant; False when nothing is left."""
        for e in self.engagements:
            if id(e) in opened and e.state in (WAITING, PENDING):
                opened.discard(id(e))
                e.state, e.is_fresh = PENDING, True
                return True
            if e.due_s <= now_s:
                (self.resolve if e.state == IN_FLIGHT else self.assess)(e, now_s)
                return True
        for launcher in self.launchers:
            if launcher.due_s <= now_s:
                launcher.due_s, launcher.left = inf, launcher.coming
                self.units[launcher.unit].ready[launcher.interceptor] += launcher.coming
                self.note(now_s, RELOADED, launcher.unit, -1, launcher.interceptor, -1, launcher.coming)
                return True
        if arrivals and arrivals[0][0] <= now_s:
            self.arrive(arrivals.pop(0)[1], now_s)
            return True
        return False

    def close(self, j: int) -> None:
        """Nobody begins anything against a target that is gone."""
        for e in self.engagements:
            if e.target == j and e.state in (WAITING, PENDING):
                e.state, e.is_fresh = CLOSED, False

    def resolve(self, e: Engagement, now_s: float) -> None:
        """Interceptors meet the target, or the place where it was."""
        unit, j, i = self.units[e.unit], e.target, e.interceptor
        unit.guidance += e.rounds
        c = int(self.a.target_class[j])
        code = MISSED
        if not self.is_there[j]:
            code = WASTED
            self.counts["wasted_rounds"] += e.rounds
        elif unit.is_alive or not self.a.needs_sight[i]:
            hits = [
                self.luck(KILL, shot, self.a.target_key[j]) < float(self.a.p_kill[self.d, i, c])
                for shot in range(e.first_shot, e.first_shot + e.rounds)
            ]
            if any(hits) and not self.is_spoiled(e.unit, j):
                code = INTERCEPTED
                self.is_there[j] = False
                self.counts["friendly_kills" if self.a.is_friendly[j] else "kills"] += 1
                self.close(j)
        self.note(now_s, code, e.unit, j, i, e.channel, e.rounds)
        e.state, e.due_s = ASSESSING, now_s + float(self.a.assess_s[self.d, e.unit])

    def is_spoiled(self, u: int, j: int) -> bool:
        """Whether a common cause makes all fail that the system of a unit fires at the wave of a target."""
        key = self.a.cause_key[self.a.unit_system[u], self.a.target_wave[j]]
        return self.luck(COMMON, 0, key, word=0) < float(self.a.p_common[self.d, self.a.target_class[j]])

    def assess(self, e: Engagement, now_s: float) -> None:
        """The verdict is in: the channel is free, the target may need another salvo."""
        self.units[e.unit].busy.discard(e.channel)
        self.busy_channel_s[e.unit] += now_s - e.fired_s
        self.note(now_s, ASSESSED, e.unit, e.target, e.interceptor, e.channel, 0.0)
        e.due_s = inf
        may_go_on = any(self.allowed(u, e.target) > 0 for u, unit in enumerate(self.units) if unit.group == e.group)
        if self.is_there[e.target] and may_go_on:
            e.state, e.is_fresh = PENDING, True
        else:
            e.state = CLOSED

    def arrive(self, j: int, now_s: float) -> None:
        """A target reaches the end of its path."""
        if not self.is_there[j]:
            return
        self.is_there[j] = False
        cause = self.leak_cause(j)
        self.close(j)
        asset, u = int(self.a.aim_asset[j]), int(self.a.aim_unit[j])
        if self.a.is_friendly[j] or (asset < 0 and u < 0):
            self.note(now_s, PASSED, -1, j, -1, -1, 0.0)
            return
        self.counts["leakers"] += 1
        self.counts[cause] += 1
        self.counts[f"leakers_by_class/{self.case.classes[self.a.target_class[j]]}"] += 1
        self.note(now_s, LEAKED, u, j, asset, -1, 0.0)
        if asset >= 0:
            self.counts[f"hits_by_asset/{self.case.assets[asset]}"] += 1
        if u >= 0:
            self.counts[f"hits_by_unit/{self.case.units[u]}"] += 1
            if self.units[u].is_alive:
                self.units[u].is_alive, self.units[u].death_s = False, now_s
                self.counts["units_lost"] += 1
                self.note(now_s, UNIT_LOST, u, j, -1, -1, 0.0)
                self.inform()

    def leak_cause(self, j: int) -> str:
        """Say why a target gets through."""
        if self.shots[j]:
            sound = any(n and not self.is_spoiled(u, j) for (u, target), n in self.spent.items() if target == j)
            return "leakers_shot_at_in_vain" if sound else "leakers_by_a_common_cause"
        pending = {e.group for e in self.engagements if e.target == j and e.state == PENDING}
        near = [u for u, unit in enumerate(self.units) if unit.group in pending and unit.is_alive]
        if not near:
            return "leakers_never_in_reach"
        has_round = any(
            self.usable(u, i, j) > 0
            and any(closes >= self.ready_s(u, j, i) for _, closes in self.windows[self.row[u], j, i])
            for u in near
            for i in range(self.n_interceptors)
        )
        return "leakers_without_a_free_channel" if has_round else "leakers_without_a_round_left"

    def plan(self, g: int, now_s: float) -> None:
        """Go through the group's pending targets in order of rank and fire where anyone can."""
        for j in self.order[g]:
            e = self.engagements[g * self.n_targets + j]
            if e.state != PENDING:
                continue
            options = self.options(e, now_s)
            if options:
                _, u, i = min(options)
                self.launch(e, u, i, now_s)
            elif e.is_fresh and not e.was_turned:
                e.was_turned = True
                self.counts["turned_away"] += 1
                self.note(now_s, TURNED_AWAY, -1, j, -1, -1, g)
            e.is_fresh = False

    def launch(self, e: Engagement, u: int, i: int, now_s: float) -> None:
        """Fire a salvo."""
        unit, j = self.units[u], e.target
        c = int(self.a.target_class[j])
        n = int(self.a.first_salvo[c] if e.salvos == 0 else self.a.later_salvo[c])
        if self.a.spread_rounds:
            rounds = sum(sum(x.ready.values()) for x in self.units if x.group == e.group and x.is_alive)
            pending = sum(x.state == PENDING for x in self.engagements if x.group == e.group)
            n = min(n, max(1, -(-rounds // pending)))
        n = min(n, self.usable(u, i, j), unit.guidance)
        self.spent[u, j] = self.spent.get((u, j), 0) + n
        if any(x.target == j and x.state == IN_FLIGHT for x in self.engagements):
            self.counts["double_engagements"] += 1
        if self.a.is_friendly[j]:
            self.counts["friendly_engagements"] += 1
        self.counts[f"rounds_by_type/{self.case.interceptors[i]}"] += n
        self.counts[f"rounds_by_unit/{self.case.units[u]}"] += n
        e.state, e.due_s = IN_FLIGHT, self.meets_s(u, j, i, now_s)
        e.salvos += 1
        e.unit, e.interceptor, e.rounds, e.fired_s = u, i, n, now_s
        e.channel = min(set(range(unit.channels)) - unit.busy)
        e.first_shot = self.shots[j]
        self.shots[j] += n
        unit.busy.add(e.channel)
        unit.guidance -= n
        unit.ready[i] -= n
        if self.first_fire_s != self.first_fire_s:
            self.first_fire_s = now_s
            self.first_fire_range_m = self.range_m(u, j, now_s)
        self.note(now_s, LAUNCHED, u, j, i, e.channel, n)
        self.take_rounds(u, i, n, now_s)

    def take_rounds(self, u: int, i: int, n: int, now_s: float) -> None:
        """Take rounds from the launchers in order; an empty one goes to reload while the stock lasts."""
        if not self.a.reload_stock.any():
            return
        for m, launcher in enumerate(self.launchers):
            if (launcher.unit, launcher.interceptor) != (u, i) or launcher.left == 0 or n == 0:
                continue
            taken = min(n, launcher.left)
            launcher.left -= taken
            n -= taken
            if launcher.left == 0 and self.units[u].stock[i] > 0:
                launcher.coming = min(launcher.full, self.units[u].stock[i])
                self.units[u].stock[i] -= launcher.coming
                launcher.due_s = now_s + float(self.a.launcher_reload_s[self.d, m])

    def range_m(self, u: int, j: int, now_s: float) -> float:
        """Slant range from a unit to a target now."""
        time_s = [float(x) for x in self.shared("time_s")[j]]
        range_m = [float(x) for x in self.a.slant_range_m[u, j]]
        k = 0
        while k < len(time_s) - 2 and time_s[k + 1] < now_s:
            k += 1
        span_s = time_s[k + 1] - time_s[k]
        if span_s <= 0.0 or now_s <= time_s[k]:
            return range_m[k]
        return range_m[k] + (now_s - time_s[k]) * (range_m[k + 1] - range_m[k]) / span_s


def clip(part: tuple[float, float], x0: float, x1: float, least: float, most: float) -> tuple[float, float]:
    """Cut a part of a segment to where the linear x stays between two limits; crossed limits leave nothing."""
    if most < least:
        return 1.0, 0.0
    if x0 == x1:
        return part if least <= x0 <= most else (1.0, 0.0)
    ends = sorted(((least - x0) / (x1 - x0), (most - x0) / (x1 - x0)))
    return max(part[0], ends[0]), min(part[1], ends[1])


def play_reference(case: RaidCase, *, seed: int, draw: int, replication: int) -> Raid:
    """Play one replication of one draw in plain Python."""
    return Raid(case, seed=seed, draw=draw, replication=replication).play()
