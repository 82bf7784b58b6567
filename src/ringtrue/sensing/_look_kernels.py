"""Compiled loops behind `sensing.looks`: the chance of a confirmed track, look after look.

One rule, here and nowhere else: looks stand in the middles of intervals of one look period, counted from the moment in
which the target comes into view (the first look falls anywhere in its interval; the middle stands for all of them), the
chain over the outcomes of the last N - 1 looks gives the chance at the end of each interval, linear in between.
"""

# ruff: noqa: ANN001, ANN202
# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator"
from __future__ import annotations

import math

import numpy as np

from ringtrue.compiled import njit

ENOUGH = 1.0 - 1e-6
INBOUND, OUTBOUND, BEAM, WORST = range(4)
INSTRUMENTED, TAN_LOWEST, TAN_HIGHEST, HALF_SECTOR, LOOK = range(5)

_LOOP = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True, "no_rewrites": True}
_PART = {**_LOOP, "no_cpython_wrapper": True, "_nrt": False}
PART = {**_PART, "forceinline": True}


@njit(**_PART)
def bits_of(state):
    """Number of hits that a state of the chain holds."""
    n = 0
    while state:
        state &= state - 1
        n += 1
    return n


@njit(**_PART)
def begin(live, scans):
    """Set the chain to "no look yet"; live (2, state) holds the states and room for the next ones."""
    for state in range(1 << (scans - 1)):
        live[0, state] = 0.0
    live[0, 0] = 1.0


@njit(**_PART)
def advance(live, p, hits, scans):
    """Take one look that detects with ``p``; return what the chance of a confirmed track gains by it."""
    miss = 1.0 - p
    if scans == 3 and hits == 2:
        none, last, before = live[0, 0], live[0, 1], live[0, 2]
        live[0, 0] = (none + before) * miss
        live[0, 1] = none * p
        live[0, 2] = last * miss
        return before * p + last * p
    gained = 0.0
    if scans == 1:
        gained = live[0, 0] * p
        live[0, 0] *= miss
        return gained
    n_states = 1 << (scans - 1)
    half = n_states >> 1
    for state in range(n_states):
        young = state >> 1
        old = young | half
        if state & 1:
            came = 0.0
            for source in (young, old):
                if bits_of(source) + 1 >= hits:
                    gained += live[0, source] * p
                else:
                    came += live[0, source] * p
            live[1, state] = came
        else:
            live[1, state] = (live[0, young] + live[0, old]) * miss
    for state in range(n_states):
        live[0, state] = live[1, state]
    return gained


@njit(**PART)
def p_at(slant_m, step_m, p):
    """Chance of one look at a slant range: linear in the table p (knot,); nothing beyond its end."""
    place = slant_m / step_m
    k = int(place)
    if k >= p.shape[0] - 1:
        return 0.0
    return p[k] + (place - k) * (p[k + 1] - p[k])


@njit(**_LOOP)
def fill_edges(first_draw, last_draw, entry_step_m, step_m, p, flown_m, wanted, hits, scans, live, out_m):
    """Fill out_m (wanted, draw, knot): where a target that comes into view at knot * entry_step is confirmed.

    Shapes: entry_step_m, step_m, flown_m (draw,); p (draw, knot of the echo table); wanted (wanted,) chances, rising;
    live (2, state).
    """
    n_knots = out_m.shape[2]
    for d in range(first_draw, last_draw):
        for k in range(n_knots):
            entry_m = k * entry_step_m[d]
            begin(live, scans)
            so_far = 0.0
            look = 0
            w = 0
            while w < wanted.shape[0]:
                middle_m = entry_m - (look + 0.5) * flown_m[d]
                if middle_m < 0.0:
                    break
                gained = advance(live, p_at(middle_m, step_m[d], p[d]), hits, scans)
                while w < wanted.shape[0] and so_far + gained >= wanted[w]:
                    out_m[w, d, k] = entry_m - (look + (wanted[w] - so_far) / gained) * flown_m[d]
                    w += 1
                so_far += gained
                look += 1
            while w < wanted.shape[0]:
                out_m[w, d, k] = -1.0
                w += 1


