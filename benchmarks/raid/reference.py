"""The reference raid of the benchmark: targets from all sides against four fire units in one network."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringtrue.engagement.case import RaidCase, raid_case

N_UNITS = 4
REACH_M = 120e3
SPEED_MPS = 250.0
SIGHT_M = 90e3
SCAN_S = 6.0


class Flights(NamedTuple):
    """Paths of the targets, and the chance of every look of every radar at them (unit, target, look)."""

    time_s: NDArray[np.float64]
    slant_m: NDArray[np.float64]
    p_look: NDArray[np.float64]


def reference_flights(n_targets: int = 24, p_detect: float = 0.9) -> Flights:
    """Targets from all sides within 48 s, and looks every six seconds at those in sight."""
    sites = np.array([[0.0, 0.0], [10e3, 0.0], [-10e3, 0.0], [0.0, 10e3]])
    along = np.linspace(0.0, 1.0, 61)
    start_s = 48.0 / n_targets * np.arange(n_targets)
    time_s = start_s[:, None] + along * REACH_M / SPEED_MPS
    bearing = 2.0 * np.pi * np.arange(n_targets) / n_targets
    east = np.cos(bearing)[:, None] * REACH_M * (1.0 - along)
    north = np.sin(bearing)[:, None] * REACH_M * (1.0 - along)
    slant_m = np.sqrt((east - sites[:, :1, None]) ** 2 + (north - sites[:, 1:, None]) ** 2 + 1e6)
    scans_s = SCAN_S * np.arange(100)
    p = np.zeros((N_UNITS, n_targets, scans_s.size))
    for u in range(N_UNITS):
        for j in range(n_targets):
            here_m = np.interp(scans_s, time_s[j], slant_m[u, j], left=np.inf, right=np.inf)
            p[u, j] = np.where(here_m < SIGHT_M, p_detect, 0.0)
    return Flights(time_s, slant_m, p)


def reference_raid(n_targets: int = 24, *, p_detect: float = 0.9, p_kill: float = 0.7) -> RaidCase:
    """Four fire units of six channels and 32 rounds in one network, shoot-look-shoot; all targets within 48 s."""
    time_s, slant_m, p = reference_flights(n_targets, p_detect)
    return raid_case(
        n_draws=1,
        units=[f"unit-{u}" for u in range(N_UNITS)],
        radars=[f"radar-{u}" for u in range(N_UNITS)],
        interceptors=["round"],
        classes=["raider"],
        targets=[f"raid/{j}" for j in range(n_targets)],
        time_s=time_s[None],
        slant_range_m=slant_m,
        p_detect=p,
        p_kill=p_kill,
        envelope=[3e3, 60e3, 0.0, 30e3],
        flight_range_m=[[0.0, 100e3]],
        flight_s=[0.0, 100.0],
        launcher_unit=np.repeat(np.arange(N_UNITS), 8),
        launcher_round=0,
        launcher_rounds=4,
        channels=6,
        reaction_s=10.0,
        assess_s=5.0,
        confirm_hits=2,
        confirm_scans=3,
        scan_period_s=SCAN_S,
        coordinates_fire=1,
        shares_track=1,
    )
