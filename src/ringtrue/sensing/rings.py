"""The ground of advertised rings, looked over at the door of a study, before any work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringtrue.geo.zeros import check_zeros

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringtrue.catalogue.records import Catalogue
    from ringtrue.geo.elevation import ElevationModel
    from ringtrue.scenario.records import Laydown


def check_rings(model: ElevationModel, catalogue: Catalogue, posts: Iterable[tuple[str, float, float]]) -> None:
    """Refuse ground in which gaps of an advertised ring were filled with 0; warn where few were.

    Parameters
    ----------
    posts : iterable of (system, latitude, longitude)
        Id of the system, a fit behind a colon or not; position [degree]. Systems nobody knows are left to others.

    Raises
    ------
    InputError
        More than a hundredth of the land of a ring.
    """
    rings = dict.fromkeys((post[0].partition(":")[0], post[1], post[2]) for post in posts)
    for system_id, latitude_deg, longitude_deg in rings:
        if system_id in catalogue.systems:
            ring_m = catalogue.systems[system_id].advertised_range_m.nominal
            check_zeros(model, latitude_deg, longitude_deg, ring_m)


def posts_of(laydowns: Iterable[Laydown]) -> list[tuple[str, float, float]]:
    """Return where which system of some laydowns stands, as ``check_rings`` wants it."""
    return [(u.system, u.latitude_deg, u.longitude_deg) for laydown in laydowns for u in laydown.units]
