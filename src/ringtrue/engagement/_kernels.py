"""The raid, compiled: one chain of kernels from confirmation to leakage.

Only ``+ - * / sqrt`` and comparisons stand on the decision path, so that the bits travel between machines. Axes and
units of every array are told in ``spec``; the model in
``docs/methods/raid.md``.
"""

# ruff: noqa: ANN001, ANN202, I001
# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator, attr-defined"
from __future__ import annotations

import numpy as np

from ringtrue.compiled import njit
from ringtrue.engagement.spec import (
    AIM_ASSET, AIM_UNIT, ALIVE, ARRIVAL_ORDER, ASSESS_S, AWARE, BY_CHANNEL, BY_ROUND, BY_UNIT, CHANNELS, CLOSES,
    COMING, CONFIRM_HITS, CONFIRM_SCANS, CUE, CUED_FROM_S, CUED_P, CUED_S, DECLARED, FIRES_ON_SHARED_TRACK,
    FIRES_REMOTE, FIRE_GROUP, FIRST_OPENING, FIRST_SALVO, FIRST_SHOT, FOUND, FREE_CHANNELS, FREE_GUIDANCE,
    FRESH_FROM, FRESH_TO, GROUP, GUIDANCE_LIMIT, HALF_SECTOR_RAD, HAS_AIM, IDENTIFIED_ALONE, IDENTIFIED_AT,
    IDENTIFIES_FOR, IMPACT_ORDER, IS_CUT, IS_DIRTY, IS_FREED, IS_FRESH, IS_FRIENDLY, IS_PRIORITY, IS_THERE,
    KILL_BLOCK, KNOWN, LAST_CLOSING, LATER_SALVO, LAUNCHER_ROUND, LAUNCHER_ROUNDS, LAUNCHER_UNIT, LEFT, LOWEST,
    LUCK, MAX_SHOTS, NEEDS_OWN_TRACK, N_ASSETS, N_FIRED, N_PENDING, OPENS, ORDER, PLACE, POLICY, P_AVAILABLE,
    P_CUT_OFF, P_FRIEND_AS_HOSTILE, P_FRIEND_AS_HOSTILE_ALONE, P_FRIEND_UNKNOWN, P_HOSTILE_AS_FRIEND, RADAR_GUIDES,
    RADAR_UNIT, RANKING, REACTION_S, READY, RELOAD_STOCK, RESERVE, SALVOS, SEARCHED, SEARCH_LOOK_S, SEARCH_P,
    SEARCH_S, SEEN, SHARES_TRACK, SHOTS, SLEW_S, SPENT, SPREAD_ROUNDS, STATE, STOCK, TAKES_CUE, TARGET_CLASS,
    TARGET_WAVE, TOLD_BY, TRACKED, TURNS, UNIT_SYSTEM, WAS_TURNED, WEAPONS_CONTROL, WINDOW_ROW,
)  # fmt: skip
from ringtrue.sensing._look_kernels import advance, begin

# for quick compilation: no wrapper for Python but for what Python calls, none for C, no fusing of array expressions
INNER = {
    "nogil": True,
    "_nrt": False,
    "error_model": "numpy",
    "no_cfunc_wrapper": True,
    "no_cpython_wrapper": True,
    "no_rewrites": True,
}
OUTER = {**INNER, "no_cpython_wrapper": False}
# passing a tuple of tables costs more than what these do
INLINED = {**INNER, "forceinline": True}

MASK32 = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
MULTIPLIER_0 = np.uint64(0xD2511F53)
MULTIPLIER_1 = np.uint64(0xCD9E8D57)
WEYL_0 = np.uint64(0x9E3779B9)
WEYL_1 = np.uint64(0xBB67AE85)
PURPOSE_SHIFT = np.uint64(28)
TO_UNIT = 2.0**-32
TURN = 2.0 * np.pi

KILL, COMMON, DETECT, UNIT, PAIR = np.uint64(0), np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(4)

FREE, TIGHT = 0, 1  # 2: hold
BY_BEST_KILL, BY_CHEAPEST_SUFFICIENT, BY_RESERVE = 1, 2, 3  # 0: earliest
AT_RANDOM = 1  # 0: by impact
HOSTILE, UNKNOWN, FRIEND = 0, 1, 2

WAITING, PENDING, IN_FLIGHT, ASSESSING, CLOSED = 0, 1, 2, 3, 4

CONFIRMED, IDENTIFIED, TURNED_AWAY, LAUNCHED, INTERCEPTED, MISSED, WASTED = 1, 2, 3, 4, 5, 6, 7
ASSESSED, LEAKED, PASSED, UNIT_LOST, RELOADED, OUT_OF_ACTION, CUT_OFF_LINKS = 8, 9, 10, 11, 12, 13, 14
TURNED_RADAR = 15

N_COUNTS = 13
LEAKERS, KILLS, FRIENDLY_ENGAGEMENTS, FRIENDLY_KILLS = 0, 1, 2, 3
DOUBLE_ENGAGEMENTS, WASTED_ROUNDS, TURNED, UNITS_LOST = 4, 5, 6, 7
NEVER_IN_REACH, SHOT_AT_IN_VAIN, BY_COMMON_CAUSE, NO_FREE_CHANNEL, NO_ROUND_LEFT = 8, 9, 10, 11, 12
FIRST_FIRE_S, FIRST_FIRE_RANGE_M, N_MEASURES = 0, 1, 2


@njit(forceinline=True, **OUTER)
def philox(c0, c1, c2, c3, k0, k1):
    """Philox4x32-10: four 32-bit words (held in uint64) from a counter of four and a key of two."""
    for _ in range(10):
        product_0 = c0 * MULTIPLIER_0
        product_1 = c2 * MULTIPLIER_1
        c0 = (product_1 >> HALF) ^ c1 ^ k0
        c1 = product_1 & MASK32
        c2 = (product_0 >> HALF) ^ c3 ^ k1
        c3 = product_0 & MASK32
        k0 = (k0 + WEYL_0) & MASK32
        k1 = (k1 + WEYL_1) & MASK32
    return c0, c1, c2, c3


@njit(**INNER)
def keyed_words(purpose, block, replication, uid, k0, k1):
    """Four words for (purpose, uid, block of four ordinals) of one replication."""
    return philox(
        (purpose << PURPOSE_SHIFT) | np.uint64(block),
        np.uint64(replication) & MASK32,
        uid & MASK32,
        uid >> HALF,
        k0,
        k1,
    )


@njit(**INNER)
def flight_time_s(range_m, knot_range_m, knot_s):
    """Time of flight by linear interpolation between knots, the last piece carried on beyond them."""
    k = 0
    while k < knot_range_m.shape[0] - 2 and range_m > knot_range_m[k + 1]:
        k += 1
    return knot_s[k] + (range_m - knot_range_m[k]) * (knot_s[k + 1] - knot_s[k]) / (
        knot_range_m[k + 1] - knot_range_m[k]
    )


@njit(**INNER)
def clip(low, high, x0, x1, least, most):
    """Cut the part [low, high] of a segment to where the linear x stays between ``least`` and ``most``."""
    if least <= x0 and x0 <= most and least <= x1 and x1 <= most:
        return low, high
    if x0 == x1:
        return 1.0, 0.0
    a = (least - x0) / (x1 - x0)
    b = (most - x0) / (x1 - x0)
    if a > b:
        a, b = b, a
    return max(low, a), min(high, b)


@njit(**INNER)
def fill_windows(
    time_s, range_m, altitude_m, height_m, sight, needs_sight, envelope, knot_range_m, knot_s, launch_s, window
):
    """Launch times that lead to an intercept inside the envelope, for one (unit, target, interceptor).

    Writes ``launch_s`` (sample,), the launch time that meets the target at each sample, made non-decreasing, and
    ``window`` (window, 2), the intervals of launch times, one after the other and behind them one that never opens.
    Returns their number, or -1 if there are too many.
    """
    n = time_s.shape[0]
    n_windows = 0
    previous = time_s[0] - flight_time_s(range_m[0], knot_range_m, knot_s)
    launch_s[0] = previous
    highest = previous
    sight_from_s = time_s[0]
    is_continued = False
    for k in range(n - 1):
        here = time_s[k + 1] - flight_time_s(range_m[k + 1], knot_range_m, knot_s)
        if needs_sight and not (k > 0 and sight[k - 1] and sight[k]):
            sight_from_s = time_s[k]
        low, high = 0.0, 1.0
        if here <= previous or previous < highest or (needs_sight and not (sight[k] and sight[k + 1])):
            high = -1.0
        else:
            low, high = clip(low, high, range_m[k], range_m[k + 1], envelope[0], envelope[1])
            if low < high:
                low, high = clip(low, high, height_m[k], height_m[k + 1], envelope[2], np.inf)
                low, high = clip(low, high, altitude_m[k], altitude_m[k + 1], -np.inf, envelope[3])
        if low < high:
            opens = previous + low * (here - previous)
            closes = previous + high * (here - previous)
            if needs_sight and opens < sight_from_s:
                opens = sight_from_s
            if is_continued and low == 0.0:
                window[n_windows - 1, 1] = closes
            elif opens <= closes:
                if n_windows == window.shape[0] - 1:
                    return -1
                window[n_windows, 0] = opens
                window[n_windows, 1] = closes
                n_windows += 1
                is_continued = True
            else:
                is_continued = False
            if high < 1.0:
                is_continued = False
        else:
            is_continued = False
        previous = here
        highest = max(highest, here)
        launch_s[k + 1] = highest
    window[n_windows, 0] = np.inf
    window[n_windows, 1] = np.inf
    return n_windows