@njit(**_LOOP)
def fill_joined(
    entry_step_m, step_m, p, slow_m, fast_m, wanted, hits, scans, search_per_m, found_m, live, out_m
):  # fmt: skip
    """Fill out_m (wanted, draw, knot): where the engagement radar has a track that its search radar may cue.

    Both radars get the target into view at knot * entry_step. The search radar finds it at one of three ranges, each
    with a third of the chance: found_m (3, draw, knot of its own table), knots search_per_m (draw,) to the metre; below
    0: not at all. Until then looks of the engagement radar lie slow_m (draw,) apart, from then on they begin anew,
    fast_m (draw,) apart. live (4, 2, state): one chain for the slow looks and one for each cue.
    """
    n_chances, n_draws, n_knots = out_m.shape
    cue_m = np.empty(3)
    end_m, before, after = np.empty(4), np.empty(4), np.empty(4)
    kept = np.empty(3)
    for d in range(n_draws):
        for k in range(n_knots):
            entry_m = k * entry_step_m[d]
            for q in range(3):
                place = entry_m * search_per_m[d]
                last = found_m.shape[2] - 1
                i = min(int(place), last - 1)
                low, high = found_m[q, d, i], found_m[q, d, i + 1]
                cue_m[q] = high if place >= last else low + (high - low) * (place - i) if low >= 0.0 else -1.0
            for c in range(4):
                begin(live[c], scans)
                end_m[c] = entry_m if c == 0 else cue_m[c - 1]
                before[c] = 0.0
                after[c] = 0.0
            kept[:] = -1.0
            w = 0
            so_far = 0.0
            last_slow = 0.0
            at_m = entry_m
            while w < n_chances:
                there_m = at_m - fast_m[d]
                if there_m < 0.0:
                    break
                while end_m[0] > there_m:
                    before[0] = after[0]
                    after[0] += advance(
                        live[0], p_at(max(end_m[0] - 0.5 * slow_m[d], 0.0), step_m[d], p[d]), hits, scans
                    )
                    end_m[0] -= slow_m[d]
                slow = after[0] - (after[0] - before[0]) * (there_m - end_m[0]) / slow_m[d]
                chance = 0.0
                for q in range(3):
                    if cue_m[q] <= there_m:
                        chance += slow / 3.0
                        continue
                    if kept[q] < 0.0:
                        kept[q] = last_slow + (slow - last_slow) * (at_m - cue_m[q]) / fast_m[d]
                    while end_m[q + 1] > there_m:
                        before[q + 1] = after[q + 1]
                        p_look = p_at(max(end_m[q + 1] - 0.5 * fast_m[d], 0.0), step_m[d], p[d])
                        after[q + 1] += advance(live[q + 1], p_look, hits, scans)
                        end_m[q + 1] -= fast_m[d]
                    quick = after[q + 1] - (after[q + 1] - before[q + 1]) * (there_m - end_m[q + 1]) / fast_m[d]
                    chance += (1.0 - (1.0 - kept[q]) * (1.0 - quick)) / 3.0
                while w < n_chances and chance >= wanted[w]:
                    out_m[w, d, k] = at_m - (wanted[w] - so_far) / (chance - so_far) * fast_m[d]
                    w += 1
                so_far = chance
                last_slow = slow
                at_m = there_m
            while w < n_chances:
                out_m[w, d, k] = -1.0
                w += 1


@njit(**_PART)
def look_along(time_s, slant_m, in_view, n_samples, from_s, until_s, period_s, step_m, p, hits, scans, live, so_far):
    """Fill so_far (look,): chance of a confirmed track at the end of each look period from ``from_s`` on.

    The path has ``n_samples`` samples (time_s, slant_m, in_view); a look out of view detects nothing. Returns how many
    looks were taken: those whose period begins before ``until_s``, as long as there is chance to gain.
    """
    begin(live, scans)
    chance = 0.0
    n, k = 0, 0
    while n < so_far.shape[0] and from_s + n * period_s < until_s and chance < ENOUGH:
        middle_s = from_s + (n + 0.5) * period_s
        while k < n_samples - 2 and time_s[k + 1] < middle_s:
            k += 1
        part = (middle_s - time_s[k]) / (time_s[k + 1] - time_s[k])
        p_look = 0.0
        if part <= 1.0 and in_view[k + 1 if part > 0.5 else k]:
            p_look = p_at(slant_m[k] + part * (slant_m[k + 1] - slant_m[k]), step_m, p)
        chance += advance(live, p_look, hits, scans)
        so_far[n] = chance
        n += 1
    return n


@njit(**_PART)
def chance_by(when_s, from_s, period_s, n_looks, so_far):
    """Chance that `look_along` has reached by a time: linear within a look period."""
    place = (when_s - from_s) / period_s
    if n_looks == 0 or place <= 0.0:
        return 0.0
    k = int(place)
    if k >= n_looks:
        return so_far[n_looks - 1]
    before = so_far[k - 1] if k > 0 else 0.0
    return before + (place - k) * (so_far[k] - before)


