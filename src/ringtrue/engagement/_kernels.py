"""The raid, compiled: one chain of kernels from confirmation to leakage.

Only ``+ - * / sqrt`` and comparisons stand on the decision path, so that the bits travel between machines. Axes and
units of every array are told in ``case.CaseArrays``; the model in ``docs/methods/raid.md``.
"""

# ruff: noqa: ANN001, ANN202
# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator"
from __future__ import annotations

import numpy as np
from numba import njit

FLAGS = {"cache": True, "nogil": True, "_nrt": False}

MASK32 = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
MULTIPLIER_0 = np.uint64(0xD2511F53)
MULTIPLIER_1 = np.uint64(0xCD9E8D57)
WEYL_0 = np.uint64(0x9E3779B9)
WEYL_1 = np.uint64(0xBB67AE85)
PURPOSE_SHIFT = np.uint64(28)
TO_UNIT = 2.0**-32

KILL, COMMON, DETECT, UNIT, PAIR = np.uint64(0), np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(4)

FREE, TIGHT, HOLD = 0, 1, 2
EARLIEST, BEST_KILL, CHEAPEST_SUFFICIENT, RESERVE = 0, 1, 2, 3
BY_IMPACT, AT_RANDOM = 0, 1
HOSTILE, UNKNOWN, FRIEND = 0, 1, 2

WAITING, PENDING, IN_FLIGHT, ASSESSING, CLOSED = 0, 1, 2, 3, 4

CONFIRMED, IDENTIFIED, TURNED_AWAY, LAUNCHED, INTERCEPTED, MISSED, WASTED = 1, 2, 3, 4, 5, 6, 7
ASSESSED, LEAKED, PASSED, UNIT_LOST, RELOADED, OUT_OF_ACTION, CUT_OFF = 8, 9, 10, 11, 12, 13, 14

N_COUNTS = 8
LEAKERS, KILLS, FRIENDLY_ENGAGEMENTS, FRIENDLY_KILLS = 0, 1, 2, 3
DOUBLE_ENGAGEMENTS, WASTED_ROUNDS, TURNED, UNITS_LOST = 4, 5, 6, 7
FIRST_FIRE_S, FIRST_FIRE_RANGE_M, N_MEASURES = 0, 1, 2


@njit(**FLAGS)
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


@njit(**FLAGS)
def keyed_words(purpose, block, replication, uid, k0, k1):
    """Four words for (purpose, uid, block of four ordinals) of one replication."""
    return philox(
        (purpose << PURPOSE_SHIFT) | np.uint64(block), np.uint64(replication), uid & MASK32, uid >> HALF, k0, k1
    )


@njit(**FLAGS)
def confirmation_s(p_detect, r, j, first, last, start_s, period_s, hits, scans, replication, uid, k0, k1):
    """Time of the scan that completes ``hits`` detections among the last ``scans`` scans; infinity if none does."""
    history = 0
    kept = (1 << scans) - 1
    block = -1
    w0 = w1 = w2 = w3 = np.uint64(0)
    for scan in range(first, last + 1):
        p = p_detect[r, j, scan]
        if p >= 1.0:
            hit = 1
        elif p <= 0.0:
            hit = 0
        else:
            if scan >> 2 != block:
                block = scan >> 2
                w0, w1, w2, w3 = keyed_words(DETECT, block, replication, uid, k0, k1)
            place = scan & 3
            word = w0 if place == 0 else (w1 if place == 1 else (w2 if place == 2 else w3))
            hit = 1 if word * TO_UNIT < p else 0
        history = ((history << 1) | hit) & kept
        if hit:
            count = 0
            bits = history
            while bits:
                bits &= bits - 1
                count += 1
            if count >= hits:
                return start_s + scan * period_s
    return np.inf


@njit(**FLAGS)
def flight_time_s(range_m, knot_range_m, knot_s):
    """Time of flight by linear interpolation between knots, the last piece carried on beyond them."""
    k = 0
    while k < knot_range_m.shape[0] - 2 and range_m > knot_range_m[k + 1]:
        k += 1
    return knot_s[k] + (range_m - knot_range_m[k]) * (knot_s[k + 1] - knot_s[k]) / (
        knot_range_m[k + 1] - knot_range_m[k]
    )


@njit(**FLAGS)
def _clip(low, high, x0, x1, least, most):
    """Cut the part [low, high] of a segment to where the linear x stays between ``least`` and ``most``."""
    if x0 == x1:
        if x0 < least or x0 > most:
            return 1.0, 0.0
        return low, high
    a = (least - x0) / (x1 - x0)
    b = (most - x0) / (x1 - x0)
    if a > b:
        a, b = b, a
    return max(low, a), min(high, b)