@njit(**OUTER)
def find_windows(
    time_s,
    slant_range_m,
    altitude_m,
    height_m,
    sight,
    needs_sight,
    envelope,
    target_class,
    knot_range_m,
    knot_s,
    carries,
    launch_s,
    pace_hz,
    window,
    first_s,
    last_s,
):
    """Fill the launch windows of one draw, for every unit, target and interceptor that the unit ``carries``.

    Rows beyond the units repeat them with their radars turned towards the target.

    Returns 0, or 1 if ``window`` has too little room.
    """
    n_rows, n_targets, n_rounds, n_samples = launch_s.shape
    n_units = slant_range_m.shape[0]
    for row in range(n_rows):
        u = row % n_units
        for j in range(n_targets):
            first_s[row, j] = np.inf
            last_s[row, j] = -np.inf
            nearest_m, farthest_m = np.inf, 0.0
            in_sight = False
            for k in range(n_samples):
                nearest_m = min(nearest_m, slant_range_m[u, j, k])
                farthest_m = max(farthest_m, slant_range_m[u, j, k])
                in_sight |= sight[row, j, k] > 0
            for i in range(n_rounds):
                window[row, j, i, 0, 0] = np.inf
                window[row, j, i, 0, 1] = np.inf
                least_m, most_m = envelope[i, target_class[j], 0], envelope[i, target_class[j], 1]
                if not carries[u, i] or (needs_sight[i] and not in_sight):
                    continue
                if most_m < least_m or nearest_m > most_m or farthest_m < least_m:
                    continue
                found = fill_windows(
                    time_s[j],
                    slant_range_m[u, j],
                    altitude_m[j],
                    height_m[j],
                    sight[row, j],
                    needs_sight[i],
                    envelope[i, target_class[j]],
                    knot_range_m[i],
                    knot_s[i],
                    launch_s[row, j, i],
                    window[row, j, i],
                )
                if found < 0:
                    return 1
                for w in range(found):
                    first_s[row, j] = min(first_s[row, j], window[row, j, i, w, 0])
                    last_s[row, j] = max(last_s[row, j], window[row, j, i, w, 1])
                last = n_samples - 1
                while last > 1 and launch_s[row, j, i, last - 1] == launch_s[row, j, i, last]:
                    last -= 1
                rise_s = launch_s[row, j, i, last] - launch_s[row, j, i, 0]
                pace_hz[row, j, i] = last / rise_s if rise_s > 0.0 else 0.0
    return 0


@njit(**INNER)
def intercept_s(now_s, launch_s, pace_hz, time_s):
    """Time of intercept of a launch now, by linear interpolation between the samples (sample,) of the path.

    ``pace_hz`` only says where to begin the search for the last sample whose launch time has come.
    """
    last = launch_s.shape[0] - 2
    low = min(max(int((now_s - launch_s[0]) * pace_hz), 0), last)
    while low > 0 and launch_s[low] > now_s:
        low -= 1
    while low < last and launch_s[low + 1] <= now_s:
        low += 1
    begin_s = launch_s[low]
    span_s = launch_s[low + 1] - begin_s
    meets_s = time_s[low]
    if span_s > 0.0:
        meets_s += (now_s - begin_s) * (time_s[low + 1] - time_s[low]) / span_s
    return meets_s


@njit(**INLINED)
def launch_from_s(window, ready_s):
    """Earliest time from ``ready_s`` on at which a launch leads to an intercept, by windows (window, 2); or inf."""
    w = 0
    while window[w, 1] < max(window[w, 0], ready_s):
        w += 1
    return max(window[w, 0], ready_s)


@njit(**INLINED)
def opening_s(tables, u, j, ready_s, after_s):
    """Earliest launch time of unit u against target j later than ``after_s``: a window opens, or the crew is ready."""
    earliest = np.inf
    for i in range(tables.window.shape[2]):
        w = 0
        while tables.window[u, j, i, w, 0] < np.inf:
            opens = max(tables.window[u, j, i, w, 0], ready_s)
            if opens > after_s and opens <= tables.window[u, j, i, w, 1]:
                earliest = min(earliest, opens)
                break
            w += 1
    return earliest


@njit(**INLINED)
def group_opening_s(tables, state, j, g, after_s):
    """Next time at which any unit of the group can begin to fire at target j."""
    earliest = np.inf
    for u in range(state.unit.shape[1]):
        if after_s <= state.pair_s[CLOSES, u, j] and state.unit[GROUP, u] == g and state.unit[ALIVE, u]:
            earliest = min(earliest, opening_s(tables, u, j, state.pair_s[OPENS, u, j], after_s))
    return earliest


@njit(**INLINED)
def set_clock(tree_s, tree_i, leaves, entity, value_s):
    """Set the clock of one entity in the tournament tree; ties go to the lower entity."""
    node = leaves + entity
    tree_s[node] = value_s
    best_s, best_i = value_s, entity
    while node > 1:
        rival_s, rival_i = tree_s[node ^ 1], tree_i[node ^ 1]
        if rival_s < best_s or (rival_s == best_s and node & 1):
            best_s, best_i = rival_s, rival_i
        node >>= 1
        if tree_s[node] == best_s and tree_i[node] == best_i:
            return
        tree_s[node] = best_s
        tree_i[node] = best_i


@njit("int64(float64[:, ::1], int64, float64, int64, int64, int64, int64, int64, float64)", **INNER)
def note(events, n, time_s, code, unit, target, third, channel, value):
    """Append one row to the trace if there is room; return how many rows there should be by now."""
    if n < events.shape[0]:
        events[n, 0] = time_s
        events[n, 1] = code
        events[n, 2] = unit
        events[n, 3] = target
        events[n, 4] = third
        events[n, 5] = channel
        events[n, 6] = value
    return n + 1


@njit(**INNER)
def muster(tables, state, opening, row, replication, k0, k1, events, n_noted):
    """Units that work, links that hold, fire groups, magazines. Returns the number of groups and of notes.

    Magazines are full, or hold what ``opening`` (replication, unit, interceptor) says: launchers are filled first.
    """
    tracing = events.shape[0] > 0
    unit, rule = state.unit, tables.unit_rule
    n_groups = 0
    for u in range(unit.shape[1]):
        unit[ALIVE, u] = 1
        unit[IS_CUT, u] = 0
        unit[IS_FREED, u] = 0
        state.death_s[u] = np.inf
        if tables.unit_chance[P_AVAILABLE, u] < 1.0 or tables.unit_chance[P_CUT_OFF, u] > 0.0:
            w0, w1, _, _ = keyed_words(UNIT, 0, replication, tables.unit_key[u], k0, k1)
            unit[ALIVE, u] = w0 * TO_UNIT < tables.unit_chance[P_AVAILABLE, u]
            unit[IS_CUT, u] = w1 * TO_UNIT < tables.unit_chance[P_CUT_OFF, u]
            if not unit[ALIVE, u]:
                state.death_s[u] = -np.inf
                if tracing:
                    n_noted = note(events, n_noted, 0.0, OUT_OF_ACTION, u, -1, -1, -1, 0.0)
            elif unit[IS_CUT, u] and tracing:
                n_noted = note(events, n_noted, 0.0, CUT_OFF_LINKS, u, -1, -1, -1, 0.0)
        unit[GROUP, u] = -1
        if not unit[IS_CUT, u]:
            for v in range(u):
                if rule[FIRE_GROUP, v] == rule[FIRE_GROUP, u] and not unit[IS_CUT, v]:
                    unit[GROUP, u] = unit[GROUP, v]
                    break
        if unit[GROUP, u] < 0:
            unit[GROUP, u] = n_groups
            n_groups += 1
        unit[FREE_CHANNELS, u] = rule[CHANNELS, u]
        unit[FREE_GUIDANCE, u] = rule[GUIDANCE_LIMIT, u]
        state.busy[u] = np.uint64(0)
        for i in range(state.magazine.shape[2]):
            state.magazine[READY, u, i] = 0
            state.magazine[STOCK, u, i] = tables.round_rule[RELOAD_STOCK, u, i]
            if opening.shape[0] > 0:
                state.magazine[STOCK, u, i] = opening[row, u, i]
    launcher = tables.launcher_rule
    for m in range(launcher.shape[1]):
        u, i, n = launcher[LAUNCHER_UNIT, m], launcher[LAUNCHER_ROUND, m], launcher[LAUNCHER_ROUNDS, m]
        if opening.shape[0] > 0:
            n = min(n, state.magazine[STOCK, u, i])
            state.magazine[STOCK, u, i] -= n
        state.launcher[LEFT, m] = n
        state.launcher[COMING, m] = 0
        state.magazine[READY, u, i] += n
    return n_groups, n_noted


