"""What a raid came to, said once for every study that plays raids: `engage`, `compare`, `network`.

A count of the kernel becomes a measure by its name alone: declare it in `RaidRow`, and count it in
`RaidCase.count_names`. What is worked out of several counts stands in `_WORKED_OUT`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ringtrue.answer import columns_of, hidden, key, measure_of, measures_of, table, words
from ringtrue.answer import measure as measured
from ringtrue.engagement.answers import (
    common_cause_share,
    cost_exchange,
    count_answer,
    first_fire_range,
    friendly_losses,
    friendly_losses_on_record,
    in_single_raids,
    leak_share,
    less_luck,
    nominal_of,
    p_no_leaker,
)
from ringtrue.engagement.raid import PAIRED
from ringtrue.finding import Finding, finding
from ringtrue.studies.published_kill import PublishedKill

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ringtrue.answer import Measure
    from ringtrue.engagement.raid import RaidResult

    FloatArray = NDArray[np.float64]

CHANGES, LEAKERS, ROUNDS = "changes", "who gets through", "what it took"
"""Tables: measures in which two laydowns are compared raid by raid; who gets through, and to what; what it took."""
TOLD, CHANGES_TOLD, SWEPT, OFFERS = "told", "changes told", "swept", "offers"
"""Tables of text: what is told of a raid, and of a change; what is shown while identification is swept; a block of a
comparison for each measure, offer by offer and raid by raid."""


def _count(label: str, meaning: str = "", **more: Any) -> Any:
    return measured("1", label, meaning, form="count", one_raid="always", **more)


@dataclass(frozen=True, slots=True)
class RaidRow:
    """One laydown against one raid: 5 to 95 % over draws of means over replications.

    Counts are per raid. Where the luck of few replications exceeds 5 % of the variance between draws it is taken out of
    their intervals. ``draws`` keeps values (draw,) by measure.
    """

    laydown: str = key("Laydown")
    raid: str = key("Raid")
    n_targets: int = measured("1", "Hostile targets", digits=None)
    n_friendly: int = measured("1", "Friendly flights", digits=None)
    leakers: Finding = _count(
        "Leakers", "Targets that reach what they aim at.", better="less",
        heads={"terminal": "leakers", "page": "Get through", CHANGES: "targets that get through", CHANGES_TOLD: "",
            SWEPT: "leakers", OFFERS: "What gets through: leakers",
        },
    )  # fmt: skip
    leak_share: Finding = measured(
        "1",
        "Leak share",
        "Leakers over hostile targets.",
        better="less",
        form="percent",
        one_raid="always",
        heads={"page": "Share", TOLD: "leaks"},
    )
    p_no_leaker: Finding = measured(
        "1",
        "Probability that nothing leaks",
        "Over raids: no single raid has one.",
        better="more",
        form="percent",
        heads={"page": "Nothing gets through", TOLD: "raids in which nothing gets through"},
    )
    common_cause_share: Finding = measured(
        "1", "Let through by common causes alone",
        "Share of the targets; no further unit of the same systems mends it.", better="less", form="percent",
        one_raid="always",
        heads={TOLD: "let through by common faults alone"},
    )  # fmt: skip
    leakers_never_in_reach: Finding = _count(
        "Leakers never in reach", "Of no unit that still lives.", better="less", heads={LEAKERS: ""}
    )
    leakers_shot_at_in_vain: Finding = _count("Leakers shot at in vain", better="less", heads={LEAKERS: ""})
    leakers_by_a_common_cause: Finding = _count(
        "Leakers by a common cause", "It held for every round fired at the target.", better="less", heads={LEAKERS: ""}
    )
    leakers_without_a_free_channel: Finding = _count(
        "Leakers without a free channel", "A unit could have fired and had rounds.", better="less", heads={LEAKERS: ""}
    )
    leakers_without_a_round_left: Finding = _count("Leakers without a round left", better="less", heads={LEAKERS: ""})
    leakers_by_class: dict[str, Finding] = _count(
        "Leakers, by class", better="less", heads={LEAKERS: "", TOLD: "leakers"}
    )
    hits_by_asset: dict[str, Finding] = _count("Leakers, by what they reach", better="less", heads={LEAKERS: ""})
    hits_by_unit: dict[str, Finding] = _count("Hits on fire units", better="less", heads={LEAKERS: ""})
    units_lost: Finding = _count("Fire units lost", better="less")
    kills: Finding = _count("Kills", better="more")
    turned_away: Finding = _count("Targets turned away", "Nobody could fire at them when they were first ready.")
    rounds_fired: Finding = _count(
        "Rounds fired", better="less",
        heads={"terminal": "rounds fired", "page": "Rounds fired", CHANGES: "rounds fired"},
    )  # fmt: skip
    rounds_by_type: dict[str, Finding] = _count(
        "Rounds fired, by type", better="less", heads={ROUNDS: "", TOLD: "rounds"}
    )
    rounds_by_unit: dict[str, Finding] = _count("Rounds fired, by fire unit", better="less", heads={ROUNDS: ""})
    double_engagements: Finding = _count(
        "Double engagements", "Two units fire at one target without knowing of each other.", better="less",
        heads={"terminal": "double engagements", "page": "Double engagements", CHANGES: "double engagements",
            CHANGES_TOLD: "", TOLD: "double engagements",
        },
    )  # fmt: skip
    wasted_rounds: Finding = _count(
        "Wasted rounds", "The target was gone when they came.", better="less",
        heads={"page": "Wasted rounds", CHANGES: "wasted rounds", CHANGES_TOLD: ""},
    )  # fmt: skip
    first_fire_s: Finding | None = measured(
        "s", "First fire", "First launch of the whole defence, at a friend too; null: nobody ever fires.",
        better="less", none="never", one_raid="always",
        heads={"page": "First launch of all, s", CHANGES: "first launch of all, s"},
    )  # fmt: skip
    first_fire_range_m: Finding | None = measured(
        "m", "Range of the first target fired at", "Slant range; null: nobody ever fires.", better="more", none="never",
        one_raid="always",
        heads={TOLD: "first fire at"},
    )  # fmt: skip
    friendly_engagements: Finding = _count(
        "Friendly engagements", better="less",
        heads={"terminal": "friends fired at", "page": "Friendly aircraft fired at",
            CHANGES: "friendly aircraft fired at", CHANGES_TOLD: "", SWEPT: "friendly engagements",
            TOLD: "friendly engagements",
        },
    )  # fmt: skip
    friendly_kills: Finding = _count(
        "Friendly kills", better="less", heads={"page": "Friendly aircraft hit", CHANGES: "friendly aircraft hit"}
    )
    friendly_losses_per_pass: Finding | None = measured(
        "1", "Friends shot down a pass", "Over friendly flights, by the assumed error; null: no friend flies.",
        better="less", form="percent", one_raid="always",
        heads={TOLD: "friends shot down a pass, by the assumed error"},
    )  # fmt: skip
    friendly_losses_on_record: Finding | None = measured(
        "1", "Friends shot down a sortie, on record", "The catalogue's record of a war, never pooled with the "
        "former; no raid is played for it.",
        form="percent", heads={TOLD: "friends shot down a sortie, on record"},
    )  # fmt: skip
    channel_occupancy: dict[str, float] = measured(
        "1", "Fire channels in use", "Share of the channel time from the first launch to the last arrival, mean over "
        "draws, by fire unit.", digits=4, form="percent",
    )  # fmt: skip
    busiest_occupancy: Finding = measured(
        "1",
        "Fire channels in use, busiest unit",
        "Mean over raids.",
        form="percent",
        heads={"page": "Busiest unit: channels in use"},
    )
    cost_defender_usd: Finding = measured(
        "USD",
        "Cost of the rounds fired",
        better="less",
        form="money",
        one_raid="always",
        heads={"page": "Cost of the rounds"},
    )
    cost_attacker_usd: Finding = measured("USD", "Cost of the targets", "The same in every raid.", form="money")
    cost_exchange: Finding | None = measured(
        "1", "Cost of rounds over cost of targets", "Not like for like; null: a target has no price.", better="less",
        one_raid="always",
        heads={
            "page": "Cost of rounds over cost of targets",
            TOLD: "cost of rounds over cost of raid (not like for like)",
        },
    )  # fmt: skip
    noise_share: float = measured(
        "1", "Luck left in the leakers", "Variance of the mean over replications over that between draws.",
        form="percent", heads={"page": "Part of the spread that is luck"},
    )  # fmt: skip
    is_luck_taken_out: bool = words("Luck is taken out of the interval of the leakers")
    n_by_class: dict[str, int] = measured("1", "Hostile targets, by class", digits=None)
    published_kill: PublishedKill | None = words(
        "The same with published kill probabilities", "A variant, never pooled; null: nobody printed any, or not asked."
    )
    draws: dict[str, FloatArray] = hidden(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RaidChange:
    """One laydown less another of the same fire units in one measure, draw by draw on the same luck of the raid."""

    raid: str = key("Raid")
    before: str = key("Laydown taken away")
    after: str = key("Laydown")
    measure: str = key("Measure", "A measure of a raid, by its name there.")
    label: str = words("Measure in words")
    unit: str = words("Unit")
    difference: Finding | None = measured(
        "", "Second laydown less the first", "Null: in no draw do both have it.", one_raid="always"
    )
    p_less: float = measured("1", "Share of draws in which it is less")
    p_equal: float = measured("1", "Share of draws in which both are equal")


@dataclass(frozen=True, slots=True)
class KillPoint:
    """What a raid comes to where every round of every side has one kill probability, all else drawn."""

    p_kill: float = key("Kill probability of one round", unit="1")
    leakers: Finding = _count("Leakers", better="less")
    leak_share: Finding = measured("1", "Leak share", better="less", form="percent", one_raid="always")


@dataclass(frozen=True, slots=True)
class KillCurve:
    """Leakers of one laydown in one raid over a kill probability common to all interceptors."""

    laydown: str = key("Laydown")
    raid: str = key("Raid")
    points: tuple[KillPoint, ...] = table("Point by point")


def changed_measures() -> tuple[Measure, ...]:
    """Return the measures in which laydowns of the same fire units are compared."""
    return columns_of(RaidRow, CHANGES)


def values_of(result: RaidResult, name: str) -> FloatArray:
    """Return a measure of a raid draw by draw; nan where it is not defined.

    Parameters
    ----------
    name : str
        A measure of `RaidRow` that is one number in each draw.
    """
    if name in result.names:
        return result.of(name)
    return _WORKED_OUT[name](result)


_KEPT_AS = {"cost_defender_usd": "cost_defence_usd"}
"""Measures that the raid keeps under another name."""


def by_raid(result: RaidResult, name: str) -> FloatArray | None:
    """Return a measure raid by raid, (draw, replication), nan where a raid has none; None: it is not kept so."""
    kept = result.by_replication.get(_KEPT_AS.get(name, name))
    return None if kept is None else kept.astype(np.float64)


def _rounds_fired(result: RaidResult) -> FloatArray:
    fired = [result.of(f"rounds_by_type/{name}") for name in result.by("rounds_by_type")]
    return np.sum(fired, axis=0) if fired else np.zeros(result.n_draws)


def _busiest(result: RaidResult) -> FloatArray:
    return np.asarray(result.busy_share.max(axis=1)) if result.units else np.zeros(result.n_draws)


_WORKED_OUT: dict[str, Callable[[RaidResult], FloatArray]] = {
    "leak_share": lambda result: result.of("leakers") / max(result.n_hostile, 1),
    "p_no_leaker": lambda result: result.no_leaker,
    "rounds_fired": _rounds_fired,
    "busiest_occupancy": _busiest,
    "first_fire_s": lambda result: result.first_fire_s,
    "cost_defender_usd": lambda result: result.cost_defence_usd,
    "cost_attacker_usd": lambda result: result.cost_attack_usd,
}


def raid_row(result: RaidResult, published: PublishedKill | None = None, laydown: str | None = None) -> RaidRow:
    """Turn the draws of one raid into findings, each with the figures behind it.

    Parameters
    ----------
    laydown : str, optional
        Name of the laydown, where another of the same units and links was played.
    """
    inputs = result.ledger.addresses(result.uses)
    money = result.ledger.addresses(result.uses | result.beside_uses)

    def named(name: str, found: Finding | None, behind: tuple[str, ...] = inputs) -> Any:
        return None if found is None else _named(name, found, behind)

    def over_draws(name: str, behind: tuple[str, ...] = inputs) -> Any:
        values = values_of(result, name)
        known = values[np.isfinite(values)]
        nominal = nominal_of(result, lambda one: values_of(one, name))
        if not known.size:
            return None
        raids = by_raid(result, name)
        found = finding("", "", known, nominal=nominal)
        return named(name, found if raids is None else in_single_raids(found, raids), behind)

    flown = {name: n for name, n in zip(result.classes, result.hostile_by_class, strict=True) if n}
    counts: dict[str, Any] = {}
    for said in measures_of(RaidRow):
        if said.name in result.names:
            counts[said.name] = count_finding(result, said.name)
        elif said.hint == dict[str, Finding]:
            things = [x for x in result.by(said.name) if said.name != "leakers_by_class" or x in flown]
            counts[said.name] = {thing: count_finding(result, said.name, thing) for thing in things}
    leak, lost = leak_share(result), friendly_losses(result)
    busy = zip(result.units, result.busy_share.mean(axis=0), strict=True)
    return RaidRow(
        laydown=laydown or result.laydown,
        raid=result.raid,
        n_targets=result.n_hostile,
        n_friendly=result.n_friendly,
        **counts,
        leak_share=named("leak_share", leak.finding),
        p_no_leaker=named("p_no_leaker", p_no_leaker(result).finding),
        common_cause_share=named("common_cause_share", common_cause_share(result).finding),
        rounds_fired=over_draws("rounds_fired"),
        first_fire_s=over_draws("first_fire_s"),
        first_fire_range_m=named("first_fire_range_m", first_fire_range(result)),
        friendly_losses_per_pass=named("friendly_losses_per_pass", None if lost is None else lost.finding),
        friendly_losses_on_record=friendly_losses_on_record(result),
        channel_occupancy={unit: float(share) for unit, share in busy},
        busiest_occupancy=over_draws("busiest_occupancy"),
        cost_defender_usd=over_draws("cost_defender_usd", money),
        cost_attacker_usd=over_draws("cost_attacker_usd", money),
        cost_exchange=named("cost_exchange", cost_exchange(result), money),
        noise_share=leak.noise_share,
        is_luck_taken_out=leak.is_reduced,
        n_by_class=flown,
        published_kill=published,
        draws={name: values_of(result, name) for name in (*(m.name for m in changed_measures()), "cost_defender_usd")},
    )


def count_finding(result: RaidResult, name: str, thing: str = "") -> Finding:
    """Return the finding of one count of a raid, of one thing where it is counted thing by thing."""
    found = count_answer(result, f"{name}/{thing}" if thing else name).finding
    return _named(name, found, result.ledger.addresses(result.uses))


def _named(name: str, found: Finding, inputs: tuple[str, ...]) -> Finding:
    said = measure_of(RaidRow, name)
    return replace(found, name=said.label, unit=said.unit, inputs=inputs)


def change(before: RaidResult, after: RaidResult, name: str, names: tuple[str, str] | None = None) -> RaidChange:
    """Return what one laydown changes against another in one measure, the luck of few replications taken out.

    Parameters
    ----------
    names : (str, str), optional
        Names of both laydowns, where others of the same units and links were played.
    """
    said = measure_of(RaidRow, name)
    values = paired(before, after, name)
    ends = [nominal_of(one, lambda x: values_of(x, name)) for one in (before, after)]
    nominal = None if ends[0] is None or ends[1] is None else ends[1] - ends[0]
    uses = before.uses | after.uses
    if said.form == "money":
        uses |= before.beside_uses | after.beside_uses
    inputs = tuple(sorted({*before.ledger.addresses(uses), *after.ledger.addresses(uses)}))
    found = finding(said.label, said.unit, values, inputs, nominal=nominal) if values.size else None
    one, other = by_raid(before, name), by_raid(after, name)
    if found is not None and one is not None and other is not None:
        found = in_single_raids(found, other - one)
    return RaidChange(
        raid=after.raid,
        before=names[0] if names else before.laydown,
        after=names[1] if names else after.laydown,
        measure=name,
        label=said.label,
        unit=said.unit,
        difference=found,
        p_less=float((values < 0.0).mean()) if values.size else np.nan,
        p_equal=float((values == 0.0).mean()) if values.size else np.nan,
    )


def paired(before: RaidResult, after: RaidResult, name: str) -> FloatArray:
    """Difference of a measure draw by draw, over the draws in which both have it, the luck of few replications out."""
    difference = values_of(after, name) - values_of(before, name)
    if name in PAIRED:
        difference = less_luck(difference, after.by_replication[name], before.by_replication[name]).values
    return difference[np.isfinite(difference)]