@njit(**_PART)
def time_of_chance(wanted, from_s, period_s, n_looks, so_far):
    """Time at which `look_along` reaches a chance; inf: never."""
    before = 0.0
    for k in range(n_looks):
        if so_far[k] >= wanted:
            return from_s + (k + (wanted - before) / (so_far[k] - before)) * period_s
        before = so_far[k]
    return np.inf


@njit(**_PART)
def chance_on_leg(range_m, heading, far_m, step_m, p, flown_m, hits, scans, live):
    """Chance of a confirmed track at a range on a leg in open sky, of the looks that count on it.

    Crossing: all looks of the half chord that lies behind, from ``far_m`` on. Outbound: the last N looks; what was
    confirmed closer in is no longer held when they no longer confirm. Worst: the last N looks of an incoming target.
    """
    n_looks = scans
    if heading == BEAM:
        behind_m = math.sqrt(max(far_m * far_m - range_m * range_m, 0.0))
        n_looks = int(behind_m / flown_m)
    begin(live, scans)
    so_far = 0.0
    for look in range(n_looks - 1, -1, -1):
        back_m = (look + 0.5) * flown_m
        if heading == BEAM:
            slant_m = math.sqrt(range_m * range_m + back_m * back_m)
        elif heading == OUTBOUND:
            slant_m = abs(range_m - back_m)
        else:
            slant_m = range_m + back_m
        so_far += advance(live, p_at(slant_m, step_m, p), hits, scans)
        if so_far >= ENOUGH:
            break
    return so_far


@njit(**_LOOP)
def fill_limits(heading, wanted, far_m, step_m, p, flown_m, hits, scans, live, out_m):
    """Fill out_m (draw,): the greatest range at which `chance_on_leg` is ``wanted``; 0 where it nowhere is."""
    for d in range(out_m.shape[0]):
        low, high = 0.0, far_m[d]
        if chance_on_leg(high, heading, far_m[d], step_m[d], p[d], flown_m[d], hits, scans, live) >= wanted:
            out_m[d] = high
            continue
        for _ in range(40):
            middle = 0.5 * (low + high)
            chance = chance_on_leg(middle, heading, far_m[d], step_m[d], p[d], flown_m[d], hits, scans, live)
            if chance >= wanted:
                low = middle
            else:
                high = middle
        out_m[d] = low


@njit(**PART)
def cut(low, high, x0, x1, least, most):
    """Cut the part [low, high] of a segment to where the linear x lies between ``least`` and ``most``."""
    if (x0 < least and x1 < least) or (x0 > most and x1 > most):
        return 1.0, 0.0
    if x0 < least:
        low = max(low, (least - x0) / (x1 - x0))
    elif x0 > most:
        low = max(low, (most - x0) / (x1 - x0))
    if x1 < least:
        high = min(high, (least - x0) / (x1 - x0))
    elif x1 > most:
        high = min(high, (most - x0) / (x1 - x0))
    return low, high


@njit(**_PART)
def part_in_view(k, clearance_m, slant_m, rise, off_axis_rad, limits):
    """Part of the path between samples k and k + 1 that one radar has in view: where it begins and ends, 0 to 1."""
    low, high = cut(0.0, 1.0, clearance_m[k], clearance_m[k + 1], 0.0, np.inf)
    if low < high:
        low, high = cut(low, high, slant_m[k], slant_m[k + 1], 0.0, limits[INSTRUMENTED])
    if low < high:
        low, high = cut(low, high, rise[k], rise[k + 1], limits[TAN_LOWEST], limits[TAN_HIGHEST])
    if low < high and limits[HALF_SECTOR] < math.pi - 1e-6:
        low, high = cut(low, high, off_axis_rad[k], off_axis_rad[k + 1], 0.0, limits[HALF_SECTOR])
    return low, high


@njit(**_PART)
def fill_when(n, so_far, from_s, look_s, when_s):
    """Turn chances at the ends of n looks into times of equal shares of the last one: when_s (knot,)."""
    n_shares = when_s.shape[0] - 1
    whole = so_far[n - 1]
    cell = 0
    while so_far[cell] <= 0.0:
        cell += 1
    when_s[0] = from_s + cell * look_s
    for share in range(1, n_shares + 1):
        level = whole * share / n_shares
        while cell < n - 1 and so_far[cell] < level:
            cell += 1
        before = so_far[cell - 1] if cell > 0 else 0.0
        gained = so_far[cell] - before
        part = (level - before) / gained if gained > 0.0 else 1.0
        when_s[share] = from_s + (cell + min(part, 1.0)) * look_s