@njit(**INNER)
def draw_luck(keys, replication, k0, k1, luck):
    """Write one number in [0, 1) for one radar and each target, (target,)."""
    k0 &= MASK32
    k1 &= MASK32
    first = np.uint64(replication) & MASK32
    for j in range(keys.shape[0]):
        w0, _, _, _ = philox((DETECT << PURPOSE_SHIFT) & MASK32, first, keys[j] & MASK32, keys[j] >> HALF, k0, k1)
        luck[j] = w0 * TO_UNIT


@njit(**INLINED)
def confirmed_at_s(when_s, p_ever, luck):
    """Time at which the chance of a track passes ``luck``: when_s (share,) divides ``p_ever`` into equal parts."""
    if not luck < p_ever:
        return np.inf
    last = when_s.shape[0] - 2
    place = luck / p_ever * (last + 1)
    k = min(int(place), last)
    return when_s[k] + (place - k) * (when_s[k + 1] - when_s[k])


@njit(**INLINED)
def chance_by(when_s, p_ever, now_s):
    """Chance of a track by ``now_s``: the inverse of `confirmed_at_s`."""
    last = when_s.shape[0] - 1
    if p_ever <= 0.0 or now_s <= when_s[0]:
        return 0.0
    if now_s >= when_s[last]:
        return p_ever
    low, high = 0, last
    while high - low > 1:
        middle = (low + high) >> 1
        if when_s[middle] <= now_s:
            low = middle
        else:
            high = middle
    return p_ever * (low + (now_s - when_s[low]) / (when_s[high] - when_s[low])) / last


@njit(**INLINED)
def is_faced(off_axis_rad, facing_rad, half_sector_rad):
    """Whether a bearing lies in the sector of a radar, both counted from its first azimuth, within half a turn."""
    apart = abs(off_axis_rad - facing_rad)
    return min(apart, TURN - apart) <= half_sector_rad


@njit(**INNER)
def confirmed_after_s(
    look_p, off_axis_rad, facing_rad, half_sector_rad, time_s, look_s, hits, scans, cue_s, luck, live
):
    """Time at which looks that begin anew at a cue pass ``luck``; looks as in `sensing._look_kernels`.

    What lies farther than ``half_sector_rad`` from where the radar faces is not seen; both from its first azimuth.
    """
    last = time_s.shape[0] - 1
    begin(live, scans)
    so_far = 0.0
    k = 0
    n = 0
    pace_s = time_s[last] - time_s[0]
    if pace_s > 0.0:
        k = min(max(int((cue_s - time_s[0]) / pace_s * last), 0), last - 1)
    while k > 0 and time_s[k] > cue_s:
        k -= 1
    while True:
        middle_s = cue_s + (n + 0.5) * look_s
        if middle_s > time_s[last]:
            return np.inf
        while k < last - 1 and time_s[k + 1] < middle_s:
            k += 1
        p = 0.0
        span_s = time_s[k + 1] - time_s[k]
        if span_s > 0.0 and middle_s >= time_s[k]:
            near = far = 0.0
            if is_faced(off_axis_rad[k], facing_rad, half_sector_rad):
                near = np.float64(look_p[k])
            if is_faced(off_axis_rad[k + 1], facing_rad, half_sector_rad):
                far = np.float64(look_p[k + 1])
            p = near + (middle_s - time_s[k]) / span_s * (far - near)
        gained = advance(live, p, hits, scans)
        if so_far + gained > luck:
            return cue_s + (n + (luck - so_far) / gained) * look_s
        so_far += gained
        n += 1


@njit(**INNER)
def detect(tables, state, replication, k0, k1):
    """When each radar of a unit that works confirms every target, if nothing cues it."""
    n_targets = tables.target_key.shape[0]
    seen_s, found_s = state.pair_s[SEEN], state.pair_s[FOUND]
    luck, searched_s = state.radar_s[LUCK], state.radar_s[SEARCHED]
    for u in range(seen_s.shape[0]):
        for j in range(n_targets):
            seen_s[u, j] = np.inf
            found_s[u, j] = np.inf
    for r in range(tables.radar_rule.shape[1]):
        u = tables.radar_rule[RADAR_UNIT, r]
        if not state.unit[ALIVE, u]:
            for j in range(n_targets):
                searched_s[r, j] = np.inf
            continue
        draw_luck(tables.radar_target_key[r], replication, k0, k1, luck[r])
        for j in range(n_targets):
            at_s = confirmed_at_s(tables.track_s[SEARCH_S, r, j], tables.track[SEARCH_P, r, j], luck[r, j])
            searched_s[r, j] = at_s
            seen_s[u, j] = min(seen_s[u, j], at_s)
        if not tables.radar_rule[RADAR_GUIDES, r]:
            for j in range(n_targets):
                found_s[u, j] = min(found_s[u, j], searched_s[r, j])


@njit(**INLINED)
def tracked_at_s(tables, state, r, j, cue_s):
    """When radar r confirms target j, cued at ``cue_s``: by its own search until then, then at its own rate."""
    searched_s = state.radar_s[SEARCHED, r, j]
    if cue_s >= searched_s or not tables.radar_rule[TAKES_CUE, r]:
        return searched_s
    by_then = chance_by(tables.track_s[SEARCH_S, r, j], tables.track[SEARCH_P, r, j], cue_s)
    luck = state.radar_s[LUCK, r, j]
    if by_then >= luck:
        return searched_s
    left = (luck - by_then) / (1.0 - by_then)
    if cue_s <= tables.track[CUED_FROM_S, r, j]:
        return confirmed_at_s(tables.track_s[CUED_S, r, j], tables.track[CUED_P, r, j], left)
    if tables.track[CUED_P, r, j] <= 0.0:
        return np.inf
    return looks_from_s(tables, state, r, j, 0.0, tables.look_s[r], cue_s, left)


@njit(**INNER)
def looks_from_s(tables, state, r, j, facing_rad, look_s, from_s, luck):
    """When looks of radar r at target j that begin at ``from_s`` pass ``luck``."""
    return confirmed_after_s(
        tables.look_p[r, j],
        tables.off_axis_rad[r, j],
        facing_rad,
        tables.turn[HALF_SECTOR_RAD, r],
        tables.time_s[j],
        look_s,
        tables.radar_rule[CONFIRM_HITS, r],
        tables.radar_rule[CONFIRM_SCANS, r],
        from_s,
        luck,
        state.live,
    )


@njit(**INNER)
def tracked_turned_s(tables, state, r, j, cue_s):
    """When radar r, which turns at ``turn_s``, confirms target j: before it turns, or once it faces the new way.

    There it looks as slowly as it searches, and at its own rate from the cue on, if one comes.
    """
    before_s = tracked_at_s(tables, state, r, j, cue_s)
    if before_s <= state.turn_s[r]:
        return before_s
    facing_rad, luck = state.facing_rad[r], state.radar_s[LUCK, r, j]
    faces_s = state.turn_s[r] + tables.turn[SLEW_S, r]
    known_s = looks_from_s(tables, state, r, j, facing_rad, tables.turn[SEARCH_LOOK_S, r], faces_s, luck)
    if cue_s < np.inf:
        quick_s = looks_from_s(tables, state, r, j, facing_rad, tables.look_s[r], max(faces_s, cue_s), luck)
        known_s = min(known_s, quick_s)
    return known_s


@njit(**INNER)
def declare(tables, state, errs, replication, k0, k1):
    """Write what each unit would call each target; ``errs``: any unit may be wrong."""
    declared, friendly = state.pair[DECLARED], tables.target_rule[IS_FRIENDLY]
    for u in range(declared.shape[0]):
        for j in range(declared.shape[1]):
            declared[u, j] = FRIEND if friendly[j] else HOSTILE
        if not errs:
            continue
        mistaken = tables.mistake[P_FRIEND_AS_HOSTILE_ALONE if state.unit[IS_CUT, u] else P_FRIEND_AS_HOSTILE, u]
        for j in range(declared.shape[1]):
            w0, _, _, _ = keyed_words(PAIR, 0, replication, tables.unit_target_key[u, j], k0, k1)
            luck = w0 * TO_UNIT
            c = tables.target_rule[TARGET_CLASS, j]
            if friendly[j]:
                if luck < mistaken[c]:
                    declared[u, j] = HOSTILE
                elif luck < mistaken[c] + tables.unit_chance[P_FRIEND_UNKNOWN, u]:
                    declared[u, j] = UNKNOWN
            elif luck < tables.mistake[P_HOSTILE_AS_FRIEND, u, c]:
                declared[u, j] = FRIEND