@njit(**FLAGS)
def fill_windows(
    time_s, range_m, altitude_m, height_m, sight, needs_sight, envelope, knot_range_m, knot_s, launch_s, window
):
    """Launch times that lead to an intercept inside the envelope, for one (unit, target, interceptor).

    Writes ``launch_s`` (sample,), the launch time that meets the target at each sample, made non-decreasing, and
    ``window`` (window, 2), the intervals of launch times. Returns their number, or -1 if there are too many.
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
            low, high = _clip(low, high, range_m[k], range_m[k + 1], envelope[0], envelope[1])
            low, high = _clip(low, high, height_m[k], height_m[k + 1], envelope[2], np.inf)
            low, high = _clip(low, high, altitude_m[k], altitude_m[k + 1], -np.inf, envelope[3])
        if low < high:
            opens = previous + low * (here - previous)
            closes = previous + high * (here - previous)
            if needs_sight and opens < sight_from_s:
                opens = sight_from_s
            if is_continued and low == 0.0:
                window[n_windows - 1, 1] = closes
            elif opens <= closes:
                if n_windows == window.shape[0]:
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
    return n_windows


@njit(**FLAGS)
def intercept_s(now_s, launch_s, time_s, u, j, i):
    """Time of intercept of a launch, by linear interpolation between the samples of the path."""
    low = 0
    high = time_s.shape[1] - 1
    while high - low > 1:
        middle = (low + high) >> 1
        if launch_s[u, j, i, middle] <= now_s:
            low = middle
        else:
            high = middle
    begin_s = launch_s[u, j, i, low]
    span_s = launch_s[u, j, i, low + 1] - begin_s
    meets_s = time_s[j, low]
    if span_s > 0.0:
        meets_s += (now_s - begin_s) * (time_s[j, low + 1] - time_s[j, low]) / span_s
    return meets_s


@njit(**FLAGS)
def next_opening_s(n_windows, window, u, j, i, base_s, after_s):
    """Earliest launch time later than ``after_s`` at which a window opens or ``base_s`` is reached inside one."""
    found = np.inf
    for w in range(n_windows[u, j, i]):
        opens = max(window[u, j, i, w, 0], base_s)
        if opens > after_s and opens <= window[u, j, i, w, 1]:
            found = opens
            break
    return found


@njit(**FLAGS)
def is_open(n_windows, window, u, j, i, now_s):
    """Whether a launch now leads to an intercept."""
    found = False
    for w in range(n_windows[u, j, i]):
        if window[u, j, i, w, 0] <= now_s and now_s <= window[u, j, i, w, 1]:
            found = True
    return found


@njit(**FLAGS)
def set_clock(tree_s, tree_i, leaves, entity, value_s):
    """Set the clock of one entity in the tournament tree; ties go to the lower entity."""
    node = leaves + entity
    tree_s[node] = value_s
    node >>= 1
    while node:
        left = 2 * node
        winner = left if tree_s[left] <= tree_s[left + 1] else left + 1
        tree_s[node] = tree_s[winner]
        tree_i[node] = tree_i[winner]
        node >>= 1


@njit(**FLAGS)
def awareness(
    seen_s,
    track_s,
    death_s,
    is_cut,
    declared,
    shares_track,
    identifies_for,
    latency_s,
    identify_s,
    reaction_s,
    needs_own_track,
    weapons_control,
    aim_unit,
    aware_s,
    own_s,
    identified_s,
    base_s,
):
    """Write when each unit knows of, has identified, and may first launch at each target, (unit, target) arrays."""
    n_units, n_targets = seen_s.shape
    for u in range(n_units):
        for j in range(n_targets):
            aware_s[u, j] = seen_s[u, j]
        if is_cut[u]:
            continue
        for v in range(n_units):
            if v != u and shares_track[v, u] and not is_cut[v]:
                for j in range(n_targets):
                    if seen_s[v, j] <= death_s[v]:
                        aware_s[u, j] = min(aware_s[u, j], seen_s[v, j] + latency_s[v, u])
    for u in range(n_units):
        for j in range(n_targets):
            own_s[u, j] = aware_s[u, j] + identify_s[u]
    for u in range(n_units):
        for j in range(n_targets):
            identified = own_s[u, j]
            who = u
            if not is_cut[u]:
                for v in range(n_units):
                    if v != u and identifies_for[v, u] and not is_cut[v] and own_s[v, j] <= death_s[v]:
                        told_s = own_s[v, j] + latency_s[v, u]
                        if told_s < identified:
                            identified = told_s
                            who = v
            identified_s[u, j] = identified
            word = declared[who, j]
            if weapons_control == FREE:
                may_fire = word != FRIEND
            elif weapons_control == TIGHT:
                may_fire = word == HOSTILE
            else:
                may_fire = word != FRIEND and aim_unit[j] == u
            base_s[u, j] = np.inf
            if may_fire:
                base = max(identified, aware_s[u, j]) + reaction_s[u]
                if needs_own_track[u] and track_s[u, j] > base:
                    base = track_s[u, j]
                base_s[u, j] = base


@njit(**FLAGS)
def best_option(
    now_s,
    j,
    c,
    group_of,
    g,
    only_freed,
    is_freed,
    alive,
    free_channels,
    free_guidance,
    ready,
    reserve,
    is_priority,
    base_s,
    n_windows,
    window,
    launch_s,
    time_s,
    p_kill,
    price_usd,
    most,
    spent,
    policy,
    sufficient_p,
):
    """Unit, interceptor and time of intercept that the policy prefers now; unit -1 if nobody can fire."""
    best_u = -1
    best_i = -1
    best_1 = best_2 = best_s = np.inf
    for u in range(group_of.shape[0]):
        if group_of[u] != g or not alive[u] or free_channels[u] < 1 or free_guidance[u] < 1:
            continue
        if only_freed and not is_freed[u]:
            continue
        if base_s[u, j] > now_s or (most > 0 and spent[u, j] >= most):
            continue
        for i in range(ready.shape[1]):
            n_rounds = ready[u, i]
            if policy == RESERVE and not is_priority:
                n_rounds -= reserve[u, i]
            if n_rounds < 1 or not is_open(n_windows, window, u, j, i, now_s):
                continue
            meets_s = intercept_s(now_s, launch_s, time_s, u, j, i)
            first = second = 0.0
            if policy == BEST_KILL:
                first = -p_kill[i, c]
            elif policy == CHEAPEST_SUFFICIENT:
                if p_kill[i, c] >= sufficient_p:
                    second = price_usd[i]
                else:
                    first = 1.0
                    second = -p_kill[i, c]
            if first < best_1 or (first == best_1 and (second < best_2 or (second == best_2 and meets_s < best_s))):
                best_u, best_i, best_1, best_2, best_s = u, i, first, second, meets_s
    return best_u, best_i, best_s


@njit(**FLAGS)
def group_opening_s(j, g, group_of, alive, base_s, n_windows, window, after_s):
    """Next time at which any unit of the group can begin to fire at target j."""
    earliest = np.inf
    for u in range(group_of.shape[0]):
        if group_of[u] == g and alive[u]:
            for i in range(n_windows.shape[2]):
                opens = next_opening_s(n_windows, window, u, j, i, base_s[u, j], after_s)
                earliest = min(earliest, opens)
    return earliest


@njit("int64(float64[:, ::1], int64, float64, int64, int64, int64, int64, int64, float64)", **FLAGS)
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


@njit(**FLAGS)
def prepare(case, d, tables):
    """Fill the tables of one draw: launch windows, useful scans, orders of impact and arrival, true identity.

    Returns 0, or 1 if ``tables.window`` has too little room.
    """
    n_units = case.reaction_s.shape[1]
    n_targets = case.target_class.shape[0]
    n_rounds = case.needs_sight.shape[0]
    n_radars = case.radar_unit.shape[0]
    n_launchers = case.launcher_unit.shape[0]
    n_samples = case.time_s.shape[2]
    n_scans = case.p_detect.shape[3]
    time_s = case.time_s[d % case.time_s.shape[0]]
    sight = case.guide_sight[d % case.guide_sight.shape[0]]
    p_detect = case.p_detect[d % case.p_detect.shape[0]]
    launch_s, window, n_windows, carries = tables.launch_s, tables.window, tables.n_windows, tables.carries
    first_scan, last_scan, has_aim = tables.first_scan, tables.last_scan, tables.has_aim
    impact_order, arrival_order, arrival_s = tables.impact_order, tables.arrival_order, tables.arrival_s
    default_declared = tables.declared

    carries[:] = False
    n_windows[:] = 0
    for m in range(n_launchers):
        if case.launcher_rounds[d, m] > 0:
            carries[case.launcher_unit[m], case.launcher_round[m]] = True
    for u in range(n_units):
        for i in range(n_rounds):
            if not carries[u, i]:
                continue
            for j in range(n_targets):
                found = fill_windows(
                    time_s[j],
                    case.slant_range_m[u, j],
                    case.altitude_m[j],
                    case.height_m[j],
                    sight[u, j],
                    case.needs_sight[i],
                    case.envelope[d, i, case.target_class[j]],
                    case.flight_range_m[i],
                    case.flight_s[d, i],
                    launch_s[u, j, i],
                    window[u, j, i],
                )
                if found < 0:
                    return 1
                n_windows[u, j, i] = found
    for r in range(n_radars):
        for j in range(n_targets):
            first_scan[r, j] = n_scans
            last_scan[r, j] = -1
            for scan in range(n_scans):
                if p_detect[r, j, scan] > 0.0:
                    first_scan[r, j] = min(first_scan[r, j], scan)
                    last_scan[r, j] = scan
    for j in range(n_targets):
        arrival_s[j] = time_s[j, n_samples - 1]
    for j in range(n_targets):
        has_aim[j] = case.aim_asset[j] >= 0 or case.aim_unit[j] >= 0
    for j in range(n_targets):
        k = j
        while k > 0 and arrival_s[j] < arrival_s[arrival_order[k - 1]]:
            arrival_order[k] = arrival_order[k - 1]
            k -= 1
        arrival_order[k] = j
        k = j
        while k > 0:
            other = impact_order[k - 1]
            if has_aim[j] == has_aim[other]:
                if not arrival_s[j] < arrival_s[other]:
                    break
            elif has_aim[other]:
                break
            impact_order[k] = other
            k -= 1
        impact_order[k] = j
    for u in range(n_units):
        for j in range(n_targets):
            default_declared[u, j] = FRIEND if case.is_friendly[j] else HOSTILE
    return 0


@njit(**FLAGS)
def play_block(case, d, key, tables, scratch, first_replication, counts, measures, leaks, events, n_events):
    """Play replications of one draw: rows of ``counts`` (replication, count) and ``measures`` (replication, measure).

    ``leaks`` (target,) is raised by one for each replication in which the target leaks; ``events`` (row, 7) receives
    the trace of the last replication if it has rows. ``tables`` comes from ``prepare``; ``scratch`` is overwritten.
    """
    n_units = case.reaction_s.shape[1]
    n_targets = case.target_class.shape[0]
    n_rounds = case.needs_sight.shape[0]
    n_radars = case.radar_unit.shape[0]
    n_launchers = case.launcher_unit.shape[0]
    n_classes = case.p_kill.shape[2]
    n_assets = case.n_assets
    tracing = events.shape[0] > 0
    k0, k1 = np.uint64(key[0]), np.uint64(key[1])

    time_s = case.time_s[d % case.time_s.shape[0]]
    p_detect = case.p_detect[d % case.p_detect.shape[0]]
    p_kill = case.p_kill[d]
    p_common = case.p_common[d]
    price_usd = case.price_usd[d]
    reaction_s = case.reaction_s[d]
    identify_s = case.identify_s[d]
    assess_s = case.assess_s[d]

    launch_s = tables.launch_s
    window = tables.window
    n_windows = tables.n_windows
    first_scan = tables.first_scan
    last_scan = tables.last_scan
    has_aim = tables.has_aim
    impact_order = tables.impact_order
    arrival_order = tables.arrival_order
    arrival_s = tables.arrival_s
    default_declared = tables.declared
    declared = scratch.declared
    seen_s = scratch.seen_s
    track_s = scratch.track_s
    aware_s = scratch.aware_s
    own_s = scratch.own_s
    identified_s = scratch.identified_s
    base_s = scratch.base_s
    alive = scratch.alive
    death_s = scratch.death_s
    is_cut = scratch.is_cut
    group_of = scratch.group_of
    free_channels = scratch.free_channels
    free_guidance = scratch.free_guidance
    busy = scratch.busy
    ready = scratch.ready
    stock = scratch.stock
    left = scratch.left
    coming = scratch.coming
    is_freed = scratch.is_freed
    target_alive = scratch.target_alive
    shots = scratch.shots
    spent = scratch.spent
    kill_block = scratch.kill_block
    kill_word = scratch.kill_word
    common_word = scratch.common_word
    order = scratch.order
    place = scratch.place
    rank_word = scratch.rank_word
    state = scratch.state
    is_fresh = scratch.is_fresh
    was_turned = scratch.was_turned
    salvos = scratch.salvos
    by_unit = scratch.by_unit
    by_round = scratch.by_round
    by_channel = scratch.by_channel
    n_fired = scratch.n_fired
    first_shot = scratch.first_shot
    fired_s = scratch.fired_s
    is_dirty = scratch.is_dirty
    n_pending = scratch.n_pending
    lowest = scratch.lowest
    fresh_from = scratch.fresh_from
    fresh_to = scratch.fresh_to
    tree_s = scratch.tree_s
    tree_i = scratch.tree_i
    at_class = N_COUNTS
    at_asset = at_class + n_classes
    at_round = at_asset + n_assets
    at_unit_hit = at_round + n_rounds
    at_unit_shots = at_unit_hit + n_units

    aim_asset = case.aim_asset
    aim_unit = case.aim_unit
    channels = case.channels[d]
    confirm_hits = case.confirm_hits
    confirm_scans = case.confirm_scans
    fire_group = case.fire_group
    first_salvo = case.first_salvo
    first_scan_s = case.first_scan_s[d]
    guidance_limit = case.guidance_limit[d]
    identifies_for = case.identifies_for
    is_friendly = case.is_friendly
    is_priority = case.is_priority
    latency_s = case.latency_s[d]
    later_salvo = case.later_salvo
    launcher_reload_s = case.launcher_reload_s[d]
    launcher_round = case.launcher_round
    launcher_rounds = case.launcher_rounds[d]
    launcher_unit = case.launcher_unit
    max_shots = case.max_shots
    needs_own_track = case.needs_own_track
    needs_sight = case.needs_sight
    p_available = case.p_available[d]
    p_cut_off = case.p_cut_off[d]
    p_hostile_as_friend = case.p_hostile_as_friend[d]
    p_friend_as_hostile = case.p_friend_as_hostile[d]
    p_friend_as_hostile_alone = case.p_friend_as_hostile_alone[d]
    p_friend_unknown = case.p_friend_unknown[d]
    policy = case.policy
    radar_guides = case.radar_guides
    radar_target_key = case.radar_target_key
    radar_unit = case.radar_unit
    ranking = case.ranking
    reload_stock = case.reload_stock
    reserve = case.reserve[d]
    scan_period_s = case.scan_period_s[d]
    shares_track = case.shares_track
    spread_rounds = case.spread_rounds
    sufficient_p = case.sufficient_p
    slant_range_m = case.slant_range_m
    target_class = case.target_class
    target_key = case.target_key
    unit_key = case.unit_key
    unit_target_key = case.unit_target_key
    weapons_control = case.weapons_control

    has_identity_error = False
    for u in range(n_units):
        if case.p_hostile_as_friend[d, u] > 0.0 or case.p_friend_as_hostile[d, u] > 0.0:
            has_identity_error = True
        if case.p_friend_as_hostile_alone[d, u] > 0.0 or case.p_friend_unknown[d, u] > 0.0:
            has_identity_error = True
    has_common = False
    for c in range(n_classes):
        if p_common[c] > 0.0:
            has_common = True
    has_stock = False
    for u in range(n_units):
        for i in range(n_rounds):
            if case.reload_stock[u, i] > 0:
                has_stock = True
    for u in range(n_units):
        is_freed[u] = False
        is_dirty[u] = False
        for j in range(n_targets):
            declared[u, j] = default_declared[u, j]
    for e in range(n_units * n_targets):
        is_fresh[e] = False

    for row in range(counts.shape[0]):
        replication = first_replication + row
        count = counts[row]
        measure = measures[row]
        count[:] = 0
        measure[:] = 0.0
        measure[FIRST_FIRE_S] = np.nan
        measure[FIRST_FIRE_RANGE_M] = np.nan
        n_noted = 0

        # availability, links, groups
        n_groups = 0
        for u in range(n_units):
            alive[u] = True
            is_cut[u] = False
            death_s[u] = np.inf
            if p_available[u] < 1.0 or p_cut_off[u] > 0.0:
                w0, w1, _, _ = keyed_words(UNIT, 0, replication, unit_key[u], k0, k1)
                alive[u] = w0 * TO_UNIT < p_available[u]
                is_cut[u] = w1 * TO_UNIT < p_cut_off[u]
                if not alive[u]:
                    death_s[u] = -np.inf
                    if tracing:
                        n_noted = note(events, n_noted, 0.0, OUT_OF_ACTION, u, -1, -1, -1, 0.0)
                elif is_cut[u] and tracing:
                    n_noted = note(events, n_noted, 0.0, CUT_OFF, u, -1, -1, -1, 0.0)
            leader = fire_group[u]
            group_of[u] = -1
            if not is_cut[u]:
                for v in range(u):
                    if fire_group[v] == leader and not is_cut[v]:
                        group_of[u] = group_of[v]
                        break
            if group_of[u] < 0:
                group_of[u] = n_groups
                n_groups += 1
            free_channels[u] = channels[u]
            free_guidance[u] = guidance_limit[u]
            busy[u] = np.uint64(0)
            for i in range(n_rounds):
                ready[u, i] = 0
                stock[u, i] = reload_stock[u, i]
        for m in range(n_launchers):
            left[m] = launcher_rounds[m]
            coming[m] = 0
            ready[launcher_unit[m], launcher_round[m]] += left[m]

        # detection and confirmation, radar by radar
        for u in range(n_units):
            for j in range(n_targets):
                seen_s[u, j] = np.inf
                track_s[u, j] = np.inf
        for r in range(n_radars):
            u = radar_unit[r]
            if not alive[u]:
                continue
            guides = radar_guides[r]
            for j in range(n_targets):
                confirmed = confirmation_s(
                    p_detect,
                    r,
                    j,
                    first_scan[r, j],
                    last_scan[r, j],
                    first_scan_s[r, j],
                    scan_period_s[r, j],
                    confirm_hits[r],
                    confirm_scans[r],
                    replication,
                    radar_target_key[r, j],
                    k0,
                    k1,
                )
                seen_s[u, j] = min(seen_s[u, j], confirmed)
                if guides:
                    track_s[u, j] = min(track_s[u, j], confirmed)
                if tracing and confirmed < np.inf:
                    n_noted = note(events, n_noted, confirmed, CONFIRMED, u, j, r, -1, 0.0)
        if has_identity_error:
            for u in range(n_units):
                p_wrong = p_friend_as_hostile_alone[u] if is_cut[u] else p_friend_as_hostile[u]
                for j in range(n_targets):
                    w0, _, _, _ = keyed_words(PAIR, 0, replication, unit_target_key[u, j], k0, k1)
                    luck = w0 * TO_UNIT
                    declared[u, j] = default_declared[u, j]
                    if is_friendly[j]:
                        if luck < p_wrong:
                            declared[u, j] = HOSTILE
                        elif luck < p_wrong + p_friend_unknown[u]:
                            declared[u, j] = UNKNOWN
                    elif luck < p_hostile_as_friend[u]:
                        declared[u, j] = FRIEND
        awareness(
            seen_s,
            track_s,
            death_s,
            is_cut,
            declared,
            shares_track,
            identifies_for,
            latency_s,
            identify_s,
            reaction_s,
            needs_own_track,
            weapons_control,
            aim_unit,
            aware_s,
            own_s,
            identified_s,
            base_s,
        )
        if tracing:
            for u in range(n_units):
                for j in range(n_targets):
                    if alive[u] and identified_s[u, j] < np.inf:
                        n_noted = note(
                            events, n_noted, identified_s[u, j], IDENTIFIED, u, j, -1, -1, float(declared[u, j])
                        )

        # order of attention, clocks
        for g in range(n_groups):
            if ranking == AT_RANDOM:
                leader = 0
                while group_of[leader] != g:
                    leader += 1
                for j in range(n_targets):
                    _, w1, _, _ = keyed_words(PAIR, 0, replication, unit_target_key[leader, j], k0, k1)
                    rank_word[j] = w1
                    k = j
                    while k > 0 and w1 < rank_word[order[g, k - 1]]:
                        order[g, k] = order[g, k - 1]
                        k -= 1
                    order[g, k] = j
            else:
                for k in range(n_targets):
                    order[g, k] = impact_order[k]
            for k in range(n_targets):
                place[g, order[g, k]] = k
            n_pending[g] = 0
            lowest[g] = n_targets
            fresh_from[g] = n_targets
            fresh_to[g] = -1
        for j in range(n_targets):
            target_alive[j] = True
            shots[j] = 0
            for u in range(n_units):
                spent[u, j] = 0
            kill_block[j] = -1
            common_word[j] = -1.0
        n_engagements = n_groups * n_targets
        n_entities = n_engagements + (n_launchers if has_stock else 0)
        used = 1
        while used < n_entities:
            used *= 2
        for e in range(n_entities):
            tree_s[used + e] = np.inf
            tree_i[used + e] = e
        for e in range(n_entities, used):
            tree_s[used + e] = np.inf
            tree_i[used + e] = e
        for e in range(n_engagements):
            state[e] = WAITING
            salvos[e] = 0
            was_turned[e] = False
        for u in range(n_units):
            if not alive[u]:
                continue
            for j in range(n_targets):
                leaf = used + group_of[u] * n_targets + j
                if base_s[u, j] < np.inf:
                    for i in range(n_rounds):
                        opens = next_opening_s(n_windows, window, u, j, i, base_s[u, j], -np.inf)
                        tree_s[leaf] = min(tree_s[leaf], opens)
        for node in range(used - 1, 0, -1):
            winner = 2 * node if tree_s[2 * node] <= tree_s[2 * node + 1] else 2 * node + 1
            tree_s[node] = tree_s[winner]
            tree_i[node] = tree_i[winner]

        n_arrived = 0
        while True:
            arrives_s = arrival_s[arrival_order[n_arrived]] if n_arrived < n_targets else np.inf
            now_s = min(tree_s[1], arrives_s)
            if now_s == np.inf:
                break
            # all that happens at this instant
            any_freed = False
            while True:
                if tree_s[1] <= now_s:
                    e = tree_i[1]
                    if e >= n_engagements:
                        m = e - n_engagements
                        u, i = launcher_unit[m], launcher_round[m]
                        set_clock(tree_s, tree_i, used, e, np.inf)
                        left[m] = coming[m]
                        ready[u, i] += coming[m]
                        is_freed[u] = True
                        any_freed = True
                        is_dirty[group_of[u]] = True
                        if tracing:
                            n_noted = note(events, n_noted, now_s, RELOADED, u, -1, i, -1, float(coming[m]))
                        continue
                    g = e // n_targets
                    j = e - g * n_targets
                    u = by_unit[e]
                    if state[e] == IN_FLIGHT:
                        free_guidance[u] += n_fired[e]
                        i = by_round[e]
                        killed = False
                        code = MISSED
                        if not target_alive[j]:
                            code = WASTED
                            count[WASTED_ROUNDS] += n_fired[e]
                        elif alive[u] or not needs_sight[i]:
                            c = target_class[j]
                            spoiled = False
                            if has_common:
                                if common_word[j] < 0.0:
                                    w0, _, _, _ = keyed_words(COMMON, 0, replication, target_key[j], k0, k1)
                                    common_word[j] = w0 * TO_UNIT
                                spoiled = common_word[j] < p_common[c]
                            if not spoiled:
                                for shot in range(first_shot[e], first_shot[e] + n_fired[e]):
                                    if kill_block[j] != shot >> 2:
                                        kill_block[j] = shot >> 2
                                        w0, w1, w2, w3 = keyed_words(
                                            KILL, shot >> 2, replication, target_key[j], k0, k1
                                        )
                                        kill_word[j, 0] = w0
                                        kill_word[j, 1] = w1
                                        kill_word[j, 2] = w2
                                        kill_word[j, 3] = w3
                                    if kill_word[j, shot & 3] * TO_UNIT < p_kill[i, c]:
                                        killed = True
                        if killed:
                            code = INTERCEPTED
                            target_alive[j] = False
                            if is_friendly[j]:
                                count[FRIENDLY_KILLS] += 1
                            else:
                                count[KILLS] += 1
                            for h in range(n_groups):
                                other = h * n_targets + j
                                if state[other] <= PENDING:
                                    if state[other] == PENDING:
                                        n_pending[h] -= 1
                                        is_fresh[other] = False
                                    state[other] = CLOSED
                                    set_clock(tree_s, tree_i, used, other, np.inf)
                        if tracing:
                            n_noted = note(events, n_noted, now_s, code, u, j, i, by_channel[e], float(n_fired[e]))
                        state[e] = ASSESSING
                        set_clock(tree_s, tree_i, used, e, now_s + assess_s[u])
                        is_freed[u] = True
                        any_freed = True
                        is_dirty[g] = True
                    elif state[e] == ASSESSING:
                        free_channels[u] += 1
                        busy[u] &= ~(np.uint64(1) << np.uint64(by_channel[e]))
                        measure[N_MEASURES + u] += now_s - fired_s[e]
                        if tracing:
                            n_noted = note(events, n_noted, now_s, ASSESSED, u, j, by_round[e], by_channel[e], 0.0)
                        set_clock(tree_s, tree_i, used, e, np.inf)
                        most = max_shots[target_class[j]]
                        goes_on = False
                        if target_alive[j]:
                            for v in range(n_units):
                                if group_of[v] == g and (most == 0 or spent[v, j] < most):
                                    goes_on = True
                        if goes_on:
                            state[e] = PENDING
                            n_pending[g] += 1
                            k = place[g, j]
                            lowest[g] = min(lowest[g], k)
                            is_fresh[e] = True
                            fresh_from[g] = min(fresh_from[g], k)
                            fresh_to[g] = max(fresh_to[g], k)
                        else:
                            state[e] = CLOSED
                        is_freed[u] = True
                        any_freed = True
                        is_dirty[g] = True
                    else:
                        if state[e] == WAITING:
                            state[e] = PENDING
                            n_pending[g] += 1
                            lowest[g] = min(lowest[g], place[g, j])
                        k = place[g, j]
                        is_fresh[e] = True
                        fresh_from[g] = min(fresh_from[g], k)
                        fresh_to[g] = max(fresh_to[g], k)
                        is_dirty[g] = True
                        set_clock(tree_s, tree_i, used, e, np.inf)
                elif n_arrived < n_targets and arrival_s[arrival_order[n_arrived]] <= now_s:
                    j = arrival_order[n_arrived]
                    n_arrived += 1
                    if not target_alive[j]:
                        continue
                    target_alive[j] = False
                    for g in range(n_groups):
                        e = g * n_targets + j
                        if state[e] <= PENDING:
                            if state[e] == PENDING:
                                n_pending[g] -= 1
                                is_fresh[e] = False
                            state[e] = CLOSED
                            set_clock(tree_s, tree_i, used, e, np.inf)
                    if is_friendly[j] or not has_aim[j]:
                        if tracing:
                            n_noted = note(events, n_noted, now_s, PASSED, -1, j, -1, -1, 0.0)
                        continue
                    count[LEAKERS] += 1
                    count[at_class + target_class[j]] += 1
                    leaks[j] += 1
                    if tracing:
                        n_noted = note(events, n_noted, now_s, LEAKED, aim_unit[j], j, aim_asset[j], -1, 0.0)
                    if aim_asset[j] >= 0:
                        count[at_asset + aim_asset[j]] += 1
                    u = aim_unit[j]
                    if u >= 0:
                        count[at_unit_hit + u] += 1
                        if alive[u]:
                            alive[u] = False
                            death_s[u] = now_s
                            count[UNITS_LOST] += 1
                            if tracing:
                                n_noted = note(events, n_noted, now_s, UNIT_LOST, u, j, -1, -1, 0.0)
                            awareness(
                                seen_s,
                                track_s,
                                death_s,
                                is_cut,
                                declared,
                                shares_track,
                                identifies_for,
                                latency_s,
                                identify_s,
                                reaction_s,
                                needs_own_track,
                                weapons_control,
                                aim_unit,
                                aware_s,
                                own_s,
                                identified_s,
                                base_s,
                            )
                            for e in range(n_engagements):
                                if state[e] <= PENDING and not is_fresh[e]:
                                    g = e // n_targets
                                    opens = group_opening_s(
                                        e - g * n_targets, g, group_of, alive, base_s, n_windows, window, now_s
                                    )
                                    set_clock(tree_s, tree_i, used, e, opens)
                else:
                    break

            # then every group concerned plans, in order of rank
            for g in range(n_groups):
                if not is_dirty[g]:
                    continue
                is_dirty[g] = False
                if n_pending[g] == 0:
                    lowest[g] = n_targets
                    fresh_from[g] = n_targets
                    fresh_to[g] = -1
                    continue
                capacity = False
                if any_freed:
                    for u in range(n_units):
                        if (
                            is_freed[u]
                            and group_of[u] == g
                            and alive[u]
                            and min(free_channels[u], free_guidance[u]) > 0
                        ):
                            capacity = True
                sees_all = capacity
                if capacity:
                    k, last = lowest[g], n_targets - 1
                else:
                    k, last = fresh_from[g], fresh_to[g]
                fresh_last = fresh_to[g]
                fresh_from[g] = n_targets
                fresh_to[g] = -1
                to_see = n_pending[g]
                still = n_targets
                while k <= last and to_see > 0:
                    j = order[g, k]
                    e = g * n_targets + j
                    k += 1
                    if state[e] != PENDING:
                        continue
                    to_see -= 1
                    if not (capacity or is_fresh[e]):
                        still = min(still, k - 1)
                        continue
                    fresh = is_fresh[e]
                    is_fresh[e] = False
                    c = target_class[j]
                    u, i, meets_s = best_option(
                        now_s,
                        j,
                        c,
                        group_of,
                        g,
                        not fresh,
                        is_freed,
                        alive,
                        free_channels,
                        free_guidance,
                        ready,
                        reserve,
                        is_priority[c],
                        base_s,
                        n_windows,
                        window,
                        launch_s,
                        time_s,
                        p_kill,
                        price_usd,
                        max_shots[c],
                        spent,
                        policy,
                        sufficient_p,
                    )
                    if u < 0:
                        still = min(still, k - 1)
                        if fresh:
                            if not was_turned[e]:
                                was_turned[e] = True
                                count[TURNED] += 1
                                if tracing:
                                    n_noted = note(events, n_noted, now_s, TURNED_AWAY, -1, j, -1, -1, float(g))
                            opens = group_opening_s(j, g, group_of, alive, base_s, n_windows, window, now_s)
                            set_clock(tree_s, tree_i, used, e, opens)
                        continue
                    n = first_salvo[c] if salvos[e] == 0 else later_salvo[c]
                    if spread_rounds:
                        total = 0
                        for v in range(n_units):
                            if group_of[v] == g and alive[v]:
                                for other in range(n_rounds):
                                    total += ready[v, other]
                        n = min(n, max(1, (total + n_pending[g] - 1) // n_pending[g]))
                    available = ready[u, i]
                    if policy == RESERVE and not is_priority[c]:
                        available -= reserve[u, i]
                    n = min(n, min(available, free_guidance[u]))
                    if max_shots[c] > 0:
                        n = min(n, max_shots[c] - spent[u, j])
                    spent[u, j] += n
                    ready[u, i] -= n
                    free_channels[u] -= 1
                    free_guidance[u] -= n
                    channel = 0
                    while (busy[u] >> np.uint64(channel)) & np.uint64(1):
                        channel += 1
                    busy[u] |= np.uint64(1) << np.uint64(channel)
                    for h in range(n_groups):
                        if h != g and state[h * n_targets + j] == IN_FLIGHT:
                            count[DOUBLE_ENGAGEMENTS] += 1
                            break
                    if is_friendly[j]:
                        count[FRIENDLY_ENGAGEMENTS] += 1
                    count[at_round + i] += n
                    count[at_unit_shots + u] += n
                    n_pending[g] -= 1
                    state[e] = IN_FLIGHT
                    salvos[e] += 1
                    by_unit[e] = u
                    by_round[e] = i
                    by_channel[e] = channel
                    n_fired[e] = n
                    first_shot[e] = shots[j]
                    shots[j] += n
                    fired_s[e] = now_s
                    set_clock(tree_s, tree_i, used, e, meets_s)
                    if measure[FIRST_FIRE_S] != measure[FIRST_FIRE_S]:
                        measure[FIRST_FIRE_S] = now_s
                        measure[FIRST_FIRE_RANGE_M] = _range_at(now_s, time_s, slant_range_m, u, j)
                    if tracing:
                        n_noted = note(events, n_noted, now_s, LAUNCHED, u, j, i, channel, float(n))
                    if has_stock:
                        to_take = n
                        for m in range(n_launchers):
                            if to_take == 0:
                                break
                            if launcher_unit[m] == u and launcher_round[m] == i and left[m] > 0:
                                taken = min(to_take, left[m])
                                left[m] -= taken
                                to_take -= taken
                                if left[m] == 0 and stock[u, i] > 0:
                                    coming[m] = min(launcher_rounds[m], stock[u, i])
                                    stock[u, i] -= coming[m]
                                    set_clock(tree_s, tree_i, used, n_engagements + m, now_s + launcher_reload_s[m])
                    if capacity and k > fresh_last:
                        capacity = False
                        for v in range(n_units):
                            if (
                                is_freed[v]
                                and group_of[v] == g
                                and alive[v]
                                and min(free_channels[v], free_guidance[v]) > 0
                            ):
                                capacity = True
                        if not capacity:
                            break
                if sees_all and to_see == 0:
                    lowest[g] = still
            if any_freed:
                for u in range(n_units):
                    is_freed[u] = False
        n_events[0] = n_noted


@njit(**FLAGS)
def _range_at(now_s, time_s, range_m, u, j):
    """Slant range at a time, by linear interpolation between the samples."""
    k = 0
    while k < time_s.shape[1] - 2 and time_s[j, k + 1] < now_s:
        k += 1
    span_s = time_s[j, k + 1] - time_s[j, k]
    if span_s <= 0.0 or now_s <= time_s[j, k]:
        return range_m[u, j, k]
    return range_m[u, j, k] + (now_s - time_s[j, k]) * (range_m[u, j, k + 1] - range_m[u, j, k]) / span_s
