"""Place by place: what gets through to each defended place, whom each offer defends there, and how early it knows."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ringtrue.answer import found, unsettled
from ringtrue.engagement.answers import count_answer, paired_difference
from ringtrue.finding import plain, sampled_percent, whole_percent
from ringtrue.geo import geodesy
from ringtrue.scenario.flights import raid_flights
from ringtrue.sensing.deciding import assumed_part, weigh
from ringtrue.studies.compare_answer import headline_raids, shown_class, span
from ringtrue.studies.compare_records import PlaceDuel, PlaceRaid, PlaceRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from ringtrue.finding import Finding
    from ringtrue.scenario.records import Asset, Laydown, Raid, Scenario
    from ringtrue.studies.compare_coverage import PackageReach
    from ringtrue.studies.compare_raids import Played
    from ringtrue.studies.compare_records import CompareResult
    from ringtrue.studies.reach import Cells

    FloatArray = NDArray[np.float64]


MOST_PLACES = 6


class ToldOffer(NamedTuple):
    """One offer at one place: what gets through there in the raid that is told, and whom it defends."""

    laydown: str
    raid: PlaceRaid
    row: PlaceRow


class ToldPlace(NamedTuple):
    """A defended place with the offers that are told of it."""

    asset: Asset
    lines: tuple[ToldOffer, ...]


class Aimed(NamedTuple):
    """How many targets of each raid aim at each asset: counts by (raid, asset), those of none left out."""

    counts: dict[tuple[str, str], int]

    def at(self, raid: str, asset: str) -> int:
        """Return how many of a raid aim at one asset."""
        return self.counts.get((raid, asset), 0)


def aimed_at(scenario: Scenario, raids: Iterable[Raid]) -> Aimed:
    """Count who aims at what.

    >>> from ringtrue.scenario.load import load_scenario
    >>> story = load_scenario("turkey-2019")
    >>> aimed_at(story, [story.raid("mixed-40")]).at("mixed-40", "ankara-city")
    10
    """
    pairs = Counter((raid.id, flight.aim) for raid in raids for flight in raid_flights(scenario, raid.id))
    assets = {asset.uid for asset in scenario.assets}
    return Aimed({pair: n for pair, n in pairs.items() if pair[1] in assets})


def place_people(cells: Cells, assets: Sequence[Asset]) -> FloatArray:
    """Residents of each cell at the asset that is nearest to its middle, (asset, cell)."""
    if not assets:
        return np.zeros((0, cells.people.size))
    distance_m = [
        geodesy.inverse(asset.latitude_deg, asset.longitude_deg, cells.latitude_deg, cells.longitude_deg).distance_m
        for asset in assets
    ]
    is_nearest = np.arange(len(assets))[:, None] == np.argmin(distance_m, axis=0)
    return np.asarray(is_nearest * cells.people)


def place_rows(assets: Sequence[Asset], reach: PackageReach) -> list[PlaceRow]:
    """Turn what a laydown reaches of one class into a row for each defended place; a ballistic class has none."""

    def told(name: str, values: FloatArray | None) -> Finding | None:
        return None if values is None else found(PlaceRow, name, values, reach.inputs)

    rows = [
        PlaceRow(
            laydown=reach.laydown,
            asset=asset.uid,
            target=reach.target,
            where=reach.where,
            people_defended={m: told("people_defended", people[i]) for m, people in reach.people_by_place.items()},
            warning_s=told("warning_s", reach.warning_s[i]),
        )
        for i, asset in enumerate(assets)
        if reach.assets_defended
    ]
    return [replace(row, sampling=unsettled(row)) for row in rows]


def place_raids(aimed: Aimed, raids: Iterable[Played]) -> list[PlaceRaid]:
    """Say of every raid and offer how many of those that aim at each place get through."""
    return [
        PlaceRaid(one.laydown, asset, raid, n, _leakers(one, asset))
        for one in raids
        for (raid, asset), n in aimed.counts.items()
        if raid == one.result.raid
    ]


def _leakers(one: Played, asset: str) -> Finding:
    """Leakers to one asset: the raid counts what hits each of them."""
    leaked = count_answer(one.result, f"hits_by_asset/{asset}").finding
    return replace(leaked, name="leakers of those that aim at the place", inputs=one.inputs)


def place_duels(
    aimed: Aimed, duels: Sequence[Laydown], assets: Sequence[Asset], raids: Mapping[tuple[str, str], Played]
) -> list[PlaceDuel]:
    """Compare every two fire units by what they let through to the place where both stand, raid by raid."""
    rows = []
    for one, other in combinations(duels, 2):
        site = one.units[0]
        if (site.latitude_deg, site.longitude_deg) != (other.units[0].latitude_deg, other.units[0].longitude_deg):
            continue
        asset = _nearest(assets, site.latitude_deg, site.longitude_deg)
        for raid in dict.fromkeys(raid for raid, uid in aimed.counts if asset is not None and uid == asset.uid):
            assert asset is not None
            n = aimed.at(raid, asset.uid)
            rows.append(_duel(asset, raid, n, (one, other), (raids[one.id, raid], raids[other.id, raid])))
    return rows


def _nearest(assets: Sequence[Asset], latitude_deg: float, longitude_deg: float) -> Asset | None:
    far_m = {
        i: float(geodesy.inverse(latitude_deg, longitude_deg, x.latitude_deg, x.longitude_deg).distance_m)
        for i, x in enumerate(assets)
    }
    return assets[min(far_m, key=far_m.__getitem__)] if far_m else None


def told_places(result: CompareResult) -> list[ToldPlace]:
    """Return the places that text and page tell: those with most residents, in the order of the file.

    Of each the raid of most classes that comes there, the class of the answer, every package, and two fire units at the
    place nearest to where they stand. A place that no raid aims at is left out, and so are all where only ballistic
    classes are asked.
    """
    target = shown_class(result)
    raids = {(r.laydown, r.asset, r.raid): r for r in result.place_raids}
    rows = {(r.laydown, r.asset): r for r in result.places if r.target == target}
    at_duel = {(name, d.asset) for d in result.place_duels for name in (d.a, d.b)}
    told = []
    for uid, asset in result.assets.items():
        raid = next((name for name in headline_raids(result) if any(k[1:] == (uid, name) for k in raids)), None)
        lines = tuple(
            ToldOffer(offer.laydown, raids[offer.laydown, uid, raid], rows[offer.laydown, uid])
            for offer in result.offers
            if raid is not None and (offer.laydown, uid) in rows
            if offer.part == "package" or (offer.laydown, uid) in at_duel
        )
        if lines:
            told.append(ToldPlace(asset, lines))
    most = sorted(told, key=lambda place: -place.asset.population)[:MOST_PLACES]
    return [place for place in told if place in most]


def _duel(
    asset: Asset, raid: str, n_aimed: int, sides: tuple[Laydown, Laydown], played: tuple[Played, Played]
) -> PlaceDuel:
    a, b = (_leakers(one, asset.uid) for one in played)
    less = paired_difference(played[1].result, played[0].result, f"hits_by_asset/{asset.uid}")
    assert less.draws is not None
    p_better, p_equal = float((less.draws < 0.0).mean()), float((less.draws == 0.0).mean())
    first, second = (side.words for side in sides)
    sentence = (
        f"Of {n_aimed} attackers on {asset.name} in raid {raid} (assumed) {first} lets {_past(a)} through, {second} "
        f"{_past(b)}; {first} lets fewer through in {sampled_percent(p_better, less.draws.size)} of draws"
    )
    sentence += f", as many in {whole_percent(p_equal)}." if p_equal else "."
    inputs = tuple(dict.fromkeys((*played[0].inputs, *played[1].inputs)))
    first_raid, second_raid = (one.result for one in played)
    behind = first_raid.ledger.candidates(first_raid.uses | second_raid.uses)
    return PlaceDuel(
        a=sides[0].id, b=sides[1].id, asset=asset.uid, raid=raid, n_aimed=n_aimed, a_leakers=a, b_leakers=b,
        a_minus_b=replace(less, inputs=inputs), p_a_better=p_better, p_equal=p_equal, sentence=sentence,
        assumed_share=assumed_part(weigh(behind, less.draws, n_bootstrap=0)),
    )  # fmt: skip


def _past(leakers: Finding) -> str:
    low, high = leakers.one_raid or (leakers.low, leakers.high)
    in_one = plain(low) if low == high else f"{plain(low)} to {plain(high)}"
    return f"{span(leakers)} (in one raid {in_one})"