@njit(**INNER)
def hear(heard_s, told_s, until_s, latency_s):
    """Bring forward what one unit learns from another (target,); the teller falls silent at ``until_s``."""
    for j in range(heard_s.shape[0]):
        arrives_s = told_s[j] + latency_s if told_s[j] <= until_s else np.inf
        heard_s[j] = min(heard_s[j], arrives_s)


@njit(**INLINED)
def learn(tables, state):
    """Write when each unit is cued to, knows of and has identified each target, from what all units see."""
    seen_s, aware_s, cue_s = state.pair_s[SEEN], state.pair_s[AWARE], state.pair_s[CUE]
    alone_s, identified_s = state.pair_s[IDENTIFIED_ALONE], state.pair_s[IDENTIFIED_AT]
    told_by = state.pair[TOLD_BY]
    is_cut, link = state.unit[IS_CUT], tables.link_rule
    n_units, n_targets = seen_s.shape
    for u in range(n_units):
        for j in range(n_targets):
            cue_s[u, j] = state.pair_s[FOUND, u, j]
        for v in range(n_units):
            if v != u and link[SHARES_TRACK, v, u] and not is_cut[u] and not is_cut[v]:
                hear(cue_s[u], seen_s[v], state.death_s[v], tables.latency_s[v, u])
        for j in range(n_targets):
            aware_s[u, j] = min(seen_s[u, j], cue_s[u, j])
        for j in range(n_targets):
            alone_s[u, j] = aware_s[u, j] + tables.identify_s[u, tables.target_rule[TARGET_CLASS, j]]
    for u in range(n_units):
        for j in range(n_targets):
            identified_s[u, j] = alone_s[u, j]
            told_by[u, j] = u
        for v in range(n_units):
            if v != u and link[IDENTIFIES_FOR, v, u] and not is_cut[u] and not is_cut[v]:
                for j in range(n_targets):
                    told_s = alone_s[v, j] + tables.latency_s[v, u]
                    if alone_s[v, j] <= state.death_s[v] and told_s < identified_s[u, j]:
                        identified_s[u, j] = told_s
                        told_by[u, j] = v


@njit(**INLINED)
def may_fire(tables, state, u, j):
    """Whether what unit u takes target j for allows it to fire."""
    word = state.pair[DECLARED, state.pair[TOLD_BY, u, j], j]
    if tables.rule[WEAPONS_CONTROL] == FREE:
        return word != FRIEND
    if tables.rule[WEAPONS_CONTROL] == TIGHT:
        return word == HOSTILE
    return word != FRIEND and tables.target_rule[AIM_UNIT, j] == u


@njit(**INNER)
def bearing_at(now_s, time_s, off_axis_rad):
    """Bearing at the last sample (sample,) of a path that has come by now, from the first azimuth of the radar."""
    k = 0
    while k < time_s.shape[0] - 1 and time_s[k + 1] <= now_s:
        k += 1
    return off_axis_rad[k]


@njit(**INNER)
def is_held(tables, state, r):
    """Whether the unit of radar r gets to fire at anything in the whole raid if the radar stays as it faces."""
    u = tables.radar_rule[RADAR_UNIT, r]
    as_first = state.unit.shape[1] + u
    for j in range(tables.target_key.shape[0]):
        known_s = max(state.pair_s[AWARE, u, j], state.pair_s[IDENTIFIED_AT, u, j])
        if known_s > tables.span_s[LAST_CLOSING, as_first, j] or not may_fire(tables, state, u, j):
            continue
        ready_s = max(known_s, tracked_at_s(tables, state, r, j, state.pair_s[CUE, u, j]))
        if ready_s + tables.unit_time_s[REACTION_S, u] <= tables.span_s[LAST_CLOSING, as_first, j]:
            return True
    return False


@njit(**INNER)
def turn_radars(tables, state):
    """Turn each sector radar once, to the first cue that calls it away, the earliest of all first; learn anew.

    A cue calls if its target is identified, may be fired at, lies outside the sector, can be fired at once the radar
    has turned, and the unit gets to fire at nothing as the radar first faces.
    """
    n_radars, n_units, n_targets = tables.radar_rule.shape[1], state.unit.shape[1], tables.target_key.shape[0]
    state.turn_s[:] = np.inf
    for u in range(n_units):
        state.unit[WINDOW_ROW, u] = n_units + u
    while True:
        for u in range(n_units):
            for j in range(n_targets):
                state.pair_s[SEEN, u, j] = np.inf
        for r in range(n_radars):
            u = tables.radar_rule[RADAR_UNIT, r]
            for j in range(n_targets):
                seen_s = state.radar_s[SEARCHED, r, j]
                if seen_s > state.turn_s[r]:
                    seen_s = tracked_turned_s(tables, state, r, j, np.inf)
                state.pair_s[SEEN, u, j] = min(state.pair_s[SEEN, u, j], seen_s)
        learn(tables, state)
        first_s, first_r, first_j = np.inf, -1, -1
        for r in range(n_radars):
            if tables.turn[SLEW_S, r] == np.inf or state.turn_s[r] < np.inf or is_held(tables, state, r):
                continue
            u = tables.radar_rule[RADAR_UNIT, r]
            for j in range(n_targets):
                called_s = max(state.pair_s[CUE, u, j], state.pair_s[IDENTIFIED_AT, u, j])
                if called_s >= first_s or called_s > state.death_s[u] or not may_fire(tables, state, u, j):
                    continue
                if called_s + tables.turn[SLEW_S, r] > tables.span_s[LAST_CLOSING, 2 * n_units + u, j]:
                    continue
                bearing_rad = bearing_at(called_s, tables.time_s[j], tables.off_axis_rad[r, j])
                if is_faced(bearing_rad, 0.0, tables.turn[HALF_SECTOR_RAD, r]):
                    continue
                first_s, first_r, first_j = called_s, r, j
        if first_r < 0:
            return
        state.turn_s[first_r] = first_s
        state.turned_to[first_r] = first_j
        state.facing_rad[first_r] = bearing_at(first_s, tables.time_s[first_j], tables.off_axis_rad[first_r, first_j])
        u = tables.radar_rule[RADAR_UNIT, first_r]
        state.unit[WINDOW_ROW, u] = 2 * n_units + u


@njit(**INNER)
def told_track_s(tables, state, u, j):
    """When unit u may guide on the track that a living neighbour's engagement radar has of target j."""
    told_s = np.inf
    for v in range(state.unit.shape[1]):
        is_told = tables.link_rule[SHARES_TRACK, v, u] and tables.link_rule[FIRES_ON_SHARED_TRACK, v, u]
        if v == u or not is_told or not state.unit[ALIVE, v]:
            continue
        if not state.unit[IS_CUT, u] and not state.unit[IS_CUT, v]:
            told_s = min(told_s, state.pair_s[TRACKED, v, j] + tables.latency_s[v, u])
    return told_s


@njit(**INNER)
def follow_turned(tables, state, r):
    """Write when radar r, which turns, confirms each target."""
    u = tables.radar_rule[RADAR_UNIT, r]
    for j in range(tables.target_key.shape[0]):
        known_s = tracked_turned_s(tables, state, r, j, state.pair_s[CUE, u, j])
        state.radar_s[KNOWN, r, j] = known_s
        state.pair_s[TRACKED, u, j] = min(state.pair_s[TRACKED, u, j], known_s)


@njit(**INLINED)
def ready_s(tables, state, u, j, tracked_s):
    """When unit u may launch at target j, all but its crew's right to fire: learnt of, tracked, and reacted to."""
    known_s = max(state.pair_s[IDENTIFIED_AT, u, j], state.pair_s[AWARE, u, j], tracked_s)
    return known_s + tables.unit_time_s[REACTION_S, u]


@njit(**INLINED)
def open_fire(tables, state, u, j, ready_s):
    """Write from when to when unit u may launch at target j, ready at ``ready_s``: within its windows, or never."""
    opens_s, closes_s = tables.span_s[FIRST_OPENING, u, j], tables.span_s[LAST_CLOSING, u, j]
    state.pair_s[OPENS, u, j] = max(ready_s, opens_s) if ready_s <= closes_s else np.inf
    state.pair_s[CLOSES, u, j] = closes_s


