"""Raids for a comparison: means over replications for every laydown, on the same draws and the same luck."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.engagement.answers import in_single_raids, nominal_of
from ringtrue.engagement.compile import stage_raid
from ringtrue.engagement.kill_grid import KillGrid
from ringtrue.engagement.raid import play_stage
from ringtrue.finding import finding
from ringtrue.sensing.post import FEW_RELIEFS
from ringtrue.studies.published_kill import published_kill
from ringtrue.studies.raid_rows import KillCurve, KillPoint, RaidRow, by_raid, raid_row, values_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ringtrue.engagement.compile import SharedGeometry
    from ringtrue.engagement.raid import RaidResult
    from ringtrue.geo.elevation import ElevationModel
    from ringtrue.scenario.records import Laydown, Scenario
    from ringtrue.sensing.run import Run
    from ringtrue.studies.published_kill import PublishedKill

    FloatArray = NDArray[np.float64]

N_REPLICATIONS = 8  # of every raid in `compare` and `network`, so that both print one number for one pair
KILL_GRID = (0.1, 0.3, 0.45, 0.6, 0.8, 1.0)
KILL_MIDDLE = 0.6
CURVE_DRAWS = 40
CURVE_REPLICATIONS = 10
PUBLISHED_REPLICATIONS = 10


def ground_notes(model: ElevationModel) -> tuple[str, ...]:
    """Say over which ground raids look; nothing on a smooth earth, about which there is no doubt."""
    if model.is_bare_earth:
        return ()
    return (f"Each draw lives on one of {FEW_RELIEFS} drawn grounds, in raids and in coverage the same.",)


class RaidSetting(NamedTuple):
    """What is the same for every raid of a comparison, the draws and the luck above all."""

    scenario: Scenario
    run: Run
    n_replications: int
    shared: SharedGeometry | None = None


@dataclass(frozen=True)
class Played:
    """One laydown against one raid, and the same as published where that was asked for.

    ``laydown`` names it; the result may be that of another laydown with the same units and links.
    """

    laydown: str
    result: RaidResult
    published: PublishedKill | None = None

    def of(self, name: str) -> FloatArray:
        """Return a measure of the raid draw by draw."""
        return values_of(self.result, name)

    def nominal_of(self, name: str) -> float | None:
        """Return the nominal case of a measure."""
        return nominal_of(self.result, lambda one: values_of(one, name))

    def by_raid(self, name: str) -> FloatArray | None:
        """Return a measure raid by raid, (draw, replication); None: it is not kept so."""
        return by_raid(self.result, name)

    @property
    def curve(self) -> FloatArray | None:
        """Mean leakers at the kill probabilities of `KILL_GRID`, (point, draw'); None where they were not asked for."""
        at = self.result.leakers_at
        return np.asarray(at.mean(axis=2)) if at.size else None

    @property
    def inputs(self) -> tuple[str, ...]:
        """Addresses of the figures that the raid depends on."""
        return self.result.ledger.addresses(self.result.uses)

    @property
    def row(self) -> RaidRow:
        """Return its findings."""
        return raid_row(self.result, self.published, self.laydown)


def play(
    setting: RaidSetting, laydown: Laydown, raid_id: str, *, with_curve: bool = False, with_published: bool = False
) -> Played:
    """Play one raid against one laydown, which need not be one of the file.

    Parameters
    ----------
    laydown : Laydown
        Units and network; random numbers are keyed by the uids of units and targets, so two laydowns meet the same
        raid with the same luck, and units of one uid have the same luck too.
    with_curve : bool
        Play it at fixed kill probabilities as well, on the first `CURVE_DRAWS` draws.
    with_published : bool
        Play the first `PUBLISHED_REPLICATIONS` replications with published kill probabilities as well.
    """
    scenario = replace(setting.scenario, laydowns=(laydown,))
    stage = stage_raid(scenario, laydown.id, raid_id, setting.run, n_reliefs=FEW_RELIEFS, shared=setting.shared)
    grid = KillGrid(KILL_GRID, CURVE_DRAWS, min(CURVE_REPLICATIONS, setting.n_replications)) if with_curve else None
    result = play_stage(
        stage, n_replications=setting.n_replications, kill_grid=grid,
        published_replications=PUBLISHED_REPLICATIONS if with_published else 0,
    )  # fmt: skip
    return Played(laydown.id, result, published_kill(result, setting.run.catalogue))


def kill_curve(played: Played) -> KillCurve | None:
    """Return the curve over kill probability, if it was played."""
    curve = played.curve
    if curve is None:
        return None
    n = max(played.result.n_hostile, 1)
    middle = played.result.nominal
    points = []
    for i, p_kill in enumerate(KILL_GRID):
        nominal = None if middle is None else float(middle.leakers_at[i, 0].mean())
        leakers = in_single_raids(
            finding("Leakers", "1", curve[i], played.inputs, nominal=nominal), played.result.leakers_at[i]
        )
        points.append(KillPoint(p_kill, leakers, replace(leakers.scaled(1.0 / n), name="Leak share")))
    return KillCurve(played.laydown, played.result.raid, tuple(points))
