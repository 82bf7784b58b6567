"""The post: a fire unit on drawn ground with the sight of its radars, by one recipe for every study and the raid."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ringtrue.sensing.chain import chain_of
from ringtrue.sensing.climate import site_climate
from ringtrue.sensing.sight import ground_uses, polar_sight, terrain_doubt

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ringtrue.catalogue.records import Radar
    from ringtrue.geo.elevation import ElevationModel
    from ringtrue.sensing.chain import Chain
    from ringtrue.sensing.climate import SiteClimate
    from ringtrue.sensing.grounds import Grounds
    from ringtrue.sensing.run import Run
    from ringtrue.sensing.sight import PolarSight

    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.int64]

AUDIT_RELIEFS = 31  # the hollow, and two grounds from every fifteenth of the spread
STUDY_RELIEFS = 5
FEW_RELIEFS = 3


@dataclass(frozen=True)
class Post:
    """A fire unit at a place: its drawn figures, the sight of its radars, and which relief each draw lives on.

    ``search`` and ``fire`` are the sights of the acquisition and of the engagement radar, the same where one radar does
    both; ``relief`` (draw + 1,), the nominal case last, on relief 0.
    """

    chain: Chain
    search: PolarSight
    fire: PolarSight
    relief: IntArray

    @property
    def roles(self) -> tuple[tuple[str, Radar[FloatArray], PolarSight], ...]:
        """Each radar once: its role, its figures, its sight."""
        if self.chain.acquisition.id == self.chain.engagement.id:
            return (("multifunction", self.chain.engagement, self.fire),)
        return (
            ("acquisition", self.chain.acquisition, self.search),
            ("engagement", self.chain.engagement, self.fire),
        )


def post_at(
    run: Run,
    system_id: str,
    latitude_deg: float,
    longitude_deg: float,
    *,
    mast_m: float | None = None,
    k_factor: float | None = None,
    climate: SiteClimate | None = None,
    n_reliefs: int,
    model: ElevationModel | None = None,
) -> Post:
    """Draw a fire unit of a system and look from its place, once for each relief and radar.

    Parameters
    ----------
    mast_m : float, optional
        Antenna height of every radar of the unit [m]; none: that of the catalogue, drawn.
    k_factor : float, optional
        Effective over true earth radius [1]; none: the usual one of the site's climate.
    climate : SiteClimate, optional
        Whose usual k is taken in its place.
    n_reliefs : int
        Drawn grounds beside the model as it is; each is the same by its number whatever their count.
    model : ElevationModel, optional
        Ground; none: that of the run.

    Raises
    ------
    InputError
        Unknown system or fit.
    OutsideTerrainError
        The place lies off the elevation model.
    """
    chain = chain_of(run.ledger, system_id)
    grounds = run.ledger.grounds(n_reliefs)
    climate = climate or site_climate(run.catalogue, latitude_deg, longitude_deg, k_factor)
    ring_m = float(chain.system.advertised_range_m.max())
    sights: dict[str, PolarSight] = {}
    for i, radar in enumerate((chain.acquisition, chain.engagement)):
        if radar.id not in sights:
            run.tell("sweeping the terrain", i, 2)
            sights[radar.id] = radar_sight(
                run, radar, latitude_deg, longitude_deg, ring_m=ring_m, mast_m=mast_m, climate=climate, grounds=grounds,
                model=model,
            )  # fmt: skip
    return Post(chain, sights[chain.acquisition.id], sights[chain.engagement.id], grounds.relief)


def radar_sight(
    run: Run,
    radar: Radar[FloatArray],
    latitude_deg: float,
    longitude_deg: float,
    *,
    ring_m: float,
    mast_m: float | None,
    climate: SiteClimate,
    grounds: Grounds | None,
    model: ElevationModel | None = None,
) -> PolarSight:
    """Look from one drawn radar, once for each relief; the sight says which figures it stands on.

    Mast: the one that is given; else relief 0 has the nominal antenna height and each other relief the one that its
    number takes of the spread. Reach: to the end of the spread of the instrumented range, and over the whole ring, of
    which shares are told, seen or not. Without ``grounds`` every draw lives on the model as it is, from the nominal
    mast.
    """
    model = model or run.model
    published = run.catalogue.radars[radar.id]
    uses: set[str] = set() if grounds is None else ground_uses(model)
    if climate.key:
        run.ledger.fixed(run.catalogue.assumptions[climate.key], uses)
    if mast_m is not None:
        antenna_m = np.full(1 if grounds is None else grounds.site_share.size + 1, mast_m)
    elif grounds is None:
        uses.add(published.antenna_height_m.id)
        antenna_m = np.full(1, published.antenna_height_m.nominal)
    else:
        antenna_m = run.ledger.on_relief(uses, radar, "antenna_height_m", grounds.relief)
    sight = polar_sight(
        model, latitude_deg, longitude_deg, antenna_height_m=antenna_m, k_factor=climate.usual,
        reach_m=max(published.instrumented_range_m.high, ring_m),
        doubt=None if grounds is None else terrain_doubt(grounds, run.seed), threads=run.threads,
    )  # fmt: skip
    return replace(sight, uses=frozenset(uses))