@njit(**INNER)
def copy_windows(tables, u, row):
    """Give unit u the launch windows of another row."""
    _, n_targets, n_rounds, n_samples = tables.launch_s.shape
    for j in range(n_targets):
        for field in range(FIRST_OPENING, LAST_CLOSING + 1):
            tables.span_s[field, u, j] = tables.span_s[field, row, j]
        for i in range(n_rounds):
            tables.pace_hz[u, j, i] = tables.pace_hz[row, j, i]
            for w in range(tables.window.shape[3]):
                for end in range(2):
                    tables.window[u, j, i, w, end] = tables.window[row, j, i, w, end]
                if tables.window[row, j, i, w, 0] == np.inf:
                    break
            if tables.window[row, j, i, 0, 0] < np.inf:
                for k in range(n_samples):
                    tables.launch_s[u, j, i, k] = tables.launch_s[row, j, i, k]


@njit(**INNER)
def await_own_track(tables, u, j, own_s):
    """Open no window of a round that needs sight before the unit is ready by a track of its own."""
    for i in range(tables.needs_sight.shape[0]):
        if tables.needs_sight[i]:
            w = 0
            while tables.window[u, j, i, w, 0] < np.inf:
                tables.window[u, j, i, w, 0] = max(tables.window[u, j, i, w, 0], own_s)
                w += 1


@njit(**INLINED)
def follow(tables, state, r):
    """Write when radar r, which stays as it faces, confirms each target; one that guides nothing has only searched."""
    u = tables.radar_rule[RADAR_UNIT, r]
    if not tables.radar_rule[RADAR_GUIDES, r]:
        for j in range(tables.target_key.shape[0]):
            state.radar_s[KNOWN, r, j] = state.radar_s[SEARCHED, r, j]
        return
    for j in range(tables.target_key.shape[0]):
        known_s = tracked_at_s(tables, state, r, j, state.pair_s[CUE, u, j])
        state.radar_s[KNOWN, r, j] = known_s
        state.pair_s[TRACKED, u, j] = min(state.pair_s[TRACKED, u, j], known_s)


@njit(**INNER)
def inform(tables, state):
    """Write when each unit knows of, has identified, and may first launch at each target, as things stand now."""
    if tables.rule[TURNS] or tables.rule[FIRES_REMOTE]:
        inform_joined(tables, state)
        return
    learn(tables, state)
    state.pair_s[TRACKED, :, :] = np.inf
    for r in range(state.radar_s.shape[1]):
        follow(tables, state, r)
    n_units, n_targets = state.pair_s[OPENS].shape
    for u in range(n_units):
        needs_own_track = tables.unit_rule[NEEDS_OWN_TRACK, u]
        for j in range(n_targets):
            own_s = np.inf
            if may_fire(tables, state, u, j):
                own_s = ready_s(tables, state, u, j, state.pair_s[TRACKED, u, j] if needs_own_track else 0.0)
            open_fire(tables, state, u, j, own_s)


@njit(**INNER)
def inform_joined(tables, state):
    """`inform` where radars may turn to a cue, or rounds are fired on a neighbour's track."""
    if tables.rule[TURNS]:
        turn_radars(tables, state)
    else:
        for u in range(state.unit.shape[1]):
            state.unit[WINDOW_ROW, u] = state.unit.shape[1] + u
        learn(tables, state)
    state.pair_s[TRACKED, :, :] = np.inf
    for r in range(state.radar_s.shape[1]):
        if tables.radar_rule[RADAR_GUIDES, r] and state.turn_s[r] < np.inf:
            follow_turned(tables, state, r)
        else:
            follow(tables, state, r)
    n_units, n_targets = state.pair_s[OPENS].shape
    for u in range(n_units):
        copy_windows(tables, u, state.unit[WINDOW_ROW, u])
        needs_own_track = tables.unit_rule[NEEDS_OWN_TRACK, u]
        for j in range(n_targets):
            own_s = any_s = np.inf
            if may_fire(tables, state, u, j):
                own_s = ready_s(tables, state, u, j, state.pair_s[TRACKED, u, j] if needs_own_track else 0.0)
                any_s = own_s
                if tables.rule[FIRES_REMOTE]:
                    any_s = min(own_s, ready_s(tables, state, u, j, told_track_s(tables, state, u, j)))
                    await_own_track(tables, u, j, own_s)
            open_fire(tables, state, u, j, any_s)


@njit(**INNER)
def line_up(tables, state, n_groups, has_stock, replication, k0, k1):
    """Order of attention of each group, every engagement waiting, the first clocks. Returns the leaves of the tree."""
    n_targets = tables.target_key.shape[0]
    n_rounds = tables.needs_sight.shape[0]
    order, place = state.rank[ORDER], state.rank[PLACE]
    group, engagement = state.group, state.engagement
    tree_s, tree_i = state.tree_s, state.tree_i
    for g in range(n_groups):
        if tables.rule[RANKING] == AT_RANDOM:
            leader = 0
            while state.unit[GROUP, leader] != g:
                leader += 1
            luck = state.word
            for j in range(n_targets):
                _, luck[j], _, _ = keyed_words(PAIR, 0, replication, tables.unit_target_key[leader, j], k0, k1)
                k = j
                while k > 0 and luck[j] < luck[order[g, k - 1]]:
                    order[g, k] = order[g, k - 1]
                    k -= 1
                order[g, k] = j
        else:
            for k in range(n_targets):
                order[g, k] = tables.target_rule[IMPACT_ORDER, k]
        for k in range(n_targets):
            place[g, order[g, k]] = k
        group[IS_DIRTY, g] = 0
        group[N_PENDING, g] = 0
        group[LOWEST, g] = n_targets
        group[FRESH_FROM, g] = n_targets
        group[FRESH_TO, g] = -1
    for j in range(n_targets):
        state.target[IS_THERE, j] = 1
        state.target[SHOTS, j] = 0
        state.target[KILL_BLOCK, j] = -1
    for u in range(state.unit.shape[1]):
        for j in range(n_targets):
            state.pair[SPENT, u, j] = 0
    n_engagements = n_groups * n_targets
    n_entities = n_engagements + (tables.launcher_rule.shape[1] if has_stock else 0)
    leaves = 1
    while leaves < n_entities:
        leaves *= 2
    for e in range(leaves):
        tree_s[leaves + e] = np.inf
        tree_i[leaves + e] = e
    for e in range(n_engagements):
        engagement[STATE, e] = WAITING
        engagement[IS_FRESH, e] = 0
        engagement[WAS_TURNED, e] = 0
        engagement[SALVOS, e] = 0
    for u in range(state.unit.shape[1]):
        if not state.unit[ALIVE, u]:
            continue
        leaf = leaves + state.unit[GROUP, u] * n_targets
        for j in range(n_targets):
            ready_s = state.pair_s[OPENS, u, j]
            if ready_s == np.inf:
                continue
            for i in range(n_rounds):
                tree_s[leaf + j] = min(tree_s[leaf + j], launch_from_s(tables.window[u, j, i], ready_s))
    for node in range(leaves - 1, 0, -1):
        winner = 2 * node if tree_s[2 * node] <= tree_s[2 * node + 1] else 2 * node + 1
        tree_s[node] = tree_s[winner]
        tree_i[node] = tree_i[winner]
    return leaves


@njit(**INNER)
def range_at_m(now_s, time_s, range_m):
    """Slant range at a time, by linear interpolation between the samples (sample,)."""
    k = 0
    while k < time_s.shape[0] - 2 and time_s[k + 1] < now_s:
        k += 1
    span_s = time_s[k + 1] - time_s[k]
    if span_s <= 0.0 or now_s <= time_s[k]:
        return range_m[k]
    return range_m[k] + (now_s - time_s[k]) * (range_m[k + 1] - range_m[k]) / span_s


@njit(**INLINED)
def best_option(tables, state, g, j, only_freed, now_s):
    """Unit, interceptor and time of intercept that the policy prefers now; unit -1 if nobody can fire."""
    unit, policy = state.unit, tables.rule[POLICY]
    c = tables.target_rule[TARGET_CLASS, j]
    most = tables.class_rule[MAX_SHOTS, c]
    keeps_reserve = policy == BY_RESERVE and not tables.class_rule[IS_PRIORITY, c]
    best_u, best_i = -1, -1
    best_1 = best_2 = best_s = np.inf
    for u in range(unit.shape[1]):
        if unit[GROUP, u] != g or not unit[ALIVE, u] or unit[FREE_CHANNELS, u] < 1 or unit[FREE_GUIDANCE, u] < 1:
            continue
        if only_freed and not unit[IS_FREED, u]:
            continue
        if state.pair_s[OPENS, u, j] > now_s or now_s > state.pair_s[CLOSES, u, j]:
            continue
        if most > 0 and state.pair[SPENT, u, j] >= most:
            continue
        for i in range(tables.needs_sight.shape[0]):
            ready = state.magazine[READY, u, i]
            if keeps_reserve:
                ready -= tables.round_rule[RESERVE, u, i]
            if ready < 1 or launch_from_s(tables.window[u, j, i], now_s) > now_s:
                continue
            meets_s = intercept_s(now_s, tables.launch_s[u, j, i], tables.pace_hz[u, j, i], tables.time_s[j])
            first = second = 0.0
            if policy == BY_BEST_KILL:
                first = -tables.p_kill[i, c]
            elif policy == BY_CHEAPEST_SUFFICIENT:
                if tables.p_kill[i, c] >= tables.sufficient_p:
                    second = tables.price_usd[i]
                else:
                    first = 1.0
                    second = -tables.p_kill[i, c]
            if first < best_1 or (first == best_1 and (second < best_2 or (second == best_2 and meets_s < best_s))):
                best_u, best_i, best_1, best_2, best_s = u, i, first, second, meets_s
    return best_u, best_i, best_s