@njit(**_LOOP)
def fill_confirmations(
    time_s, slant_m, rise, off_axis_rad, aspect, clearance_m, relief, limits, class_of, step_m, p, hits, scans, live,
    so_far, from_s, p_ever, when_s,
):  # fmt: skip
    """When one radar confirms each target, as times of equal shares of the chance that it ever does.

    Shapes: time_s (draw, target, sample); slant_m, rise (tangent of the elevation), off_axis_rad, aspect (target,
    sample); clearance_m (relief, target, sample) above the lowest visible altitude; relief (draw,); limits (draw, 5);
    class_of (target,); step_m (draw, class, aspect), p (draw, class, aspect, knot); so_far long enough for every look;
    from_s, p_ever (draw, target): when looks begin, chance of any confirmation; when_s (draw, target, share).
    """
    n_draws, n_targets, n_samples = time_s.shape
    for d in range(n_draws):
        look_s = limits[d, LOOK]
        for j in range(n_targets):
            p_ever[d, j] = 0.0
            from_s[d, j] = np.inf
            when_s[d, j] = np.inf
            c = class_of[j]
            clear, slant, rising, off = clearance_m[relief[d], j], slant_m[j], rise[j], off_axis_rad[j]
            k = 0
            low, high = 1.0, 0.0
            while k < n_samples - 1:
                low, high = part_in_view(k, clear, slant, rising, off, limits[d])
                if low < high:
                    a = aspect[j, k + 1]
                    far_m = step_m[d, c, a] * (p.shape[3] - 1)
                    low, high = cut(low, high, slant[k], slant[k + 1], 0.0, far_m)
                    if low < high:
                        break
                k += 1
            if k == n_samples - 1:
                continue
            start_s = time_s[d, j, k] + low * (time_s[d, j, k + 1] - time_s[d, j, k])
            last_s = time_s[d, j, n_samples - 1]
            begin(live, scans)
            chance = 0.0
            n = 0
            here = k
            while True:
                middle_s = start_s + (n + 0.5) * look_s
                if middle_s > last_s:
                    break
                while k < n_samples - 2 and time_s[d, j, k + 1] < middle_s:
                    k += 1
                if k != here:
                    here = k
                    low, high = part_in_view(k, clear, slant, rising, off, limits[d])
                span_s = time_s[d, j, k + 1] - time_s[d, j, k]
                part = (middle_s - time_s[d, j, k]) / span_s if span_s > 0.0 else 0.0
                chance_of_look = 0.0
                if low <= part <= high:
                    a = aspect[j, k + 1] if part > 0.5 else aspect[j, k]
                    at_m = slant[k] + part * (slant[k + 1] - slant[k])
                    chance_of_look = p_at(at_m, step_m[d, c, a], p[d, c, a])
                chance += advance(live, chance_of_look, hits, scans)
                so_far[n] = chance
                n += 1
                if chance >= ENOUGH:
                    break
            if n == 0 or chance <= 0.0:
                continue
            from_s[d, j] = start_s
            p_ever[d, j] = 1.0 if chance >= ENOUGH else chance
            fill_when(n, so_far, start_s, look_s, when_s[d, j])


@njit(**_LOOP)
def fill_looks(slant_m, rise, off_axis_rad, aspect, clearance_m, relief, limits, class_of, step_m, p, out):
    """Chance of one look at each sample of each path, 0 out of view: out (draw, target, sample)."""
    n_draws, n_targets, n_samples = out.shape
    for d in range(n_draws):
        turns = limits[d, HALF_SECTOR] < math.pi - 1e-6
        for j in range(n_targets):
            c = class_of[j]
            for k in range(n_samples):
                slant = slant_m[j, k]
                in_view = (
                    (clearance_m[relief[d], j, k] >= 0.0)
                    & (slant <= limits[d, INSTRUMENTED])
                    & (limits[d, TAN_LOWEST] <= rise[j, k] <= limits[d, TAN_HIGHEST])
                    & (not turns or off_axis_rad[j, k] <= limits[d, HALF_SECTOR])
                )
                a = aspect[j, k]
                out[d, j, k] = p_at(slant, step_m[d, c, a], p[d, c, a]) if in_view else 0.0
