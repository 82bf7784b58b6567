"""The reference raid as a process-based model in SimPy, the way a careful analyst would write it.

Same rules as the kernel for what the reference raid uses: looks, confirmation (look by look, where the kernel reads the
chance of a track from its table), shared tracks, rank by impact, earliest
intercept, channels, magazines, shoot-look-shoot. It draws its own random numbers, so it agrees in law, not in bits.
"""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray
from validation.reference_raid import Raid

from benchmarks.raid.reference import SCAN_S
from ringtrue.engagement.case import RaidCase


class SimpyRaid:
    """The raid once compiled, to be played many times."""

    def __init__(self, case: RaidCase, p_look: NDArray[np.float64], seed: int) -> None:
        self.raid = Raid(case, seed=seed, draw=0, replication=0)
        self.raid.muster()
        self.raid.survey()
        self.a = case.arrays
        self.n_units, self.n_targets = self.a.slant_range_m.shape[:2]
        self.arrival_s = [float(x) for x in self.a.time_s[0, :, -1]]
        self.p_scan = [[[float(x) for x in row] for row in unit] for unit in p_look]
        self.luck = random.Random(seed)

    def play(self) -> dict[str, int]:
        """One replication: leakers and rounds."""
        env = simpy.Environment()
        self.env = env
        self.alive = [True] * self.n_targets
        self.known_s: dict[tuple[int, int], float] = {}
        self.free = [int(x) for x in self.a.channels[0]]
        self.rounds = [sum(self.raid.units[u].ready.values()) for u in range(self.n_units)]
        self.waiting: set[int] = set()
        self.under_fire: set[int] = set()
        self.leakers = self.shots = 0
        for u in range(self.n_units):
            for j in range(self.n_targets):
                env.process(self.watch(u, j))
        for j in range(self.n_targets):
            env.process(self.arrive(j))
        env.run()
        return {"leakers": self.leakers, "rounds": self.shots}

    def watch(self, u: int, j: int) -> Any:
        """Scan until the track is confirmed; then every unit may fire after its reaction time."""
        hits: list[bool] = []
        period_s = SCAN_S
        p_scan = self.p_scan[u][j]
        first = next((scan for scan, p in enumerate(p_scan) if p > 0.0), None)
        if first is None:
            return
        yield self.env.timeout(first * period_s)
        for scan in range(first, len(p_scan)):
            if not self.alive[j]:
                return
            hits.append(self.luck.random() < p_scan[scan])
            if sum(hits[-3:]) >= 2 and hits[-1]:
                yield self.env.timeout(float(self.a.reaction_s[0, u]))
                self.known_s[u, j] = self.env.now
                yield from self.stand_by(u, j)
                return
            yield self.env.timeout(period_s)

    def stand_by(self, u: int, j: int) -> Any:
        """Wait for each launch window of this unit against this target."""
        for opens, closes in self.raid.windows[u, j, 0]:
            if self.env.now > closes:
                continue
            if self.env.now < opens:
                yield self.env.timeout(opens - self.env.now)
            if self.alive[j] and j not in self.under_fire:
                self.waiting.add(j)
                self.plan()

    def plan(self) -> None:
        """Fire at waiting targets in order of impact, each by the unit that meets it first."""
        for j in sorted(self.waiting, key=lambda j: (self.arrival_s[j], j)):
            options = []
            for u in range(self.n_units):
                if self.free[u] < 1 or self.rounds[u] < 1 or self.known_s.get((u, j), 1e99) > self.env.now:
                    continue
                if any(a <= self.env.now <= b for a, b in self.raid.windows[u, j, 0]):
                    options.append((self.raid.meets_s(u, j, 0, self.env.now), u))
            if options:
                meets_s, u = min(options)
                self.waiting.discard(j)
                self.under_fire.add(j)
                self.free[u] -= 1
                self.rounds[u] -= 1
                self.shots += 1
                self.env.process(self.engage(u, j, meets_s))

    def engage(self, u: int, j: int, meets_s: float) -> Any:
        """Fly, meet the target, look, and free the channel."""
        yield self.env.timeout(meets_s - self.env.now)
        if self.alive[j] and self.luck.random() < float(self.a.p_kill[0, 0, 0]):
            self.alive[j] = False
        yield self.env.timeout(float(self.a.assess_s[0, u]))
        self.under_fire.discard(j)
        self.free[u] += 1
        if self.alive[j]:
            self.waiting.add(j)
        self.plan()

    def arrive(self, j: int) -> Any:
        """The target reaches its aim."""
        yield self.env.timeout(self.arrival_s[j])
        self.waiting.discard(j)
        if self.alive[j]:
            self.alive[j] = False
            self.leakers += 1