@njit(**INLINED)
def has_capacity(unit, g):
    """Whether a unit of the group that something was freed for can fire."""
    for u in range(unit.shape[1]):
        if (
            unit[IS_FREED, u]
            and unit[GROUP, u] == g
            and unit[ALIVE, u]
            and min(unit[FREE_CHANNELS, u], unit[FREE_GUIDANCE, u]) > 0
        ):
            return True
    return False


@njit(**INLINED)
def close(state, leaves, n_groups, j):
    """Nobody begins anything against a target that is gone."""
    engagement, n_targets = state.engagement, state.target.shape[1]
    for g in range(n_groups):
        e = g * n_targets + j
        if engagement[STATE, e] <= PENDING:
            if engagement[STATE, e] == PENDING:
                state.group[N_PENDING, g] -= 1
                engagement[IS_FRESH, e] = 0
            engagement[STATE, e] = CLOSED
            set_clock(state.tree_s, state.tree_i, leaves, e, np.inf)


@njit(**INNER)
def draw_common_causes(tables, state, replication, k0, k1):
    """Write the luck that each system has against each wave as a whole."""
    for s in range(state.common_luck.shape[0]):
        for w in range(state.common_luck.shape[1]):
            w0, _, _, _ = keyed_words(COMMON, 0, replication, tables.cause_key[s, w], k0, k1)
            state.common_luck[s, w] = w0 * TO_UNIT


@njit(**INLINED)
def is_spoiled(tables, state, u, j):
    """Whether a common cause makes all fail that the system of a unit fires at the wave of a target."""
    luck = state.common_luck[tables.unit_rule[UNIT_SYSTEM, u], tables.target_rule[TARGET_WAVE, j]]
    return luck < tables.p_common[tables.target_rule[TARGET_CLASS, j]]


@njit(**INNER)
def leak_cause(tables, state, n_groups, j):
    """Why a target gets through: never in reach, shot at in vain, no channel free for it, or no round left for it.

    Shot at in vain by a common cause if it held for every round, else by the luck of single shots.
    "In reach" asks for a unit that still lives; "no channel" for one that could have fired and has a round left.
    """
    n_targets = state.target.shape[1]
    if state.target[SHOTS, j] > 0:
        for u in range(state.unit.shape[1]):
            if state.pair[SPENT, u, j] > 0 and not is_spoiled(tables, state, u, j):
                return SHOT_AT_IN_VAIN
        return BY_COMMON_CAUSE
    cause = NEVER_IN_REACH
    keeps_reserve = (
        tables.rule[POLICY] == BY_RESERVE and not tables.class_rule[IS_PRIORITY, tables.target_rule[TARGET_CLASS, j]]
    )
    for u in range(state.unit.shape[1]):
        g = state.unit[GROUP, u]
        if state.engagement[STATE, g * n_targets + j] != PENDING or not state.unit[ALIVE, u]:
            continue
        if cause == NEVER_IN_REACH:
            cause = NO_ROUND_LEFT
        for i in range(tables.window.shape[2]):
            ready = state.magazine[READY, u, i]
            if keeps_reserve:
                ready -= tables.round_rule[RESERVE, u, i]
            if ready > 0 and launch_from_s(tables.window[u, j, i], state.pair_s[OPENS, u, j]) < np.inf:
                cause = NO_FREE_CHANNEL
    return cause


@njit(**INLINED)
def await_fire(state, e, g, k):
    """Put an engagement whose target ranks at place k before the planner of its group."""
    group = state.group
    state.engagement[STATE, e] = PENDING
    state.engagement[IS_FRESH, e] = 1
    group[LOWEST, g] = min(group[LOWEST, g], k)
    group[FRESH_FROM, g] = min(group[FRESH_FROM, g], k)
    group[FRESH_TO, g] = max(group[FRESH_TO, g], k)
    group[IS_DIRTY, g] = 1


@njit(**INNER)
def lose_unit(tables, state, leaves, n_groups, u, now_s):
    """A unit falls silent: what the others know, and when they can begin to fire, changes."""
    state.unit[ALIVE, u] = 0
    state.death_s[u] = now_s
    inform(tables, state)
    n_targets = state.target.shape[1]
    for e in range(n_groups * n_targets):
        if state.engagement[STATE, e] <= PENDING and not state.engagement[IS_FRESH, e]:
            g = e // n_targets
            opens = group_opening_s(tables, state, e - g * n_targets, g, now_s)
            set_clock(state.tree_s, state.tree_i, leaves, e, opens)


@njit(**INLINED)
def is_killed(tables, state, e, u, j, i, has_common, replication, k0, k1):
    """Whether any round of a salvo kills, each with its own luck, none where a common cause holds."""
    c = tables.target_rule[TARGET_CLASS, j]
    if has_common and is_spoiled(tables, state, u, j):
        return False
    killed = False
    first = state.engagement[FIRST_SHOT, e]
    for shot in range(first, first + state.engagement[N_FIRED, e]):
        if state.target[KILL_BLOCK, j] != shot >> 2:
            state.target[KILL_BLOCK, j] = shot >> 2
            w0, w1, w2, w3 = keyed_words(KILL, shot >> 2, replication, tables.target_key[j], k0, k1)
            state.kill_word[j, 0] = w0
            state.kill_word[j, 1] = w1
            state.kill_word[j, 2] = w2
            state.kill_word[j, 3] = w3
        if state.kill_word[j, shot & 3] * TO_UNIT < tables.p_kill[i, c]:
            killed = True
    return killed


@njit(**INNER)
def take_rounds(tables, state, leaves, n_engagements, u, i, n, now_s):
    """Take rounds from the launchers in order; an empty one goes to reload while the stock lasts."""
    rule, launcher = tables.launcher_rule, state.launcher
    for m in range(rule.shape[1]):
        if n == 0:
            break
        if rule[LAUNCHER_UNIT, m] == u and rule[LAUNCHER_ROUND, m] == i and launcher[LEFT, m] > 0:
            taken = min(n, launcher[LEFT, m])
            launcher[LEFT, m] -= taken
            n -= taken
            if launcher[LEFT, m] == 0 and state.magazine[STOCK, u, i] > 0:
                launcher[COMING, m] = min(rule[LAUNCHER_ROUNDS, m], state.magazine[STOCK, u, i])
                state.magazine[STOCK, u, i] -= launcher[COMING, m]
                back_s = now_s + tables.launcher_reload_s[m]
                set_clock(state.tree_s, state.tree_i, leaves, n_engagements + m, back_s)


@njit(**INLINED)
def salvo_rounds(tables, state, g, e, j, u, i):
    """Rounds of the next salvo: the doctrine's, cut to what is shared out, on launchers, guided and allowed."""
    c, unit, magazine = tables.target_rule[TARGET_CLASS, j], state.unit, state.magazine
    n = tables.class_rule[FIRST_SALVO if state.engagement[SALVOS, e] == 0 else LATER_SALVO, c]
    if tables.rule[SPREAD_ROUNDS]:
        total = 0
        for v in range(unit.shape[1]):
            if unit[GROUP, v] == g and unit[ALIVE, v]:
                for other in range(magazine.shape[2]):
                    total += magazine[READY, v, other]
        n_pending = state.group[N_PENDING, g]
        n = min(n, max(1, (total + n_pending - 1) // n_pending))
    ready = magazine[READY, u, i]
    if tables.rule[POLICY] == BY_RESERVE and not tables.class_rule[IS_PRIORITY, c]:
        ready -= tables.round_rule[RESERVE, u, i]
    n = min(n, min(ready, unit[FREE_GUIDANCE, u]))
    if tables.class_rule[MAX_SHOTS, c] > 0:
        n = min(n, tables.class_rule[MAX_SHOTS, c] - state.pair[SPENT, u, j])
    return n


@njit(**INNER)
def note_learnt(tables, state, events, n_noted):
    """Note what each unit confirmed, identified and turned to while it worked, as the raid left it; return the rows."""
    n_targets = tables.target_key.shape[0]
    for r in range(tables.radar_rule.shape[1]):
        u = tables.radar_rule[RADAR_UNIT, r]
        for j in range(n_targets):
            known_s = state.radar_s[KNOWN, r, j]
            if known_s < np.inf and known_s <= state.death_s[u]:
                n_noted = note(events, n_noted, known_s, CONFIRMED, u, j, r, -1, 0.0)
        turn_s = state.turn_s[r]
        if turn_s < np.inf and turn_s <= state.death_s[u]:
            n_noted = note(events, n_noted, turn_s, TURNED_RADAR, u, state.turned_to[r], r, -1, tables.turn[SLEW_S, r])
    for u in range(state.unit.shape[1]):
        for j in range(n_targets):
            identified_s = state.pair_s[IDENTIFIED_AT, u, j]
            if identified_s < np.inf and identified_s <= state.death_s[u]:
                word = float(state.pair[DECLARED, state.pair[TOLD_BY, u, j], j])
                n_noted = note(events, n_noted, identified_s, IDENTIFIED, u, j, -1, -1, word)
    return n_noted


@njit(**INLINED)
def bring_back(tables, state, leaves, n_engagements, e, now_s, events, n_noted):
    """A launcher is full again: its rounds can be fired, and who waited for one is looked at anew."""
    m = e - n_engagements
    u, i = tables.launcher_rule[LAUNCHER_UNIT, m], tables.launcher_rule[LAUNCHER_ROUND, m]
    set_clock(state.tree_s, state.tree_i, leaves, e, np.inf)
    n = state.launcher[COMING, m]
    state.launcher[LEFT, m] = n
    state.launcher[COMING, m] = 0
    state.magazine[READY, u, i] += n
    state.unit[IS_FREED, u] = 1
    state.group[IS_DIRTY, state.unit[GROUP, u]] = 1
    if events.shape[0] > 0:
        n_noted = note(events, n_noted, now_s, RELOADED, u, -1, i, -1, float(n))
    return n_noted


@njit(**INLINED)
def meet(tables, state, leaves, n_groups, e, has_common, replication, k0, k1, now_s, count, events, n_noted):
    """A salvo arrives: it kills, misses, or finds nothing left to hit.

    The guidance it held is free from here on, the fire channel only with the verdict: nobody knows before. Rounds that
    need sight are lost with the unit that guides them.
    """
    n_targets = state.target.shape[1]
    j = e % n_targets
    u, i, n_fired = state.engagement[BY_UNIT, e], state.engagement[BY_ROUND, e], state.engagement[N_FIRED, e]
    state.unit[FREE_GUIDANCE, u] += n_fired
    code = MISSED
    if not state.target[IS_THERE, j]:
        code = WASTED
        count[WASTED_ROUNDS] += n_fired
    elif (state.unit[ALIVE, u] or not tables.needs_sight[i]) and is_killed(
        tables, state, e, u, j, i, has_common, replication, k0, k1
    ):
        code = INTERCEPTED
        state.target[IS_THERE, j] = 0
        count[FRIENDLY_KILLS if tables.target_rule[IS_FRIENDLY, j] else KILLS] += 1
        close(state, leaves, n_groups, j)
    if events.shape[0] > 0:
        channel = state.engagement[BY_CHANNEL, e]
        n_noted = note(events, n_noted, now_s, code, u, j, i, channel, float(n_fired))
    state.engagement[STATE, e] = ASSESSING
    set_clock(state.tree_s, state.tree_i, leaves, e, now_s + tables.unit_time_s[ASSESS_S, u])
    return n_noted


@njit(**INLINED)
def judge(tables, state, leaves, e, now_s, measure, events, n_noted):
    """The verdict on a salvo is in: its channel is free, and a target that lives is engaged again if anybody may."""
    n_targets = state.target.shape[1]
    g = e // n_targets
    j = e - g * n_targets
    unit, engagement = state.unit, state.engagement
    u, channel = engagement[BY_UNIT, e], engagement[BY_CHANNEL, e]
    unit[FREE_CHANNELS, u] += 1
    state.busy[u] &= ~(np.uint64(1) << np.uint64(channel))
    measure[N_MEASURES + u] += now_s - state.fired_s[e]
    if events.shape[0] > 0:
        n_noted = note(events, n_noted, now_s, ASSESSED, u, j, engagement[BY_ROUND, e], channel, 0.0)
    set_clock(state.tree_s, state.tree_i, leaves, e, np.inf)
    engagement[STATE, e] = CLOSED
    if state.target[IS_THERE, j]:
        most = tables.class_rule[MAX_SHOTS, tables.target_rule[TARGET_CLASS, j]]
        goes_on = most == 0
        for v in range(unit.shape[1]):
            if unit[GROUP, v] == g and state.pair[SPENT, v, j] < most:
                goes_on = True
        if goes_on:
            state.group[N_PENDING, g] += 1
            await_fire(state, e, g, state.rank[PLACE, g, j])
    return n_noted


@njit(**INLINED)
def arrive(tables, state, leaves, n_groups, j, now_s, count, leaks, events, n_noted):
    """A target that is still there ends its path: it leaks if it aims at something, and a unit that it hits is lost."""
    tracing = events.shape[0] > 0
    target_rule = tables.target_rule
    state.target[IS_THERE, j] = 0
    cause = leak_cause(tables, state, n_groups, j)
    close(state, leaves, n_groups, j)
    if target_rule[IS_FRIENDLY, j] or not target_rule[HAS_AIM, j]:
        if tracing:
            n_noted = note(events, n_noted, now_s, PASSED, -1, j, -1, -1, 0.0)
        return n_noted
    at_class = N_COUNTS
    at_asset = at_class + tables.p_kill.shape[1]
    at_unit_hit = at_asset + tables.rule[N_ASSETS] + tables.needs_sight.shape[0]
    u, asset = target_rule[AIM_UNIT, j], target_rule[AIM_ASSET, j]
    count[LEAKERS] += 1
    count[cause] += 1
    count[at_class + target_rule[TARGET_CLASS, j]] += 1
    leaks[j] += 1
    if tracing:
        n_noted = note(events, n_noted, now_s, LEAKED, u, j, asset, -1, 0.0)
    if asset >= 0:
        count[at_asset + asset] += 1
    if u >= 0:
        count[at_unit_hit + u] += 1
        if state.unit[ALIVE, u]:
            count[UNITS_LOST] += 1
            if tracing:
                n_noted = note(events, n_noted, now_s, UNIT_LOST, u, j, -1, -1, 0.0)
            lose_unit(tables, state, leaves, n_groups, u, now_s)
    return n_noted


@njit(**INLINED)
def turn_away(tables, state, leaves, e, g, j, now_s, count, events, n_noted):
    """Nobody of the group can fire at a target that has just come up: it waits for the next time at which one could."""
    if not state.engagement[WAS_TURNED, e]:
        state.engagement[WAS_TURNED, e] = 1
        count[TURNED] += 1
        if events.shape[0] > 0:
            n_noted = note(events, n_noted, now_s, TURNED_AWAY, -1, j, -1, -1, float(g))
    opens = group_opening_s(tables, state, j, g, now_s)
    set_clock(state.tree_s, state.tree_i, leaves, e, opens)
    return n_noted


@njit(**INLINED)
def launch(tables, state, leaves, n_groups, has_stock, e, g, u, i, meets_s, now_s, count, measure, events, n_noted):
    """Unit u fires the next salvo of interceptor i: rounds, guidance and the lowest free channel are taken."""
    unit, engagement, n_targets = state.unit, state.engagement, state.target.shape[1]
    j = e - g * n_targets
    n = salvo_rounds(tables, state, g, e, j, u, i)
    state.pair[SPENT, u, j] += n
    state.magazine[READY, u, i] -= n
    unit[FREE_CHANNELS, u] -= 1
    unit[FREE_GUIDANCE, u] -= n
    channel = 0
    while (state.busy[u] >> np.uint64(channel)) & np.uint64(1):
        channel += 1
    state.busy[u] |= np.uint64(1) << np.uint64(channel)
    for h in range(n_groups):
        if h != g and engagement[STATE, h * n_targets + j] == IN_FLIGHT:
            count[DOUBLE_ENGAGEMENTS] += 1
            break
    if tables.target_rule[IS_FRIENDLY, j]:
        count[FRIENDLY_ENGAGEMENTS] += 1
    at_round = N_COUNTS + tables.p_kill.shape[1] + tables.rule[N_ASSETS]
    at_unit_shots = at_round + tables.needs_sight.shape[0] + unit.shape[1]
    count[at_round + i] += n
    count[at_unit_shots + u] += n
    state.group[N_PENDING, g] -= 1
    engagement[STATE, e] = IN_FLIGHT
    engagement[SALVOS, e] += 1
    engagement[BY_UNIT, e] = u
    engagement[BY_ROUND, e] = i
    engagement[BY_CHANNEL, e] = channel
    engagement[N_FIRED, e] = n
    engagement[FIRST_SHOT, e] = state.target[SHOTS, j]
    state.target[SHOTS, j] += n
    state.fired_s[e] = now_s
    set_clock(state.tree_s, state.tree_i, leaves, e, meets_s)
    if measure[FIRST_FIRE_S] != measure[FIRST_FIRE_S]:
        measure[FIRST_FIRE_S] = now_s
        measure[FIRST_FIRE_RANGE_M] = range_at_m(now_s, tables.time_s[j], tables.slant_range_m[u, j])
    if events.shape[0] > 0:
        n_noted = note(events, n_noted, now_s, LAUNCHED, u, j, i, channel, float(n))
    if has_stock:
        take_rounds(tables, state, leaves, n_groups * n_targets, u, i, n, now_s)
    return n_noted


@njit(**INLINED)
def plan(tables, state, leaves, n_groups, has_stock, g, any_freed, now_s, count, measure, events, n_noted):
    """A group fires at what it can, in order of rank.

    If nothing was freed since it last planned, only targets that came up since can have become feasible, and only they
    are looked at; if something was, all that wait, until the freed units have no capacity left.
    """
    group, engagement, n_targets = state.group, state.engagement, state.target.shape[1]
    group[IS_DIRTY, g] = 0
    if group[N_PENDING, g] == 0:
        group[LOWEST, g] = n_targets
        group[FRESH_FROM, g] = n_targets
        group[FRESH_TO, g] = -1
        return n_noted
    capacity = any_freed and has_capacity(state.unit, g)
    sees_all = capacity
    fresh_last = group[FRESH_TO, g]
    k, last = group[FRESH_FROM, g], fresh_last
    if capacity:
        k, last = group[LOWEST, g], n_targets - 1
    group[FRESH_FROM, g] = n_targets
    group[FRESH_TO, g] = -1
    to_see = group[N_PENDING, g]
    still = n_targets
    while k <= last and to_see > 0:
        j = state.rank[ORDER, g, k]
        e = g * n_targets + j
        k += 1
        if engagement[STATE, e] != PENDING:
            continue
        to_see -= 1
        fresh = engagement[IS_FRESH, e]
        if not (capacity or fresh):
            still = min(still, k - 1)
            continue
        engagement[IS_FRESH, e] = 0
        u, i, meets_s = best_option(tables, state, g, j, not fresh, now_s)
        if u < 0:
            still = min(still, k - 1)
            if fresh:
                n_noted = turn_away(tables, state, leaves, e, g, j, now_s, count, events, n_noted)
            continue
        n_noted = launch(
            tables, state, leaves, n_groups, has_stock, e, g, u, i, meets_s, now_s, count, measure, events, n_noted
        )
        if capacity and k > fresh_last:
            capacity = has_capacity(state.unit, g)
            if not capacity:
                break
    if sees_all and to_see == 0:
        group[LOWEST, g] = still
    return n_noted


@njit(**INLINED)
def next_arrival_s(tables, n_arrived):
    """When the next target in order of arrival ends its path; inf if none is left."""
    if n_arrived >= tables.target_key.shape[0]:
        return np.inf
    return tables.time_s[tables.target_rule[ARRIVAL_ORDER, n_arrived], tables.time_s.shape[1] - 1]


@njit(**INNER)
def what_can_happen(tables):
    """Whether anybody may be wrong about an identity, whether a common cause exists, and whether any round is in stock.

    Most raids have none of one of them: luck for it is then not drawn, which changes no other number.
    """
    errs = has_common = has_stock = False
    for u in range(tables.unit_chance.shape[1]):
        errs |= tables.unit_chance[P_FRIEND_UNKNOWN, u] > 0.0
        for field in range(tables.mistake.shape[0]):
            for c in range(tables.mistake.shape[2]):
                errs |= tables.mistake[field, u, c] > 0.0
        for i in range(tables.needs_sight.shape[0]):
            has_stock |= tables.round_rule[RELOAD_STOCK, u, i] > 0
    for c in range(tables.p_common.shape[0]):
        has_common |= tables.p_common[c] > 0.0
    return errs, has_common, has_stock


@njit(**INNER)
def count_left(tables, state, left):
    """Write the rounds that each unit has left (unit, interceptor): on launchers, in stock, and on the way to one."""
    for u in range(left.shape[0]):
        for i in range(left.shape[1]):
            left[u, i] = state.magazine[READY, u, i] + state.magazine[STOCK, u, i]
    launcher = tables.launcher_rule
    for m in range(launcher.shape[1]):
        left[launcher[LAUNCHER_UNIT, m], launcher[LAUNCHER_ROUND, m]] += state.launcher[COMING, m]


@njit(**OUTER)
def play_block(tables, state, key, first_replication, opening, counts, measures, leaks, closing, events, n_events):
    """Play replications of one draw: rows of ``counts`` (replication, count) and ``measures`` (replication, measure).

    Magazines open as ``opening`` (replication, unit, interceptor) says, full where it has no row, and close as is
    written into ``closing``, of the same axes.

    ``leaks`` (target,) is raised by one for each replication in which the target leaks; ``events`` (row, 7) receives
    the trace of the last replication if it has rows. ``tables`` comes from ``prepared``; ``state`` is overwritten.
    """
    n_targets = tables.target_key.shape[0]
    k0, k1 = np.uint64(key[0]), np.uint64(key[1])
    unit, target, engagement, group, tree_s = state.unit, state.target, state.engagement, state.group, state.tree_s
    errs, has_common, has_stock = what_can_happen(tables)
    has_stock |= opening.shape[0] > 0
    for row in range(counts.shape[0]):
        replication = first_replication + row
        count, measure = counts[row], measures[row]
        count[:] = 0
        measure[:] = 0.0
        measure[FIRST_FIRE_S] = np.nan
        measure[FIRST_FIRE_RANGE_M] = np.nan

        n_groups, n_noted = muster(tables, state, opening, row, replication, k0, k1, events, 0)
        detect(tables, state, replication, k0, k1)
        if has_common:
            draw_common_causes(tables, state, replication, k0, k1)
        if errs or row == 0:
            declare(tables, state, errs, replication, k0, k1)
        inform(tables, state)
        leaves = line_up(tables, state, n_groups, has_stock, replication, k0, k1)
        n_engagements = n_groups * n_targets

        n_arrived = 0
        while True:
            while n_arrived < n_targets and not target[IS_THERE, tables.target_rule[ARRIVAL_ORDER, n_arrived]]:
                n_arrived += 1
            now_s = min(tree_s[1], next_arrival_s(tables, n_arrived))
            if now_s == np.inf:
                break
            # all that happens at this instant, before anybody plans: who plans knows of all of it
            any_freed = False
            while True:
                if tree_s[1] <= now_s:
                    e = state.tree_i[1]
                    if e >= n_engagements:
                        any_freed = True
                        n_noted = bring_back(tables, state, leaves, n_engagements, e, now_s, events, n_noted)
                        continue
                    g = e // n_targets
                    if engagement[STATE, e] <= PENDING:
                        if engagement[STATE, e] == WAITING:
                            group[N_PENDING, g] += 1
                        await_fire(state, e, g, state.rank[PLACE, g, e - g * n_targets])
                        set_clock(tree_s, state.tree_i, leaves, e, np.inf)
                        continue
                    any_freed = True
                    unit[IS_FREED, engagement[BY_UNIT, e]] = 1
                    group[IS_DIRTY, g] = 1
                    if engagement[STATE, e] == IN_FLIGHT:
                        n_noted = meet(
                            tables, state, leaves, n_groups, e, has_common, replication, k0, k1, now_s, count, events,
                            n_noted,
                        )  # fmt: skip
                    else:
                        n_noted = judge(tables, state, leaves, e, now_s, measure, events, n_noted)
                elif next_arrival_s(tables, n_arrived) <= now_s:
                    j = tables.target_rule[ARRIVAL_ORDER, n_arrived]
                    n_arrived += 1
                    if target[IS_THERE, j]:
                        n_noted = arrive(tables, state, leaves, n_groups, j, now_s, count, leaks, events, n_noted)
                else:
                    break
            for g in range(n_groups):
                if group[IS_DIRTY, g]:
                    n_noted = plan(
                        tables, state, leaves, n_groups, has_stock, g, any_freed, now_s, count, measure, events, n_noted
                    )
            if any_freed:
                for u in range(unit.shape[1]):
                    unit[IS_FREED, u] = 0
        count_left(tables, state, closing[row])
        if events.shape[0] > 0:
            n_noted = note_learnt(tables, state, events, n_noted)
        n_events[0] = n_noted
